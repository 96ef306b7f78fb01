package query

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Remove takes a dataset out of the manifest and moves its versions to the
// trash folder. Sessions that have them open keep reading them.
func (ws *Workspace) Remove(id string) error {
	dir := filepath.Join(ws.Dir, "datasets", id)
	lock, err := ws.dataset(id)
	if err != nil {
		return err
	}
	defer lock.Close()
	trash := filepath.Join(ws.Dir, "trash")
	if err := ws.mkdir(trash); err != nil {
		return err
	}
	err = ws.updateManifest(func(m *Manifest) error {
		e, err := m.entry(id)
		if err != nil {
			return err
		}
		delete(m.Datasets, id)
		if m.Removed == nil {
			m.Removed = map[string]int{}
		}
		m.Removed[id] = max(e.Next, slices.Max(e.Versions)+1)
		return nil
	})
	if err != nil {
		return err
	}
	return storage(dir, os.Rename(dir, filepath.Join(trash, fmt.Sprintf("%s-%d", id, time.Now().UnixNano()))))
}

// dataset takes the lock of a dataset that the manifest knows.
func (ws *Workspace) dataset(id string) (*os.File, error) {
	m, err := ws.Manifest()
	if err != nil {
		return nil, err
	}
	if _, err := m.entry(id); err != nil {
		return nil, err
	}
	return ws.lock(filepath.Join(ws.Dir, "datasets", id, "lock"), false)
}

func joinWords(ws []string) string {
	if len(ws) == 0 {
		return "none"
	}
	s := ws[0]
	for _, w := range ws[1:] {
		s += ", " + w
	}
	return s
}

// Purge really deletes: the trash, what dead processes left, and every version
// that is not current. It answers how many files are gone. What needs no new
// manifest goes first: on a full disk that makes the room to write one.
func (ws *Workspace) Purge() (int, error) {
	if err := ws.cleanTemp(); err != nil {
		return 0, err
	}
	m, err := ws.Manifest()
	if err != nil {
		return 0, err
	}
	gone, err := ws.purgeTrash()
	if err != nil {
		return gone, err
	}
	for _, id := range sortedKeys(m.Datasets) {
		n, err := ws.purgeVersions(id)
		gone += n
		if err != nil {
			return gone, err
		}
	}
	return gone, nil
}

func (ws *Workspace) purgeTrash() (int, error) {
	trash := filepath.Join(ws.Dir, "trash")
	if err := ws.own(trash); err != nil {
		return 0, err
	}
	gone := 0
	err := filepath.WalkDir(trash, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			gone++
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	return gone, storage(trash, errors.Join(err, os.RemoveAll(trash)))
}

// purgeVersions deletes the versions of a dataset that are not current: from
// the manifest first, so that nothing there ever names a missing file. Only a
// disk too full for a new manifest gets its room from the oldest of them.
func (ws *Workspace) purgeVersions(id string) (int, error) {
	lock, err := ws.dataset(id)
	if err != nil {
		return 0, err
	}
	defer lock.Close()
	var old []int
	forget := func() error {
		return ws.updateManifest(func(m *Manifest) error {
			e := m.Datasets[id]
			old = slices.DeleteFunc(slices.Clone(e.Versions), func(v int) bool { return v == e.Current })
			e.Versions = []int{e.Current}
			m.Datasets[id] = e
			return nil
		})
	}
	gone := 0
	remove := func(v int) error {
		err := os.Remove(ws.VersionPath(id, v))
		if err == nil {
			gone++
		} else if !errors.Is(err, fs.ErrNotExist) {
			return storage(ws.VersionPath(id, v), err)
		}
		return nil
	}
	if err = forget(); errors.Is(err, errDiskFull) && len(old) > 0 {
		if err = remove(old[0]); err == nil {
			err = forget()
		}
	}
	if err != nil {
		return gone, err
	}
	for _, v := range old {
		if err := remove(v); err != nil {
			return gone, err
		}
	}
	return gone, nil
}
