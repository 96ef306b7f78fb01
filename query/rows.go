package query

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"tiplens/models"
)

// Rows travel to the database in words of 64 bits, for it takes values one by
// one, and each costs more than to take the word apart again. Fewer columns
// are sorted faster as well.

// rowSource lets DuckDB pull the batches.
type rowSource struct {
	batches <-chan *models.Batch
	codes   []string // coded columns of a batch
	slots   []string // what stands in the words, 16 bits each
	columns []sourceColumn
}

// sourceColumn is a column that is no part of a word of codes.
type sourceColumn struct {
	name string
	kind duckdb.Type
	set  func(chunk duckdb.DataChunk, col, row int, b *models.Batch) error
}

// keySlots stand in the first word, by which rows are sorted: that is how
// questions filter, and lets a usual one read a few blocks only.
var keySlots = []string{"indicator", "year", models.DimPlace, models.DimNationality}

// wordSlots lists what travels in words, four to each. A column of the key that
// does not vary leaves its slot empty.
func wordSlots(l *models.Layout) []string {
	slots := slices.Clone(keySlots)
	for _, c := range l.Columns {
		if !slices.Contains(keySlots, c) {
			slots = append(slots, c)
		}
	}
	for len(slots)%4 > 0 {
		slots = append(slots, "")
	}
	return slots
}

func wordName(n int) string { return fmt.Sprintf("word%d", n) }

func newRowSource(l *models.Layout, batches <-chan *models.Batch) *rowSource {
	s := &rowSource{batches: batches, codes: l.Columns, slots: wordSlots(l)}
	s.columns = append(s.columns, sourceColumn{"period", duckdb.TYPE_UBIGINT, func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
		return duckdb.SetChunkValue(c, col, i, uint64(uint32(b.Start[i])^signBit)<<32|uint64(uint32(b.End[i])^signBit))
	}})
	number := func(name string, of func(b *models.Batch) []float64) {
		s.columns = append(s.columns, sourceColumn{name, duckdb.TYPE_DOUBLE, func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
			v := of(b)[i]
			return setOr(c, col, i, v, math.IsNaN(v))
		}})
	}
	if l.Figures {
		number("value", func(b *models.Batch) []float64 { return b.Value })
		number("value_low", func(b *models.Batch) []float64 { return b.Low })
		number("value_high", func(b *models.Batch) []float64 { return b.High })
		s.columns = append(s.columns, sourceColumn{"note", duckdb.TYPE_VARCHAR, func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
			return setOr(c, col, i, b.Note[i], b.Note[i] == "")
		}})
	}
	if l.Subjects {
		s.columns = append(s.columns, sourceColumn{"subject", duckdb.TYPE_UBIGINT, func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
			return duckdb.SetChunkValue(c, col, i, b.Subject[i])
		}})
	}
	s.columns = append(s.columns, sourceColumn{"source_row", duckdb.TYPE_BIGINT, func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
		return duckdb.SetChunkValue(c, col, i, b.Row[i])
	}})
	return s
}

// signBit makes the order of signed numbers that of unsigned ones, and nothing
// of what stands for no date and no year.
const signBit = 1 << 31

// insertSQL moves the rows of the source function into the table, sorted by
// their first word. Columns that do not vary are written as literals.
//
// Where the load corrects rows of the version before, which is attached as
// before, the rows of that version come along.
func insertSQL(db, source string, l *models.Layout, extra []string, before bool) string {
	from := map[string]string{
		"year":         fmt.Sprintf("(nullif(word0 >> 32 & 65535, 0)::INTEGER + %d)::SMALLINT", models.NoYear),
		"period_start": fmt.Sprintf("DATE '1970-01-01' + (nullif(period >> 32, 0)::BIGINT - %d)::INTEGER", signBit),
		"period_end":   fmt.Sprintf("DATE '1970-01-01' + (nullif(period & 4294967295, 0)::BIGINT - %d)::INTEGER", signBit),
		"source_row":   "source_row",
	}
	for i, name := range wordSlots(l) {
		if name != "year" {
			from[name] = fmt.Sprintf("(%s >> %d & 65535)::USMALLINT", wordName(i/4), 48-i%4*16)
		}
	}
	for name, n := range l.Constant {
		from[name] = fmt.Sprintf("%d::USMALLINT", n)
	}
	if l.Subjects {
		from["subject"] = "nullif(subject, 0)"
	}
	for _, c := range []string{"value", "value_low", "value_high", "note"} {
		if l.Figures {
			from[c] = c
		} else if c == "value" {
			from[c] = "1::DOUBLE"
		}
	}
	var cols, names []string
	add := func(name, null string) {
		expr, ok := from[name]
		if !ok {
			expr = null
		}
		cols, names = append(cols, expr+" AS "+ident(name)), append(names, ident(name))
	}
	for _, c := range slices.Concat(models.CodedColumns, extra) {
		add(c, "")
	}
	for _, c := range plainColumns {
		add(c.name, "NULL::"+c.sqlType)
	}
	if !before {
		return fmt.Sprintf("INSERT INTO %s.observation SELECT %s FROM (SELECT * FROM %s() ORDER BY word0)", ident(db), strings.Join(cols, ", "), source)
	}
	return fmt.Sprintf(`INSERT INTO %s.observation SELECT * FROM (SELECT %s FROM %s() UNION ALL SELECT %s FROM before.observation)
		ORDER BY (indicator::UBIGINT << 48) | ((coalesce(year, %d) + 32768)::UBIGINT << 32) | (%s::UBIGINT << 16) | %s::UBIGINT`,
		ident(db), strings.Join(cols, ", "), source, strings.Join(names, ", "), models.NoYear, ident(models.DimPlace), ident(models.DimNationality))
}

