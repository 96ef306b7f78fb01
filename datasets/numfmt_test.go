package datasets

import (
	"reflect"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func TestNumberFormats(t *testing.T) {
	date, clock := numberFormat{kind: dateNumber}, numberFormat{kind: timeNumber}
	for code, want := range map[string]numberFormat{
		"General": {}, "0": {}, "#,##0.00": {}, "@": {}, `0 "days"`: {}, `[$USD] #,##0`: {}, "0.00E+00": {}, "[Red]-0;0": {}, "": {}, `"d"0`: {}, `0\ \d`: {}, "# ?/?": {},
		"yyyy-mm-dd": date, "dd/mm/yyyy": date, "d-mmm-yy": date, `[$-409]d\-mmm\-yy;@`: date, "mmm yyyy": date, "mmmm": date, `yyyy"year"m"month"`: date,
		"[$-1070000]d/m/bbbb": date, "m/d/yy h:mm": date, "yyyy\\-mm\\-dd\\ hh:mm:ss.000": date, "[$-453]dd mmmm yyyy": date,
		"h:mm": clock, "h:mm AM/PM": clock, "mm:ss.0": clock, "[h]:mm:ss": {kind: lengthOfTime}, "[mm]:ss": {kind: lengthOfTime},
		"0%": {kind: percentNumber}, "0.0%": {percentNumber, 1}, "#,##0.00 %": {percentNumber, 2}, `0" % of all"`: {},
	} {
		if got := parseFormat(code); got != want {
			t.Errorf("the format %q is %v, want %v", code, got, want)
		}
	}
}

func TestNumbersByFormat(t *testing.T) {
	date := numberFormat{kind: dateNumber}
	for _, tt := range []struct {
		f        numberFormat
		stored   string
		from1904 bool
		want     string
	}{
		{date, "45049", false, "2023-05-03"}, {date, "43587", true, "2023-05-03"}, {date, "45049.5", false, "2023-05-03 12:00:00"},
		{date, "45049.999999999", false, "2023-05-04"}, {date, "45049.7604166667", false, "2023-05-03 18:15:00"},
		{date, "1", false, "1900-01-01"}, {date, "59", false, "1900-02-28"}, {date, "61", false, "1900-03-01"}, {date, "0", true, "1904-01-01"},
		{date, "2958465", false, "9999-12-31"}, {date, "4.5049E4", false, "2023-05-03"},
		// No day: it stays what it is.
		{date, "60", false, "1900-02-29"}, {date, "60.5", false, "1900-02-29 12:00:00"}, {date, "0", false, "1900-01-00"}, {numberFormat{kind: lengthOfTime}, "10.5", false, "252:00:00"}, {date, "-3", false, "-3"}, {date, "2958466", false, "2958466"}, {date, "soon", false, "soon"}, {date, "NaN", false, "NaN"},
		{numberFormat{kind: timeNumber}, "0.75", false, "18:00:00"}, {numberFormat{kind: timeNumber}, "1.5", false, "1.5"},
		{numberFormat{kind: percentNumber}, "0.125", false, "13%"}, {numberFormat{percentNumber, 1}, "0.125", false, "12.5%"}, {numberFormat{percentNumber, 2}, "1.00005", false, "100.01%"},
		{numberFormat{percentNumber, 1}, "0.29", false, "29.0%"}, {numberFormat{}, "45049", false, "45049"},
	} {
		if got := tt.f.text(tt.stored, tt.from1904); got != tt.want {
			t.Errorf("%v makes %q of %q, want %q", tt.f, got, tt.stored, tt.want)
		}
	}
}

// styled writes a workbook with cells in number formats: built in by number,
// or spelled out.
func styled(t *testing.T, from1904 bool, cells map[string]any, formats map[string]any) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}))
	for at, v := range cells {
		check(book.SetCellValue("Sheet1", at, v))
	}
	for at, f := range formats {
		style := &excelize.Style{}
		switch f := f.(type) {
		case int:
			style.NumFmt = f
		case string:
			style.CustomNumFmt = &f
		}
		id, err := book.NewStyle(style)
		check(err)
		check(book.SetCellStyle("Sheet1", at, at, id))
	}
	path := t.TempDir() + "/a.xlsx"
	check(book.SaveAs(path))
	return path
}

// A date in a sheet is read as the date that a person sees, a percentage as it
// is shown, and every other number as it is stored.
func TestReadDatesOfWorkbook(t *testing.T) {
	for _, from1904 := range []bool{false, true} {
		day := 45049.0
		if from1904 {
			day -= 1462
		}
		path := styled(t, from1904, map[string]any{
			"A1": "Registered", "B1": "Seen", "C1": "Share", "D1": "n",
			"A2": day, "B2": day + 0.5, "C2": 0.125, "D2": 45049,
			"A3": "unknown", "B3": day, "C3": 0.5, "D3": 1.25,
		}, map[string]any{"A2": 14, "A3": 14, "B2": "dd/mm/yyyy hh:mm", "B3": `[$-453]d mmmm yyyy`, "C2": "0.0%", "C3": 9, "D3": "#,##0.0"})
		got, _, err := rowsOf(t, path, Options{})
		want := [][]string{{"Registered", "Seen", "Share", "n"}, {"2023-05-03", "2023-05-03 12:00:00", "12.5%", "45049"}, {"unknown", "2023-05-03", "50%", "1.25"}}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("1904 is %v: %q, %v; want %q", from1904, got, err, want)
		}
	}
}

// Rows are of the year in which the date stands.
func TestLoadDatesOfWorkbook(t *testing.T) {
	path := styled(t, false, map[string]any{"A1": "Province", "B1": "Registered", "A2": "Kampot", "B2": time.Date(2024, 12, 31, 23, 30, 0, 0, time.UTC), "A3": "Takeo", "B3": 45658},
		map[string]any{"B3": "d.m.yy"})
	f := mustOpen(t, path, Options{})
	fit, err := Generic(f, GenericOptions{Map: "place=Province,date=Registered", Indicator: "vic_rescued", Agency: "KH.NCCT"}, Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	m, rep := load(t, f, fit)
	if rep.Held != 0 || len(m.rows) != 2 || m.sorted()[0].year != 2024 || m.sorted()[1].year != 2025 {
		t.Errorf("%d rows are held back: %q", rep.Held, m.lines())
	}
}

// Cells beside the table are left out, and the report says so.
func TestCellsBeyondTheHeader(t *testing.T) {
	f := mustOpen(t, workbook(t, "a.xlsx", sheet{name: "May", rows: [][]any{{"Province", "Year", "n"}, {"Kampot", 2024, 3, " "}, {"Takeo", 2024, 4, "see", "page 2"}, nil, {"Kep", 2024, 5, nil, 7}}}), Options{})
	fit, err := Generic(f, GenericOptions{Map: "place=Province,year=Year,value=n", Indicator: "vic_rescued", Agency: "KH.NCCT"}, Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	_, rep := load(t, f, fit)
	if rep.Taken != 3 || len(rep.Findings) != 1 {
		t.Fatalf("%d rows are taken, the findings are %v", rep.Taken, rep.Findings)
	}
	says(t, &rep.Findings[0], "sheet May", "row 3", "2 times", "right of the header", "3 columns")
}
