package query

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"tiplens/models"
)

// assemble lays the grids out: a block for each source, with rows, columns,
// totals and what a total holds beyond its parts.
func (a *asking) assemble() {
	cols := a.allColumns()
	for _, g := range a.grids {
		b := models.Block{Source: a.sourceOf(g), Implied: g.implied, Indicator: a.parts[g.part].indicator.ID, Records: g.rows, Missing: g.missing}
		if a.slice.Op == models.Beside {
			b.Title = a.partName(a.parts[g.part]) + " (" + a.parts[g.part].indicator.Unit + ")"
		}
		l := &layout{a: a, g: g, q: a.parts[g.part]}
		l.lay(&b, cols)
		a.ans.Blocks = append(a.ans.Blocks, b)
		a.footnotes(g, &b)
	}
}

// allColumns lists the column headers of all blocks, so that years stand
// under each other.
func (a *asking) allColumns() []models.Header {
	q := a.parts[0]
	if q.rowAxes == len(q.axes) {
		return nil
	}
	seen := map[string][]string{}
	for _, g := range a.grids {
		for key := range g.cells {
			codes := strings.Split(key, coordSep)[q.rowAxes:]
			if !slices.Contains(codes, models.Total) {
				seen[coord(codes)] = codes
			}
		}
	}
	l := &layout{a: a, q: q}
	var out []models.Header
	for _, codes := range seen {
		out = append(out, l.header(codes, q.axes[q.rowAxes:]))
	}
	l.sortHeaders(out, q.axes[q.rowAxes:])
	return out
}

// layout arranges one grid.
type layout struct {
	a *asking
	g *grid
	q *question

	levels map[models.Axis]string // by axis, once asked
}

// level is the level at which an axis is answered.
func (l *layout) level(ax models.Axis) string {
	if ax.Level != "" || l.g == nil {
		return ax.Level
	}
	at, ok := l.levels[ax]
	if !ok {
		at = l.g.src.file.level(l.a.cat, ax)
		if l.levels == nil {
			l.levels = map[models.Axis]string{}
		}
		l.levels[ax] = at
	}
	return at
}

// header labels the codes of some axes.
func (l *layout) header(codes []string, axes []models.Axis) models.Header {
	h := models.Header{Codes: codes}
	for i, c := range codes {
		label := l.a.cat.Label(axes[i].Dim, c)
		if axes[i].Dim == models.DimYear || axes[i].Dim == models.DimDataset {
			label = c
		}
		if yearOnly(axes[i], c) {
			h.Kind = models.NotStated
			label += ", " + axes[i].Level + " not stated"
		}
		switch c {
		case models.Unknown:
			h.Kind = models.NotStated
			label = "Not stated"
			if lv := l.levelWord(axes[i]); lv != "" {
				label = lv + " not stated"
			}
		case models.Foreign:
			label = "Foreign"
		case models.National:
			label = "National"
		}
		if l.countryOnly(axes[i], c) {
			h.Kind = models.NotStated
			label += ", province not stated"
		}
		h.Labels = append(h.Labels, label)
	}
	return h
}

// yearOnly reports whether a code on an axis of halves, quarters or months is
// a year, of which nothing finer is known.
func yearOnly(ax models.Axis, code string) bool {
	return ax.Dim == models.DimYear && ax.Level != "" && len(code) == len("2018")
}

// countryOnly reports whether a place is known to country level where its
// province is asked.
func (l *layout) countryOnly(ax models.Axis, code string) bool {
	return ax.Dim == models.DimPlace && l.level(ax) == "province" && l.a.cat.LevelOf(ax.Dim, code) == "country" &&
		l.g != nil && l.g.src.grain == models.Record
}

