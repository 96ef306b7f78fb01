package models

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// SyntaxError says where and why a slice cannot be read, with the nearest
// names where one was not known.
type SyntaxError struct {
	Pos  int // byte offset into the text
	Msg  string
	Near []string
}

func (e *SyntaxError) Error() string {
	msg := e.Msg
	if len(e.Near) > 0 {
		msg += "; did you mean " + strings.Join(e.Near, ", ") + "?"
	}
	return msg
}

// Clauses are the words by which a slice goes on behind its measure.
var Clauses = []string{"flow", "via", "by", "across", "where", "percent", "change", "only", "order", "top", "at"}

// ParseSlice reads the text form of a slice. Names, spellings and codes are
// looked up in the catalogue. Errors are of type *SyntaxError.
func ParseSlice(text string, c *Catalog) (Slice, error) {
	toks, err := lex(text)
	if err != nil {
		return Slice{}, err
	}
	p := &parser{toks: toks, cat: c, end: len(text)}
	s, err := p.slice()
	if err != nil {
		return Slice{}, err
	}
	return s.normal(), nil
}

// ParsePins finds the dataset versions that a slice is pinned to. It needs no
// catalogue, for only those versions may know the names in the rest: a pinned
// slice is read in two steps, this one and ParseSlice on what was opened.
func ParsePins(text string) ([]Version, error) {
	toks, err := lex(text)
	if err != nil {
		return nil, err
	}
	for i, t := range toks {
		if i == 0 || i+1 == len(toks) || t.kind != word || !strings.EqualFold(t.text, "at") ||
			toks[i-1].kind == symbol && toks[i-1].text != "]" || !strings.Contains(toks[i+1].text, "@") {
			continue
		}
		var s Slice
		err := (&parser{toks: toks[i+1:], end: len(text)}).versions(&s)
		return s.At, err
	}
	return nil, nil
}

type tokenKind uint8

const (
	eof tokenKind = iota
	word
	quoted
	symbol
)

type token struct {
	kind tokenKind
	text string
	pos  int
}

func wordRune(r rune) bool {
	return !unicode.IsSpace(r) && !unicode.IsControl(r) && r != unicode.ReplacementChar && !strings.ContainsRune(`"[],=!+/;`, r)
}

func lex(s string) ([]token, error) {
	var out []token
	for i := 0; i < len(s); {
		r := rune(s[i])
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r':
			i++
		case r == '"':
			text, n, ok := lexQuoted(s[i:])
			if !ok {
				return nil, &SyntaxError{Pos: i, Msg: `a double quote is not closed`}
			}
			out = append(out, token{quoted, text, i})
			i += n
		case strings.HasPrefix(s[i:], "!="):
			out = append(out, token{symbol, "!=", i})
			i += 2
		case strings.ContainsRune("[],=+/;", r):
			out = append(out, token{symbol, string(r), i})
			i++
		default:
			j := i + strings.IndexFunc(s[i:]+" ", func(r rune) bool { return !wordRune(r) })
			if j == i {
				return nil, &SyntaxError{Pos: i, Msg: fmt.Sprintf("%q has no meaning here", firstRune(s[i:]))}
			}
			out = append(out, token{word, s[i:j], i})
			i = j
		}
	}
	return out, nil
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

func lexQuoted(s string) (text string, n int, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), i + 1, true
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
		}
		b.WriteByte(s[i])
	}
	return "", 0, false
}

type parser struct {
	toks []token
	cat  *Catalog
	end  int
}

func (p *parser) peek() token {
	if len(p.toks) == 0 {
		return token{pos: p.end}
	}
	return p.toks[0]
}

func (p *parser) next() token {
	t := p.peek()
	if len(p.toks) > 0 {
		p.toks = p.toks[1:]
	}
	return t
}

// is reports whether the next token is that keyword or symbol.
func (p *parser) is(s string) bool {
	t := p.peek()
	return t.kind == symbol && t.text == s || t.kind == word && strings.EqualFold(t.text, s)
}

