package tui

import (
	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// sourcesView says who says what: the sources of the indicator side by side,
// the range in place of a sum, and what several documents claim.
type sourcesView struct {
	text textPage
	of   string // the question it answers
}

func (v *sourcesView) set(*models.Answer, state, Look) {}
func (v *sourcesView) position() string                { return "" }
func (v *sourcesView) note() string                    { return "" }
func (v *sourcesView) marks() string                   { return "" }
func (v *sourcesView) subject(st state) string         { return st.slice.Indicator() }

func (v *sourcesView) key(key string, _ state) reply {
	switch key {
	case "down", "j", "up", "k", "pgdown", "pgup", "home", "end":
		return v.text.key(key, "")
	}
	return reply{}
}

func (v *sourcesView) draw(w, h int, l Look) []string { return v.text.view(w, h, l) }

// comparisonMsg brings what the sources say.
type comparisonMsg struct {
	seq int
	of  string
	c   *models.Comparison
	err error
}

// compare asks what the sources say of the indicator at hand.
func (a *App) compare() tea.Cmd {
	q := a.state.slice.Clone()
	v := a.views[viewSources].(*sourcesView)
	if a.store == nil || q.Indicator() == "" || v.of == q.String() {
		return nil
	}
	a.busy = true
	ctx, seq := a.ask.start(a.ctx)
	store := a.store
	return func() tea.Msg {
		c, err := store.Sources(ctx, q)
		return comparisonMsg{seq, q.String(), c, err}
	}
}

func (a *App) compared(m comparisonMsg) {
	if m.seq != a.ask.seq {
		return // overtaken
	}
	a.busy = false
	if m.err != nil {
		a.trouble = m.err.Error()
		return
	}
	a.trouble = ""
	v := a.views[viewSources].(*sourcesView)
	v.of, v.text = m.of, textPage{title: m.c.Title, text: m.c.Lines()}
}
