package datasets

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Rows and columns that a sheet can have.
const (
	maxSheetRows    = 1 << 20
	maxSheetColumns = 1 << 14
)

// sheetRows reads the rows of a sheet one by one.
type sheetRows struct {
	book  *spreadsheet
	part  *zip.File
	in    io.ReadCloser
	xml   *xmlScan
	row   int64 // number of the row read last
	data  bool  // inside the rows
	from  int   // column that is counted as the first, where a range is stated
	to    int   // the last one; 0 for no end
	width int   // cells to the right of so many columns are joined into one more; 0 for no end
	bytes int   // of the texts of the row at hand
	value []byte

	hidden  []columnSpan
	asides  sheetAsides
	skip    int64 // rows above the data: what is odd in them does not count
	noted   bool  // the row at hand is none of them
	isAside bool  // it is hidden
}

// columnSpan is the columns from one number to another.
type columnSpan struct{ from, to int }

func (w *spreadsheet) rows(s worksheet) (*sheetRows, error) {
	if s.part == nil {
		return nil, errors.New("it is not in the file")
	}
	in, err := s.part.Open()
	if err != nil {
		return nil, err
	}
	x, err := scanXML(w.ctx, io.LimitReader(in, maxUnzip))
	if err != nil {
		in.Close()
		return nil, inWords(err)
	}
	return &sheetRows{book: w, part: s.part, in: in, xml: x, from: 1}, nil
}

func (r *sheetRows) Close() error { return r.in.Close() }

// share is how much of the sheet has been read, from 0 to 1.
func (r *sheetRows) share() float64 {
	if r.part.UncompressedSize64 == 0 {
		return 1
	}
	return min(1, float64(r.xml.pos)/float64(r.part.UncompressedSize64))
}

// next gives the cells of the next row that the sheet holds and its number;
// io.EOF after the last. Rows that hold nothing may be left out of a sheet.
func (r *sheetRows) next() ([]string, int64, error) {
	cells, err := r.nextRow()
	if err != nil && !errors.Is(err, io.EOF) {
		err = inWords(err)
	}
	return cells, r.row, err
}

func (r *sheetRows) nextRow() ([]string, error) {
	for {
		kind, err := r.xml.next()
		if err != nil {
			return nil, cutShort(err)
		}
		switch {
		case kind == startMark && r.xml.is("sheetData"):
			r.data = true
		case kind == startMark && r.xml.is("col") && !r.data:
			r.hideColumns()
		case kind == startMark && r.xml.is("row") && r.data:
			if err := r.number(); err != nil {
				return nil, err
			}
			r.noted = r.row > r.skip
			r.isAside = isTrue(r.xml.attr("hidden"))
			return r.cells()
		case kind == endMark && r.xml.is("sheetData"):
			return nil, io.EOF
		}
	}
}

// number finds which row begins.
func (r *sheetRows) number() error {
	before := r.row
	r.row++
	if ref := r.xml.attr("r"); len(ref) > 0 {
		n, ok := number(ref)
		if !ok || n <= before {
			return fmt.Errorf("row %d is followed by a row numbered %q", before, Clean(string(ref)))
		}
		r.row = n
	}
	if r.row > maxSheetRows {
		return fmt.Errorf("it has a row %d, and sheets end at row %d", r.row, maxSheetRows)
	}
	return nil
}

func (r *sheetRows) hideColumns() {
	from, ok := number(r.xml.attr("min"))
	to, ok2 := number(r.xml.attr("max"))
	if ok && ok2 && isTrue(r.xml.attr("hidden")) && len(r.hidden) < maxSheetColumns {
		r.hidden = append(r.hidden, columnSpan{int(from), int(min(to, maxSheetColumns))})
	}
}

func isTrue(b []byte) bool {
	switch string(b) {
	case "1", "true", "on":
		return true
	}
	return false
}

