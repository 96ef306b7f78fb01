package query

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"tiplens/models"
)

// wsTable asks the database behind an engine and prints its rows.
func wsTable(t *testing.T, e *Engine, query string) []string {
	t.Helper()
	out, err := wsTryTable(t, e.db, query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

func wsTryTable(t *testing.T, db *sql.DB, query string) ([]string, error) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	vals, ptrs := make([]any, len(cols)), make([]any, len(cols))
	for i := range vals {
		ptrs[i] = &vals[i]
	}
	var out []string
	for rows.Next() {
		if err := rows.Scan(ptrs...); err != nil {
			return nil, err
		}
		var row []string
		for _, v := range vals {
			row = append(row, new(parquetText).of(v))
		}
		out = append(out, strings.Join(row, " "))
	}
	return out, rows.Err()
}

func TestEngineOpenInParallel(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	wsLoad(t, ws, "others", 2)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			e, err := ws.Open(t.Context(), wsCatalog(), nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer e.Close()
			var inner sync.WaitGroup
			for range 4 { // an engine is for several goroutines
				inner.Go(func() {
					for id, want := range map[string]int{"people": 1, "others": 2} {
						if got, err := wsRecognise(t.Context(), e, id); got != want || err != nil {
							t.Errorf("%s: content %d, %v; want %d", id, got, err, want)
						}
					}
				})
			}
			inner.Wait()
		})
	}
	wg.Wait()
}

