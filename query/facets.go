package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// facetOrder is the order in which facets stand: those that people ask for
// first. Others follow in the order of the catalogue.
var facetOrder = []string{models.DimYear, models.DimPlace, models.DimNationality, models.DimSex, models.DimAge, models.DimExploitation,
	models.DimOrigin, models.DimDestination}

// sourceFacets are the facets of one source.
type sourceFacets struct {
	models.Glance
	synthetic bool
}

// facets counts, for every source, the values of every dimension under all
// filters but the dimension's own.
func (e *Engine) facets(ctx context.Context, s models.Slice, levels []models.Axis) ([]sourceFacets, error) {
	e.inUse.RLock()
	defer e.inUse.RUnlock()
	a := &asking{cat: e.cat, slice: s, ans: &models.Answer{Slice: s}}
	if err := a.resolve(); err != nil {
		return nil, err
	}
	var out []sourceFacets
	q := a.parts[0]
	for _, f := range e.files {
		if !f.has(q.indicator.ID) || !f.among(s.At) {
			continue
		}
		offers, err := e.offers(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, grain := range f.dict["grain"] {
			var found []sourceFacets
			if models.Grain(grain.code) == models.Record {
				found, err = e.recordFacets(ctx, f, a, facetAxes(e.cat, offers, q.indicator.ID, models.Record, levels), offers)
			} else {
				found, err = e.figureFacets(ctx, f, a)
			}
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
		}
	}
	if slices.ContainsFunc(out, func(f sourceFacets) bool { return f.synthetic }) &&
		slices.ContainsFunc(out, func(f sourceFacets) bool { return !f.synthetic }) {
		out = slices.DeleteFunc(out, func(f sourceFacets) bool { return f.synthetic }) // the two never meet
	}
	return out, nil
}

// facetAxes lists the dimensions that an indicator is broken down by.
func facetAxes(cat *models.Catalog, offers []models.Offer, indicator string, grain models.Grain, levels []models.Axis) []models.Axis {
	has := map[string]bool{models.DimYear: true}
	for _, o := range offers {
		if o.Indicator == indicator && o.Grain == grain {
			for _, d := range o.Dims {
				has[d] = d != models.DimUnit
			}
		}
	}
	var out []models.Axis
	add := func(dim string) {
		ax := models.Axis{Dim: dim}
		if i := slices.IndexFunc(levels, func(l models.Axis) bool { return l.Dim == dim }); i >= 0 && dim != models.DimYear {
			ax = levels[i]
		}
		out = append(out, ax)
		has[dim] = false
	}
	for _, d := range facetOrder {
		if has[d] {
			add(d)
		}
	}
	for _, d := range cat.Dimensions() {
		if has[d.ID] {
			add(d.ID)
		}
	}
	for _, d := range sortedKeys(has) {
		if has[d] {
			add(d)
		}
	}
	return out
}

// recordFacets counts the records of one file, for each of its sources.
func (e *Engine) recordFacets(ctx context.Context, f *file, a *asking, axes []models.Axis, offers []models.Offer) ([]sourceFacets, error) {
	q := a.parts[0]
	var shared []models.Axis // facets without a filter of their own are counted together
	byAxis := map[models.Axis][]*grid{}
	for _, ax := range axes {
		if _, own := q.term(ax.Dim); !own {
			shared = append(shared, ax)
			continue
		}
		less := *q
		less.terms = slices.DeleteFunc(slices.Clone(q.terms), func(t models.Term) bool { return t.Dim == ax.Dim })
		if err := e.countFacets(ctx, f, &less, []models.Axis{ax}, byAxis); err != nil {
			return nil, err
		}
	}
	if err := e.countFacets(ctx, f, q, shared, byAxis); err != nil {
		return nil, err
	}
	var out []sourceFacets
	for _, ax := range axes {
		for _, g := range byAxis[ax] {
			i := slices.IndexFunc(out, func(o sourceFacets) bool { return o.Source.Key() == a.sourceOf(g).Key() })
			if i < 0 {
				i = len(out)
				out = append(out, sourceFacets{Glance: models.Glance{Source: a.sourceOf(g), Home: f.home(), None: g.none.cell()}, synthetic: f.ds.Synthetic})
			}
			out[i].Facets = append(out[i].Facets, facetOf(a, q, g, ax, f.most(e.cat, q, ax, offers)))
		}
	}
	slices.SortStableFunc(out, func(x, y sourceFacets) int { return strings.Compare(x.Source.Key(), y.Source.Key()) })
	return out, nil
}

// facetOf lays a grid of one axis out as an answer by that dimension would.
func facetOf(a *asking, q *question, g *grid, ax models.Axis, most int) models.Facet {
	by := *q
	by.axes, by.rowAxes = []models.Axis{ax}, 1
	var b models.Block
	l := &layout{a: a, g: g, q: &by}
	l.lay(&b, nil)
	out := models.Facet{Axis: ax, Name: dimName(a.cat, ax.Dim), Unstated: b.Unstated[ax.Dim], Most: most}
	if d := a.cat.Dimension(ax.Dim); d != nil {
		out.Several = d.Multi
	}
	for r, h := range b.Rows[:len(b.Rows)-1] {
		v := models.FacetValue{Kind: h.Kind, Code: h.Codes[0], Label: h.Labels[0], Cell: b.Cells[r][0]}
		if l.countryOnly(ax, v.Code) {
			v.Code = "" // a filter on the country takes its provinces too
		}
		out.Values = append(out.Values, v)
	}
	return out
}

// home is the country that reports, "" where there are several.
func (f *file) home() string {
	if reporters := f.dict[models.DimReporter]; len(reporters) == 1 && reporters[0].code != models.Unknown {
		return reporters[0].code
	}
	return ""
}

// most is how many values a dimension has in a file, whatever the filters.
func (f *file) most(cat *models.Catalog, q *question, ax models.Axis, offers []models.Offer) int {
	if ax.Dim == models.DimYear {
		n := 0
		for _, o := range offers {
			if o.Indicator == q.indicator.ID {
				n = max(n, len(o.CalendarYears()))
			}
		}
		return n
	}
	seen := map[string]bool{}
	for _, codes := range f.lift(cat, ax).codes {
		for _, c := range codes {
			seen[c] = true
		}
	}
	return len(seen)
}

// countFacets counts several dimensions under the same filters. Dimensions with
// few codes share a scan: what is grouped by two of them is added up for each.
// So do those that the same cube answers. Where subjects have several rows,
// what those count too much is taken off.
func (e *Engine) countFacets(ctx context.Context, f *file, q *question, axes []models.Axis, into map[models.Axis][]*grid) error {
	cs, why := f.conditions(q, models.Record)
	if why != "" || len(axes) == 0 {
		return nil
	}
	var tallies []*facetTally
	for _, ax := range axes {
		t := newFacetTally(f, q, ax)
		if f.relativeAxis(t.q) < 0 {
			tallies = append(tallies, t)
			continue
		}
		gs, _, err := e.countRecords(ctx, f, t.q)
		if err != nil {
			return err
		}
		into[ax] = nonEmpty(gs)
	}
	places, together := []tally{}, map[tally][]*facetTally{}
	for _, t := range tallies {
		in := e.tally(ctx, f, t.q)
		if together[in] == nil {
			places = append(places, in)
		}
		together[in] = append(together[in], t)
	}
	for _, in := range places {
		for _, pack := range f.packs(together[in]) {
			if err := e.countPack(ctx, f, in, cs, pack); err != nil {
				return err
			}
		}
	}
	if !f.rowIsUnit[q.indicator.ID] {
		if err := e.countOnce(ctx, f, cs, tallies); err != nil {
			return err
		}
	}
	breaks, err := e.recordBreaks(ctx, f, q.indicator.ID)
	for _, t := range tallies {
		into[t.axis] = nonEmpty(t.grids.list())
		for _, g := range into[t.axis] {
			g.markBreaks(t.q, breaks)
		}
	}
	return err
}

// facetTally counts one dimension of one file.
type facetTally struct {
	axis  models.Axis
	q     *question // by this dimension alone
	col   string
	lift  lifter
	grids *grids
}

func newFacetTally(f *file, q *question, ax models.Axis) *facetTally {
	one := *q
	one.axes, one.rowAxes = []models.Axis{ax}, 1
	t := &facetTally{axis: ax, q: &one, col: timeSQL(""), grids: newGrids(f, &one)}
	if ax.Dim != models.DimYear {
		t.col, t.lift = ident(ax.Dim), f.lift(q.cat, ax)
	}
	return t
}

// codes reads the column of a row.
func (t *facetTally) codes(v any) []string {
	if t.axis.Dim == models.DimYear {
		return []string{timeCode("", timeNumber(v))}
	}
	return t.lift.codes[number(v)]
}

// maxPack bounds the groups of one scan. DuckDB groups small numbers without
// hashing, and every group found is a row to read.
const maxPack = 8192

// packs puts dimensions together whose codes multiply to few groups.
func (f *file) packs(ts []*facetTally) [][]*facetTally {
	size := func(t *facetTally) int {
		if t.axis.Dim == models.DimYear {
			return 64
		}
		return max(len(f.dict[t.axis.Dim]), 1)
	}
	sorted := slices.Clone(ts)
	slices.SortStableFunc(sorted, func(x, y *facetTally) int { return size(x) - size(y) })
	var out [][]*facetTally
	room := 0
	for _, t := range sorted {
		n := size(t)
		if len(out) == 0 || n > room {
			out, room = append(out, nil), maxPack
		}
		out[len(out)-1] = append(out[len(out)-1], t)
		room /= n
	}
	return out
}

// countPack counts the rows of several dimensions in one scan.
func (e *Engine) countPack(ctx context.Context, f *file, in tally, cs []condition, ts []*facetTally) error {
	cols := f.sourceColumns("", nil)
	for _, t := range ts {
		cols = append(cols, t.col)
	}
	query := fmt.Sprintf("SELECT %s, %s FROM %s WHERE %s GROUP BY ALL", strings.Join(cols, ", "), in.count, in.from, whereSQL(cs))
	return e.each(ctx, f, query, len(cols)+1, func(row []any) {
		n := row[len(cols)].(int64)
		for i, t := range ts {
			g := t.grids.of(number(row[0]), number(row[1]))
			rows, cols := g.find([][]uint32{t.grids.ends(0).numbers(t.codes(row[2+i]))})
			g.add(rows, cols, n)
		}
	})
}

// countOnce takes off what subjects with several rows were counted too often.
func (e *Engine) countOnce(ctx context.Context, f *file, cs []condition, ts []*facetTally) error {
	cols := f.sourceColumns("", nil)
	for _, t := range ts {
		cols = append(cols, t.col)
	}
	in, _ := e.gathered(ctx, f, ts[0].q.indicator.ID)
	where, from := whereSQL(cs), in.from
	query := fmt.Sprintf(`SELECT subject, %s FROM %s WHERE %s AND subject IN (SELECT subject FROM %s WHERE %s AND subject IS NOT NULL GROUP BY subject HAVING count(*) > 1) ORDER BY subject`,
		strings.Join(cols, ", "), from, where, from, where)
	type cell struct {
		g    *grid
		code string
	}
	rows := map[cell]float64{} // of the subject at hand
	last := uint64(0)
	settle := func() {
		for c, n := range rows {
			if n > 1 {
				r, ok := c.g.rows.find([]string{c.code})
				if s := c.g.slot(r, 0); ok && s != nil {
					v := c.g.edit(s)
					v.low, v.high = v.low-(n-1), v.high-(n-1)
				}
			}
		}
		clear(rows)
	}
	err := e.each(ctx, f, query, len(cols)+1, func(row []any) {
		if subject, _ := row[0].(uint64); subject != last {
			settle()
			last = subject
		}
		for i, t := range ts {
			g := t.grids.of(number(row[1]), number(row[2]))
			rows[cell{g, models.Total}]++
			for _, c := range t.codes(row[3+i]) {
				rows[cell{g, c}]++
			}
		}
	})
	settle()
	return err
}

// figureFacets lists, for each source of figures in a file, which codes have
// figures.
func (e *Engine) figureFacets(ctx context.Context, f *file, a *asking) ([]sourceFacets, error) {
	q := a.parts[0]
	sources, err := e.figureSources(ctx, f, q.indicator.ID)
	if err != nil {
		return nil, err
	}
	var out []sourceFacets
	for _, s := range sources {
		o := sourceFacets{Glance: models.Glance{Source: a.sourceOf(&grid{src: s.src}), Home: s.home()}, synthetic: f.ds.Synthetic}
		for _, dim := range facetDims(e.cat, s) {
			less := *q
			less.terms = slices.DeleteFunc(slices.Clone(q.terms), func(t models.Term) bool { return t.Dim == dim })
			if k := newAsker(s, &less); k != nil {
				o.Facets = append(o.Facets, k.facet(a, dim))
			}
		}
		if len(o.Facets) > 0 {
			out = append(out, o)
		}
	}
	return out, nil
}

// facetDims lists the dimensions that some figures of a source are broken down
// by; one code throughout is its scope and no choice.
func facetDims(cat *models.Catalog, s *figureSource) []string {
	offer := models.Offer{Grain: models.Figure}
	for i, d := range s.dims {
		if s.implied[i] == 0 && len(s.codes[i]) > 1 {
			offer.Dims = append(offer.Dims, d)
		}
	}
	var out []string
	for _, ax := range facetAxes(cat, []models.Offer{offer}, "", models.Figure, nil) {
		out = append(out, ax.Dim)
	}
	return out
}

// facet counts the figures of each code: those that a filter on it would
// leave. They are not added.
func (a *asker) facet(of *asking, dim string) models.Facet {
	out := models.Facet{Axis: models.Axis{Dim: dim}, Name: dimName(a.cat, dim), Figures: true}
	if d := a.cat.Dimension(dim); d != nil {
		out.Several = d.Multi
	}
	count, longer := map[string]int{}, 0
	if dim == models.DimYear {
		for f := range a.met {
			switch {
			case a.yearOf[f.time] != 0:
				count[fmt.Sprint(a.yearOf[f.time])]++
			case f.when.Start == models.NoDate && f.when.End == models.NoDate:
				count[models.Unknown]++
			default:
				longer++
			}
		}
		out.Most = a.calendarYears()
	} else {
		i := a.dim(dim)
		for f := range a.met {
			if n := a.code(f.spot, i); n != 0 {
				count[a.codes[i][n]]++
				for _, o := range a.above[i][n] {
					count[a.codes[i][o]]++
				}
			}
		}
		out.Most = len(a.codes[i]) - 1
	}
	by := question{cat: a.cat, indicator: a.q.indicator, axes: []models.Axis{out.Axis}, rowAxes: 1}
	g := (&grid{src: a.src}).sides(&by)
	for c := range count {
		g.set(g.rows.of([]string{c}), 0, value{})
	}
	l := &layout{a: of, g: g, q: &by}
	for _, h := range l.headers() {
		out.Values = append(out.Values, models.FacetValue{Kind: h.Kind, Code: h.Codes[0], Label: h.Labels[0], Figures: count[h.Codes[0]]})
	}
	if longer > 0 {
		out.Values = append(out.Values, models.FacetValue{Kind: models.OtherHeader, Label: "Longer periods", Figures: longer})
	}
	return out
}

// calendarYears is in how many years the source has figures, whatever the
// filters.
func (s *figureSource) calendarYears() int {
	seen := map[int]bool{}
	for _, y := range s.yearOf {
		seen[y] = true
	}
	return len(seen)
}
