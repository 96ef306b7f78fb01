package query

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"tiplens/models"
)

// TestSideLines numbers lines of one to four axes, of more codes than the short
// tables hold, and finds each again by its codes.
func TestSideLines(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for axes := range 5 {
		s := newSide(axes)
		want := map[string]uint32{}
		for range 3000 {
			codes := make([]string, axes)
			for i := range codes {
				codes[i] = fmt.Sprint("c", rng.Intn(2*fewEnds))
			}
			n, key := s.of(codes), fmt.Sprint(codes)
			if old, ok := want[key]; ok && old != n {
				t.Fatalf("%s is line %d and line %d", key, old, n)
			}
			want[key] = n
			if got, ok := s.find(codes); !ok || got != n {
				t.Fatalf("%s is line %d, found as %d, %v", key, n, got, ok)
			}
			if axes > 0 && !slices.Equal(s.codes(n), codes) {
				t.Fatalf("line %d has the codes %v, want %v", n, s.codes(n), codes)
			}
		}
		if axes > 0 && s.lines != len(want) {
			t.Errorf("%d axes: %d lines, want %d", axes, s.lines, len(want))
		}
		if n, ok := s.find(repeat(models.Total, axes)); !ok || n != 0 {
			t.Errorf("%d axes: the total is line %d, %v", axes, n, ok)
		}
		if axes > 0 {
			if n, ok := s.find(repeat("none", axes)); ok {
				t.Errorf("%d axes: a code that does not occur is line %d", axes, n)
			}
		}
	}
}

// TestSpotsOfManyDimensions numbers coordinates that do not fit into one word:
// different ones stay apart.
func TestSpotsOfManyDimensions(t *testing.T) {
	const dims, codes = 14, 500
	rng := rand.New(rand.NewSource(1))
	s := &figureSource{dims: make([]string, dims), implied: make([]uint16, dims), prints: make([]printed, 1), above: make([][][]uint16, dims)}
	s.implied[3] = 1
	for range dims {
		s.codes = append(s.codes, make([]string, codes))
	}
	for i := range s.above {
		s.above[i] = make([][]uint16, codes)
	}
	for range 400 {
		at := make([]uint16, dims)
		for i := range at {
			if i < 3 || i > 9 && rng.Intn(4) == 0 {
				at[i] = uint16(rng.Intn(codes))
			}
		}
		at[3] = 1
		s.figures, s.ats = append(s.figures, &figure{when: models.Year(2020), low: 1, high: 1, is: isKnown}), append(s.ats, at...)
	}
	s.findSpots()
	if len(s.folded) == 0 {
		t.Fatal("every coordinate fits into one word, so nothing is tested")
	}
	at := map[string]int32{}
	for _, f := range s.figures {
		key := fmt.Sprint(s.codesAt(f.spot))
		if old, ok := at[key]; ok != (old == f.spot && ok) {
			t.Fatalf("%s is spot %d and spot %d", key, old, f.spot)
		}
		at[key] = f.spot
		open := slices.Clone(s.codesAt(f.spot))
		open[3] = 0 // what all share need not be said
		if got := s.spot(open); got != f.spot {
			t.Fatalf("%s is spot %d, found as %d", key, f.spot, got)
		}
		open[0] = 0
		if s.nothing(point{spot: s.spot(open), when: models.Year(2020), timed: true}) || !s.nothing(point{spot: s.spot(open), when: models.Year(2019), timed: true}) {
			t.Fatalf("above %s: only 2020 has anything", key)
		}
	}
	if len(s.held) != len(at) {
		t.Errorf("%d spots hold figures, want %d", len(s.held), len(at))
	}
	if got := s.spot(repeated16(uint16(codes-1), dims)); got != nowhere {
		t.Errorf("where nothing stands is spot %d", got)
	}
	if got := s.spot(repeated16(codes+1, dims)); got != nowhere {
		t.Errorf("a code that does not exist is spot %d", got)
	}
}

func repeated16(n uint16, times int) []uint16 {
	out := make([]uint16, times)
	for i := range out {
		out[i] = n
	}
	return out
}

// TestGroupPack takes apart what the database puts together, with no year and
// one before the common era among them.
func TestGroupPack(t *testing.T) {
	p := groupPack{parts: []packedPart{{sql: "0"}, {sql: "o", width: 8}, {sql: "y", width: yearWidth, zero: 1 << (yearWidth - 1)}, {sql: "m", width: unitWidth, zero: 1 << (unitWidth - 1)}}}
	p.lay()
	row := make([]int64, len(p.parts))
	for _, want := range [][]int64{{0, 255, 2020, 202012, 7}, {0, 0, noTime, noTime, 1}, {0, 1, -44, -4403, 3}, {0, 17, 9999, 999912, 30_000}} {
		word := want[4]
		for i, part := range p.parts {
			n := want[i] + part.zero
			if want[i] == noTime {
				n = 0
			}
			word = word<<part.width | n
		}
		if p.unpack(word, row); p.count(word) != want[4] || !slices.Equal(row, want[:4]) {
			t.Errorf("%v and %d, want %v", row, p.count(word), want)
		}
		year, none := p.key(2, 3), p.key(1, 1)
		if got := year.of(word); got != word>>unitWidth&(1<<yearWidth-1) || none.of(word) != 0 {
			t.Errorf("the key of the year is %d, that of nothing %d", got, none.of(word))
		}
	}
}
