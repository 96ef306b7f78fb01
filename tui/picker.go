package tui

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tiplens/models"
)

// item is one thing to pick.
type item struct {
	code   string
	label  string
	note   string   // shown right: a count, a level
	search string   // folded words by which typing finds it
	names  []string // its names as they are written, where the label says more
	indent int
	behind bool // it comes after all others, however well it fits what is typed
	kind   int  // in a list of several kinds, how early it comes
}

// picker chooses from a list: typing narrows it, space marks, "-" excludes,
// enter applies.
//
// A blank and "-" belong to names too. While text is typed they are letters as
// long as they go on a name; after an arrow key, or where they go on none,
// they mark. Enter takes what is marked and the row that typed text has found,
// never a mark that is not named on the screen.
type picker struct {
	title  string
	items  []item
	many   bool // several can be marked
	except bool // marked ones can be excluded
	not    bool // the marked ones are excluded
	typed  string
	fold   func(string) string
	at     int // position among the items shown
	top    int
	page   int
	marked map[string]bool
	marks  bool // something was marked here: until then the marks are the filter as it stands
	moved  bool // the cursor was moved since the last letter
	chose  bool // the cursor was moved since it opened
	busy   bool
	empty  string                                     // what to say when there is nothing to pick
	offer  *item                                      // what enter takes then
	free   func(typed string) (it item, wrong string) // what typed text means that is no item, or what is wrong with it
	raw    bool                                       // what free takes may be any text
	known  func(typed string) string                  // what to say of typed text that no item has
	better func(a, b hit) int                         // which comes first; nil for inOrder
	apply  func(codes []string, not bool) reply
}

// hit is an item that the typed text finds; the least rank comes first: 0 where
// it starts the first name, 1 another one, 2 where it stands inside.
type hit struct {
	it   item
	rank int
}

// inOrder keeps items in the order of the list where they fit alike.
func inOrder(a, b hit) int {
	last := func(h hit) int {
		if h.it.behind {
			return h.rank + 3
		}
		return h.rank
	}
	return last(a) - last(b)
}

// shown lists the items that the typed text finds.
func (p *picker) shown() []item {
	f := p.fold(p.typed)
	var hits []hit
	for _, it := range p.items {
		rank := 0
		switch {
		case f == "" || strings.HasPrefix(it.search, f):
		case strings.Contains(it.search, "\n"+f):
			rank = 1
		case strings.Contains(it.search, f):
			rank = 2
		default:
			continue
		}
		hits = append(hits, hit{it, rank})
	}
	switch {
	case f == "":
	case p.better != nil:
		slices.SortStableFunc(hits, p.better)
	default:
		slices.SortStableFunc(hits, inOrder)
	}
	var out []item
	if it, ok := p.freely(); ok {
		out = append(out, it)
	}
	for _, h := range hits {
		out = append(out, h.it)
	}
	return out
}

// freely gives the item that typed text makes by itself, if the list does not
// have it.
func (p *picker) freely() (item, bool) {
	if p.free == nil || p.busy || strings.TrimSpace(p.typed) == "" {
		return item{}, false
	}
	it, wrong := p.free(p.typed)
	if wrong != "" || slices.ContainsFunc(p.items, func(o item) bool { return o.code == it.code }) {
		return item{}, false
	}
	return it, true
}

