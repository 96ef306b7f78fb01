package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tiplens/models"
)

// sliceLine says what is asked: indicator with unit, place, nationality, years,
// then any other filter. The letters are the keys that change them.
func (a *App) sliceLine() string {
	if a.cat == nil {
		return "opening..."
	}
	line, _ := a.mainLine(false)
	text, whole := a.withChips(line)
	if !whole { // what is not filtered gives way to what is
		line, _ = a.mainLine(true)
		text, _ = a.withChips(line)
	}
	return text
}

// leastName is the room that the name of the indicator has at least.
const leastName = 12

// mainLine is the slice line without the other filters, and whether it had room
// for the unit. Where it is short, places and nationalities beyond the first are
// only counted, then the name of the indicator gives way, then those of the first
// place and nationality. A year is never cut off: it would read as another one.
// Brief puts what is not filtered together at the end.
func (a *App) mainLine(brief bool) (line string, withUnit bool) {
	name, unit := a.measured()
	place, nation, years := a.filterTexts(models.DimPlace), a.filterTexts(models.DimNationality), a.filterTexts(models.DimYear)
	more := 0
	if len(a.otherTerms()) > 0 {
		more = width("  +1")
	}
	filtered := []bool{len(place) > 1, len(nation) > 1, len(years) > 1}
	if i := slices.Index(filtered, false); i < 0 || !slices.Contains(filtered[i+1:], false) {
		brief = false // there is nothing to put together
	}
	with := func(name string) string {
		var set, unset []string
		for i, texts := range [...][]string{place, nation, years} {
			if key := []string{"p", "n", "y"}[i]; brief && !filtered[i] {
				unset = append(unset, key)
			} else {
				set = append(set, key+" "+texts[0])
			}
		}
		if len(unset) > 0 {
			set = append(set, strings.Join(unset, " ")+" all")
		}
		return "i " + name + "  " + strings.Join(set, "  ")
	}
	room := func() int { return a.w - more - width(with("")) }
	if unit != "" && width(name+", "+unit) <= room() {
		return with(name + ", " + unit), true
	}
	shorten := func(until int, least int) {
		for until > room() && max(len(place), len(nation)) > least {
			if len(nation) <= least || len(place) > least && width(place[0]) >= width(nation[0]) {
				place = place[1:]
			} else {
				nation = nation[1:]
			}
		}
	}
	shorten(width(name), 2)
	shorten(leastName, 1)
	for room() < leastName && len(years) > 1 {
		years = years[1:]
	}
	return with(cut(name, max(room(), leastName))), unit == ""
}

// leastValue is the room that a place or nationality has at least.
const leastValue = 8

// filterTexts gives the right side of a filter: as a list, with the first value
// named, and with its name cut, which years have not.
func (a *App) filterTexts(dim string) []string {
	t, ok := a.state.slice.Term(dim)
	if !ok {
		return []string{"all"}
	}
	out := []string{a.valuesText(t, 3), a.valuesText(t, 1)}
	if dim == models.DimYear {
		return out
	}
	first, rest, several := strings.Cut(out[1], " +")
	if several {
		rest = " +" + rest
	}
	return append(out, cut(first, leastValue)+rest)
}

// measured says what is counted, of a measure of several parts how they are
// joined and what each of them keeps to, and in which unit.
func (a *App) measured() (name, unit string) {
	s := a.state.slice
	terms := func(ts []models.Term) string {
		var out []string
		for _, t := range ts {
			out = append(out, a.termText(t))
		}
		return strings.Join(out, ", ")
	}
	var names []string
	for k, p := range s.Parts {
		if i := a.cat.Indicator(p.Indicator); i != nil {
			if name = i.Name; len(p.Where) > 0 {
				name += " (" + terms(p.Where) + ")"
				if k > 0 && p.Indicator == s.Parts[k-1].Indicator { // it is named before
					name = "(" + terms(p.Where) + ")"
				}
			}
			if k > 0 && i.Unit != unit {
				unit = ""
			} else {
				unit = i.Unit
			}
			names = append(names, name)
		}
	}
	switch s.Op {
	case models.Part: // what these are stands in the title: percent, or how many to one
		return "share " + terms(s.Of) + " of " + strings.Join(names, ", "), ""
	case models.Ratio:
		return strings.Join(names, " / "), ""
	case models.Sum:
		return strings.Join(names, " + "), unit
	case models.Range:
		return "range of " + strings.Join(names, ", "), unit
	}
	return strings.Join(names, " and "), unit
}

// valuesText is the right side of a filter in words. Of more than most values
// only the first are named.
func (a *App) valuesText(t models.Term, most int) string {
	if name := a.cat.ReadyName(t); name != "" {
		return map[bool]string{true: "not "}[t.Not] + name
	}
	var vals []string
	for _, c := range t.Codes {
		if c == models.Unknown {
			vals = append(vals, "not stated")
			continue
		}
		vals = append(vals, a.cat.Label(t.Dim, c))
	}
	for _, p := range t.Spans {
		vals = append(vals, p.Label())
	}
	text := strings.Join(vals, ", ")
	if named := max(most-1, 1); len(vals) > most {
		text = strings.Join(vals[:named], ", ") + fmt.Sprintf(" +%d", len(vals)-named)
	}
	if t.Not {
		return "not " + text
	}
	return text
}

func (a *App) termText(t models.Term) string {
	return strings.ToLower(a.dimName(t.Dim)) + " " + a.valuesText(t, 3)
}

// withChips puts the other filters behind the slice line; those that it has no
// room for are counted, and the line is not whole.
func (a *App) withChips(line string) (string, bool) {
	terms := a.otherTerms()
	for i, t := range terms {
		chip, left := "  ["+a.termText(t)+"]", len(terms)-i
		rest := ""
		if left > 1 {
			rest = "  +" + strconv.Itoa(left-1)
		}
		if width(line+chip+rest) > a.w {
			if room := a.w - width(line+rest); room >= 12 { // enough to see what it is about
				return line + cut(chip, room) + rest, false
			}
			more := "  +" + strconv.Itoa(left)
			return cut(line, a.w-width(more)) + more, false
		}
		line += chip
	}
	return line, true
}
