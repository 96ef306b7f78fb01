package tui

import (
	"fmt"
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
	s := a.state.slice
	var parts, set, unset []string
	for _, f := range []struct{ key, dim string }{{"p", models.DimPlace}, {"n", models.DimNationality}, {"y", models.DimYear}} {
		if t, ok := s.Term(f.dim); ok {
			set = append(set, f.key+" "+a.valuesText(t))
			parts = append(parts, set[len(set)-1])
			continue
		}
		unset = append(unset, f.key)
		parts = append(parts, f.key+" all")
	}
	line, whole := a.withChips(a.measureText(strings.Join(parts, "  ")))
	if !whole && len(unset) > 1 { // what is not filtered gives way to what is
		line, _ = a.withChips(a.measureText(strings.Join(append(set, strings.Join(unset, " ")+" all"), "  ")))
	}
	return line
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
	for _, p := range s.Parts {
		if i := a.cat.Indicator(p.Indicator); i != nil {
			name, unit = i.Name, i.Unit
			if len(p.Where) > 0 {
				name += " (" + terms(p.Where) + ")"
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

// leastName is the room that the name of the indicator has at least.
const leastName = 12

// measureText puts the indicator before the filters. Where the line is short it
// gives way: a year that is cut off would read as another one, and the unit
// stands in the title too.
func (a *App) measureText(filters string) string {
	name, unit := a.measured()
	room := a.w - width("i   "+filters)
	if len(a.otherTerms()) > 0 {
		room -= width("  +1")
	}
	if unit != "" && width(name+", "+unit) <= room {
		name += ", " + unit
	}
	return "i " + cut(name, max(room, leastName)) + "  " + filters
}

// valuesText is the right side of a filter in words.
func (a *App) valuesText(t models.Term) string {
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
	if len(vals) > 3 {
		text = strings.Join(vals[:2], ", ") + fmt.Sprintf(" +%d", len(vals)-2)
	}
	if t.Not {
		return "not " + text
	}
	return text
}

func (a *App) termText(t models.Term) string {
	return strings.ToLower(a.dimName(t.Dim)) + " " + a.valuesText(t)
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
