package query_test

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// Published figures are drawn as records are, and held to the publisher's own
// file, read here row by row: published_figures.csv, and UNODC's workbook where
// TIPLENS_DATA names the folder that holds it. Of a figure there is nothing to
// count: what is published must be shown as it stands, and what is not may say
// no more than one breakdown of it adds up to.

// printed is a row of a publisher's file.
type printed struct {
	indicator, agency, scope string
	dims                     map[string]string // what it is broken down by, its place included
	from, to                 string            // its period
	low, high                float64
	doc                      string
}

// printing is a publisher's file and the engine that has loaded it.
type printing struct {
	rows   []printed
	engine *query.Engine
	shared map[string]map[string]string // by producer: what all its figures have in common
	beside map[string][]printed         // by producer, place and period
}

// producer is whose figures of what belong together.
func (r printed) producer() string { return r.indicator + " " + r.agency + " " + r.scope }

func (r printed) sheet() string {
	return r.producer() + " " + r.dims["place"] + " " + r.from + " " + r.to
}

// sorted notes which figures belong together.
func (p printing) sorted() printing {
	p.shared, p.beside = map[string]map[string]string{}, map[string][]printed{}
	for _, r := range p.rows {
		if p.shared[r.producer()] == nil {
			p.shared[r.producer()] = maps.Clone(r.dims)
		}
		maps.DeleteFunc(p.shared[r.producer()], func(dim, code string) bool { return r.dims[dim] != code })
		p.beside[r.sheet()] = append(p.beside[r.sheet()], r)
	}
	return p
}

var infinity = math.Inf(1)

var printedTag = regexp.MustCompile(`^\[(\w+)=([\w.]+)\]`)

// publishedPrinted reads published_figures.csv.
func publishedPrinted(t testing.TB) printing {
	t.Helper()
	f, err := os.Open("../datasets/published_figures.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	asCells, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	p := printing{engine: published(t)}
	for _, line := range asCells[1:] {
		col := map[string]string{}
		for i, name := range asCells[0] {
			col[name] = line[i]
		}
		n, err := strconv.ParseFloat(col["value"], 64)
		if err != nil {
			t.Fatal(err)
		}
		r := printed{indicator: col["indicator"], agency: col["source_agency"], from: col["period_start"], to: col["period_end"], low: n, high: n, doc: col["source_document"], dims: map[string]string{}}
		if q := col["qualifier"]; q == "at least" || q == "more than" {
			r.high = infinity
		}
		for name, dim := range map[string]string{"sex": "sex", "age_group": "age", "nationality": "nationality", "origin": "origin", "destination": "destination", "province": "place"} {
			if c := col[name]; c != "" && c != "_T" && c != "_Z" {
				r.dims[dim] = c
			}
		}
		if m := printedTag.FindStringSubmatch(col["note"]); m != nil {
			switch m[1] {
			case "scope":
				r.scope = m[2]
			case "exploitation", "service", "sanction", "modus":
				r.dims[m[1]] = m[2]
			case "bound":
				continue // both ends of one range, which testdata/real/by_hand.csv looks at
			}
		}
		p.rows = append(p.rows, r)
	}
	return p.sorted()
}

// glotip reads UNODC's workbook, once.
var glotip = sync.OnceValues(func() (p printing, err error) {
	path := filepath.Join(os.Getenv("TIPLENS_DATA"), "unodc-glotip", "data_glotip.xlsx")
	file, err := datasets.Open(context.Background(), path, datasets.Options{}, nil)
	if err != nil {
		return p, err
	}
	fit := datasets.FindRecipe(file, datasets.BuiltinRecipes())
	p.engine, err = query.OpenMemory(context.Background(), datasets.Catalogue(), query.Fill{
		Extra: fit.Recipe.Extra(),
		Rows: func(w *query.Writer) (models.Dataset, error) {
			_, err := file.Load(context.Background(), fit, datasets.Catalogue(), w, nil)
			return fit.Recipe.Dataset, err
		},
	})
	if err != nil {
		return p, err
	}
	sheet, err := sheetRows(path)
	if err != nil {
		return p, err
	}
	at := map[string]int{}
	for i, name := range sheet[2] {
		at[name] = i
	}
	words := map[string]string{ // as the workbook writes them
		"Detected trafficking victims": "vic_identified", "Persons brought into formal contact": "sus_contact", "Persons prosecuted": "sus_prosecuted",
		"Persons convicted": "sus_convicted", "Offences of trafficking in persons": "x_offences_recorded",
		"Female": "F", "Male": "M", "Other": "_O", "Unknown": "_U", "0 to 17 years": "Y0T17", "18 years or over": "Y_GE18",
		"Forced labour": "LAB", "Sexual exploitation": "SEX", "Other forms of exploitation": "_O", "Abroad": "_FOR",
	}
	country := func(name string) string { // codes are the dictionary's; nothing is counted by it
		if k, _ := datasets.Catalogue().Find("place", name); k != nil {
			return k.ID
		}
		return ""
	}
	for _, row := range sheet[3:] {
		col := func(name string) string {
			if at[name] < len(row) {
				return row[at[name]]
			}
			return ""
		}
		place := country(col("Country"))
		if place == "" || col("Dimension") == "by country of repatriation" {
			continue // groups of countries, and returns
		}
		r := printed{indicator: words[col("Indicator")], agency: "INT.UNODC", from: col("Year") + "-01-01", to: col("Year") + "-12-31", low: 0, high: 4, dims: map[string]string{"place": place}}
		if text := col("txtVALUE"); text != "<5" {
			if r.low, err = strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64); err != nil {
				return p, err
			}
			r.high = r.low
		}
		if c := words[col("Sex")]; c != "" {
			r.dims["sex"] = c
		}
		if c := words[col("Age")]; c != "" {
			r.dims["age"] = c
		}
		switch category := col("Category"); col("Dimension") {
		case "by form of exploitation":
			r.dims["exploitation"] = words[category]
		case "by citizenship":
			r.dims["nationality"] = words[category]
			if c := country(category); c != "" {
				r.dims["nationality"] = c
			} else if category == "Nationals" {
				r.dims["nationality"] = place
			}
			if r.dims["nationality"] == "" {
				r.dims["nationality"] = "?" // a word that means not stated, or other
			}
		}
		p.rows = append(p.rows, r)
	}
	return p.sorted(), nil
})

