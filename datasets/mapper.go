package datasets

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dchest/siphash"

	"tiplens/models"
)

// Sink takes observations on their way into a version file. Encode gives the
// number of a code with the text it was made from in the dictionary of a
// column, and may be called from several goroutines.
type Sink interface {
	Encode(column, code, text string) (uint16, error)
	Start(l *models.Layout) error // after the first Encode, before the first Write
	Write(b *models.Batch) error
}

// coded is one mapped value: its code, its number in the file's dictionary,
// and what the loader has to say about it.
type coded struct {
	n       uint16
	code    string
	text    string // what gave cause for concern
	concern concern
}

type concern uint8

const (
	noConcern concern = iota
	unknownText
	doubtfulName
	unreadable // the row must be held
)

// plan is a recipe compiled for one header: shared and read-only, except for
// the sink behind it.
type plan struct {
	recipe  *Recipe
	cat     *models.Catalog
	sink    Sink
	columns []string       // of the file
	at      map[string]int // column name to position
	coded   []string       // coded columns of the target, extras last
	layout  *models.Layout
	varying []int // positions in coded of the columns of the layout
	observe []variant
	skip    []test
	legs    []legProgram
	missing map[string]bool
	key     [2]uint64
	absent  []string            // columns that the recipe reads and the file lacks
	count   int                 // programs compiled
	common  map[string]*program // those that all events of a record share
}

type variant struct {
	when    []test
	coded   []*program // by position in plan.coded
	time    [4]*program
	value   *program
	low     *program
	high    *program
	note    *program
	subject *program
	bound   *program
}

const (
	timeAny = iota
	timeStart
	timeEnd
)

type test struct {
	col    int
	values OneOf
}

type legProgram struct {
	role uint16
	*program
}

// program computes one field from some columns; it depends on nothing else, so
// a worker may remember its results.
type program struct {
	id     int
	name   string
	field  *Field
	inputs []int // positions of the columns it reads, sorted
	simple bool  // the text of one column, as it stands
	eval   func(get func(column string) string) result
}

type result struct {
	code, text string
	concern    concern
}

func (p *plan) compile(sink Sink, columns []string) error {
	p.sink, p.columns, p.at, p.common = sink, columns, map[string]int{}, map[string]*program{}
	for i, c := range columns {
		key := strings.ToLower(c)
		if _, dup := p.at[key]; !dup {
			p.at[key] = i
		}
	}
	for _, c := range p.recipe.columns() {
		if _, ok := p.at[strings.ToLower(c)]; !ok {
			p.absent = append(p.absent, c)
		}
	}
	p.missing = map[string]bool{}
	for _, m := range p.recipe.Missing {
		p.missing[strings.ToLower(m)] = true
	}
	p.coded = append(slices.Clone(models.CodedColumns), p.recipe.Extra()...)
	p.skip = p.tests(p.recipe.Skip)
	observe := p.recipe.Observe
	if len(observe) == 0 {
		observe = []Observe{{}}
	}
	for _, o := range observe {
		p.observe = append(p.observe, p.variant(o))
	}
	for _, l := range p.recipe.Legs {
		n, err := sink.Encode("leg_role", l.Role, "")
		if err != nil {
			return err
		}
		f := l.Field
		if f.As == "" {
			f.As = models.DimPlace
		}
		p.legs = append(p.legs, legProgram{n, p.program("leg_place", &f)})
	}
	return p.lay()
}

// lay finds the columns that are the same in every row: those without inputs,
// unless relate may still change them.
func (p *plan) lay() error {
	p.layout = &models.Layout{Constant: map[string]uint16{}, Figures: p.recipe.Grain == models.Figure}
	for _, v := range p.observe {
		p.layout.Subjects = p.layout.Subjects || v.subject != nil
	}
	for i, name := range p.coded {
		first := p.observe[0].coded[i]
		constant := len(first.inputs) == 0 && !p.related(name, first)
		for _, v := range p.observe {
			constant = constant && v.coded[i] == first
		}
		if !constant {
			p.layout.Columns = append(p.layout.Columns, name)
			p.varying = append(p.varying, i)
			continue
		}
		r := first.eval(func(string) string { return "" })
		n, err := p.sink.Encode(name, r.code, Original(r.text))
		if err != nil {
			return err
		}
		p.layout.Constant[name] = n
	}
	return nil
}

