package tui_test

import (
	"strings"
	"testing"
	"time"

	"tiplens/tui/wire"
)

// typed sends a text letter by letter and named keys as such: "p", "united
// kingdom", "enter".
func (s *terminal) typed(words ...string) {
	s.t.Helper()
	for _, w := range words {
		if _, ok := wire.Keys[w]; ok {
			s.press(w)
			continue
		}
		for _, r := range w {
			s.press(string(r))
		}
	}
}

func (s *terminal) want(text string) {
	s.t.Helper()
	s.wait(text)
	s.quiet()
}

func (s *terminal) wantNot(text string) {
	s.t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if !strings.Contains(s.text(), text) {
			return
		}
	}
	s.t.Fatalf("%q is on the screen:\n%s", text, s.text())
}

// table opens the program on a table of the training data.
func openTable(t testing.TB) *terminal {
	t.Helper()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	return term
}

// published opens the published figures with a slice.
func openPublished(t testing.TB, slice string) *terminal {
	t.Helper()
	term := openTable(t)
	term.typed("w", "pub", "enter")
	term.wait("INTERNAL - exact")
	term.ask(slice)
	return term
}

// ask types a slice.
func (s *terminal) ask(slice string) {
	s.t.Helper()
	s.press(":")
	s.press("\x15")
	s.send(slice)
	s.press("enter")
}

// TestBlankInName: a blank goes on a name that is being typed, and marks where
// it goes on none.
func TestBlankInName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		keys []string
		want string
	}{
		{"name of two words", []string{"n", "viet nam", "enter"}, "n Viet Nam  y"},
		{"a second blank marks", []string{"n", "viet  ", "sri lanka", "space", "enter"}, "n Sri Lanka, Viet Nam  y"},
		{"blank behind a whole name marks", []string{"n", "thai chin ", "enter"}, "n China, Thailand  y"},
		{"blank after an arrow marks", []string{"n", "i", "down", "space", "enter"}, "n India  y"},
		{"no text: it marks", []string{"n", "down", "space", "space", "enter"}, "n Cambodia, Viet Nam  y"},
		{"typed row joins the marks", []string{"n", "thai chin", "enter"}, "n China, Thailand  y"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			term := openTable(t)
			term.typed(c.keys...)
			term.want(c.want)
		})
	}
}

// TestUnseenMarksAreNamed: what enter would apply is on the screen.
func TestUnseenMarksAreNamed(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.typed("n", "thai", "space")
	term.wantNot("marked:")
	term.typed("v")
	term.want("Nationality: v_  (1 marked: Thailand)")
	term.typed("iet", "enter")
	term.want("n Thailand, Viet Nam  y")
	term.typed("n", "chin")
	term.want("(instead of Viet Nam, Thailand)")
	term.typed("enter")
	term.want("n China  y")
}

// TestExclude: "-" leaves out the row under the cursor.
func TestExclude(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.typed("n", "thai", "enter")
	term.want("n Thailand  y")
	term.typed("n", "down", "-", "enter")
	term.want("n not Cambodia  y")
	term.typed("n", "chin", "-")
	term.want("all except")
	term.typed("enter")
	term.want("n not China, Cambodia  y")
	term.typed("n", "chin", "-", "enter") // it toggles
	term.want("n not Cambodia  y")
	term.typed("n", "chin", "space", "enter")
	term.want("n China  y")
	term.typed("n", "home", "enter")
	term.want("n all")
}

// TestYearsTyped: the period that enter takes stands in the list.
func TestYearsTyped(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.typed("y", "2016-2020")
	term.want("> 2016-2020")
	term.wantNot("nothing is called")
	term.typed("enter")
	term.want("y 2016-2020")
	term.typed("y", "2015,2017")
	term.want("> 2015, 2017")
	term.typed("enter")
	term.want("y 2015, 2017")
	term.typed("y", "2020-2012")
	term.want(`"2020-2012" runs backwards`)
	term.typed("enter")
	term.want("Years (or type")
	term.typed("esc", "y", "2019-2020 2024 ", "enter")
	term.want("y 2019-2020, 2024")
}

// TestTypedChange: a period or a filter can be typed into the list of what the
// numbers are compared with, and what is wrong with it is said.
func TestTypedChange(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.typed("d", "2018")
	term.want("> change from 2018")
	term.press("enter")
	term.want("change from 2018")
	term.want("+")
	term.typed("d", "nowhere")
	term.want("nowhere")
	term.press("enter")
	term.want("Change from: nowhere_") // it stays
	term.typed("esc", "d", "prev", "esc", "d", "before", "enter")
	term.want("change from the period before")
}

// TestFiltersAreSeen: on the smallest screen no year of the filter is cut off;
// the name of the indicator gives way.
func TestFiltersAreSeen(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 60, 16)
	term.wait("Banteay Meanchey")
	term.ask("vic_identified by place where nationality=VN year=2019..2021")
	term.want("i Identified victims  p all  n Viet Nam  y 2019-2021")
	term.ask("vic_identified by sex where place=KH-1 nationality=VN year=2019..2021")
	term.want("~  p Banteay Meanchey  n Viet Nam  y 2019-2021")
	for _, c := range []struct{ slice, says string }{ // what is measured is said, and of which it is a share
		{"share sex=F of vic_identified by place", "i share sex Female of Identified victi~  p all"},
		{"vic_identified[sex=F] / vic_identified", "i Identified victims (sex Female) / Id~  p all"},
		{"vic_identified + vic_assisted by sex", "i Identified victims + Victims assisted  p all"},
	} {
		term.ask(c.slice)
		term.want(c.says)
	}
	term.ask("vic_identified where place=KH-1")
	term.press("7") // a view that asks nothing
	term.press(":")
	term.want("Slice: vic_identified where place=KH-1")
}

// TestCountsApart: persons and figures stand in two columns, never added.
func TestCountsApart(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.typed("w", "pub", "enter")
	term.wait("INTERNAL - exact")
	term.typed("i")
	term.want(" fig.")
	term.typed("vic")
	term.want("Indicator: vic_")
	if l := term.cursor(); !strings.Contains(l, "fig.") {
		t.Errorf("an indicator without data comes first: %q", l)
	}
}

// TestNothingUnderFilters: a name that is known is not said to be unknown.
func TestNothingUnderFilters(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.typed("n", "sri", "enter", "p", "kratie")
	term.want("Kratie has nothing under the other filters")
	term.typed("enter")
	term.want("Kratie has nothing")
	term.typed("xx")
	term.want("nothing is called that")
}

// TestWaysOutOfARefusal: the ways out are a list to choose from.
func TestWaysOutOfARefusal(t *testing.T) {
	t.Parallel()
	term := openPublished(t, "prv_intercepted_cases + prv_intercepted")
	term.want("> show them side by side")
	term.want("1/2")
	term.typed("down", "down")
	term.want("> show persons per case")
	term.want("2/2")
	term.typed("enter")
	term.wantNot("Refused")
	term.want("per case")
	term.typed("u")
	term.want("> show them side by side")
	term.typed("enter")
	term.wantNot("Refused")
}

// onView waits for a view by its digit: how much of its name the head has room
// for is another matter.
func (s *terminal) onView(digit string) {
	s.t.Helper()
	s.wait("[" + digit)
}
