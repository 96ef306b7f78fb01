package tui

import "tiplens/models"

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