// related reports whether relate may set a column although no column of the
// file feeds it.
func (p *plan) related(name string, g *program) bool {
	code := g.eval(func(string) string { return "" }).code
	switch name {
	case "freq":
		return true
	case "pattern", "obs_status":
		return p.recipe.Grain == models.Figure
	case models.DimReporter:
		return code == models.Unknown
	case models.DimPlace:
		return code == models.Unknown
	case models.DimNationality:
		return code == models.National
	}
	return false
}

func (p *plan) variant(o Observe) variant {
	v := variant{when: p.tests(o.When)}
	own := func(name string) *program {
		f, ok := o.Fields[name]
		if !ok {
			return p.shared(name)
		}
		return p.program(name, &f)
	}
	optional := func(name string) *program {
		_, here := o.Fields[name]
		_, there := p.recipe.Fields[name]
		if !here && !there {
			return nil
		}
		return own(name)
	}
	for _, name := range p.coded {
		v.coded = append(v.coded, own(name))
	}
	for _, n := range []string{"year", "date", "period"} {
		if v.time[timeAny] == nil {
			v.time[timeAny] = optional(n)
		}
	}
	v.time[timeStart], v.time[timeEnd] = optional("period_start"), optional("period_end")
	v.value, v.low, v.high = optional("value"), optional("value_low"), optional("value_high")
	v.note, v.subject, v.bound = optional("note"), optional("subject"), optional("bound")
	return v
}

// shared compiles a field that all events of a record have in common, once.
func (p *plan) shared(name string) *program {
	if g := p.common[name]; g != nil {
		return g
	}
	var f *Field
	if own, ok := p.recipe.Fields[name]; ok {
		f = &own
	}
	for _, k := range p.recipe.Keep {
		if f == nil && keptName(k) == name {
			f = &Field{From: OneOf{k}}
		}
	}
	switch {
	case f != nil:
	case name == "grain":
		f = &Field{Const: string(p.recipe.Grain)}
	case name == "qualifier":
		f = &Field{Const: "exact"}
	case name == "obs_status":
		f = &Field{Const: "A"}
	}
	g := p.program(name, f)
	p.common[name] = g
	return g
}

func (p *plan) tests(w When) []test {
	var out []test
	for c, vals := range w {
		i, ok := p.at[strings.ToLower(c)]
		if !ok {
			i = -1
		}
		out = append(out, test{i, vals})
	}
	slices.SortFunc(out, func(a, b test) int { return a.col - b.col })
	return out
}

// program compiles a field; a nil field stands for a dimension that the file
// does not have.
func (p *plan) program(name string, f *Field) *program {
	if f == nil {
		code := models.Total
		if slices.Contains([]string{models.DimAgency, models.DimReporter}, name) {
			code = models.Unknown
		} else if slices.Contains([]string{"freq", "pattern", "scope", "coverage", "document", models.DimPlaceRole}, name) {
			code = ""
		}
		return &program{id: p.nextID(), name: name, eval: func(func(string) string) result { return result{code: code} }}
	}
	g := &program{id: p.nextID(), name: name, field: f}
	for _, c := range fieldColumns(f) {
		if i, ok := p.at[strings.ToLower(c)]; ok && !slices.Contains(g.inputs, i) {
			g.inputs = append(g.inputs, i)
		}
	}
	slices.Sort(g.inputs)
	g.simple = len(f.From) == 1 && len(g.inputs) == 1 && f.Else == nil && f.Match == "" && f.As == "" && len(f.Values) == 0 && len(f.When) == 0
	e := p.evaluator(name, f)
	g.eval = func(get func(string) string) result {
		r, stated := e(get)
		if !stated && r.code == "" {
			r.code = p.unstated(name)
		}
		return r
	}
	return g
}

func (p *plan) nextID() int { p.count++; return p.count - 1 }

func fieldColumns(f *Field) []string {
	r := Recipe{Fields: Fields{"x": *f}}
	return r.columns()
}

