package tui_test

import (
	"context"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"tiplens/models"
	"tiplens/tui"
)

// slowHost delays what its stores do, as large data do.
type slowHost struct {
	testHost
	open, ask, choices time.Duration
	asked              *atomic.Int32
}

type slowStore struct {
	tui.Store
	h slowHost
}

func (h slowHost) Open(ctx context.Context, ref string) (tui.Store, error) {
	time.Sleep(h.open)
	s, err := h.testHost.Open(ctx, ref)
	return slowStore{s, h}, err
}

func (s slowStore) Ask(ctx context.Context, q models.Slice) (*models.Answer, error) {
	if s.h.asked != nil && s.h.asked.Add(1) > 1 { // the first answer is at once
		select {
		case <-time.After(s.h.ask):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return s.Store.Ask(ctx, q)
}

func (s slowStore) Choices(ctx context.Context, q models.Slice, dim string) (*models.Choices, error) {
	time.Sleep(s.h.choices)
	return s.Store.Choices(ctx, q, dim)
}

// TestCancel: a question that is given up takes its words back; what stands on
// the screen is the answer to what is asked above it.
func TestCancel(t *testing.T) {
	asked := &atomic.Int32{}
	term := openHost(t, slowHost{ask: 30 * time.Second, asked: asked}, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.send("nviet\r2")
	term.wait("n Viet Nam")
	term.send("\x1b")
	term.wait("cancelled")
	term.want("n all")
	term.want("[1")
	term.want("7,308") // Phnom Penh, of all nationalities
	term.play("j")
	term.want("2/17")
}

// TestTypedAhead: keys that come before the list they are meant for act as if
// they had come after it, and so do keys before the data.
func TestTypedAhead(t *testing.T) {
	t.Run("burst", func(t *testing.T) {
		term := openTable(t)
		term.quiet()
		term.send("pphnom\rnviet\r3")
		term.onView("3")
		term.want("p Phnom Penh  n Viet Nam  y all")
	})
	t.Run("slow list", func(t *testing.T) {
		term := openHost(t, slowHost{choices: 300 * time.Millisecond}, "training", 80, 24)
		term.wait("Banteay Meanchey")
		term.quiet()
		term.send("n viet nam -thai \r3")
		term.onView("3")
		term.wait("n Thailand  y all")
	})
	t.Run("before the data", func(t *testing.T) {
		term := openHost(t, slowHost{open: 400 * time.Millisecond}, "training", 80, 24)
		term.send("nviet\r3jj\r")
		term.wait("by place, year")
		term.want("[origin Viet Nam]  +1")
	})
	t.Run("escape drops it", func(t *testing.T) {
		term := openHost(t, slowHost{choices: time.Second}, "training", 80, 24)
		term.wait("Banteay Meanchey")
		term.quiet()
		term.send("nviet\r3")
		time.Sleep(100 * time.Millisecond)
		term.send("esc")
		time.Sleep(1500 * time.Millisecond)
		term.want("n all")
		term.want("[1")
		term.wantNot("Nationality:")
	})
}

// TestPickerClosesOverASlowQuestion: a closed picker makes room when the
// question behind it takes its time.
func TestPickerClosesOverASlowQuestion(t *testing.T) {
	term := openHost(t, slowHost{ask: 2 * time.Second, asked: new(atomic.Int32)}, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.press("n")
	term.typed("viet")
	term.send("enter")
	term.wait("counting...")
	time.Sleep(600 * time.Millisecond)
	if text := term.text(); strings.Contains(text, "Nationality:") || !strings.Contains(text, "Phnom Penh") || !strings.Contains(text, "counting") {
		t.Errorf("while it counts the screen is\n%s", text)
	}
	term.wait("Total                   23")
}

// run executes a command and what follows from it, as the program would.
func run(app *tui.App, cmd tea.Cmd) {
	for _, m := range messages(cmd) {
		_, next := app.Update(m)
		run(app, next)
	}
}

// messages gives what a command sends.
func messages(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	m := cmd()
	if v := reflect.ValueOf(m); v.IsValid() && v.Kind() == reflect.Slice { // several at once
		var out []tea.Msg
		for i := range v.Len() {
			if c, ok := v.Index(i).Interface().(tea.Cmd); ok {
				out = append(out, messages(c)...)
			}
		}
		return out
	}
	if m == nil {
		return nil
	}
	return []tea.Msg{m}
}

func keyPress(key string) tea.Msg { return tea.KeyPressMsg{Code: []rune(key)[0], Text: key} }

// TestLateAnswerIsDropped: an answer that comes after another view has taken
// one from memory is not taken for that view's.
func TestLateAnswerIsDropped(t *testing.T) {
	app := tui.New(context.Background(), testHost{}, "training", tui.Look{})
	run(app, app.Init())
	table := ansi.Strip(app.View().Content)
	if !strings.Contains(table, "Banteay Meanchey") {
		t.Fatalf("no table:\n%s", table)
	}
	_, trend := app.Update(keyPress("2"))
	_, back := app.Update(keyPress("1")) // answered at once: it was asked before
	run(app, back)
	run(app, trend)
	if now := ansi.Strip(app.View().Content); now != table {
		t.Errorf("the table is not what it was:\n%s", now)
	}
	_, again := app.Update(keyPress("2")) // and the late one is not remembered as another's
	run(app, again)
	run(app, func() tea.Msg { return keyPress("1") })
	if now := ansi.Strip(app.View().Content); now != table {
		t.Errorf("the table is not what it was:\n%s", now)
	}
}

// rangeHost gives answers in which some rows hold ranges.
type rangeHost struct{ testHost }

type rangeStore struct{ tui.Store }

func (h rangeHost) Open(ctx context.Context, ref string) (tui.Store, error) {
	s, err := h.testHost.Open(ctx, ref)
	return rangeStore{s}, err
}

func (s rangeStore) Ask(ctx context.Context, q models.Slice) (*models.Answer, error) {
	a, err := s.Store.Ask(ctx, q)
	if err != nil || len(a.Blocks) == 0 {
		return a, err
	}
	for k := range a.Blocks[0].Cells[0] {
		a.Blocks[0].Cells[0][k] = models.Between(14_228, 14_276)
		a.Blocks[0].Cells[1][k] = models.Between(1, 900)
	}
	return a, nil
}

// TestNarrowRangesAreDrawn: a range that is narrow beside its size is a point
// of the chart, and said to be one; a wide one is not.
func TestNarrowRangesAreDrawn(t *testing.T) {
	term := openHost(t, rangeHost{}, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.press("2")
	term.want("6 of 16 rows, narrow ranges at their middle")
	term.want("14,228-14,276")
	text := term.text()
	for _, line := range []string{"aaaaaaa", "fffffff"} {
		if !strings.Contains(text, line) {
			t.Errorf("%q is not drawn:\n%s", line, text)
		}
	}
	if strings.Contains(text, "bbb") {
		t.Errorf("a wide range is drawn:\n%s", text)
	}
}
