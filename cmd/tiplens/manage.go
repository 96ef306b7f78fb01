package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tiplens/query"
)

// manage holds the commands that look after a workspace as a whole.
func (a *app) manage() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "workspace",
		Short: "Describe or remove a dataset, go back a version, purge, pack and restore",
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
		&cobra.Command{Use: "purge", Short: "Really delete: the trash, and every version that is not current", Args: exactArgs(0, "no arguments"),
			RunE: own(func(ws *query.Workspace, _ string) error {
				n, err := ws.Purge()
				fmt.Fprintf(a.errOut, "Deleted %d files.\n", n)
				return err
			})},
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
