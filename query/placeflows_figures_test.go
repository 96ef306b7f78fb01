package query_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
	"tiplens/query"
)

// stock counts who is where at a moment, by where they came from: several years
// are not added. A year is missing, and one end is not stated now and then.
const stock = `indicator,agency,reporter,year,origin,destination,value
x_refugees,INT.UNHCR,,2014,MM,TH,100
x_refugees,INT.UNHCR,,2014,MM,MY,80
x_refugees,INT.UNHCR,,2014,VN,KH,5
x_refugees,INT.UNHCR,,2014,_U,TH,7
x_refugees,INT.UNHCR,,2015,MM,TH,110
x_refugees,INT.UNHCR,,2015,MM,MY,90
x_refugees,INT.UNHCR,,2015,MM,BD,40
x_refugees,INT.UNHCR,,2015,MM,MM,3
x_refugees,INT.UNHCR,,2015,VN,TH,2
x_refugees,INT.UNHCR,,2015,TH,MY,1
x_refugees,INT.UNHCR,,2017,MM,TH,95
x_refugees,INT.UNHCR,,2017,VN,KH,4
`

// moved is a model of who moved between provinces in five years: it stands in
// no calendar year, and its numbers are no whole ones.
const moved = `indicator,agency,reporter,period,origin,destination,value
x_migrants_5y,INT.WORLDPOP,KH,2005..2010,KH-1,KH-2,10.5
x_migrants_5y,INT.WORLDPOP,KH,2005..2010,KH-1,KH-12,20.25
x_migrants_5y,INT.WORLDPOP,KH,2005..2010,KH-2,KH-12,4
x_migrants_5y,INT.WORLDPOP,KH,2005..2010,KH-12,KH-1,1.5
`

func flowFigures(t *testing.T) *query.Engine {
	t.Helper()
	return workspace(t, table{id: "stock", grain: models.Figure, about: "  complete: true\n", csv: stock},
		table{id: "moved", grain: models.Figure, about: "  complete: true\n", csv: moved})
}

// placeLines reads the lines of a card in the column that is shown.
func placeLines(b *models.Block) map[string]string {
	out, col := map[string]string{}, b.PlaceColumn()
	for r, h := range b.Rows {
		key := h.Measure
		if len(h.Codes) > 0 {
			key += " " + h.Codes[0]
		}
		out[key] = b.Cells[r][col].Text()
	}
	return out
}

func TestPlaceFlowsOfFigures(t *testing.T) {
	e := flowFigures(t)
	for _, tt := range []struct {
		slice, place, column string
		want                 map[string]string
	}{
		{"x_refugees flow origin to destination where year=2015", "MM", "2015",
			map[string]string{"out": "240", "in": "0", "within": "3", "to TH": "110", "to MY": "90", "to BD": "40"}},
		{"x_refugees flow origin to destination", "MM", "2017", map[string]string{"out": "95", "to TH": "95", "to": "..", "to MY": ""}},
		{"x_refugees flow origin to destination where year=2014..2015", "TH", "2015",
			map[string]string{"out": "1", "in": "112", "net": "+111", "from MM": "110", "from VN": "2"}},
		{"x_refugees flow origin to destination where destination=TH year=2015", "MM", "2015",
			map[string]string{"out": "110", "in": "-", "net": "-", "to TH": "110", "to MY": ""}},
		{"x_refugees flow origin to destination where destination!=TH year=2015", "MM", "2015",
			map[string]string{"out": ">=130", "to MY": ">=90", "to BD": ">=40", "to TH": ""}},
		{"x_migrants_5y flow origin.province to destination.province", "KH-1", "Total",
			map[string]string{"out": "30.8", "in": "1.5", "net": "-29.2", "to KH-12": "20.2", "to KH-2": "10.5", "from KH-12": "1.5"}},
	} {
		a, err := e.PlaceFlows(t.Context(), sliceOf(t, e, tt.slice), tt.place)
		if err != nil || len(a.Blocks) != 1 {
			t.Fatalf("%s of %s: %v, %+v", tt.slice, tt.place, err, a)
		}
		b := &a.Blocks[0]
		if got := b.Cols[b.PlaceColumn()].Labels[0]; got != tt.column {
			t.Errorf("%s of %s shows %s, want %s", tt.slice, tt.place, got, tt.column)
		}
		for _, n := range a.Footnotes {
			if n.Rule == "W-08" && strings.Contains(tt.slice, "year=2015") || strings.HasPrefix(n.Text, "Not in any cell") {
				t.Errorf("%s of %s notes: %s", tt.slice, tt.place, n.Text)
			}
		}
		got := placeLines(b)
		for key, want := range tt.want {
			if v, there := got[key]; v != want || there != (want != "") {
				t.Errorf("%s of %s: %s is %q, want %q", tt.slice, tt.place, key, v, want)
			}
		}
	}
}

