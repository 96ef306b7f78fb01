package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// flowKind is one of the pictures of Flows.
type flowKind uint8

const (
	flowList flowKind = iota
	flowMatrix
	flowPlace
	flowCompare
	flowRoutes
	flowPicture
	flowKinds
)

// flowNames are the words by which the pictures are remembered.
var flowNames = [flowKinds]string{"list", "matrix", "place", "compare", "routes", "picture"}

// showFlows opens the view; on it, it goes on to the next picture.
func (a *App) showFlows() tea.Cmd {
	if a.state.view != viewFlows {
		return a.show(viewFlows)
	}
	spot := a.spot()
	return a.step(func(s *state) { s.flow, s.spot = a.nextFlow(spot), spot })
}

// spot is the place at the cursor of Flows, else the one before.
func (a *App) spot() string {
	if v, ok := a.view().(*flowsView); ok && a.ready() {
		if at := v.spot(); at != "" {
			return at
		}
	}
	return a.state.spot
}

// nextFlow is the picture that follows: one for which there is something to
// show.
func (a *App) nextFlow(spot string) flowKind {
	for k := (a.state.flow + 1) % flowKinds; ; k = (k + 1) % flowKinds {
		switch {
		case k == flowPlace && spot == "":
		case k == flowCompare && a.state.slice.Change.Kind == "":
		case k == flowRoutes && !a.knowsTransit():
		default:
			return k
		}
	}
}

// heldIn is an end of a flow as rows or columns name it: who was found is at
// the place.
func heldIn(ax models.Axis) models.Axis {
	if ax.Dim == "identification" {
		ax.Dim = models.DimPlace
	}
	return ax
}

// flowQuestion asks for corridors, or for both ends as rows and columns, whose
// totals the engine knows.
func (s state) flowQuestion(q models.Slice) models.Slice {
	if q.Percent == models.OfRow || q.Percent == models.OfColumn {
		q.Percent = models.NoBase
	}
	if q.Order.In != "" { // a column that is not there
		q.Order = models.Order{}
	}
	if s.flow == flowMatrix {
		q.From, q.To = s.from, s.to
		q = q.Matrix()
		if q.Order.Key == "" || q.Order.Key == "change" {
			q.Order = models.Order{Key: "value", Desc: true}
		}
		return q
	}
	q.From, q.To = s.from, s.to
	q.Percent = models.NoBase // shares stand beside the numbers
	if s.flow == flowPlace {
		q.Top, q.Order, q.Change = 0, models.Order{}, models.Change{}
	}
	if s.flow == flowRoutes {
		q.Via, q.Change = s.via(), models.Change{}
		if q.Order.Key == "change" {
			q.Order = models.Order{}
		}
		return q
	}
	if s.flow == flowPicture {
		q.Change, q.Order = models.Change{}, models.Order{}
		if q.Top == 0 || q.Top > maxDrawn {
			q.Top = maxDrawn
		}
		return q
	}
	switch dated := slices.ContainsFunc(q.Axes(), func(ax models.Axis) bool { return ax.Dim == models.DimYear }); {
	case q.Change.Kind != "":
		if s.flow == flowCompare {
			q.Top, q.Order, q.Change.Only = 0, models.Order{}, s.only
		}
	case s.split != "":
		q.Across = []models.Axis{{Dim: s.split}}
	case s.spark && !dated:
		q.Across = []models.Axis{s.time()}
	}
	return q
}

// flowGrid shows origins down and destinations across in classes, with totals;
// the reading line has the number.
type flowGrid struct {
	grid    grid
	ans     *models.Answer
	b       *models.Block
	cols    []int // behind the columns of the grid
	classes models.Classes
	form    models.Form
	cells   []models.Cell
	plain   [][]string // the numbers, in place of classes
	marks   [][]string // the classes
	head    string     // of the rows
	rich    bool       // classes are shades
}

