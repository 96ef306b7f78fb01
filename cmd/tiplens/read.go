package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

func (a *app) read() *cobra.Command {
	var opts datasets.Options
	format := "csv"
	cmd := &cobra.Command{
		Use:   "read FILE",
		Short: "Print the table of a file as it is read: header and rows, nothing mapped",
		Long: `Read prints the table that is found in a file, and says on the error output
what was found out and what is doubtful. Nothing is mapped.

The first line is the header. A header of several rows is printed as one line,
the parts of each name with a blank between them. A table without a header is
printed without one: its first line is data, and a finding says so. What stands
above and below the table, and any further table, is named in the findings.

A row that lacks a delimiter or a quote, or has one too many, is printed with
its values in the columns that they fit best, and a finding names it; --hold
leaves such rows out. A load never takes such a row.

What is stated by a flag is not found out.`,
		Args: exactArgs(1, "one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			emit, done, err := rowPrinter(a, format)
			if err != nil {
				return err
			}
			f, _, err := datasets.OpenFor(cmd.Context(), args[0], opts, query.Parquet{}, datasets.BuiltinRecipes())
			if errors.Is(err, datasets.ErrEmpty) { // a table of nothing
				fmt.Fprintf(a.errOut, "%s: %s\n", models.Doubt, err)
				return done()
			}
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
	shapeFlags(cmd, &opts.Shape)
	cmd.Flags().BoolVar(&opts.Hold, "hold", false, "leave rows of a wrong shape out")
	return cmd
}

// shapeFlags are the flags by which a person states how the bytes of a file
// become a table.
func shapeFlags(cmd *cobra.Command, s *datasets.Shape) {
	f := cmd.Flags()
	f.StringVar(&s.Encoding, "encoding", "", "character encoding, such as windows-1252, gbk or shift_jis (default: found out)")
	f.StringVar(&s.Delimiter, "delimiter", "", "what stands between fields: one or more characters, or tab, space (default: found out)")
	f.StringVar(&s.Quote, "quote", "", "quote around fields: one character, or none (default: found out)")
	f.StringVar(&s.Escape, "escape", "", "what stands before a quote that belongs to the text, such as backslash (default: found out)")
	f.StringVar(&s.Sheet, "sheet", "", "sheet of a workbook")
	f.StringVar(&s.Columns, "columns", "", "columns of a sheet, such as B:H (default: all)")
	f.IntVar(&s.Header, "header", 0, "row in which the header begins, counted from 1 (default: found out)")
	f.IntVar(&s.HeaderRows, "header-rows", 0, "how many rows the header takes up, 1 to 3; -1 for no header (default: found out)")
	f.IntVar(&s.First, "first", 0, "first row of data (default: below the header)")
	f.IntVar(&s.Last, "last", 0, "last row of data (default: the end of the table)")
}

// rowPrinter prints rows as CSV or as a JSON list of lists.
func rowPrinter(a *app, format string) (emit func([]string) error, done func() error, err error) {
	switch format {
	case "csv":
		w := csv.NewWriter(a.out)
		write := func(row []string) error {
			if len(row) != 1 || row[0] != "" {
				return w.Write(row)
			}
			w.Flush() // a row of one empty cell is no empty line
			_, err := fmt.Fprintln(a.out, `""`)
			return errors.Join(w.Error(), err)
		}
		return write, func() error { w.Flush(); return w.Error() }, nil
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
