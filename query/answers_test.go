package query_test

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// builtin builds the training data or the published figures once.
func builtin(f func() *datasets.File) func(testing.TB) *query.Engine {
	open := sync.OnceValues(func() (*query.Engine, error) {
		file := f()
		fit := datasets.FindRecipe(file, datasets.BuiltinRecipes())
		e, err := query.OpenMemory(context.Background(), datasets.Catalogue(), query.Fill{
			Extra: fit.Recipe.Extra(),
			Rows: func(w *query.Writer) (models.Dataset, error) {
				ds := fit.Recipe.Dataset
				rep, err := file.Load(context.Background(), fit, datasets.Catalogue(), w, nil)
				if err == nil {
					ds.Taken = rep.Taken
				}
				return ds, err
			},
		})
		if err == nil {
			e.Today = func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) }
		}
		return e, err
	})
	return func(t testing.TB) *query.Engine {
		t.Helper()
		e, err := open()
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
}

var (
	training  = builtin(func() *datasets.File { return datasets.TrainingFile(datasets.TrainingSize) })
	published = builtin(datasets.PublishedFile)
)

// ask answers a slice in its text form.
func ask(t testing.TB, e *query.Engine, text string) *models.Answer {
	t.Helper()
	s, err := models.ParseSlice(text, e.Catalog())
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	a, err := e.Ask(context.Background(), s)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return a
}

// cellAt finds the cell of the only block whose codes are those given, in the
// order of the axes; without codes it is the grand total.
func cellAt(t testing.TB, a *models.Answer, codes ...string) models.Cell {
	t.Helper()
	if len(a.Blocks) != 1 {
		t.Fatalf("%s: %d blocks, refusals %v, empty %q", a.Slice, len(a.Blocks), a.Refusals, a.Empty)
	}
	b := a.Blocks[0]
	for r, h := range b.Rows {
		for c, ch := range b.Cols {
			at := slices.Concat(h.Codes, ch.Codes)
			all := !slices.ContainsFunc(at, func(c string) bool { return c != models.Total })
			if slices.Equal(at, codes) || len(codes) == 0 && all {
				return b.Cells[r][c]
			}
		}
	}
	t.Fatalf("%s: there is no cell %v", a.Slice, codes)
	return models.Cell{}
}

