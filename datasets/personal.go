package datasets

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Words in the header of a column that names, describes or locates a person.
var (
	personalWords = wordSet("surname firstname lastname fullname forename nickname alias username " +
		"phone phones mobile mob telephone tel homephone cellphone msisdn viber whatsapp wechat telegram line facebook messenger tiktok instagram " +
		"email emails mail gmail passport passports passportno passeport nid nationalid idcard idnumber identity " +
		"address addresses street birth birthdate birthday birthplace dob born photo photos fingerprint fingerprints gps latitude longitude coordinates " +
		"prenom prenoms adresse naissance courriel hoten cccd cmnd sdt")
	// nameWords are personal unless the word beside them says what else bears the name.
	nameWords       = wordSet("name names nom noms")
	impersonalWords = wordSet("province country district commune village region city place nationality agency organisation organization ministry " +
		"institution source dataset file sheet indicator form sector type service crime offence offense category subcategory cat subcat class group state county division department area court office station unit table series pays ville agence variable column field project")
	linkWords = wordSet("of the de du la le des d l")
	// pairs are two words that say it together.
	pairs = wordSet("documentno documentnumber idno idnumber idcard nationalid citizenid familyname givenname lineid phno phnumber ppno ppnumber visano visanumber " +
		"bankaccount accountno accountnumber contactno contactnumber contactname contactperson contactdetails contactinfo hoten dienthoai diachi ngaysinh hochieu placeofbirth")
	aloneWords   = wordSet("id contact name nom") // when nothing else stands in the header
	personalPart = regexp.MustCompile(`phone|e?mail$|passport|passeport|address$|birth|naissance|whatsapp|facebook|wechat`)

	// In scripts that set no blanks between words it is enough that the word stands somewhere.
	personalNative = regexp.MustCompile("ឈ្មោះ|នាម|ទូរស័ព្ទ|ទូរសព្ទ|អត្តសញ្ញាណប័ណ្ណ|ថ្ងៃខែឆ្នាំកំណើត|ថ្ងៃកំណើត|អាសយដ្ឋាន|អ៊ីមែល|លិខិតឆ្លងដែន|" +
		"ชื่อ|นามสกุล|โทรศัพท์|เบอร์โทร|ที่อยู่|วันเกิด|บัตรประชาชน|อีเมล|หนังสือเดินทาง|" +
		"ຊື່|ນາມສະກຸນ|ໂທລະສັບ|အမည်|ဖုန်း|" +
		"姓名|名字|氏名|电话|電話|手机|手機|地址|住址|出生|身份证|身份證|护照|護照|邮箱|郵箱|微信")
)

func wordSet(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

var camel = regexp.MustCompile(`([a-z])([A-Z])|([A-Z]+)([A-Z][a-z])`)

// lookalikes are letters of other alphabets that look like Latin ones, and
// Latin ones that do not take apart into a letter and a mark.
var lookalikes = strings.NewReplacer("а", "a", "А", "A", "е", "e", "Е", "E", "о", "o", "О", "O", "р", "p", "Р", "P", "с", "c", "С", "C", "х", "x", "Х", "X",
	"у", "y", "і", "i", "І", "I", "ѕ", "s", "М", "M", "Н", "H", "Т", "T", "В", "B", "К", "K", "Ν", "N", "ο", "o", "Ο", "O", "α", "a", "Α", "A", "Μ", "M", "Ε", "E",
	"đ", "d", "Đ", "D", "ı", "i")

// latin writes a header in plain Latin letters where it can be.
func latin(s string) string {
	s = lookalikes.Replace(norm.NFKC.String(s))
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// personal reports whether a column's header looks as if it named or located
// people: "Full name", "PhoneNumber", "prs_HomePhone", "D.O.B.", but not
// "Province name".
func personal(column string) bool {
	column = Clean(column)
	if personalNative.MatchString(column) {
		return true
	}
	plain := latin(column)
	for _, text := range []string{plain, camel.ReplaceAllString(plain, "$1$3 $2$4")} {
		words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' })
		if personalIn(words) {
			return true
		}
	}
	return false
}

func personalIn(words []string) bool {
	joined := strings.Join(words, "")
	short := !slices.ContainsFunc(words, func(w string) bool { return len(w) > 2 })
	if aloneWords[joined] || short && personalWords[joined] { // N-a-m-e, D.O.B.
		return true
	}
	for i, w := range words {
		switch {
		case nameWords[w]:
			before := i > 0 && impersonalWords[words[i-1]] // province name
			if !before && !impersonalWords[linked(words, i)] {
				return true
			}
		case w == "identity" && i > 0 && (words[i-1] == "gender" || words[i-1] == "sexual"):
		case personalWords[w], personalPart.MatchString(w), i > 0 && pairs[words[i-1]+w]:
			return true
		}
		if thing, ok := strings.CutSuffix(strings.TrimSuffix(w, "s"), "name"); ok && thing != "" && !impersonalWords[thing] {
			return true // victimname
		}
	}
	return false
}

// linked is the word that "of" and its like tie to the one at i: province in
// "name of the province".
func linked(words []string, i int) string {
	at := i + 1
	for at < len(words) && linkWords[words[at]] {
		at++
	}
	if at == i+1 || at == len(words) {
		return ""
	}
	return words[at]
}

// refusePersonal stops a recipe that would store such a column as a code. A
// subject is stored as a keyed hash only and may be anything.
func (r *Recipe) refusePersonal() error {
	all := []Fields{r.Fields}
	for _, o := range r.Observe {
		all = append(all, o.Fields)
	}
	for _, l := range r.Legs {
		all = append(all, Fields{"leg " + l.Role: l.Field})
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
