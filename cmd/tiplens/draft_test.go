package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiplens/models"
	"tiplens/tui"
)

const mayCases = `No,Full name,Province,Sex,Age,Date identified,Purpose
1,Sok,Phnom Penh,F,17,2024-05-03,Sexual exploitation
2,Sao,P.Penh,M,22,2024-05-04,Forced labour; Begging
3,Sim,Kompot,F,-99,2024-05-09,Sexual exploitation
`

func caseFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestDraftCommand: a file is shown as it would be loaded, and nothing is.
func TestDraftCommand(t *testing.T) {
	dir := newWorkspace(t)
	out := wantTL(t, "draft", caseFile(t, "cases_2024_05.csv", mayCases), "--workspace", dir)
	for _, want := range []string{
		"Not ready to load: It is not said what the rows count.", "Full name        left out      names people: left out",
		`"Kompot"  1 time  holds its rows back  KH-7 Kampot`, "3 rows read = 1 taken + 2 held back + 0 skipped",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if strings.Contains(out, "Sok") {
		t.Error("a name is printed")
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Error("looking at a file made a workspace")
	}
}

// TestDraftOfDates: the whole draft of a file whose dates have every form.
func TestDraftOfDates(t *testing.T) {
	file := caseFile(t, "cases.csv", `Date,Victim nationality,Province,Sex
03/05/2024,Viet Nam,Phnom Penh,F
25/12/2024,Thailand,Kandal,M
3-May-24,China,Pursat,F
25 May 2024,China,Pursat,F
31/02/2024,China,Pursat,F
12/25/2024,China,Pursat,F
26/12/2024,China,Pursat,M
`)
	out := wantTL(t, "draft", file, "--workspace", newWorkspace(t), "--set", "indicator=vic_identified", "--set", "agency=KH.NP")
	_, out, _ = strings.Cut(out, "  agency ")
	out = strings.ReplaceAll(out, fmt.Sprintf("%d to %d", time.Now().Year()-98, time.Now().Year()+1), "1928 to 2027")
	if out != datesDraft {
		t.Errorf("the draft is now\n%s", out)
	}
}

const datesDraft = `      Cambodian National Police   in every row
  dates:Date   day first                   2 of 4 dates of numbers can only be read so and 1 only month first
  reporter     not stated                  by the agency where it is not stated
  id           cases                       by the name of the file; a file of the same dataset becomes its next version

Columns
  Date                date         the header says "date", 6 of 7 values are times                          03/05/2024 | 25/12/2024 | 3-May-24 | 25 May 2024
  Victim nationality  nationality  the header says "nationality", 3 of 3 values are known as nationalities  Viet Nam | Thailand | China
  Province            place        the header says "province", 3 of 3 values are known as places            Phnom Penh | Kandal | Pursat
  Sex                 sex          the header says "sex", 2 of 2 values are known as sexes                  F | M

Values to decide
  Date  "31/02/2024"  1 time  holds its rows back
  Date  "12/25/2024"  1 time  holds its rows back

Preview
  in every row Counted: Identified victims
  in every row Agency: Cambodian National Police
  row  When        Reporting country  Place       Nationality  Sex
  2    2024-05-03  Cambodia           Phnom Penh  Viet Nam     Female
  3    2024-12-25  Cambodia           Kandal      Thailand     Male
  4    2024-05-03  Cambodia           Pursat      China        Female
  5    2024-05-25  Cambodia           Pursat      China        Female
  8    2024-12-26  Cambodia           Pursat      China        Male

Findings
  7 rows read = 5 taken + 2 held back + 0 skipped
  held: cases.csv, column Date: the text is no date in the order of the column
  held: cases.csv, column Date: the text is no day of the calendar
  note: cases.csv, row 2, column Date: dates of numbers are read day first: 2 of 4 dates of numbers in cases.csv can only be read so and 1 only month first; in this row, the first, "03/05/2024" is 2024-05-03 (3 times)
  doubt: cases.csv, column Date: the dates are in two orders: 2 can only be read day first; these can only be read month first, and are held back. Ask the sender what comes first; what may be read both ways is read day first
  held: cases.csv, row 6, column Date: "31/02/2024" is no day of the calendar. Correct it in the file and load again, or export what is held back (tiplens report --held), correct it and load it with --append
  held: cases.csv, row 7, column Date: "12/25/2024" is no date in the order of the column. Ask the sender which day it is, and write it as 2024-12-25
  note: cases.csv, row 4, column Date: years of two digits are read as 1928 to 2027; in this row, the first, "3-May-24" is 2024-05-03
`

// TestDatesAreAsked: a file that does not show which comes first is loaded with
// an answer, never without one; the recipe keeps it for the next file, and a
// file that shows another order is refused.
func TestDatesAreAsked(t *testing.T) {
	dir := newWorkspace(t)
	load := func(dates, more string) (int, string) {
		args := []string{"load", caseFile(t, "cases.csv", "Date,Province\n03/05/2024,Kampot\n"+dates+",Takeo\n"), "--workspace", dir}
		code, _, errOut := tl(t, append(args, strings.Fields(more)...)...)
		return code, errOut
	}
	said := "--set indicator=vic_identified --set agency=KH.NP"
	if code, text := load("04/06/2024", said); code != exitUsage || !strings.Contains(text, `Say which comes first in column "Date", day (dates=dmy) or month (dates=mdy): "03/05/2024" may be`) {
		t.Fatalf("%d %s", code, text)
	}
	if code, text := load("04/06/2024", said+" --set dates=mdy --save-recipe police"); code != 0 || !strings.Contains(text, `dates of numbers are read month first: stated; in this row, the first, "03/05/2024" is 2024-03-05 (2 times)`) {
		t.Fatalf("%d %s", code, text)
	}
	if code, text := load("07/08/2024", ""); code != 0 || !strings.Contains(text, "2 rows read = 2 taken") {
		t.Fatalf("%d %s", code, text)
	}
	if out := wantTL(t, "show", "vic_identified by month where year=2024", "--workspace", dir, "--format", "csv"); !strings.Contains(out, "2024-03") || !strings.Contains(out, "2024-07") {
		t.Error(out)
	}
	if code, text := load("25/12/2024", ""); code == 0 || !strings.Contains(text, "dates of numbers are to be read month first, and 1 of them can only be read day first") {
		t.Fatalf("%d %s", code, text)
	}
}

// TestLoadAsSaid: answers on the command line, the recipe saved, and the next
// month's file by its name alone.
func TestLoadAsSaid(t *testing.T) {
	dir := newWorkspace(t)
	may := caseFile(t, "cases_2024_05.csv", mayCases)
	code, _, errOut := tl(t, "load", may, "--workspace", dir, "--set", "agency=KH.NP")
	if code != exitUsage || !strings.Contains(errOut, "not said what the rows count") {
		t.Fatalf("%d: %s", code, errOut)
	}
	answers := []string{"--set", "indicator=vic_identified", "--set", "agency=KH.NP", "--code", "Province=P.Penh=KH-12", "--code", "Province=Kompot=Kampot", "--missing", "Age=-99"}
	out := wantTL(t, append([]string{"load", may, "--workspace", dir, "--dry-run"}, answers...)...)
	if !strings.Contains(out, "3 rows read = 3 taken") {
		t.Error(out)
	}
	if _, err := os.Stat(filepath.Join(dir, "manifest.json")); err == nil {
		t.Fatal("a dry run loads")
	}
	wantTL(t, append([]string{"load", may, "--workspace", dir, "--save-recipe", "police"}, answers...)...)
	june := caseFile(t, "cases_2024_06.csv", strings.ReplaceAll(mayCases, "2024-05", "2024-06"))
	wantTL(t, "load", june, "--workspace", dir)
	got := wantTL(t, "show", "vic_identified by place,age across month where year=2024", "--workspace", dir)
	for _, want := range []string{"cases@2", "2024-06", "Kampot", "Not stated"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	_, _, errOut = tl(t, "load", june, "--workspace", dir)
	if !strings.Contains(errOut, "Nothing to do") {
		t.Error(errOut)
	}
	july := caseFile(t, "cases_2024_07.csv", strings.Replace(mayCases, ",Age,", ",Years old,", 1))
	code, _, errOut = tl(t, "load", july, "--workspace", dir)
	if code != exitFailure || !strings.Contains(errOut, "recipe police nearly fits") || !strings.Contains(errOut, `--instead "Age=COLUMN"`) {
		t.Errorf("%d: %s", code, errOut)
	}
	wantTL(t, "load", july, "--workspace", dir, "--instead", "Age=Years old")
	for _, bad := range [][]string{{"--set", "x"}, {"--code", "Province=P.Penh"}, {"--set", "colour=red"}, {"--column", "Nobody=place"}, {"--save-recipe", "Not A Name", "--set", "indicator=vic_identified"}} {
		if code, _, errOut := tl(t, append([]string{"load", may, "--workspace", dir}, bad...)...); code != exitUsage || errOut == "" {
			t.Errorf("%v: %d %s", bad, code, errOut)
		}
	}
}

// TestColumnsWithEquals: a header may have = in it, and quotes of its own.
func TestColumnsWithEquals(t *testing.T) {
	dir := newWorkspace(t)
	file := caseFile(t, "forms.csv", "Town,\"Sex (1=M, 2=F)\",\"The \"\"age\"\"=years\",Year\nKampot,1,17,2024\nKampot,2,-99,2024\nKep,9,30,2024\n")
	answers := []string{"--set", "indicator=vic_identified", "--set", "agency=KH.NP", "--column", "Sex (1=M, 2=F)=sex", "--column", `The "age"=years=age`,
		"--code", `"Sex (1=M, 2=F)"=1=M`, "--code", `"Sex (1=M, 2=F)"=2=F`, "--missing", `"Sex (1=M, 2=F)"=9`, "--missing", `"The ""age""=years"=-99`, "--column", "Town=place"}
	wantTL(t, append([]string{"load", file, "--workspace", dir, "--save-recipe", "forms"}, answers...)...)
	got := wantTL(t, "show", "vic_identified by sex,age where year=2024", "--workspace", dir, "--format", "csv")
	for _, want := range []string{",M,Y0T17,1", ",F,_U,1", ",_U,Y_GE18,1"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	next := caseFile(t, "forms2.csv", "Town,Sex,\"The \"\"age\"\"=years\",Year\nKep,1,17,2025\n")
	_, _, errOut := tl(t, "load", next, "--workspace", dir, "--id", "forms")
	want := `--instead "\"Sex (1=M, 2=F)\"=COLUMN"`
	if !strings.Contains(errOut, want) {
		t.Fatalf("%s is not in\n%s", want, errOut)
	}
	wantTL(t, "load", next, "--workspace", dir, "--instead", `"Sex (1=M, 2=F)"=Sex`, "--id", "forms")
	for _, command := range []string{"load", "draft"} {
		if help := wantTL(t, command, "--help"); !strings.Contains(help, `--missing '"Sex (1=M)"=9'`) {
			t.Errorf("%s does not say how to name such a column", command)
		}
	}
}

// TestDraftKilled: a child that is killed while it looks at a file is told in
// a sentence; who asked lives.
func TestDraftKilled(t *testing.T) {
	dir := newWorkspace(t)
	file := caseFile(t, "cases.csv", mayCases)
	t.Setenv(testDieEnv, "1")
	_, err := spawnDraft(t.Context(), dir, file, nil)
	if err == nil || !strings.Contains(err.Error(), "looking at the file ended without a result (signal: killed)") {
		t.Errorf("%v", err)
	}
	t.Setenv(testDieEnv, "")
	if d, err := spawnDraft(t.Context(), dir, file, nil); err != nil || len(d.Columns) != 7 {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := spawnDraft(ctx, dir, file, nil); err == nil {
		t.Error("a draft that was given up is there")
	}
}

// TestHostileDraft: nothing from a file reaches the screen as an escape
// sequence, by no part of the draft.
func TestHostileDraft(t *testing.T) {
	file := caseFile(t, "x.csv", "Province\x1b[2J,\u202eSex,Age\x07\nKam\x1b]52;c;aGk=\x07pot,F\u200b,9\x00\nKep,M,\x9b5\n")
	d, err := spawnDraft(t.Context(), newWorkspace(t), file, []models.DraftChange{{Key: "indicator", Value: "vic_identified"}, {Key: "encoding", Value: "windows-1252"}})
	var b strings.Builder
	if err != nil { // refused for its bytes, which is as good
		b.WriteString(err.Error())
	} else if err := writeDraft(&b, d); err != nil {
		t.Fatal(err)
	} else {
		b.WriteString(d.RecipeText)
	}
	if strings.ContainsAny(b.String(), "\x1b\x07\x00\u202e\u200b\u009b") {
		t.Errorf("%q", b.String())
	}
}

// TestHostLoads: the screen's host drafts and loads, says when there is
// nothing new, and lists folders.
func TestHostLoads(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	dir := newWorkspace(t)
	file := caseFile(t, "cases_2024_05.csv", mayCases)
	h := &host{own: dir}
	changes := []models.DraftChange{{Key: "indicator", Value: "vic_identified"}, {Key: "unsure", Value: "other"}}
	d, err := h.Draft(t.Context(), dir, file, changes)
	if err != nil || d.Blocks != "" {
		t.Fatal(err, d)
	}
	order := tui.LoadOrder{File: file, Draft: d, Changes: changes}
	res, err := h.Load(t.Context(), dir, order, func(tui.Progress) {})
	if err != nil || res.Dataset != "cases" || res.Version != 1 || res.Same || !strings.Contains(res.Text, "3 rows taken") {
		t.Fatalf("%+v %v", res, err)
	}
	again, err := h.Load(t.Context(), dir, order, func(tui.Progress) {})
	if err != nil || !again.Same || again.Text != "nothing new: this file is loaded already as cases@1" {
		t.Errorf("%+v %v", again, err)
	}
	if err := h.SaveRecipe(dir, "ctdc-kanon", d.RecipeText); err == nil {
		t.Error("a recipe of the program is overwritten")
	}
	if err := h.SaveRecipe(dir, "police", d.RecipeText); err != nil {
		t.Error(err)
	}
	if d, err := h.Draft(t.Context(), dir, file, nil); err != nil || !d.Known || d.Recipe != "police" {
		t.Errorf("%v %+v", err, d)
	}
}

// TestFolder: what the file browser lists, and where it begins.
func TestFolder(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	home := t.TempDir()
	t.Setenv("HOME", home)
	for name, text := range map[string]string{"b.csv": "1", "a.XLSX": "22", "c.pdf": "3", ".hidden.csv": "4", "bad\x1bname.csv": "5"} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(home, "letters"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(home)
	h := &host{}
	f, file, err := h.Folder("")
	if err != nil || file != "" || f.Path != home || f.Others != 3 || len(f.Entries) != 3 || f.Entries[0].Name != "letters" {
		t.Errorf("%+v %v", f, err)
	}
	if _, file, err = h.Folder("~/b.csv"); err != nil || file != filepath.Join(home, "b.csv") {
		t.Errorf("%s %v", file, err)
	}
	if _, _, err = h.Folder(filepath.Join(home, "nothing")); err == nil || !strings.Contains(err.Error(), "there is no") {
		t.Error(err)
	}
	if _, _, err := h.Folder("~/letters/../b.csv"); err != nil {
		t.Error(err)
	}
	if f, _, _ := h.Folder(""); f.Path != home { // the folder of the file opened last
		t.Error(f.Path)
	}
}
