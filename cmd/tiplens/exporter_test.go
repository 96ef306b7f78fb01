package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tiplens/models"
	"tiplens/tui"
)

// TestHostExport writes from the screen: into the folder used last, under a
// name that is free, and never over a file.
func TestHostExport(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("SSH_CONNECTION", "")
	rememberFolder(dir)
	e, err := openBuiltin(t.Context(), wsPublished)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	s, err := models.ParseSlice("sus_arrested where year=2025", e.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	ans, err := e.Ask(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := e.Ask(t.Context(), must(models.ParseSlice("sus_arrested by nationality where agency=KH.NCCT year=2025", e.Catalog())))
	if err != nil {
		t.Fatal(err)
	}
	h := &host{}
	for _, f := range h.Exports(ans.Slice) {
		first, err := h.ExportFile(ans, f.Name)
		if err != nil || filepath.Dir(first) != dir || !strings.HasPrefix(filepath.Base(first), "INTERNAL-sus_arrested-2025-") {
			t.Errorf("%s: %q, %v", f.Name, first, err)
		}
		res, err := h.Export(t.Context(), ans, f.Name, first, func(int, int) {})
		if err != nil || res.File != first || res.Fetch != "" {
			t.Errorf("%s: %+v, %v", f.Name, res, err)
		}
		if b, _ := os.ReadFile(first); f.Name != "png" && f.Name != "xlsx" && !strings.Contains(string(b), "209") {
			t.Errorf("%s does not hold the figure:\n%s", f.Name, b)
		}
		if again, _ := h.ExportFile(ans, f.Name); again == first {
			t.Errorf("%s: a file that exists is suggested", f.Name)
		}
		if _, err := h.Export(t.Context(), ans, f.Name, first, func(int, int) {}); err == nil || !strings.Contains(err.Error(), "exists already") {
			t.Errorf("%s: written over a file: %v", f.Name, err)
		}
	}
	// A flow can be a map file as well.
	training, err := openBuiltin(t.Context(), wsTraining)
	if err != nil {
		t.Fatal(err)
	}
	defer training.Close()
	flow, err := training.Ask(t.Context(), must(models.ParseSlice("vic_identified flow origin to destination", training.Catalog())))
	if err != nil || len(flow.Blocks) == 0 {
		t.Fatalf("no flow: %v %s", err, flow.Empty)
	}
	if n := len(h.Exports(flow.Slice)) - len(h.Exports(ans.Slice)); n != 2 {
		t.Errorf("a flow has %d formats more than a table", n)
	}
	res, err := h.Export(t.Context(), flow, "geojson", filepath.Join(dir, "map"), func(int, int) {})
	if err != nil || filepath.Base(res.File) != "map.geojson" || !strings.Contains(read(t, res.File), "FeatureCollection") {
		t.Errorf("%+v, %v", res, err)
	}
	// The ending that is typed decides the format, without one the menu does.
	for typed, want := range map[string]string{"ssh.xlsx": "ssh.xlsx", "plain": "plain.html"} {
		res, err := h.Export(t.Context(), ans, "html", filepath.Join(dir, typed), func(int, int) {})
		if err != nil || filepath.Base(res.File) != want {
			t.Errorf("%s: %+v, %v", typed, res, err)
		}
		if text := read(t, filepath.Join(dir, want)); strings.HasPrefix(text, "PK") != (typed == "ssh.xlsx") {
			t.Errorf("%s begins with %.10q", want, text)
		}
	}
	before, _ := os.ReadDir(dir)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, f := range h.Exports(ans.Slice) {
		if _, err := h.Export(stopped, ans, f.Name, filepath.Join(dir, "cancelled."+f.Name), func(int, int) {}); !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled export of %s ends with %v", f.Name, err)
		}
	}
	// A workbook, which takes longest, says how far it is and stops half way.
	half, stop := context.WithCancel(t.Context())
	told := 0
	_, err = h.Export(half, wide, "xlsx", filepath.Join(dir, "half.xlsx"), func(done, of int) {
		if told = done; done == of/2 {
			stop()
		}
	})
	if rows := len(wide.Blocks[0].Rows); !errors.Is(err, context.Canceled) || told != rows/2 || rows < 4 {
		t.Errorf("stopped half way it ends with %v at row %d of %d", err, told, rows)
	}
	if after, _ := os.ReadDir(dir); len(after) != len(before) {
		t.Errorf("a cancelled export leaves %v", after)
	}
}

// TestHostExportPage writes what the sources say, with the numbers and what
// they are.
func TestHostExportPage(t *testing.T) {
	dir := t.TempDir()
	e, err := openBuiltin(t.Context(), wsPublished)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	q := must(models.ParseSlice("vic_rescued where year=2025", e.Catalog()))
	ans, c := must(e.Ask(t.Context(), q)), must(e.Sources(t.Context(), q))
	h := &host{}
	p := tui.Page{Title: "Who says what: " + c.Title, Lines: append(c.Lines(), "=1+1 <script>\x1b[31m"), Answer: ans}
	for _, f := range h.BriefingFormats() {
		name, err := h.PageFile(p, f.Name)
		if err != nil || !strings.HasPrefix(filepath.Base(name), "INTERNAL-Who-says-what-") {
			t.Errorf("%q %v", name, err)
		}
		file := filepath.Join(dir, "a."+f.Name)
		if res, err := h.ExportPage(t.Context(), p, f.Name, file); err != nil || res.File != file {
			t.Errorf("%+v %v", res, err)
		}
		if f.Name == "xlsx" {
			continue
		}
		text := read(t, file)
		for _, want := range []string{"609", "KH.NCCT", "cite as", "vic_rescued where year=2025 at published@1"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q:\n%s", f.Name, want, text)
			}
		}
		if strings.Contains(text, "<script>") && f.Name == "html" || strings.Contains(text, "\x1b") {
			t.Errorf("%s is not safe", f.Name)
		}
		if _, err := h.ExportPage(t.Context(), p, f.Name, file); err == nil || !strings.Contains(err.Error(), "exists already") {
			t.Errorf("%s: written over a file: %v", f.Name, err)
		}
	}
}

