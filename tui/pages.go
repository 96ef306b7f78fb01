package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// help lists the keys that work on the view at hand, made from the table of
// keys; the arrows choose one and enter presses it.
func (a *App) help() tea.Cmd {
	var items []item
	for _, b := range a.keys {
		if !b.works(a.state.view) {
			continue
		}
		items = append(items, item{code: b.key, label: pad(b.shown, 10) + b.name, search: b.name})
	}
	a.push(&helpPage{picker: picker{title: titleHelp, items: items, fold: strings.ToLower, apply: func(codes []string, _ bool) reply {
		return reply{handled: true, close: true, run: func(a *App) tea.Cmd { return a.press(codes[0]) }}
	}}})
	return nil
}

// helpPage is a picker that "?" closes again.
type helpPage struct{ picker }

func (h *helpPage) key(key, text string) reply {
	if key == "?" {
		return reply{handled: true, close: true}
	}
	return h.picker.key(key, text)
}

func (h *helpPage) view(w, lines int, l Look) []string {
	return h.viewWhole(w, lines, l, func(it item) string { return strings.Join(strings.Fields(it.label), " ") })
}

func (h *helpPage) hint() string { return hintHelp }

func (h *helpPage) helps() bool { return false }

// helpAbove lists the keys of what lies above the view, also those that its
// line has no room for. It reports false where "?" is a letter like others.
func (a *App) helpAbove() bool {
	o, ok := a.top().(interface {
		overlay
		helps() bool
	})
	if !ok || !o.helps() {
		return false
	}
	text := strings.Split(o.hint(), "  ")
	if _, list := o.(interface{ shown() []item }); list {
		text = append(text, moreListKeys...)
	}
	a.push(&textPage{title: titleKeysHere, text: text})
	return true
}

// press acts as if a key of the views had been pressed.
func (a *App) press(key string) tea.Cmd {
	for _, b := range a.keys {
		if b.key == key && b.do != nil {
			return b.do(a)
		}
	}
	if a.ready() {
		return a.reply(a.view().key(key, a.state))
	}
	return nil
}

// define explains what is under the cursor, the indicator first, and lists
// what must be said of the answer.
func (a *App) define() tea.Cmd {
	if a.cat == nil {
		return nil
	}
	ids := []string{a.view().subject(a.state)}
	if ind := a.state.slice.Indicator(); ids[0] != ind {
		ids = append(ids, ind)
	}
	if a.answer != nil {
		for _, r := range a.answer.Refusals {
			ids = append([]string{r.Rule}, ids...)
		}
		for _, r := range a.answer.Warnings {
			if !slices.Contains(ids, r.Rule) {
				ids = append(ids, r.Rule)
			}
		}
	}
	var text []string
	for _, id := range ids {
		for _, e := range a.host.Explain(a.cat, id) {
			text = append(text, strings.Split(strings.TrimRight(e.String(), "\n"), "\n")...)
			text = append(text, "")
		}
	}
	if a.answer != nil {
		text = append(text, a.remarks()...)
	}
	if len(text) == 0 {
		a.said = sayNothingKnownAbout
		return nil
	}
	a.push(&textPage{title: titleMeaning, text: text})
	return nil
}

// remarks lists warnings, footnotes and sources of the answer in full.
func (a *App) remarks() []string {
	var out []string
	for _, r := range append(append([]models.Remark{}, a.answer.Warnings...), a.answer.Footnotes...) {
		out = append(out, r.String())
	}
	for _, s := range a.answer.Sources {
		out = append(out, "Source: "+s.Name()+fmt.Sprintf(", %s@%d", s.Dataset, s.Version))
	}
	if len(a.answer.Pinned.Parts) > 0 {
		out = append(out, "Slice: "+a.answer.Reopens())
	}
	return out
}

// openReport shows what a dataset is and what its load had to tell.
func (a *App) openReport(id string) tea.Cmd {
	store, cat, offers := a.store, a.cat, a.data().offers[id]
	for _, s := range a.data().sets {
		if s.ID != id {
			continue
		}
		return func() tea.Msg {
			fs, err := store.Findings(a.ctx, id)
			if err != nil {
				return reportMsg{err: err}
			}
			changes, err := store.Changes(a.ctx, id)
			if err != nil { // of a version before that is damaged; the report of this one stands
				changes = nil
			}
			return reportMsg{page: report(s, offers, fs, changes, cat)}
		}
	}
	return nil
}

// own is the workspace that takes files: the one that is open, else the
// person's own.
func (a *App) own() (Workspace, bool) {
	var found Workspace
	for _, w := range a.host.Workspaces() {
		if w.Own && (found.Ref == "" || w.Ref == a.ref) {
			found = w
		}
	}
	return found, found.Ref != ""
}

func shortPath(p string) string {
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		return p[i+1:]
	}
	return p
}

// back makes the version before the current one current again.
func (a *App) back(id string) tea.Cmd {
	if id == "" {
		return nil
	}
	n, err := a.host.Back(a.ref, id)
	if err != nil {
		a.said = err.Error()
		return nil
	}
	a.said = fmt.Sprintf(sayAtVersionAgain, id, n)
	return a.open(a.ref)
}
