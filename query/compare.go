package query

import (
	"context"
	"database/sql"
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"sort"
	"strings"

	"tiplens/models"
)

// Compare tells what differs between two versions of a dataset that are in the
// workspace, figure by figure. Version 0 as the later one is the current one, as
// the earlier one that before the later.
func (ws *Workspace) Compare(ctx context.Context, id string, from, to int) (*models.Changes, error) {
	m, err := ws.Manifest()
	if err != nil {
		return nil, err
	}
	e, err := m.entry(id)
	if err != nil {
		return nil, err
	}
	if to == 0 {
		to = e.Current
	}
	for _, v := range []int{to, from} {
		if v != 0 && !slices.Contains(e.Versions, v) {
			return nil, &NoVersionError{models.Version{Dataset: id, N: v}, e.Versions}
		}
	}
	if from == 0 {
		i := slices.Index(e.Versions, to)
		if i == 0 {
			return nil, fmt.Errorf("%s has no version before @%d", id, to)
		}
		from = e.Versions[i-1]
	}
	pool, err := openPool(DefaultSettings.Reader, "")
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	old, err := attach(ctx, pool, ws.VersionPath(id, from), "old", id, from)
	if err != nil {
		return nil, err
	}
	now, err := attach(ctx, pool, ws.VersionPath(id, to), "now", id, to)
	if err != nil {
		return nil, err
	}
	if err := lockDown(ctx, pool); err != nil {
		return nil, err
	}
	return compareFiles(ctx, pool, old, now, models.MaxChanges)
}

// Changes compares the version of a dataset that is open with the one before;
// nil where there is none.
func (e *Engine) Changes(ctx context.Context, id string) (*models.Changes, error) {
	e.inUse.RLock()
	defer e.inUse.RUnlock()
	if e.ws == nil {
		return nil, nil
	}
	m, err := e.ws.Manifest()
	if err != nil {
		return nil, err
	}
	for _, f := range e.files {
		if i := slices.Index(m.Datasets[id].Versions, f.ds.Version); f.ds.ID == id && i > 0 {
			return e.ws.Compare(ctx, id, m.Datasets[id].Versions[i-1], f.ds.Version)
		}
	}
	return nil, nil
}

// compared is one figure or cell of a version.
type compared struct {
	low, high float64
	count     int64 // of records; of figures how often the same key stands
	row       int64
	qualifier string
}

// text prints what is compared.
func (c compared) text(cells bool) string {
	if cells {
		return models.FormatNumber(float64(c.count))
	}
	s := "no value"
	switch {
	case math.IsNaN(c.low):
	case c.low == c.high:
		s = models.FormatNumber(c.low)
	case math.IsInf(c.high, 1):
		s = "at least " + models.FormatNumber(c.low)
	default:
		s = models.FormatNumber(c.low) + " to " + models.FormatNumber(c.high)
	}
	if c.qualifier != "" && c.qualifier != "exact" && c.qualifier != models.Total {
		s += " (" + c.qualifier + ")"
	}
	if c.count > 1 {
		s += fmt.Sprintf(", and %d more", c.count-1)
	}
	return s
}

// notKey are coded columns that say how good a figure is, or follow from the
// rest; they do not say which figure it is.
var notKey = []string{"grain", "freq", "pattern", "qualifier", "obs_status"}

// keyColumns are the coded columns that make a figure of a file the one it is.
func keyColumns(f *file) []string {
	var out []string
	for _, c := range slices.Concat(models.CodedColumns, f.extra) {
		if !slices.Contains(notKey, c) {
			out = append(out, c)
		}
	}
	return out
}

// maxCompared is how many figures are compared one by one; larger files are
// compared by cell like records.
const maxCompared = 300_000

var compareSeed = maphash.MakeSeed()

