package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// builder asks the questions of a briefing, each of the versions it names.
type builder struct {
	ref      string
	on       time.Time
	engines  map[string]*query.Engine // by the versions that are not the current ones
	releases models.Releases
}

// newBuilder opens a workspace for a briefing of a day.
func newBuilder(ctx context.Context, ref string, on time.Time) (*builder, error) {
	b := &builder{ref: ref, on: on, engines: map[string]*query.Engine{}}
	if _, err := b.engine(ctx, nil); err != nil {
		return nil, err
	}
	list, err := savedIn(ref).Briefed()
	if err != nil {
		b.close()
		return nil, err
	}
	b.releases = models.NewReleases(list)
	return b, nil
}

func (b *builder) close() {
	for _, e := range b.engines {
		e.Close()
	}
}

// engine gives the datasets at some versions, the others at their current one.
func (b *builder) engine(ctx context.Context, pins []models.Version) (*query.Engine, error) {
	if current := b.engines[""]; current != nil {
		pins = slices.DeleteFunc(slices.Clone(pins), func(p models.Version) bool { return versionIn(current, p.Dataset) == p.N })
	}
	key := models.Versions(pins)
	if e := b.engines[key]; e != nil {
		return e, nil
	}
	e, err := openRef(ctx, b.ref, pins)
	if err != nil {
		return nil, err
	}
	e.Today = func() time.Time { return b.on } // the same briefing gives the same bytes
	b.engines[key] = e
	return e, nil
}

// versionIn is the version of a dataset that an engine has open, 0 for none.
func versionIn(e *query.Engine, id string) int {
	for _, d := range e.Datasets() {
		if d.ID == id {
			return d.Version
		}
	}
	return 0
}

// asks parses a slice and asks it.
func (b *builder) asks(ctx context.Context, text string, pins []models.Version) (*query.Engine, *models.Answer, error) {
	e, err := b.engine(ctx, pins)
	if err != nil {
		return nil, nil, err
	}
	s, err := models.ParseSlice(text, e.Catalog())
	if err != nil {
		return nil, nil, err
	}
	s.At = pins
	ans, err := e.Ask(ctx, s)
	return e, ans, err
}

// build asks all questions of a briefing. With latest each is asked of the
// current versions of the datasets that it names, and compared.
func (b *builder) build(ctx context.Context, br *models.Briefing, latest bool, tell func(done, of int)) (*datasets.Document, error) {
	d := &datasets.Document{Title: br.Title, Note: br.Note, On: b.on, Program: query.Program}
	for i, it := range br.Items {
		if tell != nil {
			tell(i, len(br.Items))
		}
		out, err := b.item(ctx, it, latest)
		if err != nil {
			return nil, err
		}
		d.Items = append(d.Items, out)
	}
	return d, nil
}

// item asks the question of one item. What cannot be shown is said in its
// place; an error ends the whole.
func (b *builder) item(ctx context.Context, it models.BriefingItem, latest bool) (datasets.DocumentItem, error) {
	out := datasets.DocumentItem{Kind: it.Kind, Heading: it.Heading, Note: it.Note, Slice: it.Slice}
	if it.Kind == models.NoteItem {
		return out, nil
	}
	pins, err := models.ParsePins(it.Slice)
	if err != nil {
		out.Missing = err.Error()
		return out, nil
	}
	now := pins
	if latest {
		if now, err = b.current(pins); err != nil {
			out.Missing = err.Error()
			return out, nil
		}
	}
	e, ans, err := b.asks(ctx, it.Slice, now)
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	if err != nil {
		out.Missing = err.Error()
		return out, nil
	}
	if err := b.take(ctx, &out, e, ans); err != nil {
		return out, err
	}
	if out.Missing == "" && latest && !slices.Equal(now, pins) && len(pins) > 0 {
		out.Since = models.Versions(pins)
		_, was, err := b.asks(ctx, it.Slice, pins)
		switch {
		case ctx.Err() != nil:
			return out, ctx.Err()
		case err != nil:
			out.Lacks = append(out.Lacks, "what changed since "+out.Since+" cannot be said: "+err.Error())
		case was.Refused() || was.Empty != "":
			out.Lacks = append(out.Lacks, "what changed since "+out.Since+" cannot be said: it gave no numbers then")
		default:
			out.Changes, out.Compared = models.Differences(was, ans), true
		}
	}
	return out, nil
}

