package query

import (
	"slices"
	"sync"

	"tiplens/models"
)

// assemble lays the grids out: a block for each source, with rows, columns,
// totals and what a total holds beyond its parts.
func (a *asking) assemble() {
	cols := a.allColumns()
	for _, g := range a.grids {
		b := models.Block{Source: a.sourceOf(g), Implied: g.implied, Indicator: a.parts[g.part].indicator.ID, Records: g.seen, Missing: g.missing}
		if a.slice.Op == models.Beside {
			b.Title, b.Part = a.partName(a.parts[g.part])+" ("+a.unitOf(g.part)+")", a.slice.Parts[g.part].String()
		}
		l := &layout{a: a, g: g, q: a.parts[g.part]}
		b.Unit = l.unit()
		l.lay(&b, cols)
		cells := notable(&b)
		a.ans.Blocks, a.notable = append(a.ans.Blocks, b), append(a.notable, cells)
		a.footnotes(g, &b, cells)
	}
}

// allColumns lists the column headers of all blocks, so that years stand
// under each other.
func (a *asking) allColumns() []models.Header {
	q := a.parts[0]
	if q.rowAxes == len(q.axes) {
		return nil
	}
	all := newSide(len(q.axes) - q.rowAxes)
	for _, g := range a.grids {
		used := make([]bool, g.cols.lines+1)
		for c := range used {
			used[c] = slices.ContainsFunc(g.cells, func(row []slot) bool { return c < len(row) && !row[c].empty() })
		}
		for c := range used {
			if c > 0 && used[c] && g.cols.plain(uint32(c)) {
				all.of(g.cols.codes(uint32(c)))
			}
		}
	}
	l := &layout{a: a, q: q}
	var out []models.Header
	for c := range all.lines {
		out = append(out, l.header(all.codes(uint32(c+1)), q.axes[q.rowAxes:]))
	}
	l.sortHeaders(out, q.axes[q.rowAxes:])
	return out
}

// layout arranges one grid.
type layout struct {
	a *asking
	g *grid
	q *question

	levels map[models.Axis]string // by axis, once asked
	found  map[[2]string]*models.Code
	names  [][]name // by row axis and number of a code
	cols   []uint32 // by column: the number that the grid has for it
	whole  []bool   // by column: whether it stands for all years of an axis
	years  int      // the row axis that is time, or -1
	dated  bool     // some axis is time
	noSum  *value   // in place of a total over years that is not right
	said   string   // the period that the title names

	earlier []string // units of time of the answer that a change is measured from, once asked
}

// level is the level at which an axis is answered.
func (l *layout) level(ax models.Axis) string {
	if ax.Level != "" || l.g == nil {
		return ax.Level
	}
	at, ok := l.levels[ax]
	if !ok {
		at = l.g.src.file.level(l.a.cat, ax)
		if l.levels == nil {
			l.levels = map[models.Axis]string{}
		}
		l.levels[ax] = at
	}
	return at
}

func (l *layout) lay(b *models.Block, cols []models.Header) {
	b.Cols = slices.Clone(cols)
	colTotal := len(l.q.axes) > l.q.rowAxes
	if colTotal {
		b.Cols = append(b.Cols, models.Header{Kind: models.TotalHeader, Codes: repeat(models.Total, len(l.q.axes)-l.q.rowAxes), Labels: []string{"Total"}})
	}
	if !colTotal {
		b.Cols = []models.Header{{Kind: models.TotalHeader, Labels: []string{l.unit()}}}
	}
	total := models.Header{Kind: models.TotalHeader, Codes: repeat(models.Total, l.q.rowAxes), Labels: []string{"Total"}}
	if l.q.rowAxes == 0 {
		total.Labels = nil
	}
	var rows []line
	if l.g.missing == "" && l.q.rowAxes > 0 {
		rows = l.lines()
	}
	l.prepare(b.Cols)
	totals := line{cells: l.row(0)}
	l.unstated(b, rows, &totals)
	if l.a.base != nil {
		l.change(b, rows, &totals)
	}
	l.order(b, rows)
	var others []line
	if l.a.slice.IsFlow() {
		l.groupFlows(rows)
		rows, others = l.became(b, rows)
	}
	if n := l.a.slice.Top; n > 0 {
		l.top(b, rows, n)
	} else {
		l.show(b, rows)
	}
	l.foldOthers(b, others)
	b.Rows, b.Cells = append(b.Rows, total), append(b.Cells, totals.cells)
	l.addRest(b)
	if l.a.slice.Percent != models.NoBase {
		percent(b, l.a.slice.Percent)
	}
}

// line is a row on its way into a block: a number until it is shown.
type line struct {
	n     uint32
	kind  models.HeaderKind
	tail  int8
	group int8          // of a corridor
	turn  string        // what has become of a corridor, in a change
	cells []models.Cell // once they are made
}

// prepare finds the columns of the grid and what holds for all its cells.
func (l *layout) prepare(cols []models.Header) {
	at := l.q.axis(models.DimYear)
	l.dated, l.years = at >= 0, at
	if at >= l.q.rowAxes {
		l.years = -1
	}
	for _, h := range cols {
		n, ok := l.g.cols.find(h.Codes)
		if !ok {
			n = noLine
		}
		l.cols = append(l.cols, n)
		l.whole = append(l.whole, at >= l.q.rowAxes && at >= 0 && h.Codes[at-l.q.rowAxes] == models.Total)
	}
	if l.dated && !l.yearsAdd() {
		v := value{blank: true}
		if isRatio(l.q.indicator) {
			v = v.saying("W-10", measureWords[l.q.indicator.Measure]+" has no sum and no average over years")
		} else {
			v = v.saying("W-08", l.q.indicator.Name+" of several years are not added: the same may be counted in each")
		}
		l.noSum = &v
	}
	if t, ok := l.q.term(models.DimYear); ok && len(t.Spans) == 1 {
		l.said = t.Spans[0].Label()
	}
}

