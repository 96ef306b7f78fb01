package models

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Briefing is what a person collected to say, in the order in which it is
// read. It holds questions with the versions they were asked of, and no
// numbers: these are asked again whenever it is built.
type Briefing struct {
	Title string
	Date  string // YYYY-MM-DD; the day that the document says
	Note  string
	Items []BriefingItem
}

// BriefingKind is how an item of a briefing is shown.
type BriefingKind string

// The kinds of items. A note has no question.
const (
	NumberItem BriefingKind = "number"
	TableItem  BriefingKind = "table"
	ChartItem  BriefingKind = "chart"
	NoteItem   BriefingKind = "note"
)

// BriefingKinds are all of them.
var BriefingKinds = []string{string(NumberItem), string(TableItem), string(ChartItem), string(NoteItem)}

// BriefingItem is a number card, a table, a chart or a note.
type BriefingItem struct {
	Kind    BriefingKind
	Heading string // the title of the answer, where it is empty
	Note    string
	Slice   string // with its versions
}

// Bounds of a briefing.
const (
	MaxBriefingItems = 200
	MaxHeading       = 200  // runes of a title or heading
	MaxBriefingSlice = 4000 // bytes
)

// Check says what is wrong with an item by itself, without what it asks of.
func (it *BriefingItem) Check() error {
	switch {
	case utf8.RuneCountInString(it.Heading) > MaxHeading:
		return fmt.Errorf("the heading is longer than %d letters", MaxHeading)
	case len(it.Note) > MaxText:
		return fmt.Errorf("the note is longer than %d bytes", MaxText)
	case len(it.Slice) > MaxBriefingSlice:
		return fmt.Errorf("the slice is longer than %d bytes", MaxBriefingSlice)
	case it.Kind == NoteItem && it.Slice != "":
		return errors.New("a note has no slice")
	case it.Kind == NoteItem && it.Note == "" && it.Heading == "":
		return errors.New("a note needs a heading or a text")
	case it.Kind != NoteItem && strings.TrimSpace(it.Slice) == "":
		return fmt.Errorf("a %s needs a slice", it.Kind)
	}
	return nil
}

// Day reads the date of a briefing.
func (b *Briefing) Day() (time.Time, error) {
	t, err := time.Parse(time.DateOnly, b.Date)
	if err != nil {
		return t, fmt.Errorf("%q is no date such as 2026-11-21", Clean(b.Date))
	}
	return t, nil
}

// Move puts an item by one place up or down; it gives the place where it is
// then.
func (b *Briefing) Move(i, by int) int {
	to := i + by
	if i < 0 || to < 0 || i >= len(b.Items) || to >= len(b.Items) {
		return i
	}
	b.Items[i], b.Items[to] = b.Items[to], b.Items[i]
	return to
}

// CleanNote makes a note of several lines safe to show.
func CleanNote(s string) string {
	var out []string
	for l := range strings.SplitSeq(strings.TrimSpace(s), "\n") {
		out = append(out, Clean(l))
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}
