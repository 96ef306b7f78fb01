package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// answers are what a person says on the command line about a file.
type answers struct {
	set, column, missing, code, without, instead []string
	dry                                          bool
	save                                         string
}

func (s *answers) any() bool {
	return len(s.set)+len(s.column)+len(s.missing)+len(s.code)+len(s.without)+len(s.instead) > 0 || s.dry || s.save != ""
}

// flags adds the flags by which a file's draft is changed.
func (s *answers) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&s.set, "set", nil, "KEY=VALUE: header=3, sheet=Cases, recipe=none, indicator=vic_identified, agency=KH.NP, year=2024, dates=dmy, id=cases, guess=no ...")
	f.StringArrayVar(&s.column, "column", nil, "COLUMN=FIELD: what a column is read as; COLUMN= leaves it out, COLUMN=keep keeps it as a dimension")
	f.StringArrayVar(&s.missing, "missing", nil, "COLUMN=TEXT: this text states nothing in this column")
	f.StringArrayVar(&s.code, "code", nil, "COLUMN=TEXT=CODE: the code of a text; - as the code leaves it as not stated")
	f.StringArrayVar(&s.without, "without", nil, "COLUMN: go on without a column that the recipe reads and the file lacks")
	f.StringArrayVar(&s.instead, "instead", nil, "COLUMN=OTHER: this column of the file stands in the place of one that it lacks")
}

