package datasets

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tiplens/models"
)

// trainingCSV is the training file of n persons as text.
func trainingCSV(t testing.TB, n int64) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteTraining(&b, n); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// trainingPersons reads the file again with encoding/csv, each row by the
// names of its columns: nothing of the program's own reading is used.
func trainingPersons(t testing.TB, n int64) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(trainingCSV(t, n))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, r := range rows[1:] {
		p := map[string]string{}
		for i, h := range rows[0] {
			p[h] = r[i]
		}
		out = append(out, p)
	}
	if int64(len(out)) != n {
		t.Fatalf("there are %d persons, want %d", len(out), n)
	}
	return out
}

// The same number is the same person at any size, so that an answer learned on
// the small file holds in the large one for the rows that both have.
func TestTrainingIsAPrefixOfItself(t *testing.T) {
	whole := trainingCSV(t, 5000)
	if again := trainingCSV(t, 5000); again != whole {
		t.Fatal("the same size gives two files")
	}
	for _, n := range []int64{1, 4, 323, 324, 325, 2047, 2048, 2049, 4999} {
		part := trainingCSV(t, n)
		if !strings.HasPrefix(whole, part) || int64(strings.Count(part, "\n")) != n+1 {
			t.Errorf("the file of %d persons is not how the larger one begins", n)
		}
	}
	if got := trainingCSV(t, 0); got != strings.Join(trainingColumns, ",")+"\n" {
		t.Errorf("the file of nobody is %q", got)
	}
}

// The file that is nowhere on disk holds what the written one does.
func TestTrainingFileIsTheWrittenOne(t *testing.T) {
	const n = 5000
	a := TrainingFile(n)
	b := mustOpen(t, spill(t, "training.csv", []byte(trainingCSV(t, n))), Options{})
	ma, ra := load(t, a, mustFit(t, a, "training"))
	mb, rb := load(t, b, mustFit(t, b, "training"))
	if !slices.Equal(ma.lines(), mb.lines()) {
		t.Error("the observations differ")
	}
	if ra.Taken != n || rb.Taken != n {
		t.Errorf("%d and %d rows are taken, want %d", ra.Taken, rb.Taken, n)
	}
	for _, f := range append(ra.Findings, rb.Findings...) {
		t.Errorf("a finding on our own data: %s", &f)
	}
}

// Everything in it says that it is invented, and no dimension is empty.
func TestTrainingIsTrainingAndWhole(t *testing.T) {
	f := TrainingFile(TrainingSize)
	fit := mustFit(t, f, "training")
	if !fit.Recipe.Dataset.Synthetic {
		t.Error("the dataset is not said to be synthetic")
	}
	m, _ := load(t, f, fit)
	seen := map[string]map[string]int{}
	for _, o := range m.rows {
		for d, c := range o.codes {
			if seen[d] == nil {
				seen[d] = map[string]int{}
			}
			seen[d][c]++
		}
		if a := o.codes["agency"]; a != "TRAINING" && !strings.HasPrefix(a, "TRAINING.") {
			t.Fatalf("row %d is of the agency %s", o.row, a)
		}
		if o.year < 2015 || o.year > 2025 {
			t.Fatalf("row %d is of the year %d", o.row, o.year)
		}
		if o.codes["reporter"] != "KH" || o.subject == 0 {
			t.Fatalf("row %d is reported by %s of subject %d", o.row, o.codes["reporter"], o.subject)
		}
	}
	for _, d := range []string{"indicator", "agency", "place", "nationality", "origin", "destination", "sex", "age", "exploitation", "sector", "means", "recruiter", "status", "offence_group", "obs_status"} {
		known := 0
		for c := range seen[d] {
			if c != models.Unknown && c != models.Total {
				known++
			}
			if c == models.Other {
				t.Errorf("%s: a code of our own file is not known", d)
			}
		}
		if known < 2 {
			t.Errorf("%s has only %v", d, seen[d])
		}
	}
	for _, p := range provinces {
		if seen["origin"][p.code] == 0 {
			t.Errorf("nobody comes from %s", p.code)
		}
	}
	for _, d := range []string{"sex", "age", "nationality", "origin", "exploitation", "destination", "recruiter"} {
		if seen[d][models.Unknown] == 0 {
			t.Errorf("%s is always stated, which no real file is", d)
		}
	}
	roles := map[string]int{}
	for _, l := range m.legs {
		roles[l.role]++
	}
	if roles["recruitment"] == 0 || roles["transit"] == 0 {
		t.Errorf("the legs are %v", roles)
	}
}

