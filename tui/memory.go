package tui

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// Memory keeps what people do from one session to the next. The steps are
// texts of the screen's own.
type Memory interface {
	Steps(ref string) (steps []string, at time.Time) // of the last session there, oldest first
	Step(ref, step string)                           // one more; returns at once
	Saved(ref string) ([]models.SavedSlice, error)
	Save(ref string, s models.SavedSlice) error // one of the same name is replaced
	Forget(ref, name string) error
}

// viewNames are the words by which views are known in texts.
var viewNames = map[viewID]string{viewOverview: "overview", viewTable: "table", viewTrend: "trend", viewFlows: "flows", viewMap: "map", viewMix: "mix", viewSources: "sources", viewData: "data", viewGuide: "guide"}

// viewOf finds a view by its word.
func viewOf(name string) (viewID, bool) {
	for id, n := range viewNames {
		if n == name {
			return id, true
		}
	}
	return noView, false
}

// kept is a state as it is remembered: text that a later program can read, and
// leave out where it cannot.
type kept struct {
	View  string    `json:"view"`
	Slice string    `json:"slice"` // with the axes of the table
	Flow  string    `json:"flow"`  // "ROLE to ROLE"
	Grain string    `json:"grain,omitempty"`
	Marks []string  `json:"marks,omitempty"`
	Pairs []string  `json:"pairs,omitempty"` // marked corridors
	Lines bool      `json:"lines,omitempty"` // the trend is of corridors
	Only  string    `json:"only,omitempty"`  // of compared corridors
	Split string    `json:"split,omitempty"` // of the list of corridors
	Spark bool      `json:"spark,omitempty"`
	Hide  bool      `json:"hide,omitempty"`
	Mix   string    `json:"mix,omitempty"`   // of the pictures of Mix, the one shown
	Spot  string    `json:"spot,omitempty"`  // the place of its card
	Flows string    `json:"flows,omitempty"` // of the pictures of Flows
	Cuts  []float64 `json:"cuts,omitempty"`  // own breaks of the classes
	CutOf string    `json:"cut_of,omitempty"`
	Read  string    `json:"read,omitempty"` // the entry of the dictionary
}

// logged is one step of a session: the history it began with, a state entered,
// or a place in the history gone to.
type logged struct {
	Was   []kept `json:"was,omitempty"`
	Enter *kept  `json:"enter,omitempty"`
	Go    *int   `json:"go,omitempty"`
}

func keep(s state) kept {
	q, flow := s.slice.Clone(), s.slice.Clone()
	q.By, q.Across = slices.Clone(s.rows), slices.Clone(s.cols)
	flow = models.Slice{Parts: flow.Parts[:min(len(flow.Parts), 1)], From: s.from, To: s.to}
	_, ends, _ := strings.Cut(flow.String(), " flow ")
	return kept{View: viewNames[s.view], Slice: q.String(), Flow: ends, Grain: s.grain, Marks: s.marks, Pairs: s.pairs, Lines: s.lines, Only: s.only, Split: s.split, Spark: s.spark, Hide: s.hide, Mix: mixNames[s.mix], Flows: flowNames[s.flow], Spot: s.spot, Cuts: s.cuts, CutOf: s.cutOf, Read: s.read}
}

// recall makes a state again; ok is false where the data at hand do not know
// its words any more.
func (k kept) recall(cat *models.Catalog) (s state, ok bool) {
	s = firstState()
	view, known := viewOf(k.View)
	q, err := models.ParseSlice(k.Slice, cat)
	if !known || err != nil || q.IsFlow() {
		return s, false
	}
	s.view, s.rows, s.cols, s.grain, s.marks, s.spark, s.hide = view, q.By, q.Across, k.Grain, k.Marks, k.Spark, k.Hide
	s.read, s.pairs, s.lines = k.Read, k.Pairs, k.Lines
	if slices.Contains(splits, k.Split) {
		s.split = k.Split
	}
	if slices.Contains(models.BecameKinds, k.Only) {
		s.only = k.Only
	}
	s.mix = mixKind(max(slices.Index(mixNames[:], k.Mix), 0))
	s.flow = flowKind(max(slices.Index(flowNames[:], k.Flows), 0))
	if s.spot = k.Spot; cat.Code(models.DimPlace, s.spot) == nil && s.flow == flowPlace {
		s.flow = flowList
	}
	if slices.IsSorted(k.Cuts) && len(k.Cuts) < models.MaxClasses {
		s.cuts, s.cutOf = k.Cuts, k.CutOf
	}
	q.By, q.Across = nil, nil
	s.slice = q
	if f, err := models.ParseSlice("vic_identified flow "+k.Flow, cat); err == nil {
		s.from, s.to = f.From, f.To
	}
	return s, true
}

