package tui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// Briefings keeps what a person collects for a briefing, and builds it.
type Briefings interface {
	// Briefing gives what is collected so far; without anything an empty one.
	Briefing(ref string) (*models.Briefing, error)
	// ChangeBriefing changes it while nobody else does.
	ChangeBriefing(ref string, change func(*models.Briefing) error) error
	// BriefingFormats lists the formats in which it can be built.
	BriefingFormats() []ExportFormat
	// BriefingFile suggests a file, of a name that is free.
	BriefingFile(b *models.Briefing, format string, draft, training bool) (string, error)
	// Latest asks its questions of the current versions: the briefing that names
	// these, and figure by figure what changed.
	Latest(ctx context.Context, ref string, b *models.Briefing) (next *models.Briefing, changed []string, err error)
	// Build asks all its questions and writes the file. Unless it is a draft
	// its figures are kept as briefed.
	Build(ctx context.Context, ref string, b *models.Briefing, format, file string, draft bool, tell func(done, of int)) (Exported, error)
}

// addToBriefing adds what is on the screen to the briefing.
func (a *App) addToBriefing() tea.Cmd {
	switch {
	case a.answer == nil || a.busy || a.drawn != a.state.view:
		a.said = sayAnswerStillBeing
		return nil
	case a.answer.Refused() || a.answer.Empty != "" || len(a.answer.Blocks) == 0:
		a.said = sayThereNoNumbers
		return nil
	case a.state.cardOf() != "":
		a.said = sayCardPlaceNo
		return nil
	}
	kind := models.TableItem
	switch {
	case a.answer.Numbers() == 1:
		kind = models.NumberItem
	case slices.Contains([]viewID{viewTrend, viewMap, viewMix}, a.state.view):
		kind = models.ChartItem
	}
	a.askNote(models.BriefingItem{Kind: kind, Slice: a.answer.Pinned.String()})
	return nil
}

// addCard adds the number of a card.
func (a *App) addCard(c *models.Card) tea.Cmd {
	if c.Narrow.Indicator() == "" {
		a.said = sayThisNumberHas
		return nil
	}
	a.askNote(models.BriefingItem{Kind: models.NumberItem, Slice: c.Slice})
	return nil
}

// askNote asks what is to be said of an item, and adds it.
func (a *App) askNote(it models.BriefingItem) {
	l := newLine(titleNote, "", func(typed string) reply {
		it.Note = models.CleanNote(typed)
		if err := it.Check(); err != nil {
			return reply{handled: true, say: err.Error()}
		}
		count := 0
		err := a.host.ChangeBriefing(a.ref, func(b *models.Briefing) error {
			if len(b.Items) >= models.MaxBriefingItems {
				return fmt.Errorf("the briefing has %d items, which is as many as it takes", len(b.Items))
			}
			b.Items = append(b.Items, it)
			count = len(b.Items)
			return nil
		})
		if err != nil {
			return reply{handled: true, say: err.Error()}
		}
		return reply{handled: true, close: true, say: fmt.Sprintf(sayAddedBriefingAs, count)}
	})
	l.text = []string{"Adds to the briefing: " + string(it.Kind), it.Slice, "", "What is to be said of it, or nothing. The briefing keeps the question with its versions; the numbers are asked again when it is built."}
	a.push(l)
}

// openBriefing shows the briefing.
func (a *App) openBriefing() tea.Cmd {
	b, err := a.host.Briefing(a.ref)
	if err != nil {
		a.push(&textPage{title: titleNoBriefing, text: []string{err.Error()}})
		return nil
	}
	if len(b.Items) == 0 {
		a.said = sayBriefingEmptyB
		return nil
	}
	a.push(&briefingPage{app: a, b: b})
	return nil
}

// briefingPage lists the items of the briefing.
type briefingPage struct {
	app  *App
	b    *models.Briefing
	at   int
	top  int
	page int
	gone *models.BriefingItem // deleted last, to take back
	from int                  // where it stood
}

func (p *briefingPage) item() *models.BriefingItem { return &p.b.Items[p.at] }

