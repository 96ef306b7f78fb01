package models

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Op joins the parts of a measure.
type Op string

// The operations of a measure; One is a single indicator.
const (
	One    Op = ""
	Sum    Op = "+"
	Ratio  Op = "/"
	Beside Op = ";"
	Range  Op = "range"
	Part   Op = "share" // share of a measure that meets some terms
)

// Slice is a question: what to count, by what to break it down, under which
// filters, and how to show it. The zero value asks nothing. Two slices that
// ask the same print the same.
type Slice struct {
	Op       Op
	Parts    []Item
	Of       []Term // the terms of a share
	From, To Axis   // both sides of a flow, empty without one
	Via      Axis   // the stops between them, where a flow asks for routes
	By       []Axis // rows, outermost first
	Across   []Axis // columns
	Where    []Term
	Percent  Base
	Change   Change
	Order    Order
	Top      int
	At       []Version
}

// Item is one indicator of a measure with filters of its own.
type Item struct {
	Indicator string
	Where     []Term
}

// Axis is a dimension, at a level if one is named.
type Axis struct{ Dim, Level string }

// Term is one filter. Time filters hold spans, all others codes.
type Term struct {
	Dim   string
	Not   bool
	Codes []string
	Spans []Period
}

// Base is what percentages are taken of.
type Base string

// The bases; NoBase shows counts.
const (
	NoBase   Base = ""
	OfRow    Base = "row"
	OfColumn Base = "column"
	OfTotal  Base = "total"
)

// Change asks for the difference from another period, place or source.
type Change struct {
	Kind string // one of the constants, or empty
	Span Period
	Term Term   // replaces the filter on its dimension
	Only string // of a flow: one of BecameKinds, or empty for all corridors
}

// The kinds of change.
const (
	ChangePrevious = "previous" // the period before, of the same length
	ChangeYear     = "year"     // the same period a year before
	ChangeSpan     = "span"     // a named period
	ChangeTerm     = "term"     // another place, source or group
)

// What has become of a corridor, against an earlier period or another group.
const (
	BecameNew     = "new"
	BecameGone    = "gone"
	BecameGrown   = "grown"
	BecameShrunk  = "shrunk"
	BecameSame    = "the same"
	BecameUnknown = "not known" // one of the numbers is not
)

// BecameKinds are the kinds of which a question may ask for one only.
var BecameKinds = []string{BecameNew, BecameGone, BecameGrown, BecameShrunk}

// Order sorts rows. The zero value is the order of the dimension itself.
type Order struct {
	Key  string // value, code, name, region (of places), change or empty
	In   string // of value: the code of one column, several joined by commas where columns are nested; empty for the total
	Desc bool
}

// Version pins one version of a dataset.
type Version struct {
	Dataset string
	N       int
}

// String prints dataset@version.
func (v Version) String() string { return v.Dataset + "@" + strconv.Itoa(v.N) }

// Indicator gives the id of the first part, empty for an empty slice.
func (s Slice) Indicator() string {
	if len(s.Parts) == 0 {
		return ""
	}
	return s.Parts[0].Indicator
}

// IsFlow reports whether the slice asks for corridors.
func (s Slice) IsFlow() bool { return s.From.Dim != "" }

// Matrix asks for both ends of a flow as rows and columns, whose totals an
// answer has. Who was identified is at the place.
func (s Slice) Matrix() Slice {
	m := s.Clone()
	m.By, m.Across = []Axis{{s.From.held(), s.From.Level}}, []Axis{{s.To.held(), s.To.Level}}
	m.From, m.Via, m.To, m.Top, m.Change = Axis{}, Axis{}, Axis{}, 0, Change{}
	return m
}

// Axes lists rows and columns together, a flow's sides first.
func (s Slice) Axes() []Axis {
	var out []Axis
	if s.IsFlow() {
		out = append(out, s.From, s.To)
	}
	return append(append(out, s.By...), s.Across...)
}

// Term finds the filter on a dimension.
func (s Slice) Term(dim string) (Term, bool) { return FindTerm(s.Where, dim) }

// FindTerm finds the filter on a dimension among several.
func FindTerm(terms []Term, dim string) (Term, bool) {
	for _, t := range terms {
		if t.Dim == dim {
			return t, true
		}
	}
	return Term{}, false
}

// With returns a copy in which the filter on the term's dimension is replaced;
// a term without values removes it.
func (s Slice) With(t Term) Slice {
	c := s.Clone()
	c.Where = slices.DeleteFunc(c.Where, func(o Term) bool { return o.Dim == t.Dim })
	if len(t.Codes)+len(t.Spans) > 0 {
		c.Where = append(c.Where, t)
	}
	return c.normal()
}

// Clone copies a slice so deeply that changing one leaves the other alone.
func (s Slice) Clone() Slice {
	c := s
	c.Parts = slices.Clone(s.Parts)
	for i := range c.Parts {
		c.Parts[i].Where = cloneTerms(c.Parts[i].Where)
	}
	c.Of, c.Where = cloneTerms(s.Of), cloneTerms(s.Where)
	c.Change.Term.Codes = slices.Clone(s.Change.Term.Codes)
	c.By, c.Across, c.At = slices.Clone(s.By), slices.Clone(s.Across), slices.Clone(s.At)
	return c
}

func cloneTerms(ts []Term) []Term {
	ts = slices.Clone(ts)
	for i := range ts {
		ts[i].Codes, ts[i].Spans = slices.Clone(ts[i].Codes), slices.Clone(ts[i].Spans)
	}
	return ts
}

