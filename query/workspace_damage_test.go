package query

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"tiplens/models"
)

// TestWorkspaceDamagedFile: whatever has happened to one version file, the
// other datasets open and answer, and the damaged one is reported with its
// path and what to do. Damage that shows only when the rows are read is an
// error of the question, never a wrong answer.
func TestWorkspaceDamagedFile(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "good", 2)
	wsLoad(t, ws, "hurt", 1)
	path := ws.VersionPath("hurt", 1)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cut := func(n int) func() []byte { return func() []byte { return whole[:n] } }
	over := func(at, n int) func() []byte {
		return func() []byte {
			b := bytes.Clone(whole)
			r := rand.New(rand.NewPCG(1, uint64(at)))
			for i := at; i < min(at+n, len(b)); i++ {
				b[i] = byte(r.Uint32())
			}
			return b
		}
	}
	block := 256 << 10
	for _, tt := range []struct {
		name  string
		make  func() []byte
		maybe bool // the damage may lie where nobody looks
	}{
		{"empty", cut(0), false}, {"one byte", cut(1), false}, {"half a header", cut(100), false}, {"a header", cut(4096), false},
		{"three headers", cut(12288), false}, {"a quarter", cut(len(whole) / 4), false}, {"half", cut(len(whole) / 2), false},
		{"a block too short", cut(len(whole) - block), false}, {"a byte too short", cut(len(whole) - 1), false},
		{"text", func() []byte { return []byte("Province,Nationality\nKandal,KH\n") }, false},
		{"zeros", func() []byte { return make([]byte, len(whole)) }, false},
		{"another format", func() []byte { return append([]byte("SQLite format 3\x00"), make([]byte, 8000)...) }, false},
		{"garbage in the first header", over(0, 4096), false}, {"garbage in all headers", over(0, 12288), false},
		{"garbage in the first block", over(12288, 4096), true}, {"garbage in the middle", over(len(whole)/2, 5000), true},
		{"garbage near the end", over(len(whole)-block/2, 5000), true}, {"garbage in every block", func() []byte {
			b := bytes.Clone(whole)
			for at := 12288 + 64; at < len(b); at += block {
				copy(b[at:], bytes.Repeat([]byte{0xA5}, 600))
			}
			return b
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := os.WriteFile(path, tt.make(), 0o600); err != nil {
				t.Fatal(err)
			}
			e := wsOpen(t, ws)
			defer e.Close()
			ans, hurt := wsAsk(t.Context(), e, wsQuestion+" where dataset=hurt")
			switch bad := e.Damaged(); {
			case len(bad) == 1:
				var we *WorkspaceError
				if !errors.As(bad[0], &we) || we.Do == "" {
					t.Errorf("%#v tells no remedy", bad[0])
				}
				wsSentence(t, bad[0], path, "damaged")
			case len(bad) > 1:
				t.Errorf("two are damaged: %v", bad)
			case hurt != nil:
				wsSentence(t, hurt, path) // the place must be said then as well
			case !tt.maybe:
				t.Errorf("the damage is not noticed; the answer is %v", wsCells(ans))
			default:
				if got := wsCells(ans); got["_T/_T"] != fmt.Sprint(len(wsContent(1))) {
					t.Errorf("a damaged file answers %v", got)
				}
			}
			for range 2 { // also after the damaged one was asked
				ans, err := wsAsk(t.Context(), e, wsQuestion+" where dataset=good")
				if err != nil {
					t.Fatalf("the good dataset suffers: %v", err)
				}
				if got := wsCells(ans)["_T/_T"]; got != fmt.Sprint(len(wsContent(2))) {
					t.Errorf("the good dataset answers %s", got)
				}
			}
		})
	}
	t.Run("missing", func(t *testing.T) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		e := wsOpen(t, ws)
		if bad := e.Damaged(); len(bad) != 1 || !strings.Contains(bad[0].Error(), path) {
			t.Errorf("damaged: %v", bad)
		}
		ans, err := wsAsk(t.Context(), e, wsQuestion)
		if err != nil || len(ans.Sources) != 1 {
			t.Errorf("%v, %v", ans, err)
		}
	})
	t.Run("a load mends it", func(t *testing.T) {
		if v := wsLoad(t, ws, "hurt", 3); v != 2 {
			t.Errorf("version %d, want 2", v)
		}
		wsWant(t, wsOpen(t, ws), "hurt", 3)
	})
}

