package query

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// A measure of several parts is answered part by part, each from its own
// source, and only then joined: A + B adds, range A, B bounds how many persons
// at least one of them knows, A / B and share TERM of A divide.

// tuple is one grid of each part of a measure, to be joined into one.
type tuple []*grid

// joins reports whether the parts of a measure become one number.
func joins(op models.Op) bool {
	return op == models.Sum || op == models.Range || op == models.Ratio || op == models.Part
}

// pair finds which grids belong together: those of one source, or the only
// ones there are. A range takes all, since it never adds.
func (a *asking) pair() {
	if !joins(a.slice.Op) {
		return
	}
	by := make([][]*grid, len(a.parts))
	for _, g := range a.grids {
		by[g.part] = append(by[g.part], g)
	}
	lone := a.slice.Op == models.Range || !slices.ContainsFunc(by, func(gs []*grid) bool { return len(gs) != 1 })
	switch {
	case slices.ContainsFunc(by, func(gs []*grid) bool { return len(gs) == 0 }):
		return
	case lone:
		a.tuples = []tuple{slices.Concat(by...)}
		return
	}
	var left []string
	for _, g := range by[0] {
		t := tuple{g}
		for _, gs := range by[1:] {
			if i := slices.IndexFunc(gs, func(o *grid) bool { return o.src == g.src }); i >= 0 {
				t = append(t, gs[i])
			}
		}
		if len(t) == len(by) {
			a.tuples = append(a.tuples, t)
		} else {
			left = append(left, g.src.agency)
		}
	}
	if len(a.tuples) > 0 && len(left) > 0 {
		a.note("", fmt.Sprintf("Without both parts, and so left out: %s.", strings.Join(left, ", ")))
	}
}

// countTwice counts who is in both of two parts of a sum, where one person can
// be in several rows: found in two places, or seen in two months.
func (e *Engine) countTwice(ctx context.Context, a *asking) error {
	if a.slice.Op != models.Sum {
		return nil
	}
	a.twice = map[[2]int]int64{}
	for _, t := range a.tuples {
		for i, x := range t {
			for _, y := range t[i+1:] {
				if x.src != y.src || x.src.grain != models.Record || a.parts[x.part].indicator != a.parts[y.part].indicator ||
					x.src.file.rowIsUnit[a.parts[x.part].indicator.ID] && !a.parts[x.part].ownsLegs() {
					continue
				}
				n, err := e.shared(ctx, x.src, a.parts[x.part], a.parts[y.part])
				if err != nil {
					return err
				}
				a.twice[[2]int{x.part, y.part}] += n
			}
		}
	}
	return nil
}

// shared counts the subjects that two questions to one source have in common.
func (e *Engine) shared(ctx context.Context, src source, x, y *question) (n int64, err error) {
	f := src.file
	var sides []string
	for _, q := range []*question{x, y} {
		cs, why := f.conditions(q, models.Record)
		if why != "" {
			return 0, nil
		}
		for column, code := range map[string]string{models.DimAgency: src.agency, "scope": src.scope} {
			numbers := f.numbers(column, func(e entry) bool { return e.code == code })
			cs = append(cs, numberCondition(column, numbers, len(f.dict[column])))
		}
		sides = append(sides, fmt.Sprintf("SELECT %s FROM %s.observation WHERE %s", whoSQL, ident(f.alias), whereSQL(cs)))
	}
	err = e.each(ctx, f, "SELECT count(*) FROM ("+strings.Join(sides, " INTERSECT ")+")", 1, func(row []any) { n = row[0].(int64) })
	return n, err
}

// note adds a footnote once.
func (a *asking) note(rule, text string) {
	r := models.Remark{Rule: rule, Text: text}
	if !slices.Contains(a.ans.Footnotes, r) {
		a.ans.Footnotes = append(a.ans.Footnotes, r)
	}
}

// join replaces the grids of each tuple by one.
func (a *asking) join() {
	if !joins(a.slice.Op) {
		return
	}
	a.grids = a.grids[:0:0]
	for _, t := range a.tuples {
		a.grids = append(a.grids, a.joined(t))
	}
}

func (a *asking) joined(t tuple) *grid {
	g := &grid{src: t[0].src, unit: t[0].unit, part: 0, implied: t[0].implied, restOK: a.slice.Op == models.Sum}
	g.sides(a.parts[t[0].part])
	for _, p := range t {
		if p.src != g.src && !slices.Contains(g.others, p.src) {
			g.others = append(g.others, p.src)
		}
		g.seen += p.seen
		g.kinds |= p.kinds
		g.coverage = union(g.coverage, p.coverage)
		g.aside = append(g.aside, p.aside...)
		g.breaks = union(g.breaks, p.breaks)
		g.restOK = g.restOK && p.restOK
		if g.missing == "" {
			g.missing = p.missing
		}
	}
	vs := make([]value, len(t))
	rows, cols := sameLines(g.rows, t, func(p *grid) *side { return p.rows }), sameLines(g.cols, t, func(p *grid) *side { return p.cols })
	for r := range g.rows.lines + 1 {
		for c := range g.cols.lines + 1 {
			found := false
			for i, p := range t {
				found = found || p.slot(rows[i][r], cols[i][c]) != nil
				vs[i] = *p.at(rows[i][r], cols[i][c])
			}
			if found {
				g.set(uint32(r), uint32(c), a.combined(t, vs))
			}
		}
	}
	for i, p := range t {
		vs[i] = p.none
	}
	g.none = a.combined(t, vs)
	return g
}

