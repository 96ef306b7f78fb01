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
	for i, sheet := range book.sheets {
		if sheet.hidden && opts.Sheet == "" {
			f.hidden = append(f.hidden, strconv.Quote(Clean(sheet.name)))
		}
		if opts.Sheet == "" && sheet.hidden || opts.Sheet != "" && Clean(opts.Sheet) != Clean(sheet.name) {
			continue
		}
		head, err := book.head(sheet)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return problem(f.Name, "sheet "+Clean(sheet.name)+" cannot be read: "+Clean(err.Error()), "Open it in Excel and save it again as .xlsx")
		}
		if len(head) == 0 {
			continue
		}
		t := &Table{Sheet: sheet.name, Head: head}
		t.read = func(ctx context.Context, skip int, emit func(block) error) error {
			width := len(head[skip-1])
			if t.whole {
				width = 0
			}
			return f.readSheet(ctx, i, skip, width, emit)
		}
		f.Tables = append(f.Tables, t)
	}
	switch {
	case len(f.Tables) > 0:
		return nil
	case opts.Sheet != "":
		return problem(f.Name, fmt.Sprintf("there is no sheet %q with rows in it", Clean(opts.Sheet)), "Choose another sheet")
	}
	return problem(f.Name, "no visible sheet holds a row", "Ask the sender for the file again")
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
		return nil, problem(f.Name, "the workbook cannot be opened: "+Clean(reason(err)), "Open it in Excel and save it again as .xlsx")
	}
	return book, nil
}

// head gives the first rows of a sheet, none where none of them holds a cell.
func (w *spreadsheet) head(sheet worksheet) ([][]string, error) {
	rows, err := w.rows(sheet)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var head [][]string
	filled := false
	for {
		cells, n, err := rows.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		for int64(len(head)) < min(n-1, headRows) {
			head = append(head, nil)
		}
		if len(head) == headRows {
			break
		}
		head = append(head, cells)
		filled = filled || len(cells) > 0
	}
	if !filled {
		return nil, nil
	}
	return head, nil
}

// maxBlockCells is about how many cells travel together.
const maxBlockCells = 1 << 17

// readSheet streams the rows of a sheet after the first skip rows, of which
// the last names so many columns as width says; 0 for rows as wide as they are.
func (f *File) readSheet(ctx context.Context, sheet, skip, width int, emit func(block) error) error {
	f.found = nil
	book, err := f.workbook(ctx)
	if err != nil {
		return err
	}
	defer book.Close()
	if sheet >= len(book.sheets) {
		return problem(f.Name, "the file changed while it was read", "Load it again when nobody writes it")
	}
	s := book.sheets[sheet]
	bad := func(err error, row int64) error {
		return &models.Finding{Severity: models.Refused, File: f.Name, Sheet: Clean(s.name), Row: row,
			What: "the sheet is damaged: " + Clean(err.Error()), Do: "Open it in Excel and save it again as .xlsx"}
	}
	rows, err := book.rows(s)
	if err != nil {
		return bad(err, 0)
	}
	defer rows.Close()
	rows.width = width
	var b block
	held := 0 // cells in it
	flush := func() error {
		if len(b.rows) == 0 {
			return nil
		}
		full := b
		b, held = block{}, 0
		return emit(full)
	}
	for {
		cells, n, err := rows.next()
		switch {
		case errors.Is(err, io.EOF):
			f.found = rows.findings(skip)
			return flush()
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return bad(err, rows.row)
		}
		if n <= int64(skip) || len(cells) == 0 {
			continue
		}
		if len(b.rows) == 0 || n-b.first >= models.BatchSize || held > maxBlockCells {
			if err := flush(); err != nil {
				return err
			}
			b.first = n
		}
		for b.first+int64(len(b.rows)) < n { // rows that the sheet leaves out
			b.rows = append(b.rows, nil)
		}
		b.rows = append(b.rows, cells)
		held += len(cells)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// findings tells of cells that hold less than a person sees in the sheet.
func (r *sheetRows) findings(skip int) []models.Finding {
	var out []models.Finding
	if r.formulas > 0 {
		out = append(out, models.Finding{Severity: models.Doubt, Row: r.formulaRow, Count: r.formulas,
			What: "there are cells with a formula whose result is not stored, and they count as empty; this row has the first",
			Do:   "Open the workbook in Excel, save it and load it again"})
	}
	if n, ref, row := r.merged(skip); n > 0 {
		out = append(out, models.Finding{Severity: models.Doubt, Row: row, Count: n,
			What: fmt.Sprintf("cells are merged over several rows (%s is the first range), and all but the first row of each are empty", Clean(ref)),
			Do:   "Undo the merging in Excel and fill the value into every row"})
	}
	return out
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