// wsEdit changes a version file behind the workspace's back.
func wsEdit(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := openPool(DefaultSettings.Load, "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range append([]string{"ATTACH " + literal(path) + " AS target", "USE target"}, append(statements, "CHECKPOINT", "USE memory", "DETACH target")...) {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestWorkspaceForeignFiles(t *testing.T) {
	base := wsNew(t)
	wsLoad(t, base, "good", 2)
	wsLoad(t, base, "hurt", 1)
	for _, tt := range []struct {
		name, sql string
		says      []string
	}{
		{"newer schema", fmt.Sprintf("UPDATE meta SET value = '%d' WHERE key = 'schema'", Schema+1), []string{"newer tiplens", "Use that version"}},
		{"newer schema, other tables", fmt.Sprintf("DROP TABLE dataset; DROP VIEW multi; DROP VIEW original; DROP TABLE code; UPDATE meta SET value = '%d' WHERE key = 'schema'", Schema+7), []string{"newer tiplens"}},
		{"no schema", "DELETE FROM meta", []string{"damaged"}},
		{"a schema that is no number", "UPDATE meta SET value = 'one' WHERE key = 'schema'", []string{"damaged"}},
		{"no meta", "DROP TABLE meta", []string{"damaged"}},
		{"no codes", "DROP VIEW multi; DROP VIEW original; DROP TABLE code", []string{"damaged"}},
		{"no observations", "DROP VIEW multi; DROP VIEW original; DROP TABLE observation", []string{"damaged"}},
		{"no dictionary", "DELETE FROM code", []string{"damaged"}},
		{"half a dictionary", "DELETE FROM code WHERE dim IN ('nationality', 'agency')", []string{"damaged"}},
		{"subject counts of no indicator", "INSERT INTO subject VALUES (500, 1, 1)", []string{"damaged"}},
		{"dataset fields of another kind", `UPDATE dataset SET value = '"text"' WHERE field = 'rows'`, []string{"damaged"}},
		{"no dataset fields", "DELETE FROM dataset", []string{"damaged"}},
		{"another dataset's file", `UPDATE dataset SET value = '"stranger"' WHERE field = 'id'`, []string{"damaged"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ws := wsCopy(t, base)
			wsEdit(t, ws.VersionPath("hurt", 1), tt.sql)
			e, err := wsTryOpen(t, ws)
			if err != nil {
				t.Fatal(err)
			}
			bad := e.Damaged()
			if len(bad) != 1 {
				t.Errorf("damaged: %v, want one", bad)
			} else {
				wsSentence(t, bad[0], append(tt.says, ws.VersionPath("hurt", 1))...)
			}
			ans, err := wsTryAsk(t, e, wsQuestion+" where dataset=good")
			if err != nil {
				t.Fatal(err)
			}
			if got := wsCells(ans)["_T/_T"]; got != fmt.Sprint(len(wsContent(2))) {
				t.Errorf("the good dataset answers %s", got)
			}
			_, _ = wsTryAsk(t, e, wsQuestion) // no panic
		})
	}
}

// wsCopy makes a workspace of its own out of another's files.
func wsCopy(t *testing.T, ws *Workspace) *Workspace {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "ws")
	if err := errors.Join(os.CopyFS(dir, os.DirFS(ws.Dir)), os.Chmod(dir, 0o700)); err != nil {
		t.Fatal(err)
	}
	return &Workspace{dir}
}

// wsTryOpen and wsTryAsk turn a panic into a failure, so that the other cases
// still run.
func wsTryOpen(t *testing.T, ws *Workspace) (e *Engine, err error) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return wsOpen(t, ws), nil
}

