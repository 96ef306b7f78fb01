package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tiplens/datasets"
	"tiplens/query"
)

// ncct loads figures of one agency: as many arrests as is said, and their parts.
func ncct(t *testing.T, ws string, arrested, women int) {
	t.Helper()
	text := "id,indicator,value,qualifier,unit,sex,age_group,nationality,origin,destination,province,period_start,period_end,source_agency,source_document,note\n" +
		fmt.Sprintf("a,sus_arrested,%d,exact,persons,_T,_T,_T,,,,2025-01-01,2025-12-31,KH.NCCT,Report,\n", arrested) +
		fmt.Sprintf("b,sus_arrested,%d,exact,persons,F,_T,_T,,,,2025-01-01,2025-12-31,KH.NCCT,Report,\n", women) +
		fmt.Sprintf("c,sus_arrested,%d,exact,persons,M,_T,_T,,,,2025-01-01,2025-12-31,KH.NCCT,Report,\n", arrested-women)
	file := filepath.Join(t.TempDir(), fmt.Sprintf("ncct-%d.csv", arrested))
	write(t, file, text)
	if code, _, errOut := tiplens(t, "load", file, "--id", "ncct", "--workspace", ws); code != exitAnswer {
		t.Fatal(errOut)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

const halfYear = `title: Half-year figures
date: 2026-11-21
note: For the minister.
items:
  - kind: number
    heading: Arrests
    note: Without scam cases.
    slice: sus_arrested where year=2025 at ncct@1
  - kind: table
    slice: sus_arrested by sex where year=2025 at ncct@1
  - kind: chart
    heading: Arrests by sex
    slice: sus_arrested by sex where year=2025 at ncct@1
  - kind: note
    heading: To remember
    note: The report of December is not in here.
`

// TestBrief builds a briefing, loads other numbers, and builds it again: on its
// versions it is the same to the byte, on the current ones it says figure by
// figure what changed, and the card tells what was briefed.
func TestBrief(t *testing.T) {
	dir := t.TempDir()
	ws := filepath.Join(dir, "ws")
	ncct(t, ws, 209, 15)
	file := filepath.Join(dir, "half.yaml")
	write(t, file, halfYear)
	build := func(name string, args ...string) string {
		t.Helper()
		out := filepath.Join(dir, name)
		code, stdout, errOut := tiplens(t, append([]string{"brief", file, "--to", out, "--workspace", ws}, args...)...)
		if code != exitAnswer || stdout != "" || !strings.Contains(errOut, "written: "+out+"\n") {
			t.Fatalf("%s: %d %q %q", name, code, stdout, errOut)
		}
		return read(t, out)
	}
	formats := []string{"html", "md", "xlsx"}
	first := map[string]string{}
	for _, f := range formats {
		first[f] = build("draft."+f, "--draft")
	}
	if list, err := (&query.Workspace{Dir: ws}).Briefed(); err != nil || len(list) > 0 {
		t.Errorf("a draft was kept: %v %v", list, err)
	}
	for _, f := range formats {
		if first[f] = build("one." + f); f != "xlsx" && (!strings.Contains(first[f], "209 persons") || strings.Contains(first[f], "DRAFT")) {
			t.Errorf("%s does not say the number:\n%s", f, first[f])
		}
	}
	text := strings.Join(cardOf(t, ws), "\n")
	if !strings.Contains(text, "went out: briefed as 209 on 2026-11-21 (ncct@1)\n") {
		t.Errorf("the card says\n%s", text)
	}

	ncct(t, ws, 211, 16)
	for _, f := range formats {
		if again := build("two." + f); again != first[f] {
			t.Errorf("%s is another one on the same versions", f)
		}
	}
	text = strings.Join(cardOf(t, ws), "\n")
	if want := "went out: briefed as 209 on 2026-11-21 (ncct@1); now 211 (ncct@2)\n"; !strings.Contains(text, want) {
		t.Errorf("the card does not say %q:\n%s", want, text)
	}

	md := build("latest.md", "--latest", "--draft")
	for _, want := range []string{"Changed since ncct@1:", "- persons: was 209; now 211", "- Female, persons: was 15; now 16", "- Male, persons: was 194; now 195", "ncct@2"} {
		if !strings.Contains(md, want) {
			t.Errorf("what changed does not say %q:\n%s", want, md)
		}
	}
	if read(t, file) != halfYear {
		t.Error("the briefing file was changed unasked")
	}
	if code, _, errOut := tiplens(t, "brief", file, "--latest", "--repin", "--date", "2026-12-01", "--to", filepath.Join(dir, "dec.md"), "--workspace", ws); code != exitAnswer {
		t.Fatal(errOut)
	}
	if text := read(t, file); strings.Contains(text, "ncct@1") || strings.Count(text, "at ncct@2") != 3 || !strings.Contains(text, "date: \"2026-12-01\"") || strings.Contains(text, "211") {
		t.Errorf("the briefing was not moved on:\n%s", text)
	}
	if md := read(t, filepath.Join(dir, "dec.md")); !strings.Contains(md, "briefed as 209 on 2026-11-21 (ncct@1); now 211 (ncct@2)") {
		t.Errorf("the document does not say what went out before:\n%s", md)
	}
}

func cardOf(t *testing.T, ws string) []string {
	t.Helper()
	code, out, errOut := tiplens(t, "card", "sus_arrested where year=2025", "--workspace", ws)
	if code != exitAnswer {
		t.Fatal(errOut)
	}
	return strings.Split(out, "\n")
}

// TestBriefNumbers: the numbers of each format are those that show prints, and
// the mark stands on each sheet, in the title and in a name that is made.
func TestBriefNumbers(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
	file := filepath.Join(dir, "b.yaml")
	write(t, file, `title: "=cmd|' /C calc'!A0 <script>alert(1)</script>"
date: 2026-11-21
items:
  - {kind: table, heading: "a/b:[c]*?", note: "+1 <b>x</b>", slice: 'sus_arrested by nationality where agency=KH.NCCT year=2025 at published@1'}
  - {kind: table, slice: 'vic_rescued by sex where year=2025 at published@1'}
`)
	for _, f := range []string{"html", "md", "xlsx"} {
		if code, _, errOut := tiplens(t, "brief", file, "--to", dir, "--format", f, "--workspace", ":published"); code != exitAnswer || !strings.Contains(errOut, "INTERNAL-cmd-C-calc-A0") {
			t.Fatalf("%d %q", code, errOut)
		}
	}
	names, err := filepath.Glob(filepath.Join(dir, "INTERNAL-*"))
	if err != nil || len(names) != 3 {
		t.Fatal(names, err)
	}
	page := read(t, names[0])
	if strings.Contains(page, "<script") || strings.Contains(page, "<b>") || !strings.Contains(page, "<title>INTERNAL - ") {
		t.Errorf("the page is not safe:\n%s", page[:2000])
	}
	want := []string{"13", "4", "9", "Cambodia"}
	_, shown, _ := tiplens(t, "show", "sus_arrested by nationality where agency=KH.NCCT year=2025", "--workspace", ":published")
	for _, n := range want[:2] {
		if !strings.Contains(shown, n) || !strings.Contains(page, "<td>"+n+"</td>") || !strings.Contains(read(t, names[1]), "| "+n+" |") {
			t.Errorf("%s is not in all of them", n)
		}
	}
	book, err := excelize.OpenFile(names[2])
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := book.GetSheetList(); len(got) != 3 || got[0] != "1. abc" || got[2] != "About" {
		t.Errorf("the sheets are %q", got)
	}
	for _, s := range book.GetSheetList() {
		rows, err := book.GetRows(s)
		if err != nil || !strings.HasPrefix(rows[0][0], "INTERNAL - ") {
			t.Errorf("%s begins with %q", s, rows[0])
		}
		for _, r := range rows {
			for _, c := range r {
				if c != "" && c != "-" && strings.ContainsAny(c[:1], "=+-@") {
					t.Errorf("%s: %q would run", s, c)
				}
			}
		}
	}
	cells, err := book.GetRows("1. abc")
	if err != nil {
		t.Fatal(err)
	}
	var numbers []string
	for _, r := range cells {
		if len(r) == 2 && r[1] != "persons" {
			numbers = append(numbers, r[1])
		}
	}
	if !slices.Equal(numbers, cellsOf(t, "sus_arrested by nationality where agency=KH.NCCT year=2025")) {
		t.Errorf("Excel has %q", numbers)
	}
}

// cellsOf gives the numbers that show prints of published figures.
func cellsOf(t *testing.T, slice string) []string {
	t.Helper()
	e, err := openBuiltin(t.Context(), wsPublished)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	_, ans, err := (&app{workspace: wsPublished}).asked(t.Context(), slice)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range ans.Figures {
		out = append(out, datasets.CellText(c))
	}
	return out
}

// TestBriefSaysWhatItLacks: what cannot be shown is said in its place and by the
// exit code, and nothing is written where nothing can be shown.
func TestBriefSaysWhatItLacks(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
	out := filepath.Join(dir, "out.md")
	for _, c := range []struct {
		name, items string
		code        int
		says        string
		written     bool
	}{
		{"no version named", "{kind: number, slice: sus_arrested where year=2025}", exitUsage, "item 1 names no version", false},
		{"version gone", "{kind: number, slice: sus_arrested where year=2025 at published@7}", exitNoData, "no item could be shown", false},
		{"refused", "{kind: note, note: a}\n  - {kind: table, slice: prv_intercepted_cases + prv_intercepted at published@1}", exitRefusal, "refused (W-01)", true},
		{"no number card", "{kind: note, note: a}\n  - {kind: number, slice: 'sus_arrested by sex where year=2025 at published@1'}", exitNoData, "make it a table", true},
		{"unknown key", "{kind: note, nota: a}", exitUsage, `b.yaml, row 4: a briefing item has no field "nota". Did you mean note?`, false},
		{"unknown kind", "{kind: picture, note: a}", exitUsage, "b.yaml, row 4: there is no item of the kind", false},
		{"no slice", "{kind: table, heading: a}", exitUsage, "a table needs a slice", false},
	} {
		file := filepath.Join(dir, "b.yaml")
		write(t, file, "title: A\ndate: 2026-11-21\nitems:\n  - "+c.items+"\n")
		os.Remove(out)
		code, _, errOut := tiplens(t, "brief", file, "--to", out, "--workspace", ":published")
		if code != c.code || !strings.Contains(errOut, c.says) {
			t.Errorf("%s: %d %q", c.name, code, errOut)
		}
		b, err := os.ReadFile(out)
		if (err == nil) != c.written || c.written && !bytes.Contains(b, []byte("Not shown: ")) {
			t.Errorf("%s: written is %v\n%s", c.name, err == nil, b)
		}
	}
	file := filepath.Join(dir, "b.yaml")
	write(t, file, "title: A\ndate: 2026-11-21\nitems:\n  - {kind: note, note: mine}\n")
	write(t, out, "mine")
	if code, _, errOut := tiplens(t, "brief", file, "--to", out, "--workspace", ":published"); code != exitUsage || !strings.Contains(errOut, "exists already") || read(t, out) != "mine" {
		t.Errorf("%d %q", code, errOut)
	}
	for _, args := range [][]string{{file}, {file, "--pack", "ph-16a", "--to", out}, {file, "--year", "2025", "--to", out}, {file, "--repin", "--to", out},
		{"--pack", "ph-16b", "--year", "2025", "--to", out}, {"--pack", "national-half", "--year", "2025", "--to", out}, {"--pack", "ph-16a", "--to", out}, {file, "--to", "a.doc"}} {
		if code, _, _ := tiplens(t, append([]string{"brief", "--workspace", ":published"}, args...)...); code != exitUsage {
			t.Errorf("%v: %d", args, code)
		}
	}
}

// TestPackOnTraining fills each pack from training data: there are tables, and
// a list of what is missing and why.
func TestPackOnTraining(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
	for _, p := range datasets.ReportPacks() {
		out := filepath.Join(dir, p.ID+".md")
		of := []string{"--year", "2024"}
		if p.Period == "half" {
			of = []string{"--period", "2024-S1"}
		}
		code, _, errOut := tiplens(t, append([]string{"brief", "--pack", p.ID, "--to", out, "--draft", "--workspace", ":training"}, of...)...)
		if code != exitAnswer {
			t.Errorf("%s: %d %s", p.ID, code, errOut)
			continue
		}
		md := read(t, out)
		_, gaps, ok := strings.Cut(md, "## What could not be filled\n")
		if !strings.Contains(md, "# TRAINING - DRAFT - ") || !strings.Contains(md, "| Total | ") || !ok || !strings.Contains(gaps, "- ") || strings.Contains(md, "{") {
			t.Errorf("%s:\n%s", p.ID, md)
		}
		if p.ID != "sdg-16-2-2" && !strings.Contains(gaps, "No dataset here counts ") {
			t.Errorf("%s does not say which indicators are not loaded:\n%s", p.ID, gaps)
		}
	}
	// The numbers are those of the slices.
	_, shown, _ := tiplens(t, "show", "vic_identified by province across sex where year=2024", "--format", "md", "--workspace", ":training")
	md := read(t, filepath.Join(dir, "national-year.md"))
	for _, l := range strings.Split(shown, "\n") {
		if strings.HasPrefix(l, "| ") && !strings.Contains(md, l) {
			t.Errorf("the report lacks %q", l)
		}
	}
	// A pack of one's own is a file.
	own := filepath.Join(dir, "own.yaml")
	write(t, own, "id: own\ntitle: Own {period}\nperiod: year\nsections:\n  - heading: A\n    items:\n      - {kind: table, slice: 'vic_identified by sex where year={period}'}\n")
	if code, _, errOut := tiplens(t, "brief", "--pack", own, "--year", "2024", "--to", filepath.Join(dir, "own.html"), "--workspace", ":training"); code != exitAnswer || !strings.Contains(errOut, "kept as briefed") {
		t.Errorf("%d %s", code, errOut)
	}
}
