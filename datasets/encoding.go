package datasets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	utf "golang.org/x/text/encoding/unicode"

	"tiplens/models"
)

// namedEncoding finds an encoding by any of its usual names. It is nil for
// UTF-8, which is checked and not decoded.
func namedEncoding(stated string) (encoding.Encoding, error) {
	name := strings.TrimSpace(strings.ToLower(stated))
	switch name {
	case "utf8", "utf-8-sig", "utf-8-bom":
		name = "utf-8"
	case "utf16":
		name = "utf-16"
	case "mac roman", "macroman", "mac-roman", "mac":
		name = "macintosh"
	case "thai", "cp874":
		name = "windows-874"
	case "ansi", "western", "cp1252":
		name = "windows-1252"
	}
	e, err := htmlindex.Get(name)
	if err == nil {
		if n, _ := htmlindex.Name(e); n == "replacement" || n == "x-user-defined" {
			e = nil
		} else if n == "utf-8" {
			return nil, nil
		}
	}
	for _, index := range []*ianaindex.Index{ianaindex.MIME, ianaindex.IANA, ianaindex.MIB} {
		if e == nil {
			e, _ = index.Encoding(name)
		}
	}
	if e == nil {
		return nil, fmt.Errorf("no character encoding is called %q; usual ones are utf-8, windows-1252, windows-874, gbk, shift_jis and utf-16le", Clean(stated))
	}
	return e, nil
}

// guess is an encoding that was found out by content.
type guess struct {
	enc   encoding.Encoding // nil for UTF-8
	name  string            // empty where none could be decided on
	doubt bool              // another one fits nearly as well
	why   string
}

// finding tells a person what was found out; nil where there is nothing to tell.
func (g *guess) finding(file string) *models.Finding {
	if g == nil || g.name == "" || g.why == "" {
		return nil
	}
	f := &models.Finding{Severity: models.Note, File: file, What: "the file is read as " + g.name + ": " + g.why}
	if g.doubt {
		f.Severity = models.Doubt
		f.Do = "Check names with accents, and state another with --encoding if they are wrong"
	}
	return f
}

// markedEncoding is what the first bytes state: a byte order mark.
func markedEncoding(head []byte) *guess {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE, 0, 0}), bytes.HasPrefix(head, []byte{0, 0, 0xFE, 0xFF}):
		return &guess{why: "utf-32"}
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return &guess{enc: utf.UTF16(utf.LittleEndian, utf.UseBOM), name: "utf-16le"}
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return &guess{enc: utf.UTF16(utf.BigEndian, utf.UseBOM), name: "utf-16be"}
	}
	return nil
}

// plainUTF16 finds UTF-16 without a byte order mark: line ends and commas are
// there, each beside a zero byte that is always on the same side, and the whole
// is text.
func plainUTF16(head []byte) *guess {
	if len(head) < 4 {
		return nil
	}
	head = head[:len(head)&^1]
	var zero [2]int
	for i, b := range head {
		if b == 0 {
			zero[i&1]++
		}
	}
	for _, g := range []struct {
		side int
		guess
	}{{1, guess{enc: utf.UTF16(utf.LittleEndian, utf.IgnoreBOM), name: "utf-16le"}}, {0, guess{enc: utf.UTF16(utf.BigEndian, utf.IgnoreBOM), name: "utf-16be"}}} {
		if zero[g.side] < 4 || zero[g.side]*10 < len(head) || zero[1-g.side]*50 > zero[g.side] {
			continue
		}
		units, bad := make([]uint16, 0, len(head)/2), 0
		for i := 0; i < len(head); i += 2 {
			units = append(units, uint16(head[i+g.side])<<8|uint16(head[i+1-g.side]))
		}
		for _, r := range utf16.Decode(units[:len(units)-1]) {
			if r == utf8.RuneError || r < ' ' && r != '\t' && r != '\n' && r != '\r' {
				bad++
			}
		}
		if bad*200 > len(units) {
			continue
		}
		g.why = "every second byte is zero in plain letters, and there is no byte order mark"
		return &g.guess
	}
	return nil
}

