package query

import (
	"context"
	"fmt"
)

// PlainRead copies a CSV file into a new DuckDB file as text, column by column
// and without a look at what it says. It is the yardstick of a load: nothing
// that understands the file can be faster.
func PlainRead(ctx context.Context, csv, into, temp string, r Resources) error {
	db, err := openPool(r, temp)
	if err != nil {
		return err
	}
	defer db.Close()
	for _, s := range []string{
		"ATTACH " + literal(into) + " AS plain",
		fmt.Sprintf("CREATE TABLE plain.t AS FROM read_csv(%s, all_varchar=true, header=true)", literal(csv)),
		"DETACH plain", // which writes out what is not yet in the file
	} {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
