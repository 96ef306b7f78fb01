package query

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tiplens/models"
)

// wsForeign makes a folder that looks like what loads clean away, aged so that
// nothing in it seems alive.
func wsForeign(t *testing.T, names ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, n := range names {
		sub := filepath.Join(dir, n)
		if err := errors.Join(os.MkdirAll(sub, 0o700), os.WriteFile(filepath.Join(sub, "precious"), []byte("x"), 0o600)); err != nil {
			t.Fatal(err)
		}
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(sub, old, old); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestWorkspaceLinks: a link where the workspace has folders of its own is
// refused with its path, and nothing behind it is deleted, moved or written.
func TestWorkspaceLinks(t *testing.T) {
	for _, tt := range []struct {
		name string
		link string // below the workspace
		do   func(ws *Workspace) error
	}{
		{"load cleans tmp", "tmp", func(ws *Workspace) error { _, err := wsTryLoad(t.Context(), ws, "people", 2, false, nil); return err }},
		{"purge cleans tmp", "tmp", func(ws *Workspace) error { _, err := ws.Purge(); return err }},
		{"load into datasets", "datasets", func(ws *Workspace) error { _, err := wsTryLoad(t.Context(), ws, "people", 2, false, nil); return err }},
		{"load into a dataset", "datasets/people", func(ws *Workspace) error { _, err := wsTryLoad(t.Context(), ws, "people", 2, false, nil); return err }},
		{"purge of a dataset", "datasets/people", func(ws *Workspace) error { _, err := ws.Purge(); return err }},
		{"remove of a dataset", "datasets/people", func(ws *Workspace) error { return ws.Remove("people") }},
		{"remove into the trash", "trash", func(ws *Workspace) error { return ws.Remove("people") }},
		{"purge of the trash", "trash", func(ws *Workspace) error { _, err := ws.Purge(); return err }},
		{"lock of a dataset", "datasets/people/lock", func(ws *Workspace) error { _, err := wsTryLoad(t.Context(), ws, "people", 2, false, nil); return err }},
		{"lock of the manifest", "manifest.lock", func(ws *Workspace) error { return ws.Describe("people", map[string]string{"title": "t"}) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ws := wsNew(t)
			wsLoad(t, ws, "people", 1)
			away := wsForeign(t, "people", "1-1", "lib")
			target, link := away, filepath.Join(ws.Dir, tt.link)
			if strings.HasSuffix(tt.link, "lock") {
				target = filepath.Join(away, "lib", "precious")
			}
			if err := errors.Join(os.RemoveAll(link), os.Symlink(target, link)); err != nil {
				t.Fatal(err)
			}
			before, manifest := wsFiles(t, away), wsManifest(t, ws)
			wsSentence(t, tt.do(ws), link, "link", "nothing was changed")
			if after := wsFiles(t, away); !slices.Equal(after, before) {
				t.Errorf("behind the link there is %q, before %q", after, before)
			}
			if b, _ := os.ReadFile(filepath.Join(away, "lib", "precious")); string(b) != "x" {
				t.Errorf("the file behind the link holds %q", b)
			}
			if now := wsManifest(t, ws); now.Generation != manifest.Generation {
				t.Error("the manifest has changed")
			}
		})
	}
}

// TestWorkspaceCleansOwnTemp: only folders that a load has made are cleaned.
func TestWorkspaceCleansOwnTemp(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	for _, n := range []string{"notes", "12345", "12-34"} {
		if err := os.MkdirAll(filepath.Join(ws.Dir, "tmp", n), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	wsAge(t, ws)
	wsLoad(t, ws, "people", 2)
	got := []string{}
	entries, _ := os.ReadDir(filepath.Join(ws.Dir, "tmp"))
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if want := []string{"12345", "notes"}; !slices.Equal(got, want) {
		t.Errorf("in tmp are %q, want %q", got, want)
	}
}

// TestWorkspaceNoPlainFiles: pipes and devices where files belong are named at
// once instead of being waited for.
func TestWorkspaceNoPlainFiles(t *testing.T) {
	pipe := func(path string) error { return syscall.Mkfifo(path, 0o600) }
	zero := func(path string) error { return os.Symlink("/dev/zero", path) }
	large := func(path string) error { return errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, 1<<40)) }
	for _, tt := range []struct {
		name, file string
		make       func(string) error
		says       []string
	}{
		{"manifest is a pipe", "manifest.json", pipe, []string{"manifest", "no plain file", "backup"}},
		{"manifest is a device", "manifest.json", zero, []string{"manifest", "no plain file", "backup"}},
		{"manifest is huge", "manifest.json", large, []string{"manifest", "too large", "backup"}},
		{"version is a pipe", "datasets/people/v0001.duckdb", pipe, []string{"v0001.duckdb", "damaged", "no plain file"}},
		{"version is a device", "datasets/people/v0001.duckdb", zero, []string{"v0001.duckdb", "damaged", "no plain file"}},
		{"description is a pipe", "datasets/people/meta.yaml", pipe, []string{"meta.yaml", "no plain file"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ws := wsNew(t)
			wsLoad(t, ws, "people", 1)
			path := filepath.Join(ws.Dir, tt.file)
			if err := errors.Join(os.RemoveAll(path), tt.make(path)); err != nil {
				t.Fatal(err)
			}
			var err error
			wsDeadline(t, "opening", func() {
				var e *Engine
				if e, err = ws.Open(t.Context(), wsCatalog(), nil); err == nil {
					err = errors.Join(append(e.Damaged(), e.Warnings()...)...)
					e.Close()
				}
			})
			wsSentence(t, err, tt.says...)
		})
	}
}

// TestWorkspaceManifestNumbers: numbers that no load has written are damage,
// not a version to count on from.
func TestWorkspaceManifestNumbers(t *testing.T) {
	for name, entry := range map[string]string{
		"next beyond all":  `{"current":1,"versions":[1],"next":9223372036854775807}`,
		"next below":       `{"current":1,"versions":[1],"next":-5}`,
		"version zero":     `{"current":1,"versions":[0,1],"next":2}`,
		"version too high": `{"current":1,"versions":[1,99999999],"next":2}`,
	} {
		t.Run(name, func(t *testing.T) {
			ws := wsNew(t)
			wsLoad(t, ws, "people", 1)
			if err := os.WriteFile(ws.manifestPath(), []byte(`{"format":1,"generation":1,"datasets":{"people":`+entry+`}}`), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := ws.Manifest()
			wsSentence(t, err, "manifest", "people", "makes no sense", "backup")
		})
	}
}

// TestWorkspaceHostileVersion: a version file that somebody else has made is
// either damaged or safe to show.
func TestWorkspaceHostileVersion(t *testing.T) {
	base := wsNew(t)
	wsLoad(t, base, "people", 1)
	esc := "'Thai' || chr(27) || '[2J' || chr(8238) || 'x'"
	for _, tt := range []struct {
		name, sql string
		says      []string // of the damage; without any the file is good
	}{
		{"a row beyond the dictionary", "UPDATE observation SET nationality = 900 WHERE source_row = (SELECT min(source_row) FROM observation)", []string{"damaged", "dictionary"}},
		{"numbers with a hole", "UPDATE code SET n = n + 1 WHERE dim = 'sex' AND n > 0", []string{"damaged", "dictionary"}},
		{"texts", "UPDATE code SET text = " + esc, nil},
		{"codes", "UPDATE code SET code = code || chr(27) || '[2J' WHERE dim = 'agency'", nil},
		{"title", `UPDATE dataset SET value = '"A\u001b[2J\u202etitle"' WHERE field = 'title'`, nil},
		{"findings", `INSERT INTO finding (severity, file, sheet, "row", "column", count, what, "do") VALUES ('doubt', ` + esc + ", " + esc + ", 1, " + esc + ", 1, " + esc + ", " + esc + ")", nil},
		{"a dimension", `UPDATE dataset SET value = '["x_\u001b[2J"]' WHERE field = 'extra'; INSERT INTO dataset VALUES ('extra', '["x_\u001b[2J"]')`, []string{"damaged", "dimension"}},
		{"a newer program", fmt.Sprintf("UPDATE meta SET value = '%d' WHERE key = 'schema'; UPDATE meta SET value = %s WHERE key = 'program'", Schema+1, esc), []string{"newer tiplens", "Thai"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ws := wsCopy(t, base)
			wsEdit(t, ws.VersionPath("people", 1), tt.sql)
			e, err := wsTryOpen(t, ws)
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			if tt.says != nil {
				if len(e.Damaged()) != 1 {
					t.Fatalf("damaged: %v", e.Damaged())
				}
				wsSentence(t, e.Damaged()[0], tt.says...)
				wsSafe(t, e.Damaged()[0].Error())
				return
			}
			if bad := e.Damaged(); len(bad) > 0 {
				t.Fatal(bad)
			}
			s, err := models.ParseSlice(wsQuestion, e.Catalog())
			if err != nil {
				t.Fatal(err)
			}
			ans, err := e.Ask(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			behind, err := e.Behind(t.Context(), s, 10)
			if err != nil {
				t.Fatal(err)
			}
			found, err := e.Findings(t.Context(), "people")
			if err != nil {
				t.Fatal(err)
			}
			wsSafe(t, fmt.Sprintf("%+v %+v %+v %+v", *ans, *behind, found, e.Datasets()))
		})
	}
}

func wsSafe(t *testing.T, s string) {
	t.Helper()
	if strings.ContainsAny(s, "\x1b\u202e") {
		t.Errorf("%q would steer a terminal", s)
	}
}

// TestWorkspaceHolderCleaned: what a lock says of its holder may come from
// anybody.
func TestWorkspaceHolderCleaned(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	f, err := ws.lock(filepath.Join(ws.Dir, "datasets", "people", "lock"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("a colleague\x1b[2J\n"+strings.Repeat("x", 1<<20)), 0); err != nil {
		t.Fatal(err)
	}
	_, err = wsTryLoad(t.Context(), ws, "people", 2, false, nil)
	wsSentence(t, err, "a colleague", "Wait")
	wsSafe(t, err.Error())
	if len(err.Error()) > 1000 {
		t.Errorf("the sentence has %d bytes", len(err.Error()))
	}
}

// TestPurgeFullDisk: purging is what makes room, so it works without any.
func TestPurgeFullDisk(t *testing.T) {
	dir, ws := wsOnDisk(t, "16m")
	for content := 1; content <= 2; content++ {
		wsLoad(t, ws, "people", content)
	}
	f, err := os.Create(filepath.Join(dir, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1 << 16, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, n))
		}
	}
	f.Close()
	if _, err := ws.Purge(); err != nil {
		t.Fatal(err)
	}
	if m := wsManifest(t, ws); !slices.Equal(m.Datasets["people"].Versions, []int{2}) {
		t.Errorf("versions %v are left", m.Datasets["people"].Versions)
	}
	wsWant(t, wsOpen(t, ws), "people", 2)
}
