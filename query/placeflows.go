package query

import (
	"context"
	"slices"
	"strings"

	"tiplens/models"
)

// partners is how many places a card names in each direction.
const partners = 8

// placeAsk is one of the ordinary questions that a place card is made of. What
// is not stated and what stays inside are asked for apart.
type placeAsk struct {
	measure  string // of the row of its total
	label    string
	rows     string // of the rows of its partners, "" without
	from, to models.Term
	by       models.Axis
	ans      *models.Answer
}

// PlaceFlows is one place in a flow: who left it, who came to it, the
// difference, who stayed within it, and its partners both ways, each over
// time. It is put together of ordinary answers, so their rules hold.
func (e *Engine) PlaceFlows(ctx context.Context, s models.Slice, place string) (*models.Answer, error) {
	from, to := s.From, s.To
	from.Dim, to.Dim = roleColumn(from.Dim), roleColumn(to.Dim)
	name := e.cat.Label(models.DimPlace, place)
	here := func(ax models.Axis) models.Term { return models.Term{Dim: ax.Dim, Codes: []string{place}} }
	unknown := func(ax models.Axis) models.Term {
		return models.Term{Dim: ax.Dim, Codes: []string{models.Unknown}}
	}
	elsewhere := func(ax models.Axis) models.Term {
		return models.Term{Dim: ax.Dim, Not: true, Codes: []string{place, models.Unknown}}
	}
	asks := []*placeAsk{
		{measure: "out", label: "Out of " + name, rows: "to", from: here(from), to: elsewhere(to), by: to},
		{measure: "in", label: "Into " + name, rows: "from", from: elsewhere(from), to: here(to), by: from},
		{measure: "within", label: "Within " + name, from: here(from), to: here(to)},
		{measure: "out_unknown", label: "From " + name + ", other end not stated", from: here(from), to: unknown(to)},
		{measure: "in_unknown", label: "To " + name + ", other end not stated", from: unknown(from), to: here(to)},
	}
	for _, k := range asks {
		q := s.Clone()
		q.From, q.Via, q.To, q.Percent, q.Change, q.Top = models.Axis{}, models.Axis{}, models.Axis{}, models.NoBase, models.Change{}, 0
		q.By, q.Across, q.Order = nil, []models.Axis{{Dim: models.DimYear}}, models.Order{}
		if k.rows != "" {
			q.By, q.Order, q.Top = []models.Axis{k.by}, models.Order{Key: "value", Desc: true}, partners
		}
		var err error
		if k.ans, err = e.Ask(ctx, q.With(k.from).With(k.to)); err != nil {
			return nil, err
		}
		if k.ans.Refused() {
			return k.ans, nil
		}
	}
	return e.placeCard(s, place, asks), nil
}

// placeTitle says what a card counts, in which unit, and of which place.
func (e *Engine) placeTitle(s models.Slice, name, unit string) string {
	context := ""
	var counted []string
	for _, p := range s.Parts {
		i := e.cat.Indicator(p.Indicator)
		counted = append(counted, i.Name)
		if i.IsContext() {
			context = models.ContextWords + ": "
		}
	}
	t := context + strings.Join(counted, ", ") + " (" + unit + "), " + name + " in the flow " + s.From.Dim + " to " + s.To.Dim
	for _, f := range s.Where {
		t += ", " + e.cat.TermText(f)
	}
	return t
}

