package datasets

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"tiplens/models"
)

// Positions of the columns that the mapper itself looks at.
var (
	colIndicator   = slices.Index(models.CodedColumns, "indicator")
	colAgency      = slices.Index(models.CodedColumns, models.DimAgency)
	colReporter    = slices.Index(models.CodedColumns, models.DimReporter)
	colFreq        = slices.Index(models.CodedColumns, "freq")
	colPlace       = slices.Index(models.CodedColumns, models.DimPlace)
	colNationality = slices.Index(models.CodedColumns, models.DimNationality)
	colQualifier   = slices.Index(models.CodedColumns, "qualifier")
	colStatus      = slices.Index(models.CodedColumns, "obs_status")
	colPattern     = slices.Index(models.CodedColumns, "pattern")
)

var reportingCountry = regexp.MustCompile(`\bReporting country: ([A-Z]{2})\b`)

// relate fills in what follows from the rest of the row: the reporter, the
// place known to country level, nationals, frequency and breakdown pattern.
func (w *worker) relate(note string, when models.Period, num [3]float64) error {
	set := func(col int, code, text string) error {
		if l := w.last[col]; l != nil && l.code == code { // rows alike come together
			w.now[col] = l
			return nil
		}
		n, err := w.p.sink.Encode(w.p.coded[col], code, text)
		w.last[col] = &coded{n: n, code: code}
		w.now[col] = w.last[col]
		return err
	}
	if w.now[colReporter].code == models.Unknown {
		country := ""
		if m := reportingCountry.FindStringSubmatch(note); m != nil {
			country = m[1]
		} else if prefix, _, dot := strings.Cut(w.now[colAgency].code, "."); dot && len(prefix) == 2 && prefix != "UN" {
			country = prefix
		}
		if c := w.p.cat.Code(models.DimReporter, country); c != nil && c.Level == "country" {
			if err := set(colReporter, country, ""); err != nil {
				return err
			}
		}
	}
	reporter := w.now[colReporter].code
	if w.p.recipe.Grain == models.Record && reporter != models.Unknown && w.now[colPlace].code == models.Unknown {
		if err := set(colPlace, reporter, ""); err != nil {
			return err
		}
	}
	if w.now[colNationality].code == models.National && reporter != models.Unknown {
		if err := set(colNationality, reporter, "nationals"); err != nil {
			return err
		}
	}
	if math.IsNaN(num[0]) && math.IsNaN(num[1]) && math.IsNaN(num[2]) && w.now[colStatus].code == "A" {
		if err := set(colStatus, "L", ""); err != nil {
			return err
		}
	}
	if q := w.now[colQualifier].code; w.about && (q == "" || q == "exact" || q == models.Total) {
		if err := set(colQualifier, "about", ""); err != nil {
			return err
		}
	}
	if err := set(colFreq, w.freq(when), ""); err != nil {
		return err
	}
	return set(colPattern, w.pattern(reporter), "")
}

// freq is the frequency of a period. Those of more than a day are few, and take
// long to tell apart.
func (w *worker) freq(p models.Period) string {
	if p.Start == p.End {
		return p.Freq()
	}
	f, ok := w.freqs[p]
	if !ok {
		f = p.Freq()
		if len(w.freqs) < 1<<16 {
			w.freqs[p] = f
		}
	}
	return f
}

// notBroken are coded columns that never say how a figure is broken down.
var notBroken = []string{
	"grain", "indicator", models.DimAgency, models.DimReporter, "freq", models.DimPlaceRole, models.DimFlowKind,
	"qualifier", "obs_status", "pattern", "scope", "coverage", "document", models.DimUnit,
}

// pattern names the dimensions by which a figure is broken down (I-5.2). A
// place that is the reporting country itself says nothing about a breakdown.
func (w *worker) pattern(reporter string) string {
	if w.p.recipe.Grain == models.Record {
		return ""
	}
	var dims []string
	for i, name := range w.p.coded {
		c := w.now[i].code
		if c == models.Total || c == models.NoSense || c == "" || slices.Contains(notBroken, name) || i == colPlace && c == reporter {
			continue
		}
		dims = append(dims, name)
	}
	return strings.Join(dims, "+")
}
