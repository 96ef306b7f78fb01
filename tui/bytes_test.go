package tui_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tiplens/tui/wire"
)

var newBaseline = flag.Bool("baseline", false, "rewrite the baseline of bytes per key")

// firstFrame is the name of the start in the baseline. It alone may vary by a
// few bytes: the modes are set in one write or in two.
const (
	firstFrame = "first frame"
	startSlack = 16
)

// measured are the bytes of the keys of one stop of the tour.
type measured struct {
	wire.Stop
	bytes []int
	least []int // that the same changes of the screen take
}

// tour walks through the views and measures every kind of key.
func tour(t testing.TB) []measured {
	term := openPaced(t, exact, testHost{}, "training", 80, 24)
	term.wait("Phnom Penh")
	blank := wire.NewScreen(80, 24, nil).Picture()
	out := []measured{{wire.Stop{Name: firstFrame, Kind: wire.First, Keys: []string{""}}, []int{term.quiet()}, []int{wire.Least(blank, term.Picture())}}}
	for _, stop := range wire.Tour() {
		m := measured{Stop: stop}
		for _, k := range stop.Keys {
			before := term.Picture()
			m.bytes = append(m.bytes, term.press(k))
			m.least = append(m.least, wire.Least(before, term.Picture()))
		}
		out = append(out, m)
	}
	return out
}

// TestBytesPerKey holds the screens to the budgets, and to what each key cost
// when the baseline was written. It counts finished screens, so that the number
// is always the same; what is drawn while an answer is awaited, on a busy
// machine, tiplens bench counts too.
func TestBytesPerKey(t *testing.T) {
	t.Parallel()
	var moves, over []int
	now := map[string][]int{}
	for _, m := range tour(t) {
		now[m.Name] = m.bytes
		most := slices.Max(m.bytes)
		t.Logf("%-26s median %5d  largest %5d  budget %5d", m.Name, wire.Percentile(m.bytes, 50), most, m.Kind.Budget())
		if most > m.Kind.Budget() {
			t.Errorf("%s: %d bytes, the budget is %d", m.Name, most, m.Kind.Budget())
		}
		if m.Kind == wire.Move {
			moves = append(moves, m.bytes...)
		}
		for i, n := range m.bytes {
			over = append(over, 100*n/max(m.least[i], 1))
		}
	}
	if got := wire.Percentile(over, 50); got > wire.OverLeast {
		t.Errorf("the median key costs %d %% of the least possible, the budget is %d %%", got, wire.OverLeast)
	}
	if got := wire.Percentile(moves, 50); got > wire.MoveMedian {
		t.Errorf("median cursor step: %d bytes, the budget is %d", got, wire.MoveMedian)
	}
	if got := wire.Percentile(moves, 95); got > wire.MoveP95 {
		t.Errorf("p95 cursor step: %d bytes, the budget is %d", got, wire.MoveP95)
	}
	againstBaseline(t, now)
}

// againstBaseline fails where a key costs more than it did.
func againstBaseline(t *testing.T, now map[string][]int) {
	t.Helper()
	path := filepath.Join("..", "testdata", "bytes-baseline.json")
	if *newBaseline {
		b, err := json.MarshalIndent(now, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string][]int{}
	if err := json.Unmarshal(b, &kept); err != nil {
		t.Fatal(err)
	}
	fewer := 0
	for name, ns := range now {
		was := kept[name]
		if len(was) != len(ns) {
			t.Errorf("%s: %d keys, %d in the baseline; make baseline writes it anew", name, len(ns), len(was))
			continue
		}
		slack := 0
		if name == firstFrame {
			slack = startSlack
		}
		for i, n := range ns {
			switch {
			case n > was[i]+slack:
				t.Errorf("%s, key %d: %d bytes, %d in the baseline; if that is wanted, make baseline writes it anew", name, i+1, n, was[i])
			case n < was[i]:
				fewer++
			}
		}
	}
	for name := range kept {
		if _, ok := now[name]; !ok {
			t.Errorf("%s is in the baseline and not in the tour; make baseline writes it anew", name)
		}
	}
	if fewer > 0 {
		t.Logf("%d keys cost fewer bytes than in the baseline: make baseline keeps it so", fewer)
	}
}
