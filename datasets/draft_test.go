package datasets

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tiplens/models"
)

// draftOf drafts a file with this content.
func draftOf(t testing.TB, name, content string, changes ...models.DraftChange) *Drafted {
	t.Helper()
	d, err := NewDraft(t.Context(), writeFile(t, name, content), changes, BuiltinRecipes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func writeFile(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// fieldsOf lists what each column is read as, in the order of the file.
func fieldsOf(d *Drafted) string {
	var out []string
	for _, c := range d.Columns {
		field := c.Field
		if field == "" {
			field = "-"
		}
		out = append(out, field)
	}
	return strings.Join(out, " ")
}

var (
	countsVictims = models.DraftChange{Key: "indicator", Value: "vic_identified"}
	columnIs      = func(c, f string) models.DraftChange {
		return models.DraftChange{Key: models.ChangeField, Column: c, Value: f}
	}
	textIs = func(c, t, v string) models.DraftChange {
		return models.DraftChange{Key: models.ChangeCode, Column: c, Text: t, Value: v}
	}
	marksNone = func(c, t string) models.DraftChange {
		return models.DraftChange{Key: models.ChangeMissing, Column: c, Text: t}
	}
)

// TestSuggestions: columns are known by their headers, in the styles that
// agencies have, and by their values where the header says nothing.
func TestSuggestions(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"plain", "Province,Sex,Age,Nationality,Year\nKampot,F,17,Cambodian,2020\n", "place sex age nationality year"},
		{"capitals", "PROVINCE,GENDER,AGE GROUP,CITIZENSHIP,YEAR\nKampot,Female,18-24,Thai,2020\n", "place sex age nationality year"},
		{"snake case", "province_name,victim_sex,age_group,victim_nationality,reporting_year\nTakeo,male,0-17,Lao,2021\n", "place sex age nationality year"},
		{"camel case", "provinceIdentified,victimSex,ageYears,nationality,dateIdentified\nTakeo,male,16,Lao,2021-03-04\n", "place sex age nationality date"},
		{"of", "Country of origin,Country of destination,Type of exploitation,Date of rescue\nCambodia,Thailand,Forced labour,2021-03-04\n", "origin destination exploitation date"},
		{"with number", "1. Province,2. Sex,3. Purpose,4. Period\nKandal,F,Forced labour,2024-05\n", "place sex exploitation period"},
		{"from and to", "From,To,Victims,Yr\nViet Nam,Cambodia,3,2020\nLaos,Cambodia,4,2021\n", "origin destination value year"},
		{"figures", "Area,No. of victims,Year\nKampot,3,2020\nKep,0,2020\n", "place value year"},
		{"total", "Province,Grand total,Reporting period\nKampot,3,2020-Q1\nKep,0,2020-Q1\n", "place value period"},
		{"Khmer", "ឆ្នាំ,ខេត្ត,ភេទ,អាយុ,សញ្ជាតិ\n២០២០,កំពត,ស្រី,17,ខ្មែរ\n", "year place sex age nationality"},
		{"Khmer figures", "កាលបរិច្ឆេទ,រាជធានី-ខេត្ត,ចំនួនជនរងគ្រោះ\n2020-01-02,ភ្នំពេញ,4\n", "date place value"},
		{"Khmer and English", "ឆ្នាំ Year,ខេត្ត Province,សរុប Total\n2020,Kampot,4\n", "year place value"},
		{"French", "Province,Sexe,Annee,Nationalite\nKampot,F,2020,Thai\n", "place sex year nationality"},
		{"values of a nameless kind", "A,B,C,D\nPhnom Penh,F,2020,Vietnamese\nKampot,M,2021,Cambodian\nTakeo,F,2022,Thai\n", "place sex year nationality"},
		{"wrong header", "Code,Remarks\nKampot,F\nKandal,M\nTakeo,M\n", "place note"},
		{"agency", "Reporting agency,Province,Date\nCambodian National Police,Kampot,2021-01-02\n", "agency place date"},
		{"case number", "Case No,Province,Date of arrest\nPP-12,Kampot,2021-01-02\n", "subject place date"},
		{"people", "Full name,Phone,Passport No,Province,D.O.B.\nSok Dara,012345,N1,Kampot,2001-02-03\n", "- - - place -"},
		{"several at once", "Province,Means of control\nKampot,Debt bondage; Threats\nKep,Threats\nTakeo,Debt bondage\n", "place means"},
		{"years in columns", "Province,2019,2020,2021\nKampot,1,2,3\n", "place value value value"},
		{"sexes in columns", "Year,Province,Male,Female\n2020,Kampot,1,2\n", "year place value value"},
		{"numbers without a name", "Province,X1,X2\nKampot,17,3\nKep,19,2\n", "place - -"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := draftOf(t, "report.csv", c.content)
			if got := fieldsOf(d); got != c.want {
				t.Errorf("the columns are %s, want %s", got, c.want)
				for _, x := range d.Columns {
					t.Logf("%s: %s, %+v", x.Name, x.Why, x.Suggest)
				}
			}
		})
	}
}

