package datasets

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"tiplens/models"
)

// What a load remarks on rows that it takes: dates that cannot be, digits of
// other scripts, NA, and texts for which there is no code.

// remark notes what is odd about the row at hand.
func (w *worker) remark(v *variant, when models.Period, num [3]float64, line int64) {
	p := w.p
	for _, n := range num {
		if n != math.Trunc(n) && !math.IsNaN(n) {
			w.fraction(v, line)
			break
		}
	}
	if s := p.stated; s.Bounded() && (when.Start != models.NoDate && when.Start < s.Start || when.End != models.NoDate && when.End > s.End) {
		w.tally.spotted(spot{kind: models.KindDates, column: p.timeColumns(v), what: "the date is outside " + s.Label() + ", which the dataset says it covers; this row is the first",
			do: "Check the dates, or what is said of the dataset (covers)"}, line)
	}
	if when.Start != models.NoDate && when.Start > p.today {
		w.tally.spotted(spot{kind: models.KindDates, column: p.timeColumns(v), what: "the date is still to come; this row is the first", do: "Check the date with the sender"}, line)
	}
	for _, g := range [...]*program{v.time[timeAny], v.time[timeStart], v.time[timeEnd], v.value, v.low, v.high} {
		if g != nil && w.native(g) {
			w.tally.spotted(digitsRead(p.columnsOf(g)), line)
		}
	}
}

// native reports whether what a program reads in the row at hand holds Khmer or
// Arabic digits. Most cells end in a Latin one and are not looked at.
func (w *worker) native(g *program) bool {
	for _, i := range g.inputs {
		if c := w.cells[i]; len(c) > 0 && (c[0] >= 0x80 || c[len(c)-1] >= 0x80) && hasNativeDigits(string(c)) {
			return true
		}
	}
	return false
}

// fraction tells of a value that is not whole where people or things are
// counted. It is taken as it stands: the number may be an average, or a share
// in the wrong column, and only the sender knows.
func (w *worker) fraction(v *variant, line int64) {
	i := w.indicator(w.now[colIndicator].code)
	if i == nil || i.Measure != models.Count && i.Measure != models.Distinct {
		return
	}
	w.tally.spotted(spot{kind: models.KindNumbers, column: w.p.columnsOf(firstOf([]*program{v.value, v.low, v.high})),
		what: "the value is not whole, and " + i.Unit + " are counted whole; this row is the first", do: "Ask the sender whether it is an average or a share"}, line)
}

func (p *plan) timeColumns(v *variant) string {
	var names []string
	for _, g := range v.time {
		if g != nil {
			names = append(names, p.columnsOf(g))
		}
	}
	return strings.Join(names, ", ")
}

func digitsRead(column string) spot {
	return spot{kind: models.KindDigits, column: column, what: "Khmer or Arabic digits were read as numbers; this row is the first"}
}

var namibia = []byte("NA")

// countryDims are the dimensions whose codes are countries.
var countryDims = []string{models.DimNationality, models.DimPlace, models.DimOrigin, models.DimDestination, models.DimReporter, "leg_place"}

// maybeNamibia finds a cell of a column of countries that says NA and nothing else.
func (p *plan) maybeNamibia(g *program, r result) (doubt, bool) {
	if len(g.inputs) != 1 || !slices.Contains(countryDims, g.name) || !strings.EqualFold(strings.TrimSpace(r.text), "NA") {
		return doubt{}, false
	}
	switch r.code {
	case models.Unknown, models.Total, "":
		return doubt{"NA", r.code, maybeNamibia}, true
	case "NA":
		return doubt{"NA", r.code, maybeMissing}, true
	}
	return doubt{}, false
}

var twoLetters = regexp.MustCompile(`^[A-Z]{2}$`)

// namibia decides by the other values of the column whether NA deserves a
// word: in a column of two-letter codes it is Namibia, among names it more
// likely says that nothing is available.
func (t *tally) namibia(k doubtKey, n int64) (models.Finding, bool) {
	codes := false
	for _, c := range t.codeColumns {
		codes = codes || c == k.column
	}
	f := models.Finding{Severity: models.Doubt, Kind: models.KindMissing, Column: k.column, Count: n}
	switch {
	case k.concern == maybeNamibia && codes:
		f.What = "NA was read as not stated, and in this column of two-letter country codes it may be Namibia"
		f.Do = `Take NA out of missing: in the recipe if it is the country`
	case k.concern == maybeMissing && !codes:
		f.What = "NA was read as Namibia, and this column holds no two-letter country codes, so it may say that nothing is available"
		f.Do = `Add NA to missing: in the recipe if it is not the country`
	default:
		return f, false
	}
	return f, true
}

// findCodeColumns notes the columns whose values, but for NA, are mostly two
// capital letters that name countries.
func (t *tally) findCodeColumns(columns []string, cat *models.Catalog) {
	for i, name := range columns {
		values := slices.DeleteFunc(t.sample.column(i), func(v string) bool { return strings.EqualFold(v, "NA") })
		share, _ := alike(values, func(v string) bool { return twoLetters.MatchString(v) && cat.Code(models.DimNationality, v) != nil })
		if share >= 0.6 {
			t.codeColumns = append(t.codeColumns, name)
		}
	}
}

var otherHeader = regexp.MustCompile(`(?i)\bothers?\b.*\b(specify|which|text|please)\b|\bspecif(y|ied)\b|\bif other\b|ផ្សេងៗ|បញ្ជាក់`)

// otherColumns finds the columns for what fits no code that no field reads.
func (p *plan) otherColumns() []int {
	used := p.recipe.columns()
	var out []int
	for i, c := range p.columns {
		read := slices.ContainsFunc(used, func(u string) bool { return strings.EqualFold(u, c) })
		if !read && otherHeader.MatchString(c) && !personal(c) {
			out = append(out, i)
		}
	}
	return out
}

// maxOthers is how many texts of such columns are counted on one goroutine.
const maxOthers = 5000

func (t *tally) other(column string, cell []byte) {
	if len(cell) == 0 || len(cell) > 100 {
		return
	}
	k := [2]string{column, Clean(string(cell))}
	if _, ok := t.others[k]; ok || len(t.others) < maxOthers {
		t.others[k]++
	}
}

// seldom is how often a text must stand in a column before the report repeats
// it: what is written once or twice may be about one person.
const seldom = 3

// otherFindings ranks what was written where no code fits: what is frequent
// deserves a code of its own.
func (t *tally) otherFindings() []models.Finding {
	var out []models.Finding
	rare := map[string][2]int64{}
	for k, n := range t.others {
		if n < seldom || looksPersonal(k[1]) {
			r := rare[k[0]]
			rare[k[0]] = [2]int64{r[0] + 1, r[1] + n}
			continue
		}
		out = append(out, models.Finding{Severity: models.Note, Kind: models.KindOther, Column: k[0], Count: n, What: fmt.Sprintf("%q", k[1]),
			Do: "If it deserves a code, map the column and give it one under values: in a recipe"})
	}
	out = fewest(byCount(out), "texts like these")
	var last []models.Finding
	for c, r := range rare {
		last = append(last, models.Finding{Severity: models.Note, Kind: models.KindOther, Column: c, Count: r[1],
			What: fmt.Sprintf("%s not repeated here, written fewer than %d times or like a name or number of a person", models.Many(r[0], "different texts"), seldom)})
	}
	return append(out, byCount(last)...)
}
