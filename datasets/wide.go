package datasets

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tiplens/models"
)

// Wide says that some columns of a table hold figures and that the header of
// each says what its figures are about: a column a year, a month or a code.
// Each cell of them becomes a figure of its own.
//
//	wide:
//	  columns: [2010..2019]     # from the one column to the other, or a list of them
//	  into: year                # what the headers say
//
//	wide:
//	  pattern: '^(?P<sex>[MF])_(?P<age>\d+_\d+)$'       # columns whose headers look like this
//	  into: {sex: "@sex", age: {from: "@age", values: {18_24: Y18T24}}}
//
// Fields read what the column at hand says like columns of the file: @header
// is its whole header, @1, @2 the parts between " / ", @name a named part of
// the pattern, and @cell the cell. Without a field value the cell is the value.
type Wide struct {
	Columns OneOf    `yaml:"columns,omitempty"`
	Pattern string   `yaml:"pattern,omitempty"`
	Into    Into     `yaml:"into"`
	NoData  []string `yaml:"no_data,omitempty"` // texts that say there is no figure; an empty cell says nothing
}

// Into holds the fields that headers give. In YAML "year" stands for the whole
// header, and "year / sex" for its parts; "-" leaves a part out.
type Into Fields

// The columns that a wide table adds to those of the file.
const (
	turnPrefix = "@"
	turnHeader = "@header"
	turnCell   = "@cell"
)

// maxWide is how many columns may become rows: all figures of a row travel in
// one batch, so that a row held back leaves nothing behind.
const maxWide = models.BatchSize

// UnmarshalYAML reads the names of fields in the order of the header's parts,
// or a mapping of fields.
func (in *Into) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*in = intoParts(n.Value)
		return nil
	}
	return n.Decode((*Fields)(in))
}

// intoParts makes fields of "year / sex".
func intoParts(text string) Into {
	out := Into{}
	parts := strings.Split(text, "/")
	for i, p := range parts {
		from := turnHeader
		if len(parts) > 1 {
			from = fmt.Sprintf("%s%d", turnPrefix, i+1)
		}
		if p = strings.TrimSpace(p); p != "-" {
			out[p] = Field{From: OneOf{from}}
		}
	}
	return out
}

// spread lays the fields that headers give beside the others, so that all
// that reads fields knows them.
func (r *Recipe) spread() error {
	w := r.Wide
	switch {
	case w == nil:
		return nil
	case r.Grain != models.Figure:
		return fmt.Errorf("wide: the cells of a wide table are figures, so grain is \"figure\", not %q", r.Grain)
	case len(r.Observe) > 0 || len(r.Legs) > 0:
		return fmt.Errorf("wide: a wide table has no observations or legs")
	case len(w.Columns) == 0 && w.Pattern == "":
		return fmt.Errorf("wide: name the columns, or give a pattern that their headers have")
	case len(w.Columns) > 0 && w.Pattern != "":
		return fmt.Errorf("wide: columns and pattern say the same; leave one out")
	}
	if _, err := regexp.Compile(w.Pattern); err != nil {
		return fmt.Errorf("wide: the pattern is not readable: %w", err)
	}
	if r.Fields == nil {
		r.Fields = Fields{}
	}
	for _, name := range Fields(w.Into).names() {
		if _, twice := r.Fields[name]; twice {
			return fmt.Errorf("field %s is said twice: in fields and in wide", name)
		}
		f := w.Into[name]
		if len(f.From) == 0 && len(f.Cases) == 0 && len(f.Flags) == 0 && f.Const == "" {
			f.From = OneOf{turnHeader}
		}
		r.Fields[name] = f
	}
	if _, said := r.Fields["value"]; !said {
		r.Fields["value"] = Field{From: OneOf{turnCell}}
	}
	if _, bound := r.Fields["bound"]; bound {
		return fmt.Errorf("wide: field bound joins two rows, and a wide table has its figures side by side")
	}
	known := w.says()
	for _, c := range r.columns() {
		if strings.HasPrefix(c, turnPrefix) && !part.MatchString(c) && !slices.Contains(known, strings.ToLower(c)) {
			return fmt.Errorf("wide: there is no %s; the columns give %s", c, strings.Join(known, ", "))
		}
	}
	return nil
}

