package query_test

import (
	"slices"
	"testing"

	"tiplens/models"
)

// TestTopWithoutOrder: the first rows are the largest, where time does not
// lead; inside nested rows only that of which the first dimension is not
// stated stays apart; and all still add up.
func TestTopWithoutOrder(t *testing.T) {
	e := training(t)
	for _, slice := range []string{
		"vic_identified by place where year=2025 top 3",
		"vic_identified by place, sex where year=2025 top 5",
		"vic_identified by sex, place across year top 4",
	} {
		a := ask(t, e, slice)
		b := a.Blocks[0]
		sum, last := 0.0, -1.0
		for r, h := range b.Rows[:len(b.Rows)-1] {
			c := b.Cells[r][len(b.Cols)-1]
			sum += c.Value
			switch h.Kind {
			case models.CodeHeader:
				if len(h.Labels) != len(a.RowAxes) || slices.Contains(h.Labels, "") {
					t.Errorf("%s: row %d is called %q", slice, r, h.Labels)
				}
				if len(a.RowAxes) == 1 && last >= 0 && c.Value > last {
					t.Errorf("%s: %v comes after %v", slice, c.Value, last)
				}
				last = c.Value
			case models.OtherHeader, models.NotStated:
				if len(h.Labels) != 1 || h.Labels[0] == "" {
					t.Errorf("%s: folded rows are called %q", slice, h.Labels)
				}
			}
		}
		if total := b.Cells[len(b.Rows)-1][len(b.Cols)-1].Value; sum != total {
			t.Errorf("%s: the rows hold %v of %v", slice, sum, total)
		}
	}
	if b := ask(t, e, "vic_identified by year top 3").Blocks[0]; b.Rows[0].Codes[0] != "2015" {
		t.Errorf("the first years are %v", b.Rows[0].Codes)
	}
}

// TestChangeFromOnePeriod: years are set against one period each, and all of
// them together against none.
func TestChangeFromOnePeriod(t *testing.T) {
	e := training(t)
	for _, slice := range []string{
		"vic_identified by place across year where year=2023..2025 change from 2020",
		"vic_identified by place across year where year=2023..2025 change from 2020 top 3",
		"vic_identified by place across year change from previous top 3",
	} {
		b := ask(t, e, slice).Blocks[0]
		last := len(b.Cols) - 1
		for r := range b.Rows {
			if s := b.Cells[r][last].State; s != models.Blank {
				t.Errorf("%s: %v has a change of all years: %s", slice, b.Rows[r].Labels, b.Cells[r][last].Text())
			}
			if !b.Cells[r][last-1].HasValue() {
				t.Errorf("%s: %v has no change of the last year", slice, b.Rows[r].Labels)
			}
		}
	}
}

// TestTopInsideOneCountry: corridors between provinces of one country are ranked
// too, behind those across borders; between countries they stay one row.
func TestTopInsideOneCountry(t *testing.T) {
	e := workspace(t, table{id: "moved", grain: models.Figure, about: "  complete: true\n", csv: moved})
	got := corridors(&ask(t, e, "x_migrants_5y flow origin.province to destination.province top 2").Blocks[0])
	if want := []string{"KH-1 KH-12 20.2", "KH-1 KH-2 10.5", "_W _W 5.5", "_T _T 36.2"}; !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
	e = training(t)
	for _, tt := range []struct {
		slice         string
		most, fewest  int
		across, folds int
	}{
		{"vic_identified flow origin.province to destination.province where year=2025 top 3", 3, 3, 3, 2},
		{"vic_identified flow origin.country to destination.country where year=2025 top 3", 0, 0, 3, 2},
	} {
		b := ask(t, e, tt.slice).Blocks[0]
		inside, across, folds, sum := 0, 0, 0, 0.0
		for r, h := range b.Rows[:len(b.Rows)-1] {
			sum += b.Cells[r][0].Value
			switch {
			case h.Folded > 0 && h.Kind != models.NotStated:
				folds++
			case h.Kind == models.DomesticHeader:
				inside++
			case h.Kind == models.CodeHeader:
				if across++; inside > 0 {
					t.Errorf("%s: %v across borders stands behind those inside", tt.slice, h.Codes)
				}
			}
		}
		if inside < tt.fewest || inside > tt.most || across != tt.across || folds != tt.folds {
			t.Errorf("%s: %d across, %d inside, %d folded rows", tt.slice, across, inside, folds)
		}
		if total := b.Cells[len(b.Rows)-1][0].Value; sum != total {
			t.Errorf("%s: the rows hold %v of %v", tt.slice, sum, total)
		}
	}
}

// TestFoldedStocks: corridors of which one year each is known are not added to
// each other, and to those of one year together they are.
func TestFoldedStocks(t *testing.T) {
	e := mini(figures(`indicator,agency,year,origin,destination,value
x_refugees,INT.UNHCR,2010,BT,NZ,406
x_refugees,INT.UNHCR,2015,SY,TR,2500000
x_refugees,INT.UNHCR,2014,SY,TR,1500000
x_refugees,INT.UNHCR,2011,CZ,GR,232
x_refugees,INT.UNHCR,2015,UZ,RO,365
x_refugees,INT.UNHCR,2015,CZ,AT,11
x_refugees,INT.UNHCR,2015,CZ,DE,12
`))(t)
	last := func(slice string) (other, total models.Cell) {
		b := ask(t, e, slice).Blocks[0]
		for r, h := range b.Rows {
			if h.Kind == models.OtherHeader {
				other = b.Cells[r][0]
			}
		}
		return other, b.Cells[len(b.Rows)-1][0]
	}
	if other, total := last("x_refugees flow origin to destination top 1"); other.HasBounds() || total.HasBounds() {
		t.Errorf("refugees of different years together are %s, all of them %s", other.Text(), total.Text())
	}
	if other, _ := last("x_refugees flow origin to destination where year=2015 top 2"); other.Text() != "23" || other.Part() != "" {
		t.Errorf("the others of 2015 are %s, not 11 + 12", other.Text())
	}
}
