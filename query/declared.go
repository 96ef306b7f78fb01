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

// belowIndex says what lies under each spot. It is made when it is first needed.
type belowIndex struct {
	once     sync.Once
	spots    [][]int32 // by spot: those under it at which figures stand, and itself
	count    []int     // by spot: the figures of those
	starts   []int32   // by period: which start it has, by time
	distinct int32     // how many starts there are
	mu       sync.Mutex
	listed   map[int32][]int32   // by spot: those figures by start, once asked
	sums     map[sumAt]*partsSum // of many parts
}

// index finds what lies under each spot.
func (s *figureSource) index() *belowIndex {
	b := &s.below
	b.once.Do(func() {
		b.spots, b.count = make([][]int32, len(s.stands)), make([]int, len(s.stands))
		for _, spot := range s.held {
			for _, n := range s.over[spot] {
				b.spots[n] = append(b.spots[n], spot)
				b.count[n] += len(s.stands[spot])
			}
		}
		var starts []models.Date
		for _, p := range s.periods {
			starts = append(starts, p.Start)
		}
		slices.Sort(starts)
		starts = slices.Compact(starts)
		for _, p := range s.periods {
			n, _ := slices.BinarySearch(starts, p.Start)
			b.starts = append(b.starts, int32(n))
		}
		b.distinct, b.listed, b.sums = int32(len(starts)), map[int32][]int32{}, map[sumAt]*partsSum{}
	})
	return b
}

