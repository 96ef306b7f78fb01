package datasets

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tiplens/models"
)

// NameUse is a text of a file whose code is not plain from the lists: what
// became of it, how often, and what it may mean.
type NameUse struct {
	Column     string
	Dim        string
	Text       string
	Code       string // the code it counts as; empty where its rows are held back
	How        How
	Candidates []string // codes that a person may mean, likeliest first
	Note       string
	Count      int64 // rows
	Row        int64 // the first of them
	Held       bool  // its rows wait until a person decides
}

// Open reports whether a person may still decide what the text means.
func (u *NameUse) Open() bool { return u.How != ByPerson && !u.How.Sure() }

// NotStated as the code of a decision means: none of those, the value counts
// as not stated.
const NotStated = "-"

// What becomes of names that nobody has decided.
const (
	Hold   = "hold"   // their rows are held back
	Other  = "other"  // they count as Other
	Accept = "accept" // a proposal is taken; the others are held back
)

// Unsures lists them.
var Unsures = []string{Hold, Other, Accept}

// namesLists are the code lists of names that people write in many ways, and
// of which a wrong or missing one must not pass: places, countries, agencies.
var namesLists = []string{"area", "nationality", "agency"}

// Decided finds what a person has said about a text. What is said of places
// holds for origins and destinations too, unless something else is said there.
func (r *Recipe) Decided(dim, text string) (string, bool) {
	for _, d := range []string{dim, models.DimPlace} {
		if d != dim && dim != models.DimOrigin && dim != models.DimDestination {
			continue
		}
		if c, ok := r.Names[d][text]; ok {
			return c, true
		}
		for t, c := range r.Names[d] {
			if strings.EqualFold(strings.TrimSpace(t), text) {
				return c, true
			}
		}
	}
	return "", false
}

func (r *Recipe) checkNames(cat *models.Catalog) error {
	if r.Unsure != "" && !slices.Contains(Unsures, r.Unsure) {
		return fmt.Errorf("unsure is one of %s, not %q", strings.Join(Unsures, ", "), r.Unsure)
	}
	for dim, texts := range r.Names {
		if cat.Dimension(dim) == nil {
			return fmt.Errorf("names: there is no dimension %q", dim)
		}
		seen := map[string]string{}
		for text, code := range texts {
			if code != NotStated && !knownCode(dim, code, cat) {
				return fmt.Errorf("names: %s, %q: %q is not one of its codes; write - for not stated", dim, text, code)
			}
			key := strings.ToLower(strings.TrimSpace(text))
			if was, ok := seen[key]; ok && was != code {
				return fmt.Errorf("names: %s: %q is decided twice, as %s and as %s", dim, text, min(was, code), max(was, code))
			}
			seen[key] = code
		}
	}
	return nil
}

// Decide adds what a person says a text means, as a code or NotStated, to the
// recipe and to its YAML, whose comments stay. The receiver is left as it is.
func (r *Recipe) Decide(dim, text, code string) (*Recipe, error) {
	return r.DecideAll(map[string]map[string]string{dim: {text: code}})
}

// DecideAll adds many decisions.
func (r *Recipe) DecideAll(names map[string]map[string]string) (*Recipe, error) {
	out := *r
	if len(names) == 0 {
		return &out, nil
	}
	out.Names = map[string]map[string]string{}
	for _, from := range []map[string]map[string]string{r.Names, names} {
		for dim, texts := range from {
			if out.Names[dim] == nil {
				out.Names[dim] = map[string]string{}
			}
			for text, code := range texts {
				out.Names[dim][text] = code
			}
		}
	}
	if err := out.checkNames(Catalogue()); err != nil {
		return nil, err
	}
	text, err := withKey(r.Text, "names", out.Names)
	out.Text = text
	return &out, err
}

// Treat gives the recipe with another rule for names that nobody has decided.
func (r *Recipe) Treat(unsure string) (*Recipe, error) {
	out := *r
	out.Unsure = unsure
	err := out.checkNames(Catalogue())
	if err == nil && unsure != Accept { // what is accepted is written down name by name
		out.Text, err = withKey(r.Text, "unsure", unsure)
	}
	return &out, err
}

