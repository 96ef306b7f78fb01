package query

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A restored workspace answers as the packed one did, and nothing beside it is
// touched, whatever it is called.
func TestRestoreTouchesNothingElse(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	dir := t.TempDir()
	file, to := filepath.Join(dir, "ws.tgz"), filepath.Join(dir, "w9")
	if err := ws.Pack(file); err != nil {
		t.Fatal(err)
	}
	precious := filepath.Join(dir, "w9.part", "notes.txt")
	for _, p := range []string{precious, file + ".part"} {
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	damaged := filepath.Join(dir, "cut.tgz")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range [][]byte{b[:len(b)/2], nil, []byte("no package")} {
		if err := os.WriteFile(damaged, content, 0o600); err != nil {
			t.Fatal(err)
		}
		wsSentence(t, Restore(damaged, to), "cut.tgz")
	}
	if err := ws.Pack(file); err != nil { // once more, over the first
		t.Fatal(err)
	}
	if err := Restore(file, to); err != nil {
		t.Fatal(err)
	}
	wsWant(t, wsOpen(t, &Workspace{to}), "people", 1)
	if got, err := os.ReadFile(precious); err != nil || string(got) != "mine" {
		t.Errorf("a folder that was there is gone: %v", err)
	}
	if err := Restore(file, to); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("a workspace is written over: %v", err)
	}
	var names []string
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); err != nil || got != "cut.tgz w9 w9.part ws.tgz ws.tgz.part" {
		t.Errorf("the folder holds %s, %v", got, err)
	}
}