func (p *picker) key(key, text string) reply {
	shown := p.shown()
	last := max(len(shown)-1, 0)
	switch key {
	case "esc":
		return reply{handled: true, close: true}
	case "down", "ctrl+n":
		p.move(p.at+1, last)
	case "up", "ctrl+p":
		p.move(p.at-1, last)
	case "pgdown":
		p.move(p.at+max(p.page, 1), last)
	case "pgup":
		p.move(p.at-max(p.page, 1), last)
	case "home":
		p.move(0, last)
	case "end":
		p.move(last, last)
	case "backspace", "ctrl+h":
		if p.typed == "" {
			return reply{handled: true, close: true}
		}
		r := []rune(p.typed)
		p.write(string(r[:len(r)-1]))
	case "ctrl+u":
		p.write("")
	case "enter":
		return p.enter(shown)
	case "space":
		if p.goesOn(" ") || p.typed != "" && len(shown) == 0 {
			p.write(p.typed + " ")
		} else if p.many {
			return p.mark(shown, false)
		}
	case "-":
		if !p.except || p.goesOn("-") || p.typed != "" && len(shown) == 0 {
			p.write(p.typed + "-")
		} else {
			return p.mark(shown, true)
		}
	default:
		if text != "" && len(p.typed) < 60 {
			p.write(p.typed + text)
		}
	}
	return took
}

func (p *picker) move(to, last int) {
	p.at = min(max(to, 0), last)
	p.moved, p.chose = true, true
}

// write changes what is typed.
func (p *picker) write(typed string) {
	p.typed, p.at, p.moved = typed, 0, false
}

// goesOn reports whether a blank or "-" is a letter of what is being typed
// rather than a mark.
func (p *picker) goesOn(mark string) bool {
	switch {
	case p.typed == "" || p.moved || strings.HasSuffix(p.typed, mark):
		return false
	case !p.many, p.free != nil && mark == "-":
		return true
	case p.busy:
		return false
	}
	for _, it := range p.items {
		names := it.names
		if len(names) == 0 {
			names = []string{it.label}
		}
		for _, n := range append(names, it.code) {
			if p.continues(n, mark) {
				return true
			}
		}
	}
	return false
}

// continues reports whether a name goes on with a mark after the typed text,
// which starts at one of its words.
func (p *picker) continues(name, mark string) bool {
	words := strings.Split(name, mark)
	f := p.fold(p.typed)
	for end := 1; end < len(words); end++ {
		head := strings.Fields(strings.Join(words[:end], mark))
		for from := range head {
			if f != "" && p.fold(strings.Join(head[from:], " ")) == f && strings.TrimSpace(words[end]) != "" {
				return true
			}
		}
	}
	return false
}

// mark marks the row under the cursor, as one to take or to leave out. The two
// do not mix: the first mark of the other kind starts anew. What was typed to
// find the row goes, so that the next name can be typed.
func (p *picker) mark(shown []item, not bool) reply {
	if p.at >= len(shown) {
		return reply{handled: true, say: sayNothingMark}
	}
	it := shown[p.at]
	if it.code == "" {
		return reply{handled: true, say: sayEnterTakesAll}
	}
	if p.marked == nil || p.not != not {
		p.marked, p.not = map[string]bool{}, not
	}
	p.marks = true
	if p.marked[it.code] {
		delete(p.marked, it.code)
	} else {
		p.marked[it.code] = true
	}
	if len(p.marked) == 0 {
		p.not = false
	}
	if !slices.ContainsFunc(p.items, func(o item) bool { return o.code == it.code }) { // typed freely
		p.items = append([]item{it}, p.items...)
	}
	if p.typed != "" {
		p.write("")
		p.at = slices.IndexFunc(p.items, func(o item) bool { return o.code == it.code })
		return took
	}
	p.at = min(p.at+1, len(shown)-1)
	return took
}

// enter applies the marks, and with them the row that the typed text has
// found. Marks that stood before, untouched, give way to a row that was typed
// or gone to.
func (p *picker) enter(shown []item) reply {
	if p.busy {
		return took
	}
	if p.offer != nil && len(p.items) == 0 {
		return p.apply([]string{p.offer.code}, false)
	}
	row := p.at < len(shown)
	typed := strings.TrimSpace(p.typed) != ""
	if typed && !row {
		return reply{handled: true, say: p.nothing()}
	}
	if len(p.marked) > 0 && (p.marks || !typed && !p.chose) {
		var codes []string
		for _, it := range p.items { // in the order of the list
			if p.marked[it.code] {
				codes = append(codes, it.code)
			}
		}
		if typed && shown[p.at].code != "" && !p.marked[shown[p.at].code] {
			codes = append(codes, shown[p.at].code)
		}
		return p.apply(codes, p.not)
	}
	if row {
		it := shown[p.at]
		if it.code == "" {
			return p.apply(nil, false)
		}
		return p.apply([]string{it.code}, false)
	}
	return reply{handled: true, say: sayNothingPick}
}

