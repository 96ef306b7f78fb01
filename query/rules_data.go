package query

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// The rules on what was found: whose numbers, of which scope, from when.

// inventedAndReal keeps training data away from real data.
func (a *asking) inventedAndReal() []sentence {
	invented := func(g *grid) bool { return g.src.file.ds.Synthetic }
	if len(a.grids) == 0 || !slices.ContainsFunc(a.grids, invented) || !slices.ContainsFunc(a.grids, func(g *grid) bool { return !invented(g) }) {
		return nil
	}
	var ways []models.WayOut
	for _, g := range a.grids {
		s := a.slice.With(models.Term{Dim: models.DimDataset, Codes: []string{g.src.file.ds.ID}})
		own := slices.ContainsFunc(s.Parts, func(p models.Item) bool { _, ok := models.FindTerm(p.Where, models.DimDataset); return ok })
		if own { // each part names its dataset: one of them alone
			s = a.slice.Clone()
			s.Op, s.Parts = models.One, s.Parts[min(g.part, len(s.Parts)-1):][:1]
		}
		w := asked("only "+g.src.file.ds.ID, s)
		if !slices.Contains(ways, w) {
			ways = append(ways, w)
		}
	}
	return refused("Invented training data and real data are never shown in one answer.", ways...)
}

// severalAgencies refuses sums over agencies that may know the same people,
// and says of every other answer that nothing was combined.
func (a *asking) severalAgencies() []sentence {
	if a.slice.Op == models.Sum {
		for _, t := range a.tuples {
			if s := a.sameCountry(t); s != nil {
				return s
			}
		}
		return nil
	}
	if len(a.parts) > 1 {
		return nil
	}
	return a.severalSources()
}

// unjoined refuses a measure whose parts no one source has, where nothing else
// is wrong with it.
func (a *asking) unjoined() {
	if joins(a.slice.Op) && len(a.tuples) == 0 && !a.ans.Refused() && a.emptyPart() == nil {
		a.ans.Refusals = append(a.ans.Refusals, models.Refusal{Rule: "W-03", Ways: append(a.rangeOf(), a.beside()),
			Why: "No one source has all parts, and numbers of several sources are not joined unless each part names its agency."})
	}
}

// sameCountry refuses a sum over producers who may report the same people.
func (a *asking) sameCountry(t tuple) []sentence {
	for _, g := range t[1:] {
		first := t[0]
		ways := append(a.rangeOf(), a.beside())
		switch {
		case !a.alike(first, g) || a.keptApart(first.src, g.src):
			continue
		case g.src.agency == first.src.agency && g.src.grain != first.src.grain:
			rec := recordPart(first, g)
			return refused(fmt.Sprintf("%s in records and %s as published may be the same %s, so they have no sum.",
				models.Capital(a.told(rec)), a.told(first.part+g.part-rec), a.people(rec)), ways...)
		}
		return refused(fmt.Sprintf("%s and %s may be the same %s, so they have no sum.%s",
			a.toldBy(first), a.toldBy(g), a.people(g.part), a.between(first.part, g.part, len(ways) > 1)), ways...)
	}
	return nil
}

// alike reports whether two parts count the same kind of thing at all: shares
// of two agencies, or cases and persons, are not the same people twice.
func (a *asking) alike(x, y *grid) bool {
	unit := a.unitOf(x.part)
	counts := a.parts[x.part].indicator.Measure == models.Count && a.parts[y.part].indicator.Measure == models.Count
	return unit == a.unitOf(y.part) && (counts || unit == "persons" || unit == "cases")
}

// keptApart reports whether nobody is in the numbers of both sources: they are
// one, report for different countries, or their file has removed doubles.
func (a *asking) keptApart(x, y source) bool {
	if x.agency == y.agency && x.grain == y.grain && x.file == y.file {
		return true
	}
	c, d := a.agencyCountry(x.agency), a.agencyCountry(y.agency)
	return c != "" && d != "" && c != d || x.file.ds.Dedup == models.DedupAcross && x.file == y.file && x.grain == y.grain
}

// toldBy names a part with its number and whose it is.
func (a *asking) toldBy(g *grid) string {
	s := models.Capital(a.told(g.part))
	if t, ok := models.FindTerm(a.parts[g.part].own, models.DimAgency); ok && slices.Equal(t.Codes, []string{g.src.agency}) {
		return s
	}
	return s + " at " + g.src.agency
}

