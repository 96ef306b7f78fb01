package query

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"tiplens/models"
)

// A published figure stands beside its own parts: 209 arrested, 15 of them
// women, 17 of them foreigners. So figures are never summed as rows are. They
// are read once for each file and indicator and looked up by coordinate: a
// code for every dimension, "total" where a figure is not broken down. What is
// asked is either found at its coordinate or derived by the rules of I-5.

// figure is one published number. There may be millions, so it is small, and
// holds no pointer that would have to be followed whenever memory is swept.
type figure struct {
	low, high float64 // equal when the number is known; high may be +Inf
	row       int64
	when      models.Period
	n         int32  // its number in the source
	spot      int32  // where it stands
	time      int32  // the number of its period
	print     int32  // the number of what it shares with others
	text      uint16 // tells apart headings that all count as Other, or as not stated
	is        figureMarks
}

// figureMarks say what a figure is besides its number.
type figureMarks uint8

const (
	isKnown figureMarks = 1 << iota // else there is no data
	isAbout
	isEstimate
	isStrict
	isOpen  // its period has no end
	isPlain // a known number with the status that most have
	isAlone // no other figure stands there for the same period
	isSure  // it says something, and is alone
)

// bare reports whether there is no more to a figure than a number.
func (m figureMarks) bare() bool { return m&^(isAlone|isSure) == isKnown|isPlain }

// printed is what many figures of a document share.
type printed struct{ doc, covers, status string } // coverage, when partial

// figureSource is all figures of one indicator that one producer published
// under one scope.
type figureSource struct {
	src      source
	figures  []*figure // those of a spot side by side, by period
	prints   []printed
	notes    map[int64]string // by row
	dims     []string
	ats      []uint16   // while they are read: the codes of each figure, one after the other
	codes    [][]string // by dimension: number to code; 0 is total
	spots               // the coordinates at which anything is known
	periods  []models.Period
	timeBy   map[models.Period]int32
	spotOf   []int32 // by figure
	timeOf   []int32
	covering []*figure    // of partial coverage
	breaking []*figure    // before which the series breaks
	above    [][][]uint16 // by dimension and code: the codes it lies under
	tops     [][]uint16   // by dimension: the codes that lie under no other and are no group
	implied  []uint16     // by dimension: the one code that all figures share, or 0
	twins    []twin       // dimensions that always have the same code
	below    belowIndex
}

// twin is a pair of dimensions of which each figure has the same code in both,
// as the place and the origin of people who came home: they are one breakdown,
// not two.
type twin struct {
	a, b   int
	ab, ba []uint16 // from a number of the one to that of the other
}

// maxFigures bounds what is held in memory: for one indicator of one file, and
// for all that are remembered.
const maxFigures = 2_000_000

// factCache remembers the figures and the columns of records that were read, where
// records break, and what files offer, since files never change.
type factCache struct {
	mu      sync.Mutex
	figures recent[[]*figureSource]
	columns recent[column]
	breaks  map[string][]seriesBreak
	offers  map[string][]models.Offer
}

// recent remembers what was asked for last.
type recent[V any] struct {
	m     map[string]V
	order []string // the keys of m, what was asked for longest ago first
	held  int      // the size of all in m
}

// find looks up what was read, which makes it the last to go.
func (r *recent[V]) find(key string) (V, bool) {
	v, ok := r.m[key]
	if ok {
		r.order = append(slices.DeleteFunc(r.order, func(k string) bool { return k == key }), key)
	}
	return v, ok
}

// keep remembers a thing, and forgets others where all together are too large.
// An answer under way keeps what it has; later ones read it again.
func (r *recent[V]) keep(key string, v V, size func(V) int, most int) {
	if r.m == nil {
		r.m = map[string]V{}
	}
	r.m[key], r.order, r.held = v, append(r.order, key), r.held+size(v)
	for r.held > most && len(r.order) > 1 {
		oldest := r.order[0]
		r.held -= size(r.m[oldest])
		delete(r.m, oldest)
		r.order = r.order[1:]
	}
}

