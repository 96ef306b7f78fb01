package tui_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tiplens/models"
	"tiplens/tui"
)

// briefingHost keeps a briefing as long as it lives.
type briefingHost struct {
	testHost
	mu    *sync.Mutex
	b     *models.Briefing
	built chan string
	wait  bool // a build runs until it is cancelled
}

func newBriefingHost() briefingHost {
	return briefingHost{mu: &sync.Mutex{}, b: &models.Briefing{Title: "Briefing", Date: "2026-11-21"}, built: make(chan string, 1)}
}

func (h briefingHost) Briefing(string) (*models.Briefing, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := *h.b
	c.Items = append([]models.BriefingItem{}, h.b.Items...)
	return &c, nil
}

func (h briefingHost) ChangeBriefing(_ string, change func(*models.Briefing) error) error {
	c, _ := h.Briefing("")
	if err := change(c); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	*h.b = *c
	return nil
}

func (h briefingHost) Build(ctx context.Context, _ string, b *models.Briefing, format, file string, draft bool, tell func(done, of int)) (tui.Exported, error) {
	if h.wait {
		<-ctx.Done()
		return tui.Exported{}, ctx.Err()
	}
	if strings.Contains(file, "taken") {
		return tui.Exported{}, errors.New(file + " exists already; choose another name")
	}
	h.built <- fmt.Sprint(format, " ", file, " ", draft, " ", len(b.Items))
	return tui.Exported{File: file, Say: []string{"Kept as briefed on 2026-11-21: 3 figures."}}, nil
}

func (h briefingHost) Latest(_ context.Context, _ string, b *models.Briefing) (*models.Briefing, []string, error) {
	next := *b
	next.Items = append([]models.BriefingItem{}, b.Items...)
	for i := range next.Items {
		next.Items[i].Slice = strings.ReplaceAll(next.Items[i].Slice, "@1", "@2")
	}
	return &next, []string{"1. Arrests", "  persons: was 209; now 211"}, nil
}

// kinds lists what the briefing holds.
func (h briefingHost) kinds() string {
	b, _ := h.Briefing("")
	var out []string
	for _, it := range b.Items {
		out = append(out, string(it.Kind)+" "+it.Heading+" "+it.Note+" "+it.Slice)
	}
	return strings.Join(out, "\n")
}

