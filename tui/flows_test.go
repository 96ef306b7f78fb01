package tui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
	"tiplens/tui/wire"
)

// TestMatrix walks over the matrix of flows: every number that the cursor reads
// is the engine's, and the totals are those of the corridors.
func TestMatrix(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.press("3")
	term.wait("Across borders")
	if n := term.press("3"); n > wire.SwitchBytes {
		t.Errorf("from the list to the matrix in %d bytes", n)
	}
	term.wait("fifths:")
	a := answer(t, "vic_identified by origin.country across destination.country order value desc")
	b := a.Blocks[0]
	total := b.Cells[len(b.Rows)-1][len(b.Cols)-1]
	list := answer(t, "vic_identified flow origin.country to destination.country").Blocks[0]
	if got := list.Cells[len(list.Rows)-1][0].Value; got != total.Value {
		t.Errorf("the list adds up to %v, the matrix to %v", got, total.Value)
	}
	var moves []int
	for range 3 {
		moves = append(moves, term.press("right"))
		for range 4 {
			screen := term.text()
			found := false
			for r, h := range b.Rows {
				for c, ch := range b.Cols {
					if h.Kind == models.CodeHeader && ch.Kind == models.CodeHeader && b.Cells[r][c].HasBounds() {
						found = found || strings.Contains(screen, fmt.Sprintf("%s -> %s: %s", h.Labels[0], ch.Labels[0], b.Cells[r][c].Text()))
					}
				}
			}
			if !found {
				t.Errorf("no number of the engine's is read:\n%s", screen)
			}
			moves = append(moves, term.press("down"))
		}
		for range 4 {
			moves = append(moves, term.press("up"))
		}
	}
	if p := wire.Percentile(moves, 95); p > 2*wire.MoveP95 {
		t.Errorf("the cursor takes up to %d bytes: %v", p, moves)
	}
	term.press("home")
	for range 4 {
		term.press("left")
	}
	if n := term.press("enter"); n > wire.SwitchBytes {
		t.Errorf("from the matrix to a place in %d bytes", n)
	}
	term.wait("Where they went")
	for label, slice := range map[string]string{"Out of Cambodia": "origin=KH destination!=KH,_U", "Into Cambodia": "destination=KH origin!=KH,_U",
		"Within Cambodia": "origin=KH destination=KH", "From Cambodia, other end not stated": "origin=KH destination=_U"} {
		n := answer(t, "vic_identified where "+slice).Blocks[0].Cells[0][0].Text()
		if !slices.ContainsFunc(term.screen(), func(l string) bool { return strings.Contains(l, label) && strings.Contains(l, " "+n+" ") }) {
			t.Errorf("%s is not %s:\n%s", label, n, term.text())
		}
	}
	term.press("down")
	term.press("enter") // who came, as a table
	term.wait("3,053")
	term.press("backspace")
	term.wait("Where they went")
	term.press("backspace")
	term.wait("fifths:")
	term.press("3")
	term.wait("Where they went")
	term.press("3")
	term.wait("via transit")
	term.press("3")
	term.wait("first 12")
	term.press("3")
	term.wait("Across borders")
	term.press("~")
	term.quiet()
}
