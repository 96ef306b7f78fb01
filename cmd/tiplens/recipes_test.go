package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Each built-in recipe reads a small file whose totals were counted by hand
// (testdata/recipes/README.md), and slices of it say so.
func TestRecipesAnswer(t *testing.T) {
	for _, tt := range []struct {
		file, recipe string
		loaded       string // rows read = taken + held + skipped
		says         []string
		slices       map[string]string // question to lines of tidy CSV, without producer and dataset
	}{
		{"unhcr.csv", "unhcr-refugees", "8 rows read = 8 taken + 0 held back + 0 skipped", []string{"8 rows taken with 16 cells = 16 figures + 0 empty"}, map[string]string{
			"x_refugees where year=2018": "454",
			"x_refugees flow origin to destination where year=2018": `AF,AF,0
AF,IR,40
AF,PK,100
SY,TR,300
_U,PK,4
_U,TR,10`,
			"x_refugees by destination where year=2018":  "AF,0\nIR,40\nPK,104\nTR,310",
			"x_refugees by origin where year=2018":       "AF,140\nSY,300\n_U,14",
			"x_asylum_seekers by origin where year=2018": "AF,5\nSY,..\n_U,3",
			"x_refugees where year=2018..2019":           "-",
		}},
		{"undesa.csv", "undesa-migrant-stock", "6 rows read = 5 taken + 0 held back + 1 skipped", []string{"5 rows taken with 35 cells = 34 figures + 1 empty", "Micronesia"}, map[string]string{
			"x_migrant_stock where year=2019":                                                              ">=753",
			"x_migrant_stock by destination where year=2019":                                               "KH,>=123\nTH,>=626\nVN,>=4",
			"x_migrant_stock flow origin to destination where year=2015 origin=KH,TH,VN destination=TH,KH": "KH,KH,0\nKH,TH,500\nTH,KH,30\nTH,TH,0\nVN,KH,80\nVN,TH,20",
		}},
		{"worldpop.csv", "worldpop-flows", "6 rows read = 6 taken + 0 held back + 0 skipped", nil, map[string]string{
			"x_migrants_5y":                                                 "137",
			"x_migrants_5y where destination=KH":                            "125",
			"x_migrants_5y where origin=KH-8":                               "100.5",
			"x_migrants_5y where origin=TH-27 destination=TH-10":            "8.5",
			"x_migrants_5y where origin=TH-19 destination=TH-10":            "1.5",
			"x_migrants_5y where origin=PH-ZAS destination=PH-00":           "2",
			"x_migrants_5y flow origin to destination where destination=KH": "KH,KH,125",
		}},
		{"tip_flows.csv", "tip-report-flows", "7 rows read = 7 taken + 0 held back + 0 skipped", []string{"Atlantis"}, map[string]string{
			"x_flow_statements": "7",
			"x_flow_statements flow origin to destination": `KH,MY,1
KH,TH,2
KH,_O,1
KH,_U,1
VN,TH,1
_U,_O,1`,
			"x_flow_statements where year=2012": "2",
		}},
		{"tip_tiers.csv", "tip-tiers", "5 rows read = 5 taken + 0 held back + 0 skipped", nil, map[string]string{
			"tip_tier by place where year=2006":   "KH,2.5\nXK,1",
			"tip_tier across year where place=KH": "1999,..\n2004,2\n2005,3\n2006,2.5",
		}},
		{"census_district.csv", "cambodia-migration-district", "3 rows read = 3 taken + 0 held back + 0 skipped", nil, map[string]string{
			"x_in_migrants by province where year=2008":  "KH-1,45\nKH-12,100",
			"x_out_migrants by province where year=2008": "KH-1,60\nKH-12,70",
			"x_in_migrants where year=2008":              "145",
		}},
		{"census_commune.csv", "cambodia-migration-commune", "4 rows read = 4 taken + 0 held back + 0 skipped", nil, map[string]string{
			"x_adults_abroad by province across sex where year=2011": `KH-16,F,6
KH-16,M,1
KH-22,F,5
KH-22,M,10
_U,F,0
_U,M,1`,
			"x_adults_abroad where year=2011":             "23",
			"x_adults_abroad by province where year=2011": "KH-16,7\nKH-22,15\n_U,1",
		}},
		{"ctdc_vp.csv", "ctdc-vp-synthetic", "5 rows read = 5 taken + 0 held back + 0 skipped", nil, map[string]string{
			"vic_identified by sex":                     "F,3\nM,1\n_U,1",
			"vic_identified where year=2019":            "2",
			"vic_identified where year=2014..2018":      "1",
			"vic_identified by x_perpetrator_sex":       "F,2\nM,3\n_U,2",
			"vic_identified by x_region_of_citizenship": "Africa,1\nAsia,2\nEurope,1\n_U,1",
		}},
		{"htcds.csv", "htcds", "7 rows read = 3 taken + 1 held back + 3 skipped", []string{"every cell but the number is empty", "names no indicator"}, map[string]string{
			"vic_identified by destination":   "TH,1",
			"vic_identified by exploitation":  "SEX,1",
			"vic_presumed by sector":          "A,1",
			"vic_presumed by nationality":     "VN,1",
			"vic_not_identified by sex":       "TF,1",
			"vic_identified where year=2023":  "1",
			"vic_identified by means":         "DEBT,1\nPROM,1",
			"vic_identified by channel":       "SOCIAL,1",
			"vic_identified by x_case_status": "Active,1",
		}},
	} {
		t.Run(tt.file, func(t *testing.T) {
			ws := filepath.Join(t.TempDir(), "ws")
			code, _, talk := tl(t, "load", filepath.Join("..", "..", "testdata", "recipes", tt.file), "--workspace", ws)
			if code != exitAnswer {
				t.Fatal(talk)
			}
			for _, want := range append(tt.says, tt.loaded, "with recipe "+tt.recipe+":") {
				if !strings.Contains(talk, want) {
					t.Errorf("the load does not say %q:\n%s", want, talk)
				}
			}
			for q, want := range tt.slices {
				code, out, _ := tl(t, "show", q, "--workspace", ws, "--format", "csv")
				if got := tidy(out); got != want || code == exitUsage {
					t.Errorf("%s\ngot\n%s\nwant\n%s", q, got, want)
				}
			}
		})
	}
}

