package datasets

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"

	"tiplens/models"
)

// dialect is how a text file separates and quotes its fields.
type dialect struct {
	delim   byte   // first character between two fields
	more    []byte // the others, where a delimiter has several
	quote   byte   // 0 when the file quotes nothing
	escape  byte   // before a quote that belongs to the text; 0 when it is doubled
	comment byte   // lines that begin with it are no rows; 0 for none
	ends    lineEnd
	enc     encoding.Encoding // nil for UTF-8
	why     string            // how sure the decision is, for a screen
}

// lineEnd is what ends the lines of a file.
type lineEnd uint8

const (
	endLF   lineEnd = iota // or CRLF
	endCR                  // carriage returns alone
	endBoth                // some lines so and some so
)

// loose reports whether records cannot be cut at every line end with an even
// number of quotes before it: an apostrophe is text more often than a quote,
// and an escaped quote does not count.
func (d *dialect) loose() bool { return d.quote == '\'' || d.escape != 0 }

// String names a dialect for people.
func (d *dialect) String() string {
	s := delimiterName(d.delimiter())
	switch {
	case d.quote == '\'':
		s += ", quoted by apostrophes"
	case d.quote == 0:
		s += ", nothing quoted"
	case d.quote != '"':
		s += fmt.Sprintf(", quoted by %q", d.quote)
	}
	if d.escape != 0 {
		s += fmt.Sprintf(", escaped by %s", string(rune(d.escape)))
	}
	return s
}

func (d *dialect) delimiter() string { return string(append([]byte{d.delim}, d.more...)) }

func delimiterName(s string) string {
	switch s {
	case ",":
		return "comma"
	case ";":
		return "semicolon"
	case "\t":
		return "tab"
	case "|":
		return "bar"
	case " ":
		return "blank"
	case ", ":
		return "comma and blank"
	case ":":
		return "colon"
	case "^":
		return "caret"
	case "~":
		return "tilde"
	}
	return fmt.Sprintf("%q", s)
}

// next finds the first delimiter; -1 where there is none.
func (d *dialect) next(rec []byte) int {
	if d.more == nil {
		return bytes.IndexByte(rec, d.delim)
	}
	for at := 0; ; {
		i := bytes.IndexByte(rec[at:], d.delim)
		if i < 0 {
			return -1
		}
		if bytes.HasPrefix(rec[at+i+1:], d.more) {
			return at + i
		}
		at += i + 1
	}
}

// size is the length of a delimiter in bytes.
func (d *dialect) size() int { return 1 + len(d.more) }

// mainDelims are used by nearly all files; the others need better evidence.
var mainDelims = []string{",", ";", "\t", "|"}

// rareDelims are tried with their weight against the main ones.
var rareDelims = []struct {
	delim  string
	weight float64
}{
	{", ", 1.05}, {"; ", 1.05}, {"| ", 1.05}, {" | ", 1.06}, {"||", 1.15}, {";;", 1.15}, {"::", 0.95}, {"|~|", 1.05}, {"~|~", 1.05}, {"\t\t", 0.95}, {"^^", 1}, {"~~", 1},
	{"^", 0.95}, {"~", 0.95}, {"\x01", 0.97}, {"\x1f", 0.97}, {"\x1e", 0.95}, {"¦", 0.95}, {"§", 0.95}, {"¬", 0.95},
	{" ", 0.6}, {":", 0.6}, {"!", 0.5}, {"#", 0.5}, {"&", 0.5}, {"*", 0.5}, {"=", 0.5}, {"@", 0.5}, {"/", 0.4}, {"+", 0.4},
}

// maxScored is how many rows of a sample are parsed to weigh a dialect.
const maxScored = 400

