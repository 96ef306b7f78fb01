package models

import "testing"

func TestAmount(t *testing.T) {
	for _, c := range []struct{ number, unit, want string }{
		{"1", "persons", "1 person"},
		{"0", "persons", "0 persons"},
		{"2", "persons", "2 persons"},
		{"11", "persons", "11 persons"},
		{"2,001", "persons", "2,001 persons"},
		{"1.0", "percent", "1.0 percent"},
		{"~1", "cases", "~1 case"},
		{">=1", "agencies", ">=1 agency"},
		{"1P", "persons", "1P person"},
		{"1-3", "persons", "1-3 persons"},
		{"0-1", "persons", "0-1 persons"},
		{"<5", "persons", "<5 persons"},
		{"..", "persons", ".. persons"},
		{"-1", "persons", "-1 person"},
		{"about 1", "police reports", "about 1 police report"},
		{"at least 1", "persons", "at least 1 person"},
		{"at least 11", "persons", "at least 11 persons"},
		{"at least about 1", "persons", "at least about 1 person"},
		{"between 0 and 1", "persons", "between 0 and 1 persons"},
		{"1 to 3", "persons", "1 to 3 persons"},
		{"1 (2025 Jan-May)", "persons", "1 (2025 Jan-May) person"},
		{"3 (2025-01)", "persons", "3 (2025-01) persons"},
		{"1", "persons per case", "1 person per case"},
		{"1", "nationalities", "1 nationality"},
		{"1", "addresses", "1 address"},
		{"1", "boxes", "1 box"},
		{"1", "campus", "1 campus"},
		{"1", "women", "1 woman"},
		{"1", "tier", "1 tier"},
		{"1", "USD per year", "1 USD per year"},
		{"1", "money", "1 money"},
		{"1", "", "1"},
	} {
		if got := Amount(c.number, c.unit); got != c.want {
			t.Errorf("%q of %q is %q, want %q", c.number, c.unit, got, c.want)
		}
	}
	if got := Many(1, "rows") + ", " + Many(int64(1200), "rows"); got != "1 row, 1,200 rows" {
		t.Errorf("rows are %q", got)
	}
}

func TestNamed(t *testing.T) {
	i := &Indicator{Name: "Victims and witnesses under protection", One: "Victim or witness under protection"}
	if got := i.Named("1") + "; " + i.Named("about 1") + "; " + i.Named("21"); got !=
		"1 victim or witness under protection; about 1 victim or witness under protection; 21 victims and witnesses under protection" {
		t.Error(got)
	}
	if got := (&Indicator{Name: "Tier"}).Named("1"); got != "1 tier" {
		t.Error(got)
	}
}
