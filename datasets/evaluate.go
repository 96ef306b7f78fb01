package datasets

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"tiplens/models"
)

type evalFunc func(get func(column string) string) (result, bool)

// evaluator turns a field into a function that says what it gives and whether
// anything was stated.
func (p *plan) evaluator(name string, f *Field) evalFunc {
	self := p.evalSelf(name, f)
	none := f.None
	var other evalFunc
	if f.Else != nil {
		other = p.evaluator(name, f.Else)
	}
	return func(get func(string) string) (result, bool) {
		if holds(f.When, get) {
			if r, ok := self(get); ok {
				return r, true
			}
		}
		if other != nil {
			if r, ok := other(get); ok || r.code != "" {
				return r, ok
			}
		}
		return result{code: none}, false
	}
}

func holds(w When, get func(string) string) bool {
	for c, vals := range w {
		v := get(c)
		if !slices.ContainsFunc(vals, func(want string) bool {
			if other, ok := strings.CutPrefix(want, "="); ok {
				want = get(other)
			}
			return want == "*" && v != "" || strings.EqualFold(want, v)
		}) {
			return false
		}
	}
	return true
}

func (p *plan) evalSelf(name string, f *Field) evalFunc {
	switch {
	case f.Const != "":
		return func(func(string) string) (result, bool) { return result{code: f.Const}, true }
	case len(f.Cases) > 0:
		return p.evalCases(name, f)
	case len(f.Flags) > 0:
		return p.evalFlags(name, f)
	}
	one := p.lookup(name, f)
	var re *regexp.Regexp
	if f.Match != "" {
		re = regexp.MustCompile(f.Match) // checked when the recipe was read
	}
	return func(get func(string) string) (result, bool) {
		var parts []string
		stated := false
		for _, c := range f.From {
			v := f.stated(get(c))
			stated = stated || v != ""
			parts = append(parts, v)
		}
		if !stated {
			return result{}, false
		}
		text := strings.Join(parts, " | ")
		if re != nil {
			m := re.FindStringSubmatch(text)
			if m == nil {
				return result{}, false
			}
			text = m[len(m)-1]
		}
		if f.Split == "" {
			r := one(text)
			return r, r.code != "" || r.concern >= undecided
		}
		return p.evalSplit(text, f, one)
	}
}

// stated gives the text of a cell, nothing where it is one of the field's
// marks of nothing stated.
func (f *Field) stated(text string) string {
	if text != "" && slices.ContainsFunc(f.Missing, func(m string) bool { return strings.EqualFold(m, text) }) {
		return ""
	}
	return text
}

// evalSplit maps each part of a cell that holds several values.
func (p *plan) evalSplit(text string, f *Field, one func(string) result) (result, bool) {
	var codes []string
	out := result{text: text}
	for _, part := range strings.Split(text, f.Split) {
		part = strings.TrimSpace(part)
		if part == "" || p.missing[strings.ToLower(part)] {
			continue
		}
		r := one(part)
		out.uses = append(out.uses, r.uses...)
		if r.concern != noConcern {
			out.concern = max(out.concern, r.concern)
			if r.concern == undecided { // told as a name
				out.parted = true
				continue
			}
			out.doubts = append(out.doubts, doubt{part, r.code, r.concern})
		}
		if r.code != "" {
			codes = append(codes, r.code)
			out.stops = append(out.stops, result{code: r.code, text: part})
		}
	}
	out.code = p.join(codes)
	return out, out.code != "" || out.concern >= undecided
}

// join makes one value of several codes, without those that a finer one of
// them implies.
func (p *plan) join(codes []string) string {
	slices.SortFunc(codes, models.CompareCodes)
	codes = slices.Compact(codes)
	kept := slices.DeleteFunc(slices.Clone(codes), func(c string) bool {
		return slices.ContainsFunc(codes, func(o string) bool { return o != c && strings.HasPrefix(o, c+".") }) ||
			c == models.Unknown && len(codes) > 1
	})
	return strings.Join(kept, models.SetJoin)
}

func (p *plan) evalCases(name string, f *Field) evalFunc {
	var cases []evalFunc
	for i := range f.Cases {
		c := f.Cases[i]
		c.When = nil
		cases = append(cases, p.evaluator(name, &c))
	}
	return func(get func(string) string) (result, bool) {
		for i, c := range cases {
			if holds(f.Cases[i].When, get) {
				return c(get)
			}
		}
		return result{}, false
	}
}

