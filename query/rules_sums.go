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

// only finds the one grid that a part is added from: that of the only source
// with all parts, or of the only source there is.
func (a *asking) only(part int) *grid {
	from := a.grids
	if len(a.tuples) == 1 {
		from = a.tuples[0]
	}
	var found *grid
	for _, g := range from {
		if g.part == part && found != nil {
			return nil
		}
		if g.part == part {
			found = g
		}
	}
	return found
}

// total is the value of a part over all its cells, where one source gives it.
func (a *asking) total(part int) value {
	g := a.only(part)
	if g == nil {
		return value{}
	}
	return g.total()
}

// told names a part with its number: "105 persons (intercepted before
// departure)".
func (a *asking) told(part int) string {
	name, unit := a.shortName(part), a.unitOf(part)
	v := a.total(part)
	switch {
	case !v.known:
		return name
	case a.parts[part].indicator.Measure == models.Ordinal:
		return unit + " " + v.cell().Text() + " (" + name + ")"
	}
	return models.Amount(v.cell().Text(), unit) + " (" + name + ")"
}

// shortName names a part inside a sentence. Agencies stand as codes there:
// their names are sentences of their own.
func (a *asking) shortName(part int) string {
	name := lower(a.parts[part].indicator.Name)
	for _, t := range a.parts[part].own {
		if t.Dim == models.DimAgency {
			name += ", " + strings.Join(t.Codes, " or ")
			continue
		}
		name += ", " + a.cat.TermText(t)
	}
	return name
}

// are gives the verb of a part that was told with its number.
func (a *asking) are(part int) string {
	if v := a.total(part); v.known {
		return isAre(v.cell().Text())
	}
	return "are"
}

// isAre is the verb behind a printed number.
func isAre(number string) string {
	if models.IsOne(number) {
		return "is"
	}
	return "are"
}

// measureWords name what has no sum.
var measureWords = map[models.Measure]string{
	models.Share: "a share", models.Rate: "a rate", models.Duration: "a duration", models.Ordinal: "a rank",
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

// rangeOf offers the range of the parts, where no rule refuses that too.
func (a *asking) rangeOf() []models.WayOut {
	b := *a
	b.slice = a.slice.Clone()
	b.slice.Op, b.slice.Percent, b.slice.Change = models.Range, models.NoBase, models.Change{}
	for _, sees := range []func() []sentence{b.differentUnits, b.estimatesAdded, b.ratiosAdded, b.rolesAdded, b.movementsAdded} {
		if slices.ContainsFunc(sees(), func(s sentence) bool { return s.is == refuse }) {
			return nil
		}
	}
	return []models.WayOut{asked("show the range: at least the largest, at most the sum", b.slice)}
}

// ratioOf offers one part divided by another, where both are counts of one
// source: of two sources it would divide one people by another.
func (a *asking) ratioOf(num, den int, label string) []models.WayOut {
	x, y := a.only(num), a.only(den)
	counts := a.parts[num].indicator.Measure == models.Count && a.parts[den].indicator.Measure == models.Count
	if x == nil || y == nil || x.src.agency != y.src.agency || x.src.file != y.src.file || !counts {
		return nil
	}
	s := a.slice.Clone()
	s.Op, s.Percent, s.Change, s.Parts = models.Ratio, models.NoBase, models.Change{}, []models.Item{s.Parts[num], s.Parts[den]}
	return []models.WayOut{asked(label, s)}
}

// alone offers one part by itself.
func (a *asking) alone(part int, label string) models.WayOut {
	s := a.slice.Clone()
	s.Op, s.Where = models.One, append(s.Where, s.Parts[part].Where...)
	s.Parts = []models.Item{{Indicator: s.Parts[part].Indicator}}
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
			ways = append(ways, a.ratioOf(i, j, "show persons per "+models.Singular(v))...)
		case v == "persons":
			ways = append(ways, a.ratioOf(j, i, "show persons per "+models.Singular(u))...)
		}
		return refused(fmt.Sprintf("%s and %s are counted in different things, so they have no sum.", models.Capital(a.told(i)), a.told(j)), ways...)
	})
}

func (a *asking) stagesAdded() []sentence {
	return a.pairs(func(i, j int) []sentence {
		x, y := a.parts[i].indicator, a.parts[j].indicator
		if x.Stage < 0 || y.Stage < 0 || x.Pipeline != y.Pipeline || x.ID == y.ID {
			return nil
		}
		if a.slice.Op == models.Range {
			return warned(fmt.Sprintf("%s and %s are steps of one way, so this counts persons known to at least one of them", a.shortName(i), a.shortName(j)))
		}
		early, late := i, j
		if x.Stage > y.Stage {
			early, late = j, i
		}
		if x.Stage == y.Stage {
			return refused(fmt.Sprintf("%s and %s may be the same people, counted for two reasons, so they have no sum.", models.Capital(a.told(i)), a.told(j)), a.beside())
		}
		return refused(fmt.Sprintf("%s and %s are the same people at different steps, so they have no sum.", models.Capital(a.told(i)), a.told(j)),
			append(a.ratioOf(late, early, "show the later step as a share of the earlier"), a.beside())...)
	})
}

