package query

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/duckdb/duckdb-go/v2"

	"tiplens/models"
)

// Parquet reads Parquet files for the loader.
type Parquet struct{}

// Columns gives the names of the columns.
func (Parquet) Columns(ctx context.Context, plan models.ReadPlan) ([]string, error) {
	p, err := openParquet(ctx, plan.Path)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	rows, err := p.db.QueryContext(ctx, fmt.Sprintf("SELECT * FROM read_parquet(%s, hive_partitioning=false) LIMIT 0", literal(p.link)))
	if err != nil {
		return nil, p.plain(err)
	}
	defer rows.Close()
	return rows.Columns()
}

// parquetFile is a Parquet file in a database that can reach nothing else.
type parquetFile struct {
	db   *sql.DB
	dir  string // a folder of its own, with
	link string // a link to the file
}

// openParquet links the file under a plain name: DuckDB takes *, ? and [] in a
// path for a pattern, and would read other files than the one that was named.
func openParquet(ctx context.Context, path string) (*parquetFile, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tiplens-parquet-")
	if err != nil {
		return nil, err
	}
	p := &parquetFile{dir: dir, link: filepath.Join(dir, "data.parquet")}
	if err := p.open(ctx, path); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *parquetFile) open(ctx context.Context, path string) (err error) {
	if strings.ContainsAny(p.link, `*?[\`) {
		return fmt.Errorf("the folder for temporary files has a name with *, ?, [ or \\ in it; set TMPDIR to another")
	}
	if err := os.Symlink(path, p.link); err != nil {
		return err
	}
	if p.db, err = openPool(LoadResources, ""); err != nil {
		return err
	}
	for _, s := range []string{"SET preserve_insertion_order=true", "SET allowed_paths=[" + literal(p.link) + "]"} {
		if _, err := p.db.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return lockDown(ctx, p.db)
}

// plain puts an error of the database into words: its own name statements and
// a link, which nobody knows.
func (p *parquetFile) plain(err error) error {
	var db *duckdb.Error
	if !errors.As(err, &db) || db.Type == duckdb.ErrorTypeInterrupt {
		return err
	}
	msg := strings.ToLower(db.Msg)
	switch {
	case db.Type == duckdb.ErrorTypeOutOfMemory:
		return errors.New("it needs more memory than a load may use; save it in smaller row groups")
	case strings.Contains(msg, "magic bytes"), strings.Contains(msg, "too small"), strings.Contains(msg, "footer"):
		return errors.New("it does not end as a Parquet file does, so it is cut short")
	case strings.Contains(msg, "encrypt"), strings.Contains(msg, "decrypt"):
		return errors.New("it is encrypted")
	}
	return errors.New("its content cannot be read")
}

// Close forgets the link; the file itself stays.
func (p *parquetFile) Close() {
	if p.db != nil {
		p.db.Close()
	}
	os.RemoveAll(p.dir)
}

// Scan reads the columns of a plan as text, in the order of the file. The rows
// given to emit belong to it.
func (Parquet) Scan(ctx context.Context, plan models.ReadPlan, emit func(rows [][]string) error) error {
	p, err := openParquet(ctx, plan.Path)
	if err != nil {
		return err
	}
	defer p.Close()
	var cols []string
	for _, c := range plan.Columns {
		cols = append(cols, ident(c))
	}
	rows, err := p.db.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM read_parquet(%s, hive_partitioning=false)", strings.Join(cols, ", "), literal(p.link)))
	if err != nil {
		return p.plain(err)
	}
	defer rows.Close()
	return p.plain(emitRows(rows, len(cols), emit))
}

func emitRows(rows *sql.Rows, n int, emit func(rows [][]string) error) error {
	vals, ptrs := make([]any, n), make([]any, n)
	for i := range vals {
		ptrs[i] = &vals[i]
	}
	var batch [][]string
	for rows.Next() {
		if err := rows.Scan(ptrs...); err != nil {
			return err
		}
		row := make([]string, n)
		for i, v := range vals {
			row[i] = text(v)
		}
		if batch = append(batch, row); len(batch) == models.BatchSize {
			if err := emit(batch); err != nil {
				return err
			}
			batch = nil
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(batch) > 0 {
		return emit(batch)
	}
	return nil
}

// text prints a value as it would stand in a CSV: whole numbers without a
// decimal point, days without a time.
func text(v any) string {
	switch t := v.(type) {
	case nil:
		return ""
	case string:
		return t
	case []byte:
		if !utf8.Valid(t) || models.Printable(string(t)) != string(t) {
			return "0x" + hex.EncodeToString(t) // no text
		}
		return string(t)
	case []any: // a list: its values, as a cell of several values is written
		var parts []string
		for _, e := range t {
			parts = append(parts, text(e))
		}
		return strings.Join(parts, "; ")
	case map[string]any:
		var parts []string
		for _, k := range sortedKeys(t) {
			parts = append(parts, k+"="+text(t[k]))
		}
		return strings.Join(parts, "; ")
	case duckdb.OrderedMap:
		var parts []string
		for i, k := range t.Keys() {
			parts = append(parts, text(k)+"="+text(t.Values()[i]))
		}
		slices.Sort(parts)
		return strings.Join(parts, "; ")
	case float64:
		return strconv.FormatFloat(t, 'f', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(t), 'f', -1, 32)
	case time.Time:
		if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0 {
			return t.Format("2006-01-02")
		}
		return t.Format("2006-01-02 15:04:05.999999999")
	}
	return fmt.Sprint(v)
}
