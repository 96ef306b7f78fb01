package datasets

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxMarks is how many combining marks may follow one base character; more is
// a flood meant to break a screen. Khmer needs up to four.
const maxMarks = 5

// maxText is the longest text, in bytes, that is kept for display.
const maxText = 2000

// Clean makes text from a file safe for a terminal and for every export:
// control characters, escape sequences, bidi controls, tags, zero-width
// characters, floods of combining marks and invalid UTF-8 go; blanks of any
// kind become one blank; the rest is in NFC, up to maxText bytes.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	s = strings.Map(func(r rune) rune { // first, for marks compose across what is dropped
		if unicode.IsSpace(r) || printable(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(s, ""))
	var b strings.Builder
	marks, blank := 0, true
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.IsSpace(r):
			if !blank && b.Len() < maxText {
				b.WriteByte(' ')
			}
			blank, marks = true, 0
			continue
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > maxMarks {
				continue
			}
		default:
			marks = 0
		}
		blank = false
		if b.Len()+utf8.RuneLen(r) > maxText {
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSuffix(b.String(), " ")
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

// plain is the fast way out: printable ASCII without double or outer blanks.
func plain(s string) bool {
	if len(s) > maxText {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7E || s[i] == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}

// Original keeps the exact text of a cell in a form that is safe to show: as
// it is when cleaning changes nothing, else escaped between double quotes, so
// that what really stood in the file can be read back.
func Original(s string) string {
	if Clean(s) == s && !strings.HasPrefix(s, `"`) {
		return s
	}
	if len(s) > maxText {
		s = s[:maxText]
	}
	return strconv.QuoteToASCII(s)
}