// compareFiles compares two attached version files, and lists up to limit of
// what differs.
func compareFiles(ctx context.Context, db *sql.DB, old, now *file, limit int) (*models.Changes, error) {
	ch := &models.Changes{Dataset: now.ds.ID, From: old.ds.Version, To: now.ds.Version}
	for _, f := range []*file{old, now} {
		var n int64
		if err := db.QueryRowContext(ctx, "SELECT count(*) FROM "+ident(f.alias)+".observation").Scan(&n); err != nil {
			return nil, queryError(ctx, f, err)
		}
		records := slices.ContainsFunc(f.dict["grain"], func(e entry) bool { return e.code == string(models.Record) })
		ch.Cells = ch.Cells || records || n > maxCompared
	}
	scan := scanFigures
	if ch.Cells {
		scan = scanCells
	}
	before := map[uint64]compared{}
	err := scan(ctx, db, old, func(key string, c compared) {
		h := maphash.String(compareSeed, key)
		before[h] = merged(before[h], c)
	})
	if err != nil {
		return nil, err
	}
	after := map[uint64]compared{}
	names := map[uint64]string{} // of what may be listed
	err = scan(ctx, db, now, func(key string, c compared) {
		h := maphash.String(compareSeed, key)
		after[h] = merged(after[h], c)
		if b, ok := before[h]; limit > 0 && (!ok || !b.same(after[h])) {
			names[h] = key
		}
	})
	if err != nil {
		return nil, err
	}
	for h, c := range after {
		b, ok := before[h]
		switch {
		case !ok:
			ch.New++
		case !b.same(c):
			ch.Changed++
		default:
			ch.Same++
			continue
		}
		if limit > 0 {
			d := models.FigureChange{What: names[h], New: c.text(ch.Cells), Row: c.row}
			if ok {
				d.Old = b.text(ch.Cells)
			}
			ch.List = append(ch.List, d)
		}
	}
	for h := range before {
		if _, ok := after[h]; !ok {
			ch.Gone++
		}
	}
	if limit > 0 && ch.Gone > 0 {
		told := map[uint64]bool{}
		err = scan(ctx, db, old, func(key string, _ compared) {
			h := maphash.String(compareSeed, key)
			if _, ok := after[h]; !ok && !told[h] {
				told[h] = true
				ch.List = append(ch.List, models.FigureChange{What: key, Old: before[h].text(ch.Cells), Row: before[h].row})
			}
		})
	}
	sort.Slice(ch.List, func(i, j int) bool { return ch.List[i].What < ch.List[j].What })
	ch.List = ch.List[:min(len(ch.List), limit)]
	if err != nil {
		return nil, err
	}
	ch.Left, err = timesLeft(ctx, db, old, now)
	return ch, err
}

// timesLeft finds the months, or the longer times that figures are of, of which
// the old version holds something and the new one nothing within.
func timesLeft(ctx context.Context, db *sql.DB, old, now *file) ([]models.Left, error) {
	times := func(f *file) ([]models.Left, error) {
		// Within a month the days do not matter: no file has one for each.
		q := fmt.Sprintf(`SELECT CASE WHEN m THEN date_trunc('month', a)::DATE ELSE a END, CASE WHEN m THEN last_day(a) ELSE b END, sum(n)::BIGINT
			FROM (SELECT period_start a, period_end b, date_trunc('month', period_start) = date_trunc('month', period_end) m, count(*) n
				FROM %s.observation WHERE period_start IS NOT NULL AND period_end IS NOT NULL GROUP BY ALL)
			GROUP BY ALL ORDER BY ALL`, ident(f.alias))
		var out []models.Left
		e := Engine{db: db}
		err := e.each(ctx, f, q, 3, func(row []any) {
			n, _ := row[2].(int64)
			out = append(out, models.Left{When: models.Period{Start: day(row[0]), End: day(row[1])}, Rows: n})
		})
		return out, err
	}
	before, err := times(old)
	if err != nil {
		return nil, err
	}
	after, err := times(now)
	if err != nil || len(after) == 0 {
		return nil, err // nothing is dated; the figures say what differs
	}
	return slices.DeleteFunc(before, func(l models.Left) bool {
		return slices.ContainsFunc(after, func(m models.Left) bool { return m.When.Overlaps(l.When) })
	}), nil
}

// merged joins what stands under one key: records are counted, and of figures
// that stand twice the widest range is compared.
func merged(a, b compared) compared {
	if a.count == 0 {
		return b
	}
	a.count += b.count
	a.row = min(a.row, b.row)
	a.low, a.high = math.Min(a.low, b.low), math.Max(a.high, b.high)
	return a
}

