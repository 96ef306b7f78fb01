package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

func (a *app) export() *cobra.Command {
	var to, format string
	audience := models.Internal
	var force, bare bool
	cmd := &cobra.Command{
		Use:   "export SLICE --to FILE",
		Short: "Write the answer to one question into a file",
		Long: `Export answers a slice and writes it into a file, in the format that its ending
or --format names. Each file says what its numbers are: title, unit, definition,
sources with their files' SHA-256, scope, footnotes, rules, how to cite them,
and the slice that reopens them on the same versions.

` + exportFormatLines() + `
@NAME asks a saved slice. Without --to, or with a folder, the name is made from
the question and says INTERNAL or TRAINING. A file that exists is overwritten
only with --force. A refused question writes nothing (exit code 3), one without
data neither (4).

  tiplens export 'vic_identified by province across year' --to victims.xlsx`,
		Args: exactArgs(1, "one slice in quotes"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkAudience(audience); err != nil {
				return err
			}
			if to == "" && format == "" {
				return usage("say the file with --to FILE, or the format with --format")
			}
			folder := to == ""
			if info, err := os.Stat(to); err == nil && info.IsDir() {
				folder = true
			}
			name := to
			if folder && format == "" {
				return usage("%s is a folder; say the format with --format, or name a file in it", datasets.Clean(to))
			}
			f, err := datasets.FindExportFormat(format, name)
			if err != nil {
				return shownInstead(err, format)
			}
			e, ans, err := a.asked(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer e.Close()
			if ans.Refused() || ans.Empty != "" {
				fmt.Fprintln(a.errOut, "tiplens: nothing is written: "+noNumbers(ans))
				return outcome(e, ans)
			}
			if err := f.Fits(ans.Slice); err != nil {
				return &exit{exitUsage, err}
			}
			x := exportOf(ans, e.Catalog(), time.Now())
			x.Bare = bare
			if folder {
				name = filepath.Join(to, x.FileName(f))
			}
			ctx := cmd.Context()
			x.Step = func(int, int) error { return ctx.Err() }
			if err := exportTo(name, force, func(w io.Writer) error { return x.Write(&heeding{ctx, w}, f) }); err != nil {
				return stoppedExport(err)
			}
			a.written(name)
			return nil
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "the file to write, or a folder")
	cmd.Flags().StringVar(&format, "format", "", "the format, where the file's ending does not say it")
	cmd.Flags().BoolVar(&force, "force", false, "overwrite a file that exists")
	cmd.Flags().BoolVar(&bare, "bare", false, "leave out the block that says what the numbers are")
	cmd.Flags().StringVar(&audience, "audience", audience, "internal; others are refused until protection is built")
	return cmd
}

// shownInstead says of a matrix, which is no format of an export, that tiplens
// show writes it.
func shownInstead(err error, format string) error {
	if strings.EqualFold(format, "matrix") {
		return usage("matrix is written by tiplens show: tiplens show 'FLOW' --format matrix > FILE")
	}
	return &exit{exitUsage, err}
}

// written names a file that was written and, for who works on another machine,
// the line that fetches it.
func (a *app) written(name string) {
	fmt.Fprintln(a.errOut, "written: "+datasets.Clean(name))
	path, err := filepath.Abs(name)
	if err != nil {
		return
	}
	if fetch := fetchLine(path, os.Getenv("SSH_CONNECTION"), userName()); fetch != "" {
		fmt.Fprintln(a.errOut, "on your own machine this fetches it: "+fetch)
	}
}

// stoppedExport says that a person stopped an export.
func stoppedExport(err error) error {
	if errors.Is(err, context.Canceled) {
		return &exit{exitFailure, errors.New("cancelled; nothing was written")}
	}
	return err
}

// exportFormatLines lists the formats for the help.
func exportFormatLines() string {
	var b strings.Builder
	for _, f := range slices.Concat(datasets.ExportFormats, datasets.MapFormats) {
		fmt.Fprintf(&b, "  %-7s %-9s %s\n", f.Name, f.Ext, f.About)
	}
	return b.String()
}

// exportOf makes an answer ready to be written.
func exportOf(ans *models.Answer, cat *models.Catalog, on time.Time) *datasets.Export {
	return &datasets.Export{Answer: ans, Catalog: cat, On: on, Program: query.Program}
}

// noNumbers says why an answer has no numbers, and what to ask instead.
func noNumbers(ans *models.Answer) string {
	if !ans.Refused() {
		return ans.Empty
	}
	r := ans.Refusals[0]
	text := fmt.Sprintf("refused (%s): %s", r.Rule, r.Why)
	for _, way := range r.Ways {
		text += fmt.Sprintf("\n  instead, %s: %s", way.Label, way.Slice)
	}
	return text
}

// exportTo writes a file so that it is there as a whole or not at all: into a
// part beside it, which is synced and then takes the name. A file that exists
// stays as it is unless force says otherwise, also one that comes into being
// meanwhile.
func exportTo(path string, force bool, write func(io.Writer) error) error {
	return exportAfter(path, force, write, nil)
}

// exportAfter does so after a last thing that is done once the name is certain
// to be ours, such as to keep what goes out; if that fails nothing goes out.
func exportAfter(path string, force bool, write func(io.Writer) error, last func() error) error {
	shown := datasets.Clean(path)
	taken := &exit{exitUsage, fmt.Errorf("%s exists already; choose another name (on the command line --force overwrites it)", shown)}
	info, err := os.Lstat(path)
	switch {
	case err == nil && info.IsDir():
		return &exit{exitUsage, fmt.Errorf("%s is a folder; name a file in it", shown)}
	case err == nil && !info.Mode().IsRegular():
		return &exit{exitUsage, fmt.Errorf("%s is no plain file, and nothing is put in its place; name another", shown)}
	case err == nil && !force:
		return taken
	}
	part, err := os.CreateTemp(filepath.Dir(path), ".tiplens-*.part") // 0600: for its owner alone
	if err != nil {
		return fmt.Errorf("nothing can be written into %s: %w", datasets.Clean(filepath.Dir(path)), reason(err))
	}
	defer os.Remove(part.Name())
	err = write(part)
	if err == nil {
		err = part.Sync()
	}
	if closed := part.Close(); err == nil {
		err = closed
	}
	var failed error // of what was to be done last
	if err == nil {
		err = place(part.Name(), path, force, func() error {
			if last != nil {
				failed = last()
			}
			return failed
		})
	}
	switch {
	case failed != nil:
		return failed
	case errors.Is(err, fs.ErrExist):
		return taken
	case err != nil:
		return fmt.Errorf("%s cannot be written: %w", shown, reason(err))
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil { // the name is to last, too; some file systems cannot
		_ = dir.Sync()
		dir.Close()
	}
	return nil
}

// place gives a part its name after what is to be done last. The name is
// reserved first, so that nothing that comes into being meanwhile is replaced.
func place(part, path string, force bool, last func() error) error {
	if !force {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		f.Close()
	}
	err := last()
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil && !force {
		os.Remove(path)
	}
	return err
}

// reason is an error without the path that the sentence names already.
func reason(err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		return p.Err
	case errors.As(err, &l):
		return l.Err
	}
	return err
}
