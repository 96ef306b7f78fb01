package query

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"tiplens/models"
)

// severity of a rule: a refused sum cannot be forced, a warning changes what
// the number is and stands in the title line, a note travels as a footnote.
type severity uint8

const (
	refuse severity = iota
	warn
	note
)

// stage tells when a rule can see what it looks for.
type stage uint8

const (
	beforeAsking stage = iota // from the slice alone
	afterAsking               // from what was found
	onAnswer                  // from the finished cells
)

// rule is one way in which a number can be wrong (I-6).
type rule struct {
	id    string
	is    severity
	at    stage
	wrong string                     // the wrong sum, as the dictionary explains it
	sees  func(a *asking) []sentence // one for each time it fires
}

// sentence is what a rule says, with what may be asked instead of a refusal.
type sentence struct {
	text string
	ways []models.WayOut
}

// check runs the rules of one stage and enters what they say into the answer,
// refusals and warnings by number.
func (a *asking) check(at stage) {
	for _, r := range rules {
		if r.at != at {
			continue
		}
		for _, s := range r.sees(a) {
			switch r.is {
			case refuse:
				a.ans.Refusals = append(a.ans.Refusals, models.Refusal{Rule: r.id, Why: s.text, Ways: s.ways})
			case warn:
				a.ans.Warnings = append(a.ans.Warnings, models.Remark{Rule: r.id, Text: s.text})
			default:
				a.ans.Footnotes = append(a.ans.Footnotes, models.Remark{Rule: r.id, Text: s.text})
			}
		}
	}
	sort.SliceStable(a.ans.Refusals, func(i, j int) bool { return a.ans.Refusals[i].Rule < a.ans.Refusals[j].Rule })
	sort.SliceStable(a.ans.Warnings, func(i, j int) bool { return a.ans.Warnings[i].Rule < a.ans.Warnings[j].Rule })
}

// rules is the rule book.
var rules = []rule{
	{"W-01", refuse, beforeAsking, "Different units in one sum: cases and persons, requests and persons, sites and persons.", (*asking).differentUnits},
	{"W-03", warn, afterAsking, "The same people known to several agencies, or one agency's figures under several scopes, in one sum.", (*asking).severalSources},
	{"W-04", refuse, beforeAsking, "Steps of one pipeline added: requested, presumed, identified, referred, assisted; or arrested, prosecuted, convicted.", (*asking).stagesAdded},
	{"W-06", note, onAnswer, "Codes of a dimension in which one person can have several, added up.", (*asking).severalPerPerson},
	{"W-07", warn, afterAsking, "Different definitions of a victim in one total.", (*asking).differentDefinitions},
	{"W-09", refuse, beforeAsking, "An estimate added to a count, or two estimates added.", (*asking).estimatesAdded},
	{"W-10", refuse, beforeAsking, "Ratios, medians or ranks added.", (*asking).ratiosAdded},
	{"W-12", refuse, beforeAsking, "People found in a raid added to suspects or victims.", (*asking).rolesAdded},
	{"W-14", warn, afterAsking, "Nationality read as origin, or the place of identification as the place of exploitation.", (*asking).borrowedRoles},
	{"W-15", refuse, beforeAsking, "Returned victims, returned nationals and deported foreigners in one sum; intercepted and departure prevented.", (*asking).movementsAdded},
	{"W-23", refuse, beforeAsking, "Distinct counts added.", (*asking).distinctAdded},
}

// added lists the indicators of a sum, nil when the slice is none.
func (a *asking) added() []*models.Indicator {
	if a.slice.Op != models.Sum {
		return nil
	}
	var out []*models.Indicator
	for _, q := range a.parts {
		out = append(out, q.indicator)
	}
	return out
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }

