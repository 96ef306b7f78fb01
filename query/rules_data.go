package query

import (
	"fmt"
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
		own := slices.ContainsFunc(s.Parts, func(p models.Item) bool { _, ok := findTerm(p.Where, models.DimDataset); return ok })
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
		a.ans.Refusals = append(a.ans.Refusals, models.Refusal{Rule: "W-03", Ways: []models.WayOut{a.rangeOf(), a.beside()},
			Why: "No one source has all parts, and numbers of several sources are not joined unless each part names its agency."})
	}
}

// sameCountry refuses a sum over producers who may report the same people.
func (a *asking) sameCountry(t tuple) []sentence {
	for k, g := range t[1:] {
		first := t[0]
		if g.src == first.src || g.src.agency == first.src.agency && g.src.grain == first.src.grain && g.src.file == first.src.file {
			continue
		}
		if g.src.agency == first.src.agency && g.src.grain != first.src.grain {
			return refused(fmt.Sprintf("%s counts records and %s is published: they may be the same people, so they have no sum.",
				a.told(recordPart(first, g)), a.told(first.part+g.part-recordPart(first, g))), a.rangeOf(), a.beside())
		}
		x, y := a.agencyCountry(first.src.agency), a.agencyCountry(g.src.agency)
		if x != "" && y != "" && x != y || first.src.file.ds.Dedup == models.DedupAcross && g.src.file == first.src.file {
			continue
		}
		low, high := known([]value{a.total(first.part), a.total(t[k+1].part)}), ""
		if low.known {
			high = fmt.Sprintf(" The number lies between %s and %s.", models.FormatNumber(low.low), models.FormatNumber(low.high))
		}
		return refused(fmt.Sprintf("%s at %s and %s at %s may be the same people, so they have no sum.%s",
			upper(a.told(first.part)), first.src.agency, a.told(g.part), g.src.agency, high), a.rangeOf(), a.beside())
	}
	return nil
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

// severalSources says that nothing was combined: each source has its own rows.
func (a *asking) severalSources() []sentence {
	var names []string
	seen := map[source]bool{}
	for _, g := range a.grids {
		seen[g.src] = true
		n := g.src.agency
		if g.src.scope != "" {
			n += " (" + saidOf(a.cat, "scope", g.src.scope) + ")"
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
			if victims := a.parts[g.part].indicator.Family == "victims"; victims && (x.Definition != y.Definition || abroad && t[0].src.agency != g.src.agency) {
				out = append(out, warned(fmt.Sprintf("%s and %s each count victims by their own definition", t[0].src.agency, g.src.agency))...)
			}
		}
	}
	for _, g := range a.grids {
		for _, v := range g.cells {
			if slices.ContainsFunc(v.notes, func(n models.Remark) bool { return n.Rule == "W-07" }) {
				return append(out, warned("totals over countries add figures that each follow a national definition, and only of countries that published one")...)
			}
		}
	}
	return out
}

// differentScopes names the scopes where an answer has more than one.
func (a *asking) differentScopes() []sentence {
	var scopes []string
	for _, g := range a.grids {
		s := saidOf(a.cat, "scope", g.src.scope)
		if s == "" {
			s = "no scope stated"
		}
		s += " (" + g.src.agency + ")"
		if !slices.Contains(scopes, s) {
			scopes = append(scopes, s)
		}
	}
	same := !slices.ContainsFunc(a.grids, func(g *grid) bool { return g.src.scope != a.grids[0].src.scope })
	if len(a.grids) < 2 || same || a.slice.Op == models.Beside {
		return nil
	}
	return warned("different scopes: " + strings.Join(scopes, ", "))
}

// partialCoverage names what is missing from the figures.
func (a *asking) partialCoverage() []sentence {
	var out []sentence
	said := map[string]bool{}
	for _, g := range a.grids {
		for _, c := range g.coverage {
			text := g.src.agency + ": " + saidOf(a.cat, "coverage", c)
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
			say("by nationality, which is not where people came from")
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

// notPersons warns where what is counted is not what the unit says.
func (a *asking) notPersons() []sentence {
	var out []sentence
	for _, q := range a.parts {
		if c := q.indicator.Counted; c != "" && q.indicator.Unit == "persons" {
			out = append(out, warned(fmt.Sprintf("%s counts %s, not persons", lower(q.indicator.Name), c))...)
		}
	}
	return out
}

// offencesTogether warns where trafficking and other offences are one number,
// and the data could tell them apart.
func (a *asking) offencesTogether() []sentence {
	for _, g := range a.grids {
		q := a.parts[g.part]
		_, filtered := q.term(models.DimOffence)
		offences := q.indicator.Family == "cases" || q.indicator.Family == "perpetrators"
		if filtered || q.axis(models.DimOffence) >= 0 || !offences || !slices.Contains(q.indicator.Dims, models.DimOffence) {
			continue
		}
		if groups := g.offences(); len(groups) > 1 {
			return warned(fmt.Sprintf("%s: offences of several groups together (%s), not trafficking alone", g.src.file.ds.ID, strings.Join(groups, ", ")))
		}
	}
	return nil
}

// offences lists the groups of offences that a file tells apart.
func (g *grid) offences() []string {
	var out []string
	for _, e := range g.src.file.dict[models.DimOffence] {
		for _, c := range e.codes() {
			if !strings.HasPrefix(c, "_") && !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	slices.Sort(out)
	return out
}

// brokenSeries warns where years on both sides of a break stand in one row.
func (a *asking) brokenSeries() []sentence {
	over := a.slice.Change.Kind != "" && a.slice.Change.Kind != models.ChangeTerm
	for _, q := range a.parts {
		over = over || q.axis(models.DimYear) >= 0
	}
	if !over {
		return nil
	}
	var at []string
	for i := range a.ans.Blocks {
		b := &a.ans.Blocks[i]
		for r, h := range b.Rows {
			for c, ch := range b.Cols {
				if !strings.Contains(b.Cells[r][c].Status, "B") || b.Cells[r][c].State == models.Blank {
					continue
				}
				when := a.yearOf(h, ch)
				if when != "" && when != models.Total && !slices.Contains(at, when) {
					at = append(at, when)
				}
			}
		}
	}
	if len(at) == 0 {
		return nil
	}
	slices.Sort(at)
	return warned("the series breaks at " + strings.Join(at, ", ") + ": what stands before it was not counted in the same way")
}

// yearOf gives the code of a cell on the time axis.
func (a *asking) yearOf(row, col models.Header) string {
	q := a.parts[0]
	i := q.axis(models.DimYear)
	codes := slices.Concat(row.Codes, col.Codes)
	if i < 0 || i >= len(codes) {
		return ""
	}
	return codes[i]
}

// areasChanged warns where a province is shown for years in which its area was
// another.
func (a *asking) areasChanged() []sentence {
	first := a.firstDay()
	var out []sentence
	for _, code := range a.placesShown() {
		k := a.cat.Code(models.DimPlace, code)
		if k == nil {
			continue
		}
		for _, o := range a.cat.Codes(k.List) {
			split := o.ValidFrom > 0 && o.ValidFrom != models.NoDate && first < o.ValidFrom
			if split && (o == k || o.SplitFrom == k.ID) {
				text := fmt.Sprintf("%s is a province of its own only since %s; before, its numbers are in %s", o.Label, o.ValidFrom, a.cat.Label(models.DimPlace, o.SplitFrom))
				if !slices.ContainsFunc(out, func(s sentence) bool { return s.text == text }) {
					out = append(out, warned(text)...)
				}
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
	if first < 1<<30 {
		return first
	}
	for _, g := range a.grids {
		if d := g.src.file.ds.First; d != models.NoDate {
			first = min(first, d)
		}
	}
	return first
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

// openEnded warns of numbers without an end.
func (a *asking) openEnded() []sentence {
	var out []sentence
	for i := range a.ans.Blocks {
		b := &a.ans.Blocks[i]
		since := ""
		for r := range b.Cells {
			for _, c := range b.Cells[r] {
				if c.HasBounds() && c.Open {
					since = c.Part
				}
			}
		}
		if since != "" {
			out = append(out, warned(fmt.Sprintf("%s: open-ended, %s; not a year's number", b.Source.Agency, since))...)
		}
	}
	return out
}

// bandsCross refuses tables of age bands that cut across each other, and says
// it of bands that only nest.
func (a *asking) bandsCross() []sentence {
	for i := range a.ans.Blocks {
		b := &a.ans.Blocks[i]
		q := a.parts[0]
		at := q.axis(models.DimAge)
		if at < 0 {
			return nil
		}
		headers, k := b.Rows, at
		if at >= q.rowAxes {
			headers, k = b.Cols, at-q.rowAxes
		}
		var codes []string
		for _, h := range headers {
			if k < len(h.Codes) && !slices.Contains(codes, h.Codes[k]) {
				codes = append(codes, h.Codes[k])
			}
		}
		for n, x := range codes {
			for _, y := range codes[n+1:] {
				if !models.AgesOverlap(x, y) {
					continue
				}
				s := a.slice.Clone()
				for _, axes := range [][]models.Axis{s.By, s.Across} {
					for m := range axes {
						if axes[m].Dim == models.DimAge {
							axes[m].Level = "majority"
						}
					}
				}
				return refused(fmt.Sprintf("The ages %s and %s overlap (%s), so their rows would hold the same people twice.",
					a.cat.Label(models.DimAge, x), a.cat.Label(models.DimAge, y), b.Source.Agency), asked("show children and adults", s))
			}
		}
	}
	return nil
}
