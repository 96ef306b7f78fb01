package query

import (
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// The rules on measures of several parts: sums, ranges and ratios.

// together gives the parts that a measure would make one number of people of.
func (a *asking) together() []*question {
	if a.slice.Op == models.Sum || a.slice.Op == models.Range && len(a.parts) > 1 {
		return a.parts
	}
	return nil
}

// pairs calls see with every two parts that would be added, until it fires.
func (a *asking) pairs(see func(i, j int) []sentence) []sentence {
	ps := a.together()
	for i := range ps {
		for j := i + 1; j < len(ps); j++ {
			if s := see(i, j); s != nil {
				return s
			}
		}
	}
	return nil
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }
func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// total is the value of a part over all its cells, where one source gives it.
func (a *asking) total(part int) value {
	var found *grid
	for _, g := range a.grids {
		if g.part != part {
			continue
		}
		if found != nil {
			return value{}
		}
		found = g
	}
	if found == nil {
		return value{}
	}
	return found.at(coord(repeat(models.Total, len(a.parts[part].axes))))
}

// told names a part with its number: "105 persons (intercepted before
// departure)".
func (a *asking) told(part int) string {
	name := lower(a.partName(a.parts[part]))
	v := a.total(part)
	if !v.known {
		return name
	}
	return fmt.Sprintf("%s %s (%s)", v.cell().Text(), a.unitOf(part), name)
}

// asked makes a way out of another slice.
func asked(label string, s models.Slice) models.WayOut {
	return models.WayOut{Label: label, Slice: s.String()}
}

// beside is the way out that always exists: the parts side by side.
func (a *asking) beside() models.WayOut {
	s := a.slice.Clone()
	s.Op, s.Percent, s.Change = models.Beside, models.NoBase, models.Change{}
	return asked("show them side by side", s)
}

func (a *asking) rangeOf() models.WayOut {
	s := a.slice.Clone()
	s.Op, s.Percent = models.Range, models.NoBase
	return asked("show the range: at least the largest, at most the sum", s)
}

func (a *asking) ratioOf(num, den int, label string) models.WayOut {
	s := a.slice.Clone()
	s.Op, s.Percent, s.Change, s.Parts = models.Ratio, models.NoBase, models.Change{}, []models.Item{s.Parts[num], s.Parts[den]}
	return asked(label, s)
}

func (a *asking) differentUnits() []sentence {
	return a.pairs(func(i, j int) []sentence {
		u, v := a.unitOf(i), a.unitOf(j)
		if u == v {
			return nil
		}
		ways := []models.WayOut{a.beside()}
		switch {
		case u == "persons":
			ways = append(ways, a.ratioOf(i, j, "show persons per "+strings.TrimSuffix(v, "s")))
		case v == "persons":
			ways = append(ways, a.ratioOf(j, i, "show persons per "+strings.TrimSuffix(u, "s")))
		}
		return refused(fmt.Sprintf("%s and %s are counted in different things, so they have no sum.", upper(a.told(i)), a.told(j)), ways...)
	})
}

func (a *asking) stagesAdded() []sentence {
	return a.pairs(func(i, j int) []sentence {
		x, y := a.parts[i].indicator, a.parts[j].indicator
		if x.Stage < 0 || y.Stage < 0 || x.Pipeline != y.Pipeline || x.ID == y.ID {
			return nil
		}
		if a.slice.Op == models.Range {
			return warned(fmt.Sprintf("%s and %s are steps of one way, so this counts persons known to at least one of them",
				lower(a.partName(a.parts[i])), lower(a.partName(a.parts[j]))))
		}
		early, late := i, j
		if x.Stage > y.Stage {
			early, late = j, i
		}
		return refused(fmt.Sprintf("%s and %s are the same people at different steps, so they have no sum.", upper(a.told(i)), a.told(j)),
			a.ratioOf(late, early, "show the later step as a share of the earlier"), a.beside())
	})
}

func (a *asking) estimatesAdded() []sentence {
	return a.pairs(func(i, j int) []sentence {
		if a.parts[i].indicator.Measure != models.Estimate && a.parts[j].indicator.Measure != models.Estimate {
			return nil
		}
		return refused(fmt.Sprintf("%s and %s: an estimate is never added to anything.", upper(a.told(i)), a.told(j)), a.beside())
	})
}

func isRatio(i *models.Indicator) bool {
	switch i.Measure {
	case models.Share, models.Rate, models.Duration, models.Ordinal:
		return true
	}
	return false
}

func (a *asking) ratiosAdded() []sentence {
	if a.slice.Op == models.Ratio {
		for i, q := range a.parts {
			if isRatio(q.indicator) {
				return refused(fmt.Sprintf("%s is a %s already and is not divided again.", upper(a.told(i)), q.indicator.Measure), a.beside())
			}
		}
	}
	return a.pairs(func(i, j int) []sentence {
		for _, k := range []int{i, j} {
			if ind := a.parts[k].indicator; isRatio(ind) {
				return refused(fmt.Sprintf("%s and %s: a %s has no sum and no average.", upper(a.told(i)), a.told(j), ind.Measure), a.beside())
			}
		}
		return nil
	})
}

func (a *asking) rolesAdded() []sentence {
	found := func(i int) bool { return a.parts[i].indicator.ID == "op_persons" }
	role := func(i int) bool { f := a.parts[i].indicator.Family; return f == "victims" || f == "perpetrators" }
	return a.pairs(func(i, j int) []sentence {
		if !(found(i) && role(j) || found(j) && role(i)) {
			return nil
		}
		return refused(fmt.Sprintf("%s and %s: the role of people found in a raid is not decided, they are neither suspects nor victims yet.",
			upper(a.told(i)), a.told(j)), a.beside())
	})
}

func (a *asking) movementsAdded() []sentence {
	moves := func(i *models.Indicator) bool {
		return i.Family == "movement" || strings.HasPrefix(i.ID, "vic_returned_")
	}
	return a.pairs(func(i, j int) []sentence {
		x, y := a.parts[i].indicator, a.parts[j].indicator
		if x.ID == y.ID || !moves(x) || !moves(y) || a.unitOf(i) != a.unitOf(j) {
			return nil // in different units they are W-01's
		}
		return refused(fmt.Sprintf("%s and %s are different movements under different laws, so they have no sum.", upper(a.told(i)), a.told(j)), a.beside())
	})
}

func (a *asking) distinctAdded() []sentence {
	if a.slice.Op != models.Sum {
		return nil // a range of two such counts is right
	}
	return a.pairs(func(i, j int) []sentence {
		if a.parts[i].indicator.Measure != models.Distinct && a.parts[j].indicator.Measure != models.Distinct {
			return nil
		}
		return refused(fmt.Sprintf("%s and %s count different ones, which may be the same, so they have no sum.", upper(a.told(i)), a.told(j)), a.rangeOf(), a.beside())
	})
}

// relation says how the people of two parts of one indicator lie to each other.
type relation struct {
	apart  []string // dimensions on which the filters exclude each other
	nested string   // a dimension on which one filter lies within the other
	group  string   // the same, where one is a group such as ASEAN
	times  bool     // both name periods, which overlap
}

// relate compares the filters of two parts. Whole is the part that holds the
// other where one does.
func (a *asking) relate(i, j int) (r relation, whole int) {
	x, y := a.parts[i], a.parts[j]
	whole = i
	for _, d := range termDims(x.own, y.own) {
		s, inX := findTerm(x.own, d)
		t, inY := findTerm(y.own, d)
		switch {
		case !inX:
			r.nested = d
		case !inY:
			r.nested, whole = d, j
		case s.Not || t.Not:
			if s.Not != t.Not && slices.Equal(s.Codes, t.Codes) && len(s.Spans)+len(t.Spans) == 0 {
				r.apart = append(r.apart, d)
			}
		case d == models.DimYear:
			if overlap(s.Spans, t.Spans) {
				r.times = s.String() != t.String()
			} else {
				r.apart = append(r.apart, d)
			}
		default:
			a.relateCodes(&r, s, t, j, &whole)
		}
	}
	return r, whole
}

func (a *asking) relateCodes(r *relation, s, t models.Term, j int, whole *int) {
	hit := false
	for _, c := range s.Codes {
		for _, o := range t.Codes {
			down := matcher{a.cat, s}.under(o, c, "")
			up := matcher{a.cat, s}.under(c, o, "") || s.Dim == models.DimNationality && o == models.Foreign && a.cat.LevelOf(s.Dim, c) == "country"
			down = down || s.Dim == models.DimNationality && c == models.Foreign && a.cat.LevelOf(s.Dim, o) == "country"
			if !down && !up {
				continue
			}
			hit = true
			if c == o {
				continue
			}
			r.nested = s.Dim
			if up {
				*whole = j
			}
			if a.cat.LevelOf(s.Dim, c) == "group" || a.cat.LevelOf(s.Dim, o) == "group" {
				r.group = s.Dim
			}
		}
	}
	if !hit {
		r.apart = append(r.apart, s.Dim)
	}
}

func termDims(x, y []models.Term) []string {
	var out []string
	for _, t := range slices.Concat(x, y) {
		if !slices.Contains(out, t.Dim) {
			out = append(out, t.Dim)
		}
	}
	return out
}

func findTerm(ts []models.Term, dim string) (models.Term, bool) {
	for _, t := range ts {
		if t.Dim == dim {
			return t, true
		}
	}
	return models.Term{}, false
}

func overlap(x, y []models.Period) bool {
	for _, p := range x {
		if slices.ContainsFunc(y, p.Overlaps) {
			return true
		}
	}
	return false
}

// sameIndicator calls see with two parts of a sum that count the same thing
// and what their filters say of each other.
func (a *asking) sameIndicator(see func(i, j, whole int, r relation) []sentence) []sentence {
	if a.slice.Op != models.Sum {
		return nil
	}
	return a.pairs(func(i, j int) []sentence {
		if a.parts[i].indicator.ID != a.parts[j].indicator.ID || isRatio(a.parts[i].indicator) {
			return nil
		}
		r, whole := a.relate(i, j)
		return see(i, j, whole, r)
	})
}

func (a *asking) partsInWhole() []sentence {
	return a.sameIndicator(func(i, j, whole int, r relation) []sentence {
		if len(r.apart) > 0 || r.group != "" || r.times {
			return nil
		}
		if r.nested == "" {
			return refused(fmt.Sprintf("%s would be counted twice.", upper(a.told(i))), a.beside())
		}
		part := i + j - whole
		return refused(fmt.Sprintf("%s already holds %s.", upper(a.told(whole)), a.told(part)),
			append(a.shareOf(part, whole), a.tableBy(whole, r.nested), a.beside())...)
	})
}

// shareOf offers a part as a share of the whole it belongs to.
func (a *asking) shareOf(part, whole int) []models.WayOut {
	s := a.slice.Clone()
	var of []models.Term
	for _, t := range a.parts[part].own {
		if _, both := findTerm(a.parts[whole].own, t.Dim); !both {
			of = append(of, t)
		}
	}
	if len(of) == 0 {
		return nil
	}
	s.Op, s.Of, s.Parts, s.Percent, s.Change = models.Part, of, []models.Item{s.Parts[whole]}, models.NoBase, models.Change{}
	return []models.WayOut{asked("show the part as a share of the whole", s)}
}

// tableBy offers one part broken down by a dimension, with a row for the rest.
func (a *asking) tableBy(part int, dim string) models.WayOut {
	s := a.slice.Clone()
	s.Op, s.Parts = models.One, []models.Item{s.Parts[part]}
	s.Where = append(s.Where, s.Parts[0].Where...)
	s.Where = slices.DeleteFunc(s.Where, func(t models.Term) bool { return t.Dim == dim })
	s.Parts[0].Where = nil
	if !slices.ContainsFunc(s.Axes(), func(ax models.Axis) bool { return ax.Dim == dim }) {
		s.By = append(s.By, models.Axis{Dim: dim})
	}
	return asked("show the table by "+strings.ToLower(dimName(a.cat, dim)), s)
}

func (a *asking) groupAndMember() []sentence {
	return a.sameIndicator(func(i, j, whole int, r relation) []sentence {
		if len(r.apart) > 0 || r.group == "" || r.times {
			return nil
		}
		return refused(fmt.Sprintf("%s is a group that already holds %s.", upper(a.told(whole)), a.told(i+j-whole)), a.tableBy(whole, r.group), a.beside())
	})
}

func (a *asking) periodsOverlap() []sentence {
	return a.sameIndicator(func(i, j, _ int, r relation) []sentence {
		if len(r.apart) > 0 || !r.times {
			return nil
		}
		return refused(fmt.Sprintf("The periods of %s and %s overlap, so what lies in both would be counted twice.", a.told(i), a.told(j)),
			a.tableBy(i, models.DimYear), a.beside())
	})
}

// severalPerPerson refuses sums over codes of which one person can have
// several, and says it of tables and shares.
func (a *asking) severalPerPerson() []sentence {
	out := a.sameIndicator(func(i, j, _ int, r relation) []sentence {
		ind := a.parts[i].indicator
		if len(r.apart) == 0 || slices.ContainsFunc(r.apart, func(d string) bool { return ind.Additive(d) || d == models.DimAgency || d == models.DimYear }) {
			return nil
		}
		return refused(fmt.Sprintf("The same %s can be in both %s and %s, so they have no sum.", strings.TrimSuffix(a.unitOf(i), "s"), a.told(i), a.told(j)),
			a.tableBy(i, r.apart[0]), a.beside())
	})
	q := a.parts[0]
	multi := func(dim string) bool {
		return dim != models.DimYear && dim != models.DimAgency && !q.indicator.Additive(dim) && q.indicator.Measure == models.Count
	}
	for _, ax := range q.axes {
		if multi(ax.Dim) {
			out = append(out, noted(fmt.Sprintf("The same %s can be under several %s, so these do not add up to the total.", q.indicator.Unit, strings.ToLower(pluralName(a.cat, ax.Dim))))...)
		}
	}
	for _, t := range a.slice.Of {
		if d := a.cat.Dimension(t.Dim); d != nil && d.Multi {
			out = append(out, warned(fmt.Sprintf("percent of %s: one can be under several %s, so such shares can pass 100 together", a.unitOf(1), strings.ToLower(d.Plural)))...)
		}
	}
	return out
}

func (a *asking) stocksAdded() []sentence {
	return a.sameIndicator(func(i, j, _ int, r relation) []sentence {
		if !slices.Equal(r.apart, []string{models.DimYear}) || a.parts[i].indicator.Additive(models.DimYear) {
			return nil
		}
		return refused(fmt.Sprintf("%s and %s may be the same %s at two times, so they have no sum.", upper(a.told(i)), a.told(j), a.unitOf(i)),
			a.tableBy(i, models.DimYear), a.beside())
	})
}

// cohortsMixed warns of a ratio between two steps of the same period.
func (a *asking) cohortsMixed() []sentence {
	if a.slice.Op != models.Ratio {
		return nil
	}
	x, y := a.parts[0].indicator, a.parts[1].indicator
	if x.Pipeline != "perpetrator" || y.Pipeline != "perpetrator" || x.Stage < 0 || y.Stage < 0 || x.Stage == y.Stage {
		return nil
	}
	return warned(fmt.Sprintf("%s of a period are not those of the %s of the same period: cases take years", lower(x.Name), lower(y.Name)))
}

// baseOfChange says what percentages of a change are taken of.
func (a *asking) baseOfChange() []sentence {
	if a.slice.Change.Kind == "" {
		return nil
	}
	return noted("A change in percent is of the earlier number.")
}
