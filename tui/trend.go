package tui

import (
	"fmt"
	"math"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/guptarohit/asciigraph"

	"tiplens/models"
)

// maxSeries is how many lines a chart holds.
const maxSeries = 6

// series is one line of the chart.
type series struct {
	name   string
	short  string // beside the chart, where the name is too long for it
	codes  string // of a corridor
	key    string
	values []float64 // NaN where nothing exact is known
	cut    []bool    // the line is cut before this point: the series breaks
	cells  []models.Cell
	block  int // of the answer, and the row in it
	row    int
}

// trendView shows up to six series over time, as a chart and as numbers.
type trendView struct {
	ans     *models.Answer
	series  []series
	times   []string
	cols    []int // of the answer, by unit of time
	grid    grid
	rows    int  // of the answer, of which the series are drawn
	middles bool // some points are the middles of ranges
}

// label is what stands beside the chart.
func (s series) label() string {
	if s.short != "" {
		return s.short
	}
	return s.name
}

// letters mark the lines, so that they can be told apart without colour.
const letters = "abcdef"

func (t *trendView) set(a *models.Answer, st state, l Look) {
	t.ans, t.series, t.times, t.cols, t.rows, t.middles = a, nil, nil, nil, 0, false
	if len(a.Blocks) == 0 {
		t.grid.set(nil, nil, nil)
		return
	}
	cols := timeColumns(a.Blocks[0].Cols)
	t.cols = cols
	for _, c := range cols {
		t.times = append(t.times, a.Blocks[0].Cols[c].Codes[0])
	}
	t.choose(a, st, cols, l)
	heads := []string{""}
	switch {
	case a.Slice.IsFlow():
		heads[0] = a.RowAxes[0].Dim + " " + l.arrow() + " " + a.RowAxes[1].Dim
	case len(a.RowAxes) > 0:
		heads[0] = axisHead(a.RowAxes[0])
	}
	var rows []gridRow
	for i, s := range t.series {
		row := gridRow{labels: []string{string(letters[i]) + " " + s.name}, key: s.key}
		for _, c := range s.cells {
			row.values = append(row.values, cellText(c, ""))
		}
		rows = append(rows, row)
	}
	t.grid.latest = true
	t.grid.set(heads, t.times, rows)
}

// timeColumns lists the columns that are units of time.
func timeColumns(cols []models.Header) []int {
	var out []int
	for i, c := range cols {
		if c.Kind == models.CodeHeader {
			out = append(out, i)
		}
	}
	return out
}

// choose picks the lines: the marked rows, of every source that has them; else
// one for each source when there are several; else the largest rows.
func (t *trendView) choose(a *models.Answer, st state, cols []int, l Look) {
	add := func(block, row int, name, short, key string) {
		b := &a.Blocks[block]
		if len(t.series) == maxSeries {
			return
		}
		s := series{name: name, short: short, codes: short, key: key, block: block, row: row}
		for i, c := range cols {
			cell := b.Cells[row][c]
			v, middle := point(cell)
			t.middles = t.middles || middle
			s.values = append(s.values, v)
			s.cut = append(s.cut, strings.Contains(cell.Status(), "B") || i > 0 && timeBetween(t.times[i-1], t.times[i]))
			s.cells = append(s.cells, cell)
		}
		t.series = append(t.series, s)
	}
	named := func(h models.Header) (name, short, key string) {
		if !a.Slice.IsFlow() {
			return strings.Join(h.Labels, " "), "", h.Codes[0]
		}
		name, short = corridorName(h, l)
		return name, short, pairKey(h)
	}
	marked := func(h models.Header) bool {
		if a.Slice.IsFlow() {
			return slices.Contains(st.pairs, pairKey(h))
		}
		return slices.Contains(st.marks, h.Codes[0])
	}
	for i := range a.Blocks {
		b := &a.Blocks[i]
		for r, h := range b.Rows {
			if len(h.Codes) == 0 || h.Kind == models.TotalHeader {
				continue
			}
			t.rows++
			if !marked(h) {
				continue
			}
			name, short, key := named(h)
			if len(a.Blocks) > 1 {
				whose := b.Source.Agency + " " + string(b.Source.Grain) + "s"
				if b.Title != "" {
					whose = b.Title
				}
				name, key = name+", "+whose, fmt.Sprint(i)+" "+key
			}
			add(i, r, name, short, key)
		}
	}
	if len(t.series) > 0 {
		return
	}
	for i := range a.Blocks {
		b := &a.Blocks[i]
		last := len(b.Rows) - 1
		if len(a.Blocks) > 1 {
			t.rows = len(a.Blocks) // each source is a line
			add(i, last, b.Name(), "", fmt.Sprint(i))
			continue
		}
		for r, h := range b.Rows {
			if len(h.Codes) == 0 || h.Kind == models.TotalHeader || h.Kind == models.RestHeader {
				continue
			}
			name, short, key := named(h)
			add(i, r, name, short, key)
		}
		if len(t.series) == 0 {
			name := "Total"
			if ind := a.Title; len(a.RowAxes) == 0 && ind != "" {
				name = "All"
			}
			add(i, last, name, "", "total")
		}
	}
}

