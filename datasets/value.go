package datasets

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"tiplens/models"
)

// parseNumber reads a number as publishers print it: thousands commas, blanks
// or apostrophes, Khmer and Arabic digits, a percent sign. It does not guess:
// "1,5" and "1.234.5" are no numbers.
func parseNumber(s string) (float64, bool) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	if v, err := strconv.ParseFloat(s, 64); err == nil && plainDecimal(s) {
		return v, true
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u2212':
			return '-'
		case unicode.IsSpace(r), r == '\u202f', r == '\'', r == '’':
			return ','
		}
		return latinDigit(r)
	}, s)
	whole, frac, dot := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if g == "" || len(g) > 3 && len(groups) > 1 || i == 0 && len(groups) > 1 && g[0] == '0' || i > 0 && len(g) != 3 || strings.Trim(g, "0123456789") != "" {
			return 0, false
		}
	}
	if dot && (frac == "" || strings.Trim(frac, "0123456789") != "") {
		return 0, false
	}
	s = sign + strings.Join(groups, "")
	if dot {
		s += "." + frac
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// plainDecimal keeps hexadecimal, infinite and underscored forms out of what
// strconv accepts.
func plainDecimal(s string) bool {
	return s != "" && strings.Trim(s, "0123456789.eE+-") == ""
}

// parseBound reads "<5", "< 5", "≤4", "fewer than 5", ">1000": a value of
// which the file gives only a bound.
func parseBound(s string) (low, high float64, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, b := range []struct {
		prefix string
		above  bool
		step   float64
	}{
		{"<=", false, 0}, {"≤", false, 0}, {"<", false, 1}, {"fewer than ", false, 1}, {"less than ", false, 1}, {"under ", false, 1},
		{">=", true, 0}, {"≥", true, 0}, {"at least ", true, 0}, {">", true, 1}, {"more than ", true, 1}, {"over ", true, 1},
	} {
		rest, found := strings.CutPrefix(s, b.prefix)
		if !found {
			continue
		}
		v, isNum := parseNumber(rest)
		if math.Signbit(v) {
			return 0, 0, false
		}
		whole := v == math.Trunc(v) && !strings.Contains(rest, "%") // people are counted whole, rates are not
		switch {
		case !isNum:
			return 0, 0, false
		case b.above && whole:
			return v + b.step, math.Inf(1), true
		case b.above:
			return v, math.Inf(1), true
		case whole:
			return 1, v - b.step, v-b.step >= 1
		default:
			return 0, v, true
		}
	}
	if number, ok := strings.CutSuffix(s, "+"); ok { // 5+
		v, isNum := parseNumber(number)
		return v, math.Inf(1), isNum && !math.Signbit(v)
	}
	for _, sep := range []string{"-", "–", " to "} { // 5-10
		a, b, ok := strings.Cut(s, sep)
		low, isNum := parseNumber(a)
		high, isNum2 := parseNumber(b)
		if ok && isNum && isNum2 && !math.Signbit(low) && !math.Signbit(high) && low < high && !yearLike(a, b) {
			return low, high, true
		}
	}
	return 0, 0, false
}

// yearLike reports whether a range looks like one of years: 2012-2016.
func yearLike(a, b string) bool {
	_, ok := parseTime(strings.TrimSpace(a) + "-" + strings.TrimSpace(b))
	return ok
}

// cutAbout takes the sign off a value that the file gives as about so much.
func cutAbout(s string) (string, bool) {
	for _, sign := range []string{"~", "≈", "about ", "approx. ", "approximately ", "circa ", "ca. "} {
		if len(s) >= len(sign) && strings.EqualFold(s[:len(sign)], sign) {
			return strings.TrimSpace(s[len(sign):]), true
		}
	}
	return s, false
}

// Counts above this are held back: no publisher counts more, and a sum of them
// would not be exact. Money and its like may be more.
const (
	maxCount  = 1e10
	maxAmount = 1e15
)

// countable says what keeps a number from being a value of the indicator.
func countable(i *models.Indicator, text string, n float64) string {
	most := float64(maxAmount)
	if i != nil && (i.Measure == models.Count || i.Unit == "persons") {
		most = maxCount
	}
	switch {
	case math.Signbit(n):
		return "is negative, which no count can be"
	case n > most && !math.IsInf(n, 1):
		return "is more than anybody can have counted"
	case i == nil || i.Measure != models.Count:
		return ""
	case strings.Contains(text, "%"):
		return "is a percentage, and " + i.Unit + " are counted"
	case thousandsDot.MatchString(text):
		return "may be a number with three decimals or thousands with a dot, and " + i.Unit + " are counted whole; write it without the dot"
	}
	return ""
}

// thousandsDot is a number that two readers would read in two ways.
var thousandsDot = regexp.MustCompile(`\b[1-9]\d{0,2}\.\d{3}$`)

// timeAfterDay is what may follow a date that has ten signs.
var timeAfterDay = regexp.MustCompile(`(?i)^[T ]` + timeOfDay)

// plainDay reads a date as most files write it, 2025-05-31, and no other.
func plainDay(c []byte) (models.Date, bool) {
	if len(c) != 10 || c[4] != '-' || c[7] != '-' {
		return 0, false
	}
	n := 0
	for i, b := range c {
		if i == 4 || i == 7 {
			continue
		}
		if b < '0' || b > '9' {
			return 0, false
		}
		n = n*10 + int(b-'0')
	}
	y, m, d := n/10_000, n/100%100, n%100
	if !believable(y) || m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, false
	}
	day := models.NewDate(y, m, d)
	return day, d <= 28 || day < models.NewDate(y, m+1, 1)
}

// parseTime reads a year, a range of years, a half, quarter or month, or a
// date in one of the forms that cannot be misread: the others are for
// readLoose.
func parseTime(s string) (models.Period, bool) {
	s = strings.TrimSpace(s)
	if y, ok := strings.CutSuffix(s, ".0"); ok && len(y) == 4 { // a spreadsheet's number
		s = y
	}
	if len(s) > 10 && timeAfterDay.MatchString(s[10:]) {
		s = s[:10]
	}
	s = latinDigits(s)
	for _, sep := range []string{"-", "–", "/", " to "} { // 2012-2016
		a, b, ok := strings.Cut(s, sep)
		if ok && len(strings.TrimSpace(a)) == 4 && len(strings.TrimSpace(b)) == 4 {
			s = strings.TrimSpace(a) + ".." + strings.TrimSpace(b)
			break
		}
	}
	p, err := models.ParsePeriod(s)
	if err != nil {
		if p, ok := monthOfYear(s); ok {
			y, _ := p.CalendarYear()
			return p, believable(y)
		}
		d := readLoose(s, noOrder, 0)
		return d.Period, d.why == "" && !d.ordered && !d.short
	}
	first, _, _ := p.Start.Civil()
	last, _, _ := p.End.Civil()
	return p, believable(first) && believable(last)
}
