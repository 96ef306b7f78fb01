package datasets

import (
	"strings"
	"testing"
	"unicode/utf8"

	"tiplens/models"
)

// matchTable holds texts as people write them, each with the code that it is
// said to mean and the step that may find it, set down by hand. Lines are
// dimension, country of the column if it is known, then text=code:how, where no
// code means that a person has to say, from among the codes after a question
// mark.
const matchTable = `
place||Kampong Chhnang=KH-4:alias|Kompong Chhnang=KH-4:alias|KAMPONG CHNANG=KH-4:alias|kompong-chnang=KH-4:alias|Kampong Chnaing=KH-4:sound|Kampung Chhnang=KH-4:sound
place||Banteay Mean Chey=KH-1:alias|BANTEAY MEANCHEY PROVINCE=KH-1:alias|Bantey Mean Chay=KH-1:sound|Banteay Meanchy=KH-1:sound|Bantay Meanchey=KH-1:sound|ខេត្តបន្ទាយមានជ័យ=KH-1:alias
place||Battambang=KH-2:alias|Bătdâmbâng=KH-2:alias|Batambang=KH-2:sound|Battanbang=KH-2:distance|Badambang=KH-2:sound|បាត់ដំបង=KH-2:alias
place||Kampong Cham=KH-3:alias|Kg Cham=:none|Kampong Chamm=KH-3:sound|កំពង់ចាម=KH-3:alias|ខេត្ត កំពង់ចាម=KH-3:alias
place||Kampong Speu=KH-5:alias|Kâmpóng Spœ=KH-5:alias|Kampong Spue=KH-5:sound|Kompong Spew=:none?KH-5,KH-3
place||Kampong Thom=KH-6:alias|Kompong Thum=KH-6:alias|Kampong Som=KH-18:alias|Kompong Som=KH-18:alias|Kampong Saom=KH-18:alias
place||Kampong Thm=:none?KH-6,KH-18|Kampong Thon=:none?KH-6,KH-18|Kampon Som=:none?KH-18,KH-6|Kampong Sam=:none?KH-18,KH-3,KH-6
place||Meanchey=:none|Mean Chey=:none|MEANCHEY PROVINCE=:none|មានជ័យ=:none|Meanchay=:none|Kampong=:none|Kompong=:none|Kampong Province=:none|កំពង់=:none|Kampon=:none|Banteay=:none|Preah=:none|Svay=:none|Koh=:none
place||Preah Vihar=:none?KH-13,KH-14|Prah Viher=:none?KH-13,KH-14|Prey Vengg=:none?KH-14,KH-13|Svay Ring=:none?KH-20,KH-19|Stoung Treng=:none?KH-19,KH-20|Preah Vihear=KH-13:alias|Prey Veng=KH-14:alias|Svay Rieng=KH-20:alias|Stung Treng=KH-19:alias
place||Samraong=:none?KH-22,KH-21|Samraong, Takeo=KH-21:town|Samraong (Oddar Meanchey)=KH-22:town|Svay Chek=:none?KH-1,KH-17,KH-20|Svay Chek, Banteay Meanchey=KH-1:town|ស្វាយចេក=:none?KH-1,KH-17,KH-20
place||Poipet=KH-1:town|Poi Pet=KH-1:town|Krong Poipet=KH-1:town|Bavet=KH-20:town|O'Smach=KH-22:town|Ta Khmau=KH-8:town|Neak Loeung=KH-14:town|Svay Pak=KH-12:town|Poipett=KH-1:sound|Sisophon=KH-1:town|Kampong Siem=KH-3:town|Kampong Svay=KH-6:town|Memot=KH-25:town
place||Phnom Penh=KH-12:alias|Phnom Penh City=KH-12:alias|Phnom Penh Capital=KH-12:alias|រាជធានីភ្នំពេញ=KH-12:alias|ភ្នំ ពេញ=KH-12:alias|Phnom Peng=KH-12:distance|Phnom Pehn=KH-12:sound|Phnompen=KH-12:sound
place||កណ្ដាល=KH-8:alias|កណ្តាល=KH-8:alias|ខេត្តកណ្ដាល=KH-8:alias|ឧត្ដរមានជ័យ=KH-22:alias|ឧត្តរមានជ័យ=KH-22:alias|Oddar Meanchey=KH-22:alias|Odar Meanchey=KH-22:sound|Oddor Meanchey=KH-22:sound
place||ពោធិ៍សាត់=KH-15:alias|ពោធិសាត់=KH-15:alias|រតនគិរី=KH-16:alias|រតនៈគិរី=KH-16:alias|Rattanak Kiri=KH-16:sound|Mondolkirri=KH-11:sound|Modulkiri=KH-11:distance|Siem Riep=KH-17:sound|Siam Reap=KH-17:sound
place||Preah Sihanuk=KH-18:sound|Sihanouk Vile=KH-18:sound|Krong Preah Sihanouk=KH-18:alias|ព្រះសីហនុ=KH-18:alias|Takeo Province=KH-21:alias|Krong Kep=KH-23:alias|ក្រុងកែប=KH-23:alias|Tboung Khmom=KH-25:alias|Tbuong Khmum=KH-25:sound
place||KH-1=KH-1:alias|KH-01=KH-1:alias|KH01=KH-1:alias|kh-25=KH-25:alias|KH-26=:none|KH-0=:none|KH0101=KH-1:part|KH010203=KH-1:part|KH12010101=KH-12:part|KH9901=:none|KHM.1=:none|KH-18=KH-18:alias
place|KH|1=KH-1:alias|01=KH-1:alias|25=KH-25:alias|26=:none|១២=KH-12:alias|០៥=KH-5:alias|١٢=KH-12:alias|0=:none|-3=:none|116=:none?KH|Samraong=:none?KH-22,KH-21|Kandal=KH-8:alias|12.5=:none
place||1=:none|12=:none|១២=:none|116=KH:alias|១១៦=KH:alias|004=AF:alias|4=:none|999=:none|764=TH:alias
place|TH|10=TH-10:alias|30=TH-30:alias|07=:none
place|VN|1=:none|44=:none|VN01=:none?VN-01|VN-01=VN-01:alias|PH13=:none?PH-13|TH10=TH-10:alias
place||Bangkok=TH-10:alias|กรุงเทพมหานคร=TH-10:alias|Chiangmai=TH-50:alias|Chonburi=TH-20:alias|Korat=TH-30:alias|Mae Sot=TH-63:town|Nakhon Sri Thammarat=TH-80:alias|Ubon Rachathani=TH-34:distance|Pattaya=TH-S:alias|Nan=TH-55:alias
place||Hanoi=VN-HN:alias|Hà Nội=VN-HN:alias|Ho Chi Minh City=VN-SG:alias|HCMC=VN-SG:alias|Ho Chi Min=VN-SG:sound|Tây Ninh=VN-37:alias|Tay Nin=VN-37:sound|Kien Giang=VN-47:alias|An Giang=VN-44:alias|Đắk Lắk=VN-33:alias|Thua Thien Hue=VN-26:alias
place||Vientiane=:none?LA-VI,LA-VT|Vientiane Capital=LA-VT:alias|Vientiane Province=LA-VI:alias|Champassak=LA-CH:alias|Luang Phabang=LA-LP:alias|Yangon=MM-06:alias|Rangoon=MM-06:alias|Shan State=MM-17:alias|Myawaddy=MM-13:town
place||Metro Manila=PH-00:alias|NCR=PH-00:alias|Region IX=PH-09:alias|Cebu=PH-CEB:alias|Quezon=PH-QUE:alias|Quezon City=:none?PH-00,PH-QUE|Tawi-Tawi=PH-TAW:alias|West Java=ID-JB:alias|Jawa Barat=ID-JB:alias|Kuala Lumpur=MY-14:alias|Penang=MY-07:alias|Díli=TL-DI:alias
place||Battambang, Cambodia=KH-2:alias|Cambodia - Kandal=:none|Phnom Penh / Kandal=:none?KH-12,KH-8|Bangkok, Thailand=TH-10:alias|Georgia, United States=:none?GE,US|07 Kampot=KH-7:alias|1. Kandal=KH-8:alias|Atlantis=:none|???=:none
place||Cambodia=KH:alias|Kampuchea=KH:alias|CAMBODGE=KH:alias|Cambodai=KH:sound|Viet Nam=VN:alias|Vietnam=VN:alias|VIETNAM=VN:alias|Laos=LA:alias|Lao PDR=LA:alias|Lao People's Democratic Republic=LA:alias|Burma=MM:alias|South Korea=KR:alias|Korea=:none?KR,KP|Korea, Republic of=KR:alias|Republic of Korea=KR:alias|DPRK=KP:alias
place||Bolivia (Plurinational State of)=BO:alias|Venezuela (Bolivarian Republic of)=VE:alias|Iran (Islamic Republic of)=IR:alias|Iran, Islamic Republic of=IR:alias|Tanzania, United Republic of=TZ:alias|Congo=CG:alias|Congo, Democratic Republic of the=CD:alias|DR Congo=CD:alias|Guinea=GN:alias|Guinea-Bissau=GW:alias|Equatorial Guinea=GQ:alias|Papua New Guinea=PG:alias|Niger=NE:alias|Nigeria=NG:alias|Nigera=:none?NE,NG
place||Dominica=DM:alias|Dominican Republic=DO:alias|Georgia=GE:alias|South Georgia and the South Sandwich Islands=GS:alias|Samoa=WS:alias|American Samoa=AS:alias|Sudan=SD:alias|South Sudan=SS:alias|Slovania=:none?SI,SK|Slovakia=SK:alias|Slovenia=SI:alias|Swaziland=SZ:alias|Türkiye=TR:alias|Turkey=TR:alias|Macau=MO:alias|Taiwan=TW:alias|Kosovo=XK:alias|kh=KH:alias|Kh=:none?KH|Krong Kp=:none?KP
place||Africa=:none|North Africa=:none|South America=:none|South Aerica=:none|Southeast Asia=:none|Middle East=:none|Abroad=_ABR:alias|Unknown=_U:alias|Serbia and Montenegro=:none?RS,ME
nationality||Cambodian=KH:alias|Khmer=KH:alias|ខ្មែរ=KH:alias|Cambodain=KH:sound|Vietnamese=VN:alias|Vietnamies=VN:sound|Viet=VN:town|Kinh=VN:town|Lao=LA:alias|Laotian=LA:alias|Burmese=MM:alias|Thai=TH:alias|Thailand=TH:alias|THA=TH:alias|th=TH:alias|Filipina=PH:alias|Philippino=PH:sound|Indonesion=ID:sound|Bangladeshi=BD:alias|Congolese=:none?CD,CG|Crimean=:none|Foreigner=_FOR:alias|KH-1=:none
nationality||2 maliens=ML:distance|97 albanian=AL:distance|NA=NA:alias|na=:none?NA|NO=NO:alias|no=:none?NO|No=:none?NO|Namibian=NA:alias|XX=:none|Kampot=:none
agency||KH.NP=KH.NP:alias|Cambodian National Police=KH.NP:alias|NCCT=KH.NCCT:alias|IOM=INT.IOM:alias|International Organization for Migraton=INT.IOM:distance|Ministry of Interor=KH.MOI:distance|National Committe for Counter Trafficking=KH.NCCT:distance|Ministry of Magic=:none
origin|KH|3=KH-3:alias|ក្រចេះ=KH-10:alias|Krachéh=KH-10:alias
sex||Femalee=F:distance|Female=F:alias|Mal=:none
exploitation||Forced laborr=LAB:distance|Forced labour=LAB:alias|Forced begging=BEG:alias
age||15-17=Y15T17:alias|15-18x=:none|Minorr=Y0T17:distance
`

