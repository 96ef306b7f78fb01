package tui

import (
	"cmp"
	"slices"
	"strings"

	"tiplens/models"
)

// mapView shows places as tiles that lie as they do in the country, in classes
// with a legend. What has no tile stands in a list beside them with its
// numbers, the total below: the list and the tiles hold every row of the
// answer.
type mapView struct {
	oneSource
	cat   *models.Catalog
	look  Look
	cuts  []float64
	tiles []models.Tile // shown
	row   map[string]int
	list  []int // rows without a tile, the total last
	at    string
	left  string // the tile from which the list was entered
	top   int    // first row of the list shown
	page  int

	common  string // the period of all numbers
	classes models.Classes
	form    models.Form
	cells   []models.Cell // of the tiles that have one
	rank    map[int]int
	ranked  int
}

// mapDims are the dimensions that lie on a map.
var mapDims = []string{models.DimPlace, models.DimOrigin, models.DimDestination, models.DimNationality}

func onMap(ax models.Axis) bool { return slices.Contains(mapDims, ax.Dim) && ax.Level != "group" }

// mapAxis is what the map shows: the first of the rows that lies on one, else
// the place.
func (s state) mapAxis() models.Axis {
	if i := slices.IndexFunc(s.rows, onMap); i >= 0 {
		return s.rows[i]
	}
	return models.Axis{Dim: models.DimPlace}
}

func (s state) mapQuestion(q models.Slice) models.Slice {
	q.By = []models.Axis{s.mapAxis()}
	q.Percent, q.Top, q.Change = models.NoBase, 0, models.Change{}
	q.Order = models.Order{Key: "value", Desc: true}
	return q
}

func (m *mapView) set(a *models.Answer, st state, l Look) {
	m.take(a)
	m.look, m.cuts = l, st.breaks()
	m.fill()
}

// fill lays out the source at hand.
func (m *mapView) fill() {
	m.row, m.tiles, m.list, m.cells = map[string]int{}, nil, nil, nil
	b := m.source()
	if b == nil {
		return
	}
	for r, h := range b.Rows {
		m.row[code(h)] = r
	}
	held := func(code string) bool { _, ok := m.row[code]; return ok }
	m.tiles = models.TilesFor(m.ans.RowAxes[0], held).Shown(held)
	slices.SortFunc(m.tiles, func(a, b models.Tile) int { return cmp.Or(a.Y-b.Y, a.X-b.X) }) // as they are written
	for _, t := range m.tiles {
		if r, ok := m.row[t.Code]; ok {
			m.cells = append(m.cells, b.Cells[r][0])
		}
	}
	for r, h := range b.Rows {
		if _, ok := m.tile(code(h)); !ok {
			m.list = append(m.list, r)
		}
	}
	m.common = commonPart(b)
	m.classes, m.form = models.Classify(m.cells, m.cuts)
	m.rank, m.ranked = ranks(b, 0)
	switch _, tile := m.tile(m.at); {
	case b.Missing != "": // nothing is drawn to stand on
		m.at = ""
	case !tile && m.listed() < 0:
		m.at, m.top = m.first(), 0
	}
}

// code is that of a row by one dimension.
func code(h models.Header) string {
	if len(h.Codes) == 0 {
		return models.Total
	}
	return h.Codes[0]
}

// first is where the cursor starts: the tile with the largest number.
func (m *mapView) first() string {
	for _, h := range m.source().Rows {
		if _, ok := m.tile(code(h)); ok {
			return code(h)
		}
	}
	return m.tiles[0].Code
}

func (m *mapView) tile(code string) (models.Tile, bool) {
	for _, t := range m.tiles {
		if t.Code == code {
			return t, true
		}
	}
	return models.Tile{}, false
}

// listed is the place of the cursor in the list, -1 on a tile.
func (m *mapView) listed() int {
	return slices.IndexFunc(m.list, func(r int) bool { return code(m.source().Rows[r]) == m.at })
}

// here is the row under the cursor; false for a tile that the answer has
// nothing of.
func (m *mapView) here() (int, bool) {
	r, ok := m.row[m.at]
	return r, ok
}

