package datasets

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

func small(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// ctdcRows is what testdata/ctdc_small.csv says, row by row; what is not
// named is not stated. Both layouts of the publisher say the same.
var ctdcRows = []map[string]string{
	{"year": "2016", "nationality": "VN", "origin": "VN", "destination": "KH", "place": "KH", "record_kind": "casemgmt", "sex": "F", "age": "Y18T20", "exploitation": "SEX.PROS", "means": "MOVE+PSYC", "recruiter": "FRIEND"},
	{"year": "2016", "nationality": "KH", "origin": "KH", "destination": "TH", "place": "TH", "record_kind": "hotline", "sex": "M", "age": "Y30T38", "exploitation": "LAB", "sector": "A03", "means": "DEBT+EARN", "recruiter": "_O"},
	// No flag of exploitation is 1: not stated. The band is missing, so child or adult is taken.
	{"year": "2017", "destination": "US", "place": "US", "record_kind": "hotline", "age": "Y0T17"},
	{"year": "", "nationality": "UA", "origin": "UA", "destination": "RU", "place": "RU", "record_kind": "casemgmt", "sex": "F", "age": "Y_GE48", "exploitation": "LAB", "sector": "F", "means": "DOCS"},
	{"year": "2018", "nationality": "PH", "origin": "PH", "destination": "PH", "place": "PH", "record_kind": "casemgmt", "sex": "_O", "age": "Y21T23", "exploitation": "LAB+SEX", "sector": "I", "means": "PROM"},
	{"year": "2019", "nationality": "MM", "origin": "MM", "destination": "CN", "place": "CN", "record_kind": "casemgmt", "sex": "M", "age": "Y9T17", "exploitation": "_O"},
	{"year": "2019", "nationality": "KH", "origin": "KH", "destination": "CN", "place": "CN", "record_kind": "casemgmt", "sex": "F", "age": "Y24T26", "exploitation": "MAR", "recruiter": "FAMILY+PARTNER"},
	{"year": "2019", "nationality": "KH", "origin": "KH", "destination": "MY", "place": "MY", "record_kind": "casemgmt", "sex": "M", "age": "Y39T47", "exploitation": "LAB", "sector": "C+T", "means": "HOUR"},
	// Illicit activities are forced criminality, and the publisher files them under forced labour too.
	{"year": "2020", "nationality": "ID", "origin": "ID", "destination": "KH", "place": "KH", "record_kind": "casemgmt", "sex": "F", "age": "Y27T29", "exploitation": "CRM+LAB", "sector": "X2", "means": "LAWE"},
	{"year": "2020", "nationality": "KH", "origin": "KH", "record_kind": "casemgmt", "sex": "F", "age": "Y0T8", "exploitation": "BEG+LAB", "sector": "_O", "recruiter": "FAMILY"},
	// NA is Namibia.
	{"year": "2015", "nationality": "NA", "origin": "NA", "destination": "ZA", "place": "ZA", "record_kind": "hotline", "sex": "F", "age": "Y18T20", "exploitation": "SEX.LIVE+SEX.PORN"},
	// ZZ is no country: it is kept as Other, with a finding.
	{"year": "2015", "nationality": "_O", "origin": "_O", "destination": "KH", "place": "KH", "record_kind": "hotline", "sex": "M", "exploitation": "MIL+ORG+SLV"},
}

func TestLoadCTDC(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		pack       bool
	}{
		{"blank where nothing is stated", "ctdc_small.csv", false},
		{"packed", "ctdc_small.csv", true},
		{"terms of use as first header, -99", "ctdc_small_2020.csv", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			content, name := small(t, tt.file), tt.file
			if tt.pack {
				content, name = packed(t, content), name+".gz"
			}
			f := mustOpen(t, spill(t, name, content), Options{})
			m, rep := load(t, f, mustFit(t, f, "ctdc-kanon"))
			if rep.Read != 12 || rep.Taken != 12 || len(m.rows) != 12 {
				t.Fatalf("read %d, taken %d, observations %d; want 12 each", rep.Read, rep.Taken, len(m.rows))
			}
			for i, o := range m.sorted() {
				if o.row != int64(i+2) {
					t.Fatalf("observation %d is of row %d, want %d", i, o.row, i+2)
				}
				want := map[string]string{"indicator": "vic_identified", "agency": "INT.CTDC", "reporter": "_U", "grain": "record", "flow_kind": "outward", "place_role": "exploitation",
					"offence_group": "_T", "status": "_T", "qualifier": "exact", "obs_status": "A", "pattern": "", "freq": "A"}
				for _, d := range []string{"nationality", "origin", "destination", "place", "sex", "age", "exploitation", "sector", "means", "recruiter"} {
					want[d] = models.Unknown
				}
				year := models.NoYear
				for d, c := range ctdcRows[i] {
					switch {
					case d != "year":
						want[d] = c
					case c == "":
						want["freq"] = ""
					default:
						fmt.Sscan(c, &year)
					}
				}
				o.check(t, want)
				if o.year != year || o.value != 1 {
					t.Errorf("row %d: year %d, value %v; want %d, 1", o.row, o.year, o.value, year)
				}
			}
			var about []string
			for _, fd := range rep.Findings {
				about = append(about, string(fd.Severity)+" "+fd.Column)
				if fd.Severity == models.Doubt {
					says(t, &fd, "ZZ", "Other")
				}
			}
			// The unknown country is told once for each dimension that reads it. Nothing else is wrong; in the older
			// layout one column more, that of the terms of use, has no field.
			for _, a := range about {
				if a != "doubt citizenship" && !strings.HasPrefix(a, "note By using this data") {
					t.Errorf("an unexpected finding: %s", a)
				}
			}
		})
	}
}

