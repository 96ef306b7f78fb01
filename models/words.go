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

// TermText is a filter in words: "nationality China or Thailand".
func (c *Catalog) TermText(t Term) string {
	var vals []string
	for _, code := range t.Codes {
		l := c.Label(t.Dim, code)
		if code == Unknown {
			l = "not stated"
		}
		vals = append(vals, l)
	}
	for _, p := range t.Spans {
		vals = append(vals, p.Label())
	}
	if t.Not && len(t.Codes) == 1 && t.Codes[0] == Unknown {
		t.Not, vals = false, []string{"stated"}
	}
	not := ""
	if t.Not {
		not = "not "
	}
	v := not + strings.Join(vals, " or ")
	if t.Dim == DimYear && !t.Not && len(t.Codes) == 0 {
		return v
	}
	name := t.Dim
	if d := c.Dimension(t.Dim); d != nil {
		name = d.Name
	}
	return strings.ToLower(name) + " " + v
}

// ChangeText says what numbers are compared with, "" where they are not.
func (c *Catalog) ChangeText(ch Change) string {
	if ch.Only != "" {
		only := ", " + ch.Only + " corridors only"
		ch.Only = ""
		return c.ChangeText(ch) + only
	}
	switch ch.Kind {
	case "":
		return ""
	case ChangePrevious:
		return "change from the period before"
	case ChangeYear:
		return "change from the same period a year before"
	case ChangeTerm:
		return "change from " + c.TermText(ch.Term)
	}
	return "change from " + ch.Span.Label()
}

// String is the remark as one sentence, with its rule in front.
func (r Remark) String() string {
	if r.Rule == "" {
		return Capital(r.Text)
	}
	return r.Rule + ": " + r.Text
}

// Line heads a block in full: what it counts, of several things side by side,
// and its source.
func (b *Block) Line() string { return b.titled(b.Source.Line(), "; ") }

// Name heads a block as short as people know it.
func (b *Block) Name() string { return b.titled(b.Source.Name(), ", ") }

func (b *Block) titled(source, by string) string {
	if b.Title == "" {
		return source
	}
	return b.Title + by + source
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
	if s.Movement != "" {
		n += " (" + s.Movement + ")"
	}
	return n + ", " + s.Dataset + " " + string(s.Grain) + "s"
}

// Data names the dataset, by its title where that was stated.
func (s Source) Data() string {
	name := fmt.Sprintf("%s@%d", s.Dataset, s.Version)
	if s.Title != "" {
		name = s.Title + " (" + name + ")"
	}
	return name + ", " + string(s.Grain) + "s"
}

// Line names a source in one line with all that must be known of it.
func (s Source) Line() string {
	line := s.Agency
	if s.AgencyName != "" && s.AgencyName != s.Agency {
		line += ", " + s.AgencyName
	}
	line += "; " + s.Data()
	if s.Scope != "" {
		line += "; scope: " + strings.ReplaceAll(s.Scope, "_", " ")
	}
	if s.Movement != "" {
		line += "; movement: " + s.Movement
	}
	if s.Grain == Record && s.Dedup != "" {
		line += "; de-duplication: " + strings.ReplaceAll(string(s.Dedup), "_", " ")
	}
	return line
}
