package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tiplens/models"
)

// flowsView shows ranked corridors with share and bar: those across a border,
// then those inside one country, then those of which an end is not stated.
type flowsView struct {
	oneSource
	cat  *models.Catalog
	grid grid
	rows []int // behind the rows of the grid, -1 for a heading
	look Look

	matrix flowGrid
	kind   flowKind
	cuts   []float64
	here   string   // the place of a card
	pairs  []string // marked for the trend

	strands []strand // of the picture, by row of the grid
}

func (f *flowsView) set(a *models.Answer, st state, l Look) {
	f.take(a)
	was := f.kind
	f.cuts, f.kind = st.breaks(), flowList
	switch {
	case a.Slice.Via.Dim != "":
		f.kind = flowRoutes
	case !a.Slice.IsFlow():
		f.kind = flowMatrix
	case len(a.Blocks) > 0 && len(a.Blocks[0].Rows) > 0 && a.Blocks[0].Rows[0].Measure == "out":
		f.kind = flowPlace
	case st.flow == flowPicture:
		f.kind = flowPicture
	case st.flow == flowCompare && a.Slice.Change.Kind != "":
		f.kind = flowCompare
	}
	f.here, f.pairs = st.spot, st.pairs
	if f.kind != was { // another picture begins at its top
		f.grid = grid{}
	}
	f.fill(l)
	if f.kind == flowMatrix && f.kind != was {
		f.matrix.goTo(st.spot)
	}
}

func (f *flowsView) fill(l Look) {
	f.look = l
	f.rows = f.rows[:0]
	if len(f.ans.Blocks) == 0 {
		f.grid.set(nil, nil, nil)
		return
	}
	b := &f.ans.Blocks[f.block]
	if f.kind == flowMatrix {
		f.matrix.fill(f, b)
		return
	}
	if f.kind == flowPlace {
		f.fillPlace(b, l)
		return
	}
	if f.kind == flowCompare && b.ValueColumn() > 0 {
		f.fillCompare(b, l)
		return
	}
	if f.kind == flowPicture {
		f.fillPicture(b, l)
		return
	}
	if f.kind == flowRoutes {
		f.fillRoutes(b, l)
		return
	}
	last, col := len(b.Rows)-1, flowColumn(b)
	total := fullValue(b.Cells[last][col])
	most := 0.0
	for r, h := range b.Rows[:last] {
		if ranked(h) {
			most = max(most, fullValue(b.Cells[r][col]))
		}
	}
	heads, changes := f.heads(b, col)
	parts, partHeads := f.split(b)
	heads = append(heads, partHeads...)
	f.grid.spark, f.grid.wide = 0, len(parts) > 0
	f.grid.marked = map[string]bool{}
	var rows []gridRow
	group := models.HeaderKind(255)
	for r, h := range b.Rows {
		if r > 0 && totalRepeats(b) {
			break
		}
		kind := h.Kind
		if kind == models.OtherHeader {
			kind = models.CodeHeader
		}
		if kind != group && kind != models.TotalHeader {
			group = kind
			rows = append(rows, gridRow{kind: headingRow, labels: []string{groupName(kind)}})
			f.rows = append(f.rows, -1)
		}
		cell := b.Cells[r][col]
		row := gridRow{labels: f.corridor(h, l), brief: f.brief(h, l), key: fmt.Sprint(h.Codes)}
		row.values = []string{cellText(cell, ""), shareText(cell, total)}
		for _, c := range changes {
			row.values = append(row.values, cellText(b.Cells[r][c], ""))
		}
		for _, c := range parts {
			row.values = append(row.values, shareText(b.Cells[r][c], fullValue(cell)))
		}
		if len(f.ans.ColAxes) > 0 && len(parts) == 0 {
			row.spark = l.spark(overColumns(b, r))
			f.grid.spark = max(f.grid.spark, width(row.spark))
		}
		if h.Kind == models.TotalHeader {
			row.kind = totalRow
		} else if ranked(h) && most > 0 {
			row.share = fullValue(cell) / most
		}
		f.grid.marked[row.key] = slices.Contains(f.pairs, pairKey(h))
		rows = append(rows, row)
		f.rows = append(f.rows, r)
	}
	f.grid.pinRow = endsInTotal(rows)
	f.grid.set([]string{f.ans.RowAxes[0].Dim + " " + l.arrow() + " " + f.ans.RowAxes[1].Dim}, heads, rows)
}

// ranked reports whether a row is a corridor between two places that are known.
func ranked(h models.Header) bool {
	return h.Kind == models.CodeHeader || h.Kind == models.DomesticHeader && len(h.Labels) > 1 && h.Codes[0] != h.Codes[1]
}

// heads names the columns of the list, and lists those of a change behind them.
func (f *flowsView) heads(b *models.Block, col int) (heads []string, changes []int) {
	heads = []string{f.ans.Unit, "% of all"}
	switch {
	case b.ValueColumn() > 0:
		heads[0] = strings.Join(b.Cols[col].Labels, " ")
		for c, h := range b.Cols {
			if c != col {
				heads, changes = append(heads, strings.Join(h.Labels, " ")), append(changes, c)
			}
		}
	case len(f.ans.ColAxes) > 0 && b.Cols[col].Kind != models.TotalHeader: // stocks have no total over years
		heads[0] = strings.Join(b.Cols[col].Labels, " ")
	}
	return heads, changes
}

