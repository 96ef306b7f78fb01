package tui_test

import (
	"strings"
	"testing"
)

// cursor gives the line with the cursor.
func (s *terminal) cursor() string {
	s.quiet()
	for _, l := range s.screen() {
		if strings.HasPrefix(l, ">") {
			return l
		}
	}
	return ""
}

// TestBackFromFlow: backspace goes back to the corridor that was opened.
func TestBackFromFlow(t *testing.T) {
	term := openTable(t)
	term.typed("3", "]", "pgdown", "j")
	was := term.text()
	if term.cursor() == "" {
		t.Fatalf("no cursor:\n%s", was)
	}
	term.typed("enter")
	term.want("[1 Table]")
	term.typed("y", "2024", "enter", "backspace")
	if now := term.text(); now != was {
		t.Errorf("back is another screen:\n%s\nit was:\n%s", now, was)
	}
}

// TestBackFromRow: backspace goes back to the row that was opened, in the
// columns that were shown.
func TestBackFromRow(t *testing.T) {
	term := openTable(t)
	term.typed("%", "j", "j", "j", "j", "j")
	was := term.text()
	term.typed("enter")
	term.want("p Phnom Penh")
	term.typed("j", "enter")
	term.want("n ")
	term.typed("backspace", "backspace")
	if now := term.text(); now != was {
		t.Errorf("back is another screen:\n%s\nit was:\n%s", now, was)
	}
	term.typed("o") // a further step leaves the cursor where it is, or at the row's new place
	if l := term.cursor(); !strings.Contains(l, "Phnom Penh") {
		t.Errorf("the cursor is at %q", l)
	}
}

// TestCountryLevelOnly: a row that holds nothing finer says so and takes no
// step.
func TestCountryLevelOnly(t *testing.T) {
	term := openTable(t)
	term.typed("end", "k")
	if l := term.cursor(); !strings.Contains(l, "Province not stated") {
		t.Fatalf("the cursor is at %q", l)
	}
	term.typed("enter")
	term.want("only the country is known")
	term.want("p all")
	term.typed("u")
	term.want("this is the first step")
}