// The planted rows, counted where no other row may be.
func TestTrainingEffects(t *testing.T) {
	persons := trainingPersons(t, TrainingSize)
	count := func(is func(p map[string]string) bool) (out []string) {
		for _, p := range persons {
			if is(p) {
				out = append(out, p["person"])
			}
		}
		return out
	}
	t.Run("corridor", func(t *testing.T) {
		for i, want := range []int{4, 6, 9, 13, 18, 24, 31, 39, 48, 58, 69} {
			year := strconv.Itoa(2015 + i)
			got := count(func(p map[string]string) bool {
				return p["exploited_in"] == "TW" && p["origin"] == "KH-20" && strings.HasPrefix(p["identified_on"], year)
			})
			if len(got) != want {
				t.Errorf("%d in %s, want %d", len(got), year, want)
			}
		}
		if got := count(func(p map[string]string) bool {
			return slices.Contains([]string{p["exploited_in"], p["origin"], p["nationality"], p["transit"]}, "TW")
		}); len(got) != 319 {
			t.Errorf("%d persons have to do with Taiwan, want the 319 of the corridor", len(got))
		}
	})
	t.Run("small cell", func(t *testing.T) {
		three := []string{"TR-00000320", "TR-00000321", "TR-00000322"}
		if got := count(func(p map[string]string) bool {
			return p["found_in"] == "KH-16" && p["nationality"] == "LK" && p["sex"] == "F" && strings.HasPrefix(p["identified_on"], "2022")
		}); !slices.Equal(got, three) {
			t.Errorf("the cell holds %v", got)
		}
		if got := count(func(p map[string]string) bool {
			return p["found_in"] == "KH-16" || p["exploited_in"] == "KH-16" || p["nationality"] == "LK" || p["origin"] == "LK"
		}); !slices.Equal(got, three) {
			t.Errorf("others reach the cell: %v", got)
		}
	})
	t.Run("duplicate", func(t *testing.T) {
		pair := count(func(p map[string]string) bool { return p["found_in"] == "KH-23" })
		if !slices.Equal(pair, []string{"TR-00000323", "TR-00000324"}) {
			t.Fatalf("found in Kep are %v", pair)
		}
		a, b := persons[322], persons[323]
		for c := range a {
			if c != "person" && c != "identified_on" && a[c] != b[c] {
				t.Errorf("they differ in %s: %q and %q", c, a[c], b[c])
			}
		}
		if days := date(b["identified_on"]) - date(a["identified_on"]); days != 19 {
			t.Errorf("they lie %d days apart, want 19", days)
		}
	})
	t.Run("late agency", func(t *testing.T) {
		// What the NGO did in the second half of 2025 has not come in: neither first help nor help that goes on.
		for _, c := range []string{"assisted_on", "assisted_again_on"} {
			got := count(func(p map[string]string) bool { return p["assisted_by"] == "TRAINING.NGO" && p[c] >= "2025-07-01" })
			if len(got) != 0 {
				t.Errorf("%s: the NGO has reported %d persons of the second half of 2025", c, len(got))
			}
		}
		if got := count(func(p map[string]string) bool {
			return p["assisted_by"] == "TRAINING.NGO" && p["assisted_on"] >= "2025-01-01"
		}); len(got) == 0 {
			t.Error("the NGO has reported nobody of 2025 at all, so nothing seems late")
		}
		if got := count(func(p map[string]string) bool {
			return p["assisted_by"] == "TRAINING" && p["assisted_on"] >= "2025-07-01"
		}); len(got) == 0 {
			t.Error("nobody else has reported either")
		}
	})
	t.Run("break", func(t *testing.T) {
		for _, p := range persons {
			if (p["series_break"] == "B") != strings.HasPrefix(p["assisted_on"], "2020") || p["series_break"] != "" && p["series_break"] != "B" {
				t.Fatalf("%s, first assisted %q, has the break %q", p["person"], p["assisted_on"], p["series_break"])
			}
		}
	})
}

// The status B of the break stands on the first help of 2020 and nowhere else.
func TestTrainingBreakFlag(t *testing.T) {
	f := TrainingFile(TrainingSize)
	m, _ := load(t, f, mustFit(t, f, "training"))
	flagged := 0
	for _, o := range m.rows {
		switch s := o.codes["obs_status"]; {
		case s == "B" && (o.year != 2020 || o.codes["indicator"] != "vic_assisted"):
			t.Fatalf("row %d, %s of %d, has the status B", o.row, o.codes["indicator"], o.year)
		case s == "B":
			flagged++
		case s != "A":
			t.Fatalf("row %d has the status %q", o.row, s)
		}
	}
	want := 0
	for _, p := range trainingPersons(t, TrainingSize) {
		if strings.HasPrefix(p["assisted_on"], "2020") {
			want++
		}
	}
	if flagged != want || want == 0 {
		t.Errorf("%d observations carry the break, want %d", flagged, want)
	}
}

