package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tiplens/models"
)

// reportOf loads a file and gives its findings as the report prints them.
func reportOf(t *testing.T, content string, args ...string) []models.Finding {
	t.Helper()
	dir := t.TempDir()
	ws, path := filepath.Join(dir, "ws"), filepath.Join(dir, "data.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := tiplens(t, append([]string{"load", path, "--id", "data", "--workspace", ws}, args...)...); code != exitAnswer {
		t.Fatal(errOut)
	}
	return reportIn(t, ws).Findings
}

// reportIn reads the report of dataset data, proven.
func reportIn(t *testing.T, ws string) *models.Report {
	t.Helper()
	code, out, errOut := tiplens(t, "report", "data", "--format", "json", "--workspace", ws)
	if code != exitAnswer {
		t.Fatal(errOut)
	}
	var got models.Report
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if err := got.Prove(); err != nil {
		t.Error(err)
	}
	return &got
}

var (
	personMap = []string{"--indicator", "vic_identified", "--agency", "KH.NP", "--map", "date=Date,place=Province,nationality=Nationality,sex=Sex"}
	figureMap = []string{"--agency", "KH.NCCT", "--map", "indicator=What,year=Year,sex=Sex,nationality=Nat,place=Place,value=Number,note=Note"}
)

// TestReportChecks: each check tells what it found in a file in which it was
// counted by hand, and nothing in one that is right.
func TestReportChecks(t *testing.T) {
	person := func(rows ...string) string {
		return "Id,Date,Province,Nationality,Sex,Other (specify)\n" + strings.Join(rows, "\n") + "\n"
	}
	figure := func(rows ...string) string {
		return "What,Year,Sex,Nat,Place,Number,Note\n" + strings.Join(rows, "\n") + "\n"
	}
	id := append(slices.Clone(personMap[:5]), personMap[5]+",subject=Id")
	for _, tt := range []struct {
		name    string
		content string
		args    []string
		kind    models.Kind
		count   int64    // of the one finding of this kind that says
		says    []string // all of these; none means that no finding of the kind may be there
	}{
		{"parts that are more", figure("sus_arrested,2025,,,,209,", "sus_arrested,2025,F,,,15,", "sus_arrested,2025,M,,,200,"), figureMap,
			models.KindTotals, 3, []string{"sex", "F 15 + M 200 = 215", "more than the total of 209", "rows 2, 3, 4"}},
		{"parts that are less, and all there", figure("sus_arrested,2025,,,,209,", "sus_arrested,2025,F,,,15,", "sus_arrested,2025,M,,,190,"), figureMap,
			models.KindTotals, 3, []string{"doubt", "F 15 + M 190 = 205", "less than the total of 209"}},
		{"parts that are less, others may be missing", figure("sus_arrested,2025,,,,209,", "sus_arrested,2025,,CN,,13,", "sus_arrested,2025,,TH,,4,"), figureMap,
			models.KindTotals, 3, []string{"note", "CN 13 + TH 4 = 17", "in no part"}},
		{"a group with its members is not added", figure("sus_arrested,2025,,,,209,", "sus_arrested,2025,,foreigner,,17,", "sus_arrested,2025,,CN,,13,", "sus_arrested,2025,,TH,,4,", "sus_arrested,2025,,KH,,192,"), figureMap,
			models.KindTotals, 0, nil},
		{"parts that fit", figure("sus_arrested,2025,,,,209,", "sus_arrested,2025,F,,,15,", "sus_arrested,2025,M,,,194,"), figureMap, models.KindTotals, 0, nil},
		{"a range that can fit", figure("sus_arrested,2025,,,,209,", "sus_arrested,2025,F,,,<5,", "sus_arrested,2025,M,,,207,"), figureMap, models.KindTotals, 0, nil},
		{"a range that cannot fit", figure("sus_arrested,2025,,,,209,", "sus_arrested,2025,F,,,<5,", "sus_arrested,2025,M,,,209,"), figureMap,
			models.KindTotals, 3, []string{"F 1 to 4 + M 209 = 210 to 213", "more than"}},
		{"by column: a cell of a cross table", figure("sus_arrested,2025,F,,,10,", "sus_arrested,2025,F,,Kandal,6,", "sus_arrested,2025,F,,Kep,5,", "sus_arrested,2025,M,,Kep,50,"), figureMap,
			models.KindTotals, 3, []string{"place", "KH-8 6 + KH-23 5 = 11", "total of 10"}},
		{"parts of another year", figure("sus_arrested,2025,,,,9,", "sus_arrested,2024,F,,,15,", "sus_arrested,2024,M,,,200,"), figureMap, models.KindTotals, 0, nil},
		{"the same figure twice", figure("sus_arrested,2025,,,,209,", "sus_arrested,2024,,,,8,", "sus_arrested,2025,,,,209,"), figureMap,
			models.KindDuplicates, 2, []string{"stands more than once", "209 in row 2", "209 in row 4"}},
		{"two values for the same", figure("sus_arrested,2025,,,,209,", "sus_arrested,2025,,,,290,"), figureMap,
			models.KindDuplicates, 2, []string{"differ", "209 in row 2", "290 in row 3"}},
		{"no figure twice", figure("sus_arrested,2025,,,,209,", "sus_arrested,2024,,,,209,"), figureMap, models.KindDuplicates, 0, nil},
		{"a share that does not fit", figure("vic_referred,2025,,,,63,", "vic_rescued,2025,,,,609,", "shr_referred,2025,,,,12.3,"), figureMap,
			models.KindPercent, 0, []string{"12.3 percent", "63 of 609 is 10.34 %", "rows 2, 3"}},
		{"a share that fits", figure("vic_referred,2025,,,,63,", "vic_rescued,2025,,,,609,", "shr_referred,2025,,,,10.3,"), figureMap, models.KindPercent, 0, nil},
		{"a change on another base", figure("case_investigated,2024,,,,87,", "case_investigated,2025,,,,104,up +16.34 %"), figureMap,
			models.KindPercent, 0, []string{"+16.34 %", "from 87 to 104 is +19.54 % of 87", "W-21"}},
		{"a change that fits", figure("case_investigated,2024,,,,87,", "case_investigated,2025,,,,104,an increase of 19.5%"), figureMap, models.KindPercent, 0, nil},
		{"a fall that fits", figure("case_investigated,2024,,,,104,", "case_investigated,2025,,,,87,a drop of 16.3%"), figureMap, models.KindPercent, 0, nil},
		{"a value that is not whole", figure("sus_arrested,2025,,,,20.5,"), figureMap, models.KindNumbers, 1, []string{"row 2", "column Number", "not whole", "persons"}},
		{"a negative count", figure("sus_arrested,2025,,,,-3,", "sus_arrested,2024,,,,3,"), figureMap, models.KindHeld, 1, []string{"column Number: the text is negative"}},
		{"Khmer digits", figure("sus_arrested,២០២៥,,,,២០៩,", "sus_arrested,2024,,,,209,"), figureMap, models.KindDigits, 1, []string{"row 2", "column Number", "Khmer or Arabic"}},
		{"Latin digits", figure("sus_arrested,2025,,,,209,"), figureMap, models.KindDigits, 0, nil},

		{"a date to come", person("a,2099-01-01,Kandal,KH,F,", "b,2024-01-01,Kandal,KH,F,"), personMap, models.KindDates, 1, []string{"row 2", "column Date", "still to come"}},
		{"no date to come", person("a,2024-01-01,Kandal,KH,F,"), personMap, models.KindDates, 0, nil},
		{"one person twice", person("a,2024-01-01,Kandal,KH,F,", "a,2024-02-01,Kandal,KH,F,", "b,2024-02-01,Kandal,KH,F,"), id,
			models.KindDuplicates, 1, []string{"vic_identified, 3 rows are about 2 persons"}},
		{"nobody twice", person("a,2024-01-01,Kandal,KH,F,", "b,2024-02-01,Kandal,KH,F,"), id, models.KindDuplicates, 0, nil},
		{"the same row twice", person("a,2024-01-01,Kandal,KH,F,", "b,2024-01-01,Kandal,KH,F,", "a,2024-01-01,Kandal,KH,F,"), id,
			models.KindCopies, 1, []string{"doubt", "row 4", "as row 2"}},
		{"rows that differ in a column nobody reads", person("a,2024-01-01,Kandal,KH,F,", "b,2024-01-01,Kandal,KH,F,"), personMap, models.KindCopies, 0, nil},
		{"NA among names", person("a,2024-01-01,Kandal,NA,F,", "b,2024-01-01,Kandal,Vietnamese,F,", "c,2024-01-01,Kandal,Thai,F,"), personMap,
			models.KindMissing, 1, []string{"column Nationality", "read as Namibia"}},
		{"NA among codes", person("a,2024-01-01,Kandal,NA,F,", "b,2024-01-01,Kandal,VN,F,", "c,2024-01-01,Kandal,TH,F,"), personMap, models.KindMissing, 0, nil},
		{"a text without a code", person("a,2024-01-01,Kandal,KH,Qqxz,", "b,2024-01-01,Kandal,KH,Qqxz,"), personMap,
			models.KindCodes, 2, []string{"column Sex", `"Qqxz"`, "counts as Other"}},
		{"a name that nobody knows", person("a,2024-01-01,Kandal,KH,F,", "b,2024-01-01,Kandal,Qqxz,F,"), personMap,
			models.KindHeld, 1, []string{"column Nationality: the text is not known"}},
		{"what was written under Other", person("a,2024-01-01,Kandal,KH,F,farm", "b,2024-01-01,Kandal,KH,F,farm", "c,2024-01-01,Kandal,KH,F,farm"), personMap,
			models.KindOther, 3, []string{`"farm"`}},
		{"a row of totals among people", person("a,2024-01-01,Kandal,KH,F,", "b,2024-01-01,Total,KH,F,"), personMap,
			models.KindHeld, 1, []string{"column Province: the text is a total"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var of []string
			for _, f := range reportOf(t, tt.content, tt.args...) {
				if f.Kind != tt.kind {
					continue
				}
				text := fmt.Sprintf("%s: %s", f.Severity, f)
				of = append(of, text)
				if tt.says != nil && f.Count == tt.count && !slices.ContainsFunc(tt.says, func(w string) bool { return !strings.Contains(text, w) }) {
					return
				}
			}
			if tt.says != nil || len(of) > 0 {
				t.Errorf("want %q with %d, got %q", tt.says, tt.count, of)
			}
		})
	}
}

