package models_test

import (
	"strings"
	"testing"

	"tiplens/models"
)

func day(t *testing.T, s string) models.Date {
	t.Helper()
	if s == "" {
		return models.NoDate
	}
	d, ok := models.ParseDate(s)
	if !ok {
		t.Fatalf("%q is no date", s)
	}
	return d
}

// Days are written out, so that a month of the wrong length cannot hide.
func TestEarlierPeriods(t *testing.T) {
	for _, c := range []struct{ p, previous, yearBefore string }{
		{"2016", "2015", "2015"},
		{"2016-S1", "2015-S2", "2015-S1"},
		{"2025-Q3", "2025-Q2", "2024-Q3"},
		{"2025-01", "2024-12", "2024-01"},
		{"2024-02", "2024-01", "2023-02"}, // 29 and 28 days
		{"2012..2016", "2007..2011", "2011..2015"},
		{"2025-01..2025-05", "2024-08..2024-12", "2024-01..2024-05"},
		{"2025-03-10..2025-03-16", "2025-03-03..2025-03-09", "2024-03-10..2024-03-16"},
	} {
		p, err := models.ParsePeriod(c.p)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Previous().String(); got != c.previous {
			t.Errorf("before %s comes %s, want %s", p, got, c.previous)
		}
		if got := p.YearBefore().String(); got != c.yearBefore {
			t.Errorf("a year before %s is %s, want %s", p, got, c.yearBefore)
		}
	}
}

func TestPeriodReadAndPrinted(t *testing.T) {
	for _, tt := range []struct {
		name, in   string
		start, end string
		print      string
		label      string
		freq       string
		days       int
		year       int // 0: not inside one calendar year
	}{
		{"year", "2025", "2025-01-01", "2025-12-31", "2025", "2025", "A", 365, 2025},
		{"leap year", "2024", "2024-01-01", "2024-12-31", "2024", "2024", "A", 366, 2024},
		{"century that is no leap year", "2100", "2100-01-01", "2100-12-31", "2100", "2100", "A", 365, 2100},
		{"century that is one", "2000", "2000-01-01", "2000-12-31", "2000", "2000", "A", 366, 2000},
		{"before the epoch", "1969", "1969-01-01", "1969-12-31", "1969", "1969", "A", 365, 1969},
		{"first half", "2025-S1", "2025-01-01", "2025-06-30", "2025-S1", "2025-S1", "S", 181, 2025},
		{"second half", "2025-S2", "2025-07-01", "2025-12-31", "2025-S2", "2025-S2", "S", 184, 2025},
		{"half in small letters", "2025-s2", "2025-07-01", "2025-12-31", "2025-S2", "2025-S2", "S", 184, 2025},
		{"first quarter of a leap year", "2024-Q1", "2024-01-01", "2024-03-31", "2024-Q1", "2024-Q1", "Q", 91, 2024},
		{"second quarter", "2025-q2", "2025-04-01", "2025-06-30", "2025-Q2", "2025-Q2", "Q", 91, 2025},
		{"third quarter", "2025-Q3", "2025-07-01", "2025-09-30", "2025-Q3", "2025-Q3", "Q", 92, 2025},
		{"fourth quarter", "2025-Q4", "2025-10-01", "2025-12-31", "2025-Q4", "2025-Q4", "Q", 92, 2025},
		{"February", "2025-02", "2025-02-01", "2025-02-28", "2025-02", "2025-02", "M", 28, 2025},
		{"February of a leap year", "2024-02", "2024-02-01", "2024-02-29", "2024-02", "2024-02", "M", 29, 2024},
		{"December", "2025-12", "2025-12-01", "2025-12-31", "2025-12", "2025-12", "M", 31, 2025},
		{"day", "2025-05-03", "2025-05-03", "2025-05-03", "2025-05-03", "2025-05-03", "DAY", 1, 2025},
		{"leap day", "2024-02-29", "2024-02-29", "2024-02-29", "2024-02-29", "2024-02-29", "DAY", 1, 2024},
		{"several years", "2012..2016", "2012-01-01", "2016-12-31", "2012..2016", "2012-2016", "MULTI", 1827, 0},
		{"year to date", "2025-01..2025-05", "2025-01-01", "2025-05-31", "2025-01..2025-05", "2025 Jan-May", "YTD", 151, 2025},
		{"year to an odd day", "2025..2025-01-20", "2025-01-01", "2025-01-20", "2025-01-01..2025-01-20", "2025-01-01 to 2025-01-20", "YTD", 20, 2025},
		{"reporting year", "2024-04..2025-03", "2024-04-01", "2025-03-31", "2024-04..2025-03", "2024-04-01 to 2025-03-31", "MULTI", 365, 0},
		{"two halves are a year", "2025-S1..2025-S2", "2025-01-01", "2025-12-31", "2025", "2025", "A", 365, 2025},
		{"three months are a quarter", "2025-07..2025-09", "2025-07-01", "2025-09-30", "2025-Q3", "2025-Q3", "Q", 92, 2025},
		{"two quarters are a half", "2025-Q1..2025-Q2", "2025-01-01", "2025-06-30", "2025-S1", "2025-S1", "S", 181, 2025},
		{"three months that are no quarter", "2025-02..2025-04", "2025-02-01", "2025-04-30", "2025-02..2025-04", "2025 Feb-Apr", "MULTI", 89, 2025},
		{"days over new year", "2024-12-31..2025-01-01", "2024-12-31", "2025-01-01", "2024-12-31..2025-01-01", "2024-12-31 to 2025-01-01", "MULTI", 2, 0},
		{"one day twice", "2025-05-03..2025-05-03", "2025-05-03", "2025-05-03", "2025-05-03", "2025-05-03", "DAY", 1, 2025},
		{"from a year into a half", "2019..2025-S1", "2019-01-01", "2025-06-30", "2019-01..2025-06", "2019-01-01 to 2025-06-30", "MULTI", 2373, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := models.ParsePeriod(tt.in)
			if err != nil {
				t.Fatalf("ParsePeriod(%q): %v", tt.in, err)
			}
			if want := (models.Period{Start: day(t, tt.start), End: day(t, tt.end)}); p != want {
				t.Fatalf("ParsePeriod(%q) = %v to %v, want %s to %s", tt.in, p.Start, p.End, tt.start, tt.end)
			}
			if got := p.String(); got != tt.print {
				t.Errorf("String = %q, want %q", got, tt.print)
			}
			if again, err := models.ParsePeriod(p.String()); err != nil || again != p {
				t.Errorf("%q reads again as %v, %v", p.String(), again, err)
			}
			if got := p.Label(); got != tt.label {
				t.Errorf("Label = %q, want %q", got, tt.label)
			}
			if got := p.Freq(); got != tt.freq {
				t.Errorf("Freq = %q, want %q", got, tt.freq)
			}
			if got := p.Days(); got != tt.days {
				t.Errorf("Days = %d, want %d", got, tt.days)
			}
			if y, one := p.CalendarYear(); one != (tt.year != 0) || one && y != tt.year {
				t.Errorf("CalendarYear = %d, %v, want %d", y, one, tt.year)
			}
		})
	}
}