// people is what may be counted twice.
func (a *asking) people(part int) string {
	if u := a.unitOf(part); u != "persons" {
		return u
	}
	return "people"
}

// between says in what bounds those known to at least one of two parts lie.
func (a *asking) between(i, j int, may bool) string {
	v := known([]value{a.total(i), a.total(j)})
	about := ""
	if v.about {
		about = "about "
	}
	switch {
	case !may || !v.known:
		return ""
	case math.IsInf(v.high, 1):
		return fmt.Sprintf(" Together they are at least %s%s.", about, models.FormatNumber(v.low))
	}
	return fmt.Sprintf(" Together they are at least %s%s and at most %s%s.", about, models.FormatNumber(v.low), about, models.FormatNumber(v.high))
}

func recordPart(x, y *grid) int {
	if x.src.grain == models.Record {
		return x.part
	}
	return y.part
}

// agencyCountry is the country an agency reports for, "" for those of several.
func (a *asking) agencyCountry(agency string) string {
	if k := a.cat.Code(models.DimAgency, agency); k != nil {
		return k.Country
	}
	return ""
}

// nothingAdded refuses a sum of which a part has no data: it would count that
// as 0. Among records nothing is a count, and the filter that gives it is named.
func (a *asking) nothingAdded(part *question, why string) bool {
	if a.slice.Op != models.Sum || len(a.grids) == 0 || !a.figuresOnly() {
		return false
	}
	has := a.grids[0].part
	a.ans.Refusals = append(a.ans.Refusals, models.Refusal{Rule: "W-19", Ways: []models.WayOut{a.alone(has, "show the other part alone"), a.beside()},
		Why: fmt.Sprintf("There is no data of %s. No data is not 0, so it has no sum with %s. %s", a.shortName(part.part), a.told(has), why)})
	return true
}

// missingBeside names the parts of an answer side by side that have no data.
func (a *asking) missingBeside() {
	for i := range a.parts {
		if a.slice.Op == models.Beside && !slices.ContainsFunc(a.grids, func(g *grid) bool { return g.part == i }) {
			a.note("W-19", fmt.Sprintf("There is no data of %s, which is not 0.", a.shortName(i)))
		}
	}
}

