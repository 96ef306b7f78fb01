package tui_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"tiplens/models"
	"tiplens/tui"
)

// monkey presses keys on the screen without a terminal: messages go in, frames
// come out.
type monkey struct {
	t     *testing.T
	app   *tui.App
	msgs  chan tea.Msg
	under int // commands under way, as far as they are waited for
	w, h  int
	done  []string // the keys so far
}

func newMonkey(t *testing.T, ref string, look tui.Look) *monkey {
	return newMonkeyOn(t, newMemoryHost(), ref, look)
}

func newMonkeyOn(t *testing.T, host tui.Host, ref string, look tui.Look) *monkey {
	m := &monkey{t: t, app: tui.New(t.Context(), host, ref, look), msgs: make(chan tea.Msg, 1024), w: 80, h: 24}
	m.run(m.app.Init())
	m.update(tea.WindowSizeMsg{Width: m.w, Height: m.h})
	m.settle()
	return m
}

// run starts a command; its message comes back through the channel.
func (m *monkey) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	m.under++
	go func() { m.msgs <- cmd() }()
}

func (m *monkey) update(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
		return
	case tea.BatchMsg:
		for _, c := range msg {
			m.run(c)
		}
		return
	case tea.QuitMsg:
		return // the monkey stays
	}
	_, cmd := m.app.Update(msg)
	m.run(cmd)
}

// settle takes what commands bring until none is under way, or only ticks that
// wait for a moment later.
func (m *monkey) settle() {
	for m.under > 0 {
		select {
		case msg := <-m.msgs:
			m.under--
			m.update(msg)
		case <-time.After(15 * time.Millisecond):
			if _, _, drawn := m.app.Shown(); drawn || len(m.done)%50 != 0 {
				return
			}
			select { // at times everything is waited for, ticks too
			case msg := <-m.msgs:
				m.under--
				m.update(msg)
			case <-time.After(4 * time.Second):
				return
			}
		}
	}
}

// monkeyKeys are the keys of the table of keys and those of pages and lists;
// those that are pressed most stand more often.
var monkeyKeys = strings.Fields(`down down down up up left right right pgdown pgup home end enter enter enter esc esc esc esc tab space space - backspace
	i p n y f r c x % o t d z [ ] v V u u U 0 1 1 1 2 3 4 5 5 6 7 8 m w = : / ? ! s S H ~ X C g h j k l q a b e é ក`)

// monkeyTexts are typed as a whole, as into a list or a line.
var monkeyTexts = []string{"viet", "2021-2025", "conv", "phnom", "sex", "ខេត្ត", "\x1b[31m", "vic_identified by sex", "=", "((", "month", "thai", "0", "10 100", "origin"}

