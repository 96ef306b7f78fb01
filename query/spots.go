package query

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"

	"tiplens/models"
)

// spots numbers the coordinates of a source at which a figure stands, or above
// which one does, so that whatever is known of a coordinate is found at once.
type spots struct {
	width   []uint8           // by dimension: how many bits its codes take
	at      map[uint64]int32  // packed coordinate to number
	folded  map[uint64]uint64 // of coordinates that are too wide for one word
	stands  [][]*figure       // by spot: the figures there, by period
	times   []int32           // by spot: figures of the same periods have the same number
	kinds   int32             // how many such numbers there are
	undated []bool            // by spot: whether some figure is of no calendar year
	within  []years           // by spot: the years of all figures there or broken down further
	over    [][]int32         // by spot with figures: all spots above it, and itself
	held    []int32           // the spots with figures
	finer   map[finerAt][]uint16
	flat    []uint16 // by spot with figures: the codes there, one after the other
	nests   []bool   // by dimension: whether some code lies under another
	exact   []int32  // by spot and period: the first figure there, or nowhere; nil where that is too much
	common  string   // the status of most figures, where no cell shows it
	briefs  []brief  // by figure: what sums look at
	masks   []uint64 // by spot with figures: by which dimensions they are broken down, a bit each
	dated   []bool   // by period: whether it lies in a calendar year
}

// brief is what sums over all figures look at, side by side.
type brief struct {
	low, high float64
	plain     uint8 // whether its value is a number with no more to it than these bits; else 0
	sure      bool  // it says something, and is alone of its period at its spot
}

// What a plain value may be besides a number.
const (
	isPlain uint8 = 1 << iota
	isAbout
	isEstimate
	isStrict
	isOpen
)

// maxExact bounds the index of figures by spot and period.
const maxExact = 8 << 20

// finerAt asks for the codes of a dimension by which figures at a spot are
// broken down further.
type finerAt struct {
	spot int32
	dim  int
}

// nowhere is the number of a coordinate at which nothing is known.
const nowhere = -1

// pack puts a coordinate into one word. What takes more bits than it has is
// numbered as far as it fits, and goes on from that number.
func (s *figureSource) pack(at []uint16, enter bool) (word uint64, ok bool) {
	used := 0
	for i, n := range at {
		if n == 0 {
			n = s.implied[i]
		}
		if int(n) >= len(s.codes[i]) {
			return 0, false
		}
		w := int(s.width[i])
		if used+w > 64 {
			to, ok := s.folded[word]
			if !ok && !enter {
				return 0, false
			}
			if !ok {
				to = uint64(len(s.folded))
				s.folded[word] = to
			}
			word, used = to, 32
		}
		word, used = word<<w|uint64(n), used+w
	}
	return word, true
}

// spot finds the number of a coordinate.
func (s *figureSource) spot(at []uint16) int32 {
	if w, ok := s.pack(at, false); ok {
		if n, ok := s.at[w]; ok {
			return n
		}
	}
	return nowhere
}

func (s *figureSource) enter(at []uint16) int32 {
	w, _ := s.pack(at, true)
	n, ok := s.at[w]
	if !ok {
		n = int32(len(s.stands))
		s.at[w] = n
		s.stands, s.within, s.over = append(s.stands, nil), append(s.within, 0), append(s.over, nil)
	}
	return n
}

