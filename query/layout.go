package query

import (
	"slices"
	"strings"

	"tiplens/models"
)

// assemble lays the grids out: a block for each source, with rows, columns,
// totals and what a total holds beyond its parts.
func (a *asking) assemble() {
	cols := a.allColumns()
	for _, g := range a.grids {
		b := models.Block{Source: a.sourceOf(g), Implied: g.implied, Indicator: a.parts[g.part].indicator.ID, Records: g.rows, Missing: g.missing}
		if a.slice.Op == models.Beside {
			b.Title = a.partName(a.parts[g.part]) + " (" + a.parts[g.part].indicator.Unit + ")"
		}
		l := &layout{a: a, g: g, q: a.parts[g.part]}
		l.lay(&b, cols)
		a.ans.Blocks = append(a.ans.Blocks, b)
		a.footnotes(g, &b)
	}
}

// allColumns lists the column headers of all blocks, so that years stand
// under each other.
func (a *asking) allColumns() []models.Header {
	q := a.parts[0]
	if q.rowAxes == len(q.axes) {
		return nil
	}
	seen := map[string][]string{}
	for _, g := range a.grids {
		for key := range g.cells {
			codes := strings.Split(key, coordSep)[q.rowAxes:]
			if !slices.Contains(codes, models.Total) {
				seen[coord(codes)] = codes
			}
		}
	}
	l := &layout{a: a, q: q}
	var out []models.Header
	for _, codes := range seen {
		out = append(out, l.header(codes, q.axes[q.rowAxes:]))
	}
	l.sortHeaders(out, q.axes[q.rowAxes:])
	return out
}

// layout arranges one grid.
type layout struct {
	a *asking
	g *grid
	q *question

	levels  map[models.Axis]string // by axis, once asked
	found   map[[2]string]*models.Code
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
	rows := l.rows()
	if l.g.missing == "" && l.q.rowAxes > 0 {
		for _, r := range rows {
			b.Rows = append(b.Rows, r)
			b.Cells = append(b.Cells, l.row(r.Codes, b.Cols))
		}
	}
	total := models.Header{Kind: models.TotalHeader, Codes: repeat(models.Total, l.q.rowAxes), Labels: []string{"Total"}}
	if l.q.rowAxes == 0 {
		total.Labels = nil
	}
	b.Rows = append(b.Rows, total)
	b.Cells = append(b.Cells, l.row(total.Codes, b.Cols))
	l.unstated(b)
	if l.a.base != nil {
		l.change(b)
	}
	l.order(b)
	if l.a.slice.IsFlow() {
		l.groupFlows(b)
	}
	if n := l.a.slice.Top; n > 0 {
		l.top(b, n)
	}
	l.addRest(b)
	if l.a.slice.Percent != models.NoBase {
		percent(b, l.a.slice.Percent)
	}
}

// rows lists the row headers that have any cell.
func (l *layout) rows() []models.Header {
	seen := map[string][]string{}
	for key := range l.g.cells {
		codes := strings.Split(key, coordSep)[:l.q.rowAxes]
		if !slices.Contains(codes, models.Total) {
			seen[coord(codes)] = codes
		}
	}
	l.addEarlierRows(seen)
	var out []models.Header
	for _, codes := range seen {
		out = append(out, l.header(codes, l.q.axes[:l.q.rowAxes]))
	}
	l.sortHeaders(out, l.q.axes[:l.q.rowAxes])
	l.oneCountry(out)
	return out
}

func (l *layout) row(codes []string, cols []models.Header) []models.Cell {
	out := make([]models.Cell, len(cols))
	for i, c := range cols {
		out[i] = l.cell(append(slices.Clone(codes), c.Codes...))
	}
	return out
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

// cell shows one coordinate.
func (l *layout) cell(codes []string) models.Cell {
	v := l.g.at(coord(codes))
	if i := l.q.axis(models.DimYear); i >= 0 && codes[i] == models.Total && !l.yearsAdd() {
		if isRatio(l.q.indicator) {
			v = value{blank: true}.saying("W-10", measureWords[l.q.indicator.Measure]+" has no sum and no average over years")
		} else {
			v = value{blank: true}.saying("W-08", l.q.indicator.Name+" of several years are not added: the same may be counted in each")
		}
	}
	c := v.cell()
	if l.q.axis(models.DimYear) >= 0 && slices.Contains(codes, models.Total) {
		c.Part = "" // the columns beside it say which years
	}
	if t, ok := l.q.term(models.DimYear); ok && len(t.Spans) == 1 && c.Part == t.Spans[0].Label() {
		c.Part = "" // the title says so
	}
	return c
}

// unstated gives the share of each row dimension that is not stated.
func (l *layout) unstated(b *models.Block) {
	b.Unstated = map[string]float64{}
	if l.g.src.grain != models.Record || len(b.Rows) < 2 || l.a.divides() || l.a.slice.Op == models.Range {
		return
	}
	last := len(b.Cols) - 1
	total := b.Cells[len(b.Cells)-1][last]
	if !total.HasValue() || total.Value == 0 {
		return
	}
	for i := range l.q.rowAxes {
		n := 0.0
		for r, h := range b.Rows {
			if h.Kind != models.TotalHeader && (l.tail(l.q.axes[i], h.Codes[i]) == tail(models.Unknown) || yearOnly(l.q.axes[i], h.Codes[i])) {
				n += b.Cells[r][last].Value
			}
		}
		b.Unstated[l.q.axes[i].Dim] = n / total.Value
	}
}
