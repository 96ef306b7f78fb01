package datasets

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"tiplens/models"
)

// dayOrder says what comes first in a date of numbers only whose year does not
// have four digits in front.
type dayOrder uint8

const (
	noOrder    dayOrder = iota // nobody has said, and the file does not show it
	dayFirst                   // 25/12/2024
	monthFirst                 // 12/25/2024
	yearFirst                  // 24-12-25
)

// orderNames are the orders as a recipe and a person write them.
var orderNames = [...]string{"", "dmy", "mdy", "ymd"}

var orderWords = [...]string{"not said", "day first", "month first", "year first"}

// parseOrder reads what a recipe says: an order and, after a comma, why.
func parseOrder(s string) (dayOrder, bool) {
	s, _, _ = strings.Cut(s, ",")
	for i, n := range orderNames {
		if strings.EqualFold(strings.TrimSpace(s), n) {
			return dayOrder(i), true
		}
	}
	return noOrder, false
}

// dateParts is a date taken apart: three numbers, or two and the name of a
// month, or of a month and a year one of each.
type dateParts struct {
	number [3]int
	digits [3]int // how many each has
	n      int
	month  int // by its name, 0 without one
	at     int // how many numbers stand before the name
	sep    rune
}

var (
	timeBehind  = regexp.MustCompile(`(?i)[T, ]` + timeOfDay)
	dayOfWeek   = regexp.MustCompile(`^(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|(mon|tues|wednes|thurs|fri|satur|sun)day)$`)
	wordsOfDate = wordSet("ថ្ងៃទី ថ្ងៃ ទី ឆ្នាំ ខែ")
	ordinals    = wordSet("st nd rd th")
)

// timeOfDay is what may end a date, as a pattern.
const timeOfDay = `\s*\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([AP]M)?\s*(Z|UTC|[+-]\d{2}(:?\d{2})?)?$`

// longestDate is how many bytes a date can have, in words and with a time.
const longestDate = 120

// takeApart finds the parts of a date. It knows only that they may be one, not
// that there is such a day.
func takeApart(s string) (d dateParts, ok bool) {
	if len(s) > longestDate {
		return d, false
	}
	s = strings.ToLower(plainSigns(strings.TrimSpace(s)))
	if strings.Contains(s, ":") {
		if at := timeBehind.FindStringIndex(s); at != nil {
			s = s[:at[0]]
		}
	}
	var gap string // what stands between the part at hand and the one before
	for first := true; s != ""; first = false {
		size := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune(" ,./-–'\u00a0\u200b", r) })
		if size < 0 {
			return d, (gap+s == "." || strings.TrimSpace(s) == "") && d.n+min(d.month, 1) >= 2 // "3 May." ends a sentence
		}
		gap, s = strings.Trim(s[:size], " \u00a0\u200b"), s[size:]
		if len(gap) > 1 && gap != "–" && gap != "./" && gap != ".," && gap != ".-" || first && gap != "" {
			return d, false
		}
		digit := s[0] >= '0' && s[0] <= '9'
		size = strings.IndexFunc(s, func(r rune) bool {
			return (r >= '0' && r <= '9') != digit || strings.ContainsRune(" ,./-–'\u00a0\u200b", r)
		})
		if size < 0 {
			size = len(s)
		}
		part := s[:size]
		s = s[size:]
		if digit {
			if d.n == 3 || len(part) > 4 || len(part) == 3 {
				return d, false
			}
			sep := rune(' ')
			for _, r := range gap {
				sep = r
			}
			if d.n == 1 {
				d.sep = sep
			} else if d.n == 2 && sep != d.sep && d.month == 0 {
				return d, false
			}
			d.number[d.n], _ = strconv.Atoi(part)
			d.digits[d.n] = len(part)
			d.n++
			continue
		}
		if !d.word(part) {
			return d, false
		}
	}
	return d, d.n >= 2 || d.n == 1 && d.month > 0
}

// parted reports whether a sign that parts dates stands between its numbers.
func (d *dateParts) parted() bool { return strings.ContainsRune("/-.–", d.sep) }

