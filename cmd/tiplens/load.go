package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// job is what a load is asked to do; it travels to the child process as JSON.
type job struct {
	File      string
	Workspace string
	ID        string
	Recipe    string // name of a recipe, or a YAML file
	Map       string // column mapping of the generic path
	Wide      string // columns that become rows
	Only      []string
	Indicator string
	Agency    string
	Title     string
	Meta      string   // YAML file that says what the dataset is, instead of the one beside the file
	Hash      string   // column by which people or cases are told apart, stored as a keyed hash
	Append    string   // dataset of which the file corrects rows that were held back
	Names     []string // decisions on names, DIMENSION:TEXT=CODE
	Accept    bool     // take every proposal for a name
	Unsure    string   // what becomes of names that nobody has decided
	Options   datasets.Options
	Wait      bool
	Again     bool // even if the file is what is current already

	Draft   bool                 // only look, and answer with a draft
	Changes []models.DraftChange // what a person says about the file
	Text    string               // a recipe as YAML, made for this file
}

// news is one line that a loading child tells its parent.
type news struct {
	Done, Total int64           `json:",omitempty"` // bytes of the file
	Say         string          `json:",omitempty"`
	Finding     *models.Finding `json:",omitempty"`
	Result      *loaded         `json:",omitempty"`
	Draft       *models.Draft   `json:",omitempty"`
	Error       string          `json:",omitempty"`
	Code        int             `json:",omitempty"`
}

// loaded is what came of a load.
type loaded struct {
	Dataset models.Dataset
	Recipe  string
	Same    bool // nothing was loaded, for this is the file that is current already
}

