package models

import (
	"errors"
	"strings"
	"time"
	"unicode"
)

// SavedSlice is a question that people want to ask again: it is asked of the
// data of that day, not of those on which it was saved.
type SavedSlice struct {
	Name  string    `yaml:"name"`
	View  string    `yaml:"view,omitempty"` // that showed it: table, trend, flows ...
	Slice string    `yaml:"slice"`
	Note  string    `yaml:"note,omitempty"`
	Of    string    `yaml:"of,omitempty"` // the versions it was saved on, such as ncct@3
	Saved time.Time `yaml:"saved"`
}

// MaxSavedName is the longest name of a saved slice, in runes.
const MaxSavedName = 60

// CheckSavedName says what is wrong with the name of a saved slice.
func CheckSavedName(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("give it a name")
	case name != strings.TrimSpace(name):
		return errors.New("a name has no blank at its ends")
	case len([]rune(name)) > MaxSavedName:
		return errors.New("the name is longer than 60 letters; shorten it")
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }):
		return errors.New("the name holds characters that cannot be shown")
	}
	return nil
}
