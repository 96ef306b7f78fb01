package tui

import (
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// The width of a column of facets: as many columns as fit, none so wide that
// numbers stand far from their names.
const (
	minFacet = 26
	maxFacet = 44
)

// box is where a facet stands: on which page, in which column, from which line
// on, and how many lines it has. Its height depends on how many values the
// source has at all, so that nothing moves while filters change.
type box struct {
	dim             string
	page, col, y, h int
}

// lay puts the facets into columns, page by page.
func (v *overviewView) lay(w, h int) {
	g, _ := v.seen()
	v.boxes = v.boxes[:0]
	if g == nil || h < 4 {
		return
	}
	cols := w / minFacet
	if w >= 3*maxFacet { // room for names in full
		cols = w / maxFacet
	}
	cols = max(min(cols, len(g.Facets)), 1)
	v.wide = min(w/cols, maxFacet)
	most := max(h/2, min(h, 6)) // two of them fit into a column
	all := 0
	for _, f := range g.Facets {
		all += min(f.Most+headLines(&f), most)
	}
	at, page := make([]int, cols), 0
	for _, f := range g.Facets {
		need := min(f.Most+headLines(&f), most)
		col := 0
		for col < cols && at[col]+need > h {
			col++
		}
		if all <= cols*h*2/3 { // all fit with ease: side by side, and not in the first columns only
			col = slices.Index(at, slices.Min(at))
			if at[col]+need > h {
				col = cols
			}
		}
		if col == cols {
			v.stretch(page, h)
			page, col = page+1, 0
			clear(at)
		}
		v.boxes = append(v.boxes, box{f.Axis.Dim, page, col, at[col], need})
		at[col] += need
	}
	v.stretch(page, h)
}

// headLines is how many lines stand above the values of a facet.
func headLines(f *models.Facet) int {
	if f.Several {
		return 2
	}
	return 1
}

// stretch gives what is left at the foot of a column to the last facet there
// that has more values than lines.
func (v *overviewView) stretch(page, h int) {
	end := map[int]int{}
	for _, b := range v.boxes {
		if b.page == page {
			end[b.col] = max(end[b.col], b.y+b.h)
		}
	}
	for i := len(v.boxes) - 1; i >= 0 && v.boxes[i].page == page; i-- {
		b := &v.boxes[i]
		f := v.at(b.dim)
		more := min(f.Most+headLines(f)-b.h, h-end[b.col])
		if more <= 0 {
			continue
		}
		for k := range v.boxes {
			if o := &v.boxes[k]; o.page == page && o.col == b.col && o.y > b.y {
				o.y += more
			}
		}
		b.h += more
		end[b.col] += more
	}
}

func (v *overviewView) pages() int {
	if n := len(v.boxes); n > 0 {
		return v.boxes[n-1].page + 1
	}
	return 1
}

func (v *overviewView) draw(w, h int, l Look) []string {
	g, _ := v.seen()
	if g == nil {
		return lines(nil, h)
	}
	out := []string{v.figureLine(g, w, l)}
	h--
	room := h
	if !l.Rich && h >= 18 { // lines that are blank cost nothing, and set the lists off; a full screen would cost too much
		out = append(out, "")
		room -= 3
	}
	v.lay(w, room)
	if b := v.box(v.facet); b != nil {
		v.page = b.page
	}
	v.page = min(v.page, v.pages()-1)
	cells := make([][]string, room)
	for _, b := range v.boxes {
		if b.page != v.page {
			continue
		}
		for i, line := range v.facetLines(&b, l) {
			row := &cells[b.y+i]
			for len(*row) <= b.col {
				*row = append(*row, "")
			}
			(*row)[b.col] = line
		}
	}
	for _, row := range cells {
		line := ""
		for k, c := range row {
			line += strings.Repeat(" ", max(k*v.wide-width(line), 0)) + c
		}
		out = append(out, cut(line, w))
	}
	return lines(out, h+1)
}

// figureLine is the number of the slice, its last change and its years.
func (v *overviewView) figureLine(g *models.Glance, w int, l Look) string {
	cursor := "  "
	if v.facet == "" {
		cursor = "> "
	}
	text := models.Amount(g.Figure.Text(), g.Unit)
	if v.o.Empty != "" {
		return cut(cursor+v.o.Empty, w)
	}
	if text == g.Unit { // a sum that would be wrong is not shown
		text = "no total, " + g.Unit
	}
	if g.Figure.Part() != "" {
		text += ", " + g.Figure.Part()
	}
	parts := []string{cursor + text}
	if c := g.Change.Text(); c != "" && len(g.Years) > 1 {
		parts = append(parts, c)
	}
	if s := l.span(g.Years); s != "" && width(strings.Join(append(parts, s), "   ")) <= w {
		parts = append(parts, s)
	}
	return cut(strings.Join(parts, "   "), w)
}

// sparkYears is how many years a sparkline shows, the last ones.
const sparkYears = 12

// span draws years from the first to the last, a character each.
func (l Look) span(ys []models.YearCell) string {
	ys = ys[max(len(ys)-sparkYears, 0):]
	if len(ys) < 3 {
		return ""
	}
	var cells []models.Cell
	for _, y := range ys {
		cells = append(cells, y.Cell)
	}
	return ys[0].Year + " " + l.spark(cells) + " " + ys[len(ys)-1].Year
}

// facetLines draws one facet: its name with the number of values, how many of
// them are not seen, then the values. What is not stated stays at the foot.
func (v *overviewView) facetLines(b *box, l Look) []string {
	f := v.at(b.dim)
	vals, w := v.values(f), v.wide-1
	head := headLines(f)
	v.turn(b, len(vals))
	room := b.h - head
	last := v.pinned(vals, room)
	top := v.tops[b.dim]
	shown := vals[min(top, len(vals)):min(top+room-last, len(vals))]
	hidden := len(vals) - len(shown) - last
	more := ""
	if hidden > 0 {
		more = fmt.Sprintf(" +%d more", hidden)
	}
	count := fmt.Sprintf(" (%d)", f.Distinct())
	if f.Figures {
		count += " fig."
	}
	name := cut(f.Name, w-width(count)-width(more)) + count
	out := []string{l.styles().head.Render(pad(name, w-width(more))) + more}
	if f.Several {
		out = append(out, cut("  several per person", w))
	}
	m := measure(f, vals, w, l)
	for i, val := range shown {
		out = append(out, v.valueLine(f, val, top+i, m, l))
	}
	if last > 0 {
		out = append(out, v.valueLine(f, vals[len(vals)-1], len(vals)-1, m, l))
	}
	return out
}

// pinned is 1 where the last value is what is not stated and does not fit.
func (v *overviewView) pinned(vals []models.FacetValue, room int) int {
	if n := len(vals); n > room && room > 1 && vals[n-1].Kind == models.NotStated {
		return 1
	}
	return 0
}

// turn brings the cursor of a facet onto its lines, half a page at a time.
func (v *overviewView) turn(b *box, n int) {
	vals := v.values(v.at(b.dim))
	room := b.h - headLines(v.at(b.dim))
	last := v.pinned(vals, room)
	room -= last
	at := min(v.rows[b.dim], max(n-1, 0))
	v.rows[b.dim] = at
	top, moved := v.tops[b.dim]
	t, _ := models.FindTerm(v.where, b.dim)
	if now := t.String(); v.termed[b.dim] != now { // what was chosen elsewhere is to be seen here
		v.termed[b.dim] = now
		g, _ := v.seen()
		i := slices.IndexFunc(vals, func(o models.FacetValue) bool {
			return len(t.Codes) > 0 && o.Code != "" && v.cat.Meets(models.Term{Dim: t.Dim, Codes: t.Codes}, o.Code, g.Home)
		})
		if b.dim != v.facet && i >= 0 && (i < top || i >= top+room) {
			top = i
		}
	}
	if !moved && b.dim == models.DimYear { // the latest years are what is looked for
		top = n
	}
	half := max(room/2, 1)
	for b.dim == v.facet && at >= top+room && (last == 0 || at < n-1) {
		top += half
	}
	for b.dim == v.facet && at < top {
		top = max(top-half, 0)
	}
	v.tops[b.dim] = max(min(top, n-last-room), 0)
}

// columns are the widths of a facet's lines.
type columns struct {
	label, count, bar int
	most              float64
}

func measure(f *models.Facet, vals []models.FacetValue, w int, l Look) columns {
	m := columns{bar: 4 + max(w-minFacet, 0)}
	longest := 0
	for _, val := range vals {
		longest = max(longest, width(val.Label))
		m.count = max(m.count, width(val.Text()))
		if val.Kind != models.NotStated && val.Cell.HasBounds() {
			m.most = max(m.most, val.Cell.Sortable())
		}
	}
	if f.Figures {
		m.bar = 0
	}
	m.label = max(min(longest, w-m.count-m.bar-4), 6)
	if l.Rich && !f.Figures {
		m.bar = w - m.label - m.count - 4
	}
	m.bar = min(m.bar, maxBar)
	return m
}

func (v *overviewView) valueLine(f *models.Facet, val models.FacetValue, i int, m columns, l Look) string {
	cursor, mark := " ", " "
	if v.facet == f.Axis.Dim && v.rows[v.facet] == i {
		cursor = ">"
	}
	g, _ := v.seen()
	if t, ok := models.FindTerm(v.where, f.Axis.Dim); ok && val.Code != "" && v.cat.Meets(t, val.Code, g.Home) {
		mark = "*"
		if t.Not {
			mark = "-"
		}
	}
	label := val.Label
	line := cursor + mark + pad(label, m.label) + " " + padLeft(val.Text(), m.count)
	switch {
	case f.Figures || m.most <= 0:
	case val.Kind == models.NotStated:
		line += " " + shareOf(val.Cell.Sortable(), f)
	case val.Cell.HasBounds() && val.Cell.Sortable() > 0:
		line += strings.TrimRight(" "+l.fine(val.Cell.Sortable()/m.most, m.bar), " ")
	}
	return line
}

// shareOf is the share of what is not stated, in place of a bar.
func shareOf(n float64, f *models.Facet) string {
	if f.Unstated <= 0 || n <= 0 {
		return ""
	}
	p := 100 * f.Unstated
	if p < 9.95 {
		return fmt.Sprintf("%.1f%%", p)
	}
	return fmt.Sprintf("%.0f%%", p)
}

// fine draws a share of w cells: nothing under half a cell, and in the rich
// look to an eighth of one.
func (l Look) fine(share float64, w int) string {
	if !l.Rich {
		return strings.Repeat("=", int(share*float64(w)+0.5))
	}
	eighths := max(int(share*float64(w)*8+0.5), 1)
	out := strings.Repeat("█", eighths/8)
	if r := eighths % 8; r > 0 {
		out += string([]rune("▏▎▍▌▋▊▉")[r-1])
	}
	return out
}