// under lists the figures under a spot, by their start.
func (s *figureSource) under(spot int32) []int32 {
	b := s.index()
	b.mu.Lock()
	defer b.mu.Unlock()
	if out, ok := b.listed[spot]; ok {
		return out
	}
	next := make([]int32, b.distinct+1)
	each := func(do func(n, start int32)) {
		for _, o := range b.spots[spot] {
			for n := s.from[o]; n < s.from[o+1]; n++ {
				do(n, b.starts[s.timeOf[n]])
			}
		}
	}
	each(func(_, start int32) { next[start+1]++ })
	for i := range b.distinct {
		next[i+1] += next[i]
	}
	out := make([]int32, b.count[spot])
	each(func(n, start int32) {
		out[next[start]] = n
		next[start]++
	})
	b.listed[spot] = out
	return out
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
func (a *asker) declared(p point) (value, bool) {
	if a.src.file == nil || !a.src.file.ds.Complete {
		return value{}, false
	}
	sum, over := a.summed(p)
	if !sum.known || len(over) == 0 || math.IsInf(sum.high, 1) {
		return sum, sum.known || sum.blank || len(over) > 0
	}
	return sum.saying("", "summed over "+strings.Join(over, " and ")+", which the dataset declares complete"), true
}

// atLeast is what is known of a total over several dimensions at once of a
// dataset that declares nothing: no less than its parts.
func (a *asker) atLeast(p point) value {
	sum, over := a.summed(p)
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
func (a *asker) summed(p point) (value, []string) {
	s := a.partsUnder(p)
	if !s.adds {
		return value{}, nil
	}
	for _, n := range s.parts {
		a.used[n] = true
	}
	if s.several != nil {
		return a.severalPeriods(s.several, nowhere), nil
	}
	sum, time := s.sum, a.timeOf[s.parts[0]]
	switch {
	case !sum.known:
		return sum, s.over
	case time != p.time:
		sum.part = a.label(time)
	}
	if s.none > 0 {
		sum.high = infinite
		return sum.saying("W-19", "some of the figures that it is summed of have no data, so it is a lower bound"), s.over
	}
	return sum, s.over
}

// manyParts is from how many parts on their sum is kept for the next question:
// the total of all corridors of a year is of thousands.
const manyParts = 1000

// partsUnder finds the parts of a sum and adds them, those of many only once.
// The sum of a whole period is the same for every question.
func (a *asker) partsUnder(p point) partsSum {
	if p.spot == nowhere {
		return partsSum{}
	}
	b, key := a.index(), sumAt{p.spot, p.time}
	whole := b.count[p.spot] >= manyParts && (!p.timed && !a.someTime || p.time != nowhere && a.inTime[p.time])
	if whole {
		if sum := b.kept(key, nil); sum != nil {
			return *sum
		}
	}
	sum, ok := a.evenParts(p)
	if !ok {
		sum = a.addParts(p.at, a.coarsest(a.under(p.spot), p))
	}
	if whole && len(sum.parts) >= manyParts && (!p.timed || a.timeOf[sum.parts[0]] == p.time) {
		sum.parts = slices.Clone(sum.parts)
		b.kept(key, &sum)
	}
	return sum
}

// evenSpots are the spots under a coordinate where these are all broken down
// alike and whatever of them has a figure adds: the same for each year.
type evenSpots struct {
	even  bool
	spots []int32
	apart []uint64 // by spot: the dimensions on which it differs from the coordinate, a bit each
}

// evenUnder looks at the spots under a coordinate, once.
func (a *asker) evenUnder(spot int32, at []uint16) *evenSpots {
	if e := a.even[spot]; e != nil {
		return e
	}
	e := &evenSpots{spots: a.below.spots[spot]}
	a.even[spot] = e
	if len(e.spots) == 0 || a.settled == nil {
		return e
	}
	mask := a.masks[e.spots[0]]
	differ := uint64(0)
	for _, s := range e.spots {
		if a.masks[s] != mask {
			return e
		}
		apart := uint64(0)
		for i, n := range a.codesAt(s) {
			if n != at[i] && mask&(1<<i) != 0 {
				apart |= 1 << i
			}
		}
		e.apart = append(e.apart, apart)
		differ |= apart
	}
	for i := range a.dims {
		if differ&(1<<i) == 0 {
			continue
		}
		var codes []uint16
		for _, s := range e.spots {
			codes = append(codes, a.code(s, i))
		}
		slices.Sort(codes)
		if !a.disjoint(i, slices.Compact(codes)) {
			return e
		}
	}
	e.even = true
	return e
}

// evenParts adds the figures of exactly a period under a coordinate where that
// is all there is to it; false where not.
func (a *asker) evenParts(p point) (sum partsSum, ok bool) {
	if p.time == nowhere || !a.inTime[p.time] {
		return sum, false
	}
	e := a.evenUnder(p.spot, p.at)
	if !e.even {
		return sum, false
	}
	parts, apart := a.parts[:0], uint64(0)
	for k, s := range e.spots {
		here := a.atTime(s, p.time)
		n := a.exact[here]
		if n == nowhere {
			continue
		}
		parts, apart = append(parts, n), apart|e.apart[k]
		if v := a.settled[here]; !math.IsNaN(v) && sum.sum.known && sum.sum.status == a.common {
			sum.sum.addBare(v, v)
		} else if f := a.figures[n]; f.is&isAlone != 0 {
			sum.add(a.figureSource, f)
		} else {
			return partsSum{}, false
		}
	}
	if a.parts = parts; len(parts) == 0 {
		return sum, false
	}
	for i := range a.dims {
		if apart&(1<<i) != 0 {
			sum.over = append(sum.over, strings.ToLower(pluralName(a.cat, a.dims[i])))
		}
	}
	sum.parts, sum.adds = parts, true
	return sum, true
}

// add adds a part.
func (p *partsSum) add(s *figureSource, f *figure) {
	if f.is&isPlain != 0 {
		s.addFigure(&p.sum, f)
		return
	}
	p.addValue(s.value(f))
}

func (p *partsSum) addValue(v value) {
	if !v.known && !v.withheld() {
		p.none++
	}
	p.sum.add(&v)
}

// sumAt is a spot and the number of a period, nowhere for all of them.
type sumAt struct{ spot, time int32 }

// kept finds a sum, or keeps one.
func (b *belowIndex) kept(key sumAt, p *partsSum) *partsSum {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p != nil {
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
		if !a.disjoint(i, a.codesOf(parts, i)) {
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
	if a.repeats {
		for _, same := range a.byCoordinate(parts) {
			p.addValue(a.merge(same))
		}
		return p
	}
	for _, n := range parts {
		p.add(a.figureSource, a.figures[n])
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
func (a *asker) coarsest(found []int32, p point) []int32 {
	out := a.parts[:0]
	if p.timed {
		found = a.numbersIn(found, p.when)
		if p.time != nowhere && a.inTime[p.time] {
			for _, n := range found {
				if a.timeOf[n] == p.time {
					out = append(out, n)
				}
			}
		}
	}
	if len(out) == 0 {
		for _, n := range found {
			if t := a.timeOf[n]; a.inTime[t] && (!p.timed || p.when.Contains(a.periods[t])) {
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

// disjoint reports whether figures of some codes of a dimension add.
func (a *asker) disjoint(i int, codes []uint16) bool {
	return a.additive(i) && !a.cut(i, codes) && !a.nested(i, codes)
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
