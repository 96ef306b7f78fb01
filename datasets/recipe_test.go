package datasets

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

func TestBuiltinRecipesAreReadable(t *testing.T) {
	var names []string
	for _, r := range BuiltinRecipes() {
		names = append(names, r.Name)
		if again, err := ParseRecipe([]byte(r.Text), Catalogue()); err != nil || again.Name != r.Name {
			t.Errorf("%s cannot be read from the text it keeps: %v", r.Name, err)
		}
		if r.About == "" || !models.ValidDatasetID(r.Dataset.ID) {
			t.Errorf("%s says nothing about itself, or names no dataset", r.Name)
		}
		ds := r.Dataset
		ds.First, ds.Last = models.NewDate(2019, 1, 1), models.NewDate(2020, 1, 1) // which the rows say
		if miss := ds.Missing(); len(miss) > 0 && r.Name != "htcds" {              // a template: whoever fills it in states the rest
			t.Errorf("%s: the dataset has no %s", r.Name, strings.Join(miss, ", no "))
		}
	}
	if want := []string{"cambodia-migration-commune", "cambodia-migration-district", "ctdc-kanon", "ctdc-vp-synthetic", "htcds", "published-figures",
		"tip-report-flows", "tip-tiers", "training", "undesa-migrant-stock", "undesa-migrant-totals", "unhcr-refugees", "unodc-glotip", "worldpop-flows"}; !slices.Equal(names, want) {
		t.Errorf("the recipes are %v, want %v", names, want)
	}
}

// shelter is a recipe as a person would write it. The tests change a word of
// it and see what is said.
const shelter = `recipe: shelter-list
about: The monthly list of a shelter.
match:
  format: [csv, xlsx]
  header: [Province, Age group, Came on]
dataset:
  id: shelter
  title: Shelter list
  producer: A shelter
grain: record
missing: ["?", none]
skip: {Province: [Example]}
fields:
  indicator: {const: vic_sheltered}
  agency: {const: NGO.UNNAMED}
  reporter: {const: KH}
  date: Came on
  place: {from: Province, values: {Town: KH-12}}
  age: {from: Age group, values: {kid: Y0T17}}
  sex:
    - when: {Women: ["yes"]}
      const: F
    - when: {Women: ["no"]}
      const: M
  exploitation: {flags: {Forced: LAB, Both: LAB+SEX}}
  means: {from: How, split: "/"}
  offence_group: {from: Law, pattern: '^art\. ([A-Z]+)$', none: _O}
  sector: {from: Work, else: {from: Trade, values: {"*": _O}}}
keep: [Room]
drop: [Remarks]
`

