package query_test

import (
	"fmt"
	"maps"
	"math/rand"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tiplens/models"
	"tiplens/query"
)

// ---- properties of counts

// TestPropertyCounts draws a asCells and counts every cell, row, column and
// total of it again.
func TestPropertyCounts(t *testing.T) {
	e := fewTrained(t)
	drawn(t, 80, func(t *testing.T, rng *rand.Rand) {
		q := drawQuestion(rng)
		text := q.text(q.indicator, "")
		a := ask(t, e, text)
		counted := q.count(t, q.indicator)
		if !answers(t, text, a, slices.Sorted(maps.Keys(counted))) {
			return
		}
		for agency := range counted {
			b := blockOf(t, text, a, agency)
			compare(t, text, b, asCells{q.rowsOf(agency, counted), q.columnsOf(counted), func(key string) expected {
				return exactly(counted.at(agency, key))
			}})
			addsUp(t, text, q, b)
		}
	})
}

// TestPropertyColumns draws slices and asks them twice, counted from columns in
// memory and by the database.
func TestPropertyColumns(t *testing.T) {
	e := fewTrained(t)
	drawn(t, 60, func(t *testing.T, rng *rand.Rand) {
		q := drawQuestion(rng)
		text := q.text(q.indicator, pick(rng, []string{"", " percent of total", " order value desc top 3"}))
		at := ask(t, e, text)
		var one *models.Answer
		query.WithoutColumns(func() { one = ask(t, e, text) })
		sameText(t, text, one, at)
	})
	if e.Columns() < 5 {
		t.Errorf("%d columns are kept, so next to nothing was counted from them", e.Columns())
	}
}

// addsUp checks on the answer alone that rows add up to the total, wherever
// nobody can be in two of them.
func addsUp(t *testing.T, text string, q question, b *models.Block) {
	t.Helper()
	for _, a := range q.rows {
		if slices.Contains(several, a.dim) || a.dim == "year" && q.indicator == "vic_assisted" {
			return
		}
	}
	if len(q.rows) == 0 {
		return
	}
	last := len(b.Rows) - 1
	for c := range b.Cols {
		sum := 0.0
		for r := range b.Rows[:last] {
			sum += b.Cells[r][c].Value
		}
		if b.Cells[last][c].HasValue() && sum != b.Cells[last][c].Value {
			t.Errorf("%s: %s: column %v adds up to %v, the total is %s", text, b.Source.Agency, b.Cols[c].Codes, sum, b.Cells[last][c].Text())
		}
	}
}

// TestPropertyPercent draws percentages and takes them again of the plain
// counts.
func TestPropertyPercent(t *testing.T) {
	e := fewTrained(t)
	drawn(t, 40, func(t *testing.T, rng *rand.Rand) {
		q := drawQuestion(rng)
		of := pick(rng, []string{"row", "column", "total"})
		text := q.text(q.indicator, " percent of "+of)
		a := ask(t, e, text)
		counted := q.count(t, q.indicator)
		if !answers(t, text, a, slices.Sorted(maps.Keys(counted))) {
			return
		}
		for agency := range counted {
			compare(t, text, blockOf(t, text, a, agency), asCells{q.rowsOf(agency, counted), q.columnsOf(counted), func(key string) expected {
				codes := strings.Fields(key)
				for i := range codes {
					if of != "row" && i < len(q.rows) || of != "column" && i >= len(q.rows) {
						codes[i] = "_T"
					}
				}
				base := strings.Join(codes, " ")
				if counted.at(agency, base) == 0 {
					return expected{state: models.NotApply}
				}
				return exactly(100 * counted.at(agency, key) / counted.at(agency, base))
			}})
		}
	})
}

