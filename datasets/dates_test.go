package datasets

import (
	"fmt"
	"strings"
	"testing"

	"tiplens/models"
)

// TestReadLoose: the forms of offices, each as it is read in 2026.
func TestReadLoose(t *testing.T) {
	for _, tt := range []struct {
		in    string
		order dayOrder
		want  string // a period, or why it is none
	}{
		{"3-May-24", noOrder, "2024-05-03"},
		{"25 May 2024", noOrder, "2024-05-25"},
		{"May 25, 2024", noOrder, "2024-05-25"},
		{"MAY/25/2024", noOrder, "2024-05-25"},
		{"1st of", noOrder, noTime},
		{"3rd May 2024", noOrder, "2024-05-03"},
		{"Friday, 3 September 2024", noOrder, "2024-09-03"},
		{"3. sept. 2024", noOrder, "2024-09-03"},
		{"2024 May 25", noOrder, "2024-05-25"},
		{"2024/05/25", noOrder, "2024-05-25"},
		{"2024.5.25", noOrder, "2024-05-25"},
		{"2024/5/25 14:30", noOrder, "2024-05-25"},
		{"May 2024", noOrder, "2024-05"},
		{"05/2024", noOrder, "2024-05"},
		{"2024/05", noOrder, "2024-05"},
		{"May-24", noOrder, "2024-05"},
		{"ថ្ងៃទី២៥ ខែឧសភា ឆ្នាំ២០២៤", noOrder, "2024-05-25"},
		{"២៥ ឧសភា ២០២៤", noOrder, "2024-05-25"},
		{"២៥/១២/២០២៤", noOrder, "2024-12-25"},
		{"03/05/2024", dayFirst, "2024-05-03"},
		{"03/05/2024", monthFirst, "2024-03-05"},
		{"3.5.2024", dayFirst, "2024-05-03"},
		{"3-5-24 09:15:00 AM", monthFirst, "2024-03-05"},
		{"24-05-03", yearFirst, "2024-05-03"},
		{"01/01/27", dayFirst, "2027-01-01"},
		{"01/01/28", dayFirst, "1928-01-01"},
		{"29/02/2024", dayFirst, "2024-02-29"},
		{"25/12/2024", noOrder, "2024-12-25"}, // shows it for itself
		{"12/25/2024", noOrder, "2024-12-25"},
		{"05/05/2024", noOrder, "2024-05-05"},

		{"03/05/2024", noOrder, twoWays},
		{"25/12/24", noOrder, twoWays}, // or 24 December 2025
		{"12/25/2024", dayFirst, otherWay},
		{"25/12/2024", monthFirst, otherWay},
		{"03/05/2024", yearFirst, otherWay},
		{"31/02/2024", dayFirst, noDay},
		{"29/02/2023", dayFirst, noDay},
		{"0/5/2024", noOrder, noDay},
		{"31 June 2024", noOrder, noDay},
		{"0 May 2024", noOrder, noDay},
		{"2024/13/01", noOrder, noDay},
		{"25/12/2567", dayFirst, buddhist},
		{"3 May 2567", noOrder, buddhist},
		{"2567-05-03", noOrder, buddhist},
		{"2567", noOrder, buddhist},
		{"24-May", noOrder, noYear},
		{"2011/12", noOrder, schoolish},
		{"2012/13", noOrder, noTime},
		{"13/2024", noOrder, noTime},
		{"012-345-678", noOrder, noTime},
		{"1.2.3", dayFirst, noTime},
		{"03/05-2024", dayFirst, noTime},
		{"3 5 2024", dayFirst, noTime},
		{"May May 2024", noOrder, noTime},
		{"3 May 2024 and later", noOrder, noTime},
		{"", noOrder, noTime},
		{"/", noOrder, noTime},
		{strings.Repeat("1/", 1000), noOrder, noTime},
	} {
		d := readLoose(tt.in, tt.order, 2026)
		got := d.Period.String()
		if d.why != "" {
			got = d.why
		}
		if got != tt.want {
			t.Errorf("%q, %s: %s; want %s", tt.in, orderWords[tt.order], got, tt.want)
		}
	}
}

