package query_test

import (
	"slices"
	"strings"
	"testing"

	"tiplens/models"
	"tiplens/query"
)

// ways are eight persons: four taken across borders by different ways, one
// within the country, one without an origin, one whose way is not known, and
// one who came back.
func ways(t *testing.T) *query.Engine {
	t.Helper()
	return workspace(t, table{id: "ways", grain: models.Record, legs: true, csv: `indicator,agency,reporter,year,flow_kind,origin,destination,place,nationality,recruitment,departure,transit,return
vic_identified,KH.NCCT,KH,2024,outward,KH-14,TH,KH-1,KH,KH-14,KH-12,KH-1;TH,KH-14
vic_identified,KH.NCCT,KH,2024,outward,KH-14,MY,KH-12,KH,KH-12,KH-12,TH,KH-12
vic_identified,KH.NCCT,KH,2024,outward,KH-20,MY,KH-12,VN,KH-20,,VN;TH,
vic_identified,KH.NCCT,KH,2024,outward,KH-20,CN,KH-12,KH,KH-12;KH-20,KH-20,VN,
vic_identified,KH.NCCT,KH,2024,outward,KH-3,KH-12,KH-12,KH,KH-3,KH-3,,
vic_identified,KH.NCCT,KH,2024,outward,,TH,KH-1,KH,,,,
vic_identified,KH.NCCT,KH,2024,outward,,,KH-1,KH,,,,
vic_identified,KH.NCCT,KH,2024,return,KH-14,TH,KH-1,KH,KH-14,,,KH-14
`})
}

// corridors reads the flow of one block: "KH TH 2", in the order shown.
func corridors(b *models.Block) (out []string) {
	for r, h := range b.Rows {
		out = append(out, strings.Join(h.Codes, " ")+" "+b.Cells[r][0].Text())
	}
	return out
}

func TestFlowEnds(t *testing.T) {
	e := ways(t)
	for text, want := range map[string][]string{
		"origin to destination":                {"KH MY 2", "KH CN 1", "KH TH 1", "KH KH 1", "_U TH 1", "_U _U 1", "_T _T 7"},
		"recruitment.province to destination":  {"KH-12 CN 1", "KH-12 MY 1", "KH-20 CN 1", "KH-14 TH 1", "KH-20 MY 1", "KH-3 KH 1", "_U TH 1", "_U _U 1", "_T _T 7"},
		"departure.province to identification": {"KH-12 KH-1 1", "KH-12 KH-12 1", "KH-20 KH-12 1", "KH-3 KH-12 1", "_U KH-1 2", "_U KH-12 1", "_T _T 7"},
		"transit to exploitation":              {"TH MY 2", "VN CN 1", "VN MY 1", "KH TH 1", "TH TH 1", "_U KH 1", "_U TH 1", "_U _U 1", "_T _T 7"},
		"destination to return.province":       {"MY KH-12 1", "TH KH-14 1", "CN _U 1", "KH _U 1", "MY _U 1", "TH _U 1", "_U _U 1", "_T _T 7"},
		"nationality to destination":           {"KH CN 1", "KH MY 1", "KH TH 2", "VN MY 1", "KH KH 1", "KH _U 1", "_T _T 7"},
	} {
		a := ask(t, e, "vic_identified flow "+text)
		if a.Refused() || len(a.Blocks) != 2 {
			t.Errorf("%s: %d blocks, refusals %v, empty %q", text, len(a.Blocks), a.Refusals, a.Empty)
			continue
		}
		got := corridors(&a.Blocks[0])
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", text, got, want)
		}
		if m := a.Blocks[1].Source.Movement; m != "return" || a.Blocks[0].Source.Movement != "outward" {
			t.Errorf("%s: the movements are %q and %q", text, a.Blocks[0].Source.Movement, m)
		}
		if !slices.ContainsFunc(a.Warnings, func(r models.Remark) bool { return r.Rule == "W-15" }) {
			t.Errorf("%s: nothing says that returns stand apart: %v", text, a.Warnings)
		}
		if w14 := slices.ContainsFunc(a.Warnings, func(r models.Remark) bool { return r.Rule == "W-14" }); w14 != strings.HasPrefix(text, "nationality") {
			t.Errorf("%s: warned of a borrowed role: %v", text, w14)
		}
	}
}

