package query_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// table is a small dataset of a test: CSV text of which every column is named
// after the field that it fills.
type table struct {
	id    string
	grain models.Grain
	about string // more lines of the recipe's dataset section
	csv   string
	legs  bool // columns of stops on the way are legs of their rows
}

// figures is a table of published numbers.
func figures(csv string) table { return table{id: "figures", grain: models.Figure, csv: csv} }

// records is a table of persons or cases.
func records(csv string) table { return table{id: "records", grain: models.Record, csv: csv} }

// workspace opens tables in memory, each a dataset of its own.
func workspace(t testing.TB, tables ...table) *query.Engine {
	t.Helper()
	var fills []query.Fill
	for _, tb := range tables {
		fills = append(fills, tb.fill(t))
	}
	e, err := query.OpenMemory(t.Context(), datasets.Catalogue(), fills...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

func (tb table) fill(t testing.TB) query.Fill {
	t.Helper()
	recipe, err := datasets.ParseRecipe([]byte(tb.recipe()), datasets.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), tb.id+".csv")
	if err := os.WriteFile(path, []byte(tb.csv), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := datasets.Open(t.Context(), path, datasets.Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	fit := datasets.FindRecipe(file, []*datasets.Recipe{recipe})
	if fit == nil {
		t.Fatalf("%s: the recipe does not fit", tb.id)
	}
	return query.Fill{
		Extra: recipe.Extra(),
		Rows: func(w *query.Writer) (models.Dataset, error) {
			ds := recipe.Dataset
			rep, err := file.Load(context.Background(), fit, datasets.Catalogue(), w, nil)
			if err == nil {
				ds.Taken = rep.Taken
				for _, f := range rep.Findings {
					if f.Severity >= models.Refused || strings.Contains(f.What, "held") {
						t.Errorf("%s: %+v", tb.id, f)
					}
				}
			}
			return ds, err
		},
	}
}

// recipe maps each column to the field of its name. A dimension without a
// code is a total in a figure.
func (tb table) recipe() string {
	header, _, _ := strings.Cut(tb.csv, "\n")
	var b strings.Builder
	fmt.Fprintf(&b, "recipe: %s\nmatch: {header: [%s]}\ndataset:\n  id: %s\n%sgrain: %s\nfields:\n", tb.id, header, tb.id, tb.about, tb.grain)
	var legs []string
	for col := range strings.SplitSeq(header, ",") {
		if tb.legs && slices.Contains(models.LegDims, col) {
			legs = append(legs, fmt.Sprintf("  - {role: %s, place: {from: %s, split: \";\"}}\n", col, col))
			continue
		}
		none := ""
		if d := datasets.Catalogue().Dimension(col); d != nil && tb.grain == models.Figure && col != models.DimYear && col != models.DimAgency {
			none = ", none: _T"
		}
		fmt.Fprintf(&b, "  %s: {from: %s%s}\n", col, col, none)
	}
	if legs != nil {
		b.WriteString("legs:\n" + strings.Join(legs, ""))
	}
	return b.String()
}