func number(b []byte) (int64, bool) {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || len(b) > 18 {
		return 0, false
	}
	n := int64(0)
	for i, c := range b {
		if c == '-' && i == 0 && len(b) > 1 {
			continue
		}
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if b[0] == '-' {
		n = -n
	}
	return n, true
}

// cells reads a row up to its last cell that holds anything.
func (r *sheetRows) cells() ([]string, error) {
	var out []string
	r.bytes = 0
	for at := 0; ; {
		kind, err := r.xml.next()
		if err != nil {
			return nil, cutShort(err)
		}
		if kind == endMark && r.xml.is("row") {
			if r.isAside && r.noted && len(out) > 0 {
				r.asides.hiddenRows.add(r.row, 0)
			}
			return out, nil
		}
		if kind != startMark || !r.xml.is("c") {
			continue
		}
		at++
		if ref := r.xml.attr("r"); len(ref) > 0 {
			at = columnOf(ref)
		}
		if at < 1 || at > maxSheetColumns {
			return nil, fmt.Errorf("row %d has a cell outside the sheet", r.row)
		}
		text, err := r.cell(at)
		if err != nil {
			return nil, err
		}
		if text == "" || at < r.from || r.to > 0 && at > r.to {
			continue
		}
		if out, err = r.place(out, at-r.from+1, text); err != nil {
			return nil, err
		}
	}
}

// place puts a text into its column.
func (r *sheetRows) place(out []string, at int, text string) ([]string, error) {
	if r.bytes += len(text); r.bytes > maxRowText {
		return nil, fmt.Errorf("row %d has more than %d MB of text", r.row, maxRowText>>20)
	}
	to := at
	if r.width > 0 && at > r.width {
		to = r.width + 1 // that there is something is told, and no more
	} else if at <= len(out) && out[at-1] != "" {
		return nil, fmt.Errorf("row %d has two cells in its column %d", r.row, at)
	}
	if out == nil && r.width > 0 {
		out = make([]string, 0, r.width+1)
	}
	for len(out) < to {
		out = append(out, "")
	}
	out[to-1] = text
	for _, h := range r.hidden {
		if at+r.from-1 >= h.from && at+r.from-1 <= h.to {
			r.asides.hide(at + r.from - 1)
		}
	}
	return out, nil
}

// columnOf is the number of the column in a reference such as AB12.
func columnOf[T string | []byte](ref T) int {
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

// columnName is the reverse: 28 is AB.
func columnName(n int) string {
	var out []byte
	for ; n > 0; n = (n - 1) / 26 {
		out = append([]byte{byte('A' + (n-1)%26)}, out...)
	}
	return string(out)
}

// cell reads the value of a cell up to its end.
func (r *sheetRows) cell(column int) (string, error) {
	kind := cellType(r.xml.attr("t"))
	style, styled := number(r.xml.attr("s"))
	if !styled || style < 0 || style >= int64(len(r.book.formats)) {
		style = -1
	}
	r.value = r.value[:0]
	inValue, formula, stored := false, false, false
	for {
		mark, err := r.xml.next()
		if err != nil {
			return "", cutShort(err)
		}
		switch mark {
		case startMark:
			inValue = kind != plainCell && r.xml.is("v")
			formula, stored = formula || r.xml.is("f"), stored || inValue
			if r.xml.is("is") {
				text, err := richText(r.xml, "is", r.value[:0])
				if err != nil {
					return "", err
				}
				r.value = unescape(text)
			}
		case textMark:
			if inValue {
				if r.value, err = r.xml.appendText(r.value); err != nil {
					return "", err
				}
			}
		case endMark:
			if inValue = false; !r.xml.is("c") {
				continue
			}
			if formula && r.noted {
				r.asides.formula(r.row, column, stored && len(r.value) > 0 || kind == textCell && stored)
			}
			return r.meaning(kind, style, column)
		}
	}
}

// storedAs is how a cell stores its value.
type storedAs uint8

const (
	numberStored storedAs = iota
	sharedCell
	textCell
	plainCell // inline text
	boolCell
	errorCell
	isoDateCell
)

func cellType(t []byte) storedAs {
	switch string(t) {
	case "s":
		return sharedCell
	case "str":
		return textCell
	case "inlineStr":
		return plainCell
	case "b":
		return boolCell
	case "e":
		return errorCell
	case "d":
		return isoDateCell
	}
	return numberStored
}

// meaning turns the stored value of a cell into its text.
func (r *sheetRows) meaning(kind storedAs, style int64, column int) (string, error) {
	value := r.value
	switch kind {
	case sharedCell:
		if len(value) == 0 {
			return "", nil
		}
		n, ok := number(value)
		text, found := r.book.strings.text(n)
		if !ok || !found {
			return "", fmt.Errorf("a cell refers to a text %s that is not there", Clean(string(value)))
		}
		return text, nil
	case textCell:
		return string(unescape(value)), nil
	case boolCell: // no number: as one it would be counted
		switch string(bytes.TrimSpace(value)) {
		case "1":
			return "TRUE", nil
		case "0":
			return "FALSE", nil
		}
	case errorCell:
		if r.noted && len(value) > 0 {
			r.asides.errorValue(r.row, column, string(value))
		}
		return "", nil
	case numberStored:
		var f numberFormat
		if style >= 0 {
			f = r.book.formats[style]
		}
		text := f.text(storedNumber(value), r.book.from1904)
		if f.kind == dateNumber && noSuchDay(text) && r.noted {
			r.asides.noDays.add(r.row, column)
		}
		return text, nil
	}
	return string(value), nil
}

// storedNumber is a number as a person would write it. Programs store numbers
// to 17 digits, as 1.1000000000000001, or with an exponent.
func storedNumber(b []byte) string {
	b = bytes.TrimSpace(b)
	whole := len(b) > 0
	for i, c := range b {
		whole = whole && (c >= '0' && c <= '9' || c == '-' && i == 0)
	}
	if whole {
		return string(b)
	}
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil || v != v || v > 1e21 || v < -1e21 {
		return string(b)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// inWords says what is wrong with a part of the file.
func inWords(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, zip.ErrChecksum):
		return errors.New("its content does not match its checksum")
	case errors.As(err, &corrupt), errors.Is(err, zip.ErrFormat):
		return errors.New("it cannot be unpacked")
	case errors.Is(err, zip.ErrAlgorithm):
		return errors.New("it is packed in a way that workbooks are not")
	}
	return cutShort(err)
}
