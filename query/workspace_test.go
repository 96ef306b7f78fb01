package query

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tiplens/models"
)

// The test binary is its own loader: with wsLoaderEnv set it runs one load, or
// reads, in a process that a test may kill.
const wsLoaderEnv = "TIPLENS_TEST_LOADER"

func TestMain(m *testing.M) {
	if text := os.Getenv(wsLoaderEnv); text != "" {
		os.Exit(wsLoaderMain(text))
	}
	os.Exit(m.Run())
}

// wsJob is what a loader process is to do.
type wsJob struct {
	Dir, ID string
	Content int
	KillAt  int    // the call of step, counted from 0, at which to die; -1 for never
	HoldAt  string // the step at which to wait for a line
	NoWait  bool
	Read    bool // ask until the pipe closes instead of loading
	Cancel  bool // the pipe's end cancels the load
}

func wsLoaderMain(text string) int {
	var j wsJob
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		fmt.Println("error", err)
		return 2
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	in := bufio.NewReader(os.Stdin)
	n := 0
	step = func(name string) {
		fmt.Println("step", name)
		if n == j.KillAt {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		n++
		if name == j.HoldAt {
			fmt.Println("holding", name)
			_, err := in.ReadString('\n')
			if err != nil && j.Cancel {
				cancel()
			}
		}
	}
	if j.Read {
		return wsReadMain(ctx, j, in)
	}
	ws, err := OpenWorkspace(j.Dir, true)
	if err == nil {
		var v int
		if v, err = wsTryLoad(ctx, ws, j.ID, j.Content, !j.NoWait, func(who string) { fmt.Println("waiting", who) }); err == nil {
			fmt.Println("done", v)
			return 0
		}
	}
	fmt.Println("error", err)
	var we *WorkspaceError
	if errors.As(err, &we) && we.Busy {
		return 5
	}
	return 1
}

// wsReadMain asks again and again, each time on a newly opened set, until the
// pipe closes. It prints the contents that it saw, in their order.
func wsReadMain(ctx context.Context, j wsJob, in io.Reader) int {
	end := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, in); close(end) }()
	ws := &Workspace{j.Dir}
	last := -1
	for {
		select {
		case <-end:
			fmt.Println("done", last)
			return 0
		default:
		}
		c, err := wsContentNow(ctx, ws, j.ID)
		if err != nil {
			fmt.Println("error", err)
			return 1
		}
		if c != last {
			fmt.Println("saw", c)
			last = c
		}
	}
}

// wsProcess is a loader process with the lines that it prints.
type wsProcess struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines chan string
	all   []string
}

func wsStart(t *testing.T, j wsJob) *wsProcess {
	t.Helper()
	p := wsPrepare(t, j)
	p.start()
	return p
}

func wsPrepare(t *testing.T, j wsJob) *wsProcess {
	t.Helper()
	b, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	p := &wsProcess{t: t, cmd: exec.Command(os.Args[0]), lines: make(chan string, 1000)}
	p.cmd.Env = append(os.Environ(), wsLoaderEnv+"="+string(b), "GOTRACEBACK=none")
	p.cmd.Stderr = os.Stderr
	return p
}

func (p *wsProcess) start() {
	p.t.Helper()
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		p.in, err = p.cmd.StdinPipe()
	}
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	go func() {
		s := bufio.NewScanner(out)
		for s.Scan() {
			p.lines <- s.Text()
		}
		close(p.lines)
	}()
	p.t.Cleanup(func() {
		if p.cmd.ProcessState == nil {
			_ = p.cmd.Process.Kill()
			_ = p.cmd.Wait()
		}
	})
}

// until reads lines up to the first one that begins so.
func (p *wsProcess) until(prefix string) string {
	p.t.Helper()
	for l := range p.lines {
		p.all = append(p.all, l)
		if strings.HasPrefix(l, prefix) {
			return l
		}
	}
	p.t.Fatalf("the process ended without %q; it said %q", prefix, p.all)
	return ""
}