// take consumes the keyword or symbol if it comes next.
func (p *parser) take(s string) bool {
	if !p.is(s) {
		return false
	}
	p.next()
	return true
}

func (p *parser) need(s string) error {
	if p.take(s) {
		return nil
	}
	t := p.peek()
	if t.kind == eof {
		return p.fail(t, "expected %q at the end", s)
	}
	return p.fail(t, "expected %q before %q", s, t.text)
}

func (p *parser) fail(t token, format string, args ...any) error {
	return &SyntaxError{Pos: t.pos, Msg: fmt.Sprintf(format, args...)}
}

func (p *parser) slice() (s Slice, err error) {
	if err = p.measure(&s); err != nil {
		return s, err
	}
	if p.take("flow") {
		if s.From, err = p.role(); err != nil {
			return s, err
		}
		if err = p.via(&s); err != nil {
			return s, err
		}
		if err = p.need("to"); err != nil {
			return s, err
		}
		if s.To, err = p.role(); err != nil {
			return s, err
		}
		if s.From.Dim == s.To.Dim {
			return s, p.fail(p.peek(), "a flow needs two different ends, such as origin to destination")
		}
		if s.From.held() == s.To.held() {
			return s, p.fail(p.peek(), "%s and %s are the same place, so nobody moves between them; a flow needs two different ends, such as origin to destination", s.From.Dim, s.To.Dim)
		}
	}
	if p.take("by") {
		if s.By, err = p.axes(); err != nil {
			return s, err
		}
	}
	if p.take("across") {
		if s.Across, err = p.axes(); err != nil {
			return s, err
		}
	}
	if s.Via.Dim != "" && len(s.By)+len(s.Across) > 0 {
		return s, p.fail(p.peek(), "routes have no rows and columns of their own; leave out by and across, or via")
	}
	if err = p.distinctAxes(s); err != nil {
		return s, err
	}
	if p.take("where") {
		if s.Where, err = p.terms(); err != nil {
			return s, err
		}
	}
	err = p.clauses(&s)
	return s, err
}

// via reads the stops between both ends of a flow.
func (p *parser) via(s *Slice) (err error) {
	if !p.take("via") {
		return nil
	}
	t := p.peek()
	if s.Via, err = p.role(); err != nil {
		return err
	}
	if s.Via.Dim != DimTransit {
		return p.fail(t, "a route leads via transit, not via %s", s.Via.Dim)
	}
	return nil
}

func (p *parser) distinctAxes(s Slice) error {
	seen := map[string]bool{}
	if s.Via.Dim != "" {
		seen[s.Via.held()] = true
	}
	for _, a := range s.Axes() {
		if seen[a.held()] {
			return p.fail(p.peek(), "%s is used twice: each dimension can be rows or columns once", a.Dim)
		}
		seen[a.held()] = true
	}
	return nil
}

func (p *parser) measure(s *Slice) (err error) {
	switch {
	case p.take("range"):
		s.Op = Range
	case p.is("share"):
		p.next()
		s.Op = Part
		if s.Of, err = p.terms(); err != nil {
			return err
		}
		if err = p.need("of"); err != nil {
			return err
		}
	}
	for {
		part, err := p.part()
		if err != nil {
			return err
		}
		s.Parts = append(s.Parts, part)
		t := p.peek()
		joins := t.kind == symbol && (t.text == "+" || t.text == "/" || t.text == ";" || t.text == ",")
		switch {
		case !joins:
			return nil
		case s.Op == Range && t.text != ",", s.Op == Part,
			s.Op != Range && t.text == ",", s.Op != One && s.Op != Range && string(s.Op) != t.text:
			return p.fail(t, "a measure is A + B, A / B, A ; B, range A, B or share TERM of A; they do not mix")
		case s.Op == Ratio:
			return p.fail(t, "a ratio has two parts")
		case s.Op == One:
			s.Op = Op(t.text)
		}
		p.next()
	}
}