func indicatorNames(is []*models.Indicator) string {
	var out []string
	for _, i := range is {
		if n := lower(i.Name); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return strings.Join(out, " and ")
}

// beside is the way out that always exists: the parts side by side.
func (a *asking) beside() []models.WayOut {
	s := a.slice.Clone()
	s.Op = models.Beside
	return []models.WayOut{{Label: "show them side by side", Slice: s.String()}}
}

func (a *asking) differentUnits() []sentence {
	is := a.added()
	for _, i := range is {
		if i.Unit != is[0].Unit {
			return []sentence{{fmt.Sprintf("%s are counted in different things (%s, %s), so they have no sum.",
				upper(indicatorNames(is)), is[0].Unit, i.Unit), a.beside()}}
		}
	}
	return nil
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (a *asking) stagesAdded() []sentence {
	is := a.added()
	for k, i := range is {
		for _, j := range is[k+1:] {
			if i.Stage >= 0 && j.Stage >= 0 && i.Pipeline == j.Pipeline && i.ID != j.ID {
				return []sentence{{fmt.Sprintf("%s are the same people at different steps, so they have no sum.", upper(indicatorNames(is))), a.beside()}}
			}
		}
	}
	return nil
}

func (a *asking) estimatesAdded() []sentence {
	is := a.added()
	if slices.ContainsFunc(is, func(i *models.Indicator) bool { return i.Measure == models.Estimate }) {
		return []sentence{{fmt.Sprintf("%s: an estimate is never added to anything.", upper(indicatorNames(is))), a.beside()}}
	}
	return nil
}

func (a *asking) ratiosAdded() []sentence {
	is := a.added()
	for _, i := range is {
		switch i.Measure {
		case models.Share, models.Rate, models.Duration, models.Ordinal:
			return []sentence{{fmt.Sprintf("%s: a %s has no sum and no average.", i.Name, i.Measure), a.beside()}}
		}
	}
	return nil
}

func (a *asking) rolesAdded() []sentence {
	is := a.added()
	raid := slices.ContainsFunc(is, func(i *models.Indicator) bool { return i.ID == "op_persons" })
	role := slices.ContainsFunc(is, func(i *models.Indicator) bool { return i.Family == "victims" || i.Family == "perpetrators" })
	if raid && role {
		return []sentence{{"The role of people found in a raid is not decided: they are neither suspects nor victims yet, so they are not added to either.", a.beside()}}
	}
	return nil
}

func (a *asking) movementsAdded() []sentence {
	is := a.added()
	n := 0
	for _, i := range is {
		if i.Family == "movement" || strings.HasPrefix(i.ID, "vic_returned_") {
			n++
		}
	}
	ids := map[string]bool{}
	for _, i := range is {
		ids[i.ID] = true
	}
	if n > 0 && len(ids) > 1 {
		return []sentence{{fmt.Sprintf("%s are different movements under different laws, so they have no sum.", upper(indicatorNames(is))), a.beside()}}
	}
	return nil
}

func (a *asking) distinctAdded() []sentence {
	for _, i := range a.added() {
		if i.Measure == models.Distinct {
			return []sentence{{i.Name + " is a count of different ones; two such counts may name the same, so they have no sum.", a.beside()}}
		}
	}
	return nil
}

// severalSources says that nothing was combined: each source has its own rows.
func (a *asking) severalSources() []sentence {
	if len(a.ans.Sources) < 2 || len(a.parts) > 1 {
		return nil
	}
	synthetic, real := 0, 0
	var names []string
	for _, g := range a.grids {
		if g.src.file.ds.Synthetic {
			synthetic++
		} else {
			real++
		}
	}
	if synthetic > 0 && real > 0 {
		a.ans.Refusals = append(a.ans.Refusals, models.Refusal{Rule: "TRAINING",
			Why:  "Invented training data and real data are never shown in one answer.",
			Ways: a.oneDataset()})
		return nil
	}
	for _, s := range a.ans.Sources {
		n := s.Agency
		if s.Scope != "" {
			n += " (" + s.Scope + ")"
		}
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return []sentence{{text: fmt.Sprintf("%d sources, shown apart and never added: %s", len(a.ans.Sources), strings.Join(names, ", "))}}
}

// oneDataset offers the question for each dataset alone.
func (a *asking) oneDataset() []models.WayOut {
	var out []models.WayOut
	for _, s := range a.ans.Sources {
		one := a.slice.With(models.Term{Dim: models.DimDataset, Codes: []string{s.Dataset}}).String()
		if !slices.ContainsFunc(out, func(w models.WayOut) bool { return w.Slice == one }) {
			out = append(out, models.WayOut{Label: "only " + s.Dataset, Slice: one})
		}
	}
	return out
}

func (a *asking) severalPerPerson() []sentence {
	q := a.parts[0]
	var out []sentence
	for _, ax := range q.axes {
		if ax.Dim != models.DimYear && !q.indicator.Additive(ax.Dim) && ax.Dim != models.DimAgency && q.indicator.Measure == models.Count {
			out = append(out, sentence{text: fmt.Sprintf("The same %s can be under several %s, so these do not add up to the total.", q.indicator.Unit, strings.ToLower(pluralName(a.cat, ax.Dim)))})
		}
	}
	return out
}

// differentDefinitions fires where one total would hold people identified in
// different ways.
func (a *asking) differentDefinitions() []sentence {
	var out []sentence
	for _, g := range a.grids {
		if g.mixesKinds() {
			out = append(out, sentence{text: fmt.Sprintf("%s mixes hotline contacts and case files, which identify victims in different ways", g.src.file.ds.ID)})
		}
	}
	for _, g := range a.grids {
		for _, v := range g.cells {
			if slices.ContainsFunc(v.notes, func(n models.Remark) bool { return n.Rule == "W-07" }) {
				return append(out, sentence{text: "totals over countries add figures that each follow a national definition, and only of countries that published one"})
			}
		}
	}
	return out
}

// borrowedRoles says where a dimension stands in for another.
func (a *asking) borrowedRoles() []sentence {
	var out []sentence
	said := map[string]bool{}
	say := func(s string) {
		if !said[s] {
			said[s] = true
			out = append(out, sentence{text: s})
		}
	}
	uses := func(q *question, dim string) bool {
		_, term := q.term(dim)
		return term || q.axis(dim) >= 0
	}
	for _, g := range a.grids {
		q, f := a.parts[g.part], g.src.file
		if uses(q, models.DimPlace) && slices.ContainsFunc(f.dict[models.DimPlaceRole], func(e entry) bool { return e.code == "exploitation" }) {
			say(f.ds.ID + ": place is the place of exploitation; where people were identified is not known")
		}
		if f.ds.OriginFrom != "" && uses(q, models.DimOrigin) {
			say(fmt.Sprintf("%s: origin is the person's %s; the home is not known", f.ds.ID, citizenship(f.ds.OriginFrom)))
		}
		if a.slice.IsFlow() && (a.slice.From.Dim == models.DimNationality || a.slice.To.Dim == models.DimNationality) {
			say("by nationality, which is not where people came from")
		}
	}
	return out
}

func citizenship(dim string) string {
	if dim == models.DimNationality {
		return "citizenship"
	}
	return dim
}

// footnotes enters what a grid has to say beside its cells.
func (a *asking) footnotes(g *grid, b *models.Block) {
	add := func(rule, text string) {
		r := models.Remark{Rule: rule, Text: text}
		if !slices.Contains(a.ans.Footnotes, r) {
			a.ans.Footnotes = append(a.ans.Footnotes, r)
		}
	}
	if g.missing != "" {
		add("", upperFirst(g.missing)+".")
	}
	if len(g.implied) > 0 {
		var ts []string
		for _, t := range g.implied {
			ts = append(ts, a.termText(t))
		}
		add("", fmt.Sprintf("%s counts only: %s.", g.src.agency, strings.Join(ts, ", ")))
	}
	for _, c := range g.coverage {
		add("W-13", fmt.Sprintf("%s: partial coverage (%s).", g.src.agency, strings.ReplaceAll(c, "_", " ")))
	}
	for _, s := range g.aside {
		rule := ""
		if s.period.End == models.NoDate && s.period.Start != models.NoDate {
			rule = "W-25"
		}
		what := s.value.cell().Text()
		if s.codes != "" {
			what = s.codes + " " + what
		}
		add(rule, fmt.Sprintf("Not in any cell: %s, %s (%s).", what, s.period.Label(), g.src.agency))
	}
	for _, n := range cellNotes(b) {
		add(n.Rule, n.Text)
	}
}

// maxCellNotes is how many notes of single cells an answer lists; the others
// stand on the cards of their cells.
const maxCellNotes = 5

// cellNotes joins what the visible cells of a block say, each sentence once
// with the cells it belongs to.
func cellNotes(b *models.Block) []models.Remark {
	var order []models.Remark
	where := map[models.Remark][]string{}
	for r, h := range b.Rows {
		for c, ch := range b.Cols {
			cell := b.Cells[r][c]
			for _, n := range cell.Notes {
				if _, ok := where[n]; !ok {
					order = append(order, n)
				}
				where[n] = append(where[n], cellName(h, ch))
			}
		}
	}
	var out []models.Remark
	for i, n := range order {
		if i == maxCellNotes {
			out = append(out, models.Remark{Text: fmt.Sprintf("%d more notes stand with their cells.", len(order)-i)})
			break
		}
		at := where[n]
		if len(at) > 3 {
			at = append(at[:3:3], fmt.Sprintf("and %d more", len(where[n])-3))
		}
		text := upperFirst(n.Text) + "."
		if names := strings.Join(at, "; "); names != "" {
			text = names + ": " + n.Text + "."
		}
		out = append(out, models.Remark{Rule: n.Rule, Text: text})
	}
	return out
}

// cellName names a cell by its row and column, "" for the only one.
func cellName(row, col models.Header) string {
	var out []string
	for _, h := range []models.Header{row, col} {
		if h.Kind != models.TotalHeader || len(h.Codes) > 0 {
			out = append(out, h.Labels...)
		}
	}
	return strings.Join(out, " ")
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// ExplainRule explains a rule by its id, such as W-03.
func ExplainRule(id string) []models.Explanation {
	for _, r := range rules {
		if strings.EqualFold(r.id, id) {
			what := map[severity]string{
				refuse: "refused: no number is shown, and another question is offered",
				warn:   "shown with a warning in the title line",
				note:   "shown with a footnote",
			}[r.is]
			return []models.Explanation{{Kind: "rule", ID: r.id, Name: r.wrong, Lines: [][2]string{{"then", what}}}}
		}
	}
	return nil
}
