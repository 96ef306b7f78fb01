package tui

import (
	"context"
	"slices"
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

// pageWidth is how wide a page is laid out that leaves the screen.
const pageWidth = 100

// exportSources writes what the sources say, with their numbers.
func (a *App) exportSources() tea.Cmd {
	v := a.views[viewSources].(*sourcesView)
	q := a.state.slice.Clone()
	if a.store == nil || a.busy || v.of != q.String() {
		a.said = saySourcesStillBeing
		return nil
	}
	q.By, q.Across, q.Percent, q.Top, q.Order, q.Change = nil, nil, models.NoBase, 0, models.Order{}, models.Change{}
	p := Page{Title: "Who says what: " + v.text.title, Lines: v.text.text}
	for _, d := range a.data().sets {
		p.Training = p.Training || d.Synthetic && slices.ContainsFunc(a.data().offers[d.ID], func(o models.Offer) bool { return o.Indicator == q.Indicator() })
	}
	store := a.store
	a.pickPage(p, func(ctx context.Context, p *Page) error {
		ans, err := store.Ask(ctx, q)
		if err == nil && !ans.Refused() && ans.Empty == "" {
			p.Answer = ans
		}
		return err
	})
	return nil
}

// exportReport writes the report of a dataset.
func (a *App) exportReport(id string) tea.Cmd {
	show := a.openReport(id)
	if show == nil {
		a.said = sayThereNoDataset
		return nil
	}
	p := Page{Title: "Dataset " + id}
	for _, d := range a.data().sets {
		if d.ID == id {
			p.Title, p.Training = "Dataset "+models.Version{Dataset: id, N: d.Version}.String(), d.Synthetic
		}
	}
	a.pickPage(p, func(_ context.Context, p *Page) error {
		m, ok := show().(reportMsg)
		if !ok || m.err != nil {
			return m.err
		}
		for _, l := range m.page.more(pageWidth) {
			p.Lines = append(p.Lines, strings.TrimPrefix(l, "\t"))
		}
		return nil
	})
	return nil
}

// exportCard writes a number with all that its card says of it, and with the
// answer that holds it alone, where there is one.
func (a *App) exportCard(c *models.Card) tea.Cmd {
	switch {
	case a.exporting.cancel != nil:
		a.said = sayAnExportRunning
		return nil
	case a.store == nil || a.answer == nil:
		return nil
	}
	store, p := a.store, Page{Title: "Number: " + c.Slice, Lines: strings.Split(strings.TrimSpace(c.String()), "\n"), Training: a.answer.Training}
	a.pickPage(p, func(ctx context.Context, p *Page) error {
		if c.Narrow.Indicator() == "" {
			return nil
		}
		ans, err := store.Ask(ctx, c.Narrow)
		if err == nil && !ans.Refused() && ans.Empty == "" {
			p.Answer = ans
		}
		return err
	})
	return nil
}

// exportEntry writes the entry of the dictionary that is read.
func (a *App) exportEntry() tea.Cmd {
	g := a.views[viewGuide].(*guideView)
	p := Page{Title: "Dictionary: " + g.of, Lines: slices.Clone(g.text), Open: true}
	for _, l := range g.links {
		p.Lines = append(p.Lines, "leads to: "+l.name+" ("+l.id+", "+l.kind+")")
	}
	a.pickPage(p, func(context.Context, *Page) error { return nil })
	return nil
}

// pickPage chooses the format in which a page is written; fill fetches what is
// not on the screen when it is written.
func (a *App) pickPage(page Page, fill func(ctx context.Context, p *Page) error) {
	host := a.host
	p := &picker{title: titleExport, fold: strings.ToLower, apply: func(codes []string, _ bool) reply {
		format := strings.Join(codes, "")
		return reply{handled: true, close: true, run: func(a *App) tea.Cmd {
			file, err := host.PageFile(page, format)
			if err != nil {
				a.said = err.Error()
				return nil
			}
			a.askFile(writing{
				text: []string{sayEndingDecides + format + ".", "Writes what stands on the page. A file that exists is not overwritten."},
				write: func(ctx context.Context, file string, _ func(done, of int)) (Exported, error) {
					whole := page
					if err := fill(ctx, &whole); err != nil {
						return Exported{}, err
					}
					return host.ExportPage(ctx, whole, format, file)
				},
			}, file, "")
			return nil
		}}
	}}
	for _, f := range host.BriefingFormats() {
		p.items = append(p.items, item{code: f.Name, label: f.Name, note: f.About, search: f.Name})
	}
	a.push(p)
}
