package main

import (
	"context"
	"errors"
	"fmt"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
)

// doAppend loads a file of corrected rows: the new version is all that the one
// before had taken, and what of the corrected rows can be taken now.
func doAppend(ctx context.Context, j job, tell func(news)) (*loaded, error) {
	if j.Map != "" || j.Recipe != "" || j.ID != "" && j.ID != j.Append || j.Hash != "" || len(j.Options.Keep) > 0 {
		return nil, usage("--append reads the file as the first one was read; leave out --id, --map, --recipe, --keep and --hash")
	}
	ws, err := query.OpenWorkspace(j.Workspace, false)
	if err != nil {
		return nil, err
	}
	held, err := ws.Held(ctx, j.Append)
	if err != nil {
		return nil, noDataset(err)
	}
	if len(held.Rows) == 0 {
		return nil, &exit{exitNoData, fmt.Errorf("%s@%d holds no row back that could be corrected", j.Append, held.Dataset.Version)}
	}
	file, err := datasets.Open(ctx, j.File, j.Options, query.Parquet{})
	if err != nil {
		return nil, err
	}
	fit, err := datasets.Corrects(file, held, datasets.Catalogue())
	if err != nil {
		return nil, err
	}
	sum, err := file.SHA256()
	if err != nil {
		return nil, err
	}
	load, err := ws.BeginLoad(ctx, j.Append, held.Dataset.Extra, j.Wait, func(who string) {
		tell(news{Say: "Waiting for another load of " + j.Append + ", " + who + "."})
	})
	if err != nil {
		return nil, err
	}
	defer load.Abandon()
	if fit.Recipe, err = decisions(ctx, load, fit.Recipe, j); err != nil {
		return nil, err
	}
	now, before, err := load.Continue(ctx)
	if err == nil && now.Dataset.Version != held.Dataset.Version {
		err = errors.New("another version was loaded meanwhile; try again")
	}
	if err != nil {
		return nil, err
	}
	rep, err := readInto(ctx, load, file, fit, tell)
	if err != nil {
		return nil, err
	}
	if load.StillHeld, err = fit.Uncorrected(file.Name, held); err != nil {
		return nil, err
	}
	for i := range rep.Findings {
		if f := &rep.Findings[i]; f.Row > 0 { // rows are numbered as in the first file
			f.File, f.Sheet = held.Dataset.File, ""
		}
	}
	recipe, err := fit.Recipe.DecideAll(rep.Accepted())
	if err != nil {
		return nil, err
	}
	ds := held.Dataset
	all := rep.Corrected(models.ReportOf(&held.Dataset, before), load.StillHeld, file.Name)
	if err := all.Prove(); err != nil {
		return nil, err
	}
	ds.Rows, ds.Taken, ds.Held, ds.Skipped = all.Read, all.Taken, all.Held, all.Skipped
	ds.Corrections = append(ds.Corrections, models.Correction{File: file.Name, SHA256: sum, Rows: rep.Read})
	if err := publish(ctx, load, ds, recipe.Text, all, tell); err != nil {
		return nil, err
	}
	ds.Version, ds.First, ds.Last = load.Version, load.First, load.Last
	return &loaded{Dataset: ds, Recipe: ds.Recipe}, nil
}
