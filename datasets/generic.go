package datasets

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tiplens/models"
)

// GenericOptions map the columns of a file that no recipe knows.
type GenericOptions struct {
	Map       string // FIELD=COLUMN,...
	Wide      string // FIELD=FIRST..LAST: columns that become rows; a WideRun prints it
	Indicator string
	Agency    string
	Title     string
	Sheet     string
	Keep      []string
	Only      []string // COLUMN=VALUE: only these rows are data
}

// Generic makes a recipe from a mapping of columns and fits it to the file.
func Generic(f *File, o GenericOptions, cat *models.Catalog) (*Fit, error) {
	r := &Recipe{Name: "generic", Generic: true, Grain: models.Record, Fields: Fields{}, Keep: o.Keep,
		Missing: []string{"-", "--", "..", "n/a", "nil", "no data"}}
	if o.Indicator != "" {
		ind := cat.FindIndicator(o.Indicator)
		if ind == nil {
			return nil, &models.SyntaxError{Msg: fmt.Sprintf("no indicator is called %q", o.Indicator), Near: cat.NearIndicators(o.Indicator)}
		}
		r.Fields["indicator"] = Field{Const: ind.ID}
	}
	if o.Agency != "" {
		k, _ := cat.Find(models.DimAgency, o.Agency)
		if k == nil {
			return nil, &models.SyntaxError{Msg: fmt.Sprintf("no agency is called %q", o.Agency), Near: cat.NearCodes(models.DimAgency, o.Agency)}
		}
		r.Fields["agency"] = Field{Const: k.ID}
	}
	fit, err := r.genericFit(f, o.Sheet)
	if err != nil {
		return nil, err
	}
	if o.Map != "" {
		if err := r.mapColumns(o.Map, fit.Columns(), f.Name); err != nil {
			return nil, err
		}
	}
	if o.Wide != "" {
		if r.Wide, err = wideOption(o.Wide, fit.Columns(), f.Name); err != nil {
			return nil, err
		}
		r.Grain = models.Figure
	}
	if r.Only, err = onlyRows(o.Only, fit.Columns(), f.Name); err != nil {
		return nil, err
	}
	_, named := r.Fields["indicator"]
	if r.Wide != nil {
		_, turned := r.Wide.Into["indicator"]
		named = named || turned
	}
	if !named {
		return nil, problem(f.Name, "it is not said what the rows count", "Add --indicator, such as --indicator vic_identified")
	}
	if r.has("value") || r.has("value_low") || r.has("value_high") {
		r.Grain = models.Figure
	}
	r.Dataset = models.Dataset{ID: idFromName(f.Name), Title: Clean(o.Title)}
	if err := r.check(cat); err != nil {
		return nil, problem(f.Name, err.Error(), "Leave it out of --map, or change it")
	}
	if _, err := fit.Keep(o.Keep); err != nil {
		return nil, err
	}
	b, err := yaml.Marshal(map[string]any{"made from": strings.TrimSpace("--map " + o.Map + wideText(o.Wide)), "only": o.Only, "indicator": o.Indicator, "agency": o.Agency})
	r.Text = string(b)
	return fit, err
}

func (r *Recipe) genericFit(f *File, sheet string) (*Fit, error) {
	if len(f.Tables) > 1 && sheet == "" {
		var names []string
		for _, t := range f.Tables {
			names = append(names, fmt.Sprintf("%q", Clean(t.Sheet)))
		}
		return nil, problem(f.Name, "the workbook has several sheets: "+strings.Join(names, ", "), "Choose one with --sheet NAME")
	}
	t := f.Tables[0]
	fr, err := f.frameOf(t)
	if err != nil {
		return nil, err
	}
	return &Fit{Recipe: r, Table: t, HeaderRow: fr.header, frame: fr}, t.asHeader(fr)
}

// frameOf finds the table; the error names the file.
func (f *File) frameOf(t *Table) (frame, error) {
	fr, err := t.frame()
	if err != nil {
		return fr, problem(f.Name, err.Error(), "Look at the rows with tiplens read FILE --header-rows -1, and correct --header, --header-rows or --first")
	}
	return fr, nil
}

// mapColumns reads FIELD=COLUMN pairs.
func (r *Recipe) mapColumns(text string, columns []string, file string) error {
	for _, pair := range strings.Split(text, ",") {
		field, column, ok := strings.Cut(pair, "=")
		field, column = strings.TrimSpace(field), strings.TrimSpace(column)
		if !ok || field == "" || column == "" {
			return &models.SyntaxError{Msg: fmt.Sprintf("%q is no FIELD=COLUMN", pair)}
		}
		within := ""
		if field == "province" {
			within = r.country()
		}
		field, err := fieldCalled(field)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(columns, func(c string) bool { return sameName(c, column) }) {
			if f := constant(field, column); f != nil {
				r.Fields[field] = *f
				continue
			}
			return noColumn(file, column, columns)
		}
		f := genericField(field, column)
		f.Within = within
		r.Fields[field] = f
	}
	return nil
}

