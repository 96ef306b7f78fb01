package datasets

import (
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tiplens/models"
)

func TestClean(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "Phnom Penh", "Phnom Penh"},
		{"nothing", "", ""},
		{"only blanks", " \t\n ", ""},
		{"blanks around and between", "  Phnom \t\r\n  Penh ", "Phnom Penh"},
		{"no-break and thin spaces", "12\u00a0345\u2009678", "12 345 678"},
		{"line and paragraph separators", "a\u2028b\u2029c", "a b c"},
		{"C0 controls", "a\x00b\x07c\x08d\x0ee\x7ff", "abcdef"},
		{"C1 controls", "a\u0080b\u009bc\u009fd", "abcd"},
		{"next line", "a\u0085b", "a b"},
		{"colour sequence", "\x1b[31mred\x1b[0m", "[31mred[0m"}, // without its ESC it is text
		{"C1 sequence", "\u009b2J", "2J"},
		{"title sequence", "\x1b]0;owned\x07x", "]0;ownedx"},
		{"link sequence", "\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\", "]8;;http://x\\text]8;;\\"},
		{"clipboard sequence", "\x1b]52;c;cm0gLXJm\x1b\\", "]52;c;cm0gLXJm\\"},
		{"bidi override", "user\u202etxt.exe", "usertxt.exe"},
		{"bidi isolates", "a\u2066b\u2067c\u2068d\u2069e", "abcde"},
		{"bidi marks", "a\u200eb\u200fc\u061cd", "abcd"},
		{"zero width", "a\u200bb\u200cc\u200dd\u2060e\ufefff", "abcdef"},
		{"soft hyphen", "traf\u00adficking", "trafficking"},
		{"tags", "a\U000e0041\U000e0042\U000e007fb", "ab"},
		{"variation selectors", "a\ufe0fb\U000e0101c", "abc"},
		{"fillers that are drawn as nothing", "a\u115fb\u1160c\u3164d\uffa0e\u034ff", "abcdef"},
		{"Khmer inherent vowels, drawn as nothing", "ក\u17b4\u17b5", "ក"},
		{"private use", "a\ue000b\U000f0000c", "abc"},
		{"no characters", "a\ufffe\uffffb", "ab"},
		{"interlinear notes", "a\ufff9b\ufffac\ufffbd", "abcd"},
		{"invalid UTF-8", "a\xff\xfeb\xc3", "ab"},
		{"overlong and surrogate bytes", "a\xc0\xaf\xed\xa0\x80b", "ab"},
		{"replacement character, which a publisher left", "Pa\ufffds", "Pa\ufffds"},
		{"flood of marks", "a" + strings.Repeat("\u0301", 200) + "b", "á" + strings.Repeat("\u0301", 5) + "b"},
		{"flood of enclosing marks", "a" + strings.Repeat("\u20dd", 200), "a" + strings.Repeat("\u20dd", 5)},
		{"a word's marks stay", "Ŏtdâr Méan Choăy", "Ŏtdâr Méan Choăy"},
		{"marks are put together", "Pre\u0301ah", "Préah"},
		{"Khmer stays", "រាជធានីភ្នំពេញ ខេត្តកណ្ដាល ស្ទឹងត្រែង", "រាជធានីភ្នំពេញ ខេត្តកណ្ដាល ស្ទឹងត្រែង"},
		{"Khmer with its signs stays", "ពោធិ៍សាត់ បន្ទាយមានជ័យ កំពង់ឆ្នាំង ក្រុមប្រឹក្សា ស្ត្រីៗ ៥០៛", "ពោធិ៍សាត់ បន្ទាយមានជ័យ កំពង់ឆ្នាំង ក្រុមប្រឹក្សា ស្ត្រីៗ ៥០៛"},
		{"Thai stays", "กรุงเทพมหานคร ผู้เสียหาย", "กรุงเทพมหานคร ผู้เสียหาย"},
		{"Lao stays", "ນະຄອນຫຼວງວຽງຈັນ", "ນະຄອນຫຼວງວຽງຈັນ"},
		{"Vietnamese stays", "Thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh"},
		{"Burmese stays", "မြန်မာ", "မြန်မာ"},
		{"Chinese stays", "柬埔寨", "柬埔寨"},
		{"Arabic stays", "ضحايا", "ضحايا"},
		// A zero-width character between a letter and its mark keeps them apart; without it they belong together.
		{"what is left is put together", "e\u200b\u0301", "é"},
		{"the same behind a control", "e\x07\u0301", "é"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Clean(tt.in); got != tt.want {
				t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

// cleaned checks what Clean promises of any text at all.
func cleaned(t *testing.T, in string) {
	t.Helper()
	out := Clean(in)
	if !utf8.ValidString(out) {
		t.Fatalf("Clean(%q) = %q is not UTF-8", in, out)
	}
	marks, blank := 0, true
	for _, r := range out {
		switch {
		case r == ' ':
			if blank {
				t.Fatalf("Clean(%q) = %q has blanks in front or two in a row", in, out)
			}
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp, unicode.Zs), !unicode.IsGraphic(r), unicode.Is(unicode.Variation_Selector, r) && r >= 0xfe00:
			t.Fatalf("Clean(%q) = %q holds %U", in, out, r)
		}
		blank = r == ' '
		if unicode.In(r, unicode.Mn, unicode.Me) {
			marks++
		} else {
			marks = 0
		}
		if marks > models.MaxMarks {
			t.Fatalf("Clean(%q) = %q has more than %d marks on one letter", in, out, models.MaxMarks)
		}
	}
	if strings.HasSuffix(out, " ") {
		t.Fatalf("Clean(%q) = %q ends in a blank", in, out)
	}
	if !norm.NFC.IsNormalString(out) {
		t.Fatalf("Clean(%q) = %+q is not in NFC", in, out)
	}
	if len(out) > models.MaxText {
		t.Fatalf("%d bytes are left of %d, want %d at most", len(out), len(in), models.MaxText)
	}
	if again := Clean(out); again != out {
		t.Fatalf("Clean(%q) = %+q, and of that it is %+q", in, out, again)
	}
}

// Long text is cut, at the end of a character, and no longer than is said.
func TestCleanCutsLongText(t *testing.T) {
	for name, in := range map[string]string{
		"plain":                strings.Repeat("a", models.MaxText+1),
		"just fits":            strings.Repeat("a", models.MaxText),
		"much too long":        strings.Repeat("ab ", 10_000),
		"Khmer":                strings.Repeat("កណ្ដាល", 1000),
		"Chinese":              strings.Repeat("柬", models.MaxText),
		"blank at the cut":     strings.Repeat("a", models.MaxText) + " b",
		"a mark at the cut":    strings.Repeat("a", models.MaxText-1) + "e\u0301x",
		"long after all falls": strings.Repeat("\u200b", models.MaxText) + "short",
	} {
		t.Run(name, func(t *testing.T) { cleaned(t, in) })
	}
	if got := Clean(strings.Repeat("a", models.MaxText)); len(got) != models.MaxText {
		t.Errorf("a text of %d bytes is cut to %d", models.MaxText, len(got))
	}
}

// Original shows what stood in the file: as it is where that is safe, else in
// quotes, from which the very bytes can be read back.
func TestOriginal(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		quoted   bool
	}{
		{"plain", "Phnom Penh", false},
		{"nothing", "", false},
		{"Khmer", "កណ្ដាល", false},
		{"a quote inside", `Prey "Veng"`, false},
		{"blanks around", " Kandal ", true},
		{"escape sequence", "\x1b[2JKandal", true},
		{"override", "Kandal\u202e", true},
		{"zero width", "កណ្ដា\u200bល", true},
		{"invalid UTF-8", "Nationalit\xe9", true},
		{"decomposed", "Pre\u0301ah", true},
		{"line ends", "a\r\nb", true},
		{"backslash", `C:\temp`, false},
		// In quotes already: it must be quoted again, or it would be read back as what it only quotes.
		{"a quoted word", `"Kandal"`, true},
		{"a quoted escape", `"\u202e"`, true},
	} {
		t.Run(tt.name, func(t *testing.T) { original(t, tt.in, tt.quoted) })
	}
}