// word enters a word of a date: the name of a month, or one that says nothing.
func (d *dateParts) word(part string) bool {
	if wordsOfDate[part] || d.n > 0 && d.month == 0 && ordinals[part] || d.n == 0 && d.month == 0 && dayOfWeek.MatchString(part) ||
		d.month > 0 && d.n > d.at && ordinals[part] {
		return true
	}
	month := monthNumber(strings.TrimSuffix(part, "ឆ្នាំ"))
	if month == 0 || d.month > 0 {
		return false
	}
	d.month, d.at = month, d.n
	return true
}

// plainSigns writes digits as Latin ones and every kind of space as a blank.
func plainSigns(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return latinDigit(r)
	}, s)
}

// readDate is a date as it was read, or why it was not.
type readDate struct {
	models.Period
	ordered bool     // what comes first had to be known
	short   bool     // its year has two digits
	only    dayOrder // its numbers are a day in no other order
	why     string   // it is no date; "" where it is one
	do      string
}

// Why a text is no date, after the text.
const (
	noDay     = "is no day of the calendar"
	noTime    = "is no year, period or date that can be read"
	noYear    = "is a day without a year"
	twoWays   = "may be two dates: it is not said whether the day or the month comes first"
	otherWay  = "is no date in the order of the column"
	buddhist  = "looks like the Buddhist calendar, whose years count 543 more"
	schoolish = "may be a month, or a year from one summer to the next"
	doOrder   = "Say which comes first, --set dates=dmy for the day or --set dates=mdy for the month; or write it as 2024-05-03"
	doEra     = "Take 543 from the years in this column (2567 is 2024), and load it again"
)

// readLoose reads what parseTime does not: days and months whose parts stand in
// another order, with other signs between them or with a name for the month,
// and years of two digits, which end with the year after this one.
func readLoose(s string, order dayOrder, thisYear int) readDate {
	d, ok := takeApart(s)
	if !ok {
		return noDate(s)
	}
	switch {
	case d.month > 0:
		return d.named(thisYear)
	case d.n == 2:
		return d.monthAndYear()
	case !d.parted():
		return readDate{why: noTime}
	case d.digits[0] == 4:
		return day(d.number[0], d.number[1], d.number[2])
	case d.digits[0] > 2 || d.digits[1] > 2 || d.digits[2] == 1:
		return readDate{why: noTime}
	}
	short := d.digits[2] == 2
	if order == noOrder && (!short || d.number[2] > 31 || d.number[2] == 0) { // one value may show it for itself
		switch a, b := d.number[0], d.number[1]; {
		case a > 12 && b <= 12, a == b:
			order = dayFirst
		case b > 12 && a <= 12:
			order = monthFirst
		}
	}
	y, m, dd := d.number[2], d.number[1], d.number[0]
	switch {
	case order == noOrder && d.couldBe():
		return readDate{why: twoWays, do: doOrder, ordered: true}
	case order == noOrder:
		return readDate{why: noDay}
	case order == monthFirst:
		m, dd = dd, m
	case order == yearFirst && !short:
		return readDate{why: otherWay, ordered: true}
	case order == yearFirst:
		y, dd = dd, y
	}
	if short {
		y = century(y, thisYear)
	}
	out := day(y, m, dd)
	out.ordered, out.short = true, short
	if out.why == noDay && m > 12 && dd <= 12 && dd > 0 {
		out.why, out.do = otherWay, "Ask the sender which day it is, and write it as 2024-12-25"
	}
	return out
}

// couldBe reports whether the numbers are a day in some order.
func (d dateParts) couldBe() bool {
	y := 2000 // a leap year
	if d.digits[2] == 4 {
		y = d.number[2]
	}
	return day(y, d.number[1], d.number[0]).why == "" || day(y, d.number[0], d.number[1]).why == "" || d.digits[2] == 2 && day(2000, d.number[1], d.number[2]).why == ""
}

