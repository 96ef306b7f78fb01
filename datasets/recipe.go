package datasets

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"syscall"

	"go.yaml.in/yaml/v3"

	"tiplens/models"
)

//go:embed recipes
var recipeFiles embed.FS

// Recipe says how one kind of file is read into the model. It is a YAML file
// that a person can read and edit; ordinary files need no Go.
type Recipe struct {
	Name    string         `yaml:"recipe"`
	About   string         `yaml:"about,omitempty"`
	Match   Match          `yaml:"match,omitempty"`
	Dataset models.Dataset `yaml:"dataset,omitempty"`
	Read    Shape          `yaml:"read,omitempty"` // how bytes become a table, where that cannot be found out
	Grain   models.Grain   `yaml:"grain"`
	Missing []string       `yaml:"missing,omitempty"`      // texts that stand for nothing stated
	Skip    When           `yaml:"skip,omitempty"`         // rows that are no data, such as a template's example
	Only    When           `yaml:"only,omitempty"`         // the rows that are data, where others stand among them
	Wide    *Wide          `yaml:"wide,omitempty"`         // columns that become rows
	Fields  Fields         `yaml:"fields"`                 // of the model; one that begins with x_ is a dimension of its own
	Observe []Observe      `yaml:"observations,omitempty"` // events of one record; without it a row is one observation
	Legs    []LegField     `yaml:"legs,omitempty"`
	Number  []string       `yaml:"numbered,omitempty"` // columns that only number the rows: a row with nothing else is empty
	Drop    []string       `yaml:"drop,omitempty"`     // columns known and left out on purpose
	Keep    []string       `yaml:"keep,omitempty"`     // columns kept as dimensions of their own

	Names  map[string]map[string]string `yaml:"names,omitempty"`  // what a person has decided: dimension, text, code or NotStated
	Unsure string                       `yaml:"unsure,omitempty"` // what becomes of names that nobody has decided: one of Unsures, Hold if empty

	Generic bool   `yaml:"-"` // made from --map, not saved
	Text    string `yaml:"-"` // the YAML it was read from
}

// Match says which files a recipe fits: all header cells named must be there.
type Match struct {
	Format []string `yaml:"format,omitempty"` // csv, xlsx, parquet; empty for any
	Sheet  string   `yaml:"sheet,omitempty"`
	Header []string `yaml:"header,omitempty"`
}

// Fields maps fields of the model to where they come from.
type Fields map[string]Field

// Observe is one event of a record: it exists where When holds, and its fields
// replace the common ones.
type Observe struct {
	When   When   `yaml:"when,omitempty"`
	Fields Fields `yaml:"fields,omitempty"`
}

// LegField adds a stop on a person's way from a column.
type LegField struct {
	Role  string `yaml:"role"`
	Field Field  `yaml:"place"`
}

// When holds columns and the values one of which each must have; "*" stands
// for any stated value, "" for none, and "=Column" for what another column
// says.
type When map[string]OneOf

// OneOf is a list in YAML that may be written as a single word.
type OneOf []string

// UnmarshalYAML reads a single scalar or a list of them.
func (o *OneOf) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*o = OneOf{n.Value}
		return nil
	}
	return n.Decode((*[]string)(o))
}

