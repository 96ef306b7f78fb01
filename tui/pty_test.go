package tui_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
	"github.com/hinshun/vt10x"

	"tiplens/tui"
)

// terminal runs the program on a pseudo-terminal, with an emulator that keeps
// the screen and a meter that counts the bytes.
type terminal struct {
	t      testing.TB
	master *os.File
	emu    vt10x.Terminal
	w, h   int

	app   *watched
	rest  time.Duration // without a byte, after which the screen is at rest
	sent  int64         // keys
	mu    sync.Mutex
	bytes int
	log   []byte // all that came
	last  time.Time
	done  chan error
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
	slow   *slowLink // carries replies when it is told to; nil for a terminal that is not asked
}

var (
	quick   = pace{frames: 120, rest: 2 * time.Millisecond}
	counted = pace{frames: 60, rest: longRest} // as people have it; every byte has come
)

const longRest = 20 * time.Millisecond

func openPaced(t testing.TB, pace pace, host tui.Host, ref string, w, h int, env ...string) *terminal {
	t.Helper()
	env = append([]string{"TERM=xterm-256color", "SSH_TTY=/dev/pts/0", "LANG=C.UTF-8"}, env...)
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: uint16(h), Cols: uint16(w)}); err != nil {
		t.Fatal(err)
	}
	look := tui.DetectLook(env)
	profile := colorprofile.ANSI
	if look.Plain {
		profile = colorprofile.ASCII
	}
	ctx, cancel := context.WithCancel(context.Background())
	app := tui.New(ctx, host, ref, look)
	seen := &watched{App: app}
	var output, replies io.Writer = slave, master
	if pace.slow != nil {
		pace.slow.to = master
		output, replies = app.Output(slave), pace.slow
	}
	p := tea.NewProgram(seen, tea.WithContext(ctx), tea.WithInput(slave), tea.WithOutput(output),
		tea.WithEnvironment(env), tea.WithColorProfile(profile), tea.WithWindowSize(w, h), tea.WithoutSignals(), tea.WithFPS(pace.frames))
	term := &terminal{t: t, app: seen, rest: pace.rest, master: master, emu: vt10x.New(vt10x.WithSize(w, h), vt10x.WithWriter(replies)), w: w, h: h, done: make(chan error, 1)}
	go term.read()
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
		master.Close()
	})
	return term
}

// watched keeps what the program means to show, and counts the keys it has
// taken and the commands under way, so that tests wait for what they mean and
// not for a time.
type watched struct {
	*tui.App
	taken, ended  int64 // since the last view
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
	v := w.App.View()
	w.shows.Store(v.Content)
	w.keys.Add(w.taken)
	w.running.Add(-w.ended)
	w.taken, w.ended = 0, 0
	return v
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

func (s *terminal) read() {
	buf := make([]byte, 1<<16)
	var held []byte
	for {
		n, err := s.master.Read(buf)
		if n > 0 {
			var ready []byte
			ready, held = insertBlanks(append(held, buf[:n]...))
			if k := brokenRune(ready); k > 0 {
				held, ready = append(bytes.Clone(ready[len(ready)-k:]), held...), ready[:len(ready)-k]
			}
			_, _ = s.emu.Write(ready)
			s.mu.Lock()
			s.bytes += n
			s.log = append(s.log, buf[:n]...)
			s.last = time.Now()
			s.mu.Unlock()
		}
		if err != nil {
			return
		}
	}
}

// brokenRune is how many bytes at the end are the start of a character whose
// other bytes have not come yet.
func brokenRune(b []byte) int {
	for k := 1; k < utf8.UTFMax && k <= len(b); k++ {
		if tail := b[len(b)-k:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return k
			}
			break
		}
	}
	return 0
}

var insertMode = regexp.MustCompile(`\x1b\[4h([^\x1b]*)\x1b\[4l`)

// insertBlanks writes insert mode, which the emulator does not know and the
// renderer uses where TERM promises little, as inserted blanks written over.
// It holds back what is not whole yet.
func insertBlanks(b []byte) (ready, held []byte) {
	b = insertMode.ReplaceAllFunc(b, func(m []byte) []byte {
		text := insertMode.FindSubmatch(m)[1]
		return fmt.Appendf(nil, "\x1b[%d@%s", utf8.RuneCount(text), text)
	})
	i := bytes.Index(b, []byte("\x1b[4h"))
	if i < 0 {
		i = bytes.LastIndexByte(b, '\x1b')
		if i < 0 || !strings.HasPrefix("\x1b[4h", string(b[i:])) {
			return b, nil
		}
	}
	return b[:i], bytes.Clone(b[i:])
}

