package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// guideView is the dictionary: one entry to read, and the entries it leads to.
// The list of all entries lies above it until one is chosen.
type guideView struct {
	of    string // the entry shown
	text  []string
	links []entry
	at    int // of the links
	top   int
	page  int
	moved bool // the link under the cursor is to be seen
	far   int  // the last line that a page can start with
}

// entry is an id that the dictionary explains.
type entry struct{ id, name, kind string }

func (g *guideView) set(*models.Answer, state, Look) {}
func (g *guideView) note() string                    { return "" }
func (g *guideView) marks() string                   { return "" }

func (g *guideView) position() string {
	if len(g.links) == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", g.at+1, len(g.links))
}

func (g *guideView) subject(st state) string {
	if g.at < len(g.links) {
		return g.links[g.at].id
	}
	return g.of
}

func (g *guideView) key(key string, _ state) reply {
	last := max(len(g.links)-1, 0)
	switch key {
	case "down", "j":
		g.at, g.moved = min(g.at+1, last), true
	case "up", "k":
		g.at, g.moved = max(g.at-1, 0), true
	case "home":
		g.at, g.top, g.moved = 0, 0, false
	case "end":
		g.at, g.moved = last, true
	case "pgdown":
		g.top, g.moved = min(g.top+max(g.page-1, 1), g.far), false
	case "pgup":
		g.top, g.moved = max(g.top-max(g.page-1, 1), 0), false
	case "enter":
		if g.at >= len(g.links) {
			return reply{handled: true, say: sayThisEntryLeads}
		}
		to, at := g.links[g.at].id, g.place()
		return reply{handled: true, edit: func(s *state) {
			s.open(at)
			s.read = to
		}}
	default:
		return reply{}
	}
	return took
}

func (g *guideView) place() place { return place{key: g.of, row: g.at, top: g.top} }

func (g *guideView) draw(w, h int, l Look) []string {
	text := append(slices.Clone(g.text), "")
	out := (&textPage{text: text}).wrapped(w, l)
	first := len(out)
	if len(g.links) > 0 {
		out = append(out, " See also:")
		first++
	}
	for i, e := range g.links {
		mark := "  "
		if i == g.at {
			mark = "> "
		}
		out = append(out, cut(mark+e.name+" ("+e.kind+" "+e.id+")", w))
	}
	g.page, g.far = h, max(len(out)-h, 0)
	if line := first + g.at; g.moved && (line < g.top || line >= g.top+h) {
		g.top = line - h/2
	}
	g.top = min(max(g.top, 0), g.far)
	return lines(out[g.top:], h)
}

// showGuide shows the dictionary, and above it the list to choose from.
func (a *App) showGuide() tea.Cmd {
	if a.cat == nil {
		return nil
	}
	var cmd tea.Cmd
	if a.state.view != viewGuide {
		id := a.view().subject(a.state)
		cmd = a.step(func(s *state) { s.view, s.read = viewGuide, id })
	}
	var items []item
	for _, e := range a.entries() {
		search, note := a.byWords(e.name)+"\n"+a.cat.Fold(e.id), e.kind
		switch dim, code, ok := strings.Cut(e.id, ":"); {
		case ok:
			search, note = a.cat.SearchText(dim, code)+"\n"+a.cat.Fold(code), strings.ReplaceAll(dim, "_", " ")
		case e.kind == "rule":
			note += " " + e.id
		}
		items = append(items, item{code: e.id, label: e.name, note: note, search: search})
	}
	a.push(&guidePage{picker{title: titleGuide, items: items, fold: a.cat.Fold, apply: func(codes []string, _ bool) reply {
		return reply{handled: true, close: true, edit: func(s *state) { s.read = codes[0] }}
	}}})
	return cmd
}

// guidePage is the list of all entries.
type guidePage struct{ picker }

func (p *guidePage) hint() string { return hintGuide }

