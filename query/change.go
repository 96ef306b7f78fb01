package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// A change is the same question asked twice: as it stands, and at the point it
// is measured from. Both answers are laid over each other cell by cell, so
// every difference has its two numbers behind it.

// baseline is the question at the point a change is measured from, and where
// the cell of a coordinate is found in its answer.
type baseline struct {
	slice models.Slice
	label string                                      // of the column that holds the earlier numbers
	code  func(code string) (earlier string, ok bool) // of the time axis, nil without one
	total bool                                        // the earlier answer has no time axis
}

// baseline works out what a change is measured from; the error says what the
// question lacks.
func (a *asking) baseline() (*baseline, error) {
	s := a.slice.Clone()
	c := s.Change
	s.Change, s.At = models.Change{}, a.slice.At
	b := &baseline{slice: s}
	if c.Kind == models.ChangeTerm {
		if a.parts[0].axis(c.Term.Dim) >= 0 {
			return nil, fmt.Errorf("%s is a row or column already; a change from %s needs it as a filter", c.Term.Dim, c.Term)
		}
		b.slice, b.label = s.With(c.Term), a.cat.TermText(c.Term)
		return b, nil
	}
	t, filtered := s.Term(models.DimYear)
	if slices.ContainsFunc(s.Axes(), func(ax models.Axis) bool { return ax.Dim == models.DimYear }) {
		return b, a.overTime(b, c, t, filtered)
	}
	if c.Kind == models.ChangeSpan {
		b.slice, b.label = s.With(models.Term{Dim: models.DimYear, Spans: []models.Period{c.Span}}), c.Span.Label()
		return b, nil
	}
	if !filtered || t.Not || len(t.Spans) != 1 || len(t.Codes) > 0 || !t.Spans[0].Bounded() {
		return nil, fmt.Errorf("a change needs one period to start from: add year=2025, or across year")
	}
	p := earlier(c.Kind, t.Spans[0])
	b.slice, b.label = s.With(models.Term{Dim: models.DimYear, Spans: []models.Period{p}}), p.Label()
	return b, nil
}

func earlier(kind string, p models.Period) models.Period {
	if kind == models.ChangeYear {
		return p.YearBefore()
	}
	return p.Previous()
}

// overTime measures each column of a time axis from the one before it, from
// the same one a year before, or from one named period.
func (a *asking) overTime(b *baseline, c models.Change, t models.Term, filtered bool) error {
	if c.Kind == models.ChangeSpan {
		b.slice = b.slice.With(models.Term{Dim: models.DimYear, Spans: []models.Period{c.Span}})
		drop := func(ax models.Axis) bool { return ax.Dim == models.DimYear }
		b.slice.By, b.slice.Across = slices.DeleteFunc(b.slice.By, drop), slices.DeleteFunc(b.slice.Across, drop)
		b.label, b.total = c.Span.Label(), true
		return nil
	}
	if filtered && !t.Not {
		t.Spans = slices.Clone(t.Spans)
		for i, p := range t.Spans {
			t.Spans[i].Start = earlier(c.Kind, unitAt(a.slice, p.Start)).Start
		}
		b.slice = b.slice.With(t)
	}
	b.code = func(code string) (string, bool) {
		p, err := models.ParsePeriod(code)
		if err != nil {
			return "", false
		}
		return earlier(c.Kind, p).String(), true
	}
	return nil
}

// unitAt is the unit of the time axis that holds a day.
func unitAt(s models.Slice, d models.Date) models.Period {
	level := ""
	for _, ax := range s.Axes() {
		if ax.Dim == models.DimYear {
			level = ax.Level
		}
	}
	u, _ := unit(models.Period{Start: d, End: d}, level)
	return u
}

// collectBefore answers the question at the point the change is measured from.
func (e *Engine) collectBefore(ctx context.Context, a *asking) error {
	base, err := a.baseline()
	if err != nil {
		return err
	}
	b := &asking{cat: a.cat, slice: base.slice, ans: &models.Answer{Slice: base.slice}, percentage: a.percentage}
	if err := b.resolve(); err != nil {
		return err
	}
	if _, err := e.collect(ctx, b); err != nil {
		return err
	}
	b.pair()
	b.join()
	a.base, a.before = base, b.grids
	return nil
}

// earlierGrid finds the grid that a grid is compared with: of the same source,
// or the only one where the change is from another source.
func (a *asking) earlierGrid(g *grid) *grid {
	for _, o := range a.before {
		if o.src == g.src && o.part == g.part {
			return o
		}
	}
	if a.slice.Change.Kind == models.ChangeTerm && len(a.before) == 1 && len(a.grids) == 1 {
		return a.before[0]
	}
	return nil
}

