package tui

import (
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// maxDrawn is how many corridors the picture holds; the engine folds the rest.
const maxDrawn = 12

// strand is a corridor of the picture: a line from the place at its left to the
// one at its right, as heavy as its number. Strands that begin or end in one
// place are tied together there, and its name stands once.
type strand struct {
	from, to    string // names, of the first strand of a knot and of those alone
	left, right string // what ties the strand to the others
	number      string
	share       float64 // of the largest
}

// fillPicture lays corridors out as strands between two columns, with what is
// not drawn as lines of text below.
func (f *flowsView) fillPicture(b *models.Block, l Look) {
	last, col := len(b.Rows)-1, flowColumn(b)
	total, most := fullValue(b.Cells[last][col]), 0.0
	var drawn []int
	for _, kind := range []models.HeaderKind{models.CodeHeader, models.DomesticHeader} { // those inside one country where there is room
		for r, h := range b.Rows[:last] {
			if h.Kind == kind && ranked(h) && len(h.Labels) > 1 && (kind == models.CodeHeader || len(drawn) < maxDrawn) {
				drawn = append(drawn, r)
				most = max(most, fullValue(b.Cells[r][col]))
			}
		}
	}
	f.strands = f.strands[:0]
	f.grid.marked = nil
	var rows []gridRow
	add := func(r int, s strand) {
		h := b.Rows[r]
		row := gridRow{labels: f.corridor(h, l), key: fmt.Sprint(h.Codes), values: []string{cellText(b.Cells[r][col], ""), shareText(b.Cells[r][col], total)}}
		if h.Kind == models.TotalHeader {
			row.kind = totalRow
		}
		s.number = row.values[0]
		rows, f.rows, f.strands = append(rows, row), append(f.rows, r), append(f.strands, s)
	}
	for _, k := range knots(b, drawn, col) {
		for i, r := range k.rows {
			h := b.Rows[r]
			s := strand{from: h.Labels[0], to: h.Labels[1], left: l.tie(true, 0, 1), right: l.tie(false, 0, 1), share: fullValue(b.Cells[r][col]) / max(most, 1)}
			if k.from {
				s.left = l.tie(true, i, len(k.rows))
			} else {
				s.right = l.tie(false, i, len(k.rows))
			}
			if i > 0 && k.from {
				s.from = ""
			} else if i > 0 {
				s.to = ""
			}
			add(r, s)
		}
	}
	for r := range b.Rows {
		if !slices.Contains(drawn, r) {
			add(r, strand{})
		}
	}
	f.grid.pinRow = len(rows) > 1
	heads, _ := f.heads(b, col)
	f.grid.set([]string{f.ans.RowAxes[0].Dim + " " + l.arrow() + " " + f.ans.RowAxes[1].Dim}, heads[:2], rows)
}

// knot is a place with its corridors to others, or from them.
type knot struct {
	from bool // they begin there
	rows []int
	sum  float64
}

// knots puts each corridor to the end that has the most of those left, so that
// lines fan out of some places and into others and never cross.
func knots(b *models.Block, rows []int, col int) []knot {
	left := slices.Clone(rows)
	var out []knot
	for len(left) > 0 {
		var best knot
		for _, from := range []bool{true, false} {
			by := map[string]*knot{}
			for _, r := range left {
				code := b.Rows[r].Codes[map[bool]int{true: 0, false: 1}[from]]
				if by[code] == nil {
					by[code] = &knot{from: from}
				}
				by[code].rows = append(by[code].rows, r)
				by[code].sum += fullValue(b.Cells[r][col])
			}
			for _, r := range left { // in the order of the list, so that ties are always broken alike
				k := by[b.Rows[r].Codes[map[bool]int{true: 0, false: 1}[from]]]
				if k.sum > best.sum || len(best.rows) == 0 || k.sum == best.sum && len(k.rows) > len(best.rows) {
					best = *k
				}
			}
		}
		out = append(out, best)
		left = slices.DeleteFunc(left, func(r int) bool { return slices.Contains(best.rows, r) })
	}
	return out
}

// tie is the sign where the i-th of n strands meets the others, at its left or
// its right end.
func (l Look) tie(left bool, i, n int) string {
	signs := []string{"-", "+", "+", "'"}
	switch {
	case l.Rich && left:
		signs = []string{"─", "┬", "├", "└"}
	case l.Rich:
		signs = []string{"─", "┬", "┤", "┘"}
	}
	switch {
	case n == 1:
		return signs[0]
	case i == 0:
		return signs[1]
	case i == n-1:
		return signs[3]
	}
	return signs[2]
}

// drawPicture draws the strands, as many as there is room for.
func (f *flowsView) drawPicture(w, h int, l Look) []string {
	g := &f.grid
	if len(g.rows) == 0 || h < 2 {
		return lines(nil, h)
	}
	g.col = -1
	g.page = max(h-2, 1)
	g.turn()
	var from, to, number int
	for _, s := range f.strands {
		if s.left != "" {
			from, to = max(from, width(s.from)), max(to, width(s.to))
		}
		number = max(number, width(s.number))
	}
	from, to, number = min(max(from, width(f.ans.RowAxes[0].Dim)), w/4), min(max(to, width(f.ans.RowAxes[1].Dim)), w/4), max(number, width(f.ans.Unit))
	room := max(w-2-from-1-1-1-number-1-1-2-to-1, 4)
	if !l.Rich && room > 36 { // a longer line says no more and costs its bytes
		room = 36
	}
	heads := pad(f.ans.RowAxes[0].Dim, from) + "   " + padLeft(f.ans.Unit, number)
	at := 2 + from + 3 + number + 1 + room + 1 + 2
	out := []string{cut(pad("  "+heads, at)+" "+f.ans.RowAxes[1].Dim, w)}
	end := min(g.top+g.page, g.body())
	for i := g.top; i < end; i++ {
		out = append(out, cut(f.strandLine(i, from, number, room, l), w))
	}
	out = lines(out, h-1)
	return append(out, cut(f.strandLine(len(g.rows)-1, from, number, room, l), w))
}

// strandLine draws one row of the picture.
func (f *flowsView) strandLine(i, from, number, room int, l Look) string {
	g, s := &f.grid, f.strands[i]
	cursor := "  "
	if i == g.row {
		cursor = "> "
	}
	if s.left == "" { // what is not drawn
		r := g.rows[i]
		text := cursor + padLeft(s.number, from+3+number) + " " + r.labels[0]
		if r.values[1] != "" {
			text += ", " + r.values[1] + " %"
		}
		return text
	}
	name, target := s.from, s.to
	if i == g.top { // said pages above
		name, target = f.named(i, true), f.named(i, false)
	}
	thin := "-"
	if l.Rich {
		thin = "─"
	}
	bar := l.bar(s.share, room)
	line := cursor + pad(cut(name, from), from) + " " + s.left + " " + padLeft(s.number, number) + " " + bar + strings.Repeat(thin, room-width(bar)) + s.right
	if target != "" {
		line += "> " + target
	}
	return line
}

// named finds the name of a knot in its first strand.
func (f *flowsView) named(i int, from bool) string {
	for ; i >= 0; i-- {
		if n := map[bool]string{true: f.strands[i].from, false: f.strands[i].to}[from]; n != "" {
			return n
		}
	}
	return ""
}