const draftFile = `No,Full name,Province,Sex,Age,Date,Purpose
1,Sok,Phnom Penh,F,17,2024-05-03,Sexual exploitation
2,Sao,P.Penh,M,22,2024-05-04,Forced labour; Begging
3,Sim,Kompot,F,-99,2024-05-09,
4,Sun,P.Penh,F,31,2024-06-01,Sexual exploitation
`

// TestDraftCounts: what a draft says of a file, counted by hand.
func TestDraftCounts(t *testing.T) {
	d := draftOf(t, "cases_2024_05.csv", draftFile)
	if d.Blocks == "" || d.BlocksAt != "indicator" {
		t.Errorf("a file that does not say what it counts is not blocked: %q", d.Blocks)
	}
	if d.Fit != nil {
		t.Error("a file that is blocked can be loaded")
	}
	d = draftOf(t, "cases_2024_05.csv", draftFile, countsVictims)
	if d.Blocks != "" || d.Dataset != "cases" || !d.Changed || d.Known {
		t.Errorf("blocks %q, dataset %s", d.Blocks, d.Dataset)
	}
	if d.Read != 4 || d.Taken != 1 || d.Held != 3 { // two misspelt names in three rows
		t.Errorf("%d read, %d taken, %d held", d.Read, d.Taken, d.Held)
	}
	place := d.Columns[2]
	if place.Distinct != 3 || place.Empty != 0 || place.Open != 2 {
		t.Errorf("%+v", place)
	}
	if v := place.Values[0]; v.Text != "P.Penh" || v.Count != 2 || v.State != models.ValueDoubtful {
		t.Errorf("%+v", v)
	}
	if v := place.Values[1]; v.Text != "Kompot" || len(v.Near) == 0 || v.Near[0].Value != "KH-7" {
		t.Errorf("%+v", v)
	}
	if p := d.Columns[6]; p.Empty != 1 || p.Distinct != 2 {
		t.Errorf("%+v", p)
	}
	if name := d.Columns[1]; !name.Personal || strings.Contains(fmt.Sprint(d.Draft), "Sok") {
		t.Error("a person's name is shown")
	}
	d = draftOf(t, "cases_2024_05.csv", draftFile, countsVictims, textIs("Province", "P.Penh", "KH-12"), textIs("Province", "Kompot", "Kampot"), marksNone("Age", "-99"))
	if d.Taken != 4 || d.Held != 0 {
		t.Errorf("%d taken, %d held: %v", d.Taken, d.Held, d.Findings)
	}
	for _, c := range d.Columns {
		if c.Open != 0 {
			t.Errorf("%s: %+v", c.Name, c.Values)
		}
	}
	want := "3 2024-05-04 Phnom Penh Male 18-24 Forced begging + Forced labour or services"
	if got := strings.Join(d.Preview[1], " "); got != want {
		t.Errorf("the preview says %s, want %s", got, want)
	}
	if age := d.Preview[2][4]; age != "Not stated" {
		t.Errorf("-99 is %q", age)
	}
}