// remember writes a step down.
func (a *App) remember(l logged) {
	if b, err := json.Marshal(l); err == nil {
		a.host.Step(a.ref, string(b))
	}
}

func (a *App) rememberState(s state) {
	k := keep(s)
	a.remember(logged{Enter: &k})
}

// restore brings back the history of the last session on the workspace. It
// reports whether there was one.
func (a *App) restore() bool {
	steps, at := a.host.Steps(a.ref)
	var log []logged // from the last history that was written down as a whole
	for _, text := range steps {
		var l logged
		if json.Unmarshal([]byte(text), &l) != nil {
			continue
		}
		if len(l.Was) > 0 {
			log = log[:0]
		}
		log = append(log, l)
	}
	var h history
	for _, l := range log {
		if l.Enter != nil {
			l.Was = append(l.Was, *l.Enter)
		}
		for _, k := range l.Was {
			if s, ok := k.recall(a.cat); ok {
				h.push(s)
			}
		}
		if l.Go != nil && *l.Go >= 0 && *l.Go < len(h.states) {
			h.at = *l.Go
		}
	}
	if len(h.states) == 0 {
		return false
	}
	a.history, a.state = h, h.states[h.at].clone()
	began := logged{Go: &h.at} // this session's log stands by itself
	for _, s := range h.states {
		began.Was = append(began.Was, keep(s))
	}
	a.remember(began)
	if len(h.states) > 1 {
		a.said = sayAsYouLeft + when(at, time.Now()) + "; u goes back step by step, H lists the steps"
	}
	return true
}

// when says how long ago something was, in days.
func when(at, now time.Time) string {
	switch days := int(now.Sub(at).Hours() / 24); {
	case at.IsZero() || days == 0:
		return "last time"
	case days == 1:
		return "yesterday"
	default:
		return fmt.Sprintf("%d days ago", days)
	}
}

// StartAt makes the screen open at a slice instead of where it was left.
func (a *App) StartAt(s models.SavedSlice) { a.first = s }

// begin is the first state on a workspace: what was asked for on the command
// line, else the last session, else what suits the data.
func (a *App) begin() {
	first := a.first
	a.first = models.SavedSlice{}
	a.history = history{}
	restored := a.restore()
	if !restored {
		a.state = a.suited(firstState())
		a.history.push(a.state.clone())
		a.rememberState(a.state)
	}
	if first.Slice == "" {
		return
	}
	s, err := a.stateOf(first)
	if err != nil {
		a.said = err.Error()
		return
	}
	a.said = ""
	a.state = s
	a.history.push(s.clone())
	a.rememberState(s)
}

// stateOf reads a saved slice.
func (a *App) stateOf(saved models.SavedSlice) (state, error) {
	q, err := models.ParseSlice(saved.Slice, a.cat)
	if err != nil {
		return state{}, err
	}
	s := a.state.fromSlice(q)
	switch v, ok := viewOf(saved.View); {
	case ok && !q.IsFlow():
		s.look(v, q)
	case v == viewTrend && q.Via.Dim == "": // of corridors
		s.view, s.lines = viewTrend, true
	}
	return s, nil
}

// viewText is what is shown as one line: the view, and the slice that it asks.
func (a *App) viewText() (models.SavedSlice, bool) {
	q, ok := a.state.question()
	if !ok {
		q, ok = a.state.slice.Clone(), a.state.slice.Indicator() != ""
	}
	var of []string
	for _, d := range a.data().sets {
		of = append(of, fmt.Sprintf("%s@%d", d.ID, d.Version))
	}
	return models.SavedSlice{View: viewNames[a.state.view], Slice: q.String(), Of: strings.Join(of, ", ")}, ok
}

