package query

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tiplens/models"
)

// Engine answers slices over a fixed set of version files. It is read-only and
// may be used from several goroutines.
type Engine struct {
	cat   *models.Catalog
	db    *sql.DB
	files []*file
	tmp   *tempDir
	bad   []error // version files that could not be opened
	unset error   // why settings could not be read
	inUse sync.RWMutex
	facts factCache
	ws    *Workspace // nil for datasets in memory
	seen  overviewCache

	Today func() time.Time // the day that citations say; time.Now without
}

func (e *Engine) today() time.Time {
	if e.Today != nil {
		return e.Today()
	}
	return time.Now()
}

// file is one attached version file with its dictionaries.
type file struct {
	ds        models.Dataset
	alias     string
	path      string
	dict      map[string][]entry // column: by number
	rowIsUnit map[string]bool    // indicator: every row is one subject
	multiYear bool
	schema    int // by which it was written
	recipe    string
	extra     []string
	cubes     []*cube
	again     again
	unread    error // why what was stated about it after loading cannot be read
}

// entry is what a number of a dictionary stands for.
type entry struct {
	code, text string
	set        []string // the codes of a value that holds several, else nil
}

func (e entry) codes() []string {
	if e.set != nil {
		return e.set
	}
	return []string{e.code}
}

// stated gives the codes of a record: one that is not broken down by a
// dimension does not state it.
func (e entry) stated() []string {
	if e.code == models.Total {
		return []string{models.Unknown}
	}
	return e.codes()
}

// maxConnections lets the next question start while a cancelled one is still
// returning.
const maxConnections = 6

// Open opens the current versions of a workspace, or those pinned instead.
// Files that are damaged are left out and reported by Engine.Damaged.
func (ws *Workspace) Open(ctx context.Context, cat *models.Catalog, pins []models.Version) (*Engine, error) {
	m, err := ws.Manifest()
	if err != nil {
		return nil, err
	}
	e := &Engine{ws: ws}
	if tmp, err := ws.newTemp(); err == nil { // a reader of a read-only workspace has no room to spill
		e.tmp = tmp
	}
	temp := ""
	if e.tmp != nil {
		temp = e.tmp.path
	}
	var settings Settings
	settings, e.unset = ws.Settings()
	if e.db, err = openPool(settings.Reader, temp); err != nil {
		e.Close()
		return nil, err
	}
	want := map[string]int{}
	for id, d := range m.Datasets {
		want[id] = d.Current
	}
	for _, p := range pins {
		if !slices.Contains(m.Datasets[p.Dataset].Versions, p.N) {
			e.Close()
			return nil, &NoVersionError{p, m.Datasets[p.Dataset].Versions}
		}
		want[p.Dataset] = p.N
	}
	for i, id := range sortedKeys(want) {
		f, err := attach(ctx, e.db, ws.VersionPath(id, want[id]), "d"+strconv.Itoa(i), id, want[id])
		if err != nil && slices.Contains(pins, models.Version{Dataset: id, N: want[id]}) {
			e.Close()
			return nil, err
		}
		if err != nil {
			e.bad = append(e.bad, err)
			continue
		}
		f.describe(ws)
		e.files = append(e.files, f)
	}
	if err := lockDown(ctx, e.db); err != nil {
		e.Close()
		return nil, err
	}
	e.finish(cat)
	return e, nil
}

// NoVersionError says that a question names a version that does not exist. A
// missing version is never replaced by another.
type NoVersionError struct {
	Version models.Version
	Have    []int
}

func (e *NoVersionError) Error() string {
	if len(e.Have) == 0 {
		return fmt.Sprintf("this workspace has no dataset %s", e.Version.Dataset)
	}
	return fmt.Sprintf("this workspace has no version %s; it has %s", e.Version, joinInts(e.Have))
}

func joinInts(ns []int) string {
	var s []string
	for _, n := range ns {
		s = append(s, strconv.Itoa(n))
	}
	return strings.Join(s, ", ")
}

// Fill makes one dataset in memory: it writes its rows and says what they are.
type Fill struct {
	Extra []string
	Rows  func(w *Writer) (models.Dataset, error)
}

// OpenMemory builds datasets in memory and opens them, such as the training
// data.
func OpenMemory(ctx context.Context, cat *models.Catalog, fills ...Fill) (*Engine, error) {
	db, err := openPool(DefaultSettings.Reader, "")
	if err != nil {
		return nil, err
	}
	e := &Engine{db: db}
	for i, f := range fills {
		if err := e.fill(ctx, "d"+strconv.Itoa(i), f); err != nil {
			e.Close()
			return nil, err
		}
	}
	if err := lockDown(ctx, db); err != nil {
		e.Close()
		return nil, err
	}
	e.finish(cat)
	return e, nil
}