// TestTrainingEffects checks the planted effects and some other numbers of the
// training data against counts made without the program.
func TestTrainingEffects(t *testing.T) {
	f, err := os.Open("../testdata/training/effects.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	e := training(t)
	for _, row := range rows[1:] {
		want, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		a := ask(t, e, row[1])
		if want == 0 && a.Empty != "" {
			continue // no record counts
		}
		var codes []string
		for _, pair := range strings.Fields(row[2]) {
			_, code, _ := strings.Cut(pair, "=")
			codes = append(codes, code)
		}
		if c := cellAt(t, a, codes...); !c.HasValue() || c.Value != want {
			t.Errorf("%s: %s %s is %s, want %v", row[0], row[1], row[2], c.Text(), want)
		}
	}
}

// TestSumsOfFilters checks that one person is never in both parts of a sum:
// parts that share people are refused, parts that exclude each other are added.
func TestSumsOfFilters(t *testing.T) {
	e := training(t)
	for _, c := range []struct{ one, two, rule string }{
		{"age=Y0T24", "age=Y18T34", "W-27"},
		{"age=Y0T17", "age=Y_GE18", ""},
		{"destination=ASEAN", "destination=GMS", "W-24"}, // both hold Thailand
		{"destination=ASEAN", "destination=TH", "W-24"},
		{"destination=ASEAN", "destination=CN,TW", ""},
		{"nationality=_NAT", "nationality=KH", "W-24"}, // who reports is Cambodia
		{"nationality=_NAT", "nationality=VN", ""},
		{"nationality=_FOR", "nationality=VN", "W-24"},
		{"nationality=_FOR", "nationality=KH", ""},
		{"nationality=_FOR", "nationality=_NAT,_U", ""},
		{"place=KH-1,KH-2", "place=KH-2,KH-3", "W-02"},
		{"sex=F", "place=KH-1", "W-02"},
		{"sex=F", "sex!=F", ""},
		{"sex=F", "sex!=M", "W-02"},
		{"year=2020", "year!=2020", ""},
		{"year=2020", "year=2020-S2", "W-05"},
	} {
		one, two := "vic_identified["+c.one+"]", "vic_identified["+c.two+"]"
		a := ask(t, e, one+" + "+two)
		var rules []string
		for _, r := range a.Refusals {
			rules = append(rules, r.Rule)
		}
		if got := strings.Join(rules, " "); got != c.rule {
			t.Errorf("%s: refused by %q, want %q", a.Slice, got, c.rule)
			continue
		}
		if c.rule == "" {
			want := cellAt(t, ask(t, e, "vic_identified where "+c.one)).Value + cellAt(t, ask(t, e, "vic_identified where "+c.two)).Value
			if got := cellAt(t, a); got.Value != want {
				t.Errorf("%s is %s, its parts add up to %v", a.Slice, got.Text(), want)
			}
		}
	}
}

// TestNationalsAndForeigners checks that people assisted, who are counted once
// however often they were, are told apart as those identified are.
func TestNationalsAndForeigners(t *testing.T) {
	e := training(t)
	a := ask(t, e, "vic_assisted by nationality.group where agency=TRAINING")
	for _, code := range []string{models.National, models.Foreign, models.Unknown} {
		want := cellAt(t, ask(t, e, "vic_assisted where agency=TRAINING nationality="+code))
		if got := cellAt(t, a, code); got.Value != want.Value || got.Value == 0 {
			t.Errorf("%s: %s, alone %s", code, got.Text(), want.Text())
		}
	}
}

// TestNothingToDivideBy checks that a cell of a table without anybody has no
// percentage: 0 % of nobody would be a statement.
func TestNothingToDivideBy(t *testing.T) {
	e := training(t)
	a := ask(t, e, "share sex=F of vic_identified by place across nationality where place=KH-16,KH-18 nationality=LK,VN")
	for _, c := range []struct {
		place, nationality string
		want               models.CellState
	}{{"KH-16", "LK", models.Known}, {"KH-16", "VN", models.NotApply}, {"KH-18", "LK", models.NotApply}, {"KH-18", "VN", models.Known}} {
		if got := cellAt(t, a, c.place, c.nationality); got.State != c.want {
			t.Errorf("%s %s: %s, want %s", c.place, c.nationality, got.State, c.want)
		}
	}
}

// TestChangeKeepsWhoIsGone checks that a row from which nobody is left stays in
// a change, so that the rows still add up to both totals.
func TestChangeKeepsWhoIsGone(t *testing.T) {
	a := ask(t, training(t), "vic_identified by nationality where place=KH-18 year=2020 change from previous")
	b := a.Blocks[0]
	var from, to float64
	gone := false
	for r, h := range b.Rows[:len(b.Rows)-1] {
		from, to = from+b.Cells[r][0].Value, to+b.Cells[r][1].Value
		if h.Codes[0] == "IN" { // four in 2019
			gone = b.Cells[r][0].Value == 4 && b.Cells[r][1].State == models.Zero && b.Cells[r][2].Value == -4 && b.Cells[r][3].Value == -100
		}
	}
	if total := b.Cells[len(b.Cells)-1]; !gone || from != total[0].Value || to != total[1].Value {
		t.Errorf("%s: rows add up to %v and %v, totals %s and %s; India from 4 to 0: %v", a.Slice, from, to, total[0].Text(), total[1].Text(), gone)
	}
}

// TestChangeFromPlaceOverYears measures every year of one place from the same
// year of another.
func TestChangeFromPlaceOverYears(t *testing.T) {
	e := training(t)
	a := ask(t, e, "vic_identified by year where place=KH-1 change from place=KH-18")
	here, there := ask(t, e, "vic_identified by year where place=KH-1"), ask(t, e, "vic_identified by year where place=KH-18")
	for r, h := range a.Blocks[0].Rows {
		one, other, diff := cellAt(t, here, h.Codes...), cellAt(t, there, h.Codes...), a.Blocks[0].Cells[r][2]
		if diff.Value != one.Value-other.Value {
			t.Errorf("%v: %s less %s is %s", h.Codes, one.Text(), other.Text(), diff.Text())
		}
	}
}

// TestPersonsInBothParts checks that people with several rows are not added to
// themselves: one found in two places, in two months.
func TestPersonsInBothParts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen.csv")
	var text strings.Builder
	if err := datasets.WriteTraining(&text, 0); err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(text.String(), "\n")
	text.Reset()
	for _, row := range []map[string]string{
		{"person": "P1", "sex": "F", "found_in": "KH-1", "identified_on": "2020-01-05"},
		{"person": "P1", "sex": "F", "found_in": "KH-2", "identified_on": "2020-03-05"},
		{"person": "P2", "sex": "M", "found_in": "KH-2", "identified_on": "2020-03-05"},
	} {
		var cells []string
		for _, column := range strings.Split(head, ",") {
			if column == "role" {
				row[column] = "victim"
			}
			cells = append(cells, row[column])
		}
		text.WriteString("\n" + strings.Join(cells, ","))
	}
	if err := os.WriteFile(path, []byte(head+text.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := datasets.Open(context.Background(), path, datasets.Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := builtin(func() *datasets.File { return file })(t)
	for slice, want := range map[string]string{
		"vic_identified": "2",
		"vic_identified[place=KH-1] + vic_identified[place=KH-2]":             "W-06",
		"vic_identified[year=2020-01] + vic_identified[year=2020-03]":         "W-06",
		"vic_identified[sex=F] + vic_identified[sex=M]":                       "2",
		"range vic_identified[place=KH-1], vic_identified[place=KH-2]":        "2-3",
		"vic_identified[place=KH-1 sex=F] + vic_identified[place=KH-2 sex=M]": "2",
	} {
		a := ask(t, e, slice)
		got := ""
		if a.Refused() {
			got = a.Refusals[0].Rule
		} else {
			got = cellAt(t, a).Text()
		}
		if got != want || len(a.Refusals) > 1 {
			t.Errorf("%s: %s %v, want %s", slice, got, a.Refusals, want)
		}
	}
}

// TestNoSingleYear: a record of a longer period is not one that states no time,
// and where a file has such, its row does not say so.
func TestNoSingleYear(t *testing.T) {
	e := workspace(t, records("indicator,agency,period,sex\nvic_identified,KH.NP,2019,F\nvic_identified,KH.NP,2005..2013,F\nvic_identified,KH.NP,2005..2013,M\nvic_identified,KH.NP,,M\n"))
	a := ask(t, e, "vic_identified by year")
	if got := rowText(a); !strings.Contains(got, "No single year 3") || a.Blocks[0].Unstated[models.DimYear] != 0 {
		t.Errorf("%s; %v of the years not stated", got, a.Blocks[0].Unstated)
	}
	if !slices.ContainsFunc(a.Footnotes, func(n models.Remark) bool { return strings.HasPrefix(n.Text, "No single year: records whose period") }) {
		t.Errorf("nothing is said of them: %v", a.Footnotes)
	}
	if c := cellAt(t, ask(t, e, "vic_identified where year=_U")); c.Value != 1 {
		t.Errorf("without a time are %s, want 1", c.Text())
	}
	plain := ask(t, workspace(t, records("indicator,agency,period,sex\nvic_identified,KH.NP,2019,F\nvic_identified,KH.NP,,M\n")), "vic_identified by year")
	if got := rowText(plain); !strings.Contains(got, "Not stated 1") || plain.Blocks[0].Unstated[models.DimYear] != 0.5 {
		t.Errorf("%s; %v of the years not stated", got, plain.Blocks[0].Unstated)
	}
}

// rowText lists the rows of the first block with their last cells.
func rowText(a *models.Answer) string {
	var out []string
	for r, h := range a.Blocks[0].Rows {
		cells := a.Blocks[0].Cells[r]
		out = append(out, strings.Join(h.Labels, " ")+" "+cells[len(cells)-1].Text())
	}
	return strings.Join(out, "; ")
}
