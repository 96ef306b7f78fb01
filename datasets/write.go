package datasets

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// MarshalYAML writes one word for a list of one.
func (o OneOf) MarshalYAML() (any, error) {
	if len(o) == 1 {
		return o[0], nil
	}
	return []string(o), nil
}

// MarshalYAML writes a field in the shortest of the three ways it can be read.
func (f Field) MarshalYAML() (any, error) {
	if len(f.Cases) > 0 {
		return f.Cases, nil
	}
	type plain Field
	if len(f.From) == 1 && fmt.Sprint(plain(f)) == fmt.Sprint(plain(Field{From: f.From})) {
		return f.From[0], nil
	}
	return plain(f), nil
}

// YAML writes a recipe so that reading it gives the same recipe.
func (r *Recipe) YAML() (string, error) {
	var doc yaml.Node
	if err := doc.Encode(r.gathered()); err != nil {
		return "", err
	}
	flow(&doc)
	return encodeYAML(&doc)
}

// encodeYAML writes YAML as a person would indent it.
func encodeYAML(doc *yaml.Node) (string, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(doc); err != nil {
		return "", err
	}
	return b.String(), enc.Close()
}

// gathered takes back what spread laid beside the other fields.
func (r *Recipe) gathered() *Recipe {
	if r.Wide == nil {
		return r
	}
	c, w := r.clone(), *r.Wide
	into := Into{}
	for name, f := range w.Into {
		if spread, ok := c.Fields[name]; ok {
			f = spread
			delete(c.Fields, name)
		}
		into[name] = f
	}
	if f := c.Fields["value"]; f.simple() && f.From[0] == turnCell && len(f.Bounds) == 0 && len(f.Missing) == 0 {
		delete(c.Fields, "value")
	}
	w.Into = into
	c.Wide = &w
	return c
}

// laidOut gives the recipe with the fields of its wide columns beside the
// others, whether they were there or not.
func (r *Recipe) laidOut() (*Recipe, error) {
	if r.Wide == nil {
		return r, nil
	}
	out := r.gathered().clone()
	return out, out.spread()
}

// flow writes lists of words in one line, as people do.
func flow(n *yaml.Node) {
	plain := n.Kind == yaml.SequenceNode
	for _, c := range n.Content {
		flow(c)
		plain = plain && c.Kind == yaml.ScalarNode
	}
	if plain {
		n.Style = yaml.FlowStyle
	}
}

// rename lets another column of the file stand in the place of one that the
// recipe reads; with nothing in its place the recipe no longer asks for it.
func (r *Recipe) rename(column, to string) {
	same := func(c string) bool { return strings.EqualFold(c, column) }
	list := func(in []string) []string {
		out := slices.Clone(in)
		for i, c := range out {
			if same(c) {
				out[i] = to
			}
		}
		return slices.DeleteFunc(out, func(c string) bool { return c == "" })
	}
	when := func(w When) When {
		if w == nil {
			return nil
		}
		out := When{}
		for c, vals := range w {
			if same(c) {
				c = to
			}
			vals = slices.Clone(vals)
			for i, v := range vals {
				if other, ok := strings.CutPrefix(v, "="); ok && same(other) {
					vals[i] = "=" + to
				}
			}
			out[c] = vals
		}
		return out
	}
	r.Match.Header = list(r.Match.Header)
	if to == "" {
		return
	}
	var field func(f Field) Field
	field = func(f Field) Field {
		f.From, f.When = list(f.From), when(f.When)
		if f.Flags != nil {
			flags := maps.Clone(f.Flags)
			for c, code := range f.Flags {
				if same(c) {
					delete(flags, c)
					flags[to] = code
				}
			}
			f.Flags = flags
		}
		for i := range f.Cases {
			f.Cases[i] = field(f.Cases[i])
		}
		if f.Else != nil {
			e := field(*f.Else)
			f.Else = &e
		}
		return f
	}
	each := func(fs Fields) {
		for name, f := range fs {
			fs[name] = field(f)
		}
	}
	each(r.Fields)
	for i := range r.Observe {
		r.Observe[i].When = when(r.Observe[i].When)
		each(r.Observe[i].Fields)
	}
	for i := range r.Legs {
		r.Legs[i].Field = field(r.Legs[i].Field)
	}
	r.Skip = when(r.Skip)
	r.Keep = list(r.Keep)
	r.Drop = slices.DeleteFunc(slices.Clone(r.Drop), func(c string) bool { return strings.EqualFold(c, to) })
}