// withKey sets a part of a recipe's YAML and leaves the others, and all
// comments, as they are.
func withKey(text, key string, to any) (string, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return "", fmt.Errorf("the recipe is not readable: %w", err)
	}
	if doc.Kind == 0 {
		doc = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode, Tag: "!!map"}}}
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return "", fmt.Errorf("the recipe is no list of fields")
	}
	var value yaml.Node
	if err := value.Encode(to); err != nil {
		return "", err
	}
	at := -1
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == key {
			at = i + 1
		}
	}
	if at >= 0 {
		root.Content[at] = &value
	} else {
		root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, &value)
	}
	return encodeYAML(&doc)
}

// NamesIn reads the decisions of a recipe's YAML, as it stands with a version
// that was loaded. Codes that the lists do not know any more are left out.
func NamesIn(text string, cat *models.Catalog) map[string]map[string]string {
	var r struct {
		Names map[string]map[string]string `yaml:"names"`
	}
	if yaml.Unmarshal([]byte(text), &r) != nil {
		return nil
	}
	for dim, texts := range r.Names {
		one := Recipe{Names: map[string]map[string]string{dim: texts}}
		if one.checkNames(cat) != nil {
			delete(r.Names, dim)
		}
	}
	return r.Names
}

// ParseName reads a decision as a command line gives it: DIMENSION:TEXT=CODE.
func ParseName(s string, cat *models.Catalog) (dim, text, code string, err error) {
	dim, rest, ok := strings.Cut(s, ":")
	at := strings.LastIndex(rest, "=")
	if !ok || at <= 0 {
		return "", "", "", fmt.Errorf("%q is no DIMENSION:TEXT=CODE, such as \"place:Kompong Chnang=KH-4\"", Clean(s))
	}
	dim, text, code = strings.TrimSpace(dim), strings.TrimSpace(rest[:at]), strings.TrimSpace(rest[at+1:])
	r := Recipe{Names: map[string]map[string]string{dim: {text: code}}}
	return dim, text, code, r.checkNames(cat)
}

// asDecided is the result where a person has said what a text means.
func (p *plan) asDecided(dim, text, code string) result {
	if code == NotStated {
		code = models.Unknown
	}
	return result{code: code, text: text, uses: []NameUse{{Dim: dim, Text: text, Code: code, How: ByPerson}}}
}

// certain is the result of a sure match; what a reader should know is noted.
func certain(dim, text string, m NameMatch) result {
	r := result{code: m.Code, text: text}
	if m.How != ByAlias || m.Note != "" {
		r.uses = []NameUse{{Dim: dim, Text: text, Code: m.Code, How: m.How, Note: m.Note}}
	}
	return r
}

// unsure is the result of a match that is not certain, by what the recipe says
// of such names. False leaves the text to the rule for unknown ones.
func (p *plan) unsure(dim, text string, m NameMatch) (result, bool) {
	u := NameUse{Dim: dim, Text: text, How: m.How, Candidates: m.Candidates, Note: m.Note}
	name := slices.Contains(namesLists, p.matcher.list(dim))
	switch {
	case p.recipe.Unsure == Accept && m.Code != "":
		u.Code = m.Code
		return result{code: m.Code, text: text, uses: []NameUse{u}}, true
	case name && p.recipe.Unsure != Other:
		u.Held = true
		return result{text: text, concern: undecided, uses: []NameUse{u}}, true
	case name && (dim == models.DimReporter || dim == models.DimAgency || dim == models.DimPlace && p.recipe.Grain == models.Figure):
		return result{}, false
	case len(m.Candidates) > 0:
		u.Code = models.Other
		return result{code: models.Other, text: text, uses: []NameUse{u}}, true
	}
	return result{}, false
}

