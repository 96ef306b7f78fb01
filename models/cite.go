package models

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Cite gives the line by which statisticians name the origin of numbers:
// producer, title, version, period, the day they were read, and the slice that
// reopens them.
func (s Source) Cite(period, slice string, on time.Time) string {
	return citation([]Source{s}, period, slice, on)
}

// Cite gives a citation for each dataset that an answer stands on.
func (a *Answer) Cite(on time.Time) []string {
	period := ""
	if t, ok := a.Slice.Term(DimYear); ok && !t.Not {
		var labels []string
		for _, p := range t.Spans {
			labels = append(labels, p.Label())
		}
		period = strings.Join(labels, ", ")
	}
	var of [][]Source
	for _, s := range a.Sources {
		i := slices.IndexFunc(of, func(o []Source) bool { return o[0].Dataset == s.Dataset && o[0].Version == s.Version })
		if i < 0 {
			of = append(of, []Source{s})
		} else {
			of[i] = append(of[i], s)
		}
	}
	var out []string
	for _, group := range of {
		out = append(out, citation(group, period, a.Reopens(), on))
	}
	return out
}

// A dataset of one agency is cited by whoever is stated to have made it. One of
// several holds what each of them made, and names it with each number.
//
// maxCited is how many agencies of one dataset a citation names before it
// names who made the dataset.
const maxCited = 3

// citation cites the sources of one dataset.
func citation(of []Source, period, slice string, on time.Time) string {
	first := of[0]
	var who []string
	for _, s := range of {
		name := s.AgencyName
		if name == "" {
			name = s.Agency
		}
		if !slices.Contains(who, name) {
			who = append(who, name)
		}
	}
	if first.Producer != "" && (first.Agencies < 2 || len(who) > maxCited) {
		who = []string{first.Producer}
	}
	if period == "" {
		period = first.Period
	}
	if period == "" {
		period = "no period stated"
	}
	title := first.Title
	if title == "" {
		title = first.Dataset
	}
	return fmt.Sprintf("%s. %s, version %d (%s@%d), %s. Accessed %s. tiplens: %s", strings.Join(who, "; "), title, first.Version,
		first.Dataset, first.Version, period, on.Format(time.DateOnly), slice)
}