func wsTryAsk(t *testing.T, e *Engine, question string) (ans *models.Answer, err error) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			t.Errorf("%s: %v", question, err)
		}
	}()
	return wsAsk(t.Context(), e, question)
}

// TestWorkspaceDamagedPin: a version that is asked for and cannot be opened is
// an error, never an answer without it.
func TestWorkspaceDamagedPin(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	wsLoad(t, ws, "people", 2)
	if err := os.Truncate(ws.VersionPath("people", 1), 5000); err != nil {
		t.Fatal(err)
	}
	wsWant(t, wsOpen(t, ws), "people", 2)
	e, err := ws.Open(t.Context(), wsCatalog(), []models.Version{{Dataset: "people", N: 1}})
	if err == nil {
		defer e.Close()
		ans, err := wsAsk(t.Context(), e, wsQuestion+" at people@1")
		if err == nil {
			t.Errorf("the damaged version is left out in silence: %q", ans.Empty)
		}
		return
	}
	wsSentence(t, err, ws.VersionPath("people", 1), "damaged")
}

func TestWorkspaceManifestDamaged(t *testing.T) {
	base := wsNew(t)
	wsLoad(t, base, "people", 1)
	good := `{"format":1,"generation":1,"datasets":{"people":{"current":1,"versions":[1],"next":2}}}`
	for _, tt := range []struct {
		name, text string
		says       []string // nil where the manifest must still do
	}{
		{"empty", "", []string{"damaged", "backup"}}, {"cut", good[:40], []string{"damaged"}}, {"zeros", strings.Repeat("\x00", 200), []string{"damaged"}},
		{"binary", "\x7fELF\x01\x02", []string{"damaged"}}, {"a list", "[]", []string{"damaged"}}, {"a text", `"manifest"`, []string{"damaged"}},
		{"null", "null", []string{"damaged"}}, {"no format", `{"datasets":{}}`, []string{"damaged"}}, {"format 0", `{"format":0,"datasets":{}}`, []string{"damaged"}},
		{"numbers as text", strings.Replace(good, `"current":1`, `"current":"1"`, 1), []string{"damaged"}},
		{"text behind it", good + "}", []string{"damaged"}},
		{"current is not there", strings.Replace(good, `"current":1`, `"current":2`, 1), []string{"damaged", "people"}},
		{"no versions", strings.Replace(good, `[1]`, `[]`, 1), []string{"damaged", "people"}},
		{"a path for a name", strings.Replace(good, "people", "../../etc/x", 1), []string{"damaged"}},
		{"a negative version", strings.ReplaceAll(strings.Replace(good, `"current":1`, `"current":-1`, 1), `[1]`, `[-1]`), []string{"damaged"}},
		{"next is used already", strings.Replace(good, `"next":2`, `"next":1`, 1), nil},
		{"newer", `{"format":2,"datasets":{"people":{"current":1,"versions":[1],"next":2}}}`, []string{"newer tiplens", "Use that version"}},
		{"newer, of another shape", `{"format":3,"datasets":[{"id":"people"}],"generation":"x"}`, []string{"newer tiplens"}},
		{"datasets are null", `{"format":1,"datasets":null}`, nil}, {"no datasets", `{"format":1}`, nil},
		{"fields of a later program", strings.Replace(good, `"format":1`, `"format":1,"more":{"a":[1]}`, 1), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ws := wsCopy(t, base)
			if err := os.WriteFile(ws.manifestPath(), []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			before := wsFiles(t, ws.Dir)
			_, err := OpenWorkspace(ws.Dir, false)
			if tt.says == nil {
				if err != nil {
					t.Fatal(err)
				}
				wsNoPanic(t, func() {
					if v := wsLoad(t, ws, "people", 2); v < 2 {
						t.Errorf("the next load got the number %d again", v)
					}
				})
				wsWant(t, wsOpen(t, ws), "people", 2)
				return
			}
			if err == nil {
				t.Fatal("no error")
			}
			wsSentence(t, err, append(tt.says, ws.Dir)...)
			var we *WorkspaceError
			if !errors.As(err, &we) || we.Do == "" {
				t.Errorf("%#v tells no remedy", err)
			}
			// A load does not make it worse.
			if _, err := wsTryLoad(t.Context(), ws, "people", 2, true, nil); err == nil {
				t.Error("a load went through")
			}
			if b, _ := os.ReadFile(ws.manifestPath()); string(b) != tt.text {
				t.Errorf("the manifest was changed to %q", b)
			}
			if got := wsFiles(t, ws.Dir); !slices.Equal(got, before) {
				t.Errorf("the workspace holds %q, before %q", got, before)
			}
		})
	}
}

