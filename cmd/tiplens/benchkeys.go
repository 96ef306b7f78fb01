package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"tiplens/tui/wire"
)

// startReport is how long the program takes to its first frame, and to the
// first screen that is finished, with numbers: the middle of several starts.
type startReport struct {
	Frame  float64 `json:"first_frame_ms"`
	Screen float64 `json:"finished_ms"`
	Budget float64 `json:"first_frame_budget_ms"`
}

// starts is how many are measured; one before them, for which files may have to
// come from the disk, is not.
const starts = 5

func (b *bencher) start(ctx context.Context) (*startReport, error) {
	var frames, screens []float64
	for i := range starts + 1 {
		s, err := b.open(ctx, budgetTerm, wire.Link{})
		if err != nil {
			return nil, err
		}
		for s.Text() == emptyScreen && time.Since(s.began) < time.Minute {
			time.Sleep(time.Millisecond)
		}
		frame := time.Since(s.began)
		_, last, err := s.ready()
		s.close()
		if err != nil {
			return nil, err
		}
		if i > 0 {
			frames, screens = append(frames, ms(frame)), append(screens, ms(last.Sub(s.began)))
		}
	}
	r := &startReport{Frame: middle(frames), Screen: middle(screens), Budget: 300}
	if b.ref == wsTraining {
		r.Budget = 150
	}
	return r, nil
}

var emptyScreen = strings.Repeat("\n", 23)

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func middle(xs []float64) float64 { return slices.Sorted(slices.Values(xs))[len(xs)/2] }

// termReport is what keys cost on one kind of terminal.
type termReport struct {
	Term   string        `json:"term"`
	Keys   []keyReport   `json:"keys"`
	Views  []viewReport  `json:"views"`
	Idle   int           `json:"idle_bytes"`
	Heard  time.Duration `json:"idle_ns"`
	Over   int           `json:"percent_of_least"` // the median key
	memory *memoryReport
}

// keyReport is what the keys of a kind cost.
type keyReport struct {
	Kind      wire.Kind `json:"kind"`
	Keys      int       `json:"keys"`
	Median    int       `json:"median_bytes"`
	P95       int       `json:"p95_bytes"`
	Max       int       `json:"max_bytes"`
	Budget    int       `json:"budget_bytes"`
	Over      int       `json:"percent_of_least"` // all bytes of the kind
	MedianMS  float64   `json:"median_ms"`
	P95MS     float64   `json:"p95_ms"`
	MaxMS     float64   `json:"max_ms"`
	Slowest   string    `json:"slowest"`
	bytes     []int
	times     []int // microseconds
	sum, min  int
	slowestUS int
}

// viewReport is the switch to a view.
type viewReport struct {
	Name  string  `json:"name"`
	Bytes int     `json:"bytes"`
	MS    float64 `json:"ms"`
}

// budgetTerm is the terminal for which the budgets hold.
const budgetTerm = "xterm-256color"

// tours measures the first terminal alone, since its times count, and then the
// others side by side.
func (b *bencher) tours(ctx context.Context, terms []string, idle time.Duration) ([]*termReport, error) {
	out := make([]*termReport, len(terms))
	var err error
	if out[0], err = b.tour(ctx, terms[0], idle); err != nil {
		return nil, err
	}
	return out, sideBySide(len(terms)-1, func(i int) (err error) {
		out[i+1], err = b.tour(ctx, terms[i+1], idle)
		return err
	})
}

// links measures all links side by side: they wait most of the time.
func (b *bencher) links(ctx context.Context) ([]linkReport, error) {
	out := make([]linkReport, len(wire.Links))
	return out, sideBySide(len(out), func(i int) (err error) {
		out[i], err = b.link(ctx, wire.Links[i])
		return err
	})
}

