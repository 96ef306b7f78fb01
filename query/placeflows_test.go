package query_test

import (
	"testing"
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
