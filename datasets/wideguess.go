package datasets

import (
	"regexp"
	"slices"
	"strings"

	"tiplens/models"
)

// WideRun is a run of neighbouring columns whose headers are years, months or
// codes of one dimension: the file is wide, and each of their cells is a
// figure.
type WideRun struct {
	Fields  []string // what each part of the headers says; "-" where a part says the same in all
	Columns []string // their headers, in the order of the file
}

// String is what --wide takes: year=2010..2019.
func (r WideRun) String() string {
	return r.Into() + "=" + r.Columns[0] + ".." + r.Columns[len(r.Columns)-1]
}

// Into is what the headers say: "year", or "year / sex".
func (r WideRun) Into() string { return strings.Join(r.Fields, joinRows) }

// guessed are the dimensions whose codes are looked for in headers, those
// whose names are plainest first. A list of areas is offered as place; the
// person says when it is origin or destination.
var guessed = []string{models.DimSex, models.DimAge, models.DimPlace, models.DimExploitation, models.DimOffence, models.DimStatus}

// WideGuess finds the runs of columns that would become rows. It only
// suggests: two columns may be called "F" and "M" and hold something else.
func WideGuess(columns []string) []WideRun {
	var out []WideRun
	for i := 0; i < len(columns); {
		best := WideRun{}
		parts := len(strings.Split(columns[i], joinRows))
		for _, fields := range guesses(columns[i], parts) {
			if run := runOf(columns[i:], fields); len(run.Columns) > len(best.Columns) {
				best = run
			}
		}
		if len(best.Columns) == 0 {
			i++
			continue
		}
		out = append(out, best)
		i += len(best.Columns)
	}
	return out
}

// guesses lists what the parts of a header may say, each combination once.
func guesses(header string, parts int) [][]string {
	out := [][]string{nil}
	for _, part := range strings.Split(header, joinRows) {
		var next [][]string
		for _, so := range out {
			for _, f := range saysOf(part) {
				if !slices.Contains(so, f) || f == "-" {
					next = append(next, append(slices.Clone(so), f))
				}
			}
			if parts > 1 {
				next = append(next, append(slices.Clone(so), "-"))
			}
		}
		out = next
	}
	return slices.DeleteFunc(out, func(fs []string) bool { return !slices.ContainsFunc(fs, func(f string) bool { return f != "-" }) })
}

// runOf takes columns from the left for as long as their headers say the
// fields; parts that say nothing stay the same, and no two headers do.
func runOf(columns []string, fields []string) WideRun {
	run := WideRun{Fields: fields}
	codes, wanted := 0, 2
	seen := map[string]bool{}
	fixed := strings.Split(columns[0], joinRows)
	for _, c := range columns {
		parts := strings.Split(c, joinRows)
		ok, plain := len(parts) == len(fields) && !seen[strings.ToLower(c)], false
		for k := 0; ok && k < len(parts); k++ {
			text := strings.TrimSpace(parts[k])
			switch {
			case fields[k] == "-":
				ok = parts[k] == fixed[k]
			case always(text):
			default:
				ok = slices.Contains(saysOf(text), fields[k])
				plain = true
				if fields[k] == models.DimPlace && len(text) <= 3 { // NO, ID and ID are words too
					wanted = 3
				}
			}
		}
		if !ok {
			break
		}
		seen[strings.ToLower(c)] = true
		if plain {
			codes++
		}
		run.Columns = append(run.Columns, c)
	}
	if codes < wanted {
		return WideRun{}
	}
	return run
}

// always reports whether every dimension knows a text: total, not stated, other.
func always(text string) bool {
	k, _ := Catalogue().Find(models.DimSector, text)
	return k != nil && k.List == models.ListAny
}

var yearHeader = regexp.MustCompile(`^(19|20|21)\d\d(\.0)?$`)

// saysOf lists the fields that a part of a header may give.
func saysOf(text string) []string {
	text = strings.TrimSpace(text)
	var out []string
	switch {
	case isTotal(text):
		return append([]string{"year", "month"}, guessed...)
	case always(text):
		return guessed
	}
	if when, ok := parseTime(text); ok {
		if _, one := when.CalendarYear(); one && (yearHeader.MatchString(latinDigits(text)) || len(text) > 4) {
			out = append(out, "year")
		}
	}
	if _, ok := parseMonth(text); ok {
		out = append(out, "month")
	}
	for _, dim := range guessed {
		if k, sure := Catalogue().Find(dim, text); k != nil && sure && k.List != models.ListAny && text != "" {
			out = append(out, dim)
		}
	}
	return out
}

// wideOption reads FIELD=FIRST..LAST, FIELD=A,B,C or FIELD alone, which takes
// the run of columns that says it. FIELD may be several, as in "year / sex".
func wideOption(text string, columns []string, file string) (*Wide, error) {
	fields, list, named := strings.Cut(text, "=")
	w := &Wide{Into: Into{}}
	var want []string
	for _, name := range strings.Split(fields, "/") {
		name = strings.TrimSpace(name)
		if name != "-" {
			var err error
			if name, err = fieldCalled(name); err != nil {
				return nil, err
			}
		}
		want = append(want, name)
	}
	for name, f := range intoParts(strings.Join(want, joinRows)) {
		w.Into[name] = genericField(name, f.From[0])
	}
	if !named {
		for _, run := range WideGuess(columns) {
			if run.gives(want) {
				w.Columns = append(w.Columns, run.Columns...)
			}
		}
		if len(w.Columns) == 0 {
			do := "Name them: --wide " + fields + "=FIRST..LAST"
			if runs := WideGuess(columns); len(runs) > 0 {
				do += "; these look like figures by " + runs[0].Into() + ": --wide '" + Clean(runs[0].String()) + "'"
			}
			return nil, problem(file, "no columns beside each other have headers that say "+fields, do)
		}
		return w, nil
	}
	w.Columns = OneOf{strings.TrimSpace(list)}
	if at, _ := w.chosen(columns); len(at) == 0 {
		w.Columns = strings.Split(list, ",")
	}
	if _, absent := w.chosen(columns); len(absent) > 0 {
		return nil, noColumn(file, strings.TrimSpace(absent[0]), columns)
	}
	return w, nil
}

// gives reports whether the headers of a run say the fields wanted. Fields that
// share a list of codes look alike: a country may be a place or an origin.
func (r WideRun) gives(want []string) bool {
	alike := func(field string) string {
		if field == models.DimNationality {
			field = models.DimPlace
		}
		if d := Catalogue().Dimension(field); d != nil {
			return d.List
		}
		return field
	}
	return slices.EqualFunc(r.Fields, want, func(a, b string) bool { return alike(a) == alike(b) })
}

func wideText(wide string) string {
	if wide == "" {
		return ""
	}
	return " --wide " + wide
}
