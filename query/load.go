package query

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"tiplens/models"
)

// Load is a running load of one dataset: it holds the dataset's lock, a part
// file and a writer into it.
type Load struct {
	*Writer
	ID      string
	Version int
	First   models.Date // first and last day of any observation, known after Commit
	Last    models.Date

	// Checks is the dictionary by which the finished rows are looked over before
	// they are published, and Found what that told; without it nothing is.
	Checks *models.Catalog
	Found  []models.Finding

	// StillHeld are the rows of the version before that stay held back in a load
	// that corrects others.
	StillHeld []models.HeldRow

	ws   *Workspace
	lock *os.File
	tmp  *tempDir
	part string
	pool *sql.DB
}

// Resources bound what a load or a reader may use.
type Resources struct {
	Threads  int
	MemoryMB int
}

// BeginLoad reserves the next version of a dataset and opens a part file for
// it. While another load of the same dataset runs, it waits if wait is set
// (telling is called once with who holds it), and else fails as Busy.
func (ws *Workspace) BeginLoad(ctx context.Context, id string, extra []string, wait bool, telling func(string)) (*Load, error) {
	if !models.ValidDatasetID(id) {
		return nil, fmt.Errorf("%q cannot name a dataset: use a lower-case letter, then up to 31 letters, digits, _ or -", id)
	}
	dir := filepath.Join(ws.Dir, "datasets", id)
	if err := ws.mkdir(dir); err != nil {
		return nil, err
	}
	if err := syncDir(filepath.Dir(dir)); err != nil {
		return nil, err
	}
	lock, err := ws.waitLock(ctx, filepath.Join(dir, "lock"), wait, telling)
	if err != nil {
		return nil, err
	}
	l := &Load{ID: id, ws: ws, lock: lock}
	if err := l.open(ctx, dir, extra); err != nil {
		l.abandon()
		return nil, err
	}
	return l, nil
}

