package tui

import (
	"slices"

	"tiplens/models"
)

// removePage is the list of filters that X opens; X again takes the first, so
// that XX removes the filter that was set last.
type removePage struct{ picker }

func (r *removePage) key(key, text string) reply {
	if text == "X" && r.typed == "" {
		return r.picker.key("enter", "")
	}
	return r.picker.key(key, text)
}

func (r *removePage) hint() string { return "enter or X removes it  type to narrow  esc back" }

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
	slices.SortStableFunc(out, func(x, y models.Term) int { return since(y) - since(x) })
	return out
}
