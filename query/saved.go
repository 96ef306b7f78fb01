package query

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tiplens/models"
)

// Saved slices lie in slices.yaml, which people may edit: one list for all who
// use the workspace.

// maxSaved is the size, in bytes, of the largest such file that is read.
const maxSaved = 1 << 20

func (ws *Workspace) savedPath() string { return filepath.Join(ws.Dir, "slices.yaml") }

// Saved lists the saved slices in the order of their names. Those that cannot
// be read are left out, and the error says which.
func (ws *Workspace) Saved() ([]models.SavedSlice, error) {
	path := ws.savedPath()
	wrong := func(err error) error {
		return &WorkspaceError{Path: path, What: "a saved slice cannot be read", Err: err, Do: "Correct the file; the others stay"}
	}
	list, err := readList[models.SavedSlice](path, maxSaved)
	if err != nil {
		return nil, wrong(err)
	}
	var out []models.SavedSlice
	var bad error
	for _, s := range list {
		if err := models.CheckSavedName(s.Name); err != nil || strings.TrimSpace(s.Slice) == "" {
			bad = wrong(fmt.Errorf("%q: %w", s.Name, errors.Join(err, errors.New("it needs a name and a slice"))))
			continue
		}
		s.View, s.Slice, s.Note, s.Of = models.Clean(s.View), models.Clean(s.Slice), models.Clean(s.Note), models.Clean(s.Of)
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b models.SavedSlice) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out, bad
}

// readList reads a small YAML file that is a list; one that is not there is
// empty. An error is a sentence of one line.
func readList[T any](path string, most int64) (list []T, err error) {
	b, err := readPlain(path, most)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = yaml.Unmarshal(b, &list)
	}
	if err != nil {
		return nil, errors.New(strings.Join(strings.Fields(strings.TrimPrefix(err.Error(), "yaml: ")), " "))
	}
	return list, nil
}

// Save keeps a slice; one of the same name is replaced.
func (ws *Workspace) Save(s models.SavedSlice) error {
	if err := models.CheckSavedName(s.Name); err != nil {
		return err
	}
	return ws.changeSaved(func(list []models.SavedSlice) ([]models.SavedSlice, error) {
		return append(withoutSaved(list, s.Name), s), nil
	})
}

// Forget deletes a saved slice.
func (ws *Workspace) Forget(name string) error {
	return ws.changeSaved(func(list []models.SavedSlice) ([]models.SavedSlice, error) {
		rest := withoutSaved(list, name)
		if len(rest) == len(list) {
			return nil, fmt.Errorf("no saved slice is called %q", name)
		}
		return rest, nil
	})
}

func withoutSaved(list []models.SavedSlice, name string) []models.SavedSlice {
	return slices.DeleteFunc(slices.Clone(list), func(o models.SavedSlice) bool { return strings.EqualFold(o.Name, name) })
}

// changeSaved changes the list under the lock of the workspace. A file that
// cannot be read whole is not written: what a person wrote would be lost.
func (ws *Workspace) changeSaved(change func([]models.SavedSlice) ([]models.SavedSlice, error)) error {
	lock, err := ws.lock(filepath.Join(ws.Dir, "manifest.lock"), true)
	if err != nil {
		return err
	}
	defer lock.Close()
	list, err := ws.Saved()
	if err != nil {
		return err
	}
	if list, err = change(list); err != nil {
		return err
	}
	b, err := yaml.Marshal(list)
	if err != nil {
		return err
	}
	if len(b) > maxSaved {
		return fmt.Errorf("slices.yaml would be larger than %d bytes and could not be read again; delete some saved slices first", maxSaved)
	}
	return ws.replace(ws.savedPath(), b, "slices")
}
