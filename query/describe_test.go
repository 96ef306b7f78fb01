package query

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"tiplens/models"
)

// describedWorkspace holds one dataset, p, that says only its title.
func describedWorkspace(t *testing.T) *Workspace {
	t.Helper()
	ws := wsNew(t)
	l, err := ws.BeginLoad(t.Context(), "p", []string{"x_shelter"}, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := wsWrite(l.Writer, []string{"x_shelter"}, true, wsFrozenRows()); err != nil {
		t.Fatal(err)
	}
	if err := l.Commit(t.Context(), models.Dataset{Title: "Persons"}, "", []models.Finding{{Severity: models.Note, What: "of the load"}}); err != nil {
		t.Fatal(err)
	}
	if l.First == 0 || l.First == models.NoDate || l.Last < l.First {
		t.Errorf("the load says %s to %s", l.First, l.Last)
	}
	return ws
}

var everything = map[string]string{"producer": "Police", "definition": "identified", "coverage_place": "Cambodia", "dedup": "none", "sensitivity": "restricted"}

func footnotes(t *testing.T, e *Engine, slice string) []string {
	t.Helper()
	s, err := models.ParseSlice(slice, e.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	ans, err := e.Ask(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range ans.Footnotes {
		out = append(out, r.Text)
	}
	for _, s := range ans.Sources {
		out = append(out, "missing: "+s.Missing)
	}
	return out
}

// Every answer of a dataset that does not say what it is says so, once, until
// it is described; the version stays what it was.
func TestIncompleteDatasetSaysSo(t *testing.T) {
	ws := describedWorkspace(t)
	before, err := os.ReadFile(ws.VersionPath("p", 1))
	if err != nil {
		t.Fatal(err)
	}
	const says = "Dataset p has no producer, no victim definition, no coverage, no de-duplication state, no sensitivity: " +
		"fill in with m on the Data view, or tiplens workspace describe p."
	for _, slice := range []string{"vic_identified", "vic_identified by sex across year", "vic_identified ; sus_arrested", "vic_identified / sus_arrested",
		"share sex=F of vic_identified", "vic_identified flow origin to destination", "vic_identified by year change from previous", "sus_convicted across year"} {
		e := wsOpen(t, ws)
		if got := footnotes(t, e, slice); len(slices.DeleteFunc(got, func(s string) bool { return s != says })) != 1 {
			t.Errorf("%s says %q", slice, footnotes(t, e, slice))
		}
	}
	stamp := ws.Stamp()
	if err := ws.Describe("p", everything); err != nil {
		t.Fatal(err)
	}
	if ws.Stamp() == stamp {
		t.Error("other sessions do not notice")
	}
	e := wsOpen(t, ws)
	ds := e.Datasets()[0]
	if miss := ds.Missing(); len(miss) > 0 || ds.Version != 1 || ds.Title != "Persons" || ds.Producer != "Police" {
		t.Errorf("%+v lacks %q", ds, miss)
	}
	if got := footnotes(t, e, "vic_identified"); slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, " has no ") }) || !slices.Contains(got, "missing: ") {
		t.Errorf("it still says %q", got)
	}
	// A value taken back gives the version file's own.
	if err := ws.Describe("p", map[string]string{"title": "New", "dedup": ""}); err != nil {
		t.Fatal(err)
	}
	if err := ws.Describe("p", map[string]string{"title": ""}); err != nil {
		t.Fatal(err)
	}
	ds = wsOpen(t, ws).Datasets()[0]
	if ds.Title != "Persons" || ds.Dedup != "" || ds.Producer != "Police" {
		t.Errorf("%+v", ds)
	}
	after, err := os.ReadFile(ws.VersionPath("p", 1))
	if err != nil || string(after) != string(before) {
		t.Error("the version file changed", err)
	}
}

// What is wrong to state is refused, and nothing is written.
func TestDescribeRefuses(t *testing.T) {
	ws := describedWorkspace(t)
	for _, tt := range []struct {
		id, key, value, says string
	}{
		{"p", "dedup", "maybe", "within_agency"},
		{"p", "titel", "x", "title"},
		{"p", "synthetic", "false", "synthetic"},
		{"p", "title", "a\nb", "cannot be shown"},
		{"q", "title", "x", "no dataset q; it has p"},
		{"../p", "title", "x", "no dataset"},
	} {
		err := ws.Describe(tt.id, map[string]string{"producer": "Police", tt.key: tt.value})
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s %s=%q: %v", tt.id, tt.key, tt.value, err)
		}
	}
	if _, err := os.Stat(ws.MetaPath("p")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("something was written", err)
	}
}

