package models

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a civil day, counted from 1970-01-01. NoDate stands for an open end
// or an unknown day.
type Date int32

// NoDate is the date of nothing.
const NoDate Date = -1 << 31

// NewDate gives the day of a civil date; month and day start at 1.
func NewDate(y, m, d int) Date {
	return Date(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Civil splits a date into year, month and day.
func (d Date) Civil() (y, m, day int) {
	t := time.Unix(int64(d)*86400, 0).UTC()
	return t.Year(), int(t.Month()), t.Day()
}

// String prints YYYY-MM-DD, or nothing for NoDate.
func (d Date) String() string {
	if d == NoDate {
		return ""
	}
	y, m, day := d.Civil()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, day)
}

// ParseDate reads YYYY-MM-DD.
func ParseDate(s string) (Date, bool) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return NoDate, false
	}
	return Date(t.Unix() / 86400), true
}

// Period is a run of days, both ends included.
type Period struct{ Start, End Date }

// Undated is the period of what has no date.
var Undated = Period{NoDate, NoDate}

// Year gives the period of one calendar year.
func Year(y int) Period { return Period{NewDate(y, 1, 1), NewDate(y, 12, 31)} }

// Bounded reports whether both ends are known.
func (p Period) Bounded() bool { return p.Start != NoDate && p.End != NoDate }

// Days is the length of a bounded period.
func (p Period) Days() int { return int(p.End-p.Start) + 1 }

// Contains reports whether q lies wholly inside p; both bounded.
func (p Period) Contains(q Period) bool {
	return q.Bounded() && p.Start <= q.Start && q.End <= p.End
}

// Overlaps reports whether the bounded periods share a day.
func (p Period) Overlaps(q Period) bool { return p.Start <= q.End && q.Start <= p.End }

// CalendarYear gives the year that holds the whole period, if there is one.
func (p Period) CalendarYear() (int, bool) {
	if !p.Bounded() {
		return 0, false
	}
	y1, _, _ := p.Start.Civil()
	if p.Start == p.End {
		return y1, true
	}
	y2, _, _ := p.End.Civil()
	return y1, y1 == y2
}

// Freq is the SDMX-like frequency letter of a period: A, S, Q, M, DAY, YTD
// (from 1 January to an odd end), MULTI, or empty when an end is open.
func (p Period) Freq() string {
	if !p.Bounded() {
		return ""
	}
	if p.Start == p.End {
		return "DAY"
	}
	switch p.String() {
	case "":
		return ""
	default:
		s := p.String()
		switch {
		case strings.Contains(s, ".."):
			y, one := p.CalendarYear()
			if one && p.Start == NewDate(y, 1, 1) {
				return "YTD"
			}
			return "MULTI"
		case len(s) == 4:
			return "A"
		case strings.Contains(s, "-S"):
			return "S"
		case strings.Contains(s, "-Q"):
			return "Q"
		default:
			return "M"
		}
	}
}

// String prints a bounded period in its shortest exact form: 2025, 2025-S1,
// 2025-Q3, 2025-05, 2025-05-03, or two of these joined by "..".
func (p Period) String() string {
	if !p.Bounded() {
		return ""
	}
	if s, ok := p.single(); ok {
		return s
	}
	y1, m1, d1 := p.Start.Civil()
	y2, m2, d2 := p.End.Civil()
	next := p.End + 1
	_, nm, nd := next.Civil()
	switch {
	case m1 == 1 && d1 == 1 && m2 == 12 && d2 == 31:
		return fmt.Sprintf("%04d..%04d", y1, y2)
	case d1 == 1 && nd == 1 && nm != m2:
		return fmt.Sprintf("%04d-%02d..%04d-%02d", y1, m1, y2, m2)
	default:
		return p.Start.String() + ".." + p.End.String()
	}
}

func (p Period) single() (string, bool) {
	if p.Start == p.End {
		return p.Start.String(), true
	}
	y, m, d := p.Start.Civil()
	if d != 1 {
		return "", false
	}
	first := func(months int) Date { // first day after that many months
		return Date(time.Date(y, time.Month(m+months), 1, 0, 0, 0, 0, time.UTC).Unix() / 86400)
	}
	switch {
	case m == 1 && p.End+1 == first(12):
		return fmt.Sprintf("%04d", y), true
	case (m-1)%6 == 0 && p.End+1 == first(6):
		return fmt.Sprintf("%04d-S%d", y, (m-1)/6+1), true
	case (m-1)%3 == 0 && p.End+1 == first(3):
		return fmt.Sprintf("%04d-Q%d", y, (m-1)/3+1), true
	case p.End+1 == first(1):
		return fmt.Sprintf("%04d-%02d", y, m), true
	}
	return "", false
}

