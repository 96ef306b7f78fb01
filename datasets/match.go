package datasets

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"tiplens/models"
)

// How says by which step of the ladder a text found its code (I-8.3).
type How string

// The steps. The first two are certain; the next three are proposals, which
// wait for a person.
const (
	ByAlias    How = "alias"    // a name of the code, after folding
	ByPart     How = "part"     // a code or name of something inside it
	ByTown     How = "town"     // a town or crossing given where a province is meant
	BySound    How = "sound"    // the consonants of one name only
	ByDistance How = "distance" // a letter or two from the names of one code
	ByPerson   How = "decided"  // a person, or a recipe, has said so
	NoMatch    How = "none"
)

// Sure reports whether a match needs no person.
func (h How) Sure() bool { return h == ByAlias || h == ByPart }

// NameMatch is what the ladder makes of a text.
type NameMatch struct {
	Code       string // found or proposed; empty without one
	How        How
	Candidates []string // the codes that a person may mean, likeliest first; empty when sure
	Note       string   // what a reader of the report should know
}

// Matcher finds the code that a text in a file means. It may be used by any
// number of goroutines.
type Matcher struct {
	cat   *models.Catalog
	mu    sync.Mutex
	names map[string]*nameIndex // by dimension
	traps func() *traps
}

// NewMatcher makes a matcher over a catalogue.
func NewMatcher(cat *models.Catalog) *Matcher {
	return &Matcher{cat: cat, names: map[string]*nameIndex{}, traps: sync.OnceValue(readTraps)}
}

// Match resolves a text of a dimension. Within is the country whose provinces
// a column gives, if it is known: only then is a bare number a province.
func (m *Matcher) Match(dim, text, within string) NameMatch {
	text = strings.TrimSpace(text)
	if found, ok := m.exact(dim, text, within); ok {
		return found
	}
	area := m.area(dim)
	if area {
		if found, ok := m.inParts(dim, text, within); ok {
			return found
		}
	}
	list := m.list(dim)
	if area {
		list = "area"
	}
	folded := fold(list, text)
	f := letters(folded)
	if k, sure := m.cat.Find(dim, text); k != nil && !sure {
		return proposal(ByTown, k.ID, k.Label+" is where it lies")
	}
	t := m.traps()
	if area {
		if t.never[f] != "" {
			return NameMatch{How: NoMatch, Note: t.never[f]}
		}
		if a, ok := t.ask[f]; ok {
			return m.narrowed(dim, a.codes, within, a.why)
		}
		if a, ok := t.likely[f]; ok && m.cat.Code(dim, a.codes[0]) != nil {
			return proposal(ByTown, a.codes[0], a.why)
		}
		if shared := m.cat.Sharing(dim, text); len(shared) > 0 {
			return m.narrowed(dim, ids(shared), within, "Several have this name")
		}
		if k, sure := m.cat.Find(dim, f); k != nil && f != folded && len([]rune(f)) >= 4 { // numbers and signs around a name
			switch {
			case sure && m.list(dim) == "nationality": // a number with one is no numbering of a list; it may be a count
				return proposal(ByDistance, k.ID, "A number stands with the name")
			case sure:
				return NameMatch{Code: k.ID, How: ByAlias, Note: "The number with the name was left out"}
			}
			return proposal(ByTown, k.ID, k.Label+" is where it lies")
		}
	}
	if strings.ContainsFunc(latinDigits(text), unicode.IsDigit) { // what a number is a letter from is another number
		return NameMatch{How: NoMatch}
	}
	return m.near(dim, f, within, area)
}

// proposal is a match that waits for a person.
func proposal(how How, code, note string) NameMatch {
	return NameMatch{Code: code, How: how, Candidates: []string{code}, Note: note}
}

// narrowed is a name that several codes have: a proposal if the country leaves
// one of them, else nothing.
func (m *Matcher) narrowed(dim string, codes []string, within, why string) NameMatch {
	var at []string
	for _, c := range codes {
		if k := m.cat.Code(dim, c); k != nil && within != "" && k.Country == within {
			at = append(at, c)
		}
	}
	if len(at) == 1 && len(codes) > 1 && within != "" {
		return proposal(ByTown, at[0], why)
	}
	return NameMatch{How: NoMatch, Candidates: slices.Clone(codes), Note: why}
}

