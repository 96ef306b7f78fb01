package models

import (
	"fmt"
	"slices"
	"strings"
)

// CellRef points to one cell of an answer.
type CellRef struct{ Block, Row, Col int }

// Card is all that must be known of one number before it is said aloud or
// written down.
type Card struct {
	Sentence string      // what a person would say
	Lines    [][2]string // what, and what is said of it; printed in this order
	Slice    string      // reopens the number on the same versions
	Cite     string      // the line that names its origin in a document
	Narrow   Slice       // the question that has this number as its only answer; empty when there is none
}

// String is the card as text, the sentence first.
func (c *Card) String() string {
	var b strings.Builder
	b.WriteString(c.Sentence + "\n\n")
	for _, l := range c.Lines {
		b.WriteString(l[0] + ": " + l[1] + "\n")
	}
	b.WriteString("slice: " + c.Slice + "\n")
	if c.Cite != "" {
		b.WriteString("cite as: " + c.Cite + "\n")
	}
	return b.String()
}

// Evidence is what a number is made of, down to the rows of its files.
type Evidence struct {
	Parts []EvidencePart
}

// EvidencePart is the rows of one source.
type EvidencePart struct {
	Source  Source
	Columns []string // dimensions that the rows differ in or say anything of
	Rows    []EvidenceRow
	Total   int64 // rows there are; Rows holds the first of them
}

// EvidenceRow is one observation with the text that stood in the file.
type EvidenceRow struct {
	Row      int64 // of the file, counted from 1
	Value    Cell  // figures; a record counts one
	Period   Period
	Document string
	Note     string
	Codes    []string // by column
	Texts    []string // by column: the original where it differs from the code, else ""
}

// Narrow gives the question that asks for one cell alone; ok is false where
// no filter says what the cell holds, as of a rest or a folded row.
func (a *Answer) Narrow(at CellRef) (s Slice, ok bool) {
	b := &a.Blocks[at.Block]
	row, col := b.Rows[at.Row], b.Cols[at.Col]
	s = a.Slice.Clone()
	s.By, s.Across, s.From, s.To = nil, nil, Axis{}, Axis{}
	s.Order, s.Top, s.Percent = Order{}, 0, NoBase
	if s.Op == Beside {
		for _, p := range s.Parts {
			if p.String() == b.Part {
				s.Op, s.Parts = One, []Item{p}
				break
			}
		}
	}
	if row.Folded > 0 || row.Kind == RestHeader || col.Kind == RestHeader {
		return s, false
	}
	if col.Measure == "from" {
		return s, false // the question at the earlier point is another one
	}
	axes := slices.Concat(a.RowAxes, a.ColAxes)
	codes := slices.Concat(row.Codes, col.Codes)
	if len(a.ColAxes) == 0 {
		codes = row.Codes
	}
	for i, code := range codes {
		if code == Total || i >= len(axes) {
			continue
		}
		if axes[i].coarser(code) {
			return s, false // a filter on the country would take its provinces too
		}
		t := Term{Dim: axes[i].Dim, Codes: []string{code}}
		if t.Dim == DimYear && code != Unknown {
			p, err := ParsePeriod(code)
			if err != nil {
				return s, false
			}
			t.Codes, t.Spans = nil, []Period{p}
		}
		if s, ok = s.freed(t.Dim, code); !ok {
			return s, false
		}
		s = s.With(t)
	}
	if len(a.Blocks) > 1 && s.Op == One {
		for _, t := range []Term{{Dim: DimAgency, Codes: []string{b.Source.Agency}}, {Dim: DimDataset, Codes: []string{b.Source.Dataset}}} {
			if !slices.ContainsFunc(s.Parts[0].Where, func(o Term) bool { return o.Dim == t.Dim }) {
				s = s.With(t)
			}
		}
	}
	s.At = a.Pinned.At
	return s, true
}

// freed takes away a part's own filter on a dimension of which a cell has one of
// its codes; ok is false where the cell's code does not say all that it said.
func (s Slice) freed(dim, code string) (Slice, bool) {
	for i, p := range s.Parts {
		own, is := FindTerm(p.Where, dim)
		if !is {
			continue
		}
		if len(s.Parts) > 1 || own.Not || !slices.Contains(own.Codes, code) {
			return s, false
		}
		s = s.Clone()
		s.Parts[i].Where = slices.DeleteFunc(s.Parts[i].Where, func(t Term) bool { return t.Dim == dim })
	}
	return s, true
}

// coarser reports whether a code on the axis stands for what is known to a
// coarser level only: a country among provinces, a year among months.
func (a Axis) coarser(code string) bool {
	switch {
	case strings.HasPrefix(code, "_"):
		return false
	case a.Level == "province":
		return !strings.Contains(code, "-")
	}
	return a.Dim == DimYear && a.Level != "" && !strings.Contains(code, "-")
}

// Documents names the documents that figures were printed in.
func (e *Evidence) Documents() []string {
	var out []string
	for _, p := range e.Parts {
		for _, r := range p.Rows {
			if r.Document != "" && !slices.Contains(out, r.Document) {
				out = append(out, r.Document)
			}
		}
	}
	return out
}

// Lines prints the evidence, a line an observation: its row in the file, its
// number and document, and each code with the text that stood there.
func (e *Evidence) Lines(cat *Catalog) []string {
	var out []string
	for _, p := range e.Parts {
		head := fmt.Sprintf("%s (%s@%d), %ss", p.Source.File, p.Source.Dataset, p.Source.Version, p.Source.Grain)
		if n := int64(len(p.Rows)); n < p.Total {
			head += fmt.Sprintf(": the first %s of %s", FormatNumber(float64(n)), FormatNumber(float64(p.Total)))
		}
		out = append(out, head)
		for _, r := range p.Rows {
			out = append(out, "  "+r.line(p, cat))
		}
	}
	return out
}

func (r EvidenceRow) line(p EvidencePart, cat *Catalog) string {
	parts := []string{fmt.Sprintf("row %d", r.Row)}
	if p.Source.Grain == Figure {
		parts[0] += ": " + r.Value.Text()
	}
	if l := r.Period.Label(); l != "" {
		parts = append(parts, l)
	}
	for i, c := range r.Codes {
		if c == Total || c == NoSense || p.Columns[i] == DimUnit {
			continue
		}
		said := p.Columns[i] + " " + c
		if t := r.Texts[i]; t != "" {
			said += fmt.Sprintf(" (%q)", t)
		} else if label := cat.Label(p.Columns[i], c); label != c {
			said += " (" + label + ")"
		}
		parts = append(parts, said)
	}
	for _, s := range []string{r.Document, r.Note} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "; ")
}
