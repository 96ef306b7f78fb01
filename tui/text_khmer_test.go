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
	for text, want := range map[string]int{
		"abc é":       5,
		"ស្រី":        4, // two letters, each with a sign: two cells in xterm and tmux
		"នារី; Women": 11,
		"ទី១":         3,
		"ไทย":         3,
		"中文":          4,
	} {
		if got := widest(text); got != want {
			t.Errorf("%q may take %d cells, not %d", text, want, got)
		}
	}
	for _, line := range (&textPage{text: []string{"  also written: Female; Feminine; Woman; Women; Girl; Girls; Females; ស្រី; ស្ត្រី; នារី"}}).wrapped(80, Look{}) {
		if n := len([]rune(line)); n > 80 { // a cell a sign, as a terminal may count
			t.Errorf("%q may take %d cells of 80", line, n)
		}
	}
}
