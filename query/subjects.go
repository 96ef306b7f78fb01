package query

import (
	"context"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"tiplens/models"
)

// Persons and cases that stand in several rows are counted once in every cell
// and once in every total, so no total is the sum of its cells. To gather the
// rows of a subject is what takes the time. It is done once where the cells are
// few: a bit for each cell that the subject is in says all of them, and the few
// sets of cells that occur are taken apart here. Otherwise each kind of total
// is counted on its own.

// maskWords is how many words of bits say in which cells a subject is. More
// take as long as several scans.
var maskWords = 4

// subjectCount counts the subjects of one question in one table of a file.
type subjectCount struct {
	f      *file
	q      *question
	from   string
	gs     *grids // of its rows, which say which cells there are
	where  string
	digits []digit // by axis: which of its codes a row has
	cells  int
	found  map[*grid]*grid // how many subjects, beside how many rows
}

// digit numbers the codes of an axis that occur, from 0.
type digit struct {
	sql, join string
	lines     []uint32 // by digit: the number of the code on its side
}

// countSubjects counts distinct persons or cases. Those that stand in one row
// are as many as their rows, and rows are soon counted: where a file keeps the
// rows of the others in a table of their own, only these are gathered.
func (e *Engine) countSubjects(ctx context.Context, f *file, q *question, cs []condition) ([]*grid, error) {
	gs, err := e.countRows(ctx, f, q, cs)
	all := gs.list()
	if err != nil || len(all) == 0 {
		return nil, err
	}
	in, few := e.gathered(ctx, f, q.indicator.ID)
	s := &subjectCount{f: f, q: q, from: in.from, gs: gs, where: whereSQL(cs), found: map[*grid]*grid{}}
	if few {
		s.gs = gs.beside()
		if err := e.countRowsIn(ctx, f, q, cs, in, s.gs); err != nil {
			return nil, err
		}
	}
	for _, g := range s.gs.by {
		s.found[g] = &grid{rows: g.rows, cols: g.cols}
	}
	if s.fits(all) {
		err = s.atOnce(ctx, e)
	} else {
		err = s.byTotal(ctx, e)
	}
	for key, g := range gs.by {
		gathered := s.gs.by[key]
		subjects := s.found[gathered]
		g.each(func(r, c uint32, rows *slot) {
			n := rows.n - gathered.records(r, c) + subjects.records(r, c)
			g.set(r, c, value{low: n, high: n, known: true, n: int(rows.n)})
		})
	}
	return all, err
}

// records is how many are counted in a cell.
func (g *grid) records(r, c uint32) float64 {
	if s := g.slot(r, c); s != nil {
		return s.n
	}
	return 0
}

// fits numbers the codes of each axis that occur, and reports whether the
// cells are few enough for a bit each.
func (s *subjectCount) fits(all []*grid) bool {
	s.cells = 1
	for i, a := range s.q.axes {
		used := make([]bool, len(s.gs.ends(i).codes))
		for _, g := range all {
			own, at, _ := g.axis(i)
			for line := 1; line <= own.lines; line++ {
				used[own.number(uint32(line), at)] = true
			}
		}
		d := digit{}
		for n, u := range used {
			if u && n > 0 {
				d.lines = append(d.lines, uint32(n))
			}
		}
		if s.cells *= max(len(d.lines), 1); s.cells > maskWords*64 || !s.read(i, a, &d) {
			return false
		}
		s.digits = append(s.digits, d)
	}
	return true
}

// read writes the SQL that reads a digit. Stops on the way, and times finer
// than years, have none.
func (s *subjectCount) read(i int, a models.Axis, d *digit) bool {
	codes := s.gs.ends(i).codes
	number := func(code string) int {
		return slices.IndexFunc(d.lines, func(n uint32) bool { return codes[n] == code })
	}
	switch {
	case s.f.isLeg(a.Dim) || a.Dim == models.DimYear && a.Level != "":
		return false
	case a.Dim == models.DimDataset:
		d.sql = "0"
	case a.Dim == models.DimYear:
		whens := []string{"CASE"}
		for n, line := range d.lines {
			if codes[line] == models.Unknown {
				whens = append(whens, fmt.Sprintf("WHEN year IS NULL THEN %d", n))
			} else {
				whens = append(whens, fmt.Sprintf("WHEN year = %s THEN %d", codes[line], n))
			}
		}
		d.sql = strings.Join(append(whens, "END"), " ")
	default:
		d.sql, d.join = s.f.groupNumbers(s.q, i, number)
	}
	return true
}

