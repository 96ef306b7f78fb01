package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// briefFlags are what the command line says of a briefing.
type briefFlags struct {
	to, format, audience       string
	latest, repin, draft       bool
	force, packs               bool
	pack, year, period, onDate string
}

func (a *app) brief() *cobra.Command {
	f := &briefFlags{audience: models.Internal}
	cmd := &cobra.Command{
		Use:   "brief [FILE.yaml] --to FILE",
		Short: "Build a briefing, or fill a report pack, into one document",
		Long: `Brief builds a briefing: number cards, tables, charts and notes collected on the
screen with b, or written by hand. Without a file it is your own of the
workspace. The file holds questions with the versions they were asked of, never
numbers: on these versions the same briefing gives the same bytes.

  title: Half-year figures
  date: 2026-11-21
  items:
    - kind: number          # or table, chart, note
      heading: Arrests      # without one: the title of the answer
      note: Without scam cases.
      slice: sus_arrested where year=2025 at ncct@3

` + documentFormatLines() + `
The figures of a document are kept in the workspace as briefed, with date and
versions; a card of the same question says so. --draft keeps nothing and says
DRAFT. --latest asks the current versions of the same datasets and lists figure
by figure what changed; with --repin the file is moved on to them.

--pack fills a report pack from what is loaded, and lists what cannot be filled
and why. --packs lists them; a file of your own is a pack too.

  tiplens brief half-year.yaml --to half-year.html
  tiplens brief --pack national-year --year 2025 --to report.xlsx`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("tiplens brief takes one briefing file, and here are %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.packs {
				return a.listPacks()
			}
			file := strings.Join(args, "")
			if err := f.check(file); err != nil {
				return err
			}
			return a.buildBrief(cmd.Context(), file, f)
		},
	}
	cmd.Flags().StringVar(&f.to, "to", "", "the file to write, or a folder")
	cmd.Flags().StringVar(&f.format, "format", "", "the format, where the file's ending does not say it")
	cmd.Flags().BoolVar(&f.latest, "latest", false, "ask the current versions, and say what changed")
	cmd.Flags().BoolVar(&f.repin, "repin", false, "with --latest: move the briefing file on to these versions")
	cmd.Flags().BoolVar(&f.draft, "draft", false, "say DRAFT, and keep nothing as briefed")
	cmd.Flags().BoolVar(&f.force, "force", false, "overwrite a file that exists")
	cmd.Flags().BoolVar(&f.packs, "packs", false, "list the report packs")
	cmd.Flags().StringVar(&f.pack, "pack", "", "a report pack by its name, or a file of your own")
	cmd.Flags().StringVar(&f.year, "year", "", "the year that a pack is of")
	cmd.Flags().StringVar(&f.period, "period", "", "the period that a pack is of, such as 2025-S1 or 2025-04..2026-03")
	cmd.Flags().StringVar(&f.onDate, "date", "", "the date of the document, such as 2026-11-21; without it the briefing's own, of a pack today")
	cmd.Flags().StringVar(&f.audience, "audience", f.audience, "internal; others are refused until protection is built")
	return cmd
}

// documentFormatLines lists the formats for the help.
func documentFormatLines() string {
	var b strings.Builder
	for _, f := range datasets.DocumentFormats {
		fmt.Fprintf(&b, "  %-6s %-6s %s\n", f.Name, f.Ext, f.About)
	}
	return b.String()
}

// check refuses flags that do not go together.
func (f *briefFlags) check(file string) error {
	if err := checkAudience(f.audience); err != nil {
		return err
	}
	switch {
	case f.to == "" && f.format == "":
		return usage("say the file with --to FILE, or the format with --format")
	case f.pack != "" && file != "":
		return usage("build a briefing file or fill a pack, one at a time")
	case f.pack != "" && (f.latest || f.repin):
		return usage("a pack is always filled from what is loaded; leave out --latest and --repin")
	case f.pack == "" && f.year+f.period != "":
		return usage("--year and --period are of report packs; name one with --pack")
	case f.repin && !f.latest:
		return usage("--repin goes with --latest")
	case f.year != "" && f.period != "":
		return usage("say --year or --period, not both")
	}
	return nil
}

// target finds the format, and whether the name is to be made.
func (f *briefFlags) target() (datasets.DocumentFormat, bool, error) {
	folder := f.to == ""
	if info, err := os.Stat(f.to); err == nil && info.IsDir() {
		folder = true
	}
	if folder && f.format == "" {
		return datasets.DocumentFormat{}, folder, usage("%s is a folder; say the format with --format, or name a file in it", datasets.Clean(f.to))
	}
	format, err := datasets.FindDocumentFormat(f.format, f.to)
	if err != nil {
		return format, folder, &exit{exitUsage, err}
	}
	return format, folder, nil
}

