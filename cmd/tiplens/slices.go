package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tiplens/models"
)

func (a *app) slices() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "slices",
		Short: "List saved slices; save one, forget one",
		Long: `Slices lists the saved slices of the workspace: questions with a name, saved on
the screen with s or here. A saved slice is asked of what is loaded that day:

  tiplens slices save "Vietnamese by province" 'vic_identified by province where nationality=VN'
  tiplens show @"Vietnamese by province"
  tiplens open @"Vietnamese by province"      # on the screen`,
		Args: exactArgs(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			list, err := savedIn(a.ref()).Saved()
			for _, s := range list {
				fmt.Fprintf(a.out, "%s\n  %s\n", s.Name, s.Slice)
				if s.Note != "" {
					fmt.Fprintf(a.out, "  %s\n", s.Note)
				}
				fmt.Fprintf(a.out, "  saved %s on %s\n", s.Saved.Format("2006-01-02"), s.Of)
			}
			if len(list) == 0 && err == nil {
				fmt.Fprintln(a.errOut, "No slice is saved here yet: s on the screen saves what it shows.")
			}
			return err
		},
	}
	var note string
	save := &cobra.Command{
		Use:   "save NAME SLICE",
		Short: "Save a slice under a name; one of the same name is replaced",
		Args:  exactArgs(2, "a name and a slice"),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.engine(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer e.Close()
			q, err := models.ParseSlice(args[1], e.Catalog())
			if err != nil {
				return err
			}
			var of []string
			for _, d := range e.Datasets() {
				of = append(of, fmt.Sprintf("%s@%d", d.ID, d.Version))
			}
			return saveSlice(a.ref(), models.SavedSlice{Name: strings.TrimSpace(args[0]), Slice: q.String(), Note: models.Clean(note), Of: strings.Join(of, ", ")})
		},
	}
	save.Flags().StringVar(&note, "note", "", "what it is for")
	forget := &cobra.Command{
		Use:   "forget NAME",
		Short: "Delete a saved slice",
		Args:  exactArgs(1, "one name"),
		RunE:  func(_ *cobra.Command, args []string) error { return savedIn(a.ref()).Forget(args[0]) },
	}
	cmd.AddCommand(save, forget)
	return cmd
}

func (a *app) openAt() *cobra.Command {
	return &cobra.Command{
		Use:   "open SLICE",
		Short: "Open the screen at a slice, or at a saved one: @NAME",
		Args:  exactArgs(1, "one slice in quotes, or @ and the name of a saved one"),
		RunE: func(cmd *cobra.Command, args []string) error {
			a.first.Slice = args[0]
			if name, ok := strings.CutPrefix(args[0], "@"); ok {
				saved, err := savedSlice(a.ref(), name)
				if err != nil {
					return err
				}
				a.first = saved
			}
			return a.screen(cmd.Context())
		},
	}
}