// findDialect weighs every dialect a text may have, and takes the one that
// cuts its lines into rows of the same width with the cleanest cells. What a
// person has stated is not weighed.
func findDialect(text []byte, whole bool, shape Shape) *dialect {
	lines := sampleLines(text, whole)
	var quotes []byte
	switch q := shape.Quote; {
	case strings.EqualFold(q, "none"):
		quotes = []byte{0}
	case q != "":
		quotes = []byte{q[0]}
	default:
		quotes = []byte{'"'}
		if apostrophes(lines) {
			quotes = append(quotes, '\'')
		}
	}
	escapes := []byte{0}
	switch e := namedCharacter(shape.Escape); {
	case e != "":
		escapes = []byte{e[0]}
	case bytes.Contains(text, []byte(`\"`)) || bytes.Contains(text, []byte(`\'`)):
		escapes = append(escapes, '\\')
	}
	type choice struct {
		text   string
		weight float64
	}
	var delims []choice
	if shape.Delimiter != "" {
		delims = []choice{{namedCharacter(shape.Delimiter), 1}}
	} else {
		for _, m := range mainDelims {
			delims = append(delims, choice{m, 1})
		}
		for _, r := range rareDelims {
			if bytes.Count(text, []byte(r.delim))*2 >= len(lines) && len(lines) > 0 {
				delims = append(delims, choice{r.delim, r.weight})
			}
		}
	}
	var best *dialect
	bestScore := -1.0
	for _, q := range quotes {
		for _, e := range escapes {
			for _, c := range delims {
				d := &dialect{delim: c.text[0], quote: q, escape: e}
				if len(c.text) > 1 {
					d.more = []byte(c.text[1:])
				}
				if e == q {
					d.escape = 0
				}
				w := weighDialect(d, text, whole)
				s := w.score() * c.weight
				if e != 0 {
					s *= 0.999 // doubling is what the standard says
				}
				if q == '\'' {
					s *= 0.98
				}
				if c.weight < 0.7 && !w.surely() { // a sentence has blanks, a time has colons
					continue
				}
				if s > bestScore {
					best, bestScore = d, s
					d.why = w.String(d)
				}
			}
		}
	}
	if best == nil {
		best = &dialect{delim: ',', quote: quotes[0]}
		best.why = "one column"
	}
	best.comment = findComment(best, lines, weighDialect(best, text, whole).width)
	return best
}