// saveSlice asks for a name and keeps what is shown under it.
func (a *App) saveSlice() tea.Cmd {
	s, ok := a.viewText()
	if a.cat == nil || !ok {
		a.said = sayThereNothingSave
		return nil
	}
	l := newLine(titleSaveAs, "", func(typed string) reply {
		name, note, _ := strings.Cut(typed, ":")
		s.Name, s.Note = strings.TrimSpace(name), strings.TrimSpace(note)
		if err := models.CheckSavedName(s.Name); err != nil {
			return reply{handled: true, say: err.Error()}
		}
		if err := a.host.Save(a.ref, s); err != nil {
			return reply{handled: true, say: err.Error()}
		}
		return reply{handled: true, close: true, say: saySavedAs + s.Name + " (S lists what is saved)"}
	})
	l.text = []string{s.View + ": " + s.Slice, "", "A name, and after a colon a note if you like. It is asked of what is loaded that day; on the command line: tiplens show @NAME."}
	a.push(l)
	return nil
}

// pickSaved lists the saved slices; enter opens one, - deletes it.
func (a *App) pickSaved() tea.Cmd {
	if a.cat == nil {
		return nil
	}
	list, err := a.host.Saved(a.ref)
	if err != nil {
		a.said = err.Error()
	}
	if len(list) == 0 {
		if err == nil {
			a.said = sayNothingSavedYet
		}
		return nil
	}
	p := &savedPage{app: a}
	p.picker = picker{title: titleSavedSlices, fold: a.cat.Fold, apply: func(codes []string, _ bool) reply {
		i := slices.IndexFunc(list, func(s models.SavedSlice) bool { return s.Name == codes[0] })
		return reply{handled: true, close: true, run: func(a *App) tea.Cmd { return a.reopen(list[i]) }}
	}}
	for _, s := range list {
		p.items = append(p.items, item{code: s.Name, label: s.Name, note: s.Saved.Format("2006-01-02") + "  " + s.View,
			search: a.cat.Fold(s.Name) + "\n" + a.cat.Fold(s.Note) + "\n" + a.cat.Fold(s.Slice)})
	}
	p.list = list
	a.push(p)
	return nil
}

// savedPage is the picker of saved slices: what enter would ask stands below.
type savedPage struct {
	picker
	app  *App
	list []models.SavedSlice
}

func (p *savedPage) current() *models.SavedSlice {
	shown := p.shown()
	if p.at >= len(shown) {
		return nil
	}
	for i := range p.list {
		if p.list[i].Name == shown[p.at].code {
			return &p.list[i]
		}
	}
	return nil
}

func (p *savedPage) key(key, text string) reply {
	s := p.current()
	if key != "delete" && key != "ctrl+d" || s == nil {
		return p.picker.key(key, text)
	}
	name := s.Name
	if err := p.app.host.Forget(p.app.ref, name); err != nil {
		return reply{handled: true, say: err.Error()}
	}
	p.items = slices.DeleteFunc(p.items, func(it item) bool { return it.code == name })
	return reply{handled: true, close: len(p.items) == 0, say: name + " is deleted"}
}

func (p *savedPage) view(w, h int, l Look) []string {
	s := p.current()
	if s == nil || h < 8 {
		return p.picker.view(w, h, l)
	}
	var below []string
	for _, t := range []string{s.Note, s.Slice, "saved on " + s.Of} {
		if t != "" {
			below = append(below, wrap(t, w-2)...)
		}
	}
	below = below[:min(len(below), h/2)]
	out := p.picker.view(w, h-len(below)-1, l)
	return lines(append(append(out, ""), indent(below)...), h)
}

func (p *savedPage) hint() string { return hintSaved }

func indent(text []string) []string {
	out := make([]string, len(text))
	for i, t := range text {
		out[i] = " " + t
	}
	return out
}

// reopen asks a saved slice again.
func (a *App) reopen(saved models.SavedSlice) tea.Cmd {
	s, err := a.stateOf(saved)
	if err != nil {
		a.said = strings.TrimPrefix(saved.Name+": ", ": ") + err.Error()
		return nil
	}
	return a.enter(s)
}

// viewList lists the words for views in the order of their keys.
func viewList() []string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(viewNames)) {
		out = append(out, viewNames[id])
	}
	return out
}