// sheetRows reads the first sheet of a workbook, cell by cell.
func sheetRows(path string) (rows [][]string, err error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	var shared []string
	for _, name := range []string{"xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"} {
		f, err := z.Open(name)
		if err != nil {
			return nil, err
		}
		var kind, text string
		var at int
		for d := xml.NewDecoder(f); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			} else if err != nil {
				return nil, err
			}
			switch el := token.(type) {
			case xml.StartElement:
				switch el.Name.Local {
				case "row":
					rows = append(rows, nil)
				case "si", "v", "is":
					text = ""
				case "c":
					kind, at, text = "", 0, ""
					for _, a := range el.Attr {
						if a.Name.Local == "t" {
							kind = a.Value
						}
						for i := 0; a.Name.Local == "r" && i < len(a.Value) && a.Value[i] >= 'A'; i++ {
							at = 26*at + int(a.Value[i]-'A') + 1
						}
					}
				}
			case xml.CharData:
				text += string(el)
			case xml.EndElement:
				switch el.Name.Local {
				case "si":
					shared = append(shared, text)
				case "c":
					if kind == "s" {
						n, err := strconv.Atoi(text)
						if err != nil {
							return nil, err
						}
						text = shared[n]
					}
					row := &rows[len(rows)-1]
					for len(*row) < at {
						*row = append(*row, "")
					}
					(*row)[at-1] = text
				}
			}
		}
		f.Close()
	}
	return rows, nil
}

// ---- what is published

// constant lists the dimensions on which all figures of a producer are the same:
// all returns "from China" are broken down by nothing.
func (p printing) constant(like printed) map[string]string { return p.shared[like.producer()] }

// near lists the figures of a producer for one place, where places differ, and
// one period.
func (p printing) near(like printed, codes map[string]string, from, to string) []printed {
	like.dims, like.from, like.to = map[string]string{"place": codes["place"]}, from, to
	if shared := p.constant(like)["place"]; shared != "" {
		like.dims["place"] = shared
	}
	return p.beside[like.sheet()]
}

// of lists the figures of a producer that are broken down by exactly these codes,
// beyond what all its figures share, in one period.
func (p printing) of(like printed, codes map[string]string, from, to string) (out []printed) {
	for _, r := range p.near(like, codes, from, to) {
		if same(r.dims, codes, p.constant(like)) {
			out = append(out, r)
		}
	}
	return out
}

