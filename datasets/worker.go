package datasets

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"tiplens/models"

	"github.com/dchest/siphash"
)

// worker maps rows on one goroutine.
type worker struct {
	p      *plan
	caches []map[string]*coded // by program
	got    []*coded            // by program: its result for the row at hand,
	gotRow []int64             // and of which row it is
	nth    int64               // rows so far, and of a wide table their cells
	row    int64               // what nth was when the row came
	facing int                 // of a wide table: which of its columns is at hand
	usedIn []int64             // by program: the last row whose names were told
	last   []*coded            // by column: what relate set last
	times  map[string]models.Period
	dates  map[looseKey]readDate    // of forms that seldom come
	told   map[toldKey]*where       // what was told of dates
	hints  []hint                   // what is to be told of the dates of the row at hand
	freqs  map[models.Period]string // of periods of more than a day
	cells  [][]byte                 // of the row at hand, trimmed; empty where nothing is stated
	key    []byte
	batch  *models.Batch
	tally  *tally
	aside  []bounded
	now    []*coded // codes of the observation at hand
	about  bool     // its value is about so much
	counts *models.Indicator
	fields [][]byte         // of the row at hand, as they stand
	held   []models.HeldRow // on their way to the sink
	person uint64           // subject of the row at hand, where it is known already
}

func (p *plan) worker() *worker {
	return &worker{
		p: p, caches: make([]map[string]*coded, p.count), got: make([]*coded, p.count), gotRow: make([]int64, p.count), usedIn: make([]int64, p.count),
		last: make([]*coded, len(p.coded)), times: map[string]models.Period{}, freqs: map[models.Period]string{},
		cells: make([][]byte, len(p.columns)), batch: models.NewBatch(p.layout), tally: newTally(), now: make([]*coded, len(p.coded)),
	}
}

// take makes a row the one at hand.
func (w *worker) take(fields [][]byte) {
	w.nth++
	w.row = w.nth
	w.fields = fields
	w.tally.sample.take(w.nth, fields)
	for i := range w.cells {
		var c []byte
		if i < len(fields) && i < w.p.width {
			c = trim(fields[i])
		}
		if len(w.p.missing) > 0 && len(c) > 0 && len(c) < 24 && w.p.missing[string(bytes.ToLower(c))] && !w.p.turn.holds(i, c) {
			if len(c) == 2 && bytes.EqualFold(c, namibia) {
				w.tally.doubt(w.p.columns[i], doubt{"NA", "", maybeNamibia})
			}
			c = nil
		}
		w.cells[i] = c
	}
	for _, i := range w.p.others {
		w.tally.other(w.p.columns[i], w.cells[i])
	}
}

// trim cuts blanks off both ends; most cells have none.
func trim(c []byte) []byte {
	if len(c) == 0 || c[0] > ' ' && c[0] < 0x80 && c[len(c)-1] > ' ' && c[len(c)-1] < 0x80 {
		return c
	}
	return bytes.TrimSpace(c)
}

// cell gives the text of a column in the row at hand, empty where nothing is
// stated.
func (w *worker) cell(i int) []byte {
	if i < 0 {
		return nil
	}
	return w.cells[i]
}

func (w *worker) get(column string) string {
	if i, ok := w.p.at[strings.ToLower(column)]; ok {
		return string(w.cell(i))
	}
	return ""
}

// code runs a program on the row at hand, remembering results by its inputs,
// and for as long as the row is at hand.
func (w *worker) code(g *program) (*coded, error) {
	nth := w.row
	if g.turns {
		nth = w.nth
	}
	if w.gotRow[g.id] == nth || len(g.inputs) == 0 && w.gotRow[g.id] > 0 {
		return w.got[g.id], nil
	}
	c, err := w.look(g)
	w.got[g.id], w.gotRow[g.id] = c, nth
	return c, err
}

