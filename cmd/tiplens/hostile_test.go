package main

import (
	"archive/zip"
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
		{name: "a header of 280 KB", file: "a.csv", code: exitFailure,
			content: []byte(repeat("a column with a long name %d,", 10_000) + personHead + repeat(",", 10_000) + "Kandal,VN,2021\n"),
			says:    []string{"a.csv, row 1", "header is longer than 256 KB"}, silent: []string{"no column"}},
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

// workbook zips a workbook with one sheet, whose XML is given, and what else
// stands in it.
func workbook(t *testing.T, sheet string, more map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	all := map[string]string{
		"[Content_Types].xml":        `<Types/>`,
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="a/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="b"><sheets><sheet name="May" sheetId="1" r:id="s1"/><sheet name="Old" sheetId="2" state="hidden" r:id="s2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s1" Type="a/worksheet" Target="s.xml"/><Relationship Id="s2" Type="a/worksheet" Target="h.xml"/></Relationships>`,
		"xl/s.xml":                   sheet,
		"xl/h.xml":                   `<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`,
	}
	for name, text := range more {
		all[name] = text
	}
	for name, text := range all {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// cell is an inline text, so that the tests need no list of shared ones.
func cell(ref, text string) string {
	return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
}

// TestHostileWorkbooks: workbooks that unpack to more than memory holds, or
// that say less than they show.
func TestHostileWorkbooks(t *testing.T) {
	head := `<row r="1">` + cell("A1", "Province") + cell("B1", "Nationality") + cell("C1", "Year") + `</row>`
	person := func(row int, province string) string {
		return fmt.Sprintf(`<row r="%d">`, row) + cell(fmt.Sprintf("A%d", row), province) + cell(fmt.Sprintf("B%d", row), "VN") + fmt.Sprintf(`<c r="C%d"><v>2021</v></c></row>`, row)
	}
	sheet := func(rows ...string) string {
		return `<worksheet><sheetData>` + head + strings.Join(rows, "") + `</sheetData></worksheet>`
	}
	var names, wide strings.Builder
	for range 16_000 {
		names.WriteString(`<c t="inlineStr"><is><t>same</t></is></c>`)
	}
	for i := range 6000 {
		wide.WriteString(strings.Replace(person(i+2, "Kandal"), "</row>", fmt.Sprintf(`<c r="XFD%d"><v>1</v></c></row>`, i+2), 1))
	}
	zeros := strings.Repeat("0", 96<<20)
	runAll(t, []badFile{
		{name: "a picture of zeros", file: "a.xlsx", content: workbook(t, sheet(person(2, "Kandal")), map[string]string{"xl/media/p.png": zeros}),
			says: []string{"1 row read = 1 taken", `hidden sheets, which were not read: "Old"`}, total: "1,1,1,value"},
		{name: "a cell of 96 MB", file: "a.xlsx", code: exitFailure, content: workbook(t, sheet(person(2, "Kandal"), person(3, zeros)), nil),
			says: []string{"a.xlsx", "May", "a text of more than 4 MB", "save it again"}},
		{name: "a mark of 96 MB", file: "a.xlsx", code: exitFailure, content: workbook(t, sheet(person(2, "Kandal"), `<row a="`+zeros+`"></row>`), nil),
			says: []string{"a.xlsx", "a text of more than 4 MB"}},
		{name: "a cell in the last column of every row", file: "a.xlsx", content: workbook(t, sheet(wide.String()), nil),
			says: []string{"6,000 rows read = 6,000 taken", "to the right of the header's 3 columns"}, total: "6000,6000,6000,value"},
		{name: "a row beyond the sheet", file: "a.xlsx", code: exitFailure, content: workbook(t, sheet(person(2_000_000_000, "Kandal")), nil),
			says: []string{"row 2000000000", "sheets end at row 1048576"}},
		{name: "16,000 names that are the same", file: "a.xlsx", content: workbook(t, strings.Replace(sheet(person(2, "Kandal")), "</row>", names.String()+"</row>", 1), nil),
			says: []string{"1 row read = 1 taken"}, total: "1,1,1,value"},
		{name: "a row that comes twice", file: "a.xlsx", code: exitFailure, content: workbook(t, sheet(person(2, "Kandal"), person(2, "Kampot")), nil),
			says: []string{"a.xlsx", "row 2 is followed by a row numbered \"2\"", "save it again"}},
		{name: "a row that comes too late", file: "a.xlsx", code: exitFailure, content: workbook(t, sheet(person(2, "Kandal"), person(4, "Kampot"), person(3, "Kampot")), nil),
			says: []string{"row 4 is followed by a row numbered \"3\""}},
		{name: "a cell that comes twice", file: "a.xlsx", code: exitFailure, content: workbook(t, sheet(person(2, "Kandal"), `<row r="3">`+cell("A3", "Kandal")+cell("A3", "Kampot")+`</row>`), nil),
			says: []string{"row 3 has two cells in its column 1"}},
		{name: "a formula without its result", file: "a.xlsx", content: workbook(t, sheet(person(2, "Kandal"), strings.Replace(person(3, "Kandal"), "<v>2021</v>", "<f>C2</f>", 1)), nil),
			says: []string{"row 3", "formula whose result is not stored", "Open the workbook in Excel"}, total: "2,2,2,value"},
		{name: "merged provinces", file: "a.xlsx", content: workbook(t, strings.Replace(sheet(person(2, "Kandal"), person(3, "")), "</worksheet>", `<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:A3"/></mergeCells></worksheet>`, 1), nil),
			says: []string{"row 2", "A2:A3 is the first range", "their text was read for each"}, total: "2,2,2,value"},
		{name: "merged numbers", file: "a.xlsx", args: figuresMap, content: workbook(t, `<worksheet><sheetData><row>`+cell("A1", "Province")+cell("B1", "Year")+cell("C1", "Value")+
			`</row><row>`+cell("A2", "Kandal")+`<c r="B2"><v>2021</v></c><c r="C2"><v>7</v></c></row><row>`+cell("A3", "Kampot")+`<c r="B3"><v>2021</v></c><c r="C3"><v>2</v></c></row><row>`+cell("A4", "Takeo")+`<c r="B4"><v>2021</v></c></row></sheetData><mergeCells><mergeCell ref="C3:C4"/></mergeCells></worksheet>`, nil),
			says: []string{"row 3", "C3:C4 is the first range", "Undo the merging"}, total: ",9,,bound"},
		{name: "two names but for capitals", file: "a.csv", content: []byte("Province,Nationality,Year,province\nKandal,VN,2021,Kampot\n"),
			says: []string{"column province", "same name but for capitals"}, total: "1,1,1,value"},
		{name: "a boolean as a number", file: "a.xlsx", code: exitFailure, args: figuresMap,
			content: workbook(t, `<worksheet><sheetData><row>`+cell("A1", "Province")+cell("B1", "Year")+cell("C1", "Value")+`</row><row>`+cell("A2", "Kandal")+`<c r="B2"><v>2021</v></c><c r="C2" t="b"><v>1</v></c></row></sheetData></worksheet>`, nil),
			says:    []string{`"TRUE" is no number`}},
		{name: "a packed table", file: "a.csv.zip", code: exitFailure, content: archive(t, "a.csv", personHead), says: []string{"zip archive", "Unpack it"}},
		{name: "a document", file: "a.docx", code: exitFailure, content: workbook(t, "", map[string]string{"word/document.xml": "<x/>"}), says: []string{"Word document", "ask the sender", "Excel"}},
	})
}

func archive(t *testing.T, name, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestHostileNumbers: a number that no count can be is held back and named; a
// bound is read as what it says.
func TestHostileNumbers(t *testing.T) {
	figure := func(value string) []byte {
		return []byte("Province,Year,Value\nKandal,2021,\"" + value + "\"\nKampot,2021,3\n")
	}
	held := func(value string, says ...string) badFile {
		return badFile{name: value, file: "a.csv", content: figure(value), args: figuresMap,
			says: append([]string{"2 rows read = 1 taken + 1 held back", "row 2", "column Value"}, says...), total: "3,3,3,value"}
	}
	both := append([]string{}, figuresMap...)
	both[5] = "place=Province,year=Year,value=Value,value_low=Low,value_high=High"
	ends := append([]string{}, figuresMap...)
	ends[5] = "place=Province,year=Year,value_low=Low,value_high=High"
	read := func(value, total string) badFile {
		return badFile{name: value, file: "a.csv", content: []byte("Province,Year,Value\nKandal,2021,\"" + value + "\"\n"), args: figuresMap, says: []string{"1 row read = 1 taken"}, total: total}
	}
	runAll(t, []badFile{
		held("1.234", "thousands with a dot", "counted whole"), held(">1.234", "thousands with a dot"), held(">-5", "is no number"), held("1e308", "more than anybody"),
		held("9007199254740993", "more than anybody"), held("-0", "negative"), held("12%", "percentage", "persons are counted"), held("<5%", "percentage"), held("10-5", "is no number"),
		{name: "a value outside its bounds", file: "a.csv", args: both, content: []byte("Province,Year,Value,Low,High\nKandal,2021,50,1,9\nKampot,2021,3,1,9\n"),
			says: []string{"1 held back", "row 2", "is not between the lowest and the highest value of its row, 1 and 9"}, total: "3,3,3,value"},
		{name: "a lowest value that is no count", file: "a.csv", args: ends, content: []byte("Province,Year,Low,High\nKandal,2021,1.500,9\nKampot,2021,3,1e300\nTakeo,2021,3,9\n"),
			says: []string{"2 held back", "thousands with a dot", "more than anybody"}, total: ",3,9,bound"},
		{name: "bounds without a value are figures", file: "a.csv", args: ends, content: []byte("Province,Year,Low,High\nKandal,2021,100,200\n"),
			says: []string{"1 row read = 1 taken"}, total: ",100,200,bound"},
		read("5-10", ",5,10,bound"), read("5+", ",5,,bound"), read("~20", "20,20,20,value"), read("1,282", "1282,1282,1282,value"), read("5.0", "5,5,5,value"),
		{name: "a date and a word", file: "a.csv", content: []byte(personHead + "Kandal,VN,2020-01-01 garbage\nKandal,VN,2020-01-01 10:00:00\n"),
			says: []string{"1 held back", "row 2", "is no year, period or date"}, total: "1,1,1,value"},
	})
}

// TestTotalRowsInRecords: the last row of a list of persons is often a total,
// and no person.
func TestTotalRowsInRecords(t *testing.T) {
	var files []badFile
	for _, total := range []string{"Total,VN,2021", "_T,VN,2021", "Kandal,Total,2021", "Kandal,_X,2021"} {
		files = append(files, badFile{name: total, file: "a.csv", content: []byte(personHead + "Kandal,VN,2021\nKampot,VN,2021\n" + total + "\n"),
			says: []string{"3 rows read = 2 taken + 1 held back", "row 4", "row of totals"}, total: "2,2,2,value"})
	}
	files = append(files, badFile{name: "nothing but a label", file: "a.csv", content: []byte(personHead + "Kandal,VN,2021\nKampot,VN,2021\nGrand total,,\n"),
		says: []string{"3 rows read = 2 taken + 0 held back + 1 skipped", "rows that add up the others"}, total: "2,2,2,value"})
	runAll(t, files)
}
