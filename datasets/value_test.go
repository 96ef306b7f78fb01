package datasets

import (
	"math"
	"testing"

	"tiplens/models"
)

// What publishers print as numbers, and what must not be taken for one: a
// number that is guessed is worse than a row that is held back.
func TestParseNumber(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     float64
	}{
		{"whole", "209", 209},
		{"zero", "0", 0},
		{"negative", "-274", -274},
		{"minus as printed", "\u2212274", -274},
		{"decimal", "10.2", 10.2},
		{"decimal of a spreadsheet", "5.0", 5},
		{"exponent of a spreadsheet", "1.25E10", 1.25e10},
		{"blanks around", "  7\t", 7},
		{"no-break space around", "\u00a07\u00a0", 7},
		{"thousands comma", "1,282", 1282},
		{"millions", "12,345,678", 12345678},
		{"thousands and decimals", "1,234.5", 1234.5},
		{"negative thousands", "-1,310", -1310},
		{"thousands blank", "12 345", 12345},
		{"thousands no-break space", "12\u00a0345\u00a0678", 12345678},
		{"thousands narrow space", "12\u202f345", 12345},
		{"thousands apostrophe", "12'345", 12345},
		{"thousands printed apostrophe", "12’345", 12345},
		{"percent sign", "92%", 92},
		{"percent sign after a blank", "40.6 %", 40.6},
		{"Khmer digits", "១២៣៤៥៦៧៨៩០", 1234567890},
		{"Khmer digits with thousands", "១,២៨២", 1282},
		{"Arabic digits", "٠١٢٣٤٥٦٧٨٩", 123456789},
		{"three digits after the dot", "1.234", 1.234},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := parseNumber(tt.in); !ok || got != tt.want {
				t.Errorf("parseNumber(%q) = %v, %v; want %v", tt.in, got, ok, tt.want)
			}
		})
	}
}

func TestParseNumberRefuses(t *testing.T) {
	for _, tt := range []struct{ name, in string }{
		{"nothing", ""}, {"a blank", " "}, {"a dash", "-"}, {"a percent sign", "%"}, {"a word", "many"}, {"no answer", "n/a"},
		{"decimal comma", "1,5"}, {"decimal comma of three places", "0,123"}, {"two commas", "1,2,3"}, {"groups of two", "12,34"}, {"groups of four", "1,2345"},
		{"a first group of four", "1234,567"}, {"comma at the end", "1,234,"}, {"comma in front", ",234"}, {"empty group", "1,,234"},
		{"two dots", "1.234.5"}, {"German", "1.234,5"}, {"dot without places after thousands", "1,234."}, {"comma in the places", "1.23,456"},
		{"hexadecimal", "0x10"}, {"hexadecimal float", "0x1p4"}, {"octal", "0o17"}, {"underscores", "1_000"},
		{"not a number", "NaN"}, {"infinity", "Inf"}, {"infinity in a word", "infinity"}, {"too large", "1e400"}, {"only an exponent", "e5"},
		{"two numbers", "12 34"}, {"a range", "5-8"}, {"a unit", "12 persons"}, {"money", "$5"}, {"letters among digits", "1O5"}, {"a bound", "<5"}, {"a date", "2025-05-31"},
		{"two signs", "--5"}, {"a sign behind", "5-"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := parseNumber(tt.in); ok {
				t.Errorf("parseNumber(%q) = %v, want no number", tt.in, got)
			}
		})
	}
}

