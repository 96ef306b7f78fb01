package query

import (
	"fmt"
	"math"
	"slices"

	"tiplens/models"
)

// addRest shows what a published total holds beyond its published parts. Where
// a part is withheld the rest is too: it would give that part away.
func (l *layout) addRest(b *models.Block) {
	if !l.g.restOK || l.a.base != nil || l.g.missing != "" || l.q.rowAxes != 1 || len(b.Rows) < 2 || l.q.axes[0].Dim == models.DimYear {
		return
	}
	shares := l.q.indicator.SharesOver == l.q.axes[0].Dim
	if !shares && !l.q.indicator.Additive(l.q.axes[0].Dim) {
		return
	}
	last := len(b.Rows) - 1
	rest := make([]models.Cell, len(b.Cols))
	any := false
	for c := range b.Cols {
		total := fromCell(b.Cells[last][c])
		if shares {
			total = value{known: true, low: 100, high: 100}
		}
		sum, withheld := value{}, false
		for r := range b.Rows[:last] {
			withheld = withheld || b.Cells[r][c].State == models.Withheld
			sum = sum.plus(fromCell(b.Cells[r][c]))
		}
		switch {
		case withheld && total.exact() && sum.low < total.low:
			rest[c] = value{status: "Q"}.saying("W-18", "withheld as well: with it a withheld number could be found by subtraction").cell()
			any = true
		case !total.exact() || total.about || !sum.known:
		case sum.low > total.low:
			cell := &b.Cells[last][c]
			cell.SetNotes(union(cell.Notes(), []models.Remark{{Text: fmt.Sprintf("the parts add up to %s, more than the published total of %s",
				sum.cell().Text(), total.cell().Text())}}))
		case sum.high < total.low || sum.low < total.low:
			rest[c] = value{known: true, low: max(total.low-sum.high, 0), high: total.low - sum.low}.cell()
			any = true
		}
	}
	if !any {
		return
	}
	h := models.Header{Kind: models.RestHeader, Codes: []string{models.Rest}, Labels: []string{"Rest (not broken down)"}}
	b.Rows = slices.Insert(b.Rows, last, h)
	b.Cells = slices.Insert(b.Cells, last, rest)
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
