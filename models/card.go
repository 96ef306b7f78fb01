package models

import (
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
	s.Order, s.Top, s.Percent, s.Change = Order{}, 0, NoBase, Change{}
	if s.Op == Beside {
		for _, p := range s.Parts {
			if p.Indicator == b.Indicator {
				s.Op, s.Parts = One, []Item{p}
				break
			}
		}
	}
	if row.Folded > 0 || row.Kind == RestHeader {
		return s, false
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
		t := Term{Dim: axes[i].Dim, Codes: []string{code}}
		if t.Dim == DimYear && code != Unknown {
			p, err := ParsePeriod(code)
			if err != nil {
				return s, false
			}
			t.Codes, t.Spans = nil, []Period{p}
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
