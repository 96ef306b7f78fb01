package tui

// recall remembers recent answers, so that going back is at once. It holds so
// many answers, and so many numbers in all of them: a matrix of all countries
// takes the room of many tables.
type recall[T any] struct {
	keys []string // oldest first
	m    map[string]recalled[T]
	size int // numbers in all of them
}

type recalled[T any] struct {
	v    T
	size int
}

const (
	maxAnswers = 64
	maxNumbers = 250_000 // some 60 MB
)

func (r *recall[T]) get(key string) (v T, ok bool) {
	k, ok := r.m[key]
	return k.v, ok
}

// put remembers an answer of so many numbers; the last one is always kept.
func (r *recall[T]) put(key string, v T, size int) {
	if r.m == nil {
		r.m = map[string]recalled[T]{}
	}
	if _, ok := r.m[key]; !ok {
		r.keys = append(r.keys, key)
	}
	r.size += size - r.m[key].size
	r.m[key] = recalled[T]{v, size}
	for len(r.keys) > 1 && (len(r.keys) > maxAnswers || r.size > maxNumbers) && r.keys[0] != key {
		r.size -= r.m[r.keys[0]].size
		delete(r.m, r.keys[0])
		r.keys = r.keys[1:]
	}
}
