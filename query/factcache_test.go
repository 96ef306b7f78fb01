package query

import (
	"fmt"
	"slices"
	"testing"
)

// TestFactCacheIsBounded remembers the figures asked for last, up to a number.
func TestFactCacheIsBounded(t *testing.T) {
	of := func(n int) []*figureSource { return []*figureSource{{figures: make([]*figure, n)}, {}} }
	var c factCache
	for i := range 4 {
		c.keep(fmt.Sprint(i), of(maxFigures/4))
	}
	if _, ok := c.figures.find("0"); !ok || c.figures.held != maxFigures {
		t.Fatalf("%d figures are held, with the first %v; all fit", c.figures.held, ok)
	}
	c.keep("4", of(1))
	if want := []string{"2", "3", "0", "4"}; !slices.Equal(c.figures.order, want) || c.figures.held != maxFigures/4*3+1 {
		t.Fatalf("%v are held, %d figures; want %v", c.figures.order, c.figures.held, want)
	}
	c.keep("5", of(maxFigures))
	if _, ok := c.figures.find("4"); ok || !slices.Equal(c.figures.order, []string{"5"}) || c.figures.held != maxFigures || len(c.figures.m) != 1 {
		t.Fatalf("%v are held, %d figures; want only the largest", c.figures.order, c.figures.held)
	}
	if _, ok := c.figures.find("5"); !ok {
		t.Fatal("what was read last is forgotten")
	}
}

// TestFigureWords takes apart what the database puts together: codes that take
// no room at all, and more than fit into one word.
func TestFigureWords(t *testing.T) {
	f := &file{dict: map[string][]entry{}}
	var cols []string
	for i := range 20 {
		c := fmt.Sprint("c", i)
		f.dict[c] = make([]entry, []int{1, 1, 2, 300, 60_000}[i%5])
		cols = append(cols, c)
	}
	w := f.codeWords(cols)
	if w.words < 2 || len(w.sql()) != w.words {
		t.Fatalf("%d words, want several", w.words)
	}
	for _, way := range []func(n int) int{func(n int) int { return 0 }, func(n int) int { return n - 1 }, func(n int) int { return n / 3 }} {
		words, want := make([]int64, w.words), make([]int, len(cols))
		row := make([]any, w.words)
		for i, p := range w.parts {
			want[i] = way(len(f.dict[p.column]))
			words[p.word] += int64(want[i]) << p.shift
		}
		for i, n := range words {
			row[i] = n
		}
		got := make([]int, len(cols))
		if w.unpack(row, got); !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	if one := f.codeWords(cols[:2]); one.words != 1 || one.sql()[0] != "0::BIGINT" {
		t.Errorf("codes that take no room are %d words: %v", one.words, one.sql())
	}
}
