package tui

import (
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// pyramidPart shows men on the left and women on the right by age, the oldest
// on top. Whose age is not stated stands below, then whose sex is neither.
type pyramidPart struct {
	b         *models.Block
	rows      []int  // from the top; those without an age last
	ages      int    // of these, how many are ages
	sides     [2]int // columns of men and women, -1 where there is none
	row, side int    // the cursor
	top       int
}

func (p *pyramidPart) fill(_ *mixView, b *models.Block) {
	p.b, p.rows = b, nil
	for r := len(b.Rows) - 1; r >= 0; r-- {
		if b.Rows[r].Kind == models.CodeHeader {
			p.rows = append(p.rows, r)
		}
	}
	p.ages = len(p.rows)
	for r, h := range b.Rows {
		if h.Kind != models.CodeHeader && h.Kind != models.TotalHeader {
			p.rows = append(p.rows, r)
		}
	}
	for i, sex := range []string{"M", "F"} {
		p.sides[i] = slices.IndexFunc(b.Cols, func(h models.Header) bool { return code(h) == sex })
	}
	p.row = max(min(p.row, len(p.rows)-1), 0)
}

func (p *pyramidPart) move(key string) bool {
	switch key {
	case "down", "j":
		p.row++
	case "up", "k":
		p.row--
	case "pgdown", "end":
		p.row = len(p.rows) - 1
	case "pgup", "home":
		p.row = 0
	case "right", "l":
		p.side = 1
	case "left", "h":
		p.side = 0
	default:
		return false
	}
	p.row = max(min(p.row, len(p.rows)-1), 0)
	return true
}

func (p *pyramidPart) at() (row, col int, ok bool) {
	if len(p.rows) == 0 || p.sides[p.side] < 0 {
		return 0, 0, false
	}
	return p.rows[p.row], p.sides[p.side], true
}

func (p *pyramidPart) place() place {
	if len(p.rows) == 0 {
		return place{}
	}
	return place{key: code(p.b.Rows[p.rows[p.row]]), row: p.row, col: p.side, top: p.top}
}

func (p *pyramidPart) seek(at place) {
	for i, r := range p.rows {
		if code(p.b.Rows[r]) == at.key {
			p.row, p.side, p.top = i, min(max(at.col, 0), 1), at.top
		}
	}
}

func (p *pyramidPart) position() string { return fmt.Sprintf("%d/%d", p.row+1, len(p.rows)) }

func (p *pyramidPart) draw(w, h int, l Look) []string {
	if p.sides[0] < 0 && p.sides[1] < 0 {
		return lines([]string{"", "  These data do not say sex and age together."}, h)
	}
	label, most := len("age"), 0.0
	number := [2]int{width(p.name(0)), width(p.name(1))}
	for i, r := range p.rows {
		label = max(label, width(rowLabel(p.b.Rows[r])))
		for s, c := range p.sides {
			number[s] = max(number[s], width(p.text(r, c)))
			if c >= 0 && i < p.ages {
				most = max(most, length(p.b.Cells[r][c]))
			}
		}
	}
	label = min(label, 24)
	bar := min((w-label-number[0]-number[1]-12)/2, maxBar)
	below := packed(p.sums(), "  ", w-2)
	below = below[:min(len(below), max(h-4, 0))]
	page := max(h-2-len(below), 1)
	p.top = min(max(min(p.top, p.row), p.row-page+1), max(len(p.rows)-page, 0))
	line := func(label string, texts, bars [2]string) string {
		return strings.TrimRight(cut("  "+label+" "+padLeft(texts[0], number[0]+1)+" "+padLeft(texts[1], number[1]+1)+"  "+padLeft(bars[0], bar)+" | "+bars[1], w), " ")
	}
	names := [2]string{p.name(0), p.name(1)}
	out := []string{line(pad("age", label), names, names)}
	for i := p.top; i < min(p.top+page, len(p.rows)); i++ {
		r := p.rows[i]
		var texts, bars [2]string
		for s, c := range p.sides {
			texts[s] = p.text(r, c)
			if i == p.row && s == p.side {
				texts[s] = cellCursor + texts[s]
			}
			if c >= 0 && most > 0 && i < p.ages {
				bars[s] = l.bar(length(p.b.Cells[r][c])/most, bar)
			}
		}
		out = append(out, line(pad(rowLabel(p.b.Rows[r]), label), texts, bars))
	}
	out = lines(out, page+1)
	for _, t := range below {
		out = append(out, "  "+t)
	}
	return append(out, cut(p.reading(), w))
}

func (p *pyramidPart) text(r, c int) string {
	if c < 0 {
		return ""
	}
	return cellText(p.b.Cells[r][c], commonPart(p.b))
}

// name is what one side shows.
func (p *pyramidPart) name(side int) string {
	if c := p.sides[side]; c >= 0 {
		return p.b.Cols[c].Labels[0]
	}
	return ""
}

// sums lists the numbers of each sex over all ages, those whose sex is neither
// of the two sides or is not stated among them, the total, and those without an
// age.
func (p *pyramidPart) sums() []string {
	last := len(p.b.Rows) - 1
	var out []string
	for c, h := range p.b.Cols {
		name := h.Labels[0]
		if h.Kind == models.NotStated {
			name = "Sex not stated"
		}
		if t := p.text(last, c); t != "" {
			out = append(out, name+" "+t)
		}
	}
	for _, r := range p.rows[p.ages:] {
		if t := p.text(r, len(p.b.Cols)-1); t != "" {
			out = append(out, "Age: "+strings.ToLower(rowLabel(p.b.Rows[r]))+" "+t)
		}
	}
	return out
}

func (p *pyramidPart) reading() string {
	row, col, ok := p.at()
	if !ok {
		return ""
	}
	c, total := p.b.Cells[row][col], p.b.Cells[len(p.b.Rows)-1][len(p.b.Cols)-1]
	text := "Age " + strings.ToLower(rowLabel(p.b.Rows[row])) + ", " + strings.ToLower(p.b.Cols[col].Labels[0]) + " " + cellWords(c)
	if s := shareWords(c, total); s != "" {
		return "Share of " + total.Text() + ": " + text + ", " + s
	}
	return text
}
