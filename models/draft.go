package models

import (
	"reflect"
	"slices"
	"strings"
)

// DraftChange is one answer of a person about a file that is to be loaded. A draft
// is always the file plus its changes in order, so undo takes the last one
// away and nothing else is kept between two looks at the file.
type DraftChange struct {
	Key    string `json:"key"`              // one of the keys below, a key of the file's shape, or a field that is the same in every row
	Column string `json:"column,omitempty"` // of the file
	Text   string `json:"text,omitempty"`   // a value of the column
	Value  string `json:"value,omitempty"`
}

// Keys of changes beside those of the shape (encoding, delimiter, quote,
// escape, sheet, header, header_rows, first, last) and of fields.
const (
	ChangeRecipe  = "recipe"  // read it with this recipe; NoRecipe for one of its own
	ChangeField   = "field"   // the column is read as this field; nothing leaves it out
	ChangeMissing = "missing" // the text states nothing in this column
	ChangeCode    = "code"    // the text of this column is this code
	ChangeWithout = "without" // a column that the recipe reads and the file lacks: go on without it
	ChangeInstead = "instead" // the same: this column of the file stands in its place
	ChangeHold    = "hold"    // yes sets rows of a wrong shape aside
	ChangeID      = "id"      // of the dataset
	ChangeTitle   = "title"   // of the dataset
	ChangeWide    = "wide"    // columns that become rows, such as year=2019..2024; NoRecipe for none
	ChangeUnsure  = "unsure"  // what becomes of names that nobody has decided
	ChangeName    = "name"    // what a name means in every column: DIMENSION:TEXT=CODE
	ChangeDates   = "dates"   // what comes first in dates of numbers: dmy, mdy or ymd; dates:COLUMN says it of one column
	ChangeGuess   = "guess"   // no leaves out every column of which nothing is said
)

// NoRecipe as the value of ChangeRecipe maps the columns by hand, and as that
// of ChangeWide leaves them columns.
const NoRecipe = "none"

// KeptColumn as the value of ChangeField keeps a column as a dimension of its
// own.
const KeptColumn = "keep"

// Draft is a file on its way in: what was decided about it and why, and what
// would become of it.
type Draft struct {
	File   string
	Size   int64
	Format string

	Recipe     string // by which it would be read
	Known      bool   // the recipe was there before and fits as it stands
	Changed    bool   // it is new, or was changed, so it is worth saving
	RecipeText string // as it would be saved
	Dataset    string // id under which it would be loaded

	Decisions []Decision
	Rows      []DraftRow // the first rows as they stand
	Columns   []DraftColumn
	Fields    []DraftChoice // what a column can be read as
	New       []string      // columns that the recipe does not know
	Missing   []string      // columns that the recipe reads and the file lacks

	Same     []string // what is the same in every row of the preview
	Head     []string // of the preview
	Preview  [][]string
	Findings []Finding

	Whole                      bool  // the numbers below are of the whole file, not of a sample
	InFile                     int64 // rows of the file, 0 where it was not read to its end
	Read, Taken, Held, Skipped int64

	Blocks   string // why it cannot be loaded yet, in one sentence; empty when it can
	BlocksAt string // key of the decision that settles it, or the section: columns
}

// Decision is one thing that was decided about a file.
type Decision struct {
	Key     string
	Name    string
	Value   string
	Why     string
	Stated  bool // by a person
	Fixed   bool // it cannot be changed
	Choices []DraftChoice
	Free    string // what may be typed instead of choosing; empty when nothing
}

// DraftChoice is one of several values to choose from.
type DraftChoice struct {
	Value string
	Label string
	Note  string
}

// DraftRow is a row as it stands in the file.
type DraftRow struct {
	Row    int64
	Cells  []string
	Header bool
}

// DraftColumn is a column of the file and what becomes of it.
type DraftColumn struct {
	Name     string
	Samples  []string
	Distinct int
	Empty    int
	Field    string // what it is read as; several have a comma between them; nothing when left out
	Why      string
	Personal bool   // it looks as if it named people, and is never stored
	Fixed    string // why it cannot be changed
	New      bool   // the recipe does not know it
	Suggest  []DraftChoice
	Missing  []string
	Values   []DraftValue
	Open     int // how many of its values are to be decided
}

// DraftValue is a text of a column and the code that it would get.
type DraftValue struct {
	Text  string
	Count int
	Code  string
	Label string
	State ValueState
	Near  []DraftChoice // codes it may be, likeliest first
}

// ValueState says how sure a value's code is.
type ValueState string

// The states of a value.
const (
	ValueKnown    ValueState = "known"
	ValueStated   ValueState = "stated"   // a person or the recipe says so
	ValueDoubtful ValueState = "doubtful" // a name that deserves a second look
	ValueUnknown  ValueState = "unknown"  // it would count as Other
	ValueBad      ValueState = "bad"      // its rows would be held back
	ValueNone     ValueState = "none"     // it states nothing
)

// Settled reports whether nobody needs to look at the value.
func (s ValueState) Settled() bool {
	return s == ValueKnown || s == ValueStated || s == ValueNone
}

// Sum says how many rows were looked at, of how many, and what becomes of them.
func (d *Draft) Sum() []string {
	n := func(v int64) string { return FormatNumber(float64(v)) }
	parts := n(d.Taken) + " taken + " + n(d.Held) + " held back + " + n(d.Skipped) + " skipped"
	switch {
	case d.Whole:
		return []string{Many(d.Read, "rows") + " read = " + parts}
	case d.InFile > 0:
		parts = n(d.Read) + " of the file's " + n(d.InFile) + " rows were looked at = " + parts
	default:
		parts = n(d.Read) + " rows were looked at, and the file has more = " + parts
	}
	return []string{parts, "The numbers below are of the rows looked at. The load reads all."}
}

// Told lists the findings, those that sum up many rows before single ones: they
// say what to do about all of them.
func (d *Draft) Told() []Finding {
	out := slices.Clone(d.Findings)
	single := func(f Finding) int {
		if f.Row > 0 && f.Count <= 1 {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(out, func(a, b Finding) int { return single(a) - single(b) })
	return out
}

// Clean makes every text of a draft safe to show, whoever wrote it. The recipe
// keeps its lines.
func (d *Draft) Clean() {
	lines := strings.Split(d.RecipeText, "\n")
	for i, l := range lines {
		lines[i] = strings.ReplaceAll(Printable(l), "\r", "")
	}
	cleanTexts(reflect.ValueOf(d).Elem())
	d.RecipeText = strings.Join(lines, "\n")
}

// cleanTexts cleans every text in a value.
func cleanTexts(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(Clean(v.String()))
	case reflect.Slice:
		for i := range v.Len() {
			cleanTexts(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			cleanTexts(v.Field(i))
		}
	}
}
