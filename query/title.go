package query

import (
	"strings"

	"tiplens/models"
)

// title says in words what is shown: what is counted in which unit, by what,
// and under which filters.
func (a *asking) title() {
	var names []string
	for _, q := range a.parts {
		names = append(names, q.indicator.Name)
	}
	ind := a.parts[0].indicator
	unit := ind.Unit
	if ind.Counted != "" && ind.Counted != ind.Unit {
		unit = ind.Counted
	}
	a.ans.Unit = ind.Unit
	t := strings.Join(names, " "+opWord(a.slice.Op)+" ")
	if ind.Unit != "" {
		t += " (" + unit + ")"
	}
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
		t += ", " + a.termText(f)
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
	for _, q := range a.parts {
		if q.indicator.Group == "context" {
			t = "Context, not trafficking: " + t
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

func opWord(op models.Op) string {
	switch op {
	case models.Ratio:
		return "per"
	case models.Sum:
		return "plus"
	}
	return "and"
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

// termText is a filter in words.
func (a *asking) termText(t models.Term) string {
	var vals []string
	for _, c := range t.Codes {
		l := a.cat.Label(t.Dim, c)
		if c == models.Unknown {
			l = "not stated"
		}
		vals = append(vals, l)
	}
	for _, p := range t.Spans {
		vals = append(vals, p.Label())
	}
	not := ""
	if t.Not {
		not = "not "
	}
	v := not + strings.Join(vals, " or ")
	if t.Dim == models.DimYear && !t.Not && len(t.Codes) == 0 {
		return v
	}
	return strings.ToLower(dimName(a.cat, t.Dim)) + " " + v
}
