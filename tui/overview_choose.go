package tui

import (
	"slices"

	"tiplens/models"
)

// choice is what a key does with the value under the cursor.
type choice uint8

const (
	only   choice = iota // the filter is this value; again: none
	also                 // it is added to those chosen, or taken off
	except               // it is added to those left out, or taken off
)

// choose narrows the slice by the value under the cursor.
func (v *overviewView) choose(how choice) reply {
	f, val, ok := v.here()
	switch {
	case f == nil:
		return reply{handled: true, say: sayGoDownValue}
	case !ok:
		return reply{handled: true, say: sayThereNothingChoose}
	case val.Code == "" && val.Kind == models.NotStated:
		return reply{handled: true, say: sayTheseOnlyCountryKnown}
	case val.Code == "":
		return reply{handled: true, say: sayTheseCoverMore}
	}
	g, _ := v.seen()
	old, _ := models.FindTerm(v.where, f.Axis.Dim)
	old.Dim = f.Axis.Dim
	next, say := v.changed(old, val.Code, how, g.Home)
	if say != "" {
		return reply{handled: true, say: say}
	}
	return reply{handled: true, edit: func(s *state) { s.slice = s.slice.With(next) }}
}

// changed is the filter after a choice; one without values is none.
func (v *overviewView) changed(t models.Term, code string, how choice, home string) (models.Term, string) {
	alone := models.Term{Dim: t.Dim}.WithValue(code)
	exact := t.Names(code)
	switch {
	case how == only && !t.Not && exact && len(t.Codes)+len(t.Spans) == 1:
		return models.Term{Dim: t.Dim}, ""
	case how == only:
		return alone, ""
	case len(t.Codes)+len(t.Spans) == 0 || t.Not != (how == except):
		alone.Not = how == except
		return alone, ""
	case exact:
		return t.Without(code), ""
	case v.cat.Meets(t, code, home):
		i := slices.IndexFunc(t.Codes, func(c string) bool { return v.cat.Under(t.Dim, code, c, home) })
		return t, "it is part of " + v.cat.Label(t.Dim, t.Codes[i]) + ", which is in the filter; enter takes it alone"
	}
	return t.WithValue(code), ""
}
