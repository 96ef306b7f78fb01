package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestExportPublished exports real published figures and compares what stands
// in the files with what show prints.
func TestExportPublished(t *testing.T) {
	const slice = "sus_arrested by nationality where year=2025 agency=KH.NCCT"
	t.Setenv("SSH_CONNECTION", "")
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"a.xlsx", "a.csv", "a.table.csv", "a.md", "a.html", "a.json", "a.svg", "a.png"} {
		code, out, errOut := tiplens(t, "export", slice, "--to", file(name), "--workspace", ":published")
		if code != exitAnswer || out != "" || errOut != "written: "+file(name)+"\n" {
			t.Fatalf("%s: %d %q %q", name, code, out, errOut)
		}
	}
	_, tidy, _ := tiplens(t, "show", slice, "--format", "csv", "--workspace", ":published")
	b, err := os.ReadFile(file("a.csv"))
	if err != nil || !strings.HasSuffix(string(b), "\n"+tidy) {
		t.Errorf("CSV is not what show prints:\n%s", b)
	}
	lines, err := csv.NewReader(strings.NewReader(tidy)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, l := range lines[1:] {
		want = append(want, l[slices.Index(lines[0], "value")])
	}
	if !slices.Contains(want, "13") || want[len(want)-1] != "209" {
		t.Fatalf("the figures are %q", want)
	}
	book, err := excelize.OpenFile(file("a.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Table")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		if len(r) == 2 && r[0] != "nationality" {
			got = append(got, r[1])
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("Excel has %q, want %q", got, want)
	}
}

// What may not be shown is not written, and what exists is not overwritten.
func TestExportWritesNothing(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "old.csv")
	if err := os.WriteFile(old, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(dir, "new.xlsx")
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"refusal", []string{"prv_intercepted_cases + prv_intercepted", "--to", fresh}, exitRefusal, "refused (W-01)"},
		{"refusal over a file", []string{"prv_intercepted_cases + prv_intercepted", "--to", old, "--force"}, exitRefusal, "instead, "},
		{"no data", []string{"sus_arrested where year=1999", "--to", fresh}, exitNoData, "nothing is written"},
		{"exists", []string{"sus_arrested", "--to", old}, exitUsage, "exists already"},
		{"audience", []string{"sus_arrested", "--to", fresh, "--audience", "public"}, exitRefusal, "P-00"},
		{"format", []string{"sus_arrested", "--to", filepath.Join(dir, "new.doc")}, exitUsage, "names no format"},
		{"form of a flow", []string{"sus_arrested", "--to", filepath.Join(dir, "new.geojson")}, exitUsage, "geojson is for flows between two ends"},
		{"form of a flow, named", []string{"sus_arrested", "--format", "kml"}, exitUsage, "kml is for flows between two ends"},
		{"no folder", []string{"sus_arrested", "--to", filepath.Join(dir, "not", "new.csv")}, exitFailure, "nothing can be written into"},
		{"folder without format", []string{"sus_arrested", "--to", dir}, exitUsage, "is a folder"},
		{"neither", []string{"sus_arrested"}, exitUsage, "--to FILE"},
	} {
		code, out, errOut := tiplens(t, append([]string{"export", "--workspace", ":published"}, c.args...)...)
		if code != c.code || out != "" || !strings.Contains(errOut, c.says) {
			t.Errorf("%s: %d %q %q", c.name, code, out, errOut)
		}
		names, _ := os.ReadDir(dir)
		if b, err := os.ReadFile(old); len(names) != 1 || err != nil || string(b) != "mine" {
			t.Fatalf("%s: the folder holds %v, the old file %q", c.name, names, b)
		}
	}
	if code, _, errOut := tiplens(t, "export", "sus_arrested", "--to", old, "--force", "--workspace", ":published"); code != exitAnswer {
		t.Fatal(errOut)
	}
	if b, _ := os.ReadFile(old); !bytes.Contains(b, []byte("sus_arrested")) {
		t.Error("--force did not overwrite")
	}
	if code, _, errOut := tiplens(t, "export", "sus_arrested where year=2025", "--to", dir, "--format", "md", "--workspace", ":published"); code != exitAnswer ||
		!strings.Contains(errOut, "INTERNAL-sus_arrested-2025-") {
		t.Errorf("%d %q", code, errOut)
	}
}

