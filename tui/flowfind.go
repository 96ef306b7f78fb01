package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// findEnds lists the places at either end of the flow that is shown: the next
// row that has it, and its card with both directions.
func (a *App) findEnds(add func(found)) {
	v, ok := a.view().(*flowsView)
	if !ok || !a.ready() || v.source() == nil {
		return
	}
	for _, place := range v.ends() {
		label := a.cat.Label(models.DimPlace, place)
		search := a.cat.SearchText(models.DimPlace, place) + "\n" + a.byWords(label)
		add(found{item{label: label, note: "in this flow", search: search}, "goes to the next row with " + label + ", from or to", func(a *App) tea.Cmd {
			if v, ok := a.view().(*flowsView); ok && a.ready() && !v.goTo(place) {
				a.said = label + " is among the other corridors"
			}
			return nil
		}})
		add(found{item{label: label, note: "both ways", search: search}, "shows who left " + label + " and who came", func(a *App) tea.Cmd {
			return a.step(func(s *state) {
				s.open(v.grid.place())
				s.flow, s.spot = flowPlace, place
			})
		}})
	}
}

// ends lists the places of the flow at hand, each once.
func (f *flowsView) ends() []string {
	b := f.source()
	var out []string
	add := func(codes []string) {
		for _, c := range codes {
			if !strings.HasPrefix(c, "_") && !strings.Contains(c, ">") && !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	for _, h := range b.Rows {
		add(h.Codes)
	}
	if f.kind == flowMatrix {
		for _, h := range b.Cols {
			add(h.Codes)
		}
	}
	return out
}

// goTo puts the cursor on the next row at whose ends a place stands; on the
// matrix on its row, or its column where it has none.
func (f *flowsView) goTo(place string) bool {
	b := f.source()
	if f.kind == flowMatrix {
		g := &f.matrix.grid
		has := func(h models.Header) bool { return len(h.Codes) > 0 && h.Codes[0] == place }
		row, col := slices.IndexFunc(b.Rows, has), slices.IndexFunc(f.matrix.cols, func(c int) bool { return has(b.Cols[c]) })
		if row >= 0 {
			g.row = row
		}
		if col >= 0 && (row < 0 || g.col >= 0) {
			g.col = col
		}
		return row >= 0 || col >= 0
	}
	n := len(f.rows)
	for i := 1; i <= n; i++ {
		k := (f.grid.row + i) % n
		if r := f.rows[k]; r >= 0 && slices.Contains(b.Rows[r].Codes, place) {
			f.grid.row = k
			return true
		}
	}
	return false
}