// termOrder is the order in which filters are printed; others follow by name.
var termOrder = []string{
	DimAgency, DimDataset, DimReporter, DimPlace, DimNationality, DimOrigin, DimRecruitment, DimDeparture, DimTransit, DimDestination, DimReturn,
	DimSex, DimAge, DimExploitation, DimSector, DimStatus, DimOffence, DimRecordKind,
}

func rank(dim string) int {
	if dim == DimYear {
		return len(termOrder) + 1 // time is said last
	}
	if i := slices.Index(termOrder, dim); i >= 0 {
		return i
	}
	return len(termOrder)
}

func normalTerms(ts []Term) []Term {
	sort.SliceStable(ts, func(i, j int) bool {
		a, b := rank(ts[i].Dim), rank(ts[j].Dim)
		if a != b {
			return a < b
		}
		return ts[i].Dim < ts[j].Dim
	})
	for i := range ts {
		slices.SortFunc(ts[i].Codes, CompareCodes)
		ts[i].Codes = slices.Compact(ts[i].Codes)
		slices.SortFunc(ts[i].Spans, func(a, b Period) int {
			if a.Start != b.Start {
				return int(a.Start - b.Start)
			}
			return int(a.End - b.End)
		})
		ts[i].Spans = slices.Compact(ts[i].Spans)
	}
	return ts
}

// normal puts a slice into the one order that is printed.
func (s Slice) normal() Slice {
	for i := range s.Parts {
		s.Parts[i].Where = normalTerms(s.Parts[i].Where)
	}
	s.Of, s.Where = normalTerms(s.Of), normalTerms(s.Where)
	s.Change.Term = normalTerms([]Term{s.Change.Term})[0]
	slices.SortFunc(s.At, func(a, b Version) int { return strings.Compare(a.Dataset, b.Dataset) })
	return s
}

// CompareCodes orders codes as people count: KH-2 before KH-12.
func CompareCodes(a, b string) int {
	for a != "" && b != "" {
		na, nb := leadingNumber(a), leadingNumber(b)
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if len(x) != len(y) {
				return len(x) - len(y)
			}
			if c := strings.Compare(x, y); c != 0 {
				return c
			}
			if na != nb {
				return na - nb
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func leadingNumber(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// String prints the canonical text form.
func (s Slice) String() string {
	s = s.Clone().normal()
	var b strings.Builder
	s.printMeasure(&b)
	if s.IsFlow() {
		b.WriteString(" flow " + s.From.String())
		if s.Via.Dim != "" {
			b.WriteString(" via " + s.Via.String())
		}
		b.WriteString(" to " + s.To.String())
	}
	axes := func(word string, as []Axis) {
		for i, a := range as {
			if i == 0 {
				b.WriteString(" " + word + " ")
			} else {
				b.WriteString(",")
			}
			b.WriteString(a.String())
		}
	}
	axes("by", s.By)
	axes("across", s.Across)
	if len(s.Where) > 0 {
		b.WriteString(" where " + printTerms(s.Where))
	}
	if s.Percent != NoBase {
		b.WriteString(" percent of " + string(s.Percent))
	}
	switch s.Change.Kind {
	case "":
	case ChangeSpan:
		b.WriteString(" change from " + s.Change.Span.String())
	case ChangeTerm:
		b.WriteString(" change from " + s.Change.Term.String())
	default:
		b.WriteString(" change from " + s.Change.Kind)
	}
	if s.Change.Kind != "" && s.Change.Only != "" {
		b.WriteString(" only " + s.Change.Only)
	}
	if s.Order.Key != "" {
		b.WriteString(" order " + s.Order.Key)
		if s.Order.In != "" {
			b.WriteString(" in " + s.Order.In)
		}
		if s.Order.Desc {
			b.WriteString(" desc")
		}
	}
	if s.Top > 0 {
		b.WriteString(" top " + strconv.Itoa(s.Top))
	}
	for i, v := range s.At {
		if i == 0 {
			b.WriteString(" at ")
		} else {
			b.WriteString(",")
		}
		b.WriteString(v.String())
	}
	return b.String()
}

func (s Slice) printMeasure(b *strings.Builder) {
	switch s.Op {
	case Range:
		b.WriteString("range ")
	case Part:
		b.WriteString("share " + printTerms(s.Of) + " of ")
	}
	for i, p := range s.Parts {
		if i > 0 && s.Op == Range {
			b.WriteString(", ")
		} else if i > 0 {
			b.WriteString(" " + string(s.Op) + " ")
		}
		b.WriteString(p.String())
	}
}

// String prints one part of a measure.
func (p Item) String() string {
	if len(p.Where) == 0 {
		return p.Indicator
	}
	return p.Indicator + "[" + printTerms(p.Where) + "]"
}

func printTerms(ts []Term) string {
	var out []string
	for _, t := range ts {
		out = append(out, t.String())
	}
	return strings.Join(out, " ")
}

// String prints a filter as it stands in a slice.
func (t Term) String() string {
	op := "="
	if t.Not {
		op = "!="
	}
	var vals []string
	for _, c := range t.Codes {
		vals = append(vals, quoteWord(c))
	}
	for _, p := range t.Spans {
		vals = append(vals, p.String())
	}
	return t.Dim + op + strings.Join(vals, ",")
}

// levelWords are levels that name their dimension too.
var levelWords = map[string]string{
	"country": DimPlace, "province": DimPlace,
	"half": DimYear, "quarter": DimYear, "month": DimYear,
}

// String prints an axis as it stands in a slice.
func (a Axis) String() string {
	switch {
	case a.Level == "":
		return a.Dim
	case levelWords[a.Level] == a.Dim:
		return a.Level
	default:
		return a.Dim + "." + a.Level
	}
}

func quoteWord(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !wordRune(r) }) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
