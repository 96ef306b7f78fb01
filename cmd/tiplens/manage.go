package main

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
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
			dir, err := a.ownFolder()
			if err != nil {
				return err
			}
			ws, err := query.OpenWorkspace(dir, false)
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
			RunE: own(func(ws *query.Workspace, file string) error { return pack(ws.Dir, file) })},
		&cobra.Command{Use: "restore FILE.tgz", Short: "Unpack a packed workspace into a folder that does not exist yet", Args: exactArgs(1, "one file"),
			RunE: func(_ *cobra.Command, args []string) error {
				dir, err := a.ownFolder()
				if err != nil {
					return err
				}
				return restore(args[0], dir)
			}},
	)
	return cmd
}

// packed reports whether a file of a workspace belongs into its package: what
// is current and what people wrote, not locks, spill or trash.
func packed(rel string) bool {
	top, _, _ := strings.Cut(rel, "/")
	base := filepath.Base(rel)
	switch top {
	case "datasets":
		return strings.HasSuffix(base, ".duckdb") || base == "meta.yaml"
	case "recipes", "slices.yaml", "tiplens.toml", "manifest.json":
		return true
	}
	return false
}

// pack writes a workspace into one file, under a part name first.
func pack(dir, file string) (err error) {
	out, err := os.OpenFile(file+".part", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(file + ".part")
		}
	}()
	z := gzip.NewWriter(out)
	t := tar.NewWriter(z)
	// The manifest goes first: versions that come while we pack are not in it.
	names := []string{"manifest.json"}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		if err == nil && d.Type().IsRegular() && rel != "manifest.json" && packed(rel) {
			names = append(names, rel)
		}
		return err
	})
	for _, name := range names {
		if err == nil {
			err = packFile(t, dir, name)
		}
	}
	if err = errors.Join(err, t.Close(), z.Close(), out.Sync(), out.Close()); err != nil {
		return err
	}
	return os.Rename(file+".part", file)
}

func packFile(t *tar.Writer, dir, name string) error {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	_, err = io.CopyN(t, f, info.Size())
	return err
}

// restore unpacks a package beside the folder and renames it into place.
func restore(file, dir string) (err error) {
	if _, err := os.Stat(dir); err == nil {
		return usage("%s exists already; name a new folder with --workspace", dir)
	}
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	part := dir + ".part"
	if err := os.MkdirAll(part, 0o700); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(part)
		}
	}()
	z, err := gzip.NewReader(in)
	if err != nil {
		return fmt.Errorf("%s is no packed workspace: %w", file, err)
	}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%s is damaged: %w", file, err)
		}
		if !filepath.IsLocal(h.Name) || !packed(h.Name) || h.Typeflag != tar.TypeReg {
			return fmt.Errorf("%s is no packed workspace: it holds %q", file, h.Name)
		}
		if err := unpackFile(t, filepath.Join(part, h.Name)); err != nil {
			return err
		}
	}
	if _, err := (&query.Workspace{Dir: part}).Manifest(); err != nil {
		return err
	}
	return os.Rename(part, dir)
}

func unpackFile(r io.Reader, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}