func TestMatchTable(t *testing.T) {
	m := NewMatcher(Catalogue())
	n := 0
	for _, line := range strings.Split(strings.TrimSpace(matchTable), "\n") {
		dim, rest, _ := strings.Cut(line, "|")
		within, rest, _ := strings.Cut(rest, "|")
		for _, entry := range strings.Split(rest, "|") {
			i := strings.LastIndex(entry, "=")
			text, want := entry[:i], entry[i+1:]
			code, how, _ := strings.Cut(want, ":")
			how, among, asked := strings.Cut(how, "?")
			got := m.Match(dim, text, within)
			n++
			if got.Code != code || string(got.How) != how || asked && strings.Join(got.Candidates, ",") != among {
				t.Errorf("%s %q (%s) is %q by %s of %v, want %q by %s of %q", dim, text, within, got.Code, got.How, got.Candidates, code, how, among)
			}
		}
	}
	if n < 200 {
		t.Errorf("the table has %d texts, want 200 at least", n)
	}
}

// The rules of I-8.3, one by one.
func TestFoldRules(t *testing.T) {
	for _, tt := range []struct{ rule, a, b string }{
		{"NFC", "e\u0301a", "\u00e9a"},
		{"zero width space", "កំពត", "កំ\u200bពត"},
		{"zero width non-joiner", "កំពត", "កំ\u200cពត"},
		{"zero width joiner", "កំពត", "កំ\u200dពត"},
		{"spaces in Khmer", "កំពង់ចាម", " កំពង់ ចាម "},
		{"leading province", "កំពត", "ខេត្តកំពត"},
		{"leading capital", "ភ្នំពេញ", "រាជធានីភ្នំពេញ"},
		{"leading town", "កែប", "ក្រុងកែប"},
		{"coeng da is coeng ta", "កណ\u17d2\u178aាល", "កណ\u17d2\u178fាល"},
		{"U+17CD", "ពោធិ\u17cdសាត", "ពោធិសាត"},
		{"U+17C8", "រតន\u17c8គិរី", "រតនគិរី"},
		{"U+17CB", "បាត\u17cb", "បាត"},
		{"Khmer digits", "ខេត្ត០១", "ខេត្ត01"},
		{"Latin marks", "Kâmpóng Chhnăng", "Kampong Chhnang"},
		{"oe", "Spœ", "Spoe"},
		{"case", "KANDAL", "kandal"},
		{"province", "Kandal Province", "Kandal"},
		{"capital", "Phnom Penh Capital", "Phnom Penh"},
		{"municipality", "Kep Municipality", "Kep"},
		{"city", "Kep City", "Kep"},
		{"khaet", "Khaet Kandal", "Kandal"},
		{"khet", "Khet Kandal", "Kandal"},
		{"krong", "Krong Kep", "Kep"},
		{"only letters", "O'Smach - (Town)", "OSmachTown"},
		{"kompong", "Kompong Cham", "Kampong Cham"},
	} {
		if a, b := fold("area", tt.a), fold("area", tt.b); a != b || a == "" {
			t.Errorf("%s: %q folds to %q and %q to %q", tt.rule, tt.a, a, tt.b, b)
		}
	}
	if fold("area", "Kandal") == fold("area", "Kampot") {
		t.Error("two names fold to one")
	}
}

