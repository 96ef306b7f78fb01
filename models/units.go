package models

import (
	"slices"
	"strings"
)

// Many says how many there are of something that is named in the plural:
// "1 person", "2,506 persons".
func Many[N int | int64](n N, unit string) string {
	return Amount(FormatNumber(float64(n)), unit)
}

// Amount puts a number as it is printed, with its marks, before its unit:
// "1 person", ">=1 person", "1-3 persons".
func Amount(number, unit string) string {
	if IsOne(number) {
		unit = Singular(unit)
	}
	return strings.TrimSpace(number + " " + unit)
}

// IsOne reports whether what follows a printed number is singular: it is 1, be
// it with marks, a word before it or the period it covers behind.
func IsOne(number string) bool {
	number, _, _ = strings.Cut(number, " (")
	for _, word := range []string{"at least ", "more than ", "about "} {
		number = strings.TrimPrefix(number, word)
	}
	number = strings.TrimLeft(number, "~<>=+-")
	return strings.TrimRight(number, "'ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "1"
}

// irregular are the plurals of people.
var irregular = map[string]string{"people": "person", "men": "man", "women": "woman", "children": "child"}

// Singular is one of a unit: a case, an agency, a police report, a person per
// case. Units come from files too, so that a word may be singular already.
func Singular(unit string) string {
	head, rest := unit, ""
	for _, behind := range []string{" per ", " of ", " in ", " for ", " with "} {
		if i := strings.Index(head, behind); i >= 0 {
			head, rest = unit[:i], unit[i:]
		}
	}
	at := strings.LastIndexAny(head, " -") + 1
	before, word := head[:at], head[at:]
	if one, ok := irregular[strings.ToLower(word)]; ok {
		return before + one + rest
	}
	ends := func(with ...string) bool {
		return slices.ContainsFunc(with, func(w string) bool { return strings.HasSuffix(word, w) })
	}
	switch {
	case !ends("s"), ends("ss", "us", "is", "news", "series"):
	case ends("ies"):
		word = strings.TrimSuffix(word, "ies") + "y"
	case ends("sses", "xes", "ches", "shes"):
		word = strings.TrimSuffix(word, "es")
	default:
		word = strings.TrimSuffix(word, "s")
	}
	return before + word + rest
}

// Named names what an indicator counts behind a number as it is printed: "1
// identified victim", "2,506 identified victims".
func (i *Indicator) Named(number string) string {
	name := i.Name
	if i.One != "" && IsOne(number) {
		name = i.One
	}
	return number + " " + strings.ToLower(name[:1]) + name[1:]
}
