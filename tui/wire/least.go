package wire

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Least is about how few bytes turn one picture into another: the cells that
// differ, and for each run of them the shortest way for the cursor. It may also
// erase the rest of a row or of the screen, and shift rows as lists do. Styles,
// and characters moved within a row, are left out; a renderer that moves them
// can do better by a few bytes.
func Least(from, to Picture) int {
	best := rewrite(from, to)
	for k := 1; k < len(to.Rows); k++ {
		for _, k := range []int{k, -k} {
			if moved, ok := shift(from, to, k); ok {
				best = min(best, shiftBytes+rewrite(moved, to))
			}
		}
	}
	return best
}

// shiftBytes is what taking rows out at one place and putting as many in at
// another costs, with the ways there.
const shiftBytes = len("\x1b[10H\x1b[5M") + len("\x1b[20H\x1b[5L")

// shift moves the longest band of rows that stands k rows further down in the
// old picture to where it stands in the new one.
func shift(from, to Picture, k int) (Picture, bool) {
	first, n := 0, 0
	for y, band := 0, 0; y < len(to.Rows); y++ {
		if y+k < 0 || y+k >= len(from.Rows) || !slices.Equal(to.Rows[y], from.Rows[y+k]) || lastText(to.Rows[y]) == 0 {
			band = 0
			continue
		}
		if band++; band > n {
			first, n = y-band+1, band
		}
	}
	if n < 2 {
		return from, false
	}
	rows := slices.Clone(from.Rows)
	copy(rows[first:first+n], from.Rows[first+k:first+k+n])
	gone := first + n // the rows that came in are blank
	if k < 0 {
		gone = first + k
	}
	for y := gone; y < gone+max(k, -k); y++ {
		rows[y] = []rune(strings.Repeat(" ", len(to.Rows[0])))
	}
	return Picture{rows, 0, min(gone, len(rows)-1)}, true
}

// rewrite writes over what differs, at the least cost of two: leaving the rest
// of the screen, or erasing it from the first row that differs.
func rewrite(from, to Picture) int {
	p := pen{x: from.X, y: from.Y}
	q, erased := p, false
	blank := []rune(strings.Repeat(" ", len(to.Rows[0])))
	for y, row := range to.Rows {
		old := from.Rows[y]
		if !erased && !slices.Equal(old, row) {
			q.move(0, y)
			q.bytes += len("\x1b[J")
			erased = true
		}
		p.row(y, old, row, blank)
		if erased {
			q.row(y, blank, row, blank)
		}
	}
	if !erased {
		return 0
	}
	return min(p.bytes, q.bytes)
}

// row turns one row into another, either over what stands there or after
// erasing it from the first cell that differs.
func (p *pen) row(y int, old, row, blank []rune) {
	over := *p
	over.over(y, old, row)
	for x := range row {
		if old[x] == row[x] {
			continue
		}
		anew := *p
		anew.move(x, y)
		anew.bytes += len("\x1b[K")
		anew.over(y, append(slices.Clone(row[:x]), blank[x:]...), row)
		if anew.bytes < over.bytes {
			over = anew
		}
		break
	}
	*p = over
}

// over writes the cells that differ.
func (p *pen) over(y int, old, row []rune) {
	end := lastText(row)
	for x := 0; x < end; x++ {
		if row[x] != old[x] {
			p.write(x, y, row[x:x+run(old[x:end], row[x:end])])
			x = p.x - 1
		}
	}
	for x := end; x < len(row); x++ {
		if old[x] != ' ' {
			p.move(x, y)
			p.bytes += min(len("\x1b[K"), lastText(old)-x)
			break
		}
	}
}

// run is how many cells from the first, which differs, are written in one go:
// over a gap shorter than the sequence that would jump it.
func run(from, to []rune) int {
	n, gap := 1, 0
	for i := 1; i < len(to); i++ {
		gap += utf8.RuneLen(to[i])
		if to[i] != from[i] {
			n, gap = i+1, 0
		}
		if gap > len("\x1b[9C") {
			break
		}
	}
	return n
}

func lastText(row []rune) int {
	n := len(row)
	for n > 0 && row[n-1] == ' ' {
		n--
	}
	return n
}

// pen counts the bytes of writing on a screen.
type pen struct{ x, y, bytes int }

func (p *pen) write(x, y int, text []rune) {
	p.move(x, y)
	for i := 0; i < len(text); {
		n := 0
		for i+n < len(text) && text[i+n] == ' ' {
			n++
		}
		if n == 0 {
			p.bytes += utf8.RuneLen(text[i])
			i++
			continue
		}
		p.bytes += min(n, len(fmt.Sprintf("\x1b[%dX\x1b[%dC", n, n)))
		i += n
	}
	p.x += len(text)
}

// move counts the shortest way of the cursor.
func (p *pen) move(x, y int) {
	absolute := len(fmt.Sprintf("\x1b[%d;%dH", y+1, x+1))
	if x == 0 {
		absolute = len(fmt.Sprintf("\x1b[%dH", y+1))
	}
	down := 0
	switch d := y - p.y; {
	case d > 0:
		down = min(d, sequence(d)) // line feeds
	case d < 0:
		down = sequence(-d)
	}
	across := min(along(p.x, x), 1+along(0, x)) // after a return
	p.bytes += min(absolute, down+across)
	p.x, p.y = x, y
}

// along is what a move within a row costs.
func along(from, to int) int {
	switch {
	case to > from:
		return sequence(to - from)
	case to < from:
		return min(from-to, sequence(from-to)) // backspaces
	}
	return 0
}

// sequence is the length of one that moves the cursor n cells.
func sequence(n int) int {
	if n == 1 {
		return len("\x1b[C")
	}
	return len(fmt.Sprintf("\x1b[%dC", n))
}
