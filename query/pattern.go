package query

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
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
	someTime  bool       // some period does not
	spotted   []int32    // where figures stand that meet all filters
	years     []int      // calendar years of those
	memo      map[moment]*value
	ever      []*value             // by spot: the same where no time is asked
	room      []value              // for those to come
	sel       []selection          // of the cell at hand
	single    [][1]uint16          // by dimension: the code that it selects
	coord     []uint16             // to which these lead
	used      []bool               // by figure
	parts     []int32              // of the sum at hand
	even      map[int32]*evenSpots // by spot
	numbers   []map[string]uint16  // by dimension: of its codes
	chosen    [][]uint16           // by dimension: what its filter selects, once asked
	same      [][]bool             // by dimension and code: whether cells ask for it itself, once asked
	asked     []bool               // by period: whether cells ask for it itself, once asked
	yearTimes []int32              // by year: the number of its period
	lastYears [2]int               // that were named last, and how
	lastLabel string
	named     []string   // by period: in words, once asked
	units     []axisCode // by period: the unit of the time axis that holds it, once asked
	unitsOf   string
	groups    []string // that hold members of an axis and stand in none of its rows
}

// moment is a coordinate at a time.
type moment struct {
	spot int32
	when models.Period
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
		memo: map[moment]*value{}, used: make([]bool, len(s.figures)), chosen: make([][]uint16, len(s.dims)), even: map[int32]*evenSpots{}}
	a.time, a.hasT = q.term(models.DimYear)
	if why := a.setFilters(); why != "" {
		return nil, why
	}
	a.sel, a.single, a.coord, a.ever = make([]selection, len(s.dims)), make([][1]uint16, len(s.dims)), make([]uint16, len(s.dims)), make([]*value, len(s.stands))
	a.fit, a.inTime = make([]bool, len(s.stands)), make([]bool, len(s.periods))
	fits := false
	for _, spot := range s.held {
		a.fit[spot] = a.meetsAt(s.codesAt(spot))
		fits = fits || a.fit[spot]
	}
	if !fits {
		return nil, "together"
	}
	for t, p := range s.periods {
		a.inTime[t] = !a.hasT || inSpans(a.time, p)
	}
	a.someTime = slices.Contains(a.inTime, false)
	if a.findMet(); len(a.spotted) == 0 {
		return nil, models.DimYear
	}
	return a, ""
}

// findMet finds where figures stand that meet all filters, and their years.
// Spots whose figures are of the same periods are of one kind.
func (a *asker) findMet() {
	met, years := make([]int8, a.kinds), map[int]bool{} // by kind: 1 no, 2 yes
	a.spotted = make([]int32, 0, len(a.held))
	for _, spot := range a.held {
		if !a.fit[spot] {
			continue
		}
		kind := &met[a.times[spot]]
		if *kind == 0 {
			*kind = 1
			for _, f := range a.inFilter(a.stands[spot]) {
				*kind = 2
				years[a.yearOf[f.time]] = true
			}
		}
		if *kind == 2 {
			a.spotted = append(a.spotted, spot)
		}
	}
	delete(years, 0)
	a.years = slices.Sorted(maps.Keys(years))
}

// met goes through the figures that meet all filters, spot by spot.
func (a *asker) met(yield func(*figure) bool) {
	for _, spot := range a.spotted {
		for _, f := range a.stands[spot] {
			if a.inTime[f.time] && !yield(f) {
				return
			}
		}
	}
}

func byRow(x, y *figure) int { return cmp.Compare(x.row, y.row) }

// use notes that a figure is behind the answer.
func (a *asker) use(f *figure) { a.used[f.n] = true }

// codesMet lists the codes of a dimension that figures meeting all filters
// have, in the order in which they occur.
func (a *asker) codesMet(i int) []uint16 {
	seen := make([]bool, len(a.codes[i]))
	var out []uint16
	for _, spot := range a.spotted {
		if n := a.code(spot, i); !seen[n] {
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

// unit is what the source publishes its figures in, where it says so.
func (a *asker) unit() string {
	if i := a.dim(models.DimUnit); i >= 0 && a.implied[i] != 0 {
		return a.codes[i][a.implied[i]]
	}
	return ""
}

// counted is what the figures count: their unit, else that of the indicator.
func (a *asker) counted() string { return cmp.Or(a.unit(), a.q.indicator.Unit) }

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
func (a *asker) axisCode(i int, f *figure) string { return a.lifted[i][a.code(f.spot, i)] }

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
	for _, spot := range a.held {
		for i, n := range a.codesAt(spot) {
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
