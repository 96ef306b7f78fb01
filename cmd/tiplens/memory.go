package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"tiplens/models"
	"tiplens/query"
)

// stateFolder is where sessions are remembered: $XDG_STATE_HOME/tiplens.
func stateFolder() string {
	base := os.Getenv("XDG_STATE_HOME")
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		base = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(base, "tiplens")
}

// A session log is a file of lines for each workspace. A line is a step of a
// session, with the session it is of: several may run at once. It is written
// while people work, in the order of their steps, and nobody waits for it.
const (
	maxLog      = 1 << 20 // bytes; the older half goes when it is longer
	maxLogLines = 1000    // that a new session gets back
)

// entry is a line of a session log. The step is the screen's own text.
type entry struct {
	Session string    `json:"s"`
	At      time.Time `json:"t"`
	Step    string    `json:"x"`
}

// memory remembers sessions. Losing it loses no data, so what it cannot write
// it leaves.
type memory struct {
	dir     string
	session string
	once    sync.Once
	queue   chan logged
	done    chan struct{}
}

type logged struct{ ref, step string }

func newMemory(dir string) *memory {
	return &memory{dir: dir, session: fmt.Sprintf("%d-%d", time.Now().UnixNano(), os.Getpid())}
}

func (m *memory) log(ref string) string {
	sum := sha256.Sum256([]byte(ref))
	return filepath.Join(m.dir, "sessions", hex.EncodeToString(sum[:8])+".jsonl")
}

// Steps gives the steps of the last session on a workspace, oldest first, and
// when the last of them was taken.
func (m *memory) Steps(ref string) (steps []string, at time.Time) {
	b, err := os.ReadFile(m.log(ref))
	if err != nil {
		return nil, time.Time{}
	}
	var all []entry
	for line := range bytes.SplitSeq(b, []byte{'\n'}) {
		var e entry
		if json.Unmarshal(line, &e) == nil && e.Session != "" { // the last line may be half a line
			all = append(all, e)
		}
	}
	for i := len(all) - 1; i >= 0 && len(steps) < maxLogLines; i-- {
		if all[i].Session == all[len(all)-1].Session {
			steps = append([]string{all[i].Step}, steps...)
		}
	}
	if len(all) > 0 {
		at = all[len(all)-1].At
	}
	return steps, at
}

// Step remembers a step. It returns at once; the file is written behind.
func (m *memory) Step(ref, step string) {
	if m.dir == "" {
		return
	}
	m.once.Do(func() {
		m.queue, m.done = make(chan logged, 256), make(chan struct{})
		go m.write()
	})
	select {
	case m.queue <- logged{ref, step}:
	default: // the disk does not answer; the screen goes on
	}
}

func (m *memory) write() {
	defer close(m.done)
	for l := range m.queue {
		path := m.log(l.ref)
		b, err := json.Marshal(entry{m.session, time.Now().UTC().Truncate(time.Second), l.step})
		if err != nil || os.MkdirAll(filepath.Dir(path), 0o700) != nil {
			continue
		}
		shorten(path)
		if f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
			_, _ = f.Write(append(b, '\n'))
			f.Close()
		}
	}
}

// shorten drops the older half of a log that has grown too long.
func shorten(path string) {
	info, err := os.Stat(path)
	if err != nil || info.Size() < maxLog {
		return
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return
	}
	half := b[len(b)/2:]
	half = half[bytes.IndexByte(half, '\n')+1:]
	if os.WriteFile(path+".part", half, 0o600) == nil {
		_ = os.Rename(path+".part", path)
	}
}

// flush waits until what was remembered is written, but not for a disk that
// does not answer.
func (m *memory) flush() {
	if m.queue == nil {
		return
	}
	close(m.queue)
	select {
	case <-m.done:
	case <-time.After(2 * time.Second):
	}
}

// savedIn is where the saved slices of a workspace lie; what comes with the
// program keeps them with the sessions.
func savedIn(ref string) *query.Workspace {
	if name, ok := strings.CutPrefix(ref, ":"); ok {
		return &query.Workspace{Dir: filepath.Join(stateFolder(), name)}
	}
	return &query.Workspace{Dir: ref}
}

func (h *host) Steps(ref string) ([]string, time.Time) { return h.memory.Steps(ref) }
func (h *host) Step(ref, step string)                  { h.memory.Step(ref, step) }

func (h *host) Saved(ref string) ([]models.SavedSlice, error) { return savedIn(ref).Saved() }

func (h *host) Save(ref string, s models.SavedSlice) error { return saveSlice(ref, s) }

func (h *host) Forget(ref, name string) error { return savedIn(ref).Forget(name) }

func saveSlice(ref string, s models.SavedSlice) error {
	ws := savedIn(ref)
	if _, err := query.OpenWorkspace(ws.Dir, true); err != nil {
		return err
	}
	s.Saved = time.Now().UTC().Truncate(time.Second)
	return ws.Save(s)
}

// savedSlice finds the text of a saved slice by its name.
func savedSlice(ref, name string) (models.SavedSlice, error) {
	list, err := savedIn(ref).Saved()
	var names []string
	for _, s := range list {
		if strings.EqualFold(s.Name, name) {
			return s, nil
		}
		names = append(names, s.Name)
	}
	if err != nil {
		return models.SavedSlice{}, err
	}
	if near := models.Nearest(name, names, 3); len(near) > 0 {
		return models.SavedSlice{}, usage("no saved slice is called %q; did you mean %s?", name, strings.Join(near, ", "))
	}
	return models.SavedSlice{}, usage("no saved slice is called %q; tiplens slices lists them", name)
}
