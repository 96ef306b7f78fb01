package tui_test

import (
	"strings"
	"testing"

	"tiplens/tui/wire"
)

// TestMarkedCorridors marks corridors in their list, sees them as lines with
// the engine's numbers, and finds marks and lines again in the next session.
func TestMarkedCorridors(t *testing.T) {
	t.Parallel()
	h := newMemoryHost()
	term := openHost(t, h, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.play("3", "space", "j", "j", "space", "j", "space", "space")
	term.wait("*Cambodia -> Thailand")
	term.wait("*China -> Cambodia")
	term.wantNot("*Cambodia -> China") // let go again
	if n := term.press("2"); n > wire.SwitchBytes {
		t.Errorf("from the corridors to their lines in %d bytes", n)
	}
	term.wait("a Cambodia -> Thailand")
	a := answer(t, "vic_identified flow origin.country to destination.country across year")
	b := a.Blocks[0]
	for line, codes := range map[string]string{"a Cambodia -> Thailand": "KH TH", "b China -> Cambodia": "CN KH"} {
		var want []string
		for r, h := range b.Rows {
			if strings.Join(h.Codes, " ") == codes {
				for c := range 3 { // the last years, in front of the total
					want = append(want, b.Cells[r][len(b.Cols)-4+c].Text())
				}
			}
		}
		found := ""
		for _, l := range term.screen() {
			if strings.Contains(l, line) {
				found = strings.Join(strings.Fields(l), " ")
			}
		}
		if len(want) == 0 || !strings.HasSuffix(found, strings.Join(want, " ")) {
			t.Errorf("%q does not end in %v", found, want)
		}
	}
	term.wantNot("c Cambodia")
	before := term.text()

	again := openHost(t, h, "training", 80, 24)
	again.wait("a Cambodia -> Thailand")
	again.play("j", "k")
	if got, want := body(again.text()), body(before); got != want {
		t.Errorf("the lines came back as\n%s\nthey were\n%s", got, want)
	}
	again.ask("trend: vic_identified flow origin.province to destination") // typed: the largest ones
	again.wait("f Banteay Meanchey -> Thailand")
	again.play("u", "3")
	again.wait("*China -> Cambodia")
	again.play("1")
	again.wait("by place, year")
	again.play("2") // from the table: its rows
	again.wait("Phnom Penh")
}

// TestMarksHaveAnEnd: no more corridors are marked than the trend has lines,
// and none that is several; another level has other corridors.
func TestMarksHaveAnEnd(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.play("3", "space", "j", "space", "j", "space", "j", "space", "j", "space", "j", "space", "j", "space")
	term.wait("6 corridors marked")
	if n := strings.Count(term.text(), "*"); n != 6 {
		t.Errorf("%d marks:\n%s", n, term.text())
	}
	term.play("end", "space")
	term.wait("this row holds several corridors")
	term.play("[", "[")
	term.quiet()
	if n := strings.Count(term.text(), "*"); n != 0 {
		t.Errorf("%d marks of another level:\n%s", n, term.text())
	}
	term.play("3", "space") // the matrix has no corridor at its cursor
	term.wait("corridors are marked in their list (3)")
}
