package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// maxBehind is how many observations of each source the screen lists behind a
// number; tiplens card --rows lists more.
const maxBehind = 200

// openCard asks for the card of a cell and shows it, or copies it.
func (a *App) openCard(ans *models.Answer, at models.CellRef, copied bool) tea.Cmd {
	store, ctx := a.store, a.ctx
	return func() tea.Msg {
		c, err := store.Card(ctx, ans, at)
		return cardMsg{c, copied, err}
	}
}

// cardMsg brings a card.
type cardMsg struct {
	card   *models.Card
	copied bool // straight to the clipboard
	err    error
}

func (a *App) gotCard(m cardMsg) tea.Cmd {
	switch {
	case m.err != nil:
		a.said = m.err.Error()
		return nil
	case m.copied:
		return a.copyText("Number", m.card.String())
	}
	text := []string{m.card.Sentence, ""}
	for _, l := range m.card.Lines {
		text = append(text, l[0]+": "+l[1])
	}
	text = append(text, "slice: "+m.card.Slice, "cite as: "+m.card.Cite)
	page := &textPage{title: titleNumber, text: text, keys: hintCard, acts: map[string]reply{
		"v":     {handled: true, run: func(a *App) tea.Cmd { return a.copyText("Number", m.card.String()) }},
		"e":     {handled: true, run: func(a *App) tea.Cmd { return a.exportCard(m.card) }},
		"b":     {handled: true, run: func(a *App) tea.Cmd { return a.addCard(m.card) }},
		"enter": {handled: true, run: func(a *App) tea.Cmd { return a.openBehind(m.card) }},
	}}
	a.push(page)
	return nil
}

// openBehind lists the observations that a number is made of.
func (a *App) openBehind(c *models.Card) tea.Cmd {
	if c.Narrow.Indicator() == "" {
		a.said = sayThisNumberHasNo
		return nil
	}
	store, cat, ctx := a.store, a.cat, a.ctx
	return func() tea.Msg {
		ev, err := store.Behind(ctx, c.Narrow, maxBehind)
		if err != nil {
			return reportMsg{err: err}
		}
		return reportMsg{page: &textPage{title: titleRowsBehind, text: ev.Lines(cat)}}
	}
}

// copyText puts a text into the clipboard of the terminal, and shows it as a
// plain page without a frame, since not every terminal takes it.
func (a *App) copyText(what, text string) tea.Cmd {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	a.push(&textPage{title: what + ", copied if the terminal allows it; else select here",
		more: func(w int) []string { return keepColumns(lines, w) }})
	return tea.SetClipboard(text)
}

// keepColumns marks the lines that are set in columns, for which wrapping
// would close the gaps. One that is too long goes on in the next line: who
// selects it must get all of it.
func keepColumns(text []string, w int) []string {
	var out []string
	for _, l := range text {
		if !strings.Contains(strings.TrimSpace(l), "  ") {
			out = append(out, l)
			continue
		}
		for width(l) > w {
			first := upTo(l, w)
			if gap := strings.LastIndexByte(first, ' '); l[len(first)] != ' ' && gap > 0 { // a number cut in two would be two numbers
				first = first[:gap]
			}
			if strings.TrimSpace(first) == "" {
				break
			}
			out, l = append(out, "\t"+first), l[len(first):]
		}
		out = append(out, "\t"+l)
	}
	return out
}

// copyCard copies the card of the number under the cursor, and of a row the
// card of its total.
func (a *App) copyCard() tea.Cmd {
	at, ok := a.cell()
	if !ok {
		a.said = sayNoNumberUnder
		return nil
	}
	return a.openCard(a.answer, at, true)
}

// cell finds the cell under the cursor.
func (a *App) cell() (models.CellRef, bool) {
	if !a.ready() {
		return models.CellRef{}, false
	}
	if c, ok := a.view().(interface {
		cell() (models.CellRef, bool)
	}); ok {
		return c.cell()
	}
	return models.CellRef{}, false
}

// copyTable copies the whole answer.
func (a *App) copyTable() tea.Cmd {
	if a.answer == nil || a.busy || a.drawn != a.state.view {
		a.said = sayAnswerStillBeingCounted
		return nil
	}
	return a.copyText("Table", a.host.Text(a.answer))
}

// cell is the number under the cursor, or the last of the row.
func (t *tableView) cell() (models.CellRef, bool) {
	_, row, col, ok := t.here()
	if !ok {
		return models.CellRef{}, false
	}
	at := models.CellRef{Block: t.rows[t.grid.row].block, Row: row, Col: col}
	if col < 0 {
		at.Col = len(t.ans.Blocks[at.Block].Cols) - 1
	}
	return at, true
}

// compare sets what the numbers are compared with. A comparison is of numbers,
// so they are no shares any more.
func (s *state) compare(c models.Change) {
	s.slice.Change = c
	if c.Kind != "" {
		s.slice.Percent = models.NoBase
	}
}

// pickChange chooses what the numbers are compared with.
func (a *App) pickChange() tea.Cmd {
	if a.cat == nil {
		return nil
	}
	items := []item{
		{code: "", label: "no comparison"},
		{code: models.ChangePrevious, label: "the period before"},
		{code: models.ChangeYear, label: "the same period a year before"},
		{code: "?", label: "another period, place or source: type it"},
	}
	items = append(items, a.compareItems()...)
	for i := range items {
		items[i].search = strings.ToLower(items[i].label)
	}
	a.push(&picker{title: titleChangeFrom, items: items, fold: strings.ToLower, free: a.typedChange, apply: func(codes []string, _ bool) reply {
		kind := strings.Join(codes, "") // none for no comparison
		if base, typed := strings.CutPrefix(kind, typedBase); typed {
			return a.changeFrom(base)
		}
		if kind == "?" {
			return reply{handled: true, close: true, run: (*App).promptChange}
		}
		if strings.ContainsAny(kind, "= ") {
			return reply{handled: true, close: true, edit: compareFlows(kind)}
		}
		return reply{handled: true, close: true, run: func(a *App) tea.Cmd { return a.setChange(models.Change{Kind: kind}) }}
	}})
	return nil
}

// typedBase stands before what was typed into the list of comparisons.
const typedBase = "typed "

// typedChange reads what is typed into the list of comparisons: any base of a
// change, such as 2019.
func (a *App) typedChange(typed string) (it item, wrong string) {
	if _, err := a.parseChange(typed); err != nil {
		return item{}, err.Error()
	}
	return item{code: typedBase + typed, label: "change from " + typed}, ""
}

// parseChange reads a base of a change in its text form.
func (a *App) parseChange(typed string) (models.Change, error) {
	s, err := models.ParseSlice(a.state.slice.Indicator()+" change from "+typed, a.cat)
	return s.Change, err
}

// promptChange takes any base of a change in its text form.
func (a *App) promptChange() tea.Cmd {
	a.push(&line{title: titleChangeFrom, text: []string{"a period such as 2019 or 2024-S1, or a filter such as place=KH-3 or agency=KH.NP"}, enter: a.changeFrom})
	return nil
}

// changeFrom takes a base of a change as it is typed.
func (a *App) changeFrom(typed string) reply {
	change, err := a.parseChange(typed)
	if err != nil {
		return reply{handled: true, say: err.Error()}
	}
	return reply{handled: true, close: true, run: func(a *App) tea.Cmd { return a.setChange(change) }}
}