func (e *Engine) fill(ctx context.Context, alias string, f Fill) error {
	if _, err := e.db.ExecContext(ctx, "ATTACH ':memory:' AS "+alias); err != nil {
		return err
	}
	w, err := newWriter(ctx, e.db, alias, f.Extra)
	if err != nil {
		return err
	}
	ds, err := f.Rows(w)
	if err != nil {
		w.Abort()
		return err
	}
	ds.Version = 1
	if err := w.Finish(ctx, ds, "", nil); err != nil {
		return err
	}
	read, err := readFile(ctx, e.db, alias)
	if err != nil {
		return err
	}
	e.files = append(e.files, read)
	return nil
}

// finish sets up what depends on all files.
func (e *Engine) finish(cat *models.Catalog) {
	e.cat = cat
	e.db.SetMaxOpenConns(maxConnections)
	var kept []*models.Dimension
	for _, f := range e.files {
		for _, x := range f.extra {
			if cat.Dimension(x) == nil && !slices.ContainsFunc(kept, func(d *models.Dimension) bool { return d.ID == x }) {
				name := strings.ReplaceAll(strings.TrimPrefix(x, "x_"), "_", " ")
				kept = append(kept, &models.Dimension{ID: x, Name: name, Plural: name, List: x, Definition: "a column kept from " + f.ds.ID})
			}
		}
	}
	e.cat = cat.With(kept)
}

// attach opens a version file read-only.
func attach(ctx context.Context, db *sql.DB, path, alias, id string, version int) (*file, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errNoFile // to open a pipe would wait for ever
	}
	if err != nil {
		return nil, damaged(path, err)
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf("ATTACH %s AS %s (READ_ONLY)", literal(path), ident(alias))); err != nil {
		return nil, damaged(path, errors.New(firstLine(err)))
	}
	f, err := readFile(ctx, db, alias)
	var we *WorkspaceError
	if errors.As(err, &we) {
		we.Path = path
		return nil, we
	}
	if err != nil {
		return nil, damaged(path, errors.New(firstLine(err)))
	}
	if f.ds.ID != id || f.ds.Version != version {
		return nil, damaged(path, fmt.Errorf("it holds %s@%d", f.ds.ID, f.ds.Version))
	}
	f.path = path
	return f, nil
}

func damaged(path string, err error) error {
	return &WorkspaceError{Path: path, What: "this data file is damaged", Err: err,
		Do: "Go back to the version before it (< on the Data view), or load the source again"}
}

func firstLine(err error) string {
	s, _, _ := strings.Cut(err.Error(), "\n")
	return s
}

// readFile reads the description and the dictionaries of an attached file.
func readFile(ctx context.Context, db *sql.DB, alias string) (*file, error) {
	f := &file{alias: alias, dict: map[string][]entry{}, rowIsUnit: map[string]bool{}}
	meta, err := readPairs(ctx, db, fmt.Sprintf("SELECT key, value FROM %s.meta", ident(alias)))
	if err != nil {
		return nil, err
	}
	schema, err := strconv.Atoi(meta["schema"])
	if err != nil {
		return nil, fmt.Errorf("it says no schema")
	}
	if schema > Schema {
		return nil, &WorkspaceError{What: fmt.Sprintf("this data file was written by a newer tiplens (%s)", models.Clean(meta["program"])), Do: "Use that version, or a newer one"}
	}
	f.schema = schema
	f.multiYear, f.recipe = meta["multi_year"] != "0", meta["recipe"]
	f.readCubes(meta["cubes"])
	_ = json.Unmarshal([]byte(meta["again"]), &f.again) // what cannot be read is as good as none
	fields, err := readPairs(ctx, db, fmt.Sprintf("SELECT field, value FROM %s.dataset", ident(alias)))
	if err != nil {
		return nil, err
	}
	if f.ds, err = fromFields(fields); err != nil {
		return nil, err
	}
	f.ds.Clean()
	f.extra = f.ds.Extra
	for _, x := range f.extra {
		if models.Clean(x) != x {
			return nil, fmt.Errorf("it names a dimension that cannot be")
		}
	}
	if err := f.readCodes(ctx, db); err != nil {
		return nil, err
	}
	if err := f.readSubjects(ctx, db); err != nil {
		return nil, err
	}
	return f, f.whole(ctx, db)
}