// TestFetchLine: the line names this machine as the person reached it, and a
// shell takes the path as it is.
func TestFetchLine(t *testing.T) {
	const here = "10.0.0.9 50022 10.0.0.7 22"
	for _, c := range []struct{ path, connection, name, want string }{
		{"/home/a/b.csv", here, "a", "scp a@10.0.0.7:/home/a/b.csv ."},
		{"/home/a/b.csv", "10.0.0.9 50022 10.0.0.7 2222", "a", "scp -P 2222 a@10.0.0.7:/home/a/b.csv ."},
		{"/home/a/b.csv", "fe80::1 50022 2001:db8::7 22", "a", "scp 'a@[2001:db8::7]:/home/a/b.csv' ."},
		{"/home/a/b.csv", here, "", "scp 10.0.0.7:/home/a/b.csv ."},
		{"/home/a/it's; $(here) b.csv", here, "a", `scp 'a@10.0.0.7:/home/a/it'\''s; $(here) b.csv' .`},
		{"/home/a/b.csv", "", "a", ""},
		{"/home/a/b.csv", "x y $(z) 22", "a", ""},
		{"/home/a/\x1bb.csv", here, "a", ""},
	} {
		if got := fetchLine(c.path, c.connection, c.name); got != c.want {
			t.Errorf("%q: %s, want %s", c.path, got, c.want)
		}
	}
	out, err := exec.Command("sh", "-c", "printf %s "+shellWord("it's; $(here) `b` \"c\"")).Output()
	if err != nil || string(out) != "it's; $(here) `b` \"c\"" {
		t.Errorf("a shell reads %q, %v", out, err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
