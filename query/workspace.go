package query

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"tiplens/models"
)

// Workspace is a folder with everything one team holds. Its version files
// never change; the manifest says which of them are current and is replaced
// atomically, so any number of processes may read while one loads.
type Workspace struct{ Dir string }

// ManifestFormat is the format of the manifest this program writes.
const ManifestFormat = 1

// maxManifest is the size, in bytes, of the largest manifest that is read.
const maxManifest = 4 << 20

// maxVersion is the highest number a version can have.
const maxVersion = 1_000_000

// Manifest says which version of each dataset is current.
type Manifest struct {
	Format     int              `json:"format"`
	Generation int64            `json:"generation"` // grows with every change
	Datasets   map[string]Entry `json:"datasets"`

	// Removed keeps the next version number of datasets that were taken out: a
	// number that stands under a printed figure must never come to mean another
	// file, even if a dataset of that name is loaded again.
	Removed map[string]int `json:"removed,omitempty"`
}

// Entry is one dataset of a manifest.
type Entry struct {
	Current  int   `json:"current"`
	Versions []int `json:"versions"`
	Next     int   `json:"next"` // numbers below it were used once and never come back
}

// entry finds a dataset, or says which there are.
func (m *Manifest) entry(id string) (Entry, error) {
	e, ok := m.Datasets[id]
	if !ok {
		return e, fmt.Errorf("this workspace has no dataset %s; it has %s", id, joinWords(sortedKeys(m.Datasets)))
	}
	return e, nil
}

// WorkspaceError is trouble with the workspace itself: a sentence with the
// place, and what to do.
type WorkspaceError struct {
	Path string
	What string
	Do   string
	Busy bool
	Err  error
	full bool
}

// errDiskFull matches trouble with a disk that has no room left.
var errDiskFull = errors.New("the disk is full")

// Is lets errors.Is find a full disk.
func (e *WorkspaceError) Is(target error) bool { return e.full && target == errDiskFull }

func (e *WorkspaceError) Error() string {
	s := e.Path + ": " + e.What
	if e.Err != nil {
		s += ": " + reason(e.Err)
	}
	if e.Do != "" {
		s += ". " + e.Do
	}
	return s
}

func (e *WorkspaceError) Unwrap() error { return e.Err }

// reason is the message of an error without the path before it.
func reason(err error) string {
	var pe *fs.PathError
	var le *os.LinkError
	switch {
	case errors.As(err, &pe):
		return pe.Err.Error()
	case errors.As(err, &le):
		return le.Err.Error()
	}
	return err.Error()
}

// storage explains an error of the file system in a workspace.
func storage(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), strings.Contains(err.Error(), "No space left"), strings.Contains(err.Error(), "Disk quota exceeded"), strings.Contains(err.Error(), "Could not write all bytes"):
		return &WorkspaceError{Path: path, What: "the disk is full", Do: "Free some room and load again; the workspace is unchanged", full: true}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), strings.Contains(err.Error(), "Permission denied"), strings.Contains(err.Error(), "Read-only file system"):
		return &WorkspaceError{Path: path, What: "this folder may not be written", Do: "Ask its owner, or name another with --workspace", Err: err}
	}
	var db *duckdb.Error
	if errors.As(err, &db) {
		return &WorkspaceError{Path: path, What: databaseTrouble(db), Do: "Check the disk and the folder; the workspace is unchanged"}
	}
	return &WorkspaceError{Path: path, What: "the workspace cannot be used", Do: "Check the folder", Err: err}
}

// unreadable explains an error of the file system where nothing is written.
func unreadable(path string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return &WorkspaceError{Path: path, What: "this may not be read", Do: "Ask its owner, or name another with --workspace", Err: err}
	}
	return storage(path, err)
}

// databaseTrouble puts an error of the database into words. Trouble with files
// and memory is told as the database tells it; of any other only the kind, for
// the rest is the statement, which says nothing to people.
func databaseTrouble(err *duckdb.Error) string {
	kind, what, _ := strings.Cut(err.Msg, ": ")
	switch err.Type {
	case duckdb.ErrorTypeIO, duckdb.ErrorTypeOutOfMemory, duckdb.ErrorTypePermission:
		what, _, _ = strings.Cut(what, "\n")
		return "the database cannot go on: " + what
	}
	return fmt.Sprintf("the database cannot store this (%s), which is a mistake of tiplens", kind)
}

