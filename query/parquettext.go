package query

import (
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/duckdb/duckdb-go/v2"

	"tiplens/models"
)

// parquetScan turns the values of a Parquet file into text.
type parquetScan struct {
	names  []string
	exprs  []string      // what is selected for each
	nested []bool        // lists, structures and maps
	texts  []parquetText // what the values of each were like
	read   int64
}

// newParquetScan plans the reading of columns by what the database takes them for.
func newParquetScan(names []string, known []*sql.ColumnType) *parquetScan {
	s := &parquetScan{names: names, texts: make([]parquetText, len(names))}
	types := map[string]string{}
	for _, c := range known {
		types[c.Name()] = c.DatabaseTypeName()
	}
	for _, n := range names {
		expr, kind := ident(n), types[n]
		switch kind {
		case "TIME", "TIMETZ", "TIME_NS", "UUID", "INTERVAL", "GEOMETRY":
			expr = "CAST(" + expr + " AS VARCHAR)" // the driver has no type of its own for them
		}
		s.exprs = append(s.exprs, expr)
		s.nested = append(s.nested, strings.HasSuffix(kind, "]") || strings.HasPrefix(kind, "STRUCT(") || strings.HasPrefix(kind, "MAP("))
	}
	return s
}

func (s *parquetScan) rows(rows *sql.Rows, emit func(rows [][]string) error) error {
	vals, ptrs := make([]any, len(s.names)), make([]any, len(s.names))
	for i := range vals {
		ptrs[i] = &vals[i]
	}
	var batch [][]string
	for rows.Next() {
		if err := rows.Scan(ptrs...); err != nil {
			return err
		}
		s.read++
		row := make([]string, len(vals))
		for i, v := range vals {
			row[i] = s.texts[i].of(v)
		}
		if batch = append(batch, row); len(batch) == models.BatchSize {
			if err := emit(batch); err != nil {
				return err
			}
			batch = nil
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(batch) > 0 {
		return emit(batch)
	}
	return nil
}

// findings tells of columns that hold more than a cell can show.
func (s *parquetScan) findings() []models.Finding {
	var nested, binary []string
	var out []models.Finding
	for i, n := range s.names {
		n = models.Clean(n)
		if s.nested[i] {
			nested = append(nested, n)
		}
		if s.texts[i].binary > 0 {
			binary = append(binary, n)
		}
		if c := s.texts[i].beyond; c > 0 {
			out = append(out, models.Finding{Severity: models.Doubt, Column: n, Count: c,
				What: "times outside the years 1 to 9999 were not read", Do: "Ask the sender what they mean"})
		}
	}
	if len(nested) > 0 {
		out = append(out, models.Finding{Severity: models.Note, Column: strings.Join(nested, ", "),
			What: "lists and structures were read as one text each, their parts joined by \"; \""})
	}
	if len(binary) > 0 {
		out = append(out, models.Finding{Severity: models.Note, Column: strings.Join(binary, ", "),
			What: "values that are no text are written as hexadecimal digits after 0x"})
	}
	return out
}

// parquetText prints values as they would stand in a CSV, and counts those of
// which the text tells less than the value.
type parquetText struct {
	binary int64 // values that are no text
	beyond int64 // times that no calendar has
}

const beyondTime = "(outside the years 1 to 9999)"

// of prints a value: whole numbers without a decimal point, days without a time.
func (p *parquetText) of(v any) string {
	switch t := v.(type) {
	case nil:
		return ""
	case string:
		return t
	case []byte:
		if !utf8.Valid(t) || models.Printable(string(t)) != string(t) {
			p.binary++
			return "0x" + hex.EncodeToString(t)
		}
		return string(t)
	case []any: // a list: its values, as a cell of several values is written
		var parts []string
		for _, e := range t {
			parts = append(parts, p.of(e))
		}
		return strings.Join(parts, "; ")
	case map[string]any:
		var parts []string
		for _, k := range sortedKeys(t) {
			parts = append(parts, k+"="+p.of(t[k]))
		}
		return strings.Join(parts, "; ")
	case duckdb.OrderedMap:
		var parts []string
		for i, k := range t.Keys() {
			parts = append(parts, p.of(k)+"="+p.of(t.Values()[i]))
		}
		slices.Sort(parts)
		return strings.Join(parts, "; ")
	case float64:
		return strconv.FormatFloat(t, 'f', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(t), 'f', -1, 32)
	case time.Time:
		return p.time(t)
	}
	return fmt.Sprint(v)
}

func (p *parquetText) time(t time.Time) string {
	clock := t.Hour() != 0 || t.Minute() != 0 || t.Second() != 0 || t.Nanosecond() != 0
	switch {
	case t.Year() < 1 || t.Year() > 9999:
		p.beyond++
		return beyondTime
	case t.Year() == 1 && t.YearDay() == 1 && clock: // a time of day inside a list or structure
		return t.Format("15:04:05.999999999")
	case clock:
		return t.Format("2006-01-02 15:04:05.999999999")
	}
	return t.Format("2006-01-02")
}