func (s *rowSource) ColumnInfos() (out []duckdb.ColumnInfo) {
	for n := range len(s.slots) / 4 {
		out = append(out, columnInfo(wordName(n), duckdb.TYPE_UBIGINT))
	}
	for _, c := range s.columns {
		out = append(out, columnInfo(c.name, c.kind))
	}
	return out
}

func columnInfo(name string, t duckdb.Type) duckdb.ColumnInfo {
	info, err := duckdb.NewTypeInfo(t)
	if err != nil {
		panic(err) // the types are all primitive
	}
	return duckdb.ColumnInfo{Name: name, T: info}
}

func (s *rowSource) Cardinality() *duckdb.CardinalityInfo { return nil }

func (s *rowSource) Init() duckdb.ParallelTableSourceInfo {
	return duckdb.ParallelTableSourceInfo{MaxThreads: 4}
}

func (s *rowSource) NewLocalState() any { return new(int) }

// FillChunk copies the next batch; an empty chunk ends the rows.
func (s *rowSource) FillChunk(_ any, chunk duckdb.DataChunk) error {
	b, ok := <-s.batches
	if !ok {
		return chunk.SetSize(0)
	}
	year, none := make([]uint16, b.N), make([]uint16, b.N)
	for i := range b.N {
		year[i] = uint16(b.Year[i] - models.NoYear)
	}
	words := len(s.slots) / 4
	for n := range words {
		var codes [4][]uint16
		for k, slot := range s.slots[4*n : 4*n+4] {
			switch at := slices.Index(s.codes, slot); {
			case slot == "year":
				codes[k] = year
			case at >= 0:
				codes[k] = b.Codes[at]
			default:
				codes[k] = none
			}
		}
		for i := range b.N {
			word := uint64(codes[0][i])<<48 | uint64(codes[1][i])<<32 | uint64(codes[2][i])<<16 | uint64(codes[3][i])
			if err := duckdb.SetChunkValue(chunk, n, i, word); err != nil {
				return err
			}
		}
	}
	for k, c := range s.columns {
		for i := range b.N {
			if err := c.set(chunk, words+k, i, b); err != nil {
				return err
			}
		}
	}
	return chunk.SetSize(b.N)
}

// setOr writes a value, or NULL where there is none.
func setOr[T any](chunk duckdb.DataChunk, col, row int, v T, null bool) error {
	if null {
		return chunk.SetValue(col, row, nil)
	}
	return duckdb.SetChunkValue(chunk, col, row, v)
}

// legSource lets DuckDB pull the stops of people's ways.
type legSource struct{ legs []models.Leg }

// legsOf is its name in SQL.
func legsOf(db string) string { return "tiplens_legs_" + db }

// legSQL moves the stops into their table.
func legSQL(db string) string {
	return fmt.Sprintf(`INSERT INTO %s.leg SELECT "row", (word >> 32)::USMALLINT, (word >> 16 & 65535)::USMALLINT, (word & 65535)::USMALLINT FROM %s()`, ident(db), legsOf(db))
}

func (s *legSource) ColumnInfos() []duckdb.ColumnInfo {
	return []duckdb.ColumnInfo{columnInfo("row", duckdb.TYPE_BIGINT), columnInfo("word", duckdb.TYPE_UBIGINT)}
}

func (s *legSource) Cardinality() *duckdb.CardinalityInfo { return nil }

func (s *legSource) Init() {}

func (s *legSource) FillChunk(chunk duckdb.DataChunk) error {
	n := min(len(s.legs), models.BatchSize)
	for i, l := range s.legs[:n] {
		if err := duckdb.SetChunkValue(chunk, 0, i, l.Row); err != nil {
			return err
		}
		if err := duckdb.SetChunkValue(chunk, 1, i, uint64(l.Seq)<<32|uint64(l.Role)<<16|uint64(l.Place)); err != nil {
			return err
		}
	}
	s.legs = s.legs[n:]
	return chunk.SetSize(n)
}
