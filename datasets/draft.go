package datasets

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"tiplens/models"
)

// Drafted is a draft with what is needed to load the file as it says.
type Drafted struct {
	models.Draft
	File *File
	Fit  *Fit // nil while something blocks the load
}

// drafting is a draft on its way: a file, what is known of it, and a recipe
// that is being made.
type drafting struct {
	cat     *models.Catalog
	matcher *Matcher
	file    *File
	opts    Options
	changes []models.DraftChange
	recipes []*Recipe
	fit     *Fit    // table and header; its recipe is the one being made
	known   *Recipe // the recipe it began as, nil for one of the file's own
	absent  []string
	sample  *excerpt
	columns []*texts
	guessed map[string]suggestion
	ranked  map[string][]suggestion
	wide    *Wide // columns that become rows, in a recipe of the file's own
	told    int   // values so far
	dates   []*dateChoice
	out     *Drafted
}

// NewDraft looks at a file and says how it would be loaded. It keeps nothing:
// the same file with the same changes gives the same draft. An error is a
// finding about a file that cannot be read as it is, or names a change that
// cannot be made.
func NewDraft(ctx context.Context, path string, changes []models.DraftChange, recipes []*Recipe, scan Scanner) (*Drafted, error) {
	opts, err := OptionsOf(changes)
	if err != nil {
		return nil, err
	}
	read := recipes
	if name := lastOf(changes, models.ChangeRecipe); name == models.NoRecipe {
		read = nil
	}
	file, fit, err := OpenFor(ctx, path, opts, scan, read)
	if err != nil {
		return nil, err
	}
	if fit != nil {
		opts.Shape = opts.Shape.over(fit.Recipe.Read)
	}
	d := &drafting{cat: Catalogue(), matcher: NewMatcher(Catalogue()), file: file, opts: opts, changes: changes, recipes: recipes, out: &Drafted{File: file}}
	if err := d.pickRecipe(); err != nil {
		return nil, err
	}
	if err := d.fit.Table.asHeader(d.fit.frame); err != nil {
		return nil, err
	}
	if d.sample, err = file.takeSample(ctx, d.fit); err != nil {
		return nil, err
	}
	d.columns = d.sample.profiles(d.fit.Columns())
	if err := d.pickWide(); err != nil {
		return nil, err
	}
	d.guessed, d.ranked = assign(d.long(), d.cat)
	if err := d.makeRecipe(); err != nil {
		return nil, err
	}
	if err := d.finish(ctx); err != nil {
		return nil, err
	}
	return d.out, nil
}

// lastOf gives the value of the last change of a key.
func lastOf(changes []models.DraftChange, key string) string {
	d := drafting{changes: changes}
	value, _ := d.last(key)
	return value
}

// last gives the last change of a key, and whether there is one.
func (d *drafting) last(key string) (string, bool) {
	for _, c := range slices.Backward(d.changes) {
		if c.Key == key {
			return c.Value, true
		}
	}
	return "", false
}

// pickRecipe finds the recipe to begin with: the one named, one that fits, one
// that nearly fits, or none, and with it the table and its header.
func (d *drafting) pickRecipe() error {
	recipes := d.recipes
	name, stated := d.last(models.ChangeRecipe)
	if stated && name != "" && name != models.NoRecipe {
		recipes = slices.DeleteFunc(slices.Clone(recipes), func(r *Recipe) bool { return r.Name != name })
		if len(recipes) == 0 {
			return badChange("there is no recipe %q", Clean(name))
		}
	} else {
		stated = false
	}
	if name != models.NoRecipe {
		if fit := FindRecipe(d.file, recipes); fit != nil {
			d.begin(fit, nil)
			return nil
		}
		if near := nearRecipe(d.file, recipes); near != nil {
			near.waive()
			d.begin(near.fit, near.absent)
			return nil
		}
		if stated {
			return NoRecipe(d.file, recipes, true)
		}
	}
	t := d.file.Tables[0]
	fr, err := d.file.frameOf(t)
	d.fit = &Fit{Table: t, HeaderRow: fr.header, frame: fr}
	return err
}

func (d *drafting) begin(fit *Fit, absent []string) {
	d.known, d.absent = fit.Recipe, absent
	d.fit = &Fit{Recipe: fit.Recipe, Table: fit.Table, HeaderRow: fit.HeaderRow, frame: fit.frame}
}