// Field says how one field of an observation is made. In YAML it may be the
// name of a column, one mapping, or a list of mappings of which the first
// whose When holds is used.
type Field struct {
	Const   string                `yaml:"const,omitempty"`
	From    OneOf                 `yaml:"from,omitempty"`   // columns; several are joined by " | " before mapping
	As      string                `yaml:"as,omitempty"`     // another dimension whose names are used
	Values  map[string]string     `yaml:"values,omitempty"` // text to code; "*" for all others
	Flags   map[string]string     `yaml:"flags,omitempty"`  // column to code, where the column says yes
	Bounds  map[string][2]float64 `yaml:"bounds,omitempty"` // text to lowest and highest value, such as "<5" where it may be none
	Bands   []int                 `yaml:"bands,omitempty"`  // ages in years are put into bands that begin at these
	Match   string                `yaml:"pattern,omitempty"`
	Split   string                `yaml:"split,omitempty"` // separates several codes in one cell
	When    When                  `yaml:"when,omitempty"`
	None    string                `yaml:"none,omitempty"`    // code where nothing is stated
	Missing OneOf                 `yaml:"missing,omitempty"` // texts that state nothing in these columns
	Within  string                `yaml:"within,omitempty"`  // country whose provinces the column gives, also as bare numbers
	Cases   []Field               `yaml:"-"`
	Dates   string                `yaml:"dates,omitempty"` // what comes first in dates of numbers such as 03/05/2024: dmy, mdy or ymd, and after a comma why
	Else    *Field                `yaml:"else,omitempty"`  // used where this one states nothing
}

// UnmarshalYAML accepts the three ways of writing a field.
func (f *Field) UnmarshalYAML(n *yaml.Node) error {
	switch n.Kind {
	case yaml.ScalarNode:
		f.From = OneOf{n.Value}
		return nil
	case yaml.SequenceNode:
		return n.Decode(&f.Cases)
	}
	for i := 0; i+1 < len(n.Content); i += 2 { // Node.Decode does not mind a misspelt key
		if key := n.Content[i]; !slices.Contains(fieldKeys, key.Value) {
			return fmt.Errorf("line %d: %q is no part of a field; parts are %s", key.Line, key.Value, strings.Join(fieldKeys, ", "))
		}
	}
	type plain Field
	return n.Decode((*plain)(f))
}

var fieldKeys = []string{"const", "from", "as", "values", "flags", "bounds", "bands", "pattern", "split", "when", "none", "missing", "within", "dates", "else"}

