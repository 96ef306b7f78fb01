package datasets

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"tiplens/models"
)

//go:embed packs
var packFiles embed.FS

// ReportPack is a report that is asked for again and again: headings and the
// questions under them, with the period left open.
type ReportPack struct {
	ID       string
	Title    string
	About    string
	Period   string // what it is of: year, half, or april (1 April to 31 March)
	Notes    []string
	Sections []PackSection
}

// PackSection is a heading with its questions.
type PackSection struct {
	Heading string
	Note    string
	Items   []PackItem
}

// PackItem is one question, or something that no data here can hold.
type PackItem struct {
	models.BriefingItem
	Lacks string // why no question can be asked
}

// Kinds of periods of a pack.
const (
	packYear  = "year"
	packHalf  = "half"
	packApril = "april"
)

// MaxPack is the size, in bytes, of the largest pack that is read.
const MaxPack = 256 << 10

// Bounds of a pack, far above any real one.
const (
	maxSections  = 50
	maxPackNotes = 20
)

// packHelp says how a pack is written.
const packHelp = `Write it as those that come with the program: id, title, period, sections`

// ReportPacks are the packs that come with the program, by their ids.
var ReportPacks = sync.OnceValue(func() []*ReportPack {
	out, err := readPacks()
	if err != nil {
		panic("the embedded report packs are broken: " + err.Error()) // a test keeps this from happening
	}
	return out
})

func readPacks() ([]*ReportPack, error) {
	names, err := fs.Glob(packFiles, "packs/*.yaml")
	if err != nil {
		return nil, err
	}
	var out []*ReportPack
	for _, name := range names {
		text, err := packFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		p, err := ParsePack(path.Base(name), text)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b *ReportPack) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// FindPack finds a pack that comes with the program; without one of that name
// the error names the nearest.
func FindPack(id string) (*ReportPack, error) {
	var ids []string
	for _, p := range ReportPacks() {
		if p.ID == strings.ToLower(id) {
			return p, nil
		}
		ids = append(ids, p.ID)
	}
	return nil, &models.SyntaxError{Msg: fmt.Sprintf("there is no report pack %q", Clean(id)), Near: models.Nearest(id, ids, 3)}
}

// ParsePack reads the text of a report pack. The error is a finding with the
// file, the line, what is wrong and what to do.
func ParsePack(name string, text []byte) (*ReportPack, error) {
	name = Clean(name)
	root, err := yamlRoot(name, text, "the report pack is", packHelp)
	if err != nil {
		return nil, err
	}
	if root == nil {
		return nil, problem(name, "the report pack is empty", packHelp)
	}
	fields, err := yamlFields(name, root, "report pack", "id", "title", "about", "period", "notes", "sections")
	if err != nil {
		return nil, err
	}
	p := &ReportPack{}
	for key, into := range map[string]*string{"id": &p.ID, "title": &p.Title, "period": &p.Period} {
		if *into, err = yamlLine(name, fields, key, models.MaxHeading); err != nil {
			return nil, err
		}
	}
	if p.About, err = yamlLine(name, fields, "about", models.MaxText/4); err != nil {
		return nil, err
	}
	notes, err := yamlList(name, fields, "notes", maxPackNotes)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		note, err := yamlLine(name, map[string]*yaml.Node{"note": n}, "note", models.MaxText/4)
		if err != nil {
			return nil, err
		}
		p.Notes = append(p.Notes, note)
	}
	switch {
	case !models.ValidDatasetID(p.ID):
		return nil, lineProblem(name, root, fmt.Sprintf("%q cannot name a report pack", p.ID), `Write a line such as "id: national-year", in small letters`)
	case p.Title == "":
		return nil, lineProblem(name, root, "the report pack has no title", `Write a line such as "title: Yearly report {period}"`)
	case !slices.Contains([]string{packYear, packHalf, packApril}, p.Period):
		return nil, lineProblem(name, root, fmt.Sprintf("a report pack is not of the period %q", p.Period), "Periods are year, half and april (1 April to 31 March)")
	}
	sections, err := yamlList(name, fields, "sections", maxSections)
	if err != nil {
		return nil, err
	}
	for _, n := range sections {
		s, err := parseSection(name, n)
		if err != nil {
			return nil, err
		}
		p.Sections = append(p.Sections, s)
	}
	if len(p.Items(Span{})) == 0 {
		return nil, lineProblem(name, root, "the report pack asks nothing", "Give it sections with items")
	}
	return p, nil
}