// unstated is the code for nothing stated: unknown in records, not broken
// down in figures.
func (p *plan) unstated(name string) string {
	switch {
	case slices.Contains(plainFields, name), slices.Contains(freeText, name), name == "obs_status", name == "qualifier",
		name == "indicator", name == models.DimPlaceRole:
		return ""
	case name == models.DimAgency, name == models.DimReporter, p.recipe.Grain == models.Record:
		return models.Unknown
	}
	return models.Total
}

type evalFunc func(get func(column string) string) (result, bool)

// evaluator turns a field into a function that says what it gives and whether
// anything was stated.
func (p *plan) evaluator(name string, f *Field) evalFunc {
	self := p.evalSelf(name, f)
	none := f.None
	var other evalFunc
	if f.Else != nil {
		other = p.evaluator(name, f.Else)
	}
	return func(get func(string) string) (result, bool) {
		if holds(f.When, get) {
			if r, ok := self(get); ok {
				return r, true
			}
		}
		if other != nil {
			if r, ok := other(get); ok || r.code != "" {
				return r, ok
			}
		}
		return result{code: none}, false
	}
}

func holds(w When, get func(string) string) bool {
	for c, vals := range w {
		v := get(c)
		if !slices.ContainsFunc(vals, func(want string) bool {
			if other, ok := strings.CutPrefix(want, "="); ok {
				want = get(other)
			}
			return want == "*" && v != "" || strings.EqualFold(want, v)
		}) {
			return false
		}
	}
	return true
}

func (p *plan) evalSelf(name string, f *Field) evalFunc {
	switch {
	case f.Const != "":
		return func(func(string) string) (result, bool) { return result{code: f.Const}, true }
	case len(f.Cases) > 0:
		return p.evalCases(name, f)
	case len(f.Flags) > 0:
		return p.evalFlags(name, f)
	}
	one := p.lookup(name, f)
	var re *regexp.Regexp
	if f.Match != "" {
		re = regexp.MustCompile(f.Match) // checked when the recipe was read
	}
	return func(get func(string) string) (result, bool) {
		var parts []string
		stated := false
		for _, c := range f.From {
			v := get(c)
			stated = stated || v != ""
			parts = append(parts, v)
		}
		if !stated {
			return result{}, false
		}
		text := strings.Join(parts, " | ")
		if re != nil {
			m := re.FindStringSubmatch(text)
			if m == nil {
				return result{}, false
			}
			text = m[len(m)-1]
		}
		if f.Split == "" {
			r := one(text)
			return r, r.code != ""
		}
		return p.evalSplit(text, f.Split, one)
	}
}

// evalSplit maps each part of a cell that holds several values.
func (p *plan) evalSplit(text, sep string, one func(string) result) (result, bool) {
	var codes []string
	out := result{text: text}
	for _, part := range strings.Split(text, sep) {
		part = strings.TrimSpace(part)
		if part == "" || p.missing[strings.ToLower(part)] {
			continue
		}
		r := one(part)
		out.concern = max(out.concern, r.concern)
		if r.code != "" {
			codes = append(codes, r.code)
		}
	}
	out.code = p.join(codes)
	return out, out.code != ""
}

// join makes one value of several codes, without those that a finer one of
// them implies.
func (p *plan) join(codes []string) string {
	slices.SortFunc(codes, models.CompareCodes)
	codes = slices.Compact(codes)
	kept := slices.DeleteFunc(slices.Clone(codes), func(c string) bool {
		return slices.ContainsFunc(codes, func(o string) bool { return o != c && strings.HasPrefix(o, c+".") }) ||
			c == models.Unknown && len(codes) > 1
	})
	return strings.Join(kept, models.SetJoin)
}

func (p *plan) evalCases(name string, f *Field) evalFunc {
	var cases []evalFunc
	for i := range f.Cases {
		c := f.Cases[i]
		c.When = nil
		cases = append(cases, p.evaluator(name, &c))
	}
	return func(get func(string) string) (result, bool) {
		for i, c := range cases {
			if holds(f.Cases[i].When, get) {
				return c(get)
			}
		}
		return result{}, false
	}
}

