package datasets

import (
	"context"
	"errors"
	"fmt"
	"io"

	"tiplens/models"
)

func (f *File) openXLSX(opts Options) error {
	book, err := f.workbook()
	if err != nil {
		return err
	}
	defer book.Close()
	f.Format = "xlsx"
	for i, sheet := range book.sheets {
		if opts.Sheet == "" && sheet.hidden || opts.Sheet != "" && opts.Sheet != sheet.name {
			continue
		}
		head, err := book.head(sheet)
		if err != nil {
			return problem(f.Name, "sheet "+Clean(sheet.name)+" cannot be read: "+Clean(err.Error()), "Open it in Excel and save it again as .xlsx")
		}
		if len(head) == 0 {
			continue
		}
		t := &Table{Sheet: sheet.name, Head: head}
		t.read = func(ctx context.Context, skip int, emit func(block) error) error {
			return f.readSheet(ctx, i, skip, emit)
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

func (f *File) workbook() (*spreadsheet, error) {
	book, err := openWorkbook(f.Path)
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

// readSheet streams the rows of a sheet after the first skip rows.
func (f *File) readSheet(ctx context.Context, sheet, skip int, emit func(block) error) error {
	book, err := f.workbook()
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
	var b block
	flush := func() error {
		if len(b.rows) == 0 {
			return nil
		}
		full := b
		b = block{}
		return emit(full)
	}
	for {
		cells, n, err := rows.next()
		if errors.Is(err, io.EOF) {
			return flush()
		}
		if err != nil {
			return bad(err, rows.row)
		}
		if n <= int64(skip) || len(cells) == 0 {
			continue
		}
		if len(b.rows) == 0 || n-b.first >= models.BatchSize {
			if err := flush(); err != nil {
				return err
			}
			b.first = n
		}
		for b.first+int64(len(b.rows)) < n { // rows that the sheet leaves out
			b.rows = append(b.rows, nil)
		}
		b.rows = append(b.rows, cells)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}
