package tui

import (
	"math"
	"testing"

	"tiplens/models"
)

// TestTrendCutsMissingYears: no line is drawn through a year that the answer
// does not have, and one year alone says so.
func TestTrendCutsMissingYears(t *testing.T) {
	ask := func(years ...string) *models.Answer {
		b := models.Block{Rows: []models.Header{{Codes: []string{"_U", "KH"}, Labels: []string{"not stated", "Cambodia"}, Kind: models.NotStated}}, Cells: [][]models.Cell{nil}}
		for _, y := range years {
			b.Cols = append(b.Cols, models.Header{Codes: []string{y}, Labels: []string{y}})
			b.Cells[0] = append(b.Cells[0], models.Number(5))
		}
		year := models.Term{Dim: models.DimYear, Spans: []models.Period{models.Year(2017)}}
		s := models.Slice{From: models.Axis{Dim: "origin"}, To: models.Axis{Dim: "destination"}, Where: []models.Term{year}}
		return &models.Answer{Slice: s, RowAxes: []models.Axis{s.From, s.To}, Blocks: []models.Block{b}}
	}
	var v trendView
	v.set(ask("2017", "2018", "2020"), state{}, Look{})
	got := spread(v.series[0].values, v.series[0].cut, 2)
	if math.IsNaN(got[1]) || !math.IsNaN(got[3]) {
		t.Errorf("the line from 2017 to 2020 is %v", got)
	}
	if v.note() != "" {
		t.Errorf("three years note %q", v.note())
	}
	if got := v.series[0].label(); got != "n.s. -> KH" {
		t.Errorf("the line is called %q", got)
	}
	for between, want := range map[[2]string]bool{
		{"2017-S2", "2018-S2"}: true, {"2017-S2", "2018-S1"}: false, {"2024-12", "2025-01"}: false, {"2024-12", "2025-02"}: true,
		{"2024-Q4", "2025-Q1"}: false, {"2024-Q2", "2024-Q4"}: true, {"2019", "2019-S1"}: false, {"2025", "_U"}: false,
	} {
		if timeBetween(between[0], between[1]) != want {
			t.Errorf("between %v units of time are missing: %v", between, !want)
		}
	}
	v.set(ask("2017"), state{}, Look{})
	if v.note() != sayOneYearOnly {
		t.Errorf("one year notes %q", v.note())
	}
}
