package datasets

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// Limits on what a workbook may unpack to; a zip bomb ends there.
const (
	maxUnzip     = 4 << 30
	maxStrings   = 512 << 20 // bytes of all shared texts, which are held in memory
	maxWorkParts = 64 << 20  // bytes of a part that is read as a whole
	maxPiece     = 4 << 20   // bytes between two marks, so of one text; Excel allows 32,767 characters
	maxRowText   = 8 << 20   // bytes of all texts of a row
)

// spreadsheet is an .xlsx file: a zip of XML parts. Sheets are read as a stream,
// cell by cell, for they may be far larger than memory; the lists that cells
// refer to by number, of texts and of number formats, are read once.
type spreadsheet struct {
	ctx      context.Context
	zip      *zip.ReadCloser
	parts    map[string]*zip.File // by lower-case path
	sheets   []worksheet
	strings  []string
	formats  []numberFormat // by style of a cell
	from1904 bool
}

type worksheet struct {
	name   string
	hidden bool
	part   *zip.File
}

// openWorkbook reads everything but the sheets.
func openWorkbook(ctx context.Context, file string) (*spreadsheet, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, err
	}
	w := &spreadsheet{ctx: ctx, zip: z, parts: map[string]*zip.File{}}
	if err := w.load(); err != nil {
		z.Close()
		return nil, err
	}
	return w, nil
}

func (w *spreadsheet) Close() error { return w.zip.Close() }