func (p *flowGrid) fill(v *flowsView, b *models.Block) {
	p.ans, p.b, p.cells = v.ans, b, nil
	p.cols = p.columns(v.cat)
	last := len(b.Rows) - 1
	for r := range b.Rows[:last] {
		for _, c := range p.cols {
			if b.Cols[c].Kind != models.TotalHeader {
				p.cells = append(p.cells, b.Cells[r][c])
			}
		}
	}
	p.classes, p.form = models.Classify(p.cells, v.cuts)
	var heads []string
	for _, c := range p.cols {
		heads = append(heads, shortEnd(b.Cols[c]))
	}
	var rows []gridRow
	common := commonPart(b)
	p.plain, p.marks = nil, nil
	for r, h := range b.Rows {
		row := gridRow{labels: []string{rowLabel(h)}, key: code(h)}
		if h.Kind == models.TotalHeader {
			row.kind = totalRow
		}
		var plain []string
		for _, c := range p.cols {
			cell := b.Cells[r][c]
			number := cellText(cell, common)
			plain = append(plain, number)
			switch {
			case b.Cols[c].Kind == models.TotalHeader:
				row.values = append(row.values, number)
			case h.Kind == models.TotalHeader:
				row.values = append(row.values, rounded(cell))
			case cell.State == models.Zero || cell.State == models.NoData && len(p.cols) > 1:
				row.values = append(row.values, emptyEnd(cell))
			default:
				row.values = append(row.values, v.look.classMark(cell, p.classes))
			}
		}
		rows = append(rows, row)
		p.plain, p.marks = append(p.plain, plain), append(p.marks, row.values)
	}
	p.grid.tight, p.grid.pinRow, p.grid.pinCol = true, len(rows) > 1, len(p.cols) > 1
	p.head, p.rich = axisHead(v.ans.RowAxes[0])+" "+v.look.arrow()+" "+axisHead(v.ans.ColAxes[0]), v.look.Rich
	p.grid.set([]string{p.head}, heads, rows)
}

// emptyEnd is a pair of places between which nothing is counted: most of a
// matrix, so it is hardly there.
func emptyEnd(c models.Cell) string {
	if c.State == models.Zero {
		return "."
	}
	return ""
}

