package datasets

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tiplens/models"
)

// Report is what a load has to tell, and the names that were not certain.
type Report struct {
	models.Report
	Names []NameUse // most frequent first
}

// Progress is told how far a load has come, in bytes of the file.
type Progress func(done, total int64)

// Fit is a recipe with the table and the header of a file that it fits.
type Fit struct {
	Recipe    *Recipe
	Table     *Table
	HeaderRow int // position of the header's first row in Table.Head
	frame     frame

	Covers  string        // the period that the dataset is said to cover, "" where nothing is said
	Correct map[int64]int // rows held back in the version before and how often, of which this file corrects some; a load counts them down
}

// Columns gives the names of the columns of the fitting table.
func (f *Fit) Columns() []string { return f.frame.names }

// FindRecipe picks the recipe that fits a file: all of its header cells stand
// in the header that was found, or in one of the first rows. The one that
// names most cells wins.
func FindRecipe(f *File, recipes []*Recipe) *Fit {
	var best *Fit
	for _, r := range recipes {
		if fit := r.fits(f); fit != nil && (best == nil || len(r.Match.Header) > len(best.Recipe.Match.Header)) {
			best = fit
		}
	}
	return best
}

func (r *Recipe) fits(f *File) *Fit {
	if len(r.Match.Format) > 0 && !slices.Contains(r.Match.Format, f.Format) {
		return nil
	}
	for _, t := range f.Tables {
		if r.Match.Sheet != "" && !strings.EqualFold(r.Match.Sheet, t.Sheet) {
			continue
		}
		if fr, ok := t.frameWith(r.Match.Header); ok {
			return &Fit{Recipe: r, Table: t, HeaderRow: fr.header, frame: fr}
		}
	}
	return nil
}

// frameWith is the frame of a table whose header has all names that are asked
// for: the one that was found, or one with a single row for header that has
// them, unless a person has said where the header stands.
func (t *Table) frameWith(want []string) (frame, bool) {
	fr, err := t.frame()
	if err == nil && (hasAll(fr.names, want) || hasAll(fr.titles, want)) {
		return fr, true
	}
	stated := t.opts.Header != 0 || t.opts.HeaderRows != 0
	for i, row := range t.Head {
		inside := err == nil && i >= fr.header && i < fr.header+fr.rows
		if stated && !inside || !hasAll(row, want) {
			continue
		}
		one := frame{header: i, rows: 1, first: i + 1, last: fr.last, names: columnNames(row), titles: row, why: "the recipe knows its names"}
		if inside {
			one.first = fr.first
		}
		return one, true
	}
	return frame{}, false
}

func hasAll(row, want []string) bool {
	for _, h := range want {
		if !slices.ContainsFunc(row, func(c string) bool { return sameName(Clean(c), h) }) {
			return false
		}
	}
	return len(want) > 0
}

// sameName compares names of columns. A name that was joined of several rows
// of a header may be written with a slash or with a blank between the parts.
func sameName(a, b string) bool {
	return strings.EqualFold(a, b) || strings.EqualFold(plainName(a), plainName(b))
}

func plainName(s string) string { return strings.ReplaceAll(s, joinRows, " ") }

// frame says where the table stands among its first rows.
func (t *Table) frame() (frame, error) {
	if t.plain {
		return frame{rows: 1, first: 1, names: columnNames(t.Head[0]), titles: t.Head[0]}, nil
	}
	fr, err := findFrame(t.Head, t.opts.Shape, t.at, t.csv != nil)
	if sv := t.seen; err == nil && sv != nil {
		if fr.rows == 0 && sv.width > 0 {
			fr.number(sv.width)
		}
		if fr.last == 0 {
			fr.last = sv.end
		}
	}
	return fr, err
}

