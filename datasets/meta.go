package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tiplens/models"
)

// MetaSuffix makes of a source file's name the name of the file beside it that
// says what it is.
const MetaSuffix = ".meta.yaml"

// maxMetaFile is the size, in bytes, of the largest such file that is read.
const maxMetaFile = 64 << 10

// Meta is what a person stated about a dataset in a YAML file. What it does
// not state stays as the recipe says.
type Meta struct {
	File       string            // its name, without its folder
	Values     map[string]string // by key of models.MetaFields
	ID         string
	Synthetic  *bool
	Complete   *bool // its figures hold everyone
	OriginFrom string
	Protected  string
	Covers     string // the period the dataset is said to cover

	synthetic int64 // the line that says so
}

// MetaBeside reads the file beside a source; without one it answers nil.
func MetaBeside(source string, cat *models.Catalog) (*Meta, error) {
	path := source + MetaSuffix
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return ReadMeta(path, cat)
}

// ReadMeta reads a file of metadata. The error is a finding with the file, the
// line, what is wrong and what to do.
func ReadMeta(path string, cat *models.Catalog) (*Meta, error) {
	name := Clean(filepath.Base(path))
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, problem(name, "the metadata cannot be read: "+reason(err), "Check the name and who may read it")
	case !info.Mode().IsRegular():
		return nil, problem(name, "this is no file of metadata", "Name a YAML file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, problem(name, "the metadata cannot be read: "+reason(err), "Check who may read it")
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxMetaFile+1))
	switch {
	case err != nil:
		return nil, problem(name, "the metadata cannot be read: "+reason(err), "Check the disk")
	case len(b) > maxMetaFile:
		return nil, problem(name, fmt.Sprintf("this is larger than %d KB, too large for metadata", maxMetaFile>>10), "State each field in a sentence or two")
	}
	return parseMeta(name, b, cat)
}

func parseMeta(name string, text []byte, cat *models.Catalog) (*Meta, error) {
	m := &Meta{File: name, Values: map[string]string{}}
	root, err := yamlRoot(name, text, "the metadata is", `Write lines such as "title: Cases of 2024", and put a text with ": " between quotes`)
	if root == nil || err != nil { // nothing but comments, or nothing readable
		return m, err
	}
	if root.Kind != yaml.MappingNode {
		return nil, lineProblem(name, root, "this is no list of fields", `Write lines such as "title: Cases of 2024"`)
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if seen[key.Value] {
			return nil, lineProblem(name, key, fmt.Sprintf("%s is stated twice", Clean(key.Value)), "Leave one of them out")
		}
		seen[key.Value] = true
		if value.Kind != yaml.ScalarNode {
			return nil, lineProblem(name, value, fmt.Sprintf("%s is one text, not a list", Clean(key.Value)), `Write it on one line, or after ">-" on several`)
		}
		if value.Tag == "!!null" { // a template that nobody filled in
			continue
		}
		if err := m.state(key.Value, value, cat); err != nil {
			return nil, lineProblem(name, key, err.Error(), "Correct the line and load again")
		}
	}
	return m, nil
}

// state takes one field.
func (m *Meta) state(key string, n *yaml.Node, cat *models.Catalog) error {
	if len(n.Value) > models.MaxMeta {
		return fmt.Errorf("%s is longer than %d bytes", Clean(key), models.MaxMeta)
	}
	value := Clean(n.Value)
	switch key {
	case "id":
		if !models.ValidDatasetID(value) {
			return fmt.Errorf("%q cannot name a dataset: use a lower-case letter, then up to 31 letters, digits, _ or -", value)
		}
		m.ID = value
	case "synthetic":
		var yes bool
		if err := n.Decode(&yes); err != nil {
			return fmt.Errorf("synthetic is true or false, not %q", value)
		}
		m.Synthetic, m.synthetic = &yes, int64(n.Line)
	case "complete":
		var yes bool
		if err := n.Decode(&yes); err != nil {
			return fmt.Errorf("complete is true or false, not %q", value)
		}
		m.Complete = &yes
	case "origin_from":
		if cat.Dimension(value) == nil {
			return fmt.Errorf("origin_from names a dimension such as nationality, and there is none called %q", value)
		}
		m.OriginFrom = value
	case "protected":
		if err := (&models.MetaField{Key: key}).Check(value); err != nil {
			return err
		}
		m.Protected = value
	case "covers":
		if _, err := models.ParsePeriod(value); err != nil {
			return fmt.Errorf("covers is a period such as 2024, 2024-S1 or 2019..2025, not %q", value)
		}
		m.Covers = value
	default:
		f := models.FindMeta(key)
		if f == nil {
			return models.UnknownMeta(Clean(key), "id", "synthetic", "complete", "protected", "covers", "origin_from")
		}
		if err := f.Check(value); err != nil {
			return err
		}
		m.Values[key] = value
	}
	return nil
}

// Stated lists the keys that are stated, in the order of the fields.
func (m *Meta) Stated() []string {
	var out []string
	for _, f := range models.MetaFields {
		if m.Values[f.Key] != "" {
			out = append(out, f.Key)
		}
	}
	return out
}

// Apply lays what is stated over what a recipe says of a dataset.
func (m *Meta) Apply(ds *models.Dataset) error {
	if m.Synthetic != nil {
		if ds.Synthetic && !*m.Synthetic {
			f := problem(m.File, "synthetic: false, but the recipe says that these people are invented", "Leave the line out: invented people cannot become real ones")
			f.Row = m.synthetic
			return f
		}
		ds.Synthetic = *m.Synthetic
	}
	if m.Complete != nil {
		ds.Complete = *m.Complete
	}
	if m.OriginFrom != "" {
		ds.OriginFrom = m.OriginFrom
	}
	if m.Protected != "" {
		ds.Protected = m.Protected
	}
	if m.Covers != "" {
		ds.Covers = m.Covers
	}
	for _, key := range m.Stated() {
		if err := ds.SetMeta(key, m.Values[key]); err != nil {
			return problem(m.File, err.Error(), "Correct the line and load again")
		}
	}
	return nil
}

// WriteMeta writes what a dataset says of itself as YAML, fit to be put beside
// a source: what is not stated stands there to be filled in.
func WriteMeta(w io.Writer, ds *models.Dataset) error {
	var b bytes.Buffer
	for _, f := range models.MetaFields {
		value := f.Of(ds)
		if value == "" {
			about := f.About
			if f.Choices != nil {
				about += ": " + strings.Join(f.Choices, ", ")
			}
			if models.NeedsMeta(f.Key) {
				about = "missing; " + about
			}
			fmt.Fprintf(&b, "%s: # %s\n", f.Key, about)
			continue
		}
		text, err := yamlText(value)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s: %s\n", f.Key, text)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// yamlText writes a text on one line, quoted where YAML would read it as
// something else.
func yamlText(s string) (string, error) {
	b, err := yaml.Marshal(s)
	text := strings.TrimSuffix(string(b), "\n")
	if strings.Contains(text, "\n") {
		text = strconv.Quote(s)
	}
	return text, err
}
