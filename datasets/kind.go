package datasets

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// fileKind is what a file is, as its first bytes tell.
type fileKind uint8

const (
	textKind fileKind = iota
	gzipKind
	zipKind
	parquetKind
	binaryKind // and from here on: what cannot be read
	openDocumentKind
	lockedKind
	oldExcelKind
	oldOfficeKind
	pdfKind
	imageKind
	archiveKind
	databaseKind
	statisticsKind
	htmlKind
	xmlKind
	jsonKind
	richTextKind
)

// kindWords say of each kind what it is and what to do.
var kindWords = map[fileKind][2]string{
	binaryKind:       {"this is not a table: it holds binary data", "Load a CSV, Excel (.xlsx) or Parquet file"},
	openDocumentKind: {"this is an OpenDocument file (.ods), which is not read", "Save it as .xlsx or .csv and load that"},
	lockedKind:       {"this workbook is protected with a password", "Open it in Excel, remove the password and save it again"},
	oldExcelKind:     {"this is an old Excel workbook (.xls), which is not read", "Open it in Excel or LibreOffice and save it as .xlsx"},
	oldOfficeKind:    {"this is a document of an old Office program, which holds no table that can be read safely", "Copy its table into Excel and save that as .xlsx"},
	pdfKind:          {"this is a PDF, which holds no table that can be read safely", "Ask the sender for the Excel or CSV file behind it"},
	imageKind:        {"this is a picture, which holds no table that can be read safely", "Ask the sender for the Excel or CSV file behind it"},
	archiveKind:      {"this is an archive", "Unpack it first and load the file that holds the table"},
	databaseKind:     {"this is a database, which is not read", "Export the table from it as CSV"},
	statisticsKind:   {"this is a file of a statistics program (SPSS, Stata or SAS), which is not read", "Export it from there as CSV"},
	htmlKind:         {"this is a web page, even if its name says otherwise", "Open it in Excel and save it as .xlsx"},
	xmlKind:          {"this is an XML file, which is not read", "Open it in Excel and save it as .xlsx, or ask for CSV"},
	jsonKind:         {"this is a JSON file, which is not read", "Ask the sender for CSV or Excel"},
	richTextKind:     {"this is a text document (RTF), which holds no table that can be read safely", "Copy its table into Excel and save that as .xlsx"},
}

// problem says why files of a kind cannot be read and what to do.
func (k fileKind) problem(name string) error {
	w := kindWords[k]
	return problem(name, w[0], w[1])
}

// magics are the first bytes of files that are known by them.
var magics = []struct {
	start string
	kind  fileKind
}{
	{"PAR1", parquetKind}, {"PARE", parquetKind}, {"\x1f\x8b", gzipKind}, {"%PDF", pdfKind},
	{"\x89PNG\r\n", imageKind}, {"\xff\xd8\xff", imageKind}, {"GIF87a", imageKind}, {"GIF89a", imageKind}, {"II*\x00", imageKind}, {"MM\x00*", imageKind},
	{"7z\xbc\xaf", archiveKind}, {"Rar!\x1a", archiveKind}, {"BZh", archiveKind}, {"\xfd7zXZ\x00", archiveKind}, {"\x28\xb5\x2f\xfd", archiveKind},
	{"SQLite format 3\x00", databaseKind}, {"\x00\x01\x00\x00Standard ", databaseKind},
	{"$FL2@(#)", statisticsKind}, {"$FL3@(#)", statisticsKind}, {"<stata_dta>", statisticsKind}, {"{\\rtf", richTextKind},
}

// sniff tells from the first bytes what a file is.
func sniff(head []byte, path string) fileKind {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.start)) && (m.start != "BZh" || bytes.IndexByte(head, 0) >= 0) {
			return m.kind
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		if bytes.Contains(head[:min(len(head), 200)], []byte("application/vnd.oasis.opendocument")) {
			return openDocumentKind
		}
		return zipKind
	case bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return zipKind
	case bytes.HasPrefix(head, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return compoundKind(path)
	case len(head) > 300 && string(head[257:262]) == "ustar":
		return archiveKind
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return textKind
	case bytes.IndexByte(head, 0) >= 0:
		return binaryKind
	}
	return markupKind(head)
}

// markupKind tells web pages, XML and JSON from tables in plain text.
func markupKind(head []byte) fileKind {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	low := strings.ToLower(string(text[:min(len(text), 1<<10)]))
	switch {
	case strings.HasPrefix(low, "<!doctype html"), strings.HasPrefix(low, "<html"), strings.HasPrefix(low, "<table"), strings.HasPrefix(low, "<head"), strings.HasPrefix(low, "<body"),
		strings.HasPrefix(low, "mime-version:") && strings.Contains(low, "content-type:"), strings.HasPrefix(low, "<?xml") && strings.Contains(low, "<html"):
		return htmlKind
	case strings.HasPrefix(low, "<?xml"):
		return xmlKind
	case strings.HasPrefix(low, "{"), strings.HasPrefix(low, "["):
		if isJSON(text) {
			return jsonKind
		}
	}
	return textKind
}

// isJSON reports whether the first bytes of a file are JSON as far as they go,
// and more than a cell in brackets.
func isJSON(text []byte) bool {
	d := json.NewDecoder(bytes.NewReader(text))
	tokens := 0
	for ; tokens < 50; tokens++ {
		if _, err := d.Token(); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		} else if err != nil {
			return false
		}
	}
	return tokens > 1 && (text[0] == '{' || bytes.ContainsAny(text, "{") || tokens > 3)
}

// compoundKind tells what a file in the old Office format is, by the names in
// its directory: a locked workbook lies in such a file too.
func compoundKind(path string) fileKind {
	in, err := os.Open(path)
	if err != nil {
		return oldExcelKind
	}
	defer in.Close()
	var head [512]byte
	if _, err := in.ReadAt(head[:], 0); err != nil {
		return oldExcelKind
	}
	size := int64(1) << min(binary.LittleEndian.Uint16(head[30:]), 16)
	dir := make([]byte, 16*size)
	n, _ := in.ReadAt(dir, (int64(binary.LittleEndian.Uint32(head[48:]))+1)*size)
	has := func(name string) bool {
		var wide []byte
		for _, c := range []byte(name) {
			wide = append(wide, c, 0)
		}
		return bytes.Contains(dir[:n], append(wide, 0, 0))
	}
	switch {
	case has("EncryptedPackage"):
		return lockedKind
	case has("WordDocument"), has("PowerPoint Document"), has("__properties_version1.0"):
		return oldOfficeKind
	case has("Workbook"), has("Book"), !strings.EqualFold(filepath.Ext(path), ".xlsx"):
		return oldExcelKind
	}
	return lockedKind
}