// changes gives the answers in the form of a draft's changes.
func (s *answers) changes(j job) ([]models.DraftChange, error) {
	var out []models.DraftChange
	add := func(key string, pairs []string, form string) error {
		for _, p := range pairs {
			name, value, ok := nameAnd(p, key == "column") // no field has = in its name
			if !ok || name == "" {
				return usage("--%s %q is no %s", key, p, form)
			}
			switch key {
			case "set":
				out = append(out, models.DraftChange{Key: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
			case "column":
				out = append(out, models.DraftChange{Key: models.ChangeField, Column: name, Value: value})
			case "instead":
				out = append(out, models.DraftChange{Key: models.ChangeInstead, Column: name, Value: value})
			case "missing":
				out = append(out, models.DraftChange{Key: models.ChangeMissing, Column: name, Text: value})
			case "code":
				i := strings.LastIndexByte(value, '=')
				if i < 0 {
					return usage("--%s %q is no %s", key, p, form)
				}
				out = append(out, models.DraftChange{Key: models.ChangeCode, Column: name, Text: value[:i], Value: value[i+1:]})
			}
		}
		return nil
	}
	for _, c := range s.without {
		out = append(out, models.DraftChange{Key: models.ChangeWithout, Column: c})
	}
	err := errors.Join(add("instead", s.instead, "COLUMN=OTHER"), add("set", s.set, "KEY=VALUE"))
	for key, v := range map[string]string{"encoding": j.Options.Encoding, "sheet": j.Options.Sheet, "recipe": j.Recipe, "id": j.ID, "title": j.Title, "indicator": j.Indicator, "agency": j.Agency} {
		if v != "" {
			out = append(out, models.DraftChange{Key: key, Value: v})
		}
	}
	if j.Accept && j.Unsure == "" {
		j.Unsure = datasets.Accept
	}
	if j.Unsure != "" {
		out = append(out, models.DraftChange{Key: models.ChangeUnsure, Value: j.Unsure})
	}
	if j.Wide != "" {
		out = append(out, models.DraftChange{Key: models.ChangeWide, Value: j.Wide})
	}
	for _, n := range j.Names {
		out = append(out, models.DraftChange{Key: models.ChangeName, Value: n})
	}
	if j.Options.Hold {
		out = append(out, models.DraftChange{Key: models.ChangeHold, Value: "yes"})
	}
	if j.Map != "" { // the columns named, and no others
		out = append(out, models.DraftChange{Key: models.ChangeGuess, Value: "no"}, models.DraftChange{Key: models.ChangeRecipe, Value: models.NoRecipe})
		for _, p := range strings.Split(j.Map, ",") {
			field, column, ok := strings.Cut(p, "=")
			if !ok {
				return nil, usage("%q is no FIELD=COLUMN", p)
			}
			out = append(out, models.DraftChange{Key: models.ChangeField, Column: strings.TrimSpace(column), Value: strings.TrimSpace(field)})
		}
	}
	for _, k := range j.Options.Keep {
		out = append(out, models.DraftChange{Key: models.ChangeField, Column: k, Value: models.KeptColumn})
	}
	return out, errors.Join(err, add("column", s.column, "COLUMN=FIELD"), add("missing", s.missing, "COLUMN=TEXT"), add("code", s.code, "COLUMN=TEXT=CODE"))
}

// nameAnd parts NAME=VALUE at its first or last =. A name that has = in it can
// stand in double quotes, a quote of its own written twice.
func nameAnd(text string, last bool) (name, value string, ok bool) {
	if quoted, isQuoted := strings.CutPrefix(text, `"`); isQuoted {
		for i := 0; i < len(quoted); i++ {
			switch {
			case quoted[i] != '"':
			case strings.HasPrefix(quoted[i:], `""`):
				i++
			case strings.HasPrefix(quoted[i:], `"=`):
				return strings.ReplaceAll(quoted[:i], `""`, `"`), quoted[i+2:], true
			}
		}
	}
	i := strings.IndexByte(text, '=')
	if last {
		i = strings.LastIndexByte(text, '=')
	}
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+1:], true
}

// namedFor is a column's name as nameAnd reads it.
func namedFor(column string) string {
	if strings.Contains(column, "=") || strings.HasPrefix(column, `"`) {
		return `"` + strings.ReplaceAll(column, `"`, `""`) + `"`
	}
	return column
}

const quotedColumns = `A column that has = in its name stands in double quotes within single ones:
--missing '"Sex (1=M)"=9', --code '"Sex (1=M)"=1=M'.`

func (a *app) draft() *cobra.Command {
	var said answers
	var j job
	cmd := &cobra.Command{
		Use:   "draft FILE",
		Short: "Show how a file would be loaded: what was decided, its columns, a preview, findings",
		Long: `Draft looks at a file and loads nothing. It prints what was decided about it and
why, what each column would be read as, the values that want a decision, the
first rows as they would become, and what there is to tell. Every answer can
be changed with the flags below; tiplens load takes the same.

` + quotedColumns,
		Args: exactArgs(1, "one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := a.ownFolder()
			if err != nil {
				return err
			}
			j.File, j.Workspace = args[0], dir
			said.dry = true
			return a.loadAsSaid(cmd.Context(), j, said)
		},
	}
	said.flags(cmd.Flags())
	return cmd
}

// loadAsSaid drafts a file with the answers given, and loads it unless it is
// only to be looked at or something still blocks it.
func (a *app) loadAsSaid(ctx context.Context, j job, said answers) error {
	changes, err := said.changes(j)
	if err != nil {
		return err
	}
	if said.save != "" && !models.ValidDatasetID(said.save) {
		return usage("%q cannot name a recipe: use a lower-case letter, then up to 31 letters, digits, _ or -", said.save)
	}
	d, err := spawnDraft(ctx, j.Workspace, j.File, changes)
	if err != nil {
		return err
	}
	if said.dry {
		if err := writeDraft(a.out, d); err != nil {
			return err
		}
		if d.Blocks != "" && said.save == "" {
			return nil
		}
	}
	if d.Blocks != "" {
		return usage("%s: %s. tiplens draft shows the file, and --help the flags that answer", d.File, d.Blocks)
	}
	if said.save != "" {
		if d.RecipeText, err = named(d.RecipeText, said.save); err != nil {
			return err
		}
	}
	if !said.dry {
		if err := a.runLoad(ctx, jobOf(j, d, changes)); err != nil {
			return err
		}
	}
	if said.save == "" {
		return nil
	}
	if err := saveRecipe(j.Workspace, said.save, d.RecipeText); err != nil {
		return err
	}
	fmt.Fprintf(a.errOut, "Saved as recipe %s: the next file like this loads without a question.\n", said.save)
	return nil
}

// jobOf is the job that loads a file as its draft says.
func jobOf(j job, d *models.Draft, changes []models.DraftChange) job {
	opts, _ := datasets.OptionsOf(changes) // the draft was made with them
	return job{File: j.File, Workspace: j.Workspace, ID: d.Dataset, Options: opts, Meta: j.Meta, Wait: j.Wait, Again: j.Again, Text: d.RecipeText}
}

// spawnDraft drafts a file in a child process: a hostile file may kill the
// child, never the caller.
func spawnDraft(ctx context.Context, workspace, file string, changes []models.DraftChange) (*models.Draft, error) {
	var d *models.Draft
	_, err := spawnLoad(ctx, job{File: file, Workspace: workspace, Draft: true, Changes: changes}, func(n news) {
		if n.Draft != nil {
			d = n.Draft
		}
	})
	if err == nil && d == nil {
		err = &exit{exitFailure, errors.New("the file was looked at, and nothing came of it")}
	}
	return d, err
}

// doDraft does the work of a draft, in the process that calls it.
func doDraft(ctx context.Context, j job) (*models.Draft, error) {
	recipes := append(savedRecipes(j.Workspace), datasets.BuiltinRecipes()...)
	d, err := datasets.NewDraft(ctx, j.File, j.Changes, recipes, query.Parquet{})
	if err != nil {
		return nil, err
	}
	return &d.Draft, nil
}

// named gives a recipe another name.
func named(text, name string) (string, error) {
	r, err := datasets.ParseRecipe([]byte(text), datasets.Catalogue())
	if err != nil || r.Name == name {
		return text, err
	}
	r.Name = name
	return r.YAML()
}

// saveRecipe keeps a recipe in a workspace under a name.
func saveRecipe(dir, name, text string) error {
	if !models.ValidDatasetID(name) {
		return fmt.Errorf("%q cannot name a recipe: use a lower-case letter, then up to 31 letters, digits, _ or -", name)
	}
	for _, r := range datasets.BuiltinRecipes() {
		if r.Name == name {
			return fmt.Errorf("%s is the name of a recipe that comes with the program; choose another", name)
		}
	}
	text, err := named(text, name)
	if err != nil {
		return err
	}
	if _, err := query.OpenWorkspace(dir, true); err != nil {
		return err
	}
	folder := filepath.Join(dir, "recipes")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("the recipe cannot be saved: %w", err)
	}
	part, err := os.CreateTemp(folder, ".new-*")
	if err != nil {
		return fmt.Errorf("the recipe cannot be saved: %w", err)
	}
	defer os.Remove(part.Name())
	_, err = part.WriteString(text)
	if err = errors.Join(err, part.Sync(), part.Close()); err == nil {
		err = os.Rename(part.Name(), filepath.Join(folder, name+".yaml"))
	}
	if err != nil {
		return fmt.Errorf("the recipe cannot be saved: %w", err)
	}
	return nil
}
