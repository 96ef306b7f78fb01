package query

import (
	"slices"
	"testing"
)

// TestColumnsInAnyOrder puts numbers in their place, whatever order the database
// gives them in, and leaves a gap where there is no record.
func TestColumnsInAnyOrder(t *testing.T) {
	word := func(record, number int64) any { return record<<columnWidth | number }
	got := newColumn([]any{word(3, 0), word(0, 7), word(1, 1<<columnWidth-1)})
	if want := (column{8, 1 << columnWidth, 0, 1}); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := newColumn(nil); len(got) != 0 {
		t.Errorf("no records: %v", got)
	}
}

// TestColumnsAreBounded forgets the oldest columns, but none that was just read.
func TestColumnsAreBounded(t *testing.T) {
	var c factCache
	const third = maxColumns / 3
	for _, key := range []string{"a", "b", "c"} {
		c.keepColumn(key, make(column, third))
	}
	if len(c.columns.m) != 3 || c.columns.held != 3*third {
		t.Fatalf("%d columns, %d numbers, want all three", len(c.columns.m), c.columns.held)
	}
	c.keepColumn("d", make(column, third))
	if _, old := c.columns.m["a"]; old || len(c.columns.m) != 3 || c.columns.held != 3*third {
		t.Errorf("%d columns, %d numbers, the oldest there %v", len(c.columns.m), c.columns.held, old)
	}
	c.keepColumn("e", make(column, 2*maxColumns))
	if _, just := c.columns.m["e"]; !just || len(c.columns.m) != 1 {
		t.Errorf("%d columns, the one just read there %v", len(c.columns.m), just)
	}
}
