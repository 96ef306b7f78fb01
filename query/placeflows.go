package query

import (
	"context"
	"slices"
	"strings"

	"tiplens/models"
)

// partners is how many places a card names in each direction.
const partners = 8

// placeAsk is one of the ordinary questions that a place card is made of, and
// where its numbers go. What is not stated and what stays inside are rows apart.
type placeAsk struct {
	measure string // of the row of its total
	label   string
	rows    string // of the rows of its partners, "" without
	outside bool   // the filters leave nothing of it
	slice   models.Slice
	ans     *models.Answer
}

// PlaceFlows is one place in a flow: who left it, who came to it, the
// difference, who stayed within it, and its partners both ways, each over
// time. It is put together of ordinary answers, so their rules hold: persons on
// record are counted anew for each line, published figures are those of the
// corridors. The filters of the slice hold too, also those on the two ends.
func (e *Engine) PlaceFlows(ctx context.Context, s models.Slice, place string) (*models.Answer, error) {
	p := &placeOf{e: e, s: s, place: place, name: e.cat.Label(models.DimPlace, place), from: s.From, to: s.To}
	p.from.Dim, p.to.Dim = roleColumn(s.From.Dim), roleColumn(s.To.Dim)
	var why string
	if p.out, why = p.side(p.from, p.to); why == "" {
		p.in, why = p.side(p.to, p.from)
	}
	if why == "" && p.out.outside && p.in.outside {
		why = p.name + " is outside the filters " + e.termTexts(s.Where) + "."
	}
	if why != "" {
		return &models.Answer{Slice: s, Pinned: s, PlaceOf: place, Audience: models.Internal, Empty: why}, nil
	}
	records := false
	for _, side := range []*placeSide{p.out, p.in} {
		if side.outside {
			continue
		}
		if err := e.askSide(ctx, side); err != nil {
			return nil, err
		}
		if side.dated.Refused() {
			return side.dated, nil
		}
		records = records || slices.ContainsFunc(side.dated.Blocks, func(b models.Block) bool { return b.Source.Grain == models.Record })
	}
	p.asks = p.questions()
	for _, k := range p.asks {
		if k.outside || !records {
			continue
		}
		var err error
		if k.ans, err = e.Ask(ctx, k.slice); err != nil {
			return nil, err
		}
		if k.ans.Refused() {
			return k.ans, nil
		}
	}
	return e.placeCard(p), nil
}

// placeOf is a place card on its way.
type placeOf struct {
	e           *Engine
	s           models.Slice
	place, name string
	from, to    models.Axis
	out, in     *placeSide
	asks        []*placeAsk
}

// questions are the lines of a card as questions to records, who left first.
func (p *placeOf) questions() []*placeAsk {
	here := []string{p.place}
	unknown := func(ax models.Axis) models.Term {
		return models.Term{Dim: ax.Dim, Codes: []string{models.Unknown}}
	}
	elsewhere := func(ax models.Axis) models.Term {
		return models.Term{Dim: ax.Dim, Not: true, Codes: []string{p.place, models.Unknown}}
	}
	to, _, _ := p.e.narrowed(p.s, p.to, here)
	var asks []*placeAsk
	add := func(k placeAsk, by models.Axis, outside bool, end models.Term, other models.Term) {
		k.outside = outside
		k.slice = p.plain().With(end)
		k.slice.Where = append(k.slice.Where, other) // beside a filter on the same end
		if k.rows != "" {
			k.slice.By, k.slice.Order, k.slice.Top = []models.Axis{by}, models.Order{Key: "value", Desc: true}, partners
		}
		asks = append(asks, &k)
	}
	add(placeAsk{measure: "out", label: "Out of " + p.name, rows: "to"}, p.to, p.out.outside || p.out.nowhere, p.out.term, elsewhere(p.to))
	add(placeAsk{measure: "in", label: "Into " + p.name, rows: "from"}, p.from, p.in.outside || p.in.nowhere, p.in.term, elsewhere(p.from))
	add(placeAsk{measure: "within", label: "Within " + p.name}, p.to, p.out.outside || p.in.outside, p.out.term, to)
	add(placeAsk{measure: "out_unknown", label: "From " + p.name + ", other end not stated"}, p.to, p.out.outside || p.out.stated, p.out.term, unknown(p.to))
	add(placeAsk{measure: "in_unknown", label: "To " + p.name + ", other end not stated"}, p.from, p.in.outside || p.in.stated, p.in.term, unknown(p.from))
	return asks
}

