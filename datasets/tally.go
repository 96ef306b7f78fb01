package datasets

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sort"

	"tiplens/models"
)

// maxListed is how many findings of one kind are listed one by one.
const maxListed = 20

// tally counts what happens to rows on one goroutine; tallies are joined at
// the end.
type tally struct {
	read, taken, held, skipped int64
	cells, blank, left         int64            // of the rows taken from a wide table: all, empty, left out
	rows                       []models.Finding // held rows, the first of them
	why                        map[cause]int64  // of held and skipped rows
	doubts                     map[doubtKey]int64
	spots                      map[spot]*where
	others                     map[[2]string]int64 // column and text of "Other, specify"
	twins                      twins
	sample                     sample
	codeColumns                []string // columns of two-letter country codes
	names                      map[nameKey]*NameUse
	orders                     map[*program]*[3]int64 // dates of numbers by the order that they show
	undated                    map[undatedKey]*undated
}

// cause is why rows are held back or skipped, without what differs from row
// to row.
type cause struct {
	kind         models.Kind
	column, what string
}

type doubtKey struct {
	column string
	doubt
}

// spot is something that is told once with the number of rows and the first.
type spot struct {
	kind             models.Kind
	column, what, do string
	note             bool // nothing is doubtful about it
}

// where says how often something was spotted, in which row first, and what
// stood there.
type where struct {
	n, first int64
	eg       string
}

func newTally() *tally {
	return &tally{why: map[cause]int64{}, doubts: map[doubtKey]int64{}, spots: map[spot]*where{}, others: map[[2]string]int64{}, sample: sample{stride: 1}, names: map[nameKey]*NameUse{}, undated: map[undatedKey]*undated{}}
}

const correctRow = "Correct it in the file and load again, or export what is held back (tiplens report --held), correct it and load it with --append"

func (t *tally) hold(row int64, column, what string) {
	t.holdFor(row, column, what, plainReason(what), correctRow)
}

// holdFor counts a row as held back for a reason.
func (t *tally) holdFor(row int64, column, what, why, do string) {
	t.held++
	t.count(models.KindHeld, column, why)
	if len(t.rows) < maxListed {
		t.rows = append(t.rows, models.Finding{Severity: models.Held, Kind: models.KindHeld, Row: row, Column: column, What: what, Do: do})
	}
}

func (t *tally) skip(why string) {
	t.skipped++
	t.count(models.KindSkipped, "", why)
}

// count counts a row for a reason. Reasons come from the recipe and the
// program, so they are few; should a file find a way to make many, the rest
// share one, so that the numbers still add up.
func (t *tally) count(kind models.Kind, column, why string) {
	r := cause{kind, column, why}
	if _, ok := t.why[r]; !ok && len(t.why) >= 500 {
		r = cause{kind: kind, what: "other reasons"}
	}
	t.why[r]++
}

var (
	quotedPart = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	numberPart = regexp.MustCompile(`(?:,| row) [0-9][^,]*(?: and [^,]*)?$| end [0-9][^ ]*`)
)

// plainReason takes out of a sentence on one row what only that row says.
func plainReason(what string) string {
	what = quotedPart.ReplaceAllString(what, "the text")
	for {
		plain := numberPart.ReplaceAllString(what, "")
		if plain == what {
			return plain
		}
		what = plain
	}
}

func (t *tally) doubt(column string, d doubt) {
	k := doubtKey{column, d}
	if _, ok := t.doubts[k]; ok || len(t.doubts) < 10_000 {
		t.doubts[k]++
	}
}

// spotted counts a row for something that is told once.
func (t *tally) spotted(s spot, row int64) { t.spottedAs(s, row, "") }

// spottedAs is the same with an example, which is told of the first row.
func (t *tally) spottedAs(s spot, row int64, eg string) {
	w := t.spots[s]
	if w == nil {
		w = &where{first: row, eg: eg}
		t.spots[s] = w
	}
	w.n++
	if row < w.first {
		w.first, w.eg = row, eg
	}
}

