package datasets

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

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
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = Guard(c)
	}
	out := [][]string{append(head, HeldRowColumn, HeldWhyColumn, HeldSubjectColumn)}
	for _, h := range rows {
		line := make([]string, len(columns), len(columns)+3)
		copy(line, h.Cells)
		for i, c := range line {
			if plain, err := strconv.Unquote(c); err == nil && strings.HasPrefix(c, `"`) {
				c = Clean(plain)
			}
			if _, number := parseNumber(c); !number {
				c = Guard(c)
			}
			line[i] = c
		}
		why := h.What
		if h.Column != "" {
			why = "column " + h.Column + ": " + why
		}
		subject := ""
		if h.Subject != 0 {
			subject = fmt.Sprintf("%016x", h.Subject)
		}
		out = append(out, append(line, strconv.FormatInt(h.Row, 10), Guard(why), subject))
	}
	return out
}

// corrected says of a file of corrected rows where each belongs.
type corrected struct {
	row, subject int
	open         map[int64]int // rows held back in the version before, and how many of them are yet to come
	known        map[int64]bool
}

// place finds the row of the source that a corrected row is, and its person.
func (c *corrected) place(fields [][]byte, line int64) (row int64, person uint64, err *models.Finding) {
	text := Clean(string(trim(fields[c.row])))
	row, bad := strconv.ParseInt(strings.TrimSuffix(text, ".0"), 10, 64)
	switch {
	case bad != nil:
		return 0, 0, &models.Finding{Row: line, Column: HeldRowColumn, What: fmt.Sprintf("%q is no row number, so it is not known which row this corrects", text),
			Do: "Leave this column as it was exported"}
	case !c.known[row]:
		return 0, 0, &models.Finding{Row: line, Column: HeldRowColumn, What: fmt.Sprintf("row %d is not held back in the current version", row),
			Do: "Export the rows held back again, and correct those"}
	case c.open[row] == 0:
		return 0, 0, &models.Finding{Row: line, Column: HeldRowColumn, What: fmt.Sprintf("row %d stands in the file twice", row), Do: "Keep one of them"}
	}
	c.open[row]--
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
	c := &corrected{row: -1, subject: -1, open: fit.Correct, known: map[int64]bool{}}
	for row := range fit.Correct {
		c.known[row] = true
	}
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
	for i, c := range w.cells {
		if len(c) > 1 && c[0] == '\'' { // of the export
			w.cells[i] = []byte(unguard(string(c)))
		}
	}
	return row, nil
}

// Corrects fits a file of corrected rows to the recipe by which the version was
// read whose rows it corrects: the same columns, whatever kind of file and sheet
// they stood in then.
func Corrects(f *File, h *models.HeldRows, cat *models.Catalog) (*Fit, error) {
	ds := &h.Dataset
	for _, t := range f.Tables {
		for _, row := range t.Head {
			for i := range row {
				row[i] = unguard(row[i])
			}
		}
	}
	r, err := ParseRecipe([]byte(h.Recipe), cat)
	var fit *Fit
	if err == nil {
		again := *r
		again.Match.Format, again.Match.Sheet = nil, ""
		again.Match.Header = []string{HeldRowColumn}
		if fit = FindRecipe(f, []*Recipe{&again}); fit == nil {
			return nil, problem(f.Name, fmt.Sprintf("there is no column %q, so it is not known which rows these correct", HeldRowColumn),
				"Export the rows held back with tiplens report "+ds.ID+" --held --to FILE.csv, and correct that file")
		}
	} else if fit, err = mappedAgain(f, h.Recipe, cat); err != nil {
		return nil, err
	}
	for _, c := range h.Columns {
		if !slices.ContainsFunc(fit.Columns(), func(have string) bool { return strings.EqualFold(have, c) }) {
			return nil, problem(f.Name, fmt.Sprintf("the column %q of the export is missing", Clean(c)), "Leave the header as it was exported")
		}
	}
	if fit, err = fit.Keep(ds.Keep); err != nil {
		return nil, err
	}
	if fit, err = fit.Hash(ds.Hash); err != nil {
		return nil, err
	}
	fit.Correct, fit.Covers = map[int64]int{}, ds.Covers
	for _, row := range h.Rows {
		fit.Correct[row.Row]++
	}
	return fit, nil
}

// mappedAgain makes the recipe of --map again, which a version keeps as text.
func mappedAgain(f *File, text string, cat *models.Catalog) (*Fit, error) {
	var made struct {
		From      string `yaml:"made from"`
		Indicator string `yaml:"indicator"`
		Agency    string `yaml:"agency"`
	}
	columns, ok := "", false
	if err := yaml.Unmarshal([]byte(text), &made); err == nil {
		columns, ok = strings.CutPrefix(made.From, "--map ")
	}
	if !ok {
		return nil, problem(f.Name, "the recipe by which the version was read is not known any more", "Correct the rows in the first file, and load that again")
	}
	return Generic(f, GenericOptions{Map: columns, Indicator: made.Indicator, Agency: made.Agency}, cat)
}

// Uncorrected lists the rows that stay held back after a file of corrected rows
// was read: those that the file does not have. A row that it has in part only
// is an error.
func (f *Fit) Uncorrected(file string, h *models.HeldRows) ([]models.HeldRow, error) {
	want := map[int64]int{}
	for _, r := range h.Rows {
		want[r.Row]++
	}
	var still []models.HeldRow
	for _, r := range h.Rows {
		switch left := f.Correct[r.Row]; {
		case left == want[r.Row]:
			still = append(still, r)
		case left > 0:
			return nil, problem(file, fmt.Sprintf("row %d is held back %d times, and %d of them are not in the file", r.Row, want[r.Row], left), "Leave all of them in the export")
		}
	}
	return still, nil
}