// OpenWorkspace opens a folder as a workspace. A folder that does not exist is
// an error unless create is set.
func OpenWorkspace(dir string, create bool) (*Workspace, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) && create:
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, storage(dir, err)
		}
	case errors.Is(err, fs.ErrNotExist):
		return nil, &WorkspaceError{Path: dir, What: "there is no workspace here", Do: "Load a file to make one: tiplens load FILE --workspace " + dir}
	case err != nil:
		return nil, unreadable(dir, err)
	case !info.IsDir():
		return nil, &WorkspaceError{Path: dir, What: "this is a file, not a workspace folder", Do: "Name a folder with --workspace"}
	}
	ws := &Workspace{dir}
	if _, err := ws.Manifest(); err != nil {
		return nil, err
	}
	return ws, nil
}

func (ws *Workspace) manifestPath() string { return filepath.Join(ws.Dir, "manifest.json") }

// Manifest reads the manifest; a workspace without one holds nothing yet.
func (ws *Workspace) Manifest() (Manifest, error) {
	m := Manifest{Format: ManifestFormat, Datasets: map[string]Entry{}}
	damaged := func(err error) error {
		return &WorkspaceError{Path: ws.manifestPath(), What: "the manifest is damaged", Err: err,
			Do: "Restore it from a backup; the data files beside it are not touched"}
	}
	b, err := readPlain(ws.manifestPath(), maxManifest)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return m, nil
	case errors.Is(err, errNoFile), len(b) > maxManifest:
		return m, damaged(err)
	case err != nil:
		return m, unreadable(ws.manifestPath(), err)
	}
	var head struct{ Format int }
	if err := json.Unmarshal(b, &head); err != nil {
		return m, damaged(err)
	}
	if head.Format > ManifestFormat {
		return m, &WorkspaceError{Path: ws.Dir, What: "this workspace was written by a newer tiplens", Do: "Use that version, or a newer one"}
	}
	if head.Format < 1 {
		return m, damaged(errors.New("it says no format"))
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, damaged(err)
	}
	if m.Datasets == nil {
		m.Datasets = map[string]Entry{}
	}
	for id, e := range m.Datasets {
		if !models.ValidDatasetID(id) || !e.makesSense() {
			return m, damaged(fmt.Errorf("the entry %q makes no sense", id))
		}
	}
	for id, next := range m.Removed {
		if !models.ValidDatasetID(id) || next < 1 {
			return m, damaged(fmt.Errorf("the removed entry %q makes no sense", id))
		}
	}
	return m, nil
}

// makesSense reports whether an entry is one that a load could have written.
func (e Entry) makesSense() bool {
	wild := slices.ContainsFunc(e.Versions, func(v int) bool { return v < 1 || v > maxVersion })
	return !wild && slices.Contains(e.Versions, e.Current) && e.Next >= 0 && e.Next <= maxVersion+1
}

// VersionPath is where a version of a dataset lies.
func (ws *Workspace) VersionPath(id string, version int) string {
	return filepath.Join(ws.Dir, "datasets", id, fmt.Sprintf("v%04d.duckdb", version))
}

// Exposed warns when others than the owner's group may read the workspace; it
// answers the command that mends it, or nothing.
func (ws *Workspace) Exposed() string {
	info, err := os.Stat(ws.Dir)
	if err != nil || info.Mode().Perm()&0o007 == 0 {
		return ""
	}
	return "chmod o-rwx " + ws.Dir
}

// modes gives the permissions of folders and files: for the owner alone, or
// for the team where the workspace folder is open to its group.
func (ws *Workspace) modes() (dir, file fs.FileMode) {
	if info, err := os.Stat(ws.Dir); err == nil && info.Mode().Perm()&0o020 != 0 {
		return 0o770 | fs.ModeSetgid, 0o660
	}
	return 0o700, 0o600
}