// levelWord names the finest level of a place for its "not stated" row.
func (l *layout) levelWord(ax models.Axis) string {
	if ax.Dim != models.DimPlace && ax.Dim != models.DimOrigin && ax.Dim != models.DimDestination {
		return ""
	}
	level := l.level(ax)
	switch {
	case level == "":
		return ""
	case ax.Dim == models.DimPlace:
		return strings.ToUpper(level[:1]) + level[1:]
	case ax.Dim == models.DimOrigin && level == "country":
		return "Origin"
	case ax.Dim == models.DimDestination && level == "country":
		return "Destination"
	}
	return dimName(l.a.cat, ax.Dim) + " " + level
}

// sortHeaders puts headers into the order of their dimensions, what is not
// stated last.
func (l *layout) sortHeaders(hs []models.Header, axes []models.Axis) {
	sort.SliceStable(hs, func(i, j int) bool { return l.before(hs[i], hs[j], axes) < 0 })
}

func (l *layout) before(x, y models.Header, axes []models.Axis) int {
	for i, ax := range axes {
		if x.Codes[i] == y.Codes[i] {
			continue
		}
		if a, b := l.tail(ax, x.Codes[i]), l.tail(ax, y.Codes[i]); a != b {
			return a - b
		}
		if ax.Dim == models.DimYear {
			return strings.Compare(x.Codes[i], y.Codes[i])
		}
		a, b := l.a.cat.Code(ax.Dim, x.Codes[i]), l.a.cat.Code(ax.Dim, y.Codes[i])
		if a != nil && b != nil {
			if a.Parent != b.Parent && ax.Dim == models.DimPlace {
				return strings.Compare(a.Parent, b.Parent)
			}
			if a.Sort != b.Sort {
				return a.Sort - b.Sort
			}
		}
		if c := strings.Compare(x.Labels[i], y.Labels[i]); c != 0 {
			return c
		}
		return models.CompareCodes(x.Codes[i], y.Codes[i])
	}
	return 0
}

// tail ranks codes that stand behind all others.
func tail(code string) int {
	switch code {
	case models.Other:
		return 1
	case models.Unknown:
		return 2
	case models.Rest:
		return 3
	}
	return 0
}

// tail ranks a code of an axis; a place known to country level only stands
// with what is not stated.
func (l *layout) tail(ax models.Axis, code string) int {
	if l.countryOnly(ax, code) {
		return tail(models.Unknown)
	}
	return tail(code)
}

func (l *layout) lay(b *models.Block, cols []models.Header) {
	b.Cols = slices.Clone(cols)
	colTotal := len(l.q.axes) > l.q.rowAxes
	if colTotal {
		b.Cols = append(b.Cols, models.Header{Kind: models.TotalHeader, Codes: repeat(models.Total, len(l.q.axes)-l.q.rowAxes), Labels: []string{"Total"}})
	}
	if !colTotal {
		b.Cols = []models.Header{{Kind: models.TotalHeader, Labels: []string{l.unit()}}}
	}
	rows := l.rows()
	if l.g.missing == "" && l.q.rowAxes > 0 {
		for _, r := range rows {
			b.Rows = append(b.Rows, r)
			b.Cells = append(b.Cells, l.row(r.Codes, b.Cols))
		}
	}
	total := models.Header{Kind: models.TotalHeader, Codes: repeat(models.Total, l.q.rowAxes), Labels: []string{"Total"}}
	if l.q.rowAxes == 0 {
		total.Labels = nil
	}
	b.Rows = append(b.Rows, total)
	b.Cells = append(b.Cells, l.row(total.Codes, b.Cols))
	l.unstated(b)
	if l.a.base != nil {
		l.change(b)
	}
	l.order(b)
	if l.a.slice.IsFlow() {
		l.groupFlows(b)
	}
	if n := l.a.slice.Top; n > 0 {
		l.top(b, n)
	}
	l.addRest(b)
	if l.a.slice.Percent != models.NoBase {
		percent(b, l.a.slice.Percent)
	}
}

