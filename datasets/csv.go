package datasets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/transform"

	"tiplens/models"
)

const (
	blockBytes = 1 << 20
	maxRecord  = 16 << 20 // a longer record means that a quote was not closed
)

// sampleBytes is how much of a file is looked at before all of it is.
const sampleBytes = 256 << 10

func (f *File) openText(ctx context.Context, opts Options, gz bool) error {
	sample, ended, err := f.sample(gz)
	if err != nil {
		return err
	}
	g, err := f.encodingOf(sample, opts, gz)
	if err != nil {
		return err
	}
	t, err := f.textTable(sample, ended, g, opts, gz)
	if err != nil {
		return err
	}
	sv, err := f.survey(ctx, t, gz)
	if errors.Is(err, errNotUTF8) && g.enc == nil && opts.Encoding == "" {
		if g, err = f.guessEncoding(ctx, gz); err != nil {
			return err
		}
		if g.name == "" { // reading it says where
			f.Format, f.Tables, t.notes = "csv", []*Table{t}, nil
			return f.undecided(ctx, t, gz, g)
		}
		if t, err = f.textTable(sample, ended, g, opts, gz); err != nil {
			return err
		}
		sv, err = f.survey(ctx, t, gz)
	}
	if errors.Is(err, errNotUTF8) { // as stated; reading it says where it is not
		sv, err = nil, nil
	}
	if err != nil {
		return err
	}
	if n := g.finding(f.Name); n != nil {
		t.notes = append(t.notes, *n)
	}
	t.apply(sv)
	f.Format, f.Tables = "csv", []*Table{t}
	return nil
}

// sample reads the start of a text file.
func (f *File) sample(gz bool) (sample []byte, ended bool, err error) {
	r, _, stop, err := f.openStream(gz)
	if err != nil {
		return nil, false, err
	}
	defer stop()
	sample = make([]byte, sampleBytes)
	n, ended, err := readFull(r, sample)
	if err != nil {
		return nil, false, problem(f.Name, "the file is damaged: "+reason(err), "Ask the sender for the file again")
	}
	return sample[:n], ended, nil
}

// encodingOf is the encoding that a person states, that the first bytes state,
// or UTF-8 until the whole file has been seen.
func (f *File) encodingOf(sample []byte, opts Options, gz bool) (*guess, error) {
	if opts.Encoding != "" {
		e, err := namedEncoding(opts.Encoding)
		if err != nil {
			return nil, problem(f.Name, err.Error(), "Use a name such as utf-8, windows-1252, windows-874, gbk, shift_jis or utf-16le")
		}
		return &guess{enc: e, name: opts.Encoding}, nil
	}
	if g := markedEncoding(sample); g != nil {
		if g.name == "" {
			return nil, problem(f.Name, "this is UTF-32, which is not read", "Save it as UTF-8")
		}
		return g, nil
	}
	if bytes.IndexByte(sample, 0) >= 0 {
		if g := plainUTF16(sample); g != nil {
			return g, nil
		}
		if gz {
			return nil, problem(f.Name, "the packed file is no text", "Unpack it first and load what is inside")
		}
	}
	return &guess{}, nil
}