// A bound has a lowest and a highest value: fewer than five is one to four,
// for a publisher prints zero as zero.
func TestParseBound(t *testing.T) {
	inf := math.Inf(1)
	for _, tt := range []struct {
		name, in  string
		low, high float64
	}{
		{"fewer than five", "<5", 1, 4},
		{"with a blank", "< 5", 1, 4},
		{"blanks around", " <5 ", 1, 4},
		{"at most four", "<=4", 1, 4},
		{"at most, as printed", "≤4", 1, 4},
		{"in words", "fewer than 5", 1, 4},
		{"in capitals", "Fewer than 5", 1, 4},
		{"less than", "less than 11", 1, 10},
		{"under", "under 11", 1, 10},
		{"thousands", "<1,000", 1, 999},
		{"fewer than two is one", "<2", 1, 1},
		{"more than", ">1000", 1001, inf},
		{"more than, in words", "more than 20,000", 20001, inf},
		{"over", "over 20,000", 20001, inf},
		{"at least", ">=5", 5, inf},
		{"at least, as printed", "≥5", 5, inf},
		{"at least, in words", "At least 5", 5, inf},
		{"Khmer digit", "<៥", 1, 4},
		{"a range", "5-10", 5, 10},
		{"a range with a dash and blanks", "1,000 – 1,200", 1000, 1200},
		{"a range in words", "5 to 10", 5, 10},
		{"so many or more", "5+", 5, inf},
	} {
		t.Run(tt.name, func(t *testing.T) {
			low, high, ok := parseBound(tt.in)
			if !ok || low != tt.low || high != tt.high {
				t.Errorf("parseBound(%q) = %v to %v, %v; want %v to %v", tt.in, low, high, ok, tt.low, tt.high)
			}
		})
	}
	for _, in := range []string{"", "5", "<", "<five", "5<", "<<5", "<-5", "<0", "<=0", "=5", "~5", "more than", "<1,5", ">-5", "-5-10", "10-5", "5-5", "5-", "2012-2016", "+", "-5+"} {
		if low, high, ok := parseBound(in); ok {
			t.Errorf("parseBound(%q) = %v to %v, want no bound", in, low, high)
		}
	}
}

// One step below or above holds of whole persons. Of a rate it would move the
// bound: more than 12.5 is not at least 13.5.
func TestParseBoundOfWhatIsNotWhole(t *testing.T) {
	for in, low := range map[string]float64{">12.5": 12.5, "more than 0.5": 0.5} {
		if got, _, ok := parseBound(in); ok && got > low {
			t.Errorf("parseBound(%q) begins at %v, and %v meets it too", in, got, low+0.1)
		}
	}
	for in, value := range map[string]float64{"<5%": 0.5, "<2.5": 2} {
		if low, high, ok := parseBound(in); ok && (value < low || value > high) {
			t.Errorf("parseBound(%q) = %v to %v, and %v meets it too", in, low, high, value)
		}
	}
}

func TestParseTime(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"year", "2025", "2025"},
		{"blanks around", " 2025 ", "2025"},
		{"a spreadsheet's year", "2025.0", "2025"},
		{"Khmer digits", "២០២៥", "2025"},
		{"half", "2025-S1", "2025-S1"},
		{"quarter", "2025-Q3", "2025-Q3"},
		{"month", "2025-05", "2025-05"},
		{"day", "2025-05-31", "2025-05-31"},
		{"day with a time", "2025-05-31T10:20:30", "2025-05-31"},
		{"day with a time after a blank", "2025-05-31 10:20", "2025-05-31"},
		{"day with a time, a part of a second and a zone", "2025-05-31T10:20:30.123+07:00", "2025-05-31"},
		{"day with a time as Excel prints it", "2025-05-31 12:00:00 AM", "2025-05-31"},
		{"leap day", "2024-02-29", "2024-02-29"},
		{"years with a hyphen", "2012-2016", "2012..2016"},
		{"years with a dash", "2012–2016", "2012..2016"},
		{"years with a slash", "2012/2016", "2012..2016"},
		{"years with blanks", "2012 - 2016", "2012..2016"},
		{"years in words", "2012 to 2016", "2012..2016"},
		{"years as a slice writes them", "2012..2016", "2012..2016"},
		{"months as a slice writes them", "2025-01..2025-05", "2025-01..2025-05"},
		{"month and year in words", "May 2025", "2025-05"},
		{"a short month and a year", "Sep-2025", "2025-09"},
		{"year and month in words", "2025 December", "2025-12"},
		{"year and month as SDMX writes them", "2025M05", "2025-05"},
		{"quarter and year", "Q3 2025", "2025-Q3"},
		{"half and year", "2025 H2", "2025-S2"},
		{"month and year in Khmer", "ខែឧសភា ឆ្នាំ២០២៥", "2025-05"},
		{"the first year that is believed", "1900", "1900"},
		{"the last year that is believed", "2200", "2200"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, ok := parseTime(tt.in)
			if !ok || p.String() != tt.want {
				t.Errorf("parseTime(%q) = %s, %v; want %s", tt.in, p, ok, tt.want)
			}
		})
	}
}

