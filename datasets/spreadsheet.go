package datasets

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// Limits on what a workbook may unpack to; a zip bomb ends there.
const (
	maxUnzip     = 4 << 30
	maxStrings   = 256 << 20 // bytes of all shared texts, which are held in memory
	maxDirectory = 16 << 20  // bytes of the list of parts; a workbook takes some kilobytes
	bombSize     = 256 << 20 // a part above it that unpacks to more than
	bombRatio    = 300       // times its size is none that a program wrote; a sheet reaches 60
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
	strings  textPool
	formats  []numberFormat // by style of a cell
	from1904 bool
	stale    bool // results of formulas are to be calculated when it is opened
}

type worksheet struct {
	name   string
	hidden bool
	part   *zip.File
}

// openWorkbook reads everything but the sheets.
func openWorkbook(ctx context.Context, file string) (*spreadsheet, error) {
	if err := smallDirectory(file); err != nil {
		return nil, err
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, errors.New("the archive that it is cannot be unpacked, so it is damaged or cut short")
	}
	w := &spreadsheet{ctx: ctx, zip: z, parts: map[string]*zip.File{}}
	if err := w.load(); err != nil {
		z.Close()
		return nil, err
	}
	return w, nil
}

// smallDirectory is an error where the list of parts at the end of an archive
// is so long that reading it would fill the memory.
func smallDirectory(file string) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	end := make([]byte, min(info.Size(), 22+1<<16))
	if _, err := in.ReadAt(end, info.Size()-int64(len(end))); err != nil {
		return err
	}
	i := bytes.LastIndex(end, []byte("PK\x05\x06"))
	if i < 0 || len(end)-i < 22 {
		return nil // the archive's own reader tells it
	}
	if size := binary.LittleEndian.Uint32(end[i+12:]); size > maxDirectory {
		return errors.New("it has more parts than any workbook")
	}
	return nil
}

func (w *spreadsheet) Close() error { return w.zip.Close() }

func (w *spreadsheet) load() error {
	var size uint64
	for _, f := range w.zip.File {
		if size += f.UncompressedSize64; size > maxUnzip || f.UncompressedSize64 > maxUnzip {
			return errors.New("it unpacks to more than 4 GB")
		}
		if f.UncompressedSize64 > bombSize && f.UncompressedSize64/bombRatio > f.CompressedSize64 {
			return fmt.Errorf("a part of it unpacks to %d times its size, as no real table does", f.UncompressedSize64/max(1, f.CompressedSize64))
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
	ask := "Ask the sender for the Excel or CSV file behind it"
	switch {
	case w.parts["word/document.xml"] != nil:
		return &notWorkbook{"this is a Word document, which holds no table that can be read safely", "Copy its table into Excel, or ask the sender for the file behind it"}
	case w.parts["ppt/presentation.xml"] != nil:
		return &notWorkbook{"this is a presentation, which holds no table that can be read safely", ask}
	case w.parts["xl/workbook.bin"] != nil:
		return &notWorkbook{"this is a binary workbook (.xlsb), which is not read", "Open it in Excel and save it as .xlsx"}
	case w.parts["index/document.iwa"] != nil, w.parts["index.zip"] != nil:
		return &notWorkbook{"this is a document of Apple Numbers, Pages or Keynote, which is not read", "Open it in Numbers and export it as Excel or CSV"}
	case w.parts["mimetype"] != nil && w.parts["content.xml"] != nil:
		return &notWorkbook{"this is an OpenDocument file, which is not read", "Save it as .xlsx or .csv and load that"}
	case w.parts["[content_types].xml"] == nil && w.parts["_rels/.rels"] == nil && w.parts["xl/workbook.xml"] == nil:
		return archive(w.zip.File)
	}
	return nil
}

// archive says what an ordinary zip archive holds.
func archive(parts []*zip.File) error {
	var files []string
	locked := false
	for _, f := range parts {
		if !strings.HasSuffix(f.Name, "/") && !strings.HasPrefix(f.Name, "__MACOSX/") {
			files = append(files, Clean(path.Base(f.Name)))
			locked = locked || f.Flags&1 != 0
		}
	}
	what, do := fmt.Sprintf("this is a zip archive with %d files in it", len(files)), "Unpack it first and load the file that holds the table"
	switch {
	case len(files) == 0:
		what, do = "this is a zip archive with no file in it", "Ask the sender for the file again"
	case len(files) == 1:
		what, do = fmt.Sprintf("this is a zip archive with one file in it, %q", files[0]), "Unpack it first and load "+files[0]
	}
	if locked {
		what += ", protected with a password"
	}
	return &notWorkbook{what, do}
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
		CalcPr struct {
			Full string `xml:"fullCalcOnLoad,attr"`
		} `xml:"calcPr"`
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
	w.stale, _ = strconv.ParseBool(book.CalcPr.Full)
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
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends in the middle")
	}
	return err
}
