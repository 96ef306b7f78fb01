package tui

import (
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// item is one thing to pick.
type item struct {
	code   string
	label  string
	note   string // shown right: a count, a level
	search string // folded words by which typing finds it
	indent int
}

// picker chooses from a list: typing narrows it, space marks, "-" excludes,
// enter applies.
type picker struct {
	title  string
	items  []item
	many   bool // several can be marked
	not    bool // the marked ones are excluded
	typed  string
	fold   func(string) string
	at     int // position among the items shown
	top    int
	page   int
	marked map[string]bool
	busy   bool
	empty  string                           // what to say when there is nothing to pick
	offer  *item                            // what enter takes then
	free   func(typed string) (reply, bool) // what enter does with typed text that is no item
	apply  func(codes []string, not bool) reply
}

func (p *picker) shown() []int {
	var out []int
	f := p.fold(p.typed)
	type hit struct{ i, rank int }
	var hits []hit
	for i, it := range p.items {
		switch {
		case f == "" || strings.HasPrefix(it.search, f):
			hits = append(hits, hit{i, 0})
		case strings.Contains(it.search, "\n"+f):
			hits = append(hits, hit{i, 1})
		case strings.Contains(it.search, f):
			hits = append(hits, hit{i, 2})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.rank - b.rank })
	for _, h := range hits {
		out = append(out, h.i)
	}
	return out
}

func (p *picker) key(key, text string) reply {
	shown := p.shown()
	switch key {
	case "esc":
		return reply{handled: true, close: true}
	case "down", "ctrl+n":
		p.at = min(p.at+1, max(len(shown)-1, 0))
	case "up", "ctrl+p":
		p.at = max(p.at-1, 0)
	case "pgdown":
		p.at = min(p.at+max(p.page, 1), max(len(shown)-1, 0))
	case "pgup":
		p.at = max(p.at-max(p.page, 1), 0)
	case "home":
		p.at = 0
	case "end":
		p.at = max(len(shown)-1, 0)
	case "backspace", "ctrl+h":
		if p.typed == "" {
			return reply{handled: true, close: true}
		}
		r := []rune(p.typed)
		p.typed = string(r[:len(r)-1])
		p.at = 0
	case "enter":
		return p.enter(shown)
	case "space":
		if p.many && p.at < len(shown) {
			p.mark(p.items[shown[p.at]].code)
			p.at = min(p.at+1, len(shown)-1)
		}
	default:
		p.write(key, text)
	}
	return took
}

// write takes a typed letter; "-" at the start turns marking into excluding.
func (p *picker) write(key, text string) {
	if text == "-" && p.typed == "" && p.many {
		p.not = !p.not
		return
	}
	if text != "" && len(p.typed) < 60 {
		p.typed += text
		p.at = 0
	}
}

func (p *picker) mark(code string) {
	if code == "" {
		return
	}
	if p.marked == nil {
		p.marked = map[string]bool{}
	}
	if p.marked[code] {
		delete(p.marked, code)
	} else {
		p.marked[code] = true
	}
}

func (p *picker) enter(shown []int) reply {
	if p.busy {
		return took
	}
	if p.offer != nil && len(p.items) == 0 {
		return p.apply([]string{p.offer.code}, false)
	}
	if p.free != nil {
		if r, ok := p.free(p.typed); ok {
			return r
		}
	}
	if len(p.marked) > 0 {
		var codes []string
		for _, it := range p.items { // in the order of the list
			if p.marked[it.code] {
				codes = append(codes, it.code)
			}
		}
		return p.apply(codes, p.not)
	}
	if p.at < len(shown) {
		it := p.items[shown[p.at]]
		if it.code == "" {
			return p.apply(nil, false)
		}
		return p.apply([]string{it.code}, p.not)
	}
	return reply{handled: true, say: "nothing to pick"}
}

func (p *picker) view(w, h int, _ Look) []string {
	shown := p.shown()
	head := p.title + ": " + p.typed + "_"
	if p.not {
		head += "  (all except)"
	}
	out := []string{cut(head, w)}
	p.page = max(h-1, 1)
	switch {
	case p.busy:
		return lines(append(out, "  counting..."), h)
	case len(p.items) == 0:
		for _, l := range wrap(p.empty, w-4) {
			out = append(out, "  "+l)
		}
		if p.offer != nil {
			out = append(out, "", "> "+p.offer.label)
		}
		return lines(out, h)
	case len(shown) == 0:
		return lines(append(out, "  nothing is called that"), h)
	}
	p.at = min(p.at, len(shown)-1)
	half := max(p.page/2, 1)
	for p.at >= p.top+p.page {
		p.top += half
	}
	for p.at < p.top {
		p.top = max(p.top-half, 0)
	}
	p.top = min(p.top, max(len(shown)-p.page, 0))
	labelWidth := 0
	for _, it := range p.items {
		labelWidth = max(labelWidth, width(it.label)+2*it.indent)
	}
	labelWidth = min(labelWidth, w-22)
	for k := p.top; k < min(p.top+p.page, len(shown)); k++ {
		it := p.items[shown[k]]
		cursor, mark := " ", " "
		if k == p.at {
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

func (p *picker) hint() string {
	switch {
	case p.many:
		return "type to narrow  space mark  - except  enter apply  esc back"
	}
	return "type to narrow  enter choose  esc back"
}

// fill enters the choices of a dimension, with what typing may find them by.
func (p *picker) fill(cat *models.Catalog, c *models.Choices) {
	p.busy = false
	what := ""
	if c.Figures {
		what = " fig."
	}
	provinces := map[string]bool{}
	for _, ch := range c.List {
		provinces[ch.Level] = true
	}
	nested := provinces["country"] && provinces["province"]
	p.items = []item{{code: "", label: "All (no filter)", search: "all"}}
	for _, ch := range c.List {
		it := item{code: ch.Code, label: ch.Label, note: fmt.Sprintf("%9s%s", models.FormatNumber(ch.Count), what), search: cat.SearchText(c.Dim, ch.Code)}
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
	for code := range p.marked { // a filter that is set stays in the list, even if nothing meets it now
		if !slices.ContainsFunc(p.items, func(it item) bool { return it.code == code }) {
			p.items = append(p.items, item{code: code, label: cat.Label(c.Dim, code), note: "        0", search: cat.SearchText(c.Dim, code)})
		}
	}
}
