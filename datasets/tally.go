package datasets

import (
	"fmt"
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
	doubts                     map[doubtKey]int64
	names                      map[nameKey]*NameUse
	undated                    map[undatedKey]*undated
}

type doubtKey struct {
	column string
	doubt
}

func newTally() *tally {
	return &tally{doubts: map[doubtKey]int64{}, names: map[nameKey]*NameUse{}, undated: map[undatedKey]*undated{}}
}

func (t *tally) hold(row int64, column, what string) {
	t.held++
	if len(t.rows) < maxListed {
		t.rows = append(t.rows, models.Finding{Severity: models.Held, Row: row, Column: column, What: what,
			Do: "Correct it in the file and load again; the row is held back until then"})
	}
}

func (t *tally) doubt(column string, d doubt) {
	k := doubtKey{column, d}
	if _, ok := t.doubts[k]; ok || len(t.doubts) < 10_000 {
		t.doubts[k]++
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
	for k, n := range o.doubts {
		t.doubts[k] += n
	}
	t.joinNames(o)
}

// findings lists what the tally has to tell, gravest and most frequent first.
func (t *tally) findings() []models.Finding {
	sort.Slice(t.rows, func(i, j int) bool { return t.rows[i].Row < t.rows[j].Row })
	out := t.rows
	if len(out) > maxListed {
		out = out[:maxListed]
	}
	if t.held > int64(len(out)) {
		out = append(out, models.Finding{Severity: models.Held, Count: t.held,
			What: fmt.Sprintf("%d rows are held back in all, of which the first %d are listed", t.held, len(out))})
	}
	var keys []doubtKey
	for k := range t.doubts {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		a, b := keys[i], keys[j]
		if t.doubts[a] != t.doubts[b] {
			return t.doubts[a] > t.doubts[b]
		}
		return a.column+a.text < b.column+b.text
	})
	for _, k := range keys {
		f := models.Finding{Severity: models.Doubt, Column: k.column, Count: t.doubts[k]}
		f.What = fmt.Sprintf("%q is not in the code list and counts as Other", Clean(k.text))
		f.Do = "Add it to values: in the recipe if it has a code"
		out = append(out, f)
	}
	return append(append(out, t.nameFindings()...), t.undatedFindings()...)
}