// atOnce counts in one scan. Subjects in the same cells are counted together.
func (s *subjectCount) atOnce(ctx context.Context, e *Engine) error {
	cell, joins := "0", ""
	for _, d := range s.digits {
		cell = fmt.Sprintf("(%s) * %d + %s", cell, len(d.lines), d.sql)
		joins += d.join
	}
	var masks, names []string
	for w := range (s.cells + 63) / 64 {
		bit := "1::UBIGINT << cell::UBIGINT"
		if s.cells > 64 {
			bit = fmt.Sprintf("CASE WHEN cell // 64 = %d THEN 1::UBIGINT << (cell %% 64)::UBIGINT ELSE 0::UBIGINT END", w)
		}
		masks = append(masks, fmt.Sprintf("bit_or(%s) AS mask%d", bit, w))
		names = append(names, fmt.Sprintf("mask%d", w))
	}
	cols := s.f.sourceColumns("o.", s.q)
	query := fmt.Sprintf(`SELECT a, b, count(*), %s FROM (SELECT a, b, %s FROM
		(SELECT %s AS a, %s AS b, %s AS who, %s AS cell FROM %s o%s WHERE %s) GROUP BY a, b, who) GROUP BY ALL`,
		strings.Join(names, ", "), strings.Join(masks, ", "), cols[0], cols[1], whoSQL, cell, s.from, joins, s.where)
	var cells [][2]uint32
	return e.each(ctx, s.f, query, 3+len(masks), func(row []any) {
		g := s.gs.of(number(row[0]), number(row[1]))
		cells = append(cells[:0], [2]uint32{})
		for w, v := range row[3:] {
			for mask := v.(uint64); mask != 0; mask &= mask - 1 {
				r, c := s.lines(g, 64*w+bits.TrailingZeros64(mask))
				cells = append(cells, [2]uint32{r, c}, [2]uint32{r, 0}, [2]uint32{0, c})
			}
		}
		slices.SortFunc(cells, func(x, y [2]uint32) int { return slices.Compare(x[:], y[:]) })
		for _, at := range slices.Compact(cells) {
			s.found[g].open(at[0], at[1]).count(row[2].(int64))
		}
	})
}

// lines are the row and column of a cell.
func (s *subjectCount) lines(g *grid, cell int) (r, c uint32) {
	numbers := make([]uint32, len(s.digits))
	for i, d := range slices.Backward(s.digits) {
		numbers[i] = d.lines[cell%len(d.lines)]
		cell /= len(d.lines)
	}
	return g.rows.line(numbers[:s.q.rowAxes]), g.cols.line(numbers[s.q.rowAxes:])
}

// byTotal counts the cells and each kind of total in a scan of its own.
func (s *subjectCount) byTotal(ctx context.Context, e *Engine) error {
	q, f := s.q, s.f
	cols := f.sourceColumns("o.", q)
	joins := ""
	names := make([][]string, len(q.axes)) // group number to code
	for i, a := range q.axes {
		switch {
		case a.Dim == models.DimYear:
			cols = append(cols, timeSQL(a.Level))
		case a.Dim == models.DimDataset:
			cols = append(cols, "0")
		case f.isLeg(a.Dim):
			join := ""
			names[i], join = f.legGroups(f.lift(q.cat, a), a.Dim, i)
			joins, cols = joins+" "+join, append(cols, fmt.Sprintf("coalesce(%s, 0)", legColumn(i)))
		default:
			sql, join := f.groupNumbers(q, i, func(code string) int {
				n := slices.Index(names[i], code)
				if n < 0 {
					n = len(names[i])
					names[i] = append(names[i], code)
				}
				return n
			})
			joins, cols = joins+join, append(cols, sql)
		}
	}
	for _, total := range q.totals() {
		pick := slices.Clone(cols[:2])
		for i := range q.axes {
			if total[i] {
				pick = append(pick, "NULL")
			} else {
				pick = append(pick, cols[2+i])
			}
		}
		query := fmt.Sprintf("SELECT %s, count(DISTINCT %s) FROM %s o%s WHERE %s GROUP BY ALL HAVING count(*) > 0",
			strings.Join(pick, ", "), whoSQL, s.from, joins, s.where)
		err := e.each(ctx, f, query, len(pick)+1, func(row []any) {
			g := s.gs.of(number(row[0]), number(row[1]))
			codes := make([]string, len(q.axes))
			for i, a := range q.axes {
				switch {
				case total[i]:
					codes[i] = models.Total
				case a.Dim == models.DimYear:
					codes[i] = timeCode(a.Level, timeNumber(row[2+i]))
				case a.Dim == models.DimDataset:
					codes[i] = f.ds.ID
				default:
					codes[i] = names[i][number(row[2+i])]
				}
			}
			r, c := uint32(0), uint32(0)
			if !slices.Contains(total[:q.rowAxes], true) {
				r = g.rows.of(codes[:q.rowAxes])
			}
			if !slices.Contains(total[q.rowAxes:], true) {
				c = g.cols.of(codes[q.rowAxes:])
			}
			s.found[g].open(r, c).count(row[len(pick)].(int64))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// groupNumbers joins to every row the numbers of its codes on an axis: one with
// several codes is there once for each, and one without a number not at all.
// Nationals and foreigners depend on the reporter too.
func (f *file) groupNumbers(q *question, axis int, number func(code string) int) (sql, join string) {
	l, relative := f.lift(q.cat, q.axes[axis]), axis == f.relativeAxis(q)
	var triples []string
	add := func(n, r int, codes []string) {
		for _, c := range codes {
			if at := number(c); at >= 0 {
				triples = append(triples, fmt.Sprintf("(%d::USMALLINT, %d::USMALLINT, %d)", n, r, at))
			}
		}
	}
	for n, codes := range l.codes {
		if !relative {
			add(n, 0, codes)
			continue
		}
		for r, rep := range f.dict[models.DimReporter] {
			add(n, r, relativeCodes(q.cat, codes, rep.code))
		}
	}
	if len(triples) == 0 {
		triples = []string{"(NULL::USMALLINT, NULL::USMALLINT, 0)"}
	}
	join = fmt.Sprintf(" JOIN (VALUES %s) m%[2]d(n, r, g) ON m%[2]d.n = o.%s", strings.Join(triples, ", "), axis, ident(q.axes[axis].Dim))
	if relative {
		join += fmt.Sprintf(" AND m%d.r = o.%s", axis, ident(models.DimReporter))
	}
	return fmt.Sprintf("m%d.g", axis), join
}