func TestRecipeMistakes(t *testing.T) {
	if _, err := ParseRecipe([]byte(shelter), Catalogue()); err != nil {
		t.Fatalf("the recipe itself is not readable: %v", err)
	}
	for _, tt := range []struct {
		name, old, new string
		words          []string
	}{
		{"nothing", shelter, "", []string{"recipe"}},
		{"not YAML", "fields:", "fields: [", []string{"not readable"}},
		{"a tab", "grain: record", "\tgrain: record", []string{"not readable"}},
		{"misspelt key", "missing:", "mising:", []string{"mising"}},
		{"misspelt key of match", "  header:", "  headers:", []string{"headers"}},
		{"misspelt key of the dataset", "  producer:", "  producr:", []string{"producr"}},
		{"misspelt key of a field", "values: {Town", "valeus: {Town", []string{"valeus", "values"}},
		{"misspelt key of a case", "      const: F", "      konst: F", []string{"konst", "const"}},
		{"misspelt key of else", "else: {from: Trade", "else: {form: Trade", []string{"form", "from"}},
		{"key twice", "grain: record", "grain: record\ngrain: figure", []string{"grain"}},
		{"no name", "recipe: shelter-list", "recipe:", []string{"name"}},
		{"name with a blank", "recipe: shelter-list", "recipe: Shelter list", []string{"name", "Shelter list"}},
		{"name that climbs", "recipe: shelter-list", "recipe: ../shelter", []string{"name", "../shelter"}},
		{"no grain", "grain: record\n", "", []string{"shelter-list", "grain", "record", "figure"}},
		{"unknown grain", "grain: record", "grain: person", []string{"grain", "person"}},
		{"no header to know it by", "  header: [Province, Age group, Came on]", "  header: []", []string{"match.header"}},
		{"no indicator", "  indicator: {const: vic_sheltered}\n", "", []string{"indicator"}},
		{"unknown field", "  place: {from: Province", "  provinz: {from: Province", []string{"provinz", "place"}},
		{"field of the program itself", "  date: Came on", "  date: Came on\n  pattern: Came on", []string{"pattern"}},
		{"unknown indicator", "const: vic_sheltered", "const: vic_shelterd", []string{"indicator", "vic_shelterd"}},
		{"unknown agency", "const: NGO.UNNAMED", "const: NGO.NOBODY", []string{"agency", "NGO.NOBODY"}},
		{"unknown code among values", "{Town: KH-12}", "{Town: KH-26}", []string{"place", "KH-26"}},
		{"unknown code of an age", "{kid: Y0T17}", "{kid: Y17T0}", []string{"age", "Y17T0"}},
		{"unknown code of a flag", "Forced: LAB", "Forced: LABOUR", []string{"exploitation", "LABOUR"}},
		{"unknown code in a joined one", "Both: LAB+SEX", "Both: LAB+SAX", []string{"exploitation", "SAX"}},
		{"unknown code in a case", "      const: M", "      const: MALE", []string{"sex", "MALE"}},
		{"unknown code where nothing is stated", "none: _O}", "none: ODD}", []string{"offence_group", "ODD"}},
		{"unknown code in else", `values: {"*": _O}}`, `values: {"*": ODD}}`, []string{"sector", "ODD"}},
		{"unknown dimension to read as", "sector: {from: Work,", "sector: {from: Work, as: trade,", []string{"sector", "trade"}},
		{"bad pattern", `'^art\. ([A-Z]+)$'`, `'^art\. ([A-Z+$'`, []string{"offence_group", "pattern"}},
		{"bad pattern of a leg", "drop: [Remarks]", "legs: [{role: transit, place: {from: Via, pattern: '('}}]", []string{"pattern"}},
		{"unknown role of a leg", "drop: [Remarks]", "legs: [{role: teleport, place: Via}]", []string{"teleport"}},
		{"unknown qualifier", "  date: Came on", "  date: Came on\n  qualifier: {const: roughly}", []string{"qualifier", "roughly"}},
		{"unknown status letter", "  date: Came on", "  date: Came on\n  obs_status: {const: X}", []string{"obs_status", "X"}},
		// A figure without a number would count one; two ends of a range need a number too.
		{"figures without a value", "grain: record", "grain: figure", []string{"value"}},
		{"a bound of a record", "  date: Came on", "  date: Came on\n  bound: {const: lower}", []string{"bound"}},
		// Columns that look like names, phones, documents or birth dates are refused even when they are to be kept (design, section 5).
		{"a name to keep", "keep: [Room]", "keep: [Room, Full name]", []string{"Full name"}},
		{"a document to keep", "keep: [Room]", "keep: [Passport no]", []string{"Passport no"}},
		{"a name as a code", "sector: {from: Work,", "sector: {from: Victim name,", []string{"Victim name"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(shelter, tt.old) {
				t.Fatalf("the recipe does not hold %q", tt.old)
			}
			_, err := ParseRecipe([]byte(strings.Replace(shelter, tt.old, tt.new, 1)), Catalogue())
			if err == nil {
				t.Fatal("no error")
			}
			for _, w := range tt.words {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("the error %q does not say %q", err, w)
				}
			}
		})
	}
}

