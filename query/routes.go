package query

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tiplens/models"
)

// A route is the way of a person: where it began, the stops in their order,
// where it ended. Routes that begin alike are drawn together into a tree, in
// which a branch counts the persons of all routes below it.

// routeJoin stands between the stops of a route, as codes.
const routeJoin = ">"

// routes answers a flow that asks for the stops between its ends. The flow
// itself is asked first: its rules, its sources and its total hold.
func (e *Engine) routes(ctx context.Context, s models.Slice) (*models.Answer, error) {
	if err := routable(s); err != nil {
		return nil, err
	}
	ends := s.Clone()
	ends.Via, ends.Top, ends.Percent, ends.Order = models.Axis{}, 0, models.NoBase, models.Order{}
	ans, err := e.Ask(ctx, ends)
	if err != nil {
		return nil, err
	}
	ans.Slice = s
	if ans.Refused() || ans.Empty != "" {
		return ans, nil
	}
	ans.Pinned.Via, ans.Pinned.Top, ans.Pinned.Percent, ans.Pinned.Order = s.Via, s.Top, s.Percent, s.Order
	e.inUse.RLock()
	defer e.inUse.RUnlock()
	a := &asking{cat: e.cat, slice: ends, ans: ans}
	if err := a.resolve(); err != nil {
		return nil, err
	}
	q := a.parts[0]
	q.axes = []models.Axis{q.axes[0], s.Via, q.axes[1]}
	q.rowAxes = len(q.axes)
	ans.RowAxes = []models.Axis{s.From, s.Via, s.To}
	ans.Title = strings.Replace(ans.Title, ", "+a.axisName(s.From)+" to ", ", "+a.axisName(s.From)+" via "+strings.Replace(a.axisName(s.Via), strings.ToLower(dimName(a.cat, s.Via.Dim)), s.Via.Dim, 1)+" to ", 1)
	return ans, e.routeBlocks(ctx, a, q, s)
}

// routable says what a question for routes cannot have.
func routable(s models.Slice) error {
	switch {
	case s.Op != models.One:
		return badQuestion("routes are counted of one indicator; leave out the others")
	case s.Change.Kind != "":
		return badQuestion("routes are not compared; leave out change, or leave out via")
	case s.Percent != models.NoBase && s.Percent != models.OfTotal:
		return badQuestion("a route is a part of the total only: percent of total")
	case s.From.Level == "group" || s.To.Level == "group":
		return fmt.Errorf("a route leads from place to place; leave out the level group")
	}
	return nil
}

// routeBlocks replaces the corridors of each source by its routes. A source
// that does not say where people passed through is left out, and named.
func (e *Engine) routeBlocks(ctx context.Context, a *asking, q *question, s models.Slice) error {
	var kept []models.Block
	var whys []string
	for _, f := range e.files {
		if !f.has(q.indicator.ID) || !f.among(s.At) {
			continue
		}
		var trees []*routeTree
		if f.isLeg(s.Via.Dim) {
			var err error
			if trees, err = e.countRoutes(ctx, f, q); err != nil {
				return err
			}
		}
		for i := range a.ans.Blocks {
			b := a.ans.Blocks[i]
			if b.Source.Dataset != f.ds.ID {
				continue
			}
			at := slices.IndexFunc(trees, func(t *routeTree) bool {
				return b.Source.Grain == models.Record && t.src.agency == b.Source.Agency && t.src.scope == b.Source.Scope && t.src.moves == b.Source.Movement
			})
			if at < 0 {
				why := fmt.Sprintf("%s does not say %s.", f.ds.ID, strings.ToLower(dimName(a.cat, s.Via.Dim)))
				if b.Source.Grain != models.Record {
					why = fmt.Sprintf("The figures of %s do not say the stops on the way.", f.ds.ID)
				}
				if !slices.Contains(whys, why) {
					whys = append(whys, why)
				}
				continue
			}
			trees[at].lay(a, &b, s)
			kept = append(kept, b)
		}
	}
	a.ans.Blocks = kept
	for _, w := range whys {
		a.note("", w)
	}
	if len(kept) == 0 {
		a.ans.Empty = strings.Join(whys, " ")
	}
	return nil
}

// routeNode is a place on the way and all that follows it.
type routeNode struct {
	code  string
	end   bool // the way ends here
	count float64
	seen  map[uint64]bool // subjects, where rows are not
	next  map[string]*routeNode
}

// step goes on to a place, which may be the last.
func (n *routeNode) step(code string, end bool) *routeNode {
	key := code
	if end {
		key = routeJoin + code
	}
	next := n.next[key]
	if next == nil {
		next = &routeNode{code: code, end: end, next: map[string]*routeNode{}}
		if n.seen != nil {
			next.seen = map[uint64]bool{}
		}
		n.next[key] = next
	}
	return next
}

func (n *routeNode) add(rows float64, subject uint64) {
	if n.seen == nil {
		n.count += rows
		return
	}
	if !n.seen[subject] {
		n.seen[subject] = true
		n.count++
	}
}