func (w *worker) look(g *program) (*coded, error) {
	cache := w.caches[g.id]
	if cache == nil {
		cache = map[string]*coded{}
		w.caches[g.id] = cache
	}
	key := w.key[:0]
	if len(g.inputs) == 1 {
		key = w.cells[g.inputs[0]]
	} else {
		for k, i := range g.inputs {
			if k > 0 {
				key = append(key, 0x1f)
			}
			key = append(key, w.cells[i]...)
		}
		w.key = key
	}
	if c := w.got[g.id]; c != nil && c.cell == string(key) { // many rows say what the one before said
		return c, nil
	}
	if c, ok := cache[string(key)]; ok {
		return c, nil
	}
	text := string(key)
	r := g.eval(w.get)
	c := &coded{cell: text, code: r.code, concern: r.concern, doubts: r.doubts, parted: r.parted || len(r.doubts) > 0, uses: r.uses, valid: w.p.validity(g.name, r.code)}
	if (r.concern == nativeDigits || r.concern == unknownText || r.concern == unreadable) && len(r.doubts) == 0 {
		c.doubts = []doubt{{r.text, r.code, r.concern}}
	}
	if d, ok := w.p.maybeNamibia(g, r); ok {
		c.doubts = append(c.doubts, d)
	}
	switch {
	case r.concern >= undecided:
	case g.name == "leg_place" && len(r.stops) > 1: // a way keeps its order, which one value for all would not
		for _, s := range r.stops {
			if s.code == models.Unknown || s.code == models.Total {
				continue
			}
			n, err := w.p.sink.Encode(g.name, s.code, Original(s.text))
			if err != nil {
				return c, fmt.Errorf("column %s: %w", w.p.columnsOf(g), err)
			}
			c.stops = append(c.stops, n)
		}
	default:
		n, err := w.p.sink.Encode(g.name, r.code, Original(r.text))
		if err != nil {
			return c, fmt.Errorf("column %s: %w", w.p.columnsOf(g), err)
		}
		c.n = n
	}
	if len(cache) < 1<<16 {
		cache[text] = c
	}
	return c, nil
}

func (w *worker) text(g *program) string {
	switch {
	case g == nil:
		return ""
	case g.simple:
		return string(w.cell(g.inputs[0]))
	}
	return g.eval(w.get).code
}

