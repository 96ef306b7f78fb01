package query

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"tiplens/models"
)

// asker answers one question from the figures of one source.
type asker struct {
	*figureSource
	q         *question
	cat       *models.Catalog
	time      models.Term // the filter on time
	hasT      bool
	filter    []*matcher // by dimension, nil without a filter
	ok        [][]bool   // by dimension and code: whether it meets the filter; nil without one
	level     []string   // by dimension: the level of an axis on it
	lifted    [][]string // by dimension and code: the code at that level, once an axis is prepared
	fit       []bool     // by spot: whether its figures meet all filters but time
	inTime    []bool     // by period: whether it meets the filter on time
	meets     []*figure  // figures that meet all filters
	spotted   []int32    // where those stand
	years     []int      // calendar years of those
	memo      map[moment]value
	used      []bool  // by figure
	parts     []int32 // of the sum at hand
	kids      map[finerAt][]kid
	numbers   []map[string]uint16 // by dimension: of its codes
	chosen    [][]uint16          // by dimension: what its filter selects, once asked
	masks     []uint64            // by spot: by what its figures are broken down, once asked
	exact     []int8              // by spot: whether cells ask for it itself, once asked: 1 no, 2 yes
	yearTimes []int32             // by year: the number of its period
	named     []string            // by period: in words, once asked
	units     []axisCode          // by period: the unit of the time axis that holds it, once asked
	unitsOf   string
	listed    map[int32]string // by kind of periods: in words
	groups    []string         // that hold members of an axis and stand in none of its rows
}

// moment is a coordinate at a time.
type moment struct {
	spot  int32
	when  models.Period
	timed bool
}

// figureGrid answers a question from one source of figures. Why names the
// filter that leaves nothing.
func (e *Engine) figureGrid(s *figureSource, q *question) (g *grid, why string) {
	a, why := ask(s, q)
	if a == nil {
		return nil, why
	}
	return a.grid(), ""
}

// newAsker prepares a question; nil when nothing meets its filters.
func newAsker(s *figureSource, q *question) *asker {
	a, _ := ask(s, q)
	return a
}

func ask(s *figureSource, q *question) (a *asker, why string) {
	a = &asker{figureSource: s, q: q, cat: q.cat, filter: make([]*matcher, len(s.dims)), ok: make([][]bool, len(s.dims)), level: make([]string, len(s.dims)), lifted: make([][]string, len(s.dims)),
		memo: map[moment]value{}, used: make([]bool, len(s.figures)), chosen: make([][]uint16, len(s.dims)), kids: map[finerAt][]kid{}, listed: map[int32]string{}}
	a.time, a.hasT = q.term(models.DimYear)
	if why := a.setFilters(); why != "" {
		return nil, why
	}
	a.fit, a.inTime = make([]bool, len(s.stands)), make([]bool, len(s.periods))
	fits := 0
	for _, spot := range s.held {
		if a.fit[spot] = a.meetsAt(s.stands[spot][0].at); a.fit[spot] {
			fits += len(s.stands[spot])
		}
	}
	if fits == 0 {
		return nil, "together"
	}
	for t, p := range s.periods {
		a.inTime[t] = !a.hasT || inSpans(a.time, p)
	}
	a.findMeets()
	if len(a.meets) == 0 {
		return nil, models.DimYear
	}
	return a, ""
}

// findMeets lists the figures that meet all filters, in the order of their rows.
func (a *asker) findMeets() {
	n := 0
	for i, spot := range a.spotOf {
		if a.fit[spot] && a.inTime[a.timeOf[i]] {
			n++
		}
	}
	a.meets = make([]*figure, 0, n)
	spots, years := make([]bool, len(a.stands)), map[int]bool{}
	times := make([]bool, len(a.periods))
	for i, spot := range a.spotOf {
		t := a.timeOf[i]
		if !a.fit[spot] || !a.inTime[t] {
			continue
		}
		f := a.figures[i]
		a.meets = append(a.meets, f)
		if !spots[spot] {
			spots[spot] = true
			a.spotted = append(a.spotted, spot)
		}
		if !times[t] {
			times[t] = true
			if f.year != 0 && !years[f.year] {
				years[f.year] = true
				a.years = append(a.years, f.year)
			}
		}
	}
	sort.Ints(a.years)
}

// use notes that a figure is behind the answer.
func (a *asker) use(f *figure) { a.used[f.n] = true }

