package models

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxMarks is how many combining marks may follow one base character; more is
// a flood meant to break a screen. Khmer needs up to four.
const MaxMarks = 5

// MaxText is the longest text, in bytes, that is kept for display.
const MaxText = 2000

// Clean makes text of unknown origin safe for a terminal and for every export:
// control characters, escape sequences, bidi controls, tags, zero-width
// characters, floods of combining marks and invalid UTF-8 go; blanks of any
// kind become one blank; the rest stays, up to MaxText bytes. Composing (NFC)
// is left to the readers of files.
func Clean(s string) string {
	if CleanAlready(s) {
		return s
	}
	var b strings.Builder
	marks, blank := 0, true
	for _, r := range Printable(s) {
		switch {
		case unicode.IsSpace(r):
			if !blank && b.Len() < MaxText {
				b.WriteByte(' ')
			}
			blank, marks = true, 0
			continue
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > MaxMarks {
				continue
			}
		default:
			marks = 0
		}
		blank = false
		if b.Len()+utf8.RuneLen(r) > MaxText {
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSuffix(b.String(), " ")
}

// Printable drops what a terminal does not print, blanks excepted.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || printable(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(s, ""))
}

func printable(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7F && r < 0xA0:
		return false
	case r == utf8.RuneError: // it stands in the file as such; what is no UTF-8 is gone already
		return true
	case unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp):
		return false // bidi controls, zero width, tags, private use
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF, r == 0x034F, r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, r == 0x17B4, r == 0x17B5:
		return false // variation selectors and characters drawn as nothing
	}
	return unicode.IsGraphic(r)
}

// CleanAlready is the fast way out: printable ASCII without double or outer
// blanks.
func CleanAlready(s string) bool {
	if len(s) > MaxText {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7E || s[i] == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}
