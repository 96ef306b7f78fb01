package datasets

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"tiplens/models"
)

func packed(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encoded(t testing.TB, e encoding.Encoding, text string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The same small table in all the ways in which it may come.
func TestReadDialects(t *testing.T) {
	want := [][]string{{"Province", "Year", "Note"}, {"Kampot", "2024", "a"}, {"Takeo", "2025", ""}}
	const plain = "Province,Year,Note\nKampot,2024,a\nTakeo,2025,\n"
	with := func(delim string) []byte { return []byte(strings.ReplaceAll(plain, ",", delim)) }
	for _, tt := range []struct {
		name    string
		content []byte
		opts    Options
		want    [][]string
	}{
		{name: "comma", content: []byte(plain)},
		{name: "semicolon", content: with(";")},
		{name: "tab", content: with("\t")},
		{name: "pipe", content: with("|")},
		{name: "semicolon with decimal commas", content: []byte("a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n"), want: [][]string{{"a", "b", "c"}, {"1,5", "2,5", "3,5"}, {"1,5", "2,5", "3,5"}}},
		{name: "tab with commas in the text", content: []byte("Province\tNote\nKampot\ta, b, c\nTakeo\td, e\n"), want: [][]string{{"Province", "Note"}, {"Kampot", "a, b, c"}, {"Takeo", "d, e"}}},
		{name: "one column", content: []byte("Province\nKampot\nTakeo\n"), want: [][]string{{"Province"}, {"Kampot"}, {"Takeo"}}},
		{name: "no line end at the end", content: []byte(strings.TrimSuffix(plain, "\n"))},
		{name: "empty lines at the end", content: []byte(plain + "\n\n")},
		{name: "empty lines between", content: []byte(strings.ReplaceAll(plain, "\nT", "\n\nT"))},
		{name: "CRLF", content: []byte(strings.ReplaceAll(plain, "\n", "\r\n"))},
		{name: "CR only", content: []byte(strings.ReplaceAll(plain, "\n", "\r"))},
		{name: "BOM", content: []byte("\xef\xbb\xbf" + plain)},
		{name: "everything quoted", content: []byte("\"Province\",\"Year\",\"Note\"\n\"Kampot\",\"2024\",\"a\"\n\"Takeo\",\"2025\",\"\"\n")},
		{name: "BOM and quotes", content: []byte("\xef\xbb\xbf\"Province\",Year,Note\nKampot,2024,a\nTakeo,2025,\n")},
		{name: "UTF-16, little end first", content: encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), plain)},
		{name: "UTF-16, big end first", content: encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), plain)},
		{name: "UTF-16 with CRLF and tabs", content: encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), strings.ReplaceAll(string(with("\t")), "\n", "\r\n"))},
		{name: "UTF-16 without a mark, named", content: encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), plain), opts: Options{Shape: Shape{Encoding: "utf-16le"}}},
		{name: "gzip", content: packed(t, []byte(plain))},
		{name: "gzip of UTF-16", content: packed(t, encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), plain))},
		{name: "gzip in two members", content: append(packed(t, []byte(plain[:20])), packed(t, []byte(plain[20:]))...)},
		{name: "western Windows", content: encoded(t, charmap.Windows1252, "Pays;Année\nViêt Nam;2024\nCôte d’Ivoire;2025\n"), opts: Options{Shape: Shape{Encoding: "windows-1252"}},
			want: [][]string{{"Pays", "Année"}, {"Viêt Nam", "2024"}, {"Côte d’Ivoire", "2025"}}},
		{name: "Thai Windows", content: encoded(t, charmap.Windows874, "จังหวัด,ปี\nตราด,2024\n"), opts: Options{Shape: Shape{Encoding: "windows-874"}}, want: [][]string{{"จังหวัด", "ปี"}, {"ตราด", "2024"}}},
		{name: "Khmer", content: []byte("ខេត្ត,ឆ្នាំ\nកណ្ដាល,២០២៤\n"), want: [][]string{{"ខេត្ត", "ឆ្នាំ"}, {"កណ្ដាល", "២០២៤"}}},
		{name: "delimiter in quotes", content: []byte("a,b\n\"x,y\",z\n"), want: [][]string{{"a", "b"}, {"x,y", "z"}}},
		{name: "doubled quotes", content: []byte("a,b\n\"say \"\"no\"\"\",\"\"\"\"\n"), want: [][]string{{"a", "b"}, {`say "no"`, `"`}}},
		{name: "line ends in quotes", content: []byte("a,b\n\"x\ny\",\"u\r\nv\"\n"), want: [][]string{{"a", "b"}, {"x\ny", "u\nv"}}},
		{name: "line end in quotes, CR only", content: []byte("a,b\r\"x\ry\",z\r"), want: [][]string{{"a", "b"}, {"x\ny", "z"}}},
		{name: "empty fields in quotes", content: []byte("a,b,c\n\"\",,\"\"\n"), want: [][]string{{"a", "b", "c"}, {"", "", ""}}},
		{name: "header with a line end", content: []byte("\"a\nb\",c\n1,2\n"), want: [][]string{{"a\nb", "c"}, {"1", "2"}}},
		{name: "empty fields too many", content: []byte("a,b\n1,2,,\n"), want: [][]string{{"a", "b"}, {"1", "2"}}},
		{name: "escape sequences in the text", content: []byte("a,b\n\x1b[31mx\x1b[0m,\u202ey\n"), want: [][]string{{"a", "b"}, {"[31mx[0m", "y"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == nil {
				tt.want = want
			}
			got, _, err := rowsOf(t, spill(t, "table.csv", tt.content), tt.opts)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// Titles above the header are no data, and are said.
func TestReadBanner(t *testing.T) {
	rows, notes, err := rowsOf(t, spill(t, "a.csv", []byte("Monthly report,,\n\nProvince,Year,n\nKampot,2024,3\n")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := [][]string{{"Province", "Year", "n"}, {"Kampot", "2024", "3"}}; !reflect.DeepEqual(rows, want) {
		t.Errorf("got %q, want %q", rows, want)
	}
	if len(notes) != 1 || notes[0].Severity != models.Note {
		t.Fatalf("the findings are %v, want one note", notes)
	}
	says(t, &notes[0], "row 3", "Monthly report")
}

// A file that cannot be read ends in one sentence: which file, where, what is
// wrong, what to do.
func TestFilesThatCannotBeRead(t *testing.T) {
	ole := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600)
	big := packed(t, bytes.Repeat([]byte("Kampot,2024,12345678901234567890\n"), 200_000))
	for _, tt := range []struct {
		name, file, content string
		opts                Options
		row                 int64
		words               []string
	}{
		{name: "empty", file: "a.csv", content: "", words: []string{"a.csv", "empty", "sender"}},
		{name: "only a BOM", file: "a.csv", content: "\xef\xbb\xbf", words: []string{"a.csv", "no rows"}},
		{name: "only line ends", file: "a.csv", content: "\n\r\n\n", words: []string{"a.csv", "no rows"}},
		{name: "packed nothing", file: "a.csv.gz", content: string(packed(t, nil)), words: []string{"a.csv.gz", "no rows"}},
		{name: "binary", file: "a.csv", content: "a,b\x00\x01\x02", words: []string{"a.csv", "binary", "CSV", ".xlsx", "Parquet"}},
		{name: "picture", file: "a.png", content: "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", words: []string{"a.png", "picture"}},
		{name: "old Excel", file: "a.xls", content: ole, words: []string{"a.xls", "old Excel", "save it as .xlsx"}},
		{name: "old Excel in capitals", file: "A.XLS", content: ole, words: []string{"A.XLS", "old Excel"}},
		{name: "Excel behind a password", file: "a.xlsx", content: ole, words: []string{"a.xlsx", "password", "remove"}},
		{name: "OpenDocument", file: "a.ods", content: openDocument(t), words: []string{"a.ods", "OpenDocument", ".xlsx or .csv"}},
		{name: "PDF", file: "a.pdf", content: "%PDF-1.7\n1 0 obj", words: []string{"a.pdf", "PDF", "Excel or CSV"}},
		{name: "PDF called CSV", file: "a.csv", content: "%PDF-1.7\n1 0 obj", words: []string{"a.csv", "PDF"}},
		{name: "damaged workbook", file: "a.xlsx", content: "PK\x03\x04 and then nothing", words: []string{"a.xlsx", "workbook", "Excel"}},
		{name: "zip that is no workbook", file: "a.zip", content: zipped(t, "a.csv", "a,b\n1,2\n"), words: []string{"a.zip"}},
		{name: "Parquet without a store", file: "a.parquet", content: "PAR1PAR1", words: []string{"a.parquet", "Parquet", "CSV"}},
		{name: "gzip cut in its head", file: "a.csv.gz", content: "\x1f\x8b\x08", words: []string{"a.csv.gz", "damaged", "sender"}},
		{name: "gzip cut soon", file: "a.csv.gz", content: string(packed(t, []byte("a,b\n1,2\n"))[:20]), words: []string{"a.csv.gz", "damaged", "sender"}},
		{name: "gzip cut late", file: "a.csv.gz", content: string(big[:len(big)-20]), words: []string{"a.csv.gz", "damaged", "sender"}},
		{name: "gzip of a picture", file: "a.csv.gz", content: string(packed(t, []byte("\x89PNG\x00"))), words: []string{"a.csv.gz", "no text", "Unpack"}},
		{name: "unknown encoding", file: "a.csv", content: "a,b\n1,2\n", opts: Options{Shape: Shape{Encoding: "klingon\x1b[2J"}}, words: []string{"a.csv", "klingon", "windows-1252"}},
		{name: "Windows text taken for UTF-8", file: "a.csv", content: "a,b\nx,y\nVi\xeat Nam,2\n", row: 3, opts: Options{Shape: Shape{Encoding: "utf-8"}}, words: []string{"0xEA", "UTF-8", "--encoding", "windows-1252"}},
		{name: "Windows text in the header", file: "a.csv", content: "Pays,Ann\xe9e\nx,2024\n", row: 1, opts: Options{Shape: Shape{Encoding: "utf-8"}}, words: []string{"0xE9", "UTF-8", "--encoding"}},
		{name: "Windows text behind line ends in quotes", file: "a.csv", content: "a,b\n\"x\n\n\",y\n\xe9,2\n", row: 5, words: []string{"0xE9"}},
		{name: "too few fields", file: "a.csv", content: "a,b,c\n1,2,3\n1,2\n1,2,3\n", row: 3, words: []string{"2 fields", "3", "--hold"}},
		{name: "too many fields", file: "a.csv", content: "a,b\n1,2\n1,2,3\n", row: 3, words: []string{"3 fields", "2", "--hold"}},
		{name: "several such rows", file: "a.csv", content: "a,b\n1,2\n1,2,3\n1,2\n1\n1\n", row: 3, words: []string{"2 more", "--hold"}},
		{name: "ragged behind line ends in quotes", file: "a.csv", content: "a,b\n\"x\n\ny\",2\n\n1\n", row: 6, words: []string{"1 field where", "2"}},
		{name: "ragged in a file of CR", file: "a.csv", content: "a,b\r1,2\r1\r", row: 3, words: []string{"1 field where"}},
		{name: "text behind a closing quote", file: "a.csv", content: "a,b\n1,2\n\"x\"y,2\n", row: 3, words: []string{"quote", "Double", "--hold"}},
		{name: "quote in a bare field", file: "a.csv", content: "a,b\n5\" pipe and 6\" pipe,2\n", row: 2, words: []string{"quote", "Double"}},
		{name: "quote that is not closed", file: "a.csv", content: "a,b\n1,2\n\"x,2\n3,4\n", row: 3, words: []string{"quote", "not closed", "double it"}},
		{name: "quote that is not closed, behind line ends in quotes", file: "a.csv", content: "a,b\n\"x\ny\",2\n1,\"open\n3,4\n", row: 4, words: []string{"not closed"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := strictly(t, spill(t, tt.file, []byte(tt.content)), tt.opts)
			f := finding(t, err)
			says(t, f, tt.words...)
			if f.Severity != models.Refused || f.File != tt.file || f.Row != tt.row {
				t.Errorf("%s, file %q, row %d; want refused, %q, row %d", f.Severity, f.File, f.Row, tt.file, tt.row)
			}
		})
	}
}

func zipped(t *testing.T, name, content string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, content)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// openDocument begins as such a file must: with its type, stored plainly.
func openDocument(t *testing.T) string {
	return zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet")
}

func TestPathsThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	open := func(path string) *models.Finding {
		_, err := Open(context.Background(), path, Options{}, nil)
		return finding(t, err)
	}
	missing := filepath.Join(dir, "no\x1b[2Jwhere.csv")
	f := open(missing)
	says(t, f, "no[2Jwhere.csv", "no such file", "name")
	if strings.Contains(f.String(), "\x1b") {
		t.Errorf("%q carries an escape sequence", f)
	}
	says(t, open(dir), "folder", "file inside")
	says(t, open(os.DevNull), "null", "not an ordinary file")
	if os.Getuid() != 0 { // nothing is closed to root
		path := spill(t, "a.csv", []byte("a,b\n"))
		if err := os.Chmod(path, 0); err != nil {
			t.Fatal(err)
		}
		says(t, open(path), "a.csv", "cannot be read", "who may read")
	}
}

// With --hold bad rows are set aside, each with its line, and the others are
// read.
func TestHoldSetsBadRowsAside(t *testing.T) {
	text := "a,b\n1,2\n1\n\"x\ny\",2\n1,2,3\n\"x\"y,2\n3,4\n"
	rows, notes, err := rowsOf(t, spill(t, "a.csv", []byte(text)), Options{Hold: true})
	if err != nil {
		t.Fatal(err)
	}
	if want := [][]string{{"a", "b"}, {"1", "2"}, {"x\ny", "2"}, {"3", "4"}}; !reflect.DeepEqual(rows, want) {
		t.Errorf("got %q, want %q", rows, want)
	}
	var lines []int64
	for _, n := range notes {
		if n.Severity == models.Held {
			lines = append(lines, n.Row)
		}
	}
	if want := []int64{3, 6, 7}; !reflect.DeepEqual(lines, want) {
		t.Errorf("held back are the rows %v, want %v", lines, want)
	}
}

// A quote in the middle of a bare field spoils its own row. The good rows up to
// the next such quote are not to be lost with it.
func TestHoldLosesNoGoodRow(t *testing.T) {
	text := "a,b\n1,2\n5\" pipe,2\n3,4\n6\" pipe,5\n7,8\n"
	rows, notes, err := rowsOf(t, spill(t, "a.csv", []byte(text)), Options{Hold: true})
	if err != nil {
		t.Fatal(err)
	}
	if want := [][]string{{"a", "b"}, {"1", "2"}, {"3", "4"}, {"7", "8"}}; !reflect.DeepEqual(rows, want) {
		t.Errorf("got %q, want %q; the findings are %v", rows, want, notes)
	}
}

// long makes a file of more than three blocks in which quoted line ends,
// delimiters and doubled quotes stand everywhere, so that they also stand
// where one block ends and the next begins. It returns the rows, and in which
// line each begins.
func long(t testing.TB, lineEnd string) (text []byte, rows [][]string, lines []int64) {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 7))
	var b bytes.Buffer
	line := int64(1)
	write := func(row []string) {
		rows, lines = append(rows, row), append(lines, line)
		for i, f := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			if strings.ContainsAny(f, ",\"\n") || r.IntN(4) == 0 {
				f = `"` + strings.ReplaceAll(f, `"`, `""`) + `"`
			}
			b.WriteString(strings.ReplaceAll(f, "\n", lineEnd))
			line += int64(strings.Count(f, "\n"))
		}
		b.WriteString(lineEnd)
		line++
	}
	write([]string{"n", "text", "end"})
	for n := 0; b.Len() < 3*blockBytes+blockBytes/2; n++ {
		var text strings.Builder
		for range r.IntN(400) {
			text.WriteString([]string{"កណ្ដាល", "word", ",", "\n", `"`, "\n\n", `","`, "a"}[r.IntN(8)])
		}
		write([]string{fmt.Sprint(n), text.String(), "e"})
	}
	return b.Bytes(), rows, lines
}

