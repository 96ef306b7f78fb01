package tui_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

// TestFirstScreens: a workspace opens on something that is seen.
func TestFirstScreens(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.typed("w", "pub", "enter")
	term.wait("Persons arrested")
	term.want("by nationality")
	if text := term.text(); !regexp.MustCompile(`China +13`).MatchString(text) || strings.Contains(text, "..") {
		t.Errorf("the first screen of the published figures is\n%s", text)
	}
}

// TestFlowSources: whose corridors are shown stands above them.
func TestFlowSources(t *testing.T) {
	t.Parallel()
	for _, w := range []int{60, 80} {
		term := openTerminal(t, w, 24)
		term.wait("Banteay Meanchey")
		term.ask("vic_assisted flow origin to destination")
		term.want("TRAINING, source 1 of 2 (tab: next)")
		term.want("  Across borders")
		if last := term.screen()[23]; regexp.MustCompile(`^\d+/\d+ *~`).MatchString(last) {
			t.Errorf("the status line is %q", last)
		}
		term.press("tab")
		term.want("TRAINING.NGO, source 2 of 2 (tab: next)")
	}
}

// TestLongSlices: where lines are short the indicator, the years, the unit and
// the end of the title stay; places and nationalities give way, and say so.
func TestLongSlices(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		w, h := size[0], size[1]
		term := openTerminal(t, w, h)
		term.wait("Banteay Meanchey")
		for _, c := range []struct{ slice, line, title string }{
			{"vic_identified by place where place=KH-18,KH-2 nationality=VN,TH year=2024-S1",
				map[int]string{80: "i Identified victims  p Battambang +1  n Thailand, Viet Nam  y 2024-S1", 60: "i Identified vic~  p Battambang +1  n Thailand +1  y 2024-S1"}[w], "60 persons by place"},
			{"vic_identified by sex where place=KH-1,KH-2,KH-3,KH-4 nationality=VN,CN,TH year=2019..2025 exploitation=SEX,LAB",
				map[int]string{80: "i Identified victims  p Banteay Meanchey +3  n China +2  y 2019-2025  [type of ~", 60: "i Identified vi~  p Banteay~ +3  n China +2  y 2019-2025  +1"}[w], "persons by sex"},
			{"vic_identified by province across year where nationality=VN,TH,CN,LA,MM sex=F age=Y0T17 year=2019..2025 change from previous",
				map[int]string{80: "i Identified victims, persons  p all  n China, Laos +3  y 2019-2025  +2", 60: "i Identified victims  p all  n China +4  y 2019-2025  +2"}[w],
				map[int]string{80: "by province, year; change from the period before", 60: "persons by province, year; change from the period before"}[w]},
			{"vic_identified[sex=F] + vic_identified[sex=M] by place where year=2024",
				map[int]string{80: "i Identified victims (sex Female) + (sex Male), persons  p all  n all  y 2024", 60: "i Identified victims (sex Female) + (~  p all  n all  y 2024"}[w], "2,452 persons by place"},
			{"vic_identified by place,exploitation,sex across year where year=2019..2025 percent of column order value desc top 10",
				"", "ordered by value; first 10"},
		} {
			term.ask(c.slice)
			term.want(c.title)
			if got := strings.TrimRight(term.screen()[1], " "); c.line != "" && got != c.line {
				t.Errorf("%d cells, %s:\n%q, want\n%q", w, c.slice, got, c.line)
			}
		}
		golden(t, fmt.Sprintf("long-slice-%dx%d", w, h), term.text())
	}
}

// TestBarsInProportion: bars are as long as the numbers are large, on a narrow
// screen too.
func TestBarsInProportion(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 60, 16)
	term.wait("Banteay Meanchey")
	term.press("3")
	term.want("Cambodia -> Thailand")
	var first, third int
	for _, l := range term.screen() {
		if n := strings.Count(l, "="); strings.Contains(l, "Cambodia -> Thailand") {
			first = n
			if strings.Contains(l, "~") {
				t.Errorf("the longest bar is cut: %q", l)
			}
		} else if strings.Contains(l, "China -> Cambodia") {
			third = n
		}
	}
	if want := float64(first) * 691 / 2248; first < 6 || float64(third) < want-0.6 || float64(third) > want+0.6 {
		t.Errorf("bars of %d and %d cells for 2,248 and 691", first, third)
	}
}

// TestTooSmall: what is needed is said in full on a screen that is too small.
func TestTooSmall(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 30, 6)
	term.wait("30 x 6.")
	if text := strings.Join(strings.Fields(term.text()), " "); text != "tiplens needs 60 x 16 cells; this terminal has 30 x 6." {
		t.Errorf("the screen says %q", text)
	}
}