// rows lists the row headers that have any cell.
func (l *layout) rows() []models.Header {
	seen := map[string][]string{}
	for key := range l.g.cells {
		codes := strings.Split(key, coordSep)[:l.q.rowAxes]
		if !slices.Contains(codes, models.Total) {
			seen[coord(codes)] = codes
		}
	}
	var out []models.Header
	for _, codes := range seen {
		out = append(out, l.header(codes, l.q.axes[:l.q.rowAxes]))
	}
	l.sortHeaders(out, l.q.axes[:l.q.rowAxes])
	l.oneCountry(out)
	return out
}

// oneCountry shortens the label of places without a province where all are of
// one country.
func (l *layout) oneCountry(rows []models.Header) {
	for i, ax := range l.q.axes[:l.q.rowAxes] {
		only := map[string]bool{}
		for _, h := range rows {
			if l.countryOnly(ax, h.Codes[i]) {
				only[h.Codes[i]] = true
			}
		}
		for _, h := range rows {
			if len(only) == 1 && only[h.Codes[i]] {
				h.Labels[i] = "Province not stated"
			}
		}
	}
}

func (l *layout) row(codes []string, cols []models.Header) []models.Cell {
	out := make([]models.Cell, len(cols))
	for i, c := range cols {
		out[i] = l.cell(append(slices.Clone(codes), c.Codes...))
	}
	return out
}

// cell shows one coordinate.
func (l *layout) cell(codes []string) models.Cell {
	v := l.g.at(coord(codes))
	if i := l.q.axis(models.DimYear); i >= 0 && codes[i] == models.Total && !l.q.indicator.Additive(models.DimYear) {
		if isRatio(l.q.indicator) {
			v = value{blank: true}.saying("W-10", "a "+string(l.q.indicator.Measure)+" has no sum and no average over years")
		} else {
			v = value{blank: true}.saying("W-08", l.q.indicator.Name+" of several years are not added: the same may be counted in each")
		}
	}
	c := v.cell()
	if l.q.axis(models.DimYear) >= 0 && slices.Contains(codes, models.Total) {
		c.Part = "" // the columns beside it say which years
	}
	if t, ok := l.q.term(models.DimYear); ok && len(t.Spans) == 1 && c.Part == t.Spans[0].Label() {
		c.Part = "" // the title says so
	}
	return c
}

// unstated gives the share of each row dimension that is not stated.
func (l *layout) unstated(b *models.Block) {
	b.Unstated = map[string]float64{}
	if l.g.src.grain != models.Record || len(b.Rows) < 2 || l.a.divides() || l.a.slice.Op == models.Range {
		return
	}
	last := len(b.Cols) - 1
	total := b.Cells[len(b.Cells)-1][last]
	if !total.HasValue() || total.Value == 0 {
		return
	}
	for i := range l.q.rowAxes {
		n := 0.0
		for r, h := range b.Rows {
			if h.Kind != models.TotalHeader && (l.tail(l.q.axes[i], h.Codes[i]) == tail(models.Unknown) || yearOnly(l.q.axes[i], h.Codes[i])) {
				n += b.Cells[r][last].Value
			}
		}
		b.Unstated[l.q.axes[i].Dim] = n / total.Value
	}
}

// order sorts the rows before the total as the slice asks; a flow is ranked
// unless it asks otherwise.
func (l *layout) order(b *models.Block) {
	o := l.a.slice.Order
	if o.Key == "" && l.a.slice.IsFlow() {
		o = models.Order{Key: "value", Desc: true}
	}
	if o.Key == "" {
		return
	}
	n := len(b.Rows) - 1
	idx := make([]int, n)
	for i := range idx {
		idx[i] = i
	}
	sign := 1
	if o.Desc {
		sign = -1
	}
	outer := l.outerSums(b)
	sort.SliceStable(idx, func(i, j int) bool {
		x, y := idx[i], idx[j]
		if tx, ty := l.headerTail(b.Rows[x]), l.headerTail(b.Rows[y]); tx != ty {
			return tx < ty
		}
		return sign*l.compare(b, o.Key, x, y, outer) < 0
	})
	rows, cells := make([]models.Header, n), make([][]models.Cell, n)
	for i, k := range idx {
		rows[i], cells[i] = b.Rows[k], b.Cells[k]
	}
	copy(b.Rows, rows)
	copy(b.Cells, cells)
}

