package tui

import (
	"fmt"

	"tiplens/models"
)

// Resting reports whether nothing is under way that the screen waits for.
func (a *App) Resting() bool {
	if o, ok := a.top().(interface{ waits() bool }); ok && o.waits() {
		return false
	}
	p, ok := a.top().(*picker)
	return !a.busy && !a.opening && len(a.ahead) == 0 && !(ok && p.busy)
}

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