func same(x, y, but map[string]string) bool {
	for _, two := range [][2]map[string]string{{x, y}, {y, x}} {
		for dim, code := range two[0] {
			if two[1][dim] != code && but[dim] == "" {
				return false
			}
		}
	}
	return true
}

// most is the largest sum that one breakdown of a coordinate gives, on one level
// of codes each.
func (p printing) most(like printed, codes map[string]string, from, to string) (high float64) {
	sums, shared := map[string]float64{}, p.constant(like)
	for _, r := range p.near(like, codes, from, to) {
		key, fits := "", true
		for dim, code := range codes {
			fits = fits && (r.dims[dim] == code || shared[dim] == code)
		}
		if !fits {
			continue
		}
		for _, dim := range slices.Sorted(maps.Keys(r.dims)) {
			if codes[dim] == "" && shared[dim] == "" {
				key += " " + dim + map[bool]string{true: " group"}[r.dims[dim] == "_FOR" || r.dims[dim] == "_NAT"]
			}
		}
		sums[key] += r.high
		high = max(high, sums[key])
	}
	return high
}

// bounds of several figures that stand under one heading: they may be parts,
// or the same.
func boundsOf(rs []printed) (least, low, high float64) {
	least = infinity
	for _, r := range rs {
		least, low, high = min(least, r.low), low+r.low, high+r.high
	}
	return least, low, high
}

// ---- properties of figures

// eachPrinting runs a test on the published figures, and on UNODC's where they
// are.
func eachPrinting(t *testing.T, usual int, check func(t *testing.T, rng *rand.Rand, p printing)) {
	t.Helper()
	p := publishedPrinted(t)
	t.Run("Published", func(t *testing.T) { drawn(t, usual, func(t *testing.T, rng *rand.Rand) { check(t, rng, p) }) })
	if os.Getenv("TIPLENS_DATA") == "" {
		return // make test-real
	}
	p, err := glotip()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("GLOTIP", func(t *testing.T) { drawn(t, usual, func(t *testing.T, rng *rand.Rand) { check(t, rng, p) }) })
}

// printedQuestion is a question drawn around one published figure.
type printedQuestion struct {
	like  printed
	fixed map[string]string // single codes that it filters by
	axis  string            // its rows, "" without
	years bool              // columns are years
}

func drawPrinted(rng *rand.Rand, p printing) printedQuestion {
	q := printedQuestion{like: pick(rng, p.rows), fixed: map[string]string{}}
	shared := p.constant(q.like)
	for _, dim := range slices.Sorted(maps.Keys(q.like.dims)) {
		code := q.like.dims[dim]
		switch n := rng.Intn(4); {
		case dim == "place" && shared[dim] == "":
			q.fixed[dim] = code
		case code == "?" || shared[dim] != "":
		case n == 0 && q.axis == "":
			q.axis = dim
		case n < 3:
			q.fixed[dim] = code
		}
	}
	if q.axis == "" && rng.Intn(2) == 0 {
		if dim := pick(rng, []string{"sex", "age", "nationality", "exploitation"}); q.fixed[dim] == "" && shared[dim] == "" {
			q.axis = dim
		}
	}
	q.years = q.like.from != "" && q.like.to != "" && q.like.from[:4] == q.like.to[:4] && rng.Intn(3) == 0
	return q
}

func (q printedQuestion) text() string {
	out := q.like.indicator
	if q.axis != "" {
		out += " by " + q.axis
	}
	if q.years {
		out += " across year"
	}
	return out + " where " + q.terms()
}

func (q printedQuestion) terms() string {
	out := "agency=" + q.like.agency
	for _, dim := range slices.Sorted(maps.Keys(q.fixed)) {
		out += " " + dim + "=" + q.fixed[dim]
	}
	if from, to := q.like.from, q.like.to; from != "" && to != "" && !q.years {
		out += " year=" + from + ".." + to
	}
	return out
}

