package datasets

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

const namesRecipe = `# Names as the provinces write them
recipe: names
match: {header: [Province, Citizen of]}
grain: record
fields:
  indicator: {const: vic_identified}
  agency: {const: KH.NP}
  place: Province # where found
  nationality: {from: Citizen of, split: ";"}
  origin: Home
  year: Year
legs:
  - {role: transit, place: Via}
`

const namesTable = `Province,Citizen of,Home,Via,Year
Kandal,Khmer,Prey Veng,,2024
Kampong Chnaing,Cambodian,Kampong Chnaing,,2024
Poipet,Vietnamies;Thai,Kampot,,2024
Meanchey,Thai,Kampot,,2024
Kampong Chnaing,Atlantean,Kampot,,2024
Kampot,Thai,Kampot,Bavett,2024
`

func namesWith(t *testing.T, extra string) (*memory, *Report) {
	t.Helper()
	return loadText(t, namesRecipe+extra, namesTable)
}

func findingWith(rep *Report, words ...string) *models.Finding {
	for i := range rep.Findings {
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(rep.Findings[i].String(), w) }) {
			return &rep.Findings[i]
		}
	}
	return nil
}

// Names that are not certain hold their rows back, and each is told once with
// what it may mean and what to write. All columns of a row are told at once.
func TestUncertainNamesWait(t *testing.T) {
	m, rep := namesWith(t, "")
	if rep.Taken != 1 || rep.Held != 5 || len(m.rows) != 1 {
		t.Fatalf("%d rows are taken and %d held, want 1 and 5", rep.Taken, rep.Held)
	}
	for _, words := range [][]string{
		{"Province", `"Kampong Chnaing" may mean KH-4 (Kampong Chhnang), by its sound`, "(2 times)", "row 3", "--name 'place:Kampong Chnaing=KH-4'", "names: {place: {Kampong Chnaing: KH-4}}", "--accept"},
		{"Home", "Kampong Chnaing", "origin:"},
		{"Province", `"Poipet" may mean KH-1`},
		{"Citizen of", `"Vietnamies" may mean VN`},
		{"Province", `"Meanchey" is not known`, "place:Meanchey=CODE", "--unsure other"},
		{"Citizen of", `"Atlantean" is not known`},
		{"Via", `"Bavett" may mean KH-20`},
		{"row 4", `"Poipet" may mean KH-1`},
		{"Citizen of", `"Khmer" was taken for KH (Cambodia)`, "ethnic term"},
	} {
		if findingWith(rep, words...) == nil {
			t.Errorf("no finding says %v:\n%v", words, rep.Findings)
		}
	}
}

// Accepting takes what is proposed and nothing else; Other keeps the rows.
func TestUnsure(t *testing.T) {
	m, rep := namesWith(t, "unsure: accept\n")
	if rep.Taken != 4 || rep.Held != 2 {
		t.Errorf("with accept %d rows are taken and %d held, want 4 and 2", rep.Taken, rep.Held)
	}
	m.at(3)[0].check(t, map[string]string{"place": "KH-4", "nationality": "KH", "origin": "KH-4"})
	m.at(4)[0].check(t, map[string]string{"place": "KH-1", "nationality": "TH+VN"})
	if f := findingWith(rep, `"Kampong Chnaing" was taken for KH-4`, "sound"); f == nil || f.Severity != models.Doubt {
		t.Errorf("the proposal taken is not told: %v", rep.Findings)
	}
	acc := rep.Accepted()
	if acc["place"]["Kampong Chnaing"] != "KH-4" || acc["nationality"]["Vietnamies"] != "VN" || acc["place"]["Bavett"] != "KH-20" || len(acc["place"]) != 3 {
		t.Errorf("accepted is %v", acc)
	}

	m, rep = namesWith(t, "unsure: other\n")
	if rep.Taken != 6 || rep.Held != 0 {
		t.Errorf("with other %d rows are taken and %d held, want 6 and 0", rep.Taken, rep.Held)
	}
	m.at(3)[0].check(t, map[string]string{"place": "_O", "origin": "_O", "nationality": "KH"})
	m.at(6)[0].check(t, map[string]string{"place": "_O", "nationality": "_O"})
	if findingWith(rep, `"Kampong Chnaing" is not in the code list and counts as Other; it may mean KH-4`) == nil {
		t.Errorf("what counts as other is not told: %v", rep.Findings)
	}
}