var arrows = map[string][2]int{
	"down": {0, 1}, "j": {0, 1}, "up": {0, -1}, "k": {0, -1}, "right": {1, 0}, "l": {1, 0}, "left": {-1, 0}, "h": {-1, 0},
}

func (m *mapView) key(key string, _ state) reply {
	if m.source() == nil {
		return reply{}
	}
	if d, ok := arrows[key]; ok {
		m.move(d[0], d[1])
		return took
	}
	switch key {
	case "home":
		m.at = m.first()
	case "end":
		m.toList(len(m.list) - 1)
	case "pgdown":
		m.toList(max(m.listed(), 0) + max(m.page-1, 1))
	case "pgup":
		m.toList(max(m.listed()-max(m.page-1, 1), 0))
	case "tab":
		return m.next(m.fill)
	case "enter":
		return m.enter()
	default:
		return reply{}
	}
	return took
}

// move steps to the nearest tile in a direction; from the last one on the
// right into the list, and back.
func (m *mapView) move(dx, dy int) {
	if i := m.listed(); i >= 0 {
		if dx < 0 {
			m.at = m.first()
			if _, ok := m.tile(m.left); ok {
				m.at = m.left
			}
			return
		}
		m.toList(i + dy)
		return
	}
	from, _ := m.tile(m.at)
	if to := models.Toward(m.tiles, from, dx, dy); to != "" {
		m.at = to
		return
	}
	if dx > 0 && len(m.list) > 0 {
		m.left = m.at
		m.toList(m.top)
	}
}

func (m *mapView) toList(i int) {
	if n := len(m.list); n > 0 {
		m.at = code(m.source().Rows[m.list[min(max(i, 0), n-1)]])
	}
}

// enter opens the place under the cursor as the table does; a country that has
// a map of its own opens on it.
func (m *mapView) enter() reply {
	r, ok := m.here()
	if !ok {
		return reply{handled: true, say: sayNothingRecordedHere}
	}
	h, axis := m.source().Rows[r], m.ans.RowAxes[0]
	switch {
	case h.Kind != models.CodeHeader && h.Kind != models.NotStated || len(h.Codes) == 0:
		return reply{handled: true, say: sayThisRowHoldsSeveralChoose}
	case h.Kind == models.NotStated && h.Codes[0] != models.Unknown:
		return reply{handled: true, say: sayTheseOnlyCountry}
	}
	source, at := m.filter(), m.place()
	return reply{handled: true, edit: func(s *state) {
		if axis.Dim == models.DimNationality || h.Codes[0] != "KH" {
			s.drillDown([]models.Axis{axis}, h.Codes, source, at)
			s.view = viewTable
			return
		}
		s.open(at)
		if source.Dim != "" {
			s.slice = s.slice.With(source)
		}
		s.slice = s.slice.With(models.Term{Dim: axis.Dim, Codes: h.Codes[:1]})
		s.rows, s.marks = []models.Axis{{Dim: axis.Dim, Level: "province"}}, nil
	}}
}

func (m *mapView) place() place { return place{key: m.at, top: m.top, block: m.block} }

func (m *mapView) seek(at place) {
	if at.block < len(m.ans.Blocks) && at.block != m.block {
		m.block = at.block
		m.fill()
	}
	if m.source() == nil {
		return
	}
	m.at, m.top = at.key, at.top
	if _, ok := m.tile(m.at); !ok && m.listed() < 0 {
		m.at, m.top = m.first(), 0
	}
}

func (m *mapView) cell() (models.CellRef, bool) {
	r, ok := m.here()
	return models.CellRef{Block: m.block, Row: r}, ok
}

func (m *mapView) subject(st state) string {
	if m.source() == nil {
		return st.slice.Indicator()
	}
	switch m.at {
	case "", models.Total, models.Rest, models.Other:
		return st.slice.Indicator()
	}
	return m.ans.RowAxes[0].Dim + ":" + m.at
}

// position stays the same: the reading line says where the cursor is.
func (m *mapView) position() string { return "" }
func (m *mapView) marks() string    { return partMarks(m.ans) }

func (m *mapView) note() string { return joined(m.oneSource.note(), m.common) }

// joined sets texts behind each other that are not empty.
func joined(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(t string) bool { return t == "" }), "; ")
}
