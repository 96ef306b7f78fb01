package datasets

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"tiplens/models"
)

// Sheets of a workbook that is written.
const (
	sheetTable = "Table"
	sheetChart = "Chart"
	sheetAbout = "About"
	sheetFont  = "Calibri" // as the rest of a workbook has it
)

// workbookOut is a workbook on its way out. The first error stays, so that the
// steps read as one text.
type workbookOut struct {
	f      *excelize.File
	x      *Export
	styles map[string]int
	looks  map[string]*sheetLook
	done   int // rows of tables
	err    error
}

func (x *Export) writeXLSX(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	o := &workbookOut{f: f, x: x, styles: map[string]int{}}
	o.keep(f.SetSheetName("Sheet1", sheetTable))
	next := o.title(sheetTable)
	for i := range x.Answer.Blocks {
		next = o.table(sheetTable, &x.Answer.Blocks[i], next)
	}
	o.below(sheetTable, next)
	o.paper(sheetTable, x.mark())
	c := x.chart()
	if len(c.tiles)+len(c.bands) > 0 { // of which a spreadsheet has no chart
		c = x.bars()
	}
	if c.exact() {
		_, err := f.NewSheet(sheetChart)
		o.keep(err)
		o.below(sheetChart, o.chart(sheetChart, c, o.title(sheetChart)))
		o.paper(sheetChart, x.mark())
	}
	if !x.Bare {
		o.about()
	}
	o.properties(x.heading(), x.Answer.Reopens(), x.mark(), x.On)
	return o.save(w)
}

// save writes the workbook, if it came about.
func (o *workbookOut) save(w io.Writer) error {
	if o.err != nil {
		return o.err
	}
	var b bytes.Buffer
	if _, err := o.f.WriteTo(&b); err != nil {
		return err
	}
	return settled(w, b.Bytes())
}

var contentType = regexp.MustCompile(`<Default [^>]*></Default>`)

// settled copies a workbook with its content types in order: excelize writes
// them in any, and the same export is to give the same bytes.
func settled(w io.Writer, book []byte) error {
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return err
	}
	out := zip.NewWriter(w)
	for _, part := range in.File {
		if part.Name != "[Content_Types].xml" {
			if err := out.Copy(part); err != nil {
				return err
			}
			continue
		}
		r, err := part.Open()
		if err != nil {
			return err
		}
		text, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			return err
		}
		types := contentType.FindAllString(string(text), -1)
		slices.Sort(types)
		next := 0
		text = contentType.ReplaceAllFunc(text, func([]byte) []byte {
			next++
			return []byte(types[next-1])
		})
		entry, err := out.Create(part.Name)
		if err != nil {
			return err
		}
		if _, err := entry.Write(text); err != nil {
			return err
		}
	}
	return out.Close()
}

func (o *workbookOut) keep(err error) {
	if o.err == nil {
		o.err = err
	}
}

// sheetText is text that no spreadsheet runs, here or after it is saved as CSV,
// and that fits into a cell.
func sheetText(s string) string {
	s = Guard(strings.TrimSpace(models.Printable(s)))
	if utf8.RuneCountInString(s) > excelize.TotalCellChars {
		s = string([]rune(s)[:excelize.TotalCellChars-3]) + "..."
	}
	return s
}

func (o *workbookOut) text(sheet string, col, row int, s, style string) {
	if s == "-" { // the mark of what does not apply; a spreadsheet leaves it as it is
		o.put(sheet, col, row, s, style)
		return
	}
	o.put(sheet, col, row, sheetText(s), style)
}

// put sets a text or a number, never a formula.
func (o *workbookOut) put(sheet string, col, row int, value any, style string) {
	at, err := excelize.CoordinatesToCellName(col, row)
	o.keep(err)
	switch v := value.(type) {
	case string:
		o.keep(o.f.SetCellStr(sheet, at, v))
	case float64:
		o.keep(o.f.SetCellFloat(sheet, at, v, -1, 64))
	}
	if style != "" {
		o.keep(o.f.SetCellStyle(sheet, at, at, o.style(style)))
	}
}