// take puts an answer into an item, or says why it is none.
func (b *builder) take(ctx context.Context, out *datasets.DocumentItem, e *query.Engine, ans *models.Answer) error {
	switch n := ans.Numbers(); {
	case ans.Refused():
		r := ans.Refusals[0]
		out.Missing = fmt.Sprintf("refused (%s): %s", r.Rule, r.Why)
		if len(r.Ways) > 0 {
			out.Missing += "; instead, " + r.Ways[0].Label + ": " + r.Ways[0].Slice
		}
		return nil
	case ans.Empty != "":
		out.Missing = ans.Empty
		return nil
	case out.Kind == models.NumberItem && n != 1:
		out.Missing = fmt.Sprintf("a number card is of one number, and this answer has %d; make it a table, or name one source with agency= or dataset=", n)
		return nil
	}
	var lacks []string
	some := false
	for i := range ans.Blocks {
		if m := ans.Blocks[i].Missing; m != "" {
			lacks = append(lacks, ans.Blocks[i].Source.Name()+": "+m)
		}
	}
	for _, c := range ans.Figures {
		some = some || c.HasBounds() || c.State == models.Withheld
	}
	if !some {
		out.Missing = strings.Join(lacks, "; ")
		if out.Missing == "" {
			out.Missing = "the sources have no number for this"
		}
		return nil
	}
	out.Lacks = lacks
	out.Export = exportOf(ans, e.Catalog(), b.on)
	out.Briefed = b.releases.Rebriefed(ans, b.on.Format(time.DateOnly))
	if out.Kind != models.NumberItem {
		return nil
	}
	card, err := e.Card(ctx, ans, models.CellRef{Col: ans.Blocks[0].ValueColumn()})
	if err != nil {
		return err
	}
	out.Card = card
	return nil
}

// current gives the current versions of the datasets that a question names.
func (b *builder) current(pins []models.Version) ([]models.Version, error) {
	var out []models.Version
	for _, p := range pins {
		n := versionIn(b.engines[""], p.Dataset)
		if n == 0 {
			return nil, fmt.Errorf("%s is not loaded any more", p.Dataset)
		}
		out = append(out, models.Version{Dataset: p.Dataset, N: n})
	}
	return out, nil
}

// keep writes down the figures of a document as briefed; it answers how many
// are new.
func (b *builder) keep(d *datasets.Document) (int, error) {
	list := releasesOf(d)
	if len(list) == 0 {
		return 0, nil
	}
	ws := savedIn(b.ref)
	_, err := query.OpenWorkspace(ws.Dir, true)
	n := 0
	if err == nil {
		n, err = ws.KeepBriefed(list)
	}
	if err != nil {
		return 0, fmt.Errorf("nothing is written, because what goes out cannot be kept in the workspace (--draft keeps nothing): %w", err)
	}
	return n, nil
}

// releasesOf lists the figures of a document that say something.
func releasesOf(d *datasets.Document) []models.Release {
	var out []models.Release
	for i := range d.Items {
		it := &d.Items[i]
		if it.Export == nil {
			continue
		}
		for at, c := range it.Export.Answer.Figures {
			if c.HasBounds() {
				r := it.Export.Answer.Release(at)
				r.Date, r.In = d.On.Format(time.DateOnly), d.Title
				out = append(out, r)
			}
		}
	}
	return out
}

// repin gives the items of a briefing the versions that they were asked of.
func repin(br *models.Briefing, d *datasets.Document) {
	for i := range br.Items {
		if x := d.Items[i].Export; x != nil {
			br.Items[i].Slice = x.Answer.Pinned.String()
		}
	}
}
