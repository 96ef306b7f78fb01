package query

import (
	"slices"
	"strings"

	"tiplens/models"
)

// title says in words what is shown: what is counted in which unit, by what,
// and under which filters.
func (a *asking) title() {
	a.percentage = a.slice.Op == models.Part || a.slice.Op == models.Ratio && a.unitOf(0) == a.unitOf(1)
	a.ans.Unit = a.unitOf(0)
	for i := range a.parts {
		if !a.divides() && a.unitOf(i) != a.unitOf(0) {
			a.ans.Unit = "" // they have no sum, and no unit in common
		}
	}
	if a.divides() {
		a.ans.Unit = a.unitOf(0) + " per " + models.Singular(a.unitOf(1))
		if a.percentage {
			a.ans.Unit = "percent"
		}
	}
	t := a.measureText()
	if a.slice.IsFlow() {
		t += ", " + a.axisName(a.slice.From) + " to " + a.axisName(a.slice.To)
	}
	if by := a.axesText(a.slice.By); by != "" {
		t += " by " + by
	}
	if across := a.axesText(a.slice.Across); across != "" {
		if len(a.slice.By) > 0 {
			t += " and " + across
		} else {
			t += " by " + across
		}
	}
	for _, f := range a.slice.Where {
		t += ", " + a.cat.TermText(f)
	}
	if c := a.cat.ChangeText(a.slice.Change); c != "" {
		t += ", " + c
	}
	switch a.slice.Percent {
	case models.OfRow:
		a.ans.Base = "percent of the row's total"
	case models.OfColumn:
		a.ans.Base = "percent of the column's total"
	case models.OfTotal:
		a.ans.Base = "percent of the grand total"
	}
	if a.ans.Base != "" {
		t += ", " + a.ans.Base
	}
	if s := a.publishedShare(); s != "" {
		a.ans.Base = s
		if from := a.agencies(); len(from) == 1 {
			a.ans.Base += " (" + from[0] + ")"
		}
	}
	if a.percentage {
		a.ans.Base = "percent of " + lower(a.partName(a.parts[1]))
	}
	for _, q := range a.parts {
		if q.indicator.IsContext() {
			t = models.ContextWords + ": " + t
			break
		}
	}
	a.ans.Title = t
	for i, ax := range a.parts[0].axes {
		if i < a.parts[0].rowAxes {
			a.ans.RowAxes = append(a.ans.RowAxes, ax)
		} else {
			a.ans.ColAxes = append(a.ans.ColAxes, ax)
		}
	}
}

// divides reports whether the measure is a ratio or a share.
func (a *asking) divides() bool { return a.slice.Op == models.Ratio || a.slice.Op == models.Part }

// unitOf is what a part is counted in: the unit that its figures are published
// in, else that of the indicator.
func (a *asking) unitOf(part int) string {
	unit := ""
	for _, g := range a.grids {
		if g.part != part {
			continue
		}
		if unit != "" && g.unit != unit {
			return a.parts[part].indicator.Unit
		}
		unit = g.unit
	}
	if unit == "" {
		return a.parts[part].indicator.Unit
	}
	return unit
}

// What stands before the parts of a range.
const (
	knownToOne = "Known to at least one source: "
	inOneOf    = "In at least one of: "
)

// measureText names what is counted, with its unit.
func (a *asking) measureText() string {
	var names []string
	for i, q := range a.parts {
		n := a.partName(q)
		if a.slice.Op == models.Beside {
			n += " (" + a.unitOf(i) + ")"
		}
		names = append(names, n)
	}
	unit := ""
	if a.ans.Unit != "" {
		unit = " (" + a.ans.Unit + ")"
	}
	switch a.slice.Op {
	case models.Sum:
		return strings.Join(names, " plus ") + unit
	case models.Beside:
		return strings.Join(names, "; ")
	case models.Range:
		if len(names) == 1 {
			return knownToOne + names[0] + unit
		}
		return inOneOf + strings.Join(names, "; ") + unit
	case models.Part:
		var of []string
		for _, t := range a.slice.Of {
			of = append(of, a.cat.TermText(t))
		}
		return "Share of " + strings.Join(of, ", ") + " in " + names[1] + unit
	case models.Ratio:
		return names[0] + " per " + lower(names[1]) + unit
	}
	if c := a.parts[0].indicator.Counted; c != "" && c != a.ans.Unit {
		unit = " (" + c + ")"
	}
	if s := a.publishedShare(); s != "" {
		unit = " (" + s + ")"
	}
	return names[0] + unit
}

// publishedShare says what a published share is a percentage of.
func (a *asking) publishedShare() string {
	ind := a.parts[0].indicator
	if a.slice.Op != models.One || ind.Measure != models.Share || ind.Counted == "" {
		return ""
	}
	return ind.Unit + " of " + ind.Counted
}

// agencies lists whose numbers were found.
func (a *asking) agencies() []string {
	var out []string
	for _, g := range a.grids {
		if !slices.Contains(out, g.src.agency) {
			out = append(out, g.src.agency)
		}
	}
	return out
}

// partName names a part of a measure with the filters that are its own.
func (a *asking) partName(q *question) string {
	if a.slice.Op == models.Part || len(q.own) == 0 {
		return q.indicator.Name
	}
	var own []string
	for _, t := range q.own {
		own = append(own, a.cat.TermText(t))
	}
	return q.indicator.Name + " (" + strings.Join(own, ", ") + ")"
}

// unit heads the only column of a block.
func (l *layout) unit() string {
	if l.a.divides() {
		return l.a.ans.Unit
	}
	if l.g.unit != "" {
		return l.g.unit
	}
	return l.q.indicator.Unit
}

// saidOf puts the codes of a scope or coverage into words.
func saidOf(cat *models.Catalog, list, codes string) string {
	var out []string
	for _, code := range strings.Split(codes, ", ") {
		if k := cat.Code(list, code); k != nil && k.Note != "" {
			out = append(out, k.Note)
		} else if code != "" {
			out = append(out, list+" "+strings.ReplaceAll(code, "_", " "))
		}
	}
	return strings.Join(out, "; ")
}

func (a *asking) axisName(ax models.Axis) string {
	switch {
	case ax.Level != "" && ax.Dim == models.DimPlace, ax.Level != "" && ax.Dim == models.DimYear:
		return ax.Level
	case ax.Level != "":
		return strings.ToLower(dimName(a.cat, ax.Dim)) + " (" + ax.Level + ")"
	}
	return strings.ToLower(dimName(a.cat, ax.Dim))
}

func (a *asking) axesText(axes []models.Axis) string {
	var out []string
	for _, ax := range axes {
		out = append(out, a.axisName(ax))
	}
	return strings.Join(out, " and ")
}