// TestPropertyFigures draws tables of figures: a published number is shown as it
// stands, with its parts and the rest beside it, and where none is published no
// cell says more than one breakdown adds up to.
func TestPropertyFigures(t *testing.T) {
	eachPrinting(t, 120, func(t *testing.T, rng *rand.Rand, p printing) {
		q := drawPrinted(rng, p)
		a := ask(t, p.engine, q.text())
		if a.Refused() {
			t.Fatalf("%s: refused: %v", q.text(), a.Refusals)
		}
		found := false
		for i := range a.Blocks {
			b := &a.Blocks[i]
			if b.Source.Scope != q.like.scope {
				continue
			}
			found = true
			for c, ch := range b.Cols {
				from, to := q.like.from, q.like.to
				if q.years {
					if ch.Kind == models.TotalHeader {
						continue
					}
					from, to = ch.Codes[0]+"-01-01", ch.Codes[0]+"-12-31"
				}
				for r, h := range b.Rows {
					codes := maps.Clone(q.fixed)
					if q.axis != "" && h.Kind != models.TotalHeader {
						codes[q.axis] = h.Codes[0]
					}
					if h.Kind != models.RestHeader && codes["nationality"] != "_U" && codes["nationality"] != "_O" {
						p.checkCell(t, q, codes, from, to, b.Cells[r][c])
					}
				}
				p.checkRest(t, q, b, c)
			}
		}
		if !found {
			t.Errorf("%s: no block of scope %q; %d blocks, empty %q", q.text(), q.like.scope, len(a.Blocks), a.Empty)
		}
	})
}

// checkCell holds one cell to the figures published for it.
func (p printing) checkCell(t *testing.T, q printedQuestion, codes map[string]string, from, to string, c models.Cell) {
	t.Helper()
	low, high := c.Low(), c.High()
	if c.HasValue() {
		low, high = c.Value, c.Value
	}
	rs := p.of(q.like, codes, from, to)
	least, sumLow, sumHigh := boundsOf(rs)
	if slices.ContainsFunc(p.near(q.like, codes, from, to), func(r printed) bool { return r.dims["nationality"] == "?" }) && codes["nationality"] != "" {
		return // a word that this test cannot read may be this nationality
	}
	switch {
	case len(rs) == 1 && (!c.HasBounds() || low != rs[0].low || high != rs[0].high):
		t.Errorf("%s: %v in %s to %s is %s, published %v to %v", q.text(), codes, from, to, c.Text(), rs[0].low, rs[0].high)
	case len(rs) > 1 && (!c.HasBounds() || low < least || low > sumLow || high > sumHigh):
		t.Errorf("%s: %v in %s to %s is %s, %d figures published, together %v to %v", q.text(), codes, from, to, c.Text(), len(rs), sumLow, sumHigh)
	case len(rs) == 0 && c.HasBounds() && c.Part() == "" && from != "" && to != "":
		if most := p.most(q.like, codes, from, to); low > most || c.HasValue() && c.Value > most {
			t.Errorf("%s: %v in %s to %s is %s; no breakdown adds up to more than %v", q.text(), codes, from, to, c.Text(), most)
		}
	}
}

// checkRest checks that parts and rest are the total, and that parts without a
// rest leave none.
func (p printing) checkRest(t *testing.T, q printedQuestion, b *models.Block, col int) {
	t.Helper()
	total := b.Cells[len(b.Rows)-1][col]
	ind := p.engine.Catalog().Indicator(q.like.indicator)
	if q.axis == "" || !ind.Additive(q.axis) || !total.HasValue() || total.About || b.Missing != "" {
		return
	}
	var low, high float64
	rest, any := models.Cell{}, false
	for r, h := range b.Rows[:len(b.Rows)-1] {
		switch c := b.Cells[r][col]; {
		case h.Kind == models.RestHeader:
			rest = c
		case c.HasValue():
			low, high, any = low+c.Value, high+c.Value, true
		case c.HasBounds():
			low, high, any = low+c.Low(), high+c.High(), true
		}
	}
	restLow, restHigh := rest.Low(), rest.High()
	if rest.HasValue() {
		restLow, restHigh = rest.Value, rest.Value
	}
	switch {
	case !any || low > total.Value: // nothing to rest, or a source whose parts exceed its total
		if rest.HasBounds() {
			t.Errorf("%s: parts %v to %v of %s leave a rest of %s", q.text(), low, high, total.Text(), rest.Text())
		}
	case low < total.Value && !rest.HasBounds():
		t.Errorf("%s: parts %v to %v of %s, and no rest", q.text(), low, high, total.Text())
	case rest.HasBounds() && (restHigh != total.Value-low || restLow != max(total.Value-high, 0)):
		t.Errorf("%s: parts %v to %v and a rest of %s are not %s", q.text(), low, high, rest.Text(), total.Text())
	}
}

