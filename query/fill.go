package query

import (
	"slices"
	"sort"

	"tiplens/models"
)

// grid answers every coordinate for which some figure exists, and the totals
// over them.
func (a *asker) grid() *grid {
	g := (&grid{src: a.src, unit: a.unit(), part: a.q.part, status: a.common, implied: a.shownConstants(), restOK: true}).sides(a.q)
	for _, ax := range a.q.axes {
		if m := a.prepare(ax); m != "" {
			g.missing = m
		}
	}
	all := make([]axisCode, len(a.q.axes))
	for k := range all {
		all[k].code = models.Total
	}
	g.set(0, 0, a.at(all))
	if g.missing == "" {
		a.fill(g, all)
	}
	g.aside, g.groups = a.asideFigures(), a.groups
	for _, used := range a.used {
		if used {
			g.seen++
		}
	}
	for _, f := range a.covering {
		if covers := a.prints[f.print].covers; a.used[f.n] && !slices.Contains(g.coverage, covers) {
			g.coverage = append(g.coverage, covers)
		}
	}
	sort.Strings(g.coverage)
	g.breaks = a.breaks()
	if i := a.dim(models.DimOffence); i >= 0 {
		g.addOffences(a.codes[i]...)
	}
	return g
}

// fill enters the cells of a table and its totals, spot by spot. Rows and
// columns are found once for each spot, and each period, at which figures stand.
func (a *asker) fill(g *grid, all []axisCode) {
	rows, cols := a.lines(g.rows, 0), a.lines(g.cols, g.rows.axes)
	if cols.side.axes == 1 && cols.timed { // known at once, so that no row has to grow
		for t, n := range cols.units {
			if n != 0 && a.inTime[t] {
				cols.side.line([]uint32{n})
			}
		}
	}
	pos, at := make([]axisCode, len(all)), make([]axisCode, len(all))
	enter := func(r, c uint32, noRow, noCol bool) {
		if g.slot(r, c) != nil {
			return
		}
		copy(at, pos)
		if noRow {
			copy(at, all[:g.rows.axes])
		}
		if noCol {
			copy(at[g.rows.axes:], all[g.rows.axes:])
		}
		g.set(r, c, a.at(at))
	}
	years := cols.timed && cols.side.axes == 1 && !rows.timed // a row holds the years of one coordinate
	for _, spot := range a.spotted {
		first, past := a.from[spot], a.from[spot+1]
		exact := a.sameAt(spot)
		r, ok := uint32(0), true
		if !rows.timed {
			r, ok = rows.of(spot, nowhere)
		}
		if !ok {
			continue
		}
		for n, time := range a.timeOf[first:past] { // to look at each figure itself takes longer
			if !a.inTime[time] {
				continue
			}
			if rows.timed {
				if r, ok = rows.of(spot, time); !ok {
					continue
				}
			}
			c, ok := cols.of(spot, time)
			if !ok {
				continue
			}
			s := g.open(r, c)
			if !s.empty() { // and its totals with it
				continue
			}
			f := a.figures[first+int32(n)]
			direct := exact && f.is&isSure != 0 && a.onTime(time)
			if direct {
				if a.use(f); f.is.bare() && f.low == f.high {
					*s = slot{f.low, bareFigure}
				} else {
					*s = g.keep(a.value(f))
				}
				if years && g.slot(r, 0) == nil {
					g.set(r, 0, a.figureAt(a.point(spot, a.codesAt(spot), models.Undated, false)))
				}
				if g.slot(r, 0) != nil && g.slot(0, c) != nil {
					continue
				}
			}
			a.position(f, pos)
			if !direct {
				enter(r, c, false, false)
			}
			enter(r, 0, false, true)
			enter(0, c, true, false)
		}
	}
}

// lines finds the row, or the column, of figures.
type lines struct {
	a     *asker
	side  *side
	axes  []models.Axis
	codes [][]uint32 // by axis and code of the dimension: its number
	dims  []int
	units []uint32 // by period: its number on the axis of time
	timed bool
	done  []int64 // by spot, or by period where nothing else matters: its line
	parts []uint32
}

