package datasets

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

const wideHead = "recipe: wide-test\nmatch: {header: [Place]}\ngrain: figure\nmissing: ['-', '..']\n"

func TestWide(t *testing.T) {
	for _, tt := range []struct {
		name, recipe, table string
		want                []string // observations, in the order of rows
		says                string   // the sentence that proves the cells
	}{
		{"a column a year, with its total", `
wide: {columns: [2019..Total], into: year}
fields: {indicator: {const: vic_identified}, place: Place, agency: {const: KH.NP}}`,
			"Place,2019,2020,2021,Total\nKandal,1,,3,4\nTotal,1,2,3,6\n", []string{
				"2: vic_identified = 1 in 2019 agency=KH.NP place=KH-8 reporter=KH",
				"2: vic_identified = 3 in 2021 agency=KH.NP place=KH-8 reporter=KH",
				"2: vic_identified = 4 in 2019-2021 agency=KH.NP place=KH-8 reporter=KH",
				"3: vic_identified = 1 in 2019 agency=KH.NP reporter=KH",
				"3: vic_identified = 2 in 2020 agency=KH.NP reporter=KH",
				"3: vic_identified = 3 in 2021 agency=KH.NP reporter=KH",
				"3: vic_identified = 6 in 2019-2021 agency=KH.NP reporter=KH",
			}, "2 rows taken with 8 cells = 7 figures + 1 empty"},
		{"months in Khmer beside a column of the year", `
wide: {columns: [មករា, សរុប], into: month}
fields: {indicator: {const: sus_arrested}, place: Place, year: Year}`,
			"Place,Year,មករា,កុម្ភៈ,សរុប\nKep,2024,2,3,5\n", []string{
				"2: sus_arrested = 2 in 2024-01 agency=_U place=KH-23 reporter=_U",
				"2: sus_arrested = 5 in 2024 agency=_U place=KH-23 reporter=_U",
			}, "1 row taken with 2 cells = 2 figures + 0 empty"},
		{"codes, with no data that is said and no data that is not", `
wide: {columns: [ប្រុស, Women, Both sexes], into: sex, no_data: [".."]}
fields: {indicator: {const: vic_identified}, place: Place, year: {const: "2020"}}`,
			"Place,ប្រុស,Women,Both sexes\nKep,..,-,7\n", []string{
				"2: vic_identified = 7 in 2020 agency=_U place=KH-23 reporter=_U",
				"2: vic_identified = none in 2020 agency=_U obs_status=L place=KH-23 reporter=_U sex=M",
			}, "1 row taken with 3 cells = 2 figures + 1 empty"},
		{"two dimensions in one header", `
wide: {pattern: ' / ', into: year / sex}
fields: {indicator: {const: vic_identified}, place: Place}`,
			"Place,2020 / Male,2020 / Total,2021 / Male\nKep,1,2,<5\n", []string{
				"2: vic_identified = 1 in 2020 agency=_U place=KH-23 reporter=_U sex=M",
				"2: vic_identified = 1..4 in 2021 agency=_U place=KH-23 reporter=_U sex=M",
				"2: vic_identified = 2 in 2020 agency=_U place=KH-23 reporter=_U",
			}, "1 row taken with 3 cells = 3 figures + 0 empty"},
		{"named parts of the header, one of which is left out", `
wide:
  pattern: '^(?P<sex>M|F|Both)_(?P<age>\w+)$'
  into:
    sex: {from: "@sex", values: {Both: _T}}
    age: {from: "@age", values: {18_24: Y18T24}}
    indicator: {from: "@age", values: {all: "-", "*": vic_identified}}
fields: {place: Place, year: Year}`,
			"Place,Year,M_18_24,Both_18_24,Both_all\nKep,2020,1,2,3\n", []string{
				"2: vic_identified = 1 in 2020 age=Y18T24 agency=_U place=KH-23 reporter=_U sex=M",
				"2: vic_identified = 2 in 2020 age=Y18T24 agency=_U place=KH-23 reporter=_U",
			}, "1 row taken with 3 cells = 2 figures + 0 empty + 1 that the recipe leaves out"},
		{"a column an indicator, with bounds of its own", `
wide:
  columns: [Arrested, Convicted]
  into: {indicator: {values: {Arrested: sus_arrested, Convicted: sus_convicted}}}
fields: {place: Place, year: Year, value: {from: "@cell", bounds: {few: [0, 4]}}}`,
			"Place,Year,Arrested,Convicted\nKep,2020,few,0\n", []string{
				"2: sus_arrested = 0..4 in 2020 agency=_U place=KH-23 reporter=_U",
				"2: sus_convicted = 0 in 2020 agency=_U place=KH-23 reporter=_U",
			}, "1 row taken with 2 cells = 2 figures + 0 empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, rep := loadText(t, wideHead+tt.recipe, tt.table)
			got := m.lines()
			if !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			if !slices.ContainsFunc(rep.Findings, func(f models.Finding) bool { return strings.HasSuffix(f.What, tt.says) }) {
				t.Errorf("no finding says %q: %v", tt.says, rep.Findings)
			}
			for _, f := range rep.Findings {
				if f.Severity != models.Note {
					t.Errorf("an unexpected finding: %s", &f)
				}
			}
		})
	}
}

