package query

import (
	"context"
	"fmt"
	"math/bits"
	"sort"
	"strings"

	"tiplens/models"
)

// Reading a column of a row from the database costs more than a figure itself.
// So all codes of a figure arrive as few numbers, and both ends of its period as
// one.

// codeWords packs the numbers of codes.
type codeWords struct {
	words int
	parts []codePart
}

// codePart says where the number of a column lies.
type codePart struct {
	column      string
	word, shift int
	width       int
}

const wordWidth = 62

func (f *file) codeWords(columns []string) (w codeWords) {
	used := wordWidth + 1 // no word yet
	for _, c := range columns {
		p := codePart{column: c, width: bits.Len(uint(max(len(f.dict[c])-1, 0)))}
		if used+p.width > wordWidth {
			w.words, used = w.words+1, 0
		}
		p.word, p.shift = w.words-1, used
		w.parts = append(w.parts, p)
		used += p.width
	}
	return w
}

// sql lists the words.
func (w codeWords) sql() []string {
	out := make([]string, w.words)
	for _, p := range w.parts {
		if p.width == 0 {
			continue
		}
		if out[p.word] != "" {
			out[p.word] += " + "
		}
		out[p.word] += fmt.Sprintf("coalesce(%s, 0)::BIGINT * %d", ident(p.column), int64(1)<<p.shift)
	}
	for i := range out {
		if out[i] == "" {
			out[i] = "0::BIGINT"
		}
	}
	return out
}

// unpack takes the words at the beginning of a row apart.
func (w codeWords) unpack(row []any, to []int) {
	for i, p := range w.parts {
		to[i] = int(row[p.word].(int64) >> p.shift & (1<<p.width - 1))
	}
}

// Each end of a period takes half a word, counted from firstDay before 1970; 0
// is no day.
const (
	dayWidth = 31
	firstDay = 1 << (dayWidth - 1)
)

// periodSQL is both ends of a period as one number.
func periodSQL() string {
	end := func(column string) string {
		return fmt.Sprintf("(least(greatest(coalesce(%s - DATE '1970-01-01', %d), %d), %d)::BIGINT + %d)", column, -firstDay, -firstDay, firstDay-1, firstDay)
	}
	return fmt.Sprintf("%s * %d + %s", end("period_start"), int64(1)<<dayWidth, end("period_end"))
}

func unpackPeriod(word int64) models.Period {
	end := func(n int64) models.Date {
		if n == 0 {
			return models.NoDate
		}
		return models.Date(n - firstDay)
	}
	return models.Period{Start: end(word >> dayWidth), End: end(word & (1<<dayWidth - 1))}
}

// What is read of each figure beside its codes on the dimensions.
const (
	ofAgency = iota
	ofReporter
	ofScope
	ofCoverage
	ofDocument
	ofQualifier
	ofStatus
	ofMove
	ofDims
)

// readFigures reads all figures of an indicator, by who published them.
func (e *Engine) readFigures(ctx context.Context, f *file, indicator string) ([]*figureSource, error) {
	ind := f.numbers("indicator", func(x entry) bool { return x.code == indicator })
	gr := f.numbers("grain", func(x entry) bool { return x.code == string(models.Figure) })
	if len(ind) == 0 || len(gr) == 0 {
		return nil, nil
	}
	r := &figureReader{file: f, dims: figureDims(f), by: map[[3]int]*readSource{}}
	cols := append([]string{"agency", "reporter", "scope", "coverage", "document", "qualifier", "obs_status", models.DimFlowKind}, r.dims...)
	r.words, r.codes = f.codeWords(cols), make([]int, len(cols))
	for _, c := range cols {
		r.dicts = append(r.dicts, f.dict[c])
	}
	sel := append(r.words.sql(), periodSQL(), "value", "value_low", "value_high", "note", "source_row")
	query := fmt.Sprintf("SELECT %s FROM %s.observation WHERE %s ORDER BY source_row LIMIT %d", strings.Join(sel, ", "), ident(f.alias),
		whereSQL([]condition{numberCondition("indicator", ind, len(f.dict["indicator"])), numberCondition("grain", gr, len(f.dict["grain"]))}), maxFigures+1)
	if err := e.each(ctx, f, query, len(sel), r.read); err != nil {
		return nil, err
	}
	if r.n > maxFigures {
		return nil, fmt.Errorf("%s holds more than %d figures of %s, more than fit into memory; load it in parts", f.ds.ID, maxFigures, indicator)
	}
	var order []*figureSource
	for _, s := range r.order {
		s.build(e.cat)
		order = append(order, s)
	}
	sort.Slice(order, func(i, j int) bool {
		return order[i].src.key() < order[j].src.key()
	})
	return order, nil
}

