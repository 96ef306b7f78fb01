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

// What went out lies in briefed.yaml; the briefings that people collect lie in
// briefings/, one a person. Both are texts that people may read and edit.

// Sizes, in bytes, of the largest such files that are read.
const (
	maxBriefed  = 8 << 20
	MaxBriefing = 1 << 20
)

func (ws *Workspace) briefedPath() string { return filepath.Join(ws.Dir, "briefed.yaml") }

// Briefed lists the figures that went out, oldest first.
func (ws *Workspace) Briefed() ([]models.Release, error) {
	path := ws.briefedPath()
	wrong := func(err error) error {
		return &WorkspaceError{Path: path, What: "what was briefed cannot be read", Err: err, Do: "Correct the file, or put it aside; nothing else depends on it"}
	}
	list, err := readList[models.Release](path, maxBriefed)
	if err != nil {
		return nil, wrong(err)
	}
	for i := range list {
		r := &list[i]
		r.Slice, r.At = models.Printable(r.Slice), models.Printable(r.At) // a cut one would find nothing
		for _, s := range []*string{&r.Value, &r.Date, &r.Of, &r.In} {
			*s = models.Clean(*s)
		}
		if r.Slice == "" || r.Value == "" || r.Date == "" {
			return nil, wrong(fmt.Errorf("entry %d needs a slice, a value and a date", i+1))
		}
	}
	return list, nil
}

// KeepBriefed adds figures that went out. One that is kept already, of the same
// day and versions, is kept once. It answers how many are new.
func (ws *Workspace) KeepBriefed(more []models.Release) (int, error) {
	lock, err := ws.lock(filepath.Join(ws.Dir, "manifest.lock"), true)
	if err != nil {
		return 0, err
	}
	defer lock.Close()
	list, err := ws.Briefed()
	if err != nil {
		return 0, err
	}
	type id struct{ slice, at, value, date, of string }
	idOf := func(r models.Release) id { return id{r.Slice, r.At, r.Value, r.Date, r.Of} }
	have := map[id]bool{}
	for _, r := range list {
		have[idOf(r)] = true
	}
	added := 0
	for _, r := range more {
		if !have[idOf(r)] {
			have[idOf(r)] = true
			list = append(list, r)
			added++
		}
	}
	if added == 0 {
		return 0, nil
	}
	slices.SortStableFunc(list, func(a, b models.Release) int { return strings.Compare(a.Date, b.Date) })
	b, err := yaml.Marshal(list)
	if err != nil {
		return 0, err
	}
	if len(b) > maxBriefed {
		return 0, &WorkspaceError{Path: ws.briefedPath(), What: fmt.Sprintf("what was briefed would fill more than %d MB", maxBriefed>>20),
			Do: "Move older entries to another file; nothing was kept of this briefing"}
	}
	return added, ws.replace(ws.briefedPath(), b, "briefed")
}

// BriefingPath is where the briefing of a person lies.
func (ws *Workspace) BriefingPath(person string) string {
	return filepath.Join(ws.Dir, "briefings", person+".yaml")
}

// Briefing reads the text of a person's briefing; nothing if there is none.
func (ws *Workspace) Briefing(person string) ([]byte, error) {
	path := ws.BriefingPath(person)
	b, err := readPlain(path, MaxBriefing)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, &WorkspaceError{Path: path, What: "the briefing cannot be read", Err: err, Do: "Check the file, or put it aside to begin a new one"}
	}
	return b, nil
}

// ChangeBriefing changes a person's briefing under the lock of the workspace.
func (ws *Workspace) ChangeBriefing(person string, change func([]byte) ([]byte, error)) error {
	lock, err := ws.lock(filepath.Join(ws.Dir, "manifest.lock"), true)
	if err != nil {
		return err
	}
	defer lock.Close()
	old, err := ws.Briefing(person)
	if err != nil {
		return err
	}
	b, err := change(old)
	if err != nil {
		return err
	}
	path := ws.BriefingPath(person)
	if len(b) > MaxBriefing {
		return &WorkspaceError{Path: path, What: fmt.Sprintf("the briefing would fill more than %d MB and could not be read again", MaxBriefing>>20), Do: "Build it, then put the file aside to begin a new one"}
	}
	if err := ws.mkdir(filepath.Dir(path)); err != nil {
		return err
	}
	if err := ws.own(path); err != nil {
		return err
	}
	return ws.replace(path, b, "briefing")
}
