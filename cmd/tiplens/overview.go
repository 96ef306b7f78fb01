package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tiplens/models"
	"tiplens/query"
)

func (a *app) overview() *cobra.Command {
	return &cobra.Command{
		Use:   "overview SLICE",
		Short: "A slice at a glance: its figure, and every dimension's values",
		Long: `Overview shows what view 0 of the screen does: for each source the figure of the
slice with its change against the year before, and for every dimension its
values with how many records have each. Each list leaves its own filter aside
and obeys all others; + marks what is chosen, - what is left out. Of published
figures it says how many there are; they are not added. Levels can be named:

  tiplens overview 'vic_identified by age.band where nationality=VN'`,
		Args: exactArgs(1, "one slice in quotes"),
		RunE: func(cmd *cobra.Command, args []string) error {
			pins, err := models.ParsePins(args[0])
			if err != nil {
				return err
			}
			e, err := a.engine(cmd.Context(), pins)
			if err != nil {
				return err
			}
			defer e.Close()
			return a.writeOverview(cmd, e, args[0])
		},
	}
}

func (a *app) writeOverview(cmd *cobra.Command, e *query.Engine, text string) error {
	s, err := models.ParseSlice(text, e.Catalog())
	if err != nil {
		return err
	}
	o, err := e.Overview(cmd.Context(), s)
	if err != nil {
		return err
	}
	ans := o.Answer
	out := []string{ans.Title, "INTERNAL - exact"}
	if ans.Training {
		out[1] = "TRAINING - invented"
	}
	for _, r := range ans.Refusals {
		out = append(out, fmt.Sprintf("Refused (%s): %s", r.Rule, r.Why))
	}
	for _, r := range ans.Warnings {
		out = append(out, "! "+r.String())
	}
	if o.Empty != "" {
		out = append(out, o.Empty)
	}
	out = append(append(out, ""), o.Lines(e.Catalog())...)
	for _, r := range ans.Footnotes {
		out = append(out, "", r.String())
	}
	if len(ans.Pinned.Parts) > 0 {
		out = append(out, "", "Slice: "+ans.Pinned.String())
	}
	if _, err := fmt.Fprintln(a.out, strings.Join(out, "\n")); err != nil {
		return fmt.Errorf("the overview cannot be written: %w", err)
	}
	return outcome(e, ans)
}
