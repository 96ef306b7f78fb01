package tui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"tiplens/models"
)

// App is the program on the screen: the only tea.Model. It holds the state,
// the view at hand, the overlays above it and the questions under way.
type App struct {
	ctx  context.Context
	host Host
	look Look

	opens int    // workspaces asked for; only the last one counts
	ref   string // workspace that is open
	store Store
	cat   *models.Catalog
	stamp string
	newer bool // somebody loaded something since

	state   state
	history history
	first   models.SavedSlice // what to open at; empty for where it was left
	lines   []string          // what was typed into the command line
	views   map[viewID]view
	stack   []overlay
	held    overlay   // closed by a step; drawn a moment longer, so that a quick answer replaces it at once
	ahead   []tea.Msg // typed before it could be answered: replayed in order
	opening bool      // a workspace is being opened
	w, h    int

	ask     request
	answer  *models.Answer // shown now; of an older state while a question runs
	drawn   viewID         // the view that shows it
	last    viewID         // the view that was drawn last
	trouble string         // why there is no answer
	way     int            // of the ways out of a refusal, the one at the marker
	busy    bool
	recent  recall[*models.Answer]
	said    string // a word in the status line, until the next key
	load    loading

	exporting request              // of a file, while one is written
	progress  string               // how far it is
	after     func(a *App) tea.Cmd // to do when the workspace is open
	leaving   bool
	keys      []binding

	pace  *pacer
	still bool   // the link is full: what is on the screen stays
	shown string // what was drawn last

	clusters bool // the terminal gives letters that belong together one cell, and the renderer knows it
}

// request numbers one kind of question, so that a late answer is known.
type request struct {
	seq    int
	cancel context.CancelFunc
}

func (r *request) start(parent context.Context) (context.Context, int) {
	r.stop()
	ctx, cancel := context.WithCancel(parent)
	r.cancel = cancel
	return ctx, r.seq
}

// stop cancels the question and makes an answer that comes all the same a late
// one.
func (r *request) stop() {
	r.seq++
	if r.cancel != nil {
		r.cancel()
		r.cancel = nil
	}
}

// New makes the screen. It opens the workspace named by ref after its first
// frame.
func New(ctx context.Context, host Host, ref string, look Look) *App {
	a := &App{ctx: ctx, host: host, ref: ref, look: look, keys: bindings(), w: 80, h: 24, opening: true}
	a.views = map[viewID]view{viewOverview: &overviewView{}, viewTable: &tableView{}, viewTrend: &trendView{}, viewFlows: &flowsView{}, viewMap: &mapView{}, viewMix: newMix(), viewSources: &sourcesView{}, viewData: &dataView{}, viewGuide: &guideView{}}
	a.state = firstState()
	return a
}

// firstState is what a person sees first.
func firstState() state {
	return state{
		view:  viewTable,
		slice: models.Slice{Parts: []models.Item{{Indicator: "vic_identified"}}},
		rows:  []models.Axis{{Dim: models.DimPlace}},
		cols:  []models.Axis{{Dim: models.DimYear}},
		from:  models.Axis{Dim: models.DimOrigin, Level: "country"},
		to:    models.Axis{Dim: models.DimDestination, Level: "country"},
	}
}

type (
	storeMsg struct {
		seq   int
		ref   string
		stamp string
		store Store
		err   error
	}
	answerMsg struct {
		seq    int
		answer *models.Answer
		err    error
	}
	choicesMsg struct {
		p       *picker
		choices *models.Choices
		err     error
	}
	offersMsg struct {
		store  Store
		offers map[string][]models.Offer
		err    error
		then   func(a *App) tea.Cmd
	}
	reportMsg struct {
		page *textPage
		over overlay // to be answered first
		err  error
	}
	loadMsg struct {
		p    Progress
		next tea.Cmd
	}
	loadedMsg struct {
		ref   string // of the workspace that took the file
		order LoadOrder
		res   Loaded
		err   error
	}
	stampMsg struct{ ref, stamp string }
	saidMsg  struct { // a statement about a dataset was entered, or not
		form       *form
		key, value string
		err        error
	}
	heldMsg struct{ o overlay }
)

