package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// report prints what the load of a dataset had to tell, or exports the rows it
// held back.
func (a *app) report() *cobra.Command {
	format, to, held := "text", "", false
	cmd := &cobra.Command{
		Use:   "report DATASET",
		Short: "Print what a load had to tell: every row accounted for, and what is doubtful",
		Long: `Report prints what became of every row of the file (read = taken + held back +
skipped) and why, and what is doubtful: totals that do not equal their parts,
duplicates, dates, texts without a code and more.

  tiplens report cases
  tiplens report cases --format csv            a finding a line
  tiplens report cases --held --to held.csv    the rows held back, to correct
  tiplens load held.csv --append cases         the corrected rows, loaded again

The export of rows held back has the columns of the file and three of its own,
which say which row it is and why it is held back; leave those three as they
are. Columns that were not stored, names among them, are empty in it.`,
		Args: exactArgs(1, "one dataset"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains([]string{"text", "csv", "json"}, format) {
				return usage("there is no format %q; formats are text, csv, json", format)
			}
			if to != "" && !held {
				return usage("--to belongs to --held")
			}
			e, err := a.engine(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer e.Close()
			ds, err := openedDataset(e, args[0])
			if err != nil {
				return err
			}
			if held {
				return a.exportHeld(cmd.Context(), e, ds, to)
			}
			found, err := e.Findings(cmd.Context(), ds.ID)
			if err != nil {
				return err
			}
			if err := writeReport(a.out, ds, found, format); err != nil {
				return fmt.Errorf("the report cannot be written: %w", err)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", format, "text, csv, json")
	cmd.Flags().BoolVar(&held, "held", false, "the rows held back, as CSV")
	cmd.Flags().StringVar(&to, "to", "", "with --held: the file to write, which must not exist yet (default: print)")
	return cmd
}

// openedDataset finds a dataset that is open.
func openedDataset(e *query.Engine, id string) (*models.Dataset, error) {
	sets := e.Datasets()
	if i := slices.IndexFunc(sets, func(d models.Dataset) bool { return d.ID == id }); i >= 0 {
		return &sets[i], nil
	}
	if len(e.Damaged()) > 0 { // it has been said which
		return nil, &exit{exitBusy, fmt.Errorf("%s cannot be read", datasets.Clean(id))}
	}
	var ids []string
	for _, d := range sets {
		ids = append(ids, d.ID)
	}
	return nil, &exit{exitNoData, fmt.Errorf("this workspace has no dataset %s; it has %s", datasets.Clean(id), strings.Join(ids, ", "))}
}

func writeReport(out io.Writer, ds *models.Dataset, found []models.Finding, format string) error {
	rep := models.ReportOf(ds, found)
	switch format {
	case "csv":
		return findingsCSV(out, rep)
	case "json":
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(struct {
			Dataset  string           `json:"dataset"`
			File     string           `json:"file"`
			SHA256   string           `json:"sha256"`
			Read     int64            `json:"read"`
			Taken    int64            `json:"taken"`
			Held     int64            `json:"held"`
			Skipped  int64            `json:"skipped"`
			Findings []models.Finding `json:"findings"`
		}{models.Version{Dataset: ds.ID, N: ds.Version}.String(), ds.File, ds.SHA256, rep.Read, rep.Taken, rep.Held, rep.Skipped, append([]models.Finding{}, rep.Ordered()...)})
	}
	lines := []string{fmt.Sprintf("%s  %s", models.Version{Dataset: ds.ID, N: ds.Version}, ds.Title), "File: " + ds.File}
	if ds.SHA256 != "" {
		lines = append(lines, "SHA-256: "+ds.SHA256)
	}
	for _, c := range ds.Corrections {
		lines = append(lines, fmt.Sprintf("Corrected by: %s, %s, SHA-256 %s", c.File, models.Many(c.Rows, "rows"), c.SHA256))
	}
	if !ds.LoadedAt.IsZero() {
		lines = append(lines, "Loaded: "+ds.LoadedAt.Format("2006-01-02 15:04")+" with recipe "+ds.Recipe)
	}
	_, err := fmt.Fprintln(out, strings.Join(append(lines, rep.Text(ds.File)...), "\n"))
	return err
}

// findingsCSV prints a finding a line, in the order of the report.
func findingsCSV(out io.Writer, rep *models.Report) error {
	w := csv.NewWriter(out)
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	err := w.Write([]string{"severity", "kind", "file", "sheet", "row", "column", "count", "what", "do"})
	for _, f := range rep.Ordered() {
		line := []string{string(f.Severity), string(f.Kind), f.File, f.Sheet, number(f.Row), f.Column, number(f.Count), f.What, f.Do}
		for i, c := range line {
			line[i] = datasets.Guard(c)
		}
		err = errors.Join(err, w.Write(line))
	}
	w.Flush()
	return errors.Join(err, w.Error())
}

// exportHeld writes the rows held back as CSV, to a new file that only its
// owner can read.
func (a *app) exportHeld(ctx context.Context, e *query.Engine, ds *models.Dataset, to string) error {
	h, err := e.Held(ctx, ds.ID)
	if err != nil {
		return err
	}
	if len(h.Rows) == 0 {
		if ds.Held > 0 {
			return &exit{exitNoData, fmt.Errorf("%s@%d was loaded by an older tiplens, which did not keep the rows held back; load the file again", ds.ID, ds.Version)}
		}
		return &exit{exitNoData, fmt.Errorf("%s@%d holds no row back", ds.ID, ds.Version)}
	}
	out := a.out
	if to != "" {
		f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return usage("%s exists already; name a new file", datasets.Clean(to))
		}
		if err != nil {
			return fmt.Errorf("the export cannot be written: %w", err)
		}
		defer f.Close()
		out = f
	}
	w := csv.NewWriter(out)
	for _, line := range datasets.HeldTable(h.Columns, h.Rows) {
		if err := w.Write(line); err != nil {
			return fmt.Errorf("the export cannot be written: %w", err)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("the export cannot be written: %w", err)
	}
	if to != "" {
		fmt.Fprintf(a.errOut, "Wrote %s held back to %s. Correct there what is wrong and load the file: tiplens load %s --append %s\n", models.Many(len(h.Rows), "rows"), to, to, ds.ID)
	}
	return nil
}

// compare prints what differs between two versions of a dataset.
func (a *app) compare() *cobra.Command {
	format := "text"
	cmd := &cobra.Command{
		Use:   "compare DATASET [FROM [TO]]",
		Short: "List what differs between two versions, figure by figure (default: the current one and the one before)",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 3 {
				return usage("tiplens workspace compare needs a dataset, and may name one or two versions")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var at [2]int
			for i, arg := range args[1:] {
				n, err := strconv.Atoi(strings.TrimPrefix(strings.TrimPrefix(arg, args[0]), "@"))
				if err != nil || n < 1 {
					return usage("%q is no version; write its number", arg)
				}
				at[i] = n
			}
			if format != "text" && format != "csv" {
				return usage("there is no format %q; formats are text, csv", format)
			}
			ws, err := a.ownWorkspace()
			if err != nil {
				return err
			}
			ch, err := ws.Compare(cmd.Context(), args[0], at[0], at[1])
			if err != nil {
				return noDataset(err)
			}
			return a.printChanges(ch, format)
		},
	}
	cmd.Flags().StringVar(&format, "format", format, "text, csv")
	return cmd
}

func (a *app) printChanges(ch *models.Changes, format string) error {
	if format == "csv" {
		w := csv.NewWriter(a.out)
		err := w.Write([]string{"change", "what", "old", "new", "row"})
		for _, c := range ch.List {
			row := ""
			if c.Row > 0 {
				row = strconv.FormatInt(c.Row, 10)
			}
			err = errors.Join(err, w.Write([]string{c.Kind(), datasets.Guard(c.What), c.Old, c.New, row}))
		}
		w.Flush()
		return errors.Join(err, w.Error())
	}
	_, err := fmt.Fprintln(a.out, strings.Join(ch.Text(), "\n"))
	return err
}