func (e *Engine) placeCard(s models.Slice, place string, asks []*placeAsk) *models.Answer {
	first, name := asks[0].ans, e.cat.Label(models.DimPlace, place)
	out := &models.Answer{
		Slice: s, Pinned: s.Clone(), PlaceOf: place, Unit: first.Unit, Audience: first.Audience, RowAxes: []models.Axis{s.From}, ColAxes: []models.Axis{{Dim: models.DimYear}},
		Title: e.placeTitle(s, name, first.Unit),
	}
	out.Pinned.At = nil
	var cols []models.Header
	for _, k := range asks {
		out.Training = out.Training || k.ans.Training
		out.Warnings, out.Footnotes, out.Sources = union(out.Warnings, k.ans.Warnings), union(out.Footnotes, k.ans.Footnotes), union(out.Sources, k.ans.Sources)
		out.Pinned.At = union(out.Pinned.At, k.ans.Pinned.At)
		for i := range k.ans.Blocks {
			b := &k.ans.Blocks[i]
			for _, c := range b.Cols {
				if c.Kind != models.TotalHeader && !slices.ContainsFunc(cols, func(o models.Header) bool { return o.Codes[0] == c.Codes[0] }) {
					cols = append(cols, c)
				}
			}
			if !slices.ContainsFunc(out.Blocks, func(o models.Block) bool { return o.Source.Key() == b.Source.Key() }) {
				out.Blocks = append(out.Blocks, models.Block{Source: b.Source, Implied: b.Implied, Indicator: b.Indicator})
			}
		}
	}
	slices.SortFunc(cols, func(x, y models.Header) int {
		if d := tail(x.Codes[0]) - tail(y.Codes[0]); d != 0 {
			return d
		}
		return models.CompareCodes(x.Codes[0], y.Codes[0])
	})
	cols = append(cols, models.Header{Kind: models.TotalHeader, Codes: []string{models.Total}, Labels: []string{"Total"}})
	if len(out.Blocks) == 0 {
		out.Empty = "Nobody is known to have left " + name + " or come to it."
	}
	for i := range out.Blocks {
		e.placeBlock(&out.Blocks[i], cols, asks)
	}
	return out
}

// placeBlock lays the card of one source out.
func (e *Engine) placeBlock(b *models.Block, cols []models.Header, asks []*placeAsk) {
	b.Cols = cols
	add := func(h models.Header, cells []models.Cell) {
		b.Rows, b.Cells = append(b.Rows, h), append(b.Cells, cells)
	}
	var sides [][]models.Cell
	for _, k := range asks {
		from := k.block(b.Source)
		cells := e.placeCells(b, from, -1)
		sides = append(sides, cells)
		add(models.Header{Measure: k.measure, Labels: []string{k.label}}, cells)
		if from != nil {
			b.Records += from.Records
		}
	}
	net := make([]models.Cell, len(cols))
	for c := range cols {
		net[c], _ = difference(sides[0][c], sides[1][c])
	}
	b.Rows = slices.Insert(b.Rows, 2, models.Header{Measure: "net", Labels: []string{"Net: in less out"}})
	b.Cells = slices.Insert(b.Cells, 2, net)
	for _, k := range asks {
		from := k.block(b.Source)
		if k.rows == "" || from == nil {
			continue
		}
		for r, h := range from.Rows[:len(from.Rows)-1] {
			if h.Kind == models.OtherHeader {
				h.Codes, h.Labels = nil, []string{"Other places"}
			}
			add(models.Header{Measure: k.rows, Kind: h.Kind, Codes: h.Codes, Labels: h.Labels, Folded: h.Folded}, e.placeCells(b, from, r))
		}
	}
}

func (k *placeAsk) block(s models.Source) *models.Block {
	for i := range k.ans.Blocks {
		if k.ans.Blocks[i].Source.Key() == s.Key() {
			return &k.ans.Blocks[i]
		}
	}
	return nil
}

// placeCells are a row of an ordinary answer under the columns of the card, its
// total for -1. In records, what does not occur is nobody.
func (e *Engine) placeCells(b, from *models.Block, row int) []models.Cell {
	none := models.Cell{}
	nobody := func(f *file) bool { return f.ds.ID == b.Source.Dataset && f.ds.Protected == "" }
	if b.Source.Grain == models.Record && slices.ContainsFunc(e.files, nobody) {
		none = models.Number(0)
	}
	out := make([]models.Cell, len(b.Cols))
	for c, h := range b.Cols {
		out[c] = none
		if from == nil {
			continue
		}
		r := row
		if r < 0 {
			r = len(from.Rows) - 1
		}
		for k, o := range from.Cols {
			if o.Codes[0] == h.Codes[0] {
				out[c] = from.Cells[r][k]
			}
		}
	}
	return out
}
