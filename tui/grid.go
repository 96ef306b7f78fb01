package tui

import (
	"fmt"
	"slices"
	"strings"
)

// rowKind tells how a row of a grid behaves.
type rowKind uint8

const (
	plainRow   rowKind = iota
	headingRow         // a line of text between rows; the cursor steps over it
	totalRow
)

// gridRow is one row of a grid: its labels, then its values.
type gridRow struct {
	kind   rowKind
	labels []string
	brief  string // in the place of the label where there is hardly room for names
	values []string
	share  float64 // of the largest value, drawn as a bar behind the values
	spark  string  // the row over time, at the end of the line
	key    string  // by which the row is found again
}

// cellCursor stands before a number. It is no part of any number, as ">" is of
// ">=30".
const cellCursor = "["

// The length of the longest bar: what the row leaves, so that bars stay in
// proportion, and no bars where a cell would stand for too much.
const (
	maxBar  = 20
	nameBar = 12 // to which bars give way where names are cut
	minBar  = 6
)

// grid is a table that turns pages: labels left, numbers right-aligned in
// columns of fixed width, the last row and column pinned when they are totals.
// The cursor is one character in front of a label or a number. Where columns
// are units of time the window is at the latest ones until a person moves it.
type grid struct {
	heads   []string // of the label columns
	columns []string // of the values
	rows    []gridRow
	pinRow  bool // the last row stays below the page
	pinCol  bool // the last column stays at the right
	wide    bool // labels are what matters: they get more room
	tight   bool // columns stand one cell apart, as many as there is room for
	latest  bool // columns are units of time: the last ones are shown first
	atEnd   bool // they were shown when it was drawn last

	row, col  int // the cursor; col is -1 on the label
	top, left int // first row and value column shown
	marked    map[string]bool
	page      int  // rows a page had when it was drawn last
	room      int  // its width then
	spark     int  // cells that the longest sparkline takes up
	narrow    bool // there is hardly room for names
}

// setRows replaces the content; the cursor stays on the row it was on.
func (g *grid) set(heads, columns []string, rows []gridRow) {
	key := g.key()
	first := len(g.rows) == 0
	column, same := "", slices.Equal(columns, g.columns)
	if g.col >= 0 && g.col < len(g.columns) {
		column = g.columns[g.col]
	}
	g.heads, g.columns, g.rows = heads, columns, rows
	if first {
		g.col = -1
	}
	at := -1
	for i, r := range rows {
		if key != "" && r.key == key && r.kind == plainRow {
			at = i
			break
		}
	}
	if at < 0 {
		at, g.top = 0, 0
	}
	g.row = at
	if !same && g.col >= 0 { // the column goes by its name
		g.col = slices.Index(columns, column)
	}
	g.skipHeading(1)
	switch {
	case g.latest && (first || !same || g.atEnd):
		g.left, g.atEnd = len(columns), true
	case first || g.left >= len(columns):
		g.left = 0
	}
}

// gap is what lies between two columns.
func (g *grid) gap() int {
	if g.tight {
		return 1
	}
	return 2
}

// place says where the cursor is.
func (g *grid) place() place {
	return place{key: g.key(), row: g.row, col: g.col, top: g.top, left: g.left}
}

// seek puts the cursor back to where it was, if its row is still there.
func (g *grid) seek(at place) {
	here := func(r gridRow) bool { return r.key == at.key }
	switch i := slices.IndexFunc(g.rows, here); {
	case at.row < len(g.rows) && here(g.rows[at.row]):
		g.row, g.top = at.row, at.top
	case i >= 0:
		g.row = i
	default:
		return
	}
	g.col, g.left = min(at.col, len(g.columns)-1), at.left
}

// key names the row under the cursor, "" without one.
func (g *grid) key() string {
	if g.row < 0 || g.row >= len(g.rows) {
		return ""
	}
	return g.rows[g.row].key
}

// body is how many rows scroll.
func (g *grid) body() int {
	if g.pinRow && len(g.rows) > 0 {
		return len(g.rows) - 1
	}
	return len(g.rows)
}

func (g *grid) skipHeading(step int) {
	for g.row >= 0 && g.row < len(g.rows) && g.rows[g.row].kind == headingRow {
		g.row += step
	}
	if g.row < 0 { // only a heading above: go back down
		g.row = 0
		if len(g.rows) > 0 && g.rows[0].kind == headingRow && step < 0 {
			g.skipHeading(1)
		}
	}
	if g.row >= len(g.rows) {
		g.row = max(len(g.rows)-1, 0)
	}
}

