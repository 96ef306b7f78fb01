package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tiplens/models"
	"tiplens/query"
)

// manage holds the commands that look after a workspace as a whole.
func (a *app) manage() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "workspace",
		Short: "Describe or remove a dataset, compare versions, go back one, settings, purge, pack and restore",
		Args:  exactArgs(0, "a subcommand"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	own := func(run func(ws *query.Workspace, arg string) error) func(*cobra.Command, []string) error {
		return func(_ *cobra.Command, args []string) error {
			ws, err := a.ownWorkspace()
			if err != nil {
				return err
			}
			return run(ws, strings.Join(args, ""))
		}
	}
	cmd.AddCommand(
		a.describe(),
		a.compare(),
		&cobra.Command{Use: "remove DATASET", Short: "Take a dataset out; its files move to the trash folder", Args: exactArgs(1, "one dataset"),
			RunE: own(func(ws *query.Workspace, id string) error { return ws.Remove(id) })},
		&cobra.Command{Use: "back DATASET", Short: "Make the version before the current one current again", Args: exactArgs(1, "one dataset"),
			RunE: own(func(ws *query.Workspace, id string) error {
				n, err := ws.Previous(id)
				if err == nil {
					fmt.Fprintf(a.errOut, "%s is at version %d again.\n", id, n)
				}
				return err
			})},
		a.settings(),
		a.purge(),
		&cobra.Command{Use: "pack FILE.tgz", Short: "Pack the workspace into one file", Args: exactArgs(1, "one file"),
			RunE: own(func(ws *query.Workspace, file string) error { return ws.Pack(file) })},
		&cobra.Command{Use: "restore FILE.tgz", Short: "Unpack a packed workspace into a folder that does not exist yet", Args: exactArgs(1, "one file"),
			RunE: func(_ *cobra.Command, args []string) error {
				dir, err := a.ownFolder()
				if err != nil {
					return err
				}
				if _, err := os.Lstat(dir); err == nil {
					return usage("%s exists already; name a new folder with --workspace", dir)
				}
				return query.Restore(args[0], dir)
			}},
	)
	return cmd
}

// purge really deletes; it stands under workspace and by itself.
func (a *app) purge() *cobra.Command {
	return &cobra.Command{
		Use:   "purge",
		Short: "Really delete: the trash, leftovers of loads, and every version that is not current",
		Long: `Purge deletes the trash folder, what dead loads left behind, and every version
that is not the current one, with its report and the rows it held back. Nothing
of them can be brought back. Numbers that went out stay in briefed.yaml.`,
		Args: exactArgs(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			ws, err := a.ownWorkspace()
			if err != nil {
				return err
			}
			n, err := ws.Purge()
			fmt.Fprintf(a.errOut, "Deleted %s.\n", models.Many(n, "files"))
			return err
		},
	}
}

// settings prints what the workspace grants, as the file to edit.
func (a *app) settings() *cobra.Command {
	return &cobra.Command{
		Use: "settings", Short: "Print memory and cores of sessions and loads, as tiplens.toml in the workspace may set them", Args: exactArgs(0, "nothing"),
		RunE: func(*cobra.Command, []string) error {
			ws, err := a.ownWorkspace()
			if err != nil {
				return err
			}
			s, err := ws.Settings()
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(a.out, s.TOML())
			return err
		},
	}
}
