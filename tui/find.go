package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// found is one thing that find leads to.
type found struct {
	item
	does string // what enter does, in words
	do   func(a *App) tea.Cmd
}

// find opens one list over everything that has a name: indicators, codes of
// every dimension, datasets, saved slices and the keys themselves.
func (a *App) find() tea.Cmd {
	if a.cat == nil || a.store == nil {
		return nil
	}
	p := &findPage{found: map[string]found{}}
	p.picker = picker{title: titleFind, fold: a.cat.Fold, apply: func(codes []string, _ bool) reply {
		return reply{handled: true, close: true, run: p.found[codes[0]].do}
	}}
	p.better = nearest
	add := func(f found) {
		f.code = fmt.Sprint(len(p.items))
		p.found[f.code] = f
		p.items = append(p.items, f.item)
	}
	a.findEnds(add)
	a.findIndicators(add)
	a.findCodes(add)
	a.findOthers(add)
	p.all = p.items
	a.push(p)
	return nil
}

// Kinds of what is found, as they come where a word of each starts as is typed:
// what is on the screen, indicators and views, codes, what there are no data of,
// then texts about the data and keys.
const (
	kindScreen = iota
	kindFirst
	kindCode
	kindNoData
	kindNoDataCode
	kindAbout
)

// nearest sorts what is found: where a word starts as is typed before where it
// stands inside of one, then by kind, then names that start so, short ones
// first.
func nearest(a, b hit) int {
	return cmp.Or(a.rank/2-b.rank/2, a.it.kind-b.it.kind, a.rank-b.rank, width(a.it.label)-width(b.it.label))
}

func (a *App) findIndicators(add func(found)) {
	has := map[string]bool{}
	for _, offers := range a.data().offers {
		for _, o := range offers {
			has[o.Indicator] = true
		}
	}
	for _, i := range a.cat.Indicators() {
		if i.Hidden {
			continue
		}
		note, kind := "indicator", kindFirst
		if !has[i.ID] {
			note, kind = "indicator, no data here", kindNoData
		}
		add(found{item{label: i.Name, note: note, search: a.byWords(i.Name) + "\n" + a.cat.Fold(i.ID), behind: !has[i.ID], kind: kind},
			"shows " + i.Name + " with the filters as they are", func(a *App) tea.Cmd { return a.step(func(s *state) { s.count(i.ID) }) }})
	}
}

// byWords is a name as it is found from the start of each of its words.
func (a *App) byWords(name string) string {
	words := strings.Fields(name)
	var out []string
	for i := range words {
		out = append(out, a.cat.Fold(strings.Join(words[i:], " ")))
	}
	return strings.Join(out, "\n")
}

// findCodes lists the codes of the dimensions at hand, each once for every
// dimension that it can filter.
func (a *App) findCodes(add func(found)) {
	dims := []string{models.DimPlace, models.DimNationality}
	for _, d := range append(a.available(), models.DimAgency) {
		if !slices.Contains(dims, d) && d != models.DimYear {
			dims = append(dims, d)
		}
	}
	agencies := map[string]bool{} // that say something of what is shown
	for _, offers := range a.data().offers {
		for _, o := range offers {
			if o.Indicator == a.state.slice.Indicator() {
				agencies[o.Agency] = true
			}
		}
	}
	search := map[*models.Code]string{} // places stand in several dimensions
	for _, dim := range dims {
		name := a.dimName(dim)
		for _, k := range a.cat.Choices(dim) {
			term := models.Term{Dim: dim, Codes: []string{k.ID}}
			label := a.cat.Label(dim, k.ID)
			kind := kindCode
			if dim == models.DimAgency && !agencies[k.ID] {
				kind = kindNoDataCode
			}
			if search[k] == "" {
				search[k] = a.cat.SearchText(dim, k.ID) + "\n" + a.byWords(label)
			}
			add(found{item{label: label, note: name, search: search[k] + "\n" + a.cat.Fold(name+" "+label), kind: kind},
				"filters " + name + " = " + label + " (" + dim + "=" + k.ID + ")", func(a *App) tea.Cmd {
					return a.step(func(s *state) { s.slice, s.drill = s.slice.With(term), nil; s.asking() })
				}})
		}
	}
}

