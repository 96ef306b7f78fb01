package query_test

import (
	"context"
	"os"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// BenchmarkFigures answers questions from a workspace named by TIPLENS_BENCH
// that holds published figures such as GLOTIP.
func BenchmarkFigures(b *testing.B) {
	dir := os.Getenv("TIPLENS_BENCH")
	if dir == "" {
		b.Skip("set TIPLENS_BENCH to a workspace folder")
	}
	ws, err := query.OpenWorkspace(dir, false)
	if err != nil {
		b.Fatal(err)
	}
	e, err := ws.Open(context.Background(), datasets.Catalogue(), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	for _, text := range []string{
		"vic_identified by country across year where dataset=glotip",
		"vic_identified by nationality across year where dataset=glotip place=TH",
		"vic_identified by country where dataset=glotip year=2018",
	} {
		s, err := models.ParseSlice(text, e.Catalog())
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				if _, err := e.Ask(context.Background(), s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