var part = regexp.MustCompile(`^@[1-9]$`)

// says lists what a wide table adds, but for the parts @1, @2.
func (w *Wide) says() []string {
	out := []string{turnHeader, turnCell}
	for _, g := range regexp.MustCompile(w.Pattern).SubexpNames() { // checked by spread
		if g != "" {
			out = append(out, turnPrefix+strings.ToLower(g))
		}
	}
	return out
}

// chosen lists the positions of the wide columns in a header, and the names
// that it lacks.
func (w *Wide) chosen(columns []string) (at []int, absent []string) {
	if w.Pattern != "" {
		re := regexp.MustCompile(w.Pattern)
		for i, c := range columns {
			if re.MatchString(c) {
				at = append(at, i)
			}
		}
		return at, nil
	}
	find := func(name string) int {
		return slices.IndexFunc(columns, func(c string) bool { return sameName(c, strings.TrimSpace(name)) })
	}
	add := func(i int) {
		if !slices.Contains(at, i) {
			at = append(at, i)
		}
	}
	for _, name := range w.Columns {
		first, last, run := strings.Cut(name, "..")
		switch i, from, to := find(name), find(first), find(last); {
		case i >= 0:
			add(i)
		case run && from >= 0 && to >= 0:
			for k := min(from, to); k <= max(from, to); k++ {
				add(k)
			}
		default:
			absent = append(absent, name)
		}
	}
	slices.Sort(at)
	return at, absent
}

// turn is a wide table fitted to a header: which columns become rows, and what
// each of them says.
type turn struct {
	at     []int      // positions of the columns in the file
	says   [][][]byte // by column: what the added columns say, in their order
	first  int        // position of the first added column
	cell   int        // position of the cell
	noData map[string]bool
}

// turned adds the columns of a wide table to those of the file.
func (p *plan) turned() error {
	w := p.recipe.Wide
	if w == nil {
		return nil
	}
	at, absent := w.chosen(p.columns)
	p.absent = append(p.absent, absent...)
	switch {
	case len(at) == 0 && w.Pattern != "":
		return problem("", "no column has a header of the pattern "+Clean(w.Pattern), "Check the pattern of wide: in the recipe")
	case len(at) == 0:
		return problem("", "none of the columns that become rows is in the file: "+strings.Join(w.Columns, ", "), "Columns are "+strings.Join(p.columns, ", "))
	case len(at) > maxWide:
		return problem("", fmt.Sprintf("%d columns would become rows, and at most %d can", len(at), maxWide), "Name fewer of them")
	}
	t := &turn{at: at, first: len(p.columns), noData: map[string]bool{}}
	for _, s := range w.NoData {
		t.noData[strings.ToLower(s)] = true
	}
	names := w.says()
	for n := 1; n <= 9; n++ {
		names = append(names, fmt.Sprintf("%s%d", turnPrefix, n))
	}
	names = slices.DeleteFunc(names, func(n string) bool { return n == turnCell })
	re := regexp.MustCompile(w.Pattern)
	for _, i := range at {
		t.says = append(t.says, headerSays(names, re, p.columns[i]))
	}
	t.cell = t.first + len(names)
	p.width = len(p.columns)
	p.columns = append(slices.Clone(p.columns), append(names, turnCell)...)
	p.turn = t
	return nil
}

// headerSays gives what a header says under each of the names.
func headerSays(names []string, re *regexp.Regexp, header string) [][]byte {
	out := make([][]byte, len(names))
	found := re.FindStringSubmatch(header)
	parts := strings.Split(header, joinRows)
	for k, name := range names {
		switch {
		case name == turnHeader:
			out[k] = []byte(header)
		case part.MatchString(name):
			if n := int(name[1] - '1'); n < len(parts) {
				out[k] = []byte(strings.TrimSpace(parts[n]))
			}
		default:
			for g, sub := range re.SubexpNames() {
				if found != nil && sub != "" && strings.EqualFold(turnPrefix+sub, name) {
					out[k] = []byte(strings.TrimSpace(found[g]))
				}
			}
		}
	}
	return out
}