// YearBefore is the same period one calendar year earlier.
func (p Period) YearBefore() Period {
	y1, m1, d1 := p.Start.Civil()
	y2, m2, d2 := (p.End + 1).Civil() // the day after: a period that ends with February does so in every year
	return Period{NewDate(y1-1, m1, d1), NewDate(y2-1, m2, d2) - 1}
}

// Previous is the period of the same length that ends the day before: the
// calendar month, quarter, half or years before where it is made of such.
func (p Period) Previous() Period {
	y1, m1, d1 := p.Start.Civil()
	y2, m2, d2 := (p.End + 1).Civil()
	if months := 12*(y2-y1) + m2 - m1; d1 == 1 && d2 == 1 && months > 0 {
		first := 12*y1 + m1 - 1 - months
		return Period{NewDate(first/12, first%12+1, 1), p.Start - 1}
	}
	return Period{p.Start - Date(p.Days()), p.Start - 1}
}

// Label prints a period for people: "2025", "2025 Jan-May", "2012-2016",
// "since 2023-08-01", "until 2018-03-31", "no date".
func (p Period) Label() string {
	switch {
	case p.Start == NoDate && p.End == NoDate:
		return "no date"
	case p.End == NoDate:
		return "since " + p.Start.String()
	case p.Start == NoDate:
		return "until " + p.End.String()
	}
	y1, m1, d1 := p.Start.Civil()
	y2, m2, d2 := p.End.Civil()
	if s, ok := p.single(); ok {
		return s
	}
	_, _, nd := (p.End + 1).Civil()
	switch {
	case m1 == 1 && d1 == 1 && m2 == 12 && d2 == 31:
		return fmt.Sprintf("%04d-%04d", y1, y2)
	case d1 == 1 && nd == 1 && y1 == y2:
		return fmt.Sprintf("%04d %s-%s", y1, months[m1-1], months[m2-1])
	default:
		return p.Start.String() + " to " + p.End.String()
	}
}

var months = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// ParsePeriod reads YYYY, YYYY-Sn, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two of
// these joined by ".." (from the start of the first to the end of the last).
func ParsePeriod(s string) (Period, error) {
	if a, b, ok := strings.Cut(s, ".."); ok {
		p, err := parseUnit(a)
		q, err2 := parseUnit(b)
		if err != nil || err2 != nil {
			return Period{}, noPeriod(s)
		}
		if q.End < p.Start {
			return Period{}, fmt.Errorf("%q runs backwards: write the earlier date first", s)
		}
		return Period{p.Start, q.End}, nil
	}
	return parseUnit(s)
}

func noPeriod(s string) error {
	return fmt.Errorf("%q is no period: write 2025, 2025-S1, 2025-Q3, 2025-05, 2025-05-31 or 2019..2025", s)
}

// parseUnit reads a year, half, quarter, month or day.
func parseUnit(s string) (Period, error) {
	bad := noPeriod(s)
	if len(s) < 4 || !digits(s[:4]) || s[:4] == "0000" {
		return Period{}, bad
	}
	y, _ := strconv.Atoi(s[:4])
	span := func(m, n int) (Period, error) {
		end := Date(time.Date(y, time.Month(m+n), 1, 0, 0, 0, 0, time.UTC).Unix()/86400) - 1
		return Period{NewDate(y, m, 1), end}, nil
	}
	rest := strings.ToUpper(s[4:])
	switch {
	case rest == "":
		return Year(y), nil
	case len(rest) == 3 && rest[:2] == "-S" && rest[2] >= '1' && rest[2] <= '2':
		return span(int(rest[2]-'1')*6+1, 6)
	case len(rest) == 3 && rest[:2] == "-Q" && rest[2] >= '1' && rest[2] <= '4':
		return span(int(rest[2]-'1')*3+1, 3)
	case len(rest) == 3 && rest[0] == '-' && digits(rest[1:]):
		m, _ := strconv.Atoi(rest[1:])
		if m < 1 || m > 12 {
			return Period{}, bad
		}
		return span(m, 1)
	default:
		d, ok := ParseDate(s)
		if !ok {
			return Period{}, bad
		}
		return Period{d, d}, nil
	}
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
