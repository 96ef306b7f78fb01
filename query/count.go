package query

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// question is one part of a slice, resolved: what is counted, under which
// filters, along which axes, and which totals the layout shows.
type question struct {
	cat       *models.Catalog
	indicator *models.Indicator
	terms     []models.Term // all filters
	own       []models.Term // those that stand with this part alone
	axes      []models.Axis
	rowAxes   int // the first so many axes are rows
	part      int
}

// totals lists, for the cells and for each kind of total, which axes are
// summed over.
func (q *question) totals() [][]bool {
	seen := map[string]bool{}
	var out [][]bool
	for _, rows := range []bool{false, true} {
		for _, cols := range []bool{false, true} {
			mask := make([]bool, len(q.axes))
			for i := range mask {
				mask[i] = i < q.rowAxes && rows || i >= q.rowAxes && cols
			}
			if k := fmt.Sprint(mask); !seen[k] {
				seen[k] = true
				out = append(out, mask)
			}
		}
	}
	return out
}

func (q *question) term(dim string) (models.Term, bool) { return models.FindTerm(q.terms, dim) }

func (q *question) axis(dim string) int {
	return slices.IndexFunc(q.axes, func(a models.Axis) bool { return a.Dim == dim })
}

// conditions turns the filters into SQL for one file; ok is false when the
// file has nothing that meets them, and why names the filter.
func (f *file) conditions(q *question, grain models.Grain) (cs []condition, why string) {
	ind := f.numbers("indicator", func(e entry) bool { return e.code == q.indicator.ID })
	gr := f.numbers("grain", func(e entry) bool { return e.code == string(grain) })
	cs = append(cs, numberCondition("indicator", ind, len(f.dict["indicator"])), numberCondition("grain", gr, len(f.dict["grain"])))
	for _, t := range q.terms {
		switch {
		case t.Dim == models.DimDataset:
			if slices.Contains(t.Codes, f.ds.ID) == t.Not {
				return nil, t.Dim
			}
		case t.Dim == models.DimYear:
			cs = append(cs, timeCondition(t, f.multiYear))
		case f.isLeg(t.Dim):
			cs = append(cs, f.legCondition(matcher{q.cat, t}))
		case len(f.dict[t.Dim]) == 0:
			return nil, t.Dim
		default:
			c := f.termCondition(matcher{q.cat, t})
			if c.sql == never.sql {
				return nil, t.Dim
			}
			cs = append(cs, c)
		}
	}
	return cs, ""
}

// termCondition selects the rows that meet one filter. Nationals and
// foreigners depend on who reports.
func (f *file) termCondition(m matcher) condition {
	relative := m.term.Dim == models.DimNationality &&
		(slices.Contains(m.term.Codes, models.Foreign) || slices.Contains(m.term.Codes, models.National))
	size := len(f.dict[m.term.Dim])
	if !relative {
		return numberCondition(m.term.Dim, f.numbers(m.term.Dim, func(e entry) bool { return m.takesEntry(e, "") }), size)
	}
	var parts []string
	for r, rep := range f.dict[models.DimReporter] {
		take := f.numbers(m.term.Dim, func(e entry) bool { return m.takesEntry(e, rep.code) })
		if c := numberCondition(m.term.Dim, take, size); c.sql != never.sql {
			parts = append(parts, fmt.Sprintf("(%s = %d AND %s)", ident(models.DimReporter), r, whereSQL([]condition{c})))
		}
	}
	if len(parts) == 0 {
		return never
	}
	return condition{sql: "(" + strings.Join(parts, " OR ") + ")"}
}

// countRecords counts the records of one file, one grid for each source.
func (e *Engine) countRecords(ctx context.Context, f *file, q *question) ([]*grid, string, error) {
	cs, why := f.conditions(q, models.Record)
	if why != "" {
		return nil, why, nil
	}
	for _, a := range q.axes {
		if a.Dim != models.DimYear && a.Dim != models.DimDataset && !f.knows(a.Dim) {
			return e.unbroken(ctx, f, q, cs, a.Dim)
		}
	}
	breaks, err := e.recordBreaks(ctx, f, q.indicator.ID)
	if err != nil {
		return nil, "", err
	}
	gs, err := e.count(ctx, f, q, cs)
	for _, g := range gs {
		g.markBreaks(q, breaks)
	}
	return gs, "", err
}

