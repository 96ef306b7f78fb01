package tui

import "testing"

// TestKhmerStaysInside: whatever a terminal makes of the signs above and below
// Khmer letters, no line is wider than the screen.
func TestKhmerStaysInside(t *testing.T) {
	const khmer = "កាលបរិច្ឆេទ ទីកន្លែង/ខេត្តរាជធានីទីកន្លែងរាជធានីភ្នំពេញ ឥណ្ឌូនេស៊ី"
	for w := 1; w < 60; w++ {
		if s := cut(khmer, w); widest(s) > w {
			t.Errorf("cut to %d cells: %q may take %d", w, s, widest(s))
		}
		joined := ""
		for _, s := range wrap(khmer, w) {
			if widest(s) > w && w > 3 {
				t.Errorf("wrapped at %d cells: %q may take %d", w, s, widest(s))
			}
			joined += s
		}
		if w > 3 && len(joined) < len(khmer)-4 {
			t.Errorf("wrapped at %d cells, %q lacks a part", w, joined)
		}
	}
	if widest("abc é") != 5 {
		t.Error("other texts are measured otherwise than before")
	}
}
