package tui

import (
	"fmt"
	"strings"

	"tiplens/models"
)

// draw sets tiles on the left, the list of what has no tile on the right, the
// legend and the reading line below.
func (m *mapView) draw(w, h int, l Look) []string {
	b := m.source()
	if b == nil || h < 2 {
		return lines(nil, h)
	}
	if b.Missing != "" {
		return lines(m.missing(b, w), h)
	}
	rows, right := 0, 0
	for _, t := range m.tiles {
		rows, right = max(rows, t.Y+1), max(right, t.X+2)
	}
	marks := marksUsed(m.cells)
	if len(m.cells) < len(m.tiles) {
		marks = append(marks, "no mark: nothing recorded")
	}
	legend := l.legend(m.classes, m.form, marks, w, h-1-rows)
	room := h - 1 - len(legend)
	high, half := 1, 3
	if room >= 2*rows && w >= 80 {
		high, half = 2, 4
	}
	out := m.drawTiles(room, high, half, l)
	from := right * half
	for i, t := range m.drawList(room, w-from) {
		out[i] = strings.TrimRight(pad(out[i], from)+t, " ")
	}
	out = append(out, legend...)
	return append(lines(out, h-1), cut(m.reading(w), w))
}

// drawTiles draws the tiles that fit into h lines, those near the cursor.
func (m *mapView) drawTiles(h, high, half int, l Look) []string {
	b, out := m.source(), make([]string, h)
	from := 0
	if at, ok := m.tile(m.at); ok {
		from = max((at.Y+1)*high-h, 0)
	}
	wide := m.values(2*half - 2)
	for _, t := range m.tiles {
		y := t.Y*high - from
		if y < 0 || y+high > h {
			continue
		}
		mark, text := "", ""
		if r, ok := m.row[t.Code]; ok {
			mark, text = l.classMark(b.Cells[r][0], m.classes), cellText(b.Cells[r][0], m.common)
		}
		cursor := " "
		if t.Code == m.at {
			cursor = ">"
		}
		if high == 1 { // the mark right behind the letters
			out[y] = pad(out[y], t.X*half) + cursor + t.Abbr + cut(mark, 2)
			continue
		}
		if l.Rich { // a shade needs some room to be seen
			mark = strings.Repeat(mark, 2/max(width(mark), 1))
		}
		out[y] = pad(out[y], t.X*half) + cursor + t.Abbr + " " + cut(mark, 3)
		if wide {
			out[y+1] = pad(out[y+1], t.X*half) + " " + text
		}
	}
	return out
}

// values reports whether every number fits below its letters; a map with some
// of them cut off would mislead.
func (m *mapView) values(room int) bool {
	for _, c := range m.cells {
		if width(cellText(c, m.common)) > room {
			return false
		}
	}
	return true
}

// drawList lists what has no tile, a page of it, the total last.
func (m *mapView) drawList(h, w int) []string {
	if len(m.list) == 0 || w < 10 || h < 3 {
		return nil
	}
	b := m.source()
	n := len(m.list)
	total := m.list[n-1]
	out := []string{cut("  Not on the map", w)}
	if n == 1 {
		out[0] = ""
	}
	m.page = min(h-2, n-1)
	if i := m.listed(); i >= 0 && i < n-1 && m.page > 0 {
		for i >= m.top+m.page {
			m.top += max(m.page/2, 1)
		}
		for i < m.top {
			m.top = max(m.top-max(m.page/2, 1), 0)
		}
	}
	m.top = min(m.top, max(n-1-m.page, 0))
	wide := 0
	for _, r := range m.list {
		wide = max(wide, width(cellText(b.Cells[r][0], m.common)))
	}
	wide = min(wide, w/2)
	line := func(r int) string {
		cursor := " "
		if code(b.Rows[r]) == m.at {
			cursor = ">"
		}
		label := strings.Join(b.Rows[r].Labels, " ")
		if b.Rows[r].Kind == models.TotalHeader {
			label = "Total"
		}
		room := min(w-3-wide, 24)
		return cursor + " " + pad(label, room) + " " + padLeft(cellText(b.Cells[r][0], m.common), wide)
	}
	for _, r := range m.list[m.top:min(m.top+m.page, n-1)] {
		out = append(out, line(r))
	}
	if rest := n - 1 - m.page; rest > 0 {
		out[0] = cut(fmt.Sprintf("  Not on the map (%d of %d)", m.page, n-1), w)
	}
	return append(out, line(total))
}

// reading says what is under the cursor: rank, name, value and share, behind
// what all of them share.
func (m *mapView) reading(w int) string {
	b := m.source()
	total := b.Cells[len(b.Rows)-1][0]
	head := fmt.Sprintf("Rank of %d", m.ranked)
	if isWhole(total) {
		if w >= 80 {
			head += fmt.Sprintf(", share of %s %s", total.Text(), m.ans.Unit)
		} else {
			head += ", % of " + total.Text()
		}
	}
	r, ok := m.here()
	if !ok {
		return head + ": " + m.cat.Label(models.DimPlace, m.at) + " nothing recorded"
	}
	text := strings.Join(b.Rows[r].Labels, " ") + " " + cellWords(b.Cells[r][0])
	if n := m.rank[r]; n > 0 {
		text = fmt.Sprintf("%d. ", n) + text
	}
	if s := shareWords(b.Cells[r][0], total); s != "" && b.Rows[r].Kind != models.TotalHeader {
		text += ", " + s
	}
	return head + ": " + text
}
