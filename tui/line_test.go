package tui_test

import (
	"strings"
	"testing"
)

// TestSliceLineIsEdited: the typed slice can be mended anywhere, and an error
// is shown in full.
func TestSliceLineIsEdited(t *testing.T) {
	t.Parallel()
	term := openTable(t)
	term.press(":")
	term.want("Slice: vic_identified by place across year _")
	term.typed("top 3")
	term.typed("enter")
	term.want("first 3")
	term.press(":")
	term.play("\x17", "\x17", "\x17", "\x17") // by words: top 3, year, across
	term.want("Slice: vic_identified by place _")
	term.play("\x01", "\x1b[3~", "\x1b[3~", "\x1b[3~", "\x1b[3~")
	term.want("Slice: |identified by place")
	term.typed("vic_")
	term.want("Slice: vic_|identified by place")
	term.play("left", "left", "right", "right", "right")
	term.want("Slice: vic_i|dentified by place")
	term.play("end", "backspace", "backspace", "backspace", "backspace", "backspace", "backspace")
	term.typed("sex top 2 order value")
	term.want("Slice: vic_identified by sex top 2 order value_")
	term.play("home", "\x05", "enter")
	term.want("by sex; ordered by value, smallest first; first 2")
	term.press(":")
	term.press("\x15")
	term.want("Slice: _")
	term.typed("vic_identified flow sector to place where year=2020 and something that is far too long for it")
	term.press("enter")
	text := strings.Join(strings.Fields(term.text()), " ")
	if want := "sector is no end of a flow: use origin, recruitment, transit, destination, place, return or nationality"; !strings.Contains(text, want) {
		t.Errorf("the error is not shown in full:\n%s", term.text())
	}
	term.press("\x17")
	term.wantNot("return or nationality")
}
