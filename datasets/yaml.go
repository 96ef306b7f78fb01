package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"tiplens/models"
)

// People write these files by hand, so each is read strictly, and what is wrong
// is told with its line.

// yamlRoot reads the one document of a file; nil where there is none. The words
// what and do tell what cannot be read, and how it is written.
func yamlRoot(name string, text []byte, what, do string) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		why, line := strings.TrimPrefix(err.Error(), "yaml: "), 1 // which the reader does not name
		if _, rest, ok := strings.Cut(why, ": "); ok {
			if _, scan := fmt.Sscanf(why, "line %d:", &line); scan == nil {
				why = rest
			}
		}
		return nil, lineProblem(name, &yaml.Node{Line: line}, what+" not readable: "+Clean(why), do)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, problem(name, "it holds more than one document", `Leave out the line "---" and what follows it`)
	}
	return doc.Content[0], nil
}

// lineProblem is a problem at a line of a file.
func lineProblem(name string, at *yaml.Node, what, do string) error {
	f := problem(name, what, do)
	f.Row = int64(at.Line)
	return f
}

// yamlFields reads a mapping whose keys are known beforehand.
func yamlFields(name string, n *yaml.Node, of string, keys ...string) (map[string]*yaml.Node, error) {
	if n.Kind != yaml.MappingNode {
		return nil, lineProblem(name, n, "this is no "+of, "Write lines such as \""+keys[0]+": ...\"")
	}
	out := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		known := false
		for _, k := range keys {
			known = known || k == key.Value
		}
		switch {
		case !known:
			do := "Fields here are " + strings.Join(keys, ", ")
			if near := models.Nearest(key.Value, keys, 1); len(near) > 0 {
				do = "Did you mean " + near[0] + "? " + do
			}
			return nil, lineProblem(name, key, fmt.Sprintf("a %s has no field %q", of, Clean(key.Value)), do)
		case out[key.Value] != nil:
			return nil, lineProblem(name, key, key.Value+" is stated twice", "Leave one of them out")
		}
		out[key.Value] = value
	}
	return out, nil
}

// yamlScalar reads a text; nothing where the field is absent or empty.
func yamlScalar(name string, fields map[string]*yaml.Node, key string) (string, error) {
	n := fields[key]
	switch {
	case n == nil || n.Tag == "!!null":
		return "", nil
	case n.Kind != yaml.ScalarNode:
		return "", lineProblem(name, n, key+" is one text, not a list", `Write it on one line, or after ">-" on several`)
	}
	return strings.TrimSpace(n.Value), nil
}

// yamlLine is a text of one line, up to a number of letters.
func yamlLine(name string, fields map[string]*yaml.Node, key string, most int) (string, error) {
	s, err := yamlScalar(name, fields, key)
	if err != nil {
		return "", err
	}
	if len([]rune(s)) > most {
		return "", lineProblem(name, fields[key], fmt.Sprintf("%s is longer than %d letters", key, most), "Shorten it")
	}
	return Clean(s), nil
}

// yamlList reads a list; nothing where the field is absent or empty.
func yamlList(name string, fields map[string]*yaml.Node, key string, most int) ([]*yaml.Node, error) {
	n := fields[key]
	switch {
	case n == nil || n.Tag == "!!null":
		return nil, nil
	case n.Kind != yaml.SequenceNode:
		return nil, lineProblem(name, n, key+" is a list", `Begin each of its entries with "- "`)
	case len(n.Content) > most:
		return nil, lineProblem(name, n, fmt.Sprintf("%s has %d entries; more than %d are not taken", key, len(n.Content), most), "Make two files of it")
	}
	return n.Content, nil
}