// named reads a date whose month has a name.
func (d dateParts) named(thisYear int) readDate {
	var y, dd, digits int
	switch {
	case d.n == 1 && d.at == 1 && d.digits[0] <= 2: // 24-May
		return readDate{why: noYear, do: "Write the year with it"}
	case d.n == 1:
		y, digits = d.number[0], d.digits[0]
	case d.n != 2:
		return readDate{why: noTime}
	case d.digits[0] == 4: // 2024 May 25
		y, dd, digits = d.number[0], d.number[1], 4
	default: // 25 May 2024; May 25, 2024
		y, dd, digits = d.number[1], d.number[0], d.digits[1]
	}
	short := digits == 2
	switch {
	case digits == 1, d.n == 2 && d.digits[0] == 4 && d.digits[1] == 4:
		return readDate{why: noTime}
	case short:
		y = century(y, thisYear)
	}
	out := day(y, d.month, max(dd, 1))
	if d.n == 2 && dd == 0 {
		out = readDate{why: noDay}
	}
	if d.n == 1 && out.why == "" {
		out.End = models.NewDate(y, d.month+1, 1) - 1
	}
	out.short = short
	return out
}

// monthAndYear reads 05/2024 and 2024/05. What may be two years, 2011/12, it
// leaves.
func (d dateParts) monthAndYear() readDate {
	y, m, width := d.number[1], d.number[0], d.digits[0]
	if d.digits[0] == 4 {
		y, m, width = d.number[0], d.number[1], d.digits[1]
	} else if d.digits[1] != 4 {
		return readDate{why: noTime}
	}
	switch {
	case width > 2 || d.sep != '/' && d.sep != '-', d.digits[0] == 4 && width != 2:
		return readDate{why: noTime}
	case d.digits[0] == 4 && m == y%100+1 && m <= 12 && d.sep == '/':
		return readDate{why: schoolish, do: "Write the month as 2011-12, the two years as 2011..2012"}
	}
	out := day(y, m, 1)
	if out.why == "" {
		out.End = models.NewDate(y, m+1, 1) - 1
	} else if out.why == noDay {
		out.why = noTime
	}
	return out
}

// believable reports whether a file can mean a year.
func believable(year int) bool { return year >= 1900 && year <= 2200 }

// inBuddhistEra reports whether a number is a year of the Buddhist calendar
// rather than one that can be meant.
func inBuddhistEra(year int) bool { return year >= 2443 && year <= 2643 }

// day is the period of one day, if there is such a day in a year that is
// believed.
func day(y, m, d int) readDate {
	switch {
	case inBuddhistEra(y):
		return readDate{why: buddhist, do: doEra}
	case !believable(y):
		return readDate{why: noTime}
	case m < 1 || m > 12 || d < 1 || d > 31:
		return readDate{why: noDay}
	}
	at := models.NewDate(y, m, d)
	if _, month, _ := at.Civil(); month != m {
		return readDate{why: noDay}
	}
	return readDate{Period: models.Period{Start: at, End: at}}
}

// century puts a year of two digits into the hundred years that end with the
// year after this one.
func century(y, thisYear int) int {
	if y <= (thisYear+1)%100 {
		return 2000 + y
	}
	return 1900 + y
}

var yearWithin = regexp.MustCompile(`(?:^|\D)(2[456]\d\d)(?:\D|$)`)

// noDate says why a text is none that is no date in any of the forms above.
func noDate(s string) readDate {
	if len(s) > longestDate {
		return readDate{why: noTime}
	}
	s = latinDigits(s)
	if m := yearWithin.FindStringSubmatch(s); m != nil && len(s) < 24 {
		if y, _ := strconv.Atoi(m[1]); inBuddhistEra(y) {
			return readDate{why: buddhist, do: doEra}
		}
	}
	return readDate{why: noTime}
}

// anyTime reads a time in whatever order its parts stand: enough to know that a
// text is one. It never says which day, where two are possible.
func anyTime(s string) (p models.Period, ok bool) {
	if p, ok := parseTime(s); ok {
		return p, true
	}
	for _, order := range []dayOrder{noOrder, dayFirst, monthFirst} {
		if d := readLoose(s, order, thisYear()); d.why == "" {
			return d.Period, true
		}
	}
	return models.Period{}, false
}
