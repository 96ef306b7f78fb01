package datasets

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"tiplens/models"
)

// sheetLook is what is known of a sheet when it is laid out for paper.
type sheetLook struct {
	widths map[int]float64 // of its columns, in letters
	heads  []int           // rows that stand above the numbers of a table
	dims   int             // columns that name the rows
	slice  string          // what is asked, for the foot of each page
}

// A text that stands alone in its row takes the first columns, however narrow
// the table below is, so that a long one neither runs off the paper nor makes
// the whole page small.
const (
	lineColumns = 10
	lineRoom    = 110 // letters that surely fit into them
	titleRoom   = 88  // of a title
	aboutRoom   = 106 // of the text column of the sheet that says what the numbers are
	rowHeight   = 15  // points a line
	pageRoom    = 240 // letters that can still be read across a page
	maxFoot     = 120 // letters of the slice at the foot of a page
)

// look gives what is known of a sheet.
func (o *workbookOut) look(sheet string) *sheetLook {
	if o.looks == nil {
		o.looks = map[string]*sheetLook{}
	}
	if o.looks[sheet] == nil {
		o.looks[sheet] = &sheetLook{widths: map[int]float64{}}
	}
	return o.looks[sheet]
}

// line writes a text that stands alone in its row, on as many lines as it needs.
func (o *workbookOut) line(sheet string, row int, s, style string) {
	columns, room := lineColumns, lineRoom
	if sheet == sheetAbout {
		columns = 2
	}
	if style == "title" {
		room = titleRoom
	}
	n := wrappedLines(s, room)
	if n < 2 {
		o.text(sheet, 1, row, s, style)
		return
	}
	o.text(sheet, 1, row, s, style+"wrap")
	last, err := excelize.CoordinatesToCellName(columns, row)
	o.keep(err)
	o.keep(o.f.MergeCell(sheet, fmt.Sprint("A", row), last))
	o.height(sheet, row, n)
}

// height gives a row room for some lines. Not every spreadsheet finds that out
// before it prints.
func (o *workbookOut) height(sheet string, row, lines int) {
	if lines > 1 {
		o.keep(o.f.SetRowHeight(sheet, row, min(float64(lines)*rowHeight, excelize.MaxRowHeight)))
	}
}

// wrappedLines is how many lines a text takes of some letters each.
func wrappedLines(s string, room int) int {
	n := 0
	for part := range strings.SplitSeq(strings.TrimSpace(s), "\n") {
		n++
		at := 0
		for _, word := range strings.Fields(part) {
			w := utf8.RuneCountInString(word)
			if at > 0 && at+1+w > room {
				n, at = n+1, 0
			}
			if at > 0 {
				at++
			}
			at += w
			for ; at > room; at -= room {
				n++
			}
		}
	}
	return n
}

// wide makes a column wide enough for a text, up to a bound.
func (o *workbookOut) wide(sheet string, col int, s string, least, most float64) {
	l := o.look(sheet)
	l.widths[col] = max(l.widths[col], least, min(float64(utf8.RuneCountInString(s))+2, most))
}

// wideHead makes a column wide enough for the longest word of its head.
func (o *workbookOut) wideHead(sheet string, col int, head string) {
	for _, word := range strings.Fields(head) {
		o.wide(sheet, col, word, 9, 20)
	}
}

// headHeight gives the row of the heads room for the longest of them.
func (o *workbookOut) headHeight(sheet string, row, first int, heads []string) {
	n := 1
	for k, h := range heads {
		n = max(n, wrappedLines(h, max(1, int(o.look(sheet).widths[first+k])-1)))
	}
	o.height(sheet, row, n)
}

// paper fits a sheet to A4 and puts on each of its pages the mark, what is
// asked of which versions, and the heads of the table.
func (o *workbookOut) paper(sheet, mark string) {
	l := o.look(sheet)
	wide := 0.0
	for col, w := range l.widths {
		name, err := excelize.ColumnNumberToName(col)
		o.keep(err)
		o.keep(o.f.SetColWidth(sheet, name, name, w))
		wide += w
	}
	hf := &excelize.HeaderFooterOptions{OddFooter: "&RPage &P of &N"}
	if mark != "" {
		hf.OddHeader = "&C" + mark
	}
	if s := strings.TrimSpace(models.Printable(l.slice)); s != "" {
		if r := []rune(s); len(r) > maxFoot {
			s = string(r[:maxFoot]) + "..."
		}
		hf.OddFooter = "&L&8 " + strings.ReplaceAll(s, "&", "&&") + hf.OddFooter
	}
	o.keep(o.f.SetHeaderFooter(sheet, hf))
	a4, across, pages, none := 9, "landscape", max(1, int(math.Ceil(wide/pageRoom))), 0
	o.keep(o.f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &across, FitToWidth: &pages, FitToHeight: &none}))
	fit := true
	o.keep(o.f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	var again []string
	quoted := "'" + strings.ReplaceAll(sheet, "'", "''") + "'!"
	if pages > 1 {
		last, err := excelize.ColumnNumberToName(l.dims)
		o.keep(err)
		again = append(again, quoted+"$A:$"+last)
	}
	if len(l.heads) == 1 {
		again = append(again, fmt.Sprintf("%s$%d:$%d", quoted, l.heads[0], l.heads[0]))
	}
	if len(again) > 0 {
		o.keep(o.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: strings.Join(again, ","), Scope: sheet}))
	}
}
