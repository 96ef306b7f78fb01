package query

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"tiplens/models"
)

// Writer fills one version file. Start says what rows look like; workers then
// call Encode and Write from several goroutines; Finish sorts and stores the rows and closes the content. A
// writer that is not finished leaves an unusable part behind, which its owner
// throws away.
type Writer struct {
	db     string
	conn   *sql.Conn // runs the one big insert while rows come in
	side   *sql.Conn // fills the side tables meanwhile
	ctx    context.Context
	extra  []string
	layout *models.Layout

	mu    sync.Mutex
	dict  map[string]*dictionary
	legs  []models.Leg
	first models.Date
	last  models.Date
	n     int64 // observations taken so far

	stored int64   // observations in the file, once all have arrived
	cubes  []*cube // made of them
	again  again   // the rows of those who stand in several

	before *file // the version whose rows this load adds corrected ones to, else nil
	check  func(ctx context.Context) ([]models.Finding, error)

	batches chan *models.Batch
	stop    chan struct{} // closed when the database takes no more rows
	err     error         // why; valid after stop
}

// dictionary numbers the codes of one column.
type dictionary struct {
	n       map[[2]string]uint16
	entries [][2]string
}

// maxTexts is how many different texts of a column are kept for tracing; more
// is free text and no code column.
const maxTexts = 60_000

// maxLegs is how many legs wait in memory before they are stored.
const maxLegs = 1 << 16

// newWriter creates the tables of a version file in a database that is
// attached to the pool.
func newWriter(ctx context.Context, pool *sql.DB, db string, extra []string) (*Writer, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	side, err := pool.Conn(ctx)
	if err != nil {
		conn.Close()
		return nil, err
	}
	w := &Writer{
		db: db, conn: conn, side: side, ctx: ctx, extra: extra,
		dict: map[string]*dictionary{}, first: models.NoDate, last: models.NoDate,
		batches: make(chan *models.Batch, 4), stop: make(chan struct{}),
	}
	_, err = conn.ExecContext(ctx, createSQL(db, extra))
	if err == nil {
		err = duckdb.RegisterTableUDF(side, legsOf(db), duckdb.ChunkTableFunction{
			BindArguments: func(map[string]any, ...any) (duckdb.ChunkTableSource, error) { return &legSource{w.legs}, nil },
		})
	}
	if err != nil {
		w.release()
		return nil, fmt.Errorf("create tables: %w", err)
	}
	return w, nil
}

// Start begins to take rows of a layout.
func (w *Writer) Start(l *models.Layout) error {
	source := "tiplens_rows_" + w.db
	w.layout = l
	err := duckdb.RegisterTableUDF(w.conn, source, duckdb.ParallelChunkTableFunction{
		BindArguments: func(map[string]any, ...any) (duckdb.ParallelChunkTableSource, error) {
			return newRowSource(l, w.batches), nil
		},
	})
	if err != nil {
		w.layout = nil
		return fmt.Errorf("register rows: %w", err)
	}
	go func() {
		_, w.err = w.conn.ExecContext(w.ctx, insertSQL(w.db, source, l, w.extra, w.before != nil))
		close(w.stop)
	}()
	return nil
}

// Encode gives the number of a code and its original text in a column of the
// file. Numbers go up to 65,535.
func (w *Writer) Encode(column, code, text string) (uint16, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := w.dict[column]
	if d == nil {
		d = &dictionary{n: map[[2]string]uint16{}}
		w.dict[column] = d
	}
	if len(d.entries) >= maxTexts {
		text = ""
	}
	key := [2]string{code, text}
	n, ok := d.n[key]
	if !ok {
		if len(d.entries) > math.MaxUint16 {
			return 0, &models.Finding{Severity: models.Refused, Column: column,
				What: "this column holds more than 65,000 different values, so it is text and not a code",
				Do:   "Leave it out, or group its values first"}
		}
		n = uint16(len(d.entries))
		d.n[key] = n
		d.entries = append(d.entries, key)
	}
	return n, nil
}