// highBytes gathers what bytes beyond ASCII stand among, over a whole file.
type highBytes struct {
	n        [256]int64
	pairs    map[[3]byte]int64 // each with its neighbours
	high     int64             // bytes beyond ASCII
	together int64             // those next to another
	utf8     int64             // sequences that are UTF-8, of more than one byte
	broken   int64             // bytes that are not
}

const maxTriples = 1 << 16

func (h *highBytes) add(text []byte) {
	if h.pairs == nil {
		h.pairs = map[[3]byte]int64{}
	}
	for i := 0; i < len(text); i++ {
		b := text[i]
		if b < utf8.RuneSelf {
			h.n[b]++
			continue
		}
		prev, next := byte('\n'), byte('\n')
		if i > 0 {
			prev = text[i-1]
		}
		if i+1 < len(text) {
			next = text[i+1]
		}
		h.n[b]++
		h.high++
		if prev >= utf8.RuneSelf || next >= utf8.RuneSelf {
			h.together++
		}
		if key := [3]byte{prev, b, next}; len(h.pairs) < maxTriples || h.pairs[key] > 0 {
			h.pairs[key]++
		}
	}
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && n == 1:
			h.broken++
		case n > 1:
			h.utf8++
		}
		text = text[n:]
	}
}

// decide names the encoding of a text that is not UTF-8; its name is empty
// where that cannot be done.
func (h *highBytes) decide() *guess {
	if h.utf8 > h.broken {
		return &guess{why: "most of it is UTF-8"}
	}
	if h.n[0] > 0 {
		return &guess{why: "it holds zero bytes"}
	}
	thai, fits := h.thai()
	if fits && thai > 0.97 {
		return &guess{enc: charmap.Windows874, name: "windows-874", why: fmt.Sprintf("it has %s beyond ASCII, in Thai words", models.Many(h.high, "bytes")), doubt: h.high < 6}
	}
	if h.together*5 > h.high*2 && h.high > 4 {
		return &guess{why: "its letters take up several bytes each, as in GBK, Big5, Shift-JIS or EUC-KR"}
	}
	win, winOK := h.western(charmap.Windows1252)
	mac, macOK := h.western(charmap.Macintosh)
	switch {
	case winOK && win >= 0.5 && (win >= mac || !macOK):
		return &guess{enc: charmap.Windows1252, name: "windows-1252", why: h.examples(charmap.Windows1252), doubt: macOK && win-mac < 0.25 || win < 0.8}
	case macOK && mac >= 0.5:
		return &guess{enc: charmap.Macintosh, name: "macintosh", why: h.examples(charmap.Macintosh), doubt: winOK && mac-win < 0.25 || mac < 0.8}
	}
	return &guess{why: "its letters beyond ASCII make no words in western, Thai or Mac encodings"}
}

// examples shows what the most frequent bytes become.
func (h *highBytes) examples(m *charmap.Charmap) string {
	var shown []string
	done := map[byte]bool{}
	for range 4 {
		best := byte(0)
		for b := 0x80; b <= 0xFF; b++ {
			if c := byte(b); !done[c] && h.n[c] > 0 && (best == 0 || h.n[c] > h.n[best]) {
				best = c
			}
		}
		if best == 0 {
			break
		}
		done[best] = true
		shown = append(shown, Clean(string(m.DecodeByte(best))))
	}
	return fmt.Sprintf("%s beyond ASCII, such as %s, where they can stand", models.Many(h.high, "characters"), strings.Join(shown, " "))
}

