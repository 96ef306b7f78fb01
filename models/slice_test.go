package models_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
)

// catalogue is the real one, with a column that a dataset keeps: such a
// dimension has no code list and takes any text.
func catalogue() *models.Catalog {
	return datasets.Catalogue().With([]*models.Dimension{{ID: "x_line", Name: "Hotline", List: "x_line"}})
}

func parse(t *testing.T, text string) models.Slice {
	t.Helper()
	s, err := models.ParseSlice(text, catalogue())
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return s
}

// Every form of the grammar in doc.go. Want is the one canonical form; where it
// is empty the text is canonical already.
func TestSliceForms(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"one indicator", "vic_identified", ""},
		{"blanks of all kinds", "  vic_identified\n\tby \r\n sex ", "vic_identified by sex"},
		{"words in capitals", "vic_identified BY Sex ACROSS Year WHERE Sex=f PERCENT OF ROW ORDER VALUE DESC TOP 3",
			"vic_identified by sex across year where sex=F percent of row order value desc top 3"},
		{"indicator by name", `"Identified victims"`, "vic_identified"},
		{"indicator in capitals", "VIC_IDENTIFIED", "vic_identified"},

		{"sum", "vic_presumed+vic_sheltered", "vic_presumed + vic_sheltered"},
		{"sum of three", "vic_presumed + vic_sheltered + vic_rescued", ""},
		{"ratio", "vic_referred/vic_identified", "vic_referred / vic_identified"},
		{"side by side", "vic_presumed ;vic_identified; vic_assisted", "vic_presumed ; vic_identified ; vic_assisted"},
		{"range", "range vic_presumed,vic_sheltered", "range vic_presumed, vic_sheltered"},
		{"range of three", "range vic_presumed, vic_sheltered, vic_rescued", ""},
		{"share", "share sex=F of vic_rescued", ""},
		{"share of several terms", "share sex=F age=Y0T17 of vic_rescued where year=2025", ""},
		{"the parts keep their order", "vic_sheltered + vic_presumed", ""},
		{"filters of a part", "vic_presumed[agency=ID.KEMLU] + vic_sheltered[agency=ID.KEMENSOS] where year=2012..2016", ""},
		{"several filters of a part", "range vic_presumed[year=2016 agency=ID.KEMLU], vic_sheltered by sex",
			"range vic_presumed[agency=ID.KEMLU year=2016], vic_sheltered by sex"},
		{"filter of a ratio", "vic_identified[age=Y0T17] / vic_identified", ""},

		{"flow", "vic_identified flow origin to destination", ""},
		{"flow to the place of exploitation", "vic_identified flow origin to exploitation", "vic_identified flow origin to destination"},
		{"flow with its stops", "vic_identified flow origin VIA transit to exploitation where year=2024 top 5",
			"vic_identified flow origin via transit to destination where year=2024 top 5"},
		{"flow with stops at a level", "vic_identified flow recruitment.province via transit.province to destination", ""},
		{"flow with levels", "vic_identified flow origin.province to destination.country", ""},
		{"flow from recruitment", "vic_identified flow recruitment.province to return.province", ""},
		{"flow over transit", "vic_identified flow transit to identification", ""},
		{"flow by nationality", "vic_identified flow nationality to place", ""},
		{"flow to a level of place", "vic_identified flow origin to province", ""},
		{"flow with rows and columns", "vic_identified flow origin to destination by sex across year top 20", ""},

		{"rows", "vic_identified by sex", ""},
		{"several rows keep their order", "vic_identified by sex,age,nationality", ""},
		{"columns", "vic_identified across year", ""},
		{"level by dot", "vic_identified by place.province across year.month", "vic_identified by province across month"},
		{"level by its own word", "vic_identified by country across quarter", ""},
		{"level of another dimension", "vic_identified by origin.province", ""},
		{"the year is the level of year", "vic_identified across year.year", "vic_identified across year"},
		{"levels in capitals", "vic_identified by Place.Province", "vic_identified by province"},
		{"foreign is a level of nationality", "vic_identified by nationality.foreign", "vic_identified by nationality.group"},
		{"dimension by name", `vic_identified by "Type of exploitation"`, "vic_identified by exploitation"},
		{"dimension by plural", "vic_identified by nationalities", "vic_identified by nationality"},
		{"level after a name", `vic_identified by "Type of exploitation.form"`, "vic_identified by exploitation.form"},

		{"where", "vic_identified where sex=F", ""},
		{"where not", "vic_identified where nationality!=KH", ""},
		{"several values are a set", "vic_identified where nationality=VN,CN,VN", "vic_identified where nationality=CN,VN"},
		{"not stated", "vic_identified where sex=_U", ""},
		{"years", "vic_identified where year=2019..2025", ""},
		{"several spans are a set", "vic_identified where year=2025,2019,2021..2022,2019", "vic_identified where year=2019,2021..2022,2025"},
		{"spans of all kinds", "vic_identified where year=2025-S1,2024-Q3,2023-05,2022-05-31,2019..2020",
			"vic_identified where year=2019..2020,2022-05-31,2023-05,2024-Q3,2025-S1"},
		{"twelve months are a year", "vic_identified where year=2025-01..2025-12", "vic_identified where year=2025"},
		{"not a year", "vic_identified where year!=2020", ""},
		{"year not stated", "vic_identified where year=_U,2020", ""},
		{"a half is a time", "vic_identified where half=2025-S1", "vic_identified where year=2025-S1"},
		{"a month is a time", "vic_identified where month=2025-05", "vic_identified where year=2025-05"},
		{"a province is a place", "vic_identified where province=KH-18", "vic_identified where place=KH-18"},
		{"a group", "vic_identified where destination=ASEAN", ""},
		{"dataset", "vic_identified where dataset=ctdc", ""},
		{"dataset with a blank", `vic_identified where dataset="my file"`, ""},
		{"blanks around signs", `vic_identified where sex = F , M`, "vic_identified where sex=F,M"},
		{"kept column", "vic_identified where x_line=1800", ""},
		{"kept column with signs", `vic_identified where x_line="a=b, \"c\" \\ [d]","+"`, `vic_identified where x_line="+","a=b, \"c\" \\ [d]"`},
		{"kept column with nothing in it", `vic_identified where x_line=""`, ""},
		{"kept column with an escape that is none", `vic_identified where x_line="a\b c"`, `vic_identified where x_line="a\\b c"`},
		{"kept column beyond ASCII", "vic_identified where x_line=ខ្សែ", ""},

		{"percent of row", "vic_identified by sex percent of row", ""},
		{"percent of column", "vic_identified by sex percent of column", ""},
		{"percent of total", "vic_identified by sex percent of total", ""},
		{"change from the previous", "vic_identified across year change from previous", ""},
		{"change from last year", "vic_identified across month change from year", ""},
		{"change from a period", "vic_identified across year change from 2015", ""},
		{"change from a span", "vic_identified across year change from 2012..2016", ""},
		{"order by one column", "vic_identified by sex across year order value in 2024 desc", ""},
		{"order by a nested column", "vic_identified by place across year, sex order value in 2024, F", "vic_identified by place across year,sex order value in 2024,F"},
		{"order by value", "vic_identified by sex order value desc", ""},
		{"order upwards is the usual", "vic_identified by sex order name asc", "vic_identified by sex order name"},
		{"order by code", "vic_identified by sex order code", ""},
		{"change from a year as a filter", "vic_identified by sex change from year=2015", "vic_identified by sex change from 2015"},
		{"change from a place", "vic_identified where place=KH-12 change from place=KH-1", ""},
		{"change from a source", "vic_identified change from agency=KH.NP,KH.NCCT", "vic_identified change from agency=KH.NCCT,KH.NP"},
		{"range over the sources of one", "range vic_identified", ""},
		{"change of corridors, one kind", "vic_identified flow origin to destination where year=2025 change from 2020 only GONE top 5",
			"vic_identified flow origin to destination where year=2025 change from 2020 only gone top 5"},
		{"change of corridors of a group", "vic_identified flow origin to destination change from sex=F,M only new", ""},
		{"order by change", "vic_identified by sex change from 2015 order change desc", ""},
		{"top", "vic_identified by sex top 10", ""},
		{"at", "vic_identified at ncct@3", ""},
		{"at several", "vic_identified at ncct@3,ctdc@12", "vic_identified at ctdc@12,ncct@3"},
		{"clauses in any order", "vic_identified by sex at ncct@3 top 5 order value change from 2015 percent of row",
			"vic_identified by sex percent of row change from 2015 order value top 5 at ncct@3"},
		{"all of it", "vic_identified flow origin to destination by sex across year where agency=KH.NP place=KH nationality=CN,VN sex=F,M " +
			"age=Y0T17 exploitation!=_U x_line=\"a b\" year=2019..2025 percent of total change from previous order value desc top 20 at a@1,b@2", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.want
			if want == "" {
				want = tt.in
			}
			s := parse(t, tt.in)
			if got := s.String(); got != want {
				t.Fatalf("prints\n%s, want\n%s", got, want)
			}
			if again := parse(t, want); !reflect.DeepEqual(s, again) {
				t.Errorf("reading what was printed gives another slice:\n%#v\n%#v", s, again)
			}
		})
	}
}

