package query

import (
	_ "embed"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"tiplens/models"
)

//go:embed schema.sql
var schemaSQL string

// Schema is the storage schema this program writes. Files of a later schema
// are refused with one sentence; files of earlier ones stay readable.
//
// Schema 2 keeps the rows held back (held, source_column) and the kind of each
// finding. A file of schema 1 has neither: view gives what stands for them.
const Schema = 2

// view is SQL for a table as the schema of today has it, whichever schema the
// file was written by.
func (f *file) view(table string) string {
	name := ident(f.alias) + "." + table
	if f.schema >= 2 {
		return name
	}
	switch table {
	case "finding":
		return "(SELECT *, '' AS kind FROM " + name + ")"
	case "held":
		return `(SELECT NULL::BIGINT AS "row", '' AS "column", '' AS what, '' AS why, NULL::UBIGINT AS subject, NULL::VARCHAR[] AS cells WHERE false)`
	case "source_column":
		return "(SELECT 0 AS n, '' AS name WHERE false)"
	}
	return name
}

// plainColumn is a column of the observation table that holds no codes.
type plainColumn struct {
	name, sqlType string
	kind          duckdb.Type
	figures       bool // NULL, or one, in files of records
	subject       bool // NULL where rows name no person or case
	set           func(chunk duckdb.DataChunk, col, row int, b *models.Batch) error
}

// plainColumns stand behind the coded ones, in this order.
var plainColumns = []plainColumn{
	{name: "year", sqlType: "SMALLINT", kind: duckdb.TYPE_SMALLINT, set: func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
		return setOr(c, col, i, b.Year[i], b.Year[i] == models.NoYear)
	}},
	{name: "period_start", sqlType: "DATE", kind: duckdb.TYPE_DATE, set: func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
		return setDate(c, col, i, b.Start[i])
	}},
	{name: "period_end", sqlType: "DATE", kind: duckdb.TYPE_DATE, set: func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
		return setDate(c, col, i, b.End[i])
	}},
	{name: "value", sqlType: "DOUBLE", kind: duckdb.TYPE_DOUBLE, figures: true, set: func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
		return setOr(c, col, i, b.Value[i], math.IsNaN(b.Value[i]))
	}},
	{name: "value_low", sqlType: "DOUBLE", kind: duckdb.TYPE_DOUBLE, figures: true, set: func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
		return setOr(c, col, i, b.Low[i], math.IsNaN(b.Low[i]))
	}},
	{name: "value_high", sqlType: "DOUBLE", kind: duckdb.TYPE_DOUBLE, figures: true, set: func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
		return setOr(c, col, i, b.High[i], math.IsNaN(b.High[i]))
	}},
	{name: "note", sqlType: "VARCHAR", kind: duckdb.TYPE_VARCHAR, figures: true, set: func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
		return setOr(c, col, i, b.Note[i], b.Note[i] == "")
	}},
	{name: "subject", sqlType: "UBIGINT", kind: duckdb.TYPE_UBIGINT, subject: true, set: func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
		return setOr(c, col, i, b.Subject[i], b.Subject[i] == 0)
	}},
	{name: "source_row", sqlType: "BIGINT", kind: duckdb.TYPE_BIGINT, set: func(c duckdb.DataChunk, col, i int, b *models.Batch) error {
		return duckdb.SetChunkValue(c, col, i, b.Row[i])
	}},
}

// attributes are coded columns that describe a row and are no dimensions.
var attributes = []string{"grain", "indicator", "freq", models.DimPlaceRole, "qualifier", "obs_status", "pattern", "scope", "coverage", "document"}

// dimensionColumns lists the coded columns that are dimensions, extras last.
func dimensionColumns(extra []string) []string {
	var out []string
	for _, c := range slices.Concat(models.CodedColumns, extra) {
		if !slices.Contains(attributes, c) {
			out = append(out, c)
		}
	}
	return out
}

// ident quotes a name for SQL.
func ident(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// literal quotes a text for SQL.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// createSQL gives the statements that make an empty version file in an
// attached database.
func createSQL(db string, extra []string) string {
	var cols, multi, ext []string
	for _, c := range slices.Concat(models.CodedColumns, extra) {
		cols = append(cols, ident(c)+" USMALLINT NOT NULL")
	}
	for _, c := range plainColumns {
		cols = append(cols, c.name+" "+c.sqlType)
	}
	for _, c := range dimensionColumns(extra) {
		multi = append(multi, ident(c))
	}
	for _, c := range extra {
		ext = append(ext, literal(c))
	}
	if len(ext) == 0 {
		ext = []string{"''"}
	}
	return strings.NewReplacer(
		"{db}", ident(db), "{columns}", strings.Join(cols, ", "),
		"{multi}", strings.Join(multi, ", "), "{extra}", strings.Join(ext, ", "),
	).Replace(schemaSQL)
}

// insertSQL moves the rows of the source function into the table, sorted the
// way questions filter: that is what lets a usual question read a few blocks
// only. Columns that do not vary are written as literals.
//
// Where the load corrects rows of the version before, which is attached as
// before, the rows of that version come along.
func insertSQL(db, source string, l *models.Layout, extra []string, before bool) string {
	var cols, names []string
	key := map[string]string{}
	for _, c := range slices.Concat(models.CodedColumns, extra) {
		names = append(names, ident(c))
		if n, ok := l.Constant[c]; ok {
			cols = append(cols, fmt.Sprintf("%d::USMALLINT", n))
			key[c] = "0"
			continue
		}
		cols = append(cols, ident(c))
		key[c] = ident(c)
	}
	for _, c := range plainColumns {
		names = append(names, c.name)
		switch {
		case c.name == "value" && !l.Figures:
			cols = append(cols, "1::DOUBLE")
		case c.figures && !l.Figures, c.subject && !l.Subjects:
			cols = append(cols, "NULL::"+c.sqlType)
		default:
			cols = append(cols, c.name)
		}
	}
	// One number of eight bytes sorts faster than four columns.
	order := fmt.Sprintf("(%s::UBIGINT << 48) | ((coalesce(year, -1) + 32768)::UBIGINT << 32) | (%s::UBIGINT << 16) | %s::UBIGINT",
		key["indicator"], key[models.DimPlace], key[models.DimNationality])
	if before {
		for i, c := range cols {
			cols[i] = c + " AS " + names[i]
		}
		order = fmt.Sprintf("(%s::UBIGINT << 48) | ((coalesce(year, -1) + 32768)::UBIGINT << 32) | (%s::UBIGINT << 16) | %s::UBIGINT",
			ident("indicator"), ident(models.DimPlace), ident(models.DimNationality))
		return fmt.Sprintf(`INSERT INTO %s.observation SELECT * FROM (SELECT %s FROM %s() UNION ALL SELECT %s FROM before.observation) ORDER BY %s`,
			ident(db), strings.Join(cols, ", "), source, strings.Join(names, ", "), order)
	}
	return fmt.Sprintf(`INSERT INTO %s.observation SELECT %s FROM (SELECT * FROM %s() ORDER BY %s)`, ident(db), strings.Join(cols, ", "), source, order)
}
