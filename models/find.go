package models

import (
	"slices"
	"strings"
	"unicode"
)

// FindIndicator resolves an id or a name of an indicator.
func (c *Catalog) FindIndicator(text string) *Indicator {
	if i := c.byIndicator[text]; i != nil {
		return i
	}
	if f := c.fold("", text); f != "" {
		return c.indicatorNames[f]
	}
	return nil
}

// FindDimension resolves an id or a name of a dimension.
func (c *Catalog) FindDimension(text string) *Dimension {
	if d := c.byDimension[text]; d != nil {
		return d
	}
	f := c.fold("", text)
	for _, d := range c.dimensions {
		if f != "" && (c.fold("", d.ID) == f || c.fold("", d.Name) == f || c.fold("", d.Plural) == f) {
			return d
		}
	}
	return nil
}

// Open reports whether a dimension takes any code, as kept columns do: the
// catalogue has no list for it.
func (c *Catalog) Open(dim string) bool {
	return dim == DimDataset || len(c.lists[c.list(dim)]) == 0
}

// commonest is the indicator that most questions are about.
const commonest = "vic_identified"

// NearIndicators lists the three indicators whose id or name is nearest: those
// that hold the words typed come first, the commonest of them before others.
func (c *Catalog) NearIndicators(text string) []string {
	out := c.indicatorsWith(text)
	for _, id := range c.spelledLike(text) {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out[:min(len(out), 3)]
}

// indicatorsWith lists the indicators whose name or id holds every word of a
// text. Those with many breakdowns are the ones that people count by.
func (c *Catalog) indicatorsWith(text string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == '_' || unicode.IsSpace(r) }) {
		if f := c.fold("", w); f != "" {
			words = append(words, f)
		}
	}
	if len(c.fold("", text)) < 3 {
		return nil
	}
	var found []*Indicator
	for _, i := range c.indicators {
		name, id := c.fold("", i.Name), c.fold("", i.ID)
		if !i.Hidden && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, w) && !strings.Contains(id, w) }) {
			found = append(found, i)
		}
	}
	rank := func(i *Indicator) int {
		switch {
		case i.ID == commonest:
			return -1 << 20
		case i.Measure != Count || i.Group != "":
			return 1 << 20
		}
		return -len(i.Dims)
	}
	slices.SortStableFunc(found, func(a, b *Indicator) int { return rank(a) - rank(b) })
	var out []string
	for _, i := range found {
		out = append(out, i.ID)
	}
	return out
}

// spelledLike lists the indicators whose id or name takes the fewest changes.
func (c *Catalog) spelledLike(text string) []string {
	var ids, names []string
	byName := map[string]string{}
	for _, i := range c.indicators {
		ids = append(ids, i.ID)
		names = append(names, i.Name)
		byName[i.Name] = i.ID
	}
	return mergeNear(Nearest(text, ids, 3), Nearest(text, names, 3), byName)
}

func (c *Catalog) nearDimensions(text string) []string {
	ids := []string{"country", "province", "half", "quarter", "month"}
	for _, d := range c.dimensions {
		ids = append(ids, d.ID)
	}
	return Nearest(text, ids, 3)
}

// NearCodes lists the three codes of a dimension whose id or label is nearest,
// each with its label.
func (c *Catalog) NearCodes(dim, text string) []string {
	var ids, names []string
	byName := map[string]string{}
	for _, k := range c.Choices(dim) {
		ids = append(ids, k.ID)
		names = append(names, k.Label)
		byName[k.Label] = k.ID
	}
	near := mergeNear(Nearest(text, names, 3), Nearest(text, ids, 3), byName)
	for i, id := range near {
		if l := c.Label(dim, id); l != id {
			near[i] = id + " (" + l + ")"
		}
	}
	return near
}

// Choices lists the codes a filter on the dimension may take, the common
// codes last.
func (c *Catalog) Choices(dim string) []*Code {
	var out []*Code
	list := c.list(dim)
	out = append(out, c.lists[list]...)
	if list == "nationality" {
		for _, k := range c.lists["area"] {
			if k.Level == "country" {
				out = append(out, k)
			}
		}
	}
	return out
}

// mergeNear joins two lists of near names into at most three ids.
func mergeNear(a, b []string, byName map[string]string) []string {
	var out []string
	seen := map[string]bool{}
	for i := 0; i < 3; i++ {
		for _, l := range [][]string{a, b} {
			if i >= len(l) {
				continue
			}
			id := l[i]
			if k, ok := byName[id]; ok {
				id = k
			}
			if !seen[id] && len(out) < 3 {
				seen[id] = true
				out = append(out, id)
			}
		}
	}
	return out
}

// SearchText gives the folded names by which typing may find a code, a line
// each, its label first.
func (c *Catalog) SearchText(dim, code string) string {
	l := c.list(dim)
	names := []string{code}
	if k := c.Code(dim, code); k != nil {
		names = append([]string{k.Label, code, k.LabelKM}, append(append([]string{}, k.Aliases...), k.Doubtful...)...)
		l = k.List
	}
	var out []string
	for _, n := range names {
		if f := c.fold(l, n); f != "" {
			out = append(out, f)
		}
	}
	return strings.Join(out, "\n")
}

// Fold reduces typed text the way names are reduced before they are compared.
func (c *Catalog) Fold(text string) string { return c.fold("area", text) }
