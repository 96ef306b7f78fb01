package datasets

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tiplens/models"
)

// suggestion is a field that a column may be, and what speaks for it.
type suggestion struct {
	field string
	score float64 // from sure enough on, it is taken unless somebody says otherwise
	why   string
}

// sureEnough is the score from which a suggestion is taken by itself.
const sureEnough = 0.6

// sureFigure is the same for a column that makes figures of the rows.
const sureFigure = 0.8

// phrase is a header as people write it for a field.
type phrase struct {
	field  string
	weight float64
	words  []string
	native string // folded, in a script that sets no blanks between words
}

var phrases = sync.OnceValue(func() []phrase {
	var out []phrase
	err := readTable("headers.csv", func(get func(string) string) {
		weight, err := strconv.ParseFloat(get("weight"), 64)
		if err != nil {
			panic("headers.csv: " + err.Error())
		}
		for _, w := range words(get("words")) {
			out = append(out, phrase{field: get("field"), weight: weight, words: headerWords(w)})
		}
		for _, w := range words(get("words_km")) {
			out = append(out, phrase{field: get("field"), weight: weight, native: foldHeader(w)})
		}
	})
	if err != nil {
		panic(err) // embedded; a test reads it
	}
	return out
})

// neutralWords say nothing about what a column holds.
var neutralWords = wordSet("of the a an in at on by de du la le des name code s id no number victim victims person persons people survivor survivors case cases suspect suspects main primary")

// headerWords splits a header into lower-case words, each in the singular.
func headerWords(header string) []string {
	text := camel.ReplaceAllString(latin(Clean(header)), "$1$3 $2$4")
	out := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	for i, w := range out {
		if len(w) > 3 && !strings.HasSuffix(w, "ss") {
			out[i] = strings.TrimSuffix(w, "s")
		}
	}
	return out
}

// foldHeader keeps the letters of a header in a script without blanks. A
// header often says the same in Khmer and in English.
func foldHeader(s string) string {
	return foldLetters(strings.Map(func(r rune) rune {
		if isKhmer(r) {
			return r
		}
		return -1
	}, Clean(s)))
}

// byHeader says how well a header names each field, from 0 to 1, and by which
// words. Of a name made of several rows the lowest says what the column is, and
// those above what its group is: "Victims / Age" is an age.
func byHeader(header string) map[string]suggestion {
	out := namedBy(header)
	parts := strings.Split(header, joinRows)
	if len(parts) == 1 {
		return out
	}
	low := namedBy(parts[len(parts)-1])
	for field, s := range low {
		if s.score > out[field].score {
			out[field] = s
		}
	}
	if len(low) > 0 { // what only the group is called says less
		for field, s := range out {
			if _, ok := low[field]; !ok {
				s.score *= 0.7
				out[field] = s
			}
		}
	}
	return out
}

func namedBy(header string) map[string]suggestion {
	out := map[string]suggestion{}
	own, native := headerWords(header), foldHeader(header)
	for _, p := range phrases() {
		covered, said := 0.0, fmt.Sprintf("the header says %q", strings.Join(p.words, " "))
		switch {
		case p.native != "":
			if native == "" || !strings.Contains(native, p.native) {
				continue
			}
			covered, said = float64(len(p.native))/float64(len(native)), "the header says so in Khmer"
		default:
			at := indexWords(own, p.words)
			if at < 0 {
				continue
			}
			rest := 0
			for i, w := range own {
				if (i < at || i >= at+len(p.words)) && !neutralWords[w] && !neutralWords[w+"s"] && strings.Trim(w, "0123456789") != "" {
					rest++
				}
			}
			covered = float64(len(p.words)) / float64(len(p.words)+rest)
		}
		if score := p.weight * (0.5 + 0.5*covered); score > out[p.field].score {
			out[p.field] = suggestion{p.field, score, said}
		}
	}
	return out
}

func indexWords(in, want []string) int {
	for i := 0; i+len(want) <= len(in); i++ {
		if slices.Equal(in[i:i+len(want)], want) {
			return i
		}
	}
	return -1
}

