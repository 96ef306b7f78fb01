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
