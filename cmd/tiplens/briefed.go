package main

import (
	"context"

	"tiplens/models"
	"tiplens/query"
	"tiplens/tui"
)

// asBriefed adds to a card how its number went out, after the value. Where that
// cannot be read the card says so: a number that seems never to have gone out
// may have.
func asBriefed(ref string, c *models.Card, a *models.Answer, at models.CellRef) {
	list, err := savedIn(ref).Briefed()
	said := ""
	switch {
	case err != nil:
		said = err.Error()
	case len(list) > 0:
		said = models.NewReleases(list).Briefed(a, at, c.Narrow)
	}
	if said == "" {
		return
	}
	lines := append([][2]string{}, c.Lines[:min(1, len(c.Lines))]...)
	lines = append(lines, [2]string{"went out", said})
	c.Lines = append(lines, c.Lines[min(1, len(c.Lines)):]...)
}

// opened is a workspace on the screen: its cards say how a number went out.
type opened struct {
	*query.Engine
	ref string
}

// Card gathers what must be known of one cell.
func (o *opened) Card(ctx context.Context, a *models.Answer, at models.CellRef) (*models.Card, error) {
	c, err := o.Engine.Card(ctx, a, at)
	if err == nil {
		asBriefed(o.ref, c, a, at)
	}
	return c, err
}

// onScreen makes of an engine what the screen asks.
func onScreen(e *query.Engine, err error, ref string) (tui.Store, error) {
	if err != nil {
		return nil, err
	}
	return &opened{e, ref}, nil
}
