package query_test

import (
	"context"
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// builtin builds the training data or the published figures once.
func builtin(f func() *datasets.File) func(testing.TB) *query.Engine {
	open := sync.OnceValues(func() (*query.Engine, error) {
		file := f()
		fit := datasets.FindRecipe(file, datasets.BuiltinRecipes())
		return query.OpenMemory(context.Background(), datasets.Catalogue(), query.Fill{
			Extra: fit.Recipe.Extra(),
			Rows: func(w *query.Writer) (models.Dataset, error) {
				_, err := file.Load(context.Background(), fit, datasets.Catalogue(), w, nil)
				return fit.Recipe.Dataset, err
			},
		})
	})
	return func(t testing.TB) *query.Engine {
		t.Helper()
		e, err := open()
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
}

var (
	training  = builtin(func() *datasets.File { return datasets.TrainingFile(datasets.TrainingSize) })
	published = builtin(datasets.PublishedFile)
)

// ask answers a slice in its text form.
func ask(t testing.TB, e *query.Engine, text string) *models.Answer {
	t.Helper()
	s, err := models.ParseSlice(text, e.Catalog())
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	a, err := e.Ask(context.Background(), s)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return a
}

// cellAt finds the cell of the only block whose codes are those given, in the
// order of the axes; without codes it is the grand total.
func cellAt(t testing.TB, a *models.Answer, codes ...string) models.Cell {
	t.Helper()
	if len(a.Blocks) != 1 {
		t.Fatalf("%s: %d blocks, refusals %v, empty %q", a.Slice, len(a.Blocks), a.Refusals, a.Empty)
	}
	b := a.Blocks[0]
	for r, h := range b.Rows {
		for c, ch := range b.Cols {
			at := slices.Concat(h.Codes, ch.Codes)
			all := !slices.ContainsFunc(at, func(c string) bool { return c != models.Total })
			if slices.Equal(at, codes) || len(codes) == 0 && all {
				return b.Cells[r][c]
			}
		}
	}
	t.Fatalf("%s: there is no cell %v", a.Slice, codes)
	return models.Cell{}
}

// TestTrainingEffects checks the planted effects and some other numbers of the
// training data against counts made without the program.
func TestTrainingEffects(t *testing.T) {
	f, err := os.Open("../testdata/training/effects.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	e := training(t)
	for _, row := range rows[1:] {
		want, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		a := ask(t, e, row[1])
		if want == 0 && a.Empty != "" {
			continue // no record counts
		}
		var codes []string
		for _, pair := range strings.Fields(row[2]) {
			_, code, _ := strings.Cut(pair, "=")
			codes = append(codes, code)
		}
		if c := cellAt(t, a, codes...); !c.HasValue() || c.Value != want {
			t.Errorf("%s: %s %s is %s, want %v", row[0], row[1], row[2], c.Text(), want)
		}
	}
}