// TestPropertyFigureFilters draws filters of several codes, and such with not:
// what they take of one breakdown lies within the total, and no nationality is
// added to the foreigners that hold it.
func TestPropertyFigureFilters(t *testing.T) {
	eachPrinting(t, 120, func(t *testing.T, rng *rand.Rand, p printing) {
		q := drawPrinted(rng, p)
		q.axis, q.years = "", false
		dim := pick(rng, []string{"sex", "age", "nationality", "exploitation", "service"})
		delete(q.fixed, dim)
		if q.like.from == "" || q.like.to == "" || p.constant(q.like)[dim] != "" {
			return
		}
		codes := map[string][2]float64{} // of figures broken down by this dimension alone
		several := false
		for _, r := range p.beside[q.like.sheet()] {
			here := maps.Clone(q.fixed)
			here[dim] = r.dims[dim]
			if rs := p.of(q.like, here, q.like.from, q.like.to); r.dims[dim] != "" && len(rs) > 0 {
				_, low, high := boundsOf(rs)
				codes[r.dims[dim]] = [2]float64{low, high}
				several = several || len(rs) > 1
			}
		}
		for _, r := range p.beside[q.like.sheet()] { // known from finer breakdowns only: sums of such are not looked at here
			_, known := codes[r.dims[dim]]
			several = several || r.dims[dim] != "" && !known
		}
		if len(codes) == 0 || codes["?"] != [2]float64{} || several {
			return
		}
		f := filter{dim: dim, not: rng.Intn(2) == 0}
		for _, c := range slices.Sorted(maps.Keys(codes)) {
			if rng.Intn(2) == 0 {
				f.codes = append(f.codes, c)
			}
		}
		if len(f.codes) == 0 {
			return
		}
		text := q.like.indicator + " where " + q.terms() + " " + f.String()
		a := ask(t, p.engine, text)
		least, most := p.taken(q, f, codes)
		for i := range a.Blocks {
			c := a.Blocks[i].Cells[0][0]
			if a.Blocks[i].Source.Scope != q.like.scope || !c.HasBounds() {
				continue
			}
			low, high := c.Low(), c.High()
			if c.HasValue() {
				low, high = c.Value, c.Value
			}
			if low > most || low > least && !f.not || high < least {
				t.Errorf("%s: %s; the codes %v give %v to %v", text, c.Text(), codes, least, most)
			}
		}
	})
}

// taken bounds who meets a filter, from the figures of one breakdown: at least
// those under codes that are certainly meant, each person once; at most all but
// those certainly not.
func (p printing) taken(q printedQuestion, f filter, codes map[string][2]float64) (least, most float64) {
	home := q.fixed["place"]
	if home == "" {
		home, _, _ = strings.Cut(q.like.agency, ".")
	}
	under := func(c, above string) bool {
		return c == above || above == "_FOR" && f.dim == "nationality" && len(c) == 2 && c != home || above == "_NAT" && c == home || above == home && c == "_NAT"
	}
	sum := func(take func(c string) bool, side int) (n float64) {
		for c, bounds := range codes {
			held := false
			for o := range codes {
				held = held || o != c && take(o) && under(c, o) && (!under(o, c) || o < c)
			}
			if take(c) && !held {
				n += bounds[side]
			}
		}
		return n
	}
	in := func(c string) bool { return slices.ContainsFunc(f.codes, func(o string) bool { return under(c, o) }) }
	if !p.engine.Catalog().Indicator(q.like.indicator).Additive(f.dim) {
		for c, bounds := range codes {
			if in(c) != f.not {
				least = max(least, bounds[0])
			}
		}
		return least, infinity
	}
	if !f.not {
		return sum(in, 0), sum(in, 1)
	}
	out := func(c string) bool {
		return !slices.ContainsFunc(f.codes, func(o string) bool { return under(c, o) || under(o, c) })
	}
	least, most = sum(out, 0), infinity
	if total := p.of(q.like, q.fixed, q.like.from, q.like.to); len(total) == 1 {
		most = max(total[0].high-sum(in, 0), least)
	}
	return least, most
}

