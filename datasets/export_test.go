package datasets

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"html"
	"image/png"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"tiplens/models"
)

var exportDay = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func exportOf(a *models.Answer) *Export {
	return &Export{Answer: a, Catalog: Catalogue(), On: exportDay, Program: "tiplens test"}
}

func exported(t *testing.T, x *Export, format string) []byte {
	t.Helper()
	f, err := FindExportFormat(format, "")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := x.Write(&b, f); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.Bytes()
}

// shownCells are the texts of an answer's cells, row by row.
func shownCells(a *models.Answer) (out []string) {
	for _, b := range a.Blocks {
		for _, row := range b.Cells {
			for _, c := range row {
				out = append(out, CellText(c))
			}
		}
	}
	return out
}

var (
	htmlCell = regexp.MustCompile(`<td>([^<]*)</td>`)
	tags     = regexp.MustCompile(`<[a-zA-Z/!?][^>]*>`)
)

// The cells of each format, read back, are those of the answer.
func TestExportCells(t *testing.T) {
	a := everyState(t)
	want := shownCells(a)
	x := exportOf(a)

	var got []string
	for _, m := range htmlCell.FindAllStringSubmatch(string(exported(t, x, "html")), -1) {
		got = append(got, html.UnescapeString(m[1]))
	}
	if !slices.Equal(got, want) {
		t.Errorf("HTML has %q, want %q", got, want)
	}

	got = nil
	for _, l := range strings.Split(string(exported(t, x, "md")), "\n") {
		if strings.HasPrefix(l, "| ") && !strings.HasPrefix(l, "| place") {
			for _, c := range strings.Split(strings.Trim(l, "|"), "|")[1:] {
				got = append(got, strings.NewReplacer("&lt;", "<", "\\", "").Replace(strings.TrimSpace(c)))
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("Markdown has %q, want %q", got, want)
	}

	f, err := excelize.OpenReader(bytes.NewReader(exported(t, x, "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Table")
	if err != nil {
		t.Fatal(err)
	}
	got = nil
	for _, r := range rows[4 : 4+len(a.Blocks[0].Rows)] { // below title, warning, a free line and the head
		got = append(got, r[1:]...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("Excel shows %q, want %q", got, want)
	}
	for _, c := range []struct {
		at, raw string
		kind    excelize.CellType
	}{{"B5", "12", excelize.CellTypeUnset}, {"B6", "0", excelize.CellTypeUnset}, {"B8", "37", excelize.CellTypeUnset}, {"B9", "1310", excelize.CellTypeUnset},
		{"C5", "<5", excelize.CellTypeSharedString}, {"C8", "5 (2025 Jan-May)", excelize.CellTypeSharedString}} {
		kind, _ := f.GetCellType("Table", c.at)
		raw, _ := f.GetCellValue("Table", c.at, excelize.Options{RawCellValue: true})
		if raw != c.raw || kind != c.kind {
			t.Errorf("%s holds %q of type %d, want %q of type %d", c.at, raw, kind, c.raw, c.kind)
		}
	}

	var j struct {
		Cells []struct {
			Place, Year, State string
			Value              *float64
		}
		About []jsonSaid
	}
	if err := json.Unmarshal(exported(t, x, "json"), &j); err != nil {
		t.Fatal(err)
	}
	if len(j.Cells) != len(want) || *j.Cells[0].Value != 12 || *j.Cells[2].Value != 0 || j.Cells[1].Value != nil || j.Cells[1].State != "bound" {
		t.Errorf("JSON has other cells: %+v", j.Cells)
	}
	if len(j.About) == 0 {
		t.Error("JSON says nothing of its numbers")
	}

	// Tidy CSV is that of show, below the lines that say what it is.
	whole := string(exported(t, x, "csv"))
	if !strings.HasSuffix(whole, written(t, a, "csv")) {
		t.Errorf("the tidy CSV is another one:\n%s", whole)
	}
	lines, err := csvRows(whole)
	if err != nil {
		t.Fatal(err)
	}
	if lines[0][0] != "agency" {
		t.Errorf("above the table stands %q", lines[0])
	}
	above, _, _ := strings.Cut(whole, "\nagency,")
	for l := range strings.SplitSeq(above, "\n") {
		if !strings.HasPrefix(l, "# ") {
			t.Errorf("above the table stands %q, which no reader takes for a comment", l)
		}
	}

	// As shown: numbers without a mark are plain, all else is its text.
	lines, err = csvRows(string(exported(t, x, "table")))
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(lines, func(l []string) bool { return l[0] == "place" })
	got = nil
	for _, l := range lines[at+1:] {
		got = append(got, l[1:]...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("CSV as shown has %q, want %q", got, want)
	}
}

func csvRows(s string) ([][]string, error) {
	r := csv.NewReader(strings.NewReader(s))
	r.FieldsPerRecord, r.Comment = -1, '#'
	return r.ReadAll()
}

// Each format says title with INTERNAL, definition, source, file with its
// checksum, rules, slice with versions, and how to cite it; bare files do not.
func TestExportMetadata(t *testing.T) {
	a := everyState(t)
	for _, format := range []string{"csv", "table", "json", "md", "html", "svg", "xlsx"} {
		x := exportOf(a)
		text := plainText(t, exported(t, x, format), format)
		for _, want := range []string{"INTERNAL", "Persons removed from exploitation by province", "KH.NCCT, National Committee", "SHA-256 ab12", "W-11, W-20",
			"vic_rescued by province across year where year=2024..2025 at ncct@3", "scam cases are left out", "a break in 2024",
			"National Committee. Yearly report, version 3 (ncct@3), 2024-2025. Accessed 2026-11-22. tiplens: ", "tiplens test", "the series breaks here"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q:\n%s", format, want, text)
			}
		}
		x.Bare = true
		text = plainText(t, exported(t, x, format), format)
		if strings.Contains(text, "SHA-256") || !strings.Contains(text, "INTERNAL") {
			t.Errorf("a bare %s has its block of metadata, or no mark", format)
		}
	}
	a.Training = true
	for _, format := range []string{"csv", "table", "json", "md", "html", "svg", "xlsx"} {
		x := exportOf(a)
		if text := plainText(t, exported(t, x, format), format); !strings.Contains(text, "TRAINING") || strings.Contains(text, "INTERNAL") {
			t.Errorf("%s of invented persons does not say so", format)
		}
		f, _ := FindExportFormat(format, "")
		if name := x.FileName(f); name != "TRAINING-vic_rescued-by-place-year-2024-2025-2026-11-22"+f.Ext {
			t.Errorf("the file is called %s", name)
		}
	}
	x := exportOf(a)
	f, err := excelize.OpenReader(bytes.NewReader(exported(t, x, "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Table", "Chart", "About"}) {
		t.Errorf("sheets %q", got)
	}
	for _, sheet := range f.GetSheetList() {
		if v, _ := f.GetCellValue(sheet, "A1"); !strings.HasPrefix(v, "TRAINING - ") {
			t.Errorf("sheet %s begins with %q", sheet, v)
		}
	}
}

// plainText is all that a file says, without its markup.
func plainText(t *testing.T, b []byte, format string) string {
	t.Helper()
	switch format {
	case "xlsx":
		f, err := excelize.OpenReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		var out []string
		for _, s := range f.GetSheetList() {
			rows, err := f.GetRows(s)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				out = append(out, strings.Join(r, "\t"))
			}
		}
		return strings.Join(out, "\n")
	case "html", "svg":
		return html.UnescapeString(tags.ReplaceAllString(string(b), " "))
	}
	return string(b)
}

// The same answer on the same day gives the same bytes.
func TestExportSameBytes(t *testing.T) {
	a := everyState(t)
	for _, f := range ExportFormats {
		first := exported(t, exportOf(a), f.Name)
		for range 3 {
			if !bytes.Equal(first, exported(t, exportOf(a), f.Name)) {
				t.Errorf("%s differs from time to time", f.Name)
			}
		}
	}
}

// Texts from files are neither run nor shown as more than text.
func TestExportHostileTexts(t *testing.T) {
	hostile := []string{`=HYPERLINK("http://x","y")`, `a,=1+1;"=2",-3 b, @c`, "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", `<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`,
		"a\x1b[31mred\u202eevil\u200b", "]]>&lt;", "a|b`c`[l](javascript:x)", "line\nbreak,\"quote\"", "x\ufffe\x00y"}
	a := everyState(t)
	a.Title = hostile[5]
	a.Sources[0].Title, a.Sources[0].File = hostile[6], hostile[0]
	a.Footnotes = nil
	for _, h := range hostile {
		a.Footnotes = append(a.Footnotes, models.Remark{Text: h})
	}
	b := &a.Blocks[0]
	b.Rows, b.Cells = nil, nil
	for _, h := range hostile {
		b.Rows = append(b.Rows, models.Header{Codes: []string{h}, Labels: []string{h}})
		b.Cells = append(b.Cells, []models.Cell{models.Number(1), models.Number(-2)})
	}
	x := exportOf(a)
	runs := func(s string) bool { return s != "" && s != "-2" && strings.ContainsRune("=+-@\t\r", rune(s[0])) }

	for _, format := range []string{"csv", "table"} {
		whole := string(exported(t, x, format))
		rows, err := csvRows(whole)
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.SplitSeq(whole, "\n") { // as a spreadsheet splits them
			if !strings.HasPrefix(l, "# ") {
				continue
			}
			for k, c := range strings.FieldsFunc(l, func(r rune) bool { return r == ',' || r == ';' }) {
				if k > 0 && (runs(strings.Trim(c, " \"")) || strings.HasPrefix(c, `"`)) {
					t.Errorf("%s holds %q in %q, which a spreadsheet runs", format, c, l)
				}
			}
		}
		for _, r := range rows {
			for _, c := range r {
				if runs(c) {
					t.Errorf("%s holds %q, which a spreadsheet runs", format, c)
				}
			}
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(exported(t, x, "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		rows, _ := f.GetRows(sheet)
		for r := range rows {
			for c := range rows[r] {
				at, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, _ := f.GetCellFormula(sheet, at); formula != "" {
					t.Errorf("%s!%s is a formula: %s", sheet, at, formula)
				}
				if runs(rows[r][c]) {
					t.Errorf("%s!%s holds %q", sheet, at, rows[r][c])
				}
			}
		}
	}
	for _, format := range []string{"html", "svg"} {
		text := string(exported(t, x, format))
		for _, bad := range []string{"<script", "<img", "\x1b", "\u202e", "\u200b", "\x00", "\ufffe"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s holds %q", format, bad)
			}
		}
		if format == "svg" {
			d := xml.NewDecoder(strings.NewReader(text))
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("the SVG is no XML: %v", err)
				}
			}
		}
	}
	if md := string(exported(t, x, "md")); strings.Contains(md, "<script") || regexp.MustCompile(`[^\\]\]\(javascript`).MatchString(md) {
		t.Errorf("Markdown holds markup of a file:\n%s", md)
	}
}

// A refusal and an empty answer are no files.
func TestExportOfNothing(t *testing.T) {
	for _, a := range []*models.Answer{{Refusals: []models.Refusal{{Rule: "W-01"}}}, {Empty: "no data"}} {
		for _, f := range ExportFormats {
			var b bytes.Buffer
			if err := exportOf(a).Write(&b, f); err == nil || b.Len() > 0 {
				t.Errorf("%s of nothing is written: %q", f.Name, b.String())
			}
		}
	}
}

// The chart has each known number once, no line where the series breaks, and
// bounds as bounds.
func TestExportChart(t *testing.T) {
	a := everyState(t)
	c := exportOf(a).chart()
	if !slices.Equal(c.times, []string{"2024", "2025"}) || len(c.lines) != 4 { // without the total
		t.Fatalf("chart %+v", c)
	}
	picture, err := png.Decode(bytes.NewReader(exported(t, exportOf(a), "png")))
	if err != nil {
		t.Fatal(err)
	}
	if b := picture.Bounds(); b.Dx() != 1920 || b.Dy() < 800 {
		t.Errorf("the picture is %v", b)
	}
	a.ColAxes, a.Blocks[0].Cols = nil, a.Blocks[0].Cols[:1]
	for r := range a.Blocks[0].Cells {
		a.Blocks[0].Cells[r] = a.Blocks[0].Cells[r][:1]
	}
	c = exportOf(a).chart()
	if len(c.bars) != 4 || c.bars[0].name != "Banteay Meanchey" || c.bars[0].cell.Value != 12 {
		t.Errorf("bars %+v", c.bars)
	}
}

func TestFindExportFormat(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"", "a.XLSX", "xlsx"}, {"", "a.csv", "csv"}, {"", "a.table.csv", "table"}, {"json", "a.csv", "json"}, {"", "a.doc", ""}, {"", "csv", ""}, {"word", "", ""},
	} {
		if f, err := FindExportFormat(c.name, c.file); f.Name != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%q %q is %q, %v", c.name, c.file, f.Name, err)
		}
	}
}

// TestFileFormat: the ending that is typed decides, and the format chosen where
// there is none.
func TestFileFormat(t *testing.T) {
	for _, c := range []struct{ chosen, file, format, name string }{
		{"html", "ssh.xlsx", "xlsx", "ssh.xlsx"}, {"html", "ssh", "html", "ssh.html"}, {"html", "ssh.v2", "html", "ssh.v2.html"}, {"html", "a.HTML", "html", "a.HTML"},
		{"table", "a.csv", "table", "a.csv"}, {"table", "a.table.csv", "table", "a.table.csv"}, {"csv", "a.table.csv", "csv", "a.table.csv"}, {"table", "a", "table", "a.table.csv"}, {"xlsx", "/x.csv/a", "xlsx", "/x.csv/a.xlsx"},
	} {
		chosen, err := FindExportFormat(c.chosen, "")
		if err != nil {
			t.Fatal(err)
		}
		if f, name := FileFormat(chosen, c.file); f.Name != c.format || name != c.name {
			t.Errorf("%s into %s gives %s in %s", c.chosen, c.file, f.Name, name)
		}
	}
	for _, c := range []struct{ chosen, file, format, name, wrong string }{
		{"html", "b.md", "md", "b.md", ""}, {"md", "b", "md", "b.md", ""}, {"html", "b.csv", "", "", `cannot be written as "csv"; formats are html, md, xlsx`},
	} {
		chosen, err := FindDocumentFormat(c.chosen, "")
		if err != nil {
			t.Fatal(err)
		}
		f, name, err := FileFormatOfDocument(chosen, c.file)
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s into %s: %v", c.chosen, c.file, err)
			}
		} else if err != nil || f.Name != c.format || name != c.name {
			t.Errorf("%s into %s gives %s in %s, %v", c.chosen, c.file, f.Name, name, err)
		}
	}
}