// count counts rows where every row is a subject of its own, else subjects.
func (e *Engine) count(ctx context.Context, f *file, q *question, cs []condition) ([]*grid, error) {
	if f.rowIsUnit[q.indicator.ID] {
		gs, err := e.countRows(ctx, f, q, cs)
		return gs.list(), err
	}
	return e.countSubjects(ctx, f, q, cs)
}

// unbroken answers a question by a dimension that the file does not have: the
// total alone, and the sentence that says so.
func (e *Engine) unbroken(ctx context.Context, f *file, q *question, cs []condition, dim string) ([]*grid, string, error) {
	all := *q
	all.axes, all.rowAxes = nil, 0
	gs, err := e.count(ctx, f, &all, cs)
	for _, g := range gs {
		total := g.slot(0, 0)
		g.cells = nil
		if g.sides(q); total != nil {
			*g.open(0, 0) = *total
		}
		g.missing = fmt.Sprintf("%s does not say %s", f.ds.ID, strings.ToLower(dimName(q.cat, dim)))
	}
	return gs, "", err
}

func repeat(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}

func dimName(cat *models.Catalog, dim string) string {
	if d := cat.Dimension(dim); d != nil {
		return d.Name
	}
	return dim
}

// lifter turns the dictionary number of a column into codes on an axis.
type lifter struct {
	codes [][]string // by number
}

// lift prepares an axis of a file: every entry's codes at the level asked. A
// code coarser than the level says nothing at it and counts as not stated; a
// country where provinces are asked stays what it is, since it is known.
func (f *file) lift(cat *models.Catalog, a models.Axis) lifter {
	level := f.level(cat, a)
	var l lifter
	for _, e := range f.entries(a.Dim) {
		var codes []string
		for _, c := range e.stated() {
			at := cat.AtLevel(a.Dim, c, level)
			switch {
			case at == "" && countryAt(cat, a.Dim, c) != "":
				at = countryAt(cat, a.Dim, c)
			case at == "":
				at = models.Unknown
			}
			if !slices.Contains(codes, at) {
				codes = append(codes, at)
			}
		}
		if len(codes) > 1 { // a second, coarser value of the same person adds nothing
			codes = slices.DeleteFunc(codes, func(c string) bool { return c == models.Unknown })
		}
		l.codes = append(l.codes, codes)
	}
	return l
}

// countryAt gives the country of a place that is known to no finer level, "" for
// what is no place.
func countryAt(cat *models.Catalog, dim, code string) string {
	if k := cat.Code(dim, code); k != nil && k.List == "area" && k.Level != "group" {
		return cat.AtLevel(dim, code, "country")
	}
	return ""
}

// level picks the level of an axis: the one asked, else the dimension's own
// default if the file has codes of it, else the finest that it has.
func (f *file) level(cat *models.Catalog, a models.Axis) string {
	d := cat.Dimension(a.Dim)
	if a.Level != "" || d == nil || len(d.Levels) == 0 || a.Dim == models.DimYear {
		return a.Level
	}
	have := map[string]bool{}
	for _, e := range f.entries(a.Dim) {
		for _, c := range e.codes() {
			have[cat.LevelOf(a.Dim, c)] = true
		}
	}
	at := d.LevelIndex(d.Default)
	for i := at; i < len(d.Levels); i++ {
		if have[d.Levels[i]] {
			return d.Default
		}
	}
	for i := at - 1; i >= 0; i-- {
		if have[d.Levels[i]] {
			return d.Levels[i]
		}
	}
	return d.Default
}

// timeSQL gives the expression that groups by a level of time, as a number:
// the year, or year and unit, as 201807 for July. Unit 0 stands for records of
// which only the year is known, NULL for those without one.
func timeSQL(level string) string {
	unit := map[string]string{"half": "(month(%s) + 5) // 6", "quarter": "quarter(%s)", "month": "month(%s)"}[level]
	if unit == "" {
		return "year::INTEGER"
	}
	first, last := fmt.Sprintf(unit, "period_start"), fmt.Sprintf(unit, "period_end")
	return fmt.Sprintf("(year::INTEGER * 100 + CASE WHEN %s = %s THEN %s ELSE 0 END)::INTEGER", first, last, first)
}

// noTime stands for a record without a year.
const noTime = math.MinInt64

// timeNumber reads what timeSQL gave.
func timeNumber(v any) int64 {
	if n, ok := v.(int32); ok {
		return int64(n)
	}
	return noTime
}

