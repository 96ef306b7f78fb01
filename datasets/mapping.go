package datasets

import (
	"slices"
	"strings"

	"tiplens/models"
)

// Limits on what a draft tells of one file.
const (
	maxColumns    = 300
	maxValues     = 60   // of a column
	maxToldValues = 1500 // values of all columns
	maxSuggest    = 5
	maxSamples    = 4
)

// fieldChoices lists what a column can be read as.
func fieldChoices(cat *models.Catalog) []models.DraftChoice {
	out := []models.DraftChoice{{Value: "", Label: "left out"}, {Value: models.KeptColumn, Label: "kept as a dimension of its own"}}
	for _, f := range []struct{ id, name, note string }{
		{"year", "Year", ""}, {"date", "Date", ""}, {"period", "Half, quarter or month", ""}, {"period_start", "First day", ""}, {"period_end", "Last day", ""},
		{"value", "Value", "how many: the row is a figure"}, {"value_low", "Lowest value", ""}, {"value_high", "Highest value", ""},
		{"indicator", "What the row counts", ""}, {"note", "Note", ""}, {"subject", "Whom the row is about", "kept as a keyed number only"},
	} {
		out = append(out, models.DraftChoice{Value: f.id, Label: f.name, Note: f.note})
	}
	for _, n := range fieldNames(cat) {
		d := cat.Dimension(n)
		if d == nil || n == "year" || n == models.DimDataset {
			continue
		}
		out = append(out, models.DraftChoice{Value: n, Label: d.Name})
	}
	return append(out, models.DraftChoice{Value: "scope", Label: "Scope"}, models.DraftChoice{Value: "coverage", Label: "Coverage"}, models.DraftChoice{Value: "document", Label: "Document"})
}

// draftColumns says what becomes of each column.
func (d *drafting) draftColumns() []models.DraftColumn {
	r := d.fit.Recipe
	if laid, err := r.laidOut(); err == nil {
		r = laid
	}
	p := &plan{recipe: r, cat: d.cat, matcher: d.matcher}
	if err := p.compile(newPreview(d.cat, 0), d.fit.Columns()); err != nil {
		p = nil
	}
	var out []models.DraftColumn
	for _, c := range d.columns[:min(len(d.columns), maxColumns)] {
		x := models.DraftColumn{Name: shorten(c.name), Distinct: len(c.list), Empty: c.empty, Personal: personal(c.name)}
		fields, simple := r.reads(c.name)
		x.Field = strings.Join(fields, ", ")
		same := func(o string) bool { return strings.EqualFold(o, c.name) }
		if slices.ContainsFunc(r.Keep, same) {
			x.Field = models.KeptColumn
		}
		if d.known != nil {
			x.New = !slices.ContainsFunc(d.known.columns(), same) && !slices.ContainsFunc(d.known.Drop, same) && !slices.ContainsFunc(d.known.Match.Header, same)
		}
		leftOut := ""
		if x.Field == "" && !x.Personal {
			leftOut = c.leftDates(fieldColumnsOf(r, "date"))
		}
		switch {
		case d.isWide(c.name):
			x.Field, x.Fixed = "value", "becomes rows: its header says "+wideNames(r.Wide)
		case !simple && len(fields) == 0:
			x.Fixed = "recipe " + r.Name + " decides by it"
		case !simple:
			x.Fixed = "recipe " + r.Name + " reads it in a way of its own"
		case x.Personal:
			x.Why = "names people: left out"
		case d.stated(c.name):
			x.Why = "stated"
		case leftOut != "":
			x.Why = leftOut
		case d.known != nil && x.Field != "":
			x.Why = "as recipe " + r.Name + " says"
		case d.guessed[c.name].field == x.Field:
			x.Why = d.guessed[c.name].why
		case x.New:
			x.Why = "new: the recipe does not know it"
		}
		if x.New {
			d.out.New = append(d.out.New, x.Name)
		}
		for _, t := range c.list[:min(len(c.list), maxSamples)] {
			if x.Personal {
				t = hiddenCell
			}
			x.Samples = append(x.Samples, shorten(t))
		}
		for _, s := range d.ranked[c.name][:min(len(d.ranked[c.name]), maxSuggest)] {
			x.Suggest = append(x.Suggest, models.DraftChoice{Value: s.field, Label: fieldName(s.field, d.cat), Note: s.why})
		}
		if simple && len(fields) > 0 && p != nil && !d.isWide(c.name) && !x.Personal {
			x.Missing = r.Fields[fields[0]].Missing
			x.Values, x.Open = d.values(p, fields[0], c)
		}
		out = append(out, x)
	}
	return out
}

