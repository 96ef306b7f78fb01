package query_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

func overview(t testing.TB, e *query.Engine, text string) *models.Overview {
	t.Helper()
	s, err := models.ParseSlice(text, e.Catalog())
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	o, err := e.Overview(context.Background(), s)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return o
}

// TestPropertyOverview draws filters and counts every value of every facet
// again, under all filters but the facet's own; and the answer by that
// dimension shows the same rows.
func TestPropertyOverview(t *testing.T) {
	e := fewTrained(t)
	drawn(t, 40, func(t *testing.T, rng *rand.Rand) {
		indicator := pick(rng, drawnIndicators)
		where := drawFilters(rng, rng.Intn(4))
		q := question{indicator: indicator, where: where}
		text := q.text(indicator, "")
		o := overview(t, e, text)
		counted := q.count(t, indicator)
		if len(counted) == 0 && o.Empty == "" {
			t.Errorf("%s: nobody is counted, and the overview does not say so", text)
		}
		for i := range o.Glances {
			g := &o.Glances[i]
			agency := g.Source.Agency
			if len(counted) > 0 && !exactly(counted.at(agency, "")).is(g.Figure) {
				t.Errorf("%s: %s: %s, counted %v", text, agency, g.Figure.Text(), counted.at(agency, ""))
			}
			checkYears(t, q, g)
			for k := range g.Facets {
				checkFacet(t, e, q, g, &g.Facets[k], rng.Intn(6) == 0)
			}
		}
		for agency := range counted {
			if !slices.ContainsFunc(o.Glances, func(g models.Glance) bool { return g.Source.Agency == agency }) {
				t.Errorf("%s: %s has no glance", text, agency)
			}
		}
	})
}

// others are the filters that a facet obeys.
func (q question) others(dim string) question {
	q.where = slices.DeleteFunc(slices.Clone(q.where), func(f filter) bool { return f.dim == dim })
	return q
}