func (p *plan) evalFlags(name string, f *Field) evalFunc {
	var columns []string
	for c := range f.Flags {
		columns = append(columns, c)
	}
	slices.Sort(columns)
	return func(get func(string) string) (result, bool) {
		var codes, texts []string
		for _, c := range columns {
			switch v := strings.ToLower(get(c)); v {
			case "1", "1.0", "yes", "y", "true", "x":
				codes = append(codes, strings.Split(f.Flags[c], models.SetJoin)...)
				texts = append(texts, c+"="+v)
			}
		}
		return result{code: p.join(codes), text: strings.Join(texts, "; ")}, len(codes) > 0
	}
}

// lookup maps one text to a code: by the field's own values, then by the names
// of the dimension.
func (p *plan) lookup(name string, f *Field) func(text string) result {
	dim := name
	if f.As != "" {
		dim = f.As
	}
	if name == "leg_place" {
		dim = models.DimPlace
	}
	values := map[string]string{}
	for k, v := range f.Values {
		values[strings.ToLower(k)] = v
	}
	plain := slices.Contains(plainFields, name) && f.As == ""
	return func(text string) result {
		if c, ok := values[strings.ToLower(text)]; ok {
			return result{code: c, text: text}
		}
		if code := ageBand(f.Bands, text); code != "" {
			r := result{code: code, text: text}
			if hasNativeDigits(text) {
				r.concern = nativeDigits
			}
			return r
		}
		if plain || slices.Contains(freeText, name) {
			return result{code: text, text: text}
		}
		if name == "indicator" {
			if c := p.matchIndicator(text, values); c != "" {
				return result{code: c, text: text}
			}
			return result{text: text, concern: unreadable}
		}
		if code, ok := p.recipe.Decided(dim, text); ok {
			return p.asDecided(dim, text, code)
		}
		found := p.matcher.Match(dim, text, f.Within)
		if found.How.Sure() {
			return certain(dim, text, found)
		}
		if c, ok := values["*"]; ok {
			return result{code: c, text: text}
		}
		if p.cat.Open(dim) {
			return result{code: Clean(text), text: text}
		}
		if r, ok := p.unsure(dim, text, found); ok {
			return r
		}
		r := result{code: models.Other, text: text, concern: unknownText}
		if dim == models.DimReporter || dim == models.DimAgency || dim == models.DimPlace && p.recipe.Grain == models.Figure || dim == "qualifier" || dim == "obs_status" {
			r.concern = unreadable // a figure of nobody knows whom is no figure
		}
		return r
	}
}

// ageBand puts an age in completed years into one of the bands that begin at
// the given ages; the last one is open.
func ageBand(starts []int, text string) string {
	if len(starts) == 0 {
		return ""
	}
	years, ok := parseNumber(text)
	age := int(years)
	if !ok || float64(age) != years || age < starts[0] || age > 120 {
		return ""
	}
	i, found := slices.BinarySearch(starts, age)
	if !found {
		i--
	}
	if i == len(starts)-1 {
		return fmt.Sprintf("Y_GE%d", starts[i])
	}
	return fmt.Sprintf("Y%dT%d", starts[i], starts[i+1]-1)
}

// matchIndicator resolves the indicator column: a value in which "*" stands for
// any text of one of the joined columns, the one with the fewest stars first
// and of these the one that names an earlier column, or an id or name of the
// catalogue.
func (p *plan) matchIndicator(text string, values map[string]string) string {
	parts := strings.Split(strings.ToLower(text), " | ")
	best, stars := "", len(parts)+1
	for _, k := range slices.Backward(slices.Sorted(maps.Keys(values))) { // a star sorts before letters and digits
		want := strings.Split(k, " | ")
		n, ok := 0, len(want) == len(parts)
		for i := 0; ok && i < len(want); i++ {
			if want[i] == "*" {
				n++
			}
			ok = want[i] == "*" || want[i] == parts[i]
		}
		if ok && n > 0 && n < stars {
			best, stars = values[k], n
		}
	}
	if best != "" {
		return best
	}
	if i := p.cat.FindIndicator(text); i != nil {
		return i.ID
	}
	return ""
}