// wait reads on to the end and gives the exit code, -1 for a killed process.
func (p *wsProcess) wait() int {
	p.t.Helper()
	for l := range p.lines {
		p.all = append(p.all, l)
	}
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

func (p *wsProcess) steps() []string {
	var out []string
	for _, l := range p.all {
		if s, ok := strings.CutPrefix(l, "step "); ok {
			out = append(out, s)
		}
	}
	return out
}

// wsCatalog is a dictionary small enough to know by heart.
var wsCatalog = sync.OnceValue(func() *models.Catalog {
	ind := func(id, name string, time models.TimeKind) *models.Indicator {
		return &models.Indicator{ID: id, Name: name, Family: "x", Unit: "persons", Measure: models.Count, Time: time, Stage: -1, NotAdditive: []string{"exploitation"}}
	}
	flat := func(ids ...string) (out []*models.Dimension) {
		for _, id := range ids {
			out = append(out, &models.Dimension{ID: id, Name: id, Plural: id + "s", List: id})
		}
		return out
	}
	dims := flat("sex", "age", "sector", "status", "offence_group", "record_kind", "flow_kind", "place_role", "agency", "dataset")
	dims = append(dims,
		&models.Dimension{ID: "year", Name: "Year", Plural: "Years", List: "time", Levels: []string{"year", "half", "quarter", "month"}, Default: "year"},
		&models.Dimension{ID: "nationality", Name: "Nationality", Plural: "Nationalities", List: "nationality", Levels: []string{"group", "country"}, Default: "country"},
		&models.Dimension{ID: "exploitation", Name: "Exploitation", Plural: "Exploitations", List: "exploitation", Multi: true},
		&models.Dimension{ID: "reporter", Name: "Reporter", Plural: "Reporters", List: "area", Levels: []string{"country"}, Default: "country"},
	)
	for id, def := range map[string]string{"place": "province", "origin": "country", "destination": "country"} {
		dims = append(dims, &models.Dimension{ID: id, Name: id, Plural: id + "s", List: "area", Levels: []string{"country", "province"}, Default: def})
	}
	var codes []*models.Code
	for list, ids := range map[string]string{
		models.ListAny: "_T _U _O _Z", "sex": "F M", "exploitation": "LAB SEX", "agency": "KH.NP KH.NCCT", "area": "KH VN TH CN",
	} {
		for i, id := range strings.Fields(ids) {
			c := &models.Code{List: list, ID: id, Label: id, Sort: i}
			if list == "area" {
				c.Level = "country"
			}
			codes = append(codes, c)
		}
	}
	for i, id := range []string{"KH-1", "KH-12"} {
		codes = append(codes, &models.Code{List: "area", ID: id, Label: id, Level: "province", Parent: "KH", Sort: 10 + i})
	}
	cat, err := models.NewCatalog([]*models.Indicator{
		ind("vic_identified", "Identified victims", models.Flow), ind("sus_arrested", "Arrested", models.Flow), ind("sus_convicted", "Convicted", models.Flow),
	}, dims, codes, func(_, name string) string { return strings.ToLower(name) })
	if err != nil {
		panic(err)
	}
	return cat
})

// wsRow is one hand-made observation. Codes maps a column to a code, or to
// "code|text" where the source said it in other words.
type wsRow struct {
	codes            map[string]string
	start, end       models.Date // 0 for none
	value, low, high float64     // 0 for none
	note             string
	subject          uint64
	row              int64
	legs             []wsLeg
}

type wsLeg struct{ role, place string }

// wsPlain is what every hand-made row says unless told otherwise.
var wsPlain = map[string]string{
	"grain": "record", "indicator": "vic_identified", "agency": "KH.NP", "reporter": "KH", "freq": "A", "place": "_U", "place_role": "identification",
	"nationality": "_U", "origin": "_U", "destination": "_U", "flow_kind": "outward", "sex": "_U", "age": "_U", "exploitation": "_U", "sector": "_T",
	"status": "_T", "offence_group": "_T", "record_kind": "_T", "qualifier": "", "obs_status": "A", "pattern": "", "scope": "", "coverage": "", "document": "",
}

func (r wsRow) code(column string) (code, text string) {
	s, ok := r.codes[column]
	if !ok {
		s = wsPlain[column]
	}
	if s == "" && !slices.Contains(models.CodedColumns, column) {
		s = models.Unknown
	}
	code, text, _ = strings.Cut(s, "|")
	return code, text
}

// wsLayout finds which columns vary; with shuffle their order is not the
// table's.
func wsLayout(w *Writer, extra []string, figures, subjects bool, rows []wsRow) (*models.Layout, error) {
	l := &models.Layout{Constant: map[string]uint16{}, Figures: figures, Subjects: subjects}
	for _, c := range slices.Concat(models.CodedColumns, extra) {
		varies := slices.ContainsFunc(rows, func(r wsRow) bool { _, ok := r.codes[c]; return ok })
		if varies {
			l.Columns = append(l.Columns, c)
			continue
		}
		code, text := wsRow{}.code(c)
		n, err := w.Encode(c, code, text)
		if err != nil {
			return nil, err
		}
		l.Constant[c] = n
	}
	slices.Reverse(l.Columns) // the order of a layout is its own
	return l, nil
}

// wsWrite fills a writer with rows.
func wsWrite(w *Writer, extra []string, figures bool, rows []wsRow) error {
	subjects := slices.ContainsFunc(rows, func(r wsRow) bool { return r.subject != 0 })
	l, err := wsLayout(w, extra, figures, subjects, rows)
	if err != nil {
		return err
	}
	if err := w.Start(l); err != nil {
		return err
	}
	for chunk := range slices.Chunk(rows, 100) {
		b, err := wsBatch(w, l, chunk)
		if err != nil {
			return err
		}
		if err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

func wsBatch(w *Writer, l *models.Layout, rows []wsRow) (*models.Batch, error) {
	b := models.NewBatch(l)
	b.N = len(rows)
	for i, r := range rows {
		for k, c := range l.Columns {
			code, text := r.code(c)
			n, err := w.Encode(c, code, text)
			if err != nil {
				return nil, err
			}
			b.Codes[k][i] = n
		}
		b.Row[i] = r.row
		b.Start[i], b.End[i], b.Year[i] = models.NoDate, models.NoDate, models.NoYear
		if r.start != 0 {
			b.Start[i], b.End[i] = r.start, r.end
			if y, one := (models.Period{Start: r.start, End: r.end}).CalendarYear(); one {
				b.Year[i] = int16(y)
			}
		}
		if l.Figures {
			b.Value[i], b.Low[i], b.High[i], b.Note[i] = orNaN(r.value), orNaN(r.low), orNaN(r.high), r.note
		}
		if l.Subjects {
			b.Subject[i] = r.subject
		}
		for s, leg := range r.legs {
			role, err := w.Encode("leg_role", leg.role, "")
			if err != nil {
				return nil, err
			}
			place, err := w.Encode("leg_place", leg.place, "")
			if err != nil {
				return nil, err
			}
			b.Legs = append(b.Legs, models.Leg{Row: r.row, Seq: uint16(s), Role: role, Place: place})
		}
	}
	return b, nil
}

func orNaN(v float64) float64 {
	if v == 0 {
		return math.NaN()
	}
	return v
}

// wsContent makes the people of a content: a few hundred whose counts are
// known by counting, other ones for each number.
func wsContent(n int) []wsRow {
	var out []wsRow
	for i := range 250 + 70*n {
		y := 2019 + (i*n+i/3)%4
		out = append(out, wsRow{
			codes: map[string]string{
				"nationality": []string{"KH", "VN", "TH", "_U"}[(i+i/7)%4], "sex": []string{"F", "M"}[i%2],
				"place": []string{"KH-1", "KH-12", "KH"}[i%3], "exploitation": []string{"SEX", "LAB", "LAB+SEX"}[i%3],
			},
			start: models.NewDate(y, 1+i%12, 1), end: models.NewDate(y, 1+i%12, 1), row: int64(i + 2),
		})
	}
	return out
}

const wsQuestion = "vic_identified by nationality across year"

// wsExpect counts a content by hand: nationality and year, and their totals.
func wsExpect(content int) map[string]float64 {
	out := map[string]float64{}
	for _, r := range wsContent(content) {
		nat, _ := r.code("nationality")
		y, _, _ := r.start.Civil()
		for _, k := range []string{fmt.Sprintf("%s/%d", nat, y), nat + "/_T", fmt.Sprintf("_T/%d", y), "_T/_T"} {
			out[k]++
		}
	}
	return out
}

// wsCells takes the numbers out of an answer. Bounds print as [low,high].
func wsCells(a *models.Answer) map[string]string {
	out := map[string]string{}
	for _, b := range a.Blocks {
		for r, h := range b.Rows {
			for c, ch := range b.Cols {
				cell := b.Cells[r][c]
				text := cell.State.String()
				switch {
				case cell.HasValue():
					text = fmt.Sprint(cell.Value)
				case cell.HasBounds():
					text = fmt.Sprintf("[%v,%v]", cell.Low, cell.High)
				}
				key := strings.Join(slices.Concat(h.Codes, ch.Codes), "/")
				if len(a.Blocks) > 1 {
					key = string(b.Source.Grain) + " " + b.Source.Agency + " " + key
				}
				out[key] = text
			}
		}
	}
	return out
}

func wsAsk(ctx context.Context, e *Engine, question string) (*models.Answer, error) {
	s, err := models.ParseSlice(question, e.Catalog())
	if err != nil {
		return nil, err
	}
	return e.Ask(ctx, s)
}

// wsRecognise says whose content an engine answers from: the one of which
// every number agrees, 0 where there is no such dataset.
func wsRecognise(ctx context.Context, e *Engine, id string) (int, error) {
	if bad := e.Damaged(); len(bad) > 0 {
		return -1, fmt.Errorf("damaged: %w", errors.Join(bad...))
	}
	ans, err := wsAsk(ctx, e, wsQuestion+" where dataset="+id)
	if err != nil {
		return -1, err
	}
	if ans.Empty != "" {
		return 0, nil
	}
	got := wsCells(ans)
	for c, want := range wsAnswers() {
		if maps.Equal(got, want) {
			return c + 1, nil
		}
	}
	return -1, fmt.Errorf("the answer is that of no version: %v", got)
}

// wsAnswers are the answers of all contents, the first one's first.
var wsAnswers = sync.OnceValue(func() (out []map[string]string) {
	for c := range 12 {
		out = append(out, wsTexts(wsExpect(c+1)))
	}
	return out
})

// wsTexts prints counts as cells do; a table shows a zero where a row and a
// column have nobody.
func wsTexts(want map[string]float64) map[string]string {
	out := map[string]string{}
	rows, cols := map[string]bool{}, map[string]bool{}
	for k := range want {
		r, c, _ := strings.Cut(k, "/")
		rows[r], cols[c] = true, true
	}
	for r := range rows {
		for c := range cols {
			out[r+"/"+c] = fmt.Sprint(want[r+"/"+c])
		}
	}
	return out
}

// wsContentNow opens the workspace as it is and says which content it answers
// from.
func wsContentNow(ctx context.Context, ws *Workspace, id string) (int, error) {
	e, err := ws.Open(ctx, wsCatalog(), nil)
	if err != nil {
		return -1, err
	}
	defer e.Close()
	return wsRecognise(ctx, e, id)
}

func wsDataset(content int) models.Dataset {
	return models.Dataset{Title: fmt.Sprintf("Content %d", content), Producer: "tests", File: "hand-made", Rows: int64(len(wsContent(content))), Taken: int64(len(wsContent(content)))}
}

// wsTryLoad loads a content and answers its version.
func wsTryLoad(ctx context.Context, ws *Workspace, id string, content int, wait bool, telling func(string)) (int, error) {
	l, err := ws.BeginLoad(ctx, id, nil, wait, telling)
	if err != nil {
		return 0, err
	}
	if err := wsWrite(l.Writer, nil, false, wsContent(content)); err != nil {
		l.Abandon()
		return 0, err
	}
	return l.Version, l.Commit(ctx, wsDataset(content), "recipe: none", []models.Finding{{Severity: models.Note, What: "hand-made"}})
}

func wsLoad(t *testing.T, ws *Workspace, id string, content int) int {
	t.Helper()
	v, err := wsTryLoad(t.Context(), ws, id, content, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func wsNew(t *testing.T) *Workspace {
	t.Helper()
	ws, err := OpenWorkspace(filepath.Join(t.TempDir(), "ws"), true)
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

func wsOpen(t *testing.T, ws *Workspace, pins ...models.Version) *Engine {
	t.Helper()
	e, err := ws.Open(t.Context(), wsCatalog(), pins)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

func wsWant(t *testing.T, e *Engine, id string, content int) {
	t.Helper()
	got, err := wsRecognise(t.Context(), e, id)
	if err != nil {
		t.Fatal(err)
	}
	if got != content {
		t.Fatalf("%s answers with content %d, want %d", id, got, content)
	}
}

func wsManifest(t *testing.T, ws *Workspace) Manifest {
	t.Helper()
	m, err := ws.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// wsFiles lists the files below a workspace without the lock files, which say
// nothing once nobody holds them.
func wsFiles(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "lock" || d.Name() == "manifest.lock" {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		out = append(out, rel)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wsAge sets the time of everything below tmp back, so that a next load need
// not wait until the dead count as dead.
func wsAge(t *testing.T, ws *Workspace) {
	t.Helper()
	old := time.Now().Add(-time.Hour)
	entries, _ := os.ReadDir(filepath.Join(ws.Dir, "tmp"))
	for _, e := range entries {
		if err := os.Chtimes(filepath.Join(ws.Dir, "tmp", e.Name()), old, old); err != nil {
			t.Fatal(err)
		}
	}
}

func wsSentence(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %q", err)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("%q does not say %q", err, p)
		}
	}
}

func TestWorkspaceVersions(t *testing.T) {
	ws := wsNew(t)
	wsWant(t, wsOpen(t, ws), "people", 0)
	before := ws.Stamp()
	if v := wsLoad(t, ws, "people", 1); v != 1 {
		t.Fatalf("the first load made version %d", v)
	}
	first := wsOpen(t, ws)
	wsWant(t, first, "people", 1)
	stamp := ws.Stamp()
	if stamp == before {
		t.Error("the stamp did not change with the manifest")
	}
	if v := wsLoad(t, ws, "people", 2); v != 2 {
		t.Fatalf("the second load made version %d", v)
	}
	if ws.Stamp() == stamp {
		t.Error("the stamp did not change with the second load")
	}
	wsWant(t, wsOpen(t, ws), "people", 2)
	wsWant(t, wsOpen(t, ws, models.Version{Dataset: "people", N: 1}), "people", 1)
	wsWant(t, first, "people", 1) // a session keeps the set it opened

	if v, err := ws.Previous("people"); v != 1 || err != nil {
		t.Fatalf("Previous = %d, %v", v, err)
	}
	wsWant(t, wsOpen(t, ws), "people", 1)
	if _, err := ws.Previous("people"); err == nil || !strings.Contains(err.Error(), "no version before") {
		t.Errorf("Previous of the first version: %v", err)
	}
	if _, err := ws.Previous("nobody"); err == nil {
		t.Error("Previous of no dataset worked")
	}
	if v := wsLoad(t, ws, "people", 3); v != 3 {
		t.Errorf("a load after going back made version %d, want 3", v)
	}
	wsWant(t, wsOpen(t, ws), "people", 3)
	if v, err := ws.Previous("people"); v != 2 || err != nil {
		t.Errorf("Previous = %d, %v; version 2 lies before 3", v, err)
	}

	for _, pin := range []models.Version{{Dataset: "people", N: 9}, {Dataset: "nobody", N: 1}, {Dataset: "people", N: 0}, {Dataset: "people", N: -1}} {
		e, err := ws.Open(t.Context(), wsCatalog(), []models.Version{pin})
		var missing *NoVersionError
		if !errors.As(err, &missing) {
			t.Errorf("%v: %v, want that there is none", pin, err)
		}
		if e != nil {
			e.Close()
		}
	}
	if got := wsFiles(t, filepath.Join(ws.Dir, "tmp")); len(got) > 3 { // lock files are left out
		t.Errorf("left in tmp: %q", got)
	}
}

func TestWorkspaceLeavesNoTemp(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	e := wsOpen(t, ws)
	wsWant(t, e, "people", 1)
	e.Close()
	entries, err := os.ReadDir(filepath.Join(ws.Dir, "tmp"))
	if err != nil || len(entries) > 0 {
		t.Errorf("left in tmp: %v, %v", entries, err)
	}
	if got := wsFiles(t, ws.Dir); !slices.Equal(got, []string{"datasets/people/v0001.duckdb", "manifest.json"}) {
		t.Errorf("the workspace holds %q", got)
	}
}

func TestWorkspaceAbandon(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	before := wsFiles(t, ws.Dir)
	stamp := ws.Stamp()
	for _, tt := range []struct {
		name string
		fill func(l *Load) error
	}{
		{"before any row", func(*Load) error { return nil }},
		{"among the rows", func(l *Load) error { return wsWrite(l.Writer, nil, false, wsContent(2)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := ws.BeginLoad(t.Context(), "people", nil, true, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := tt.fill(l); err != nil {
				t.Fatal(err)
			}
			l.Abandon()
			l.Abandon() // twice does no harm
			if got := wsFiles(t, ws.Dir); !slices.Equal(got, before) {
				t.Errorf("the workspace holds %q, want %q", got, before)
			}
			if ws.Stamp() != stamp {
				t.Error("the manifest changed")
			}
		})
	}
	if v := wsLoad(t, ws, "people", 2); v != 2 {
		t.Errorf("the next load made version %d", v)
	}
}

func TestWorkspaceCancelledCommit(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	before := wsFiles(t, ws.Dir)
	ctx, cancel := context.WithCancel(t.Context())
	l, err := ws.BeginLoad(ctx, "people", nil, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := wsWrite(l.Writer, nil, false, wsContent(2)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := l.Commit(ctx, wsDataset(2), "", nil); err == nil {
		t.Fatal("a cancelled load was committed")
	}
	if got := wsFiles(t, ws.Dir); !slices.Equal(got, before) {
		t.Errorf("the workspace holds %q, want %q", got, before)
	}
	wsWant(t, wsOpen(t, ws), "people", 1)
	if v := wsLoad(t, ws, "people", 3); v != 2 {
		t.Errorf("the next load made version %d", v)
	}
}

func TestWorkspaceBadNames(t *testing.T) {
	ws := wsNew(t)
	for _, id := range []string{"", "A", "1a", "../x", "a/b", "a b", strings.Repeat("a", 33)} {
		l, err := ws.BeginLoad(t.Context(), id, nil, true, nil)
		if err == nil {
			l.Abandon()
			t.Errorf("%q was taken for a name", id)
		}
	}
	if got := wsFiles(t, ws.Dir); len(got) > 0 {
		t.Errorf("left behind: %q", got)
	}
}

// wsModes lists the permissions of everything below a folder.
func wsModes(t *testing.T, dir string) map[string]fs.FileMode {
	t.Helper()
	out := map[string]fs.FileMode{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		out[rel] = info.Mode()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWorkspacePermissions(t *testing.T) {
	for _, tt := range []struct {
		name      string
		dir, file fs.FileMode
		make      fs.FileMode // mode of a folder that is there before, 0 for none
	}{
		{"made by the program", 0o700, 0o600, 0},
		{"the owner's folder", 0o700, 0o600, 0o700},
		{"a team's folder", 0o770 | fs.ModeSetgid, 0o660, 0o770 | fs.ModeSetgid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "ws")
			if tt.make != 0 {
				if err := errors.Join(os.Mkdir(dir, 0o700), os.Chmod(dir, tt.make)); err != nil {
					t.Fatal(err)
				}
			}
			ws, err := OpenWorkspace(dir, true)
			if err != nil {
				t.Fatal(err)
			}
			for c := range 2 {
				wsLoad(t, ws, "people", c+1)
			}
			e := wsOpen(t, ws) // an open session has its folder, too
			wsWant(t, e, "people", 2)
			// A dead load's version goes to the trash.
			stray := filepath.Join(dir, "datasets", "people", "v0003.duckdb")
			if err := os.WriteFile(stray, []byte("x"), tt.file); err != nil {
				t.Fatal(err)
			}
			_ = os.Chmod(stray, tt.file)
			wsLoad(t, ws, "people", 3)
			for path, mode := range wsModes(t, dir) {
				want := tt.file
				if mode.IsDir() {
					want = tt.dir
				}
				if got := mode &^ fs.ModeDir; got != want {
					t.Errorf("%s has mode %v, want %v", path, got, want)
				}
			}
			if fix := ws.Exposed(); fix != "" {
				t.Errorf("exposed: %s", fix)
			}
		})
	}
}

func TestWorkspaceExposed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ws")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	ws := &Workspace{dir}
	for mode, exposed := range map[fs.FileMode]bool{0o700: false, 0o750: false, 0o770: false, 0o755: true, 0o704: true, 0o701: true, 0o777: true} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		want := ""
		if exposed {
			want = "chmod o-rwx " + dir
		}
		if got := ws.Exposed(); got != want {
			t.Errorf("mode %v: %q, want %q", mode, got, want)
		}
	}
}

// wsDeadline ends a test that would hang for ever, with every goroutine's
// stack. It measures nothing.
func wsDeadline(t *testing.T, what string, fn func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); fn() }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatalf("%s does not come to an end", what)
	}
}

var wsOnce sync.Mutex // for tests that set step in this process

// wsSteps records the steps of what fn does in this process.
func wsSteps(fn func()) []string {
	wsOnce.Lock()
	defer wsOnce.Unlock()
	var out []string
	old := step
	step = func(name string) { out = append(out, name) }
	defer func() { step = old }()
	fn()
	return out
}
