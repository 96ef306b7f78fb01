package datasets

import (
	"fmt"
	"io"
	"strings"
	"time"

	"tiplens/models"
)

// Document is a briefing, or a report pack that was filled, on its way into a
// file: its items with their answers, and what could not be shown.
type Document struct {
	Title   string
	Note    string
	On      time.Time // its own day; no clock is read, so the same document gives the same bytes
	Program string
	Draft   bool // its numbers are not kept as briefed
	Pack    bool

	Training bool // known without an answer
	Open     bool // no numbers and nothing of a workspace: it needs no mark
	Items    []DocumentItem
}

// DocumentItem is one item with what came of it.
type DocumentItem struct {
	Kind     models.BriefingKind
	Heading  string
	Note     string
	Page     []string     // text set in columns, line by line
	Slice    string       // as it was asked
	Export   *Export      // nil for a note, and where there is no answer
	Card     *models.Card // of a number
	Missing  string       // why there is no answer
	Lacks    []string     // what is missing in an answer that is there
	Since    string       // the versions that the changes are counted from
	Changes  []string     // figure by figure, since those versions
	Compared bool         // changes were looked for
	Briefed  []string     // figures that went out with another number
}

// DocumentFormat is a form in which a document leaves the program.
type DocumentFormat struct {
	Name  string
	Ext   string
	About string
	write func(d *Document, w io.Writer) error
}

// DocumentFormats are all of them, the most wanted first.
var DocumentFormats = []DocumentFormat{
	{"html", ".html", "one page to read, print and send", (*Document).writeHTML},
	{"md", ".md", "Markdown, for documents and wikis; charts stand as tables", (*Document).writeMarkdown},
	{"xlsx", ".xlsx", "Excel: a sheet an item, and where the numbers come from", (*Document).writeXLSX},
}

// FindDocumentFormat finds a format by its name, or by the ending of a file.
func FindDocumentFormat(name, file string) (DocumentFormat, error) {
	file = strings.ToLower(file)
	var names []string
	for _, f := range DocumentFormats {
		if name != "" && f.Name == strings.ToLower(name) || name == "" && strings.HasSuffix(file, f.Ext) {
			return f, nil
		}
		names = append(names, f.Name)
	}
	if name == "" {
		return DocumentFormat{}, fmt.Errorf("the ending of %q names no format of a briefing; say --format with one of %s", Clean(file), strings.Join(names, ", "))
	}
	return DocumentFormat{}, fmt.Errorf("this cannot be written as %q; formats are %s", Clean(name), strings.Join(names, ", "))
}

// FileFormatOfDocument is FileFormat for a document. An ending that names a
// format which no document has is an error: the file would be another thing
// than it is called.
func FileFormatOfDocument(chosen DocumentFormat, file string) (DocumentFormat, string, error) {
	if f, err := FindDocumentFormat("", file); err == nil {
		return f, file, nil
	}
	if f, err := FindExportFormat("", file); err == nil {
		_, err := FindDocumentFormat(f.Name, "")
		return chosen, file, err
	}
	return chosen, file + chosen.Ext, nil
}

// Write writes the document. Invented people and real figures do not go out in
// one.
func (d *Document) Write(w io.Writer, f DocumentFormat) error {
	marks := map[string]int{}
	for i := range d.Items {
		if x := d.Items[i].Export; x != nil {
			marks[x.mark()] = i + 1
		}
	}
	if marks["TRAINING"] > 0 && len(marks) > 1 {
		return fmt.Errorf("item %d is of invented people and others are of real ones; make two documents of it", marks["TRAINING"])
	}
	return f.write(d, w)
}

// FileName suggests a name: the mark, the title, and the day.
func (d *Document) FileName(f DocumentFormat) string {
	name := fileWords(d.Title)
	if len(name) > maxFileName {
		name = strings.TrimRight(name[:maxFileName], "-")
	}
	for _, m := range []string{map[bool]string{true: "DRAFT"}[d.Draft], d.mark()} {
		if m != "" {
			name = m + "-" + name
		}
	}
	return strings.TrimRight(name, "-") + "-" + d.On.Format(time.DateOnly) + f.Ext
}

// mark is the word that stands on everything that leaves. Without an answer
// there is nothing to guard but the words of the person who wrote it.
func (d *Document) mark() string {
	mark := "INTERNAL"
	switch {
	case d.Open:
		return ""
	case d.Training:
		return "TRAINING"
	}
	for _, it := range d.Items {
		if it.Export != nil && it.Export.mark() == "TRAINING" {
			mark = "TRAINING"
		}
	}
	return mark
}

