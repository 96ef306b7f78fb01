package datasets

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"tiplens/models"
)

// maxSheetName is the longest name of a sheet that spreadsheets take.
const maxSheetName = 31

// sheetName makes the name of an item's sheet: its number, so that no two are
// alike, and as much of its heading as there is room for.
func (d *Document) sheetName(i int) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return -1
		}
		return r
	}, models.Clean(d.name(i)))
	if r := []rune(name); len(r) > maxSheetName {
		name = string(r[:maxSheetName])
	}
	return strings.TrimSpace(name)
}

// writeXLSX writes a sheet an item, and a sheet that says what the numbers are.
func (d *Document) writeXLSX(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	o := &workbookOut{f: f, styles: map[string]int{}}
	for i := range d.Items {
		name := d.sheetName(i)
		if i == 0 {
			o.keep(f.SetSheetName("Sheet1", name))
		} else {
			_, err := f.NewSheet(name)
			o.keep(err)
		}
		o.x = d.Items[i].Export
		o.item(d, i, name)
	}
	if len(d.Items) == 0 {
		o.keep(f.SetSheetName("Sheet1", sheetAbout))
	} else {
		_, err := f.NewSheet(sheetAbout)
		o.keep(err)
	}
	o.aboutAll(d)
	o.properties(d.heading(), d.Note, d.mark(), d.On)
	return o.save(w)
}

// item writes the sheet of an item.
func (o *workbookOut) item(d *Document, i int, sheet string) {
	it := &d.Items[i]
	row := 1
	put := func(s, style string) {
		if s != "" {
			o.line(sheet, row, s, style)
			row++
		}
	}
	put(d.marked(d.name(i)), "title")
	for l := range strings.SplitSeq(it.Note, "\n") {
		put(l, "")
	}
	for _, l := range it.Page {
		put(l, "")
	}
	for _, r := range it.remarks() {
		put("! "+r, "")
	}
	if it.Export != nil {
		row = o.itemAnswer(it, sheet, row)
	}
	if head, list := it.changed(); head != "" {
		row++
		put(head, "bold")
		for _, l := range list {
			put(l, "")
		}
	}
	if it.Kind == models.ChartItem && it.Export != nil {
		if c := it.Export.chart(); c.exact() {
			o.chart(sheet, c, row+1)
		}
	}
	o.paper(sheet, d.paperMark())
}

// itemAnswer writes the numbers of an item and gives the row below.
func (o *workbookOut) itemAnswer(it *DocumentItem, sheet string, row int) int {
	a := it.Export.Answer
	o.look(sheet).slice = a.Reopens()
	o.line(sheet, row, it.Export.heading(), "bold")
	row += 2
	if it.Kind == models.NumberItem {
		b := &a.Blocks[0]
		if c := b.Cells[0][b.ValueColumn()]; c.HasValue() && c.Part() == "" {
			o.put(sheet, 1, row, c.Value, "B:"+cellFormat(c))
		} else {
			o.text(sheet, 1, row, CellText(c), "bold")
		}
		o.text(sheet, 2, row, a.Unit, "")
		o.line(sheet, row+1, it.Card.Sentence, "")
		o.wide(sheet, 1, "", 30, 30)
		return o.below(sheet, row+2)
	}
	for k := range a.Blocks {
		row = o.table(sheet, &a.Blocks[k], row)
	}
	return o.below(sheet, row)
}

// aboutAll says what the numbers of all items are.
func (o *workbookOut) aboutAll(d *Document) {
	o.line(sheetAbout, 1, d.heading(), "title")
	row := 3
	if d.Note != "" {
		for l := range strings.SplitSeq(d.Note, "\n") {
			o.line(sheetAbout, row, l, "")
			row++
		}
		row++
	}
	row = o.lines(sheetAbout, row, d.overall())
	if gaps := d.Gaps(); len(gaps) > 0 {
		row++
		o.text(sheetAbout, 1, row, d.gapsHead(), "bold")
		row++
		for k, g := range gaps {
			o.text(sheetAbout, 1, row, fmt.Sprint(k+1), "wrap")
			o.text(sheetAbout, 2, row, g, "wrap")
			o.height(sheetAbout, row, wrappedLines(g, aboutRoom))
			row++
		}
	}
	for i := range d.Items {
		if lines := d.Items[i].about(); len(lines) > 0 {
			row++
			o.line(sheetAbout, row, d.name(i), "bold")
			row = o.lines(sheetAbout, row+1, lines)
		}
	}
	o.aboutWidths()
	o.paper(sheetAbout, d.paperMark())
}

// paperMark is the mark with the word that the document is a draft.
func (d *Document) paperMark() string {
	if d.Draft {
		return strings.TrimSuffix("DRAFT - "+d.mark(), " - ")
	}
	return d.mark()
}
