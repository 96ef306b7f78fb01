package datasets

import (
	"bytes"
	"container/heap"
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// A row whose fields do not match the columns has lost or gained a delimiter
// or a quote. A mender lays its text along the columns in the way that needs
// the fewest such mistakes and puts into each column what looks like its
// other values. It serves only to print a table for a person to look at, with
// a finding for each row: a load never takes a mended row.
type mender struct {
	d     *dialect
	width int
	cols  []column
	plain bool // nothing is known of the columns, so no cost is counted for them
	line  []byte

	reached []wayStep
	open    []int // those of reached that are still to be looked at, the cheapest first
}

// profile is what the columns look like, found in the sample when it is needed.
type profile struct {
	d     *dialect
	text  []byte
	whole bool
	made  map[int][]column
}

func newProfile(d *dialect, text []byte, whole bool) *profile {
	return &profile{d: d, text: text, whole: whole, made: map[int][]column{}}
}

// column is what the cells of a column look like.
type column struct {
	n, empty int
	kinds    map[cellKind]int
	kind     cellKind
	forms    map[string]int
}

// of describes the columns of the rows of one width.
func (p *profile) of(width int) []column {
	if c, ok := p.made[width]; ok {
		return c
	}
	cols := make([]column, width)
	lp := looseParser{d: p.d}
	for text, n := p.text, 0; len(text) > 0 && n < 1000; n++ {
		used := lp.parse(text)
		if used == len(text) && !p.whole && n > 0 {
			break
		}
		text = text[used:]
		if len(lp.fields) != width || lp.dirty > 0 || n == 0 {
			continue
		}
		for i, f := range lp.fields {
			c := &cols[i]
			if c.kinds == nil {
				c.kinds, c.forms = map[cellKind]int{}, map[string]int{}
			}
			c.n++
			v := strings.TrimSpace(string(f))
			if v == "" || isMissing(v) {
				c.empty++
				continue
			}
			c.kinds[kindOf(v)]++
			if len(c.forms) < 100 {
				c.forms[form(v)]++
			}
		}
	}
	for i := range cols {
		c := &cols[i]
		if c.kinds[yearCell] > 0 && c.kinds[numberCell] > 0 {
			c.kinds[numberCell] += c.kinds[yearCell]
			delete(c.kinds, yearCell)
		}
		for k, n := range c.kinds {
			if n*10 >= (c.n-c.empty)*9 {
				c.kind = k
			}
		}
	}
	p.made[width] = cols
	return cols
}

// form is the shape of a text: its digits and letters without which they are.
func form(s string) string {
	k := kindOf(s)
	if k == textKindOf || k == linkCell {
		return fmt.Sprint(k)
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			r = '9'
		case r >= 'a' && r <= 'z':
			r = 'a'
		case r >= 'A' && r <= 'Z':
			r = 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cost says how badly a text stands in a column.
func (m *mender) cost(k int, v string) float64 {
	if m.plain || m.cols[k].n == 0 {
		return 0
	}
	c := &m.cols[k]
	v = strings.Trim(strings.TrimSpace(v), "\"'")
	switch {
	case v == "" || isMissing(v):
		if c.empty == 0 {
			return 1
		}
		return 0
	case c.empty == c.n:
		return 2
	}
	kind := kindOf(v)
	if kind == yearCell && c.kind == numberCell {
		kind = numberCell
	}
	switch {
	case c.kind == textKindOf:
		if kind == textKindOf || c.kinds[kind] > 0 {
			return 0
		}
		return 1
	case kind == c.kind:
		if c.forms[form(v)] == 0 {
			return 0.3
		}
		return 0
	}
	return 2.5
}

// step is the best way on from one place in a row and one column.
type step struct {
	cost float64
	next int // place in the row; -1 behind its end
	cols int // how many columns it fills
	cell [2]string
	how  string // what had to be mended
}

const (
	hopeless = 1e9
	maxTries = 20_000
	mayCost  = 7.0 // a row that needs more mistakes than this is not mended
)

// mended is a row that was laid along its columns.
type mended struct {
	cells []string
	cost  float64
	how   []string
}

// mend lays one line along the columns; ok is false where no way is cheap
// enough.
func (m *mender) mend(line []byte) (mended, bool) {
	out := m.along(line)
	if out.cost > 3 {
		for _, other := range []byte{' ', ';', '\t', '|', ','} {
			if other == m.d.delim || m.d.more != nil || bytes.IndexByte(line, other) < 0 {
				continue
			}
			d := *m.d
			d.delim = other
			n := mender{d: &d, width: m.width, cols: m.cols, plain: m.plain}
			if alt := n.along(line); alt.cost+2.5 < out.cost {
				alt.cost += 2.5
				alt.how = append([]string{"it is separated by " + delimiterName(string(other))}, alt.how...)
				out = alt
			}
		}
	}
	return out, out.cost <= mayCost
}

// along finds the cheapest way through a line: of the places and columns that
// can be reached the cheapest is always looked at next, so that nothing dearer
// than the answer is.
func (m *mender) along(line []byte) mended {
	m.line = bytes.TrimSuffix(line, []byte{'\r'})
	m.reached, m.open = append(m.reached[:0], wayStep{from: -1}), append(m.open[:0], 0)
	done := map[[2]int]bool{}
	for tries := 0; len(m.open) > 0 && tries < maxTries; tries++ {
		i := heap.Pop(m).(int)
		r := m.reached[i]
		if r.total > mayCost {
			break
		}
		key := [2]int{r.next, r.k}
		if done[key] {
			continue
		}
		done[key] = true
		if r.next < 0 && r.k == m.width {
			return m.way(i)
		}
		m.onward(r.next, r.k, func(s step) {
			n := wayStep{step: s, k: r.k + s.cols, total: r.total + s.cost, from: i}
			if n.total <= mayCost && !done[[2]int{s.next, n.k}] {
				m.reached = append(m.reached, n)
				heap.Push(m, len(m.reached)-1)
			}
		})
	}
	return mended{cost: hopeless}
}

// wayStep is a place and a column that can be reached, and how.
type wayStep struct {
	step
	k     int
	total float64
	from  int // what it was reached from; -1 at the start
}

func (m *mender) Len() int           { return len(m.open) }
func (m *mender) Less(i, j int) bool { return m.reached[m.open[i]].total < m.reached[m.open[j]].total }
func (m *mender) Swap(i, j int)      { m.open[i], m.open[j] = m.open[j], m.open[i] }
func (m *mender) Push(x any)         { m.open = append(m.open, x.(int)) }
func (m *mender) Pop() any {
	last := m.open[len(m.open)-1]
	m.open = m.open[:len(m.open)-1]
	return last
}

// way collects the cells on the way to what was reached.
func (m *mender) way(i int) mended {
	out := mended{cost: m.reached[i].total}
	var steps []step
	for ; m.reached[i].from >= 0; i = m.reached[i].from {
		steps = append(steps, m.reached[i].step)
	}
	for _, s := range slices.Backward(steps) {
		out.cells = append(out.cells, s.cell[:s.cols]...)
		if s.how != "" {
			out.how = append(out.how, s.how)
		}
	}
	return out
}

// onward tries all that can stand in a place and a column.
func (m *mender) onward(at, k int, try func(step)) {
	if at < 0 {
		if k < m.width {
			try(step{cost: m.lack(1.5) + m.cost(k, "")/2, next: -1, cols: 1, how: "a field is missing at its end"})
		}
		return
	}
	if k < m.width {
		m.bare(at, k, try)
		if m.d.quote != 0 && at < len(m.line) && m.line[at] == m.d.quote {
			m.quoted(at, k, try)
		}
		try(step{cost: m.lack(2.6) + m.cost(k, "")/2, next: at, cols: 1, how: fmt.Sprintf("column %d has no field", k+1)})
	}
	switch {
	case at == len(m.line):
		try(step{cost: 2, next: -1, how: "there is an empty field too many at its end"})
	case m.d.next(m.line[at:]) == 0:
		try(step{cost: 2.2, next: at + m.d.size(), how: fmt.Sprintf("there is an empty field too many before column %d", k+1)})
	}
}

// lack is the cost of a column without a field; of names none can be missing.
func (m *mender) lack(cost float64) float64 {
	if m.plain {
		return 4
	}
	return cost
}

// behind is where the next field begins after one that ends in a place.
func (m *mender) behind(end int) int {
	if end >= len(m.line) {
		return -1
	}
	return end + m.d.size()
}

// bare tries a field without quotes, alone and with what stands behind the
// next delimiters.
func (m *mender) bare(at, k int, try func(step)) {
	end := at
	for j := range 13 {
		if i := m.d.next(m.line[end:]); i >= 0 {
			end += i
		} else {
			end = len(m.line)
		}
		v := m.line[at:end]
		cost, how := m.cost(k, string(v)), ""
		if q := m.d.quote; q != 0 && q != '\'' && bytes.IndexByte(v, q) >= 0 {
			cost += 1 + 0.5*float64(bytes.Count(v, []byte{q}))
			if v[0] == q {
				cost += 1.5
			}
			how = fmt.Sprintf("a quote in column %d belongs to the text", k+1)
		} else if q == '\'' && len(v) > 0 && v[0] == q {
			cost += 2
		}
		if j > 0 {
			one := 2.5
			switch {
			case m.d.delim == ' ' && !m.plain && m.cols[k].kind == textKindOf:
				one = 0.25
			case m.d.delim == ',' && end < len(m.line) && bytes.Contains(v, []byte(", ")):
				one = 1.4
			}
			cost += one * float64(j)
			how = fmt.Sprintf("column %d holds a delimiter that is not quoted", k+1)
		}
		try(step{cost: cost, next: m.behind(end), cols: 1, cell: [2]string{string(v)}, how: how})
		if j == 0 {
			m.without(at, end, k, try)
		}
		if end >= len(m.line) || cost > mayCost {
			return
		}
		end += m.d.size()
	}
}

// without tries two fields with no delimiter between them: the second begins
// with a quote, or both look like their columns if cut in one certain place.
func (m *mender) without(at, end, k int, try func(step)) {
	if k+1 >= m.width {
		return
	}
	v := m.line[at:end]
	how := fmt.Sprintf("a delimiter is missing behind column %d", k+1)
	if q := m.d.quote; q != 0 {
		if i := bytes.IndexByte(v, q); i > 0 {
			try(step{cost: 2.1 + m.cost(k, string(v[:i])), next: at + i, cols: 1, cell: [2]string{string(v[:i])}, how: how})
		}
	}
	if m.plain || len(v) > 120 || m.cols[k].kind == textKindOf && m.cols[k+1].kind == textKindOf {
		return
	}
	cuts, where := 0, 0
	for i := 1; i < len(v); i++ {
		if m.fits(k, string(v[:i])) && m.fits(k+1, string(v[i:])) {
			cuts, where = cuts+1, i
		}
	}
	if cuts == 1 {
		try(step{cost: 2.1, next: m.behind(end), cols: 2, cell: [2]string{string(v[:where]), string(v[where:])}, how: how})
	}
}

// fits reports whether a text has a form that its column has.
func (m *mender) fits(k int, v string) bool {
	c := &m.cols[k]
	return c.n > 0 && c.forms[form(v)] > 0 && strings.TrimSpace(v) == v
}

// quoted tries a field in quotes that ends at any of the quotes behind it.
func (m *mender) quoted(at, k int, try func(step)) {
	q := m.d.quote
	var text []byte
	stray, odd := 0, 0.0 // quotes in the text, and what they cost
	for i := at + 1; i < len(m.line); i++ {
		if m.line[i] != q {
			text = append(text, m.line[i])
			continue
		}
		if e := m.d.escape; e != 0 && m.line[i-1] == e && i > at+1 {
			text[len(text)-1] = q
			continue
		}
		end := i + 1
		cost := m.cost(k, string(text)) + odd
		how := ""
		if stray > 0 {
			how = fmt.Sprintf("a quote in column %d belongs to the text", k+1)
		}
		switch {
		case end == len(m.line), m.d.next(m.line[end:]) == 0:
			try(step{cost: cost, next: m.behind(end), cols: 1, cell: [2]string{string(text)}, how: how})
		case m.line[end] == q && end+1 < len(m.line) || alnum(m.line[end]) && stray == 0:
			try(step{cost: 2.1 + cost, next: end, cols: 1, cell: [2]string{string(text)}, how: fmt.Sprintf("a delimiter is missing behind column %d", k+1)})
		}
		if end < len(m.line) && m.line[end] == q && m.d.escape == 0 {
			text = append(text, q)
			i++
			if i+1 == len(m.line) || m.d.next(m.line[i+1:]) == 0 { // or the first of them is stray and this one closes
				c := m.cost(k, string(text)) + odd + 0.9
				try(step{cost: c, next: m.behind(i + 1), cols: 1, cell: [2]string{string(text)}, how: fmt.Sprintf("a quote in column %d belongs to the text", k+1)})
			}
			continue
		}
		text = append(text, q)
		odd += 0.9
		if m.d.next(m.line[end:]) == 0 || end == len(m.line) || bytes.HasSuffix(m.line[at+1:i], []byte(m.d.delimiter())) {
			odd += 1.2 // it looks like one that opens or closes a field
		}
		if stray++; odd > mayCost {
			return
		}
	}
}

// maxMended is how many rows of a file are mended; a file with more is cut as
// it stands.
const maxMended = 20_000

// mend lays a row of a wrong shape along the columns. It says how many bytes of
// the text the row takes up without its line end: a stray quote may have
// swallowed lines that are rows of their own.
func (l *loader) mend(text, rec []byte, line int64) (int, [][]byte) {
	l.mended++
	m := mender{d: l.mender.d, width: l.width, cols: l.mender.of(l.width)}
	best, used := mended{cost: hopeless}, 0
	for n, lines := 0, 0; l.mended <= maxMended && lines < 20 && n < len(rec); lines++ {
		if i := bytes.IndexByte(rec[n:], '\n'); i >= 0 {
			n += i
		} else {
			n = len(rec)
		}
		if out, ok := m.mend(rec[:n]); ok && out.cost < best.cost {
			best, used = out, n
		}
		if best.cost < 4 {
			break
		}
		n++
	}
	if best.cost < hopeless {
		row := make([][]byte, len(best.cells))
		for i, c := range best.cells {
			row[i] = []byte(c)
		}
		how := "an empty field stands where none belongs"
		if len(best.how) > 0 {
			how = strings.Join(best.how[:min(len(best.how), 3)], ", ")
		}
		l.wrong(line, "this row does not have the form of the table, and was put into the columns that fit it best: "+how, "the row was put into the columns that fit it best", "Check it, and correct it in the file")
		return used, row
	}
	p := looseParser{d: m.d}
	n := p.parse(text)
	n -= len(text[:n]) - len(bytes.TrimRight(text[:n], "\r\n"))
	l.wrong(line, fmt.Sprintf("the row has %s where the table has %s, and which belongs where is not certain", models.Many(len(p.fields), "fields"), models.Many(l.width, "columns")), "the row has not as many fields as the header", "Check it, and correct it in the file")
	if i := bytes.IndexByte(text[n:], '\n'); i > 0 {
		n += i
	}
	return n, p.fields
}

// know tells a loader what has been found out about a table.
func (l *loader) know(t *Table, fr frame) {
	l.last = fr.last
	if t.seen == nil {
		return
	}
	if len(t.seen.again) > 0 && fr.rows > 0 {
		l.header = t.Head[fr.header+fr.rows-1]
	}
	if t.seen.width == l.width && t.seen.widths[l.width+1]*10 < t.seen.rows {
		l.cols = t.profile.of(l.width)
	}
}

// mendHead lays first rows with broken quotes along the columns that most of
// the others have, and a header that is separated by another character than
// the rows below it.
func (t *Table) mendHead() {
	counts, width := map[int]int{}, 0
	for i, row := range t.Head {
		if t.stand[i].bad || len(row) < 2 {
			continue
		}
		if counts[len(row)]++; counts[len(row)] > counts[width] {
			width = len(row)
		}
	}
	if counts[width] < 2 {
		return
	}
	for i := range t.Head {
		if t.stand[i].bad {
			m := mender{d: t.csv, width: width, plain: true}
			if out, ok := m.mend(t.stand[i].raw); ok {
				t.Head[i], t.stand[i].mended = out.cells, true
			}
		}
	}
	fr, err := findFrame(t.Head, t.opts.Shape, t.at, true)
	if err != nil || fr.rows > 0 || fr.header == 0 || width < 3 || t.opts.HeaderRows != 0 {
		return
	}
	i := fr.header - 1
	m := mender{d: t.csv, width: width, plain: true}
	if out, ok := m.mend(t.stand[i].raw); ok && len(t.Head[i]) == 1 && out.cost < 2.6 && named(out.cells) {
		t.Head[i], t.stand[i].bad, t.stand[i].mended = out.cells, true, true
	}
}
