package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// reply is what a view or an overlay wants after a key: a step to take, an
// overlay to open or close, something to run. The zero reply says that the key
// was not its own.
type reply struct {
	handled bool
	edit    func(*state) // a step: entered into the history and asked
	open    overlay
	close   bool
	run     func(a *App) tea.Cmd
	say     string // a word in the status line
}

// took says that a key was handled and nothing more is wanted.
var took = reply{handled: true}

// overlay lies over the view: a picker, the help, a card. It gets all keys
// while it is the top one.
type overlay interface {
	// key handles a key; text is what the key types, "" for none.
	key(key, text string) reply
	// view draws into exactly h lines of at most w cells.
	view(w, h int, l Look) []string
	// hint is the line of keys that matter now.
	hint() string
}

// textPage is an overlay of text to read: help, definitions, reports.
type textPage struct {
	title string
	text  []string
	top   int
	page  int
	more  func(w int) []string // text that depends on the width, instead of text
	acts  map[string]reply     // keys that do something here
	keys  string
}

func (p *textPage) key(key, _ string) reply {
	switch key {
	case "down", "j":
		p.top++
	case "up", "k":
		p.top--
	case "pgdown", "space":
		p.top += max(p.page-1, 1)
	case "pgup":
		p.top -= max(p.page-1, 1)
	case "home":
		p.top = 0
	case "end":
		p.top = 1 << 20
	case "esc", "q", "?", "=", "enter", "backspace", "ctrl+h":
		if r, ok := p.acts[key]; ok {
			return r
		}
		return reply{handled: true, close: true}
	default:
		if r, ok := p.acts[key]; ok {
			return r
		}
	}
	return took
}

func (p *textPage) view(w, h int, l Look) []string {
	wrapped := p.wrapped(w, l)
	p.page = h - 1
	p.top = min(max(p.top, 0), max(len(wrapped)-p.page, 0))
	out := []string{cut(p.title, w)}
	for i := p.top; i < min(p.top+p.page, len(wrapped)); i++ {
		out = append(out, cut(wrapped[i], w))
	}
	return lines(out, h)
}

// wrapped gives the lines of the text as they stand on a screen of w cells.
func (p *textPage) wrapped(w int, l Look) []string {
	text := p.text
	if p.more != nil {
		text = p.more(w - 2)
	}
	var wrapped []string
	for _, t := range text {
		if l.ASCII {
			spelt := spellable(t)
			if spelt == "" && t != "" {
				continue
			}
			t = spelt
		}
		if t == "" {
			wrapped = append(wrapped, "")
			continue
		}
		if set, ok := strings.CutPrefix(t, "\t"); ok { // set in columns already
			wrapped = append(wrapped, " "+set)
			continue
		}
		indent := ""
		for i := 0; i < len(t) && t[i] == ' '; i++ {
			indent += " "
		}
		for _, line := range wrap(t, w-2-len(indent)) {
			wrapped = append(wrapped, " "+indent+line)
		}
	}
	return wrapped
}

// helps reports whether "?" lists the keys: a page of keys it closes.
func (p *textPage) helps() bool { return p.title != titleKeysHere && p.title != titleLoadKeys }

func (p *textPage) hint() string {
	if p.keys != "" {
		return p.keys
	}
	return hintScroll
}