// screen gives the lines of the screen, without blanks at their ends.
func (s *terminal) screen() []string {
	s.emu.Lock()
	defer s.emu.Unlock()
	var out []string
	for y := range s.h {
		var b strings.Builder
		for x := range s.w {
			r := s.emu.Cell(x, y).Char
			if r == 0 {
				r = ' '
			}
			b.WriteRune(r)
		}
		out = append(out, strings.TrimRight(b.String(), " "))
	}
	return out
}

func (s *terminal) text() string { return strings.Join(s.screen(), "\n") }

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

// raw gives all bytes that came, in order.
func (s *terminal) raw() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.log)
}

// quiet waits until nothing is under way, the screen is what it should be and
// nothing has been sent for a while, and gives the bytes sent so far.
func (s *terminal) quiet() int {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		s.mu.Lock()
		n, since := s.bytes, time.Since(s.last)
		s.mu.Unlock()
		if n == 0 || since < s.rest || s.app.running.Load() > 0 {
			continue
		}
		drawn, whole := s.drawn()
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

// keys are sent as terminals send them.
var keys = map[string]string{
	"down": "\x1b[B", "up": "\x1b[A", "right": "\x1b[C", "left": "\x1b[D", "pgdown": "\x1b[6~", "pgup": "\x1b[5~",
	"home": "\x1b[H", "end": "\x1b[F", "enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f",
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
	s.mu.Lock()
	s.last = time.Now()
	s.mu.Unlock()
	return s.quiet() - before
}

func (s *terminal) send(key string) {
	s.t.Helper()
	if k, ok := keys[key]; ok {
		key = k
	}
	s.sent++
	if key[0] != '\x1b' {
		s.sent += int64(utf8.RuneCountInString(key)) - 1
	}
	if _, err := s.master.Write([]byte(key)); err != nil {
		s.t.Fatal(err)
	}
}

// The byte budgets of the design, section 9: lean look, xterm-256color, 80x24.
const (
	cursorMedian = 25
	cursorP95    = 60
	pageBytes    = 1200 // page, the list's edge, order, a filter applied
	switchBytes  = 1450
	frameBytes   = 1850
)

func percentile(ns []int, p int) int {
	ns = slices.Clone(ns)
	slices.Sort(ns)
	return ns[min(len(ns)*p/100, len(ns)-1)]
}

// measured are the bytes of each kind of key in one tour of the views.
type measured struct {
	name  string
	bytes []int
	limit int // for the largest
}

// tour walks through the views and measures every kind of key.
func tour(t testing.TB) (out []measured) {
	term := openPaced(t, counted, testHost{}, "training", 80, 24)
	term.wait("Phnom Penh")
	first := term.quiet()
	out = append(out, measured{"first frame", []int{first}, frameBytes})
	add := func(name string, limit int, keys ...string) {
		m := measured{name: name, limit: limit}
		for _, k := range keys {
			m.bytes = append(m.bytes, term.press(k))
		}
		out = append(out, m)
	}
	repeat := func(key string, n int) []string { return slices.Repeat([]string{key}, n) }
	cursor := func(name string, keys ...string) { add(name, cursorP95, keys...) }
	cursor("table: cursor down", append(repeat("j", 10), repeat("down", 4)...)...)
	cursor("table: cursor up", repeat("k", 10)...)
	cursor("table: cursor right", repeat("l", 4)...)
	add("table: columns turn", pageBytes, append([]string{"left"}, repeat("left", 5)...)...)
	add("table: page", pageBytes, "pgdown", "pgup")
	add("table: order", pageBytes, "o", "o", "o", "o")
	add("table: percent", pageBytes, "%", "%", "%", "%")
	add("table: top", pageBytes, "t", "t", "t", "t")
	add("table: open picker", switchBytes, "n")
	cursor("picker: cursor", repeat("down", 5)...)
	add("picker: typing", pageBytes, "v", "i")
	add("picker: apply", pageBytes, "enter")
	add("undo", pageBytes, "u")
	add("redo", pageBytes, "U")
	add("undo again", pageBytes, "u")
	add("to trend", switchBytes, "2")
	cursor("trend: cursor", repeat("j", 4)...)
	add("trend to flows", switchBytes, "3")
	cursor("flows: cursor", repeat("j", 12)...)
	add("flows: edge and page", pageBytes, "j", "j", "j", "j", "j", "pgdown", "pgdown", "pgup")
	add("flows: level", switchBytes, "]", "]")
	add("flows to map", switchBytes, "4")
	cursor("map: cursor", "j", "h", "k", "k", "l", "l", "l", "j", "j", "l")
	cursor("map: list", "j", "k", "h")
	add("map by origin", switchBytes, "u", "r", "o", "r", "i", "g", "enter", "u")
	add("map to mix", switchBytes, "5")
	cursor("mix: bars", repeat("j", 8)...)
	add("mix: bars to shares", switchBytes, "5")
	cursor("mix: shares, years", repeat("k", 6)...)
	cursor("mix: shares, parts", repeat("l", 4)...)
	add("mix: shares to heat table", switchBytes, "5")
	cursor("mix: heat table", "j", "j", "j", "l", "l", "j", "j", "l")
	add("mix: heat table to pyramid", switchBytes, "5")
	cursor("mix: pyramid", "j", "j", "l", "j", "h")
	add("mix to map", switchBytes, "4")
	add("map to overview", switchBytes, "0")
	cursor("overview: cursor", append(repeat("j", 12), append(repeat("k", 5), "l", "l", "h")...)...)
	add("overview: choose", pageBytes, "enter", "j", "space", "-", "X", "u", "X")
	add("overview: order", pageBytes, "o", "o", "o")
	add("overview: pages", switchBytes, "pgdown", "pgdown", "pgdown", "l", "l", "l", "h")
	add("overview to flows", switchBytes, "3")
	add("flows to guide", switchBytes, "8")
	add("guide: choose", switchBytes, "p", "r", "e", "enter")
	cursor("guide: links", repeat("j", 3)...)
	add("guide: follow and back", switchBytes, "enter", "backspace")
	add("guide to data", switchBytes, "7")
	cursor("data: cursor", repeat("j", 3)...)
	add("metadata", switchBytes, "m")
	cursor("metadata: cursor", repeat("down", 5)...)
	add("metadata closed", switchBytes, "esc")
	add("data to table", switchBytes, "1")
	add("help", switchBytes, "?")
	cursor("help: cursor", repeat("down", 5)...)
	add("help closed", switchBytes, "esc")
	add("meaning", switchBytes, "=")
	add("meaning closed", switchBytes, "esc")
	return out
}

// TestBytesPerKey holds the screens to their budgets.
func TestBytesPerKey(t *testing.T) {
	var steps []int
	for _, m := range tour(t) {
		most := slices.Max(m.bytes)
		t.Logf("%-22s median %5d  p95 %5d  largest %5d  limit %5d", m.name, percentile(m.bytes, 50), percentile(m.bytes, 95), most, m.limit)
		if most > m.limit {
			t.Errorf("%s: %d bytes, the budget is %d", m.name, most, m.limit)
		}
		if m.limit == cursorP95 {
			steps = append(steps, m.bytes...)
		}
	}
	if got := percentile(steps, 50); got > cursorMedian {
		t.Errorf("median cursor step: %d bytes, the budget is %d", got, cursorMedian)
	}
	if got := percentile(steps, 95); got > cursorP95 {
		t.Errorf("p95 cursor step: %d bytes, the budget is %d", got, cursorP95)
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
	clean := func() bool { return term.emu.Mode()&vt10x.ModeAltScreen == 0 && term.emu.CursorVisible() }
	for end := time.Now().Add(5 * time.Second); !clean(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the terminal is left in mode %b, cursor visible: %v", term.emu.Mode(), term.emu.CursorVisible())
		}
	}
}

// BenchmarkKeys prints the bytes of every kind of key.
func BenchmarkKeys(b *testing.B) {
	for b.Loop() {
		for _, m := range tour(b) {
			b.Logf("%-22s median %5d  p95 %5d  largest %5d  limit %5d", m.name, percentile(m.bytes, 50), percentile(m.bytes, 95), slices.Max(m.bytes), m.limit)
		}
	}
}
