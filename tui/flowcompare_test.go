package tui_test

import (
	"strings"
	"testing"

	"tiplens/tui/wire"
)

// TestCompareCorridors sets two years side by side on the flows: the kinds with
// the engine's numbers, one kind alone, two groups, and the people behind one.
func TestCompareCorridors(t *testing.T) {
	t.Parallel()
	h := newMemoryHost()
	term := openHost(t, h, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.play("3", "[", "d", "down")
	if n := term.press("enter"); n > wire.SwitchBytes {
		t.Errorf("from the corridors to the comparison in %d bytes", n)
	}
	term.wait("of 2025, the last year")
	a := answer(t, "vic_identified flow origin.province to destination.country where year=2025 change from previous")
	b := a.Blocks[0]
	count := map[string]int{}
	for _, h := range b.Rows {
		count[h.Became]++
	}
	if count["new"] == 0 || count["gone"] == 0 {
		t.Fatalf("nothing to compare: %v", count)
	}
	term.wait("New (")
	golden(t, "flows-compare-80x24", term.text())
	term.press("j") // the word in the status line goes
	var moves []int
	for range 12 {
		moves = append(moves, term.press("j"))
	}
	if p := wire.Percentile(moves, 95); p > wire.MoveP95 {
		t.Errorf("the cursor takes up to %d bytes: %v", p, moves)
	}
	term.typed("d", "gone", "enter")
	term.wait("Gone (")
	term.wait("gone corridors only")
	for r, h := range b.Rows {
		if h.Became != "gone" || b.Cells[r][0].Value < 3 {
			continue
		}
		line := strings.Join(h.Labels, " -> ")
		found := ""
		for _, l := range term.screen() {
			if strings.Contains(l, line+" ") {
				found = l
			}
		}
		if f := strings.Fields(strings.TrimPrefix(strings.TrimLeft(found, "> "), line)); len(f) < 2 || f[0] != b.Cells[r][0].Text() || f[1] != "0" {
			t.Errorf("%s was %s and is gone; the screen shows %q", line, b.Cells[r][0].Text(), found)
		}
	}
	again := openHost(t, h, "training", 80, 24)
	again.wait("Gone (")
	again.play("end", "enter")
	again.wait("this row holds several corridors")
	again.typed("d", "women", "enter")
	again.wait("sex Female")
	again.wait("Only sex Female (")
	again.play("enter") // the people behind the first
	again.wait("by place, year")
	again.wait("+2") // both ends beside the sex
	again.wantNot("change from")
	again.play("backspace")
	again.wait("Only sex Female (")
	again.typed("d", "gone", "enter")
	again.wait("Only sex Male (")
	again.play("enter") // who is gone is found in the other group
	again.wait("by place, year")
	again.wantNot("Nothing meets")
	again.play("backspace")
	again.typed("d", "all", "enter")
	again.wantNot("gone corridors only")
	again.play("3", "3", "3")
	again.wait("Across borders")
	again.play("d", "enter") // no comparison
	again.wait("% of all")
	again.wantNot("% of sex")
}

// TestCorridorsAreTold: where there is hardly room for names, corridors are
// named by codes, and no two of them read alike.
func TestCorridorsAreTold(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 60, 16)
	term.wait("Banteay Meanchey")
	term.play("3", "d")
	term.typed("women", "enter")
	term.wait("sex Female")
	term.want("KH -> TH")
	seen := map[string]bool{}
	for _, l := range term.screen()[4:13] {
		f := strings.Fields(strings.TrimLeft(l, "> "))
		if len(f) < 4 || f[1] != "->" {
			continue
		}
		if name := strings.Join(f[:3], " "); seen[name] || strings.Contains(name, "~") {
			t.Errorf("%s does not say which corridor it is:\n%s", name, term.text())
		} else {
			seen[name] = true
		}
	}
	if len(seen) < 5 {
		t.Errorf("%d corridors:\n%s", len(seen), term.text())
	}
	term.play("d", "home", "enter") // there is room for names again
	term.want("Cambodia -> Thailand")
}
