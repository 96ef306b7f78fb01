package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// dimName is what people call a dimension.
func (a *App) dimName(dim string) string {
	if d := a.cat.Dimension(dim); d != nil {
		return d.Name
	}
	return dim
}

// pickIndicator offers what the workspace counts, then the other indicators of
// the catalogue.
func (a *App) pickIndicator() tea.Cmd {
	if a.store == nil {
		return nil
	}
	records, figures := map[string]float64{}, map[string]float64{}
	for _, offers := range a.data().offers {
		for _, o := range offers {
			if o.Grain == models.Figure {
				figures[o.Indicator] += float64(o.Rows)
			} else {
				records[o.Indicator] += float64(o.Rows)
			}
		}
	}
	var items []item
	for pass := range 3 { // trafficking with data, context with data, the rest
		for _, i := range a.cat.Indicators() {
			has := records[i.ID]+figures[i.ID] > 0
			context := i.Hidden || i.Group != ""
			if pass == 0 && (!has || context) || pass == 1 && (!has || !context) || pass == 2 && (has || i.Hidden) {
				continue
			}
			note := "no data here"
			if has {
				note = countsText(records[i.ID], figures[i.ID], len(records) > 0, len(figures) > 0)
			}
			label := i.Name
			if context {
				label += " (context)"
			}
			items = append(items, item{code: i.ID, label: label, note: note, search: a.cat.Fold(i.Name) + "\n" + a.cat.Fold(i.ID), behind: !has})
		}
	}
	a.push(&picker{title: titleIndicator, items: items, fold: a.cat.Fold, apply: func(codes []string, _ bool) reply {
		return reply{handled: true, close: true, edit: func(s *state) { s.count(codes[0]) }}
	}})
	return nil
}

// pickCodes offers the codes of a dimension with counts under the other
// filters.
func (a *App) pickCodes(dim string) tea.Cmd {
	if a.store == nil {
		return nil
	}
	p := &picker{title: a.dimName(dim), many: true, except: true, busy: true, fold: a.cat.Fold, marked: map[string]bool{}}
	p.known = func(typed string) string { return a.nothingUnder(dim, typed) }
	if t, ok := a.state.slice.Term(dim); ok {
		p.not = t.Not
		for _, c := range t.Codes {
			p.marked[c] = true
		}
	}
	p.apply = func(codes []string, not bool) reply {
		if len(codes) == 1 && strings.HasPrefix(codes[0], "=") {
			return reply{handled: true, close: true, run: func(a *App) tea.Cmd { return a.pickCodes(codes[0][1:]) }}
		}
		return reply{handled: true, close: true, edit: func(s *state) {
			s.slice = s.slice.With(models.Term{Dim: dim, Not: not, Codes: codes})
		}}
	}
	a.push(p)
	return a.fetchChoices(p, dim)
}

func (a *App) fetchChoices(p *picker, dim string) tea.Cmd {
	store, q := a.store, a.state.slice.Clone()
	q.At = nil
	return func() tea.Msg {
		c, err := store.Choices(a.ctx, q, dim)
		return choicesMsg{p, c, err}
	}
}

func (a *App) chosen(m choicesMsg) {
	if m.err != nil {
		m.p.busy, m.p.empty = false, m.err.Error()
		return
	}
	m.p.fill(a.cat, m.choices)
}

// nothingUnder says of a name that the catalogue knows and the list does not
// have that nothing meets it, and why.
func (a *App) nothingUnder(dim, typed string) string {
	code, _ := a.cat.Find(dim, strings.TrimSpace(typed))
	if f := a.cat.Fold(typed); code == nil && f != "" {
		for _, k := range a.cat.Choices(dim) {
			if strings.HasPrefix(a.cat.SearchText(dim, k.ID), f) {
				code = k
				break
			}
		}
	}
	if code == nil {
		return ""
	}
	others := slices.ContainsFunc(a.state.slice.Where, func(t models.Term) bool { return t.Dim != dim })
	if others {
		return code.Label + " has nothing under the other filters (X removes one)"
	}
	return code.Label + " has nothing in these data"
}

// pickYears offers the years that there are; a period can be typed too.
func (a *App) pickYears() tea.Cmd {
	if a.store == nil {
		return nil
	}
	p := &picker{title: titleYears, many: true, except: true, busy: true, fold: func(s string) string { return strings.TrimSpace(s) }, marked: map[string]bool{}}
	set := func(t models.Term) reply {
		t.Dim = models.DimYear
		return reply{handled: true, close: true, edit: func(s *state) { s.slice = s.slice.With(t) }}
	}
	p.free = typedPeriods
	p.apply = func(codes []string, not bool) reply {
		t := models.Term{Not: not}
		for _, c := range strings.Split(strings.Join(codes, ","), ",") {
			if c == "" {
				continue
			}
			if span, err := models.ParsePeriod(c); err == nil {
				t.Spans = append(t.Spans, span)
			} else {
				t.Codes = append(t.Codes, c)
			}
		}
		t.Spans = models.JoinSpans(t.Spans)
		return set(t)
	}
	a.push(p)
	return a.fetchChoices(p, models.DimYear)
}