// heading is the title with its marks.
func (d *Document) heading() string {
	h := d.Title
	if d.Draft {
		h = "DRAFT - " + h
	}
	return models.Clean(d.marked(h))
}

// marked puts the mark before a title.
func (d *Document) marked(title string) string {
	if m := d.mark(); m != "" {
		return m + " - " + title
	}
	return title
}

// guarded says in a sentence what the marks mean.
func (d *Document) guarded() string {
	s := "INTERNAL: exact numbers, not for publication."
	switch d.mark() {
	case "":
		return ""
	case "TRAINING":
		s = "TRAINING: invented persons, no real figures."
	}
	if d.Draft {
		s += " DRAFT: these numbers are not kept as briefed."
	}
	return s
}

// day is the date line.
func (d *Document) day() string { return d.On.Format(time.DateOnly) }

// name is the heading of an item with its number.
func (d *Document) name(i int) string {
	it := &d.Items[i]
	name := it.Heading
	if name == "" && it.Export != nil {
		name = models.Clean(it.Export.Answer.Title)
	}
	if name == "" && it.Kind == models.NoteItem {
		name = "Note"
	}
	if name == "" {
		name = it.Slice
	}
	return fmt.Sprintf("%d. %s", i+1, name)
}

// maxChanges bounds the figures that are listed under one item.
const maxChanges = 200

// remarks are what must stand with an item: what changes its numbers, what
// became of them since, and what it lacks.
func (it *DocumentItem) remarks() []string {
	var out []string
	if it.Missing != "" {
		return []string{"Not shown: " + it.Missing}
	}
	if it.Export != nil {
		for _, r := range it.Export.Answer.Warnings {
			out = append(out, r.String())
		}
	}
	for _, l := range it.Lacks {
		out = append(out, "Lacking: "+l)
	}
	return append(out, limited(it.Briefed)...)
}

// changed tells what became of the figures since the versions pinned.
func (it *DocumentItem) changed() (head string, list []string) {
	switch {
	case !it.Compared:
		return "", nil
	case len(it.Changes) == 0:
		return "No figure changed since " + it.Since + ".", nil
	}
	return "Changed since " + it.Since + ":", limited(it.Changes)
}

func limited(list []string) []string {
	if more := len(list) - maxChanges; more > 0 {
		return append(list[:maxChanges:maxChanges], fmt.Sprintf("and %d more figures", more))
	}
	return list
}

// Gaps lists what could not be shown, and what an answer lacks.
func (d *Document) Gaps() []string {
	var out []string
	for i := range d.Items {
		it := &d.Items[i]
		if it.Missing != "" {
			out = append(out, d.name(i)+": "+it.Missing)
		}
		for _, l := range it.Lacks {
			out = append(out, d.name(i)+": "+l)
		}
	}
	return out
}

// WhatChanged tells item by item what became of the figures since the versions
// that the briefing names.
func (d *Document) WhatChanged() []string {
	var out []string
	for i := range d.Items {
		it := &d.Items[i]
		if it.Kind == models.NoteItem {
			continue
		}
		out = append(out, d.name(i))
		head, list := it.changed()
		switch {
		case it.Missing != "":
			list = []string{it.Missing}
		case head == "":
			list = []string{"It names the current versions already."}
		default:
			list = append([]string{head}, list...)
		}
		for _, l := range append(list, it.Lacks...) {
			out = append(out, "  "+l)
		}
		out = append(out, "")
	}
	return out
}

// Shows reports whether any item is there to be read.
func (d *Document) Shows() bool {
	for i := range d.Items {
		if d.Items[i].Missing == "" {
			return true
		}
	}
	return false
}

// gapsHead stands above the list of gaps.
func (d *Document) gapsHead() string {
	if d.Pack {
		return "What could not be filled"
	}
	return "What could not be shown"
}

// about is the block of metadata of an item; of a number its card first.
func (it *DocumentItem) about() []said {
	if it.Export == nil {
		return nil
	}
	var out []said
	if it.Card != nil {
		out = append(out, said{"to say", it.Card.Sentence})
	}
	return append(out, it.Export.about()...)
}

// overall is what is said of the whole document.
func (d *Document) overall() []said {
	out := []said{{"title", d.heading()}}
	if g := d.guarded(); g != "" {
		out = append(out, said{"audience", g})
	}
	return append(out, said{"date", d.day()}, said{"made by", d.Program})
}

// value is the number of a number card, as it is shown.
func (it *DocumentItem) value() string {
	a := it.Export.Answer
	b := &a.Blocks[0]
	return models.Amount(b.Cells[0][b.ValueColumn()].Said(), a.Unit)
}
