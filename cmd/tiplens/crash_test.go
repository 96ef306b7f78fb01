package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tiplens/query"
)

// Sizes of the files that the tests load. The first is loaded while it is
// killed, the small ones before and after.
const (
	bigFile   = 30_000
	smallFile = 400
	otherFile = 500
	longFile  = 120_000 // long enough to stop its load on the way
)

// answersTo gives what a workspace answers that holds such a file.
func answersTo(t *testing.T, sizes ...int64) map[int64]string {
	t.Helper()
	out := map[int64]string{}
	for _, n := range sizes {
		dir := newWorkspace(t)
		wantTL(t, "load", trainingCSV(t, n), "--workspace", dir)
		out[n] = answer(t, dir)
	}
	return out
}

// until waits for a condition that must come true.
func until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	end := time.Now().Add(30 * time.Second)
	for !cond() {
		if time.Now().After(end) {
			t.Fatalf("this never came: %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}

// age sets the folders of dead processes back in time, so that the next load
// takes them for dead at once.
func age(t *testing.T, dir string) {
	t.Helper()
	old := time.Now().Add(-time.Hour)
	entries, _ := os.ReadDir(filepath.Join(dir, "tmp"))
	for _, e := range entries {
		if err := os.Chtimes(filepath.Join(dir, "tmp", e.Name()), old, old); err != nil {
			t.Fatal(err)
		}
	}
}

// wantTidy checks that nothing of a dead load is left.
func wantTidy(t *testing.T, dir string) {
	t.Helper()
	for _, f := range filesIn(t, dir) {
		if strings.HasPrefix(f, "tmp/") || strings.HasSuffix(f, ".part") || strings.HasSuffix(f, ".wal") {
			t.Errorf("%s is left behind", f)
		}
	}
	if entries, _ := os.ReadDir(filepath.Join(dir, "tmp")); len(entries) > 0 {
		t.Errorf("%d folders are left in tmp", len(entries))
	}
}

// TestLoadKilledAtRandom kills a real load at 50 moments spread over the time
// that one takes. Each time the workspace is the old one or the new one, and
// the next load mends the rest.
func TestLoadKilledAtRandom(t *testing.T) {
	kills := 50
	if testing.Short() {
		kills = 10
	}
	want := answersTo(t, bigFile, smallFile, otherFile)
	big := trainingCSV(t, bigFile)
	took := time.Duration(0)
	for range 2 {
		start := time.Now()
		c := startChild(t, job{File: big, Workspace: newWorkspace(t), Wait: true})
		if err := c.Wait(); err != nil {
			t.Fatal(err)
		}
		took = max(took, time.Since(start))
	}
	if took > 2*time.Second { // the race detector, or a very busy machine
		kills = 10
	}
	random := rand.New(rand.NewPCG(2, 3))
	dir := newWorkspace(t)
	now, used := int64(0), 0
	whole, published := 0, 0
	for k := range kills {
		if k%10 == 0 { // the first load ever, and then loads over what is there
			dir, now, used = newWorkspace(t), 0, 0
		}
		after := time.Duration(random.Float64() * float64(took) * 1.1)
		c := startChild(t, job{File: big, Workspace: dir, Wait: true})
		time.Sleep(after)
		_ = c.Process.Kill()
		if err := c.Wait(); err == nil {
			whole++
		}
		where := fmt.Sprintf("kill %d after %v of %v", k, after, took)
		old := ""
		if now != 0 {
			old = want[now]
		}
		got, current := state(t, dir)
		switch {
		case got == want[bigFile] && current > used:
			published++
			used = current
		case got != old || current != used:
			t.Fatalf("%s: a third state, version %d after %d:\n%s", where, current, used, got)
		}
		age(t, dir)
		now = []int64{smallFile, otherFile}[k%2]
		wantTL(t, "load", trainingCSV(t, now), "--workspace", dir)
		got, current = state(t, dir)
		if got != want[now] || current <= used {
			t.Fatalf("%s: the next load is version %d after %d:\n%s", where, current, used, got)
		}
		used = current
		wantTidy(t, dir)
		m := manifestOf(t, dir).Datasets["training"]
		if v := slices.Clone(m.Versions); !slices.IsSorted(v) || len(slices.Compact(v)) != len(m.Versions) || m.Next != used+1 {
			t.Fatalf("%s: the manifest says %+v", where, m)
		}
	}
	t.Logf("of %d loads of %v, %d were published before they died, %d of these had ended", kills, took, published, whole)
}

// state opens a workspace as it lies there: what it answers, "" for nothing,
// and the version that is current.
func state(t *testing.T, dir string) (string, int) {
	t.Helper()
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return "", 0
	}
	current := manifestOf(t, dir).Datasets["training"].Current
	code, out, errOut := tl(t, "show", testQuestion, "--format", "csv", "--workspace", dir)
	switch {
	case code == exitNoData && current == 0:
		return "", 0
	case code != exitAnswer || strings.Contains(errOut, "damaged"):
		t.Fatalf("the workspace answers with %d: %s", code, errOut)
	}
	return out, current
}

var holderPattern = regexp.MustCompile(`^process (\d+) on `)

// loaderOf gives the process that loads a dataset, 0 without one.
func loaderOf(dir, id string) int {
	b, _ := os.ReadFile(filepath.Join(dir, "datasets", id, "lock"))
	if m := holderPattern.FindSubmatch(b); m != nil {
		n, _ := strconv.Atoi(string(m[1]))
		return n
	}
	return 0
}

// gone reports whether a process has ended; one that nobody has waited for
// counts as ended.
func gone(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return strings.HasPrefix(rest, "Z")
}

// hold keeps a dataset busy in this process, as another load would.
func hold(t *testing.T, dir, id string) *query.Load {
	t.Helper()
	ws, err := query.OpenWorkspace(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ws.BeginLoad(t.Context(), id, nil, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Abandon)
	return l
}

func TestLoadBusy(t *testing.T) {
	dir := newWorkspace(t)
	held := hold(t, dir, "training")
	before := filesIn(t, dir)
	code, _, errOut := tl(t, "load", trainingCSV(t, smallFile), "--workspace", dir, "--wait=false")
	if code != exitBusy {
		t.Errorf("exit code %d", code)
	}
	wantSentence(t, errOut, fmt.Sprintf("process %d on ", os.Getpid()), "since", "Wait")
	if got := filesIn(t, dir); !slices.Equal(got, before) {
		t.Errorf("the workspace holds %q, before %q", got, before)
	}
	wantTL(t, "load", trainingCSV(t, smallFile), "--workspace", dir, "--wait=false", "--id", "another")
	held.Abandon()
	wantTL(t, "load", trainingCSV(t, smallFile), "--workspace", dir, "--wait=false")
}

// TestLoadTwice: two loads of one file at once become versions 1 and 2, and
// loads of two datasets at once are both there.
func TestLoadTwice(t *testing.T) {
	dir := newWorkspace(t)
	file := trainingCSV(t, bigFile)
	type outcome struct {
		code int
		err  string
	}
	ends := make(chan outcome, 4)
	for _, id := range []string{"training", "training", "one", "two"} {
		cmd := command(t, "load", file, "--workspace", dir, "--id", id, "--again")
		go func() {
			out, _ := cmd.CombinedOutput()
			ends <- outcome{cmd.ProcessState.ExitCode(), string(out)}
		}()
	}
	all := ""
	for range 4 {
		o := <-ends
		if o.code != exitAnswer {
			t.Errorf("a load ended with %d: %s", o.code, o.err)
		}
		all += o.err
	}
	m := manifestOf(t, dir)
	if e := m.Datasets["training"]; e.Current != 2 || !slices.Equal(e.Versions, []int{1, 2}) {
		t.Errorf("the manifest says %+v", e)
	}
	for _, id := range []string{"one", "two"} {
		if e := m.Datasets[id]; e.Current != 1 {
			t.Errorf("the manifest says %+v of %s", e, id)
		}
	}
	for _, v := range []string{"training@1", "training@2", "one@1", "two@1"} {
		if !strings.Contains(all, "as "+v+" with") {
			t.Errorf("no load says that it became %s: %s", v, all)
		}
	}
	wantTidy(t, dir)
}

// TestLoadCancelledByPipe: the child ends when its parent closes the pipe, and
// leaves the workspace as it was.
func TestLoadCancelledByPipe(t *testing.T) {
	want := answersTo(t, smallFile)
	dir := newWorkspace(t)
	wantTL(t, "load", trainingCSV(t, smallFile), "--workspace", dir)
	before := filesIn(t, dir)
	file := trainingCSV(t, longFile)
	part := filepath.Join(dir, "datasets", "training", "v0002.duckdb.part")
	c := startChild(t, job{File: file, Workspace: dir, Wait: true})
	until(t, "the part file", func() bool { _, err := os.Stat(part); return err == nil })
	c.in.Close()
	err := c.Wait()
	if res, failed := c.result(); res != nil || failed == nil || err == nil {
		t.Fatalf("the child went on to %+v (%v, %v)", res, failed, err)
	}
	if got := filesIn(t, dir); !slices.Equal(got, before) {
		t.Errorf("the workspace holds %q, before %q", got, before)
	}
	wantTidy(t, dir)
	if got, v := state(t, dir); got != want[smallFile] || v != 1 {
		t.Errorf("version %d answers %s", v, got)
	}
}

// TestLoadCancelled: cancelling the command ends the load with one sentence.
func TestLoadCancelled(t *testing.T) {
	dir := newWorkspace(t)
	wantTL(t, "load", trainingCSV(t, smallFile), "--workspace", dir)
	t.Run("while it loads", func(t *testing.T) {
		before := filesIn(t, dir)
		part := filepath.Join(dir, "datasets", "training", "v0002.duckdb.part")
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			until(t, "the part file", func() bool { _, err := os.Stat(part); return err == nil })
			cancel()
		}()
		var errOut strings.Builder
		code := run(ctx, []string{"load", trainingCSV(t, longFile), "--workspace", dir}, strings.NewReader(""), io.Discard, &errOut)
		if code != exitFailure {
			t.Errorf("exit code %d", code)
		}
		wantSentence(t, errOut.String(), "cancelled", "unchanged")
		if got := filesIn(t, dir); !slices.Equal(got, before) {
			t.Errorf("the workspace holds %q, before %q", got, before)
		}
		wantTidy(t, dir)
	})
	t.Run("while it waits", func(t *testing.T) {
		held := hold(t, dir, "training")
		before := filesIn(t, dir)
		ctx, cancel := context.WithCancel(t.Context())
		res, err := spawnLoad(ctx, job{File: trainingCSV(t, smallFile), Workspace: dir, Wait: true}, func(n news) {
			if strings.Contains(n.Say, "Waiting for another load") {
				cancel()
			}
		})
		if res != nil || err == nil || !strings.Contains(err.Error(), "cancelled") {
			t.Errorf("%+v, %v", res, err)
		}
		if got := filesIn(t, dir); !slices.Equal(got, before) {
			t.Errorf("the workspace holds %q, before %q", got, before)
		}
		held.Abandon()
	})
	// A load that is cancelled after it was published is there, and nobody may say that it is not.
	t.Run("too late", func(t *testing.T) {
		t.Setenv(testStayEnv, "1")
		before := manifestOf(t, dir).Datasets["training"].Current
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			until(t, "the new version", func() bool {
				m, err := (&query.Workspace{Dir: dir}).Manifest()
				return err == nil && m.Datasets["training"].Current > before
			})
			until(t, "the end of the load", func() bool {
				entries, err := os.ReadDir(filepath.Join(dir, "tmp"))
				return err == nil && len(entries) == 0
			})
			cancel()
		}()
		res, err := spawnLoad(ctx, job{File: trainingCSV(t, otherFile), Workspace: dir, Wait: true}, func(news) {})
		if err != nil && strings.Contains(err.Error(), "unchanged") {
			t.Errorf("version %d is published, and yet: %v", before+1, err)
		}
		if err == nil && res.Dataset.Version != before+1 {
			t.Errorf("%+v", res)
		}
	})
}

// TestLoadParentKilled: a child whose parent dies ends by itself.
func TestLoadParentKilled(t *testing.T) {
	dir := newWorkspace(t)
	wantTL(t, "load", trainingCSV(t, smallFile), "--workspace", dir)
	want, _ := state(t, dir)
	parent := command(t, "load", trainingCSV(t, longFile), "--workspace", dir)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	part := filepath.Join(dir, "datasets", "training", "v0002.duckdb.part")
	until(t, "the part file", func() bool { _, err := os.Stat(part); return err == nil })
	pid := loaderOf(dir, "training")
	if pid == 0 || pid == parent.Process.Pid || gone(pid) {
		t.Fatalf("the child's process is %d", pid)
	}
	_ = parent.Process.Kill()
	_ = parent.Wait()
	until(t, "the end of the child", func() bool { return gone(pid) })
	if got, v := state(t, dir); got != want || v != 1 {
		t.Errorf("version %d answers %s", v, got)
	}
	wantTidy(t, dir)
	if got := filesIn(t, dir); len(got) != 2 {
		t.Errorf("the workspace holds %q", got)
	}
}

// TestLoadChildKilled: the parent of a child that is killed says so.
func TestLoadChildKilled(t *testing.T) {
	dir := newWorkspace(t)
	wantTL(t, "load", trainingCSV(t, smallFile), "--workspace", dir)
	want, _ := state(t, dir)
	part := filepath.Join(dir, "datasets", "training", "v0002.duckdb.part")
	go func() {
		until(t, "the part file", func() bool { _, err := os.Stat(part); return err == nil })
		_ = syscall.Kill(loaderOf(dir, "training"), syscall.SIGKILL)
	}()
	code, _, errOut := tl(t, "load", trainingCSV(t, longFile), "--workspace", dir)
	if code != exitFailure {
		t.Errorf("exit code %d", code)
	}
	wantSentence(t, errOut, "the load ended without a result", "unchanged")
	if got, v := state(t, dir); got != want || v != 1 {
		t.Errorf("version %d answers %s", v, got)
	}
	age(t, dir)
	wantTL(t, "load", trainingCSV(t, otherFile), "--workspace", dir)
	wantTidy(t, dir)
}

// TestLoadChildAlone: the command of the child is not for people.
func TestLoadChildAlone(t *testing.T) {
	for _, in := range []string{"", "hello\n", "[]", `{"File":`} {
		var errOut strings.Builder
		code := run(t.Context(), []string{loadChildCommand}, strings.NewReader(in), io.Discard, &errOut)
		if code != exitUsage {
			t.Errorf("%q: exit code %d, %s", in, code, &errOut)
		}
	}
}

// TestListenToHostileChild: what a child says is capped and cleaned.
func TestListenToHostileChild(t *testing.T) {
	r, w := io.Pipe()
	go func() {
		b := bufio.NewWriter(w)
		enc := json.NewEncoder(b)
		for i := range 3 * maxFindings {
			fmt.Fprintf(b, `{"Finding":{"severity":"note","what":"%d \u001b]0;title\u0007 \u202e"}}`+"\n", i)
		}
		_ = enc.Encode(news{Say: "\x1b[2Jhello\r\nworld"})
		_ = enc.Encode(news{Error: "bad \x1b[31mnews", Code: 77})
		b.WriteString("this is not JSON\n")
		b.WriteString(strings.Repeat("x", 1<<20))
		b.Flush()
		w.Close()
	}()
	n := 0
	res, err := listen(r, func(s news) {
		text := s.Say
		if s.Finding != nil {
			n++
			text = s.Finding.What
		}
		if strings.ContainsAny(text, "\x1b\x07\r\n\u202e") {
			t.Errorf("passed on: %q", text)
		}
	})
	if n != maxFindings {
		t.Errorf("%d findings passed on, want %d", n, maxFindings)
	}
	if res != nil || err == nil || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("%+v, %q", res, err)
	}
	// A line without end costs no memory, and what comes after it is heard.
	heard := ""
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = listen(io.MultiReader(strings.NewReader(`{"Say":"one"}`+"\n"), strings.NewReader(`{"Say":"`), io.LimitReader(endless{}, 32<<20), strings.NewReader("\n\n"+`{"Say":"two"}`)), func(n news) { heard += n.Say })
	runtime.ReadMemStats(&after)
	if heard != "onetwo" || err != nil {
		t.Errorf("heard %q, %v", heard, err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 16*maxNewsLine {
		t.Errorf("a line of 32 MB made %d bytes", grown)
	}
	// What failed is a failure, whatever code the child would like.
	for _, code := range []int{exitAnswer, -1, 77, 256} {
		_, err := listen(strings.NewReader(fmt.Sprintf(`{"Error":"no","Code":%d}`, code)), func(news) {})
		if got := exitCode(err); got < exitFailure || got > exitBusy {
			t.Errorf("a child's code %d becomes the exit code %d", code, got)
		}
	}
}

// endless gives the letter x for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestManifestTrouble(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		says       []string
	}{
		{"garbage", "\x00\x01garbage", []string{"manifest.json", "damaged", "backup"}},
		{"empty", "", []string{"manifest.json", "damaged"}},
		{"newer", `{"format":2,"generation":7,"datasets":{}}`, []string{"newer tiplens", "Use that version"}},
		{"impossible", `{"format":1,"datasets":{"training":{"current":3,"versions":[1],"next":2}}}`, []string{"manifest.json", "damaged", "training"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := newWorkspace(t)
			wantTL(t, "load", trainingCSV(t, smallFile), "--workspace", dir)
			manifest := filepath.Join(dir, "manifest.json")
			if err := os.WriteFile(manifest, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			before := filesIn(t, dir)
			for _, args := range [][]string{{"show", testQuestion}, {"datasets"}, {"load", trainingCSV(t, otherFile)}} {
				code, out, errOut := tl(t, append(args, "--workspace", dir)...)
				if code != exitBusy || out != "" {
					t.Errorf("%s: exit code %d, printed %q", args[0], code, out)
				}
				wantSentence(t, errOut, append(tt.says, dir)...)
			}
			if b, _ := os.ReadFile(manifest); string(b) != tt.text {
				t.Errorf("the manifest was changed to %q", b)
			}
			if got := filesIn(t, dir); !slices.Equal(got, before) {
				t.Errorf("the workspace holds %q, before %q", got, before)
			}
		})
	}
}

// TestDamagedVersion: the other datasets go on answering; a question that only
// the damaged one could answer ends with exit code 5, not with "no such data".
func TestDamagedVersion(t *testing.T) {
	want := answersTo(t, smallFile)
	dir := newWorkspace(t)
	wantTL(t, "load", trainingCSV(t, otherFile), "--workspace", dir, "--id", "hurt")
	bad := filepath.Join(dir, "datasets", "hurt", "v0001.duckdb")
	if err := os.Truncate(bad, 20_000); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"show", testQuestion}, {"show", testQuestion + " at hurt@1"}} {
		code, out, errOut := tl(t, append(args, "--workspace", dir, "--format", "csv")...)
		if code != exitBusy {
			t.Errorf("%q: exit code %d, printed %q", args, code, out)
		}
		if !strings.Contains(errOut, bad) || !strings.Contains(errOut, "damaged") || !strings.Contains(errOut, "load the source again") {
			t.Errorf("%q says %q", args, errOut)
		}
	}
	wantTL(t, "load", trainingCSV(t, smallFile), "--workspace", dir)
	if code, out, errOut := tl(t, "datasets", "--workspace", dir); code != exitBusy || !strings.Contains(errOut, bad) || !strings.Contains(out, "@1") {
		t.Errorf("datasets: exit code %d, %s, %s", code, out, errOut)
	}
	code, out, errOut := tl(t, "show", testQuestion, "--workspace", dir, "--format", "csv")
	if code != exitAnswer || out != want[smallFile] || !strings.Contains(errOut, bad) {
		t.Errorf("exit code %d, %s, %s", code, out, errOut)
	}
	wantTL(t, "load", trainingCSV(t, otherFile), "--workspace", dir, "--id", "hurt")
	if _, _, errOut := tl(t, "datasets", "--workspace", dir); strings.Contains(errOut, "damaged") {
		t.Errorf("after a new load: %s", errOut)
	}
}

