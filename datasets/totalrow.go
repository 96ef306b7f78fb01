package datasets

import (
	"bytes"
	"regexp"
	"unicode/utf8"
)

// totalsLeftOut is why a row below a list of persons or cases is not one more.
const totalsLeftOut = "rows that add up the others, and are no person or case"

// totalStart is how such a row begins in the languages of the region. "All"
// and "sum" are left to the code lists: they may be a value.
var totalStart = regexp.MustCompile(`(?i)^[ *:]*(((grand|sub|overall)[ -]?)?totals?([^\pL]|$)|total (number|persons?|victims?|cases?|suspects?)|សរុប|ចំនួនសរុប|รวม|tổng|jumlah)`)

// totalRow reports whether a row adds up the rows around it: its only text
// says so, and all else that it holds are numbers.
func totalRow(fields [][]byte) bool {
	label := false
	for _, f := range fields {
		if f = trim(f); len(f) == 0 || startsNumber(f) {
			continue
		}
		if label || len(f) > 120 || !mayTotal(f) || !totalStart.Match(f) {
			return false
		}
		label = true
	}
	return label
}

// mayTotal is a quick look at whether totalStart may match: most texts begin
// otherwise.
func mayTotal(f []byte) bool {
	f = bytes.TrimLeft(f, " *:")
	switch {
	case len(f) < 2:
		return false
	case f[0] >= utf8.RuneSelf || f[1] >= utf8.RuneSelf:
		return true
	}
	switch string([]byte{f[0] | 0x20, f[1] | 0x20}) {
	case "to", "gr", "su", "ov", "ju":
		return true
	}
	return false
}

// startsNumber reports whether a text begins as a number does, one in Khmer or
// Arabic digits too: "12", "-", "12 persons", "១២ នាក់".
func startsNumber(f []byte) bool {
	if c := f[0]; c < utf8.RuneSelf {
		return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == '='
	}
	r, _ := utf8.DecodeRune(f)
	return isNativeDigit(r)
}

// totalCells is totalRow for a row of texts.
func totalCells(row []string) bool {
	fields := make([][]byte, len(row))
	for i, c := range row {
		fields[i] = []byte(c)
	}
	return totalRow(fields)
}
