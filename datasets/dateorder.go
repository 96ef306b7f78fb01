package datasets

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tiplens/models"
)

// thisYear is the present year.
func thisYear() int { return time.Now().Year() }

// timed is a field of time of a recipe with what its texts show of the order of
// day and month.
type timed struct {
	*program
	column   string
	ordered  int64    // texts of numbers only
	unsure   int64    // of them those that may be two days
	only     [3]int64 // by order: texts that cannot be read in the other
	eg       [3]string
	short    int64           // their year has two digits
	left     int64           // of those, such as could have the year first
	ends     [2]map[int]bool // numbers at both ends of those
	majority dayOrder        // what most show, noOrder where nothing does
	seen     map[string]shows
	part     bool // the file was not read to its end
}

// enoughDates is how many dates of one order show it, where none shows another.
const enoughDates = 10_000

func (t *timed) sure() bool {
	day, month := t.only[dayFirst], t.only[monthFirst]
	return t.short < t.ordered && max(day, month) >= enoughDates && min(day, month) == 0
}

func newTimed(g *program, column string) *timed {
	return &timed{program: g, column: column, ends: [2]map[int]bool{{}, {}}, seen: map[string]shows{}}
}

// timeFields lists the fields of an event that read a time from columns of the
// file.
func (v *variant) timeFields() []*program {
	var out []*program
	for _, g := range v.time {
		if g != nil && g.field != nil && len(g.inputs) > 0 && !g.turns {
			out = append(out, g)
		}
	}
	return out
}

// timeds lists the fields of time that read columns of the file, each once.
func (p *plan) timeds() []*timed {
	var out []*timed
	for i := range p.observe {
		for _, g := range p.observe[i].timeFields() {
			if !slices.ContainsFunc(out, func(t *timed) bool { return t.program == g }) {
				out = append(out, newTimed(g, p.textColumns(g)))
			}
		}
	}
	return out
}

// shows is what one text says of the order of day and month.
type shows struct {
	ordered, unsure bool
	only            dayOrder
	short, left     bool
	ends            [2]int
}

// showing tells what a text says of the order of day and month.
func showing(text string) (s shows) {
	d, ok := takeApart(text)
	if !ok || d.n != 3 || d.month > 0 || d.digits[0] > 2 || !d.parted() {
		return s
	}
	byDay, byMonth := readLoose(text, dayFirst, thisYear()), readLoose(text, monthFirst, thisYear())
	switch {
	case byDay.why != "" && byMonth.why != "":
		return s
	case byDay.why != "":
		s.only = monthFirst
	case byMonth.why != "":
		s.only = dayFirst
	default:
		s.unsure = byDay.Period != byMonth.Period
	}
	s.ordered, s.short, s.ends = true, d.digits[2] == 2, [2]int{d.number[0], d.number[2]}
	s.left = s.short && readLoose(text, yearFirst, thisYear()).why == ""
	return s
}

// see looks at the text of a row.
func (t *timed) see(text string) {
	s, known := t.seen[text]
	if !known {
		if s = showing(text); len(t.seen) < 1<<16 {
			t.seen[strings.Clone(text)] = s
		}
	}
	if !s.ordered {
		return
	}
	t.ordered++
	if s.unsure {
		t.unsure++
	}
	if s.only != noOrder {
		t.only[s.only]++
	}
	if t.eg[s.only] == "" || s.unsure && t.unsure == 1 {
		t.eg[s.only] = text
	}
	if s.short {
		t.short++
		t.ends[0][s.ends[0]], t.ends[1][s.ends[1]] = true, true
	}
	if s.left {
		t.left++
	}
}

// decide says what the texts show. Years change less from row to row than days:
// where the first numbers of two-digit dates change less than the last, they
// may be the years, and nothing is shown.
func (t *timed) decide() dayOrder {
	switch day, month := t.only[dayFirst], t.only[monthFirst]; {
	case t.short == t.ordered && t.left == t.short && len(t.ends[0]) < len(t.ends[1]):
		t.majority = noOrder
	case day > month:
		t.majority = dayFirst
	case month > day:
		t.majority = monthFirst
	}
	return t.majority
}

// open reports whether a person has to say what comes first.
func (t *timed) open() bool {
	return t.ordered > 0 && t.majority == noOrder && (t.unsure > 0 || t.only[dayFirst] > 0 || t.short > 0 && t.left > 0)
}