func (p *plan) evalFlags(name string, f *Field) evalFunc {
	var columns []string
	for c := range f.Flags {
		columns = append(columns, c)
	}
	slices.Sort(columns)
	return func(get func(string) string) (result, bool) {
		var codes, texts []string
		for _, c := range columns {
			switch v := strings.ToLower(get(c)); v {
			case "1", "1.0", "yes", "y", "true", "x":
				codes = append(codes, strings.Split(f.Flags[c], models.SetJoin)...)
				texts = append(texts, c+"="+v)
			}
		}
		return result{code: p.join(codes), text: strings.Join(texts, "; ")}, len(codes) > 0
	}
}

// lookup maps one text to a code: by the field's own values, then by the names
// of the dimension.
func (p *plan) lookup(name string, f *Field) func(text string) result {
	dim := name
	if f.As != "" {
		dim = f.As
	}
	if name == "leg_place" {
		dim = models.DimPlace
	}
	values := map[string]string{}
	for k, v := range f.Values {
		values[strings.ToLower(k)] = v
	}
	plain := slices.Contains(plainFields, name) && f.As == ""
	return func(text string) result {
		if c, ok := values[strings.ToLower(text)]; ok {
			return result{code: c, text: text}
		}
		if code := ageBand(f.Bands, text); code != "" {
			return result{code: code, text: text}
		}
		if plain || slices.Contains(freeText, name) {
			return result{code: text, text: text}
		}
		if name == "indicator" {
			if c := p.matchIndicator(text, values); c != "" {
				return result{code: c, text: text}
			}
			return result{text: text, concern: unreadable}
		}
		if c, sure := p.cat.Find(dim, text); c != nil {
			r := result{code: c.ID, text: text}
			if !sure {
				r.concern = doubtfulName
			}
			return r
		}
		if c, ok := values["*"]; ok {
			return result{code: c, text: text}
		}
		if p.cat.Open(dim) {
			return result{code: Clean(text), text: text}
		}
		r := result{code: models.Other, text: text, concern: unknownText}
		if dim == models.DimReporter || dim == models.DimAgency || dim == models.DimPlace && p.recipe.Grain == models.Figure || dim == "qualifier" || dim == "obs_status" {
			r.concern = unreadable // a figure of nobody knows whom is no figure
		}
		return r
	}
}

// ageBand puts an age in completed years into one of the bands that begin at
// the given ages; the last one is open.
func ageBand(starts []int, text string) string {
	age, err := strconv.Atoi(text)
	if err != nil || len(starts) == 0 || age < starts[0] || age > 120 {
		return ""
	}
	i, found := slices.BinarySearch(starts, age)
	if !found {
		i--
	}
	if i == len(starts)-1 {
		return fmt.Sprintf("Y_GE%d", starts[i])
	}
	return fmt.Sprintf("Y%dT%d", starts[i], starts[i+1]-1)
}

// matchIndicator resolves the indicator column: a value in which "*" stands for
// any text of one of the joined columns, the one with the fewest stars first,
// or an id or name of the catalogue.
func (p *plan) matchIndicator(text string, values map[string]string) string {
	parts := strings.Split(strings.ToLower(text), " | ")
	best, stars := "", len(parts)+1
	for k, v := range values {
		want := strings.Split(k, " | ")
		n, ok := 0, len(want) == len(parts)
		for i := 0; ok && i < len(want); i++ {
			if want[i] == "*" {
				n++
			}
			ok = want[i] == "*" || want[i] == parts[i]
		}
		if ok && n > 0 && n < stars {
			best, stars = v, n
		}
	}
	if best != "" {
		return best
	}
	if i := p.cat.FindIndicator(text); i != nil {
		return i.ID
	}
	return ""
}

// worker maps rows on one goroutine.
type worker struct {
	p      *plan
	caches []map[string]*coded // by program
	got    []*coded            // by program: its result for the row at hand,
	gotRow []int64             // and of which row it is
	nth    int64               // rows so far
	last   []*coded            // by column: what relate set last
	times  map[string]models.Period
	cells  [][]byte // of the row at hand, trimmed; empty where nothing is stated
	key    []byte
	batch  *models.Batch
	tally  *tally
	aside  []bounded
	now    []*coded // codes of the observation at hand
}

