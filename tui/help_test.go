package tui_test

import (
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

// TestHelpIsWhole: on every view each key that does something is in its help,
// and each key of its help does something.
func TestHelpIsWhole(t *testing.T) {
	t.Parallel()
	for _, view := range []string{"0", "1", "2", "3", "4", "5", "6", "7", "8"} {
		t.Run(view, func(t *testing.T) { helpIsWhole(t, view) })
	}
}

func helpIsWhole(t *testing.T, view string) {
	t.Parallel()
	moves := strings.Split("hjkl", "") // under the arrows
	m := newMonkey(t, "training", sweepLook)
	away := map[string]string{"1": "2"}[view]
	start := func() { // 5 and 8 are no way to stay where one is
		for m.app.Hint() != "" {
			m.play("esc")
		}
		m.play(or(away, "1") + " " + view)
		for m.app.Hint() != "" {
			m.play("esc")
		}
	}
	start()
	listed := m.app.HelpKeys()
	keys := []string{"enter", "space", "tab", "backspace", "down", "pgdown", "home"}
	for r := '!'; r <= '~'; r++ {
		keys = append(keys, string(r))
	}
	for _, key := range keys {
		if slices.Contains(moves, key) || key == "q" {
			continue
		}
		before := m.lines()
		m.play(key)
		said := m.app.Said()
		refused := strings.Contains(said, "does nothing here") || strings.Contains(said, "works on another view")
		if in := slices.Contains(listed, key); in == refused {
			t.Errorf("view %s: %q is in the help: %v, and pressed it says %q\n%s", view, key, in, said, strings.Join(before[:3], "\n"))
		}
		if !refused {
			start()
		}
	}
	m.app.Close()
}

// TestHelpIsReadWhole: a line of the help that is too long for the screen
// stands whole below the list.
func TestHelpIsReadWhole(t *testing.T) {
	t.Parallel()
	m := newMonkey(t, "training", sweepLook)
	defer m.app.Close()
	m.rest()
	m.resize(60, 16)
	m.play("?")
	for range m.app.HelpKeys() {
		screen := strings.Join(m.lines(), "\n")
		i := strings.Index(screen, "\n> ")
		line, rest, _ := strings.Cut(screen[i+3:], "\n")
		words := strings.Fields(strings.TrimRight(line, "~"))
		if whole := strings.Join(strings.Fields(rest), " "); strings.HasSuffix(line, "~") && !strings.Contains(whole, strings.Join(words, " ")) {
			t.Fatalf("%q is not read whole:\n%s", line, screen)
		}
		m.play("down")
	}
}

// TestHintsOfOverlays: the line of keys of everything that lies above a view
// says how to take it and how to leave it, and esc leaves it.
func TestHintsOfOverlays(t *testing.T) {
	t.Parallel()
	for _, sc := range sweepScenes {
		m := newMonkey(t, or(sc.ref, "training"), sweepLook)
		m.rest()
		m.play(sc.keys)
		for depth := m.app.Depth(); depth > 0; depth = m.app.Depth() {
			if hint := m.app.Hint(); !strings.Contains(hint, "esc") {
				t.Errorf("%s: the line of keys does not say how to leave: %q", sc.name, hint)
			}
			m.play("esc")
			if m.app.Depth() >= depth {
				t.Errorf("%s: esc does not leave it", sc.name)
				break
			}
		}
		m.app.Close()
	}
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// TestOuterLabelStays: on a page that starts within a province the province is
// said, and head and total stay where they are.
func TestOuterLabelStays(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{60, 16}, {80, 24}} {
		m := newMonkey(t, "training", sweepLook)
		m.rest()
		m.play("r place space age space enter")
		ls := m.resize(size[0], size[1])
		head, first := ls[3], strings.Fields(ls[4])[1]
		if !strings.Contains(head, "place") || first != "Banteay" {
			t.Fatalf("the table starts with %q, %q", head, ls[4])
		}
		for range 6 {
			m.play("pgdown")
			ls = m.lines()
			if row := strings.TrimLeft(ls[4], "> "); ls[3] != head || strings.HasPrefix(ls[4][2:], " ") || row == "" {
				t.Errorf("a page at %v starts with\n%s\n%s", size, ls[3], ls[4])
			}
			if !strings.Contains(strings.Join(ls, "\n"), "\n  Total ") && !strings.Contains(strings.Join(ls, "\n"), "\n> Total ") {
				t.Errorf("the total is not on the page:\n%s", strings.Join(ls, "\n"))
			}
		}
		m.app.Close()
	}
}

// TestWords: what keys and views are called stands in words.go and nowhere
// else, so that it can be put into another language.
func TestWords(t *testing.T) {
	t.Parallel()
	m := newMonkey(t, "training", sweepLook)
	defer m.app.Close()
	for _, w := range m.app.Wordless() {
		t.Error(w)
	}
}

// TestBreaksCutTheLine: where a series breaks, its line on the chart has a gap,
// and has none otherwise.
func TestBreaksCutTheLine(t *testing.T) {
	t.Parallel()
	points := func(breaks bool) (n int) {
		host := tellingHost{edit: func(a *models.Answer) {
			for i := range a.Blocks {
				for r := range a.Blocks[i].Cells {
					if breaks && len(a.Blocks[i].Cells[r]) > 5 {
						a.Blocks[i].Cells[r][5].SetStatus("B")
					}
				}
			}
		}}
		m := newMonkeyOn(t, host, "training", sweepLook)
		defer m.app.Close()
		m.rest()
		m.play("2")
		for _, l := range m.lines()[3:] {
			if _, chart, ok := strings.Cut(l, "|"); ok {
				n += strings.Count(chart, "a")
			} else if _, chart, ok := strings.Cut(l, "+"); ok {
				n += strings.Count(chart, "a")
			}
		}
		return n
	}
	whole, cut := points(false), points(true)
	if whole < 20 || cut >= whole || cut < whole/2 {
		t.Errorf("the line has %d points, and %d where it breaks once", whole, cut)
	}
}
