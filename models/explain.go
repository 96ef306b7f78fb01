package models

import (
	"fmt"
	"strings"
)

// Explanation is what the dictionary says of one id.
type Explanation struct {
	Kind  string // indicator, dimension, code, agency, rule
	ID    string
	Name  string
	Lines [][2]string // what, and what is said of it
}

// String lays the explanation out as text, a line each.
func (e Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s %s)\n", e.Name, e.Kind, e.ID)
	for _, l := range e.Lines {
		if l[1] != "" {
			fmt.Fprintf(&b, "  %s: %s\n", l[0], l[1])
		}
	}
	return b.String()
}

// Explain finds everything that an id or a name stands for. A code that
// several dimensions know is answered for each unless it is written
// dimension:code.
func (c *Catalog) Explain(text string) []Explanation {
	var out []Explanation
	if i := c.FindIndicator(text); i != nil {
		out = append(out, c.explainIndicator(i))
	}
	if d := c.FindDimension(text); d != nil {
		out = append(out, c.explainDimension(d))
	}
	dim, code, qualified := strings.Cut(text, ":")
	seen := map[*Code]bool{}
	for _, d := range c.dimensions {
		want := text
		if qualified {
			if !strings.EqualFold(d.ID, dim) {
				continue
			}
			want = code
		}
		k, _ := c.Find(d.ID, want)
		if k == nil || seen[k] {
			continue
		}
		seen[k] = true
		out = append(out, c.explainCode(d, k))
	}
	return out
}

func (c *Catalog) explainIndicator(i *Indicator) Explanation {
	e := Explanation{Kind: "indicator", ID: i.ID, Name: i.Name}
	add := func(what, said string) { e.Lines = append(e.Lines, [2]string{what, said}) }
	add("counts", i.Definition)
	unit := i.Unit
	if i.Counted != "" {
		unit += " (" + i.Counted + ")"
	}
	add("unit", unit)
	add("not to be confused with", i.ConfusedWith)
	if i.Stage >= 0 {
		add("stage", fmt.Sprintf("%d of the %s pipeline", i.Stage, i.Pipeline))
	}
	add("kind", string(i.Measure)+", "+string(i.Time))
	if len(i.NotAdditive) > 0 {
		add("does not add over", strings.Join(i.NotAdditive, ", ")+", agency")
	}
	add("formula", i.Formula)
	add("reported by", strings.Join(i.Reporters, ", "))
	add("standard", i.Standard)
	add("in Khmer", i.NameKM)
	return e
}

func (c *Catalog) explainDimension(d *Dimension) Explanation {
	e := Explanation{Kind: "dimension", ID: d.ID, Name: d.Name, Lines: [][2]string{{"is", d.Definition}}}
	if len(d.Levels) > 0 {
		e.Lines = append(e.Lines, [2]string{"levels", strings.Join(d.Levels, ", ")})
	}
	if d.Multi {
		e.Lines = append(e.Lines, [2]string{"note", "one person can have several, so rows do not add up"})
	}
	var codes []string
	for _, k := range c.Choices(d.ID) {
		if len(codes) == 40 {
			codes = append(codes, "…")
			break
		}
		codes = append(codes, k.ID+" "+k.Label)
	}
	e.Lines = append(e.Lines, [2]string{"codes", strings.Join(codes, "; ")})
	return e
}

func (c *Catalog) explainCode(d *Dimension, k *Code) Explanation {
	e := Explanation{Kind: "code of " + strings.ToLower(d.Name), ID: d.ID + ":" + k.ID, Name: k.Label}
	if d.ID == DimAgency {
		e.Kind, e.ID = "agency", k.ID
	}
	add := func(what, said string) { e.Lines = append(e.Lines, [2]string{what, said}) }
	if k.Parent != "" {
		add("part of", c.Label(d.ID, k.Parent))
	}
	add("level", k.Level)
	add("kind", k.Kind)
	add("country", k.Country)
	add("members", strings.Join(k.Members, ", "))
	add("also written", strings.Join(append(append([]string{}, k.Aliases...), k.Doubtful...), "; "))
	add("borders", strings.Join(k.Borders, ", "))
	if k.ValidFrom != NoDate && k.ValidFrom != 0 {
		add("valid from", k.ValidFrom.String())
	}
	add("note", k.Note)
	add("in Khmer", k.LabelKM)
	return e
}

// NearAnything lists ids near a text, of all kinds.
func (c *Catalog) NearAnything(text string) []string {
	all := append(c.NearIndicators(text), c.nearDimensions(text)...)
	for _, d := range c.dimensions {
		for _, k := range c.lists[d.List] {
			all = append(all, k.ID, k.Label)
		}
	}
	var out []string
	for _, s := range Nearest(text, all, 6) {
		dup := false
		for _, o := range out {
			dup = dup || o == s
		}
		if !dup && len(out) < 3 {
			out = append(out, s)
		}
	}
	return out
}
