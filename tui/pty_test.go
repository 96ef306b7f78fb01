package tui_test

import (
	"context"
	"io"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/hinshun/vt10x"

	"tiplens/tui"
	"tiplens/tui/wire"
)

// terminal runs the program on a pseudo-terminal, with a meter at the far end.
type terminal struct {
	*wire.Terminal
	t testing.TB

	app  *watched
	rest time.Duration // without a byte, after which the screen is at rest
	sent int64         // keys
	done chan error
}

// openTerminal starts the program on the training data in an environment such
// as a person has over SSH.
func openTerminal(t testing.TB, w, h int, env ...string) *terminal {
	t.Helper()
	return openHost(t, testHost{}, "training", w, h, env...)
}

// openHost starts the program on a host of its own.
func openHost(t testing.TB, host tui.Host, ref string, w, h int, env ...string) *terminal {
	t.Helper()
	return openPaced(t, quick, host, ref, w, h, env...)
}

// pace is how often the program draws, and after how long without a byte the
// screen is at rest when it shows what it should.
type pace struct {
	frames int
	rest   time.Duration
	whole  bool      // draw only what is whole: nothing while something is under way
	slow   *slowLink // carries replies when it is told to; nil for a terminal that is not asked
}

var (
	quick   = pace{frames: 120, rest: 2 * time.Millisecond}
	counted = pace{frames: 60, rest: longRest}              // as people have it; every byte has come
	exact   = pace{frames: 60, rest: longRest, whole: true} // the same number of bytes every time
)

const longRest = 20 * time.Millisecond

func openPaced(t testing.TB, pace pace, host tui.Host, ref string, w, h int, env ...string) *terminal {
	t.Helper()
	env = append([]string{"TERM=xterm-256color", "SSH_TTY=/dev/pts/0", "LANG=C.UTF-8"}, env...)
	far, slave, err := wire.New(w, h, wire.Link{})
	if err != nil {
		t.Fatal(err)
	}
	look := tui.DetectLook(env)
	profile := colorprofile.ANSI
	if look.Plain {
		profile = colorprofile.ASCII
	}
	ctx, cancel := context.WithCancel(context.Background())
	app := tui.New(ctx, host, ref, look)
	seen := &watched{App: app, whole: pace.whole}
	var output io.Writer = slave
	if pace.slow != nil {
		output = app.Output(slave)
		far.AnswerThrough(pace.slow.from)
	}
	p := tea.NewProgram(seen, tea.WithContext(ctx), tea.WithInput(tui.Input(slave)), tea.WithOutput(output),
		tea.WithEnvironment(env), tea.WithColorProfile(profile), tea.WithWindowSize(w, h), tea.WithFilter(tui.Sane), tea.WithoutSignals(), tea.WithFPS(pace.frames))
	term := &terminal{Terminal: far, t: t, app: seen, rest: pace.rest, done: make(chan error, 1)}
	go func() {
		_, err := p.Run()
		app.Close()
		term.done <- err
		slave.Close()
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-term.done:
		case <-time.After(10 * time.Second):
			t.Error("the program did not end")
		}
		far.Close()
	})
	return term
}

// watched keeps what the program means to show, and counts the keys it has
// taken and the commands under way, so that tests wait for what they mean and
// not for a time.
type watched struct {
	*tui.App
	whole         bool
	view          tea.View // the last that was drawn
	taken, ended  int64    // since the last view
	keys, running atomic.Int64
	shows         atomic.Value // the text of the last view
}

// done is what a command sent; it ends when the program has taken it.
type done struct{ tea.Msg }

func (w *watched) Init() tea.Cmd { return w.watch(w.App.Init()) }

func (w *watched) Update(m tea.Msg) (tea.Model, tea.Cmd) {
	d, own := m.(done)
	if own {
		m = d.Msg
		w.ended++
	}
	if _, key := m.(tea.KeyPressMsg); key {
		w.taken++
	}
	_, cmd := w.App.Update(m)
	return w, w.watch(cmd)
}

func (w *watched) View() tea.View {
	if !w.whole || w.running.Load() <= w.ended {
		w.view = w.App.View()
	}
	w.shows.Store(w.view.Content)
	w.keys.Add(w.taken)
	w.running.Add(-w.ended)
	w.taken, w.ended = 0, 0
	return w.view
}