func keyMsg(name string) tea.KeyPressMsg {
	codes := map[string]rune{"down": tea.KeyDown, "up": tea.KeyUp, "left": tea.KeyLeft, "right": tea.KeyRight, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp,
		"home": tea.KeyHome, "end": tea.KeyEnd, "shift+tab": tea.KeyTab, "enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "backspace": tea.KeyBackspace}
	if c, ok := codes[name]; ok {
		k := tea.KeyPressMsg{Code: c}
		if name == "shift+tab" {
			k.Mod = tea.ModShift
		}
		return k
	}
	if name == "space" {
		name = " "
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// press presses something at random and looks at the frame.
func (m *monkey) press(r *rand.Rand) {
	switch n := r.IntN(100); {
	case n < 2:
		m.w, m.h = 60+r.IntN(241), 16+r.IntN(85)
		m.done = append(m.done, fmt.Sprintf("<%dx%d>", m.w, m.h))
		m.update(tea.WindowSizeMsg{Width: m.w, Height: m.h})
	case n < 8:
		text := monkeyTexts[r.IntN(len(monkeyTexts))]
		m.done = append(m.done, strconv.Quote(text))
		for _, c := range text {
			m.update(tea.KeyPressMsg{Code: c, Text: string(c)})
		}
	case n < 9:
		text := monkeyTexts[r.IntN(len(monkeyTexts))]
		m.done = append(m.done, "paste "+strconv.Quote(text))
		m.update(tea.PasteMsg{Content: text})
	default:
		key := monkeyKeys[r.IntN(len(monkeyKeys))]
		m.done = append(m.done, key)
		m.update(keyMsg(key))
	}
	m.frame()
	m.settle()
	m.frame()
	if r.IntN(8) == 0 { // at rest, with nothing above the view
		for range 4 {
			m.done = append(m.done, "esc")
			m.update(keyMsg("esc"))
			m.settle()
		}
		m.numbers()
	}
}

func (m *monkey) fail(format string, args ...any) {
	m.t.Helper()
	m.t.Fatalf("%s\nafter %s\n%s", fmt.Sprintf(format, args...), strings.Join(m.done[max(len(m.done)-60, 0):], " "), ansi.Strip(m.app.View().Content))
}

// frame checks that a frame fits the terminal and holds nothing that would
// move its cursor.
func (m *monkey) frame() []string {
	lines := strings.Split(m.app.View().Content, "\n")
	if len(lines) > m.h {
		m.fail("%d lines on a terminal of %d", len(lines), m.h)
	}
	for _, l := range lines {
		plain := ansi.Strip(l)
		if w := ansi.StringWidthWc(plain); w > m.w {
			m.fail("a line of %d cells on a terminal of %d: %q", w, m.w, l)
		}
		if strings.ContainsFunc(plain, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }) {
			m.fail("control characters in %q", l)
		}
	}
	return lines
}

// numbers checks that the screen holds what the engine answers to the question
// at hand, and that a table shows no other numbers.
func (m *monkey) numbers() {
	q, ans, drawn := m.app.Shown()
	if !drawn {
		return
	}
	engine := engine(m.t, m.app.Ref()) // w leads to another workspace
	ask := func() (*models.Answer, error) { return engine.Ask(m.t.Context(), q) }
	if place := m.app.CardPlace(); place != "" {
		ask = func() (*models.Answer, error) { return engine.PlaceFlows(m.t.Context(), q, place) }
	}
	want, err := ask()
	if err != nil {
		m.fail("%s is answered on the screen, and the engine says: %v", q, err)
	}
	if !reflect.DeepEqual(texts(ans), texts(want)) {
		m.fail("the screen holds another answer to %s than the engine gives", q)
	}
	labels, values, ok := m.app.TableRows()
	if !ok {
		return
	}
	may := map[string][]string{}
	for i, l := range labels {
		may[l] = append(may[l], values[i]...)
	}
	for _, line := range strings.Split(ansi.Strip(m.app.View().Content), "\n") {
		if len(line) < 3 {
			continue
		}
		label := ""
		for l := range may {
			if strings.HasPrefix(line[2:], l+" ") && len(l) > len(label) {
				label = l
			}
		}
		if label == "" {
			continue
		}
		for _, word := range strings.Fields(line[2+len(label):]) {
			word = strings.TrimPrefix(word, "[")
			if _, err := strconv.ParseFloat(strings.ReplaceAll(word, ",", ""), 64); err == nil && !contains(may[label], word) {
				m.fail("%q shows %s, which is no number of that row (%q)", line, word, may[label])
			}
		}
	}
}

func contains(list []string, word string) bool {
	for _, s := range list {
		if s == word {
			return true
		}
	}
	return false
}

// texts are the cells of an answer as they are read.
func texts(a *models.Answer) (out []string) {
	for _, b := range a.Blocks {
		for r, h := range b.Rows {
			line := strings.Join(h.Codes, " ") + ":"
			for _, c := range b.Cells[r] {
				line += " " + c.Text()
			}
			out = append(out, line)
		}
	}
	return out
}

// monkeySeeds found something once: a list item without a code, an answer that
// stood under another question, a line that was too long.
var monkeySeeds = []uint64{99, 1795341694881595417, 1795341767624526753, 1795342885004945878}

// TestNoRows ends on an empty list and opens what is there: nothing.
func TestNoRows(t *testing.T) {
	t.Parallel()
	for _, view := range []string{"1", "2", "3", "3 3", "3 3 3", "4", "5", "5 5", "5 5 5", "5 5 5 5", "6", "7", "0"} {
		m := newMonkey(t, "training", tui.Look{})
		m.play("y 1 9 9 0 enter " + or(map[string]string{"1": "2"}[view], "1") + " " + view)
		m.play("end enter backspace " + view + " end down pgdown enter = v V ~ t o esc esc esc")
		m.frame()
		m.app.Close()
	}
}

// TestASCIIStaysInside types letters that take no cell, and such that take two
// letters, into lines on a terminal that knows neither.
func TestASCIIStaysInside(t *testing.T) {
	t.Parallel()
	m := newMonkey(t, "training", tui.Look{ASCII: true, Plain: true})
	for _, text := range []string{strings.Repeat("ខេត្ត", 30), strings.Repeat("ßæ½", 60)} {
		m.play("y")
		for _, c := range text {
			m.update(tea.KeyPressMsg{Code: c, Text: string(c)})
			m.frame()
		}
		m.play("enter esc esc")
	}
}

// TestMonkey presses keys at random. TIPLENS_KEYS says how many (make fuzz:
// 100,000); TIPLENS_SEED repeats a run that failed.
func TestMonkey(t *testing.T) {
	t.Parallel()
	keys, seed := 1200, monkeySeeds[rand.IntN(len(monkeySeeds))]
	if n, err := strconv.Atoi(os.Getenv("TIPLENS_KEYS")); err == nil {
		keys, seed = n, uint64(time.Now().UnixNano())
	}
	if n, err := strconv.ParseUint(os.Getenv("TIPLENS_SEED"), 10, 64); err == nil {
		seed = n
	}
	looks := []tui.Look{{ASCII: true, Plain: true}, {Rich: true}, {}}
	for _, ref := range []string{"training", "published"} {
		t.Run(ref, func(t *testing.T) {
			t.Parallel()
			t.Logf("seed %d", seed)
			r := rand.New(rand.NewPCG(seed, uint64(len(ref))))
			for done := 0; done < keys/2; {
				m := newMonkey(t, ref, looks[r.IntN(len(looks))])
				for range min(500, keys/2-done) {
					m.press(r)
				}
				done += 500
				m.app.Close()
			}
		})
	}
}
