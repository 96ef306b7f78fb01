package tui

import (
	"fmt"
	"strings"

	"tiplens/models"
)

// heatPart shows rows by units of time in classes; the reading line has the
// number.
type heatPart struct {
	grid    grid
	head    string // over the names
	b       *models.Block
	classes models.Classes
	form    models.Form
	cells   []models.Cell
}

func (p *heatPart) fill(v *mixView, b *models.Block) {
	p.b, p.cells = b, nil
	cols := timeColumns(b.Cols)
	for r, h := range b.Rows {
		if h.Kind == models.TotalHeader {
			continue
		}
		for _, c := range cols {
			p.cells = append(p.cells, b.Cells[r][c])
		}
	}
	p.classes, p.form = models.Classify(p.cells, v.cuts)
	var columns []string
	for _, c := range cols {
		columns = append(columns, strings.Join(b.Cols[c].Labels, " "))
	}
	var rows []gridRow
	for r, h := range b.Rows {
		if h.Kind == models.TotalHeader { // of another size than its parts: in no class
			continue
		}
		row := gridRow{labels: []string{rowLabel(h)}, key: code(h)}
		for _, c := range cols {
			row.values = append(row.values, v.look.heatMark(b.Cells[r][c], p.classes))
		}
		rows = append(rows, row)
	}
	p.grid.tight, p.grid.latest = true, true
	p.head = axisHead(v.ans.RowAxes[0])
	p.grid.set([]string{p.head}, columns, rows)
}

// heatMark is a class as wide as a shade needs to be seen.
func (l Look) heatMark(c models.Cell, in models.Classes) string {
	m := l.classMark(c, in)
	if l.Rich && c.State == models.Known {
		return strings.Repeat(m, 4)
	}
	return m
}

func (p *heatPart) move(key string) bool { return p.grid.move(key) }

func (p *heatPart) at() (row, col int, ok bool) {
	col = p.grid.col
	if cols := timeColumns(p.b.Cols); col >= 0 && col < len(cols) {
		col = cols[col]
	}
	return p.grid.row, col, p.grid.onRow()
}

func (p *heatPart) draw(w, h int, l Look) []string {
	legend := l.legend(p.classes, p.form, marksUsed(p.cells), w, h-4)
	if p.grid.heads[0] = p.head; !l.Rich { // digits are easily read as counts
		longest := width(p.head)
		for _, r := range p.grid.rows {
			longest = max(longest, width(r.labels[0]))
		}
		p.grid.heads[0] = classesHead(longest)
	}
	out := lines(p.grid.view(w, h-1-len(legend), l), h-1-len(legend))
	return append(append(out, legend...), cut(p.reading(), w))
}

// reading has the number behind the class at the cursor, and of a row its
// total.
func (p *heatPart) reading() string {
	row, col, ok := p.at()
	if !ok {
		return ""
	}
	when := "All years"
	if col >= 0 {
		when = strings.Join(p.b.Cols[col].Labels, " ")
	} else {
		col = len(p.b.Cols) - 1
	}
	return when + ": " + rowLabel(p.b.Rows[row]) + " " + cellWords(p.b.Cells[row][col])
}

func (p *heatPart) place() place  { return p.grid.place() }
func (p *heatPart) seek(at place) { p.grid.seek(at) }
func (p *heatPart) position() string {
	return fmt.Sprintf("%d/%d", p.grid.row+1, len(p.grid.rows))
}
