package datasets

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tiplens/models"
)

// shapeKeys are the keys of changes that say how bytes become a table.
var shapeKeys = []string{"encoding", "delimiter", "quote", "escape", "sheet", "header", "header_rows", "first", "last"}

// OptionsOf gathers what changes say about the shape of a file. A later one
// goes before an earlier one, and nothing takes a statement back.
func OptionsOf(changes []models.DraftChange) (Options, error) {
	var o Options
	for _, c := range changes {
		text := map[string]*string{"encoding": &o.Encoding, "delimiter": &o.Delimiter, "quote": &o.Quote, "escape": &o.Escape, "sheet": &o.Sheet}[c.Key]
		number := map[string]*int{"header": &o.Header, "header_rows": &o.HeaderRows, "first": &o.First, "last": &o.Last}[c.Key]
		switch {
		case text != nil:
			*text = c.Value
		case number != nil && c.Value == "":
			*number = 0
		case number != nil:
			n, err := strconv.Atoi(c.Value)
			if err != nil || n < 0 && (c.Key != "header_rows" || n < -1) || n > 1<<30 {
				return o, badChange("%s: %q is no number of a row", c.Key, Clean(c.Value))
			}
			*number = n
		case c.Key == models.ChangeHold:
			o.Hold = c.Value == "yes"
		}
	}
	return o, nil
}

func badChange(format string, args ...any) error {
	return &models.SyntaxError{Msg: fmt.Sprintf(format, args...)}
}

// apply enters one change into a recipe that is being made.
func (r *Recipe) apply(c models.DraftChange, columns []*texts, cat *models.Catalog) error {
	column := slices.IndexFunc(columns, func(p *texts) bool { return strings.EqualFold(p.name, c.Column) })
	if c.Column != "" && column < 0 && c.Key != models.ChangeWithout && c.Key != models.ChangeInstead {
		names := make([]string, len(columns))
		for i, p := range columns {
			names[i] = p.name
		}
		return &models.SyntaxError{Msg: fmt.Sprintf("there is no column %q", Clean(c.Column)), Near: models.Nearest(c.Column, names, 3)}
	}
	switch c.Key {
	case models.ChangeField, models.ChangeMissing, models.ChangeCode:
		if column < 0 {
			return badChange("%s needs a column", c.Key)
		}
	}
	switch c.Key {
	case models.ChangeField:
		return r.setField(columns[column], fieldAlias(c.Value), cat)
	case models.ChangeMissing:
		return r.setMissing(columns[column].name, columns[column].text(c.Text), c.Value != "no")
	case models.ChangeCode:
		return r.setCode(columns[column].name, columns[column].text(c.Text), c.Value, cat)
	case models.ChangeUnsure:
		if c.Value != "" && !slices.Contains(Unsures, c.Value) {
			return badChange("unsure is one of %s, not %q", strings.Join(Unsures, ", "), Clean(c.Value))
		}
		r.Unsure = c.Value
	case models.ChangeName:
		dim, text, code, err := ParseName(c.Value, cat)
		if err != nil {
			return badChange("%s", err)
		}
		names := map[string]map[string]string{}
		for d, texts := range r.Names {
			names[d] = maps.Clone(texts)
		}
		if names[dim] == nil {
			names[dim] = map[string]string{}
		}
		names[dim][text] = code
		r.Names = names
	case models.ChangeID:
		if c.Value != "" && !models.ValidDatasetID(c.Value) {
			return badChange("%q cannot name a dataset: use a lower-case letter, then up to 31 letters, digits, _ or -", Clean(c.Value))
		}
		r.Dataset.ID = c.Value
	case models.ChangeTitle:
		r.Dataset.Title = Clean(c.Value)
	case models.ChangeRecipe, models.ChangeHold, models.ChangeWithout, models.ChangeInstead, models.ChangeGuess, models.ChangeWide: // settled before
	default:
		if isDates(c.Key) {
			return checkDates(c, columns)
		}
		if !slices.Contains(shapeKeys, c.Key) {
			return r.setConst(fieldAlias(c.Key), c.Value, cat)
		}
	}
	return nil
}

// fieldAlias gives the field that people call by a level of it.
func fieldAlias(field string) string {
	switch field {
	case "province", "country":
		return models.DimPlace
	case "age_group":
		return models.DimAge
	}
	return field
}