// severalSources says that nothing was combined: each source has its own rows.
func (a *asking) severalSources() []sentence {
	var names []string
	seen := map[source]bool{}
	for _, g := range a.grids {
		seen[g.src] = true
		n := g.src.agency
		if g.src.scope != "" {
			n += " (" + scopeText(a.cat, g.src.scope) + ")"
		}
		if g.src.moves != "" {
			n += " (" + lower(a.cat.Label(models.DimFlowKind, g.src.moves)) + ")"
		}
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	if len(seen) < 2 {
		return nil
	}
	how := "shown apart and never added"
	if a.slice.Op == models.Range {
		how = "persons known to at least one of them"
	}
	return warned(fmt.Sprintf("%d sources, %s: %s", len(seen), how, strings.Join(names, ", ")))
}

// differentDefinitions fires where one number would hold people identified in
// different ways.
func (a *asking) differentDefinitions() []sentence {
	var out []sentence
	for _, g := range a.grids {
		if g.mixesKinds() {
			out = append(out, warned(fmt.Sprintf("%s mixes hotline contacts and case files, which identify victims in different ways", g.src.file.ds.ID))...)
		}
	}
	for _, t := range a.tuples {
		for _, g := range t[1:] {
			x, y := t[0].src.file.ds, g.src.file.ds
			abroad := a.agencyCountry(t[0].src.agency) != a.agencyCountry(g.src.agency)
			victims := a.parts[t[0].part].indicator.Family == "victims" && a.parts[g.part].indicator.Family == "victims"
			if victims && (x.Definition != y.Definition || abroad && t[0].src.agency != g.src.agency) {
				out = append(out, warned(fmt.Sprintf("%s and %s each count victims by their own definition", t[0].src.agency, g.src.agency))...)
			}
		}
	}
	for _, g := range a.grids {
		found := false
		g.each(func(_, _ uint32, s *slot) {
			found = found || !s.bare() && slices.ContainsFunc(g.read(s).notes, func(n models.Remark) bool { return n.Rule == "W-07" })
		})
		if found {
			return append(out, warned("totals over countries add figures that each follow a national definition, and only of countries that published one")...)
		}
	}
	return out
}

// differentScopes names the scopes where an answer has more than one.
func (a *asking) differentScopes() []sentence {
	var scopes []string
	of := map[string][]string{}
	for _, g := range a.grids {
		if !slices.Contains(scopes, g.src.scope) {
			scopes = append(scopes, g.src.scope)
		}
		if !slices.Contains(of[g.src.scope], g.src.agency) {
			of[g.src.scope] = append(of[g.src.scope], g.src.agency)
		}
	}
	if len(scopes) < 2 || a.slice.Op == models.Beside {
		return nil
	}
	var out []string
	for _, s := range scopes {
		out = append(out, scopeText(a.cat, s)+" ("+strings.Join(of[s], ", ")+")")
	}
	return warned("different scopes: " + strings.Join(out, "; "))
}

// scopeText is a scope in words.
func scopeText(cat *models.Catalog, scope string) string {
	if scope == "" {
		return "no scope stated"
	}
	if k := cat.Code("scope", scope); k != nil {
		return lower(k.Label)
	}
	return strings.ReplaceAll(scope, "_", " ")
}

// coverageText is a coverage in words.
func (a *asking) coverageText(coverage string) string {
	if k := a.cat.Code("coverage", coverage); k != nil {
		return k.Label
	}
	return strings.ReplaceAll(coverage, "_", " ")
}

// partialCoverage names all that a figure of partial coverage covers: where,
// when and whom.
func (a *asking) partialCoverage() []sentence {
	var out []sentence
	said := map[string]bool{}
	for _, g := range a.grids {
		for _, c := range g.coverage {
			covers := []string{a.coverageText(c)}
			if v := g.total(); v.part != "" {
				covers = append(covers, v.part)
			}
			for _, t := range g.implied {
				if t.Dim == models.DimSex || t.Dim == models.DimAge {
					covers = append(covers, a.cat.TermText(t))
				}
			}
			text := fmt.Sprintf("%s: only %s", g.src.agency, strings.Join(covers, ", "))
			if !said[text] {
				said[text] = true
				out = append(out, warned(text)...)
			}
		}
	}
	return out
}

// borrowedRoles says where a dimension stands in for another.
func (a *asking) borrowedRoles() []sentence {
	var out []sentence
	said := map[string]bool{}
	say := func(s string) {
		if !said[s] {
			said[s] = true
			out = append(out, warned(s)...)
		}
	}
	uses := func(q *question, dim string) bool {
		_, term := q.term(dim)
		return term || q.axis(dim) >= 0
	}
	for _, g := range a.grids {
		q, f := a.parts[g.part], g.src.file
		if uses(q, models.DimPlace) && slices.ContainsFunc(f.dict[models.DimPlaceRole], func(e entry) bool { return e.code == "exploitation" }) {
			say(f.ds.ID + ": place is the place of exploitation; where people were identified is not known")
		}
		if f.ds.OriginFrom != "" && uses(q, models.DimOrigin) {
			say(fmt.Sprintf("%s: origin is the person's %s; the home is not known", f.ds.ID, citizenship(f.ds.OriginFrom)))
		}
		if a.slice.IsFlow() && (a.slice.From.Dim == models.DimNationality || a.slice.To.Dim == models.DimNationality) {
			text := "by nationality, which is not where people came from"
			if f.knows(models.DimOrigin) && f.ds.OriginFrom == "" {
				text += "; " + f.ds.ID + " has the origin too"
			}
			say(text)
		}
	}
	return out
}

func citizenship(dim string) string {
	if dim == models.DimNationality {
		return "citizenship"
	}
	return dim
}

// notPersons warns where the figures count something else than the persons
// of their indicator, such as the submissions that a portal received.
func (a *asking) notPersons() []sentence {
	var out []sentence
	for _, g := range a.grids {
		ind := a.parts[g.part].indicator
		counted := g.unit
		if counted == "" {
			counted = ind.Counted
		}
		if ind.Unit == "persons" && counted != "" && counted != "persons" {
			out = append(out, warned(fmt.Sprintf("%s counts %s here, not persons", g.src.agency, counted))...)
		}
	}
	return out
}

// offencesTogether warns where trafficking and other offences are one number,
// and the data could tell them apart.
func (a *asking) offencesTogether() []sentence {
	together := func(where string, groups []string) []sentence {
		if len(groups) < 2 {
			return nil
		}
		return warned(fmt.Sprintf("%soffences of several groups together (%s), not trafficking alone", where, strings.Join(groups, ", ")))
	}
	for _, g := range a.grids {
		if a.parts[g.part].mayMixOffences() && len(g.offences) > 1 {
			return together(g.src.file.ds.ID+": ", g.offences)
		}
	}
	var added []string
	for _, q := range a.together() {
		if t, ok := models.FindTerm(q.own, models.DimOffence); ok && !t.Not {
			added = union(added, t.Codes)
		}
	}
	return together("", added)
}

// mayMixOffences reports whether a question counts cases or suspects whatever
// the offence.
func (q *question) mayMixOffences() bool {
	_, filtered := q.term(models.DimOffence)
	counts := q.indicator.Family == "cases" || q.indicator.Family == "perpetrators"
	return counts && !filtered && q.axis(models.DimOffence) < 0 && slices.Contains(q.indicator.Dims, models.DimOffence)
}

// addOffences notes which groups of offences are behind a grid.
func (g *grid) addOffences(codes ...string) {
	for _, c := range codes {
		if !strings.HasPrefix(c, "_") && !slices.Contains(g.offences, c) {
			g.offences = append(g.offences, c)
		}
	}
	slices.Sort(g.offences)
}

// areasChanged warns where a province is shown for years in which its area was
// another.
func (a *asking) areasChanged() []sentence {
	first, last := a.firstDay(), a.lastDay()
	var out []sentence
	tell := func(text string) {
		if !slices.ContainsFunc(out, func(s sentence) bool { return s.text == text }) {
			out = append(out, warned(text)...)
		}
	}
	for _, code := range a.placesShown() {
		k := a.cat.Code(models.DimPlace, code)
		if k == nil {
			continue
		}
		for _, o := range a.cat.Codes(k.List) {
			split := o.ValidFrom > 0 && o.ValidFrom != models.NoDate && first < o.ValidFrom
			if split && (o == k || o.SplitFrom == k.ID) {
				tell(fmt.Sprintf("%s is a province of its own only since %s; before, its numbers are in %s", o.Label, o.ValidFrom, a.cat.Label(models.DimPlace, o.SplitFrom)))
			}
			merged := o.Successor != "" && o.ValidTo != models.NoDate && last > o.ValidTo
			if merged && (o == k || o.Successor == k.ID && first <= o.ValidTo) {
				tell(fmt.Sprintf("%s was a province of its own until %s; since then its numbers are in %s", o.Label, o.ValidTo, a.cat.Label(models.DimPlace, o.Successor)))
			}
		}
	}
	return out
}

// firstDay is the first day that the answer can hold a number of.
func (a *asking) firstDay() models.Date {
	first := models.Date(1 << 30)
	for _, q := range a.parts {
		t, ok := q.term(models.DimYear)
		for _, p := range t.Spans {
			if ok && !t.Not {
				first = min(first, p.Start)
			}
		}
	}
	data := models.Date(1 << 30)
	for _, g := range a.grids {
		if d := g.src.file.ds.First; d != models.NoDate {
			data = min(data, d)
		}
	}
	if first == 1<<30 || data < 1<<30 && data > first {
		return data
	}
	return first
}

// lastDay is the last day that the answer can hold a number of.
func (a *asking) lastDay() models.Date {
	last, data := models.NoDate, models.NoDate
	for _, q := range a.parts {
		t, ok := q.term(models.DimYear)
		for _, p := range t.Spans {
			if ok && !t.Not {
				last = max(last, p.End)
			}
		}
	}
	for _, g := range a.grids {
		data = max(data, g.src.file.ds.Last)
	}
	if last == models.NoDate || data != models.NoDate && data < last {
		return data
	}
	return last
}

// placesShown lists the places that have rows, columns or a filter.
func (a *asking) placesShown() []string {
	seen := map[string]bool{}
	for _, q := range a.parts {
		if t, ok := q.term(models.DimPlace); ok && !t.Not {
			for _, c := range t.Codes {
				seen[c] = true
			}
		}
		i := q.axis(models.DimPlace)
		for k := range a.ans.Blocks {
			b := &a.ans.Blocks[k]
			for _, h := range slices.Concat(b.Rows, b.Cols) {
				if i >= 0 && i < q.rowAxes && i < len(h.Codes) {
					seen[h.Codes[i]] = true
				} else if i >= q.rowAxes && i-q.rowAxes < len(h.Codes) {
					seen[h.Codes[i-q.rowAxes]] = true
				}
			}
		}
	}
	return sortedKeys(seen)
}

// openEnded warns of numbers without an end, and of counts of no stated time.
func (a *asking) openEnded() []sentence {
	var out []sentence
	for i := range a.ans.Blocks {
		b := &a.ans.Blocks[i]
		counts := a.cat.Indicator(b.Indicator).Measure == models.Count
		since := ""
		for _, k := range a.notable[i] {
			switch c := &b.Cells[k.row][k.col]; {
			case !c.Open || !c.HasBounds():
			case c.Part() != models.Undated.Label():
				since = "open-ended, " + c.Part()
			case counts && since == "":
				since = "the period is not stated"
			}
		}
		if since != "" {
			out = append(out, warned(fmt.Sprintf("%s: %s; not a year's number", b.Source.Agency, since))...)
		}
	}
	return out
}

// bandsCross refuses ages that cut across each other, in a sum of figures and
// in one table, and warns of bands that lie within one another.
func (a *asking) bandsCross() []sentence {
	out := a.sameIndicator(func(i, j, _ int, r relation) []sentence {
		if len(r.apart) > 0 || r.cut == "" {
			return nil
		}
		return refused(fmt.Sprintf("%s and %s cut across each other, so they have no sum.", models.Capital(a.told(i)), a.told(j)), a.beside())
	})
	var before []string
	for _, g := range a.grids {
		at := a.parts[g.part].axis(models.DimAge)
		if at < 0 {
			continue
		}
		codes := g.codesOn(at)
		x, y, nested := a.overlapping(codes, codes)
		switch {
		case x == "":
		case nested:
			out = append(out, warned(fmt.Sprintf("%s: the ages %s and %s are of different bands, and one person can be in either", g.src.agency, a.ageText(x), a.ageText(y)))...)
		default:
			return append(out, refused(fmt.Sprintf("The ages %s and %s cut across each other (%s), so the same people could be in either row.", a.ageText(x), a.ageText(y), g.src.agency),
				asked("show children and adults", a.byMajority()))...)
		}
		if x, y, _ := a.overlapping(before, codes); x != "" && !slices.Contains(codes, x) {
			out = append(out, warned(fmt.Sprintf("sources use different age bands, such as %s and %s", a.ageText(x), a.ageText(y)))...)
		}
		before = union(before, codes)
	}
	return out
}

func (a *asking) ageText(code string) string { return a.cat.Label(models.DimAge, code) }

// codesOn lists the codes that a grid has on an axis.
func (g *grid) codesOn(axis int) []string {
	side, at, _ := g.axis(axis)
	seen := make([]bool, len(side.ends[at].codes))
	g.onAxis(axis, func(n uint32, _ *slot) { seen[n] = true })
	var out []string
	for n, code := range side.ends[at].codes {
		if seen[n] {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return out
}

// overlapping finds two ages, one of each list, that share years of age: such
// as cut across each other before such as lie within one another.
func (a *asking) overlapping(xs, ys []string) (x, y string, nested bool) {
	for _, c := range xs {
		for _, o := range ys {
			switch {
			case !models.AgesOverlap(c, o):
			case !a.cat.Within(models.DimAge, c, o) && !a.cat.Within(models.DimAge, o, c):
				return c, o, false
			case x == "":
				x, y, nested = c, o, true
			}
		}
	}
	return x, y, nested
}

// byMajority is the question by children and adults.
func (a *asking) byMajority() models.Slice {
	s := a.slice.Clone()
	for _, axes := range [][]models.Axis{s.By, s.Across} {
		for i := range axes {
			if axes[i].Dim == models.DimAge {
				axes[i].Level = "majority"
			}
		}
	}
	return s
}
