package tui

import (
	"strings"
	"testing"
)

// TestEmptyGrid: whatever is pressed in a list without rows, its cursor is on
// none, and never before the first.
func TestEmptyGrid(t *testing.T) {
	var g grid
	g.set([]string{"place"}, []string{"2024"}, nil)
	for _, key := range []string{"end", "down", "pgdown", "up", "pgup", "home", "right", "left", "end"} {
		if g.move(key); g.row != 0 || g.onRow() {
			t.Errorf("%s leads to row %d", key, g.row)
		}
	}
}

// TestMoreLeft: the sign of further columns stands with the labels, never in
// front of a year, whatever room there is.
func TestMoreLeft(t *testing.T) {
	for _, tt := range []struct {
		head string
		n    int
		want string
	}{
		{"place", 20, "place (4 more <)    "},
		{"place", 17, "place (4 more <) "},
		{"place", 16, "place (<)       "},
		{"nationality", 12, "nationality<"},
		{"nationality of", 12, "nationalit~<"},
	} {
		if got := moreLeft(tt.head, 4, tt.n); got != tt.want {
			t.Errorf("%q in %d cells: %q, want %q", tt.head, tt.n, got, tt.want)
		}
	}
	g := &grid{latest: true, pinCol: true}
	var years, values []string
	for _, y := range strings.Fields("2019 2020 2021 2022 2023 2024 2025 Total") {
		years, values = append(years, y), append(values, "1,000")
	}
	g.set([]string{"place"}, years, []gridRow{{labels: []string{"Banteay Meanchey"}, values: values}})
	head := g.view(50, 4, Look{})[0]
	if !strings.HasPrefix(head, "  place (4 more <) ") || strings.Contains(head, "< 20") {
		t.Errorf("the sign of columns further left reads as years before: %q", head)
	}
}

// TestNamesBeforeBars: a bar gives way to the names beside it, down to the
// length below which it says little.
func TestNamesBeforeBars(t *testing.T) {
	g := &grid{}
	name := "Origin not stated → Preah Sihanouk"
	g.set([]string{"origin → destination"}, []string{"persons", "% of all"}, []gridRow{
		{labels: []string{name}, values: []string{"1,370", "3.1"}, share: 1},
		{labels: []string{"Viet Nam → Cambodia"}, values: []string{"137", "0.3"}, share: 0.1},
	})
	for w, whole := range map[int]bool{80: true, 72: true, 60: false} {
		line := g.view(w, 4, Look{})[1]
		if got := strings.Contains(line, name); got != whole {
			t.Errorf("on %d cells: %q", w, line)
		}
		if n := strings.Count(line, "="); n < minBar || whole && n < nameBar {
			t.Errorf("on %d cells the bar has %d: %q", w, n, line)
		}
	}
}