func (p *plan) worker() *worker {
	return &worker{
		p: p, caches: make([]map[string]*coded, p.count), got: make([]*coded, p.count), gotRow: make([]int64, p.count),
		last: make([]*coded, len(p.coded)), times: map[string]models.Period{},
		cells: make([][]byte, len(p.columns)), batch: models.NewBatch(p.layout), tally: newTally(), now: make([]*coded, len(p.coded)),
	}
}

// take makes a row the one at hand.
func (w *worker) take(fields [][]byte) {
	w.nth++
	for i := range w.cells {
		var c []byte
		if i < len(fields) {
			c = trim(fields[i])
		}
		if len(w.p.missing) > 0 && len(c) > 0 && len(c) < 24 && w.p.missing[string(bytes.ToLower(c))] {
			c = nil
		}
		w.cells[i] = c
	}
}

// trim cuts blanks off both ends; most cells have none.
func trim(c []byte) []byte {
	if len(c) == 0 || c[0] > ' ' && c[0] < 0x80 && c[len(c)-1] > ' ' && c[len(c)-1] < 0x80 {
		return c
	}
	return bytes.TrimSpace(c)
}

// cell gives the text of a column in the row at hand, empty where nothing is
// stated.
func (w *worker) cell(i int) []byte {
	if i < 0 {
		return nil
	}
	return w.cells[i]
}

func (w *worker) get(column string) string {
	if i, ok := w.p.at[strings.ToLower(column)]; ok {
		return string(w.cell(i))
	}
	return ""
}

// code runs a program on the row at hand, remembering results by its inputs,
// and for as long as the row is at hand.
func (w *worker) code(g *program) (*coded, error) {
	if w.gotRow[g.id] == w.nth || len(g.inputs) == 0 && w.gotRow[g.id] > 0 {
		return w.got[g.id], nil
	}
	c, err := w.look(g)
	w.got[g.id], w.gotRow[g.id] = c, w.nth
	return c, err
}

func (w *worker) look(g *program) (*coded, error) {
	cache := w.caches[g.id]
	if cache == nil {
		cache = map[string]*coded{}
		w.caches[g.id] = cache
	}
	key := w.key[:0]
	if len(g.inputs) == 1 {
		key = w.cells[g.inputs[0]]
	} else {
		for k, i := range g.inputs {
			if k > 0 {
				key = append(key, 0x1f)
			}
			key = append(key, w.cells[i]...)
		}
		w.key = key
	}
	if c, ok := cache[string(key)]; ok {
		return c, nil
	}
	r := g.eval(w.get)
	c := &coded{code: r.code, concern: r.concern}
	if r.concern != noConcern {
		c.text = r.text
	}
	if r.concern != unreadable {
		n, err := w.p.sink.Encode(g.name, r.code, Original(r.text))
		if err != nil {
			return c, fmt.Errorf("column %s: %w", w.p.columnsOf(g), err)
		}
		c.n = n
	}
	if len(cache) < 1<<16 {
		cache[string(key)] = c
	}
	return c, nil
}

func (p *plan) columnsOf(g *program) string {
	var names []string
	for _, i := range g.inputs {
		names = append(names, p.columns[i])
	}
	return strings.Join(names, ", ")
}

// textColumns names the columns whose text is mapped, without those that only
// decide which.
func (p *plan) textColumns(g *program) string {
	if g.field == nil {
		return p.columnsOf(g)
	}
	var names []string
	var add func(f *Field)
	add = func(f *Field) {
		for _, c := range f.From {
			if !slices.Contains(names, c) {
				names = append(names, c)
			}
		}
		for i := range f.Cases {
			add(&f.Cases[i])
		}
		if f.Else != nil {
			add(f.Else)
		}
	}
	add(g.field)
	return strings.Join(names, ", ")
}

func (w *worker) text(g *program) string {
	switch {
	case g == nil:
		return ""
	case g.simple:
		return string(w.cell(g.inputs[0]))
	}
	return g.eval(w.get).code
}

