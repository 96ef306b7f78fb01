package datasets

import (
	"context"
	"fmt"

	"github.com/xuri/excelize/v2"

	"tiplens/models"
)

// Limits on what a workbook may unpack to; a zip bomb ends there.
const (
	maxUnzip    = 4 << 30
	maxXMLInRAM = 16 << 20
)

func (f *File) openXLSX(opts Options) error {
	book, err := f.workbook()
	if err != nil {
		return err
	}
	defer book.Close()
	f.Format = "xlsx"
	for _, sheet := range book.GetSheetList() {
		visible, err := book.GetSheetVisible(sheet)
		if err != nil || (!visible && opts.Sheet != sheet) || opts.Sheet != "" && opts.Sheet != sheet {
			continue
		}
		head, err := sheetHead(book, sheet)
		if err != nil {
			return problem(f.Name, "sheet "+Clean(sheet)+" cannot be read: "+Clean(err.Error()), "Open it in Excel and save it again as .xlsx")
		}
		if len(head) == 0 {
			continue
		}
		t := &Table{Sheet: sheet, Head: head}
		t.read = func(ctx context.Context, skip int, emit func(block) error) error {
			return f.readSheet(ctx, sheet, skip, emit)
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

func (f *File) workbook() (*excelize.File, error) {
	book, err := excelize.OpenFile(f.Path, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: maxXMLInRAM})
	if err != nil {
		return nil, problem(f.Name, "the workbook cannot be opened: "+Clean(err.Error()), "Open it in Excel and save it again as .xlsx")
	}
	return book, nil
}

func sheetHead(book *excelize.File, sheet string) ([][]string, error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var head [][]string
	filled := false
	for len(head) < headRows && rows.Next() {
		cols, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, err
		}
		filled = filled || len(cols) > 0
		head = append(head, cols)
	}
	if !filled {
		return nil, rows.Error()
	}
	return head, rows.Error()
}

// readSheet streams the rows of a sheet after the first skip rows.
func (f *File) readSheet(ctx context.Context, sheet string, skip int, emit func(block) error) error {
	book, err := f.workbook()
	if err != nil {
		return err
	}
	defer book.Close()
	bad := func(err error, row int64) error {
		return &models.Finding{Severity: models.Refused, File: f.Name, Sheet: Clean(sheet), Row: row,
			What: "the sheet is damaged: " + Clean(err.Error()), Do: "Open it in Excel and save it again as .xlsx"}
	}
	rows, err := book.Rows(sheet)
	if err != nil {
		return bad(err, 0)
	}
	defer rows.Close()
	b := block{first: int64(skip) + 1}
	for n := int64(0); rows.Next(); n++ {
		cols, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return bad(err, n+1)
		}
		if n < int64(skip) {
			continue
		}
		b.rows = append(b.rows, cols)
		if len(b.rows) == models.BatchSize {
			if err := emit(b); err != nil {
				return err
			}
			b = block{first: n + 2}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if err := rows.Error(); err != nil {
		return bad(err, 0)
	}
	if len(b.rows) > 0 {
		return emit(b)
	}
	return nil
}
