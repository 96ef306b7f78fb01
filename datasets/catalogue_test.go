package datasets

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

func TestCatalogueLoads(t *testing.T) {
	if _, err := loadCatalogue(); err != nil {
		t.Fatal(err)
	}
}

// An id means one thing: an indicator, a dimension or an agency. Slices write
// all of them bare.
func TestCatalogueIDsAreUnique(t *testing.T) {
	cat := Catalogue()
	seen := map[string]string{}
	enter := func(kind, id string) {
		if was := seen[id]; was != "" {
			t.Errorf("%s is the id of %s and of %s", id, was, kind)
		}
		seen[id] = kind
		if id == "" || strings.ContainsFunc(id, func(r rune) bool { return r == '"' || r == ',' || r == '=' || r == '+' || r <= ' ' }) {
			t.Errorf("%s %q cannot be written in a slice", kind, id)
		}
	}
	for _, i := range cat.Indicators() {
		enter("an indicator", i.ID)
	}
	for _, d := range cat.Dimensions() {
		enter("a dimension", d.ID)
	}
	for _, a := range cat.Codes("agency") {
		enter("an agency", a.ID)
	}
	for _, word := range []string{"flow", "by", "across", "where", "percent", "change", "order", "top", "at", "range", "share", "of", "to", "from"} {
		if kind := seen[word]; kind != "" {
			t.Errorf("%s is a word of slices and the id of %s", word, kind)
		}
	}
}

// A plus sign joins the codes of a person who has several, and "*" stands for
// every other text in a recipe.
func TestCodesCanBeJoined(t *testing.T) {
	for _, list := range lists(t) {
		for _, k := range Catalogue().Codes(list) {
			if strings.Contains(k.ID, models.SetJoin) || k.ID == "*" || k.ID == "" {
				t.Errorf("list %s: the code %q cannot be used", list, k.ID)
			}
		}
	}
}

// lists names every code list.
func lists(t *testing.T) []string {
	t.Helper()
	out := []string{models.ListAny}
	for _, d := range Catalogue().Dimensions() {
		if !slices.Contains(out, d.List) {
			out = append(out, d.List)
		}
	}
	return out
}

// Rolling up goes from a code to its parent: the parent must be there, and be
// coarser, or a roll-up stands still or runs in a circle.
func TestParentsAreCoarser(t *testing.T) {
	cat := Catalogue()
	for _, d := range cat.Dimensions() {
		for _, k := range cat.Codes(d.List) {
			if k.Level != "" && k.Level != "group" && len(d.Levels) > 0 && d.ID != "reporter" && d.LevelIndex(k.Level) < 0 && k.Level != "region" { // a region lies between, and no axis asks for it
				t.Errorf("%s: the code %s has the level %q, and the levels are %v", d.ID, k.ID, k.Level, d.Levels)
			}
			if k.Parent == "" {
				continue
			}
			p := cat.Code(d.ID, k.Parent)
			if p == nil {
				t.Errorf("%s: the parent %s of %s does not exist", d.ID, k.Parent, k.ID)
				continue
			}
			if d.ID != "reporter" && k.Level != "region" && d.LevelIndex(p.Level) >= d.LevelIndex(k.Level) {
				t.Errorf("%s: the parent %s (%s) of %s (%s) is not coarser", d.ID, p.ID, p.Level, k.ID, k.Level)
			}
			if k.Successor != "" && cat.Code(d.ID, k.Successor) == nil {
				t.Errorf("%s: the successor %s of %s does not exist", d.ID, k.Successor, k.ID)
			}
		}
	}
}

func TestGroupMembersExist(t *testing.T) {
	cat := Catalogue()
	groups := 0
	for _, g := range cat.Codes("area") {
		for _, m := range g.Members {
			if k := cat.Code("place", m); k == nil || k.Level != "country" {
				t.Errorf("%s has the member %s, which is no country", g.ID, m)
			}
		}
		if len(g.Members) > 0 {
			groups++
		}
	}
	if groups == 0 {
		t.Error("there is no group")
	}
	// I-3.11: COMMIT is KH CN LA MM TH VN.
	if got := strings.Join(cat.Code("place", "GMS").Members, " "); got != "CN KH LA MM TH VN" {
		t.Errorf("GMS is %s", got)
	}
	if n := len(cat.Code("place", "ASEAN").Members); n != 11 { // Timor-Leste joined in October 2025
		t.Errorf("ASEAN has %d members", n)
	}
}