// shown says by how many texts the order is shown, and of which file if that
// is to be said.
func (t *timed) shown(file string) string {
	other := dayFirst + monthFirst - t.majority
	if file != "" {
		file = " in " + Clean(file)
	}
	first := ""
	if t.part {
		first = "the first "
	}
	s := fmt.Sprintf("%s of %s%s dates of numbers%s can only be read so", count(t.only[t.majority]), first, count(t.ordered), file)
	if n := t.only[other]; n > 0 {
		s += fmt.Sprintf(" and %s only %s", count(n), orderWords[other])
	}
	return s
}

func count(n int64) string { return models.FormatNumber(float64(n)) }

// question asks what comes first.
func (t *timed) question() string {
	eg := t.eg[noOrder]
	for _, order := range []dayOrder{dayFirst, monthFirst} {
		if eg == "" {
			eg = t.eg[order]
		}
	}
	a, b := readLoose(eg, dayFirst, thisYear()), readLoose(eg, monthFirst, thisYear())
	if a.why != "" || b.why != "" || a.Period == b.Period {
		return fmt.Sprintf("dates such as %q may have the day, the month or the year first, and no value shows which", Clean(eg))
	}
	shown := "no value of the column shows which"
	if t.only[dayFirst] > 0 {
		shown = "as many values of the column show the one as the other"
	}
	return fmt.Sprintf("%q may be %s or %s, and %s", Clean(eg), a.Period, b.Period, shown)
}

