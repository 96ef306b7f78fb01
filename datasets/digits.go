package datasets

import "strings"

// latinDigit writes a Khmer or Arabic digit as the Latin one; every other sign
// stays.
func latinDigit(r rune) rune {
	switch {
	case r >= '០' && r <= '៩':
		return r - '០' + '0'
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	}
	return r
}

// latinDigits writes the digits of a text as latinDigit does: codes, numbers,
// dates and names are the same in either.
func latinDigits(s string) string { return strings.Map(latinDigit, s) }

// isNativeDigit reports whether a sign is a Khmer or Arabic digit.
func isNativeDigit(r rune) bool { return latinDigit(r) != r }

// hasNativeDigits reports whether a text holds Khmer or Arabic digits.
func hasNativeDigits(s string) bool {
	if s == "" || s[0] < 0x80 && s[len(s)-1] < 0x80 {
		return false
	}
	return strings.ContainsFunc(s, isNativeDigit)
}