// timeBetween reports whether years, halves, quarters or months are missing
// between two: a line through them would say what nobody knows.
func timeBetween(a, b string) bool {
	x, wrong := models.ParsePeriod(a)
	y, bad := models.ParsePeriod(b)
	return wrong == nil && bad == nil && y.Start > x.End+1
}

func (t *trendView) key(key string, _ state) reply {
	if t.grid.move(key) {
		return took
	}
	if key == "enter" {
		at, ok := t.cell()
		if !ok {
			return reply{handled: true, say: sayRightGoesInto}
		}
		ans := t.ans
		return reply{handled: true, run: func(a *App) tea.Cmd { return a.openCard(ans, at, false) }}
	}
	return reply{}
}

// cell is the number that the reading cursor is on.
func (t *trendView) cell() (models.CellRef, bool) {
	if t.grid.row >= len(t.series) || t.grid.col < 0 || t.grid.col >= len(t.cols) {
		return models.CellRef{}, false
	}
	s := t.series[t.grid.row]
	return models.CellRef{Block: s.block, Row: s.row, Col: t.cols[t.grid.col]}, true
}

func (t *trendView) position() string {
	return fmt.Sprintf("%d/%d", t.grid.row+1, len(t.series))
}

func (t *trendView) subject(st state) string { return st.slice.Indicator() }

func (t *trendView) draw(w, h int, l Look) []string {
	rows := len(t.series) + 1
	if h < 12 {
		rows = min(rows, 3)
	}
	rows = min(rows, h/2)
	chart := t.chart(w, h-rows, l)
	return append(lines(chart, h-rows), t.grid.view(w, rows, l)...)
}

// chart draws the lines with a label at the end of each and the units of time
// below.
func (t *trendView) chart(w, h int, l Look) []string {
	known := 0
	for _, s := range t.series {
		for _, v := range s.values {
			if !math.IsNaN(v) {
				known++
			}
		}
	}
	switch {
	case len(t.times) == 0 || len(t.series) == 0:
		return append([]string{""}, indent(wrap("None of these numbers stands in a year, so there is no trend; r chooses other rows.", w-2))...)
	case known == 0:
		return append([]string{""}, indent(wrap("No exact number in any of these years; the bounds stand below.", w-2))...)
	}
	labelRoom, most := 0, max(w/4, 14)
	for i := range t.series {
		if s := &t.series[i]; s.codes != "" { // a corridor goes by its names where they fit
			if s.short = s.codes; width(s.name)+3 <= w/3 && (w-16-width(s.name))/max(len(t.times)-1, 1) > 4 { // and every year has its label
				s.short, most = s.name, max(w/3, 14)
			}
		}
	}
	for _, s := range t.series {
		labelRoom = max(labelRoom, width(s.label())+3)
	}
	labelRoom = min(labelRoom, most)
	tallest := 10 // more would cost too much on a slow line
	if h > 20 {
		tallest = h * 2 / 3
	}
	sc := fitScale(t.most(), min(h-3, tallest))
	axis := sc.width() + 2 // column of the axis: asciigraph sets a blank before and behind its numbers
	room := w - axis - labelRoom - 3
	step := max(min(room/max(len(t.times)-1, 1), 8), 1)
	data := make([][]float64, len(t.series))
	sets := make([]asciigraph.CharSet, len(t.series))
	for i, s := range t.series {
		data[i] = spread(s.values, s.cut, step)
		sets[i] = t.charSet(i, l)
	}
	plot := asciigraph.PlotMany(data, asciigraph.Height(sc.rows), asciigraph.LowerBound(0), asciigraph.UpperBound(sc.top()),
		asciigraph.Offset(3), asciigraph.SeriesChars(sets...),
		asciigraph.YAxisValueFormatter(sc.label))
	return t.finish(strings.Split(plot, "\n"), sc.top(), axis, step, labelRoom, w, l)
}

