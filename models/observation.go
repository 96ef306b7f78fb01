package models

// CodedColumns are the columns of the observation table that hold codes, in
// the order of the table. Dimensions that only some files have follow them.
var CodedColumns = []string{
	"grain", "indicator", DimAgency, DimReporter, "freq", DimPlace, DimPlaceRole, DimNationality,
	DimOrigin, DimDestination, DimFlowKind, DimSex, DimAge, DimExploitation, DimSector, DimStatus,
	DimOffence, DimRecordKind, "qualifier", "obs_status", "pattern", "scope", "coverage", "document",
}

// BatchSize is how many observations travel together. It is what DuckDB takes
// in one piece.
const BatchSize = 2048

// NoYear marks an observation whose period is not inside one calendar year.
const NoYear int16 = -32768

// Layout says which columns of the observation table a load fills row by row.
// What is the same in every row travels once.
type Layout struct {
	Columns  []string          // coded columns that vary, in the order of Batch.Codes
	Constant map[string]uint16 // dictionary numbers of the coded columns that do not
	Figures  bool              // value, bounds and note vary; records count one each
	Subjects bool              // rows name the person or case they are about
	Source   []string          // columns of the source file, for the rows that are held back
}

// HeldRow is a row that did not become observations, so that it can be
// exported, corrected and loaded again.
//
// What it keeps is no more than what the rows that were taken keep. Cells of
// columns that no field reads, and of those that only tell people apart, stay
// empty: they may hold names, and are dropped from every row on purpose. The
// number of the row finds them in the sender's file, and Subject, the keyed
// hash of this load, keeps the corrected row with the other rows of its person.
// A row of a wrong shape keeps no cell, for it is not known which belongs where.
type HeldRow struct {
	Row     int64    // of the source file, counted from 1
	Column  string   // where the trouble is
	What    string   // the trouble
	Why     string   // the trouble without what only this row says: its reason in the report
	Subject uint64   // 0 where the file names nobody
	Cells   []string // by column of the source, in the safe form of the loader
}

// Batch is a block of observations on its way into a version file, column by
// column. Codes[c][i] is the dictionary number, given by Sink.Encode, of
// column c of the layout for observation i.
type Batch struct {
	N                int
	Codes            [][]uint16
	Year             []int16
	Start, End       []Date
	Value, Low, High []float64 // NaN where there is none; only in a layout of figures
	Note             []string
	Subject          []uint64 // keyed hash of the person or case; 0 where the row is the subject
	Row              []int64  // row or line of the source file, counted from 1
	Legs             []Leg
}

// Leg is one stop on a person's way: recruitment, transit in order, intended
// and actual destination, identification, return.
type Leg struct {
	Row         int64
	Seq         uint16
	Role, Place uint16 // dictionary numbers of "leg_role" and "leg_place"
}

// NewBatch makes an empty batch with room for BatchSize observations.
func NewBatch(l *Layout) *Batch {
	b := &Batch{
		Codes: make([][]uint16, len(l.Columns)), Year: make([]int16, BatchSize),
		Start: make([]Date, BatchSize), End: make([]Date, BatchSize), Row: make([]int64, BatchSize),
	}
	for i := range b.Codes {
		b.Codes[i] = make([]uint16, BatchSize)
	}
	if l.Figures {
		b.Value, b.Low, b.High = make([]float64, BatchSize), make([]float64, BatchSize), make([]float64, BatchSize)
		b.Note = make([]string, BatchSize)
	}
	if l.Subjects {
		b.Subject = make([]uint64, BatchSize)
	}
	return b
}

// SetJoin joins the codes of a value that holds several: a person with two
// types of exploitation has "LAB+SEX". No code holds a plus sign.
const SetJoin = "+"
