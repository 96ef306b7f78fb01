package main

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
)

// The real files of context and of reports, against a count of the same file
// made here with encoding/csv. Totals in are totals out are the grand total,
// and corridors drawn from the file have its numbers.

// realRows reads a publisher's CSV, packed or not: each row by column name.
func realRows(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.TrimPrefix(string(b), "\ufeff")
	if !strings.Contains(text, "\n") { // line ends of old Macs
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range all[1:] {
		m := map[string]string{}
		for i, c := range row {
			m[all[0][i]] = strings.TrimSpace(c)
		}
		out = append(out, m)
	}
	return out
}

// realSums are the numbers of a file by what they are about.
type realSums map[string]float64

func (s realSums) add(n float64, keys ...string) { s[strings.Join(keys, ",")] += n }

// realPlace is the code that a place has here; only names are looked up.
func realPlace(t *testing.T, name string) string {
	t.Helper()
	switch name {
	case "", "XXA":
		return models.Unknown
	case "TIB", "Channel Islands":
		return models.Other
	}
	k, sure := datasets.Catalogue().Find(models.DimOrigin, name)
	if k == nil || !sure {
		t.Fatalf("no code for %q", name)
	}
	return k.ID
}

func realFloat(t *testing.T, s string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// realLoad loads a file into a workspace of its own and checks the rows.
func realLoad(t *testing.T, rows int, path string, args ...string) (ws, talk string) {
	t.Helper()
	ws = filepath.Join(t.TempDir(), "ws")
	code, _, talk := tl(t, append([]string{"load", path, "--workspace", ws}, args...)...)
	if code != exitAnswer {
		t.Fatal(talk)
	}
	if want := models.FormatNumber(float64(rows)) + " rows read"; !strings.Contains(talk, want) {
		t.Errorf("the load does not say %q: %s", want, talk)
	}
	return ws, talk
}

// realAsk asks for tidy CSV: codes to number; a lower bound counts as its low
// end, no data is left out.
func realAsk(t *testing.T, ws, slice string) realSums {
	t.Helper()
	code, out, errOut := tl(t, "show", slice, "--workspace", ws, "--format", "csv")
	if code != exitAnswer {
		t.Fatalf("%s: exit code %d\n%s", slice, code, errOut)
	}
	lines, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got := realSums{}
	for _, l := range lines[1:] {
		codes, low := l[2:len(l)-5], l[len(l)-4]
		if low != "" {
			got[strings.Join(codes, ",")] = realFloat(t, low)
		}
	}
	return got
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(b)) }

// realSame compares answers with a count, but for zeros that only one has.
func (s realSums) same(t *testing.T, got realSums, what string) {
	t.Helper()
	for k, n := range s {
		if !near(got[k], n) {
			t.Errorf("%s, %s: %v, want %v", what, k, got[k], n)
		}
	}
	for k, n := range got {
		if !strings.Contains(k, models.Total) && !near(s[k], n) {
			t.Errorf("%s, %s: %v, want %v", what, k, n, s[k])
		}
	}
}

// realFlows compares flows of one slice: the sums by origin, by destination,
// the grand total, and the corridors themselves.
func realFlows(t *testing.T, ws, indicator, where string, pairs realSums) {
	t.Helper()
	in, out, total := realSums{}, realSums{}, 0.0
	for k, n := range pairs {
		from, to, _ := strings.Cut(k, ",")
		out.add(n, from)
		in.add(n, to)
		total += n
	}
	if where != "" {
		where = " where " + where
	}
	origins, destinations := "origin", "destination"
	if slices.ContainsFunc(slices.Collect(maps.Keys(pairs)), func(k string) bool { return strings.Contains(k, "-") }) {
		origins, destinations = "origin.province", "destination.province"
	}
	out.same(t, realAsk(t, ws, indicator+" by "+origins+where), "by origin")
	in.same(t, realAsk(t, ws, indicator+" by "+destinations+where), "by destination")
	if got := realAsk(t, ws, indicator+where)[""]; !near(got, total) {
		t.Errorf("the grand total is %v, want %v", got, total)
	}
	got := realAsk(t, ws, indicator+" flow "+origins+" to "+destinations+where)
	keys := slices.Sorted(maps.Keys(pairs))
	for k := range 20 {
		pair := keys[(k*7919+realSeed)%len(keys)]
		if !near(got[pair], pairs[pair]) {
			t.Errorf("%s: %v, want %v", pair, got[pair], pairs[pair])
		}
	}
}

func TestRealRecipes(t *testing.T) {
	data := os.Getenv("TIPLENS_DATA")
	if data == "" {
		t.Skip("TIPLENS_DATA is not set")
	}
	at := func(parts ...string) string { return filepath.Join(append([]string{data}, parts...)...) }

	t.Run("UNHCR", func(t *testing.T) {
		path := at("od-unhcr", "unhcr_refugees_od_1995-2019.csv.gz")
		rows := realRows(t, path)
		ws, _ := realLoad(t, len(rows), path)
		for column, indicator := range map[string]string{"refugees": "x_refugees", "asylum_seekers": "x_asylum_seekers"} {
			for _, year := range []string{"1995", "2012", "2020"} {
				want := realSums{}
				for _, r := range rows {
					if r["year"] == year && r[column] != "NA" {
						want.add(realFloat(t, r[column]), realPlace(t, r["orig"]), realPlace(t, r["dest"]))
					}
				}
				realFlows(t, ws, indicator, "year="+year, want)
			}
		}
		if code, out, _ := tl(t, "show", "x_refugees where year=2012..2013", "--workspace", ws); code == exitAnswer && !strings.Contains(out, "W-08") {
			t.Errorf("a stock is added over years:\n%s", out)
		}
	})

	t.Run("UN DESA matrix", func(t *testing.T) {
		path := at("od-undesa-migrant-stock", "UN_MigrantStockByOriginAndDestination_2019_clean.csv.gz")
		rows := realRows(t, path)
		ws, talk := realLoad(t, len(rows), path)
		want := realSums{}
		regions := []string{"Caribbean", "South America", "Melanesia", "Micronesia", "Polynesia"}
		for _, r := range rows {
			for origin, cell := range r {
				if r["Year"] == "2019" && origin != "Year" && origin != "Dest" && !slices.Contains(regions, r["Dest"]) && cell != ".." && cell != "-" {
					want.add(realFloat(t, cell), realPlace(t, origin), realPlace(t, r["Dest"]))
				}
			}
		}
		realFlows(t, ws, "x_migrant_stock", "year=2019", want)
		if !strings.Contains(talk, "1,624 rows taken with 376,768 cells = 376,768 figures + 0 empty") {
			t.Error(talk)
		}
	})

	t.Run("WorldPop", func(t *testing.T) {
		for _, country := range []string{"KHM", "THA", "PHL"} {
			path := at("od-worldpop-internal-migration", country+"_5yrs_InternalMigFlows_2010.csv")
			rows := realRows(t, path)
			ws, _ := realLoad(t, len(rows), path)
			want := realSums{}
			for _, r := range rows {
				if country == "PHL" { // names in the recipe; here only the sum
					want.add(realFloat(t, r["PrdMIG"]))
					continue
				}
				swapped := map[string]string{"THA19": "27", "THA27": "19"}
				code := func(n string) string {
					if o, ok := swapped[country+n]; ok {
						n = o
					}
					return map[string]string{"KHM": "KH-", "THA": "TH-"}[country] + n
				}
				want.add(realFloat(t, r["PrdMIG"]), code(r["NODEI"]), code(r["NODEJ"]))
			}
			if country == "PHL" {
				if got := realAsk(t, ws, "x_migrants_5y")[""]; !near(got, want[""]) {
					t.Errorf("the sum is %v, want %v", got, want[""])
				}
				continue
			}
			realFlows(t, ws, "x_migrants_5y", "", want)
		}
	})

	t.Run("TIP Report flows", func(t *testing.T) {
		path := at("tip-report-flows-2008-2016", "Human_Traffic_data.csv.gz")
		rows := realRows(t, path)
		ws, _ := realLoad(t, len(rows), path)
		pairs, perYear := realSums{}, realSums{}
		for _, r := range rows {
			origin := r["Origin_Country"]
			if origin == "" {
				origin = r["Origin Country/Region"]
			}
			perYear.add(1, strings.TrimSuffix(r["Years"], ".0"))
			for _, c := range []string{"Cambodia", "Thailand", "China", "Japan"} {
				for _, d := range []string{"Cambodia", "Thailand", "Malaysia", "Nigeria"} {
					if origin == c && r["Destination_Country"] == d {
						pairs.add(1, realPlace(t, c), realPlace(t, d))
					}
				}
			}
		}
		perYear.same(t, realAsk(t, ws, "x_flow_statements across year"), "years")
		got := realAsk(t, ws, "x_flow_statements flow origin to destination")
		total := 0.0
		for k, n := range got {
			if !strings.Contains(k, models.Total) && !strings.Contains(k, models.Within) {
				total += n
			}
		}
		if int(total) != len(rows) {
			t.Errorf("all corridors have %v statements, want %d", total, len(rows))
		}
		for k, n := range pairs {
			if got[k] != n {
				t.Errorf("%s: %v, want %v", k, got[k], n)
			}
		}
	})

	t.Run("TIP tiers", func(t *testing.T) {
		path := at("tip-report-flows-2008-2016", "tip_tiers_orig.csv")
		rows := realRows(t, path)
		ws, _ := realLoad(t, len(rows), path)
		tier := map[string]float64{"Tier 1": 1, "Tier 2": 2, "Watchlist": 2.5, "Tier 3": 3}
		for _, year := range []string{"2001", "2009", "2015"} {
			want := realSums{}
			for _, r := range rows {
				if r["year"] == year && r["tier"] != "NA" {
					iso := r["iso"]
					if iso == "KOS" {
						iso = "XK"
					}
					want.add(tier[r["tier"]], realPlace(t, iso))
				}
			}
			want.same(t, realAsk(t, ws, "tip_tier by country where year="+year), year)
		}
	})

	t.Run("Cambodian census", func(t *testing.T) {
		path := at("odc-cambodia-census", "migration_district.csv")
		rows := realRows(t, path)
		ws, _ := realLoad(t, len(rows), path)
		for column, indicator := range map[string]string{"Nb_InMIG_1": "x_in_migrants", "NB_OUTMIGR": "x_out_migrants"} {
			want := realSums{}
			for _, r := range rows {
				code := r["NCDD_CodeD"]
				want.add(realFloat(t, r[column]), "KH-"+code[:len(code)-2])
			}
			if len(want) != 24 {
				t.Errorf("%d provinces", len(want))
			}
			want.same(t, realAsk(t, ws, indicator+" by province where year=2008"), column)
		}
		path = at("odc-cambodia-census", "int_migration_commune.csv")
		rows = realRows(t, path)
		ws, _ = realLoad(t, len(rows), path)
		for column, sex := range map[string]string{"M_IM_UP_18": " sex=M", "F_IM_UP_18": " sex=F", "Both_IM_18": ""} {
			want := realSums{}
			for _, r := range rows {
				want.add(realFloat(t, r[column]), realPlace(t, r["Province"]))
			}
			want.same(t, realAsk(t, ws, "x_adults_abroad by province where year=2011"+sex), column)
		}
	})

	t.Run("CTDC synthetic", func(t *testing.T) {
		path := at("ctdc-vp-synthetic", "CTDC_VPsynthetic_condensed.csv")
		rows := realRows(t, path)
		ws, _ := realLoad(t, len(rows), path)
		sex, years := realSums{}, realSums{}
		for _, r := range rows {
			sex.add(1, map[string]string{"Female": "F", "Male": "M", "": "_U"}[r["gender"]])
			years.add(1, strings.ReplaceAll(r["yearRegister"], "-", ".."))
		}
		sex.same(t, realAsk(t, ws, "vic_identified by sex"), "sex")
		for span, n := range years {
			if span != "" {
				if got := realAsk(t, ws, "vic_identified where year="+span)[""]; got != n {
					t.Errorf("%s: %v, want %v", span, got, n)
				}
			}
		}
	})

	t.Run("HTCDS templates", func(t *testing.T) {
		for _, name := range []string{"HTCDS Excel Spreadsheet v2.0.xlsx", "HTCDS Excel Spreadsheet single select with validation v2.0.xlsx"} {
			ws, talk := realLoad(t, 1001, at("iom-htcds", name))
			if !strings.Contains(talk, "it holds 0 cases") {
				t.Error(talk)
			}
			if code, _, _ := tl(t, "show", "vic_identified", "--workspace", ws); code != exitNoData {
				t.Errorf("%s: exit code %d", name, code)
			}
		}
	})
}

// Files that no recipe knows load by what a person answers on the command line:
// what is counted, which column is what, what the file does not say, and which
// rows are meant.
func TestRealGeneric(t *testing.T) {
	data := os.Getenv("TIPLENS_DATA")
	if data == "" {
		t.Skip("TIPLENS_DATA is not set")
	}
	whole := filepath.Join(t.TempDir(), "whole.yaml")
	if err := os.WriteFile(whole, []byte("complete: true\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	// StatCan stacks sixteen statistics in one column: one of them is meant.
	t.Run("StatCan", func(t *testing.T) {
		path := filepath.Join(data, "statcan-trafficking", "trafficking_data.csv")
		rows := realRows(t, path)
		ws, talk := realLoad(t, len(rows), path, "--indicator", "x_offences_recorded", "--map", "place=CA,year=REF_DATE,value=VALUE",
			"--only", "Statistics=Actual incidents")
		want := realSums{}
		for _, r := range rows {
			if r["Statistics"] == "Actual incidents" {
				want.add(realFloat(t, r["VALUE"]), r["REF_DATE"])
			}
		}
		want.same(t, realAsk(t, ws, "x_offences_recorded across year"), "incidents")
		if !strings.Contains(talk, "80 rows read = 5 taken + 0 held back + 75 skipped") {
			t.Error(talk)
		}
	})

	// The Global Slavery Index has no year in it: the person says 2016.
	t.Run("Global Slavery Index", func(t *testing.T) {
		path := filepath.Join(data, "global-slavery-index", "gsi2016_trafficking.csv")
		rows := realRows(t, path)
		ws, _ := realLoad(t, len(rows), path, "--indicator", "est_modern_slavery", "--map", "destination=Country,year=2016,value=EST_POP_SLAVERY")
		want := realSums{}
		for _, r := range rows {
			want.add(realFloat(t, r["EST_POP_SLAVERY"]), realPlace(t, r["Country"]))
		}
		want.same(t, realAsk(t, ws, "est_modern_slavery by destination where year=2016"), "estimates")
	})

	// The FBI's agency file has rows by month and no month in them, and the
	// numbers of its agencies look like those of documents. So its rows
	// contradict each other: the load says so row by row, holds the negative
	// count, and no sum is given as a number.
	t.Run("FBI agencies", func(t *testing.T) {
		path := filepath.Join(data, "fbi-ucr-human-trafficking", "HT_2013-2020.csv.gz")
		rows := realRows(t, path)
		ws, talk := realLoad(t, len(rows), path, "--indicator", "x_offences_recorded", "--map", "place=US,year=DATA_YEAR,value=ACTUAL_COUNT",
			"--keep", "STATE_ABBR,OFFENSE_SUBCAT_NAME,PUB_AGENCY_NAME", "--meta", whole)
		for _, want := range []string{"the values differ: ", "\"-1\" is negative", "4,417 rows read = 4,416 taken + 1 held back + 0 skipped"} {
			if !strings.Contains(talk, want) {
				t.Errorf("the load does not say %q:\n%s", want, talk)
			}
		}
		code, out, errOut := tl(t, "show", "x_offences_recorded across year", "--workspace", ws, "--format", "csv")
		if code != exitAnswer || !strings.Contains(out, ",bound,") || strings.Contains(out, ",value,incomplete") || !strings.Contains(out, "W-02") {
			t.Errorf("exit code %d, %s%s", code, out, errOut)
		}
	})

	// A workbook of the FBI: two rows of header, a column for each group.
	t.Run("FBI table", func(t *testing.T) {
		path := filepath.Join(data, "fbi-ucr-human-trafficking", "Table_3_Human_Trafficking_Arrests_by_Age_by_State_2014.xlsx")
		ws := filepath.Join(t.TempDir(), "ws")
		code, _, talk := tl(t, "load", path, "--workspace", ws, "--indicator", "sus_arrested", "--map", "place=US,year=2014", "--keep", "State,Offense",
			"--wide", "x_group=Juvenile Juvenile male..Adult Adult female", "--meta", whole)
		if code != exitAnswer {
			t.Fatal(talk)
		}
		_, table, _ := tl(t, "read", path)
		rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		byGroup := realSums{}
		for _, r := range rows[1:] {
			for i := 2; i < 6; i++ {
				byGroup.add(realFloat(t, r[i]), strings.Join(strings.Fields(rows[0][i])[1:], " "))
			}
		}
		got := realAsk(t, ws, "sus_arrested by x_group where year=2014")
		for k, n := range byGroup {
			found := false
			for g, m := range got {
				found = found || strings.HasSuffix(g, k) && near(m, n)
			}
			if !found {
				t.Errorf("%s: %v is not in %v", k, n, got)
			}
		}
	})

	// The workbook of UN DESA is known: its countries add up to its world.
	t.Run("UN DESA workbook", func(t *testing.T) {
		path := filepath.Join(data, "od-undesa-migrant-stock", "undesa_pd_2019_migrant_stock_total_dataset.xlsx")
		ws, _ := realLoad(t, 283, path)
		_, table, _ := tl(t, "read", path, "--sheet", "Table 1")
		rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		world := rows[1]
		if world[1] != "WORLD" {
			t.Fatalf("the first row is %v", world)
		}
		for sex, i := range map[string]int{"": 11, " sex=M": 18, " sex=F": 25} {
			if got := realAsk(t, ws, "x_migrant_stock where year=2019"+sex)[""]; got != realFloat(t, world[i]) {
				t.Errorf("%s: %v, want %s", sex, got, world[i])
			}
		}
	})
}
