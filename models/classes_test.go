package models_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"tiplens/models"
)

// TestClasses: equal values share a class, classes rise, and each holds about
// as many values as the others where the values allow it.
func TestClasses(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []float64
		breaks []float64
		want   []models.Class
	}{
		{"none", nil, nil, nil},
		{"one", []float64{7}, nil, []models.Class{{Low: 7, High: 7, N: 1}}},
		{"all equal", []float64{3, 3, 3, 3}, nil, []models.Class{{Low: 3, High: 3, N: 4}}},
		{"two", []float64{9, 1}, nil, []models.Class{{Low: 1, High: 1, N: 1}, {Low: 9, High: 9, N: 1}}},
		{"ten", []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, nil, []models.Class{{Low: 1, High: 2, N: 2}, {Low: 3, High: 4, N: 2}, {Low: 5, High: 6, N: 2}, {Low: 7, High: 8, N: 2}, {Low: 9, High: 10, N: 2}}},
		{"many equal", []float64{1, 1, 1, 1, 1, 1, 2, 3, 4, 5}, nil, []models.Class{{Low: 1, High: 1, N: 6}, {Low: 2, High: 3, N: 2}, {Low: 4, High: 5, N: 2}}},
		{"own", []float64{5, 10, 99, 100, 700}, []float64{10, 100, 500, 600}, []models.Class{{Low: 5, High: 5, N: 1}, {Low: 10, High: 99, N: 2}, {Low: 100, High: 100, N: 1}, {}, {Low: 700, High: 700, N: 1}}},
	} {
		got := models.Quantiles(c.values)
		if c.breaks != nil {
			got = models.ByBreaks(c.values, c.breaks)
		}
		if !slices.Equal(got.List, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got.List, c.want)
		}
	}
	r := rand.New(rand.NewPCG(1, 5))
	for range 300 {
		vs := make([]float64, 1+r.IntN(60))
		for i := range vs {
			vs[i] = float64(r.IntN(1 + r.IntN(500)))
		}
		c, n := models.Quantiles(vs), 0
		if len(c.List) > models.MaxClasses {
			t.Fatalf("%d classes of %v", len(c.List), vs)
		}
		for i, k := range c.List {
			n += k.N
			if i > 0 && k.Low <= c.List[i-1].High {
				t.Fatalf("classes overlap: %v", c.List)
			}
		}
		for _, v := range vs {
			k := c.Of(v)
			if k == 0 || v < c.List[k-1].Low || v > c.List[k-1].High {
				t.Fatalf("%g is in class %d of %v", v, k, c.List)
			}
		}
		if n != len(vs) {
			t.Fatalf("%d of %d values have a class", n, len(vs))
		}
	}
}
