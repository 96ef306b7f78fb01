package models

import (
	"fmt"
	"strings"
)

// Severity orders findings.
type Severity string

// The severities: held rows did not become observations.
const (
	Note    Severity = "note"
	Doubt   Severity = "doubt"
	Held    Severity = "held"
	Refused Severity = "refused"
)

// Finding is something the loader must tell: where it is, what is wrong, and
// what to do about it. Row and Count are 0 when they do not apply.
type Finding struct {
	Severity Severity `json:"severity"`
	Kind     Kind     `json:"kind,omitempty"`
	File     string   `json:"file,omitempty"`
	Sheet    string   `json:"sheet,omitempty"`
	Row      int64    `json:"row,omitempty"` // line of the file or row of the sheet, counted from 1
	Column   string   `json:"column,omitempty"`
	Count    int64    `json:"count,omitempty"` // how often
	What     string   `json:"what"`
	Do       string   `json:"do,omitempty"`
}

// String is the finding as one sentence.
func (f Finding) String() string {
	var at []string
	if f.File != "" {
		at = append(at, f.File)
	}
	if f.Sheet != "" {
		at = append(at, "sheet "+f.Sheet)
	}
	if f.Row > 0 {
		at = append(at, fmt.Sprintf("row %d", f.Row))
	}
	if f.Column != "" {
		at = append(at, "column "+f.Column)
	}
	s := f.What
	if len(at) > 0 {
		s = strings.Join(at, ", ") + ": " + s
	}
	if f.Count > 1 {
		s += fmt.Sprintf(" (%d times)", f.Count)
	}
	if f.Do != "" {
		s += ". " + f.Do
	}
	return s
}

// Error lets a finding be returned where it ends the work.
func (f *Finding) Error() string { return f.String() }

// Refusal is a question the engine does not answer: which rule, why, and what
// to ask instead. A refused sum cannot be forced.
type Refusal struct {
	Rule string   `json:"rule"`
	Why  string   `json:"why"`  // one plain sentence with the numbers in it
	Ways []WayOut `json:"ways"` // what may be asked instead
}

// WayOut is a question that may be asked instead of a refused one.
type WayOut struct {
	Label string `json:"label"`
	Slice string `json:"slice"`
}
