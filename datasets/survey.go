package datasets

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/maphash"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/transform"

	"tiplens/models"
)

// survey is what one pass over a whole text file finds out before anything is
// read from it: whether the dialect holds to the end, which rows do not have
// the width of the table, where headers come again, and what stands below.
type survey struct {
	width   int  // fields of the table
	beyond  bool // there is text to the right of the header's columns
	rows    int64
	fit     int64 // rows of the usual width
	empty   int64
	comment int64
	dirty   int64 // rows with quotes out of place
	widths  map[int]int64
	runs    []run // of rows of another width than the table, the first of them
	again   []int64
	dup     int   // of again: where the rows below are those of the table once more
	other   run   // another table below the first
	end     int64 // line in which the table ends, where something stands below
	below   []string
}

// run is some rows of the same width one after another.
type run struct {
	width, rows int
	line        int64 // of the first
	behind      int64 // last row before it that is not empty
	apart       bool  // an empty row stands before it
	first       []string
}

const (
	maxRuns  = 200
	maxAgain = 10_000
	maxTwin  = 1000 // rows by which a table is known again
	sureTwin = 8    // of them must be the same
)

// surveyor makes a survey.
type surveyor struct {
	*survey
	d      *dialect
	s      splitter
	fr     frame
	first  int64    // line in which the data begin
	header []string // the lowest row of it
	seed   maphash.Seed
	twin   []uint64 // hashes of the first rows
	at     int      // which of them the next row is compared with; -1 for none
	gap    bool
	prev   int64
	tail   []piece // the last two of the file
}

// piece is some whole records, and the line in which they begin.
type piece struct {
	raw  []byte
	line int64
}

// survey reads a whole text file once. Its checksum is made on the way.
func (f *File) survey(ctx context.Context, t *Table, gz bool) (*survey, error) {
	var sum hash.Hash
	if f.info != nil && f.sum == "" {
		sum = sha256.New()
	}
	r, c, stop, err := f.openSummed(gz, sum)
	if err != nil {
		return nil, err
	}
	defer stop()
	if t.csv.enc != nil {
		r = transform.NewReader(r, t.csv.enc.NewDecoder())
	}
	sv := &surveyor{survey: &survey{widths: map[int]int64{}, dup: -1}, d: t.csv, s: splitter{d: t.csv}, seed: maphash.MakeSeed(), at: -1}
	if err := sv.start(t); err != nil {
		return nil, nil // the person who stated it is told when the table is read
	}
	rd := &textReader{d: t.csv, r: r, line: 1, hold: true}
	pieces := make(chan piece, 2)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for p := range pieces {
			sv.take(p.raw, p.line)
			if sv.tail = append(sv.tail, p); len(sv.tail) > 2 {
				used(sv.tail[0].raw)
				sv.tail = sv.tail[1:]
			}
		}
	}()
	for err == nil && ctx.Err() == nil {
		var p piece
		if p.raw, p.line, err = rd.next(); err == nil || errors.Is(err, io.EOF) {
			pieces <- p
		}
	}
	close(pieces)
	<-done
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, errNotUTF8):
		return nil, err
	case !errors.Is(err, io.EOF):
		return nil, nil // the reader says what is wrong, and where
	}
	if sum != nil {
		if _, err := io.Copy(io.Discard, c); err == nil {
			f.sum = hex.EncodeToString(sum.Sum(nil))
		}
	}
	sv.finish()
	return sv.survey, nil
}

// start learns from the first rows how wide the table is.
func (sv *surveyor) start(t *Table) error {
	fr, err := t.frame()
	if err != nil {
		return err
	}
	sv.fr, sv.first = fr, 1<<62
	if fr.first < len(t.at) {
		sv.first = t.at[fr.first]
	}
	widths := map[int]int{}
	for _, row := range t.Head[fr.first:] {
		if len(row) > 1 || len(fr.names) == 1 && len(row) == 1 {
			widths[len(row)]++
		}
		sv.beyond = sv.beyond || len(row) > len(fr.names) && !isEmpty(row[len(fr.names):])
	}
	sv.width = len(fr.names)
	for w, n := range widths {
		if n > 4*widths[len(fr.names)] && n > widths[sv.width] {
			sv.width = w
		}
	}
	if fr.rows > 0 {
		sv.header = t.Head[fr.first-1]
		if fr.first-1 >= fr.header+fr.rows {
			sv.header = t.Head[fr.header+fr.rows-1]
		}
	}
	return nil
}

// take goes over the records of a piece.
func (sv *surveyor) take(text []byte, line int64) {
	for len(text) > 0 {
		whole := text
		rec, rest, _ := sv.d.cut(text)
		if line >= sv.first {
			if n, ok := sv.row(rec, line); !ok && n > 0 { // a stray quote reaches no further than its line
				rec, rest = whole[:n], whole[n+1:]
			}
		}
		line += 1 + int64(bytes.Count(rec, []byte{'\n'}))
		text = rest
	}
}