// Init opens the workspace. The first frame does not wait for it.
func (a *App) Init() tea.Cmd { return a.open(a.ref) }

func (a *App) open(ref string) tea.Cmd {
	a.opening = true
	a.opens++
	seq := a.opens
	return func() tea.Msg {
		stamp := a.host.Stamp(ref) // before opening, so that what is loaded meanwhile is noticed
		s, err := a.host.Open(a.ctx, ref)
		return storeMsg{seq, ref, stamp, s, err}
	}
}

// watchEvery is how often a session looks whether a colleague has loaded
// something. Nothing is drawn unless so.
const watchEvery = 3 * time.Second

func (a *App) watch() tea.Cmd {
	if a.stamp == "" { // nobody else can load into it
		return nil
	}
	ref := a.ref
	return tea.Tick(watchEvery, func(time.Time) tea.Msg { return stampMsg{ref, a.host.Stamp(ref)} })
}

// Update answers one message.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd, taken := a.paced(msg)
	if !taken {
		cmd = a.update(msg)
	}
	var wake tea.Cmd
	a.still, wake = a.pace.hold()
	if _, resized := msg.(tea.WindowSizeMsg); resized {
		a.still = false // what was drawn does not fit
	}
	return a, tea.Batch(cmd, wake)
}

func (a *App) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.w, a.h = msg.Width, msg.Height
	case tea.ModeReportMsg: // the renderer goes by the same answer
		if msg.Mode == ansi.ModeUnicodeCore && msg.Value != ansi.ModeNotRecognized && msg.Value != ansi.ModePermanentlyReset {
			a.clusters = true
		}
	case tea.KeyPressMsg, tea.PasteMsg:
		return a.input(msg)
	case storeMsg:
		if msg.seq != a.opens { // another workspace has been chosen since
			if msg.store != nil {
				msg.store.Close()
			}
			return nil
		}
		return tea.Batch(a.opened(msg), a.replay())
	case answerMsg:
		a.answered(msg)
		return a.replay()
	case choicesMsg:
		a.chosen(msg)
		return a.replay()
	case offersMsg:
		return tea.Batch(a.offered(msg), a.replay())
	case heldMsg:
		if a.held == msg.o {
			a.held = nil
		}
	case reportMsg:
		if msg.err != nil {
			a.said = msg.err.Error()
		} else {
			a.push(msg.page)
			if msg.over != nil {
				a.push(msg.over)
			}
		}
	case comparisonMsg:
		a.compared(msg)
	case overviewMsg:
		a.glanced(msg)
		return a.replay()
	case cardMsg:
		return a.gotCard(msg)
	case latestMsg:
		a.gotLatest(msg)
	case writingMsg:
		return a.wrote(msg)
	case exportedMsg:
		a.exported(msg)
	case loadMsg:
		return a.progressed(msg)
	case loadedMsg:
		return a.loaded(msg)
	case folderMsg:
		return tea.Batch(a.listed(msg), a.replay())
	case draftMsg:
		a.drafted(msg)
		return a.replay()
	case savedMsg:
		a.recipeSaved(msg)
	case saidMsg:
		return a.stated(msg)
	case stampMsg:
		if msg.ref != a.ref || a.newer {
			return nil
		}
		a.newer = msg.stamp != a.stamp
		return a.watch()
	}
	return nil
}

