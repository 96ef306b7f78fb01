package tui_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tiplens/tui"
)

// numbersOf reads the numbers of the first line that starts with a label.
func numbersOf(t *testing.T, m *monkey, label string) []float64 {
	t.Helper()
	for _, l := range m.lines() {
		rest, ok := strings.CutPrefix(strings.TrimLeft(l, " >*"), label+" ")
		if !ok {
			continue
		}
		var out []float64
		for _, w := range strings.Fields(rest) {
			n, err := strconv.ParseFloat(strings.ReplaceAll(w, ",", ""), 64)
			if err != nil {
				t.Fatalf("%q holds %q", l, w)
			}
			out = append(out, n)
		}
		return out
	}
	m.fail("there is no line %q", label)
	return nil
}

func (m *monkey) says(text string) {
	m.t.Helper()
	if !strings.Contains(strings.Join(m.lines(), "\n"), text) {
		m.fail("%q does not stand there", text)
	}
}

// TestPercentBases: each base is named in the title, and the shares are of it.
func TestPercentBases(t *testing.T) {
	t.Parallel()
	m := newMonkey(t, "training", tui.Look{})
	counts, total := numbersOf(t, m, "Phnom Penh"), numbersOf(t, m, "Total")
	last := len(counts) - 1
	near := func(got, part, whole float64) {
		t.Helper()
		if want := 100 * part / whole; got < want-0.051 || got > want+0.051 {
			t.Errorf("%.1f %% of %v in %v is shown as %v", want, part, whole, got)
		}
	}
	for _, base := range []struct {
		name string
		of   float64
	}{{"row's total", counts[last]}, {"column's total", total[last-1]}, {"grand total", total[last]}} {
		m.play("%")
		m.says("percent of the " + base.name)
		shares := numbersOf(t, m, "Phnom Penh")
		near(shares[len(shares)-2], counts[last-1], base.of)
	}
	m.play("%")
	if got := numbersOf(t, m, "Phnom Penh"); fmt.Sprint(got) != fmt.Sprint(counts) {
		t.Errorf("after the last base stand %v", got)
	}
	m.app.Close()
}

// TestOnePerson: where the answer is one, the line above the table says so.
func TestOnePerson(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.ask("sus_arrested by nationality where year=2024 nationality=KE")
	term.want("1 person by nationality")
	term.ask("sus_arrested by nationality where year=2024 nationality=MM")
	term.want("5 persons by nationality")
	term.ask("sus_arrested by nationality where year=2024 nationality=KE")
	term.play("0")
	term.wait("1 person ")
}

// TestOneRowHasNoTotal: below a single row its total would say the same again;
// it stays where it says more, and in what is copied.
func TestOneRowHasNoTotal(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	total := func(slice string, there bool) {
		t.Helper()
		term.ask(slice)
		has := slices.ContainsFunc(strings.Split(term.text(), "\n"), func(l string) bool { return strings.HasPrefix(strings.TrimLeft(l, "> "), "Total ") })
		if has != there {
			t.Errorf("%s: a total stands there: %v\n%s", slice, has, term.text())
		}
	}
	total("vic_identified by place where place=KH-24 year=2024", false)
	term.want("26 persons by place")
	golden(t, "table-one-row-80x24", term.text())
	term.play("V")
	term.want("Total")
	term.play("esc")
	total("vic_identified by place across year where place=KH-24 year=2020..2024", false)
	total("vic_identified by place where place=KH-24,KH-2 year=2024", true)
	total("vic_identified flow origin to destination where origin=VN destination=KH year=2024", false)
	total("vic_identified flow origin to destination where origin=VN year=2024", true)
	total("sus_arrested by nationality where nationality=KE year=2024", false)
	term.play("5") // as bars
	term.wait("Kenya")
	term.wantNot("Total")
}

// TestTopLeavesTheRest: what is not among the first rows is one row, and rows
// and total still agree.
func TestTopLeavesTheRest(t *testing.T) {
	t.Parallel()
	m := newMonkey(t, "training", tui.Look{})
	m.play("t")
	m.says("first 5")
	var sum float64
	rows := 0
	for _, l := range m.lines() {
		for _, label := range []string{"Banteay Meanchey", "Phnom Penh", "Preah Sihanouk", "Siem Reap", "Svay Rieng", "Other places (10)", "Province not stated"} {
			if strings.HasPrefix(strings.TrimLeft(l, " >"), label+" ") {
				rows++
				n := numbersOf(t, m, label)
				sum += n[len(n)-1]
			}
		}
	}
	total := numbersOf(t, m, "Total")
	if rows != 7 || sum != total[len(total)-1] {
		t.Errorf("%d rows hold %v of %v", rows, sum, total[len(total)-1])
	}
	m.app.Close()
}

// TestGrains: the periods of the trend become finer, and those of a year add
// up to it.
func TestGrains(t *testing.T) {
	t.Parallel()
	m := newMonkey(t, "training", tui.Look{})
	m.play("y 2 0 2 5 enter 2")
	year := numbersOf(t, m, "a Phnom Penh")
	for _, g := range []struct {
		period string
		n      int
	}{{"2025-S2", 2}, {"2025-Q4", 4}, {"2025-12", 12}} {
		m.play("z")
		m.resize(160, 24)
		m.says(g.period)
		parts := numbersOf(t, m, "a Phnom Penh")
		var sum float64
		for _, p := range parts {
			sum += p
		}
		if len(parts) != g.n || sum != year[0] {
			t.Errorf("to %s there are %d parts of %v in all, the year has %v", g.period, len(parts), sum, year)
		}
	}
	m.resize(80, 24)
	m.play("1 c enter z") // places alone: units of time are shown nowhere
	m.says("nothing here goes by year")
	m.app.Close()
}

// TestSixLines: six rows can be marked and each is a line with its own letter;
// a seventh is refused.
func TestSixLines(t *testing.T) {
	t.Parallel()
	m := newMonkey(t, "training", tui.Look{})
	m.play("space j space j space j space j space j space j space")
	m.says("6 rows marked: the trend has no more lines")
	m.play("2")
	for _, line := range []string{"a Phnom Penh", "b Banteay Meanchey", "c Battambang", "d Kandal", "e Koh Kong", "f Kampot"} {
		m.says(line)
	}
	m.play("1 k space 2")
	if strings.Contains(strings.Join(m.lines(), "\n"), "Phnom Penh") {
		t.Error("a row that was let go is still a line")
	}
	m.app.Close()
}
