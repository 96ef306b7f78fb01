package datasets

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tiplens/models"
)

// zipText is the text of a part of a workbook.
func zipText(t *testing.T, book []byte, part string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open(part)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A workbook is printed: each sheet says on each page what it is and what was
// asked, long texts stand on lines of their own, and no font is left to chance.
func TestExportPaper(t *testing.T) {
	a := everyState(t)
	long := strings.TrimSpace(strings.Repeat("A note that goes on & on ", 40))
	a.Footnotes = append(a.Footnotes, models.Remark{Text: long})
	a.Blocks[0].Cols[0].Labels = []string{"Counter-Trafficking, not stated"}
	book := exported(t, exportOf(a), "xlsx")
	f, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		hf, err := f.GetHeaderFooter(sheet)
		if err != nil || !strings.Contains(hf.OddHeader, exportOf(a).mark()) || !strings.Contains(hf.OddFooter, "vic_rescued by") || !strings.Contains(hf.OddFooter, "&P") {
			t.Errorf("the pages of %s have %+v, %v", sheet, hf, err)
		}
		rows, _ := f.GetRows(sheet)
		k := slices.IndexFunc(rows, func(row []string) bool { return slices.Contains(row, long) })
		if k < 0 {
			t.Fatalf("%s lacks the long note: %q", sheet, rows)
		}
		if h, _ := f.GetRowHeight(sheet, k+1); h < 9*rowHeight {
			t.Errorf("the long note on %s has a row of %v points", sheet, h)
		}
	}
	if w, _ := f.GetColWidth(sheetTable, "B"); w < 20 {
		t.Errorf("a column whose head has a word of 20 letters is %v wide", w)
	}
	if !slices.ContainsFunc(f.GetDefinedName(), func(n excelize.DefinedName) bool {
		return n.Name == "_xlnm.Print_Titles" && n.Scope == sheetTable && strings.HasPrefix(n.RefersTo, "'Table'!$")
	}) {
		t.Errorf("no head is repeated on each page: %+v", f.GetDefinedName())
	}
	styles := zipText(t, book, "xl/styles.xml")
	if n := strings.Count(styles, "<font>"); n < 3 || n != strings.Count(styles, `<name val="Calibri">`) {
		t.Errorf("%d fonts, not all with a name: %s", n, styles[strings.Index(styles, "<fonts"):])
	}
	drawn := zipText(t, book, "xl/charts/chart1.xml")
	texts := regexp.MustCompile(`(?s)<txPr>.*?</txPr>`).FindAllString(drawn, -1)
	if len(texts) < 3 || slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, "lumOff") }) {
		t.Errorf("the axes are too pale to print: %q", texts)
	}
	if !strings.Contains(drawn, ">persons<") {
		t.Errorf("no axis has the unit: %s", drawn)
	}
}

// What has no exact number gets no empty chart.
func TestExportNoEmptyChart(t *testing.T) {
	a := everyState(t)
	for r := range a.Blocks[0].Cells {
		for k := range a.Blocks[0].Cells[r] {
			a.Blocks[0].Cells[r][k] = models.Cell{State: models.NoData}
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(exported(t, exportOf(a), "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Table", "About"}) {
		t.Errorf("sheets %q", got)
	}
}

// A table too wide for one page goes on over several, with its rows named on
// each.
func TestExportWide(t *testing.T) {
	a := everyState(t)
	b := &a.Blocks[0]
	for range 30 {
		b.Cols = append(b.Cols, b.Cols[0])
		for r := range b.Cells {
			b.Cells[r] = append(b.Cells[r], b.Cells[r][0])
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(exported(t, exportOf(a), "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if l, err := f.GetPageLayout(sheetTable); err != nil || l.FitToWidth == nil || *l.FitToWidth < 2 {
		t.Errorf("the table is put on %+v, %v", l.FitToWidth, err)
	}
	if !slices.ContainsFunc(f.GetDefinedName(), func(n excelize.DefinedName) bool { return strings.Contains(n.RefersTo, "'Table'!$A:$A,'Table'!$") }) {
		t.Errorf("the rows are not named on each page: %+v", f.GetDefinedName())
	}
}

func TestWrappedLines(t *testing.T) {
	for _, c := range []struct {
		text string
		room int
		want int
	}{{"", 10, 1}, {"one two", 10, 1}, {"one two three", 10, 2}, {"onetwothreefour", 10, 2}, {"a\nb", 10, 2}, {"ten letter ten", 10, 2}} {
		if got := wrappedLines(c.text, c.room); got != c.want {
			t.Errorf("%q in %d letters takes %d lines, want %d", c.text, c.room, got, c.want)
		}
	}
}

// A chart says what it leaves out.
func TestExportChartSaysMore(t *testing.T) {
	a := everyState(t)
	b := &a.Blocks[0]
	for range 6 {
		b.Rows, b.Cells = append(b.Rows, b.Rows[0]), append(b.Cells, b.Cells[0])
	}
	x := exportOf(a)
	c := x.chart()
	f, err := excelize.OpenReader(bytes.NewReader(exported(t, x, "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, _ := f.GetRows(sheetChart)
	if c.more == 0 || !strings.Contains(fmt.Sprint(rows), fmt.Sprintf("%d more rows are not drawn", c.more)) {
		t.Errorf("%d rows are left out, and the sheet says %q", c.more, rows)
	}
}
