package query

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// Card gathers all that must be known of one cell of an answer before it is
// said aloud: a sentence, the number and its bounds, unit, definition, period,
// source, scope, what is missing, and the slice that reopens it.
func (e *Engine) Card(ctx context.Context, a *models.Answer, at models.CellRef) (*models.Card, error) {
	c := &carder{e: e, ans: a, block: &a.Blocks[at.Block], at: at}
	c.cell = c.block.Cells[at.Row][at.Col]
	c.ds = e.dataset(c.block.Source.Dataset)
	c.ind = e.cat.Indicator(c.block.Indicator)
	narrow, ok := a.Narrow(at)
	if ok {
		same, err := e.same(ctx, narrow, c.cell)
		if err != nil {
			return nil, err
		}
		ok = same
	}
	c.terms = narrow.Where
	card := &models.Card{Slice: a.Pinned.String()}
	var docs []string
	if ok {
		card.Slice, card.Narrow = narrow.String(), narrow
		ev, err := e.Behind(ctx, narrow, 100)
		if err != nil {
			return nil, err
		}
		docs = ev.Documents()
		if c.women, err = e.women(ctx, narrow); err != nil {
			return nil, err
		}
	}
	card.Sentence = c.sentence()
	card.Lines = c.lines(docs)
	card.Cite = c.block.Source.Cite(c.period(), card.Slice, e.today())
	return card, nil
}

// carder writes one card.
type carder struct {
	e     *Engine
	ans   *models.Answer
	block *models.Block
	at    models.CellRef
	cell  models.Cell
	ds    models.Dataset
	ind   *models.Indicator
	terms []models.Term // filters of the question and codes of the cell
	women string        // "15 of them female"
}

func (e *Engine) dataset(id string) models.Dataset {
	for _, f := range e.files {
		if f.ds.ID == id {
			return f.ds
		}
	}
	return models.Dataset{}
}

// same reports whether a question gives a cell as its only answer. Percentages
// and changes are of other cells, so their counts are compared.
func (e *Engine) same(ctx context.Context, s models.Slice, c models.Cell) (bool, error) {
	a, err := e.Ask(ctx, s)
	if err != nil || a.Refused() || len(a.Blocks) != 1 || len(a.Blocks[0].Rows) != 1 {
		return false, err
	}
	got := a.Blocks[0].Cells[0][a.Blocks[0].ValueColumn()]
	switch {
	case got.Form == models.Signed && c.Form != models.Signed: // a column beside the difference
		return got.Count == c.Value || got.Base == c.Base && got.Count == c.Count, nil
	case c.Form != models.Plain && got.Form == models.Plain:
		return got.HasValue() && got.Value == c.Count, nil
	}
	return got.State == c.State && got.Value == c.Value && got.Low() == c.Low() && got.High() == c.High(), nil
}

// women says how many of a number of persons are female, where that is known.
func (e *Engine) women(ctx context.Context, s models.Slice) (string, error) {
	ind := e.cat.Indicator(s.Indicator())
	_, said := s.Term(models.DimSex)
	for _, p := range s.Parts {
		_, own := models.FindTerm(p.Where, models.DimSex)
		said = said || own
	}
	if said || s.Op != models.One || ind.Unit != "persons" || !ind.Additive(models.DimSex) {
		return "", nil
	}
	s = s.With(models.Term{Dim: models.DimSex, Codes: []string{"F"}})
	a, err := e.Ask(ctx, s)
	if err != nil || a.Refused() || len(a.Blocks) != 1 || a.Blocks[0].Missing != "" {
		return "", err
	}
	if c := a.Blocks[0].Cells[0][0]; c.HasValue() {
		return c.Text() + " of them female", nil
	}
	return "", nil
}

// amount is a number in words.
func amount(c models.Cell) string {
	n := func(v float64) string {
		d := c
		d.State, d.Value, d.About = models.Known, v, false
		d.SetStatus("")
		return d.Text()
	}
	about := ""
	if c.About {
		about = "about "
	}
	switch {
	case c.State == models.Zero:
		return about + "0"
	case c.HasValue():
		return about + n(c.Value)
	case c.State == models.Bound && math.IsInf(c.High(), 1) && c.Strict:
		return "more than " + about + n(c.Low())
	case c.State == models.Bound && math.IsInf(c.High(), 1):
		return "at least " + about + n(c.Low())
	case c.State == models.Bound && c.Low() <= 1 && c.High() == 4 && c.Form == models.Plain:
		return "fewer than 5"
	case c.State == models.Bound:
		return "between " + about + n(c.Low()) + " and " + n(c.High())
	case c.State == models.Withheld:
		return "a withheld number of"
	}
	return ""
}

