package models_test

import (
	"slices"
	"strings"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
)

// TestReadyFilters: what a ready filter stands for is said in ordinary terms,
// which the slice reads and prints.
func TestReadyFilters(t *testing.T) {
	cat := datasets.Catalogue()
	want := map[string]string{
		"Nationals at home":    "place=KH nationality=KH",
		"Nationals abroad":     "place!=KH,_U nationality=KH",
		"Foreigners here":      "place=KH nationality!=KH,_U",
		"Border with Laos":     "place=KH-13,KH-16,KH-19",
		"Border with Thailand": "place=KH-1,KH-2,KH-9,KH-13,KH-15,KH-22,KH-24",
		"Border with Viet Nam": "place=KH-7,KH-8,KH-10,KH-11,KH-14,KH-16,KH-20,KH-21,KH-25",
		"Border provinces":     "place=KH-1,KH-2,KH-7,KH-8,KH-9,KH-10,KH-11,KH-13,KH-14,KH-15,KH-16,KH-19,KH-20,KH-21,KH-22,KH-24,KH-25",
		"Children":             "age=Y0T17",
		"Women":                "sex=F age=Y_GE18",
		"Boys":                 "sex=M age=Y0T17",
		"Age not stated":       "age=_U",
	}
	seen := map[string]bool{}
	for _, r := range cat.ReadyFilters(false) {
		s := models.Slice{Parts: []models.Item{{Indicator: "vic_identified"}}}
		for _, term := range r.Terms {
			s = s.With(term)
		}
		seen[r.Name] = true
		text := s.String()
		if w := want[r.Name]; w != "" && text != "vic_identified where "+w {
			t.Errorf("%s is %q", r.Name, text)
		}
		if back, err := models.ParseSlice(text, cat); err != nil || back.String() != text {
			t.Errorf("%s: %q is read as %q: %v", r.Name, text, back, err)
		}
		if name := cat.ReadyName(s.Where[0]); strings.HasPrefix(r.Name, "Border") && !strings.EqualFold(name, r.Name) {
			t.Errorf("%s is called %q", r.Name, name)
		}
	}
	for name := range want {
		if !seen[name] {
			t.Errorf("there is no %s", name)
		}
	}
	foreign := cat.ReadyFilters(true)[2]
	if !slices.Equal(foreign.Terms[1].Codes, []string{models.Foreign}) {
		t.Errorf("of figures foreigners are %v", foreign.Terms)
	}
}

// TestValuesOfTerms: values are added to a filter and taken off one by one;
// years that touch are one period, and one taken out of it leaves both sides.
func TestValuesOfTerms(t *testing.T) {
	year := models.Term{Dim: models.DimYear}
	for _, c := range []struct {
		does func(models.Term, string) models.Term
		with string
		want string
	}{
		{models.Term.WithValue, "2020", "year=2020"}, {models.Term.WithValue, "2022", "year=2020,2022"},
		{models.Term.WithValue, "2021", "year=2020..2022"}, {models.Term.WithValue, "_U", "year=_U,2020..2022"},
		{models.Term.Without, "2021", "year=_U,2020,2022"}, {models.Term.Without, "_U", "year=2020,2022"},
		{models.Term.Without, "2020", "year=2022"}, {models.Term.Without, "2022", "year="},
	} {
		if year = c.does(year, c.with); year.String() != c.want {
			t.Errorf("with or without %s it is %s, not %s", c.with, year, c.want)
		}
	}
	sex := models.Term{Dim: models.DimSex}.WithValue("F").WithValue("_U")
	if sex.String() != "sex=F,_U" || !sex.Names("F") || sex.Names("M") || sex.Without("F").String() != "sex=_U" {
		t.Errorf("sex is %s", sex)
	}
}

// TestMeets: a filter takes a code, what lies under it, and members of groups.
func TestMeets(t *testing.T) {
	cat := datasets.Catalogue()
	for _, c := range []struct {
		term, code, home string
		want             bool
	}{
		{"place=KH", "KH-1", "", true}, {"place=KH-1", "KH", "", false}, {"place=ASEAN", "TH", "", true}, {"place=ASEAN", "CN", "", false},
		{"nationality=_FOR", "VN", "KH", true}, {"nationality=_FOR", "KH", "KH", false}, {"nationality=_FOR", "VN", "", false},
		{"nationality=_NAT", "KH", "KH", true}, {"age=Y0T17", "Y9T17", "", true}, {"year=2019..2021", "2020", "", true}, {"year=2020-Q3", "2020", "", false},
	} {
		s, err := models.ParseSlice("vic_identified where "+c.term, cat)
		if err != nil {
			t.Fatal(err)
		}
		if got := cat.Meets(s.Where[0], c.code, c.home); got != c.want {
			t.Errorf("%s takes %s: %v", c.term, c.code, got)
		}
	}
}
