package tui

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/unicode/norm"
)

// width is how many cells a text takes, as the renderer counts. Terminals
// disagree on Khmer and Thai: see widest.
func width(s string) int { return ansi.StringWidthWc(s) }

// cut shortens a text to w cells; what is cut off shows as one mark.
func cut(s string, w int) string {
	if w <= 0 {
		return ""
	}
	switch n := width(s); {
	case n <= w && widest(s) <= w:
		return s
	case n == widest(s):
		return ansi.TruncateWc(s, w, "~")
	}
	r := []rune(s)
	for len(r) > 0 && widest(string(r)) > w-1 {
		r = r[:len(r)-1]
	}
	return string(r) + "~"
}

// widest is how many cells a text may take up. The renderer gives a letter of
// Khmer, Thai, Lao or Burmese with all that stands above, below or beside it
// one cell; most terminals give one to each letter under another, and some to
// every sign. A line that is wider than the screen breaks all lines below it.
func widest(s string) int {
	n := 0
	rest := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Khmer, unicode.Thai, unicode.Lao, unicode.Myanmar) {
			n++
			return -1
		}
		return r
	}, s)
	return n + width(rest)
}

// pad fills a text with blanks to w cells on its right, cutting it if need be.
func pad(s string, w int) string {
	s = cut(s, w)
	return s + strings.Repeat(" ", max(w-width(s), 0))
}

// padLeft fills with blanks on the left.
func padLeft(s string, w int) string {
	s = cut(s, w)
	return strings.Repeat(" ", max(w-width(s), 0)) + s
}

// wrap breaks a text into lines of at most w cells, at blanks.
func wrap(s string, w int) []string {
	if w <= 0 {
		return nil
	}
	var out []string
	line := ""
	for _, word := range strings.Fields(s) {
		for widest(word) > w {
			if line != "" {
				out, line = append(out, line), ""
			}
			head := ansi.TruncateWc(word, w, "")
			for widest(head) > w {
				_, n := utf8.DecodeLastRuneInString(head)
				head = head[:len(head)-n]
			}
			if head == "" { // not even one sign of it has room
				return append(out, word)
			}
			out = append(out, head)
			word = word[len(head):]
		}
		switch {
		case line == "":
			line = word
		case widest(line)+1+widest(word) <= w:
			line += " " + word
		default:
			out, line = append(out, line), word
		}
	}
	if line != "" {
		out = append(out, line)
	}
	return out
}

// ascii writes a text without anything beyond ASCII, for terminals that are
// not set to UTF-8: marks go, known letters are spelled out, others are "?".
func ascii(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		plain = plain && s[i] < 0x80
	}
	if plain {
		return s
	}
	s = spelled.Replace(s)
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r), ansi.StringWidthWc(string(r)) == 0:
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}

// spellable leaves out of a line what ASCII cannot write: of a list after a
// colon the items in another script, and the whole line if nothing else is in
// it.
func spellable(s string) string {
	if !foreign(s) {
		return s
	}
	head, list, ok := strings.Cut(s, ": ")
	if !ok || foreign(head) {
		return ""
	}
	items := slices.DeleteFunc(strings.Split(list, "; "), foreign)
	if len(items) == 0 {
		return ""
	}
	return head + ": " + strings.Join(items, "; ")
}

// foreign reports whether a text has letters that ASCII cannot spell.
func foreign(s string) bool {
	for _, r := range norm.NFKD.String(spelled.Replace(s)) {
		if r >= 0x80 && unicode.IsLetter(r) {
			return true
		}
	}
	return false
}

var spelled = strings.NewReplacer("œ", "oe", "æ", "ae", "ß", "ss", "ø", "o", "đ", "d", "ł", "l", "’", "'", "‘", "'", "“", `"`, "”", `"`,
	"–", "-", "—", "-", "…", "...", "→", "->", "≥", ">=", "≤", "<=", "·", "-", "×", "x")

// lines cuts or fills a block to exactly h lines.
func lines(ls []string, h int) []string {
	if len(ls) > h {
		return ls[:max(h, 0)]
	}
	for len(ls) < h {
		ls = append(ls, "")
	}
	return ls
}