// spans gives a column of totals beside years or months their whole time: the
// header "Total" right of 2010 to 2019 is the total of 2010..2019.
func (p *plan) spans() {
	if p.turn == nil || p.observe[0].month != nil {
		return
	}
	g := p.observe[0].time[timeAny]
	if g == nil || len(g.inputs) != 1 || g.inputs[0] < p.turn.first || g.inputs[0] >= p.turn.cell {
		return
	}
	k := g.inputs[0] - p.turn.first
	all := models.Undated
	for _, s := range p.turn.says {
		when, ok := parseTime(string(s[k]))
		switch {
		case !ok || !when.Bounded():
		case !all.Bounded():
			all = when
		default:
			all = models.Period{Start: min(all.Start, when.Start), End: max(all.End, when.End)}
		}
	}
	for _, s := range p.turn.says {
		if all.Bounded() && isTotal(string(s[k])) {
			s[k] = []byte(all.String())
		}
	}
}

// isTotal reports whether a text is a word for a total, in English or Khmer.
func isTotal(text string) bool {
	k, _ := Catalogue().Find(models.DimSector, text) // every dimension knows it; this one calls nothing else so
	return k != nil && k.ID == models.Total
}

// addWide maps each cell of the row at hand that holds something. The row is
// taken as a whole or held back as a whole.
func (w *worker) addWide(line int64) error {
	t, v := w.p.turn, &w.p.observe[0]
	n := w.batch.N
	var empty, left int64
	for k, at := range t.at {
		cell := w.cells[at]
		if len(cell) == 0 {
			empty++
			continue
		}
		w.face(k, cell)
		what, err := w.code(v.coded[colIndicator])
		if err != nil {
			return err
		}
		if what.code == skipRow {
			left++
			continue
		}
		switch ok, err := w.observation(v, line, n); {
		case err != nil:
			return err
		case !ok:
			return nil
		}
		n++
	}
	if n == w.batch.N {
		w.tally.skip("rows without anything that the recipe counts")
		return nil
	}
	w.tally.taken++
	w.tally.cells += int64(len(t.at))
	w.tally.blank += empty
	w.tally.left += left
	w.batch.N = n
	return nil
}

// face makes a wide column of the row at hand the one at hand.
func (w *worker) face(k int, cell []byte) {
	t := w.p.turn
	w.facing = k
	w.nth++
	copy(w.cells[t.first:t.cell], t.says[k])
	if len(cell) < 24 && t.noData[strings.ToLower(string(cell))] {
		cell = nil
	}
	w.cells[t.cell] = cell
}

// columnsOf names the columns that a program reads in the row at hand.
func (w *worker) columnsOf(g *program) string {
	if w.p.turn == nil || !g.turns {
		return w.p.columnsOf(g)
	}
	var names []string
	for _, i := range g.inputs {
		name := w.p.columns[min(i, w.p.turn.first)]
		if i >= w.p.turn.first {
			name = w.p.columns[w.p.turn.at[w.facing]]
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// wideCells proves that no cell of a wide table is lost: those of the rows
// taken are figures, empty or left out.
func (l *loader) wideCells(t *tally) []models.Finding {
	if l.plan.turn == nil || t.taken == 0 {
		return nil
	}
	what := fmt.Sprintf("each row has %s that became rows: %s taken with %s = %s + %s empty", models.Many(len(l.plan.turn.at), "columns"),
		models.Many(t.taken, "rows"), models.Many(t.cells, "cells"), models.Many(t.cells-t.blank-t.left, "figures"), models.FormatNumber(float64(t.blank)))
	if t.left > 0 {
		what += fmt.Sprintf(" + %s that the recipe leaves out", models.FormatNumber(float64(t.left)))
	}
	return []models.Finding{{Severity: models.Note, Count: t.cells - t.blank - t.left, What: what}}
}

// holds reports whether the text of a wide column says that there is no
// figure; nil for a table that is not wide.
func (t *turn) holds(column int, text []byte) bool {
	if t == nil || !t.noData[strings.ToLower(string(text))] {
		return false
	}
	_, found := slices.BinarySearch(t.at, column)
	return found
}

// month finds the time of the row at hand from a year and a part of it.
func (w *worker) month(v *variant) (models.Period, bool) {
	year, month := w.text(v.time[timeAny]), w.text(v.month)
	switch {
	case month == "" && year == "":
		return models.Undated, true
	case month == "":
		return parseTime(year)
	}
	return inYear(year, month)
}
