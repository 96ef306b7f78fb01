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
	t.Parallel()
	term := openTable(t)
	term.typed("3", "]", "pgdown", "j")
	was := term.text()
	if term.cursor() == "" {
		t.Fatalf("no cursor:\n%s", was)
	}
	term.typed("enter")
	term.want("[1")
	term.typed("y", "2024", "enter")
	term.want("y 2024")
	term.press("backspace")
	term.want("[3")
	if now := term.text(); now != was {
		t.Errorf("back is another screen:\n%s\nit was:\n%s", now, was)
	}
}

// TestBackFromRow: backspace goes back to the row that was opened, in the
// columns that were shown.
func TestBackFromRow(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.typed("%", "j", "j", "j", "j", "j")
	was := term.text()
	term.typed("enter")
	term.want("p Phnom Penh")
	term.typed("j", "enter")
	term.want("n ")
	term.press("backspace")
	term.want("p Phnom Penh  n all")
	term.press("backspace")
	term.want("p all")
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
	t.Parallel()
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

// newest reports whether the table shows its latest years.
func (s *terminal) newest() {
	s.t.Helper()
	s.want("2024   2025   Total")
}

// TestNewestYears: a table opens at its latest years, wherever it comes from,
// and stays there while only the way of writing changes.
func TestNewestYears(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.newest()
	was := term.text()
	for _, keys := range [][]string{{"%", "%", "%", "%"}, {"!", "!"}} {
		term.play(keys...)
		term.newest()
		if now := term.screen()[3]; now != strings.Split(was, "\n")[3] {
			t.Errorf("after %v the columns are\n%s", keys, now)
		}
	}
	term.typed("j", "j", "enter")
	term.want("2024  2025  Total")
	term.typed("backspace")
	term.newest()
	term.typed("l", "l", "l", "enter", "esc", "h", "h", "h", "h", "h", "h") // to the left, past the edge
	term.want("[")
	term.wantNot("2024   2025   Total")
	older := term.screen()[3]
	term.play("%", "%", "%", "%")
	if now := term.screen()[3]; now != older {
		t.Errorf("the window moved from\n%s to\n%s", older, now)
	}
	term.typed("w", "pub", "enter")
	term.wait("INTERNAL - exact")
	term.typed("w", "train", "enter")
	term.wait("Banteay Meanchey")
	term.newest()
}

// TestSignsBesideNumbers: what says that there are more columns, and the
// cursor, are no part of a number.
func TestSignsBesideNumbers(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.want("place (6 more <) ")
	term.typed("l", "h", "h", "h")
	term.want(" >")
	for _, l := range term.screen()[3:] {
		for _, bad := range []string{">0", ">1", "<2", "l>"} {
			if strings.Contains(l, bad) {
				t.Errorf("%q stands in %q", bad, l)
			}
		}
	}
}