// TestPropertyFiguresJoined draws sums, ranges, ratios, shares and changes of two
// published numbers, and works them out again from what each part answers when
// it is asked alone.
func TestPropertyFiguresJoined(t *testing.T) {
	eachPrinting(t, 150, func(t *testing.T, rng *rand.Rand, p printing) {
		one, two := drawPrinted(rng, p), drawPrinted(rng, p)
		one.axis, two.axis, one.years, two.years = "", "", false, false
		if rng.Intn(3) > 0 { // of one producer
			var near []printed
			for _, r := range p.rows {
				if r.agency == one.like.agency && r.from == one.like.from && r.to == one.like.to && r.dims["place"] == one.like.dims["place"] && r.scope == one.like.scope {
					near = append(near, r)
				}
			}
			two.like = pick(rng, near)
			two.fixed = maps.Clone(two.like.dims)
			maps.DeleteFunc(two.fixed, func(dim, code string) bool { return code == "?" || dim == "place" && p.constant(two.like)[dim] != "" })
		}
		x, y := one.like.indicator+"["+one.terms()+"]", two.like.indicator+"["+two.terms()+"]"
		op := pick(rng, []string{"+", "/", "range", "change"})
		text := x + " " + op + " " + y
		switch op {
		case "range":
			text = "range " + x + ", " + y
		case "change":
			two = one
			two.like.from, two.like.to = yearBefore(one.like.from), yearBefore(one.like.to)
			if one.like.from == "" || one.like.to == "" || one.like.from[5:] != "01-01" || one.like.to[5:] != "12-31" {
				return
			}
			text = one.like.indicator + " where " + one.terms() + " change from " + two.like.from[:4] + ".." + two.like.to[:4]
		}
		a := ask(t, p.engine, text)
		left, right := alone(t, p.engine, one), alone(t, p.engine, two)
		if a.Refused() || len(a.Blocks) != 1 || left == nil || right == nil {
			return // several sources, or nothing; refusals have tests of their own
		}
		b := a.Blocks[0]
		c := b.Cells[0][len(b.Cols)-1]
		if op == "change" {
			c = b.Cells[0][2]
		}
		want, known := joinedBounds(op, *left, *right)
		if c.Form == models.Percent {
			want.low, want.high = 100*want.low, 100*want.high
		}
		if known != c.HasBounds() {
			t.Errorf("%s: %s; alone %s and %s", text, c.Text(), left.Text(), right.Text())
		} else if known && !want.is(c) && !(c.About && near2(c, want)) {
			t.Errorf("%s: %s; alone %s and %s give %s", text, c.Text(), left.Text(), right.Text(), want)
		}
	})
}

func yearBefore(date string) string {
	if date == "" {
		return ""
	}
	y, _ := strconv.Atoi(date[:4])
	return fmt.Sprintf("%04d%s", y-1, date[4:])
}

// near2 compares with two digits: all that a number that is about right has.
func near2(c models.Cell, want expected) bool {
	low := c.Low()
	if c.HasValue() {
		low = c.Value
	}
	return math.Abs(low-want.low) <= 0.05*want.low
}

// alone asks one part by itself; nil where it has not one answer.
func alone(t *testing.T, e *query.Engine, q printedQuestion) *models.Cell {
	t.Helper()
	a := ask(t, e, q.like.indicator+" where "+q.terms())
	if a.Refused() || len(a.Blocks) != 1 {
		return nil
	}
	return &a.Blocks[0].Cells[0][0]
}

// joinedBounds works out a measure from the answers of its parts.
func joinedBounds(op string, x, y models.Cell) (out expected, known bool) {
	bounds := func(c models.Cell) (float64, float64) {
		switch {
		case c.HasValue():
			return c.Value, c.Value
		case c.HasBounds():
			return c.Low(), c.High()
		}
		return 0, infinity
	}
	a, b := bounds(x)
	c, d := bounds(y)
	out.state = models.Known
	any, both := x.HasBounds() || y.HasBounds(), x.HasBounds() && y.HasBounds()
	switch op {
	case "+":
		out.low, out.high = a+c, b+d
		return out, any
	case "range":
		out.low, out.high = max(a, c), b+d
		return out, any
	case "/":
		out.low, out.high = a/d, b/c
		return out, both && c > 0 && d < infinity
	}
	out.low, out.high = a-c, a-c
	return out, x.HasValue() && y.HasValue() && x.Part() == "" && y.Part() == ""
}