// The pattern of a figure in a column of totals does not name the dimension,
// so the engine never adds it to its parts.
func TestWideTotalsAreTotals(t *testing.T) {
	m, _ := loadText(t, wideHead+"wide: {columns: [Male..Total], into: sex}\nfields: {indicator: {const: vic_identified}, place: Place, year: {const: '2020'}}\n",
		"Place,Male,Female,Total\nKandal,1,2,3\nTotal,4,5,9\n")
	var got []string
	for _, o := range m.sorted() {
		got = append(got, fmt.Sprintf("%v %s", o.value, o.codes["pattern"]))
	}
	slices.Sort(got)
	want := []string{"1 place+sex", "2 place+sex", "3 place", "4 sex", "5 sex", "9 "}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// One cell that cannot be read holds its row back, and nothing of the row
// stays; the finding names the column of the cell.
func TestWideHoldsWholeRows(t *testing.T) {
	m, rep := loadText(t, wideHead+"wide: {columns: [2019..2021], into: year}\nfields: {indicator: {const: vic_identified}, place: Place}\n",
		"Place,2019,2020,2021\nKandal,1,many,3\nKep,1,2,3\nKampot,,,\n")
	if rep.Read != 3 || rep.Taken != 1 || rep.Held != 1 || rep.Skipped != 1 || len(m.rows) != 3 {
		t.Fatalf("read %d, taken %d, held %d, skipped %d, observations %d", rep.Read, rep.Taken, rep.Held, rep.Skipped, len(m.rows))
	}
	f := rep.Findings[0]
	if f.Column != "2020" || f.Row != 2 {
		t.Errorf("the first finding is of row %d, column %q", f.Row, f.Column)
	}
	says(t, &f, "many", "no number")
}

// A row does not fit into what is left of a batch: it travels in the next.
func TestWideManyColumns(t *testing.T) {
	var head, row strings.Builder
	n := 0
	for _, k := range Catalogue().Codes("area") {
		if k.Level == "country" && k.ID != "KH" {
			fmt.Fprintf(&head, ",%s", k.ID)
			fmt.Fprintf(&row, ",%d", n)
			n++
		}
	}
	table := "Place" + head.String() + "\n" + strings.Repeat("KH"+row.String()+"\n", 100)
	m, rep := loadText(t, wideHead+"wide: {pattern: '^[A-Z][A-Z]$', into: origin}\nfields: {indicator: {const: x_refugees}, destination: Place, year: {const: '2020'}}\n", table)
	sum := 0.0
	for _, o := range m.rows {
		sum += o.value
	}
	if rep.Taken != 100 || len(m.rows) != 100*n || sum != float64(100*n*(n-1)/2) {
		t.Errorf("%d rows, %d figures, sum %v; want 100, %d, %d", rep.Taken, len(m.rows), sum, 100*n, 100*n*(n-1)/2)
	}
}

func TestWideMistakes(t *testing.T) {
	for _, tt := range []struct{ name, recipe, says string }{
		{"records", "grain: record\nwide: {columns: [a], into: year}\nfields: {indicator: {const: vic_identified}}", "figure"},
		{"nothing", "grain: figure\nwide: {into: year}\nfields: {indicator: {const: vic_identified}}", "name the columns"},
		{"both", "grain: figure\nwide: {columns: [a], pattern: b, into: year}\nfields: {indicator: {const: vic_identified}}", "leave one out"},
		{"twice", "grain: figure\nwide: {columns: [a], into: year}\nfields: {year: b, indicator: {const: vic_identified}}", "said twice"},
		{"no such field", "grain: figure\nwide: {columns: [a], into: yaer}\nfields: {indicator: {const: vic_identified}}", "there is no field"},
		{"no such part", "grain: figure\nwide: {pattern: '(?P<y>.)', into: {year: '@x'}}\nfields: {indicator: {const: vic_identified}}", "@y"},
		{"a pattern that is none", "grain: figure\nwide: {pattern: '(', into: year}\nfields: {indicator: {const: vic_identified}}", "not readable"},
		{"a key that is none", "grain: figure\nwide: {colums: [a], into: year}\nfields: {indicator: {const: vic_identified}}", "colums"},
		{"a code that is none", "grain: figure\nwide: {columns: [a], into: {sex: {values: {a: XX}}}}\nfields: {indicator: {const: vic_identified}}", "XX"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseRecipe([]byte("recipe: w\nmatch: {header: [a]}\n"+tt.recipe), Catalogue())
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("the error is %v, want %q in it", err, tt.says)
			}
		})
	}
	r := parseRecipe(t, wideHead+"wide: {pattern: '^[0-9]+$', into: year}\nfields: {indicator: {const: vic_identified}, place: Place}\n")
	f := mustOpen(t, spill(t, "a.csv", []byte("Place,Men\nKep,1\n")), Options{})
	_, err := f.Load(context.Background(), mustFit(t, f, "wide-test", r), Catalogue(), &memory{}, nil)
	says(t, finding(t, err), "no column", "pattern")
}

