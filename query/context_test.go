package query_test

import (
	"strings"
	"testing"

	"tiplens/models"
)

// TestContextIsSaid: a number of something else than trafficking says so on
// its card and in the title of its table, once.
func TestContextIsSaid(t *testing.T) {
	e := workspace(t, figures("indicator,agency,year,sex,value\nx_refugees,UNHCR,2023,_T,40\nx_refugees,UNHCR,2024,_T,50\n"))
	for _, slice := range []string{"x_refugees where year=2024", "x_refugees where year=2024 change from previous"} {
		got := card(t, e, slice).Sentence
		if strings.Count(strings.ToLower(got), "context, not trafficking") != 1 || !strings.HasPrefix(got, "INTERNAL, exact: "+models.ContextWords+": ") {
			t.Errorf("%s: the card says %q", slice, got)
		}
	}
	if got := ask(t, e, "x_refugees across year").Title; !strings.HasPrefix(got, models.ContextWords+": ") {
		t.Errorf("the title is %q", got)
	}
}
