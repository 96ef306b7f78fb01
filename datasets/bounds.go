package datasets

import (
	"fmt"
	"math"
	"strings"
	"tiplens/models"
)

// bounded is a figure of which the file gives one end in this row and the
// other end in another (bound=lower, bound=upper).
type bounded struct {
	key   string
	side  string
	value float64
	set   func(b *models.Batch, i int)
	row   int64
}

// putAside keeps the observation at position i of the batch until its other
// end comes.
func (w *worker) putAside(side string, i int) {
	b := w.batch
	var key strings.Builder
	codes := make([]uint16, len(b.Codes))
	for c := range b.Codes {
		codes[c] = b.Codes[c][i]
		fmt.Fprintf(&key, "%d,", codes[c])
	}
	fmt.Fprintf(&key, "%d,%d", b.Start[i], b.End[i])
	year, start, end, note, row := b.Year[i], b.Start[i], b.End[i], b.Note[i], b.Row[i]
	w.aside = append(w.aside, bounded{
		key: key.String(), side: side, value: b.Value[i], row: row,
		set: func(b *models.Batch, i int) {
			for c := range codes {
				b.Codes[c][i] = codes[c]
			}
			b.Year[i], b.Start[i], b.End[i], b.Note[i], b.Row[i] = year, start, end, note, row
		},
	})
}

// contradict holds back two ends of a range of which the lower is the higher.
func (w *worker) contradict(a, b bounded) {
	for _, pair := range [][2]bounded{{a, b}, {b, a}} {
		w.tally.taken--
		w.tally.hold(pair[0].row, "", fmt.Sprintf("the %s end %s contradicts the %s end %s in row %d",
			pair[0].side, models.FormatNumber(pair[0].value), pair[1].side, models.FormatNumber(pair[1].value), pair[1].row))
	}
}

// joinBounds writes the figures that were put aside, lower and upper ends as
// one range. Ends are paired in the order of the file, so two documents that
// print the same range stay two figures.
func (w *worker) joinBounds() error {
	open := map[string][]int{} // key and side: figures that wait for their other end
	var joined []bounded
	var ranges [][2]float64
	for _, a := range w.aside {
		r, other := [2]float64{a.value, math.Inf(1)}, "upper"
		if a.side == "upper" {
			r, other = [2]float64{0, a.value}, "lower"
		}
		if waiting := open[a.key+other]; len(waiting) > 0 {
			i := waiting[0]
			open[a.key+other] = waiting[1:]
			ranges[i] = [2]float64{max(r[0], ranges[i][0]), min(r[1], ranges[i][1])}
			if ranges[i][0] > ranges[i][1] {
				w.contradict(joined[i], a)
				joined[i].set = nil
			}
			continue
		}
		open[a.key+a.side] = append(open[a.key+a.side], len(joined))
		joined, ranges = append(joined, a), append(ranges, r)
	}
	for i, a := range joined {
		if a.set == nil {
			continue
		}
		b := w.batch
		a.set(b, b.N)
		b.Value[b.N], b.Low[b.N], b.High[b.N] = math.NaN(), ranges[i][0], ranges[i][1]
		if b.N++; b.N == models.BatchSize {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	w.aside = nil
	return nil
}
