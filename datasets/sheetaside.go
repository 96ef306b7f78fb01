package datasets

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"tiplens/models"
)

// sheetAsides are what a sheet shows to a person, or hides from one, beside
// the values of its cells.
type sheetAsides struct {
	unstored, formulas, noDays, hiddenRows places
	errors                                 places
	errorKinds                             map[string]int64
	hiddenColumns                          map[int]bool // those with a cell that holds something
}

// places counts cells or rows and keeps the first.
type places struct {
	n, row int64
	column int
}

func (p *places) add(row int64, column int) {
	if p.n++; p.n == 1 {
		p.row, p.column = row, column
	}
}

// cell is the reference of the first cell.
func (p places) cell() string { return fmt.Sprintf("%s%d", columnName(p.column), p.row) }

func (a *sheetAsides) formula(row int64, column int, stored bool) {
	if a.formulas.add(row, column); !stored {
		a.unstored.add(row, column)
	}
}

func (a *sheetAsides) errorValue(row int64, column int, kind string) {
	a.errors.add(row, column)
	if a.errorKinds == nil {
		a.errorKinds = map[string]int64{}
	}
	if len(a.errorKinds) < 16 {
		a.errorKinds[kind]++
	}
}

func (a *sheetAsides) hide(column int) {
	if a.hiddenColumns == nil {
		a.hiddenColumns = map[int]bool{}
	}
	a.hiddenColumns[column] = true
}

// findings tells of cells that hold less than a person sees in the sheet, and
// of those that hold more.
func (a *sheetAsides) findings(stale bool) []models.Finding {
	var out []models.Finding
	say := func(s models.Severity, p places, what, do string) {
		if p.n > 0 {
			out = append(out, models.Finding{Severity: s, Row: p.row, Count: p.n, What: what, Do: do})
		}
	}
	say(models.Doubt, a.unstored, "there are cells with a formula whose result is not stored, and they count as empty; "+a.unstored.cell()+" is the first",
		"Open the workbook in Excel, save it and load it again")
	if kinds := slices.Sorted(maps.Keys(a.errorKinds)); len(kinds) > 0 {
		say(models.Doubt, a.errors, "there are cells that hold an error ("+Clean(strings.Join(kinds, ", "))+") and count as empty; "+a.errors.cell()+" is the first",
			"Mend the formulas in Excel, or fill in what is known")
	}
	if stale {
		say(models.Doubt, a.formulas, "there are formulas, and the workbook asks to be calculated anew when it is opened, so that the results stored in it may be wrong; "+a.formulas.cell()+" is the first",
			"Open the workbook in Excel, save it and load it again")
	}
	say(models.Doubt, a.noDays, "there are dates that no calendar has, such as 29 February 1900; "+a.noDays.cell()+" is the first", "Ask the sender for the right day")
	say(models.Doubt, a.hiddenRows, "there are rows that the sheet hides, and they were read like all others; this row is the first",
		"Delete them in Excel, or show them, so that it is clear whether they belong to the table")
	if len(a.hiddenColumns) > 0 {
		var names []string
		for _, c := range slices.Sorted(maps.Keys(a.hiddenColumns)) {
			names = append(names, columnName(c))
		}
		if len(names) > 12 {
			names = append(names[:12], "...")
		}
		out = append(out, models.Finding{Severity: models.Note, What: "the sheet hides columns, and they were read like all others: " + strings.Join(names, ", ")})
	}
	return out
}

// merge is a range of cells that were made one; only the first holds a value.
type merge struct{ row, column, lastRow, lastColumn int32 }

// maxMerges is how many ranges of a sheet are looked at.
const maxMerges = 1 << 16

// tail reads what stands behind the rows to the end of the part, so that its
// checksum is known to be right, and gives the merged ranges.
func (r *sheetRows) tail() ([]merge, error) {
	var out []merge
	for {
		kind, err := r.xml.next()
		switch {
		case err != nil && r.xml.err != nil:
			return nil, inWords(r.xml.err) // it cannot be read at all
		case err != nil: // the rows are whole, and that is what counts
			if !errors.Is(err, io.EOF) {
				err = r.drain()
				return out, err
			}
			return out, nil
		case kind == startMark && r.xml.is("mergeCell") && len(out) < maxMerges:
			if m, ok := mergeOf(string(r.xml.attr("ref"))); ok {
				out = append(out, m)
			}
		}
	}
}

