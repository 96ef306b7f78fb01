package query

import (
	"slices"
	"strings"

	"tiplens/models"
)

// Returns, interceptions and deportations keep the outward direction in origin
// and destination, so only the kind of movement tells them from trafficking.
// Where a file has several kinds, each is a source of its own in every question
// about where people went: they are never in one flow.

// severalMoves reports whether a file holds movements of more than one kind.
func (f *file) severalMoves() bool {
	kinds := map[string]bool{}
	for _, e := range f.dict[models.DimFlowKind] {
		if !strings.HasPrefix(e.code, "_") {
			kinds[e.code] = true
		}
	}
	return len(kinds) > 1
}

// isMove reports whether a question asks where people came from or went, and
// leaves the kind of movement open.
func (q *question) isMove() bool {
	if q == nil || q.axis(models.DimFlowKind) >= 0 {
		return false
	}
	way := func(dim string) bool {
		return dim == models.DimOrigin || dim == models.DimDestination || slices.Contains(models.LegDims, dim)
	}
	return slices.ContainsFunc(q.axes, func(a models.Axis) bool { return way(a.Dim) }) ||
		slices.ContainsFunc(q.terms, func(t models.Term) bool { return way(t.Dim) })
}

// key orders sources, and tells apart those of one file.
func (s source) key() string { return s.agency + coordSep + s.scope + coordSep + s.moves }

// movementsApart says that kinds of movement stand apart.
func (a *asking) movementsApart() []sentence {
	var kinds []string
	for _, g := range a.grids {
		if g.src.moves != "" {
			kinds = union(kinds, []string{lower(a.cat.Label(models.DimFlowKind, g.src.moves))})
		}
	}
	if len(kinds) < 2 {
		return nil
	}
	return warned("kinds of movement are shown apart and never in one flow: " + strings.Join(kinds, ", "))
}
