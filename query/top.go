package query

import (
	"slices"
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
func (l *layout) flowGroup(line uint32) int8 {
	n := l.g.rows.numbers(line)
	from, to := l.g.rows.ends[0].codes[n[0]], l.g.rows.ends[1].codes[n[1]]
	switch {
	case from == models.Unknown || to == models.Unknown:
		return notStated
	case country(from) == country(to) && !strings.HasPrefix(from, "_") && !l.names[0][n[0]].group:
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
func (l *layout) groupFlows(rows []line) {
	for i := range rows {
		rows[i].group = l.flowGroup(rows[i].n)
		switch rows[i].group {
		case domestic:
			rows[i].kind = models.DomesticHeader
		case notStated:
			rows[i].kind = models.NotStated
		}
	}
	slices.SortStableFunc(rows, func(x, y line) int { return int(x.group) - int(y.group) })
}

// top keeps the first n rows and folds the others into one. Of a flow it keeps
// the first n across borders, then folds domestic corridors and those with an
// end not stated, each kind into a row of its own. Where both ends are smaller
// than a country, it keeps the first n inside one country too.
func (l *layout) top(b *models.Block, rows []line, n int) {
	for len(rows) > 0 {
		k := 1
		for k < len(rows) && rows[k].group == rows[0].group {
			k++
		}
		l.topOf(b, rows[:k], n)
		rows = rows[k:]
	}
}

// topOf does so with the rows of one group.
func (l *layout) topOf(b *models.Block, rows []line, n int) {
	folds := map[string]*fold{}
	var order []*fold
	var kept, rest []line
	for _, r := range rows {
		if l.ranked(&r) && len(kept) < n {
			kept = append(kept, r)
		} else {
			rest = append(rest, r)
		}
	}
	l.show(b, kept)
	for _, r := range rest {
		name, codes := l.foldName(&r)
		f := folds[name]
		if f == nil {
			f = &fold{name: name, codes: codes, kind: l.foldKind(&r)}
			folds[name] = f
			order = append(order, f)
		}
		f.rows = append(f.rows, r)
	}
	for _, f := range order {
		b.Rows = append(b.Rows, models.Header{Kind: f.kind, Codes: f.codes, Labels: []string{f.name}, Folded: len(f.rows)})
		b.Cells = append(b.Cells, l.sum(f, len(b.Cols)))
	}
}

// ranked reports whether a row is one of those of which the first n are kept.
func (l *layout) ranked(r *line) bool {
	switch {
	case !l.a.slice.IsFlow():
		return r.kind == models.CodeHeader || !l.apart(r)
	case r.group == domestic:
		return l.small()
	}
	return r.kind == models.CodeHeader
}

// small reports whether both ends of a flow are asked at a level below that of
// countries.
func (l *layout) small() bool {
	below := func(ax models.Axis) bool {
		at := l.level(ax)
		return at != "" && at != "country" && at != "group"
	}
	return below(l.q.axes[0]) && below(l.q.axes[1])
}

type fold struct {
	name  string
	codes []string
	kind  models.HeaderKind
	rows  []line
}

// apart reports whether a row is kept apart from those that are folded: that of
// which the first dimension is not stated.
func (l *layout) apart(r *line) bool {
	return r.kind == models.NotStated && l.names[0][l.g.rows.number(r.n, 0)].unstated
}

func (l *layout) foldKind(r *line) models.HeaderKind {
	if r.kind == models.CodeHeader || !l.a.slice.IsFlow() && !l.apart(r) {
		return models.OtherHeader
	}
	return r.kind
}

// foldName says into which row a row is folded. What is not stated stays apart.
func (l *layout) foldName(r *line) (string, []string) {
	others := repeat(models.Other, l.q.rowAxes)
	if !l.a.slice.IsFlow() {
		if l.apart(r) {
			return l.names[0][l.g.rows.number(r.n, 0)].label, append(l.g.rows.codes(r.n)[:1:1], others[1:]...)
		}
		return "Other " + strings.ToLower(pluralName(l.a.cat, l.q.axes[0].Dim)), others
	}
	switch r.group {
	case domestic:
		if l.small() {
			return "Other corridors within one country", repeat(models.Within, l.q.rowAxes)
		}
		return "Within one country", repeat(models.Within, l.q.rowAxes)
	case notStated:
		codes := l.g.rows.codes(r.n)
		switch {
		case codes[0] == models.Unknown && codes[1] == models.Unknown:
			return "Neither end stated", codes
		case codes[0] == models.Unknown:
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

// sum adds folded rows; where rows do not add the cells stay empty. Rows of
// which nobody sees the cells are added as values.
func (l *layout) sum(f *fold, cols int) []models.Cell {
	if len(f.rows) == 1 {
		return l.filled(&f.rows[0])
	}
	out, adds := make([]models.Cell, cols), l.rowsAdd()
	for c := range out {
		if !adds {
			out[c] = value{blank: true}.saying("W-06", "rows that may hold the same people are not added").cell()
			continue
		}
		if r := f.rows[0]; r.cells != nil && r.cells[c].State == models.Blank {
			out[c] = r.cells[c]
			continue
		}
		sum, whole, open := value{}, value{}, false // of all rows; of those that are of no other period
		part, first, mixed := "", true, false
		of := func(p string) {
			mixed = mixed || !first && p != part
			part, first = p, false
		}
		for _, r := range f.rows {
			var cell models.Cell
			if r.cells != nil {
				cell = r.cells[c]
			} else if s := l.slot(r.n, c); s != nil && s.bare() && sum.known && whole.known {
				of("")
				for _, v := range []*value{&sum, &whole} {
					v.low, v.high, v.n = v.low+s.n, v.high+s.n, v.n+s.observations()
				}
				continue
			} else {
				v, _ := l.value(r.n, c)
				cell = v.cell()
			}
			if cell.HasBounds() {
				of(cell.Part())
			}
			open = open || noNumber(cell)
			if sum = sum.plus(fromCell(cell)); cell.Part() == "" {
				whole = whole.plus(fromCell(cell))
			}
		}
		if mixed && !l.yearsAdd() {
			out[c] = value{blank: true}.saying("W-08", l.q.indicator.Name+" of different times are not added").cell()
			continue
		}
		if mixed { // those of another period are in no sum
			sum, part, open = whole, "", true
		}
		if open && sum.known {
			sum.high = infinite
			sum = sum.saying("W-19", "some of the rows in it have no number, so it is a lower bound")
		}
		out[c] = sum.cell()
		if part != l.said { // the title names it
			out[c].SetPart(part)
		}
		if r := f.rows[0]; r.cells != nil {
			out[c].Form = r.cells[c].Form
		} else {
			v, _ := l.value(r.n, c)
			out[c].Form = v.form
		}
	}
	if first := f.rows[0].cells; cols == 4 && first != nil && first[3].Form == models.SignedPercent { // a change: of the folded rows together
		out[2], out[3] = difference(out[0], out[1])
	}
	return out
}

// noNumber reports whether a cell stands for a number that is not there.
func noNumber(c models.Cell) bool { return c.State == models.NoData || c.State == models.Withheld }

// fromCell goes back from a cell to a value.
func fromCell(c models.Cell) value {
	v := value{about: c.About, estimate: c.Estimate, strict: c.Strict, n: c.Parts, status: c.Status(), notes: c.Notes()}
	switch c.State {
	case models.Known, models.Zero:
		v.known, v.low, v.high = true, c.Value, c.Value
	case models.Bound:
		v.known, v.low, v.high = true, c.Low(), c.High()
	case models.Withheld:
		v.status = joinStatus(v.status, "Q")
	}
	return v
}
