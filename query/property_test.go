package query_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"math/rand"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
)

// The tests in this file draw slices at random and hold every number of the
// answer to a counter that knows nothing of the engine: it reads the training
// file line by line, as its README and recipe describe it, and puts persons
// into sets. A person in a set counts once, whatever happens; so a number that
// agrees counts nobody twice.
//
// TIPLENS_SLICES=5000 draws more slices, TIPLENS_SEED=7 others; -count=10 draws
// others each time. A failure prints the seed that repeats it alone.

// drawn calls check with slices drawn one by one, each from a seed of its own.
func drawn(t *testing.T, usual int, check func(t *testing.T, rng *rand.Rand)) {
	t.Helper()
	n, seed := envNumber(t, "TIPLENS_SLICES", usual), envNumber(t, "TIPLENS_SEED", 0)
	if os.Getenv("TIPLENS_SEED") == "" {
		seed = 20260101 + 1_000_000*int(drawings.Add(1))
	}
	for i := range n {
		ok := t.Run(strconv.Itoa(seed+i), func(t *testing.T) { check(t, rand.New(rand.NewSource(int64(seed+i)))) })
		if !ok {
			t.Logf("again: TIPLENS_SEED=%d TIPLENS_SLICES=1 go test -run '%s$' ./query", seed+i, t.Name())
		}
	}
}

// drawings numbers the drawings of one run of the tests.
var drawings atomic.Int64

func envNumber(t *testing.T, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s=%q is no number", name, text)
	}
	return n
}

// ---- what happened, as the training file tells it

// sighting is one thing that happened to one person. A dimension of which
// nothing is said holds "_U"; one person can have several codes.
type sighting struct {
	indicator, agency, person string
	day                       [3]int // year, month, day
	codes                     map[string][]string
}

// few persons make a asCells in which many cells are 0 and some are 1.
const fewPersons = 2500

var fewTrained = builtin(func() *datasets.File { return datasets.TrainingFile(fewPersons) })

var sightings = sync.OnceValues(func() ([]sighting, error) {
	var b bytes.Buffer
	if err := datasets.WriteTraining(&b, fewPersons); err != nil {
		return nil, err
	}
	asCells, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		return nil, err
	}
	var out []sighting
	for _, line := range asCells[1:] {
		col := map[string]string{}
		for i, name := range asCells[0] {
			col[name] = line[i]
		}
		out = append(out, sightingsOf(col)...)
	}
	return out, nil
})

func sightingsOf(col map[string]string) (out []sighting) {
	codes := map[string][]string{"nationality": nil, "origin": nil, "sex": nil, "sector": nil, "recruiter": nil, "record_kind": {col["record"]},
		"place": {col["found_in"]}, "destination": {col["exploited_in"]}, "offence_group": {col["offence"]}, "status": {col["state"]}, "age": {"_U"},
		"recruitment": {col["recruited_in"]}, "transit": strings.Split(col["transit"], "; "), "exploitation": strings.Split(col["exploitation"], "; "), "means": strings.Split(col["means"], "; ")}
	for dim, cs := range codes {
		if cs == nil {
			cs = []string{col[dim]}
		}
		switch {
		case cs[0] == "" && dim == "place": // recorded in Cambodia, the province is not known
			cs = []string{"KH"}
		case cs[0] == "":
			cs = []string{"_U"}
		}
		codes[dim] = cs
	}
	if age, err := strconv.Atoi(col["age"]); err == nil {
		for _, band := range [][2]int{{0, 8}, {9, 17}, {18, 24}, {25, 34}, {35, 44}, {45, 59}} {
			if band[0] <= age && age <= band[1] {
				codes["age"] = []string{fmt.Sprintf("Y%dT%d", band[0], band[1])}
			}
		}
		if age >= 60 {
			codes["age"] = []string{"Y_GE60"}
		}
	}
	see := func(indicator, agency, on string) {
		if on == "" {
			return
		}
		s := sighting{indicator: indicator, agency: agency, person: col["person"], codes: maps.Clone(codes)}
		if _, err := fmt.Sscanf(on, "%d-%d-%d", &s.day[0], &s.day[1], &s.day[2]); err != nil {
			panic(on)
		}
		s.codes["agency"] = []string{agency}
		out = append(out, s)
	}
	if col["role"] == "victim" {
		see("vic_identified", "TRAINING", col["identified_on"])
	}
	see("vic_assisted", col["assisted_by"], col["assisted_on"])
	see("vic_assisted", col["assisted_by"], col["assisted_again_on"])
	see("sus_arrested", "TRAINING", col["arrested_on"])
	see("sus_convicted", "TRAINING", col["convicted_on"])
	return out
}

