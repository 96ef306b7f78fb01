package query

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// matcher decides for one dimension of one file which codes a filter takes.
type matcher struct {
	cat  *models.Catalog
	term models.Term
}

// takes reports whether a single code meets the filter, leaving its "not"
// aside. Reporter is the reporting country, for nationals and foreigners.
func (m matcher) takes(code, reporter string) bool {
	for _, want := range m.term.Codes {
		if m.under(code, want, reporter) {
			return true
		}
	}
	return false
}

func (m matcher) under(code, want, reporter string) bool {
	return m.cat.Under(m.term.Dim, code, want, reporter)
}

// takesEntry applies the filter, "not" included, to a dictionary entry of
// records. A record that is not broken down by the dimension does not state it.
func (m matcher) takesEntry(e entry, reporter string) bool {
	if e.code == models.NoSense {
		return slices.Contains(m.term.Codes, e.code) && !m.term.Not
	}
	return slices.ContainsFunc(e.stated(), func(c string) bool { return m.takes(c, reporter) }) != m.term.Not
}

// condition is what records must meet: a piece of SQL without parameters, which
// holds numbers only. Where it takes some numbers of one column, it says which.
type condition struct {
	sql    string // "" where every record meets it
	column string
	take   []int // of the column year: years
}

// never is met by no record.
var never = condition{sql: "false"}

// whereSQL joins conditions.
func whereSQL(cs []condition) string {
	var parts []string
	for _, c := range cs {
		if c.sql != "" {
			parts = append(parts, c.sql)
		}
	}
	if len(parts) == 0 {
		return "true"
	}
	return strings.Join(parts, " AND ")
}

// numberCondition selects dictionary numbers as few ranges as possible, so
// that DuckDB can skip whole blocks; of the numbers and their complement the
// shorter list is written.
func numberCondition(column string, take []int, size int) condition {
	if len(take) == size {
		return condition{}
	}
	if len(take) == 0 {
		return never
	}
	in, out := ranges(take), ranges(complement(take, size))
	sql := "(" + rangeSQL(column, in) + ")"
	if len(out) < len(in) {
		sql = "NOT (" + rangeSQL(column, out) + ")"
	}
	return condition{sql, column, take}
}

func complement(take []int, size int) []int {
	var out []int
	for n := range size {
		if _, ok := slices.BinarySearch(take, n); !ok {
			out = append(out, n)
		}
	}
	return out
}

func ranges(ns []int) [][2]int {
	var out [][2]int
	for _, n := range ns {
		if k := len(out); k > 0 && out[k-1][1] == n-1 {
			out[k-1][1] = n
		} else {
			out = append(out, [2]int{n, n})
		}
	}
	return out
}

func rangeSQL(column string, rs [][2]int) string {
	var parts []string
	for _, r := range rs {
		if r[0] == r[1] {
			parts = append(parts, fmt.Sprintf("%s = %d", ident(column), r[0]))
		} else {
			parts = append(parts, fmt.Sprintf("%s BETWEEN %d AND %d", ident(column), r[0], r[1]))
		}
	}
	return strings.Join(parts, " OR ")
}

// timeCondition takes what lies wholly inside one of the spans, and rows of an
// unknown year where the filter names them.
func timeCondition(t models.Term, multiYear bool) condition {
	var parts []string
	var take []int
	whole := !t.Not && len(t.Codes) == 0
	for _, p := range t.Spans {
		y1, m1, d1 := p.Start.Civil()
		y2, m2, d2 := p.End.Civil()
		if m1 == 1 && d1 == 1 && m2 == 12 && d2 == 31 && !multiYear {
			parts = append(parts, fmt.Sprintf("year BETWEEN %d AND %d", y1, y2))
			for y := max(y1, math.MinInt16); y <= min(y2, math.MaxInt16); y++ { // as they are stored
				take = append(take, y)
			}
			continue
		}
		whole = false
		parts = append(parts, fmt.Sprintf("(period_start >= DATE '%s' AND period_end <= DATE '%s' AND (year BETWEEN %d AND %d OR year IS NULL))", p.Start, p.End, y1, y2))
	}
	if slices.Contains(t.Codes, models.Unknown) {
		parts = append(parts, "(year IS NULL AND period_start IS NULL)")
	}
	c := "(" + strings.Join(parts, " OR ") + ")"
	if t.Not {
		c = "(NOT coalesce(" + c + ", false))"
	}
	if whole {
		return condition{c, models.DimYear, take}
	}
	return condition{sql: c}
}

// inSpans reports whether a period meets a time filter.
func inSpans(t models.Term, p models.Period) bool {
	in := false
	for _, s := range t.Spans {
		in = in || s.Contains(p)
	}
	if p.Start == models.NoDate && p.End == models.NoDate {
		in = in || slices.Contains(t.Codes, models.Unknown)
	}
	return in != t.Not
}