// TestPropertyTop draws tables cut to their largest rows: what is left keeps
// its numbers, and together with what was folded it is everybody.
func TestPropertyTop(t *testing.T) {
	e := fewTrained(t)
	drawn(t, 40, func(t *testing.T, rng *rand.Rand) {
		q := drawQuestion(rng)
		if len(q.rows) == 0 {
			q.rows = []axis{{"place", "province"}}
			q.cols = slices.DeleteFunc(q.cols, func(a axis) bool { return a.dim == "place" })
		}
		n := 1 + rng.Intn(6)
		text := q.text(q.indicator, fmt.Sprintf(" order value desc top %d", n))
		a := ask(t, e, text)
		counted := q.count(t, q.indicator)
		if !answers(t, text, a, slices.Sorted(maps.Keys(counted))) {
			return
		}
		for agency := range counted {
			b := blockOf(t, text, a, agency)
			plain, folded := 0, 0
			for r, h := range b.Rows {
				folded += max(h.Folded, 0)
				if h.Folded > 0 {
					continue
				}
				if h.Kind != models.TotalHeader {
					folded++
				}
				if h.Kind == models.CodeHeader {
					plain++
				}
				for c, ch := range b.Cols {
					key := strings.Join(slices.Concat(h.Codes, ch.Codes), " ")
					if !exactly(counted.at(agency, key)).is(b.Cells[r][c]) {
						t.Errorf("%s: %s: %q is %s, counted %v", text, agency, key, b.Cells[r][c].Text(), counted.at(agency, key))
					}
				}
			}
			if all := len(q.rowsOf(agency, counted)); plain > n || folded != all {
				t.Errorf("%s: %s: %d rows kept, with those folded %d; counted %d", text, agency, plain, folded, all)
			}
			if !slices.ContainsFunc(b.Rows, func(h models.Header) bool { return h.Folded > 1 }) || q.indicator != "vic_assisted" {
				addsUp(t, text, q, b)
			}
		}
	})
}

// ---- properties of measures of several parts

// part is an indicator with filters of its own.
type part struct {
	indicator string
	own       []filter
}

func (p part) String() string {
	if len(p.own) == 0 {
		return p.indicator
	}
	return p.indicator + "[" + filterText(p.own) + "]"
}

// drawParts draws two parts, mostly of one indicator under different filters.
func drawParts(rng *rand.Rand, q question) []part {
	var taken []string
	for _, f := range q.where {
		taken = append(taken, f.dim)
	}
	out := []part{{indicator: q.indicator}, {indicator: q.indicator}}
	if rng.Intn(4) == 0 {
		out[1].indicator = pick(rng, drawnIndicators)
	}
	for i := range out {
		out[i].own = drawFilters(rng, 1+rng.Intn(2), taken...)
	}
	if first := out[0].own; len(first) > 0 && rng.Intn(4) > 0 { // filters of one dimension, which may exclude each other
		out[0].own = first[:1]
		out[1].own = []filter{drawFilter(rng, first[0].dim)}
		if rng.Intn(5) == 0 {
			out[1].own[0] = filter{first[0].dim, !first[0].not, first[0].codes, first[0].spans}
		}
	}
	return out
}

// joined pairs what is counted at one agency with the same of the other part,
// and what only one agency has with what only another has: "A+B".
func joined(parts []tally) []tally {
	out := make([]tally, len(parts))
	name := strings.Join(distinctInOrder(slices.Concat(agenciesOf(parts[0]), agenciesOf(parts[1]))), "+")
	lone := !slices.ContainsFunc(parts, func(c tally) bool { return len(c) != 1 })
	for i, c := range parts {
		out[i] = tally{}
		for agency, counted := range c {
			switch {
			case lone:
				out[i][name] = counted
			case !slices.ContainsFunc(parts, func(o tally) bool { return o[agency] == nil }):
				out[i][agency] = counted
			}
		}
	}
	return out
}

func agenciesOf(c tally) []string { return slices.Sorted(maps.Keys(c)) }