func sideBySide(n int, do func(i int) error) error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = do(i) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// tour presses every kind of key in every view.
func (b *bencher) tour(ctx context.Context, term string, idle time.Duration) (*termReport, error) {
	s, err := b.open(ctx, term, wire.Link{})
	if err != nil {
		return nil, err
	}
	defer s.close()
	first, last, err := s.ready()
	if err != nil {
		return nil, err
	}
	kinds := map[wire.Kind]*keyReport{}
	for _, k := range wire.Kinds {
		kinds[k] = &keyReport{Kind: k}
		if term == budgetTerm {
			kinds[k].Budget = k.Budget()
		}
	}
	r := &termReport{Term: term, Heard: idle}
	var over []int
	add := func(k wire.Kind, name string, p pressed) {
		kinds[k].add(name, p)
		over = append(over, 100*p.bytes/max(p.least, 1))
	}
	blank := wire.NewScreen(80, 24, nil).Picture()
	add(wire.First, "start", pressed{first, wire.Least(blank, s.Picture()), last.Sub(s.began)})
	for _, stop := range wire.Tour() {
		for i, key := range stop.Keys {
			p, err := s.press(key)
			if err != nil {
				return nil, err
			}
			add(stop.Kind, stop.Name, p)
			if stop.Kind == wire.View && i == 0 {
				r.Views = append(r.Views, viewReport{stop.Name, p.bytes, ms(p.took)})
			}
		}
	}
	before, _ := s.Came()
	time.Sleep(idle)
	after, _ := s.Came()
	r.Idle, r.Over, r.memory = after-before, wire.Percentile(over, 50), s.memory()
	for _, k := range wire.Kinds {
		r.Keys = append(r.Keys, kinds[k].sumUp())
	}
	return r, nil
}

func (k *keyReport) add(name string, p pressed) {
	k.bytes = append(k.bytes, p.bytes)
	us := int(p.took.Microseconds())
	k.times = append(k.times, us)
	k.sum, k.min = k.sum+p.bytes, k.min+p.least
	if us > k.slowestUS {
		k.slowestUS, k.Slowest = us, name
	}
}

func (k *keyReport) sumUp() keyReport {
	k.Keys, k.Over = len(k.bytes), 100*k.sum/max(k.min, 1)
	k.Median, k.P95, k.Max = wire.Percentile(k.bytes, 50), wire.Percentile(k.bytes, 95), wire.Percentile(k.bytes, 100)
	at := func(p int) float64 { return float64(wire.Percentile(k.times, p)) / 1000 }
	k.MedianMS, k.P95MS, k.MaxMS = at(50), at(95), at(100)
	return *k
}

// linkReport is how long a person waits on a slow link.
type linkReport struct {
	wire.Link
	Steps []linkStep `json:"steps"`
}

type linkStep struct {
	Name    string  `json:"name"`
	Bytes   int     `json:"bytes"`
	Seconds float64 `json:"seconds"`
}

// held is a key held down on a slow link: presses, and how many a second.
const (
	heldPresses = 60
	heldRate    = 20
)

// link walks a short way on a slow link.
func (b *bencher) link(ctx context.Context, l wire.Link) (r linkReport, err error) {
	r.Link = l
	s, err := b.open(ctx, budgetTerm, l)
	if err != nil {
		return r, err
	}
	defer s.close()
	n, last, err := s.ready()
	if err != nil {
		return r, err
	}
	r.Steps = append(r.Steps, linkStep{"start", n, last.Sub(s.began).Seconds()})
	for _, step := range []struct{ name, key string }{
		{"cursor down", "j"}, {"order", "o"}, {"percent", "%"}, {"open a list", "n"}, {"type", "v"}, {"apply", "enter"},
		{"trend", "2"}, {"flows", "3"}, {"page", "pgdown"}, {"map", "4"}, {"overview", "0"}, {"table", "1"},
	} {
		p, err := s.press(step.key)
		if err != nil {
			return r, err
		}
		r.Steps = append(r.Steps, linkStep{step.name, p.bytes, p.took.Seconds()})
	}
	if _, err := s.press("u"); err != nil { // the list is longer without a filter
		return r, err
	}
	was, _ := s.Came()
	for i := range heldPresses {
		key := "j"
		if i/8%2 == 1 { // up and down, so that every press moves
			key = "k"
		}
		if err := s.Type(key); err != nil {
			return r, err
		}
		time.Sleep(time.Second / heldRate)
	}
	released := time.Now()
	n, last, err = s.rest()
	if err != nil {
		return r, err
	}
	r.Steps = append(r.Steps, linkStep{"a key held for 3 s, behind", n - was, max(last.Sub(released).Seconds(), 0)})
	return r, nil
}