// telling says how much values alone say about a field: a list of provinces
// can hardly be anything else, a number can be anything.
var telling = map[string]float64{
	models.DimPlace: 0.8, models.DimNationality: 0.75, models.DimOrigin: 0.5, models.DimDestination: 0.45, models.DimReporter: 0.3,
	models.DimSex: 0.84, models.DimAge: 0.7, models.DimExploitation: 0.8, models.DimSector: 0.65, "means": 0.6, "recruiter": 0.6,
	"channel": 0.5, models.DimStatus: 0.55, "service": 0.6, models.DimOffence: 0.5, models.DimAgency: 0.7,
	"indicator": 0.8, "year": 0.8, "period": 0.75, "date": 0.85, "value": 0.35,
}

// numeric fields are judged by whether their values can be read at all.
var numeric = []string{"value", "value_low", "value_high"}

var timely = []string{"year", "period", "date", "period_start", "period_end"}

// suggest ranks what a column may be, likeliest first.
func (p *texts) suggest(cat *models.Catalog) []suggestion {
	heads := byHeader(p.name)
	var out []suggestion
	for _, field := range suggestable(cat) {
		h, named := heads[field]
		share, checked, why := p.share(field, cat)
		s := suggestion{field: field}
		strict := slices.Contains(numeric, field) || slices.Contains(timely, field) || field == models.DimAge
		switch {
		case !checked && named:
			s.score, s.why = 0.85*h.score, h.why
		case named && field == models.DimAge: // under this header a small number is an age
			s.score, s.why = h.score*min(share/smallNumber, 1), h.why+", "+why
		case named && strict:
			s.score, s.why = h.score*share, h.why+", "+why
		case named:
			s.score, s.why = h.score*(0.6+0.4*share), h.why+", "+why
		case checked && share >= 0.5:
			s.score, s.why = telling[field]*share*share, why
		}
		if s.score >= 0.2 {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b suggestion) int { return cmp.Compare(b.score, a.score) })
	return out
}

// suggestable lists the fields that a column may be suggested for.
func suggestable(cat *models.Catalog) []string {
	var out []string
	for _, p := range phrases() {
		if !slices.Contains(out, p.field) && knownField(p.field, cat) {
			out = append(out, p.field)
		}
	}
	return out
}

var (
	yearAlone  = regexp.MustCompile(`^((19|20)\d\d(\.0)?|[១២][៩០][០-៩][០-៩])$`)
	bareDate   = regexp.MustCompile(`^\d{1,2}[-./]\d{1,2}[-./]\d{2}$`)
	plainCount = regexp.MustCompile(`^\d{1,9}(\.0+)?$`)
)

// share says which part of the distinct values of a column a field can read.
// Checked is false where any text would do, or nothing is stated.
func (p *texts) share(field string, cat *models.Catalog) (share float64, checked bool, why string) {
	known, n, of := 0.0, 0, 0
	for _, text := range p.list[:min(len(p.list), 200)] {
		v, counts := knows(field, text, cat)
		if counts {
			known += v
			of++
			if v > 0 {
				n++
			}
		}
	}
	if of == 0 {
		return 0, false, ""
	}
	what := map[bool]string{true: "numbers", false: "known"}[slices.Contains(numeric, field)]
	if slices.Contains(timely, field) {
		what = "times"
	}
	if d := cat.Dimension(field); d != nil && what == "known" {
		what = "known as " + strings.ToLower(d.Plural)
	}
	return known / float64(of), true, fmt.Sprintf("%d of %d values are %s", n, of, what)
}

// smallNumber is how surely a number up to 110 alone is an age: many things are
// small numbers.
const smallNumber = 0.6

// marksOfNothing are texts that people write where there is nothing to say.
var marksOfNothing = wordSet("- -- --- . .. ... n/a na n.a. nil none null unknown unspecified ? x -99 999 9999")

// longestName is how many bytes a text may have that a code list is asked for.
const longestName = 1000