func (t *tally) join(o *tally) {
	t.read += o.read
	t.taken += o.taken
	t.held += o.held
	t.skipped += o.skipped
	t.cells += o.cells
	t.blank += o.blank
	t.left += o.left
	t.rows = append(t.rows, o.rows...)
	for k, n := range o.why {
		t.why[k] += n
	}
	for k, n := range o.doubts {
		t.doubts[k] += n
	}
	for k, n := range o.others {
		t.others[k] += n
	}
	for k, w := range o.spots {
		have := t.spots[k]
		if have == nil {
			have = &where{first: w.first, eg: w.eg}
			t.spots[k] = have
		}
		have.n += w.n
		if w.first < have.first {
			have.first, have.eg = w.first, w.eg
		}
	}
	for g, n := range o.orders {
		for i, k := range n {
			t.order(g)[i] += k
		}
	}
	t.twins.join(&o.twins)
	t.sample.join(&o.sample)
	t.joinNames(o)
}

// findings lists what the tally has to tell, gravest and most frequent first:
// the first rows held back, the reasons of all of them, and the doubts.
func (t *tally) findings() []models.Finding {
	sort.Slice(t.rows, func(i, j int) bool { return t.rows[i].Row < t.rows[j].Row })
	out := slices.Clone(t.rows[:min(len(t.rows), maxListed)])
	out = append(out, t.reasons(models.KindHeld, models.Held)...)
	out = append(out, t.reasons(models.KindSkipped, models.Note)...)
	return slices.Concat(out, t.spotFindings(), t.doubtFindings(), t.nameFindings(), t.undatedFindings(), t.otherFindings())
}

func (t *tally) reasons(kind models.Kind, severity models.Severity) []models.Finding {
	var out []models.Finding
	for r, n := range t.why {
		if r.kind == kind {
			out = append(out, models.Finding{Severity: severity, Kind: kind, Column: r.column, Count: n, What: r.what})
		}
	}
	return byCount(out)
}

func (t *tally) spotFindings() []models.Finding {
	var out []models.Finding
	for s, w := range t.spots {
		severity := models.Doubt
		if s.kind == models.KindDigits || s.note {
			severity = models.Note
		}
		if w.eg != "" {
			s.what += "; in this row, the first, " + w.eg
		}
		out = append(out, models.Finding{Severity: severity, Kind: s.kind, Row: w.first, Column: s.column, Count: w.n, What: s.what, Do: s.do})
	}
	return byCount(out)
}

func byCount(fs []models.Finding) []models.Finding {
	sort.Slice(fs, func(i, j int) bool {
		a, b := fs[i], fs[j]
		if a.Count != b.Count {
			return a.Count > b.Count
		}
		return a.Column+"\x00"+a.What < b.Column+"\x00"+b.What
	})
	return fs
}

// doubtFindings ranks texts by how often they stand in each column: those
// without a code, and those taken for a code with some doubt.
func (t *tally) doubtFindings() []models.Finding {
	var out []models.Finding
	for k, n := range t.doubts {
		f := models.Finding{Severity: models.Doubt, Kind: models.KindCodes, Column: k.column, Count: n}
		text := Clean(k.text)
		switch k.concern {
		case maybeNamibia, maybeMissing:
			var ok bool
			if f, ok = t.namibia(k, n); !ok {
				continue
			}
		default:
			f.What = fmt.Sprintf("%q is not in the code list and counts as Other", text)
			f.Do = "Add it to values: in the recipe if it has a code"
		}
		out = append(out, f)
	}
	return fewest(byCount(out), "texts like these")
}

// maxTold is how many texts of one column a report lists.
const maxTold = 50

// fewest cuts a ranking to the first of each column and counts the rest.
func fewest(fs []models.Finding, name string) []models.Finding {
	listed := map[string]int{}
	rest := map[string][2]int64{}
	var out []models.Finding
	for _, f := range fs {
		if listed[f.Column]++; listed[f.Column] <= maxTold {
			out = append(out, f)
			continue
		}
		r := rest[f.Column]
		rest[f.Column] = [2]int64{r[0] + 1, r[1] + f.Count}
	}
	for _, c := range slices.Sorted(maps.Keys(rest)) {
		r := rest[c]
		out = append(out, models.Finding{Severity: models.Doubt, Kind: fs[0].Kind, Column: c, Count: r[1], What: fmt.Sprintf("%d more %s, each less frequent", r[0], name)})
	}
	return out
}
