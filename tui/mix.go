package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// mixKind is one of the pictures of Mix.
type mixKind uint8

const (
	mixBars mixKind = iota
	mixShares
	mixHeat
	mixPyramid
	mixKinds
)

// mixNames are the words by which the pictures are remembered.
var mixNames = [mixKinds]string{"bars", "shares", "heat", "pyramid"}

// look turns to a view of a slice in its text form. The slice says which of the
// pictures of Mix it is.
func (s *state) look(v viewID, q models.Slice) {
	s.view = v
	if v != viewMix {
		return
	}
	dated := slices.ContainsFunc(q.Across, func(a models.Axis) bool { return a.Dim == models.DimYear })
	switch {
	case dated && q.Percent == models.OfColumn:
		s.mix = mixShares
	case dated:
		s.mix = mixHeat
	case len(q.Across) > 0 && q.Across[0].Dim == models.DimSex && len(q.By) > 0 && q.By[0].Dim == models.DimAge:
		s.mix = mixPyramid
	default:
		s.mix = mixBars
	}
}

// mixPart is a picture of one source, with a cursor in it.
type mixPart interface {
	// fill takes the block that is shown.
	fill(v *mixView, b *models.Block)
	// move handles a key that moves the cursor.
	move(key string) bool
	// draw fills exactly h lines of at most w cells.
	draw(w, h int, l Look) []string
	// at gives the row and column under the cursor; col is -1 on the label of a
	// row, and ok is false where there is no number.
	at() (row, col int, ok bool)
	place() place
	seek(at place)
	position() string
}

// mixView shows of what a number is made up: ranked bars, the shares of each
// year, a heat table, or a pyramid of sex and age.
type mixView struct {
	oneSource
	look  Look
	cuts  []float64
	kind  mixKind
	parts [mixKinds]mixPart
}

func newMix() *mixView {
	return &mixView{parts: [mixKinds]mixPart{&barsPart{}, &sharesPart{}, &heatPart{}, &pyramidPart{}}}
}

// mixAxis is the dimension whose codes are the parts: the first of the rows,
// then of the columns; of years nothing is a part.
func (s state) mixAxis() models.Axis {
	for _, ax := range slices.Concat(s.rows, s.cols) {
		if ax.Dim != models.DimYear {
			return ax
		}
	}
	return models.Axis{Dim: models.DimSex}
}

// maxParts is how many parts a bar has: more can not be told apart. The rest is
// one part of its own.
const maxParts = 8

func (s state) mixQuestion(q models.Slice) models.Slice {
	ax := s.mixAxis()
	percent := q.Percent
	if q.Order.In != "" && s.mix != mixHeat { // a column that is not there
		q.Order = models.Order{}
	}
	q.Percent, q.Change = models.NoBase, models.Change{}
	q.By = []models.Axis{ax}
	ranked := ax.Dim != models.DimAge && ax.Dim != models.DimSex // these have an order of their own
	switch s.mix {
	case mixBars:
		if len(s.rows) > 0 {
			q.By = s.atGrain(s.rows[:1])
			ranked = ranked && s.rows[0].Dim != models.DimYear
		}
	case mixShares:
		q.Across, q.Percent = []models.Axis{s.time()}, models.OfColumn
		if ranked && (q.Top == 0 || q.Top > maxParts) {
			q.Top = maxParts
		}
	case mixHeat:
		q.Across, q.Percent, ranked = []models.Axis{s.time()}, percent, false
	case mixPyramid:
		q.By, q.Across = []models.Axis{{Dim: models.DimAge, Level: "band"}}, []models.Axis{{Dim: models.DimSex}}
		q.Top, q.Order, ranked = 0, models.Order{}, false
	}
	if ranked && q.Order.Key == "" {
		q.Order = models.Order{Key: "value", Desc: true}
	}
	return q
}

// showMix opens the view; on it, it goes on to the next picture.
func (a *App) showMix() tea.Cmd {
	if a.state.view != viewMix {
		return a.show(viewMix)
	}
	return a.step(func(s *state) { s.mix = (s.mix + 1) % mixKinds })
}

func (v *mixView) set(a *models.Answer, st state, l Look) {
	v.take(a)
	v.look, v.cuts = l, st.breaks()
	if q, ok := st.question(); ok && q.String() == a.Slice.String() { // else the answer is of the picture before
		v.kind = st.mix
	}
	v.fill()
}

func (v *mixView) fill() {
	if b := v.source(); b != nil {
		v.part().fill(v, b)
	}
}

func (v *mixView) part() mixPart { return v.parts[v.kind] }

func (v *mixView) key(key string, _ state) reply {
	switch {
	case v.source() == nil:
		return reply{}
	case v.part().move(key):
		return took
	case key == "tab":
		return v.next(v.fill)
	case key == "enter":
		return v.enter()
	}
	return reply{}
}

// enter opens what is under the cursor: the card of a number, and of a row the
// level below it.
func (v *mixView) enter() reply {
	row, col, ok := v.part().at()
	if !ok {
		return took
	}
	if col >= 0 {
		ans, at := v.ans, models.CellRef{Block: v.block, Row: row, Col: col}
		return reply{handled: true, run: func(a *App) tea.Cmd { return a.openCard(ans, at, false) }}
	}
	h, axis := v.source().Rows[row], v.ans.RowAxes[0]
	switch {
	case h.Kind != models.CodeHeader && h.Kind != models.NotStated || len(h.Codes) == 0:
		return reply{handled: true, say: sayThisRowHoldsSeveralChoose}
	case h.Kind == models.NotStated && axis.Dim == models.DimPlace && h.Codes[0] != models.Unknown:
		return reply{handled: true, say: sayTheseOnlyCountry}
	}
	source, at := v.filter(), v.place()
	return reply{handled: true, edit: func(s *state) { s.drillDown([]models.Axis{axis}, h.Codes[:1], source, at) }}
}

func (v *mixView) place() place {
	at := v.part().place()
	at.block = v.block
	return at
}

func (v *mixView) seek(at place) {
	if at.block < len(v.ans.Blocks) && at.block != v.block {
		v.block = at.block
		v.fill()
	}
	if v.source() != nil {
		v.part().seek(at)
	}
}

func (v *mixView) cell() (models.CellRef, bool) {
	row, col, ok := v.part().at()
	if col < 0 {
		col = len(v.source().Cols) - 1
	}
	return models.CellRef{Block: v.block, Row: row, Col: col}, ok
}

func (v *mixView) subject(st state) string {
	if v.source() == nil {
		return st.slice.Indicator()
	}
	row, _, ok := v.part().at()
	if !ok {
		return st.slice.Indicator()
	}
	switch c := code(v.source().Rows[row]); c {
	case models.Total, models.Rest, models.Other:
		return st.slice.Indicator()
	default:
		return v.ans.RowAxes[0].Dim + ":" + c
	}
}

// draw says where a source has no such breakdown, and draws the picture else.
func (v *mixView) draw(w, h int, l Look) []string {
	b := v.source()
	switch {
	case b == nil:
		return lines(nil, h)
	case b.Missing != "" || len(b.Rows) < 2:
		return lines(v.missing(b, w), h)
	}
	return v.part().draw(w, h, l)
}

func (v *mixView) position() string {
	if b := v.source(); b == nil || len(b.Rows) < 2 {
		return ""
	}
	return v.part().position()
}

func (v *mixView) note() string {
	part := ""
	if b := v.source(); b != nil {
		part = commonPart(b)
	}
	return joined(v.oneSource.note(), part)
}

func (v *mixView) marks() string { return partMarks(v.ans) }