// scale is the axis of the values: some rows of equal height, of which every
// so many has a label, a round number.
type scale struct {
	unit  float64 // of a row
	rows  int
	every int
}

func (s scale) top() float64 { return s.unit * float64(s.rows) }

// label writes the value of a row, "" for one without.
func (s scale) label(v float64) string {
	row := int(math.Round(v / s.unit))
	if row%s.every != 0 {
		return ""
	}
	return models.FormatNumber(float64(row) * s.unit)
}

// width is that of the widest label.
func (s scale) width() int {
	w := 0
	for r := 0; r <= s.rows; r++ {
		w = max(w, len(s.label(float64(r)*s.unit)))
	}
	return w
}

// fitScale makes the axis for values up to most in at most so many rows.
// Labels are 1, 2, 2.5 or 5 times a power of ten, and whole unless all values
// are small.
func fitScale(most float64, rows int) scale {
	rows = max(rows, 2)
	if most <= 0 {
		return scale{1, 2, 1}
	}
	near := func(a, b float64) bool { return math.Abs(a-b) < 1e-9*max(b, 1) }
	round := func(v float64) bool {
		m := v / math.Pow(10, math.Floor(math.Log10(v)+1e-9))
		return (most < 2 || near(v, math.Round(v))) && (near(m, 1) || near(m, 2) || near(m, 2.5) || near(m, 5))
	}
	for power := math.Floor(math.Log10(most / float64(rows))); ; power++ {
		for _, m := range []float64{1, 1.25, 2, 2.5, 5} {
			unit := m * math.Pow(10, power)
			if unit*float64(rows) < most {
				continue
			}
			for _, every := range []int{1, 2, 4} {
				if round(unit * float64(every)) {
					return scale{unit, max(int(math.Ceil(most/unit-1e-9)), 2), every}
				}
			}
		}
	}
}

// most is the largest value drawn.
func (t *trendView) most() float64 {
	most := 0.0
	for _, s := range t.series {
		for _, v := range s.values {
			if !math.IsNaN(v) {
				most = max(most, v)
			}
		}
	}
	return most
}

// narrow is the width of a range, as a share of its upper end, up to which it
// is drawn like a number: at its middle, half a row of the chart off at most.
const narrow = 0.05

// point gives the height at which a cell is drawn, NaN for none; middle says
// that it is that of a range.
func point(c models.Cell) (v float64, middle bool) {
	switch {
	case c.Part() != "":
	case c.HasValue():
		return c.Value, false
	case c.State == models.Bound && !math.IsInf(c.High(), 1) && c.High()-c.Low() <= narrow*c.High():
		return (c.Low() + c.High()) / 2, true
	}
	return math.NaN(), false
}

// spread gives every point of a series the width of a step, with a straight
// line to the next one; gaps and breaks stay open.
func spread(values []float64, cut []bool, step int) []float64 {
	var out []float64
	for i, v := range values {
		out = append(out, v)
		if i+1 == len(values) {
			break
		}
		for k := 1; k < step; k++ {
			next := values[i+1]
			if math.IsNaN(v) || math.IsNaN(next) || cut[i+1] {
				out = append(out, math.NaN())
				continue
			}
			out = append(out, v+(next-v)*float64(k)/float64(step))
		}
	}
	if len(out) == 1 { // a single point draws nothing; two do
		out = append(out, out[0])
	}
	return out
}