// move steps the cursor; it answers whether the key was one of its own.
func (g *grid) move(key string) bool {
	page := max(g.page, 1)
	switch key {
	case "down", "j":
		g.row = min(g.row+1, len(g.rows)-1)
		g.skipHeading(1)
	case "up", "k":
		g.row = max(g.row-1, 0)
		g.skipHeading(-1)
	case "pgdown":
		g.row = min(g.row+page, len(g.rows)-1)
		g.top = min(g.top+page, max(g.body()-page, 0))
		g.skipHeading(1)
	case "pgup":
		g.row = max(g.row-page, 0)
		g.top = max(g.top-page, 0)
		g.skipHeading(-1)
	case "home":
		g.row = 0
		g.skipHeading(1)
	case "end":
		g.row = max(len(g.rows)-1, 0)
	case "right", "l":
		if g.col < 0 { // into the columns that are on the screen
			g.col = g.left - 1
		}
		g.col = min(g.col+1, len(g.columns)-1)
	case "left", "h":
		g.col = max(g.col-1, -1)
	default:
		return false
	}
	return true
}

// widths measures the columns over all rows, so that they stay where they are
// while pages turn.
func (g *grid) widths(maxLabel int) (labels, values []int) {
	labels, values = make([]int, len(g.heads)), make([]int, len(g.columns))
	for i, h := range g.heads {
		labels[i] = width(h)
	}
	for i, c := range g.columns {
		values[i] = width(c)
	}
	for _, r := range g.rows {
		if r.kind == headingRow {
			continue
		}
		for i := range r.labels {
			if i < len(labels) {
				labels[i] = max(labels[i], width(r.labels[i]))
			}
		}
		for i, v := range r.values {
			values[i] = max(values[i], width(v))
		}
	}
	for i := range labels {
		labels[i] = min(labels[i], maxLabel)
	}
	return labels, values
}

// onRow reports whether there is a row at the cursor.
func (g *grid) onRow() bool { return g.row >= 0 && g.row < len(g.rows) }

// columnsShown says which value columns fit, the cursor's among them and the
// last one always when it is pinned.
func (g *grid) columnsShown(values []int, room int) []int {
	last := len(values)
	if g.pinCol && last > 0 {
		last--
		room -= values[last] + g.gap()
	}
	fits := func(from int) int { // one behind the last that fits
		used, i := 0, from
		for i < last && used+values[i]+g.gap() <= room {
			used += values[i] + g.gap()
			i++
		}
		return max(i, min(from+1, last))
	}
	g.left = min(g.left, max(last-1, 0))
	if g.col >= 0 && g.col < last { // turn half a page of columns at a time
		half := max((fits(g.left)-g.left)/2, 1)
		for g.col < g.left {
			g.left = max(g.left-half, 0)
		}
		for fits(g.left) <= g.col {
			g.left += half
		}
	}
	for g.left > 0 && fits(g.left-1) == last { // no empty room at the right
		g.left--
	}
	g.atEnd = fits(g.left) == last
	var out []int
	for i := g.left; i < fits(g.left); i++ {
		out = append(out, i)
	}
	if g.pinCol && len(values) > 0 {
		out = append(out, last)
	}
	return out
}

// needs is how many cells labels, all columns of values and bars take.
func (g *grid) needs(labels, values []int) int {
	n := 0
	for _, k := range labels {
		n += k + 1
	}
	for _, k := range values {
		n += k + g.gap()
	}
	if g.spark > 0 {
		n += g.spark + 2
	}
	if g.bars() {
		n += maxBar + 1
	}
	return n
}

// bars reports whether rows have bars.
func (g *grid) bars() bool {
	return slices.ContainsFunc(g.rows, func(r gridRow) bool { return r.share > 0 })
}

// leastNames is the room below which two names behind each other cannot be told
// apart any more.
const leastNames = 24

// view draws the grid into exactly h lines of at most w cells.
func (g *grid) view(w, h int, l Look) []string {
	if h < 2 || len(g.rows) == 0 {
		return lines(nil, h)
	}
	pinned := 0
	if g.pinRow {
		pinned = 1
	}
	g.page = max(h-1-pinned, 1)
	if w != g.room && g.latest && g.atEnd { // the window stays at the latest columns, however many fit
		g.left = len(g.columns)
	}
	g.room = w
	g.turn()
	maxLabel := max(w*2/5/max(len(g.heads), 1), 12)
	if g.wide {
		maxLabel = w * 3 / 5
	}
	labels, values := g.widths(maxLabel)
	if full, _ := g.widths(w); !g.wide && g.needs(full, values) <= w-2 { // there is room for every name in full
		labels = full
	} else if spare := w - 2 - g.needs(labels, values) + maxBar - nameBar; !g.wide && g.bars() && spare > 0 { // a shorter bar says as much, half a name does not
		last := len(labels) - 1
		labels[last] = min(full[last], labels[last]+spare)
	}
	room := w - 2
	g.narrow = false
	if g.wide { // the numbers are few, and all of them are wanted
		need := 0
		if g.spark > 0 {
			need = g.spark + 2
		}
		for _, n := range values {
			need += n + g.gap()
		}
		full := labels[0]
		labels[0] = min(full, max(room-1-need, 12))
		g.narrow = labels[0] < min(full, leastNames)
	} else if !l.Rich && w >= 80 && !g.tight && g.spark == 0 { // a line that is not full costs less, and nobody reads fourteen columns
		room -= w / 6
	}
	for _, n := range labels {
		room -= n + 1
	}
	if g.spark > 0 {
		room -= g.spark + 2
	}
	shown := g.columnsShown(values, room)
	if g.hidden(shown) && width(g.header(labels, values, shown, w+2)) > w { // the sign of further columns needs room too
		shown = g.columnsShown(values, room-2)
	}
	out := []string{g.header(labels, values, shown, w)}
	end := min(g.top+g.page, g.body())
	for i := g.top; i < end; i++ {
		out = append(out, g.line(i, labels, values, shown, w, l))
	}
	out = lines(out, h-pinned)
	if g.pinRow {
		out = append(out, g.line(len(g.rows)-1, labels, values, shown, w, l))
	}
	return out
}

