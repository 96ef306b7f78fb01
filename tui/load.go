package tui

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// loadPage is a file on its way in: what was decided, its columns, the values
// to decide, a preview and the findings, each in a tab. It keeps the answers
// and asks for a new draft after each one.
type loadPage struct {
	ws      Workspace
	file    string
	cat     *models.Catalog
	draft   *models.Draft
	changes []models.DraftChange
	undone  [][]models.DraftChange
	ask     request
	busy    bool
	wrong   string // why the last answer cannot be, or the file cannot be read
	tab     loadTab
	at, top [loadTabs]int
	left    int             // first cell of a row that is shown
	page    int             // lines of the last view
	all     map[string]bool // columns of which every value is listed
	leaving bool
}

type loadTab int

const (
	tabFile loadTab = iota
	tabColumns
	tabValues
	tabPreview
	tabFindings
	loadTabs
)

// loadLine is one line of a tab. Those with a key can be gone to.
type loadLine struct {
	text  string
	key   string
	why   string
	enter func() reply
	space func() reply
	minus func() reply
}

// draftMsg brings a draft, or why there is none.
type draftMsg struct {
	p       *loadPage
	seq     int
	changes []models.DraftChange
	draft   *models.Draft
	err     error
}

// openFile begins to load a file: first it is looked at.
func (a *App) openFile(ws Workspace, file string) tea.Cmd {
	p := &loadPage{ws: ws, file: file, cat: a.cat, all: map[string]bool{}}
	a.push(p)
	return p.look(a, nil)
}

// look asks for the draft of the file with these answers.
func (p *loadPage) look(a *App, changes []models.DraftChange) tea.Cmd {
	ctx, seq := p.ask.start(a.ctx)
	p.busy, p.wrong, p.leaving = true, "", false
	host, ref, file := a.host, p.ws.Ref, p.file
	return func() tea.Msg {
		d, err := host.Draft(ctx, ref, file, changes)
		return draftMsg{p, seq, changes, d, err}
	}
}

// drafted takes a draft. An answer that cannot be is not kept.
func (a *App) drafted(m draftMsg) {
	p := m.p
	if m.seq != p.ask.seq {
		return
	}
	p.busy = false
	if m.err != nil {
		if !errors.Is(m.err, context.Canceled) {
			p.wrong = m.err.Error()
		}
		return
	}
	settled := p.draft == nil || p.draft.Blocks != "" // what blocked it before
	key := ""
	if ls := p.lines(minWidth); p.draft != nil && p.at[p.tab] < len(ls) {
		key = ls[p.at[p.tab]].key
	}
	p.changes, p.draft = m.changes, m.draft
	switch {
	case !settled || p.tab != tabFile:
	case p.draft.Blocks == "":
		key = loadKey
	default:
		key = p.draft.BlocksAt
	}
	p.find(key)
}

// find puts the cursor on a line by its key. A value that was settled is gone
// from the list; then the next one is meant.
func (p *loadPage) find(key string) {
	ls := p.lines(minWidth)
	at := slices.IndexFunc(ls, func(l loadLine) bool { return l.key == key })
	for i := p.at[p.tab]; at < 0 && i < len(ls); i++ {
		if strings.HasPrefix(ls[i].key, "value:") {
			at = i
		}
	}
	if at >= 0 && key != "" {
		p.at[p.tab] = at
	}
}

// amend adds an answer.
func (p *loadPage) amend(c models.DraftChange) reply {
	return reply{handled: true, run: func(a *App) tea.Cmd {
		p.undone = nil
		return p.look(a, append(slices.Clone(p.changes), c))
	}}
}

// chosen adds the answer that a picker gives.
func (p *loadPage) chosen(c models.DraftChange) reply {
	r := p.amend(c)
	r.close = true
	return r
}

// waits reports that keys are to be kept until the draft is there.
func (p *loadPage) waits() bool { return p.busy }

func (p *loadPage) key(key, _ string) reply {
	p.wrong = ""
	if key != "esc" {
		p.leaving = false
	}
	switch key {
	case "esc":
		return p.leave()
	case "tab", "shift+tab":
		step := loadTab(1)
		if key == "shift+tab" {
			step = loadTabs - 1
		}
		p.tab, p.left = (p.tab+step)%loadTabs, 0
		if p.tab == tabValues && p.at[tabValues] == 0 {
			p.find("value:") // the first to decide
		}
		return took
	case "u", "U":
		return p.undo(key == "u")
	case "?":
		return reply{handled: true, open: &textPage{title: titleLoadKeys, text: loadHelp}}
	case "a":
		return p.load()
	case "right", "l":
		p.left++
		return took
	case "left", "h":
		p.left = max(p.left-1, 0)
		return took
	}
	ls := p.lines(minWidth)
	if p.move(key, ls) {
		return took
	}
	at := p.at[p.tab]
	if at >= len(ls) {
		return took
	}
	act := map[string]func() reply{"enter": ls[at].enter, "space": ls[at].space, "-": ls[at].minus}[key]
	switch {
	case act != nil:
		return act()
	case key == "=" && ls[at].why != "":
		return reply{handled: true, open: &textPage{title: titleWhy, text: []string{ls[at].why}}}
	case key == "space" && strings.HasPrefix(ls[at].key, "value:"):
		return reply{handled: true, say: sayNothingProposed}
	case key == "enter" || key == "space" || key == "-":
		return reply{handled: true, say: sayThereNothingChange}
	}
	return took
}