func (l *layout) headerTail(h models.Header) int {
	t := 0
	for i, c := range h.Codes {
		t = max(t, l.tail(l.q.axes[i], c))
	}
	return t
}

// outerSums adds up rows under the same first code, so that nested rows stay
// together when they are ordered by value.
func (l *layout) outerSums(b *models.Block) map[string]float64 {
	if l.a.slice.IsFlow() || l.q.rowAxes < 2 {
		return nil
	}
	out := map[string]float64{}
	for r, h := range b.Rows[:len(b.Rows)-1] {
		if v := rowValue(orderCells(b, l.a.slice.Order.Key, b.Cells[r])); !math.IsInf(v, -1) {
			out[h.Codes[0]] += v
		}
	}
	return out
}

// orderCells picks what a row is ordered by: its total, and of a change either
// the number it has come to or the difference.
func orderCells(b *models.Block, key string, cells []models.Cell) []models.Cell {
	if len(b.Cols) != 4 || b.Cols[3].Measure != "change_percent" {
		return cells
	}
	if key == "change" {
		return cells[2:3]
	}
	return cells[1:2]
}

// rowValue is the number a row is ordered by: its total, or its last known
// cell where it has none.
func rowValue(cells []models.Cell) float64 {
	for i := len(cells) - 1; i >= 0; i-- {
		if cells[i].HasBounds() {
			return cells[i].Sortable()
		}
	}
	return math.Inf(-1)
}

func (l *layout) compare(b *models.Block, key string, x, y int, outer map[string]float64) int {
	hx, hy := b.Rows[x], b.Rows[y]
	switch key {
	case "code":
		for i := range hx.Codes {
			if c := models.CompareCodes(hx.Codes[i], hy.Codes[i]); c != 0 {
				return c
			}
		}
		return 0
	case "name":
		return slices.Compare(hx.Labels, hy.Labels)
	}
	if outer != nil && hx.Codes[0] != hy.Codes[0] {
		if d := outer[hx.Codes[0]] - outer[hy.Codes[0]]; d != 0 {
			return signOf(d)
		}
		return strings.Compare(hy.Codes[0], hx.Codes[0])
	}
	vx, vy := rowValue(orderCells(b, key, b.Cells[x])), rowValue(orderCells(b, key, b.Cells[y]))
	if vx == vy {
		return slices.Compare(hy.Labels, hx.Labels) // ties by name, also when the order is reversed
	}
	return signOf(vx - vy)
}

func signOf(d float64) int {
	switch {
	case d < 0:
		return -1
	case d > 0:
		return 1
	}
	return 0
}

// Groups of corridors, in the order in which they are shown.
const (
	crossing = iota
	domestic
	notStated
)

func flowGroup(h models.Header) int {
	from, to := h.Codes[0], h.Codes[1]
	switch {
	case from == models.Unknown || to == models.Unknown:
		return notStated
	case country(from) == country(to):
		return domestic
	}
	return crossing
}

func country(place string) string {
	c, _, _ := strings.Cut(place, "-")
	return c
}

// groupFlows puts corridors across a border first, then those inside one
// country, then those of which an end is not stated.
func (l *layout) groupFlows(b *models.Block) {
	n := len(b.Rows) - 1
	idx := make([]int, n)
	for i := range idx {
		idx[i] = i
		h := &b.Rows[i]
		switch flowGroup(*h) {
		case domestic:
			h.Kind = models.DomesticHeader
		case notStated:
			h.Kind = models.NotStated
		}
	}
	sort.SliceStable(idx, func(i, j int) bool { return flowGroup(b.Rows[idx[i]]) < flowGroup(b.Rows[idx[j]]) })
	rows, cells := make([]models.Header, n), make([][]models.Cell, n)
	for i, k := range idx {
		rows[i], cells[i] = b.Rows[k], b.Cells[k]
	}
	copy(b.Rows, rows)
	copy(b.Cells, cells)
}

