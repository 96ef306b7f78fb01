package datasets

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tiplens/models"
)

// briefingHelp says how a briefing is written.
const briefingHelp = `Write lines such as "title: Half-year figures", and put a text with ": " between quotes`

// ParseBriefing reads the text of a briefing file. The error is a finding with
// the file, the line, what is wrong and what to do.
func ParseBriefing(name string, text []byte) (*models.Briefing, error) {
	name = Clean(name)
	root, err := yamlRoot(name, text, "the briefing is", briefingHelp)
	if err != nil {
		return nil, err
	}
	if root == nil {
		return nil, problem(name, "the briefing is empty", briefingHelp)
	}
	fields, err := yamlFields(name, root, "briefing", "title", "date", "note", "items")
	if err != nil {
		return nil, err
	}
	b := &models.Briefing{}
	if b.Title, err = yamlLine(name, fields, "title", models.MaxHeading); err != nil {
		return nil, err
	}
	if b.Title == "" {
		return nil, lineProblem(name, root, "the briefing has no title", `Write a line such as "title: Half-year figures"`)
	}
	if b.Date, err = yamlLine(name, fields, "date", models.MaxHeading); err != nil {
		return nil, err
	}
	if _, err := b.Day(); err != nil {
		at := root
		if fields["date"] != nil {
			at = fields["date"]
		}
		return nil, lineProblem(name, at, "the briefing has no date: "+err.Error(), `Write the day of the briefing, such as "date: 2026-11-21"`)
	}
	if b.Note, err = yamlNote(name, fields); err != nil {
		return nil, err
	}
	items, err := yamlList(name, fields, "items", models.MaxBriefingItems)
	if err != nil {
		return nil, err
	}
	for _, n := range items {
		it, err := parseBriefingItem(name, n)
		if err != nil {
			return nil, err
		}
		b.Items = append(b.Items, it)
	}
	return b, nil
}

// yamlNote reads a note, which may have several lines.
func yamlNote(name string, fields map[string]*yaml.Node) (string, error) {
	s, err := yamlScalar(name, fields, "note")
	if err == nil && len(s) > models.MaxText {
		err = lineProblem(name, fields["note"], fmt.Sprintf("the note is longer than %d bytes", models.MaxText), "Shorten it, or make two of it")
	}
	return models.CleanNote(s), err
}

func parseBriefingItem(name string, n *yaml.Node) (models.BriefingItem, error) {
	var it models.BriefingItem
	fields, err := yamlFields(name, n, "briefing item", "kind", "heading", "note", "slice")
	if err != nil {
		return it, err
	}
	kind, err := yamlLine(name, fields, "kind", models.MaxHeading)
	if err != nil {
		return it, err
	}
	if !slices.Contains(models.BriefingKinds, kind) {
		at := n
		if fields["kind"] != nil {
			at = fields["kind"]
		}
		return it, lineProblem(name, at, fmt.Sprintf("there is no item of the kind %q", kind), "Kinds are "+strings.Join(models.BriefingKinds, ", "))
	}
	it.Kind = models.BriefingKind(kind)
	if it.Heading, err = yamlLine(name, fields, "heading", models.MaxHeading); err != nil {
		return it, err
	}
	if it.Note, err = yamlNote(name, fields); err != nil {
		return it, err
	}
	if it.Slice, err = yamlScalar(name, fields, "slice"); err != nil {
		return it, err
	}
	it.Slice = strings.Join(strings.Fields(models.Printable(it.Slice)), " ")
	if err := it.Check(); err != nil {
		return it, lineProblem(name, n, err.Error(), "Correct the item")
	}
	if _, err := models.ParsePins(it.Slice); err != nil && it.Slice != "" {
		return it, lineProblem(name, fields["slice"], "the slice cannot be read: "+err.Error(), "Write it as the command line prints it")
	}
	return it, nil
}

// WriteBriefing writes a briefing as the text that ParseBriefing reads.
func WriteBriefing(b *models.Briefing) ([]byte, error) {
	type item struct {
		Kind    string `yaml:"kind"`
		Heading string `yaml:"heading,omitempty"`
		Note    string `yaml:"note,omitempty"`
		Slice   string `yaml:"slice,omitempty"`
	}
	out := struct {
		Title string `yaml:"title"`
		Date  string `yaml:"date"`
		Note  string `yaml:"note,omitempty"`
		Items []item `yaml:"items"`
	}{b.Title, b.Date, b.Note, []item{}}
	for _, it := range b.Items {
		out.Items = append(out.Items, item{string(it.Kind), it.Heading, it.Note, it.Slice})
	}
	var text bytes.Buffer
	text.WriteString("# A briefing: tiplens brief THIS-FILE --to briefing.html builds it. It holds questions, not numbers.\n")
	enc := yaml.NewEncoder(&text)
	enc.SetIndent(2)
	if err := enc.Encode(out); err != nil {
		return nil, err
	}
	return text.Bytes(), enc.Close()
}
