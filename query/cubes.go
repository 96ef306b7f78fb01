package query

import (
	"context"
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"tiplens/models"
)

// Cubes are made where they are worth it: in files of many records, and with
// few groups for what they spare. Each takes some 300 kB of disk, however small.
var (
	cubeFrom  = int64(300_000) // records; fewer are counted as fast
	cubeShare = int64(12)      // records for each group, at the least
	cubeMost  = int64(250_000) // groups; more take too long to add up
	cubesAll  = int64(50)      // groups of all cubes together for a hundred records
	cubeWide  = int64(40_000)  // groups from which a narrow cube beside it is worth it
)

// cubeBase are columns that every cube has: they say what is counted, by whom,
// and when, and may be read by any question.
var cubeBase = []string{"grain", "indicator", models.DimAgency, "scope", models.DimReporter, models.DimRecordKind, models.DimFlowKind}

// cubeCore are those that most questions filter by.
var cubeCore = []string{models.DimPlace, models.DimNationality, models.DimSex}

// cubeWish is a cube that would be useful: with all that it may have, else
// with as much of it as leaves few groups.
type cubeWish struct{ must, may []string }

// cubeWishes lists the cubes for dimensions of which records say more than one
// thing: flows, and each dimension with the usual filters.
func cubeWishes(dims []string) []cubeWish {
	way := []string{models.DimOrigin, models.DimDestination}
	all := []cubeWish{{nil, cubeCore}, {way, cubeCore}}
	for _, d := range dims {
		if !slices.Contains(cubeCore, d) {
			all = append(all, cubeWish{[]string{d}, cubeCore})
		}
	}
	all = append(all, cubeWish{[]string{models.DimAge, models.DimExploitation}, []string{models.DimSex}})
	absent := func(d string) bool { return !slices.Contains(dims, d) }
	var out []cubeWish
	for _, w := range all {
		if !slices.ContainsFunc(w.must, absent) {
			out = append(out, cubeWish{w.must, slices.DeleteFunc(slices.Clone(w.may), absent)})
		}
	}
	return out
}

// cubeSet is the dimensions of a cube, with those of its wish, and how many
// groups it will have.
type cubeSet struct {
	dims, must []string
	groups     int64
}

// without lists the wish with so many of its lesser columns left out, in every
// way.
func (w cubeWish) without(n int) (out []*cubeSet) {
	for bits := range 1 << len(w.may) {
		set := slices.Clone(w.must)
		left := 0
		for i, d := range w.may {
			if bits>>i&1 == 1 {
				left++
				continue
			}
			set = append(set, d)
		}
		if left == n {
			out = append(out, &cubeSet{dims: set, must: w.must})
		}
	}
	return out
}

// storeCubes counts the records of a large file by what people usually ask.
func (w *Writer) storeCubes(ctx context.Context) error {
	if w.stored < cubeFrom || w.dict["grain"] == nil {
		return nil
	}
	var records []int
	for n, e := range w.dict["grain"].entries {
		if e[0] == string(models.Record) {
			records = append(records, n)
		}
	}
	if len(records) == 0 {
		return nil
	}
	m := &cubeMaker{w: w, where: rangeSQL("grain", ranges(records))}
	var dims []string
	for _, c := range slices.Concat(models.CodedColumns, w.extra) {
		if w.dict[c] == nil {
			continue
		}
		several := len(w.dict[c].entries) > 1
		switch base := slices.Contains(cubeBase, c); {
		case several && base:
			m.group = append(m.group, c)
		case several && !slices.Contains(attributes, c):
			dims = append(dims, c)
		case base || !slices.Contains(attributes, c):
			m.same = append(m.same, c)
		}
	}
	m.group = slices.Insert(m.group, slices.Index(m.group, "indicator")+1, "year")
	if err := m.choose(ctx, dims); err != nil {
		return fmt.Errorf("count records: %w", err)
	}
	if err := m.make(ctx); err != nil {
		return fmt.Errorf("count records: %w", err)
	}
	return nil
}

// cubeMaker chooses and makes the cubes of a file.
type cubeMaker struct {
	w     *Writer
	where string   // which rows are records
	group []string // columns of all cubes that vary
	same  []string // those that do not
	sets  []*cubeSet
	total int64 // groups of all sets
	count int64 // records
}

// choose picks the sets of columns with few enough groups, from the widest to
// the narrowest. What a wider set answers needs none of its own.
func (m *cubeMaker) choose(ctx context.Context, dims []string) error {
	wishes := cubeWishes(dims)
	for n := range len(cubeCore) + 1 {
		var sets []*cubeSet
		for _, wish := range wishes {
			for _, s := range wish.without(n) {
				has := func(o *cubeSet) bool { return partOf(s.dims, o.dims) }
				if !slices.ContainsFunc(m.sets, has) && !slices.ContainsFunc(sets, func(o *cubeSet) bool { return has(o) && len(o.dims) == len(s.dims) }) {
					sets = append(sets, s)
				}
			}
		}
		if len(sets) == 0 {
			return nil
		}
		if err := m.size(ctx, dims, sets); err != nil {
			return err
		}
		for _, s := range sets {
			if s.groups <= min(m.count/cubeShare, cubeMost) && m.total+s.groups <= m.count*cubesAll/100 {
				m.sets = append(m.sets, s)
				m.total += s.groups
			}
		}
	}
	return nil
}