// top keeps the first n rows and folds the others into one. Of a flow it keeps
// the first n across borders, then folds domestic corridors and those with an
// end not stated, each kind into a row of its own.
func (l *layout) top(b *models.Block, n int) {
	var rows []models.Header
	var cells [][]models.Cell
	folds := map[string]*fold{}
	var order []*fold
	last := len(b.Rows) - 1
	kept := 0
	for i, h := range b.Rows[:last] {
		name, codes := l.foldName(h)
		plain := h.Kind == models.CodeHeader || !l.a.slice.IsFlow()
		if plain && kept < n && (h.Kind != models.NotStated || l.a.slice.IsFlow()) {
			rows, cells = append(rows, h), append(cells, b.Cells[i])
			kept++
			continue
		}
		if h.Kind == models.NotStated && !l.a.slice.IsFlow() {
			name, codes = h.Labels[0], h.Codes
		}
		f := folds[name]
		if f == nil {
			f = &fold{name: name, codes: codes, kind: foldKind(h)}
			folds[name] = f
			order = append(order, f)
		}
		f.rows = append(f.rows, b.Cells[i])
	}
	for _, f := range order {
		h := models.Header{Kind: f.kind, Codes: f.codes, Labels: []string{f.name}, Folded: len(f.rows)}
		rows = append(rows, h)
		cells = append(cells, f.sum(len(b.Cols), l.rowsAdd()))
	}
	b.Rows, b.Cells = append(rows, b.Rows[last]), append(cells, b.Cells[last])
}

type fold struct {
	name  string
	codes []string
	kind  models.HeaderKind
	rows  [][]models.Cell
}

func foldKind(h models.Header) models.HeaderKind {
	if h.Kind == models.CodeHeader {
		return models.OtherHeader
	}
	return h.Kind
}

// foldName says into which row a row is folded.
func (l *layout) foldName(h models.Header) (string, []string) {
	others := repeat(models.Other, len(h.Codes))
	if !l.a.slice.IsFlow() {
		return "Other " + strings.ToLower(pluralName(l.a.cat, l.q.axes[0].Dim)), others
	}
	switch flowGroup(h) {
	case domestic:
		return "Within one country", repeat(models.Within, len(h.Codes))
	case notStated:
		switch {
		case h.Codes[0] == models.Unknown && h.Codes[1] == models.Unknown:
			return "Neither end stated", h.Codes
		case h.Codes[0] == models.Unknown:
			return "Origin not stated", append([]string{models.Unknown, models.Other}, others[2:]...)
		}
		return "Destination not stated", append([]string{models.Other, models.Unknown}, others[2:]...)
	}
	return "Other corridors", others
}

// rowsAdd reports whether counts of different rows may be added.
func (l *layout) rowsAdd() bool {
	if l.a.divides() || l.a.slice.Op == models.Range {
		return false
	}
	for _, ax := range l.q.axes[:l.q.rowAxes] {
		if ax.Dim != models.DimDataset && !l.q.indicator.Additive(ax.Dim) {
			return false
		}
	}
	return l.g.src.grain == models.Figure || l.g.src.file.rowIsUnit[l.q.indicator.ID]
}

// sum adds folded rows; where rows do not add the cells stay empty.
func (f *fold) sum(cols int, adds bool) []models.Cell {
	if len(f.rows) == 1 {
		return f.rows[0]
	}
	out := make([]models.Cell, cols)
	for c := range out {
		if !adds {
			out[c] = value{blank: true}.saying("W-06", "rows that may hold the same people are not added").cell()
			continue
		}
		sum := value{}
		for _, r := range f.rows {
			sum = sum.plus(fromCell(r[c]))
		}
		out[c] = sum.cell()
		out[c].Form = f.rows[0][c].Form
	}
	if cols == 4 && f.rows[0][3].Form == models.SignedPercent { // a change: of the folded rows together
		out[2], out[3] = difference(out[0], out[1])
	}
	return out
}

