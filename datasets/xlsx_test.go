package datasets

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"tiplens/models"
)

// sheet is a sheet to be written: its rows, and whether it is hidden. A nil
// row is left out, as a spreadsheet leaves out a row that holds nothing.
type sheet struct {
	name   string
	hidden bool
	rows   [][]any
}

// workbook writes a workbook for one test.
func workbook(t testing.TB, name string, sheets ...sheet) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	shown := 0
	for i, s := range sheets {
		n, err := book.NewSheet(s.name)
		check(err)
		for k, row := range s.rows {
			if row != nil {
				check(book.SetSheetRow(s.name, fmt.Sprintf("A%d", k+1), &row))
			}
		}
		if !s.hidden && shown == 0 {
			shown = i + 1
			book.SetActiveSheet(n)
		}
	}
	if sheets[0].name != "Sheet1" {
		check(book.DeleteSheet("Sheet1"))
	}
	for _, s := range sheets {
		if s.hidden {
			check(book.SetSheetVisible(s.name, false))
		}
	}
	path := filepath.Join(t.TempDir(), name)
	check(book.SaveAs(path))
	return path
}

var smallTable = [][]any{{"Province", "Year", "n"}, {"Kampot", 2024, 3}, {"Takeo", 2025, 1282}}

func TestReadWorkbook(t *testing.T) {
	want := [][]string{{"Province", "Year", "n"}, {"Kampot", "2024", "3"}, {"Takeo", "2025", "1282"}}
	for _, tt := range []struct {
		name   string
		sheets []sheet
		opts   Options
		want   [][]string
		notes  int
		words  []string
	}{
		{name: "one sheet", sheets: []sheet{{name: "data", rows: smallTable}}},
		{name: "banner rows above the header", sheets: []sheet{{name: "data", rows: append([][]any{{"Monthly report"}, {"as of 2025-06-01"}}, smallTable...)}},
			notes: 1, words: []string{"row 3", "Monthly report", "2025-06-01"}},
		{name: "empty rows above the header", sheets: []sheet{{name: "data", rows: append([][]any{nil, {"Monthly report"}, nil}, smallTable...)}}, notes: 1, words: []string{"row 4"}},
		{name: "empty rows between", sheets: []sheet{{name: "data", rows: [][]any{smallTable[0], nil, smallTable[1], nil, nil, smallTable[2]}}}},
		{name: "cells of blanks at the end", sheets: []sheet{{name: "data", rows: append(slices.Clone(smallTable), []any{"", " ", ""}, []any{" "})}}},
		{name: "short rows are filled", sheets: []sheet{{name: "data", rows: [][]any{{"a", "b", "c"}, {"x"}, {nil, "y"}}}}, want: [][]string{{"a", "b", "c"}, {"x", "", ""}, {"", "y", ""}}},
		{name: "hidden sheet first", sheets: []sheet{{name: "lists", hidden: true, rows: [][]any{{"x", "y"}, {"1", "2"}}}, {name: "data", rows: smallTable}}, notes: 1, words: []string{"hidden", "lists", "--sheet"}},
		{name: "empty sheet first", sheets: []sheet{{name: "cover"}, {name: "data", rows: smallTable}}},
		{name: "several sheets: the first, and a note", sheets: []sheet{{name: "data", rows: smallTable}, {name: "more", rows: smallTable}}, notes: 1, words: []string{"2 sheets", "data", "--sheet"}},
		{name: "a sheet by name", sheets: []sheet{{name: "first", rows: [][]any{{"x", "y"}, {"1", "2"}}}, {name: "data", rows: smallTable}}, opts: Options{Shape: Shape{Sheet: "data"}}},
		{name: "a hidden sheet by name", sheets: []sheet{{name: "first", rows: [][]any{{"x", "y"}, {"1", "2"}}}, {name: "data", hidden: true, rows: smallTable}}, opts: Options{Shape: Shape{Sheet: "data"}}},
		{name: "a Khmer sheet", sheets: []sheet{{name: "ទិន្នន័យ", rows: smallTable}}, opts: Options{Shape: Shape{Sheet: "ទិន្នន័យ"}}},
		{name: "numbers as they are stored", sheets: []sheet{{name: "data", rows: [][]any{{"n"}, {0.1}, {1234567}, {12.5}, {"007"}, {true}}}}, want: [][]string{{"n"}, {"0.1"}, {"1234567"}, {"12.5"}, {"007"}, {"TRUE"}}},
		{name: "text is cleaned", sheets: []sheet{{name: "data", rows: [][]any{{"a", "b"}, {"x\ny", "\u202ez "}}}}, want: [][]string{{"a", "b"}, {"x\ny", "z "}}, notes: 1, words: []string{"without them"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == nil {
				tt.want = want
			}
			got, notes, err := rowsOf(t, workbook(t, "a.xlsx", tt.sheets...), tt.opts)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if len(notes) != tt.notes {
				t.Fatalf("the findings are %v, want %d", notes, tt.notes)
			}
			if tt.notes > 0 {
				says(t, &notes[0], tt.words...)
			}
		})
	}
}

