package models

import "slices"

// Meets reports whether a filter names a code, or one that the code lies under,
// leaving its "not" aside. Home is the country that reports, for nationals and
// foreigners. Years are met by spans that hold them.
func (c *Catalog) Meets(t Term, code, home string) bool {
	if t.Dim == DimYear && len(t.Spans) > 0 {
		if p, err := ParsePeriod(code); err == nil {
			return slices.ContainsFunc(t.Spans, func(s Period) bool { return s.Contains(p) })
		}
	}
	return slices.ContainsFunc(t.Codes, func(want string) bool { return c.Under(t.Dim, code, want, home) })
}

// Under reports whether a filter for one code takes another: itself, those
// below it, members of a group.
func (c *Catalog) Under(dim, code, want, home string) bool {
	switch {
	case code == want:
		return true
	case code == Total || code == NoSense:
		return false
	case dim == DimNationality && want == Foreign:
		return c.IsForeign(code, home)
	case dim == DimNationality && want == National:
		return home != "" && code == home
	}
	if k := c.Code(dim, want); k != nil && len(k.Members) > 0 {
		return slices.ContainsFunc(k.Members, func(m string) bool { return c.Within(dim, code, m) })
	}
	return c.Within(dim, code, want)
}

// IsForeign reports whether a nationality is known not to be that of the
// country that reports.
func (c *Catalog) IsForeign(code, home string) bool {
	if home == "" || home == Unknown || code == home {
		return false
	}
	return code == Foreign || code == "_STL" || c.LevelOf(DimNationality, code) == "country"
}
