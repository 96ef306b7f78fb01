package query

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

// wsDryRun lists the steps of a load, so that a step that is added later is
// killed at as well.
func wsDryRun(t *testing.T) []string {
	t.Helper()
	p := wsStart(t, wsJob{Dir: filepath.Join(t.TempDir(), "ws"), ID: "people", Content: 1, KillAt: -1})
	if code := p.wait(); code != 0 {
		t.Fatalf("the dry run ended with %d: %q", code, p.all)
	}
	steps := p.steps()
	for _, must := range []string{"renamed", "manifest renamed", "published"} {
		if !slices.Contains(steps, must) {
			t.Fatalf("the steps %q do not hold %q", steps, must)
		}
	}
	return steps
}

func TestWorkspaceKilledAtEachStep(t *testing.T) {
	steps := wsDryRun(t)
	point := slices.Index(steps, "manifest renamed") // from here on the new version is the truth
	loaded := wsNew(t)
	wsLoad(t, loaded, "people", 1)
	for _, start := range []struct {
		name    string
		version int // how many loads went before
		ws      *Workspace
	}{{"first load", 0, wsNew(t)}, {"second load", 1, loaded}} {
		for i, name := range steps {
			t.Run(fmt.Sprintf("%s/%02d %s", start.name, i, name), func(t *testing.T) {
				t.Parallel()
				ws := wsCopy(t, start.ws)
				old := wsOpen(t, ws)
				p := wsStart(t, wsJob{Dir: ws.Dir, ID: "people", Content: start.version + 1, KillAt: i})
				if code := p.wait(); code != -1 {
					t.Fatalf("the loader was not killed: %d, %q", code, p.all)
				}
				if got := p.steps(); !slices.Equal(got, steps[:i+1]) {
					t.Fatalf("the loader went through %q, want %q", got, steps[:i+1])
				}
				want := start.version
				if i >= point {
					want++
				}
				wsWant(t, old, "people", start.version)
				wsAfterKill(t, ws, want)
			})
		}
	}
}

// wsAfterKill checks a workspace in which a load of "people" was killed: it
// answers as the version that is published, and the next load mends the rest.
func wsAfterKill(t *testing.T, ws *Workspace, published int) {
	t.Helper()
	if _, err := OpenWorkspace(ws.Dir, false); err != nil {
		t.Fatal(err)
	}
	m := wsManifest(t, ws)
	if e := m.Datasets["people"]; e.Current != published || len(e.Versions) != published {
		t.Fatalf("the manifest says %+v, want %d versions", e, published)
	}
	wsWant(t, wsOpen(t, ws), "people", published)
	var whole []string // complete files that nobody published
	for _, f := range wsFiles(t, ws.Dir) {
		if n, ok := versionNumber(filepath.Base(f)); ok && filepath.Ext(f) == ".duckdb" && n > published {
			whole = append(whole, f)
		}
	}
	wsAge(t, ws)
	v := wsLoad(t, ws, "people", published+5)
	if v <= published {
		t.Errorf("the next load got the number %d again", v)
	}
	if e := wsManifest(t, ws).Datasets["people"]; e.Current != v || e.Next != v+1 || len(e.Versions) != published+1 {
		t.Errorf("the manifest says %+v after version %d", e, v)
	}
	after := wsOpen(t, ws)
	wsWant(t, after, "people", published+5)
	after.Close()
	for n := range published {
		wsWant(t, wsOpen(t, ws, models.Version{Dataset: "people", N: n + 1}), "people", n+1)
	}
	for _, f := range wsFiles(t, ws.Dir) {
		switch {
		case strings.HasPrefix(f, "tmp/"), strings.HasSuffix(f, ".part"), strings.HasSuffix(f, ".wal"):
			t.Errorf("%s is left of the dead load", f)
		case strings.HasPrefix(f, "trash/"):
			info, err := os.Stat(filepath.Join(ws.Dir, f))
			if err != nil || info.Size() == 0 {
				t.Errorf("%s: %v", f, err)
			}
		}
	}
	for _, f := range whole {
		if _, err := os.Stat(filepath.Join(ws.Dir, "trash", "people", filepath.Base(f))); err != nil {
			t.Errorf("%s is a whole file and was not kept in the trash: %v", f, err)
		}
		if v <= len(whole)+published {
			t.Errorf("the next load got the number of %s", f)
		}
	}
}

