package datasets

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// textPool are the texts that cells refer to by number. There may be
// millions, so they lie one behind the other in long pieces.
type textPool struct {
	pieces []string
	at     []uint64 // the piece, where the text begins in it, and its length
	open   strings.Builder
	size   int
}

// How a text's place is packed: maxPiece is the longest text and pieces hold
// one more at most.
const (
	textPiece  = 1 << 20
	lengthBits = 23
	startBits  = 23
)

func (t *textPool) add(text []byte) error {
	if t.size += len(text) + 8; t.size > maxStrings {
		return errors.New("its texts take more than 256 MB")
	}
	if t.open.Len() > textPiece {
		t.close()
	}
	t.at = append(t.at, uint64(len(t.pieces))<<(startBits+lengthBits)|uint64(t.open.Len())<<lengthBits|uint64(len(text)))
	t.open.Write(text)
	return nil
}

func (t *textPool) close() {
	t.pieces = append(t.pieces, t.open.String())
	t.open = strings.Builder{}
}

// text gives a text once all have been added and the last piece is closed.
func (t *textPool) text(n int64) (string, bool) {
	if n < 0 || n >= int64(len(t.at)) {
		return "", false
	}
	at := t.at[n]
	start := at >> lengthBits & (1<<startBits - 1)
	return t.pieces[at>>(startBits+lengthBits)][start : start+at&(1<<lengthBits-1)], true
}

// readStrings reads the texts that cells share.
func (w *spreadsheet) readStrings(part string) error {
	in, err := w.open(part)
	if in == nil || err != nil {
		return err
	}
	defer in.Close()
	x, err := scanXML(w.ctx, io.LimitReader(in, maxUnzip))
	if err != nil {
		return err
	}
	var text []byte
	for {
		kind, err := x.next()
		if errors.Is(err, io.EOF) {
			w.strings.close()
			return nil
		}
		if err != nil {
			return cutShort(err)
		}
		if kind == startMark && x.is("si") {
			if text, err = richText(x, "si", text[:0]); err != nil {
				return err
			}
			if err := w.strings.add(unescape(text)); err != nil {
				return err
			}
		}
	}
}

// richText joins the runs of a text up to the end of the element, without the
// hints on how to pronounce it.
func richText(x *xmlScan, end string, text []byte) ([]byte, error) {
	inText, hints := false, 0
	for {
		kind, err := x.next()
		if err != nil {
			return nil, cutShort(err)
		}
		switch kind {
		case startMark:
			inText = x.is("t")
			if x.is("rPh") {
				hints++
			}
		case textMark:
			if inText && hints == 0 {
				if text, err = x.appendText(text); err != nil {
					return nil, err
				}
			}
		case endMark:
			switch inText = false; {
			case x.is("rPh"):
				hints--
			case x.is(end):
				return text, nil
			}
		}
	}
}

// unescape reads the form _x000D_ in which a workbook writes characters that
// XML cannot hold.
func unescape(s []byte) []byte {
	i := bytes.Index(s, []byte("_x"))
	if i < 0 {
		return s
	}
	out := append([]byte(nil), s[:i]...)
	for i < len(s) {
		if len(s) >= i+7 && s[i] == '_' && s[i+1] == 'x' && s[i+6] == '_' {
			if n, err := strconv.ParseUint(string(s[i+2:i+6]), 16, 16); err == nil {
				out = utf8.AppendRune(out, rune(n))
				i += 7
				continue
			}
		}
		out = append(out, s[i])
		i++
	}
	return out
}
