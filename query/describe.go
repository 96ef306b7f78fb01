package query

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"tiplens/models"
)

// Version files never change, so what people state about a dataset after it
// was loaded lies beside them: datasets/<id>/meta.yaml. It holds only what they
// stated, and is laid over what every version of the dataset says of itself.

// MetaPath is where the later statements about a dataset lie.
func (ws *Workspace) MetaPath(id string) string {
	return filepath.Join(ws.Dir, "datasets", id, "meta.yaml")
}

// maxMeta is the size, in bytes, of the largest such file that is read.
const maxMeta = 64 << 10

// Described gives what was stated about a dataset after it was loaded, by key
// of models.MetaFields. What can be read is given with the error, too.
func (ws *Workspace) Described(id string) (map[string]string, error) {
	path := ws.MetaPath(id)
	malformed := func(err error) error {
		return &WorkspaceError{Path: path, What: "what was stated about " + id + " cannot be read", Err: err,
			Do: "Correct the file, or delete it and state it again: tiplens workspace describe " + id}
	}
	b, err := readPlain(path, maxMeta)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]string{}, nil
	}
	var said map[string]string
	if err == nil {
		err = yaml.Unmarshal(b, &said)
	}
	if err != nil {
		return nil, malformed(errors.New(strings.Join(strings.Fields(strings.TrimPrefix(err.Error(), "yaml: ")), " ")))
	}
	good, wrong := map[string]string{}, error(nil)
	var probe models.Dataset
	for _, key := range sortedKeys(said) {
		if err := probe.SetMeta(key, said[key]); err == nil {
			good[key] = said[key]
		} else if wrong == nil {
			wrong = malformed(err)
		}
	}
	return good, wrong
}

// Describe states something about a dataset; an empty value takes a statement
// back, so that the version file's own stands again. No version changes.
// Sessions that have the workspace open are offered it like new data.
func (ws *Workspace) Describe(id string, values map[string]string) error {
	var probe models.Dataset
	for _, key := range sortedKeys(values) {
		if err := probe.SetMeta(key, values[key]); err != nil {
			return err
		}
	}
	return ws.updateManifest(func(m *Manifest) error {
		if _, err := m.entry(id); err != nil {
			return err
		}
		said, err := ws.Described(id)
		if err != nil {
			return err
		}
		for key, v := range values {
			if v == "" {
				delete(said, key)
			} else {
				said[key] = v
			}
		}
		return ws.writeMeta(id, said)
	})
}

// writeMeta replaces the file: readers see the old one or the new one.
func (ws *Workspace) writeMeta(id string, said map[string]string) error {
	path := ws.MetaPath(id)
	if len(said) == 0 {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return storage(path, err)
		}
		return syncDir(filepath.Dir(path))
	}
	b, err := yaml.Marshal(said)
	if err != nil {
		return err
	}
	return ws.replace(path, b, "meta")
}

// describe lays the later statements over what a version file says of itself.
// Those that cannot be read are a warning: the data are good without them.
func (f *file) describe(ws *Workspace) {
	said, err := ws.Described(f.ds.ID)
	f.unread = err
	for key, v := range said {
		_ = f.ds.SetMeta(key, v) // checked when it was read
	}
}

// Warnings lists what could not be read and does no harm to the numbers.
func (e *Engine) Warnings() []error {
	var out []error
	if e.unset != nil {
		out = append(out, e.unset)
	}
	for _, f := range e.files {
		if f.unread != nil {
			out = append(out, f.unread)
		}
	}
	return out
}

// unreadFinding is the finding of a description that cannot be read.
func (f *file) unreadFinding() []models.Finding {
	var we *WorkspaceError
	if !errors.As(f.unread, &we) {
		return nil
	}
	what := we.What
	if we.Err != nil {
		what += ": " + reason(we.Err)
	}
	return []models.Finding{{Severity: models.Doubt, File: filepath.Base(we.Path), What: what, Do: we.Do}}
}

// incomplete says of each dataset behind an answer what it should state and
// does not (I-4.2).
func (a *asking) incomplete(files []*file) {
	for _, f := range files {
		id := f.ds.ID
		if f.unread != nil {
			a.note("", fmt.Sprintf("Dataset %s: what was stated about it after loading cannot be read in full; tiplens workspace describe %s says why.", id, id))
		}
		miss := f.ds.Missing()
		if len(miss) == 0 {
			continue
		}
		how := fmt.Sprintf("fill in with m on the Data view, or tiplens workspace describe %s", id)
		if len(miss) == 1 && miss[0] == "period" {
			how = "no row of it has a date"
		}
		a.note("", fmt.Sprintf("Dataset %s has no %s: %s.", id, strings.Join(miss, ", no "), how))
	}
}
