package tui

import (
	"strings"
	"testing"

	"tiplens/models"
)

// TestMatrixShowsNumbersWhereTheyFit: without shades, a digit in a cell is a
// number where all columns have room, and else the head says that it is none.
func TestMatrixShowsNumbersWhereTheyFit(t *testing.T) {
	b := models.Block{}
	head := func(code, label string) models.Header {
		return models.Header{Codes: []string{code}, Labels: []string{label}}
	}
	total := models.Header{Kind: models.TotalHeader, Codes: []string{models.Total}, Labels: []string{"Total"}}
	b.Rows = []models.Header{head("KH-1", "Banteay Meanchey"), head("KH-2", "Battambang"), total}
	b.Cols = []models.Header{head("KH-12", "Phnom Penh"), head("TH", "Thailand"), head("MY", "Malaysia"), head("VN", "Viet Nam"), total}
	n := models.Number
	b.Cells = [][]models.Cell{
		{n(1234), {}, n(1234), n(1234), n(3702)},
		{n(7), n(0), n(7), n(7), n(21)},
		{n(1241), n(0), n(1241), n(1241), n(3723)},
	}
	a := &models.Answer{RowAxes: []models.Axis{{Dim: "origin"}}, ColAxes: []models.Axis{{Dim: "destination"}}, Blocks: []models.Block{b}}
	for _, tt := range []struct {
		look      Look
		w         int
		has, lack []string
	}{
		{Look{}, 60, []string{"PNP", "1,234", " 7 ", "..", "origin -> destination"}, []string{"classes", "KH-12"}},
		{Look{}, 44, []string{"  classes ", "2 classes: 1 7", "PNP"}, []string{"fifths"}},
		{Look{Rich: true}, 60, []string{"░", "2 classes:"}, []string{"not numbers", "fifths"}},
	} {
		v := &flowsView{}
		v.set(a, state{}, tt.look)
		text := strings.Join(v.draw(tt.w, 10, tt.look), "\n")
		for _, s := range tt.has {
			if !strings.Contains(text, s) {
				t.Errorf("%d wide: no %q in\n%s", tt.w, s, text)
			}
		}
		for _, s := range tt.lack {
			if strings.Contains(text, s) {
				t.Errorf("%d wide: %q in\n%s", tt.w, s, text)
			}
		}
		v.matrix.grid.col = 0
		if got := v.matrix.reading(tt.look); !strings.Contains(got, "Phnom Penh (KH-12): 1,234") {
			t.Errorf("read as %q", got)
		}
	}
}

// TestFootSaysWhatIsNotStated: of both ends of a flow, in its list and in its
// matrix, short enough for a line.
func TestFootSaysWhatIsNotStated(t *testing.T) {
	axes := func(dims ...string) (out []models.Axis) {
		for _, d := range dims {
			out = append(out, models.Axis{Dim: d})
		}
		return out
	}
	one := []models.Block{{Unstated: map[string]float64{"origin": 0.0781, "destination": 0.0384, "sex": 0.0001, "means_of_control": 0.5}}}
	for _, tt := range []struct {
		rows, cols []models.Axis
		blocks     []models.Block
		want       string
	}{
		{axes("origin", "destination"), nil, one, "; not stated: origin 7.8, destination 3.8 %"},
		{axes("origin"), axes("destination"), one, "; not stated: origin 7.8, destination 3.8 %"},
		{axes("origin", "origin"), axes("sex"), one, "; origin not stated 7.8 %"},
		{axes("means_of_control"), axes("year"), one, "; means of control not stated 50.0 %"},
		{axes("sex"), nil, one, ""},
		{axes("origin"), nil, append(one, one...), ""},
	} {
		if got := unstatedText(&models.Answer{RowAxes: tt.rows, ColAxes: tt.cols, Blocks: tt.blocks}); got != tt.want {
			t.Errorf("%v across %v: %q, want %q", tt.rows, tt.cols, got, tt.want)
		}
	}
}