func (a *app) load() *cobra.Command {
	var j job
	var said answers
	cmd := &cobra.Command{
		Use:   "load FILE",
		Short: "Load a file into the workspace as a new version of a dataset",
		Long: `Load reads a CSV (also .gz), Excel (.xlsx) or Parquet file into the workspace. A
recipe is chosen by looking at the file: built in are the layouts of CTDC (k-
anonymised; victims and perpetrators, synthetic), UNODC GLOTIP, HTCDS, the TIP
Report's tiers and flows, UNHCR refugees, UN DESA migrant stock, WorldPop
migration, two Cambodian census tables, the published-figures list and tiplens'
own training files.
Recipes of your own are YAML files in the workspace's recipes folder.

tiplens draft FILE shows how a file would be read, and why. Each answer can be
changed with --set, --column, --missing and --code, also of a file that a
recipe knows, and --save-recipe keeps the answers for the next file like it:

  tiplens load cases.csv --set indicator=vic_identified --column Town=place \
    --code "Town=P. Penh=KH-12" --missing Age=-99 --save-recipe police

` + quotedColumns + `

A file that no recipe knows can also be loaded by naming its columns:

  tiplens load cases.csv --indicator vic_identified --agency KH.NP \
    --map place=Province,nationality=Nationality,year=Year,sex=Sex

With value=COLUMN the rows are published figures; without, each row is a
person or a case. What the file does not say can be stated: --map year=2016.
--only 'Statistics=Actual incidents' takes these rows of a file of several.

A table with a column a year, a month, a sex or a province is wide: each cell
is a figure. --wide says what the headers are; which columns they are is found
out, or named:

  tiplens load t.xlsx --indicator vic_identified --map place=Province --wide year
  tiplens load t.xlsx --indicator vic_identified --map place=Province,year=Year \
    --wide sex=Male..Total             # from one column to the other; or sex=Men,Women
  tiplens load t.xlsx --indicator vic_identified --map place=Province \
    --wide 'year / sex'                # headers such as "2024 / Male"

Dates are read as offices write them: 2024-05-03, 2024/5/3, 3-May-24, May 3, 2024,
in Khmer too, with or without a time; May 2024 and 05/2024 are a month. In
03/05/2024 the day or the month may come first. The file shows it, by a value
such as 25/12/2024, for each column apart; where it does not, it is asked for:

  tiplens load cases.csv --set dates=dmy             # or mdy: the month first
  tiplens load cases.csv --set 'dates:Date found=mdy'     # of one column

In a recipe it stands with the field: date: {from: Date found, dates: mdy}. Years
of two digits end with next year. A date that no calendar has, that shows
another order than its column, or whose year is of the Buddhist calendar, holds
its row back.

A column or row called Total is kept as the total it is, and never added to its
parts. An empty cell is no figure. month=COLUMN or --wide month goes with a year.

What a dataset is stands in FILE.meta.yaml beside the file (or in the one that
--meta names), and goes before what the recipe says:

  title: Identified victims, national police, 2024
  producer: Cambodian National Police
  definition: persons whom an officer of the anti-trafficking department identified
  coverage_place: all 25 provinces
  dedup: within_agency     # unknown, none, within_agency, across_agencies
  sensitivity: restricted  # public, partner, restricted

also coverage_people, standard, collected, licence, id, synthetic, origin_from,
protected (how small groups were removed before publication), complete (its
figures hold everyone, so their sums are totals), covers (the period the rows
should lie in, such as 2024; dates outside are told).

Names of places, countries and agencies are known in many spellings. One that
only sounds or looks like a name, and a town given for a province, waits: its
rows are held back until --name or --accept, or "names:" in the recipe, says
what it means. What was decided is kept with the dataset for its next file.

A dataset that lacks one of the first six, or dates in its rows, can be loaded,
and every figure of it says so. Later changes: tiplens workspace describe.`,
		Args: exactArgs(1, "one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := a.ownFolder()
			if err != nil {
				return err
			}
			j.File, j.Workspace = args[0], dir
			if said.any() {
				return a.loadAsSaid(cmd.Context(), j, said)
			}
			return a.runLoad(cmd.Context(), j)
		},
	}
	f := cmd.Flags()
	said.flags(f)
	f.BoolVar(&said.dry, "dry-run", false, "only say how the file would be loaded; see tiplens draft")
	f.StringVar(&said.save, "save-recipe", "", "save what was decided as a recipe of this name, for the next file like it")
	f.StringVar(&j.ID, "id", "", "name of the dataset (default: the recipe's, or the file's name)")
	f.StringVar(&j.Recipe, "recipe", "", "recipe to use: a name, or a YAML file")
	f.StringVar(&j.Map, "map", "", "columns of a file that no recipe knows: FIELD=COLUMN,...")
	f.StringVar(&j.Wide, "wide", "", "columns of figures whose headers say one thing, such as year or year=2010..2019")
	f.StringArrayVar(&j.Only, "only", nil, "with --map: COLUMN=VALUE, take only the rows that say so")
	f.StringVar(&j.Indicator, "indicator", "", "with --map: what the rows count")
	f.StringVar(&j.Agency, "agency", "", "with --map: who produced the file, such as KH.NP")
	f.StringVar(&j.Title, "title", "", "with --map: title of the dataset")
	f.StringVar(&j.Meta, "meta", "", "YAML file that says what the dataset is (default: FILE.meta.yaml beside the file)")
	shapeFlags(cmd, &j.Options.Shape)
	f.StringSliceVar(&j.Options.Keep, "keep", nil, "column to keep as a dimension of its own")
	f.StringVar(&j.Hash, "hash", "", "column that tells people or cases apart; only a keyed hash of it is stored")
	f.StringVar(&j.Append, "append", "", "dataset whose rows held back this file corrects (see tiplens report --held)")
	f.BoolVar(&j.Options.Hold, "hold", false, "set rows of a wrong shape aside and load the others")
	f.StringArrayVar(&j.Names, "name", nil, "what a name in the file means: DIMENSION:TEXT=CODE, or - for not stated")
	f.BoolVar(&j.Accept, "accept", false, "take every name that is proposed for a misspelt one")
	f.StringVar(&j.Unsure, "unsure", "", "names that are not certain: hold (default), other, accept")
	f.BoolVar(&j.Again, "again", false, "make a new version even of a file that is loaded already")
	f.BoolVar(&j.Wait, "wait", true, "wait while another load of the same dataset runs")
	return cmd
}