// plain is the question of a card without its axes, over the years.
func (p *placeOf) plain() models.Slice {
	q := p.s.Clone()
	q.From, q.Via, q.To, q.Percent, q.Change, q.Top = models.Axis{}, models.Axis{}, models.Axis{}, models.NoBase, models.Change{}, 0
	q.By, q.Across, q.Order = nil, []models.Axis{{Dim: models.DimYear}}, models.Order{}
	return q
}

// placeSide is everything that leaves a place, or comes to it, by the other end.
type placeSide struct {
	term    models.Term // the place, within the filter on its end
	outside bool        // that filter leaves nothing of the place
	nowhere bool        // the filter on the other end leaves no other place
	stated  bool        // and none that is not stated
	slice   models.Slice
	dated   *models.Answer // over years
	undated *models.Answer // as one number, where nothing stands in a year
}

// side asks for one end at the place, by the other.
func (p *placeOf) side(end, other models.Axis) (*placeSide, string) {
	side := &placeSide{}
	var why string
	side.term, side.outside, why = p.e.narrowed(p.s, end, []string{p.place})
	if t, ok := p.s.Term(other.Dim); ok {
		side.stated = slices.Contains(t.Codes, models.Unknown) == t.Not
		side.nowhere = !t.Not && !slices.ContainsFunc(t.Codes, func(c string) bool {
			return c != models.Unknown && !p.e.cat.Under(other.Dim, c, p.place, "")
		})
	}
	side.slice = p.plain().With(side.term)
	side.slice.By = []models.Axis{other}
	return side, why
}

// narrowed is the filter on an end together with a place: one term that holds
// what meets both, or that nothing does. Why is a sentence where no such term
// can be said.
func (e *Engine) narrowed(s models.Slice, ax models.Axis, place []string) (t models.Term, outside bool, why string) {
	here := models.Term{Dim: ax.Dim, Codes: place}
	own, ok := s.Term(ax.Dim)
	if !ok {
		return here, false, ""
	}
	around := slices.ContainsFunc(own.Codes, func(c string) bool { return e.cat.Under(ax.Dim, place[0], c, "") })
	var inside []string
	for _, c := range own.Codes {
		if e.cat.Under(ax.Dim, c, place[0], "") {
			inside = append(inside, c)
		}
	}
	switch {
	case around:
		return here, own.Not, ""
	case len(inside) == 0:
		return here, !own.Not, ""
	case own.Not:
		return here, false, "The filter " + e.cat.TermText(own) + " takes away a part of " + e.cat.Label(models.DimPlace, place[0]) + ". Remove it, or choose a place inside."
	}
	return models.Term{Dim: ax.Dim, Codes: inside}, false, ""
}

func (e *Engine) termTexts(terms []models.Term) string {
	var all []string
	for _, t := range terms {
		all = append(all, e.cat.TermText(t))
	}
	return strings.Join(all, " and ")
}

// askSide asks over years, and without them where published figures stand in
// none, such as those of five years together.
func (e *Engine) askSide(ctx context.Context, side *placeSide) (err error) {
	if side.dated, err = e.Ask(ctx, side.slice); err != nil || side.dated.Refused() {
		return err
	}
	if !slices.ContainsFunc(side.dated.Blocks, func(b models.Block) bool { return b.Source.Grain != models.Record && !inYears(&b) }) {
		return nil
	}
	q := side.slice.Clone()
	q.Across = nil
	side.undated, err = e.Ask(ctx, q)
	return err
}

// inYears reports whether anything of a block stands in a year.
func inYears(b *models.Block) bool {
	for c, h := range b.Cols {
		if h.Kind == models.TotalHeader {
			continue
		}
		for r := range b.Cells {
			if b.Cells[r][c].State != models.NoData {
				return true
			}
		}
	}
	return false
}

