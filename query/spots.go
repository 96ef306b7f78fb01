package query

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"

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
	listed  sync.Map          // by such a number: the value that lists those periods, once asked
	undated []bool            // by spot: whether some figure is of no calendar year
	within  []years           // by spot: the years of all figures there or broken down further
	over    [][]int32         // by spot with figures: all spots above it, and itself
	held    []int32           // the spots with figures
	from    []int32           // by spot with figures, and one more: its first figure
	finer   map[finerAt][]uint16
	kids    sync.Map  // by finerAt: the children there, once asked
	flat    []uint16  // by spot with figures: the codes there, one after the other
	nests   []bool    // by dimension: whether some code lies under another
	exact   []int32   // by period and spot: the first figure there, or nowhere; nil where that is too much
	settled []float64 // the same: its number where it is bare and alone, else NaN
	repeats bool      // some coordinate has several figures of one period
	common  string    // the status of most figures, where no cell shows it
	masks   []uint64  // by spot with figures: by which dimensions they are broken down, a bit each
	yearOf  []int     // by period: the calendar year that holds it, or 0

	wholeYear []bool // by period: whether it is a calendar year
}

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
	for n, f := range s.figures {
		t, ok := s.timeBy[f.when]
		if !ok {
			t = int32(len(s.periods))
			s.timeBy[f.when] = t
			s.periods = append(s.periods, f.when)
			y, one := f.when.CalendarYear()
			if !one {
				y = 0
			}
			s.yearOf, s.wholeYear = append(s.yearOf, y), append(s.wholeYear, one && f.when == models.Year(y))
		}
		at := s.codesOfRow(n)
		if f.time, f.spot = t, s.enter(at); int(f.spot) == len(s.held) {
			s.held, s.flat = append(s.held, f.spot), append(s.flat, at...)
		}
	}
	s.ats = nil
	s.sortFigures()
	s.markFigures()
	for _, spot := range s.held {
		have, mask := years(0), uint64(0)
		for _, f := range s.stands[spot] {
			have |= yearSet(s.yearOf[f.time])
		}
		s.findOver(spot, s.codesAt(spot), 0, slices.Clone(s.codesAt(spot)))
		for _, o := range s.over[spot] {
			s.within[o] |= have
		}
		s.findFiner(s.codesAt(spot))
		for i, n := range s.codesAt(spot) {
			if n != 0 && s.implied[i] == 0 {
				mask |= 1 << i
			}
		}
		s.masks = append(s.masks, mask)
	}
	s.findTimes()
	for i := range s.dims {
		s.nests = append(s.nests, slices.ContainsFunc(s.above[i], func(o []uint16) bool { return len(o) > 0 }))
	}
	s.findExact()
}

// sortFigures puts the figures of each spot side by side, by period, for most
// that is asked runs over the years of one corridor after the other.
func (s *figureSource) sortFigures() {
	s.from = make([]int32, len(s.stands)+1)
	for _, f := range s.figures {
		s.from[f.spot+1]++
	}
	for spot := range s.stands {
		s.from[spot+1] += s.from[spot]
	}
	sorted, next := make([]figure, len(s.figures)), slices.Clone(s.from)
	for _, f := range s.figures {
		sorted[next[f.spot]] = *f
		next[f.spot]++
	}
	byStart := func(x, y figure) int { return int(x.when.Start) - int(y.when.Start) }
	for spot := range s.stands {
		from, to := s.from[spot], s.from[spot+1]
		if fs := sorted[from:to]; !slices.IsSortedFunc(fs, byStart) {
			slices.SortStableFunc(fs, byStart)
		}
		for n := from; n < to; n++ {
			s.figures[n] = &sorted[n]
		}
		s.stands[spot] = s.figures[from:to:to]
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
			s.undated[spot] = s.undated[spot] || s.yearOf[f.time] == 0
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

// markFigures numbers the figures and notes what sums over them look at.
func (s *figureSource) markFigures() {
	if len(s.prints) > 0 && shownStatus(s.prints[0].status) == "" {
		s.common = s.prints[0].status
	}
	first := make([]*figure, len(s.periods)) // of the spot at hand, by period
	for i, f := range s.figures {
		f.n = int32(i)
		s.spotOf, s.timeOf = append(s.spotOf, f.spot), append(s.timeOf, f.time)
		if o := first[f.time]; o != nil && o.spot == f.spot {
			o.is &^= isAlone
			s.repeats = true
		} else {
			first[f.time], f.is = f, f.is|isAlone
		}
		p := s.prints[f.print]
		if p.covers != "" {
			s.covering = append(s.covering, f)
		}
		if strings.Contains(p.status, "B") {
			s.breaking = append(s.breaking, f)
		}
	}
	for _, f := range s.figures {
		status := s.prints[f.print].status
		if f.is&isKnown != 0 && status == s.common {
			f.is |= isPlain
		}
		if f.is&isAlone != 0 && (f.is&isKnown != 0 || status != "") {
			f.is |= isSure
		}
	}
}

// findExact finds the first figure at each spot of each period.
func (s *figureSource) findExact() {
	if len(s.stands)*len(s.periods) > maxExact {
		return
	}
	s.exact = make([]int32, len(s.stands)*len(s.periods))
	s.settled = make([]float64, len(s.exact))
	for i := range s.exact {
		s.exact[i], s.settled[i] = nowhere, math.NaN()
	}
	for i := len(s.figures) - 1; i >= 0; i-- {
		f := s.figures[i]
		at := s.atTime(f.spot, f.time)
		if s.exact[at] = int32(i); f.is.bare() && f.is&isSure != 0 && f.low == f.high {
			s.settled[at] = f.low
		}
	}
}

// codesAt are the codes of the figures at a spot on each dimension, 0 for total.
func (s *figureSource) codesAt(spot int32) []uint16 {
	return s.flat[int(spot)*len(s.dims):][:len(s.dims):len(s.dims)]
}

func (s *figureSource) code(spot int32, dim int) uint16 { return s.flat[int(spot)*len(s.dims)+dim] }

// atTime is where a spot and a period stand in tables of both. Sums run over the
// spots of one year after the other.
func (s *figureSource) atTime(spot, time int32) int { return int(time)*len(s.stands) + int(spot) }

// first finds the first figure at a spot of exactly a period, given by its number.
func (s *figureSource) first(spot, time int32) int32 {
	if time == nowhere {
		return nowhere
	}
	if s.exact != nil {
		return s.exact[s.atTime(spot, time)]
	}
	for _, f := range startingIn(s.stands[spot], s.periods[time]) {
		if f.time == time {
			return f.n
		}
	}
	return nowhere
}

// addFigure adds the value of a figure to a sum.
func (s *figureSource) addFigure(sum *value, f *figure) {
	if f.is&isPlain == 0 || !sum.known || sum.status != s.common {
		v := s.value(f)
		sum.add(&v)
		return
	}
	sum.addBare(f.low, f.high)
	if !f.is.bare() {
		sum.about = sum.about || f.is&isAbout != 0
		sum.estimate = sum.estimate || f.is&isEstimate != 0
		sum.strict = sum.strict || f.is&isStrict != 0
		sum.open = sum.open || f.is&isOpen != 0
	}
}

// addBare adds a bare number to a sum that has some already.
func (v *value) addBare(low, high float64) {
	v.low += low
	v.high += high
	v.n++
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
func (s *figureSource) nothing(p point) bool {
	if p.spot == nowhere {
		return true
	}
	have := s.within[p.spot]
	if y, one := p.when.CalendarYear(); p.timed && one {
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
