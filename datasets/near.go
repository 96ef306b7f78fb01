package datasets

import (
	"math/bits"
	"slices"
	"strings"

	"tiplens/models"
)

// nameIndex holds the names of a dimension for comparing by sound and by
// distance. It is made when a text is first not known.
type nameIndex struct {
	names   []nearName
	bySound map[string][]int
}

type nearName struct {
	letters []rune
	mask    uint64 // the letters it has
	code    *models.Code
}

// index gives the names of a dimension, each once.
func (m *Matcher) index(dim string) *nameIndex {
	m.mu.Lock()
	defer m.mu.Unlock()
	if x := m.names[dim]; x != nil {
		return x
	}
	x := &nameIndex{bySound: map[string][]int{}}
	type key struct {
		name string
		code *models.Code
	}
	seen := map[key]bool{}
	for _, k := range m.cat.Choices(dim) {
		if strings.HasPrefix(k.ID, "_") {
			continue
		}
		for _, n := range namesOf(k) {
			f := letters(fold(k.List, n))
			r := []rune(f)
			if len(r) < minFuzzy-1 || seen[key{f, k}] {
				continue
			}
			seen[key{f, k}] = true
			x.names = append(x.names, nearName{r, maskOf(r), k})
			if s := skeleton(f); len(s) >= 3 {
				x.bySound[s] = append(x.bySound[s], len(x.names)-1)
			}
		}
	}
	m.names[dim] = x
	return x
}

// namesOf lists the names of a code that people write, without its codes.
func namesOf(k *models.Code) []string {
	out := append([]string{k.Label, k.LabelKM}, k.Aliases...)
	return append(append(out, k.Doubtful...), k.Shared...)
}

// minFuzzy is the length of the shortest text that may be a misspelling: in
// shorter ones a letter is too much of the name.
const minFuzzy = 6

// reach is how many letters a text may be off (I-8.3).
func reach(n int) int {
	switch {
	case n < minFuzzy:
		return 0
	case n <= 9:
		return 1
	}
	return 2
}

// near proposes by sound, then by distance.
func (m *Matcher) near(dim, text, within string, area bool) NameMatch {
	r := []rune(text)
	if len(r) < minFuzzy || len(r) > 60 {
		return NameMatch{How: NoMatch}
	}
	x := m.index(dim)
	t := m.traps()
	var heard []byNearness
	var paired asked
	if area {
		heard, paired = m.heard(x, r)
	}
	limit := reach(len(r))
	notThat, why := -1, ""
	if area && limit > 0 {
		notThat, why = m.nearNever(r, limit)
	}
	var all []byNearness
	mask := maskOf(r)
	for i := 0; i < len(x.names) && limit > 0; i++ {
		n := &x.names[i]
		most := min(limit, reach(max(len(n.letters), minFuzzy)))
		if diff := len(n.letters) - len(r); diff > most || -diff > most || bits.OnesCount64(mask&^n.mask) > most || bits.OnesCount64(n.mask&^mask) > most {
			continue
		}
		if d := models.EditDistance(r, n.letters, most); d >= 0 {
			all = append(all, byNearness{n.code.ID, d})
			if a, ok := t.pair[string(n.letters)]; ok && area {
				for k, c := range a.codes[1:] {
					all = append(all, byNearness{c, most + 1 + k})
				}
			}
		}
	}
	if best := append(slices.Clone(all), heard...); notThat >= 0 && !slices.ContainsFunc(best, func(n byNearness) bool { return n.d < notThat }) {
		return NameMatch{How: NoMatch, Note: why}
	}
	if len(heard) > 0 && slices.ContainsFunc(all, func(n byNearness) bool { return n.code != heard[0].code && n.d <= heard[0].d }) {
		all = append(heard, all...) // the ear says one, the eye another
	} else if found, ok := m.one(BySound, dim, heard, within, paired); ok {
		return found
	}
	if found, ok := m.one(ByDistance, dim, all, within, asked{}); ok {
		return found
	}
	return NameMatch{How: NoMatch}
}

// nearNever gives how far a text is from the nearest name that says nothing
// alone, and why it does not; -1 beyond the limit.
func (m *Matcher) nearNever(text []rune, limit int) (int, string) {
	best, why := -1, ""
	for never, reason := range m.traps().never {
		if d := models.EditDistance(text, []rune(never), limit); d >= 0 && (best < 0 || d < best || d == best && reason < why) {
			best, why = d, reason
		}
	}
	return best, why
}

// heard lists the codes of which a name sounds like a text, and the trap that
// one of the names is in.
func (m *Matcher) heard(x *nameIndex, text []rune) (all []byNearness, trap asked) {
	s := skeleton(string(text))
	if len(s) < 3 {
		return nil, trap
	}
	for _, i := range x.bySound[s] {
		n := x.names[i]
		if d := models.EditDistance(text, n.letters, max(2, min(len(text), len(n.letters))/2)); d >= 0 {
			all = append(all, byNearness{n.code.ID, d})
			if t, ok := m.traps().pair[string(n.letters)]; ok {
				trap = t
			}
		}
	}
	return all, trap
}

// one makes a proposal of candidates if they are one code: within the country
// of the column, if it is known. False without any.
func (m *Matcher) one(how How, dim string, all []byNearness, within string, pair asked) (NameMatch, bool) {
	if within != "" {
		var here []byNearness
		for _, n := range all {
			if k := m.cat.Code(dim, n.code); k != nil && k.Country == within {
				here = append(here, n)
			}
		}
		if len(here) > 0 {
			all = here
		}
	}
	codes := sortNear(all)
	switch {
	case len(codes) == 0:
		return NameMatch{}, false
	case len(codes) == 1 && pair.codes != nil:
		return NameMatch{How: NoMatch, Candidates: pair.codes, Note: pair.why}, true
	case len(codes) == 1:
		return proposal(how, codes[0], ""), true
	}
	return NameMatch{How: NoMatch, Candidates: codes[:min(len(codes), 5)], Note: "It is like several names"}, true
}

func maskOf(r []rune) uint64 {
	var m uint64
	for _, c := range r {
		m |= 1 << (uint32(c) % 64)
	}
	return m
}

// skeleton keeps the consonants of a name in Latin letters as an ear of this
// region tells them apart: breath, voice and doubling differ between the ways
// of writing Khmer, Thai and Lao in Latin, and vowels more than all. Text in
// other letters has none.
func skeleton(s string) string {
	var b strings.Builder
	var last byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x80 {
			return ""
		}
		next := byte(0)
		if i+1 < len(s) {
			next = s[i+1]
		}
		switch c {
		case 'a', 'e', 'i', 'o', 'u', 'y':
			if i == 0 {
				c = 'a'
			} else {
				last = 0
				continue
			}
		case 'h':
			if i > 0 { // breath after a consonant, or a silent end
				continue
			}
		case 'c':
			if next == 'h' {
				c = 'c'
			} else if next != 'i' && next != 'e' && next != 'y' {
				c = 'k'
			} else {
				c = 's'
			}
		case 'j':
			c = 'c'
		case 'q', 'g', 'x':
			c = 'k'
		case 'b', 'f':
			c = 'p'
		case 'd':
			c = 't'
		case 'w':
			c = 'v'
		case 'z':
			c = 's'
		case 'n':
			if next == 'g' {
				c = 'N'
				i++
			}
		}
		if c == last {
			continue
		}
		b.WriteByte(c)
		last = c
	}
	return b.String()
}
