package query

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"tiplens/models"
)

// A cube is a table beside the records of a file: how many there are for each
// combination of a few columns. A question that reads only these columns adds
// up its groups, which are few however many the records, instead of counting
// records. A cube holds nothing that the records do not say, so a file without
// cubes answers the same, only later.
type cube struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
	Groups  int64    `json:"groups"`
	Records int64    `json:"records"`

	checked
}

// checked is whether a table beside the records is what its description says:
// it is looked at before it is used for the first time.
type checked struct {
	once  sync.Once
	wrong bool
}

// sound looks once. The context is not that of the question at hand, which may
// be given up while others wait for the same.
func (c *checked) sound(ctx context.Context, fine func(context.Context) bool) bool {
	c.once.Do(func() { c.wrong = !fine(context.WithoutCancel(ctx)) })
	return !c.wrong
}

// readCubes reads which cubes a file has, smallest first. What cannot be read
// is as good as none.
func (f *file) readCubes(text string) {
	if json.Unmarshal([]byte(text), &f.cubes) != nil {
		f.cubes = nil
	}
	f.cubes = slices.DeleteFunc(f.cubes, func(c *cube) bool { return c == nil })
	slices.SortStableFunc(f.cubes, func(x, y *cube) int { return int(x.Groups - y.Groups) })
}

// tally is where records are counted, and how.
type tally struct {
	from  string // a table
	count string // the number of records of a group
}

// everyRecord counts the records of a group, where they are not counted yet.
const everyRecord = "count(*)"

// tally picks the smallest cube that has all that a question reads of the
// records, else the records themselves.
func (e *Engine) tally(ctx context.Context, f *file, q *question) tally {
	if len(f.cubes) > 0 {
		if columns, ok := f.reads(q); ok {
			for _, c := range f.cubes {
				if c.holds(columns) && e.sound(ctx, f, c) {
					return f.groupsOf(c)
				}
			}
		}
	}
	return f.records()
}

// records are those of a file, one by one.
func (f *file) records() tally { return tally{ident(f.alias) + ".observation", everyRecord} }

// groupsOf are the same, added up by a cube.
func (f *file) groupsOf(c *cube) tally {
	return tally{ident(f.alias) + "." + ident(c.Table), "sum(n)::BIGINT"}
}

func (c *cube) holds(columns []string) bool {
	return !slices.ContainsFunc(columns, func(x string) bool { return !slices.Contains(c.Columns, x) })
}

// reads lists the columns that a question about records reads, the year and
// what every cube has aside. It is false where no cube will do: for stops on
// the way, and for times finer than years.
func (f *file) reads(q *question) (columns []string, ok bool) {
	dated := func(sql string) bool { return strings.Contains(sql, "period_") }
	for _, t := range q.terms {
		switch {
		case t.Dim == models.DimDataset:
		case t.Dim == models.DimYear:
			if dated(timeCondition(t, f.multiYear).sql) {
				return nil, false
			}
		case f.isLeg(t.Dim):
			return nil, false
		default:
			columns = append(columns, t.Dim)
		}
	}
	for _, a := range q.axes {
		switch {
		case a.Dim == models.DimDataset:
		case a.Dim == models.DimYear:
			if dated(timeSQL(a.Level)) {
				return nil, false
			}
		case f.isLeg(a.Dim):
			return nil, false
		default:
			columns = append(columns, a.Dim)
		}
	}
	if q.mayMixOffences() {
		columns = append(columns, models.DimOffence)
	}
	return columns, true
}

// sound reports whether a cube counts all records and has no number beyond a
// dictionary, which later code takes for granted.
func (e *Engine) sound(ctx context.Context, f *file, c *cube) bool {
	return c.checked.sound(ctx, func(ctx context.Context) bool {
		tests := []string{fmt.Sprintf("sum(n) = %d", c.Records), "min(n) > 0"}
		for _, column := range c.Columns {
			tests = append(tests, fmt.Sprintf("max(%s) < %d", ident(column), len(f.dict[column])))
		}
		var fine bool
		err := e.db.QueryRowContext(ctx, fmt.Sprintf("SELECT coalesce(%s, false) FROM %s.%s",
			strings.Join(tests, " AND "), ident(f.alias), ident(c.Table))).Scan(&fine)
		return err == nil && fine
	})
}
