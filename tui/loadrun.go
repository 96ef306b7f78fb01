package tui

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// LoadOrder is a file and how it is to be loaded: as its draft says.
type LoadOrder struct {
	File    string
	Draft   *models.Draft
	Changes []models.DraftChange
}

// Loaded is what came of a load.
type Loaded struct {
	Dataset string
	Version int
	Same    bool // nothing was loaded: the file is what is current already
	Text    string
}

// loading is a load under way.
type loading struct {
	cancel context.CancelFunc
	order  LoadOrder
	began  time.Time
	last   Progress
	said   string
}

// text says in the status line how far it is.
func (l *loading) text() string {
	name := shortPath(l.order.File)
	switch {
	case l.cancel == nil:
		return ""
	case l.said != "":
		return l.said
	case l.last.Total > 0:
		return fmt.Sprintf("loading %s: %d %% of %s", name, 100*l.last.Done/l.last.Total, bytesText(l.last.Total))
	}
	return "loading " + name
}

// loadRun shows a load under way. Backspace leaves it running behind the
// views.
type loadRun struct{ app *App }

func (r *loadRun) key(key, _ string) reply {
	switch key {
	case "esc":
		return reply{handled: true, run: (*App).cancel}
	case "backspace", "ctrl+h":
		return reply{handled: true, close: true, say: sayLoadGoesOn}
	}
	return took
}

func (r *loadRun) view(w, h int, l Look) []string {
	ld := &r.app.load
	out := []string{cut("Loading "+shortPath(ld.order.File), w), ""}
	if p := ld.last; p.Total > 0 {
		share := min(float64(p.Done)/float64(p.Total), 1)
		room := min(w-12, 50)
		bar := l.bar(share, room)
		out = append(out, fmt.Sprintf("  [%s] %3.0f %%", bar+strings.Repeat(".", max(room-width(bar), 0)), 100*share), "",
			fmt.Sprintf("  %s of %s%s", bytesText(p.Done), bytesText(p.Total), rate(p.Done, p.Total, p.After)))
	}
	if ld.said != "" {
		for _, s := range wrap(ld.said, w-4) {
			out = append(out, "  "+s)
		}
	}
	return lines(out, h)
}

// rate says how fast a load goes and how long it may still take.
func rate(done, total int64, after time.Duration) string {
	if done <= 0 || after < time.Second {
		return ""
	}
	speed := float64(done) / after.Seconds()
	left := time.Duration(float64(total-done)/speed) * time.Second
	return fmt.Sprintf(", %s a second, about %s left", bytesText(int64(speed)), left.Round(time.Second))
}

func (r *loadRun) helps() bool { return true }

func (r *loadRun) hint() string {
	return hintLoading
}

// tellEvery is how often the screen says how far a load is; each time costs
// bytes on the line.
const tellEvery = 500 * time.Millisecond

// startLoad loads a file in the background.
func (a *App) startLoad(ref string, order LoadOrder) tea.Cmd {
	ctx, cancel := context.WithCancel(a.ctx)
	a.load = loading{cancel: cancel, order: order, began: time.Now()}
	if _, browsing := a.top().(*browser); browsing { // the file is found
		a.stack = a.stack[:len(a.stack)-1]
	}
	a.push(&loadRun{app: a})
	news := make(chan Progress, 16)
	var listen tea.Cmd
	listen = func() tea.Msg {
		p, ok := <-news
		if !ok {
			return nil
		}
		return loadMsg{p, listen}
	}
	began := time.Now()
	run := func() tea.Msg {
		defer close(news)
		defer cancel()
		last := time.Time{}
		res, err := a.host.Load(ctx, ref, order, func(p Progress) {
			if p.Say == "" && time.Since(last) < tellEvery {
				return
			}
			last = time.Now()
			p.After = time.Since(began)
			select {
			case news <- p:
			default: // the screen is slow; the next one will do
			}
		})
		return loadedMsg{ref, order, res, err}
	}
	return tea.Batch(run, listen)
}

// progressed takes what a load tells.
func (a *App) progressed(m loadMsg) tea.Cmd {
	if m.p.Total > 0 {
		a.load.last, a.load.said = m.p, ""
	}
	if m.p.Say != "" {
		a.load.said = m.p.Say
	}
	return m.next
}

// loaded ends a load: the new data are opened, then the report is shown, and a
// recipe that is worth it may be saved.
func (a *App) loaded(m loadedMsg) tea.Cmd {
	a.load = loading{}
	for i, o := range a.stack {
		if _, run := o.(*loadRun); run {
			a.stack = append(a.stack[:i:i], a.stack[i+1:]...)
			break
		}
	}
	switch {
	case m.err != nil:
		a.push(&textPage{title: titleNotLoaded, text: []string{m.err.Error(), "", "The workspace is unchanged."}})
		return nil
	case m.res.Same:
		a.said = m.res.Text
		return nil
	}
	a.said = m.res.Text
	a.after = func(a *App) tea.Cmd {
		show := a.openReport(m.res.Dataset)
		if show == nil {
			return nil
		}
		return func() tea.Msg {
			msg, ok := show().(reportMsg)
			if ok && m.order.Draft != nil && m.order.Draft.Changed {
				msg.over = a.saveQuestion(m.ref, m.order.Draft)
			}
			return msg
		}
	}
	return a.open(m.ref)
}

// savedMsg says that a recipe was saved, or why not.
type savedMsg struct {
	name string
	err  error
}

// saveQuestion asks for the name under which the answers are kept.
func (a *App) saveQuestion(ref string, d *models.Draft) overlay {
	name := d.Recipe
	if d.Known {
		name = d.Dataset
	}
	host := a.host
	l := newLine(titleSaveRecipe, name, func(typed string) reply {
		if !models.ValidDatasetID(typed) {
			return reply{handled: true, say: sayNameLowerCase}
		}
		return reply{handled: true, close: true, run: func(*App) tea.Cmd {
			return func() tea.Msg { return savedMsg{typed, host.SaveRecipe(ref, typed, d.RecipeText)} }
		}}
	})
	l.text = []string{"The file is loaded. With the recipe the next file like it loads without a question. enter saves, esc does not."}
	return l
}

func (a *App) recipeSaved(m savedMsg) {
	a.said = saySavedAsRecipe + m.name
	if m.err != nil {
		a.push(&textPage{title: titleNotSaved, text: []string{m.err.Error()}})
	}
}
