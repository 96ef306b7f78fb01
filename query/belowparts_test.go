package query_test

import (
	"testing"

	"tiplens/models"
)

// TestSumsBelowACoordinate counts by hand what lies under countries of which only
// provinces are published: a year in which each is one number, one in which a
// number stands twice and differs, one in which one is only bounded, and one in
// which one has no data.
func TestSumsBelowACoordinate(t *testing.T) {
	e := workspace(t, table{id: "below", grain: models.Figure, about: "  complete: true\n", csv: `indicator,agency,year,origin,destination,value,qualifier,obs_status
x_refugees,INT.IOM,2018,KH-1,TH-10,4,,
x_refugees,INT.IOM,2018,KH-2,TH-10,5,,
x_refugees,INT.IOM,2018,KH-2,TH-11,6,,
x_refugees,INT.IOM,2018,VN-01,TH-10,7,,
x_refugees,INT.IOM,2019,KH-1,TH-10,1,,
x_refugees,INT.IOM,2019,KH-2,TH-10,2,,
x_refugees,INT.IOM,2019,KH-2,TH-10,8,,
x_refugees,INT.IOM,2020,KH-1,TH-10,3,,
x_refugees,INT.IOM,2020,KH-2,TH-11,10,at least,
x_refugees,INT.IOM,2021,KH-1,TH-10,9,,
x_refugees,INT.IOM,2021,KH-2,TH-10,,,M
`})
	a := ask(t, e, "x_refugees flow origin.country to destination.country across year")
	for _, tt := range []struct{ from, year, want string }{
		{"KH", "2018", "15"}, {"VN", "2018", "7"}, {models.Total, "2018", "22"},
		{"KH", "2019", "9-11"}, // 1, and one of 8 to 10
		{"KH", "2020", ">=13"},
		{"KH", "2021", ">=9"},
		{"VN", "2019", ".."},
	} {
		to := "TH"
		if tt.from == models.Total {
			to = models.Total
		}
		if c := cellAt(t, a, tt.from, to, tt.year); c.Text() != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.from, tt.year, c.Text(), tt.want)
		}
	}
	one := ask(t, e, "x_refugees flow origin.country to destination.country where year=2018")
	if c := cellAt(t, one, "KH", "TH"); c.Text() != "15" || c.Parts != 3 {
		t.Errorf("2018 alone: %s of %d figures, want 15 of 3", c.Text(), c.Parts)
	}
}
