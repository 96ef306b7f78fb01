package query

import (
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"tiplens/models"
)

// A publisher may print a table without its totals: a matrix of origins and
// destinations, communes without their provinces. Where the dataset declares
// that its figures hold everyone (I-5.3), they are summed to what they lie
// under; of several breakdowns the coarsest is taken, never two together.

// belowIndex lists the figures that lie under each spot, by period. It is made
// when it is first needed.
type belowIndex struct {
	once    sync.Once
	figures [][]int32
	repeats bool // some coordinate has several figures of one period
}

func (s *figureSource) under(spot int32) []int32 {
	s.below.once.Do(func() {
		sorted := slices.Clone(s.figures)
		slices.SortStableFunc(sorted, func(x, y *figure) int { return int(x.when.Start) - int(y.when.Start) })
		s.below.figures = make([][]int32, len(s.stands))
		for _, f := range sorted {
			s.below.repeats = s.below.repeats || !f.alone
			for _, n := range s.over[f.spot] {
				s.below.figures[n] = append(s.below.figures[n], f.n)
			}
		}
	})
	if spot == nowhere {
		return nil
	}
	return s.below.figures[spot]
}

// startingIn is the run of some figures, sorted by their start, that start in a
// period.
func startingIn(fs []*figure, p models.Period) []*figure {
	byStart := func(f *figure, d models.Date) int { return int(f.when.Start) - int(d) }
	from, _ := slices.BinarySearchFunc(fs, p.Start, byStart)
	to, _ := slices.BinarySearchFunc(fs[from:], p.End+1, byStart)
	return fs[from:][:to]
}

// numbersIn does the same for figures given by number.
func (s *figureSource) numbersIn(ns []int32, p models.Period) []int32 {
	byStart := func(n int32, d models.Date) int { return int(s.periods[s.timeOf[n]].Start) - int(d) }
	from, _ := slices.BinarySearchFunc(ns, p.Start, byStart)
	to, _ := slices.BinarySearchFunc(ns[from:], p.End+1, byStart)
	return ns[from:][:to]
}

// declared sums the figures under a coordinate of a dataset that declares them
// complete. It answers false where that is not declared or they do not add.
func (a *asker) declared(at []uint16, when models.Period, timed bool) (value, bool) {
	if a.src.file == nil || !a.src.file.ds.Complete {
		return value{}, false
	}
	sum, over := a.summed(at, when, timed)
	if !sum.known || len(over) == 0 || math.IsInf(sum.high, 1) {
		return sum, sum.known || sum.blank || len(over) > 0
	}
	return sum.saying("", "summed over "+strings.Join(over, " and ")+", which the dataset declares complete"), true
}

// atLeast is what is known of a total over several dimensions at once of a
// dataset that declares nothing: no less than its parts.
func (a *asker) atLeast(at []uint16, when models.Period, timed bool) value {
	sum, over := a.summed(at, when, timed)
	if !sum.known || len(over) == 0 {
		return sum
	}
	sum.high = infinite
	return sum.saying("", "no total published; what is known comes from figures by "+strings.Join(over, " and "))
}

// summed adds the figures under a coordinate, and names the dimensions that it
// adds over; none where they do not add.
func (a *asker) summed(at []uint16, when models.Period, timed bool) (value, []string) {
	parts := a.coarsest(a.under(a.spot(at)), when, timed)
	if len(parts) == 0 {
		return value{}, nil
	}
	var over []string
	for i := range a.dims {
		if a.figures[parts[0]].at[i] == 0 || a.implied[i] != 0 {
			continue
		}
		if a.allAt(parts, i, at[i]) {
			continue
		}
		if codes := a.codesOf(parts, i); !a.additive(i) || a.cut(i, codes) || a.nested(i, codes) {
			return value{}, nil
		}
		over = append(over, strings.ToLower(pluralName(a.cat, a.dims[i])))
	}
	time, several := a.timeOf[parts[0]], false
	for _, n := range parts {
		several = several || a.timeOf[n] != time
		a.used[n] = true
	}
	if several {
		return a.severalPeriods(a.onePerPeriod(parts), nowhere), nil
	}
	sum, none := value{}, 0
	if !a.below.repeats {
		for _, n := range parts {
			if a.plain[n] == 0 {
				if v := &a.figures[n].value; !v.known && !v.withheld() {
					none++
				}
			}
			a.addFigure(&sum, n)
		}
	}
	period := a.periods[time]
	if a.below.repeats {
		for _, same := range a.byCoordinate(parts) {
			v := a.merge(same)
			if !v.known && !v.withheld() {
				none++
			}
			sum.add(&v)
		}
	}
	switch {
	case !sum.known:
		return sum, over
	case !timed || period != when:
		sum.part = a.label(time)
	}
	if none > 0 {
		sum.high = infinite
		return sum.saying("W-19", "some of the figures that it is summed of have no data, so it is a lower bound"), over
	}
	return sum, over
}