// TestUnwritableWorkspace: a folder in which nobody may write.
func TestUnwritableWorkspace(t *testing.T) {
	t.Run("nowhere", func(t *testing.T) {
		code, _, errOut := tl(t, "load", trainingCSV(t, smallFile), "--workspace", "/proc/tiplens")
		if code != exitBusy {
			t.Errorf("exit code %d", code)
		}
		wantSentence(t, errOut, "/proc/tiplens")
	})
	t.Run("read-only", func(t *testing.T) {
		dir := newWorkspace(t)
		wantTL(t, "load", trainingCSV(t, smallFile), "--workspace", dir)
		want := answer(t, dir)
		if os.Geteuid() == 0 {
			if err := syscall.Mount(dir, dir, "", syscall.MS_BIND, ""); err != nil {
				t.Skipf("root writes everywhere, and nothing can be mounted here: %v", err)
			}
			t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
			if err := syscall.Mount("", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
				t.Skipf("nothing can be mounted read-only here: %v", err)
			}
		} else {
			for _, d := range []string{"tmp", "datasets/training", "datasets", "."} {
				p := filepath.Join(dir, d)
				if err := os.Chmod(p, 0o500); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = os.Chmod(p, 0o700) })
			}
		}
		for _, id := range []string{"training", "another"} {
			code, _, errOut := tl(t, "load", trainingCSV(t, otherFile), "--workspace", dir, "--id", id)
			if code != exitBusy {
				t.Errorf("exit code %d", code)
			}
			wantSentence(t, errOut, dir, "may not be written", "--workspace")
		}
		if got := answer(t, dir); got != want {
			t.Errorf("it answers %s", got)
		}
	})
}

