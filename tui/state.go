package tui

import (
	"slices"

	"tiplens/models"
)

// viewID names a view by its key.
type viewID int

// The views that exist; their numbers are their keys.
const (
	noView       viewID = -1
	viewOverview viewID = 0
	viewTable    viewID = 1
	viewTrend    viewID = 2
	viewFlows    viewID = 3
	viewMap      viewID = 4
	viewMix      viewID = 5
	viewSources  viewID = 6
	viewData     viewID = 7
	viewGuide    viewID = 8
)

// state is what is looked at. States are values: a step makes a new one, and
// the old one stays in the history.
type state struct {
	view  viewID
	slice models.Slice // measure, filters, percent, order, top
	rows  []models.Axis
	cols  []models.Axis
	from  models.Axis
	to    models.Axis
	grain string    // of time: "", half, quarter, month
	spark bool      // each row of the table ends in its line over time
	hide  bool      // rows of the table without any number but zero are left out
	marks []string  // rows chosen for the trend, by their code
	pairs []string  // corridors chosen for it, by pairKey
	lines bool      // the trend shows corridors instead of rows
	split string    // one of splits, of which the list of corridors shows the shares
	only  string    // of corridors that are compared, the kind shown; empty for all
	mix   mixKind   // of the pictures of Mix, the one shown
	flow  flowKind  // of the pictures of Flows
	spot  string    // the place that the card of Flows is about
	cuts  []float64 // own breaks of the classes; never changed in place
	cutOf string    // the picture they were set for
	drill []crumb   // what was looked at before each row that was opened
	read  string    // the entry of the dictionary
	at    place     // where the cursor goes when this is shown again
}

// crumb is a state in which a row was opened, to come back to.
type crumb struct {
	state state // without crumbs of its own
	at    place
}

// place is where a cursor was: the row by its key, and the page by its corner.
type place struct {
	key                 string
	row, col, top, left int
	block               int // of the sources that are shown one at a time
}

// open enters what is looked at into the way back.
func (s *state) open(at place) {
	from := s.clone()
	from.drill = nil
	s.drill = append(s.drill, crumb{from, at})
}

// drillUp goes back to where the last row was opened, to the view and the row
// it was opened in.
func (s *state) drillUp() bool {
	n := len(s.drill)
	if n == 0 {
		return false
	}
	last, rest := s.drill[n-1], s.drill[:n-1]
	*s = last.state.clone()
	s.drill, s.at = rest, last.at
	return true
}

func (s state) clone() state {
	c := s
	c.slice = s.slice.Clone()
	c.rows, c.cols, c.marks, c.drill = slices.Clone(s.rows), slices.Clone(s.cols), slices.Clone(s.marks), slices.Clone(s.drill)
	c.pairs = slices.Clone(s.pairs)
	return c
}

// time is the axis of time at the grain chosen.
func (s state) time() models.Axis { return models.Axis{Dim: models.DimYear, Level: s.grain} }

// asks reports whether the view shows an answer to the slice.
func (s state) asks() bool { return s.view != viewData && s.view != viewSources && s.view != viewGuide }

// question makes the slice that the view at hand shows; ok is false for a view
// that asks nothing.
func (s state) question() (q models.Slice, ok bool) {
	q = s.slice.Clone()
	q.By, q.Across, q.From, q.To = nil, nil, models.Axis{}, models.Axis{}
	switch s.view {
	case viewOverview:
		q.Percent, q.Top, q.Change, q.Order = models.NoBase, 0, models.Change{}, models.Order{}
	case viewTable:
		q.By, q.Across = s.atGrain(s.rows), s.atGrain(s.cols)
	case viewTrend:
		q.Percent, q.Top, q.Change = models.NoBase, 0, models.Change{}
		q.Order = models.Order{Key: "value", Desc: true}
		q.Across = []models.Axis{s.time()}
		if s.lines {
			q.From, q.To = s.from, s.to
			return q, q.Indicator() != ""
		}
		for _, r := range s.rows {
			if r.Dim != models.DimYear {
				q.By = []models.Axis{r}
				break
			}
		}
	case viewFlows:
		q = s.flowQuestion(q)
	case viewMap:
		q = s.mapQuestion(q)
	case viewMix:
		q = s.mixQuestion(q)
	default:
		return models.Slice{}, false
	}
	return q, q.Indicator() != ""
}

