package datasets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"tiplens/models"
)

// dialect is how a text file separates and quotes its fields.
type dialect struct {
	delim  byte
	quote  byte // 0 when the file quotes nothing
	crOnly bool // lines end in a lone carriage return
	enc    encoding.Encoding
}

const (
	blockBytes = 1 << 20
	maxRecord  = 16 << 20 // a longer record means that a quote was not closed
)

func (f *File) openText(head []byte, opts Options, gz bool) error {
	r, _, stop, err := f.openStream(gz)
	if err != nil {
		return err
	}
	defer stop()
	sample := make([]byte, 1<<16)
	n, _, err := readFull(r, sample)
	sample = sample[:n]
	if err != nil {
		return problem(f.Name, "the file is damaged: "+reason(err), "Ask the sender for the file again")
	}
	if gz {
		if kind := sniff(sample, "x.csv"); kind != textKind {
			return problem(f.Name, "the packed file is no text", "Unpack it first and load what is inside")
		}
	}
	d, err := f.findDialect(sample, opts)
	if err != nil {
		return err
	}
	f.Format = "csv"
	t := &Table{csv: d, opts: opts}
	var stand []headRow
	t.Head, stand = d.headOf(sample)
	if last := len(stand) - 1; n == 1<<16 && last < headRows-1 {
		stand[last].cut = true
	}
	t.header = func(i int) error { return f.textHeader(stand, i) }
	if !slices.ContainsFunc(t.Head, func(row []string) bool { return len(row) > 0 }) {
		return problem(f.Name, "the file holds no rows", "Ask the sender for the file again")
	}
	line := int64(1)
	for _, h := range stand {
		t.at = append(t.at, line)
		line += int64(h.lines)
	}
	t.read = func(ctx context.Context, fr frame, emit func(block) error) error {
		lines := 0 // in which the rows above the data stand
		for _, h := range stand[:min(fr.first, len(stand))] {
			lines += h.lines
		}
		return f.readText(ctx, d, gz, opts.Hold, lines, emit)
	}
	f.Tables = []*Table{t}
	return nil
}

// headRow says how one of the first rows stands in a text file.
type headRow struct {
	lines int  // it takes up
	bad   bool // its quotes are broken, so where its fields end is not certain
	cut   bool // it goes on behind the sample
}

// textHeader is an error where a row cannot serve as the header: columns would
// get false names.
func (f *File) textHeader(head []headRow, at int) error {
	line := int64(1)
	for _, h := range head[:at] {
		line += int64(h.lines)
	}
	refuse := func(what, do string) error {
		return &models.Finding{Severity: models.Refused, File: f.Name, Row: line, What: what, Do: do}
	}
	switch h := head[at]; {
	case h.cut:
		return refuse("the header is longer than 64 KB", "Delete the columns that are not needed, or shorten their names")
	case h.bad:
		return refuse("a double quote in the header is not closed, or text follows it, so where the names of the columns end is not certain",
			"Double the quotes that belong to a name, or delete them")
	}
	return nil
}