func parseRecipe(t testing.TB, text string) *Recipe {
	t.Helper()
	r, err := ParseRecipe([]byte(text), Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// loadText loads a table through a recipe, all of it.
func loadText(t testing.TB, recipe, table string) (*memory, *Report) {
	t.Helper()
	f := mustOpen(t, spill(t, "table.csv", []byte(table)), Options{})
	r := parseRecipe(t, recipe)
	return load(t, f, mustFit(t, f, r.Name, r))
}

// Every way in which a recipe makes a field, one row each.
func TestRecipeFields(t *testing.T) {
	const table = `Province,Age group,Came on,Women,Forced,Both,How,Law,Work,Trade,Room,Remarks,Extra
Kampot,kid,2024-05-03,yes,1,0,Debt bondage/Threats,art. TIP,Construction,,12,x,y
Town,adult,2024,no,0,yes,Threats / Threats / ?,art. SEXEX,?,smithy,12,x,y
Example,kid,2024,yes,1,0,,art. TIP,,,,x,y
none,?,,maybe,,,,law 7,,,,x,y
Kampot,30-38,2024-06,YES,TRUE,x,magic,art. TIP,gardening,,"ward ""B""",x,y
`
	m, rep := loadText(t, shelter, table)
	if rep.Read != 5 || rep.Taken != 4 || rep.Skipped != 1 || rep.Held != 0 {
		t.Errorf("read %d, taken %d, skipped %d, held %d", rep.Read, rep.Taken, rep.Skipped, rep.Held)
	}
	for _, tt := range []struct {
		name string
		row  int64
		want map[string]string
	}{
		{"values, flags, split and pattern", 2, map[string]string{"indicator": "vic_sheltered", "agency": "NGO.UNNAMED", "reporter": "KH", "place": "KH-7", "age": "Y0T17", "sex": "F",
			"exploitation": "LAB", "means": "DEBT+THRT", "offence_group": "TIP", "sector": "F", "x_room": "12", "grain": "record", "freq": "DAY", "qualifier": "exact", "obs_status": "A"}},
		{"names of the catalogue and else", 3, map[string]string{"place": "KH-12", "age": "Y_GE18", "sex": "M", "exploitation": "LAB+SEX", "means": "THRT", "offence_group": "SEXEX", "sector": "_O", "freq": "A"}},
		// Nothing stated is unknown in a record; a place nobody stated is known to the country that reports.
		{"nothing stated", 5, map[string]string{"place": "KH", "age": "_U", "sex": "_U", "exploitation": "_U", "means": "_U", "offence_group": "_O", "sector": "_U", "x_room": "_U", "freq": "", "status": "_T"}},
		{"unknown words are Other", 6, map[string]string{"age": "Y30T38", "sex": "F", "exploitation": "LAB+SEX", "means": "_O", "sector": "_O", "x_room": `ward "B"`, "freq": "M"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := m.at(tt.row)
			if len(got) != 1 {
				t.Fatalf("row %d gives %d observations", tt.row, len(got))
			}
			got[0].check(t, tt.want)
		})
	}
	for _, want := range [][]string{
		{"doubt", "How", "magic", "Other"}, {"doubt", "Work", "gardening", "Other"}, {"note", "leaves out", "Example"}, {"note", "Extra", "--keep"},
	} {
		if !slices.ContainsFunc(rep.Findings, func(f models.Finding) bool {
			return string(f.Severity) == want[0] && !slices.ContainsFunc(want[1:], func(w string) bool { return !strings.Contains(f.String(), w) })
		}) {
			t.Errorf("no finding says %v: %v", want, rep.Findings)
		}
	}
	for _, f := range rep.Findings {
		if strings.Contains(f.Column, "Remarks") {
			t.Errorf("the dropped column is reported: %s", f)
		}
		if f.File != "table.csv" {
			t.Errorf("%q does not name the file", f)
		}
	}
}

// The conditions that a recipe can set: one of some words, any word, none, and
// what another column says; all of them at once.
func TestRecipeWhen(t *testing.T) {
	const text = `recipe: when
match: {header: [a, b]}
grain: record
missing: ["?"]
skip: {a: [sum, total]}
fields:
  indicator: {const: vic_identified}
  sex:
    - {when: {a: [x, y], b: z}, const: F}
    - {when: {a: "*", b: ""}, const: M}
    - {when: {a: =b}, const: TF}
    - {when: {nowhere: "*"}, const: TM}
    - {when: {a: ""}, const: NB}
`
	for _, tt := range []struct{ name, a, b, want string }{
		{"one of the words, and the other column's", "x", "z", "F"},
		{"another of the words, in capitals", "Y", "Z", "F"},
		{"only one of two conditions", "x", "q", "_U"},
		{"any word, and none", "q", "", "M"},
		{"a missing mark is none", "q", "?", "M"},
		{"what another column says", "q", "Q", "TF"},
		{"none", "", "q", "NB"},
		{"nothing fits", "p", "q", "_U"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, _ := loadText(t, text, "a,b\n"+tt.a+","+tt.b+"\nTotal,9\n")
			if len(m.rows) != 1 || m.rows[0].codes["sex"] != tt.want {
				t.Errorf("got %v, want %s", m.lines(), tt.want)
			}
		})
	}
}

// figures is a recipe of numbers, for what a number can be.
const figures = `recipe: figures
match: {header: [n, when]}
grain: figure
fields:
  indicator: {const: vic_rescued}
  agency: {const: KH.NCCT}
  value: {from: n, bounds: {few: [1, 4], some: [5, 9]}}
  year: when
missing: ["-"]
`

func TestRecipeNumbers(t *testing.T) {
	m, rep := loadText(t, figures, "n,when\n609,2025\n\"1,282\",2025\n<5,2025\n>=100,2025\nfew,2025\nsome,2025\n0,2025\n,2025\n-,2025\n12.5,2025\nmany,2025\n-3,2025\n7,soon\n8,\n")
	inf, nan := math.Inf(1), math.NaN()
	for _, tt := range []struct {
		row              int64
		value, low, high float64
		status           string
	}{
		{2, 609, nan, nan, "A"}, {3, 1282, nan, nan, "A"}, {4, nan, 1, 4, "A"}, {5, nan, 100, inf, "A"}, {6, nan, 1, 4, "A"}, {7, nan, 5, 9, "A"},
		{8, 0, nan, nan, "A"}, {9, nan, nan, nan, "L"}, {10, nan, nan, nan, "L"}, {11, 12.5, nan, nan, "A"}, {15, 8, nan, nan, "A"},
	} {
		got := m.at(tt.row)
		if len(got) != 1 {
			t.Errorf("row %d gives %d observations", tt.row, len(got))
			continue
		}
		o := got[0]
		same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
		if !same(o.value, tt.value) || !same(o.low, tt.low) || !same(o.high, tt.high) || o.codes["obs_status"] != tt.status {
			t.Errorf("row %d is %v from %v to %v, status %s", tt.row, o.value, o.low, o.high, o.codes["obs_status"])
		}
	}
	if rep.Held != 3 || rep.Taken != 11 {
		t.Errorf("%d rows are held back and %d taken, want 3 and 11", rep.Held, rep.Taken)
	}
	for i, words := range [][]string{{"row 12", "column n", "many", "no number"}, {"row 13", "column n", "-3", "negative"}, {"row 14", "column when", "soon"}} {
		if rep.Findings[i].Severity != models.Held {
			t.Fatalf("the findings are %v", rep.Findings)
		}
		says(t, &rep.Findings[i], words...)
	}
}

// Of a cell that holds several values only the one that is not known is named.
func TestRecipeNamesTheUnknownPart(t *testing.T) {
	const text = "recipe: parts\nmatch: {header: [How, By]}\ngrain: record\nfields:\n  indicator: {const: vic_identified}\n  means: {from: How, split: \"/\"}\n  agency: {from: By, split: \"+\"}\n"
	m, rep := loadText(t, text, "How,By\nThreats/magic/Debt bondage/spells,KH.NP\nmagic,KH.NP\nThreats,KH.NP+nobody\nThreats,nobody\n")
	if rep.Taken != 2 || rep.Held != 2 || !strings.Contains(m.sorted()[0].codes["means"], "+") && !strings.Contains(m.sorted()[0].codes["means"], ";") {
		t.Errorf("%d rows are taken and %d held back: %q", rep.Taken, rep.Held, m.lines())
	}
	var said []string
	for _, fd := range rep.Findings {
		said = append(said, fd.String())
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{`column How: "magic" is not in the code list and counts as Other (2 times)`, `column How: "spells" is not in the code list`,
		`row 4, column By: "KH.NP+nobody" holds "nobody", which is not known`, `row 5, column By: "nobody" `} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not among\n%s", want, all)
		}
	}
	if strings.Contains(all, `"Threats/magic`) {
		t.Errorf("a whole cell is called unknown:\n%s", all)
	}
}

