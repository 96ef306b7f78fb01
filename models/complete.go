package models

import (
	"slices"
	"strings"
)

// Completion is one way in which a slice that is being typed can go on.
type Completion struct {
	Text string // takes the place of the word that was begun
	Name string // what it means, in words
}

// maxCompletions bounds the list: who sees more than these types a letter more.
const maxCompletions = 50

// Complete lists how the text of a slice can go on where it ends, what fits
// best first. From is where the word that was begun starts, in bytes.
func (c *Catalog) Complete(text string) (from int, out []Completion) {
	from = len(text)
	if open := strings.LastIndexByte(text, '"'); open >= 0 && strings.Count(text, `"`)%2 == 1 {
		from = open
	} else {
		for from > 0 {
			r, size := lastRune(text[:from])
			if !wordRune(r) {
				break
			}
			from -= size
		}
	}
	toks, err := lex(text[:from])
	if err != nil {
		return from, nil
	}
	g := goesOn{cat: c}
	for i, t := range toks {
		g.take(t, i == 0)
	}
	return from, g.fitting(strings.TrimPrefix(text[from:], `"`))
}

func lastRune(s string) (rune, int) {
	last := []rune(s[max(len(s)-4, 0):])
	r := last[len(last)-1]
	return r, len(string(r))
}

// spot is a place in the text form of a slice: what is expected next.
type spot uint8

const (
	atMeasure spot = iota
	afterMeasure
	atRole
	afterRole
	atAxis
	afterAxis
	atKey
	afterKey
	atValue
	afterValue
	atOf     // after "percent"
	atBase   // after "percent of"
	atFrom   // after "change"
	atChange // after "change from"
	atOnly   // after "change from ... only"
	atOrder
	afterOrder
	atNumber
	atVersion
	afterClause
)

// goesOn follows the words of a slice to the place where it ends. It knows
// less than the parser, on purpose: what is being typed is never whole.
type goesOn struct {
	cat     *Catalog
	at      spot
	key     string // of the term at hand
	used    []string
	bracket bool     // in the filters of one part
	share   bool     // in the filters of "share ... of"
	said    []string // words of the grammar that were used, each of which stands once
	ranged  bool
}

func (g *goesOn) take(t token, first bool) {
	if t.kind == symbol {
		g.symbol(t.text)
		return
	}
	word := strings.ToLower(t.text)
	if t.kind != quoted && g.keyword(word, first) {
		return
	}
	switch g.at {
	case atMeasure:
		g.at = afterMeasure
	case atRole:
		g.at = afterRole
	case atAxis:
		g.at = afterAxis
		dim, _, _ := strings.Cut(word, ".")
		g.used = append(g.used, dim)
	case atKey, afterValue:
		g.at, g.key = afterKey, t.text
	case atValue:
		g.at = afterValue
	case atOrder:
		g.at = afterOrder
	case atBase, atNumber, atChange, atOnly, atVersion, afterOrder:
		g.at = afterClause
	}
}

func (g *goesOn) symbol(s string) {
	switch s {
	case "[":
		g.bracket, g.at = true, atKey
	case "]":
		g.bracket, g.at = false, afterMeasure
	case "=", "!=":
		g.at = atValue
	case ",":
		switch g.at {
		case afterAxis:
			g.at = atAxis
		case afterValue:
			g.at = atValue
		case afterMeasure:
			g.at = atMeasure
		}
	case "+", "/", ";":
		g.at = atMeasure
	}
}

// keyword takes a word of the grammar where it stands as one.
func (g *goesOn) keyword(word string, first bool) bool {
	to := map[string]spot{"by": atAxis, "across": atAxis, "where": atKey, "flow": atRole, "percent": atOf, "change": atFrom, "order": atOrder, "top": atNumber, "at": atVersion, "only": atOnly}
	next, ok := to[word]
	switch {
	case g.at == atValue, g.at == atOrder, g.at == atKey && !g.share:
		return false
	case first && word == "range":
		g.ranged = true
		return true
	case first && word == "share":
		g.share, g.at = true, atKey
		return true
	case word == "of" && g.share:
		g.share, g.at = false, atMeasure
	case word == "of" && g.at == atOf:
		g.at = atBase
	case word == "from" && g.at == atFrom:
		g.at = atChange
	case word == "via" && g.at == afterRole && !g.has("via") && !g.has("to"):
		g.at = atRole
	case word == "to" && g.at == afterRole && !g.has("to"):
		g.at = atRole
	case ok && g.at != atMeasure:
		g.at = next
	default:
		return false
	}
	g.said = append(g.said, word)
	return true
}

func (g *goesOn) has(word string) bool { return slices.Contains(g.said, word) }