// TestFlowEndsFiltered opens corridors: the people behind one are those that
// were counted in it.
func TestFlowEndsFiltered(t *testing.T) {
	e := ways(t)
	for text, want := range map[string]float64{
		"transit=TH":                      3,
		"transit=KH-1":                    1,
		"transit=TH destination=MY":       2,
		"transit=_U":                      3,
		"transit!=TH":                     4,
		"recruitment=KH-12":               2,
		"recruitment=KH":                  5,
		"recruitment=KH-12,KH-20":         3,
		"recruitment=_U":                  2,
		"return=KH":                       2,
		"departure=KH-12 recruitment=_U":  -1,
		"departure=KH-12 transit=MY,KH-1": 1,
	} {
		a := ask(t, e, "vic_identified where flow_kind=outward "+text)
		if want < 0 {
			if a.Empty == "" {
				t.Errorf("%s: %v instead of nothing", text, cellAt(t, a))
			}
			continue
		}
		if got := cellAt(t, a); got.Value != want {
			t.Errorf("%s: %s, want %v", text, got.Text(), want)
		}
	}
	c, err := e.Choices(t.Context(), sliceOf(t, e, "vic_identified where flow_kind=outward"), models.DimTransit)
	if err != nil || len(c.List) == 0 || c.List[0].Code != "TH" || c.List[0].Count != 3 {
		t.Errorf("places of transit to choose: %+v, %v", c, err)
	}
}

func sliceOf(t *testing.T, e *query.Engine, text string) models.Slice {
	t.Helper()
	s, err := models.ParseSlice(text, e.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestFlowEndsAdded refuses sums in which somebody would be twice.
func TestFlowEndsAdded(t *testing.T) {
	e := ways(t)
	for _, parts := range [][2]string{{"transit=TH", "transit=VN"}, {"recruitment=KH-12", "recruitment=KH-20"}} {
		got := ask(t, e, "vic_identified["+parts[0]+"] + vic_identified["+parts[1]+"]")
		if !got.Refused() {
			t.Errorf("%v: one person is in both, and they were added: %v", parts, cellAt(t, got))
		}
	}
	if got := ask(t, e, "vic_identified[recruitment=KH-14] + vic_identified[recruitment=KH-3]"); got.Refused() {
		t.Errorf("nobody is in both, and it is refused: %v", got.Refusals)
	}
}

// TestFlowFolded folds only what adds up.
func TestFlowFolded(t *testing.T) {
	e := ways(t)
	got := ask(t, e, "vic_identified flow departure.province to destination where flow_kind=outward top 1")
	if s := strings.Join(corridors(&got.Blocks[0]), "; "); s != "KH-12 MY 1; _O _O 2; _W _W 1; _U _U 1; _U _O 2; _T _T 7" {
		t.Errorf("folded: %s", s)
	}
	got = ask(t, e, "vic_identified flow recruitment.province to destination where flow_kind=outward top 1")
	if i := slices.IndexFunc(got.Blocks[0].Rows, func(h models.Header) bool { return h.Folded > 1 && h.Codes[0] == models.Other }); i < 0 || got.Blocks[0].Cells[i][0].HasValue() {
		t.Errorf("one person was recruited in two places, and the other corridors are added: %v", corridors(&got.Blocks[0]))
	}
}

// TestFlowOfFigures keeps returns out of the flow outward, leaves groups out of
// rows that have their members, and says both.
func TestFlowOfFigures(t *testing.T) {
	e := workspace(t, figures(`indicator,agency,year,flow_kind,origin,destination,value
vic_identified,KH.NCCT,2024,outward,KH,TH,10
vic_identified,KH.NCCT,2024,outward,KH,MY,4
vic_identified,KH.NCCT,2024,outward,KH,ASEAN,17
vic_identified,KH.NCCT,2024,outward,_O,_O,3
vic_identified,KH.NCCT,2024,return,KH,TH,8
`))
	got := ask(t, e, "vic_identified flow origin to destination where year=2024")
	if len(got.Blocks) != 2 {
		t.Fatalf("%d blocks: %v", len(got.Blocks), got.Refusals)
	}
	if s := strings.Join(corridors(&got.Blocks[0])[:3], "; "); s != "KH TH 10; KH MY 4; _O _O 3" {
		t.Errorf("outward: %s", s)
	}
	if s := corridors(&got.Blocks[1])[0]; s != "KH TH 8" {
		t.Errorf("returns: %s", s)
	}
	if !slices.ContainsFunc(got.Footnotes, func(r models.Remark) bool { return r.Rule == "W-24" && strings.Contains(r.Text, "ASEAN") }) {
		t.Errorf("nothing says where the figures of ASEAN are: %v", got.Footnotes)
	}
	one := ask(t, e, "vic_identified flow origin to destination where year=2024 flow_kind=return")
	if len(one.Blocks) != 1 || corridors(&one.Blocks[0])[0] != "KH TH 8" {
		t.Errorf("returns alone: %v, %q", one.Refusals, one.Empty)
	}
}
