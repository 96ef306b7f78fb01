package query_test

import (
	"strings"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
)

// TestPublishedFigures asks for real published figures whose answers were read
// from their documents (I-13).
func TestPublishedFigures(t *testing.T) {
	e := published(t)
	for _, c := range []struct {
		slice string
		codes []string
		want  string
	}{
		{"sus_arrested where year=2025", nil, "209"}, // its parts would make it 258
		{"sus_arrested by sex where year=2025", []string{"F"}, "15"},
		{"sus_arrested by nationality where year=2025", []string{"CN"}, "13"},
		{"sus_arrested by nationality where year=2025", []string{"TH"}, "4"},
		{"sus_arrested by nationality where year=2025", []string{models.Rest}, "192"},
		{"vic_rescued by sex where year=2025", []string{models.Rest}, "362"}, // never called male
		{"tip_tier by year", []string{"2024"}, "3"},
		{"tip_tier by year", nil, ""},
	} {
		a := ask(t, e, c.slice)
		b := a.Blocks[0]
		found := false
		for r, h := range b.Rows {
			at := h.Codes
			if h.Kind == models.RestHeader {
				at = []string{models.Rest}
			}
			if h.Kind == models.TotalHeader {
				at = nil
			}
			if strings.Join(at, " ") == strings.Join(c.codes, " ") {
				found = true
				if got := b.Cells[r][0].Text(); got != c.want {
					t.Errorf("%s %v: %q, want %q", c.slice, c.codes, got, c.want)
				}
			}
		}
		if !found {
			t.Errorf("%s: no row %v", c.slice, c.codes)
		}
	}
}

// TestRefusals checks that a wrong sum gives its rule, its reason and a way
// out that the engine can answer, and no number.
func TestRefusals(t *testing.T) {
	e := published(t)
	for _, c := range []struct{ slice, rules string }{
		{"prv_intercepted_cases + prv_intercepted", "W-01"},
		{"vic_rescued + vic_referred", "W-04"},
		{"sus_arrested + op_persons", "W-12"},
		{"est_forced_scam_workers + vic_rescued", "W-09"},
		{"tip_tier + tip_tier", "W-10"},
		{"ret_nationals + prv_departure_prevented", "W-15"},
	} {
		a := ask(t, e, c.slice)
		var ids []string
		for _, r := range a.Refusals {
			ids = append(ids, r.Rule)
			if len(r.Ways) == 0 || r.Why == "" {
				t.Errorf("%s: %s has no reason or no way out", c.slice, r.Rule)
			}
			for _, w := range r.Ways {
				if _, err := models.ParseSlice(w.Slice, datasets.Catalogue()); err != nil {
					t.Errorf("%s: way out %q: %v", c.slice, w.Slice, err)
				}
			}
		}
		if got := strings.Join(ids, " "); got != c.rules || len(a.Blocks) != 0 {
			t.Errorf("%s: refused by %q with %d blocks, want %q and none", c.slice, got, len(a.Blocks), c.rules)
		}
	}
}