// entries lists what the dictionary explains: indicators, those with data
// first, dimensions, rules, and the codes of every dimension.
func (a *App) entries() (out []entry) {
	has := map[string]bool{}
	for _, offers := range a.data().offers {
		for _, o := range offers {
			has[o.Indicator] = true
		}
	}
	for _, with := range []bool{true, false} {
		for _, i := range a.cat.Indicators() {
			if has[i.ID] == with {
				out = append(out, entry{i.ID, i.Name, "indicator"})
			}
		}
	}
	for _, d := range a.cat.Dimensions() {
		out = append(out, entry{d.ID, d.Name, "dimension"})
	}
	for _, id := range a.host.Rules() {
		for _, e := range a.host.Explain(a.cat, id) {
			out = append(out, entry{e.ID, e.Name, e.Kind})
		}
	}
	seen := map[*models.Code]bool{}
	for _, d := range a.cat.Dimensions() {
		for _, k := range a.cat.Choices(d.ID) {
			if !seen[k] {
				seen[k] = true
				out = append(out, entry{d.ID + ":" + k.ID, k.Label, "code"})
			}
		}
	}
	return out
}

// read fills the view with the entry that is to be read.
func (a *App) read() {
	g := a.views[viewGuide].(*guideView)
	a.busy, a.trouble = false, ""
	of := a.state.read
	if of == "" {
		of = a.state.slice.Indicator()
	}
	if a.cat == nil || g.of == of && len(g.text) > 0 {
		return
	}
	*g = guideView{of: of}
	for _, e := range a.host.Explain(a.cat, g.of) {
		if e.Kind == "dimension" { // its codes are the links
			e.Lines = slices.DeleteFunc(e.Lines, func(l [2]string) bool { return l[0] == "codes" })
		}
		g.text = append(g.text, strings.Split(strings.TrimRight(e.String(), "\n"), "\n")...)
		g.text = append(g.text, "")
		g.links = append(g.links, a.related(e)...)
	}
	if len(g.text) == 0 {
		g.text = []string{"The dictionary has no entry for this. 8 lists what it has."}
	}
	if at := a.state.at; at.key == g.of { // back from an entry this one leads to
		g.at, g.top = min(at.row, max(len(g.links)-1, 0)), at.top
	}
}

// related lists the entries that an explanation speaks of: what a code is part
// of and its borders, the dimensions, rules and indicators that are named.
func (a *App) related(e models.Explanation) (out []entry) {
	add := func(n entry) {
		if n.id != e.ID && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	if dim, code, ok := strings.Cut(e.ID, ":"); ok {
		if d, k := a.cat.Dimension(dim), a.cat.Code(dim, code); d != nil && k != nil {
			add(entry{d.ID, d.Name, "dimension"})
			for _, c := range append([]string{k.Parent}, k.Borders...) {
				if p := a.cat.Code(dim, c); p != nil {
					add(entry{dim + ":" + p.ID, p.Label, "code"})
				}
			}
		}
		return out
	}
	if d := a.cat.Dimension(e.ID); d != nil {
		for _, k := range a.cat.Choices(d.ID) {
			add(entry{d.ID + ":" + k.ID, k.Label, "code"})
		}
		return out
	}
	var said strings.Builder
	for _, l := range e.Lines {
		said.WriteString(" " + strings.ToLower(l[1]))
	}
	words := strings.FieldsFunc(said.String(), func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_-", r) })
	for _, i := range a.cat.Indicators() {
		if slices.Contains(words, i.ID) || strings.Contains(said.String(), strings.ToLower(i.Name)) {
			add(entry{i.ID, i.Name, "indicator"})
		}
	}
	for _, l := range e.Lines {
		if l[0] != "does not add over" {
			continue
		}
		for id := range strings.SplitSeq(l[1], ", ") {
			if d := a.cat.Dimension(id); d != nil {
				add(entry{d.ID, d.Name, "dimension"})
			}
		}
	}
	for _, id := range a.host.Rules() {
		if slices.Contains(words, strings.ToLower(id)) {
			for _, r := range a.host.Explain(a.cat, id) {
				add(entry{r.ID, r.Name, r.Kind})
			}
		}
	}
	return out
}
