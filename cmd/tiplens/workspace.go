package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// Names of the workspaces that come with the program.
const (
	wsTraining  = ":training"
	wsPublished = ":published"
)

// defaultWorkspace is the person's own workspace folder.
func defaultWorkspace() string {
	base := os.Getenv("XDG_DATA_HOME")
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			home = "."
		}
		base = filepath.Join(home, ".local", "share")
	}
	return filepath.Join(base, "tiplens", "default")
}

// ownFolder is the folder that --workspace names, or the default one.
func (a *app) ownFolder() (string, error) {
	switch a.workspace {
	case "":
		return defaultWorkspace(), nil
	case wsTraining, wsPublished:
		return "", usage("%s comes with the program and takes no files; name a folder with --workspace", a.workspace)
	}
	return a.workspace, nil
}

// ownWorkspace opens that folder, which must be a workspace already.
func (a *app) ownWorkspace() (*query.Workspace, error) {
	dir, err := a.ownFolder()
	if err != nil {
		return nil, err
	}
	return query.OpenWorkspace(dir, false)
}

// ref is the workspace that the command names: a folder, a built-in one, or
// without a name the person's own if it exists and else the training data.
func (a *app) ref() string {
	if a.workspace != "" {
		return a.workspace
	}
	if _, err := os.Stat(filepath.Join(defaultWorkspace(), "manifest.json")); err != nil {
		return wsTraining
	}
	return defaultWorkspace()
}

// engine opens that workspace.
func (a *app) engine(ctx context.Context, pins []models.Version) (*query.Engine, error) {
	name := a.ref()
	if a.workspace == "" && name == wsTraining {
		fmt.Fprintln(a.errOut, "No workspace yet: this is the training data. Load a file to make one, or use --workspace :published.")
	}
	if name == wsTraining || name == wsPublished {
		return openBuiltin(ctx, name)
	}
	ws, err := query.OpenWorkspace(name, false)
	if err != nil {
		return nil, err
	}
	if fix := ws.Exposed(); fix != "" {
		fmt.Fprintf(a.errOut, "Warning: others on this machine can read this workspace. Type: %s\n", fix)
	}
	e, err := ws.Open(ctx, datasets.Catalogue(), pins)
	if err != nil {
		return nil, err
	}
	for _, bad := range e.Damaged() {
		fmt.Fprintln(a.errOut, "Warning: "+bad.Error())
	}
	for _, w := range e.Warnings() {
		fmt.Fprintln(a.errOut, "Warning: "+w.Error())
	}
	return e, nil
}

// openBuiltin builds the training data or the published figures in memory.
func openBuiltin(ctx context.Context, name string) (*query.Engine, error) {
	file, recipe := datasets.PublishedFile(), "published-figures"
	if name == wsTraining {
		file, recipe = datasets.TrainingFile(datasets.TrainingSize), "training"
	}
	fit := datasets.FindRecipe(file, []*datasets.Recipe{datasets.BuiltinRecipe(recipe)})
	return query.OpenMemory(ctx, datasets.Catalogue(), query.Fill{
		Extra: fit.Recipe.Extra(),
		Rows: func(w *query.Writer) (models.Dataset, error) {
			rep, err := file.Load(ctx, fit, datasets.Catalogue(), w, nil)
			if err != nil {
				return models.Dataset{}, err
			}
			return describe(fit.Recipe.Dataset, fit.Recipe.Name, file, rep), nil
		},
	})
}

// describe joins what is said of a dataset with what a load found.
func describe(ds models.Dataset, recipe string, f *datasets.File, rep *datasets.Report) models.Dataset {
	ds.Recipe, ds.File = recipe, f.Name
	ds.Rows, ds.Taken, ds.Held, ds.Skipped = rep.Read, rep.Taken, rep.Held, rep.Skipped
	return ds
}
