package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// Where the records of a file fall into nearly as many groups, as those of
// corridors in years do, grouping them only costs time: they are counted one by
// one. Of a small file the columns that such questions read are kept in memory.

// column is one of all records of a table, by their number there: one more than
// the number of the record's code, 0 where there is no record.
type column []uint32

// fewRecords is how many records a small file has at most.
var fewRecords int64 = 400_000

// maxColumns bounds what is kept of all files, in numbers of four bytes.
const maxColumns = 8_000_000

// scattered reports whether the records of a small file fall into so many groups.
func (f *file) scattered(q *question, of tally) bool {
	groups := int64(1)
	for _, a := range q.axes {
		if n := len(f.dict[a.Dim]); n > 0 {
			groups *= int64(n)
		} else if a.Dim == models.DimYear {
			groups *= 10
		}
	}
	return of.count == everyRecord && f.ds.Taken > 0 && f.ds.Taken <= fewRecords && groups > f.ds.Taken/3
}

// eachKept calls fn with the number of every record that meets the conditions,
// from memory. Done is false where that is not how they are best counted.
func (e *Engine) eachKept(ctx context.Context, f *file, q *question, p groupPack, of tally, cs []condition, fn func(word int64)) (done bool, err error) {
	if !f.scattered(q, of) {
		return false, nil
	}
	var read []string
	var parts []packedPart
	for _, part := range p.parts {
		if part.width > 0 {
			read, parts = append(read, part.number()), append(parts, part)
		}
	}
	var tests [][]bool // by condition and number: whether it is taken
	for _, c := range cs {
		if c.sql == "" {
			continue
		}
		if c.column == "" {
			return false, nil
		}
		part, size := packedPart{sql: ident(c.column)}, len(f.dict[c.column])
		if c.column == models.DimYear {
			part.zero, size = 1<<(yearWidth-1), 1<<yearWidth
		}
		takes := make([]bool, size)
		for _, n := range c.take {
			takes[int64(n)+part.zero] = true
		}
		read, tests = append(read, part.number()), append(tests, takes)
	}
	if len(read) == 0 {
		return false, nil
	}
	cols, err := e.columns(ctx, f, of.from, read)
	if err != nil {
		return true, err
	}
	values, tested := cols[:len(parts)], cols[len(parts):]
record:
	for i, first := range cols[0] {
		if first == 0 {
			continue
		}
		for k, takes := range tests {
			if n := int(tested[k][i]) - 1; n >= len(takes) || !takes[n] {
				continue record
			}
		}
		word := int64(1) << p.width
		for k, part := range parts {
			word |= int64(values[k][i]-1) << part.at
		}
		fn(word)
	}
	return true, ctx.Err()
}

// columns gives some columns of a table, each as SQL for a number, and reads
// those that are not kept.
func (e *Engine) columns(ctx context.Context, f *file, from string, sqls []string) ([]column, error) {
	e.facts.mu.Lock()
	defer e.facts.mu.Unlock()
	key := func(sql string) string { return from + coordSep + sql }
	kept := map[string]column{}
	var missing, lists []string
	for _, s := range sqls {
		if c, ok := e.facts.columns.find(key(s)); ok {
			kept[s] = c
		} else if !slices.Contains(missing, s) {
			// Lists come in any order, so each number carries that of its record.
			missing, lists = append(missing, s), append(lists, fmt.Sprintf("list(rowid * %d + %s)", int64(1)<<columnWidth, s))
		}
	}
	if len(missing) > 0 {
		err := e.each(ctx, f, fmt.Sprintf("SELECT %s FROM %s", strings.Join(lists, ", "), from), len(lists), func(found []any) {
			for i, s := range missing {
				words, _ := found[i].([]any)
				kept[s] = newColumn(words)
			}
		})
		if err != nil {
			return nil, err
		}
		for _, s := range missing {
			e.facts.keepColumn(key(s), kept[s])
		}
	}
	out := make([]column, len(sqls))
	for i, s := range sqls {
		out[i] = kept[s]
	}
	return out, nil
}

// keepColumn remembers a column.
func (c *factCache) keepColumn(key string, col column) {
	c.columns.keep(key, col, func(c column) int { return len(c) }, maxColumns)
}

// columnWidth is how many bits a number of a column takes at most.
const columnWidth = unitWidth

func newColumn(words []any) column {
	last := int64(-1)
	for _, w := range words {
		last = max(last, w.(int64)>>columnWidth)
	}
	c := make(column, last+1)
	for _, w := range words {
		n := w.(int64)
		c[n>>columnWidth] = uint32(n&(1<<columnWidth-1)) + 1
	}
	return c
}
