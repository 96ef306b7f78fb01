package datasets

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"testing"

	"tiplens/models"
)

// compound is a file of an old Office program with one name in its directory.
func compound(name string) string {
	b := make([]byte, 2048)
	copy(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	binary.LittleEndian.PutUint16(b[30:], 9)
	binary.LittleEndian.PutUint32(b[48:], 1) // the directory is in the second sector
	for i, c := range []byte(name) {
		b[1024+2*i] = c
	}
	return string(b)
}

func zipOf(t testing.TB, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		w, err := z.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte("a,b\n1,2\n"))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is no table is refused with what it is and what to do, whatever its
// name says.
func TestFilesThatAreNoTables(t *testing.T) {
	for _, tt := range []struct {
		name, file, content string
		words               []string
	}{
		{"old Excel", "a.xls", compound("Workbook"), []string{"old Excel workbook", "save it as .xlsx"}},
		{"old Excel under a new name", "a.xlsx", compound("Workbook"), []string{"old Excel workbook"}},
		{"a locked workbook", "a.xlsx", compound("EncryptedPackage"), []string{"protected with a password", "remove the password"}},
		{"old Word", "a.doc", compound("WordDocument"), []string{"old Office program", "Copy its table"}},
		{"a web page as .xls", "a.xls", "\xef\xbb\xbf\n<html xmlns:o=\"x\"><table><tr><td>a</td></tr></table></html>", []string{"web page", "Open it in Excel"}},
		{"only its table", "a.xls", "<TABLE border=1><tr><td>a</td></tr></TABLE>", []string{"web page"}},
		{"XML of Excel 2003", "a.xls", "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook/>", []string{"XML", "Excel"}},
		{"JSON", "a.csv", `[{"a": 1}, {"a": 2}]`, []string{"JSON", "CSV"}},
		{"JSON in lines", "a.json", "{\"a\": 1}\n{\"a\": 2}\n", []string{"JSON"}},
		{"a picture", "a.csv", "\x89PNG\r\n\x1a\n\x00\x00", []string{"picture"}},
		{"a PDF", "a.xlsx", "%PDF-1.7\n", []string{"PDF"}},
		{"SPSS", "a.sav", "$FL2@(#) SPSS DATA FILE", []string{"SPSS", "Export"}},
		{"a 7z archive", "a.7z", "7z\xbc\xaf\x27\x1c", []string{"archive", "Unpack"}},
		{"rich text", "a.doc", `{\rtf1\ansi a}`, []string{"RTF"}},
		{"a zip with a CSV", "a.zip", zipOf(t, "cases.csv"), []string{`one file in it, "cases.csv"`, "Unpack it first and load cases.csv"}},
		{"a zip from a Mac", "a.zip", zipOf(t, "x/", "x/cases.csv", "__MACOSX/x/._cases.csv"), []string{`"cases.csv"`}},
		{"a zip with several", "a.zip", zipOf(t, "a.csv", "b.csv"), []string{"with 2 files", "Unpack it first"}},
		{"a zip with nothing", "a.zip", zipOf(t), []string{"no file in it"}},
		{"a zip in a zip", "a.xlsx", zipOf(t, "a.zip"), []string{`"a.zip"`, "Unpack"}},
		{"Word", "a.docx", zipOf(t, "[Content_Types].xml", "word/document.xml"), []string{"Word"}},
		{"Numbers", "a.numbers", zipOf(t, "Index/Document.iwa"), []string{"Numbers", "export"}},
		{"a binary workbook", "a.xlsb", zipOf(t, "[Content_Types].xml", "xl/workbook.bin"), []string{".xlsb", ".xlsx"}},
		{"OpenDocument", "a.ods", zipOf(t, "mimetype", "content.xml"), []string{"OpenDocument", ".xlsx"}},
		{"half a zip", "a.xlsx", zipOf(t, "cases.csv")[:60], []string{"damaged or cut short"}},
		{"encrypted Parquet", "a.parquet", "PARE" + "xxxxxxxx" + "PARE", []string{"Parquet"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Open(context.Background(), spill(t, tt.file, []byte(tt.content)), Options{}, nil)
			f := finding(t, err)
			says(t, f, append(tt.words, tt.file)...)
			if f.Severity != models.Refused || f.Do == "" {
				t.Errorf("%+v", f)
			}
		})
	}
}

// Text that only begins like something else is text.
func TestTextThatLooksLikeMore(t *testing.T) {
	for _, text := range []string{"[1],b\nx,2\n", "{id},b\nx,2\n", "BZh codes,b\nx,2\n", "<5,b\nx,2\n", "[a],b\n"} {
		if k := sniff([]byte(text), "a.csv"); k != textKind {
			t.Errorf("%q is taken for kind %d", text, k)
		}
	}
}
