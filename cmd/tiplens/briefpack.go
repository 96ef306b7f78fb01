package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"tiplens/datasets"
	"tiplens/query"
)

// listPacks lists the report packs that come with the program.
func (a *app) listPacks() error {
	for _, p := range datasets.ReportPacks() {
		of := map[string]string{"half": "--period 2025-S1", "year": "--year 2025", "april": "--year 2025 (from 1 April)"}[p.Period]
		fmt.Fprintf(a.out, "%-20s %s\n%20s %s\n", p.ID, p.About, "", of)
	}
	return nil
}

// findPack finds a pack by its name; a name with an ending or a folder is a
// file of one's own.
func findPack(name string) (*datasets.ReportPack, error) {
	if !strings.ContainsAny(name, `./\`) {
		p, err := datasets.FindPack(name)
		return p, toCorrect(err)
	}
	text, err := readSmall(name, "a report pack", datasets.MaxPack)
	if err != nil {
		return nil, err
	}
	p, err := datasets.ParsePack(filepath.Base(name), text)
	return p, toCorrect(err)
}

// fillPack asks the questions of a report pack of what is loaded; the caller
// closes the builder. What cannot be filled is said in its place.
func (a *app) fillPack(ctx context.Context, f *briefFlags, on time.Time) (*builder, *datasets.Document, error) {
	p, err := findPack(f.pack)
	if err != nil {
		return nil, nil, err
	}
	if f.year+f.period == "" {
		return nil, nil, usage("say what the report is of with --year or --period; tiplens datasets shows which years are loaded")
	}
	of, err := p.PeriodOf(f.year, f.period)
	if err != nil {
		return nil, nil, &exit{exitUsage, err}
	}
	b, err := newBuilder(ctx, a.ref(), on)
	if err != nil {
		return nil, nil, err
	}
	a.warn(b.engines[""])
	d := p.Document(of, on)
	d.Program = query.Program
	for _, it := range p.Items(of) {
		if it.Lacks != "" {
			d.Items = append(d.Items, datasets.DocumentItem{Kind: it.Kind, Heading: it.Heading, Note: it.Note, Missing: it.Lacks})
			continue
		}
		out, err := b.item(ctx, it.BriefingItem, false)
		if err != nil {
			return b, nil, err
		}
		if out.Missing != "" {
			out.Missing += " (asked: " + it.Slice + ")"
		}
		d.Items = append(d.Items, out)
	}
	return b, d, nil
}
