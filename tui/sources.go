package tui

import (
	"fmt"
	"strings"

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
	v.of, v.text = m.of, textPage{title: m.c.Title, text: comparisonText(m.c)}
}

// comparisonText lays a comparison out as lines.
func comparisonText(c *models.Comparison) []string {
	var out []string
	for _, r := range c.Rows {
		value := r.Value.Text() + " " + c.Unit
		if r.Missing != "" {
			value = r.Missing
		}
		if r.Period != "" {
			value += ", " + r.Period
		}
		out = append(out, "", fmt.Sprintf("%s: %s", r.Source.Agency, value))
		add := func(what, said string) {
			if said != "" {
				out = append(out, "  "+what+": "+said)
			}
		}
		add("who", sourceName(r.Source)+fmt.Sprintf(" (%s@%d)", r.Source.Dataset, r.Source.Version))
		add("has", r.Years)
		add("counts", r.Source.Definition)
		add("coverage", r.Source.Coverage)
		add("de-duplication", strings.ReplaceAll(string(r.Source.Dedup), "_", " "))
		add("documents", strings.Join(r.Documents, "; "))
	}
	switch {
	case c.Range.HasBounds():
		out = append(out, "", "Never added. Known to at least one of them: "+c.Range.Text()+" "+c.Unit+" (at least the largest, at most the sum).")
	case c.Why != "":
		out = append(out, "", c.Why)
	case len(c.Rows) == 1:
		out = append(out, "", "One source; nothing to set beside it.")
	}
	for _, k := range c.Claims {
		kind := "One figure, several citations"
		if k.Conflict {
			kind = "Documents disagree"
		}
		head := kind + " (W-16), " + k.Agency
		if k.What != "" {
			head += ", " + k.What
		}
		out = append(out, "", head+":")
		for _, s := range k.Said {
			out = append(out, fmt.Sprintf("  %s in %s (row %d)", s.Value.Text(), s.Document, s.Row))
		}
	}
	if len(c.Notes) > 0 {
		out = append(out, "")
	}
	for _, n := range c.Notes {
		out = append(out, remarkText(n))
	}
	return out
}