// thai is the share of bytes that stand where a Thai letter or sign can; ok is
// false where there are bytes that Thai does not have.
func (h *highBytes) thai() (share float64, ok bool) {
	var good, all int64
	consonant := func(b byte) bool { return b >= 0xA1 && b <= 0xCE }
	vowel := func(b byte) bool { return b == 0xD0 || b >= 0xD1 && b <= 0xDA }
	tone := func(b byte) bool { return b >= 0xE7 && b <= 0xEE }
	for k, n := range h.pairs {
		prev, b, next := k[0], k[1], k[2]
		if b >= 0x80 && b <= 0xA0 && b != 0x80 && b != 0x85 && (b < 0x91 || b > 0x97) && b != 0xA0 || b >= 0xDB && b <= 0xDE || b >= 0xFC {
			return 0, false
		}
		all += n
		switch {
		case b < 0xA1:
			good += n
		case vowel(b):
			if consonant(prev) || tone(prev) {
				good += n
			}
		case tone(b):
			if consonant(prev) || prev >= 0xD1 && prev <= 0xDA || tone(prev) {
				good += n
			}
		case b >= 0xE0 && b <= 0xE4: // stands before its consonant
			if consonant(next) {
				good += n
			}
		case consonant(b):
			if prev >= 0xA1 || next >= 0xA1 {
				good += n
			}
		default: // digits and signs
			good += n
		}
	}
	return float64(good) / float64(max(all, 1)), all > 0 && h.together*10 >= h.high*8
}

// western is how well bytes beyond ASCII stand where the characters of a
// western encoding would; ok is false where there are bytes it does not have.
func (h *highBytes) western(m *charmap.Charmap) (score float64, ok bool) {
	var sum float64
	var all int64
	for k, n := range h.pairs {
		r := m.DecodeByte(k[1])
		if r == utf8.RuneError || r < 0xA0 {
			return 0, false
		}
		prev, next := m.DecodeByte(k[0]), m.DecodeByte(k[2])
		sum += natural(prev, r, next) * float64(n)
		all += n
	}
	return sum / float64(max(all, 1)), all > 0
}

// natural says from -1 to 1 how well a character stands between two others.
func natural(prev, r, next rune) float64 {
	inWord := unicode.IsLower(prev) && unicode.IsLower(next)
	switch {
	case r == 'ƒ' || r == 'þ' || r == 'ð' || r == 'Þ' || r == 'Ð' || r == 'ˆ' || r == 'ˇ' || r == '˘' || r == '˝' || r == 'ı':
		return -0.5
	case unicode.IsLower(r):
		if unicode.IsDigit(prev) || unicode.IsDigit(next) {
			return -0.5
		}
		if unicode.IsUpper(prev) && unicode.IsUpper(next) {
			return -0.5
		}
		if !unicode.IsLetter(prev) && !unicode.IsLetter(next) {
			return 0.2
		}
		return 1
	case unicode.IsUpper(r):
		if unicode.IsLower(prev) || unicode.IsDigit(prev) || unicode.IsDigit(next) {
			return -1
		}
		if !unicode.IsLetter(next) && !unicode.IsLetter(prev) {
			return 0
		}
		return 0.9
	case r == '’' || r == '‘':
		return 1
	case r == 'ª' || r == 'º':
		if unicode.IsDigit(prev) || unicode.IsSpace(prev) {
			return 0.8
		}
		return -0.5
	case strings.ContainsRune("–—“”•…€£°§©®™²³½¼¾±×·«»\u00a0¿¡µ¢¥", r):
		if inWord {
			return -1
		}
		return 0.9
	}
	return -0.5 // signs that tables hardly have
}

// guessEncoding reads a whole file that is not UTF-8 to find out what it is.
func (f *File) guessEncoding(ctx context.Context, gz bool) (*guess, error) {
	r, _, stop, err := f.openStream(gz)
	if err != nil {
		return nil, err
	}
	defer stop()
	var h highBytes
	buf := make([]byte, blockBytes)
	for {
		n, eof, err := readFull(r, buf)
		switch {
		case err != nil:
			return nil, problem(f.Name, "the file is damaged: "+reason(err), "Ask the sender for the file again")
		case ctx.Err() != nil:
			return nil, ctx.Err()
		}
		if h.add(buf[:n]); eof {
			return h.decide(), nil
		}
	}
}

// undecided is the error of a file whose encoding cannot be found out: where
// the first character stands that is not UTF-8, and what to do.
func (f *File) undecided(ctx context.Context, t *Table, gz bool, g *guess) error {
	err := f.readText(ctx, t.csv, gz, true, 0, 0, func(block) error { return nil })
	var fd *models.Finding
	if errors.As(err, &fd) {
		fd.What += " that could not be found out: " + g.why
	}
	return err
}
