package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

func (a *app) show() *cobra.Command {
	format := "text"
	audience := models.Internal
	cmd := &cobra.Command{
		Use:   "show SLICE",
		Short: "Answer one question without the screen",
		Long: `Show answers a slice, such as

  tiplens show 'vic_identified by province across year where nationality=VN,CN year=2019..2025'
  tiplens show 'vic_identified flow origin to destination where year=2024 top 20' --format csv
  tiplens show 'vic_identified flow origin to destination where year=2025 change from 2020 only new'
  tiplens show 'vic_identified flow origin via transit to destination'

@NAME asks a saved slice (tiplens slices lists them).

A flow can also be written as matrix (CSV, origins down and destinations
across), and as geojson and kml: lines for maps, with what has no place on one
listed beside them. Against another period or group its corridors are new, gone,
grown or shrunk; "only gone" keeps one kind. With via its routes are a tree: a
branch holds all that is set in below it.

CSV is tidy, a line a cell: agency,dataset, a column for each dimension in use,
value,low,high,state,flags. A wrong sum is refused (exit code 3) with its reason
and what to ask instead. Codes that every dimension knows: _T total, _U not
stated, _O other or folded, _X the rest of a total, _W inside one country.`,
		Args: exactArgs(1, "one slice in quotes"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkAudience(audience); err != nil {
				return err
			}
			return a.answer(cmd, args[0], format)
		},
	}
	cmd.Flags().StringVar(&format, "format", format, strings.Join(datasets.Formats, ", "))
	cmd.Flags().StringVar(&audience, "audience", audience, "internal; others are refused until protection is built")
	return cmd
}

// checkAudience refuses what nothing yet protects (P-00).
func checkAudience(name string) error {
	switch name {
	case models.Internal:
		return nil
	case "partner", "public", "training":
		return &exit{exitRefusal, fmt.Errorf("refused (P-00): figures for %s need protection of small groups, which is not built yet; nothing is shown rather than something unsafe", name)}
	}
	return usage("there is no audience %q; there are internal, partner, public and training", name)
}

// asked answers a slice in its text form, or a saved one; the caller closes the engine.
func (a *app) asked(ctx context.Context, text string) (*query.Engine, *models.Answer, error) {
	if name, ok := strings.CutPrefix(text, "@"); ok {
		saved, err := savedSlice(a.ref(), name)
		if err != nil {
			return nil, nil, err
		}
		text = saved.Slice
	}
	// The versions come first: only the files that they name may know a dimension in the rest.
	pins, err := models.ParsePins(text)
	if err != nil {
		return nil, nil, err
	}
	e, err := a.engine(ctx, pins)
	if err != nil {
		return nil, nil, err
	}
	s, err := models.ParseSlice(text, e.Catalog())
	var ans *models.Answer
	if err == nil {
		ans, err = e.Ask(ctx, s)
	}
	if err != nil {
		e.Close()
		return nil, nil, err
	}
	return e, ans, nil
}

func (a *app) answer(cmd *cobra.Command, text, format string) error {
	if !slices.Contains(datasets.Formats, format) {
		if f, err := datasets.FindExportFormat(format, ""); err == nil {
			return usage("%s is a file, which tiplens export writes: tiplens export 'SLICE' --to NAME%s", f.Name, f.Ext)
		}
		return usage("there is no format %q; formats are %s", format, strings.Join(datasets.Formats, ", "))
	}
	e, ans, err := a.asked(cmd.Context(), text)
	if err != nil {
		return err
	}
	defer e.Close()
	if slices.Contains(datasets.FlowFormats, format) {
		if ans, err = asFlow(cmd.Context(), e, ans, format); err != nil {
			return err
		}
	}
	if err := datasets.WriteAnswer(a.out, ans, format); err != nil {
		return fmt.Errorf("the answer cannot be written: %w", err)
	}
	return outcome(e, ans)
}

// asFlow checks that an answer can be drawn as a flow, and asks again for the
// totals of a matrix.
func asFlow(ctx context.Context, e *query.Engine, ans *models.Answer, format string) (*models.Answer, error) {
	s := ans.Slice
	switch {
	case !s.IsFlow():
		return nil, usage("%s is for flows; ask for one, such as: %s flow origin to destination", format, s.Indicator())
	case s.Via.Dim != "":
		return nil, usage("%s has the two ends of a flow and no stops between them; leave out via, or use text, csv, json or md", format)
	case format != "matrix":
		return ans, nil
	case len(s.By)+len(s.Across) > 0 || s.Change.Kind != "":
		return nil, usage("a matrix has the two ends of a flow and nothing else; leave out by, across and change, or use csv")
	}
	return e.Ask(ctx, s.Matrix())
}

// outcome is the exit code of an answer that has been printed.
func outcome(e *query.Engine, ans *models.Answer) error {
	switch {
	case ans.Refused():
		return &exit{code: exitRefusal}
	case ans.Empty != "" && len(e.Damaged()) > 0:
		return &exit{code: exitBusy}
	case ans.Empty != "":
		return &exit{code: exitNoData}
	}
	return nil
}