// row counts a record. It is not ok where its quotes are broken; the number is
// then where its first line ends.
func (sv *surveyor) row(rec []byte, line int64) (lineEnd int, ok bool) {
	var fields [][]byte
	width, bad := 0, false
	plain := sv.d.more == nil && (sv.d.quote == 0 || bytes.IndexByte(rec, sv.d.quote) < 0)
	if plain {
		width = 1 + bytes.Count(rec, []byte{sv.d.delim})
	} else {
		var err error
		fields, err = sv.s.split(rec)
		width, bad = len(fields), err != nil
	}
	if bad {
		sv.rows++
		sv.dirty++
		sv.at, sv.gap, sv.prev = -1, false, line
		return bytes.IndexByte(rec, '\n'), false
	}
	switch {
	case sv.void(rec):
		sv.empty++
		sv.gap = true
		return 0, true
	case width != sv.width && sv.d.isComment(rec):
		sv.comment++
		return 0, true
	}
	sv.rows++
	sv.widths[width]++
	if width == sv.width || width > sv.width && !sv.beyond && len(sv.header) > 0 && sv.width > 1 && len(bytes.TrimRight(rec, string(sv.d.delim)+"\r"))+width-sv.width <= len(rec) {
		sv.fit++ // or has no more than empty fields too many
	} else {
		sv.odd(rec, width, line)
	}
	if len(sv.header) > 1 && sv.begins(rec) && sv.headed(rec, width, line) {
		sv.at = 0
	} else if sv.at >= 0 || len(sv.twin) < maxTwin && len(sv.again) == 0 {
		sv.compare(rec, fields)
	}
	sv.gap, sv.prev = false, line
	return 0, true
}