// Every flag of the codebook, alone: the code is the one of I-3.
func TestCTDCFlags(t *testing.T) {
	head, _, _ := strings.Cut(string(small(t, "ctdc_small.csv")), "\n")
	columns := strings.Split(head, ",")
	var table strings.Builder
	table.WriteString(head + "\n")
	var want []struct{ flag, dim, code string }
	for dim, list := range map[string]string{
		"exploitation": "isForcedLabour LAB, isSexualExploit SEX, isOtherExploit _O, isForcedMarriage MAR, isForcedMilitary MIL, isOrganRemoval ORG, isSlaveryAndPractices SLV, " +
			"typeOfLabourIllicitActivities CRM, typeOfLabourBegging BEG, typeOfSexProstitution SEX.PROS, typeOfSexPornography SEX.PORN, " +
			"typeOfSexRemoteInteractiveServices SEX.LIVE, typeOfSexPrivateSexualServices SEX.PRIV",
		"sector": "typeOfLabourAgriculture A, typeOfLabourAquafarming A03, typeOfLabourConstruction F, typeOfLabourDomesticWork T, typeOfLabourHospitality I, " +
			"typeOfLabourIllicitActivities X2, typeOfLabourManufacturing C, typeOfLabourMiningOrDrilling B, typeOfLabourPeddling G, typeOfLabourTransportation H",
		"means": "meansOfControlDebtBondage DEBT, meansOfControlTakesEarnings EARN, meansOfControlRestrictsFinancialAccess FINA, meansOfControlThreats THRT, " +
			"meansOfControlPsychologicalAbuse PSYC, meansOfControlPhysicalAbuse PHYS, meansOfControlSexualAbuse SEXA, meansOfControlFalsePromises PROM, " +
			"meansOfControlPsychoactiveSubstances SUBS, meansOfControlRestrictsMovement MOVE, meansOfControlRestrictsMedicalCare MEDI, " +
			"meansOfControlExcessiveWorkingHours HOUR, meansOfControlUsesChildren CHLD, meansOfControlThreatOfLawEnforcement LAWE, " +
			"meansOfControlWithholdsNecessities NECE, meansOfControlWithholdsDocuments DOCS, meansOfControlOther _O",
		"recruiter": "recruiterRelationIntimatePartner PARTNER, recruiterRelationFriend FRIEND, recruiterRelationFamily FAMILY, recruiterRelationOther _O",
	} {
		for _, pair := range strings.Split(list, ", ") {
			flag, code, _ := strings.Cut(pair, " ")
			if !slices.Contains(columns, flag) {
				t.Fatalf("the file has no column %s", flag)
			}
			want = append(want, struct{ flag, dim, code string }{flag, dim, code})
			row := make([]string, len(columns))
			row[slices.Index(columns, flag)] = "1"
			table.WriteString(strings.Join(row, ",") + "\n")
		}
	}
	f := mustOpen(t, spill(t, "a.csv", []byte(table.String())), Options{})
	m, _ := load(t, f, mustFit(t, f, "ctdc-kanon"))
	for i, o := range m.sorted() {
		if got := o.codes[want[i].dim]; got != want[i].code {
			t.Errorf("%s gives %s %q, want %q", want[i].flag, want[i].dim, got, want[i].code)
		}
	}
}

// glotip makes a workbook of the small file, which is easier to read as text.
func glotip(t testing.TB) string {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(small(t, "glotip_small.csv")))
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var cells [][]any
	for _, row := range rows {
		var line []any
		for i, c := range row {
			var year int
			if n, _ := fmt.Sscan(c, &year); i == 9 && n == 1 {
				line = append(line, year) // the publisher's years are numbers, its values are text
			} else {
				line = append(line, c)
			}
		}
		cells = append(cells, line)
	}
	return workbook(t, "data_glotip.xlsx", sheet{name: "data_glotip_1", rows: cells})
}

func TestLoadGLOTIP(t *testing.T) {
	f := mustOpen(t, glotip(t), Options{})
	m, rep := load(t, f, mustFit(t, f, "unodc-glotip"))
	if rep.Read != 24 || rep.Taken != 21 || rep.Held != 1 || rep.Skipped != 2 {
		t.Errorf("read %d, taken %d, held %d, skipped %d; want 24, 21, 1, 2", rep.Read, rep.Taken, rep.Held, rep.Skipped)
	}
	for _, tt := range []struct {
		name   string
		row    int64
		number string
		want   map[string]string
	}{
		{"total, with a thousands comma", 4, "1282", map[string]string{"indicator": "vic_identified", "pattern": "", "sex": "_T", "age": "_T", "nationality": "_T", "exploitation": "_T"}},
		{"women", 5, "700", map[string]string{"sex": "F", "pattern": "sex"}},
		{"men", 6, "582", map[string]string{"sex": "M", "pattern": "sex"}},
		{"children, fewer than five and perhaps none", 7, "0..4", map[string]string{"age": "Y0T17", "sex": "_T", "pattern": "age"}},
		{"adult women", 8, "640", map[string]string{"age": "Y_GE18", "sex": "F", "pattern": "sex+age"}},
		{"sex not stated, a stated zero", 9, "0", map[string]string{"sex": "_U", "pattern": "sex", "obs_status": "A"}},
		{"nationals are of the country that reports", 10, "1250", map[string]string{"nationality": "KH", "pattern": "nationality"}},
		{"a citizenship", 11, "28", map[string]string{"nationality": "VN", "pattern": "nationality", "origin": "_T"}},
		{"foreigners", 12, "0..4", map[string]string{"nationality": "_FOR", "pattern": "nationality"}},
		{"a country that is none", 13, "0..4", map[string]string{"nationality": "_O"}},
		{"a form of exploitation", 14, "300", map[string]string{"exploitation": "LAB", "pattern": "exploitation"}},
		{"a form of exploitation of women", 15, "900", map[string]string{"exploitation": "SEX", "sex": "F", "pattern": "sex+exploitation"}},
		{"other forms", 16, "0..4", map[string]string{"exploitation": "_O", "pattern": "exploitation"}},
		// Returns are no breakdown of the victims of a year, and where people went back to is not said to be their citizenship.
		{"nationals who came home", 17, "12", map[string]string{"indicator": "vic_returned_in", "nationality": "_T", "origin": "KH", "destination": "_ABR", "flow_kind": "return"}},
		{"nationals who came home, by the name of their country", 26, "5", map[string]string{"indicator": "vic_returned_in", "nationality": "_T", "origin": "KH", "destination": "_ABR", "flow_kind": "return"}},
		{"foreigners who went home", 18, "7", map[string]string{"indicator": "vic_returned_out", "nationality": "_T", "origin": "VN", "destination": "KH", "flow_kind": "return"}},
		{"convicted", 19, "129", map[string]string{"indicator": "sus_convicted", "pattern": "", "flow_kind": "_T"}},
		{"prosecuted nationals", 20, "0..4", map[string]string{"indicator": "sus_prosecuted", "nationality": "KH", "pattern": "nationality"}},
		{"in formal contact", 21, "150", map[string]string{"indicator": "sus_contact", "pattern": ""}},
		{"offences", 22, "99", map[string]string{"indicator": "x_offences_recorded", "pattern": ""}},
		{"a cell with nothing in it is no data", 24, "none", map[string]string{"indicator": "vic_identified", "place": "VN", "reporter": "VN", "obs_status": "L", "pattern": ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := m.at(tt.row)
			if len(got) != 1 {
				t.Fatalf("row %d gives %d observations", tt.row, len(got))
			}
			if got[0].number() != tt.number {
				t.Errorf("row %d is %s, want %s", tt.row, got[0].number(), tt.number)
			}
			country, year := "KH", int16(2017)
			if tt.row == 24 {
				country, year = "VN", 2018
			}
			got[0].check(t, map[string]string{"agency": "INT.UNODC", "reporter": country, "place": country, "grain": "figure", "freq": "A"})
			got[0].check(t, tt.want)
			if got[0].year != year || got[0].note != "Questionnaire" {
				t.Errorf("year %d, note %q", got[0].year, got[0].note)
			}
		})
	}
	for row, what := range map[int64]string{23: "without a country", 27: "that is a total among its parts"} {
		if n := len(m.at(row)); n != 0 {
			t.Errorf("the row %s gives %d observations", what, n)
		}
	}
	for _, words := range [][]string{{"held", "row 25", "Persons extradited", "data_glotip.xlsx", "data_glotip_1"}, {"doubt", "Atlantis", "Category"}, {"note", "Country"}} {
		if !slices.ContainsFunc(rep.Findings, func(fd models.Finding) bool {
			return string(fd.Severity) == words[0] && !slices.ContainsFunc(words[1:], func(w string) bool { return !strings.Contains(fd.String(), w) })
		}) {
			t.Errorf("no finding says %v: %v", words, rep.Findings)
		}
	}
}

