package tui

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/unicode/norm"
)

// width is how many cells a text takes. Terminals disagree on Khmer, Thai, Lao
// and Burmese; most give a cell to each letter, also to one that is written
// under another, and none to the signs above and below. So do we, and apart
// makes the renderer do so.
func width(s string) int {
	if !hasStacked(s) {
		return ansi.StringWidthWc(s)
	}
	n := 0
	rest := strings.Map(func(r rune) rune {
		if !stacked(r) {
			return r
		}
		if !unicode.Is(unicode.Mn, r) {
			n++
		}
		return -1
	}, s)
	return n + ansi.StringWidthWc(rest)
}

// widest is how many cells a text may take up: some terminals give one to every
// sign of a letter. A line that is wider than the screen breaks all lines below
// it.
func widest(s string) int {
	n := width(s)
	if !hasStacked(s) {
		return n
	}
	for _, r := range s {
		if stacked(r) && unicode.Is(unicode.Mn, r) {
			n++
		}
	}
	return n
}

// stacked reports whether a sign is of a script whose letters stand above,
// below and beside each other.
func stacked(r rune) bool {
	return r >= 0x0E00 && r < 0xAA80 && unicode.In(r, unicode.Khmer, unicode.Thai, unicode.Lao, unicode.Myanmar)
}

// hasStacked reports whether a text has such a sign. Most have none, which the
// first bytes of its signs tell.
func hasStacked(s string) bool {
	for i := range len(s) {
		if c := s[i]; c == 0xE0 || c == 0xE1 || c == 0xEA {
			return strings.ContainsFunc(s[i:], stacked)
		}
	}
	return false
}

// letterEnd is a blank without width. The renderer leaves it out again.
const letterEnd = "\u200b"

// apart parts the letters of stacked scripts, so that the renderer gives each a
// cell as terminals do. It takes a group of them for one cell, and what stands
// behind on the line would be written beside its place: digits between digits.
func apart(s string) string {
	if !hasStacked(s) {
		return s
	}
	var b strings.Builder
	before := false
	for _, r := range s {
		here := stacked(r)
		if before && here && !unicode.Is(unicode.Mn, r) {
			b.WriteString(letterEnd)
		}
		b.WriteRune(r)
		before = here
	}
	return b.String()
}

// cut shortens a text to w cells; what is cut off shows as one mark.
func cut(s string, w int) string {
	switch {
	case w <= 0:
		return ""
	case width(s) <= w && widest(s) <= w:
		return s
	}
	return upTo(s, w-1) + "~"
}

// upTo is the start of a text that has room in w cells of any terminal.
func upTo(s string, w int) string {
	if !hasStacked(s) {
		return ansi.TruncateWc(s, w, "")
	}
	for s != "" && widest(s) > w {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
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
			first := upTo(word, w)
			if first == "" { // not even one sign of it has room
				return append(out, word)
			}
			out = append(out, first)
			word = word[len(first):]
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