func (p *parser) part() (Item, error) {
	t := p.next()
	if t.kind != word && t.kind != quoted {
		return Item{}, p.fail(t, "a slice starts with an indicator, such as vic_identified")
	}
	ind := p.cat.FindIndicator(t.text)
	if ind == nil {
		return Item{}, &SyntaxError{Pos: t.pos, Msg: fmt.Sprintf("no indicator is called %q", t.text), Near: p.cat.NearIndicators(t.text)}
	}
	it := Item{Indicator: ind.ID}
	if p.take("[") {
		ts, err := p.terms()
		if err != nil {
			return it, err
		}
		it.Where = ts
		return it, p.need("]")
	}
	return it, nil
}

// held names the dimension in which the data hold an axis: a person's place is
// the place of identification.
func (a Axis) held() string {
	if a.Dim == "identification" {
		return DimPlace
	}
	return a.Dim
}

// FlowRoles are the ends that a flow may have, besides dimensions.
var FlowRoles = []string{"recruitment", "departure", "transit", "exploitation", "identification", "return"}

func (p *parser) role() (Axis, error) {
	t := p.peek()
	name, level, _ := strings.Cut(strings.ToLower(t.text), ".")
	for _, r := range FlowRoles {
		if t.kind == word && name == r && name != DimExploitation {
			p.next()
			return p.level(t, Axis{Dim: r}, DimPlace, level)
		}
	}
	a, err := p.axis()
	if err != nil {
		return a, err
	}
	switch a.Dim {
	case DimOrigin, DimDestination, DimPlace, DimNationality, DimReporter:
		return a, nil
	case DimExploitation: // as a role it is the place of actual exploitation
		return Axis{DimDestination, a.Level}, nil
	}
	return a, p.fail(t, "%s is no end of a flow: use origin, recruitment, transit, destination, place, return or nationality", a.Dim)
}

func (p *parser) axes() ([]Axis, error) {
	var out []Axis
	for {
		a, err := p.axis()
		if err != nil {
			return nil, err
		}
		out = append(out, a)
		if !p.take(",") {
			return out, nil
		}
	}
}

func (p *parser) axis() (Axis, error) {
	t := p.next()
	if t.kind != word && t.kind != quoted {
		return Axis{}, p.fail(t, "expected a dimension, such as province or year")
	}
	name, level, dotted := strings.Cut(t.text, ".")
	low := strings.ToLower(t.text)
	if dim := levelWords[low]; dim != "" {
		return Axis{dim, low}, nil
	}
	d := p.cat.FindDimension(name)
	if d == nil {
		return Axis{}, &SyntaxError{Pos: t.pos, Msg: fmt.Sprintf("no dimension is called %q", name), Near: p.cat.nearDimensions(name)}
	}
	if !dotted {
		return Axis{Dim: d.ID}, nil
	}
	return p.level(t, Axis{Dim: d.ID}, d.ID, strings.ToLower(level))
}

func (p *parser) level(t token, a Axis, dim, level string) (Axis, error) {
	if level == "" {
		return a, nil
	}
	if dim == DimNationality && level == "foreign" {
		level = "group"
	}
	d := p.cat.Dimension(dim)
	if d == nil || d.LevelIndex(level) < 0 {
		var levels []string
		if d != nil {
			levels = d.Levels
		}
		if len(levels) == 0 {
			return a, p.fail(t, "%s has no levels", a.Dim)
		}
		return a, p.fail(t, "%s has no level %q; its levels are %s", a.Dim, level, strings.Join(levels, ", "))
	}
	a.Level = level
	if dim == DimYear && level == "year" {
		a.Level = ""
	}
	return a, nil
}