func parseSection(name string, n *yaml.Node) (PackSection, error) {
	var s PackSection
	fields, err := yamlFields(name, n, "section", "heading", "note", "items")
	if err != nil {
		return s, err
	}
	if s.Heading, err = yamlLine(name, fields, "heading", models.MaxHeading/2); err != nil {
		return s, err
	}
	if s.Note, err = yamlNote(name, fields); err != nil {
		return s, err
	}
	items, err := yamlList(name, fields, "items", models.MaxBriefingItems)
	if err != nil {
		return s, err
	}
	for _, n := range items {
		it, err := parsePackItem(name, n)
		if err != nil {
			return s, err
		}
		s.Items = append(s.Items, it)
	}
	return s, nil
}

func parsePackItem(name string, n *yaml.Node) (PackItem, error) {
	var it PackItem
	fields, err := yamlFields(name, n, "pack item", "kind", "heading", "note", "slice", "lacks")
	if err != nil {
		return it, err
	}
	if it.Lacks, err = yamlLine(name, fields, "lacks", models.MaxHeading*2); err != nil {
		return it, err
	}
	delete(fields, "lacks")
	if it.Lacks != "" {
		if it.Heading, err = yamlLine(name, fields, "heading", models.MaxHeading/2); err != nil {
			return it, err
		}
		if it.Heading == "" || fields["slice"] != nil {
			return it, lineProblem(name, n, "an item that lacks something has a heading and no slice", "Correct the item")
		}
		it.Kind = models.TableItem
		return it, nil
	}
	whole := *n
	it.BriefingItem, err = parseBriefingItem(name, &whole)
	return it, err
}

// Span is the period that a pack is filled for.
type Span struct {
	Text string // as a slice takes it
	Year int    // in which it ends, or the only one
}

// PeriodOf makes the period of a pack from a year, or from a period as a slice
// takes it.
func (p *ReportPack) PeriodOf(year, period string) (Span, error) {
	if period != "" {
		sp, err := models.ParsePeriod(period)
		if err != nil {
			return Span{}, err
		}
		last := period[strings.LastIndex(period, ".")+1:]
		y, err := strconv.Atoi(last[:min(4, len(last))])
		if err != nil {
			return Span{}, fmt.Errorf("%q is no period such as 2025, 2025-S1 or 2025-04..2026-03", Clean(period))
		}
		return Span{sp.String(), y}, nil
	}
	y, err := strconv.Atoi(year)
	if err != nil || !believable(y) {
		return Span{}, fmt.Errorf("%q is no year such as 2025", Clean(year))
	}
	switch p.Period {
	case packHalf:
		return Span{}, fmt.Errorf("%s is of half a year; say --period %d-S1 or --period %d-S2", p.ID, y, y)
	case packApril:
		return Span{fmt.Sprintf("%d-04..%d-03", y, y+1), y + 1}, nil
	}
	return Span{year, y}, nil
}

// trendYears is how many years "{years}" stands for.
const trendYears = 5

// fill puts a period into a text of a pack.
func (s Span) fill(text string) string {
	return strings.NewReplacer("{period}", s.Text, "{year}", strconv.Itoa(s.Year),
		"{years}", fmt.Sprintf("%d..%d", s.Year-trendYears+1, s.Year)).Replace(text)
}

// Items lists the items of a pack for a period, each with the heading of its
// section; the note of a section stands with its first item.
func (p *ReportPack) Items(of Span) []PackItem {
	var out []PackItem
	for _, s := range p.Sections {
		for k, it := range s.Items {
			it.Slice, it.Heading, it.Note = of.fill(it.Slice), of.fill(it.Heading), of.fill(it.Note)
			if s.Heading != "" && it.Heading != "" {
				it.Heading = s.Heading + ": " + it.Heading
			} else if s.Heading != "" {
				it.Heading = s.Heading
			}
			if k == 0 && s.Note != "" {
				it.Note = strings.TrimSpace(s.Note + "\n" + it.Note)
			}
			out = append(out, it)
		}
	}
	return out
}

// Document begins the document that a pack is filled into.
func (p *ReportPack) Document(of Span, on time.Time) *Document {
	return &Document{Title: of.fill(p.Title), Note: strings.Join(p.Notes, "\n"), On: on, Pack: true}
}
