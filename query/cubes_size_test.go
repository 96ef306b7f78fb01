package query

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

// TestCubeSizes: the estimate of the groups of a set is right in small files,
// and near in large ones, however alike the numbers of different columns are.
func TestCubeSizes(t *testing.T) {
	for _, n := range []int{5_000, 90_000} {
		w, e := wsWriter(t)
		if _, err := e.db.ExecContext(t.Context(), fmt.Sprintf(`CREATE TABLE d0.drawn AS SELECT r %% 7 AS indicator, 2000 + r %% 3 AS year,
			hash(r, 1) %% 12 AS place, hash(r, 2) %% 12 AS nationality, hash(r, 3) %% 12 AS origin, hash(r, 4) %% 12 AS destination FROM range(%d) t(r)`, n)); err != nil {
			t.Fatal(err)
		}
		w.Abort()
		conn, err := e.db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		for _, q := range []string{"DROP TABLE d0.observation CASCADE", "CREATE VIEW d0.observation AS FROM d0.drawn"} {
			if _, err := conn.ExecContext(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
		m := &cubeMaker{w: &Writer{db: "d0", conn: conn, stored: int64(n)}, where: "true", group: []string{"indicator", "year"}}
		dims := []string{models.DimPlace, models.DimNationality, models.DimOrigin, models.DimDestination}
		sets := []*cubeSet{{}, {dims: dims[:1]}, {dims: dims[:2]}, {dims: dims[1:3]}, {dims: dims[:3]}, {dims: dims}}
		if err := m.size(t.Context(), dims, sets); err != nil {
			t.Fatal(err)
		}
		for _, s := range sets {
			var want int64
			if err := conn.QueryRowContext(t.Context(), fmt.Sprintf("SELECT count(*) FROM (SELECT DISTINCT %s FROM d0.drawn)", strings.Join(slices.Concat(m.group, s.dims), ", "))).Scan(&want); err != nil {
				t.Fatal(err)
			}
			if off := s.groups - want; n < 40_000 && off != 0 || want > 1000 && max(off, -off) > want/10 {
				t.Errorf("%d records by %v: %d groups, want %d", n, s.dims, s.groups, want)
			}
		}
		if m.count != int64(n) {
			t.Errorf("%d records, want %d", m.count, n)
		}
	}
}
