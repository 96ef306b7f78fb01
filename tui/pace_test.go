package tui_test

import (
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"tiplens/tui"

	"tiplens/tui/wire"
)

// slowLink keeps the replies of a terminal back, as if the frames were still on
// their way to it.
type slowLink struct {
	to   io.Writer
	mu   sync.Mutex
	kept []byte
	open bool
}

// from sets the terminal to which the replies go.
func (l *slowLink) from(to io.Writer) io.Writer {
	l.to = to
	return l
}

func (l *slowLink) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open {
		return l.to.Write(b)
	}
	l.kept = append(l.kept, b...)
	return len(b), nil
}

// deliver lets the replies through, those to come as well.
func (l *slowLink) deliver() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = true
	if len(l.kept) > 0 {
		_, _ = l.to.Write(l.kept)
	}
}

func (l *slowLink) asked() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.kept) > 0
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

// fullLink opens the screen on a link that has not carried its first frames
// yet.
func fullLink(t *testing.T) (*terminal, *slowLink) {
	link := &slowLink{}
	term := openPaced(t, pace{frames: 60, rest: longRest, slow: link}, testHost{}, "training", 80, 24)
	until(t, "the first frame does not ask whether it has come", link.asked)
	return term, link
}

// TestKeysOnFullLink types ahead while nothing gets through: all keys are taken,
// nothing is drawn, and when the link is free one frame shows where they led.
func TestKeysOnFullLink(t *testing.T) {
	t.Parallel()
	term, link := fullLink(t)
	term.wait("Phnom Penh")
	drawn := func() bool { drawn, _ := term.drawn(); return drawn }
	until(t, "the table is not whole", drawn)
	time.Sleep(longRest)
	before, taken := len(term.raw()), term.app.keys.Load()
	for range 10 {
		term.send("j")
	}
	until(t, "keys wait for the link", func() bool { return term.app.keys.Load() >= taken+10 })
	time.Sleep(50 * time.Millisecond)
	if n := len(term.raw()) - before; n > 0 {
		t.Errorf("%d bytes were sent on a full link", n)
	}
	link.deliver()
	until(t, "the newest state is not drawn", drawn)
	if n := len(term.raw()) - before; n > 2*wire.MoveMedian {
		t.Errorf("ten keys cost %d bytes, more than one frame", n)
	}
}

// TestQuitOnFullLink: the reply to the last question would be typed into the
// shell, so the program waits for it.
func TestQuitOnFullLink(t *testing.T) {
	t.Parallel()
	term, link := fullLink(t)
	term.wait("Phnom Penh")
	term.send("q")
	select {
	case <-term.done:
		t.Fatal("the program ended while a reply was under way")
	case <-time.After(300 * time.Millisecond):
	}
	link.deliver()
	select {
	case err := <-term.done:
		if err != nil {
			t.Error(err)
		}
		term.done <- nil // for the clean-up
	case <-time.After(10 * time.Second):
		t.Fatal("q does not end the program when the terminal has answered")
	}
}

// TestAnswerComesInReadingOrder: what is asked and its title are on the wire
// before the table, and the footer and the keys come last.
func TestAnswerComesInReadingOrder(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Phnom Penh")
	term.quiet()
	before := len(term.raw())
	term.press("3")
	last := -1
	for _, text := range []string{"[3 Flows]", "origin by country to", "persons", "Viet Nam", "not stated: origin", "enter people"} {
		at := strings.Index(term.raw()[before:], text)
		if at <= last {
			t.Errorf("%q comes at byte %d, after what stands below it (%d)", text, at, last)
		}
		last = at
	}
}

// TestSizeWithinReason: what is typed as if the terminal had said that it is
// huge makes no huge screen.
func TestSizeWithinReason(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Phnom Penh")
	for _, size := range []string{"\x1b[8;99999;99999t", "\x1b[48;30000;30000;1;1t"} {
		if err := term.Type(size); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			shown, _ := term.app.shows.Load().(string)
			if rows := strings.Split(shown, "\n"); len(rows) == tui.MaxHeight {
				break
			} else if time.Now().After(end) {
				t.Fatalf("after %q the screen has %d lines", size, len(rows))
			}
		}
		if err := term.Type("\x1b[8;24;80t"); err != nil {
			t.Fatal(err)
		}
		until(t, "the screen does not come back", func() bool {
			shown, _ := term.app.shows.Load().(string)
			return strings.Count(shown, "\n") == 23
		})
	}
}
