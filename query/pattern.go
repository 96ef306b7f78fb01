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
	q       *question
	cat     *models.Catalog
	time    models.Term // the filter on time
	hasT    bool
	filter  []*matcher // by dimension, nil without a filter
	ok      [][]bool   // by dimension and code: whether it meets the filter; nil without one
	level   []string   // by dimension: the level of an axis on it
	lifted  [][]string // by dimension and code: the code at that level, once an axis is prepared
	fitting []*figure  // figures that meet all filters but time
	meets   []*figure  // figures that meet all filters
	years   []int      // calendar years of those
	memo    map[moment]value
	used    map[*figure]bool
	numbers []map[string]uint16 // by dimension: of its codes
	groups  []string            // that hold members of an axis and stand in none of its rows
}

// moment is a coordinate at a time.
type moment struct {
	key   string
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
		memo: map[moment]value{}, used: map[*figure]bool{}}
	a.time, a.hasT = q.term(models.DimYear)
	if why := a.setFilters(); why != "" {
		return nil, why
	}
	for _, f := range s.figures {
		if !a.fits(f) {
			continue
		}
		a.fitting = append(a.fitting, f)
		if a.hasT && !inSpans(a.time, f.when) {
			continue
		}
		a.meets = append(a.meets, f)
		if f.year != 0 && !slices.Contains(a.years, f.year) {
			a.years = append(a.years, f.year)
		}
	}
	sort.Ints(a.years)
	switch {
	case len(a.meets) > 0:
		return a, ""
	case len(a.fitting) > 0:
		return nil, models.DimYear
	}
	return nil, "together"
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
func (a *asker) fits(f *figure) bool {
	for i, ok := range a.ok {
		if ok != nil && !ok[f.at[i]] {
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
	g := &grid{src: a.src, unit: a.unit(), part: a.q.part, cells: map[string]value{}, implied: a.shownConstants(), restOK: true}
	for _, ax := range a.q.axes {
		if m := a.prepare(ax); m != "" {
			g.missing = m
		}
	}
	totals := a.q.totals()
	done := map[string]bool{}
	keys := make([]string, len(a.q.axes))
	enter := func(pos []axisCode) {
		for k := range pos {
			keys[k] = pos[k].code
		}
		if done[coord(keys)] { // and its totals with it
			return
		}
		for _, total := range totals {
			at := slices.Clone(pos)
			for k := range at {
				if total[k] {
					at[k] = axisCode{code: models.Total}
				}
				keys[k] = at[k].code
			}
			key := coord(keys)
			if slices.Contains(keys, "") || done[key] {
				continue
			}
			done[key] = true
			g.cells[key] = a.at(at)
		}
	}
	enter(make([]axisCode, len(a.q.axes))) // the grand total
	if g.missing == "" {
		pos := make([]axisCode, len(a.q.axes))
		for _, f := range a.meets {
			if a.position(f, pos) {
				enter(pos)
			}
		}
	}
	g.aside, g.groups = a.asideFigures(), a.groups
	g.rows = int64(len(a.used))
	for f := range a.used {
		if f.covers != "" && !slices.Contains(g.coverage, f.covers) {
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
	for _, f := range a.meets {
		if a.axisCode(i, f) != "" {
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
	members := slices.ContainsFunc(a.meets, func(f *figure) bool {
		c := a.lifted[i][f.at[i]]
		return c != "" && c != models.Unknown && c != models.Other && !group(f.at[i])
	})
	for n := range a.lifted[i] {
		if members && group(uint16(n)) {
			a.lifted[i][n] = ""
			if slices.ContainsFunc(a.meets, func(f *figure) bool { return int(f.at[i]) == n }) {
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
	for _, f := range a.meets {
		wider := shown[f.at[i]]
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

// position gives the coordinate of a figure on the axes; false where it has
// none.
func (a *asker) position(f *figure, pos []axisCode) bool {
	for k, ax := range a.q.axes {
		switch i := a.axisDim(ax); {
		case i >= 0:
			pos[k] = axisCode{code: a.axisCode(i, f)}
		case ax.Dim == models.DimYear:
			u, ok := unit(f.when, ax.Level)
			if !ok {
				return false
			}
			pos[k] = axisCode{code: u.String(), when: u}
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
	for _, f := range a.meets {
		if f.at[i] > 0 {
			have[a.cat.LevelOf(ax.Dim, a.codes[i][f.at[i]])] = true
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
	var out selection
	m := a.filter[i]
	for _, f := range a.meets {
		if n := f.at[i]; !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	// A code that stands in the filter itself answers for everything below it.
	out = slices.DeleteFunc(out, func(n uint16) bool {
		return slices.ContainsFunc(out, func(o uint16) bool {
			return slices.Contains(a.above[i][n], o)
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
	var parts []value
	one := slices.Clone(sel)
	for _, n := range sel[many] {
		one[many] = selection{n}
		parts = append(parts, a.sum(one, when, timed))
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
		total = total.plus(p)
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
func (a *asker) largest(parts []value, dim string) value {
	out := value{}
	for _, p := range parts {
		if p.known && (!out.known || p.low > out.low) {
			out = p
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
func (a *asker) answer(at []uint16, key string, when models.Period, timed bool) value {
	found := a.index[key]
	if timed {
		if v := a.inPeriod(found, when); v.known || v.status != "" {
			return v
		}
		return a.derive(at, when, timed)
	}
	found = a.inFilter(found)
	if a.q.axis(models.DimYear) >= 0 { // a total beside years holds those years and nothing else
		found = slices.DeleteFunc(slices.Clone(found), func(f *figure) bool { _, one := f.when.CalendarYear(); return !one })
	} else if v, ok := a.onePeriod(found); ok {
		return v
	}
	if !a.q.indicator.Additive(models.DimYear) {
		if len(found) > 0 {
			return a.severalPeriods(found)
		}
		return a.derive(at, when, timed)
	}
	if v := a.overYears(at); v.known || v.withheld() || a.q.axis(models.DimYear) >= 0 {
		return v
	}
	if len(found) > 0 {
		return a.severalPeriods(found)
	}
	return a.derive(at, when, timed)
}

// figure answers one coordinate: by the figure published there, or by what
// follows from finer ones.
func (a *asker) figure(at []uint16, when models.Period, timed bool) value {
	at = a.figureSource.complete(at)
	key := a.key(at)
	if a.nothing(key, when, timed) {
		return value{}
	}
	memo := moment{key, when, timed}
	if v, ok := a.memo[memo]; ok {
		return v
	}
	v := a.answer(at, key, when, timed)
	a.memo[memo] = v
	return v
}
