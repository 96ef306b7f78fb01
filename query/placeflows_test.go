package query_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestPlaceFlows holds the card of a place to the persons that the flow has.
func TestPlaceFlows(t *testing.T) {
	e := ways(t)
	for place, want := range map[string]map[string]float64{
		"KH": {"out": 3 + 1, "in": 0, "net": -4, "within": 1, "out_unknown": 0, "in_unknown": 0, "to MY": 2, "to TH": 1, "to CN": 1},
		"TH": {"out": 0, "in": 1, "net": 1, "within": 0, "out_unknown": 0, "in_unknown": 1, "from KH": 1},
	} {
		a, err := e.PlaceFlows(t.Context(), sliceOf(t, e, "vic_identified flow origin to destination where flow_kind=outward"), place)
		if err != nil || len(a.Blocks) != 1 {
			t.Fatalf("%s: %v, %+v", place, err, a)
		}
		b := a.Blocks[0]
		got := map[string]float64{}
		for r, h := range b.Rows {
			key := h.Measure
			if len(h.Codes) > 0 {
				key += " " + h.Codes[0]
			}
			got[key] = b.Cells[r][len(b.Cols)-1].Value
		}
		for key, n := range want {
			if v, ok := got[key]; v != n || !ok {
				t.Errorf("%s: %s is %v, want %v", place, key, v, n)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: rows %v, want %v", place, got, want)
		}
	}
}

// TestPlaceCardSaysWhatItIs: its title has indicator, unit and place, and its
// slice and citation have the versions and the place.
func TestPlaceCardSaysWhatItIs(t *testing.T) {
	e := ways(t)
	a, err := e.PlaceFlows(t.Context(), sliceOf(t, e, "vic_identified flow origin to destination where flow_kind=outward"), "KH")
	if err != nil {
		t.Fatal(err)
	}
	if want := "Identified victims (persons), Cambodia in the flow origin to destination, "; !strings.HasPrefix(a.Title, want) {
		t.Errorf("the title is %q, want %q...", a.Title, want)
	}
	of := a.Sources[0]
	want := fmt.Sprintf("place card of KH of: vic_identified flow origin to destination where flow_kind=outward at %s@%d", of.Dataset, of.Version)
	if got := a.Reopens(); got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if got := a.Cite(time.Now()); len(got) != 1 || !strings.HasSuffix(got[0], "tiplens: "+want) {
		t.Errorf("it is cited as %q", got)
	}
}