// show names the rows of a block and fills in their cells.
func (l *layout) show(b *models.Block, rows []line) {
	at, k := len(b.Rows), l.q.rowAxes
	b.Rows, b.Cells = slices.Grow(b.Rows, len(rows)+4)[:at+len(rows)], slices.Grow(b.Cells, len(rows)+4)[:at+len(rows)]
	sideBySide(len(rows), len(rows)*len(l.cols), func(from, to int) {
		names := make([]string, 2*k*(to-from))
		var room []models.Cell
		for i := from; i < to; i++ {
			r := &rows[i]
			b.Rows[at+i] = l.head(r, names[:k:k], names[k:2*k:2*k])
			if names = names[2*k:]; r.cells == nil {
				if len(room) == 0 {
					room = make([]models.Cell, len(l.cols)*(to-i))
				}
				r.cells, room = room[:len(l.cols):len(l.cols)], room[len(l.cols):]
				l.fill(r.n, r.cells)
			}
			b.Cells[at+i] = r.cells
		}
	})
}

// sideBySide does something with n things, half of them at a time where it is
// much to do: a session has two processors.
func sideBySide(n, work int, do func(from, to int)) {
	if n < 2 || work < 20_000 {
		do(0, n)
		return
	}
	var first sync.WaitGroup
	first.Go(func() { do(0, n/2) })
	do(n/2, n)
	first.Wait()
}

// filled are the cells of a row, made when they are first needed.
func (l *layout) filled(r *line) []models.Cell {
	if r.cells == nil {
		r.cells = l.row(r.n)
	}
	return r.cells
}

// head names a row.
func (l *layout) head(r *line, codes, labels []string) models.Header {
	for i, n := range l.g.rows.numbers(r.n) {
		codes[i], labels[i] = l.g.rows.ends[i].codes[n], l.names[i][n].label
	}
	return models.Header{Kind: r.kind, Codes: codes, Labels: labels, Became: r.turn}
}

// lines lists the rows that have any cell, in no order.
func (l *layout) lines() []line {
	rows := make([]line, 0, l.g.rows.lines)
	for r := 1; r < len(l.g.cells); r++ {
		if l.g.cells[r] != nil && l.g.rows.plain(uint32(r)) {
			rows = append(rows, line{n: uint32(r)})
		}
	}
	for _, n := range l.earlierRows(rows) {
		rows = append(rows, line{n: n})
	}
	l.nameRows(rows)
	return rows
}

// headers lists the rows that have any cell, in the order of their codes.
func (l *layout) headers() []models.Header {
	rows := l.lines()
	slices.SortFunc(rows, func(x, y line) int { return l.byCode(x.n, y.n) })
	var out []models.Header
	for i := range rows {
		out = append(out, l.head(&rows[i], make([]string, l.q.rowAxes), make([]string, l.q.rowAxes)))
	}
	return out
}

// row makes the cells of a row.
func (l *layout) row(r uint32) []models.Cell {
	out := make([]models.Cell, len(l.cols))
	l.fill(r, out)
	return out
}

// fill writes the cells of a row into empty ones.
func (l *layout) fill(r uint32, out []models.Cell) {
	for i := range out {
		l.cell(r, i, &out[i])
	}
}

// cell writes the cell of a row and column into an empty one.
func (l *layout) cell(r uint32, col int, c *models.Cell) {
	if s := l.slot(r, col); s != nil && s.bare() {
		s.show(c)
		return
	}
	v, total := l.value(r, col)
	v.show(c)
	if c.Part() != "" && (total && l.dated || c.Part() == l.said) {
		c.SetPart("") // the columns beside it say which years, or the title does
	}
}

// slot is what the grid holds for a row and column of the block; nil where
// there is nothing, or something else is shown.
func (l *layout) slot(r uint32, col int) *slot {
	if l.noSum != nil && (l.whole[col] || l.years >= 0 && r == 0) {
		return nil
	}
	return l.g.slot(r, l.cols[col])
}

// value is what stands in a row and column of the block; total says that it is
// a total over an axis.
func (l *layout) value(r uint32, col int) (v *value, total bool) {
	c := l.cols[col]
	if l.noSum != nil && (l.whole[col] || l.years >= 0 && r == 0) {
		return l.noSum, true
	}
	return l.g.at(r, c), r == 0 && l.q.rowAxes > 0 || c == 0 && l.q.rowAxes < len(l.q.axes)
}

// yearsAdd reports whether a total over the years of an axis may be shown. People
// on record are counted once in it, however many years they are in; figures
// are added only where that is right, and stocks never.
func (l *layout) yearsAdd() bool {
	ind := l.q.indicator
	if l.g.src.grain == models.Record && ind.Measure == models.Count && ind.Time == models.Flow {
		return true
	}
	return ind.Additive(models.DimYear)
}

// unstated gives the share of each row dimension that is not stated.
func (l *layout) unstated(b *models.Block, rows []line, totals *line) {
	b.Unstated = map[string]float64{}
	if l.g.src.grain != models.Record || len(rows) < 1 || l.a.divides() || l.a.slice.Op == models.Range {
		return
	}
	last := len(b.Cols) - 1
	total := totals.cells[last]
	if !total.HasValue() || total.Value == 0 {
		return
	}
	for i := range l.q.rowAxes {
		n := 0.0
		for _, r := range rows {
			if l.names[i][l.g.rows.number(r.n, i)].unstated {
				v, _ := l.value(r.n, last)
				n += v.cell().Value
			}
		}
		b.Unstated[l.q.axes[i].Dim] = n / total.Value
	}
}
