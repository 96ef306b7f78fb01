package datasets

import (
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// frame says where the table stands among the rows of a file or a sheet: what
// is banner, what is header, where the data begin and end. It is found in the
// same way for every format, and a Shape overrides each part of it.
type frame struct {
	header int      // position in the first rows of the header's first row
	rows   int      // how many rows the header takes up; 0 where there is none
	first  int      // position of the first row of data
	last   int64    // row of the file in which the data end; 0 for its last
	names  []string // one for each column: cleaned, filled and unique
	titles []string // the header as it is printed: its rows joined by a blank
	why    string   // how the header was found, for a screen
	doubt  string   // what speaks against it
}

// maxHeaderRows is how many rows a header may take up.
const maxHeaderRows = 3

// joinRows stands between the parts of a name from several header rows.
const joinRows = " / "

// findFrame finds the table in the first rows of a file. The numbers of the
// rows, as a person counts them, are given where they are not 1, 2, 3... In a
// text file an empty cell at the end of a row is stated, in a sheet it is not.
func findFrame(head [][]string, shape Shape, at []int64, text bool) (frame, error) {
	g := &grid{head: head, text: text}
	g.measure()
	var fr frame
	if err := fr.place(g, shape, at); err != nil {
		return fr, err
	}
	fr.name(g)
	fr.last = int64(shape.Last)
	return fr, nil
}

// place sets where the header and the data begin.
func (fr *frame) place(g *grid, shape Shape, at []int64) error {
	find := func(row int) (int, error) {
		for i := range g.head {
			if at == nil && i+1 == row || at != nil && at[i] == int64(row) {
				return i, nil
			}
		}
		return 0, fmt.Errorf("row %d is not among the first %d rows of the table, or lies inside another row", row, headRows)
	}
	switch {
	case shape.HeaderRows < 0 && shape.Header == 0 && shape.First == 0:
		fr.header, fr.rows = g.firstDense(), 0
		fr.why = "no header, as stated"
	case shape.HeaderRows < 0:
		i, err := find(max(shape.First, shape.Header))
		if err != nil {
			return err
		}
		fr.header, fr.rows, fr.why = i, 0, "no header, as stated"
	case shape.Header > 0:
		i, err := find(shape.Header)
		if err != nil {
			return err
		}
		fr.header, fr.rows, fr.why = i, 1, "the header's row is stated"
		if shape.HeaderRows == 0 {
			fr.rows += g.moreHeader(i)
		}
	default:
		fr.guess(g)
	}
	if shape.HeaderRows > 0 {
		if shape.Header == 0 && fr.rows > 0 {
			fr.header += max(0, fr.rows-shape.HeaderRows) // those nearest to the data
		}
		fr.rows = shape.HeaderRows
	}
	if fr.header+fr.rows > len(g.head) {
		return fmt.Errorf("a header of %d rows from row %d on goes beyond the table", fr.rows, fr.header+1)
	}
	fr.first = fr.header + fr.rows
	if shape.First > 0 {
		if i, err := find(shape.First); err == nil && i >= fr.first {
			fr.first = i
		} else {
			return fmt.Errorf("the data cannot begin in row %d: it is not below the header, or not among the first %d rows", shape.First, headRows)
		}
	}
	return nil
}

// guess finds the header by what the rows hold.
func (fr *frame) guess(g *grid) {
	fr.header = g.firstDense()
	for fr.header+2 < len(g.head) && g.loose(fr.header) { // a banner over a narrow table
		fr.header++
		for g.filled[fr.header] == 0 {
			fr.header++
		}
	}
	fr.header = g.fuller(fr.header)
	like := g.score(fr.header, fr.header+1)
	if like.data > 0 && like.names == 0 && (like.data > 1 || g.columns(fr.header) == 1) && !g.isSpanned(fr.header) {
		fr.rows = 0
		fr.why = fmt.Sprintf("no header: the first row has in %s what the rows below have", models.Many(like.data, "columns"))
		return
	}
	fr.rows = 1 + g.moreHeader(fr.header)
	for fr.rows < maxHeaderRows && fr.header > 0 && g.group(fr.header-1, fr.header) {
		fr.header--
		fr.rows++
	}
	switch {
	case like.names > 0:
		fr.why = fmt.Sprintf("names stand above values in %s", models.Many(like.names, "columns"))
	case len(g.head) == 1:
		fr.why = "there is one row"
		n := 0
		for _, c := range g.head[0] {
			if k := kindOf(c); k != textKindOf && k != yearCell {
				n++
			}
		}
		if n*3 >= g.filled[0] && n > 0 {
			fr.doubt = "the only row holds values and may be data and no header"
		}
	default:
		fr.why = "the first row in which most columns are filled"
		if like.data > 0 {
			fr.doubt = "the first row may be data and no header"
		}
	}
}

// name joins the rows of the header into one name for each column.
func (fr *frame) name(g *grid) {
	if fr.rows == 0 {
		fr.number(g.width(fr.first))
		return
	}
	rows := g.spread(fr.header, fr.rows)
	width := 0
	for _, r := range rows {
		width = max(width, len(r))
	}
	names := make([]string, width)
	fr.titles = make([]string, width)
	for c := range width {
		var all, parts []string
		for _, r := range rows {
			if c >= len(r) || strings.TrimSpace(r[c]) == "" {
				continue
			}
			one := r[c]
			if len(rows) > 1 {
				one = strings.TrimSpace(one)
			}
			all = append(all, one)
			if len(parts) == 0 || parts[len(parts)-1] != one {
				parts = append(parts, one)
			}
		}
		names[c], fr.titles[c] = strings.Join(parts, joinRows), strings.Join(all, " ")
	}
	fr.names = columnNames(names)
}

// number names the columns of a table without a header.
func (fr *frame) number(n int) {
	fr.names = make([]string, n)
	for i := range fr.names {
		fr.names[i] = fmt.Sprintf("column %d", i+1)
	}
	fr.titles = fr.names
}

// grid is the first rows of a table, with what is known of its columns.
type grid struct {
	head   [][]string
	filled []int // cells with text in each row
	widest int
	text   bool // rows of a text file, in which empty cells to the right are stated
}

func (g *grid) measure() {
	g.filled = make([]int, len(g.head))
	for i, r := range g.head {
		for _, c := range r {
			if strings.TrimSpace(c) != "" {
				g.filled[i]++
			}
		}
		g.widest = max(g.widest, g.filled[i])
	}
}

// firstDense is the first row in which most columns are filled.
func (g *grid) firstDense() int {
	for i, n := range g.filled {
		if n*2 > g.widest {
			return i
		}
	}
	return 0
}

// loose reports whether a row stands apart from a wider table below it: the
// next row is empty.
func (g *grid) loose(i int) bool {
	return g.filled[i] < 3 && g.filled[i+1] == 0 && g.filled[i+2] > g.filled[i]
}

func (g *grid) width(i int) int {
	w := 0
	for _, r := range g.head[min(i, len(g.head)):] {
		if g.text {
			w = max(w, len(r))
			continue
		}
		for c := range r {
			if strings.TrimSpace(r[c]) != "" {
				w = max(w, c+1)
			}
		}
	}
	return w
}

func (g *grid) columns(i int) int { return g.width(i) }

func (g *grid) cell(i, c int) string {
	if i >= len(g.head) || c >= len(g.head[i]) {
		return ""
	}
	return strings.TrimSpace(g.head[i][c])
}

// likeness counts the columns in which a row looks like a name above values,
// and those in which it looks like one of the values.
type likeness struct{ names, data int }

// score compares a row with the rows from another one on.
func (g *grid) score(i, from int) likeness {
	var l likeness
	for c := range len(g.head[i]) {
		v := g.cell(i, c)
		if v == "" || isMissing(v) {
			continue
		}
		kind, same := g.kindBelow(i, from, c, v)
		switch k := kindOf(v); {
		case same:
			l.data++
		case kind == textKindOf || k == yearCell && kind != yearCell:
		case k == kind || k == numberCell && kind == yearCell:
			l.data++
		case k == textKindOf:
			l.names++
		}
	}
	return l
}

// kindBelow is the kind of nearly all cells in a column below a row, or text
// where there is none; same tells that one of them is the value itself, in a
// row that is not the row over again.
func (g *grid) kindBelow(i, from, c int, v string) (kind cellKind, same bool) {
	counts := map[cellKind]int{}
	n := 0
	for r := from; r < len(g.head); r++ {
		w := g.cell(r, c)
		if w == "" || isMissing(w) || g.filled[r]*2 <= g.widest {
			continue
		}
		k := kindOf(w)
		if w == v {
			if g.same(i, r)*10 >= g.filled[i]*9 { // the header over again
				continue
			}
			same = same || len(v) > 0
		}
		counts[k]++
		n++
	}
	for k, times := range counts {
		if k != textKindOf && times*5 >= n*4 {
			return k, same
		}
	}
	if n > 0 && (counts[yearCell]+counts[numberCell])*5 >= n*4 {
		return numberCell, same
	}
	return textKindOf, same
}

// same counts the cells of a row that another row has in the same place.
func (g *grid) same(i, j int) int {
	n := 0
	for c := range g.head[i] {
		if v := g.cell(i, c); v != "" && v == g.cell(j, c) {
			n++
		}
	}
	return n
}

// alike reports whether most cells of two rows are the same.
func (g *grid) alike(i, j int) bool {
	return g.same(i, j)*2 >= g.filled[i] && g.filled[j]*2 >= g.filled[i]
}

// isSpanned reports whether a row names several columns at once, as the upper
// row of a header does: the same name again, or a name and then nothing.
func (g *grid) isSpanned(i int) bool {
	if i+1 >= len(g.head) {
		return false
	}
	seen := map[string]bool{}
	for c := range g.width(i) {
		v := g.cell(i, c)
		if v == "" && g.cell(i+1, c) != "" || v != "" && seen[v] {
			return true
		}
		seen[v] = true
	}
	return false
}

// moreHeader is how many rows directly below a header row belong to it.
func (g *grid) moreHeader(i int) int {
	n := 0
	for n+1 < maxHeaderRows && i+n+2 < len(g.head) {
		r := i + n + 1
		if g.filled[r] < 2 && (g.filled[r] == 0 || !g.isSpanned(r-1)) {
			break
		}
		l := g.score(r, r+1)
		needed := g.isSpanned(r-1) || g.alike(r, r-1) || g.units(r)
		if l.data > 0 || l.names == 0 && !g.under(r) || !needed && (l.names < 2 || g.filled[r]*10 < g.filled[i]*9 || l.names*2 < g.filled[r]) {
			break
		}
		if !needed && g.score(i, r+1).names < l.names { // the row above is no better a header
			break
		}
		n++
	}
	return n
}

// under reports whether a row names the columns of the groups in the row above
// it and is no row of data: it is empty in columns that all rows below fill.
func (g *grid) under(i int) bool {
	above := i - 1
	grouped, empty := false, 0
	for c := range g.width(above) {
		v, own := g.cell(above, c), g.cell(i, c)
		group := v == "" || c > 0 && v == g.cell(above, c-1) || v == g.cell(above, c+1) || g.cell(above, c+1) == "" && g.cell(i, c+1) != ""
		switch {
		case group && own == "":
			return false
		case group:
			grouped = true
		case own == "" && g.fullBelow(i, c):
			empty++
		}
	}
	return grouped && empty > 1
}

// fullBelow reports whether a column has text in every row below one, but for
// rows that are nearly empty, such as totals and notes.
func (g *grid) fullBelow(i, c int) bool {
	rows := 0
	for r := i + 1; r < len(g.head); r++ {
		if g.filled[r]*2 <= g.widest {
			continue
		}
		if g.cell(r, c) == "" {
			return false
		}
		rows++
	}
	return rows > 1
}

// units reports whether a row states units of measurement, in brackets.
func (g *grid) units(i int) bool {
	n := 0
	for c := range g.head[i] {
		if v := g.cell(i, c); strings.HasPrefix(v, "(") || strings.HasPrefix(v, "[") {
			n++
		}
	}
	return n > 0 && n*2 >= g.filled[i]
}

// group reports whether a row is the upper row of the header below it: it
// names several columns at once, and is no title.
func (g *grid) group(i, below int) bool {
	if g.filled[i] == 0 {
		return false
	}
	gap, hole, last := false, false, -1
	for c := range g.width(i) {
		v := g.cell(i, c)
		if v == "" {
			continue
		}
		if len(v) > 80 || strings.HasSuffix(v, ":") {
			return false
		}
		gap = gap || c > last+1
		hole = hole || g.cell(below, c) == ""
		last = c
	}
	if g.filled[i] == 1 {
		return hole && last > 0
	}
	return (gap || hole) && last < g.width(below) && g.spans(i, below) && g.score(i, below+1).data == 0
}

// fuller passes over loose text above a header: a row below has more names,
// and no row down to it names several columns at once.
func (g *grid) fuller(i int) int {
	for j := i + 1; j <= i+2 && j+1 < len(g.head) && !g.spans(j-1, j); j++ {
		if l := g.score(j, j+1); g.distinct(j) > g.distinct(i) && l.names > 0 && l.data == 0 && g.score(i, j).data == 0 {
			return j
		}
	}
	return i
}

// distinct counts the texts of a row that differ.
func (g *grid) distinct(i int) int {
	seen := map[string]bool{}
	for c := range g.head[i] {
		if v := g.cell(i, c); v != "" {
			seen[v] = true
		}
	}
	return len(seen)
}

// spans reports whether half of the names in a row, at least, stand above
// several columns of the row below. Where fewer do, it is loose text.
func (g *grid) spans(i, below int) bool {
	names, wide, run := 0, 0, 0
	for c := range g.width(below) {
		v, under := g.cell(i, c), g.cell(below, c) != ""
		switch {
		case v != "" && under && (c == 0 || v != g.cell(i, c-1)):
			names, run = names+1, 1
		case v != "" && !under:
			run = 0
		case under && run > 0:
			if run++; run == 2 {
				wide++
			}
		}
	}
	return wide > 0 && wide*2 >= names
}

// spread gives the rows of a header, each cell of all rows but the lowest
// running to the right over the empty cells that it is merged with.
func (g *grid) spread(from, n int) [][]string {
	width := g.width(from)
	rows := make([][]string, n)
	for r := range n {
		row := make([]string, max(width, len(g.head[from+r])))
		for c := range row {
			if from+r < len(g.head) && c < len(g.head[from+r]) {
				if row[c] = g.head[from+r][c]; strings.TrimSpace(row[c]) == "" {
					row[c] = ""
				}
			}
		}
		rows[r] = row
	}
	for r := range n - 1 {
		run := ""
		for c := range rows[r] {
			switch {
			case rows[r][c] != "":
				run = rows[r][c]
			case r > 0 && c > 0 && rows[r-1][c] != rows[r-1][c-1]:
				run = "" // another group begins in the row above
			case slices.ContainsFunc(rows[r+1:], func(low []string) bool { return c < len(low) && low[c] != "" }):
				rows[r][c] = run
			}
		}
	}
	if n == 1 { // no more columns than it has cells, named or not
		rows[0] = rows[0][:len(g.head[from])]
	}
	return rows
}

// notesBelow tells how many of the last rows of a table are notes below it:
// one cell of text each, which stands behind an empty row, is a sentence, or
// begins as notes do. Rows of a text file that have fewer cells than the table
// is wide are short by intent.
func notesBelow(tail [][]string, width int, text bool) int {
	n := 0
	for i := len(tail) - 1; i >= 0; i-- {
		filled, first := 0, ""
		for _, c := range tail[i] {
			if c = strings.TrimSpace(c); c != "" {
				if filled++; first == "" {
					first = c
				}
			}
		}
		full := text && len(tail[i]) >= width // it has the delimiters of a row
		switch {
		case filled == 0:
			continue
		case width < 2 || filled > 1 || kindOf(first) != textKindOf && kindOf(first) != linkCell || full && (width < 3 || !noteWord(first) || strings.TrimSpace(tail[i][0]) == ""):
			return n
		case noteWord(first), len(first) > 60, i > 0 && isEmpty(tail[i-1]), text && len(tail[i]) == 1 && width > 2:
			n = len(tail) - i
		default: // it may belong to a note above it
			if !noteAbove(tail[:i]) {
				return n
			}
			n = len(tail) - i
		}
	}
	return n
}

// noteAbove reports whether the rows end in single cells with a note's first
// word or an empty row above them.
func noteAbove(rows [][]string) bool {
	for i := len(rows) - 1; i >= 0; i-- {
		filled, first := 0, ""
		for _, c := range rows[i] {
			if c = strings.TrimSpace(c); c != "" {
				filled, first = filled+1, c
			}
		}
		if filled != 1 {
			return filled == 0
		}
		if noteWord(first) || len(first) > 60 {
			return true
		}
	}
	return false
}

func isEmpty(row []string) bool {
	return !slices.ContainsFunc(row, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// noteWord reports whether a text begins as the notes below a table do.
func noteWord(s string) bool {
	low := strings.ToLower(strings.TrimSpace(s))
	for _, w := range []string{"note", "source", "footnote", "*", "(1)", "1)", "1.", "data as of", "last updated", "prepared by", "remark", "legend", "©", "†"} {
		if strings.HasPrefix(low, w) {
			return true
		}
	}
	return false
}

// cellKind is what the text of a cell looks like.
type cellKind uint8

const (
	textKindOf cellKind = iota
	numberCell
	yearCell
	dateCell
	timeCell
	codeCell // letters and digits mixed, as in MG-8769
	linkCell
)

// isMissing reports whether a cell stands for nothing stated.
func isMissing(s string) bool {
	switch strings.ToLower(s) {
	case "-", "--", "..", "...", "n/a", "na", "nil", "null", "none", "x", "*", "#", ":", "–", "—", "nan", "\\n":
		return true
	}
	return strings.HasPrefix(s, "<") || strings.HasPrefix(s, ">")
}

// kindOf looks at the signs of a text: it says of what kind a cell is, and
// need not say what it means.
func kindOf(s string) cellKind {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") {
		return linkCell
	}
	if len(s) > 40 {
		return textKindOf
	}
	digits, letters, colons, seps, others, spaces := 0, 0, 0, 0, 0, 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '+' && i > 0: // 18+
			return textKindOf
		case r == ':':
			colons++
		case r == '/' || r == '-':
			seps++
		case r == '.' || r == ',' || r == '+' || r == '%' || r == '$' || r == '€' || r == '£' || r == '\u00a0' || r == '\'':
		case r == ' ':
			spaces++
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 127:
			letters++
		default:
			others++
		}
	}
	switch {
	case digits == 0 || others > 1:
		return textKindOf
	case letters == 0 && colons > 0 && seps == 0:
		return timeCell
	case letters <= 1 && seps >= 2 && digits >= 4, letters == 3 && digits >= 3 && seps == 2, colons > 0 && seps >= 2:
		return dateCell
	case letters == 0 && digits == 4 && len(s) == 4 && (s[0] == '1' && s[1] >= '8' || s[0] == '2' && s[1] <= '1'):
		return yearCell
	case letters == 0 && seps == 1 && digits >= 6 && s[0] != '-' && strings.IndexAny(s, "/-") == 4: // 2019/20, 2024-05
		return yearCell
	case letters == 0 && (seps == 0 || seps == 1 && strings.HasPrefix(s, "-")):
		return numberCell
	case strings.ContainsAny(s, "eE") && letters == 1 && digits > 1 && s[0] != 'e' && s[0] != 'E':
		return numberCell
	case letters > 0 && digits > 2 && spaces == 0 && seps > 0:
		return codeCell
	}
	return textKindOf
}

