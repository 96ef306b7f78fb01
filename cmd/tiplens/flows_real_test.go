package main

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"io"
	"maps"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

// The five real files of flows, each loaded through its recipe and asked as a
// person would: who comes in and who goes out are the same people, and twenty
// corridors have the numbers that a count of the publisher's own file gives,
// made here with encoding/csv and codes of this test's own.

// realCells reads some columns of a publisher's CSV, packed or not, and gives
// each row.
func realCells(t *testing.T, path string, names []string, row func(cells []string)) {
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
	in := bufio.NewReader(r)
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		_, _ = in.Discard(3)
	}
	c := csv.NewReader(in)
	c.ReuseRecord = true
	head, err := c.Read()
	if err != nil {
		t.Fatal(err)
	}
	var at []int
	for _, n := range names {
		i := slices.Index(head, n)
		if i < 0 {
			t.Fatalf("%s has no column %s", path, n)
		}
		at = append(at, i)
	}
	cells := make([]string, len(at))
	for {
		line, err := c.Read()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for k, i := range at {
			cells[k] = strings.Clone(strings.TrimSpace(line[i]))
		}
		row(cells)
	}
}

// realFlow is a question about flows and what a count of the file says of it.
type realFlow struct {
	name, indicator string
	from, to, where string
	pairs           realSums // "origin,destination" to number
	only            bool     // pairs are some of the corridors, and total is that of all
	total           float64
	workspace       string
}

// check asks for the matrix, the list, and its top. All hold the same people.
func (f realFlow) check(t *testing.T) {
	where := ""
	if f.where != "" {
		where = " where " + f.where
	}
	if !f.only {
		f.total = 0
		for _, n := range f.pairs {
			f.total += n
		}
	}
	matrix := realAsk(t, f.workspace, f.indicator+" by "+f.from+" across "+f.to+where)
	out, in, all := realSums{}, realSums{}, 0.0
	for k, n := range matrix {
		if from, to, _ := strings.Cut(k, ","); from != models.Total && to != models.Total {
			out.add(n, from)
			in.add(n, to)
			all += n
		}
	}
	grand := matrix["_T,_T"]
	if !near(all, f.total) || !near(grand, f.total) {
		t.Errorf("%s: the cells add up to %v, the grand total is %v, the file has %v", f.name, all, grand, f.total)
	}
	for _, side := range []struct {
		what string
		sums realSums
		key  func(code string) string
	}{{"out of", out, func(c string) string { return c + ",_T" }}, {"into", in, func(c string) string { return "_T," + c }}} {
		total := 0.0
		for code, n := range side.sums {
			shown := matrix[side.key(code)]
			if !near(shown, n) {
				t.Errorf("%s: %s %s: the total is %v, its corridors add up to %v", f.name, side.what, code, shown, n)
			}
			total += shown
		}
		if !near(total, grand) {
			t.Errorf("%s: the totals %s places add up to %v, the grand total is %v", f.name, side.what, total, grand)
		}
	}
	list := realAsk(t, f.workspace, f.indicator+" flow "+f.from+" to "+f.to+where)
	drawn := slices.Sorted(maps.Keys(f.pairs))
	rand.New(rand.NewSource(realSeed)).Shuffle(len(drawn), func(i, j int) { drawn[i], drawn[j] = drawn[j], drawn[i] })
	found := 0
	for _, k := range drawn {
		if f.pairs[k] == 0 || found == 20 {
			continue
		}
		found++
		if !near(matrix[k], f.pairs[k]) || !near(list[k], f.pairs[k]) {
			t.Errorf("%s: %s: %v in the matrix, %v in the list, the file has %v", f.name, k, matrix[k], list[k], f.pairs[k])
		}
	}
	if found < 20 {
		t.Errorf("%s: only %d corridors to draw from", f.name, found)
	}
	top := 0.0
	for k, n := range realAsk(t, f.workspace, f.indicator+" flow "+f.from+" to "+f.to+where+" top 20") {
		if !strings.HasPrefix(k, models.Total) {
			top += n
		}
	}
	if !near(top, f.total) {
		t.Errorf("%s: the top 20 and the rest add up to %v, the file has %v", f.name, top, f.total)
	}
}

