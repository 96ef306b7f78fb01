package datasets

import (
	"fmt"
	"strings"
)

// columnRange reads a range of columns such as B:H, or B alone.
func columnRange(s string) (columnSpan, error) {
	if s == "" {
		return columnSpan{from: 1}, nil
	}
	a, b, ok := strings.Cut(s, ":")
	if !ok {
		b = a
	}
	r := columnSpan{columnOf(a), columnOf(b)}
	if columnName(r.from) != strings.ToUpper(a) || columnName(r.to) != strings.ToUpper(b) || r.from < 1 || r.to < r.from || r.to > maxSheetColumns {
		return r, fmt.Errorf("%q is no range of columns", Clean(s))
	}
	return r, nil
}

// beside is one of several tables that stand next to each other.
type beside struct{ from, to int }

// sideBySide is an error where a sheet holds two tables next to each other:
// rows of the one have nothing to do with the rows of the other.
func sideBySide(file, sheet string, t *Table) error {
	fr, err := t.frame()
	if err != nil || fr.rows == 0 {
		return nil
	}
	blocks := besides(t.Head, fr)
	if len(blocks) < 2 {
		return nil
	}
	var ranges []string
	for _, b := range blocks {
		ranges = append(ranges, columnName(b.from+1)+":"+columnName(b.to+1))
	}
	f := problem(file, fmt.Sprintf("%d tables stand side by side, in the columns %s", len(ranges), strings.Join(ranges, " and ")),
		fmt.Sprintf("Load each with --columns, such as --columns %s; where they are one table, say --columns %s:%s",
			ranges[0], columnName(blocks[0].from+1), columnName(blocks[len(blocks)-1].to+1)))
	f.Sheet = Clean(sheet)
	return f
}

// besides finds tables next to each other: blocks of columns with an empty
// column between them, of which a later one begins like a table of its own. Its
// first column is called as that of the first block, or both begin with labels
// and go on with numbers. Official tables often have an empty column for looks;
// behind it stand more numbers, and no labels.
func besides(head [][]string, fr frame) []beside {
	var blocks []beside
	last := fr.header + fr.rows - 1
	cell := func(r, c int) string {
		if c < len(head[r]) {
			return strings.TrimSpace(head[r][c])
		}
		return ""
	}
	for c := range fr.names {
		filled := false
		for r := fr.header; r < len(head) && !filled; r++ {
			filled = cell(r, c) != ""
		}
		switch n := len(blocks); {
		case !filled:
		case n > 0 && blocks[n-1].to == c-1:
			blocks[n-1].to = c
		default:
			blocks = append(blocks, beside{c, c})
		}
	}
	var out []beside
	for i, b := range blocks {
		if b.to == b.from || cell(last, b.from) == "" || cell(last, b.from+1) == "" {
			continue
		}
		if i == 0 || len(out) == 0 {
			out = append(out, b)
			continue
		}
		same := strings.EqualFold(cell(last, b.from), cell(last, out[0].from)) && strings.EqualFold(cell(last, b.from+1), cell(last, out[0].from+1))
		if same || labelled(head[last+1:], b) && labelled(head[last+1:], out[0]) {
			out = append(out, b)
		}
	}
	return out
}

// labelled reports whether a block begins with texts and goes on with numbers.
func labelled(rows [][]string, b beside) bool {
	texts, numbers, n := 0, 0, 0
	for _, r := range rows {
		if b.from >= len(r) || strings.TrimSpace(r[b.from]) == "" {
			continue
		}
		n++
		if kindOf(r[b.from]) == textKindOf {
			texts++
		}
		for c := b.from + 1; c <= b.to && c < len(r); c++ {
			if k := kindOf(r[c]); strings.TrimSpace(r[c]) != "" && k == numberCell {
				numbers++
				break
			}
		}
	}
	return n > 1 && texts*5 >= n*4 && numbers*5 >= n*4
}
