package query

import (
	"context"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"tiplens/datasets"
	"tiplens/models"
)

// BenchmarkCubes asks a large workspace with its cubes and without:
//
//	TIPLENS_BENCH=/path/of/a/workspace go test -bench Cubes -run - ./query
//
// On a busy machine the time of the processor says more than that of the clock.
func BenchmarkCubes(b *testing.B) {
	open := benchEngines(b)
	with, without := open(), open()
	for _, f := range without.files {
		f.cubes = nil
	}
	glance := func(e *Engine, s models.Slice) error {
		e.seen = overviewCache{}
		_, err := e.Overview(b.Context(), s)
		return err
	}
	ask := func(e *Engine, s models.Slice) error {
		_, err := e.Ask(b.Context(), s)
		return err
	}
	choose := func(e *Engine, s models.Slice) error {
		_, err := e.Choices(b.Context(), s, models.DimNationality)
		return err
	}
	for _, q := range []struct {
		kind, text string
		do         func(*Engine, models.Slice) error
	}{
		{"ask", "vic_identified", ask},
		{"ask", "vic_identified by province across year", ask},
		{"ask", "vic_identified by nationality", ask},
		{"ask", "vic_identified flow origin to destination top 20", ask},
		{"ask", "vic_identified by exploitation across sex where nationality=VN year=2021..2025", ask},
		{"ask", "vic_identified flow origin to destination where nationality=VN year=2021..2025 top 20", ask},
		{"overview", "vic_identified", glance},
		{"overview", "vic_identified where nationality=VN year=2021..2025", glance},
		{"choices", "vic_identified where place=KH-12 year=2021..2025", choose},
	} {
		s, err := models.ParseSlice(q.text, with.Catalog())
		if err != nil {
			b.Fatal(err)
		}
		for i, e := range []*Engine{without, with} {
			b.Run(q.kind+"/"+q.text+[]string{"/records", "/cubes"}[i], func(b *testing.B) {
				if err := q.do(e, s); err != nil { // what is read once
					b.Fatal(err)
				}
				var took []time.Duration
				worked := processor()
				for b.Loop() {
					began := time.Now()
					if err := q.do(e, s); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(began))
				}
				worked = processor() - worked
				slices.Sort(took)
				ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
				b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
				b.ReportMetric(ms(took[len(took)*95/100]), "p95-ms")
				b.ReportMetric(ms(worked)/float64(len(took)), "cpu-ms")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// benchEngines opens engines on the workspace named by TIPLENS_BENCH, and skips
// the benchmark without one.
func benchEngines(b *testing.B) (open func() *Engine) {
	b.Helper()
	dir := os.Getenv("TIPLENS_BENCH")
	if dir == "" {
		b.Skip("set TIPLENS_BENCH to a workspace folder")
	}
	ws, err := OpenWorkspace(dir, false)
	if err != nil {
		b.Fatal(err)
	}
	return func() *Engine {
		e, err := ws.Open(context.Background(), datasets.Catalogue(), nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { e.Close() })
		return e
	}
}

// processor is how long the processors worked for this process.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
