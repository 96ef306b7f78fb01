package query

import (
	"context"
	"testing"
	"time"

	"tiplens/datasets"
	"tiplens/models"
)

// BenchmarkRules shows what the rules cost: %rules is their part of the time
// of a whole answer, which is to stay below 10.
func BenchmarkRules(b *testing.B) {
	for _, c := range []struct {
		file  *datasets.File
		slice string
	}{
		{datasets.TrainingFile(datasets.TrainingSize), "vic_identified by province across year where nationality=KH,VN"},
		{datasets.TrainingFile(datasets.TrainingSize), "sus_convicted / sus_arrested by sex across year"},
		{datasets.TrainingFile(datasets.TrainingSize), "vic_identified[sex=F] + vic_identified[sex=M] by age.band"},
		{datasets.TrainingFile(datasets.TrainingSize), "vic_identified[sex=F] + vic_identified"},
		{datasets.PublishedFile(), "sus_arrested by nationality where year=2025"},
		{datasets.PublishedFile(), "sus_arrested + op_persons where year=2025"},
	} {
		e := openFile(b, c.file)
		s, err := models.ParseSlice(c.slice, e.Catalog())
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.slice, func(b *testing.B) { benchRules(b, e, s) })
		e.Close()
	}
}

func openFile(b *testing.B, file *datasets.File) *Engine {
	fit := datasets.FindRecipe(file, datasets.BuiltinRecipes())
	e, err := OpenMemory(b.Context(), datasets.Catalogue(), Fill{
		Extra: fit.Recipe.Extra(),
		Rows: func(w *Writer) (models.Dataset, error) {
			_, err := file.Load(context.Background(), fit, datasets.Catalogue(), w, nil)
			return fit.Recipe.Dataset, err
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	return e
}

// benchRules times whole answers, and on the side the rules alone on the same
// question, once found and once answered.
func benchRules(b *testing.B, e *Engine, s models.Slice) {
	question, answer := found(b, e, s), found(b, e, s)
	if answer.check(onQuestion); !answer.ans.Refused() {
		answer.sources()
		answer.join()
		answer.assemble()
	}
	whole, rules := time.Duration(0), time.Duration(0)
	for b.Loop() {
		start := time.Now()
		if _, err := e.Ask(b.Context(), s); err != nil {
			b.Fatal(err)
		}
		asked := time.Now()
		question.ans.Refusals, question.ans.Warnings, question.ans.Footnotes = nil, nil, nil
		question.check(onQuestion)
		if !question.ans.Refused() {
			answer.ans.Warnings = nil
			answer.check(onAnswer)
		}
		whole, rules = whole+asked.Sub(start), rules+time.Since(asked)
	}
	b.ReportMetric(float64(rules.Microseconds())/float64(b.N), "µs-rules/op")
	b.ReportMetric(100*float64(rules)/float64(whole), "%rules")
}

// found is a question of which the data are read and no rule has run.
func found(b *testing.B, e *Engine, s models.Slice) *asking {
	a := &asking{cat: e.cat, slice: s, ans: &models.Answer{Slice: s}}
	if err := a.resolve(); err != nil {
		b.Fatal(err)
	}
	if _, err := e.collect(b.Context(), a); err != nil {
		b.Fatal(err)
	}
	a.pair()
	a.title()
	return a
}
