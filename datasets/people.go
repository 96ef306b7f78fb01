package datasets

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"tiplens/models"
)

// A header need not say what a column holds. Here the values tell, in a sample
// from all over the file: e-mail addresses, telephone numbers, numbers of
// documents, birth dates and names.

var (
	emailShape = regexp.MustCompile(`(?i)\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b`)
	phoneShape = regexp.MustCompile(`^(?:\+|00)\d[\d ().-]{7,16}$|^\(?0\d{1,2}\)?[ .-]?\d{2,3}[ .-]?\d{2,4}(?:[ .-]?\d{2,4})?$`)
	// Letters and many digits, as on a passport, or the digits of an identity card alone.
	documentShape = regexp.MustCompile(`^[A-Za-z]{1,2}[ -]?\d{6,9}$|^\d{9}(?:\d{3,4})?(?: ?\(\d{2}\))?$|^\d-\d{4}-\d{5}-\d{2}-\d$`)
	nameShape     = regexp.MustCompile(`^(?:(?i:mr|mrs|ms|miss|lok|neak srey)\.? )?\p{Lu}\p{L}+(?:[ -]\p{Lu}[\p{L}.]*){1,4}$|^\p{Lu}{2,}(?: \p{Lu}{2,}){1,4}$|^\p{Khmer}{2,12} \p{Khmer}{2,14}$`)
)

// commonNames are family and given names so frequent in the region that a
// column of people holds some of them. Names of provinces have none alone.
var commonNames = wordSet("sok chan chea heng keo kim lim mao meas nhem ouk phan prak sam seng som sun tep thach touch ung yim chhay chhim chhun choun dara hout hun khiev kong " +
	"leng long mony nget nhek nov oum pech pen pheap phal phon pich pov rith ros roeun sao sar sarath sareth savuth seang sen sim sin sitha sokha sokhom sophal sophea sophy sopheap sorn sothea " +
	"srey sreymom sreyneang thy tith tola ung vann vanna vannak veasna vibol vichea virak yem yin bopha channary chanthou kunthea maly nary phalla rachana ratana ravy sovann theary vanny " +
	"nguyen tran pham hoang huynh vu vo dang bui duong ly thi van minh thanh anh linh hoa lan mai wang zhang liu chen yang huang zhao zhou xu wu li wei somchai somsak prasert siriporn " +
	"kaew thongchai aung kyaw zaw win hlaing htun khin thida siti nur muhammad ahmad budi agus dewi santos reyes cruz garcia maria jose juan mohammed ali smith john mary david " +
	"សុខ ចាន់ ជា ហេង កែវ គឹម លឹម ម៉ៅ មាស ញឹម អ៊ុក ផាន់ ប្រាក់ សំ សេង សោម ស៊ុន ទេព ថាច់ ទូច អ៊ឹង យឹម ដារ៉ា សុភា សុភាព សុខា ស្រី វណ្ណា បុប្ផា")

func nameLike(v string) bool {
	if !nameShape.MatchString(v) {
		return false
	}
	return slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(latinOrAsIs(v)), func(r rune) bool { return r == ' ' || r == '-' || r == '.' }),
		func(w string) bool { return commonNames[w] })
}

// latinOrAsIs writes Latin names without marks: Nguyễn is nguyen.
func latinOrAsIs(v string) string {
	if strings.ContainsFunc(v, func(r rune) bool { return r >= 0x1780 && r <= 0x17FF }) {
		return v
	}
	return latin(v)
}

