package query

import (
	"context"
	"slices"
	"sync"

	"tiplens/models"
)

// Overview answers a slice at a glance: its figure, its years, and for every
// dimension in use a facet that leaves its own filter aside and obeys all
// others. The rows of the slice name levels for the facets. Of a measure of
// several parts the first is looked at.
func (e *Engine) Overview(ctx context.Context, s models.Slice) (*models.Overview, error) {
	one := glanced(s)
	if o := e.seen.get(one.String()); o != nil {
		return o, nil
	}
	levels := one.By
	asked := one.Clone()
	asked.By = nil
	ans, err := e.Ask(ctx, asked)
	if err != nil {
		return nil, err
	}
	out := &models.Overview{Answer: ans, Empty: ans.Empty}
	if ans.Refused() {
		return out, nil
	}
	facets, err := e.facets(ctx, asked, levels)
	if err != nil {
		return nil, err
	}
	years, err := e.Ask(ctx, allYears(asked))
	if err != nil {
		return nil, err
	}
	for _, f := range facets {
		g := f.Glance
		switch b := blockFrom(ans, g.Source); {
		case b != nil:
			g.Source, g.Figure, g.Unit = b.Source, b.Cells[0][0], b.Unit
		case len(ans.Blocks) > 0: // it has nothing of what is asked, others do
			continue
		default:
			g.Figure, g.Unit = g.None, ans.Unit
		}
		if b := blockFrom(years, g.Source); b != nil {
			g.Years, g.Change = yearsOf(b, asked)
		}
		ans.Training = ans.Training || f.synthetic // also where nobody is found
		out.Glances = append(out.Glances, g)
	}
	e.seen.put(one.String(), out)
	return out, nil
}

// glanced leaves of a slice what an overview is about.
func glanced(s models.Slice) models.Slice {
	one := s.Clone()
	one.Op, one.Of, one.Parts = models.One, nil, one.Parts[:min(len(one.Parts), 1)]
	one.Across, one.From, one.To = nil, models.Axis{}, models.Axis{}
	one.Percent, one.Change, one.Order, one.Top = models.NoBase, models.Change{}, models.Order{}, 0
	return one
}

// allYears is the slice by years, those around the ones it asks for as well.
func allYears(s models.Slice) models.Slice {
	s = s.With(models.Term{Dim: models.DimYear})
	for i, p := range s.Parts {
		s.Parts[i].Where = slices.DeleteFunc(p.Where, func(t models.Term) bool { return t.Dim == models.DimYear })
	}
	s.Across = []models.Axis{{Dim: models.DimYear}}
	return s
}

func blockFrom(a *models.Answer, s models.Source) *models.Block {
	for i := range a.Blocks {
		if a.Blocks[i].Source.Key() == s.Key() && a.Blocks[i].Missing == "" {
			return &a.Blocks[i]
		}
	}
	return nil
}

// yearsOf reads a block by years, and measures the last year of the slice
// against the one before it.
func yearsOf(b *models.Block, s models.Slice) (out []models.YearCell, ch models.YearChange) {
	asked, filtered := s.Term(models.DimYear)
	for _, p := range s.Parts {
		if t, ok := models.FindTerm(p.Where, models.DimYear); ok {
			asked, filtered = t, true
		}
	}
	at := map[string]models.Cell{}
	last := models.Undated
	for i, c := range b.Cols {
		if c.Kind != models.CodeHeader || len(c.Codes) != 1 {
			continue
		}
		p, err := models.ParsePeriod(c.Codes[0])
		if err != nil {
			continue
		}
		cell := b.Cells[len(b.Cells)-1][i]
		out = append(out, models.YearCell{Year: c.Codes[0], Cell: cell})
		at[c.Codes[0]] = cell
		if cell.HasBounds() && (!filtered || inSpans(asked, p)) {
			last = p
		}
	}
	if !last.Bounded() {
		return out, ch
	}
	ch.Year, ch.Before = last.String(), last.YearBefore().String()
	ch.Now = at[ch.Year]
	was, ok := at[ch.Before]
	if !ok {
		return out, models.YearChange{Year: ch.Year, Now: ch.Now}
	}
	ch.Was = was
	ch.Difference, ch.Percent = difference(was, ch.Now)
	return out, ch
}

// overviewCache remembers the last overviews, since files never change.
type overviewCache struct {
	mu   sync.Mutex
	keys []string
	m    map[string]*models.Overview
}

const maxOverviews = 64

func (c *overviewCache) get(key string) *models.Overview {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.m[key]
}

func (c *overviewCache) put(key string, o *models.Overview) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil {
		c.m = map[string]*models.Overview{}
	}
	if c.m[key] == nil {
		c.keys = append(c.keys, key)
	}
	c.m[key] = o
	if len(c.keys) > maxOverviews {
		delete(c.m, c.keys[0])
		c.keys = c.keys[1:]
	}
}
