package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Bad files as they really come: what each says, and what is counted of it.

// personsMap is how the files of these tests are read.
var personsMap = []string{"--indicator", "vic_identified", "--agency", "KH.NP", "--map", "place=Province,nationality=Nationality,year=Year"}

// figuresMap is the same for figures.
var figuresMap = []string{"--indicator", "vic_identified", "--agency", "KH.NP", "--map", "place=Province,year=Year,value=Value"}

// badFile is a file, how it is loaded, and what must come of it.
type badFile struct {
	name, file string
	content    []byte
	args       []string // personsMap without any
	code       int
	says       []string // of the report
	silent     []string // what it must not say
	total      string   // the answer's total, where the file is loaded
}

func (b badFile) run(t *testing.T, ws, id string) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, b.file)
	if err := os.WriteFile(path, b.content, 0o600); err != nil {
		t.Fatal(err)
	}
	if b.args == nil {
		b.args = personsMap
	}
	before := fingerprint(t, ws)
	start := time.Now()
	code, _, errOut := tl(t, append([]string{"load", path, "--workspace", ws, "--id", id}, b.args...)...)
	if code != b.code {
		t.Fatalf("exit code %d, want %d\n%s", code, b.code, errOut)
	}
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("it takes %v", d)
	}
	for _, s := range b.says {
		if !strings.Contains(errOut, s) {
			t.Errorf("it does not say %q:\n%s", s, errOut)
		}
	}
	for _, s := range b.silent {
		if strings.Contains(errOut, s) {
			t.Errorf("it says %q:\n%s", s, errOut)
		}
	}
	if strings.ContainsAny(errOut, "\x1b\u202e") {
		t.Errorf("%q steers the terminal", errOut)
	}
	if b.code != exitAnswer {
		if fingerprint(t, ws) != before {
			t.Error("the workspace has changed")
		}
		return
	}
	code, out, errOut := tl(t, "show", "vic_identified where dataset="+id, "--workspace", ws, "--format", "csv")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if cells := strings.Split(lines[len(lines)-1], ","); code != exitAnswer || len(cells) < 3 || strings.Join(cells[2:len(cells)-1], ",") != b.total {
		t.Errorf("exit code %d, want the total %q\n%s%s", code, b.total, out, errOut)
	}
}

func runAll(t *testing.T, files []badFile) {
	t.Helper()
	ws := filepath.Join(t.TempDir(), "ws")
	wantTL(t, "load", filepath.Join("..", "..", "testdata", "ctdc_small.csv"), "--workspace", ws)
	for i, b := range files {
		t.Run(b.name, func(t *testing.T) { b.run(t, ws, fmt.Sprintf("bad%d", i)) })
	}
}

// repeat writes n rows, numbered from 0 where the text has a %d.
func repeat(row string, n int) string {
	var b strings.Builder
	for i := range n {
		if strings.Contains(row, "%d") {
			fmt.Fprintf(&b, row, i)
		} else {
			b.WriteString(row)
		}
	}
	return b.String()
}

func zipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(content)
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const personHead = "Province,Nationality,Year\n"

// TestHostileText: no row of a text file vanishes, and none is made up.
func TestHostileText(t *testing.T) {
	good := repeat("Kandal,VN,2021\n", 50)
	runAll(t, []badFile{
		{name: "a stray quote in the banner and one in a row", file: "a.csv", code: exitFailure,
			content: []byte("Notes on the 5\" form,,\n" + personHead + good + "Siem Reap 6\",VN,2021\n" + repeat("Kandal,VN,2021\n", 3)),
			says:    []string{"a.csv, row 53", "quote", "double it"}},
		{name: "a stray quote in the banner alone", file: "a.csv", content: []byte("Notes on the 5\" form,,\n" + personHead + good),
			says: []string{"50 rows read = 50 taken"}, total: "50,50,50,value"},
		{name: "a banner in quotes over two lines", file: "a.csv", content: []byte("\"Notes\non the form\",,\n" + personHead + good),
			says: []string{"50 rows read = 50 taken"}, total: "50,50,50,value"},
		{name: "a stray quote in the header", file: "a.csv", code: exitFailure, content: []byte("Province,Nationality,Year\"\n" + good + "Kandal,\"VN\",2021\n" + "Kandal\",VN,2021\n"),
			says: []string{"a.csv, row 1", "header", "Double the quotes"}},
		{name: "rows that are all empty", file: "a.csv", content: []byte(personHead + good + ",,\n , ,\t\n\n" + good + ",,\n"),
			says: []string{"103 rows read = 100 taken + 0 held back + 3 skipped", "every cell is empty"}, total: "100,100,100,value"},
		{name: "every row wider than the header", file: "a.csv", content: []byte(personHead + repeat("Kandal,VN,2021,\n", 4)),
			says: []string{"every row has more fields than the header", "tiplens read"}, total: "4,4,4,value"},
		{name: "one row wider than the header", file: "a.csv", content: []byte(personHead + good + "Kandal,VN,2021,\n"),
			silent: []string{"every row has more fields"}, total: "51,51,51,value"},
		{name: "utf-8 that is none", file: "a.csv", code: exitFailure, args: append([]string{"--encoding", "utf-8"}, personsMap...),
			content: []byte(personHead + good + "Kandal,Fran\xe7ais,2021\n"), says: []string{"row 52", "0xE7", "UTF-8"}},
		{name: "half a character in utf-16", file: "a.csv", code: exitFailure,
			content: append([]byte("\xff\xfe"), utf16le(personHead+good+"Kandal,\xff,2021\n")...), says: []string{"row 52", "cannot be read", "--encoding"}},
		{name: "a header of 70 KB", file: "a.csv", code: exitFailure,
			content: []byte(repeat("a column with a long name %d,", 2500) + personHead + repeat(",", 2500) + "Kandal,VN,2021\n"),
			says:    []string{"a.csv, row 1", "header is longer than 64 KB"}, silent: []string{"no column"}},
		{name: "a line without end", file: "a.csv", code: exitFailure, content: []byte(personHead + good + repeat("Kandal,", 3<<20)),
			says: []string{"row 52", "longer than 16 MB"}, silent: []string{"quote"}},
		{name: "a packed line without end", file: "a.csv.gz", code: exitFailure, args: append([]string{"--hold"}, personsMap...),
			content: zipped(t, bytes.Repeat([]byte(personHead[:len(personHead)-1]), 8<<20)), says: []string{"longer than"}, silent: []string{"quote"}},
	})
}

// utf16le encodes ASCII; \xff becomes half a surrogate pair.
func utf16le(s string) []byte {
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] == 0xff {
			out = append(out, 0x00, 0xd8)
			continue
		}
		out = append(out, s[i], 0)
	}
	return out
}