// tidy gives the lines of tidy CSV as codes and number, without totals, in the
// order of the alphabet.
func tidy(out string) string {
	var got []string
	for _, l := range strings.Split(strings.TrimSpace(out), "\n")[1:] {
		cells := strings.Split(l, ",")
		codes, n := cells[2:len(cells)-5], cells[len(cells)-5:]
		number := n[0]
		switch {
		case n[3] == "nodata":
			number = ".."
		case n[3] == "na":
			number = "-"
		case n[2] == "" || n[1] != n[2]:
			number = n[1] + "-" + n[2]
		}
		if n[3] == "bound" && n[2] == "" {
			number = ">=" + n[1]
		}
		if !slices.Contains(codes, "_T") {
			got = append(got, strings.Join(append(codes, number), ","))
		}
	}
	slices.Sort(got)
	return strings.Join(got, "\n")
}

// An empty template is 0 cases: it loads, says so, and answers nothing.
func TestEmptyTemplate(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "recipes", "htcds.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(b), "\n")
	path := filepath.Join(t.TempDir(), "template.csv")
	if err := os.WriteFile(path, []byte(lines[0]+lines[1]+lines[6]+lines[7]), 0o600); err != nil {
		t.Fatal(err)
	}
	ws := filepath.Join(t.TempDir(), "ws")
	code, _, talk := tl(t, "load", path, "--workspace", ws)
	if code != exitAnswer || !strings.Contains(talk, "0 cases") || !strings.Contains(talk, "3 rows read = 0 taken + 0 held back + 3 skipped") {
		t.Errorf("exit code %d: %s", code, talk)
	}
	if code, _, _ := tl(t, "show", "vic_identified", "--workspace", ws); code != exitNoData {
		t.Errorf("asking it ends with %d, want %d", code, exitNoData)
	}
}

// A synthetic record stands for nobody, so it never meets records of persons.
func TestSyntheticNeverMeetsReal(t *testing.T) {
	ws := filepath.Join(t.TempDir(), "ws")
	wantTL(t, "load", filepath.Join("..", "..", "testdata", "recipes", "ctdc_vp.csv"), "--workspace", ws)
	wantTL(t, "load", filepath.Join("..", "..", "testdata", "ctdc_small.csv"), "--workspace", ws)
	if code, out, _ := tl(t, "show", "vic_identified by sex", "--workspace", ws); code != exitRefusal {
		t.Errorf("the two are shown together, code %d:\n%s", code, out)
	}
	for _, one := range []string{"ctdc", "ctdc-vp"} {
		wantTL(t, "show", "vic_identified by sex where dataset="+one, "--workspace", ws)
	}
}