// stated reports whether a person said what a column is.
func (d *drafting) stated(column string) bool {
	return slices.ContainsFunc(d.changes, func(c models.DraftChange) bool {
		return c.Key == models.ChangeField && strings.EqualFold(c.Column, column)
	})
}

func fieldName(field string, cat *models.Catalog) string {
	for _, c := range fieldChoices(cat) {
		if c.Value == field {
			return c.Label
		}
	}
	return field
}

// values lists the texts of a column with the codes that they get, those to be
// decided first.
func (d *drafting) values(p *plan, field string, c *texts) (out []models.DraftValue, open int) {
	f := d.fit.Recipe.Fields[field]
	if field == "note" || field == "subject" || slices.Contains(freeText, field) {
		return nil, 0
	}
	eval := p.program(field, &f).eval
	var settled []models.DraftValue
	for _, text := range c.frequent(maxDistinct) {
		v := models.DraftValue{Text: shorten(text), Count: c.count[text]}
		said := slices.ContainsFunc(f.Missing, func(m string) bool { return strings.EqualFold(m, text) })
		for k := range f.Values {
			said = said || strings.EqualFold(k, text)
		}
		switch {
		case said && f.stated(text) == "", p.missing[strings.ToLower(text)]:
			v.State = models.ValueNone
		default:
			r := eval(func(column string) string {
				if strings.EqualFold(column, c.name) {
					return text
				}
				return ""
			})
			v.Code, v.State = r.code, state(field, text, r, said)
			v.Label = (&preview{cat: d.cat}).label(field, r.code)
			if order, _ := parseOrder(f.Dates); order != noOrder && slices.Contains(timely, field) {
				if _, plain := parseTime(text); !plain && readLoose(text, order, thisYear()).why != "" {
					v.State = models.ValueBad
				}
			}
		}
		if v.State.Settled() {
			settled = append(settled, v)
			continue
		}
		open++
		if len(out) < maxValues && d.told < maxToldValues {
			d.told++
			v.Near = d.near(field, text, f.Within)
			out = append(out, v)
		}
	}
	n := min(len(settled), maxValues, max(maxToldValues-d.told, 0))
	d.told += n
	return append(out, settled[:n]...), open
}

// state says how sure the code of a text is.
func state(field, text string, r result, said bool) models.ValueState {
	switch {
	case r.concern == unreadable:
		return models.ValueBad
	case said:
		return models.ValueStated
	case r.concern == unknownText:
		return models.ValueUnknown
	case r.concern == undecided, r.parted, slices.ContainsFunc(r.uses, func(u NameUse) bool { return u.Open() }):
		return models.ValueDoubtful
	case slices.Contains(timely, field):
		if _, ok := anyTime(text); !ok {
			return models.ValueBad
		}
	case slices.Contains(numeric, field):
		_, number := parseNumber(text)
		_, _, bound := parseBound(text)
		if cut, about := cutAbout(text); about {
			_, number = parseNumber(cut)
		}
		if !number && !bound {
			return models.ValueBad
		}
	}
	return models.ValueKnown
}

// near lists the codes that a text may stand for, likeliest first.
func (d *drafting) near(field, text, within string) []models.DraftChoice {
	if d.cat.Dimension(field) == nil || d.cat.Open(field) || slices.Contains(timely, field) {
		return nil
	}
	var out []models.DraftChoice
	for _, code := range d.matcher.Match(field, text, within).Candidates {
		out = append(out, models.DraftChoice{Value: code, Label: d.cat.Label(field, code)})
	}
	return out
}