func (p *briefingPage) key(key, _ string) reply {
	last := len(p.b.Items) - 1
	switch key {
	case "down", "j":
		p.at = min(p.at+1, last)
	case "up", "k":
		p.at = max(p.at-1, 0)
	case "pgdown":
		p.at = min(p.at+max(p.page, 1), last)
	case "pgup":
		p.at = max(p.at-max(p.page, 1), 0)
	case "home":
		p.at = 0
	case "end":
		p.at = last
	case "J":
		return p.move(1)
	case "K":
		return p.move(-1)
	case "X":
		return p.remove()
	case "u":
		return p.restore()
	case "e":
		return reply{handled: true, run: func(a *App) tea.Cmd { return a.pickBuild(p.b) }}
	case "enter":
		return reply{handled: true, open: p.menu()}
	case "esc", "q", "B", "backspace", "ctrl+h":
		if key == "esc" && p.app.exporting.cancel != nil {
			return reply{handled: true, run: (*App).cancel}
		}
		return reply{handled: true, close: true}
	}
	return took
}

// change changes the briefing as it is on the disk, if it is still the one
// that is shown.
func (p *briefingPage) change(edit func(b *models.Briefing) error) error {
	return p.app.host.ChangeBriefing(p.app.ref, func(b *models.Briefing) error {
		if b.Title != p.b.Title || b.Date != p.b.Date || b.Note != p.b.Note || !slices.Equal(b.Items, p.b.Items) {
			*p.b = *b
			p.at = max(min(p.at, len(b.Items)-1), 0)
			return fmt.Errorf("the briefing was changed elsewhere; here it is as it stands now")
		}
		next := *b
		next.Items = slices.Clone(b.Items)
		if err := edit(&next); err != nil {
			return err
		}
		*b, *p.b = next, next
		p.b.Items = slices.Clone(next.Items)
		return nil
	})
}

func (p *briefingPage) move(by int) reply {
	to := p.at
	if err := p.change(func(b *models.Briefing) error { to = b.Move(p.at, by); return nil }); err != nil {
		return reply{handled: true, say: err.Error()}
	}
	p.at = to
	return took
}

func (p *briefingPage) remove() reply {
	at, it := p.at, *p.item()
	err := p.change(func(b *models.Briefing) error { b.Items = slices.Delete(b.Items, at, at+1); return nil })
	if err != nil {
		return reply{handled: true, say: err.Error()}
	}
	p.gone, p.from = &it, at
	p.at = max(min(p.at, len(p.b.Items)-1), 0)
	return reply{handled: true, say: sayDeletedUTakes}
}

func (p *briefingPage) restore() reply {
	if p.gone == nil {
		return reply{handled: true, say: sayNothingWasDeleted}
	}
	at := min(p.from, len(p.b.Items))
	if err := p.change(func(b *models.Briefing) error { b.Items = slices.Insert(b.Items, at, *p.gone); return nil }); err != nil {
		return reply{handled: true, say: err.Error()}
	}
	p.at, p.gone = at, nil
	return took
}

// menu is what can be done, for who does not know the keys.
func (p *briefingPage) menu() overlay {
	var items []item
	add := func(code, label, note string) {
		items = append(items, item{code: code, label: label, note: note, search: label})
	}
	if len(p.b.Items) > 0 {
		if p.item().Kind != models.NoteItem {
			add("open", "open it on the screen", "")
		}
		add("heading", "change its heading", "")
		add("note", "change its note", "")
		add("J", "move it down", "J")
		add("K", "move it up", "K")
		add("X", "delete it", "X")
	}
	add("text", "add a note by itself below", "")
	add("title", "change the title of the briefing", "")
	add("date", "change the date of the briefing", "")
	if len(p.b.Items) > 0 {
		add("latest", "move it on to the data of today: what changed", "")
	}
	add("e", "build it into a file", "e")
	return &picker{title: titleBriefing, items: items, fold: strings.ToLower, apply: func(codes []string, _ bool) reply {
		code := strings.Join(codes, "")
		switch code {
		case "open":
			return reply{handled: true, close: true, run: func(a *App) tea.Cmd { return a.openItem(*p.item()) }}
		case "latest":
			return reply{handled: true, close: true, run: func(a *App) tea.Cmd { return a.askLatest(p) }}
		case "J", "K", "X", "e":
			r := p.key(code, "")
			r.close = true
			return r
		}
		return reply{handled: true, close: true, run: func(a *App) tea.Cmd { p.edit(code); return nil }}
	}}
}

