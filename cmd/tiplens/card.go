package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tiplens/datasets"
	"tiplens/models"
)

// maxRows is how many observations card --rows lists of each source.
const maxRows = 1000

func (a *app) card() *cobra.Command {
	rows := false
	cmd := &cobra.Command{
		Use:   "card SLICE",
		Short: "One number with all that must be known of it",
		Long: `Card answers a slice that has one number and prints what must be known before
the number is said aloud: a sentence, the value with its bounds, unit,
definition, period, source, scope, coverage and notes, and the slice that
reopens it. --rows lists the observations behind it, down to file and row.

  tiplens card 'sus_arrested where year=2025'`,
		Args: exactArgs(1, "one slice in quotes"),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, ans, err := a.asked(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer e.Close()
			if ans.Refused() || ans.Empty != "" {
				if err := datasets.WriteAnswer(a.out, ans, "text"); err != nil {
					return err
				}
				return outcome(e, ans)
			}
			if n := ans.Numbers(); n != 1 {
				return usage("a card is of one number, and this answer has %d; leave out by and across, and name one source with agency= or dataset=", n)
			}
			at := models.CellRef{Col: ans.Blocks[0].ValueColumn()}
			c, err := e.Card(cmd.Context(), ans, at)
			if err != nil {
				return err
			}
			asBriefed(a.ref(), c, ans, at)
			fmt.Fprint(a.out, c)
			if !rows {
				return nil
			}
			ev, err := e.Behind(cmd.Context(), ans.Pinned, maxRows)
			if err != nil {
				return err
			}
			fmt.Fprint(a.out, "\n"+strings.Join(ev.Lines(e.Catalog()), "\n")+"\n")
			return nil
		},
	}
	cmd.Flags().BoolVar(&rows, "rows", false, "list the rows of the files behind the number")
	return cmd
}