// TestBriefingCollects adds a table, a chart, a number from its card and a
// note, and finds each with its question and versions, never with a number.
func TestBriefingCollects(t *testing.T) {
	h := newBriefingHost()
	term := openHost(t, h, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.play("B")
	term.wait("the briefing is empty (b adds")
	term.play("b")
	term.wait("Adds to the briefing: table")
	golden(t, "briefing-add-80x24", term.text())
	term.send("Where they were found")
	term.quiet()
	term.play("enter")
	term.wait("added to the briefing as item 1 (B shows it)")
	term.play("2", "b", "enter")
	term.wait("as item 2")
	term.play("1", "l", "enter")
	term.wait("b to the briefing")
	term.play("b")
	term.wait("Adds to the briefing: number")
	term.play("enter")
	term.wait("as item 3")
	term.play("esc", "B")
	term.wait("Briefing: Briefing, 2026-11-21")
	golden(t, "briefing-80x24", term.text())
	want := "table  Where they were found vic_identified by place across year at training@1\n" +
		"chart   vic_identified by place across year order value at training@1\n" +
		"number   vic_identified where place=KH-1 year=2020 at training@1"
	got := strings.ReplaceAll(h.kinds(), " order value desc", " order value")
	if !strings.HasPrefix(got, strings.SplitAfter(want, "\n")[0]) || !strings.Contains(got, "\nchart   vic_identified by place across year") ||
		!strings.Contains(got, "\nnumber   vic_identified where place=KH-1 year=20") || strings.Count(got, "at training@1") != 3 {
		t.Errorf("the briefing holds\n%s\nwant\n%s", got, want)
	}

	// Order, texts and deleting, with what was deleted taken back.
	term.play("J")
	term.quiet()
	if got := h.kinds(); !strings.HasPrefix(got, "chart") {
		t.Errorf("after J:\n%s", got)
	}
	term.play("X")
	term.wait("deleted (u takes it back)")
	if got := h.kinds(); strings.Contains(got, "table") {
		t.Errorf("after X:\n%s", got)
	}
	term.play("u", "enter")
	term.wait("change its heading")
	golden(t, "briefing-menu-80x24", term.text())
	term.play("down", "enter")
	term.wait("Heading: _")
	term.send("By place")
	term.quiet()
	term.play("enter")
	term.wait("2 table  By place")
	term.play("enter", "d", "a", "t", "e", "enter", "\x15")
	term.send("21.11.2026")
	term.quiet()
	term.play("enter")
	term.wait("is no date such as 2026-11-21")
	term.play("\x15")
	term.send("2026-12-01")
	term.quiet()
	term.play("enter")
	term.wait("Briefing: Briefing, 2026-12-01")

	// What another session wrote is not lost.
	_ = h.ChangeBriefing("", func(b *models.Briefing) error { b.Title = "Theirs"; return nil })
	term.play("K")
	term.wait("the briefing was changed elsewhere")
	term.wait("Briefing: Theirs")
	if got := h.kinds(); !strings.HasPrefix(got, "chart") {
		t.Errorf("it was moved all the same:\n%s", got)
	}

	// An item opens where it can be worked on.
	term.play("home", "enter", "enter")
	term.wait("1 table  = meaning")
}

// TestBriefingBuilds builds it into a file, named by the person; a name that is
// taken is asked for again, and esc cancels.
func TestBriefingBuilds(t *testing.T) {
	h := newBriefingHost()
	h.b.Items = []models.BriefingItem{{Kind: models.NoteItem, Note: "a"}}
	term := openHost(t, h, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.play("B", "e")
	term.wait("html draft")
	golden(t, "briefing-build-80x24", term.text())
	term.play("enter")
	term.wait("/home/a/TRAINING-briefing.html")
	term.press("\x15")
	term.send("/home/a/taken.html")
	term.quiet()
	term.play("enter")
	term.wait("exists already; choose another name")
	term.play("esc", "home", "e", "d", "r", "a", "f", "t", "enter", "enter")
	term.wait("Kept as briefed on 2026-11-21: 3 figures.")
	if got := <-h.built; got != "html /home/a/TRAINING-briefing.html true 1" {
		t.Errorf("built was %q", got)
	}
}

// TestBriefingCancelled: a build that runs is cancelled by esc.
func TestBriefingCancelled(t *testing.T) {
	h := newBriefingHost()
	h.b.Items = []models.BriefingItem{{Kind: models.NoteItem, Note: "a"}}
	h.wait = true
	term := openHost(t, h, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.play("B", "e", "enter")
	term.wait("TRAINING-briefing.html")
	term.send("\r") // it does not come to rest while something runs
	term.wait("writing...  esc cancels")
	term.send("\x1b")
	term.wait("the export is cancelled; nothing was written")
}

// TestBriefingMovesOn: what changed is shown first, and the briefing moves on
// only when the person wants it to.
func TestBriefingMovesOn(t *testing.T) {
	h := newBriefingHost()
	h.b.Items = []models.BriefingItem{{Kind: models.NumberItem, Slice: "vic_identified where year=2025 at training@1"}}
	term := openHost(t, h, "training", 80, 24)
	term.wait("Banteay Meanchey")
	for _, c := range []struct{ key, want string }{{"esc", "at training@1"}, {"enter", "at training@2"}} {
		term.play("B", "enter", "m", "o", "v", "e", "space", "i", "t", "space", "o", "n", "enter")
		term.wait("persons: was 209; now 211")
		term.play(c.key)
		term.wait(c.want)
		if got := h.kinds(); !strings.Contains(got, c.want) {
			t.Errorf("after %s the briefing holds %s", c.key, got)
		}
		term.play("esc")
		term.quiet()
	}
}