// A file that somebody spoilt is a warning with its place; the data can be
// read, and what is good of the file stands.
func TestDescriptionSpoilt(t *testing.T) {
	ws := describedWorkspace(t)
	for _, tt := range []struct{ name, text, says, producer string }{
		{"no YAML", "title: [", "line 1", ""},
		{"a list", "- title\n", "cannot be read", ""},
		{"unknown key", "producer: Police\ntitel: x\n", "did you mean title?", "Police"},
		{"wrong choice", "dedup: maybe\nproducer: Police\n", "dedup is one of", "Police"},
		{"escapes", "producer: Police\ntitle: \"a\\e[2Jb\"\n", "cannot be shown", "Police"},
		{"nested", "title: {a: b}\n", "cannot be read", ""},
		{"too large", "# " + strings.Repeat("x", maxMeta), "too large", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := os.WriteFile(ws.MetaPath("p"), []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			e := wsOpen(t, ws)
			if len(e.Damaged()) > 0 || len(e.Warnings()) != 1 {
				t.Fatalf("damaged %v, warnings %v", e.Damaged(), e.Warnings())
			}
			wsSentence(t, e.Warnings()[0], "meta.yaml", tt.says, "delete it")
			if ds := e.Datasets()[0]; ds.Title != "Persons" || ds.Producer != tt.producer || ds.Dedup != "" {
				t.Errorf("%+v", ds)
			}
			fs, err := e.Findings(t.Context(), "p")
			if err != nil || len(fs) != 2 || fs[0].Severity != models.Doubt || fs[0].File != "meta.yaml" || fs[0].Do == "" {
				t.Errorf("%+v, %v", fs, err)
			}
			if got := footnotes(t, e, "vic_identified"); !strings.Contains(strings.Join(got, "\n"), "Dataset p: what was stated about it after loading cannot be read in full") {
				t.Errorf("%q", got)
			}
			wsSentence(t, ws.Describe("p", map[string]string{"title": "x"}), "meta.yaml", "delete it")
			if b, err := os.ReadFile(ws.MetaPath("p")); err != nil || string(b) != tt.text {
				t.Error("it was written over")
			}
		})
	}
}

// Two people who state different things at once both find them stated.
func TestDescribeTogether(t *testing.T) {
	ws := describedWorkspace(t)
	var wg sync.WaitGroup
	for key, value := range everything {
		wg.Go(func() {
			if err := ws.Describe("p", map[string]string{key: value}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if said, err := ws.Described("p"); err != nil || len(said) != len(everything) {
		t.Error(said, err)
	}
	if left, _ := filepath.Glob(ws.MetaPath("p") + ".*"); len(left) > 0 {
		t.Error(left)
	}
	info, err := os.Stat(ws.MetaPath("p"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if err := os.Chmod(ws.Dir, 0o770|fs.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	if err := ws.Describe("p", map[string]string{"licence": "none"}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(ws.MetaPath("p")); err != nil || info.Mode().Perm() != 0o660 {
		t.Error("a team's file has mode", info.Mode(), err)
	}
}

// Removing a dataset takes its description along; the next of that name begins
// without one.
func TestDescriptionGoesWithDataset(t *testing.T) {
	ws := describedWorkspace(t)
	if err := ws.Describe("p", everything); err != nil {
		t.Fatal(err)
	}
	if err := ws.Remove("p"); err != nil {
		t.Fatal(err)
	}
	if said, err := ws.Described("p"); err != nil || len(said) != 0 {
		t.Error(said, err)
	}
	if err := ws.Describe("p", everything); err == nil {
		t.Error("a removed dataset was described")
	}
}

// What a dataset offers is told year by year: rows, and what breaks them down.
func TestOffersByYear(t *testing.T) {
	e := wsOpen(t, describedWorkspace(t))
	offers, err := e.Offers(t.Context(), "p")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(offers, func(o models.Offer) bool { return o.Indicator == "vic_identified" })
	o := offers[i]
	// Rows 2 and 3 are of 2019, 4 and 5 of 2020, 6 and 7 of 2021; one has no date and one spans two years.
	if o.Rows != 8 || o.Years() != "2019-2021" || o.ByYear[2019] != 2 || o.ByYear[2020] != 2 || o.ByYear[2021] != 2 || o.ByYear[0] != 2 {
		t.Errorf("%+v", o)
	}
	i = slices.IndexFunc(offers, func(o models.Offer) bool { return o.Indicator == "sus_convicted" })
	// Nationality and sex are told for 2020 only.
	if got, want := strings.Join(offers[i].Breakdowns(), ", "), "nationality 2020, sex 2020"; got != want || offers[i].AllYears() != "2020-2021" {
		t.Errorf("%s, %s", got, offers[i].AllYears())
	}
}