// A row that counts nobody knows what is held back, for it can be in no sum,
// and nobody would miss it.
func TestRowsOfNoIndicatorAreHeld(t *testing.T) {
	text := strings.Replace(figures, "{const: vic_rescued}", "what", 1)
	m, rep := loadText(t, text, "n,when,what\n1,2025,vic_rescued\n2,2025,vic_recsued\n3,2025,\n4,2025,Persons arrested\n")
	if rep.Taken != 2 || rep.Held != 2 || len(m.rows) != 2 {
		t.Errorf("%d rows are taken, %d held back and %d observations made; want 2, 2, 2", rep.Taken, rep.Held, len(m.rows))
	}
	for _, o := range m.rows {
		if Catalogue().Indicator(o.codes["indicator"]) == nil {
			t.Errorf("row %d counts %q", o.row, o.codes["indicator"])
		}
	}
}

// The same figures as text: the layout does not hang on the workbook.
func TestLoadGLOTIPAsCSV(t *testing.T) {
	a := mustOpen(t, glotip(t), Options{})
	b := mustOpen(t, spill(t, "glotip.csv", small(t, "glotip_small.csv")), Options{})
	ma, _ := load(t, a, mustFit(t, a, "unodc-glotip"))
	mb, _ := load(t, b, mustFit(t, b, "unodc-glotip"))
	if !slices.Equal(ma.lines(), mb.lines()) {
		t.Errorf("the workbook gives\n%s\nthe text\n%s", strings.Join(ma.lines(), "\n"), strings.Join(mb.lines(), "\n"))
	}
}

