package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"html"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/xuri/excelize/v2"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/tui"
)

// numbersTest holds the numbers in the files against those of the screen.
type numbersTest struct {
	ref string
	dir string
}

// check exports the answer to a slice in every format, reads each file back,
// and compares its numbers, cell by cell, with what the screen shows.
func (n *numbersTest) check(t *testing.T, slice string) {
	t.Helper()
	e, ans, err := (&app{workspace: n.ref, errOut: io.Discard}).asked(t.Context(), slice)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var cells []models.Cell // of which there is a line in files for programs
	var shown []string
	for i := range ans.Blocks {
		for _, c := range slices.Concat(ans.Blocks[i].Cells...) {
			shown = append(shown, datasets.CellText(c))
			if c.State != models.Blank || len(c.Notes()) > 0 {
				cells = append(cells, c)
			}
		}
	}
	if len(cells) == 0 {
		t.Fatalf("%s gives no numbers", slice)
	}
	n.onScreen(t, slice, ans)
	files := map[string]string{}
	for _, f := range datasets.ExportFormats {
		file := filepath.Join(n.dir, strconv.Itoa(len(slice))+"-"+f.Name+f.Ext)
		x := exportOf(ans, e.Catalog(), time.Now())
		if err := exportTo(file, true, func(w io.Writer) error { return x.Write(w, f) }); err != nil {
			t.Fatal(err)
		}
		files[f.Name] = file
	}
	same := func(format string, got []string) {
		t.Helper()
		if !slices.Equal(got, shown) {
			t.Errorf("%s: %s has\n%q, the screen\n%q", slice, format, got, shown)
		}
	}
	same("html", htmlNumbers(read(t, files["html"])))
	same("md", markdownNumbers(read(t, files["md"]), len(ans.RowAxes)))
	same("xlsx", sheetNumbers(t, files["xlsx"], ans))
	csvNumbers(t, slice, read(t, files["csv"]), cells)
	jsonNumbers(t, slice, read(t, files["json"]), cells)
	n.table(t, slice, read(t, files["table"]), ans)
	svgNumbers(t, slice, read(t, files["svg"]), ans)
	if p, err := png.Decode(strings.NewReader(read(t, files["png"]))); err != nil || p.Bounds().Dx() < 900 {
		t.Errorf("%s: the picture cannot be read: %v", slice, err)
	}
	officeNumbers(t, files["xlsx"], n.dir)
}

// onScreen runs the screen on the slice, and finds each row with its numbers.
func (n *numbersTest) onScreen(t *testing.T, slice string, ans *models.Answer) {
	t.Helper()
	m := tui.New(t.Context(), &host{own: n.ref, memory: newMemory("")}, n.ref, tui.Look{ASCII: true})
	defer m.Close()
	m.StartAt(models.SavedSlice{Slice: slice, View: "table"})
	msgs := make(chan tea.Msg, 1024)
	run := func(c tea.Cmd) {
		if c != nil {
			go func() { msgs <- c() }()
		}
	}
	missing := func() (out []string) {
		screen := strings.Split(ansi.Strip(m.View().Content), "\n")
		for i := range ans.Blocks {
			b := &ans.Blocks[i]
			for r := range b.Rows {
				var want []string
				for _, c := range b.Cells[r] {
					shown := c.Text()
					if c.Part() != "" && c.HasBounds() {
						shown += "'" // its period stands below
					}
					want = append(want, strings.Fields(shown)...)
				}
				found := false
				for _, l := range screen {
					f := strings.Fields(l)
					found = found || len(f) >= len(want) && slices.Equal(f[len(f)-len(want):], want)
				}
				if !found {
					out = append(out, strings.Join(b.Rows[r].Labels, " ")+" "+strings.Join(want, " "))
				}
			}
		}
		return out
	}
	run(m.Init())
	run(func() tea.Msg { return tea.WindowSizeMsg{Width: 300, Height: 300} })
	for end := time.After(20 * time.Second); ; {
		select {
		case msg := <-msgs:
			if batch, ok := msg.(tea.BatchMsg); ok {
				for _, c := range batch {
					run(c)
				}
				continue
			}
			_, cmd := m.Update(msg)
			run(cmd)
			if len(missing()) == 0 {
				return
			}
		case <-end:
			t.Errorf("%s: the screen lacks %q:\n%s", slice, missing(), ansi.Strip(m.View().Content))
			return
		}
	}
}

var tableCell = regexp.MustCompile(`<td>([^<]*)</td>`)

func htmlNumbers(page string) (out []string) {
	for _, m := range tableCell.FindAllStringSubmatch(page, -1) {
		out = append(out, html.UnescapeString(m[1]))
	}
	return out
}

