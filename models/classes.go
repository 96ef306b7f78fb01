package models

import "slices"

// MaxClasses is how many classes a map or a heat table has: more can not be
// told apart without colour.
const MaxClasses = 5

// Class is a range of values that look the same on a map.
type Class struct {
	Low, High float64 // the smallest and the largest value in it
	N         int     // values in it
}

// Classes sorts values into classes, the lowest first.
type Classes struct {
	List   []Class
	Breaks []float64 // own ones: each is the lowest value of the next class
}

// Quantiles makes up to five classes that hold about the same number of
// values. Equal values are never parted, so there may be fewer classes.
func Quantiles(values []float64) Classes {
	vs := slices.Sorted(slices.Values(values))
	var c Classes
	last := -1
	for i := 0; i < len(vs); {
		k := i
		for k < len(vs) && vs[k] == vs[i] {
			k++
		}
		if fifth := i * MaxClasses / len(vs); fifth != last {
			c.List = append(c.List, Class{Low: vs[i]})
			last = fifth
		}
		at := &c.List[len(c.List)-1]
		at.High, at.N = vs[i], at.N+k-i
		i = k
	}
	return c
}

// ByBreaks makes classes at breaks of one's own, which rise.
func ByBreaks(values, breaks []float64) Classes {
	c := Classes{List: make([]Class, len(breaks)+1), Breaks: breaks}
	for _, v := range values {
		at := &c.List[c.Of(v)-1]
		if at.N == 0 {
			at.Low, at.High = v, v
		}
		at.Low, at.High, at.N = min(at.Low, v), max(at.High, v), at.N+1
	}
	return c
}

// Of gives the class of a value, counted from 1; 0 without classes.
func (c Classes) Of(v float64) int {
	if c.Breaks != nil {
		n := 1
		for _, b := range c.Breaks {
			if v >= b {
				n++
			}
		}
		return n
	}
	n := min(len(c.List), 1)
	for i, k := range c.List {
		if v >= k.Low {
			n = i + 1
		}
	}
	return n
}

// Classify makes the classes of some cells, by quantiles or by breaks of one's
// own: of those with a number other than zero, which has a mark of its own. It
// also answers the form of these numbers.
func Classify(cells []Cell, cuts []float64) (Classes, Form) {
	var values []float64
	form := Plain
	for _, c := range cells {
		if c.State == Known {
			values, form = append(values, c.Value), c.Form
		}
	}
	if cuts != nil {
		return ByBreaks(values, cuts), form
	}
	return Quantiles(values), form
}