// What a person has decided holds, whatever the ladder would propose, and is
// told with the code; the text stays with the row.
func TestDecisions(t *testing.T) {
	m, rep := namesWith(t, `names:
  place: {kampong chnaing: KH-3, Poipet: "-", Meanchey: KH-22, Bavett: KH-20}
  nationality: {Vietnamies: VN, Atlantean: _O}
`)
	if rep.Taken != 6 || rep.Held != 0 {
		t.Fatalf("%d rows are taken and %d held: %v", rep.Taken, rep.Held, rep.Findings)
	}
	m.at(3)[0].check(t, map[string]string{"place": "KH-3", "origin": "KH-3"}) // of places what is said holds for homes too
	m.at(4)[0].check(t, map[string]string{"place": "KH"})                     // not stated: known to be in the country that reports
	m.at(5)[0].check(t, map[string]string{"place": "KH-22"})
	m.at(6)[0].check(t, map[string]string{"nationality": "_O"})
	for _, words := range [][]string{{`"Kampong Chnaing" was taken for KH-3 (Kampong Cham), as was decided`, "(2 times)"}, {`"Poipet" counts as not stated, as was decided`}} {
		if f := findingWith(rep, words...); f == nil || f.Severity != models.Note {
			t.Errorf("no note says %v: %v", words, rep.Findings)
		}
	}
	if len(rep.Accepted()) != 0 {
		t.Errorf("a decision is taken for a proposal: %v", rep.Accepted())
	}
	var texts []string
	for _, e := range m.entry["place"] {
		texts = append(texts, e[0]+" "+e[1])
	}
	if !slices.Contains(texts, "KH-3 Kampong Chnaing") {
		t.Errorf("the text of the row is lost: %v", texts)
	}
}

func TestDecisionsAreChecked(t *testing.T) {
	for names, want := range map[string]string{
		"names: {place: {Poipet: KH-99}}":               "KH-99",
		"names: {planet: {Poipet: KH-1}}":               "planet",
		"names: {place: {Poipet: KH-1, poipet: KH-2}}":  "twice",
		"unsure: maybe":                                 "maybe",
		"names: {nationality: {Kandal: KH-8}}":          "KH-8",
		"names: {place: [Poipet]}":                      "not readable",
		"names: {place: {Poipet: {code: KH-1}}}":        "not readable",
		"fields2: x":                                    "not readable",
		"names: {place: {Poipet: \"KH-1\"}}\nunsure: 7": "7",
	} {
		if _, err := ParseRecipe([]byte(namesRecipe+names+"\n"), Catalogue()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", names, err, want)
		}
	}
	if _, err := ParseRecipe([]byte(strings.Replace(namesRecipe, "place: Province", "place: {from: Province, within: KH-1}", 1)), Catalogue()); err == nil {
		t.Error("a province is taken for a country")
	}
}

// A decision goes into the recipe's YAML, which keeps its comments, reads back
// as the same recipe, and can be decided anew.
func TestDecide(t *testing.T) {
	r := parseRecipe(t, namesRecipe)
	for _, d := range [][3]string{{"place", "Kg. Cham: town, west", "KH-3"}, {"place", "ភូមិ \"ក\"", NotStated}, {"nationality", "no", "NO"}, {"place", "Kg. Cham: town, west", "KH-6"}, {"place", "123", "KH-1"}, {"place", "'", "KH-2"}} {
		next, err := r.Decide(d[0], d[1], d[2])
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := r.Decided(d[0], d[1]); ok && d[2] == "KH-3" {
			t.Error("the recipe decided from is changed")
		}
		r = next
		again := parseRecipe(t, r.Text)
		if code, ok := again.Decided(d[0], d[1]); !ok || code != d[2] {
			t.Errorf("%v reads back as %q, %v:\n%s", d, code, ok, r.Text)
		}
	}
	for _, keep := range []string{"# Names as the provinces write them", "# where found", "header: [Province, Citizen of]"} {
		if !strings.Contains(r.Text, keep) {
			t.Errorf("the YAML lost %q:\n%s", keep, r.Text)
		}
	}
	if names := NamesIn(r.Text, Catalogue()); len(names["place"]) != 4 || names["nationality"]["no"] != "NO" {
		t.Errorf("the names are %v", names)
	}
	if _, err := r.Decide("place", "x", "ZZ-1"); err == nil {
		t.Error("a code that does not exist is taken")
	}
	if names := NamesIn("names: {place: {x: ZZ-1}, sex: {y: F}}", Catalogue()); len(names) != 1 || names["sex"]["y"] != "F" {
		t.Errorf("codes that do not exist are kept: %v", names)
	}
	other, err := r.Treat(Other)
	if err != nil || parseRecipe(t, other.Text).Unsure != Other || r.Unsure != "" {
		t.Errorf("%v: %s", err, other.Text)
	}
}

