package models

import (
	"fmt"
	"slices"
)

// Kind groups findings in a report: what they are about.
type Kind string

// The kinds, in the order of a report. Findings of KindHeld and KindSkipped
// without a row are the reasons: their counts add up to the rows held back and
// skipped. Those with a row are single rows, of which only the first are listed.
const (
	KindHeld       Kind = "held"
	KindSkipped    Kind = "skipped"
	KindTotals     Kind = "totals"
	KindDuplicates Kind = "duplicates"
	KindDates      Kind = "dates"
	KindNumbers    Kind = "numbers"
	KindPercent    Kind = "percent"
	KindMissing    Kind = "missing"
	KindCodes      Kind = "codes"
	KindOther      Kind = "other"
	KindDigits     Kind = "digits"
	KindPersonal   Kind = "personal"
	KindColumns    Kind = "columns"
	KindVersions   Kind = "versions"
	KindFile       Kind = "" // about the file as it was read, and whatever else
)

// Kinds lists the kinds with their headings, in the order of a report.
var Kinds = []struct {
	Kind Kind
	Name string
}{
	{KindVersions, "Against the version before"},
	{KindHeld, "Rows held back"},
	{KindSkipped, "Rows skipped"},
	{KindTotals, "Totals and their parts"},
	{KindDuplicates, "Duplicates"},
	{KindDates, "Dates"},
	{KindNumbers, "Numbers that are not whole"},
	{KindPercent, "Percentages"},
	{KindMissing, "Missing, or Namibia"},
	{KindCodes, "Texts without a code, and doubtful ones"},
	{KindOther, "Other, specify"},
	{KindDigits, "Digits of other scripts"},
	{KindPersonal, "Columns about single people"},
	{KindColumns, "Columns"},
	{KindFile, "The file"},
}

// Report is what a load has to tell. Read is always taken + held + skipped,
// and the reasons among the findings add up to the same numbers.
type Report struct {
	Recipe                     string
	Read, Taken, Held, Skipped int64
	Findings                   []Finding
}

// ReportOf is the report of a version that is stored: its numbers and what its
// load found.
func ReportOf(ds *Dataset, findings []Finding) *Report {
	return &Report{Recipe: ds.Recipe, Read: ds.Rows, Taken: ds.Taken, Held: ds.Held, Skipped: ds.Skipped, Findings: findings}
}

// Sum is the sentence that accounts for every row.
func (r *Report) Sum() string {
	n := func(v int64) string { return FormatNumber(float64(v)) }
	return fmt.Sprintf("%s rows read = %s taken + %s held back + %s skipped", n(r.Read), n(r.Taken), n(r.Held), n(r.Skipped))
}

// Prove is an error where the numbers do not account for every row: read is
// not taken + held + skipped, or the reasons do not add up to the rows held and
// skipped. A load that cannot prove its numbers is not published.
func (r *Report) Prove() error {
	if r.Read != r.Taken+r.Held+r.Skipped || min(r.Read, r.Taken, r.Held, r.Skipped) < 0 {
		return fmt.Errorf("the rows do not add up: %s", r.Sum())
	}
	for _, k := range []struct {
		kind Kind
		want int64
	}{{KindHeld, r.Held}, {KindSkipped, r.Skipped}} {
		var got int64
		for _, f := range r.Reasons(k.kind) {
			got += f.Count
		}
		if got != k.want {
			return fmt.Errorf("the rows do not add up: %d rows are %s, and the reasons account for %d", k.want, k.kind, got)
		}
	}
	return nil
}

// Reasons lists why rows were held back or skipped, with the number of rows.
func (r *Report) Reasons(kind Kind) []Finding {
	var out []Finding
	for _, f := range r.Findings {
		if f.Kind == kind && f.Row == 0 {
			out = append(out, f)
		}
	}
	return out
}

// Of lists the findings of a kind. Those of a kind that this program does not
// know, which a later one may have written, are among KindFile.
func (r *Report) Of(kind Kind) []Finding {
	var out []Finding
	for _, f := range r.Findings {
		k := f.Kind
		if !slices.ContainsFunc(Kinds, func(have struct {
			Kind Kind
			Name string
		}) bool {
			return have.Kind == k
		}) {
			k = KindFile
		}
		if k == kind {
			out = append(out, f)
		}
	}
	return out
}