// routeTree holds the routes of one source.
type routeTree struct {
	src     source
	root    *routeNode
	several bool // somebody has more than one route
	jumbled bool // stops whose order was not kept
}

// countRoutes counts the routes of one file, a tree for each source.
func (e *Engine) countRoutes(ctx context.Context, f *file, q *question) ([]*routeTree, error) {
	cs, why := f.conditions(q, models.Record)
	if why != "" {
		return nil, nil
	}
	cols, joins := f.sourceColumns("", q), ""
	lifts := make([]lifter, len(q.axes))
	for i, ax := range q.axes {
		lifts[i] = f.lift(q.cat, ax)
		switch {
		case i == 1:
			joins += f.wayJoin(ax.Dim, i)
			cols = append(cols, legColumn(i))
		case f.isLeg(ax.Dim):
			joins += f.legJoin(ax.Dim, i)
			cols = append(cols, legColumn(i))
		default:
			cols = append(cols, ident(ax.Dim))
		}
	}
	unit := f.rowIsUnit[q.indicator.ID]
	cols = append(cols, "0::UBIGINT")
	if !unit {
		cols[len(cols)-1] = whoSQL
	}
	query := fmt.Sprintf("SELECT %s, count(*) FROM %s.observation%s WHERE %s GROUP BY ALL", strings.Join(cols, ", "), ident(f.alias), joins, whereSQL(cs))
	gs, trees := newGrids(f, q), map[*grid]*routeTree{}
	err := e.each(ctx, f, query, len(cols)+1, func(row []any) {
		g := gs.of(number(row[0]), number(row[1]))
		t := trees[g]
		if t == nil {
			t = &routeTree{src: g.src, root: &routeNode{next: map[string]*routeNode{}}}
			if !unit {
				t.root.seen = map[uint64]bool{}
			}
			trees[g] = t
		}
		end := func(axis int) []string {
			if f.isLeg(q.axes[axis].Dim) {
				return lifts[axis].stops(row[2+axis])
			}
			return lifts[axis].codes[number(row[2+axis])]
		}
		way, jumbled := lifts[1].way(row[3])
		t.jumbled = t.jumbled || jumbled
		subject, _ := row[len(cols)-1].(uint64)
		t.enter(end(0), way, end(2), float64(row[len(cols)].(int64)), subject)
	})
	var out []*routeTree
	for _, g := range gs.list() {
		out = append(out, trees[g])
	}
	return out, err
}

// wayJoin joins to every row the list of its stops in their order.
func (f *file) wayJoin(dim string, axis int) string {
	return fmt.Sprintf(` LEFT JOIN (SELECT "row" AS leg_row%[1]d, list(place ORDER BY seq) AS %[2]s FROM %[3]s GROUP BY 1) ON leg_row%[1]d = source_row`,
		axis, legColumn(axis), f.legsSQL(dim))
}

// way turns the list of a row's stops into codes, in their order. Stops that
// follow each other and are one place at the level asked are one stop. Jumbled
// is a stop that holds several places, of which the order was not kept.
func (l lifter) way(list any) (out []string, jumbled bool) {
	all, _ := list.([]any)
	for _, n := range all {
		codes := l.codes[number(n)]
		jumbled = jumbled || len(codes) > 1
		code := strings.Join(codes, models.SetJoin)
		if code != models.Unknown && (len(out) == 0 || out[len(out)-1] != code) {
			out = append(out, code)
		}
	}
	if len(out) == 0 {
		out = []string{models.Unknown}
	}
	return out, jumbled
}

// enter counts the persons of a row, or a person, on each route it has, and
// once in every branch.
func (t *routeTree) enter(from, way, to []string, rows float64, subject uint64) {
	t.several = t.several || len(from) > 1 || len(to) > 1
	t.root.add(rows, subject)
	for _, a := range from {
		n := t.root.step(a, false)
		n.add(rows, subject)
		for _, stop := range way {
			n = n.step(stop, false)
			n.add(rows, subject)
		}
		for _, z := range to {
			n.step(z, true).add(rows, subject)
		}
	}
}

// sorted lists what follows a place, as the question orders it; what is not
// stated comes last.
func (n *routeNode) sorted(cat *models.Catalog, o models.Order) []*routeNode {
	out := slices.Collect(maps.Values(n.next))
	sign := 1
	if o.Desc && (o.Key == "name" || o.Key == "code") || !o.Desc && o.Key == "value" {
		sign = -1
	}
	slices.SortFunc(out, func(x, y *routeNode) int {
		if d := tail(x.code) - tail(y.code); d != 0 {
			return d
		}
		byName := strings.Compare(cat.Label(models.DimPlace, x.code), cat.Label(models.DimPlace, y.code))
		switch d := 0; {
		case o.Key == "code":
			if d = models.CompareCodes(x.code, y.code); d != 0 {
				return sign * d
			}
		case o.Key != "name" && x.count != y.count:
			return sign * signOf(y.count-x.count)
		case byName != 0:
			if o.Key == "name" {
				return sign * byName
			}
			return byName
		}
		return strings.Compare(fmt.Sprint(x.end, x.code), fmt.Sprint(y.end, y.code))
	})
	return out
}
