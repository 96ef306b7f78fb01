package tui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tiplens/tui/wire"
)

// TestRoutesOnScreen walks over the tree of routes: the engine's numbers, the
// people behind a route, and back.
func TestRoutesOnScreen(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.play("3", "3", "3")
	if n := term.press("3"); n > wire.SwitchBytes {
		t.Errorf("from the place to the routes in %d bytes", n)
	}
	term.wait("via transit to destination")
	b := answer(t, "vic_identified flow origin.country via transit.country to destination.country").Blocks[0]
	for r, h := range b.Rows[:12] {
		line := strings.Repeat("  ", h.Depth) + h.Labels[0] + " "
		if !slices.ContainsFunc(term.screen(), func(l string) bool {
			return len(l) > 2 && strings.HasPrefix(l[2:], line) && strings.Contains(l, " "+b.Cells[r][0].Text()+" ")
		}) {
			t.Errorf("no line %q with %s:\n%s", line, b.Cells[r][0].Text(), term.text())
		}
	}
	var moves []int
	for range 12 {
		moves = append(moves, term.press("j"))
	}
	if p := wire.Percentile(moves, 95); p > wire.MoveP95 {
		t.Errorf("the cursor takes up to %d bytes: %v", p, moves)
	}
	term.play("home", "j", "j", "enter")
	term.wait("passed it")
	a := answer(t, "vic_identified where origin=KH transit=KH destination=TH")
	term.wait(a.Blocks[0].Cells[0][0].Text())
	term.press("backspace")
	term.wait("via transit to destination")
	term.play("t") // the first five, and what is beyond them
	term.wait("other routes (")
	term.play("end", "enter")
	term.wait("this row holds several routes")
	term.ask("vic_identified flow origin.province via transit to destination where year=2024")
	term.wait("origin by province via transit to destination")
}

// TestFlowPicture: every corridor of the picture has its number, its two ends
// and a line as heavy as the number, and what is not drawn is said.
func TestFlowPicture(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.play("3", "3", "3", "3")
	if n := term.press("3"); n > wire.SwitchBytes {
		t.Errorf("from the routes to the picture in %d bytes", n)
	}
	term.wait("first 12")
	b := answer(t, "vic_identified flow origin.country to destination.country top 12").Blocks[0]
	screen := term.screen()
	heavy := func(text string) int {
		for _, l := range screen {
			if strings.Contains(l, " "+text+" ") {
				return strings.Count(l, "=")
			}
		}
		return -1
	}
	most, drawn := heavy(b.Cells[0][0].Text()), 0
	for r, h := range b.Rows {
		n := b.Cells[r][0]
		if len(h.Labels) < 2 {
			rest := fmt.Sprintf(" %s %s", n.Text(), h.Labels[0])
			if !slices.ContainsFunc(screen, func(l string) bool { return strings.Contains(l, rest) }) {
				t.Errorf("%q is not said:\n%s", rest, term.text())
			}
			continue
		}
		drawn++
		want := int(n.Value/b.Cells[0][0].Value*float64(most) + 0.5)
		if got := heavy(n.Text()); got < want-1 || got > want+1 {
			t.Errorf("%v has a line of %d, not of %d:\n%s", h.Labels, got, want, term.text())
		}
	}
	if drawn != 12 {
		t.Errorf("%d corridors", drawn)
	}
	ends(t, screen, "Cambodia", "Thailand", "2,248")
	ends(t, screen, "Viet Nam", "Cambodia", "877")
	var moves []int
	for range 14 {
		moves = append(moves, term.press("j"))
	}
	if p := wire.Percentile(moves, 95); p > wire.MoveP95 {
		t.Errorf("the cursor takes up to %d bytes: %v", p, moves)
	}
	term.play("home", "enter")
	term.wait("2,248")
	term.press("backspace")
	term.wait("first 12")
}

// ends checks that one line names both ends of a corridor and its number.
func ends(t *testing.T, screen []string, from, to, n string) {
	t.Helper()
	for _, l := range screen {
		if a, z := strings.Index(l, from), strings.LastIndex(l, to); a >= 0 && z > a && strings.Contains(l[a:z], " "+n+" ") {
			return
		}
	}
	t.Errorf("no line from %s to %s with %s:\n%s", from, to, n, strings.Join(screen, "\n"))
}
