package tui_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"tiplens/tui"
	"tiplens/tui/wire"
)

// sweepSizes are gone through up and down again.
var sweepSizes = [][2]int{{60, 16}, {61, 17}, {72, 20}, {80, 24}, {100, 30}, {120, 40}, {200, 50}, {300, 100}}

// sweepLooks are the environments people come with. Those that only change the
// colours draw the same text.
var sweepLooks = map[string][]string{
	"lean ASCII": {"TERM=xterm-256color", "SSH_TTY=/dev/pts/0", "LANG=C"},
	"lean UTF-8": {"TERM=xterm-256color", "SSH_TTY=/dev/pts/0", "LANG=C.UTF-8"},
	"rich 16":    {"TERM=xterm", "LANG=C.UTF-8"},
	"rich 256":   {"TERM=xterm-256color", "LANG=C.UTF-8"},
	"rich mono":  {"TERM=xterm-256color", "LANG=C.UTF-8", "NO_COLOR=1"},
	"vt100":      {"TERM=vt100", "LANG=C"},
	"light":      {"TERM=xterm-256color", "LANG=C.UTF-8", "COLORFGBG=0;15"},
	"dark":       {"TERM=xterm-256color", "LANG=C.UTF-8", "COLORFGBG=15;0"},
}

// sweepLook is the look that costs least.
var sweepLook = tui.Look{ASCII: true}

// scene is a screen to look at: what is typed from the first one on. A word
// that is no key is typed letter by letter.
type scene struct {
	name string
	ref  string // training unless said otherwise
	keys string
}

var sweepScenes = []scene{
	{"table", "", ""}, {"table, percent", "", "% o t"}, {"table, nested", "", "r sex space age space enter"}, {"table, in months", "", "z z z j j"},
	{"table, opened", "", "j j enter j"}, {"table, cell", "", "j l l"}, {"table, spark", "", "~ j"}, {"table, change", "", "d down down enter j"},
	{"table, many rows", "", "r nat enter pgdown"}, {"table, last row", "", "r nat enter end"},
	{"trend", "", "2"}, {"trend, cursor", "", "j space j space 2 l l"}, {"trend, quarters", "", "z z 2"},
	{"flows", "", "3 j j"}, {"flows, provinces", "", "3 ] j j j"}, {"flows, top", "", "3 t"},
	{"map", "", "4 l"}, {"map by origin", "", "4 r origin enter l"},
	{"bars", "", "5 j"}, {"shares", "", "5 5 k l"}, {"heat", "", "5 5 5 j l"}, {"pyramid", "", "5 5 5 5 j l"},
	{"overview", "", "0"}, {"overview, chosen", "", "0 right down enter right down -"}, {"overview, far", "", "0 pgdown pgdown"},
	{"sources", "", "6"}, {"guide", "", "8 esc j"}, {"guide, list", "", "8 pre"}, {"guide, entry", "", "8 place enter j j end"}, {"data", "", "7"}, {"report", "", "7 enter"}, {"metadata", "", "7 m down down"},
	{"indicators", "", "i"}, {"places", "", "p kam"}, {"nationalities", "", "n down down space down space"}, {"years", "", "y 2019-2021"}, {"filters", "", "f"},
	{"rows", "", "r"}, {"columns", "", "c"}, {"difference", "", "d"}, {"workspaces", "", "w"}, {"steps", "", "% o H"}, {"breaks", "", "4 C"},
	{"chips", "", "n viet enter p phnom enter f sex enter"}, {"remove", "", "n viet enter p phnom enter X"},
	{"save", "", "s mine"}, {"saved", "", "s mine enter S"}, {"find", "", "/"}, {"find, typed", "", "/ preah"}, {"find, nothing", "", "/ zzzzzzzz"},
	{"command line", "", ":"}, {"command line, wrong", "", ": nonsense enter"}, {"help", "", "?"}, {"meaning", "", "="}, {"copy", "", "V"},
	{"card", "", "j l enter"}, {"briefing note", "", "b text"}, {"rows behind", "", "j l enter enter"},
	{"figures", "published", ""}, {"figures, sources", "published", "6"}, {"figures, overview", "published", "0"}, {"figures, map", "published", "4"},
	{"figures, data", "published", "7"}, {"figures, indicators", "published", "i"},
}

// keysOf reads the keys of a scene.
func keysOf(text string) (out []tea.KeyPressMsg) {
	for _, w := range strings.Fields(text) {
		if _, ok := wire.Keys[w]; ok {
			out = append(out, keyMsg(w))
			continue
		}
		for _, r := range w {
			out = append(out, keyMsg(string(r)))
		}
	}
	return out
}

// play presses keys, each when what it needs is there.
func (m *monkey) play(text string) {
	for _, k := range keysOf(text) {
		m.done = append(m.done, k.String())
		m.update(k)
		m.rest()
	}
}

// rest waits for all that is under way.
func (m *monkey) rest() {
	for end := time.After(20 * time.Second); m.under > 0; {
		select {
		case msg := <-m.msgs:
			m.under--
			m.update(msg)
		case <-end:
			m.fail("the screen does not come to rest")
		}
	}
}

func (m *monkey) resize(w, h int) []string {
	m.w, m.h = w, h
	m.update(tea.WindowSizeMsg{Width: w, Height: h})
	return m.lines()
}