// Of two patterns that fit equally well always the same is taken.
func TestRecipeEquallyGoodPatterns(t *testing.T) {
	const text = "recipe: twice\nmatch: {header: [a, b]}\ngrain: record\nfields:\n  indicator: {from: [a, b], values: {\"x | *\": vic_rescued, \"* | y\": vic_identified, \"* | *\": vic_referred}}\n"
	for range 40 {
		m, _ := loadText(t, text, "a,b\nx,y\nz,y\nz,z\n")
		for i, want := range []string{"vic_rescued", "vic_identified", "vic_referred"} {
			if got := m.sorted()[i].codes["indicator"]; got != want {
				t.Fatalf("row %d counts %s, want %s", i+2, got, want)
			}
		}
	}
}

// What "<5" leaves open differs between publishers: a recipe may say that it can
// be none. Elsewhere it is 1 to 4.
func TestRecipeSaysWhatFewerThanFiveIs(t *testing.T) {
	own := strings.Replace(figures, "few: [1, 4]", `"<5": [0, 4]`, 1)
	for _, tt := range []struct{ name, recipe, want string }{{"the recipe says so", own, "0..4"}, {"nothing said", figures, "1..4"}} {
		m, _ := loadText(t, tt.recipe, "n,when\n<5,2025\n< 5,2025\n<3,2025\n")
		for i, want := range []string{tt.want, tt.want, "1..2"} {
			if got := m.sorted()[i].number(); got != want {
				t.Errorf("%s: row %d is %s, want %s", tt.name, i+2, got, want)
			}
		}
	}
	for _, b := range []string{"[4, 1]", "[-1, 4]"} {
		if _, err := ParseRecipe([]byte(strings.Replace(figures, "[1, 4]", b, 1)), Catalogue()); err == nil || !strings.Contains(err.Error(), `"few"`) {
			t.Errorf("bounds %s: %v, want an error that names them", b, err)
		}
	}
}