// latestMsg brings what changed since the versions that a briefing names.
type latestMsg struct {
	seq     int
	page    *briefingPage
	next    *models.Briefing
	changed []string
	err     error
}

// askLatest asks the questions of the briefing of the current versions.
func (a *App) askLatest(p *briefingPage) tea.Cmd {
	if a.exporting.cancel != nil {
		a.said = sayAnExportRunning
		return nil
	}
	ctx, seq := a.exporting.start(a.ctx)
	a.progress = "asking the current versions..."
	host, ref, b := a.host, a.ref, *p.b
	b.Items = slices.Clone(p.b.Items)
	return func() tea.Msg {
		next, changed, err := host.Latest(ctx, ref, &b)
		return latestMsg{seq, p, next, changed, err}
	}
}

// gotLatest shows what changed; enter moves the briefing on.
func (a *App) gotLatest(m latestMsg) {
	if m.seq != a.exporting.seq {
		return
	}
	a.exporting.stop()
	a.progress = ""
	switch {
	case errors.Is(m.err, context.Canceled):
		a.said = sayCancelledBriefingAs
		return
	case m.err != nil:
		a.said = m.err.Error()
		return
	}
	a.push(&textPage{title: titleChangedSince, text: m.changed,
		keys: hintRepin,
		acts: map[string]reply{"enter": {handled: true, close: true, run: func(a *App) tea.Cmd {
			a.said = sayBriefingNamesCurrent
			if err := m.page.change(func(b *models.Briefing) error { b.Items = m.next.Items; return nil }); err != nil {
				a.said = err.Error()
			}
			return nil
		}}}})
}

// edit asks for one text of the briefing.
func (p *briefingPage) edit(what string) {
	at, old := p.at, ""
	switch what {
	case "heading":
		old = p.item().Heading
	case "note":
		old = strings.ReplaceAll(p.item().Note, "\n", " ")
	case "title":
		old = p.b.Title
	case "date":
		old = p.b.Date
	}
	name := map[string]string{"heading": "Heading", "note": "Note", "title": "Title", "date": "Date", "text": "Note"}[what]
	l := newLine(name, old, func(typed string) reply {
		if err := p.change(func(b *models.Briefing) error { return setText(b, at, what, typed) }); err != nil {
			return reply{handled: true, say: err.Error()}
		}
		return reply{handled: true, close: true}
	})
	if what == "heading" {
		l.text = []string{"Without one the title of the answer stands there."}
	}
	p.app.push(l)
}

// setText puts a text into a briefing, if it can stand there.
func setText(b *models.Briefing, at int, what, typed string) error {
	switch what {
	case "title":
		if typed == "" || len([]rune(typed)) > models.MaxHeading {
			return fmt.Errorf("a title has 1 to %d letters", models.MaxHeading)
		}
		b.Title = models.Clean(typed)
		return nil
	case "date":
		b.Date = typed
		_, err := b.Day()
		return err
	case "text":
		it := models.BriefingItem{Kind: models.NoteItem, Note: models.CleanNote(typed)}
		b.Items = slices.Insert(b.Items, min(at+1, len(b.Items)), it)
		return it.Check()
	case "heading":
		b.Items[at].Heading = models.Clean(typed)
	case "note":
		b.Items[at].Note = models.CleanNote(typed)
	}
	return b.Items[at].Check()
}

// openItem shows the question of an item, asked of what is open now.
func (a *App) openItem(it models.BriefingItem) tea.Cmd {
	q, err := models.ParseSlice(it.Slice, a.cat)
	if err != nil {
		a.said = err.Error()
		return nil
	}
	pins := models.Versions(q.At)
	q.At = nil
	if n := len(a.stack); n > 0 { // the briefing
		a.stack = a.stack[:n-1]
	}
	view := viewTable
	if it.Kind == models.ChartItem {
		view = viewTrend
		if !slices.ContainsFunc(q.Axes(), func(ax models.Axis) bool { return ax.Dim == models.DimYear }) {
			view = viewMix
		}
	}
	cmd := a.reopen(models.SavedSlice{View: viewNames[view], Slice: q.String()})
	for _, d := range a.data().sets {
		if strings.Contains(", "+pins+",", ", "+d.ID+"@") && !strings.Contains(", "+pins+",", fmt.Sprintf(", %s@%d,", d.ID, d.Version)) {
			a.said = fmt.Sprintf(sayBriefingNamesThis, pins, d.ID, d.Version)
		}
	}
	return cmd
}