// The embedded figures, those that the worked checks of I-13 stand on. Line n
// of the file holds pf-(n-1), for no field has a line end in it.
func TestLoadPublishedFigures(t *testing.T) {
	f := PublishedFile()
	m, rep := load(t, f, mustFit(t, f, "published-figures"))
	// Three ranges are printed as two rows each: 023 and 024, 052 and 053, 096 and 097.
	if rep.Read != 101 || rep.Taken != 101 || len(m.rows) != 98 {
		t.Errorf("%d rows are read, %d taken, %d observations made; want 101, 101, 98", rep.Read, rep.Taken, len(m.rows))
	}
	for _, fd := range rep.Findings {
		t.Errorf("a finding: %s", fd)
	}
	for _, tt := range []struct {
		pf     int64
		number string
		when   string
		want   map[string]string
	}{
		{1, "3", "2022", map[string]string{"indicator": "tip_tier", "agency": "US.STATE", "reporter": "US", "place": "KH", "sex": "_Z", "age": "_Z", "nationality": "_Z", "pattern": "place"}},
		{5, "209", "2025", map[string]string{"indicator": "sus_arrested", "agency": "KH.NCCT", "reporter": "KH", "scope": "excl_scam", "pattern": "", "freq": "A", "qualifier": "exact", "place": "_T"}},
		{6, "15", "2025", map[string]string{"sex": "F", "pattern": "sex"}},
		{7, "17", "2025", map[string]string{"nationality": "_FOR", "pattern": "nationality"}},
		{8, "13", "2025", map[string]string{"nationality": "CN", "pattern": "nationality"}},
		{9, "4", "2025", map[string]string{"nationality": "TH", "pattern": "nationality"}},
		{10, "609", "2025", map[string]string{"indicator": "vic_rescued", "pattern": ""}},
		{11, "247", "2025", map[string]string{"sex": "F", "pattern": "sex"}},
		{12, "63", "2025", map[string]string{"indicator": "vic_referred"}},
		{13, "52", "2025-07", map[string]string{"indicator": "op_sites", "agency": "MEDIA.KHMERTIMES", "reporter": "KH", "scope": "scam_sites", "freq": "M"}},
		{15, "4000", "since 2026-01-01", map[string]string{"indicator": "op_persons", "agency": "MEDIA.UNNAMED", "reporter": "KH", "nationality": "_FOR", "freq": ""}},
		{16, "150000", "no date", map[string]string{"indicator": "est_forced_scam_workers", "qualifier": "at least", "destination": "KH", "pattern": "destination"}},
		{17, "100000", "no date", map[string]string{"qualifier": "estimate", "agency": "US.USIP", "reporter": "US"}},
		{19, "1.25e+10", "no date", map[string]string{"indicator": "est_proceeds", "qualifier": "more than"}},
		{22, "10.2", "no date", map[string]string{"indicator": "shr_forced_criminality", "agency": "INT.UNODC", "reporter": "_U"}},
		{23, "2e+12..3e+12", "no date", map[string]string{"indicator": "est_illicit_flows", "agency": "INT.INTERPOL", "reporter": "_U"}},
		{26, "100", "2017-07-01 to 2018-02-28", map[string]string{"indicator": "ctx_research_interviews", "qualifier": "about", "freq": "MULTI"}},
		{28, "0", "2017-07-01 to 2018-02-28", map[string]string{"indicator": "ctx_written_security_policy", "obs_status": "A"}},
		{29, "4.03e+07", "2016", map[string]string{"indicator": "est_modern_slavery"}},
		{33, "300", "until 2018-03-31", map[string]string{"indicator": "ctx_hdx_organisations", "qualifier": "more than", "freq": ""}},
		{35, "33.3", "no date", map[string]string{"place": "KH-2", "reporter": "KH", "pattern": "place"}},
		{37, "92", "2015", map[string]string{"indicator": "shr_vic_assisted", "exploitation": "LAB", "destination": "ASEAN", "pattern": "destination+exploitation"}},
		{38, "7", "2015", map[string]string{"exploitation": "SEX"}},
		{52, "3e+06..9e+06", "no date", map[string]string{"indicator": "est_nationals_abroad", "nationality": "ID", "origin": "ID", "destination": "_ABR", "reporter": "ID"}},
		{55, "2285", "2012-2016", map[string]string{"indicator": "vic_presumed", "agency": "ID.KEMLU", "reporter": "ID", "destination": "_ABR", "freq": "MULTI"}},
		{56, "223", "2017 Jan-Jul", map[string]string{"indicator": "vic_assisted", "freq": "YTD"}},
		{57, "2157", "2012-2016", map[string]string{"indicator": "vic_sheltered", "agency": "ID.KEMENSOS", "pattern": ""}},
		{61, "11", "2016", map[string]string{"indicator": "vic_service", "service": "physical_protection", "pattern": "service"}},
		{62, "19", "2016", map[string]string{"service": "medical"}},
		{63, "17", "2016", map[string]string{"service": "psychological"}},
		{68, "365", "2011-2016", map[string]string{"indicator": "case_reported", "modus": "umrah_visa", "pattern": "modus", "sex": "_Z"}},
		{69, "782", "2011-2016", map[string]string{"modus": "_T", "pattern": ""}},
		{72, "199", "2016", map[string]string{"indicator": "op_agency_sanctioned", "sanction": "suspended", "pattern": "sanction"}},
		{73, "46", "2016", map[string]string{"sanction": "administrative"}},
		{74, "15", "2016", map[string]string{"sanction": "banned"}},
		{83, "105", "no date", map[string]string{"indicator": "prv_intercepted", "origin": "KH", "destination": "_ABR", "reporter": "KH", "pattern": "origin+destination"}},
		{85, "146", "2025 Jan-May", map[string]string{"indicator": "ret_nationals", "place": "KH-12", "coverage": "airport_phnom_penh", "sex": "F", "nationality": "KH", "origin": "KH", "destination": "CN", "freq": "YTD"}},
		{89, "10000", "since 2023-08-01", map[string]string{"indicator": "req_persons", "qualifier": "about", "nationality": "_FOR"}},
		{91, "68", "since 2023-08-01", map[string]string{"indicator": "vic_identified", "scope": "wider_than_tip"}},
		{96, "2e+12..3e+12", "no date", map[string]string{"indicator": "est_illicit_flows"}},
		{99, "1486", "no date", map[string]string{"indicator": "vic_rescued", "agency": "NGO.BLUEDRAGON", "reporter": "_U"}},
		{100, "0", "no date", map[string]string{"indicator": "case_filed", "scope": "scam_sites", "destination": "KH", "obs_status": "A"}},
	} {
		t.Run(fmt.Sprintf("pf-%03d", tt.pf), func(t *testing.T) {
			got := m.at(tt.pf + 1)
			if len(got) != 1 {
				t.Fatalf("it gives %d observations", len(got))
			}
			o := got[0]
			if o.number() != tt.number {
				t.Errorf("it is %s, want %s", o.number(), tt.number)
			}
			if when := (models.Period{Start: o.start, End: o.end}).Label(); when != tt.when {
				t.Errorf("it is of %q, want %q", when, tt.when)
			}
			if y, one := (models.Period{Start: o.start, End: o.end}).CalendarYear(); one != (o.year != models.NoYear) || one && int(o.year) != y {
				t.Errorf("the year is %d", o.year)
			}
			o.check(t, tt.want)
		})
	}
	for _, pf := range []int64{24, 53, 97} {
		if n := len(m.at(pf + 1)); n != 0 {
			t.Errorf("pf-%03d, the upper end of a range, gives %d observations of its own", pf, n)
		}
	}
	if a, b := m.at(24)[0].codes["document"], m.at(97)[0].codes["document"]; a == b || a == "" {
		t.Errorf("two documents print the range, and they are %q and %q", a, b)
	}
	if note := m.at(86)[0].note; !strings.Contains(note, "[coverage=airport_phnom_penh]") {
		t.Errorf("the note of pf-085 is %q", note)
	}
}

// genericCase is a mapping by hand of the small list of persons.
const genericMap = "place=Province,nationality=Citizen of,year=Registered,sex=Sex,age=Age,origin=From,destination=To"

