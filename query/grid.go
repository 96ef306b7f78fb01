package query

import (
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// source is whose numbers a grid holds. Sources are never combined.
type source struct {
	file   *file
	agency string
	scope  string
	grain  models.Grain
	moves  string // the kind of movement, where a file has several
}

// grid is what one source says: a value for every coordinate asked, a row and a
// column of a table. Row and column 0 stand for the totals over all of them.
type grid struct {
	src        source
	others     []source // beyond src, where parts of several sources are joined
	unit       string   // what its figures are published in, "" for the indicator's own
	part       int      // which part of the measure it answers
	rows, cols *side
	cells      [][]slot  // by row and column
	status     string    // of figures that are bare numbers
	values     [][]value // of cells that hold more than a bare number, so many at a time
	room       []slot    // room for rows to come
	implied    []models.Term
	seen       int64 // observations behind it
	missing    string
	coverage   []string
	kinds      uint64 // which kinds of record are behind it, a bit each
	restOK     bool   // a total may hold more than its parts: figures
	none       value  // what a coordinate holds that does not occur
	aside      []aside
	breaks     []models.Date // where the series breaks
	offences   []string      // groups of offences behind it
	groups     []string      // left out of an axis that has their members
	several    []int         // axes on which one row stands under several codes

	rowsOf, colsOf []uint32 // of the group at hand
	last           value    // that was read
}

// sides makes the empty table of a question.
func (g *grid) sides(q *question) *grid {
	g.rows, g.cols = newSide(q.rowAxes), newSide(len(q.axes)-q.rowAxes)
	return g
}

// slot is a cell. Nearly all hold a bare number, for which a value would take
// ten times the room. It holds no pointer, which would have to be followed
// whenever memory is swept.
type slot struct {
	n    float64
	kind slotKind
}

// slotKind is what a slot holds; from keptValue on, which value of its grid.
type slotKind uint32

const (
	nothingFound slotKind = iota
	bareCount             // so many records
	bareFigure            // one published figure
	keptValue
)

func (s *slot) empty() bool { return s.kind == nothingFound }

func (s *slot) bare() bool { return s.kind == bareCount || s.kind == bareFigure }

// count adds records to a slot.
func (s *slot) count(records int64) { s.n, s.kind = s.n+float64(records), bareCount }

// observations are those behind a bare number.
func (s *slot) observations() int {
	if s.kind == bareCount {
		return int(s.n)
	}
	return 1
}

// slot is what stands at a row and column, nil where there is nothing.
func (g *grid) slot(r, c uint32) *slot {
	if int(r) >= len(g.cells) || int(c) >= len(g.cells[r]) || g.cells[r][c].empty() {
		return nil
	}
	return &g.cells[r][c]
}

// open makes room at a row and column.
func (g *grid) open(r, c uint32) *slot { return &g.row(r, c)[c] }

// row makes room for a row up to a column.
func (g *grid) row(r, c uint32) []slot {
	for int(r) >= len(g.cells) {
		g.cells = append(g.cells, nil)
	}
	row := g.cells[r]
	if int(c) >= len(row) {
		wide := g.wide(max(int(c)+1, g.cols.lines+1, 2*len(row)))
		copy(wide, row)
		row = wide
		g.cells[r] = row
	}
	return row
}

// wide makes room for a row. Rows lie side by side, for there may be thousands.
func (g *grid) wide(n int) []slot {
	if len(g.room) < n {
		g.room = make([]slot, max(n, min(g.rows.lines*n, roomOfRows)))
	}
	row := g.room[:n:n]
	g.room = g.room[n:]
	return row
}

// roomOfRows is how many slots are made at once at most.
const roomOfRows = 4096

// set enters a value.
func (g *grid) set(r, c uint32, v value) { *g.open(r, c) = g.keep(v) }

// read is the value of a slot, good until the next is read.
func (g *grid) read(s *slot) *value {
	if !s.bare() {
		return g.kept(s.kind)
	}
	v := &g.last
	v.known, v.low, v.high, v.n, v.status = true, s.n, s.n, s.observations(), ""
	if s.kind == bareFigure {
		v.status = g.status
	}
	return v
}

// edit is the value of a slot to be changed.
func (g *grid) edit(s *slot) *value {
	*s = g.keep(*g.read(s))
	return g.kept(s.kind)
}

// valuesAtOnce is how many values are given room together.
const valuesAtOnce = 32

// keep gives a value a place of its own.
func (g *grid) keep(v value) slot {
	last := len(g.values) - 1
	if last < 0 || len(g.values[last]) == valuesAtOnce {
		g.values = append(g.values, make([]value, 0, valuesAtOnce))
		last++
	}
	g.values[last] = append(g.values[last], v)
	return slot{kind: keptValue + slotKind(last*valuesAtOnce+len(g.values[last])-1)}
}

func (g *grid) kept(k slotKind) *value {
	n := int(k - keptValue)
	return &g.values[n/valuesAtOnce][n%valuesAtOnce]
}

// at gives the value of a row and column. Records that do not occur are counted:
// there are none, unless small groups were left out of the file. Figures that
// do not occur are not known.
func (g *grid) at(r, c uint32) *value {
	switch s := g.slot(r, c); {
	case s != nil:
		return g.read(s)
	case g.missing == "":
		return &g.none
	}
	return &value{}
}

// total is the value over all rows and columns.
func (g *grid) total() value { return *g.at(0, 0) }

// each visits all cells.
func (g *grid) each(visit func(r, c uint32, s *slot)) {
	for r, row := range g.cells {
		for c := range row {
			if !row[c].empty() {
				visit(uint32(r), uint32(c), &row[c])
			}
		}
	}
}

// axis finds the side on which an axis of the question stands.
func (g *grid) axis(i int) (s *side, at int, row bool) {
	if i < g.rows.axes {
		return g.rows, i, true
	}
	return g.cols, i - g.rows.axes, false
}

// onAxis visits all cells with their code on an axis, by number.
func (g *grid) onAxis(i int, visit func(n uint32, s *slot)) {
	side, at, row := g.axis(i)
	g.each(func(r, c uint32, s *slot) {
		if !row {
			r = c
		}
		visit(side.number(r, at), s)
	})
}

// aside is a figure that belongs to the question but to no cell of it.
type aside struct {
	part   int
	value  value
	period models.Period
	codes  string // what it is broken down by, in words
	doc    string
}

// value is one number with all that must travel with it.
type value struct {
	low, high float64 // equal when the number is known; high may be +Inf
	known     bool    // false: no data
	about     bool
	estimate  bool
	strict    bool // more than low, not at least low
	blank     bool
	open      bool // the period has no end
	form      models.Form
	part      string
	status    string
	n         int             // observations
	notes     []models.Remark // what must be said of it, with the rule that says so
	count     float64         // behind a ratio: what is divided, and by what
	base      float64
}

// saying returns the value with a remark more.
func (v value) saying(rule, text string) value {
	v.notes = union(v.notes, []models.Remark{{Rule: rule, Text: text}})
	return v
}

func (v value) exact() bool { return v.known && v.low == v.high }

// withheld reports whether there is a number that is not shown.
func (v value) withheld() bool { return !v.known && strings.Contains(v.status, "Q") }

// plus adds two values that may be added; nothing known stays out and marks
// the sum as one over the known only.
func (v value) plus(o value) value {
	switch {
	case !v.known && !o.known:
		v.status = joinStatus(v.status, o.status)
		return v
	case !v.known:
		return o.withholding(v)
	case !o.known:
		return v.withholding(o)
	}
	v.sumWith(&o)
	v.notes = union(v.notes, o.notes)
	v.status = joinStatus(v.status, o.status)
	return v
}

// sumWith adds the numbers of two known values, and what is to be said of them
// but notes and marks.
func (v *value) sumWith(o *value) {
	v.low += o.low
	v.high += o.high
	v.n += o.n
	v.open = v.open || o.open
	v.about = v.about || o.about
	v.estimate = v.estimate || o.estimate
	v.strict = v.strict || o.strict
}

// add is plus in place: sums over thousands of values are made with it.
func (v *value) add(o *value) {
	if v.known && o.known && len(o.notes) == 0 && (o.status == "" || o.status == v.status) {
		v.sumWith(o)
		return
	}
	*v = v.plus(*o)
}

// withholding is a sum of which one part is not known: at least what is, where
// that part was withheld.
func (v value) withholding(part value) value {
	if !part.withheld() {
		return v
	}
	v.high = infinite
	return v.saying("W-18", "a withheld number is part of it, so it is a lower bound")
}

// joinStatus keeps the letters of both; A says nothing and is left out.
func joinStatus(a, b string) string {
	for _, r := range b {
		if !strings.ContainsRune(a, r) {
			a += string(r)
		}
	}
	return a
}

func union[T comparable](a, b []T) []T {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a[:len(a):len(a)], s)
		}
	}
	return a
}

