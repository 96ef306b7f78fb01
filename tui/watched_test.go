package tui_test

import (
	"reflect"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"tiplens/tui"
)

// watched is the program with a window into it: a test must know when all keys
// are answered and nothing is under way, however slow the machine is.
type watched struct {
	mu   sync.Mutex
	app  *tui.App
	keys int // handled
	open int // commands under way
}

// settled carries what a command gave, so that its end is known.
type settled struct{ msg tea.Msg }

func (w *watched) Init() tea.Cmd {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.follow(w.app.Init())
}

func (w *watched) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s, ok := msg.(settled); ok {
		w.open--
		msg = s.msg
	}
	_, cmd := w.app.Update(msg)
	if _, ok := msg.(tea.KeyPressMsg); ok {
		w.keys++
	}
	return w, w.follow(cmd)
}

func (w *watched) View() tea.View {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.app.View()
}

// follow counts a command until its message has been handled. Messages of the
// runtime itself go on as they are.
func (w *watched) follow(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	w.open++
	done := func() {
		w.mu.Lock()
		w.open--
		w.mu.Unlock()
	}
	return func() tea.Msg {
		switch m := cmd().(type) {
		case nil:
			done()
			return nil
		case tea.BatchMsg:
			w.mu.Lock()
			defer w.mu.Unlock()
			for i := range m {
				m[i] = w.follow(m[i])
			}
			w.open--
			return m
		default:
			if reflect.TypeOf(m).PkgPath() == reflect.TypeFor[tui.App]().PkgPath() {
				return settled{m}
			}
			done()
			return m
		}
	}
}

// rests reports whether all keys are answered, nothing is under way, and the
// screen shows what the program wants to show.
func (w *watched) rests(sent int, screen []string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.keys < sent || w.open > 0 {
		return false
	}
	for i, l := range strings.Split(ansi.Strip(w.app.View().Content), "\n") {
		if i >= len(screen) || strings.TrimRight(l, " ") != screen[i] {
			return false
		}
	}
	return true
}
