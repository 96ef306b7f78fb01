package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// pickStep lists the steps so far, the last one first.
func (a *App) pickStep() tea.Cmd {
	if a.cat == nil {
		return nil
	}
	p := &stepsPage{whole: map[string]string{}}
	var items []item
	for i := range slices.Backward(a.history.states) {
		code, label := fmt.Sprint(i), a.stepText(i)
		items = append(items, item{code: code, label: label, search: a.cat.Fold(label)})
		p.whole[code] = a.wholeStep(i)
	}
	p.picker = picker{title: titleSteps, items: items, at: len(items) - 1 - a.history.at, fold: a.cat.Fold, apply: func(codes []string, _ bool) reply {
		return reply{handled: true, close: true, run: func(a *App) tea.Cmd {
			var i int
			if _, err := fmt.Sscan(codes[0], &i); err != nil {
				return nil
			}
			return a.travel(func() (state, bool) { return a.history.goTo(i) }, "")
		}}
	}}
	a.push(p)
	return nil
}

// stepsPage is the list of steps: where one is longer than its line, the one at
// the cursor stands whole below.
type stepsPage struct {
	picker
	whole map[string]string // each step in full, by its code
}

func (p *stepsPage) view(w, h int, l Look) []string {
	return p.viewWhole(w, h, l, func(it item) string { return p.whole[it.code] })
}

// stepText is a step of the history in a line: its view and slice, without the
// measure where the step before had the same.
func (a *App) stepText(i int) string {
	s := a.history.states[i]
	measure, rest := s.words()
	if i > 0 {
		if before, _ := a.history.states[i-1].words(); before == measure && rest != "" {
			measure = ""
		}
	}
	return s.viewName() + ": " + strings.TrimSpace(measure+rest)
}

// wholeStep is a step of the history with all that it asks.
func (a *App) wholeStep(i int) string {
	s := a.history.states[i]
	measure, rest := s.words()
	return s.viewName() + ": " + measure + rest
}

// viewName names the view of a step, and which of its pictures it showed.
func (s state) viewName() string {
	switch {
	case s.view == viewFlows && s.flow != flowList:
		return flowNames[s.flow]
	case s.view == viewMix && s.mix != mixBars:
		return mixNames[s.mix]
	}
	return viewNames[s.view]
}

// words are the slice of a state as text: what is measured, and the rest.
func (s state) words() (measure, rest string) {
	q, ok := s.question()
	if !ok {
		q = s.slice
	}
	measure = (models.Slice{Op: q.Op, Parts: q.Parts, Of: q.Of}).String()
	return measure, strings.TrimPrefix(q.String(), measure)
}