func TestParseName(t *testing.T) {
	dim, text, code, err := ParseName("place:a=b: c=KH-1", Catalogue())
	if dim != "place" || text != "a=b: c" || code != "KH-1" || err != nil {
		t.Errorf("%q %q %q %v", dim, text, code, err)
	}
	for _, bad := range []string{"", "place", "place:x", "place:=KH-1", "x:y=KH-1", "place:y=ZZ", "place:y="} {
		if _, _, _, err := ParseName(bad, Catalogue()); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// Proposals lists what a person should look at without keeping anything, and
// the file can be loaded after it.
func TestProposals(t *testing.T) {
	f := mustOpen(t, spill(t, "table.csv", []byte(namesTable)), Options{})
	fit := mustFit(t, f, "names", parseRecipe(t, namesRecipe))
	open, err := Proposals(context.Background(), f, fit, Catalogue(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range open {
		got = append(got, u.Column+"|"+u.Dim+"|"+u.Text+"|"+string(u.How)+"|"+strings.Join(u.Candidates, ","))
		next, err := fit.Recipe.Decide(u.Dim, u.Text, append(u.Candidates, NotStated)[0])
		if err != nil {
			t.Fatal(err)
		}
		fit.Recipe = next
	}
	want := []string{"Province|place|Kampong Chnaing|sound|KH-4", "Citizen of|nationality|Atlantean|none|", "Citizen of|nationality|Vietnamies|sound|VN",
		"Home|origin|Kampong Chnaing|sound|KH-4", "Province|place|Meanchey|none|", "Province|place|Poipet|town|KH-1", "Via|place|Bavett|sound|KH-20"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, rep := load(t, f, fit); rep.Taken != 6 || rep.Held != 0 {
		t.Errorf("with all decided %d rows are taken and %d held", rep.Taken, rep.Held)
	}
	// A file of which no row can be taken is asked about all the same.
	f = mustOpen(t, spill(t, "bad.csv", []byte("Province,Citizen of,Home,Via,Year\nPoipet,Thai,,,2024\n")), Options{})
	if open, err = Proposals(context.Background(), f, mustFit(t, f, "names", parseRecipe(t, namesRecipe)), Catalogue(), nil); len(open) != 1 {
		t.Errorf("%v, %v", open, err)
	}
}

// A bare number is a province only where the recipe says whose provinces the
// column gives.
func TestNumbersOfProvinces(t *testing.T) {
	const table = "Province,Citizen of,Home,Via,Year\n12,Thai,,,2024\n៨,Thai,,,2024\n03,Thai,,,2024\nKH0102,Thai,,,2024\n"
	_, rep := loadText(t, strings.Replace(namesRecipe, "place: Province", "place: {from: Province, within: KH}", 1), table)
	if rep.Taken != 4 {
		t.Errorf("%d rows are taken: %v", rep.Taken, rep.Findings)
	}
	if findingWith(rep, `"KH0102" was taken for KH-1`, "The code of a district in Banteay Meanchey") == nil {
		t.Errorf("the district is not told: %v", rep.Findings)
	}
	if _, rep = loadText(t, namesRecipe, table); rep.Taken != 1 || rep.Held != 3 {
		t.Errorf("without the country %d rows are taken: %v", rep.Taken, rep.Findings)
	}
	f := mustOpen(t, spill(t, "n.csv", []byte(table)), Options{})
	for _, tt := range []struct {
		by, agency string
		taken      int64
	}{{"province", "KH.NP", 4}, {"place", "KH.NP", 1}, {"province", "INT.IOM", 1}} {
		fit, err := Generic(f, GenericOptions{Map: tt.by + "=Province,year=Year", Indicator: "vic_identified", Agency: tt.agency}, Catalogue())
		if err != nil {
			t.Fatal(err)
		}
		if _, rep := load(t, f, fit); rep.Taken != tt.taken {
			t.Errorf("%s of %s: %d rows are taken, want %d", tt.by, tt.agency, rep.Taken, tt.taken)
		}
	}
}

// Rows dated when their province did not exist are told and left as they are.
func TestPlacesOutsideTheirTime(t *testing.T) {
	_, rep := loadText(t, namesRecipe, `Province,Citizen of,Home,Via,Year
Tboung Khmum,Thai,,,2012
Tboung Khmum,Thai,,,2013
Tboung Khmum,Thai,,,2014
Kampong Cham,Thai,,,2012
Kandal,Vietnamese,Kien Giang,,2025
Kandal,Vietnamese,Kien Giang,,2025-06-30
Kandal,Vietnamese,Kien Giang,,2025-07-01
Kandal,Vietnamese,Kien Giang,,2026
Kandal,Vietnamese,An Giang,,2026
Kandal,Vietnamese,Kien Giang,,
`)
	if rep.Taken != 10 {
		t.Fatalf("%d rows are taken: %v", rep.Taken, rep.Findings)
	}
	for _, tt := range []struct {
		words []string
		row   int64
		count int64
	}{
		{[]string{"Province", "KH-25 (Tboung Khmum) exists only since 2013-12-31", "earlier figures are in KH-3"}, 2, 1},
		{[]string{"Home", "VN-47 (Kien Giang) exists only until 2025-06-30", "Merged into An Giang"}, 8, 2},
	} {
		f := findingWith(rep, tt.words...)
		if f == nil {
			t.Errorf("no finding says %v: %v", tt.words, rep.Findings)
		} else if f.Severity != models.Doubt || f.Row != tt.row || f.Count != tt.count {
			t.Errorf("%v: %+v", tt.words, f)
		}
	}
	for _, f := range rep.Findings {
		if f.Severity == models.Doubt && !strings.Contains(f.What, "exists only") {
			t.Errorf("unexpected: %s", f.String())
		}
	}
}
