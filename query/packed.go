package query

import (
	"context"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"tiplens/models"
)

// Reading a row from the database costs as much as counting a thousand records.
// So where the numbers of a group fit into one, all groups arrive as one list.

// groupPack says where each number of a group lies in the one.
type groupPack struct {
	parts []packedPart
	width int
}

type packedPart struct {
	sql   string
	width int
	at    int   // how many bits stand behind it
	zero  int64 // of time: what stands for the year 0, since NULL is no time; else 0
}

// Years are stored in 16 bits; half years, quarters and months are a hundred
// times as large.
const (
	yearWidth = 16
	unitWidth = 23
)

// countWidth is what must be left for the count: a group is no larger than its
// file. The database refuses a number that does not fit, so none is ever wrong.
func (f *file) countWidth() int {
	if f.ds.Taken > 0 {
		return bits.Len64(uint64(f.ds.Taken)) + 2
	}
	return 28
}

// packed packs the columns of a question, if they fit. What has kinds of
// records to tell apart, and stops on the way, is read row by row.
func (f *file) packed(q *question, cols []string, rel int) (p groupPack, ok bool) {
	if len(f.dict[models.DimRecordKind]) > 1 || len(f.dict[models.DimOffence]) > 1 && q.mayMixOffences() || q.isMove() && f.severalMoves() {
		return p, false
	}
	add := func(sql string, size int) {
		p.parts = append(p.parts, packedPart{sql: sql, width: bits.Len(uint(max(size-1, 0)))})
	}
	add(cols[0], len(f.dict[models.DimAgency]))
	add(cols[1], len(f.dict["scope"]))
	for i, a := range q.axes {
		switch {
		case f.isLeg(a.Dim):
			return p, false
		case a.Dim == models.DimYear:
			width := yearWidth
			if a.Level != "" {
				width = unitWidth
			}
			p.parts = append(p.parts, packedPart{sql: cols[2+i], width: width, zero: 1 << (width - 1)})
		case a.Dim == models.DimDataset:
			add(cols[2+i], 1)
		default:
			add(cols[2+i], len(f.dict[a.Dim]))
		}
	}
	if rel >= 0 {
		add(cols[len(cols)-1], len(f.dict[models.DimReporter]))
	}
	p.lay()
	return p, p.width <= 63-f.countWidth()
}

// lay puts the parts side by side, the last one at the end.
func (p *groupPack) lay() {
	p.width = 0
	for i := len(p.parts) - 1; i >= 0; i-- {
		p.parts[i].at = p.width
		p.width += p.parts[i].width
	}
}

// sql is the one number of a group, given how its records are counted.
func (p groupPack) sql(count string) string {
	terms := []string{fmt.Sprintf("%s * %d", count, int64(1)<<p.width)}
	for _, part := range p.parts {
		if part.width > 0 {
			terms = append(terms, fmt.Sprintf("%s * %d", part.number(), int64(1)<<part.at))
		}
	}
	return strings.Join(terms, " + ")
}

// number is SQL for the number of a part.
func (p packedPart) number() string {
	if p.zero > 0 {
		return fmt.Sprintf("coalesce((%s)::BIGINT + %d, 0)", p.sql, p.zero)
	}
	return "coalesce(" + p.sql + ", 0)::BIGINT"
}

// unpack takes the number of a group apart.
func (p groupPack) unpack(word int64, row []int64) {
	for i, part := range p.parts {
		row[i] = word >> part.at & (1<<part.width - 1)
		if part.zero > 0 {
			if row[i] -= part.zero; row[i] == -part.zero {
				row[i] = noTime
			}
		}
	}
}

// count is how many records a group holds.
func (p groupPack) count(word int64) int64 { return word >> p.width }

// eachPacked calls fn with the number of every group.
func (e *Engine) eachPacked(ctx context.Context, f *file, p groupPack, of tally, where string, fn func(word int64)) error {
	var groups []string
	for _, part := range p.parts {
		if part.width > 0 {
			groups = append(groups, part.sql)
		}
	}
	if len(groups) == 0 {
		groups = []string{"()"}
	}
	return e.each(ctx, f, fmt.Sprintf("SELECT list(word) FROM (SELECT %s AS word FROM %s WHERE %s GROUP BY %s HAVING count(*) > 0)",
		p.sql(of.count), of.from, where, strings.Join(groups, ", ")), 1, func(found []any) {
		words, _ := found[0].([]any)
		for _, w := range words {
			fn(w.(int64))
		}
	})
}

// packedKey is the part of the number of a group that says which row it is in,
// or which column.
type packedKey struct{ at, width int }

// key is that of some parts that lie side by side.
func (p groupPack) key(from, to int) packedKey {
	if from == to {
		return packedKey{}
	}
	at := p.parts[to-1].at
	return packedKey{at, p.parts[from].at + p.parts[from].width - at}
}

func (k packedKey) of(word int64) int64 { return word >> k.at & (1<<k.width - 1) }

// packedLines remembers the rows, or columns, of a grid in which the groups of
// a key are counted: there are far fewer of them than groups.
type packedLines struct {
	key   packedKey
	few   []uint32 // by key: where its lines stand in lists, from 1
	many  map[int64]uint32
	lists [][]uint32
}

// fewKeys is how wide a key may be for a table of all its values.
const fewKeys = 16

func newPackedLines(k packedKey) packedLines {
	if k.width > fewKeys {
		return packedLines{key: k, many: map[int64]uint32{}}
	}
	return packedLines{key: k, few: make([]uint32, 1<<k.width)}
}

// get is which of the lists is that of a key, -1 where it was not yet met.
func (l *packedLines) get(word int64) int {
	k := l.key.of(word)
	if l.many != nil {
		return int(l.many[k]) - 1
	}
	return int(l.few[k]) - 1
}

func (l *packedLines) put(word int64, lines []uint32) int {
	if n := l.get(word); n >= 0 {
		return n
	}
	l.lists = append(l.lists, slices.Clone(lines))
	n := uint32(len(l.lists))
	if k := l.key.of(word); l.many != nil {
		l.many[k] = n
	} else {
		l.few[k] = n
	}
	return int(n) - 1
}