// ageStarts are the bands into which ages in years are put where nobody says
// otherwise; bands are understood as they stand.
var ageStarts = []int{0, 15, 18, 25, 35, 45, 60}

// simple reports whether a field is no more than one column, its values and
// marks, so that a person can change it by picking.
func (f *Field) simple() bool {
	return len(f.From) == 1 && f.Const == "" && f.Match == "" && len(f.Flags) == 0 && len(f.When) == 0 && len(f.Cases) == 0 && f.Else == nil
}

// reads lists the fields that read a column, and reports whether all of them
// do no more than that.
func (r *Recipe) reads(column string) (fields []string, simple bool) {
	simple = true
	add := func(fs Fields, plain bool) {
		for _, name := range fs.names() {
			f := fs[name]
			if !slices.ContainsFunc(fieldColumns(&f), func(c string) bool { return strings.EqualFold(c, column) }) {
				continue
			}
			simple = simple && plain && f.simple()
			if !slices.Contains(fields, name) {
				fields = append(fields, name)
			}
		}
	}
	add(r.Fields, true)
	for _, o := range r.Observe {
		add(o.Fields, false)
	}
	for _, l := range r.Legs {
		add(Fields{"way: " + l.Role: l.Field}, false)
	}
	if len(fields) == 0 && slices.ContainsFunc(r.columns(), func(c string) bool { return strings.EqualFold(c, column) }) &&
		!slices.ContainsFunc(r.Keep, func(c string) bool { return strings.EqualFold(c, column) }) {
		return nil, false // it decides which rows or events there are
	}
	return fields, simple
}

// editable lists the fields that read a column if a person can change how.
func (r *Recipe) editable(column string) ([]string, error) {
	fields, simple := r.reads(column)
	switch {
	case len(fields) == 0:
		return nil, badChange("column %s is read as nothing; say what it is first", column)
	case !simple:
		return nil, badChange("recipe %s reads column %s in a way of its own", r.Name, column)
	}
	return fields, nil
}

// setField reads a column as a field, or leaves it out.
func (r *Recipe) setField(p *texts, field string, cat *models.Catalog) error {
	was, simple := r.reads(p.name)
	if !simple {
		return badChange("recipe %s reads column %s in a way of its own; choose the recipe %q to map the columns yourself", r.Name, p.name, models.NoRecipe)
	}
	old := Field{}
	for _, name := range was {
		old = r.Fields[name]
		delete(r.Fields, name)
	}
	same := func(c string) bool { return strings.EqualFold(c, p.name) }
	r.Keep = slices.DeleteFunc(slices.Clone(r.Keep), same)
	r.Drop = slices.DeleteFunc(slices.Clone(r.Drop), same)
	switch {
	case field == "" || field == "-":
		r.Drop = append(r.Drop, p.name)
	case personal(p.name) && field != "subject":
		return badChange("column %q looks like it names people, so it is never stored", p.name)
	case field == models.KeptColumn:
		r.Keep = append(r.Keep, p.name)
	case !knownField(field, cat):
		return &models.SyntaxError{Msg: fmt.Sprintf("there is no field %q in the model", Clean(field)), Near: models.Nearest(field, fieldNames(cat), 3)}
	default:
		if other, taken := r.Fields[field]; taken && !other.simple() && other.Const == "" {
			return badChange("recipe %s makes %s in a way of its own; choose the recipe %q to map the columns yourself", r.Name, field, models.NoRecipe)
		} else if taken && other.Const == "" { // the column that was it is left out
			r.Drop = append(r.Drop, other.From...)
		}
		if kind(field) == "time" { // a row has one time
			for _, t := range []string{"year", "date", "period"} {
				if other, taken := r.Fields[t]; taken && other.simple() {
					r.Drop = append(r.Drop, other.From...)
					delete(r.Fields, t)
				}
			}
		}
		f := Field{From: OneOf{p.name}, Missing: old.Missing}
		if field == models.DimAge {
			f.Bands = ageStarts
		}
		if d := cat.Dimension(field); d != nil && d.Multi {
			f.Split = p.splits(field, cat)
		}
		r.Fields[field] = f
	}
	r.regrain()
	return nil
}

// regrain tells figures from records in a recipe made by hand: where a value
// stands in the row, the row is a figure.
func (r *Recipe) regrain() {
	if !r.Generic {
		return
	}
	r.Grain = models.Record
	if r.Wide != nil || r.has("value") || r.has("value_low") || r.has("value_high") {
		r.Grain = models.Figure
	}
}