// knows says how surely a field can read a text, and whether the text speaks
// for or against it at all.
func knows(field, text string, cat *models.Catalog) (float64, bool) {
	if len(text) > longestName { // no list knows it, and to look takes long
		return 0, !slices.Contains(plainFields, field) && !slices.Contains(freeText, field) && !cat.Open(field)
	}
	if marksOfNothing[strings.ToLower(text)] {
		return 0, false
	}
	switch {
	case slices.Contains(numeric, field):
		_, number := parseNumber(text)
		_, _, bound := parseBound(text)
		return yes(number || bound), true
	case field == "year":
		return yes(yearAlone.MatchString(text)), true
	case field == "date", field == "period_start", field == "period_end":
		if _, ok := parseTime(text); !ok && bareDate.MatchString(text) { // a version or a chapter is written so too
			_, ok := anyTime(text)
			return 0.8 * yes(ok), true
		}
		p, ok := anyTime(text)
		return yes(ok && p.Freq() == "DAY"), true
	case field == "period":
		p, ok := anyTime(text)
		return yes(ok && p.Freq() != "DAY" && !yearAlone.MatchString(text)), true
	case field == "indicator":
		return yes(cat.FindIndicator(text) != nil), true
	case slices.Contains(plainFields, field), slices.Contains(freeText, field), cat.Open(field):
		return 0, false
	case field == models.DimAge && plainCount.MatchString(text):
		n, _ := parseNumber(text)
		return yes(n <= 110) * smallNumber, true
	case field != models.DimAge && plainCount.MatchString(text):
		return 0, true // a country's number is a number first
	}
	k, sure := cat.Find(field, text)
	switch {
	case k == nil:
		for _, part := range cellValues(text) {
			if k, _ := cat.Find(field, part); k == nil || k.List == models.ListAny {
				return 0, true
			}
		}
		return yes(len(cellValues(text)) > 1) * 0.9, true
	case k.List == models.ListAny:
		return 0, false
	case field == models.DimNationality && k.Level == "country" && k.Label == text:
		return 0.9, true // the name of the country, not of its people
	case !sure:
		return 0.7, true
	}
	return 1, true
}

func yes(ok bool) float64 {
	if ok {
		return 1
	}
	return 0
}

// separators stand between several values of one cell.
var separators = []string{";", "|", ","}

// cellValues takes a cell of several values apart; nil where it holds one.
func cellValues(text string) []string {
	for _, sep := range separators {
		if strings.Contains(text, sep) {
			var out []string
			for _, p := range strings.Split(text, sep) {
				if p = strings.TrimSpace(p); p != "" {
					out = append(out, p)
				}
			}
			return out
		}
	}
	return nil
}

// splits finds what separates the values of a column of which one cell may
// hold several; nothing where none does.
func (p *texts) splits(field string, cat *models.Catalog) string {
	for _, sep := range separators {
		for _, text := range p.list {
			if !strings.Contains(text, sep) {
				continue
			}
			if k, _ := cat.Find(field, text); k != nil {
				continue // a name that has the sign in it
			}
			known := 0
			list := strings.Split(text, sep)
			for _, part := range list {
				if k, _ := cat.Find(field, strings.TrimSpace(part)); k != nil {
					known++
				}
			}
			if known == len(list) && known > 1 {
				return sep
			}
		}
	}
	return ""
}

// assign gives each field to the column that it suits best.
func assign(columns []*texts, cat *models.Catalog) (chosen map[string]suggestion, all map[string][]suggestion) {
	type bid struct {
		column int
		suggestion
	}
	var bids []bid
	all = map[string][]suggestion{}
	for i, p := range columns {
		if personal(p.name) {
			continue
		}
		all[p.name] = p.suggest(cat)
		for _, s := range all[p.name] {
			if s.score >= sureEnough && (!slices.Contains(numeric, s.field) || s.score >= sureFigure) {
				bids = append(bids, bid{i, s})
			}
		}
	}
	slices.SortStableFunc(bids, func(a, b bid) int { return cmp.Compare(b.score, a.score) })
	chosen = map[string]suggestion{}
	taken := map[string]bool{}
	for _, b := range bids {
		name := columns[b.column].name
		if _, has := chosen[name]; has || taken[kind(b.field)] {
			continue
		}
		chosen[name] = b.suggestion
		taken[kind(b.field)] = true
	}
	return chosen, all
}

// kind puts the fields together of which a row has one.
func kind(field string) string {
	if field == "year" || field == "date" || field == "period" {
		return "time"
	}
	return field
}
