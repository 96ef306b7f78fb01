package tui

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// sharesPart draws a bar for each unit of time, all of the same length, with a
// segment for each part. Parts are told apart by letters. What may hold the
// same people twice is never set end to end: it is ranked, and says why.
type sharesPart struct {
	b     *models.Block
	times []int // columns
	rows  []int // parts
	why   string
	bars  grid // where nothing is stacked

	year, row int // the cursor, in times and rows
	top, page int // first year shown
	length    int // of a bar when it was drawn last
	unit      string
}

func (p *sharesPart) fill(v *mixView, b *models.Block) {
	old := len(p.times)
	p.b, p.times, p.rows = b, timeColumns(b.Cols), nil
	for r, h := range b.Rows {
		if h.Kind != models.TotalHeader {
			p.rows = append(p.rows, r)
		}
	}
	if len(p.times) != old {
		p.year = len(p.times) - 1 // the latest
	}
	p.year, p.row = max(min(p.year, len(p.times)-1), 0), max(min(p.row, len(p.rows)-1), 0)
	p.why, p.unit = p.refusal(v.ans), v.ans.Unit
	switch {
	case p.why == "":
	case len(p.times) == 0:
		p.bars.fill(b, v.ans, len(b.Cols)-1)
	default:
		p.byYear(axisHead(v.ans.RowAxes[0]))
	}
}

// byYear lays the shares of each year side by side: what is not stacked can
// still be followed over time.
func (p *sharesPart) byYear(head string) {
	common := commonPart(p.b)
	var columns []string
	for _, c := range p.times {
		columns = append(columns, strings.Join(p.b.Cols[c].Labels, " "))
	}
	var rows []gridRow
	for _, r := range p.rows {
		row := gridRow{labels: []string{rowLabel(p.b.Rows[r])}, key: code(p.b.Rows[r])}
		for _, c := range p.times {
			row.values = append(row.values, cellText(p.b.Cells[r][c], common))
		}
		rows = append(rows, row)
	}
	p.bars.pinRow, p.bars.latest = false, true
	p.bars.set([]string{head}, columns, rows)
}

// refusal says why the parts are not stacked: the engine has said that one
// person may be in several of them, or they are more than the whole.
func (p *sharesPart) refusal(a *models.Answer) string {
	multi := func(r models.Remark) bool { return r.Rule == "W-06" || r.Rule == "W-27" }
	several := slices.ContainsFunc(a.Footnotes, multi) || slices.ContainsFunc(a.Warnings, multi)
	for _, c := range p.times {
		least, counted := 0.0, 0.0
		for _, r := range p.rows {
			cell := p.b.Cells[r][c]
			least, counted = least+length(cell), counted+cell.Count
		}
		whole := p.b.Cells[len(p.b.Rows)-1][c].Base
		several = several || least > 100.05 || whole > 0 && counted > whole
	}
	switch {
	case len(p.times) == 0:
		return "Nothing here has a date, so there are no shares by year."
	case several:
		return "One person can be in several of these, so they are not stacked to 100 %. Each is a percentage of all in its year."
	}
	return ""
}

func (p *sharesPart) move(key string) bool {
	if p.why != "" {
		moved := p.bars.move(key)
		if len(p.times) == 0 {
			p.bars.col = -1 // a bar is opened as a whole
		}
		return moved
	}
	switch key {
	case "down", "j":
		p.year++
	case "up", "k":
		p.year--
	case "pgdown":
		p.year += max(p.page-1, 1)
	case "pgup":
		p.year -= max(p.page-1, 1)
	case "home":
		p.year = 0
	case "end":
		p.year = len(p.times) - 1
	case "right", "l":
		p.row = min(p.row+1, len(p.rows)-1)
	case "left", "h":
		p.row = max(p.row-1, 0)
	default:
		return false
	}
	p.year = max(min(p.year, len(p.times)-1), 0)
	return true
}

func (p *sharesPart) at() (row, col int, ok bool) {
	if p.why != "" {
		switch {
		case !p.bars.onRow():
			return 0, 0, false
		case len(p.times) == 0:
			return p.bars.row, -1, true
		case p.bars.col < 0:
			return p.rows[p.bars.row], -1, true
		}
		return p.rows[p.bars.row], p.times[p.bars.col], true
	}
	if len(p.rows) == 0 {
		return 0, 0, false
	}
	return p.rows[p.row], p.times[p.year], true
}

func (p *sharesPart) place() place {
	if p.why != "" {
		return p.bars.place()
	}
	key := ""
	if p.row < len(p.rows) {
		key = code(p.b.Rows[p.rows[p.row]])
	}
	return place{key: key, row: p.row, col: p.year, top: p.top}
}

func (p *sharesPart) seek(at place) {
	if p.why != "" {
		p.bars.seek(at)
		return
	}
	for i, r := range p.rows {
		if code(p.b.Rows[r]) == at.key {
			p.row = i
		}
	}
	p.year, p.top = max(min(at.col, len(p.times)-1), 0), at.top
}

func (p *sharesPart) position() string {
	if p.why != "" {
		return fmt.Sprintf("%d/%d", p.bars.row+1, len(p.bars.rows))
	}
	return fmt.Sprintf("%d/%d", p.year+1, len(p.times))
}