func (a *App) opened(m storeMsg) tea.Cmd {
	if m.err != nil {
		a.opening, a.ahead = false, nil
		if a.store == nil {
			a.trouble = m.err.Error()
		} else { // what is open stays
			a.said = m.err.Error()
		}
		return nil
	}
	if a.store != nil {
		old := a.store
		go old.Close() // it waits for its last answer
	}
	a.ask.stop()
	changed := a.ref != m.ref || len(a.history.states) == 0
	a.ref, a.store, a.cat = m.ref, m.store, m.store.Catalog()
	a.stamp, a.newer, a.answer, a.trouble, a.busy = m.stamp, false, nil, "", false
	a.recent = recall[*models.Answer]{}
	a.views[viewSources], a.views[viewMap], a.views[viewOverview] = &sourcesView{}, &mapView{cat: a.cat}, &overviewView{}
	a.views[viewFlows] = &flowsView{cat: a.cat}
	a.views[viewGuide] = &guideView{}
	for _, bad := range m.store.Damaged() {
		a.said = bad.Error()
	}
	offers := a.loadOffers(func(a *App) tea.Cmd {
		if changed {
			a.begin()
		}
		cmd := a.question()
		if then := a.after; then != nil {
			a.after = nil
			cmd = tea.Batch(cmd, then(a))
		}
		return cmd
	})
	return tea.Batch(offers, a.watch())
}

// loadOffers reads what the datasets offer, then goes on.
func (a *App) loadOffers(then func(a *App) tea.Cmd) tea.Cmd {
	store := a.store
	return func() tea.Msg {
		out := map[string][]models.Offer{}
		for _, d := range store.Datasets() {
			o, err := store.Offers(a.ctx, d.ID)
			if err != nil {
				return offersMsg{store: store, err: err}
			}
			out[d.ID] = o
		}
		return offersMsg{store: store, offers: out, then: then}
	}
}

func (a *App) offered(m offersMsg) tea.Cmd {
	if m.store != a.store {
		return nil
	}
	a.opening = false
	if m.err != nil {
		a.trouble, a.ahead = m.err.Error(), nil
		return nil
	}
	d := a.data()
	d.sets, d.offers = a.store.Datasets(), m.offers
	d.fill(a.cat)
	a.refreshForm()
	if m.then == nil {
		return nil
	}
	return m.then(a)
}

func (a *App) data() *dataView { return a.views[viewData].(*dataView) }

// suited fits a first state to what the workspace holds, so that something is
// seen: an indicator that has records, else the one with the most figures of
// some year, by what these are broken down by.
func (a *App) suited(s state) state {
	var best models.Offer
	var most []int
	for _, set := range a.data().sets {
		for _, o := range a.data().offers[set.ID] {
			if n := a.worth(o, s.slice.Indicator()); slices.Compare(n, most) > 0 {
				best, most = o, n
			}
		}
	}
	switch {
	case best.Indicator != "":
		s.slice.Parts[0].Indicator = best.Indicator
		s.rows, s.cols = firstAxes(best, s)
	case len(a.data().sets) == 0:
		s.view = viewData
	}
	return s
}

// worth says how well an offer makes a first screen, what matters most first:
// no context, records, the indicator wanted, figures of a year (others stand in
// no cell of a table by years), victims, many rows.
func (a *App) worth(o models.Offer, wanted string) []int {
	i := a.cat.Indicator(o.Indicator)
	if i == nil {
		return nil
	}
	var out []int
	records, dated := o.Grain == models.Record, len(o.CalendarYears()) > 0
	for _, yes := range []bool{!i.Hidden && i.Group == "", records, o.Indicator == wanted && (records || dated), dated, records && i.Family == "victims"} {
		n := 0
		if yes {
			n = 1
		}
		out = append(out, n)
	}
	return append(out, int(o.Rows))
}

// firstAxes gives the rows and columns of a first screen: places by years, or
// what there is of them.
func firstAxes(o models.Offer, s state) (rows, cols []models.Axis) {
	cols = s.cols
	if n := len(o.CalendarYears()); n == 0 || n == 1 && o.Grain == models.Figure {
		cols = nil // no year, or one that the title says
	}
	for _, d := range append([]string{models.DimPlace, models.DimNationality, models.DimSex}, o.Dims...) {
		if slices.Contains(o.Dims, d) && d != models.DimUnit {
			return []models.Axis{{Dim: d}}, cols
		}
	}
	return nil, cols
}