func (a *asking) estimatesAdded() []sentence {
	return a.pairs(func(i, j int) []sentence {
		if a.parts[i].indicator.Measure != models.Estimate && a.parts[j].indicator.Measure != models.Estimate {
			return nil
		}
		return refused(fmt.Sprintf("%s and %s: an estimate is never added to anything.", models.Capital(a.told(i)), a.told(j)), a.beside())
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
				return refused(fmt.Sprintf("%s: %s is not divided again.", models.Capital(a.told(i)), measureWords[q.indicator.Measure]), a.beside())
			}
		}
	}
	return a.pairs(func(i, j int) []sentence {
		for _, k := range []int{i, j} {
			if ind := a.parts[k].indicator; isRatio(ind) {
				return refused(fmt.Sprintf("%s and %s: %s has no sum and no average.", models.Capital(a.told(i)), a.told(j), measureWords[ind.Measure]), a.beside())
			}
		}
		return nil
	})
}

// rolesAdded keeps apart people who are counted for what they are in a case or
// beside it: victims, suspects, people found in a raid, people trained. Who was
// forced to offend is a victim and a suspect.
func (a *asking) rolesAdded() []sentence {
	return a.pairs(func(i, j int) []sentence {
		x, y := a.parts[i].indicator, a.parts[j].indicator
		switch {
		case x.Family == y.Family, moves(x) && moves(y): // of one kind, or W-15's
			return nil
		case a.unitOf(i) != "persons" || a.unitOf(j) != "persons", x.Measure == models.Estimate, y.Measure == models.Estimate:
			return nil // W-01's and W-09's
		}
		why := " and %s are people in different roles, and the same person may be in both, so they have no sum."
		if foundInRaid(x) && hasRole(y) || foundInRaid(y) && hasRole(x) {
			why = " and %s: the role of people found in a raid is not decided, they are neither suspects nor victims yet."
		}
		return refused(models.Capital(a.told(i))+fmt.Sprintf(why, a.told(j)), a.beside())
	})
}

func foundInRaid(i *models.Indicator) bool { return i.ID == "op_persons" }
func hasRole(i *models.Indicator) bool     { return i.Family == "victims" || i.Family == "perpetrators" }

// moves reports whether an indicator counts people on a way of their own: home,
// out of the country, or stopped on it.
func moves(i *models.Indicator) bool {
	return i.Family == "movement" || strings.HasPrefix(i.ID, "vic_returned_")
}

func (a *asking) movementsAdded() []sentence {
	if apart := a.movementsApart(); apart != nil {
		return apart
	}
	return a.pairs(func(i, j int) []sentence {
		x, y := a.parts[i].indicator, a.parts[j].indicator
		if x.ID == y.ID || !moves(x) || !moves(y) || a.unitOf(i) != a.unitOf(j) {
			return nil // in different units they are W-01's
		}
		return refused(fmt.Sprintf("%s and %s are different movements under different laws, so they have no sum.", models.Capital(a.told(i)), a.told(j)), a.beside())
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
		return refused(fmt.Sprintf("%s and %s: numbers of different ones are not added, since the same may be in both.", models.Capital(a.told(i)), a.told(j)), append(a.rangeOf(), a.beside())...)
	})
}

// relation says how the people of two parts of one indicator lie to each other.
type relation struct {
	apart  []string // dimensions on which the filters exclude each other
	nested string   // a dimension on which one filter lies within the other
	group  string   // the same, where one is a group such as ASEAN
	shares bool     // two groups that have members in common, neither within the other
	cut    string   // ages of one filter cut across those of the other
	times  bool     // both name periods, which overlap
}

// relate compares the filters of two parts. Whole is the part that holds the
// other where one does.
func (a *asking) relate(i, j int) (r relation, whole int) {
	x, y := a.parts[i], a.parts[j]
	whole = i
	for _, d := range termDims(x.own, y.own) {
		s, inX := models.FindTerm(x.own, d)
		t, inY := models.FindTerm(y.own, d)
		switch {
		case !inX:
			r.nested = d
		case !inY:
			r.nested, whole = d, j
		case s.Not || t.Not:
			if s.Not != t.Not && slices.Equal(s.Codes, t.Codes) && slices.Equal(s.Spans, t.Spans) {
				r.apart = append(r.apart, d)
			}
		case d == models.DimYear:
			if overlap(s.Spans, t.Spans) {
				r.times = s.String() != t.String()
			} else {
				r.apart = append(r.apart, d)
			}
		default:
			if a.relateCodes(&r, s, t) {
				whole = j
			}
		}
	}
	return r, whole
}

