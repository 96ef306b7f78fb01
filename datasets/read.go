package datasets

import (
	"context"
	"fmt"
	"slices"

	"tiplens/models"
)

// Read gives the table of a file as it stands: the header, then every row,
// nothing mapped. Rows of a wrong shape end it unless Options.Hold sets them
// aside; then they are among the findings.
func (f *File) Read(ctx context.Context, recipes []*Recipe, emit func(row []string) error) ([]models.Finding, error) {
	t := f.Tables[0]
	var fr frame
	if fit := FindRecipe(f, recipes); fit != nil {
		t, fr = fit.Table, fit.frame
	} else {
		var err error
		if fr, err = f.frameOf(t); err != nil {
			return nil, err
		}
	}
	if err := t.asHeader(fr); err != nil {
		return nil, err
	}
	if fr.rows > 0 {
		if err := emit(fr.titles); err != nil {
			return nil, err
		}
	}
	t.whole = true
	l := &loader{file: f, width: len(fr.names), hold: t.opts.Hold}
	err := t.read(ctx, fr, func(b block) error {
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
	notes = append(notes, fr.describe(t.Head, t.at)...)
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