func TestIndicatorsNameRealDimensions(t *testing.T) {
	cat := Catalogue()
	measures := []models.Measure{models.Count, models.Distinct, models.Share, models.Rate, models.Money, models.Duration, models.Ordinal, models.Estimate, models.Context}
	times := []models.TimeKind{models.Flow, models.Stock, models.Cumulative, models.State}
	kinds := []string{"POL", "PRO", "CRT", "SOC", "IMM", "LAB", "MFA", "NGO", "IGO", "COM", "MED", "RES"}
	for _, i := range cat.Indicators() {
		if i.ID != strings.ToLower(i.ID) || i.Name == "" || i.Unit == "" || i.Definition == "" {
			t.Errorf("%s lacks a name, unit or definition, or is not in lower case", i.ID)
		}
		if !slices.Contains(measures, i.Measure) || !slices.Contains(times, i.Time) {
			t.Errorf("%s has the measure %q and the time %q", i.ID, i.Measure, i.Time)
		}
		for _, d := range i.Dims {
			if cat.Dimension(d) == nil {
				t.Errorf("%s: dims names %q, which is no dimension", i.ID, d)
			}
		}
		for _, d := range i.NotAdditive {
			if d != "all" && cat.Dimension(d) == nil {
				t.Errorf("%s: not_additive names %q, which is no dimension", i.ID, d)
			}
		}
		for _, k := range i.Reporters {
			if !slices.Contains(kinds, k) {
				t.Errorf("%s is reported by %q, which is no kind of agency", i.ID, k)
			}
		}
		if (i.Stage >= 0) != (i.Pipeline != "") {
			t.Errorf("%s has the stage %d of the pipeline %q", i.ID, i.Stage, i.Pipeline)
		}
	}
	for _, a := range cat.Codes("agency") {
		if a.Kind != "" && !slices.Contains(kinds, a.Kind) {
			t.Errorf("%s is of the kind %q", a.ID, a.Kind)
		}
		if a.Country != "" && cat.Code("place", a.Country) == nil {
			t.Errorf("%s is of the country %q", a.ID, a.Country)
		}
	}
}

// The indicators of I-2 with their units and stages: rules W-01 and W-04 stand
// on them.
func TestIndicatorsOfTheSpecification(t *testing.T) {
	cat := Catalogue()
	for unit, ids := range map[string]string{
		"persons": "req_persons per_screened vic_presumed vic_not_identified vic_identified vic_rescued vic_referred vic_sheltered vic_assisted vic_service " +
			"vic_in_care vic_protected vic_restitution_due vic_restitution_paid vic_returned_in vic_returned_out vic_reintegrated " +
			"prv_intercepted prv_departure_prevented ret_nationals enf_deported " +
			"sus_contact sus_arrested sus_prosecuted sus_convicted sus_acquitted sus_imprisoned op_persons est_modern_slavery est_forced_scam_workers",
		"cases": "prv_intercepted_cases ret_cases case_reported case_investigated case_submitted case_dropped case_filed case_pending case_carried " +
			"case_convicted case_acquitted case_appealed case_handled",
		"movements": "mov_crossings", "requests": "req_received", "nationalities": "req_nationalities", "days": "case_days_to_verdict", "countries": "sus_arrested_countries",
		"operations": "op_operations", "sites": "op_sites op_sites_closed", "agencies": "op_agency_sanctioned", "offences": "x_offences_recorded", "tier": "tip_tier",
	} {
		for _, id := range strings.Fields(ids) {
			i := cat.Indicator(id)
			if i == nil {
				t.Errorf("there is no indicator %s", id)
			} else if i.Unit != unit {
				t.Errorf("%s is counted in %q, want %q", id, i.Unit, unit)
			}
		}
	}
	for id, stage := range map[string]int{"req_persons": 0, "per_screened": 1, "vic_presumed": 2, "vic_identified": 3, "vic_referred": 4, "vic_assisted": 5, "vic_returned_in": 6,
		"vic_reintegrated": 7, "sus_contact": 1, "sus_arrested": 2, "sus_prosecuted": 3, "sus_convicted": 4, "ret_nationals": -1, "op_persons": -1, "case_filed": -1} {
		if got := cat.Indicator(id); got == nil || got.Stage != stage {
			t.Errorf("%s is at stage %d, want %d", id, got.Stage, stage)
		}
	}
	for _, id := range []string{"case_pending", "case_carried", "vic_in_care"} {
		if cat.Indicator(id).Time != models.Stock {
			t.Errorf("%s is no stock", id)
		}
	}
}

