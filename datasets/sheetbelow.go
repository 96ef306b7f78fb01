package datasets

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tiplens/models"
)

// sheetRow is a row of a sheet and its number.
type sheetRow struct {
	n     int64
	cells []string
}

// sheetBelow watches the rows of a table as they pass: notes below it are no
// rows, another table below it is none of this one, and totals among the rows
// are told.
type sheetBelow struct {
	names   []string
	header  []string // lowest row of the header
	ahead   []sheetRow
	columns []numbersIn
	rows    int64
	last    int64 // row read last
	totals  []int64
	total   string // label of the first
	nTotals int64
}

// numbersIn counts what a column holds.
type numbersIn struct{ numbers, texts int }

// maxNotes is how many rows at the end of a table are looked at for notes.
const maxNotes = 40

// push takes a row and gives those that are surely rows of the table.
func (b *sheetBelow) push(r sheetRow) ([]sheetRow, error) {
	if err := b.watch(r); err != nil {
		return nil, err
	}
	b.ahead = append(b.ahead, r)
	if len(b.ahead) < 2*maxNotes {
		return nil, nil
	}
	sure := slices.Clone(b.ahead[:maxNotes])
	b.ahead = append(b.ahead[:0], b.ahead[maxNotes:]...)
	return sure, nil
}

// end gives the last rows of the table and what stands below it.
func (b *sheetBelow) end() ([]sheetRow, []models.Finding) {
	var tail [][]string
	var at []int // for each row of tail, its place in ahead
	for i, r := range b.ahead {
		if i > 0 && r.n > b.ahead[i-1].n+1 {
			tail, at = append(tail, nil), append(at, i)
		}
		tail, at = append(tail, r.cells), append(at, i)
	}
	n := notesBelow(tail, len(b.names), false)
	n = max(n, b.looseBelow(tail))
	if n == 0 || n == len(tail) && b.rows == int64(len(b.ahead)) {
		return b.ahead, nil
	}
	first := at[len(tail)-n]
	notes := b.ahead[first:]
	var said [][]string
	for _, r := range notes {
		said = append(said, r.cells)
	}
	return b.ahead[:first], []models.Finding{{Severity: models.Note, Row: notes[0].n, Count: int64(len(notes)),
		What: "below the table stand notes, and they were left out: " + shortened(strings.Join(banners(said), " / ")), Do: "Say --last if they belong to the table"}}
}

// looseBelow is how many rows at the end of a wide table are loose text: few
// cells, none of them a value, and not all begin where the table's rows do.
func (b *sheetBelow) looseBelow(tail [][]string) int {
	n, rows, astray := 0, 0, false
	for i := len(tail) - 1; i >= 0 && len(b.names) > 3; i-- {
		filled, loose := 0, true
		for _, c := range tail[i] {
			if c = strings.TrimSpace(c); c != "" {
				filled++
				loose = loose && kindOf(c) == textKindOf && !isMissing(c)
			}
		}
		if !loose || filled*3 > len(b.names) {
			break
		}
		if n = len(tail) - i; filled > 0 {
			rows++
			astray = astray || strings.TrimSpace(tail[i][0]) == ""
		}
	}
	if rows < 2 || !astray || n == len(tail) {
		return 0
	}
	return n
}

func shortened(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "..."
	}
	return s
}

// watch looks at a row.
func (b *sheetBelow) watch(r sheetRow) error {
	if b.columns == nil {
		b.columns = make([]numbersIn, len(b.names))
	}
	if b.rows > 1 && r.n > b.last+1 && b.begins(r.cells) {
		return &models.Finding{Severity: models.Refused, Row: r.n,
			What: fmt.Sprintf("another table begins in this row, below an empty one: %s", shortened(strings.Join(banners([][]string{r.cells}), ", "))),
			Do:   fmt.Sprintf("Load the first with --last %d and the other with --header %d", b.last, r.n)}
	}
	b.rows++
	b.last = r.n
	for c, v := range r.cells[:min(len(r.cells), len(b.columns))] {
		if v == "" || isMissing(v) {
			continue
		}
		if k := kindOf(v); k == textKindOf {
			b.columns[c].texts++
		} else {
			b.columns[c].numbers++
		}
	}
	for _, v := range r.cells[:min(len(r.cells), 3)] {
		if v = Clean(v); totalLabel(v) {
			if b.nTotals++; b.nTotals == 1 {
				b.total = v
			}
			if len(b.totals) < 10 {
				b.totals = append(b.totals, r.n)
			}
			break
		}
	}
	return nil
}

// begins reports whether a row behind a gap is the header of another table: it
// is the header again, or has texts in every column that holds numbers.
func (b *sheetBelow) begins(cells []string) bool {
	filled, same, against := 0, 0, 0
	for c, v := range cells[:min(len(cells), len(b.columns))] {
		if v == "" {
			continue
		}
		filled++
		if c < len(b.header) && v == b.header[c] {
			same++
		}
		numeric := b.columns[c].numbers > 1 && b.columns[c].texts*9 <= b.columns[c].numbers
		switch k := kindOf(v); {
		case !numeric || isMissing(v):
		case k == textKindOf:
			against++
		default:
			return false
		}
	}
	return filled > 1 && (against > 0 && against*2 >= filled-1 || same == filled)
}

// totalLabel reports whether a text says that its row is a total.
func totalLabel(s string) bool {
	s = strings.ToLower(strings.Trim(s, " :*"))
	switch s {
	case "total", "totals", "grand total", "sub-total", "subtotal", "sub total", "sum", "all", "overall", "សរុប", "សរុបរួម", "រวม", "tổng", "tổng số", "tổng cộng", "jumlah":
		return true
	}
	return strings.HasPrefix(s, "total ") && len(s) < 40 || strings.HasSuffix(s, " total") && len(s) < 40
}

// findings tells of the totals among the rows.
func (b *sheetBelow) findings() []models.Finding {
	if b.nTotals == 0 || b.nTotals == b.rows {
		return nil
	}
	var rows []string
	for _, n := range b.totals {
		rows = append(rows, strconv.FormatInt(n, 10))
	}
	if b.nTotals > int64(len(b.totals)) {
		rows = append(rows, "...")
	}
	which := "row " + rows[0] + " looks like a total, and stands among the rows that it adds up"
	if len(rows) > 1 {
		which = "rows " + strings.Join(rows, ", ") + " look like totals, and stand among the rows that they add up"
	}
	return []models.Finding{{Severity: models.Note, What: fmt.Sprintf("%s; the first is called %q", which, b.total), Do: "Among figures, check that the label is read as the code for all, so that nothing is counted twice; below a list of persons or cases a row of a total and numbers is left out"}}
}