// typedPeriods reads what is typed into the picker of years: periods such as
// 2019-2025, several with commas between them.
func typedPeriods(typed string) (it item, wrong string) {
	var codes, labels []string
	for part := range strings.SplitSeq(strings.Trim(typed, ", "), ",") {
		text := strings.TrimSpace(part)
		if a, b, ok := strings.Cut(text, "-"); ok && len(strings.TrimSpace(a)) == 4 && len(strings.TrimSpace(b)) == 4 {
			text = strings.TrimSpace(a) + ".." + strings.TrimSpace(b)
		}
		span, err := models.ParsePeriod(text)
		if err != nil {
			return item{}, strings.Replace(err.Error(), text, strings.TrimSpace(part), 1)
		}
		codes, labels = append(codes, span.String()), append(labels, span.Label())
	}
	return item{code: strings.Join(codes, ","), label: strings.Join(labels, ", ")}, ""
}

// available lists the dimensions that some dataset breaks the indicator down
// by.
func (a *App) available() []string {
	var out []string
	for _, set := range a.data().sets {
		for _, o := range a.data().offers[set.ID] {
			if o.Indicator != a.state.slice.Indicator() {
				continue
			}
			for _, d := range o.Dims {
				if !slices.Contains(out, d) {
					out = append(out, d)
				}
			}
		}
	}
	return out
}

// removeFilter takes a filter off: that of the list under the cursor or the
// only one at once, else one of a list in which the last one set comes first.
func (a *App) removeFilter() tea.Cmd {
	terms := a.latestFirst(a.state.slice.Where)
	drop := func(dim string) func(*state) {
		return func(s *state) { s.slice = s.slice.With(models.Term{Dim: dim}) }
	}
	if v, ok := a.view().(interface{ under() string }); ok {
		if _, set := models.FindTerm(terms, v.under()); set {
			return a.step(drop(v.under()))
		}
	}
	switch len(terms) {
	case 0:
		a.said = sayThereNoFilter
		return nil
	case 1:
		return a.step(drop(terms[0].Dim))
	}
	var items []item
	for _, t := range terms {
		items = append(items, item{code: t.Dim, label: a.termText(t), search: a.cat.Fold(a.termText(t))})
	}
	a.push(&removePage{picker{title: titleRemove, items: items, fold: a.cat.Fold, apply: func(codes []string, _ bool) reply {
		return reply{handled: true, close: true, edit: drop(codes[0])}
	}}})
	return nil
}

// pickAxis offers the dimensions for rows or columns; two can be nested.
func (a *App) pickAxis(rows bool) tea.Cmd {
	if a.store == nil {
		return nil
	}
	items := []item{{code: "", label: "None: the total only", search: "none"}}
	for _, d := range append([]string{models.DimYear}, a.available()...) {
		dim := a.cat.Dimension(d)
		items = append(items, item{code: d, label: a.dimName(d), search: a.cat.Fold(a.dimName(d)) + "\n" + a.cat.Fold(d)})
		if dim == nil || d == models.DimYear {
			continue
		}
		for _, l := range dim.Levels {
			items = append(items, item{code: d + "." + l, label: a.dimName(d) + " by " + l, names: []string{"by " + l}, indent: 1, search: a.cat.Fold(dim.Name+l) + "\n" + a.cat.Fold(l)})
		}
	}
	title := "Columns"
	if rows {
		title = titleRows
	}
	a.push(&picker{title: title, items: items, many: true, fold: a.cat.Fold, apply: func(codes []string, _ bool) reply {
		var axes []models.Axis
		for _, c := range codes {
			d, l, _ := strings.Cut(c, ".")
			if !slices.ContainsFunc(axes, func(x models.Axis) bool { return x.Dim == d }) {
				axes = append(axes, models.Axis{Dim: d, Level: l})
			}
		}
		return reply{handled: true, close: true, edit: func(s *state) {
			without := func(old []models.Axis) []models.Axis {
				return slices.DeleteFunc(slices.Clone(old), func(o models.Axis) bool {
					return slices.ContainsFunc(axes, func(x models.Axis) bool { return x.Dim == o.Dim })
				})
			}
			s.marks = nil
			if rows {
				s.lines = false
				s.rows, s.cols = axes, without(s.cols)
			} else {
				s.cols, s.rows = axes, without(s.rows)
			}
		}}
	}})
	return nil
}

// pickWorkspace offers the workspaces.
func (a *App) pickWorkspace() tea.Cmd {
	var items []item
	at := 0
	for i, w := range a.host.Workspaces() {
		note := ""
		if w.Ref == a.ref {
			note, at = "open", i
		}
		items = append(items, item{code: w.Ref, label: w.Name, note: note, search: strings.ToLower(w.Name)})
	}
	a.push(&picker{title: titleWorkspace, items: items, at: at, fold: strings.ToLower, apply: func(codes []string, _ bool) reply {
		return reply{handled: true, close: true, run: func(a *App) tea.Cmd { return a.open(codes[0]) }}
	}})
	return nil
}
