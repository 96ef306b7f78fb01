package datasets

import "slices"

// sample keeps rows from all over the file, at most maxSample of a goroutine:
// every row at first, and every second of them dropped whenever it is full.
type sample struct {
	rows   [][]string
	stride int64
}

const maxSample = 1000

func (s *sample) take(nth int64, fields [][]byte) {
	if nth%s.stride != 0 {
		return
	}
	row := make([]string, len(fields))
	for i, f := range fields {
		row[i] = string(trim(f[:min(len(f), 200)]))
	}
	if s.rows = append(s.rows, row); len(s.rows) < maxSample {
		return
	}
	half := s.rows[:0]
	for i, r := range s.rows {
		if i%2 == 1 {
			half = append(half, r)
		}
	}
	clear(s.rows[len(half):])
	s.rows = half
	s.stride *= 2
}

func (s *sample) join(o *sample) { s.rows = append(s.rows, o.rows...) }

// column gives the values of a column in the sample that are not empty.
func (s *sample) column(i int) []string {
	var out []string
	for _, r := range s.rows {
		if i < len(r) && r[i] != "" {
			out = append(out, r[i])
		}
	}
	return out
}

// alike is the share of values that pass a test, and how many values differ.
func alike(values []string, test func(string) bool) (share float64, distinct int) {
	if len(values) == 0 {
		return 0, 0
	}
	n := 0
	for _, v := range values {
		if test(v) {
			n++
		}
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return float64(n) / float64(len(values)), len(slices.Compact(sorted))
}
