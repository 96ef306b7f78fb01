package models

import (
	"fmt"
	"math"
	"slices"
)

// CellState is what is known of a cell. Nothing is not zero: a stated zero, no
// data, not applicable and withheld are four things with four marks.
type CellState uint8

// The states of a cell and, in brackets, their marks on the screen.
const (
	NoData   CellState = iota // ".."
	Known                     // the number
	Zero                      // "0", a stated zero
	NotApply                  // "-"
	Bound                     // "<5", "5-8" or ">=5": only bounds are known
	Withheld                  // "*"
	Blank                     // nothing is asked here, such as a total that would be a wrong sum
)

// Form is how a number is written.
type Form uint8

// The forms; a percentage and a change in percent stand without the sign "%".
const (
	Plain         Form = iota
	Percent            // 40.6
	Signed             // +12, a difference
	SignedPercent      // -17.3, a difference as a percentage of the earlier value
)

var stateNames = [...]string{"nodata", "value", "zero", "na", "bound", "withheld", "na"}

// String is the state as tidy CSV prints it.
func (s CellState) String() string { return stateNames[s] }

// Cell is one number of an answer with what may be said of it.
type Cell struct {
	State    CellState
	Form     Form // how the number is written
	Open     bool // the period that it covers has no end
	About    bool // qualifier about, or a sum with such a part
	Estimate bool
	Strict   bool // more than Low, not at least Low

	Parts int     // observations it stands on
	Value float64 // known values
	Count float64 // the count behind a percentage or ratio
	Base  float64 // what a percentage, ratio or change is taken of
	rare  *rare   // nil for nearly all: a table of flows has 200,000 cells
}

// rare is what few cells have. Cells are copied and share it, so it is never
// changed, only replaced.
type rare struct {
	low, high    float64
	part, status string
	notes        []Remark
}

// Low is the number that is known, or the lower bound.
func (c *Cell) Low() float64 {
	if c.State == Bound {
		return c.rarely().low
	}
	return c.Value
}

// High is the number that is known, or the upper bound; +Inf for "at least".
func (c *Cell) High() float64 {
	if c.State == Bound {
		return c.rarely().high
	}
	return c.Value
}

// Part is the period that the number really covers, when that is not its column's.
func (c *Cell) Part() string { return c.rarely().part }

// Status is SDMX status letters other than A.
func (c *Cell) Status() string { return c.rarely().status }

// Notes are what must be said of this one cell.
func (c *Cell) Notes() []Remark { return c.rarely().notes }

// String is everything that is said of the cell, to compare and to look at; Text
// is what people read.
func (c Cell) String() string {
	return fmt.Sprintf("{%s %v..%v count %v of %v, parts %d, form %d, open %v about %v estimate %v strict %v, part %q status %q notes %q}",
		c.State, c.Low(), c.High(), c.Count, c.Base, c.Parts, c.Form, c.Open, c.About, c.Estimate, c.Strict, c.Part(), c.Status(), c.Notes())
}

// SetPart says which period the number really covers; "" for its column's.
func (c *Cell) SetPart(part string) {
	if part != c.Part() {
		c.change(func(r *rare) { r.part = part })
	}
}

// SetStatus sets the SDMX status letters other than A.
func (c *Cell) SetStatus(letters string) {
	if letters != c.Status() {
		c.change(func(r *rare) { r.status = letters })
	}
}

// SetNotes sets what must be said of this one cell.
func (c *Cell) SetNotes(notes []Remark) {
	if len(notes) > 0 || len(c.Notes()) > 0 {
		c.change(func(r *rare) { r.notes = notes })
	}
}

// SetNumber makes it an exactly known number; what else is said of it stays.
func (c *Cell) SetNumber(v float64) {
	if c.State, c.Value = Zero, v; v != 0 {
		c.State = Known
	}
}

// SetBounds makes it a number of which only bounds are known.
func (c *Cell) SetBounds(low, high float64) {
	c.State, c.Value = Bound, 0
	c.change(func(r *rare) { r.low, r.high = low, high })
}

// nothingRare is what a cell without anything rare to say shows.
var nothingRare rare