// runLoad runs a load in a child process and tells how it goes.
func (a *app) runLoad(ctx context.Context, j job) error {
	last := time.Time{}
	res, err := spawnLoad(ctx, j, func(n news) {
		switch {
		case n.Finding != nil:
			fmt.Fprintf(a.errOut, "%s: %s\n", n.Finding.Severity, n.Finding)
		case n.Say != "":
			fmt.Fprintln(a.errOut, n.Say)
		case n.Total > 0 && time.Since(last) > time.Second:
			last = time.Now()
			fmt.Fprintf(a.errOut, "%3d %%  %s of %s MB\n", min(100*n.Done/n.Total, 100), megabytes(n.Done), megabytes(n.Total))
		}
	})
	if err != nil {
		return err
	}
	ds := res.Dataset
	if res.Same {
		fmt.Fprintf(a.errOut, "Nothing to do: this is the same file as %s@%d, read with the same recipe. Add --again to load it all the same.\n", ds.ID, ds.Version)
		return nil
	}
	fmt.Fprintf(a.errOut, "Loaded %s as %s@%d with recipe %s: %s.\n", ds.File, ds.ID, ds.Version, res.Recipe, models.ReportOf(&ds, nil).Sum())
	if ds.Held > 0 {
		fmt.Fprintf(a.errOut, "The rows held back can be exported, corrected and loaded again: tiplens report %s --held --to FILE.csv\n", ds.ID)
	}
	if miss := ds.Missing(); len(miss) > 0 {
		have, of := ds.Completeness()
		fmt.Fprintf(a.errOut, "The dataset has no %s (metadata %d of %d); its figures will say so until it is filled in: tiplens workspace describe %s\n",
			strings.Join(miss, ", no "), have, of, ds.ID)
	}
	return nil
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f", float64(n)/1e6) }

// Limits on what a parent accepts from a child, which a hostile file may have
// taken over.
const (
	maxNewsLine = 4 << 20  // bytes; a longer line is left out
	maxNews     = 64 << 20 // bytes in all
	maxFindings = 1000
)

// spawnLoad runs a job in a child process of this binary. A hostile file may
// kill the child, never the caller. Cancelling the context ends the child.
func spawnLoad(ctx context.Context, j job, tell func(news)) (*loaded, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, loadChildCommand)
	cmd.Env = append(os.Environ(), "GOTRACEBACK=none")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // ^C reaches the parent, which tells the child
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	if err := json.NewEncoder(stdin).Encode(j); err != nil {
		stdin.Close()
		cmd.Wait()
		return nil, err
	}
	done := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
			stdin.Close() // the child sees the pipe close and gives up
			select {
			case <-done:
			case <-time.After(3 * time.Second):
				cmd.Process.Kill()
			}
		case <-done:
		}
	}()
	res, failed := listen(stdout, tell)
	close(done)
	stdin.Close()
	waited := cmd.Wait()
	switch {
	case res != nil && failed == nil: // published, even if somebody gave up meanwhile
	case ctx.Err() != nil:
		return nil, &exit{exitFailure, errors.New("the load was cancelled; the workspace is unchanged")}
	case failed != nil:
		return nil, failed
	case res == nil && j.Draft:
		return nil, &exit{exitFailure, fmt.Errorf("%s: looking at the file ended without a result (%v). Ask the sender for the file again, or save it as CSV", datasets.Clean(filepath.Base(j.File)), waited)}
	case res == nil:
		return nil, &exit{exitFailure, fmt.Errorf("the load ended without a result (%v); the workspace is unchanged", waited)}
	}
	return res, nil
}

// listen reads what a child tells until the pipe closes.
func listen(r io.Reader, tell func(news)) (*loaded, error) {
	lines := bufio.NewReader(io.LimitReader(r, maxNews))
	var res *loaded
	var failed error
	findings := 0
	for {
		line, err := newsLine(lines)
		var n news
		if err != nil || len(line) > 0 && json.Unmarshal(line, &n) != nil {
			_, _ = io.Copy(io.Discard, r)
			return res, failed
		}
		switch {
		case len(line) == 0: // or too long
		case n.Error != "":
			if n.Code < exitFailure || n.Code > exitBusy {
				n.Code = exitFailure
			}
			failed = &exit{n.Code, errors.New(datasets.Clean(n.Error))}
		case n.Draft != nil:
			n.Draft.Clean()
			tell(news{Draft: n.Draft})
		case n.Result != nil:
			res = n.Result
			res.Dataset.Clean()
			res.Recipe = datasets.Clean(res.Recipe)
		case n.Finding != nil:
			if findings++; findings <= maxFindings {
				f := *n.Finding
				f.File, f.Sheet, f.Column = datasets.Clean(f.File), datasets.Clean(f.Sheet), datasets.Clean(f.Column)
				f.What, f.Do = datasets.Clean(f.What), datasets.Clean(f.Do)
				tell(news{Finding: &f})
			}
		default:
			n.Say = datasets.Clean(n.Say)
			tell(n)
		}
	}
}

