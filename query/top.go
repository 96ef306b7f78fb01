package query

import (
	"slices"
	"sort"
	"strings"

	"tiplens/models"
)

// Groups of corridors, in the order in which they are shown.
const (
	crossing = iota
	domestic
	notStated
)

// flowGroup tells what a corridor is. Two ends under one code that is no
// country, such as other or ASEAN, may be in different ones.
func (l *layout) flowGroup(h models.Header) int {
	from, to := h.Codes[0], h.Codes[1]
	switch {
	case from == models.Unknown || to == models.Unknown:
		return notStated
	case country(from) == country(to) && !strings.HasPrefix(from, "_") && l.a.cat.LevelOf(models.DimPlace, from) != "group":
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
		switch l.flowGroup(*h) {
		case domestic:
			h.Kind = models.DomesticHeader
		case notStated:
			h.Kind = models.NotStated
		}
	}
	sort.SliceStable(idx, func(i, j int) bool { return l.flowGroup(b.Rows[idx[i]]) < l.flowGroup(b.Rows[idx[j]]) })
	rearrange(b, idx)
	l.became(b)
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
	kept, folded := 0, -1 // folded is a row that holds others already
	for i, h := range b.Rows[:last] {
		if h.Kind == models.OtherHeader {
			folded = i
			continue
		}
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
	if folded >= 0 {
		rows, cells = append(rows, b.Rows[folded]), append(cells, b.Cells[folded])
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
	switch l.flowGroup(h) {
	case domestic:
		return "Within one country", repeat(models.Within, len(h.Codes))
	case notStated:
		switch {
		case h.Codes[0] == models.Unknown && h.Codes[1] == models.Unknown:
			return "Neither end stated", h.Codes
		case h.Codes[0] == models.Unknown:
			return dimName(l.a.cat, l.q.axes[0].Dim) + " not stated", append([]string{models.Unknown, models.Other}, others[2:]...)
		}
		return dimName(l.a.cat, l.q.axes[1].Dim) + " not stated", append([]string{models.Other, models.Unknown}, others[2:]...)
	}
	return "Other corridors", others
}

// rowsAdd reports whether counts of different rows may be added. All rows of a
// block are of one dataset and one agency.
func (l *layout) rowsAdd() bool {
	if l.a.divides() || l.a.slice.Op == models.Range {
		return false
	}
	for i, ax := range l.q.axes[:l.q.rowAxes] {
		if slices.Contains(l.g.several, i) {
			return false
		}
		if ax.Dim != models.DimDataset && ax.Dim != models.DimAgency && !l.q.indicator.Additive(ax.Dim) {
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
		sum, open := value{}, false
		for _, r := range f.rows {
			open = open || r[c].State == models.NoData || r[c].State == models.Withheld
			sum = sum.plus(fromCell(r[c]))
		}
		if open && sum.known {
			sum.high = infinite
			sum = sum.saying("W-19", "some of the rows in it have no number, so it is a lower bound")
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
	case models.Withheld:
		v.status = joinStatus(v.status, "Q")
	}
	return v
}