// columns orders the destinations as the rows are: by their total, or as the
// list goes, what is not stated and the total last.
func (p *flowGrid) columns(cat *models.Catalog) []int {
	b, last := p.b, len(p.b.Rows)-1
	var cols []int
	for c := range b.Cols {
		cols = append(cols, c)
	}
	o := p.ans.Slice.Order
	slices.SortStableFunc(cols, func(x, y int) int {
		a, k := b.Cols[x], b.Cols[y]
		if d := behind(a) - behind(k); d != 0 {
			return d
		}
		if o.Key == "region" {
			if d := strings.Compare(cat.Region(a.Codes[0]), cat.Region(k.Codes[0])); d != 0 {
				return d
			}
		}
		switch d := b.Cells[last][y].Sortable() - b.Cells[last][x].Sortable(); {
		case o.Key == "name":
			return strings.Compare(a.Labels[0], k.Labels[0])
		case o.Key == "code":
			return models.CompareCodes(a.Codes[0], k.Codes[0])
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	return cols
}

// behind ranks columns that stand behind all others.
func behind(h models.Header) int {
	switch h.Kind {
	case models.NotStated:
		return 1
	case models.RestHeader:
		return 2
	case models.TotalHeader:
		return 3
	}
	return 0
}

// shortEnd heads a column by its code, or as the tile map does, as there is no
// room for a name; the reading line has it.
func shortEnd(h models.Header) string {
	switch {
	case h.Kind == models.TotalHeader:
		return "Total"
	case h.Kind == models.NotStated && code(h) == models.Unknown:
		return "n.s."
	case code(h) == models.Rest:
		return "rest"
	case code(h) == models.Other:
		return "oth."
	}
	if abbr := models.CambodiaTiles.Abbr(code(h)); abbr != "" {
		return abbr
	}
	return code(h)
}

// rounded is a number in at most four cells: 950, 1.2k, 34k, 5.6M.
func rounded(c models.Cell) string {
	if c.State != models.Known || c.Value < 1000 && c.Value == float64(int(c.Value)) {
		return c.Text()
	}
	v, unit := c.Value, ""
	for _, u := range []string{"k", "M", "G"} {
		if v < 999.5 {
			break
		}
		v, unit = v/1000, u
	}
	if v < 9.95 {
		return strconv.FormatFloat(v, 'f', 1, 64) + unit
	}
	return strconv.FormatFloat(v, 'f', 0, 64) + unit
}

// goTo puts the cursor on the origin at which it stood on another picture.
func (p *flowGrid) goTo(place string) {
	if i := slices.IndexFunc(p.grid.rows, func(r gridRow) bool { return r.key == place }); i >= 0 && place != "" {
		p.grid.row = i
	}
}

func (p *flowGrid) at() (row, col int, ok bool) {
	col = p.grid.col
	if col >= 0 && col < len(p.cols) {
		col = p.cols[col]
	}
	return p.grid.row, col, p.b != nil && p.grid.row < len(p.b.Rows)
}

// showNumbers puts the numbers into the cells, or their classes. Digits that
// stand for classes are easily read as counts, so without shades the numbers
// are shown where all of them fit.
func (p *flowGrid) showNumbers(on bool, w int) {
	from := p.marks
	if on {
		from = p.plain
	}
	for r := range p.grid.rows {
		p.grid.rows[r].values = from[r]
	}
	if p.grid.heads[0] = p.head; !on && !p.rich {
		p.grid.heads[0] = classesHead(max(w*2/5, 12))
	}
}

// classesHead says above a list of names that the digits beside them are
// classes, in at most so many cells.
func classesHead(room int) string {
	if head := "classes, not numbers"; width(head) <= room {
		return head
	}
	return "classes"
}

// numbersFit reports whether all columns have room with their numbers.
func (p *flowGrid) numbersFit(w int) bool {
	p.showNumbers(true, w)
	labels, values := p.grid.widths(max(w*2/5, 12))
	need := 2
	for _, n := range labels {
		need += n + 1
	}
	for _, n := range values {
		need += n + p.grid.gap()
	}
	return need <= w
}

func (p *flowGrid) draw(w, h int, l Look) []string {
	if !l.Rich && p.numbersFit(w) {
		out := lines(p.grid.view(w, h-1, l), h-1)
		return append(out, cut(p.reading(l), w))
	}
	p.showNumbers(false, w)
	legend := l.legend(p.classes, p.form, nil, w, h-4)
	room := w
	if !l.Rich && w >= 80 { // a matrix is dense, and every cell is sent
		room -= w / 8
	}
	out := lines(p.grid.view(room, h-1-len(legend), l), h-1-len(legend))
	return append(append(out, legend...), cut(p.reading(l), w))
}

// reading has both ends and the number at the cursor.
func (p *flowGrid) reading(l Look) string {
	row, col, ok := p.at()
	if !ok {
		return ""
	}
	end := func(h models.Header, total string) string {
		if h.Kind == models.TotalHeader {
			return total
		}
		return rowLabel(h)
	}
	to := "all"
	if col >= 0 {
		to = end(p.b.Cols[col], "all")
		if models.CambodiaTiles.Abbr(code(p.b.Cols[col])) != "" {
			to += " (" + code(p.b.Cols[col]) + ")"
		}
	} else {
		col = len(p.b.Cols) - 1
	}
	text := end(p.b.Rows[row], "all") + " " + l.arrow() + " " + to + ": " + cellWords(p.b.Cells[row][col])
	if h := p.b.Rows[row]; h.Kind == models.CodeHeader && p.b.Cols[col].Kind == models.CodeHeader && country(code(h)) == country(code(p.b.Cols[col])) {
		text += ", within one country"
	}
	return text
}

func country(place string) string {
	c, _, _ := strings.Cut(place, "-")
	return c
}

// enter opens the card of the number at the cursor; of a row, its place.
func (p *flowGrid) enter(v *flowsView) reply {
	row, col, ok := p.at()
	if !ok {
		return took
	}
	if col >= 0 {
		ans, at := v.ans, models.CellRef{Block: v.block, Row: row, Col: col}
		return reply{handled: true, run: func(a *App) tea.Cmd { return a.openCard(ans, at, false) }}
	}
	h := p.b.Rows[row]
	if h.Kind != models.CodeHeader {
		return reply{handled: true, say: sayThisRowNo}
	}
	at := p.grid.place()
	at.block = v.block
	return reply{handled: true, edit: func(s *state) {
		s.open(at)
		s.flow, s.spot = flowPlace, h.Codes[0]
	}}
}

func (p *flowGrid) position() string {
	at := fmt.Sprintf("%d/%d", p.grid.row+1, len(p.grid.rows))
	if p.grid.col >= 0 {
		at += fmt.Sprintf(", %d/%d", p.grid.col+1, len(p.grid.columns))
	}
	return at
}
