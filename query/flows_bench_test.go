package query_test

import (
	"fmt"
	"math/rand"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// BenchmarkFlows asks what a person asks of flows, of some 8,000 pairs in each
// of 26 years: a stock that its publisher declares complete, published figures
// that declare nothing, and records. Each answer is to take 50 ms. It prints
// the median and the 95th percentile, for a mean hides the slow ones.
func BenchmarkFlows(b *testing.B) {
	for _, d := range flowData() {
		b.Run(d.name, func(b *testing.B) { // each alone, for what is in memory is swept while it answers
			e := workspace(b, d.table)
			for _, q := range flowQuestions {
				text := d.indicator + " " + q.slice
				b.Run(q.name, func(b *testing.B) { benchFlow(b, e, text) })
			}
			b.Run("one place's card", func(b *testing.B) { benchPlace(b, e, d.indicator+" flow origin.country to destination.country") })
		})
	}
}

type flows struct {
	name, indicator string
	table           table
}

func flowData() []flows {
	return []flows{
		{"stock", "x_refugees", flowTable(models.Figure, "x_refugees", "  complete: true\n")},
		{"figures", "vic_identified", flowTable(models.Figure, "vic_identified", "")},
		{"records", "vic_identified", flowTable(models.Record, "vic_identified", "")},
	}
}

var flowQuestions = []struct{ name, slice string }{
	{"one year", "flow origin.province to destination.country where year=2019"},
	{"all years in one", "flow origin.province to destination.country"},
	{"across years", "flow origin.province to destination.country across year"},
	{"across years, top 20", "flow origin.province to destination.country across year top 20"},
	{"change", "flow origin.province to destination.country where year=2019 change from previous"},
	{"across years with change", "flow origin.province to destination.country across year change from previous"},
	{"top 20", "flow origin.province to destination.country where year=2019 top 20"},
	{"percent", "flow origin.province to destination.country where year=2019 percent of total"},
	{"into one country", "by origin.province across year where destination=SG"},
	{"countries, one year", "flow origin.country to destination.country where year=2019"},
	{"countries, across years", "flow origin.country to destination.country across year"},
	{"matrix", "by origin.province across destination.country where year=2019 order value desc"},
	{"matrix, all years", "by origin.province across destination.country order value desc"},
	{"totals", "by origin.country where year=2019"},
}

// flowTable draws 112 origins, of them 102 provinces, and 80 destinations, in
// 26 years: as figures a number for each, as records a person for each.
func flowTable(grain models.Grain, indicator, about string) table {
	var provinces, countries []string
	for _, k := range datasets.Catalogue().Codes("area") {
		switch {
		case k.Level == "province" && (strings.HasPrefix(k.ID, "KH-") || strings.HasPrefix(k.ID, "TH-")):
			provinces = append(provinces, k.ID)
		case k.Level == "country" && k.ID != "KH" && k.ID != "TH":
			countries = append(countries, k.ID)
		}
	}
	i := slices.Index(countries, "SG")
	countries[0], countries[i] = countries[i], countries[0]
	origins, destinations := append(provinces, countries[90:100]...), countries[:80]
	if len(origins)*len(destinations) < 8000 {
		panic("too few pairs")
	}
	rng := rand.New(rand.NewSource(1))
	var s strings.Builder
	s.WriteString("indicator,agency,year,origin,destination,value\n")
	for y := 1994; y < 2020; y++ {
		for _, o := range origins {
			for _, d := range destinations {
				fmt.Fprintf(&s, "%s,INT.IOM,%d,%s,%s,%d\n", indicator, y, o, d, rng.Intn(500)*rng.Intn(3))
			}
		}
	}
	csv := s.String()
	if grain == models.Record {
		csv = strings.ReplaceAll(csv, ",value\n", "\n")
		lines := strings.Split(csv, "\n")
		for i, l := range lines[1:] {
			if k := strings.LastIndexByte(l, ','); k >= 0 {
				lines[i+1] = l[:k]
			}
		}
		csv = strings.Join(lines, "\n")
	}
	return table{id: "flows", grain: grain, about: about, csv: csv}
}

func benchFlow(b *testing.B, e *query.Engine, text string) {
	s, err := models.ParseSlice(text, e.Catalog())
	if err != nil {
		b.Fatal(err)
	}
	if _, err := e.Ask(b.Context(), s); err != nil { // the first question reads the figures, once
		b.Fatal(err)
	}
	var took []time.Duration
	rows, worked := 0, cpu()
	for b.Loop() {
		start := time.Now()
		a, err := e.Ask(b.Context(), s)
		took = append(took, time.Since(start))
		if err != nil || a.Refused() || len(a.Blocks) == 0 {
			b.Fatal(err, a)
		}
		rows = len(a.Blocks[0].Rows)
	}
	b.ReportMetric(float64(rows), "rows")
	reportTimes(b, took, cpu()-worked)
}

func benchPlace(b *testing.B, e *query.Engine, text string) {
	s, err := models.ParseSlice(text, e.Catalog())
	if err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	worked := cpu()
	for b.Loop() {
		start := time.Now()
		a, err := e.PlaceFlows(b.Context(), s, "KH")
		took = append(took, time.Since(start))
		if err != nil || len(a.Blocks) == 0 {
			b.Fatal(err, a)
		}
	}
	reportTimes(b, took, cpu()-worked)
}

// cpu is the work that this process has done, however busy the machine is.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// reportTimes tells the median, the 95th percentile, and the work of all
// threads, which says more where others share the machine.
func reportTimes(b *testing.B, took []time.Duration, worked time.Duration) {
	b.ReportMetric(float64(worked.Microseconds())/1000/float64(len(took)), "ms-cpu")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms-p95")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkFirstFlow asks one question of each once, when nothing is in memory yet.
func BenchmarkFirstFlow(b *testing.B) {
	for _, d := range flowData() {
		b.Run(d.name, func(b *testing.B) {
			s, err := models.ParseSlice(d.indicator+" flow origin.province to destination.country across year", datasets.Catalogue())
			if err != nil {
				b.Fatal(err)
			}
			var took []time.Duration
			worked := time.Duration(0)
			for b.Loop() {
				b.StopTimer()
				e := workspace(b, d.table)
				before := cpu()
				b.StartTimer()
				start := time.Now()
				if _, err := e.Ask(b.Context(), s); err != nil {
					b.Fatal(err)
				}
				took, worked = append(took, time.Since(start)), worked+cpu()-before
			}
			reportTimes(b, took, worked)
		})
	}
}

// BenchmarkFlowsOf asks a flow of a workspace that holds real ones: TIPLENS_BENCH
// is its folder, TIPLENS_SLICE the questions, one a line.
func BenchmarkFlowsOf(b *testing.B) {
	dir := os.Getenv("TIPLENS_BENCH")
	if dir == "" {
		b.Skip("set TIPLENS_BENCH to a workspace folder and TIPLENS_SLICE to questions")
	}
	ws, err := query.OpenWorkspace(dir, false)
	if err != nil {
		b.Fatal(err)
	}
	e, err := ws.Open(b.Context(), datasets.Catalogue(), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	for text := range strings.SplitSeq(os.Getenv("TIPLENS_SLICE"), "\n") {
		b.Run(text, func(b *testing.B) { benchFlow(b, e, text) })
	}
}