// What is counted has a name for a single one, which differs from that of many.
func TestIndicatorsHaveASingular(t *testing.T) {
	cat := Catalogue()
	for _, i := range cat.Indicators() {
		if counted := i.Measure == models.Count || i.Measure == models.Distinct; counted != (i.One != "") || i.One == i.Name {
			t.Errorf("%s: one of %q is %q", i.ID, i.Name, i.One)
		}
	}
	if got := cat.Indicator("vic_identified").Named("1"); got != "1 identified victim" {
		t.Errorf("one is %q", got)
	}
}

// Every figure of the embedded file uses an indicator, a unit, an agency and
// codes that the catalogue knows.
func TestPublishedFiguresAreInTheCatalogue(t *testing.T) {
	cat := Catalogue()
	rows, err := csv.NewReader(bytes.NewReader(publishedFigures)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[h] = i
	}
	if len(rows) != 102 {
		t.Errorf("there are %d figures, want 101", len(rows)-1)
	}
	for _, r := range rows[1:] {
		get := func(c string) string { return r[at[c]] }
		if cat.Indicator(get("indicator")) == nil {
			t.Errorf("%s: no indicator %s", get("id"), get("indicator"))
		}
		if cat.Code("agency", get("source_agency")) == nil {
			t.Errorf("%s: no agency %s", get("id"), get("source_agency"))
		}
		for column, dim := range map[string]string{"sex": "sex", "age_group": "age", "nationality": "nationality", "origin": "origin", "destination": "destination", "province": "place"} {
			if c := get(column); c != "" && cat.Code(dim, c) == nil {
				t.Errorf("%s: %s knows no %s", get("id"), dim, c)
			}
		}
	}
}