// step takes a step: a new state, entered into the history and asked.
func (a *App) step(edit func(*state)) tea.Cmd {
	next := a.state.clone()
	next.at = place{}
	edit(&next)
	return a.enter(next)
}

func (a *App) enter(next state) tea.Cmd {
	a.state = next
	if a.stockOfAllYears() {
		a.toLastYear(&next)
		a.state = next
	}
	a.history.push(next.clone())
	a.rememberState(next)
	return a.question()
}

// stockOfAllYears reports whether the state asks for people who are there at a
// time, of no time: of different years they are never added (W-08), so it would
// show nothing but those of whom one year only is known.
func (a *App) stockOfAllYears() bool {
	q, ok := a.state.question()
	if !ok || a.state.view == viewOverview || slices.ContainsFunc(q.Axes(), func(ax models.Axis) bool { return ax.Dim == models.DimYear }) {
		return false
	}
	if _, chosen := q.Term(models.DimYear); chosen {
		return false
	}
	return slices.ContainsFunc(q.Parts, func(p models.Item) bool {
		i := a.cat.Indicator(p.Indicator)
		return i != nil && i.Time == models.Stock
	})
}

func (a *App) undo() tea.Cmd { return a.travel(a.history.undo, "this is the first step") }
func (a *App) redo() tea.Cmd { return a.travel(a.history.redo, "this is the last step") }

func (a *App) travel(to func() (state, bool), end string) tea.Cmd {
	s, ok := to()
	if !ok {
		a.said = end
		return nil
	}
	a.state = s
	a.remember(logged{Go: &a.history.at})
	return a.question()
}

func (a *App) up() tea.Cmd {
	next := a.state.clone()
	if !next.drillUp() {
		a.said = sayThisTopLevel
		return nil
	}
	return a.enter(next)
}

func (a *App) show(v viewID) tea.Cmd {
	if a.state.view == v {
		return nil
	}
	return a.step(func(s *state) { s.view = v })
}

// question asks what the view at hand shows. The old answer stays on the
// screen until the new one is there; a question that is overtaken is dropped.
func (a *App) question() tea.Cmd {
	switch a.state.view {
	case viewSources:
		return a.compare()
	case viewOverview:
		return a.glance()
	case viewGuide:
		a.ask.stop()
		a.read()
		return nil
	}
	q, ok := a.state.question()
	if !ok || a.store == nil {
		a.rest()
		return nil
	}
	place := a.state.cardOf()
	if ans, ok := a.recent.get(a.state.askedFor(q)); ok {
		a.rest()
		a.take(ans)
		return nil
	}
	a.busy = true
	ctx, seq := a.ask.start(a.ctx)
	store := a.store
	return func() tea.Msg {
		if place != "" {
			ans, err := store.PlaceFlows(ctx, q, place)
			return answerMsg{seq, ans, err}
		}
		ans, err := store.Ask(ctx, q)
		return answerMsg{seq, ans, err}
	}
}

// rest ends the question under way, if there is one.
func (a *App) rest() {
	a.ask.stop()
	a.busy = false
}

// arrived takes the end of a question: whether there is something to show of
// it. One that was overtaken or cancelled leaves no trace.
func (a *App) arrived(seq int, err error) bool {
	if seq != a.ask.seq {
		return false
	}
	a.busy = false
	if err != nil && !errors.Is(err, context.Canceled) {
		a.answer, a.trouble = nil, err.Error()
	}
	return err == nil
}

func (a *App) answered(m answerMsg) {
	if !a.arrived(m.seq, m.err) {
		return
	}
	if q, ok := a.state.question(); ok {
		a.recent.put(a.state.askedFor(q), m.answer, m.answer.Numbers())
	}
	a.take(m.answer)
}

func (a *App) take(ans *models.Answer) {
	a.answer, a.trouble, a.drawn, a.way = ans, "", a.state.view, 0
	a.view().set(ans, a.state, a.look)
	if v, ok := a.view().(interface{ seek(place) }); ok && a.state.at.key != "" {
		v.seek(a.state.at)
	}
}

