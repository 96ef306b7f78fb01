package tui_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"tiplens/models"
	"tiplens/tui"
)

// exportHost writes no files: it gives what a test wants.
type exportHost struct {
	testHost
	fetch string
	wait  bool // until it is cancelled
	got   chan string
}

func (h exportHost) Export(ctx context.Context, ans *models.Answer, format, file string, _ func(int, int)) (tui.Exported, error) {
	if h.wait {
		<-ctx.Done()
		return tui.Exported{}, ctx.Err()
	}
	if strings.Contains(file, "taken") {
		return tui.Exported{}, errors.New(file + " exists already; choose another name")
	}
	h.got <- format + " " + file + " " + ans.Slice.String()
	return tui.Exported{File: file, Fetch: h.fetch}, nil
}

// TestExport writes what is shown into a file, names it, and gives the line
// that fetches it; a name that is taken is asked for again.
func TestExport(t *testing.T) {
	h := exportHost{got: make(chan string, 1), fetch: "scp a@10.0.0.7:/home/a/free.csv ."}
	term := openHost(t, h, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.press("e")
	term.wait("Excel")
	golden(t, "export-80x24", term.text())
	term.play("c", "s", "v", "enter")
	term.wait("/home/a/TRAINING-answer.csv")
	golden(t, "export-file-80x24", term.text())
	term.press("\x15")
	term.send("/home/a/taken.csv")
	term.quiet()
	term.press("enter")
	term.wait("exists already; choose another name")
	term.press("\x15")
	term.send("/home/a/free.csv")
	term.quiet()
	term.press("enter")
	term.wait("scp a@10.0.0.7:/home/a/free.csv .")
	golden(t, "exported-80x24", term.text())
	if got, want := <-h.got, "csv /home/a/free.csv vic_identified by place across year"; got != want {
		t.Errorf("exported was %q, want %q", got, want)
	}
}

// TestExportHere: at the machine itself the status line names the file.
func TestExportHere(t *testing.T) {
	h := exportHost{got: make(chan string, 1)}
	term := openHost(t, h, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.play("3", "e", "enter")
	term.wait("TRAINING-answer.xlsx")
	term.press("enter")
	term.wait("written: /home/a/TRAINING-answer.xlsx")
	if got := <-h.got; !strings.Contains(got, "vic_identified flow origin.country to destination.country") {
		t.Errorf("exported was %q", got)
	}
}

// TestExportCancelled: one that runs is cancelled by esc, and q asks first.
func TestExportCancelled(t *testing.T) {
	term := openHost(t, exportHost{wait: true}, "training", 80, 24)
	term.wait("Banteay Meanchey")
	term.play("e", "enter")
	term.wait("TRAINING-answer.xlsx")
	term.send("\r") // it does not come to rest while something runs
	term.wait("writing...")
	term.send("q")
	term.wait("an export is running; q again cancels it and quits")
	term.send("\x1b")
	term.wait("the export is cancelled; nothing was written")
}

// PageFile and ExportPage take what stands on a page.
func (h exportHost) ExportPage(_ context.Context, p tui.Page, format, file string) (tui.Exported, error) {
	numbers := "no numbers"
	if p.Answer != nil {
		numbers = p.Answer.Slice.String()
	}
	h.got <- format + " " + p.Title + ", " + numbers + "\n" + strings.Join(p.Lines, "\n")
	return tui.Exported{File: file}, nil
}

// TestExportPages: on Sources what they say is written, with the numbers; on
// Data the report of the dataset.
func TestExportPages(t *testing.T) {
	h := exportHost{got: make(chan string, 1)}
	term := openHost(t, h, "published", 80, 24)
	term.wait("INTERNAL - exact")
	term.quiet()
	term.play(":", "\x15")
	term.send("vic_rescued where year=2025")
	term.quiet()
	term.play("enter", "6")
	term.wait("KH.NCCT: ")
	for _, c := range []struct{ view, start, has string }{
		{"6", "html Who says what: ", ", vic_rescued where year=2025\nKH.NCCT: 609 persons"},
		{"7", "html Dataset published@1, no numbers\n", "\nFile: published_figures.csv"},
		{"8", "html Dictionary: vic_rescued, no numbers\n", "leads to: "},
	} {
		term.play(c.view)
		term.quiet()
		if c.view == "8" {
			term.play("esc") // the list of all entries
		}
		term.play("e", "enter")
		term.wait("TRAINING-page.html")
		term.play("enter")
		term.wait("written: /home/a/TRAINING-page.html")
		if got := <-h.got; !strings.HasPrefix(got, c.start) || !strings.Contains(got, c.has) {
			t.Errorf("exported was\n%s", got)
		}
	}
}

// TestExportOfNothing: a refusal is no file.
func TestExportOfNothing(t *testing.T) {
	term := openHost(t, exportHost{}, "published", 80, 24)
	term.wait("INTERNAL - exact")
	term.quiet()
	term.play(":", "\x15")
	term.send("prv_intercepted_cases + prv_intercepted")
	term.quiet()
	term.press("enter")
	term.wait("W-01")
	term.press("e")
	term.wait("there are no numbers to export")
}
