package datasets

import (
	"reflect"
	"strings"
	"testing"
)

// gridOf makes rows of a table that is written with bars and line ends.
func gridOf(s string) [][]string {
	var rows [][]string
	for _, line := range strings.Split(s, "\n") {
		if line == "" {
			rows = append(rows, nil)
			continue
		}
		rows = append(rows, strings.Split(line, "|"))
	}
	return rows
}

func TestFindFrame(t *testing.T) {
	tests := []struct {
		name, table         string
		shape               Shape
		header, rows, first int
		names               []string
	}{
		{"plain", "Province|Year|n\nKampot|2024|3\nKep|2024|1", Shape{}, 0, 1, 1, []string{"Province", "Year", "n"}},
		{"all text", "name|city\nSok|Kep\nDara|Kampot", Shape{}, 0, 1, 1, []string{"name", "city"}},
		{"header alone", "Province|Year|n", Shape{}, 0, 1, 1, []string{"Province", "Year", "n"}},
		{"banner", "Monthly report||\n\nProvince|Year|n\nKampot|2024|3", Shape{}, 2, 1, 3, []string{"Province", "Year", "n"}},
		{"two columns under a banner", "Cases\n\nProvince|n\nKampot|3\nKep|4", Shape{}, 2, 1, 3, []string{"Province", "n"}},
		{"years as names", "Province|2023|2024\nKampot|3|4\nKep|1|0", Shape{}, 0, 1, 1, []string{"Province", "2023", "2024"}},
		{"groups above", "|Male||Female|\nProvince|Under 18|18 and over|Under 18|18 and over\nKampot|1|2|3|4\nKep|0|1|0|1", Shape{}, 0, 2, 2,
			[]string{"Province", "Male / Under 18", "Male / 18 and over", "Female / Under 18", "Female / 18 and over"}},
		{"groups above a banner and a blank row", "Victims, by sex and age\n\nProvince|Male||Female|\n|Under 18|18+|Under 18|18+\nKampot|1|2|3|4\nKep|0|1|0|1", Shape{}, 2, 2, 4,
			[]string{"Province", "Male / Under 18", "Male / 18+", "Female / Under 18", "Female / 18+"}},
		{"three rows", "|2023|||2024||\n|Male||Female|Male||Female\nProvince|a|b|c|d|e|f\nKampot|1|2|3|4|5|6\nKep|0|1|0|1|1|1", Shape{}, 0, 3, 3,
			[]string{"Province", "2023 / Male / a", "2023 / Male / b", "2023 / Female / c", "2024 / Male / d", "2024 / Male / e", "2024 / Female / f"}},
		{"units below", "Time|Depth|Flow\n(min)|(m)|(l/s)\n1|2.5|3\n2|2.6|3", Shape{}, 0, 2, 2, []string{"Time / (min)", "Depth / (m)", "Flow / (l/s)"}},
		{"the same header twice", "DATE|n\nDATE|n\n28/01/2018|3\n29/01/2018|4", Shape{}, 0, 2, 2, []string{"DATE", "n"}},
		{"no header", "28/01/2018|00:00|2|MG-8769\n29/01/2018|00:15|0|RI-3895\n30/01/2018|00:30|1|RI-8070", Shape{}, 0, 0, 0,
			[]string{"column 1", "column 2", "column 3", "column 4"}},
		{"no header, words that come again", "KH|VN|F\nKH|VN|M\nKH|TH|F\nKH|VN|F", Shape{}, 0, 0, 0, []string{"column 1", "column 2", "column 3"}},
		{"nothing stated in the first row of data", "Province|Year|n\nKampot|2024|n/a\nKep|2024|<5\nTakeo|2024|7", Shape{}, 0, 1, 1, []string{"Province", "Year", "n"}},
		{"a word in a column of numbers", "Province|n\nKampot|unknown\nKep|4\nTakeo|7\nKandal|8\nPursat|9\nPailin|1", Shape{}, 0, 1, 1, []string{"Province", "n"}},
		{"stated: no header", "Province|Year\nKampot|2024", Shape{HeaderRows: -1}, 0, 0, 0, []string{"column 1", "column 2"}},
		{"stated: header", "a|b\nc|d\nProvince|n\nKampot|3", Shape{Header: 3}, 2, 1, 3, []string{"Province", "n"}},
		{"stated: one row of two", "Age|\nmale|female\n1|2\n3|4", Shape{HeaderRows: 1}, 1, 1, 2, []string{"male", "female"}},
		{"stated: two rows", "a|b\nc|d\ne|f", Shape{Header: 1, HeaderRows: 2}, 0, 2, 2, []string{"a / c", "b / d"}},
		{"stated: first row of data", "a|b\n(units)|(units)\n\ne|f\ng|h", Shape{Header: 1, HeaderRows: 1, First: 4}, 0, 1, 3, []string{"a", "b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fr, err := findFrame(gridOf(tt.table), tt.shape, nil, true)
			if err != nil {
				t.Fatal(err)
			}
			if fr.header != tt.header || fr.rows != tt.rows || fr.first != tt.first || !reflect.DeepEqual(fr.names, tt.names) {
				t.Errorf("header %d (%d rows), data from %d, names %q; want %d (%d rows), %d, %q (%s)",
					fr.header, fr.rows, fr.first, fr.names, tt.header, tt.rows, tt.first, tt.names, fr.why)
			}
		})
	}
}