func checkFacet(t *testing.T, e *query.Engine, q question, g *models.Glance, f *models.Facet, asked bool) {
	t.Helper()
	agency, ax := g.Source.Agency, axis{f.Axis.Dim, f.Axis.Level}
	if _, known := drawnCodes[ax.dim]; !known && ax.dim != "year" {
		return // the file's own, of which the counter knows nothing
	}
	by := q.others(ax.dim)
	by.rows = []axis{ax}
	counted := by.count(t, q.indicator)
	want := counted.sides(agency, 0, 1)
	var got []string
	for _, v := range f.Values {
		code := v.Code
		if code == "" {
			code = "KH" // of whom only the country is known
		}
		got = append(got, code)
		if !exactly(counted.at(agency, code)).is(v.Cell) {
			t.Errorf("%s: %s: facet %s: %s is %s, counted %v", q.text(q.indicator, ""), agency, ax, code, v.Cell.Text(), counted.at(agency, code))
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %s: facet %s: %q are too many, %q are missing", q.text(q.indicator, ""), agency, ax, without(got, want), without(want, got))
	}
	unstated := counted.at(agency, "_U")
	if ax.dim == "place" {
		unstated += counted.at(agency, "KH")
	}
	if all := counted.at(agency, "_T"); all > 0 && !near(f.Unstated, unstated/all) {
		t.Errorf("%s: %s: facet %s: %v not stated, counted %v of %v", q.text(q.indicator, ""), agency, ax, f.Unstated, unstated, all)
	}
	if !asked || len(want) == 0 {
		return
	}
	a := ask(t, e, by.text(q.indicator, ""))
	b := blockOf(t, by.text(q.indicator, ""), a, agency)
	for r, h := range b.Rows[:len(b.Rows)-1] {
		if i := slices.IndexFunc(f.Values, func(v models.FacetValue) bool { return v.Label == h.Labels[0] }); i < 0 || f.Values[i].Text() != b.Cells[r][0].Text() {
			t.Errorf("%s: %s is not what the facet shows", by.text(q.indicator, ""), h.Labels[0])
		}
	}
}

// checkYears counts the years again, and the last one asked for against the
// one before.
func checkYears(t *testing.T, q question, g *models.Glance) {
	t.Helper()
	by := q.others("year")
	by.cols = []axis{{"year", ""}}
	counted := by.count(t, q.indicator)
	for _, y := range g.Years {
		if !exactly(counted.at(g.Source.Agency, y.Year)).is(y.Cell) {
			t.Errorf("%s: %s: %s is %s, counted %v", q.text(q.indicator, ""), g.Source.Agency, y.Year, y.Cell.Text(), counted.at(g.Source.Agency, y.Year))
		}
	}
	if ch := g.Change; ch.Difference.HasValue() {
		now, was := counted.at(g.Source.Agency, ch.Year), counted.at(g.Source.Agency, ch.Before)
		if !exactly(now-was).is(ch.Difference) || was > 0 && !exactly(100*(now-was)/was).is(ch.Percent) {
			t.Errorf("%s: %s: the change is %q, counted %v and %v", q.text(q.indicator, ""), g.Source.Agency, ch.Text(), now, was)
		}
	}
}

// TestPropertyFigureFacets lists for published figures which codes have some,
// and holds the numbers of figures to the publisher's file.
func TestPropertyFigureFacets(t *testing.T) {
	p := publishedPrinted(t)
	e := p.engine
	seen := map[string]bool{}
	for _, r := range p.rows {
		if seen[r.indicator] {
			continue
		}
		seen[r.indicator] = true
		for _, year := range []string{"", "2025", "2016"} {
			text := r.indicator
			if year != "" {
				text += " where year=" + year
			}
			o := overview(t, e, text)
			for i := range o.Glances {
				g := &o.Glances[i]
				for _, f := range g.Facets {
					if !f.Figures {
						t.Errorf("%s: figures are counted as records", text)
					}
					for _, v := range f.Values {
						if f.Axis.Dim == models.DimYear || f.Axis.Dim == models.DimPlace || v.Code == "" {
							continue // a figure without a place is its country's
						}
						n := 0
						for _, other := range p.rows {
							if other.indicator != r.indicator || other.agency != g.Source.Agency || other.scope != g.Source.Scope || !inYear(other, year) {
								continue
							}
							if c := other.dims[f.Axis.Dim]; c != "" && (c == v.Code || e.Catalog().Under(f.Axis.Dim, c, v.Code, g.Home)) {
								n++
							}
						}
						if v.Figures != n || v.Cell.HasBounds() {
							t.Errorf("%s: %s: %s %s has %d figures, the file has %d", text, g.Source.Agency, f.Axis.Dim, v.Code, v.Figures, n)
						}
					}
				}
			}
		}
	}
}

func inYear(r printed, year string) bool {
	return year == "" || strings.HasPrefix(r.from, year) && strings.HasPrefix(r.to, year)
}

// TestOverviewOfArrests: what is known of the arrests of 2025 at a glance.
func TestOverviewOfArrests(t *testing.T) {
	o := overview(t, published(t), "sus_arrested where agency=KH.NCCT year=2025")
	if len(o.Glances) != 1 || o.Glances[0].Figure.Text() != "209" {
		t.Fatalf("the overview is %+v", o.Glances)
	}
	var facets []string
	for _, f := range o.Glances[0].Facets {
		for _, v := range f.Values {
			facets = append(facets, fmt.Sprintf("%s %s %d", f.Axis.Dim, v.Code, v.Figures))
		}
	}
	for _, want := range []string{"nationality CN 1", "nationality TH 1", "nationality _FOR 3", "sex F 1", "year 2025 5"} {
		if !slices.Contains(facets, want) {
			t.Errorf("%q is missing among %q", want, facets)
		}
	}
}

// TestOverviewOfNothing: where no record meets the filters the facets still
// show what each filter alone keeps away.
func TestOverviewOfNothing(t *testing.T) {
	o := overview(t, fewTrained(t), "vic_identified where nationality=KE sex=TF")
	if o.Empty == "" || len(o.Glances) != 1 {
		t.Fatalf("it is %q with %d sources", o.Empty, len(o.Glances))
	}
	values := map[string]int{}
	for _, f := range o.Glances[0].Facets {
		values[f.Axis.Dim] = len(f.Values)
	}
	if values["sex"] == 0 || values["place"] != 0 {
		t.Errorf("the facets have %v values", values)
	}
}

// TestOverviewLevels: the rows of a slice name the level of a facet.
func TestOverviewLevels(t *testing.T) {
	e := fewTrained(t)
	codes := func(text string) []string {
		out := map[string]bool{}
		for _, f := range overview(t, e, text).Glances[0].Facets {
			for _, v := range f.Values {
				if f.Axis.Dim == "age" || f.Axis.Dim == "nationality" {
					out[v.Code] = true
				}
			}
		}
		return slices.Sorted(maps.Keys(out))
	}
	if got := codes("vic_identified"); !slices.Contains(got, "Y_GE18") || !slices.Contains(got, "VN") {
		t.Errorf("by default they are %q", got)
	}
	if got := codes("vic_identified by age.band,nationality.group"); !slices.Contains(got, "Y18T24") || !slices.Contains(got, "_FOR") {
		t.Errorf("at the levels named they are %q", got)
	}
}

// TestOverviewProtected: in protected data nobody means zero or a small
// number.
func TestOverviewProtected(t *testing.T) {
	f := datasets.TrainingFile(500)
	fit := datasets.FindRecipe(f, datasets.BuiltinRecipes())
	e, err := query.OpenMemory(context.Background(), datasets.Catalogue(), query.Fill{Extra: fit.Recipe.Extra(), Rows: func(w *query.Writer) (models.Dataset, error) {
		_, err := f.Load(context.Background(), fit, datasets.Catalogue(), w, nil)
		ds := fit.Recipe.Dataset
		ds.Protected = "groups of fewer than 10 were removed"
		return ds, err
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if g := overview(t, e, "vic_identified where sex=F").Glances[0]; g.None.Text() != "*" || !g.Figure.HasValue() {
		t.Errorf("a value that does not occur holds %q, the figure is %q", g.None.Text(), g.Figure.Text())
	}
	if g := overview(t, e, "vic_identified where nationality=VN sex=TF").Glances[0]; g.Figure.Text() != "*" {
		t.Errorf("where nothing is known to occur the figure is %q", g.Figure.Text())
	}
}