// Open and unknown ends have no text form, and no year: a figure "since
// August 2023" must not slip into a cell of 2023 (W-25).
func TestPeriodWithOpenEnds(t *testing.T) {
	for _, tt := range []struct{ name, start, end, label string }{
		{"no date", "", "", "no date"},
		{"open end", "2023-08-01", "", "since 2023-08-01"},
		{"open start", "", "2018-03-31", "until 2018-03-31"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := models.Period{Start: day(t, tt.start), End: day(t, tt.end)}
			if p.Bounded() {
				t.Error("Bounded = true")
			}
			if got := p.Label(); got != tt.label {
				t.Errorf("Label = %q, want %q", got, tt.label)
			}
			if p.String() != "" || p.Freq() != "" {
				t.Errorf("String = %q and Freq = %q, want neither", p.String(), p.Freq())
			}
			if y, one := p.CalendarYear(); one {
				t.Errorf("CalendarYear = %d, want none", y)
			}
			if models.Year(2023).Contains(p) {
				t.Error("2023 contains it")
			}
		})
	}
}

func TestPeriodContainsAndOverlaps(t *testing.T) {
	for _, tt := range []struct {
		name, p, q         string
		contains, overlaps bool
	}{
		{"itself", "2025", "2025", true, true},
		{"a month of the year", "2025", "2025-05", true, true},
		{"the last day", "2024", "2024-12-31", true, true},
		{"the day after", "2024", "2025-01-01", false, false},
		{"the day before", "2025", "2024-12-31", false, false},
		{"a year of several", "2012..2016", "2012", true, true},
		{"several years are not in one", "2012", "2012..2016", false, true},
		{"a reporting year reaches out", "2024", "2024-04..2025-03", false, true},
		{"a quarter across halves does not exist", "2025-S1", "2025-Q3", false, false},
		{"one shared day", "2025-01-01..2025-01-10", "2025-01-10..2025-01-20", false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, q := period(t, tt.p), period(t, tt.q)
			if got := p.Contains(q); got != tt.contains {
				t.Errorf("%s contains %s = %v", tt.p, tt.q, got)
			}
			if got := p.Overlaps(q); got != tt.overlaps {
				t.Errorf("%s overlaps %s = %v", tt.p, tt.q, got)
			}
			if p.Overlaps(q) != q.Overlaps(p) {
				t.Error("overlapping is not mutual")
			}
		})
	}
}

