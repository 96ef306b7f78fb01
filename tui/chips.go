package tui

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// pickFilter offers ready filters, then every dimension to filter by.
func (a *App) pickFilter() tea.Cmd {
	if a.store == nil {
		return nil
	}
	dims := append([]string{models.DimYear}, a.available()...)
	ready := a.cat.ReadyFilters(a.figuresOnly())
	var items []item
	for i, r := range ready {
		var terms []string
		for _, t := range r.Terms {
			terms = append(terms, t.String())
		}
		if !slices.ContainsFunc(r.Terms, func(t models.Term) bool { return !slices.Contains(dims, t.Dim) }) {
			items = append(items, item{code: readyCode + strconv.Itoa(i), label: r.Name, note: strings.Join(terms, " "), search: a.cat.Fold(r.Name)})
		}
	}
	for _, d := range append(dims, models.DimAgency, models.DimDataset) {
		items = append(items, item{code: d, label: "by " + strings.ToLower(a.dimName(d)), search: a.cat.Fold(a.dimName(d)) + "\n" + a.cat.Fold(d)})
	}
	a.push(&picker{title: titleFilterBy, items: items, fold: a.cat.Fold, apply: func(codes []string, _ bool) reply {
		n, ok := strings.CutPrefix(codes[0], readyCode)
		if !ok {
			return reply{handled: true, close: true, run: func(a *App) tea.Cmd {
				if codes[0] == models.DimYear {
					return a.pickYears()
				}
				return a.pickCodes(codes[0])
			}}
		}
		i, _ := strconv.Atoi(n)
		return reply{handled: true, close: true, edit: func(s *state) {
			for _, t := range ready[i].Terms {
				s.slice = s.slice.With(t)
			}
		}}
	}})
	return nil
}

// readyCode stands before the number of a ready filter.
const readyCode = "ready "

// figuresOnly reports whether no records of the indicator at hand are there.
func (a *App) figuresOnly() bool {
	for _, offers := range a.data().offers {
		for _, o := range offers {
			if o.Indicator == a.state.slice.Indicator() && o.Grain == models.Record {
				return false
			}
		}
	}
	return true
}

// removePage is the list of filters that X opens; X again takes the first, so
// that XX removes the filter that was set last.
type removePage struct{ picker }

func (r *removePage) key(key, text string) reply {
	if text == "X" && r.typed == "" {
		return r.picker.key("enter", "")
	}
	return r.picker.key(key, text)
}

func (r *removePage) hint() string { return hintRemove }

// latestFirst puts filters into the order in which they were set, the last one
// first, as the history knows it.
func (a *App) latestFirst(terms []models.Term) []models.Term {
	since := func(t models.Term) int { // the state in which it came to be what it is
		at := a.history.at
		for at > 0 && at <= len(a.history.states) {
			if old, ok := a.history.states[at-1].slice.Term(t.Dim); !ok || old.String() != t.String() {
				break
			}
			at--
		}
		return at
	}
	out := slices.Clone(terms)
	slices.Reverse(out)
	slices.SortStableFunc(out, func(x, y models.Term) int { return since(y) - since(x) })
	return out
}
