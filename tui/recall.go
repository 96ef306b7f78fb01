package tui

// recall remembers recent answers, so that going back is at once.
type recall[T any] struct {
	keys []string
	m    map[string]T
}

const maxAnswers = 64

func (r *recall[T]) get(key string) (T, bool) {
	v, ok := r.m[key]
	return v, ok
}

func (r *recall[T]) put(key string, v T) {
	if r.m == nil {
		r.m = map[string]T{}
	}
	if _, ok := r.m[key]; !ok {
		r.keys = append(r.keys, key)
	}
	r.m[key] = v
	if len(r.keys) > maxAnswers {
		delete(r.m, r.keys[0])
		r.keys = r.keys[1:]
	}
}
