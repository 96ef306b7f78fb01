package tui_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tiplens/models"
	"tiplens/tui"
)

// slowGlance delays overviews after the first, as large data do, and counts
// those that were given up.
type slowGlance struct {
	testHost
	wait    time.Duration
	asked   *atomic.Int32
	dropped *atomic.Int32
}

type slowGlanceStore struct {
	tui.Store
	h slowGlance
}

func (h slowGlance) Open(ctx context.Context, ref string) (tui.Store, error) {
	s, err := h.testHost.Open(ctx, ref)
	return slowGlanceStore{s, h}, err
}

func (s slowGlanceStore) Overview(ctx context.Context, q models.Slice) (*models.Overview, error) {
	if s.h.asked.Add(1) > 1 {
		select {
		case <-time.After(s.h.wait):
		case <-ctx.Done():
			s.h.dropped.Add(1)
			return nil, ctx.Err()
		}
	}
	return s.Store.Overview(ctx, q)
}

// TestOverviewOfParts: of a measure of several parts the overview says which
// one it shows.
func TestOverviewOfParts(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		term := openTerminal(t, size[0], size[1])
		term.wait("Banteay Meanchey")
		for _, c := range []struct{ slice, says, figure string }{
			{"vic_identified[sex=F] ; vic_identified[sex=M]", "only the first of 2 parts: Identified victims, sex Female", "> 8,556 persons"},
			{"vic_identified[sex=M] / vic_identified", "only the first of 2 parts: Identified victims, sex Male", "> 8,379 persons"},
			{"share sex=F of vic_identified", "what the share is taken of: Identified victims", "> 17,263 persons"},
		} {
			term.ask("overview: " + c.slice)
			term.want(c.says)
			term.want(c.figure)
		}
		term.ask("overview: vic_identified")
		term.wantNot("only the first")
	}
}

// facetRow is a value on the screen with its count.
var facetRow = regexp.MustCompile(`^[> ][*\- ](\S.*?) +([\d,]+)( |$)`)

