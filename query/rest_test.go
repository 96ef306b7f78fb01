package query_test

import (
	"testing"

	"tiplens/models"
)

// TestRestAcross: what a published total holds beyond its parts stands across as
// it stands down, and where both do, the corner is what neither breakdown names.
func TestRestAcross(t *testing.T) {
	e := workspace(t, table{id: "rest", grain: models.Figure, csv: `indicator,agency,year,nationality,sex,value
sus_arrested,KH.NCCT,2025,,,209
sus_arrested,KH.NCCT,2025,CN,,13
sus_arrested,KH.NCCT,2025,TH,,4
sus_arrested,KH.NCCT,2025,,F,15
sus_arrested,KH.NCCT,2025,CN,F,5
sus_arrested,KH.NCCT,2025,TH,F,4
`})
	a := ask(t, e, "sus_arrested by sex across nationality where year=2025")
	for _, tt := range []struct{ sex, nationality, want string }{
		{"F", "CN", "5"}, {"F", "TH", "4"}, {"F", models.Rest, "6"}, {"F", models.Total, "15"},
		{models.Total, models.Rest, "192"}, {models.Total, models.Total, "209"},
		{models.Rest, "CN", "8"}, {models.Rest, "TH", "0"}, {models.Rest, models.Rest, "186"}, {models.Rest, models.Total, "194"},
	} {
		if c := cellAt(t, a, tt.sex, tt.nationality); c.Text() != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.sex, tt.nationality, c.Text(), tt.want)
		}
	}
	b := a.Blocks[0]
	for c, h := range b.Cols {
		if h.Kind != models.RestHeader {
			continue
		}
		if _, ok := a.Narrow(models.CellRef{Row: 0, Col: c}); ok {
			t.Error("a filter is said to hold what no breakdown names")
		}
	}
	only := ask(t, e, "sus_arrested across nationality where year=2025")
	if c := cellAt(t, only, models.Rest); c.Text() != "192" {
		t.Errorf("across alone the rest is %s, want 192", c.Text())
	}
}
