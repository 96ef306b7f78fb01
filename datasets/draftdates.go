package datasets

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// dateChoice is a column of dates whose order had to be found out, and what is
// to become of it.
type dateChoice struct {
	*timed
	order  dayOrder
	why    string
	stated bool // by a person
	open   bool // it is proposed only
	keep   bool // it stands in the recipe
}

// key names the decision: dates:COLUMN says it of one column, and dates alone
// of all whose values do not show it.
func (c *dateChoice) key() string { return datesOf + c.column }

const datesOf = models.ChangeDates + ":"

// checkDates checks a person's answer on the order of dates.
func checkDates(c models.DraftChange, columns []*texts) error {
	if _, ok := parseOrder(c.Value); !ok {
		return badChange("%s is dmy (day first, 25/12/2024), mdy (month first, 12/25/2024) or ymd (year first, 24-12-25), not %q", Clean(c.Key), Clean(c.Value))
	}
	column, one := strings.CutPrefix(c.Key, datesOf)
	known := func(name string) bool {
		return slices.ContainsFunc(columns, func(p *texts) bool { return strings.EqualFold(p.name, name) })
	}
	unknown := func(name string) bool { return !known(name) }
	if !one || known(column) || !slices.ContainsFunc(strings.Split(column, ", "), unknown) { // a field may join several
		return nil
	}
	var names []string
	for _, p := range columns {
		names = append(names, p.name)
	}
	return &models.SyntaxError{Msg: fmt.Sprintf("there is no column %q", Clean(column)), Near: models.Nearest(column, names, 3)}
}

// isDates reports whether a change says what comes first in dates.
func isDates(key string) bool {
	return key == models.ChangeDates || strings.HasPrefix(key, datesOf)
}

// answer is the last answer for a column, or for all.
func (d *drafting) answer(key string) dayOrder {
	for _, c := range slices.Backward(d.changes) {
		if strings.EqualFold(c.Key, key) {
			order, _ := parseOrder(c.Value)
			return order
		}
	}
	return noOrder
}

// pickDates finds out what comes first in each column of dates, from what a
// person says, the recipe, and the sample, in this order.
func (d *drafting) pickDates() error {
	r := d.fit.Recipe
	if laid, err := r.laidOut(); err == nil {
		r = laid
	}
	p := &plan{recipe: r, cat: d.cat, matcher: d.matcher}
	if err := p.compile(newPreview(d.cat, 0), d.fit.Columns()); err != nil {
		return nil // the draft says so elsewhere
	}
	all := p.timeds()
	w := p.worker()
	for _, row := range d.sample.rows {
		w.takeTexts(row)
		for _, t := range all {
			t.see(w.text(t.program))
		}
	}
	for _, t := range all {
		t.decide()
		c := &dateChoice{timed: t}
		said, anyway := d.answer(c.key()), d.answer(models.ChangeDates)
		recipe, _ := parseOrder(t.field.dates())
		switch {
		case said != noOrder:
			c.order, c.why, c.stated, c.keep = said, "stated", true, true
		case t.ordered == 0:
			continue
		case anyway != noOrder && (t.majority == noOrder || anyway == t.majority):
			c.order, c.why, c.stated, c.keep = anyway, "stated", true, true
			if anyway == t.majority {
				c.why = "stated, and " + t.shown("")
			}
		case recipe != noOrder:
			c.order, c.why = recipe, "as the recipe says"
		case t.majority != noOrder:
			c.order, c.why, c.keep = t.majority, t.shown(""), d.known == nil
			c.because = t.shown(d.file.Name)
			if anyway != noOrder {
				c.why += ", which goes before dates=" + orderNames[anyway]
			}
		case t.open():
			c.order, c.open, c.why = dayFirst, true, t.question()+": proposed only"
		default:
			continue
		}
		if c.keep {
			c.set(d.fit.Recipe)
		}
		d.dates = append(d.dates, c)
	}
	for _, ch := range d.changes {
		column, one := strings.CutPrefix(ch.Key, datesOf)
		if one && ch.Value != "" && !slices.ContainsFunc(all, func(t *timed) bool { return strings.EqualFold(t.column, column) }) {
			return badChange("column %s is not read as a date; say so first, as in --column %q", Clean(column), column+"=date")
		}
	}
	return nil
}