// whole checks that the rows can be read, every code column has a dictionary,
// and no row has a number beyond it, which later code takes for granted.
func (f *file) whole(ctx context.Context, db *sql.DB) error {
	columns := slices.Concat(models.CodedColumns, f.extra)
	var highest []string
	for _, c := range columns {
		highest = append(highest, fmt.Sprintf("max(%s)::INTEGER", ident(c)))
	}
	most := make([]sql.NullInt64, len(columns))
	into := make([]any, len(columns))
	for i := range most {
		into[i] = &most[i]
	}
	row := db.QueryRowContext(ctx, fmt.Sprintf("SELECT %s FROM %s.observation", strings.Join(highest, ", "), ident(f.alias)))
	if err := row.Scan(into...); err != nil {
		return err
	}
	for i, c := range columns {
		if most[i].Valid && most[i].Int64 >= int64(len(f.dict[c])) {
			return fmt.Errorf("its dictionary is not whole")
		}
	}
	return nil
}

func readPairs(ctx context.Context, db *sql.DB, q string) (map[string]string, error) {
	rows, err := db.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var k string
		var v sql.NullString
		if err := rows.Scan(&k, &v); err != nil {
			return nil, err
		}
		out[k] = v.String
	}
	return out, rows.Err()
}

func (f *file) readCodes(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, fmt.Sprintf("SELECT dim, n, code, text FROM %s.code ORDER BY dim, n", ident(f.alias)))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var dim, code string
		var n int
		var text sql.NullString
		if err := rows.Scan(&dim, &n, &code, &text); err != nil {
			return err
		}
		if n != len(f.dict[dim]) {
			return fmt.Errorf("its dictionary is not whole")
		}
		code = models.Clean(code)
		e := entry{code: code, text: models.Clean(text.String)}
		if strings.Contains(code, models.SetJoin) {
			e.set = strings.Split(code, models.SetJoin)
		}
		f.dict[dim] = append(f.dict[dim], e)
	}
	return rows.Err()
}

func (f *file) readSubjects(ctx context.Context, db *sql.DB) error {
	for _, e := range f.dict["indicator"] {
		f.rowIsUnit[e.code] = true
	}
	rows, err := db.QueryContext(ctx, fmt.Sprintf("SELECT indicator, observations, subjects FROM %s.subject", ident(f.alias)))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var ind int
		var obs, subj int64
		if err := rows.Scan(&ind, &obs, &subj); err != nil {
			return err
		}
		if ind < 0 || ind >= len(f.dict["indicator"]) {
			return fmt.Errorf("its dictionary is not whole")
		}
		f.rowIsUnit[f.dict["indicator"][ind].code] = obs == subj
	}
	return rows.Err()
}

// Close lets the files go after the last answer under way. What is asked
// afterwards fails.
func (e *Engine) Close() {
	e.inUse.Lock()
	defer e.inUse.Unlock()
	if e.db != nil {
		e.db.Close()
	}
	if e.tmp != nil {
		e.tmp.remove()
	}
}

// Damaged lists the version files that could not be opened, and why.
func (e *Engine) Damaged() []error { return e.bad }

// Catalog gives the dictionary, with the dimensions that datasets keep.
func (e *Engine) Catalog() *models.Catalog { return e.cat }

// Datasets describes what is open, by id.
func (e *Engine) Datasets() []models.Dataset {
	var out []models.Dataset
	for _, f := range e.files {
		out = append(out, f.ds)
	}
	return out
}

// Findings lists what the load of a dataset had to tell.
func (e *Engine) Findings(ctx context.Context, id string) ([]models.Finding, error) {
	e.inUse.RLock()
	defer e.inUse.RUnlock()
	for _, f := range e.files {
		if f.ds.ID != id {
			continue
		}
		out, err := f.findings(ctx, e.db)
		return append(f.unreadFinding(), out...), err
	}
	return nil, nil
}

// has reports whether any row of the file is of the indicator.
func (f *file) has(indicator string) bool {
	return slices.ContainsFunc(f.dict["indicator"], func(e entry) bool { return e.code == indicator })
}

// knows reports whether the file breaks anything down by the dimension: some
// code of it says more than "total".
func (f *file) knows(dim string) bool {
	return f.isLeg(dim) || slices.ContainsFunc(f.dict[dim], func(e entry) bool { return e.code != models.Total && e.code != models.NoSense })
}

// numbers lists the dictionary numbers of a column whose entry passes a test.
func (f *file) numbers(column string, pass func(entry) bool) []int {
	var out []int
	for n, e := range f.dict[column] {
		if pass(e) {
			out = append(out, n)
		}
	}
	return out
}