// Write hands a batch over. The writer owns it from then on.
func (w *Writer) Write(b *models.Batch) error {
	w.mu.Lock()
	w.n += int64(b.N)
	w.legs = append(w.legs, b.Legs...)
	if len(w.legs) >= maxLegs {
		if err := w.storeLegs(); err != nil {
			w.mu.Unlock()
			return err
		}
	}
	for i := range b.N {
		if s := b.Start[i]; s != models.NoDate && (w.first == models.NoDate || s < w.first) {
			w.first = s
		}
		if e := b.End[i]; e != models.NoDate && e > w.last {
			w.last = e
		}
	}
	w.mu.Unlock()
	if b.N == 0 {
		return nil
	}
	select {
	case w.batches <- b:
		return nil
	case <-w.stop:
		if w.err == nil {
			return errors.New("the database stopped taking rows")
		}
		return w.err
	}
}

// Finish stores what was written, the dictionaries and the description of the
// dataset. Afterwards the file is complete but not yet checkpointed.
func (w *Writer) Finish(ctx context.Context, ds models.Dataset, recipe string, findings []models.Finding) error {
	w.end()
	defer w.release()
	if w.err != nil {
		return fmt.Errorf("store rows: %w", w.err)
	}
	ds.Extra, ds.First, ds.Last = w.extra, w.first, w.last
	for _, step := range []func() error{
		func() error { return w.arrived(ctx) },
		w.storeCodes, w.storeLegs, w.storeSource,
		func() error { return w.storeSubjects(ctx) },
		func() error { return w.storeAgain(ctx) },
		func() error { return w.storeCubes(ctx) },
		func() error { return w.storeDataset(ctx, ds, recipe) },
		func() (err error) {
			if w.check == nil {
				return nil
			}
			found, err := w.check(ctx)
			findings = append(slices.Clone(findings), found...)
			return err
		},
		func() error { return w.storeFindings(findings) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// arrived proves that every observation that was handed over is in the file.
func (w *Writer) arrived(ctx context.Context) error {
	var want int64
	if err := w.conn.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM %s.observation", ident(w.db))).Scan(&w.stored); err != nil {
		return err
	}
	want = w.n
	if w.before != nil {
		var old int64
		if err := w.conn.QueryRowContext(ctx, "SELECT count(*) FROM before.observation").Scan(&old); err != nil {
			return err
		}
		want += old
	}
	if w.stored != want {
		return fmt.Errorf("%d observations were handed over and %d are stored", want, w.stored)
	}
	return nil
}

// Abort gives up before Finish: it stops taking rows and waits until the
// database has let go.
func (w *Writer) Abort() {
	w.end()
	w.release()
}

// end says that no more rows come and waits until they are stored.
func (w *Writer) end() {
	close(w.batches)
	if w.layout != nil {
		<-w.stop
	}
}

func (w *Writer) release() {
	w.conn.Close()
	w.side.Close()
}

func (w *Writer) append(table string, rows func(add func(...any) error) error) error {
	err := w.side.Raw(func(c any) error {
		a, err := duckdb.NewAppender(c.(*duckdb.Conn), w.db, "main", table)
		if err != nil {
			return err
		}
		add := func(vals ...any) error {
			args := make([]driver.Value, len(vals))
			for i, v := range vals {
				args[i] = v
			}
			return a.AppendRow(args...)
		}
		return errors.Join(rows(add), a.Close())
	})
	if err != nil {
		return fmt.Errorf("store %s: %w", table, err)
	}
	return nil
}

func (w *Writer) storeCodes() error {
	return w.append("code", func(add func(...any) error) error {
		for _, dim := range sortedKeys(w.dict) {
			for n, e := range w.dict[dim].entries {
				if err := add(dim, uint16(n), e[0], e[1]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// storeLegs moves the waiting legs into their table.
func (w *Writer) storeLegs() error {
	if len(w.legs) == 0 {
		return nil
	}
	if _, err := w.side.ExecContext(w.ctx, legSQL(w.db)); err != nil {
		return fmt.Errorf("store leg: %w", err)
	}
	w.legs = w.legs[:0]
	return nil
}

// storeSubjects counts, for each indicator, observations and distinct
// subjects: where they are equal a row is a subject and rows may be counted.
func (w *Writer) storeSubjects(ctx context.Context) error {
	_, err := w.conn.ExecContext(ctx, fmt.Sprintf(`INSERT INTO %[1]s.subject
		SELECT %[2]s AS i, count(*), count(DISTINCT subject) FROM %[1]s.observation
		WHERE subject IS NOT NULL GROUP BY i ORDER BY i`, ident(w.db), w.firstNumber("indicator")))
	if err != nil {
		return fmt.Errorf("count subjects: %w", err)
	}
	return nil
}

// firstNumber is SQL for the number of a code in a column, one for all its
// spellings.
func (w *Writer) firstNumber(column string) string {
	var codes []string
	if d := w.dict[column]; d != nil {
		for _, e := range d.entries {
			codes = append(codes, e[0])
		}
	}
	return firstNumbers(ident(column), codes)
}

func (w *Writer) storeDataset(ctx context.Context, ds models.Dataset, recipe string) error {
	fields, err := toFields(ds)
	if err != nil {
		return err
	}
	err = w.append("dataset", func(add func(...any) error) error {
		for _, k := range sortedKeys(fields) {
			if err := add(k, fields[k]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var multiYear int64
	row := w.conn.QueryRowContext(ctx, fmt.Sprintf(`SELECT count(*) FROM %s.observation WHERE year IS NULL AND period_start IS NOT NULL AND period_end IS NOT NULL`, ident(w.db)))
	if err := row.Scan(&multiYear); err != nil {
		return err
	}
	var engine string
	if err := w.conn.QueryRowContext(ctx, "SELECT version()").Scan(&engine); err != nil {
		return err
	}
	meta := map[string]string{
		"schema": fmt.Sprint(Schema), "program": Program, "duckdb": engine, "recipe": recipe,
		"multi_year": fmt.Sprint(multiYear), "written": time.Now().UTC().Format(time.RFC3339),
	}
	if len(w.cubes) > 0 { // earlier programs do not look for it
		if meta["cubes"], err = cubesText(w.cubes); err != nil {
			return err
		}
	}
	if len(w.again.Indicators) > 0 {
		if meta["again"], err = w.again.text(); err != nil {
			return err
		}
	}
	return w.append("meta", func(add func(...any) error) error {
		for _, k := range sortedKeys(meta) {
			if err := add(k, meta[k]); err != nil {
				return err
			}
		}
		return nil
	})
}

// Program names the program and its version; main sets it.
var Program = "tiplens"

// toFields takes a dataset apart into named texts, fromFields puts it together
// again: fields that a later version adds are no obstacle to an earlier one.
func toFields(ds models.Dataset) (map[string]string, error) {
	b, err := json.Marshal(ds)
	if err != nil {
		return nil, err
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for k, v := range raw {
		out[k] = string(v)
	}
	return out, nil
}

func fromFields(fields map[string]string) (models.Dataset, error) {
	raw := map[string]json.RawMessage{}
	for k, v := range fields {
		raw[k] = json.RawMessage(v)
	}
	b, err := json.Marshal(raw)
	if err != nil {
		return models.Dataset{}, err
	}
	var ds models.Dataset
	err = json.Unmarshal(b, &ds)
	return ds, err
}

func (w *Writer) storeFindings(fs []models.Finding) error {
	return w.append("finding", func(add func(...any) error) error {
		for _, f := range fs {
			if err := add(string(f.Severity), f.File, f.Sheet, f.Row, f.Column, f.Count, f.What, f.Do, string(f.Kind)); err != nil {
				return err
			}
		}
		return nil
	})
}