// testdata/training/effects.csv says what the engine must answer. Here its
// numbers are counted again from the text of the file.
func TestTrainingEffectsFile(t *testing.T) {
	rows, err := csv.NewReader(bytes.NewReader(small(t, "training/effects.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 20 || !slices.Equal(rows[0], []string{"effect", "slice", "codes", "value"}) {
		t.Fatalf("the file begins with %v and has %d rows", rows[0], len(rows))
	}
	persons := trainingPersons(t, TrainingSize)
	effects := map[string]int{}
	for i, r := range rows[1:] {
		effects[r[0]]++
		t.Run(fmt.Sprintf("%s %d", r[0], i+2), func(t *testing.T) {
			s, err := models.ParseSlice(r[1], Catalogue())
			if err != nil {
				t.Fatalf("%s: %v", r[1], err)
			}
			if s.String() != r[1] {
				t.Errorf("the slice is not canonical: %s is %s", r[1], s)
			}
			terms := s.Where
			if r[2] != "" {
				more, err := models.ParseSlice("vic_identified where "+r[2], Catalogue())
				if err != nil {
					t.Fatalf("%s: %v", r[2], err)
				}
				terms = append(terms, more.Where...)
			}
			n := 0
			for _, p := range persons {
				if counts(t, p, s.Indicator(), terms) {
					n++
				}
			}
			if got := strconv.Itoa(n); got != r[3] {
				t.Errorf("%s %s is %s, and the file says %s", r[1], r[2], got, r[3])
			}
		})
	}
	for _, e := range []string{"corridor", "small cell", "duplicate", "late agency", "break", "count"} {
		if effects[e] < 2 {
			t.Errorf("the effect %q has %d answers", e, effects[e])
		}
	}
}

// counts reports whether a person of the training file counts for an indicator
// under the filters. It knows the columns and nothing of recipes.
func counts(t *testing.T, p map[string]string, indicator string, terms []models.Term) bool {
	t.Helper()
	days := map[string][]string{
		"vic_identified": {p["identified_on"]}, "vic_assisted": {p["assisted_on"], p["assisted_again_on"]},
		"sus_arrested": {p["arrested_on"]}, "sus_convicted": {p["convicted_on"]},
	}[indicator]
	if days == nil {
		t.Fatalf("nothing is known of %s", indicator)
	}
	days = slices.DeleteFunc(slices.Clone(days), func(d string) bool { return d == "" })
	for _, term := range terms {
		switch {
		case term.Not || len(term.Codes)+len(term.Spans) != 1:
			t.Fatalf("the filter %s is more than this test counts", term)
		case term.Dim == models.DimYear:
			first, last := term.Spans[0].Start.String(), term.Spans[0].End.String()
			days = slices.DeleteFunc(days, func(d string) bool { return d < first || d > last })
		case !hasCode(t, p, indicator, term.Dim, term.Codes[0]):
			return false
		}
	}
	return len(days) > 0
}

func hasCode(t *testing.T, p map[string]string, indicator, dim, code string) bool {
	t.Helper()
	if dim == "agency" {
		if indicator == "vic_assisted" {
			return p["assisted_by"] == code
		}
		return code == "TRAINING"
	}
	column := map[string]string{"sex": "sex", "age": "age", "nationality": "nationality", "origin": "origin", "destination": "exploited_in", "place": "found_in",
		"exploitation": "exploitation", "offence_group": "offence"}[dim]
	if column == "" {
		t.Fatalf("nothing is known of %s", dim)
	}
	text := p[column]
	switch {
	case text == "":
		return code == models.Unknown
	case dim == "age":
		age, err := strconv.Atoi(text)
		band := map[string][2]int{"Y0T17": {0, 17}, "Y0T8": {0, 8}, "Y9T17": {9, 17}, "Y_GE18": {18, 200}}[code]
		return err == nil && band[1] > 0 && band[0] <= age && age <= band[1]
	}
	return slices.ContainsFunc(strings.Split(text, "; "), func(c string) bool {
		return c == code || strings.HasPrefix(c, code+".") || strings.HasPrefix(c, code+"-")
	})
}