// breaks are the own breaks of the classes, if they were set for numbers like
// those that are shown: for provinces they say nothing of nationalities.
func (s state) breaks() []float64 {
	if s.cutOf != s.picture() {
		return nil
	}
	return s.cuts
}

// picture names what is shown, whatever it is filtered by.
func (s state) picture() string {
	q, _ := s.question()
	q.Where, q.At, q.Order, q.Top = nil, nil, models.Order{}, 0
	return viewNames[s.view] + ": " + q.String()
}

// cardOf is the place that a card is asked of, "" for an ordinary answer.
func (s state) cardOf() string {
	if s.view == viewFlows && s.flow == flowPlace {
		return s.spot
	}
	return ""
}

// askedFor names what is asked: the slice, and the place of a card.
func (s state) askedFor(q models.Slice) string {
	if place := s.cardOf(); place != "" {
		return q.String() + " of " + place
	}
	return q.String()
}

// atGrain gives the axes of time the grain chosen.
func (s state) atGrain(axes []models.Axis) []models.Axis {
	out := slices.Clone(axes)
	for i := range out {
		if out[i].Dim == models.DimYear {
			out[i].Level = s.grain
		}
	}
	return out
}

// fromSlice puts a typed slice into a state: its axes go to the view that
// shows them.
func (s state) fromSlice(q models.Slice) state {
	c := s.clone()
	c.slice = q.Clone()
	c.slice.By, c.slice.Across, c.slice.From, c.slice.Via, c.slice.To = nil, nil, models.Axis{}, models.Axis{}, models.Axis{}
	c.marks, c.pairs, c.lines, c.split, c.only, c.drill = nil, nil, false, "", "", nil
	if q.IsFlow() {
		c.view, c.from, c.to, c.flow = viewFlows, q.From, q.To, flowList
		c.only, c.slice.Change.Only = q.Change.Only, ""
		for _, ax := range q.Across {
			switch {
			case ax.Dim == models.DimYear:
				c.spark = true
			case slices.Contains(splits, ax.Dim):
				c.split = ax.Dim
			}
		}
		switch {
		case q.Via.Dim != "":
			c.flow = flowRoutes
		case q.Change.Kind != "":
			c.flow = flowCompare
		}
		return c
	}
	c.view, c.rows, c.cols, c.grain = viewTable, slices.Clone(q.By), slices.Clone(q.Across), ""
	for _, a := range q.Axes() {
		if a.Dim == models.DimYear {
			c.grain = a.Level
		}
	}
	return c
}

// history keeps every state for undo and redo.
type history struct {
	states []state
	at     int
}

// push enters a new state behind the one at hand; what was undone is gone.
func (h *history) push(s state) {
	if len(h.states) > 0 {
		h.states = h.states[:h.at+1]
	}
	h.states = append(h.states, s)
	if len(h.states) > maxHistory {
		h.states = h.states[len(h.states)-maxHistory:]
	}
	h.at = len(h.states) - 1
}

// maxHistory bounds the history; nobody goes back further by single steps.
const maxHistory = 1000

func (h *history) undo() (state, bool) {
	if h.at == 0 {
		return state{}, false
	}
	h.at--
	return h.states[h.at].clone(), true
}

func (h *history) redo() (state, bool) {
	if h.at+1 >= len(h.states) {
		return state{}, false
	}
	h.at++
	return h.states[h.at].clone(), true
}

// goTo goes to a step by its number.
func (h *history) goTo(i int) (state, bool) {
	if i < 0 || i >= len(h.states) {
		return state{}, false
	}
	h.at = i
	return h.states[i].clone(), true
}
