package tui

import (
	"fmt"
	"math"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// becameHeads stand above the corridors of each kind.
var becameHeads = map[string]string{
	models.BecameNew: "New", models.BecameGone: "Gone", models.BecameGrown: "Grown", models.BecameShrunk: "Shrunk",
	models.BecameSame: "The same", models.BecameUnknown: "Not known: one of the two numbers is not",
}

// becameHead is the head of a kind; of two groups, which no time lies between, it
// names them.
func becameHead(kind string, groups bool, was, now string) string {
	if groups {
		switch kind {
		case models.BecameNew:
			return "Only " + now
		case models.BecameGone:
			return "Only " + was
		case models.BecameGrown:
			return "More " + now
		case models.BecameShrunk:
			return "More " + was
		}
	}
	return becameHeads[kind]
}

// comparedPart is a kind of corridor, across borders or inside one country.
type comparedPart struct {
	inside bool
	became string
}

// comparedParts are the parts of a comparison in their order: across borders,
// within one country, and those with an end not stated.
func comparedParts() (out []comparedPart) {
	for _, inside := range []bool{false, true} {
		for _, k := range append(slices.Clone(models.BecameKinds), models.BecameSame, models.BecameUnknown) {
			out = append(out, comparedPart{inside, k})
		}
	}
	return append(out, comparedPart{})
}

// fillCompare sets two periods or groups side by side: new corridors, then
// those that are gone, grown and shrunk, each kind by the size of the change.
func (f *flowsView) fillCompare(b *models.Block, l Look) {
	last := len(b.Rows) - 1
	by := map[comparedPart][]int{}
	most := 0.0
	for r, h := range b.Rows[:last] {
		if h.Kind == models.OtherHeader {
			continue
		}
		part := comparedPart{h.Kind == models.DomesticHeader, h.Became}
		by[part] = append(by[part], r)
		if h.Became != "" {
			most = max(most, math.Abs(b.Cells[r][2].Value))
		}
	}
	f.grid.spark, f.grid.wide, f.grid.marked = 0, true, map[string]bool{}
	var rows []gridRow
	add := func(r int) {
		h := b.Rows[r]
		row := gridRow{labels: f.corridor(h, l), brief: f.brief(h, l), key: fmt.Sprint(h.Codes)}
		for _, c := range b.Cells[r] {
			row.values = append(row.values, cellText(c, ""))
		}
		switch {
		case h.Kind == models.TotalHeader:
			row.kind = totalRow
		case h.Kind != models.OtherHeader && h.Became != "" && most > 0 && b.Cells[r][2].HasValue():
			row.share = math.Abs(b.Cells[r][2].Value) / most
		}
		f.grid.marked[row.key] = slices.Contains(f.pairs, pairKey(h))
		rows, f.rows = append(rows, row), append(f.rows, r)
	}
	for _, part := range comparedParts() {
		list := by[part]
		if len(list) == 0 {
			continue
		}
		slices.SortStableFunc(list, func(x, y int) int {
			dx, dy := math.Abs(b.Cells[x][2].Value), math.Abs(b.Cells[y][2].Value)
			return map[bool]int{true: -1, false: map[bool]int{true: 1}[dy > dx]}[dx > dy]
		})
		head := becameHead(part.became, f.ans.Slice.Change.Kind == models.ChangeTerm, strings.Join(b.Cols[0].Labels, " "), strings.Join(b.Cols[1].Labels, " "))
		switch {
		case part.became == "":
			head = groupName(models.NotStated)
		case part.inside:
			head = groupName(models.DomesticHeader) + ": " + strings.ToLower(head)
		}
		rows = append(rows, gridRow{kind: headingRow, labels: []string{fmt.Sprintf("%s (%d)", head, len(list))}})
		f.rows = append(f.rows, -1)
		for _, r := range list {
			add(r)
		}
	}
	for r, h := range b.Rows[:last] {
		if h.Kind == models.OtherHeader {
			add(r)
		}
	}
	add(last)
	f.grid.pinRow = len(rows) > 1
	var heads []string
	for _, c := range b.Cols {
		heads = append(heads, cut(strings.Join(c.Labels, " "), 16))
	}
	f.grid.set([]string{f.ans.RowAxes[0].Dim + " " + l.arrow() + " " + f.ans.RowAxes[1].Dim}, heads, rows)
}

// compareItems are the groups that d offers on the flows, and, of a comparison,
// the kinds of corridors.
func (a *App) compareItems() []item {
	if a.state.view != viewFlows {
		return nil
	}
	var out []item
	has := a.available()
	for _, g := range comparedGroups {
		if slices.Contains(has, g.dim) {
			out = append(out, item{code: g.dim + "=" + g.with, label: g.name})
		}
	}
	if a.state.slice.Change.Kind == "" {
		return out
	}
	for _, k := range models.BecameKinds {
		if k != a.state.only {
			out = append(out, item{code: "only " + k, label: "show the corridors only that are " + k})
		}
	}
	if a.state.only != "" {
		out = append(out, item{code: "only ", label: "show all corridors"})
	}
	return out
}

// comparedGroups are groups that stand side by side.
var comparedGroups = []struct{ dim, this, with, name string }{
	{models.DimSex, "F", "M", "women and girls beside men and boys"},
	{models.DimAge, "Y0T17", "Y_GE18", "children beside adults"},
}

// compareFlows takes what compareItems offers.
func compareFlows(code string) func(*state) {
	if only, ok := strings.CutPrefix(code, "only "); ok {
		return func(s *state) { s.only, s.flow = only, flowCompare }
	}
	return func(s *state) {
		for _, g := range comparedGroups {
			if code == g.dim+"="+g.with {
				s.slice = s.slice.With(models.Term{Dim: g.dim, Codes: []string{g.this}})
				s.compare(models.Change{Kind: models.ChangeTerm, Term: models.Term{Dim: g.dim, Codes: []string{g.with}}})
			}
		}
		s.flow, s.only = flowCompare, ""
	}
}

// setChange takes what numbers are compared with. Corridors have no column of
// years, so without a year chosen they are those of the last one; and a group is
// compared with all others, where none was chosen.
func (a *App) setChange(c models.Change) tea.Cmd {
	return a.step(func(s *state) {
		s.compare(c)
		if s.view != viewFlows {
			return
		}
		s.flow, s.only = flowCompare, ""
		switch t, ok := s.slice.Term(models.DimYear); {
		case c.Kind == "":
			s.flow = flowList
		case c.Kind == models.ChangeTerm:
			if _, chosen := s.slice.Term(c.Term.Dim); !chosen {
				s.slice = s.slice.With(models.Term{Dim: c.Term.Dim, Not: !c.Term.Not, Codes: c.Term.Codes})
			}
		case !ok || len(t.Spans) != 1 && c.Kind != models.ChangeSpan:
			a.toLastYear(s)
		}
	})
}

// oneSide leaves of a comparison the side that is asked about, or the one that
// it is compared with: who is gone is found there.
func (s *state) oneSide(earlier bool) {
	c := s.slice.Change
	s.slice.Change = models.Change{}
	if !earlier {
		return
	}
	t, _ := s.slice.Term(models.DimYear)
	switch {
	case c.Kind == models.ChangeTerm:
		s.slice = s.slice.With(c.Term)
		return
	case c.Kind == models.ChangeSpan:
		t = models.Term{Dim: models.DimYear, Spans: []models.Period{c.Span}}
	case len(t.Spans) != 1:
		return
	case c.Kind == models.ChangePrevious:
		t.Spans = []models.Period{t.Spans[0].Previous()}
	case c.Kind == models.ChangeYear:
		t.Spans = []models.Period{t.Spans[0].YearBefore()}
	}
	s.slice = s.slice.With(t)
}

// toLastYear narrows a state to the last year that there is, and says so.
func (a *App) toLastYear(s *state) {
	if y := a.lastYear(); y > 0 {
		s.slice = s.slice.With(models.Term{Dim: models.DimYear, Spans: []models.Period{models.Year(y)}})
		a.said = fmt.Sprintf(sayLastYearY, y)
	}
}

// lastYear is the last calendar year that holds anything of the indicator, 0
// without one.
func (a *App) lastYear() int {
	last := 0
	for _, offers := range a.data().offers {
		for _, o := range offers {
			if ys := o.CalendarYears(); o.Indicator == a.state.slice.Indicator() && len(ys) > 0 {
				last = max(last, ys[len(ys)-1])
			}
		}
	}
	return last
}