// allAt reports whether figures all have one code on a dimension.
func (a *asker) allAt(parts []int32, i int, code uint16) bool {
	for _, n := range parts {
		if a.code(a.spotOf[n], i) != code {
			return false
		}
	}
	return true
}

// onePerPeriod keeps one figure of each period.
func (a *asker) onePerPeriod(parts []int32) []*figure {
	var out []*figure
	seen := make([]bool, len(a.periods))
	for _, n := range parts {
		if t := a.timeOf[n]; !seen[t] {
			seen[t] = true
			out = append(out, a.figures[n])
		}
	}
	return out
}

// byCoordinate gathers figures that stand at one coordinate.
func (a *asker) byCoordinate(parts []int32) [][]*figure {
	at := map[int32]int{}
	var out [][]*figure
	for _, f := range a.numbered(parts) {
		i, ok := at[f.spot]
		if !ok {
			i = len(out)
			at[f.spot] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], f)
	}
	return out
}

func (a *asker) numbered(ns []int32) []*figure {
	out := make([]*figure, len(ns))
	for i, n := range ns {
		out[i] = a.figures[n]
	}
	return out
}

// coarsest keeps the figures of the period asked that meet the filter on time
// and are broken down least: those of exactly that period before those within
// it.
func (a *asker) coarsest(found []int32, when models.Period, timed bool) []int32 {
	out := a.parts[:0]
	time := int32(nowhere)
	if timed {
		found, time = a.numbersIn(found, when), a.timeOfPeriod(when)
		if time != nowhere && a.inTime[time] {
			for _, n := range found {
				if a.timeOf[n] == time {
					out = append(out, n)
				}
			}
		}
	}
	if len(out) == 0 {
		for _, n := range found {
			if t := a.timeOf[n]; a.inTime[t] && (!timed || when.Contains(a.periods[t])) {
				out = append(out, n)
			}
		}
	}
	a.parts = out
	var best uint64
	mixed := false
	for k, n := range out {
		m := a.breakdown(a.spotOf[n])
		mixed = mixed || k > 0 && m != best
		if k == 0 || bits.OnesCount64(m) < bits.OnesCount64(best) || bits.OnesCount64(m) == bits.OnesCount64(best) && m < best {
			best = m
		}
	}
	if mixed {
		out = slices.DeleteFunc(out, func(n int32) bool { return a.breakdown(a.spotOf[n]) != best })
	}
	return out
}

// breakdown tells by which dimensions the figures at a spot are broken down, a
// bit each.
func (a *asker) breakdown(spot int32) uint64 {
	if a.masks == nil {
		a.masks = make([]uint64, len(a.stands))
	}
	m := a.masks[spot]
	if m == 0 {
		m = 1 << 63 // looked at
		for i, n := range a.stands[spot][0].at {
			if n != 0 && a.implied[i] == 0 {
				m |= 1 << i
			}
		}
		a.masks[spot] = m
	}
	return m
}

// codesOf lists the codes that some figures have on a dimension.
func (a *asker) codesOf(parts []int32, i int) []uint16 {
	seen := make([]bool, len(a.codes[i]))
	var out []uint16
	for _, n := range parts {
		if c := a.code(a.spotOf[n], i); !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	return out
}

// nested reports whether one of some codes lies under another.
func (a *asker) nested(i int, codes []uint16) bool {
	if !a.nests[i] {
		return false
	}
	in := make([]bool, len(a.codes[i]))
	for _, n := range codes {
		in[n] = true
	}
	for _, n := range codes {
		if slices.ContainsFunc(a.above[i][n], func(o uint16) bool { return in[o] }) {
			return true
		}
	}
	return false
}