// findSpots finds where figures stand and what lies above.
func (s *figureSource) findSpots() {
	s.spots = spots{at: map[uint64]int32{}, folded: map[uint64]uint64{}, finer: map[finerAt][]uint16{}}
	for i := range s.dims {
		s.width = append(s.width, uint8(bits.Len(uint(len(s.codes[i])-1))))
	}
	s.timeBy = map[models.Period]int32{}
	for _, f := range s.figures {
		t, ok := s.timeBy[f.when]
		if !ok {
			t = int32(len(s.periods))
			s.timeBy[f.when] = t
			s.periods = append(s.periods, f.when)
			s.dated = append(s.dated, f.year != 0)
		}
		f.time, f.spot, f.alone = t, s.enter(f.at), true
	}
	s.sortFigures()
	for i, f := range s.figures {
		f.n = int32(i)
		s.spotOf, s.timeOf = append(s.spotOf, f.spot), append(s.timeOf, f.time)
		if f.printed != nil && f.covers != "" {
			s.covering = append(s.covering, f)
		}
		if strings.Contains(f.value.status, "B") {
			s.breaking = append(s.breaking, f)
		}
	}
	first := make([]*figure, len(s.periods)) // of the spot at hand, by period
	for _, spot := range s.held {
		have := years(0)
		for _, f := range s.stands[spot] {
			have |= yearSet(f.year)
			if o := first[f.time]; o != nil && o.spot == spot {
				o.alone, f.alone = false, false
			} else {
				first[f.time] = f
			}
		}
		at := slices.Clone(s.stands[spot][0].at)
		s.findOver(spot, s.stands[spot][0].at, 0, at)
		for _, o := range s.over[spot] {
			s.within[o] |= have
		}
		s.findFiner(s.stands[spot][0].at)
	}
	s.findTimes()
	s.flat, s.masks = make([]uint16, len(s.stands)*len(s.dims)), make([]uint64, len(s.stands))
	for _, spot := range s.held {
		for i, n := range s.stands[spot][0].at {
			if s.flat[int(spot)*len(s.dims)+i] = n; n != 0 && s.implied[i] == 0 {
				s.masks[spot] |= 1 << i
			}
		}
	}
	for i := range s.dims {
		s.nests = append(s.nests, slices.ContainsFunc(s.above[i], func(o []uint16) bool { return len(o) > 0 }))
	}
	s.findExact()
}

// sortFigures puts the figures of each spot side by side, by period, for most
// that is asked runs over the years of one corridor after the other.
func (s *figureSource) sortFigures() {
	from := make([]int32, len(s.stands)+1)
	for _, f := range s.figures {
		from[f.spot+1]++
	}
	for spot := range s.stands {
		from[spot+1] += from[spot]
	}
	sorted, next := make([]*figure, len(s.figures)), slices.Clone(from)
	for _, f := range s.figures {
		sorted[next[f.spot]] = f
		next[f.spot]++
	}
	s.figures = sorted
	byStart := func(x, y *figure) int { return int(x.when.Start) - int(y.when.Start) }
	for spot := range s.stands {
		s.held = append(s.held, int32(spot))
		fs := sorted[from[spot]:from[spot+1]:from[spot+1]]
		if s.stands[spot] = fs; !slices.IsSortedFunc(fs, byStart) {
			slices.SortStableFunc(fs, byStart)
		}
	}
}

// findTimes tells apart spots by the periods of their figures, of which there
// are few kinds.
func (s *figureSource) findTimes() {
	s.times, s.undated = make([]int32, len(s.stands)), make([]bool, len(s.stands))
	kinds := map[string]int32{}
	var key []byte
	for _, spot := range s.held {
		key = key[:0]
		for _, f := range s.stands[spot] {
			key = binary.LittleEndian.AppendUint32(key, uint32(f.time))
			s.undated[spot] = s.undated[spot] || f.year == 0
		}
		n, ok := kinds[string(key)]
		if !ok {
			n = s.kinds
			kinds[string(key)] = n
			s.kinds++
		}
		s.times[spot] = n
	}
}

