package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tiplens/datasets"
	"tiplens/query"
)

func (a *app) dictionary() *cobra.Command {
	return &cobra.Command{
		Use:   "dictionary ID",
		Short: "Explain an indicator, dimension, code, agency or rule",
		Long: `Dictionary explains what an id or a name means: an indicator (vic_presumed), a
dimension (nationality), a code (KH-18, sex:F), an agency (KH.NCCT) or a rule
(W-03). A code that several dimensions know is written dimension:code.`,
		Args: exactArgs(1, "one id or name"),
		RunE: func(_ *cobra.Command, args []string) error {
			cat := datasets.Catalogue()
			found := append(cat.Explain(args[0]), query.ExplainRule(args[0])...)
			if len(found) == 0 {
				msg := fmt.Sprintf("nothing is called %q", args[0])
				if near := cat.NearAnything(args[0]); len(near) > 0 {
					msg += "; did you mean " + strings.Join(near, ", ") + "?"
				}
				return &exit{exitNoData, fmt.Errorf("%s", msg)}
			}
			for i, e := range found {
				if i > 0 {
					fmt.Fprintln(a.out)
				}
				fmt.Fprint(a.out, e.String())
			}
			return nil
		},
	}
}
