package tui_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"tiplens/tui"
)

// TestPasteWithoutEnd: after a paste whose end got lost the next key is taken,
// on a view and in a list, and what was pasted stands before it. A paste that
// only stops in between stays one.
func TestPasteWithoutEnd(t *testing.T) {
	t.Parallel()
	silence := 700 * time.Millisecond
	lose := func(term *terminal, text string) {
		term.quiet()
		term.send("\x1b[200~" + text)
		time.Sleep(silence)
	}
	for _, c := range []struct{ name, key, shows string }{
		{"a letter", "2", "[2 Trend]"}, {"an arrow", "down", "> Battambang"}, {"enter", "enter", "p Banteay Meanchey"}, {"another list", "n", "Nationality: _"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			term := openTable(t)
			lose(term, "q q q")
			term.press(c.key)
			term.want(c.shows)
			term.press("esc")
		})
	}
	term := openTable(t)
	term.press("n")
	lose(term, "th")
	term.press("a")
	term.want("Nationality: tha_")
	term.press("esc")
	term.wantNot("Nationality: tha_")
	term.press("n")
	lose(term, "vie")
	term.send("t nam")
	time.Sleep(silence)
	term.send("\x1b[201~")
	term.want("Nationality: viet nam_")
	term.press("enter")
	term.want("n Viet Nam  y")
}

// FuzzPastes: whatever is read comes through in full and in order; the end of a
// paste is put in before it only after a silence, in a paste that has begun.
func FuzzPastes(f *testing.F) {
	f.Add([]byte("\x1b[200~abc"), []byte("x"), []byte("\x1b[201~y"), uint16(600))
	f.Add([]byte("a\x1b[20"), []byte("0~"), []byte("\x1b"), uint16(499))
	f.Add([]byte("\x1b[200~"), []byte("\x1b[A"), []byte("\x1b[24;1R"), uint16(2000))
	f.Add([]byte("\x1b[200~"), []byte("\x1b[200~"), []byte("0"), uint16(664))
	f.Fuzz(func(t *testing.T, a, b, c []byte, wait uint16) {
		in := slices.DeleteFunc([][]byte{a, b, c}, func(x []byte) bool { return len(x) == 0 })
		before, start, end := "", "\x1b[200~", "\x1b[201~"
		for i, out := range tui.Reading(in, time.Duration(wait)*time.Millisecond) {
			rest, put := bytes.CutPrefix(out, []byte(end))
			if put = put && len(out) != len(in[i]); !put {
				rest = out
			}
			if !bytes.Equal(rest, in[i]) {
				t.Fatalf("%q is read as %q", in[i], out)
			}
			begun := strings.LastIndex(before, start) > strings.LastIndex(before, end)
			if put && (wait < 500 || !begun) {
				t.Fatalf("behind %q, %d ms later, %q is read as %q", before, wait, in[i], out)
			}
			if put { // that paste is over
				before = ""
			}
			before += string(in[i])
		}
	})
}
