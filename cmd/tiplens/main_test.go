package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"tiplens/datasets"
	"tiplens/query"
)

// The test binary is tiplens itself where a test needs a process of its own:
// as the child of a load, and, with this variable, for any command line.
const (
	testMainEnv  = "TIPLENS_TEST_MAIN"
	testFileEnv  = "TIPLENS_TEST_FILE_SIZE" // no file may grow beyond so many bytes
	testStayEnv  = "TIPLENS_TEST_STAY"      // a child stays after its result until the pipe closes
	testDieEnv   = "TIPLENS_TEST_DIE"       // a child is killed as soon as it has read its job
	testQuestion = "vic_identified by nationality across year"
)

func TestMain(m *testing.M) {
	child := len(os.Args) > 1 && os.Args[1] == loadChildCommand
	if !child && os.Getenv(testMainEnv) == "" {
		code := m.Run()
		os.RemoveAll(testFolder())
		os.Exit(code)
	}
	if n, err := strconv.ParseUint(os.Getenv(testFileEnv), 10, 64); err == nil && child {
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n}); err != nil {
			panic(err)
		}
	}
	if child && os.Getenv(testDieEnv) != "" {
		_, _ = os.Stdin.Read(make([]byte, 1))
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	if child && os.Getenv(testStayEnv) != "" {
		in, out := io.Pipe()
		closed := make(chan struct{})
		go func() {
			_, _ = io.Copy(out, os.Stdin)
			close(closed)
			out.Close()
		}()
		code := run(context.Background(), os.Args[1:], in, os.Stdout, os.Stderr)
		<-closed
		os.Exit(code)
	}
	main()
}

var testFolder = sync.OnceValue(func() string {
	dir, err := os.MkdirTemp("", "tiplens-test-")
	if err != nil {
		panic(err)
	}
	return dir
})

var testFiles sync.Map

// trainingCSV is a file of n invented persons, written once.
func trainingCSV(t *testing.T, n int64) string {
	t.Helper()
	once, _ := testFiles.LoadOrStore(n, sync.OnceValues(func() (string, error) {
		path := filepath.Join(testFolder(), "training-"+strconv.FormatInt(n, 10)+".csv")
		f, err := os.Create(path)
		if err != nil {
			return "", err
		}
		if err := datasets.WriteTraining(f, n); err != nil {
			return "", err
		}
		return path, f.Close()
	}))
	path, err := once.(func() (string, error))()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// tl runs a command line in this process; a load's child is a process of its
// own.
func tl(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// wantTL runs a command line that must succeed and gives what it printed.
func wantTL(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errOut := tl(t, args...)
	if code != exitAnswer {
		t.Fatalf("tiplens %s ended with %d: %s", strings.Join(args, " "), code, errOut)
	}
	return out
}

// wantSentence checks what is said on stderr: one line that begins with the
// program's name and holds the parts.
func wantSentence(t *testing.T, errOut string, parts ...string) {
	t.Helper()
	var lines []string
	for _, l := range strings.Split(strings.TrimSpace(errOut), "\n") {
		if strings.HasPrefix(l, "tiplens: ") || !strings.Contains(l, " %  ") { // progress is no part of it
			lines = append(lines, l)
		}
	}
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "tiplens: ") {
		t.Errorf("not one sentence: %q", errOut)
	}
	for _, p := range parts {
		if !strings.Contains(errOut, p) {
			t.Errorf("%q does not say %q", errOut, p)
		}
	}
}

// command is this binary as tiplens, to be started as a process.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), testMainEnv+"=1", "GOTRACEBACK=none")
	return cmd
}

// child is a load's child process as spawnLoad starts it.
type child struct {
	*exec.Cmd
	in  io.WriteCloser
	out *bytes.Buffer
}

func startChild(t *testing.T, j job, env ...string) *child {
	t.Helper()
	c := &child{Cmd: command(t, loadChildCommand), out: &bytes.Buffer{}}
	c.Env = append(c.Env, env...)
	c.Stdout = c.out
	var err error
	if c.in, err = c.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if c.ProcessState == nil {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	})
	if err := json.NewEncoder(c.in).Encode(j); err != nil {
		t.Fatal(err)
	}
	return c
}

// result is what a child told in the end.
func (c *child) result() (res *loaded, failed error) { return listen(c.out, func(news) {}) }

func newWorkspace(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "ws")
}

func answer(t *testing.T, dir string) string {
	t.Helper()
	return wantTL(t, "show", testQuestion, "--format", "csv", "--workspace", dir)
}

func manifestOf(t *testing.T, dir string) query.Manifest {
	t.Helper()
	m, err := (&query.Workspace{Dir: dir}).Manifest()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// filesIn lists the files of a workspace without its locks.
func filesIn(t *testing.T, dir string) []string {
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
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return out
}

// TestFrozenWorkspace: the workspace of the first schema, asked with the
// product's own dictionary. Its README counts these by hand.
func TestFrozenWorkspace(t *testing.T) {
	const frozen = "../../testdata/workspace-v1/"
	dir := newWorkspace(t)
	copyFile := func(from, to string, open func(io.Reader) (io.Reader, error)) {
		f, err := os.Open(frozen + from)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r, err := open(f)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, to)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	copyFile("manifest.json", "manifest.json", func(r io.Reader) (io.Reader, error) { return r, nil })
	copyFile("v0001.duckdb.gz", "datasets/frozen/v0001.duckdb", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) })
	for slice, want := range map[string]string{
		"vic_identified":                           "KH.NP,frozen,7,",
		"vic_identified where nationality=VN":      "KH.NP,frozen,3,",
		"vic_identified where year=2019..2021":     "KH.NP,frozen,6,",
		"vic_identified where place=KH-1":          "KH.NP,frozen,3,",
		"sus_arrested where year=2021 at frozen@1": "KH.NP,frozen,1,",
		"sus_convicted where year=2020":            "KH.NCCT,frozen,12,",
	} {
		lines := strings.Split(strings.TrimSpace(wantTL(t, "show", slice, "--format", "csv", "--workspace", dir)), "\n")
		if len(lines) != 2 || !strings.HasPrefix(lines[1], want) || !strings.HasSuffix(lines[1], "TRAINING") {
			t.Errorf("%s: %q, want %s...", slice, lines, want)
		}
	}
}