// nothing says why the typed text finds nothing.
func (p *picker) nothing() string {
	if p.free != nil {
		if _, wrong := p.free(p.typed); wrong != "" {
			return wrong
		}
	}
	if p.known != nil {
		if s := p.known(p.typed); s != "" {
			return s
		}
	}
	return "nothing is called that"
}

// unseen names marks that are not on the page.
func (p *picker) unseen(page []item, room int) string {
	hidden := len(p.marked)
	for _, it := range page {
		if p.marked[it.code] {
			hidden--
		}
	}
	if hidden <= 0 {
		return ""
	}
	var names []string
	for _, it := range p.items {
		if p.marked[it.code] {
			names = append(names, it.label)
		}
	}
	head := fmt.Sprintf("%d marked: ", len(names))
	switch {
	case !p.marks && (p.chose || p.typed != ""): // enter takes the row instead
		head = "instead of "
		if p.not {
			head += "not "
		}
	case p.not:
		head = fmt.Sprintf("%d excluded: ", len(names))
	}
	for n := len(names); n > 0; n-- {
		s := head + strings.Join(names[:n], ", ")
		if n < len(names) {
			s += fmt.Sprintf(" +%d", len(names)-n)
		}
		if n == 1 || width(s) <= room {
			return s
		}
	}
	return ""
}

func (p *picker) view(w, h int, _ Look) []string {
	shown := p.shown()
	head := p.title + ": " + p.typed + "_"
	p.page = max(h-1, 1)
	switch {
	case p.busy:
		return lines([]string{cut(head, w), "  counting..."}, h)
	case len(p.items) == 0:
		out := []string{cut(head, w)}
		for _, l := range wrap(p.empty, w-4) {
			out = append(out, "  "+l)
		}
		if p.offer != nil {
			out = append(out, "", "> "+p.offer.label)
		}
		return lines(out, h)
	case len(shown) > 0:
		p.at = min(p.at, len(shown)-1)
	}
	half := max(p.page/2, 1)
	for p.at >= p.top+p.page {
		p.top += half
	}
	for p.at < p.top {
		p.top = max(p.top-half, 0)
	}
	p.top = min(p.top, max(len(shown)-p.page, 0))
	page := shown[min(p.top, len(shown)):min(p.top+p.page, len(shown))]
	if p.not {
		head += "  (all except)"
	}
	if s := p.unseen(page, w-width(head)-4); s != "" {
		head += "  (" + s + ")"
	}
	out := []string{cut(head, w)}
	if len(shown) == 0 {
		for _, l := range wrap(p.nothing(), w-4) {
			out = append(out, "  "+l)
		}
		return lines(out, h)
	}
	labelWidth, beside := 0, 0
	for _, it := range p.items {
		labelWidth, beside = max(labelWidth, width(it.label)+2*it.indent), max(beside, width(it.note))
	}
	if beside > 0 {
		labelWidth = min(labelWidth, w-22)
	}
	for k, it := range page {
		cursor, mark := " ", " "
		if p.top+k == p.at {
			cursor = ">"
		}
		if p.marked[it.code] {
			mark = "*"
			if p.not {
				mark = "-"
			}
		}
		line := cursor + mark + pad(strings.Repeat("  ", it.indent)+it.label, labelWidth) + "  " + it.note
		out = append(out, cut(strings.TrimRight(line, " "), w))
	}
	return lines(out, h)
}

