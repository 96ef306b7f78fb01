package tui_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
	"tiplens/tui"
	"tiplens/tui/wire"
)

// loadHost loads files into a workspace of its own, in this process.
type loadHost struct {
	ownedBy
	folder string
	slow   chan struct{} // a load waits for it
}

func (h loadHost) Open(ctx context.Context, ref string) (tui.Store, error) {
	ws, err := query.OpenWorkspace(ref, true)
	if err != nil {
		return nil, err
	}
	return ws.Open(ctx, datasets.Catalogue(), nil)
}

func (h loadHost) recipes() []*datasets.Recipe {
	out := datasets.BuiltinRecipes()
	files, _ := filepath.Glob(filepath.Join(h.dir, "recipes", "*.yaml"))
	for _, f := range files {
		if r, err := datasets.ReadRecipe(f, datasets.Catalogue()); err == nil {
			out = append(out, r)
		}
	}
	return out
}

// Folder shows the test's folder as one of a person's home, with times that
// never change.
func (h loadHost) Folder(path string) (tui.Folder, string, error) {
	const shown = "/home/dara/reports"
	path = strings.Replace(path, shown, h.folder, 1)
	switch {
	case path == "":
		path = h.folder
	case path == "/home/dara":
		return tui.Folder{Path: path, Entries: []tui.Entry{{Name: "letters", Dir: true}, {Name: "reports", Dir: true}}}, "", nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return tui.Folder{}, "", errors.New("there is no " + path)
	}
	if !info.IsDir() {
		return tui.Folder{}, path, nil
	}
	f := tui.Folder{Path: shown, Others: 2}
	entries, err := os.ReadDir(path)
	for i, e := range entries {
		info, _ := e.Info()
		f.Entries = append(f.Entries, tui.Entry{Name: e.Name(), Size: info.Size(), Time: time.Date(2024, 6, 1+i, 0, 0, 0, 0, time.UTC)})
	}
	return f, "", err
}

func (h loadHost) Draft(ctx context.Context, _, file string, changes []models.DraftChange) (*models.Draft, error) {
	d, err := datasets.NewDraft(ctx, file, changes, h.recipes(), query.Parquet{})
	if err != nil {
		return nil, err
	}
	return &d.Draft, nil
}

func (h loadHost) Load(ctx context.Context, ref string, o tui.LoadOrder, tell func(tui.Progress)) (tui.Loaded, error) {
	tell(tui.Progress{Done: 30, Total: 120})
	if h.slow != nil {
		select {
		case <-h.slow:
		case <-ctx.Done():
			return tui.Loaded{}, errors.New("the load was cancelled; the workspace is unchanged")
		}
	}
	opts, err := datasets.OptionsOf(o.Changes)
	if err != nil {
		return tui.Loaded{}, err
	}
	r, err := datasets.ParseRecipe([]byte(o.Draft.RecipeText), datasets.Catalogue())
	if err != nil {
		return tui.Loaded{}, err
	}
	f, _, err := datasets.OpenFor(ctx, o.File, opts, query.Parquet{}, []*datasets.Recipe{r})
	if err != nil {
		return tui.Loaded{}, err
	}
	fit, _, _ := datasets.FitFile(f, []*datasets.Recipe{r})
	ws, err := query.OpenWorkspace(ref, true)
	if err != nil {
		return tui.Loaded{}, err
	}
	l, err := ws.BeginLoad(ctx, o.Draft.Dataset, r.Extra(), true, nil)
	if err != nil {
		return tui.Loaded{}, err
	}
	rep, err := f.Load(ctx, fit, datasets.Catalogue(), l, nil)
	if err != nil {
		return tui.Loaded{}, err
	}
	if err := l.Commit(ctx, models.Dataset{Title: r.Dataset.Title, Rows: rep.Read, Taken: rep.Taken, Held: rep.Held, File: f.Name}, r.Text, rep.Findings); err != nil {
		return tui.Loaded{}, err
	}
	return tui.Loaded{Dataset: o.Draft.Dataset, Version: l.Version, Text: "loaded " + o.Draft.Dataset}, nil
}

func (h loadHost) SaveRecipe(_, name, text string) error {
	dir := filepath.Join(h.dir, "recipes")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name+".yaml"), []byte(text), 0o600)
}

