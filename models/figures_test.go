package models

import (
	"slices"
	"testing"
)

// figuresOf makes the answer to a question by sex over some years; -1 is a cell
// in which nothing is asked.
func figuresOf(version int, years []string, rows map[string][]float64) *Answer {
	s := Slice{Parts: []Item{{Indicator: "sus_arrested"}}, By: []Axis{{Dim: DimSex}}, Across: []Axis{{Dim: DimYear}}}
	a := &Answer{Slice: s, RowAxes: s.By, ColAxes: s.Across, Pinned: s}
	a.Pinned.At = []Version{{"ncct", version}}
	b := Block{Indicator: "sus_arrested", Source: Source{Agency: "KH.NCCT", Dataset: "ncct", Version: version, Grain: Record}}
	for _, y := range years {
		b.Cols = append(b.Cols, Header{Codes: []string{y}, Labels: []string{y}})
	}
	for _, code := range []string{"F", "M", "_U"} {
		values, ok := rows[code]
		if !ok {
			continue
		}
		b.Rows = append(b.Rows, Header{Codes: []string{code}, Labels: []string{code}})
		var cells []Cell
		for _, v := range values {
			c := Number(v)
			if v < 0 {
				c = Cell{State: Blank}
			}
			cells = append(cells, c)
		}
		b.Cells = append(b.Cells, cells)
	}
	a.Blocks = []Block{b}
	return a
}

// TestDifferences: each figure that changed, came or went is named once, and
// the order of rows and columns is no matter.
func TestDifferences(t *testing.T) {
	was := figuresOf(1, []string{"2024", "2025"}, map[string][]float64{"F": {1, 15}, "M": {3, 194}, "_U": {0, -1}})
	is := figuresOf(2, []string{"2025", "2024", "2026"}, map[string][]float64{"F": {16, 1, 2}, "M": {194, 3, -1}})
	want := []string{"F, 2025: was 15; now 16", "F, 2026: was not there; now 2", "_U, 2024: was 0; is not there any more"}
	if got := Differences(was, is); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Differences(was, was); len(got) != 0 {
		t.Errorf("an answer differs from itself: %q", got)
	}
}

// TestReleases: a count of records is kept by its own question, another figure
// by its place in the answer; what went out last before a day is found.
func TestReleases(t *testing.T) {
	a := figuresOf(1, []string{"2024", "2025"}, map[string][]float64{"F": {1, 15}, "M": {3, 194}})
	at := CellRef{0, 0, 1}
	if r := a.Release(at); r.Slice != "sus_arrested where sex=F year=2025" || r.At != "" || r.Value != "15" || r.Of != "ncct@1" {
		t.Errorf("%+v", r)
	}
	figures := figuresOf(1, []string{"2024", "2025"}, map[string][]float64{"F": {1, 15}, "M": {3, 194}})
	figures.Blocks[0].Source.Grain = Figure
	kept := figures.Release(at)
	if kept.Slice != "sus_arrested by sex across year" || kept.At == "" || kept.At == figures.Release(CellRef{0, 1, 1}).At {
		t.Errorf("%+v", kept)
	}
	share := figuresOf(1, []string{"2025"}, map[string][]float64{"F": {15}, "M": {194}})
	share.Blocks[0].Cells[0][0].Form, share.Blocks[0].Cells[0][0].Base = Percent, 209
	if r := share.Release(CellRef{}); r.At == "" {
		t.Errorf("a share is kept as a count: %+v", r)
	}
	var list []Release
	for _, day := range []string{"2026-11-21", "2025-11-21"} {
		r := kept
		r.Date, r.Value = day, day[:4]
		list = append(list, r)
	}
	rs := NewReleases(list)
	if got, want := rs.Briefed(figures, at, Slice{}), "briefed as 2026 on 2026-11-21 (ncct@1); now 15 (ncct@1); before that briefed as 2025 on 2025-11-21 (ncct@1)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	same := []Release{kept, kept, kept} // on one day, and the last as it is now
	for i, v := range []string{"21", "17", "15"} {
		same[i].Value, same[i].Date = v, "2026-11-21"
	}
	if got, want := NewReleases(same).Briefed(figures, at, Slice{}), "briefed as 15 on 2026-11-21 (ncct@1); before that briefed as 17 on 2026-11-21 (ncct@1); before that briefed as 21 on 2026-11-21 (ncct@1)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := rs.Briefed(figures, CellRef{}, Slice{}); got != "" {
		t.Errorf("another figure: %q", got)
	}
	if got, want := rs.Rebriefed(figures, "2026-11-21"), []string{"F, 2025: briefed as 2025 on 2025-11-21 (ncct@1); now 15 (ncct@1)"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
