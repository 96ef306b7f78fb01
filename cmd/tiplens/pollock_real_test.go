package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Pollock is a benchmark of the Hasso Plattner Institute: one sane table, and
// some two thousand files that each have one defect. Its ten measures are
// computed here as its authors do, and its files are made of the sane one by
// their definitions (github.com/HPI-Information-Systems/Pollock).

// pollockTable is a table cell by cell, with what stands between them.
type pollockTable struct {
	rows                 [][]pollockCell
	delim, quote, escape string
	ends                 string
	rowDelim             map[int]string // of single rows
	extra                map[[2]int]int // delimiters more (1) or fewer (-1) before a column of a row
	above, below         string
}

type pollockCell struct {
	text   string
	quoted bool
}

func pollockSource(t *testing.T, text string) pollockTable {
	t.Helper()
	p := pollockTable{delim: ",", quote: `"`, escape: `"`, ends: "\n", rowDelim: map[int]string{}, extra: map[[2]int]int{}}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		var row []pollockCell
		for _, c := range rows[i] {
			quoted := strings.HasPrefix(line, `"`)
			row = append(row, pollockCell{c, quoted})
			n := len(c)
			if quoted {
				n += 2 + strings.Count(c, `"`)
			}
			line = strings.TrimPrefix(line[n:], ",")
		}
		p.rows = append(p.rows, row)
	}
	return p
}

func (p pollockTable) clone() pollockTable {
	q := p
	q.rows = nil
	for _, r := range p.rows {
		q.rows = append(q.rows, slices.Clone(r))
	}
	q.rowDelim, q.extra = map[int]string{}, map[[2]int]int{}
	return q
}

func (p pollockTable) String() string {
	var b strings.Builder
	b.WriteString(p.above)
	for i, row := range p.rows {
		delim := p.delim
		if d, ok := p.rowDelim[i]; ok {
			delim = d
		}
		if p.extra[[2]int{i, 0}] > 0 {
			b.WriteString(delim)
		}
		for j, c := range row {
			if n := 1 + p.extra[[2]int{i, j}]; j > 0 {
				b.WriteString(strings.Repeat(delim, n))
			}
			text := strings.ReplaceAll(c.text, `"`, p.escape+`"`)
			if strings.HasPrefix(c.text, "\x00") { // a stray quote, which nothing escapes
				text = p.quote + strings.ReplaceAll(c.text[1:], `"`, p.escape+`"`)
			}
			if c.quoted {
				text = p.quote + text + p.quote
			}
			b.WriteString(text)
		}
		b.WriteString(p.ends)
	}
	b.WriteString(p.below)
	return b.String()
}

// clean are the records as they are meant.
func (p pollockTable) clean() [][]string {
	var out [][]string
	for _, r := range p.rows {
		var row []string
		for _, c := range r {
			row = append(row, strings.Replace(c.text, "\x00", `"`, 1))
		}
		out = append(out, row)
	}
	return out
}

// second is the table once more with so many columns, as the benchmark adds it.
func (p pollockTable) second(columns int) string {
	var b strings.Builder
	for i, row := range p.rows[:len(p.rows)-1] {
		var cells []string // a cell with a quote becomes two
		for _, c := range row {
			parts := strings.Split(c.text, `"`)
			cells = append(cells, parts[0])
			for _, s := range parts[1:] {
				cells = append(cells, `"`+s)
			}
		}
		cells = cells[:9]
		for len(cells) < columns {
			last := cells[len(cells)-1]
			if i == 0 {
				last = "col1"
			}
			cells = append(cells, last)
		}
		for j, c := range cells[:columns] {
			c = strings.ReplaceAll(c, `"`, `""`)
			if strings.Contains(c, ",") {
				c = `"` + c + `"`
			}
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteString(c)
		}
		b.WriteString(p.ends)
	}
	return b.String()
}

type pollockFile struct {
	name, text string
	clean      [][]string
}

