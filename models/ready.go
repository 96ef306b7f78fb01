package models

import (
	"slices"
	"strings"
)

// Ready is a filter that people ask for by a name of its own. It is made of
// ordinary terms, which stand in the slice as any others do.
type Ready struct {
	Name  string
	Terms []Term
}

// Home is the country whose provinces the catalogue knows, "" without one.
func (c *Catalog) Home() string {
	for _, k := range c.lists["area"] {
		if k.Level == "province" && k.Parent != "" {
			return k.Parent
		}
	}
	return ""
}

// ReadyFilters lists the ready filters. Figures name foreigners as a group, of
// which the countries may not be published; records name countries.
func (c *Catalog) ReadyFilters(figures bool) []Ready {
	home := c.Home()
	is := func(dim string, codes ...string) Term { return Term{Dim: dim, Codes: codes} }
	not := func(dim string, codes ...string) Term { return Term{Dim: dim, Not: true, Codes: codes} }
	foreigners := not(DimNationality, home, Unknown)
	if figures {
		foreigners = is(DimNationality, Foreign)
	}
	girl, adult := is(DimAge, "Y0T17"), is(DimAge, "Y_GE18")
	out := []Ready{
		{"Nationals at home", []Term{is(DimPlace, home), is(DimNationality, home)}},
		{"Nationals abroad", []Term{not(DimPlace, home, Unknown), is(DimNationality, home)}},
		{"Foreigners here", []Term{is(DimPlace, home), foreigners}},
	}
	borders := c.borders(home)
	var all []string
	for _, country := range sortedNames(borders) {
		all = append(all, borders[country]...)
	}
	if len(all) > 0 {
		out = append(out, Ready{"Border provinces", []Term{is(DimPlace, all...)}})
	}
	for _, country := range sortedNames(borders) {
		out = append(out, Ready{"Border with " + c.Label(DimPlace, country), []Term{is(DimPlace, borders[country]...)}})
	}
	out = append(out,
		Ready{"Children", []Term{girl}}, Ready{"Adults", []Term{adult}},
		Ready{"Women", []Term{is(DimSex, "F"), adult}}, Ready{"Girls", []Term{is(DimSex, "F"), girl}},
		Ready{"Men", []Term{is(DimSex, "M"), adult}}, Ready{"Boys", []Term{is(DimSex, "M"), girl}},
		Ready{"Age not stated", []Term{is(DimAge, Unknown)}},
	)
	for i := range out {
		for k := range out[i].Terms {
			out[i].Terms[k] = normalTerms([]Term{out[i].Terms[k]})[0]
		}
	}
	return out
}

// borders lists the provinces at home by the country that they border.
func (c *Catalog) borders(home string) map[string][]string {
	out := map[string][]string{}
	for _, k := range c.lists["area"] {
		if k.Parent != home {
			continue
		}
		for _, country := range k.Borders {
			out[country] = append(out[country], k.ID)
		}
	}
	return out
}

func sortedNames(m map[string][]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// ReadyName names a filter on places that is a ready one by itself, so that
// nine provinces read as a border.
func (c *Catalog) ReadyName(t Term) string {
	if t.Dim != DimPlace || len(t.Codes) < 2 {
		return ""
	}
	for _, r := range c.ReadyFilters(false) {
		if len(r.Terms) == 1 && r.Terms[0].Dim == t.Dim && slices.Equal(r.Terms[0].Codes, t.Codes) {
			return strings.ToLower(r.Name[:1]) + r.Name[1:]
		}
	}
	return ""
}