// codesMet lists the codes of a dimension that figures meeting all filters
// have, in the order in which they occur.
func (a *asker) codesMet(i int) []uint16 {
	seen := make([]bool, len(a.codes[i]))
	var out []uint16
	for _, spot := range a.spotted {
		if n := a.stands[spot][0].at[i]; !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

// setFilters resolves the filters; it names the one that no figure can meet.
func (a *asker) setFilters() (why string) {
	for _, t := range a.q.terms {
		dim := t.Dim
		switch dim {
		case models.DimYear:
			continue
		case models.DimDataset:
			if slices.Contains(t.Codes, a.src.file.ds.ID) == t.Not {
				return dim
			}
			continue
		case models.DimAgency:
			if slices.Contains(t.Codes, a.src.agency) == t.Not {
				return dim
			}
			continue
		case models.DimFlowKind:
			if a.src.moves == "" || slices.Contains(t.Codes, a.src.moves) == t.Not {
				return dim
			}
			continue
		case models.DimReporter:
			t.Dim = models.DimPlace
		}
		i := a.dim(t.Dim)
		if i < 0 {
			return dim
		}
		a.filter[i] = &matcher{a.cat, t}
		a.ok[i] = make([]bool, len(a.codes[i]))
		any := false
		for n, c := range a.codes[i] {
			holds := func(want string) bool { return a.filter[i].under(want, c, a.reporterHere()) }
			a.ok[i][n] = n > 0 && a.filter[i].takes(c, a.reporterHere()) != t.Not && !(t.Not && slices.ContainsFunc(t.Codes, holds))
			any = any || a.ok[i][n]
		}
		if !any {
			return dim
		}
	}
	return ""
}

// reporterHere is the reporting country where all figures share one.
func (a *asker) reporterHere() string {
	if i := a.dim(models.DimPlace); i >= 0 && a.implied[i] != 0 {
		c := a.codes[i][a.implied[i]]
		country, _, _ := strings.Cut(c, "-")
		return country
	}
	return ""
}

// fits reports whether a figure meets all filters but time.
func (a *asker) fits(f *figure) bool { return a.fit[f.spot] }

// meetsAt reports whether a coordinate meets all filters but time.
func (a *asker) meetsAt(at []uint16) bool {
	for i, ok := range a.ok {
		if ok != nil && !ok[at[i]] {
			return false
		}
	}
	return true
}

// axisCode is one position on an axis: a code, or all.
type axisCode struct {
	code string
	when models.Period // on a time axis
}

// grid answers every coordinate for which some figure exists, and the totals
// over them.
func (a *asker) grid() *grid {
	g := (&grid{src: a.src, unit: a.unit(), part: a.q.part, status: a.common, implied: a.shownConstants(), restOK: true}).sides(a.q)
	for _, ax := range a.q.axes {
		if m := a.prepare(ax); m != "" {
			g.missing = m
		}
	}
	all := make([]axisCode, len(a.q.axes))
	for k := range all {
		all[k].code = models.Total
	}
	g.set(0, 0, g.keep(a.at(all)))
	if g.missing == "" {
		a.fill(g, all)
	}
	g.aside, g.groups = a.asideFigures(), a.groups
	for _, used := range a.used {
		if used {
			g.seen++
		}
	}
	for _, f := range a.covering {
		if a.used[f.n] && !slices.Contains(g.coverage, f.covers) {
			g.coverage = append(g.coverage, f.covers)
		}
	}
	sort.Strings(g.coverage)
	g.breaks = a.breaks()
	if i := a.dim(models.DimOffence); i >= 0 {
		g.addOffences(a.codes[i]...)
	}
	return g
}

// fill enters the cells of a table and its totals. Rows and columns are found
// once for each spot, and each period, at which figures stand.
func (a *asker) fill(g *grid, all []axisCode) {
	rows, cols := a.lines(g.rows, 0), a.lines(g.cols, g.rows.axes)
	if cols.side.axes == 1 && cols.timed { // known at once, so that no row has to grow
		for t, n := range cols.units {
			if n != 0 && a.inTime[t] {
				cols.side.line([]uint32{n})
			}
		}
	}
	pos, at := make([]axisCode, len(all)), make([]axisCode, len(all))
	enter := func(r, c uint32, noRow, noCol bool) {
		if g.slot(r, c) != nil {
			return
		}
		copy(at, pos)
		if noRow {
			copy(at, all[:g.rows.axes])
		}
		if noCol {
			copy(at[g.rows.axes:], all[g.rows.axes:])
		}
		g.set(r, c, g.keep(a.at(at)))
	}
	for _, f := range a.meets {
		r, ok := rows.of(f)
		if !ok {
			continue
		}
		c, ok := cols.of(f)
		if !ok || g.slot(r, c) != nil { // and its totals with it
			continue
		}
		direct := a.direct(f)
		if direct {
			if s := g.open(r, c); a.plain[f.n] == isPlain && f.value.exact() {
				*s = slot{f.value.low, bareFigure}
			} else {
				s.more = &f.value
			}
			if g.slot(r, 0) != nil && g.slot(0, c) != nil {
				continue
			}
		}
		a.position(f, pos)
		if !direct {
			enter(r, c, false, false)
		}
		enter(r, 0, false, true)
		enter(0, c, true, false)
	}
}

// lines finds the row, or the column, of figures.
type lines struct {
	a     *asker
	side  *side
	axes  []models.Axis
	codes [][]uint32 // by axis and code of the dimension: its number
	dims  []int
	units []uint32 // by period: its number on the axis of time
	timed bool
	done  []int64 // by spot: its line, where time does not matter
	parts []uint32
}

func (a *asker) lines(s *side, from int) *lines {
	l := &lines{a: a, side: s, axes: a.q.axes[from : from+s.axes], parts: make([]uint32, s.axes), codes: make([][]uint32, s.axes), done: make([]int64, len(a.stands))}
	for k, ax := range l.axes {
		i := a.axisDim(ax)
		l.dims = append(l.dims, i)
		switch {
		case i >= 0:
			for _, c := range a.lifted[i] {
				n := uint32(0)
				if c != "" {
					n = s.ends[k].number(c)
				}
				l.codes[k] = append(l.codes[k], n)
			}
		case ax.Dim == models.DimYear:
			l.timed = true
			for t := range a.periods {
				n := uint32(0)
				if u := a.unitAt(ax, int32(t)); u.code != "" {
					n = s.ends[k].number(u.code)
				}
				l.units = append(l.units, n)
			}
		case ax.Dim == models.DimAgency:
			l.codes[k] = []uint32{s.ends[k].number(a.src.agency)}
		default:
			l.codes[k] = []uint32{s.ends[k].number(a.src.file.ds.ID)}
		}
	}
	return l
}

// of is the line of a figure; false where it has none.
func (l *lines) of(f *figure) (uint32, bool) {
	if l.side.axes == 0 {
		return 0, true
	}
	if n := l.done[f.spot]; n != 0 && !l.timed {
		return uint32(max(n, 0)), n > 0
	}
	n := int64(-1)
	if l.find(f) {
		n = int64(l.side.line(l.parts))
	}
	l.done[f.spot] = n
	return uint32(max(n, 0)), n > 0
}

func (l *lines) find(f *figure) bool {
	for k, ax := range l.axes {
		switch i := l.dims[k]; {
		case i >= 0:
			l.parts[k] = l.codes[k][f.at[i]]
		case ax.Dim == models.DimYear:
			l.parts[k] = l.units[f.time]
		default:
			l.parts[k] = l.codes[k][0]
		}
		if l.parts[k] == 0 {
			return false
		}
	}
	return true
}

// direct reports whether the coordinate of a figure is the very one asked, and
// it is alone there. Otherwise the answer has to be looked for.
func (a *asker) direct(f *figure) bool {
	if !f.alone || !f.value.known && f.value.status == "" || !a.exactly(f) {
		return false
	}
	k := a.q.axis(models.DimYear)
	switch {
	case k >= 0 && a.unitAt(a.q.axes[k], f.time).when == f.when:
	case k < 0 && a.hasT && len(a.time.Spans) == 1 && !a.time.Not && len(a.time.Codes) == 0 && a.time.Spans[0] == f.when:
	default:
		return false
	}
	a.use(f)
	return true
}

// exactly reports whether a figure has, on each dimension, the code that its
// cell asks for.
func (a *asker) exactly(f *figure) bool {
	if a.exact == nil {
		a.exact = make([]int8, len(a.stands))
	}
	if a.exact[f.spot] == 0 {
		a.exact[f.spot] = 1
		if a.sameAt(f) {
			a.exact[f.spot] = 2
		}
	}
	return a.exact[f.spot] == 2
}

func (a *asker) sameAt(f *figure) bool {
	for i, n := range f.at {
		if a.implied[i] != 0 {
			continue
		}
		want := uint16(0)
		if a.filter[i] != nil {
			s, ok := a.filtered(i)
			if !ok || len(s) != 1 || a.filter[i].term.Not {
				return false
			}
			want = s[0]
		}
		for _, ax := range a.q.axes {
			if a.axisDim(ax) == i {
				want = a.numberOf(i, a.lifted[i][f.at[i]])
			}
		}
		if want != n {
			return false
		}
	}
	return true
}

// unit is what the source publishes its figures in, where it says so.
func (a *asker) unit() string {
	if i := a.dim(models.DimUnit); i >= 0 && a.implied[i] != 0 {
		return a.codes[i][a.implied[i]]
	}
	return ""
}

// shownConstants lists what is implied and not already said by the question.
func (a *asker) shownConstants() []models.Term {
	var out []models.Term
	for _, t := range a.constants() {
		_, said := a.q.term(t.Dim)
		own := t.Dim == models.DimPlace && strings.HasPrefix(a.src.agency, t.Codes[0]+".")
		if !said && !own && t.Dim != models.DimUnit && a.q.axis(t.Dim) < 0 {
			out = append(out, t)
		}
	}
	return out
}

// prepare finds the level of an axis. It answers a sentence when no figure is
// broken down by it.
func (a *asker) prepare(ax models.Axis) string {
	i := a.axisDim(ax)
	if i == noDim {
		return a.missing(ax.Dim)
	}
	if i < 0 {
		return ""
	}
	a.level[i] = a.pickLevel(i, ax)
	a.lifted[i] = make([]string, len(a.codes[i]))
	for n := range a.codes[i] {
		a.lifted[i][n] = a.lift(i, n)
	}
	a.dropGroups(i)
	a.oneBanding(i)
	for _, n := range a.codesMet(i) {
		if a.lifted[i][n] != "" {
			return ""
		}
	}
	return a.missing(ax.Dim)
}

// dropGroups takes codes such as "abroad" or ASEAN off an axis that has codes
// of its own level: a group and its members are never rows of one table.
func (a *asker) dropGroups(i int) {
	group := func(n uint16) bool {
		return a.cat.LevelOf(a.dims[i], a.codes[i][n]) == "group" && a.level[i] != "group"
	}
	met := a.codesMet(i)
	members := slices.ContainsFunc(met, func(n uint16) bool {
		c := a.lifted[i][n]
		return c != "" && c != models.Unknown && c != models.Other && !group(n)
	})
	for n := range a.lifted[i] {
		if members && group(uint16(n)) {
			a.lifted[i][n] = ""
			if slices.Contains(met, uint16(n)) {
				a.groups = union(a.groups, []string{a.cat.Label(a.dims[i], a.codes[i][n])})
			}
		}
	}
}

// oneBanding takes age bands off an axis that has a wider one around them: a
// band and its parts are never rows of one table.
func (a *asker) oneBanding(i int) {
	if a.dims[i] != models.DimAge {
		return
	}
	shown := slices.Clone(a.lifted[i])
	for _, met := range a.codesMet(i) {
		wider := shown[met]
		for n, c := range shown {
			if wider != "" && c != wider && c != "" && a.cat.Within(models.DimAge, c, wider) {
				a.lifted[i][n] = ""
			}
		}
	}
}

const (
	outside = -1 // time, dataset, agency: no dimension of the figures
	noDim   = -2 // a dimension that no figure here has
)

// axisDim finds the dimension of the store behind an axis.
func (a *asker) axisDim(ax models.Axis) int {
	switch ax.Dim {
	case models.DimYear, models.DimDataset, models.DimAgency:
		return outside
	case models.DimReporter:
		return a.dim(models.DimPlace)
	}
	if i := a.dim(ax.Dim); i >= 0 {
		return i
	}
	return noDim
}

// axisCode gives the code of a figure on a dimension at the level of the axis,
// "" where it is not broken down so far.
func (a *asker) axisCode(i int, f *figure) string { return a.lifted[i][f.at[i]] }

func (a *asker) lift(i, n int) string {
	if n == 0 {
		return ""
	}
	c := a.codes[i][n]
	level := a.level[i]
	if level == "" || c == models.Unknown || c == models.Other {
		return c
	}
	d := a.cat.Dimension(a.dims[i])
	have := a.cat.LevelOf(a.dims[i], c)
	switch {
	case d.LevelIndex(have) < 0 && a.cat.Code(a.dims[i], c) != nil && a.cat.Code(a.dims[i], c).Parent != "":
		return a.cat.AtLevel(a.dims[i], c, level) // between two levels
	case have == level || d.LevelIndex(have) < 0:
		return c
	case d.LevelIndex(have) > d.LevelIndex(level):
		return a.cat.AtLevel(a.dims[i], c, level)
	}
	return "" // coarser than asked: part of the rest
}

// unitAt is the unit of a time axis that holds a period, by its number.
func (a *asker) unitAt(ax models.Axis, time int32) axisCode {
	if a.units == nil || a.unitsOf != ax.Level {
		a.units, a.unitsOf = make([]axisCode, len(a.periods)), ax.Level
		for i, p := range a.periods {
			if u, ok := unit(p, ax.Level); ok {
				a.units[i] = axisCode{code: u.String(), when: u}
			}
		}
	}
	return a.units[time]
}

// position gives the coordinate of a figure on the axes; false where it has
// none.
func (a *asker) position(f *figure, pos []axisCode) bool {
	for k, ax := range a.q.axes {
		switch i := a.axisDim(ax); {
		case i >= 0:
			pos[k] = axisCode{code: a.axisCode(i, f)}
		case ax.Dim == models.DimYear:
			pos[k] = a.unitAt(ax, f.time)
		case ax.Dim == models.DimAgency:
			pos[k] = axisCode{code: a.src.agency}
		default:
			pos[k] = axisCode{code: a.src.file.ds.ID}
		}
		if pos[k].code == "" {
			return false
		}
	}
	return true
}

func (a *asker) pickLevel(i int, ax models.Axis) string {
	d := a.cat.Dimension(ax.Dim)
	if d == nil || len(d.Levels) == 0 {
		return ""
	}
	if ax.Level != "" {
		return ax.Level
	}
	have := map[string]bool{}
	for _, n := range a.codesMet(i) {
		if n > 0 {
			have[a.cat.LevelOf(ax.Dim, a.codes[i][n])] = true
		}
	}
	for k := d.LevelIndex(d.Default); k < len(d.Levels); k++ {
		if have[d.Levels[k]] {
			return d.Default
		}
	}
	for k := d.LevelIndex(d.Default) - 1; k >= 0; k-- {
		if have[d.Levels[k]] {
			return d.Levels[k]
		}
	}
	return d.Default
}

// missing says that a breakdown does not exist and which do.
func (a *asker) missing(dim string) string {
	have := map[string]bool{}
	for _, f := range a.figures {
		for i, n := range f.at {
			if n != 0 && a.implied[i] == 0 && a.dims[i] != dim {
				have[strings.ToLower(dimName(a.cat, a.dims[i]))] = true
			}
		}
	}
	s := fmt.Sprintf("%s publishes no figures by %s here", a.src.agency, strings.ToLower(dimName(a.cat, dim)))
	if names := sortedKeys(have); len(names) > 0 {
		s += "; it has figures by " + strings.Join(names, ", ")
	}
	return s
}

// unit gives the year, half, quarter or month that holds a whole period.
func unit(p models.Period, level string) (models.Period, bool) {
	y, one := p.CalendarYear()
	if !one {
		return p, false
	}
	_, m, _ := p.Start.Civil()
	size := map[string]int{"half": 6, "quarter": 3, "month": 1}[level]
	if size == 0 {
		return models.Year(y), true
	}
	first := (m-1)/size*size + 1
	start := models.NewDate(y, first, 1)
	end := models.NewDate(y+(first+size-1)/12, (first+size-1)%12+1, 1) - 1
	u := models.Period{Start: start, End: end}
	return u, u.Contains(p)
}

// selection is what a cell asks of one dimension: everything, or the sum over
// some codes that exclude each other.
type selection []uint16 // empty for everything

// at answers one cell.
func (a *asker) at(pos []axisCode) value {
	sel := make([]selection, len(a.dims))
	when := models.Period{Start: models.NoDate, End: models.NoDate}
	timed := false
	for i := range a.dims {
		if a.filter[i] != nil && a.implied[i] == 0 {
			s, ok := a.filtered(i)
			if !ok {
				return value{}
			}
			sel[i] = s
		}
	}
	for k, ax := range a.q.axes {
		if pos[k].code == models.Total {
			continue
		}
		switch ax.Dim {
		case models.DimYear:
			when, timed = pos[k].when, true
		case models.DimDataset, models.DimAgency:
		default:
			dim := ax.Dim
			if dim == models.DimReporter {
				dim = models.DimPlace
			}
			i := a.dim(dim)
			n := a.numberOf(i, pos[k].code)
			if own := a.implied[i]; own == 0 || own != n && !slices.Contains(a.above[i][own], n) {
				sel[i] = selection{n}
			}
		}
	}
	v := a.sum(sel, when, timed)
	for i, m := range a.filter {
		if m != nil && m.term.Not && v.known && a.implied[i] == 0 && a.dims[i] != models.DimPlace && !a.whole(i, sel, when, timed) {
			v.high = infinite
			v = v.saying("", "only what is broken down by "+strings.ToLower(dimName(a.cat, a.dims[i]))+" is counted, so it is a lower bound")
		}
	}
	return v
}

// numberOf finds a code among those of a dimension. There may be hundreds, and
// every cell asks.
func (a *asker) numberOf(i int, code string) uint16 {
	if a.numbers == nil {
		a.numbers = make([]map[string]uint16, len(a.dims))
	}
	if a.numbers[i] == nil {
		a.numbers[i] = make(map[string]uint16, len(a.codes[i]))
		for n, c := range a.codes[i] {
			a.numbers[i][c] = uint16(n)
		}
	}
	n, ok := a.numbers[i][code]
	if !ok {
		return math.MaxUint16
	}
	return n
}

// whole reports whether the figures by a dimension are known to hold everyone:
// they add up to the published total.
func (a *asker) whole(i int, sel []selection, when models.Period, timed bool) bool {
	at := make([]uint16, len(a.dims))
	for k, s := range sel {
		if k == i || len(s) == 0 {
			continue
		}
		if len(s) > 1 {
			return false
		}
		at[k] = s[0]
	}
	total, sum := a.published(at, when, timed), value{}
	for _, n := range a.children(i, at) {
		fine := slices.Clone(at)
		fine[i] = n
		sum = sum.plus(a.published(fine, when, timed))
	}
	return total.exact() && sum.exact() && sum.low == total.low
}

// filtered turns a filter into codes of one level that exclude each other.
// Where nothing is to be excluded and the codes are many, they are summed.
func (a *asker) filtered(i int) (selection, bool) {
	if a.chosen[i] != nil {
		return a.chosen[i], len(a.chosen[i]) > 0
	}
	out, ok := a.choose(i)
	if a.chosen[i] = out; out == nil {
		a.chosen[i] = selection{}
	}
	return out, ok
}

func (a *asker) choose(i int) (selection, bool) {
	m := a.filter[i]
	out := selection(a.codesMet(i))
	// A code that stands in the filter itself answers for everything below it.
	out = slices.DeleteFunc(out, func(n uint16) bool {
		return slices.ContainsFunc(out, func(o uint16) bool {
			return len(a.above[i][n]) > 0 && slices.Contains(a.above[i][n], o)
		})
	})
	if m.term.Not {
		return out, len(out) > 0
	}
	for _, c := range m.term.Codes { // Cambodia, where only its provinces are published
		n := uint16(max(slices.Index(a.codes[i], c), 0))
		under := func(o uint16) bool { return slices.Contains(a.above[i][o], n) }
		if n > 0 && slices.ContainsFunc(out, under) {
			out = append(slices.DeleteFunc(out, under), n)
		}
	}
	return out, len(out) > 0
}

// sum answers a cell: the one figure at its coordinate, or the sum over codes
// that exclude each other, where counts add over the dimension.
func (a *asker) sum(sel []selection, when models.Period, timed bool) value {
	at := make([]uint16, len(a.dims))
	many := -1
	for i, s := range sel {
		switch {
		case len(s) == 1:
			at[i] = s[0]
		case len(s) > 1:
			many = i
		}
	}
	if many < 0 {
		return a.figure(at, when, timed)
	}
	var parts []*value
	one := slices.Clone(sel)
	for _, n := range sel[many] {
		one[many] = selection{n}
		v := a.sum(one, when, timed)
		parts = append(parts, &v)
	}
	if a.q.indicator.Measure == models.Ordinal {
		return value{blank: true}.saying("W-10", "a rank has no sum over "+strings.ToLower(pluralName(a.cat, a.dims[many])))
	}
	if !a.additive(many) || a.cut(many, sel[many]) {
		return a.largest(parts, a.dims[many])
	}
	total, unknown := value{}, 0
	for _, p := range parts {
		if !p.known && !p.withheld() {
			unknown++
		}
		total.add(p)
	}
	if unknown > 0 && total.known {
		total.high = infinite
		total = total.saying("W-19", fmt.Sprintf("%d of the %d %s chosen have no figure, so the sum is a lower bound",
			unknown, len(parts), strings.ToLower(pluralName(a.cat, a.dims[many]))))
	}
	if a.dims[many] == models.DimPlace && a.countries(sel[many]) > 1 && len(parts)-unknown > 1 {
		total = total.saying("W-07", fmt.Sprintf("a sum over the %d places that published a figure, each by its own definition", len(parts)-unknown))
	}
	return total
}

// countries counts of how many countries some places are.
func (a *asker) countries(places []uint16) int {
	seen := map[string]bool{}
	for _, n := range places {
		seen[country(a.codes[a.dim(models.DimPlace)][n])] = true
	}
	return len(seen)
}

func pluralName(cat *models.Catalog, dim string) string {
	if d := cat.Dimension(dim); d != nil {
		return d.Plural
	}
	return dim
}

// cut reports whether codes of a dimension cut across each other, as ages from
// 15 to 20 and from 18 to 24 do.
func (a *asker) cut(i int, codes []uint16) bool {
	if a.dims[i] != models.DimAge {
		return false
	}
	for k, n := range codes {
		if slices.ContainsFunc(codes[k+1:], func(o uint16) bool { return models.AgesOverlap(a.codes[i][n], a.codes[i][o]) }) {
			return true
		}
	}
	return false
}

func (a *asker) additive(i int) bool { return a.q.indicator.Additive(a.dims[i]) }

// largest is what is known of a total over parts that may hold the same
// people: at least the largest of them.
func (a *asker) largest(parts []*value, dim string) value {
	out := value{}
	for _, p := range parts {
		if p.known && (!out.known || p.low > out.low) {
			out = *p
		}
	}
	if out.known && len(parts) > 1 {
		out.high = infinite
		rule := "W-06"
		if dim == models.DimAge {
			rule = "W-27"
		}
		out = out.saying(rule, fmt.Sprintf("the same %s may be counted under several %s, so they are not added", a.q.indicator.Unit, strings.ToLower(pluralName(a.cat, dim))))
	}
	return out
}

// answer finds or derives the value of a coordinate. Where no single period is
// asked, and none covers the question alone, the years are answered one by one
// and added, if counts add over time: a total then is the sum of its columns.
func (a *asker) answer(at []uint16, spot int32, when models.Period, timed bool) value {
	found := a.stands[spot]
	if timed {
		if v := a.inPeriod(found, when); v.known || v.status != "" {
			return v
		}
		return a.derive(at, when, timed)
	}
	found = a.inFilter(found)
	if a.q.axis(models.DimYear) >= 0 { // a total beside years holds those years and nothing else
		if a.undated[spot] {
			found = slices.DeleteFunc(slices.Clone(found), func(f *figure) bool { return f.year == 0 })
		}
	} else if v, ok := a.onePeriod(found); ok {
		return v
	}
	if !a.q.indicator.Additive(models.DimYear) {
		if len(found) > 0 {
			return a.severalPeriods(found, spot)
		}
		return a.derive(at, when, timed)
	}
	if v := a.overYears(at); v.known || v.withheld() || a.q.axis(models.DimYear) >= 0 {
		return v
	}
	if len(found) > 0 {
		return a.severalPeriods(found, spot)
	}
	return a.derive(at, when, timed)
}

// figure answers one coordinate: by the figure published there, or by what
// follows from finer ones.
func (a *asker) figure(at []uint16, when models.Period, timed bool) value {
	at = a.figureSource.complete(at)
	spot := a.spot(at)
	if a.nothing(spot, when, timed) {
		return value{}
	}
	memo := moment{spot, when, timed}
	if v, ok := a.memo[memo]; ok {
		return v
	}
	v := a.answer(at, spot, when, timed)
	a.memo[memo] = v
	return v
}
