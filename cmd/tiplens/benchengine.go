package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tiplens/models"
	"tiplens/query"
)

// engineReport is how long the engine takes for a kind of question.
type engineReport struct {
	Kind   string  `json:"kind"`
	Asked  int     `json:"asked"`
	First  float64 `json:"first_ms"` // before anything of it was in memory
	P50    float64 `json:"p50_ms"`
	P95    float64 `json:"p95_ms"`
	Max    float64 `json:"max_ms"`
	Budget float64 `json:"budget_p95_ms,omitempty"` // up to 10 and to 50 million records
	Slow   string  `json:"slowest"`
}

// question is a kind of question, in as many variants as keep one answer from
// being kept for the next.
type question struct {
	kind  string
	small float64 // budget in ms up to 10 million records, 0 for none
	large float64 // up to 50 million
	texts []string
	ask   func(context.Context, *query.Engine, models.Slice) error
}

var (
	benchNationalities = []string{"VN", "CN", "TH", "ID", "PH", "MM", "BD", "IN"}
	benchProvinces     = []string{"KH-12", "KH-18", "KH-1", "KH-20", "KH-17", "KH-2", "KH-8", "KH-14"}
	benchYears         = []string{"2021..2025", "2019..2023", "2024", "2025", "2015..2025"}
)

// questions are those that people ask, each with every filter.
func questions() []question {
	var slices, flows, subjects, glances []string
	for _, y := range benchYears {
		for i, n := range benchNationalities {
			p := benchProvinces[i]
			slices = append(slices,
				fmt.Sprintf("vic_identified by province across year where nationality=%s year=%s", n, y),
				fmt.Sprintf("vic_identified by nationality where place=%s year=%s", p, y),
				fmt.Sprintf("vic_identified by exploitation across sex where nationality=%s year=%s", n, y))
			flows = append(flows,
				fmt.Sprintf("vic_identified flow origin to destination where nationality=%s year=%s top 20", n, y),
				fmt.Sprintf("vic_identified flow origin to destination where place=%s year=%s top 20", p, y))
			subjects = append(subjects, fmt.Sprintf("vic_assisted by province where nationality=%s year=%s", n, y))
			glances = append(glances,
				fmt.Sprintf("vic_identified where nationality=%s year=%s", n, y),
				fmt.Sprintf("vic_identified where place=%s year=%s", p, y))
		}
	}
	all := []string{"vic_identified by province across year", "vic_identified by nationality", "vic_identified by sex across year", "vic_identified"}
	ask := func(ctx context.Context, e *query.Engine, s models.Slice) error {
		_, err := e.Ask(ctx, s)
		return err
	}
	glance := func(ctx context.Context, e *query.Engine, s models.Slice) error {
		_, err := e.Overview(ctx, s)
		return err
	}
	choose := func(ctx context.Context, e *query.Engine, s models.Slice) error {
		_, err := e.Choices(ctx, s, models.DimNationality)
		return err
	}
	return []question{
		{"slice, filtered", 10, 40, slices, ask},
		{"flow, filtered", 10, 40, flows, ask},
		{"slice, unfiltered", 5, 5, all, ask},
		{"flow, unfiltered", 5, 5, []string{"vic_identified flow origin to destination top 20"}, ask},
		{"distinct, filtered", 30, 170, subjects, ask},
		{"overview with all facets, filtered", 25, 60, glances, glance},
		{"overview, unfiltered; kept, see first", 0, 0, []string{"vic_identified"}, glance},
		{"choices of a list, filtered", 0, 0, glances, choose},
		{"distinct over everything", 0, 0, []string{"vic_assisted by province"}, ask},
	}
}

// benchEngine asks every kind of question.
func (a *app) benchEngine(ctx context.Context, ref string, rounds int) ([]engineReport, error) {
	h := &host{}
	var out []engineReport
	for _, q := range questions() {
		store, err := h.Open(ctx, ref) // anew: nothing that an earlier kind has kept
		if err != nil {
			return nil, err
		}
		o, ok := store.(*opened)
		if !ok {
			return nil, fmt.Errorf("bench measures the engine of this program, and %s is open with another", ref)
		}
		e := o.Engine
		r, err := q.measure(ctx, e, rounds)
		records := e.Datasets()
		e.Close()
		if err != nil {
			return nil, err
		}
		if r.Budget = q.small; len(records) > 0 && records[0].Taken > 10_000_000 {
			r.Budget = q.large
		}
		out = append(out, r)
	}
	return out, nil
}

// measure asks the variants in turn. The first time, when nothing is in memory,
// stands apart.
func (q *question) measure(ctx context.Context, e *query.Engine, rounds int) (r engineReport, err error) {
	r.Kind, r.Asked = q.kind, rounds
	var took []float64
	for i := range rounds + 1 {
		text := q.texts[i*7%len(q.texts)] // not in order: short and long years mixed
		s, err := models.ParseSlice(text, e.Catalog())
		if err != nil {
			return r, err
		}
		began := time.Now()
		if err := q.ask(ctx, e, s); err != nil {
			return r, fmt.Errorf("%s: %w", text, err)
		}
		ms := float64(time.Since(began).Microseconds()) / 1000
		if i == 0 {
			r.First = ms
			continue
		}
		if ms > r.Max {
			r.Max, r.Slow = ms, text
		}
		took = append(took, ms)
	}
	slices.Sort(took)
	at := func(p int) float64 { return took[min(len(took)*p/100, len(took)-1)] }
	r.P50, r.P95 = at(50), at(95)
	return r, nil
}
