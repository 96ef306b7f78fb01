package datasets

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// Read gives the table of a file as it stands: the header, then every row,
// nothing mapped. Rows of a wrong shape end it unless Options.Hold sets them
// aside; then they are among the findings.
func (f *File) Read(ctx context.Context, recipes []*Recipe, emit func(row []string) error) ([]models.Finding, error) {
	t, header := f.Tables[0], f.Tables[0].headerRow()
	if fit := FindRecipe(f, recipes); fit != nil {
		t, header = fit.Table, fit.HeaderRow
	}
	if err := t.asHeader(header); err != nil {
		return nil, err
	}
	head := t.Head[header]
	if err := emit(cleanAll(head)); err != nil {
		return nil, err
	}
	t.whole = true
	l := &loader{file: f, width: len(head), hold: t.opts.Hold}
	err := t.read(ctx, header+1, func(b block) error {
		return l.rows(b, t.csv, func(_ int64, fields [][]byte) error {
			row := make([]string, max(len(fields), l.width))
			for i, c := range fields {
				row[i] = Clean(string(c))
			}
			for len(row) > l.width && row[len(row)-1] == "" {
				row = row[:len(row)-1]
			}
			return emit(row)
		})
	})
	if err == nil && l.n > 0 && !l.hold {
		err = l.badRows()
	}
	var notes []models.Finding
	if len(f.Tables) > 1 {
		notes = append(notes, models.Finding{Severity: models.Note, File: f.Name,
			What: fmt.Sprintf("the workbook has %d sheets with rows; this is %q", len(f.Tables), Clean(t.Sheet)), Do: "Choose another with --sheet"})
	}
	if header > 0 {
		notes = append(notes, models.Finding{Severity: models.Note, File: f.Name,
			What: fmt.Sprintf("the header is row %d; above it stands: %s", header+1, strings.Join(banners(t.Head[:header]), " / "))})
	}
	return slices.Concat(notes, f.asides(), l.bad), err
}

func banners(rows [][]string) []string {
	var out []string
	for _, r := range rows {
		for _, c := range r {
			if c = Clean(c); c != "" {
				out = append(out, c)
			}
		}
	}
	return out
}
