package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tiplens/models"
)

func (a *app) datasets() *cobra.Command {
	return &cobra.Command{
		Use:   "datasets",
		Short: "List what the workspace holds",
		Args:  exactArgs(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			e, err := a.engine(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer e.Close()
			for _, d := range e.Datasets() {
				have, of := d.Completeness()
				fmt.Fprintf(a.out, "%s@%d\t%s\t%s\t%s\t%s\tmetadata %d of %d\n", d.ID, d.Version, d.Title, d.Producer, models.Many(d.Taken, "rows"), d.Period(), have, of)
				offers, err := e.Offers(cmd.Context(), d.ID)
				if err != nil {
					return err
				}
				for _, o := range offers {
					fmt.Fprintf(a.out, "  %s\t%s\t%s\t%s\tby %s\n", o.Indicator, o.Agency, models.Many(o.Rows, string(o.Grain)+"s"), o.AllYears(), strings.Join(o.Breakdowns(), ", "))
				}
			}
			if len(e.Damaged()) > 0 {
				return &exit{code: exitBusy} // said already
			}
			return nil
		},
	}
}