var dateInName = regexp.MustCompile(`[-_ ]*((19|20)\d\d|jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december|q[1-4]|s[12])([-_ ]*\d{1,2}){0,2}$`)

// seriesName is the name of a file without the month or year it is of, so that
// next month's is the next version of the same dataset.
func seriesName(file string) string {
	base := strings.ToLower(strings.TrimSuffix(file, filepath.Ext(file)))
	for {
		cut := dateInName.ReplaceAllString(base, "")
		if cut == base || strings.Trim(cut, "-_ ") == "" {
			return idFromName(base)
		}
		base = cut
	}
}

// makeRecipe begins with the recipe that was found, or with what the columns
// look like, and enters the changes.
func (d *drafting) makeRecipe() error {
	var r *Recipe
	if d.known != nil {
		r = d.known.clone()
	} else {
		r = d.ownRecipe()
	}
	for _, c := range d.changes {
		if c.Key != models.ChangeWithout && c.Key != models.ChangeInstead {
			continue
		}
		if !slices.ContainsFunc(d.absent, func(a string) bool { return strings.EqualFold(a, c.Column) }) {
			return badChange("no column %q is missing", Clean(c.Column))
		}
		if c.Key == models.ChangeInstead && lacksName(d.fit.Columns(), c.Value) {
			return badChange("there is no column %q", Clean(c.Value))
		}
		if c.Key == models.ChangeInstead && personal(c.Value) {
			return badChange("column %q looks like it names people, so it is never stored", Clean(c.Value))
		}
		to := c.Value
		if c.Key == models.ChangeWithout {
			to = ""
		}
		r.rename(c.Column, to)
		d.absent = slices.DeleteFunc(d.absent, func(a string) bool { return strings.EqualFold(a, c.Column) })
	}
	for _, c := range d.changes {
		if d.isWide(c.Column) && c.Key == models.ChangeField {
			return badChange("column %s becomes rows with its neighbours; say what becomes rows first", Clean(c.Column))
		}
		if err := r.apply(c, d.columns, d.cat); err != nil {
			return err
		}
	}
	d.fit.Recipe = r
	return d.pickDates()
}

func lacksName(columns []string, name string) bool {
	return !slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, name) })
}

// ownRecipe makes a recipe of what the columns look like.
func (d *drafting) ownRecipe() *Recipe {
	id := seriesName(d.file.Name)
	r := &Recipe{Name: id, Generic: true, Grain: models.Record, Fields: Fields{}, Dataset: models.Dataset{ID: id}, Missing: []string{"-", "--", "..", "n/a", "nil"}}
	if d.wide != nil {
		r.Wide, r.Grain = d.wide, models.Figure
	}
	for _, p := range d.long() {
		field := ""
		if s, ok := d.guessed[p.name]; ok && lastOf(d.changes, models.ChangeGuess) != "no" {
			field = s.field
		}
		if d.wide != nil && slices.Contains(numeric, field) { // the cells that become rows are the values
			field = ""
		}
		if err := r.setField(p, field, d.cat); err != nil {
			_ = r.setField(p, "", d.cat) // what cannot be stored is left out
		}
	}
	if len(d.file.Tables) > 1 {
		r.Match.Sheet = d.fit.Table.Sheet
	}
	return r
}

// settle writes the recipe and reads it again, so that what is shown is what
// the saved recipe does.
func (d *drafting) settle() error {
	r := d.fit.Recipe
	r.Read = d.opts.Shape
	r.Read.Sheet = "" // match: names it
	if d.fit.frame.rows == 0 {
		r.Read.HeaderRows = -1
	}
	if d.known == nil {
		for _, c := range d.fit.Columns() {
			if d.fit.frame.rows == 0 || !unnamed.MatchString(c) {
				r.Match.Header = append(r.Match.Header, c)
			}
		}
	}
	text, err := r.YAML()
	if err != nil {
		return err
	}
	before := ""
	if d.known != nil {
		if before, err = d.known.YAML(); err != nil {
			return err
		}
	}
	d.out.Changed = text != before
	if !d.out.Changed {
		text = d.known.Text
	}
	parsed, err := ParseRecipe([]byte(text), d.cat)
	if err != nil {
		return err
	}
	d.fit.Recipe, d.out.RecipeText = parsed, text
	return nil
}

// unnamed is the name that columnNames gives a column without one, which no
// other file can be known by.
var unnamed = regexp.MustCompile(`^column \d+$|\(\d+\)$`)

