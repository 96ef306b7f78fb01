package tui_test

import (
	"context"
	"testing"
	"time"

	"tiplens/tui"
)

// lateHost opens the training data slowly.
type lateHost struct{ testHost }

func (h lateHost) Open(ctx context.Context, ref string) (tui.Store, error) {
	if ref == "training" {
		time.Sleep(400 * time.Millisecond)
	}
	return h.testHost.Open(ctx, ref)
}

// TestLastWorkspaceWins: of two workspaces asked for, the last one is shown,
// whichever is open first.
func TestLastWorkspaceWins(t *testing.T) {
	term := openHost(t, lateHost{}, "published", 80, 24)
	term.wait("Persons arrested")
	term.quiet()
	for _, k := range []string{"w", "t", "r", "a", "enter", "w", "p", "u", "b", "enter"} {
		term.send(k)
	}
	term.quiet()
	time.Sleep(500 * time.Millisecond)
	term.quiet()
	if got := term.screen()[0]; got[:9] != "Published" {
		t.Errorf("the screen shows %q", got)
	}
}