func (ws *Workspace) waitLock(ctx context.Context, path string, wait bool, telling func(string)) (*os.File, error) {
	told := false
	for {
		f, err := ws.lock(path, false)
		var busy *WorkspaceError
		switch {
		case err == nil:
			host, _ := os.Hostname()
			who := fmt.Sprintf("process %d on %s since %s", os.Getpid(), host, time.Now().Format("2006-01-02 15:04:05"))
			if err := errors.Join(f.Truncate(0), writeAt(f, who)); err != nil {
				f.Close()
				return nil, storage(path, err)
			}
			return f, nil
		case !errors.As(err, &busy) || !busy.Busy || !wait:
			return nil, err
		}
		if !told && telling != nil {
			telling(busy.What)
			told = true
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func writeAt(f *os.File, s string) error {
	_, err := f.WriteAt([]byte(s+"\n"), 0)
	return err
}

func (l *Load) open(ctx context.Context, dir string, extra []string) error {
	if err := l.ws.cleanTemp(); err != nil {
		return err
	}
	var err error
	if l.tmp, err = l.ws.newTemp(); err != nil {
		return err
	}
	if err := l.reserve(dir); err != nil {
		return err
	}
	step("reserved")
	settings, _ := l.ws.Settings() // where they are wrong the defaults hold; whoever opens the workspace is told
	if l.pool, err = openPool(settings.Load, l.tmp.path); err != nil {
		return err
	}
	// What is written counts once it is checkpointed and published, so no log of it is kept.
	if _, err := l.pool.ExecContext(ctx, fmt.Sprintf("ATTACH %s AS target (RECOVERY_MODE no_wal_writes)", literal(l.part))); err != nil {
		return storage(l.part, err)
	}
	step("created")
	l.Writer, err = newWriter(ctx, l.pool, "target", extra)
	return storage(l.part, err)
}

// reserve takes the next version number: beyond every number that was ever
// used, with the part file's name as the reservation.
func (l *Load) reserve(dir string) error {
	m, err := l.ws.Manifest()
	if err != nil {
		return err
	}
	e := m.Datasets[l.ID]
	l.Version = max(e.Next, m.Removed[l.ID], 1)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return storage(dir, err)
	}
	for _, f := range entries {
		n, ok := versionNumber(f.Name())
		if !ok {
			continue
		}
		l.Version = max(l.Version, n+1)
		if slices.Contains(e.Versions, n) {
			continue
		}
		// Left by a load that died before it was published. Nobody reads it, and we hold the lock.
		if err := l.ws.clear(l.ID, filepath.Join(dir, f.Name())); err != nil {
			return err
		}
	}
	l.part = l.ws.VersionPath(l.ID, l.Version) + ".part"
	if _, err := os.Lstat(l.part); err == nil {
		return storage(l.part, os.ErrExist)
	}
	return nil
}

// clear removes a part of a dead load; a whole version that the manifest does
// not know is moved to the trash, for it may be all that is left of something.
func (ws *Workspace) clear(id, path string) error {
	if filepath.Ext(path) != ".duckdb" {
		return storage(path, os.Remove(path))
	}
	trash := filepath.Join(ws.Dir, "trash", id)
	if err := ws.mkdir(trash); err != nil {
		return err
	}
	to := filepath.Join(trash, fmt.Sprintf("%s-%d", filepath.Base(path), time.Now().UnixNano()))
	if _, err := os.Lstat(filepath.Join(trash, filepath.Base(path))); errors.Is(err, os.ErrNotExist) {
		to = filepath.Join(trash, filepath.Base(path))
	}
	return storage(path, os.Rename(path, to))
}

// Before describes the version that is current while this load runs, and the
// recipe by which it was read; false when there is none, or it is damaged.
func (l *Load) Before(ctx context.Context) (ds models.Dataset, recipe string, ok bool) {
	m, err := l.ws.Manifest()
	e, known := m.Datasets[l.ID]
	if err != nil || !known {
		return ds, "", false
	}
	f, err := attach(ctx, l.pool, l.ws.VersionPath(l.ID, e.Current), "before", l.ID, e.Current)
	if err == nil {
		ds, recipe, ok = f.ds, f.recipe, true
	}
	_, err = l.pool.ExecContext(ctx, "DETACH DATABASE IF EXISTS before")
	return ds, recipe, ok && err == nil
}

// Commit publishes what was written: checkpoint, close, sync, rename, and a
// new manifest. Until the manifest is renamed the workspace is the old one.
func (l *Load) Commit(ctx context.Context, ds models.Dataset, recipe string, findings []models.Finding) error {
	defer l.abandon()
	ds.ID, ds.Version, ds.LoadedAt = l.ID, l.Version, time.Now().UTC().Truncate(time.Second)
	w := l.Writer
	if err := l.carry(ctx); err != nil {
		return storage(l.part, err)
	}
	w.check = l.look
	l.Writer = nil
	if err := w.Finish(ctx, ds, recipe, findings); err != nil {
		return storage(l.part, err)
	}
	l.First, l.Last = w.first, w.last
	step("filled")
	if _, err := l.pool.ExecContext(ctx, "CHECKPOINT target"); err != nil {
		return storage(l.part, err)
	}
	step("checkpointed")
	if _, err := l.pool.ExecContext(ctx, "DETACH DATABASE IF EXISTS before"); err != nil {
		return storage(l.part, err)
	}
	if _, err := l.pool.ExecContext(ctx, "DETACH target"); err != nil {
		return storage(l.part, err)
	}
	if err := l.pool.Close(); err != nil {
		return storage(l.part, err)
	}
	l.pool = nil
	step("closed")
	return l.publish()
}

func (l *Load) publish() error {
	f, err := os.OpenFile(l.part, os.O_RDWR, 0)
	if err != nil {
		return storage(l.part, err)
	}
	_, mode := l.ws.modes()
	if err := errors.Join(f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return storage(l.part, err)
	}
	step("synced")
	path := l.ws.VersionPath(l.ID, l.Version)
	if err := os.Rename(l.part, path); err != nil {
		return storage(path, err)
	}
	step("renamed")
	if err := syncDir(filepath.Dir(path)); err != nil {
		return err
	}
	step("folder synced")
	err = l.ws.updateManifest(func(m *Manifest) error {
		e := m.Datasets[l.ID]
		e.Current, e.Next = l.Version, l.Version+1
		e.Versions = append(e.Versions, l.Version)
		m.Datasets[l.ID] = e
		delete(m.Removed, l.ID)
		return nil
	})
	if err != nil {
		os.Remove(path) // nobody knows of it, and a full disk needs the room
	}
	step("published")
	return err
}

// look looks over the finished rows before they are published: totals and
// parts, duplicates, percentages, and what differs from the version before.
func (l *Load) look(ctx context.Context) ([]models.Finding, error) {
	if l.Checks == nil {
		return nil, nil
	}
	f, err := readFile(ctx, l.pool, "target")
	if err != nil {
		return nil, err
	}
	found, err := checkFile(ctx, l.pool, f, l.Checks)
	if err != nil {
		return nil, err
	}
	ch, err := l.changes(ctx, f)
	if err != nil {
		return nil, err
	}
	if ch != nil {
		if lost, ok := ch.Lost(); ok {
			found = append(found, lost)
		}
		found = append(found, models.Finding{Severity: models.Note, Kind: models.KindVersions, What: ch.Sentence(),
			Do: "tiplens workspace compare " + l.ID + " lists them"})
	}
	for i := range found {
		found[i].File = f.ds.File
	}
	l.Found = found
	return found, nil
}

// changes compares the rows with the current version; nil where there is none
// that can be read. A damaged one is no reason to refuse the new.
func (l *Load) changes(ctx context.Context, f *file) (*models.Changes, error) {
	m, err := l.ws.Manifest()
	if err != nil {
		return nil, err
	}
	e, ok := m.Datasets[l.ID]
	if !ok {
		return nil, nil
	}
	if _, err := l.pool.ExecContext(ctx, "DETACH DATABASE IF EXISTS before"); err != nil {
		return nil, err
	}
	old, err := attach(ctx, l.pool, l.ws.VersionPath(l.ID, e.Current), "before", l.ID, e.Current)
	if err != nil {
		return nil, nil
	}
	return compareFiles(ctx, l.pool, old, f, 0)
}

// Abandon gives a load up and leaves the workspace as it was.
func (l *Load) Abandon() { l.abandon() }

func (l *Load) abandon() {
	if l.Writer != nil {
		l.Writer.Abort()
		l.Writer = nil
	}
	if l.pool != nil {
		l.pool.Close()
		l.pool = nil
	}
	if l.part != "" {
		os.Remove(l.part)
		os.Remove(l.part + ".wal")
	}
	if l.tmp != nil {
		l.tmp.remove()
	}
	if l.lock != nil {
		l.lock.Close()
		l.lock = nil
	}
}

// tempDir is a process's own folder below tmp; its lock tells others that the
// process lives.
type tempDir struct {
	path string
	lock *os.File
}

func (ws *Workspace) newTemp() (*tempDir, error) {
	path := filepath.Join(ws.Dir, "tmp", fmt.Sprintf("%d-%d", os.Getpid(), time.Now().UnixNano()))
	if err := ws.mkdir(path); err != nil {
		return nil, err
	}
	lock, err := ws.lock(filepath.Join(path, "lock"), false)
	if err != nil {
		return nil, err
	}
	return &tempDir{path, lock}, nil
}

func (t *tempDir) remove() {
	os.RemoveAll(t.path)
	t.lock.Close()
}

// tempName is how newTemp names folders: process and time.
var tempName = regexp.MustCompile(`^[0-9]+-[0-9]+$`)

// cleanTemp removes what dead processes left below tmp.
func (ws *Workspace) cleanTemp() error {
	dir := filepath.Join(ws.Dir, "tmp")
	if err := ws.own(dir); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return storage(dir, err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		info, err := e.Info()
		if !tempName.MatchString(e.Name()) || !e.IsDir() {
			continue // a load did not make it
		}
		if err != nil || time.Since(info.ModTime()) < 2*time.Second {
			continue // it may be about to take its lock
		}
		lock, err := ws.lock(filepath.Join(path, "lock"), false)
		if err != nil {
			continue // alive, or not ours
		}
		os.RemoveAll(path)
		lock.Close()
	}
	return nil
}