func (c compared) same(o compared) bool {
	number := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
	return c.count == o.count && number(c.low, o.low) && number(c.high, o.high) && c.qualifier == o.qualifier
}

// scanFigures gives every figure with the key that says which it is.
func scanFigures(ctx context.Context, db *sql.DB, f *file, fn func(key string, c compared)) error {
	return f.eachFigure(ctx, db, keyColumns(f), func(r *figureRow) {
		fn(f.figureName(r), compared{low: r.low, high: r.high, count: 1, row: r.row, qualifier: r.qualifier})
	})
}

// scanCells gives the number of observations of each cell.
func scanCells(ctx context.Context, db *sql.DB, f *file, fn func(key string, c compared)) error {
	cols := []string{"indicator", models.DimAgency, models.DimPlace, models.DimNationality}
	q := fmt.Sprintf("SELECT %s, year, count(*) FROM %s.observation GROUP BY ALL", strings.Join(cols, ", "), ident(f.alias))
	e := Engine{db: db}
	return e.each(ctx, f, q, len(cols)+2, func(row []any) {
		var b strings.Builder
		for i, c := range cols {
			if i == 1 {
				b.WriteString(" by ")
			} else if i > 1 {
				fmt.Fprintf(&b, ", %s ", c)
			}
			b.WriteString(f.dict[c][number(row[i])].code)
		}
		year := "no single year"
		if y, ok := row[len(cols)].(int16); ok {
			year = fmt.Sprint(y)
		}
		fmt.Fprintf(&b, ", %s", year)
		n, _ := row[len(cols)+1].(int64)
		fn(b.String(), compared{low: math.NaN(), high: math.NaN(), count: n})
	})
}

// figureRow is one figure of a file, decoded as far as the checks need it.
type figureRow struct {
	cols      []string
	code      []int // dictionary numbers, by column
	when      models.Period
	low, high float64 // NaN where there is no value
	qualifier string
	note      string
	row       int64
}

// eachFigure reads the figures of a file, in the order of its rows. The row is
// good until fn returns.
func (f *file) eachFigure(ctx context.Context, db *sql.DB, cols []string, fn func(r *figureRow)) error {
	var sel []string
	for _, c := range cols {
		sel = append(sel, ident(c))
	}
	sel = append(sel, "qualifier", "period_start", "period_end", "value", "value_low", "value_high", "note", "source_row")
	q := fmt.Sprintf("SELECT %s FROM %s.observation ORDER BY source_row", strings.Join(sel, ", "), ident(f.alias))
	r := &figureRow{cols: cols, code: make([]int, len(cols))}
	k := len(cols)
	e := Engine{db: db}
	return e.each(ctx, f, q, len(sel), func(row []any) {
		for i := range cols {
			r.code[i] = number(row[i])
		}
		r.qualifier = f.dict["qualifier"][number(row[k])].code
		r.when = models.Period{Start: day(row[k+1]), End: day(row[k+2])}
		known := false
		if r.low, r.high, known = bounds(row[k+3], row[k+4], row[k+5]); !known {
			r.low, r.high = math.NaN(), math.NaN()
		}
		r.note, _ = row[k+6].(string)
		r.row, _ = row[k+7].(int64)
		fn(r)
	})
}

// figureName says which figure a row is: indicator, agency, period, and every
// dimension in use.
func (f *file) figureName(r *figureRow) string {
	var b strings.Builder
	code := func(i int) string { return f.dict[r.cols[i]][r.code[i]].code }
	for i, c := range r.cols {
		if c == "indicator" {
			b.WriteString(code(i))
		}
	}
	for i, c := range r.cols {
		if c == models.DimAgency {
			b.WriteString(" by " + code(i))
		}
	}
	if r.when.Start != models.NoDate || r.when.End != models.NoDate {
		b.WriteString(", " + r.when.Label())
	}
	for i, c := range r.cols {
		switch k := code(i); {
		case c == "indicator", c == models.DimAgency, k == models.Total, k == models.NoSense, k == "":
		default:
			b.WriteString(", " + c + " " + k)
		}
	}
	return b.String()
}