func (c *Cell) rarely() *rare {
	if c.rare == nil {
		return &nothingRare
	}
	return c.rare
}

func (c *Cell) change(set func(r *rare)) {
	own := *c.rarely()
	set(&own)
	c.rare = &own
}

// Number makes the cell of an exactly known value.
func Number(v float64) (c Cell) {
	c.SetNumber(v)
	return c
}

// Between makes the cell of a value of which only bounds are known.
func Between(low, high float64) (c Cell) {
	if low == high {
		return Number(low)
	}
	c.SetBounds(low, high)
	return c
}

// Rules lists the rules that mark this one cell.
func (c Cell) Rules() []string {
	var out []string
	for _, n := range c.Notes() {
		if n.Rule != "" && !slices.Contains(out, n.Rule) {
			out = append(out, n.Rule)
		}
	}
	return out
}

// HasValue reports whether exactly one number is known.
func (c Cell) HasValue() bool { return c.State == Known || c.State == Zero }

// HasBounds reports whether the cell says anything about its size.
func (c Cell) HasBounds() bool { return c.HasValue() || c.State == Bound }

// Sortable gives a number to order by; cells that say nothing sort last.
func (c Cell) Sortable() float64 {
	switch c.State {
	case Known, Zero:
		return c.Value
	case Bound:
		return c.Low()
	}
	return math.Inf(-1)
}

// HeaderKind tells what a row or column of a table stands for.
type HeaderKind uint8

// The kinds of rows and columns.
const (
	CodeHeader     HeaderKind = iota
	NotStated                 // the code _U
	RestHeader                // what the total holds beyond its published parts
	OtherHeader               // what is beyond the top n
	DomesticHeader            // a corridor that stays in one country
	TotalHeader
	PrefixHeader // of routes: all that begin alike
)

// Header names one row or column: a code for each of its dimensions.
type Header struct {
	Kind    HeaderKind
	Codes   []string
	Labels  []string
	Folded  int    // how many rows an "other" row stands for
	Measure string // of the columns of a change: from, value, change, change_percent
	Depth   int    // of routes: how far a row is set in under those it belongs to
	Became  string // of a corridor that is compared: BecameNew and so on
}

// Source says whose numbers a block holds.
type Source struct {
	Agency     string `json:"agency"`
	AgencyName string `json:"agency_name"`
	Dataset    string `json:"dataset"`
	Version    int    `json:"version"`
	Title      string `json:"title"`
	Scope      string `json:"scope,omitempty"`
	Movement   string `json:"movement,omitempty"` // its kind, where the dataset has several
	Coverage   string `json:"coverage,omitempty"`
	Grain      Grain  `json:"grain"`
	Definition string `json:"definition,omitempty"`
	File       string `json:"file"`
	SHA256     string `json:"sha256"`
	Dedup      Dedup  `json:"dedup,omitempty"`
	Missing    string `json:"missing,omitempty"` // metadata that the dataset should state and does not
	Producer   string `json:"producer,omitempty"`
	Agencies   int    `json:"-"`                      // whose numbers the dataset holds, counted
	Period     string `json:"period,omitempty"`       // years of its observations, "2019 to 2025"
	Corrected  string `json:"corrected_by,omitempty"` // files of corrected rows, each with its SHA-256
}

// Block is the part of an answer that one source gives.
type Block struct {
	Source    Source
	Implied   []Term // dimensions that have only one code throughout this source
	Indicator string
	Title     string // what this block counts, of several things side by side
	Part      string // the same as the slice writes it
	Unit      string // what its numbers are counted in
	Rows      []Header
	Cols      []Header
	Cells     [][]Cell // by row and column
	Unstated  map[string]float64
	Records   int64  // observations behind the block
	Missing   string // why the block holds no cells: the breakdown it does not have, and what it has
}

// Remark is a sentence that goes with an answer, from a rule or a source.
type Remark struct {
	Rule string `json:"rule,omitempty"`
	Text string `json:"text"`
}

// Pictures that an export draws because they were in view.
const (
	PicturePyramid = "pyramid" // men and women by age
	PictureMap     = "map"     // places as tiles
	PictureFlows   = "flows"   // corridors as bands between origins and destinations
)

