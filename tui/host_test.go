package tui_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
	"tiplens/tui"
)

// testHost offers the training data and the published figures, built once for
// all tests of the package.
type testHost struct{}

func (testHost) Workspaces() []tui.Workspace {
	return []tui.Workspace{{Name: "Training", Ref: "training"}, {Name: "Published figures", Ref: "published"}}
}

// kept is a store that outlives the screen that closes it.
type kept struct{ *query.Engine }

func (kept) Close() {}

var builtins = map[string]func() (*query.Engine, error){
	"training":  sync.OnceValues(func() (*query.Engine, error) { return build(datasets.TrainingFile(datasets.TrainingSize)) }),
	"published": sync.OnceValues(func() (*query.Engine, error) { return build(datasets.PublishedFile()) }),
}

func build(f *datasets.File) (*query.Engine, error) {
	fit := datasets.FindRecipe(f, datasets.BuiltinRecipes())
	e, err := query.OpenMemory(context.Background(), datasets.Catalogue(), query.Fill{
		Extra: fit.Recipe.Extra(),
		Rows: func(w *query.Writer) (models.Dataset, error) {
			rep, err := f.Load(context.Background(), fit, datasets.Catalogue(), w, nil)
			if err != nil {
				return models.Dataset{}, err
			}
			ds := fit.Recipe.Dataset
			ds.Rows, ds.Taken, ds.File = rep.Read, rep.Taken, f.Name
			return ds, nil
		},
	})
	if err == nil {
		e.Today = func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) }
	}
	return e, err
}

func (testHost) Open(_ context.Context, ref string) (tui.Store, error) {
	open, ok := builtins[ref]
	if !ok {
		return nil, errors.New("there is no such workspace")
	}
	e, err := open()
	return kept{e}, err
}

func (testHost) Stamp(string) string   { return "" }
func (testHost) Exposed(string) string { return "" }

func (testHost) Folder(string) (tui.Folder, string, error) {
	return tui.Folder{}, "", errors.New("no files here")
}

func (testHost) Draft(context.Context, string, string, []models.DraftChange) (*models.Draft, error) {
	return nil, errors.New("no files here")
}

func (testHost) Load(context.Context, string, tui.LoadOrder, func(tui.Progress)) (tui.Loaded, error) {
	return tui.Loaded{}, errors.New("no files here")
}

func (testHost) SaveRecipe(string, string, string) error { return errors.New("no files here") }

func (testHost) Back(string, string) (int, error) { return 0, errors.New("there is one version") }

func (testHost) Describe(string, string, string, string) error {
	return errors.New("no statements here")
}

// Nothing is remembered here; memoryHost in memory_test.go does.
func (testHost) Steps(string) ([]string, time.Time)        { return nil, time.Time{} }
func (testHost) Step(string, string)                       {}
func (testHost) Saved(string) ([]models.SavedSlice, error) { return nil, nil }
func (testHost) Save(string, models.SavedSlice) error      { return errors.New("nothing is saved here") }
func (testHost) Forget(string, string) error               { return errors.New("nothing is saved here") }

func (testHost) Exports(models.Slice) []tui.ExportFormat {
	return []tui.ExportFormat{{Name: "xlsx", About: "Excel"}, {Name: "csv", About: "a line a number"}}
}

func (testHost) ExportFile(_ *models.Answer, format string) (string, error) {
	return "/home/a/TRAINING-answer." + format, nil
}

func (testHost) Export(context.Context, *models.Answer, string, string, func(int, int)) (tui.Exported, error) {
	return tui.Exported{}, errors.New("no files here")
}

// Nothing is collected here; briefingHost in briefing_test.go does.
func (testHost) Briefing(string) (*models.Briefing, error) {
	return &models.Briefing{Title: "Briefing", Date: "2026-11-22"}, nil
}

func (testHost) ChangeBriefing(string, func(*models.Briefing) error) error {
	return errors.New("nothing is collected here")
}

func (testHost) BriefingFormats() []tui.ExportFormat {
	return []tui.ExportFormat{{Name: "html", About: "one page to read, print and send"}, {Name: "xlsx", About: "Excel"}}
}

func (testHost) BriefingFile(_ *models.Briefing, format string, _, _ bool) (string, error) {
	return "/home/a/TRAINING-briefing." + format, nil
}

func (testHost) Latest(context.Context, string, *models.Briefing) (*models.Briefing, []string, error) {
	return nil, nil, errors.New("nothing is collected here")
}

func (testHost) Build(context.Context, string, *models.Briefing, string, string, bool, func(int, int)) (tui.Exported, error) {
	return tui.Exported{}, errors.New("no files here")
}

func (testHost) PageFile(_ tui.Page, format string) (string, error) {
	return "/home/a/TRAINING-page." + format, nil
}

func (testHost) ExportPage(context.Context, tui.Page, string, string) (tui.Exported, error) {
	return tui.Exported{}, errors.New("no files here")
}

func (testHost) Text(a *models.Answer) string {
	var b strings.Builder
	_ = datasets.WriteAnswer(&b, a, "text")
	return b.String()
}

func (testHost) Explain(cat *models.Catalog, id string) []models.Explanation {
	return append(cat.Explain(id), query.ExplainRule(id)...)
}

func (testHost) Rules() []string { return query.RuleIDs() }

// engine gives a store to compare the screen with.
func engine(t testing.TB, ref string) *query.Engine {
	t.Helper()
	e, err := builtins[ref]()
	if err != nil {
		t.Fatal(err)
	}
	return e
}