// Load reads the whole table through the recipe into the sink. The error is a
// finding when the file is at fault; nothing may be kept then.
func (f *File) Load(ctx context.Context, fit *Fit, cat *models.Catalog, sink Sink, progress Progress) (*Report, error) {
	if err := fit.Table.asHeader(fit.frame); err != nil {
		return nil, err
	}
	p := &plan{recipe: fit.Recipe, cat: cat, matcher: NewMatcher(cat), stated: statedPeriod(fit.Covers), today: today()}
	var seed [16]byte
	if _, err := rand.Read(seed[:]); err != nil {
		return nil, err
	}
	p.key = [2]uint64{binary.LittleEndian.Uint64(seed[:8]), binary.LittleEndian.Uint64(seed[8:])}
	columns := fit.Columns()
	if err := p.compile(sink, columns); err != nil {
		return nil, err
	}
	if err := sink.Start(p.layout); err != nil {
		return nil, err
	}
	if err := fit.Table.oneTable(fit.frame, f.Name); err != nil {
		return nil, err
	}
	l := &loader{file: f, plan: p, width: len(columns), hold: fit.Table.opts.Hold}
	l.know(fit.Table, fit.frame)
	if err := l.correcting(fit); err != nil {
		return nil, err
	}
	if err := l.dateOrders(ctx, fit); err != nil {
		return nil, err
	}
	total, err := l.run(ctx, fit, progress)
	if err != nil {
		return nil, err
	}
	orders, err := l.contrary(total)
	if err != nil {
		return nil, err
	}
	if err := l.refusePersonal(total); err != nil {
		return nil, err
	}
	total.findCodeColumns(columns, cat)
	rep := &Report{Report: models.Report{Recipe: fit.Recipe.Name, Read: total.read, Taken: total.taken, Held: total.held, Skipped: total.skipped}}
	for _, fd := range slices.Concat(total.findings(), orders, total.twins.sameRows(p.layout.Subjects, fit.Recipe.Dataset.Protected != ""), l.wideCells(total), l.shapes(total.read), l.people(total), fit.Table.told(fit.frame), f.asides()) {
		fd.File, fd.Sheet = f.Name, Clean(fit.Table.Sheet)
		rep.Findings = append(rep.Findings, fd)
	}
	rep.Names = total.nameUses()
	switch {
	case total.read > 0 && total.read == total.skipped && len(p.number) > 0:
		rep.Findings = append(rep.Findings, models.Finding{Severity: models.Note, File: f.Name, Sheet: Clean(fit.Table.Sheet),
			What: "this is an empty template: none of its rows is filled in, so it holds 0 cases"})
	case total.read == 0:
		return rep, problem(f.Name, "there is a header and no row below it", "Ask the sender for the rows")
	case total.taken == 0 && total.held > 0:
		why := total.findings()[0]
		why.File, why.Severity = f.Name, models.Refused
		why.What = fmt.Sprintf("none of the rows (%d) can be taken; the first: %s", total.read, why.What)
		return rep, &why
	}
	return rep, nil
}

// whenSentence says what rows are left out for a test of a recipe.
func whenSentence(column, is string, values OneOf) string {
	var vals []string
	for _, v := range values {
		switch v {
		case "":
			vals = append(vals, "empty")
		case "*":
			vals = append(vals, "filled in")
		default:
			vals = append(vals, strconv.Quote(v))
		}
	}
	return "the recipe leaves out rows in which " + Clean(column) + is + strings.Join(vals, " or ")
}

// statedPeriod is the period that a dataset says it covers, without bounds
// where it says none.
func statedPeriod(text string) models.Period {
	p, err := models.ParsePeriod(text)
	if err != nil {
		return models.Period{Start: models.NoDate, End: models.NoDate}
	}
	return p
}

func today() models.Date {
	y, m, d := time.Now().Date()
	return models.NewDate(y, int(m), d)
}

// loader runs the workers of one load.
type loader struct {
	file  *File
	plan  *plan
	width int
	hold  bool

	mu     sync.Mutex
	bad    []models.Finding // rows whose shape is wrong
	n      int64            // how many of them
	why    map[string]int64 // and of which kind
	aside  []models.HeldRow // them, on their way to the sink
	failed error            // why they could not be stored
	fix    *corrected       // set where the file corrects rows of the version before
	beyond int64            // rows of a sheet with cells to the right of the header
	first  int64            // the first of them
	last   int64            // row in which the data end; 0 where the file does

	header  []string // lowest row of the header, where it comes again among the rows
	cols    []column // what they look like; nil where that is not known or does not matter
	mender  *profile // mends rows of a wrong shape instead of setting them aside
	mended  int64
	altered atomic.Int64 // cells that hold what is not printed

	again atomic.Int64 // rows that are the header once more
	wider atomic.Int64 // rows with more fields than the header, all empty
}