// provinces is the list of I-8.1: code, then every way of writing it that must
// be accepted; the ISO name and the Khmer name are among them.
var provinces = []struct{ code, names string }{
	{"KH-1", "Banteay Meanchey;Banteay Mean Choăy;បន្ទាយមានជ័យ;Banteay Mean Chey;Bantey Meanchey;Banteaymeanchey;Banteay Meancheay;Bântéay Méan Choăy"},
	{"KH-2", "Battambang;Baat Dambang;បាត់ដំបង;Battambong;Bat Dambang;Batdambang;Bătdâmbâng"},
	{"KH-3", "Kampong Cham;Kampong Chaam;កំពង់ចាម;Kompong Cham;Kâmpóng Cham;Kampongcham"},
	{"KH-4", "Kampong Chhnang;កំពង់ឆ្នាំង;Kompong Chhnang;Kampong Chnang;Kompong Chnang;Kâmpóng Chhnăng"},
	{"KH-5", "Kampong Speu;Kampong Spueu;កំពង់ស្ពឺ;Kompong Speu;Kampong Spoe;Kâmpóng Spœ"},
	{"KH-6", "Kampong Thom;Kampong Thum;កំពង់ធំ;Kompong Thom;Kompong Thum;Kâmpóng Thum"},
	{"KH-7", "Kampot;កំពត;Kâmpôt;Kam Pot"},
	{"KH-8", "Kandal;Kandaal;កណ្ដាល;កណ្តាល;Kândal;Kandal Province"},
	{"KH-9", "Koh Kong;Kaoh Kong;កោះកុង;Kohkong;Kaôh Kŏng;Koh Kung"},
	{"KH-10", "Kratie;Kracheh;ក្រចេះ;Kratié;Krachéh;Krâchéh;Krocheh"},
	{"KH-11", "Mondulkiri;Mondol Kiri;មណ្ឌលគិរី;Mondul Kiri;Mondolkiri;Mondulkirri;Môndól Kiri"},
	{"KH-12", "Phnom Penh;ភ្នំពេញ;រាជធានីភ្នំពេញ;Phnum Penh;Phnompenh;Phnum Pénh"},
	{"KH-13", "Preah Vihear;ព្រះវិហារ;Preah Vihea;Prah Vihear;Preahvihear;Preăh Vĭhéar"},
	{"KH-14", "Prey Veng;Prey Veaeng;ព្រៃវែង;Preyveng;Prey Vêng;Prei Veng"},
	{"KH-15", "Pursat;Pousaat;ពោធិ៍សាត់;ពោធិសាត់;Pouthisat;Poŭthĭsăt;Posat"},
	{"KH-16", "Ratanakiri;Rotanak Kiri;រតនគិរី;រតនៈគិរី;Ratanak Kiri;Rattanakiri;Ratanakkiri;Rotanah Kiri;Rôtânôkiri"},
	{"KH-17", "Siem Reap;Siem Reab;សៀមរាប;Siemreap;Siĕmréab;Seam Reap"},
	{"KH-18", "Preah Sihanouk;ព្រះសីហនុ;កំពង់សោម;Sihanoukville;Sihanouk Ville;Preah Sihanoukville;Krong Preah Sihanouk;Preăh Seihânŭ;Kampong Som;Kompong Som;Kampong Saom"},
	{"KH-19", "Stung Treng;Stoĕng Trêng;ស្ទឹងត្រែង;Stueng Traeng;Steung Treng;Stoeng Treng;Stungtreng"},
	{"KH-20", "Svay Rieng;Svaay Rieng;ស្វាយរៀង;Svayrieng;Svay Riĕng"},
	{"KH-21", "Takeo;Taakaev;តាកែវ;Takéo;Takaev;Ta Keo;Takev"},
	{"KH-22", "Oddar Meanchey;Otdar Mean Chey;ឧត្ដរមានជ័យ;ឧត្តរមានជ័យ;Otdar Meanchey;Oudor Meanchey;Udor Meanchey;Uddor Meanchey;Ŏtdâr Méan Choăy"},
	{"KH-23", "Kep;Kaeb;កែប;Kêb;Krong Kep;Krong Kaeb"},
	{"KH-24", "Pailin;ប៉ៃលិន;Pailĭn;Pai Lin;Krong Pailin"},
	{"KH-25", "Tboung Khmum;Tbong Khmum;ត្បូងឃ្មុំ;Tbong Khmom;Tboung Khmom;Tbaung Khmum;Thbong Khmum;Tboungkhmum"},
}

func TestProvinces(t *testing.T) {
	cat := Catalogue()
	found := 0
	for _, k := range cat.Codes("area") {
		if k.Level == "province" && k.Country == "KH" {
			found++
		}
	}
	if found != 25 || len(provinces) != 25 {
		t.Errorf("there are %d provinces, want 25", found)
	}
	khmer := func(s string) bool { return strings.ContainsFunc(s, isKhmer) }
	for _, p := range provinces {
		for _, name := range strings.Split(p.names, ";") {
			// The ways in which one spelling reaches a file.
			ways := []string{name, strings.ToUpper(name), strings.ToLower(name), "  " + name + " "}
			switch {
			case khmer(name):
				ways = append(ways, strings.Join(strings.Split(name, ""), "\u200b"), strings.ReplaceAll(name, " ", ""),
					strings.ReplaceAll(name, coengDa, coengTa), strings.ReplaceAll(name, coengTa, coengDa))
				if !strings.HasPrefix(name, "រាជធានី") {
					ways = append(ways, "ខេត្ត"+name, "ខេត្ត "+name, "ក្រុង"+name, "រាជធានី"+name)
				}
			case strings.Contains(name, "Krong") || strings.Contains(name, "Province"):
			default:
				ways = append(ways, name+" Province", "Province "+name, "Khaet "+name, "Khet "+name, "Krong "+name, name+" Municipality", name+" Capital",
					strings.ReplaceAll(name, " ", ""), strings.ReplaceAll(name, " ", "-"), strings.ReplaceAll(name, " ", "  "))
			}
			for _, w := range ways {
				if k, sure := cat.Find("place", w); k == nil || k.ID != p.code || !sure {
					t.Errorf("%q is %v (sure %v), want %s", w, id(k), sure, p.code)
				}
			}
		}
		if k := cat.Code("place", p.code); k == nil || k.Parent != "KH" || !khmer(k.LabelKM) {
			t.Errorf("%s has no parent KH or no Khmer name", p.code)
		}
	}
}

