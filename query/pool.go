package query

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"
)

// openPool starts an in-memory DuckDB instance; version files are attached to
// it. It knows no extensions and asks no network.
func openPool(r Resources, temp string) (*sql.DB, error) {
	settings := []string{
		"SET autoinstall_known_extensions=false", "SET autoload_known_extensions=false",
		"SET allow_community_extensions=false", "SET preserve_insertion_order=false",
		fmt.Sprintf("SET threads=%d", max(r.Threads, 1)), fmt.Sprintf("SET memory_limit='%dMB'", r.MemoryMB),
	}
	settings = append(settings, "SET temp_directory="+literal(temp)) // empty: no spilling, rather than into the folder we stand in
	first := true
	c, err := duckdb.NewConnector("", func(conn driver.ExecerContext) error {
		if !first { // settings are the instance's, not the connection's
			return nil
		}
		first = false
		for _, s := range settings {
			if _, err := conn.ExecContext(context.Background(), s, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	return db, db.Ping()
}

// lockDown ends all access to files and settings. What is attached stays.
func lockDown(ctx context.Context, db *sql.DB) error {
	for _, s := range []string{"SET enable_external_access=false", "SET lock_configuration=true"} {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