// The filters have one order: who counts, where, whom, what; time comes last.
func TestSliceFiltersHaveOneOrder(t *testing.T) {
	terms := []string{"agency=KH.NP", "dataset=a", "reporter=KH", "place=KH-1", "nationality=VN", "origin=VN", "destination=KH", "sex=F",
		"age=Y0T17", "exploitation=LAB", "sector=F", "status=FILED", "offence_group=TIP", "record_kind=hotline", "means=DEBT", "recruiter=FAMILY", "year=2025"}
	want := "vic_identified where " + strings.Join(terms, " ")
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		mixed := slices.Clone(terms)
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		in := "vic_identified where " + strings.Join(mixed, " ")
		if got := parse(t, in).String(); got != want {
			t.Fatalf("%s\nprints %s\nwant   %s", in, got, want)
		}
	}
}

// People write names; the slice holds codes.
func TestSliceUnderstandsNames(t *testing.T) {
	for _, tt := range []struct{ name, term, want string }{
		{"English name", `place="Phnom Penh"`, "place=KH-12"},
		{"without its blank", "place=phnompenh", "place=KH-12"},
		{"ISO name", `place="Preah Sihanouk"`, "place=KH-18"},
		{"town's own name of a province", "place=Sihanoukville", "place=KH-18"},
		{"spelling with marks", `place="Kâmpóng Thum"`, "place=KH-6"},
		{"Kompong", `place="kompong thom"`, "place=KH-6"},
		{"Khmer", "place=កណ្តាល", "place=KH-8"},
		{"Khmer with the word for province", "place=ខេត្តកណ្ដាល", "place=KH-8"},
		{"country", `place="Viet Nam"`, "place=VN"},
		{"country in one word", "place=Vietnam", "place=VN"},
		{"country, older name", "origin=Burma", "origin=MM"},
		{"alpha-3", "destination=KHM", "destination=KH"},
		{"Khmer name of a country", "place=កម្ពុជា", "place=KH"},
		{"nationality word", "nationality=Vietnamese", "nationality=VN"},
		{"Khmer as a nationality", "nationality=Khmer", "nationality=KH"},
		{"nationality, several", "nationality=Lao,Thai,Chinese", "nationality=CN,LA,TH"},
		{"foreigners", "nationality=Foreigners", "nationality=_FOR"},
		{"sex by word", "sex=Female", "sex=F"},
		{"sex in Khmer", "sex=ប្រុស", "sex=M"},
		{"age by word", "age=children", "age=Y0T17"},
		{"age band of nobody's list", "age=Y5T9", "age=Y5T9"},
		{"exploitation by name", `exploitation="Forced labour"`, "exploitation=LAB"},
		{"agency by name", `agency="Cambodian National Police"`, "agency=KH.NP"},
		{"not stated, in words", `sex="not stated"`, "sex=_U"},
		{"provinces as people count", "place=KH-12,KH-2,KH-1", "place=KH-1,KH-2,KH-12"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, want := parse(t, "vic_identified where "+tt.term).String(), "vic_identified where "+tt.want; got != want {
				t.Errorf("prints %s, want %s", got, want)
			}
		})
	}
}