// period names the time of the cell.
func (c *carder) period() string {
	if c.cell.Part() != "" {
		return c.cell.Part()
	}
	for _, t := range c.terms {
		if t.Dim == models.DimYear {
			return c.e.cat.TermText(t)
		}
	}
	if c.block.Source.Grain == models.Record && c.ds.First != models.NoDate {
		y1, _, _ := c.ds.First.Civil()
		y2, _, _ := c.ds.Last.Civil()
		if y1 == y2 {
			return fmt.Sprint(y1)
		}
		return fmt.Sprintf("%d to %d", y1, y2)
	}
	return ""
}

// filters are the codes of the cell other than its time, in words.
func (c *carder) filters() []string {
	var out []string
	for _, t := range c.terms {
		if t.Dim != models.DimYear && t.Dim != models.DimAgency && t.Dim != models.DimDataset {
			out = append(out, c.e.cat.TermText(t))
		}
	}
	return out
}

func (c *carder) sentence() string {
	when := c.period()
	switch {
	case when == "" || strings.HasPrefix(when, "no date"):
		when = ""
	case strings.HasPrefix(when, "since"):
		when = models.Capital(when) + " "
	default:
		when = "In " + when + " "
	}
	who, says := c.block.Source.AgencyName, "reported"
	switch {
	case c.cell.Estimate:
		says = "estimated"
	case c.block.Source.Grain == models.Record:
		says = "had on record"
	}
	with := ""
	if f := c.filters(); len(f) > 0 {
		with = " (" + strings.Join(f, ", ") + ")"
	}
	var b strings.Builder
	switch {
	case c.ans.Training:
		b.WriteString("TRAINING, invented: ")
	case c.ans.Audience == models.Internal:
		b.WriteString("INTERNAL, exact: ")
	}
	title := c.ans.Title
	if c.ind.IsContext() {
		b.WriteString(models.ContextWords + ": ")
		title = strings.TrimPrefix(title, models.ContextWords+": ")
	}
	name := lower(c.ind.Name)
	count, base := models.FormatNumber(c.cell.Count), models.FormatNumber(c.cell.Base)
	switch {
	case c.ans.Slice.Op == models.Part && c.cell.Base != 0:
		fmt.Fprintf(&b, "%s%s %s %s%s; %s of them, %s %%, %s: %s", when, who, says, c.ind.Named(base), with, count, amount(c.cell), isAre(count), c.of())
	case c.ans.Slice.Op == models.Ratio && c.cell.Base != 0:
		fmt.Fprintf(&b, "%s%s %s %s to %s%s: %s", when, who, says, c.ind.Named(count), c.part(1).Named(base), with, models.Amount(amount(c.cell), c.ans.Unit))
	case c.ans.Slice.Op == models.Ratio || c.ans.Slice.Op == models.Part:
		fmt.Fprintf(&b, "%s%s: %s is %s", when, who, lower(title), amount(c.cell))
	case c.cell.Form == models.Percent:
		fmt.Fprintf(&b, "%s%s %s %s%s: %s, %s %% of %s", when, who, says, name, with, count, amount(c.cell), base)
	case c.cell.Form == models.Signed || c.cell.Form == models.SignedPercent:
		fmt.Fprintf(&b, "%s%s: %s%s went from %s to %s, %s", when, who, name, with, base, count, c.behind())
	case !c.cell.HasBounds() && c.cell.State != models.Withheld:
		fmt.Fprintf(&b, "%sno number of %s%s from %s", when, name, with, who)
	case c.ans.Slice.Op == models.Range:
		for _, said := range []string{inOneOf, knownToOne} {
			title = strings.TrimPrefix(title, said)
		}
		was := map[bool]string{true: "was", false: "were"}[models.IsOne(amount(c.cell))]
		fmt.Fprintf(&b, "%s%s %s known to at least one source: %s%s", when, amount(c.cell), was, lower(title), with)
	default:
		fmt.Fprintf(&b, "%s%s %s %s%s", when, who, says, c.ind.Named(amount(c.cell)), with)
	}
	if c.women != "" && c.cell.Form == models.Plain {
		b.WriteString(", " + c.women)
	}
	for _, said := range []string{saidOf(c.e.cat, "scope", c.block.Source.Scope), saidOf(c.e.cat, "coverage", c.block.Source.Coverage)} {
		if said != "" {
			b.WriteString("; " + said)
		}
	}
	return models.Capital(b.String()) + "."
}

// behind gives the counts that a percentage, ratio or change stands on.
func (c *carder) behind() string {
	from, to := models.FormatNumber(c.cell.Base), models.FormatNumber(c.cell.Count)
	switch c.cell.Form {
	case models.Signed, models.SignedPercent:
		d, p := difference(models.Number(c.cell.Base), models.Number(c.cell.Count))
		return fmt.Sprintf("%s, %s %% of %s", d.Text(), p.Text(), from)
	}
	if c.cell.Base == 0 {
		return "of bounds"
	}
	return to + " of " + from
}

