package tui_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
	"tiplens/tui"
)

// told answers with what an edit makes of the engine's answers: marks that the
// training data do not have.
type told struct {
	tui.Store
	edit func(*models.Answer)
}

func (s *told) Ask(ctx context.Context, q models.Slice) (*models.Answer, error) {
	a, err := s.Store.Ask(ctx, q)
	if err == nil {
		s.edit(a)
	}
	return a, err
}

type tellingHost struct {
	testHost
	edit func(*models.Answer)
}

func (h tellingHost) Open(ctx context.Context, ref string) (tui.Store, error) {
	s, err := h.testHost.Open(ctx, ref)
	return &told{s, h.edit}, err
}

// answer asks the engine without a screen.
func answer(t *testing.T, slice string) *models.Answer {
	t.Helper()
	e := engine(t, "training")
	s, err := models.ParseSlice(slice, e.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	a, err := e.Ask(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestMapHoldsEveryRow: every row of the answer stands on a tile or in the
// list with its number, and the total below.
func TestMapHoldsEveryRow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		slice string
		keys  []string
		tiles *models.TileMap
	}{
		{"vic_identified by place", nil, models.CambodiaTiles},
		{"vic_identified by origin", []string{"r", "origin", "enter"}, models.ASEANTiles},
		{"vic_identified by destination", []string{"r", "dest", "enter"}, models.ASEANTiles},
		{"vic_identified by nationality", []string{"r", "nati", "enter"}, models.ASEANTiles},
		{"vic_identified by origin.province", []string{"r", "originpro", "enter"}, models.CambodiaTiles},
	} {
		t.Run(c.slice, func(t *testing.T) {
			t.Parallel()
			term := openTable(t)
			term.typed(append([]string{"4"}, c.keys...)...)
			term.wait("share of")
			term.quiet()
			screen := term.screen()
			b := answer(t, c.slice).Blocks[0]
			for r, h := range b.Rows {
				text := b.Cells[r][0].Text()
				if i := slices.IndexFunc(c.tiles.All(), func(k models.Tile) bool { return len(h.Codes) > 0 && k.Code == h.Codes[0] }); i >= 0 && h.Kind == models.CodeHeader {
					if abbr := c.tiles.All()[i].Abbr; !below(screen, abbr, text) {
						t.Errorf("%s is not below %s:\n%s", text, abbr, term.text())
					}
					continue
				}
				label := "Total"
				if h.Kind != models.TotalHeader {
					label = h.Labels[0]
				}
				if !slices.ContainsFunc(screen, func(l string) bool {
					f := strings.Fields(l)
					return len(f) > 0 && f[len(f)-1] == text && (strings.Contains(l, label) || strings.Contains(l, "~") && strings.Contains(l, label[:9]))
				}) {
					t.Errorf("%s %s is not in the list:\n%s", label, text, term.text())
				}
			}
		})
	}
}

// below reports whether a number stands below an abbreviation.
func below(screen []string, abbr, text string) bool {
	for y := range len(screen) - 1 {
		if x := strings.Index(screen[y], abbr); x >= 0 && len(screen[y+1]) >= x+len(text) && screen[y+1][x:x+len(text)] == text {
			return true
		}
	}
	return false
}

// TestMapByKeys walks over the map: by geography, into a province and back,
// into the list, to another dimension, with the number's card and meaning.
func TestMapByKeys(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.press("4")
	term.wait("1. Phnom Penh 7,308, 42.3 %")
	for _, step := range []struct{ key, name string }{
		{"right", "7. Kandal 534, 3.1 %"}, {"right", "Prey Veng nothing recorded"}, {"down", "5. Svay Rieng 707"}, {"left", "13. Takeo 97"}, {"h", "12. Kampot"},
		{"down", "15. Kep 2, 0.0 %"}, {"up", "12. Kampot"}, {"left", "3. Preah Sihanouk 2,466"}, {"k", "8. Koh Kong 366"}, {"up", "10. Pursat"}, {"up", "6. Battambang"}, {"up", "2. Banteay Meanchey 2,622"},
		{"right", "9. Oddar Meanchey"}, {"l", "Preah Vihear nothing"}, {"l", "Stung Treng nothing"}, {"l", "14. Ratanakiri 3"}, {"right", "Province not stated 528, 3.1 %"}, {"down", "Total 17,263"}, {"left", "14. Ratanakiri 3"},
		{"home", "1. Phnom Penh"}, {"end", "Total 17,263"}, {"home", "1. Phnom Penh"}, {"left", "Kampong Speu nothing"}, {"left", "8. Koh Kong"},
	} {
		term.press(step.key)
		if text := term.text(); !strings.Contains(text, "persons: "+step.name) {
			t.Fatalf("after %s the screen does not read %q:\n%s", step.key, step.name, text)
		}
	}
	term.press("enter")
	term.wait("p Koh Kong")
	term.want("[1")
	term.want("by nationality, year")
	term.press("backspace")
	term.onView("4")
	term.want(": 8. Koh Kong 366, 2.1 %")
	term.press("v")
	term.wait("Koh Kong")
	term.want("366")
	term.want("slice: vic_identified")
	term.press("esc")
	term.press("=")
	term.wait("Koh Kong (code of place")
	term.press("esc")
	term.typed("r", "origin", "enter")
	term.wait("by origin")
	term.wait("KHM 5")
	term.want("1. Cambodia 12,738, 73.8 %")
	term.press("enter") // a country with a map of its own
	term.wait("by origin by province")
	term.want("[origin Cambodia]")
	term.want("1. Prey Veng 1,215")
	term.press("backspace")
	term.wait("1. Cambodia 12,738, 73.8 %")
	term.typed("r", "place", "enter")
	term.wait("by place")
	term.typed("C", "500 100", "enter")
	term.wait("the numbers must rise: 100")
	term.typed("\x15", "100 500 1,000", "enter")
	term.wait("own classes: 1 under 100  2 100 to under 500  3 500 to under 1,000")
	term.want("4 1,000 and over")
	term.want("SRP 4")
	term.want("KEP 1")
	term.press("u")
	term.wait("fifths:")
	term.press("r")
	term.wait("On the map")
	term.wantNot("Sex")
	term.press("esc")
	term.press("1")
	term.wait("by place, year")
}

// TestMarksOnMap: what is no number keeps its mark on a map and in a heat
// table, and zero is told from no data and from nothing at all.
func TestMarksOnMap(t *testing.T) {
	t.Parallel()
	states := map[string]models.Cell{
		"KH-23": models.Between(1, 4), "KH-21": {State: models.Withheld}, "KH-7": models.Number(0), "KH-2": {State: models.NoData}, "KH-8": models.Between(30, 60),
	}
	host := tellingHost{edit: func(a *models.Answer) {
		for i := range a.Blocks {
			for r, h := range a.Blocks[i].Rows {
				if c, ok := states[strings.Join(h.Codes, "")]; ok {
					for k := range a.Blocks[i].Cells[r] {
						a.Blocks[i].Cells[r][k] = c
					}
				}
			}
		}
	}}
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		term := openHost(t, host, "training", size[0], size[1])
		term.wait("Banteay Meanchey")
		term.press("4")
		term.onView("4")
		text := term.text()
		for _, want := range []string{"KEP", "TAK", "KAM", "BAT"} {
			at := strings.TrimLeft(text[strings.Index(text, want)+3:], " ")
			if mark := map[string]string{"KEP": "<5", "TAK": "*", "KAM": "0", "BAT": ".."}[want]; !strings.HasPrefix(at, mark) {
				t.Errorf("%dx%d: behind %s stands %.5q, not %s", size[0], size[1], want, at, mark)
			}
		}
		if size[0] == 80 {
			for _, want := range []string{"0 stated zero", ".. no data", "* withheld", "bounds", "no mark: nothing recorded", "Rank of 11,"} {
				term.want(want)
			}
			if !below(term.screen(), "KDL", "30-60") {
				t.Errorf("bounds are not below their province:\n%s", text)
			}
		}
		term.typed("5", "5", "5")
		term.wait("2025")
		term.want("  classes ") // digits that stand for classes are not taken for counts
		for _, l := range term.screen() {
			for name, mark := range map[string]string{"  Kampot ": "0", "  Battambang ": ".."} {
				if f := strings.Fields(l); strings.HasPrefix(l, name) && slices.ContainsFunc(f[1:], func(m string) bool { return m != mark }) {
					t.Errorf("a row of %s reads %q", mark, l)
				}
			}
		}
	}
}