// add maps the row at hand into observations.
func (w *worker) add(line int64) error {
	w.tally.read++
	for _, t := range w.p.skip {
		if matches(t, w.cell) {
			w.tally.skipped++
			return nil
		}
	}
	taken := 0
	for i := range w.p.observe {
		v := &w.p.observe[i]
		if !all(v.when, w.cell) {
			continue
		}
		switch ok, err := w.observation(v, line); {
		case err != nil:
			return err
		case !ok:
			return nil // held or skipped; the tally knows
		}
		taken++
	}
	if taken == 0 {
		w.tally.skipped++
		return nil
	}
	w.tally.taken++
	return w.addLegs(line)
}

func matches(t test, cell func(int) []byte) bool {
	c := cell(t.col)
	for _, v := range t.values {
		if v == "*" && len(c) > 0 || strings.EqualFold(v, string(c)) {
			return true
		}
	}
	return false
}

func all(ts []test, cell func(int) []byte) bool {
	for _, t := range ts {
		if !matches(t, cell) {
			return false
		}
	}
	return true
}

// observation maps the row at hand by one variant. It answers false when the
// row is held back or skipped.
func (w *worker) observation(v *variant, line int64) (bool, error) {
	for i := range v.coded {
		c, err := w.code(v.coded[i])
		if err != nil {
			return false, err
		}
		if c.concern == unreadable {
			return false, w.hold(line, v.coded[i], "is not known")
		}
		if c.concern != noConcern {
			w.tally.doubt(w.p.textColumns(v.coded[i]), *c)
		}
		w.now[i] = c
	}
	if w.now[colIndicator].code == skipRow {
		w.tally.skipped++
		return false, nil
	}
	when, ok := w.period(v)
	if !ok {
		return false, w.hold(line, firstOf(v.time[:]), "is no year, period or date that can be read")
	}
	num, bad := w.number(v)
	if bad != "" {
		return false, w.hold(line, v.value, bad)
	}
	note := Clean(w.text(v.note))
	if err := w.relate(note, when, num); err != nil {
		return false, err
	}
	b := w.batch
	i := b.N
	for k, c := range w.p.varying {
		b.Codes[k][i] = w.now[c].n
	}
	b.Year[i] = models.NoYear
	if y, one := when.CalendarYear(); one {
		b.Year[i] = int16(y)
	}
	b.Start[i], b.End[i] = when.Start, when.End
	b.Row[i] = line
	if w.p.layout.Figures {
		b.Value[i], b.Low[i], b.High[i], b.Note[i] = num[0], num[1], num[2], note
	}
	if w.p.layout.Subjects {
		b.Subject[i] = w.subject(v.subject)
	}
	if side := w.text(v.bound); side != "" {
		w.putAside(side, i)
		return true, nil
	}
	b.N++
	if b.N == models.BatchSize {
		return true, w.flush()
	}
	return true, nil
}

// subject gives the keyed hash of the person or case; 0 where the file names
// none. The key lives as long as the load, so no list of names can be tried
// against the file afterwards.
func (w *worker) subject(g *program) uint64 {
	var id []byte
	switch {
	case g == nil:
	case g.simple:
		id = w.cells[g.inputs[0]]
	default:
		id = []byte(w.text(g))
	}
	if len(id) == 0 {
		return 0
	}
	return siphash.Hash(w.p.key[0], w.p.key[1], id) | 1
}

func firstOf(ps []*program) *program {
	for _, p := range ps {
		if p != nil {
			return p
		}
	}
	return &program{}
}

func (w *worker) hold(line int64, g *program, what string) error {
	var vals []string
	for _, i := range g.inputs {
		vals = append(vals, Clean(string(w.cell(i))))
	}
	w.tally.hold(line, w.p.columnsOf(g), fmt.Sprintf("%q %s", strings.Join(vals, " | "), what))
	return nil
}