// constant is what all rows share where the file does not say it: year=2016,
// place=KH. Nil where the text is no year and no place.
func constant(field, text string) *Field {
	switch field {
	case "year", "period":
		if _, ok := parseTime(text); ok {
			return &Field{Const: text}
		}
	case models.DimPlace, models.DimOrigin, models.DimDestination:
		if k := Catalogue().Code(field, text); k != nil {
			return &Field{Const: k.ID}
		}
	}
	return nil
}

// onlyRows reads COLUMN=VALUE pairs; several values of one column are
// alternatives.
func onlyRows(pairs, columns []string, file string) (When, error) {
	var out When
	for _, p := range pairs {
		column, value, ok := strings.Cut(p, "=")
		if !ok {
			return nil, &models.SyntaxError{Msg: fmt.Sprintf("%q is no COLUMN=VALUE", p)}
		}
		at := -1
		for i := range len(p) { // a column may have = in its name
			if p[i] == '=' && at < 0 {
				at = slices.IndexFunc(columns, func(c string) bool { return sameName(c, strings.TrimSpace(p[:i])) })
				value = p[i+1:]
			}
		}
		if at < 0 {
			return nil, noColumn(file, column, columns)
		}
		if out == nil {
			out = When{}
		}
		out[columns[at]] = append(out[columns[at]], strings.TrimSpace(value))
	}
	return out, nil
}

// genericField reads a field from a column without a recipe.
func genericField(field, column string) Field {
	f := Field{From: OneOf{column}}
	if field == models.DimAge {
		f.Bands = []int{0, 15, 18, 25, 35, 45, 60} // for ages in years; bands are understood as they stand
	}
	return f
}

// fieldCalled finds the field of the model that a person means.
func fieldCalled(name string) (string, error) {
	switch name {
	case "province", "country":
		return models.DimPlace, nil
	case "age_group":
		return models.DimAge, nil
	case "quarter", "half":
		return "month", nil
	}
	if !knownField(name, Catalogue()) {
		return "", &models.SyntaxError{Msg: fmt.Sprintf("there is no field %q in the model", name),
			Near: models.Nearest(name, fieldNames(Catalogue()), 3)}
	}
	return name, nil
}

func noColumn(file, column string, columns []string) error {
	f := problem(file, fmt.Sprintf("there is no column %q", Clean(column)), "Columns are "+strings.Join(columns, ", "))
	if near := models.Nearest(column, columns, 3); len(near) > 0 {
		f.Do = "Did you mean " + strings.Join(near, ", ") + "?"
	}
	return f
}

// country is that of the agency whose file it is, "" where it is not known.
func (r *Recipe) country() string {
	country, _, _ := strings.Cut(r.Fields[models.DimAgency].Const, ".")
	if k := Catalogue().Code(models.DimPlace, country); k != nil && k.Level == "country" && len(country) == 2 {
		return country
	}
	return ""
}

var notID = regexp.MustCompile(`[^a-z0-9_-]+`)

// idFromName makes a dataset id of a file name.
func idFromName(name string) string {
	base, _, _ := strings.Cut(strings.ToLower(name), ".")
	id := strings.Trim(notID.ReplaceAllString(base, "-"), "-_")
	id = strings.TrimLeft(id, "0123456789-_")
	if len(id) > 32 {
		id = strings.TrimRight(id[:32], "-_")
	}
	if id == "" {
		return "file"
	}
	return id
}

// Keep adds columns to keep as dimensions to a fit.
func (f *Fit) Keep(columns []string) (*Fit, error) {
	if len(columns) == 0 {
		return f, nil
	}
	r := *f.Recipe
	for _, c := range columns {
		if !slices.ContainsFunc(f.Columns(), func(h string) bool { return sameName(h, c) }) {
			return nil, problem("", fmt.Sprintf("there is no column %q to keep", Clean(c)), "Columns are "+strings.Join(f.Columns(), ", "))
		}
		if personal(c) {
			return nil, problem("", fmt.Sprintf("column %q looks like it names people, so it is never kept", Clean(c)), "Leave it out")
		}
	}
	r.Keep = append(slices.Clone(r.Keep), columns...)
	out := *f
	out.Recipe = &r
	return &out, nil
}

// NoRecipe explains that no recipe fits and how to load the file all the same.
func NoRecipe(f *File, recipes []*Recipe, named bool) error {
	t := f.Tables[0]
	fr, err := f.frameOf(t)
	if err == nil {
		err = t.asHeader(fr)
	}
	if err != nil {
		return err
	}
	columns := fr.names
	shown := columns
	if len(shown) > 12 {
		shown = append(slices.Clone(shown[:12]), "…")
	}
	what := "no recipe knows this layout"
	if named && len(recipes) == 1 {
		var lacks []string
		for _, h := range recipes[0].Match.Header {
			if !slices.ContainsFunc(columns, func(c string) bool { return sameName(c, h) }) {
				lacks = append(lacks, h)
			}
		}
		what = fmt.Sprintf("recipe %s does not fit: the file has no column %s", recipes[0].Name, strings.Join(lacks, ", "))
	}
	return problem(f.Name, what+"; its columns are "+strings.Join(shown, ", "),
		"Name them: --indicator ID --agency ID --map place=COLUMN,nationality=COLUMN,year=COLUMN (and value=COLUMN if a row is a figure)")
}
