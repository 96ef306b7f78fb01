package main

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"tiplens/datasets"
)

// realName is a name that a gazetteer or a publisher gives to a code.
type realName struct{ source, dim, text, code string }

// realBook reads names out of the files of others.
type realBook struct {
	t    *testing.T
	root string
	list []realName
}

func (b *realBook) open(path string) io.Reader {
	f, err := os.Open(filepath.Join(b.root, path))
	if err != nil {
		b.t.Skip(err)
	}
	b.t.Cleanup(func() { f.Close() })
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			b.t.Fatal(err)
		}
		return z
	}
	return f
}

func (b *realBook) rows(path string, fn func(get func(column string) string)) {
	r := csv.NewReader(b.open(path))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	rows, err := r.ReadAll()
	if err != nil {
		b.t.Fatal(path, err)
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[strings.TrimPrefix(h, "\ufeff")] = i
	}
	for _, row := range rows[1:] {
		fn(func(column string) string {
			if i, ok := at[column]; ok && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		})
	}
}

func (b *realBook) json(path string, into any) {
	if err := json.NewDecoder(b.open(path)).Decode(into); err != nil {
		b.t.Fatal(path, err)
	}
}

func (b *realBook) add(source, dim, text, code string) {
	n := realName{source, dim, text, code}
	if text != "" && !slices.Contains(b.list[max(0, len(b.list)-400):], n) {
		b.list = append(b.list, n)
	}
}

// asean are the countries whose provinces the lists have, by their ISO 3 code.
var asean = map[string]string{"KHM": "KH", "THA": "TH", "VNM": "VN", "LAO": "LA", "MMR": "MM", "PHL": "PH", "IDN": "ID", "MYS": "MY", "SGP": "SG", "BRN": "BN", "TLS": "TL"}

func (b *realBook) provinces() {
	var pumi struct {
		Provinces map[string]struct {
			Name map[string]string `yaml:"name"`
			Code string            `yaml:"iso3166_2"`
		} `yaml:"provinces"`
	}
	if err := yaml.NewDecoder(b.open("reference/cambodia-gazetteer/provinces.yml")).Decode(&pumi); err != nil {
		b.t.Fatal(err)
	}
	for number, p := range pumi.Provinces {
		for _, n := range p.Name {
			b.add("pumi", "place", n, p.Code)
		}
		b.add("pumi numbers", "place|KH", number, p.Code)
	}
	var ncdd struct {
		Provinces []struct{ Code, KM, EN string }
	}
	b.json("reference/cambodia-gazetteer/cambodia_address.json.gz", &ncdd)
	for _, p := range ncdd.Provinces {
		code := "KH-" + strings.TrimPrefix(p.Code, "0")
		b.add("NCDD", "place", p.KM, code)
		b.add("NCDD", "place", p.EN, code)
	}
	var post []struct {
		ID   json.Number
		Name string
	}
	b.json("reference/cambodia-gazetteer/cambodia-postal-codes.json", &post)
	for _, p := range post {
		b.add("post", "place", p.Name, "KH-"+p.ID.String())
	}
	var borders struct {
		Features []struct {
			Properties struct {
				EN   string      `json:"Adm1_Name"`
				KM   string      `json:"Adm1_Name_"`
				N    json.Number `json:"Adm1_NCDD"`
				Code string      `json:"ADM1_CODE"`
			}
		}
	}
	b.json("reference/cambodia-boundaries/khm_bnd_admin1_gov_ed2022.json.gz", &borders)
	for _, f := range borders.Features {
		for _, n := range []string{f.Properties.EN, f.Properties.KM, f.Properties.Code} {
			b.add("boundaries", "place", n, "KH-"+f.Properties.N.String())
		}
	}
	b.rows("odc-cambodia-census/kh_provinces.csv", func(get func(string) string) {
		b.add("census", "place", get("PROV_NAME"), "KH-"+strings.TrimPrefix(get("PROV_CODE"), "0"))
	})
	isoName := map[string]string{} // of Thailand, to code
	b.rows("reference/dr5hn-states/states.csv.gz", func(get func(string) string) {
		code, country := get("iso3166_2"), get("country_code")
		if slices.Contains(slices.Collect(maps.Values(asean)), country) && code != "" && get("type") != "geographical unit" {
			b.add("dr5hn", "place", get("name"), code)
			if country == "TH" {
				b.add("dr5hn", "place", get("native"), code)
				isoName[strings.ReplaceAll(strings.ToLower(get("name")), " ", "")] = code
			}
		}
	})
	var iso map[string][]struct{ Code, Name, Type string }
	b.json("reference/iso-codes-debian/iso_3166-2.json", &iso)
	for _, k := range iso["3166-2"] {
		if country, _, _ := strings.Cut(k.Code, "-"); slices.Contains(slices.Collect(maps.Values(asean)), country) && k.Type != "Geographical unit" {
			b.add("ISO 3166-2", "place", k.Name, k.Code)
			b.add("ISO 3166-2", "place", k.Code, k.Code)
		}
	}
	b.rows("reference/thailand-provinces/provinces.csv", func(get func(string) string) {
		if code := isoName[strings.ReplaceAll(strings.ToLower(get("name_en")), " ", "")]; code != "" {
			b.add("Thailand", "place", get("name_th"), code)
		}
	})
	b.rows("reference/ocha-pcodes/global-pcodes-adm-1-2.csv.gz", func(get func(string) string) {
		if country := asean[get("Location")]; country != "" && get("Admin Level") == "1" {
			b.add("OCHA", "place", get("Name"), country+"-?") // the code is not ISO's: any province of the country is taken for right
		}
	})
}