// FuzzDate: whatever a cell holds, it is read in one order alike, as days that
// are believed, and what is printed as ISO reads back as the same.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"3-May-24", "May 25, 2024", "25/12/2024", "03.05.24", "2024/05/25", "05/2024", "25/12/2567", "ថ្ងៃទី២៥ ខែឧសភា ឆ្នាំ២០២៤", "31/02/2024", "24-May", "1st May 2024 10:00"} {
		for order := range orderNames {
			f.Add(s, uint8(order))
		}
	}
	f.Fuzz(func(t *testing.T, s string, n uint8) {
		order := dayOrder(n % uint8(len(orderNames)))
		d := readLoose(s, order, 2026)
		if d.why != "" {
			if d.Period != (models.Period{}) {
				t.Fatalf("%q is no date and reads as %s", s, d.Period)
			}
			return
		}
		if !d.Bounded() || d.End < d.Start || d.Start < models.NewDate(1900, 1, 1) || d.End > models.NewDate(2200, 12, 31) {
			t.Fatalf("%q reads as %v to %v", s, d.Start, d.End)
		}
		iso := d.Period.String()
		if again, ok := parseTime(iso); !ok || again != d.Period {
			t.Fatalf("%q reads as %s, which reads as %v, %v", s, iso, again, ok)
		}
		if again := readLoose(iso, order, 2026); len(iso) == 10 && (again.why != "" || again.Period != d.Period) {
			t.Fatalf("%q reads as %s, which reads as %v %s", s, iso, again.Period, again.why)
		}
		if p, ok := parseTime(s); ok && p != d.Period {
			t.Fatalf("%q reads as %s and as %s", s, p, d.Period)
		}
	})
}

// datesFile is a file of dates in one or two columns.
func datesFile(columns string, dates ...string) string {
	return columns + ",Province\n" + strings.Join(dates, ",Kandal\n") + ",Kandal\n"
}

// told joins the findings of a kind, as a person reads them.
func told(rep *Report) string {
	var out []string
	for _, f := range rep.Findings {
		out = append(out, fmt.Sprintf("%s: %s", f.Severity, f.String()))
	}
	return strings.Join(out, "\n")
}

