package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tiplens/datasets"
	"tiplens/models"
)

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
