package query_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

// tree reads the routes of a block: how far in, the label, the codes, the number.
func tree(b *models.Block) (out []string) {
	for r, h := range b.Rows {
		out = append(out, fmt.Sprintf("%s%s [%s] %s", strings.Repeat(" ", h.Depth), h.Labels[0], strings.Join(h.Codes, " "), b.Cells[r][0].Text()))
	}
	return out
}

// TestRoutes: stops stand in the order of the file, also those of one cell,
// routes that begin alike are one branch, and a branch is the sum of what is
// below it.
func TestRoutes(t *testing.T) {
	e := ways(t)
	a := ask(t, e, "vic_identified flow origin via transit to destination")
	if len(a.Blocks) != 2 || a.Blocks[0].Source.Movement != "outward" {
		t.Fatalf("%d blocks, %v, %q", len(a.Blocks), a.Refusals, a.Empty)
	}
	want := []string{
		"Cambodia [KH _T _T] 5",
		" via Viet Nam [KH VN>_T _T] 2",
		"  to China [KH VN CN] 1",
		"  via Thailand, to Malaysia [KH VN>TH MY] 1",
		" via Cambodia, via Thailand, to Thailand [KH KH>TH TH] 1",
		" via Thailand, to Malaysia [KH TH MY] 1",
		" no transit stated, to Cambodia [KH _U KH] 1",
		"Origin not stated, no transit stated [_U _U _T] 2",
		" to Thailand [_U _U TH] 1",
		" destination not stated [_U _U _U] 1",
		"Total [_T _T _T] 7",
	}
	if got := tree(&a.Blocks[0]); !slices.Equal(got, want) {
		t.Errorf("the routes are\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := tree(&a.Blocks[1]); !slices.Equal(got, []string{"Cambodia, no transit stated, to Thailand [KH _U TH] 1", "Total [_T _T _T] 1"}) {
		t.Errorf("the way of who came back: %v", got)
	}
	if n := a.Blocks[0].Unstated["transit"]; n != 3.0/7 {
		t.Errorf("transit is not stated of %v", n)
	}
	for _, r := range []string{"W-15"} {
		if !slices.ContainsFunc(a.Warnings, func(m models.Remark) bool { return m.Rule == r }) {
			t.Errorf("%s is not said: %v", r, a.Warnings)
		}
	}
	a = ask(t, e, "vic_identified flow origin.province via transit.province to destination where flow_kind=outward transit=KH-1")
	if got := tree(&a.Blocks[0]); !slices.Equal(got, []string{"Kampong Thom, via Banteay Meanchey, via Thailand, to Thailand [KH-14 KH-1>TH TH] 1", "Total [_T _T _T] 1"}) &&
		!strings.Contains(got[0], "[KH-14 KH-1>TH TH] 1") {
		t.Errorf("by province: %v", got)
	}
	a = ask(t, e, "vic_identified flow origin via transit to destination where flow_kind=outward top 2")
	if got := strings.Join(tree(&a.Blocks[0]), "\n"); !strings.Contains(got, " other routes [KH _O _O]") || !strings.Contains(got, "Other routes [_O _O _O] 2") {
		t.Errorf("the first two:\n%s", got)
	}
	for _, text := range []string{"percent of row", "change from 2023"} {
		s := sliceOf(t, e, "vic_identified flow origin via transit to destination where year=2024 "+text)
		if _, err := e.Ask(t.Context(), s); err == nil {
			t.Errorf("%s is answered", text)
		}
	}
	a = ask(t, e, "vic_identified flow origin via transit to destination where flow_kind=outward percent of total")
	if got := tree(&a.Blocks[0]); got[len(got)-1] != "Total [_T _T _T] 100.0" || !strings.HasSuffix(got[0], " 71.4") {
		t.Errorf("shares: %v", got)
	}
}

// TestRoutesOfSubjects: a person with several records is once in each branch,
// and once in the total.
func TestRoutesOfSubjects(t *testing.T) {
	e := workspace(t, table{id: "cases", grain: models.Record, legs: true, csv: `indicator,agency,year,subject,origin,destination,transit
vic_identified,KH.NCCT,2024,a,KH,TH,VN
vic_identified,KH.NCCT,2024,a,KH,TH,VN;LA
vic_identified,KH.NCCT,2024,a,KH,TH,VN;LA
vic_identified,KH.NCCT,2024,b,KH,TH,VN
vic_identified,KH.NCCT,2024,c,KH,CN,
`})
	a := ask(t, e, "vic_identified flow origin via transit to destination")
	want := []string{"Cambodia [KH _T _T] 3", " via Viet Nam [KH VN>_T _T] 2", "  to Thailand [KH VN TH] 2", "  via Laos, to Thailand [KH VN>LA TH] 1",
		" no transit stated, to China [KH _U CN] 1", "Total [_T _T _T] 3"}
	if got := tree(&a.Blocks[0]); !slices.Equal(got, want) {
		t.Errorf("the routes are\n%s", strings.Join(got, "\n"))
	}
}

// TestNoRoutes: what does not say the way is left out, and said to be.
func TestNoRoutes(t *testing.T) {
	e := workspace(t, records(`indicator,agency,year,origin,destination
vic_identified,KH.NCCT,2024,KH,TH
`), figures(`indicator,agency,year,origin,destination,value
vic_identified,KH.NP,2024,KH,TH,3
`))
	a := ask(t, e, "vic_identified flow origin via transit to destination")
	if !strings.Contains(a.Empty, "records does not say place of transit") || !strings.Contains(a.Empty, "The figures of figures do not say") {
		t.Errorf("it says %q with %d blocks", a.Empty, len(a.Blocks))
	}
}

// TestRoutesAddUp: over the training data, every branch is the sum of the next
// ones below it, and the routes together are the flow.
func TestRoutesAddUp(t *testing.T) {
	e := training(t)
	for _, ends := range []string{"origin%s to destination", "origin.province%s to destination.province", "recruitment.province%s to destination"} {
		flow := ask(t, e, "vic_identified flow "+fmt.Sprintf(ends, ""))
		a := ask(t, e, "vic_identified flow "+fmt.Sprintf(ends, " via transit.province"))
		b, f := &a.Blocks[0], &flow.Blocks[0]
		routes, total := 0.0, f.Cells[len(f.Rows)-1][0].Value
		for r, h := range b.Rows[:len(b.Rows)-1] {
			if h.Kind != models.PrefixHeader {
				routes += b.Cells[r][0].Value
				continue
			}
			below := 0.0
			for k := r + 1; k < len(b.Rows) && b.Rows[k].Depth > h.Depth && b.Rows[k].Kind != models.TotalHeader; k++ {
				if b.Rows[k].Depth == h.Depth+1 {
					below += b.Cells[k][0].Value
				}
			}
			if below != b.Cells[r][0].Value {
				t.Errorf("%s: %s holds %v, what is below it %v", ends, h.Labels[0], b.Cells[r][0].Value, below)
			}
		}
		if got := b.Cells[len(b.Rows)-1][0].Value; routes != total || got != total {
			t.Errorf("%s: routes of %v, a total of %v, a flow of %v", ends, routes, got, total)
		}
	}
}
