package query_test

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// cubedTrained is the training data of few persons with every cube that a file
// of millions could have, tightTrained with the narrower ones.
var (
	cubedTrained = withCubes(1)
	tightTrained = withCubes(8)
)

func withCubes(share int64) func(testing.TB) *query.Engine {
	open := builtin(func() *datasets.File { return datasets.TrainingFile(fewPersons) })
	return func(t testing.TB) (e *query.Engine) {
		t.Helper()
		query.WithCubes(share, func() { e = open(t) })
		return e
	}
}

// TestPropertyCubes draws slices and asks them of the same records with cubes
// and without: answers, overviews and choices are the same to the letter.
func TestPropertyCubes(t *testing.T) {
	plain := fewTrained(t)
	for name, e := range map[string]*query.Engine{"wide": cubedTrained(t), "narrow": tightTrained(t)} {
		t.Run(name, func(t *testing.T) {
			if len(plain.Cubes()) > 0 || len(e.Cubes()) < 5 {
				t.Fatalf("%d cubes against %d", len(e.Cubes()), len(plain.Cubes()))
			}
			sameOffers(t, plain, e)
			asked, inCubes := 0, 0
			drawn(t, 60, func(t *testing.T, rng *rand.Rand) {
				q := drawQuestion(rng)
				if rng.Intn(4) > 0 {
					q = usual(rng, q)
				}
				text := q.text(q.indicator, pick(rng, []string{"", "", " percent of total", " order value desc top 3"}))
				asked, inCubes = asked+1, inCubes+e.InCubes(t, sliceOf(t, e, text))
				sameAnswers(t, plain, e, text)
				sameAround(t, plain, e, text, pick(rng, drawnAxes).dim)
			})
			if asked >= 50 && inCubes < asked/6 {
				t.Errorf("%d of %d questions were answered from cubes", inCubes, asked)
			}
		})
	}
}

// usual leaves of a question what people ask most: of persons who count once,
// by a few dimensions and whole years.
func usual(rng *rand.Rand, q question) question {
	q.indicator = pick(rng, []string{"vic_identified", "sus_arrested"})
	kept := []string{"year", "place", "nationality", "sex"}
	if q.flow {
		kept = append(kept, "origin", "destination")
	} else {
		kept = append(kept, pick(rng, drawnAxes).dim)
	}
	other := func(dim string) bool { return !slices.Contains(kept, dim) }
	if q.flow = q.flow && !other(q.rows[0].dim) && !other(q.rows[1].dim); !q.flow {
		q.rows = slices.DeleteFunc(slices.Clone(q.rows), func(a axis) bool { return other(a.dim) })
	}
	q.cols = slices.DeleteFunc(slices.Clone(q.cols), func(a axis) bool { return other(a.dim) })
	q.where = nil
	for _, dim := range kept {
		if rng.Intn(3) > 0 || drawnCodes[dim] == "" && dim != "year" || slices.ContainsFunc(q.where, func(f filter) bool { return f.dim == dim }) {
			continue
		}
		f := drawFilter(rng, dim)
		for i := range f.spans {
			f.spans[i].first -= f.spans[i].first % 12
			f.spans[i].n += 11 - (f.spans[i].n+11)%12
		}
		q.where = append(q.where, f)
	}
	return q
}

func sameAnswers(t *testing.T, plain, cubed *query.Engine, text string) {
	t.Helper()
	sameText(t, text, ask(t, plain, text), ask(t, cubed, text))
}

// sameOffers compares what the datasets offer.
func sameOffers(t *testing.T, plain, cubed *query.Engine) {
	t.Helper()
	for _, ds := range plain.Datasets() {
		var offers [2][]models.Offer
		for i, e := range []*query.Engine{plain, cubed} {
			var err error
			if offers[i], err = e.Offers(t.Context(), ds.ID); err != nil || len(offers[i]) == 0 {
				t.Fatal(offers[i], err)
			}
		}
		sameText(t, "offers of "+ds.ID, offers[0], offers[1])
	}
}

// sameAround compares what stands around an answer.
func sameAround(t *testing.T, plain, cubed *query.Engine, text, dim string) {
	t.Helper()
	var overviews []*models.Overview
	var choices []*models.Choices
	for _, e := range []*query.Engine{plain, cubed} {
		o, err := e.Overview(t.Context(), sliceOf(t, e, text))
		if err != nil {
			t.Fatal(err)
		}
		c, err := e.Choices(t.Context(), sliceOf(t, e, text), dim)
		if err != nil {
			t.Fatal(err)
		}
		overviews, choices = append(overviews, o), append(choices, c)
	}
	sameText(t, "overview "+text, overviews[0], overviews[1])
	sameText(t, "choices of "+dim+" for "+text, choices[0], choices[1])
}

func sameText(t *testing.T, what string, plain, cubed any) {
	t.Helper()
	text := []string{spelled(plain), spelled(cubed)}
	if text[0] != text[1] {
		at := 0
		for at < min(len(text[0]), len(text[1])) && text[0][at] == text[1][at] {
			at++
		}
		part := func(s string) string { return s[max(0, at-200):min(len(s), at+200)] }
		t.Errorf("%s: without cubes\n%s\nwith\n%s", what, part(text[0]), part(text[1]))
	}
}

