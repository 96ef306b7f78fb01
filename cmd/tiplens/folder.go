package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tiplens/datasets"
	"tiplens/tui"
)

// readable are the endings of files that may be tables.
var readable = []string{".csv", ".tsv", ".tab", ".txt", ".psv", ".dat", ".gz", ".xlsx", ".xlsm", ".parquet"}

// maxEntries bounds what is listed of one folder.
const maxEntries = 5000

// Folder lists a folder for the file browser: folders by name, then files that
// can be read, the newest first.
func (h *host) Folder(path string) (tui.Folder, string, error) {
	path, err := wholePath(path)
	if err != nil {
		return tui.Folder{}, "", err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return tui.Folder{}, "", fmt.Errorf("there is no %s", datasets.Clean(path))
	case err != nil:
		return tui.Folder{}, "", fmt.Errorf("%s cannot be looked at: %w", datasets.Clean(path), errors.Unwrap(err))
	case !info.IsDir():
		rememberFolder(filepath.Dir(path))
		return tui.Folder{}, path, nil
	}
	dir, err := os.Open(path)
	if err != nil {
		return tui.Folder{}, "", fmt.Errorf("%s cannot be opened: %w", datasets.Clean(path), errors.Unwrap(err))
	}
	defer dir.Close()
	names, _ := dir.ReadDir(maxEntries)
	f := tui.Folder{Path: path}
	for _, e := range names {
		info, err := os.Stat(filepath.Join(path, e.Name())) // a link is what it points to
		shown := datasets.Clean(e.Name())
		switch {
		case err != nil || strings.HasPrefix(e.Name(), ".") || shown != e.Name():
			f.Others++
		case info.IsDir():
			f.Entries = append(f.Entries, tui.Entry{Name: shown, Dir: true})
		case info.Mode().IsRegular() && slices.Contains(readable, strings.ToLower(filepath.Ext(shown))):
			f.Entries = append(f.Entries, tui.Entry{Name: shown, Size: info.Size(), Time: info.ModTime()})
		default:
			f.Others++
		}
	}
	slices.SortFunc(f.Entries, func(a, b tui.Entry) int {
		switch {
		case a.Dir != b.Dir && a.Dir:
			return -1
		case a.Dir != b.Dir:
			return 1
		case !a.Dir && !a.Time.Equal(b.Time):
			return b.Time.Compare(a.Time)
		}
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return f, "", nil
}

// wholePath makes a path of what a person typed: ~ is the home folder, nothing
// is the folder used last, else the one in which the program was started.
func wholePath(path string) (string, error) {
	home, homeErr := os.UserHomeDir()
	switch {
	case path == "":
		if b, err := os.ReadFile(lastFolderFile()); err == nil {
			if info, err := os.Stat(string(b)); err == nil && info.IsDir() && filepath.IsAbs(string(b)) {
				return string(b), nil
			}
		}
		path = "."
	case path == "~" || strings.HasPrefix(path, "~/"):
		if homeErr != nil {
			return "", errors.New("there is no home folder; type the path from / on")
		}
		path = filepath.Join(home, path[1:])
	}
	return filepath.Abs(path)
}

// lastFolderFile keeps the folder from which a file was loaded last.
func lastFolderFile() string { return filepath.Join(stateFolder(), "folder") }

// rememberFolder keeps a folder for the next time. It is a help, so failing is
// no news.
func rememberFolder(dir string) {
	file := lastFolderFile()
	if stateFolder() == "" || os.MkdirAll(filepath.Dir(file), 0o700) != nil {
		return
	}
	_ = os.WriteFile(file, []byte(dir), 0o600)
}
