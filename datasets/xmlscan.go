package datasets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// xmlScan reads a part of a workbook mark by mark. A sheet has millions of
// cells, and the decoder of the standard library makes several values of each
// mark; this one makes none. It takes what workbooks hold: no document types,
// so no entities but those of XML itself.
type xmlScan struct {
	ctx  context.Context
	in   io.Reader
	buf  []byte
	at   int   // where the next mark or text begins in buf
	pos  int64 // bytes read so far
	done bool  // in is at its end
	err  error // other than that

	name  []byte // of the mark read last, without its prefix; good until the next
	attrs []byte // what stands behind the name
	text  []byte // read last, as it stands in the file
	plain bool   // it has no entities, for it is quoted as a whole
	open  bool   // the mark closed itself, so its end comes next
}

type markKind uint8

const (
	startMark markKind = iota
	endMark
	textMark
)

var (
	errHuge     = fmt.Errorf("it has a text of more than %d MB", maxPiece>>20)
	errDoctype  = errors.New("it declares a document type, as a workbook never does")
	errNoXML    = errors.New("it is no XML")
	xmlEncoding = regexp.MustCompile(`^<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']`)
)

// scanXML reads from in, which may be in any encoding that it declares.
func scanXML(ctx context.Context, in io.Reader) (*xmlScan, error) {
	s := &xmlScan{ctx: ctx, in: in, buf: make([]byte, 0, 64<<10)}
	for len(s.buf) < 256 && s.more() {
	}
	switch {
	case s.err != nil:
		return nil, s.err
	case bytes.HasPrefix(s.buf, []byte{0xEF, 0xBB, 0xBF}):
		s.at = 3
	case bytes.HasPrefix(s.buf, []byte{0xFF, 0xFE}), bytes.HasPrefix(s.buf, []byte{0xFE, 0xFF}):
		s.in = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(io.MultiReader(bytes.NewReader(s.buf), in))
		s.buf, s.done = make([]byte, 0, 64<<10), false
		return s, nil
	}
	m := xmlEncoding.FindSubmatch(s.buf[s.at:])
	if m == nil || bytes.EqualFold(m[1], []byte("utf-8")) {
		return s, nil
	}
	e, err := htmlindex.Get(string(m[1]))
	if err != nil {
		return nil, fmt.Errorf("it is in an unknown encoding, %s", Clean(string(m[1])))
	}
	s.in = e.NewDecoder().Reader(io.MultiReader(bytes.NewReader(s.buf), in))
	s.buf, s.done = make([]byte, 0, 64<<10), false
	return s, nil
}

// more reads on behind what the buffer holds; false at the end.
func (s *xmlScan) more() bool {
	if s.done || s.err != nil {
		return false
	}
	if s.err = s.ctx.Err(); s.err != nil {
		return false
	}
	if s.at > 0 && len(s.buf) == cap(s.buf) {
		s.buf = s.buf[:copy(s.buf, s.buf[s.at:])]
		s.at = 0
	}
	if len(s.buf) == cap(s.buf) {
		if len(s.buf) >= maxPiece {
			s.err = errHuge
			return false
		}
		s.buf = append(make([]byte, 0, 4*cap(s.buf)), s.buf...)
	}
	n, err := s.in.Read(s.buf[len(s.buf):cap(s.buf)])
	s.buf = s.buf[:len(s.buf)+n]
	s.pos += int64(n)
	switch {
	case errors.Is(err, io.EOF):
		s.done = true
	case err != nil:
		s.err = err
	}
	return n > 0 || !s.done && s.err == nil
}

// find gives the place of a text behind from, counted from the mark at hand.
func (s *xmlScan) find(from int, what string) (int, error) {
	for {
		if i := bytes.Index(s.buf[s.at+from:], []byte(what)); i >= 0 {
			return from + i, nil
		}
		from = max(from, len(s.buf)-s.at-len(what)+1)
		if !s.more() {
			return 0, s.short()
		}
	}
}

func (s *xmlScan) short() error {
	if s.err != nil {
		return s.err
	}
	return io.ErrUnexpectedEOF
}