// period finds the time of the row at hand. A record without a date is of an
// unknown year; a date that cannot be read is an error.
func (w *worker) period(v *variant) (models.Period, bool) {
	none := models.Period{Start: models.NoDate, End: models.NoDate}
	if g := v.time[timeAny]; g != nil {
		if g.simple {
			if p, ok := w.times[string(w.cell(g.inputs[0]))]; ok {
				return p, true
			}
		}
		text := w.text(g)
		if text == "" {
			return none, true
		}
		if p, ok := w.times[text]; ok {
			return p, true
		}
		p, ok := parseTime(text)
		if ok && len(w.times) < 1<<16 {
			w.times[strings.Clone(text)] = p
		}
		return p, ok
	}
	for i, end := range []int{timeStart, timeEnd} {
		text := w.text(v.time[end])
		if text == "" {
			continue
		}
		p, ok := parseTime(text)
		if !ok {
			return none, false
		}
		if i == 0 {
			none.Start = p.Start
		} else {
			none.End = p.End
		}
	}
	return none, !none.Bounded() || none.Start <= none.End
}

// number finds value, lowest and highest. Records count one.
func (w *worker) number(v *variant) (out [3]float64, bad string) {
	nan := math.NaN()
	out = [3]float64{nan, nan, nan}
	if v.value == nil {
		out[0] = 1
		return out, ""
	}
	text := w.text(v.value)
	if b, ok := v.value.field.Bounds[text]; ok {
		out[1], out[2] = b[0], b[1]
		return out, ""
	}
	if text != "" {
		n, ok := parseNumber(text)
		low, high, isBound := parseBound(text)
		switch {
		case isBound:
			out[1], out[2] = low, high
		case !ok:
			return out, "is no number"
		case n < 0:
			return out, "is negative, which no count can be"
		default:
			out[0] = n
		}
	}
	for i, g := range []*program{v.low, v.high} {
		if t := w.text(g); t != "" {
			n, ok := parseNumber(t)
			if !ok {
				return out, "has a bound that is no number"
			}
			out[i+1] = n
		}
	}
	return out, ""
}

// Positions of the columns that the mapper itself looks at.
var (
	colIndicator   = slices.Index(models.CodedColumns, "indicator")
	colAgency      = slices.Index(models.CodedColumns, models.DimAgency)
	colReporter    = slices.Index(models.CodedColumns, models.DimReporter)
	colFreq        = slices.Index(models.CodedColumns, "freq")
	colPlace       = slices.Index(models.CodedColumns, models.DimPlace)
	colNationality = slices.Index(models.CodedColumns, models.DimNationality)
	colStatus      = slices.Index(models.CodedColumns, "obs_status")
	colPattern     = slices.Index(models.CodedColumns, "pattern")
)

var reportingCountry = regexp.MustCompile(`\bReporting country: ([A-Z]{2})\b`)

// relate fills in what follows from the rest of the row: the reporter, the
// place known to country level, nationals, frequency and breakdown pattern.
func (w *worker) relate(note string, when models.Period, num [3]float64) error {
	set := func(col int, code, text string) error {
		if l := w.last[col]; l != nil && l.code == code { // rows alike come together
			w.now[col] = l
			return nil
		}
		n, err := w.p.sink.Encode(w.p.coded[col], code, text)
		w.last[col] = &coded{n: n, code: code}
		w.now[col] = w.last[col]
		return err
	}
	if w.now[colReporter].code == models.Unknown {
		country := ""
		if m := reportingCountry.FindStringSubmatch(note); m != nil {
			country = m[1]
		} else if prefix, _, dot := strings.Cut(w.now[colAgency].code, "."); dot && len(prefix) == 2 && prefix != "UN" {
			country = prefix
		}
		if c := w.p.cat.Code(models.DimReporter, country); c != nil && c.Level == "country" {
			if err := set(colReporter, country, ""); err != nil {
				return err
			}
		}
	}
	reporter := w.now[colReporter].code
	if w.p.recipe.Grain == models.Record && reporter != models.Unknown && w.now[colPlace].code == models.Unknown {
		if err := set(colPlace, reporter, ""); err != nil {
			return err
		}
	}
	if w.now[colNationality].code == models.National && reporter != models.Unknown {
		if err := set(colNationality, reporter, "nationals"); err != nil {
			return err
		}
	}
	if math.IsNaN(num[0]) && math.IsNaN(num[1]) && math.IsNaN(num[2]) && w.now[colStatus].code == "A" {
		if err := set(colStatus, "L", ""); err != nil {
			return err
		}
	}
	if err := set(colFreq, when.Freq(), ""); err != nil {
		return err
	}
	return set(colPattern, w.pattern(reporter), "")
}

