package models

import "slices"

// WithValue returns the filter with a value more: a code, or of time a period.
// Periods that touch become one.
func (t Term) WithValue(value string) Term {
	p, err := ParsePeriod(value)
	if t.Dim != DimYear || err != nil {
		t.Codes = append(slices.Clone(t.Codes), value)
		return t
	}
	t.Spans = JoinSpans(append(slices.Clone(t.Spans), p))
	return t
}

// Names reports whether a value is one of the filter's own, or of time, lies
// inside one of its periods.
func (t Term) Names(value string) bool {
	if p, err := ParsePeriod(value); t.Dim == DimYear && err == nil {
		return slices.ContainsFunc(t.Spans, func(s Period) bool { return s.Contains(p) })
	}
	return slices.Contains(t.Codes, value)
}

// Without returns the filter without a value; what is left of a period that
// holds it stays.
func (t Term) Without(value string) Term {
	p, err := ParsePeriod(value)
	if t.Dim != DimYear || err != nil {
		t.Codes = slices.DeleteFunc(slices.Clone(t.Codes), func(c string) bool { return c == value })
		return t
	}
	var left []Period
	for _, s := range t.Spans {
		if !s.Contains(p) {
			left = append(left, s)
			continue
		}
		if s.Start < p.Start {
			left = append(left, Period{Start: s.Start, End: p.Start - 1})
		}
		if p.End < s.End {
			left = append(left, Period{Start: p.End + 1, End: s.End})
		}
	}
	t.Spans = left
	return t
}

// JoinSpans makes one of periods that touch or overlap.
func JoinSpans(ps []Period) []Period {
	slices.SortFunc(ps, func(a, b Period) int { return int(a.Start - b.Start) })
	var out []Period
	for _, p := range ps {
		if n := len(out); n > 0 && p.Start <= out[n-1].End+1 {
			out[n-1].End = max(out[n-1].End, p.End)
			continue
		}
		out = append(out, p)
	}
	return out
}
