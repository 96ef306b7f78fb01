package query

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// became says of every corridor of a flow that is set against an earlier one,
// or another group, what has become of it. An end that is not stated may be
// anywhere, so of such rows nothing is said. Of a slice that asks for one kind
// only, the rows that are not of it come apart.
func (l *layout) became(b *models.Block, rows []line) (kept, others []line) {
	if l.a.base == nil || len(b.Cols) != 4 || b.Cols[3].Measure != "change_percent" {
		return rows, nil
	}
	for i := range rows {
		if r := &rows[i]; r.group != notStated {
			cells := l.filled(r)
			r.turn = becameOf(cells[0], cells[1])
		}
	}
	l.a.ans.Footnotes = slices.Insert(l.a.ans.Footnotes, 0, models.Remark{Text: models.Capital(l.becameText(rows))})
	only := l.a.slice.Change.Only
	if only == "" {
		return rows, nil
	}
	for _, r := range rows {
		if r.turn == only {
			kept = append(kept, r)
		} else {
			others = append(others, r)
		}
	}
	if l.a.slice.Order.Key == "" { // by the size of the change, corridors inside one country behind the others
		slices.SortStableFunc(kept, func(x, y line) int {
			return cmp.Or(int(x.kind)-int(y.kind), cmp.Compare(math.Abs(y.cells[2].Value), math.Abs(x.cells[2].Value)))
		})
	}
	return kept, others
}

// foldOthers puts the rows that were not asked for into one, so that the rows
// still add up to the total.
func (l *layout) foldOthers(b *models.Block, others []line) {
	if len(others) == 0 {
		return
	}
	b.Rows = append(b.Rows, models.Header{Kind: models.OtherHeader, Codes: repeat(models.Other, l.q.rowAxes),
		Labels: []string{"All that is not " + l.a.slice.Change.Only}, Folded: len(others)})
	b.Cells = append(b.Cells, l.sum(&fold{rows: others}, len(b.Cols)))
}

// becameOf compares two numbers, or what is known of their bounds. Nobody is a
// stated zero: what is not known or withheld is neither new nor gone.
func becameOf(from, to models.Cell) string {
	if !from.HasBounds() || !to.HasBounds() || from.Part() != "" || to.Part() != "" {
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
func (l *layout) becameText(rows []line) string {
	who := ""
	if len(l.a.grids) > 1 {
		who = l.g.src.agency + " " + string(l.g.src.grain) + "s"
		if l.g.src.moves != "" {
			who += ", " + l.g.src.moves
		}
		who += ": "
	}
	text := who + "against " + l.a.base.label + ": " + strings.Join(l.becameCounts(rows, false), ", ")
	if inside := l.becameCounts(rows, true); len(inside) > 0 {
		text += "; within one country: " + strings.Join(inside, ", ")
	}
	return text + " (corridors with both ends stated)."
}

// groupWords are those of corridors of two groups, which no time lies between.
var groupWords = map[string]string{
	models.BecameNew: "only here", models.BecameGone: "only there", models.BecameGrown: "larger", models.BecameShrunk: "smaller",
}

func (a *asking) becameWord(kind string) string {
	if w := groupWords[kind]; w != "" && a.slice.Change.Kind == models.ChangeTerm {
		return w
	}
	return kind
}

func (l *layout) becameCounts(rows []line, inside bool) (out []string) {
	count, sum, exact := map[string]int{}, map[string]float64{}, map[string]bool{}
	for _, r := range rows {
		if r.turn == "" || inside != (r.kind == models.DomesticHeader) {
			continue
		}
		if count[r.turn] == 0 {
			exact[r.turn] = l.rowsAdd()
		}
		count[r.turn]++
		d := r.cells[2]
		exact[r.turn] = exact[r.turn] && d.HasValue()
		sum[r.turn] += d.Value
	}
	for _, k := range slices.Concat(models.BecameKinds, []string{models.BecameSame, models.BecameUnknown}) {
		n := count[k]
		if n == 0 && (inside || !slices.Contains(models.BecameKinds, k)) {
			continue
		}
		text := models.FormatNumber(float64(n)) + " " + l.a.becameWord(k)
		if n > 0 && exact[k] && sum[k] != 0 {
			c := models.Number(sum[k])
			c.Form = models.Signed
			text += " (" + c.Text() + ")"
		}
		out = append(out, text)
	}
	return out
}
