package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// view is one of the ways of looking at an answer.
type view interface {
	// set takes a new answer.
	set(a *models.Answer, st state, l Look)
	// key handles a key that is not one of the app's.
	key(key string, st state) reply
	// draw fills exactly h lines of at most w cells.
	draw(w, h int, l Look) []string
	// position says where the cursor is, for the left of the status line.
	position() string
	// subject names what is under the cursor, for "=".
	subject(st state) string
	// note belongs into the title: the one period of all cells, for example.
	note() string
	// marks explains the marks behind numbers, for the foot.
	marks() string
}

// cellText is a cell as a table shows it: short, with a mark where the period
// it covers is not the whole column's, nor the one of all its block.
func cellText(c models.Cell, common string) string {
	t := c.Text()
	if c.Part() != "" && c.Part() != common && c.HasBounds() {
		t += "'"
	}
	return t
}

// commonPart is the period that all numbers of a block cover, where that is
// said of each of them.
func commonPart(b *models.Block) string {
	part := ""
	for r := range b.Cells {
		if b.Rows[r].Kind == models.RestHeader {
			continue
		}
		for i, c := range b.Cells[r] {
			switch {
			case !c.HasBounds() || b.Cols[i].Kind == models.RestHeader:
			case c.Part() == "" || part != "" && c.Part() != part:
				return ""
			default:
				part = c.Part()
			}
		}
	}
	return part
}

// partMarks explains the periods of marked cells.
func partMarks(a *models.Answer) string {
	var out []string
	for i := range a.Blocks {
		b := &a.Blocks[i]
		common := commonPart(b)
		for r := range b.Cells {
			for k, c := range b.Cells[r] {
				if c.Part() == "" || c.Part() == common || !c.HasBounds() {
					continue
				}
				at := b.Rows[r].Labels
				if b.Cols[k].Kind == models.CodeHeader {
					at = append(slices.Clone(at), b.Cols[k].Labels...)
				}
				out = append(out, strings.Join(at, " ")+": "+c.Part())
			}
		}
	}
	if len(out) == 0 {
		return ""
	}
	if len(out) > 3 {
		out = append(out[:3], fmt.Sprintf("and %d more", len(out)-3))
	}
	return "' covers only " + strings.Join(out, "; ")
}

// tableView shows rows by columns.
type tableView struct {
	grid grid
	ans  *models.Answer
	rows []tableRow // behind the rows of the grid

	hidden int // rows left out because nothing but zeros stands in them
}

type tableRow struct {
	block int
	row   int // -1 for a heading
}

func (t *tableView) set(a *models.Answer, st state, l Look) {
	t.ans = a
	t.grid.spark = 0
	overTime := st.spark && len(a.ColAxes) == 1 && a.ColAxes[0].Dim == models.DimYear && a.Slice.Change.Kind == ""
	t.grid.marked = map[string]bool{}
	var heads, columns []string
	for _, ax := range a.RowAxes {
		heads = append(heads, axisHead(ax))
	}
	if len(heads) == 0 {
		heads = []string{""}
	}
	t.rows, t.hidden = t.rows[:0], 0
	var rows []gridRow
	for i := range a.Blocks {
		b := &a.Blocks[i]
		if i == 0 {
			for _, c := range b.Cols {
				columns = append(columns, strings.Join(c.Labels, " "))
			}
		} else if len(a.ColAxes) == 0 && len(b.Cols) > 0 && len(columns) > 0 && strings.Join(b.Cols[0].Labels, " ") != columns[0] {
			columns[0] = "" // each block says its unit
		}
		if len(a.Blocks) > 1 {
			head := b.Name()
			if part := commonPart(b); part != "" { // first: a year that is cut off would read as another one
				head = part + ": " + head
			}
			rows = append(rows, gridRow{kind: headingRow, labels: []string{head}})
			t.rows = append(t.rows, tableRow{i, -1})
		}
		common := commonPart(b)
		for r, h := range b.Rows {
			if r > 0 && len(a.Blocks) == 1 && totalRepeats(b) {
				break
			}
			if st.hide && h.Kind == models.CodeHeader && !slices.ContainsFunc(b.Cells[r], counts) {
				t.hidden++
				continue
			}
			row := gridRow{labels: slices.Clone(h.Labels), key: fmt.Sprint(i) + strings.Join(h.Codes, " ")}
			if h.Kind == models.TotalHeader {
				row.kind = totalRow
			}
			if len(row.labels) == 0 {
				row.labels = []string{""}
			}
			if h.Folded > 1 {
				row.labels[0] += fmt.Sprintf(" (%d)", h.Folded)
			}
			for _, c := range b.Cells[r] {
				row.values = append(row.values, cellText(c, common))
			}
			if overTime {
				row.spark = l.spark(overColumns(b, r))
				t.grid.spark = max(t.grid.spark, width(row.spark))
			}
			t.grid.marked[row.key] = len(h.Codes) > 0 && h.Kind != models.TotalHeader && slices.Contains(st.marks, h.Codes[0])
			rows = append(rows, row)
			t.rows = append(t.rows, tableRow{i, r})
		}
	}
	blankRepeats(rows)
	t.grid.pinRow = len(a.Blocks) == 1 && endsInTotal(rows)
	t.grid.pinCol = len(a.ColAxes) > 0
	t.grid.latest = len(a.ColAxes) > 0 && a.ColAxes[0].Dim == models.DimYear
	t.grid.set(heads, columns, rows)
}