// use tells of the names in a column of the row at hand, once a row.
func (w *worker) use(g *program, c *coded, line int64) {
	nth := w.row
	if g.turns {
		nth = w.nth
	}
	if len(c.uses) == 0 || w.usedIn[g.id] == nth {
		return
	}
	w.usedIn[g.id] = nth
	for i := range c.uses {
		w.tally.use(w.p.textColumns(g), &c.uses[i], line)
	}
}

// wait holds the row at hand for a person, and tells of the names in its other
// columns too: they are asked about together.
func (w *worker) wait(v *variant, g *program, c *coded, line int64) error {
	others := slices.Clone(v.coded)
	for i := range w.p.legs {
		others = append(others, w.p.legs[i].program)
	}
	for _, o := range others {
		got, err := w.code(o)
		if err != nil {
			return err
		}
		w.use(o, got, line)
	}
	return w.hold(line, g, c.waits())
}

// waits says why a row waits.
func (c *coded) waits() string {
	if c.parted {
		var parts []string
		for _, u := range c.uses {
			if u.Held {
				parts = append(parts, strconv.Quote(Clean(u.Text)))
			}
		}
		return "holds " + strings.Join(parts, ", ") + ", which is not known"
	}
	for _, u := range c.uses {
		switch {
		case !u.Held:
		case u.Code == "" && len(u.Candidates) == 0:
			return "is not known"
		case len(u.Candidates) > 1:
			return "may mean " + strings.Join(u.Candidates, " or ")
		default:
			return "may mean " + u.Candidates[0]
		}
	}
	return "is not known"
}

type nameKey struct {
	column, dim, text, code string
	how                     How
}

// maxNames is how many different texts are told apart in a load.
const maxNames = 10_000

func (t *tally) use(column string, u *NameUse, line int64) {
	k := nameKey{column, u.Dim, u.Text, u.Code, u.How}
	have := t.names[k]
	if have == nil {
		if len(t.names) >= maxNames {
			return
		}
		own := *u
		own.Column, own.Row, own.Count = column, line, 0
		have = &own
		t.names[k] = have
	}
	have.Count++
	have.Row = min(have.Row, line)
}

func (t *tally) joinNames(o *tally) {
	for k, u := range o.names {
		if have := t.names[k]; have != nil {
			have.Count += u.Count
			have.Row = min(have.Row, u.Row)
		} else {
			t.names[k] = u
		}
	}
	for k, u := range o.undated {
		if have := t.undated[k]; have != nil {
			have.count += u.count
			have.row = min(have.row, u.row)
		} else {
			t.undated[k] = u
		}
	}
}

// nameUses lists the texts, most frequent first.
func (t *tally) nameUses() []NameUse {
	var out []NameUse
	for _, u := range t.names {
		out = append(out, *u)
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := &out[i], &out[j]
		if a.Count != b.Count {
			return a.Count > b.Count
		}
		return a.Column+"\x00"+a.Dim+"\x00"+a.Text < b.Column+"\x00"+b.Dim+"\x00"+b.Text
	})
	return out
}

// nameFindings says of every text that is no plain name of a code what it was
// taken for and how, or what a person has to decide.
func (t *tally) nameFindings() []models.Finding {
	var out []models.Finding
	for _, u := range t.nameUses() {
		out = append(out, u.finding())
	}
	return out
}

// howText says in words how a text was matched.
var howText = map[How]string{
	ByAlias: "by its name", ByPart: "which it lies in", ByTown: "as the place it lies in or belongs to",
	BySound: "by its sound", ByDistance: "by its spelling", ByPerson: "as was decided",
}

