package query

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// selection is what a cell asks of one dimension: everything, or the sum over
// some codes that exclude each other.
type selection []uint16 // empty for everything

// at answers one cell.
func (a *asker) at(pos []axisCode) value {
	sel := a.sel
	clear(sel)
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
				a.single[i][0] = n
				sel[i] = a.single[i][:]
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
	at := a.coord
	clear(at)
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
		total = total.saying("W-19", fmt.Sprintf("%d of the %d %s chosen %s no figure, so the sum is a lower bound",
			unknown, len(parts), strings.ToLower(pluralName(a.cat, a.dims[many])), hasHave(unknown)))
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

// hasHave is the verb behind a number of some.
func hasHave(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
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

// point is a coordinate at a time: a code on each dimension of the figures, and
// the spot where these stand.
type point struct {
	at    []uint16
	spot  int32 // nowhere where nothing is known
	when  models.Period
	time  int32 // the number of that period; nowhere where no figure has it, or no time is asked
	timed bool
}

func (a *asker) point(spot int32, at []uint16, when models.Period, timed bool) point {
	p := point{at: at, spot: spot, when: when, time: nowhere, timed: timed}
	if timed {
		p.time = a.timeOfPeriod(when)
	}
	return p
}

// answer finds or derives the value of a coordinate. Where no single period is
// asked, and none covers the question alone, the years are answered one by one
// and added, if counts add over time: a total then is the sum of its columns.
func (a *asker) answer(p point) value {
	found := a.stands[p.spot]
	if p.timed {
		if v := a.inPeriod(found, p.when); v.known || v.status != "" {
			return v
		}
		return a.derive(p)
	}
	found = a.inFilter(found)
	if a.q.axis(models.DimYear) >= 0 { // a total beside years holds those years and nothing else
		if a.undated[p.spot] {
			found = slices.DeleteFunc(slices.Clone(found), func(f *figure) bool { return a.yearOf[f.time] == 0 })
		}
	} else if v, ok := a.onePeriod(found); ok {
		return v
	}
	if !a.q.indicator.Additive(models.DimYear) {
		if len(found) > 0 {
			return a.severalPeriods(found, p.spot)
		}
		return a.derive(p)
	}
	if v := a.overYears(p); v.known || v.withheld() || a.q.axis(models.DimYear) >= 0 {
		return v
	}
	if len(found) > 0 {
		return a.severalPeriods(found, p.spot)
	}
	return a.derive(p)
}

// figure answers one coordinate: by the figure published there, or by what
// follows from finer ones.
func (a *asker) figure(at []uint16, when models.Period, timed bool) value {
	at = a.figureSource.complete(at)
	return a.figureAt(a.point(a.spot(at), at, when, timed))
}

func (a *asker) figureAt(p point) value {
	if a.nothing(p) {
		return value{}
	}
	memo := moment{p.spot, p.when}
	if p.timed {
		if v, ok := a.memo[memo]; ok {
			return *v
		}
	} else if v := a.ever[p.spot]; v != nil {
		return *v
	}
	v := a.answer(p)
	if len(a.room) == 0 {
		a.room = make([]value, 128)
	}
	if a.room[0] = v; p.timed {
		a.memo[memo] = &a.room[0]
	} else {
		a.ever[p.spot] = &a.room[0]
	}
	a.room = a.room[1:]
	return v
}