// void reports whether a record holds nothing but blanks and delimiters.
func (sv *surveyor) void(rec []byte) bool {
	for _, c := range rec {
		if c != sv.d.delim && c != ' ' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// odd notes a row of another width than the table.
func (sv *surveyor) odd(rec []byte, width int, line int64) {
	if n := len(sv.runs); n > 0 && sv.runs[n-1].width == width && sv.runs[n-1].line+int64(sv.runs[n-1].rows) >= line && !sv.gap {
		sv.runs[n-1].rows++
		return
	}
	if len(sv.runs) < maxRuns {
		sv.runs = append(sv.runs, run{width: width, rows: 1, line: line, behind: sv.prev, apart: sv.gap, first: sv.strings(rec)})
	}
}

func (sv *surveyor) strings(rec []byte) []string {
	fields, _ := sv.s.split(rec)
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = string(f)
	}
	return out
}

// begins is a quick look at whether a row may be the header again.
func (sv *surveyor) begins(rec []byte) bool {
	h := sv.header[0]
	if rec[0] == sv.d.quote {
		rec = rec[1:]
	}
	return len(rec) >= len(h) && string(rec[:len(h)]) == h
}

// headed notes a row that is the header again, or most of it.
func (sv *surveyor) headed(rec []byte, width int, line int64) bool {
	row := sv.strings(rec)
	n := min(len(row), len(sv.header))
	if n < 2 || !slices.Equal(row[:n], sv.header[:n]) || n*2 < len(sv.header) {
		return false
	}
	if len(row) != len(sv.header) {
		if sv.other.line == 0 {
			sv.other = run{width: width, line: line, behind: sv.prev, first: row}
		}
		return false
	}
	if len(sv.again) < maxAgain {
		sv.again = append(sv.again, line)
	}
	return true
}

// compare sees whether the rows below a header that comes again are those of
// the table once more.
func (sv *surveyor) compare(rec []byte, fields [][]byte) {
	if fields == nil {
		fields, _ = sv.s.split(rec)
	}
	var h maphash.Hash
	h.SetSeed(sv.seed)
	for _, f := range fields {
		h.Write(f)
		h.WriteByte(0)
	}
	sum := h.Sum64()
	if sv.at < 0 {
		sv.twin = append(sv.twin, sum)
		return
	}
	if sv.at >= len(sv.twin) || sv.twin[sv.at] != sum {
		sv.at = -1
		return
	}
	sv.at++
	if sv.dup < 0 && sv.at >= min(len(sv.twin), sureTwin) {
		seen := slices.Clone(sv.twin[:sv.at])
		slices.Sort(seen)
		if len(slices.Compact(seen)) == sv.at { // rows that are all alike prove nothing
			sv.dup = len(sv.again) - 1
		}
	}
}

func (sv *surveyor) finish() {
	for _, r := range sv.runs {
		if sv.other.line > 0 && sv.other.line <= r.line {
			break
		}
		if r.apart && r.width > 1 && r.rows >= 3 && r.behind > 0 && named(r.first) {
			sv.other = r
			break
		}
	}
	switch {
	case sv.dup >= 0 && (sv.other.line == 0 || sv.again[sv.dup] < sv.other.line):
		sv.other = run{width: sv.width, line: sv.again[sv.dup], first: sv.header}
		sv.end = sv.again[sv.dup] - 1
	case sv.other.line > 0:
		sv.dup, sv.end = -1, sv.other.line-1
	default:
		sv.notes()
	}
}

// notes finds what stands below the table, in the last rows of the file.
func (sv *surveyor) notes() {
	var rows [][]string
	var at []int64
	for _, p := range sv.tail {
		for text, line := p.raw, p.line; len(text) > 0; {
			whole := text
			rec, rest, _ := sv.d.cut(text)
			fields, err := sv.s.split(rec)
			if i := bytes.IndexByte(rec, '\n'); err != nil && i >= 0 {
				rec, rest = whole[:i], whole[i+1:]
				fields, _ = sv.s.split(rec)
			}
			if line >= sv.first {
				var row []string
				if len(fields) > 1 || len(fields[0]) > 0 {
					for _, f := range fields {
						row = append(row, string(f))
					}
				}
				if rows, at = append(rows, row), append(at, line); len(rows) > 4*headRows {
					rows, at = slices.Clone(rows[2*headRows:]), slices.Clone(at[2*headRows:])
				}
			}
			line += 1 + int64(bytes.Count(rec, []byte{'\n'}))
			text = rest
		}
	}
	n := notesBelow(rows, sv.width, true)
	if n == 0 || n == len(rows) {
		return
	}
	sv.end = at[len(rows)-n] - 1
	sv.below = banners(rows[len(rows)-n:])
	sv.rows -= int64(len(sv.below))
}

// named reports whether a row looks like a header: nothing but text, and no
// cell twice.
func named(row []string) bool {
	seen := map[string]bool{}
	for _, c := range row {
		if c == "" || kindOf(c) != textKindOf || seen[c] {
			return false
		}
		seen[c] = true
	}
	return true
}

// apply keeps a survey with its table, and says how sure the dialect is.
func (t *Table) apply(sv *survey) {
	t.seen = sv
	if sv == nil || sv.rows == 0 {
		return
	}
	t.csv.why = fmt.Sprintf("%s: %s of %s with %d fields", t.csv, models.FormatNumber(float64(sv.fit)), models.Many(sv.rows, "rows"), sv.width)
	if sv.width == 1 {
		t.csv.why = fmt.Sprintf("one column in %s of %s", models.FormatNumber(float64(sv.fit)), models.Many(sv.rows, "rows"))
	}
}

// told are the findings about a text file and its table that go with every
// reading of it.
func (t *Table) told(fr frame) []models.Finding {
	out := slices.Clone(t.notes)
	d, sv := t.csv, t.seen
	if d == nil || sv == nil {
		return out
	}
	if usual := d.more == nil && slices.Contains(mainDelims, d.delimiter()) && d.quote != '\'' && d.escape == 0; !usual && t.opts.Delimiter == "" && sv.width > 1 {
		out = append(out, models.Finding{Severity: models.Note, What: "the fields are separated as few files do it (" + d.why + ")", Do: "State another with --delimiter, --quote or --escape if that is wrong"})
	}
	if sv.fit*10 < sv.rows*9 {
		out = append(out, models.Finding{Severity: models.Doubt, What: "how the rows are cut into fields is doubtful (" + d.why + ")", Do: "Check with tiplens read, and state --delimiter, --quote or --escape"})
	}
	if d.ends == endBoth {
		out = append(out, models.Finding{Severity: models.Note, What: "some lines end in a carriage return alone, and it was taken for the end of a row"})
	}
	if sv.comment > 0 {
		out = append(out, models.Finding{Severity: models.Note, Count: sv.comment, What: "lines that begin with # are comments, and were left out"})
	}
	if len(sv.below) > 0 && fr.last == sv.end {
		out = append(out, models.Finding{Severity: models.Note, Row: sv.end + 1, What: "the table ends above this row; below it stands: " + strings.Join(sv.below, " / "),
			Do: "State its last row with --last if these are data"})
	}
	if sv.other.line > 0 && fr.last == sv.end {
		out = append(out, *sv.second())
	}
	return out
}

// second is the finding about another table below the first.
func (sv *survey) second() *models.Finding {
	what := fmt.Sprintf("another table of %d columns begins here and was not read; its first row: %s", sv.other.width, joinFew(cleanAll(sv.other.first)))
	if sv.dup >= 0 {
		what = "here the table begins once more, with the same rows, and they were not read again"
	}
	return &models.Finding{Severity: models.Doubt, Row: sv.other.line, What: what, Do: fmt.Sprintf("Save each table in a file of its own, or state --last %d for the first", sv.end)}
}

// oneTable refuses a file with several tables unless a person has said where
// the first one ends: what is left out may be what matters.
func (t *Table) oneTable(fr frame, file string) error {
	if t.seen == nil || t.seen.other.line == 0 || t.opts.Last != 0 || fr.last != t.seen.end {
		return nil
	}
	f := t.seen.second()
	f.Severity, f.File = models.Refused, file
	f.What = strings.Replace(strings.Replace(f.What, " and was not read", "", 1), ", and they were not read again", "", 1)
	return f
}
