package tui

import (
	"fmt"
	"strings"

	"tiplens/models"
)

// barsPart shows rows as bars with their numbers and shares of the total.
type barsPart struct {
	grid grid
	b    *models.Block
}

func (p *barsPart) fill(v *mixView, b *models.Block) {
	p.b = b
	p.grid.fill(b, v.ans, len(b.Cols)-1)
}

// fill lays one column of a block out as bars. The bars are as long as the
// numbers are large; rows that are not codes have none of their own length
// beyond the largest.
func (g *grid) fill(b *models.Block, a *models.Answer, col int) {
	last := len(b.Rows) - 1
	total, common, most := b.Cells[last][col], commonPart(b), 0.0
	for r, h := range b.Rows {
		if h.Kind != models.TotalHeader {
			most = max(most, length(b.Cells[r][col]))
		}
	}
	share := isWhole(total)
	heads := []string{a.Unit}
	if share {
		heads = append(heads, "% of "+total.Text())
	}
	if a.Slice.Percent != models.NoBase {
		heads[0] = "%"
	}
	var rows []gridRow
	for r, h := range b.Rows {
		if r > 0 && totalRepeats(b) {
			break
		}
		c := b.Cells[r][col]
		row := gridRow{labels: []string{rowLabel(h)}, key: code(h), values: []string{cellText(c, common)}}
		if share {
			row.values = append(row.values, strings.TrimSuffix(shareWords(c, total), " %"))
		}
		if h.Kind == models.TotalHeader {
			row.kind = totalRow
		} else if most > 0 {
			row.share = length(c) / most
		}
		rows = append(rows, row)
	}
	g.pinRow = endsInTotal(rows)
	head := ""
	if len(a.RowAxes) > 0 {
		head = axisHead(a.RowAxes[0])
	}
	g.set([]string{head}, heads, rows)
}

// length is what a bar stands for: the number, or the least that it is.
func length(c models.Cell) float64 {
	switch c.State {
	case models.Known:
		return max(c.Value, 0)
	case models.Bound:
		return c.Low()
	}
	return 0
}

// rowLabel is a row as a list names it.
func rowLabel(h models.Header) string {
	t := strings.Join(h.Labels, " ")
	if h.Folded > 1 {
		t += fmt.Sprintf(" (%d)", h.Folded)
	}
	return t
}

func (p *barsPart) move(key string) bool {
	moved := p.grid.move(key)
	p.grid.col = -1 // a bar is opened as a whole
	return moved
}

func (p *barsPart) at() (row, col int, ok bool) {
	return p.grid.row, -1, p.grid.onRow()
}

func (p *barsPart) draw(w, h int, l Look) []string { return p.grid.view(w, h, l) }
func (p *barsPart) place() place                   { return p.grid.place() }
func (p *barsPart) seek(at place)                  { p.grid.seek(at) }
func (p *barsPart) position() string {
	return fmt.Sprintf("%d/%d", p.grid.row+1, len(p.grid.rows))
}