func period(t *testing.T, s string) models.Period {
	t.Helper()
	p, err := models.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPeriodRefused(t *testing.T) {
	for _, tt := range []struct{ name, in string }{
		{"nothing", ""},
		{"a word", "last year"},
		{"two digits", "25"},
		{"five digits", "20255"},
		{"year nought", "0000"},
		{"third half", "2025-S3"},
		{"half nought", "2025-S0"},
		{"fifth quarter", "2025-Q5"},
		{"month nought", "2025-00"},
		{"month thirteen", "2025-13"},
		{"month of one digit", "2025-5"},
		{"29 February without a leap year", "2025-02-29"},
		{"31 April", "2025-04-31"},
		{"slashes", "2025/05/31"},
		{"day first", "31-05-2025"},
		{"blanks", " 2025 "},
		{"a sign", "+2025"},
		{"open end", "2019.."},
		{"open start", "..2019"},
		{"only dots", ".."},
		{"one dot", "2019.2025"},
		{"backwards", "2025..2019"},
		{"backwards within a year", "2025-S2..2025-S1"},
		// The grammar joins two periods. Three would be read as the first and the last, and the one in the middle
		// would be lost without a word.
		{"three", "2019..2020..2021"},
		{"three, the middle one first", "2021..2019..2022"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if p, err := models.ParsePeriod(tt.in); err == nil {
				t.Errorf("ParsePeriod(%q) = %s, want an error", tt.in, p)
			} else if !strings.Contains(err.Error(), "write ") {
				t.Errorf("the error %q does not say what to write", err)
			}
		})
	}
}

func TestDate(t *testing.T) {
	for _, tt := range []struct {
		in      string
		y, m, d int
	}{
		{"1970-01-01", 1970, 1, 1}, {"1969-12-31", 1969, 12, 31}, {"2024-02-29", 2024, 2, 29}, {"1900-03-01", 1900, 3, 1}, {"2199-12-31", 2199, 12, 31},
	} {
		got := day(t, tt.in)
		if want := models.NewDate(tt.y, tt.m, tt.d); got != want {
			t.Errorf("ParseDate(%s) = %d, NewDate = %d", tt.in, got, want)
		}
		if y, m, d := got.Civil(); y != tt.y || m != tt.m || d != tt.d {
			t.Errorf("%s splits into %d, %d, %d", tt.in, y, m, d)
		}
		if got.String() != tt.in {
			t.Errorf("%s prints as %s", tt.in, got)
		}
	}
	if models.NewDate(2024, 3, 1)-models.NewDate(2024, 2, 28) != 2 {
		t.Error("February 2024 has no 29th day")
	}
	if models.NoDate.String() != "" {
		t.Error("NoDate prints something")
	}
	for _, s := range []string{"", "2025", "2025-02-30", "2025-2-3", "2025-02-03 ", "03.02.2025"} {
		if _, ok := models.ParseDate(s); ok {
			t.Errorf("%q is read as a date", s)
		}
	}
}

// FuzzPeriod: what is read prints, and what is printed reads the same.
func FuzzPeriod(f *testing.F) {
	for _, s := range []string{"2025", "2025-S1", "2025-Q4", "2024-02", "2024-02-29", "2019..2025", "2025-01..2025-05", "1999-12-31..2000-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := models.ParsePeriod(s)
		if err != nil {
			return
		}
		if !p.Bounded() || p.End < p.Start || p.Days() < 1 {
			t.Fatalf("%q reads as %v to %v", s, p.Start, p.End)
		}
		if again, err := models.ParsePeriod(p.String()); err != nil || again != p {
			t.Fatalf("%q prints as %q, which reads as %v, %v", s, p, again, err)
		}
		if p.Label() == "" || p.Freq() == "" {
			t.Fatalf("%q has the label %q and the frequency %q", s, p.Label(), p.Freq())
		}
	})
}