// spelled is all that an answer says; JSON has no infinite bounds.
func spelled(v any) string {
	switch v := v.(type) {
	case *models.Overview:
		o := *v
		o.Answer = nil
		return fmt.Sprintf("%+v %+v", *v.Answer, o)
	case *models.Answer:
		return fmt.Sprintf("%+v", *v)
	case *models.Choices:
		return fmt.Sprintf("%+v", *v)
	}
	return fmt.Sprint(v)
}

// TestCubesOfManySources asks of records of several producers, countries, kinds
// of record and of movement, with years that are not known, codes in several
// spellings, persons with several codes, and figures beside them.
func TestCubesOfManySources(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	var b strings.Builder
	b.WriteString("indicator,agency,reporter,year,place,nationality,origin,destination,flow_kind,sex,exploitation,record_kind,offence_group\n")
	for range 4000 {
		draw := func(of string) string { return pick(rng, strings.Split(of, " ")) }
		fmt.Fprintln(&b, strings.Join([]string{
			draw("vic_identified vic_identified sus_convicted"), draw("INT.CTDC INT.IOM"), draw("KH TH"), draw("2019 2020 2021 2021-05 2020-Q2"), draw("KH TH"),
			draw("KH Cambodia VN Vietnam TH LA"), draw("KH VN LA"), draw("KH TH MY"), draw("outward outward return"), draw("F M female"),
			draw("LAB SEX"), draw("hotline casemgmt"), draw("TIP SEXEX"),
		}, ","))
	}
	records := table{id: "sources", grain: models.Record, csv: b.String()}
	numbers := figures("indicator,agency,year,sex,value\nvic_identified,INT.UNODC,2020,F,12\nvic_identified,INT.UNODC,2020,M,7\n")
	plain := workspace(t, records, numbers)
	var cubed *query.Engine
	query.WithCubes(1, func() { cubed = workspace(t, records, numbers) })
	sameOffers(t, plain, cubed)
	inCubes := 0
	for _, text := range []string{
		"vic_identified", "vic_identified by year", "vic_identified by nationality.group", "vic_identified by nationality", "sus_convicted by year", "sus_convicted",
		"sus_convicted where offence_group=TIP", "sus_convicted by offence_group across sex",
		"vic_identified where nationality=_FOR", "vic_identified where nationality!=_FOR", "vic_identified by place where nationality=_NAT year=2020",
		"vic_identified flow origin to destination", "vic_identified flow origin to destination where flow_kind=return", "vic_identified by flow_kind across origin",
		"vic_identified by origin where destination=TH", "vic_identified by sex across exploitation where year!=2020", "vic_identified by year.month",
		"vic_identified where year=2020-S1", "vic_identified by record_kind", "vic_identified where record_kind=hotline", "vic_identified by reporter across agency",
		"vic_identified by place,nationality across sex where origin=VN,KH", "vic_identified by dataset across year",
	} {
		inCubes += cubed.InCubes(t, sliceOf(t, cubed, text))
		sameAnswers(t, plain, cubed, text)
		for _, dim := range []string{models.DimYear, models.DimNationality, models.DimDestination, models.DimDataset} {
			sameAround(t, plain, cubed, text, dim)
		}
	}
	if inCubes < 15 {
		t.Errorf("%d questions were answered from cubes", inCubes)
	}
}

// TestCubesOnlyWhereWorth: few records, and records that fall into as many
// groups as they are, get no cubes.
func TestCubesOnlyWhereWorth(t *testing.T) {
	if n := len(training(t).Cubes()); n > 0 {
		t.Errorf("the training data have %d cubes", n)
	}
	var e *query.Engine
	rows := records("indicator,agency,year,sex\nvic_identified,INT.CTDC,2019,F\nvic_identified,INT.CTDC,2020,M\nvic_identified,INT.CTDC,2021,F\n")
	query.WithCubes(2, func() { e = workspace(t, rows) })
	if n := len(e.Cubes()); n > 0 {
		t.Errorf("three records have %d cubes", n)
	}
	query.WithCubes(1, func() {
		e = workspace(t, figures("indicator,agency,year,sex,value\nvic_identified,INT.CTDC,2019,F,1\n"))
	})
	if n := len(e.Cubes()); n > 0 {
		t.Errorf("figures have %d cubes", n)
	}
}

// TestCubesThatAreWrong: a cube that does not count all records, or lacks a
// column, is not used.
func TestCubesThatAreWrong(t *testing.T) {
	rows := records("indicator,agency,year,sex\n" + strings.Repeat("vic_identified,INT.CTDC,2019,F\nvic_identified,INT.CTDC,2020,M\n", 50))
	for name, spoil := range map[string]func(*int64, *[]string){
		"":        func(*int64, *[]string) {},
		"records": func(n *int64, _ *[]string) { *n++ },
		"columns": func(_ *int64, c *[]string) { *c = append(slices.Clone(*c), "means") },
	} {
		var e *query.Engine
		query.WithCubes(1, func() { e = workspace(t, rows) })
		e.SpoilCubes(spoil)
		s := sliceOf(t, e, "vic_identified by sex")
		if got := e.InCubes(t, s) > 0; got != (name == "") {
			t.Errorf("%q: used is %v", name, got)
		}
		if c := cellAt(t, ask(t, e, "vic_identified by sex"), "F"); c.Value != 50 {
			t.Errorf("%q: %v", name, c)
		}
	}
}