// exact is the first step: codes, aliases, and codes of what lies inside.
func (m *Matcher) exact(dim, text, within string) (NameMatch, bool) {
	plain := latinDigits(text)
	if m.area(dim) {
		switch n, err := strconv.Atoi(plain); {
		case err == nil && n >= 0 && isNumber(plain):
			return m.number(dim, plain, n, within), true
		case m.cat.Code(dim, text) == nil && doubtfulCode(text):
			if k := m.cat.Code(dim, strings.ToUpper(fold("area", text))); k != nil {
				return NameMatch{How: NoMatch, Candidates: []string{k.ID}, Note: "It may be the code " + k.ID + ", or a word"}, true
			}
		}
		if k, _ := m.cat.Find(dim, plain); k != nil && otherNumbers(plain) {
			return NameMatch{How: NoMatch, Candidates: []string{k.ID}, Note: "ISO numbers these provinces otherwise than the country does"}, true
		}
		if found, ok := m.inside(dim, plain); ok {
			return found, true
		}
	}
	k, sure := m.cat.Find(dim, plain)
	if k == nil || !sure {
		return NameMatch{}, false
	}
	found := NameMatch{Code: k.ID, How: ByAlias}
	if m.list(dim) == "nationality" && k.ID == "KH" && strings.Contains(fold("area", plain), "khmer") && len(plain) < 8 {
		found.Note = "An ethnic term on some forms, taken as the nationality"
	}
	return found, true
}

// doubtfulCode reports whether a text that comes to two letters may be a word
// or a piece of a name rather than the code of a country: no and na are words,
// and codes are not written as words are.
func doubtfulCode(text string) bool {
	f := fold("area", text)
	return len(f) == 2 && (len(text) != 2 || text != strings.ToLower(text) || f == "no" || f == "na")
}

func isNumber(s string) bool { return s[0] >= '0' && s[0] <= '9' }

// number reads a bare number: of three digits it is the number of a country,
// of one or two a province, where the country is known and numbers its
// provinces.
func (m *Matcher) number(dim, text string, n int, within string) NameMatch {
	var province *models.Code
	if slices.Contains(numbered, within) {
		province = m.cat.Code(dim, within+"-"+strconv.Itoa(n))
	}
	k, sure := m.cat.Find(dim, text)
	switch {
	case len(text) <= 2 && province != nil:
		return NameMatch{Code: province.ID, How: ByAlias}
	case len(text) == 3 && within == "" && k != nil && sure:
		return NameMatch{Code: k.ID, How: ByAlias}
	case len(text) == 3 && k != nil && sure:
		return NameMatch{How: NoMatch, Candidates: []string{k.ID}, Note: "It may be the number of a country or of a district"}
	}
	return NameMatch{How: NoMatch, Note: "A number alone says no place"}
}

// numbered are the countries of which ISO numbers the provinces as their own
// offices do. In Viet Nam and the Philippines the two differ.
var numbered = []string{"KH", "TH"}

// otherNumbers reports whether a text is a country's letters and a number
// without the hyphen of ISO where the country's own numbers are others: VN01 is
// Hanoi to the one and Lai Chau to the other.
func otherNumbers(text string) bool {
	t := strings.ToUpper(text)
	return (strings.HasPrefix(t, "VN") || strings.HasPrefix(t, "PH")) && len(t) == 4 && isNumber(t[2:]) && isNumber(t[3:])
}

// inside reads the P-code of a district, commune or village of Cambodia, which
// begins with that of its province: KH, then two, four, six or eight digits.
func (m *Matcher) inside(dim, text string) (NameMatch, bool) {
	rest, ok := strings.CutPrefix(strings.ToUpper(text), "KH")
	rest = strings.TrimPrefix(rest, "-")
	n, err := strconv.Atoi(rest)
	if !ok || err != nil || n <= 0 || !isNumber(rest) {
		return NameMatch{}, false
	}
	level := ""
	switch len(rest) {
	case 1, 2:
	case 4:
		n, level = n/100, "district"
	case 6:
		n, level = n/1e4, "commune"
	case 8:
		n, level = n/1e6, "village"
	default:
		return NameMatch{}, false
	}
	k := m.cat.Code(dim, "KH-"+strconv.Itoa(n))
	if k == nil {
		return NameMatch{}, false
	}
	if level == "" {
		return NameMatch{Code: k.ID, How: ByAlias}, true
	}
	return NameMatch{Code: k.ID, How: ByPart, Note: "The code of a " + level + " in " + k.Label}, true
}