func wsNoPanic(t *testing.T, fn func()) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("panic: %v", p)
		}
	}()
	fn()
}

func TestWorkspaceLostManifest(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	if err := os.Remove(ws.manifestPath()); err != nil {
		t.Fatal(err)
	}
	wsWant(t, wsOpen(t, ws), "people", 0)
	if v := wsLoad(t, ws, "people", 2); v != 2 {
		t.Errorf("the next load got the number %d", v)
	}
	if _, err := os.Stat(filepath.Join(ws.Dir, "trash", "people", "v0001.duckdb")); err != nil {
		t.Errorf("the old version was not kept: %v", err)
	}
}

func TestWorkspaceNotAFolder(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path string
		create     bool
		says       []string
	}{
		{"missing", filepath.Join(dir, "none"), false, []string{"no workspace here", "tiplens load"}},
		{"a file", file, true, []string{"file, not a workspace folder", "--workspace"}},
		{"below a file", filepath.Join(file, "ws"), true, []string{file}},
		{"nowhere to write", "/proc/tiplens", true, []string{"/proc/tiplens"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := OpenWorkspace(tt.path, tt.create)
			wsSentence(t, err, tt.says...)
			var we *WorkspaceError
			if !errors.As(err, &we) || we.Do == "" {
				t.Errorf("%#v tells no remedy", err)
			}
		})
	}
}

// wsReadOnly makes a folder that not even root may write, by mounting it over
// itself; without the right to mount, by its permissions.
func wsReadOnly(t *testing.T, dir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		for path, mode := range wsModes(t, dir) {
			if mode.IsDir() {
				p := filepath.Join(dir, path)
				if err := os.Chmod(p, 0o500); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = os.Chmod(p, 0o700) })
			}
		}
		return
	}
	if err := syscall.Mount(dir, dir, "", syscall.MS_BIND, ""); err != nil {
		t.Skipf("root writes everywhere, and nothing can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	if err := syscall.Mount("", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skipf("nothing can be mounted read-only here: %v", err)
	}
}

func TestWorkspaceReadOnly(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	wsReadOnly(t, ws.Dir)
	e := wsOpen(t, ws) // reading needs no room
	wsWant(t, e, "people", 1)
	for _, id := range []string{"people", "others"} {
		_, err := wsTryLoad(t.Context(), ws, id, 2, true, nil)
		wsSentence(t, err, ws.Dir, "may not be written", "--workspace")
	}
	_, err := ws.Previous("people")
	if err == nil {
		t.Error("Previous worked")
	}
	wsWant(t, wsOpen(t, ws), "people", 1)
}