// figureSources reads the figures of an indicator in a file, once.
func (e *Engine) figureSources(ctx context.Context, f *file, indicator string) ([]*figureSource, error) {
	key := f.alias + "\x1f" + indicator
	e.facts.mu.Lock()
	defer e.facts.mu.Unlock()
	if s, ok := e.facts.figures.find(key); ok {
		return s, nil
	}
	s, err := e.readFigures(ctx, f, indicator)
	if err != nil {
		return nil, err
	}
	e.facts.keep(key, s)
	return s, nil
}

// keep remembers figures.
func (c *factCache) keep(key string, s []*figureSource) {
	c.figures.keep(key, s, figuresOf, maxFigures)
}

func figuresOf(sources []*figureSource) (n int) {
	for _, s := range sources {
		n += len(s.figures)
	}
	return n
}

// figureDims are the dimensions along which figures are broken down. Who
// reports is folded into the place: a figure of a country's committee without
// a province is that country's total.
func figureDims(f *file) []string {
	var out []string
	for _, d := range dimensionColumns(f.extra) {
		if d != models.DimAgency && d != models.DimReporter && d != models.DimFlowKind && (d == models.DimPlace || f.knows(d)) {
			out = append(out, d)
		}
	}
	return out
}

func day(v any) models.Date {
	if t, ok := v.(time.Time); ok {
		return models.Date(t.Unix() / 86400)
	}
	return models.NoDate
}

func float(v any) float64 {
	if f, ok := v.(float64); ok {
		return f
	}
	return math.NaN()
}

// bounds joins a number and its bounds as they are stored.
func bounds(num, low, high any) (l, h float64, known bool) {
	n := float(num)
	if l, h = float(low), float(high); !math.IsNaN(n) {
		return n, n, true
	}
	if math.IsNaN(l) && math.IsNaN(h) {
		return 0, 0, false
	}
	if math.IsNaN(l) {
		l = 0
	}
	if math.IsNaN(h) {
		h = infinite
	}
	return l, h, true
}

// read enters number, bounds and qualifier (I-7).
func (f *figure) read(num, low, high any, qualifier string) {
	known := false
	if f.low, f.high, known = bounds(num, low, high); !known {
		return
	}
	f.is |= isKnown
	switch qualifier {
	case "at least":
		f.high = infinite
	case "more than":
		f.high, f.is = infinite, f.is|isStrict
	case "about":
		f.is |= isAbout
	case "estimate":
		f.is |= isAbout | isEstimate
	}
}

// value is that of a figure.
func (s *figureSource) value(f *figure) value {
	return value{low: f.low, high: f.high, known: f.is&isKnown != 0, about: f.is&isAbout != 0, estimate: f.is&isEstimate != 0,
		strict: f.is&isStrict != 0, open: f.is&isOpen != 0, n: 1, status: s.prints[f.print].status}
}

func (s *figureSource) doc(f *figure) string { return s.prints[f.print].doc }

// codesOfRow are the codes of a figure on each dimension, 0 for total, while
// figures are read.
func (s *figureSource) codesOfRow(n int) []uint16 { return s.ats[n*len(s.dims):][:len(s.dims)] }

func (s *figureSource) number(dim int, code string) uint16 {
	if i := slices.Index(s.codes[dim], code); i >= 0 {
		return uint16(i)
	}
	s.codes[dim] = append(s.codes[dim], code)
	return uint16(len(s.codes[dim]) - 1)
}

// build finds what all figures share and indexes them. A dimension with one
// code throughout is no breakdown but the scope of the source: all returns
// from China are "from China" whether the question says so or not.
func (s *figureSource) build(cat *models.Catalog) {
	s.implied, s.above = make([]uint16, len(s.dims)), make([][][]uint16, len(s.dims))
	for i := range s.dims {
		if len(s.codes[i]) == 2 && !s.someRow(func(at []uint16) bool { return at[i] != 1 }) {
			s.implied[i] = 1
		}
		s.addParents(cat, i)
		s.relate(cat, i)
		s.tops = append(s.tops, s.topCodes(cat, i))
	}
	s.findTwins()
	s.findSpots()
}

