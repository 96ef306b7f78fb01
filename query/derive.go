package query

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// derive says what follows from finer figures for a coordinate at which none
// is published (I-5.3). Countries that report are summed, with what is wrong
// about such a sum; any other breakdown gives the total only where it is known
// to be complete, and else a lower bound.
func (a *asker) derive(p point) value {
	if v, ok := a.declared(p); ok {
		return v
	}
	best := value{}
	place := a.dim(models.DimPlace)
	if i := place; i >= 0 && p.at[i] == 0 && a.implied[i] == 0 && (len(a.tops[i]) > 0 || !a.additive(i)) {
		return a.overCountries(i, p)
	}
	for i := range a.dims {
		if a.implied[i] != 0 {
			continue
		}
		v := a.overParts(i, p)
		if v.known && (v.exact() || !best.known || v.low > best.low && !best.exact()) {
			best = v
		}
	}
	if !best.known && place >= 0 && len(a.tops[place]) == 0 {
		return a.atLeast(p)
	}
	return best
}

// children lists the codes by which figures at a coordinate are broken down
// further along a dimension: those of the coarsest level present, so that none
// contains another. Groups such as ASEAN or "foreign" stand beside their
// members and are left out where there are any.
func (a *asker) children(i int, at []uint16) []uint16 {
	coarse := slices.Clone(at)
	coarse[i] = 0
	var out, groups []uint16
	for _, n := range a.finer[finerAt{a.spot(coarse), i}] {
		switch {
		case at[i] != 0 && !slices.Contains(a.above[i][n], at[i]):
		case a.cat.LevelOf(a.dims[i], a.codes[i][n]) == "group":
			groups = append(groups, n)
		default:
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		out = groups
	}
	if !slices.ContainsFunc(out, func(n uint16) bool { return len(a.above[i][n]) > 0 }) {
		return out
	}
	all := slices.Clone(out)
	return slices.DeleteFunc(out, func(n uint16) bool {
		return slices.ContainsFunc(a.above[i][n], func(o uint16) bool { return o != at[i] && slices.Contains(all, o) })
	})
}

// overParts looks at the breakdown of a coordinate by one more dimension.
func (a *asker) overParts(i int, p point) value {
	var parts []*value // where they do not add, for which there is no sum
	sum, found := value{}, false
	kids := a.kidsOf(i, p)
	adds := a.additive(i) && (a.dims[i] != models.DimAge || !a.cut(i, codesOfKids(kids)))
	enter := func(v *value) {
		if found = true; !adds {
			parts = append(parts, v)
		} else {
			sum.add(v)
		}
	}
	for _, k := range kids {
		if k.spot == nowhere {
			continue
		}
		if v := a.bareAt(k.spot, p.time); adds && sum.known && sum.status == a.common && !math.IsNaN(v) {
			a.used[a.exact[a.atTime(k.spot, p.time)]] = true
			sum.addBare(v, v)
			continue
		}
		if f := a.settledAt(k.spot, p.time); f != nil {
			a.use(f)
			if adds && f.is&isPlain != 0 {
				found = true
				a.addFigure(&sum, f)
			} else if f.is&isKnown != 0 {
				v := a.value(f)
				enter(&v)
			}
			continue
		}
		if v := a.publishedAt(k.spot, p.when, p.timed); v.known && (v.part == "" || !p.timed) {
			enter(&v)
		}
	}
	if !found {
		return value{}
	}
	if !adds {
		v := a.largest(parts, a.dims[i])
		v.high = infinite
		return noTotal(v, a, i)
	}
	if a.adds(i, p) {
		return sum.saying("", "summed over "+strings.ToLower(pluralName(a.cat, a.dims[i]))+", which add up to the published total")
	}
	sum.high = infinite
	return noTotal(sum, a, i)
}

// kid is a code by which a coordinate is broken down further, and the spot that
// it leads to.
type kid struct {
	code uint16
	spot int32
}

func codesOfKids(kids []kid) []uint16 {
	out := make([]uint16, len(kids))
	for i, k := range kids {
		out[i] = k.code
	}
	return out
}

// kidsOf are the children of a coordinate, found once for all questions.
func (a *asker) kidsOf(i int, p point) []kid {
	key := finerAt{p.spot, i}
	if kids, ok := a.kids.Load(key); ok && key.spot != nowhere {
		return kids.([]kid)
	}
	var kids []kid
	fine := slices.Clone(p.at)
	for _, n := range a.children(i, p.at) {
		fine[i] = n
		kids = append(kids, kid{n, a.spot(fine)})
	}
	a.kids.Store(key, kids)
	return kids
}

func noTotal(v value, a *asker, i int) value {
	return v.saying("", "no total published; what is known comes from figures by "+strings.ToLower(dimName(a.cat, a.dims[i])))
}

// adds reports whether a breakdown is known to hold everyone: at the next
// coarser coordinate that has a published total, the same breakdown adds up to
// exactly that total.
func (a *asker) adds(i int, p point) bool {
	for j := range p.at {
		if p.at[j] == 0 || j == i || a.dims[j] == models.DimPlace {
			continue
		}
		coarse := slices.Clone(p.at)
		coarse[j] = 0
		total := a.published(coarse, p.when, p.timed)
		if !total.exact() {
			continue
		}
		sum := value{}
		whole := true
		for _, m := range a.children(j, coarse) {
			fine := slices.Clone(coarse)
			fine[j] = m
			for _, n := range a.children(i, fine) {
				fine[i] = n
				v := a.published(fine, p.when, p.timed)
				whole = whole && (!v.known || v.exact())
				sum = sum.plus(v)
			}
		}
		if whole && sum.exact() && sum.low == total.low {
			return true
		}
	}
	return false
}

// published is the figure at a coordinate, without any derivation.
func (a *asker) published(at []uint16, when models.Period, timed bool) value {
	return a.publishedAt(a.spot(at), when, timed)
}

func (a *asker) publishedAt(spot int32, when models.Period, timed bool) value {
	if spot == nowhere {
		return value{}
	}
	found := a.stands[spot]
	if timed {
		return a.inPeriod(found, when)
	}
	v, _ := a.onePeriod(a.inFilter(found))
	return v
}

// overCountries sums what countries report. It is a sum over those that
// reported, each under its own definition, and says so.
func (a *asker) overCountries(i int, p point) value {
	total := value{}
	n, open := 0, 0
	for _, c := range a.tops[i] {
		fine := slices.Clone(p.at)
		fine[i] = c
		v := a.figure(fine, p.when, p.timed)
		if !v.known {
			continue
		}
		n++
		if math.IsInf(v.high, 1) {
			open++
		}
		v.notes = nil
		total = total.plus(v)
	}
	if n < 2 {
		return total
	}
	if !a.q.indicator.Additive(models.DimPlace) {
		return value{blank: true}.saying("W-10", a.q.indicator.Name+" of several places has no sum")
	}
	note := fmt.Sprintf("a sum over the %d places that published a figure, each by its own definition", n)
	if open > 0 {
		note += fmt.Sprintf("; %d of them published no total, so it is a lower bound", open)
	}
	return total.saying("W-07", note)
}

// merge makes one value of the figures of one coordinate and period. Several
// headings that all count as Other are added. The same number from two
// documents is one figure with two citations. Different numbers under one
// heading are a conflict, or, where one person may be under several headings
// that the publisher calls the same, parts that overlap: the bounds hold both.
func (a *asker) merge(fs []*figure) value {
	for _, f := range fs {
		a.use(f)
	}
	if len(fs) == 1 {
		return a.value(fs[0])
	}
	if v, several := a.mergeHeadings(fs); several {
		return v
	}
	first := a.value(fs[0])
	same := true
	for _, f := range fs[1:] {
		same = same && f.is&isKnown == fs[0].is&isKnown && f.low == first.low && f.high == first.high
	}
	docs := a.documents(fs)
	switch {
	case same && (first.exact() || len(docs) > 1):
		if len(docs) > 1 {
			return first.saying("W-16", fmt.Sprintf("one figure, printed in %d documents: %s", len(docs), strings.Join(docs, "; ")))
		}
		return first
	case len(docs) > 1:
		return a.disagree(fs)
	}
	return a.repeated(fs)
}

// mergeHeadings adds figures that stand under different headings of the
// publisher, all of which count as Other or as not stated here.
func (a *asker) mergeHeadings(fs []*figure) (value, bool) {
	headings := map[uint16][]*figure{}
	var order []uint16
	for _, f := range fs {
		if headings[f.text] == nil {
			order = append(order, f.text)
		}
		headings[f.text] = append(headings[f.text], f)
	}
	if len(order) < 2 {
		return value{}, false
	}
	sum := value{}
	for _, h := range order {
		sum = sum.plus(a.merge(headings[h]))
	}
	return sum, true
}

// repeated is what is known where one file gives several numbers under one
// heading without saying how they differ: they may be parts, or the same
// people. It lies between the largest and the sum.
func (a *asker) repeated(fs []*figure) value {
	out, texts := a.joined(fs, func(out *value, v value) {
		out.low = max(out.low, v.low)
		out.high += v.high
	})
	if !out.known {
		return out
	}
	return out.saying("W-02", "the source gives several figures under one heading, which may be parts or hold the same people: "+models.Amount(strings.Join(texts, ", "), a.counted()))
}

// disagree is the range of what different documents say.
func (a *asker) disagree(fs []*figure) value {
	out, texts := a.joined(fs, func(out *value, v value) {
		out.low, out.high = min(out.low, v.low), max(out.high, v.high)
	})
	if !out.known {
		return out
	}
	return out.saying("W-16", "the documents give different figures: "+models.Amount(strings.Join(texts, " and "), a.counted()))
}

// joined widens the first figure that says anything by every other one.
func (s *figureSource) joined(fs []*figure, widen func(out *value, v value)) (out value, texts []string) {
	for _, f := range fs {
		v := s.value(f)
		if !v.known {
			continue
		}
		texts = append(texts, v.cell().Text())
		if !out.known {
			out = v
		} else {
			widen(&out, v)
		}
	}
	return out, texts
}

func (s *figureSource) documents(fs []*figure) []string {
	var out []string
	for _, f := range fs {
		if doc := s.doc(f); doc != "" && !slices.Contains(out, doc) {
			out = append(out, doc)
		}
	}
	return out
}

// asideFigures lists the figures that meet the filters and the breakdown asked
// and have no place in a cell: longer, open-ended and undated ones.
func (a *asker) asideFigures() []aside {
	onTime := a.q.axis(models.DimYear) >= 0
	if !onTime && !a.hasT {
		return nil
	}
	if onTime && !slices.Contains(a.yearOf, 0) {
		return nil
	}
	var apart []*figure
	asked := make([]int8, len(a.stands)) // by spot
	for n, spot := range a.spotOf {
		t := a.timeOf[n]
		if !a.fit[spot] || a.yearOf[t] != 0 && onTime || a.used[n] || a.hasT && !a.inTime[t] && a.periods[t].Bounded() {
			continue
		}
		f := a.figures[n]
		if asked[f.spot] == 0 {
			asked[f.spot] = 1
			if a.askedPattern(f) {
				asked[f.spot] = 2
			}
		}
		if asked[f.spot] == 1 {
			continue
		}
		apart = append(apart, f)
	}
	slices.SortStableFunc(apart, byRow)
	var out []aside
	for _, f := range apart {
		out = append(out, aside{part: a.q.part, value: a.value(f), period: f.when, doc: a.doc(f), codes: a.inWords(f)})
	}
	return out
}

// askedPattern reports whether a figure is broken down by nothing beyond the
// axes and filters of the question.
func (a *asker) askedPattern(f *figure) bool {
	for i, n := range a.codesAt(f.spot) {
		if n == 0 || a.implied[i] != 0 {
			continue
		}
		if a.filter[i] == nil && a.q.axis(a.dims[i]) < 0 {
			return a.dims[i] == models.DimPlace
		}
	}
	return true
}

// inWords names the codes of a figure on the axes of the question.
func (a *asker) inWords(f *figure) string {
	var out []string
	for _, ax := range a.q.axes {
		i := a.axisDim(ax)
		if i < 0 || a.implied[i] != 0 {
			continue
		}
		if n := a.code(f.spot, i); n != 0 {
			out = append(out, a.cat.Label(a.dims[i], a.codes[i][n]))
		}
	}
	return strings.Join(out, ", ")
}
