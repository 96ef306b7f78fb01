package tui_test

import (
	"strings"
	"testing"
	"time"
)

// TestCard opens a number, the rows behind it, and copies it.
func TestCard(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("w", "p", "u", "b", "enter")
	term.wait("INTERNAL - exact")
	term.play(":", "\x15")
	term.send("sus_arrested by nationality where year=2025")
	term.quiet()
	term.play("enter", "l", "enter")
	term.wait("value: 13 persons")
	golden(t, "card-80x24", term.text())
	term.press("enter")
	term.wait("row 9: 13")
	golden(t, "card-rows-80x24", term.text())
	term.play("esc", "esc")
	before := term.raw()
	term.press("v")
	term.wait("copied if the terminal allows it")
	for end := time.Now().Add(5 * time.Second); !strings.Contains(term.raw()[len(before):], "\x1b]52;c;") && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	if !strings.Contains(term.raw()[len(before):], "\x1b]52;c;") {
		t.Error("nothing was sent to the clipboard")
	}
}

// TestExportCard writes a number with its card and the answer that holds it.
func TestExportCard(t *testing.T) {
	t.Parallel()
	h := exportHost{got: make(chan string, 1)}
	term := openHost(t, h, "published", 80, 24)
	term.wait("INTERNAL - exact")
	term.quiet()
	term.play(":", "\x15")
	term.send("sus_arrested by nationality where year=2025")
	term.quiet()
	term.play("enter", "l", "enter")
	term.wait("value: 13 persons")
	term.play("e")
	term.wait("html")
	term.play("enter")
	term.wait("The ending of the name decides the format")
	term.press("enter")
	term.wait("written: ")
	got := <-h.got
	for _, want := range []string{"html Number: sus_arrested where nationality=CN year=2025 at published@1, sus_arrested where nationality=CN year=2025 at published@1\n", "INTERNAL, exact: In 2025", "\ncite as: "} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in what was exported: %s", want, got)
		}
	}
}

// TestCopyTable shows the table to select as it is set: its columns stay
// columns, and a line that is too long goes on instead of being cut.
func TestCopyTable(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 60, 16)
	term.wait("Banteay Meanchey")
	term.press("V")
	term.wait("copied if the terminal allows it")
	term.play("pgdown")
	golden(t, "copy-60x16", term.text())
}

// TestShareOrChange keeps numbers from being both: the later wish counts.
func TestShareOrChange(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("d", "down", "enter")
	term.wait("change from the period before")
	term.play("%")
	term.wait("percent of the row's total")
	if strings.Contains(term.text(), "change from") {
		t.Errorf("shares are compared:\n%s", term.text())
	}
	term.play("d", "down", "enter")
	term.wait("change from the period before")
	if strings.Contains(term.text(), "percent of the row's total") {
		t.Errorf("a comparison of shares is asked:\n%s", term.text())
	}
	term.play("d", "home", "enter")
	term.wantNot("change from")
}

// TestChange compares with a year before, with a named year and with a place.
func TestChange(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("d", "down", "enter")
	term.wait("change from the period before")
	golden(t, "change-across-80x24", term.text())
	term.play("y", "2", "0", "2", "5", "enter", "c", "home", "enter")
	term.play("d", "end", "enter")
	term.send("2024")
	term.quiet()
	term.press("enter")
	term.wait("change from 2024")
	golden(t, "change-80x24", term.text())
}

// TestSources sets two agencies side by side.
func TestSources(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("w", "p", "u", "b", "enter")
	term.wait("INTERNAL - exact")
	term.play(":", "\x15")
	term.send("ctx_member_institutions")
	term.quiet()
	term.play("enter", "6")
	term.wait("Documents disagree")
	golden(t, "sources-80x24", term.text())
}
