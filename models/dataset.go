package models

import (
	"regexp"
	"time"
)

// Grain tells records (a row is a person or a case) from figures (a row is a
// published number). The two never meet in one sum.
type Grain string

// The grains.
const (
	Record Grain = "record"
	Figure Grain = "figure"
)

// Dedup says how far a dataset has removed double entries.
type Dedup string

// The states of I-4.2.
const (
	DedupUnknown Dedup = "unknown"
	DedupNone    Dedup = "none"
	DedupWithin  Dedup = "within_agency"
	DedupAcross  Dedup = "across_agencies"
)

// Dataset describes one version of one source's content (I-4.2).
type Dataset struct {
	ID      string `json:"id" yaml:"id,omitempty"`
	Version int    `json:"version" yaml:"-"`

	Title          string `json:"title" yaml:"title,omitempty"`
	Producer       string `json:"producer" yaml:"producer,omitempty"`
	Definition     string `json:"definition" yaml:"definition,omitempty"` // who counts as a victim here
	Standard       string `json:"standard" yaml:"standard,omitempty"`
	Collected      string `json:"collected" yaml:"collected,omitempty"` // why and how
	CoveragePlace  string `json:"coverage_place" yaml:"coverage_place,omitempty"`
	CoveragePeople string `json:"coverage_people" yaml:"coverage_people,omitempty"`
	Dedup          Dedup  `json:"dedup" yaml:"dedup,omitempty"`
	Sensitivity    string `json:"sensitivity" yaml:"sensitivity,omitempty"` // public, partner, restricted
	Licence        string `json:"licence" yaml:"licence,omitempty"`
	Synthetic      bool   `json:"synthetic" yaml:"synthetic,omitempty"`
	Protected      string `json:"protected,omitempty" yaml:"protected,omitempty"`     // how small groups were removed before publication: no record is then not zero
	Complete       bool   `json:"complete,omitempty" yaml:"complete,omitempty"`       // its figures hold everyone: summed, they are the totals that it does not print
	Covers         string `json:"covers,omitempty" yaml:"covers,omitempty"`           // the period it is said to cover, such as 2024 or 2019..2025
	OriginFrom     string `json:"origin_from,omitempty" yaml:"origin_from,omitempty"` // the dimension that stands in for a home the file does not give

	Recipe   string    `json:"recipe" yaml:"-"`
	File     string    `json:"file" yaml:"-"`               // name of the source file, without its folder
	SHA256   string    `json:"sha256" yaml:"-"`             // of the source file
	FileTime time.Time `json:"file_time,omitzero" yaml:"-"` // when the source file was last written
	LoadedAt time.Time `json:"loaded_at" yaml:"-"`
	Rows     int64     `json:"rows" yaml:"-"`  // rows read from the file
	Taken    int64     `json:"taken" yaml:"-"` // rows that became observations
	Held     int64     `json:"held" yaml:"-"`  // rows held back, each with a finding
	Skipped  int64     `json:"skipped" yaml:"-"`
	First    Date      `json:"first" yaml:"-"` // first and last day of any observation
	Last     Date      `json:"last" yaml:"-"`

	// Extra lists the dimensions this dataset has beyond the catalogue's.
	Extra []string `json:"extra,omitempty" yaml:"-"`

	// Keep and Hash are the columns that the load kept as dimensions and told
	// people apart by, beyond what the recipe says.
	Keep []string `json:"keep,omitempty" yaml:"-"`
	Hash string   `json:"hash,omitempty" yaml:"-"`

	// Corrections are the files whose rows replaced rows that were held back.
	Corrections []Correction `json:"corrections,omitempty" yaml:"-"`
}

// Correction is a file of corrected rows that was loaded onto a version.
type Correction struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Rows   int64  `json:"rows"`
}

// Clean makes every text of a dataset safe to show, whoever wrote it.
func (d *Dataset) Clean() {
	for _, s := range []*string{&d.Title, &d.Producer, &d.Definition, &d.Standard, &d.Collected, &d.CoveragePlace, &d.CoveragePeople,
		(*string)(&d.Dedup), &d.Sensitivity, &d.Licence, &d.Protected, &d.OriginFrom, &d.Covers, &d.Recipe, &d.File, &d.SHA256} {
		*s = Clean(*s)
	}
	d.Hash = Clean(d.Hash)
	for i := range d.Keep {
		d.Keep[i] = Clean(d.Keep[i])
	}
	for i := range d.Corrections {
		c := &d.Corrections[i]
		c.File, c.SHA256 = Clean(c.File), Clean(c.SHA256)
	}
}

var datasetID = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)

// ValidDatasetID reports whether the text can name a dataset: a lower-case
// letter, then up to 31 letters, digits, "_" or "-". It is also a folder name.
func ValidDatasetID(s string) bool { return datasetID.MatchString(s) }
