package query_test

import (
	"context"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// TestChoicesKeepCountsApart: a code that records and figures carry has two
// counts, which are never added.
func TestChoicesKeepCountsApart(t *testing.T) {
	fill := func(f *datasets.File) query.Fill {
		fit := datasets.FindRecipe(f, datasets.BuiltinRecipes())
		return query.Fill{Extra: fit.Recipe.Extra(), Rows: func(w *query.Writer) (models.Dataset, error) {
			rep, err := f.Load(context.Background(), fit, datasets.Catalogue(), w, nil)
			if err != nil {
				return models.Dataset{}, err
			}
			ds := fit.Recipe.Dataset
			ds.Rows, ds.Taken, ds.File = rep.Read, rep.Taken, f.Name
			return ds, nil
		}}
	}
	e, err := query.OpenMemory(context.Background(), datasets.Catalogue(), fill(datasets.TrainingFile(2000)), fill(datasets.PublishedFile()))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	s, err := models.ParseSlice("vic_assisted", e.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	find := func(dim, code string) models.Choice {
		t.Helper()
		c, err := e.Choices(context.Background(), s, dim)
		if err != nil {
			t.Fatal(err)
		}
		for _, ch := range c.List {
			if ch.Code == code {
				return ch
			}
		}
		t.Fatalf("%s does not offer %s", dim, code)
		return models.Choice{}
	}
	if c := find(models.DimAgency, "TRAINING"); c.Count < 100 || c.Figures != 0 {
		t.Errorf("TRAINING has %v records and %v figures", c.Count, c.Figures)
	}
	if c := find(models.DimAgency, "ID.KEMLU"); c.Count != 0 || c.Figures != 1 {
		t.Errorf("ID.KEMLU has %v records and %v figures, not one figure", c.Count, c.Figures)
	}
	if c := find(models.DimYear, "2017"); c.Count < 10 || c.Figures != 1 {
		t.Errorf("2017 has %v records and %v figures, not some records and one figure", c.Count, c.Figures)
	}
}