// inParts reads a place given with the one around it: "Battambang, Cambodia"
// is certain; of "Samraong, Takeo" only the province is known.
func (m *Matcher) inParts(dim, text, within string) (NameMatch, bool) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;/()|", r) })
	if len(parts) < 2 || len(parts) > 4 {
		return NameMatch{}, false
	}
	finest := ""
	known, towns := 0, 0
	var all []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		found, ok := m.exact(dim, p, "")
		if k, _ := m.cat.Find(dim, p); !ok && k != nil {
			found, ok = NameMatch{Code: k.ID, How: ByTown}, true
			towns++
		}
		if !ok || found.Code == "" {
			continue
		}
		known++
		all = append(all, found.Code)
		switch {
		case finest == "" || m.cat.Within(dim, found.Code, finest):
			finest = found.Code
		case !m.cat.Within(dim, finest, found.Code):
			finest = "-"
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	k := m.cat.Code(dim, finest)
	switch {
	case known == 0:
		return NameMatch{}, false
	case k == nil:
		return NameMatch{How: NoMatch, Candidates: all, Note: "It names several places"}, true
	case known == len(parts) && towns == 0 && len(all) > 1:
		return NameMatch{Code: finest, How: ByAlias}, true
	case k.Level == "country":
		return NameMatch{}, false // a place in it that no list knows
	}
	return proposal(ByTown, finest, k.Label+" is named with it"), true
}

// list names the code list of a dimension.
func (m *Matcher) list(dim string) string {
	if d := m.cat.Dimension(dim); d != nil {
		return d.List
	}
	return dim
}

// area reports whether a dimension has places or countries as codes.
func (m *Matcher) area(dim string) bool {
	l := m.list(dim)
	return l == "area" || l == "nationality"
}

func ids(ks []*models.Code) []string {
	var out []string
	for _, k := range ks {
		out = append(out, k.ID)
	}
	return out
}

// letters drops what is no letter or mark.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.Is(unicode.M, r) {
			return r
		}
		return -1
	}, s)
}

// traps are the names of I-8.2 that must not be guessed.
type traps struct {
	never  map[string]string // folded name: why it says nothing alone
	ask    map[string]asked
	likely map[string]asked
	pair   map[string]asked
}

type asked struct {
	codes []string
	why   string
}

func readTraps() *traps {
	t := &traps{never: map[string]string{}, ask: map[string]asked{}, likely: map[string]asked{}, pair: map[string]asked{}}
	err := readTable("traps.csv", func(get func(string) string) {
		f := letters(fold(get("list"), get("text")))
		a := asked{words(get("codes")), get("why")}
		switch get("kind") {
		case "never":
			t.never[f] = a.why
		case "ask":
			t.ask[f] = a
		case "likely":
			t.likely[f] = a
		case "pair":
			t.pair[f] = a
		}
	})
	if err != nil {
		panic(err) // it is embedded; a test keeps this from happening
	}
	return t
}

// CountryCodes reports whether the texts of a column are ISO alpha-2 codes, so
// that NA among them is Namibia and no mark for a missing value.
func CountryCodes(cat *models.Catalog, texts []string) bool {
	n, codes := 0, 0
	for _, t := range texts {
		if t = strings.TrimSpace(t); t == "" || t == "NA" {
			continue
		}
		n++
		if k := cat.Code(models.DimPlace, t); k != nil && k.Level == "country" && len(t) == 2 {
			codes++
		}
	}
	return n >= 2 && codes*10 >= n*9
}

// byNearness orders candidates.
type byNearness struct {
	code string
	d    int
}

func sortNear(all []byNearness) []string {
	slices.SortFunc(all, func(a, b byNearness) int { return cmp.Or(a.d-b.d, models.CompareCodes(a.code, b.code)) })
	var out []string
	for _, n := range all {
		if !slices.Contains(out, n.code) {
			out = append(out, n.code)
		}
	}
	return out
}