// letter marks the segments of a part.
func (p *sharesPart) letter(i int) string {
	switch h := p.b.Rows[p.rows[i]]; {
	case h.Kind == models.NotStated:
		return "?"
	case h.Kind == models.OtherHeader:
		return "+"
	case h.Kind == models.RestHeader:
		return "."
	case i < 26:
		return string(rune('a' + i))
	}
	return "#"
}

// The marks of what is in a bar beside its parts.
const (
	inexact = "~" // parts of which no exact number is known
	beyond  = "." // what the total holds beyond its parts
)

// longestBar is the length of a bar of shares; more cells would only cost.
const longestBar = 50

func (p *sharesPart) draw(w, h int, l Look) []string {
	if p.why != "" {
		out := []string{}
		for _, t := range wrap(p.why, w-2) {
			out = append(out, "  "+t)
		}
		return append(out, lines(p.bars.view(w, h-len(out), l), h-len(out))...)
	}
	label, whole := len("year"), width(p.unit)
	for _, c := range p.times {
		label, whole = max(label, width(p.b.Cols[c].Labels[0])), max(whole, width(p.wholeText(c)))
	}
	p.length = min(w-label-whole-6, longestBar)
	legend := p.legend(w)
	legend = legend[:min(len(legend), max(h-4, 0))]
	p.page = max(h-2-len(legend), 1)
	p.turn()
	out := []string{cut("  "+pad("", label)+" "+pad("parts of 100 %", p.length)+" "+padLeft(p.unit, whole), w)}
	for i := p.top; i < min(p.top+p.page, len(p.times)); i++ {
		cursor := " "
		if i == p.year {
			cursor = ">"
		}
		c := p.times[i]
		out = append(out, cut(cursor+" "+pad(p.b.Cols[c].Labels[0], label)+" "+p.bar(c, l)+" "+padLeft(p.wholeText(c), whole), w))
	}
	out = lines(out, h-1-len(legend))
	return append(append(out, legend...), cut(p.reading(), w))
}

// turn brings the cursor onto the page; the latest years are shown first.
func (p *sharesPart) turn() {
	for p.year >= p.top+p.page {
		p.top += max(p.page/2, 1)
	}
	for p.year < p.top {
		p.top = max(p.top-max(p.page/2, 1), 0)
	}
	p.top = min(p.top, max(len(p.times)-p.page, 0))
}

// wholeText is what the shares of a unit of time are taken of.
func (p *sharesPart) wholeText(c int) string {
	t := p.b.Cells[len(p.b.Rows)-1][c]
	if t.Base > 0 {
		return models.FormatNumber(t.Base)
	}
	if t.HasValue() && t.Form == models.Percent {
		return ""
	}
	return t.Text()
}

// bar draws the segments of one unit of time. Their ends are rounded, never
// their lengths, so that the bar is as long as all of them together.
func (p *sharesPart) bar(c int, l Look) string {
	var b strings.Builder
	sum, at, vague := 0.0, 0, false
	segment := func(share float64, mark string, i int) {
		sum += share
		end := min(int(math.Round(sum*float64(p.length)/100)), p.length)
		if end <= at {
			return
		}
		fill := mark
		if l.Rich && i >= 0 { // a letter, then a shade that differs from those beside it
			fill = string([]rune("█▒▓░")[i%4])
		}
		b.WriteString(mark + strings.Repeat(fill, end-at-1))
		at = end
	}
	known := false
	for i, r := range p.rows {
		switch cell := p.b.Cells[r][c]; {
		case cell.HasValue():
			known = true
			segment(cell.Value, p.letter(i), i)
		case cell.State == models.Bound || cell.State == models.Withheld:
			vague = true
		}
	}
	switch {
	case vague:
		segment(100-sum, inexact, -1)
	case !known:
		return pad(p.b.Cells[len(p.b.Rows)-1][c].Text()+" no shares", p.length)
	case sum < 99.95:
		segment(100-sum, beyond, -1)
	}
	return pad(b.String(), p.length)
}

// legend names the parts with their share over all units of time.
func (p *sharesPart) legend(w int) []string {
	last := len(p.b.Cols) - 1
	var items []string
	for i, r := range p.rows {
		item := p.letter(i) + " " + cut(rowLabel(p.b.Rows[r]), 24)
		if c := p.b.Cells[r][last]; p.b.Cols[last].Kind == models.TotalHeader && c.HasBounds() {
			item += " " + c.Text()
		}
		items = append(items, item)
	}
	vague, rest := false, false
	for _, c := range p.times {
		bar := p.bar(c, Look{})
		vague = vague || strings.Contains(bar, inexact)
		rest = rest || strings.Contains(bar, beyond)
	}
	hasRest := slices.ContainsFunc(p.rows, func(r int) bool { return p.b.Rows[r].Kind == models.RestHeader })
	if vague {
		items = append(items, inexact+" not exactly known")
	}
	if rest && !hasRest {
		items = append(items, beyond+" not broken down")
	}
	return packed(items, "  ", w)
}

// reading names the part at the cursor by its letter too, and has its share and
// the count behind it. A mark in the legend would cost as much again. The year is where the cursor
// is, and what the share is taken of stands at the end of its bar.
func (p *sharesPart) reading() string {
	row, col, ok := p.at()
	if !ok {
		return ""
	}
	c := p.b.Cells[row][col]
	text := p.letter(p.row) + " " + rowLabel(p.b.Rows[row]) + " "
	if c.State == models.Known && c.Base > 0 {
		return text + c.Text() + " %, " + models.FormatNumber(c.Count)
	}
	return text + cellWords(c)
}