// set writes the order and its reason into the fields of a recipe that read the
// column.
func (c *dateChoice) set(r *Recipe) {
	dates := orderNames[c.order] + ", " + Clean(cmp.Or(c.because, c.why))
	enter := func(fs Fields) {
		f, ok := fs[c.name]
		if ok && slices.Equal(fieldColumns(&f), fieldColumns(c.field)) {
			f = f.clone()
			f.Dates = dates
			for i := range f.Cases { // a list of cases has no place for it
				f.Cases[i].Dates, f.Dates = dates, ""
			}
			fs[c.name] = f
		}
	}
	enter(r.Fields)
	for _, o := range r.Observe {
		enter(o.Fields)
	}
}

// datesOpen says which column waits for a person, and where to answer.
func (d *drafting) datesOpen() (what, at string) {
	for _, c := range d.dates {
		if c.open {
			return fmt.Sprintf("Say which comes first in column %q, day (dates=dmy) or month (dates=mdy): %s", Clean(c.column), c.question()), c.key()
		}
	}
	return "", ""
}

// decision is the choice as the draft shows it.
func (c *dateChoice) decision() models.Decision {
	x := models.Decision{Key: c.key(), Name: "Dates in " + shorten(c.column), Value: orderWords[c.order], Why: c.why, Stated: c.stated}
	if c.open {
		x.Value += "?"
	}
	x.Choices = []models.DraftChoice{{Value: "dmy", Label: "day first", Note: "25/12/2024"}, {Value: "mdy", Label: "month first", Note: "12/25/2024"}}
	if c.short > 0 {
		x.Choices = append(x.Choices, models.DraftChoice{Value: "ymd", Label: "year first", Note: "24-12-25"})
	}
	return x
}

// likeDate reports whether a text is made as a date is, and why it is none that
// can be read.
func likeDate(s string) (like bool, why string) {
	d := noDate(s)
	if len(s) == 4 && (s < "2560" || s > "2600") { // any number
		return false, ""
	}
	if p, ok := takeApart(s); ok && (p.month > 0 || p.n == 3) {
		d = readLoose(s, noOrder, thisYear())
		if p.month == 0 && (!p.parted() || p.digits[0] != 4 && p.digits[2] != 4 && p.sep != '/') {
			return false, "" // the number of a chapter, or a telephone
		}
		return d.why != noTime, d.why
	}
	return d.why == buddhist, d.why
}

// maybeDate tells at a glance most texts that are no date: those without a
// digit, and numbers.
func maybeDate(text string) bool {
	digit := strings.ContainsAny(text, "0123456789០១២៣៤៥៦៧៨៩٠١٢٣٤٥٦٧٨٩")
	return digit && len(text) <= longestDate && (len(text) == 4 || strings.Trim(text, "0123456789") != "")
}

// leftDates says of a column that is left out that it looks like dates, and why
// it is not read; "" where it does not. A row has the date of one column.
func (p *texts) leftDates(dated []string) string {
	times, like, n := 0, 0, 0
	why, eg := map[string]int{}, map[string]string{}
	for _, text := range p.list[:min(len(p.list), 200)] {
		if marksOfNothing[strings.ToLower(text)] {
			continue
		}
		n++
		if !maybeDate(text) {
			continue
		}
		if t, ok := anyTime(text); ok && !yearAlone.MatchString(text) && t.Days() <= 31 {
			times++
		} else if ok, because := likeDate(text); ok && because != "" {
			like++
			if why[because]++; eg[because] == "" {
				eg[because] = text
			}
		}
	}
	most := ""
	for because := range why {
		if most == "" || why[because] > why[most] || why[because] == why[most] && because < most {
			most = because
		}
	}
	switch {
	case (times+like)*2 < n || times+like == 0:
		return ""
	case like > 0:
		return fmt.Sprintf("looks like dates, but %q %s", shorten(eg[most]), most)
	}
	if len(dated) > 0 {
		return "looks like dates, but a row has one date, and " + shorten(strings.Join(dated, ", ")) + " gives it"
	}
	return "looks like dates, but is not read as any"
}