// style gives the number of a style: "bold", "right", "wrap" and so on or, for
// numbers, their format behind "n:", in bold "N:", and bold before its unit "B:".
func (o *workbookOut) style(name string) int {
	if id, ok := o.styles[name]; ok {
		return id
	}
	s := &excelize.Style{}
	format := name
	bold := &excelize.Font{Bold: true, Family: sheetFont, Size: 11} // a font without a name is any, and of any size
	switch {
	case name == "bold":
		s.Font = bold
	case name == "title":
		bold.Size = 13
		s.Font = bold
	case name == "head":
		s.Font = bold
		s.Border = []excelize.Border{{Type: "bottom", Color: "000000", Style: 2}}
		s.Alignment = &excelize.Alignment{Horizontal: "right", WrapText: true}
	case name == "headleft":
		s.Font = bold
		s.Border = []excelize.Border{{Type: "bottom", Color: "000000", Style: 2}}
	case name == "right":
		s.Alignment = &excelize.Alignment{Horizontal: "right"}
	case name == "boldwrap", name == "titlewrap":
		if s.Font = bold; name == "titlewrap" {
			s.Font.Size = 13
		}
		s.Alignment = &excelize.Alignment{WrapText: true, Vertical: "top"}
	case name == "wrap":
		s.Alignment = &excelize.Alignment{WrapText: true, Vertical: "top"}
	default:
		format = name[2:]
		s.CustomNumFmt = &format
		switch name[0] {
		case 'N':
			s.Font = bold
		case 'B':
			s.Font = bold
			s.Alignment = &excelize.Alignment{Horizontal: "left"}
		}
	}
	id, err := o.f.NewStyle(s)
	o.keep(err)
	o.styles[name] = id
	return id
}

// title writes the title with its mark and what changes what the numbers are,
// and gives the next row.
func (o *workbookOut) title(sheet string) int {
	o.line(sheet, 1, o.x.heading(), "title")
	row := 2
	for _, r := range o.x.Answer.Warnings {
		o.line(sheet, row, "! "+r.String(), "")
		row++
	}
	o.look(sheet).slice = o.x.Answer.Reopens()
	return row + 1
}

// table writes a block and gives the row below it.
func (o *workbookOut) table(sheet string, b *models.Block, row int) int {
	if len(o.x.Answer.Blocks) > 1 {
		o.line(sheet, row, b.Line(), "bold")
		row++
	}
	head, rows, dims := blockGrid(o.x.Answer, b)
	for k, h := range head {
		style := "head"
		if head[k] = strings.ReplaceAll(h, "_", " "); k < dims {
			style = "headleft"
			o.wide(sheet, k+1, head[k], 30, 60)
		} else {
			o.wideHead(sheet, k+1, head[k])
		}
		o.text(sheet, k+1, row, head[k], style)
	}
	look, top := o.look(sheet), row
	look.heads, look.dims = append(look.heads, row), dims
	for r, texts := range rows {
		if o.step(); o.err != nil {
			return row
		}
		row++
		bold := b.Rows[r].Kind == models.TotalHeader
		for k := range texts {
			if k < dims {
				o.wide(sheet, k+1, texts[k], 30, 60)
			} else {
				o.wide(sheet, k+1, texts[k], 9, 30)
			}
			switch {
			case k >= dims:
				o.cell(sheet, k+1, row, b.Cells[r][k-dims], bold)
			case bold:
				o.text(sheet, k+1, row, texts[k], "bold")
			default:
				o.text(sheet, k+1, row, texts[k], "")
			}
		}
	}
	o.headHeight(sheet, top, 1, head)
	return row + 2
}

// step tells that one more row is being made.
func (o *workbookOut) step() {
	if o.x.Step == nil {
		return
	}
	of := 0
	for i := range o.x.Answer.Blocks {
		of += len(o.x.Answer.Blocks[i].Rows)
	}
	o.keep(o.x.Step(o.done, of))
	o.done++
}