func TestWideGuess(t *testing.T) {
	for _, tt := range []struct {
		name    string
		columns []string
		want    []string
	}{
		{"years", []string{"Province", "2019", "2020", "2021", "Total"}, []string{"year=2019..Total"}},
		{"years in Khmer digits", []string{"ខេត្ត", "២០១៩", "២០២០", "សរុប"}, []string{"year=២០១៩..សរុប"}},
		{"months", []string{"Place", "Jan", "Feb", "Mar", "Sum"}, []string{"month=Jan..Sum"}},
		{"months in Khmer", []string{"ខេត្ត", "មករា", "កុម្ភៈ", "មីនា"}, []string{"month=មករា..មីនា"}},
		{"months of years", []string{"Place", "Dec 2023", "Jan 2024"}, []string{"year=Dec 2023..Jan 2024"}},
		{"quarters", []string{"Place", "Q1", "Q2", "Q3", "Q4"}, []string{"month=Q1..Q4"}},
		{"sexes", []string{"Year", "Male", "Female", "Total", "Note"}, []string{"sex=Male..Total"}},
		{"ages", []string{"Place", "Unknown", "0-17", "18-24", "Total", "Note"}, []string{"age=Unknown..Total"}},
		{"provinces", []string{"Year", "Kandal", "Kampot", "Kep"}, []string{"place=Kandal..Kep"}},
		{"countries", []string{"Year", "Viet Nam", "Thailand"}, []string{"place=Viet Nam..Thailand"}},
		{"two runs", []string{"Place", "Male", "Female", "2020", "2021"}, []string{"sex=Male..Female", "year=2020..2021"}},
		{"two dimensions", []string{"Place", "2024 / Male", "2024 / Female", "2025 / Male", "2025 / Total"}, []string{"year / sex=2024 / Male..2025 / Total"}},
		{"a banner over the years", []string{"Place", "Victims / 2024", "Victims / 2025"}, []string{"- / year=Victims / 2024..Victims / 2025"}},
		{"one year alone", []string{"Place", "2020", "Note"}, nil},
		{"words that are codes too", []string{"No", "ID", "Place"}, nil},
		{"totals alone", []string{"Total", "Sum"}, nil},
		{"a list of persons", []string{"yearOfRegistration", "gender", "ageBroad", "citizenship", "CountryOfExploitation"}, nil},
		{"nothing", nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, r := range WideGuess(tt.columns) {
				got = append(got, r.String())
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// What WideGuess offers can be given back as --wide, and loads.
func TestGenericWide(t *testing.T) {
	const table = "Province,Year,Male,Female,Total\nKandal,2020,1,2,3\nKep,2021,4,,4\n"
	for _, wide := range []string{"sex", "sex=Male..Total", "sex=Male,Female,Total"} {
		f := mustOpen(t, spill(t, "a.csv", []byte(table)), Options{})
		fit, err := Generic(f, GenericOptions{Map: "place=Province,year=Year", Wide: wide, Indicator: "vic_identified", Agency: "KH.NP"}, Catalogue())
		if err != nil {
			t.Fatal(err)
		}
		m, rep := load(t, f, fit)
		want := []string{
			"2: vic_identified = 1 in 2020 agency=KH.NP place=KH-8 reporter=KH sex=M",
			"2: vic_identified = 2 in 2020 agency=KH.NP place=KH-8 reporter=KH sex=F",
			"2: vic_identified = 3 in 2020 agency=KH.NP place=KH-8 reporter=KH",
			"3: vic_identified = 4 in 2021 agency=KH.NP place=KH-23 reporter=KH",
			"3: vic_identified = 4 in 2021 agency=KH.NP place=KH-23 reporter=KH sex=M",
		}
		if got := m.lines(); !slices.Equal(got, want) || rep.Taken != 2 {
			t.Errorf("%s: got\n%s", wide, strings.Join(got, "\n"))
		}
	}
	f := mustOpen(t, spill(t, "a.csv", []byte(table)), Options{})
	for _, tt := range []struct{ wide, says string }{
		{"year", "--wide 'sex=Male..Total'"}, {"sexx", `no field "sexx"`}, {"sex=Man..Total", "no column"}, {"sex=Male,Femal", "Female"},
	} {
		_, err := Generic(f, GenericOptions{Map: "place=Province", Wide: tt.wide, Indicator: "vic_identified"}, Catalogue())
		if err == nil || !strings.Contains(fmt.Sprint(err)+nearOf(err), tt.says) {
			t.Errorf("%s: the error is %v, want %q in it", tt.wide, err, tt.says)
		}
	}
}

func nearOf(err error) string {
	if s, ok := err.(*models.SyntaxError); ok {
		return strings.Join(s.Near, " ")
	}
	return ""
}

// FuzzWideGuess: no header makes it panic; what it offers can be given back,
// and each of its columns is one of the file's.
func FuzzWideGuess(f *testing.F) {
	for _, s := range []string{"Place,2019,2020,Total", "a,Jan,Feb", "2024 / Male,2024 / Female,2025 / Total", " / , / ", "Q1,Q2,,", "Total,Total", "=,..,=..", "មករា,កុម្ភៈ", "2019,2019"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 500 {
			return
		}
		columns := columnNames(strings.Split(text, ","))
		for _, r := range WideGuess(columns) {
			if len(r.Columns) < 2 || len(r.Fields) == 0 {
				t.Fatalf("%+v", r)
			}
			at := slices.Index(columns, r.Columns[0])
			if at < 0 || !slices.Equal(columns[at:at+len(r.Columns)], r.Columns) {
				t.Fatalf("%q are not beside each other in %q", r.Columns, columns)
			}
			if _, err := wideOption(r.Into(), columns, "a.csv"); err != nil {
				t.Fatalf("%s: %v", r.Into(), err)
			}
		}
	})
}

// Rows of another kind in the same file are left out and counted; what the file
// does not say is said.
func TestGenericOnlyAndConstant(t *testing.T) {
	f := mustOpen(t, spill(t, "a.csv", []byte("Kind,N\nvictims,5\nrate,0.7\nVictims,6\n")), Options{})
	fit, err := Generic(f, GenericOptions{Map: "value=N,year=2016,place=KH", Only: []string{"kind=Victims"}, Indicator: "vic_identified"}, Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	m, rep := load(t, f, fit)
	want := []string{"2: vic_identified = 5 in 2016 agency=_U place=KH reporter=_U", "4: vic_identified = 6 in 2016 agency=_U place=KH reporter=_U"}
	named := mustOpen(t, spill(t, "b.csv", []byte("Kind (v=victims),N\nv=1,5\nrate,0.7\nV=1,6\n")), Options{})
	if fit, err := Generic(named, GenericOptions{Map: "value=N,year=2016,place=KH", Only: []string{"kind (v=victims)=v=1"}, Indicator: "vic_identified"}, Catalogue()); err != nil {
		t.Error(err)
	} else if m, _ := load(t, named, fit); !slices.Equal(m.lines(), want) {
		t.Errorf("by a column that has = in its name: %q", m.lines())
	}
	if got := m.lines(); !slices.Equal(got, want) || rep.Skipped != 1 {
		t.Errorf("%d skipped, got\n%s", rep.Skipped, strings.Join(got, "\n"))
	}
	for _, o := range []GenericOptions{{Map: "value=N,sex=F", Indicator: "vic_identified"}, {Map: "value=N,year=soon", Indicator: "vic_identified"},
		{Map: "value=N", Only: []string{"Kinds=a"}, Indicator: "vic_identified"}, {Map: "value=N", Only: []string{"Kind"}, Indicator: "vic_identified"}} {
		if _, err := Generic(f, o, Catalogue()); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}
