package query_test

import (
	"fmt"
	"math/rand"
	"testing"

	"tiplens/models"
	"tiplens/query"
)

// TestPropertySubjects draws slices of subjects that stand in several rows and
// counts them both ways, all cells at once and each total on its own.
func TestPropertySubjects(t *testing.T) {
	e := fewTrained(t)
	drawn(t, 60, func(t *testing.T, rng *rand.Rand) {
		q := drawQuestion(rng)
		text := q.text("vic_assisted", pick(rng, []string{"", " percent of total", " order value desc top 3"}))
		at := ask(t, e, text)
		var one *models.Answer
		query.WithoutMasks(func() { one = ask(t, e, text) })
		sameText(t, text, one, at)
	})
}

// TestSubjectsKeptApart counts by hand: ten persons in one row each, one with a
// row in each of two years, and one with three rows of one year in two
// provinces. Only the rows of the last two are gathered; where they are not
// all there, all rows are.
func TestSubjectsKeptApart(t *testing.T) {
	rows := "indicator,agency,year,subject,place,sex\n"
	for i := range 10 {
		rows += fmt.Sprintf("vic_assisted,KH.MOSVY,2024,single%d,KH-12,F\n", i)
	}
	rows += "vic_assisted,KH.MOSVY,2024,both,KH-12,F\nvic_assisted,KH.MOSVY,2025,both,KH-12,F\n" +
		"vic_assisted,KH.MOSVY,2025,moved,KH-12,M\nvic_assisted,KH.MOSVY,2025,moved,KH-12,M\nvic_assisted,KH.MOSVY,2025,moved,KH-1,M\n"
	for _, spoil := range []int64{0, -1} {
		var e *query.Engine
		query.WithCubes(1, func() { e = workspace(t, records(rows)) })
		e.SpoilAgain(spoil)
		if n, used := e.Again(t, "vic_assisted"); n != 5+spoil || used != (spoil == 0) {
			t.Errorf("%d rows are kept apart, used %v", n, used)
		}
		for _, masks := range []bool{true, false} {
			var a *models.Answer
			get := func() { a = ask(t, e, "vic_assisted by province across year") }
			if get(); !masks {
				query.WithoutMasks(get)
			}
			for codes, want := range map[[2]string]float64{
				{"KH-12", "2024"}: 11, {"KH-12", "2025"}: 2, {"KH-12", models.Total}: 12,
				{"KH-1", "2024"}: 0, {"KH-1", "2025"}: 1, {"KH-1", models.Total}: 1,
				{models.Total, "2024"}: 11, {models.Total, "2025"}: 2, {models.Total, models.Total}: 12,
			} {
				if c := cellAt(t, a, codes[0], codes[1]); c.Value != want {
					t.Errorf("masks %v, spoilt by %d: %v is %v, want %v", masks, spoil, codes, c.Value, want)
				}
			}
		}
	}
}

// TestSubjectsOfOneAgencySpelledTwice: the same person in two rows of one
// agency, whose name is written in two ways, is one.
func TestSubjectsOfOneAgencySpelledTwice(t *testing.T) {
	e := workspace(t, records("indicator,agency,year,subject,sex\n"+
		"vic_assisted,KH.NP,2024,a,F\nvic_assisted,Cambodian National Police,2024,a,F\nvic_assisted,kh.np,2024,b,M\nvic_assisted,KH.NP,2024,c,M\n"))
	for _, masks := range []bool{true, false} {
		var a *models.Answer
		get := func() { a = ask(t, e, "vic_assisted by sex") }
		if get(); !masks {
			query.WithoutMasks(get)
		}
		for sex, want := range map[string]float64{"F": 1, "M": 2, models.Total: 3} {
			if c := cellAt(t, a, sex); c.Value != want || c.Parts != int(want)+map[string]int{"F": 1, models.Total: 1}[sex] {
				t.Errorf("masks %v: %s is %v, want %v", masks, sex, c, want)
			}
		}
	}
}
