package query

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"

	"tiplens/models"
)

// Settings are what a workspace says about the machine it is used on. They
// stand in its tiplens.toml, which people edit.
type Settings struct {
	Reader Resources // of a session that asks
	Load   Resources // of a load
}

// DefaultSettings hold where a workspace says nothing. 192 MB serve slices of
// 50 million rows; below 128 MB distinct counts over everything fail.
var DefaultSettings = Settings{Reader: Resources{Threads: 2, MemoryMB: 192}, Load: Resources{Threads: 2, MemoryMB: 1024}}

// setting is one line of the file: where its number goes, and what it may be.
type setting struct {
	key, about  string
	least, most int
	of          func(*Settings) *int
}

var settingList = []setting{
	{"memory_mb", "memory of DuckDB in each session, in MB; a session takes up to 400 MB beside it", 128, 1 << 20, func(s *Settings) *int { return &s.Reader.MemoryMB }},
	{"threads", "processor cores that a question may use", 1, 256, func(s *Settings) *int { return &s.Reader.Threads }},
	{"load_memory_mb", "memory of DuckDB during a load, in MB", 128, 1 << 20, func(s *Settings) *int { return &s.Load.MemoryMB }},
	{"load_threads", "processor cores that a load may use", 1, 256, func(s *Settings) *int { return &s.Load.Threads }},
}

// maxSettings bounds the file, in bytes.
const maxSettings = 64 << 10

// Settings reads the settings of a workspace. What is wrong in the file is an
// error, and the default stands in its place.
func (ws *Workspace) Settings() (Settings, error) {
	path := filepath.Join(ws.Dir, "tiplens.toml")
	b, err := readPlain(path, maxSettings)
	if errors.Is(err, fs.ErrNotExist) {
		return DefaultSettings, nil
	}
	if err != nil {
		return DefaultSettings, &WorkspaceError{Path: path, What: "the settings cannot be read", Err: err, Do: "The defaults hold"}
	}
	s, err := parseSettings(string(b))
	if err != nil {
		return s, &WorkspaceError{Path: path, What: err.Error(), Do: "The default holds there"}
	}
	return s, nil
}

// parseSettings reads lines of TOML with whole numbers: key = 123, and comments.
func parseSettings(text string) (Settings, error) {
	s := DefaultSettings
	var wrong []string
	seen := map[string]bool{}
	for i, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		line, _, _ = strings.Cut(line, "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		if err := s.set(strings.TrimSpace(key), strings.TrimSpace(value), seen); err != nil && len(wrong) < 3 {
			wrong = append(wrong, fmt.Sprintf("line %d: %s", i+1, err))
		}
	}
	if len(wrong) > 0 {
		return s, errors.New(strings.Join(wrong, "; "))
	}
	return s, nil
}

func (s *Settings) set(key, value string, seen map[string]bool) error {
	var keys []string
	for _, k := range settingList {
		keys = append(keys, k.key)
		if k.key != key {
			continue
		}
		n, err := strconv.Atoi(strings.ReplaceAll(value, "_", ""))
		switch {
		case seen[key]:
			return fmt.Errorf("%s stands there twice", key)
		case err != nil || n < k.least || n > k.most:
			return fmt.Errorf("%s is a whole number from %d to %d, not %q", key, k.least, k.most, models.Clean(value))
		}
		seen[key] = true
		*k.of(s) = n
		return nil
	}
	return fmt.Errorf("there is no setting %q; there are %s", models.Clean(key), joinWords(keys))
}

// TOML writes settings as a file that people can edit: those that are the
// defaults are commented out.
func (s Settings) TOML() string {
	var b strings.Builder
	def := DefaultSettings
	for _, k := range settingList {
		mark := ""
		if *k.of(&s) == *k.of(&def) {
			mark = "# "
		}
		fmt.Fprintf(&b, "# %s\n%s%s = %d\n", k.about, mark, k.key, *k.of(&s))
	}
	return b.String()
}