// finish fills the draft.
func (d *drafting) finish(ctx context.Context) error {
	out, r := d.out, d.fit.Recipe
	out.Draft.File, out.Size, out.Format = d.file.Name, d.file.Size, d.file.Format
	out.Whole = d.sample.whole && d.sample.seen == int64(len(d.sample.rows))
	if d.sample.whole {
		out.InFile = d.sample.seen + d.sample.nbad
	}
	out.Recipe, out.Known, out.Missing = r.Name, d.known != nil, d.absent
	out.Dataset = r.Dataset.ID
	if out.Dataset == "" {
		out.Dataset = idFromName(d.file.Name)
	}
	out.Rows = d.firstRows()
	out.Fields = fieldChoices(d.cat)
	what, at := d.blocked()
	if what == "" {
		if err := d.settle(); err != nil {
			what, at = "The answers do not fit together: "+Clean(err.Error()), "columns"
		}
	} else {
		out.Changed = true
	}
	if err := d.try(ctx, what == ""); err != nil {
		var found *models.Finding
		if !errors.As(err, &found) {
			return err
		}
		out.Findings = append(out.Findings, *found)
		if what == "" {
			what, at = found.String(), "findings"
		}
	}
	if what == "" && d.sample.nbad > 0 && !d.opts.Hold {
		what = fmt.Sprintf("%s a wrong shape, the first is row %d: %s. Set such rows aside, or correct the file", rowsHave(d.sample.nbad), d.sample.bad[0].Row, d.sample.bad[0].What)
		at = models.ChangeHold
	}
	out.Columns = d.draftColumns()
	out.Decisions = d.decisions()
	if what == "" {
		out.Fit = d.fit
	}
	out.Blocks, out.BlocksAt = what, at
	return nil
}

func rowsHave(n int64) string {
	if n == 1 {
		return "One row has"
	}
	return fmt.Sprintf("%d rows have", n)
}

// blocked says in one sentence why the file cannot be loaded yet, and where to
// settle it.
func (d *drafting) blocked() (what, at string) {
	r := d.fit.Recipe
	switch {
	case len(d.absent) > 0:
		return fmt.Sprintf("The file has no column %s, which recipe %s reads. Choose what stands in its place, or go on without it", quotedList(d.absent), r.Name), "columns"
	case !r.has("indicator") && !d.wideSays("indicator"):
		return "It is not said what the rows count", "indicator"
	case len(r.columns()) == 0 && r.Wide == nil:
		return "No column is read as anything yet", "columns"
	}
	return d.datesOpen()
}

func quotedList(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, fmt.Sprintf("%q", n))
	}
	return strings.Join(out, ", ")
}

// try maps the sample, to show what becomes of it and what there is to tell.
func (d *drafting) try(ctx context.Context, whole bool) error {
	if len(d.sample.rows) == 0 {
		if d.sample.nbad == 0 {
			return problem(d.file.Name, "there is a header and no row below it", "Ask the sender for the rows")
		}
		return nil
	}
	r, err := d.fit.Recipe.laidOut()
	if err != nil {
		return problem(d.file.Name, Clean(err.Error()), "Say what becomes rows, or what the columns are")
	}
	r = r.clone()
	if !r.has("indicator") { // what else can be shown is shown
		r.Fields["indicator"] = Field{Const: "vic_identified"}
	}
	for _, c := range d.dates { // what is proposed is shown
		c.set(r)
	}
	last := d.sample.lines[min(len(d.sample.lines), 3*previewRows)-1]
	sink := newPreview(d.cat, last)
	rep, err := d.file.Load(ctx, &Fit{Recipe: r, Table: d.sample.table, HeaderRow: d.fit.HeaderRow, frame: d.fit.frame}, d.cat, sink, nil)
	if rep != nil {
		d.out.Read, d.out.Taken, d.out.Held, d.out.Skipped = rep.Read, rep.Taken, rep.Held, rep.Skipped
		d.out.Findings = append(rep.Findings, d.out.Findings...)
	}
	if !d.out.Known || d.out.Changed { // the columns left out are seen where they are chosen
		d.out.Findings = slices.DeleteFunc(d.out.Findings, func(f models.Finding) bool { return strings.HasPrefix(f.What, "no field of the recipe reads") })
	}
	if whole || err == nil {
		d.out.Same, d.out.Head, d.out.Preview = sink.table()
	}
	return err
}