// TestMapChoices: what can be mapped is listed once, and no two lines read
// alike, whatever is typed to narrow them.
func TestMapChoices(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.press("4")
	term.onView("4")
	for _, typed := range []string{"", "country", "province"} {
		term.typed("r", typed)
		term.want("On the map: " + typed + "_")
		seen, lines := map[string]bool{}, 0
		for _, l := range term.screen()[4:] {
			l = strings.TrimLeft(l, "> ")
			if strings.HasPrefix(l, "type to narrow") {
				break
			}
			if l == "" {
				continue
			}
			if lines++; seen[l] {
				t.Errorf("%q typed: %q is listed twice:\n%s", typed, l, term.text())
			}
			seen[l] = true
		}
		if min := map[string]int{"": 7, "country": 4, "province": 3}[typed]; lines < min {
			t.Errorf("%q typed: %d lines:\n%s", typed, lines, term.text())
		}
		term.press("esc")
	}
	term.typed("r", "place country", "enter")
	term.wait("1. Cambodia 17,263")
	term.typed("r", "province", "enter")
	term.wait("by place")
	term.wait("PNP 5")
}

// TestMapCutsNoNumber: numbers of any length stand whole on the tiles, in the
// list and in the line below, or have a mark that the legend explains.
func TestMapCutsNoNumber(t *testing.T) {
	t.Parallel()
	var notYet models.Cell
	notYet.SetStatus("O")
	known := map[string]models.Cell{
		"TH": models.Between(1234, math.Inf(1)), "VN": models.Between(1, 4), "MM": models.Between(2285, 4442), "ID": models.Between(5, 8),
		"LA": models.Number(1234567), "MY": notYet, "CN": models.Between(1234567, 2345678),
	}
	host := tellingHost{edit: func(a *models.Answer) {
		for i := range a.Blocks {
			for r, h := range a.Blocks[i].Rows {
				if c, ok := known[strings.Join(h.Codes, "")]; ok {
					a.Blocks[i].Cells[r][0] = c
				}
			}
		}
	}}
	for _, c := range []struct {
		w, h  int
		env   string
		tiles []string // what stands on them
	}{
		{60, 16, "", []string{"THA<>", "VNM<5", "MMR<>", "IDN<>", "MYS..", "LAO3"}},
		{80, 24, "", []string{"THA <>", "VNM <5", "MMR <>", "IDN 5-8", "LAO"}},
		{120, 40, "", []string{"THA <>", "VNM <5", "MMR <>", "IDN 5-8", ">=1,234", "2,285-4,442", "1,234,567"}},
		{80, 24, "SSH_TTY=", []string{"THA <>", "VNM <5", "IDN 5-8"}},
	} {
		term := openHost(t, host, "training", c.w, c.h, c.env)
		term.wait("Banteay Meanchey")
		term.ask("map: vic_identified by nationality")
		term.wait("<> or a range: only bounds known")
		for _, want := range c.tiles {
			term.want(want)
		}
		for range 12 { // the cursor goes through the tiles and the list
			screen := term.screen()
			for y := 3; y < c.h-1; y++ {
				if bare := strings.NewReplacer("Province no~", "", "Nationality~", "").Replace(screen[y]); strings.Contains(bare, "~") {
					t.Errorf("%dx%d%s: cut off:\n%s", c.w, c.h, c.env, term.text())
				}
			}
			term.press("down")
		}
		for _, at := range [][2]string{{"home", ""}, {"right", ""}, {"right", ""}, {"right", "1,234,567-2,345,678 (bounds)"}} {
			term.press(at[0])
			if at[1] != "" {
				term.want(at[1])
			}
		}
	}
}