// A write that fails half way leaves neither file nor part, and not the old
// file changed.
func TestExportHalfWay(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.csv")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := exportTo(path, true, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return errors.New("the disk is full")
	})
	names, _ := os.ReadDir(dir)
	if b, _ := os.ReadFile(path); err == nil || len(names) != 1 || string(b) != "mine" {
		t.Errorf("%v: %v, %q", err, names, b)
	}
	// A file that comes into being while ours is written stays.
	late := filepath.Join(dir, "late.csv")
	err = exportTo(late, false, func(io.Writer) error { return os.WriteFile(late, []byte("theirs"), 0o600) })
	if b, _ := os.ReadFile(late); err == nil || string(b) != "theirs" {
		t.Errorf("%v: %q", err, b)
	}
	// And then nothing is done that says the file went out.
	late = filepath.Join(dir, "later.csv")
	err = exportAfter(late, false, func(io.Writer) error { return os.WriteFile(late, []byte("theirs"), 0o600) }, func() error {
		t.Error("what did not go out is kept")
		return nil
	})
	if err == nil {
		t.Error("a file of others is no trouble")
	}
	// What cannot be kept does not go out, and its name is free again.
	unkept := filepath.Join(dir, "unkept.csv")
	err = exportAfter(unkept, false, func(io.Writer) error { return nil }, func() error { return errors.New("the workspace is full") })
	if _, there := os.Lstat(unkept); there == nil || err == nil || err.Error() != "the workspace is full" {
		t.Errorf("%v; the file is there: %v", err, there == nil)
	}
	// Only a plain file is replaced, also when that is asked for.
	pipe := filepath.Join(dir, "pipe.csv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	err = exportTo(pipe, true, func(io.Writer) error { return nil })
	if info, _ := os.Lstat(pipe); exitCode(err) != exitUsage || info.Mode().Type() != fs.ModeNamedPipe {
		t.Errorf("a pipe becomes %v (%v)", info.Mode(), err)
	}
}

// Over SSH the last line is the one that fetches the file.
func TestExportNamesTheFetchLine(t *testing.T) {
	t.Setenv("SSH_CONNECTION", "10.0.0.9 50022 10.0.0.7 22")
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	dir := t.TempDir()
	brief := filepath.Join(dir, "b.yaml")
	write(t, brief, "title: A\ndate: 2026-11-21\nitems:\n  - {kind: number, slice: sus_arrested where year=2025 at published@1}\n")
	for _, args := range [][]string{{"export", "sus_arrested where year=2025"}, {"brief", brief}} {
		file := filepath.Join(dir, args[0]+".html")
		code, _, errOut := tiplens(t, append(args, "--to", file, "--workspace", ":published")...)
		if code != exitAnswer || !strings.HasSuffix(errOut, "@10.0.0.7:"+file+" .\n") || !strings.Contains(errOut, "written: "+file+"\non your own machine this fetches it: scp ") {
			t.Errorf("%d %q", code, errOut)
		}
	}
}

// A command line that is interrupted leaves nothing.
func TestExportInterrupted(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{{"export", "sus_arrested where year=2025", "--to", filepath.Join(dir, "a.xlsx")}, {"brief", "--pack", "ph-16a", "--year", "2025", "--to", filepath.Join(dir, "a.html")}} {
		ctx, stop := context.WithCancel(t.Context())
		stop()
		var errOut bytes.Buffer
		code := run(ctx, append(args, "--workspace", ":published"), strings.NewReader(""), io.Discard, &errOut)
		if names, _ := os.ReadDir(dir); code != exitFailure || len(names) != 0 {
			t.Errorf("%v: %d %q leaves %v", args, code, errOut.String(), names)
		}
	}
}