// TestLoadFullDisk: a real load onto a disk that is too small for it, while
// rows are still coming in.
func TestLoadFullDisk(t *testing.T) {
	disk := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(disk, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	dir := filepath.Join(disk, "ws")
	t.Setenv(testRoomEnv, "1") // four MB are little, and enough for this one
	wantTL(t, "load", trainingCSV(t, smallFile), "--workspace", dir)
	t.Setenv(testRoomEnv, "")
	wantUnchangedBy(t, dir, []string{"has", "MB free", "Make room"}, trainingCSV(t, longFile))
	t.Setenv(testRoomEnv, "1")
	wantUnchangedBy(t, dir, []string{dir, "the disk is full", "Free some room"}, trainingCSV(t, longFile))
}

// TestLoadFileTooLarge: writes fail for another reason, a limit on the size of
// files, which needs no small disk.
func TestLoadFileTooLarge(t *testing.T) {
	for _, limit := range []int{0, 100, 5_000, 100_000, 600_000, 1_500_000} {
		t.Run(fmt.Sprintf("%d bytes", limit), func(t *testing.T) {
			dir := newWorkspace(t)
			wantTL(t, "load", trainingCSV(t, smallFile), "--workspace", dir)
			t.Setenv(testFileEnv, strconv.Itoa(limit))
			wantUnchangedBy(t, dir, []string{dir}, trainingCSV(t, bigFile))
		})
	}
}

// wantUnchangedBy loads a file, which must fail with one sentence and leave
// the workspace as it is.
func wantUnchangedBy(t *testing.T, dir string, says []string, file string) {
	t.Helper()
	before, want := filesIn(t, dir), answer(t, dir)
	code, _, errOut := tl(t, "load", file, "--workspace", dir)
	if code != exitFailure && code != exitBusy {
		t.Errorf("exit code %d", code)
	}
	wantSentence(t, errOut, says...)
	if got := filesIn(t, dir); !slices.Equal(got, before) {
		t.Errorf("the workspace holds %q, before %q", got, before)
	}
	if got := answer(t, dir); got != want {
		t.Errorf("it answers %s", got)
	}
}
