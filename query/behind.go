package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// Behind lists what the answer to a slice is made of: the observations of each
// source, with their rows in the file and the text that stood there, at most
// limit of each.
func (e *Engine) Behind(ctx context.Context, s models.Slice, limit int) (*models.Evidence, error) {
	e.inUse.RLock()
	defer e.inUse.RUnlock()
	a := &asking{cat: e.cat, slice: s, ans: &models.Answer{Slice: s}}
	if err := a.resolve(); err != nil {
		return nil, err
	}
	out := &models.Evidence{}
	for _, q := range a.parts {
		for _, f := range e.files {
			if !f.has(q.indicator.ID) || !f.among(s.At) {
				continue
			}
			parts, err := e.fileEvidence(ctx, a, f, q, limit)
			if err != nil {
				return nil, err
			}
			out.Parts = append(out.Parts, parts...)
		}
	}
	return out, nil
}

func (e *Engine) fileEvidence(ctx context.Context, a *asking, f *file, q *question, limit int) ([]models.EvidencePart, error) {
	var out []models.EvidencePart
	for _, grain := range f.dict["grain"] {
		if models.Grain(grain.code) == models.Record {
			p, err := e.recordEvidence(ctx, a, f, q, limit)
			if err != nil {
				return nil, err
			}
			if p.Total > 0 {
				out = append(out, p)
			}
			continue
		}
		sources, err := e.figureSources(ctx, f, q.indicator.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range sources {
			if p := s.evidence(a, q, limit); p.Total > 0 {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// recordEvidence lists records.
func (e *Engine) recordEvidence(ctx context.Context, a *asking, f *file, q *question, limit int) (models.EvidencePart, error) {
	p := models.EvidencePart{Source: a.sourceOf(&grid{src: source{file: f, grain: models.Record}})}
	cs, why := f.conditions(q, models.Record)
	if why != "" {
		return p, nil
	}
	from := fmt.Sprintf("FROM %s.observation WHERE %s", ident(f.alias), whereSQL(cs))
	if err := e.each(ctx, f, "SELECT count(*) "+from, 1, func(row []any) { p.Total = row[0].(int64) }); err != nil {
		return p, err
	}
	var dims, cols []string
	for _, d := range append([]string{models.DimAgency}, dimensionColumns(f.extra)...) {
		if !slices.Contains(dims, d) && (f.knows(d) || d == models.DimAgency) {
			dims, cols = append(dims, d), append(cols, ident(d))
		}
	}
	p.Columns = dims
	query := fmt.Sprintf("SELECT source_row, period_start, period_end, %s %s ORDER BY source_row LIMIT %d", strings.Join(cols, ", "), from, limit)
	err := e.each(ctx, f, query, len(cols)+3, func(row []any) {
		r := models.EvidenceRow{Row: row[0].(int64), Value: models.Number(1), Period: models.Period{Start: day(row[1]), End: day(row[2])}}
		for i, d := range dims {
			en := f.dict[d][number(row[3+i])]
			r.Codes, r.Texts = append(r.Codes, en.code), append(r.Texts, original(en))
		}
		p.Rows = append(p.Rows, r)
	})
	return p, err
}

// original is the text that stood in the file, where it says more than the code.
func original(e entry) string {
	if e.text == e.code {
		return ""
	}
	return e.text
}

// evidence lists the figures that an answer used.
func (s *figureSource) evidence(a *asking, q *question, limit int) models.EvidencePart {
	p := models.EvidencePart{Source: a.sourceOf(&grid{src: s.src}), Columns: s.dims}
	k, _ := ask(s, q)
	if k == nil {
		return p
	}
	k.grid()
	var used []*figure
	for _, f := range s.figures {
		if k.used[f.n] {
			used = append(used, f)
		}
	}
	slices.SortStableFunc(used, byRow)
	p.Total = int64(len(used))
	for _, f := range used[:min(len(used), limit)] {
		r := models.EvidenceRow{Row: f.row, Value: s.value(f).cell(), Period: f.when, Document: s.doc(f), Note: s.notes[f.row]}
		for i, n := range s.codesAt(f.spot) {
			r.Codes, r.Texts = append(r.Codes, s.codes[i][n]), append(r.Texts, "")
		}
		p.Rows = append(p.Rows, r)
	}
	return p
}