// TestWorkspaceDeadTemp: the folders of dead processes go, whoever left them;
// the folder of a living one stays.
func TestWorkspaceDeadTemp(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	alive := wsOpen(t, ws)
	p := wsStart(t, wsJob{Dir: ws.Dir, ID: "others", Content: 1, KillAt: -1, HoldAt: "closed"})
	p.until("holding")
	dead := filepath.Join(ws.Dir, "tmp", "99999999-1", "deep")
	if err := errors.Join(os.MkdirAll(dead, 0o700), os.WriteFile(filepath.Join(dead, "spill"), []byte("x"), 0o600)); err != nil {
		t.Fatal(err)
	}
	wsAge(t, ws)
	young := filepath.Join(ws.Dir, "tmp", "99999999-2")
	if err := os.Mkdir(young, 0o700); err != nil {
		t.Fatal(err)
	}
	wsLoad(t, ws, "people", 2)
	entries, err := os.ReadDir(filepath.Join(ws.Dir, "tmp"))
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if len(left) != 3 { // this process's session, the other load, and the young one
		t.Errorf("left in tmp: %q", left)
	}
	wsWant(t, alive, "people", 1)
	fmt.Fprintln(p.in)
	if code := p.wait(); code != 0 {
		t.Errorf("the other load ended with %d: %q", code, p.all)
	}
	wsWant(t, wsOpen(t, ws), "others", 1)
}

// TestWorkspaceTrashKeepsEverything: several whole files that were never
// published may have had the same number; none overwrites another.
func TestWorkspaceTrashKeepsEverything(t *testing.T) {
	steps := wsDryRun(t)
	ws := wsNew(t)
	for _, at := range []string{"renamed", "reserved", "renamed", "reserved"} {
		p := wsStart(t, wsJob{Dir: ws.Dir, ID: "people", Content: 1, KillAt: slices.Index(steps, at)})
		if code := p.wait(); code != -1 {
			t.Fatalf("the loader was not killed: %q", p.all)
		}
	}
	wsLoad(t, ws, "people", 2)
	kept := 0
	_ = filepath.WalkDir(filepath.Join(ws.Dir, "trash"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			kept++
		}
		return nil
	})
	if kept != 2 {
		t.Errorf("the trash keeps %d of 2 whole files", kept)
	}
}

// TestWorkspaceKilledAtSystemCalls kills a load at writes, syncs, renames and
// truncations that no step marks, the database's own ones among them. It needs
// strace and takes its time, so only one call of each kind is tried; with
// TIPLENS_SLOW every one is. Strace counts for each thread.
func TestWorkspaceKilledAtSystemCalls(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not here")
	}
	if err := exec.Command(strace, "-f", "-o", "/dev/null", "true").Run(); err != nil {
		t.Skip("strace may not trace here")
	}
	const calls = "fsync,fdatasync,rename,renameat,renameat2,ftruncate,unlink,unlinkat,pwrite64,mkdirat,fchmod,flock"
	load := func(t *testing.T, ws *Workspace, content int, args ...string) *exec.Cmd {
		job := fmt.Sprintf(`{"Dir":%q,"ID":"people","Content":%d,"KillAt":-1}`, ws.Dir, content)
		cmd := exec.Command(strace, append(append([]string{"-f", "-qq"}, args...), os.Args[0])...)
		cmd.Env = append(os.Environ(), wsLoaderEnv+"="+job, "GOTRACEBACK=none")
		return cmd
	}
	base := wsNew(t)
	wsLoad(t, base, "people", 1)
	ws := wsCopy(t, base)
	trace := filepath.Join(t.TempDir(), "trace")
	if out, err := load(t, ws, 2, "-o", trace, "-e", "trace="+calls).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, line := range strings.Split(string(b), "\n") {
		_, call, _ := strings.Cut(line, " ")
		if call, _, ok := strings.Cut(strings.TrimSpace(call), "("); ok && slices.Contains(strings.Split(calls, ","), call) {
			count[call]++
		}
	}
	if count["fsync"]+count["fdatasync"] == 0 || count["pwrite64"] == 0 {
		t.Fatalf("the trace tells of no writes: %v", count)
	}
	for _, call := range sortedKeys(count) {
		first, every := 1, 1
		if os.Getenv("TIPLENS_SLOW") == "" {
			first, every = (count[call]+1)/2, count[call]
		}
		for n := first; n <= count[call]; n += every {
			t.Run(fmt.Sprintf("%s %d", call, n), func(t *testing.T) {
				t.Parallel()
				ws := wsCopy(t, base)
				out, err := load(t, ws, 2, "-o", "/dev/null", "-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, n)).CombinedOutput()
				// The order of calls differs from run to run: one that ended whole is a fair case too.
				published := 1
				if e := wsManifest(t, ws).Datasets["people"]; e.Current == 2 {
					published = 2
				}
				if err == nil && published != 2 {
					t.Errorf("the load ended well and published nothing: %s", out)
				}
				wsAfterKill(t, ws, published)
			})
		}
	}
}
