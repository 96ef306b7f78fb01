package query

import (
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// source is whose numbers a grid holds. Sources are never combined.
type source struct {
	file   *file
	agency string
	scope  string
	grain  models.Grain
	moves  string // the kind of movement, where a file has several
}

// grid is what one source says: a value for every coordinate asked. A
// coordinate has one code for each axis; models.Total stands for an axis that
// is summed over.
type grid struct {
	src      source
	others   []source // beyond src, where parts of several sources are joined
	unit     string   // what its figures are published in, "" for the indicator's own
	part     int      // which part of the measure it answers
	cells    map[string]value
	implied  []models.Term
	rows     int64 // observations behind it
	missing  string
	coverage []string
	kinds    uint64 // which kinds of record are behind it, a bit each
	restOK   bool   // a total may hold more than its parts: figures
	none     value  // what a coordinate holds that does not occur
	aside    []aside
	breaks   []models.Date // where the series breaks
	offences []string      // groups of offences behind it
	groups   []string      // left out of an axis that has their members
	several  []int         // axes on which one row stands under several codes
}

// aside is a figure that belongs to the question but to no cell of it.
type aside struct {
	value  value
	period models.Period
	codes  string // what it is broken down by, in words
	doc    string
}

// value is one number with all that must travel with it.
type value struct {
	low, high float64 // equal when the number is known; high may be +Inf
	known     bool    // false: no data
	about     bool
	estimate  bool
	strict    bool // more than low, not at least low
	part      string
	status    string
	n         int             // observations
	notes     []models.Remark // what must be said of it, with the rule that says so
	blank     bool
	form      models.Form
	count     float64 // behind a ratio: what is divided, and by what
	base      float64
	open      bool // the period has no end
}

// saying returns the value with a remark more.
func (v value) saying(rule, text string) value {
	v.notes = union(v.notes, []models.Remark{{Rule: rule, Text: text}})
	return v
}

func (v value) exact() bool { return v.known && v.low == v.high }

// withheld reports whether there is a number that is not shown.
func (v value) withheld() bool { return !v.known && strings.Contains(v.status, "Q") }

// plus adds two values that may be added; nothing known stays out and marks
// the sum as one over the known only.
func (v value) plus(o value) value {
	switch {
	case !v.known && !o.known:
		v.status = joinStatus(v.status, o.status)
		return v
	case !v.known:
		return o.withholding(v)
	case !o.known:
		return v.withholding(o)
	}
	v.low += o.low
	v.high += o.high
	v.n += o.n
	v.open = v.open || o.open
	v.about = v.about || o.about
	v.estimate = v.estimate || o.estimate
	v.strict = v.strict || o.strict
	v.notes = union(v.notes, o.notes)
	v.status = joinStatus(v.status, o.status)
	return v
}

// withholding is a sum of which one part is not known: at least what is, where
// that part was withheld.
func (v value) withholding(part value) value {
	if !part.withheld() {
		return v
	}
	v.high = infinite
	return v.saying("W-18", "a withheld number is part of it, so it is a lower bound")
}

// joinStatus keeps the letters of both; A says nothing and is left out.
func joinStatus(a, b string) string {
	for _, r := range b {
		if !strings.ContainsRune(a, r) {
			a += string(r)
		}
	}
	return a
}

func union[T comparable](a, b []T) []T {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a[:len(a):len(a)], s)
		}
	}
	return a
}

// cell shows a value.
func (v value) cell() models.Cell {
	var c models.Cell
	switch {
	case v.blank:
		c.State = models.Blank
	case !v.known:
		c.State = models.NoData
		if strings.Contains(v.status, "Q") {
			c.State = models.Withheld
		}
		if strings.Contains(v.status, "M") {
			c.State = models.NotApply
		}
	default:
		c = models.Between(v.low, v.high)
	}
	c.Form, c.Count, c.Base = v.form, v.count, v.base
	c.About, c.Estimate, c.Strict = v.about, v.estimate, v.strict
	c.Open, c.Part, c.Parts, c.Notes = v.open, v.part, v.n, v.notes
	c.Status = strings.Map(func(r rune) rune {
		if strings.ContainsRune("ALMOQ", r) {
			return -1
		}
		return r
	}, v.status)
	return c
}

const coordSep = "\x1f"

func coord(codes []string) string { return strings.Join(codes, coordSep) }

// add counts one group of records: into its own cell and into every total
// that the layout shows. Where a code stands for several (a person with two
// types of exploitation), each of them gets the count, and a total gets it
// once.
func (g *grid) add(axisCodes [][]string, totals [][]bool, n float64) {
	g.rows += int64(n)
	codes := make([]string, len(axisCodes))
	for _, total := range totals {
		g.spread(axisCodes, total, codes, 0, n)
	}
}

func (g *grid) spread(axisCodes [][]string, total []bool, codes []string, i int, n float64) {
	if i == len(axisCodes) {
		key := coord(codes)
		g.cells[key] = g.cells[key].plus(value{low: n, high: n, known: true, n: int(n)})
		return
	}
	if total[i] {
		codes[i] = models.Total
		g.spread(axisCodes, total, codes, i+1, n)
		return
	}
	for _, c := range axisCodes[i] {
		codes[i] = c
		g.spread(axisCodes, total, codes, i+1, n)
	}
}

var infinite = math.Inf(1)
