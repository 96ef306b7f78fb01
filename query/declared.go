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
	mu      sync.Mutex
	sums    map[sumAt]*partsSum // of many parts
}

func (s *figureSource) under(spot int32) []int32 {
	s.below.once.Do(func() {
		sorted := slices.Clone(s.figures)
		slices.SortStableFunc(sorted, func(x, y *figure) int { return int(x.when.Start) - int(y.when.Start) })
		s.below.figures = make([][]int32, len(s.stands))
		for _, f := range sorted {
			s.below.repeats = s.below.repeats || f.is&isAlone == 0
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

// partsSum is what lies under a coordinate of the period asked, and its sum.
type partsSum struct {
	parts   []int32
	over    []string // dimensions that it adds over
	adds    bool
	several []*figure // one of each period, where there are several
	sum     value
	none    int // parts of which nothing is known
}

// summed adds the figures under a coordinate, and names the dimensions that it
// adds over; none where they do not add.
func (a *asker) summed(at []uint16, when models.Period, timed bool) (value, []string) {
	p := a.partsUnder(at, when, timed)
	if !p.adds {
		return value{}, nil
	}
	for _, n := range p.parts {
		a.used[n] = true
	}
	if p.several != nil {
		return a.severalPeriods(p.several, nowhere), nil
	}
	sum, time := p.sum, a.timeOf[p.parts[0]]
	switch {
	case !sum.known:
		return sum, p.over
	case !timed || a.periods[time] != when:
		sum.part = a.label(time)
	}
	if p.none > 0 {
		sum.high = infinite
		return sum.saying("W-19", "some of the figures that it is summed of have no data, so it is a lower bound"), p.over
	}
	return sum, p.over
}

// manyParts is from how many parts on their sum is kept for the next question:
// the total of all corridors of a year is of thousands.
const manyParts = 1000

// partsUnder finds the parts of a sum and adds them, those of many only once.
// The sum of a whole period is the same for every question.
func (a *asker) partsUnder(at []uint16, when models.Period, timed bool) partsSum {
	spot := a.spot(at)
	under := a.under(spot)
	if len(under) < manyParts {
		return a.addParts(at, a.coarsest(under, when, timed))
	}
	key := sumAt{spot, nowhere}
	if timed {
		key.time = a.timeOfPeriod(when)
	}
	whole := !timed && !a.someTime || key.time != nowhere && a.inTime[key.time]
	if whole {
		if p := a.below.kept(key, nil); p != nil {
			return *p
		}
	}
	p := a.addParts(at, a.coarsest(under, when, timed))
	if whole && len(p.parts) >= manyParts && (!timed || a.timeOf[p.parts[0]] == key.time) {
		p.parts = slices.Clone(p.parts)
		a.below.kept(key, &p)
	}
	return p
}

// sumAt is a spot and the number of a period, nowhere for all of them.
type sumAt struct{ spot, time int32 }

// kept finds a sum, or keeps one.
func (b *belowIndex) kept(key sumAt, p *partsSum) *partsSum {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p != nil {
		if b.sums == nil {
			b.sums = map[sumAt]*partsSum{}
		}
		b.sums[key] = p
	}
	return b.sums[key]
}

// addParts adds parts, where they add.
func (a *asker) addParts(at []uint16, parts []int32) (p partsSum) {
	if len(parts) == 0 {
		return p
	}
	for i := range a.dims {
		if a.code(a.spotOf[parts[0]], i) == 0 || a.implied[i] != 0 || a.allAt(parts, i, at[i]) {
			continue
		}
		if codes := a.codesOf(parts, i); !a.additive(i) || a.cut(i, codes) || a.nested(i, codes) {
			return p
		}
		p.over = append(p.over, strings.ToLower(pluralName(a.cat, a.dims[i])))
	}
	p.parts, p.adds = parts, true
	time := a.timeOf[parts[0]]
	for _, n := range parts {
		if a.timeOf[n] != time {
			p.several = a.onePerPeriod(parts)
			return p
		}
	}
	add := func(v value) {
		if !v.known && !v.withheld() {
			p.none++
		}
		p.sum.add(&v)
	}
	if a.below.repeats {
		for _, same := range a.byCoordinate(parts) {
			add(a.merge(same))
		}
		return p
	}
	for _, n := range parts {
		if f := a.figures[n]; f.is&isPlain == 0 {
			add(a.value(f))
		} else {
			a.addFigure(&p.sum, f)
		}
	}
	return p
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
	if len(out) == 0 {
		return out
	}
	best, mixed := a.masks[a.spotOf[out[0]]], false
	for _, n := range out {
		m := a.masks[a.spotOf[n]]
		if m == best {
			continue
		}
		mixed = true
		if d := bits.OnesCount64(m) - bits.OnesCount64(best); d < 0 || d == 0 && m < best {
			best = m
		}
	}
	if mixed {
		out = slices.DeleteFunc(out, func(n int32) bool { return a.masks[a.spotOf[n]] != best })
	}
	return out
}

// codesOf lists the codes that some figures have on a dimension.
func (a *asker) codesOf(parts []int32, i int) []uint16 {
	seen := make([]bool, len(a.codes[i]))
	var out []uint16
	flat, step := a.flat[i:], len(a.dims)
	for _, n := range parts {
		if c := flat[int(a.spotOf[n])*step]; !seen[c] {
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