// namedCharacter is the character that a name on a command line stands for.
func namedCharacter(s string) string {
	switch strings.ToLower(s) {
	case `\t`, "tab":
		return "\t"
	case "space", "blank":
		return " "
	case "comma":
		return ","
	case "semicolon":
		return ";"
	case "bar", "pipe":
		return "|"
	case "colon":
		return ":"
	case `\\`, "backslash":
		return `\`
	}
	return s
}

// sampleLines are the first lines of a sample, without empty ones.
func sampleLines(text []byte, whole bool) [][]byte {
	var lines [][]byte
	for len(text) > 0 && len(lines) < maxScored {
		line, rest, ended := bytes.Cut(text, []byte{'\n'})
		if !ended && !whole && len(lines) > 0 {
			break
		}
		text = rest
		line = bytes.TrimSuffix(line, []byte{'\r'})
		if len(line) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

// apostrophes reports whether fields may be quoted by apostrophes: one stands
// at the start and at the end of what could be a field.
func apostrophes(lines [][]byte) bool {
	n := 0
	for _, l := range lines {
		for i, c := range l {
			if c == '\'' && (i == 0 || !alnum(l[i-1]) && l[i-1] != ' ') && i+1 < len(l) {
				if j := bytes.IndexByte(l[i+1:], '\''); j >= 0 {
					n++
					break
				}
			}
		}
	}
	return n > 0
}

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

// weight says how well a dialect cuts lines into rows.
type weight struct {
	rows, fit int // rows, and those with the usual width
	all       int // with what stands above and below
	width     int
	dirty     int // rows with a quote that is out of place
	cells     int
	known     int // cells of a kind that is recognised, or plain text
	typed     int // cells that are numbers, dates, codes, links
	quoted    int
}

// weighDialect parses lines under a dialect. A record that goes over several lines is
// read as far as it goes.
func weighDialect(d *dialect, text []byte, whole bool) weight {
	var w weight
	widths := map[int]int{}
	var order []int
	p := looseParser{d: d}
	for len(text) > 0 && w.rows < maxScored {
		used := p.parse(text)
		if used == len(text) && !whole && w.rows > 0 {
			break // it may be cut
		}
		text = text[used:]
		n := len(p.fields)
		if n == 1 && (len(p.fields[0]) == 0 || strings.HasPrefix(strings.TrimLeft(string(p.fields[0]), " "), "# ")) { // nothing, or a comment
			continue
		}
		for n > 1 && len(p.fields[n-1]) == 0 && widths[n] == 0 && widths[n-1] > 0 {
			n-- // an empty cell too many at the end
		}
		widths[n]++
		order = append(order, n)
		w.rows++
		if p.dirty > 0 {
			w.dirty++
		}
		w.quoted += p.quoted
		for _, f := range p.fields {
			w.cells++
			switch k := kindOf(string(f)); {
			case len(f) == 0:
				w.known++
			case k != textKindOf && !bytes.ContainsAny(f, ";|\t\","):
				w.known++
				w.typed++
			case !messy(f, d):
				w.known++
			}
		}
	}
	for n, k := range widths {
		if k > w.fit || k == w.fit && n > w.width {
			w.width, w.fit = n, k
		}
	}
	w.all = w.rows
	if w.width > 1 { // banners above and notes below are no rows
		for len(order) > 0 && order[0] == 1 && len(order)*2 > w.rows {
			order = order[1:]
		}
		for len(order) > 0 && order[len(order)-1] == 1 && len(order)*2 > w.rows {
			order = order[:len(order)-1]
		}
		w.rows = len(order)
	}
	return w
}

// messy reports whether a text looks like several fields in one.
func messy(f []byte, d *dialect) bool {
	for _, c := range []byte(";|\t") {
		if c != d.delim && bytes.IndexByte(f, c) >= 0 {
			return true
		}
	}
	if i := bytes.IndexByte(f, ','); i >= 0 && d.delim != ',' && (i+1 == len(f) || f[i+1] != ' ') && bytes.Count(f, []byte{','}) > 1 {
		return true
	}
	return bytes.IndexByte(f, '"') >= 0 && d.quote != '\'' && (f[0] == '"' || f[len(f)-1] == '"') || f[0] == ' ' && len(f) > 1 && f[1] == '"'
}

func (w weight) score() float64 {
	if w.rows == 0 || w.cells == 0 {
		return 0
	}
	width := 0.3
	if w.width > 1 {
		width = 1 - 0.5/float64(min(w.width, 40))
	}
	clean := 1 - float64(w.dirty)/float64(w.rows)
	return float64(w.fit) / float64(w.rows) * width * (0.1 + 0.9*clean*clean) * (0.3 + 0.7*float64(w.known)/float64(w.cells))
}

// surely reports whether a rare delimiter may be trusted: nearly all rows have
// the same width, and what it separates are values and no words.
func (w weight) surely() bool {
	if w.width < 2 || w.dirty*10 > w.rows || w.width == 2 && w.fit < w.all {
		return false
	}
	if w.fit*10 >= w.rows*8 {
		return w.width > 2 && w.typed*5 >= w.cells || w.typed*10 >= w.cells*4
	}
	return w.quoted*2 >= w.rows && w.typed*4 >= w.cells // quotes stand where fields begin
}

func (w weight) String(d *dialect) string {
	if w.width == 1 {
		return "one column: no character cuts the rows into the same number of fields"
	}
	return fmt.Sprintf("%s: %d of %s looked at with %d fields", delimiterName(d.delimiter()), w.fit, models.Many(w.rows, "rows"), w.width)
}

// looseParser cuts records whose quotes may be out of place: a quote closes a
// field only where a delimiter or the end of the line follows.
type looseParser struct {
	d      *dialect
	fields [][]byte // good until the next call
	dirty  int      // quotes out of place
	quoted int
	open   bool // a quote was not closed where the text ends; what follows may close it
}

// maxLooseLines is how many lines a quoted field may go on.
const maxLooseLines = 50

// parse cuts the record with which a text begins, and says how many bytes it
// takes up with the end of its line.
func (p *looseParser) parse(text []byte) int {
	p.fields, p.dirty, p.quoted, p.open = p.fields[:0], 0, 0, false
	lineEnd := -1
	for at := 0; ; {
		if p.d.quote != 0 && at < len(text) && text[at] == p.d.quote {
			if field, n, ok := p.quotedField(text[at+1:]); ok {
				p.quoted++
				p.fields = append(p.fields, field)
				at += 1 + n
				switch {
				case at >= len(text):
					return at
				case text[at] == '\n':
					return at + 1
				case text[at] == '\r':
					return min(at+2, len(text))
				}
				at += p.d.size()
				continue
			}
			p.dirty++
		}
		if lineEnd < at {
			if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
				lineEnd = at + i
			} else {
				lineEnd = len(text)
			}
		}
		rec := text[at:lineEnd]
		i := p.d.next(rec)
		if i < 0 {
			i = len(bytes.TrimSuffix(rec, []byte{'\r'}))
		}
		if p.d.quote != 0 && p.d.quote != '\'' && (i == 0 || rec[0] != p.d.quote) && bytes.IndexByte(rec[:i], p.d.quote) >= 0 {
			p.dirty++
		}
		p.fields = append(p.fields, rec[:i])
		if i >= len(bytes.TrimSuffix(rec, []byte{'\r'})) {
			return min(lineEnd+1, len(text))
		}
		at += i + p.d.size()
	}
}

// quotedField reads on behind an opening quote, and says how many bytes the
// field takes up with its closing quote.
func (p *looseParser) quotedField(text []byte) (field []byte, n int, ok bool) {
	q := p.d.quote
	var out []byte
	dirty, lines := 0, 0
	for at, from := 0, 0; ; {
		i := bytes.IndexByte(text[at:], q)
		if i < 0 || lines > maxLooseLines {
			p.open = p.open || lines+bytes.Count(text[at:], []byte{'\n'}) <= maxLooseLines
			return nil, 0, false
		}
		lines += bytes.Count(text[at:at+i], []byte{'\n'})
		i += at
		if e := p.d.escape; e != 0 && i > from && text[i-1] == e && (i < from+2 || text[i-2] != e) {
			out = append(append(out, text[from:i-1]...), q)
			at, from = i+1, i+1
			continue
		}
		after := text[i+1:]
		switch {
		case len(after) == 0, after[0] == '\n', bytes.HasPrefix(after, []byte("\r\n")), len(after) == 1 && after[0] == '\r', p.d.next(after) == 0:
			p.dirty += dirty
			if out == nil {
				return text[from:i], i + 1, true
			}
			return append(out, text[from:i]...), i + 1, true
		case after[0] == q && p.d.escape == 0:
			out = append(append(out, text[from:i]...), q)
			at, from = i+2, i+2
		default:
			if q != '\'' || i == 0 || !alnum(after[0]) || !alnum(text[i-1]) {
				dirty++
			}
			at = i + 1
		}
	}
}

// findComment finds lines that begin with # and are no rows: they do not have
// the width of the table.
func findComment(d *dialect, lines [][]byte, width int) byte {
	if width < 2 {
		return 0
	}
	p := looseParser{d: d}
	n := 0
	for _, l := range lines {
		if l = bytes.TrimLeft(l, " "); len(l) == 0 || l[0] != '#' {
			continue
		}
		p.parse(l)
		if len(p.fields) == width {
			return 0
		}
		n++
	}
	if n == 0 {
		return 0
	}
	return '#'
}

// isComment reports whether a line is a comment and no row.
func (d *dialect) isComment(rec []byte) bool {
	if d.comment == 0 {
		return false
	}
	rec = bytes.TrimLeft(rec, " ")
	return len(rec) > 0 && rec[0] == d.comment
}
