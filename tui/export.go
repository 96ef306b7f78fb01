package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// Exporter writes answers into files for the screen, which knows none.
type Exporter interface {
	// Exports lists the formats.
	Exports(s models.Slice) []ExportFormat
	// ExportFile suggests a file: in the folder used last, named after the
	// question, and of a name that is free.
	ExportFile(ans *models.Answer, format string) (string, error)
	// Export writes the file. One that exists is an error.
	Export(ctx context.Context, ans *models.Answer, format, file string, tell func(done, of int)) (Exported, error)
	// PageFile and ExportPage do the same with a page of text, in the formats
	// of a briefing.
	PageFile(p Page, format string) (string, error)
	ExportPage(ctx context.Context, p Page, format, file string) (Exported, error)
}

// ExportFormat is a form in which an answer can be written.
type ExportFormat struct{ Name, About string }

// Exported is a file that was written.
type Exported struct {
	File  string   // its whole path
	Fetch string   // the command that fetches it, for who works on another machine
	Say   []string // what else must be said of it
}

// writing is a file that is being written: what it is, and how.
type writing struct {
	text  []string // said where the file is named
	write func(ctx context.Context, file string, tell func(done, of int)) (Exported, error)
}

// exportedMsg ends an export.
type exportedMsg struct {
	seq  int
	res  Exported
	err  error
	job  writing
	file string // as asked for
}

// writingMsg says how far an export is.
type writingMsg struct {
	seq, done, of int
	next          tea.Cmd
}

// pickExport chooses the format in which what is shown is written.
func (a *App) pickExport() tea.Cmd {
	switch {
	case a.exporting.cancel != nil:
		a.said = sayAnExportRunning
		return nil
	case a.state.view == viewSources:
		return a.exportSources()
	case a.state.view == viewData:
		return a.exportReport(a.data().current())
	case a.state.view == viewGuide:
		return a.exportEntry()
	case a.answer == nil || a.busy || a.drawn != a.state.view:
		a.said = sayAnswerStillBeingCountedThere
		return nil
	case a.answer.Refused() || a.answer.Empty != "" || len(a.answer.Blocks) == 0:
		a.said = sayThereNoNumbersExport
		return nil
	}
	ans := a.pictured()
	p := &picker{title: titleExport, fold: strings.ToLower, apply: func(codes []string, _ bool) reply {
		format := strings.Join(codes, "")
		return reply{handled: true, close: true, run: func(a *App) tea.Cmd {
			file, err := a.host.ExportFile(ans, format)
			if err != nil {
				a.said = err.Error()
				return nil
			}
			a.askFile(answerInto(a.host, ans, format), file, "")
			return nil
		}}
	}}
	for _, f := range a.host.Exports(ans.Slice) {
		p.items = append(p.items, item{code: f.Name, label: f.Name, note: f.About, search: strings.ToLower(f.Name + "\n" + f.About)})
	}
	a.push(p)
	return nil
}

// pictured is the answer with the picture in view.
func (a *App) pictured() *models.Answer {
	ans := *a.answer
	switch v := a.view().(type) {
	case *mixView:
		if v.kind == mixPyramid {
			ans.Picture, ans.PictureBlock = models.PicturePyramid, v.block
		}
	case *mapView:
		ans.Picture, ans.PictureBlock, ans.PictureCuts = models.PictureMap, v.block, v.cuts
	case *flowsView:
		if v.kind == flowPicture {
			ans.Picture, ans.PictureBlock = models.PictureFlows, v.block
		}
	}
	return &ans
}

// answerInto writes an answer in a format.
func answerInto(host Host, ans *models.Answer, format string) writing {
	return writing{
		text: []string{sayEndingDecides + format + ".", "The file says what its numbers are: sources, definitions, notes, and the slice that reopens them. A file that exists is not overwritten."},
		write: func(ctx context.Context, file string, tell func(done, of int)) (Exported, error) {
			return host.Export(ctx, ans, format, file, tell)
		},
	}
}

// askFile asks for the name of the file, with a reason if the one before could
// not be taken.
func (a *App) askFile(job writing, file, wrong string) {
	l := newLine(titleFile, file, func(typed string) reply {
		if typed == "" {
			return reply{handled: true, say: sayGiveFileName}
		}
		return reply{handled: true, close: true, run: func(a *App) tea.Cmd { return a.export(job, typed) }}
	})
	l.wrong, l.text = wrong, job.text
	a.push(l)
}

// export writes the file while the person goes on.
func (a *App) export(job writing, file string) tea.Cmd {
	ctx, seq := a.exporting.start(a.ctx)
	a.progress = "writing..."
	news := make(chan writingMsg, 1)
	var listen tea.Cmd
	listen = func() tea.Msg {
		m, ok := <-news
		if !ok {
			return nil
		}
		m.next = listen
		return m
	}
	run := func() tea.Msg {
		defer close(news)
		last := time.Now()
		res, err := job.write(ctx, file, func(done, of int) {
			if time.Since(last) < tellEvery {
				return
			}
			last = time.Now()
			select {
			case news <- writingMsg{seq: seq, done: done, of: of}:
			default: // the screen is slow; the next one will do
			}
		})
		return exportedMsg{seq, res, err, job, file}
	}
	return tea.Batch(run, listen)
}

// wrote takes how far an export is.
func (a *App) wrote(m writingMsg) tea.Cmd {
	if m.seq == a.exporting.seq && m.of > 0 {
		a.progress = fmt.Sprintf("writing: %d %%", 100*m.done/m.of)
	}
	return m.next
}

// exported tells what became of an export: in the status line, or on a page
// where there is more to say than fits there and nothing else is open.
func (a *App) exported(m exportedMsg) {
	if m.seq != a.exporting.seq {
		return
	}
	a.exporting.stop()
	a.progress = ""
	free := len(a.stack) == 0
	if _, briefing := a.top().(*briefingPage); briefing { // from where it was begun
		free = true
	}
	if m.err != nil {
		switch {
		case errors.Is(m.err, context.Canceled):
			a.said = sayExportCancelledNothing
		case free:
			a.said = ""
			a.askFile(m.job, m.file, m.err.Error())
		default:
			a.said = sayNotExported + m.err.Error()
		}
		return
	}
	a.said = sayWritten + m.res.File
	if !free && len(m.res.Say) > 0 {
		a.said += "; " + strings.Join(m.res.Say, "; ")
	}
	if !free || m.res.Fetch == "" && len(m.res.Say) == 0 && width(a.said) < a.w-10 {
		return
	}
	a.said = ""
	page := &textPage{title: titleExported, text: append([]string{m.res.File}, m.res.Say...)}
	if fetch := m.res.Fetch; fetch != "" {
		page.text = append(page.text, "", "On your own machine this fetches it:", fetch)
		page.keys = "v copy the line that fetches it  esc back"
		page.acts = map[string]reply{"v": {handled: true, run: func(a *App) tea.Cmd { return a.copyText("Line", fetch) }}}
	}
	a.push(page)
}
