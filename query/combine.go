package query

import (
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
	g := &grid{src: t[0].src, unit: t[0].unit, part: 0, cells: map[string]value{}, implied: t[0].implied, restOK: a.slice.Op == models.Sum}
	keys := map[string]bool{}
	for _, p := range t {
		if p.src != g.src && !slices.Contains(g.others, p.src) {
			g.others = append(g.others, p.src)
		}
		g.rows += p.rows
		g.kinds |= p.kinds
		g.coverage = union(g.coverage, p.coverage)
		g.aside = append(g.aside, p.aside...)
		g.restOK = g.restOK && p.restOK
		if g.missing == "" {
			g.missing = p.missing
		}
		for k := range p.cells {
			keys[k] = true
		}
	}
	for k := range keys {
		vs := make([]value, len(t))
		for i, p := range t {
			vs[i] = p.at(k)
		}
		switch a.slice.Op {
		case models.Sum:
			g.cells[k] = a.added(vs)
		case models.Range:
			g.cells[k] = known(vs)
		default:
			g.cells[k] = ratio(vs[0], vs[1], a.percentage)
		}
	}
	return g
}

// at gives the value of a coordinate. Records that do not occur are counted:
// there are none, unless small groups were left out of the file. Figures that
// do not occur are not known.
func (g *grid) at(key string) value {
	v, ok := g.cells[key]
	switch {
	case ok || g.src.grain == models.Figure || g.missing != "":
		return v
	case g.src.file.ds.Protected != "":
		return value{status: "Q"} // zero, or a group too small to be published
	}
	return value{known: true}
}

// added sums the parts. One of which nothing is known makes the sum a lower
// bound.
func (a *asking) added(vs []value) value {
	sum := value{}
	unknown := 0
	for i, v := range vs {
		if i == 0 {
			sum = v
		} else {
			sum = sum.plus(v)
		}
		if !v.known {
			unknown++
		}
	}
	if sum.known && unknown > 0 {
		sum.high = infinite
		sum = sum.saying("W-19", fmt.Sprintf("%d of %d parts have no figure here, so the sum is a lower bound", unknown, len(vs)))
	}
	return sum
}

// known bounds how many are known to at least one of several sources: all may
// be among the largest, or none may be in two.
func known(vs []value) value {
	out := value{}
	for _, v := range vs {
		low, high := v.low, v.high
		if !v.known {
			low, high = 0, infinite
		}
		out.low, out.high = max(out.low, low), out.high+high
		out.known = out.known || v.known
		out.about, out.estimate = out.about || v.about, out.estimate || v.estimate
		out.n += v.n
		out.notes = union(out.notes, v.notes)
		out.status = joinStatus(out.status, v.status)
		if v.part != "" && (out.part == "" || out.part == v.part) {
			out.part = v.part
		}
		out.open = out.open || v.open
	}
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
