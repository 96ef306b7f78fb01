package datasets

import (
	"slices"
	"strings"
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
	cell    string // what stands in the columns it was made of
	n       uint16
	code    string
	concern concern // the gravest of
	doubts  []doubt
	parted  bool // they are of values that the cell holds, not of all of it
	uses    []NameUse
	valid   models.Period // in which its codes exist; Undated for always
	stops   []uint16      // in the place of n, where the cell is a way of several stops
}

// doubt is a text that gave cause for concern: a whole cell, or one of the
// values it holds.
type doubt struct {
	text, code string
	concern    concern
}

type concern uint8

const (
	noConcern    concern = iota
	nativeDigits         // Khmer or Arabic digits were read as a number
	maybeNamibia         // NA was taken for nothing stated
	maybeMissing         // NA was taken for Namibia
	unknownText
	undecided  // the row is held until a person has said what a name means
	unreadable // the row must be held
)

// plan is a recipe compiled for one header: shared and read-only, except for
// the sink behind it.
type plan struct {
	recipe  *Recipe
	cat     *models.Catalog
	matcher *Matcher
	sink    Sink
	columns []string       // of the file, then those that a wide table adds
	width   int            // how many are of the file
	turn    *turn          // of a wide table, else nil
	number  []int          // positions of columns that only number the rows
	at      map[string]int // column name to position
	coded   []string       // coded columns of the target, extras last
	layout  *models.Layout
	varying []int // positions in coded of the columns of the layout
	observe []variant
	skip    []test
	only    []test
	legs    []legProgram
	missing map[string]bool
	key     [2]uint64
	others  []int               // columns for what fits no code, such as "Other, specify", that no field reads
	kept    []bool              // by column: its cells are stored with a row held back
	stated  models.Period       // what the dataset says it covers; rows outside are told
	today   models.Date         // a later first day is told
	absent  []string            // columns that the recipe reads and the file lacks
	count   int                 // programs compiled
	common  map[string]*program // those that all events of a record share
}

type variant struct {
	when    []test
	coded   []*program // by position in plan.coded
	time    [4]*program
	month   *program
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
	why    string // of a row that is left out for it
}

type legProgram struct {
	role uint16
	*program
}

// program computes one field from some columns; it depends on nothing else, so
// a worker may remember its results.
type program struct {
	id      int
	name    string
	field   *Field
	inputs  []int    // positions of the columns it reads, sorted
	simple  bool     // the text of one column, as it stands
	turns   bool     // one of them differs from column to column of a wide table
	order   dayOrder // of a field of time: what comes first in dates of numbers,
	because string   // and why
	eval    func(get func(column string) string) result
}

type result struct {
	code, text string
	concern    concern
	doubts     []doubt   // of the parts of a cell that holds several values
	parted     bool      // a name that waits is one of several values
	uses       []NameUse // names in it that are not certain, or that a person decided
	stops      []result  // the values of such a cell in its order, where they are a way
}

func (p *plan) compile(sink Sink, columns []string) error {
	p.sink, p.columns, p.width, p.at, p.common = sink, columns, len(columns), map[string]int{}, map[string]*program{}
	if err := p.turned(); err != nil {
		return err
	}
	for _, form := range []func(string) string{strings.ToLower, func(c string) string { return strings.ToLower(plainName(c)) }} {
		for i, c := range p.columns {
			if at, dup := p.at[form(c)]; !dup || i >= p.width && at < p.width {
				p.at[form(c)] = i
			}
		}
	}
	for i, c := range p.columns[p.width:] { // what a wide table adds goes before a column of that name
		p.at[c] = p.width + i
	}
	for _, c := range p.recipe.columns() {
		if _, ok := p.at[strings.ToLower(c)]; !ok {
			p.absent = append(p.absent, c)
		}
	}
	for _, c := range p.recipe.Number {
		if i, ok := p.at[strings.ToLower(c)]; ok {
			p.number = append(p.number, i)
		}
	}
	p.missing = map[string]bool{}
	for _, m := range p.recipe.Missing {
		p.missing[strings.ToLower(m)] = true
	}
	p.coded = append(slices.Clone(models.CodedColumns), p.recipe.Extra()...)
	p.skip, p.only = p.tests(p.recipe.Skip, " is "), p.tests(p.recipe.Only, " is not ")
	p.kept, p.others = p.heldColumns(), p.otherColumns()
	observe := p.recipe.Observe
	if len(observe) == 0 {
		observe = []Observe{{}}
	}
	for _, o := range observe {
		p.observe = append(p.observe, p.variant(o))
	}
	p.spans()
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
	p.layout = &models.Layout{Constant: map[string]uint16{}, Figures: p.recipe.Grain == models.Figure, Source: p.columns}
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
	case "pattern", "obs_status", "qualifier":
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
	v := variant{when: p.tests(o.When, " is ")}
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
	v.month = optional("month")
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
	for _, k := range p.recipe.kept() {
		if f == nil && k.name == name {
			f = &Field{From: OneOf{k.column}}
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

func (p *plan) tests(w When, left string) []test {
	var out []test
	for c, vals := range w {
		i, ok := p.at[strings.ToLower(c)]
		if !ok {
			i = -1
		}
		out = append(out, test{i, vals, whenSentence(c, left, vals)})
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
	g.turns = len(g.inputs) > 0 && g.inputs[len(g.inputs)-1] >= p.width
	g.simple = len(f.From) == 1 && len(g.inputs) == 1 && f.Else == nil && f.None == "" && f.Match == "" && f.As == "" && len(f.Values) == 0 && len(f.When) == 0 && len(f.Missing) == 0
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
			if strings.HasPrefix(c, turnPrefix) {
				c = "header"
			}
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