// Folding what is folded changes nothing, or two readings of one name differ.
func TestFoldTwice(t *testing.T) {
	for _, k := range Catalogue().Codes("area") {
		for _, n := range append(namesOf(k), k.ID) {
			if once := fold("area", n); fold("area", once) != once {
				t.Errorf("%q folds to %q, and that to %q", n, once, fold("area", once))
			}
		}
	}
}

// Every name of every code is found as that code, by its name, and by no other
// step. Names that several share ask, and their towns propose.
func TestEveryNameFindsItsCode(t *testing.T) {
	cat := Catalogue()
	m := NewMatcher(cat)
	n := 0
	for _, d := range cat.Dimensions() {
		for _, k := range cat.Choices(d.ID) {
			for _, name := range append([]string{k.ID, k.Label, k.LabelKM}, k.Aliases...) {
				if fold(k.List, name) == "" || d.List == "age" {
					continue
				}
				n++
				got := m.Match(d.ID, name, "")
				if ambiguous := doubtfulCode(name) && name != k.ID; (got.Code != k.ID || !got.How.Sure()) && !ambiguous {
					t.Errorf("%s: the name %q of %s is %q by %s of %v", d.ID, name, k.ID, got.Code, got.How, got.Candidates)
				}
			}
			for _, name := range k.Doubtful {
				if got := m.Match(d.ID, name, ""); got.Code != k.ID || got.How != ByTown {
					t.Errorf("%s: the town %q of %s is %q by %s", d.ID, name, k.ID, got.Code, got.How)
				}
			}
			for _, name := range k.Shared {
				if got := m.Match(d.ID, name, ""); got.How.Sure() && got.Code != k.ID && cat.Label(d.ID, got.Code) != name {
					t.Errorf("%s: the name %q, which %s shares, is %s by %s", d.ID, name, k.ID, got.Code, got.How)
				}
			}
		}
	}
	if n < 5000 {
		t.Errorf("only %d names were tried", n)
	}
}

