package query

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"tiplens/models"
)

// Parquet reads Parquet files for the loader.
type Parquet struct{}

// Columns gives the names of the columns.
func (Parquet) Columns(ctx context.Context, plan models.ReadPlan) ([]string, error) {
	if _, err := openFooter(ctx, plan.Path, false); err != nil {
		return nil, err
	}
	p, err := openParquet(ctx, plan.Path)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	cols, err := p.columns(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range cols {
		names = append(names, c.Name())
	}
	return names, nil
}

func (p *parquetFile) columns(ctx context.Context) ([]*sql.ColumnType, error) {
	rows, err := p.db.QueryContext(ctx, fmt.Sprintf("SELECT * FROM read_parquet(%s, hive_partitioning=false) LIMIT 0", literal(p.link)))
	if err != nil {
		return nil, p.plain(err)
	}
	defer rows.Close()
	return rows.ColumnTypes()
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
	if p.db, err = openPool(DefaultSettings.Load, ""); err != nil {
		return err
	}
	for _, s := range []string{"SET preserve_insertion_order=true", "SET enable_geoparquet_conversion=false", "SET allowed_paths=[" + literal(p.link) + "]"} {
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
		return encryptedParquet()
	case strings.Contains(msg, "encoding") && !strings.Contains(msg, "utf"), strings.Contains(msg, "codec"):
		return notRead("the Parquet file packs a column in a way that is not read ("+models.Clean(packing.FindString(db.Msg))+")", "Ask for the file in plain encoding with Snappy, or as CSV")
	}
	return errors.New("its content cannot be read, so it is damaged or written in a way that is not known here")
}

// packing is the name of an encoding or a codec in an error.
var packing = regexp.MustCompile(`[A-Z][A-Z0-9_]{2,}|[A-Z0-9]+_[A-Z0-9_]+`)

// Close forgets the link; the file itself stays.
func (p *parquetFile) Close() {
	if p.db != nil {
		p.db.Close()
	}
	os.RemoveAll(p.dir)
}

// Scan reads the columns of a plan as text, in the order of the file, once its
// pages have been checked. The rows given to emit belong to it. The findings
// tell of columns whose text is not all there is to them.
func (Parquet) Scan(ctx context.Context, plan models.ReadPlan, emit func(rows [][]string) error) ([]models.Finding, error) {
	says, err := openFooter(ctx, plan.Path, true)
	if err != nil {
		return nil, err
	}
	p, err := openParquet(ctx, plan.Path)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	cols, err := p.columns(ctx)
	if err != nil {
		return nil, err
	}
	s := newParquetScan(plan.Columns, cols)
	rows, err := p.db.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM read_parquet(%s, hive_partitioning=false)", strings.Join(s.exprs, ", "), literal(p.link)))
	if err != nil {
		return nil, p.plain(err)
	}
	defer rows.Close()
	if err := s.rows(rows, emit); err != nil {
		return nil, p.plain(err)
	}
	if s.read != says.rows {
		return nil, badParquet("it says that it has %s rows, and %s can be read", grouped(says.rows), grouped(s.read))
	}
	return s.findings(), nil
}