// ---- a question, and the plain count of it

// span is a run of months, counted from year 0.
type span struct{ first, n int }

func (s span) holds(year, month int) bool {
	at := 12*year + month - 1
	return s.first <= at && at < s.first+s.n
}

func (s span) String() string {
	y, m := s.first/12, s.first%12
	switch {
	case s.n == 12 && m == 0:
		return fmt.Sprintf("%04d", y)
	case s.n == 6 && m%6 == 0:
		return fmt.Sprintf("%04d-S%d", y, m/6+1)
	case s.n == 3 && m%3 == 0:
		return fmt.Sprintf("%04d-Q%d", y, m/3+1)
	case s.n == 1:
		return fmt.Sprintf("%04d-%02d", y, m+1)
	}
	last := s.first + s.n - 1
	if m == 0 && last%12 == 11 {
		return fmt.Sprintf("%04d..%04d", y, last/12)
	}
	return fmt.Sprintf("%04d-%02d..%04d-%02d", y, m+1, last/12, last%12+1)
}

// filter is a term of a slice.
type filter struct {
	dim   string
	not   bool
	codes []string
	spans []span
}

func (f filter) String() string {
	words := slices.Clone(f.codes)
	for _, s := range f.spans {
		words = append(words, s.String())
	}
	return f.dim + map[bool]string{false: "=", true: "!="}[f.not] + strings.Join(words, ",")
}

func filterText(fs []filter) string {
	var words []string
	for _, f := range fs {
		words = append(words, f.String())
	}
	return strings.Join(words, " ")
}

func (f filter) takes(s sighting) bool {
	hit := slices.ContainsFunc(f.spans, func(p span) bool { return p.holds(s.day[0], s.day[1]) })
	for _, code := range s.codes[f.dim] {
		hit = hit || slices.ContainsFunc(f.codes, func(want string) bool { return lies(f.dim, code, want) })
	}
	return hit != f.not
}

var groupMembers = map[string]string{"ASEAN": "BN ID KH LA MM MY PH SG TH TL VN", "GMS": "CN KH LA MM TH VN"}

// lies reports whether a code of the training file is another, or lies under it.
func lies(dim, code, want string) bool {
	if code == want {
		return true
	}
	if code == "_U" {
		return false
	}
	switch dim {
	case "nationality":
		return want == "_NAT" && code == "KH" || want == "_FOR" && code != "KH"
	case "place", "origin", "destination", "recruitment", "transit":
		country, _, _ := strings.Cut(code, "-")
		return country == want || slices.Contains(strings.Fields(groupMembers[want]), country)
	case "exploitation":
		return strings.HasPrefix(code, want+".")
	case "sector":
		return len(want) == 1 && code[:1] == want && code[:1] != "X"
	case "age":
		a, b := ages(code)
		c, d := ages(want)
		return c <= a && b <= d
	}
	return false
}

// ages gives the first and the last year of age of a band.
func ages(code string) (from, to int) {
	if n, _ := fmt.Sscanf(code, "Y%dT%d", &from, &to); n == 2 {
		return from, to
	}
	if n, _ := fmt.Sscanf(code, "Y_GE%d", &from); n == 1 {
		return from, 200
	}
	return -1, -1
}

// axis is what rows or columns stand for.
type axis struct{ dim, level string }

func (a axis) String() string {
	if a.level == "" {
		return a.dim
	}
	return a.dim + "." + a.level
}

func axisText(word string, as []axis) string {
	var words []string
	for _, a := range as {
		words = append(words, a.String())
	}
	if len(words) == 0 {
		return ""
	}
	return " " + word + " " + strings.Join(words, ",")
}

