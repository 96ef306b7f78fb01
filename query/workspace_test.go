package query

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

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
