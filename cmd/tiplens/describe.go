package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// describe prints or changes what a dataset says of itself.
func (a *app) describe() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "describe DATASET [KEY=VALUE ...]",
		Short: "Print or state what a dataset is: title, producer, definition, coverage and the like",
		Long: `Describe prints what a dataset says of itself, as YAML that can be put beside
the next file as FILE.meta.yaml, or states it:

  tiplens workspace describe cases
  tiplens workspace describe cases producer='National Police' dedup=within_agency
  tiplens workspace describe cases --from cases.meta.yaml

What is stated here goes before what the file and the recipe say, in every
version of the dataset, and no version changes. KEY= takes a statement back.
The keys:

` + keyHelp(),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("tiplens workspace describe needs a dataset; tiplens datasets lists them")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			values, err := statements(args[1:], file)
			if err != nil {
				return err
			}
			if len(values) > 0 {
				if err := a.state(args[0], values); err != nil {
					return err
				}
			}
			return a.printMeta(cmd.Context(), args[0], len(values) > 0)
		},
	}
	cmd.Flags().StringVar(&file, "from", "", "state what this YAML file says")
	return cmd
}

// keyHelp lists the keys with what belongs into each.
func keyHelp() string {
	var b strings.Builder
	for _, f := range models.MetaFields {
		about := f.About
		if f.Choices != nil {
			about = strings.Join(f.Choices, ", ")
		}
		fmt.Fprintf(&b, "  %-16s %s\n", f.Key, about)
	}
	return strings.TrimRight(b.String(), "\n")
}

// statements reads KEY=VALUE pairs, over what a file says.
func statements(pairs []string, file string) (map[string]string, error) {
	values := map[string]string{}
	if file != "" {
		m, err := datasets.ReadMeta(file, datasets.Catalogue())
		if err != nil {
			return nil, err
		}
		if m.ID != "" || m.Synthetic != nil || m.Complete != nil || m.OriginFrom != "" || m.Protected != "" || m.Covers != "" {
			return nil, usage("%s: id, synthetic, complete, protected, covers and origin_from are decided when a file is loaded; leave them out, or load it with --meta", m.File)
		}
		for _, key := range m.Stated() {
			values[key] = m.Values[key]
		}
		if len(values) == 0 && len(pairs) == 0 {
			return nil, usage("%s states nothing", m.File)
		}
	}
	for _, p := range pairs {
		key, value, ok := strings.Cut(p, "=")
		if !ok {
			return nil, usage("%q is no KEY=VALUE", p)
		}
		if len(value) > models.MaxMeta { // cleaning would cut it
			return nil, usage("%s is longer than %d bytes; shorten it", datasets.Clean(key), models.MaxMeta)
		}
		key, value = datasets.Clean(key), datasets.Clean(value)
		var probe models.Dataset
		if err := probe.SetMeta(key, value); err != nil {
			return nil, &exit{exitUsage, err}
		}
		values[key] = value
	}
	return values, nil
}

// state enters statements into the workspace.
func (a *app) state(id string, values map[string]string) error {
	ws, err := a.ownWorkspace()
	if err != nil {
		return err
	}
	return noDataset(ws.Describe(id, values))
}

// noDataset gives the exit code of a dataset that is not there.
func noDataset(err error) error {
	var ws *query.WorkspaceError
	if err == nil || errors.As(err, &ws) {
		return err
	}
	return &exit{exitNoData, err}
}

// printMeta prints what a dataset says; short is only how complete it is.
func (a *app) printMeta(ctx context.Context, id string, short bool) error {
	e, err := a.engine(ctx, nil)
	if err != nil {
		return err
	}
	defer e.Close()
	ds, err := openedDataset(e, id)
	if err != nil {
		return err
	}
	have, of := ds.Completeness()
	score := fmt.Sprintf("%s@%d: metadata %d of %d", ds.ID, ds.Version, have, of)
	if miss := ds.Missing(); len(miss) > 0 {
		score += "; no " + strings.Join(miss, ", no ")
	}
	if short {
		fmt.Fprintln(a.errOut, score+".")
		return nil
	}
	fmt.Fprintf(a.out, "# %s\n", score)
	if p := ds.Period(); p != "" {
		fmt.Fprintf(a.out, "# period, from its rows: %s\n", p)
	}
	return datasets.WriteMeta(a.out, ds)
}
