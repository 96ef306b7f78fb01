package datasets

import (
	"fmt"
	"regexp"
	"strings"

	"tiplens/models"
)

// monthNames are the names of months; of English ones three letters are
// enough. The Khmer ones are those of the civil calendar.
var monthNames = [12][]string{
	{"january", "មករា"}, {"february", "កុម្ភៈ", "កុម្ភះ", "កុម្ភ"}, {"march", "មីនា"}, {"april", "មេសា"}, {"may", "ឧសភា"}, {"june", "មិថុនា"},
	{"july", "កក្កដា"}, {"august", "សីហា"}, {"september", "កញ្ញា"}, {"october", "តុលា"}, {"november", "វិច្ឆិកា"}, {"december", "ធ្នូ"},
}

var partOfYear = regexp.MustCompile(`^(?:(q|quarter ?|ត្រីមាសទី ?|ត្រីមាស ?)([1-4])|(s|h|half ?|semester ?|ឆមាសទី ?|ឆមាស ?)([12]))$`)

// parseMonth reads a month, a quarter or a half year, as the end of a period's
// code: "05", "Q2", "S1". A total is the whole year, "".
func parseMonth(s string) (string, bool) {
	s = strings.ToLower(latinDigits(strings.TrimSpace(s)))
	if m := partOfYear.FindStringSubmatch(s); m != nil {
		if m[2] != "" {
			return "Q" + m[2], true
		}
		return "S" + m[4], true
	}
	if n := monthNumber(s); n > 0 {
		return fmt.Sprintf("%02d", n), true
	}
	return "", s != "" && isTotal(s)
}

// monthNumber gives 1 to 12 for the name of a month, 0 for anything else.
func monthNumber(s string) int {
	s = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(s, "month of "), "ខែ"), ".")
	if s == "sept" {
		return 9
	}
	for i, names := range monthNames {
		for k, n := range names {
			if s == n || k == 0 && len(s) == 3 && strings.HasPrefix(n, s) {
				return i + 1
			}
		}
	}
	return 0
}

// inYear joins a year and a part of it. A part that names its own year, such as
// "Jan 2024", needs no other.
func inYear(year, month string) (models.Period, bool) {
	if n, ok := parseNumber(month); ok && n >= 1 && n <= 12 && n == float64(int(n)) {
		month = monthNames[int(n)-1][0]
	}
	part, ok := parseMonth(month)
	if !ok {
		p, ok := parseTime(month)
		if y, stated := parseTime(year); stated && ok && !y.Contains(p) {
			return p, false
		}
		return p, ok
	}
	p, ok := parseTime(year)
	y, one := p.CalendarYear()
	switch {
	case !ok || !one:
		return p, false
	case part == "":
		return p, true
	}
	p, err := models.ParsePeriod(fmt.Sprintf("%04d-%s", y, part))
	return p, err == nil
}

var (
	monthThenYear = regexp.MustCompile(`^(\D{1,20}?|[qsh][1-4])[ ,.'/-]*(\d{4})$`)
	yearThenMonth = regexp.MustCompile(`^(\d{4})[ ,.'/-]*(?:m(\d\d)|(\D{1,20}|[qsh][1-4]))$`)
)

// monthOfYear reads "Jan 2024", "2024 Q1", "2024M05", "ឧសភា ២០២៤".
func monthOfYear(s string) (models.Period, bool) {
	s = strings.ToLower(latinDigits(strings.TrimSpace(s)))
	year, month := "", ""
	if m := monthThenYear.FindStringSubmatch(s); m != nil {
		year, month = m[2], m[1]
	} else if m := yearThenMonth.FindStringSubmatch(s); m != nil {
		year, month = m[1], m[2]+m[3]
	}
	month = strings.TrimSpace(strings.TrimPrefix(strings.Trim(month, " ,.'/-"), "ឆ្នាំ"))
	if len(month) == 2 && month[0] >= '0' && month[0] <= '9' {
		p, err := models.ParsePeriod(year + "-" + month)
		return p, err == nil
	}
	part, ok := parseMonth(strings.TrimSpace(strings.TrimSuffix(month, "ឆ្នាំ")))
	if !ok || part == "" {
		return models.Period{}, false
	}
	p, err := models.ParsePeriod(year + "-" + part)
	return p, err == nil
}
