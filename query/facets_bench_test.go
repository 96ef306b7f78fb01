package query

import (
	"testing"

	"tiplens/models"
)

// BenchmarkFacets looks at a workspace named by TIPLENS_BENCH: all facets of a
// slice, and the first six.
func BenchmarkFacets(b *testing.B) {
	e := benchEngines(b)()
	for _, text := range []string{
		"vic_identified",
		"vic_identified where nationality=VN",
		"vic_identified where nationality=VN year=2020..2025",
		"vic_identified where place=KH-18 sex=F",
		"vic_assisted where nationality=VN",
	} {
		s, err := models.ParseSlice(text, e.Catalog())
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				e.seen = overviewCache{}
				o, err := e.Overview(b.Context(), s)
				if err != nil || len(o.Glances) == 0 {
					b.Fatal(err, o)
				}
			}
		})
		b.Run("six/"+text, func(b *testing.B) { benchSix(b, e, s) })
	}
}

func benchSix(b *testing.B, e *Engine, s models.Slice) {
	a := &asking{cat: e.cat, slice: s, ans: &models.Answer{Slice: s}}
	if err := a.resolve(); err != nil {
		b.Fatal(err)
	}
	f := e.files[0]
	var axes []models.Axis
	for _, d := range facetOrder[:6] {
		axes = append(axes, models.Axis{Dim: d})
	}
	for b.Loop() {
		if _, err := e.recordFacets(b.Context(), f, a, axes, nil); err != nil {
			b.Fatal(err)
		}
	}
}