// fromCell goes back from a cell to a value.
func fromCell(c models.Cell) value {
	v := value{about: c.About, estimate: c.Estimate, strict: c.Strict, n: c.Parts, status: c.Status, notes: c.Notes}
	switch c.State {
	case models.Known, models.Zero:
		v.known, v.low, v.high = true, c.Value, c.Value
	case models.Bound:
		v.known, v.low, v.high = true, c.Low, c.High
	}
	return v
}

// addRest shows what a published total holds beyond its published parts.
func (l *layout) addRest(b *models.Block) {
	if !l.g.restOK || l.a.base != nil || l.g.missing != "" || l.q.rowAxes != 1 || len(b.Rows) < 2 || !l.q.indicator.Additive(l.q.axes[0].Dim) || l.q.axes[0].Dim == models.DimYear {
		return
	}
	last := len(b.Rows) - 1
	rest := make([]models.Cell, len(b.Cols))
	any := false
	for c := range b.Cols {
		total := fromCell(b.Cells[last][c])
		sum := value{}
		for r := range b.Rows[:last] {
			sum = sum.plus(fromCell(b.Cells[r][c]))
		}
		switch {
		case !total.exact() || total.about || !sum.known:
		case sum.low > total.low:
			b.Cells[last][c].Notes = union(b.Cells[last][c].Notes, []models.Remark{{Text: fmt.Sprintf("the parts add up to %s, more than the published total of %s",
				sum.cell().Text(), total.cell().Text())}})
		case sum.high < total.low || sum.low < total.low:
			rest[c] = value{known: true, low: max(total.low-sum.high, 0), high: total.low - sum.low}.cell()
			any = true
		}
	}
	if !any {
		return
	}
	h := models.Header{Kind: models.RestHeader, Codes: []string{models.Rest}, Labels: []string{"Rest (not broken down)"}}
	b.Rows = slices.Insert(b.Rows, last, h)
	b.Cells = slices.Insert(b.Cells, last, rest)
}

// percent turns counts into shares of a base that stays named in the answer.
func percent(b *models.Block, of models.Base) {
	lastRow, lastCol := len(b.Rows)-1, len(b.Cols)-1
	base := func(r, c int) (int, int) {
		switch of {
		case models.OfRow:
			return r, lastCol
		case models.OfColumn:
			return lastRow, c
		}
		return lastRow, lastCol
	}
	out := make([][]models.Cell, len(b.Cells))
	for r := range b.Cells {
		out[r] = make([]models.Cell, len(b.Cells[r]))
		for c := range b.Cells[r] {
			br, bc := base(r, c)
			out[r][c] = share(b.Cells[r][c], b.Cells[br][bc], br == r && bc == c)
		}
	}
	b.Cells = out
}

// share is a cell as a percentage of the total it is a part of, or is itself.
func share(c, base models.Cell, itself bool) models.Cell {
	out := c
	out.Form = models.Percent
	if itself && c.State == models.Bound { // whatever it is, it is all of itself
		out.State, out.Value, out.Low, out.High = models.Known, 100, 100, 100
		return out
	}
	switch {
	case !c.HasBounds():
		return c
	case base.State == models.Zero:
		out.State = models.NotApply
		return out
	case !base.HasBounds() || math.IsInf(base.High, 1) || base.Low == 0:
		out.State = models.NoData
		out.Notes = union(out.Notes, []models.Remark{{Text: "no percentage: the total it would be of is not known"}})
		return out
	}
	low, high := c.Low, c.High
	if c.State == models.Zero {
		low, high = 0, 0
	}
	lo, hi := 100*low/base.High, min(100*high/base.Low, 100) // a part is never more than its whole
	if c.HasValue() && base.HasValue() {
		out.State, out.Value, out.Count, out.Base = models.Known, lo, c.Value, base.Value
		if c.Value == 0 {
			out.State = models.Zero
		}
		out.Low, out.High = lo, lo
		return out
	}
	out.State, out.Value, out.Low, out.High = models.Bound, 0, lo, hi
	return out
}
