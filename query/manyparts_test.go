package query_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
)

// TestSumsOfManyParts asks for totals of more than a thousand corridors, whose
// sums are kept: no question changes the answer to another.
func TestSumsOfManyParts(t *testing.T) {
	var countries []string
	for _, k := range datasets.Catalogue().Codes("area") {
		if k.Level == "country" {
			countries = append(countries, k.ID)
		}
	}
	var csv strings.Builder
	csv.WriteString("indicator,agency,year,origin,destination,value\n")
	want := map[string]float64{}
	for i, o := range countries[:40] {
		for k, d := range countries[40:80] {
			for y := 2018; y < 2021; y++ {
				n := (i*40+k)%7 + y - 2018
				if y == 2020 && i == 0 && k < 5 {
					continue
				}
				want[fmt.Sprint(y)] += float64(n)
				fmt.Fprintf(&csv, "x_refugees,INT.IOM,%d,%s,%s,%d\n", y, o, d, n)
			}
		}
	}
	tb := table{id: "many", grain: models.Figure, about: "  complete: true\n", csv: csv.String()}
	questions := []string{"x_refugees across year", "x_refugees where year=2019", "x_refugees across year where year!=2019", "x_refugees",
		"x_refugees where year=2020", "x_refugees by origin across year", "x_refugees across year where origin=" + countries[0], "x_refugees across year change from previous"}
	kept := workspace(t, tb)
	for range 2 {
		for _, text := range questions {
			fresh := ask(t, workspace(t, tb), text)
			if again := ask(t, kept, text); !reflect.DeepEqual(again, fresh) {
				t.Errorf("%s is\n%+v\nafter other questions, and\n%+v\nalone", text, again.Blocks, fresh.Blocks)
			}
		}
		slices.Reverse(questions)
	}
	a := ask(t, kept, "x_refugees across year")
	for c, h := range a.Blocks[0].Cols {
		if cell := a.Blocks[0].Cells[0][c]; h.Kind != models.TotalHeader && cell.Value != want[h.Codes[0]] {
			t.Errorf("%s is %s, want %v", h.Codes[0], cell.Text(), want[h.Codes[0]])
		}
	}
}