// textTable finds the dialect and the frame in the start of a file.
func (f *File) textTable(sample []byte, ended bool, g *guess, opts Options, gz bool) (*Table, error) {
	if gz && g.enc == nil {
		if kind := sniff(sample, "x.csv"); kind != textKind {
			return nil, problem(f.Name, "the packed file is no text", "Unpack it first and load what is inside")
		}
	}
	text := slices.Clone(sample)
	if g.enc != nil {
		text, _, _ = transform.Bytes(g.enc.NewDecoder(), sample)
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	d := findEnds(text, ended, opts.Shape)
	d.enc = g.enc
	d.ends.unify(text)
	t := &Table{csv: d, opts: opts}
	var stand []headRow
	t.Head, stand = d.headOf(text)
	if last := len(stand) - 1; !ended && last < headRows-1 {
		stand[last].cut = true
	}
	t.header = func(i int) error { return f.textHeader(stand, i, t.whole) }
	t.stand = stand
	if !slices.ContainsFunc(t.Head, func(row []string) bool { return len(row) > 0 }) {
		return nil, problem(f.Name, "the file holds no rows", "Ask the sender for the file again")
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
		return f.readText(ctx, d, gz, opts.Hold || t.whole, lines, fr.last, emit)
	}
	t.profile = newProfile(d, text, ended)
	t.mendHead()
	return t, nil
}

// findEnds finds the dialect of a text, and what ends its lines.
func findEnds(text []byte, whole bool, shape Shape) *dialect {
	lone := bytes.Count(text, []byte{'\r'}) - bytes.Count(text, []byte("\r\n"))
	if n := len(text); n > 0 && text[n-1] == '\r' && !whole {
		lone--
	}
	if lone == 0 {
		return findDialect(text, whole, shape)
	}
	ends := endBoth
	if bytes.IndexByte(text, '\n') < 0 {
		ends = endCR
	}
	other := slices.Clone(text)
	ends.unify(other)
	d := findDialect(other, whole, shape)
	d.ends = ends
	if ends == endBoth { // unless the carriage returns stand inside cells
		if plain := findDialect(text, whole, shape); weighDialect(plain, text, whole).score() >= weighDialect(d, other, whole).score() {
			return plain
		}
	}
	return d
}

// headRow says how one of the first rows stands in a text file.
type headRow struct {
	lines  int    // it takes up
	raw    []byte // as it stands
	bad    bool   // its quotes are broken, so where its fields end is not certain
	mended bool   // but it can be laid along the columns
	cut    bool   // it goes on behind the sample
}

// textHeader is an error where a row cannot serve as the header: columns would
// get false names.
func (f *File) textHeader(head []headRow, at int, reading bool) error {
	line := int64(1)
	for _, h := range head[:at] {
		line += int64(h.lines)
	}
	refuse := func(what, do string) error {
		return &models.Finding{Severity: models.Refused, File: f.Name, Row: line, What: what, Do: do}
	}
	switch h := head[at]; {
	case h.cut:
		return refuse(fmt.Sprintf("the header is longer than %d KB", sampleBytes>>10), "Delete the columns that are not needed, or shorten their names")
	case h.bad && !(h.mended && reading):
		return refuse("a double quote in the header is not closed, or text follows it, so where the names of the columns end is not certain",
			"Double the quotes that belong to a name, or delete them")
	}
	return nil
}

// headOf splits the first rows of a decoded text, and says how they stand in
// it.
func (d *dialect) headOf(text []byte) (rows [][]string, head []headRow) {
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
		if len(fields) == 1 && len(fields[0]) == 0 || d.isComment(rec) {
			row = nil
		}
		rows, head = append(rows, row), append(head, headRow{lines: 1 + bytes.Count(rec, []byte{'\n'}), raw: rec, bad: bad})
	}
	return rows, head
}

// cut takes the next record off the text, without its line end. Open is true
// when the text ends inside quotes.
func (d *dialect) cut(text []byte) (rec, rest []byte, open bool) {
	if d.loose() {
		p := looseParser{d: d}
		n := p.parse(text)
		return bytes.TrimSuffix(text[:n], []byte{'\n'}), text[n:], false
	}
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
	if s.d.loose() {
		return s.splitLoose(rec)
	}
	if s.d.quote == 0 || bytes.IndexByte(rec, s.d.quote) < 0 {
		for s.d.more != nil {
			i := s.d.next(rec)
			if i < 0 {
				s.fields = append(s.fields, rec)
				return s.fields, nil
			}
			s.fields = append(s.fields, rec[:i])
			rec = rec[i+s.d.size():]
		}
		start := 0
		for i, c := range rec { // fields are short: to look for each delimiter would take longer
			if c == s.d.delim {
				s.fields = append(s.fields, rec[start:i])
				start = i + 1
			}
		}
		s.fields = append(s.fields, rec[start:])
		return s.fields, nil
	}
	return s.splitQuoted(rec)
}

