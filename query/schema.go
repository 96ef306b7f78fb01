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
const Schema = 1

// plain columns of the observation table, behind the coded ones.
var plainColumns = []struct{ name, sqlType string }{
	{"year", "SMALLINT"}, {"period_start", "DATE"}, {"period_end", "DATE"},
	{"value", "DOUBLE"}, {"value_low", "DOUBLE"}, {"value_high", "DOUBLE"},
	{"subject", "UBIGINT"}, {"note", "VARCHAR"}, {"source_row", "BIGINT"},
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
// only.
func insertSQL(db, source string) string {
	return fmt.Sprintf(`INSERT INTO %s.observation SELECT * FROM %s() ORDER BY indicator, year, place, nationality, source_row`, ident(db), source)
}