func markdownNumbers(text string, dims int) (out []string) {
	tables, _, _ := strings.Cut(text, "**About these numbers**")
	var rows []string
	for _, l := range strings.Split(tables, "\n") {
		if strings.HasPrefix(l, "|") {
			rows = append(rows, l)
			continue
		}
		rows = append(rows, "")
	}
	for i, l := range rows {
		head := i+1 < len(rows) && strings.HasPrefix(rows[i+1], "|---")
		if l == "" || head || strings.HasPrefix(l, "|---") {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(l, "| "), " |"), " | ")
		for _, c := range cells[max(dims, 1):] {
			out = append(out, strings.NewReplacer("&lt;", "<", "\\", "").Replace(strings.TrimSpace(c)))
		}
	}
	return out
}

// sheetNumbers reads the cells of the sheet Table as a spreadsheet shows them,
// and checks that what is one number is one for the spreadsheet too.
func sheetNumbers(t *testing.T, file string, ans *models.Answer) (out []string) {
	t.Helper()
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	row := 0
	rows, err := f.GetRows("Table")
	if err != nil {
		t.Fatal(err)
	}
	dims := max(len(ans.RowAxes), 1)
	for i := range ans.Blocks {
		b := &ans.Blocks[i]
		if len(b.Cells) == 0 {
			continue
		}
		last := strings.Join(b.Cols[len(b.Cols)-1].Labels, " ")
		for row++; row <= len(rows); row++ { // its head: as wide as the block, with its last column last
			if r := rows[row-1]; len(r) == dims+len(b.Cols) && r[len(r)-1] == last {
				break
			}
		}
		for _, cells := range b.Cells {
			row++
			for k, c := range cells {
				at, err := excelize.CoordinatesToCellName(dims+k+1, row)
				if err != nil {
					t.Fatal(err)
				}
				text, err := f.GetCellValue("Table", at)
				if err != nil {
					t.Fatal(err)
				}
				raw, _ := f.GetCellValue("Table", at, excelize.Options{RawCellValue: true})
				kind, _ := f.GetCellType("Table", at)
				number := kind == excelize.CellTypeNumber || kind == excelize.CellTypeUnset
				if plain := c.HasValue() && c.Part() == ""; plain != (number && raw != "") && c.State != models.Blank {
					t.Errorf("%s %s is a number: %v, for the spreadsheet: %v (%q)", file, at, plain, number, raw)
				} else if v, err := strconv.ParseFloat(raw, 64); plain && (err != nil || !nearly(v, c.Value)) {
					t.Errorf("%s %s is %q, want %v", file, at, raw, c.Value)
				}
				out = append(out, strings.TrimPrefix(text, "'"))
			}
		}
	}
	return out
}

// nearly allows for the 15 digits that a spreadsheet keeps.
func nearly(a, b float64) bool { return math.Abs(a-b) <= 1e-13*math.Max(math.Abs(a), math.Abs(b)) }

func csvNumbers(t *testing.T, slice, text string, cells []models.Cell) {
	t.Helper()
	var lines []string
	for _, l := range strings.SplitAfter(text, "\n") {
		if !strings.HasPrefix(l, "#") {
			lines = append(lines, l)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(strings.Join(lines, ""))).ReadAll()
	if err != nil || len(rows) != len(cells)+1 {
		t.Fatalf("%s: CSV has %d lines for %d cells: %v", slice, len(rows)-1, len(cells), err)
	}
	at := slices.Index(rows[0], "value")
	for i, c := range cells {
		got, err := strconv.ParseFloat(rows[i+1][at], 64)
		if c.HasValue() != (err == nil) || c.HasValue() && got != c.Value {
			t.Errorf("%s: CSV line %d is %q, want %s", slice, i+1, rows[i+1], c.Text())
		}
		if low, err := strconv.ParseFloat(rows[i+1][at+1], 64); c.State == models.Bound && (err != nil || low != c.Low()) {
			t.Errorf("%s: CSV line %d is %q, want from %v", slice, i+1, rows[i+1], c.Low())
		}
	}
}

func jsonNumbers(t *testing.T, slice, text string, cells []models.Cell) {
	t.Helper()
	var doc struct {
		Cells []struct {
			Value, Low *float64
		}
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil || len(doc.Cells) != len(cells) {
		t.Fatalf("%s: JSON has %d cells for %d: %v", slice, len(doc.Cells), len(cells), err)
	}
	for i, c := range cells {
		got := doc.Cells[i]
		if c.HasValue() != (got.Value != nil) || c.HasValue() && *got.Value != c.Value || c.State == models.Bound && (got.Low == nil || *got.Low != c.Low()) {
			t.Errorf("%s: JSON cell %d is %+v, want %s", slice, i, got, c.Text())
		}
	}
}

// plainly writes a number without what only people need.
func plainly(s string) string {
	s = strings.TrimPrefix(s, "'")
	if v, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64); err == nil {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return s
}

// table reads CSV as shown: the numbers without the grouping of thousands.
func (n *numbersTest) table(t *testing.T, slice, text string, ans *models.Answer) {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i := range ans.Blocks {
		for k, cells := range ans.Blocks[i].Cells {
			var want []string
			for _, c := range cells {
				w := datasets.CellText(c)
				want = append(want, plainly(w))
			}
			if !slices.ContainsFunc(rows, func(row []string) bool {
				row = slices.Clone(row)
				for k := range row {
					row[k] = plainly(row[k])
				}
				return len(row) >= len(want) && slices.Equal(row[len(row)-len(want):], want)
			}) {
				t.Errorf("%s: CSV as shown lacks %v %q", slice, ans.Blocks[i].Rows[k].Labels, want)
			}
		}
	}
}

// svgNumbers: a bar chart of one column has the number of each row beside it.
func svgNumbers(t *testing.T, slice, text string, ans *models.Answer) {
	t.Helper()
	var labels []string
	dec := xml.NewDecoder(strings.NewReader(text))
	inText := false
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: the drawing is no XML: %v", slice, err)
		}
		switch k := tok.(type) {
		case xml.StartElement:
			inText = k.Name.Local == "text"
		case xml.CharData:
			if inText {
				labels = append(labels, string(k))
			}
		}
	}
	over := slices.ContainsFunc(slices.Concat(ans.RowAxes, ans.ColAxes), func(ax models.Axis) bool { return ax.Dim == models.DimYear })
	if over || len(ans.Blocks) != 1 || len(ans.Blocks[0].Cols) != 1 || len(ans.Blocks[0].Rows) > 40 {
		return
	}
	b := &ans.Blocks[0]
	for r, h := range b.Rows {
		if h.Kind == models.TotalHeader && len(b.Rows) > 1 {
			continue
		}
		if !slices.Contains(labels, datasets.CellText(b.Cells[r][0])) {
			t.Errorf("%s: the drawing lacks %v %s: %q", slice, h.Labels, datasets.CellText(b.Cells[r][0]), labels)
		}
	}
}