// timeCode names a unit of time.
func timeCode(level string, n int64) string {
	format := map[string]string{"half": "%04d-S%d", "quarter": "%04d-Q%d", "month": "%04d-%02d"}[level]
	switch {
	case n == noTime:
		return models.Unknown
	case format == "":
		return fmt.Sprintf("%04d", n)
	case n%100 == 0:
		return fmt.Sprintf("%04d", n/100)
	}
	return fmt.Sprintf(format, n/100, n%100)
}

// countRows counts rows: one scan, grouped by the file's own numbers, merged by
// code here.
func (e *Engine) countRows(ctx context.Context, f *file, q *question, cs []condition) (*grids, error) {
	gs := newGrids(f, q)
	return gs, e.countRowsIn(ctx, f, q, cs, e.tally(ctx, f, q), gs)
}

// countRowsIn counts those of one table.
func (e *Engine) countRowsIn(ctx context.Context, f *file, q *question, cs []condition, rows tally, gs *grids) error {
	cols := f.sourceColumns("", q)
	lifts, joins := make([]lifter, len(q.axes)), ""
	for i, a := range q.axes {
		switch a.Dim {
		case models.DimYear:
			cols = append(cols, timeSQL(a.Level))
		case models.DimDataset:
			cols = append(cols, "0")
		default:
			lifts[i] = f.lift(q.cat, a)
			cols = append(cols, ident(a.Dim))
			if f.isLeg(a.Dim) {
				joins, cols[len(cols)-1] = joins+f.legJoin(a.Dim, i), legColumn(i)
			}
		}
	}
	rel := f.relativeAxis(q)
	if rel >= 0 {
		cols = append(cols, ident(models.DimReporter))
	}
	codes := make([][]uint32, len(q.axes))
	byEntry := make([][][]uint32, len(q.axes)) // the codes of each entry of an axis
	byTime := make([]map[int64][]uint32, len(q.axes))
	legs := make([]bool, len(q.axes))
	for i, a := range q.axes {
		byTime[i], legs[i] = map[int64][]uint32{}, f.isLeg(a.Dim)
		for _, of := range lifts[i].codes {
			byEntry[i] = append(byEntry[i], gs.ends(i).numbers(of))
		}
	}
	find := func(g *grid, row []int64, stops func(col int) any) ([]uint32, []uint32) {
		for i, a := range q.axes {
			at := row[2+i]
			switch {
			case a.Dim == models.DimYear:
				of, ok := byTime[i][at]
				if !ok {
					of = gs.ends(i).numbers([]string{timeCode(a.Level, at)})
					byTime[i][at] = of
				}
				codes[i] = of
			case a.Dim == models.DimDataset:
				codes[i] = gs.ends(i).numbers([]string{f.ds.ID})
			case i == rel:
				codes[i] = gs.ends(i).numbers(relativeCodes(q.cat, lifts[i].codes[at], f.dict[models.DimReporter][row[len(cols)-1]].code))
			case legs[i]:
				codes[i] = gs.ends(i).numbers(lifts[i].stops(stops(2 + i)))
				g.mark(i, len(codes[i]) > 1)
			default:
				codes[i] = byEntry[i][at]
			}
		}
		return g.find(codes)
	}
	if p, ok := f.packed(q, cols, rel); ok {
		c := gs.groupCount(p, rel >= 0, func(g *grid, row []int64) ([]uint32, []uint32) { return find(g, row, nil) })
		defer c.enter()
		if done, err := e.eachKept(ctx, f, q, p, rows, cs, c.add); done || err != nil {
			return err
		}
		return e.eachPacked(ctx, f, p, rows, whereSQL(cs), c.add)
	}
	numbers := make([]int64, len(cols))
	query := fmt.Sprintf("SELECT %s, %s, %s FROM %s%s WHERE %s GROUP BY ALL HAVING count(*) > 0",
		strings.Join(cols, ", "), rows.count, f.kindsSQL("", q), rows.from, joins, whereSQL(cs))
	return e.each(ctx, f, query, len(cols)+3, func(row []any) {
		for i := range numbers {
			if numbers[i] = int64(number(row[i])); i >= 2 && i < 2+len(q.axes) && q.axes[i-2].Dim == models.DimYear {
				numbers[i] = timeNumber(row[i])
			}
		}
		k := len(cols)
		g := gs.of(int(numbers[0]), int(numbers[1]))
		r, c := find(g, numbers, func(col int) any { return row[col] })
		g.add(r, c, row[k].(int64))
		g.addKinds(row[k+1], row[k+2])
	})
}

