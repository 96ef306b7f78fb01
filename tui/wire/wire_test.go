package wire_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tiplens/tui/wire"
)

// TestScreen: what comes in pieces, repeated or inserted shows as it does in a
// terminal.
func TestScreen(t *testing.T) {
	for _, c := range []struct{ name, sent, want string }{
		{"plain", "Phnom Penh", "Phnom Penh"},
		{"letters of several bytes", "Kâmpôt ភ្នំ", "Kâmpôt ភ្នំ"},
		{"repeated", "a=\x1b[5b|", "a======|"},
		{"repeated after a style", "a=\x1b[0m\x1b[3b|", "a====|"},
		{"inserted", "Kep\x1b[1G\x1b[4h> \x1b[4l", "> Kep"},
		{"moved", "abc\x1b[1;2Hx", "axc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for cut := 1; cut <= len(c.sent); cut++ {
				s := wire.NewScreen(20, 2, &bytes.Buffer{})
				for rest := []byte(c.sent); len(rest) > 0; rest = rest[min(cut, len(rest)):] {
					s.Show(rest[:min(cut, len(rest))])
				}
				if got := s.Lines()[0]; got != c.want {
					t.Errorf("in pieces of %d bytes: %q, want %q", cut, got, c.want)
				}
			}
		})
	}
}

func picture(rows ...string) wire.Picture {
	p := wire.Picture{}
	for _, r := range rows {
		p.Rows = append(p.Rows, []rune(r+strings.Repeat(" ", 40-len([]rune(r)))))
	}
	return p
}

// TestLeast counts by hand.
func TestLeast(t *testing.T) {
	list := []string{"Banteay Meanchey 76", "Kampot 41", "Koh Kong 42", "Phnom Penh 163", "Pursat 16", "Svay Rieng 102"}
	for _, c := range []struct {
		name     string
		from, to wire.Picture
		want     int
	}{
		{"nothing", picture("a", "b"), picture("a", "b"), 0},
		{"the first cell", picture("a"), picture("b"), 1},
		{"a marker one row down", picture("> a", "  b"), picture("  a", "> b"), len(" \r\n>")},
		{"two cells far apart", picture("a", "x", "x", "x", "x", "x", "x", "x", "b"), picture("A", "x", "x", "x", "x", "x", "x", "x", "B"), len("A\x1b[9HB")},
		{"over a short gap", picture("1,234"), picture("5,236"), 5},
		{"the end of a row erased", picture("Phnom Penh and all of its districts"), picture("Phnom Penh"), len("\x1b[10C\x1b[K")},
		{"a short end of a row", picture("ab"), picture("a"), len("\x1b[C ")},
		{"everything erased", picture(list...), picture("", "", "", "", "", ""), len("\x1b[J")},
		{"letters of two bytes", picture("Kampot"), picture("Kâmpôt"), len("\x1b[Câmpô")},
		{"a list one row further", picture(list...), picture(append(list[1:], "Takeo 9")...), len("\x1b[10H\x1b[5M\x1b[20H\x1b[5L") + len("Takeo 9")},
	} {
		if got := wire.Least(c.from, c.to); got != c.want {
			t.Errorf("%s: %d bytes, want %d", c.name, got, c.want)
		}
	}
}

// TestLink: a line carries no faster than it says, late by half a round trip,
// and loses nothing.
func TestLink(t *testing.T) {
	link := wire.Link{Bits: 80_000, RoundTrip: 200 * time.Millisecond}
	far, near, err := wire.New(80, 24, link)
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	defer near.Close()
	text := strings.Repeat("0123456789", 150) // 0.15 s on this line
	start := time.Now()
	if _, err := near.WriteString(text); err != nil {
		t.Fatal(err)
	}
	for {
		n, last := far.Came()
		if n == len(text) {
			if took := last.Sub(start); took < 245*time.Millisecond {
				t.Errorf("the last byte came after %s; the line takes 250 ms", took)
			}
			break
		}
		if time.Since(start) > 20*time.Second {
			t.Fatalf("%d of %d bytes came", n, len(text))
		}
		time.Sleep(time.Millisecond)
	}
	if got := far.Raw(); got != text {
		t.Errorf("another text came: %q", got)
	}
	start = time.Now()
	if err := far.Type("enter"); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 10)
	if n, err := near.Read(buf); err != nil || time.Since(start) < 95*time.Millisecond {
		t.Errorf("the key arrived after %s (%q, %v); half a round trip is 100 ms", time.Since(start), buf[:n], err)
	}
}
