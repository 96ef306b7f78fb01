package query

import (
	"slices"
	"strings"

	"tiplens/models"
)

// name is what is known of a code of an axis.
type name struct {
	label    string
	kind     models.HeaderKind
	tail     int8
	unstated bool // counts as not stated
	rank     int  // its place among the codes of the axis
	byLabel  int  // the same by label, in which two can be alike
	group    bool // a group of places
}

// nameRows names the codes of rows, and finds their order.
func (l *layout) nameRows(rows []line) {
	l.names = make([][]name, l.q.rowAxes)
	for i, ax := range l.q.axes[:l.q.rowAxes] {
		codes := l.g.rows.ends[i].codes
		names, met, only := make([]name, len(codes)), []uint32(nil), map[string]bool{}
		seen := make([]bool, len(codes))
		for _, r := range rows {
			n := l.g.rows.number(r.n, i)
			if seen[n] {
				continue
			}
			seen[n] = true
			met = append(met, n)
			label, kind := l.label(ax, codes[n])
			t := l.tail(ax, codes[n])
			names[n] = name{label: label, kind: kind, tail: int8(t), unstated: t == tail(models.Unknown) && !l.longer(ax) || yearOnly(ax, codes[n]),
				group: l.a.cat.LevelOf(models.DimPlace, codes[n]) == "group"}
			if l.countryOnly(ax, codes[n]) {
				only[codes[n]] = true
			}
		}
		slices.SortFunc(met, func(x, y uint32) int {
			return l.codeBefore(ax, codes[x], codes[y], names[x].label, names[y].label)
		})
		for k, n := range met {
			names[n].rank = k
			if len(only) == 1 && only[codes[n]] { // shorter, where all are of one country
				names[n].label = "Province not stated"
			}
		}
		slices.SortFunc(met, func(x, y uint32) int { return strings.Compare(names[x].label, names[y].label) })
		for k, n := range met {
			names[n].byLabel = k
			if k > 0 && names[n].label == names[met[k-1]].label {
				names[n].byLabel = names[met[k-1]].byLabel
			}
		}
		l.names[i] = names
	}
	for k := range rows {
		for i, n := range l.g.rows.numbers(rows[k].n) {
			rows[k].kind = max(rows[k].kind, l.names[i][n].kind)
			rows[k].tail = max(rows[k].tail, l.names[i][n].tail)
		}
	}
}

// byCode compares rows in the order of their dimensions, what is not stated
// last. No two are alike.
func (l *layout) byCode(x, y uint32) int {
	nx, ny := l.g.rows.numbers(x), l.g.rows.numbers(y)
	for i := range nx {
		if d := l.names[i][nx[i]].rank - l.names[i][ny[i]].rank; d != 0 {
			return d
		}
	}
	return 0
}

// byLabel compares rows by their labels.
func (l *layout) byLabel(x, y uint32) int {
	nx, ny := l.g.rows.numbers(x), l.g.rows.numbers(y)
	for i := range nx {
		if d := l.names[i][nx[i]].byLabel - l.names[i][ny[i]].byLabel; d != 0 {
			return d
		}
	}
	return 0
}

// header labels the codes of some axes.
func (l *layout) header(codes []string, axes []models.Axis) models.Header {
	h := models.Header{Codes: codes}
	for i, c := range codes {
		label, kind := l.label(axes[i], c)
		h.Kind = max(h.Kind, kind)
		h.Labels = append(h.Labels, label)
	}
	return h
}

// label names a code of an axis, and says whether it means that something is
// not stated.
func (l *layout) label(ax models.Axis, c string) (label string, kind models.HeaderKind) {
	label = l.a.cat.Label(ax.Dim, c)
	if ax.Dim == models.DimYear || ax.Dim == models.DimDataset {
		label = c
	}
	if yearOnly(ax, c) {
		kind = models.NotStated
		label += ", " + ax.Level + " not stated"
	}
	switch c {
	case models.Unknown:
		kind = models.NotStated
		label = "Not stated"
		if l.longer(ax) {
			label = noSingleYear
		}
		if lv := l.levelWord(ax); lv != "" {
			label = lv + " not stated"
		}
	case models.Foreign:
		label = "Foreign"
	case models.National:
		label = "National"
	}
	if l.countryOnly(ax, c) {
		kind = models.NotStated
		label += ", province not stated"
	}
	return label, kind
}

// noSingleYear heads the records that lie in no year: those of a longer period,
// and those without one. A version file does not tell them apart.
const noSingleYear = "No single year"

// longer reports whether an axis is time and some records may be of periods
// longer than a year.
func (l *layout) longer(ax models.Axis) bool {
	return ax.Dim == models.DimYear && slices.ContainsFunc(l.a.grids, func(g *grid) bool {
		return g.src.file != nil && g.src.grain == models.Record && g.src.file.multiYear
	})
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
		return l.codeBefore(ax, x.Codes[i], y.Codes[i], x.Labels[i], y.Labels[i])
	}
	return 0
}

// codeBefore compares two codes of an axis.
func (l *layout) codeBefore(ax models.Axis, x, y, labelX, labelY string) int {
	if a, b := l.tail(ax, x), l.tail(ax, y); a != b {
		return a - b
	}
	if ax.Dim == models.DimYear {
		return strings.Compare(x, y)
	}
	a, b := l.code(ax.Dim, x), l.code(ax.Dim, y)
	if a != nil && b != nil {
		if a.Parent != b.Parent && ax.Dim == models.DimPlace {
			return strings.Compare(a.Parent, b.Parent)
		}
		if a.Sort != b.Sort {
			return a.Sort - b.Sort
		}
	}
	if c := strings.Compare(labelX, labelY); c != 0 {
		return c
	}
	return models.CompareCodes(x, y)
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