func (a *App) view() view { return a.views[a.state.view] }

// input takes a key press or a paste, at once or when it can be answered.
func (a *App) input(m tea.Msg) tea.Cmd {
	name, _ := inputName(m)
	switch {
	case name == "esc" || name == "ctrl+c": // these never wait
		a.ahead = nil
	case len(a.ahead) > 0 || a.waits(m):
		if len(a.ahead) < maxAhead {
			a.ahead = append(a.ahead, m)
		}
		return nil
	}
	return a.do(m)
}

// maxAhead bounds what is typed ahead: a paste into a slow question is not
// meant as keys.
const maxAhead = 500

func inputName(m tea.Msg) (name, text string) {
	switch m := m.(type) {
	case tea.KeyPressMsg:
		return keyName(m)
	case tea.PasteMsg:
		return "", strings.Join(strings.Fields(m.Content), " ")
	}
	return "", ""
}

// waits reports whether a key needs what is not there yet: the data, the list
// of a picker, the answer whose rows it moves in or opens.
func (a *App) waits(m tea.Msg) bool {
	name, text := inputName(m)
	if n := len(a.stack); n > 0 {
		if o, ok := a.stack[n-1].(interface{ waits() bool }); ok && o.waits() {
			return true
		}
		p, ok := a.stack[n-1].(*picker)
		letter := text != "" && text != " " && text != "-" || name == "backspace"
		return a.opening || ok && p.busy && !letter
	}
	if a.opening {
		return true
	}
	own := slices.ContainsFunc(a.keys, func(b binding) bool { return b.key == name && b.do != nil })
	opens := (name == "enter" || name == "space") && a.state.view != viewOverview // its values stay what they are
	return a.busy && !own && (!a.ready() || opens)
}

func (a *App) do(m tea.Msg) tea.Cmd {
	switch m := m.(type) {
	case tea.KeyPressMsg:
		return a.key(m)
	case tea.PasteMsg:
		if n := len(a.stack); n > 0 {
			_, text := inputName(m)
			a.stack[n-1].key("", text)
		}
	}
	return nil
}

// replay acts on what was typed ahead, as far as it can be answered now.
func (a *App) replay() tea.Cmd {
	queue := a.ahead
	a.ahead = nil
	var cmds []tea.Cmd
	for i, m := range queue {
		if a.waits(m) {
			a.ahead = queue[i:]
			break
		}
		cmds = append(cmds, a.do(m))
	}
	return tea.Batch(cmds...)
}

func (a *App) push(o overlay) { a.stack = append(a.stack, o) }

// key answers a key press: the top overlay first, then the keys of the app,
// then the view.
func (a *App) key(m tea.KeyPressMsg) tea.Cmd {
	name, text := keyName(m)
	if name == "ctrl+c" {
		return a.quit()
	}
	a.said, a.held = "", nil
	if n := len(a.stack); n > 0 {
		if name == "?" && a.helpAbove() {
			return nil
		}
		return a.reply(a.stack[n-1].key(name, text))
	}
	if a.leaving && name != "q" {
		a.leaving = false
	}
	if name == "ctrl+h" {
		name = "backspace"
	}
	if a.newer && name == "g" { // offered in the status line
		return a.open(a.ref)
	}
	for _, b := range a.keys {
		if b.key == name && b.do != nil {
			if !b.works(a.state.view) {
				a.said = fmt.Sprintf(sayElsewhere, b.shown)
				return nil
			}
			return b.do(a)
		}
	}
	if cmd, ok := a.chooseWay(name); ok {
		return cmd
	}
	if a.ready() {
		if r := a.view().key(name, a.state); r.handled {
			return a.reply(r)
		}
	}
	switch {
	case khmer(text):
		a.said = sayKhmer
	case slices.ContainsFunc(a.keys, func(b binding) bool { return b.key == name && b.works(a.state.view) }):
	case name == "space" || name == "tab":
		a.said = fmt.Sprintf(sayElsewhere, name)
	case text != "":
		a.said = fmt.Sprintf(sayNothing, text)
	}
	return nil
}

