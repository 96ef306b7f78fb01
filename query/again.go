package query

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// again is a table beside the records of a file: once more the rows of those
// persons and cases that stand in several rows of an indicator. Where these
// are the fewer, the others are counted by their rows, and only these have to
// be told apart. A file without it answers the same, only later.
type again struct {
	Indicators []string `json:"indicators"`
	Rows       int64    `json:"rows"`

	checked
}

// gathered is the table in which the subjects of an indicator are told apart;
// few says that the rows of those who stand in one row are not in it.
func (e *Engine) gathered(ctx context.Context, f *file, indicator string) (rows tally, few bool) {
	in := tally{ident(f.alias) + ".again", everyRecord}
	few = slices.Contains(f.again.Indicators, indicator) && f.again.sound(ctx, func(ctx context.Context) bool {
		var n int64
		err := e.db.QueryRowContext(ctx, "SELECT count(*) FROM "+in.from).Scan(&n)
		return err == nil && n == f.again.Rows
	})
	if !few {
		in = f.records()
	}
	return in, few
}

// whoSQL tells subjects apart; a row that names none is one of its own.
const whoSQL = "coalesce(subject, source_row::UBIGINT)"

// storeAgain keeps these rows of a large file, of the indicators in which they
// are no more than half of all.
func (w *Writer) storeAgain(ctx context.Context) error {
	if w.stored < cubeFrom || w.dict["indicator"] == nil {
		return nil
	}
	// Whoever stands in k rows is k-1 too many, and k is no more than twice that.
	rows, err := w.conn.QueryContext(ctx, fmt.Sprintf(`SELECT indicator FROM %s.subject WHERE observations > subjects AND 4 * (observations - subjects) <= observations`, ident(w.db)))
	if err != nil {
		return fmt.Errorf("keep rows of subjects: %w", err)
	}
	defer rows.Close()
	var numbers []string
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return err
		}
		numbers = append(numbers, fmt.Sprint(n))
		w.again.Indicators = append(w.again.Indicators, w.dict["indicator"].entries[n][0])
	}
	if err := rows.Err(); err != nil || len(numbers) == 0 {
		return err
	}
	_, err = w.conn.ExecContext(ctx, fmt.Sprintf(`CREATE TABLE %[1]s.again AS
		SELECT * EXCLUDE (i, who, value, value_low, value_high, note) FROM (SELECT *, %[2]s AS i, %[4]s AS who FROM %[1]s.observation)
		SEMI JOIN (SELECT %[2]s AS i, %[4]s AS who FROM %[1]s.observation WHERE i IN (%[3]s) GROUP BY ALL HAVING count(*) > 1) USING (i, who)
		ORDER BY %[5]s`, ident(w.db), w.firstNumber("indicator"), strings.Join(numbers, ", "), whoSQL, strings.Join(keySlots, ", ")))
	if err == nil {
		err = w.conn.QueryRowContext(ctx, "SELECT count(*) FROM "+ident(w.db)+".again").Scan(&w.again.Rows)
	}
	if err != nil {
		return fmt.Errorf("keep rows of subjects: %w", err)
	}
	return nil
}

// text describes it for the file that holds it.
func (a *again) text() (string, error) {
	b, err := json.Marshal(a)
	return string(b), err
}