// combined makes one value of those of the parts.
func (a *asking) combined(t tuple, vs []value) value {
	switch a.slice.Op {
	case models.Sum:
		return a.added(t, vs)
	case models.Range:
		return known(vs)
	}
	return ratio(vs[0], vs[1], a.percentage)
}

// noLine is the number of a line that a side does not have.
const noLine = math.MaxUint32

// sameLines enters the lines of every part into a side, and finds for each of
// its lines that of each part.
func sameLines(s *side, t tuple, of func(p *grid) *side) [][]uint32 {
	for _, p := range t {
		for n := range of(p).lines {
			s.of(of(p).codes(uint32(n + 1)))
		}
	}
	out := make([][]uint32, len(t))
	for i, p := range t {
		out[i] = make([]uint32, s.lines+1)
		for n := range out[i][1:] {
			at, ok := of(p).find(s.codes(uint32(n + 1)))
			if !ok {
				at = noLine
			}
			out[i][n+1] = at
		}
	}
	return out
}

// added sums the parts. One of which nothing is known makes the sum a lower
// bound.
func (a *asking) added(t tuple, vs []value) value {
	sum := value{}
	unknown, short := 0, ""
	var parts []string
	for i, v := range vs {
		if part := a.partial(t[i].part, v); part != "" { // in no sum (design, section 5)
			short = fmt.Sprintf("%s covers %s only and is in no sum, so this is a lower bound", a.shortName(t[i].part), part)
			continue
		}
		if v.part != "" && !slices.Contains(parts, v.part) {
			parts = append(parts, v.part)
		}
		if !v.known && !v.withheld() {
			unknown++
		}
		if i == 0 {
			sum = v
			continue
		}
		sum = sum.plus(v)
	}
	sum.part = strings.Join(parts, " and ")
	if sum.known && unknown > 0 {
		sum.high = infinite
		sum = sum.saying("W-19", fmt.Sprintf("%d of %d parts %s no figure here, so the sum is a lower bound", unknown, len(vs), hasHave(unknown)))
	}
	if sum.known && short != "" {
		sum.high = infinite
		sum = sum.saying("W-13", short)
	}
	return sum
}

// partial names the period that the value of a part covers, where the part
// asks for a longer one.
func (a *asking) partial(part int, v value) string {
	t, ok := a.parts[part].term(models.DimYear)
	if !ok || t.Not || len(t.Spans) != 1 || !v.known || v.part == "" || v.part == t.Spans[0].Label() {
		return ""
	}
	return v.part
}

// known bounds how many are known to at least one of several sources: all may
// be among the largest, or none may be in two.
func known(vs []value) value {
	out := value{}
	var parts []string
	for _, v := range vs {
		low, high := v.low, v.high
		switch {
		case v.withheld():
			low, high = 0, infinite
			out = out.saying("W-18", "a withheld number is part of it, so it is a lower bound")
		case !v.known:
			low, high = 0, infinite
			out = out.saying("W-19", "one part has no figure here, so it is a lower bound")
		}
		out.low, out.high = max(out.low, low), out.high+high
		out.known = out.known || v.known
		out.about, out.estimate = out.about || v.about, out.estimate || v.estimate
		out.n += v.n
		out.notes = union(out.notes, v.notes)
		out.status = joinStatus(out.status, v.status)
		if v.part != "" && !slices.Contains(parts, v.part) {
			parts = append(parts, v.part)
		}
		out.open = out.open || v.open
	}
	out.part = strings.Join(parts, " and ")
	return out
}

// ratio divides. Bounds on either side give bounds; a side that is only about
// right leaves two digits that mean anything (I-7).
func ratio(num, den value, percentage bool) value {
	out := value{n: num.n + den.n, about: num.about || den.about, estimate: num.estimate || den.estimate,
		notes: union(num.notes, den.notes), status: joinStatus(num.status, den.status)}
	out.open = num.open || den.open
	if num.part == den.part {
		out.part = num.part
	}
	scale := 1.0
	if percentage {
		scale, out.form = 100, models.Percent
	}
	switch {
	case !num.known || !den.known:
		return out
	case den.high == 0:
		out.status = "M"
		return out.saying("", "nothing to divide by: the base is 0")
	case den.low == 0 || math.IsInf(den.high, 1):
		return out.saying("", "no ratio: of the base only bounds are known")
	}
	out.known = true
	out.low, out.high = scale*num.low/den.high, scale*num.high/den.low
	if num.exact() && den.exact() {
		out.count, out.base = num.low, den.low
	}
	if out.about {
		out.low, out.high = twoDigits(out.low), twoDigits(out.high)
	}
	return out
}

// twoDigits rounds to two significant digits.
func twoDigits(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) {
		return v
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-1)
	return math.Round(v/unit) * unit
}
