package models_test

import (
	"math"
	"testing"

	"tiplens/models"
)

// Nothing is not zero: each state has a mark of its own (design, section 6).
func TestCellText(t *testing.T) {
	inf := math.Inf(1)
	for _, tt := range []struct {
		name string
		cell models.Cell
		form models.Form
		want string
	}{
		{"the zero cell knows nothing", models.Cell{}, models.Plain, ".."},
		{"known", models.Number(609), models.Plain, "609"},
		{"thousands", models.Number(1234567), models.Plain, "1,234,567"},
		{"stated zero", models.Number(0), models.Plain, "0"},
		{"no data", models.Cell{State: models.NoData}, models.Plain, ".."},
		{"not applicable", models.Cell{State: models.NotApply}, models.Plain, "-"},
		{"withheld", models.Cell{State: models.Withheld}, models.Plain, "*"},
		{"nothing is asked", models.Cell{State: models.Blank}, models.Plain, ""},
		{"fewer than five", models.Between(1, 4), models.Plain, "<5"},
		{"fewer than five, zero possible", models.Between(0, 4), models.Plain, "<5"},
		{"a sum with such a part", models.Between(5, 8), models.Plain, "5-8"},
		{"a sum of two such parts", models.Between(2, 8), models.Plain, "2-8"},
		{"a wide range", models.Between(2285, 4442), models.Plain, "2,285-4,442"},
		{"bounds that meet are a number", models.Between(7, 7), models.Plain, "7"},
		{"bounds that meet at zero", models.Between(0, 0), models.Plain, "0"},
		{"at least", models.Between(5, inf), models.Plain, ">=5"},
		{"more than", with(models.Between(20000, inf), func(c *models.Cell) { c.Strict = true }), models.Plain, ">20,000"},
		{"at least none", models.Between(0, inf), models.Plain, ".."},
		{"about", models.Cell{State: models.Known, Value: 10000, About: true}, models.Plain, "~10,000"},
		{"about nothing", models.Cell{State: models.Zero, About: true}, models.Plain, "~0"},
		{"about and at least", with(models.Between(5, inf), func(c *models.Cell) { c.About = true }), models.Plain, "~>=5"},
		{"a break", with(models.Number(37), status("B")), models.Plain, "37B"},
		{"provisional and a break", with(models.Number(37), status("BP")), models.Plain, "37BP"},
		{"provisional zero", with(models.Number(0), status("P")), models.Plain, "0P"},
		{"provisional bound", with(models.Between(1, 4), status("P")), models.Plain, "<5P"},
		{"not supplied", with(models.Cell{}, status("O")), models.Plain, "..O"},
		{"a fall", models.Number(-274), models.Plain, "-274"},
		{"a fall by thousands", models.Number(-12345), models.Plain, "-12,345"},
		{"percent", models.Number(40.5583), models.Percent, "40.6"},
		{"percent has one decimal", models.Number(50), models.Percent, "50.0"},
		{"percent of nobody", models.Number(0), models.Percent, "0"},
		{"percent between bounds", models.Between(1, 4), models.Percent, "1.0-4.0"},
		{"about a percentage", models.Cell{State: models.Known, Value: 0.683, About: true}, models.Percent, "~0.68"},
		{"about a large percentage", models.Cell{State: models.Known, Value: 46.67, About: true}, models.Percent, "~47"},
		{"a rise", models.Number(12), models.Signed, "+12"},
		{"a loss", models.Number(-1274), models.Signed, "-1,274"},
		{"no change", models.Number(0), models.Signed, "0"},
		{"a rise in percent", models.Number(19.54), models.SignedPercent, "+19.5"},
		{"a fall in percent", models.Number(-17.298), models.SignedPercent, "-17.3"},
		{"percent of no data", models.Cell{}, models.Percent, ".."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.cell.Form = tt.form
			if got := tt.cell.Text(); got != tt.want {
				t.Errorf("Text = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCellStates(t *testing.T) {
	for _, tt := range []struct {
		name             string
		cell             models.Cell
		word             string
		value, hasBounds bool
	}{
		{"no data", models.Cell{}, "nodata", false, false},
		{"known", models.Number(3), "value", true, true},
		{"zero", models.Number(0), "zero", true, true},
		{"not applicable", models.Cell{State: models.NotApply}, "na", false, false},
		{"bound", models.Between(1, 4), "bound", false, true},
		{"withheld", models.Cell{State: models.Withheld}, "withheld", false, false},
		{"nothing is asked", models.Cell{State: models.Blank}, "na", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.cell.State.String(); got != tt.word {
				t.Errorf("the state is called %q, want %q", got, tt.word)
			}
			if tt.cell.HasValue() != tt.value || tt.cell.HasBounds() != tt.hasBounds {
				t.Errorf("HasValue = %v, HasBounds = %v", tt.cell.HasValue(), tt.cell.HasBounds())
			}
			// A cell that says nothing sorts behind a stated zero.
			if says := tt.cell.Sortable() > math.Inf(-1); says != tt.hasBounds {
				t.Errorf("Sortable = %v", tt.cell.Sortable())
			}
		})
	}
}

func TestCellRules(t *testing.T) {
	var c models.Cell
	c.SetNotes([]models.Remark{{Rule: "W-13", Text: "a"}, {Text: "no rule"}, {Rule: "W-25", Text: "b"}, {Rule: "W-13", Text: "c"}})
	if got := c.Rules(); len(got) != 2 || got[0] != "W-13" || got[1] != "W-25" {
		t.Errorf("Rules = %v, want each once in the order of the notes", got)
	}
}

func TestFormatNumber(t *testing.T) {
	for _, tt := range []struct {
		v    float64
		want string
	}{
		{0, "0"}, {7, "7"}, {999, "999"}, {1000, "1,000"}, {12345, "12,345"}, {2e12, "2,000,000,000,000"},
		{0.7, "0.7"}, {1.875, "1.9"}, {-1310, "-1,310"}, {-999, "-999"}, {1234.56, "1,234.6"},
		{math.NaN(), ".."},
	} {
		if got := models.FormatNumber(tt.v); got != tt.want {
			t.Errorf("FormatNumber(%v) = %q, want %q", tt.v, got, tt.want)
		}
	}
	for in, want := range map[string]string{"": "", "1": "1", "123": "123", "1234": "1,234", "-1234567.25": "-1,234,567.25"} {
		if got := models.GroupDigits(in); got != want {
			t.Errorf("GroupDigits(%q) = %q, want %q", in, got, want)
		}
	}
}

// What the loader has to tell is one sentence: where, what, how often, what
// to do.
func TestFindingReadsAsASentence(t *testing.T) {
	for _, tt := range []struct {
		name string
		f    models.Finding
		want string
	}{
		{"only what", models.Finding{What: "the file is empty"}, "the file is empty"},
		{"whole", models.Finding{File: "a.csv", Sheet: "May", Row: 7, Column: "Year", Count: 3, What: "no year", Do: "Correct it"},
			"a.csv, sheet May, row 7, column Year: no year (3 times). Correct it"},
		{"once is not counted", models.Finding{File: "a.csv", Count: 1, What: "no year"}, "a.csv: no year"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.f.Error(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A dataset id is also the name of a folder.
func TestValidDatasetID(t *testing.T) {
	for id, want := range map[string]bool{
		"ncct": true, "a": true, "police-monthly_2": true, "a123456789012345678901234567890b": true,
		"": false, "1a": false, "-a": false, "_a": false, "Ncct": false, "a b": false, "a/b": false, "..": false, "a.b": false, "é": false,
		"a1234567890123456789012345678901c": false, "a\n": false,
	} {
		if got := models.ValidDatasetID(id); got != want {
			t.Errorf("ValidDatasetID(%q) = %v", id, got)
		}
	}
}

func with(c models.Cell, set func(c *models.Cell)) models.Cell {
	set(&c)
	return c
}

func status(letters string) func(c *models.Cell) {
	return func(c *models.Cell) { c.SetStatus(letters) }
}

// Cells are copied; what is then said of a copy is not said of the other.
func TestCellsCopiedAreApart(t *testing.T) {
	a := models.Between(2, 8)
	a.SetPart("2025 Jan-May")
	b := a
	b.SetPart("")
	b.SetStatus("B")
	b.SetNotes([]models.Remark{{Text: "a note"}})
	c := a
	c.SetNumber(7)
	if a.Part() != "2025 Jan-May" || a.Status() != "" || a.Notes() != nil || a.Low() != 2 || a.High() != 8 {
		t.Errorf("a copy was changed and with it %+v", a)
	}
	if b.Part() != "" || b.Status() != "B" || b.Low() != 2 || b.High() != 8 {
		t.Errorf("a copy is %q %q %v-%v", b.Part(), b.Status(), b.Low(), b.High())
	}
	if c.Low() != 7 || c.High() != 7 || c.Part() != "2025 Jan-May" {
		t.Errorf("a copy that became a number is %v-%v %q", c.Low(), c.High(), c.Part())
	}
}