// newsLine reads a line, and passes over one that is too long: memory must not
// grow by what a child says. The last line need not have an end.
func newsLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for long := false; ; {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxNewsLine; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil && len(line) == 0:
			return nil, err
		default:
			return bytes.TrimSpace(line), nil
		}
	}
}

const loadChildCommand = "load-child"

// loadChild is the command that the child process runs; it is not for people.
func (a *app) loadChild() *cobra.Command {
	return &cobra.Command{
		Use: loadChildCommand, Hidden: true, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithCancel(cmd.Context())
			defer cancel()
			signal.Ignore(syscall.SIGINT, syscall.SIGPIPE)
			dec := json.NewDecoder(a.in)
			var j job
			if err := dec.Decode(&j); err != nil {
				return usage("%s is run by tiplens itself", loadChildCommand)
			}
			go func() { // the parent is gone, or has changed its mind
				_, _ = io.Copy(io.Discard, io.MultiReader(dec.Buffered(), a.in))
				cancel()
			}()
			enc := json.NewEncoder(a.out)
			if j.Draft {
				d, err := doDraft(ctx, j)
				if err != nil {
					_ = enc.Encode(news{Error: err.Error(), Code: exitCode(err)})
					return &exit{code: exitCode(err)}
				}
				return errors.Join(enc.Encode(news{Draft: d}), enc.Encode(news{Result: &loaded{}}))
			}
			res, err := doLoad(ctx, j, func(n news) { _ = enc.Encode(n) })
			if err != nil {
				_ = enc.Encode(news{Error: err.Error(), Code: exitCode(err)})
				return &exit{code: exitCode(err)}
			}
			return enc.Encode(news{Result: res})
		},
	}
}

// doLoad does the work of a load, in the process that calls it.
func doLoad(ctx context.Context, j job, tell func(news)) (*loaded, error) {
	if j.Append != "" {
		return doAppend(ctx, j, tell)
	}
	file, fit, err := openFor(ctx, &j)
	if err != nil {
		return nil, err
	}
	said := fit.Recipe.Dataset
	meta, err := statedMeta(j, &said)
	if err != nil {
		return nil, err
	}
	id := j.ID
	if id == "" {
		id = said.ID
	}
	if !models.ValidDatasetID(id) {
		return nil, usage("%q cannot name a dataset: use a lower-case letter, then up to 31 letters, digits, _ or -", id)
	}
	if err := checkRoom(j.Workspace, file); err != nil {
		return nil, err
	}
	sum, err := file.SHA256()
	if err != nil {
		return nil, err
	}
	ws, err := query.OpenWorkspace(j.Workspace, true)
	if err != nil {
		return nil, err
	}
	load, err := ws.BeginLoad(ctx, id, fit.Recipe.Extra(), j.Wait, func(who string) {
		tell(news{Say: "Waiting for another load of " + id + ", " + who + "."})
	})
	if err != nil {
		return nil, err
	}
	if fit.Recipe, err = decisions(ctx, load, fit.Recipe, j); err != nil {
		load.Abandon()
		return nil, err
	}
	if ds, ok := sameAgain(ctx, load, fit.Recipe, &said, j, sum); ok {
		load.Abandon()
		return &loaded{Dataset: ds, Recipe: fit.Recipe.Name, Same: true}, nil
	}
	fit.Covers = said.Covers
	rep, err := readInto(ctx, load, file, fit, tell)
	if err != nil {
		return nil, err
	}
	recipe, err := fit.Recipe.DecideAll(rep.Accepted())
	if err != nil {
		load.Abandon()
		return nil, err
	}
	ds := describe(said, fit.Recipe.Name, file, rep)
	ds.SHA256, ds.FileTime, ds.Keep, ds.Hash = sum, file.Written(), j.Options.Keep, j.Hash
	if err := publish(ctx, load, ds, recipe.Text, &rep.Report, tell); err != nil {
		return nil, err
	}
	ds.ID, ds.Version, ds.First, ds.Last = load.ID, load.Version, load.First, load.Last
	if meta != nil && len(meta.Stated()) > 0 {
		tell(news{Say: fmt.Sprintf("%s says its %s.", meta.File, strings.Join(meta.Stated(), ", "))})
	}
	later, err := ws.Described(id)
	if err != nil {
		tell(news{Say: "Warning: " + err.Error()})
	}
	if len(later) > 0 {
		tell(news{Say: fmt.Sprintf("Stated in the workspace, and so kept: %s (tiplens workspace describe %s).", strings.Join(slices.Sorted(maps.Keys(later)), ", "), id)})
	}
	for key, v := range later {
		_ = ds.SetMeta(key, v) // checked when it was read
	}
	return &loaded{Dataset: ds, Recipe: fit.Recipe.Name}, nil
}

