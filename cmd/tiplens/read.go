package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"tiplens/datasets"
	"tiplens/query"
)

func (a *app) read() *cobra.Command {
	var opts datasets.Options
	format := "csv"
	cmd := &cobra.Command{
		Use:   "read FILE",
		Short: "Print the table of a file as it is read: header and rows, nothing mapped",
		Args:  exactArgs(1, "one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := datasets.Open(cmd.Context(), args[0], opts, query.Parquet{})
			if err != nil {
				return err
			}
			emit, done, err := rowPrinter(a, format)
			if err != nil {
				return err
			}
			findings, err := f.Read(cmd.Context(), datasets.BuiltinRecipes(), emit)
			if err != nil {
				return err
			}
			for _, fd := range findings {
				fmt.Fprintf(a.errOut, "%s: %s\n", fd.Severity, fd)
			}
			return done()
		},
	}
	cmd.Flags().StringVar(&format, "format", format, "csv or json (a list of rows)")
	cmd.Flags().StringVar(&opts.Encoding, "encoding", "", "character encoding (default: found out)")
	cmd.Flags().StringVar(&opts.Sheet, "sheet", "", "sheet of a workbook")
	cmd.Flags().StringVar(&opts.Columns, "columns", "", "columns of a sheet, such as B:H")
	cmd.Flags().BoolVar(&opts.Hold, "hold", false, "set rows of a wrong shape aside and print the others")
	return cmd
}

// rowPrinter prints rows as CSV or as a JSON list of lists.
func rowPrinter(a *app, format string) (emit func([]string) error, done func() error, err error) {
	switch format {
	case "csv":
		w := csv.NewWriter(a.out)
		return w.Write, func() error { w.Flush(); return w.Error() }, nil
	case "json":
		first := true
		return func(row []string) error {
				sep := ",\n"
				if first {
					sep = "[\n"
				}
				first = false
				b, err := json.Marshal(row)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(a.out, "%s%s", sep, b)
				return err
			}, func() error {
				if first {
					fmt.Fprint(a.out, "[")
				}
				_, err := fmt.Fprintln(a.out, "\n]")
				return err
			}, nil
	}
	return nil, nil, usage("there is no format %q; there are csv and json", format)
}