const may = `No,Full name,Province,Sex,Age,Nationality,Date identified,Purpose
1,Sok Dara,Phnom Penh,F,17,Cambodian,2024-05-03,Sexual exploitation
2,Sao Vuthy,P.Penh,M,22,Khmer,2024-05-04,Forced labour; Begging
3,Sim Chan,Kompot,F,-99,Vietnamese,2024-05-09,Sexual exploitation
`

// newLoadHost is an empty workspace beside a folder with files of an agency.
func newLoadHost(t *testing.T, files map[string]string) loadHost {
	t.Helper()
	h := loadHost{ownedBy: ownedBy{dir: filepath.Join(t.TempDir(), "ws")}, folder: t.TempDir()}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(h.folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// TestLoadScreen loads a file that nobody knows, with answers, saves the
// recipe, and loads the next month's file by two keys.
func TestLoadScreen(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		t.Run(tSize(size), func(t *testing.T) {
			h := newLoadHost(t, map[string]string{"cases_2024_05.csv": may, "cases_2024_06.csv": strings.ReplaceAll(may, "2024-05", "2024-06")})
			term := openHost(t, h, h.dir, size[0], size[1])
			picture := func(name string) {
				t.Helper()
				term.quiet()
				golden(t, "load-"+name+"-"+tSize(size), term.text())
			}
			term.wait("No data yet")
			term.press("a")
			term.wait("cases_2024_05.csv")
			picture("browse")
			term.press("enter")
			term.wait("not said what the rows count")
			picture("file")
			term.press("enter") // the decision that blocks
			term.wait("Rows count:")
			term.play("i", "d", "e", "n", "t")
			picture("indicator")
			term.press("enter")
			term.wait("Ready: 3 rows")
			term.press("tab")
			term.wait("[Columns]")
			picture("columns")
			for range 4 {
				if n := term.press("down"); n > wire.MoveP95 {
					t.Errorf("a step of the cursor takes %d bytes", n)
				}
			}
			term.press("tab")
			term.wait("[Values 3]")
			picture("values")
			term.press("space") // nothing is proposed for P.Penh
			term.wait("nothing is proposed for this text")
			term.play("enter", "p", "h", "n", "o", "m", "enter")
			term.wait("[Values 2]")
			term.press("u")
			term.wait("[Values 3]")
			term.press("U")
			term.wait("[Values 2]")
			term.wait(">   Kompot")
			term.press("space") // Kampot is proposed
			term.wait("[Values 1]")
			term.wait(">   -99")
			term.press("-")
			term.wait("[Values]")
			term.press("tab")
			term.wait("In every row Counted: Identified victims")
			picture("preview")
			term.press("tab")
			picture("findings")
			term.press("a")
			term.wait("Save the answers as a recipe")
			picture("save")
			term.press("enter")
			term.wait("saved as recipe cases")
			term.wait("3 rows read = 3 taken + 0 held back + 0 skipped")
			term.press("esc")
			term.play("7", "a")
			term.wait("cases_2024_06.csv")
			term.press("down")
			term.press("enter")
			term.wait("Ready: 3 rows as dataset cases with recipe cases")
			picture("known")
			term.press("enter") // on "Load it"
			term.wait("cases@2")
			if strings.Contains(term.text(), "Save the answers") {
				t.Error("a recipe that is known is to be saved again")
			}
		})
	}
}

// TestLoadScreenOfDates: what may be two days is proposed as a decision that
// blocks the load, and the cursor stands on it.
func TestLoadScreenOfDates(t *testing.T) {
	t.Parallel()
	h := newLoadHost(t, map[string]string{"cases.csv": "Date,Province\n03/05/2024,Kampot\n04/06/2024,Takeo\n"})
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		term := openHost(t, h, h.dir, size[0], size[1])
		term.wait("No data yet")
		term.play("a", "c", "a", "s", "enter")
		term.wait("not said what the rows count")
		term.press("enter")
		term.wait("Rows count:")
		term.play("i", "d", "e", "n", "t", "enter")
		term.wait("Say which comes first")
		term.quiet()
		golden(t, "load-dates-"+tSize(size), term.text())
		term.press("enter")
		term.wait("month first")
		term.play("m", "o", "n", "t", "h", "enter")
		term.wait("Ready: 2 rows")
		term.play("tab", "tab", "tab")
		term.wait("2024-03-05")
	}
}

