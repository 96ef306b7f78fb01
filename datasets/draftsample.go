package datasets

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"

	"tiplens/models"
)

// How much of a file a draft looks at: enough to tell what its columns hold,
// little enough to be done at once.
const (
	sampleFirst = 1000           // rows from the top, all of them
	sampleRest  = 2000           // rows picked evenly from those below
	draftBytes  = 4 << 20        // of the file; text is quick to read
	draftText   = 8 * draftBytes // of a packed file, unpacked
	sampleCells = 400_000        // of a sheet or a Parquet file, which are slow to read
	maxDistinct = 2000           // texts of a column that are counted apart
)

// excerpt is a part of a table, enough to decide how it is to be read.
type excerpt struct {
	table *Table // gives the sampled rows to a loader
	lines []int64
	rows  [][]string
	whole bool             // the table was read to its end
	seen  int64            // rows of it, of which not all need be here
	bad   []models.Finding // rows of a wrong shape
	nbad  int64
}

var errEnough = errors.New("enough was seen")

// takeSample reads the first rows of a table and some of those below. The
// same file gives the same sample.
func (f *File) takeSample(ctx context.Context, fit *Fit) (*excerpt, error) {
	s := &excerpt{whole: true}
	width := len(fit.Columns())
	l := &loader{file: f, width: width, hold: true}
	random := rand.New(rand.NewPCG(1, 2))
	keep := func(line int64, fields [][]byte) error {
		if blank(fields) {
			return nil
		}
		s.seen++
		at := len(s.rows)
		if at >= sampleFirst+sampleRest {
			if at = sampleFirst + int(random.Int64N(s.seen-sampleFirst)); at >= len(s.rows) {
				return nil
			}
		}
		row := make([]string, len(fields))
		for i, c := range fields {
			row[i] = string(c)
		}
		if at == len(s.rows) {
			s.rows, s.lines = append(s.rows, row), append(s.lines, line)
		} else {
			s.rows[at], s.lines[at] = row, line
		}
		return nil
	}
	text := 0
	err := fit.Table.read(ctx, fit.frame, func(b block) error {
		text += len(b.raw)
		if err := l.rows(b, fit.Table.csv, keep); err != nil {
			return err
		}
		if b.done >= draftBytes || text >= draftText || b.raw == nil && s.seen*int64(max(width, 1)) >= sampleCells {
			s.whole = false
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	s.bad, s.nbad = l.bad, l.n
	s.sort()
	t := *fit.Table
	t.csv = nil
	t.read = func(ctx context.Context, _ frame, emit func(block) error) error {
		for i, row := range s.rows {
			if err := emit(block{first: s.lines[i], rows: [][]string{row}}); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
	s.table = &t
	return s, nil
}

// sort puts the rows into the order of the file.
func (s *excerpt) sort() {
	at := make([]int, len(s.rows))
	for i := range at {
		at[i] = i
	}
	slices.SortFunc(at, func(i, j int) int { return int(s.lines[i] - s.lines[j]) })
	rows, lines := make([][]string, len(at)), make([]int64, len(at))
	for i, k := range at {
		rows[i], lines[i] = s.rows[k], s.lines[k]
	}
	s.rows, s.lines = rows, lines
}

// texts is what a sample says about one column.
type texts struct {
	name  string
	list  []string // distinct ones, in the order of the file
	count map[string]int
	empty int
	more  bool // there are more distinct texts than are listed
}

// profiles counts what each column holds.
func (s *excerpt) profiles(columns []string) []*texts {
	out := make([]*texts, len(columns))
	for i, c := range columns {
		out[i] = &texts{name: c, count: map[string]int{}}
	}
	for _, row := range s.rows {
		total := totalCells(row)
		for i, p := range out {
			text := ""
			if i < len(row) {
				text = strings.TrimSpace(row[i])
			}
			if total && text != "" && startsNumber([]byte(text)) {
				continue // what adds up a column says nothing of what it holds
			}
			switch n, known := p.count[text]; {
			case text == "":
				p.empty++
			case known:
				p.count[text] = n + 1
			case len(p.list) < maxDistinct:
				p.list = append(p.list, text)
				p.count[text] = 1
			default:
				p.more = true
			}
		}
	}
	return out
}

// frequent lists up to n texts, the most frequent first.
func (p *texts) frequent(n int) []string {
	out := slices.Clone(p.list)
	slices.SortStableFunc(out, func(a, b string) int { return p.count[b] - p.count[a] })
	return out[:min(n, len(out))]
}

// text gives the text of the file for one that was shown, which may have been
// shortened or cleaned.
func (p *texts) text(shown string) string {
	if _, ok := p.count[shown]; ok {
		return shown
	}
	for _, t := range p.list {
		if shorten(t) == shown {
			return t
		}
	}
	return shown
}
