package models

import (
	"fmt"
	"strings"
)

// A figure is one number of an answer with what tells it from the others.

// Said is the cell with the period that it really covers, where that is not
// the one asked for.
func (c Cell) Said() string {
	t := c.Text()
	if c.Part() != "" && c.HasBounds() {
		t += " (" + c.Part() + ")"
	}
	return t
}

// Figures goes through the cells of an answer that something was asked for.
func (a *Answer) Figures(yield func(CellRef, Cell) bool) {
	for i := range a.Blocks {
		for r, row := range a.Blocks[i].Cells {
			for c, cell := range row {
				if cell.State != Blank && !yield(CellRef{i, r, c}, cell) {
					return
				}
			}
		}
	}
}

// codes names a row or column in one word.
func (h Header) codes() string {
	w := strings.Join(h.Codes, " ")
	if h.Kind != CodeHeader && h.Kind != NotStated {
		w += fmt.Sprintf("#%d", h.Kind)
	}
	if h.Measure != "" {
		w += "=" + h.Measure
	}
	return w
}

// Place tells a figure from all others of its answer, whatever its version.
func (a *Answer) Place(at CellRef) string {
	b := &a.Blocks[at.Block]
	s := b.Source
	where := []string{b.Rows[at.Row].codes(), b.Cols[at.Col].codes()}
	if len(a.Blocks) > 1 {
		where = append(where, s.Agency, s.Dataset, s.Scope, s.Movement, string(s.Grain), b.Indicator)
	}
	return strings.Join(where, "|")
}

// Label names a figure as a table does: its row, its column and, of several
// sources, its source.
func (a *Answer) Label(at CellRef) string {
	b := &a.Blocks[at.Block]
	var out []string
	for _, h := range []Header{b.Rows[at.Row], b.Cols[at.Col]} {
		for _, l := range h.Labels {
			if l != "" {
				out = append(out, l)
			}
		}
	}
	if len(a.Blocks) > 1 {
		out = append(out, b.Name())
	}
	if len(out) == 0 {
		return "All"
	}
	return strings.Join(out, ", ")
}

// Differences lists, figure by figure, where an answer is another than an
// earlier one to the same question.
func Differences(was, is *Answer) []string {
	before := map[string]CellRef{}
	for at := range was.Figures {
		before[was.Place(at)] = at
	}
	several := len(was.Blocks) > 1 || len(is.Blocks) > 1
	if several != (len(was.Blocks) > 1 && len(is.Blocks) > 1) { // the one names its sources, the other need not
		return []string{fmt.Sprintf("the answer came from %d sources and comes from %d now; see the tables", len(was.Blocks), len(is.Blocks))}
	}
	var out []string
	for at, now := range is.Figures {
		key := is.Place(at)
		old, ok := before[key]
		delete(before, key)
		switch {
		case !ok:
			out = append(out, fmt.Sprintf("%s: was not there; now %s", is.Label(at), now.Said()))
		case was.at(old).Said() != now.Said():
			out = append(out, fmt.Sprintf("%s: was %s; now %s", is.Label(at), was.at(old).Said(), now.Said()))
		}
	}
	for at, c := range was.Figures {
		if _, gone := before[was.Place(at)]; gone {
			out = append(out, fmt.Sprintf("%s: was %s; is not there any more", was.Label(at), c.Said()))
		}
	}
	return out
}

func (a *Answer) at(c CellRef) Cell { return a.Blocks[c.Block].Cells[c.Row][c.Col] }
