package datasets

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tiplens/models"
)

// HeldSink is a Sink that keeps the rows that are held back.
type HeldSink interface {
	Hold(rows []models.HeldRow) error
}

// heldBlock is how many rows travel to the sink together.
const heldBlock = 512

// heldColumns says of which columns the cells of a held row are kept: those
// that fields read, but for the ones that only tell people apart.
func (p *plan) heldColumns() []bool {
	r := *p.recipe
	r.Fields = withoutSubject(r.Fields)
	r.Observe = slices.Clone(r.Observe)
	for i := range r.Observe {
		r.Observe[i].Fields = withoutSubject(r.Observe[i].Fields)
	}
	out := make([]bool, len(p.columns))
	for _, c := range r.columns() {
		if i, ok := p.at[strings.ToLower(c)]; ok {
			out[i] = !personal(c)
		}
	}
	return out
}

func withoutSubject(fs Fields) Fields {
	out := Fields{}
	for name, f := range fs {
		if name != "subject" {
			out[name] = f
		}
	}
	return out
}

// heldRow is the row at hand as it is kept.
func (w *worker) heldRow(line int64, column, what string) models.HeldRow {
	h := models.HeldRow{Row: line, Column: column, What: what, Why: plainReason(what), Cells: make([]string, len(w.p.columns))}
	for i, f := range w.fields {
		if i < len(w.p.kept) && w.p.kept[i] {
			h.Cells[i] = Original(string(f))
		}
	}
	for _, v := range w.p.observe {
		if h.Subject == 0 {
			h.Subject = w.subject(v.subject)
		}
	}
	return h
}

func (w *worker) setAside(h models.HeldRow) error {
	w.held = append(w.held, h)
	if len(w.held) < heldBlock {
		return nil
	}
	return w.storeHeld()
}

func (w *worker) storeHeld() error {
	rows := w.held
	w.held = nil
	return w.p.hold(rows)
}

func (p *plan) hold(rows []models.HeldRow) error {
	s, ok := p.sink.(HeldSink)
	if !ok || len(rows) == 0 {
		return nil
	}
	return s.Hold(rows)
}

// Columns that an export of held rows has beside those of the file. A load
// leaves them out like any other column that no field reads; one that appends
// corrected rows reads where each row belongs.
const (
	HeldRowColumn     = "tiplens: row"
	HeldWhyColumn     = "tiplens: why"
	HeldSubjectColumn = "tiplens: subject"
)

func helperColumn(name string) bool {
	return slices.Contains([]string{HeldRowColumn, HeldWhyColumn, HeldSubjectColumn}, strings.ToLower(name))
}

// HeldTable gives the rows of an export: the header of the source and the
// helper columns, then a row each. The subject is a number of this load and
// says nothing about the person.
func HeldTable(columns []string, rows []models.HeldRow) [][]string {
	out := [][]string{append(slices.Clone(columns), HeldRowColumn, HeldWhyColumn, HeldSubjectColumn)}
	for _, h := range rows {
		line := make([]string, len(columns), len(columns)+3)
		copy(line, h.Cells)
		for i, c := range line {
			if plain, err := strconv.Unquote(c); err == nil && strings.HasPrefix(c, `"`) {
				line[i] = Clean(plain)
			}
		}
		why := h.What
		if h.Column != "" {
			why = "column " + h.Column + ": " + why
		}
		subject := ""
		if h.Subject != 0 {
			subject = fmt.Sprintf("%016x", h.Subject)
		}
		out = append(out, append(line, strconv.FormatInt(h.Row, 10), why, subject))
	}
	return out
}

// corrected says of a file of corrected rows where each belongs.
type corrected struct {
	row, subject int
	open         map[int64]bool // rows held back in the version before
	seen         map[int64]bool
}

// place finds the row of the source that a corrected row is, and its person.
func (c *corrected) place(fields [][]byte, line int64) (row int64, person uint64, err *models.Finding) {
	text := Clean(string(trim(fields[c.row])))
	row, bad := strconv.ParseInt(strings.TrimSuffix(text, ".0"), 10, 64)
	switch {
	case bad != nil:
		return 0, 0, &models.Finding{Row: line, Column: HeldRowColumn, What: fmt.Sprintf("%q is no row number, so it is not known which row this corrects", text),
			Do: "Leave this column as it was exported"}
	case !c.open[row]:
		return 0, 0, &models.Finding{Row: line, Column: HeldRowColumn, What: fmt.Sprintf("row %d is not held back in the current version", row),
			Do: "Export the rows held back again, and correct those"}
	case c.seen[row]:
		return 0, 0, &models.Finding{Row: line, Column: HeldRowColumn, What: fmt.Sprintf("row %d stands in the file twice", row), Do: "Keep one of them"}
	}
	c.seen[row] = true
	if c.subject >= 0 && c.subject < len(fields) {
		if s := string(trim(fields[c.subject])); s != "" {
			n, bad := strconv.ParseUint(s, 16, 64)
			if bad != nil || n == 0 {
				return 0, 0, &models.Finding{Row: line, Column: HeldSubjectColumn, What: fmt.Sprintf("%q is not what was exported", Clean(s)), Do: "Leave this column as it was exported"}
			}
			person = n
		}
	}
	return row, person, nil
}

// correcting reads what a file of corrected rows needs beside its cells.
func (l *loader) correcting(fit *Fit) error {
	if fit.Correct == nil {
		return nil
	}
	c := &corrected{row: -1, subject: -1, open: fit.Correct, seen: map[int64]bool{}}
	for i, name := range l.plan.columns {
		switch strings.ToLower(name) {
		case HeldRowColumn:
			c.row = i
		case HeldSubjectColumn:
			c.subject = i
		}
	}
	if c.row < 0 {
		return problem(l.file.Name, fmt.Sprintf("there is no column %q, so it is not known which rows these correct", HeldRowColumn),
			"Export the rows held back with tiplens report DATASET --held --to FILE.csv, and correct that file")
	}
	l.fix = c
	return nil
}

// place gives the number by which a row is known: its own, or in a file of
// corrected rows that of the row it corrects.
func (l *loader) place(w *worker, fields [][]byte, line int64) (int64, error) {
	if l.fix == nil {
		return line, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	row, person, bad := l.fix.place(fields, line)
	if bad != nil {
		bad.Severity, bad.File = models.Refused, l.file.Name
		return 0, bad
	}
	w.person = person
	return row, nil
}
