package tui_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiplens/models"
)

var update = flag.Bool("update", false, "rewrite the golden screens")

// golden compares a screen with the picture kept of it.
func golden(t *testing.T, name, screen string) {
	t.Helper()
	path := filepath.Join("..", "testdata", "screens", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(screen+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := screen + "\n"; got != string(want) {
		t.Errorf("%s differs from its picture (make golden rewrites it)\n--- now\n%s--- kept\n%s", name, got, want)
	}
}

// play presses keys, each after the screen has come to rest.
func (s *terminal) play(keys ...string) {
	s.t.Helper()
	for _, k := range keys {
		s.press(k)
	}
}

// TestScreens keeps a picture of every view at the sizes people have.
func TestScreens(t *testing.T) {
	t.Parallel()
	scenes := []struct {
		name string
		env  []string
		keys []string
	}{
		{"table", nil, nil},
		{"table-percent-ordered", nil, []string{"%", "o", "t"}},
		{"table-drill", nil, []string{"j", "j", "enter"}},
		{"table-nested", nil, []string{"r", "s", "e", "x", "space", "a", "g", "e", "space", "enter"}},
		{"overview", nil, []string{"0"}},
		{"overview-chosen", nil, []string{"0", "right", "down", "enter", "right", "down", "-"}},
		{"trend", nil, []string{"2"}},
		{"flows", nil, []string{"3"}},
		{"flows-top", nil, []string{"3", "t", "]"}},
		{"flows-lines", nil, []string{"3", "~"}},
		{"trend-corridors", nil, []string{"3", "space", "j", "space", "2"}},
		{"flows-matrix", nil, []string{"3", "3", "l", "l", "j"}},
		{"flows-place", nil, []string{"3", "3", "3", "j"}},
		{"flows-routes", nil, []string{"3", "3", "3", "3", "j", "j"}},
		{"flows-picture", nil, []string{"3", "3", "3", "3", "3", "j"}},
		{"map", nil, []string{"4", "j", "l"}},
		{"map-origin", nil, []string{"4", "r", "o", "r", "i", "g", "enter", "l", "l"}},
		{"map-origin-province", nil, []string{"4", "r", "o", "r", "i", "g", "i", "n", "p", "r", "o", "enter"}},
		{"map-breaks", nil, []string{"4", "C", "1", "0", "0", " ", "5", "0", "0", " ", "1", "0", "0", "0", "enter"}},
		{"mix-bars", nil, []string{"5", "j"}},
		{"mix-shares", nil, []string{"5", "5", "k", "l"}},
		{"mix-heat", nil, []string{"5", "5", "5", "j", "l"}},
		{"mix-pyramid", nil, []string{"5", "5", "5", "5", "j", "l"}},
		{"agencies", nil, []string{"6"}},
		{"guide", nil, []string{"8", "esc"}},
		{"guide-list", nil, []string{"8", "p", "r", "e", "s", "u"}},
		{"guide-read", nil, []string{"8", "p", "r", "e", "s", "u", "enter", "j"}},
		{"data", nil, []string{"7"}},
		{"report", nil, []string{"7", "enter"}},
		{"metadata", nil, []string{"7", "m", "down", "down"}},
		{"picker", nil, []string{"n"}},
		{"years", nil, []string{"y", "2", "0", "1", "9", "-", "2", "0", "2", "1", "enter"}},
		{"help", nil, []string{"?"}},
		{"meaning", nil, []string{"="}},
		{"number", nil, []string{"j", "l", "enter"}},
		{"vt100", []string{"TERM=vt100", "LANG=C"}, []string{"3"}},
		{"no-color", []string{"NO_COLOR=0"}, []string{"2"}},
		{"rich", []string{"SSH_TTY="}, []string{"2"}},
		{"flows-picture-rich", []string{"SSH_TTY="}, []string{"3", "3", "3", "3", "3"}},
		{"map-rich", []string{"SSH_TTY="}, []string{"4"}},
		{"mix-heat-rich", []string{"SSH_TTY="}, []string{"5", "5", "5"}},
		{"mix-shares-rich", []string{"SSH_TTY="}, []string{"5", "5"}},
		{"overview-rich", []string{"SSH_TTY="}, []string{"0"}},
	}
	sizes := [][2]int{{80, 24}, {60, 16}, {120, 40}}
	for _, sc := range scenes {
		for _, size := range sizes {
			if size != sizes[0] && sc.env != nil {
				continue
			}
			name := fmt.Sprintf("%s-%dx%d", sc.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				term := openTerminal(t, size[0], size[1], sc.env...)
				term.wait("Banteay Meanchey")
				term.play(sc.keys...)
				term.quiet()
				golden(t, name, term.text())
			})
		}
	}
}

// TestPublishedScreens shows the real figures: several sources, marks, rest
// rows and a refusal.
func TestPublishedScreens(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("w", "p", "u", "b", "enter")
	term.wait("INTERNAL - exact")
	for _, sc := range []struct{ name, slice string }{
		{"published-arrested", "sus_arrested by nationality"},
		{"published-sources", "vic_rescued by sex"},
		{"published-refusal", "prv_intercepted_cases + prv_intercepted"},
		{"published-empty", "sus_arrested where year=2019"},
		{"published-tiers", "tip_tier across year"},
		{"published-part-of-year", "ret_nationals by year"},
		{"published-beside", "sus_arrested ; case_reported"},
	} {
		term.press(":")
		term.press("\x15") // clear the line
		term.send(sc.slice)
		term.quiet()
		term.press("enter")
		golden(t, sc.name, term.text())
	}
}

// TestScreenShowsTheEnginesNumbers compares the table on the screen with the
// answer that the engine gives without one.
func TestScreenShowsTheEnginesNumbers(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 120, 40)
	term.wait("Banteay Meanchey")
	term.quiet()
	e := engine(t, "training")
	s, err := models.ParseSlice("vic_identified by place across year", e.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	ans, err := e.Ask(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	screen := term.screen()
	b := ans.Blocks[0]
	for r, h := range b.Rows {
		label := h.Labels[0]
		var line string
		for _, l := range screen {
			if strings.HasPrefix(strings.TrimLeft(l, "> "), label+" ") {
				line = l
			}
		}
		if line == "" {
			t.Errorf("row %q is not on the screen", label)
			continue
		}
		fields := strings.Fields(strings.TrimPrefix(strings.TrimLeft(line, "> "), label))
		for k := range fields { // the columns at the right end, the total last
			cell := b.Cells[r][len(b.Cols)-len(fields)+k]
			if got := strings.TrimPrefix(fields[k], ">"); got != cell.Text() {
				t.Errorf("%s: the screen shows %s, the engine says %s", label, got, cell.Text())
			}
		}
	}
}

// TestResize: no size breaks the screen, and nothing is drawn outside it.
func TestResize(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{40, 10}, {59, 16}, {60, 15}, {60, 16}, {61, 17}, {79, 23}, {100, 24}, {200, 60}, {300, 100}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			term := openTerminal(t, size[0], size[1])
			if size[0] < 60 || size[1] < 16 {
				term.wait("needs 60 x 16")
				return
			}
			term.wait("Banteay Meanchey")
			for _, k := range []string{"2", "3", "4", "l", "5", "5", "5", "5", "7", "1", "n", "esc", "?", "esc", "="} {
				term.press(k)
				if last := term.screen()[size[1]-1]; last == "" {
					t.Errorf("after %s the last line is empty:\n%s", k, term.text())
				}
			}
		})
	}
}

