package tui

import (
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// via is the level of the stops of a route: provinces where both ends are.
func (s state) via() models.Axis {
	level := "country"
	if s.from.Level == "province" && s.to.Level == "province" {
		level = "province"
	}
	return models.Axis{Dim: models.DimTransit, Level: level}
}

// knowsTransit reports whether some dataset says where people passed through.
func (a *App) knowsTransit() bool {
	for _, offers := range a.data().offers {
		for _, o := range offers {
			if o.Indicator == a.state.slice.Indicator() && slices.Contains(o.Stops, models.DimTransit) {
				return true
			}
		}
	}
	return false
}

// fillRoutes shows routes as a tree: a branch holds the persons of all rows set
// in below it.
func (f *flowsView) fillRoutes(b *models.Block, l Look) {
	last := len(b.Rows) - 1
	total := fullValue(b.Cells[last][0])
	f.grid.spark, f.grid.wide, f.grid.marked = 0, true, nil
	var rows []gridRow
	for r, h := range b.Rows {
		cell := b.Cells[r][0]
		label := strings.Repeat("  ", h.Depth) + h.Labels[0]
		if h.Folded > 1 {
			label += fmt.Sprintf(" (%d)", h.Folded)
		}
		row := gridRow{labels: []string{label}, key: strings.Join(h.Codes, " "), values: []string{cellText(cell, ""), shareText(cell, total)}}
		switch {
		case h.Kind == models.TotalHeader:
			row.kind = totalRow
		case total > 0 && cell.HasValue():
			row.share = fullValue(cell) / total
		}
		rows, f.rows = append(rows, row), append(f.rows, r)
	}
	f.grid.pinRow = len(rows) > 1
	between := " " + l.arrow() + " "
	head := f.ans.RowAxes[0].Dim + between + f.ans.RowAxes[1].Dim + between + f.ans.RowAxes[2].Dim
	f.grid.set([]string{head}, []string{f.ans.Unit, "% of all"}, rows)
}

// enterRoute opens the people of a branch or route. A filter knows that
// somebody passed a place, not in which order.
func (f *flowsView) enterRoute(h models.Header) reply {
	if h.Kind == models.TotalHeader || h.Kind == models.OtherHeader {
		return reply{handled: true, say: sayThisRowHoldsSeveral}
	}
	at, axes, say := f.grid.place(), f.ans.RowAxes, ""
	at.block = f.block
	var terms []models.Term
	for k, code := range h.Codes {
		stops := slices.DeleteFunc(strings.Split(code, ">"), func(c string) bool { return c == models.Total })
		if len(stops) == 0 {
			continue
		}
		terms = append(terms, models.Term{Dim: axes[k].Dim, Codes: strings.Split(stops[0], models.SetJoin)})
		if k == 1 && stops[0] != models.Unknown {
			say = "all with these ends who passed it, by other stops too"
		}
	}
	return reply{handled: true, say: say, edit: func(s *state) {
		s.open(at)
		for _, t := range terms {
			s.slice = s.slice.With(t)
		}
		s.view = viewTable
	}}
}