// checkGlance holds every number of the facets on the screen to the engine's.
func checkGlance(t *testing.T, term *terminal, slice string, columns int) {
	t.Helper()
	e := engine(t, "training")
	s, err := models.ParseSlice(slice, e.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	o, err := e.Overview(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	g := o.Glances[0]
	screen := term.screen()
	if !strings.Contains(screen[3], g.Figure.Text()+" persons") {
		t.Errorf("%s: the figure is %s, the screen says %q", slice, g.Figure.Text(), screen[3])
	}
	seen, wide := 0, term.W/columns
	for col := range columns {
		facet := models.Facet{}
		for _, line := range screen[4 : term.H-2] {
			cell := []rune(line + strings.Repeat(" ", term.W))[col*wide : (col+1)*wide]
			text := strings.TrimRight(string(cell), " ")
			for _, f := range g.Facets {
				if strings.HasPrefix(text, f.Name+" (") || strings.Contains(text, "~ (") && strings.HasPrefix(f.Name, strings.Split(text, "~")[0]) {
					facet = f
				}
			}
			m := facetRow.FindStringSubmatch(text)
			if m == nil {
				continue
			}
			label := strings.TrimSuffix(m[1], "~")
			if !slices.ContainsFunc(facet.Values, func(v models.FacetValue) bool { return strings.HasPrefix(v.Label, label) && v.Text() == m[2] }) {
				t.Errorf("%s: %s: the screen shows %s %s, the engine does not", slice, facet.Name, m[1], m[2])
			}
			seen++
		}
	}
	if seen < 20 {
		t.Errorf("%s: only %d values are on the screen:\n%s", slice, seen, term.text())
	}
}

// TestOverviewShowsTheEnginesNumbers: also while choices narrow the slice.
func TestOverviewShowsTheEnginesNumbers(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("0")
	term.want("17,263 persons")
	checkGlance(t, term, "vic_identified", 3)
	term.play("right", "pgdown", "pgdown", "enter") // the place that has most
	term.want("p Phnom Penh")
	checkGlance(t, term, "vic_identified where place=KH-12", 3)
	term.play("j", "space")
	term.want("p Banteay Meanchey, Phnom Penh")
	checkGlance(t, term, "vic_identified where place=KH-1,KH-12", 3)
	term.play("right", "-")
	term.want(">-Male")
	checkGlance(t, term, "vic_identified where place=KH-1,KH-12 sex!=M", 3)
	term.play("-")
	term.wantNot(">-Male")
	term.play("left", "X")
	term.want("p all")
	checkGlance(t, term, "vic_identified", 3)
	for term.screen()[3][0] != '>' {
		term.press("up")
	}
	term.press("enter")
	term.want("[1")
	term.press("backspace")
	term.want("[0")
}

// TestOverviewYears: years are chosen as periods, and one is taken out of them.
func TestOverviewYears(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("0", "right", "end", "enter")
	term.want("y 2025")
	term.play("up", "space", "up", "space")
	term.want("y 2023-2025")
	term.play("down", "space")
	term.want("y 2023, 2025")
	checkGlance(t, term, "vic_identified where year=2023,2025", 3)
}

// TestOverviewNeverWaits: a choice is marked at once, the next key is taken
// while it counts, and an answer that was overtaken never shows.
func TestOverviewNeverWaits(t *testing.T) {
	t.Parallel()
	h := slowGlance{wait: 700 * time.Millisecond, asked: new(atomic.Int32), dropped: new(atomic.Int32)}
	term := openHost(t, h, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.play("0", "right", "pgdown", "pgdown")
	term.quiet()
	start := time.Now()
	term.send("enter")
	term.wait(">*Phnom Penh")
	term.wait("counting...")
	term.send("j")
	term.send("space")
	term.wait(">*Banteay Mea")
	if d := time.Since(start); d > 600*time.Millisecond {
		t.Errorf("the marks came after %v", d)
	}
	term.quiet()
	if h.dropped.Load() == 0 {
		t.Error("the question that was overtaken was not given up")
	}
	checkGlance(t, term, "vic_identified where place=KH-1,KH-12", 3)
}

// TestOverviewSources: one source is shown at a time, and which of how many.
func TestOverviewSources(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.ask("vic_assisted")
	term.press("0")
	term.want("TRAINING, source 1 of 2 (tab: next)")
	for _, agency := range []string{"TRAINING.NGO", "TRAINING"} {
		e := engine(t, "training")
		s, err := models.ParseSlice("vic_assisted where agency="+agency, e.Catalog())
		if err != nil {
			t.Fatal(err)
		}
		ans, err := e.Ask(context.Background(), s)
		if err != nil {
			t.Fatal(err)
		}
		term.press("tab")
		term.want(agency + ", source")
		term.want("> " + ans.Blocks[0].Cells[0][0].Text() + " persons")
	}
}

// TestOverviewOfFigures: figures are listed and not added.
func TestOverviewOfFigures(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("w", "p", "u", "b", "enter")
	term.wait("INTERNAL - exact")
	term.ask("sus_arrested where year=2025")
	term.press("0")
	term.want("lists count figures; nothing is added")
	golden(t, "published-overview", term.text())
}

// TestOverviewOfNothing: where nothing meets the filters the lists still say
// what would, and a choice can be taken back there.
func TestOverviewOfNothing(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.ask("vic_identified where nationality=LK sex=TF")
	term.press("0")
	term.want("Nothing meets the filter")
	term.want("*Transgender")
}

// TestReadyFilters: what people ask for by name is one pick away, and reads as
// that name.
func TestReadyFilters(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.press("f")
	golden(t, "filter-80x24", term.text())
	term.typed("border with th", "enter")
	term.want("p border with Thailand")
	term.want("Oddar Meanchey")
	term.wantNot("Phnom Penh")
	term.typed("f", "foreigners", "enter")
	term.want("p Cambodia  n not Cambodia, not stated")
	term.typed("f", "girls", "enter")
	term.want("+2") // filters that the line has no room for are counted
	term.typed("u", "u", "u", "f", "girls", "enter")
	term.want("[sex Female]  [age Child]")
	term.press("X")
	term.want("Remove")
	term.press("X") // the one set last
	term.wantNot("[age Child]")
	term.want("[sex Female]")
}

// TestNotStatedCanBeChosen: also where nobody is.
func TestNotStatedCanBeChosen(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.typed("f", "offence", "enter")
	term.want("Not stated")
	term.typed("not st", "enter")
	term.want("[offence group not stated]")
}
