package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// Sources sets side by side what each source says of the first indicator of a
// slice under its filters: definitions, scope, coverage and period, the lowest
// and highest possible total in place of a sum, and the claims that several
// documents share or dispute.
func (e *Engine) Sources(ctx context.Context, s models.Slice) (*models.Comparison, error) {
	one := s.Clone()
	one.Op, one.Parts, one.Of = models.One, s.Parts[:1], nil
	one.By, one.Across, one.From, one.To = nil, nil, models.Axis{}, models.Axis{}
	one.Percent, one.Change, one.Order, one.Top = models.NoBase, models.Change{}, models.Order{}, 0
	a, err := e.Ask(ctx, one)
	if err != nil {
		return nil, err
	}
	out := &models.Comparison{Title: a.Title, Unit: a.Unit, Notes: slices.Concat(a.Warnings, a.Footnotes), Why: a.Empty}
	for _, r := range a.Refusals {
		out.Why = r.Why
	}
	ev, err := e.Behind(ctx, one, 100)
	if err != nil {
		return nil, err
	}
	offers := map[string][]models.Offer{}
	for i := range a.Blocks {
		b := &a.Blocks[i]
		said := models.Said{Source: b.Source, Value: b.Cells[0][0], Missing: b.Missing}
		said.Period = said.Value.Part()
		for _, p := range ev.Parts {
			if p.Source.Dataset == b.Source.Dataset && p.Source.Agency == b.Source.Agency && p.Source.Scope == b.Source.Scope {
				said.Documents = (&models.Evidence{Parts: []models.EvidencePart{p}}).Documents()
			}
		}
		if _, read := offers[b.Source.Dataset]; !read {
			if offers[b.Source.Dataset], err = e.Offers(ctx, b.Source.Dataset); err != nil {
				return nil, err
			}
		}
		for _, o := range offers[b.Source.Dataset] {
			if o.Indicator == b.Indicator && o.Agency == b.Source.Agency && o.Grain == b.Source.Grain {
				said.Years = o.Years()
			}
		}
		out.Rows = append(out.Rows, said)
	}
	if err := e.bounds(ctx, one, out); err != nil {
		return nil, err
	}
	out.Pairs = reconcile(out.Rows)
	out.Claims, err = e.claims(ctx, one)
	return out, err
}

// bounds gives the lowest and highest possible total of several sources.
func (e *Engine) bounds(ctx context.Context, s models.Slice, out *models.Comparison) error {
	numbers := 0
	for _, r := range out.Rows {
		if r.Value.HasBounds() {
			numbers++
		}
	}
	if numbers < 2 || out.Why != "" {
		return nil
	}
	s.Op = models.Range
	a, err := e.Ask(ctx, s)
	if err != nil {
		return err
	}
	switch {
	case a.Refused():
		out.Why = a.Refusals[0].Why
	case len(a.Blocks) == 1:
		out.Range = a.Blocks[0].Cells[0][0]
	}
	return nil
}

// reconcile pairs the published number of an agency with the count of its
// records.
func reconcile(rows []models.Said) []models.Reconciled {
	var out []models.Reconciled
	for _, f := range rows {
		for _, r := range rows {
			x, y := f.Source, r.Source
			if x.Grain != models.Figure || y.Grain != models.Record || x.Agency != y.Agency || x.Scope != y.Scope {
				continue
			}
			diff, _ := difference(r.Value, f.Value)
			out = append(out, models.Reconciled{Agency: x.Agency, Scope: x.Scope, Figure: f.Value, Count: r.Value, Difference: diff,
				FigureIn: fmt.Sprintf("%s@%d", x.Dataset, x.Version), RecordIn: fmt.Sprintf("%s@%d", y.Dataset, y.Version)})
		}
	}
	return out
}

// claims lists the figures of an indicator that more than one document prints.
func (e *Engine) claims(ctx context.Context, s models.Slice) ([]models.Claim, error) {
	e.inUse.RLock()
	defer e.inUse.RUnlock()
	a := &asking{cat: e.cat, slice: s, ans: &models.Answer{Slice: s}}
	if err := a.resolve(); err != nil {
		return nil, err
	}
	var out []models.Claim
	for _, f := range e.files {
		if !f.has(s.Indicator()) || !f.among(s.At) {
			continue
		}
		sources, err := e.figureSources(ctx, f, s.Indicator())
		if err != nil {
			return nil, err
		}
		for _, src := range sources {
			if k, _ := ask(src, a.parts[0]); k != nil {
				out = append(out, k.claims()...)
			}
		}
	}
	return out, nil
}

// claims groups the figures of one coordinate whose periods are the same or
// unknown, where several documents print them.
func (a *asker) claims() []models.Claim {
	var order []string
	by := map[string][]*figure{}
	for _, f := range slices.SortedStableFunc(a.met, byRow) {
		k := fmt.Sprint(f.spot, f.text)
		if by[k] == nil {
			order = append(order, k)
		}
		by[k] = append(by[k], f)
	}
	var out []models.Claim
	for _, k := range order {
		for len(by[k]) > 1 {
			first := by[k][0]
			same := []*figure{first}
			var rest []*figure
			for _, f := range by[k][1:] {
				if f.when == first.when || !f.when.Bounded() || !first.when.Bounded() {
					same = append(same, f)
				} else {
					rest = append(rest, f)
				}
			}
			by[k] = rest
			if len(a.documents(same)) > 1 {
				out = append(out, a.claim(same))
			}
		}
	}
	return out
}

func (a *asker) claim(fs []*figure) models.Claim {
	c := models.Claim{Agency: a.src.agency, What: a.claimText(fs[0])}
	for _, f := range fs {
		c.Conflict = c.Conflict || f.low != fs[0].low || f.high != fs[0].high
		c.Said = append(c.Said, models.Citation{Value: a.value(f).cell(), Document: a.doc(f), Row: f.row, Note: a.notes[f.row]})
	}
	return c
}

func (a *asker) claimText(f *figure) string {
	var out []string
	for i, n := range a.codesAt(f.spot) {
		if n != 0 && a.implied[i] == 0 {
			out = append(out, strings.ToLower(dimName(a.cat, a.dims[i]))+" "+a.cat.Label(a.dims[i], a.codes[i][n]))
		}
	}
	if l := f.when.Label(); l != "" {
		out = append(out, l)
	}
	return strings.Join(out, ", ")
}