// cell shows a value.
func (v value) cell() (c models.Cell) {
	v.show(&c)
	return c
}

// show writes a value into a cell.
func (v *value) show(c *models.Cell) {
	switch {
	case v.blank:
		c.State = models.Blank
	case !v.known:
		c.State = models.NoData
		if strings.Contains(v.status, "Q") {
			c.State = models.Withheld
		}
		if strings.Contains(v.status, "M") {
			c.State = models.NotApply
		}
	case v.low != v.high:
		c.SetBounds(v.low, v.high)
	default:
		c.SetNumber(v.low)
	}
	c.Form, c.Count, c.Base = v.form, v.count, v.base
	c.About, c.Estimate, c.Strict = v.about, v.estimate, v.strict
	c.Open, c.Parts = v.open, v.n
	c.SetPart(v.part)
	c.SetNotes(v.notes)
	c.SetStatus(shownStatus(v.status))
}

// show writes a bare number into an empty cell. Its status is one that no cell
// shows.
func (s *slot) show(c *models.Cell) {
	c.SetNumber(s.n)
	c.Parts = s.observations()
}

// shownStatus keeps the letters of a status that no mark of a cell shows.
func shownStatus(status string) string {
	if status == "" || status == "A" { // nearly always
		return ""
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("ALMOQ", r) {
			return -1
		}
		return r
	}, status)
}

