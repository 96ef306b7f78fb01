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
	return e.offers(ctx, e.files[i])
}

// offers lists what a file offers. It is read once.
func (e *Engine) offers(ctx context.Context, f *file) ([]models.Offer, error) {
	e.facts.mu.Lock()
	defer e.facts.mu.Unlock()
	if out, ok := e.facts.offers[f.alias]; ok {
		return slices.Clone(out), nil
	}
	out, err := e.readOffers(ctx, f)
	if err != nil {
		return nil, err
	}
	if e.facts.offers == nil {
		e.facts.offers = map[string][]models.Offer{}
	}
	e.facts.offers[f.alias] = out
	return slices.Clone(out), nil
}

func (e *Engine) readOffers(ctx context.Context, f *file) ([]models.Offer, error) {
	dims := slices.DeleteFunc(dimensionColumns(f.extra), func(d string) bool {
		return d == models.DimAgency || d == models.DimReporter || d == models.DimFlowKind || !f.knows(d)
	})
	by := map[string]*models.Offer{}
	var order []*models.Offer
	for _, s := range e.offerScans(ctx, f, dims) {
		err := e.scanOffers(ctx, f, s, func(o *models.Offer) {
			key := o.Indicator + coordSep + o.Agency + coordSep + string(o.Grain)
			if old := by[key]; old != nil {
				joinOffer(old, *o)
				return
			}
			by[key] = o
			order = append(order, o)
		})
		if err != nil {
			return nil, err
		}
	}
	var out []models.Offer
	for _, o := range order {
		for _, d := range dims { // in the order of the catalogue
			if ys := o.DimYears[d]; len(ys) > 0 {
				o.Dims = append(o.Dims, d)
				slices.Sort(ys)
				o.DimYears[d] = slices.Compact(ys)
			}
		}
		for _, d := range models.LegDims {
			if o.Grain == models.Record && f.isLeg(d) {
				o.Stops = append(o.Stops, d)
			}
		}
		out = append(out, *o)
	}
	slices.SortFunc(out, func(a, b models.Offer) int {
		return strings.Compare(a.Indicator+coordSep+a.Agency+coordSep+string(a.Grain), b.Indicator+coordSep+b.Agency+coordSep+string(b.Grain))
	})
	return out, nil
}

// offerScan is some rows of a file, or their cube, and the dimensions that they
// are asked for.
type offerScan struct {
	tally
	where string
	dims  []string
}

// offerScans says where to look: into cubes, if between them they have all
// dimensions, and for what is no record into the rows.
func (e *Engine) offerScans(ctx context.Context, f *file, dims []string) []offerScan {
	rows := offerScan{f.records(), "true", dims}
	var out []offerScan
	for _, d := range dims {
		i := slices.IndexFunc(f.cubes, func(c *cube) bool { return c.holds([]string{d}) && e.sound(ctx, f, c) })
		if i < 0 {
			return []offerScan{rows}
		}
		in := f.groupsOf(f.cubes[i])
		at := slices.IndexFunc(out, func(s offerScan) bool { return s.from == in.from })
		if at < 0 {
			at = len(out)
			if at > 0 {
				in.count = "0::BIGINT" // the first has counted them
			}
			out = append(out, offerScan{in, "true", nil})
		}
		out[at].dims = append(out[at].dims, d)
	}
	other := f.numbers("grain", func(x entry) bool { return x.code != string(models.Record) })
	if len(out) == 0 {
		return []offerScan{rows}
	}
	if len(other) > 0 {
		rows.where = rangeSQL("grain", ranges(other))
		out = append(out, rows)
	}
	return out
}

// scanOffers calls fn with what the rows of each year offer.
func (e *Engine) scanOffers(ctx context.Context, f *file, s offerScan, fn func(*models.Offer)) error {
	var has []string
	for _, d := range s.dims {
		said := f.numbers(d, func(x entry) bool {
			return x.code != models.Total && x.code != models.NoSense && x.code != models.Unknown
		})
		has = append(has, fmt.Sprintf("bool_or(%s)", whereSQL([]condition{numberCondition(d, said, len(f.dict[d]))})))
	}
	cols := append([]string{"indicator", "agency", "grain", "year", s.count}, has...)
	query := fmt.Sprintf("SELECT %s FROM %s WHERE %s GROUP BY indicator, agency, grain, year", strings.Join(cols, ", "), s.from, s.where)
	return e.each(ctx, f, query, len(cols), func(row []any) {
		o := models.Offer{
			Indicator: f.dict["indicator"][number(row[0])].code, Agency: f.dict[models.DimAgency][number(row[1])].code,
			Grain: models.Grain(f.dict["grain"][number(row[2])].code), Rows: row[4].(int64), ByYear: map[int]int64{year(row[3]): row[4].(int64)},
			DimYears: map[string][]int{},
		}
		for k, d := range s.dims {
			if b, ok := row[5+k].(bool); ok && b {
				o.DimYears[d] = []int{year(row[3])}
			}
		}
		fn(&o)
	})
}

func year(v any) int {
	if y, ok := v.(int16); ok {
		return int(y)
	}
	return 0
}

// joinOffer adds another year of an offer, or the same under another spelling.
func joinOffer(o *models.Offer, x models.Offer) {
	o.Rows += x.Rows
	for y, n := range x.ByYear {
		o.ByYear[y] += n
	}
	for d, ys := range x.DimYears {
		o.DimYears[d] = append(o.DimYears[d], ys...)
	}
}
