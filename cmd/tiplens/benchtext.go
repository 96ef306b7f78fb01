package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"

	"tiplens/models"
)

// print writes a report for people. What is over its budget has a mark.
func (r *benchReport) print(w io.Writer) {
	fmt.Fprintf(w, "%s, %s\n%s; a reader takes %s\n", r.Program, r.At.Format("2006-01-02 15:04"), r.Machine, r.Reader)
	if r.Busy != "" {
		fmt.Fprintf(w, "load of the machine: %s; times are worth little above %d\n", r.Busy, runtime.NumCPU())
	}
	fmt.Fprintln(w, "! is over the budget")
	for _, s := range r.Sizes {
		s.print(w)
	}
	r.curve(w)
}

// over marks what is over its budget.
func over[T int | int64 | float64](n, budget T) string {
	if budget > 0 && n > budget {
		return "!"
	}
	return " "
}

func (s *sizeReport) print(w io.Writer) {
	fmt.Fprintf(w, "\n== %s ==\n", s.Name)
	if l := s.Load; l != nil {
		fmt.Fprintf(w, "load            %.1f s, %s records a second; %s MB become %s MB\n", l.Seconds, models.FormatNumber(float64(int64(l.PerSec))), megabytes(l.Bytes), megabytes(l.Stored))
		fmt.Fprintf(w, "  DuckDB, text  %.1f s: the load takes %.2f times as long (budget %.0f)%s\n", l.Plain, l.Ratio, l.Budget, over(l.Ratio, l.Budget))
	}
	if t := s.Start; t != nil {
		fmt.Fprintf(w, "start           first frame %.0f ms%s(budget %.0f), finished screen %.0f ms\n", t.Frame, over(t.Frame, t.Budget), t.Budget, t.Screen)
	}
	if m := s.Memory; m != nil {
		fmt.Fprintf(w, "memory          steady %d MB%s, peak %d MB%s (budgets of 10 million: %d, %d)\n", m.Steady>>10, over(m.Steady, m.SteadyBudget), m.Peak>>10, over(m.Peak, m.PeakBudget), m.SteadyBudget>>10, m.PeakBudget>>10)
	}
	for _, t := range s.Terms {
		t.print(w)
	}
	if len(s.Links) > 0 {
		fmt.Fprintf(w, "\nseconds until the screen is complete, round trip %.0f ms\n%-28s", ms(s.Links[0].RoundTrip), "")
		for _, l := range s.Links {
			fmt.Fprintf(w, "%14s", l.Name)
		}
		fmt.Fprintln(w, "   bytes")
		for i, step := range s.Links[0].Steps {
			fmt.Fprintf(w, "%-28s", step.Name)
			for _, l := range s.Links {
				fmt.Fprintf(w, "%14.2f", l.Steps[i].Seconds)
			}
			fmt.Fprintf(w, "%8d\n", step.Bytes)
		}
	}
	if len(s.Engine) > 0 {
		fmt.Fprintf(w, "\n%-38s%8s%8s%8s%8s%8s   ms\n", "questions to the engine", "first", "p50", "p95", "max", "budget")
		for _, e := range s.Engine {
			fmt.Fprintf(w, "%-38s%8.1f%8.1f%7.1f%s%8.1f%8s\n", e.Kind, e.First, e.P50, e.P95, over(e.P95, e.Budget), e.Max, budget(e.Budget))
		}
	}
}

func budget(n float64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f", n)
}

func (t *termReport) print(w io.Writer) {
	fmt.Fprintf(w, "\nTERM=%-20s%6s%8s%7s%7s%8s%9s%9s%8s%8s  slowest\n", t.Term, "keys", "median", "p95", "max", "budget", "of least", "med ms", "p95", "max")
	for _, k := range t.Keys {
		fmt.Fprintf(w, "%-25s%6d%8d%7d%6d%s%8s%7d %%%9.1f%8.1f%8.1f  %s\n", k.Kind, k.Keys, k.Median, k.P95, k.Max, over(k.Max, k.Budget), budget(float64(k.Budget)), k.Over, k.MedianMS, k.P95MS, k.MaxMS, k.Slowest)
	}
	fmt.Fprintf(w, "the median key takes %d %% of the least possible; %d bytes in %s without a key\n", t.Over, t.Idle, t.Heard)
	var views []string
	for _, v := range t.Views {
		views = append(views, fmt.Sprintf("%s %d", v.Name, v.Bytes))
	}
	fmt.Fprintf(w, "views: %s\n", strings.Join(views, ", "))
}

// curve shows how the engine's time grows with the data.
func (r *benchReport) curve(w io.Writer) {
	var sizes []*sizeReport
	for _, s := range r.Sizes {
		if len(s.Engine) > 0 {
			sizes = append(sizes, s)
		}
	}
	if len(sizes) < 2 {
		return
	}
	fmt.Fprintf(w, "\n== p50 / p95 of the engine in ms, by the number of records ==\n%-38s", "")
	for _, s := range sizes {
		fmt.Fprintf(w, "%18s", models.FormatNumber(float64(s.Records)))
	}
	fmt.Fprintln(w)
	for i, e := range sizes[0].Engine {
		fmt.Fprintf(w, "%-38s", e.Kind)
		for _, s := range sizes {
			fmt.Fprintf(w, "%18s", fmt.Sprintf("%.1f / %.1f%s", s.Engine[i].P50, s.Engine[i].P95, over(s.Engine[i].P95, s.Engine[i].Budget)))
		}
		fmt.Fprintln(w)
	}
}