func distinctInOrder(words []string) (out []string) {
	for _, w := range words {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func (q question) counts(t testing.TB, parts []part) (out []tally, empty bool) {
	t.Helper()
	for _, p := range parts {
		c := q.count(t, p.indicator, p.own...)
		out = append(out, c)
		empty = empty || len(c) == 0
	}
	return out, empty
}

func both(x, y map[string]bool) (n int) {
	for p := range x {
		if y[p] {
			n++
		}
	}
	return n
}

// TestPropertySums draws sums of two parts. One that is answered is the two
// counts added, and nobody is in both; one that holds somebody twice is
// refused.
func TestPropertySums(t *testing.T) {
	e := fewTrained(t)
	shown := 0
	drawn(t, 100, func(t *testing.T, rng *rand.Rand) {
		q := drawQuestion(rng)
		q.where = q.where[:min(len(q.where), 1)]
		parts := drawParts(rng, q)
		if dim := pick(rng, []string{"place", "origin", "nationality", "sex", "age", "year"}); rng.Intn(2) == 0 &&
			!slices.ContainsFunc(q.where, func(f filter) bool { return f.dim == dim }) { // often apart
			parts[1].indicator = parts[0].indicator
			for i := range parts {
				parts[i].own = []filter{drawFilter(rng, dim)}
				parts[i].own[0].not = false
			}
		}
		text := q.text(parts[0].String()+" + "+parts[1].String(), "")
		a := ask(t, e, text)
		counted, empty := q.counts(t, parts)
		if a.Refused() {
			if len(a.Blocks) > 0 {
				t.Errorf("%s: refused, and yet it has blocks", text)
			}
			for agency := range joined(counted)[0] {
				if plainlyApart(parts) && !empty && !strings.Contains(agency, "+") {
					t.Errorf("%s: nobody can be in both, and it is refused: %v", text, a.Refusals)
				}
			}
			return
		}
		pairs := joined(counted)
		x, y := pairs[0], pairs[1]
		if empty {
			x = nil
		}
		if !answers(t, text, a, agenciesOf(x)) {
			return
		}
		shown++
		for agency := range x {
			if strings.Contains(agency, "+") {
				t.Errorf("%s: a sum over two agencies, who may know the same people", text)
			}
			if isVictims(parts[0]) != isVictims(parts[1]) {
				t.Errorf("%s: victims and suspects in one sum", text)
			}
			total := strings.TrimSpace(totalOf(q.rows) + " " + totalOf(q.cols))
			if n := both(x[agency][total], y[agency][total]); n > 0 {
				t.Errorf("%s: %s: %d persons are in both parts", text, agency, n)
			}
			compare(t, text, blockOf(t, text, a, agency), asCells{q.rowsOf(agency, x, y), q.columnsOf(x, y), func(key string) expected {
				return exactly(x.at(agency, key) + y.at(agency, key))
			}})
		}
	})
	if os.Getenv("TIPLENS_SLICES") == "" && shown < 10 {
		t.Errorf("only %d sums were answered", shown)
	}
}

// TestPropertySumsOfCodes adds every two codes of the dimensions in which codes
// hold or cut across each other: nobody is in both, or it is refused.
func TestPropertySumsOfCodes(t *testing.T) {
	e := fewTrained(t)
	for _, dim := range []string{"age", "nationality", "destination"} {
		var parts []part
		var who []map[string]bool
		for _, code := range strings.Fields(drawnCodes[dim]) {
			f := filter{dim: dim, codes: []string{code}}
			if n := count(t, "vic_identified", []filter{f}, nil, nil)["TRAINING"][""]; n != nil {
				parts, who = append(parts, part{"vic_identified", []filter{f}}), append(who, n)
			}
		}
		for i, one := range parts {
			for k := i; k < len(parts); k++ {
				a := ask(t, e, one.String()+" + "+parts[k].String())
				x, y := who[i], who[k]
				switch n := both(x, y); {
				case n > 0 && !a.Refused():
					t.Errorf("%s: %d persons are in both", a.Slice, n)
				case a.Refused() && plainlyApart([]part{one, parts[k]}):
					t.Errorf("%s: nobody can be in both, and it is refused: %v", a.Slice, a.Refusals)
				case !a.Refused() && cellAt(t, a).Value != float64(len(x)+len(y)):
					t.Errorf("%s is %s, counted %d and %d", a.Slice, cellAt(t, a).Text(), len(x), len(y))
				}
			}
		}
	}
}

// plainlyApart reports whether two parts of one indicator have one filter each,
// on the same dimension, with codes of which nobody can have two.
func plainlyApart(parts []part) bool {
	x, y := parts[0], parts[1]
	if x.indicator != y.indicator || len(x.own) != 1 || len(y.own) != 1 || x.own[0].dim != y.own[0].dim {
		return false
	}
	f, g := x.own[0], y.own[0]
	if f.not || g.not || slices.Contains(several, f.dim) || f.dim == "agency" || f.dim == "year" && x.indicator == "vic_assisted" {
		return false
	}
	for _, p := range f.spans {
		if slices.ContainsFunc(g.spans, func(o span) bool { return p.first < o.first+o.n && o.first < p.first+p.n }) {
			return false
		}
	}
	for _, c := range f.codes {
		for _, o := range g.codes {
			from, to := ages(c)
			low, high := ages(o)
			if lies(f.dim, c, o) || lies(f.dim, o, c) || groupMembers[c] != "" && groupMembers[o] != "" || f.dim == "age" && from >= 0 && from <= high && low <= to {
				return false
			}
			if f.dim == "nationality" && (c == "_FOR" || c == "_NAT") != (o == "_FOR" || o == "_NAT") && (lies(f.dim, c, o) || lies(f.dim, o, c)) {
				return false
			}
		}
	}
	return true
}

// TestPropertyRanges draws ranges: at least the largest part, at most the sum,
// and the persons in at least one of them are between.
func TestPropertyRanges(t *testing.T) {
	e := fewTrained(t)
	drawn(t, 40, func(t *testing.T, rng *rand.Rand) {
		q := drawQuestion(rng)
		parts := drawParts(rng, q)
		if rng.Intn(4) == 0 {
			parts = parts[:1] // over its sources
		}
		words := []string{}
		for _, p := range parts {
			words = append(words, p.String())
		}
		text := q.text("range "+strings.Join(words, ", "), "")
		a := ask(t, e, text)
		if len(parts) > 1 && isVictims(parts[0]) != isVictims(parts[1]) {
			if len(a.Blocks) > 0 {
				t.Errorf("%s: victims and suspects in one range", text)
			}
			return
		}
		counted, empty := q.counts(t, parts)
		if empty {
			answers(t, text, a, nil)
			return
		}
		if a.Refused() || len(a.Blocks) != 1 {
			t.Fatalf("%s: %d blocks, refusals %v", text, len(a.Blocks), a.Refusals)
		}
		var rows, cols []string
		for _, c := range counted {
			for agency := range c {
				rows = append(rows, c.sides(agency, 0, len(q.rows))...)
				cols = append(cols, c.sides(agency, len(q.rows), len(q.axes()))...)
			}
		}
		compare(t, text, &a.Blocks[0], asCells{distinct(rows), distinct(cols), func(key string) expected {
			out, known := expected{state: models.Known}, map[string]bool{}
			for _, c := range counted {
				for agency := range c {
					n := c.at(agency, key)
					out.low, out.high = max(out.low, n), out.high+n
					maps.Copy(known, c[agency][key])
				}
			}
			if n := float64(len(known)); n < out.low || n > out.high {
				t.Errorf("%s: %q: %v persons are not within %s", text, key, n, out)
			}
			return out
		}})
	})
}

func isVictims(p part) bool { return strings.HasPrefix(p.indicator, "vic_") }

func distinct(words []string) []string { return slices.Compact(slices.Sorted(slices.Values(words))) }

// TestPropertyRatios draws A / B and share TERM of A and divides the plain
// counts.
func TestPropertyRatios(t *testing.T) {
	e := fewTrained(t)
	drawn(t, 50, func(t *testing.T, rng *rand.Rand) {
		q := drawQuestion(rng)
		parts := drawParts(rng, q)
		text := q.text(parts[0].String()+" / "+parts[1].String(), "")
		if rng.Intn(2) == 0 {
			whole := parts[1]
			var taken []string
			for _, f := range slices.Concat(q.where, whole.own) {
				taken = append(taken, f.dim)
			}
			of := drawFilters(rng, 3, taken...)
			if len(of) == 0 {
				return
			}
			parts[0] = part{whole.indicator, slices.Concat(whole.own, of)}
			text = q.text("share "+filterText(of)+" of "+whole.String(), "")
		}
		a := ask(t, e, text)
		counted, empty := q.counts(t, parts)
		pairs := joined(counted)
		x, y := pairs[0], pairs[1]
		if empty {
			x = nil
		} else if len(x) == 0 {
			if !a.Refused() {
				t.Errorf("%s: no one source has both parts, and it is answered", text)
			}
			return
		}
		if !answers(t, text, a, agenciesOf(x)) {
			return
		}
		for agency := range x {
			compare(t, text, blockOf(t, text, a, agency), asCells{q.rowsOf(agency, x, y), q.columnsOf(x, y), func(key string) expected {
				if y.at(agency, key) == 0 {
					return expected{state: models.NotApply}
				}
				return exactly(100 * x.at(agency, key) / y.at(agency, key))
			}})
		}
	})
}

// TestPropertyChanges draws changes from another period, place, nationality or
// sex, and takes the difference of two plain counts.
func TestPropertyChanges(t *testing.T) {
	e := fewTrained(t)
	drawn(t, 60, func(t *testing.T, rng *rand.Rand) {
		c := drawChange(rng)
		text := c.now.text(c.now.indicator, " change from "+c.from)
		a := ask(t, e, text)
		now, was := c.now.count(t, c.now.indicator), c.was.count(t, c.now.indicator)
		if !answers(t, text, a, slices.Sorted(maps.Keys(now))) {
			return
		}
		for agency := range now {
			then := was[agency]
			if then == nil && c.term && len(now) == 1 && len(was) == 1 { // from another source
				then = slices.Collect(maps.Values(was))[0]
			}
			c.compare(t, text, blockOf(t, text, a, agency), now[agency], then)
		}
	})
}

// change is a question, and the same at the point from which it is measured.
type change struct {
	now, was question
	from     string
	shift    int  // how many months earlier, with a time axis
	year     int  // which axis is time, -1 for none
	fixed    bool // from one period whatever the column
	many     bool // the time axis has several units
	term     bool // from another place, nationality or sex
}

func drawChange(rng *rand.Rand) change {
	c := change{now: drawQuestion(rng)}
	c.now.where = slices.DeleteFunc(c.now.where, func(f filter) bool { return f.dim == "year" })
	c.year = slices.IndexFunc(c.now.axes(), func(a axis) bool { return a.dim == "year" })
	c.was = c.now
	s := drawSpan(rng)
	unit := s.n
	if c.year >= 0 {
		s = span{12 * (2016 + rng.Intn(5)), 12 * (1 + rng.Intn(5))}
		unit = map[string]int{"": 12, "half": 6, "quarter": 3, "month": 1}[c.now.axes()[c.year].level]
		c.many = s.n > unit
	}
	in := func(q *question, s span) {
		q.where = append(slices.Clone(q.where), filter{dim: "year", spans: []span{s}})
	}
	if kind := rng.Intn(4); kind < 2 {
		c.from, c.shift = "previous", unit
		if kind == 1 {
			c.from, c.shift = "year", 12
		}
		was := span{s.first - c.shift, s.n}
		if c.year >= 0 {
			was.n += c.shift
		}
		in(&c.now, s)
		in(&c.was, was)
		return c
	}
	f := drawFilter(rng, pick(rng, []string{"place", "nationality", "sex"}))
	f.not = false
	if rng.Intn(2) == 0 || slices.ContainsFunc(c.now.axes(), func(a axis) bool { return a.dim == f.dim }) {
		c.fixed = true
		was := drawSpan(rng)
		c.from = was.String()
		in(&c.now, s)
		in(&c.was, was)
		timeless := func(as []axis) []axis {
			return slices.DeleteFunc(slices.Clone(as), func(a axis) bool { return a.dim == "year" })
		}
		c.was.rows, c.was.cols = timeless(c.now.rows), timeless(c.now.cols)
		return c
	}
	c.term, c.from = true, f.String()
	c.was.where = append(slices.DeleteFunc(slices.Clone(c.was.where), func(o filter) bool { return o.dim == f.dim }), f)
	return c
}

// unitOf reads the code of a unit of time.
func unitOf(code string) span {
	year, _ := strconv.Atoi(code[:4])
	if len(code) == 4 {
		return span{12 * year, 12}
	}
	n, _ := strconv.Atoi(strings.TrimLeft(code[5:], "SQ"))
	size := map[byte]int{'S': 6, 'Q': 3, '0': 1, '1': 1}[code[5]]
	return span{12*year + size*(n-1), size}
}

// earlier gives the coordinate from which one is measured.
func (c change) earlier(codes []string) []string {
	codes = slices.Clone(codes)
	switch {
	case c.year < 0 || c.year >= len(codes) || c.term:
	case c.fixed:
		return slices.Delete(codes, c.year, c.year+1)
	case codes[c.year] != "_T":
		u := unitOf(codes[c.year])
		codes[c.year] = span{u.first - c.shift, u.n}.String()
	}
	return codes
}

type persons = map[string]map[string]bool // by coordinate

// rows are those of now, and those from which nobody is left.
func (c change) rows(now, was persons) []string {
	width := len(c.now.rows)
	earlier := map[string]bool{}
	for key := range was {
		earlier[strings.Join(strings.Fields(key)[:len(c.was.rows)], " ")] = true
	}
	side := func(p persons) []string { return tally{"": p}.sides("", 0, width) }
	out := side(now)
	if c.year < 0 || c.year >= width || c.term {
		for key := range earlier {
			if width > 0 && !slices.Contains(strings.Fields(key), "_T") {
				out = append(out, key)
			}
		}
		return distinct(out)
	}
	for _, row := range side(now) { // every unit of time shown, with every other code of then
		for key := range earlier {
			codes, unit := strings.Fields(key), strings.Fields(row)[c.year]
			switch {
			case slices.Contains(codes, "_T"):
				continue
			case c.fixed:
				codes = slices.Insert(codes, c.year, unit)
			default:
				codes[c.year] = unit
			}
			if strings.Join(c.earlier(codes), " ") == key {
				out = append(out, strings.Join(codes, " "))
			}
		}
	}
	return distinct(out)
}

func (c change) compare(t *testing.T, text string, b *models.Block, now, was persons) {
	t.Helper()
	if got, want := slices.Sorted(slices.Values(headerKeys(b.Rows))), c.rows(now, was); !slices.Equal(got, want) {
		t.Errorf("%s: %s: rows %q are too many, %q are missing", text, b.Source.Agency, without(got, want), without(want, got))
		return
	}
	wrong := 0
	for r, h := range b.Rows {
		for k, ch := range b.Cols {
			codes := slices.Concat(h.Codes, ch.Codes)
			want := c.cell(ch.Measure, codes, now, was)
			if !want.is(b.Cells[r][k]) && wrong < 5 {
				wrong++
				t.Errorf("%s: %s: %s of %q is %s (%s), counted %s", text, b.Source.Agency, ch.Measure, codes, b.Cells[r][k].Text(), b.Cells[r][k].State, want)
			}
		}
	}
}

// cell is what one column of a change must be at a coordinate.
func (c change) cell(measure string, codes []string, now, was persons) expected {
	key := strings.Join(codes, " ")
	to := exactly(float64(len(now[key])))
	from := exactly(float64(len(was[strings.Join(c.earlier(codes), " ")])))
	overTime := c.year >= 0 && !c.fixed && !c.term
	switch {
	case was == nil:
		from.state = models.NoData
	case overTime && codes[c.year] == "_T", c.fixed && c.many && codes[c.year] == "_T":
		from.state = models.Blank
	case overTime && !slices.ContainsFunc(slices.Collect(maps.Keys(was)), func(k string) bool { return strings.Fields(k)[c.year] == c.earlier(codes)[c.year] }):
		from.state = models.NoData
	}
	switch {
	case measure == "from":
		return from
	case measure == "value":
		return to
	case from.state == models.Blank || to.state == models.Blank:
		return expected{state: models.Blank}
	case from.state != models.Known:
		return expected{state: models.NoData}
	case measure == "change":
		return exactly(to.low - from.low)
	case from.low == 0:
		return expected{state: models.NotApply}
	}
	return exactly(100 * (to.low - from.low) / from.low)
}
