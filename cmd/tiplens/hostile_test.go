package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
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

// TestHostileRecipes: a recipe that would take the program down, or store what
// names people, is refused by its line; in the folder of recipes it disturbs
// no load.
func TestHostileRecipes(t *testing.T) {
	head := "recipe: mine\ngrain: record\nmatch: {header: [Province, Year, Phone]}\n"
	fields := "fields:\n  indicator: {const: vic_identified}\n  agency: {const: KH.NP}\n  place: Province\n"
	bomb := head + "about: &a0 x\ndrop: &a1 [b, b, b, b, b, b, b, b, b, b]\n"
	for i := 2; i < 9; i++ {
		bomb += fmt.Sprintf("keep%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
	}
	dir := t.TempDir()
	ws := filepath.Join(dir, "ws")
	data := filepath.Join(dir, "cases.csv")
	if err := os.WriteFile(data, []byte("Province,Year,Phone\nKandal,2021,012\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	load := func(args ...string) (int, string) {
		t.Helper()
		code, _, errOut := tl(t, append([]string{"load", data, "--workspace", ws}, args...)...)
		return code, errOut
	}
	if code, errOut := load("--indicator", "vic_identified", "--agency", "KH.NP", "--map", "place=Province,year=Year"); code != exitAnswer {
		t.Fatal(errOut)
	}
	before := fingerprint(t, ws)
	for _, tt := range []struct {
		name, text string
		pipe       bool
		says       string
	}{
		{name: "an alias of itself", text: head + fields + "  year: &a {from: Year, else: *a}\n", says: "line 8: *a stands for itself"},
		{name: "aliases of aliases", text: bomb + fields, says: "more than a recipe can hold"},
		{name: "too long", text: head + fields + strings.Repeat("# x\n", 1<<19), says: "longer than 1024 KB"},
		{name: "a pipe", pipe: true, says: "no ordinary file"},
		{name: "a leg from a phone number", text: head + fields + "legs:\n  - {role: transit, place: Phone}\n", says: `column "Phone" looks like it names people`},
		{name: "a leg that falls back on a name", text: head + fields + "legs:\n  - {role: transit, place: {from: Province, else: {from: Full name}}}\n", says: `column "Full name" looks like it names people`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "mine.yaml")
			make := func(path string) error { return os.WriteFile(path, []byte(tt.text), 0o600) }
			if tt.pipe {
				make = func(path string) error { return syscall.Mkfifo(path, 0o600) }
			}
			if err := make(path); err != nil {
				t.Fatal(err)
			}
			code, errOut := load("--recipe", path)
			if code != exitUsage || !strings.Contains(errOut, "mine.yaml") || !strings.Contains(errOut, tt.says) || strings.Count(errOut, "\n") > 1 {
				t.Errorf("exit code %d: %q", code, errOut)
			}
			if fingerprint(t, ws) != before {
				t.Error("the workspace has changed")
			}
			saved := filepath.Join(ws, "recipes", "bad.yaml")
			if err := errors.Join(os.MkdirAll(filepath.Dir(saved), 0o700), make(saved)); err != nil {
				t.Fatal(err)
			}
			defer os.Remove(saved)
			if code, errOut := load(); code != exitFailure || !strings.Contains(errOut, "no recipe knows this layout") {
				t.Errorf("in the folder of recipes: exit code %d: %q", code, errOut)
			}
		})
	}
}