func (a *App) findOthers(add func(found)) {
	for _, d := range a.data().sets {
		add(found{item{label: d.Title, note: "dataset " + d.ID, search: a.byWords(d.Title) + "\n" + a.cat.Fold(d.ID) + "\n" + a.cat.Fold(d.Producer), kind: kindCode},
			"shows what is known of this dataset", func(a *App) tea.Cmd { return a.openReport(d.ID) }})
		for _, f := range models.MetaFields {
			if text := f.Of(&d); text != "" && f.Choices == nil && f.Key != "title" {
				add(found{item{label: text, note: strings.ToLower(f.Name) + " of " + d.ID, search: a.cat.Fold(text), behind: true, kind: kindAbout},
					"shows what is known of " + d.Title, func(a *App) tea.Cmd { return a.openReport(d.ID) }})
			}
		}
	}
	if list, err := a.host.Saved(a.ref); err == nil {
		for _, s := range list {
			add(found{item{label: s.Name, note: "saved slice", search: a.byWords(s.Name) + "\n" + a.cat.Fold(s.Note), kind: kindCode},
				"opens " + s.View + ": " + s.Slice, func(a *App) tea.Cmd { return a.reopen(s) }})
		}
	}
	if a.answer != nil {
		for _, r := range a.answer.Refusals {
			add(found{item{label: r.Why, note: r.Rule, search: a.cat.Fold(r.Rule) + "\n" + a.cat.Fold(r.Why), kind: kindScreen}, "explains the rule", (*App).define})
		}
		for _, r := range slices.Concat(a.answer.Warnings, a.answer.Footnotes) {
			add(found{item{label: r.String(), note: "note", search: a.cat.Fold(r.String()), behind: true, kind: kindAbout}, "explains what is shown", (*App).define})
		}
	}
	for _, id := range a.host.Rules() {
		for _, e := range a.host.Explain(a.cat, id) {
			add(found{item{label: e.Name, note: "rule " + e.ID, search: a.cat.Fold(e.ID) + "\n" + a.byWords(e.Name), behind: true, kind: kindAbout},
				"explains the rule", func(a *App) tea.Cmd {
					return a.step(func(s *state) { s.view, s.read = viewGuide, e.ID })
				}})
		}
	}
	for _, b := range a.keys {
		if b.do == nil || !b.works(a.state.view) || b.key == "/" {
			continue
		}
		kind := kindAbout
		if len(b.key) == 1 && b.key >= "0" && b.key <= "9" { // a view
			kind = kindFirst
		}
		add(found{item{label: b.name, note: "key " + b.shown, search: a.byWords(b.name), behind: true, kind: kind}, "does what the key " + b.shown + " does", b.do})
	}
}

// findPage is a picker that knows typing errors and says what enter will do.
type findPage struct {
	picker
	found map[string]found
	all   []item
}

func (p *findPage) key(key, text string) reply {
	before := p.typed
	r := p.picker.key(key, text)
	if p.typed != before {
		p.items, p.better = p.all, nearest
		if len(p.typed) > 2 && len(p.shown()) == 0 {
			p.items, p.better = p.near(), nil
		}
	}
	return r
}

// maxTypos is how many things are offered where nothing is called like that.
const maxTypos = 8

// near lists what takes the fewest changes to become what is typed. The typed
// text stays what finds them, so the next letter narrows the whole list again.
func (p *findPage) near() []item {
	want := p.fold(p.typed)
	var names []string
	of := map[string][]item{}
	for _, it := range p.all {
		for n := range strings.SplitSeq(it.search, "\n") {
			if len(n) == 0 || len(n) > len(want)+3 || len(n)+3 < len(want) {
				continue
			}
			if of[n] == nil {
				names = append(names, n)
			}
			of[n] = append(of[n], it)
		}
	}
	var out []item
	for _, n := range models.Nearest(want, names, maxTypos) {
		for _, it := range of[n] {
			it.search = want
			if len(out) < maxTypos && !slices.ContainsFunc(out, func(o item) bool { return o.code == it.code }) {
				out = append(out, it)
			}
		}
	}
	return out
}

func (p *findPage) current() (found, bool) {
	shown := p.shown()
	if p.at >= len(shown) {
		return found{}, false
	}
	return p.found[shown[p.at].code], true
}

func (p *findPage) view(w, h int, l Look) []string {
	if p.typed == "" {
		about := "Type a few letters of an indicator, a place, a nationality, an agency, a dataset, a saved slice or a command. Small typing errors are forgiven."
		return lines(append([]string{p.title + ": _", ""}, indent(wrap(about, w-2))...), h)
	}
	f, ok := p.current()
	if !ok || h < 6 {
		return p.picker.view(w, h, l)
	}
	return append(p.picker.view(w, h-2, l), "", cut(" enter "+f.does, w))
}

func (p *findPage) hint() string { return hintFind }

// count changes what is counted.
func (s *state) count(indicator string) {
	s.slice.Parts = []models.Item{{Indicator: indicator}}
	s.slice.Op, s.marks, s.pairs, s.lines, s.drill = models.One, nil, nil, false, nil
	s.asking()
}

// asking leaves a view that asks nothing.
func (s *state) asking() {
	if s.view == viewData || s.view == viewGuide {
		s.view = viewTable
	}
}
