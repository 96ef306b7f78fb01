package models

import (
	"math"
	"strconv"
	"strings"
)

// FormatNumber prints a value with thousands grouped and, where it is not
// whole, one decimal, or two below 1: "12,345", "0.7", "0.68".
func FormatNumber(v float64) string {
	switch {
	case math.IsNaN(v):
		return ".."
	case math.IsInf(v, 1):
		return "inf"
	}
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if v != math.Trunc(v) {
		prec := 1
		if math.Abs(v) < 1 {
			prec = 2
		}
		s = strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', prec, 64), "0"), ".")
	}
	return GroupDigits(s)
}

// GroupDigits puts commas between the thousands of a decimal number.
func GroupDigits(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if frac != "" {
		b.WriteString("." + frac)
	}
	return sign + b.String()
}

// format writes a number in the form of the cell. What is only about right has
// two significant digits as a percentage (I-7).
func (c Cell) format(v float64) string {
	switch {
	case c.Form == Plain:
		return FormatNumber(v)
	case (c.Form == Percent || c.Form == SignedPercent) && c.About && v != 0:
		digits := max(1-int(math.Floor(math.Log10(math.Abs(v)))), 0)
		return sign(c.Form == SignedPercent, v) + strconv.FormatFloat(math.Abs(v), 'f', digits, 64)
	case c.Form == Percent:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case c.Form == SignedPercent:
		return sign(true, v) + strconv.FormatFloat(math.Abs(v), 'f', 1, 64)
	}
	return sign(true, v) + FormatNumber(math.Abs(v))
}

func sign(shown bool, v float64) string {
	switch {
	case v < 0:
		return "-"
	case shown && v > 0:
		return "+"
	}
	return ""
}

// Text is the cell as people read it: the number with its marks, or the mark
// that stands for there being none. Percentages have one decimal and no sign;
// their base stands in the title.
func (c Cell) Text() string {
	f := c.format
	about := ""
	if c.About {
		about = "~"
	}
	suffix := c.Status()
	switch c.State {
	case NoData:
		return ".." + suffix
	case NotApply:
		return "-"
	case Withheld:
		return "*"
	case Blank:
		return ""
	case Zero:
		return about + "0" + suffix
	case Bound:
		switch {
		case math.IsInf(c.High(), 1) && c.Low() == 0 && !c.Strict:
			return ".." + suffix // at least none says nothing
		case math.IsInf(c.High(), 1) && c.Strict:
			return about + ">" + f(c.Low()) + suffix
		case math.IsInf(c.High(), 1):
			return about + ">=" + f(c.Low()) + suffix
		case c.Low() <= 1 && c.High() == 4 && c.Form == Plain:
			return "<5" + suffix
		default:
			return about + f(c.Low()) + "-" + f(c.High()) + suffix
		}
	}
	return about + f(c.Value) + suffix
}