// lines gives the frame without colours.
func (m *monkey) lines() []string {
	ls := m.frame()
	for i := range ls {
		ls[i] = ansi.Strip(ls[i])
	}
	return ls
}

// TestSweep looks at every view and every overlay in every look at all sizes,
// growing and shrinking.
func TestSweep(t *testing.T) {
	t.Parallel()
	drawn := map[tui.Look]string{} // looks that are the same are drawn once
	for name, env := range sweepLooks {
		look := tui.DetectLook(env)
		drawn[look] += " " + name
	}
	for look, name := range drawn {
		t.Run(strings.TrimSpace(name), func(t *testing.T) {
			t.Parallel()
			for _, sc := range sweepScenes {
				ref := sc.ref
				if ref == "" {
					ref = "training"
				}
				m := newMonkey(t, ref, look)
				m.rest()
				m.play(sc.keys)
				m.sweep(t, sc.name, look)
				m.app.Close()
			}
		})
	}
}

// sweep goes through the sizes with what is on the screen.
func (m *monkey) sweep(t *testing.T, name string, look tui.Look) {
	t.Helper()
	first := m.resize(80, 24)
	under, covered := m.app.Under()
	cursor := hasCursor(first)
	down := slices.Clone(sweepSizes)
	slices.Reverse(down)
	sizes := append(slices.Clone(sweepSizes), down...)
	if look.Plain { // the same text with less colour
		sizes = [][2]int{{60, 16}, {80, 24}, {120, 40}, {60, 16}}
	}
	for _, size := range sizes {
		ls := m.resize(size[0], size[1])
		at := fmt.Sprintf("%s at %dx%d", name, size[0], size[1])
		complain := func(what string) { t.Errorf("%s: %s\n%s", at, what, strings.Join(ls, "\n")) }
		if len(ls) != size[1] {
			complain(fmt.Sprintf("%d lines", len(ls)))
		}
		last := ls[len(ls)-1]
		switch {
		case !regexp.MustCompile(`0 ?\w+.*8 ?\w+`).MatchString(ls[0]):
			complain("the head does not name the views")
		case !strings.HasPrefix(ls[1], "i "):
			complain("there is no slice line")
		case strings.TrimSpace(last) == "" || strings.HasSuffix(strings.TrimSpace(last), "~"):
			complain("the line of keys is cut or not there")
		case filled(ls[2:len(ls)-1]) < 3:
			complain("the screen is empty")
		case cursor && !hasCursor(ls):
			complain("the cursor is not on the screen")
		}
		if now, _ := m.app.Under(); now != under && !covered {
			complain(fmt.Sprintf("the cursor was on %q and is on %q", under, now))
		}
		if !strings.HasPrefix(name, "figures") { // of few figures there are fewer classes
			m.classes(t, at, ls, look)
		}
	}
	if now := m.resize(80, 24); cursorLine(now) != cursorLine(first) {
		t.Errorf("%s: back at 80x24 the cursor is on %q, was on %q", name, cursorLine(now), cursorLine(first))
	}
}

func filled(ls []string) (n int) {
	for _, l := range ls {
		if strings.TrimSpace(l) != "" {
			n++
		}
	}
	return n
}

// cursorLine is the line with the cursor before it.
func cursorLine(ls []string) string {
	for _, l := range ls[2:] {
		if strings.HasPrefix(l, ">") {
			return strings.TrimSpace(l)
		}
	}
	return ""
}

func hasCursor(ls []string) bool { return cursorLine(ls) != "" }

// classes checks that the classes of a legend can be told apart without
// colour.
func (m *monkey) classes(t *testing.T, at string, ls []string, look tui.Look) {
	t.Helper()
	_, legend, ok := strings.Cut(strings.Join(ls, "\n"), "fifths: ")
	if !ok {
		if strings.HasPrefix(at, "map") || strings.HasPrefix(at, "heat") {
			t.Errorf("%s: there is no legend:\n%s", at, strings.Join(ls, "\n"))
		}
		return
	}
	marks := "12345"
	if look.Rich {
		marks = "▁░▒▓█"
	}
	for _, k := range strings.Split(marks, "") {
		if !strings.HasPrefix(legend, k) && !strings.Contains(legend, "  "+k+" ") && !strings.Contains(legend, "\n"+k+" ") {
			t.Errorf("%s: the legend lacks %s:\n%s", at, k, strings.Join(ls, "\n"))
		}
	}
}

// TestSweepLoad does the same with the screens on which a file is loaded.
func TestSweepLoad(t *testing.T) {
	t.Parallel()
	for _, look := range []tui.Look{{ASCII: true, Plain: true}, {Rich: true}} {
		h := newLoadHost(t, map[string]string{"cases_2024_05.csv": may})
		for _, sc := range []scene{
			{"folder", "", "a"}, {"file", "", "a enter"}, {"rows count", "", "a enter enter"}, {"columns", "", "a enter enter ident enter tab"},
			{"values", "", "a enter enter ident enter tab tab"}, {"preview", "", "a enter enter ident enter tab tab tab"},
			{"findings", "", "a enter enter ident enter shift+tab"}, {"load help", "", "a enter ?"},
		} {
			m := newMonkeyOn(t, h, h.dir, look)
			m.rest()
			m.play(sc.keys)
			m.sweep(t, sc.name, look)
			m.app.Close()
		}
	}
}