// One letter lost, doubled, changed or swapped never makes a name certain that
// another code has, and what is proposed is the code or is asked about.
func TestMisspeltProvinces(t *testing.T) {
	m := NewMatcher(Catalogue())
	right, asked, lost := 0, 0, 0
	for _, p := range provinces {
		for _, name := range strings.Split(p.names, ";") {
			r := []rune(name)
			for i := 1; i < len(r); i++ {
				for _, w := range []string{string(r[:i]) + string(r[i+1:]), string(r[:i]) + string(r[i-1]) + string(r[i:]), string(r[:i-1]) + string(r[i]) + string(r[i-1]) + string(r[i+1:])} {
					switch got := m.Match("place", w, ""); {
					case got.Code == p.code:
						right++
					case got.Code != "":
						t.Errorf("%q, from %q of %s, is %s by %s", w, name, p.code, got.Code, got.How)
					case len(got.Candidates) > 0:
						asked++
					default:
						lost++
					}
				}
			}
		}
	}
	t.Logf("of %d misspelt names %d find their province, %d ask between several, %d are not known", right+asked+lost, right, asked, lost)
	if right*10 < (right+asked+lost)*7 {
		t.Error("less than 7 in 10 misspelt names find their province")
	}
}

func TestCountryCodes(t *testing.T) {
	cat := Catalogue()
	for _, tt := range []struct {
		texts string
		want  bool
	}{
		{"KH VN NA TH", true}, {"KH,VN,NA", true}, {"Female NA Male", false}, {"NA NA", false}, {"KH NA", false}, {"1 2 NA", false}, {"Cambodia Viet NA", false}, {"KH VN TH LA MM CN ID PH MY ZZ NA", true},
	} {
		if got := CountryCodes(cat, strings.FieldsFunc(tt.texts, func(r rune) bool { return r == ' ' || r == ',' })); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.texts, got, tt.want)
		}
	}
}

