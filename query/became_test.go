package query_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

// told reads a comparison of one block: what became of each corridor, with the
// two numbers.
func told(b *models.Block) (out []string) {
	for r, h := range b.Rows {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", strings.Join(h.Codes, " "), b.Cells[r][0].Text(), b.Cells[r][1].Text(), h.Became)))
	}
	return out
}

// TestComparedFigures: a figure that is not there, withheld, bounded or of a
// part of the year is neither new nor gone; bounds that lie apart are enough to
// say grown.
func TestComparedFigures(t *testing.T) {
	e := workspace(t, figures(`indicator,agency,year,origin,destination,value,value_low,value_high,obs_status
vic_identified,KH.NCCT,2023,KH,TH,10,,,
vic_identified,KH.NCCT,2024,KH,TH,12,,,
vic_identified,KH.NCCT,2023,KH,MY,10,,,
vic_identified,KH.NCCT,2024,KH,MY,7,,,
vic_identified,KH.NCCT,2023,KH,CN,0,,,
vic_identified,KH.NCCT,2024,KH,CN,3,,,
vic_identified,KH.NCCT,2023,KH,VN,4,,,
vic_identified,KH.NCCT,2024,KH,VN,0,,,
vic_identified,KH.NCCT,2023,KH,LA,5,,,
vic_identified,KH.NCCT,2024,KH,LA,5,,,
vic_identified,KH.NCCT,2024,KH,JP,9,,,
vic_identified,KH.NCCT,2023,KH,TW,8,,,
vic_identified,KH.NCCT,2023,KH,SA,,,,Q
vic_identified,KH.NCCT,2024,KH,SA,6,,,
vic_identified,KH.NCCT,2023,KH,KR,,1,4,
vic_identified,KH.NCCT,2024,KH,KR,9,,,
vic_identified,KH.NCCT,2023,KH,ID,,1,4,
vic_identified,KH.NCCT,2024,KH,ID,3,,,
vic_identified,KH.NCCT,2023,KH,PH,0,,,
vic_identified,KH.NCCT,2024,KH,PH,,1,4,
vic_identified,KH.NCCT,2023,_U,TH,0,,,
vic_identified,KH.NCCT,2024,_U,TH,2,,,
`))
	a := ask(t, e, "vic_identified flow origin to destination where year=2024 change from 2023")
	if a.Refused() || len(a.Blocks) != 1 {
		t.Fatalf("%d blocks, %v, %q", len(a.Blocks), a.Refusals, a.Empty)
	}
	got := told(&a.Blocks[0])
	for _, want := range []string{
		"KH TH 10 12 grown", "KH MY 10 7 shrunk", "KH CN 0 3 new", "KH VN 4 0 gone", "KH LA 5 5 the same", "KH JP .. 9 not known",
		"KH TW 8 .. not known", "KH SA * 6 not known", "KH KR <5 9 grown", "KH ID <5 3 not known", "KH PH 0 <5 new", "_U TH 0 2",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no row %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
	if n := a.Footnotes[0].Text; !strings.Contains(n, "gainst 2023: 2 new, 1 gone (-4), 2 grown, 1 shrunk (-3), 1 the same, 4 not known") {
		t.Errorf("the sum of it: %s", n)
	}
}

// TestComparedPeriods: what is new, gone, grown and shrunk among people on
// record, each kind alone, and the rows of each still adding up to the total.
func TestComparedPeriods(t *testing.T) {
	e := workspace(t, records(`indicator,agency,year,sex,origin,destination
vic_identified,KH.NCCT,2023,F,KH,TH
vic_identified,KH.NCCT,2023,F,KH,TH
vic_identified,KH.NCCT,2023,M,KH,MY
vic_identified,KH.NCCT,2023,M,KH,MY
vic_identified,KH.NCCT,2023,F,KH,VN
vic_identified,KH.NCCT,2023,F,KH,KH
vic_identified,KH.NCCT,2023,F,,TH
vic_identified,KH.NCCT,2024,F,KH,TH
vic_identified,KH.NCCT,2024,M,KH,TH
vic_identified,KH.NCCT,2024,M,KH,TH
vic_identified,KH.NCCT,2024,M,KH,MY
vic_identified,KH.NCCT,2024,F,KH,CN
vic_identified,KH.NCCT,2024,F,CN,KH
vic_identified,KH.NCCT,2024,F,CN,KH
`))
	for only, want := range map[string]string{
		"":            "KH TH 2 3 grown; CN KH 0 2 new; KH CN 0 1 new; KH MY 2 1 shrunk; KH VN 1 0 gone; KH KH 1 0 gone; _U TH 1 0; _T _T 7 7",
		"only new":    "CN KH 0 2 new; KH CN 0 1 new; _O _O 7 4; _T _T 7 7",
		"only gone":   "KH VN 1 0 gone; KH KH 1 0 gone; _O _O 5 7; _T _T 7 7",
		"only grown":  "KH TH 2 3 grown; _O _O 5 4; _T _T 7 7",
		"only shrunk": "KH MY 2 1 shrunk; _O _O 5 6; _T _T 7 7",
		"top 1":       "KH TH 2 3 grown; _O _O 3 4; _W _W 1 0; _U _O 1 0; _T _T 7 7",
	} {
		a := ask(t, e, "vic_identified flow origin to destination where year=2024 change from 2023 "+only)
		if got := strings.Join(told(&a.Blocks[0]), "; "); got != want {
			t.Errorf("%s:\n got %s\nwant %s", only, got, want)
		}
	}
	a := ask(t, e, "vic_identified flow origin to destination where year=2024 change from 2023 only new top 1")
	if got := strings.Join(told(&a.Blocks[0]), "; "); got != "CN KH 0 2 new; _O _O 0 1; _O _O 7 4; _T _T 7 7" {
		t.Errorf("the first of the new ones: %s", got)
	}
	a = ask(t, e, "vic_identified flow origin to destination where sex=F change from sex=M")
	if got := told(&a.Blocks[0]); !slices.Contains(got, "KH TH 2 3 grown") || !slices.Contains(got, "KH MY 3 0 gone") || !slices.Contains(got, "KH CN 0 1 new") {
		t.Errorf("of two groups: %v", got)
	}
	if l := a.Blocks[0].Cols[1].Labels[0]; l != "sex Female" {
		t.Errorf("the second group is called %q", l)
	}
	a = ask(t, e, "vic_identified flow origin to destination where year=2024 change from 2010")
	if got := told(&a.Blocks[0]); slices.ContainsFunc(got, func(s string) bool { return strings.HasSuffix(s, "new") }) {
		t.Errorf("of 2010 nothing is known, and something is new: %v", got)
	}
}
