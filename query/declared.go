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

// belowIndex lists the figures that lie under each coordinate at which none is
// published. It is made when it is first needed.
type belowIndex struct {
	once    sync.Once
	m       map[string][]*figure
	repeats bool // some coordinate has several figures of one period
}

func (s *figureSource) under(key string) []*figure {
	s.below.once.Do(func() {
		s.below.m = map[string][]*figure{}
		at := make([]uint16, len(s.dims))
		seen := map[string]map[models.Period]bool{}
		for _, f := range s.figures {
			s.lay(f, 0, at)
			k := s.key(f.at)
			if seen[k] == nil {
				seen[k] = map[models.Period]bool{}
			}
			s.below.repeats = s.below.repeats || seen[k][f.when]
			seen[k][f.when] = true
		}
	})
	return s.below.m[key]
}

// lay enters a figure at every coordinate above it, and at its own.
func (s *figureSource) lay(f *figure, i int, at []uint16) {
	for i < len(at) && (f.at[i] == 0 || s.implied[i] != 0) {
		at[i] = 0
		i++
	}
	if i == len(at) {
		k := s.key(at)
		s.below.m[k] = append(s.below.m[k], f)
		return
	}
	at[i] = 0
	s.lay(f, i+1, at)
	at[i] = f.at[i]
	s.lay(f, i+1, at)
	for _, n := range s.above[i][f.at[i]] {
		at[i] = n
		s.lay(f, i+1, at)
	}
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
	parts := a.coarsest(a.inFilter(a.under(a.key(at))), when, timed)
	if len(parts) == 0 {
		return value{}, nil
	}
	var over []string
	for i := range a.dims {
		if parts[0].at[i] == 0 || a.implied[i] != 0 {
			continue
		}
		codes := codesOf(parts, i)
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
	add := func(v value) {
		if !v.known && !v.withheld() {
			none++
		}
		sum = sum.plus(v)
	}
	for _, f := range parts {
		if !slices.Contains(periods, f.when) {
			periods = append(periods, f.when)
		}
		a.used[f] = true
		if !a.below.repeats {
			add(f.value)
		}
	}
	if a.below.repeats && len(periods) == 1 {
		for _, same := range a.byCoordinate(parts) {
			add(a.merge(same))
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
	at := map[string]int{}
	var out [][]*figure
	for _, f := range parts {
		k := a.key(f.at)
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
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
	mask := func(f *figure) (m uint64) {
		for i, n := range f.at {
			if n != 0 && a.implied[i] == 0 {
				m |= 1 << i
			}
		}
		return m
	}
	var best uint64
	for k, f := range found {
		if m := mask(f); k == 0 || bits.OnesCount64(m) < bits.OnesCount64(best) || bits.OnesCount64(m) == bits.OnesCount64(best) && m < best {
			best = m
		}
	}
	return slices.DeleteFunc(slices.Clone(found), func(f *figure) bool { return mask(f) != best })
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

func codesOf(parts []*figure, i int) []uint16 {
	seen := map[uint16]bool{}
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
	for _, n := range codes {
		if slices.ContainsFunc(a.above[i][n], func(o uint16) bool { return slices.Contains(codes, o) }) {
			return true
		}
	}
	return false
}
