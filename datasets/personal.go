package datasets

import (
	"fmt"
	"regexp"
	"strings"
)

// Words in the header of a column that names, describes or locates a person,
// and words that say that it names something else.
var (
	personalWords = wordSet("name names surname firstname lastname fullname forename nickname alias phone phones mobile telephone tel homephone " +
		"email mail passport passportno nationalid idcard idnumber identity address birth birthdate birthday dob born facebook whatsapp telegram line fingerprint photo")
	impersonalWords = wordSet("province country district commune village region city place nationality agency organisation organization ministry " +
		"institution source dataset file sheet indicator form sector type service crime offence")
	personalKhmer = regexp.MustCompile("ឈ្មោះ|ទូរស័ព្ទ|អត្តសញ្ញាណប័ណ្ណ|ថ្ងៃខែឆ្នាំកំណើត|អាសយដ្ឋាន")
	pairs         = wordSet("documentno documentnumber idno idnumber idcard nationalid citizenid familyname givenname lineid")
)

func wordSet(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

var camel = regexp.MustCompile(`([a-z])([A-Z])|([A-Z]+)([A-Z][a-z])`)

// personal reports whether a column's header looks as if it named or located
// people: "Full name", "PhoneNumber", "prs_HomePhone", but not "Province name".
func personal(column string) bool {
	if personalKhmer.MatchString(column) {
		return true
	}
	found := false
	for _, text := range []string{column, camel.ReplaceAllString(column, "$1$3 $2$4")} {
		words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' })
		for i, w := range words {
			if impersonalWords[w] && len(words) > 1 {
				return false
			}
			found = found || personalWords[w] || i > 0 && pairs[words[i-1]+w]
		}
	}
	return found
}

// refusePersonal stops a recipe that would store such a column as a code. A
// subject is stored as a keyed hash only and may be anything.
func (r *Recipe) refusePersonal() error {
	all := []Fields{r.Fields}
	for _, o := range r.Observe {
		all = append(all, o.Fields)
	}
	for _, fs := range all {
		for _, name := range fs.names() {
			f := fs[name]
			for _, c := range fieldColumns(&f) {
				if name != "subject" && personal(c) {
					return fmt.Errorf("column %q looks like it names people, so it is never stored", Clean(c))
				}
			}
		}
	}
	for _, c := range r.Keep {
		if personal(c) {
			return fmt.Errorf("column %q looks like it names people, so it is never kept", Clean(c))
		}
	}
	return nil
}