// TestStory walks through an analyst's minute: a filter, a look inside, back,
// and a slip of the hand.
func TestStory(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("n", "v", "i", "e", "t", "enter")
	term.wait("n Viet Nam")
	term.play("j", "enter") // into the second province
	term.wait("by sex, year")
	term.press("backspace")
	term.wait("by place, year")
	term.play("u", "u", "u")
	term.wait("n all")
	term.play("U")
	term.wait("n Viet Nam")
	term.press("X")
	term.wait("n all")
	term.press("Z")
	term.wait("Z does nothing here")
	term.press("ន")
	term.wait("Khmer keyboard is on")
	term.press("x")
	term.wait("by year, place")
}

// TestPickerOffersWhatThereIs: a dimension that the data do not have is said
// to be missing, and the one they have is one key away.
func TestPickerOffersWhatThereIs(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("w", "p", "u", "b", "enter")
	term.wait("INTERNAL - exact")
	term.quiet()
	term.play(":", "\x15")
	term.send("op_sites")
	term.quiet()
	term.press("enter")
	term.wait("Sites raided")
	term.press("n")
	term.wait("These data do not say nationality. They say place.")
	term.press("enter")
	term.wait("Place:")
}

// TestReadmeIsTrue: the screen in the README is what the program shows.
func TestReadmeIsTrue(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	term := openTerminal(t, 80, 16)
	term.wait("Banteay Meanchey")
	term.play("n", "v", "i", "e", "t", "enter", "y", "2", "0", "2", "0", "-", "2", "0", "2", "5", "enter")
	term.wait("y 2020-2025")
	term.quiet()
	if screen := term.text(); !strings.Contains(string(readme), "```\n"+screen+"\n```") {
		t.Errorf("the README shows another screen than the program:\n%s", screen)
	}
}
