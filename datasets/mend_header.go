package datasets

import (
	"strings"
	"unicode"
)

// nameKinds are words in the names of columns that say what stands below.
var nameKinds = map[string]cellKind{
	"date": dateCell, "day": dateCell, "time": timeCell, "hour": timeCell, "url": linkCell, "link": linkCell, "website": linkCell,
	"price": numberCell, "cost": numberCell, "amount": numberCell, "qty": numberCell, "quantity": numberCell, "count": numberCell, "number": numberCell,
	"total": numberCell, "value": numberCell, "age": numberCell, "percent": numberCell, "year": yearCell,
}

// splitName finds the one name of a header that is two, where one delimiter is
// missing: cut where the case of its letters changes or at a word that says
// what stands below, all names must go best with their columns, and one way of
// cutting must go better than all others.
func splitName(names []string, cols []column) ([]string, bool) {
	if len(names)+1 != len(cols) {
		return nil, false
	}
	var best []string
	top, second := 0, 0
	for i, name := range names {
		for at := 1; at < len(name); at++ {
			if !cutsName(name, at) {
				continue
			}
			row := append(append(append([]string{}, names[:i]...), name[:at], name[at:]), names[i+1:]...)
			switch s := agree(row, cols); {
			case s > top:
				best, top, second = row, s, top
			case s > second:
				second = s
			}
		}
	}
	return best, best != nil && top >= 2 && top > second
}

// cutsName reports whether a name may be two names: letters change their case
// there, or a word that is known stands on one side.
func cutsName(name string, at int) bool {
	l, r := rune(name[at-1]), rune(name[at])
	next := ' '
	if at+1 < len(name) {
		next = rune(name[at+1])
	}
	_, left := nameKinds[strings.ToLower(name[:at])]
	_, right := nameKinds[strings.ToLower(name[at:])]
	return left || right || unicode.IsLower(l) && unicode.IsUpper(r) || unicode.IsUpper(l) && unicode.IsUpper(r) && unicode.IsLower(next)
}

// agree counts the names that say what their column holds, less those that say
// something else.
func agree(names []string, cols []column) int {
	n := 0
	for i, name := range names {
		kind, ok := nameKinds[strings.ToLower(strings.TrimSpace(name))]
		switch {
		case !ok:
		case cols[i].kind == kind, kind == yearCell && cols[i].kind == numberCell:
			n++
		default:
			n--
		}
	}
	return n
}