// "City" is among the words that I-8.3 drops: people write it to tell a
// province's town from the province, and the town lies in it.
func TestPlacesCalledCity(t *testing.T) {
	for text, code := range map[string]string{
		"Phnom Penh City": "KH-12", "Siem Reap city": "KH-17", "Battambang City": "KH-2", "Sihanoukville City": "KH-18",
	} {
		if k, _ := Catalogue().Find("place", text); id(k) != code {
			t.Errorf("%q is %q, want %s", text, id(k), code)
		}
	}
}

func id(k *models.Code) string {
	if k == nil {
		return ""
	}
	return k.ID
}

// No alias may stand for two places, also not after folding. NewCatalog checks
// each list; this checks that towns are nobody's name either.
func TestNoNameForTwoPlaces(t *testing.T) {
	cat := Catalogue()
	owner := map[string]string{}
	for _, k := range cat.Codes("area") {
		for _, n := range append([]string{k.ID, k.Label, k.LabelKM}, k.Aliases...) {
			f := fold("area", n)
			if f == "" || slices.ContainsFunc(k.Shared, func(s string) bool { return fold("area", s) == f }) {
				continue
			}
			if was := owner[f]; was != "" && was != k.ID {
				t.Errorf("%q stands for %s and for %s", n, was, k.ID)
			}
			owner[f] = k.ID
		}
	}
	for _, k := range cat.Codes("area") {
		for _, n := range k.Doubtful {
			if was := owner[fold("area", n)]; was != "" && was != k.ID {
				t.Errorf("the town %q of %s is also a name of %s", n, k.ID, was)
			}
		}
	}
}

// Towns and crossings are given where a province is meant. They point to it,
// and ask for a second look.
func TestTowns(t *testing.T) {
	cat := Catalogue()
	for code, names := range map[string]string{
		"KH-1":  "Poipet;Poi Pet;Paoy Paet;Sisophon;Serei Saophoan;Malai",
		"KH-22": "O'Smach;Ou Smach;Anlong Veng;Samraong town",
		"KH-15": "Thma Da;Thmor Da;Veal Veng",
		"KH-7":  "Bokor", "KH-16": "Banlung;Ban Lung", "KH-14": "Neak Loeung", "KH-20": "Bavet",
		"KH-8": "Chrey Thom;Chrey Thum;Ta Khmau", "KH-9": "Dara Sakor;Botum Sakor;Khemarak Phoumin",
		"KH-11": "Sen Monorom", "KH-25": "Suong", "KH-12": "Pochentong airport;Svay Pak",
	} {
		for _, n := range strings.Split(names, ";") {
			for _, w := range []string{n, strings.ToUpper(n), strings.ReplaceAll(n, " ", "")} {
				if k, sure := cat.Find("place", w); id(k) != code || sure {
					t.Errorf("the town %q is %s (sure %v), want %s with doubt", w, id(k), sure, code)
				}
			}
		}
	}
}

