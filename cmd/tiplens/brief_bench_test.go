package main

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"tiplens/datasets"
	"tiplens/models"
)

// tenItems is a briefing such as people make: numbers, tables, charts, a flow.
func tenItems(at string) *models.Briefing {
	b := &models.Briefing{Title: "Ten", Date: "2026-11-21"}
	for i, q := range []string{
		"vic_identified where year=2025", "vic_identified by province across year where year=2019..2025", "vic_identified across year",
		"vic_identified by nationality across sex where year=2025", "vic_identified flow origin to destination where year=2025 top 20",
		"vic_identified by exploitation across year where year=2019..2025", "sus_arrested by sex where year=2025", "sus_convicted across year",
		"vic_identified by province where year=2025 change from 2024", "vic_identified by age.majority across sex where year=2025 percent of row",
	} {
		kind := models.TableItem
		switch i {
		case 0:
			kind = models.NumberItem
		case 2, 7:
			kind = models.ChartItem
		}
		b.Items = append(b.Items, models.BriefingItem{Kind: kind, Slice: q + " at " + at})
	}
	return b
}

// buildTen opens the workspace, asks, and writes: all that a person waits for.
func buildTen(tb testing.TB, ref, at, format string) int {
	f, err := datasets.FindDocumentFormat(format, "")
	if err != nil {
		tb.Fatal(err)
	}
	b, err := newBuilder(context.Background(), ref, time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC))
	if err != nil {
		tb.Fatal(err)
	}
	defer b.close()
	d, err := b.build(context.Background(), tenItems(at), false, nil)
	if err != nil {
		tb.Fatal(err)
	}
	if gaps := d.Gaps(); len(gaps) > 0 || len(d.Items) != 10 {
		tb.Fatal(fmt.Sprint(len(d.Items), gaps))
	}
	var out bytes.Buffer
	if err := d.Write(&out, f); err != nil {
		tb.Fatal(err)
	}
	if len(releasesOf(d)) < 100 {
		tb.Fatal("it has no figures to keep")
	}
	return out.Len()
}

// tenWithin is how long a briefing of ten items may take.
const tenWithin = 2 * time.Second

// TestBriefInTime holds the promise with the start of the program's own data
// in it.
func TestBriefInTime(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	for _, format := range []string{"html", "md", "xlsx"} {
		best := time.Hour
		for range 3 { // the machine may be busy
			start := time.Now()
			buildTen(t, wsTraining, "training@1", format)
			best = min(best, time.Since(start))
		}
		if best > tenWithin {
			t.Errorf("%s took %v", format, best)
		}
	}
}

func BenchmarkBrief(b *testing.B) {
	b.Setenv("XDG_STATE_HOME", b.TempDir())
	for _, format := range []string{"html", "md", "xlsx"} {
		b.Run(format, func(b *testing.B) {
			n := 0
			for b.Loop() {
				n = buildTen(b, wsTraining, "training@1", format)
			}
			b.ReportMetric(float64(n), "bytes/file")
		})
	}
}
