package datasets

import (
	"hash/maphash"
	"slices"

	"tiplens/models"
)

// twins finds rows that are the same in every cell, those that no field reads
// among them. It keeps a hash a row; beyond maxTwins it keeps only rows whose
// hash ends in zeros, all copies of them, so that memory stays bounded and the
// number found stands for a known share of the file.
type twins struct {
	seen []twin
	mask uint64 // hashes kept have none of these bits
}

type twin struct {
	hash uint64
	row  int64
}

// maxTwins is how many rows are compared exactly on each goroutine.
const maxTwins = 1 << 18

// twinSeed is the same for all goroutines of a process.
var twinSeed = maphash.MakeSeed()

func (t *twins) add(fields [][]byte, row int64) {
	var h uint64
	for _, f := range fields {
		h = h*0x9E3779B97F4A7C15 + maphash.Bytes(twinSeed, f)
		h ^= h >> 29
	}
	if h&t.mask != 0 {
		return
	}
	if t.seen = append(t.seen, twin{h, row}); len(t.seen) >= maxTwins {
		t.thin(t.mask<<1 | 1)
	}
}

// thin keeps about half of the hashes.
func (t *twins) thin(mask uint64) {
	t.mask = mask
	t.seen = slices.DeleteFunc(t.seen, func(w twin) bool { return w.hash&mask != 0 })
}

func (t *twins) join(o *twins) {
	mask := t.mask | o.mask
	t.thin(mask)
	o.thin(mask)
	t.seen = append(t.seen, o.seen...)
	o.seen = nil
}

// find counts the rows that repeat another, and gives the first that does and
// the row it repeats. A part of a large file stands for the whole: then exact
// is false and the number is an estimate.
func (t *twins) find() (n int64, first, of int64, exact bool) {
	slices.SortFunc(t.seen, func(a, b twin) int {
		switch {
		case a.hash != b.hash && a.hash < b.hash:
			return -1
		case a.hash != b.hash:
			return 1
		}
		return int(a.row - b.row)
	})
	start := 0
	for i := 1; i < len(t.seen); i++ {
		if t.seen[i].hash != t.seen[i-1].hash {
			start = i
			continue
		}
		n++
		if first == 0 || t.seen[i].row < first {
			first, of = t.seen[i].row, t.seen[start].row
		}
	}
	return n * int64(t.mask+1), first, of, t.mask == 0
}

// sameRows tells of rows that are the same in every cell. In a file that names
// the person or case in each row that is one entered twice; elsewhere two
// people may be alike in all that is stated.
func (t *twins) sameRows(named, protected bool) []models.Finding {
	n, first, of, exact := t.find()
	if n == 0 || protected {
		return nil
	}
	f := models.Finding{Severity: models.Note, Kind: models.KindCopies, Row: first, Count: n,
		What: "the row is the same in every cell as row " + models.FormatNumber(float64(of)) + ", or repeats another like it; they may be people alike in all that is stated, or one entered twice",
		Do:   "Ask the sender; all are counted"}
	if named {
		f.Severity = models.Doubt
		f.What = "the row is the same in every cell as row " + models.FormatNumber(float64(of)) + ", or repeats another like it, and each names its person or case"
		f.Do = "Remove the copies from the file; a person is counted once, but shown with each row"
	}
	if !exact {
		f.What = "about this many rows, by a part of the file: " + f.What
	}
	return []models.Finding{f}
}
