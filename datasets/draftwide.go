package datasets

import (
	"slices"
	"strings"

	"tiplens/models"
)

// pickWide finds the columns that become rows in a file that no recipe knows:
// those that a person names, or neighbours whose headers are years, months or
// codes and whose cells are numbers.
func (d *drafting) pickWide() error {
	if d.known != nil {
		return nil
	}
	names := d.fit.Columns()
	said, stated := d.last(models.ChangeWide)
	if stated && said == models.NoRecipe {
		return nil
	}
	if said == "" && lastOf(d.changes, models.ChangeGuess) == "no" {
		return nil
	}
	if said == "" {
		for _, run := range WideGuess(names) {
			if d.numbers(run.Columns) {
				said = run.String()
				break
			}
		}
	}
	if said == "" {
		return nil
	}
	w, err := wideOption(said, names, d.file.Name)
	d.wide = w
	return err
}

// numbers reports whether the cells of some columns are figures.
func (d *drafting) numbers(names []string) bool {
	for _, p := range d.columns {
		if !slices.Contains(names, p.name) || len(p.list) == 0 {
			continue
		}
		if share, _, _ := p.share("value", d.cat); share < 0.8 {
			return false
		}
	}
	return true
}

// isWide reports whether a column becomes rows.
func (d *drafting) isWide(column string) bool {
	w := d.wide
	if d.known != nil {
		w = d.known.Wide
	}
	if w == nil || column == "" {
		return false
	}
	names := d.fit.Columns()
	at, _ := w.chosen(names)
	return slices.ContainsFunc(at, func(i int) bool { return strings.EqualFold(names[i], column) })
}

// long lists the columns that stay columns.
func (d *drafting) long() []*texts {
	return slices.DeleteFunc(slices.Clone(d.columns), func(p *texts) bool { return d.isWide(p.name) })
}

// wideSays reports whether the headers of a wide table give a field.
func (d *drafting) wideSays(field string) bool {
	if d.wide == nil {
		return false
	}
	_, ok := d.wide.Into[field]
	return ok
}

// wideNames is what the headers of a wide table say.
func wideNames(w *Wide) string {
	if w == nil {
		return ""
	}
	return strings.Join(Fields(w.Into).names(), ", ")
}

// becomesRows is the decision which columns become rows, where there may be
// any.
func (d *drafting) becomesRows() *models.Decision {
	names := d.fit.Columns()
	runs := WideGuess(names)
	if d.known != nil || len(runs) == 0 && d.wide == nil {
		return nil
	}
	x := &models.Decision{Key: models.ChangeWide, Name: "Become rows", Value: "no columns", Why: "each column stays one", Free: "what the headers say and which columns, such as year=2019..2024"}
	if d.wide != nil {
		x.Value = wideNames(d.wide) + ": " + strings.Join(d.wide.Columns, ", ")
		x.Why = "their headers say " + wideNames(d.wide) + ", and each of their cells is a figure"
	}
	x.Choices = []models.DraftChoice{{Value: models.NoRecipe, Label: "no columns"}}
	for _, run := range runs {
		x.Choices = append(x.Choices, models.DraftChoice{Value: run.String(), Label: run.Into() + ": " + run.Columns[0] + " to " + run.Columns[len(run.Columns)-1]})
	}
	return x
}