// describe says in findings where the table stands, where that is not plain.
func (fr *frame) describe(head [][]string, at []int64) []models.Finding {
	row := func(i int) int64 {
		if at != nil && i < len(at) {
			return at[i]
		}
		return int64(i + 1)
	}
	var out []models.Finding
	switch {
	case fr.rows == 0:
		out = append(out, models.Finding{Severity: models.Doubt, What: "the table has no header (" + fr.why + "); its columns are called " + joinFew(fr.names),
			Do: "State the header's row with --header if there is one"})
	case fr.rows > 1:
		out = append(out, models.Finding{Severity: models.Note, What: fmt.Sprintf("the header takes up %d rows, %d to %d; a column's name is made of all of them: %s",
			fr.rows, row(fr.header), row(fr.header+fr.rows-1), joinFew(fr.names)), Do: "Say --header-rows 1 if that is wrong"})
	}
	if fr.doubt != "" {
		out = append(out, models.Finding{Severity: models.Doubt, What: fr.doubt, Do: "Say --header-rows -1 if there is no header"})
	}
	if fr.header > 0 {
		where, what := "the header is row", banners(head[:fr.header])
		if fr.rows == 0 {
			where = "the data begin in row"
		}
		if len(what) > 0 {
			out = append(out, models.Finding{Severity: models.Note,
				What: fmt.Sprintf("%s %d; above it stands: %s", where, row(fr.header), strings.Join(what, " / "))})
		}
	}
	return out
}

func joinFew(names []string) string {
	if len(names) > 6 {
		return strings.Join(names[:5], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}
