package query

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
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

// figure is one published number.
type figure struct {
	at     []uint16 // its code on each dimension of the store, 0 for total
	text   uint16   // tells apart headings that all count as Other, or as not stated
	when   models.Period
	year   int // the calendar year that holds the period, or 0
	value  value
	doc    string
	note   string
	row    int64
	covers string // coverage, when partial
	role   string // what the place stands for, when not the place of recording
	n      int32  // its number in the source
	spot   int32  // where it stands
	time   int32  // the number of its period
	alone  bool   // no other figure stands there for the same period
}

// figureSource is all figures of one indicator that one producer published
// under one scope.
type figureSource struct {
	src      source
	figures  []*figure
	dims     []string
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

// maxFigures bounds what is held in memory for one indicator of one file.
const maxFigures = 2_000_000

// factCache remembers the figures that were read, where records break, and what
// files offer, since files never change.
type factCache struct {
	mu     sync.Mutex
	m      map[string][]*figureSource
	breaks map[string][]seriesBreak
	offers map[string][]models.Offer
}

// figureSources reads the figures of an indicator in a file, once.
func (e *Engine) figureSources(ctx context.Context, f *file, indicator string) ([]*figureSource, error) {
	key := f.alias + "\x1f" + indicator
	e.facts.mu.Lock()
	defer e.facts.mu.Unlock()
	if s, ok := e.facts.m[key]; ok {
		return s, nil
	}
	s, err := e.readFigures(ctx, f, indicator)
	if err != nil {
		return nil, err
	}
	if e.facts.m == nil {
		e.facts.m = map[string][]*figureSource{}
	}
	e.facts.m[key] = s
	return s, nil
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

func (e *Engine) readFigures(ctx context.Context, f *file, indicator string) ([]*figureSource, error) {
	ind := f.numbers("indicator", func(x entry) bool { return x.code == indicator })
	gr := f.numbers("grain", func(x entry) bool { return x.code == string(models.Figure) })
	if len(ind) == 0 || len(gr) == 0 {
		return nil, nil
	}
	dims := figureDims(f)
	cols := []string{"agency", "reporter", "scope", "coverage", "document", "qualifier", "obs_status", "place_role", models.DimFlowKind}
	fixed := len(cols)
	for _, d := range dims {
		cols = append(cols, ident(d))
	}
	plain := len(cols)
	cols = append(cols, "period_start", "period_end", "value", "value_low", "value_high", "note", "source_row")
	query := fmt.Sprintf("SELECT %s FROM %s.observation WHERE %s ORDER BY source_row LIMIT %d", strings.Join(cols, ", "), ident(f.alias),
		whereSQL([]condition{numberCondition("indicator", ind, len(f.dict["indicator"])), numberCondition("grain", gr, len(f.dict["grain"]))}), maxFigures+1)
	var order []*figureSource
	by := map[source]*figureSource{}
	n := 0
	var room []figure // figures lie side by side, since sums run over all of them
	var ats []uint16
	err := e.each(ctx, f, query, len(cols), func(row []any) {
		n++
		code := func(i int) string { return f.dict[strings.Trim(cols[i], `"`)][number(row[i])].code }
		src := source{file: f, agency: code(0), scope: code(2), grain: models.Figure}
		if f.severalMoves() {
			src.moves = code(8)
		}
		s := by[src]
		if s == nil {
			s = &figureSource{src: src, dims: dims, codes: make([][]string, len(dims))}
			for i := range s.codes {
				s.codes[i] = []string{models.Total}
			}
			by[src] = s
			order = append(order, s)
		}
		if len(room) == 0 {
			room, ats = make([]figure, models.BatchSize), make([]uint16, models.BatchSize*len(dims))
		}
		fg := &room[0]
		room = room[1:]
		*fg = figure{
			at: ats[:len(dims):len(dims)], when: models.Period{Start: day(row[plain]), End: day(row[plain+1])},
			doc: code(4), row: row[plain+6].(int64), covers: code(3), role: code(7),
		}
		ats = ats[len(dims):]
		if y, one := fg.when.CalendarYear(); one {
			fg.year = y
		}
		if t, ok := row[plain+5].(string); ok {
			fg.note = models.Clean(t)
		}
		for i, d := range dims {
			en := f.dict[d][number(row[fixed+i])]
			c := en.code
			if d == models.DimPlace && c == models.Total && code(1) != models.Unknown {
				c = code(1)
			}
			if c == models.NoSense {
				c = models.Total
			}
			fg.at[i] = s.number(i, c)
			if c == models.Other || c == models.Unknown {
				fg.text = uint16(number(row[fixed+i]))
			}
		}
		fg.value = figureValue(row[plain+2], row[plain+3], row[plain+4], code(5), code(6))
		fg.value.open = fg.when.End == models.NoDate
		s.figures = append(s.figures, fg)
	})
	if err != nil {
		return nil, err
	}
	if n > maxFigures {
		return nil, fmt.Errorf("%s holds more than %d figures of %s, more than fit into memory; load it in parts", f.ds.ID, maxFigures, indicator)
	}
	for _, s := range order {
		s.build(e.cat)
	}
	sort.Slice(order, func(i, j int) bool {
		return order[i].src.key() < order[j].src.key()
	})
	return order, nil
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

// figureValue joins number, bounds, qualifier and status (I-7).
func figureValue(num, low, high any, qualifier, status string) value {
	v := value{n: 1, status: status}
	switch n, l, h := float(num), float(low), float(high); {
	case !math.IsNaN(n):
		v.known, v.low, v.high = true, n, n
	case !math.IsNaN(l) || !math.IsNaN(h):
		v.known, v.low, v.high = true, 0, infinite
		if !math.IsNaN(l) {
			v.low = l
		}
		if !math.IsNaN(h) {
			v.high = h
		}
	default:
		return v
	}
	switch qualifier {
	case "at least":
		v.high = infinite
	case "more than":
		v.high, v.strict = infinite, true
	case "about":
		v.about = true
	case "estimate":
		v.about, v.estimate = true, true
	}
	return v
}

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
		if len(s.codes[i]) == 2 && !slices.ContainsFunc(s.figures, func(f *figure) bool { return f.at[i] != 1 }) {
			s.implied[i] = 1
		}
		s.addParents(cat, i)
		s.relate(cat, i)
		s.tops = append(s.tops, s.topCodes(cat, i))
	}
	s.findTwins()
	s.findSpots()
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
			same := s.implied[a] == 0 && s.implied[b] == 0 && len(s.codes[a]) > 2
			for _, f := range s.figures {
				same = same && f.at[a] != 0 && s.codes[a][f.at[a]] == s.codes[b][f.at[b]]
			}
			if same {
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