// Dates that two readers would read in two ways, and numbers that only look
// like years.
func TestParseTimeRefuses(t *testing.T) {
	for _, tt := range []struct{ name, in string }{
		{"nothing", ""}, {"a blank", " "}, {"a word", "May"}, {"a word and a year", "about 2025"}, {"a month of two-digit year", "May-25"}, {"no answer", "n/a"},
		{"day or month first", "05/06/2025"}, {"day first", "31/12/2025"}, {"day first with dots", "31.12.2025"}, {"month first", "12/31/2025"}, {"year of two digits", "31-12-25"},
		{"month without its nought", "2025-5"}, {"month thirteen", "2012-13"}, {"a school year", "2012/13"}, {"no such day", "2025-02-30"}, {"no such day with a time", "2025-02-30 10:00"},
		{"five digits", "20255"}, {"a decimal", "2025.5"}, {"a spreadsheet's day number", "45808"}, {"two digits", "25"}, {"before it all", "1899"}, {"after it all", "2201"}, {"Buddhist era", "2568"},
		{"thousands", "2,025"}, {"negative", "-2025"}, {"exponent", "2e3"}, {"hexadecimal", "0x7E9"},
		{"years backwards", "2016-2012"}, {"three years", "2012-2014-2016"}, {"three years as slices do not write them", "2012..2014..2016"}, {"a span that ends too late", "2012-2999"}, {"a day with a time, after it all", "3025-05-31T10:00"}, {"a day with a time, before it all", "1025-05-31 10:00"},
		{"a day and a word", "2020-01-01 garbage"}, {"a day and half a time", "2020-01-01T10"}, {"quarter five", "2025-Q5"}, {"open", "2025-"}, {"since", "since 2023"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if p, ok := parseTime(tt.in); ok {
				t.Errorf("parseTime(%q) = %s, want no time", tt.in, p)
			}
		})
	}
}

// FuzzNumber: what is read is a number that a sum can bear, and reads the same
// when it is printed plainly.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1,282", "-5", "12 345.6", "<5", "≥ 1,000", "១២", "1e5", "0x10", "92%", "1,5", "\u2212\u00a05", "1'234"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v, ok := parseNumber(s); ok {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%q reads as %v", s, v)
			}
			if again, ok := parseNumber(plainNumber(v)); !ok || again != v {
				t.Fatalf("%q reads as %v, which reads as %v, %v", s, v, again, ok)
			}
			if _, _, bound := parseBound(s); bound {
				t.Fatalf("%q is a number and a bound", s)
			}
		}
		if low, high, ok := parseBound(s); ok && (low > high || math.IsNaN(low) || math.IsNaN(high) || math.IsInf(low, 0)) {
			t.Fatalf("%q lies between %v and %v", s, low, high)
		}
	})
}

// FuzzTime: what is read is a whole, bounded time in years that are believed.
func FuzzTime(f *testing.F) {
	for _, s := range []string{"2025", "2025.0", "2012-2016", "2012 to 2016", "2025-05-31T10:00", "២០២៥-០៥", "2025-S1", "31/12/2025", "2019..2020"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := parseTime(s)
		if !ok {
			return
		}
		if !p.Bounded() || p.End < p.Start || p.Start < models.NewDate(1900, 1, 1) || p.End > models.NewDate(2200, 12, 31) {
			t.Fatalf("%q reads as %v to %v", s, p.Start, p.End)
		}
	})
}

// TestPlainDay: a plain date is read as parseTime reads it, and what is none is
// left to it.
func TestPlainDay(t *testing.T) {
	for day := models.NewDate(1898, 1, 1); day < models.NewDate(2203, 1, 1); day++ {
		want, ok := parseTime(day.String())
		if got, plain := plainDay([]byte(day.String())); plain != ok || plain && (got != want.Start || got != want.End) {
			t.Fatalf("%s: %v %v, want %v %v", day, got, plain, want, ok)
		}
	}
	for _, text := range []string{"", "2015", "2015-01", "2015-02-29", "2015-02-30", "2015-04-31", "2015-13-01", "2015-00-10", "2015-01-00", "2015-01-32", "2015/01/15", "15-01-2015", "2015-1-015", "2015-01-1 ", "2015-01-15T", "+015-01-15", "2015-01-១", "2012-2016 "} {
		want, ok := parseTime(text)
		if got, plain := plainDay([]byte(text)); plain && (!ok || got != want.Start || got != want.End) {
			t.Errorf("%q is %v, want %v %v", text, got, want, ok)
		}
	}
}