// cell writes a number as a number, with its mark in its format, and all else
// as text. The number of another period is text: a sum must not take it.
func (o *workbookOut) cell(sheet string, col, row int, c models.Cell, bold bool) {
	if !c.HasValue() || c.Part() != "" {
		o.text(sheet, col, row, CellText(c), "right")
		return
	}
	format := cellFormat(c)
	if bold {
		o.put(sheet, col, row, c.Value, "N:"+format)
	} else {
		o.put(sheet, col, row, c.Value, "n:"+format)
	}
}

// cellFormat shows a number as the screen does.
func cellFormat(c models.Cell) string {
	f := "#,##0"
	switch shown := strings.TrimRight(c.Text(), c.Status()); {
	case c.Form == models.Percent || c.Form == models.SignedPercent:
		f = "0.0"
	case strings.Contains(shown, "."):
		f = "#,##0." + strings.Repeat("0", len(shown)-1-strings.LastIndexByte(shown, '.'))
	}
	before, behind := "", ""
	if c.About {
		before = `"~"`
	}
	if letters := fileWords(c.Status()); letters != "" {
		behind = `"` + letters + `"`
	}
	if c.Form == models.Signed || c.Form == models.SignedPercent {
		return before + "+" + f + behind + ";" + before + "-" + f + behind + ";" + before + "0" + behind
	}
	return before + f + behind
}

// below writes what must stand on the sheet of the table itself.
func (o *workbookOut) below(sheet string, row int) int {
	put := func(s string) {
		o.line(sheet, row, s, "")
		row++
	}
	if m := o.x.legend(); m != "" {
		put("Marks: " + m)
	}
	if o.x.Bare {
		return row
	}
	for _, r := range o.x.Answer.Footnotes {
		put(r.String())
	}
	for _, s := range unstated(o.x.Answer) {
		put(s)
	}
	for _, s := range o.x.Answer.Sources {
		put("Source: " + s.Line())
	}
	put("Slice: " + o.x.Answer.Reopens())
	return row
}