// TestEngineOpenLocksDown: once open, nothing but the attached data can be
// reached, and the lock cannot be undone.
func TestEngineOpenLocksDown(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	outside := filepath.Join(t.TempDir(), "outside.csv")
	if err := os.WriteFile(outside, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mem, err := OpenMemory(t.Context(), wsCatalog(), wsFill("people", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer mem.Close()
	for name, e := range map[string]*Engine{"workspace": wsOpen(t, ws), "memory": mem} {
		for _, q := range []string{
			"SELECT * FROM read_csv(" + literal(outside) + ")",
			"SELECT * FROM read_text(" + literal(outside) + ")",
			"SELECT * FROM read_blob('/etc/passwd')",
			"SELECT * FROM glob('/etc/*')",
			"SELECT * FROM " + literal(outside),
			"SELECT * FROM " + ident(outside),
			"COPY (SELECT 1) TO " + literal(outside+".out"),
			"EXPORT DATABASE " + literal(filepath.Join(ws.Dir, "export")),
			"ATTACH " + literal(ws.VersionPath("people", 1)) + " AS again",
			"ATTACH " + literal(filepath.Join(ws.Dir, "new.duckdb")) + " AS fresh",
			"INSTALL httpfs", "LOAD httpfs", "INSTALL spatial",
			"SET enable_external_access=true", "RESET enable_external_access", "SET lock_configuration=false", "RESET lock_configuration",
			"SET temp_directory='/tmp/elsewhere'", "SET memory_limit='64GB'", "SET threads=64", "SET autoload_known_extensions=true",
			"SET allow_community_extensions=true", "SET profiling_output=" + literal(outside+".prof"), "SET log_query_path=" + literal(outside+".log"),
			"SELECT * FROM read_csv('http://localhost:1/x.csv')",
			"CREATE SECRET s (TYPE s3, KEY_ID 'x', SECRET 'y')",
		} {
			if rows, err := wsTryTable(t, e.db, q); err == nil {
				t.Errorf("%s: %s worked: %q", name, q, rows)
			}
		}
		wsWant(t, e, "people", 1) // and it still answers
	}
	e := wsOpen(t, ws)
	for _, q := range []string{
		"DELETE FROM d0.observation", "UPDATE d0.meta SET value = 'x'", "DROP TABLE d0.observation", "CREATE TABLE d0.more (a INT)",
		"INSERT INTO d0.meta VALUES ('a', 'b')", "ALTER TABLE d0.meta ADD COLUMN x INT", "CREATE VIEW d0.v AS SELECT 1",
	} {
		if _, err := wsTryTable(t, e.db, q); err == nil {
			t.Errorf("%s worked on a version file", q)
		}
	}
	wsWant(t, e, "people", 1)
	if got, _ := filepath.Glob(outside + ".*"); len(got) > 0 {
		t.Errorf("written: %q", got)
	}
}

// TestEngineOpenSettings: what a reader may use is what the design says, on
// every connection of the pool.
func TestEngineOpenSettings(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	e := wsOpen(t, ws)
	for range maxConnections {
		c, err := e.db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for setting, want := range map[string]string{
			"threads": fmt.Sprint(DefaultSettings.Reader.Threads), "enable_external_access": "false", "lock_configuration": "true",
			"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "allow_community_extensions": "false",
		} {
			var got any
			if err := c.QueryRowContext(t.Context(), "SELECT current_setting("+literal(setting)+")").Scan(&got); err != nil {
				t.Fatal(err)
			}
			if new(parquetText).of(got) != want {
				t.Errorf("%s is %v, want %s", setting, got, want)
			}
		}
	}
}

// TestEngineOpenPushesFilters: a usual count reads only the rows of its
// filter: the conditions stand in the scan, not above it.
func TestEngineOpenPushesFilters(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	e := wsOpen(t, ws)
	f := e.files[0]
	s, err := models.ParseSlice("vic_identified where nationality=VN year=2020 place=KH-1", e.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	a := &asking{cat: e.cat, slice: s, ans: &models.Answer{}}
	if err := a.resolve(); err != nil {
		t.Fatal(err)
	}
	cs, why := f.conditions(a.parts[0], models.Record)
	if why != "" {
		t.Fatal(why)
	}
	plan := strings.Join(wsTable(t, e, "EXPLAIN SELECT count(*) FROM d0.observation WHERE "+whereSQL(cs)), "\n")
	if strings.Contains(plan, "FILTER ") || strings.Contains(plan, " FILTER") {
		t.Errorf("a filter stands above the scan:\n%s", plan)
	}
	for _, want := range []string{"SEQ_SCAN", "Filters", "nationality", "year", "place"} {
		if !strings.Contains(plan, want) {
			t.Errorf("the plan does not show %s:\n%s", want, plan)
		}
	}
}

func TestEngineOpenMemory(t *testing.T) {
	e, err := OpenMemory(t.Context(), wsCatalog(), wsFill("one", 1), wsFill("two", 2))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	wsWant(t, e, "one", 1)
	wsWant(t, e, "two", 2)
	var ids []string
	for _, d := range e.Datasets() {
		ids = append(ids, fmt.Sprintf("%s@%d", d.ID, d.Version))
	}
	if !slices.Equal(ids, []string{"one@1", "two@1"}) {
		t.Errorf("datasets %q", ids)
	}
}

// TestEngineOpenMemoryFails: a fill that fails gives its error and leaves
// nothing running.
func TestEngineOpenMemoryFails(t *testing.T) {
	for _, tt := range []struct {
		name string
		rows func(w *Writer) error
	}{
		{"before the start", func(*Writer) error { return fmt.Errorf("stop") }},
		{"among the rows", func(w *Writer) error {
			if err := wsWrite(w, nil, false, wsContent(1)); err != nil {
				return err
			}
			return fmt.Errorf("stop")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wsDeadline(t, "a failed fill", func() {
				e, err := OpenMemory(t.Context(), wsCatalog(), wsFill("one", 1), Fill{Rows: func(w *Writer) (models.Dataset, error) { return models.Dataset{}, tt.rows(w) }})
				if err == nil || err.Error() != "stop" {
					t.Errorf("%v, want stop", err)
				}
				if e != nil {
					e.Close()
				}
			})
		})
	}
}

// TestEngineOpenKeptColumns: a dimension that one dataset keeps is known to
// the engine's own catalogue and to no other.
func TestEngineOpenKeptColumns(t *testing.T) {
	ws := wsThaw(t, Schema)
	e := wsOpen(t, ws)
	if d := e.Catalog().Dimension("x_shelter"); d == nil || d.Name != "shelter" {
		t.Errorf("%+v", d)
	}
	if wsCatalog().Dimension("x_shelter") != nil {
		t.Error("the dictionary itself was changed")
	}
}