func (u *NameUse) finding() models.Finding {
	cat := Catalogue()
	label := func(code string) string {
		if l := cat.Label(u.Dim, code); l != code {
			return code + " (" + l + ")"
		}
		return code
	}
	text := Clean(u.Text)
	f := models.Finding{Severity: models.Note, Kind: models.KindCodes, Column: u.Column, Count: u.Count}
	switch {
	case u.How == ByPerson && u.Code == models.Unknown:
		f.What = fmt.Sprintf("%q counts as not stated, as was decided", text)
	case u.How == ByPerson || u.How.Sure():
		f.What = fmt.Sprintf("%q was taken for %s, %s", text, label(u.Code), howText[u.How])
	case !u.Held && u.Code != models.Other:
		f.Severity = models.Doubt
		f.What = fmt.Sprintf("%q was taken for %s, %s", text, label(u.Code), howText[u.How])
		f.Do = "Check it; if it is wrong, decide: " + u.yaml("CODE")
	case !u.Held:
		f.Severity = models.Doubt
		f.What = fmt.Sprintf("%q is not in the code list and counts as Other; it may mean %s", text, u.labels(label))
		f.Do = "Decide in the recipe: " + u.yaml(u.Candidates[0])
	default:
		f.Severity, f.Row = models.Held, u.Row
		switch {
		case u.How != NoMatch:
			f.What = fmt.Sprintf("%q may mean %s, %s; its rows are held back, and this is the first", text, label(u.Candidates[0]), howText[u.How])
			f.Do = fmt.Sprintf("If so, load with --name '%s' or --accept, or write in the recipe: %s", u.flag(u.Candidates[0]), u.yaml(u.Candidates[0]))
		case len(u.Candidates) > 0:
			f.What = fmt.Sprintf("%q may mean %s; its rows are held back, and this is the first", text, u.labels(label))
			f.Do = fmt.Sprintf("Say which with --name '%s', or in the recipe: %s", u.flag("CODE"), u.yaml("CODE"))
		default:
			f.What = fmt.Sprintf("%q is not known; its rows are held back, and this is the first", text)
			f.Do = fmt.Sprintf("Say what it means with --name '%s' (- for not stated), or in the recipe: %s", u.flag("CODE"), u.yaml("CODE"))
			if u.Dim != models.DimAgency && u.Dim != models.DimReporter {
				f.Do += "; or load with --unsure other"
			}
		}
	}
	if u.Note != "" {
		f.What += ". " + u.Note
	}
	return f
}

func (u *NameUse) labels(label func(string) string) string {
	var out []string
	for _, c := range u.Candidates {
		out = append(out, label(c))
	}
	return strings.Join(out, " or ")
}

// flag and yaml are the decision as a command and as a recipe write it.
func (u *NameUse) flag(code string) string {
	return u.Dim + ":" + strings.ReplaceAll(Clean(u.Text), "'", `'\''`) + "=" + code
}

func (u *NameUse) yaml(code string) string {
	text, err := yamlText(Clean(u.Text))
	if err != nil || strings.ContainsAny(text, ",{}[]:") && !strings.ContainsAny(text[:1], `"'`) {
		text = fmt.Sprintf("%q", Clean(u.Text))
	}
	if code == NotStated {
		code = `"-"`
	}
	return fmt.Sprintf("names: {%s: {%s: %s}}", u.Dim, text, code)
}

// Accepted lists the proposals that the load took, as decisions.
func (r *Report) Accepted() map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, u := range r.Names {
		if u.How == BySound || u.How == ByDistance || u.How == ByTown {
			if u.Code != "" && u.Code != models.Other {
				if out[u.Dim] == nil {
					out[u.Dim] = map[string]string{}
				}
				out[u.Dim][u.Text] = u.Code
			}
		}
	}
	return out
}

// Proposals reads a file through a recipe without keeping anything, and lists
// the texts whose code a person should look at, most frequent first.
func Proposals(ctx context.Context, f *File, fit *Fit, cat *models.Catalog, progress Progress) ([]NameUse, error) {
	rep, err := f.Load(ctx, fit, cat, nowhere{}, progress)
	if rep == nil {
		return nil, err
	}
	return slices.DeleteFunc(rep.Names, func(u NameUse) bool { return !u.Open() }), nil
}

// nowhere is a Sink that keeps nothing.
type nowhere struct{}

func (nowhere) Encode(_, _, _ string) (uint16, error) { return 0, nil }
func (nowhere) Start(*models.Layout) error            { return nil }
func (nowhere) Write(*models.Batch) error             { return nil }