// Ages in years are put into bands; the last band is open.
func TestRecipeBands(t *testing.T) {
	const text = "recipe: ages\nmatch: {header: [age, n]}\ngrain: record\nfields:\n  indicator: {const: vic_identified}\n  age: {from: age, bands: [0, 9, 18, 60]}\n"
	for _, tt := range []struct{ in, want string }{
		{"0", "Y0T8"}, {"8", "Y0T8"}, {"9", "Y9T17"}, {"17", "Y9T17"}, {"18", "Y18T59"}, {"59", "Y18T59"}, {"60", "Y_GE60"}, {"120", "Y_GE60"},
		{"child", "Y0T17"}, {"9--17", "Y9T17"}, {"", "_U"},
		{"16.0", "Y9T17"}, {"១៦", "Y9T17"}, // a spreadsheet's number, and Khmer digits (I-11)
		{"121", "_O"}, {"-1", "_O"}, {"16.5", "_O"}, {"about 20", "_O"},
	} {
		m, _ := loadText(t, text, "age,n\n"+tt.in+",1\n")
		if got := m.rows[0].codes["age"]; got != tt.want {
			t.Errorf("the age %q is %s, want %s", tt.in, got, tt.want)
		}
	}
}

// none: says what stands for nothing, for numbers and times as for codes.
func TestRecipeNoneOfPlainFields(t *testing.T) {
	text := strings.Replace(strings.Replace(figures, "year: when", "year: {from: when, none: \"2020\"}", 1), "value: {from: n, bounds: {few: [1, 4], some: [5, 9]}}", "value: {from: n, none: \"0\"}", 1)
	m, _ := loadText(t, text, "n,when\n5,\n,2021\n")
	if got := m.lines(); len(got) != 2 || !strings.Contains(got[0], "= 5 in 2020") || !strings.Contains(got[1], "= 0 in 2021") {
		t.Errorf("got %q", got)
	}
}

// Ends of a range that no number can have hold the row, and say so.
func TestRecipeImpossibleBounds(t *testing.T) {
	text := strings.Replace(figures, "  year: when", "  year: when\n  value_low: low\n  value_high: high", 1)
	m, rep := loadText(t, text, "n,when,low,high\n,2025,3,9\n,2025,9,3\n,2025,-2,3\n,2025,,-1\n,2025,3,\n,2025,x,3\n>=5,2025,,4\n")
	if got := m.lines(); len(got) != 2 || !strings.Contains(got[0], "3..9") || !strings.Contains(got[1], "3..+Inf") || rep.Held != 5 {
		t.Errorf("%d rows are held back, taken are %q", rep.Held, got)
	}
	for i, words := range [][]string{{"row 3", "column low", `"9"`, "highest value, 3"}, {"row 4", "column low", "-2", "negative"}, {"row 5", "column high", "-1", "negative"},
		{"row 7", "column low", "x", "no number"}, {"row 8", "highest value, 4"}} {
		says(t, &rep.Findings[i], words...)
	}
	// The same in two rows.
	m, rep = loadText(t, strings.Replace(figures, "  year: when", "  year: when\n  bound: end", 1), "n,when,end\n9,2025,lower\n3,2025,upper\n5,2024,lower\n")
	if got := m.lines(); len(got) != 1 || rep.Held != 2 || rep.Taken != 1 {
		t.Errorf("%d rows are held back, taken are %q", rep.Held, got)
	}
	says(t, &rep.Findings[0], "row 2", "lower end 9", "upper end 3", "row 3")
	// Figures of which only bounds are given count nobody exactly.
	m, _ = loadText(t, strings.Replace(figures, "  value: {from: n, bounds: {few: [1, 4], some: [5, 9]}}", "  value_low: n\n  value_high: high", 1), "n,when,high\n2,2025,6\n")
	if got := m.sorted()[0].number(); got != "2..6" {
		t.Errorf("a figure from 2 to 6 is %s", got)
	}
}