// setConst states a field that is the same in every row.
func (r *Recipe) setConst(field, value string, cat *models.Catalog) error {
	old, has := r.Fields[field]
	switch {
	case !knownField(field, cat) || field == "value" || field == "subject":
		return &models.SyntaxError{Msg: fmt.Sprintf("nothing about a file is called %q", Clean(field)), Near: models.Nearest(field, slices.Concat(shapeKeys, fieldNames(cat)), 3)}
	case value == "":
		if has && old.Const != "" {
			delete(r.Fields, field)
		}
		return nil
	case has && !old.simple() && old.Const == "":
		return badChange("recipe %s makes %s in a way of its own", r.Name, field)
	}
	code, err := codeOf(field, value, cat)
	if err != nil {
		return err
	}
	if has && old.Const == "" {
		r.Drop = append(r.Drop, old.From...)
	}
	if kind(field) == "time" {
		for _, t := range []string{"year", "date", "period"} {
			if f, ok := r.Fields[t]; ok && f.simple() {
				r.Drop = append(r.Drop, f.From...)
			}
			delete(r.Fields, t)
		}
	}
	r.Fields[field] = Field{Const: code}
	return nil
}

// codeOf resolves a code or name of a field as a person states it.
func codeOf(field, value string, cat *models.Catalog) (string, error) {
	switch {
	case field == "indicator":
		if i := cat.FindIndicator(value); i != nil {
			return i.ID, nil
		}
		return "", &models.SyntaxError{Msg: fmt.Sprintf("no indicator is called %q", Clean(value)), Near: cat.NearIndicators(value)}
	case slices.Contains(timely, field):
		if _, ok := parseTime(value); !ok {
			return "", badChange("%q is no year, period or date that can be read", Clean(value))
		}
		return Clean(value), nil
	case slices.Contains(plainFields, field), slices.Contains(freeText, field), cat.Open(field):
		return Clean(value), nil
	}
	if k, _ := cat.Find(field, value); k != nil {
		return k.ID, nil
	}
	if knownCode(field, value, cat) {
		return value, nil
	}
	return "", &models.SyntaxError{Msg: fmt.Sprintf("%s has no code or name %q", field, Clean(value)), Near: cat.NearCodes(field, value)}
}

// setMissing marks a text of a column as stating nothing, or takes the mark
// back.
func (r *Recipe) setMissing(column, text string, on bool) error {
	fields, err := r.editable(column)
	if err != nil {
		return err
	}
	for _, name := range fields {
		f := r.Fields[name]
		same := func(m string) bool { return strings.EqualFold(m, text) }
		f.Missing = slices.DeleteFunc(slices.Clone(f.Missing), same)
		if on {
			f.Missing = append(f.Missing, text)
			f.Values = maps.Clone(f.Values)
			maps.DeleteFunc(f.Values, func(k, _ string) bool { return same(k) })
		}
		r.Fields[name] = f
	}
	return nil
}

// setCode says which code a text of a column is; "-" leaves it as not stated,
// and nothing takes the statement back.
func (r *Recipe) setCode(column, text, value string, cat *models.Catalog) error {
	fields, err := r.editable(column)
	if err != nil {
		return err
	}
	for _, name := range fields {
		f := r.Fields[name]
		f.Missing = slices.DeleteFunc(slices.Clone(f.Missing), func(m string) bool { return strings.EqualFold(m, text) })
		f.Values = maps.Clone(f.Values)
		if f.Values == nil {
			f.Values = map[string]string{}
		}
		maps.DeleteFunc(f.Values, func(k, _ string) bool { return strings.EqualFold(k, text) })
		plain := slices.Contains(plainFields, name) || slices.Contains(freeText, name)
		switch {
		case value == "-" && (plain || name == "indicator"):
			f.Missing = append(f.Missing, text)
		case value == "-":
			f.Values[text] = models.Unknown
		case value != "":
			code := ""
			for i, part := range strings.Split(value, models.SetJoin) {
				c, err := codeOf(name, part, cat)
				if err != nil {
					return err
				}
				if i > 0 {
					code += models.SetJoin
				}
				code += c
			}
			f.Values[text] = code
		}
		if len(f.Values) == 0 {
			f.Values = nil
		}
		r.Fields[name] = f
	}
	return nil
}
