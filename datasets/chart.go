package datasets

import (
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// chart is what a picture of an answer shows: lines over time where the answer
// has units of time, bars otherwise.
type chart struct {
	times   []string    // of the lines, in their order
	lines   []chartLine // at most maxLines
	bars    []chartBar  // at most maxBars
	more    int         // lines or bars that are not drawn
	pyramid bool        // two lines, each a side; the times are ages
	of      string      // the column that the bars are of
	tiles   []chartTile // of a map
	classes models.Classes
	bands   []chartBand // of flows, which are bars too where no bands can be drawn
}

type chartLine struct {
	name  string
	cells []models.Cell // by time
}

type chartBar struct {
	group string // the source, where there are several
	name  string
	cell  models.Cell
}

// Lines and bars beyond these are not told apart on paper.
const (
	maxLines = 6
	maxBars  = 40
)

// chart reads the picture out of the answer.
func (x *Export) chart() chart {
	a := x.Answer
	switch {
	case a.Picture == "" || a.PictureBlock >= len(a.Blocks):
	case a.Picture == models.PicturePyramid:
		if c := x.pyramid(); len(c.times) > 0 {
			return c
		}
	case a.Picture == models.PictureMap:
		if c := x.tiles(); len(c.tiles) > 0 {
			return c
		}
	case a.Picture == models.PictureFlows:
		if c := x.bands(); len(c.bands) > 0 {
			return c
		}
	}
	over := func(axes []models.Axis) bool { return len(axes) == 1 && axes[0].Dim == models.DimYear }
	switch {
	case a.Slice.Change.Kind != "":
	case over(a.ColAxes):
		if c := x.lines(false); len(c.times) > 1 {
			return c
		}
	case over(a.RowAxes) && len(a.ColAxes) < 2:
		if c := x.lines(true); len(c.times) > 1 {
			return c
		}
	}
	return x.bars()
}

// side gives the headers of a block along time and across it, and its cells.
func side(b *models.Block, turned bool) (times, rows []models.Header, cell func(row, time int) models.Cell) {
	if turned {
		return b.Rows, b.Cols, func(r, t int) models.Cell { return b.Cells[t][r] }
	}
	return b.Cols, b.Rows, func(r, t int) models.Cell { return b.Cells[r][t] }
}

// lines draws each row over time; of several sources the total of each.
func (x *Export) lines(turned bool) chart {
	a := x.Answer
	var c chart
	for i := range a.Blocks {
		times, _, _ := side(&a.Blocks[i], turned)
		for _, t := range times {
			if t.Kind == models.CodeHeader && len(t.Codes) > 0 && !slices.Contains(c.times, t.Codes[0]) {
				c.times = append(c.times, t.Codes[0])
			}
		}
	}
	slices.Sort(c.times)
	var all []chartLine
	for i := range a.Blocks {
		b := &a.Blocks[i]
		times, rows, cell := side(b, turned)
		at := func(r int, name string) {
			l := chartLine{name: name, cells: make([]models.Cell, len(c.times))}
			for t, h := range times {
				if k := slices.Index(c.times, strings.Join(h.Codes, " ")); k >= 0 && h.Kind == models.CodeHeader {
					l.cells[k] = cell(r, t)
				}
			}
			all = append(all, l)
		}
		if len(rows) == 0 {
			continue
		}
		if len(a.Blocks) > 1 {
			at(len(rows)-1, b.Name())
			continue
		}
		for r, h := range rows {
			if h.Kind != models.TotalHeader && h.Kind != models.RestHeader && h.Kind != models.PrefixHeader {
				at(r, strings.Join(h.Labels, " "))
			}
		}
		if len(all) == 0 {
			at(len(rows)-1, "All") // a rank, say, has no total
		}
	}
	if len(all) > maxLines { // the largest, in the order of the table
		size := func(l chartLine) (most float64) {
			for _, cell := range l.cells {
				most = max(most, cell.Sortable())
			}
			return most
		}
		sizes := make([]float64, len(all))
		for i := range all {
			sizes[i] = size(all[i])
		}
		sorted := slices.Clone(sizes)
		slices.SortFunc(sorted, func(a, b float64) int { return int(sign(b - a)) })
		for i, l := range all {
			if sizes[i] >= sorted[maxLines-1] && len(c.lines) < maxLines {
				c.lines = append(c.lines, l)
			}
		}
		c.more = len(all) - len(c.lines)
		return c
	}
	c.lines = all
	return c
}

func sign(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// bars draws a bar for each row. Where there are several columns it is of the
// one that holds all of them, or of the last.
func (x *Export) bars() chart {
	a := x.Answer
	var c chart
	for i := range a.Blocks {
		b := &a.Blocks[i]
		if len(b.Cols) == 0 {
			continue
		}
		col := b.ValueColumn()
		if col == 0 && len(b.Cols) > 1 {
			col = len(b.Cols) - 1
			if k := slices.IndexFunc(b.Cols, func(h models.Header) bool { return h.Kind == models.TotalHeader }); k >= 0 {
				col = k
			}
		}
		if len(b.Cols) > 1 {
			c.of = strings.Join(b.Cols[col].Labels, " ")
		}
		group := ""
		if len(a.Blocks) > 1 {
			group = b.Name()
		}
		for r, h := range b.Rows {
			if h.Kind == models.TotalHeader && len(b.Rows) > 1 {
				continue // a total beside its parts dwarfs them
			}
			if len(c.bars) == maxBars {
				c.more++
				continue
			}
			c.bars = append(c.bars, chartBar{group, x.rowName(h), b.Cells[r][col]})
		}
	}
	return c
}

// rowName names a row in one text; the ends of a corridor stand with an arrow.
func (x *Export) rowName(h models.Header) string {
	var names []string
	for _, l := range h.Labels {
		if l != "" {
			names = append(names, l)
		}
	}
	between := ", "
	if x.Answer.Slice.IsFlow() {
		between = " to "
	}
	name := strings.Join(names, between)
	if name == "" {
		name = "All"
	}
	return name
}

// point is where a cell lies on the axis of values: one number, or bounds that
// end. What is of another period, or says nothing, is not drawn.
func point(c models.Cell) (low, high float64, ok bool) {
	if c.Part() != "" {
		return 0, 0, false
	}
	return extent(c)
}

// extent is what is known of the size of a cell, whatever its period.
func extent(c models.Cell) (low, high float64, ok bool) {
	switch {
	case c.State == models.Zero:
		return 0, 0, true
	case c.State == models.Known:
		return c.Value, c.Value, true
	case c.State == models.Bound && !math.IsInf(c.High(), 1):
		return c.Low(), c.High(), true
	}
	return 0, 0, false
}

// span is the range of values that the axis must hold; it always holds zero,
// for what does not begin at zero lies about sizes.
func (c *chart) span() (low, high float64) {
	hold := func(cell models.Cell) {
		if l, h, ok := extent(cell); ok {
			low, high = min(low, l), max(high, h)
		} else if cell.State == models.Bound {
			high = max(high, cell.Low())
		}
	}
	for _, l := range c.lines {
		for _, cell := range l.cells {
			if cell.Part() == "" {
				hold(cell)
			}
		}
	}
	for _, b := range c.bars {
		hold(b.cell)
	}
	return low, high
}

// ticks are round numbers from low to high, some five of them.
func ticks(low, high float64) (at []float64, step float64) {
	room := high - low
	if room <= 0 {
		room, high = 1, low+1
	}
	power := math.Pow(10, math.Floor(math.Log10(room/5)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		step = m * power
		if room/step <= 6 {
			break
		}
	}
	first := int(math.Floor(low/step + 1e-9))
	last := int(math.Ceil(high/step - 1e-9))
	for k := first; k <= last; k++ {
		at = append(at, float64(k)*step)
	}
	return at, step
}

// exact reports whether there is a number that a spreadsheet can draw.
func (c *chart) exact() bool {
	is := func(cell models.Cell) bool { low, high, ok := point(cell); return ok && low == high }
	return slices.ContainsFunc(c.bars, func(b chartBar) bool { return is(b.cell) }) ||
		slices.ContainsFunc(c.lines, func(l chartLine) bool { return slices.ContainsFunc(l.cells, is) })
}
