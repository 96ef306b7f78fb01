package query

import (
	"slices"
	"strings"

	"tiplens/models"
)

// routeLayout lays a tree of routes out as rows: a branch, then what is below
// it, one step further in. A branch that goes on in one way only is joined
// with it in one row.
type routeLayout struct {
	a    *asking
	t    *routeTree
	s    models.Slice
	b    *models.Block
	keep map[*routeNode]bool // the ends of the first routes; nil for all
	adds bool                // routes hold different persons
}

// lay puts the routes of a source in the place of its corridors.
func (t *routeTree) lay(a *asking, b *models.Block, s models.Slice) {
	total := b.Cells[len(b.Cells)-1]
	l := &routeLayout{a: a, t: t, s: s, b: b, adds: !t.several && t.root.seen == nil}
	totalRow := b.Rows[len(b.Rows)-1]
	totalRow.Codes = repeat(models.Total, 3)
	b.Rows, b.Cells = nil, nil
	if s.Top > 0 {
		l.first(s.Top)
	}
	l.branches(t.root, nil, 0)
	b.Rows, b.Cells = append(b.Rows, totalRow), append(b.Cells, total)
	l.said()
	if s.Percent != models.NoBase {
		percent(b, s.Percent)
		a.ans.Base = "percent of the grand total"
	}
}

// first finds the largest routes.
func (l *routeLayout) first(n int) {
	var ends []*routeNode
	var walk func(*routeNode)
	walk = func(at *routeNode) {
		if at.end {
			ends = append(ends, at)
		}
		for _, next := range at.sorted(l.a.cat, models.Order{}) {
			walk(next)
		}
	}
	walk(l.t.root)
	slices.SortStableFunc(ends, func(x, y *routeNode) int { return signOf(y.count - x.count) })
	l.keep = map[*routeNode]bool{}
	for _, e := range ends[:min(n, len(ends))] {
		l.keep[e] = true
	}
}

// kept reports whether a route below a place is among the first; it counts the
// others, and how many persons are on them.
func (l *routeLayout) kept(at *routeNode) (any bool, others int, left float64) {
	if at.end {
		if l.keep == nil || l.keep[at] {
			return true, 0, 0
		}
		return false, 1, at.count
	}
	for _, next := range at.next {
		k, n, c := l.kept(next)
		any, others, left = any || k, others+n, left+c
	}
	return any, others, left
}

func (l *routeLayout) branches(at *routeNode, path []*routeNode, depth int) {
	others, left := 0, 0.0
	for _, next := range at.sorted(l.a.cat, l.s.Order) {
		any, n, count := l.kept(next)
		if !any {
			others, left = others+n, left+count
			continue
		}
		chain := []*routeNode{next}
		for !chain[len(chain)-1].end && len(chain[len(chain)-1].next) == 1 {
			for _, only := range chain[len(chain)-1].next {
				chain = append(chain, only)
			}
		}
		last := chain[len(chain)-1]
		whole := slices.Concat(path, chain)
		l.row(whole, len(path), depth, models.Number(last.count))
		l.branches(last, whole, depth+1)
	}
	if others > 0 {
		l.other(path, depth, others, left)
	}
}

// row adds a branch or a whole route. Its label says what is new in it.
func (l *routeLayout) row(path []*routeNode, said, depth int, c models.Cell) {
	h := models.Header{Kind: models.PrefixHeader, Codes: l.codes(path), Depth: depth}
	for i, n := range path {
		if label := l.label(i, n); i >= said {
			h.Labels = append(h.Labels, label)
		}
	}
	h.Labels = []string{strings.Join(h.Labels, ", ")}
	if depth == 0 {
		h.Labels[0] = models.Capital(h.Labels[0])
	}
	if last := path[len(path)-1]; last.end {
		h.Kind = models.CodeHeader
		switch from, to := path[0].code, last.code; {
		case from == models.Unknown || to == models.Unknown:
			h.Kind = models.NotStated
		case country(from) == country(to) && !strings.HasPrefix(from, "_"):
			h.Kind = models.DomesticHeader
		}
	}
	l.b.Rows, l.b.Cells = append(l.b.Rows, h), append(l.b.Cells, []models.Cell{c})
}

// other folds the routes beyond the first ones that begin alike.
func (l *routeLayout) other(path []*routeNode, depth, routes int, left float64) {
	h := models.Header{Kind: models.OtherHeader, Codes: repeat(models.Other, 3), Labels: []string{"other routes"}, Folded: routes, Depth: depth}
	if len(path) == 0 {
		h.Labels[0] = "Other routes"
	} else {
		h.Codes[0] = path[0].code
		if len(path) > 1 {
			h.Codes[1] = strings.Join(append(placesOf(path[1:]), models.Other), routeJoin)
		}
	}
	c := models.Number(left)
	if !l.adds {
		c = value{blank: true}.saying("W-06", "rows that may hold the same people are not added").cell()
	}
	l.b.Rows, l.b.Cells = append(l.b.Rows, h), append(l.b.Cells, []models.Cell{c})
}

// codes are those of the columns of a route: where it began, its stops in
// order, where it ended. What a branch leaves open is a total.
func (l *routeLayout) codes(path []*routeNode) []string {
	out := []string{path[0].code, models.Total, models.Total}
	stops := placesOf(path[1:])
	if last := path[len(path)-1]; last.end {
		out[2], stops = last.code, stops[:len(stops)-1]
	} else if len(stops) > 0 && stops[0] != models.Unknown {
		stops = append(stops, models.Total)
	}
	if len(stops) > 0 {
		out[1] = strings.Join(stops, routeJoin)
	}
	return out
}

func placesOf(path []*routeNode) (out []string) {
	for _, n := range path {
		out = append(out, n.code)
	}
	return out
}

// label says what a place is on the way.
func (l *routeLayout) label(i int, n *routeNode) string {
	axis := l.s.Via
	switch {
	case i == 0:
		axis = l.s.From
	case n.end:
		axis = l.s.To
	}
	name := strings.ToLower(dimName(l.a.cat, axis.Dim))
	var places []string
	for c := range strings.SplitSeq(n.code, models.SetJoin) {
		places = append(places, l.a.cat.Label(models.DimPlace, c))
	}
	place := strings.Join(places, " and ")
	switch {
	case n.code == models.Unknown && i > 0 && !n.end:
		return "no " + axis.Dim + " stated"
	case n.code == models.Unknown:
		return name + " not stated"
	case n.end:
		return "to " + place
	case i == 0:
		return place
	}
	return "via " + place
}

// said enters what must be known of the routes of this source.
func (l *routeLayout) said() {
	who := ""
	if len(l.a.ans.Blocks) > 1 {
		who = l.b.Source.Dataset + ": "
	}
	if l.t.several {
		l.a.note("", who+"some persons have several ways, with more than one beginning or end; they are counted on each, and once in every branch above.")
	}
	if l.t.root.seen != nil {
		l.a.note("", who+"a person with several records can be on several routes; branches count every person once.")
	}
	if l.t.jumbled {
		l.a.note("", who+"of stops joined by \"and\" the order was not kept when the file was loaded; load it again to have it.")
	}
	none := 0.0
	for _, from := range l.t.root.next {
		if n := from.next[models.Unknown]; n != nil {
			none += n.count
		}
	}
	if n := l.t.root.count; n > 0 {
		if l.b.Unstated == nil {
			l.b.Unstated = map[string]float64{}
		}
		l.b.Unstated[l.s.Via.Dim] = min(none/n, 1)
	}
}
