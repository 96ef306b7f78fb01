package datasets

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold reduces a name to what its spellings share (I-8.3): marks, case and
// punctuation go. In the area list the words that only say what kind of place
// it is go too, and Kompong is Kampong. Khmer has rules of its own. Text
// without a single letter or digit folds to nothing.
func fold(list, name string) string {
	name = latinDigits(name)
	if strings.ContainsFunc(name, isKhmer) {
		return foldKhmer(name)
	}
	if list == "age" { // the sign is what "48+" and "<48" differ by
		name = ageSigns.Replace(name)
	}
	var b strings.Builder
	for _, word := range strings.FieldsFunc(norm.NFKD.String(name), unicode.IsSpace) {
		w := foldWord(word)
		if list == "area" {
			w = strings.ReplaceAll(w, "kompong", "kampong")
			if placeWords[w] {
				continue
			}
		}
		b.WriteString(w)
	}
	s := b.String()
	if list == "area" && len(s) > 5 {
		s = strings.TrimPrefix(s, "the")
	}
	if s == "" && list == "area" { // a name made of such words only, like "City"
		return foldWord(norm.NFKD.String(name))
	}
	return s
}

var placeWords = map[string]bool{
	"province": true, "capital": true, "municipality": true, "city": true, "khaet": true, "khet": true, "krong": true,
}

var ageSigns = strings.NewReplacer("+", "plus", "<", "below", ">", "above", "≤", "upto", "≥", "from")

func foldWord(w string) string {
	var b strings.Builder
	b.Grow(len(w))
	for _, r := range w {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteByte(byte(r))
		case r >= 'A' && r <= 'Z':
			b.WriteByte(byte(r) + 'a' - 'A')
		case r == '&':
			b.WriteString("and")
		case r < unicode.MaxASCII, unicode.Is(unicode.Mn, r):
		case r == 'œ' || r == 'Œ':
			b.WriteString("oe")
		case r == 'ß':
			b.WriteString("ss")
		case r == 'đ' || r == 'Đ':
			b.WriteByte('d')
		case r == 'ø' || r == 'Ø':
			b.WriteByte('o')
		case r == 'ł' || r == 'Ł':
			b.WriteByte('l')
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func isKhmer(r rune) bool { return r >= 0x1780 && r <= 0x17FF }

const (
	coengDa = "\u17d2\u178a" // drawn like coeng ta, so both spellings are in use
	coengTa = "\u17d2\u178f"
)

func foldKhmer(s string) string {
	s = foldLetters(s)
	for _, prefix := range []string{"ខេត្ត", "រាជធានី", "ក្រុង"} {
		if rest := strings.TrimPrefix(s, prefix); rest != "" && rest != s {
			return rest
		}
	}
	return s
}

// foldLetters makes the spellings of a Khmer text alike, and leaves every word
// of it.
func foldLetters(s string) string {
	s = norm.NFC.String(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r >= 0x200B && r <= 0x200D, r == 0x17CD, r == 0x17C8, r == 0x17CB, unicode.IsPunct(r):
			return -1
		}
		return unicode.ToLower(r)
	}, s)
	return strings.ReplaceAll(s, coengDa, coengTa)
}
