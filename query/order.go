package query

import (
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// order sorts the rows before the total as the slice asks. A flow is ranked
// unless it asks otherwise, and so is that of which the first are kept.
func (l *layout) order(b *models.Block, rows []line) {
	o := l.a.slice.Order
	if top := l.a.slice.Top > 0 && l.q.axis(models.DimYear) != 0; o.Key == "" && (l.a.slice.IsFlow() || top) {
		o = models.Order{Key: "value", Desc: true}
	}
	if o.Key == "" {
		slices.SortFunc(rows, func(x, y line) int { return l.byCode(x.n, y.n) })
		return
	}
	keys := make([]orderKey, len(rows)) // much smaller than what they stand for
	for i := range rows {
		keys[i] = orderKey{l.rowValue(b, o, &rows[i]), rows[i].n, int32(i), rows[i].tail}
	}
	sign := 1
	if o.Desc {
		sign = -1
	}
	outer := l.outerSums(b, rows)
	slices.SortFunc(keys, func(x, y orderKey) int {
		if x.tail != y.tail {
			return int(x.tail) - int(y.tail)
		}
		if c := l.compare(o, x, y, outer); c != 0 {
			return sign * c
		}
		return l.byCode(x.n, y.n)
	})
	sorted := make([]line, len(rows))
	for i, k := range keys {
		sorted[i] = rows[k.at]
	}
	copy(rows, sorted)
}

// orderKey is what a row is ordered by: its number, where it stood, and a value.
type orderKey struct {
	value float64
	n     uint32
	at    int32
	tail  int8
}

// outerSums adds up rows under the same first code, so that nested rows stay
// together when they are ordered by value.
func (l *layout) outerSums(b *models.Block, rows []line) map[uint32]float64 {
	if l.a.slice.IsFlow() || l.q.rowAxes < 2 {
		return nil
	}
	sorted := slices.Clone(rows)
	slices.SortFunc(sorted, func(x, y line) int { return l.byCode(x.n, y.n) })
	out := map[uint32]float64{}
	for i := range sorted {
		if v := l.rowValue(b, l.a.slice.Order, &sorted[i]); !math.IsInf(v, -1) {
			out[l.g.rows.number(sorted[i].n, 0)] += v
		}
	}
	return out
}

// rowValue is the number a row is ordered by: its total, or its last known
// cell where it has none. Of a change the cells are there, of others only the
// values.
func (l *layout) rowValue(b *models.Block, o models.Order, r *line) float64 {
	if r.cells != nil {
		return cellsValue(orderCells(b, o, r.cells))
	}
	from, to := 0, len(b.Cols)
	if o.In != "" {
		from, to = orderColumn(b, o)
	}
	for i := to - 1; i >= from; i-- {
		if s := l.slot(r.n, i); s != nil && s.bare() {
			return s.n
		}
		if v, _ := l.value(r.n, i); v.known && !v.blank {
			return v.low
		}
	}
	return math.Inf(-1)
}

// orderColumn finds the column by which rows are ordered, as a range; none
// where it is no longer there, and every row is alike.
func orderColumn(b *models.Block, o models.Order) (from, to int) {
	for i, c := range b.Cols {
		if strings.Join(c.Codes, ",") == o.In {
			return i, i + 1
		}
	}
	return 0, 0
}

// orderCells picks what a row is ordered by: its total, or one column of it;
// and of a change either the number it has come to or the difference.
func orderCells(b *models.Block, o models.Order, cells []models.Cell) []models.Cell {
	if o.In != "" {
		from, to := orderColumn(b, o)
		return cells[from:to]
	}
	if len(b.Cols) != 4 || b.Cols[3].Measure != "change_percent" {
		return cells
	}
	if o.Key == "change" {
		return cells[2:3]
	}
	return cells[1:2]
}

// cellsValue is the last known number of some cells.
func cellsValue(cells []models.Cell) float64 {
	for i := len(cells) - 1; i >= 0; i-- {
		if cells[i].HasBounds() {
			return cells[i].Sortable()
		}
	}
	return math.Inf(-1)
}

func (l *layout) compare(o models.Order, x, y orderKey, outer map[uint32]float64) int {
	switch o.Key {
	case "code":
		hx, hy := l.g.rows.numbers(x.n), l.g.rows.numbers(y.n)
		for i := range hx {
			if c := models.CompareCodes(l.g.rows.ends[i].codes[hx[i]], l.g.rows.ends[i].codes[hy[i]]); c != 0 {
				return c
			}
		}
		return 0
	case "name":
		return l.byLabel(x.n, y.n)
	case "region": // and the largest first in each
		from, to := l.g.rows.codes(x.n), l.g.rows.codes(y.n)
		for i := range from {
			if d := strings.Compare(l.a.cat.Region(from[i]), l.a.cat.Region(to[i])); d != 0 {
				return d
			}
		}
		return -l.compare(models.Order{Key: "value"}, x, y, outer)
	}
	if outer != nil {
		if fx, fy := l.g.rows.number(x.n, 0), l.g.rows.number(y.n, 0); fx != fy {
			if d := outer[fx] - outer[fy]; d != 0 {
				return signOf(d)
			}
			return strings.Compare(l.g.rows.ends[0].codes[fy], l.g.rows.ends[0].codes[fx])
		}
	}
	if x.value == y.value {
		return l.byLabel(y.n, x.n) // ties by name, also when the order is reversed
	}
	return signOf(x.value - y.value)
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
