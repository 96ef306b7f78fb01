package tui_test

import (
	"strings"
	"testing"

	"tiplens/models"
	"tiplens/query"
)

// TestGuide reads an entry, follows what it leads to and comes back.
func TestGuide(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.typed("8", "presumed", "enter")
	term.want("Presumed victims (indicator vic_presumed)")
	term.want("has decided yet")
	term.typed("down")
	if got := term.cursor(); !strings.Contains(got, "Type of exploitation") {
		t.Fatalf("the cursor is on %q", got)
	}
	term.press("enter")
	term.want("Type of exploitation (dimension exploitation)")
	term.typed("down", "enter")
	term.want("(code of type of exploitation exploitation:")
	term.typed("backspace", "backspace")
	term.want("Presumed victims (indicator vic_presumed)")
	if got := term.cursor(); !strings.Contains(got, "Type of exploitation") {
		t.Errorf("back on %q", got)
	}
	term.press("u") // a step as any other
	term.want("Type of exploitation (dimension")
	term.typed("8", "W-03", "enter")
	term.want("(rule W-03)")
	term.press("1")
	term.want("Banteay Meanchey")
}

// TestGuideHasAll: every indicator, dimension, rule and code can be found in
// the list, and every entry has something to read.
func TestGuideHasAll(t *testing.T) {
	t.Parallel()
	m := newMonkey(t, "training", sweepLook)
	cat := engine(t, "training").Catalog()
	have := map[string]bool{}
	for _, id := range m.app.GuideIDs() {
		have[id] = true
		if len(testHost{}.Explain(cat, id)) == 0 {
			t.Errorf("%s has no entry", id)
		}
	}
	for _, i := range cat.Indicators() {
		if !have[i.ID] {
			t.Errorf("indicator %s is not in the guide", i.ID)
		}
	}
	for _, id := range query.RuleIDs() {
		if !have[id] {
			t.Errorf("rule %s is not in the guide", id)
		}
	}
	for _, d := range cat.Dimensions() {
		if !have[d.ID] {
			t.Errorf("dimension %s is not in the guide", d.ID)
		}
	}
	if !have[models.DimPlace+":KH-12"] {
		t.Error("Phnom Penh is not in the guide")
	}
}

// TestHelpInLists: in the list of the guide and in every other list "?" shows
// the keys that work there, and goes back to the list as it was.
func TestHelpInLists(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	for _, c := range []struct {
		keys []string
		list string   // what is on the screen in the list
		want []string // of its keys
	}{
		{[]string{"8", "traff"}, "Guide: traff_", []string{"enter read", "type to narrow"}},
		{[]string{"1", "n", "viet"}, "Nationality: viet_", []string{"- except", "space mark"}},
		{[]string{"/", "phnom"}, "Find: phnom_", []string{"arrows choose"}},
		{[]string{"y", "20"}, "2019-2025, 2025-Q3): 20_", []string{"enter apply"}},
		{[]string{"="}, "What this means", []string{"arrows scroll"}},
	} {
		term.typed(c.keys...)
		term.want(c.list)
		term.press("?")
		term.want("Keys here")
		for _, w := range c.want {
			term.want(w)
		}
		term.press("?")
		term.wantNot("Keys here")
		term.want(c.list)
		term.press("esc")
		term.wantNot(c.list)
	}
	term.typed(":", "?") // a line to type into takes it as a letter
	term.want("?_")
}
