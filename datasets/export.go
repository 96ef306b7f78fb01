package datasets

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tiplens/models"
)

// Export is an answer on its way into a file, with what must go with its
// numbers wherever they go.
type Export struct {
	Answer  *models.Answer
	Catalog *models.Catalog
	On      time.Time // the day; the same answer on the same day gives the same bytes
	Program string    // and its version
	Bare    bool      // without the block of metadata

	// Step is told how many rows of a workbook, which takes longest, are made;
	// its error ends the work. It may be nil.
	Step func(done, of int) error
}

// ExportFormat is a form in which an answer leaves the program.
type ExportFormat struct {
	Name  string // as --format takes it
	Ext   string // of its files
	About string // for people who choose
	write func(x *Export, w io.Writer) error
}

// ExportFormats are all of them, the most wanted first. The first whose ending
// a file has is meant by it.
var ExportFormats = []ExportFormat{
	{"xlsx", ".xlsx", "Excel: the table, a chart, and where the numbers come from", (*Export).writeXLSX},
	{"html", ".html", "a page to read, print and send", (*Export).writeHTML},
	{"md", ".md", "Markdown, for documents and wikis", (*Export).writeMarkdown},
	{"table", ".table.csv", "CSV as shown, rows by columns", (*Export).writeShown},
	{"csv", ".csv", "CSV, a line a number, for programs", (*Export).writeTidy},
	{"json", ".json", "JSON, with all that is known of each number", (*Export).writeJSON},
	{"svg", ".svg", "the chart, to print at any size", (*Export).writeSVG},
	{"png", ".png", "the chart as a picture", (*Export).writePNG},
}

// MapFormats are those of a flow besides: lines between places, for programs that
// draw maps.
var MapFormats = []ExportFormat{
	{"geojson", ".geojson", "GeoJSON: flows as lines, for maps", (*Export).writeGeoJSON},
	{"kml", ".kml", "KML: the same, for Google Earth", (*Export).writeKML},
}

// ExportFormatsOf are the formats that the answer to a slice can have.
func ExportFormatsOf(s models.Slice) []ExportFormat {
	if !s.IsFlow() || s.Via.Dim != "" {
		return ExportFormats
	}
	return slices.Concat(ExportFormats, MapFormats)
}

// Fits says why the answer to a slice cannot have a format.
func (f ExportFormat) Fits(s models.Slice) error {
	if slices.ContainsFunc(ExportFormatsOf(s), func(o ExportFormat) bool { return o.Name == f.Name }) {
		return nil
	}
	return fmt.Errorf("%s is for flows between two ends; ask for one, such as: %s flow origin to destination", f.Name, s.Indicator())
}

// FindExportFormat finds a format by its name, or by the ending of a file.
func FindExportFormat(name, file string) (ExportFormat, error) {
	file = strings.ToLower(file)
	for _, f := range slices.Concat(ExportFormats, MapFormats) {
		if name != "" && f.Name == strings.ToLower(name) || name == "" && strings.HasSuffix(file, f.Ext) {
			return f, nil
		}
	}
	var names []string
	for _, f := range ExportFormats {
		names = append(names, f.Name)
	}
	if name == "" {
		return ExportFormat{}, fmt.Errorf("the ending of %q names no format; say --format with one of %s", Clean(file), strings.Join(names, ", "))
	}
	return ExportFormat{}, fmt.Errorf("there is no format %q; formats are %s", Clean(name), strings.Join(names, ", "))
}

// FileFormat is the format that a file gets for which one was chosen: the one
// that its ending names, or the chosen one, whose ending is added where the name
// has none that is known. It gives the name to write as well.
func FileFormat(chosen ExportFormat, file string) (ExportFormat, string) {
	if hasEnding(file, filepath.Ext(chosen.Ext)) {
		return chosen, file
	}
	if f, err := FindExportFormat("", file); err == nil {
		return f, file
	}
	return chosen, file + chosen.Ext
}

func hasEnding(file, ext string) bool { return strings.HasSuffix(strings.ToLower(file), ext) }

// Write writes the answer. An answer without numbers is no file: a refusal or
// an empty answer is said instead.
func (x *Export) Write(w io.Writer, f ExportFormat) error {
	if x.Answer.Refused() || x.Answer.Empty != "" {
		return fmt.Errorf("there are no numbers to export")
	}
	if err := f.Fits(x.Answer.Slice); err != nil {
		return err
	}
	return f.write(x, w)
}

// mark is the word that stands on everything that leaves.
func (x *Export) mark() string {
	switch {
	case x.Answer.Training:
		return "TRAINING"
	case x.Answer.Audience == models.Internal:
		return "INTERNAL"
	}
	return ""
}

// heading is the title with its mark.
func (x *Export) heading() string {
	t, _, _ := strings.Cut(heading(x.Answer), "\n")
	return models.Clean(t)
}

// maxFileName bounds a suggested name without its ending.
const maxFileName = 90

// FileName suggests a name: the mark, what is asked, and the day.
func (x *Export) FileName(f ExportFormat) string {
	s := x.Answer.Slice
	var words []string
	for _, p := range s.Parts {
		words = append(words, p.Indicator)
	}
	if s.IsFlow() {
		words = append(words, s.From.Dim, "to", s.To.Dim)
	}
	for i, ax := range slices.Concat(s.By, s.Across) {
		if i == 0 {
			words = append(words, "by")
		}
		words = append(words, ax.Dim)
	}
	for _, t := range s.Where {
		if t.Dim == models.DimYear {
			for _, p := range t.Spans {
				words = append(words, p.Label())
			}
			continue
		}
		words = append(words, t.Codes...)
	}
	name := fileWords(strings.Join(words, "-"))
	if len(name) > maxFileName {
		name = strings.TrimRight(name[:maxFileName], "-")
	}
	if m := x.mark(); m != "" {
		name = m + "-" + name
	}
	return name + "-" + x.On.Format(time.DateOnly) + f.Ext
}

// fileWords keeps what every file system and every shell takes as it is.
func fileWords(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