// of names the terms of a share.
func (c *carder) of() string {
	var out []string
	for _, t := range c.ans.Slice.Of {
		out = append(out, c.e.cat.TermText(t))
	}
	return strings.Join(out, ", ")
}

func (c *carder) part(i int) *models.Indicator {
	return c.e.cat.Indicator(c.ans.Slice.Parts[i].Indicator)
}

// basis says what kind of time the number is of.
func (c *carder) basis() string {
	switch {
	case c.cell.Open:
		return "from then on, without an end"
	case c.cell.Part() != "":
		return "a part of the period asked for, or the only one published"
	case c.ind.Time == models.Stock:
		return "a stock: at a point in time"
	case c.ind.Time == models.Cumulative:
		return "cumulative"
	case c.block.Source.Grain == models.Record:
		return "by the dates of the records"
	}
	return ""
}

func (c *carder) lines(docs []string) [][2]string {
	var out [][2]string
	add := func(what string, said ...string) {
		said = slices.DeleteFunc(said, func(s string) bool { return s == "" })
		if len(said) > 0 {
			out = append(out, [2]string{what, strings.Join(said, "; ")})
		}
	}
	src := c.block.Source
	unit := c.block.Unit
	if c.cell.Form != models.Plain {
		unit = map[models.Form]string{models.Percent: "percent", models.Signed: unit, models.SignedPercent: "percent"}[c.cell.Form]
	}
	value := models.Amount(c.cell.Text(), unit)
	if c.cell.Form == models.Signed || c.cell.Form == models.SignedPercent {
		value += " more or fewer"
	}
	add("value", value, c.qualifier())
	if c.cell.Form != models.Plain || c.cell.Base != 0 {
		add("made of", c.behind(), c.ans.Base)
	}
	add("indicator", c.ind.Name+" ("+c.ind.ID+")")
	add("counts", c.ind.Definition)
	if c.ind.Counted != "" {
		add("counted are", c.ind.Counted)
	}
	add("a victim here is", c.definition())
	add("period", c.period(), c.basis())
	add("only", strings.Join(c.filters(), ", "))
	add("source", src.AgencyName+" ("+src.Agency+")", strings.Join(docs, "; "))
	add("dataset", src.Data())
	add("scope", saidOf(c.e.cat, "scope", src.Scope))
	add("coverage", saidOf(c.e.cat, "coverage", src.Coverage), c.ds.CoveragePlace, c.ds.CoveragePeople)
	add("de-duplication", strings.ReplaceAll(string(c.ds.Dedup), "_", " "))
	add("not stated", c.unstated())
	for _, r := range slices.Concat(c.ans.Warnings, c.cell.Notes(), c.ans.Footnotes) {
		if r.Rule == "" {
			add("note", models.Capital(r.Text))
		} else {
			add(r.Rule, models.Capital(r.Text))
		}
	}
	file := src.File
	if len(src.SHA256) >= 12 {
		file += ", SHA-256 " + src.SHA256[:12]
	}
	if !c.ds.FileTime.IsZero() {
		file += ", written " + c.ds.FileTime.Format("2006-01-02")
	}
	if !c.ds.LoadedAt.IsZero() {
		file += ", loaded " + c.ds.LoadedAt.Format("2006-01-02")
	}
	add("file", file)
	return out
}

// definition is whom the dataset counts as a victim; of other indicators that
// is no matter.
func (c *carder) definition() string {
	if c.ind.Family != "victims" {
		return ""
	}
	return c.ds.Definition
}

func (c *carder) qualifier() string {
	switch {
	case c.cell.Estimate:
		return "an estimate, not a count"
	case c.cell.About:
		return "about, as the source says"
	case c.cell.State == models.Bound && math.IsInf(c.cell.High(), 1):
		return "a lower bound"
	case c.cell.State == models.Bound:
		return fmt.Sprintf("at least %s, at most %s", models.FormatNumber(c.cell.Low()), models.FormatNumber(c.cell.High()))
	case c.cell.State == models.NoData:
		return "no data"
	case c.cell.State == models.Withheld:
		return "withheld, or zero"
	case c.cell.HasValue() && c.block.Source.Grain == models.Record:
		return "counted"
	case c.cell.HasValue():
		return "exact"
	}
	return ""
}

// unstated gives the share of each dimension that is not stated.
func (c *carder) unstated() string {
	var out []string
	for _, dim := range sortedKeys(c.block.Unstated) {
		if share := c.block.Unstated[dim]; share > 0 {
			out = append(out, fmt.Sprintf("%s of %.1f %%", strings.ToLower(dimName(c.e.cat, dim)), 100*share))
		}
	}
	return strings.Join(out, ", ")
}