// figureReader makes figures of rows.
type figureReader struct {
	file  *file
	dims  []string
	words codeWords
	codes []int     // of the row at hand, by column
	dicts [][]entry // by column
	by    map[[3]int]*readSource
	order []*figureSource
	n     int
	room  []figure
}

// readSource is a source with what the numbers of the file mean in it.
type readSource struct {
	*figureSource
	printed   map[[3]int]int32
	known     [][]knownCode // by dimension and number of a code
	reporters []knownCode   // the same of a place that is a reporter's whole country
}

// knownCode is the number that a code has in a source.
type knownCode struct {
	at     uint16
	met    bool
	headed bool // of a code under which a publisher may have several headings
}

func (r *figureReader) code(column int) string { return r.dicts[column][r.codes[column]].code }

func (r *figureReader) source() *readSource {
	key := [3]int{r.codes[ofAgency], r.codes[ofScope]}
	if r.file.severalMoves() {
		key[2] = r.codes[ofMove]
	}
	s := r.by[key]
	if s != nil {
		return s
	}
	src := source{file: r.file, agency: r.code(ofAgency), scope: r.code(ofScope), grain: models.Figure}
	if r.file.severalMoves() {
		src.moves = r.code(ofMove)
	}
	for _, o := range r.by {
		if o.src == src { // two numbers of one code
			s = o
		}
	}
	if s == nil {
		s = &readSource{figureSource: &figureSource{src: src, dims: r.dims, codes: make([][]string, len(r.dims)), notes: map[int64]string{}}, printed: map[[3]int]int32{}}
		for i := range r.dims {
			s.codes[i] = []string{models.Total}
			s.known = append(s.known, make([]knownCode, len(r.dicts[ofDims+i])))
		}
		s.reporters = make([]knownCode, len(r.dicts[ofReporter]))
		r.order = append(r.order, s.figureSource)
	}
	r.by[key] = s
	return s
}

// read makes a figure of a row.
func (r *figureReader) read(row []any) {
	r.n++
	r.words.unpack(row, r.codes)
	row = row[r.words.words:]
	s := r.source()
	if len(r.room) == 0 {
		r.room = make([]figure, models.BatchSize)
	}
	fg := &r.room[0]
	r.room = r.room[1:]
	*fg = figure{when: unpackPeriod(row[0].(int64)), row: row[5].(int64), print: r.print(s)}
	if t, ok := row[4].(string); ok && t != "" {
		s.notes[fg.row] = models.Clean(t)
	}
	for i := range r.dims {
		k := r.known(s, i)
		if s.ats = append(s.ats, k.at); k.headed {
			fg.text = uint16(r.codes[ofDims+i])
		}
	}
	fg.read(row[1], row[2], row[3], r.code(ofQualifier))
	if fg.when.End == models.NoDate {
		fg.is |= isOpen
	}
	s.figures = append(s.figures, fg)
}

// known is the number of a code on a dimension. Where a figure is not broken
// down by place, it is of the country that reports it.
func (r *figureReader) known(s *readSource, i int) knownCode {
	n := r.codes[ofDims+i]
	k, c := &s.known[i][n], r.dicts[ofDims+i][n].code
	if c == models.Total && r.dims[i] == models.DimPlace && r.code(ofReporter) != models.Unknown {
		k, c = &s.reporters[r.codes[ofReporter]], r.code(ofReporter)
	}
	if k.met {
		return *k
	}
	if c == models.NoSense {
		c = models.Total
	}
	*k = knownCode{at: s.number(i, c), met: true, headed: c == models.Other || c == models.Unknown}
	return *k
}

// print is the number of what a figure shares with others.
func (r *figureReader) print(s *readSource) int32 {
	key := [3]int{r.codes[ofDocument], r.codes[ofCoverage], r.codes[ofStatus]}
	n, ok := s.printed[key]
	if !ok {
		n = int32(len(s.prints))
		s.printed[key] = n
		s.prints = append(s.prints, printed{r.code(ofDocument), r.code(ofCoverage), r.code(ofStatus)})
	}
	return n
}
