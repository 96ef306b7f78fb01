package query

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// totals sets each total against its parts, dimension by dimension: the row of
// all sexes against women and men, a country against its provinces, a child
// band against the bands inside it. Counts have to fit exactly. Values of which
// the file gives a range fit if any number in the ranges does.
func (c *checker) totals() []models.Finding {
	var more, less, rest []models.Finding
	for d, col := range c.cols {
		dim := c.cat.Dimension(col)
		if dim == nil || dim.Multi || len(c.code[d]) < 2 || slices.Contains([]string{models.DimAgency, models.DimReporter, models.DimFlowKind}, col) {
			continue
		}
		groups := map[string][]int{}
		for i := range c.rows {
			if c.rows[i].exact && c.additive(&c.rows[i], col) {
				k := c.key(&c.rows[i], d)
				groups[k] = append(groups[k], i)
			}
		}
		for i := range c.rows {
			if !c.rows[i].exact || !c.additive(&c.rows[i], col) {
				continue
			}
			group := groups[c.key(&c.rows[i], d)]
			if len(group) < 2 || group[0] != i || len(group) > 2000 {
				continue
			}
			for _, at := range group {
				f, how := c.against(d, at, group)
				switch how {
				case tooMuch:
					more = append(more, f)
				case tooLittle:
					less = append(less, f)
				case someMissing:
					rest = append(rest, f)
				}
			}
		}
	}
	return slices.Concat(first(more, "totals that are less than their parts"), first(less, "totals that are more than their parts"),
		first(rest, "totals of which not all parts are there"))
}

// additive reports whether the indicator of a row adds over the dimension.
func (c *checker) additive(r *checkRow, dim string) bool {
	i := c.cat.Indicator(c.at(r, "indicator"))
	return i != nil && i.Measure == models.Count && i.Additive(dim)
}

type fit uint8

const (
	fits fit = iota
	tooMuch
	tooLittle
	someMissing
)

// against sets a row against those of its group that are its parts.
func (c *checker) against(d, at int, group []int) (models.Finding, fit) {
	total := &c.rows[at]
	parts, ok := c.parts(d, at, group)
	if !ok || len(parts) == 0 || math.IsNaN(total.low) {
		return models.Finding{}, fits
	}
	low, high, unknown := 0.0, 0.0, false
	var says []string
	rows := []string{fmt.Sprint(total.row)}
	for _, p := range parts {
		r := &c.rows[p]
		if math.IsNaN(r.low) {
			unknown = true
		} else {
			low, high = low+r.low, high+r.high
		}
		if len(says) < 6 {
			says = append(says, c.code[d][r.code[d]]+" "+r.value())
		}
		if len(rows) < 8 {
			rows = append(rows, fmt.Sprint(r.row))
		}
	}
	if len(parts) > len(says) {
		says = append(says, fmt.Sprintf("%d more", len(parts)-len(says)))
	}
	sum := compared{low: low, high: high}.text(false)
	f := models.Finding{Severity: models.Doubt, Kind: models.KindTotals, Row: total.row, Column: c.cols[d], Count: int64(len(parts)) + 1}
	name := c.name(total, -1)
	list := strings.Join(says, " + ") + " = " + sum
	switch {
	case low > total.high:
		f.What = fmt.Sprintf("%s: the parts by %s are more than the total of %s: %s (rows %s)", name, c.cols[d], total.value(), list, strings.Join(rows, ", "))
		f.Do = "Ask which number is right"
		return f, tooMuch
	case unknown || high >= total.low:
		return f, fits
	}
	f.What = fmt.Sprintf("%s: the parts by %s are less than the total of %s: %s (rows %s)", name, c.cols[d], total.value(), list, strings.Join(rows, ", "))
	if c.complete(d, total, parts) {
		f.Do = "All parts are there, so ask which number is right"
		return f, tooLittle
	}
	f.Severity = models.Note
	f.What += "; what is missing is in no part"
	return f, someMissing
}

// parts finds the coarsest rows of a group that lie under a row. It answers
// false where they overlap or stand twice, so that no sum can be made.
func (c *checker) parts(d, at int, group []int) ([]int, bool) {
	dim, top := c.cols[d], c.code[d][c.rows[at].code[d]]
	var under []int
	for _, g := range group {
		code := c.code[d][c.rows[g].code[d]]
		switch {
		case g == at:
			continue
		case code == top: // the total itself stands twice
			return nil, false
		}
		if k := c.cat.Code(dim, code); code == models.Total || k != nil && len(k.Members) > 0 {
			continue
		}
		if top == models.Total || c.cat.Within(dim, code, top) {
			under = append(under, g)
		}
	}
	var out []int
	for _, g := range under {
		code := c.code[d][c.rows[g].code[d]]
		inner := slices.ContainsFunc(under, func(o int) bool {
			other := c.code[d][c.rows[o].code[d]]
			return o != g && other != code && c.within(d, g, code, other)
		})
		if !inner {
			out = append(out, g)
		}
	}
	for i, a := range out {
		for _, b := range out[i+1:] {
			x, y := c.code[d][c.rows[a].code[d]], c.code[d][c.rows[b].code[d]]
			if x == y || dim == models.DimAge && models.AgesOverlap(x, y) {
				return nil, false
			}
		}
	}
	return out, true
}

// within is nesting of codes; who is foreign depends on who reports.
func (c *checker) within(d, row int, code, ancestor string) bool {
	if c.cols[d] == models.DimNationality && ancestor == models.Foreign {
		return !strings.HasPrefix(code, "_") && code != c.at(&c.rows[row], models.DimReporter)
	}
	return c.cat.Within(c.cols[d], code, ancestor)
}

// complete reports whether the parts are all there can be: women and men,
// children and adults, every province of a country, or a row of what is not
// stated or of the rest.
func (c *checker) complete(d int, total *checkRow, parts []int) bool {
	has := map[string]bool{}
	for _, p := range parts {
		has[c.code[d][c.rows[p].code[d]]] = true
	}
	if has[models.Unknown] || has[models.Other] || has[models.Rest] {
		return true
	}
	switch c.cols[d] {
	case models.DimSex:
		return has["F"] && has["M"]
	case models.DimAge:
		return (has["Y0T17"] || has["Y0T14"] && has["Y15T17"]) && has["Y_GE18"]
	case models.DimNationality:
		return has[models.Foreign] && (has[models.National] || has[c.at(total, models.DimReporter)])
	case models.DimPlace:
		country := c.code[d][total.code[d]]
		if country == models.Total {
			country = c.at(total, models.DimReporter)
		}
		all := 0
		for _, k := range c.cat.Codes("area") {
			if k.Parent == country {
				if all++; !has[k.ID] {
					return false
				}
			}
		}
		return all > 0
	}
	return false
}
