package query

import (
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// footnotes enters what a grid has to say beside its cells.
func (a *asking) footnotes(g *grid, b *models.Block) {
	add := a.note
	if p := g.src.file.ds.Protected; p != "" && hasState(b, models.Withheld) {
		add("W-18", fmt.Sprintf("* is zero or a small number: %s (%s).", p, g.src.file.ds.ID))
	}
	if g.missing != "" {
		add("", models.Capital(g.missing)+".")
	}
	if len(g.implied) > 0 {
		var ts []string
		for _, t := range g.implied {
			ts = append(ts, a.cat.TermText(t))
		}
		add("", fmt.Sprintf("%s counts only: %s.", g.src.agency, strings.Join(ts, ", ")))
	}
	for _, s := range g.aside {
		rule := ""
		if s.period.End == models.NoDate && s.period.Start != models.NoDate {
			rule = "W-25"
		}
		what := s.value.cell().Text()
		if s.codes != "" {
			what = s.codes + " " + what
		}
		add(rule, fmt.Sprintf("Not in any cell: %s, %s (%s).", what, s.period.Label(), g.src.agency))
	}
	for _, n := range cellNotes(b) {
		add(n.Rule, n.Text)
	}
}

func hasState(b *models.Block, s models.CellState) bool {
	for _, row := range b.Cells {
		if slices.ContainsFunc(row, func(c models.Cell) bool { return c.State == s }) {
			return true
		}
	}
	return false
}

// maxCellNotes is how many notes of single cells an answer lists; the others
// stand on the cards of their cells.
const maxCellNotes = 5

// cellNotes joins what the visible cells of a block say, each sentence once
// with the cells it belongs to.
func cellNotes(b *models.Block) []models.Remark {
	var order []models.Remark
	where := map[models.Remark][]string{}
	for r, h := range b.Rows {
		for c, ch := range b.Cols {
			cell := b.Cells[r][c]
			for _, n := range cell.Notes {
				if _, ok := where[n]; !ok {
					order = append(order, n)
				}
				where[n] = append(where[n], cellName(h, ch))
			}
		}
	}
	var out []models.Remark
	for i, n := range order {
		if i == maxCellNotes {
			out = append(out, models.Remark{Text: fmt.Sprintf("%d more notes stand with their cells.", len(order)-i)})
			break
		}
		at := where[n]
		if len(at) > 3 {
			at = append(at[:3:3], fmt.Sprintf("and %d more", len(where[n])-3))
		}
		text := models.Capital(n.Text) + "."
		if names := strings.Join(at, "; "); names != "" {
			text = names + ": " + n.Text + "."
		}
		out = append(out, models.Remark{Rule: n.Rule, Text: text})
	}
	return out
}

// cellName names a cell by its row and column, "" for the only one.
func cellName(row, col models.Header) string {
	var out []string
	for _, h := range []models.Header{row, col} {
		if h.Kind != models.TotalHeader || len(h.Codes) > 0 {
			out = append(out, h.Labels...)
		}
	}
	return strings.Join(out, " ")
}