// TestSharesAreTheEngines: the parts, their bases and the number read are those
// of the answer, and a bar is as long as its year is whole.
func TestSharesAreTheEngines(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.typed("r", "sex", "enter")
	term.wait("by sex, year")
	term.typed("5", "5")
	term.wait("parts of 100 %")
	b := answer(t, "vic_identified by sex across year percent of column").Blocks[0]
	last := len(b.Rows) - 1
	for k := len(b.Cols) - 2; k >= 0; k-- {
		for r := range last {
			cell := b.Cells[r][k]
			term.want(fmt.Sprintf("%s %s %%, %s", b.Rows[r].Labels[0], cell.Text(), models.FormatNumber(cell.Count)))
			term.want(" " + models.FormatNumber(cell.Base))
			if r < last-1 {
				term.press("l")
			}
		}
		line := term.cursor()
		if n := strings.Count(line, "a") + strings.Count(line, "b") + strings.Count(line, "?"); n != 50 || !strings.Contains(line, b.Cols[k].Labels[0]) {
			t.Errorf("the bar of %s has %d cells: %q", b.Cols[k].Labels[0], n, line)
		}
		term.typed("h", "h", "k")
	}
	term.press("enter")
	term.wait("Number")
	term.want("2015")
}

// TestNotStacked: what may hold one person twice is ranked with a sentence,
// and never drawn as parts of a whole.
func TestNotStacked(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.typed("r", "exploit", "enter", "5", "5")
	term.wait("so they are not stacked to 100 %")
	b := answer(t, "vic_identified by exploitation across year percent of column order value desc top 8").Blocks[0]
	line := b.Rows[0].Labels[0]
	for c, h := range b.Cols {
		if h.Kind == models.CodeHeader && h.Codes[0] >= "2020" {
			line += "  " + b.Cells[0][c].Text()
		}
	}
	term.want(strings.Replace(line, "  ", "   ", 1))
	term.wantNot("parts of 100 %")
	term.press("%")
	term.wait("shares are shown already")
	term.press("5")
	term.wait("fifths:")
	term.press("%")
	term.wait("percent of the row's total")
	term.press("5")
	term.wait("Male | Female")
	term.press("5")
	term.wait("% of 17,263")
}