// totalRepeats reports whether the total of a block says nothing that its only
// row does not say. On the screen it is left out: the number stands above the
// table, and a second line of it looks as if there were more. Copies and files
// keep it.
func totalRepeats(b *models.Block) bool {
	return len(b.Rows) == 2 && b.Rows[0].Kind == models.CodeHeader && b.Rows[1].Kind == models.TotalHeader &&
		slices.EqualFunc(b.Cells[0], b.Cells[1], func(x, y models.Cell) bool { return x.Text() == y.Text() && x.Part() == y.Part() })
}

// endsInTotal reports whether the last row is to stay in sight.
func endsInTotal(rows []gridRow) bool {
	return len(rows) > 1 && rows[len(rows)-1].kind == totalRow
}

// counts reports whether a cell says more than zero or nothing.
func counts(c models.Cell) bool {
	return c.State != models.Zero && c.State != models.NoData && c.State != models.NotApply
}

// overColumns gives the cells of a row that are of one unit of time each.
func overColumns(b *models.Block, row int) []models.Cell {
	var out []models.Cell
	for _, c := range timeColumns(b.Cols) {
		out = append(out, b.Cells[row][c])
	}
	return out
}

// blankRepeats leaves out an outer label that the row above has too.
func blankRepeats(rows []gridRow) {
	for i := len(rows) - 1; i > 0; i-- {
		a, b := rows[i-1].labels, rows[i].labels
		for k := 0; k+1 < len(b) && k < len(a) && rows[i-1].kind == rows[i].kind && a[k] == b[k]; k++ {
			b[k] = ""
		}
	}
}

func axisHead(ax models.Axis) string {
	if ax.Level != "" && (ax.Dim == models.DimPlace || ax.Dim == models.DimYear) {
		return ax.Level
	}
	return strings.ReplaceAll(ax.Dim, "_", " ")
}

func (t *tableView) note() string {
	if t.hidden > 0 {
		return models.Many(t.hidden, "rows") + " of zeros left out"
	}
	if len(t.ans.Blocks) == 1 {
		return commonPart(&t.ans.Blocks[0])
	}
	return ""
}

func (t *tableView) marks() string { return partMarks(t.ans) }

func (t *tableView) draw(w, h int, l Look) []string { return t.grid.view(w, h, l) }

func (t *tableView) position() string {
	n := 0
	at := 0
	for i, r := range t.grid.rows {
		if r.kind == headingRow {
			continue
		}
		n++
		if i == t.grid.row {
			at = n
		}
	}
	return fmt.Sprintf("%d/%d", at, n)
}

// here gives the block, row and column under the cursor.
func (t *tableView) here() (b *models.Block, row, col int, ok bool) {
	if t.grid.row >= len(t.rows) || t.rows[t.grid.row].row < 0 {
		return nil, 0, 0, false
	}
	at := t.rows[t.grid.row]
	return &t.ans.Blocks[at.block], at.row, t.grid.col, true
}

// column is the order by the column under the cursor; empty on a label and on
// the total, which have no order of their own.
func (t *tableView) column() models.Order {
	b, _, col, ok := t.here()
	switch {
	case !ok || col < 0:
		return models.Order{}
	case strings.HasPrefix(b.Cols[col].Measure, "change"):
		return models.Order{Key: "change"}
	case len(t.ans.ColAxes) == 0 || b.Cols[col].Kind == models.TotalHeader || b.Cols[col].Measure != "":
		return models.Order{}
	}
	return models.Order{Key: "value", In: strings.Join(b.Cols[col].Codes, ",")}
}

