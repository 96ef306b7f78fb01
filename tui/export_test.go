package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tiplens/models"
)

// Under is what the cursor of the view is on, and whether an overlay lies
// above it.
func (a *App) Under() (subject string, covered bool) {
	if !a.ready() {
		return "", len(a.stack) > 0
	}
	return fmt.Sprintln(a.state.view, a.view().subject(a.state), a.view().position()), len(a.stack) > 0
}

// Shown is what the screen shows when it is at rest: the question it asks, the
// answer it holds, and whether that is drawn with nothing above it.
func (a *App) Shown() (q models.Slice, ans *models.Answer, drawn bool) {
	q, asks := a.state.question()
	return q, a.answer, asks && a.ready() && len(a.stack) == 0 && a.held == nil && !a.busy && !a.opening
}

// Ref names the workspace that is open.
func (a *App) Ref() string { return a.ref }

// CardPlace is the place whose flows are on the screen, "" on any other picture.
func (a *App) CardPlace() string { return a.state.cardOf() }

// TableRows gives the texts of a row of the table by its place on the screen:
// what is left of the numbers, and all numbers that may stand in it.
func (a *App) TableRows() (labels []string, values [][]string, ok bool) {
	t, ok := a.view().(*tableView)
	if !ok {
		return nil, nil, false
	}
	for _, r := range t.grid.rows {
		labels, values = append(labels, r.labels[len(r.labels)-1]), append(values, r.values)
	}
	return labels, values, true
}

// GuideIDs lists the ids of the dictionary.
func (a *App) GuideIDs() (out []string) {
	for _, e := range a.entries() {
		out = append(out, e.id)
	}
	return out
}

// Said is the word in the status line.
func (a *App) Said() string { return a.said }

// HelpKeys lists the keys that the help of the view at hand names.
func (a *App) HelpKeys() (out []string) {
	for _, b := range a.keys {
		if b.works(a.state.view) {
			out = append(out, b.key)
		}
	}
	return out
}

// Depth is how many overlays lie above the view.
func (a *App) Depth() int { return len(a.stack) }

// Hint is the line of keys of the overlay at the top, "" without one.
func (a *App) Hint() string {
	if o := a.top(); o != nil {
		return o.hint()
	}
	return ""
}

// Wordless lists keys and views whose words do not come from words.go, and
// words that belong to no key.
func (a *App) Wordless() (out []string) {
	used := map[string]bool{}
	for _, b := range a.keys {
		used[b.name] = true
	}
	for id, name := range keyNames {
		if !used[name] {
			out = append(out, "unused: "+id)
		}
		delete(used, name)
	}
	for name := range used {
		out = append(out, "key: "+name)
	}
	for id := range a.views {
		if !slices.ContainsFunc(viewTexts, func(v viewWords) bool { return v.id == id && v.name != "" && v.short != "" && v.hint != "" }) || viewNames[id] == "" {
			out = append(out, fmt.Sprint("view: ", id))
		}
	}
	return out
}

// TableOf gives the rows that a table shows of an answer, and its note.
func TableOf(a *models.Answer, hide bool) string {
	t := &tableView{}
	t.set(a, state{hide: hide}, Look{})
	var rows []string
	for _, r := range t.grid.rows {
		rows = append(rows, r.labels[0])
	}
	out := strings.Join(rows, " ")
	if n := t.note(); n != "" {
		out += "; " + n
	}
	return out
}

// Reading passes chunks through the guard of unfinished pastes, each after a
// time, and gives what is read of each.
func Reading(chunks [][]byte, wait time.Duration) (out [][]byte) {
	var p pastes
	now := time.Unix(0, 0)
	for _, c := range chunks {
		now = now.Add(wait)
		b := append(append([]byte{}, c...), make([]byte, len(pasteEnd))...)
		out = append(out, b[:p.pass(b, len(c), now)])
	}
	return out
}