func TestGenericMapping(t *testing.T) {
	f := mustOpen(t, filepath.Join("..", "testdata", "persons_small.csv"), Options{})
	fit, err := Generic(f, GenericOptions{Map: genericMap, Indicator: "vic_identified", Agency: "KH.NP", Title: "A list", Keep: []string{"hotline"}}, Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	if fit.Recipe.Dataset.ID != "persons_small" || fit.Recipe.Dataset.Title != "A list" || !slices.Equal(fit.Recipe.Extra(), []string{"x_hotline"}) {
		t.Errorf("the dataset is %q, %q with %v", fit.Recipe.Dataset.ID, fit.Recipe.Dataset.Title, fit.Recipe.Extra())
	}
	if fit.Recipe, err = fit.Recipe.Decide("place", "Poipet", "KH-1"); err != nil {
		t.Fatal(err)
	}
	fit.Recipe.Unsure = Other
	m, rep := load(t, f, fit)
	if rep.Read != 6 || rep.Taken != 5 || rep.Held != 1 {
		t.Errorf("read %d, taken %d, held %d; want 6, 5, 1", rep.Read, rep.Taken, rep.Held)
	}
	for row, want := range map[int64]map[string]string{
		2: {"place": "KH-12", "nationality": "KH", "sex": "F", "origin": "KH-14", "destination": "TH", "x_hotline": "1280", "grain": "record", "indicator": "vic_identified", "reporter": "KH"},
		3: {"place": "KH-8", "nationality": "VN", "sex": "M", "origin": "VN", "destination": "KH"},
		4: {"place": "KH-1", "nationality": "TH", "sex": "F", "freq": "M", "x_hotline": "119"},
		5: {"place": "KH-18", "nationality": "CN", "sex": "M", "age": "_U", "freq": "DAY", "x_hotline": "119, later 1280"},
		6: {"place": "_O", "nationality": "_U", "sex": "_U", "origin": "_U", "destination": "_U", "x_hotline": "_U"},
	} {
		if got := m.at(row); len(got) != 1 {
			t.Errorf("row %d gives %d observations", row, len(got))
		} else {
			got[0].check(t, want)
		}
	}
	find := func(words ...string) *models.Finding {
		for i := range rep.Findings {
			if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(rep.Findings[i].String(), w) }) {
				return &rep.Findings[i]
			}
		}
		return nil
	}
	for _, words := range [][]string{
		{"Poipet", "KH-1", "decided"},             // a town stands for its province where a person says so
		{"Meanchey", "Other"},                     // a name of two provinces is nobody's
		{"row 7", "Registered", "soon"},           // held back
		{"Full name", "Phone number", "left out"}, // what nothing reads is named
	} {
		if find(words...) == nil {
			t.Errorf("no finding says %v: %v", words, rep.Findings)
		}
	}
	// Nothing of a person's name or phone is kept anywhere.
	for column, entries := range m.entry {
		for _, e := range entries {
			if strings.Contains(e[0]+e[1], "Invented") || strings.Contains(e[0]+e[1], "000 11") {
				t.Errorf("column %s keeps %q", column, e)
			}
		}
	}
}