// notBroken are coded columns that never say how a figure is broken down.
var notBroken = []string{
	"grain", "indicator", models.DimAgency, models.DimReporter, "freq", models.DimPlaceRole, models.DimFlowKind,
	"qualifier", "obs_status", "pattern", "scope", "coverage", "document",
}

// pattern names the dimensions by which a figure is broken down (I-5.2). A
// place that is the reporting country itself says nothing about a breakdown.
func (w *worker) pattern(reporter string) string {
	if w.p.recipe.Grain == models.Record {
		return ""
	}
	var dims []string
	for i, name := range w.p.coded {
		c := w.now[i].code
		if c == models.Total || c == models.NoSense || c == "" || slices.Contains(notBroken, name) || i == colPlace && c == reporter {
			continue
		}
		dims = append(dims, name)
	}
	return strings.Join(dims, "+")
}

func (w *worker) addLegs(line int64) error {
	for i := range w.p.legs {
		l := &w.p.legs[i]
		c, err := w.code(l.program)
		if err != nil {
			return err
		}
		if c.code != models.Unknown && c.code != models.Total && c.concern != unreadable {
			w.batch.Legs = append(w.batch.Legs, models.Leg{Row: line, Seq: uint16(i + 1), Role: l.role, Place: c.n})
		}
	}
	return nil
}

func (w *worker) flush() error {
	if w.batch.N == 0 && len(w.batch.Legs) == 0 {
		return nil
	}
	b := w.batch
	w.batch = models.NewBatch(w.p.layout)
	return w.p.sink.Write(b)
}

// bounded is a figure of which the file gives one end in this row and the
// other end in another (bound=lower, bound=upper).
type bounded struct {
	key   string
	side  string
	value float64
	set   func(b *models.Batch, i int)
	row   int64
}

// putAside keeps the observation at position i of the batch until its other
// end comes.
func (w *worker) putAside(side string, i int) {
	b := w.batch
	var key strings.Builder
	codes := make([]uint16, len(b.Codes))
	for c := range b.Codes {
		codes[c] = b.Codes[c][i]
		fmt.Fprintf(&key, "%d,", codes[c])
	}
	fmt.Fprintf(&key, "%d,%d", b.Start[i], b.End[i])
	year, start, end, note, row := b.Year[i], b.Start[i], b.End[i], b.Note[i], b.Row[i]
	w.aside = append(w.aside, bounded{
		key: key.String(), side: side, value: b.Value[i], row: row,
		set: func(b *models.Batch, i int) {
			for c := range codes {
				b.Codes[c][i] = codes[c]
			}
			b.Year[i], b.Start[i], b.End[i], b.Note[i], b.Row[i] = year, start, end, note, row
		},
	})
}

// joinBounds writes the figures that were put aside, lower and upper ends as
// one range. Ends are paired in the order of the file, so two documents that
// print the same range stay two figures.
func (w *worker) joinBounds() error {
	open := map[string][]int{} // key: figures with a lower end only
	var joined []bounded
	var ranges [][2]float64
	for _, a := range w.aside {
		if a.side == "upper" && len(open[a.key]) > 0 {
			i := open[a.key][0]
			open[a.key] = open[a.key][1:]
			ranges[i][1] = a.value
			continue
		}
		r := [2]float64{a.value, math.Inf(1)}
		if a.side == "upper" {
			r = [2]float64{0, a.value}
		} else {
			open[a.key] = append(open[a.key], len(joined))
		}
		joined, ranges = append(joined, a), append(ranges, r)
	}
	for i, a := range joined {
		b := w.batch
		a.set(b, b.N)
		b.Value[b.N], b.Low[b.N], b.High[b.N] = math.NaN(), ranges[i][0], ranges[i][1]
		if b.N++; b.N == models.BatchSize {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	w.aside = nil
	return nil
}