// TestDraftRefusesChanges: what cannot be is said, in words.
func TestDraftRefusesChanges(t *testing.T) {
	path := writeFile(t, "cases.csv", draftFile)
	for _, c := range []struct {
		change models.DraftChange
		want   string
	}{
		{columnIs("Full name", "place"), "names people"},
		{columnIs("Full name", models.KeptColumn), "names people"},
		{columnIs("Town", "place"), `no column "Town"`},
		{columnIs("Sex", "sexe"), `no field "sexe"`},
		{textIs("Sex", "F", "X9"), `no code or name "X9"`},
		{textIs("No", "1", "F"), "read as nothing"},
		{models.DraftChange{Key: "indicator", Value: "victims of all"}, "no indicator is called"},
		{models.DraftChange{Key: "colour", Value: "red"}, `"colour"`},
		{models.DraftChange{Key: "header", Value: "x"}, "no number of a row"},
		{models.DraftChange{Key: "header", Value: "99"}, "row 99"},
		{models.DraftChange{Key: "id", Value: "No good"}, "cannot name a dataset"},
		{models.DraftChange{Key: "recipe", Value: "nobody's"}, "no recipe"},
		{models.DraftChange{Key: "without", Column: "District"}, "missing"},
		{models.DraftChange{Key: "year", Value: "last year"}, "no year"},
		{models.DraftChange{Key: "encoding", Value: "morse"}, "encoding"},
	} {
		_, err := NewDraft(t.Context(), path, []models.DraftChange{countsVictims, c.change}, BuiltinRecipes(), nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.change, err, c.want)
		}
	}
	d := draftOf(t, "cases.csv", draftFile, countsVictims, columnIs("Full name", "subject")) // only a keyed number of it is kept
	if d.Blocks != "" || strings.Contains(fmt.Sprint(d.Draft), "Sok") {
		t.Error(d.Blocks)
	}
}

