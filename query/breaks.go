package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// A series breaks where the way of counting changes: a new definition, new
// reporters, a new law. The first observations after it carry the status B.

// seriesBreak is a break in the records of one producer and scope.
type seriesBreak struct {
	agency, scope string
	at            models.Date
}

// recordBreaks reads where the records of an indicator break, once.
func (e *Engine) recordBreaks(ctx context.Context, f *file, indicator string) ([]seriesBreak, error) {
	broken := f.numbers("obs_status", func(x entry) bool { return strings.Contains(x.code, "B") })
	if len(broken) == 0 {
		return nil, nil
	}
	key := f.alias + coordSep + indicator
	e.facts.mu.Lock()
	defer e.facts.mu.Unlock()
	if bs, ok := e.facts.breaks[key]; ok {
		return bs, nil
	}
	ind := f.numbers("indicator", func(x entry) bool { return x.code == indicator })
	gr := f.numbers("grain", func(x entry) bool { return x.code == string(models.Record) })
	cs := []condition{
		numberCondition("indicator", ind, len(f.dict["indicator"])), numberCondition("grain", gr, len(f.dict["grain"])),
		numberCondition("obs_status", broken, len(f.dict["obs_status"])), {sql: "period_start IS NOT NULL"},
	}
	// Whole months, since the first record after a break seldom falls on its day.
	query := fmt.Sprintf("SELECT agency, scope, date_trunc('month', min(period_start))::DATE FROM %s.observation WHERE %s GROUP BY agency, scope, year ORDER BY ALL", ident(f.alias), whereSQL(cs))
	var out []seriesBreak
	err := e.each(ctx, f, query, 3, func(row []any) {
		out = append(out, seriesBreak{f.dict[models.DimAgency][number(row[0])].code, f.dict["scope"][number(row[1])].code, day(row[2])})
	})
	if err != nil {
		return nil, err
	}
	if e.facts.breaks == nil {
		e.facts.breaks = map[string][]seriesBreak{}
	}
	e.facts.breaks[key] = out
	return out, nil
}

// breaks finds where the figures that meet all filters but time break.
func (a *asker) breaks() []models.Date {
	var out []models.Date
	for _, f := range a.breaking {
		if !a.fits(f) {
			continue
		}
		if f.when.Start != models.NoDate && !slices.Contains(out, f.when.Start) {
			out = append(out, f.when.Start)
		}
	}
	return out
}

// markBreaks gives the cells in which records break the status that figures
// have there, so that a line is cut at it.
func (g *grid) markBreaks(q *question, all []seriesBreak) {
	for _, b := range all {
		if b.agency == g.src.agency && b.scope == g.src.scope {
			g.breaks = append(g.breaks, b.at)
		}
	}
	i := q.axis(models.DimYear)
	if i < 0 || len(g.breaks) == 0 {
		return
	}
	side, at, _ := g.axis(i)
	var broken []bool // by number of a code
	for _, code := range side.ends[at].codes {
		p, err := models.ParsePeriod(code)
		broken = append(broken, err == nil && slices.ContainsFunc(g.breaks, func(d models.Date) bool { return p.Start <= d && d <= p.End }))
	}
	g.onAxis(i, func(n uint32, s *slot) {
		if broken[n] {
			v := g.edit(s)
			v.status = joinStatus(v.status, "B")
		}
	})
}

// brokenSeries warns where what is shown together lies on both sides of a
// break.
func (a *asking) brokenSeries() []sentence {
	var at []string
	for _, g := range a.grids {
		if len(g.breaks) == 0 {
			continue
		}
		from, to := a.series(g)
		for _, d := range g.breaks {
			if text := breakText(d); from < d && d <= to && !slices.Contains(at, text) {
				at = append(at, text)
			}
		}
	}
	if len(at) == 0 {
		return nil
	}
	slices.Sort(at)
	return warned("the series breaks at " + strings.Join(at, ", ") + ": what stands before it was not counted in the same way")
}

func breakText(d models.Date) string {
	y, m, _ := d.Civil()
	if m == 1 {
		return fmt.Sprintf("%04d", y)
	}
	return fmt.Sprintf("%04d-%02d", y, m)
}

// series gives the beginning of the earliest and the end of the latest period
// that a grid shows, what a change is measured from among them.
func (a *asking) series(g *grid) (from, to models.Date) {
	from, to = models.Date(1<<30), models.NoDate
	enter := func(p models.Period) {
		if p.Bounded() {
			from, to = min(from, p.Start), max(to, p.End)
		}
	}
	q := a.parts[g.part]
	i := q.axis(models.DimYear)
	t, filtered := q.term(models.DimYear)
	switch {
	case i >= 0:
		known := map[uint32]bool{} // by number of a code
		g.onAxis(i, func(n uint32, s *slot) {
			if g.read(s).known {
				known[n] = true
			}
		})
		side, at, _ := g.axis(i)
		for n := range known {
			if p, err := models.ParsePeriod(side.ends[at].codes[n]); err == nil {
				enter(p)
				if c := a.slice.Change.Kind; c == models.ChangePrevious || c == models.ChangeYear {
					enter(earlier(c, p))
				}
			}
		}
	case filtered && !t.Not:
		for _, p := range t.Spans {
			enter(p)
		}
	default:
		enter(models.Period{Start: g.src.file.ds.First, End: g.src.file.ds.Last})
	}
	switch c := a.slice.Change; {
	case c.Kind == models.ChangeSpan:
		enter(c.Span)
	case i < 0 && (c.Kind == models.ChangePrevious || c.Kind == models.ChangeYear):
		enter(earlier(c.Kind, models.Period{Start: from, End: to}))
	}
	return from, to
}