func (w *spreadsheet) load() error {
	var size uint64
	for _, f := range w.zip.File {
		if size += f.UncompressedSize64; size > maxUnzip || f.UncompressedSize64 > maxUnzip {
			return errors.New("it unpacks to more than 4 GB")
		}
		w.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))] = f
	}
	if err := w.otherKind(); err != nil {
		return err
	}
	main := "xl/workbook.xml"
	root, err := w.relations("")
	if err != nil {
		return err
	}
	for _, r := range root {
		if r.is("officeDocument") {
			main = r.path
		}
	}
	rels, err := w.relations(main)
	if err != nil {
		return err
	}
	if err := w.readBook(main, rels); err != nil {
		return err
	}
	for _, r := range rels {
		switch {
		case r.is("sharedStrings"):
			err = w.readStrings(r.path)
		case r.is("styles"):
			err = w.readStyles(r.path)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// notWorkbook is a zip file that holds something else.
type notWorkbook struct{ what, do string }

func (e *notWorkbook) Error() string { return e.what }

// otherKind tells the zip files that people take for workbooks.
func (w *spreadsheet) otherKind() error {
	switch {
	case w.parts["[content_types].xml"] == nil && w.parts["_rels/.rels"] == nil && w.parts["xl/workbook.xml"] == nil:
		return &notWorkbook{"this is a zip archive, not a workbook", "Unpack it and load the file inside"}
	case w.parts["word/document.xml"] != nil:
		return &notWorkbook{"this is a Word document, which holds no table that can be read safely", "Copy its table into Excel, or ask the sender for the file behind it"}
	case w.parts["ppt/presentation.xml"] != nil:
		return &notWorkbook{"this is a presentation, which holds no table that can be read safely", "Ask the sender for the Excel or CSV file behind it"}
	case w.parts["xl/workbook.bin"] != nil:
		return &notWorkbook{"this is a binary workbook (.xlsb), which is not read", "Open it in Excel and save it as .xlsx"}
	}
	return nil
}

// relation says that a part refers to another.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:",attr"`
	Target string `xml:",attr"`
	path   string
}

func (r relation) is(kind string) bool { return path.Base(r.Type) == kind }

func (w *spreadsheet) relations(of string) ([]relation, error) {
	dir, base := path.Split(of)
	var list struct{ Relationship []relation }
	if err := w.decode(dir+"_rels/"+base+".rels", &list); err != nil {
		return nil, err
	}
	for i, r := range list.Relationship {
		list.Relationship[i].path = path.Join(dir, r.Target)
		if strings.HasPrefix(r.Target, "/") {
			list.Relationship[i].path = path.Clean(r.Target[1:])
		}
	}
	return list.Relationship, nil
}

func (w *spreadsheet) readBook(main string, rels []relation) error {
	var book struct {
		WorkbookPr struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets struct {
			Sheet []struct {
				Name  string `xml:"name,attr"`
				State string `xml:"state,attr"`
				ID    string `xml:"id,attr"`
			} `xml:"sheet"`
		} `xml:"sheets"`
	}
	if err := w.decode(main, &book); err != nil {
		return err
	}
	w.from1904, _ = strconv.ParseBool(book.WorkbookPr.Date1904)
	for _, s := range book.Sheets.Sheet {
		for _, r := range rels {
			if r.ID == s.ID && r.is("worksheet") {
				w.sheets = append(w.sheets, worksheet{s.Name, s.State == "hidden" || s.State == "veryHidden", w.parts[strings.ToLower(r.path)]})
			}
		}
	}
	if len(w.sheets) == 0 {
		return errors.New("it has no sheets")
	}
	return nil
}

// readStyles finds the number format of each style that a cell may have.
func (w *spreadsheet) readStyles(part string) error {
	var styles struct {
		NumFmts struct {
			NumFmt []struct {
				ID   int    `xml:"numFmtId,attr"`
				Code string `xml:"formatCode,attr"`
			} `xml:"numFmt"`
		} `xml:"numFmts"`
		CellXfs struct {
			Xf []struct {
				NumFmt int `xml:"numFmtId,attr"`
			} `xml:"xf"`
		} `xml:"cellXfs"`
	}
	if err := w.decode(part, &styles); err != nil {
		return err
	}
	own := map[int]numberFormat{}
	for _, f := range styles.NumFmts.NumFmt {
		own[f.ID] = parseFormat(f.Code)
	}
	for _, xf := range styles.CellXfs.Xf {
		f, ok := own[xf.NumFmt]
		if !ok {
			f = builtinFormat(xf.NumFmt)
		}
		w.formats = append(w.formats, f)
	}
	return nil
}

// readStrings reads the texts that cells share.
func (w *spreadsheet) readStrings(part string) error {
	in, err := w.open(part)
	if in == nil || err != nil {
		return err
	}
	defer in.Close()
	d := w.stream(in)
	size := 0
	for {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if el, ok := tok.(xml.StartElement); ok && el.Name.Local == "si" {
			text, err := richText(d, "si")
			if err != nil {
				return err
			}
			if size += len(text) + 16; size > maxStrings {
				return errors.New("its texts take more than 512 MB")
			}
			w.strings = append(w.strings, text)
		}
	}
}

// richText joins the runs of a text up to the end of the element, without the
// hints on how to pronounce it.
func richText(d *xmlStream, end string) (string, error) {
	var text []byte
	inText, hints := false, 0
	for {
		tok, err := d.RawToken()
		if err != nil {
			return "", cutShort(err)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			inText = el.Name.Local == "t"
			if el.Name.Local == "rPh" {
				hints++
			}
		case xml.CharData:
			if inText && hints == 0 {
				if text = append(text, el...); len(text) > maxPiece {
					return "", errHuge
				}
			}
		case xml.EndElement:
			switch inText = false; el.Name.Local {
			case "rPh":
				hints--
			case end:
				return unescape(string(text)), nil
			}
		}
	}
}

// unescape reads the form _x000D_ in which a workbook writes characters that
// XML cannot hold.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if strings.HasPrefix(s[i:], "_x") && len(s) >= i+7 && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				b.WriteRune(rune(n))
				i += 7
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// open opens a part of the package, nil where there is none.
func (w *spreadsheet) open(part string) (io.ReadCloser, error) {
	f := w.parts[strings.ToLower(part)]
	if f == nil {
		return nil, nil
	}
	return f.Open()
}

// decode reads a small part as a whole; one that is not there stays empty.
func (w *spreadsheet) decode(part string, into any) error {
	in, err := w.open(part)
	if in == nil || err != nil {
		return err
	}
	defer in.Close()
	return newXML(io.LimitReader(in, maxWorkParts)).Decode(into)
}

var errHuge = fmt.Errorf("it has a text of more than %d MB", maxPiece>>20)

// xmlStream reads a part mark by mark. The decoder holds all that stands
// between two marks in memory, so the stream ends where that is too much.
type xmlStream struct {
	ctx  context.Context
	in   io.Reader
	left int64 // bytes until then
	dec  *xml.Decoder
}

func (w *spreadsheet) stream(in io.Reader) *xmlStream {
	s := &xmlStream{ctx: w.ctx, in: io.LimitReader(in, maxUnzip)}
	s.dec = newXML(s)
	return s
}

func (s *xmlStream) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	if s.left <= 0 {
		return 0, errHuge
	}
	n, err := s.in.Read(p[:min(int64(len(p)), s.left)])
	s.left -= int64(n)
	return n, err
}

