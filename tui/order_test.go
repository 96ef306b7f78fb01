package tui_test

import (
	"testing"

	"tiplens/models"
	"tiplens/tui"
)

// TestOrderByColumn orders the table by the column of the cursor: largest
// first, smallest first, as it was. Rows of which that column says nothing
// come last, and the total stays where it is.
func TestOrderByColumn(t *testing.T) {
	t.Parallel()
	e := engine(t, "training")
	for _, tt := range []struct {
		slice string
		sign  float64
	}{
		{"vic_identified by place across year order value in 2024 desc", -1},
		{"vic_identified by place across year order value in 2024", 1},
		{"vic_identified by place across year,sex order value in 2024,F desc", -1},
	} {
		q, err := models.ParseSlice(tt.slice, e.Catalog())
		if err != nil {
			t.Fatal(err)
		}
		a, err := e.Ask(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		b := a.Blocks[0]
		col := -1
		for i, c := range b.Cols {
			if c.Codes[0] == "2024" && (len(c.Codes) == 1 || c.Codes[1] == "F") {
				col = i
			}
		}
		var last float64
		for r, h := range b.Rows {
			if h.Kind != models.CodeHeader {
				continue
			}
			v := b.Cells[r][col].Sortable()
			if r > 0 && (v-last)*tt.sign < 0 {
				t.Errorf("%s: %s has %v after %v", tt.slice, h.Labels[0], v, last)
			}
			last = v
		}
		if k := b.Rows[len(b.Rows)-1].Kind; k != models.TotalHeader {
			t.Errorf("%s: the last row is a %v", tt.slice, k)
		}
	}

	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("l", "o")
	term.want("ordered by 2021")
	term.wantNot("smallest first")
	term.play("o")
	term.want("ordered by 2021, smallest first")
	term.play("o")
	term.wantNot("ordered by")
	term.play("y", "2", "0", "2", "5", "enter", "c", "home", "enter", "d", "down", "enter", "l", "l", "l", "o")
	term.want("ordered by change")
}

// TestSparkline ends each row in its shape over time; it needs years across.
func TestSparkline(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("~")
	golden(t, "spark-80x24", term.text())
	term.play("~")
	term.wantNot("^")
	for _, c := range []struct{ slice, says string }{
		{"vic_identified by place across year change from previous", "lines over time go with numbers"},
		{"vic_identified by place across sex", "lines over time need the years"},
	} {
		term.ask(c.slice)
		term.press("~")
		term.want(c.says)
	}
	term.ask("vic_identified by place across year where year=2024") // one year has no line
	term.press("~")
	term.wantNot("^")
	rich := openTerminal(t, 120, 40, "LANG=C.UTF-8", "SSH_TTY=")
	rich.wait("Banteay Meanchey")
	rich.play("~")
	rich.want("█")
}

// TestReadingCursor goes along the years of the chart: the year is marked on
// the axis and its numbers below; enter opens the card of the number.
func TestReadingCursor(t *testing.T) {
	t.Parallel()
	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	term.play("2", "l", "l", "j")
	golden(t, "trend-cursor-80x24", term.text())
	term.play("enter")
	term.wait("Identified victims")
	term.want("Banteay Meanchey")
	term.play("esc", "h", "h", "h", "h", "h", "h", "h", "h")
	term.play("enter")
	term.want("right goes into the numbers")
}

// TestHideZeros leaves out rows in which nothing but zeros stands, says how
// many, and keeps every row with a number, a bound or a mark, and the total.
func TestHideZeros(t *testing.T) {
	row := func(code string, kind models.HeaderKind) models.Header {
		return models.Header{Kind: kind, Codes: []string{code}, Labels: []string{code}}
	}
	zero, none := models.Cell{State: models.Zero}, models.Cell{State: models.NoData}
	one := models.Cell{State: models.Known, Value: 1}
	a := &models.Answer{RowAxes: []models.Axis{{Dim: models.DimPlace}}, Blocks: []models.Block{{
		Cols: []models.Header{row("2024", models.CodeHeader), row("2025", models.CodeHeader)},
		Rows: []models.Header{row("KH-1", models.CodeHeader), row("KH-2", models.CodeHeader), row("KH-3", models.CodeHeader), row("KH-4", models.CodeHeader),
			row("_U", models.NotStated), row("_T", models.TotalHeader)},
		Cells: [][]models.Cell{{zero, one}, {zero, none}, {none, {State: models.Withheld}}, {models.Between(1, 4), none}, {zero, zero}, {zero, one}},
	}}}
	for hide, want := range map[bool]string{false: "KH-1 KH-2 KH-3 KH-4 _U _T", true: "KH-1 KH-3 KH-4 _U _T; 1 row of zeros left out"} {
		if got := tui.TableOf(a, hide); got != want {
			t.Errorf("hide %v: %s, want %s", hide, got, want)
		}
	}

	term := openTerminal(t, 80, 24)
	term.wait("Banteay Meanchey")
	before := body(term.text())
	term.play("E") // no row here is all zeros
	if got := body(term.text()); got != before {
		t.Errorf("rows with numbers are gone:\n%s", got)
	}
}
