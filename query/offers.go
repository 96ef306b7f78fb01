package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// Offers lists what a dataset offers, by indicator and producer.
func (e *Engine) Offers(ctx context.Context, id string) ([]models.Offer, error) {
	e.inUse.RLock()
	defer e.inUse.RUnlock()
	i := slices.IndexFunc(e.files, func(f *file) bool { return f.ds.ID == id })
	if i < 0 {
		return nil, fmt.Errorf("this workspace has no dataset %s", id)
	}
	f := e.files[i]
	dims := slices.DeleteFunc(dimensionColumns(f.extra), func(d string) bool {
		return d == models.DimAgency || d == models.DimReporter || d == models.DimFlowKind || !f.knows(d)
	})
	var has []string
	for _, d := range dims {
		said := f.numbers(d, func(x entry) bool {
			return x.code != models.Total && x.code != models.NoSense && x.code != models.Unknown
		})
		c := numberCondition(d, said, len(f.dict[d]))
		if c == "" {
			c = "true"
		}
		has = append(has, fmt.Sprintf("bool_or(%s)", c))
	}
	cols := append([]string{"indicator", "agency", "grain", "count(*)", "min(year)", "max(year)"}, has...)
	by := map[string]*models.Offer{}
	var order []*models.Offer
	err := e.each(ctx, f, fmt.Sprintf("SELECT %s FROM %s.observation GROUP BY indicator, agency, grain", strings.Join(cols, ", "), ident(f.alias)), len(cols), func(row []any) {
		o := models.Offer{
			Indicator: f.dict["indicator"][number(row[0])].code, Agency: f.dict[models.DimAgency][number(row[1])].code,
			Grain: models.Grain(f.dict["grain"][number(row[2])].code), Rows: row[3].(int64), First: year(row[4]), Last: year(row[5]),
		}
		for k, d := range dims {
			if b, ok := row[6+k].(bool); ok && b {
				o.Dims = append(o.Dims, d)
			}
		}
		key := o.Indicator + coordSep + o.Agency + coordSep + string(o.Grain)
		if old := by[key]; old != nil {
			joinOffer(old, o)
			return
		}
		by[key] = &o
		order = append(order, &o)
	})
	if err != nil {
		return nil, err
	}
	var out []models.Offer
	for _, o := range order {
		out = append(out, *o)
	}
	slices.SortFunc(out, func(a, b models.Offer) int {
		return strings.Compare(a.Indicator+coordSep+a.Agency+coordSep+string(a.Grain), b.Indicator+coordSep+b.Agency+coordSep+string(b.Grain))
	})
	return out, nil
}

func year(v any) int {
	if y, ok := v.(int16); ok {
		return int(y)
	}
	return 0
}

// joinOffer adds the same offer under another spelling.
func joinOffer(o *models.Offer, x models.Offer) {
	o.Rows += x.Rows
	if o.First == 0 || x.First != 0 && x.First < o.First {
		o.First = x.First
	}
	o.Last = max(o.Last, x.Last)
	for _, d := range x.Dims {
		if !slices.Contains(o.Dims, d) {
			o.Dims = append(o.Dims, d)
		}
	}
}