// readInto reads the file into a load, and gives the load up where it cannot.
func readInto(ctx context.Context, load *query.Load, file *datasets.File, fit *datasets.Fit, tell func(news)) (*datasets.Report, error) {
	last := time.Now()
	rep, err := file.Load(ctx, fit, datasets.Catalogue(), load, func(done, total int64) {
		if time.Since(last) > 200*time.Millisecond {
			last = time.Now()
			tell(news{Done: done, Total: total})
		}
	})
	if err == nil {
		err = file.Unchanged()
	}
	if err == nil {
		err = rep.Prove()
	}
	if err != nil {
		load.Abandon()
		return nil, err
	}
	return rep, nil
}

// publish looks over what was read, stores it with its report, and tells what
// there is to tell.
func publish(ctx context.Context, load *query.Load, ds models.Dataset, recipe string, rep *models.Report, tell func(news)) error {
	load.Checks = datasets.Catalogue()
	if err := load.Commit(ctx, ds, recipe, rep.Findings); err != nil {
		return err
	}
	for _, f := range slices.Concat(rep.Findings, load.Found) {
		tell(news{Finding: &f})
	}
	return nil
}

// decisions adds to a recipe what a person has said of names: for the version
// before, if it was read by the same recipe, then on the command line.
func decisions(ctx context.Context, load *query.Load, r *datasets.Recipe, j job) (*datasets.Recipe, error) {
	cat := datasets.Catalogue()
	named := map[string]map[string]string{}
	put := func(dim, text, code string) {
		if named[dim] == nil {
			named[dim] = map[string]string{}
		}
		named[dim][text] = code
	}
	if before, text, ok := load.Before(ctx); ok && before.Recipe == r.Name {
		for dim, texts := range datasets.NamesIn(text, cat) {
			for t, code := range texts {
				if _, said := r.Decided(dim, t); !said {
					put(dim, t, code)
				}
			}
		}
	}
	for _, s := range j.Names {
		dim, text, code, err := datasets.ParseName(s, cat)
		if err != nil {
			return nil, usage("--name: %s", err)
		}
		put(dim, text, code)
	}
	out, err := r.DecideAll(named)
	if err != nil {
		return nil, usage("%s", err)
	}
	switch {
	case j.Unsure != "" && !slices.Contains(datasets.Unsures, j.Unsure):
		return nil, usage("--unsure is one of %s, not %q", strings.Join(datasets.Unsures, ", "), j.Unsure)
	case j.Accept && j.Unsure != "" && j.Unsure != datasets.Accept:
		return nil, usage("--accept takes what is proposed, and --unsure %s does not; name one of them", j.Unsure)
	case j.Accept:
		return out.Treat(datasets.Accept)
	case j.Unsure != "":
		return out.Treat(j.Unsure)
	}
	return out, nil
}

// statedMeta lays what a person states about the file over what its recipe
// says: the file named, or the one beside the source, then the flags.
func statedMeta(j job, ds *models.Dataset) (*datasets.Meta, error) {
	read := func() (*datasets.Meta, error) { return datasets.MetaBeside(j.File, datasets.Catalogue()) }
	if j.Meta != "" {
		read = func() (*datasets.Meta, error) { return datasets.ReadMeta(j.Meta, datasets.Catalogue()) }
	}
	m, err := read()
	if err != nil {
		return nil, err
	}
	if m != nil {
		if err := m.Apply(ds); err != nil {
			return nil, err
		}
		if m.ID != "" {
			ds.ID = m.ID
		}
	}
	if j.Title != "" {
		ds.Title = datasets.Clean(j.Title)
	}
	return m, nil
}