// RawToken gives the next mark or the text before it.
func (s *xmlStream) RawToken() (xml.Token, error) {
	s.left = maxPiece
	return s.dec.RawToken()
}

func newXML(r io.Reader) *xml.Decoder {
	d := xml.NewDecoder(r)
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		e, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return e.NewDecoder().Reader(in), nil
	}
	return d
}

// cutShort says in words that a part ends before its elements do.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("it ends in the middle")
	}
	return err
}

// sheetRows reads the rows of a sheet one by one.
type sheetRows struct {
	book  *spreadsheet
	in    io.ReadCloser
	xml   *xmlStream
	row   int64 // number of the row read last
	data  bool  // inside the rows
	width int   // cells to the right of so many columns are joined into one more; 0 for no end
	bytes int   // of the texts of the row at hand

	formulas, formulaRow int64 // cells with a formula whose result is not stored, and the first row with one
}

func (w *spreadsheet) rows(s worksheet) (*sheetRows, error) {
	if s.part == nil {
		return nil, errors.New("it is not in the file")
	}
	in, err := s.part.Open()
	if err != nil {
		return nil, err
	}
	return &sheetRows{book: w, in: in, xml: w.stream(in)}, nil
}

func (r *sheetRows) Close() error { return r.in.Close() }

// Rows and columns that a sheet can have.
const (
	maxSheetRows    = 1 << 20
	maxSheetColumns = 1 << 14
)

// next gives the cells of the next row that the sheet holds and its number;
// io.EOF after the last. Rows that hold nothing may be left out of a sheet.
func (r *sheetRows) next() ([]string, int64, error) {
	for {
		tok, err := r.xml.RawToken()
		if err != nil {
			return nil, 0, cutShort(err)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			switch {
			case el.Name.Local == "sheetData":
				r.data = true
			case el.Name.Local == "row" && r.data:
				before := r.row
				r.row++
				if ref := attr(el, "r"); ref != "" {
					n, ok := number(ref)
					if !ok || n <= before {
						return nil, 0, fmt.Errorf("row %d is followed by a row numbered %q", before, Clean(ref))
					}
					r.row = n
				}
				if r.row > maxSheetRows {
					return nil, 0, fmt.Errorf("it has a row %d, and sheets end at row %d", r.row, maxSheetRows)
				}
				cells, err := r.cells()
				return cells, r.row, err
			}
		case xml.EndElement:
			if el.Name.Local == "sheetData" {
				return nil, 0, io.EOF
			}
		}
	}
}