// FuzzMatch holds every text to what the matcher promises: an answer with a
// code of the dimension, the same each time, sure or with candidates.
func FuzzMatch(f *testing.F) {
	for _, s := range []string{"Kampong Cham", "KH0101", "១២", "Samraong, Takeo", "(/|", "ខេត្ត", "\u17d2", "Korea", "\xff\xfe", strings.Repeat("កំពង់", 40)} {
		for _, d := range []string{"place", "nationality", "agency", "sex"} {
			f.Add(d, s, "KH")
			f.Add(d, s, "")
		}
	}
	cat := Catalogue()
	m, other := NewMatcher(cat), NewMatcher(cat)
	f.Fuzz(func(t *testing.T, dim, text, within string) {
		if cat.Dimension(dim) == nil || cat.Open(dim) || len(within) > 2 {
			return
		}
		got := m.Match(dim, text, within)
		again := other.Match(dim, text, within)
		if got.Code != again.Code || got.How != again.How || strings.Join(got.Candidates, " ") != strings.Join(again.Candidates, " ") || got.Note != again.Note {
			t.Fatalf("%q is %v, then %v", text, got, again)
		}
		for _, c := range append([]string{got.Code}, got.Candidates...) {
			if c != "" && cat.Code(dim, c) == nil {
				t.Fatalf("%q gives %q, which is no code of %s", text, c, dim)
			}
		}
		switch {
		case got.How == "", got.How == NoMatch && got.Code != "", got.How != NoMatch && got.Code == "":
			t.Fatalf("%q is %v", text, got)
		case !got.How.Sure() && got.Code != "" && (len(got.Candidates) != 1 || got.Candidates[0] != got.Code):
			t.Fatalf("%q is proposed as %v", text, got)
		case !utf8.ValidString(got.Note):
			t.Fatalf("the note of %q is damaged", text)
		}
	})
}

// A column of texts that are all different must not hold a load up.
func BenchmarkMatchUnknown(b *testing.B) {
	m := NewMatcher(Catalogue())
	m.Match(models.DimPlace, "Kompong Chnaing", "")
	for b.Loop() {
		m.Match(models.DimPlace, "Somewhere in the west", "")
	}
}
