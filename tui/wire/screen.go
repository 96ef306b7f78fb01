package wire

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hinshun/vt10x"
)

// Screen is what a terminal shows. It is an emulator that also knows what the
// renderer sends where TERM promises insert mode or repeated characters.
type Screen struct {
	vt10x.Terminal
	W, H int
	held []byte // the start of something that is not whole yet
	last rune   // shown last, which may be repeated
}

// NewScreen makes an empty screen; what the terminal answers by itself, such as
// where its cursor is, goes to answer.
func NewScreen(w, h int, answer io.Writer) *Screen {
	return &Screen{Terminal: vt10x.New(vt10x.WithSize(w, h), vt10x.WithWriter(answer)), W: w, H: h, last: ' '}
}

// Show shows what a program sent.
func (s *Screen) Show(b []byte) {
	var ready []byte
	ready, s.held = wholeInserts(append(s.held, b...))
	if k := broken(ready); k > 0 {
		s.held, ready = append(bytes.Clone(ready[len(ready)-k:]), s.held...), ready[:len(ready)-k]
	}
	_, _ = s.Write(s.repeat(ready))
}

var insertMode = regexp.MustCompile(`\x1b\[4h([^\x1b]*)\x1b\[4l`)

// wholeInserts writes insert mode, which the emulator does not know, as
// inserted blanks written over. It holds back what is not whole yet.
func wholeInserts(b []byte) (ready, held []byte) {
	b = insertMode.ReplaceAllFunc(b, func(m []byte) []byte {
		text := insertMode.FindSubmatch(m)[1]
		return fmt.Appendf(nil, "\x1b[%d@%s", utf8.RuneCount(text), text)
	})
	if i := bytes.Index(b, []byte("\x1b[4h")); i >= 0 {
		return b[:i], bytes.Clone(b[i:])
	}
	return b, nil
}

var begun = regexp.MustCompile(`\x1b(\[[0-9;?]*)?$`)

// broken is how many bytes at the end are the start of a character or of a
// sequence whose other bytes have not come yet.
func broken(b []byte) int {
	if m := begun.FindIndex(b); m != nil {
		return m[1] - m[0]
	}
	for k := 1; k < utf8.UTFMax && k <= len(b); k++ {
		if tail := b[len(b)-k:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return k
			}
			break
		}
	}
	return 0
}

var (
	repeated = regexp.MustCompile(`\x1b\[([0-9]+)b`)
	unseen   = regexp.MustCompile(`\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[^\[]|[\x00-\x1f]`)
)

// repeat writes out characters that are sent once and then repeated.
func (s *Screen) repeat(b []byte) []byte {
	var out []byte
	for {
		m := repeated.FindSubmatchIndex(b)
		text := b
		if m != nil {
			text = b[:m[0]]
		}
		if r, n := utf8.DecodeLastRune(unseen.ReplaceAll(text, nil)); n > 0 {
			s.last = r
		}
		out = append(out, text...)
		if m == nil {
			return out
		}
		if n, err := strconv.Atoi(string(b[m[2]:m[3]])); err == nil {
			out = append(out, strings.Repeat(string(s.last), min(n, s.W))...)
		}
		b = b[m[1]:]
	}
}

// Lines gives the lines of the screen, without blanks at their ends.
func (s *Screen) Lines() []string {
	var out []string
	for _, row := range s.Picture().Rows {
		out = append(out, strings.TrimRight(string(row), " "))
	}
	return out
}

// Picture is what stands on a screen at one moment, and where its cursor is.
type Picture struct {
	Rows [][]rune
	X, Y int
}

// Picture gives the screen of now.
func (s *Screen) Picture() Picture {
	s.Lock()
	defer s.Unlock()
	c := s.Cursor()
	p := Picture{X: c.X, Y: c.Y}
	for y := range s.H {
		row := make([]rune, s.W)
		for x := range row {
			if row[x] = s.Cell(x, y).Char; row[x] == 0 {
				row[x] = ' '
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}
