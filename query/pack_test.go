package query

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
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

// TestPackReplacesNothing: packing writes a new file outside the workspace or
// nothing at all.
func TestPackReplacesNothing(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	dir := t.TempDir()
	mine := filepath.Join(dir, "thesis.doc")
	if err := errors.Join(os.WriteFile(mine, []byte("mine"), 0o600), os.Symlink(ws.Dir, filepath.Join(dir, "link"))); err != nil {
		t.Fatal(err)
	}
	before := wsFiles(t, ws.Dir)
	for file, says := range map[string]string{
		mine:                            "exists already",
		filepath.Join(ws.Dir, "ws.tgz"): "inside the workspace",
		filepath.Join(ws.Dir, "datasets", "ws.tgz"): "inside the workspace",
		filepath.Join(dir, "link", "ws.tgz"):        "inside the workspace",
		filepath.Join(dir, "nowhere", "ws.tgz"):     "no such file or directory. Name a file in another folder",
		filepath.Join(ws.Dir, "manifest.json"):      "exists already",
	} {
		wsSentence(t, ws.Pack(file), file, says)
	}
	if b, err := os.ReadFile(mine); err != nil || string(b) != "mine" {
		t.Errorf("the file holds %q, %v", b, err)
	}
	if after := wsFiles(t, ws.Dir); !slices.Equal(after, before) {
		t.Errorf("the workspace holds %q, before %q", after, before)
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 2 {
		t.Errorf("the folder holds %v", entries)
	}
}

// TestRestoreDamagedPackage: a package that is not whole is told in a sentence
// and leaves no folder.
func TestRestoreDamagedPackage(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	wsLoad(t, ws, "people", 2)
	dir := t.TempDir()
	file := filepath.Join(dir, "ws.tgz")
	if err := ws.Pack(file); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(ws.VersionPath("people", 1)), ws.Pack(filepath.Join(dir, "lacks.tgz"))); err != nil {
		t.Fatal(err)
	}
	lacks, err := os.ReadFile(filepath.Join(dir, "lacks.tgz"))
	if err != nil {
		t.Fatal(err)
	}
	checksum := slices.Clone(whole)
	checksum[len(checksum)-6] ^= 0xFF
	var empty, stranger bytes.Buffer
	z := gzip.NewWriter(&empty)
	tw := tar.NewWriter(z)
	if err := errors.Join(tw.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	z = gzip.NewWriter(&stranger)
	_, err = z.Write(bytes.Repeat([]byte("Province,Year\n"), 100))
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		content []byte
		says    []string
	}{
		{"cut", whole[:len(whole)/2], []string{"is damaged", "ends in the middle", "Copy it again"}},
		{"cut near the end", whole[:len(whole)-4], []string{"is damaged", "ends in the middle"}},
		{"wrong checksum", checksum, []string{"is damaged", "checksum", "Copy it again"}},
		{"a version lacks", lacks, []string{"is damaged", "lacks people@1", "Pack the workspace again"}},
		{"nothing", nil, []string{"no packed workspace", "empty"}},
		{"nothing packed", empty.Bytes(), []string{"no packed workspace", "no manifest"}},
		{"a packed table", stranger.Bytes(), []string{"no packed workspace"}},
		{"a table", []byte("Province,Year\nKandal,2021\n"), []string{"no packed workspace", "gzip"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "x.tgz")
			if err := os.WriteFile(file, tt.content, 0o600); err != nil {
				t.Fatal(err)
			}
			err := Restore(file, filepath.Join(dir, "to"))
			wsSentence(t, err, append(tt.says, file)...)
			for _, raw := range []string{"unexpected EOF", "archive/tar", "gzip:"} {
				if strings.Contains(err.Error(), raw) {
					t.Errorf("%q is no sentence", err)
				}
			}
			if entries, _ := os.ReadDir(dir); len(entries) != 1 {
				t.Errorf("the folder holds %v", entries)
			}
		})
	}
	pipe := filepath.Join(dir, "pipe.tgz")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	wsDeadline(t, "restoring a pipe", func() { err = Restore(pipe, filepath.Join(dir, "to")) })
	wsSentence(t, err, pipe, "no ordinary file")
}