// addEarlierRows adds the rows of a change of which nothing is left: who went
// from 4 to 0 must not be missing, nor from the sum of the rows.
func (l *layout) addEarlierRows(seen map[string][]string) {
	if l.a.base == nil {
		return
	}
	was := l.a.earlierGrid(l.g)
	if was == nil || was.missing != "" {
		return
	}
	at := l.q.axis(models.DimYear)
	if at >= l.q.rowAxes || l.a.base.code == nil && !l.a.base.total {
		at = -1
	}
	var units []string // of time, where rows stand for such
	for _, codes := range seen {
		if at >= 0 && !slices.Contains(units, codes[at]) {
			units = append(units, codes[at])
		}
	}
	enter := func(codes []string) {
		if !slices.Contains(codes, models.Total) {
			seen[coord(codes)] = codes
		}
	}
	for key := range was.cells {
		codes := strings.Split(key, coordSep)
		if at < 0 {
			enter(codes[:l.q.rowAxes])
			continue
		}
		for _, u := range units {
			if l.a.base.total {
				enter(slices.Insert(slices.Clone(codes[:l.q.rowAxes-1]), at, u))
			} else if earlier, ok := l.a.base.code(u); ok && earlier == codes[at] {
				row := slices.Clone(codes[:l.q.rowAxes])
				row[at] = u
				enter(row)
			}
		}
	}
}

// change lays the earlier numbers under a block: three columns more where it
// has one, and differences in place of numbers where it has several.
func (l *layout) change(b *models.Block) {
	was := l.a.earlierGrid(l.g)
	if len(l.q.axes) == l.q.rowAxes {
		now := b.Cols[0]
		cols := []models.Header{{Measure: "from", Labels: []string{l.a.base.label}}, now,
			{Measure: "change", Labels: []string{"change"}}, {Measure: "change_percent", Labels: []string{"% of " + l.a.base.label}}}
		cols[1].Measure = "value"
		if t, ok := l.a.slice.Term(models.DimYear); ok && len(t.Spans) == 1 {
			cols[1].Labels = []string{t.Spans[0].Label()}
		}
		if l.a.slice.Change.Kind == models.ChangeTerm { // of a group: beside the other, it has a name
			if t, ok := l.a.slice.Term(l.a.slice.Change.Term.Dim); ok {
				cols[1].Labels = []string{l.a.cat.TermText(t)}
			}
		}
		for i := range cols {
			cols[i].Kind, cols[i].Codes = now.Kind, now.Codes
		}
		for r, h := range b.Rows {
			from := l.earlierCell(was, h.Codes)
			diff, percent := difference(from, b.Cells[r][0])
			b.Cells[r] = []models.Cell{from, b.Cells[r][0], diff, percent}
		}
		b.Cols = cols
		return
	}
	for c, ch := range b.Cols {
		b.Cols[c].Measure = "change"
		for r, h := range b.Rows {
			at := append(slices.Clone(h.Codes), ch.Codes...)
			b.Cells[r][c], _ = difference(l.earlierCell(was, at), b.Cells[r][c])
		}
	}
}

// earlierCell finds the cell that one at a coordinate is measured from.
func (l *layout) earlierCell(was *grid, codes []string) models.Cell {
	if was == nil {
		return models.Cell{}
	}
	at := slices.Clone(codes)
	if i := l.q.axis(models.DimYear); i >= 0 {
		switch {
		case l.a.base.total:
			at = slices.Delete(at, i, i+1)
		case at[i] == models.Total && (l.a.base.code != nil || !l.yearsAdd()):
			return models.Cell{State: models.Blank}
		case l.a.base.code == nil: // from another place: the same period
		default:
			code, ok := l.a.base.code(at[i])
			if !ok {
				return models.Cell{}
			}
			at[i] = code
			if !slices.Contains(l.unitsBefore(was, i), code) { // not asked of records, or nothing is known of that period
				return models.Cell{}
			}
		}
	}
	v := was.at(coord(at))
	c := v.cell()
	if l.a.slice.Change.Kind != models.ChangeTerm && strings.EqualFold(c.Part, l.a.base.label) || l.a.base.code != nil {
		c.Part = ""
	}
	return c
}

// unitsBefore lists the units of time that the earlier answer has.
func (l *layout) unitsBefore(was *grid, axis int) []string {
	if l.earlier == nil {
		l.earlier = was.codesOn(axis)
	}
	return l.earlier
}

// difference gives a change as a number and as a percentage of where it
// started. Only exact numbers of whole periods have one.
func difference(from, to models.Cell) (diff, percent models.Cell) {
	diff.Form, percent.Form = models.Signed, models.SignedPercent
	diff.Base, percent.Base = from.Value, from.Value
	diff.Count, percent.Count = to.Value, to.Value
	if to.State == models.Blank || from.State == models.Blank {
		diff.State, percent.State = models.Blank, models.Blank
		return diff, percent
	}
	why := ""
	switch {
	case from.State == models.NoData || to.State == models.NoData: // the cells say so
		return diff, percent
	case !from.HasValue() || !to.HasValue():
		why = "no change: one of the two numbers is not known exactly"
	case from.Part != "" || to.Part != "":
		why = "no change: one of the two numbers covers a part of its period only"
	}
	if why != "" {
		diff.Notes = []models.Remark{{Text: why}}
		return diff, percent
	}
	set := func(c *models.Cell, v float64) {
		form, base, count := c.Form, c.Base, c.Count
		*c = models.Number(v)
		c.Form, c.Base, c.Count = form, base, count
		c.About, c.Estimate = from.About || to.About, from.Estimate || to.Estimate
		c.Status = joinStatus(strings.ReplaceAll(from.Status, "B", ""), to.Status) // the break is before the earlier number
	}
	set(&diff, to.Value-from.Value)
	if from.Value == 0 {
		percent.State = models.NotApply
		return diff, percent
	}
	set(&percent, 100*(to.Value-from.Value)/from.Value)
	return diff, percent
}
