package query

import (
	"context"
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
	same  bool                                        // the earlier answer is the answer itself, an earlier column of it
	many  bool                                        // and this one may have several units of time
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
			return nil, badQuestion("%s is a row or column already; a change from %s needs it as a filter", c.Term.Dim, c.Term)
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
		return nil, badQuestion("a change needs one period to start from: add year=2025, or across year")
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
		b.many = !filtered || t.Not || len(t.Codes) > 0 || len(t.Spans) != 1 || unitAt(a.slice, t.Spans[0].Start) != t.Spans[0]
		return nil
	}
	if filtered && !t.Not {
		t.Spans = slices.Clone(t.Spans)
		for i, p := range t.Spans {
			t.Spans[i].Start = earlier(c.Kind, unitAt(a.slice, p.Start)).Start
		}
		b.slice = b.slice.With(t)
	} else {
		b.same = !joins(b.slice.Op)
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
	if base.same {
		a.base, a.before = base, a.grids
		return nil
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

// earlierRows lists the rows of a change of which nothing is left: who went
// from 4 to 0 must not be missing, nor from the sum of the rows.
func (l *layout) earlierRows(now []line) (more []uint32) {
	if l.a.base == nil {
		return nil
	}
	was := l.a.earlierGrid(l.g)
	if was == nil || was.missing != "" {
		return nil
	}
	at := l.q.axis(models.DimYear)
	if at >= l.q.rowAxes || l.a.base.code == nil && !l.a.base.total {
		at = -1
	}
	have := make(map[uint32]bool, len(now))
	var units []string // of time, where rows stand for such
	for _, r := range now {
		have[r.n] = true
		if at < 0 {
			continue
		}
		if u := l.g.rows.ends[at].codes[l.g.rows.number(r.n, at)]; !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	enter := func(codes []string) {
		if n := l.g.rows.of(codes); !have[n] && l.g.rows.plain(n) {
			have[n] = true
			more = append(more, n)
		}
	}
	for k := 1; k < len(was.cells); k++ {
		if was.cells[k] == nil {
			continue
		}
		codes := was.rows.codes(uint32(k))
		if at < 0 {
			enter(codes)
			continue
		}
		for _, u := range units {
			if l.a.base.total {
				enter(slices.Insert(slices.Clone(codes), at, u))
			} else if earlier, ok := l.a.base.code(u); ok && earlier == codes[at] {
				codes[at] = u
				enter(codes)
				codes[at] = earlier
			}
		}
	}
	return more
}

// change lays the earlier numbers under a block: three columns more where it
// has one, and differences in place of numbers where it has several.
func (l *layout) change(b *models.Block, rows []line, totals *line) {
	was := l.a.earlierGrid(l.g)
	alone := len(l.q.axes) == l.q.rowAxes
	if alone {
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
		defer func() { b.Cols = cols }()
	}
	var at []earlierAt
	for c, h := range b.Cols {
		at = append(at, l.earlierCol(was, h.Codes))
		if !alone {
			b.Cols[c].Measure = "change"
		}
	}
	width := len(b.Cols)
	if alone {
		width = 4
	}
	room := make([]models.Cell, width*(len(rows)+1))
	enter := func(r *line) {
		before := l.earlierRow(was, r.n)
		out := room[:width:width]
		room = room[width:]
		for c := range b.Cols {
			s, o := l.slot(r.n, c), earlierSlot(was, before, at[c])
			if !alone && s != nil && o != nil && s.bare() && o.bare() { // nearly all
				bareChange(o.n, s.n, &out[c])
				continue
			}
			var from, now models.Cell
			if l.earlierCell(was, before, at[c], &from); r.cells != nil {
				now = r.cells[c]
			} else {
				l.cell(r.n, c, &now)
			}
			if !alone {
				differ(&from, &now, &out[c], nil)
				continue
			}
			out[0], out[1] = from, now
			differ(&from, &now, &out[2], &out[3])
		}
		r.cells = out
	}
	for i := range rows {
		enter(&rows[i])
	}
	enter(totals)
}

// earlierAt is a row or column of the earlier answer.
type earlierAt struct {
	n             uint32
	blank, nobody bool // there is nothing to ask; nothing is known of it
}

func (l *layout) earlierCol(was *grid, codes []string) earlierAt {
	if was == nil {
		return earlierAt{}
	}
	return l.earlierLine(was, was.cols, codes, l.q.axis(models.DimYear)-l.q.rowAxes)
}

func (l *layout) earlierRow(was *grid, n uint32) earlierAt {
	if was == nil {
		return earlierAt{}
	}
	codes := repeat(models.Total, l.q.rowAxes)
	if n > 0 {
		codes = l.g.rows.codes(n)
	}
	at := l.q.axis(models.DimYear)
	if at >= l.q.rowAxes {
		at = -1
	}
	return l.earlierLine(was, was.rows, codes, at)
}

// earlierLine finds the row or column that one is measured from; time is the
// axis of it that is time, negative without one.
func (l *layout) earlierLine(was *grid, side *side, codes []string, time int) earlierAt {
	if time >= 0 {
		switch {
		case codes[time] == models.Total && (l.a.base.many || l.a.base.code != nil || !l.yearsAdd()): // several periods are not set against one
			return earlierAt{blank: true}
		case l.a.base.total:
			codes = slices.Delete(slices.Clone(codes), time, time+1)
		case l.a.base.code == nil: // from another place: the same period
		default:
			code, ok := l.a.base.code(codes[time])
			if !ok || !slices.Contains(l.unitsBefore(was, l.q.axis(models.DimYear)), code) { // not asked of records, or nothing is known of that period
				return earlierAt{nobody: true}
			}
			codes = slices.Clone(codes)
			codes[time] = code
		}
	}
	n, ok := side.find(codes)
	if !ok {
		n = noLine
	}
	return earlierAt{n: n}
}

// earlierSlot is what the earlier answer holds; nil where there is nothing to
// measure from.
func earlierSlot(was *grid, r, c earlierAt) *slot {
	if was == nil || r.blank || c.blank || r.nobody || c.nobody {
		return nil
	}
	return was.slot(r.n, c.n)
}

// earlierCell is the cell that one is measured from.
func (l *layout) earlierCell(was *grid, r, c earlierAt, out *models.Cell) {
	switch {
	case was == nil:
		return
	case r.blank || c.blank:
		out.State = models.Blank
		return
	case r.nobody || c.nobody:
		return
	}
	if s := earlierSlot(was, r, c); s != nil && s.bare() {
		s.show(out)
		return
	}
	was.at(r.n, c.n).show(out)
	if out.Part() != "" && (l.a.base.code != nil || l.a.slice.Change.Kind != models.ChangeTerm && strings.EqualFold(out.Part(), l.a.base.label)) {
		out.SetPart("")
	}
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
	differ(&from, &to, &diff, &percent)
	return diff, percent
}

// bareChange writes the difference of two numbers of which nothing else is to be
// said into an empty cell.
func bareChange(from, to float64, diff *models.Cell) {
	diff.Form, diff.Base, diff.Count = models.Signed, from, to
	diff.SetNumber(to - from)
}

// differ writes them into empty cells; percent is nil where nobody asks for it.
func differ(from, to, diff, percent *models.Cell) {
	start := func(c *models.Cell, form models.Form) {
		c.Form, c.Base, c.Count = form, from.Value, to.Value
		if to.State == models.Blank || from.State == models.Blank {
			c.State = models.Blank
		}
	}
	if start(diff, models.Signed); percent != nil {
		start(percent, models.SignedPercent)
	}
	if diff.State == models.Blank {
		return
	}
	why := ""
	switch {
	case from.State == models.NoData || to.State == models.NoData: // the cells say so
		return
	case !from.HasValue() || !to.HasValue():
		why = "no change: one of the two numbers is not known exactly"
	case from.Part() != "" || to.Part() != "":
		why = "no change: one of the two numbers covers a part of its period only"
	}
	if why != "" {
		diff.SetNotes([]models.Remark{{Text: why}})
		return
	}
	set := func(c *models.Cell, v float64) {
		c.SetNumber(v)
		c.About, c.Estimate = from.About || to.About, from.Estimate || to.Estimate
		if from.Status() != "" || to.Status() != "" {
			c.SetStatus(joinStatus(strings.ReplaceAll(from.Status(), "B", ""), to.Status())) // the break is before the earlier number
		}
	}
	set(diff, to.Value-from.Value)
	switch {
	case percent == nil:
	case from.Value == 0:
		percent.State = models.NotApply
	default:
		set(percent, 100*(to.Value-from.Value)/from.Value)
	}
}
