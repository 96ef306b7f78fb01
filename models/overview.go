package models

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Overview is a slice at a glance, one source at a time: its figure with the
// change against the year before, its years, and a facet for every dimension.
type Overview struct {
	Answer  *Answer // the slice without rows and columns, with all that must be said of it
	Empty   string  // why it holds nothing; facets still show what there would be
	Glances []Glance
}

// Glance is what one source says. Sources are never added.
type Glance struct {
	Source Source
	Home   string // the country that reports, "" where there are several
	Unit   string
	Figure Cell // the number of the slice
	None   Cell // what a value holds that does not occur
	Years  []YearCell
	Change YearChange
	Facets []Facet
}

// YearCell is the number of one year. The years of a glance leave the filter
// on years aside, so that those before and after are seen too.
type YearCell struct {
	Year string
	Cell Cell
}

// YearChange is the last year of the slice against the one before it.
type YearChange struct {
	Year, Before        string // "" where there are no two years
	Now, Was            Cell
	Difference, Percent Cell
}

// Facet lists the values of one dimension under all filters of the slice but
// its own. Records are counted. Figures are not added: a facet lists which
// codes have figures, and how many.
type Facet struct {
	Axis     Axis
	Name     string
	Several  bool // one person can have several values, so they do not add up
	Figures  bool
	Values   []FacetValue
	Most     int     // how many values the source has at all, so that a screen keeps its places
	Unstated float64 // share of the records of which it is not stated
}

// FacetValue is one value with its records, or with its figures.
type FacetValue struct {
	Kind        HeaderKind // NotStated also for a place of which only the country is known
	Code, Label string     // Code is "" where no filter can name it
	Cell        Cell
	Figures     int
}

// Distinct is how many values there are, without what is not stated.
func (f *Facet) Distinct() int {
	n := 0
	for _, v := range f.Values {
		if v.Kind == CodeHeader {
			n++
		}
	}
	return n
}

// Order puts the values into an order: by count, by name, or as the list of
// codes goes. Time stays in order of time, and what is not stated stands last.
func (f *Facet) Order(key string) []FacetValue {
	out := slices.Clone(f.Values)
	if f.Axis.Dim == DimYear || key == "code" {
		return out
	}
	last := func(v FacetValue) int {
		switch {
		case v.Kind == NotStated:
			return 2
		case v.Code == Other:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(out, func(a, b FacetValue) int {
		if d := last(a) - last(b); d != 0 {
			return d
		}
		if key != "name" {
			if c := cmp.Compare(b.size(), a.size()); c != 0 {
				return c
			}
		}
		return strings.Compare(a.Label, b.Label)
	})
	return out
}

// size is by how much a value weighs.
func (v FacetValue) size() float64 {
	if v.Figures > 0 {
		return float64(v.Figures)
	}
	return max(v.Cell.Sortable(), -1)
}

// Text is the count of a value as people read it.
func (v FacetValue) Text() string {
	if v.Figures > 0 {
		return FormatNumber(float64(v.Figures))
	}
	return v.Cell.Text()
}

// Key names whose numbers a source holds, to find it again in another answer.
func (s Source) Key() string {
	return strings.Join([]string{s.Dataset, s.Agency, s.Scope, s.Movement, string(s.Grain)}, "\x1f")
}

// Text says the change in one line: "2025: 1,012, +112 (+12.4 %) from 2024".
func (c YearChange) Text() string {
	if c.Year == "" || c.Now.State == Blank {
		return ""
	}
	out := c.Year
	if c.Now.Part() != "" {
		out = c.Now.Part()
	}
	out += ": " + c.Now.Text()
	if !c.Difference.HasValue() {
		return out
	}
	out += ", " + c.Difference.Text()
	if c.Percent.HasValue() {
		out += " (" + c.Percent.Text() + " %)"
	}
	return out + " from " + c.Before
}

// Lines lays the overview out as text.
func (o *Overview) Lines(c *Catalog) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for i := range o.Glances {
		g := &o.Glances[i]
		if i > 0 {
			say("")
		}
		say("%s  %s", Amount(g.Figure.Text(), g.Unit), g.Source.Name())
		if t := g.Change.Text(); t != "" {
			say("%s", t)
		}
		for k := range g.Facets {
			out = append(out, "")
			out = append(out, g.Facets[k].lines(c, o.Answer.Slice, g.Home)...)
		}
	}
	return out
}

func (f *Facet) lines(c *Catalog, s Slice, home string) []string {
	head := fmt.Sprintf("%s (%d)", f.Name, f.Distinct())
	if f.Several {
		head += ", several per person"
	}
	if f.Figures {
		head += ", figures published; not added"
	}
	out := []string{head}
	t, _ := s.Term(f.Axis.Dim)
	for _, v := range f.Order("") {
		mark := " "
		if c.Meets(t, v.Code, home) {
			mark = "+"
			if t.Not {
				mark = "-"
			}
		}
		line := fmt.Sprintf("%s %10s  %s", mark, v.Text(), v.Label)
		if v.Code != "" && v.Code != v.Label {
			line += "  " + v.Code
		}
		out = append(out, line)
	}
	if f.Unstated >= 0.0005 {
		out = append(out, fmt.Sprintf("  not stated %.1f %%", 100*f.Unstated))
	}
	return out
}