// relateCodes compares two filters on one dimension; up is whether the second
// holds the first.
func (a *asking) relateCodes(r *relation, s, t models.Term) (up bool) {
	hit := false
	for _, c := range s.Codes {
		for _, o := range t.Codes {
			k := a.kin(s.Dim, c, o)
			hit = hit || k != strangers
			switch k {
			case holds, within:
				r.nested = s.Dim
				up = up || k == within
			case crosses:
				if s.Dim == models.DimAge {
					r.cut = s.Dim
					continue
				}
				r.shares = true
			default:
				continue
			}
			if a.cat.LevelOf(s.Dim, c) == "group" || a.cat.LevelOf(s.Dim, o) == "group" {
				r.group = s.Dim
			}
		}
	}
	if !hit {
		r.apart = append(r.apart, s.Dim)
	}
	return up
}

// kinship says how one code lies to another.
type kinship uint8

const (
	strangers kinship = iota // nobody is in both
	twins                    // the same code
	holds                    // the first holds the second
	within                   // the first lies within the second
	crosses                  // some are in both
)

// kin compares two codes of a dimension.
func (a *asking) kin(dim, c, o string) kinship {
	home, m := a.home(), matcher{a.cat, models.Term{Dim: dim}}
	relative := func(code, other string) bool { // whose nationals they are is not known
		return home == "" && dim == models.DimNationality && (code == models.Foreign || code == models.National) && a.cat.LevelOf(dim, other) == "country"
	}
	switch {
	case c == o:
		return twins
	case m.under(o, c, home) || relative(c, o):
		return holds
	case m.under(c, o, home) || relative(o, c):
		return within
	case dim == models.DimAge && models.AgesOverlap(c, o):
		return crosses
	case a.shareMembers(dim, c, o):
		return crosses
	}
	return strangers
}

// shareMembers reports whether two groups have a member in common, as ASEAN
// and the Greater Mekong have.
func (a *asking) shareMembers(dim, c, o string) bool {
	x, y := a.cat.Code(dim, c), a.cat.Code(dim, o)
	return x != nil && y != nil && slices.ContainsFunc(x.Members, func(m string) bool { return slices.Contains(y.Members, m) })
}

func (a *asking) figuresOnly() bool {
	return !slices.ContainsFunc(a.grids, func(g *grid) bool { return g.src.grain == models.Record })
}

// home is the reporting country where all that was found has the same.
func (a *asking) home() string {
	home := ""
	for _, g := range a.grids {
		c := a.agencyCountry(g.src.agency)
		if c == "" {
			c = g.src.file.onlyReporter()
		}
		if c == "" || home != "" && c != home {
			return ""
		}
		home = c
	}
	return home
}

// onlyReporter is the reporting country of a file that has one.
func (f *file) onlyReporter() string {
	only := ""
	for _, e := range f.dict[models.DimReporter] {
		if strings.HasPrefix(e.code, "_") || only != "" && e.code != only {
			return ""
		}
		only = e.code
	}
	return only
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
		if len(r.apart) > 0 || r.group != "" || r.times || r.cut != "" {
			return nil
		}
		if r.nested == "" {
			return refused(fmt.Sprintf("%s would be counted twice.", models.Capital(a.told(i))), a.alone(i, "count them once"), a.beside())
		}
		part := i + j - whole
		return refused(fmt.Sprintf("%s %s already part of %s, so they have no sum.", models.Capital(a.told(part)), a.are(part), a.told(whole)),
			append(a.shareOf(part, whole), a.tableBy(whole, r.nested), a.beside())...)
	})
}

