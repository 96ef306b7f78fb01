package models

import (
	"fmt"
	"strings"
)

// HeldRows is what a version keeps of the rows that its load held back.
type HeldRows struct {
	Dataset Dataset
	Recipe  string   // the text of the recipe by which the file was read
	Columns []string // of the source file
	Rows    []HeldRow
}

// Changes compares two versions of a dataset, figure by figure. Versions of
// records are compared by cell: the number of observations of an indicator, an
// agency, a year, a place and a nationality.
type Changes struct {
	Dataset            string
	From, To           int
	Cells              bool // of records
	New, Gone, Changed int64
	Same               int64
	List               []FigureChange // sorted; at most MaxChanges
	Left               []Left         // times of which the earlier version holds something and the later nothing
}

// Left is a time of which a later version holds nothing.
type Left struct {
	When Period
	Rows int64 // of the earlier version
}

// Lost is the finding for a version that holds nothing of times of which the
// one before did: it may be the newest month alone, in the place of all.
func (c *Changes) Lost() (Finding, bool) {
	if len(c.Left) == 0 {
		return Finding{}, false
	}
	var when []string
	rows := int64(0)
	for i, l := range c.Left {
		rows += l.Rows
		if i < 6 {
			when = append(when, l.When.Label())
		}
	}
	if n := len(c.Left) - len(when); n > 0 {
		when = append(when, fmt.Sprintf("%d more", n))
	}
	return Finding{Severity: Doubt, Kind: KindVersions,
		What: fmt.Sprintf("this version holds nothing of %s, of which %s holds %s. A new version stands in the place of the one before, and is not added to it",
			strings.Join(when, ", "), Version{Dataset: c.Dataset, N: c.From}, Many(rows, "observations")),
		Do: fmt.Sprintf("If this file is only the newest part, go back with tiplens workspace back %s (< on the Data view), put the parts into one file and load that, or load each under its own name with --id", c.Dataset),
	}, true
}

// FigureChange is one figure or cell that differs.
type FigureChange struct {
	What     string // indicator, agency, period and every dimension in use
	Old, New string // "" where it is not in the version
	Row      int64  // of the source of the later version, else of the earlier; 0 for cells
}

// MaxChanges is how many changes are listed one by one; all are counted.
const MaxChanges = 10_000

// Sentence says how much has changed.
func (c *Changes) Sentence() string {
	n := func(v int64, what string) string { return FormatNumber(float64(v)) + " " + what }
	what := "figures"
	if c.Cells {
		what = "cells"
	}
	s := fmt.Sprintf("against %s: %s new, %s, %s, %s", Version{Dataset: c.Dataset, N: c.From}, Many(c.New, what), n(c.Gone, "gone"), n(c.Changed, "changed"), n(c.Same, "the same"))
	if c.Cells {
		s += " (a cell is an indicator, agency, year, place and nationality)"
	}
	return s
}

// Kind says in a word what became of the figure.
func (c FigureChange) Kind() string {
	switch {
	case c.Old == "":
		return "new"
	case c.New == "":
		return "gone"
	}
	return "changed"
}

// Text is the comparison for people: the numbers, then each change.
func (c *Changes) Text() []string {
	s := c.Sentence()
	out := []string{strings.ToUpper(s[:1]) + s[1:]}
	for _, kind := range []string{"changed", "gone", "new"} {
		for _, f := range c.List {
			if f.Kind() != kind {
				continue
			}
			at := ""
			if f.Row > 0 {
				at = fmt.Sprintf(" (row %d)", f.Row)
			}
			switch kind {
			case "changed":
				out = append(out, fmt.Sprintf("  changed  %s: %s, was %s%s", f.What, f.New, f.Old, at))
			case "gone":
				out = append(out, fmt.Sprintf("  gone     %s: was %s%s", f.What, f.Old, at))
			default:
				out = append(out, fmt.Sprintf("  new      %s: %s%s", f.What, f.New, at))
			}
		}
	}
	if n := c.New + c.Gone + c.Changed - int64(len(c.List)); n > 0 && len(c.List) > 0 {
		out = append(out, fmt.Sprintf("  and %s more", FormatNumber(float64(n))))
	}
	return out
}
