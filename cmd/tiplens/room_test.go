package main

import (
	"path/filepath"
	"strings"
	"testing"

	"tiplens/datasets"
)

// TestRoom: a load that the disk cannot hold is refused before it begins.
func TestRoom(t *testing.T) {
	for _, c := range []struct {
		name, format string
		size, free   int64
		refused      bool
	}{
		{"cases.csv", "csv", 1e6, 100e6, false},
		{"cases.csv", "csv", 1e9, 1e9, true},
		{"cases.csv", "csv", 1e9, 2e9, false},
		{"cases.csv.gz", "csv", 1e9, 2e9, true},
		{"cases.xlsx", "xlsx", 1e9, 2e9, true},
		{"cases.parquet", "parquet", 100e6, 2e9, false},
		{"cases.csv", "csv", 10, 1e6, true},
	} {
		err := noRoom(&datasets.File{Name: c.name, Format: c.format, Size: c.size}, c.free)
		if (err != nil) != c.refused {
			t.Errorf("%s of %d bytes with %d free: %v", c.name, c.size, c.free, err)
		}
		if err != nil && (!strings.Contains(err.Error(), c.name) || !strings.Contains(err.Error(), "MB free")) {
			t.Error(err)
		}
	}
	free, err := freeRoom(filepath.Join(t.TempDir(), "not", "yet"))
	if err != nil || free <= 0 {
		t.Errorf("%d %v", free, err)
	}
}
