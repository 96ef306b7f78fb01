package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tiplens/models"
)

// Places of recruitment, departure, transit and return are stops on a person's
// way. A row has any number of them, so they stand in a table beside the rows
// and are joined to a question that names one. A row without such a stop does
// not state it.

// isLeg reports whether the file holds a dimension as stops on the way.
func (f *file) isLeg(dim string) bool {
	return slices.Contains(models.LegDims, dim) && len(f.dict[dim]) == 0 && len(f.legRoles(dim)) > 0
}

// legRoles are the numbers of a role among the stops.
func (f *file) legRoles(dim string) []int {
	return f.numbers("leg_role", func(e entry) bool { return e.code == dim })
}

// entries gives the dictionary of a dimension.
func (f *file) entries(dim string) []entry {
	if f.isLeg(dim) {
		return f.dict["leg_place"]
	}
	return f.dict[dim]
}

// legsSQL selects the stops of one role.
func (f *file) legsSQL(dim string) string {
	return fmt.Sprintf("%s.leg WHERE (%s)", ident(f.alias), rangeSQL("role", ranges(f.legRoles(dim))))
}

// legColumn names what the join of an axis gives for a row.
func legColumn(axis int) string { return fmt.Sprintf("leg_at%d", axis) }

// legJoin joins to every row the list of its stops of one role.
func (f *file) legJoin(dim string, axis int) string {
	return fmt.Sprintf(` LEFT JOIN (SELECT "row" AS leg_row%[1]d, list_sort(list_distinct(list(place))) AS %[2]s FROM %[3]s GROUP BY 1) ON leg_row%[1]d = source_row`,
		axis, legColumn(axis), f.legsSQL(dim))
}

// legGroups joins to every row, once for each, the groups of its stops; group 0
// is not stated. It is for counts of subjects, which do not add up.
func (f *file) legGroups(l lifter, dim string, axis int) (names []string, join string) {
	names = []string{models.Unknown}
	at := map[string]int{models.Unknown: 0}
	var pairs []string
	for n, codes := range l.codes {
		for _, c := range codes {
			if c == models.Unknown {
				continue
			}
			if _, ok := at[c]; !ok {
				at[c] = len(names)
				names = append(names, c)
			}
			pairs = append(pairs, fmt.Sprintf("(%d::USMALLINT, %d)", n, at[c]))
		}
	}
	if len(pairs) == 0 {
		pairs = []string{"(NULL::USMALLINT, 0)"}
	}
	join = fmt.Sprintf(`LEFT JOIN (SELECT DISTINCT "row" AS leg_row%[1]d, v%[1]d.g AS %[2]s FROM (SELECT "row", place FROM %[3]s) JOIN (VALUES %[4]s) v%[1]d(n, g) ON v%[1]d.n = place) ON leg_row%[1]d = o.source_row`,
		axis, legColumn(axis), f.legsSQL(dim), strings.Join(pairs, ", "))
	return names, join
}

// stops turns the list of a row's stops into codes, each once.
func (l lifter) stops(list any) []string {
	var out []string
	all, _ := list.([]any)
	for _, n := range all {
		out = union(out, l.codes[number(n)])
	}
	if len(out) > 1 {
		out = slices.DeleteFunc(slices.Clone(out), func(c string) bool { return c == models.Unknown })
	}
	if len(out) == 0 {
		return []string{models.Unknown}
	}
	return out
}

// legCondition selects the rows of which a stop meets a filter.
func (f *file) legCondition(m matcher) condition {
	one := m
	one.term.Not = false
	var parts []string
	places := f.numbers("leg_place", func(e entry) bool { return one.takesEntry(e, "") })
	if len(places) > 0 {
		parts = append(parts, fmt.Sprintf(`source_row IN (SELECT "row" FROM %s AND (%s))`, f.legsSQL(m.term.Dim), rangeSQL("place", ranges(places))))
	}
	if slices.Contains(m.term.Codes, models.Unknown) {
		parts = append(parts, fmt.Sprintf(`source_row NOT IN (SELECT "row" FROM %s)`, f.legsSQL(m.term.Dim)))
	}
	c := "false"
	if len(parts) > 0 {
		c = "(" + strings.Join(parts, " OR ") + ")"
	}
	if m.term.Not {
		c = "(NOT " + c + ")"
	}
	return condition{sql: c}
}

// mark notes that one row stands under several codes of an axis, so that the
// rows of the answer do not add up.
func (g *grid) mark(axis int, several bool) {
	if several && !slices.Contains(g.several, axis) {
		g.several = append(g.several, axis)
	}
}

// legChoices counts the rows of each stop of one role.
func (f *file) legChoices(dim string, cs []condition) string {
	return fmt.Sprintf(`SELECT leg_place0::VARCHAR, count(*) FROM %s.observation JOIN (SELECT DISTINCT "row" AS leg_row0, place AS leg_place0 FROM %s) ON leg_row0 = source_row WHERE %s GROUP BY 1`,
		ident(f.alias), f.legsSQL(dim), whereSQL(cs))
}

// addStop enters what legChoices counted.
func (t *choiceTally) addStop(f *file, row []any) {
	s, _ := row[0].(string)
	n, err := strconv.Atoi(s)
	if err != nil || n >= len(f.dict["leg_place"]) {
		return
	}
	for _, c := range f.dict["leg_place"][n].codes() {
		t.add(t.count, c, float64(row[1].(int64)))
	}
}

// ownsLegs reports whether a part has a filter of its own on stops, of which
// one row can have several.
func (q *question) ownsLegs() bool {
	return slices.ContainsFunc(q.own, func(t models.Term) bool { return slices.Contains(models.LegDims, t.Dim) })
}
