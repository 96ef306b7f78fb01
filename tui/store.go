package tui

import (
	"context"
	"time"

	"tiplens/models"
)

// Store answers questions about one set of datasets.
type Store interface {
	Ask(ctx context.Context, s models.Slice) (*models.Answer, error)
	// PlaceFlows is one place in a flow, in rows named by their measure.
	PlaceFlows(ctx context.Context, s models.Slice, place string) (*models.Answer, error)
	// Card gathers what must be known of one cell; Behind lists the
	// observations of an answer, at most limit of each source.
	Card(ctx context.Context, a *models.Answer, at models.CellRef) (*models.Card, error)
	Behind(ctx context.Context, s models.Slice, limit int) (*models.Evidence, error)
	// Overview looks at a slice at a glance, with a facet for every dimension.
	Overview(ctx context.Context, s models.Slice) (*models.Overview, error)
	// Sources sets side by side what each source says of an indicator.
	Sources(ctx context.Context, s models.Slice) (*models.Comparison, error)
	Choices(ctx context.Context, s models.Slice, dim string) (*models.Choices, error)
	Datasets() []models.Dataset
	Offers(ctx context.Context, dataset string) ([]models.Offer, error)
	Findings(ctx context.Context, dataset string) ([]models.Finding, error)
	// Changes compares a dataset with its version before; nil without one.
	Changes(ctx context.Context, dataset string) (*models.Changes, error)
	Catalog() *models.Catalog
	Damaged() []error
	Close()
}

// Workspace names one place that holds datasets.
type Workspace struct {
	Name string // what people read
	Ref  string // what the host opens
	Own  bool   // files can be loaded into it
}

// Host opens workspaces and loads files for the screen.
type Host interface {
	Workspaces() []Workspace
	Open(ctx context.Context, ref string) (Store, error)
	Stamp(ref string) string   // changes when somebody loads into the workspace
	Exposed(ref string) string // the command that closes a workspace others can read
	// Folder lists a folder; nothing is the one used last. A path that is no
	// folder is answered with the whole path of the file.
	Folder(path string) (f Folder, file string, err error)
	// Draft says how a file would be loaded with these answers.
	Draft(ctx context.Context, ref, file string, changes []models.DraftChange) (*models.Draft, error)
	Load(ctx context.Context, ref string, o LoadOrder, tell func(Progress)) (Loaded, error)
	SaveRecipe(ref, name, text string) error
	Back(ref, dataset string) (int, error) // the version before is current again
	Text(a *models.Answer) string          // the answer as plain text, to copy
	// Describe states something about a dataset by a key of models.MetaFields;
	// nothing takes a statement back. No version changes.
	Describe(ref, dataset, key, value string) error
	Explain(cat *models.Catalog, id string) []models.Explanation
	Rules() []string // the ids of the rule book
	Memory
	Exporter
	Briefings
}

// Progress is how far a load has come.
type Progress struct {
	Done, Total int64 // bytes of the file
	After       time.Duration
	Say         string
}
