package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiplens/models"
	"tiplens/query"
)

// TestHostBriefing collects a briefing as the screen does, builds it, and finds
// on a card of the screen that it went out.
func TestHostBriefing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
	ws := filepath.Join(dir, "ws")
	ncct(t, ws, 209, 15)
	h := &host{}
	b, err := h.Briefing(ws)
	if err != nil || len(b.Items) != 0 {
		t.Fatal(b, err)
	}
	items := []models.BriefingItem{
		{Kind: models.NumberItem, Note: "a: b", Slice: "sus_arrested where year=2025 at ncct@1"},
		{Kind: models.TableItem, Slice: "sus_arrested by sex where year=2025 at ncct@1"},
		{Kind: models.NumberItem, Slice: "sus_arrested where year=2025 at ncct@9"},
	}
	for _, it := range items {
		if err := h.ChangeBriefing(ws, func(b *models.Briefing) error { b.Items = append(b.Items, it); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	path := (&query.Workspace{Dir: ws}).BriefingPath(person())
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if text := read(t, path); strings.Contains(text, "209") || !strings.Contains(text, "ncct@1") {
		t.Errorf("the file holds\n%s", text)
	}
	if b, err = h.Briefing(ws); err != nil || len(b.Items) != 3 || b.Items[0] != items[0] {
		t.Fatal(b, err)
	}
	file, err := h.BriefingFile(b, "html", false, false)
	if err != nil || !strings.HasPrefix(filepath.Base(file), "INTERNAL-Briefing-") {
		t.Errorf("%q %v", file, err)
	}
	b.Date = "2026-11-21"
	out := filepath.Join(dir, "b.html")
	told := 0
	res, err := h.Build(t.Context(), ws, b, "html", out, false, func(done, of int) { told += of })
	if err != nil || res.File != out || told != 9 || len(res.Say) != 2 || !strings.Contains(res.Say[0], "no version ncct@9") || res.Say[1] != "Kept as briefed on 2026-11-21: 4 figures." {
		t.Errorf("%+v %d %v", res, told, err)
	}
	if _, err := h.Build(t.Context(), ws, b, "html", out, false, func(int, int) {}); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("written over a file: %v", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := h.Build(stopped, ws, b, "md", filepath.Join(dir, "no.md"), false, func(int, int) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled build ends with %v", err)
	}

	ncct(t, ws, 211, 16)
	store, err := h.Open(t.Context(), ws)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for slice, want := range map[string]string{
		"sus_arrested where year=2025":        "briefed as 209 on 2026-11-21 (ncct@1); now 211 (ncct@2)",
		"sus_arrested by sex where year=2025": "briefed as 15 on 2026-11-21 (ncct@1); now 16 (ncct@2)",
	} {
		ans, err := store.Ask(t.Context(), must(models.ParseSlice(slice, store.Catalog())))
		if err != nil {
			t.Fatal(err)
		}
		c, err := store.Card(t.Context(), ans, models.CellRef{})
		if err != nil || !strings.Contains(c.String(), "\nwent out: "+want+"\n") {
			t.Errorf("%s: %v\n%s", slice, err, c)
		}
	}
	next, changed, err := h.Latest(t.Context(), ws, b)
	text := strings.Join(changed, "\n")
	if err != nil || !strings.Contains(text, "persons: was 209; now 211") || !strings.Contains(text, "Female, persons: was 15; now 16") || !strings.Contains(text, "what changed since ncct@9 cannot be said") {
		t.Errorf("%v\n%s", err, text)
	}
	for i, it := range next.Items {
		if !strings.HasSuffix(it.Slice, " at ncct@2") || it.Note != b.Items[i].Note || !strings.Contains(b.Items[i].Slice, "@") {
			t.Errorf("item %d is moved on to %+v", i, it)
		}
	}
	// The same number as a share is another number.
	ans, err := store.Ask(t.Context(), must(models.ParseSlice("sus_arrested by sex where year=2025 percent of column", store.Catalog())))
	if err != nil {
		t.Fatal(err)
	}
	if c, err := store.Card(t.Context(), ans, models.CellRef{}); err != nil || strings.Contains(c.String(), "went out") {
		t.Errorf("%v\n%s", err, c)
	}

	// What a person wrote and nobody can read is not written over.
	write(t, path, "title: [\n")
	if err := h.ChangeBriefing(ws, func(*models.Briefing) error { return nil }); err == nil || read(t, path) != "title: [\n" {
		t.Errorf("a broken briefing: %v", err)
	}
	write(t, filepath.Join(ws, "briefed.yaml"), "- {slice: a}\n")
	if c := strings.Join(cardOf(t, ws), "\n"); !strings.Contains(c, "what was briefed cannot be read") {
		t.Errorf("the card hides that it cannot know:\n%s", c)
	}
}

// TestBriefingOfRecords: a cell of a table of records is found by its own
// question, and the other way round.
func TestBriefingOfRecords(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
	file := filepath.Join(dir, "b.yaml")
	write(t, file, "title: A\ndate: 2026-11-21\nitems:\n  - {kind: table, slice: 'vic_identified by province across year where year=2024..2025 at training@1'}\n")
	if code, _, errOut := tiplens(t, "brief", file, "--to", filepath.Join(dir, "a.md"), "--workspace", ":training"); code != exitAnswer {
		t.Fatal(errOut)
	}
	code, out, _ := tiplens(t, "card", "vic_identified where place=KH-12 year=2025", "--workspace", ":training")
	if code != exitAnswer || !strings.Contains(out, "went out: briefed as 1,090 on 2026-11-21 (training@1)\n") || !strings.Contains(out, "value: 1,090 ") {
		t.Errorf("%d %s", code, out)
	}
}