var alpha2 = regexp.MustCompile(`^[A-Z]{2}$`)

func (b *realBook) countries() {
	b.rows("reference/country-codes/country-codes.csv", func(get func(string) string) {
		code := get("ISO3166-1-Alpha-2")
		for _, c := range []string{"ISO3166-1-Alpha-3", "UNTERM English Short", "UNTERM English Formal", "official_name_en", "CLDR display name"} {
			b.add("country-codes", "place", get(c), code)
		}
		if n := get("M49"); n != "" {
			b.add("M49", "place", strings.Repeat("0", 3-len(n))+n, code)
		}
	})
	b.rows("reference/world-countries-demonyms/country-nationality-list.csv", func(get func(string) string) {
		b.add("nationalities", "place", get("en_short_name"), get("alpha_2_code"))
		for _, n := range regexp.MustCompile(`, | or `).Split(get("nationality"), -1) {
			b.add("nationalities", "nationality", n, get("alpha_2_code"))
		}
	})
	var world []struct {
		Name struct{ Common, Official string }
		CCA2 string
	}
	b.json("reference/world-countries-demonyms/countries.json.gz", &world)
	for _, c := range world {
		b.add("world-countries", "place", c.Name.Common, c.CCA2)
		b.add("world-countries", "place", c.Name.Official, c.CCA2)
	}
	var debian map[string][]map[string]string
	b.json("reference/iso-codes-debian/iso_3166-1.json", &debian)
	for _, c := range debian["3166-1"] {
		for _, k := range []string{"alpha_2", "alpha_3", "name", "numeric", "official_name", "common_name"} {
			b.add("ISO 3166-1", "place", c[k], c["alpha_2"])
		}
	}
	b.rows("reference/ocha-pcodes/countries-and-territories-taxonomy.csv", func(get func(string) string) {
		for _, c := range []string{"Preferred Term", "English Short", "English Formal", "M49 English", "RW Short Name", "HPC Tools Alt Term", "ISO Alt Term"} {
			if get("ISO 3166-1 Alpha 2-Codes") != "" {
				b.add("OCHA countries", "place", get(c), get("ISO 3166-1 Alpha 2-Codes"))
			}
		}
	})
	for _, language := range []string{"en", "km"} {
		var cldr struct {
			Main map[string]struct {
				Names struct{ Territories map[string]string } `json:"localeDisplayNames"`
			}
		}
		b.json("reference/cldr-territories/territories."+language+".json", &cldr)
		for code, n := range cldr.Main[language].Names.Territories {
			if alpha2.MatchString(code) && datasets.Catalogue().Code("place", code) != nil {
				b.add("CLDR "+language, "place", n, code)
			}
		}
	}
	// Texts of publishers of which the file itself says the code.
	for path, columns := range map[string][2]string{
		"tip-report-flows-2008-2016/tip_tiers_orig.csv":                                   {"countryname", "iso"},
		"tip-report-flows-2008-2016/policy_index.csv":                                     {"country_name", "iso"},
		"unodc-glotip/unodc_victims_bilingual_en_ru.csv.gz":                               {"Country", "iso3"},
		"global-slavery-index/trafficking-nodes.csv":                                      {"Name", "Code"},
		"reference/country-codes/iso3166_regional_all.csv":                                {"name", "alpha-3"},
		"od-unhcr/unhcr_refugees_od_1995-2019.csv.gz":                                     {"orig", "orig"},
		"ctdc-kanon-2021/ctdc_kanon_2021.csv.gz":                                          {"citizenship", "citizenship"},
		"global-slavery-index/gsi2016_trafficking.csv":                                    {"Country", ""},
		"global-slavery-index/trafficking-flows.csv":                                      {"Dest", ""},
		"tip-report-flows-2008-2016/Human_Traffic_data.csv.gz":                            {"Destination_Country", ""},
		"tip-report-flows-2008-2016/Human_Traffic_data.csv.gz#":                           {"Origin_Country", ""},
		"od-undesa-migrant-stock/UN_MigrantStockByOriginAndDestination_2019_clean.csv.gz": {"Dest", ""},
	} {
		seen := map[string]bool{}
		source := strings.TrimSuffix(path, "#")
		b.rows(source, func(get func(string) string) {
			text, code := get(columns[0]), "?"
			if columns[1] != "" {
				if k, _ := datasets.Catalogue().Find("place", get(columns[1])); k != nil && k.Level == "country" {
					code = k.ID
				}
			}
			if !seen[text] {
				seen[text] = true
				b.list = append(b.list, realName{filepath.Base(source), "place", text, code})
			}
		})
	}
}

