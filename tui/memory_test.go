package tui_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tiplens/models"
)

// memoryHost remembers as long as it lives: several screens in turn share it.
type memoryHost struct {
	testHost
	mu    *sync.Mutex
	steps *[]string
	saved *[]models.SavedSlice
}

func newMemoryHost() memoryHost {
	return memoryHost{mu: &sync.Mutex{}, steps: &[]string{}, saved: &[]models.SavedSlice{}}
}

func (h memoryHost) Steps(string) ([]string, time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := slices.Clone(*h.steps)
	*h.steps = nil // a new session begins
	return out, time.Now().Add(-30 * time.Hour)
}

func (h memoryHost) Step(_, step string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	*h.steps = append(*h.steps, step)
}

func (h memoryHost) Saved(string) ([]models.SavedSlice, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(*h.saved), nil
}

func (h memoryHost) Save(_ string, s models.SavedSlice) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	*h.saved = append(*h.saved, s)
	return nil
}

func (h memoryHost) Forget(_, name string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := len(*h.saved)
	*h.saved = slices.DeleteFunc(*h.saved, func(s models.SavedSlice) bool { return s.Name == name })
	if len(*h.saved) == n {
		return errors.New("it is not saved")
	}
	return nil
}

// TestSessionComesBack leaves the screen after some steps, one of them undone,
// and finds it as it was: what is shown, what undo and redo go to, the list of
// steps.
func TestSessionComesBack(t *testing.T) {
	t.Parallel()
	h := newMemoryHost()
	first := openHost(t, h, "training", 80, 24)
	first.wait("Banteay Meanchey")
	first.play("n", "v", "i", "e", "t", "enter")
	first.wait("n Viet Nam")
	first.play("2", "1", "r", "s", "e", "x", "enter")
	first.wait("by sex, year")
	first.play("%")
	first.wait("percent of the row")
	first.play("u")
	first.wantNot("percent of the row")
	before := first.text()

	second := openHost(t, h, "training", 80, 24)
	second.wait("by sex, year")
	second.wait("as you left it yesterday")
	second.play("j")
	if got, want := body(second.text()), body(before); got != want {
		t.Errorf("the screen came back as\n%s\nit was\n%s", got, want)
	}
	second.play("U")
	second.wait("percent of the row")
	second.play("u", "u", "u", "u", "u")
	second.wait("by place, year")
	second.wantNot("n Viet Nam")
	second.play("H")
	second.wait("Steps, the last one first")
	golden(t, "steps-80x24", second.text())
	second.play("home", "enter")
	second.wait("percent of the row")
}

// TestLongSessionComesBack restores more steps than the log's writer has room
// for at once: the new session's log begins with all of them in one entry.
func TestLongSessionComesBack(t *testing.T) {
	t.Parallel()
	h := newMemoryHost()
	*h.steps = []string{`{"enter":{"view":"map","slice":"vic_identified","flow":""}}`, `{"was":[{"view":"trend","slice":"vic_identified","flow":""}]}`} // what was before is in it
	for i := range 600 {
		*h.steps = append(*h.steps, fmt.Sprintf(`{"enter":{"view":"table","slice":"vic_identified by sex where year=%d","flow":""}}`, 1000+i))
	}
	*h.steps = append(*h.steps, `{"go":43}`)
	for range 2 {
		term := openHost(t, h, "training", 80, 24)
		term.wait("y 1042")
		if h.mu.Lock(); len(*h.steps) != 1 {
			t.Errorf("the start wrote %d entries into the log", len(*h.steps))
		}
		h.mu.Unlock()
	}
}

// body is the screen without the status line and the cursor.
func body(screen string) string {
	rows := strings.Split(screen, "\n")
	return strings.ReplaceAll(strings.Join(rows[:len(rows)-2], "\n"), ">", " ")
}

// TestRecallLeavesOut takes what a session no longer understands out of it.
func TestRecallLeavesOut(t *testing.T) {
	t.Parallel()
	h := newMemoryHost()
	*h.steps = []string{
		`{"enter":{"view":"table","slice":"vic_identified by sex","flow":"origin to destination"}}`,
		`{"enter":{"view":"table","slice":"vic_identified by x_gone","flow":""}}`,
		`{"enter":{"view":"tarot","slice":"vic_identified by age","flow":""}}`,
		`half a li`,
		`{"go":7}`, `{"go":-1}`, `{}`, `null`,
	}
	term := openHost(t, h, "training", 80, 24)
	term.wait("by sex")
	term.play("u")
	term.wait("this is the first step")
}