func (r *sheetRows) drain() error {
	for {
		r.xml.at = len(r.xml.buf)
		if !r.xml.more() {
			if r.xml.err != nil {
				return inWords(r.xml.err)
			}
			return nil
		}
	}
}

func mergeOf(ref string) (merge, bool) {
	a, b, ok := strings.Cut(strings.ReplaceAll(strings.ToUpper(ref), "$", ""), ":")
	row := func(s string) int64 {
		n, _ := number([]byte(strings.TrimLeft(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
		return n
	}
	m := merge{int32(row(a)), int32(columnOf(a)), int32(row(b)), int32(columnOf(b))}
	return m, ok && m.row > 0 && m.column > 0 && m.lastRow >= m.row && m.lastColumn >= m.column
}

// fillMerged writes the names of a header into all columns over which their
// cells are merged; a title across the whole sheet stays what it is. The rows
// begin at row first of the sheet, and their cells in column from.
func fillMerged(head [][]string, merges []merge, first int64, from int) {
	for _, m := range merges {
		m.column, m.lastColumn = m.column-int32(from-1), m.lastColumn-int32(from-1)
		if m.column < 1 {
			continue
		}
		i := int64(m.row) - first
		if i < 0 || i >= int64(len(head)) || m.lastColumn == m.column || int(m.column) > len(head[i]) {
			continue
		}
		filled := 0
		for _, c := range head[i] {
			if c != "" {
				filled++
			}
		}
		name := head[i][m.column-1]
		if name == "" || filled == 1 && m.column == 1 || int(m.lastColumn) > maxMergedName {
			continue
		}
		for len(head[i]) < int(m.lastColumn) {
			head[i] = append(head[i], "")
		}
		for c := m.column; c < m.lastColumn; c++ {
			if head[i][c] == "" {
				head[i][c] = name
			}
		}
	}
}

// maxMergedName is the last column to which a name is written.
const maxMergedName = 1000

// mergedDown writes a text that stands in a cell merged over several rows into
// each of them: it is the label of all. A number is left where it is, for it
// would be counted in every row.
type mergedDown struct {
	merges []merge // over several rows below the header, by the row in which they begin
	from   int
	open   map[int]openMerge // by column
	texts  []merge
	others []merge
}

type openMerge struct {
	last int64
	text string
}

func newMergedDown(merges []merge, skip int64, from int) *mergedDown {
	d := &mergedDown{from: from, open: map[int]openMerge{}}
	for _, m := range merges {
		if m.lastRow > m.row && int64(m.lastRow) > skip {
			d.merges = append(d.merges, m)
		}
	}
	slices.SortStableFunc(d.merges, func(a, b merge) int { return int(a.row - b.row) })
	return d
}

// fill completes a row. What a merge of which the first row is above the data
// holds belongs to the header.
func (d *mergedDown) fill(n int64, cells []string) []string {
	for c, o := range d.open {
		switch {
		case n > o.last:
			delete(d.open, c)
		case o.text != "":
			for len(cells) <= c {
				cells = append(cells, "")
			}
			if cells[c] == "" {
				cells[c] = o.text
			}
		}
	}
	for len(d.merges) > 0 && int64(d.merges[0].row) <= n {
		m := d.merges[0]
		d.merges = d.merges[1:]
		c := int(m.column) - d.from
		if int64(m.row) < n || c < 0 || c >= len(cells) || cells[c] == "" {
			if int64(m.row) < n {
				d.others = append(d.others, m)
			}
			continue
		}
		if kindOf(cells[c]) == textKindOf && !isMissing(cells[c]) {
			d.open[c] = openMerge{int64(m.lastRow), cells[c]}
			d.texts = append(d.texts, m)
		} else {
			d.others = append(d.others, m)
		}
	}
	return cells
}

func (d *mergedDown) findings() []models.Finding {
	var out []models.Finding
	say := func(merges []merge, s models.Severity, what, do string) {
		if len(merges) == 0 {
			return
		}
		m := merges[0]
		ref := fmt.Sprintf("%s%d:%s%d", columnName(int(m.column)), m.row, columnName(int(m.lastColumn)), m.lastRow)
		out = append(out, models.Finding{Severity: s, Row: int64(m.row), Count: int64(len(merges)),
			What: fmt.Sprintf("cells are merged over several rows (%s is the first range), %s", ref, what), Do: do})
	}
	say(d.texts, models.Note, "and their text was read for each of the rows", "")
	say(d.others, models.Doubt, "and all but the first row of each are empty", "Undo the merging in Excel and fill the value into every row")
	return out
}
