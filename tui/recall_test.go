package tui

import (
	"fmt"
	"testing"
)

// TestRecallIsBounded: what is remembered is bounded by count and by numbers,
// the oldest goes first, and the last stays however large.
func TestRecallIsBounded(t *testing.T) {
	var r recall[int]
	for i := range 3 * maxAnswers {
		r.put(fmt.Sprint(i), i, 10)
	}
	if _, old := r.get("0"); old || len(r.m) != maxAnswers || len(r.keys) != maxAnswers || r.size != 10*maxAnswers {
		t.Errorf("%d answers of %d numbers are remembered", len(r.m), r.size)
	}
	r.put("large", 1, maxNumbers-5*10)
	r.put("large", 2, maxNumbers-5*10) // asked again
	if v, ok := r.get("large"); !ok || v != 2 || len(r.m) != 6 || r.size != maxNumbers {
		t.Errorf("beside a large answer %d with %d numbers are remembered", len(r.m), r.size)
	}
	r.put("larger", 3, 2*maxNumbers)
	if v, ok := r.get("larger"); !ok || v != 3 || len(r.m) != 1 || r.size != 2*maxNumbers {
		t.Errorf("the last answer is not remembered alone: %d", len(r.m))
	}
}