func attr(el xml.StartElement, name string) string {
	for _, a := range el.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func number(s string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	return n, err == nil
}

// cells reads a row up to its last cell that holds anything.
func (r *sheetRows) cells() ([]string, error) {
	var out []string
	r.bytes = 0
	for at := 0; ; {
		tok, err := r.xml.RawToken()
		if err != nil {
			return nil, cutShort(err)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			if el.Name.Local != "c" {
				continue
			}
			at++
			if ref := attr(el, "r"); ref != "" {
				at = columnOf(ref)
			}
			if at < 1 || at > maxSheetColumns {
				return nil, fmt.Errorf("row %d has a cell outside the sheet", r.row)
			}
			text, err := r.cell(attr(el, "t"), attr(el, "s"))
			if err != nil {
				return nil, err
			}
			if text == "" {
				continue
			}
			if r.bytes += len(text); r.bytes > maxRowText {
				return nil, fmt.Errorf("row %d has more than %d MB of text", r.row, maxRowText>>20)
			}
			to := at
			if r.width > 0 && at > r.width {
				to = r.width + 1 // that there is something is told, and no more
			} else if at <= len(out) && out[at-1] != "" {
				return nil, fmt.Errorf("row %d has two cells in its column %d", r.row, at)
			}
			for len(out) < to {
				out = append(out, "")
			}
			out[to-1] = text
		case xml.EndElement:
			if el.Name.Local == "row" {
				return out, nil
			}
		}
	}
}

// merged reads on behind the rows to the ranges whose cells are merged over
// several rows below the first skip; only the first row of one holds its value.
func (r *sheetRows) merged(skip int) (n int64, first string, row int64) {
	for {
		tok, err := r.xml.RawToken()
		if err != nil { // the rows are whole, and that is what counts
			return n, first, row
		}
		el, ok := tok.(xml.StartElement)
		if !ok || el.Name.Local != "mergeCell" {
			continue
		}
		ref := attr(el, "ref")
		a, b, _ := strings.Cut(ref, ":")
		from, ok := number(strings.TrimLeft(strings.ToUpper(a), "ABCDEFGHIJKLMNOPQRSTUVWXYZ$"))
		to, ok2 := number(strings.TrimLeft(strings.ToUpper(b), "ABCDEFGHIJKLMNOPQRSTUVWXYZ$"))
		if !ok || !ok2 || to <= from || to <= int64(skip) {
			continue
		}
		if n++; n == 1 {
			first, row = ref, from
		}
	}
}

// columnOf is the number of the column in a reference such as AB12.
func columnOf(ref string) int {
	n := 0
	for i := 0; i < len(ref); i++ {
		c := ref[i] | 0x20
		if c < 'a' || c > 'z' || n > maxSheetColumns {
			break
		}
		n = n*26 + int(c-'a') + 1
	}
	return n
}

// cell reads the value of a cell up to its end.
func (r *sheetRows) cell(kind, style string) (string, error) {
	var value []byte
	inValue, formula, stored := false, false, false
	for {
		tok, err := r.xml.RawToken()
		if err != nil {
			return "", cutShort(err)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			inValue = el.Name.Local == "v"
			formula, stored = formula || el.Name.Local == "f", stored || inValue
			if el.Name.Local == "is" {
				text, err := richText(r.xml, "is")
				if err != nil {
					return "", err
				}
				value = []byte(text)
			}
		case xml.CharData:
			if inValue {
				if value = append(value, el...); len(value) > maxPiece {
					return "", errHuge
				}
			}
		case xml.EndElement:
			inValue = false
			if el.Name.Local == "c" {
				if formula && !stored {
					if r.formulas++; r.formulas == 1 {
						r.formulaRow = r.row
					}
				}
				return r.book.meaning(kind, style, string(value))
			}
		}
	}
}

// meaning turns the stored value of a cell into its text.
func (w *spreadsheet) meaning(kind, style, value string) (string, error) {
	switch kind {
	case "s":
		if value == "" {
			return "", nil
		}
		n, ok := number(value)
		if !ok || n < 0 || n >= int64(len(w.strings)) {
			return "", fmt.Errorf("a cell refers to a text %s that is not there", Clean(value))
		}
		return w.strings[n], nil
	case "str":
		return unescape(value), nil
	case "b": // no number: as one it would be counted
		switch strings.TrimSpace(value) {
		case "1":
			return "TRUE", nil
		case "0":
			return "FALSE", nil
		}
	case "", "n":
		if s, ok := number(style); ok && s >= 0 && s < int64(len(w.formats)) && value != "" {
			return w.formats[s].text(value, w.from1904), nil
		}
	}
	return value, nil
}
