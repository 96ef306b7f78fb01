package tui

import (
	"fmt"
	"slices"
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
	legend := l.legend(m.classes, m.form, m.marksShown(2, l), w, h-1-rows)
	room := h - 1 - len(legend)
	high, half := 1, 3
	if room >= 2*rows && w >= 80 {
		high, half = 2, 4
		for m.longest() > under(half) && w-right*(half+1) >= besideTiles {
			half++
		}
		legend = l.legend(m.classes, m.form, m.marksShown(3, l), w, h-1-rows)
		room = h - 1 - len(legend)
	}
	out := m.drawTiles(room, high, half, l)
	from := right * half
	for i, t := range m.drawList(room, w-from) {
		out[i] = strings.TrimRight(pad(out[i], from)+t, " ")
	}
	out = append(out, legend...)
	return append(lines(out, h-1), m.reading(w))
}

// besideTiles is the room that the list beside the tiles keeps when these are
// widened.
const besideTiles = 28

// under is the room for a number below its letters, by the width of half a
// tile.
func under(half int) int { return 2*half - 2 }

// onlyBounds is the mark of bounds for which there is no room: a part of a
// number would be read as another one.
const onlyBounds = "<>"

// whole is a text where it fits, and where it does not the mark that stands
// for bounds, or nothing: a number is never cut off.
func whole(c models.Cell, text string, room int) string {
	switch {
	case width(text) <= room:
		return text
	case c.State == models.Bound:
		return onlyBounds
	}
	return ""
}

// mark is the class of a cell in at most room cells, or what it is where it has
// none.
func (m *mapView) mark(c models.Cell, room int, l Look) string {
	text := l.classMark(c, m.classes)
	if width(text) > room { // the reading line has all of it
		c.SetStatus("")
		text = c.Text()
	}
	return whole(c, text, room)
}

// marksShown explains what stands on the tiles in the place of a class, where that
// has so much room.
func (m *mapView) marksShown(room int, l Look) []string {
	marks := marksUsed(m.cells)
	if slices.ContainsFunc(m.cells, func(c models.Cell) bool { return m.mark(c, room, l) == onlyBounds }) {
		marks[len(marks)-1] = onlyBounds + " or a range: only bounds known"
	}
	if len(m.cells) < len(m.tiles) {
		marks = append(marks, "no mark: nothing recorded")
	}
	return marks
}

// drawTiles draws the tiles that fit into h lines, those near the cursor.
func (m *mapView) drawTiles(h, high, half int, l Look) []string {
	b, out := m.source(), make([]string, h)
	from := 0
	if at, ok := m.tile(m.at); ok {
		from = max((at.Y+1)*high-h, 0)
	}
	numbers := m.values(under(half))
	for _, t := range m.tiles {
		y := t.Y*high - from
		if y < 0 || y+high > h {
			continue
		}
		mark, text := "", ""
		if r, ok := m.row[t.Code]; ok {
			c := b.Cells[r][0]
			mark, text = m.mark(c, high+1, l), whole(c, cellText(c, m.common), under(half))
			if l.Rich && high > 1 && c.State == models.Known { // a shade needs some room to be seen
				mark += mark
			}
		}
		cursor := " "
		if t.Code == m.at {
			cursor = ">"
		}
		if high == 1 { // the mark right behind the letters
			out[y] = pad(out[y], t.X*half) + cursor + t.Abbr + mark
			continue
		}
		out[y] = pad(out[y], t.X*half) + cursor + t.Abbr + " " + mark
		if numbers && text != onlyBounds {
			out[y+1] = pad(out[y+1], t.X*half) + " " + text
		}
	}
	return out
}

// longest is how many cells the longest number of the tiles takes.
func (m *mapView) longest() int {
	n := 0
	for _, c := range m.cells {
		n = max(n, width(cellText(c, m.common)))
	}
	return n
}

// values reports whether every number has something that fits below its
// letters; a map with some of them left out would mislead.
func (m *mapView) values(room int) bool {
	return !slices.ContainsFunc(m.cells, func(c models.Cell) bool { return whole(c, cellText(c, m.common), room) == "" })
}

// leastLabel is the room that a name in the list has at least.
const leastLabel = 6

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
	wide = min(wide, w-3-leastLabel)
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
		return cursor + " " + pad(label, room) + " " + padLeft(whole(b.Cells[r][0], cellText(b.Cells[r][0], m.common), wide), wide)
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
// what all of them share. Where the line is short it says less, and shortens
// the name before the number.
func (m *mapView) reading(w int) string {
	b := m.source()
	total := b.Cells[len(b.Rows)-1][0]
	head := fmt.Sprintf("Rank of %d", m.ranked)
	if isWhole(total) {
		if w >= 80 {
			head += ", share of " + models.Amount(total.Text(), m.ans.Unit)
		} else {
			head += ", % of " + total.Text()
		}
	}
	r, ok := m.here()
	if !ok {
		return cut(head+": "+m.cat.Label(models.DimPlace, m.at)+" nothing recorded", w)
	}
	rank, name, value, share := "", strings.Join(b.Rows[r].Labels, " "), " "+cellWords(b.Cells[r][0]), ""
	if n := m.rank[r]; n > 0 {
		rank = fmt.Sprintf("%d. ", n)
	}
	if s := shareWords(b.Cells[r][0], total); s != "" && b.Rows[r].Kind != models.TotalHeader {
		share = ", " + s
	}
	for _, line := range []string{head + ": " + rank + name + value + share, rank + name + value + share, name + value} {
		if width(line) <= w {
			return line
		}
	}
	return cut(name, max(w-width(value), 1)) + cut(value, w-1)
}