// turn brings the cursor onto the page, half a page at a time.
func (g *grid) turn() {
	if g.pinRow && g.row == len(g.rows)-1 {
		return
	}
	half := max(g.page/2, 1)
	for g.row >= g.top+g.page {
		g.top += half
	}
	for g.row < g.top {
		g.top = max(g.top-half, 0)
	}
	if g.top+g.page > g.body() {
		g.top = max(g.body()-g.page, 0)
	}
	if g.row == 1 && g.rows[0].kind == headingRow {
		g.top = 0
	}
}

func (g *grid) header(labels, values []int, shown []int, w int) string {
	var b strings.Builder
	b.WriteString("  ")
	for i, n := range labels {
		if i == len(labels)-1 && g.left > 0 {
			b.WriteString(moreLeft(g.heads[i], g.left, n+1))
			continue
		}
		b.WriteString(pad(g.heads[i], n) + " ")
	}
	for _, c := range shown {
		b.WriteString(padLeft(g.columns[c], values[c]+g.gap()))
	}
	s := b.String()
	if n := len(shown); n > 0 && g.hidden(shown) {
		s += " >"
	}
	return cut(strings.TrimRight(s, " "), w)
}

// moreLeft is the head of the labels with the sign of so many columns further
// left, in n cells. It goes with the labels: in front of a year "<" would mean
// all years before.
func moreLeft(head string, more, n int) string {
	head = cut(head, n-1)
	for _, sign := range []string{fmt.Sprintf(" (%d more <)", more), " (<)"} {
		if width(head+sign) < n {
			return pad(head+sign, n)
		}
	}
	return pad(head, n-1) + "<"
}

// hidden reports whether columns further right are not shown.
func (g *grid) hidden(shown []int) bool {
	last := len(g.columns)
	k := len(shown) - 1
	if g.pinCol {
		last--
		k--
	}
	return k >= 0 && shown[k] < last-1
}

// topLabels gives the labels of the first row of the page with the outer ones
// that are said only once, pages above.
func (g *grid) topLabels() []string {
	kind, out := g.rows[g.top].kind, slices.Clone(g.rows[g.top].labels)
	for k := 0; k+1 < len(out); k++ {
		for i := g.top - 1; out[k] == "" && i >= 0 && g.rows[i].kind == kind; i-- {
			out[k] = g.rows[i].labels[k]
		}
	}
	return out
}

func (g *grid) line(i int, labels, values []int, shown []int, w int, l Look) string {
	r := g.rows[i]
	if i == g.top {
		r.labels = g.topLabels()
	}
	mark := " "
	if g.marked[r.key] {
		mark = "*"
	}
	cursor := " "
	if i == g.row && (g.col < 0 || len(r.values) == 0) {
		cursor = ">"
	}
	if r.kind == headingRow {
		return cut("  "+strings.Join(r.labels, " "), w)
	}
	var b strings.Builder
	b.WriteString(cursor + mark)
	for k, n := range labels {
		text := ""
		if k < len(r.labels) {
			text = r.labels[k]
			if g.narrow && r.brief != "" {
				text = r.brief
			}
		}
		b.WriteString(pad(text, n) + " ")
	}
	for _, c := range shown {
		text := ""
		if c < len(r.values) {
			text = r.values[c]
		}
		n := values[c] + g.gap()
		if i == g.row && c == g.col {
			text = cellCursor + text
		}
		b.WriteString(padLeft(text, n))
	}
	if r.spark != "" {
		b.WriteString("  " + r.spark)
	}
	if room := min(w-width(b.String())-1, maxBar); r.share > 0 && room >= minBar {
		b.WriteString(" " + l.bar(r.share, room))
	}
	return cut(strings.TrimRight(b.String(), " "), w)
}
