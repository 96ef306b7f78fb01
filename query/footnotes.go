package query

import (
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// footnotes enters what a grid has to say beside its cells.
func (a *asking) footnotes(g *grid, b *models.Block, cells []cellAt) {
	add := a.note
	if p := g.src.file.ds.Protected; p != "" && hasState(b, models.Withheld) {
		add("W-18", fmt.Sprintf("* is zero or a small number: %s (%s).", p, g.src.file.ds.ID))
	}
	if g.missing != "" {
		add("", models.Capital(g.missing)+".")
	}
	if i := a.parts[g.part].axis(models.DimYear); i >= 0 && g.src.grain == models.Record && g.src.file.multiYear {
		if side, at, _ := g.axis(i); slices.Contains(side.ends[at].codes, models.Unknown) {
			add("", fmt.Sprintf("%s: records whose period is longer than a year, and those without one (%s).", noSingleYear, g.src.file.ds.ID))
		}
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
		what := models.Amount(s.value.cell().Text(), a.unitOf(s.part))
		var of []string
		if len(a.parts) > 1 { // of which of them
			of = append(of, a.shortName(s.part))
		}
		if s.codes != "" {
			of = append(of, s.codes)
		}
		if len(of) > 0 {
			what += " (" + strings.Join(of, "; ") + ")"
		}
		add(rule, fmt.Sprintf("Not in any cell: %s, %s (%s).", what, s.period.Label(), g.src.agency))
	}
	for _, n := range cellNotes(b, cells) {
		add(n.Rule, n.Text)
	}
}

func hasState(b *models.Block, s models.CellState) bool {
	for _, row := range b.Cells {
		for c := range row {
			if row[c].State == s {
				return true
			}
		}
	}
	return false
}

// cellAt is where a cell stands in a block.
type cellAt struct{ row, col int32 }

// notable lists the cells of a block of which something is to be said, row by
// row. A table of flows has 200,000 cells, so they are looked through once.
func notable(b *models.Block) []cellAt {
	halves := make([][]cellAt, 2)
	sideBySide(len(b.Cells), len(b.Cells)*len(b.Cols), func(from, to int) {
		var out []cellAt
		for r := from; r < to; r++ {
			for c := range b.Cells[r] {
				if k := &b.Cells[r][c]; k.Open || len(k.Notes()) > 0 {
					out = append(out, cellAt{int32(r), int32(c)})
				}
			}
		}
		halves[min(from, 1)] = out
	})
	return append(halves[0], halves[1]...)
}

// maxCellNotes is how many notes of single cells an answer lists; the others
// stand on the cards of their cells.
const maxCellNotes = 5

// namedCells are the cells that a note belongs to, the first of them by name.
type namedCells struct {
	names []string
	cells int
}

// namedWhole is how many cells a note names before it only counts them.
const namedWhole = 3

// cellNotes joins what the visible cells of a block say, each sentence once
// with the cells it belongs to.
func cellNotes(b *models.Block, cells []cellAt) []models.Remark {
	var order []models.Remark
	where := map[models.Remark]*namedCells{}
	for _, k := range cells {
		for _, n := range b.Cells[k.row][k.col].Notes() {
			at, ok := where[n]
			if !ok {
				order = append(order, n)
				at = &namedCells{}
				where[n] = at
			}
			if at.cells++; at.cells <= namedWhole {
				at.names = append(at.names, cellName(b.Rows[k.row], b.Cols[k.col]))
			}
		}
	}
	var out []models.Remark
	for i, n := range order {
		if i == maxCellNotes {
			out = append(out, models.Remark{Text: fmt.Sprintf("%d more notes stand with their cells.", len(order)-i)})
			break
		}
		at := where[n].names
		if more := where[n].cells - namedWhole; more > 0 {
			at = append(at, fmt.Sprintf("and %d more", more))
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