func (p *parser) terms() ([]Term, error) {
	var out []Term
	seen := map[string]string{}
	for {
		t := p.peek()
		if t.kind != word || len(p.toks) < 2 || p.toks[1].kind != symbol || p.toks[1].text != "=" && p.toks[1].text != "!=" {
			if len(out) == 0 {
				return nil, p.fail(t, "expected a filter such as sex=F or year=2019..2025")
			}
			return out, nil
		}
		term, err := p.term()
		if err != nil {
			return nil, err
		}
		if first, dup := seen[term.Dim]; dup {
			return nil, p.fail(t, "%s is filtered twice (%s and %s): put all values into one filter", term.Dim, first, t.text)
		}
		seen[term.Dim] = t.text
		out = append(out, term)
	}
}

func (p *parser) term() (Term, error) {
	t := p.next()
	dim := levelWords[strings.ToLower(t.text)]
	if dim == "" {
		d := p.cat.FindDimension(t.text)
		if d == nil {
			return Term{}, &SyntaxError{Pos: t.pos, Msg: fmt.Sprintf("no dimension is called %q", t.text), Near: p.cat.nearDimensions(t.text)}
		}
		dim = d.ID
	}
	term := Term{Dim: dim, Not: p.next().text == "!="}
	for {
		v := p.next()
		if v.kind != word && v.kind != quoted {
			return term, p.fail(v, "expected a value after %s", t.text)
		}
		if code, _ := p.cat.Find(dim, v.text); dim == DimYear && code != nil && code.ID == Unknown {
			term.Codes = append(term.Codes, Unknown)
		} else if dim == DimYear {
			span, err := ParsePeriod(v.text)
			if err != nil {
				return term, p.fail(v, "%v", err)
			}
			term.Spans = append(term.Spans, span)
		} else if code, err := p.value(dim, v); err != nil {
			return term, err
		} else {
			term.Codes = append(term.Codes, code)
		}
		if len(term.Spans) > maxSpans {
			return term, p.fail(v, "%s has more than %d periods; write ranges, such as 2019..2025", dim, maxSpans)
		}
		if len(term.Codes) > maxCodes {
			return term, p.fail(v, "%s has more than %d values; filter by fewer", dim, maxCodes)
		}
		if !p.take(",") {
			return term, nil
		}
	}
}

// A filter lists no more than this: the work of an answer grows with each.
const (
	maxSpans = 200
	maxCodes = 2000
)

func (p *parser) value(dim string, v token) (string, error) {
	if Printable(v.text) != v.text { // it would be echoed, and steer the terminal
		return "", p.fail(v, "%s knows no %q", dim, v.text)
	}
	if dim == DimDataset {
		return v.text, nil
	}
	code, sure := p.cat.Find(dim, v.text)
	switch {
	case code != nil && sure:
		return code.ID, nil
	case code != nil:
		return "", p.fail(v, "%q is not a code of %s itself but belongs to %s: write %s", v.text, dim, code.Label, code.ID)
	case p.cat.Open(dim):
		return v.text, nil
	}
	return "", &SyntaxError{Pos: v.pos, Msg: fmt.Sprintf("%s knows no %q", dim, v.text), Near: p.cat.NearCodes(dim, v.text)}
}

func (p *parser) clauses(s *Slice) error {
	seen := map[string]bool{}
	for {
		t := p.next()
		if t.kind == eof {
			return nil
		}
		key := strings.ToLower(t.text)
		if seen[key] {
			return p.fail(t, "%q stands twice", key)
		}
		seen[key] = true
		var err error
		switch {
		case t.kind != word:
			err = p.fail(t, "%q has no meaning here", t.text)
		case key == "percent":
			err = p.percent(s)
		case key == "change":
			err = p.change(s)
		case key == "order":
			err = p.order(s)
		case key == "top":
			n, e := strconv.Atoi(p.peek().text)
			if e != nil || n < 1 || n > 1_000_000 {
				return p.fail(p.peek(), "top needs a whole number from 1 up")
			}
			p.next()
			s.Top = n
		case key == "at":
			err = p.versions(s)
		case key == "flow" || key == "via" || key == "by" || key == "across" || key == "where":
			err = p.fail(t, "%q comes earlier: flow, by, across and where stand in this order before all other clauses", key)
		default:
			err = &SyntaxError{Pos: t.pos, Msg: fmt.Sprintf("%q has no meaning here", t.text),
				Near: Nearest(t.text, Clauses, 1)}
		}
		if err != nil {
			return err
		}
	}
}

