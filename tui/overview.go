package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// overviewView shows a slice at a glance: its figure, its years, and a facet
// for every dimension. What is chosen is marked from the slice itself, so that
// a choice shows at once and its counts when they come.
type overviewView struct {
	o      *models.Overview
	recent recall[*models.Overview]
	cat    *models.Catalog
	where  []models.Term
	order  string // count unless "name" or "code"
	source string // the source that is shown
	part   string // what is shown of a measure of several parts

	facet  string            // dimension of the facet with the cursor, "" on the figure
	rows   map[string]int    // where the cursor is in each facet
	tops   map[string]int    // the first value shown
	termed map[string]string // the filter each was drawn under
	page   int               // the page of facets that is shown
	boxes  []box             // where facets were drawn last
	wide   int               // how wide a column of them is
}

// overviewMsg brings an overview.
type overviewMsg struct {
	seq int
	of  string
	o   *models.Overview
	err error
}

// glance asks for the overview of the slice at hand.
func (a *App) glance() tea.Cmd {
	q, ok := a.state.question()
	v := a.views[viewOverview].(*overviewView)
	v.cat, v.where, v.order, v.part = a.cat, a.state.slice.Where, a.state.slice.Order.Key, a.partText(q)
	if !ok || a.store == nil {
		a.rest()
		return nil
	}
	of := q.String()
	if o, ok := v.recent.get(of); ok {
		a.rest()
		a.takeOverview(o)
		return nil
	}
	a.busy = true
	ctx, seq := a.ask.start(a.ctx)
	store := a.store
	return func() tea.Msg {
		o, err := store.Overview(ctx, q)
		return overviewMsg{seq, of, o, err}
	}
}

// partText says which part of a measure is looked at, where it is not the whole.
func (a *App) partText(q models.Slice) string {
	if q.Op == models.One || len(q.Parts) == 0 {
		return ""
	}
	text := q.Parts[0].Indicator
	if i := a.cat.Indicator(text); i != nil {
		text = i.Name
	}
	for _, t := range q.Parts[0].Where {
		text += ", " + a.termText(t)
	}
	if q.Op == models.Part {
		return sayShareOf + text
	}
	return fmt.Sprintf(sayFirstPart, len(q.Parts), text)
}

func (a *App) glanced(m overviewMsg) {
	if !a.arrived(m.seq, m.err) {
		return
	}
	a.views[viewOverview].(*overviewView).recent.put(m.of, m.o, 0)
	a.takeOverview(m.o)
}

// remembers reports whether what the view at hand shows of a slice is there
// without asking.
func (a *App) remembers(q models.Slice) bool {
	if a.state.view == viewOverview {
		_, ok := a.views[viewOverview].(*overviewView).recent.get(q.String())
		return ok
	}
	_, ok := a.recent.get(a.state.askedFor(q))
	return ok
}

func (a *App) takeOverview(o *models.Overview) {
	a.views[viewOverview].(*overviewView).o = o
	ans := *o.Answer
	if len(o.Glances) > 0 { // where nothing meets the filters the facets say what would
		ans.Empty = ""
	}
	a.take(&ans)
}

func (v *overviewView) set(*models.Answer, state, Look) {
	if v.rows == nil {
		v.rows, v.tops, v.termed = map[string]int{}, map[string]int{}, map[string]string{}
	}
	if v.facet != "" && v.at(v.facet) == nil {
		v.facet = ""
	}
}

// seen is the source that is shown.
func (v *overviewView) seen() (g *models.Glance, n int) {
	if v.o == nil || len(v.o.Glances) == 0 {
		return nil, 0
	}
	n = max(slices.IndexFunc(v.o.Glances, func(g models.Glance) bool { return g.Source.Key() == v.source }), 0)
	return &v.o.Glances[n], n
}

// at finds the facet of a dimension.
func (v *overviewView) at(dim string) *models.Facet {
	g, _ := v.seen()
	if g == nil {
		return nil
	}
	for i := range g.Facets {
		if g.Facets[i].Axis.Dim == dim {
			return &g.Facets[i]
		}
	}
	return nil
}

// values are those of a facet in the order chosen, and behind them what the
// filter names and nobody has.
func (v *overviewView) values(f *models.Facet) []models.FacetValue {
	out := f.Order(v.order)
	t, ok := models.FindTerm(v.where, f.Axis.Dim)
	if !ok {
		return out
	}
	g, _ := v.seen()
	name := func(codes []string, label string) {
		one := models.Term{Dim: f.Axis.Dim, Codes: codes}
		if slices.ContainsFunc(out, func(o models.FacetValue) bool { return o.Code != "" && v.cat.Meets(one, o.Code, g.Home) }) {
			return
		}
		cell := g.None
		if f.Figures {
			cell = models.Cell{}
		}
		out = append(out, models.FacetValue{Code: codes[0], Label: label, Cell: cell})
	}
	for _, c := range t.Codes {
		label := v.cat.Label(t.Dim, c)
		if c == models.Unknown {
			label = "Not stated"
		}
		name([]string{c}, label)
	}
	return out
}

// here is the value under the cursor.
func (v *overviewView) here() (f *models.Facet, val models.FacetValue, ok bool) {
	f = v.at(v.facet)
	if f == nil {
		return nil, val, false
	}
	vals := v.values(f)
	if len(vals) == 0 {
		return f, val, false
	}
	return f, vals[min(v.rows[v.facet], len(vals)-1)], true
}

// under names the dimension under the cursor.
func (v *overviewView) under() string { return v.facet }

func (v *overviewView) position() string {
	f := v.at(v.facet)
	if f == nil {
		return ""
	}
	n := len(v.values(f))
	return fmt.Sprintf("%d/%d", min(v.rows[v.facet]+1, n), n)
}

func (v *overviewView) subject(st state) string {
	f, val, ok := v.here()
	switch {
	case f == nil:
		return st.slice.Indicator()
	case !ok || val.Code == "" || f.Axis.Dim == models.DimYear:
		return f.Axis.Dim
	}
	return f.Axis.Dim + ":" + val.Code
}

func (v *overviewView) note() string {
	g, n := v.seen()
	if g == nil {
		return ""
	}
	var out []string
	if v.part != "" {
		out = append(out, v.part)
	}
	if len(v.o.Glances) > 1 {
		out = append(out, fmt.Sprintf("%s, source %d of %d (tab: next)", g.Source.Agency, n+1, len(v.o.Glances)))
	}
	if pages := v.pages(); pages > 1 {
		out = append(out, fmt.Sprintf("page %d of %d", v.page+1, pages))
	}
	if v.order == "name" || v.order == "code" {
		out = append(out, "by "+v.order)
	}
	if len(g.Facets) > 0 && g.Facets[0].Figures {
		out = append(out, "lists count figures; nothing is added")
	}
	return strings.Join(out, "; ")
}

func (v *overviewView) marks() string { return "" }

func (v *overviewView) key(key string, st state) reply {
	if v.move(key) {
		return took
	}
	switch key {
	case "tab":
		if v.o == nil || len(v.o.Glances) < 2 {
			return reply{handled: true, say: sayThereOneSource}
		}
		_, n := v.seen()
		v.source = v.o.Glances[(n+1)%len(v.o.Glances)].Source.Key()
		if v.at(v.facet) == nil {
			v.facet = ""
		}
		return took
	case "enter":
		if v.facet == "" {
			return reply{handled: true, edit: func(s *state) {
				s.open(place{})
				s.view = viewTable
			}}
		}
		return v.choose(only)
	case "space":
		return v.choose(also)
	case "-":
		return v.choose(except)
	}
	return reply{}
}
