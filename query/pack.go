package query

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
)

// packed reports whether a file of a workspace belongs into its package: what
// is current and what people wrote, not locks, spill or trash.
func packed(rel string) bool {
	top, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
	switch top {
	case "datasets":
		return strings.HasSuffix(rel, ".duckdb") || filepath.Base(rel) == "meta.yaml"
	case "recipes", "slices.yaml", "tiplens.toml", "manifest.json":
		return true
	}
	return false
}

// Pack writes the workspace into one file, which appears only when it is
// whole. A file of that name is replaced.
func (ws *Workspace) Pack(file string) (err error) {
	out, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".part-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(out.Name())
		}
	}()
	if err := errors.Join(ws.packInto(out), out.Sync(), out.Close()); err != nil {
		return err
	}
	return os.Rename(out.Name(), file)
}

func (ws *Workspace) packInto(w io.Writer) error {
	z := gzip.NewWriter(w)
	t := tar.NewWriter(z)
	// The manifest goes first: versions that come while we pack are not in it.
	names := []string{"manifest.json"}
	err := filepath.WalkDir(ws.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(ws.Dir, path)
		if err == nil && d.Type().IsRegular() && rel != "manifest.json" && packed(rel) {
			names = append(names, rel)
		}
		return err
	})
	for _, name := range names {
		if err == nil {
			err = packFile(t, ws.Dir, name)
		}
	}
	return errors.Join(err, t.Close(), z.Close())
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
	if err := t.WriteHeader(&tar.Header{Name: filepath.ToSlash(name), Mode: 0o600, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	_, err = io.CopyN(t, f, info.Size())
	return err
}

// Restore unpacks a packed workspace into a folder that does not exist yet. It
// is unpacked beside that place, in a folder of its own, and then renamed.
func Restore(file, dir string) (err error) {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	dir = filepath.Clean(dir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	part, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".part-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(part)
		}
	}()
	if err := unpack(in, file, part); err != nil {
		return err
	}
	if _, err := os.Lstat(dir); err == nil {
		return fmt.Errorf("%s exists already", dir)
	}
	return os.Rename(part, dir)
}

func unpack(in io.Reader, file, dir string) error {
	z, err := gzip.NewReader(in)
	if err != nil {
		return fmt.Errorf("%s is no packed workspace: %w", file, err)
	}
	whole := false
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
		whole = whole || h.Name == "manifest.json"
		if err := unpackFile(t, filepath.Join(dir, h.Name)); err != nil {
			return fmt.Errorf("%s cannot be unpacked: %w", file, err)
		}
	}
	if !whole {
		return fmt.Errorf("%s is no packed workspace: it holds no manifest", file)
	}
	ws := &Workspace{dir}
	m, err := ws.Manifest()
	if err != nil {
		return err
	}
	for _, id := range sortedKeys(m.Datasets) {
		if _, err := os.Stat(ws.VersionPath(id, m.Datasets[id].Current)); err != nil {
			return fmt.Errorf("%s is damaged: it lacks %s@%d", file, id, m.Datasets[id].Current)
		}
	}
	return nil
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
