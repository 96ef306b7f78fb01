package tui

import (
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// Exporter writes answers into files for the screen, which knows none.
type Exporter interface {
	// Exports lists the formats.
	Exports() []ExportFormat
	// ExportFile suggests a file: in the folder used last, named after the
	// question, and of a name that is free.
	ExportFile(ans *models.Answer, format string) (string, error)
	// Export writes the file. One that exists is an error.
	Export(ctx context.Context, ans *models.Answer, format, file string) (Exported, error)
}

// ExportFormat is a form in which an answer can be written.
type ExportFormat struct{ Name, About string }

// Exported is a file that was written.
type Exported struct {
	File  string // its whole path
	Fetch string // the command that fetches it, for who works on another machine
}

// exportedMsg ends an export.
type exportedMsg struct {
	seq          int
	res          Exported
	err          error
	ans          *models.Answer
	format, file string // as asked for
}

// pickExport chooses the format in which what is shown is written.
func (a *App) pickExport() tea.Cmd {
	switch {
	case a.exporting.cancel != nil:
		a.said = "an export is running (esc cancels it)"
		return nil
	case a.answer == nil || a.busy || a.drawn != a.state.view:
		a.said = "the answer is still being counted; there is nothing to export yet"
		return nil
	case a.answer.Refused() || a.answer.Empty != "" || len(a.answer.Blocks) == 0:
		a.said = "there are no numbers to export"
		return nil
	}
	ans := a.answer
	p := &picker{title: "Export", fold: strings.ToLower, apply: func(codes []string, _ bool) reply {
		format := strings.Join(codes, "")
		return reply{handled: true, close: true, run: func(a *App) tea.Cmd {
			file, err := a.host.ExportFile(ans, format)
			if err != nil {
				a.said = err.Error()
				return nil
			}
			a.askFile(ans, format, file, "")
			return nil
		}}
	}}
	for _, f := range a.host.Exports() {
		p.items = append(p.items, item{code: f.Name, label: f.Name, note: f.About, search: strings.ToLower(f.Name + "\n" + f.About)})
	}
	a.push(p)
	return nil
}

// askFile asks for the name of the file, with a reason if the one before could
// not be taken.
func (a *App) askFile(ans *models.Answer, format, file, wrong string) {
	l := newLine("File", file, func(typed string) reply {
		if typed == "" {
			return reply{handled: true, say: "give the file a name"}
		}
		return reply{handled: true, close: true, run: func(a *App) tea.Cmd { return a.export(ans, format, typed) }}
	})
	l.wrong = wrong
	l.text = []string{"The file says what its numbers are: sources, definitions, notes, and the slice that reopens them. A file that exists is not overwritten."}
	a.push(l)
}

// export writes the file while the person goes on.
func (a *App) export(ans *models.Answer, format, file string) tea.Cmd {
	ctx, seq := a.exporting.start(a.ctx)
	host := a.host
	a.said = "writing..."
	return func() tea.Msg {
		res, err := host.Export(ctx, ans, format, file)
		return exportedMsg{seq, res, err, ans, format, file}
	}
}

// exported tells what became of an export: in the status line, or on a page
// where there is more to say than fits there and nothing else is open.
func (a *App) exported(m exportedMsg) {
	if m.seq != a.exporting.seq {
		return
	}
	a.exporting.stop()
	free := len(a.stack) == 0
	if m.err != nil {
		switch {
		case errors.Is(m.err, context.Canceled):
			a.said = "the export is cancelled; nothing was written"
		case free:
			a.said = ""
			a.askFile(m.ans, m.format, m.file, m.err.Error())
		default:
			a.said = "not exported: " + m.err.Error()
		}
		return
	}
	a.said = "written: " + m.res.File
	if !free || m.res.Fetch == "" && width(a.said) < a.w-10 {
		return
	}
	a.said = ""
	page := &textPage{title: "Exported", text: []string{m.res.File}}
	if fetch := m.res.Fetch; fetch != "" {
		page.text = append(page.text, "", "On your own machine this fetches it:", fetch)
		page.keys = "v copy the line that fetches it  esc back"
		page.acts = map[string]reply{"v": {handled: true, run: func(a *App) tea.Cmd { return a.copyText("Line", fetch) }}}
	}
	a.push(page)
}