// splitLoose cuts a record in which a quote counts only where a field begins
// or ends.
func (s *splitter) splitLoose(rec []byte) ([][]byte, error) {
	p := looseParser{d: s.d, fields: s.fields}
	n := p.parse(rec)
	s.fields = p.fields
	if n < len(rec) || p.dirty > 0 {
		return s.fields, errQuote
	}
	return s.fields, nil
}

func (s *splitter) splitQuoted(rec []byte) ([][]byte, error) {
	var bad error
	if cap(s.scratch) < len(rec) { // room for all, so that earlier views stay good
		s.scratch = make([]byte, 0, 2*len(rec))
	}
	for {
		if len(rec) == 0 || rec[0] != s.d.quote {
			i := s.d.next(rec)
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
			rec = rec[i+s.d.size():]
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
		i := s.d.next(rec)
		if i != 0 {
			bad = errQuote
		}
		if i < 0 {
			return s.fields, bad
		}
		rec = rec[i+s.d.size():]
	}
}

// readText sends a text file on in blocks of whole records, after leaving out
// the first skip lines.
func (f *File) readText(ctx context.Context, d *dialect, gz, hold bool, skip int, last int64, emit func(block) error) error {
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
		if last > 0 && line > last {
			return ctx.Err() // what stands below belongs to no row
		}
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
			if !t.hold && !t.d.loose() && t.d.quote != 0 && bytes.Count(text, []byte{t.d.quote})%2 == 1 {
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
	buf := newBlock(len(t.rest) + blockBytes)
	n := copy(buf, t.rest)
	m, eof, err := readFull(t.r, buf[n:])
	if err != nil {
		return nil, err
	}
	buf, t.eof = buf[:n+m], eof
	for t.d.ends == endBoth && !eof && len(buf) > 0 && buf[len(buf)-1] == '\r' { // what follows decides
		var next [1]byte
		if m, eof, err = readFull(t.r, next[:]); err != nil {
			return nil, err
		}
		buf, t.eof = append(buf, next[:m]...), eof
	}
	t.d.ends.unify(buf[n:])
	if !t.bom {
		t.bom = true
		buf = bytes.TrimPrefix(buf, []byte("\xef\xbb\xbf"))
	}
	return buf, nil
}

// usedBlocks are blocks of text that nobody reads any more. The next ones are
// read into their room, for else a load makes more garbage than anything else.
var usedBlocks sync.Pool

func newBlock(n int) []byte {
	if b, ok := usedBlocks.Get().(*[]byte); ok && cap(*b) >= n {
		return (*b)[:n]
	}
	return make([]byte, n, n+n/16)
}

// used gives a block back. Nothing may point into it.
func used(raw []byte) {
	if cap(raw) > 0 {
		usedBlocks.Put(&raw)
	}
}

// unify makes line feeds of the carriage returns that end lines.
func (e lineEnd) unify(text []byte) {
	for i := 0; e != endLF && i < len(text); i++ {
		j := bytes.IndexByte(text[i:], '\r')
		if j < 0 {
			return
		}
		if i += j; e == endCR || i+1 == len(text) || text[i+1] != '\n' {
			text[i] = '\n'
		}
	}
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
	if t.d.loose() {
		return t.lastLoose(text)
	}
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

// lastLoose finds the same where a quote counts only at the edge of a field.
func (t *textReader) lastLoose(text []byte) int {
	p := looseParser{d: t.d}
	end := 0
	for end < len(text) {
		n := p.parse(text[end:])
		if p.open || end+n == len(text) && text[len(text)-1] != '\n' {
			break
		}
		end += n
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
		Do:   "Load it with --encoding windows-1252 (western Windows), windows-874 (Thai), macintosh, gbk or shift_jis, and check names with tiplens read first"}
}