// buildBrief builds a briefing or fills a pack, and writes it.
func (a *app) buildBrief(ctx context.Context, file string, f *briefFlags) error {
	format, folder, err := f.target()
	if err != nil {
		return err
	}
	today := time.Now()
	if f.onDate != "" {
		if today, err = time.Parse(time.DateOnly, f.onDate); err != nil {
			return usage("%q is no date such as 2026-11-21", datasets.Clean(f.onDate))
		}
	}
	var b *builder
	var d *datasets.Document
	var br *models.Briefing
	path := file
	if f.pack != "" {
		b, d, err = a.fillPack(ctx, f, today)
	} else {
		if br, path, err = a.readBriefing(file); err != nil {
			return err
		}
		if f.onDate != "" {
			br.Date = f.onDate
		}
		if err := pinned(br, path, f.latest); err != nil {
			return err
		}
		b, d, err = a.buildOf(ctx, br, f.latest)
	}
	if b != nil {
		defer b.close()
	}
	if err != nil {
		return stoppedExport(err)
	}
	d.Draft = f.draft
	for _, gap := range d.Gaps() {
		fmt.Fprintln(a.errOut, "not shown: "+gap)
	}
	if !d.Shows() {
		return &exit{exitNoData, errors.New("nothing is written: no item could be shown")}
	}
	name := f.to
	if folder {
		name = filepath.Join(f.to, d.FileName(format))
	}
	kept := 0
	if err := exportAfter(name, f.force, func(w io.Writer) error { return d.Write(&heeding{ctx, w}, format) }, func() error {
		if err := ctx.Err(); err != nil || f.draft {
			return err
		}
		kept, err = b.keep(d) // what cannot be kept does not go out
		return err
	}); err != nil {
		return stoppedExport(err)
	}
	if kept > 0 {
		fmt.Fprintf(a.errOut, "kept as briefed on %s: %s\n", d.On.Format(time.DateOnly), models.Many(kept, "figures"))
	}
	if f.repin {
		repin(br, d)
		if err := a.rewriteBriefing(file, path, br); err != nil {
			return err
		}
		fmt.Fprintln(a.errOut, "the briefing now names the versions of today: "+datasets.Clean(path))
	}
	a.written(name)
	if br != nil {
		return briefOutcome(d)
	}
	return nil
}

// briefOutcome is the exit code of a briefing that has been written: items that
// could not be shown are said in it, and by the code.
func briefOutcome(d *datasets.Document) error {
	code := exitAnswer
	for i := range d.Items {
		switch m := d.Items[i].Missing; {
		case strings.HasPrefix(m, "refused ("):
			return &exit{code: exitRefusal}
		case m != "":
			code = exitNoData
		}
	}
	if code != exitAnswer {
		return &exit{code: code}
	}
	return nil
}

// readBriefing reads a briefing file, or without a name the person's own of
// the workspace.
func (a *app) readBriefing(file string) (*models.Briefing, string, error) {
	if file == "" {
		ws, who := savedIn(a.ref()), person()
		path := ws.BriefingPath(who)
		text, err := ws.Briefing(who)
		if err == nil && text == nil {
			err = &exit{exitNoData, errors.New("there is no briefing yet: b on the screen adds what it shows, or name a briefing file")}
		}
		if err != nil {
			return nil, path, err
		}
		br, err := datasets.ParseBriefing(path, text)
		return br, path, toCorrect(err)
	}
	text, err := readSmall(file, "a briefing", query.MaxBriefing)
	if err != nil {
		return nil, file, err
	}
	br, err := datasets.ParseBriefing(filepath.Base(file), text)
	return br, file, toCorrect(err)
}

// toCorrect gives the exit code for a file that a person has to correct.
func toCorrect(err error) error {
	if err == nil {
		return nil
	}
	return &exit{exitUsage, err}
}

// readSmall reads a text file that a person wrote.
func readSmall(path, what string, most int64) ([]byte, error) {
	shown := datasets.Clean(path)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage("there is no file %s", shown)
	case err != nil:
		return nil, usage("%s cannot be read: %w", shown, reason(err))
	case !info.Mode().IsRegular():
		return nil, usage("%s is no file", shown)
	case info.Size() > most:
		return nil, usage("%s is larger than %d KB, too large for %s", shown, most>>10, what)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, usage("%s cannot be read: %w", shown, reason(err))
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

// rewriteBriefing puts a briefing in the place of its file.
func (a *app) rewriteBriefing(file, path string, br *models.Briefing) error {
	text, err := datasets.WriteBriefing(br)
	if err != nil {
		return err
	}
	if file == "" {
		return savedIn(a.ref()).ChangeBriefing(person(), func([]byte) ([]byte, error) { return text, nil })
	}
	return exportTo(path, true, func(w io.Writer) error { _, err := w.Write(text); return err })
}

// pinned refuses a briefing whose questions name no versions, unless they are
// asked of the current ones.
func pinned(br *models.Briefing, file string, latest bool) error {
	for i, it := range br.Items {
		pins, err := models.ParsePins(it.Slice)
		if err == nil && len(pins) == 0 && it.Kind != models.NoteItem && !latest {
			return usage("%s: item %d names no version, so its numbers could change unseen. Add \"at DATASET@VERSION\" to its slice, or build with --latest --repin", datasets.Clean(file), i+1)
		}
	}
	return nil
}

// buildOf asks all questions of a briefing; the caller closes the builder.
func (a *app) buildOf(ctx context.Context, br *models.Briefing, latest bool) (*builder, *datasets.Document, error) {
	on, err := br.Day()
	if err != nil {
		return nil, nil, usage("%w", err)
	}
	b, err := newBuilder(ctx, a.ref(), on)
	if err != nil {
		return nil, nil, err
	}
	a.warn(b.engines[""])
	d, err := b.build(ctx, br, latest, nil)
	return b, d, err
}

// person names the briefing of whoever works: by the login, fit for a file.
func person() string {
	var b strings.Builder
	for _, r := range strings.ToLower(userName()) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' || r == '-' {
			b.WriteRune(r)
		}
	}
	if b.Len() == 0 || b.Len() > 32 {
		return "briefing"
	}
	return b.String()
}
