package query

import (
	"math"
	"slices"
	"sort"
	"strings"

	"tiplens/models"
)

// order sorts the rows before the total as the slice asks; a flow is ranked
// unless it asks otherwise.
func (l *layout) order(b *models.Block) {
	o := l.a.slice.Order
	if o.Key == "" && l.a.slice.IsFlow() {
		o = models.Order{Key: "value", Desc: true}
	}
	if o.Key == "" {
		return
	}
	n := len(b.Rows) - 1
	idx := make([]int, n)
	for i := range idx {
		idx[i] = i
	}
	sign := 1
	if o.Desc {
		sign = -1
	}
	outer := l.outerSums(b)
	sort.SliceStable(idx, func(i, j int) bool {
		x, y := idx[i], idx[j]
		if tx, ty := l.headerTail(b.Rows[x]), l.headerTail(b.Rows[y]); tx != ty {
			return tx < ty
		}
		return sign*l.compare(b, o, x, y, outer) < 0
	})
	rearrange(b, idx)
}

// rearrange puts the first rows of a block into the order of their indices.
func rearrange(b *models.Block, idx []int) {
	rows, cells := make([]models.Header, len(idx)), make([][]models.Cell, len(idx))
	for i, k := range idx {
		rows[i], cells[i] = b.Rows[k], b.Cells[k]
	}
	copy(b.Rows, rows)
	copy(b.Cells, cells)
}

func (l *layout) headerTail(h models.Header) int {
	t := 0
	for i, c := range h.Codes {
		t = max(t, l.tail(l.q.axes[i], c))
	}
	return t
}

// outerSums adds up rows under the same first code, so that nested rows stay
// together when they are ordered by value.
func (l *layout) outerSums(b *models.Block) map[string]float64 {
	if l.a.slice.IsFlow() || l.q.rowAxes < 2 {
		return nil
	}
	out := map[string]float64{}
	for r, h := range b.Rows[:len(b.Rows)-1] {
		if v := rowValue(orderCells(b, l.a.slice.Order, b.Cells[r])); !math.IsInf(v, -1) {
			out[h.Codes[0]] += v
		}
	}
	return out
}

// orderCells picks what a row is ordered by: its total, or one column of it;
// and of a change either the number it has come to or the difference.
func orderCells(b *models.Block, o models.Order, cells []models.Cell) []models.Cell {
	if o.In != "" {
		for i, c := range b.Cols {
			if strings.Join(c.Codes, ",") == o.In {
				return cells[i : i+1]
			}
		}
		return nil // no such column any more: every row is alike
	}
	if len(b.Cols) != 4 || b.Cols[3].Measure != "change_percent" {
		return cells
	}
	if o.Key == "change" {
		return cells[2:3]
	}
	return cells[1:2]
}

// rowValue is the number a row is ordered by: its total, or its last known
// cell where it has none.
func rowValue(cells []models.Cell) float64 {
	for i := len(cells) - 1; i >= 0; i-- {
		if cells[i].HasBounds() {
			return cells[i].Sortable()
		}
	}
	return math.Inf(-1)
}

func (l *layout) compare(b *models.Block, o models.Order, x, y int, outer map[string]float64) int {
	hx, hy := b.Rows[x], b.Rows[y]
	switch o.Key {
	case "code":
		for i := range hx.Codes {
			if c := models.CompareCodes(hx.Codes[i], hy.Codes[i]); c != 0 {
				return c
			}
		}
		return 0
	case "name":
		return slices.Compare(hx.Labels, hy.Labels)
	case "region": // and the largest first in each
		for i := range hx.Codes {
			if d := strings.Compare(l.a.cat.Region(hx.Codes[i]), l.a.cat.Region(hy.Codes[i])); d != 0 {
				return d
			}
		}
		return -l.compare(b, models.Order{Key: "value"}, x, y, outer)
	}
	if outer != nil && hx.Codes[0] != hy.Codes[0] {
		if d := outer[hx.Codes[0]] - outer[hy.Codes[0]]; d != 0 {
			return signOf(d)
		}
		return strings.Compare(hy.Codes[0], hx.Codes[0])
	}
	vx, vy := rowValue(orderCells(b, o, b.Cells[x])), rowValue(orderCells(b, o, b.Cells[y]))
	if vx == vy {
		return slices.Compare(hy.Labels, hx.Labels) // ties by name, also when the order is reversed
	}
	return signOf(vx - vy)
}

func signOf(d float64) int {
	switch {
	case d < 0:
		return -1
	case d > 0:
		return 1
	}
	return 0
}