// next reads a mark or the text before it; io.EOF at the end.
func (s *xmlScan) next() (markKind, error) {
	if s.open {
		s.open = false
		return endMark, nil
	}
	for {
		for len(s.buf)-s.at < 9 && s.more() { // as long as the longest thing told apart
		}
		rest := s.buf[s.at:]
		switch {
		case s.err != nil:
			return 0, s.err
		case len(rest) == 0:
			return 0, io.EOF
		case rest[0] != '<':
			return textMark, s.upToMark()
		case bytes.HasPrefix(rest, []byte("<?")):
			if err := s.skip(2, "?>"); err != nil {
				return 0, err
			}
		case bytes.HasPrefix(rest, []byte("<!--")):
			if err := s.skip(4, "-->"); err != nil {
				return 0, err
			}
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			n, err := s.find(9, "]]>")
			if err != nil {
				return 0, err
			}
			s.text, s.plain = s.buf[s.at+9:s.at+n], true
			s.at += n + 3
			return textMark, nil
		case rest[0] == '<' && len(rest) > 1 && rest[1] == '!':
			return 0, errDoctype
		default:
			return s.mark()
		}
	}
}

func (s *xmlScan) skip(from int, end string) error {
	n, err := s.find(from, end)
	s.at += n + len(end)
	return err
}

// skipPast passes over everything up to and with a text, and keeps none of it.
func (s *xmlScan) skipPast(what string) error {
	for {
		if i := bytes.Index(s.buf[s.at:], []byte(what)); i >= 0 {
			s.at += i + len(what)
			return nil
		}
		s.at = max(s.at, len(s.buf)-len(what)+1)
		if !s.more() {
			return s.short()
		}
	}
}

func (s *xmlScan) upToMark() error {
	n, err := s.find(0, "<")
	if errors.Is(err, io.ErrUnexpectedEOF) {
		n, err = len(s.buf)-s.at, nil
	}
	s.text, s.plain = s.buf[s.at:s.at+n], false
	s.at += n
	return err
}

// mark reads a start or an end.
func (s *xmlScan) mark() (markKind, error) {
	end, quote := 1, byte(0) // a > inside quotes ends nothing
	for {
		for ; s.at+end < len(s.buf); end++ {
			switch c := s.buf[s.at+end]; {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'':
				quote = c
			case c == '>':
				return s.marked(end)
			}
		}
		if !s.more() {
			return 0, s.short()
		}
	}
}

// marked takes the mark at hand apart, whose last sign is at end.
func (s *xmlScan) marked(end int) (markKind, error) {
	body := s.buf[s.at+1 : s.at+end]
	s.at += end + 1
	kind := startMark
	if bytes.HasPrefix(body, []byte("/")) {
		kind, body = endMark, body[1:]
	} else if bytes.HasSuffix(body, []byte("/")) {
		s.open, body = true, body[:len(body)-1]
	}
	n := 0
	for n < len(body) && body[n] > ' ' {
		n++
	}
	s.name, s.attrs = body[:n], body[n:]
	if i := bytes.IndexByte(s.name, ':'); i > 0 {
		s.name = s.name[i+1:]
	}
	if len(s.name) == 0 {
		return 0, errNoXML
	}
	return kind, nil
}

// is reports whether the mark at hand has a name.
func (s *xmlScan) is(name string) bool { return string(s.name) == name }

// attr is the value of an attribute without a prefix, as it stands in the file.
func (s *xmlScan) attr(name string) []byte {
	b := s.attrs
	for {
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			return nil
		}
		key := bytes.TrimSpace(b[:eq])
		b = bytes.TrimSpace(b[eq+1:])
		if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
			return nil
		}
		n := bytes.IndexByte(b[1:], b[0])
		if n < 0 {
			return nil
		}
		if string(key) == name {
			return b[1 : n+1]
		}
		b = b[n+2:]
	}
}

// appendText adds the text read last, its entities put into characters.
func (s *xmlScan) appendText(to []byte) ([]byte, error) {
	b := s.text
	for !s.plain {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			break
		}
		to = append(to, b[:i]...)
		n := bytes.IndexByte(b[i:min(len(b), i+12)], ';')
		if n < 0 {
			return to, errors.New("it has an & that stands alone")
		}
		r, ok := entity(string(b[i+1 : i+n]))
		if !ok {
			return to, fmt.Errorf("it has an unknown sign &%s;", Clean(string(b[i+1:i+n])))
		}
		to = utf8.AppendRune(to, r)
		b = b[i+n+1:]
	}
	if len(to)+len(b) > maxPiece {
		return to, errHuge
	}
	return append(to, b...), nil
}

func entity(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return rune(n), err == nil && n > 0 && n <= utf8.MaxRune
}
