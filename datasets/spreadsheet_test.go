package datasets

import (
	"archive/zip"
	"bytes"
	"context"
	"reflect"
	"testing"

	"tiplens/models"
)

// parts zips the parts of a workbook as another program might write them.
func parts(t testing.TB, sheet, texts string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"_rels/.rels":     `<Relationships><Relationship Id="r1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/book/main.xml"/></Relationships>`,
		"book/main.xml":   `<x:workbook xmlns:x="a" xmlns:r="b"><x:sheets><x:sheet name="May" sheetId="1" r:id="s1"/><x:sheet name="Chart" sheetId="2" r:id="c1"/></x:sheets></x:workbook>`,
		"book/s/May.xml":  sheet,
		"book/texts.xml":  texts,
		"book/styles.xml": `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
		"book/_rels/main.xml.rels": `<Relationships><Relationship Id="s1" Type="a/worksheet" Target="s/May.xml"/><Relationship Id="c1" Type="a/chartsheet" Target="c.xml"/>
			<Relationship Id="t" Type="a/sharedStrings" Target="texts.xml"/><Relationship Id="f" Type="a/styles" Target="styles.xml"/></Relationships>`,
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name}) // stored, for fuzzing opens many
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(text))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return spill(t, "a.xlsx", b.Bytes())
}

const sharedTexts = `<sst><si><t>Province</t></si><si><r><t xml:space="preserve">Kam</t></r><r><t>pot</t></r><rPh><t>hint</t></rPh></si><si/><si><t>a_x0041_ &amp; b_x</t></si></sst>`

func TestReadWorkbookOfOtherPrograms(t *testing.T) {
	for _, tt := range []struct {
		name, rows string
		want       [][]string
	}{
		{"shared texts, rich and escaped", `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>3</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="s"><v>2</v></c></row>`, [][]string{{"Province", "aA & b_x"}, {"Kampot", ""}}},
		{"no references", `<row><c t="inlineStr"><is><t>a</t></is></c><c t="str"><f>1+1</f><v>b</v></c></row><row><c><v>1</v></c><c t="b"><v>1</v></c></row>`, [][]string{{"a", "b"}, {"1", "TRUE"}}},
		{"cells left out", `<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row><row r="4"><c r="B4" s="1"/><c r="C4"><v>7</v></c></row>`, [][]string{{"1", "", "3"}, {"", "", "7"}}},
		{"dates, as a number and as ISO text", `<row><c s="1"><v>45049</v></c></row><row><c s="1" t="d"><v>2023-05-03T00:00:00Z</v></c></row><row><c s="9"><v>45049</v></c></row>`, [][]string{{"2023-05-03"}, {"2023-05-03T00:00:00Z"}, {"45049"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := rowsOf(t, parts(t, `<worksheet><cols><col min="1"/></cols><sheetData>`+tt.rows+`</sheetData></worksheet>`, sharedTexts), Options{})
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %q, %v\nwant %q", got, err, tt.want)
			}
		})
	}
}

// A damaged sheet is refused as a whole: what is left of it would look like
// all there is.
func TestDamagedWorkbook(t *testing.T) {
	for _, tt := range []struct{ name, sheet, texts, word string }{
		{"cut short", `<worksheet><sheetData><row><c><v>1</v></c></row><row><c><v>2</v>`, sharedTexts, "middle"},
		{"cut between rows", `<worksheet><sheetData><row><c><v>1</v></c></row>`, sharedTexts, "middle"},
		{"a text that is not there", `<worksheet><sheetData><row><c t="s"><v>4</v></c></row></sheetData></worksheet>`, sharedTexts, "text 4"},
		{"a column that is none", `<worksheet><sheetData><row><c r="ZZZZ1"><v>4</v></c></row></sheetData></worksheet>`, sharedTexts, "outside"},
		{"a row that is none", `<worksheet><sheetData><row r="1048577"><c><v>4</v></c></row></sheetData></worksheet>`, sharedTexts, "1048577"},
		{"texts cut short", `<worksheet><sheetData/></worksheet>`, `<sst><si><t>a`, "opened"},
		{"no sheet", ``, sharedTexts, "cannot be read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := rowsOf(t, parts(t, tt.sheet, tt.texts), Options{})
			f := finding(t, err)
			says(t, f, "a.xlsx", tt.word)
			if f.Severity != models.Refused {
				t.Errorf("the severity is %s", f.Severity)
			}
		})
	}
}

// Beyond the first rows, too.
func TestWorkbookDamagedFurtherDown(t *testing.T) {
	rows := bytes.Repeat([]byte(`<row><c><v>1</v></c></row>`), 2*headRows)
	f := mustOpen(t, parts(t, `<worksheet><sheetData>`+string(rows)+`<row><c><v>`, sharedTexts), Options{})
	_, err := f.Read(context.Background(), nil, func([]string) error { return nil })
	says(t, finding(t, err), "sheet May", "row 81", "damaged", "middle")
}

func FuzzWorkbook(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, sharedTexts)
	f.Add(`<row><c s="1"><v>45049</v></c><c t="inlineStr"><is><t>x</t></is></c></row>`, ``)
	f.Fuzz(func(t *testing.T, rows, texts string) {
		file, err := Open(context.Background(), parts(t, `<worksheet><sheetData>`+rows+`</sheetData></worksheet>`, texts), Options{}, nil)
		if err != nil {
			finding(t, err)
			return
		}
		if _, err := file.Read(context.Background(), nil, func([]string) error { return nil }); err != nil {
			finding(t, err)
		}
	})
}