func TestWorkbooksThatCannotBeRead(t *testing.T) {
	for _, tt := range []struct {
		name   string
		sheets []sheet
		opts   Options
		words  []string
	}{
		{"no rows", []sheet{{name: "data"}}, Options{}, []string{"a.xlsx", "no visible sheet"}},
		{"only a hidden sheet has rows", []sheet{{name: "data"}, {name: "more", hidden: true, rows: smallTable}}, Options{}, []string{"a.xlsx", "no visible sheet"}},
		{"no such sheet", []sheet{{name: "data", rows: smallTable}}, Options{Shape: Shape{Sheet: "May"}}, []string{"a.xlsx", "May", "sheet"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := rowsOf(t, workbook(t, "a.xlsx", tt.sheets...), tt.opts)
			f := finding(t, err)
			says(t, f, tt.words...)
			if f.Severity != models.Refused {
				t.Errorf("the severity is %s", f.Severity)
			}
		})
	}
}

// A row keeps the number that the spreadsheet shows, through empty rows and
// beyond the size of a batch.
func TestWorkbookRowNumbers(t *testing.T) {
	rows := [][]any{{"A report of 2025"}, nil, {"Province", "Year", "Persons"}}
	for n := range 2*models.BatchSize + 10 {
		if n%100 == 7 {
			rows = append(rows, nil)
		}
		rows = append(rows, []any{"Kampot", 2024, n})
	}
	f := mustOpen(t, workbook(t, "a.xlsx", sheet{name: "data", rows: rows}), Options{})
	fit, err := Generic(f, GenericOptions{Map: "place=Province,year=Year,value=Persons", Indicator: "vic_rescued", Agency: "KH.NCCT"}, Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	m, rep := load(t, f, fit)
	if want := int64(2*models.BatchSize + 10); rep.Taken != want || int64(len(m.rows)) != want {
		t.Errorf("%d rows are taken and %d observations made, want %d", rep.Taken, len(m.rows), want)
	}
	for _, o := range m.rows {
		if got, want := fmt.Sprint(o.value), fmt.Sprint(rows[o.row-1][2]); got != want {
			t.Fatalf("row %d has the value %s, and in the sheet stands %s", o.row, got, want)
		}
	}
}

// The sheet is named where a row is held back.
func TestWorkbookFindingsNameTheSheet(t *testing.T) {
	f := mustOpen(t, workbook(t, "a.xlsx", sheet{name: "May", rows: [][]any{{"Province", "Year", "n"}, {"Kampot", 2024, 3}, nil, {"Takeo", "soon", 4}}}), Options{})
	fit, err := Generic(f, GenericOptions{Map: "place=Province,year=Year,value=n", Indicator: "vic_rescued", Agency: "KH.NCCT"}, Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	_, rep := load(t, f, fit)
	if rep.Held != 1 {
		t.Fatalf("%d rows are held back, want 1", rep.Held)
	}
	held := rep.Findings[0]
	says(t, &held, "a.xlsx", "sheet May", "row 4", "Year", "soon")
}

func TestWorkbookIsCancelled(t *testing.T) {
	var rows [][]any
	for n := range 3 * models.BatchSize {
		rows = append(rows, []any{n, "x"})
	}
	f := mustOpen(t, workbook(t, "a.xlsx", sheet{name: "data", rows: rows}), Options{})
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := f.Read(ctx, nil, func([]string) error { cancel(); return nil }); err != context.Canceled {
		t.Errorf("the error is %v, want a cancelled context", err)
	}
}