// Two ends of a range may stand in two rows, in any order, and be far apart.
// They pair only where everything else is the same.
func TestRecipeBounds(t *testing.T) {
	text := strings.Replace(figures, "  year: when", "  year: when\n  bound: end\n  scope: about", 1)
	for _, tt := range []struct {
		name, rows string
		want       []string
	}{
		{"lower first", "3,2025,lower,a\n9,2025,upper,a\n", []string{"3..9"}},
		{"upper first", "9,2025,upper,a\n3,2025,lower,a\n", []string{"3..9"}},
		{"something between", "3,2025,lower,a\n7,2025,,a\n9,2025,upper,a\n", []string{"3..9", "7"}},
		{"of two years", "3,2025,lower,a\n9,2024,upper,a\n", []string{"3..+Inf", "0..9"}},
		{"of two scopes", "3,2025,lower,a\n9,2025,upper,b\n", []string{"3..+Inf", "0..9"}},
		{"two ranges", "3,2025,lower,a\n9,2025,upper,a\n4,2025,lower,a\n8,2025,upper,a\n", []string{"3..9", "4..8"}},
		{"only a lower end", "3,2025,lower,a\n", []string{"3..+Inf"}},
		{"only an upper end", "9,2025,upper,a\n", []string{"0..9"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, rep := loadText(t, text, "n,when,end,about\n"+tt.rows)
			var got []string
			for _, o := range m.sorted() {
				got = append(got, o.number())
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if rep.Taken != rep.Read {
				t.Errorf("%d of %d rows are taken", rep.Taken, rep.Read)
			}
		})
	}
}

// events is a record in which several things happened to one person.
const events = `recipe: events
match: {header: [id, found, helped]}
grain: record
fields:
  agency: {const: KH.NP}
  subject: id
  place: where
observations:
  - when: {found: "*"}
    fields: {indicator: {const: vic_identified}, date: found}
  - when: {helped: "*"}
    fields: {indicator: {const: vic_assisted}, date: helped, agency: {const: KH.MOSVY}}
legs:
  - {role: origin, place: home}
  - {role: transit, place: via}
`

// A record with several dated events becomes several observations with one
// subject (design, section 5).
func TestRecipeEvents(t *testing.T) {
	m, rep := loadText(t, events, "id,found,helped,where,home,via\np1,2024-01-05,2025-02-01,Kampot,Takeo,Thailand\np2,2024-03-01,,Kep,,\np1,,2024-04-01,Kep,,\n,2024-06-01,,Kep,,\np3,,,Kep,Takeo,\n")
	if rep.Read != 5 || rep.Taken != 4 || rep.Skipped != 1 {
		t.Errorf("read %d, taken %d, skipped %d", rep.Read, rep.Taken, rep.Skipped)
	}
	want := []string{
		"2: vic_assisted = 1 in 2025-02-01 agency=KH.MOSVY place=KH-7 reporter=KH",
		"2: vic_identified = 1 in 2024-01-05 agency=KH.NP place=KH-7 reporter=KH",
		"3: vic_identified = 1 in 2024-03-01 agency=KH.NP place=KH-23 reporter=KH",
		"4: vic_assisted = 1 in 2024-04-01 agency=KH.MOSVY place=KH-23 reporter=KH",
		"5: vic_identified = 1 in 2024-06-01 agency=KH.NP place=KH-23 reporter=KH",
	}
	if got := m.lines(); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	of := func(row int64) uint64 { return m.at(row)[0].subject }
	if of(2) == 0 || of(2) != m.at(2)[1].subject || of(2) != of(4) || of(2) == of(3) || of(5) != 0 {
		t.Errorf("the subjects are %d and %d, %d, %d, %d", of(2), m.at(2)[1].subject, of(3), of(4), of(5))
	}
	if got := fmt.Sprint(m.legs); got != "[{2 1 origin KH-21} {2 2 transit TH}]" {
		t.Errorf("the legs are %s", got)
	}
}

// A row that is held back did not become observations, not even in part: the
// report says that it is not in.
func TestHeldRowLeavesNothing(t *testing.T) {
	m, rep := loadText(t, events, "id,found,helped,where,home,via\np1,2024-01-05,soon,Kampot,,\np2,2024-03-01,,Kep,,\n")
	if rep.Held != 1 || rep.Taken != 1 {
		t.Errorf("%d rows are held back and %d taken, want one each", rep.Held, rep.Taken)
	}
	if got := m.at(2); len(got) != 0 {
		t.Errorf("the row that is held back left %v", got)
	}
}

// The same key is not used twice, so that nobody can try names against a file.
func TestSubjectsAreKeyed(t *testing.T) {
	const table = "id,found,helped,where,home,via\np1,2024-01-05,,Kep,,\n"
	a, _ := loadText(t, events, table)
	b, _ := loadText(t, events, table)
	if a.rows[0].subject == b.rows[0].subject {
		t.Error("two loads give one person the same number")
	}
}

// A file whose columns have other names needs a recipe with other names, and
// nothing else (issue 2, point 5): both are changed here by the same
// replacements, and what comes out is the same.
func TestRenamedColumnsNeedOnlyTheRecipe(t *testing.T) {
	table, err := os.ReadFile(filepath.Join("..", "testdata", "ctdc_small.csv"))
	if err != nil {
		t.Fatal(err)
	}
	f := mustOpen(t, spill(t, "theirs.csv", table), Options{})
	want, _ := load(t, f, mustFit(t, f, "ctdc-kanon"))

	rename := strings.NewReplacer("yearOfRegistration", "Registered in", "citizenship", "Citizen of", "CountryOfExploitation", "Exploited in", "gender", "Woman or man",
		"isForcedLabour", "Labour", "isSexualExploit", "Sex work", "meansOfControlDebtBondage", "Debt", "recruiterRelationFamily", "Kin", "ageBroad", "Years of age")
	head, body, _ := bytes.Cut(table, []byte("\n"))
	ours := rename.Replace(string(head)) + "\n" + string(body)
	mine := mustOpen(t, spill(t, "ours.csv", []byte(ours)), Options{})
	if fit := FindRecipe(mine, BuiltinRecipes()); fit != nil {
		t.Fatalf("%s fits the renamed columns: nothing is tried", fit.Recipe.Name)
	}
	var builtin string
	for _, r := range BuiltinRecipes() {
		if r.Name == "ctdc-kanon" {
			builtin = r.Text
		}
	}
	recipe := parseRecipe(t, strings.Replace(rename.Replace(builtin), "recipe: ctdc-kanon", "recipe: ours", 1))
	got, rep := load(t, mine, mustFit(t, mine, "ours", append([]*Recipe{recipe}, BuiltinRecipes()...)...))
	if !slices.Equal(got.lines(), want.lines()) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got.lines(), "\n"), strings.Join(want.lines(), "\n"))
	}
	if rep.Taken != 12 {
		t.Errorf("%d rows are taken, want 12", rep.Taken)
	}
}