// flowColumn is the column by which corridors are ranked: the number itself of a
// change, the total over years, or the last year of what has no such total.
func flowColumn(b *models.Block) int {
	if b.ValueColumn() > 0 {
		return 1
	}
	last, total := len(b.Cols)-1, b.Cells[len(b.Rows)-1]
	for c := last; c > 0 && !total[last].HasBounds(); c-- {
		if b.Cols[c].Kind == models.CodeHeader && total[c].HasBounds() {
			return c
		}
	}
	return last
}

// fullValue is a count, also where the cell shows a percentage.
func fullValue(c models.Cell) float64 {
	switch {
	case c.Base > 0:
		return c.Count
	case c.State == models.Bound:
		return c.Low()
	}
	return c.Value
}

func shareText(c models.Cell, total float64) string {
	if !c.HasValue() || total == 0 {
		return ""
	}
	return strconv.FormatFloat(100*fullValue(c)/total, 'f', 1, 64)
}

func groupName(k models.HeaderKind) string {
	switch k {
	case models.DomesticHeader:
		return "Within one country"
	case models.NotStated:
		return "An end is not stated"
	}
	return "Across borders"
}

func (f *flowsView) corridor(h models.Header, l Look) []string {
	if len(h.Labels) < 2 {
		label := h.Labels[0]
		if h.Folded > 1 {
			label += fmt.Sprintf(" (%d)", h.Folded)
		}
		return []string{label}
	}
	return []string{cut(h.Labels[0], 20) + " " + l.arrow() + " " + cut(h.Labels[1], 20)}
}

// brief is a corridor by its codes, as there is no room for names.
func (f *flowsView) brief(h models.Header, l Look) string {
	if len(h.Codes) < 2 || len(h.Labels) < 2 {
		return ""
	}
	end := func(i int) string {
		end := models.Header{Kind: models.CodeHeader, Codes: h.Codes[i : i+1]}
		switch {
		case h.Codes[i] == models.Unknown:
			end.Kind = models.NotStated
		case strings.HasPrefix(h.Codes[i], "_"):
			return h.Labels[i]
		}
		return shortEnd(end)
	}
	return end(0) + " " + l.arrow() + " " + end(1)
}

func (f *flowsView) draw(w, h int, l Look) []string {
	b := f.source()
	switch {
	case f.kind == flowPicture && b != nil:
		return f.drawPicture(w, h, l)
	case f.kind != flowMatrix:
		return f.grid.view(w, h, l)
	case b == nil:
		return lines(nil, h)
	case b.Missing != "" || len(b.Rows) < 2:
		return lines(f.missing(b, w), h)
	}
	return f.matrix.draw(w, h, l)
}

func (f *flowsView) key(key string, st state) reply {
	if f.kind == flowMatrix {
		switch {
		case f.source() == nil:
			return reply{}
		case f.matrix.grid.move(key):
			return took
		case key == "tab":
			return f.next(func() { f.fill(f.look) })
		case key == "enter":
			return f.matrix.enter(f)
		case key == "space":
			return reply{handled: true, say: sayCorridorsMarkedTheir}
		}
		return reply{}
	}
	if f.grid.move(key) {
		f.grid.col = -1 // a corridor is opened as a whole
		return took
	}
	switch key {
	case "tab":
		return f.next(func() { f.fill(f.look) })
	case "enter":
		return f.enter()
	case "space":
		return f.mark()
	}
	return reply{}
}

// enter opens the people behind a corridor: the table with both ends as
// filters.
func (f *flowsView) enter() reply {
	if f.grid.row >= len(f.rows) || f.rows[f.grid.row] < 0 {
		return took
	}
	h := f.ans.Blocks[f.block].Rows[f.rows[f.grid.row]]
	if f.kind == flowPlace {
		return f.enterPlace(h)
	}
	if f.kind == flowRoutes {
		return f.enterRoute(h)
	}
	if len(h.Codes) < 2 || len(h.Labels) < 2 {
		return reply{handled: true, say: sayThisRowHolds}
	}
	axes, at := f.ans.RowAxes, f.grid.place()
	at.block = f.block
	return reply{handled: true, edit: func(s *state) {
		s.open(at)
		for k := range 2 {
			s.slice = s.slice.With(models.Term{Dim: axes[k].Dim, Codes: []string{h.Codes[k]}})
		}
		s.oneSide(h.Became == models.BecameGone)
		s.view = viewTable
	}}
}

func (f *flowsView) seek(at place) {
	if at.block != f.block && at.block < len(f.ans.Blocks) {
		f.block = at.block
		f.fill(f.look)
	}
	if f.kind == flowMatrix {
		f.matrix.grid.seek(at)
		return
	}
	f.grid.seek(at)
}

func (f *flowsView) position() string {
	if f.kind == flowMatrix {
		return f.matrix.position()
	}
	n, at := 0, 0
	for i, r := range f.rows {
		if r < 0 {
			continue
		}
		n++
		if i == f.grid.row {
			at = n
		}
	}
	return fmt.Sprintf("%d/%d", at, n)
}

// note says which corridors are shown, where it is one kind, and whose numbers
// these are.
func (f *flowsView) note() string {
	n := f.oneSource.note()
	if len(f.ans.ColAxes) == 1 && slices.Contains(splits, f.ans.ColAxes[0].Dim) {
		return strings.TrimSuffix(f.ans.ColAxes[0].Dim+" in % of each corridor; "+n, "; ")
	}
	if only := f.ans.Slice.Change.Only; only != "" {
		return strings.TrimSuffix(only+" corridors only; "+n, "; ")
	}
	return n
}

func (f *flowsView) subject(st state) string { return st.slice.Indicator() }

func (f *flowsView) marks() string { return partMarks(f.ans) }