// chart draws an answer with the spreadsheet's own chart, so that people
// can restyle it. What is not one number is an empty cell there: a text would
// be drawn as zero. The chart comes first and its numbers below it; it gives the
// row below them.
func (o *workbookOut) chart(sheet string, c chart, row int) int {
	where := "the sheet " + sheetTable + " has its bounds and marks"
	if sheet != sheetChart {
		where = "the table has its bounds and marks"
	}
	says := "What is no exact number is left empty here; " + where + "."
	if c.more > 0 {
		says += fmt.Sprintf(" %d more rows are not drawn; the table has them.", c.more)
	}
	o.line(sheet, row, says, "")
	quoted := "'" + strings.ReplaceAll(sheet, "'", "''") + "'"
	names, values := []string{c.of}, [][]models.Cell{nil}
	if names[0] == "" {
		names[0] = o.x.Answer.Unit
	}
	var categories []string
	for _, b := range c.bars {
		name := b.name
		if b.group != "" {
			name += ", " + b.group
		}
		categories = append(categories, name)
		values[0] = append(values[0], b.cell)
	}
	kind := excelize.Bar
	if len(c.lines) > 0 {
		kind, categories, names, values = excelize.Line, c.times, nil, nil
		for _, l := range c.lines {
			names, values = append(names, l.name), append(values, l.cells)
		}
		if c.pyramid {
			kind = excelize.Bar
		}
	}
	high := 420
	if kind == excelize.Bar {
		high = min(max(300, 120+18*len(categories)), 540) // no more than a page
	}
	head := row + 2 + (high+19)/20 // a row is 20 pixels high
	for i, name := range categories {
		o.text(sheet, 1, head+1+i, name, "")
		o.wide(sheet, 1, name, 30, 60)
	}
	last := head + len(categories)
	var series []excelize.ChartSeries
	for i, name := range names {
		o.text(sheet, i+2, head, name, "head")
		o.wide(sheet, i+2, name, 9, 24)
		for k, cell := range values[i] {
			if lo, hi, ok := point(cell); ok && lo == hi {
				o.put(sheet, i+2, head+1+k, cell.Value, "n:"+cellFormat(cell))
			}
		}
		col, err := excelize.ColumnNumberToName(i + 2)
		o.keep(err)
		grey := [...]string{"000000", "595959", "8C8C8C", "404040", "737373", "A6A6A6"}[i%maxLines]
		series = append(series, excelize.ChartSeries{
			Name:       fmt.Sprintf("%s!$%s$%d", quoted, col, head),
			Categories: fmt.Sprintf("%s!$A$%d:$A$%d", quoted, head+1, last),
			Values:     fmt.Sprintf("%s!$%s$%d:$%s$%d", quoted, col, head+1, col, last),
			Line:       excelize.LineOptions{Width: 1.75},
			Marker:     excelize.ChartMarker{Symbol: [...]string{"circle", "square", "triangle", "diamond", "x", "star"}[i%maxLines], Size: 7},
			Fill:       excelize.Fill{Type: "pattern", Color: []string{grey}, Pattern: 1},
		})
	}
	o.headHeight(sheet, head, 2, names)
	o.look(sheet).heads = []int{head}                // those of a table above it do not fit the rows that follow
	black := excelize.Font{Color: "000000", Size: 9} // what a spreadsheet takes by itself is too pale to be printed
	chart := &excelize.Chart{Type: kind, Series: series, ShowBlanksAs: "gap", Dimension: excelize.ChartDimension{Width: 780, Height: uint(high)},
		Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: sheetText(o.x.heading()), Font: &excelize.Font{Color: "000000", Size: 12, Bold: true}}}},
		XAxis: excelize.ChartAxis{Font: black},
		YAxis: excelize.ChartAxis{Font: black, MajorGridLines: true,
			Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: sheetText(o.x.measured(values)), Font: &black}}}}}
	chart.Legend.Position, chart.Legend.Font = "bottom", &black
	if kind == excelize.Bar {
		chart.YAxis.ReverseOrder, chart.XAxis.ReverseOrder = false, true // the first row on top, as in the table
		chart.XAxis.TickLabelSkip = 1
		chart.PlotArea.ShowVal = len(names) == 1
		if len(names) == 1 {
			chart.Legend.Position = "none"
		}
	}
	o.keep(o.f.AddChart(sheet, fmt.Sprint("A", row+1), chart))
	return last + 2
}

// measured says what the numbers of a chart are in.
func (x *Export) measured(values [][]models.Cell) string {
	for _, c := range slices.Concat(values...) {
		if c.Form == models.Percent || c.Form == models.SignedPercent {
			return "percent"
		}
	}
	return x.Answer.Unit
}

// about writes the block of metadata on a sheet of its own.
func (o *workbookOut) about() {
	_, err := o.f.NewSheet(sheetAbout)
	o.keep(err)
	o.lines(sheetAbout, o.title(sheetAbout), o.x.about())
	o.aboutWidths()
	o.paper(sheetAbout, o.x.mark())
}

func (o *workbookOut) aboutWidths() {
	o.wide(sheetAbout, 1, "", 24, 24)
	o.wide(sheetAbout, 2, "", 100, 100)
}

// lines writes what is said, a line a row, and gives the row below.
func (o *workbookOut) lines(sheet string, row int, lines []said) int {
	for _, l := range lines {
		o.text(sheet, 1, row, l.what, "wrap")
		o.text(sheet, 2, row, l.text, "wrap")
		o.height(sheet, row, wrappedLines(l.text, aboutRoom))
		row++
	}
	return row
}

// properties say in the file what it is; the day is that of the export, so
// that the same export gives the same bytes.
func (o *workbookOut) properties(title, subject, mark string, on time.Time) {
	day := on.UTC().Format(time.DateOnly) + "T00:00:00Z"
	o.keep(o.f.SetDocProps(&excelize.DocProperties{Title: sheetText(title), Subject: sheetText(subject), Creator: "tiplens",
		LastModifiedBy: "tiplens", Created: day, Modified: day, Keywords: mark}))
}
