package models

import (
	"fmt"
	"strings"
)

// Comparison sets side by side what several sources say of one indicator.
type Comparison struct {
	Title  string // what is compared, under which filters
	Unit   string
	Rows   []Said
	Range  Cell         // lowest and highest possible total; no data with fewer than two numbers
	Why    string       // why there is no such range
	Pairs  []Reconciled // records and figures of one agency for the same question
	Claims []Claim      // figures that several documents print, and those that disagree
	Notes  []Remark     // warnings and footnotes of the question
}

// Said is what one source says.
type Said struct {
	Source    Source
	Value     Cell
	Period    string // that the value covers
	Years     string // that the source has
	Documents []string
	Missing   string // why there is no value
}

// Reconciled sets what an agency publishes against what its records count. The
// two are never added.
type Reconciled struct {
	Agency, Scope      string
	Figure, Count      Cell
	Difference         Cell   // figure less count
	FigureIn, RecordIn string // dataset@version
}

// Claim is one published number in several documents.
type Claim struct {
	Agency   string
	What     string // its breakdown and period, in words
	Conflict bool   // the documents disagree; else one figure with several citations
	Said     []Citation
}

// Citation is a number as one document prints it.
type Citation struct {
	Value    Cell
	Document string
	Row      int64 // in the loaded file
	Note     string
}

// Lines lays the comparison out as text.
func (c *Comparison) Lines() []string {
	out := []string{}
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, r := range c.Rows {
		out = append(out, r.lines(c.Unit)...)
	}
	switch {
	case c.Range.HasBounds():
		say("Never added. Known to at least one of them: %s (at least the largest, at most the sum).", Amount(c.Range.Text(), c.Unit))
	case c.Why != "":
		say("%s", c.Why)
	case len(c.Rows) == 1:
		say("One source; nothing to set beside it.")
	}
	if len(c.Pairs) > 0 {
		say("")
		say("Published and counted (never added):")
	}
	for _, p := range c.Pairs {
		say("  %s: published %s (%s), counted %s (%s), difference %s", p.Agency, p.Figure.Text(), p.FigureIn, p.Count.Text(), p.RecordIn, p.Difference.Text())
	}
	for _, k := range c.Claims {
		out = append(out, k.lines(c.Unit)...)
	}
	if len(c.Notes) > 0 {
		say("")
	}
	for _, n := range c.Notes {
		say("%s", n)
	}
	return out
}

func (s Said) lines(unit string) []string {
	value := Amount(s.Value.Text(), unit)
	if s.Missing != "" {
		value = s.Missing
	}
	if s.Period != "" {
		value += ", " + s.Period
	}
	out := []string{s.Source.Agency + ": " + value}
	for _, l := range [][2]string{
		{"who", fmt.Sprintf("%s (%s@%d)", s.Source.Name(), s.Source.Dataset, s.Source.Version)},
		{"has", s.Years}, {"counts", s.Source.Definition}, {"coverage", s.Source.Coverage},
		{"de-duplication", strings.ReplaceAll(string(s.Source.Dedup), "_", " ")}, {"documents", strings.Join(s.Documents, "; ")},
	} {
		if l[1] != "" {
			out = append(out, "  "+l[0]+": "+l[1])
		}
	}
	return append(out, "")
}

func (k Claim) lines(unit string) []string {
	head := "One figure, several citations"
	if k.Conflict {
		head = "Documents disagree"
	}
	head += " (W-16), " + k.Agency
	if k.What != "" {
		head += ", " + k.What
	}
	out := []string{"", head + ":"}
	for _, s := range k.Said {
		out = append(out, fmt.Sprintf("  %s in %s (row %d)", Amount(s.Value.Text(), unit), s.Document, s.Row))
	}
	return out
}
