package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"tiplens/datasets"
	"tiplens/models"
)

// roomAtLeast is what any load needs beside its rows: a small version file,
// its log, the report.
const roomAtLeast = 8 << 20

// roomFor estimates how many bytes of disk a load may need at its peak: the
// version file, and what is sorted beside it. Packed files hold many times
// their size.
func roomFor(name, format string, size int64) int64 {
	times := 1.5
	switch {
	case strings.HasSuffix(strings.ToLower(name), ".gz"):
		times = 12
	case format == "parquet", format == "xlsx":
		times = 6
	}
	return roomAtLeast + int64(times*float64(size))
}

// freeRoom is how many bytes a person may still write where a folder is or
// would be made.
func freeRoom(dir string) (int64, error) {
	for {
		var st syscall.Statfs_t
		err := syscall.Statfs(dir, &st)
		if err == nil {
			return int64(st.Bavail) * int64(st.Bsize), nil
		}
		if up := filepath.Dir(dir); os.IsNotExist(err) && up != dir {
			dir = up
			continue
		}
		return 0, err
	}
}

// checkRoom refuses a load that the disk of the workspace cannot hold. Where
// nobody can say how much is free the load is tried.
func checkRoom(dir string, f *datasets.File) error {
	free, err := freeRoom(dir)
	if err != nil {
		return nil
	}
	return noRoom(f, free)
}

func noRoom(f *datasets.File, free int64) error {
	need := roomFor(f.Name, f.Format, f.Size)
	if free >= need {
		return nil
	}
	return &models.Finding{Severity: models.Refused, File: f.Name,
		What: fmt.Sprintf("the disk of the workspace has %s MB free, and loading this file may need %s MB", megabytes(free), megabytes(need)),
		Do:   "Make room, or name a workspace on another disk with --workspace"}
}
