package datasets

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"tiplens/models"
)

// sheetOf makes a workbook of a sheet's rows and what stands around them.
func sheetOf(t testing.TB, before, rows, after string) string {
	t.Helper()
	return parts(t, `<worksheet>`+before+`<sheetData>`+rows+`</sheetData>`+after+`</worksheet>`, sharedTexts)
}

// line is a row of texts and numbers: a text begins with a letter or stands empty.
func line(n int, cells ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, n)
	for i, c := range cells {
		ref := fmt.Sprintf("%s%d", columnName(i+1), n)
		switch {
		case c == "":
		case c[0] >= '0' && c[0] <= '9':
			fmt.Fprintf(&b, `<c r="%s"><v>%s</v></c>`, ref, c)
		default:
			fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, ref, c)
		}
	}
	return b.String() + "</row>"
}

func cases(from, to int) string {
	var b strings.Builder
	for n := from; n <= to; n++ {
		b.WriteString(line(n, "Kandal", "Female", fmt.Sprint(n)))
	}
	return b.String()
}

// TestSheetSaysWhatItHides: what a sheet hides or cannot show is told with its
// place, and what is read is what stands in it.
func TestSheetSaysWhatItHides(t *testing.T) {
	head := line(1, "Province", "Sex", "Persons")
	merged := `<mergeCells count="1"><mergeCell ref="%s"/></mergeCells>`
	for _, tt := range []struct {
		name, before, rows, after string
		want                      [][]string // the last row; nil where all is as usual
		words                     []string   // of one finding
		severity                  models.Severity
	}{
		{name: "hidden rows", rows: head + cases(2, 4) + strings.Replace(line(5, "Kampot", "Male", "7"), "<row ", `<row hidden="1" `, 1), want: [][]string{{"Kampot", "Male", "7"}}, words: []string{"row 5", "the sheet hides"}, severity: models.Doubt},
		{name: "a hidden column", before: `<cols><col min="2" max="2" hidden="true"/></cols>`, rows: head + cases(2, 5), words: []string{"hides columns", ": B"}, severity: models.Note},
		{name: "an error", rows: head + cases(2, 4) + `<row r="5"><c r="A5" t="s"><v>1</v></c><c r="C5" t="e"><v>#REF!</v></c></row>`, want: [][]string{{"Kampot", "", ""}}, words: []string{"row 5", "#REF!", "C5 is the first"}, severity: models.Doubt},
		{name: "a day that never was", rows: head + cases(2, 4) + `<row r="5"><c r="A5" s="1"><v>60</v></c></row>`, want: [][]string{{"1900-02-29", "", ""}}, words: []string{"A5 is the first", "no calendar"}, severity: models.Doubt},
		{name: "merged labels", rows: head + cases(2, 4) + line(5, "Kampot", "Male", "7") + line(6, "", "Female", "8"), after: fmt.Sprintf(merged, "A5:A6"), want: [][]string{{"Kampot", "Female", "8"}}, words: []string{"row 5", "A5:A6", "read for each"}, severity: models.Note},
		{name: "merged numbers", rows: head + cases(2, 4) + line(5, "Kampot", "Male", "7") + line(6, "Kampot", "Female"), after: fmt.Sprintf(merged, "C5:C6"), want: [][]string{{"Kampot", "Female", ""}}, words: []string{"row 5", "C5:C6", "Undo"}, severity: models.Doubt},
		{name: "a total", rows: head + cases(2, 4) + line(5, "Total", "", "9"), want: [][]string{{"Total", "", "9"}}, words: []string{"row 5 looks like a total", `"Total"`}, severity: models.Note},
		{name: "notes", rows: head + cases(2, 4) + line(6, "Source: the police"), want: [][]string{{"Kandal", "Female", "4"}}, words: []string{"row 6", "notes", "Source: the police", "--last"}, severity: models.Note},
		{name: "a size that is not true", before: `<dimension ref="A1:XFD1048576"/>`, rows: head + cases(2, 5)},
		{name: "numbers to 17 digits", rows: head + line(2, "Kandal", "Female", "1.1000000000000001") + line(3, "Kandal", "Female", "1.2E3"), want: [][]string{{"Kandal", "Female", "1200"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, notes, err := rowsOf(t, sheetOf(t, tt.before, tt.rows, tt.after), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if tt.want != nil && !reflect.DeepEqual(got[len(got)-1:], tt.want) {
				t.Errorf("the last row is %q, want %q", got[len(got)-1:], tt.want)
			}
			if tt.words == nil {
				if len(notes) > 0 {
					t.Errorf("the findings are %v", notes)
				}
				return
			}
			if len(notes) != 1 || notes[0].Severity != tt.severity {
				t.Fatalf("the findings are %v", notes)
			}
			says(t, &notes[0], tt.words...)
		})
	}
}

func TestSheetMergedHeader(t *testing.T) {
	rows := line(1, "Victims identified by the police") + line(2, "Province", "2024", "", "", "2025") + line(3, "", "Male", "Female", "Total", "Male", "Female", "Total") +
		line(4, "Kandal", "1", "2", "3", "4", "5", "9") + line(5, "Kampot", "1", "1", "2", "1", "1", "2")
	after := `<mergeCells><mergeCell ref="A1:G1"/><mergeCell ref="A2:A3"/><mergeCell ref="B2:D2"/><mergeCell ref="E2:G2"/></mergeCells>`
	f := mustOpen(t, sheetOf(t, "", rows, after), Options{})
	fr, err := f.Tables[0].frame()
	want := []string{"Province", "2024 / Male", "2024 / Female", "2024 / Total", "2025 / Male", "2025 / Female", "2025 / Total"}
	if err != nil || !reflect.DeepEqual(fr.names, want) || fr.first != 3 {
		t.Errorf("the columns are %q, %v", fr.names, err)
	}
}

// TestSheetWithTwoTables: a sheet with more than one table is refused with
// where they are; with what it says to do, each is read.
func TestSheetWithTwoTables(t *testing.T) {
	beside := line(1, "Province", "Persons", "", "Nationality", "Persons") + line(2, "Kandal", "3", "", "VN", "4") + line(3, "Kampot", "2", "", "TH", "1") + line(4, "Takeo", "2")
	below := line(1, "Province", "Persons") + line(2, "Kandal", "3") + line(3, "Kampot", "2") + line(4, "Takeo", "2") + line(6, "Nationality", "Number") + line(7, "VN", "4") + line(8, "TH", "4")
	for _, tt := range []struct {
		name, rows string
		opts       Options
		words      []string
		want       [][]string
	}{
		{name: "side by side", rows: beside, words: []string{"sheet May", "side by side", "A:B and D:E", "--columns A:B"}},
		{name: "the first of them", rows: beside, opts: Options{Shape: Shape{Columns: "A:B"}}, want: [][]string{{"Province", "Persons"}, {"Kandal", "3"}, {"Kampot", "2"}, {"Takeo", "2"}}},
		{name: "the other", rows: beside, opts: Options{Shape: Shape{Columns: "d:e"}}, want: [][]string{{"Nationality", "Persons"}, {"VN", "4"}, {"TH", "1"}}},
		{name: "no columns", rows: beside, opts: Options{Shape: Shape{Columns: "E:B"}}, words: []string{"E:B", "--columns"}},
		{name: "one below the other", rows: below, words: []string{"row 6", "another table", "--last 4", "--header 6"}},
		{name: "the upper", rows: below, opts: Options{Shape: Shape{Last: 4}}, want: [][]string{{"Province", "Persons"}, {"Kandal", "3"}, {"Kampot", "2"}, {"Takeo", "2"}}},
		{name: "the lower", rows: below, opts: Options{Shape: Shape{Header: 6}}, want: [][]string{{"Nationality", "Number"}, {"VN", "4"}, {"TH", "4"}}},
		{name: "an empty column for looks", rows: line(1, "Province", "2023", "2024", "", "2025") + line(2, "Kandal", "3", "4", "", "5") + line(3, "Kampot", "3", "4", "", "5"),
			want: [][]string{{"Province", "2023", "2024", "", "2025"}, {"Kandal", "3", "4", "", "5"}, {"Kampot", "3", "4", "", "5"}}},
		{name: "an empty row for looks", rows: line(1, "Province", "Persons") + line(2, "Kandal", "3") + line(3, "Kampot", "2") + line(5, "Takeo", "2"), want: [][]string{{"Province", "Persons"}, {"Kandal", "3"}, {"Kampot", "2"}, {"Takeo", "2"}}},
		{name: "far down", rows: line(900, "Province", "Persons") + line(901, "Kandal", "3"), want: [][]string{{"Province", "Persons"}, {"Kandal", "3"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := rowsOf(t, sheetOf(t, "", tt.rows, ""), tt.opts)
			if tt.words != nil {
				says(t, finding(t, err), append(tt.words, "a.xlsx")...)
				return
			}
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

// The first sheet that holds a table is read, and the others are named.
func TestSheetIsChosen(t *testing.T) {
	path := workbook(t, "a.xlsx", sheet{name: "Read me", rows: [][]any{{"What this is"}, {"and from whom"}}}, sheet{name: "Cases", rows: [][]any{{"Province", "Persons"}, {"Kandal", 3}}})
	got, notes, err := rowsOf(t, path, Options{})
	if err != nil || len(got) != 2 || got[1][0] != "Kandal" || len(notes) != 1 {
		t.Fatal(got, notes, err)
	}
	says(t, &notes[0], "2 sheets", `this is "Cases"`, `The others are "Read me"`, "--sheet")
}

// A flipped bit in an archive is an error, though the XML may be whole.
func TestSheetChecksum(t *testing.T) {
	path := sheetOf(t, "", line(1, "Province", "Persons")+line(2, "Kandal", "1234"), "")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte("1234"))
	b[at] = '9'
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err = rowsOf(t, path, Options{})
	says(t, finding(t, err), "a.xlsx", "May", "checksum")
}

// bomb is a workbook of which a part unpacks to n bytes of a text.
func bomb(t *testing.T, part, start, again string, n int) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range [][2]string{{"_rels/.rels", `<Relationships/>`}, {"xl/workbook.xml", `<workbook xmlns:r="b"><sheets><sheet name="May" r:id="s1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="s1" Type="a/worksheet" Target="s.xml"/><Relationship Id="t" Type="a/sharedStrings" Target="t.xml"/></Relationships>`}, {part, start}} {
		w, err := z.Create(p[0])
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(p[1]))
		if p[0] == part && n > bombSize { // said, not made: unpacking ends before it begins
			h := &zip.FileHeader{Name: "x" + part, Method: zip.Deflate, UncompressedSize64: uint64(n), CompressedSize64: 1000}
			if w, err = z.CreateRaw(h); err != nil {
				t.Fatal(err)
			}
			w.Write(make([]byte, 1000))
			n = 0
		}
		for chunk := bytes.Repeat([]byte(again), 1+(1<<20)/max(1, len(again))); p[0] == part && n > 0; n -= len(chunk) {
			w.Write(chunk)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return spill(t, "a.xlsx", b.Bytes())
}

func TestSheetBombs(t *testing.T) {
	entities := `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>`
	for _, tt := range []struct {
		name, path string
		words      []string
	}{
		{"empty rows without end", bomb(t, "xl/s.xml", "<worksheet><sheetData>", "<row/>", 300<<20), []string{"unpacks to", "times its size"}},
		{"a mark without end", bomb(t, "xl/s.xml", `<worksheet><sheetData><row r="`, ">>>>>>>>", 20<<20), []string{"more than 4 MB"}},
		{"rows beyond the sheet", bomb(t, "xl/s.xml", "<worksheet><sheetData>", "<row><c><v>1</v></c></row>", 32<<20), []string{"sheets end at row 1048576"}},
		{"entities", bomb(t, "xl/s.xml", entities, "", 0), []string{"document type"}},
		{"a comment without end", bomb(t, "xl/s.xml", "<worksheet><!--", "-- >", 20<<20), []string{"more than 4 MB"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := rowsOf(t, tt.path, Options{})
			says(t, finding(t, err), append(tt.words, "a.xlsx")...)
		})
	}
}

// Memory is that of a few blocks of rows, however many rows a sheet has.
func TestSheetMemory(t *testing.T) {
	peak := func(n int) uint64 {
		var rows strings.Builder
		rows.WriteString(line(1, "Province", "Sex", "Persons"))
		rows.WriteString(cases(2, n))
		path := sheetOf(t, "", rows.String(), "")
		rows.Reset()
		f := mustOpen(t, path, Options{})
		var top uint64
		var m runtime.MemStats
		seen := 0
		_, err := f.Read(context.Background(), nil, func([]string) error {
			if seen++; seen%5000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&m)
				top = max(top, m.HeapAlloc)
			}
			return nil
		})
		if err != nil || seen != n {
			t.Fatal(seen, err)
		}
		return top
	}
	small, large := peak(20_000), peak(100_000)
	if large > small+8<<20 {
		t.Errorf("20,000 rows take %d KB, 100,000 take %d KB", small>>10, large>>10)
	}
}

// Progress moves while a sheet is read, and ends at the size of the file.
func TestSheetProgress(t *testing.T) {
	f := mustOpen(t, sheetOf(t, "", line(1, "Province", "Year", "Persons")+strings.ReplaceAll(cases(2, 20_000), "Female", "2024"), ""), Options{})
	fit, err := Generic(f, GenericOptions{Map: "place=Province,year=Year,value=Persons", Indicator: "vic_rescued", Agency: "KH.NCCT"}, Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	var steps []int64
	_, err = f.Load(context.Background(), fit, Catalogue(), &memory{}, func(done, total int64) { steps = append(steps, done*100/total) })
	if err != nil || len(steps) < 4 || steps[0] > 60 || steps[len(steps)-1] < 90 {
		t.Errorf("%v, %v", steps, err)
	}
}
