package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tiplens/models"
	"tiplens/query"
)

// benchParts are what can be measured.
var benchParts = []string{"load", "start", "bytes", "links", "memory", "engine"}

// benchOrder is what a bench is asked to measure.
type benchOrder struct {
	records, dir string
	sizes        []int64 // 0: the training data that come with the program
	only, terms  []string
	idle         time.Duration
	rounds       int
	reuse, json  bool
}

// benchReport is what came of it.
type benchReport struct {
	At      time.Time     `json:"at"`
	Program string        `json:"program"`
	Machine string        `json:"machine"`
	Busy    string        `json:"load_average,omitempty"` // before and after: others slow every time down
	Reader  string        `json:"reader"`
	Sizes   []*sizeReport `json:"sizes"`
}

// sizeReport is what was measured on one size of data.
type sizeReport struct {
	Name    string         `json:"name"`
	Records int64          `json:"records"`
	Load    *loadReport    `json:"load,omitempty"`
	Start   *startReport   `json:"start,omitempty"`
	Terms   []*termReport  `json:"terms,omitempty"`
	Links   []linkReport   `json:"links,omitempty"`
	Memory  *memoryReport  `json:"memory,omitempty"`
	Engine  []engineReport `json:"engine,omitempty"`
}

func (a *app) bench() *cobra.Command {
	o := benchOrder{records: "1m", idle: 5 * time.Second, rounds: 40, only: benchParts,
		terms: []string{"xterm-256color", "vt100", "tmux-256color", "linux"}}
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure this program: bytes, slow links, speed, memory",
		Long: `Bench runs tiplens itself in a terminal of 80 x 24, in the lean look, presses the
same keys every time, and says what they cost: bytes per key by kind of key and
by TERM, and against the least that the same change of the screen takes; the
time to the last byte; the seconds until the screen is complete on slow links;
the start; memory. It asks the engine each kind of question, and loads a file
beside DuckDB's own reading of it as text, in the same run.

It measures the training data that come with the program and, with --records,
generated files of any size, such as --records 1m,10m,50m (0 for none). 50m
needs some 12 GB of disk and a quarter of an hour.`,
		Args: exactArgs(0, "no arguments; see --records and --only"),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runBench(cmd.Context(), o) },
	}
	cmd.AddCommand(a.benchPeers())
	f := cmd.Flags()
	f.StringVar(&o.records, "records", o.records, "sizes of generated files: 1m,10m,50m, or 0 for none")
	f.StringVar(&o.dir, "dir", "", "folder for generated workspaces, which stay there (default: a temporary one)")
	f.BoolVar(&o.reuse, "reuse", false, "use the workspaces of an earlier run in --dir, and measure no load")
	f.StringSliceVar(&o.only, "only", o.only, "what to measure")
	f.StringSliceVar(&o.terms, "term", o.terms, "terminals to measure bytes for; the first one on every size")
	f.DurationVar(&o.idle, "idle", o.idle, "how long to listen to a screen that nobody touches")
	f.IntVar(&o.rounds, "rounds", o.rounds, "how often to ask each kind of question")
	f.BoolVar(&o.json, "json", false, "print JSON")
	return cmd
}

// check reads what was asked for.
func (o *benchOrder) check() error {
	o.sizes = []int64{0}
	for _, s := range strings.Split(o.records, ",") {
		n, err := parseRecords(s)
		if err != nil {
			return err
		}
		if n > 0 {
			o.sizes = append(o.sizes, n)
		}
	}
	for _, p := range o.only {
		if !slices.Contains(benchParts, p) {
			return usage("--only takes %s, not %q", strings.Join(benchParts, ", "), p)
		}
	}
	if o.reuse && o.dir == "" {
		return usage("--reuse needs --dir, the folder of the earlier run")
	}
	return nil
}