// The traps of I-8.2: what is near must not win, and what is said by half must
// not be guessed.
func TestPlaceTraps(t *testing.T) {
	cat := Catalogue()
	for _, never := range []string{"Meanchey", "Mean Chey", "មានជ័យ", "Kampong", "Kompong", "Kampong Province", "កំពង់", "Preah", "Svay", "Samraong", "Svay Chek",
		"Province", "City", "Krong", "ខេត្ត", "Kampon Som", "Kampong Thon"} {
		if k, _ := cat.Find("place", never); k != nil {
			t.Errorf("%q is taken for %s (%s)", never, k.ID, k.Label)
		}
	}
	for name, code := range map[string]string{
		"Kampong Som": "KH-18", "Kompong Som": "KH-18", "Kampong Thom": "KH-6", "Kompong Thom": "KH-6",
		"Preah Vihear": "KH-13", "Prey Veng": "KH-14", "Svay Rieng": "KH-20", "Stung Treng": "KH-19",
		"Banteay Meanchey": "KH-1", "Oddar Meanchey": "KH-22",
	} {
		if k, sure := cat.Find("place", name); id(k) != code || !sure {
			t.Errorf("%q is %s, want %s", name, id(k), code)
		}
	}
}

// Borders and dates of the provinces (I-8.1).
func TestProvinceFacts(t *testing.T) {
	cat := Catalogue()
	border := map[string]string{"TH": "KH-1 KH-2 KH-9 KH-13 KH-15 KH-22 KH-24", "VN": "KH-7 KH-8 KH-10 KH-11 KH-14 KH-16 KH-20 KH-21 KH-25", "LA": "KH-13 KH-16 KH-19"}
	for country, want := range border {
		var got []string
		for _, k := range cat.Codes("area") {
			if slices.Contains(k.Borders, country) {
				got = append(got, k.ID)
			}
		}
		slices.SortFunc(got, models.CompareCodes)
		if strings.Join(got, " ") != want {
			t.Errorf("on the border with %s lie %v, want %s", country, got, want)
		}
	}
	if from := cat.Code("place", "KH-25").ValidFrom; from != models.NewDate(2013, 12, 31) {
		t.Errorf("Tboung Khmum begins %s", from)
	}
}

// Words for people of the countries that matter most here, and traps of other
// countries' names.
func TestCountriesAndNationalities(t *testing.T) {
	cat := Catalogue()
	for _, tt := range []struct{ dim, text, want string }{
		{"nationality", "Cambodian", "KH"}, {"nationality", "Khmer", "KH"}, {"nationality", "Vietnamese", "VN"}, {"nationality", "Thai", "TH"},
		{"nationality", "Lao", "LA"}, {"nationality", "Laotian", "LA"}, {"nationality", "Chinese", "CN"}, {"nationality", "Taiwanese", "TW"},
		{"nationality", "Indonesian", "ID"}, {"nationality", "Filipino", "PH"}, {"nationality", "Filipina", "PH"}, {"nationality", "Burmese", "MM"},
		{"nationality", "Malaysian", "MY"}, {"nationality", "Indian", "IN"}, {"nationality", "Bangladeshi", "BD"}, {"nationality", "Nepali", "NP"}, {"nationality", "Nepalese", "NP"},
		{"nationality", "South Korean", "KR"}, {"nationality", "Japanese", "JP"}, {"nationality", "British", "GB"}, {"nationality", "American", "US"},
		{"place", "Viet Nam", "VN"}, {"place", "Vietnam", "VN"}, {"place", "Laos", "LA"}, {"place", "Lao PDR", "LA"}, {"place", "Burma", "MM"}, {"place", "Myanmar", "MM"},
		{"place", "South Korea", "KR"}, {"place", "Republic of Korea", "KR"}, {"place", "Taiwan", "TW"}, {"place", "Macau", "MO"}, {"place", "Macao", "MO"}, {"place", "Swaziland", "SZ"},
		{"place", "Hong Kong", "HK"}, {"place", "UAE", "AE"}, {"place", "Ivory Coast", "CI"}, {"place", "Côte d'Ivoire", "CI"}, {"place", "Czechia", "CZ"}, {"place", "The Gambia", "GM"},
		{"place", "Niger", "NE"}, {"place", "Nigeria", "NG"}, {"place", "Guinea", "GN"}, {"place", "Guinea-Bissau", "GW"}, {"place", "Equatorial Guinea", "GQ"}, {"place", "Papua New Guinea", "PG"},
		{"place", "Dominica", "DM"}, {"place", "Dominican Republic", "DO"}, {"place", "North Korea", "KP"}, {"place", "Namibia", "NA"}, {"place", "NA", "NA"}, {"place", "NAM", "NA"},
		{"place", "កម្ពុជា", "KH"}, {"place", "ថៃ", "TH"}, {"place", "វៀតណាម", "VN"}, {"place", "ឡាវ", "LA"}, {"place", "ចិន", "CN"},
		{"destination", "KHM", "KH"}, {"place", "116", "KH"}, {"nationality", "_FOR", "_FOR"}, {"nationality", "KH-1", ""},
	} {
		if k, _ := cat.Find(tt.dim, tt.text); id(k) != tt.want {
			t.Errorf("%s %q is %q, want %q", tt.dim, tt.text, id(k), tt.want)
		}
	}
}

