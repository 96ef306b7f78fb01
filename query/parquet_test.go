package query

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

// parquet writes a Parquet file with one text in it.
func parquet(t *testing.T, path, text string) {
	t.Helper()
	db, err := openPool(LoadResources, "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	plain := filepath.Join(t.TempDir(), "x.parquet")
	if _, err := db.ExecContext(t.Context(), fmt.Sprintf("COPY (SELECT %s AS who) TO %s (FORMAT parquet)", literal(text), literal(plain))); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(plain, path); err != nil {
		t.Fatal(err)
	}
}

// A file is read by its name, whatever signs stand in it: DuckDB would take
// some for a pattern and read its neighbours.
func TestParquetNamesAreNoPatterns(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "May [final]")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	names := []string{"data1.parquet", "data[1].parquet", "data*.parquet", "dat?1.parquet", "it's.parquet", "back\\slash.parquet", "no ending"}
	for _, n := range names {
		parquet(t, filepath.Join(dir, n), n)
	}
	t.Chdir(dir)
	for _, n := range names {
		for _, path := range []string{n, filepath.Join(dir, n)} {
			cols, err := Parquet{}.Columns(t.Context(), models.ReadPlan{Path: path})
			if err != nil || !slices.Equal(cols, []string{"who"}) {
				t.Errorf("%s: %v, %v", path, cols, err)
				continue
			}
			var got []string
			err = Parquet{}.Scan(t.Context(), models.ReadPlan{Path: path, Columns: cols}, func(rows [][]string) error {
				for _, r := range rows {
					got = append(got, r...)
				}
				return nil
			})
			if err != nil || !slices.Equal(got, []string{n}) {
				t.Errorf("%s reads %q, %v", path, got, err)
			}
		}
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "tiplens-parquet-*")); len(left) > 0 && os.Getenv("TMPDIR") != "" {
		t.Errorf("links are left: %v", left)
	}
}

// While a Parquet file is read the database can reach no other file.
func TestParquetReachesNothingElse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.parquet")
	parquet(t, path, "a")
	beside := filepath.Join(filepath.Dir(path), "b.parquet")
	parquet(t, beside, "b")
	p, err := openParquet(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, q := range []string{"SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM read_parquet(" + literal(beside) + ")",
		"ATTACH " + literal(filepath.Join(t.TempDir(), "x.duckdb")), "INSTALL httpfs", "LOAD httpfs", "SET enable_external_access=true", "SET threads=1",
		"COPY (SELECT 1) TO " + literal(filepath.Join(t.TempDir(), "x.csv"))} {
		if _, err := p.db.ExecContext(t.Context(), q); err == nil {
			t.Errorf("%s is allowed", q)
		}
	}
}

func TestParquetDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.parquet")
	if err := os.WriteFile(path, []byte("PAR1 and nothing that follows PAR1"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Parquet{}.Columns(t.Context(), models.ReadPlan{Path: path})
	if err == nil || strings.Contains(err.Error(), "tiplens-parquet") {
		t.Errorf("the error is %v", err)
	}
}
