package query

import (
	"slices"
	"strings"

	"tiplens/models"
)

// header labels the codes of some axes.
func (l *layout) header(codes []string, axes []models.Axis) models.Header {
	h := models.Header{Codes: codes}
	for i, c := range codes {
		label := l.a.cat.Label(axes[i].Dim, c)
		if axes[i].Dim == models.DimYear || axes[i].Dim == models.DimDataset {
			label = c
		}
		if yearOnly(axes[i], c) {
			h.Kind = models.NotStated
			label += ", " + axes[i].Level + " not stated"
		}
		switch c {
		case models.Unknown:
			h.Kind = models.NotStated
			label = "Not stated"
			if lv := l.levelWord(axes[i]); lv != "" {
				label = lv + " not stated"
			}
		case models.Foreign:
			label = "Foreign"
		case models.National:
			label = "National"
		}
		if l.countryOnly(axes[i], c) {
			h.Kind = models.NotStated
			label += ", province not stated"
		}
		h.Labels = append(h.Labels, label)
	}
	return h
}

// yearOnly reports whether a code on an axis of halves, quarters or months is
// a year, of which nothing finer is known.
func yearOnly(ax models.Axis, code string) bool {
	return ax.Dim == models.DimYear && ax.Level != "" && len(code) == len("2018")
}

// countryOnly reports whether a place is known to country level where its
// province is asked.
func (l *layout) countryOnly(ax models.Axis, code string) bool {
	return ax.Dim == models.DimPlace && l.level(ax) == "province" && l.a.cat.LevelOf(ax.Dim, code) == "country" &&
		l.g != nil && l.g.src.grain == models.Record
}

// levelWord names the finest level of a place for its "not stated" row.
func (l *layout) levelWord(ax models.Axis) string {
	if d := l.a.cat.Dimension(ax.Dim); d == nil || d.List != "area" || ax.Dim == models.DimReporter {
		return ""
	}
	level := l.level(ax)
	switch {
	case level == "":
		return ""
	case ax.Dim == models.DimPlace:
		return strings.ToUpper(level[:1]) + level[1:]
	case ax.Dim == models.DimOrigin && level == "country":
		return "Origin"
	case ax.Dim == models.DimDestination && level == "country":
		return "Destination"
	case level == "country":
		return dimName(l.a.cat, ax.Dim)
	}
	return dimName(l.a.cat, ax.Dim) + " " + level
}

// sortHeaders puts headers into the order of their dimensions, what is not
// stated last.
func (l *layout) sortHeaders(hs []models.Header, axes []models.Axis) {
	slices.SortFunc(hs, func(x, y models.Header) int { return l.before(x, y, axes) }) // no two are alike
}

func (l *layout) before(x, y models.Header, axes []models.Axis) int {
	for i, ax := range axes {
		if x.Codes[i] == y.Codes[i] {
			continue
		}
		if a, b := l.tail(ax, x.Codes[i]), l.tail(ax, y.Codes[i]); a != b {
			return a - b
		}
		if ax.Dim == models.DimYear {
			return strings.Compare(x.Codes[i], y.Codes[i])
		}
		a, b := l.code(ax.Dim, x.Codes[i]), l.code(ax.Dim, y.Codes[i])
		if a != nil && b != nil {
			if a.Parent != b.Parent && ax.Dim == models.DimPlace {
				return strings.Compare(a.Parent, b.Parent)
			}
			if a.Sort != b.Sort {
				return a.Sort - b.Sort
			}
		}
		if c := strings.Compare(x.Labels[i], y.Labels[i]); c != 0 {
			return c
		}
		return models.CompareCodes(x.Codes[i], y.Codes[i])
	}
	return 0
}

// code finds a code of the catalogue; sorting asks for the same few again and
// again.
func (l *layout) code(dim, code string) *models.Code {
	key := [2]string{dim, code}
	k, ok := l.found[key]
	if !ok {
		if l.found == nil {
			l.found = map[[2]string]*models.Code{}
		}
		k = l.a.cat.Code(dim, code)
		l.found[key] = k
	}
	return k
}

// tail ranks codes that stand behind all others.
func tail(code string) int {
	switch code {
	case models.Other:
		return 1
	case models.Unknown:
		return 2
	case models.Rest:
		return 3
	}
	return 0
}

// tail ranks a code of an axis; a place known to country level only stands
// with what is not stated.
func (l *layout) tail(ax models.Axis, code string) int {
	if l.countryOnly(ax, code) {
		return tail(models.Unknown)
	}
	return tail(code)
}

// oneCountry shortens the label of places without a province where all are of
// one country.
func (l *layout) oneCountry(rows []models.Header) {
	for i, ax := range l.q.axes[:l.q.rowAxes] {
		only := map[string]bool{}
		for _, h := range rows {
			if l.countryOnly(ax, h.Codes[i]) {
				only[h.Codes[i]] = true
			}
		}
		for _, h := range rows {
			if len(only) == 1 && only[h.Codes[i]] {
				h.Labels[i] = "Province not stated"
			}
		}
	}
}
