package models

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Capital writes the first letter of a text large, as at the start of a
// sentence.
func Capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// String is the remark as one sentence, with its rule in front.
func (r Remark) String() string {
	if r.Rule == "" {
		return Capital(r.Text)
	}
	return r.Rule + ": " + r.Text
}

// Name names a source as short as people know it.
func (s Source) Name() string {
	n := s.Agency
	if s.AgencyName != "" && s.AgencyName != s.Agency {
		n = s.AgencyName
	}
	if s.Scope != "" {
		n += " (" + strings.ReplaceAll(s.Scope, "_", " ") + ")"
	}
	return n + ", " + s.Dataset + " " + string(s.Grain) + "s"
}

// Line names a source in one line with all that must be known of it.
func (s Source) Line() string {
	line := s.Agency
	if s.AgencyName != "" && s.AgencyName != s.Agency {
		line += ", " + s.AgencyName
	}
	line += fmt.Sprintf("; %s (%s@%d), %ss", s.Title, s.Dataset, s.Version, s.Grain)
	if s.Scope != "" {
		line += "; scope: " + strings.ReplaceAll(s.Scope, "_", " ")
	}
	if s.Grain == Record && s.Dedup != "" {
		line += "; de-duplication: " + strings.ReplaceAll(string(s.Dedup), "_", " ")
	}
	return line
}
