package datasets

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"tiplens/models"
)

// Small files in dialects of their own, each read by hand first.
func TestDialectsFound(t *testing.T) {
	three := func(a, b, c string) [][]string {
		return [][]string{{"Province", "Year", "n"}, {"Kampot", "2024", a}, {"Kep", "2025", b}, {"Takeo", "2025", c}}
	}
	plain := "Province,Year,n\nKampot,2024,3\nKep,2025,1\nTakeo,2025,12\n"
	with := func(d string) string { return strings.ReplaceAll(plain, ",", d) }
	for _, tt := range []struct {
		name, text string
		want       [][]string
		notes      []string // words of the findings, one for each
	}{
		{"caret", with("^"), three("3", "1", "12"), []string{"caret"}},
		{"tilde", with("~"), three("3", "1", "12"), []string{"tilde"}},
		{"colon", with(":"), three("3", "1", "12"), []string{"colon"}},
		{"blank", with(" "), three("3", "1", "12"), []string{"blank"}},
		{"comma and blank", with(", "), three("3", "1", "12"), []string{"comma and blank"}},
		{"two bars", with("||"), three("3", "1", "12"), []string{"||"}},
		{"control character", with("\x01"), three("3", "1", "12"), []string{"few files"}},
		{"apostrophes", "name,place,n\n'Sok, Dara',Kampot,1\n'Chan, Lina',Men's quarter,2\n'Ly, Vanna','O'Reilly, Kep',3\n",
			[][]string{{"name", "place", "n"}, {"Sok, Dara", "Kampot", "1"}, {"Chan, Lina", "Men's quarter", "2"}, {"Ly, Vanna", "O'Reilly, Kep", "3"}}, []string{"apostrophes"}},
		{"backslash before quotes", "a,b,n\n\"x \\\"y\\\", z\",u,1\n\"p, \\\"q\\\"\",v,2\n", [][]string{{"a", "b", "n"}, {`x "y", z`, "u", "1"}, {`p, "q"`, "v", "2"}}, []string{`escaped by \`}},
		{"comments", "# of the police\nx,y,z\n# first half\n1,2,3\n# second half\n4,5,6\n", [][]string{{"x", "y", "z"}, {"1", "2", "3"}, {"4", "5", "6"}}, []string{"comments"}},
		{"hash in the header", "# energy,n\n0.1,2\n0.2,3\n", [][]string{{"# energy", "n"}, {"0.1", "2"}, {"0.2", "3"}}, nil},
		{"carriage returns and line feeds mixed", "a,b\r1,2\r\n3,4\n5,6\r", [][]string{{"a", "b"}, {"1", "2"}, {"3", "4"}, {"5", "6"}}, []string{"carriage return"}},
		{"names of people are one column", "Name\nSok Dara\nChan Lina\nLy Vanna\n", [][]string{{"Name"}, {"Sok Dara"}, {"Chan Lina"}, {"Ly Vanna"}}, nil},
		{"times are one column", "time\n10:15\n10:30\n10:45\n", [][]string{{"time"}, {"10:15"}, {"10:30"}, {"10:45"}}, nil},
		{"notes below", plain + "\nSource: police\n", three("3", "1", "12"), []string{"row 6", "Source: police"}},
		{"the header again", plain + "Province,Year,n\nKandal,2023,4\n", append(three("3", "1", "12"), []string{"Kandal", "2023", "4"}), []string{"header stands again"}},
		{"two tables", plain + "\nAgency,Cases\nNP,4\nNGO,5\nMOI,7\n", three("3", "1", "12"), []string{"row 6", "another table of 2 columns", "Agency"}},
		{"a delimiter too few", plain + "Kandal2023,4\n", append(three("3", "1", "12"), []string{"Kandal", "2023", "4"}), []string{"row 5", "delimiter is missing"}},
		{"a delimiter too many", plain + ",Kandal,2023,4\n", append(three("3", "1", "12"), []string{"Kandal", "2023", "4"}), []string{"row 5", "too many"}},
		{"an extra quote", plain + "\"Kandal,2023,4\nPursat,2023,5\n", append(three("3", "1", "12"), []string{"\"Kandal", "2023", "4"}, []string{"Pursat", "2023", "5"}), []string{"row 5", "quote"}},
		{"two rows of header", ",Male,,Female,\nProvince,<18,18+,<18,18+\nKampot,1,2,3,4\nKep,0,1,0,1\n",
			[][]string{{"Province", "Male <18", "Male 18+", "Female <18", "Female 18+"}, {"Kampot", "1", "2", "3", "4"}, {"Kep", "0", "1", "0", "1"}}, []string{"2 rows"}},
		{"no header", "Kampot,2024,3\nKep,2025,1\nKampot,2025,12\n", [][]string{{"Kampot", "2024", "3"}, {"Kep", "2025", "1"}, {"Kampot", "2025", "12"}}, []string{"no header", "column 1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, notes, err := rowsOf(t, spill(t, "a.csv", []byte(tt.text)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			var said []string
			for _, n := range notes {
				said = append(said, n.String())
			}
			for _, w := range tt.notes {
				if !strings.Contains(strings.Join(said, "\n"), w) {
					t.Errorf("%q do not say %q", said, w)
				}
			}
			if len(tt.notes) == 0 && len(said) > 0 {
				t.Errorf("the findings are %q, want none", said)
			}
		})
	}
}

func TestEncodingsFound(t *testing.T) {
	french := "Pays;Année;n\nViêt Nam;2024;3\nCôte d’Ivoire;2025;4\nGrèce;2025;1\nÉgypte;2025;2\n"
	thai := "จังหวัด,ปี,จำนวน\nตราด,2024,3\nเชียงใหม่,2025,4\nกรุงเทพ,2025,5\n"
	chinese := "省份,年份,人数\n广东,2024,3\n云南,2025,4\n广西壮族自治区,2025,4\n"
	for _, tt := range []struct {
		name    string
		content []byte
		stated  string
		want    string // a cell; empty where the file is refused
		doubt   bool
	}{
		{"windows-1252", encoded(t, charmap.Windows1252, french), "", "Côte d’Ivoire", false},
		{"macintosh", encoded(t, charmap.Macintosh, french), "", "Côte d’Ivoire", false},
		{"windows-874", encoded(t, charmap.Windows874, thai), "", "เชียงใหม่", false},
		{"UTF-16 without a mark", encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "Province,Year\nKampot,2024\n"), "", "Kampot", false},
		{"UTF-16, big end first, without a mark", encoded(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "Province,Year\nKampot,2024\n"), "", "Kampot", false},
		{"GBK is not guessed at", encoded(t, simplifiedchinese.GBK, chinese), "", "", false},
		{"GBK, stated", encoded(t, simplifiedchinese.GBK, chinese), "gbk", "云南", false},
		{"Shift-JIS, stated", encoded(t, japanese.ShiftJIS, "県,年\n東京,2024\n"), "shift_jis", "東京", false},
		{"UTF-8 that is damaged", []byte("Année,n\nété,1\nF\xe9vrier,2\n"), "", "", false},
		{"one character alone", []byte("a,b\n\xe9,2\n"), "", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, notes, err := rowsOf(t, spill(t, "a.csv", tt.content), Options{Shape: Shape{Encoding: tt.stated}})
			if tt.want == "" {
				says(t, finding(t, err), "a.csv", "not UTF-8", "--encoding")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(rows, func(r []string) bool { return slices.Contains(r, tt.want) }) {
				t.Errorf("no row of %q has %q", rows, tt.want)
			}
			doubtful := slices.ContainsFunc(notes, func(f models.Finding) bool { return f.Severity == models.Doubt })
			if doubtful != tt.doubt || tt.stated == "" && len(notes) == 0 {
				t.Errorf("the findings are %v", notes)
			}
		})
	}
}

// A file with a second table is not loaded by halves in silence.
func TestSecondTableIsNotLoaded(t *testing.T) {
	text := "Province,Year\nKampot,2024\nKep,2025\nTakeo,2025\n\nAgency,Cases,Year of it\nNP,4,2024\nNGO,5,2024\nMOI,7,2024\n"
	load := func(opts Options) (*Report, error) {
		f := mustOpen(t, spill(t, "a.csv", []byte(text)), opts)
		fit, err := Generic(f, GenericOptions{Map: "place=Province,year=Year", Indicator: "vic_identified", Agency: "KH.NP"}, Catalogue())
		if err != nil {
			t.Fatal(err)
		}
		return f.Load(context.Background(), fit, Catalogue(), &memory{}, nil)
	}
	_, err := load(Options{})
	fd := finding(t, err)
	says(t, fd, "another table", "--last 5")
	if rep, err := load(Options{Shape: Shape{Last: 5}}); err != nil || rep.Taken != 3 {
		t.Errorf("with --last it gives %+v, %v; want 3 rows taken", rep, err)
	}
}

// A recipe may say how its files are read.
func TestRecipeStatesTheShape(t *testing.T) {
	r := &Recipe{Name: "odd", Grain: models.Record, Match: Match{Header: []string{"Province", "Note"}}, Read: Shape{Delimiter: "#", Header: 2},
		Fields: Fields{"indicator": {Const: "vic_identified"}, "place": {From: OneOf{"Province"}}}}
	path := spill(t, "a.csv", []byte("x#y,z\nProvince#Note\nKampot#a, b\n"))
	f, fit, err := OpenFor(context.Background(), path, Options{}, nil, []*Recipe{r})
	if err != nil || fit == nil || f.Tables[0].csv.delim != '#' || !reflect.DeepEqual(fit.Columns(), []string{"Province", "Note"}) {
		t.Fatalf("the fit is %+v, %v", fit, err)
	}
}

// FuzzDialect: no text makes the finder fail, and rows are cut where it says.
func FuzzDialect(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a;'b;c'\n1;2\n", "a\\\"b\",c\n", "'", "\"\\\"\n", "a, b\n# c\n1, 2", "||\n||", "\x01\n\x01"} {
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, text []byte, whole bool) {
		d := findEnds(text, whole, Shape{})
		for rest := text; len(rest) > 0; {
			rec, more, _ := d.cut(rest)
			if len(more) >= len(rest) {
				t.Fatalf("%q is cut into %q and %q", rest, rec, more)
			}
			s := splitter{d: d}
			s.split(rec)
			m := mender{d: d, width: 3, plain: true}
			if out, ok := m.mend(rec); ok && len(out.cells) != 3 {
				t.Fatalf("%q is mended to %q", rec, out.cells)
			}
			rest = more
		}
	})
}