// pickBuild chooses the format in which the briefing is built.
func (a *App) pickBuild(b *models.Briefing) tea.Cmd {
	switch {
	case a.exporting.cancel != nil:
		a.said = sayAnExportRunning
		return nil
	case len(b.Items) == 0:
		a.said = sayBriefingEmpty
		return nil
	}
	p := &picker{title: titleBuild, fold: strings.ToLower, apply: func(codes []string, _ bool) reply {
		format, draft := strings.CutSuffix(strings.Join(codes, ""), " draft")
		return reply{handled: true, close: true, run: func(a *App) tea.Cmd { return a.buildInto(b, format, draft) }}
	}}
	for _, draft := range []string{"", " draft"} {
		for _, f := range a.host.BriefingFormats() {
			about := f.About
			if draft != "" {
				about = "says DRAFT; nothing is kept as briefed"
			}
			p.items = append(p.items, item{code: f.Name + draft, label: f.Name + draft, note: about, search: f.Name + draft})
		}
	}
	a.push(p)
	return nil
}

// invented reports whether a briefing asks for invented people.
func (a *App) invented(b *models.Briefing) bool {
	for _, it := range b.Items {
		pins, _ := models.ParsePins(it.Slice)
		for _, d := range a.data().sets {
			if d.Synthetic && slices.ContainsFunc(pins, func(v models.Version) bool { return v.Dataset == d.ID }) {
				return true
			}
		}
	}
	return false
}

func (a *App) buildInto(b *models.Briefing, format string, draft bool) tea.Cmd {
	file, err := a.host.BriefingFile(b, format, draft, a.invented(b))
	if err != nil {
		a.said = err.Error()
		return nil
	}
	host, ref, whole := a.host, a.ref, *b
	whole.Items = slices.Clone(b.Items)
	job := writing{
		text: []string{sayEndingDecides + format + ".", "Asks each question of the versions it names. The figures are kept as briefed, with this date, so that their cards can say so."},
		write: func(ctx context.Context, file string, tell func(done, of int)) (Exported, error) {
			return host.Build(ctx, ref, &whole, format, file, draft, tell)
		},
	}
	if draft {
		job.text = []string{job.text[0], "Asks each question of the versions it names. As a draft it keeps nothing as briefed."}
	}
	a.askFile(job, file, "")
	return nil
}

func (p *briefingPage) view(w, h int, _ Look) []string {
	out := []string{cut(fmt.Sprintf("Briefing: %s, %s", p.b.Title, p.b.Date), w)}
	if len(p.b.Items) == 0 {
		return lines(append(out, "", "  It is empty. b on a view adds what it shows."), h)
	}
	it := p.item()
	var below []string
	for _, t := range []string{it.Note, it.Slice} {
		for l := range strings.SplitSeq(t, "\n") {
			if l != "" {
				below = append(below, wrap(l, w-2)...)
			}
		}
	}
	below = below[:min(len(below), h/2)]
	p.page = max(h-len(below)-2, 1)
	for p.at >= p.top+p.page {
		p.top += max(p.page/2, 1)
	}
	for p.at < p.top {
		p.top = max(p.top-max(p.page/2, 1), 0)
	}
	for i := p.top; i < min(p.top+p.page, len(p.b.Items)); i++ {
		cursor := " "
		if i == p.at {
			cursor = ">"
		}
		it := &p.b.Items[i]
		name := it.Heading
		if name == "" {
			name = strings.SplitN(it.Note, "\n", 2)[0]
		}
		if name == "" {
			name = it.Slice
		}
		out = append(out, cut(fmt.Sprintf("%s %2d %-6s %s", cursor, i+1, it.Kind, name), w))
	}
	out = lines(out, h-len(below)-1)
	return lines(append(append(out, ""), indent(below)...), h)
}

func (p *briefingPage) helps() bool { return true }

func (p *briefingPage) hint() string {
	if p.app.progress != "" {
		return p.app.progress + hintEscCancels
	}
	return hintBriefing
}