func TestSavedSlices(t *testing.T) {
	t.Parallel()
	h := newMemoryHost()
	term := openHost(t, h, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.play("n", "v", "i", "e", "t", "enter", "2")
	term.onView("2")
	term.play("s")
	term.send("Viet trend: for the report")
	term.quiet()
	term.press("enter")
	term.wait("saved as Viet trend")
	term.play("1", "X", "i", "c", "o", "n", "v", "enter")
	term.play("S")
	term.wait("for the report")
	golden(t, "saved-80x24", strings.ReplaceAll(term.text(), (*h.saved)[0].Saved.Format("2006-01-02"), "DATE"))
	term.play("enter")
	term.onView("2")
	term.want("n Viet Nam")
	term.want("i Identified victims")
	term.play("S", "\x1b[3~")
	term.wait("Viet trend is deleted")
}

// TestFind goes to an indicator, a place, a code, a dataset and a command by
// letters of their names, with typing errors too.
func TestFind(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, typed, does, shows string }{
		{"an indicator", "convicted", "shows Persons convicted", "i Persons convicted"},
		{"a place", "kandal", "filters Place = Kandal", "p Kandal"},
		{"a place with an error", "batambag", "filters Place = Battambang", "p Battambang"},
		{"a code of another dimension", "forced crim", "filters Type of exploitation", "exploitation"},
		{"a dataset", "invented persons", "shows what is known of this dataset", "rows read"},
		{"a command", "swap rows", "does what the key x does", "by year, place"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			term := openTerminal(t, 80, 24)
			term.wait("Banteay Meanchey")
			term.play("/")
			term.send(tt.typed)
			term.quiet()
			term.wait(tt.does)
			term.press("enter")
			term.wait(tt.shows)
		})
	}
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("/")
	term.send("viet")
	term.wait("viet_")
	term.wait("enter filters")
	term.quiet()
	golden(t, "find-80x24", term.text())
}

// TestLongStepsAreWhole: a step that is longer than its line stands whole below
// the list when the cursor is on it.
func TestLongStepsAreWhole(t *testing.T) {
	t.Parallel()
	const long = "vic_identified by place,exploitation across year where nationality!=CN,TH,VN sex=F year=2019..2025 percent of column order value desc top 10"
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		term := openTerminal(t, size[0], size[1])
		term.wait("Banteay Meanchey")
		term.ask(long)
		term.wait("percent of the")
		term.play("%", "H")
		term.want("Steps, the last one first")
		term.wantNot("percent of column")
		whole := func() string { return strings.Join(strings.Fields(strings.Join(term.screen()[3:], " ")), " ") }
		term.press("down")
		if got := whole(); !strings.Contains(got, "table: "+long) {
			t.Errorf("the step is not whole:\n%s", term.text())
		}
		term.press("enter")
		term.want("percent of the")
	}
}

// TestFindWithData: what there are no data of comes behind what there are.
func TestFindWithData(t *testing.T) {
	t.Parallel()
	term := openPublished(t, "sus_arrested by nationality")
	term.typed("/", "traf")
	term.want(" enter filters")
	if l := term.cursor(); !strings.Contains(l, "National Committee for Counter Trafficking") {
		t.Errorf("found first is %q", l)
	}
	term.want("no dat")
	text := term.text()
	if a, b := strings.Index(text, "trafficking in persons recorded"), strings.Index(text, "Inter-Agency Council"); a < 0 || b < a {
		t.Errorf("an agency without data comes before the indicators:\n%s", text)
	}
}

// TestFindOrder: where a word starts as is typed comes before where it only
// stands inside of one, indicators and views before codes, and short names
// before long ones.
func TestFindOrder(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	for _, c := range []struct{ typed, first string }{
		{"traf", "raffick"}, {"map", "Map: "}, {"sour", "Sources: "}, {"iden", "Identified victims"},
		{"thai", "Thailand"}, {"phn", "Phnom Penh"}, {"batta", "Battambang"}, {"afri", "South Africa"},
	} {
		term.typed("/", c.typed)
		term.want(" enter ")
		if l := term.cursor(); !strings.Contains(l, c.first) {
			t.Errorf("%q finds first %q, not %s", c.typed, l, c.first)
		}
		inside := false // from here on it stands inside of words only
		for _, l := range term.screen()[4:20] {
			l = strings.ToLower(strings.TrimLeft(l, "> "))
			if l == "" {
				break
			}
			starts := strings.HasPrefix(l, c.typed) || strings.Contains(l, " "+c.typed)
			if inside = inside || !starts && strings.Contains(l, c.typed); inside && strings.HasPrefix(l, c.typed) {
				t.Errorf("%q: %q comes behind names that have it inside:\n%s", c.typed, l, term.text())
			}
		}
		term.press("esc")
	}
}

// TestCommandLine completes what is typed, says what enter will do, takes
// views and commands, and knows the lines before.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play(":", "\x15")
	term.send("vic_ident by place where nationality=viet")
	term.quiet()
	term.play("tab")
	term.wait("nationality=VN")
	golden(t, "command-80x24", term.text())
	term.play("\x15")
	term.send("trend: vic_identified by sex")
	term.quiet()
	term.wait("enter shows trend: vic_identified by sex")
	term.press("enter")
	term.onView("2")
	term.play(":", "\x15")
	term.send("undo")
	term.quiet()
	term.wait("enter undo a step")
	term.press("enter")
	term.onView("1")
	// A new question can be typed behind the one that is shown, or that one goes on.
	term.play("esc", "esc", ":")
	term.typed("sus_arr")
	term.want("sus_arrested")
	term.typed("ested by year", "enter")
	term.wait("i Persons arrested")
	term.play("u", ":")
	term.typed("top 3", "enter")
	term.wait("first 3")
	term.play("u")
	term.play(":", "\x15", "up", "up", "up", "up")
	term.wait("trend: vic_identified by sex")
	term.play("\x15")
	term.send("vic_identified by nowhere")
	term.quiet()
	term.wait("not yet: ")
	term.press("enter")
	term.wait("nowhere")
	term.press("esc")
}