// findDialect looks at the start of a file for encoding, line ends, delimiter
// and quote.
func (f *File) findDialect(sample []byte, opts Options) (*dialect, error) {
	d := &dialect{quote: '"'}
	switch {
	case opts.Encoding != "":
		e, err := htmlindex.Get(opts.Encoding)
		if err != nil {
			return nil, problem(f.Name, fmt.Sprintf("no character encoding is called %q", Clean(opts.Encoding)),
				"Use a name such as utf-8, windows-1252, windows-874 or utf-16le")
		}
		if name, _ := htmlindex.Name(e); name != "utf-8" { // which is checked, not decoded
			d.enc = e
		}
	case bytes.HasPrefix(sample, []byte{0xFF, 0xFE}):
		d.enc = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(sample, []byte{0xFE, 0xFF}):
		d.enc = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	text := sample
	if d.enc != nil {
		text, _, _ = transform.Bytes(d.enc.NewDecoder(), sample)
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	d.crOnly = bytes.IndexByte(text, '\r') >= 0 && bytes.IndexByte(text, '\n') < 0
	if d.crOnly {
		text = bytes.ReplaceAll(text, []byte{'\r'}, []byte{'\n'})
	}
	d.delim = findDelimiter(text)
	return d, nil
}

// findDelimiter picks the character that cuts the first lines into the same
// number of fields, more than one if any does.
func findDelimiter(text []byte) byte {
	best, bestScore := byte(','), 0.0
	for _, c := range []byte{',', ';', '\t', '|'} {
		d := &dialect{delim: c, quote: '"'}
		counts := map[int]int{}
		rows, _ := d.headOf(text)
		if len(rows) > 1 && len(text) >= 1<<16-4 {
			rows = rows[:len(rows)-1] // the last one may be cut
		}
		for _, r := range rows {
			counts[len(r)]++
		}
		mode, times := 0, 0
		for n, k := range counts {
			if k > times || k == times && n > mode {
				mode, times = n, k
			}
		}
		if mode < 2 {
			continue
		}
		score := float64(times) / float64(len(rows)) * (1 + float64(min(mode, 20))/100)
		if score > bestScore {
			best, bestScore = c, score
		}
	}
	return best
}

// headOf splits the first rows of a text, and says how they stand in it.
func (d *dialect) headOf(sample []byte) (rows [][]string, head []headRow) {
	text := sample
	if d.enc != nil {
		text, _, _ = transform.Bytes(d.enc.NewDecoder(), sample)
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if d.crOnly {
		text = bytes.ReplaceAll(text, []byte{'\r'}, []byte{'\n'})
	}
	s := splitter{d: d}
	for len(text) > 0 && len(rows) < headRows {
		var rec []byte
		whole := text
		rec, text, _ = d.cut(text)
		fields, err := s.split(rec)
		bad := err != nil
		if i := bytes.IndexByte(rec, '\n'); err != nil && i >= 0 { // a stray quote reaches no further than its line
			rec, text = whole[:i], whole[i+1:]
			fields, _ = s.split(rec)
		}
		row := make([]string, len(fields))
		for i, f := range fields {
			row[i] = string(f)
		}
		if len(fields) == 1 && len(fields[0]) == 0 {
			row = nil
		}
		rows, head = append(rows, row), append(head, headRow{lines: 1 + bytes.Count(rec, []byte{'\n'}), bad: bad})
	}
	return rows, head
}

// cut takes the next record off the text, without its line end. Open is true
// when the text ends inside quotes.
func (d *dialect) cut(text []byte) (rec, rest []byte, open bool) {
	at, quotes := 0, 0
	for {
		nl := bytes.IndexByte(text[at:], '\n')
		if nl < 0 {
			quotes += bytes.Count(text[at:], []byte{d.quote})
			return text, nil, d.quote != 0 && quotes%2 == 1
		}
		quotes += bytes.Count(text[at:at+nl], []byte{d.quote})
		at += nl + 1
		if d.quote == 0 || quotes%2 == 0 {
			return text[:at-1], text[at:], false
		}
	}
}

// splitter cuts records into fields. The fields are views into the record or
// into its own scratch space: they are good until the next call.
type splitter struct {
	d       *dialect
	fields  [][]byte
	scratch []byte
}

var errQuote = errors.New("text follows a closing quote")

// split cuts one record into its fields.
func (s *splitter) split(rec []byte) ([][]byte, error) {
	if n := len(rec); n > 0 && rec[n-1] == '\r' {
		rec = rec[:n-1]
	}
	s.fields, s.scratch = s.fields[:0], s.scratch[:0]
	if s.d.quote == 0 || bytes.IndexByte(rec, s.d.quote) < 0 {
		for {
			i := bytes.IndexByte(rec, s.d.delim)
			if i < 0 {
				s.fields = append(s.fields, rec)
				return s.fields, nil
			}
			s.fields = append(s.fields, rec[:i])
			rec = rec[i+1:]
		}
	}
	return s.splitQuoted(rec)
}

func (s *splitter) splitQuoted(rec []byte) ([][]byte, error) {
	var bad error
	if cap(s.scratch) < len(rec) { // room for all, so that earlier views stay good
		s.scratch = make([]byte, 0, 2*len(rec))
	}
	for {
		if len(rec) == 0 || rec[0] != s.d.quote {
			i := bytes.IndexByte(rec, s.d.delim)
			if i < 0 {
				i = len(rec)
			}
			if bytes.IndexByte(rec[:i], s.d.quote) >= 0 {
				bad = errQuote
			}
			s.fields = append(s.fields, rec[:i])
			if i == len(rec) {
				return s.fields, bad
			}
			rec = rec[i+1:]
			continue
		}
		start := len(s.scratch)
		rec = rec[1:]
		for {
			i := bytes.IndexByte(rec, s.d.quote)
			if i < 0 { // never closed
				s.scratch = append(s.scratch, rec...)
				s.fields = append(s.fields, s.scratch[start:])
				return s.fields, errQuote
			}
			s.scratch = append(s.scratch, rec[:i]...)
			rec = rec[i+1:]
			if len(rec) == 0 || rec[0] != s.d.quote {
				break
			}
			s.scratch = append(s.scratch, s.d.quote)
			rec = rec[1:]
		}
		s.fields = append(s.fields, s.scratch[start:])
		if len(rec) == 0 {
			return s.fields, bad
		}
		i := bytes.IndexByte(rec, s.d.delim)
		if i != 0 {
			bad = errQuote
		}
		if i < 0 {
			return s.fields, bad
		}
		rec = rec[i+1:]
	}
}

// readText sends a text file on in blocks of whole records, after leaving out
// the first skip lines.
func (f *File) readText(ctx context.Context, d *dialect, gz, hold bool, skip int, emit func(block) error) error {
	r, c, stop, err := f.openStream(gz)
	if err != nil {
		return err
	}
	defer stop()
	if d.enc != nil {
		r = transform.NewReader(r, d.enc.NewDecoder())
	}
	rd := &textReader{d: d, r: r, line: 1, skip: skip, hold: hold}
	for {
		raw, line, err := rd.next()
		switch {
		case errors.Is(err, errNotUTF8):
			return f.wrongEncoding(raw, line)
		case errors.Is(err, errNotDecoded):
			line += int64(bytes.Count(raw[:bytes.Index(raw, replacement)], []byte{'\n'}))
			return &models.Finding{Severity: models.Refused, File: f.Name, Row: line,
				What: "a character here cannot be read in the file's encoding", Do: "Load it with --encoding and the encoding it was saved in, and check names with tiplens read first"}
		}
		if len(raw) > 0 {
			if err := emit(block{first: line, raw: raw, done: c.n}); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return ctx.Err()
		case errors.Is(err, errOpenQuote):
			return &models.Finding{Severity: models.Refused, File: f.Name, Row: rd.line,
				What: "a double quote that opens here is not closed", Do: "Close it, or double it if it belongs to the text"}
		case errors.Is(err, errLongRow):
			return &models.Finding{Severity: models.Refused, File: f.Name, Row: rd.line,
				What: fmt.Sprintf("this row is longer than %d MB, which no table has", maxRecord>>20), Do: "Check that the file is a table of text, or ask the sender for it again"}
		case err != nil:
			return problem(f.Name, "the file is damaged: "+reason(err), "Ask the sender for the file again")
		case ctx.Err() != nil:
			return ctx.Err()
		}
	}
}

var (
	errOpenQuote = errors.New("quote not closed")
	errNotUTF8   = errors.New("not UTF-8")
	// errNotDecoded is of text that was decoded: what its encoding does not know stands as the replacement character.
	errNotDecoded = errors.New("not in its encoding")
	errLongRow    = errors.New("row too long")

	replacement = []byte("\uFFFD")
)

// textReader cuts a stream into blocks that end at the end of a record.
type textReader struct {
	d    *dialect
	r    io.Reader
	rest []byte
	line int64
	skip int  // lines still to leave out
	hold bool // rows with broken quotes are set aside, so reading goes on behind them
	eof  bool
	done bool
	bom  bool
}

func (t *textReader) next() (raw []byte, line int64, err error) {
	if t.done {
		return nil, 0, io.EOF
	}
	for {
		text, err := t.fill()
		if err != nil {
			return nil, 0, err
		}
		whole, first := text, t.line
		if text = t.skipLines(text); t.skip > 0 && !t.eof {
			continue
		}
		if err := t.check(whole[:len(whole)-len(text)]); err != nil {
			return whole, first, err
		}
		end := len(text)
		if !t.eof {
			end = t.lastRecord(text)
			if end == 0 { // no record ends here yet
				line := bytes.LastIndexByte(text, '\n') + 1
				switch {
				case len(text) <= maxRecord:
					t.rest = text
					continue
				case line == 0 || t.d.quote == 0:
					return nil, 0, errLongRow
				case !t.hold:
					return nil, 0, errOpenQuote
				}
				end = line
			}
		} else {
			t.done = true
			if !t.hold && t.d.quote != 0 && bytes.Count(text, []byte{t.d.quote})%2 == 1 {
				t.line += t.openLine(text)
				return nil, 0, errOpenQuote
			}
		}
		t.rest = slices.Clone(text[end:])
		raw, line = text[:end], t.line
		if err := t.check(raw); err != nil {
			return raw, line, err
		}
		t.line += int64(bytes.Count(raw, []byte{'\n'}))
		if t.done {
			err = io.EOF
		}
		return raw, line, err
	}
}

// check finds text that is not in the file's encoding.
func (t *textReader) check(raw []byte) error {
	switch {
	case !utf8.Valid(raw):
		return errNotUTF8
	case t.d.enc != nil && bytes.Contains(raw, replacement):
		return errNotDecoded
	}
	return nil
}

// skipLines takes lines that are to be left out off the text. They are counted
// as headOf counted them, so a stray quote in a banner swallows no row.
func (t *textReader) skipLines(text []byte) []byte {
	for t.skip > 0 {
		nl := bytes.IndexByte(text, '\n')
		if nl < 0 { // the line goes on in the next piece
			t.rest = nil
			return nil
		}
		text = text[nl+1:]
		t.skip--
		t.line++
	}
	return text
}

// fill reads the next piece behind what was left over.
func (t *textReader) fill() ([]byte, error) {
	buf := make([]byte, len(t.rest)+blockBytes)
	n := copy(buf, t.rest)
	m, eof, err := readFull(t.r, buf[n:])
	if err != nil {
		return nil, err
	}
	buf, t.eof = buf[:n+m], eof
	if t.d.crOnly {
		for i := n; i < len(buf); i++ {
			if buf[i] == '\r' {
				buf[i] = '\n'
			}
		}
	}
	if !t.bom {
		t.bom = true
		buf = bytes.TrimPrefix(buf, []byte("\xef\xbb\xbf"))
	}
	return buf, nil
}

// readFull fills the buffer unless the input ends. Unlike io.ReadFull it tells
// an input that ends from one that breaks off, as a cut gzip file does.
func readFull(r io.Reader, buf []byte) (n int, eof bool, err error) {
	for n < len(buf) {
		m, err := r.Read(buf[n:])
		n += m
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return n, true, nil
		}
		if err != nil {
			return n, false, err
		}
	}
	return n, false, nil
}

// lastRecord finds the end of the last whole record: the last line end with
// an even number of quotes before it.
func (t *textReader) lastRecord(text []byte) int {
	end := bytes.LastIndexByte(text, '\n') + 1
	if t.d.quote == 0 || end == 0 {
		return end
	}
	quotes := bytes.Count(text[:end], []byte{t.d.quote})
	for end > 0 && quotes%2 == 1 {
		prev := bytes.LastIndexByte(text[:end-1], '\n') + 1
		quotes -= bytes.Count(text[prev:end], []byte{t.d.quote})
		end = prev
	}
	return end
}

// openLine tells in which line, from 0, the record begins whose quote stays
// open.
func (t *textReader) openLine(text []byte) int64 {
	var n int64
	for len(text) > 0 {
		rec, rest, open := t.d.cut(text)
		if open {
			return n
		}
		n += int64(bytes.Count(rec, []byte{'\n'})) + 1
		text = rest
	}
	return n
}

// wrongEncoding names the first line that is not UTF-8 and what it may be.
func (f *File) wrongEncoding(raw []byte, line int64) error {
	for len(raw) > 0 {
		r, n := utf8.DecodeRune(raw)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		raw = raw[n:]
	}
	b := byte(0)
	if len(raw) > 0 {
		b = raw[0]
	}
	return &models.Finding{Severity: models.Refused, File: f.Name, Row: line,
		What: fmt.Sprintf("byte 0x%02X is not UTF-8, so the file is in another character encoding", b),
		Do:   "Load it with --encoding windows-1252 (western Windows), windows-874 (Thai) or macintosh, and check names with tiplens read first"}
}