func partOf(set, of []string) bool {
	return !slices.ContainsFunc(set, func(d string) bool { return !slices.Contains(of, d) })
}

// size estimates how many groups the records fall into by each set, all in one
// scan. In large files one group in so many is counted, those whose hash ends in
// zeros: many enough to tell, and a fraction of the time.
func (m *cubeMaker) size(ctx context.Context, dims []string, sets []*cubeSet) error {
	var base []string
	for _, c := range m.group {
		base = append(base, m.w.firstNumber(c))
	}
	// The same number means another thing in another column, so each has numbers of its own.
	hashes := []string{fmt.Sprintf("hash(%s) AS base", strings.Join(base, ", "))}
	for i, d := range dims {
		hashes = append(hashes, fmt.Sprintf("hash(%s::UINTEGER + %d) AS %s", m.w.firstNumber(d), i<<16, ident(d)))
	}
	one := int64(1) // in so many
	for one < 64 && m.w.stored > one*40_000 {
		one *= 2
	}
	keys, counts, into := []string{}, []string{"count(*)"}, []any{&m.count}
	for i, s := range sets {
		key := "base"
		for _, d := range s.dims {
			key = fmt.Sprintf("xor(%s, %s)", key, ident(d))
		}
		keys = append(keys, fmt.Sprintf("hash(%s) AS k%d", key, i))
		counts = append(counts, fmt.Sprintf("%d * count(DISTINCT k%d) FILTER (k%[2]d & %d = 0)", one, i, one-1))
		into = append(into, &s.groups)
	}
	return m.w.conn.QueryRowContext(ctx, fmt.Sprintf("SELECT %s FROM (SELECT %s FROM (SELECT %s FROM %s.observation WHERE %s))",
		strings.Join(counts, ", "), strings.Join(keys, ", "), strings.Join(hashes, ", "), ident(m.w.db), m.where)).Scan(into...)
}

// make makes the cubes, and of each that is wide a narrow one for those who
// filter by nothing.
func (m *cubeMaker) make(ctx context.Context) error {
	slices.SortStableFunc(m.sets, func(x, y *cubeSet) int { return len(y.dims) - len(x.dims) }) // so that narrow ones can be made of wide ones
	var narrow [][]string
	for _, s := range m.sets {
		wide, err := m.store(ctx, s.dims)
		if err != nil {
			return err
		}
		done := func(o []string) bool { return slices.Equal(o, s.must) }
		if len(s.must) == 0 || len(s.must) == len(s.dims) || wide.Groups < cubeWide || slices.ContainsFunc(narrow, done) {
			continue
		}
		narrow = append(narrow, s.must)
		if _, err := m.store(ctx, s.must); err != nil {
			return err
		}
	}
	return nil
}

// store makes a cube, of the smallest cube that has its columns, else of the
// records. It is sorted as questions filter, by as many columns as one word holds.
func (m *cubeMaker) store(ctx context.Context, set []string) (*cube, error) {
	c := &cube{Table: fmt.Sprintf("cube%d", len(m.w.cubes)+1)}
	of, code := tally{ident(m.w.db) + ".observation WHERE " + m.where, everyRecord}, m.w.firstNumber
	least := m.count
	for _, o := range m.w.cubes {
		if o.holds(set) && o.Groups < least {
			least, of, code = o.Groups, tally{ident(m.w.db) + "." + o.Table, "sum(n)"}, ident
		}
	}
	var cols []string
	for _, column := range m.same {
		cols = append(cols, "0::USMALLINT AS "+ident(column))
		c.Columns = append(c.Columns, column)
	}
	order, room := "0::BIGINT", 63
	for _, column := range slices.Concat(m.group, set) {
		cols = append(cols, code(column)+" AS "+ident(column))
		number, width := "coalesce(year::INTEGER + 32768, 0)", yearWidth
		if column != "year" {
			c.Columns = append(c.Columns, column)
			number, width = ident(column), bits.Len(uint(len(m.w.dict[column].entries)-1))
		}
		if room -= width; room >= 0 {
			order = fmt.Sprintf("(%s) * %d + %s", order, 1<<width, number)
		}
	}
	table := ident(m.w.db) + "." + c.Table
	_, err := m.w.conn.ExecContext(ctx, fmt.Sprintf("CREATE TABLE %s AS SELECT * FROM (SELECT %s, %s::UINTEGER AS n FROM %s GROUP BY ALL) ORDER BY %s",
		table, strings.Join(cols, ", "), of.count, of.from, order))
	if err != nil {
		return nil, err
	}
	if err := m.w.conn.QueryRowContext(ctx, "SELECT count(*), sum(n)::BIGINT FROM "+table).Scan(&c.Groups, &c.Records); err != nil {
		return nil, err
	}
	if c.Records != m.count {
		return nil, fmt.Errorf("there are %d, and groups of %d", m.count, c.Records)
	}
	m.w.cubes = append(m.w.cubes, c)
	return c, nil
}

// cubesText describes the cubes for the file that holds them.
func cubesText(cubes []*cube) (string, error) {
	b, err := json.Marshal(cubes)
	return string(b), err
}
