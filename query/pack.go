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
	"syscall"

	"tiplens/models"
)

// packed reports whether a file of a workspace belongs into its package: what
// is current and what people wrote, not locks, spill or trash.
func packed(rel string) bool {
	top, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
	switch top {
	case "datasets":
		return strings.HasSuffix(rel, ".duckdb") || filepath.Base(rel) == "meta.yaml"
	case "recipes", "slices.yaml", "briefed.yaml", "briefings", "tiplens.toml", "manifest.json":
		return true
	}
	return false
}

// Pack writes the workspace into one file, which appears only when it is
// whole. A file of that name is never replaced.
func (ws *Workspace) Pack(file string) (err error) {
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("%s exists already, and packing replaces no file; name another", models.Clean(file))
	}
	if inside(file, ws.Dir) {
		return fmt.Errorf("%s lies inside the workspace that is to be packed; name a file in another folder", models.Clean(file))
	}
	out, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".part-*")
	if err != nil {
		return unwritable(file, err)
	}
	defer func() {
		if err != nil {
			os.Remove(out.Name())
		}
	}()
	if err := errors.Join(ws.packInto(out), out.Sync(), out.Close()); err != nil {
		return unwritable(file, err)
	}
	if err := os.Link(out.Name(), file); err == nil { // unlike a rename it replaces nothing
		return os.Remove(out.Name())
	} else if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already, and packing replaces no file; name another", models.Clean(file))
	}
	return unwritable(file, os.Rename(out.Name(), file)) // a stick whose file system knows no links
}

// inside reports whether a file that does not exist yet would lie in a folder.
func inside(file, dir string) bool {
	at, err := filepath.EvalSymlinks(filepath.Dir(file))
	ws, err2 := filepath.EvalSymlinks(dir)
	if err != nil || err2 != nil {
		return false
	}
	at, err = filepath.Abs(at)
	ws, err2 = filepath.Abs(ws)
	rel, err3 := filepath.Rel(ws, at)
	return errors.Join(err, err2, err3) == nil && filepath.IsLocal(rel)
}

// unwritable explains why a file outside the workspace cannot be written.
func unwritable(file string, err error) error {
	var trouble *WorkspaceError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &trouble):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%s cannot be written: the disk is full. Free some room, or name a file on another disk", models.Clean(file))
	}
	return fmt.Errorf("%s cannot be written: %s. Name a file in another folder", models.Clean(file), reason(err))
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
	f, err := openPlain(filepath.Join(dir, name), os.O_RDONLY)
	if err != nil {
		return &WorkspaceError{Path: filepath.Join(dir, name), What: "this file cannot be packed", Err: err, Do: "Put it in order and pack again"}
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
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no packed workspace: it is no ordinary file. Name the file that tiplens workspace pack has written", models.Clean(file))
	}
	in, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("%s cannot be read: %s. Check its name and who may read it", models.Clean(file), reason(err))
	}
	defer in.Close()
	dir = filepath.Clean(dir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return storage(dir, err)
	}
	part, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".part-*")
	if err != nil {
		return storage(dir, err)
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
	return storage(dir, os.Rename(part, dir))
}

func unpack(in io.Reader, file, dir string) error {
	name := models.Clean(file)
	cut := func(err error) error {
		what := "it cannot be unpacked"
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			what = "it ends in the middle"
		case errors.Is(err, gzip.ErrChecksum):
			what = "its checksum is wrong"
		}
		return fmt.Errorf("%s is damaged: %s. Copy it again from where it was packed", name, what)
	}
	foreign := func(what string) error {
		return fmt.Errorf("%s is no packed workspace: %s. Name the file that tiplens workspace pack has written", name, what)
	}
	z, err := gzip.NewReader(in)
	switch {
	case errors.Is(err, io.EOF):
		return foreign("it is empty")
	case errors.Is(err, gzip.ErrHeader):
		return foreign("it is not packed with gzip")
	case err != nil:
		return cut(err)
	}
	whole := false
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.Is(err, tar.ErrHeader) {
			return foreign("what is packed in it is something else")
		}
		if err != nil {
			return cut(err)
		}
		if !filepath.IsLocal(h.Name) || !packed(h.Name) || h.Typeflag != tar.TypeReg {
			return foreign(fmt.Sprintf("it holds %q", h.Name))
		}
		whole = whole || h.Name == "manifest.json"
		path := filepath.Join(dir, h.Name)
		var on *fs.PathError
		switch err := unpackFile(t, path); {
		case errors.As(err, &on):
			return storage(path, err)
		case err != nil:
			return cut(err)
		}
	}
	// Behind the last file stand blocks of zeros, and the checksum of all.
	if n, err := io.Copy(io.Discard, io.LimitReader(z, 1<<20)); err != nil {
		return cut(err)
	} else if n == 1<<20 {
		return foreign("something else follows the files")
	}
	if !whole {
		return foreign("it holds no manifest")
	}
	ws := &Workspace{dir}
	m, err := ws.Manifest()
	if err != nil {
		return foreign("its manifest is damaged")
	}
	for _, id := range sortedKeys(m.Datasets) {
		for _, v := range m.Datasets[id].Versions {
			if _, err := os.Stat(ws.VersionPath(id, v)); err != nil {
				return fmt.Errorf("%s is damaged: it lacks %s@%d. Pack the workspace again", name, id, v)
			}
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
