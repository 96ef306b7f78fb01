package query

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiplens/models"
)

// A file is written here by hand, for no writer puts in what is wrong.

// thriftField is a field of a structure: a number, a text, a list or bytes of
// a structure as they are.
type thriftField struct {
	id    int
	value any
}

func thriftInt(n int) []byte { return binary.AppendVarint(nil, int64(n)) } // zigzag, as the protocol has it

func thriftOf(fields ...thriftField) []byte {
	var out []byte
	last := 0
	for _, f := range fields {
		var kind byte
		var b []byte
		switch v := f.value.(type) {
		case int:
			kind, b = thriftI64, thriftInt(v)
		case string:
			kind, b = thriftBinary, append(binary.AppendUvarint(nil, uint64(len(v))), v...)
		case [][]byte:
			kind, b = thriftList, append([]byte{byte(len(v))<<4 | thriftStruct}, bytes.Join(v, nil)...)
		case []byte:
			kind, b = thriftStruct, v
		}
		out = append(append(out, byte(f.id-last)<<4|kind), b...)
		last = f.id
	}
	return append(out, 0)
}

// handmade is a file with one column of three whole numbers.
type handmade struct {
	rows, groupRows, values, pageValues int
	crc                                 func(page []byte) int
	levels                              []byte // of repetition; then the column is a list
}

func (h handmade) write(t testing.TB) string {
	t.Helper()
	page := []byte{1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0}
	kind, schema := 0, [][]byte{thriftOf(thriftField{4, "schema"}, thriftField{5, 1}), thriftOf(thriftField{1, 1}, thriftField{3, 0}, thriftField{4, "n"})}
	if h.levels != nil {
		kind = 2
		schema[1] = thriftOf(thriftField{1, 1}, thriftField{3, kind}, thriftField{4, "n"})
		page = append(append(binary.LittleEndian.AppendUint32(nil, uint32(len(h.levels))), h.levels...), append([]byte{2, 0, 0, 0, 6, 1}, page...)...)
	}
	fields := []thriftField{{1, 0}, {2, len(page)}, {3, len(page)}}
	if h.crc != nil {
		fields = append(fields, thriftField{4, h.crc(page)})
	}
	fields = append(fields, thriftField{5, thriftOf(thriftField{1, h.pageValues}, thriftField{2, 0}, thriftField{3, 3}, thriftField{4, 3})})
	file := append([]byte("PAR1"), append(thriftOf(fields...), page...)...)
	chunk := thriftOf(thriftField{2, 4}, thriftField{3, thriftOf(thriftField{1, 1}, thriftField{4, 0}, thriftField{5, h.values},
		thriftField{6, len(file) - 4}, thriftField{7, len(file) - 4}, thriftField{9, 4})})
	group := thriftOf(thriftField{1, [][]byte{chunk}}, thriftField{2, len(file) - 4}, thriftField{3, h.groupRows})
	foot := thriftOf(thriftField{1, 1}, thriftField{2, schema}, thriftField{3, h.rows}, thriftField{4, [][]byte{group}})
	file = append(file, foot...)
	file = append(binary.LittleEndian.AppendUint32(file, uint32(len(foot))), "PAR1"...)
	path := filepath.Join(t.TempDir(), "x.parquet")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What a file says of itself and what it holds must agree, or it is refused.
func TestParquetSaysWhatItHolds(t *testing.T) {
	right := func(page []byte) int { return int(int32(crc32.ChecksumIEEE(page))) }
	for _, tt := range []struct {
		name string
		file handmade
		says string // nothing where all is well
	}{
		{"all is well", handmade{3, 3, 3, 3, nil, nil}, ""},
		{"with a checksum", handmade{3, 3, 3, 3, right, nil}, ""},
		{"with another checksum", handmade{3, 3, 3, 3, func(p []byte) int { return right(p) ^ 1 }, nil}, `a page of column "n" does not match its checksum`},
		{"a total of nothing", handmade{0, 3, 3, 3, nil, nil}, ""},
		{"another total", handmade{4, 3, 3, 3, nil, nil}, "says that it has 4 rows"},
		{"a group that is longer", handmade{4, 4, 3, 3, nil, nil}, "3 values, and there are 4 rows"},
		{"a page that is shorter", handmade{3, 3, 3, 2, nil, nil}, `column "n"`},
		{"a list for a row", handmade{3, 3, 3, 3, nil, []byte{3, 0}}, ""},
		{"lists of two and one", handmade{2, 2, 3, 3, nil, []byte{3, 0b010}}, ""},
		{"a list that begins nowhere", handmade{2, 2, 3, 3, nil, []byte{3, 0b001}}, "where its lists begin"},
		{"lists of fewer rows", handmade{3, 3, 3, 3, nil, []byte{3, 0b010}}, "fill 2 rows, and there are 3"},
		{"levels cut short", handmade{3, 3, 3, 3, nil, []byte{9}}, "where its lists begin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := openFooter(t.Context(), tt.file.write(t), true)
			var told *models.Finding
			switch {
			case tt.says == "":
				if err != nil {
					t.Error(err)
				}
			case !errors.As(err, &told) || told.Severity != models.Refused || !strings.Contains(told.What, tt.says) || told.Do == "":
				t.Errorf("%v, want %q", err, tt.says)
			}
		})
	}
}

