package tui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

// TestFindEnds finds a place at either end of a flow: the next corridor that
// has it, its row or column of the matrix, and its card.
func TestFindEnds(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.play("3")
	term.typed("/", "japan", "enter")
	term.wait("> Cambodia -> Japan") // it went there
	term.press("home")
	term.typed("/", "phili", "enter")
	term.wait("> Philippines -> Cambodia") // it came from there
	term.typed("/", "philippines", "down", "enter")
	term.wait("Out of Philippines")
	term.wait("Into Philippines")
	term.press("backspace")
	term.wait("Across borders")
	term.play("3")
	term.wait("Philippines -> all") // the place that was at hand
	term.press("home")
	term.typed("/", "japan", "enter") // it is a column only
	term.wait("Cambodia -> Japan: 181")
	term.typed("/", "nepal", "enter")
	term.wait("Nepal -> Japan: 0")
}

// TestPicturesKeepThePlace: from corridors to the matrix to the card, the place
// at the cursor stays the same.
func TestPicturesKeepThePlace(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.play("3", "j", "j")
	term.wait("> China -> Cambodia")
	term.play("3")
	term.wait("China -> all: 725")
	term.play("3")
	term.wait("Out of China")
	term.play("u")
	term.wait("China -> all: 725")
}

// TestMatrixByRegion: places of one region stand together on both sides, the
// largest first in each.
func TestMatrixByRegion(t *testing.T) {
	t.Parallel()
	a := answer(t, "vic_identified by origin.country across destination.country order region")
	b, cat := a.Blocks[0], engine(t, "training").Catalog()
	var regions []string
	last := ""
	for r, h := range b.Rows {
		if h.Kind != models.CodeHeader {
			continue
		}
		region := cat.Region(h.Codes[0])
		if region == "" || region != last && slices.Contains(regions, region) {
			t.Errorf("%s of %q stands apart from the others there: %v", h.Labels[0], region, regions)
		}
		if n := len(b.Cols) - 1; region == last && b.Cells[r][n].Value > b.Cells[r-1][n].Value {
			t.Errorf("%s is larger than what stands above it", h.Labels[0])
		}
		regions, last = append(regions, region), region
	}
	if len(slices.Compact(regions)) < 3 {
		t.Fatalf("too few regions to say anything: %v", regions)
	}
	term := openTable(t)
	term.play("3", "3", "o", "o", "o")
	term.wait("ordered by region")
	var columns []string
	for _, c := range strings.Fields(term.screen()[3])[3:] {
		if k := cat.Code(models.DimPlace, c); k != nil {
			columns = append(columns, cat.Region(c))
		}
	}
	if got := slices.Compact(slices.Clone(columns)); len(got) < 2 || len(got) != len(slices.Compact(slices.Sorted(slices.Values(got)))) {
		t.Errorf("the columns are of %v", columns)
	}
}

// TestFlowColumns shows who the people of each corridor are, as shares of the
// corridor's own number.
func TestFlowColumns(t *testing.T) {
	t.Parallel()
	h := newMemoryHost()
	term := openHost(t, h, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.play("3", "c")
	term.typed("sex", "enter")
	term.wait("sex in % of each corridor")
	b := answer(t, "vic_identified flow origin.country to destination.country across sex").Blocks[0]
	female := slices.IndexFunc(b.Cols, func(h models.Header) bool { return h.Codes[0] == "F" })
	for r := range 8 {
		total := b.Cells[r][len(b.Cols)-1].Value
		want := fmt.Sprintf("%s %.1f", models.FormatNumber(total), 100*total/b.Cells[len(b.Rows)-1][len(b.Cols)-1].Value)
		want += fmt.Sprintf(" %.1f", 100*b.Cells[r][female].Value/total)
		line := strings.Join(b.Rows[r].Labels, " -> ")
		if !slices.ContainsFunc(term.screen(), func(l string) bool {
			return strings.HasPrefix(strings.Join(strings.Fields(strings.TrimLeft(l, "> ")), " "), line+" "+want)
		}) {
			t.Errorf("no line %q %s:\n%s", line, want, term.text())
		}
	}
	again := openHost(t, h, "training", 80, 24)
	again.wait("sex in % of each corridor")
	again.play("~") // lines over time in their place
	again.wantNot("sex in %")
	again.ask("vic_identified flow origin to destination across age where year=2024")
	again.wait("Child %")
	again.play("c", "enter")
	again.wantNot("Child %")
}