func TestReportOutsideThePeriod(t *testing.T) {
	dir := t.TempDir()
	ws, path := filepath.Join(dir, "ws"), filepath.Join(dir, "data.csv")
	rows := "Id,Date,Province,Nationality,Sex\na,2024-01-01,Kandal,KH,F\nb,2023-12-31,Kandal,KH,F\nc,2024-12-31,Kandal,KH,M\nd,2025-01-01,Kandal,KH,M\n"
	for name, text := range map[string]string{path: rows, path + ".meta.yaml": "covers: 2024\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, _, errOut := tiplens(t, append([]string{"load", path, "--id", "data", "--workspace", ws}, personMap...)...); code != exitAnswer {
		t.Fatal(errOut)
	}
	found := reportIn(t, ws).Of(models.KindDates)
	if len(found) != 1 || found[0].Count != 2 || found[0].Row != 3 || !strings.Contains(found[0].What, "outside 2024") {
		t.Errorf("%+v", found)
	}
}

// TestReportPeople: what belongs to single people is known by its values too.
func TestReportPeople(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("Date,Province,Nationality,Sex,Aaa,Bbb,Ccc,Ddd,Eee,Village\n")
	family := []string{"Sok", "Chan", "Keo", "Nguyen", "Lim", "Chea", "Heng", "Meas", "Ouk", "Prak", "Tep", "Ung"}
	for i, f := range family {
		fmt.Fprintf(&rows, "2024-01-%02d,Kandal,KH,F,%s Dara%s,012 345 6%02d,p%d@example.org,N%07d,%d-03-%02d,Prey %c\n", i+1, f, strings.Repeat("n", i), i, i, i*7919, 1960+i*4, i+1, 'A'+i)
	}
	dir := t.TempDir()
	ws, path := filepath.Join(dir, "ws"), filepath.Join(dir, "data.csv")
	if err := os.WriteFile(path, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	load := func(args ...string) (int, string) {
		code, _, errOut := tiplens(t, slices.Concat([]string{"load", path, "--id", "data", "--workspace", ws}, personMap, args)...)
		return code, errOut
	}
	for column, what := range map[string]string{"Aaa": "names of people", "Bbb": "telephone numbers", "Ccc": "e-mail addresses", "Ddd": "numbers of documents", "Eee": "dates of birth"} {
		code, errOut := load("--keep", column)
		if code != exitFailure || !strings.Contains(errOut, "column "+column) || !strings.Contains(errOut, what) || !strings.Contains(errOut, "never stored") {
			t.Errorf("%s is kept: %d, %s", column, code, errOut)
		}
		if strings.Contains(errOut, "Dara") || strings.Contains(errOut, "@") {
			t.Errorf("the refusal repeats a value: %s", errOut)
		}
	}
	if code, errOut := load("--keep", "Village", "--hash", "Aaa"); code != exitAnswer {
		t.Fatal(errOut)
	}
	told := map[string]string{}
	for _, f := range reportIn(t, ws).Of(models.KindPersonal) {
		told[f.Column] = f.What
	}
	for column, what := range map[string]string{"Aaa": "is not kept", "Bbb": "telephone numbers", "Ccc": "e-mail addresses", "Ddd": "numbers of documents", "Eee": "dates of birth"} {
		if !strings.Contains(told[column], what) {
			t.Errorf("of %s it is said %q", column, told[column])
		}
	}
	if len(told) != 5 {
		t.Errorf("more is said: %q", told)
	}
	// Nothing of these columns is anywhere in the workspace.
	err := filepath.WalkDir(ws, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		for _, secret := range []string{"Dara", "345 6", "example.org", "N0007919", "1964-03"} {
			if strings.Contains(string(b), secret) {
				t.Errorf("%s holds %q", d.Name(), secret)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestReportAddsUp: whatever stands in a file, every row is accounted for, with
// its reason, and the rows taken are those whose cells can be read.
func TestReportAddsUp(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	for try := range 6 {
		var rows strings.Builder
		rows.WriteString("Id,Date,Province,Nationality,Sex\n")
		read, taken, held, skipped := 0, 0, 0, 0
		for i := range 200 {
			switch n := r.IntN(10); {
			case n == 0:
				rows.WriteString(",,,,\n")
				read, skipped = read+1, skipped+1
			case n == 1:
				rows.WriteString("short,row\n")
				read, held = read+1, held+1
			case n == 2:
				fmt.Fprintf(&rows, "%d,%s,Kandal,KH,F\n", i, pick("soon", "2024-13-45", "1/2", "\"a, b\""))
				read, held = read+1, held+1
			case n == 3:
				fmt.Fprintf(&rows, "%d,2024,%s,KH,F\n", i, pick("Total", "TOTAL", "nowhere"))
				read, held = read+1, held+1
			default:
				fmt.Fprintf(&rows, "%d,%s,%s,%s,%s\n", i, pick("2024-01-05", "2023", ""), pick("Kandal", "Kep", ""), pick("KH", "VN", ""), pick("F", "M", "?"))
				read, taken = read+1, taken+1
			}
		}
		dir := t.TempDir()
		ws, path := filepath.Join(dir, "ws"), filepath.Join(dir, "data.csv")
		if err := os.WriteFile(path, []byte(rows.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, _, errOut := tiplens(t, slices.Concat([]string{"load", path, "--id", "data", "--hold", "--workspace", ws}, personMap)...); code != exitAnswer {
			t.Fatal(errOut)
		}
		rep := reportIn(t, ws)
		if rep.Read != int64(read) || rep.Taken != int64(taken) || rep.Held != int64(held) || rep.Skipped != int64(skipped) {
			t.Errorf("try %d: %s, want %d = %d + %d + %d", try, rep.Sum(), read, taken, held, skipped)
		}
		_, out, _ := tiplens(t, "show", "vic_identified", "--format", "csv", "--workspace", ws)
		if !strings.Contains(out, fmt.Sprintf(",%d,%d,%d,", taken, taken, taken)) {
			t.Errorf("try %d: %d rows are taken, and the answer is %s", try, taken, out)
		}
		_, out, _ = tiplens(t, "report", "data", "--held", "--workspace", ws)
		if lines, err := csv.NewReader(strings.NewReader(out)).ReadAll(); err != nil || len(lines) != held+1 {
			t.Errorf("try %d: %d lines are exported of %d rows held back, %v", try, len(lines)-1, held, err)
		}
	}
}

// TestHeldRowsAreCorrected: rows held back are exported, corrected and loaded
// again; the new version is what was taken before and what was corrected.
func TestHeldRowsAreCorrected(t *testing.T) {
	dir := t.TempDir()
	ws, path, export := filepath.Join(dir, "ws"), filepath.Join(dir, "data.csv"), filepath.Join(dir, "held.csv")
	content := "Id,Full name,Date,Province,Nationality,Sex\n" +
		"p1,Sok Dara,2024-01-05,Kandal,KH,F\n" + // row 2
		"p1,Sok Dara,soon,Kandal,KH,F\n" + // the same person
		"p2,Keo Srey,later,Kep,VN,M\n" +
		"p3,Lim Heng,=1+1,Kep,TH,M\n" +
		"p4,Chea Mom,2024-02-01,Kep,TH,F\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	args := slices.Concat([]string{"load", path, "--id", "data", "--workspace", ws, "--hash", "Id"}, personMap)
	if code, _, errOut := tiplens(t, args...); code != exitAnswer {
		t.Fatal(errOut)
	}
	if code, _, errOut := tiplens(t, "report", "data", "--held", "--to", export, "--workspace", ws); code != exitAnswer {
		t.Fatal(errOut)
	}
	b, err := os.ReadFile(export)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
	if err != nil || len(lines) != 4 || strings.Join(lines[0], "|") != "Id|Full name|Date|Province|Nationality|Sex|tiplens: row|tiplens: why|tiplens: subject" {
		t.Fatalf("%q, %v", lines, err)
	}
	for i, want := range []string{"||soon|Kandal|KH|F|3", "||later|Kep|VN|M|4", "||'=1+1|Kep|TH|M|5"} {
		if got := strings.Join(lines[i+1][:7], "|"); got != want {
			t.Errorf("line %d is %s, want %s", i+1, got, want)
		}
	}
	// One is corrected, one is still wrong, one is left out of the file.
	lines[1][2] = "2024-03-03"
	put := func(rows [][]string) string {
		var out strings.Builder
		w := csv.NewWriter(&out)
		_ = w.WriteAll(rows)
		path := filepath.Join(dir, "again.csv")
		if err := os.WriteFile(path, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	again := func(rows [][]string) (int, string) {
		code, _, errOut := tiplens(t, "load", put(rows), "--append", "data", "--workspace", ws)
		return code, errOut
	}
	before := fingerprint(t, ws)
	for name, bad := range map[string]func(row []string){
		"twice": func(r []string) { r[6] = "3" }, "not held back": func(r []string) { r[6] = "2" }, "no row number": func(r []string) { r[6] = "x" }, "not what was exported": func(r []string) { r[8] = "name" },
	} {
		wrong := slices.Clone(lines[2])
		bad(wrong)
		if code, errOut := again([][]string{lines[0], lines[1], wrong}); code != exitFailure || !strings.Contains(errOut, name) {
			t.Errorf("%s: %d, %s", name, code, errOut)
		}
	}
	if fingerprint(t, ws) != before {
		t.Error("a refused correction has changed the workspace")
	}
	if code, errOut := again(lines[:3]); code != exitAnswer || !strings.Contains(errOut, "of 3 rows held back: 1 corrected and taken, 1 held back again, 0 left out, and 1 not in the file") {
		t.Fatalf("%d, %s", code, errOut)
	}
	if rep := reportIn(t, ws); rep.Sum() != "5 rows read = 3 taken + 2 held back + 0 skipped" {
		t.Error(rep.Sum())
	}
	persons := func(want int) {
		t.Helper()
		if _, out, _ := tiplens(t, "show", "vic_identified", "--format", "csv", "--workspace", ws); !strings.Contains(out, ","+strconv.Itoa(want)+","+strconv.Itoa(want)+",") {
			t.Errorf("want %d persons: %s", want, out)
		}
	}
	persons(2) // the corrected row is about p1, who was there already
	lines[2][2], lines[3][2] = "2024-04-04", "2024-05-05"
	if code, errOut := again([][]string{lines[0], lines[2], lines[3]}); code != exitAnswer {
		t.Fatal(errOut)
	}
	if rep := reportIn(t, ws); rep.Sum() != "5 rows read = 5 taken + 0 held back + 0 skipped" {
		t.Error(rep.Sum())
	}
	persons(4)
	if code, errOut := again(lines); code != exitNoData {
		t.Errorf("%d, %s", code, errOut)
	}
	if code, _, _ := tiplens(t, "load", export, "--id", "other", "--workspace", ws, "--indicator", "vic_identified", "--map", "place=Province,sex=Sex"); code != exitAnswer {
		t.Error("an export cannot be loaded as a file of its own")
	}
}

// TestVersionsAreCompared: a load says what differs from the version before,
// and purge leaves nothing of that version.
func TestVersionsAreCompared(t *testing.T) {
	dir := t.TempDir()
	ws, path := filepath.Join(dir, "ws"), filepath.Join(dir, "data.csv")
	load := func(rows string) string {
		t.Helper()
		if err := os.WriteFile(path, []byte("What,Year,Sex,Nat,Place,Number,Note\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, errOut := tiplens(t, slices.Concat([]string{"load", path, "--id", "data", "--workspace", ws}, figureMap)...)
		if code != exitAnswer {
			t.Fatal(errOut)
		}
		return errOut
	}
	if out := load("sus_arrested,2024,,,,87,\nsus_arrested,2024,F,,,777123,\nsus_arrested,2023,,,,50,\n"); strings.Contains(out, "against") {
		t.Errorf("there is nothing to compare with: %s", out)
	}
	out := load("sus_arrested,2024,,,,90,\nsus_arrested,2023,,,,50,\nsus_arrested,2025,,,,104,\nsus_arrested,2025,F,,,4,\n")
	if want := "against data@1: 2 figures new, 1 gone, 1 changed, 1 the same"; !strings.Contains(out, want) {
		t.Errorf("%s does not say %s", out, want)
	}
	code, out, errOut := tiplens(t, "workspace", "compare", "data", "--format", "csv", "--workspace", ws)
	want := "change,what,old,new,row\n" +
		"changed,\"sus_arrested by KH.NCCT, 2024, reporter KH\",87,90,2\n" +
		"gone,\"sus_arrested by KH.NCCT, 2024, reporter KH, sex F\",\"777,123\",,3\n" +
		"new,\"sus_arrested by KH.NCCT, 2025, reporter KH\",,104,4\n" +
		"new,\"sus_arrested by KH.NCCT, 2025, reporter KH, sex F\",,4,5\n"
	if code != exitAnswer || out != want {
		t.Errorf("%d %s\n got %s\nwant %s", code, errOut, out, want)
	}
	if _, out, _ := tiplens(t, "workspace", "compare", "data", "2", "1", "--workspace", ws); !strings.Contains(out, "1 figure new, 2 gone, 1 changed") {
		t.Errorf("the other way round: %s", out)
	}
	if code, _, _ := tiplens(t, "workspace", "compare", "data", "7", "--workspace", ws); code != exitNoData {
		t.Errorf("a version that is not there gives %d", code)
	}
	if code, _, errOut := tiplens(t, "purge", "--workspace", ws); code != exitAnswer || !strings.Contains(errOut, "Deleted 1 file") {
		t.Errorf("%d %s", code, errOut)
	}
	if code, _, _ := tiplens(t, "workspace", "compare", "data", "--workspace", ws); code == exitAnswer {
		t.Error("a purged version is still compared")
	}
	if _, out, _ := tiplens(t, "report", "data", "--workspace", ws); strings.Contains(out, "777") {
		t.Errorf("a purged figure is still in the report: %s", out)
	}
}

// TestMonthsLeftOut: a file of the next month stands in the place of this
// month's, and the load says what it leaves out; a file that goes on does not.
func TestMonthsLeftOut(t *testing.T) {
	dir := t.TempDir()
	ws, path := filepath.Join(dir, "ws"), filepath.Join(dir, "data.csv")
	load := func(rows string) string {
		t.Helper()
		if err := os.WriteFile(path, []byte("Date,Province,Sex\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, errOut := tiplens(t, "load", path, "--id", "data", "--workspace", ws, "--indicator", "vic_identified", "--agency", "KH.NP", "--map", "date=Date,place=Province,sex=Sex")
		if code != exitAnswer {
			t.Fatal(errOut)
		}
		return errOut
	}
	const january, february = "2025-01-10,Kampot,F\n2025-01-31,Kep,M\n", "2025-02-01,Kep,M\n"
	load(january)
	if out := load(january + february); strings.Contains(out, "holds nothing of") {
		t.Errorf("nothing is left out: %s", out)
	}
	if out := load(february); !strings.Contains(out, "holds nothing of 2025-01, of which data@2 holds 2 observations") || !strings.Contains(out, "tiplens workspace back data") {
		t.Errorf("it is not said that January is left out: %s", out)
	}
	if _, out, _ := tiplens(t, "report", "data", "--workspace", ws); !strings.Contains(out, "holds nothing of 2025-01") {
		t.Errorf("the report does not say it: %s", out)
	}
}