// The recipe that names most of the header wins, wherever it stands in the
// list; a recipe of another format or sheet does not fit.
func TestFindRecipe(t *testing.T) {
	narrow := parseRecipe(t, "recipe: narrow\nmatch: {header: [a, b]}\ngrain: record\nfields: {indicator: {const: vic_identified}}\n")
	wide := parseRecipe(t, "recipe: wide\nmatch: {header: [A, B, C]}\ngrain: record\nfields: {indicator: {const: vic_identified}}\n")
	other := parseRecipe(t, "recipe: other\nmatch: {format: [xlsx], header: [a, b, c, d]}\ngrain: record\nfields: {indicator: {const: vic_identified}}\n")
	sheetOnly := parseRecipe(t, "recipe: sheet\nmatch: {sheet: May, header: [a, b, c]}\ngrain: record\nfields: {indicator: {const: vic_identified}}\n")
	for _, tt := range []struct {
		name, table string
		recipes     []*Recipe
		want        string
		header      int
	}{
		{"the wider", "a,b,c,d\n1,2,3,4\n", []*Recipe{narrow, wide, other}, "wide", 0},
		{"the wider, listed first", "a,b,c,d\n1,2,3,4\n", []*Recipe{wide, narrow}, "wide", 0},
		{"capitals and blanks", " A ,B,x\n1,2,3\n", []*Recipe{narrow, wide}, "narrow", 0},
		{"under a banner", "Report,,\n\na,b,c\n1,2,3\n", []*Recipe{narrow}, "narrow", 2},
		{"another order", "c,b,a\n1,2,3\n", []*Recipe{wide}, "wide", 0},
		{"another sheet", "a,b,c\n1,2,3\n", []*Recipe{sheetOnly}, "", 0},
		{"a column lacks", "a,c\n1,2\n", []*Recipe{narrow, wide}, "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fit := FindRecipe(mustOpen(t, spill(t, "a.csv", []byte(tt.table)), Options{}), tt.recipes)
			switch {
			case fit == nil && tt.want != "":
				t.Fatal("no recipe fits")
			case fit != nil && (fit.Recipe.Name != tt.want || fit.HeaderRow != tt.header):
				t.Errorf("%s fits at row %d, want %q at %d", fit.Recipe.Name, fit.HeaderRow+1, tt.want, tt.header+1)
			}
		})
	}
	f := mustOpen(t, workbook(t, "a.xlsx", sheet{name: "April", rows: smallTable}, sheet{name: "may", rows: [][]any{{"a", "b", "c"}, {1, 2, 3}}}), Options{})
	if fit := FindRecipe(f, []*Recipe{sheetOnly}); fit == nil || fit.Table.Sheet != "may" {
		t.Errorf("the fit is %v, want sheet may", fit)
	}
}