// Internal is the audience of exact numbers: the task force itself.
const Internal = "internal"

// Answer is what a slice yields. Nothing else leaves the engine.
type Answer struct {
	Slice        Slice // canonical, without versions
	Pinned       Slice // the same with the versions it was answered on
	Title        string
	Unit         string
	RowAxes      []Axis
	ColAxes      []Axis
	Base         string // what percentages are taken of, in words
	Blocks       []Block
	Refusals     []Refusal
	Warnings     []Remark // change what the number is: they belong into the title line
	Footnotes    []Remark
	Sources      []Source
	Training     bool
	Audience     string
	PlaceOf      string    // of the card of a place: its code. The slice is then of the whole flow
	Picture      string    // the one that is wanted of it, such as PicturePyramid; "" for what its axes ask
	PictureBlock int       // the source that the picture is of
	PictureCuts  []float64 // own breaks of the classes of a map
	Empty        string    // why there is nothing, naming the filter that empties it
}

// ValueColumn is the column of a block's only number, which in a change is the
// difference.
func (b *Block) ValueColumn() int {
	for i, c := range b.Cols {
		if c.Measure == "change" {
			return i
		}
	}
	return 0
}

// PlaceColumn is the column of a place card that is shown: the total, or the
// last year with a number where years are not added.
func (b *Block) PlaceColumn() int {
	last := len(b.Cols) - 1
	any := func(c int, state func(Cell) bool) bool {
		for r, h := range b.Rows {
			if h.Measure != "net" && h.Measure != "to" && h.Measure != "from" && state(b.Cells[r][c]) {
				return true
			}
		}
		return false
	}
	if !any(last, func(c Cell) bool { return c.State == Blank }) {
		return last
	}
	for c := last - 1; c >= 0; c-- {
		if b.Cols[c].Kind == CodeHeader && any(c, Cell.HasBounds) {
			return c
		}
	}
	return last
}

// Reopens is the line that names the question on the versions it was answered
// on. The card of a place is no question of its own: the line says which place.
func (a *Answer) Reopens() string {
	if a.PlaceOf != "" {
		return "place card of " + a.PlaceOf + " of: " + a.Pinned.String()
	}
	return a.Pinned.String()
}

// Numbers counts the numbers of an answer; the columns of a change are one.
func (a *Answer) Numbers() int {
	n := 0
	for i := range a.Blocks {
		cols := len(a.Blocks[i].Cols)
		if a.Blocks[i].ValueColumn() > 0 {
			cols = 1
		}
		n += cols * len(a.Blocks[i].Rows)
	}
	return n
}

// HasBase reports whether cells are percentages, ratios or changes, so that the
// counts behind them travel with them.
func (a *Answer) HasBase() bool {
	return a.Slice.Percent != NoBase || a.Slice.Op == Ratio || a.Slice.Op == Part || a.Slice.Change.Kind != ""
}

// Whole is the number of everything that was asked, where an answer has one:
// the total of the totals of its only source.
func (a *Answer) Whole() (Cell, bool) {
	if len(a.Blocks) != 1 || a.HasBase() {
		return Cell{}, false
	}
	b := &a.Blocks[0]
	total := func(h Header) bool { return h.Kind == TotalHeader }
	r, c := slices.IndexFunc(b.Rows, total), slices.IndexFunc(b.Cols, total)
	if r < 0 || c < 0 || b.Cells[r][c].State == Blank || b.Cells[r][c].State == NoData {
		return Cell{}, false
	}
	return b.Cells[r][c], true
}

// Refused reports whether the question may not be answered.
func (a *Answer) Refused() bool { return len(a.Refusals) > 0 }

// Choice is one code that a filter or facet may take.
type Choice struct {
	Code, Label string
	Level       string
	Count       float64 // records that carry the code
	Figures     float64 // figures that carry it; they are counted, never added to the records
}

// Choices is what a dimension offers under the other filters.
type Choices struct {
	Dim     string
	List    []Choice
	Absent  bool   // nothing can be chosen
	Instead string // the dimension that the data have in its place
	Why     string
}
