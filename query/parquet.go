package query

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tiplens/models"
)

// Parquet reads Parquet files for the loader.
type Parquet struct{}

// Columns gives the names of the columns.
func (Parquet) Columns(ctx context.Context, plan models.ReadPlan) ([]string, error) {
	db, err := openPool(LoadResources, "")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, fmt.Sprintf("SELECT * FROM read_parquet(%s) LIMIT 0", literal(plan.Path)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return rows.Columns()
}

// Scan reads the columns of a plan as text, in the order of the file. The rows
// given to emit belong to it.
func (Parquet) Scan(ctx context.Context, plan models.ReadPlan, emit func(rows [][]string) error) error {
	db, err := openPool(LoadResources, "")
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "SET preserve_insertion_order=true"); err != nil {
		return err
	}
	var cols []string
	for _, c := range plan.Columns {
		cols = append(cols, ident(c))
	}
	rows, err := db.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM read_parquet(%s)", strings.Join(cols, ", "), literal(plan.Path)))
	if err != nil {
		return err
	}
	defer rows.Close()
	return emitRows(rows, len(cols), emit)
}

func emitRows(rows *sql.Rows, n int, emit func(rows [][]string) error) error {
	vals, ptrs := make([]any, n), make([]any, n)
	for i := range vals {
		ptrs[i] = &vals[i]
	}
	var batch [][]string
	for rows.Next() {
		if err := rows.Scan(ptrs...); err != nil {
			return err
		}
		row := make([]string, n)
		for i, v := range vals {
			row[i] = text(v)
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

// text prints a value as it would stand in a CSV: whole numbers without a
// decimal point, days without a time.
func text(v any) string {
	switch t := v.(type) {
	case nil:
		return ""
	case string:
		return t
	case []byte:
		return string(t)
	case float64:
		return strconv.FormatFloat(t, 'f', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(t), 'f', -1, 32)
	case time.Time:
		if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0 {
			return t.Format("2006-01-02")
		}
		return t.Format("2006-01-02 15:04:05.999999999")
	}
	return fmt.Sprint(v)
}
