package tui

import (
	"fmt"

	"tiplens/models"
)

// oneSource is the part of a view that shows the sources of an answer one at a
// time: numbers of two sources never stand in one picture.
type oneSource struct {
	ans   *models.Answer
	block int
}

// take keeps the source at hand where the new answer has as many.
func (o *oneSource) take(a *models.Answer) {
	o.ans = a
	if o.block >= len(a.Blocks) {
		o.block = 0
	}
}

// source is the block shown, nil where there is none.
func (o *oneSource) source() *models.Block {
	if o.ans == nil || o.block >= len(o.ans.Blocks) {
		return nil
	}
	return &o.ans.Blocks[o.block]
}

// next goes on to the next source.
func (o *oneSource) next(fill func()) reply {
	if len(o.ans.Blocks) < 2 {
		return reply{handled: true, say: sayThereOneSource}
	}
	o.block = (o.block + 1) % len(o.ans.Blocks)
	fill()
	return took
}

// note says whose numbers are shown, where several sources have some.
func (o *oneSource) note() string {
	n := len(o.ans.Blocks)
	if n < 2 {
		return ""
	}
	b := o.source()
	name := b.Source.Agency
	if b.Title != "" {
		name += ", " + b.Title
	}
	return fmt.Sprintf("%s, source %d of %d (tab: next)", name, o.block+1, n)
}

// filter is the term that keeps to the source at hand, without values where it
// is the only one.
func (o *oneSource) filter() models.Term {
	if len(o.ans.Blocks) < 2 {
		return models.Term{}
	}
	return models.Term{Dim: models.DimAgency, Codes: []string{o.source().Source.Agency}}
}

// missing says that a source is not broken down like this, with its total.
func (o *oneSource) missing(b *models.Block, w int) []string {
	out := []string{""}
	if b.Missing != "" {
		for _, t := range wrap(models.Capital(b.Missing)+".", w-4) {
			out = append(out, "  "+t)
		}
		out = append(out, "")
	}
	last := len(b.Rows) - 1
	return append(out, "  Total "+cellWords(b.Cells[last][len(b.Cols)-1]))
}