// TestNoQuestionMarks: where Khmer cannot be written it is left out.
func TestNoQuestionMarks(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24, "LANG=C")
	term.wait("Banteay Meanchey")
	term.press("=")
	term.want("also written: Banteay Mean Chey")
	term.wantNot("??")
	term.wantNot("in Khmer")
}

// TestMarksInEverySource: marked rows are the lines of the trend, for each of
// the sources that have them.
func TestMarksInEverySource(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.ask("vic_assisted by province across year")
	term.want("Victims assisted")
	term.want("Province not stated")
	term.typed("j", "j", "space")
	marked := 0
	for _, l := range term.screen() {
		if strings.HasPrefix(l, " *") || strings.HasPrefix(l, ">*") {
			marked++
		}
	}
	name := strings.Fields(strings.TrimLeft(term.cursor(), ">* "))[0]
	term.press("2")
	term.want("[2")
	term.want("a " + name)
	term.want("b " + name)
	term.want("TRAINING.NGO")
	if text := term.text(); strings.Contains(text, "c ") && strings.Contains(text, "\n  c ") {
		t.Errorf("more lines than are marked:\n%s", text)
	}
}

// TestRoundTicks: the axis of a chart has round numbers.
func TestRoundTicks(t *testing.T) {
	t.Parallel()
	round := regexp.MustCompile(`^(1|2|25|5|75|15|3|35|4|45|6|7|8|9|125|175|225)?0*$`)
	term := openTable(t)
	for _, keys := range [][]string{{"2"}, {"n", "viet", "enter"}, {"p", "kampot", "enter"}, {"X", "nationality", "enter"}} {
		term.typed(keys...)
		term.quiet()
		var steps []string
		for _, l := range term.screen()[3:15] {
			m := regexp.MustCompile(`^ *([\d,]+) [|+]`).FindStringSubmatch(l)
			if m == nil {
				continue
			}
			n := strings.ReplaceAll(m[1], ",", "")
			steps = append(steps, n)
			if !round.MatchString(n) {
				t.Errorf("after %v the axis has %s:\n%s", keys, n, term.text())
			}
		}
		if len(steps) < 3 {
			t.Errorf("after %v the axis has only %v:\n%s", keys, steps, term.text())
		}
	}
}

// TestHelpListsMoving: the keys that move are in the help.
func TestHelpListsMoving(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 40)
	term.wait("Banteay Meanchey")
	term.press("?")
	for _, s := range []string{"arrows", "PgUp PgDn", "Home End", "["} {
		term.want(s)
	}
	term.typed("first row", "enter")
	term.wantNot("Keys of this view")
}

// TestNearIndicators: names that hold the words typed come before those that
// are only spelled alike.
func TestNearIndicators(t *testing.T) {
	t.Parallel()
	cat := engine(t, "training").Catalog()
	for _, c := range []struct {
		typed string
		first string
	}{{"victims", "vic_identified"}, {"victims_assisted", "vic_assisted"}, {"arrested", "sus_arrested"}, {"vic_identifed", "vic_identified"}} {
		if near := cat.NearIndicators(c.typed); len(near) != 3 && c.typed != "victims_assisted" || near[0] != c.first {
			t.Errorf("near %q are %v, not %s first", c.typed, near, c.first)
		}
	}
	if near := cat.NearIndicators("victims"); slices.Contains(near, "rate_victims_100k") || slices.Contains(near, "tip_tier") {
		t.Errorf("near victims are %v", near)
	}
	_, err := models.ParseSlice("victims by province", cat)
	if err == nil || !strings.Contains(err.Error(), "did you mean vic_identified,") {
		t.Errorf("the error is %v", err)
	}
}

// TestFiltersBeforeKeys: on a narrow screen the line of filters names those
// that are set, and puts the keys of those that are not together.
func TestFiltersBeforeKeys(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		w    int
		want string
	}{
		{60, "i Identified victims, persons  p n y all  [origin China]  +1"},
		{80, "i Identified victims, persons  p n y all  [origin China]  [destination Preah Si~"},
		{120, "i Identified victims, persons  p all  n all  y all  [origin China]  [destination Preah Sihanouk]"},
	} {
		term := openTerminal(t, tt.w, 24)
		term.wait("Phnom Penh")
		term.ask("vic_identified by place where origin=CN destination=KH-18")
		term.wait("292 persons")
		if got := strings.TrimRight(term.screen()[1], " "); got != tt.want {
			t.Errorf("on %d columns: %q, want %q", tt.w, got, tt.want)
		}
	}
}
