package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"tiplens/models"
	"tiplens/tui/wire"
)

// task is one thing that people do, and the keys for it in one program. What is
// pressed before is not measured.
type task struct {
	name   string
	before []string
	keys   []string
	sees   string // a text that must then stand on the screen
}

// taskNames are the tasks in the order in which they are done.
var taskNames = []string{"first screen from the file", "first screen the next time", "move", "page", "order", "frequency table by province", "pivot by sex", "filter"}

func typed(text string) []string { return strings.Split(text, "") }

func keysOf(parts ...[]string) (out []string) {
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// ownTasks begin at a table by nationality, so that the one by province is new.
func ownTasks() []task {
	pick := func(key, text string) []string { return keysOf([]string{key}, typed(text), []string{"enter"}) }
	return []task{
		{name: "move", keys: []string{"j"}},
		{name: "page", keys: []string{"pgdown"}},
		{name: "order", keys: []string{"o"}},
		{name: "frequency table by province", before: keysOf(pick("r", "nationality"), pick("c", "none")), keys: pick("r", "place"), sees: "Phnom Penh"},
		{name: "pivot by sex", keys: pick("c", "sex"), sees: "Female"},
		{name: "filter", keys: pick("n", "viet"), sees: "Viet Nam"},
	}
}

// peer is another program that opens a CSV file in a terminal.
type peer struct {
	name, program string
	version       []string
	args          []string // before the file
	quit          []string
	tasks         []task
}

// visidata does the same: to a column (c, its name), order by it ([), count it
// (F), pivot (a key column !, then W on the other), choose rows (|) and open
// them (").
func visidata() peer {
	to := func(column string) []string { return keysOf([]string{"c"}, typed(column), []string{"enter"}) }
	return peer{name: "VisiData", program: "vd", version: []string{"--version"}, args: []string{"-f", "csv"}, quit: []string{"g", "q"}, tasks: []task{
		{name: "move", keys: []string{"j"}},
		{name: "page", keys: []string{"\x06"}},
		{name: "order", before: to("found_in"), keys: []string{"["}},
		{name: "frequency table by province", keys: []string{"F"}, sees: "KH-12"},
		{name: "pivot by sex", before: keysOf([]string{"q"}, []string{"!"}, to("sex")), keys: []string{"W"}, sees: "KH-12"},
		{name: "filter", before: keysOf([]string{"q"}, to("nationality")), keys: keysOf([]string{"|"}, typed("VN"), []string{"enter", `"`}), sees: "VN"},
	}}
}

// absent are programs of the kind that bench knows no keys for.
var absent = []string{"csvlens", "tw", "sc-im"}

// peerReport is what the tasks took in one program.
type peerReport struct {
	Name    string              `json:"name"`
	Version string              `json:"version"`
	Tasks   map[string]taskTook `json:"tasks"`
	Failed  string              `json:"failed,omitempty"` // why the other tasks are missing
}

type taskTook struct {
	Seconds float64 `json:"seconds"`           // from each key to its last byte
	CPU     float64 `json:"processor_seconds"` // which others on the machine do not change
	Bytes   int     `json:"bytes"`
	Keys    int     `json:"keys"`
}

// peersReport compares on one file.
type peersReport struct {
	At      time.Time    `json:"at"`
	Machine string       `json:"machine"`
	Busy    string       `json:"load_average,omitempty"`
	Rows    int64        `json:"rows"`
	Bytes   int64        `json:"bytes"`
	Results []peerReport `json:"results"` // this program first
	Absent  []string     `json:"not_installed"`
}

func (a *app) benchPeers() *cobra.Command {
	o := benchOrder{records: "100k,1m"}
	cmd := &cobra.Command{
		Use:   "peers",
		Short: "Do the same tasks in VisiData on the same file, and print the ratios",
		Long: `Peers writes a file of invented persons and does the same tasks in tiplens and in
VisiData (apt install visidata), one after the other, in the same terminal: the
first screen, move, page, order, a frequency table by province, a pivot, a
filter. Tiplens loads a file once and opens it after that; VisiData reads it
every time. What is not installed is named.`,
		Args: exactArgs(0, "no arguments; see --records"),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runPeers(cmd.Context(), o) },
	}
	cmd.Flags().StringVar(&o.records, "records", o.records, "rows of the files")
	cmd.Flags().StringVar(&o.dir, "dir", "", "folder for generated files (default: a temporary one)")
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON")
	return cmd
}

func (a *app) runPeers(ctx context.Context, o benchOrder) error {
	if err := o.check(); err != nil {
		return err
	}
	cleanUp, err := o.folder()
	if err != nil {
		return err
	}
	defer cleanUp()
	var all []*peersReport
	for _, n := range o.sizes[1:] {
		r, err := a.peers(ctx, filepath.Join(o.dir, fmt.Sprintf("tiplens-bench-%d", n)), n)
		if err != nil {
			return err
		}
		all = append(all, r)
		if !o.json {
			r.print(a.out)
		}
	}
	if o.json {
		e := json.NewEncoder(a.out)
		e.SetIndent("", " ")
		return e.Encode(all)
	}
	return nil
}