func (a *asker) lines(s *side, from int) *lines {
	l := &lines{a: a, side: s, axes: a.q.axes[from : from+s.axes], parts: make([]uint32, s.axes), codes: make([][]uint32, s.axes), done: make([]int64, max(len(a.stands), len(a.periods)))}
	for k, ax := range l.axes {
		i := a.axisDim(ax)
		l.dims = append(l.dims, i)
		switch {
		case i >= 0:
			for _, c := range a.lifted[i] {
				n := uint32(0)
				if c != "" {
					n = s.ends[k].number(c)
				}
				l.codes[k] = append(l.codes[k], n)
			}
		case ax.Dim == models.DimYear:
			l.timed = true
			for t := range a.periods {
				n := uint32(0)
				if u := a.unitAt(ax, int32(t)); u.code != "" {
					n = s.ends[k].number(u.code)
				}
				l.units = append(l.units, n)
			}
		case ax.Dim == models.DimAgency:
			l.codes[k] = []uint32{s.ends[k].number(a.src.agency)}
		default:
			l.codes[k] = []uint32{s.ends[k].number(a.src.file.ds.ID)}
		}
	}
	return l
}

// of is the line of figures at a spot, of a period; false where they have none.
func (l *lines) of(spot, time int32) (uint32, bool) {
	if l.side.axes == 0 {
		return 0, true
	}
	at := spot
	if l.timed {
		if at = time; l.side.axes > 1 {
			at = nowhere
		}
	}
	if at != nowhere && l.done[at] != 0 {
		n := l.done[at]
		return uint32(max(n, 0)), n > 0
	}
	n := int64(-1)
	if l.find(spot, time) {
		n = int64(l.side.line(l.parts))
	}
	if at != nowhere {
		l.done[at] = n
	}
	return uint32(max(n, 0)), n > 0
}

func (l *lines) find(spot, time int32) bool {
	for k, ax := range l.axes {
		switch i := l.dims[k]; {
		case i >= 0:
			l.parts[k] = l.codes[k][l.a.code(spot, i)]
		case ax.Dim == models.DimYear:
			l.parts[k] = l.units[time]
		default:
			l.parts[k] = l.codes[k][0]
		}
		if l.parts[k] == 0 {
			return false
		}
	}
	return true
}

// onTime reports whether a period is the very one that its cells ask for.
func (a *asker) onTime(time int32) bool {
	if a.asked == nil {
		a.asked = make([]bool, len(a.periods))
		k := a.q.axis(models.DimYear)
		for t, p := range a.periods {
			if k >= 0 {
				a.asked[t] = a.unitAt(a.q.axes[k], int32(t)).when == p
			} else {
				a.asked[t] = a.hasT && len(a.time.Spans) == 1 && !a.time.Not && len(a.time.Codes) == 0 && a.time.Spans[0] == p
			}
		}
	}
	return a.asked[time]
}

// sameAt reports whether the figures at a spot have, on each dimension, the code
// that their cells ask for. Such a figure, where it is of the period asked and
// alone, is the answer; any other has to be looked for.
func (a *asker) sameAt(spot int32) bool {
	if a.same == nil {
		a.same = make([][]bool, len(a.dims))
		for i := range a.dims {
			a.same[i] = a.sameCodes(i)
		}
	}
	for i, same := range a.same {
		if same != nil && !same[a.code(spot, i)] {
			return false
		}
	}
	return true
}

// sameCodes tells of each code of a dimension whether it is the one that is
// asked of figures that have it; nil where nothing is asked of them.
func (a *asker) sameCodes(i int) []bool {
	if a.implied[i] != 0 {
		return nil
	}
	same := make([]bool, len(a.codes[i]))
	want := uint16(0)
	if a.filter[i] != nil {
		s, ok := a.filtered(i)
		if !ok || len(s) != 1 || a.filter[i].term.Not {
			return same
		}
		want = s[0]
	}
	on := slices.ContainsFunc(a.q.axes, func(ax models.Axis) bool { return a.axisDim(ax) == i })
	for n := range same {
		if on {
			want = a.numberOf(i, a.lifted[i][n])
		}
		same[n] = want == uint16(n)
	}
	return same
}
