package tui_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
	"tiplens/tui"
)

// ownHost holds one workspace of a person, with a file of an unknown layout
// loaded into it.
type ownHost struct{ testHost }

func (ownHost) Open(ctx context.Context, ref string) (tui.Store, error) {
	ws, err := query.OpenWorkspace(ref, false)
	if err != nil {
		return nil, err
	}
	return ws.Open(ctx, datasets.Catalogue(), nil)
}

func (ownHost) Describe(ref, dataset, key, value string) error {
	return (&query.Workspace{Dir: ref}).Describe(dataset, map[string]string{key: value})
}

type ownedBy struct {
	ownHost
	dir string
}

func (h ownedBy) Workspaces() []tui.Workspace {
	return []tui.Workspace{{Name: "My data", Ref: h.dir, Own: true}}
}

// ownWorkspace loads three persons without saying what they are.
func ownWorkspace(t *testing.T) (host tui.Host, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "ws")
	path := filepath.Join(t.TempDir(), "cases.csv")
	if err := os.WriteFile(path, []byte("Province,Year,Sex\nPhnom Penh,2020,F\nKampot,2022,F\nKampot,2023,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := datasets.Open(t.Context(), path, datasets.Options{}, query.Parquet{})
	if err != nil {
		t.Fatal(err)
	}
	fit, err := datasets.Generic(file, datasets.GenericOptions{Map: "place=Province,year=Year,sex=Sex", Indicator: "vic_identified", Agency: "KH.NP"}, datasets.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	ws, err := query.OpenWorkspace(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ws.BeginLoad(t.Context(), "cases", fit.Recipe.Extra(), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	rep, err := file.Load(t.Context(), fit, datasets.Catalogue(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Commit(t.Context(), models.Dataset{Rows: rep.Read, Taken: rep.Taken, File: file.Name}, "", rep.Findings); err != nil {
		t.Fatal(err)
	}
	return ownedBy{dir: dir}, dir
}

// TestForm fills in what a dataset lacks, field by field, and sees that its
// figures stop saying so.
func TestForm(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		t.Run(tSize(size), func(t *testing.T) {
			host, dir := ownWorkspace(t)
			term := openHost(t, host, dir, size[0], size[1])
			term.wait("Kampot")
			term.wait("metadata incomplete")
			term.play("7")
			term.wait("1/7")
			term.play("m")
			term.wait("Metadata of cases@1: 1 of 7")
			golden(t, "form-empty-"+tSize(size), term.text())
			write := func(text string) {
				t.Helper()
				term.press("enter")
				term.send(text)
				term.wait("_")
				term.quiet()
				term.send("\r")
				term.wait("saved")
				term.quiet()
			}
			write("Cases of the police")
			term.wait("2 of 7")
			term.press("down")
			write("National Police")
			term.wait("3 of 7")
			term.press("down")
			term.press("enter")
			term.send("persons whom an officer of the anti-trafficking department identified after an interview")
			term.wait("interview_")
			term.quiet()
			golden(t, "form-text-"+tSize(size), term.text())
			term.send("\r")
			term.wait("4 of 7")
			term.play("down")
			write("all 25 provinces")
			term.wait("5 of 7")
			term.play("down", "enter", "right", "right")
			term.wait("< none >")
			term.press("right")
			golden(t, "form-choice-"+tSize(size), term.text())
			term.press("enter")
			term.wait("6 of 7")
			term.play("down", "enter", "left", "enter")
			term.wait("7 of 7")
			term.press("esc")
			term.wait("7/7")
			term.press("1")
			term.wait("Kampot")
			if strings.Contains(term.text(), "incomplete") {
				t.Error(term.text())
			}
			e, err := (&query.Workspace{Dir: dir}).Open(t.Context(), datasets.Catalogue(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			got := e.Datasets()[0]
			if got.Title != "Cases of the police" || got.Producer != "National Police" || !strings.HasSuffix(got.Definition, "after an interview") ||
				got.CoveragePlace != "all 25 provinces" || got.Dedup != models.DedupWithin || got.Sensitivity != "restricted" || got.Version != 1 {
				t.Errorf("%+v", got)
			}
		})
	}
}

func tSize(s [2]int) string { return map[int]string{80: "80x24", 60: "60x16"}[s[0]] }

// TestFormLeaves: esc keeps what was there, nothing typed takes a statement
// back, and a value that cannot be stored is said to be so.
func TestFormLeaves(t *testing.T) {
	t.Parallel()
	host, dir := ownWorkspace(t)
	ws := &query.Workspace{Dir: dir}
	said := func(key string) string {
		t.Helper()
		m, err := ws.Described("cases")
		if err != nil {
			t.Fatal(err)
		}
		return m[key]
	}
	if err := ws.Describe("cases", map[string]string{"title": "Old"}); err != nil {
		t.Fatal(err)
	}
	term := openHost(t, host, dir, 80, 24)
	term.wait("Kampot")
	term.play("7", "m")
	term.wait("2 of 7")
	term.play("enter", "x")
	term.wait("Oldx_")
	term.press("esc")
	term.wait("Title                Old")
	if said("title") != "Old" {
		t.Error("esc saved")
	}
	term.play("enter", "\x15", "enter")
	term.wait("1 of 7")
	if said("title") != "" {
		t.Error("the statement still stands")
	}
	term.play("end", "enter")
	term.wait("What may be done with it")
	term.send("\x1b[200~" + strings.Repeat("many words ", 175) + "\x1b[201~")
	for range 3 {
		term.send(strings.Repeat("many words ", 4))
	}
	term.wait("at most 2000 bytes")
	term.wait("_")
	term.press("enter")
	term.wait("saved")
	if n := len(said("licence")); n < 1900 || n > 2000 {
		t.Errorf("%d bytes were saved", n)
	}
	if err := os.WriteFile(ws.MetaPath("cases"), []byte("title: [\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	term.play("home", "enter", "y", "enter")
	term.wait("not saved: ")
	term.wait("y_") // nothing typed is lost
}

// TestFormOfBuiltin: what comes with the program can be read, not changed.
func TestFormOfBuiltin(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("7", "m", "enter")
	term.wait("cannot be changed")
	term.press("esc")
	term.press("enter") // the report
	term.wait("Offers")
	term.press("m")
	term.wait("Metadata of training@1: 7 of 7")
}

// TestOffersOfPublishedFigures: what a dataset of many sources offers, by year
// and breakdown.
func TestOffersOfPublishedFigures(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("w", "p", "u", "b", "enter")
	term.wait("INTERNAL - exact")
	term.quiet()
	term.play("7", "enter")
	term.wait("Offers")
	term.play("pgdown")
	golden(t, "published-report", term.text())
	if slices.ContainsFunc(term.screen(), func(l string) bool { return len(l) > 80 }) {
		t.Error("a line is too wide")
	}
}