func (ws *Workspace) mkdir(path string) error {
	if err := ws.own(path); err != nil {
		return err
	}
	if _, err := os.Stat(path); err == nil {
		return nil // the folder of a colleague keeps the mode it has
	}
	if up := filepath.Dir(path); up != ws.Dir && len(up) > len(ws.Dir) {
		if err := ws.mkdir(up); err != nil {
			return err
		}
	}
	mode, _ := ws.modes()
	if err := os.Mkdir(path, mode.Perm()); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil
		}
		return storage(path, err)
	}
	return storage(path, os.Chmod(path, mode)) // the umask took the group's right
}

// step marks a moment of a load at which a test may end the process; it does
// nothing outside tests.
var step = func(string) {}

// updateManifest changes the manifest under its lock. Readers see the old one
// or the new one.
func (ws *Workspace) updateManifest(change func(*Manifest) error) error {
	lock, err := ws.lock(filepath.Join(ws.Dir, "manifest.lock"), true)
	if err != nil {
		return err
	}
	defer lock.Close()
	step("manifest locked")
	m, err := ws.Manifest()
	if err != nil {
		return err
	}
	if err := change(&m); err != nil {
		return err
	}
	m.Generation++
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return ws.replace(ws.manifestPath(), append(b, '\n'), "manifest")
}

// replace writes a small file of the workspace: readers see the old one or the
// new one. The name is for step.
func (ws *Workspace) replace(path string, b []byte, name string) error {
	part := path + ".part"
	_, mode := ws.modes()
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) { // of a process that died
		return storage(part, err)
	}
	if err := writeSynced(part, b, mode); err != nil {
		os.Remove(part)
		return storage(part, err)
	}
	step(name + " synced")
	if err := os.Rename(part, path); err != nil {
		return storage(path, err)
	}
	step(name + " renamed")
	return syncDir(filepath.Dir(path))
}

func writeSynced(path string, b []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	step("manifest written")
	return errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return storage(dir, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return storage(dir, err)
	}
	return nil
}

// maxHolder is how much, in bytes, is read of what a lock's holder says.
const maxHolder = 200

// lock takes an exclusive lock on a file, which the system lets go when the
// process ends. Without wait a lock that is held is an error of kind Busy.
func (ws *Workspace) lock(path string, wait bool) (*os.File, error) {
	if err := ws.own(path); err != nil {
		return nil, err
	}
	_, mode := ws.modes()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, mode)
	switch {
	case err == nil:
		err = f.Chmod(mode)
	case errors.Is(err, fs.ErrExist):
		f, err = openPlain(path, os.O_RDWR)
	}
	if err != nil {
		return nil, storage(path, err)
	}
	how := syscall.LOCK_EX
	if !wait {
		how |= syscall.LOCK_NB
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder := make([]byte, maxHolder)
		n, _ := f.ReadAt(holder, 0)
		f.Close()
		return nil, &WorkspaceError{Path: path, Busy: true, What: "held by " + models.Clean(string(holder[:n])), Do: "Wait until it has finished"}
	}
	if err != nil {
		f.Close()
		return nil, storage(path, err)
	}
	return f, nil
}

// versionNumber reads the number out of the name of a version file or part.
func versionNumber(name string) (int, bool) {
	s, ok := strings.CutPrefix(name, "v")
	if !ok {
		return 0, false
	}
	s, _, _ = strings.Cut(s, ".")
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// Previous makes the version before the current one current again. It answers
// the version that is current now.
func (ws *Workspace) Previous(id string) (int, error) {
	now := 0
	err := ws.updateManifest(func(m *Manifest) error {
		e, ok := m.Datasets[id]
		i := slices.Index(e.Versions, e.Current)
		if !ok || i <= 0 {
			return fmt.Errorf("%s has no version before its current one", id)
		}
		e.Current = e.Versions[i-1]
		now = e.Current
		m.Datasets[id] = e
		return nil
	})
	return now, err
}

// Stamp changes whenever the manifest does; a session compares it to learn
// that a colleague has loaded something.
func (ws *Workspace) Stamp() string {
	info, err := os.Stat(ws.manifestPath())
	if err != nil {
		return ""
	}
	st, _ := info.Sys().(*syscall.Stat_t)
	var inode uint64
	if st != nil {
		inode = st.Ino
	}
	return fmt.Sprintf("%d-%d-%s", inode, info.Size(), info.ModTime().Format(time.RFC3339Nano))
}
