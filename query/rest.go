package query

import (
	"fmt"
	"math"
	"slices"

	"tiplens/models"
)

// addRest shows what published totals hold beyond their published parts, in a row
// and in a column.
func (l *layout) addRest(b *models.Block) {
	if !l.g.restOK || l.a.base != nil || l.g.missing != "" || len(b.Rows) == 0 {
		return
	}
	const label = "Rest (not broken down)"
	if last := len(b.Rows) - 1; l.q.rowAxes == 1 && last > 0 && l.hasRest(0) {
		rest, any := make([]models.Cell, len(b.Cols)), false
		for c := range b.Cols {
			var parts []models.Cell
			for r := range b.Rows[:last] {
				parts = append(parts, b.Cells[r][c])
			}
			any = l.rest(0, parts, &b.Cells[last][c], &rest[c]) || any
		}
		if any {
			h := models.Header{Kind: models.RestHeader, Codes: []string{models.Rest}, Labels: []string{label}}
			b.Rows, b.Cells = slices.Insert(b.Rows, last, h), slices.Insert(b.Cells, last, rest)
		}
	}
	if last := len(b.Cols) - 1; len(l.q.axes) == l.q.rowAxes+1 && last > 0 && l.hasRest(l.q.rowAxes) {
		rest, any := make([]models.Cell, len(b.Rows)), false
		for r := range b.Rows {
			any = l.rest(l.q.rowAxes, b.Cells[r][:last], &b.Cells[r][last], &rest[r]) || any
		}
		if any {
			b.Cols = slices.Insert(b.Cols, last, models.Header{Kind: models.RestHeader, Codes: []string{models.Rest}, Labels: []string{label}})
			for r := range b.Cells {
				b.Cells[r] = slices.Insert(slices.Clone(b.Cells[r]), last, rest[r])
			}
		}
	}
}

// hasRest reports whether totals over an axis can hold more than its parts.
func (l *layout) hasRest(axis int) bool {
	dim := l.q.axes[axis].Dim
	return dim != models.DimYear && (l.q.indicator.SharesOver == dim || l.q.indicator.Additive(dim))
}

// rest is what a total holds beyond its parts; false where that is nothing. Where
// a part is withheld the rest is too: it would give that part away.
func (l *layout) rest(axis int, parts []models.Cell, whole, rest *models.Cell) bool {
	total := fromCell(*whole)
	if l.q.indicator.SharesOver == l.q.axes[axis].Dim {
		total = value{known: true, low: 100, high: 100}
	}
	sum, withheld := value{}, false
	for _, p := range parts {
		withheld = withheld || p.State == models.Withheld
		v := fromCell(p)
		sum.add(&v)
	}
	switch {
	case withheld && total.exact() && sum.low < total.low:
		*rest = value{status: "Q"}.saying("W-18", "withheld as well: with it a withheld number could be found by subtraction").cell()
		return true
	case !total.exact() || total.about || !sum.known:
	case sum.low > total.low:
		whole.SetNotes(union(whole.Notes(), []models.Remark{{Text: fmt.Sprintf("the parts add up to %s, more than the published total of %s",
			sum.cell().Text(), total.cell().Text())}}))
	case sum.exact() && sum.low == total.low:
		*rest = models.Number(0)
	case sum.high < total.low || sum.low < total.low:
		*rest = value{known: true, low: max(total.low-sum.high, 0), high: total.low - sum.low}.cell()
		return true
	}
	return false
}

// percent turns counts into shares of a base that stays named in the answer.
func percent(b *models.Block, of models.Base) {
	lastRow, lastCol := len(b.Rows)-1, len(b.Cols)-1
	base := func(r, c int) (int, int) {
		switch of {
		case models.OfRow:
			return r, lastCol
		case models.OfColumn:
			return lastRow, c
		}
		return lastRow, lastCol
	}
	out := make([][]models.Cell, len(b.Cells))
	for r := range b.Cells {
		out[r] = make([]models.Cell, len(b.Cells[r]))
		for c := range b.Cells[r] {
			br, bc := base(r, c)
			out[r][c] = share(b.Cells[r][c], b.Cells[br][bc], br == r && bc == c)
		}
	}
	b.Cells = out
}

// share is a cell as a percentage of the total it is a part of, or is itself.
func share(c, base models.Cell, itself bool) models.Cell {
	out := c
	out.Form = models.Percent
	if itself && c.State == models.Bound { // whatever it is, it is all of itself
		out.SetNumber(100)
		return out
	}
	switch {
	case !c.HasBounds():
		return c
	case base.State == models.Zero:
		out.State = models.NotApply
		return out
	case !base.HasBounds() || math.IsInf(base.High(), 1) || base.Low() == 0:
		out.State = models.NoData
		out.SetNotes(union(out.Notes(), []models.Remark{{Text: "no percentage: the total it would be of is not known"}}))
		return out
	}
	low, high := c.Low(), c.High()
	if c.State == models.Zero {
		low, high = 0, 0
	}
	lo, hi := 100*low/base.High(), min(100*high/base.Low(), 100) // a part is never more than its whole
	if c.HasValue() && base.HasValue() {
		out.SetNumber(lo)
		out.Count, out.Base = c.Value, base.Value
		return out
	}
	out.SetBounds(lo, hi)
	return out
}
