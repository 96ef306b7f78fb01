package tui

import (
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

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

// TestLettersApart: the renderer counts as many cells for a line as we and the
// terminals do, so that what is written into it later finds its place; and the
// text that reaches the terminal is the one that was to be shown.
func TestLettersApart(t *testing.T) {
	for line, want := range map[string]int{
		"ការងារបង្ខំ 144":  13, // as xterm, PuTTY and tmux count
		"ស្ត្រី 586":       7,
		"จำนวน 12":         8,
		"ບ້ານ 7":           5,
		"plain é 中文 1,249": 18,
	} {
		if width(line) != want {
			t.Errorf("%q takes %d cells, not %d", line, want, width(line))
		}
		cells, text, state := 0, "", byte(0)
		for rest := apart(line); rest != ""; {
			seq, n, size, next := ansi.DecodeSequenceWc(rest, state, nil)
			if n > 0 { // the renderer leaves out what has no width
				cells, text = cells+n, text+seq
			}
			rest, state = rest[size:], next
		}
		if cells != want || text != line {
			t.Errorf("the renderer draws %q as %q in %d cells, not %d", line, text, cells, want)
		}
		if got := pad(line, 30); width(got) != 30 {
			t.Errorf("filled to 30 cells, %q takes %d", got, width(got))
		}
	}
}

// TestLettersTogether: a terminal that says it gives letters that belong
// together one cell gets them so, as its renderer counts them so.
func TestLettersTogether(t *testing.T) {
	for value, want := range map[ansi.ModeSetting]bool{ansi.ModeReset: true, ansi.ModeSet: true, ansi.ModePermanentlySet: true, ansi.ModeNotRecognized: false, ansi.ModePermanentlyReset: false} {
		a := &App{}
		a.update(tea.ModeReportMsg{Mode: ansi.ModeSynchronizedOutput, Value: value})
		if a.clusters {
			t.Errorf("the answer %d on another mode counts", value)
		}
		if a.update(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: value}); a.clusters != want {
			t.Errorf("after the answer %d letters stand together: %v", value, a.clusters)
		}
	}
}

// TestHasStacked: every sign of these scripts is found by its first byte.
func TestHasStacked(t *testing.T) {
	for r := rune(0); r < 0xFFFF; r++ {
		if got := hasStacked("a→" + string(r) + "b"); got != stacked(r) {
			t.Errorf("%U: %v", r, got)
		}
		if scripts := unicode.In(r, unicode.Khmer, unicode.Thai, unicode.Lao, unicode.Myanmar); scripts != stacked(r) {
			t.Errorf("%U is taken for one, or for none", r)
		}
	}
}