// officeNumbers lets LibreOffice open the workbook and compares what it reads on
// the first sheet, where it is installed: an outside program that nobody needs.
func officeNumbers(t *testing.T, file, dir string) {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		return // TestExportOpensInLibreOffice says so
	}
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := f.GetRows(f.GetSheetList()[0])
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	cmd := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+filepath.Join(dir, "office"), "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true", "--outdir", out, file)
	if said, err := cmd.CombinedOutput(); err != nil || bytes.Contains(bytes.ToLower(said), []byte("error")) {
		t.Fatalf("LibreOffice does not take %s: %v\n%s", file, err, said)
	}
	text, err := os.ReadFile(filepath.Join(out, strings.TrimSuffix(filepath.Base(file), ".xlsx")+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	k := 0 // empty lines are no records
	for _, w := range want {
		if len(w) == 0 {
			continue
		}
		for k < len(rows) && strings.Join(rows[k], "") == "" {
			k++
		}
		if k == len(rows) || !slices.Equal(rows[k][:min(len(w), len(rows[k]))], w) {
			t.Fatalf("LibreOffice reads %q, written was %q", rows[min(k, len(rows)-1)], w)
		}
		k++
	}
}

// TestExportOpensInLibreOffice converts a workbook with a chart, marks and
// bounds, and one of a briefing, and compares the cells.
func TestExportOpensInLibreOffice(t *testing.T) {
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("LibreOffice is not installed here; it is an outside program that checks our workbooks and nothing else")
	}
	n := &numbersTest{wsTraining, t.TempDir()}
	for i, slice := range []string{"vic_identified by province across year where year=2020..2025", "vic_identified by sex where year=2025 percent of column"} {
		file := filepath.Join(n.dir, strconv.Itoa(i)+".xlsx")
		if code, _, errOut := tiplens(t, "export", slice, "--to", file, "--workspace", n.ref); code != exitAnswer {
			t.Fatal(errOut)
		}
		officeNumbers(t, file, n.dir)
	}
	file := filepath.Join(n.dir, "brief.xlsx")
	if code, _, errOut := tiplens(t, "brief", "--pack", "sdg-16-2-2", "--year", "2025", "--draft", "--to", file, "--workspace", n.ref); code != exitAnswer {
		t.Fatal(errOut)
	}
	officeNumbers(t, file, n.dir)
}

// TestExportNumbersPublished: the published figures in every format are those
// of the screen.
func TestExportNumbersPublished(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	n := &numbersTest{wsPublished, t.TempDir()}
	for _, slice := range []string{
		"sus_arrested by nationality where agency=KH.NCCT year=2025",
		"sus_arrested by sex where year=2025",
		"vic_rescued by sex where year=2025",
		"tip_tier by place across year where year=2022..2025",
		"vic_referred / vic_rescued where year=2025",
		"ret_nationals by destination across year",
		"prv_departure_prevented across year",
	} {
		n.check(t, slice)
	}
}

// TestExportNumbersTraining does the same with counts of records, shares,
// changes and flows.
func TestExportNumbersTraining(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	n := &numbersTest{wsTraining, t.TempDir()}
	for _, slice := range []string{
		"vic_identified by province across year where year=2019..2025",
		"vic_identified by sex across year where year=2023..2025 percent of column",
		"vic_identified by nationality where year=2025",
	} {
		n.check(t, slice)
	}
}
