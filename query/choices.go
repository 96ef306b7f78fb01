package query

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"tiplens/models"
)

// Choices lists the codes that a filter on a dimension may take under the
// other filters of the slice, with how many records or figures carry each.
func (e *Engine) Choices(ctx context.Context, s models.Slice, dim string) (*models.Choices, error) {
	e.inUse.RLock()
	defer e.inUse.RUnlock()
	a := &asking{cat: e.cat, slice: s, ans: &models.Answer{}}
	if err := a.resolve(); err != nil {
		return nil, err
	}
	out := &models.Choices{Dim: dim}
	t := &choiceTally{cat: e.cat, dim: dim, count: map[string]float64{}, figures: map[string]float64{}}
	asked := false
	for _, q := range a.parts {
		less := *q
		less.terms = slices.DeleteFunc(slices.Clone(q.terms), func(t models.Term) bool { return t.Dim == dim })
		less.axes = []models.Axis{{Dim: dim}}
		less.rowAxes = 1
		for _, f := range e.files {
			if !f.has(q.indicator.ID) {
				continue
			}
			asked = true
			if err := e.fileChoices(ctx, f, &less, t); err != nil {
				return nil, err
			}
		}
	}
	out.List = t.list()
	if len(out.List) == 0 {
		out.Absent = true
		out.Instead, out.Why = e.instead(ctx, a, dim, asked)
	}
	return out, nil
}

type choiceTally struct {
	cat     *models.Catalog
	dim     string
	count   map[string]float64 // records of each code
	figures map[string]float64 // figures of each code
}

func (e *Engine) fileChoices(ctx context.Context, f *file, q *question, t *choiceTally) error {
	for _, grain := range f.dict["grain"] {
		if models.Grain(grain.code) == models.Record {
			if err := e.recordChoices(ctx, f, q, t); err != nil {
				return err
			}
			continue
		}
		sources, err := e.figureSources(ctx, f, q.indicator.ID)
		if err != nil {
			return err
		}
		for _, s := range sources {
			s.choices(q, t)
		}
	}
	return nil
}

// recordChoices counts the records of each code; a record with several codes
// counts under each.
func (e *Engine) recordChoices(ctx context.Context, f *file, q *question, t *choiceTally) error {
	cs, why := f.conditions(q, models.Record)
	if why != "" {
		return nil
	}
	column := ident(t.dim)
	switch {
	case t.dim == models.DimYear:
		column = timeSQL("")
	case t.dim == models.DimDataset:
		column = "0"
	case f.isLeg(t.dim):
		return e.each(ctx, f, f.legChoices(t.dim, cs), 2, func(row []any) { t.addStop(f, row) })
	case !f.knows(t.dim):
		return nil
	}
	rows := e.tally(ctx, f, q)
	return e.each(ctx, f, fmt.Sprintf("SELECT %s, %s FROM %s WHERE %s GROUP BY 1", column, rows.count, rows.from, whereSQL(cs)), 2, func(row []any) {
		n := float64(row[1].(int64))
		switch t.dim {
		case models.DimYear:
			t.count[timeCode("", timeNumber(row[0]))] += n
		case models.DimDataset:
			t.count[f.ds.ID] += n
		default:
			for _, c := range f.dict[t.dim][number(row[0])].codes() {
				t.add(t.count, c, n)
			}
		}
	})
}

// add counts a code, and the codes above it.
func (t *choiceTally) add(count map[string]float64, code string, n float64) {
	for code != "" {
		count[code] += n
		k := t.cat.Code(t.dim, code)
		if k == nil {
			return
		}
		code = k.Parent
	}
}

// choices counts the figures that carry each code. Figures are counted, not
// added.
func (s *figureSource) choices(q *question, t *choiceTally) {
	a := newAsker(s, q)
	if a == nil {
		return
	}
	i := a.axisDim(models.Axis{Dim: t.dim})
	for f := range a.met {
		switch {
		case t.dim == models.DimYear:
			if y, one := f.when.CalendarYear(); one {
				t.figures[fmt.Sprint(y)]++
			}
		case t.dim == models.DimAgency:
			t.figures[s.src.agency]++
		case t.dim == models.DimDataset:
			t.figures[s.src.file.ds.ID]++
		case i >= 0 && a.code(f.spot, i) != 0:
			t.add(t.figures, a.codes[i][a.code(f.spot, i)], 1)
		}
	}
}

func (t *choiceTally) list() []models.Choice {
	var out []models.Choice
	all := maps.Clone(t.count)
	for c := range t.figures {
		all[c] += 0
	}
	for _, c := range sortedKeys(all) {
		if c == models.Total || c == models.NoSense || c == "" {
			continue
		}
		label := t.cat.Label(t.dim, c)
		if t.dim == models.DimYear || t.dim == models.DimDataset {
			label = c
		}
		if c == models.Unknown {
			label = "Not stated"
		}
		out = append(out, models.Choice{Code: c, Label: label, Level: t.cat.LevelOf(t.dim, c), Count: t.count[c], Figures: t.figures[c]})
	}
	sort.SliceStable(out, func(i, j int) bool { return t.before(out[i], out[j]) })
	return out
}

// before orders choices: years from the latest, everything else by size, what
// is not stated last.
func (t *choiceTally) before(x, y models.Choice) bool {
	if a, b := tail(x.Code), tail(y.Code); a != b {
		return a < b
	}
	if t.dim == models.DimYear {
		return x.Code > y.Code
	}
	if x.Count != y.Count {
		return x.Count > y.Count
	}
	if x.Figures != y.Figures {
		return x.Figures > y.Figures
	}
	return x.Label < y.Label
}

// standIns lists, for a dimension that data do not have, those that come
// nearest to it.
var standIns = map[string][]string{
	models.DimNationality: {models.DimOrigin},
	models.DimOrigin:      {models.DimNationality},
	models.DimPlace:       {models.DimDestination},
	models.DimDestination: {models.DimPlace},
}

// instead offers the dimension that the data have in place of the one asked.
func (e *Engine) instead(ctx context.Context, a *asking, dim string, asked bool) (string, string) {
	if !asked {
		return "", "No dataset here counts " + strings.ToLower(a.parts[0].indicator.Name) + "."
	}
	name := strings.ToLower(dimName(e.cat, dim))
	has := func(d string) bool {
		return slices.ContainsFunc(e.files, func(f *file) bool { return e.breaksDown(ctx, f, a.parts[0].indicator.ID, d) })
	}
	if has(dim) {
		return "", fmt.Sprintf("Under the other filters nothing is known by %s; remove one of them (X).", name)
	}
	for _, d := range append(standIns[dim], models.DimPlace, models.DimNationality, models.DimSex, models.DimYear) {
		if d != dim && has(d) {
			return d, fmt.Sprintf("These data do not say %s. They say %s.", name, strings.ToLower(dimName(e.cat, d)))
		}
	}
	return "", fmt.Sprintf("These data do not say %s.", name)
}

// breaksDown reports whether a file breaks an indicator down by a dimension.
func (e *Engine) breaksDown(ctx context.Context, f *file, indicator, dim string) bool {
	if !f.has(indicator) || !f.knows(dim) && dim != models.DimYear {
		return false
	}
	sources, err := e.figureSources(ctx, f, indicator)
	if err != nil || len(sources) == 0 {
		return err == nil // records: the file knows the dimension
	}
	return slices.ContainsFunc(sources, func(s *figureSource) bool {
		i := s.dim(dim)
		return dim == models.DimYear || i >= 0 && len(s.codes[i]) > 1
	})
}
