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
	db, err := openPool(DefaultSettings.Load, "")
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
			_, err = Parquet{}.Scan(t.Context(), models.ReadPlan{Path: path, Columns: cols}, func(rows [][]string) error {
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

// Lists, maps and binary columns come as a person would write them into a cell.
func TestParquetNested(t *testing.T) {
	db, err := openPool(DefaultSettings.Load, "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	path := filepath.Join(t.TempDir(), "x.parquet")
	_, err = db.ExecContext(t.Context(), "COPY (SELECT ['LAB', 'SEX'] AS l, {'b': 2, 'a': 1} AS s, MAP {'y': 2, 'x': 1} AS m, '\\xFF\\x00'::BLOB AS b, 'VN'::BLOB AS t, []::VARCHAR[] AS e) TO "+literal(path)+" (FORMAT parquet)")
	if err != nil {
		t.Fatal(err)
	}
	cols, err := Parquet{}.Columns(t.Context(), models.ReadPlan{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	_, err = Parquet{}.Scan(t.Context(), models.ReadPlan{Path: path, Columns: cols}, func(rows [][]string) error {
		got = append(got, rows[0]...)
		return nil
	})
	if want := []string{"LAB; SEX", "a=1; b=2", "x=1; y=2", "0xff00", "VN", ""}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}

// A damaged file is told without the words of the database.
func TestParquetDamagedWords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.parquet")
	parquet(t, path, strings.Repeat("x", 5000))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{whole[:len(whole)/2], append(append([]byte{}, whole[:len(whole)-8]...), "\xff\xff\xff\x7fPAR1"...), []byte("PAR1")} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Parquet{}.Columns(t.Context(), models.ReadPlan{Path: path})
		if err == nil || strings.Contains(err.Error(), "Error") || strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "the Parquet file is damaged: it") {
			t.Errorf("%v", err)
		}
	}
}

// A folder called like a column says nothing about the file in it.
func TestParquetFolderNamesAreNoValues(t *testing.T) {
	tmp := filepath.Join(t.TempDir(), "who=nobody", "year=1999")
	if err := os.MkdirAll(tmp, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(tmp, "x.parquet")
	parquet(t, path, "somebody")
	t.Setenv("TMPDIR", tmp)
	cols, err := Parquet{}.Columns(t.Context(), models.ReadPlan{Path: path})
	if err != nil || !slices.Equal(cols, []string{"who"}) {
		t.Fatalf("%q, %v", cols, err)
	}
	_, err = Parquet{}.Scan(t.Context(), models.ReadPlan{Path: path, Columns: cols}, func(rows [][]string) error {
		if rows[0][0] != "somebody" {
			t.Errorf("%q", rows)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