// A file that no recipe knows gets its columns and the way to load it.
func TestNoRecipeSaysTheWay(t *testing.T) {
	f := mustOpen(t, filepath.Join("..", "testdata", "persons_small.csv"), Options{})
	says(t, finding(t, NoRecipe(f, BuiltinRecipes(), false)), "persons_small.csv", "Province", "Citizen of", "--map", "--indicator", "value=COLUMN")
	says(t, finding(t, NoRecipe(f, []*Recipe{parseRecipe(t, shelter)}, true)), "shelter-list", "Age group", "Came on")
}

// FuzzRecipe: no text makes the parser panic, and a recipe that is accepted
// can read a file.
func FuzzRecipe(f *testing.F) {
	for _, r := range BuiltinRecipes() {
		f.Add(r.Text)
	}
	for _, s := range []string{shelter, figures, events, "recipe: a", "fields: {a: [b, {c: d}]}", "fields: {year: {else: {else: {else: x}}}}", "&a [*a]", "match: {header: {}}", "\x00", "missing: 1", "skip: [a]",
		wideHead + "wide: {columns: [2019..Total], into: year, no_data: [x]}\nfields: {indicator: {const: vic_identified}, place: Place}\n",
		wideHead + "wide: {pattern: '(?P<sex>[MF])_(?P<y>.*)', into: {sex: '@sex', year: {from: '@y', else: '@1'}}}\nfields: {indicator: {const: vic_identified}}\nnumbered: [Place]\nonly: {Place: ['*']}\n"} {
		f.Add(s)
	}
	path := filepath.Join(f.TempDir(), "table.csv")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRecipe([]byte(text), Catalogue())
		if err != nil {
			if err.Error() == "" {
				t.Fatal("the error says nothing")
			}
			return
		}
		// A table of just the columns that the recipe reads, one row of words and one of nothing.
		columns := r.columns()
		for _, h := range r.Match.Header {
			if !slices.Contains(columns, h) {
				columns = append(columns, h)
			}
		}
		if r.Wide != nil {
			columns = append(slices.DeleteFunc(columns, func(c string) bool { return strings.HasPrefix(c, "@") }), r.Wide.Columns...)
			columns = append(columns, "2019", "M_2020", "Total")
		}
		if len(columns) > 40 {
			columns = columns[:40]
		}
		var b strings.Builder
		for i, row := range [][]string{columns, make([]string, len(columns)), make([]string, len(columns))} {
			for k, c := range row {
				if k > 0 {
					b.WriteByte(',')
				}
				if i == 1 {
					c = "2024"
				}
				b.WriteString(`"` + strings.ReplaceAll(strings.ToValidUTF8(c, ""), `"`, `""`) + `"`)
			}
			b.WriteByte('\n')
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := Open(context.Background(), path, Options{}, nil)
		if err != nil {
			return
		}
		fit := FindRecipe(file, []*Recipe{r})
		if fit == nil {
			return
		}
		if rep, err := file.Load(context.Background(), fit, Catalogue(), &memory{}, nil); err == nil {
			addsUp(t, rep)
		}
	})
}

// What a recipe says of its dataset goes to the terminal with every answer.
func TestRecipeTextsAreCleaned(t *testing.T) {
	r, err := ParseRecipe([]byte("recipe: mine\ngrain: record\nmatch: {header: [A]}\ndataset: {id: mine, title: \"a\\e[2J\\u202eb\", producer: \"c\\ad\"}\nfields: {indicator: {const: vic_identified}}\n"), Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	if r.Dataset.Title != "a[2Jb" || r.Dataset.Producer != "cd" {
		t.Errorf("%+v", r.Dataset)
	}
}
