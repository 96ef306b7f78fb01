package query

import (
	"slices"

	"tiplens/models"
)

// A table of 8,000 corridors and 26 years has 200,000 cells. Its rows and
// columns are numbers, so that no cell is looked up by the text of its codes.

// ends numbers the codes of an axis, from 1; 0 stands for all.
type ends struct {
	codes []string
	by    map[string]uint32
}

func newEnds() *ends { return &ends{[]string{models.Total}, map[string]uint32{}} }

// number gives the number of a code, a new one for a new code.
func (e *ends) number(code string) uint32 {
	n, ok := e.by[code]
	if !ok {
		n = uint32(len(e.codes))
		e.codes, e.by[code] = append(e.codes, code), n
	}
	return n
}

func (e *ends) numbers(codes []string) []uint32 {
	out := make([]uint32, len(codes))
	for i, c := range codes {
		out[i] = e.number(c)
	}
	return out
}

// side is what stands on one side of a table: lines, each with a code on each
// axis. They are numbered as they are found; line 0 is the total over all.
type side struct {
	axes  int
	ends  []*ends     // by axis
	steps [][]nextEnd // by axis: from the number of what stands before it
	parts []uint32    // the numbers of the codes of each line, one after the other
	lines int
}

// nextEnd is what follows, by the code on the next axis: where the codes are
// few, as they mostly are, by its number.
type nextEnd struct {
	few  []uint32
	many map[uint32]uint32
}

const fewEnds = 256

func newSide(axes int) *side {
	s := &side{axes: axes, parts: make([]uint32, axes)}
	for range axes {
		s.ends = append(s.ends, newEnds())
		s.steps = append(s.steps, make([]nextEnd, 1))
	}
	return s
}

// like makes an empty side with the same numbers for codes.
func (s *side) like() *side {
	o := newSide(s.axes)
	copy(o.ends, s.ends)
	return o
}

func (n *nextEnd) get(code uint32) uint32 {
	if code < fewEnds {
		if int(code) < len(n.few) {
			return n.few[code]
		}
		return 0
	}
	return n.many[code]
}

func (n *nextEnd) put(code, to uint32) {
	if code >= fewEnds {
		if n.many == nil {
			n.many = map[uint32]uint32{}
		}
		n.many[code] = to
		return
	}
	if int(code) >= len(n.few) {
		few := make([]uint32, min(fewEnds, (int(code)+16)&^15))
		copy(few, n.few)
		n.few = few
	}
	n.few[code] = to
}

// line gives the number of the line with these codes, a new one for a new line.
func (s *side) line(codes []uint32) uint32 {
	at := uint32(0)
	for i, c := range codes {
		to := s.steps[i][at].get(c)
		if to == 0 {
			if i == s.axes-1 {
				s.lines++
				to = uint32(s.lines)
				s.parts = append(s.parts, codes...)
			} else {
				to = uint32(len(s.steps[i+1]))
				s.steps[i+1] = append(s.steps[i+1], nextEnd{})
			}
			s.steps[i][at].put(c, to)
		}
		at = to
	}
	return at
}

// of gives the number of a line by its codes as text, which it enters.
func (s *side) of(codes []string) uint32 {
	numbers := make([]uint32, len(codes))
	for i, c := range codes {
		numbers[i] = s.ends[i].number(c)
	}
	return s.line(numbers)
}

// find looks a line up by its codes.
func (s *side) find(codes []string) (uint32, bool) {
	at, total := uint32(0), true
	for _, c := range codes {
		total = total && c == models.Total
	}
	if total {
		return 0, true
	}
	for i, c := range codes {
		n, ok := s.ends[i].by[c]
		if !ok {
			return 0, false
		}
		if at = s.steps[i][at].get(n); at == 0 {
			return 0, false
		}
	}
	return at, true
}

// numbers are the numbers of the codes of a line.
func (s *side) numbers(line uint32) []uint32 {
	return s.parts[int(line)*s.axes:][:s.axes]
}

func (s *side) number(line uint32, axis int) uint32 { return s.parts[int(line)*s.axes+axis] }

// codes are the codes of a line.
func (s *side) codes(line uint32) []string {
	out := make([]string, s.axes)
	for i, n := range s.numbers(line) {
		out[i] = s.ends[i].codes[n]
	}
	return out
}

// plain reports whether a line stands for codes and not for a total of any.
func (s *side) plain(line uint32) bool {
	for i, n := range s.numbers(line) {
		if n == 0 || s.ends[i].codes[n] == models.Total {
			return false
		}
	}
	return true
}

// all appends the lines of every combination of some codes of each axis, and
// the total.
func (s *side) all(codes [][]uint32, to []uint32) []uint32 {
	to = append(to, 0)
	if s.axes == 0 {
		return to
	}
	if !slices.ContainsFunc(codes, func(c []uint32) bool { return len(c) != 1 }) {
		var few [4]uint32
		one := few[:0]
		for _, c := range codes {
			one = append(one, c[0])
		}
		return append(to, s.line(one))
	}
	one := make([]uint32, s.axes)
	var enter func(i int)
	enter = func(i int) {
		if i == s.axes {
			to = append(to, s.line(one))
			return
		}
		for _, c := range codes[i] {
			one[i] = c
			enter(i + 1)
		}
	}
	enter(0)
	return to
}