// fitting lists what fits the place and the letters that are there already.
func (g *goesOn) fitting(begun string) []Completion {
	c := g.cat
	var all []Completion
	word := func(text, name string) { all = append(all, Completion{text, name}) }
	clauses := func() {
		switch {
		case g.share:
			word("of", "of which number")
			return
		case g.bracket:
			return
		}
		for _, k := range clauseWords {
			if !g.has(k.Text) {
				word(k.Text, k.Name)
			}
		}
		if g.has("flow") && g.has("change") && !g.has("only") {
			word("only", "the corridors that are new, gone, grown or shrunk")
		}
	}
	switch g.at {
	case atMeasure:
		for _, first := range []bool{true, false} {
			for _, i := range c.indicators {
				if !i.Hidden && (i.ID == commonest) == first {
					word(i.ID, i.Name)
				}
			}
		}
		if !g.ranged && begun != "" {
			word("range", "at least and at most, of several numbers")
			word("share", "the part that a filter makes up")
		}
	case afterMeasure, afterAxis:
		if !g.bracket && !g.has("flow") {
			if !g.has("by") {
				word("by", "rows")
				word("flow", "from where to where")
			}
			if !g.has("across") {
				word("across", "columns")
			}
		}
		clauses()
	case afterRole:
		if !g.has("to") {
			word("to", "the other end of the flow")
			if !g.has("via") {
				word("via", "the stops on the way: routes")
			}
			break
		}
		clauses()
	case atRole:
		if g.has("via") && !g.has("to") {
			word(DimTransit, "Place of transit")
			word(DimTransit+".province", "Place of transit by province")
			break
		}
		for _, r := range slices.Concat([]string{DimOrigin, DimDestination, DimNationality, DimPlace}, FlowRoles) {
			name := r
			if d := c.Dimension(r); d != nil {
				name = d.Name
			}
			word(r, name)
			word(r+".province", name+" by province")
		}
	case atAxis:
		for _, d := range c.dimensions {
			if slices.Contains(g.used, d.ID) {
				continue
			}
			word(d.ID, d.Name)
			for _, l := range d.Levels {
				word(d.ID+"."+l, d.Name+" by "+l)
			}
		}
	case atKey:
		for _, d := range c.dimensions {
			word(d.ID+"=", d.Name)
		}
	case afterKey:
		word("=", "is")
		word("!=", "is not")
	case atValue:
		return c.completeValue(g.key, begun)
	case afterValue:
		for _, d := range c.dimensions {
			word(d.ID+"=", d.Name)
		}
		clauses()
	case atOf:
		word("of", "of what")
	case atBase:
		word(string(OfRow), "of the row's total")
		word(string(OfColumn), "of the column's total")
		word(string(OfTotal), "of the grand total")
	case atFrom:
		word("from", "from when or what")
	case atChange:
		word(ChangePrevious, "the period before")
		word(ChangeYear, "the same period a year before")
	case atOnly:
		for _, k := range BecameKinds {
			word(k, "corridors that are "+k)
		}
	case atOrder:
		for _, k := range []string{"value", "name", "code", "region", "change"} {
			word(k, "by "+k)
		}
	case afterOrder:
		word("in", "of one column, such as 2024")
		word("desc", "largest first")
		word("asc", "smallest first")
		clauses()
	case afterClause:
		clauses()
	}
	return c.matching("", begun, all)
}

// clauseWords begin what may follow the axes.
var clauseWords = []Completion{
	{"where", "filters"}, {"percent", "percent of row, column or total"}, {"change", "change from an earlier period or another place"},
	{"order", "order of the rows"}, {"top", "the first rows only"}, {"at", "at a version of a dataset"},
}

// completeValue lists the codes of a dimension, by code or by any name.
func (c *Catalog) completeValue(key, begun string) []Completion {
	dim, level := key, ""
	d := c.FindDimension(key)
	switch {
	case d != nil:
		dim = d.ID
	case key == "country" || key == "province":
		dim, level = DimPlace, key
	default:
		return nil
	}
	var all []Completion
	for _, k := range c.Choices(dim) {
		if level == "" || k.Level == level {
			all = append(all, Completion{k.ID, k.Label})
		}
	}
	return c.matching(dim, begun, all)
}

// matching keeps what the letters begin, then what holds them.
func (c *Catalog) matching(dim, begun string, all []Completion) []Completion {
	low, f := strings.ToLower(begun), c.Fold(begun)
	type hit struct {
		Completion
		rank int
	}
	var hits []hit
	for _, k := range all {
		names := "\n" + c.Fold(k.Name)
		if dim != "" {
			names = "\n" + c.SearchText(dim, k.Text)
		}
		switch {
		case begun == "":
			hits = append(hits, hit{k, 0})
		case strings.HasPrefix(strings.ToLower(k.Text), low):
			hits = append(hits, hit{k, 0})
		case f != "" && strings.Contains(names, "\n"+f):
			hits = append(hits, hit{k, 1})
		case f != "" && strings.Contains(names, f), strings.Contains(strings.ToLower(k.Text), low):
			hits = append(hits, hit{k, 2})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.rank - b.rank })
	var out []Completion
	for _, h := range hits[:min(len(hits), maxCompletions)] {
		out = append(out, h.Completion)
	}
	return out
}
