package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) sources() *cobra.Command {
	return &cobra.Command{
		Use:   "sources SLICE",
		Short: "Who says what of one indicator",
		Long: `Sources sets side by side what each source says of the indicator of a slice:
its number, definition, scope, coverage and documents; the lowest and highest
possible total in place of a sum; published numbers beside counted records; and
figures that several documents print, or print differently.

  tiplens sources 'vic_rescued'`,
		Args: exactArgs(1, "one slice in quotes"),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, ans, err := a.asked(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer e.Close()
			c, err := e.Sources(cmd.Context(), ans.Slice)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "%s\n\n%s\n", c.Title, strings.Join(c.Lines(), "\n"))
			if len(c.Rows) == 0 {
				return &exit{code: exitNoData}
			}
			return nil
		},
	}
}
