package tui

import "testing"

// TestEmptyGrid: whatever is pressed in a list without rows, its cursor is on
// none, and never before the first.
func TestEmptyGrid(t *testing.T) {
	var g grid
	g.set([]string{"place"}, []string{"2024"}, nil)
	for _, key := range []string{"end", "down", "pgdown", "up", "pgup", "home", "right", "left", "end"} {
		if g.move(key); g.row != 0 || g.onRow() {
			t.Errorf("%s leads to row %d", key, g.row)
		}
	}
}
