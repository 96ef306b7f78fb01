package tui

import (
	"regexp"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// pickRows chooses the rows; on the map, what is mapped.
func (a *App) pickRows() tea.Cmd {
	cmd := a.pickAxis(true)
	if n := len(a.stack); n > 0 && a.state.view == viewMap {
		if p, ok := a.stack[n-1].(*picker); ok {
			p.title, p.many, p.items = titleOnMap, false, a.mapped(p.items)
		}
	}
	return cmd
}

// mapped keeps what can lie on a map, each once: a dimension says at which level
// it is asked, and that level does not follow it again.
func (a *App) mapped(items []item) []item {
	var out []item
	for _, it := range items {
		dim, level, _ := strings.Cut(it.code, ".")
		d := a.cat.Dimension(dim)
		switch {
		case !onMap(models.Axis{Dim: dim, Level: level}) || d != nil && level != "" && level == d.Default:
			continue
		case d != nil && level == "" && d.Default != "":
			it.note = "by " + d.Default
			if d.LevelIndex(d.Default) > 0 { // else it is asked at the coarser one
				it.note += " where known"
			}
			it.search += "\n" + a.cat.Fold(d.Default) + "\n" + a.cat.Fold(d.Name+d.Default)
		}
		out = append(out, it)
	}
	return out
}

// percent changes what numbers are a percentage of, where they are one or can
// become one.
func (a *App) percent() tea.Cmd {
	if a.state.view == viewMix && a.state.mix != mixHeat {
		a.said = saySharesShownAlready
		return nil
	}
	if a.state.view == viewFlows && a.state.flow != flowMatrix {
		a.said = saySharesAllStand
		return nil
	}
	return a.step(nextPercent)
}

// pickBreaks takes breaks of one's own for the classes of maps and heat tables.
func (a *App) pickBreaks() tea.Cmd {
	if a.state.view == viewMix && a.state.mix != mixHeat || a.state.view == viewFlows && a.state.flow != flowMatrix {
		a.said = sayClassesOnMap
		return nil
	}
	var old []string
	for _, v := range a.state.breaks() {
		old = append(old, strconv.FormatFloat(v, 'f', -1, 64))
	}
	l := newLine(titleClassBreaks, strings.Join(old, " "), func(typed string) reply {
		cuts, wrong := readBreaks(typed)
		if wrong != "" {
			return reply{handled: true, say: wrong}
		}
		return reply{handled: true, close: true, edit: func(s *state) { s.cuts, s.cutOf = cuts, s.picture() }}
	})
	l.text = []string{"Up to four numbers that rise, such as: 100 500 1000 5000. Each is the lowest value of the next class.",
		"Nothing: fifths, classes that hold about the same number of places; equal numbers share a class."}
	a.push(l)
	return nil
}

// grouped is a number with a comma before every three digits.
var grouped = regexp.MustCompile(`^-?\d{1,3}(,\d{3})+(\.\d+)?$`)

// readBreaks reads the breaks of classes; none are nil.
func readBreaks(typed string) (cuts []float64, wrong string) {
	for _, word := range strings.Fields(strings.ReplaceAll(typed, ";", " ")) {
		plain := word
		if grouped.MatchString(word) {
			plain = strings.ReplaceAll(word, ",", "")
		}
		v, err := strconv.ParseFloat(plain, 64)
		switch {
		case err != nil || v != v || v > 1e15 || v < -1e15:
			return nil, word + " is no number; type numbers with blanks between them"
		case len(cuts) > 0 && v <= cuts[len(cuts)-1]:
			return nil, "the numbers must rise: " + word + " is not more than the one before it"
		}
		cuts = append(cuts, v)
	}
	if len(cuts) >= models.MaxClasses {
		return nil, "five classes are the most: type four numbers at most"
	}
	return cuts, ""
}
