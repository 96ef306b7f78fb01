package query

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"tiplens/models"
)

// inFilter keeps the figures that meet the filter on time.
func (a *asker) inFilter(found []*figure) []*figure {
	if !a.hasT || !slices.ContainsFunc(found, func(f *figure) bool { return !a.inTime[f.time] }) {
		return found
	}
	var in []*figure
	for _, f := range found {
		if a.inTime[f.time] {
			in = append(in, f)
		}
	}
	return in
}

// onePeriod answers where the figures themselves settle the period: exactly
// the one asked for, or the only one there is.
func (a *asker) onePeriod(found []*figure) (value, bool) {
	if len(found) == 0 {
		return value{}, false
	}
	if a.hasT && len(a.time.Spans) == 1 && !a.time.Not && len(a.time.Codes) == 0 {
		var exact []*figure
		for _, f := range found {
			if f.when == a.time.Spans[0] {
				exact = append(exact, f)
			}
		}
		if len(exact) > 0 {
			return a.merge(exact), true
		}
	}
	for _, f := range found[1:] {
		if f.when != found[0].when {
			return value{}, false
		}
	}
	v := a.merge(found)
	v.part = a.label(found[0].time)
	return v, true
}

// overYears adds the years that have a value.
func (a *asker) overYears(p point) value {
	sum, ys := a.settledYears(p.spot)
	if ys.n == 0 {
		sum, ys = a.eachYear(p)
	}
	if !sum.known {
		return sum
	}
	sum.part = a.yearsLabel(ys)
	if want := ys.last - ys.first + 1; want > ys.n {
		sum = sum.saying("W-13", fmt.Sprintf("only %d of the %d years %d-%d have a figure", ys.n, want, ys.first, ys.last))
	}
	return sum
}

// yearRun is which years a sum holds.
type yearRun struct{ first, last, n int }

func (r *yearRun) add(y int) {
	if r.n == 0 {
		r.first = y
	}
	r.last = y
	r.n++
}

// settledYears adds the figures at a spot, where these are bare numbers, one
// for each year that has any at the spot or below it; none where not.
func (a *asker) settledYears(spot int32) (sum value, ys yearRun) {
	if len(a.stands[spot]) == 0 {
		return value{}, yearRun{}
	}
	sum = value{known: true, status: a.common}
	have := years(0)
	first := a.from[spot]
	for n, time := range a.timeOf[first:a.from[spot+1]] {
		y := a.yearOf[time]
		have |= yearSet(y)
		if !a.inTime[time] {
			continue
		}
		f := a.figures[first+int32(n)]
		if !f.is.bare() || f.is&isSure == 0 || !a.wholeYear[time] {
			return value{}, yearRun{}
		}
		sum.low += f.low
		sum.high += f.high
		ys.add(y)
	}
	if have == anyYear || a.within[spot]&^have != 0 {
		return value{}, yearRun{}
	}
	for n, time := range a.timeOf[first:a.from[spot+1]] {
		a.used[first+int32(n)] = a.used[first+int32(n)] || a.inTime[time]
	}
	sum.n = ys.n
	return sum, ys
}

// eachYear adds the answers of single years.
func (a *asker) eachYear(p point) (sum value, ys yearRun) {
	p.timed = true
	if a.yearTimes == nil {
		for _, y := range a.years {
			a.yearTimes = append(a.yearTimes, a.timeOfPeriod(models.Year(y)))
		}
	}
	for k, y := range a.years {
		if a.within[p.spot]&yearSet(y) == 0 {
			continue
		}
		if p.time = a.yearTimes[k]; p.time != nowhere {
			p.when = a.periods[p.time]
		} else {
			p.when = models.Year(y)
		}
		if f := a.settledAt(p.spot, p.time); f != nil {
			a.use(f)
			if v := a.value(f); f.is&isKnown != 0 || v.withheld() {
				a.addFigure(&sum, f)
				ys.add(y)
			}
			continue
		}
		v := a.figureAt(p)
		if v.known && v.part == "" || v.withheld() {
			sum.add(&v)
			ys.add(y)
		}
	}
	return sum, ys
}