// parseRecords reads 100000, 100k or 10m.
func parseRecords(s string) (int64, error) {
	text, times := strings.ToLower(strings.TrimSpace(s)), int64(1)
	if rest, ok := strings.CutSuffix(text, "k"); ok {
		text, times = rest, 1000
	} else if rest, ok := strings.CutSuffix(text, "m"); ok {
		text, times = rest, 1_000_000
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > 1_000_000_000/times {
		return 0, usage("--records takes numbers such as 100k, 1m or 10m up to 1,000m, not %q", s)
	}
	return n * times, nil
}

func (o *benchOrder) wants(part string) bool { return slices.Contains(o.only, part) }

// folder makes the one to work in, and gives what tidies up afterwards.
func (o *benchOrder) folder() (cleanUp func(), err error) {
	if o.dir == "" {
		o.dir, err = os.MkdirTemp("", "tiplens-bench-")
		return func() { os.RemoveAll(o.dir) }, err
	}
	if o.dir, err = filepath.Abs(o.dir); err != nil {
		return nil, err
	}
	return func() {}, os.MkdirAll(o.dir, 0o700)
}

func (a *app) runBench(ctx context.Context, o benchOrder) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.rounds < 1 || len(o.terms) == 0 {
		return usage("--rounds is at least 1, and --term names at least one terminal")
	}
	cleanUp, err := o.folder()
	if err != nil {
		return err
	}
	defer cleanUp()
	r := &benchReport{At: time.Now().Truncate(time.Second), Program: query.Program, Machine: machine(),
		Reader: fmt.Sprintf("%d threads, %d MB", query.DefaultSettings.Reader.Threads, query.DefaultSettings.Reader.MemoryMB)}
	before := busy()
	for _, n := range o.sizes {
		s, err := a.benchSize(ctx, &o, n)
		if err != nil {
			return err
		}
		r.Sizes = append(r.Sizes, s)
	}
	if before != "" {
		r.Busy = before + " before, " + busy() + " after"
	}
	if o.json {
		e := json.NewEncoder(a.out)
		e.SetIndent("", " ")
		return e.Encode(r)
	}
	r.print(a.out)
	return nil
}

// benchSize measures one size of data; 0 is what comes with the program.
func (a *app) benchSize(ctx context.Context, o *benchOrder, n int64) (*sizeReport, error) {
	s := &sizeReport{Name: "demo", Records: trainingSize}
	ref, terms := wsTraining, o.terms
	say := func(what string) { fmt.Fprintf(a.errOut, "%s: %s\n", s.Name, what) }
	if n > 0 {
		s.Name, s.Records = models.FormatNumber(float64(n))+" records", n
		dir := filepath.Join(o.dir, fmt.Sprintf("tiplens-bench-%d", n))
		ref, terms = filepath.Join(dir, "workspace"), o.terms[:1]
		load, err := benchLoad(ctx, o, dir, n, say)
		if err != nil {
			return nil, err
		}
		s.Load = load
	}
	b := &bencher{dir: o.dir, ref: ref}
	var err error
	if o.wants("start") {
		say("start")
		if s.Start, err = b.start(ctx); err != nil {
			return nil, err
		}
	}
	if o.wants("bytes") || o.wants("memory") {
		if !o.wants("bytes") {
			terms = terms[:1]
		}
		say("keys on " + strings.Join(terms, ", "))
		if s.Terms, err = b.tours(ctx, terms, o.idle); err != nil {
			return nil, err
		}
		if o.wants("memory") {
			s.Memory = s.Terms[0].memory
		}
		if !o.wants("bytes") {
			s.Terms = nil
		}
	}
	if o.wants("links") {
		say("slow links")
		if s.Links, err = b.links(ctx); err != nil {
			return nil, err
		}
	}
	if o.wants("engine") {
		say("questions to the engine")
		s.Engine, err = a.benchEngine(ctx, ref, o.rounds)
	}
	return s, err
}

// busy is how many threads of the whole machine wanted a processor in the last
// minute.
func busy() string {
	b, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(b), " ")
	return first
}

// machine says what the figures were measured on.
func machine() string {
	out := fmt.Sprintf("%s/%s, %d processors", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(b)) {
			if name, ok := strings.CutPrefix(line, "model name"); ok {
				return out + ", " + strings.TrimSpace(strings.TrimLeft(name, "\t :"))
			}
		}
	}
	return out
}