// ready reports whether the view has something to move in.
func (a *App) ready() bool {
	return !a.state.asks() || a.answer != nil && a.drawn == a.state.view && !a.answer.Refused() && a.trouble == "" &&
		(len(a.answer.Blocks) > 0 || a.state.view == viewOverview && a.answer.Empty == "")
}

// heldFor is how long a closed picker stays while its question runs. Beyond
// that a person wants to see that something is counted.
const heldFor = 250 * time.Millisecond

func (a *App) reply(r reply) tea.Cmd {
	a.held = nil
	if n := len(a.stack); r.close && n > 0 {
		a.held = a.stack[n-1]
		a.stack = a.stack[:n-1]
	}
	if r.say != "" {
		a.said = r.say
	}
	if r.open != nil {
		a.push(r.open)
	}
	var cmds []tea.Cmd
	if r.edit != nil {
		cmds = append(cmds, a.step(r.edit))
	}
	if r.run == nil && !a.busy { // nothing is going to take its place
		a.held = nil
	}
	if held := a.held; held != nil {
		cmds = append(cmds, tea.Tick(heldFor, func(time.Time) tea.Msg { return heldMsg{held} }))
	}
	if r.run != nil {
		cmds = append(cmds, r.run(a))
	}
	return tea.Batch(cmds...)
}

// cancel stops what runs.
func (a *App) cancel() tea.Cmd {
	switch {
	case a.load.cancel != nil:
		a.load.cancel()
		a.said = sayCancellingLoad
	case a.exporting.cancel != nil:
		a.exporting.cancel() // what became of it comes as its message
		a.said = sayCancellingExport
	case a.busy:
		a.rest()
		return a.giveUp()
	}
	return nil
}

// giveUp goes back to the last step that has its answer: what stands on the
// screen must be the answer to what is asked above it.
func (a *App) giveUp() tea.Cmd {
	for {
		if q, ok := a.state.question(); !ok && a.state.view != viewSources || ok && a.remembers(q) {
			break
		}
		s, ok := a.history.undo()
		if !ok {
			a.answer, a.trouble = nil, "Cancelled before there was an answer."
			return nil
		}
		a.state = s
	}
	a.remember(logged{Go: &a.history.at})
	cmd := a.question()
	a.said = sayCancelledUAsks
	return cmd
}

// running names what quitting would cut short.
func (a *App) running() string {
	switch {
	case a.load.cancel != nil:
		return "a load"
	case a.exporting.cancel != nil:
		return "an export"
	}
	return ""
}

func (a *App) quit() tea.Cmd {
	if running := a.running(); running != "" && !a.leaving {
		a.leaving = true
		a.said = running + " is running; q again cancels it and quits"
		return nil
	}
	a.exporting.stop()
	if a.load.cancel != nil {
		a.load.cancel()
	}
	a.ask.stop()
	if a.pace.stop() {
		return nil // when the terminal has answered
	}
	return tea.Quit
}

func (a *App) nextLook() tea.Cmd {
	a.look.Rich = !a.look.Rich && !a.look.ASCII
	a.said = map[bool]string{true: "rich look", false: "lean look"}[a.look.Rich]
	if a.answer != nil && a.drawn == a.state.view {
		a.view().set(a.answer, a.state, a.look)
	}
	return nil
}

// Close lets the store go when the program has ended.
func (a *App) Close() {
	a.ask.stop()
	if a.store != nil {
		a.store.Close()
	}
}

// terms lists the filters that stand on the slice line beyond the usual four.
func (a *App) otherTerms() []models.Term {
	return slices.DeleteFunc(slices.Clone(a.state.slice.Where), func(t models.Term) bool {
		return t.Dim == models.DimPlace || t.Dim == models.DimNationality || t.Dim == models.DimYear
	})
}