// TestLoadScreenOfManyRows: of a file that is too long to be looked at row by
// row the screen says how many rows it has, and how many of them its numbers
// are of; of a wide one that the columns of figures are read as values.
func TestLoadScreenOfManyRows(t *testing.T) {
	t.Parallel()
	var long strings.Builder
	long.WriteString("Province,Sex,Year\n")
	for i := range 9000 {
		long.WriteString([]string{"Kampot,F,2024\n", "Takeo,M,2023\n", "Kompot,F,2024\n"}[i%3])
	}
	h := newLoadHost(t, map[string]string{"long.csv": long.String(), "wide.csv": "Province,2023,2024\nKampot,3,5\nTakeo,,7\n"})
	for _, size := range [][2]int{{80, 24}, {60, 16}} {
		term := openHost(t, h, h.dir, size[0], size[1])
		term.wait("No data yet")
		term.play("a", "l", "o", "n", "enter")
		term.wait("not said what the rows count")
		term.play("enter", "i", "d", "e", "n", "t", "enter")
		said := func() string { return strings.Join(strings.Fields(term.text()), " ") }
		term.wait("Ready: all 9,000 rows as dataset long; of the 3,000")
		term.quiet()
		if got := said(); !strings.Contains(got, "of the 3,000 looked at 983 would be held back.") {
			t.Errorf("how many rows would be held back is not said:\n%s", term.text())
		}
		term.play("shift+tab")
		term.wait("[Findings")
		term.quiet()
		if got := said(); !strings.Contains(got, "3,000 of the file's 9,000 rows were looked at = ") || !strings.Contains(got, "numbers below are of the rows looked at") {
			t.Errorf("which rows the numbers are of is not said:\n%s", term.text())
		} else if sum := strings.Index(got, "(983 times)"); sum < 0 || strings.Contains(got[:sum], "row 4,") { // what is said of all rows comes first
			t.Errorf("single rows come before what is said of all:\n%s", term.text())
		}
		term.play("esc", "esc", "esc", "a", "w", "i", "d", "enter")
		term.wait("not said what the rows count")
		term.press("tab")
		term.wait("[Columns]")
		for _, year := range []string{"2023", "2024"} {
			if !slices.ContainsFunc(term.screen(), func(l string) bool {
				f := strings.Fields(strings.TrimLeft(l, "> "))
				return len(f) > 1 && f[0] == year && strings.Contains(f[1], "alue")
			}) {
				t.Errorf("column %s is not said to be read as values:\n%s", year, term.text())
			}
		}
	}
}

// TestLoadScreenRefuses: a file that cannot be read is refused in a sentence,
// an answer that cannot be is not kept, a path can be typed, and a load that
// is cancelled leaves the workspace as it was.
func TestLoadScreenRefuses(t *testing.T) {
	t.Parallel()
	h := newLoadHost(t, map[string]string{"cases.csv": may, "letter.csv": "%PDF-1.4 nothing"})
	h.slow = make(chan struct{})
	term := openHost(t, h, h.dir, 80, 24)
	term.wait("No data yet")
	term.play("a", "l", "e", "t")
	term.wait("letter.csv")
	term.press("enter")
	term.wait("this is a PDF")
	term.press("esc")
	term.play("\x15", "left")
	term.wait("letters/")
	term.press("down")
	term.press("enter") // reports, where we came from
	term.wait("cases.csv")
	term.send("/nowhere/x.csv")
	term.quiet()
	term.press("enter")
	term.wait("there is no /nowhere/x.csv")
	term.press("\x15")
	term.send(h.folder + "/cases.csv")
	term.quiet()
	term.press("enter")
	term.wait("not said what the rows count")
	term.press("a")
	term.wait("It is not said what the rows count")
	term.play("enter", "i", "d", "e", "n", "t", "enter")
	term.wait("Ready: 3 rows")
	term.play("tab", "down", "enter") // a column of names
	term.wait("Full name is:")
	if strings.Contains(term.text(), "Nationality") {
		t.Error("a column that names people can be chosen")
	}
	term.press("esc")
	term.press("esc")
	term.wait("esc again leaves")
	term.press("shift+tab")
	term.wait("[File]")
	term.send("a")
	term.wait("25 %")
	term.wait("30 B of 120 B")
	term.wait("esc cancel: the workspace stays as it was")
	golden(t, "load-running-80x24", term.text())
	term.send("esc")
	term.wait("the load was cancelled; the workspace is unchanged")
	term.press("esc")
	term.wait("No data yet")
}
