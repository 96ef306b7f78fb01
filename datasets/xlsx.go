package datasets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"tiplens/models"
)

func (f *File) openXLSX(ctx context.Context, opts Options) error {
	book, err := f.workbook(ctx)
	if err != nil {
		return err
	}
	defer book.Close()
	f.Format = "xlsx"
	columns, err := columnRange(opts.Columns)
	if err != nil {
		return problem(f.Name, err.Error(), "Say --columns B:H for the columns B to H")
	}
	for i, sheet := range book.sheets {
		if sheet.hidden && opts.Sheet == "" {
			f.hidden = append(f.hidden, strconv.Quote(Clean(sheet.name)))
		}
		if opts.Sheet == "" && sheet.hidden || opts.Sheet != "" && Clean(opts.Sheet) != Clean(sheet.name) {
			continue
		}
		head, err := book.head(sheet, columns)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return problem(f.Name, "sheet "+Clean(sheet.name)+" cannot be read: "+Clean(err.Error()), "Open it in Excel and save it again as .xlsx")
		}
		if len(head.rows) == 0 {
			continue
		}
		t := &Table{Sheet: sheet.name, Head: head.rows, at: head.at, opts: opts}
		if columns.to == 0 {
			t.header = func(int) error { return sideBySide(f.Name, sheet.name, t) }
		}
		t.read = func(ctx context.Context, fr frame, emit func(block) error) error {
			s := sheetPart{sheet: i, skip: head.first - 1 + int64(fr.first), last: fr.last, width: len(fr.names), columns: columns, merges: head.merges}
			if s.below.names = fr.names; fr.rows > 0 {
				s.below.header = t.Head[fr.header+fr.rows-1]
			}
			if t.whole {
				s.width = 0
			}
			return f.readSheet(ctx, s, emit)
		}
		f.Tables = append(f.Tables, t)
	}
	switch {
	case len(f.Tables) > 0:
		f.choose()
		return nil
	case opts.Sheet != "":
		return problem(f.Name, fmt.Sprintf("there is no sheet %q with rows in it", Clean(opts.Sheet)), "Choose another sheet")
	}
	return problem(f.Name, "no visible sheet holds a row", "Ask the sender for the file again")
}

// choose puts the sheet first that is read when nobody says which: the first
// that holds a table, not only a text such as a note on the others.
func (f *File) choose() {
	for i, t := range f.Tables {
		rows := 0
		for _, r := range t.Head {
			filled := 0
			for _, c := range r {
				if strings.TrimSpace(c) != "" {
					filled++
				}
			}
			if filled > 1 {
				rows++
			}
		}
		if rows > 1 {
			f.Tables = append([]*Table{t}, slices.Delete(f.Tables, i, i+1)...)
			return
		}
	}
}

// sheetNote names the sheet that is read and the others.
func (f *File) sheetNote(t *Table) []models.Finding {
	if len(f.Tables) < 2 {
		return nil
	}
	var others []string
	for _, o := range f.Tables {
		if o != t {
			others = append(others, strconv.Quote(Clean(o.Sheet)))
		}
	}
	if len(others) > 12 {
		others = append(others[:12], "...")
	}
	why := ""
	if t == f.Tables[0] {
		why = ", the first that holds a table"
	}
	return []models.Finding{{Severity: models.Note,
		What: fmt.Sprintf("the workbook has %d sheets with rows; this is %q%s. The others are %s", len(f.Tables), Clean(t.Sheet), why, strings.Join(others, ", ")),
		Do:   "Choose another with --sheet"}}
}

func (f *File) workbook(ctx context.Context) (*spreadsheet, error) {
	book, err := openWorkbook(ctx, f.Path)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var other *notWorkbook
	if errors.As(err, &other) {
		return nil, problem(f.Name, other.what, other.do)
	}
	if err != nil {
		return nil, problem(f.Name, "the workbook cannot be opened: "+Clean(reason(inWords(err))), "Open it in Excel and save it again as .xlsx")
	}
	return book, nil
}

// sheetHead is the first rows of a sheet.
type sheetHead struct {
	rows   [][]string
	first  int64   // row of the sheet in which they begin
	at     []int64 // the row of each, where the first is not row 1
	merges []merge
}