// peers compares on a file of n persons.
func (a *app) peers(ctx context.Context, dir string, n int64) (*peersReport, error) {
	say := func(who string) {
		fmt.Fprintf(a.errOut, "%s rows: %s\n", models.FormatNumber(float64(n)), who)
	}
	file, err := writeDemo(dir, n)
	if err != nil {
		return nil, err
	}
	defer os.Remove(file)
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	r := &peersReport{At: time.Now().Truncate(time.Second), Machine: machine(), Rows: n, Bytes: info.Size()}
	before := busy()
	say("tiplens")
	own, err := ownPeer(ctx, dir, file)
	if err != nil {
		return nil, err
	}
	r.Results = append(r.Results, own)
	for _, p := range []peer{visidata()} {
		path, err := exec.LookPath(p.program)
		if err != nil {
			r.Absent = append(r.Absent, p.program)
			continue
		}
		say(p.name)
		other, err := p.run(ctx, dir, path, file)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil { // what it did so far stands
			other.Failed = err.Error()
		}
		r.Results = append(r.Results, other)
	}
	if before != "" {
		r.Busy = "; load " + before + " before, " + busy() + " after"
	}
	for _, name := range absent {
		if _, err := exec.LookPath(name); err != nil {
			r.Absent = append(r.Absent, name)
		}
	}
	return r, nil
}

// ownPeer loads the file and does the tasks in this program.
func ownPeer(ctx context.Context, dir, file string) (peerReport, error) {
	out := peerReport{Name: "tiplens", Version: Version, Tasks: map[string]taskTook{}}
	ws := filepath.Join(dir, "workspace")
	before := childrenCPU()
	took, _, err := load(ctx, file, ws)
	if err != nil {
		return out, err
	}
	loading := childrenCPU() - before
	b := &bencher{dir: dir, ref: ws}
	s, err := b.open(ctx, budgetTerm, wire.Link{})
	if err != nil {
		return out, err
	}
	defer s.close()
	bytes, last, err := s.ready()
	if err != nil {
		return out, err
	}
	next := taskTook{Seconds: last.Sub(s.began).Seconds(), CPU: s.processor().Seconds(), Bytes: bytes}
	out.Tasks["first screen the next time"] = next
	next.Seconds, next.CPU = next.Seconds+took, next.CPU+loading
	out.Tasks["first screen from the file"] = next
	return out, s.tasksOf(ownTasks(), out.Tasks)
}

func (p peer) run(ctx context.Context, dir, program, file string) (peerReport, error) {
	out := peerReport{Name: p.name, Tasks: map[string]taskTook{}}
	if v, err := exec.CommandContext(ctx, program, p.version...).Output(); err == nil {
		out.Version = strings.TrimSpace(models.Clean(string(v)))
	}
	s, err := openSession(ctx, dir, budgetTerm, wire.Link{}, program, append(p.args, file)...)
	if err != nil {
		return out, err
	}
	s.quits = p.quit
	defer s.close()
	bytes, last, err := s.rest()
	if err != nil {
		return out, err
	}
	first := taskTook{Seconds: last.Sub(s.began).Seconds(), CPU: s.processor().Seconds(), Bytes: bytes}
	out.Tasks["first screen from the file"], out.Tasks["first screen the next time"] = first, first
	return out, s.tasksOf(p.tasks, out.Tasks)
}

// tasksOf does tasks and looks whether they came to what they should.
func (s *session) tasksOf(tasks []task, into map[string]taskTook) error {
	for _, t := range tasks {
		for _, k := range t.before {
			if _, err := s.press(k); err != nil {
				return err
			}
		}
		took := taskTook{Keys: len(t.keys)}
		before := s.processor()
		for _, k := range t.keys {
			p, err := s.press(k)
			if err != nil {
				return err
			}
			took.Bytes += p.bytes
			took.Seconds += p.took.Seconds()
		}
		if !strings.Contains(s.Text(), t.sees) {
			return fmt.Errorf("%s: %q does not stand on the screen:\n%s", t.name, t.sees, s.Text())
		}
		took.CPU = (s.processor() - before).Seconds()
		into[t.name] = took
	}
	return nil
}

func (r *peersReport) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s, %s%s\n%s rows, %s MB of CSV, the same file for all; seconds from each key to its last byte, seconds of processors, bytes\n",
		r.At.Format("2006-01-02"), r.Machine, r.Busy, models.FormatNumber(float64(r.Rows)), megabytes(r.Bytes))
	own := r.Results[0]
	for _, p := range r.Results[1:] {
		fmt.Fprintf(w, "%s\n%-30s%26s%26s%10s%10s%10s\n", p.Version, "", own.Name, p.Name, "time", "CPU", "bytes")
		for _, name := range taskNames {
			x, y := own.Tasks[name], p.Tasks[name]
			if _, ok := p.Tasks[name]; !ok {
				fmt.Fprintf(w, "%-30s%26s%26s\n", name, x, "-")
				continue
			}
			fmt.Fprintf(w, "%-30s%26s%26s%10s%10s%10s\n", name, x, y, times(y.Seconds, x.Seconds), times(y.CPU, max(x.CPU, clockTick.Seconds())), times(float64(y.Bytes), float64(x.Bytes)))
		}
		if p.Failed != "" {
			fmt.Fprintf(w, "%s did not finish: %s\n", p.Name, p.Failed)
		}
	}
	if len(r.Absent) > 0 {
		fmt.Fprintf(w, "not installed: %s\n", strings.Join(r.Absent, ", "))
	}
	if len(r.Results) == 1 {
		for _, name := range taskNames {
			fmt.Fprintf(w, "%-30s%26s\n", name, own.Tasks[name])
		}
	}
}

func (t taskTook) String() string { return fmt.Sprintf("%.3f %7.2f %6d", t.Seconds, t.CPU, t.Bytes) }

// times is how many times as much the first is.
func times(x, y float64) string {
	if y == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f x", x/y)
}

// childrenCPU is the processor time of child processes that have ended, in
// seconds.
func childrenCPU() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}