// notOne are the texts of publishers that are no single country or province,
// by what they are.
var notOne = regexp.MustCompile(`(?i)^$|^(NA|-99|-99\.0|n/a|unknown|other.*|various|stateless|0|1+)$|asia|africa|america|europe|eurasia|pacific|gulf|balkan|baltic|nordic|scandinav|hemisphere|middle east|` +
	`neighbo|region|soviet|countr(y|ies)|counties|states$|world|maghreb|caucasus|caribbean|far east|union$|oceania|melanesia|polynesia|micronesia|local|domestic|abroad|internal|east$|nations|islands$|central$`)

// right are answers that look wrong and are not, with the reason.
var right = map[string]string{
	"nationality American":   "of the United States, not of its outlying islands, which have no citizens",
	"nationality Chinese":    "of China; Macao and Taiwan have words of their own",
	"nationality Dominican":  "of the Dominican Republic; people of Dominica are far fewer",
	"nationality Dutch":      "of the Netherlands, not of their islands",
	"nationality French":     "of France, not of its southern lands",
	"nationality Indian":     "of India, not of the British territory in its ocean",
	"nationality Norwegian":  "of Norway, not of Svalbard",
	"nationality British":    "of the United Kingdom",
	"place Palestine":        "the file marks it *PA, which is no code of ISO",
	"place ខេត្តកែប":         "the file numbers the last provinces otherwise than all others do",
	"place ខេត្តប៉ៃលិន":      "the file numbers the last provinces otherwise than all others do",
	"place ខេត្តឧត្តរមានជ័យ": "the file numbers the last provinces otherwise than all others do",
}

// TestRealNames holds the matcher to the names that gazetteers, code lists and
// publishers write: none may be taken for another code, and nearly all are
// known without asking.
func TestRealNames(t *testing.T) {
	root := os.Getenv("TIPLENS_DATA")
	if root == "" {
		t.Skip("set TIPLENS_DATA to the folder with the publishers' files")
	}
	cat := datasets.Catalogue()
	m := datasets.NewMatcher(cat)
	for _, part := range []struct {
		name string
		read func(*realBook)
		want int // parts in a hundred that are known without asking
	}{{"provinces", (*realBook).provinces, 96}, {"countries", (*realBook).countries, 98}} {
		t.Run(part.name, func(t *testing.T) {
			b := &realBook{t: t, root: root}
			part.read(b)
			type count struct{ sure, proposed, asked, unknown, wrong, group int }
			by := map[string]*count{}
			var all count
			for _, n := range b.list {
				c := by[n.source]
				if c == nil {
					c = &count{}
					by[n.source] = c
				}
				dim, within, _ := strings.Cut(n.dim, "|")
				got := m.Match(dim, n.text, within)
				same := got.Code == n.code || n.code == "?" || strings.HasSuffix(n.code, "-?") && strings.HasPrefix(got.Code, n.code[:3])
				switch {
				case got.How.Sure() && (same || right[dim+" "+n.text] != ""):
					c.sure++
				case got.How.Sure() && got.Code != "_U" && got.Code != "_O" && got.Code != "_STL":
					c.wrong++
					t.Errorf("%s: %s %q is %s by %s, and is %s", n.source, dim, n.text, got.Code, got.How, n.code)
				case got.Code == "" && notOne.MatchString(n.text) || got.How.Sure():
					c.group++
				case got.Code != "" && !same && right[dim+" "+n.text] == "" || got.Code != "" && notOne.MatchString(n.text) && n.code == "?":
					c.wrong++
					t.Errorf("%s: %s %q is proposed as %s by %s, and is %s", n.source, dim, n.text, got.Code, got.How, n.code)
				case got.Code != "":
					c.proposed++
				case len(got.Candidates) > 0:
					c.asked++
					t.Logf("%s: %s %q asks %v (%s), and is %s", n.source, dim, n.text, got.Candidates, got.Note, n.code)
				default:
					c.unknown++
					t.Logf("%s: %s %q is not known, and is %s", n.source, dim, n.text, n.code)
				}
			}
			for _, s := range slices.Sorted(maps.Keys(by)) {
				c := by[s]
				t.Logf("%-50s %4d known, %3d proposed, %3d asked, %3d not known, %3d no single place, %d wrong", s, c.sure, c.proposed, c.asked, c.unknown, c.group, c.wrong)
				all.sure, all.proposed, all.asked, all.unknown = all.sure+c.sure, all.proposed+c.proposed, all.asked+c.asked, all.unknown+c.unknown
			}
			total := all.sure + all.proposed + all.asked + all.unknown
			t.Logf("%s: of %d names %.1f %% are known, %.1f %% proposed, %.1f %% asked about", part.name, total, 100*float64(all.sure)/float64(total), 100*float64(all.proposed)/float64(total), 100*float64(all.asked)/float64(total))
			if all.sure*100 < total*part.want {
				t.Errorf("fewer than %d in 100 names are known", part.want)
			}
		})
	}
}