// TestPyramid: every number of sex and age is on the screen, what is not
// stated too.
func TestPyramid(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.typed("5", "5", "5", "5")
	term.wait("Male | Female")
	b := answer(t, "vic_identified by age.band across sex").Blocks[0]
	last := len(b.Rows) - 1
	text := term.text()
	for r, h := range b.Rows[:last] {
		i := strings.Index(text, "\n  "+h.Labels[0]+" ")
		if i < 0 {
			t.Fatalf("no row %s:\n%s", h.Labels[0], text)
		}
		line, _, _ := strings.Cut(text[i+1:], "\n")
		f := strings.Fields(strings.ReplaceAll(strings.TrimPrefix(line, "  "+h.Labels[0]), "[", ""))
		if f[0] != b.Cells[r][1].Text() || f[1] != b.Cells[r][0].Text() {
			t.Errorf("%s reads %q", h.Labels[0], line)
		}
	}
	term.want("Female 8,556  Male 8,379  Sex not stated 328  Total 17,263")
	term.want("Age: not stated 1,025")
	term.want("Age 60 and over, male 64, 0.4 %")
	term.typed("l", "end")
	term.want("Age not stated, female 507, 2.9 %")
	term.press("v")
	term.wait("507")
}

// TestMixOneSource: sources are shown one at a time, and a rest stays a rest.
func TestMixOneSource(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.ask("vic_assisted by sex")
	term.wait("Victims assisted")
	term.press("5")
	term.wait("TRAINING, source 1 of 2 (tab: next)")
	term.want("% of 3,731")
	term.press("tab")
	term.want("TRAINING.NGO, source 2 of 2 (tab: next)")
	term.want("% of 1,464")
	term.wantNot("3,731")
	term.press("enter")
	term.wait("[agency Training NGO")
	term.press("backspace")
	term.wait("source 2 of 2")

	pub := openHost(t, testHost{}, "published", 80, 24)
	pub.wait("Persons arrested")
	pub.typed("5", "5")
	pub.wait("parts of 100 %")
	pub.want("aaab....")
	pub.want(". Rest (not broken down) 91.9")
	pub.press("tab")
	pub.want("KH.NP publishes no figures by nationality here.")
	pub.press("4")
	pub.onView("4")
	pub.want("Rest (not broken down)   192")
	pub.want("Total                    209")
	pub.press("tab")
	pub.want("Total 129 (since 2023-08-01)")
	pub.press("tab")
	pub.want("2. Thailand 4") // not on the tile of a place that has nothing
	pub.ask("map: vic_rescued by nationality")
	pub.want("Total 609")
	pub.ask("map: sus_arrested by nationality")
	pub.want("2. Thailand 4")
}