// head gives the first rows of a sheet, none where the sheet holds nothing. It
// reads to the end of the sheet, for only there stands what is merged, and only
// then is it known that the archive is whole.
func (w *spreadsheet) head(sheet worksheet, columns columnSpan) (*sheetHead, error) {
	rows, err := w.rows(sheet)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	rows.from, rows.to = columns.from, columns.to
	h := &sheetHead{first: 1}
	filled := false
	for {
		cells, n, err := rows.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if !filled && len(cells) == 0 {
			continue
		}
		if !filled && n > headRows { // the table begins far down
			h.first = n
		}
		filled = true
		for int64(len(h.rows)) < min(n-h.first, headRows) {
			h.rows = append(h.rows, nil)
		}
		if len(h.rows) == headRows {
			err := rows.xml.skipPast("sheetData>")
			if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) { // reading the rows will tell where it ends
				return nil, inWords(err)
			}
			break
		}
		h.rows = append(h.rows, cells)
	}
	if h.merges, err = rows.tail(); err != nil {
		return nil, err
	}
	fillMerged(h.rows, h.merges, h.first, columns.from)
	if h.first > 1 {
		for i := range h.rows {
			h.at = append(h.at, h.first+int64(i))
		}
	}
	return h, nil
}

// maxBlockCells is about how many cells travel together.
const maxBlockCells = 1 << 17

// sheetPart says which part of a sheet is the table.
type sheetPart struct {
	sheet      int
	skip, last int64      // rows above the data, and the last row of them; 0 for the sheet's last
	width      int        // columns that have a name; 0 for rows as wide as they are
	columns    columnSpan // the range that is read
	merges     []merge
	below      sheetBelow
}

// readSheet streams the rows of a part.
func (f *File) readSheet(ctx context.Context, part sheetPart, emit func(block) error) error {
	f.found = nil
	book, err := f.workbook(ctx)
	if err != nil {
		return err
	}
	defer book.Close()
	if part.sheet >= len(book.sheets) {
		return problem(f.Name, "the file changed while it was read", "Load it again when nobody writes it")
	}
	s := book.sheets[part.sheet]
	bad := func(err error, row int64) error {
		return &models.Finding{Severity: models.Refused, File: f.Name, Sheet: Clean(s.name), Row: row,
			What: "the sheet is damaged: " + Clean(err.Error()), Do: "Open it in Excel and save it again as .xlsx"}
	}
	rows, err := book.rows(s)
	if err != nil {
		return bad(err, 0)
	}
	defer rows.Close()
	rows.width, rows.skip, rows.from, rows.to = part.width, part.skip, part.columns.from, part.columns.to
	down := newMergedDown(part.merges, part.skip, part.columns.from)
	var b block
	held := 0 // cells in it
	flush := func() error {
		if len(b.rows) == 0 {
			return nil
		}
		full := b
		full.done = int64(rows.share() * float64(f.Size))
		b, held = block{}, 0
		return emit(full)
	}
	pass := func(some []sheetRow) error {
		for _, r := range some {
			if len(b.rows) == 0 || r.n-b.first >= models.BatchSize || held > maxBlockCells {
				if err := flush(); err != nil {
					return err
				}
				b.first = r.n
			}
			for b.first+int64(len(b.rows)) < r.n { // rows that the sheet leaves out
				b.rows = append(b.rows, nil)
			}
			b.rows = append(b.rows, r.cells)
			held += len(r.cells)
		}
		return ctx.Err()
	}
	for {
		cells, n, err := rows.next()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return bad(err, rows.row)
		}
		if n <= part.skip || len(cells) == 0 || part.last > 0 && n > part.last {
			continue
		}
		sure, err := part.below.push(sheetRow{n, down.fill(n, cells)})
		if err != nil {
			return located(err, f.Name, s.name)
		}
		if err := pass(sure); err != nil {
			return err
		}
	}
	if _, err := rows.tail(); err != nil {
		return bad(err, rows.row)
	}
	last, notes := part.below.ahead, []models.Finding(nil)
	if part.last == 0 {
		last, notes = part.below.end()
	}
	if err := pass(last); err != nil {
		return err
	}
	f.found = slices.Concat(notes, part.below.findings(), rows.asides.findings(book.stale), down.findings())
	return flush()
}

// located names the file and the sheet in a finding.
func located(err error, file, sheet string) error {
	var f *models.Finding
	if errors.As(err, &f) {
		f.File, f.Sheet = file, Clean(sheet)
	}
	return err
}

// asides are what is to be told of a file beside its rows.
func (f *File) asides() []models.Finding {
	out := slices.Clone(f.found)
	if len(f.hidden) > 0 {
		out = append(out, models.Finding{Severity: models.Note, Count: int64(len(f.hidden)),
			What: "the workbook has hidden sheets, which were not read: " + strings.Join(f.hidden, ", "), Do: "Choose one with --sheet if it belongs to the table"})
	}
	return out
}