func original(t *testing.T, in string, quoted bool) {
	t.Helper()
	out := Original(in)
	if Clean(out) != out {
		t.Fatalf("Original(%q) = %q is not safe to show", in, out)
	}
	back := out
	if strings.HasPrefix(out, `"`) && strings.HasSuffix(out, `"`) && len(out) > 1 {
		var err error
		if back, err = strconv.Unquote(out); err != nil {
			t.Fatalf("Original(%q) = %q cannot be read back: %v", in, out, err)
		}
	}
	if back != in {
		t.Fatalf("Original(%q) = %q, which reads back as %q", in, out, back)
	}
	if quoted && out == in {
		t.Fatalf("Original(%q) is not quoted", in)
	}
}

// FuzzClean holds every text to what Clean and Original promise.
func FuzzClean(f *testing.F) {
	for _, s := range []string{"", " a  b ", "\x1b[31m", "e\u200b\u0301", "\u202e", "កណ្ដាល\u200b", "\xff\xfe", "\u0958\u0344", "a\u0301\u0327\u0316\u0301\u0301\u0301\u0301", "\U000e0041", "\ufdfa", "\u1112\u1161\u200d\u11ab"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		cleaned(t, s)
		if len(s) > models.MaxText {
			return
		}
		out := Original(s)
		if out == s {
			return
		}
		if back, err := strconv.Unquote(out); err != nil || back != s {
			t.Fatalf("Original(%q) = %q, which reads back as %q, %v", s, out, back, err)
		}
	})
}
