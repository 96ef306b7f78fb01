package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
	"tiplens/tui"
)

// screen opens the program on the terminal.
func (a *app) screen(ctx context.Context) error {
	if t := os.Getenv("TERM"); t == "" || t == "dumb" {
		return usage("this terminal (TERM=%s) cannot move its cursor; use tiplens show, or set TERM", t)
	}
	in, isFile := a.in.(*os.File)
	out, ok := a.out.(*os.File)
	if !isFile || !ok || !term.IsTerminal(in.Fd()) || !term.IsTerminal(out.Fd()) {
		return usage("the screen needs a terminal; without one use tiplens show, tiplens datasets or tiplens --help")
	}
	if w, h, err := term.GetSize(out.Fd()); err == nil && (w > tui.MaxWidth || h > tui.MaxHeight) {
		return usage("this terminal says that it has %d x %d cells, and no screen is that large; type stty cols 80 rows 24", w, h)
	}
	h := &host{own: a.workspace, memory: newMemory(stateFolder())}
	defer h.memory.flush()
	look := tui.DetectLook(os.Environ())
	m := tui.New(ctx, h, a.ref(), look)
	m.StartAt(a.first)
	p := tea.NewProgram(m, tea.WithContext(ctx), tea.WithInput(tui.Input(in)), tea.WithOutput(m.Output(out)), tea.WithColorProfile(look.Profile()), tea.WithFilter(tui.Sane))
	_, err := p.Run()
	m.Close()
	if ctx.Err() != nil { // hung up or told to stop
		return nil
	}
	return err
}

// host gives the screen its workspaces.
type host struct {
	own    string
	memory *memory
}

// Workspaces lists the built-in ones, the person's own and the one named on
// the command line.
func (h *host) Workspaces() []tui.Workspace {
	out := []tui.Workspace{{Name: "Training", Ref: wsTraining}, {Name: "Published figures", Ref: wsPublished}}
	if h.own != "" && h.own != wsTraining && h.own != wsPublished && h.own != defaultWorkspace() {
		out = append(out, tui.Workspace{Name: filepath.Base(h.own), Ref: h.own, Own: true})
	}
	return append(out, tui.Workspace{Name: "My data", Ref: defaultWorkspace(), Own: true})
}

// Open opens a workspace. A person's own that does not exist yet is empty.
func (h *host) Open(ctx context.Context, ref string) (tui.Store, error) {
	if ref == wsTraining || ref == wsPublished {
		e, err := openBuiltin(ctx, ref)
		return onScreen(e, err, ref)
	}
	if _, err := os.Stat(ref); os.IsNotExist(err) {
		e, err := query.OpenMemory(ctx, datasets.Catalogue())
		return onScreen(e, err, ref)
	}
	ws, err := query.OpenWorkspace(ref, false)
	if err != nil {
		return nil, err
	}
	e, err := ws.Open(ctx, datasets.Catalogue(), nil)
	return onScreen(e, err, ref)
}

func (h *host) Stamp(ref string) string {
	if strings.HasPrefix(ref, ":") {
		return ""
	}
	return (&query.Workspace{Dir: ref}).Stamp()
}

func (h *host) Exposed(ref string) string {
	if strings.HasPrefix(ref, ":") {
		return ""
	}
	return (&query.Workspace{Dir: ref}).Exposed()
}

// Draft looks at a file in a child process.
func (h *host) Draft(ctx context.Context, ref, file string, changes []models.DraftChange) (*models.Draft, error) {
	return spawnDraft(ctx, ref, file, changes)
}

// Load loads a file in a child process, as its draft says.
func (h *host) Load(ctx context.Context, ref string, o tui.LoadOrder, tell func(tui.Progress)) (tui.Loaded, error) {
	j := jobOf(job{File: o.File, Workspace: ref, Wait: true}, o.Draft, o.Changes)
	res, err := spawnLoad(ctx, j, func(n news) {
		if n.Finding == nil {
			tell(tui.Progress{Done: n.Done, Total: n.Total, Say: n.Say})
		}
	})
	if err != nil {
		return tui.Loaded{}, err
	}
	ds := res.Dataset
	out := tui.Loaded{Dataset: ds.ID, Version: ds.Version, Same: res.Same}
	out.Text = fmt.Sprintf("loaded %s@%d: %s taken, %s held back", ds.ID, ds.Version,
		models.Many(ds.Taken, "rows"), models.FormatNumber(float64(ds.Held)))
	if res.Same {
		out.Text = fmt.Sprintf("nothing new: this file is loaded already as %s@%d", ds.ID, ds.Version)
	}
	return out, nil
}

// SaveRecipe keeps a recipe in a workspace.
func (h *host) SaveRecipe(ref, name, text string) error { return saveRecipe(ref, name, text) }

// Back makes the version before the current one current again.
func (h *host) Back(ref, dataset string) (int, error) {
	if strings.HasPrefix(ref, ":") {
		return 0, fmt.Errorf("what comes with the program has one version")
	}
	return (&query.Workspace{Dir: ref}).Previous(dataset)
}

// Describe states something about a dataset of a workspace.
func (h *host) Describe(ref, dataset, key, value string) error {
	if strings.HasPrefix(ref, ":") {
		return fmt.Errorf("what comes with the program is described already")
	}
	if len(value) > models.MaxMeta { // cleaning would cut it
		return fmt.Errorf("this is longer than %d bytes; shorten it", models.MaxMeta)
	}
	return (&query.Workspace{Dir: ref}).Describe(dataset, map[string]string{key: datasets.Clean(value)})
}

// Text gives an answer as plain text.
func (h *host) Text(a *models.Answer) string {
	var b strings.Builder
	if err := datasets.WriteAnswer(&b, a, "text"); err != nil {
		return err.Error()
	}
	return b.String()
}

// Rules lists the ids of the rule book.
func (h *host) Rules() []string { return query.RuleIDs() }

// Explain looks an id up in the dictionary and the rule book.
func (h *host) Explain(cat *models.Catalog, id string) []models.Explanation {
	return append(cat.Explain(id), query.ExplainRule(id)...)
}