func (t *tableView) key(key string, st state) reply {
	if t.grid.move(key) {
		return took
	}
	switch key {
	case "enter":
		return t.enter(st)
	case "space":
		return t.mark(st)
	}
	return reply{}
}

// mark chooses a row for the trend, or lets it go.
func (t *tableView) mark(st state) reply {
	b, row, _, ok := t.here()
	if !ok || len(b.Rows[row].Codes) == 0 || b.Rows[row].Kind == models.TotalHeader {
		return took
	}
	code := b.Rows[row].Codes[0]
	if len(st.marks) >= maxSeries && !slices.Contains(st.marks, code) {
		return reply{handled: true, say: fmt.Sprintf(sayRowsMarkedAs, maxSeries)}
	}
	return reply{handled: true, edit: func(s *state) { s.marks = toggle(s.marks, code) }}
}

// toggle puts a mark behind the others, or takes it away.
func toggle(marks []string, mark string) []string {
	if i := slices.Index(marks, mark); i >= 0 {
		return slices.Delete(marks, i, i+1)
	}
	return append(marks, mark)
}

// enter opens what is under the cursor: a row goes one level down, a cell
// shows its card.
func (t *tableView) enter(st state) reply {
	b, row, col, ok := t.here()
	if !ok {
		return took
	}
	if col >= 0 {
		ans, at := t.ans, models.CellRef{Block: t.rows[t.grid.row].block, Row: row, Col: col}
		return reply{handled: true, run: func(a *App) tea.Cmd { return a.openCard(ans, at, false) }}
	}
	h := b.Rows[row]
	if h.Kind != models.CodeHeader && h.Kind != models.NotStated && h.Kind != models.DomesticHeader || len(h.Codes) == 0 {
		return reply{handled: true, say: sayThisRowHoldsSeveralChoose}
	}
	source := models.Term{}
	if len(t.ans.Blocks) > 1 {
		source = models.Term{Dim: models.DimAgency, Codes: []string{b.Source.Agency}}
	}
	axis, code := t.ans.RowAxes[len(h.Codes)-1], h.Codes[len(h.Codes)-1]
	if h.Kind == models.NotStated && axis.Dim == models.DimPlace && code != models.Unknown {
		return reply{handled: true, say: sayTheseOnlyCountry}
	}
	at, axes := t.grid.place(), t.ans.RowAxes
	return reply{handled: true, edit: func(s *state) { s.drillDown(axes, h.Codes, source, at) }}
}

func (t *tableView) subject(st state) string {
	b, row, _, ok := t.here()
	if !ok || len(b.Rows[row].Codes) == 0 || len(t.ans.RowAxes) == 0 {
		return st.slice.Indicator()
	}
	k := len(b.Rows[row].Codes) - 1
	switch code := b.Rows[row].Codes[k]; code {
	case models.Total, models.Rest:
		return st.slice.Indicator()
	default:
		return t.ans.RowAxes[k].Dim + ":" + code
	}
}

// drillChain is the order in which rows go on when a row is opened that has no
// finer level.
var drillChain = []models.Axis{
	{Dim: models.DimPlace, Level: "province"}, {Dim: models.DimNationality}, {Dim: models.DimSex}, {Dim: models.DimAge},
	{Dim: models.DimExploitation}, {Dim: models.DimYear},
}

func (t *tableView) seek(at place) { t.grid.seek(at) }

// drillDown narrows the slice to one row, which has a code on each of its axes,
// and shows what is inside it.
func (s *state) drillDown(axes []models.Axis, codes []string, source models.Term, at place) {
	s.open(at)
	if source.Dim != "" {
		s.slice = s.slice.With(source)
	}
	for i, c := range codes {
		term := models.Term{Dim: axes[i].Dim, Codes: []string{c}}
		if p, err := models.ParsePeriod(c); err == nil && term.Dim == models.DimYear {
			term.Codes, term.Spans = nil, []models.Period{p}
		}
		s.slice = s.slice.With(term)
	}
	axis, code := axes[len(codes)-1], codes[len(codes)-1]
	s.marks = nil
	if axis.Dim == models.DimPlace && !strings.Contains(code, "-") && code != models.Unknown {
		s.rows = []models.Axis{{Dim: models.DimPlace, Level: "province"}}
		return
	}
	for _, next := range drillChain {
		_, filtered := s.slice.Term(next.Dim)
		used := slices.ContainsFunc(s.cols, func(a models.Axis) bool { return a.Dim == next.Dim })
		if next.Dim != axis.Dim && !filtered && !used {
			s.rows = []models.Axis{next}
			return
		}
	}
	s.rows = nil
}