// codes lists under which codes of an axis something stands.
func (a axis) codes(s sighting) []string {
	if a.dim == "year" {
		n := map[string]int{"": 12, "half": 6, "quarter": 3, "month": 1}[a.level]
		at := 12*s.day[0] + s.day[1] - 1
		return []string{span{at - at%n, n}.String()}
	}
	var out []string
	for _, c := range s.codes[a.dim] {
		if c = lifted(a, c); !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	if len(out) > 1 { // who has a form that is known is not also without one
		out = slices.DeleteFunc(out, func(c string) bool { return c == "_U" })
	}
	return out
}

// lifted gives the code of the level asked that a code lies in; what is
// coarser is not stated there, but a country stays one where provinces are
// asked.
func lifted(a axis, code string) string {
	if code == "_U" {
		return code
	}
	switch a.String() {
	case "place.country", "origin", "origin.country", "destination", "destination.country", "recruitment", "transit", "transit.country":
		code, _, _ = strings.Cut(code, "-")
	case "nationality.group":
		if code != "KH" {
			return "_FOR"
		}
		return "_NAT"
	case "age", "age.majority":
		if _, to := ages(code); to < 18 {
			return "Y0T17"
		}
		return "Y_GE18"
	case "exploitation", "exploitation.type":
		code, _, _ = strings.Cut(code, ".")
	case "exploitation.form":
		if !strings.Contains(code, ".") {
			return "_U"
		}
	case "sector", "sector.section":
		if code[0] != 'X' {
			return code[:1]
		}
	case "sector.division":
		if len(code) < 3 {
			return "_U"
		}
	}
	return code
}

// several names the dimensions of which one person can have several codes.
var several = []string{"exploitation", "sector", "means", "recruiter", "transit"}

// tally holds, for each agency and coordinate, who is counted there. Codes of a
// coordinate are joined by blanks; "_T" stands for an axis summed over.
type tally map[string]map[string]map[string]bool

// count puts everybody into the sets where they belong.
func count(t testing.TB, indicator string, where []filter, rows, cols []axis) tally {
	t.Helper()
	all, err := sightings()
	if err != nil {
		t.Fatal(err)
	}
	out := tally{}
	for _, s := range all {
		if s.indicator != indicator || slices.ContainsFunc(where, func(f filter) bool { return !f.takes(s) }) {
			continue
		}
		if out[s.agency] == nil {
			out[s.agency] = map[string]map[string]bool{}
		}
		for _, row := range append(coordinates(s, rows), totalOf(rows)) {
			for _, col := range append(coordinates(s, cols), totalOf(cols)) {
				key := strings.TrimSpace(row + " " + col)
				if out[s.agency][key] == nil {
					out[s.agency][key] = map[string]bool{}
				}
				out[s.agency][key][s.person] = true
			}
		}
	}
	return out
}

func totalOf(axes []axis) string { return strings.TrimSpace(strings.Repeat("_T ", len(axes))) }

func coordinates(s sighting, axes []axis) []string {
	out := []string{""}
	for _, a := range axes {
		var longer []string
		for _, before := range out {
			for _, c := range a.codes(s) {
				longer = append(longer, strings.TrimSpace(before+" "+c))
			}
		}
		out = longer
	}
	if len(axes) == 0 {
		return nil
	}
	return out
}

// sides lists the codes of the rows or columns of a tally, without the total.
func (c tally) sides(agency string, from, to int) []string {
	seen := map[string]bool{}
	for key := range c[agency] {
		codes := strings.Fields(key)[from:to]
		if to > from && !slices.Contains(codes, "_T") {
			seen[strings.Join(codes, " ")] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func (c tally) at(agency, key string) float64 { return float64(len(c[agency][key])) }

// question is a slice of one indicator with all that the counter needs.
type question struct {
	indicator  string
	flow       bool // the first two rows are its ends
	rows, cols []axis
	where      []filter
}

func (q question) layout() string {
	rows, out := q.rows, ""
	if q.flow {
		out, rows = " flow "+rows[0].String()+" to "+rows[1].String(), rows[2:]
	}
	return out + axisText("by", rows) + axisText("across", q.cols)
}

func (q question) text(measure, more string) string {
	out := measure + q.layout()
	if len(q.where) > 0 {
		out += " where " + filterText(q.where)
	}
	return out + more
}

func (q question) count(t testing.TB, indicator string, own ...filter) tally {
	t.Helper()
	return count(t, indicator, slices.Concat(q.where, own), q.rows, q.cols)
}

func (q question) axes() []axis { return slices.Concat(q.rows, q.cols) }

// ---- drawing

var drawnIndicators = []string{"vic_identified", "vic_identified", "vic_assisted", "vic_assisted", "sus_arrested", "sus_convicted"}

var drawnAxes = []axis{
	{"place", ""}, {"place", "province"}, {"place", "country"}, {"nationality", ""}, {"nationality", "group"}, {"origin", ""}, {"origin", "province"},
	{"destination", ""}, {"destination", "province"}, {"recruitment", ""}, {"recruitment", "province"}, {"transit", ""}, {"sex", ""}, {"age", ""}, {"age", "band"}, {"exploitation", ""}, {"exploitation", "form"},
	{"sector", ""}, {"sector", "division"}, {"means", ""}, {"recruiter", ""}, {"offence_group", ""}, {"status", ""}, {"agency", ""},
	{"year", ""}, {"year", ""}, {"year", "half"}, {"year", "quarter"}, {"year", "month"},
}

// drawnCodes are values of filters: codes of every level, some that nobody
// has, and "_U".
var drawnCodes = map[string]string{
	"place": "KH KH KH-1 KH-12 KH-18 KH-20 KH-22 KH-9 KH-16 KH-25 _U", "origin": "KH VN CN TH KH-14 KH-20 KH-12 KH-3 KE ASEAN GMS _U",
	"destination": "KH TH MY TW CN KH-12 KH-18 ASEAN GMS US _U", "recruitment": "KH VN KH-14 KH-20 KH-12 KH-3 GMS _U", "transit": "TH VN KH-1 KH-12 MY ASEAN _U",
	"nationality": "KH VN CN TH PH LK KE _FOR _NAT _U", "sex": "F M TF _U",
	"age": "Y0T17 Y_GE18 Y9T17 Y18T24 Y_GE60 Y0T24 Y18T34 Y15T20 _U", "exploitation": "LAB SEX CRM CRM.SCAM BEG MAR ORG _U",
	"sector": "A A03 F X1 C C14 T R _U", "means": "PROM DEBT MOVE DOCS HOUR _U", "recruiter": "ONLINE BROKER PARTNER _U",
	"offence_group": "TIP SEXEX", "status": "IDENTIFIED ASSISTED CONVICTED", "agency": "TRAINING TRAINING.NGO",
}

func pick[T any](rng *rand.Rand, of []T) T { return of[rng.Intn(len(of))] }

func drawSpan(rng *rand.Rand) span {
	first, n := 12*(2015+rng.Intn(11)), 12
	switch rng.Intn(6) {
	case 0:
		n = 12 * (2 + rng.Intn(3))
	case 1:
		first, n = first+6*rng.Intn(2), 6
	case 2:
		first, n = first+3*rng.Intn(4), 3
	case 3:
		first, n = first+rng.Intn(12), 1+rng.Intn(14)
	}
	return span{first, n}
}

func drawFilter(rng *rand.Rand, dim string) filter {
	f := filter{dim: dim, not: rng.Intn(5) == 0}
	if dim == "year" {
		for range 1 + rng.Intn(5)/4 {
			f.spans = append(f.spans, drawSpan(rng))
		}
		return f
	}
	codes := strings.Fields(drawnCodes[dim])
	for range 1 + rng.Intn(2)*rng.Intn(3) {
		if c := pick(rng, codes); !slices.Contains(f.codes, c) {
			f.codes = append(f.codes, c)
		}
	}
	return f
}

// drawFilters draws up to n filters on dimensions not among those taken.
func drawFilters(rng *rand.Rand, n int, taken ...string) (out []filter) {
	dims := append(slices.Sorted(maps.Keys(drawnCodes)), "year", "year")
	for range n {
		if dim := pick(rng, dims); !slices.Contains(taken, dim) {
			taken = append(taken, dim)
			out = append(out, drawFilter(rng, dim))
		}
	}
	return out
}

func drawQuestion(rng *rand.Rand) question {
	q := question{indicator: pick(rng, drawnIndicators)}
	var axes []axis
	if q.flow = rng.Intn(5) == 0; q.flow {
		ends := [][2]axis{{{"origin", ""}, {"destination", ""}}, {{"origin", "province"}, {"destination", ""}}, {{"origin", ""}, {"destination", "province"}},
			{{"destination", ""}, {"place", "province"}}, {{"nationality", ""}, {"destination", "country"}},
			{{"recruitment", "province"}, {"destination", ""}}, {{"origin", ""}, {"transit", ""}}, {{"transit", "province"}, {"place", "province"}}, {{"recruitment", ""}, {"transit", "country"}}}
		two := pick(rng, ends)
		axes = append(axes, two[0], two[1])
	}
	for range rng.Intn(4) {
		if a := pick(rng, drawnAxes); !slices.ContainsFunc(axes, func(o axis) bool { return o.dim == a.dim }) {
			axes = append(axes, a)
		}
	}
	cut := len(axes)
	if len(axes) > 0 && rng.Intn(2) == 0 {
		cut--
	}
	if q.flow {
		cut = max(cut, 2)
	}
	q.rows, q.cols = axes[:cut], axes[cut:]
	q.where = drawFilters(rng, rng.Intn(4))
	return q
}

// ---- comparing

// expected is what a cell must be: a number, bounds, or a state without one.
type expected struct {
	low, high float64
	state     models.CellState // looked at where it is none of the states with a number
}

func exactly(n float64) expected { return expected{low: n, high: n, state: models.Known} }

func (e expected) String() string {
	switch {
	case e.state != models.Known:
		return e.state.String()
	case e.low == e.high:
		return fmt.Sprint(e.low)
	}
	return fmt.Sprintf("%v to %v", e.low, e.high)
}

func (e expected) is(c models.Cell) bool {
	low, high := c.Low(), c.High()
	if c.HasValue() {
		low, high = c.Value, c.Value
	}
	if e.state != models.Known {
		return c.State == e.state
	}
	return c.HasBounds() && near(low, e.low) && near(high, e.high)
}

func near(a, b float64) bool { return a == b || math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b)) }

// asCells is what a block must hold: its rows and columns without totals, and
// each cell by its codes.
type asCells struct {
	rows, cols []string
	cell       func(key string) expected
}

func headerKeys(hs []models.Header) (out []string) {
	for _, h := range hs {
		if h.Kind != models.TotalHeader {
			out = append(out, strings.Join(h.Codes, " "))
		}
	}
	return out
}

// compare holds a block to what it must be.
func compare(t *testing.T, text string, b *models.Block, want asCells) {
	t.Helper()
	for side, keys := range map[string][2][]string{"rows": {headerKeys(b.Rows), want.rows}, "columns": {headerKeys(b.Cols), want.cols}} {
		got := slices.Sorted(slices.Values(keys[0]))
		if !slices.Equal(got, keys[1]) {
			t.Errorf("%s: %s: %s %q are too many, %q are missing", text, b.Source.Agency, side, without(got, keys[1]), without(keys[1], got))
			return
		}
	}
	wrong := 0
	for r, h := range b.Rows {
		for c, ch := range b.Cols {
			key := strings.Join(slices.Concat(h.Codes, ch.Codes), " ")
			if w := want.cell(key); !w.is(b.Cells[r][c]) && wrong < 5 {
				wrong++
				t.Errorf("%s: %s: %q is %s (%s), counted %s", text, b.Source.Agency, key, b.Cells[r][c].Text(), b.Cells[r][c].State, w)
			}
		}
	}
}

// without lists some of the words that are not among others.
func without(words, others []string) []string {
	out := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(others, w) })
	return out[:min(len(out), 5)]
}