// drawn reports whether the screen is what the program shows, and whether the
// emulator can say so of all of it: it has its own idea of marks on letters.
func (s *terminal) drawn() (drawn, whole bool) {
	want, _ := s.app.shows.Load().(string)
	have := s.screen()
	whole = true
	for y, l := range strings.Split(ansi.Strip(want), "\n") {
		switch plain := !strings.ContainsFunc(l, func(r rune) bool { return r > 0x024F && r < 0x2000 }); {
		case !plain:
			whole = false
		case y < len(have) && strings.TrimRight(l, " ") != have[y]:
			return false, whole
		}
	}
	return true, whole
}

func (w *watched) watch(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	w.running.Add(1)
	return func() tea.Msg {
		switch m := cmd().(type) {
		case tea.BatchMsg:
			for i := range m {
				m[i] = w.watch(m[i])
			}
			w.running.Add(-1)
			return m
		case nil:
			w.running.Add(-1)
			return m
		default:
			if reflect.TypeOf(m).PkgPath() != reflect.TypeFor[tui.App]().PkgPath() {
				w.running.Add(-1)
				return m // the runtime's own, such as the end or the clipboard
			}
			return done{m}
		}
	}
}

func (s *terminal) screen() []string { return s.Lines() }

func (s *terminal) text() string { return s.Text() }

// wait until a text is on the screen.
func (s *terminal) wait(text string) {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if strings.Contains(s.text(), text) {
			return
		}
	}
	s.t.Fatalf("%q did not come; the screen:\n%s", text, s.text())
}

func (s *terminal) raw() string { return s.Raw() }

// quiet waits until nothing is under way, the screen is what it should be and
// nothing has been sent for a while, and gives the bytes sent so far.
func (s *terminal) quiet() int {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		n, last := s.Came()
		since := time.Since(last)
		if n == 0 || since < s.rest || s.app.running.Load() > 0 {
			continue
		}
		drawn, whole := s.drawn()
		if now, _ := s.Came(); now != n {
			continue
		}
		taken := s.app.keys.Load() >= s.sent
		switch { // keys can be fewer than was sent: a sequence that is none, a key that ended something
		case !drawn:
		case taken && (whole || since >= longRest), since >= time.Second:
			return n
		}
	}
	s.t.Fatalf("the screen does not come to rest:\n%s", s.text())
	return 0
}

// press sends one key and gives the bytes that came back until the screen was
// at rest again.
func (s *terminal) press(key string) int {
	s.t.Helper()
	before, taken := s.quiet(), s.app.keys.Load()
	s.send(key)
	for end := time.Now().Add(20 * time.Second); s.app.keys.Load() == taken; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("the program does not take %q:\n%s", key, s.text())
		}
	}
	s.Touch()
	return s.quiet() - before
}

func (s *terminal) send(key string) {
	s.t.Helper()
	s.sent++
	if sent := wire.Bytes(key); sent[0] != '\x1b' {
		s.sent += int64(utf8.RuneCountInString(sent)) - 1
	}
	if err := s.Type(key); err != nil {
		s.t.Fatal(err)
	}
}

// TestIdleSendsNothing: a screen that nobody touches costs nothing.
func TestIdleSendsNothing(t *testing.T) {
	t.Parallel()
	term := openPaced(t, counted, testHost{}, "training", 80, 24)
	term.wait("Phnom Penh")
	before := term.quiet()
	time.Sleep(1500 * time.Millisecond)
	if after := term.quiet(); after != before {
		t.Errorf("%d bytes were sent while idle", after-before)
	}
}

// TestQuitLeavesTerminalClean: the program ends on q and gives the screen back.
func TestQuitLeavesTerminalClean(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Phnom Penh")
	term.quiet()
	term.send("q")
	select {
	case err := <-term.done:
		if err != nil {
			t.Error(err)
		}
		term.done <- nil // for the clean-up
	case <-time.After(10 * time.Second):
		t.Fatal("q did not end the program")
	}
	clean := func() bool { return term.Mode()&vt10x.ModeAltScreen == 0 && term.CursorVisible() }
	for end := time.Now().Add(5 * time.Second); !clean(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the terminal is left in mode %b, cursor visible: %v", term.Mode(), term.CursorVisible())
		}
	}
}