// someRow reports whether the codes of some figure are such.
func (s *figureSource) someRow(such func(at []uint16) bool) bool {
	for n := range s.figures {
		if such(s.codesOfRow(n)) {
			return true
		}
	}
	return false
}

// topCodes lists the codes of a dimension that lie under no other and are no group.
func (s *figureSource) topCodes(cat *models.Catalog, i int) []uint16 {
	var out []uint16
	for n := 1; n < len(s.codes[i]); n++ {
		if len(s.above[i]) > n && len(s.above[i][n]) > 0 || cat.LevelOf(s.dims[i], s.codes[i][n]) == "group" {
			continue
		}
		out = append(out, uint16(n))
	}
	return out
}

// addParents enters the codes above those that occur, so that a country can
// be asked of a source that publishes its provinces only.
func (s *figureSource) addParents(cat *models.Catalog, i int) {
	for n := 1; n < len(s.codes[i]); n++ {
		if k := cat.Code(s.dims[i], s.codes[i][n]); k != nil && k.Parent != "" {
			s.number(i, k.Parent)
		}
	}
}

// relate notes which codes of a dimension lie under which others.
func (s *figureSource) relate(cat *models.Catalog, i int) {
	s.above[i] = make([][]uint16, len(s.codes[i]))
	if cat.Open(s.dims[i]) {
		return // codes that no list knows lie under none
	}
	m, home := matcher{cat, models.Term{Dim: s.dims[i]}}, s.home()
	for n, c := range s.codes[i] {
		for o, oc := range s.codes[i] {
			if n > 0 && o > 0 && n != o && m.under(c, oc, home) {
				s.above[i][n] = append(s.above[i][n], uint16(o))
			}
		}
	}
}

// home is the country of which all figures are, "" for those of several.
func (s *figureSource) home() string {
	home := ""
	if i := s.dim(models.DimPlace); i >= 0 {
		for _, c := range s.codes[i][1:] {
			c, _, _ := strings.Cut(c, "-")
			if home != "" && c != home {
				return ""
			}
			home = c
		}
	}
	return home
}

// findTwins finds pairs of dimensions with the same code in every figure.
func (s *figureSource) findTwins() {
	for a := range s.dims {
		for b := a + 1; b < len(s.dims); b++ {
			apart := func(at []uint16) bool { return at[a] == 0 || s.codes[a][at[a]] != s.codes[b][at[b]] }
			if s.implied[a] == 0 && s.implied[b] == 0 && len(s.codes[a]) > 2 && !s.someRow(apart) {
				s.twins = append(s.twins, twin{a, b, s.translate(a, b), s.translate(b, a)})
			}
		}
	}
}

func (s *figureSource) translate(from, to int) []uint16 {
	out := make([]uint16, len(s.codes[from]))
	for n, c := range s.codes[from] {
		out[n] = uint16(max(slices.Index(s.codes[to], c), 0))
	}
	return out
}

// complete fills in the code of a twin dimension from that of the other.
func (s *figureSource) complete(at []uint16) []uint16 {
	for _, t := range s.twins {
		if at[t.a] == 0 && at[t.b] != 0 || at[t.b] == 0 && at[t.a] != 0 {
			at = slices.Clone(at)
			if at[t.a] == 0 {
				at[t.a] = t.ba[at[t.b]]
			} else {
				at[t.b] = t.ab[at[t.a]]
			}
		}
	}
	return at
}

func (s *figureSource) dim(name string) int { return slices.Index(s.dims, name) }

// constants lists what is implied, as filters.
func (s *figureSource) constants() []models.Term {
	var out []models.Term
	for i, n := range s.implied {
		if n != 0 {
			out = append(out, models.Term{Dim: s.dims[i], Codes: []string{s.codes[i][n]}})
		}
	}
	return out
}
