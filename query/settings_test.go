package query

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiplens/models"
)

func TestSettings(t *testing.T) {
	for _, tt := range []struct {
		text   string
		memory int
		wrong  string
	}{
		{"", 192, ""},
		{"# nothing\n\n", 192, ""},
		{"memory_mb = 512 # for the server\r\nthreads=4\n", 512, ""},
		{"memory_mb = 1_024", 1024, ""},
		{"memory_mb = 64", 192, `line 1: memory_mb is a whole number from 128 to 1048576, not "64"`},
		{"memory_mb = \"\x1b[2J\"", 192, "line 1: memory_mb is a whole number"},
		{"\nmemory = 512", 192, `line 2: there is no setting "memory"; there are memory_mb, threads, load_memory_mb, load_threads`},
		{"[server]\nmemory_mb = 512", 512, `line 1: there is no setting "[server]"`},
		{"memory_mb = 256\nmemory_mb = 512", 256, "line 2: memory_mb stands there twice"},
		{"memory_mb", 192, "line 1: memory_mb is a whole number"},
	} {
		s, err := parseSettings(tt.text)
		if s.Reader.MemoryMB != tt.memory {
			t.Errorf("%q: %d MB", tt.text, s.Reader.MemoryMB)
		}
		if got := models.Clean(errText(err)); !strings.HasPrefix(got, tt.wrong) || (tt.wrong == "") != (err == nil) || strings.Contains(errText(err), "\x1b") {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.wrong)
		}
	}
	s := DefaultSettings
	s.Load.MemoryMB = 2048
	if back, err := parseSettings(s.TOML()); err != nil || back != s {
		t.Errorf("written and read again: %+v, %v\n%s", back, err, s.TOML())
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestSettingsHold: the memory that a workspace grants is what DuckDB gets; a
// file that is wrong is told, and locks nobody out.
func TestSettingsHold(t *testing.T) {
	dir := t.TempDir()
	ws, err := OpenWorkspace(filepath.Join(dir, "ws"), true)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"memory_mb = 512\nthreads = 3\n": "488.2 MiB 3", "memory_mb = none\n": "183.1 MiB 2"} {
		if err := os.WriteFile(filepath.Join(ws.Dir, "tiplens.toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := ws.Open(t.Context(), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		if err := e.db.QueryRow("SELECT current_setting('memory_limit') || ' ' || current_setting('threads')").Scan(&got); err != nil || got != want {
			t.Errorf("%q gives %q, want %q (%v)", text, got, want, err)
		}
		if told := len(e.Warnings()) > 0; told != strings.Contains(text, "none") {
			t.Errorf("%q: warnings %v", text, e.Warnings())
		}
		e.Close()
	}
	if err := os.WriteFile(filepath.Join(ws.Dir, "tiplens.toml"), []byte("memory_mb = none\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := ws.BeginLoad(t.Context(), "people", nil, true, nil)
	if err != nil {
		t.Fatalf("settings that are wrong stop a load: %v", err)
	}
	l.Abandon()
}

func FuzzSettings(f *testing.F) {
	f.Add("memory_mb = 512\n# x\nthreads = 4")
	f.Add("[a]\nb = \"c\"")
	f.Fuzz(func(t *testing.T, text string) {
		s, _ := parseSettings(text)
		for _, k := range settingList {
			if n := *k.of(&s); n < k.least || n > k.most {
				t.Errorf("%s is %d", k.key, n)
			}
		}
		if back, err := parseSettings(s.TOML()); err != nil || back != s {
			t.Errorf("%+v is read as %+v (%v)", s, back, err)
		}
	})
}