// move moves the cursor among the lines that can be gone to, or scrolls where
// there is none.
func (p *loadPage) move(key string, ls []loadLine) bool {
	at, page := p.at[p.tab], max(p.page-1, 1)
	to := map[string]int{"down": at + 1, "j": at + 1, "up": at - 1, "k": at - 1, "pgdown": at + page, "pgup": at - page, "home": 0, "end": len(ls) - 1}
	want, ok := to[key]
	if !ok {
		return false
	}
	want = min(max(want, 0), max(len(ls)-1, 0))
	step := 1
	if want < at {
		step = -1
	}
	if !slices.ContainsFunc(ls, func(l loadLine) bool { return l.key != "" }) {
		p.at[p.tab] = min(want, max(len(ls)-p.page, 0))
		return true
	}
	for _, dir := range []int{step, -step} {
		for i := want; i >= 0 && i < len(ls); i += dir {
			if ls[i].key != "" {
				p.at[p.tab] = i
				return true
			}
		}
	}
	return true
}

// leave closes the page; answers given are not thrown away by one key.
func (p *loadPage) leave() reply {
	if len(p.changes) > 0 && !p.leaving {
		p.leaving = true
		return reply{handled: true, say: sayAgainLeavesFile}
	}
	p.ask.stop()
	return reply{handled: true, close: true}
}

// undo takes the last answer back, or gives it again.
func (p *loadPage) undo(back bool) reply {
	if back {
		n := len(p.changes)
		if n == 0 {
			return reply{handled: true, say: sayNothingHasBeen}
		}
		p.undone = append(p.undone, p.changes)
		return reply{handled: true, run: func(a *App) tea.Cmd { return p.look(a, p.changes[:n-1]) }}
	}
	n := len(p.undone)
	if n == 0 {
		return reply{handled: true, say: sayNothingWasUndone}
	}
	next := p.undone[n-1]
	p.undone = p.undone[:n-1]
	return reply{handled: true, run: func(a *App) tea.Cmd { return p.look(a, next) }}
}

// load starts the load, unless something still blocks it.
func (p *loadPage) load() reply {
	switch {
	case p.draft == nil:
		return reply{handled: true, say: sayFileCannotBe}
	case p.draft.Blocks != "":
		return reply{handled: true, say: p.draft.Blocks}
	}
	order := LoadOrder{File: p.file, Draft: p.draft, Changes: p.changes}
	return reply{handled: true, close: true, run: func(a *App) tea.Cmd { return a.startLoad(p.ws.Ref, order) }}
}

// loadHelp lists the keys of this page. They mean what they mean elsewhere.
var loadHelp = []string{
	"tab            next tab: File, Columns, Values, Preview, Findings",
	"arrows         move (also j k); left and right: the cells of a row",
	"PgUp PgDn      turn a page;  Home End  first line, last line",
	"enter          change what is under the cursor",
	"space          accept the proposal for a value",
	"-              leave a column out; leave a value as not stated",
	"u  U           undo an answer, redo it",
	"=              why this was decided",
	"a              load the file",
	"esc            back, without loading",
}

func (p *loadPage) hint() string {
	switch {
	case p.busy:
		return hintLookingAtFile
	case p.draft == nil:
		return hintLoadPage
	case p.tab == tabPreview || p.tab == tabFindings:
		return hintLoadFindings
	case p.tab == tabValues:
		return hintLoadValues
	case p.tab == tabColumns:
		return hintLoadColumns
	}
	return hintLoadFile
}

func (p *loadPage) view(w, h int, l Look) []string {
	if p.draft == nil {
		return p.unread(w, h)
	}
	out := []string{p.heads(w)}
	state := p.state()
	for i, s := range wrap(state, w-2) {
		if i == 2 {
			out[len(out)-1] = cut(out[len(out)-1]+" ...", w)
			break
		}
		out = append(out, " "+s)
	}
	ls := p.lines(w)
	p.page = max(h-len(out), 1)
	t := p.tab
	p.at[t] = min(p.at[t], max(len(ls)-1, 0))
	pointed := slices.ContainsFunc(ls, func(l loadLine) bool { return l.key != "" })
	if pointed {
		if p.at[t] < p.top[t] {
			p.top[t] = max(p.at[t]-1, 0)
		}
		p.top[t] = max(min(p.top[t], len(ls)-p.page), p.at[t]-p.page+1, 0)
		if ls[p.at[t]].key == "" {
			p.move("down", ls)
		}
	} else {
		p.top[t] = min(p.at[t], max(len(ls)-p.page, 0))
	}
	for i := p.top[t]; i < min(p.top[t]+p.page, len(ls)); i++ {
		mark := " "
		if pointed && i == p.at[t] {
			mark = ">"
		}
		out = append(out, strings.TrimRight(cut(mark+ls[i].text, w), " "))
	}
	return lines(out, h)
}

// state says what would be loaded, or why not yet.
func (p *loadPage) state() string {
	switch {
	case p.wrong != "":
		return "That cannot be: " + p.wrong
	case p.draft.Blocks != "":
		return "Not yet: " + p.draft.Blocks + "."
	}
	return "Ready: " + draftSummary(p.draft) + "."
}

// unread says why a file cannot be read, and what may help.
func (p *loadPage) unread(w, h int) []string {
	out := []string{cut(shortPath(p.file), w), ""}
	if p.busy {
		return lines(out, h)
	}
	for _, s := range wrap(p.wrong, w-4) {
		out = append(out, "  "+s)
	}
	out = append(out, "")
	for i, l := range p.lines(w) {
		mark := " "
		if i == p.at[p.tab] {
			mark = ">"
		}
		out = append(out, cut(mark+" "+l.text, w))
	}
	return lines(out, h)
}