func TestRealFlows(t *testing.T) {
	data := os.Getenv("TIPLENS_DATA")
	if data == "" {
		t.Skip("TIPLENS_DATA is not set")
	}
	load := func(t *testing.T, parts ...string) (ws, path string) {
		path = filepath.Join(append([]string{data}, parts...)...)
		ws = filepath.Join(t.TempDir(), "ws")
		if code, _, talk := tl(t, "load", path, "--workspace", ws); code != exitAnswer {
			t.Fatal(talk)
		}
		return ws, path
	}

	// Codes are the publisher's own; nothing stated is not stated.
	t.Run("CTDC", func(t *testing.T) {
		ws, path := load(t, "ctdc-kanon-2021", "ctdc_kanon_2021.csv.gz")
		all, one := realSums{}, realSums{}
		realCells(t, path, []string{"citizenship", "CountryOfExploitation", "yearOfRegistration"}, func(c []string) {
			for i := range 2 {
				if c[i] == "" || c[i] == "-99" {
					c[i] = "_U"
				}
			}
			all.add(1, c[0], c[1])
			if strings.TrimSuffix(c[2], ".0") == "2016" {
				one.add(1, c[0], c[1])
			}
		})
		realFlow{name: "all years", indicator: "vic_identified", from: "origin", to: "destination", pairs: all, workspace: ws}.check(t)
		realFlow{name: "2016", indicator: "vic_identified", from: "origin", to: "destination", where: "year=2016", pairs: one, workspace: ws}.check(t)
	})

	// The file has no rows of 2019; its last are of 2020.
	t.Run("UNHCR", func(t *testing.T) {
		ws, path := load(t, "od-unhcr", "unhcr_refugees_od_1995-2019.csv.gz")
		for column, indicator := range map[string]string{"refugees": "x_refugees", "asylum_seekers": "x_asylum_seekers"} {
			pairs := realSums{}
			realCells(t, path, []string{"year", "orig", "dest", column}, func(c []string) {
				if c[0] == "2020" && c[3] != "NA" {
					pairs.add(realFloat(t, c[3]), realPlace(t, c[1]), realPlace(t, c[2]))
				}
			})
			realFlow{name: column, indicator: indicator, from: "origin", to: "destination", where: "year=2020", pairs: pairs, workspace: ws}.check(t)
		}
	})

	// Rows of regions stand beside those of their countries and are left out.
	t.Run("UN DESA", func(t *testing.T) {
		ws, path := load(t, "od-undesa-migrant-stock", "UN_MigrantStockByOriginAndDestination_2019_clean.csv.gz")
		regions := []string{"Caribbean", "South America", "Melanesia", "Micronesia", "Polynesia"}
		for _, year := range []string{"1990", "2005"} {
			pairs := realSums{}
			for _, r := range realRows(t, path) {
				for origin, cell := range r {
					if r["Year"] == year && origin != "Year" && origin != "Dest" && !slices.Contains(regions, r["Dest"]) && cell != ".." && cell != "-" {
						pairs.add(realFloat(t, cell), realPlace(t, origin), realPlace(t, r["Dest"]))
					}
				}
			}
			realFlow{name: year, indicator: "x_migrant_stock", from: "origin", to: "destination", where: "year=" + year, pairs: pairs, workspace: ws}.check(t)
		}
	})

	t.Run("WorldPop", func(t *testing.T) {
		ws, path := load(t, "od-worldpop-internal-migration", "KHM_5yrs_InternalMigFlows_2010.csv")
		pairs := realSums{}
		realCells(t, path, []string{"NODEI", "NODEJ", "PrdMIG"}, func(c []string) {
			pairs.add(realFloat(t, c[2]), "KH-"+c[0], "KH-"+c[1])
		})
		realFlow{name: "provinces", indicator: "x_migrants_5y", from: "origin.province", to: "destination.province", pairs: pairs, workspace: ws}.check(t)
	})

	// The coders wrote names as they found them, and slipped: Vitenam can only be
	// Vietnam, and is counted with it.
	t.Run("TIP Report", func(t *testing.T) {
		ws, path := load(t, "tip-report-flows-2008-2016", "Human_Traffic_data.csv.gz")
		codes := map[string]string{}
		for code, names := range realTIPNames {
			for _, n := range strings.Split(names, "|") {
				codes[n] = code
			}
		}
		all, one := realSums{}, realSums{}
		total, inYear := 0.0, 0.0
		for _, r := range realRows(t, path) { // lines end as those of old Macs do
			from, to, year := r["Origin_Country"], r["Destination_Country"], strings.TrimSuffix(r["Years"], ".0")
			if from == "" {
				from = r["Origin Country/Region"]
			}
			total++
			if year == "2013" {
				inYear++
			}
			if codes[from] == "" || codes[to] == "" {
				continue
			}
			all.add(1, codes[from], codes[to])
			if year == "2013" {
				one.add(1, codes[from], codes[to])
			}
		}
		realFlow{name: "all years", indicator: "x_flow_statements", from: "origin", to: "destination", pairs: all, only: true, total: total, workspace: ws}.check(t)
		realFlow{name: "2013", indicator: "x_flow_statements", from: "origin", to: "destination", where: "year=2013", pairs: one, only: true, total: inYear, workspace: ws}.check(t)
	})
}

// realTIPNames are countries as the coders of the TIP Reports wrote them.
var realTIPNames = map[string]string{
	"KH": "Cambodia", "TH": "Thailand", "VN": "Vietnam|Vietnamese|Vitenam", "MM": "Burma|Myanmar", "PH": "Philippines|Phillipines|Philppines", "SG": "Singapore", "MN": "Mongolia",
	"LA": "Laos|Loas|Laos, People's Democratic Republic", "IN": "India", "NP": "Nepal", "BD": "Bangladesh", "PK": "Pakistan", "LK": "Sri Lanka",
	"JP": "Japan", "KR": "South Korea|Korea, Republic of", "AE": "UAE|U.A.E|U.A.E.|United Arab Emirates", "KW": "Kuwait", "LB": "Lebanon",
	"RU": "Russia|Russian Federation", "UZ": "Uzbekistan", "KZ": "Kazakhstan", "TR": "Turkey", "MD": "Moldova", "RO": "Romania", "BG": "Bulgaria",
	"NG": "Nigeria", "GH": "Ghana", "ET": "Ethiopia", "KE": "Kenya", "UG": "Uganda", "TZ": "Tanzania", "ZA": "South Africa", "MZ": "Mozambique",
	"IT": "Italy", "ES": "Spain", "FR": "France", "DE": "Germany", "US": "United States", "MX": "Mexico", "CO": "Colombia", "BR": "Brazil", "AR": "Argentina",
}