// TestDraftIsStateless: the same answers give the same draft, and the last one
// taken back gives the one before.
func TestDraftIsStateless(t *testing.T) {
	path := writeFile(t, "cases.csv", draftFile)
	changes := []models.DraftChange{countsVictims, textIs("Province", "P.Penh", "KH-12"), columnIs("Age", ""), columnIs("Age", "age"), {Key: "agency", Value: "KH.NP"}}
	draft := func(n int) models.Draft {
		t.Helper()
		d, err := NewDraft(t.Context(), path, changes[:n], BuiltinRecipes(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return d.Draft
	}
	for n := range changes {
		if a, b := draft(n), draft(n); !reflect.DeepEqual(a, b) {
			t.Fatalf("after %d answers two drafts differ", n)
		}
		if reflect.DeepEqual(draft(n), draft(n+1)) {
			t.Errorf("the answer %+v changes nothing", changes[n])
		}
	}
}

// loadedBy reads a file by a recipe's text, as a load does.
func loadedBy(t testing.TB, path, text string) []observation {
	t.Helper()
	r, err := ParseRecipe([]byte(text), Catalogue())
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	f, _, err := OpenFor(t.Context(), path, Options{}, nil, []*Recipe{r})
	if err != nil {
		t.Fatal(err)
	}
	fit, _, absent := FitFile(f, []*Recipe{r})
	if fit == nil {
		t.Fatalf("the recipe does not fit; absent: %v\n%s", absent, text)
	}
	var m memory
	if _, err := f.Load(t.Context(), fit, Catalogue(), &m, nil); err != nil {
		t.Fatal(err)
	}
	return m.sorted()
}

// TestSavedRecipe: the recipe of a draft reads the file as the draft did, and
// the next file of the same shape without a question.
func TestSavedRecipe(t *testing.T) {
	for _, c := range []struct {
		name, content string
		changes       []models.DraftChange
		n             int
		first         string
	}{
		{"records", draftFile, []models.DraftChange{countsVictims, textIs("Province", "P.Penh", "KH-12"), textIs("Province", "Kompot", "-"), marksNone("Age", "-99"), columnIs("No", models.KeptColumn)}, 4, "KH-12"},
		{"wide", "Province,2019,2020\nKampot,1,2\nKep,3,\n", []models.DraftChange{countsVictims}, 3, "KH-7"},
		{"no header", "Kampot,F,2020\nKep,M,2021\nTakeo,F,2020\n", []models.DraftChange{countsVictims, {Key: "header_rows", Value: "-1"}}, 3, "KH-7"},
		{"two header rows", "Report of 2024,,\nProvince,Victims,\n,Male,Female\nKampot,1,2\nKep,3,4\n", []models.DraftChange{countsVictims, {Key: "year", Value: "2024"}}, 4, "KH-7"},
		{"header stated", "a,b,c\nProvince,Year,Sex\nKampot,2020,F\nKep,2021,M\n", []models.DraftChange{countsVictims, {Key: "header", Value: "2"}}, 2, "KH-7"},
		{"the same in every row", "Province,Sex\nKampot,F\nKep,M\n", []models.DraftChange{countsVictims, {Key: "year", Value: "2024-05"}, {Key: "agency", Value: "KH.NP"}, {Key: "nationality", Value: "KH"}}, 2, "KH-7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := writeFile(t, "cases_2024_05.csv", c.content)
			d, err := NewDraft(t.Context(), path, c.changes, BuiltinRecipes(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if d.Blocks != "" {
				t.Fatal(d.Blocks)
			}
			var m memory
			if _, err := d.File.Load(t.Context(), d.Fit, Catalogue(), &m, nil); err != nil {
				t.Fatal(err)
			}
			want := fmt.Sprint(m.sorted())
			if n := len(m.rows); n != c.n {
				t.Errorf("%d observations, want %d: %v", n, c.n, want)
			}
			if got := m.sorted()[0].codes[models.DimPlace]; got != c.first {
				t.Errorf("the first is in %s", got)
			}
			if got := fmt.Sprint(loadedBy(t, path, d.RecipeText)); got != want {
				t.Errorf("the recipe reads\n%s\nthe draft read\n%s", got, want)
			}
			saved, err := ParseRecipe([]byte(d.RecipeText), Catalogue())
			if err != nil {
				t.Fatal(err)
			}
			next := writeFile(t, "cases_2024_06.csv", c.content)
			again, err := NewDraft(t.Context(), next, nil, append([]*Recipe{saved}, BuiltinRecipes()...), nil)
			if err != nil {
				t.Fatal(err)
			}
			if !again.Known || again.Changed || again.Blocks != "" || len(again.New) > 0 || len(again.Missing) > 0 || again.Dataset != d.Dataset {
				t.Errorf("the next file: known %v, changed %v, blocks %q, new %v, missing %v", again.Known, again.Changed, again.Blocks, again.New, again.Missing)
			}
		})
	}
}

// TestRecipesAreWrittenAsRead: writing a recipe and reading it gives the same
// one, for every recipe that comes with the program.
func TestRecipesAreWrittenAsRead(t *testing.T) {
	for _, r := range BuiltinRecipes() {
		text, err := r.YAML()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseRecipe([]byte(text), Catalogue())
		if err != nil {
			t.Fatalf("%s: %v\n%s", r.Name, err, text)
		}
		back.Text = r.Text
		twice, err := back.YAML()
		if err != nil || text != twice {
			t.Errorf("%s changes when it is written twice (%v)", r.Name, err)
		}
		if !slices.Equal(back.columns(), r.columns()) || !maps.EqualFunc(back.Fields, r.Fields, func(a, b Field) bool { return fmt.Sprint(a) == fmt.Sprint(b) || a.Else != nil }) {
			t.Errorf("%s reads other columns: %v, not %v", r.Name, back.columns(), r.columns())
		}
	}
}

// TestNearFit: next month's file with a column less, one more, or another
// name.
func TestNearFit(t *testing.T) {
	d := draftOf(t, "cases_2024_05.csv", draftFile, countsVictims)
	saved, err := ParseRecipe([]byte(d.RecipeText), Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	draft := func(header, rows string, changes ...models.DraftChange) *Drafted {
		t.Helper()
		d, err := NewDraft(t.Context(), writeFile(t, "cases_2024_06.csv", header+"\n"+rows+"\n"), changes, append([]*Recipe{saved}, BuiltinRecipes()...), nil)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	t.Run("a column more is named", func(t *testing.T) {
		d := draft("No,Full name,Province,Sex,Age,Date,Purpose,District", "1,Sok,Kampot,F,17,2024-05-03,Forced labour,Chhuk")
		if fmt.Sprint(d.New) != "[District]" || d.Blocks != "" || d.Changed {
			t.Errorf("new %v, blocks %q", d.New, d.Blocks)
		}
	})
	t.Run("a column that is not read may lack", func(t *testing.T) {
		d := draft("No,Province,Sex,Age,Date,Purpose", "1,Kampot,F,17,2024-05-03,Forced labour")
		if d.Blocks != "" || !d.Known || d.Taken != 1 {
			t.Errorf("blocks %q", d.Blocks)
		}
	})
	less := "No,Full name,Province,Sex,Years old,Date,Purpose"
	row := "1,Sok,Kampot,F,17,2024-05-03,Forced labour"
	t.Run("a column that is read is asked about", func(t *testing.T) {
		d := draft(less, row)
		if fmt.Sprint(d.Missing) != "[Age]" || d.BlocksAt != "columns" || !strings.Contains(d.Blocks, `no column "Age"`) {
			t.Errorf("missing %v, blocks %q", d.Missing, d.Blocks)
		}
	})
	t.Run("without it", func(t *testing.T) {
		d := draft(less, row, models.DraftChange{Key: models.ChangeWithout, Column: "Age"})
		if d.Blocks != "" || d.Taken != 1 || slices.Contains(d.Head, "Age") && d.Preview[0][slices.Index(d.Head, "Age")] != "Not stated" {
			t.Errorf("blocks %q, %v", d.Blocks, d.Preview)
		}
	})
	t.Run("another in its place", func(t *testing.T) {
		d := draft(less, row, models.DraftChange{Key: models.ChangeInstead, Column: "Age", Value: "Years old"})
		if d.Blocks != "" || !d.Changed || d.Preview[0][slices.Index(d.Head, "Age")] != "15-17" {
			t.Errorf("blocks %q, %v %v", d.Blocks, d.Head, d.Preview)
		}
	})
	t.Run("something else", func(t *testing.T) {
		if d := draft("Province,Year,Victims", "Kampot,2020,3"); d.Known || d.Recipe == "cases" && d.Known {
			t.Error("another file is taken for it")
		}
	})
}

// TestDraftIsQuick: a file of any size is looked at in a moment, for only a
// part of it is read.
func TestDraftIsQuick(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("Province,Sex,Age,Date\n")
	for i := range 1_500_000 {
		fmt.Fprintf(&b, "Kampot,F,%d,2024-05-%02d\n", i%60, i%28+1)
	}
	path := writeFile(t, "big.csv", b.String())
	start := time.Now()
	d, err := NewDraft(t.Context(), path, []models.DraftChange{countsVictims}, BuiltinRecipes(), nil)
	took := time.Since(start)
	if err != nil {
		t.Fatal(err)
	}
	if d.Whole || d.InFile != 0 || d.Read > sampleFirst+sampleRest {
		t.Errorf("%d rows were mapped", d.Read)
	}
	t.Logf("%d MB in %s", b.Len()/1e6, took)
	if took > 3*time.Second { // of a busy machine; alone it is a fifth of a second
		t.Errorf("the draft took %s", took)
	}
}

// FuzzDraftChanges: no answer to any file breaks the draft, and what it says
// can be loaded is read by its recipe.
func FuzzDraftChanges(f *testing.F) {
	f.Add(draftFile, "code", "Province", "P.Penh", "KH-12")
	f.Add("Province,2019,2020\nKampot,1,2\n", "wide", "", "", "year=2019..2020")
	f.Add("a;b\n1;2\n", "header", "", "", "2")
	f.Add(draftFile, "missing", "Age", "-99", "")
	f.Add(draftFile, "field", "Sex", "", "keep")
	f.Add(draftFile, "instead", "Sex", "", "Age")
	f.Add(draftFile, "unsure", "", "", "accept")
	f.Fuzz(func(t *testing.T, content, key, column, text, value string) {
		path := writeFile(t, "f.csv", content)
		d, err := NewDraft(t.Context(), path, []models.DraftChange{countsVictims, {Key: key, Column: column, Text: text, Value: value}}, BuiltinRecipes()[:2], nil)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		d.Clean()
		if d.Blocks != "" {
			return
		}
		if _, err := ParseRecipe([]byte(d.RecipeText), Catalogue()); err != nil {
			t.Errorf("the recipe cannot be read: %v\n%s", err, d.RecipeText)
		}
	})
}
