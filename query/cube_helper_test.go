package query

import (
	"testing"

	"tiplens/models"
)

// WithCubes does something while files of any size get cubes, with so many
// records for each group.
func WithCubes(share int64, do func()) {
	from, usual, all, wide := cubeFrom, cubeShare, cubesAll, cubeWide
	cubeFrom, cubeShare, cubesAll, cubeWide = 1, share, 10_000, 0
	defer func() { cubeFrom, cubeShare, cubesAll, cubeWide = from, usual, all, wide }()
	do()
}

// Cubes lists the columns of the cubes of an engine's files.
func (e *Engine) Cubes() (out [][]string) {
	for _, f := range e.files {
		for _, c := range f.cubes {
			out = append(out, c.Columns)
		}
	}
	return out
}

// InCubes counts the files that answer the first part of a slice from cubes.
func (e *Engine) InCubes(t testing.TB, s models.Slice) (n int) {
	t.Helper()
	a := &asking{cat: e.cat, slice: s, ans: &models.Answer{Slice: s}}
	if err := a.resolve(); err != nil {
		t.Fatal(err)
	}
	for _, f := range e.files {
		if e.tally(t.Context(), f, a.parts[0]).count != "count(*)" && f.rowIsUnit[a.parts[0].indicator.ID] {
			n++
		}
	}
	return n
}

// SpoilCubes changes the description of all cubes, as a damaged file would.
func (e *Engine) SpoilCubes(change func(records *int64, columns *[]string)) {
	for _, f := range e.files {
		for _, c := range f.cubes {
			change(&c.Records, &c.Columns)
		}
	}
}

// WithoutMasks does something while subjects are counted total by total.
func WithoutMasks(do func()) {
	usual := maskWords
	maskWords = 0
	defer func() { maskWords = usual }()
	do()
}

// WithoutColumns does something while no file is small.
func WithoutColumns(do func()) {
	usual := fewRecords
	fewRecords = 0
	defer func() { fewRecords = usual }()
	do()
}

// Columns is how many columns of records are kept in memory.
func (e *Engine) Columns() int { return len(e.facts.columns.m) }

// Again is how many rows of subjects that stand in several an engine's only
// file keeps for an indicator, and whether it uses them.
func (e *Engine) Again(t testing.TB, indicator string) (rows int64, used bool) {
	t.Helper()
	_, used = e.gathered(t.Context(), e.files[0], indicator)
	return e.files[0].again.Rows, used
}

// SpoilAgain changes the description of these rows, as a damaged file would.
func (e *Engine) SpoilAgain(rows int64) { e.files[0].again.Rows += rows }