// TestPlaceFlowsOutsideFilters: where the filters leave nothing of a place, the
// card says so.
func TestPlaceFlowsOutsideFilters(t *testing.T) {
	e := flowFigures(t)
	for text, want := range map[string]string{
		"x_refugees flow origin to destination where origin=VN destination=TH": "outside the filters",
		"x_refugees flow origin to destination where origin!=KH-1":             "",
	} {
		a, err := e.PlaceFlows(t.Context(), sliceOf(t, e, text), "MM")
		if err != nil || (want != "" && len(a.Blocks) > 0) || !strings.Contains(a.Empty, want) {
			t.Errorf("%s: %v, %q, %d blocks", text, err, a.Empty, len(a.Blocks))
		}
	}
}

// TestPlaceFlowsAddUp: for every place, what the card says left and came is the
// sum of the corridors of the list, and the margin of the matrix less what
// stays inside and what is not stated.
func TestPlaceFlowsAddUp(t *testing.T) {
	train, own := training(t), flowFigures(t)
	size := func(c models.Cell) float64 {
		if c.State == models.Bound {
			return c.Low()
		}
		return c.Value
	}
	for _, tt := range []struct {
		e     *query.Engine
		slice string
	}{
		{train, "vic_identified flow origin to destination"},
		{train, "vic_identified flow origin to destination where destination=TH,MY,KH"},
		{train, "vic_identified flow origin.province to destination.province where year=2023..2025"},
		{own, "x_refugees flow origin to destination where year=2015"},
		{own, "x_refugees flow origin to destination where year=2014"},
		{own, "x_refugees flow origin to destination where destination!=TH year=2015"},
		{own, "x_migrants_5y flow origin.province to destination.province"},
	} {
		s := sliceOf(t, tt.e, tt.slice)
		list := ask(t, tt.e, tt.slice)
		b := &list.Blocks[0]
		sums := map[string]map[string]float64{}
		add := func(place, measure string, v float64) {
			if sums[place] == nil {
				sums[place] = map[string]float64{}
			}
			sums[place][measure] += v
		}
		for r, h := range b.Rows {
			if h.Kind == models.TotalHeader {
				continue
			}
			v := size(b.Cells[r][len(b.Cols)-1])
			switch from, to := h.Codes[0], h.Codes[1]; {
			case from == to:
				add(from, "within", v)
			case to == models.Unknown:
				add(from, "out_unknown", v)
			case from == models.Unknown:
				add(to, "in_unknown", v)
			default:
				add(from, "out", v)
				add(to, "in", v)
			}
		}
		matrix, err := tt.e.Ask(t.Context(), s.Matrix())
		if err != nil {
			t.Fatal(err)
		}
		m := &matrix.Blocks[0]
		margin := func(place string, rows bool) float64 {
			if rows {
				if r := slices.IndexFunc(m.Rows, func(h models.Header) bool { return h.Codes[0] == place }); r >= 0 {
					return size(m.Cells[r][len(m.Cols)-1])
				}
				return 0
			}
			if c := slices.IndexFunc(m.Cols, func(h models.Header) bool { return h.Codes[0] == place }); c >= 0 {
				return size(m.Cells[len(m.Rows)-1][c])
			}
			return 0
		}
		checked := 0
		for place, want := range sums {
			if strings.HasPrefix(place, "_") {
				continue
			}
			a, err := tt.e.PlaceFlows(t.Context(), s, place)
			if err != nil || len(a.Blocks) != 1 {
				t.Fatalf("%s of %s: %v, %+v", tt.slice, place, err, a)
			}
			checked++
			card, got, partners := &a.Blocks[0], map[string]float64{}, map[string]float64{}
			col := card.PlaceColumn()
			for r, h := range card.Rows {
				switch v := size(card.Cells[r][col]); h.Measure {
				case "to":
					partners["out"] += v
				case "from":
					partners["in"] += v
				default:
					got[h.Measure] = v
				}
			}
			near := func(what string, x, y float64) {
				if math.Abs(x-y) > 1e-6 {
					t.Errorf("%s of %s: %s is %v, want %v", tt.slice, place, what, x, y)
				}
			}
			for _, measure := range []string{"out", "in", "within", "out_unknown", "in_unknown"} {
				near(measure, got[measure], want[measure])
			}
			near("the sum of where they went", partners["out"], got["out"])
			near("the sum of where they came from", partners["in"], got["in"])
			near("the margin of the row", margin(place, true), got["out"]+got["within"]+got["out_unknown"])
			near("the margin of the column", margin(place, false), got["in"]+got["within"]+got["in_unknown"])
		}
		if checked < 2 {
			t.Errorf("%s: %d places are checked", tt.slice, checked)
		}
	}
}
