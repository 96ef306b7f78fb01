package datasets

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// numberFormat is what the number format of a cell makes of its number. A
// spreadsheet stores a date as a count of days and a percentage as a fraction;
// only the format says which numbers are meant so.
type numberFormat struct {
	kind     formatKind
	decimals int // of a percentage
}

type formatKind uint8

const (
	asStored formatKind = iota
	dateNumber
	timeNumber // of day
	percentNumber
	lengthOfTime // hours beyond a day
)

// builtinFormat is the format of a number below 164, which files do not spell
// out. From 27 up they are dates of East Asian and Thai editions.
func builtinFormat(id int) numberFormat {
	switch {
	case id == 9:
		return numberFormat{kind: percentNumber}
	case id == 10:
		return numberFormat{kind: percentNumber, decimals: 2}
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58,
		id >= 71 && id <= 74, id == 77, id == 81:
		return numberFormat{kind: dateNumber}
	case id >= 18 && id <= 21, id == 45, id == 47, id >= 32 && id <= 35, id == 55, id == 56, id == 75, id == 76:
		return numberFormat{kind: timeNumber}
	}
	return numberFormat{}
}

var (
	// What stands in a format for itself: quoted text, an escaped or padding
	// character, and brackets, which hold colours, currencies and conditions.
	formatText    = regexp.MustCompile(`"[^"]*"?|[\\_*].|\[[^\]]*\]?`)
	formatElapsed = regexp.MustCompile(`(?i)\[(h+|m+|s+)\]`)
	formatSeconds = regexp.MustCompile(`s\.0+`)
	formatPercent = regexp.MustCompile(`(?:\.([0#?]*))?[^.]*%`)
)

// parseFormat reads a number format that a workbook spells out, such as
// "dd/mm/yyyy" or "0.0%", by its section for positive numbers.
func parseFormat(code string) numberFormat {
	if formatElapsed.MatchString(code) {
		return numberFormat{kind: lengthOfTime} // no point in time
	}
	code, _, _ = strings.Cut(strings.ToLower(formatText.ReplaceAllString(code, "")), ";")
	if strings.Contains(code, "%") {
		return numberFormat{percentNumber, len(formatPercent.FindStringSubmatch(code)[1])}
	}
	switch code = formatSeconds.ReplaceAllString(code, "s"); {
	case strings.ContainsAny(code, "0#?"), strings.Contains(code, "general"):
		return numberFormat{}
	case strings.ContainsAny(code, "yd"):
		return numberFormat{kind: dateNumber}
	case strings.ContainsAny(code, "hs"):
		return numberFormat{kind: timeNumber}
	case strings.Contains(code, "m"):
		return numberFormat{kind: dateNumber}
	}
	return numberFormat{}
}

// text prints the stored number of a cell as its format means it: dates as ISO
// dates, with the time of day where there is one, percentages as shown. What
// no format explains stays as it is stored.
func (f numberFormat) text(stored string, from1904 bool) string {
	if f.kind == asStored {
		return stored
	}
	v, err := strconv.ParseFloat(stored, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return stored
	}
	switch {
	case f.kind == percentNumber:
		return strconv.FormatFloat(roundHalfUp(v*100, f.decimals), 'f', f.decimals, 64) + "%"
	case f.kind == timeNumber && v >= 0 && v < 1:
		return midnight.Add(time.Duration(math.Round(v*86400)) * time.Second).Format("15:04:05")
	case f.kind == lengthOfTime && v >= 0 && v < 1e6:
		s := int64(math.Round(v * 86400))
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	case f.kind == dateNumber && !from1904 && v >= 0 && (v < 1 || math.Floor(v) == 60):
		day := "1900-01-00"
		if v >= 1 {
			day = "1900-02-29"
		}
		if at := midnight.Add(time.Duration(math.Round((v-math.Floor(v))*86400)) * time.Second); !at.Equal(midnight) {
			return day + at.Format(" 15:04:05")
		}
		return day
	case f.kind == dateNumber:
		if t, ok := serialTime(v, from1904); ok {
			if t.Equal(t.Truncate(24 * time.Hour)) {
				return t.Format("2006-01-02")
			}
			return t.Format("2006-01-02 15:04:05")
		}
	}
	return stored
}

// roundHalfUp rounds as a spreadsheet shows: by the decimal digits of a number,
// not by the binary fraction that is nearest to them.
func roundHalfUp(v float64, decimals int) float64 {
	shift := math.Pow10(decimals)
	exact, err := strconv.ParseFloat(strconv.FormatFloat(v*shift, 'g', 15, 64), 64)
	if err != nil {
		return v
	}
	return math.Round(exact) / shift
}

// noSuchDay reports whether a text is one of the two days that spreadsheets
// have and no calendar: the 29th of February 1900 and the day 0.
func noSuchDay(text string) bool {
	return strings.HasPrefix(text, "1900-02-29") || strings.HasPrefix(text, "1900-01-00")
}

var midnight = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)

// serialTime is the moment that a spreadsheet's count of days stands for, to
// the second. Days are counted from 1 January 1900, with a 29 February that
// year never had (day 60), or from 1904.
func serialTime(v float64, from1904 bool) (time.Time, bool) {
	days := math.Floor(v)
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 1 || days == 60:
		return time.Time{}, false
	case days < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	if days < 0 || days > 2958465 {
		return time.Time{}, false
	}
	seconds := math.Round((v - days) * 86400)
	return epoch.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second), true
}