// Every error says where and what; a name that is not known comes with up to
// three that are near.
func TestSliceErrors(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		at       string   // the text at which the error points
		say      []string // words of the message
		near     string   // one of the nearest names
	}{
		{"nothing", "", "", []string{"indicator"}, ""},
		{"only blanks", "  ", "", []string{"indicator"}, ""},
		{"unknown indicator", "vic_identifed by sex", "vic_identifed", []string{"vic_identifed"}, "vic_identified"},
		{"unknown dimension in rows", "vic_identified by provinze", "provinze", []string{"provinze"}, "province"},
		{"unknown dimension in a filter", "vic_identified where seks=F", "seks", []string{"seks"}, "sex"},
		{"unknown code", "vic_identified where nationality=Vietnamm", "Vietnamm", []string{"Vietnamm", "nationality"}, "VN (Viet Nam)"},
		{"unknown province", `vic_identified where place="Siem Rep"`, `"Siem Rep"`, []string{"Siem Rep"}, "KH-17 (Siem Reap)"},
		{"unknown clause", "vic_identified by sex tpo 5", "tpo", []string{"tpo"}, "top"},
		{"unknown clause after where", "vic_identified where sex=F oder value", "oder", []string{"oder"}, "order"},
		{"unknown agency", "vic_identified where agency=KH.NCTT", "KH.NCTT", []string{"KH.NCTT"}, "KH.NCCT (National Committee for Counter Trafficking)"},
		{"a province is no nationality", "vic_identified where nationality=KH-1", "KH-1", []string{"nationality"}, ""},
		{"a town stands for its province, and says so", "vic_identified where place=Poipet", "Poipet", []string{"Poipet", "KH-1", "Banteay Meanchey"}, ""},
		{"a name of two provinces", "vic_identified where place=Meanchey", "Meanchey", []string{"Meanchey"}, ""},

		{"repeated key", "vic_identified where sex=F sex=M", "sex=M", []string{"sex", "twice"}, ""},
		{"repeated key under another name", "vic_identified where province=KH-1 place=KH-2", "place=KH-2", []string{"province", "place"}, ""},
		{"repeated key of time", "vic_identified where year=2019 month=2019-05", "month=2019", []string{"year", "month"}, ""},
		{"repeated key in a part", "vic_identified[sex=F sex=M]", "sex=M", []string{"twice"}, ""},
		{"repeated clause", "vic_identified top 3 top 5", "top 5", []string{"top", "twice"}, ""},
		{"axis in rows twice", "vic_identified by sex,sex", "", []string{"sex", "twice"}, ""},
		{"axis in rows and columns", "vic_identified by sex across sex", "", []string{"sex", "twice"}, ""},
		{"axis at two levels", "vic_identified by province across country", "", []string{"place", "twice"}, ""},
		{"axis of a flow", "vic_identified flow origin to destination by origin", "", []string{"origin", "twice"}, ""},
		{"flow via what is no stop", "vic_identified flow origin via recruitment to destination", "recruitment", []string{"via transit"}, ""},
		{"flow via its own end", "vic_identified flow transit via transit to destination", "", []string{"transit", "twice"}, ""},
		{"routes with columns", "vic_identified flow origin via transit to destination across year", "", []string{"routes", "leave out"}, ""},
		{"via too late", "vic_identified flow origin to destination via transit", "via", []string{"comes earlier"}, ""},
		{"flow to itself", "vic_identified flow origin to origin", "", []string{"flow", "two"}, ""},
		{"flow without its other end", "vic_identified flow origin", "", []string{`"to"`}, ""},
		{"flow of what is no place", "vic_identified flow sex to destination", "sex", []string{"sex", "flow"}, ""},
		{"level that is none", "vic_identified by place.district", "place.district", []string{"district", "country, province"}, ""},
		{"level of a flat list", "vic_identified by sex.group", "sex.group", []string{"sex", "no levels"}, ""},

		{"mixing plus and over", "vic_presumed + vic_identified / vic_rescued", "/", []string{"mix"}, ""},
		{"mixing over and plus", "vic_presumed / vic_identified + vic_rescued", "+", []string{"mix"}, ""},
		{"mixing semicolon and plus", "vic_presumed ; vic_identified + vic_rescued", "+", []string{"mix"}, ""},
		{"mixing range and plus", "range vic_presumed + vic_identified", "+", []string{"mix"}, ""},
		{"comma without range", "vic_presumed, vic_identified", ", vic", []string{"range"}, ""},
		{"ratio of three", "vic_presumed / vic_identified / vic_rescued", "/ vic_rescued", []string{"ratio", "two"}, ""},
		{"share of a sum", "share sex=F of vic_presumed + vic_rescued", "+", []string{"mix"}, ""},
		{"share without terms", "share of vic_rescued", "of", []string{"filter"}, ""},
		{"share without its whole", "share sex=F", "", []string{`"of"`}, ""},
		{"sum without its other part", "vic_presumed +", "", []string{"indicator"}, ""},
		{"empty filters of a part", "vic_presumed[]", "]", []string{"filter"}, ""},
		{"filters that are not closed", "vic_presumed[sex=F", "", []string{`"]"`}, ""},

		{"year that is none", "vic_identified where year=20l9", "20l9", []string{"20l9", "2025-Q3"}, ""},
		{"years backwards", "vic_identified where year=2025..2019", "2025..2019", []string{"backwards"}, ""},
		{"three years in one span", "vic_identified where year=2019..2020..2021", "2019..2020..2021", []string{"2019..2020..2021"}, ""},
		{"month thirteen", "vic_identified where month=2025-13", "2025-13", []string{"2025-13"}, ""},
		{"code range that is none", "vic_identified where place=KH-1..KH-5", "KH-1..KH-5", []string{"KH-1..KH-5"}, ""},
		{"change of no kind", "vic_identified flow origin to destination change from 2020 only old", "old", []string{"new, gone, grown or shrunk"}, ""},
		{"change of rows, one kind", "vic_identified by sex change from 2020 only new", "new", []string{"corridors of a flow"}, ""},
		{"change of corridors by sex", "vic_identified flow origin to destination across sex change from 2020 only new", "new", []string{"without by and across"}, ""},
		{"change from a word", "vic_identified change from yesterday", "yesterday", []string{"yesterday", "previous"}, ""},
		{"change without from", "vic_identified change 2015", "2015", []string{`"from"`}, ""},

		{"quote that is not closed", `vic_identified where place="Siem Reap`, `"Siem Reap`, []string{"quote", "not closed"}, ""},
		{"quote closed by an escaped one", `vic_identified where place="a\"`, `"a\"`, []string{"not closed"}, ""},
		{"filter without a value", "vic_identified where sex=", "", []string{"sex"}, ""},
		{"filter that ends in a comma", "vic_identified where sex=F,", "", []string{"sex"}, ""},
		{"filter without a sign", "vic_identified where sex", "sex", []string{"filter"}, ""},
		{"where without filters", "vic_identified where top 5", "top", []string{"filter"}, ""},
		{"by nothing", "vic_identified by", "", []string{"dimension"}, ""},
		{"by a sign", "vic_identified by =", "=", []string{"dimension"}, ""},

		{"top nought", "vic_identified top 0", "0", []string{"top", "1"}, ""},
		{"top below nought", "vic_identified top -5", "-5", []string{"top"}, ""},
		{"top half", "vic_identified top 2.5", "2.5", []string{"top"}, ""},
		{"top without a number", "vic_identified top", "", []string{"top"}, ""},
		{"top beyond reason", "vic_identified top 99999999999999999999", "9999", []string{"top"}, ""},
		{"percent of what", "vic_identified percent of sex", "sex", []string{"row", "column", "total", "sex"}, ""},
		{"percent row", "vic_identified percent row", "row", []string{`"of"`}, ""},
		{"order by what", "vic_identified order size", "size", []string{"value", "code", "name", "change", "size"}, ""},
		{"version without a number", "vic_identified at ncct", "ncct", []string{"ncct@3"}, ""},
		{"version nought", "vic_identified at ncct@0", "ncct@0", []string{"ncct@0"}, ""},
		{"version in letters", "vic_identified at ncct@x", "ncct@x", []string{"ncct@x"}, ""},
		{"version of no id", "vic_identified at Ncct@1", "Ncct@1", []string{"Ncct@1"}, ""},
		{"version that climbs", "vic_identified at ../x@1", "..", []string{"version"}, ""},
		{"version twice", "vic_identified at ncct@1,ncct@2", "ncct@2", []string{"ncct", "twice"}, ""},
		{"a sign out of place", "vic_identified ! sex", "!", []string{"no meaning"}, ""},
		{"a quoted word out of place", `vic_identified "top" 5`, `"top"`, []string{"no meaning"}, ""},
		{"bytes that are no text", "vic_identified by \xff", "\xff", []string{"no meaning"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := models.ParseSlice(tt.in, catalogue())
			if err == nil {
				t.Fatalf("%s is read as %s", tt.in, s)
			}
			var e *models.SyntaxError
			if !errors.As(err, &e) {
				t.Fatalf("the error is a %T, not a *SyntaxError: %v", err, err)
			}
			if e.Pos < 0 || e.Pos > len(tt.in) || !strings.HasPrefix(tt.in[e.Pos:], tt.at) {
				t.Errorf("the error points at %d of %q, want it at %q", e.Pos, tt.in, tt.at)
			}
			for _, w := range tt.say {
				if !strings.Contains(e.Error(), w) {
					t.Errorf("the error %q does not say %q", e, w)
				}
			}
			if len(e.Near) > 3 {
				t.Errorf("%d names are near, want at most three: %v", len(e.Near), e.Near)
			}
			if tt.near != "" && !slices.Contains(e.Near, tt.near) {
				t.Errorf("near are %v, want %s among them", e.Near, tt.near)
			}
		})
	}
}

