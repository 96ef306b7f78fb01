package query

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// own checks that a path below the workspace is the workspace's own: no step
// of it is a link. Loads clean, rename and delete down there, and a link would
// let them do so in a folder that is not ours.
func (ws *Workspace) own(path string) error {
	rel, err := filepath.Rel(ws.Dir, path)
	if err != nil || !filepath.IsLocal(rel) {
		return &WorkspaceError{Path: path, What: "this is not below the workspace", Do: "Check the folder"}
	}
	at := ws.Dir
	for _, name := range strings.Split(rel, string(filepath.Separator)) {
		at = filepath.Join(at, name)
		info, err := os.Lstat(at)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return storage(at, err)
		case info.Mode()&fs.ModeSymlink != 0:
			return &WorkspaceError{Path: at, What: "this is a link to another place, where nothing may be written or deleted",
				Do: "Put a real folder or file in its place, or delete the link; nothing was changed"}
		}
	}
	return nil
}

// errNoFile is what stands where a file of the workspace is expected: a pipe,
// a device, a link, a folder.
var errNoFile = errors.New("it is no plain file")

// openPlain opens a file of the workspace that is one: no link, and nothing
// that would make us wait, such as a pipe.
func openPlain(path string, flags int) (*os.File, error) {
	f, err := os.OpenFile(path, flags|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, syscall.ELOOP), errors.Is(err, syscall.ENXIO), errors.Is(err, syscall.EISDIR):
		return nil, errNoFile
	case err != nil:
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, errors.Join(err, errNoFile)
	}
	return f, nil
}

// readPlain reads a small file of the workspace.
func readPlain(path string, most int64) ([]byte, error) {
	f, err := openPlain(path, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(b)) > most {
		err = errors.New("it is too large")
	}
	return b, err
}
