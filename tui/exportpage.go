package tui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// Page is text of the screen that is written into a file: who says what, or
// the report of a dataset.
type Page struct {
	Title    string
	Lines    []string
	Answer   *models.Answer // the numbers that it is about; nil without any
	Training bool
	Open     bool // words of the dictionary, which anybody may read
}

// pageMsg brings a page that is to be written.
type pageMsg struct {
	page Page
	err  error
}

// pageWidth is how wide a page is laid out that leaves the screen.
const pageWidth = 100

// exportSources chooses a format for what the sources say.
func (a *App) exportSources() tea.Cmd {
	v := a.views[viewSources].(*sourcesView)
	q := a.state.slice.Clone()
	if a.store == nil || a.busy || v.of != q.String() {
		a.said = "the sources are still being asked; there is nothing to export yet"
		return nil
	}
	q.By, q.Across, q.Percent, q.Top, q.Order, q.Change = nil, nil, models.NoBase, 0, models.Order{}, models.Change{}
	store, ctx, title, lines := a.store, a.ctx, "Who says what: "+v.text.title, v.text.text
	return func() tea.Msg {
		ans, err := store.Ask(ctx, q)
		if err != nil {
			return pageMsg{err: err}
		}
		p := Page{Title: title, Lines: lines, Training: ans.Training}
		if !ans.Refused() && ans.Empty == "" {
			p.Answer = ans
		}
		return pageMsg{page: p}
	}
}

// exportReport chooses a format for the report of a dataset.
func (a *App) exportReport(id string) tea.Cmd {
	show := a.openReport(id)
	if show == nil {
		a.said = "there is no dataset to report on"
		return nil
	}
	training := false
	for _, d := range a.data().sets {
		training = training || d.ID == id && d.Synthetic
	}
	return func() tea.Msg {
		m, ok := show().(reportMsg)
		if !ok || m.err != nil {
			return pageMsg{err: m.err}
		}
		var lines []string
		for _, l := range m.page.more(pageWidth) {
			lines = append(lines, strings.TrimPrefix(l, "\t"))
		}
		return pageMsg{page: Page{Title: "Dataset " + m.page.title, Lines: lines, Training: training}}
	}
}

// exportEntry chooses a format for the entry of the dictionary that is read.
func (a *App) exportEntry() tea.Cmd {
	g := a.views[viewGuide].(*guideView)
	lines := append([]string{}, g.text...)
	for _, l := range g.links {
		lines = append(lines, "leads to: "+l.name+" ("+l.id+", "+l.kind+")")
	}
	a.pickPage(pageMsg{page: Page{Title: "Dictionary: " + g.of, Lines: lines, Open: true}})
	return nil
}

// pickPage chooses the format in which a page is written.
func (a *App) pickPage(m pageMsg) {
	if m.err != nil {
		a.said = m.err.Error()
		return
	}
	p := &picker{title: "Export", fold: strings.ToLower, apply: func(codes []string, _ bool) reply {
		format := strings.Join(codes, "")
		return reply{handled: true, close: true, run: func(a *App) tea.Cmd {
			file, err := a.host.PageFile(m.page, format)
			if err != nil {
				a.said = err.Error()
				return nil
			}
			host := a.host
			a.askFile(writing{
				text: []string{"Writes what stands on the page. A file that exists is not overwritten."},
				write: func(ctx context.Context, file string, _ func(done, of int)) (Exported, error) {
					return host.ExportPage(ctx, m.page, format, file)
				},
			}, file, "")
			return nil
		}}
	}}
	for _, f := range a.host.BriefingFormats() {
		p.items = append(p.items, item{code: f.Name, label: f.Name, note: f.About, search: f.Name})
	}
	a.push(p)
}
