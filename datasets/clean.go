package datasets

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tiplens/models"
)

// Clean makes text from a file safe for a terminal and for every export, as
// models.Clean does, and composes it (NFC).
func Clean(s string) string {
	if models.CleanAlready(s) {
		return s
	}
	// What is not printed goes first, for marks compose across it.
	return models.Clean(norm.NFC.String(models.Printable(s)))
}

// Original keeps the exact text of a cell in a form that is safe to show: as
// it is when cleaning changes nothing, else escaped between double quotes, so
// that what really stood in the file can be read back.
func Original(s string) string {
	if Clean(s) == s && !strings.HasPrefix(s, `"`) {
		return s
	}
	if len(s) > models.MaxText {
		s = s[:models.MaxText]
	}
	return strconv.QuoteToASCII(s)
}