// blockOf finds the block of an agency, which must be there once.
func blockOf(t *testing.T, text string, a *models.Answer, agency string) *models.Block {
	t.Helper()
	var found *models.Block
	for i := range a.Blocks {
		if a.Blocks[i].Source.Agency == agency {
			if found != nil {
				t.Fatalf("%s: %s has two blocks", text, agency)
			}
			found = &a.Blocks[i]
		}
	}
	if found == nil {
		t.Fatalf("%s: no block of %s; refusals %v, empty %q", text, agency, a.Refusals, a.Empty)
	}
	return found
}

// answers checks that the agencies with blocks are those that counted anybody.
func answers(t *testing.T, text string, a *models.Answer, agencies []string) bool {
	t.Helper()
	var got []string
	for i := range a.Blocks {
		got = append(got, a.Blocks[i].Source.Agency)
	}
	slices.Sort(got)
	if a.Refused() || !slices.Equal(got, agencies) || (len(agencies) == 0) != (a.Empty != "") {
		t.Errorf("%s: blocks of %q, refusals %v, empty %q; counted at %q", text, got, a.Refusals, a.Empty, agencies)
		return false
	}
	return len(got) > 0
}

// columnsOf are the columns of all agencies together, so that they stand under
// each other.
func (q question) columnsOf(tallies ...tally) []string {
	seen := map[string]bool{}
	for _, c := range tallies {
		for agency := range c {
			for _, k := range c.sides(agency, len(q.rows), len(q.axes())) {
				seen[k] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func (q question) rowsOf(agency string, tallies ...tally) []string {
	seen := map[string]bool{}
	for _, c := range tallies {
		for _, k := range c.sides(agency, 0, len(q.rows)) {
			seen[k] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