// dateOrders finds out what comes first in the dates of numbers of each field
// that the recipe leaves open. The file is read once more for it, as far as it
// takes, and only where one of its first rows has such a date.
func (l *loader) dateOrders(ctx context.Context, fit *Fit) error {
	p := l.plan
	all := p.timeds()
	var ask []*timed
	w := p.worker()
	for _, t := range all {
		said := t.field.dates()
		t.order, _ = parseOrder(said)
		_, t.because, _ = strings.Cut(said, ",")
		if t.because = strings.TrimSpace(t.because); t.because == "" {
			t.because = "as the recipe says"
		}
		if t.order != noOrder || fit.Correct != nil { // few rows show little
			continue
		}
		for _, row := range fit.Table.Head[min(fit.frame.first, len(fit.Table.Head)):] {
			w.takeTexts(row)
			t.see(w.text(t.program))
		}
		if t.ordered > 0 {
			ask = append(ask, newTimed(t.program, t.column))
		}
	}
	if len(ask) == 0 {
		return nil
	}
	scan := &loader{file: l.file, width: l.width, hold: true}
	err := fit.Table.read(ctx, fit.frame, func(b block) error {
		return scan.rows(b, fit.Table.csv, func(_ int64, fields [][]byte) error {
			w.take(fields)
			sure := true
			for _, t := range ask {
				t.see(w.text(t.program))
				sure = sure && t.sure()
			}
			if sure {
				return errEnough
			}
			return nil
		})
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	for _, t := range ask {
		t.order, t.part = t.decide(), err != nil
		if t.open() {
			return &models.Finding{Severity: models.Refused, File: l.file.Name, Column: t.column, What: t.question(), Do: doOrder}
		}
		if t.order != noOrder {
			t.because = t.shown("")
		}
	}
	return nil
}

// dates is what a field, or the first of its cases that does, says of dates of
// numbers.
func (f *Field) dates() string {
	said := f.Dates
	for i := range f.Cases {
		said = cmp.Or(said, f.Cases[i].dates())
	}
	if f.Else != nil {
		said = cmp.Or(said, f.Else.dates())
	}
	return said
}

// takeTexts makes a row of texts the one at hand, without counting it.
func (w *worker) takeTexts(row []string) {
	for i := range w.cells {
		w.cells[i] = nil
		if i < len(row) && i < w.p.width {
			w.cells[i] = trim([]byte(row[i]))
		}
	}
}

// looseKey is a text in the order of its column.
type looseKey struct {
	order dayOrder
	text  string
}

// loose reads a time that parseTime does not, and remembers what is to be told
// of it.
func (w *worker) loose(g *program, text string) (models.Period, bool) {
	key := looseKey{g.order, text}
	d, known := w.dates[key]
	if !known {
		d = readLoose(text, g.order, thisYear())
		d.only = showing(text).only
		if len(w.dates) < 1<<16 {
			if w.dates == nil {
				w.dates = map[looseKey]readDate{}
			}
			key.text = strings.Clone(text)
			w.dates[key] = d
		}
	}
	if d.only != noOrder {
		w.tally.order(g)[d.only]++
	}
	if d.why == "" && (d.ordered || d.short) {
		w.hints = append(w.hints, hint{g, text, d})
	}
	return d.Period, d.why == ""
}

// hint is a date of which the report tells how it was read.
type hint struct {
	g    *program
	text string
	date readDate
}

// toldKey is something that is told of the dates of a field.
type toldKey struct {
	g     *program
	short bool
}

// tellDates tells how the dates of the row at hand were read.
func (w *worker) tellDates(line int64) {
	for _, h := range w.hints {
		if h.date.ordered {
			w.tellDate(toldKey{h.g, false}, h, line)
		}
		if h.date.short {
			w.tellDate(toldKey{h.g, true}, h, line)
		}
	}
	w.hints = w.hints[:0]
}

func (w *worker) tellDate(k toldKey, h hint, line int64) {
	if at := w.told[k]; at != nil && line >= at.first {
		at.n++
		return
	}
	s := spot{kind: models.KindDates, column: w.p.textColumns(h.g), note: true, what: "dates of numbers are read as each shows for itself"}
	switch {
	case k.short:
		s.what = fmt.Sprintf("years of two digits are read as %d to %d", century((thisYear()+2)%100, thisYear()), thisYear()+1)
	case h.g.order != noOrder:
		s.what = fmt.Sprintf("dates of numbers are read %s: %s", orderWords[h.g.order], Clean(h.g.because))
	}
	w.tally.spottedAs(s, line, fmt.Sprintf("%q is %s", Clean(h.text), h.date.Period))
	if w.told == nil {
		w.told = map[toldKey]*where{}
	}
	w.told[k] = w.tally.spots[s]
}

// holdTime holds the row at hand back for a time that cannot be read, and says
// why.
func (w *worker) holdTime(v *variant, line int64) error {
	w.hints = w.hints[:0]
	if v.month == nil {
		read := 0
		for _, g := range v.time {
			text := w.text(g)
			if text == "" {
				continue
			}
			if _, ok := parseTime(text); ok {
				read++
				continue
			}
			switch d := readLoose(text, g.order, thisYear()); d.why {
			case "":
				read++
			case noTime:
				return w.hold(line, g, noTime)
			default:
				return w.holdAs(line, g, d.why, cmp.Or(d.do, correctRow))
			}
		}
		if read == 2 && v.time[timeAny] == nil {
			return w.hold(line, v.time[timeStart], "is later than the day on which the period ends")
		}
	}
	return w.hold(line, firstOf(append([]*program{v.month}, v.time[:]...)), noTime)
}

// order counts the dates of a field that can only be read in one order.
func (t *tally) order(g *program) *[3]int64 {
	n := t.orders[g]
	if n == nil {
		if t.orders == nil {
			t.orders = map[*program]*[3]int64{}
		}
		n = new([3]int64)
		t.orders[g] = n
	}
	return n
}

// contrary tells of the dates of numbers that show another order than that of
// their column. It refuses a file where these are most: those that can be read
// both ways would be wrong.
func (l *loader) contrary(total *tally) ([]models.Finding, error) {
	var out []models.Finding
	for _, t := range l.plan.timeds() {
		n, other := total.order(t.program), dayFirst+monthFirst-t.order
		if t.order != dayFirst && t.order != monthFirst || n[other] == 0 {
			continue
		}
		if n[other] > n[t.order] {
			return nil, &models.Finding{Severity: models.Refused, File: l.file.Name, Column: t.column,
				What: fmt.Sprintf("dates of numbers are to be read %s, and %s of them can only be read %s, %s only %s", orderWords[t.order], count(n[other]), orderWords[other], count(n[t.order]), orderWords[t.order]),
				Do:   fmt.Sprintf("Say --set %q, or correct dates: in the recipe", datesOf+t.column+"="+orderNames[other])}
		}
		out = append(out, models.Finding{Severity: models.Doubt, Kind: models.KindDates, Column: t.column, Count: n[other],
			What: fmt.Sprintf("the dates are in two orders: %s can only be read %s; these can only be read %s, and are held back", count(n[t.order]), orderWords[t.order], orderWords[other]),
			Do:   "Ask the sender what comes first; what may be read both ways is read " + orderWords[t.order]})
	}
	return out, nil
}
