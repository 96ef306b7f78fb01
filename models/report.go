package models

import (
	"fmt"
	"slices"
	"strings"
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
	KindCopies     Kind = "copies"
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
	{KindCopies, "Rows that are the same"},
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
	return fmt.Sprintf("%s read = %s taken + %s held back + %s skipped", Many(r.Read, "rows"), n(r.Taken), n(r.Held), n(r.Skipped))
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

// Corrected joins the report of a file of corrected rows with that of the
// version it corrects. The rows read stay those of the first file: each corrected
// row moves from held to taken or skipped, or is held back again. still are the
// rows held back that the file does not have.
func (r *Report) Corrected(before *Report, still []HeldRow, file string) *Report {
	out := &Report{Recipe: r.Recipe, Read: before.Read, Taken: before.Taken + r.Taken, Held: int64(len(still)) + r.Held, Skipped: before.Skipped + r.Skipped}
	out.Findings = append(out.Findings, Finding{Severity: Note, Kind: KindVersions, File: file,
		What: fmt.Sprintf("of %s held back: %s corrected and taken, %s held back again, %s left out, and %s not in the file",
			Many(before.Held, "rows"), FormatNumber(float64(r.Taken)), FormatNumber(float64(r.Held)), FormatNumber(float64(r.Skipped)), FormatNumber(float64(len(still))))})
	for _, f := range r.Findings { // its columns are those of the first file
		if f.Kind != KindColumns && f.Kind != KindPersonal {
			out.Findings = append(out.Findings, f)
		}
	}
	type reason struct{ column, what string }
	why := map[reason]int64{}
	var order []reason
	for _, h := range still {
		k := reason{h.Column, h.Why}
		if why[k] == 0 {
			order = append(order, k)
		}
		why[k]++
	}
	for _, k := range order {
		out.Findings = append(out.Findings, Finding{Severity: Held, Kind: KindHeld, Column: k.column, Count: why[k], What: k.what})
	}
	for _, f := range before.Findings { // what is found in all rows is looked for again
		if f.Severity != Held && !slices.Contains([]Kind{KindHeld, KindTotals, KindDuplicates, KindPercent, KindVersions}, f.Kind) {
			out.Findings = append(out.Findings, f)
		}
	}
	return out
}

// Text is the report for people, a line each: what became of the rows and why,
// then what was found, by kind. file is the name that need not be repeated.
func (r *Report) Text(file string) []string {
	out := []string{r.Sum()}
	if err := r.Prove(); err != nil && len(r.Reasons(KindHeld))+len(r.Reasons(KindSkipped)) > 0 {
		out = append(out, "This cannot be: "+err.Error())
	}
	for _, k := range Kinds {
		found := r.Of(k.Kind)
		if len(found) == 0 {
			continue
		}
		head := k.Name
		if n := map[Kind]int64{KindHeld: r.Held, KindSkipped: r.Skipped}[k.Kind]; n > 0 {
			head += ": " + FormatNumber(float64(n))
		}
		out = append(out, "", head)
		if k.Kind == KindHeld || k.Kind == KindSkipped {
			out = append(out, reasonLines(r.Reasons(k.Kind))...)
			found = slices.DeleteFunc(found, func(f Finding) bool { return f.Row == 0 })
		}
		last := ""
		for _, f := range found {
			if f.File == file {
				f.File = ""
			}
			if f.Do == last { // what to do is said once for those alike
				f.Do = ""
			} else {
				last = f.Do
			}
			out = append(out, "  "+string(f.Severity)+": "+f.String())
		}
	}
	return out
}

// reasonLines sets the numbers of rows under each other.
func reasonLines(fs []Finding) []string {
	wide := 0
	for _, f := range fs {
		wide = max(wide, len(FormatNumber(float64(f.Count))))
	}
	var out []string
	for _, f := range fs {
		what := f.What
		if f.Column != "" {
			what = "column " + f.Column + ": " + what
		}
		out = append(out, fmt.Sprintf("  %*s  %s", wide, FormatNumber(float64(f.Count)), what))
	}
	return out
}

// Ordered lists the findings in the order of a report: by kind, and as found.
func (r *Report) Ordered() []Finding {
	var out []Finding
	for _, k := range Kinds {
		out = append(out, r.Of(k.Kind)...)
	}
	return out
}

// Summary counts the findings by severity, gravest first, "" where there are
// none: 2 doubts, 5 notes.
func (r *Report) Summary() string {
	n := map[Severity]int{}
	for _, f := range r.Findings {
		if f.Kind != KindHeld && f.Kind != KindSkipped {
			n[f.Severity]++
		}
	}
	var parts []string
	for _, s := range []struct {
		severity Severity
		many     string
	}{{Doubt, "doubts"}, {Note, "notes"}} {
		if c := n[s.severity]; c > 0 {
			parts = append(parts, Many(c, s.many))
		}
	}
	return strings.Join(parts, ", ")
}