// TestWorkspaceNoSpillElsewhere: a reader spills into its own folder below
// tmp or not at all, never into the folder that it happens to be started in.
func TestWorkspaceNoSpillElsewhere(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	spill := func(e *Engine) string {
		var dir sql.NullString
		if err := e.db.QueryRowContext(t.Context(), "SELECT current_setting('temp_directory')").Scan(&dir); err != nil {
			t.Fatal(err)
		}
		return dir.String
	}
	e := wsOpen(t, ws)
	if got := spill(e); filepath.Dir(got) != filepath.Join(ws.Dir, "tmp") {
		t.Errorf("a reader spills into %q", got)
	}
	mem, err := OpenMemory(t.Context(), wsCatalog(), wsFill("people", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer mem.Close()
	if got := spill(mem); got != "" {
		t.Errorf("data in memory spills into %q", got)
	}
	wsReadOnly(t, ws.Dir)
	if got := spill(wsOpen(t, ws)); got != "" {
		t.Errorf("a reader of a read-only workspace spills into %q", got)
	}
}

func wsFill(id string, content int) Fill {
	return Fill{Rows: func(w *Writer) (models.Dataset, error) {
		ds := wsDataset(content)
		ds.ID = id
		return ds, wsWrite(w, nil, false, wsContent(content))
	}}
}

// TestWorkspaceStorageSentences: the reasons for which nothing can be stored,
// as the system and as DuckDB put them.
func TestWorkspaceStorageSentences(t *testing.T) {
	at := func(errno syscall.Errno) error { return &os.PathError{Op: "write", Path: "/w/x", Err: errno} }
	duck := func(text string) error {
		return fmt.Errorf("store rows: %w", errors.New(`IO Error: Could not write file "/w/x.part": `+text))
	}
	for _, tt := range []struct {
		err  error
		says string
	}{
		{at(syscall.ENOSPC), "the disk is full"}, {at(syscall.EDQUOT), "the disk is full"},
		{duck("No space left on device"), "the disk is full"}, {duck("Disk quota exceeded"), "the disk is full"},
		{at(syscall.EACCES), "may not be written"}, {at(syscall.EPERM), "may not be written"}, {at(syscall.EROFS), "may not be written"},
		{duck("Read-only file system"), "may not be written"}, {duck("Permission denied"), "may not be written"},
		{at(syscall.EIO), "cannot be used"}, {duck("Input/output error"), "cannot be used"},
	} {
		wsSentence(t, storage("/w/x", tt.err), "/w/x", tt.says)
	}
	if err := storage("/w/x", nil); err != nil {
		t.Errorf("no error became %v", err)
	}
}

// TestWorkspaceFullDisk fills a small disk of its own.
func TestWorkspaceFullDisk(t *testing.T) {
	dir, ws := wsOnDisk(t, "6m")
	wsLoad(t, ws, "people", 1)
	before := wsFiles(t, ws.Dir)
	info, err := os.Stat(ws.VersionPath("people", 1))
	if err != nil {
		t.Fatal(err)
	}
	var st syscall.Statfs_t
	for _, room := range []int64{0, 4096, 12288, 300 << 10, info.Size() / 2, info.Size() - 4096, info.Size()} {
		t.Run(fmt.Sprintf("%d bytes free", room), func(t *testing.T) {
			if err := syscall.Statfs(dir, &st); err != nil {
				t.Fatal(err)
			}
			ballast := filepath.Join(dir, "ballast")
			f, err := os.Create(ballast)
			if err != nil {
				t.Fatal(err)
			}
			defer os.Remove(ballast)
			if err := errors.Join(syscall.Fallocate(int(f.Fd()), 0, 0, max(int64(st.Bavail)*st.Bsize-room, 1)), f.Close()); err != nil {
				t.Fatal(err)
			}
			wsDeadline(t, "a load onto a full disk", func() { _, err = wsTryLoad(t.Context(), ws, "people", 2, true, nil) })
			if err == nil {
				t.Skip("there was room enough")
			}
			wsSentence(t, err, ws.Dir, "the disk is full", "Free some room")
			if got := wsFiles(t, ws.Dir); !slices.Equal(got, before) {
				t.Errorf("the workspace holds %q, before %q", got, before)
			}
			wsWant(t, wsOpen(t, ws), "people", 1)
		})
	}
	if v, err := wsTryLoad(t.Context(), ws, "people", 2, true, nil); v < 2 || err != nil {
		t.Errorf("with room again: %d, %v", v, err)
	}
}

// TestWorkspaceInterrupted: a question that is cancelled says so, and the next
// one is answered.
func TestWorkspaceInterrupted(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	e := wsOpen(t, ws)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := wsAsk(ctx, e, wsQuestion); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled question ends with %v", err)
	}
	wsWant(t, e, "people", 1)
	if _, err := ws.Open(ctx, wsCatalog(), nil); err == nil {
		t.Error("a cancelled opening worked")
	}
}
