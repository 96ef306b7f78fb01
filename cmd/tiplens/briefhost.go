package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
	"tiplens/tui"
)

// newBriefing is a briefing that nothing was added to yet.
func newBriefing() *models.Briefing {
	return &models.Briefing{Title: "Briefing", Date: time.Now().Format(time.DateOnly)}
}

// Briefing gives what the person has collected in a workspace.
func (h *host) Briefing(ref string) (*models.Briefing, error) {
	ws, who := savedIn(ref), person()
	text, err := ws.Briefing(who)
	if err != nil || text == nil {
		return newBriefing(), err
	}
	return datasets.ParseBriefing(ws.BriefingPath(who), text)
}

// ChangeBriefing changes it while nobody else does. One that cannot be read is
// not written: what a person wrote would be lost.
func (h *host) ChangeBriefing(ref string, change func(*models.Briefing) error) error {
	ws, who := savedIn(ref), person()
	if _, err := query.OpenWorkspace(ws.Dir, true); err != nil {
		return err
	}
	return ws.ChangeBriefing(who, func(old []byte) ([]byte, error) {
		b := newBriefing()
		if old != nil {
			var err error
			if b, err = datasets.ParseBriefing(ws.BriefingPath(who), old); err != nil {
				return nil, err
			}
		}
		if err := change(b); err != nil {
			return nil, err
		}
		return datasets.WriteBriefing(b)
	})
}

// BriefingFormats lists the formats of a briefing.
func (h *host) BriefingFormats() []tui.ExportFormat {
	var out []tui.ExportFormat
	for _, f := range datasets.DocumentFormats {
		out = append(out, tui.ExportFormat{Name: f.Name, About: f.About})
	}
	return out
}

// BriefingFile suggests a file in the folder used last.
func (h *host) BriefingFile(b *models.Briefing, format string, draft, training bool) (string, error) {
	f, err := datasets.FindDocumentFormat(format, "")
	if err != nil {
		return "", err
	}
	folder, err := wholePath("")
	if err != nil {
		return "", err
	}
	on, err := b.Day()
	if err != nil {
		return "", err
	}
	d := &datasets.Document{Title: b.Title, On: on, Draft: draft, Training: training}
	return freeName(folder, d.FileName(f), f.Ext), nil
}

// Latest asks the questions of a briefing of the current versions.
func (h *host) Latest(ctx context.Context, ref string, br *models.Briefing) (*models.Briefing, []string, error) {
	on, err := br.Day()
	if err != nil {
		return nil, nil, err
	}
	b, err := newBuilder(ctx, ref, on)
	if err != nil {
		return nil, nil, err
	}
	defer b.close()
	d, err := b.build(ctx, br, true, nil)
	if err != nil {
		return nil, nil, err
	}
	next := *br
	next.Items = slices.Clone(br.Items)
	repin(&next, d)
	return &next, d.WhatChanged(), nil
}

// documentFile is the format and the whole path of a document that is to be
// written: the ending that was typed decides where it names a format.
func documentFile(format, file string) (f datasets.DocumentFormat, path string, err error) {
	if f, err = datasets.FindDocumentFormat(format, ""); err != nil {
		return f, "", err
	}
	if f, file, err = datasets.FileFormatOfDocument(f, file); err != nil {
		return f, "", err
	}
	path, err = wholePath(file)
	return f, path, err
}

// Build asks all questions of a briefing and writes a file that does not exist
// yet.
func (h *host) Build(ctx context.Context, ref string, br *models.Briefing, format, file string, draft bool, tell func(done, of int)) (tui.Exported, error) {
	f, path, err := documentFile(format, file)
	if err != nil {
		return tui.Exported{}, err
	}
	on, err := br.Day()
	if err != nil {
		return tui.Exported{}, err
	}
	if err := pinned(br, "the briefing", false); err != nil {
		return tui.Exported{}, err
	}
	b, err := newBuilder(ctx, ref, on)
	if err != nil {
		return tui.Exported{}, err
	}
	defer b.close()
	d, err := b.build(ctx, br, false, tell)
	if err != nil {
		return tui.Exported{}, err
	}
	d.Draft = draft
	if !d.Shows() {
		return tui.Exported{}, fmt.Errorf("no item can be shown: %s", strings.Join(d.Gaps(), "; "))
	}
	kept := 0
	err = exportAfter(path, false, func(w io.Writer) error { return d.Write(&heeding{ctx, w}, f) }, func() error {
		if err := ctx.Err(); err != nil || draft {
			return err
		}
		kept, err = b.keep(d)
		return err
	})
	if err != nil {
		return tui.Exported{}, err
	}
	out := exportedAt(path)
	for _, gap := range d.Gaps() {
		out.Say = append(out.Say, "Not shown: "+gap)
	}
	if kept > 0 {
		out.Say = append(out.Say, fmt.Sprintf("Kept as briefed on %s: %s.", br.Date, models.Many(kept, "figures")))
	}
	return out, nil
}

// pageDocument makes a document of a page of text: first the numbers that it is
// about, with all that is to be known of them.
func pageDocument(p tui.Page, on time.Time) *datasets.Document {
	d := &datasets.Document{Title: p.Title, On: on, Program: query.Program, Training: p.Training, Open: p.Open}
	if p.Answer != nil {
		d.Items = append(d.Items, datasets.DocumentItem{Kind: models.TableItem, Slice: p.Answer.Slice.String(), Export: exportOf(p.Answer, datasets.Catalogue(), on)})
	}
	d.Items = append(d.Items, datasets.DocumentItem{Kind: models.NoteItem, Heading: datasets.Clean(p.Title), Page: p.Lines})
	return d
}

// PageFile suggests a file in the folder used last.
func (h *host) PageFile(p tui.Page, format string) (string, error) {
	f, err := datasets.FindDocumentFormat(format, "")
	if err != nil {
		return "", err
	}
	folder, err := wholePath("")
	if err != nil {
		return "", err
	}
	return freeName(folder, pageDocument(p, time.Now()).FileName(f), f.Ext), nil
}

// ExportPage writes a page into a file that does not exist yet.
func (h *host) ExportPage(ctx context.Context, p tui.Page, format, file string) (tui.Exported, error) {
	f, path, err := documentFile(format, file)
	if err != nil {
		return tui.Exported{}, err
	}
	d := pageDocument(p, time.Now())
	err = exportTo(path, false, func(w io.Writer) error {
		if err := d.Write(&heeding{ctx, w}, f); err != nil {
			return err
		}
		return ctx.Err()
	})
	if err != nil {
		return tui.Exported{}, err
	}
	return exportedAt(path), nil
}
