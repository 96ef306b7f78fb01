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
	figures [][]*figure
	repeats bool // some coordinate has several figures of one period
}

func (s *figureSource) under(spot int32) []*figure {
	s.below.once.Do(func() {
		sorted := slices.Clone(s.figures)
		slices.SortStableFunc(sorted, func(x, y *figure) int { return int(x.when.Start) - int(y.when.Start) })
		s.below.figures = make([][]*figure, len(s.stands))
		for _, f := range sorted {
			s.below.repeats = s.below.repeats || !f.alone
			for _, n := range s.over[f.spot] {
				s.below.figures[n] = append(s.below.figures[n], f)
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
	found := a.under(a.spot(at))
	if timed {
		found = startingIn(found, when)
	}
	parts := a.coarsest(a.inFilter(found), when, timed)
	if len(parts) == 0 {
		return value{}, nil
	}
	var over []string
	for i := range a.dims {
		if parts[0].at[i] == 0 || a.implied[i] != 0 {
			continue
		}
		codes := a.codesOf(parts, i)
		switch {
		case len(codes) == 1 && codes[0] == at[i]:
			continue
		case !a.additive(i) || a.cut(i, codes) || a.nested(i, codes):
			return value{}, nil
		}
		over = append(over, strings.ToLower(pluralName(a.cat, a.dims[i])))
	}
	var periods []models.Period
	sum, none := value{}, 0
	add := func(v *value) {
		if !v.known && !v.withheld() {
			none++
		}
		sum.add(v)
	}
	for _, f := range parts {
		if len(periods) == 0 || periods[len(periods)-1] != f.when && !slices.Contains(periods, f.when) {
			periods = append(periods, f.when)
		}
		a.use(f)
		if !a.below.repeats {
			add(&f.value)
		}
	}
	if a.below.repeats && len(periods) == 1 {
		for _, same := range a.byCoordinate(parts) {
			v := a.merge(same)
			add(&v)
		}
	}
	switch {
	case len(periods) > 1:
		return a.severalPeriods(parts), nil
	case !sum.known:
		return sum, over
	case !timed || periods[0] != when:
		sum.part = periods[0].Label()
	}
	if none > 0 {
		sum.high = infinite
		return sum.saying("W-19", "some of the figures that it is summed of have no data, so it is a lower bound"), over
	}
	return sum, over
}

// byCoordinate gathers figures that stand at one coordinate.
func (a *asker) byCoordinate(parts []*figure) [][]*figure {
	at := map[int32]int{}
	var out [][]*figure
	for _, f := range parts {
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

// coarsest keeps the figures of the period asked that are broken down least.
func (a *asker) coarsest(found []*figure, when models.Period, timed bool) []*figure {
	if timed {
		if exact := during(found, func(p models.Period) bool { return p == when }); len(exact) > 0 {
			found = exact
		} else {
			found = during(found, when.Contains)
		}
	}
	var best uint64
	for k, f := range found {
		if m := a.breakdown(f.spot); k == 0 || bits.OnesCount64(m) < bits.OnesCount64(best) || bits.OnesCount64(m) == bits.OnesCount64(best) && m < best {
			best = m
		}
	}
	if !slices.ContainsFunc(found, func(f *figure) bool { return a.breakdown(f.spot) != best }) {
		return found
	}
	return slices.DeleteFunc(slices.Clone(found), func(f *figure) bool { return a.breakdown(f.spot) != best })
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

func during(found []*figure, in func(models.Period) bool) []*figure {
	var out []*figure
	for _, f := range found {
		if in(f.when) {
			out = append(out, f)
		}
	}
	return out
}

// codesOf lists the codes that some figures have on a dimension.
func (a *asker) codesOf(parts []*figure, i int) []uint16 {
	seen := make([]bool, len(a.codes[i]))
	var out []uint16
	for _, f := range parts {
		if n := f.at[i]; !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

// nested reports whether one of some codes lies under another.
func (a *asker) nested(i int, codes []uint16) bool {
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