// findExact puts what sums look for side by side: they run over all figures.
func (s *figureSource) findExact() {
	s.briefs = make([]brief, len(s.figures))
	if len(s.figures) > 0 && shownStatus(s.figures[0].value.status) == "" {
		s.common = s.figures[0].value.status
	}
	for i, f := range s.figures {
		v := &f.value
		b := &s.briefs[i]
		b.low, b.high = v.low, v.high
		b.sure = f.alone && (v.known || v.status != "")
		if !v.known || v.status != s.common || len(v.notes) > 0 || v.part != "" || v.n != 1 {
			continue
		}
		b.plain = isPlain
		mark := func(is bool, bit uint8) {
			if is {
				b.plain |= bit
			}
		}
		mark(v.about, isAbout)
		mark(v.estimate, isEstimate)
		mark(v.strict, isStrict)
		mark(v.open, isOpen)
	}
	if len(s.stands)*len(s.periods) > maxExact {
		return
	}
	s.exact = make([]int32, len(s.stands)*len(s.periods))
	for i := range s.exact {
		s.exact[i] = nowhere
	}
	for i := len(s.figures) - 1; i >= 0; i-- {
		s.exact[int(s.spotOf[i])*len(s.periods)+int(s.timeOf[i])] = int32(i)
	}
}

// code is the code of the figures at a spot on a dimension.
func (s *figureSource) code(spot int32, dim int) uint16 { return s.flat[int(spot)*len(s.dims)+dim] }

// first finds the first figure at a spot of exactly a period, given by its number.
func (s *figureSource) first(spot, time int32) int32 {
	if time == nowhere {
		return nowhere
	}
	if s.exact != nil {
		return s.exact[int(spot)*len(s.periods)+int(time)]
	}
	for _, f := range startingIn(s.stands[spot], s.periods[time]) {
		if f.time == time {
			return f.n
		}
	}
	return nowhere
}

// addFigure adds the value of a figure to a sum.
func (s *figureSource) addFigure(sum *value, n int32) {
	b := &s.briefs[n]
	p := b.plain
	if p == 0 || !sum.known || sum.status != s.common {
		sum.add(&s.figures[n].value)
		return
	}
	sum.low += b.low
	sum.high += b.high
	sum.n++
	if p != isPlain {
		sum.about = sum.about || p&isAbout != 0
		sum.estimate = sum.estimate || p&isEstimate != 0
		sum.strict = sum.strict || p&isStrict != 0
		sum.open = sum.open || p&isOpen != 0
	}
}

// findOver enters every coordinate above one, and itself.
func (s *figureSource) findOver(of int32, from []uint16, i int, at []uint16) {
	for i < len(at) && (from[i] == 0 || s.implied[i] != 0) {
		at[i] = 0
		i++
	}
	if i == len(at) {
		n := s.enter(at)
		s.over[of] = append(s.over[of], n)
		return
	}
	at[i] = 0
	s.findOver(of, from, i+1, at)
	at[i] = from[i]
	s.findOver(of, from, i+1, at)
	for _, n := range s.above[i][from[i]] {
		at[i] = n
		s.findOver(of, from, i+1, at)
	}
}

// findFiner notes by which codes figures are broken down beyond a coordinate.
func (s *figureSource) findFiner(at []uint16) {
	coarse := slices.Clone(at)
	for i, n := range at {
		if n == 0 || s.implied[i] != 0 {
			continue
		}
		coarse[i] = 0
		k := finerAt{s.enter(coarse), i}
		coarse[i] = n
		if !slices.Contains(s.finer[k], n) {
			s.finer[k] = append(s.finer[k], n)
		}
	}
}

// years is a set of calendar years, from firstYear on.
type years uint64

const (
	firstYear = 1980
	anyYear   = ^years(0) // of figures whose period is no year of these
)

func yearSet(y int) years {
	if y < firstYear || y >= firstYear+64 {
		return anyYear
	}
	return 1 << (y - firstYear)
}

// nothing reports whether no figure lies at a coordinate or below it.
func (s *figureSource) nothing(spot int32, when models.Period, timed bool) bool {
	if spot == nowhere {
		return true
	}
	have := s.within[spot]
	if y, one := when.CalendarYear(); timed && one {
		return have&yearSet(y) == 0
	}
	return have == 0
}

// timeOfPeriod is the number of a period, nowhere where no figure has it.
func (s *figureSource) timeOfPeriod(p models.Period) int32 {
	if t, ok := s.timeBy[p]; ok {
		return t
	}
	return nowhere
}
