package query

import (
	"cmp"
	"slices"

	"tiplens/models"
)

// placeFigures lays the card of published figures out: they are those of the
// corridors of the place, so that the card adds up to what the list shows.
func (e *Engine) placeFigures(b *models.Block, p *placeOf) {
	out, in := p.corridors(b, p.out, p.to), p.corridors(b, p.in, p.from)
	cells := map[string][]models.Cell{
		"out": out.sum(crossing), "in": in.sum(crossing), "within": out.sum(domestic), "out_unknown": out.sum(notStated), "in_unknown": in.sum(notStated),
	}
	if out.from == nil {
		cells["within"] = in.sum(domestic)
	}
	b.Records = max(out.records(), in.records())
	p.lines(b, cells)
	col := b.PlaceColumn()
	out.partners(b, "to", col)
	in.partners(b, "from", col)
}

// corridorsOf are the corridors of one side of a card under its columns.
type corridorsOf struct {
	from  *models.Block
	at    []int // by column of the card: that of the answer, -1 for none
	group []int // by row of the answer
}

func (p *placeOf) corridors(b *models.Block, side *placeSide, other models.Axis) *corridorsOf {
	o := &corridorsOf{from: blockOf(side.dated, b.Source), at: make([]int, len(b.Cols))}
	if o.from != nil && !inYears(o.from) {
		if plain := blockOf(side.undated, b.Source); plain != nil {
			o.from = plain
		}
	}
	if o.from == nil {
		return o
	}
	for i, h := range b.Cols {
		o.at[i] = slices.IndexFunc(o.from.Cols, func(c models.Header) bool {
			return c.Kind == h.Kind && (h.Kind == models.TotalHeader || c.Codes[0] == h.Codes[0])
		})
	}
	for _, h := range o.from.Rows {
		switch {
		case h.Kind == models.TotalHeader || h.Kind == models.RestHeader:
			o.group = append(o.group, -1)
		case h.Codes[0] == models.Unknown:
			o.group = append(o.group, notStated)
		case p.e.cat.Under(other.Dim, h.Codes[0], p.place, ""):
			o.group = append(o.group, domestic)
		default:
			o.group = append(o.group, crossing)
		}
	}
	return o
}

func (o *corridorsOf) records() int64 {
	if o.from == nil {
		return 0
	}
	return o.from.Records
}

// sum adds the corridors of a group, column by column. What the total of the
// place is known to hold beyond its corridors may be in any group.
func (o *corridorsOf) sum(group int) []models.Cell {
	out := make([]models.Cell, len(o.at))
	if o.from == nil {
		return out
	}
	for c, at := range o.at {
		if at < 0 {
			continue
		}
		var own, others []models.Cell
		for r, g := range o.group {
			switch g {
			case group:
				own = append(own, o.from.Cells[r][at])
			case -1:
			default:
				others = append(others, o.from.Cells[r][at])
			}
		}
		out[c] = groupSum(own, others, o.from.Cells[len(o.from.Rows)-1][at])
	}
	return out
}

// groupSum is the sum of some cells of a column, of which the others and the
// total are known as far as they are.
func groupSum(own, others []models.Cell, total models.Cell) models.Cell {
	if i := slices.IndexFunc(own, func(c models.Cell) bool { return c.State == models.Blank }); i >= 0 {
		return own[i]
	}
	if total.State == models.Blank {
		return total
	}
	sum, part, open := sumOf(own)
	rest, _, restOpen := sumOf(others)
	whole := fromCell(total)
	switch {
	case !whole.known: // no more is known than the corridors
		if sum.known && open {
			sum.high = infinite
		}
	case whole.exact() && !open && !restOpen && whole.low == sum.low+rest.low && sum.low == sum.high && rest.low == rest.high:
		if sum.known = true; len(own) == 0 {
			part = total.Part()
		}
	case sum.known: // what is not broken down may be here
		sum.high = max(sum.low, whole.high-rest.low)
	}
	cell := sum.cell()
	cell.SetPart(part)
	return cell
}

// sumOf adds cells; open says that one of them stands for a number that is not
// there.
func sumOf(cells []models.Cell) (sum value, part string, open bool) {
	for i, c := range cells {
		if sum = sum.plus(fromCell(c)); i == 0 {
			part = c.Part()
		} else if part != c.Part() {
			part = ""
		}
		open = open || noNumber(c)
	}
	return sum, part, open
}

// partners adds the other ends, the largest first, the rest in one row: also
// those of which nothing is known in the column that is shown.
func (o *corridorsOf) partners(b *models.Block, measure string, col int) {
	if o.from == nil {
		return
	}
	var rows []int
	for r, g := range o.group {
		if g == crossing {
			rows = append(rows, r)
		}
	}
	known := func(r int) bool { return o.at[col] >= 0 && o.from.Cells[r][o.at[col]].State != models.NoData }
	size := func(r int) float64 {
		if o.at[col] < 0 {
			return 0
		}
		return o.from.Cells[r][o.at[col]].Sortable()
	}
	slices.SortStableFunc(rows, func(x, y int) int { return cmp.Compare(size(y), size(x)) })
	first := 0
	for first < min(len(rows), partners) && known(rows[first]) {
		first++
	}
	kept := rows[:first]
	under := func(r int) []models.Cell {
		cells := make([]models.Cell, len(o.at))
		for c, at := range o.at {
			if at >= 0 {
				cells[c] = o.from.Cells[r][at]
			}
		}
		return cells
	}
	for _, r := range kept {
		h := o.from.Rows[r]
		b.Rows, b.Cells = append(b.Rows, models.Header{Measure: measure, Kind: h.Kind, Codes: h.Codes, Labels: h.Labels}), append(b.Cells, under(r))
	}
	rest := rows[len(kept):]
	if len(rest) == 0 {
		return
	}
	cells := make([]models.Cell, len(o.at))
	for c, at := range o.at {
		if at < 0 {
			continue
		}
		var all, others []models.Cell
		for r, g := range o.group {
			switch {
			case slices.Contains(rest, r):
				all = append(all, o.from.Cells[r][at])
			case g >= 0:
				others = append(others, o.from.Cells[r][at])
			}
		}
		cells[c] = groupSum(all, others, o.from.Cells[len(o.from.Rows)-1][at])
	}
	b.Rows = append(b.Rows, models.Header{Measure: measure, Kind: models.OtherHeader, Labels: []string{"Other places"}, Folded: len(rest)})
	b.Cells = append(b.Cells, cells)
}