func TestFrameThatCannotBe(t *testing.T) {
	for _, s := range []Shape{{Header: 9}, {Header: 3, HeaderRows: 2}, {Header: 2, First: 1}, {First: 99}, {Header: -2}} {
		if fr, err := findFrame(gridOf("a|b\n1|2\n3|4"), s, nil, true); err == nil && s.Header >= 0 {
			t.Errorf("%+v gives a header in row %d and data from %d on", s, fr.header, fr.first)
		}
	}
}

func TestNotesBelow(t *testing.T) {
	tests := []struct {
		name, tail string
		text       bool
		want       int
	}{
		{"none", "a|1|2\nb|3|4", true, 0},
		{"an empty row and a note", "a|1|2\n\nNote: first half of the year", true, 2 - 1},
		{"two notes", "a|1|2\n\nSource: police\nSecond line", true, 2},
		{"a short row without words of a note", "a|1|2\nb", true, 1},
		{"a row of a sheet with one cell", "a|1|2\nb", false, 0},
		{"a row with empty cells", "a|1|2\nb||", true, 0},
		{"a source with empty cells", "a|1|2\nSource: x||", true, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := notesBelow(gridOf(tt.tail), 3, tt.text); got != tt.want {
				t.Errorf("%d rows are notes, want %d", got, tt.want)
			}
		})
	}
}

// FuzzFrame looks for rows in which no table can be found without a crash.
func FuzzFrame(f *testing.F) {
	f.Add("Province|n\nKampot|3", 0, 0, 0)
	f.Add("|Male||Female|\nProvince|a|b|a|b\nKampot|1|2|3|4", 1, 2, 4)
	f.Add("\n\n|", 0, -1, 2)
	f.Fuzz(func(t *testing.T, table string, header, rows, first int) {
		head := gridOf(table)
		head = head[:min(len(head), headRows)]
		fr, err := findFrame(head, Shape{Header: header, HeaderRows: rows, First: first}, nil, len(table)%2 == 0)
		if err != nil {
			return
		}
		if fr.header < 0 || fr.rows < 0 || fr.first < fr.header+fr.rows || fr.first > len(head) || len(fr.titles) != len(fr.names) {
			t.Errorf("%+v among %d rows", fr, len(head))
		}
		fr.describe(head, nil)
		notesBelow(head, len(fr.names), true)
	})
}
