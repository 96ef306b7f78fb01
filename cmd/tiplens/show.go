package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

func (a *app) show() *cobra.Command {
	format := "text"
	audience := "internal"
	cmd := &cobra.Command{
		Use:   "show SLICE",
		Short: "Answer one question without the screen",
		Long: `Show answers a slice, such as

  tiplens show 'vic_identified by province across year where nationality=VN,CN year=2019..2025'
  tiplens show 'vic_identified flow origin to destination where year=2024 top 20' --format csv

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
	case "internal":
		return nil
	case "partner", "public", "training":
		return &exit{exitRefusal, fmt.Errorf("refused (P-00): figures for %s need protection of small groups, which is not built yet; nothing is shown rather than something unsafe", name)}
	}
	return usage("there is no audience %q; there are internal, partner, public and training", name)
}

// asked answers a slice in its text form; the caller closes the engine.
func (a *app) asked(ctx context.Context, text string) (*query.Engine, *models.Answer, error) {
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
		return usage("there is no format %q; formats are %s", format, strings.Join(datasets.Formats, ", "))
	}
	e, ans, err := a.asked(cmd.Context(), text)
	if err != nil {
		return err
	}
	defer e.Close()
	if err := datasets.WriteAnswer(a.out, ans, format); err != nil {
		return fmt.Errorf("the answer cannot be written: %w", err)
	}
	return outcome(e, ans)
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
				fmt.Fprintf(a.out, "%s@%d\t%s\t%s\t%s rows\t%s\tmetadata %d of %d\n", d.ID, d.Version, d.Title, d.Producer, models.FormatNumber(float64(d.Taken)), d.Period(), have, of)
				offers, err := e.Offers(cmd.Context(), d.ID)
				if err != nil {
					return err
				}
				for _, o := range offers {
					fmt.Fprintf(a.out, "  %s\t%s\t%s %s\t%s\tby %s\n", o.Indicator, o.Agency, models.FormatNumber(float64(o.Rows)), o.Grain+"s", o.AllYears(), strings.Join(o.Breakdowns(), ", "))
				}
			}
			if len(e.Damaged()) > 0 {
				return &exit{code: exitBusy} // said already
			}
			return nil
		},
	}
}

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

func (a *app) demo() *cobra.Command {
	n := int64(datasets.TrainingSize)
	out := "."
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Write TRAINING.csv, a file of invented persons, of any size",
		Args:  exactArgs(0, "no arguments; see --records and --out"),
		RunE: func(*cobra.Command, []string) error {
			if n < 1 || n > 1_000_000_000 {
				return usage("--records is a number from 1 to 1,000,000,000")
			}
			path, err := writeDemo(out, n)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.errOut, "Wrote %s invented persons. Load them with: tiplens load %s --workspace DIR\n", models.FormatNumber(float64(n)), path)
			return nil
		},
	}
	cmd.Flags().Int64Var(&n, "records", n, "how many persons")
	cmd.Flags().StringVar(&out, "out", out, "folder to write into")
	return cmd
}

// writeDemo writes DIR/TRAINING.csv under a part name and renames it.
func writeDemo(dir string, n int64) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(dir, "TRAINING.csv")
	f, err := os.Create(path + ".part")
	if err != nil {
		return "", err
	}
	if err := datasets.WriteTraining(f, n); err != nil {
		f.Close()
		os.Remove(path + ".part")
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	return path, os.Rename(path+".part", path)
}
