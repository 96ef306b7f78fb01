package datasets

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"tiplens/models"
)

// Read gives the table of a file as it stands: the header if there is one,
// then every row, nothing mapped. A header of several rows is given as one,
// the parts of a name with a blank between them. Rows of a wrong shape are
// laid along the columns as they fit best, each with a finding, or set aside
// where Options.Hold says so.
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
	t.whole = true
	if err := t.asHeader(fr); err != nil {
		return nil, err
	}
	l := &loader{file: f, width: len(fr.names), hold: t.opts.Hold}
	notes := fr.describe(t.Head, t.at)
	if fr.rows > 0 {
		titles, note := t.titles(fr)
		if note != nil {
			notes = append(notes, *note)
		}
		if t.seen != nil && (len(titles) == t.seen.width || t.seen.beyond && t.seen.fit*2 > t.seen.rows) {
			l.width = t.seen.width
		}
		if err := emit(l.printed(titles)); err != nil {
			return nil, err
		}
	}
	l.know(t, fr)
	if t.csv != nil && !l.hold {
		l.mender = t.profile
	}
	err := t.read(ctx, fr, func(b block) error {
		return l.rows(b, t.csv, func(_ int64, fields [][]byte) error {
			row := make([]string, max(len(fields), l.width))
			for i, c := range fields {
				row[i] = string(c)
			}
			for len(row) > l.width && row[len(row)-1] == "" {
				row = row[:len(row)-1]
			}
			return emit(l.printed(row))
		})
	})
	notes = append(notes, f.sheetNote(t)...)
	notes = slices.Concat(notes, t.told(fr), l.toldOfRows())
	for i := range notes {
		notes[i].File = f.Name
	}
	return slices.Concat(notes, f.asides()), err
}

// titles is the header as it is printed. One whose fields are not as many as
// the table's is mended where that is certain.
func (t *Table) titles(fr frame) ([]string, *models.Finding) {
	sv := t.seen
	row := fr.header + fr.rows - 1
	if sv == nil || sv.width == len(fr.titles) || fr.rows != 1 || sv.fit*10 < sv.rows*8 {
		if fr.rows > 0 && t.stand != nil && t.stand[row].mended {
			return fr.titles, &models.Finding{Severity: models.Doubt, Row: t.at[row], What: "the header does not have the form of the table, and was read as it fits best", Do: "Check it, and correct it in the file"}
		}
		return fr.titles, nil
	}
	note := &models.Finding{Severity: models.Doubt, Row: t.at[row],
		What: fmt.Sprintf("the header has %s and the rows below have %s; which name belongs to which column is not certain", models.Many(len(fr.titles), "names"), models.Many(sv.width, "fields")),
		Do:   "Check the names, and correct the header in the file"}
	full := slices.DeleteFunc(slices.Clone(fr.titles), func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(full) == sv.width {
		note.What = fmt.Sprintf("the header has more names than the rows have fields, and %s left out", models.Many(len(fr.titles)-sv.width, "empty names"))
		return full, note
	}
	if len(fr.titles) < sv.width {
		m := mender{d: t.csv, width: sv.width, plain: true}
		if out, ok := m.mend(t.stand[row].raw); ok && !slices.Contains(out.cells, "") {
			note.What = "the header lacks a delimiter, and was read as it fits best: " + strings.Join(out.how, ", ")
			return out.cells, note
		}
		if row, ok := splitName(fr.titles, t.profile.of(sv.width)); ok {
			note.What = "the header has one name less than the rows have fields, and a name that looks like two was read as two: " + joinFew(cleanAll(row))
			return row, note
		}
	}
	if sv.width > len(fr.titles) && !sv.beyond { // the fields too many are empty
		return fr.titles, nil
	}
	return fr.titles, note
}

// toldOfRows are the findings about rows that did not fit.
func (l *loader) toldOfRows() []models.Finding {
	out := slices.Clone(l.bad)
	for i := range out {
		if !l.hold {
			out[i].Severity = models.Doubt
		}
	}
	slices.SortStableFunc(out, func(a, b models.Finding) int { return int(a.Row - b.Row) })
	if more := l.n - int64(len(out)); more > 0 {
		out = append(out, models.Finding{Severity: models.Doubt, Count: more, What: "further rows do not have the form of the table"})
	}
	if n := l.again.Load(); n > 0 {
		out = append(out, models.Finding{Severity: models.Note, Count: n, What: "the header stands again among the rows, and was left out there"})
	}
	if n := l.altered.Load(); n > 0 {
		out = append(out, models.Finding{Severity: models.Note, Count: n, What: "cells hold signs that a terminal obeys or does not show, and were printed without them"})
	}
	return out
}

// printed makes a row safe to print and keeps everything else as it stands,
// blanks and line ends too.
func (l *loader) printed(row []string) []string {
	out := make([]string, len(row))
	for i, s := range row {
		if out[i] = printedCell(s); out[i] != s {
			l.altered.Add(1)
		}
	}
	return out
}

func printedCell(s string) string {
	if models.CleanAlready(s) {
		return s
	}
	s = strings.ReplaceAll(models.Printable(s), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == ' ' || !unicode.IsSpace(r):
			return r
		case r == '\r':
			return '\n'
		case r < 0xA0:
			return ' '
		}
		return r
	}, s)
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
