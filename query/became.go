package query

import (
	"math"
	"slices"
	"sort"
	"strings"

	"tiplens/models"
)

// became says of every corridor of a flow that is set against an earlier one,
// or another group, what has become of it. An end that is not stated may be
// anywhere, so of such rows nothing is said.
func (l *layout) became(b *models.Block) {
	if l.a.base == nil || len(b.Cols) != 4 || b.Cols[3].Measure != "change_percent" {
		return
	}
	last := len(b.Rows) - 1
	for r := range b.Rows[:last] {
		if h := &b.Rows[r]; l.flowGroup(*h) != notStated {
			h.Became = becameOf(b.Cells[r][0], b.Cells[r][1])
		}
	}
	l.a.ans.Footnotes = slices.Insert(l.a.ans.Footnotes, 0, models.Remark{Text: models.Capital(l.becameText(b))})
	if only := l.a.slice.Change.Only; only != "" {
		l.only(b, only)
	}
}

// becameOf compares two numbers, or what is known of their bounds. Nobody is a
// stated zero: what is not known or withheld is neither new nor gone.
func becameOf(from, to models.Cell) string {
	if !from.HasBounds() || !to.HasBounds() || from.Part != "" || to.Part != "" {
		return models.BecameUnknown
	}
	switch f, t := fromCell(from), fromCell(to); {
	case f.exact() && t.exact() && f.low == t.low:
		return models.BecameSame
	case from.State == models.Zero && t.low > 0:
		return models.BecameNew
	case to.State == models.Zero && f.low > 0:
		return models.BecameGone
	case t.low > f.high:
		return models.BecameGrown
	case t.high < f.low:
		return models.BecameShrunk
	}
	return models.BecameUnknown
}

// becameText counts the corridors of each kind, with the numbers behind them;
// those that stay inside one country are counted apart.
func (l *layout) becameText(b *models.Block) string {
	who := ""
	if len(l.a.grids) > 1 {
		who = l.g.src.agency + " " + string(l.g.src.grain) + "s"
		if l.g.src.moves != "" {
			who += ", " + l.g.src.moves
		}
		who += ": "
	}
	text := who + "against " + l.a.base.label + ": " + strings.Join(l.becameCounts(b, false), ", ")
	if inside := l.becameCounts(b, true); len(inside) > 0 {
		text += "; within one country: " + strings.Join(inside, ", ")
	}
	return text + " (corridors with both ends stated)."
}

func (l *layout) becameCounts(b *models.Block, inside bool) (out []string) {
	count, sum, exact := map[string]int{}, map[string]float64{}, map[string]bool{}
	for r, h := range b.Rows[:len(b.Rows)-1] {
		if h.Became == "" || inside != (h.Kind == models.DomesticHeader) {
			continue
		}
		if count[h.Became] == 0 {
			exact[h.Became] = l.rowsAdd()
		}
		count[h.Became]++
		d := b.Cells[r][2]
		exact[h.Became] = exact[h.Became] && d.HasValue()
		sum[h.Became] += d.Value
	}
	for _, k := range slices.Concat(models.BecameKinds, []string{models.BecameSame, models.BecameUnknown}) {
		n := count[k]
		if n == 0 && (inside || !slices.Contains(models.BecameKinds, k)) {
			continue
		}
		text := models.FormatNumber(float64(n)) + " " + k
		if n > 0 && exact[k] && sum[k] != 0 {
			c := models.Number(sum[k])
			c.Form = models.Signed
			text += " (" + c.Text() + ")"
		}
		out = append(out, text)
	}
	return out
}

// only keeps the corridors of one kind, and folds all other rows into one, so
// that they still add up to the total.
func (l *layout) only(b *models.Block, kind string) {
	last := len(b.Rows) - 1
	var rows []models.Header
	var cells [][]models.Cell
	rest := &fold{}
	for r, h := range b.Rows[:last] {
		if h.Became == kind {
			rows, cells = append(rows, h), append(cells, b.Cells[r])
			continue
		}
		rest.rows = append(rest.rows, b.Cells[r])
	}
	if l.a.slice.Order.Key == "" {
		sort.Stable(bySize{rows, cells})
	}
	if len(rest.rows) > 0 {
		rows = append(rows, models.Header{Kind: models.OtherHeader, Codes: repeat(models.Other, l.q.rowAxes),
			Labels: []string{"All that is not " + kind}, Folded: len(rest.rows)})
		cells = append(cells, rest.sum(len(b.Cols), l.rowsAdd()))
	}
	b.Rows, b.Cells = append(rows, b.Rows[last]), append(cells, b.Cells[last])
}

// bySize orders corridors by the size of their change, those that stay inside
// one country behind the others.
type bySize struct {
	rows  []models.Header
	cells [][]models.Cell
}

func (s bySize) Len() int { return len(s.rows) }

func (s bySize) Swap(i, j int) {
	s.rows[i], s.rows[j] = s.rows[j], s.rows[i]
	s.cells[i], s.cells[j] = s.cells[j], s.cells[i]
}

func (s bySize) Less(i, j int) bool {
	if s.rows[i].Kind != s.rows[j].Kind {
		return s.rows[i].Kind < s.rows[j].Kind
	}
	return math.Abs(s.cells[i][2].Value) > math.Abs(s.cells[j][2].Value)
}
