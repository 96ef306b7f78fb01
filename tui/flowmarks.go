package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// pairKey names a corridor among those that are marked, "" for a row that is
// none. No code holds the sign between its ends.
func pairKey(h models.Header) string {
	if len(h.Codes) < 2 || len(h.Labels) < 2 || h.Kind == models.TotalHeader {
		return ""
	}
	return h.Codes[0] + ">" + h.Codes[1]
}

// mark chooses a corridor for the trend, or lets it go.
func (f *flowsView) mark() reply {
	h, ok := f.under()
	key := pairKey(h)
	switch {
	case f.kind == flowPlace || f.kind == flowRoutes || f.kind == flowPicture:
		return reply{handled: true, say: sayCorridorsMarkedTheir}
	case !ok || key == "":
		return reply{handled: true, say: sayThisRowHolds}
	case len(f.pairs) == maxSeries && !slices.Contains(f.pairs, key):
		return reply{handled: true, say: fmt.Sprintf(sayCorridorsMarkedAs, maxSeries)}
	}
	return reply{handled: true, edit: func(s *state) { s.pairs = toggle(s.pairs, key) }}
}

// under is the row at the cursor of the list.
func (f *flowsView) under() (models.Header, bool) {
	b := f.source()
	if b == nil || f.grid.row >= len(f.rows) || f.rows[f.grid.row] < 0 {
		return models.Header{}, false
	}
	return b.Rows[f.rows[f.grid.row]], true
}

// showTrend opens the trend: of corridors where some are marked on the list it
// is opened from, else of rows.
func (a *App) showTrend() tea.Cmd {
	if a.state.view == viewTrend {
		return nil
	}
	return a.step(func(s *state) {
		s.lines = s.view == viewFlows && len(s.pairs) > 0
		s.view = viewTrend
	})
}

// corridorName names a line of the trend: in full, and by its codes for beside
// the chart, where there may be room for little.
func corridorName(h models.Header, l Look) (full, short string) {
	if len(h.Labels) < 2 {
		return strings.Join(h.Labels, " "), ""
	}
	between := " " + l.arrow() + " "
	ends := slices.Clone(h.Codes[:2])
	for i, c := range ends {
		if c == models.Unknown {
			ends[i] = "n.s."
		}
	}
	return strings.Join(h.Labels[:2], between), strings.Join(ends, between)
}