func phoneLike(v string) bool {
	digits := 0
	for _, r := range v {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits >= 8 && digits <= 15 && phoneShape.MatchString(v)
}

// looksPersonal reports whether one text says by itself who somebody is.
func looksPersonal(v string) bool {
	return emailShape.MatchString(v) || phoneLike(v) || documentShape.MatchString(v) || nameLike(v)
}

// leastValues is how many values must be there before they can tell.
const leastValues = 5

// peopleIn says what the values of a column look like, "" where they look like
// nothing that belongs to one person.
func peopleIn(values []string) string {
	if len(values) < leastValues {
		return ""
	}
	several := func(distinct int) bool { return distinct*2 >= len(values) } // a code comes again and again
	if share, _ := alike(values, emailShape.MatchString); share >= 0.1 {
		return "e-mail addresses"
	}
	if share, n := alike(values, phoneLike); share >= 0.6 && several(n) {
		return "telephone numbers"
	}
	if share, n := alike(values, documentShape.MatchString); share >= 0.8 && several(n) {
		return "numbers of documents"
	}
	if share, n := alike(values, nameShape.MatchString); share >= 0.7 && several(n) {
		if known, _ := alike(values, nameLike); known >= 0.3 {
			return "names of people"
		}
	}
	if birthDates(values) {
		return "dates of birth"
	}
	return ""
}

// birthDates reports whether most values are days, scattered over at least
// twenty years of which few are recent: so are people born, not cases recorded.
func birthDates(values []string) bool {
	var years []int
	for _, v := range values {
		if p, ok := anyTime(v); ok && p.Days() == 1 {
			y, _, _ := p.Start.Civil()
			years = append(years, y)
		}
	}
	if len(years)*10 < len(values)*8 {
		return false
	}
	slices.Sort(years)
	now := time.Now().Year()
	low, middle, high := years[len(years)/10], years[len(years)/2], years[len(years)*9/10]
	return low >= now-110 && high-low >= 20 && middle <= now-16
}

// storedText says which columns of the file would be stored as text that can be
// read back: kept columns, open lists, notes, and everything that has to find a
// code. Times, numbers and keyed hashes hold no text.
func (p *plan) storedText() []bool {
	out := make([]bool, len(p.columns))
	add := func(g *program) {
		if g != nil {
			for _, i := range g.inputs {
				out[i] = true
			}
		}
	}
	for _, v := range p.observe {
		for _, g := range v.coded {
			add(g)
		}
		add(v.note)
	}
	for i := range p.legs {
		add(p.legs[i].program)
	}
	return out
}

// refusePersonal ends a load that would store a column whose values belong to
// single people.
func (l *loader) refusePersonal(t *tally) error {
	for i, stored := range l.plan.storedText() {
		if !stored {
			continue
		}
		values := slices.DeleteFunc(t.sample.column(i), func(v string) bool { return l.plan.known(i, v) })
		what := peopleIn(values)
		if what == "" || len(values)*2 < len(t.sample.column(i)) {
			continue
		}
		f := problem(l.file.Name, fmt.Sprintf("the values look like %s, so they are never stored", what),
			"Leave the column out of the recipe, --map or --keep; to tell people apart by it, use --hash")
		f.Column, f.Kind = l.plan.columns[i], models.KindPersonal
		return f
	}
	return nil
}

// known reports whether a value of a column is a code or name of a list that
// the column is mapped to: a district may bear the name of a man.
func (p *plan) known(column int, v string) bool {
	for _, o := range p.observe {
		for _, g := range o.coded {
			if g.field == nil || !slices.Contains(g.inputs, column) || p.cat.Open(g.name) {
				continue
			}
			if k, _ := p.cat.Find(g.name, v); k != nil {
				return true
			}
		}
	}
	return false
}

// people tells of columns that are about single people and were left out, by
// their header or their values, and of those that became a keyed hash.
func (l *loader) people(t *tally) []models.Finding {
	var out []models.Finding
	read := l.plan.recipe.columns()
	var named []string
	for i, c := range l.plan.columns {
		if helperColumn(c) || slices.ContainsFunc(l.plan.recipe.Drop, func(d string) bool { return strings.EqualFold(d, c) }) {
			continue
		}
		mapped := slices.ContainsFunc(read, func(r string) bool { return strings.EqualFold(r, c) })
		if !mapped && personal(c) {
			named = append(named, c)
			continue
		}
		if mapped && !l.onlyTimes(i) {
			continue
		}
		if what := peopleIn(t.sample.column(i)); what != "" && !mapped {
			out = append(out, models.Finding{Severity: models.Note, Kind: models.KindPersonal, Column: c,
				What: "the values look like " + what + "; the column was left out and nothing of it is stored"})
		} else if mapped && what == "dates of birth" {
			out = append(out, models.Finding{Severity: models.Doubt, Kind: models.KindPersonal, Column: c,
				What: "the dates look like " + what + ", and they are stored as the time of what is counted", Do: "Map the date of the event instead"})
		}
	}
	if len(named) > 0 {
		out = append(out, models.Finding{Severity: models.Note, Kind: models.KindPersonal, Column: strings.Join(named, ", "),
			What: "these columns look as if they named or located people; they were left out and nothing of them is stored"})
	}
	if l.plan.layout.Subjects && !l.plan.recipe.Dataset.Synthetic {
		var hashed []string
		for _, v := range l.plan.observe {
			if v.subject != nil {
				if c := l.plan.columnsOf(v.subject); c != "" && !slices.Contains(hashed, c) {
					hashed = append(hashed, c)
				}
			}
		}
		out = append(out, models.Finding{Severity: models.Note, Kind: models.KindPersonal, Column: strings.Join(hashed, ", "),
			What: "only a keyed hash is stored, which tells people or cases apart; its key was made for this load and is not kept, so nobody can look for a name"})
	}
	return out
}

// onlyTimes reports whether a column of the file is read for times and for
// nothing else.
func (l *loader) onlyTimes(i int) bool {
	times := false
	for _, v := range l.plan.observe {
		for _, g := range v.coded {
			if slices.Contains(g.inputs, i) {
				return false
			}
		}
		for _, g := range []*program{v.value, v.low, v.high, v.note, v.subject, v.bound} {
			if g != nil && slices.Contains(g.inputs, i) {
				return false
			}
		}
		for _, g := range v.time {
			times = times || g != nil && slices.Contains(g.inputs, i)
		}
	}
	return times
}

// Hash adds a column by which people or cases are told apart. What is stored
// is a hash with a key that is made for the load and not kept.
func (f *Fit) Hash(column string) (*Fit, error) {
	if column == "" {
		return f, nil
	}
	if !slices.ContainsFunc(f.Columns(), func(h string) bool { return strings.EqualFold(h, column) }) {
		return nil, problem("", fmt.Sprintf("there is no column %q to tell people apart by", Clean(column)), "Columns are "+strings.Join(f.Columns(), ", "))
	}
	r := *f.Recipe
	if r.has("subject") {
		if own := r.Fields["subject"]; len(own.From) == 1 && strings.EqualFold(own.From[0], column) {
			return f, nil
		}
		return nil, problem("", "the recipe "+r.Name+" says already by what people are told apart (subject)", "Leave --hash away, or change the recipe")
	}
	r.Fields = withoutSubject(r.Fields)
	r.Fields["subject"] = Field{From: OneOf{column}}
	out := *f
	out.Recipe = &r
	return &out, nil
}
