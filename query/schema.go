package query

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

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
type plainColumn struct{ name, sqlType string }

// plainColumns stand behind the coded ones, in this order.
var plainColumns = []plainColumn{
	{"year", "SMALLINT"}, {"period_start", "DATE"}, {"period_end", "DATE"},
	{"value", "DOUBLE"}, {"value_low", "DOUBLE"}, {"value_high", "DOUBLE"}, {"note", "VARCHAR"}, // NULL, or one, in files of records
	{"subject", "UBIGINT"}, // NULL where rows name no person or case
	{"source_row", "BIGINT"},
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

// firstNumbers is SQL for the number of a code in a column, one for all its
// spellings; the codes are those of the column's dictionary, by number.
func firstNumbers(column string, codes []string) string {
	first, again := map[string]int{}, false
	var numbers []string
	for n, c := range codes {
		if _, ok := first[c]; !ok {
			first[c] = n
		} else {
			again = true
		}
		numbers = append(numbers, fmt.Sprint(first[c]))
	}
	if !again {
		return column
	}
	return fmt.Sprintf("([%s]::USMALLINT[])[%s::INTEGER + 1]", strings.Join(numbers, ", "), column)
}

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