const coordSep = "\x1f"

// find looks for the rows and columns in which a group of records is counted,
// given its codes on each axis by number: its own cell and every total that the
// layout shows. Where a code stands for several (a person with two types of
// exploitation), it is counted in each of them, and in a total once. What it
// gives is good until the next is looked for.
func (g *grid) find(codes [][]uint32) (rows, cols []uint32) {
	g.rowsOf = g.rows.all(codes[:g.rows.axes], g.rowsOf[:0])
	g.colsOf = g.cols.all(codes[g.rows.axes:], g.colsOf[:0])
	return g.rowsOf, g.colsOf
}

// add counts so many records in every one of some rows and columns.
func (g *grid) add(rows, cols []uint32, records int64) {
	g.seen += records
	last := slices.Max(cols)
	for _, r := range rows {
		row := g.row(r, last)
		for _, c := range cols {
			row[c].count(records)
		}
	}
}

// addRow does the same for several groups of the same rows, each with its columns.
func (g *grid) addRow(rows []uint32, cols [][]uint32, records []uint32) {
	for _, r := range rows {
		row := g.row(r, uint32(g.cols.lines))
		for i, n := range records {
			if n == 0 {
				continue
			}
			for _, c := range cols[i] {
				row[c].count(int64(n))
			}
		}
	}
	for _, n := range records {
		g.seen += int64(n)
	}
}

var infinite = math.Inf(1)