// inPeriod answers for one period: the figure of exactly that period, else
// parts that fill it, else the longest part, named.
func (a *asker) inPeriod(found []*figure, p models.Period) value {
	var exact, inside []*figure
	for _, f := range startingIn(found, p) {
		switch {
		case f.when == p:
			exact = append(exact, f)
		case p.Contains(f.when):
			inside = append(inside, f)
		}
	}
	if len(exact) > 0 {
		return a.merge(exact)
	}
	if len(inside) == 0 {
		return value{}
	}
	if a.q.indicator.Additive(models.DimYear) {
		if v, ok := a.tile(inside, p); ok {
			return v
		}
	}
	longest := inside[0]
	for _, f := range inside {
		if f.when.Days() > longest.when.Days() || f.when.Days() == longest.when.Days() && f.when.Start > longest.when.Start {
			longest = f
		}
	}
	var same []*figure
	for _, f := range inside {
		if f.when == longest.when {
			same = append(same, f)
		}
	}
	v := a.merge(same)
	v.part = longest.when.Label()
	return v
}

// tile sums parts that fill a period without gap or overlap.
func (a *asker) tile(inside []*figure, p models.Period) (value, bool) {
	byStart := map[models.Date][]*figure{}
	for _, f := range inside {
		byStart[f.when.Start] = append(byStart[f.when.Start], f)
	}
	sum := value{}
	for at := p.Start; at <= p.End; {
		fs := byStart[at]
		if len(fs) == 0 {
			return value{}, false
		}
		end := fs[0].when.End // the longest part from here; ties are one figure
		for _, f := range fs {
			end = max(end, f.when.End)
		}
		var same []*figure
		for _, f := range fs {
			if f.when.End == end {
				same = append(same, f)
			}
		}
		v := a.merge(same)
		if !v.known {
			return value{}, false
		}
		sum = sum.plus(v)
		at = end + 1
	}
	return sum, true
}

// settledAt is the figure of exactly a period at a spot, where it is the only
// one and says something; else nil.
func (a *asker) settledAt(spot, time int32) *figure {
	n := a.first(spot, time)
	if n == nowhere || a.figures[n].is&isSure == 0 {
		return nil
	}
	return a.figures[n]
}

// bareAt is the number of the figure of exactly a period at a spot, where it is
// the only one and nothing else is to be said of it; else NaN.
func (a *asker) bareAt(spot, time int32) float64 {
	if a.settled == nil || time == nowhere {
		return math.NaN()
	}
	return a.settled[a.atTime(spot, time)]
}

// yearsLabel names the time from the first to the last of some years, which is
// the same for thousands of corridors.
func (a *asker) yearsLabel(ys yearRun) string {
	ends := [2]int{ys.first, ys.last}
	if a.lastYears != ends {
		a.lastYears, a.lastLabel = ends, fmt.Sprint(ends[0])
		if ends[0] != ends[1] {
			a.lastLabel = fmt.Sprintf("%d-%d", ends[0], ends[1])
		}
	}
	return a.lastLabel
}

// severalPeriods is the answer where figures exist for periods that cannot be
// joined: none, with the periods that there are.
func (a *asker) severalPeriods(found []*figure, spot int32) value {
	kind := int32(nowhere) // thousands of corridors have figures for the same periods
	if spot != nowhere && len(found) == len(a.stands[spot]) {
		kind = a.times[spot]
		if v, ok := a.listed.Load(kind); ok {
			return v.(value)
		}
	}
	rule := "W-05"
	switch {
	case isRatio(a.q.indicator):
		rule = "W-10"
	case !a.q.indicator.Additive(models.DimYear):
		rule = "W-08"
	}
	v := value{blank: true}.saying(rule, "there are figures for several periods, which are not added: "+a.labels(found)+"; choose a year")
	if kind != nowhere {
		a.listed.Store(kind, v)
	}
	return v
}

// label names a period, by its number.
func (a *asker) label(time int32) string {
	if a.named == nil {
		a.named = make([]string, len(a.periods))
	}
	if a.named[time] == "" {
		a.named[time] = a.periods[time].Label()
	}
	return a.named[time]
}

// labels lists the periods of some figures.
func (a *asker) labels(found []*figure) string {
	var labels []string
	for _, f := range found {
		if l := a.label(f.time); !slices.Contains(labels, l) {
			labels = append(labels, l)
		}
	}
	sort.Strings(labels)
	return strings.Join(labels, ", ")
}