// With a value the rows are figures.
func TestGenericFigures(t *testing.T) {
	f := mustOpen(t, spill(t, "Report 2025 (final).csv", []byte("Province;Year;Number\nKampot;2024;\"1,282\"\nTakeo;2024;<5\nKep;2024;-\n")), Options{})
	fit, err := Generic(f, GenericOptions{Map: " place = Province , year=year,value=NUMBER", Indicator: "Persons removed from exploitation", Agency: "National Committee for Counter Trafficking"}, Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	if fit.Recipe.Dataset.ID != "report-2025-final" {
		t.Errorf("the dataset is called %q", fit.Recipe.Dataset.ID)
	}
	m, _ := load(t, f, fit)
	want := []string{
		"2: vic_rescued = 1282 in 2024 agency=KH.NCCT place=KH-7 reporter=KH",
		"3: vic_rescued = 1..4 in 2024 agency=KH.NCCT place=KH-21 reporter=KH",
		"4: vic_rescued = none in 2024 agency=KH.NCCT obs_status=L place=KH-23 reporter=KH",
	}
	if got := m.lines(); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestGenericMistakes(t *testing.T) {
	f := mustOpen(t, filepath.Join("..", "testdata", "persons_small.csv"), Options{})
	for _, tt := range []struct {
		name  string
		o     GenericOptions
		words []string
	}{
		{"no indicator", GenericOptions{Map: genericMap}, []string{"--indicator"}},
		{"unknown indicator", GenericOptions{Map: genericMap, Indicator: "vic_identifed"}, []string{"vic_identifed", "vic_identified"}},
		{"unknown agency", GenericOptions{Map: genericMap, Indicator: "vic_identified", Agency: "KH.NCTT"}, []string{"KH.NCTT", "KH.NCCT"}},
		{"unknown column", GenericOptions{Map: "place=Provinse", Indicator: "vic_identified"}, []string{"Provinse", "Province"}},
		{"unknown column, nothing near", GenericOptions{Map: "place=zzzzzzzzzzzzzzzzzzzz", Indicator: "vic_identified"}, []string{"zzzz", "Province", "Citizen of"}},
		{"unknown field", GenericOptions{Map: "plase=Province", Indicator: "vic_identified"}, []string{"plase", "place"}},
		{"no pair", GenericOptions{Map: "Province", Indicator: "vic_identified"}, []string{"Province", "FIELD=COLUMN"}},
		{"no column", GenericOptions{Map: "place=", Indicator: "vic_identified"}, []string{"FIELD=COLUMN"}},
		{"comma at the end", GenericOptions{Map: "place=Province,", Indicator: "vic_identified"}, []string{"FIELD=COLUMN"}},
		{"a name as a code", GenericOptions{Map: "place=Province,origin=Full name", Indicator: "vic_identified"}, []string{"Full name", "Leave"}},
		{"a phone as a note", GenericOptions{Map: "place=Province,note=Phone number", Indicator: "vic_identified"}, []string{"Phone number"}},
		{"a name to keep", GenericOptions{Map: "place=Province", Indicator: "vic_identified", Keep: []string{"Full name"}}, []string{"Full name"}},
		{"nothing to keep", GenericOptions{Map: "place=Province", Indicator: "vic_identified", Keep: []string{"Hotlin"}}, []string{"Hotlin"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Generic(f, tt.o, Catalogue())
			if err == nil {
				t.Fatal("no error")
			}
			for _, w := range tt.words {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("the error %q does not say %q", err, w)
				}
			}
		})
	}
	several := mustOpen(t, workbook(t, "a.xlsx", sheet{name: "April", rows: smallTable}, sheet{name: "May", rows: smallTable}), Options{})
	_, err := Generic(several, GenericOptions{Map: "place=Province", Indicator: "vic_identified"}, Catalogue())
	says(t, finding(t, err), "a.xlsx", "April", "May", "--sheet")
}

// A subject may be anything that tells people apart, for only a keyed hash of
// it is stored.
func TestGenericSubject(t *testing.T) {
	f := mustOpen(t, filepath.Join("..", "testdata", "persons_small.csv"), Options{})
	fit, err := Generic(f, GenericOptions{Map: "subject=Full name,year=Registered", Indicator: "vic_identified"}, Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	m, _ := load(t, f, fit)
	seen := map[uint64]bool{}
	for _, o := range m.rows {
		seen[o.subject] = true
	}
	if len(seen) != 5 || seen[0] {
		t.Errorf("5 persons have the numbers %v", seen)
	}
	for column, entries := range m.entry {
		for _, e := range entries {
			if strings.Contains(e[0]+e[1], "Invented") {
				t.Errorf("column %s keeps %q", column, e)
			}
		}
	}
}

// Columns that look like names, phones, documents, e-mails or birth dates
// (design, section 5); among them all that HTCDS, the standard of IOM, calls so.
func TestPersonalColumns(t *testing.T) {
	for _, c := range []string{
		"Name", "name", "Full name", "first_name", "Surname", "Victim name", "NAME OF VICTIM", "Names", "First Name", "Second Name", "Last name",
		"Phone", "phone number", "Mobile", "Tel.", "Telephone no", "Home Phone", "Mobile Phone", "Line ID", "WhatsApp", "Telegram",
		"Passport", "passport_no", "ID card", "ID no", "ID number", "Document number", "National ID number",
		"E-mail", "email", "Email address", "Address", "Facebook", "Date of birth", "DOB", "Birth date", "Born", "Birthdate",
		"ឈ្មោះ", "ឈ្មោះពេញ", "លេខទូរស័ព្ទ", "អត្តសញ្ញាណប័ណ្ណ", "ថ្ងៃខែឆ្នាំកំណើត",
		// Headers without blanks, as programs write them.
		"FullName", "FirstName", "victimName", "PhoneNumber", "mobilePhone", "PassportNo", "NationalID", "DateOfBirth", "BirthDate", "EmailAddress", "fullname",
		"D.O.B.", "Mob.", "Ph. no", "victimname", "ＮＡＭＥ", "N-a-m-e", "N\u0430me", "Contact", "Contact number", "NID", "ID", "PP No", "Visa no", "Passeport", "Gmail", "Viber", "WeChat",
		"Birth place", "GPS", "Street", "Bank account", "Nom", "Prénom", "date_naissance", "Họ tên", "ชื่อ", "姓名", "ទូរសព្ទ", "នាម", "នាមត្រកូល", "ថ្ងៃកំណើត", "អ៊ីមែល", "លិខិតឆ្លងដែន",
		"Phone (province office)", "Agency e-mail", "Victim's name (form 2)", "Village chief name", "Address type", "Name\u200b",
		"prs_FirstName", "prs_SecondName", "prs_Birthdate", "prs_Email", "prs_HomePhone", "prs_MobilePhone",
	} {
		if !personal(c) {
			t.Errorf("the column %q is not held to be personal", c)
		}
	}
	for _, c := range []string{"Province", "Year", "Sex", "Age", "Nationality", "Citizen of", "Hotline", "Status", "Case type", "Room", "Number", "Telltale signs", "Identification", "Document type",
		"Idle", "Region", "Destination", "ខេត្ត", "សញ្ជាតិ", "ភេទ", "Method of Recruitment", "Type of Exploitation",
		"Province name", "Name of agency", "ProvinceName", "Nom de la province", "Contact type", "Indicator", "Period", "Gender identity", "Variable Name", "OFFENSE_SUBCAT_NAME", "STATE_NAME"} {
		if personal(c) {
			t.Errorf("the column %q is held to be personal", c)
		}
	}
}

// Columns whose names leave nothing, or the same, for an id are numbered, and
// asking twice keeps a column once.
func TestKeptNamesAreDistinct(t *testing.T) {
	open := func(keep ...string) (*memory, *Report) {
		f := mustOpen(t, spill(t, "a.csv", []byte("Province,Year,ខេត្ត,ស្រុក,Case-kind,Case kind\nKampot,2024,a,b,c,d\n")), Options{})
		fit, err := Generic(f, GenericOptions{Map: "place=Province,year=Year", Indicator: "vic_rescued", Agency: "KH.NP", Keep: keep}, Catalogue())
		if err != nil {
			t.Fatal(err)
		}
		return load(t, f, fit)
	}
	for _, keep := range [][]string{{"ខេត្ត", "ស្រុក", "Case-kind", "Case kind"}, {"Case kind", "case kind", "Case-kind", "ស្រុក", "ខេត្ត", "ខេត្ត"}} {
		m, rep := open(keep...)
		m.rows[0].check(t, map[string]string{"x_column": "a", "x_column_2": "b", "x_case_kind": "d", "x_case_kind_2": "c"})
		var said []string
		for _, fd := range rep.Findings {
			said = append(said, fd.String())
		}
		for _, want := range []string{"column ស្រុក: this column is kept as the dimension x_column_2", "column Case-kind: this column is kept as the dimension x_case_kind_2"} {
			if !strings.Contains(strings.Join(said, "\n"), want) {
				t.Errorf("%q is not among %q", want, said)
			}
		}
	}
}

// Keep adds a column of a file that a recipe reads; it is a dimension then.
func TestKeep(t *testing.T) {
	f := mustOpen(t, spill(t, "a.csv", small(t, "ctdc_small.csv")), Options{})
	fit, err := mustFit(t, f, "ctdc-kanon").Keep([]string{"majorityEntry", "isabduction"})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"x_isabduction", "x_majorityentry"}; !reflect.DeepEqual(slices.DeleteFunc(fit.Recipe.Extra(), func(s string) bool { return !strings.HasPrefix(s, "x_") }), want) {
		t.Errorf("the extra dimensions are %v, want %v among them", fit.Recipe.Extra(), want)
	}
	m, _ := load(t, f, fit)
	if got := m.rows[0].codes["x_majorityentry"]; got != models.Unknown {
		t.Errorf("the kept column holds %q", got)
	}
	if len(mustFit(t, f, "ctdc-kanon").Recipe.Keep) != 0 {
		t.Error("the built-in recipe itself keeps the column now")
	}
	_, err = mustFit(t, f, "ctdc-kanon").Keep([]string{"majorityEntri"})
	says(t, finding(t, err), "majorityEntri", "majorityEntry")
	g := mustOpen(t, spill(t, "b.csv", bytes.Replace(small(t, "ctdc_small.csv"), []byte("isAbduction"), []byte("Passport no"), 1)), Options{})
	_, err = mustFit(t, g, "ctdc-kanon").Keep([]string{"Passport no"})
	says(t, finding(t, err), "Passport no", "never kept")
}

func TestLoadRefuses(t *testing.T) {
	head, body, _ := strings.Cut(string(small(t, "ctdc_small.csv")), "\n")
	width := strings.Count(head, ",")
	for _, tt := range []struct {
		name, table string
		opts        Options
		row         int64
		words       []string
	}{
		{"a header and no row", head + "\n", Options{}, 0, []string{"a.csv", "header", "no row"}},
		{"a header without a line end", head, Options{}, 0, []string{"a.csv", "no row"}},
		{"a row too short", head + "\n" + body + "2020,Hotline\n", Options{}, 14, []string{"2 fields", "63", "--hold"}},
		{"no row can be taken", head + "\nsoon" + strings.Repeat(",", width) + "\nlater" + strings.Repeat(",", width) + "\n", Options{}, 2, []string{"none of the rows (2)", "yearOfRegistration", "soon"}},
		{"not UTF-8", head + "\n" + body + "\xe9" + strings.Repeat(",", width) + "\n", Options{}, 14, []string{"0xE9", "--encoding"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Open(context.Background(), spill(t, "a.csv", []byte(tt.table)), tt.opts, nil)
			if err == nil {
				_, err = f.Load(context.Background(), mustFit(t, f, "ctdc-kanon"), Catalogue(), &memory{}, nil)
			}
			fd := finding(t, err)
			says(t, fd, tt.words...)
			if fd.Severity != models.Refused || fd.Row != tt.row {
				t.Errorf("%s in row %d, want refused in row %d", fd.Severity, fd.Row, tt.row)
			}
		})
	}
}

// With --hold the rows of a wrong shape are counted among those held back.
func TestLoadHolds(t *testing.T) {
	f := mustOpen(t, spill(t, "a.csv", []byte(string(small(t, "ctdc_small.csv"))+"2020,Hotline\n\"x\"y,2\n")), Options{Hold: true})
	m, rep := load(t, f, mustFit(t, f, "ctdc-kanon"))
	if rep.Read != 14 || rep.Taken != 12 || rep.Held != 2 || len(m.rows) != 12 {
		t.Errorf("read %d, taken %d, held %d, observations %d; want 14, 12, 2, 12", rep.Read, rep.Taken, rep.Held, len(m.rows))
	}
	for i, row := range []int64{14, 15} {
		if fd := rep.Findings[i]; fd.Severity != models.Held || fd.Row != row || fd.File != "a.csv" {
			t.Errorf("finding %d is %s %s, want row %d held", i, fd.Severity, fd, row)
		}
	}
}

// A report lists the first held rows and counts the rest.
func TestReportIsShort(t *testing.T) {
	var b strings.Builder
	b.WriteString("n,when\n1,2025\n")
	for range 500 {
		b.WriteString("1,soon\n")
	}
	_, rep := loadText(t, figures, b.String())
	if rep.Held != 500 || len(rep.Findings) > 2*maxListed {
		t.Errorf("%d rows are held back in %d findings", rep.Held, len(rep.Findings))
	}
	if last := rep.Findings[maxListed]; last.Count != 500 {
		t.Errorf("after the rows listed comes %s", last)
	}
}

// A sink that fails ends the load with its error.
type brokenSink struct {
	memory
	after int
}

var errDisk = errors.New("the disk is full")

func (s *brokenSink) Write(b *models.Batch) error {
	if s.after--; s.after < 0 {
		return errDisk
	}
	return nil
}

func TestLoadEndsWhenTheSinkFails(t *testing.T) {
	f := TrainingFile(20_000)
	for _, after := range []int{0, 3} {
		if _, err := f.Load(context.Background(), mustFit(t, f, "training"), Catalogue(), &lockedSink{s: &brokenSink{after: after}}, nil); !errors.Is(err, errDisk) {
			t.Errorf("after %d batches the error is %v", after, err)
		}
	}
}

// lockedSink lets only one worker write at a time, as a store does.
type lockedSink struct {
	s   *brokenSink
	now chan struct{}
}

func (l *lockedSink) Encode(column, code, text string) (uint16, error) {
	return l.s.Encode(column, code, text)
}
func (l *lockedSink) Start(layout *models.Layout) error {
	l.now = make(chan struct{}, 1)
	return l.s.Start(layout)
}
func (l *lockedSink) Write(b *models.Batch) error {
	l.now <- struct{}{}
	defer func() { <-l.now }()
	return l.s.Write(b)
}

func TestLoadIsCancelled(t *testing.T) {
	f := TrainingFile(100_000)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := f.Load(ctx, mustFit(t, f, "training"), Catalogue(), &memory{}, func(int64, int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want a cancelled context", err)
	}
}

// Progress never goes back, and ends at the size of the file.
func TestProgress(t *testing.T) {
	text := twoBlocks()
	for _, tt := range []struct {
		name    string
		content []byte
	}{{"a.csv", text}, {"a.csv.gz", packed(t, text)}} {
		f := mustOpen(t, spill(t, tt.name, tt.content), Options{})
		fit, err := Generic(f, GenericOptions{Map: "note=text", Indicator: "vic_identified"}, Catalogue())
		if err != nil {
			t.Fatal(err)
		}
		last := int64(0)
		if _, err := f.Load(context.Background(), fit, Catalogue(), &nullSink{m: map[[3]string]uint16{}}, func(done, total int64) {
			if done < last || done > total || total != int64(len(tt.content)) {
				t.Errorf("%s: %d of %d after %d", tt.name, done, total, last)
			}
			last = done
		}); err != nil {
			t.Fatal(err)
		}
		if last != int64(len(tt.content)) {
			t.Errorf("%s: progress ends at %d of %d", tt.name, last, len(tt.content))
		}
	}
}

// Blocks are read into the room of earlier ones: nothing of a row changes with
// the rows that come after it.
func TestLoadOfManyBlocks(t *testing.T) {
	var table strings.Builder
	table.WriteString("found,nat,sex,remark\n")
	day := func(i int) models.Date { return models.NewDate(2015, 1, 1) + models.Date(i*7%4000) }
	nats, sexes := []string{"KH", "VN", "TH", "ID", "MM"}, []string{"F", "M"}
	rows := 8 * blockBytes / 1530
	for i := range rows {
		when := day(i).String()
		if i%100 == 99 {
			when = fmt.Sprintf("day %d", i)
		}
		fmt.Fprintf(&table, "%s,%s,%s,%01500d\n", when, nats[i%5], sexes[i%2], i)
	}
	f := mustOpen(t, spill(t, "many.csv", []byte(table.String())), Options{})
	fit, err := Generic(f, GenericOptions{Map: "date=found,nationality=nat,sex=sex", Indicator: "vic_identified"}, Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	m, rep := load(t, f, fit)
	if held := int64(rows / 100); rep.Held != held || len(m.rows) != rows-rows/100 {
		t.Fatalf("%d rows, %d taken, %d held", rows, len(m.rows), rep.Held)
	}
	for _, o := range m.rows {
		i := int(o.row) - 2
		if o.start != day(i) || o.end != day(i) || o.codes["nationality"] != nats[i%5] || o.codes["sex"] != sexes[i%2] {
			t.Fatalf("row %d is %v", o.row, o)
		}
	}
	for _, h := range rep.Findings {
		if want := fmt.Sprintf("\"day %d\"", h.Row-2); h.Kind == models.KindHeld && h.Row > 0 && !strings.Contains(h.What, want) {
			t.Errorf("row %d is held because %s", h.Row, h.What)
		}
	}
}

// However many workers read, the observations are the same.
func TestLoadIsDeterministic(t *testing.T) {
	var table bytes.Buffer
	if err := WriteTraining(&table, 12_000); err != nil {
		t.Fatal(err)
	}
	if table.Len() < blockBytes*5/4 {
		t.Fatalf("the file has only %d bytes: one worker would do it all", table.Len())
	}
	path := spill(t, "training.csv", table.Bytes())
	run := func(workers int) (lines []string, legs []leg, rep *Report) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(workers))
		f := mustOpen(t, path, Options{})
		m, rep := load(t, f, mustFit(t, f, "training"))
		legs = m.legs
		slices.SortFunc(legs, func(a, b leg) int { return int(a.row-b.row)*100 + int(a.seq) - int(b.seq) })
		return m.lines(), legs, rep
	}
	want, wantLegs, wantRep := run(1)
	got, gotLegs, gotRep := run(4)
	if !slices.Equal(got, want) {
		for i := range want {
			if i >= len(got) || got[i] != want[i] {
				t.Fatalf("observation %d of %d is\n%s\nand was\n%s", i, len(want), got[min(i, len(got)-1)], want[i])
			}
		}
		t.Fatalf("%d observations were %d", len(got), len(want))
	}
	if !slices.Equal(gotLegs, wantLegs) {
		t.Errorf("%d legs are not the %d of one worker", len(gotLegs), len(wantLegs))
	}
	if !reflect.DeepEqual(gotRep, wantRep) {
		t.Errorf("the report is\n%+v\nand was\n%+v", gotRep, wantRep)
	}
}

// The checksum is the one that sha256sum prints.
func TestSHA256(t *testing.T) {
	path := spill(t, "a.csv", []byte("abc"))
	f := mustOpen(t, path, Options{})
	sum, err := f.SHA256()
	if err != nil || sum != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("the checksum is %s, %v", sum, err)
	}
	if err := f.Unchanged(); err != nil {
		t.Error(err)
	}
	// Written to, or replaced by another file of the same size and time.
	if err := os.WriteFile(path, []byte("abcd"), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, finding(t, f.Unchanged()), "a.csv", "changed")
	f = mustOpen(t, path, Options{})
	other := spill(t, "b.csv", []byte("dcba"))
	if err := errors.Join(os.Chtimes(other, f.info.ModTime(), f.info.ModTime()), os.Rename(other, path)); err != nil {
		t.Fatal(err)
	}
	says(t, finding(t, f.Unchanged()), "a.csv", "changed")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	says(t, finding(t, f.Unchanged()), "a.csv", "changed")
	f.sum = "" // of the pass in which it was looked at
	_, err = f.SHA256()
	says(t, finding(t, err), "a.csv", "cannot be read")
	if err := PublishedFile().Unchanged(); err != nil {
		t.Error(err)
	}
}