// answers are those that a card is made of.
func (p *placeOf) answers() (all []*models.Answer) {
	for _, side := range []*placeSide{p.out, p.in} {
		switch {
		case side.dated == nil:
		case side.undated == nil || side.undated.Refused():
			all = append(all, side.dated)
		case slices.ContainsFunc(side.dated.Blocks, func(b models.Block) bool { return b.Source.Grain == models.Record || inYears(&b) }):
			all = append(all, side.dated, side.undated)
		default: // what it says of years is of no use
			all = append(all, side.undated)
		}
	}
	for _, k := range p.asks {
		if k.ans != nil {
			all = append(all, k.ans)
		}
	}
	return all
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

func (e *Engine) placeCard(p *placeOf) *models.Answer {
	all := p.answers()
	first := all[0]
	out := &models.Answer{
		Slice: p.s, Pinned: p.s.Clone(), PlaceOf: p.place, Unit: first.Unit, Audience: first.Audience, RowAxes: []models.Axis{p.s.From}, ColAxes: []models.Axis{{Dim: models.DimYear}},
		Title: e.placeTitle(p.s, p.name, first.Unit),
	}
	out.Pinned.At = nil
	var cols []models.Header
	for _, a := range all {
		out.Pinned.At = union(out.Pinned.At, a.Pinned.At)
		out.Training = out.Training || a.Training
		out.Warnings, out.Footnotes, out.Sources = union(out.Warnings, a.Warnings), union(out.Footnotes, a.Footnotes), union(out.Sources, a.Sources)
		for i := range a.Blocks {
			b := &a.Blocks[i]
			if b.Missing != "" {
				out.Empty = models.Capital(b.Missing) + "."
				continue
			}
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
	if len(cols) == 2 { // one year, of which no more is asked
		out.Footnotes = slices.DeleteFunc(slices.Clone(out.Footnotes), func(n models.Remark) bool { return n.Rule == "W-08" })
	}
	switch {
	case len(out.Blocks) > 0:
		out.Empty = ""
	case out.Empty == "":
		out.Empty = "Nobody is known to have left " + p.name + " or come to it."
	}
	for i := range out.Blocks {
		b := &out.Blocks[i]
		b.Cols = cols
		if b.Source.Grain == models.Record {
			e.placeRecords(b, p)
		} else {
			e.placeFigures(b, p)
		}
	}
	return out
}

// placeHead names a line of a card; one that the filters leave out says so.
func placeHead(k *placeAsk) models.Header {
	label := k.label
	if k.outside {
		label += " (outside the filters)"
	}
	return models.Header{Measure: k.measure, Labels: []string{label}}
}

// lines adds the lines of a card, with the difference behind the first two.
// What the filters leave out has none, but for the two that are always there.
func (p *placeOf) lines(b *models.Block, cells map[string][]models.Cell) {
	add := func(h models.Header, cells []models.Cell) {
		b.Rows, b.Cells = append(b.Rows, h), append(b.Cells, cells)
	}
	for i, k := range p.asks {
		if k.outside {
			cells[k.measure] = make([]models.Cell, len(b.Cols))
			for c := range b.Cols {
				cells[k.measure][c] = models.Cell{State: models.NotApply}
			}
		}
		if i < 2 || !k.outside {
			add(placeHead(k), cells[k.measure])
		}
		if i == 1 {
			net := make([]models.Cell, len(b.Cols))
			for c := range b.Cols {
				net[c] = netOf(cells["out"][c], cells["in"][c])
			}
			add(models.Header{Measure: "net", Labels: []string{"Net: in less out"}}, net)
		}
	}
}

// netOf is what came less what left, of the same part of a period.
func netOf(out, in models.Cell) models.Cell {
	if out.State == models.NotApply || in.State == models.NotApply {
		return models.Cell{State: models.NotApply, Form: models.Signed}
	}
	part := out.Part()
	if part == in.Part() {
		out.SetPart("")
		in.SetPart("")
	}
	net, _ := difference(out, in)
	if part == in.Part() || in.Part() == "" && out.Part() == "" {
		net.SetPart(part)
	}
	return net
}

// placeRecords lays the card of records out.
func (e *Engine) placeRecords(b *models.Block, p *placeOf) {
	cells := map[string][]models.Cell{}
	for _, k := range p.asks {
		if k.outside {
			continue
		}
		from := k.block(b.Source)
		cells[k.measure] = e.placeCells(b, from, -1)
		if from != nil {
			b.Records += from.Records
		}
	}
	p.lines(b, cells)
	for _, k := range p.asks {
		if k.rows == "" || k.outside {
			continue
		}
		from := k.block(b.Source)
		if from == nil {
			continue
		}
		for r, h := range from.Rows[:len(from.Rows)-1] {
			if h.Kind == models.OtherHeader {
				h.Codes, h.Labels = nil, []string{"Other places"}
			}
			b.Rows = append(b.Rows, models.Header{Measure: k.rows, Kind: h.Kind, Codes: h.Codes, Labels: h.Labels, Folded: h.Folded})
			b.Cells = append(b.Cells, e.placeCells(b, from, r))
		}
	}
}

func (k *placeAsk) block(s models.Source) *models.Block { return blockOf(k.ans, s) }

func blockOf(a *models.Answer, s models.Source) *models.Block {
	if a == nil {
		return nil
	}
	for i := range a.Blocks {
		if a.Blocks[i].Source.Key() == s.Key() && a.Blocks[i].Missing == "" {
			return &a.Blocks[i]
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