// TestLegendAtSmallest: with warnings on the smallest screen the map still has
// all its tiles and a legend of all classes.
func TestLegendAtSmallest(t *testing.T) {
	t.Parallel()
	host := tellingHost{edit: func(a *models.Answer) { a.Footnotes = append(a.Footnotes, models.Remark{Text: "A footnote."}) }}
	term := openHost(t, host, "training", 60, 16)
	term.wait("Banteay Meanchey")
	term.ask("vic_assisted by province")
	term.want("Victims assisted")
	term.press("4")
	term.wait("fifths from: 1 24  2 77  3 116  4 179  5 564")
	for _, k := range models.CambodiaTiles.Tiles {
		term.want(k.Abbr)
	}
	term.want("1. Phnom Penh 1,525")
}

// TestMapAndMixAreRemembered: a session comes back to the picture it was left
// at, and a typed slice opens the picture that it is.
func TestMapAndMixAreRemembered(t *testing.T) {
	t.Parallel()
	h := newMemoryHost()
	first := openHost(t, h, "training", 80, 24)
	first.wait("Banteay Meanchey")
	first.typed("4", "C", "100 1000", "enter")
	first.wait("own classes:")
	first.typed("5", "5", "5")
	first.wait("fifths:") // numbers of another size: the classes of the map say nothing of them
	first.typed("C", "100 1000", "enter")
	first.wait("own classes:")

	second := openHost(t, h, "training", 80, 24)
	second.onView("5")
	second.wait("own classes: 1 under 100")
	second.typed("u", "u", "u", "u")
	second.onView("4")
	second.want("own classes:")
	for _, c := range []struct{ typed, shows string }{
		{"map: vic_identified by destination", "by destination"},
		{"mix: vic_identified by nationality", "% of 17,263"},
		{"mix: vic_identified by sex across year percent of column", "a Female 49.6"},
		{"mix: vic_identified by sex across year", "fifths:"},
		{"mix: vic_identified by age.band across sex", "Male | Female"},
	} {
		second.ask(c.typed)
		second.want(c.shows)
		second.want(strings.ToUpper(c.typed[:1]) + c.typed[1:3] + "]")
	}
}

// TestOrderOfAColumnThatIsNotThere: the order of a column of the table does
// not reach pictures that have no such column.
func TestOrderOfAColumnThatIsNotThere(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.typed("l", "o")
	term.wait("ordered by")
	for _, keys := range []string{"4", "5", "5", "5", "5"} {
		term.press(keys)
		term.wantNot("counting...")
		if text := term.text(); strings.Contains(text, "no column") || !strings.Contains(text, "17,263") && !strings.Contains(text, "fifths") && !strings.Contains(text, "2,724") {
			t.Errorf("after %s:\n%s", keys, text)
		}
	}
}
