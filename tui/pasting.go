package tui

import (
	"bytes"
	"os"
	"time"
	"unicode/utf8"
)

// A terminal sends what is pasted between two marks. Where the second one gets
// lost, as when a link breaks off or a program that was pasted from ends, every
// key after it would be taken for a part of the paste. What is pasted comes in
// one go; so a single key that comes after a silence is a key, and the end of
// the paste is put in before it. Text that goes on after a silence stays a
// part of it: a slow link may stop in between, and pasted text must never act
// as keys.
const (
	pasteStart   = "\x1b[200~"
	pasteEnd     = "\x1b[201~"
	pasteSilence = 500 * time.Millisecond
)

// input is a terminal that is read from.
type input struct {
	*os.File
	pastes pastes
}

// Input gives the terminal to read from: a paste that does not end takes no
// keys away.
func Input(f *os.File) *input { return &input{File: f} }

// Read reads what has been typed or pasted.
func (in *input) Read(b []byte) (int, error) {
	room := len(b) - len(pasteEnd)
	if room <= 0 {
		return in.File.Read(b)
	}
	n, err := in.File.Read(b[:room])
	return in.pastes.pass(b, max(n, 0), time.Now()), err
}

// pastes knows whether a paste has begun and not ended.
type pastes struct {
	open bool
	tail []byte    // the last bytes, with which a mark may have begun
	at   time.Time // when they came
}

// pass takes the first n bytes of b, and gives how many there are to read once
// the end of a paste was put in before them, for which b has room.
func (p *pastes) pass(b []byte, n int, now time.Time) int {
	if n == 0 {
		return 0
	}
	lost := p.open && now.Sub(p.at) >= pasteSilence && aKey(b[:n])
	if lost {
		p.open, p.tail = false, nil
	}
	seen := append(p.tail, b[:n]...)
	if start, end := bytes.LastIndex(seen, []byte(pasteStart)), bytes.LastIndex(seen, []byte(pasteEnd)); max(start, end) >= 0 {
		p.open = start > end
	}
	p.tail = bytes.Clone(seen[max(len(seen)-len(pasteEnd)+1, 0):])
	p.at = now
	if lost {
		copy(b[len(pasteEnd):], b[:n])
		copy(b, pasteEnd)
		n += len(pasteEnd)
	}
	return n
}

// aKey reports whether bytes that came by themselves are one key, or the start
// of another paste. The end of a paste is none, and neither is what a terminal
// answers when it is asked where its cursor is.
func aKey(b []byte) bool {
	switch {
	case bytes.HasPrefix(b, []byte(pasteStart)):
		return true
	case b[0] == '\x1b':
		return !bytes.HasPrefix(b, []byte(pasteEnd)) && bytes.Count(b, b[:1]) == 1 && len(b) <= 8 && b[len(b)-1] != 'R'
	}
	return utf8.RuneCount(b) == 1
}