func (l *loader) run(ctx context.Context, fit *Fit, progress Progress) (*tally, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	workers := max(1, min(runtime.GOMAXPROCS(0), 4))
	if _, paired := fit.Recipe.Fields["bound"]; paired {
		workers = 1 // both ends of a range must meet
	}
	blocks := make(chan block, workers)
	var wg sync.WaitGroup
	tallies := make([]*tally, workers)
	for i := range workers {
		w := l.plan.worker()
		tallies[i] = w.tally
		wg.Go(func() {
			for b := range blocks {
				if ctx.Err() != nil {
					continue
				}
				if err := l.block(w, b, fit.Table.csv); err != nil {
					cancel(err)
				}
				used(b.raw)
			}
			if err := errors.Join(w.joinBounds(), w.flush()); err != nil {
				cancel(err)
			}
		})
	}
	err := fit.Table.read(ctx, fit.frame, func(b block) error {
		if progress != nil {
			progress(b.done, l.file.Size)
		}
		select {
		case blocks <- b:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	close(blocks)
	wg.Wait()
	if ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
		err = context.Cause(ctx) // the reader only knows that it was stopped
	}
	total := newTally()
	for _, t := range tallies {
		total.join(t)
	}
	if err == nil && l.n > 0 && !l.hold {
		err = l.badRows()
	}
	if err == nil {
		err = errors.Join(l.failed, l.plan.hold(l.aside))
	}
	if l.hold {
		total.read += l.n
		total.held += l.n
		total.rows = append(total.rows, l.bad...)
		for what, n := range l.why {
			total.why[cause{models.KindHeld, "", what}] += n
		}
	}
	return total, err
}

// block maps the rows of a block.
func (l *loader) block(w *worker, b block, d *dialect) error {
	return l.rows(b, d, func(line int64, fields [][]byte) error {
		if len(fields) > l.width {
			l.overhang(line, fields[l.width:])
		}
		if blank(fields) || w.p.onlyNumber(fields) { // a delimiter in every place and nothing between
			w.tally.read++
			w.tally.skip(w.p.emptyRows())
			return nil
		}
		if w.p.recipe.Grain == models.Record && totalRow(fields) {
			w.tally.read++
			w.tally.skip(totalsLeftOut)
			return nil
		}
		w.take(fields)
		w.tally.twins.add(fields, line)
		source, err := l.place(w, fields, line)
		if err != nil {
			return err
		}
		if err := w.add(source); err != nil {
			return l.located(err, line)
		}
		return nil
	})
}

// rows calls fn with every row of a block; rows of a wrong shape are noted
// instead. The fields are good until fn returns.
func (l *loader) rows(b block, d *dialect, fn func(line int64, fields [][]byte) error) error {
	if b.raw == nil {
		return l.splitRows(b, fn)
	}
	s := splitter{d: d}
	line := b.first
	for text := b.raw; len(text) > 0; {
		rec, rest, _ := d.cut(text)
		fields, err := s.split(rec)
		switch {
		case l.last > 0 && line > l.last:
			return nil
		case len(fields) == 1 && len(fields[0]) == 0 && err == nil: // an empty line
		case len(fields) != l.width && d.isComment(rec):
		case err == nil && l.header != nil && sameCells(fields, l.header):
			l.again.Add(1)
		case l.mender != nil && (err != nil || !l.fitsWidth(fields) || d.delim == ' ' && l.amiss(fields)):
			n, mended := l.mend(text, rec, line)
			rec, rest = text[:n], text[min(n+1, len(text)):]
			if err := fn(line, mended); err != nil {
				return err
			}
		case err != nil:
			if i := bytes.IndexByte(rec, '\n'); i >= 0 { // the quote may be a stray one: only its own line is lost
				rec, rest = text[:i], text[i+1:]
			}
			l.wrong(line, err.Error()+", so where the field ends is not certain", "a quote is not closed, or stands where none may be", "Double the quotes that belong to the text")
		case !l.fitsWidth(fields):
			l.wrong(line, l.misfit(fields), "the row has not as many fields as the header", "Look for a missing or extra delimiter in this row")
		default:
			if len(fields) > l.width {
				l.wider.Add(1)
			}
			if err := fn(line, fields); err != nil {
				return err
			}
		}
		line += 1 + int64(bytes.Count(rec, []byte{'\n'}))
		text = rest
	}
	return nil
}

// onlyNumber reports whether a row holds nothing but the number that a
// template gives it beforehand.
func (p *plan) onlyNumber(fields [][]byte) bool {
	if len(p.number) == 0 {
		return false
	}
	for i, f := range fields {
		if len(trim(f)) > 0 && !slices.Contains(p.number, i) {
			return false
		}
	}
	return true
}

// misfit says why a row does not fit the header.
func (l *loader) misfit(fields [][]byte) string {
	if n := len(fields); n < l.width || slices.ContainsFunc(fields[l.width:], func(f []byte) bool { return len(f) > 0 }) {
		return fmt.Sprintf("the row has %s where the header has %d", models.Many(n, "fields"), l.width)
	}
	return "there is an empty field too many, and the values stand in the wrong columns"
}

func sameCells(fields [][]byte, row []string) bool {
	if len(fields) != len(row) {
		return false
	}
	for i, f := range fields {
		if string(f) != row[i] {
			return false
		}
	}
	return true
}

func blank(fields [][]byte) bool {
	return !slices.ContainsFunc(fields, func(f []byte) bool { return len(trim(f)) > 0 })
}

func (l *loader) located(err error, line int64) error {
	var f *models.Finding
	if errors.As(err, &f) {
		return err
	}
	return fmt.Errorf("row %d: %w", line, err)
}

// fitsWidth accepts rows as wide as the header, or wider by empty fields only.
func (l *loader) fitsWidth(fields [][]byte) bool {
	if len(fields) < l.width {
		return false
	}
	for _, f := range fields[l.width:] {
		if len(f) > 0 {
			return false
		}
	}
	return len(fields) == l.width || l.cols == nil || !l.shifted(fields)
}

// amiss reports whether a row of the right width has values that are not of
// their column's kind: where blanks part the fields, a text may hold one and
// the last field be none.
func (l *loader) amiss(fields [][]byte) bool {
	m := mender{width: l.width, cols: l.mender.of(l.width)}
	cost := 0.0
	for i, f := range fields[:l.width] {
		cost += m.cost(i, string(f))
	}
	return cost >= 2
}

// shifted reports whether a row that has an empty field too many stands in the
// wrong columns: several of its values are not of their column's kind.
func (l *loader) shifted(fields [][]byte) bool {
	m := mender{width: l.width, cols: l.cols}
	var as, moved float64
	for i, f := range fields[:l.width] {
		as += m.cost(i, string(f))
		moved += m.cost(i, string(fields[i+1]))
	}
	return as > 4 && moved < as
}

func (p *plan) emptyRows() string {
	if len(p.number) > 0 {
		return "rows of which every cell but the number is empty"
	}
	return "rows of which every cell is empty"
}

func (l *loader) splitRows(b block, fn func(line int64, fields [][]byte) error) error {
	row := make([][]byte, 0, l.width)
	for i, cells := range b.rows {
		row = row[:0]
		empty := true
		for _, c := range cells {
			empty = empty && strings.TrimSpace(c) == ""
			row = append(row, []byte(c))
		}
		if empty && !b.records { // sheets end in rows that hold nothing
			continue
		}
		if err := fn(b.first+int64(i), row); err != nil {
			return err
		}
	}
	return nil
}

// overhang notes a row with cells to the right of the last column that has a
// name. A sheet often holds remarks there, so the row itself is taken.
func (l *loader) overhang(line int64, cells [][]byte) {
	if !slices.ContainsFunc(cells, func(c []byte) bool { return len(bytes.TrimSpace(c)) > 0 }) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.beyond++; l.beyond == 1 || line < l.first {
		l.first = line
	}
}

func (l *loader) wrong(line int64, what, why, do string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	if l.why == nil {
		l.why = map[string]int64{}
	}
	l.why[why]++
	if len(l.bad) < 10*maxListed {
		l.bad = append(l.bad, models.Finding{Severity: models.Held, Kind: models.KindHeld, File: l.file.Name, Row: line, What: what, Do: do})
	}
	if !l.hold || l.plan == nil {
		return
	}
	if l.aside = append(l.aside, models.HeldRow{Row: line, What: what, Why: why}); len(l.aside) == heldBlock {
		if err := l.plan.hold(l.aside); err != nil {
			l.failed = err
		}
		l.aside = nil
	}
}

// badRows is the refusal of a file with rows of a wrong shape: reading on
// would guess.
func (l *loader) badRows() error {
	first := slices.MinFunc(l.bad, func(a, b models.Finding) int { return int(a.Row - b.Row) })
	first.Severity = models.Refused
	if l.n > 1 {
		first.What += fmt.Sprintf(" (and %d more rows like it)", l.n-1)
	}
	first.Do += ", or load with --hold to set such rows aside"
	return &first
}

// shapes tells of rows that were taken, or left out, for their shape.
func (l *loader) shapes(read int64) []models.Finding {
	out := l.unmapped()
	if n := l.wider.Load(); n > 0 && n == read {
		out = append(out, models.Finding{Severity: models.Doubt, Count: n,
			What: fmt.Sprintf("every row has more fields than the header, which names %d, and those beyond it are empty", l.width),
			Do:   "Check with tiplens read that the names stand above the right columns: a name may lack in the header"})
	}
	return out
}

// unmapped names the columns that no field reads, and those that a field
// reads and the file does not have.
func (l *loader) unmapped() []models.Finding {
	var out []models.Finding
	used := map[string]bool{}
	for _, c := range l.plan.recipe.columns() {
		used[strings.ToLower(c)] = true
	}
	for _, c := range l.plan.recipe.Drop {
		used[strings.ToLower(c)] = true
	}
	if t := l.plan.turn; t != nil {
		for _, i := range t.at {
			used[strings.ToLower(l.plan.columns[i])] = true
		}
	}
	var left, twice []string
	dropped := func(c string) bool {
		return slices.ContainsFunc(l.plan.recipe.Drop, func(d string) bool { return strings.EqualFold(d, c) })
	}
	seen := map[string]bool{}
	for _, c := range l.plan.columns[:l.plan.width] {
		key := strings.ToLower(c)
		if helperColumn(c) {
			continue
		}
		if !used[key] {
			if !personal(c) {
				left = append(left, c)
			}
		} else if seen[key] && !dropped(c) {
			twice = append(twice, c)
		}
		seen[key] = true
	}
	if len(twice) > 0 {
		out = append(out, models.Finding{Severity: models.Doubt, Kind: models.KindColumns, Column: strings.Join(twice, ", "),
			What: "another column to the left has the same name but for capitals, and only that one is read", Do: "Give each column a name of its own"})
	}
	if len(left) > 0 {
		out = append(out, models.Finding{Severity: models.Note, Kind: models.KindColumns, Column: strings.Join(left, ", "),
			What: "no field of the recipe reads these columns, so they were left out", Do: "Keep one as a dimension with --keep NAME"})
	}
	for _, k := range l.plan.recipe.kept() {
		if !strings.EqualFold(k.name, "x_"+k.column) {
			out = append(out, models.Finding{Severity: models.Note, Kind: models.KindColumns, Column: Clean(k.column), What: "this column is kept as the dimension " + k.name})
		}
	}
	if l.beyond > 0 {
		out = append(out, models.Finding{Severity: models.Doubt, Row: l.first, Count: l.beyond,
			What: fmt.Sprintf("there are cells to the right of the header's %s, and they were left out; this row is the first", models.Many(l.width, "columns")),
			Do:   "Give the column a name in the header if it belongs to the table"})
	}
	if len(l.plan.absent) > 0 {
		out = append(out, models.Finding{Severity: models.Note, Kind: models.KindColumns, Column: strings.Join(l.plan.absent, ", "),
			What: "the recipe reads these columns, and this file does not have them", Do: "Nothing is stated for them"})
	}
	return out
}
