package tui_test

import (
	"slices"
	"strings"
	"testing"
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
	for r := '!'; r <= '~'; r++ {
		key := string(r)
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
