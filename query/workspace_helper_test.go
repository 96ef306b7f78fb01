package query

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tiplens/models"
)

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

// wsOnDisk makes a workspace on a small disk of its own, of a size such as
// "6m".
func wsOnDisk(t *testing.T, size string) (dir string, ws *Workspace) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	ws, err := OpenWorkspace(filepath.Join(dir, "ws"), true)
	if err != nil {
		t.Fatal(err)
	}
	return dir, ws
}