// sourceColumns are the columns that tell sources apart, whatever their codes
// are spelled like; one that has a single value is not read.
func (f *file) sourceColumns(table string, q *question) []string {
	column := func(c string) string {
		if len(f.dict[c]) < 2 {
			return "0::USMALLINT"
		}
		var codes []string
		for _, e := range f.dict[c] {
			codes = append(codes, e.code)
		}
		return firstNumbers(table+ident(c), codes)
	}
	out := []string{column(models.DimAgency), column("scope")}
	if q.isMove() && f.severalMoves() {
		out[1] = fmt.Sprintf("(%s::INTEGER | ((%s::INTEGER + 1) << 16))", out[1], column(models.DimFlowKind))
	}
	return out
}

// kindsSQL collects which kinds of record are behind a group, and which
// offences where the question may mix them: a bit each, where a file has more
// than one.
func (f *file) kindsSQL(table string, q *question) string {
	bits := func(column string, asked bool) string {
		if len(f.dict[column]) < 2 || !asked {
			return "0::UBIGINT"
		}
		return fmt.Sprintf("bit_or(1::UBIGINT << least(%s%s, 63))", table, ident(column))
	}
	return bits(models.DimRecordKind, true) + ", " + bits(models.DimOffence, q.mayMixOffences())
}

// addKinds enters what kindsSQL collected.
func (g *grid) addKinds(kinds, offences any) {
	g.kinds |= kinds.(uint64)
	bits := offences.(uint64)
	for n, e := range g.src.file.dict[models.DimOffence] {
		if n < 64 && bits&(1<<n) != 0 {
			g.addOffences(e.codes()...)
		}
	}
}

// relativeAxis finds an axis of nationalities at the level national/foreign.
func (f *file) relativeAxis(q *question) int {
	i := q.axis(models.DimNationality)
	if i >= 0 && q.axes[i].Level == "group" {
		return i
	}
	return -1
}

// relativeCodes tells nationals and foreigners apart.
func relativeCodes(cat *models.Catalog, codes []string, reporter string) []string {
	var out []string
	for _, c := range codes {
		switch {
		case c == reporter && c != models.Unknown:
			c = models.National
		case cat.IsForeign(c, reporter):
			c = models.Foreign
		case cat.LevelOf(models.DimNationality, c) == "country":
			c = models.Unknown
		}
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// number reads a small integer of a result.
func number(v any) int {
	switch n := v.(type) {
	case uint16:
		return int(n)
	case int32:
		return int(n)
	case int64:
		return int(n)
	}
	return 0
}

// each runs a statement and calls fn with every row. The values are good
// until the next call. It reads from the driver itself: database/sql would look
// at each of millions of values once more.
func (e *Engine) each(ctx context.Context, f *file, query string, columns int, fn func(row []any)) error {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return queryError(ctx, f, err)
	}
	defer conn.Close()
	return queryError(ctx, f, conn.Raw(func(c any) error {
		rows, err := c.(driver.QueryerContext).QueryContext(ctx, query, nil)
		if err != nil {
			return err
		}
		defer rows.Close()
		read, row := make([]driver.Value, columns), make([]any, columns)
		for n := 0; ; n++ {
			if n%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			switch err := rows.Next(read); {
			case err == io.EOF:
				return nil
			case err != nil:
				return err
			}
			for i, v := range read {
				row[i] = v
			}
			fn(row)
		}
	}))
}

// queryError keeps the text of the database from people: it may quote raw
// rows.
func queryError(ctx context.Context, f *file, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case strings.Contains(err.Error(), "Out of Memory"):
		return fmt.Errorf("the question needs more memory than this session may use; add a filter and ask again")
	}
	if f.path != "" && strings.Contains(err.Error(), "Corrupt database file") {
		return damaged(f.path, errors.New(firstLine(err)))
	}
	return fmt.Errorf("the data could not be read: %s", firstLine(err))
}

// mixesKinds reports whether the records behind a grid are of more than one
// kind, such as hotline contacts and case files.
func (g *grid) mixesKinds() bool {
	seen := ""
	for n, e := range g.src.file.dict[models.DimRecordKind] {
		if n > 63 || g.kinds&(1<<n) == 0 || strings.HasPrefix(e.code, "_") {
			continue
		}
		if seen != "" && seen != e.code {
			return true
		}
		seen = e.code
	}
	return false
}

// grids keeps the grids of one file by source.
type grids struct {
	f     *file
	q     *question
	by    map[[2]int]*grid
	empty *grid // whose numbers for codes they share
}

