package query

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tiplens/models"
)

// TestKeepBriefed: what went out is kept once, in the order of its days, by
// many at a time, and nobody's is lost.
func TestKeepBriefed(t *testing.T) {
	ws := &Workspace{t.TempDir()}
	if list, err := ws.Briefed(); err != nil || list != nil {
		t.Fatal(list, err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for k := range 5 {
				r := models.Release{Slice: fmt.Sprintf("sus_arrested where year=%d", 2000+k), Value: fmt.Sprint(i), Date: fmt.Sprintf("2026-11-%02d", 28-i), Of: "ncct@1"}
				for _, want := range []int{1, 0} {
					if n, err := ws.KeepBriefed([]models.Release{r}); err != nil || n != want {
						t.Errorf("%d kept, want %d: %v", n, want, err)
					}
				}
			}
		})
	}
	all.Wait()
	list, err := ws.Briefed()
	if err != nil || len(list) != 40 {
		t.Fatal(len(list), err)
	}
	for i := range list[1:] {
		if list[i].Date > list[i+1].Date {
			t.Errorf("%v stands before %v", list[i], list[i+1])
		}
	}
	rs := models.NewReleases(list)
	if r, ok := rs.Last("sus_arrested where year=2003", "", ""); !ok || r.Value != "0" || r.Date != "2026-11-28" {
		t.Errorf("the last is %+v", r)
	}
	if r, ok := rs.Last("sus_arrested where year=2003", "", "2026-11-24"); !ok || r.Value != "5" {
		t.Errorf("the last before that day is %+v", r)
	}
}

// TestBriefedMistakes: a file that cannot be read is said and never written
// over.
func TestBriefedMistakes(t *testing.T) {
	for _, text := range []string{"- {slice: a, value: 1}\n", "slice: a\n", "- [\n", strings.Repeat("# a long comment\n", maxBriefed/16)} {
		ws := &Workspace{t.TempDir()}
		path := filepath.Join(ws.Dir, "briefed.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ws.Briefed(); err == nil || !strings.Contains(err.Error(), path+": what was briefed cannot be read") {
			t.Errorf("%.30q: %v", text, err)
		}
		if _, err := ws.KeepBriefed([]models.Release{{Slice: "a", Value: "1", Date: "2026-11-21"}}); err == nil {
			t.Errorf("%.30q is written over", text)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != text {
			t.Errorf("%.30q became %.30q", text, b)
		}
	}
	// What is in it reaches the screen without what steers a terminal.
	ws := &Workspace{t.TempDir()}
	if err := os.WriteFile(filepath.Join(ws.Dir, "briefed.yaml"), []byte("- {slice: a, value: \"1\\x1b[31m\", date: 2026-11-21, of: \"\\u202Eb\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := ws.Briefed(); err != nil || list[0].Value != "1[31m" || list[0].Of != "b" {
		t.Errorf("%+q %v", list, err)
	}
}

// TestBriefingFile: a briefing is changed by many at a time, a link is not
// followed, and a package of the workspace holds it.
func TestBriefingFile(t *testing.T) {
	ws := &Workspace{t.TempDir()}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := ws.ChangeBriefing("sok", func(b []byte) ([]byte, error) { return append(b, 'a'), nil }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if b, err := ws.Briefing("sok"); err != nil || len(b) != 20 {
		t.Errorf("%q %v", b, err)
	}
	for _, rel := range []string{"briefed.yaml", filepath.Join("briefings", "sok.yaml")} {
		if !packed(rel) {
			t.Errorf("%s is not packed", rel)
		}
	}
	elsewhere := filepath.Join(t.TempDir(), "mine")
	if err := os.WriteFile(elsewhere, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, ws.BriefingPath("dara")); err != nil {
		t.Fatal(err)
	}
	err := ws.ChangeBriefing("dara", func([]byte) ([]byte, error) { return []byte("theirs"), nil })
	if b, _ := os.ReadFile(elsewhere); err == nil || string(b) != "mine" {
		t.Errorf("%v: %q", err, b)
	}
}

// FuzzBriefed: whatever stands in the file gives a list or a sentence.
func FuzzBriefed(f *testing.F) {
	f.Add([]byte("- {slice: a, at: F|2025, value: \"209\", date: 2026-11-21, of: ncct@3, in: Half-year}\n"))
	f.Add([]byte("- &a {slice: b, value: c, date: d}\n- *a\n- <<: *a\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		ws := &Workspace{t.TempDir()}
		if err := os.WriteFile(ws.briefedPath(), text, 0o600); err != nil {
			t.Fatal(err)
		}
		list, err := ws.Briefed()
		if err != nil && !strings.HasPrefix(err.Error(), ws.briefedPath()+": ") {
			t.Errorf("%q", err)
		}
		for _, r := range list {
			if r.Value != models.Clean(r.Value) || r.Slice != models.Printable(r.Slice) {
				t.Errorf("%+q", r)
			}
		}
	})
}