// viewWhole draws the list, and below it the one at the cursor as a whole where
// it is longer than its line.
func (p *picker) viewWhole(w, h int, l Look, whole func(item) string) []string {
	below, shown := 0, p.shown()
	for _, it := range p.items { // the same for all, so that the list does not jump
		if width(it.label)+2 > w {
			below = max(below, 1+len(fold(whole(it), w-2)))
		}
	}
	if below = min(below, h/2); below == 0 {
		return p.view(w, h, l)
	}
	out := p.view(w, h-below, l)
	if p.at < len(shown) && width(shown[p.at].label)+2 > w {
		out = append(append(out, ""), indent(fold(whole(shown[p.at]), w-2))...)
	}
	return lines(out, h)
}

// helps reports whether "?" lists the keys, as long as it cannot be a part of
// what is chosen.
func (p *picker) helps() bool { return !p.raw }

func (p *picker) hint() string {
	switch {
	case p.except:
		return hintMarkOrExcept
	case p.many:
		return hintMark
	}
	return hintChoose
}

// fill enters the choices of a dimension, with what typing may find them by.
func (p *picker) fill(cat *models.Catalog, c *models.Choices) {
	p.busy = false
	levels, records, figures := map[string]bool{}, false, false
	for _, ch := range c.List {
		levels[ch.Level] = true
		records, figures = records || ch.Count > 0, figures || ch.Figures > 0
	}
	nested := levels["country"] && levels["province"]
	p.items = []item{{code: "", label: "All (no filter)", search: "all"}}
	for _, ch := range c.List {
		it := item{code: ch.Code, label: ch.Label, note: countsText(ch.Count, ch.Figures, records, figures), search: cat.SearchText(c.Dim, ch.Code), names: names(cat, c.Dim, ch.Code)}
		if ch.Code != ch.Label && !strings.HasPrefix(ch.Code, "_") {
			it.note += "  " + ch.Code
		}
		if nested && ch.Level == "country" {
			it.label += ", all of it"
		}
		p.items = append(p.items, it)
	}
	if len(c.List) == 0 {
		p.items = nil
		p.empty = c.Why
		if c.Instead != "" {
			name := c.Instead
			if d := cat.Dimension(c.Instead); d != nil {
				name = d.Name
			}
			p.offer = &item{code: "=" + c.Instead, label: "choose " + name + " instead (enter)"}
		}
	}
	always := slices.Sorted(maps.Keys(p.marked))
	if len(p.items) > 0 && c.Dim != models.DimAgency && c.Dim != models.DimDataset {
		always = append(always, models.Unknown) // what is not stated can be asked for, also where nobody is
	}
	for _, code := range always { // a filter that is set stays in the list, even if nothing meets it now
		if !slices.ContainsFunc(p.items, func(it item) bool { return it.code == code }) {
			p.items = append(p.items, item{code: code, label: cat.Label(c.Dim, code), note: countsText(0, 0, records, figures), search: cat.SearchText(c.Dim, code), names: names(cat, c.Dim, code)})
		}
	}
}

// countsText stands beside a choice: its records and its figures, which are
// counted apart, each in a column of its own.
func countsText(records, figures float64, hasRecords, hasFigures bool) string {
	var out []string
	column := func(n float64, w int, unit string) {
		if n == 0 && (unit != "" || hasFigures) {
			out = append(out, strings.Repeat(" ", w+len(unit)))
			return
		}
		out = append(out, padLeft(models.FormatNumber(n), w)+unit)
	}
	if hasRecords {
		column(records, 9, "")
	}
	if hasFigures {
		w := 9
		if hasRecords {
			w = 5
		}
		column(figures, w, " fig.")
	}
	return strings.Join(out, " ")
}

// names lists the names of a code as they are written.
func names(cat *models.Catalog, dim, code string) []string {
	k := cat.Code(dim, code)
	if k == nil {
		return nil
	}
	return append([]string{k.Label}, k.Aliases...)
}