// Files of a real writer agree with themselves, however they are packed; and a
// row that is lost or made up between them and the screen would be told.
func TestParquetOfRealWriters(t *testing.T) {
	for _, codec := range []string{"uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4_raw"} {
		for _, version := range []string{"V1", "V2"} {
			t.Run(codec+version, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "x.parquet")
				copyTo(t, path, "SELECT i, [j for j in range(i % 5)] AS l, [[i], [i, i]] AS ll, {'a': i, 'b': CASE WHEN i % 3 = 0 THEN 'x' END} AS s FROM range(5000) r(i)",
					fmt.Sprintf("CODEC %s, PARQUET_VERSION %s, ROW_GROUP_SIZE 2048", codec, version))
				f, err := openFooter(t.Context(), path, true)
				if err != nil || f.rows != 5000 || len(f.groups) < 2 || len(f.leaves) != 5 {
					t.Fatal(f, err)
				}
				n := 0
				_, err = Parquet{}.Scan(t.Context(), models.ReadPlan{Path: path, Columns: []string{"i", "l", "ll", "s"}}, func(rows [][]string) error {
					n += len(rows)
					return nil
				})
				if err != nil || n != 5000 {
					t.Error(n, err)
				}
			})
		}
	}
}

func copyTo(t testing.TB, path, query, options string) {
	t.Helper()
	db, err := openPool(DefaultSettings.Load, "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), fmt.Sprintf("COPY (%s) TO %s (FORMAT parquet, %s)", query, literal(path), options)); err != nil {
		t.Fatal(err)
	}
}

// Days, times of day, numbers of every width and what no cell can hold.
func TestParquetTypes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.parquet")
	copyTo(t, path, `SELECT TIME '00:00:00' AS "time", '6d0fdd6d-7819-4a57-88e7-dba2cbe35278'::UUID AS "uuid", TIMESTAMP '2020-01-01 10:00:00.5' AS "moment",
		DATE '2020-01-02' AS "day", 12.30::DECIMAL(6,2) AS "decimal", 18446744073709551615::UBIGINT AS "large", 'NaN'::DOUBLE AS "none", 'infinity'::TIMESTAMP AS "never",
		{'t': TIME '10:11:12'} AS "inside", TIMESTAMPTZ '2020-01-01 10:00:00+07' AS "zone"`, "CODEC snappy")
	cols, err := Parquet{}.Columns(t.Context(), models.ReadPlan{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	found, err := Parquet{}.Scan(t.Context(), models.ReadPlan{Path: path, Columns: cols}, func(rows [][]string) error {
		got = append(got, rows[0]...)
		return nil
	})
	want := "00:00:00|6d0fdd6d-7819-4a57-88e7-dba2cbe35278|2020-01-01 10:00:00.5|2020-01-02|12.3|18446744073709551615|NaN|" + beyondTime + "|t=10:11:12|2020-01-01 03:00:00"
	if err != nil || strings.Join(got, "|") != want {
		t.Errorf("%s, %v\nwant %s", strings.Join(got, "|"), err, want)
	}
	if len(found) != 2 || found[0].Column != "never" || found[0].Severity != models.Doubt || found[1].Column != "inside" {
		t.Errorf("the findings are %v", found)
	}
}

func TestUnsnap(t *testing.T) {
	for _, tt := range []struct{ name, packed, want string }{
		{"as it stands", "\x03\x08abc", "abc"},
		{"a copy that runs into itself", "\x08\x04ab\x09\x02", "abababab"},
		{"a copy from nowhere", "\x08\x04ab\x09\x09", "ab"},
		{"cut short", "\x08\x0cab", "ab"},
		{"longer than it says", "\x01\x08abc", "a"},
		{"nothing", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(unsnap([]byte(tt.packed), 100)); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// FuzzParquetHeaders: no footer and no page brings the reader down, or makes it
// hold more than the file.
func FuzzParquetHeaders(f *testing.F) {
	for _, h := range []handmade{{3, 3, 3, 3, nil, nil}, {2, 2, 3, 3, func([]byte) int { return 0 }, []byte{3, 0b010}}} {
		b, err := os.ReadFile(h.write(f))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	path := filepath.Join(f.TempDir(), "x.parquet")
	copyTo(f, path, "SELECT i, [i] AS l FROM range(20) r(i)", "CODEC snappy")
	b, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		foot, err := footerOf(bytes.NewReader(b), int64(len(b)))
		if err == nil {
			err = foot.checkPages(t.Context(), bytes.NewReader(b))
		}
		var told *models.Finding
		if err != nil && (!errors.As(err, &told) || told.What == "" || told.Do == "") {
			t.Errorf("%v", err)
		}
	})
}