// sameAgain reports whether a load would only repeat the current version: the
// same file, read by the same recipe into the same dimensions, with the same
// said about it. A person who says how the file is to be read wants it read.
func sameAgain(ctx context.Context, load *query.Load, r *datasets.Recipe, said *models.Dataset, j job, sum string) (models.Dataset, bool) {
	if j.Again || j.Hash != "" || j.Title != "" || j.Options.Encoding != "" || j.Options.Sheet != "" || j.Options.Hold || j.Accept || j.Unsure != "" {
		return models.Dataset{}, false
	}
	ds, recipe, ok := load.Before(ctx)
	ok = ok && ds.Synthetic == said.Synthetic && ds.Complete == said.Complete && ds.OriginFrom == said.OriginFrom && ds.Protected == said.Protected && ds.Covers == said.Covers
	for _, f := range models.MetaFields {
		ok = ok && f.Of(&ds) == f.Of(said)
	}
	return ds, ok && ds.SHA256 == sum && recipe == r.Text && slices.Equal(ds.Extra, r.Extra())
}

// openFor opens the file of a job with the recipe for it: the one that was
// made for it, the one named, the one of --map, or one that fits what the file
// looks like.
func openFor(ctx context.Context, j *job) (*datasets.File, *datasets.Fit, error) {
	recipes := append(savedRecipes(j.Workspace), datasets.BuiltinRecipes()...)
	switch {
	case j.Text != "":
		r, err := datasets.ParseRecipe([]byte(j.Text), datasets.Catalogue())
		if err != nil {
			return nil, nil, err
		}
		recipes = []*datasets.Recipe{r}
	case j.Map != "" || j.Wide != "":
		recipes = nil
	case j.Recipe != "":
		r, err := namedRecipe(j.Recipe, recipes)
		if err != nil {
			return nil, nil, err
		}
		recipes = []*datasets.Recipe{r}
	}
	opts := j.Options
	file, _, err := datasets.OpenFor(ctx, j.File, opts, query.Parquet{}, recipes)
	if err != nil {
		return nil, nil, err
	}
	if j.Map != "" || j.Wide != "" {
		fit, err := datasets.Generic(file, datasets.GenericOptions{
			Map: j.Map, Wide: j.Wide, Only: j.Only, Indicator: j.Indicator, Agency: j.Agency, Title: j.Title, Keep: opts.Keep, Sheet: opts.Sheet,
		}, datasets.Catalogue())
		if err != nil {
			return nil, nil, err
		}
		fit, err = fit.Hash(j.Hash)
		return file, fit, err
	}
	fit, near, absent := datasets.FitFile(file, recipes)
	switch {
	case fit == nil && near != "":
		return nil, nil, nearlyFits(file.Name, near, absent)
	case fit == nil:
		return nil, nil, datasets.NoRecipe(file, recipes, j.Recipe != "")
	}
	if fit, err = fit.Keep(opts.Keep); err != nil {
		return nil, nil, err
	}
	fit, err = fit.Hash(j.Hash)
	return file, fit, err
}

// nearlyFits is the error for a file that lacks columns its recipe reads: a
// person must say what that means.
func nearlyFits(file, recipe string, absent []string) error {
	return &models.Finding{Severity: models.Refused, File: file, Column: strings.Join(absent, ", "),
		What: fmt.Sprintf("recipe %s nearly fits, but the file does not have this column", recipe),
		Do:   fmt.Sprintf("Say what stands in its place, --instead %q, or go on without it, --without %q", namedFor(absent[0])+"=COLUMN", absent[0])}
}

func namedRecipe(name string, recipes []*datasets.Recipe) (*datasets.Recipe, error) {
	if ext := filepath.Ext(name); ext == ".yaml" || ext == ".yml" {
		r, err := datasets.ReadRecipe(name, datasets.Catalogue())
		if err != nil {
			return nil, usage("%s: %s", datasets.Clean(filepath.Base(name)), datasets.Clean(err.Error()))
		}
		return r, nil
	}
	var names []string
	for _, r := range recipes {
		if r.Name == name {
			return r, nil
		}
		names = append(names, r.Name)
	}
	return nil, usage("there is no recipe %q; there are %s", name, strings.Join(names, ", "))
}

// savedRecipes reads the recipes of a workspace; one that cannot be read is
// left out, and named when it is asked for.
func savedRecipes(dir string) []*datasets.Recipe {
	files, _ := filepath.Glob(filepath.Join(dir, "recipes", "*.yaml"))
	var out []*datasets.Recipe
	for _, f := range files {
		if r, err := datasets.ReadRecipe(f, datasets.Catalogue()); err == nil {
			out = append(out, r)
		}
	}
	return out
}
