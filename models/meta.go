package models

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// MetaField is one thing that people state about a dataset (I-4.2): a recipe
// does, a file beside the source, the describe command and the form on the
// Data view.
type MetaField struct {
	Key     string   // in YAML and on the command line
	Name    string   // for people
	About   string   // what belongs into it
	Choices []string // all it can be; without any it is a text

	at func(*Dataset) *string
}

// Sensitivities are who may see a dataset as it is.
var Sensitivities = []string{"public", "partner", "restricted"}

// Dedups are the states of de-duplication; "unknown" is a statement too.
var Dedups = []string{string(DedupUnknown), string(DedupNone), string(DedupWithin), string(DedupAcross)}

// MetaFields lists what can be stated, the most needed first.
var MetaFields = []MetaField{
	{"title", "Title", "what the dataset is called", nil, func(d *Dataset) *string { return &d.Title }},
	{"producer", "Producer", "who made it: an agency, a project", nil, func(d *Dataset) *string { return &d.Producer }},
	{"definition", "Victim definition", "who counts as a victim here: presumed or identified, and by whom", nil, func(d *Dataset) *string { return &d.Definition }},
	{"coverage_place", "Coverage", "the area it covers, such as all 25 provinces", nil, func(d *Dataset) *string { return &d.CoveragePlace }},
	{"dedup", "De-duplication state", "whether one person can be in it twice", Dedups, func(d *Dataset) *string { return (*string)(&d.Dedup) }},
	{"sensitivity", "Sensitivity", "who may see it as it is", Sensitivities, func(d *Dataset) *string { return &d.Sensitivity }},
	{"coverage_people", "People covered", "whom it covers, such as persons in shelters", nil, func(d *Dataset) *string { return &d.CoveragePeople }},
	{"standard", "Standard", "the standard of identification or classification it follows", nil, func(d *Dataset) *string { return &d.Standard }},
	{"collected", "Collected", "why and how it was collected", nil, func(d *Dataset) *string { return &d.Collected }},
	{"licence", "Licence", "what may be done with it", nil, func(d *Dataset) *string { return &d.Licence }},
}

// FindMeta finds a field by its key, nil without one.
func FindMeta(key string) *MetaField {
	for i := range MetaFields {
		if MetaFields[i].Key == key {
			return &MetaFields[i]
		}
	}
	return nil
}

// UnknownMeta is the error for a key that no field has.
func UnknownMeta(key string, also ...string) error {
	keys := slices.Clone(also)
	for _, f := range MetaFields {
		keys = append(keys, f.Key)
	}
	if near := Nearest(key, keys, 1); len(near) > 0 {
		return fmt.Errorf("there is no field %q; did you mean %s?", key, near[0])
	}
	return fmt.Errorf("there is no field %q; there are %s", key, strings.Join(keys, ", "))
}

// MaxMeta is the longest statement, in bytes.
const MaxMeta = 2000

// Of gives what a dataset says in this field.
func (f *MetaField) Of(d *Dataset) string { return *f.at(d) }

// Check says what is wrong with a value; nothing at all is no wrong value.
func (f *MetaField) Check(value string) error {
	switch {
	case value == "":
		return nil
	case f.Choices != nil && !slices.Contains(f.Choices, value):
		return fmt.Errorf("%s is one of %s, not %q", f.Key, strings.Join(f.Choices, ", "), value)
	case len(value) > MaxMeta:
		return fmt.Errorf("%s is longer than %d bytes; shorten it", f.Key, MaxMeta)
	case strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }):
		return fmt.Errorf("%s holds characters that cannot be shown; write plain text on one line", f.Key)
	}
	return nil
}

// SetMeta states a value in a field. The error says what is wrong with either.
func (d *Dataset) SetMeta(key, value string) error {
	f := FindMeta(key)
	if f == nil {
		return UnknownMeta(key)
	}
	if err := f.Check(value); err != nil {
		return err
	}
	*f.at(d) = value
	return nil
}

// needed are the fields without which every figure of a dataset says so. The
// period is needed too; it is known from the rows.
var needed = []string{"title", "producer", "definition", "period", "coverage_place", "dedup", "sensitivity"}

// NeedsMeta reports whether a dataset should state the field before it is used.
func NeedsMeta(key string) bool { return slices.Contains(needed, key) }

// Missing lists the metadata that a dataset should have before it is used and
// does not (I-4.2), in words.
func (d *Dataset) Missing() []string {
	var out []string
	for _, key := range needed {
		if key == "period" {
			if d.Period() == "" {
				out = append(out, "period")
			}
		} else if f := FindMeta(key); f.Of(d) == "" {
			out = append(out, strings.ToLower(f.Name))
		}
	}
	return out
}

// Completeness is how much of the needed metadata a dataset has.
func (d *Dataset) Completeness() (have, of int) {
	return len(needed) - len(d.Missing()), len(needed)
}

// Period prints the first and last day of any observation, "" if not known.
func (d *Dataset) Period() string {
	if d.First == NoDate || d.Last == NoDate || d.First == 0 && d.Last == 0 { // nothing was loaded yet
		return ""
	}
	return d.First.String() + " to " + d.Last.String()
}

// Years prints the first and last year of any observation, "" if not known.
func (d *Dataset) Years() string {
	if d.Period() == "" {
		return ""
	}
	first, _, _ := d.First.Civil()
	last, _, _ := d.Last.Civil()
	if first == last {
		return fmt.Sprint(first)
	}
	return fmt.Sprintf("%d to %d", first, last)
}

// CorrectedBy names the files of corrected rows that a version took, each with
// its SHA-256.
func (d *Dataset) CorrectedBy() string {
	var out []string
	for _, c := range d.Corrections {
		out = append(out, c.File+" (SHA-256 "+c.SHA256+")")
	}
	return strings.Join(out, ", ")
}