// add maps the row at hand into observations.
func (w *worker) add(line int64) error {
	w.tally.read++
	for _, t := range w.p.skip {
		if matches(t, w.cell) {
			w.tally.skip(t.why)
			return nil
		}
	}
	for _, t := range w.p.only {
		if !matches(t, w.cell) {
			w.tally.skip(t.why)
			return nil
		}
	}
	room := len(w.p.observe)
	if w.p.turn != nil {
		room = len(w.p.turn.at)
	}
	if w.batch.N+room > models.BatchSize {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if w.p.turn != nil {
		return w.addWide(line)
	}
	// All events of a record are mapped before any counts: a record that is
	// held back leaves nothing behind.
	n := w.batch.N
	for i := range w.p.observe {
		v := &w.p.observe[i]
		if !all(v.when, w.cell) {
			continue
		}
		switch ok, err := w.observation(v, line, n); {
		case err != nil:
			return err
		case !ok:
			return nil // held or skipped; the tally knows
		}
		n++
	}
	if n == w.batch.N {
		w.tally.skip("rows without anything that the recipe counts")
		return nil
	}
	for i := range w.p.legs {
		c, err := w.code(w.p.legs[i].program)
		if err != nil {
			return err
		}
		w.use(w.p.legs[i].program, c, line)
		if c.concern == undecided {
			return w.hold(line, w.p.legs[i].program, c.waits())
		}
	}
	w.tally.taken++
	if side := w.text(w.p.observe[0].bound); side != "" {
		w.putAside(side, w.batch.N)
		return nil
	}
	w.batch.N = n
	return w.addLegs(line)
}

func matches(t test, cell func(int) []byte) bool {
	c := cell(t.col)
	for _, v := range t.values {
		if v == "*" && len(c) > 0 || strings.EqualFold(v, string(c)) {
			return true
		}
	}
	return false
}

func all(ts []test, cell func(int) []byte) bool {
	for _, t := range ts {
		if !matches(t, cell) {
			return false
		}
	}
	return true
}

// observation maps the row at hand by one variant, into position at of the
// batch. It answers false when the row is held back or skipped.
func (w *worker) observation(v *variant, line int64, i int) (bool, error) {
	for k, g := range v.coded {
		c, err := w.code(g)
		if err != nil {
			return false, err
		}
		if len(c.uses) > 0 {
			w.use(g, c, line)
		}
		if c.concern == undecided {
			return false, w.wait(v, g, c, line)
		}
		if c.concern == unreadable {
			return false, w.hold(line, g, c.unknown())
		}
		for _, d := range c.doubts {
			if d.concern == nativeDigits {
				w.tally.spotted(digitsRead(w.p.columnsOf(g)), line)
				continue
			}
			w.tally.doubt(w.p.textColumns(g), d)
		}
		w.now[k] = c
		if (c.code == models.Total || c.code == models.Rest) && w.totalRow(g) {
			return false, w.hold(line, g, "is a total, and a row of this file is one person or case: this is a row of totals")
		}
	}
	switch w.now[colIndicator].code {
	case skipRow:
		w.tally.skip("rows of something that the recipe leaves out")
		return false, nil
	case "":
		return false, w.hold(line, v.coded[colIndicator], "names no indicator")
	}
	when, ok := w.period(v)
	if !ok {
		return false, w.holdTime(v, line)
	}
	if len(w.hints) > 0 {
		w.tellDates(line)
	}
	w.exists(v, when, line)
	num, source, bad := w.number(v)
	if bad != "" {
		return false, w.hold(line, source, bad)
	}
	w.remark(v, when, num, line)
	note := Clean(w.text(v.note))
	if err := w.relate(note, when, num); err != nil {
		return false, err
	}
	b := w.batch
	for k, c := range w.p.varying {
		b.Codes[k][i] = w.now[c].n
	}
	b.Year[i] = models.NoYear
	if y, one := when.CalendarYear(); one {
		b.Year[i] = int16(y)
	}
	b.Start[i], b.End[i] = when.Start, when.End
	b.Row[i] = line
	if w.p.layout.Figures {
		b.Value[i], b.Low[i], b.High[i], b.Note[i] = num[0], num[1], num[2], note
	}
	if w.p.layout.Subjects {
		b.Subject[i] = w.subject(v.subject)
	}
	return true, nil
}

// totalRow reports whether a code of a total stands in a file of records because
// the file says so. A recipe may mean something else by it.
func (w *worker) totalRow(g *program) bool {
	if w.p.layout.Figures || g.field == nil {
		return false
	}
	for _, code := range g.field.Values {
		if code == models.Total || code == models.Rest {
			return false
		}
	}
	return g.field.Const == "" && slices.ContainsFunc(g.inputs, func(i int) bool { return len(w.cell(i)) > 0 })
}

// subject gives the keyed hash of the person or case; 0 where the file names
// none. The key lives as long as the load, so no list of names can be tried
// against the file afterwards.
func (w *worker) subject(g *program) uint64 {
	var id []byte
	switch {
	case w.person != 0:
		return w.person
	case g == nil:
	case g.simple:
		id = w.cells[g.inputs[0]]
	default:
		id = []byte(w.text(g))
	}
	if len(id) == 0 {
		return 0
	}
	return siphash.Hash(w.p.key[0], w.p.key[1], id) | 1
}

// unknown says what of a cell is not known: all of it, or some of the values it
// holds.
func (c *coded) unknown() string {
	var parts []string
	for _, d := range c.doubts {
		if d.concern == unreadable {
			parts = append(parts, strconv.Quote(Clean(d.text)))
		}
	}
	if !c.parted {
		return "is not known"
	}
	return "holds " + strings.Join(parts, ", ") + ", which is not known"
}

func firstOf(ps []*program) *program {
	for _, p := range ps {
		if p != nil {
			return p
		}
	}
	return &program{}
}

func (w *worker) hold(line int64, g *program, what string) error {
	return w.holdAs(line, g, what, correctRow)
}

// holdAs holds the row at hand back, and says what to do about it.
func (w *worker) holdAs(line int64, g *program, what, do string) error {
	var vals []string
	for _, i := range g.inputs {
		vals = append(vals, Clean(string(w.cell(i))))
	}
	what = fmt.Sprintf("%q %s", strings.Join(vals, " | "), what)
	w.tally.holdFor(line, w.columnsOf(g), what, plainReason(what), do)
	return w.setAside(w.heldRow(line, w.columnsOf(g), what))
}

// period finds the time of the row at hand. A record without a date is of an
// unknown year; a date that cannot be read is an error.
func (w *worker) period(v *variant) (models.Period, bool) {
	none := models.Period{Start: models.NoDate, End: models.NoDate}
	if v.month != nil {
		return w.month(v)
	}
	if g := v.time[timeAny]; g != nil {
		if g.simple {
			if day, ok := plainDay(w.cell(g.inputs[0])); ok {
				return models.Period{Start: day, End: day}, true
			}
			if p, ok := w.times[string(w.cell(g.inputs[0]))]; ok {
				return p, true
			}
		}
		text := w.text(g)
		if text == "" {
			return none, true
		}
		if p, ok := w.times[text]; ok {
			return p, true
		}
		if _, ok := w.dates[looseKey{g.order, text}]; ok {
			return w.loose(g, text)
		}
		p, ok := parseTime(text)
		if !ok && w.p.layout.Figures && isTotal(text) { // a row of totals over the years, which it does not name
			p, ok = none, true
		}
		if ok && len(w.times) < 1<<16 {
			w.times[strings.Clone(text)] = p
		}
		if !ok {
			return w.loose(g, text)
		}
		return p, ok
	}
	for i, end := range []int{timeStart, timeEnd} {
		text := w.text(v.time[end])
		if text == "" {
			continue
		}
		p, ok := parseTime(text)
		if !ok {
			p, ok = w.loose(v.time[end], text)
		}
		if !ok {
			return none, false
		}
		if i == 0 {
			none.Start = p.Start
		} else {
			none.End = p.End
		}
	}
	return none, !none.Bounded() || none.Start <= none.End
}

// number finds value, lowest and highest, and what is bad about one of them.
// Records count one.
func (w *worker) number(v *variant) (out [3]float64, source *program, bad string) {
	nan := math.NaN()
	out, w.about = [3]float64{nan, nan, nan}, false
	if v.value == nil && (v.low == nil && v.high == nil || !w.p.layout.Figures) {
		out[0] = 1
		return out, nil, ""
	}
	counts := w.indicator(w.now[colIndicator].code)
	if text, about := cutAbout(w.text(v.value)); text != "" {
		b, own := v.value.field.bounds(text)
		n, isNumber := parseNumber(text)
		low, high, isBound := parseBound(text)
		switch {
		case own:
			out[1], out[2] = b[0], b[1]
			return out, nil, ""
		case isBound && !about:
			out[1], out[2] = low, high
			if bad = cmp.Or(countable(counts, text, low), countable(counts, text, high)); bad != "" {
				return out, v.value, bad
			}
		case !isNumber:
			return out, v.value, "is no number"
		default:
			out[0], w.about = n, about
			if bad = countable(counts, text, n); bad != "" {
				return out, v.value, bad
			}
		}
	}
	for i, g := range []*program{v.low, v.high} {
		if t := w.text(g); t != "" {
			n, ok := parseNumber(t)
			if !ok {
				return out, g, "is no number"
			}
			if bad = countable(counts, t, n); bad != "" {
				return out, g, bad
			}
			out[i+1] = n
		}
	}
	if out[0] < out[1] || out[0] > out[2] {
		return out, v.value, fmt.Sprintf("is not between the lowest and the highest value of its row, %s and %s", end(out[1]), end(out[2]))
	}
	if math.IsNaN(out[0]) && math.IsNaN(out[1]) != math.IsNaN(out[2]) { // one end says: at least, or at most
		if math.IsNaN(out[1]) {
			out[1] = 0
		} else {
			out[2] = math.Inf(1)
		}
	}
	if out[1] > out[2] {
		return out, firstOf([]*program{v.low, v.high, v.value}), "is more than the highest value, " + models.FormatNumber(out[2])
	}
	return out, nil, ""
}

// end prints an end of a range that may not be stated.
func end(v float64) string {
	if math.IsNaN(v) {
		return "not stated"
	}
	return models.FormatNumber(v)
}

// indicator remembers the indicator of the row before: rows alike come together.
func (w *worker) indicator(id string) *models.Indicator {
	if w.counts == nil || w.counts.ID != id {
		w.counts = w.p.cat.Indicator(id)
	}
	return w.counts
}

// addLegs enters the stops on a person's way: as the recipe lists them, and
// those of one cell in the order in which they stand there.
func (w *worker) addLegs(line int64) error {
	seq := uint16(0)
	add := func(role, place uint16) {
		seq++
		w.batch.Legs = append(w.batch.Legs, models.Leg{Row: line, Seq: seq, Role: role, Place: place})
	}
	for i := range w.p.legs {
		l := &w.p.legs[i]
		c, err := w.code(l.program)
		if err != nil {
			return err
		}
		switch {
		case c.code == models.Unknown || c.code == models.Total || c.concern >= undecided:
		case c.stops == nil:
			add(l.role, c.n)
		}
		for _, place := range c.stops {
			add(l.role, place)
		}
	}
	return nil
}

func (w *worker) flush() error {
	if err := w.storeHeld(); err != nil {
		return err
	}
	if w.batch.N == 0 && len(w.batch.Legs) == 0 {
		return nil
	}
	b := w.batch
	w.batch = models.NewBatch(w.p.layout)
	w.batch.Legs = make([]models.Leg, 0, len(b.Legs))
	return w.p.sink.Write(b)
}