// Blocks end where a record ends, never inside one: every row comes out once,
// whole, and under the number of the line in which it begins.
func TestBlocksEndWhereRecordsEnd(t *testing.T) {
	for _, tt := range []struct{ name, lineEnd string }{{"LF", "\n"}, {"CRLF", "\r\n"}, {"CR", "\r"}} {
		t.Run(tt.name, func(t *testing.T) {
			text, want, lines := long(t, tt.lineEnd)
			f := mustOpen(t, spill(t, "long.csv", text), Options{})
			blocks, n := 0, 1
			l := &loader{file: f, width: 3}
			err := f.Tables[0].read(context.Background(), frame{first: 1}, func(b block) error {
				blocks++
				return l.rows(b, f.Tables[0].csv, func(line int64, fields [][]byte) error {
					got := []string{string(fields[0]), unify(string(fields[1])), string(fields[2])}
					if n >= len(want) || !reflect.DeepEqual(got, want[n]) || line != lines[n] {
						return fmt.Errorf("row %d in line %d is %.200q, want line %d", n, line, got, lines[n])
					}
					n++
					return nil
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			if n != len(want) || l.n > 0 {
				t.Errorf("%d rows come out and %d are of a wrong shape, of %d", n, l.n, len(want))
			}
			if blocks < 4 {
				t.Errorf("the file comes in %d blocks: nothing was tried", blocks)
			}
		})
	}
}

// unify gives text from a file of any line end the one that the test wrote.
func unify(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// A mistake far behind the first block is still found in its line.
func TestLineNumbersInLaterBlocks(t *testing.T) {
	text := twoBlocks()
	next := int64(bytes.Count(text, []byte("\n"))) + 1
	for _, tt := range []struct {
		name, more string
		row        int64
		words      []string
	}{
		{"ragged", "1,2\n", next, []string{"2 fields"}},
		{"ragged, and more behind it", "1,2,3\n1,2\n1,2,3\n", next + 1, []string{"2 fields"}},
		{"bad quote", "1,\"a\"b,3\n", next, []string{"quote"}},
		{"open quote", "1,2,3\n1,\"a,3\n1,2,3\n", next + 1, []string{"not closed"}},
		{"other encoding", "1,2,3\n1,\xe9,3\n", next + 1, []string{"0xE9"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := strictly(t, spill(t, "long.csv", append(bytes.Clone(text), tt.more...)), Options{Shape: Shape{Encoding: "utf-8"}})
			f := finding(t, err)
			says(t, f, tt.words...)
			if f.Row != tt.row {
				t.Errorf("found in row %d, want %d", f.Row, tt.row)
			}
		})
	}
}

// twoBlocks is a plain table of more than one block, three lines a record.
func twoBlocks() []byte {
	return append([]byte("n,text,end\n"), bytes.Repeat([]byte("1,\"a\n\"\"b\"\",\nc\",3\n"), blockBytes/15)...)
}

// One record that does not end is a quote that was not closed; reading goes no
// further than it must to know.
func TestRecordThatDoesNotEnd(t *testing.T) {
	text := "a,b\n1,2\n\"open," + strings.Repeat("never closed, line after line\n", maxRecord/25)
	err := strictly(t, spill(t, "a.csv", []byte(text)), Options{})
	f := finding(t, err)
	says(t, f, "quote", "not closed")
	if f.Row != 3 {
		t.Errorf("found in row %d, want 3", f.Row)
	}
}

func TestReadIsCancelled(t *testing.T) {
	f := mustOpen(t, spill(t, "long.csv", twoBlocks()), Options{})
	ctx, cancel := context.WithCancel(context.Background())
	rows := 0
	_, err := f.Read(ctx, nil, func([]string) error {
		if rows++; rows == 2 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want a cancelled context", err)
	}
}

func TestColumnNames(t *testing.T) {
	got := columnNames([]string{"Year", " Year ", "", "Pro\x1bvince", "Year", ""})
	if want := []string{"Year", "Year (2)", "column 3", "Province", "Year (3)", "column 6"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A column that is asked for by name must be one column.
func TestColumnNamesAreUnique(t *testing.T) {
	for _, row := range [][]string{{"Year", "Year (2)", "Year"}, {"", "column 1"}, {"column 2", ""}, {"a", "a", "a (2)", "a (2)"}} {
		seen := map[string]bool{}
		for _, c := range columnNames(row) {
			if seen[c] {
				t.Errorf("%q gives two columns the name %q", row, c)
			}
			seen[c] = true
		}
	}
}

// FuzzCSV: no bytes make the reader panic or say something else than a finding,
// and what encoding/csv writes comes back as it was.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "a;b\r\n\"x;\"\"y\";\"1\n2\"\r\n", "a\tb\rc\td\r", "\xef\xbb\xbfa|b\n1|2\n", "\xff\xfea\x00,\x00b\x00\n\x00", "\"", "a,b\n\"x\"y,2\n", "\x1f\x8b\x08", "\n\n",
		"a,b\n1,2,3\n", "PK\x03\x04", "PAR1", "a,\xe9\n", "\"a\nb\",c\n1,2\n", "a,b\n1,\"2", "\r", "a\n\r\nb\r", ",,,\n,,,\n",
	} {
		f.Add([]byte(s))
	}
	dir := f.TempDir()
	path := filepath.Join(dir, "fuzz.csv")
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, hold := range []bool{false, true} {
			_, notes, err := rowsOf(t, path, Options{Hold: hold})
			if err != nil {
				says(t, finding(t, err), "fuzz.csv")
			}
			for _, n := range notes {
				says(t, &n)
			}
		}
		comesBack(t, path, content)
	})
}

// comesBack takes the text as cells of a table, lets encoding/csv write them
// and reads them again.
func comesBack(t *testing.T, path string, content []byte) {
	t.Helper()
	if !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 || len(content) > 1<<16 {
		return
	}
	rows := [][]string{{"first column", "second column"}}
	for _, line := range strings.Split(string(content), "\n") {
		a, b, _ := strings.Cut(line, ",")
		rows = append(rows, []string{a, b}, []string{b + "\n" + a, `"`})
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	stated := Shape{Delimiter: ",", Quote: `"`, Escape: `"`, Header: 1, HeaderRows: 1, Last: 1 << 30}
	got, _, err := rowsOf(t, path, Options{Shape: stated})
	if err != nil {
		t.Fatalf("%q\n%v", text.String(), err)
	}
	var want [][]string
	for _, r := range rows {
		want = append(want, []string{printedCell(r[0]), printedCell(r[1])})
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%q\nis read as\n%q, want\n%q", text.String(), got, want)
	}
}