// The names by which CTDC, HTCDS and UNODC call the codes (I-3).
func TestPublishersNames(t *testing.T) {
	cat := Catalogue()
	for _, tt := range []struct{ dim, text, want string }{
		{"sex", "Female", "F"}, {"sex", "Feminine", "F"}, {"sex", "ស្រី", "F"}, {"sex", "ស្ត្រី", "F"}, {"sex", "នារី", "F"}, {"sex", "ប្រុស", "M"}, {"sex", "បុរស", "M"},
		{"sex", "Girl", "F"}, {"sex", "Boy", "M"}, {"sex", "TransgenderFeminine", "TF"}, {"sex", "TransgenderMasculine", "TM"}, {"sex", "NonConforming", "NB"}, {"sex", "NonSpecifiedUnknown", "_U"},
		{"age", "0--8", "Y0T8"}, {"age", "9--17", "Y9T17"}, {"age", "18--20", "Y18T20"}, {"age", "21--23", "Y21T23"}, {"age", "24--26", "Y24T26"}, {"age", "27--29", "Y27T29"},
		{"age", "30--38", "Y30T38"}, {"age", "39--47", "Y39T47"}, {"age", "48+", "Y_GE48"}, {"age", "18+", "Y_GE18"}, {"age", "<18", "Y0T17"}, {"age", "Minor", "Y0T17"}, {"age", "Adult", "Y_GE18"},
		{"age", "0 to 17 years", "Y0T17"}, {"age", "18 years or over", "Y_GE18"}, {"age", "under 15", "Y0T14"}, {"age", "15-17", "Y15T17"},
		{"exploitation", "isForcedLabour", "LAB"}, {"exploitation", "isSexualExploit", "SEX"}, {"exploitation", "isForcedMarriage", "MAR"}, {"exploitation", "isOrganRemoval", "ORG"},
		{"exploitation", "isForcedMilitary", "MIL"}, {"exploitation", "isSlaveryAndPractices", "SLV"}, {"exploitation", "isSexAndLabour", "MIX"}, {"exploitation", "Forced begging", "BEG"},
		{"exploitation", "Surrogacy", "SUR"}, {"exploitation", "Illegal adoption", "ADO"}, {"exploitation", "Servitude", "SLV"},
		{"status", "Possible victim", "PRESUMED"}, {"status", "Actual victim", "IDENTIFIED"}, {"status", "Not a victim", "NOT_IDENTIFIED"},
		{"recruiter", "Friend/Acquaintance", "FRIEND"}, {"recruiter", "Familial", "_O"},
	} {
		if k, _ := cat.Find(tt.dim, tt.text); id(k) != tt.want {
			t.Errorf("%s %q is %q, want %q", tt.dim, tt.text, id(k), tt.want)
		}
	}
	// Folding drops signs, and a sign can be the whole difference: fewer than 48 is not 48 and over.
	for _, text := range []string{"<48", "< 48", "≤48", "<8", ">18"} {
		if k, _ := cat.Find("age", text); k != nil {
			t.Errorf("age %q is %s (%s), which its sign denies", text, k.ID, k.Label)
		}
	}
}