// charSet gives a line its look: one line alone is drawn as a line, several as
// their letters.
func (t *trendView) charSet(i int, l Look) asciigraph.CharSet {
	switch {
	case len(t.series) > 1:
		return asciigraph.CreateCharSet(string(letters[i]))
	case l.Rich:
		return asciigraph.DefaultCharSet
	}
	return asciigraph.CharSet{Horizontal: "-", VerticalLine: "|", ArcDownRight: ".", ArcDownLeft: ".", ArcUpRight: "'", ArcUpLeft: "'",
		EndCap: "-", StartCap: "-", UpRight: "+", DownHorizontal: "+"}
}

var plainAxis = strings.NewReplacer("┤", "|", "┼", "+", "└", "+", "┬", "+", "─", "-")

// finish adds the labels at the ends of the lines and the axis of time.
func (t *trendView) finish(plot []string, top float64, axis, step, labelRoom, w int, l Look) []string {
	labels := t.endLabels(len(plot), top)
	span := (len(t.times)-1)*step + 1
	for i, line := range plot {
		line = strings.TrimRight(line, " ")
		if !l.Rich {
			line = plainAxis.Replace(line)
		}
		if labels[i] != "" {
			line = pad(line, axis+1+span) + " " + cut(labels[i], labelRoom)
		}
		plot[i] = cut(line, w)
	}
	return append(plot, t.timeAxis(axis, step, w))
}

// endLabels places the name of each line at the height where it ends, one
// below the other where they would meet.
func (t *trendView) endLabels(rows int, top float64) []string {
	type end struct{ series, row int }
	var ends []end
	for i, s := range t.series {
		for k := len(s.values) - 1; k >= 0; k-- { // a series without a point has no end
			if !math.IsNaN(s.values[k]) {
				at := int(math.Round(float64(rows-1) * (1 - s.values[k]/top)))
				ends = append(ends, end{i, min(max(at, 0), rows-1)})
				break
			}
		}
	}
	ends = ends[:min(len(ends), rows)] // the largest; the table below names them all
	slices.SortStableFunc(ends, func(a, b end) int { return a.row - b.row })
	for k := 1; k < len(ends); k++ {
		ends[k].row = max(ends[k].row, ends[k-1].row+1)
	}
	for k := len(ends) - 1; k >= 0; k-- { // pushed beyond the bottom: back up
		limit := rows - len(ends) + k
		ends[k].row = min(ends[k].row, limit)
	}
	out := make([]string, rows)
	for _, e := range ends {
		out[e.row] = string(letters[e.series]) + " " + t.series[e.series].label()
	}
	return out
}

func (t *trendView) timeAxis(axis, step, w int) string {
	line := strings.Repeat(" ", axis+1)
	for i, code := range t.times {
		at := axis + 1 + i*step
		here := i == t.grid.col
		if here && len(line) >= at { // its label is the one that matters
			line = line[:at-1]
		}
		if len(line) > at {
			continue // the label before it needs the room
		}
		line += strings.Repeat(" ", at-len(line))
		if len(line)+len(code) > w {
			break
		}
		if here {
			line = line[:at-1] + cellCursor
		}
		line += code + " "
	}
	return strings.TrimRight(line, " ")
}

func (t *trendView) note() string {
	if len(t.times) == 1 {
		if _, chosen := t.ans.Slice.Term(models.DimYear); chosen {
			return sayOneYearOnly
		}
	}
	n := len(t.series)
	switch few := n > 0 && n < t.rows; { // the number in front counts all of them
	case few && t.middles:
		return fmt.Sprintf("%d of %d rows, narrow ranges at their middle", n, t.rows)
	case few:
		return fmt.Sprintf("%d of %d rows drawn", n, t.rows)
	case t.middles:
		return "narrow ranges drawn at their middle"
	}
	return ""
}

func (t *trendView) marks() string { return partMarks(t.ans) }