// loadDates loads a file by a mapping of its columns: the rows taken with their
// days, and what the report says.
func loadDates(t *testing.T, content, columns, dates string) (rows, report string, err error) {
	t.Helper()
	f := mustOpen(t, spill(t, "d.csv", []byte(content)), Options{})
	fit, err := Generic(f, GenericOptions{Map: columns + ",place=Province", Indicator: "vic_identified"}, Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	if field, ok := fit.Recipe.Fields["date"]; ok {
		field.Dates = dates
		fit.Recipe.Fields["date"] = field
	}
	sink := &memory{}
	rep, err := f.Load(t.Context(), fit, Catalogue(), sink, nil)
	if err != nil {
		return "", "", err
	}
	addsUp(t, rep)
	var out []string
	for _, o := range sink.sorted() {
		out = append(out, fmt.Sprintf("%d %s", o.row, models.Period{Start: o.start, End: o.end}))
	}
	return strings.Join(out, ", "), told(rep), nil
}

// TestLoadDates: what a file of dates becomes, counted by hand, and what its
// report says of it.
func TestLoadDates(t *testing.T) {
	for _, tt := range []struct {
		name, content, dates string
		rows                 string
		says                 []string
	}{
		{"day first, as one value shows", datesFile("Date", "03/05/2024", "25/12/2024", "3-May-24", "25 May 2024"), "",
			"2 2024-05-03, 3 2024-12-25, 4 2024-05-03, 5 2024-05-25",
			[]string{`row 2, column Date: dates of numbers are read day first: 1 of 2 dates of numbers can only be read so; in this row, the first, "03/05/2024" is 2024-05-03 (2 times)`,
				`row 4, column Date: years of two digits are read as`, `"3-May-24" is 2024-05-03`}},
		{"month first", datesFile("Date", "03/05/2024", "12/25/2024", "12-26-2024"), "",
			"2 2024-03-05, 3 2024-12-25, 4 2024-12-26", []string{"read month first: 2 of 3 dates"}},
		{"two orders", datesFile("Date", "03/05/2024", "25/12/2024", "26/12/2024", "12/27/2024"), "",
			"2 2024-05-03, 3 2024-12-25, 4 2024-12-26",
			[]string{`held: d.csv, row 5, column Date: "12/27/2024" is no date in the order of the column. Ask the sender`,
				"doubt: d.csv, column Date: the dates are in two orders: 2 can only be read day first; these can only be read month first, and are held back. Ask the sender what comes first; what may be read both ways is read day first"}},
		{"no such day", datesFile("Date", "31/02/2024", "0/5/2024", "25/12/2024", "24-May"), "", "4 2024-12-25",
			[]string{`row 2, column Date: "31/02/2024" is no day of the calendar. Correct it`, `row 3, column Date: "0/5/2024" is no day of the calendar`,
				`row 5, column Date: "24-May" is a day without a year. Write the year`}},
		{"Buddhist years", datesFile("Date", "25/12/2567", "2567-12-25", "26/12/2024"), "", "4 2024-12-26",
			[]string{`row 2, column Date: "25/12/2567" looks like the Buddhist calendar, whose years count 543 more. Take 543 from`, `row 3, column Date: "2567-12-25" looks like`}},
		{"both ends alike", datesFile("Date", "05/05/2024", "06/06/2024"), "", "2 2024-05-05, 3 2024-06-06", []string{"as each shows for itself"}},
		{"as the recipe says", datesFile("Date", "03/05/2024", "04/05/2024"), "mdy", "2 2024-03-05, 3 2024-04-05",
			[]string{"read month first: as the recipe says"}},
		{"with its reason", datesFile("Date", "03/05/2024"), "dmy, 7 of 9 dates of numbers in may.csv can only be read so", "2 2024-05-03",
			[]string{"read day first: 7 of 9 dates of numbers in may.csv can only be read so;"}},
		{"years in front", datesFile("Date", "24-05-03", "24-06-13"), "ymd", "2 2024-05-03, 3 2024-06-13", []string{"read year first"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, report, err := loadDates(t, tt.content, "date=Date", tt.dates)
			if err != nil {
				t.Fatal(err)
			}
			if rows != tt.rows {
				t.Errorf("rows %s\nwant %s", rows, tt.rows)
			}
			for _, s := range tt.says {
				if !strings.Contains(report, s) {
					t.Errorf("the report does not say %q:\n%s", s, report)
				}
			}
		})
	}
}

// TestLoadDatesRefuses: what may be two days is never guessed, and a file that
// shows another order than was said is not read by the one that was said.
func TestLoadDatesRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, content, dates string
		says                 []string
	}{
		{"no value shows it", datesFile("Date", "2024-01-05", "03/05/2024", "04/06/2024"), "", []string{`"03/05/2024" may be 2024-05-03 or 2024-03-05`, "--set dates=dmy"}},
		{"as many show the one as the other", datesFile("Date", "03/05/2024", "25/12/2024", "12/25/2024"), "", []string{"may be 2024-05-03 or 2024-03-05, and as many values of the column show the one as the other"}},
		{"the year may stand in front", datesFile("Date", "23-05-13", "23-06-14", "24-06-15"), "", []string{"day, the month or the year first"}},
		{"against the recipe", datesFile("Date", "03/05/2024", "12/25/2024"), "dmy", []string{"1 of them can only be read month first, 0 only day first", `--set "dates:Date=mdy"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, _, err := loadDates(t, tt.content, "date=Date", tt.dates)
			if err == nil {
				t.Fatalf("it is loaded as %s", rows)
			}
			f := finding(t, err)
			if f.Severity != models.Refused || f.Column != "Date" {
				t.Errorf("%+v", f)
			}
			for _, s := range tt.says {
				if !strings.Contains(f.String(), s) {
					t.Errorf("%q is not in %s", s, f)
				}
			}
		})
	}
}

// TestTwoOrdersInOneFile: each column is read as it shows for itself, also
// where the same text stands in both.
func TestTwoOrdersInOneFile(t *testing.T) {
	rows, report, err := loadDates(t, datesFile("From,To", "25/12/2023,12/26/2024", "03/05/2024,05/03/2024", "05/03/2024,05/03/2024"), "period_start=From,period_end=To", "")
	if want := "2 2023-12-25..2024-12-26, 3 2024-05-03, 4 2024-03-05..2024-05-03"; err != nil || rows != want {
		t.Errorf("%s, %v; want %s", rows, err, want)
	}
	for _, s := range []string{"column From: dates of numbers are read day first: 1 of 3", "column To: dates of numbers are read month first: 1 of 3"} {
		if !strings.Contains(report, s) {
			t.Errorf("the report does not say %q:\n%s", s, report)
		}
	}
}

// TestDatesBelowTheFirstRows: where the first rows are ISO and others come far
// below, those that may be two days are held back, not guessed.
func TestDatesBelowTheFirstRows(t *testing.T) {
	var dates []string
	for range 2 * headRows {
		dates = append(dates, "2024-01-31")
	}
	rows, report, err := loadDates(t, datesFile("Date", append(dates, "03/05/2024", "25/12/2024")...), "date=Date", "")
	if err != nil || !strings.HasSuffix(rows, "83 2024-12-25") || strings.Contains(rows, "82 ") {
		t.Errorf("%s, %v", rows, err)
	}
	if !strings.Contains(report, `row 82, column Date: "03/05/2024" may be two dates: it is not said whether the day or the month comes first. Say which comes first, --set dates=dmy`) {
		t.Error(report)
	}
}

// draftDates drafts a file of dates, as its draft says what was decided of them.
func draftDates(t *testing.T, content string, said ...models.DraftChange) (*Drafted, string) {
	t.Helper()
	d := draftOf(t, "cases.csv", content, append([]models.DraftChange{countsVictims}, said...)...)
	var out []string
	for _, x := range d.Decisions {
		if strings.HasPrefix(x.Key, models.ChangeDates) || x.Key == "year" {
			out = append(out, fmt.Sprintf("%s = %s (%s)", x.Key, x.Value, x.Why))
		}
	}
	return d, strings.Join(out, "; ")
}

// TestDraftDates: the draft says how dates are read and why, asks where nothing
// shows it, and the recipe keeps the answer.
func TestDraftDates(t *testing.T) {
	open, shown := datesFile("Date", "03/05/2024", "04/06/2024"), datesFile("Date", "03/05/2024", "25/12/2024", "3-May-24", "25 May 2024")
	says := func(key, value string) models.DraftChange { return models.DraftChange{Key: key, Value: value} }
	for _, tt := range []struct {
		name, content          string
		said                   []models.DraftChange
		decided, blocks, saved string
	}{
		{"shown", shown, nil, "dates:Date = day first (1 of 2 dates of numbers can only be read so)", "", "dates: dmy, 1 of 2 dates of numbers in cases.csv can only be read so\n"},
		{"open", open, nil, `dates:Date = day first? ("03/05/2024" may be 2024-05-03 or 2024-03-05, and no value of the column shows which: proposed only)`,
			`Say which comes first in column "Date", day (dates=dmy) or month (dates=mdy): "03/05/2024" may be 2024-05-03 or 2024-03-05, and no value of the column shows which`, ""},
		{"answered", open, []models.DraftChange{says("dates", "mdy")}, "dates:Date = month first (stated)", "", "dates: mdy, stated\n"},
		{"answered for the column", open, []models.DraftChange{says("dates:Date", "dmy")}, "dates:Date = day first (stated)", "", "dates: dmy, stated\n"},
		{"taken back", open, []models.DraftChange{says("dates", "mdy"), says("dates", "")}, `dates:Date = day first? (`, "Say which comes first", ""},
		{"shown otherwise", shown, []models.DraftChange{says("dates", "mdy")}, "which goes before dates=mdy", "", "dates: dmy, 1 of 2"},
		{"said against what is shown", shown, []models.DraftChange{says("dates:Date", "mdy")}, "month first (stated)", "1 of them can only be read day first", ""},
		{"no order is needed", datesFile("Date", "2024-05-03", "3 May 2024"), nil, "", "", "date: Date\n"},
		{"Buddhist", datesFile("Date", "25/12/2567", "26/12/2567"), nil, `column Date looks like dates, but "25/12/2567" looks like the Buddhist calendar`, "", ""},
		{"left out", datesFile("Date found,Date closed", "03/05/2024,25/12/2024", "25/12/2024,26/12/2024"), nil, "dates:Date found = day first", "", "date:\n    from: Date found\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, decided := draftDates(t, tt.content, tt.said...)
			if !strings.Contains(decided, tt.decided) {
				t.Errorf("decided %s\nwant %s", decided, tt.decided)
			}
			if (tt.blocks == "") != (d.Blocks == "") || !strings.Contains(d.Blocks, tt.blocks) {
				t.Errorf("blocks %s\nwant %s", d.Blocks, tt.blocks)
			}
			if tt.name == "open" && d.BlocksAt != "dates:Date" {
				t.Errorf("it is settled at %q", d.BlocksAt)
			}
			if !strings.Contains(d.RecipeText, tt.saved) {
				t.Errorf("%q is not in the recipe\n%s", tt.saved, d.RecipeText)
			}
			for _, c := range d.Columns {
				if strings.Contains(c.Name, "Date") && c.Field == "" && !strings.Contains(c.Why, "looks like dates, but ") {
					t.Errorf("column %s is left out in silence: %q", c.Name, c.Why)
				}
			}
		})
	}
}

// TestDatesAnswersRefused: an answer that cannot be meant is refused in a
// sentence.
func TestDatesAnswersRefused(t *testing.T) {
	path := writeFile(t, "cases.csv", datesFile("Date", "03/05/2024"))
	for _, tt := range []struct{ key, value, says string }{
		{"dates", "day", `dates is dmy (day first, 25/12/2024), mdy`},
		{"dates:Date", "dym", `dates:Date is dmy`},
		{"dates:Dat", "dmy", `there is no column "Dat"`},
		{"dates:Province", "dmy", "column Province is not read as a date"},
	} {
		_, err := NewDraft(t.Context(), path, []models.DraftChange{countsVictims, {Key: tt.key, Value: tt.value}}, BuiltinRecipes(), nil)
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s=%s: %v; want %s", tt.key, tt.value, err, tt.says)
		}
	}
}

// TestDatesInRecipes: the key is checked when a recipe is read.
func TestDatesInRecipes(t *testing.T) {
	recipe := "recipe: r\nmatch: {header: [Date]}\ngrain: record\nfields:\n  indicator: {const: vic_identified}\n  %s\n"
	for _, tt := range []struct{ field, says string }{
		{"date: {from: Date, dates: mdy}", ""},
		{"date: {from: Date, dates: 'dmy, as the sender wrote'}", ""},
		{"date: {from: Date, dates: american}", `field date: dates: dmy (day first, 25/12/2024), mdy (month first, 12/25/2024) or ymd (year first, 24-12-25), not "american"`},
		{"place: {from: Date, dates: dmy}", "dates: says how a field of time is read, and place is none"},
	} {
		_, err := ParseRecipe(fmt.Appendf(nil, recipe, tt.field), Catalogue())
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v; want %s", tt.field, err, tt.says)
		}
	}
}

// TestDatesOfCases: a field that reads one column or another has one order, and
// the answer reaches each of its cases in the recipe.
func TestDatesOfCases(t *testing.T) {
	r, err := ParseRecipe([]byte("recipe: r\nmatch: {header: [Found, Closed]}\ngrain: record\nfields:\n  indicator: {const: vic_identified}\n"+
		"  date:\n    - {from: Found, when: {Kind: a}}\n    - {from: Closed}\n"), Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	path := writeFile(t, "c.csv", "Found,Closed,Kind\n03/05/2024,04/05/2024,a\n03/06/2024,05/06/2024,b\n")
	draft := func(changes ...models.DraftChange) *Drafted {
		d, err := NewDraft(t.Context(), path, changes, []*Recipe{r}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if d := draft(); !strings.HasPrefix(d.Blocks, `Say which comes first in column "Found, Closed"`) {
		t.Errorf("blocks %q", d.Blocks)
	}
	for _, key := range []string{"dates", "dates:Found, Closed"} {
		d := draft(models.DraftChange{Key: key, Value: "mdy"})
		if d.Blocks != "" || strings.Count(d.RecipeText, "dates: mdy, stated") != 2 {
			t.Fatalf("blocks %q\n%s", d.Blocks, d.RecipeText)
		}
		sink, rep := load(t, d.File, d.Fit)
		if got := sink.sorted(); len(got) != 2 || got[0].start.String() != "2024-03-05" || got[1].start.String() != "2024-05-06" {
			t.Errorf("%s: %v\n%s", key, got, told(rep))
		}
	}
}