// Pins are found without any catalogue, whatever else the slice names.
func TestParsePins(t *testing.T) {
	for text, want := range map[string][]models.Version{
		"vic_identified":           nil,
		"vic_identified at ctdc@2": {{Dataset: "ctdc", N: 2}},
		"nobody_knows by x_kind where x_kind=a,b AT cases@3,np@12":      {{Dataset: "cases", N: 3}, {Dataset: "np", N: 12}},
		"a[x=1] + b[at=at] where at=at at np@1 top 5":                   {{Dataset: "np", N: 1}},
		`vic_identified where note="at np@1"`:                           nil,
		"vic_identified where nationality=AT":                           nil,
		"vic_identified where x=at y@1":                                 nil,
		"vic_identified where nationality=VN,AT top 3 order value desc": nil,
	} {
		if got, err := models.ParsePins(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, bad := range []string{"a at np@0", "a at np@x", "a at np@1,", "a at np@1,np@2", `a at "np@1`, `a at "np@1"`} {
		if got, err := models.ParsePins(bad); err == nil {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}

// Two names of one place are no two ends.
func TestFlowWithinOnePlace(t *testing.T) {
	for text, word := range map[string]string{
		"vic_identified flow identification to place":            "same place",
		"vic_identified flow place to identification":            "same place",
		"vic_identified flow identification.country to province": "same place",
		"vic_identified flow origin to identification by place":  "twice",
		"vic_identified flow exploitation to destination":        "two different ends",
	} {
		if s, err := models.ParseSlice(text, catalogue()); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v, %v; want a sentence with %q", text, s, err, word)
		}
	}
}

// With is how a screen changes a filter: it must not reach into the slice that
// it was called on, or undo would not undo.
func TestSliceWith(t *testing.T) {
	const text = "vic_identified by province where nationality=CN,VN sex=F year=2019..2025"
	s := parse(t, text)
	for _, tt := range []struct {
		name string
		term models.Term
		want string
	}{
		{"replaced", models.Term{Dim: "nationality", Codes: []string{"TH", "LA"}}, "vic_identified by province where nationality=LA,TH sex=F year=2019..2025"},
		{"turned round", models.Term{Dim: "sex", Not: true, Codes: []string{"_U"}}, "vic_identified by province where nationality=CN,VN sex!=_U year=2019..2025"},
		{"added in its place", models.Term{Dim: "place", Codes: []string{"KH-1"}}, "vic_identified by province where place=KH-1 nationality=CN,VN sex=F year=2019..2025"},
		{"removed", models.Term{Dim: "nationality"}, "vic_identified by province where sex=F year=2019..2025"},
		{"time replaced", models.Term{Dim: "year", Spans: []models.Period{models.Year(2024)}}, "vic_identified by province where nationality=CN,VN sex=F year=2024"},
		{"removing what is not there", models.Term{Dim: "age"}, text},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := s.With(tt.term).String(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if s.String() != text {
				t.Fatalf("the slice itself became %s", s)
			}
		})
	}
}

func TestSliceCloneIsDeep(t *testing.T) {
	s := parse(t, "share sex=F of vic_identified[age=Y0T17 year=2019] by province across year where nationality=CN,VN year=2019 at a@1")
	want := s.String()
	c := s.Clone()
	c.Of[0].Codes[0], c.Parts[0].Indicator, c.Parts[0].Where[0].Codes[0] = "M", "vic_rescued", "_U"
	c.Parts[0].Where[1].Spans[0] = models.Year(2000)
	c.By[0].Level, c.Across[0].Level, c.At[0].N = "country", "month", 9
	c.Where[0].Codes[0], c.Where[1].Spans[0] = "LA", models.Year(2000)
	if got := s.String(); got != want {
		t.Errorf("changing a clone changed the slice to %s", got)
	}
}

func TestSliceQueries(t *testing.T) {
	s := parse(t, "vic_identified flow origin to destination by sex across year where nationality=VN")
	if s.Indicator() != "vic_identified" || !s.IsFlow() {
		t.Errorf("Indicator = %q, IsFlow = %v", s.Indicator(), s.IsFlow())
	}
	var dims []string
	for _, a := range s.Axes() {
		dims = append(dims, a.Dim)
	}
	if want := []string{"origin", "destination", "sex", "year"}; !slices.Equal(dims, want) {
		t.Errorf("the axes are %v, want %v", dims, want)
	}
	if term, ok := s.Term("nationality"); !ok || term.String() != "nationality=VN" {
		t.Errorf("the filter on nationality is %v, %v", term, ok)
	}
	if _, ok := s.Term("place"); ok {
		t.Error("there is a filter on place")
	}
	var nothing models.Slice
	if nothing.Indicator() != "" || nothing.IsFlow() || nothing.String() != "" {
		t.Errorf("the zero slice asks %q of %q", nothing, nothing.Indicator())
	}
}

func TestCompareCodes(t *testing.T) {
	ordered := []string{"", "1", "01", "2", "10", "A", "A03", "KH", "KH-1", "KH-2", "KH-10", "KH-12", "KH-25", "LAB", "LAB.DOM", "Y0T8", "Y9T17", "Y10T14", "Y18T20", "_FOR", "_U", "a2", "a2b", "a10", "é"}
	for i, a := range ordered {
		for j, b := range ordered {
			got := models.CompareCodes(a, b)
			if i == j && got != 0 || i < j && got >= 0 || i > j && got <= 0 {
				t.Errorf("CompareCodes(%q, %q) = %d", a, b, got)
			}
		}
	}
}

// randomSlice builds a valid slice from the catalogue: any of its indicators,
// dimensions, levels and codes, in any combination that the grammar has.
func randomSlice(r *rand.Rand, cat *models.Catalog) models.Slice {
	var s models.Slice
	pick := func(ss ...string) string { return ss[r.IntN(len(ss))] }
	indicator := func() string { return cat.Indicators()[r.IntN(len(cat.Indicators()))].ID }
	s.Op = []models.Op{models.One, models.One, models.Sum, models.Ratio, models.Beside, models.Range, models.Part}[r.IntN(7)]
	parts := 1
	switch s.Op {
	case models.Ratio:
		parts = 2
	case models.Sum, models.Beside, models.Range:
		parts = 2 + r.IntN(3)
	case models.Part:
		s.Of = randomTerms(r, cat, 1+r.IntN(2))
	}
	for range parts {
		it := models.Item{Indicator: indicator()}
		if r.IntN(3) == 0 {
			it.Where = randomTerms(r, cat, 1+r.IntN(3))
		}
		s.Parts = append(s.Parts, it)
	}
	used := map[string]bool{}
	if r.IntN(3) == 0 {
		ends := append([]string{"origin", "destination", "place", "nationality", "reporter"}, models.FlowRoles...)
		ends = slices.DeleteFunc(ends, func(e string) bool { return e == "exploitation" }) // printed as destination
		r.Shuffle(len(ends), func(i, j int) { ends[i], ends[j] = ends[j], ends[i] })
		if slices.Contains(ends[:2], "identification") { // the same as place
			ends = slices.DeleteFunc(ends, func(e string) bool { return e == models.DimPlace })
			used[models.DimPlace] = true
		}
		s.From, s.To = randomLevel(r, cat, ends[0]), randomLevel(r, cat, ends[1])
		used[ends[0]], used[ends[1]] = true, true
	}
	axes := func() (out []models.Axis) {
		for range r.IntN(3) {
			d := cat.Dimensions()[r.IntN(len(cat.Dimensions()))]
			if !used[d.ID] {
				used[d.ID] = true
				out = append(out, randomLevel(r, cat, d.ID))
			}
		}
		return out
	}
	s.By, s.Across = axes(), axes()
	if r.IntN(2) == 0 {
		s.Where = randomTerms(r, cat, 1+r.IntN(5))
	}
	s.Percent = models.Base(pick("", "", "row", "column", "total"))
	switch r.IntN(5) {
	case 0:
		s.Change = models.Change{Kind: pick("previous", "year")}
	case 1:
		s.Change = models.Change{Kind: "span", Span: randomPeriod(r)}
	}
	if s.Order.Key = pick("", "value", "code", "name", "change"); s.Order.Key != "" {
		s.Order.Desc = r.IntN(2) == 0
	}
	if r.IntN(3) == 0 {
		s.Top = 1 + r.IntN(1_000_000)
	}
	for _, id := range []string{"a", "ncct-2", "x_9"} {
		if r.IntN(5) == 0 {
			s.At = append(s.At, models.Version{Dataset: id, N: 1 + r.IntN(999)})
		}
	}
	return s
}

func randomLevel(r *rand.Rand, cat *models.Catalog, dim string) models.Axis {
	a := models.Axis{Dim: dim}
	levels := []string{"country", "province"} // of the roles that are no dimensions
	if d := cat.Dimension(dim); d != nil {
		levels = d.Levels
	}
	if len(levels) > 0 && r.IntN(2) == 0 {
		if a.Level = levels[r.IntN(len(levels))]; a.Level == "year" {
			a.Level = "" // the year needs no word for its own level
		}
	}
	return a
}

func randomPeriod(r *rand.Rand) models.Period {
	y, m := 1900+r.IntN(300), 1+r.IntN(12)
	start := models.NewDate(y, m, 1+r.IntN(28))
	switch r.IntN(4) {
	case 0:
		return models.Year(y)
	case 1:
		return models.Period{Start: models.NewDate(y, m, 1), End: models.NewDate(y+r.IntN(3), 12, 31)}
	case 2:
		return models.Period{Start: start, End: start}
	}
	return models.Period{Start: start, End: start + models.Date(r.IntN(2000))}
}

func randomTerms(r *rand.Rand, cat *models.Catalog, n int) []models.Term {
	var out []models.Term
	dims := slices.Clone(cat.Dimensions())
	r.Shuffle(len(dims), func(i, j int) { dims[i], dims[j] = dims[j], dims[i] })
	for _, d := range dims[:n] {
		term := models.Term{Dim: d.ID, Not: r.IntN(4) == 0}
		for range 1 + r.IntN(4) {
			switch {
			case d.ID == models.DimYear && r.IntN(9) > 0:
				term.Spans = append(term.Spans, randomPeriod(r))
			case d.ID == models.DimYear:
				term.Codes = append(term.Codes, models.Unknown)
			default:
				term.Codes = append(term.Codes, randomCode(r, cat, d.ID))
			}
		}
		out = append(out, term)
	}
	return out
}

func randomCode(r *rand.Rand, cat *models.Catalog, dim string) string {
	if cat.Open(dim) { // any text, however unpleasant
		letters := []rune("ab 9\"\\[],=!+/;-_.@ក្ដé\u00a0\n")
		text := make([]rune, r.IntN(6))
		for i := range text {
			text[i] = letters[r.IntN(len(letters))]
		}
		return string(text)
	}
	if dim == models.DimAge && r.IntN(2) == 0 {
		low := r.IntN(90)
		if r.IntN(3) == 0 {
			return fmt.Sprintf("Y_GE%d", low)
		}
		return fmt.Sprintf("Y%dT%d", low, low+r.IntN(30))
	}
	choices := append(cat.Choices(dim), &models.Code{ID: models.Unknown}, &models.Code{ID: models.Other})
	return choices[r.IntN(len(choices))].ID
}

// Any slice that can be asked can be written down, read again and be the same.
func TestRandomSlicesComeBack(t *testing.T) {
	cat := catalogue()
	r := rand.New(rand.NewPCG(20, 25))
	for n := range 5000 {
		s := randomSlice(r, cat)
		text := s.String()
		got, err := models.ParseSlice(text, cat)
		if err != nil {
			t.Fatalf("slice %d: %s\n%v", n, text, err)
		}
		if got.String() != text {
			t.Fatalf("slice %d:\n%s\nprints as\n%s", n, text, got)
		}
		// With of nothing only puts a slice into its canonical order.
		if want := s.With(models.Term{}); !reflect.DeepEqual(got, want) {
			t.Fatalf("slice %d: %s\nis\n%#v, want\n%#v", n, text, got, want)
		}
	}
}

// FuzzParseSlice: no text makes the parser panic, every error is one that a
// screen can place, and what is read prints as something that reads the same.
func FuzzParseSlice(f *testing.F) {
	for _, s := range []string{
		"vic_identified", "vic_identified by province across year where nationality=VN,CN year=2019..2025",
		"vic_identified flow origin.province to destination where year=2024 top 20",
		"vic_presumed[agency=ID.KEMLU] + vic_sheltered[agency=ID.KEMENSOS] where year=2012..2016",
		"range vic_presumed, vic_sheltered", "share sex=F age=Y0T17 of vic_rescued", "vic_referred / vic_identified",
		`vic_identified where x_line="a\"b\\c",_U place=កណ្តាល change from 2019-Q3 order change desc percent of row at a@1,b@2`,
		"vic_identified where year!=2020,_U half=2025-S1", "a ; b", "[]=!+/;,", `"`, "vic_identified by \xff", "\ufffd",
	} {
		f.Add(s)
	}
	cat := catalogue()
	f.Fuzz(func(t *testing.T, text string) {
		s, err := models.ParseSlice(text, cat)
		if err != nil {
			var e *models.SyntaxError
			if !errors.As(err, &e) || e.Pos < 0 || e.Pos > len(text) || e.Msg == "" || len(e.Near) > 3 {
				t.Fatalf("%q gives the error %#v", text, err)
			}
			return
		}
		printed := s.String()
		again, err := models.ParseSlice(printed, cat)
		if err != nil {
			t.Fatalf("%q prints as %q, which is not read: %v", text, printed, err)
		}
		if again.String() != printed {
			t.Fatalf("%q prints as %q and then as %q", text, printed, again)
		}
		if !reflect.DeepEqual(s, again) {
			t.Fatalf("%q\n%#v is read again as\n%#v", text, s, again)
		}
	})
}
