package tui

import (
	"strings"

	"tiplens/models"
)

// placeHeads stand above the parts of a place card.
var placeHeads = map[string]string{"to": "Where they went", "from": "Where they came from"}

// fillPlace lays the card of a place out: what left and came, the difference,
// and the partners both ways, each with its line over time.
func (f *flowsView) fillPlace(b *models.Block, l Look) {
	col := b.PlaceColumn()
	most, part := 0.0, ""
	for r, h := range b.Rows {
		if h.Measure != "net" {
			most = max(most, length(b.Cells[r][col]))
		}
	}
	f.grid.spark, f.grid.pinRow, f.grid.wide = 0, false, true
	var rows []gridRow
	for r, h := range b.Rows {
		if head := placeHeads[h.Measure]; head != part {
			part = head
			rows, f.rows = append(rows, gridRow{kind: headingRow, labels: []string{head}}), append(f.rows, -1)
		}
		c := b.Cells[r][col]
		row := gridRow{labels: []string{rowLabel(h)}, key: h.Measure + code(h), spark: l.spark(overColumns(b, r)), values: []string{cellText(c, "")}}
		if h.Kind == models.OtherHeader {
			row.values, row.spark = []string{""}, ""
		} else if h.Measure != "net" && most > 0 {
			row.share = length(c) / most
		}
		if h.Measure == "net" {
			row.spark = strings.Repeat(" ", width(row.spark)) // below zero has no line
		}
		f.grid.spark = max(f.grid.spark, width(row.spark))
		rows, f.rows = append(rows, row), append(f.rows, r)
	}
	heads, _ := f.heads(b, col)
	f.grid.set([]string{f.placeHead()}, heads[:1], rows)
}

// placeHead names the place and the flow; what is counted stands above.
func (f *flowsView) placeHead() string {
	s := f.ans.Slice
	return f.cat.Label(models.DimPlace, f.ans.PlaceOf) + " in the flow " + s.From.Dim + " to " + s.To.Dim
}

// enterPlace opens the people behind a row of the card.
func (f *flowsView) enterPlace(h models.Header) reply {
	if h.Kind == models.OtherHeader || h.Measure == "net" {
		return reply{handled: true, say: sayThisRowHolds}
	}
	ends, at, here := f.ans.Slice, f.grid.place(), []string{f.here}
	at.block = f.block
	terms := []models.Term{{Dim: heldIn(ends.From).Dim, Codes: here}, {Dim: heldIn(ends.To).Dim, Codes: here}}
	other := models.Term{Not: true, Codes: []string{f.here, models.Unknown}}
	switch h.Measure {
	case "to", "from":
		other = models.Term{Codes: h.Codes}
	case "out_unknown", "in_unknown":
		other = models.Term{Codes: []string{models.Unknown}}
	}
	switch h.Measure {
	case "to", "out", "out_unknown":
		other.Dim = terms[1].Dim
		terms[1] = other
	case "from", "in", "in_unknown":
		other.Dim = terms[0].Dim
		terms[0] = other
	}
	if own, ok := ends.Term(other.Dim); ok && other.Not { // the card keeps to the filter, and so does what is behind it
		for i := range terms {
			if terms[i].Dim == other.Dim {
				terms[i] = own
			}
		}
	}
	return reply{handled: true, edit: func(s *state) {
		s.open(at)
		for _, t := range terms {
			s.slice = s.slice.With(t)
		}
		s.view = viewTable
	}}
}

// spot is the place under the cursor: of a corridor where it began, or where it
// went if that is not stated.
func (f *flowsView) spot() string {
	place := func(codes ...string) string {
		for _, c := range codes {
			if !strings.HasPrefix(c, "_") {
				return c
			}
		}
		return ""
	}
	b := f.source()
	switch {
	case b == nil:
		return ""
	case f.kind == flowMatrix:
		if row, _, ok := f.matrix.at(); ok {
			return place(b.Rows[row].Codes...)
		}
	case f.kind == flowRoutes && f.grid.row < len(f.rows) && f.rows[f.grid.row] >= 0:
		h := b.Rows[f.rows[f.grid.row]]
		return place(h.Codes[0], h.Codes[2])
	case (f.kind == flowList || f.kind == flowCompare || f.kind == flowPicture) && f.grid.row < len(f.rows) && f.rows[f.grid.row] >= 0:
		return place(b.Rows[f.rows[f.grid.row]].Codes...)
	}
	return ""
}
