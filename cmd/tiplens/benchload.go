package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

const trainingSize = datasets.TrainingSize

// loadReport is how long a file took, beside what DuckDB takes to copy it as
// text.
type loadReport struct {
	Bytes   int64   `json:"bytes"`
	Seconds float64 `json:"seconds"`
	Plain   float64 `json:"plain_seconds"`
	Ratio   float64 `json:"ratio"`
	PerSec  float64 `json:"records_per_second"`
	Stored  int64   `json:"stored_bytes"`
	Budget  float64 `json:"ratio_budget"`
}

// bytesPerRecord is the disk that a record of a bench takes at the most: its
// line, what is loaded of it, the same as text, and what is sorted.
const bytesPerRecord = 250

// benchLoad writes a file of invented persons and loads it, or takes the
// workspace that an earlier run has left.
func benchLoad(ctx context.Context, o *benchOrder, dir string, n int64, say func(string)) (*loadReport, error) {
	ws := filepath.Join(dir, "workspace")
	if _, err := os.Stat(filepath.Join(ws, "manifest.json")); o.reuse && err == nil {
		return nil, nil
	}
	if free, err := freeRoom(dir); err == nil && free < n*bytesPerRecord {
		return nil, fmt.Errorf("%s has %s MB free, and %s records need some %s MB; name another folder with --dir",
			dir, megabytes(free), models.FormatNumber(float64(n)), megabytes(n*bytesPerRecord))
	}
	say("writing the file")
	file, err := writeDemo(dir, n)
	if err != nil {
		return nil, err
	}
	defer os.Remove(file)
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	r := &loadReport{Bytes: info.Size(), Budget: 2}
	rounds := 1
	if o.wants("load") && n <= 2_000_000 { // short loads are repeated: the middle of three
		rounds = 3
	}
	var plain, loads []float64
	for range rounds {
		if o.wants("load") {
			say("reading it as text, for comparison")
			took, err := plainRead(ctx, file, dir)
			if err != nil {
				return nil, err
			}
			plain = append(plain, took)
		}
		say("loading it")
		took, stored, err := load(ctx, file, ws)
		if err != nil {
			return nil, err
		}
		loads, r.Stored = append(loads, took), stored
	}
	if !o.wants("load") {
		return nil, nil
	}
	r.Seconds, r.Plain = middle(loads), middle(plain)
	r.Ratio, r.PerSec = r.Seconds/r.Plain, float64(n)/r.Seconds
	return r, nil
}

// load loads a file into a new workspace and gives the seconds it took and the
// bytes it takes there.
func load(ctx context.Context, file, dir string) (float64, int64, error) {
	if err := os.RemoveAll(dir); err != nil {
		return 0, 0, err
	}
	began := time.Now()
	res, err := spawnLoad(ctx, job{File: file, Workspace: dir}, func(news) {})
	if err != nil {
		return 0, 0, err
	}
	took := time.Since(began).Seconds()
	info, err := os.Stat((&query.Workspace{Dir: dir}).VersionPath(res.Dataset.ID, res.Dataset.Version))
	if err != nil {
		return 0, 0, err
	}
	return took, info.Size(), nil
}

// plainRead gives the seconds that DuckDB takes to copy a file as text, with
// the threads and the memory of a load.
func plainRead(ctx context.Context, file, dir string) (float64, error) {
	temp := filepath.Join(dir, "plain")
	if err := os.MkdirAll(temp, 0o700); err != nil {
		return 0, err
	}
	defer os.RemoveAll(temp)
	began := time.Now()
	err := query.PlainRead(ctx, file, filepath.Join(temp, "plain.duckdb"), temp, query.DefaultSettings.Load)
	return time.Since(began).Seconds(), err
}
