package models

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Offer is what a dataset has of one indicator from one producer.
type Offer struct {
	Indicator, Agency string
	Grain             Grain
	Rows              int64
	ByYear            map[int]int64    // rows by calendar year; year 0 holds those that lie in none
	Dims              []string         // dimensions it is broken down by
	Stops             []string         // of LegDims, those that its dataset knows of persons
	DimYears          map[string][]int // the years in which it is broken down by each, in order
}

// Years prints the first and the last year of an offer.
func (o Offer) Years() string {
	ys := o.CalendarYears()
	switch {
	case len(ys) == 0:
		return "no year"
	case len(ys) == 1:
		return fmt.Sprint(ys[0])
	}
	return fmt.Sprintf("%d-%d", ys[0], ys[len(ys)-1])
}

// AllYears prints the years of an offer, gaps and all.
func (o Offer) AllYears() string {
	if ys := o.CalendarYears(); len(ys) > 0 {
		return yearRuns(ys)
	}
	return "no year"
}

// CalendarYears lists the years that hold rows, in order.
func (o Offer) CalendarYears() []int {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(o.ByYear)), func(y int) bool { return y == 0 })
}

// Breakdowns prints the dimensions of an offer, each with its years unless it
// is there in all of them.
func (o Offer) Breakdowns() []string {
	var out []string
	for _, d := range o.Dims {
		if d == DimUnit { // what is counted, not a part of it
			continue
		}
		ys := slices.DeleteFunc(slices.Clone(o.DimYears[d]), func(y int) bool { return y == 0 })
		name := strings.ReplaceAll(d, "_", " ")
		switch {
		case slices.Equal(ys, o.CalendarYears()):
			out = append(out, name)
		case len(ys) == 0:
			out = append(out, name+" (undated)")
		default:
			out = append(out, name+" "+yearRuns(ys))
		}
	}
	return out
}

// yearRuns prints years with runs drawn together: 2012-2016+2019.
func yearRuns(ys []int) string {
	var out []string
	for i := 0; i < len(ys); {
		k := i
		for k+1 < len(ys) && ys[k+1] == ys[k]+1 {
			k++
		}
		if k == i {
			out = append(out, fmt.Sprint(ys[i]))
		} else {
			out = append(out, fmt.Sprintf("%d-%d", ys[i], ys[k]))
		}
		i = k + 1
	}
	return strings.Join(out, "+")
}
