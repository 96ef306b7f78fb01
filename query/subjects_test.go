package query_test

import (
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