func newGrids(f *file, q *question) *grids {
	return &grids{f, q, map[[2]int]*grid{}, new(grid).sides(q)}
}

// beside makes empty grids for the same sources, rows and columns.
func (gs *grids) beside() *grids {
	out := &grids{gs.f, gs.q, map[[2]int]*grid{}, gs.empty}
	for key, g := range gs.by {
		out.by[key] = &grid{src: g.src, rows: g.rows, cols: g.cols}
	}
	return out
}

// ends numbers the codes of an axis.
func (gs *grids) ends(axis int) *ends {
	s, at, _ := gs.empty.axis(axis)
	return s.ends[at]
}

func (gs *grids) of(agency, scope int) *grid {
	key := [2]int{agency, scope}
	g := gs.by[key]
	if g == nil {
		none := value{known: true} // nobody
		if gs.f.ds.Protected != "" {
			none = value{status: "Q"} // nobody, or a group too small to be published
		}
		g = &grid{part: gs.q.part, rows: gs.empty.rows.like(), cols: gs.empty.cols.like(), none: none, src: source{
			file: gs.f, agency: gs.f.dict[models.DimAgency][agency].code, scope: gs.f.dict["scope"][scope&0xffff].code, grain: models.Record}}
		if n := scope >> 16; n > 0 {
			g.src.moves = gs.f.dict[models.DimFlowKind][n-1].code
		}
		gs.by[key] = g
	}
	return g
}

// groupCount counts groups that arrive as numbers. A table of flows has many rows
// and columns, and each group is in several, with the totals; so it is first
// counted where its row meets its column, and these are entered at the end, row
// by row.
type groupCount struct {
	gs       *grids
	pack     groupPack
	find     func(g *grid, row []int64) (rows, cols []uint32)
	relative bool // rows and columns hang on who reports as well: they are looked for each time
	row      []int64
	by       map[int64]*sourceCount
	source   packedKey
	last     int64 // the source of the group before
	now      *sourceCount
}

// sourceCount is what was counted of one source.
type sourceCount struct {
	g          *grid
	rows, cols packedLines
	count      [][]uint32 // by row and column, as these were met
}

func (gs *grids) groupCount(p groupPack, relative bool, find func(g *grid, row []int64) (rows, cols []uint32)) *groupCount {
	return &groupCount{gs: gs, pack: p, find: find, relative: relative, row: make([]int64, len(p.parts)), by: map[int64]*sourceCount{}, source: p.key(0, 2), last: -1}
}

// add counts a group.
func (c *groupCount) add(word int64) {
	if s := c.source.of(word); s != c.last {
		c.turn(s, word)
	}
	k := c.now
	if c.relative {
		c.pack.unpack(word, c.row)
		r, s := c.find(k.g, c.row)
		k.g.add(r, s, c.pack.count(word))
		return
	}
	r, s := k.rows.get(word), k.cols.get(word)
	if r < 0 || s < 0 {
		c.pack.unpack(word, c.row)
		rows, cols := c.find(k.g, c.row)
		r, s = k.rows.put(word, rows), k.cols.put(word, cols)
	}
	for r >= len(k.count) {
		k.count = append(k.count, nil)
	}
	if s >= len(k.count[r]) {
		wide := make([]uint32, max(len(k.cols.lists), 2*len(k.count[r]), min(1<<k.cols.key.width, 32)))
		copy(wide, k.count[r])
		k.count[r] = wide
	}
	k.count[r][s] += uint32(c.pack.count(word))
}

// turn goes to another source.
func (c *groupCount) turn(source, word int64) {
	c.last, c.now = source, c.by[source]
	if c.now != nil {
		return
	}
	c.pack.unpack(word, c.row)
	axes := 2 + len(c.gs.q.axes)
	c.now = &sourceCount{g: c.gs.of(int(c.row[0]), int(c.row[1])),
		rows: newPackedLines(c.pack.key(2, 2+c.gs.q.rowAxes)), cols: newPackedLines(c.pack.key(2+c.gs.q.rowAxes, axes))}
	c.by[source] = c.now
}

// enter puts what was counted into the grids.
func (c *groupCount) enter() {
	for _, k := range c.by {
		for r, counts := range k.count {
			k.g.addRow(k.rows.lists[r], k.cols.lists, counts)
		}
	}
}

func (gs *grids) list() []*grid {
	var out []*grid
	for _, g := range gs.by {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b *grid) int {
		return strings.Compare(a.src.key(), b.src.key())
	})
	return out
}