func (p *parser) percent(s *Slice) error {
	if err := p.need("of"); err != nil {
		return err
	}
	t := p.next()
	switch b := Base(strings.ToLower(t.text)); b {
	case OfRow, OfColumn, OfTotal:
		s.Percent = b
		return nil
	}
	return p.fail(t, "percent of row, column or total, not %q", t.text)
}

// change reads what numbers are compared with, and of a flow which corridors
// are wanted.
func (p *parser) change(s *Slice) error {
	if err := p.changeFrom(s); err != nil || !p.take("only") {
		return err
	}
	t := p.next()
	s.Change.Only = strings.ToLower(t.text)
	switch {
	case !slices.Contains(BecameKinds, s.Change.Only):
		return p.fail(t, "only new, gone, grown or shrunk, not %q", t.text)
	case !s.IsFlow() || len(s.By)+len(s.Across) > 0:
		return p.fail(t, "only %s is for the corridors of a flow, without by and across", s.Change.Only)
	}
	return nil
}

func (p *parser) changeFrom(s *Slice) error {
	if err := p.need("from"); err != nil {
		return err
	}
	if len(p.toks) > 1 && p.toks[1].kind == symbol && p.toks[1].text == "=" {
		term, err := p.term()
		switch {
		case err != nil:
			return err
		case term.Dim == DimYear && len(term.Spans) == 1 && len(term.Codes) == 0:
			s.Change = Change{Kind: ChangeSpan, Span: term.Spans[0]}
		case term.Dim == DimYear:
			return p.fail(p.peek(), "change from one period, such as 2015")
		default:
			s.Change = Change{Kind: ChangeTerm, Term: term}
		}
		return nil
	}
	t := p.next()
	switch k := strings.ToLower(t.text); k {
	case ChangePrevious, ChangeYear:
		s.Change.Kind = k
		return nil
	}
	span, err := ParsePeriod(t.text)
	if err != nil {
		return p.fail(t, "change from a period, previous, year or a filter such as place=KH-3, not %q", t.text)
	}
	s.Change = Change{Kind: ChangeSpan, Span: span}
	return nil
}

func (p *parser) order(s *Slice) error {
	t := p.next()
	switch k := strings.ToLower(t.text); k {
	case "value", "code", "name", "change", "region":
		s.Order.Key = k
	default:
		return p.fail(t, "order value, code, name, region or change, not %q", t.text)
	}
	if s.Order.Key == "value" && p.take("in") {
		for {
			t := p.next()
			if t.kind != word {
				return p.fail(t, "order value in a column, such as 2024")
			}
			s.Order.In += t.text
			if !p.take(",") {
				break
			}
			s.Order.In += ","
		}
	}
	switch {
	case p.take("desc"):
		s.Order.Desc = true
	case p.take("asc"):
	}
	return nil
}

func (p *parser) versions(s *Slice) error {
	seen := map[string]bool{}
	for {
		t := p.next()
		id, n, ok := strings.Cut(t.text, "@")
		v, err := strconv.Atoi(n)
		if t.kind != word || !ok || !ValidDatasetID(id) || err != nil || v < 1 || v > 1_000_000 {
			return p.fail(t, "expected a version such as ncct@3, not %q", t.text)
		}
		if seen[id] {
			return p.fail(t, "%s stands twice: a question uses one version of a dataset", id)
		}
		seen[id] = true
		s.At = append(s.At, Version{id, v})
		if !p.take(",") {
			return nil
		}
	}
}