// A packed file is known by its own bytes, however far its reader reads ahead:
// small ones, ones of several parts, and what lies behind the last.
func TestSHA256OfPacked(t *testing.T) {
	pack := func(text string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	small := pack("year,persons\n2024,5\n")
	for _, b := range [][]byte{small, pack("year,persons\n2024,777\n"), append(bytes.Clone(small), pack("2025,6\n")...),
		pack("year,persons\n" + strings.Repeat("2024,5\n2023,81\n", 40_000))} {
		f := mustOpen(t, spill(t, "a.csv.gz", b), Options{})
		want := sha256.Sum256(b)
		if sum, err := f.SHA256(); err != nil || sum != hex.EncodeToString(want[:]) {
			t.Errorf("%d bytes: the checksum is %s, not %x (%v)", len(b), sum, want, err)
		}
	}
}

func TestIDFromName(t *testing.T) {
	for name, want := range map[string]string{
		"cases.csv": "cases", "Police Monthly 2025.xlsx": "police-monthly-2025", "2025_cases.csv.gz": "cases", "ទិន្នន័យ.csv": "file", "--.csv": "file", "": "file",
		strings.Repeat("long", 20) + ".csv": strings.Repeat("long", 8), "a--b.csv": "a--b",
	} {
		got := idFromName(name)
		if got != want || !models.ValidDatasetID(got) {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
}

// Numbers that the loader makes up must never reach a sum.
func TestRecordsCountOne(t *testing.T) {
	f := mustOpen(t, spill(t, "a.csv", small(t, "ctdc_small.csv")), Options{})
	m, _ := load(t, f, mustFit(t, f, "ctdc-kanon"))
	if m.layout.Figures || m.layout.Subjects {
		t.Errorf("the layout has figures (%v) or subjects (%v)", m.layout.Figures, m.layout.Subjects)
	}
	for _, o := range m.rows {
		if o.value != 1 || !math.IsNaN(o.low) || !math.IsNaN(o.high) {
			t.Errorf("row %d counts %s", o.row, o.number())
		}
	}
}