// pollockFiles makes the files of the benchmark out of its source.
func pollockFiles(t *testing.T, text string) []pollockFile {
	t.Helper()
	src := pollockSource(t, text)
	var out []pollockFile
	add := func(name string, change func(p *pollockTable)) {
		p := src.clone()
		change(&p)
		out = append(out, pollockFile{name + ".csv", p.String(), p.clean()})
	}
	add("source", func(*pollockTable) {})
	out = append(out, pollockFile{"file_no_payload.csv", "", nil},
		pollockFile{"file_no_trailing_newline.csv", strings.TrimSuffix(src.String(), src.ends), src.clean()})
	add("file_double_trailing_newline", func(p *pollockTable) { p.below = p.ends })
	add("file_no_header", func(p *pollockTable) { p.rows = p.rows[1:] })
	for n := 2; n <= 3; n++ {
		p := src.clone()
		want := p.clean()
		for i, c := range want[0] {
			want[0][i] = strings.TrimSuffix(strings.Repeat(c+" ", n), " ")
		}
		plain := strings.Join(src.clean()[0], ",") + p.ends
		p.above = strings.Repeat(plain, n-1)
		out = append(out, pollockFile{fmt.Sprintf("file_header_multirow_%d.csv", n), p.String(), want})
	}
	add("file_preamble", func(p *pollockTable) { p.above = "PREAMBLE,,,,,,,,\n,,,,,,,,\n" })
	add("file_multitable_less", func(p *pollockTable) { p.below = src.second(8) })
	add("file_multitable_same", func(p *pollockTable) { p.below = src.second(9) })
	add("file_multitable_more", func(p *pollockTable) { p.below = src.second(10) })
	add("file_header_only", func(p *pollockTable) { p.rows = p.rows[:1] })
	add("file_one_data_row", func(p *pollockTable) { p.rows = p.rows[:2] })
	for i, row := range src.rows {
		for j := range row {
			add(fmt.Sprintf("row_more_sep_row%d_col%d", i, j), func(p *pollockTable) { p.extra[[2]int{i, j}] = 1 })
			if j > 0 {
				add(fmt.Sprintf("row_less_sep_row%d_col%d", i, j), func(p *pollockTable) { p.extra[[2]int{i, j}] = -1 })
			}
			add(fmt.Sprintf("row_extra_quote%d_col%d", i, j), func(p *pollockTable) { p.rows[i][j].text = "\x00" + p.rows[i][j].text })
		}
		add(fmt.Sprintf("row_field_delimiter_%d_0x20", i), func(p *pollockTable) { p.rowDelim[i] = " " })
	}
	add("file_record_delimiter_0xA", func(p *pollockTable) { p.ends = "\n" })
	add("file_record_delimiter_0xD", func(p *pollockTable) { p.ends = "\r" })
	for name, d := range map[string]string{"0x3B": ";", "0x9": "\t", "0x2C_0x20": ", ", "0x20": " "} {
		add("file_field_delimiter_"+name, func(p *pollockTable) { p.delim = d })
	}
	add("file_quotation_char_0x27", func(p *pollockTable) { p.quote = "'" })
	add("file_escape_char_0x5C", func(p *pollockTable) { p.escape = `\` })
	add("file_escape_char_0x00", func(p *pollockTable) { p.escape = "" })
	return out
}

// pollockCells are cells as the benchmark compares records: without capitals,
// and numbers by their value. It also takes dates and prices apart; here they
// must be the same text, which is never easier.
func pollockNormal(s string) string {
	if n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64); err == nil {
		return strconv.FormatInt(n, 10)
	}
	if x, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil {
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return strings.ToLower(s)
}

// pollockMeasures are success, then precision, recall and F1 of header,
// records and cells.
type pollockMeasures [10]float64

func (m pollockMeasures) sum() float64 {
	s := 0.0
	for _, x := range m {
		s += x
	}
	return s
}

func pollockScore(want, got [][]string) pollockMeasures {
	m := pollockMeasures{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}
	if len(want) == 0 {
		return m
	}
	var head [2][]string
	var records, cells [2][]string
	for k, rows := range [2][][]string{want, got} {
		for i, r := range rows {
			var normal []string
			for _, c := range r {
				normal = append(normal, pollockNormal(c))
			}
			if cells[k] = append(cells[k], r...); i == 0 {
				head[k] = normal
			} else {
				records[k] = append(records[k], strings.Join(normal, ""))
			}
		}
	}
	for i, pair := range [3][2][]string{head, records, cells} {
		if len(pair[0]) == 0 {
			continue
		}
		copy(m[1+3*i:], common(pair[0], pair[1]))
	}
	return m
}

// common is what two bags have in common, as shares of each and their mean.
func common(a, b []string) []float64 {
	in := map[string]int{}
	for _, s := range a {
		in[s]++
	}
	n := 0.0
	for _, s := range b {
		if in[s] > 0 {
			in[s]--
			n++
		}
	}
	if n == 0 {
		return []float64{0, 0, 0}
	}
	p, r := n/float64(len(a)), n/float64(len(b))
	return []float64{p, r, 2 * p * r / (p + r)}
}

// realData is the folder with files of others.
func realData(t *testing.T) string {
	t.Helper()
	data := os.Getenv("TIPLENS_DATA")
	if data == "" {
		t.Skip("TIPLENS_DATA is not set")
	}
	return data
}

// readBack runs tiplens read and takes its CSV apart again.
func readBack(t *testing.T, path string) (rows [][]string, said string, ok bool) {
	t.Helper()
	code, out, errOut := tiplens(t, "read", path)
	if code != exitAnswer {
		return nil, errOut, false
	}
	r := csv.NewReader(strings.NewReader(out))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: what is printed is no CSV: %v", path, err)
	}
	return rows, errOut, true
}

// The files of the benchmark, made out of its source: the best published
// reader, told the dialect of each file, reaches 9.961 of 10.
func TestRealPollockGenerated(t *testing.T) {
	source, err := os.ReadFile(filepath.Join(realData(t), "csv-torture", "pollock-polluted", "source.csv"))
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	var total pollockMeasures
	kinds := map[string][2]float64{}
	files := pollockFiles(t, string(source))
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if err := os.WriteFile(path, []byte(f.text), 0o600); err != nil {
			t.Fatal(err)
		}
		var m pollockMeasures
		if rows, _, ok := readBack(t, path); ok {
			m = pollockScore(f.clean, rows)
		}
		for i := range m {
			total[i] += m[i] / float64(len(files))
		}
		kind := strings.TrimRight(f.name, "0123456789.csv")
		if strings.HasPrefix(f.name, "row") {
			kind = strings.TrimRight(strings.Join(strings.SplitN(f.name, "_", 4)[:3], "_"), "0123456789")
		}
		kinds[kind] = [2]float64{kinds[kind][0] + m.sum(), kinds[kind][1] + 1}
		if m.sum() < 9.5 {
			t.Logf("%-40s %.3f", f.name, m.sum())
		}
		os.Remove(path)
	}
	for _, k := range slices.Sorted(func(yield func(string) bool) {
		for k := range kinds {
			if !yield(k) {
				return
			}
		}
	}) {
		t.Logf("%-40s %4.0f files  %.4f of 10", k, kinds[k][1], kinds[k][0]/kinds[k][1])
	}
	t.Logf("success %.4f, header %.4f %.4f %.4f, records %.4f %.4f %.4f, cells %.4f %.4f %.4f", total[0], total[1], total[2], total[3], total[4], total[5], total[6], total[7], total[8], total[9])
	t.Logf("all %d files: %.4f of 10", len(files), total.sum())
	if total.sum() <= 9.961 {
		t.Errorf("the sum is %.4f, and the best published reader has 9.961", total.sum())
	}
}