// shareOf offers a part as a share of the whole it belongs to.
func (a *asking) shareOf(part, whole int) []models.WayOut {
	s := a.slice.Clone()
	var of []models.Term
	for _, t := range a.parts[part].own {
		if _, both := models.FindTerm(a.parts[whole].own, t.Dim); !both {
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
	var out []sentence
	for _, g := range a.grids {
		if len(g.groups) > 0 && a.slice.IsFlow() {
			out = append(out, noted(fmt.Sprintf("%s also has figures of %s, which hold places of these rows and are left out of them.", g.src.agency, strings.Join(g.groups, ", ")))...)
		}
	}
	return append(out, a.sameIndicator(func(i, j, whole int, r relation) []sentence {
		part := i + j - whole
		switch {
		case len(r.apart) > 0 || r.group == "" || r.times:
			return nil
		case r.shares:
			return refused(fmt.Sprintf("%s and %s are of groups that share members, so they have no sum.", models.Capital(a.told(i)), a.told(j)), a.beside())
		}
		return refused(fmt.Sprintf("%s %s already among %s, so they have no sum.", models.Capital(a.told(part)), a.are(part), a.told(whole)), a.tableBy(whole, r.group), a.beside())
	})...)
}

func (a *asking) periodsOverlap() []sentence {
	return a.sameIndicator(func(i, j, _ int, r relation) []sentence {
		if len(r.apart) > 0 || !r.times {
			return nil
		}
		ways := []models.WayOut{a.beside()}
		switch x, y := a.span(i), a.span(j); {
		case x.Contains(y):
			ways = append([]models.WayOut{a.alone(i, "show the longer period alone")}, ways...)
		case y.Contains(x):
			ways = append([]models.WayOut{a.alone(j, "show the longer period alone")}, ways...)
		}
		return refused(fmt.Sprintf("The periods of %s and %s overlap, so what lies in both would be counted twice.", a.told(i), a.told(j)), ways...)
	})
}

// span runs from the first to the last day of the periods of a part.
func (a *asking) span(part int) models.Period {
	var out models.Period
	t, _ := a.parts[part].term(models.DimYear)
	for i, p := range t.Spans {
		if i == 0 {
			out = p
		}
		out.Start, out.End = min(out.Start, p.Start), max(out.End, p.End)
	}
	return out
}

// severalPerPerson refuses sums over codes of which one person can have
// several, and says it of tables and shares.
func (a *asking) severalPerPerson() []sentence {
	out := a.sameIndicator(func(i, j, _ int, r relation) []sentence {
		ind := a.parts[i].indicator
		if len(r.apart) == 0 {
			return nil
		}
		if slices.ContainsFunc(r.apart, func(d string) bool { return ind.Additive(d) || d == models.DimAgency || d == models.DimYear }) {
			overYears := slices.Equal(r.apart, []string{models.DimYear}) && !ind.Additive(models.DimYear) // W-08
			n := a.twice[[2]int{i, j}]
			if n == 0 || overYears {
				return nil
			}
			return refused(fmt.Sprintf("%s and %s share %s, so they have no sum.", models.Capital(a.told(i)), a.told(j), models.Many(int64(n), a.unitOf(i))),
				append(a.rangeOf(), a.beside())...)
		}
		return refused(fmt.Sprintf("One %s can be in both: %s and %s have no sum.", models.Singular(a.unitOf(i)), a.told(i), a.told(j)),
			a.tableBy(i, r.apart[0]), a.beside())
	})
	q := a.parts[0]
	one := models.Singular(q.indicator.Unit)
	for i, ax := range q.axes {
		seen := slices.ContainsFunc(a.grids, func(g *grid) bool { return slices.Contains(g.several, i) })
		if seen && q.indicator.Additive(ax.Dim) {
			out = append(out, noted(fmt.Sprintf("Some %s are under several %s, so the rows do not add up to the total.", q.indicator.Unit, strings.ToLower(pluralName(a.cat, ax.Dim))))...)
		}
		if ax.Dim != models.DimYear && ax.Dim != models.DimAgency && !q.indicator.Additive(ax.Dim) && q.indicator.Measure == models.Count {
			out = append(out, noted(fmt.Sprintf("One %s can be under several %s, so the rows do not add up to the total.", one, strings.ToLower(pluralName(a.cat, ax.Dim))))...)
		}
	}
	for _, t := range a.slice.Of {
		if d := a.cat.Dimension(t.Dim); d != nil && d.Multi {
			out = append(out, warned(fmt.Sprintf("percent of %s: one %s can be under several %s, so such shares can pass 100 together", a.unitOf(1), models.Singular(a.unitOf(1)), strings.ToLower(d.Plural)))...)
		}
	}
	return out
}

func (a *asking) stocksAdded() []sentence {
	return a.sameIndicator(func(i, j, _ int, r relation) []sentence {
		if !slices.Equal(r.apart, []string{models.DimYear}) || a.parts[i].indicator.Additive(models.DimYear) || a.parts[i].indicator.Measure == models.Distinct {
			return nil
		}
		return refused(fmt.Sprintf("%s and %s may be the same %s at two times, so they have no sum.", models.Capital(a.told(i)), a.told(j), a.unitOf(i)),
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
	return warned(fmt.Sprintf("%s and %s of one period are mostly not the same people: cases take years", lower(x.Name), lower(y.Name)))
}

// baseOfChange says what percentages of a change are taken of.
func (a *asking) baseOfChange() []sentence {
	if a.slice.Change.Kind == "" {
		return nil
	}
	if a.slice.Change.Kind == models.ChangeTerm {
		return noted("A difference in percent is of the number of the other group.")
	}
	return noted("A change in percent is of the earlier number.")
}