// ParseRecipe reads a recipe and checks it against the catalogue. The error
// says what to correct.
func ParseRecipe(text []byte, cat *models.Catalog) (*Recipe, error) {
	if len(text) > maxRecipe {
		return nil, fmt.Errorf("the recipe is longer than %d KB, which no recipe is", maxRecipe>>10)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("the recipe is not readable: %w", err)
	}
	lines := maxExpanded
	switch n := unfold(&doc, map[*yaml.Node]bool{}, &lines); {
	case n == nil:
	case n.Kind != yaml.AliasNode:
		return nil, fmt.Errorf("line %d: the recipe has more than %d parts, which no recipe has", n.Line, maxExpanded)
	default:
		return nil, fmt.Errorf("line %d: *%s stands for itself, or for more than a recipe can hold; write it out here", n.Line, Clean(n.Value))
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	var r Recipe
	if err := dec.Decode(&r); err != nil {
		return nil, fmt.Errorf("the recipe is not readable: %w", err)
	}
	r.Text = string(text)
	r.About = Clean(r.About)
	r.Dataset.Clean()
	return &r, r.check(cat)
}

// maxRecipe is the size, in bytes, of the longest recipe that is read.
const maxRecipe = 1 << 20

// ReadRecipe reads a recipe from a file, which must be one: a pipe would be
// waited for, and a device has no end.
func ReadRecipe(path string, cat *models.Catalog) (*Recipe, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("the recipe cannot be read: %s", reason(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("the recipe cannot be read: this is no ordinary file")
	}
	b, err := io.ReadAll(io.LimitReader(f, maxRecipe+1))
	if err != nil {
		return nil, fmt.Errorf("the recipe cannot be read: %s", reason(err))
	}
	return ParseRecipe(b, cat)
}

// maxExpanded is how many parts a recipe may have once each alias is replaced
// by what it stands for. A few aliases can stand for millions.
const maxExpanded = 50_000

// unfold counts the parts of a YAML document and finds the alias that makes
// them too many, or that stands within what it stands for.
func unfold(n *yaml.Node, within map[*yaml.Node]bool, left *int) *yaml.Node {
	*left--
	if n.Kind == yaml.AliasNode {
		if within[n.Alias] || unfold(n.Alias, within, left) != nil {
			return n
		}
		return nil
	}
	within[n] = true
	defer delete(within, n)
	for _, c := range n.Content {
		if *left < 0 {
			return c
		}
		if found := unfold(c, within, left); found != nil {
			return found
		}
	}
	return nil
}

func (r *Recipe) check(cat *models.Catalog) error {
	switch {
	case !models.ValidDatasetID(r.Name):
		return fmt.Errorf("the recipe needs a name such as \"police-monthly\" (lower case, up to 32 letters), not %q", r.Name)
	case r.Grain != models.Record && r.Grain != models.Figure:
		return fmt.Errorf("recipe %s: grain is \"record\" (a row is a person or case) or \"figure\" (a row is a number), not %q", r.Name, r.Grain)
	case len(r.Match.Header) == 0 && !r.Generic:
		return fmt.Errorf("recipe %s: match.header must name the columns by which the file is known", r.Name)
	}
	if err := r.spread(); err != nil {
		return fmt.Errorf("recipe %s: %w", r.Name, err)
	}
	if _, ok := r.Fields["indicator"]; !ok && len(r.Observe) == 0 {
		return fmt.Errorf("recipe %s: no field says which indicator the rows count", r.Name)
	}
	if r.Grain == models.Figure && !r.has("value") && !r.has("value_low") && !r.has("value_high") {
		return fmt.Errorf("recipe %s: a figure needs a field value", r.Name)
	}
	if r.Dataset.Covers != "" {
		if _, err := models.ParsePeriod(r.Dataset.Covers); err != nil {
			return fmt.Errorf("recipe %s: covers is a period such as 2024, 2024-S1 or 2019..2025, not %q", r.Name, r.Dataset.Covers)
		}
	}
	if r.Grain == models.Record && r.has("bound") {
		return fmt.Errorf("recipe %s: field bound belongs to figures; these rows are records", r.Name)
	}
	if err := r.Read.check(); err != nil {
		return fmt.Errorf("recipe %s, read: %w", r.Name, err)
	}
	if err := r.refusePersonal(); err != nil {
		return fmt.Errorf("recipe %s: %w", r.Name, err)
	}
	if err := r.checkNames(cat); err != nil {
		return fmt.Errorf("recipe %s: %w", r.Name, err)
	}
	all := []Fields{r.Fields}
	for _, o := range r.Observe {
		all = append(all, o.Fields)
	}
	for _, l := range r.Legs {
		if !slices.Contains(legRoles, l.Role) {
			return fmt.Errorf("recipe %s: a leg's role is one of %s, not %q", r.Name, strings.Join(legRoles, ", "), l.Role)
		}
		if err := l.Field.check(models.DimPlace, cat); err != nil {
			return fmt.Errorf("recipe %s, leg %s: %w", r.Name, l.Role, err)
		}
	}
	for _, fs := range all {
		for _, name := range fs.names() {
			f := fs[name]
			if !knownField(name, cat) {
				return fmt.Errorf("recipe %s: there is no field %q in the model; fields are %s", r.Name, name, strings.Join(fieldNames(cat), ", "))
			}
			if err := f.check(name, cat); err != nil {
				return fmt.Errorf("recipe %s, field %s: %w", r.Name, name, err)
			}
		}
	}
	return nil
}

// has reports whether any event of the recipe has the field.
func (r *Recipe) has(field string) bool {
	if _, ok := r.Fields[field]; ok {
		return true
	}
	return slices.ContainsFunc(r.Observe, func(o Observe) bool { _, ok := o.Fields[field]; return ok })
}

// legRoles are the stops that a person's way may have.
var legRoles = append([]string{models.DimOrigin, models.DimDestination}, models.FlowRoles...)

func (fs Fields) names() []string {
	var out []string
	for n := range fs {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// plainFields are the fields of an observation that are no codes.
var plainFields = []string{"year", "month", "period", "date", "period_start", "period_end", "value", "value_low", "value_high", "note", "subject", "bound"}

// freeText are coded columns without a code list: their text is the code.
var freeText = []string{"scope", "coverage", "document"}

func knownField(name string, cat *models.Catalog) bool {
	return slices.Contains(plainFields, name) || slices.Contains(models.CodedColumns, name) && name != "pattern" && name != "freq" && name != "grain" ||
		cat.Dimension(name) != nil || ownDimension.MatchString(name) && cat.Indicator(name) == nil
}

// ownDimension is a dimension that only the files of one recipe have.
var ownDimension = regexp.MustCompile(`^x_[a-z][a-z0-9_]{0,40}$`)

func fieldNames(cat *models.Catalog) []string {
	var out []string
	for _, n := range slices.Concat(models.CodedColumns, plainFields) {
		if knownField(n, cat) {
			out = append(out, n)
		}
	}
	for _, d := range cat.Dimensions() {
		if !slices.Contains(out, d.ID) {
			out = append(out, d.ID)
		}
	}
	return out
}

func (f *Field) check(name string, cat *models.Catalog) error {
	if _, err := regexp.Compile(f.Match); err != nil {
		return fmt.Errorf("the pattern is not readable: %w", err)
	}
	for text, b := range f.Bounds {
		if b[0] < 0 || b[0] > b[1] {
			return fmt.Errorf("bounds: %q needs a lowest and a highest value from 0 up, in this order", text)
		}
	}
	if f.As != "" && cat.Dimension(f.As) == nil {
		return fmt.Errorf("as: there is no dimension %q", f.As)
	}
	if k := cat.Code(models.DimPlace, f.Within); f.Within != "" && (k == nil || k.Level != "country") {
		return fmt.Errorf("within: %q is no country; write its two letters, such as KH", f.Within)
	}
	if _, ok := parseOrder(f.Dates); !ok {
		return fmt.Errorf("dates: dmy (day first, 25/12/2024), mdy (month first, 12/25/2024) or ymd (year first, 24-12-25), not %q", Clean(f.Dates))
	}
	if f.Dates != "" && !slices.Contains(timely, name) {
		return fmt.Errorf("dates: says how a field of time is read, and %s is none", name)
	}
	for i := range f.Cases {
		if err := f.Cases[i].check(name, cat); err != nil {
			return err
		}
	}
	if f.Else != nil {
		if err := f.Else.check(name, cat); err != nil {
			return err
		}
	}
	codes := []string{f.Const, f.None}
	for _, v := range f.Values {
		codes = append(codes, v)
	}
	for _, v := range f.Flags {
		codes = append(codes, v)
	}
	for _, set := range codes {
		for _, c := range strings.Split(set, models.SetJoin) {
			if c != "" && !knownCode(name, c, cat) {
				return fmt.Errorf("%q is not one of its codes", c)
			}
		}
	}
	return nil
}

// bounds finds the bounds that the recipe gives for a text, however its blanks
// are set: "< 5" is "<5".
func (f *Field) bounds(text string) ([2]float64, bool) {
	if len(f.Bounds) == 0 {
		return [2]float64{}, false
	}
	b, ok := f.Bounds[text]
	if !ok && strings.ContainsAny(text, " \u00a0") {
		b, ok = f.Bounds[strings.NewReplacer(" ", "", "\u00a0", "").Replace(text)]
	}
	return b, ok
}

func knownCode(field, code string, cat *models.Catalog) bool {
	switch {
	case field == "indicator":
		return cat.Indicator(code) != nil || code == skipRow
	case slices.Contains(plainFields, field) || slices.Contains(freeText, field):
		return true
	case field == "qualifier":
		return slices.Contains([]string{"exact", "at least", "about", "more than", "estimate"}, code)
	case field == "obs_status":
		return len(code) == 1 && strings.Contains("ABDELMOPQU", code)
	}
	return cat.Open(field) || cat.Code(field, code) != nil
}

// skipRow as an indicator leaves a row out, and the report counts it.
const skipRow = "-"

// BuiltinRecipes are the recipes of the publishers that the program knows.
var BuiltinRecipes = sync.OnceValue(func() []*Recipe {
	var out []*Recipe
	names, err := fs.Glob(recipeFiles, "recipes/*.yaml")
	if err != nil {
		panic(err)
	}
	for _, n := range names {
		out = append(out, BuiltinRecipe(strings.TrimSuffix(path.Base(n), ".yaml")))
	}
	return out
})

// BuiltinRecipe is one of them by its name, which must be one: to open what
// comes with the program takes one recipe, and not the time to read them all.
func BuiltinRecipe(name string) *Recipe {
	b, err := recipeFiles.ReadFile("recipes/" + name + ".yaml")
	if err != nil {
		panic(err)
	}
	r, err := ParseRecipe(b, Catalogue())
	if err != nil {
		panic(name + ": " + err.Error()) // a test keeps this from happening
	}
	return r
}

// columns lists the columns of the file that a recipe reads.
func (r *Recipe) columns() []string {
	var out []string
	add := func(cs ...string) {
		for _, c := range cs {
			if c != "" && !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	addWhen := func(w When) {
		for c, vals := range w {
			add(c)
			for _, v := range vals {
				if other, ok := strings.CutPrefix(v, "="); ok {
					add(other)
				}
			}
		}
	}
	var addField func(f Field)
	addField = func(f Field) {
		add(f.From...)
		for c := range f.Flags {
			add(c)
		}
		addWhen(f.When)
		for _, c := range f.Cases {
			addField(c)
		}
		if f.Else != nil {
			addField(*f.Else)
		}
	}
	for _, f := range r.Fields {
		addField(f)
	}
	for _, o := range r.Observe {
		addWhen(o.When)
		for _, f := range o.Fields {
			addField(f)
		}
	}
	for _, l := range r.Legs {
		addField(l.Field)
	}
	addWhen(r.Skip)
	addWhen(r.Only)
	add(r.Keep...)
	sort.Strings(out)
	return out
}

// Extra lists the dimensions beyond the table's own columns that a recipe
// fills, its kept columns among them.
func (r *Recipe) Extra() []string {
	var out []string
	add := func(fs Fields) {
		for n := range fs {
			if !slices.Contains(models.CodedColumns, n) && !slices.Contains(plainFields, n) && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	add(r.Fields)
	for _, o := range r.Observe {
		add(o.Fields)
	}
	for _, k := range r.kept() {
		out = append(out, k.name)
	}
	sort.Strings(out)
	return out
}

// keptColumn is a column that is kept, and the dimension it becomes.
type keptColumn struct{ column, name string }

// kept lists the columns to keep, each once and each with a name of its own:
// headers that differ only in signs or in letters that an id cannot have are
// numbered, in the order of the alphabet, so that the order of asking does not
// matter.
func (r *Recipe) kept() []keptColumn {
	columns := slices.Clone(r.Keep)
	slices.SortFunc(columns, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(a, b))
	})
	columns = slices.CompactFunc(columns, strings.EqualFold)
	var out []keptColumn
	taken := func(name string) bool {
		return slices.ContainsFunc(out, func(k keptColumn) bool { return k.name == name }) ||
			Catalogue().Dimension(name) != nil || Catalogue().Indicator(name) != nil
	}
	for _, c := range columns {
		plain := keptName(c)
		name := plain
		for n := 2; taken(name); n++ {
			name = fmt.Sprintf("%s_%d", plain, n)
		}
		out = append(out, keptColumn{c, name})
	}
	return out
}

// keptName turns a column's name into the id of a dimension, which may not be
// its own.
func keptName(column string) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, strings.ToLower(column))
	s = strings.Trim(s, "_")
	if s == "" {
		s = "column"
	}
	return "x_" + s
}
