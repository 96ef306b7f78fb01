package query

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"tiplens/models"
)

// wsWriter makes a writer into a database in memory, called "d0".
func wsWriter(t *testing.T, extra ...string) (*Writer, *Engine) {
	t.Helper()
	db, err := openPool(DefaultSettings.Load, "")
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{db: db}
	t.Cleanup(e.Close)
	if _, err := db.ExecContext(t.Context(), "ATTACH ':memory:' AS d0"); err != nil {
		t.Fatal(err)
	}
	w, err := newWriter(t.Context(), db, "d0", extra)
	if err != nil {
		t.Fatal(err)
	}
	return w, e
}

func wsFinish(t *testing.T, w *Writer) {
	t.Helper()
	if err := w.Finish(t.Context(), models.Dataset{ID: "d", Title: "D"}, "", nil); err != nil {
		t.Fatal(err)
	}
}

// TestWriterMatchesSchema: the coded columns, extras and plain columns of the
// table stand in the order in which rows are inserted.
func TestWriterMatchesSchema(t *testing.T) {
	w, e := wsWriter(t, "x_a", "x_b")
	defer w.Abort()
	var want []string
	for _, c := range slices.Concat(models.CodedColumns, []string{"x_a", "x_b"}) {
		want = append(want, c+" USMALLINT")
	}
	for _, c := range plainColumns {
		want = append(want, c.name+" "+c.sqlType)
	}
	got := wsTable(t, e, "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'd0' AND table_name = 'observation' ORDER BY column_index")
	if !slices.Equal(got, want) {
		t.Errorf("columns\n got %q\nwant %q", got, want)
	}
	// Section 5 of the design names these.
	for _, c := range strings.Fields("grain indicator agency reporter year period_start period_end freq place place_role nationality origin destination flow_kind sex age exploitation sector status offence_group record_kind subject value value_low value_high qualifier obs_status pattern scope coverage note source_row") {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, c+" ") }) {
			t.Errorf("the table has no column %s", c)
		}
	}
	for _, table := range []string{"multi", "leg", "dataset", "finding", "original", "meta", "code", "subject"} {
		if _, err := wsTryTable(t, e.db, "SELECT * FROM d0."+table); err != nil {
			t.Errorf("%s: %v", table, err)
		}
	}
}

// TestWriterColumnOrder: each value lands in its own column, whatever order the
// layout has and whichever columns are constant.
func TestWriterColumnOrder(t *testing.T) {
	all := slices.Concat(models.CodedColumns, []string{"x_a"})
	for name, vary := range map[string]func(i int) bool{
		"all vary": func(int) bool { return true }, "every other": func(i int) bool { return i%2 == 0 },
		"the others": func(i int) bool { return i%2 == 1 }, "one": func(i int) bool { return i == 5 }, "none": func(int) bool { return false },
	} {
		for _, figures := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, figures %v", name, figures), func(t *testing.T) {
				w, e := wsWriter(t, "x_a")
				row := wsRow{codes: map[string]string{}, row: 7, start: models.NewDate(2020, 2, 29), end: models.NewDate(2020, 3, 1), value: 1.5, low: 1, high: 2, note: "n", subject: 1 << 63}
				l := &models.Layout{Constant: map[string]uint16{}, Figures: figures, Subjects: true}
				for i, c := range all {
					row.codes[c] = "c_" + c
					n, err := w.Encode(c, "c_"+c, "")
					if err != nil {
						t.Fatal(err)
					}
					if vary(i) {
						l.Columns = append([]string{c}, l.Columns...)
					} else {
						l.Constant[c] = n
					}
				}
				if err := w.Start(l); err != nil {
					t.Fatal(err)
				}
				b, err := wsBatch(w, l, []wsRow{row})
				if err != nil {
					t.Fatal(err)
				}
				if err := w.Write(b); err != nil {
					t.Fatal(err)
				}
				wsFinish(t, w)
				for _, c := range all {
					got := wsTable(t, e, fmt.Sprintf("SELECT code FROM d0.observation JOIN d0.code ON dim = %s AND n = %s", literal(c), ident(c)))
					if !slices.Equal(got, []string{"c_" + c}) {
						t.Errorf("%s holds %q", c, got)
					}
				}
				want := "2020 2020-02-29 2020-03-01 1    9223372036854775808 7"
				if figures {
					want = "2020 2020-02-29 2020-03-01 1.5 1 2 n 9223372036854775808 7"
				}
				if got := wsTable(t, e, "SELECT year, period_start, period_end, value, value_low, value_high, note, subject, source_row FROM d0.observation"); !slices.Equal(got, []string{want}) {
					t.Errorf("plain columns %q, want %q", got, want)
				}
			})
		}
	}
}

// TestWriterNulls: what a row does not say is NULL, and only that.
func TestWriterNulls(t *testing.T) {
	w, e := wsWriter(t)
	l := &models.Layout{Constant: map[string]uint16{}, Columns: []string{"sex"}, Figures: true, Subjects: true}
	for _, c := range models.CodedColumns {
		if c != "sex" {
			n, err := w.Encode(c, wsPlain[c], "")
			if err != nil {
				t.Fatal(err)
			}
			l.Constant[c] = n
		}
	}
	if err := w.Start(l); err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	b := models.NewBatch(l)
	rows := []struct {
		year            int16
		start, end      models.Date
		value, low, hig float64
		note            string
		subject         uint64
		want            string
	}{
		{models.NoYear, models.NoDate, models.NoDate, nan, nan, nan, "", 0, "- - - - - - - - 1"},
		{2020, models.NewDate(2020, 1, 1), models.NewDate(2020, 12, 31), 0, 0, 0, "0", 1, "2020 2020-01-01 2020-12-31 0.0 0.0 0.0 0 1 2"},
		{models.NoYear, models.NewDate(2020, 1, 1), models.NoDate, nan, 5, nan, " ", 2, "- 2020-01-01 - - 5.0 -   2 3"},
		{models.NoYear, models.NoDate, models.NewDate(1969, 12, 31), nan, nan, 4, "ភាសាខ្មែរ", 3, "- - 1969-12-31 - - 4.0 ភាសាខ្មែរ 3 4"},
		{-5, 0, 0, -1.25, math.Inf(-1), math.Inf(1), "", math.MaxUint64, "-5 1970-01-01 1970-01-01 -1.25 -inf inf - 18446744073709551615 5"},
	}
	b.N = len(rows)
	for i, r := range rows {
		n, err := w.Encode("sex", models.Unknown, "")
		if err != nil {
			t.Fatal(err)
		}
		b.Codes[0][i], b.Year[i], b.Start[i], b.End[i], b.Row[i] = n, r.year, r.start, r.end, int64(i+1)
		b.Value[i], b.Low[i], b.High[i], b.Note[i], b.Subject[i] = r.value, r.low, r.hig, r.note, r.subject
	}
	if err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Write(&models.Batch{}); err != nil { // an empty batch is no end
		t.Fatal(err)
	}
	wsFinish(t, w)
	var cols []string
	for _, c := range []string{"year", "period_start", "period_end", "value", "value_low", "value_high", "note", "subject", "source_row"} {
		cols = append(cols, fmt.Sprintf("coalesce(%s::VARCHAR, '-')", c))
	}
	got := wsTable(t, e, "SELECT "+strings.Join(cols, ", ")+" FROM d0.observation ORDER BY source_row")
	for i, r := range rows {
		if got[i] != r.want {
			t.Errorf("row %d is %q, want %q", i+1, got[i], r.want)
		}
	}
	meta := wsTable(t, e, "SELECT value FROM d0.meta WHERE key = 'multi_year'")
	if !slices.Equal(meta, []string{"0"}) {
		t.Errorf("multi_year %q", meta)
	}
}

// TestWriterFirstAndLast: the dataset's days are those of its rows, whatever
// the order in which they come.
func TestWriterFirstAndLast(t *testing.T) {
	e, err := OpenMemory(t.Context(), wsCatalog(), Fill{Rows: func(w *Writer) (models.Dataset, error) {
		day := func(y int) models.Date { return models.NewDate(y, 1, 1) }
		rows := []wsRow{{row: 1}, {row: 2, start: day(2015), end: day(2016)}, {row: 3, start: day(2012), end: day(2013)}, {row: 4, start: models.NoDate, end: day(2019)}, {row: 5}}
		return models.Dataset{ID: "d"}, wsWrite(w, nil, false, rows)
	}}, Fill{Rows: func(w *Writer) (models.Dataset, error) {
		return models.Dataset{ID: "undated"}, wsWrite(w, nil, false, []wsRow{{row: 1}})
	}}, Fill{Rows: func(w *Writer) (models.Dataset, error) {
		return models.Dataset{ID: "nothing"}, wsWrite(w, nil, false, nil)
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	want := []string{"d 2012-01-01 2019-01-01", "undated  ", "nothing  "}
	for i, ds := range e.Datasets() {
		if got := fmt.Sprintf("%s %s %s", ds.ID, ds.First, ds.Last); got != want[i] {
			t.Errorf("%q, want %q", got, want[i])
		}
	}
	ans, err := wsAsk(t.Context(), e, "vic_identified where dataset=nothing")
	if err != nil || ans.Empty == "" {
		t.Errorf("a dataset without rows answers %v, %v", ans, err)
	}
}

// TestWriterManyTexts: a column may say few things in very many words; the
// words beyond the limit are not kept, the rows are.
func TestWriterManyTexts(t *testing.T) {
	w, e := wsWriter(t)
	first, err := w.Encode("sex", "F", "text 0")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[uint16]bool{first: true}
	for i := 1; i < maxTexts+5000; i++ {
		n, err := w.Encode("sex", []string{"F", "M"}[i%2], fmt.Sprint("text ", i))
		if err != nil {
			t.Fatalf("text %d: %v", i, err)
		}
		seen[n] = true
	}
	if len(seen) != maxTexts+2 { // F and M without a text
		t.Errorf("%d numbers for %d texts", len(seen), maxTexts+5000)
	}
	rows := []wsRow{{codes: map[string]string{"sex": "F|text 0"}, row: 1}, {codes: map[string]string{"sex": "F|text 64000"}, row: 2}, {codes: map[string]string{"sex": "M|text 59999"}, row: 3}}
	if err := wsWrite(w, nil, false, rows); err != nil {
		t.Fatal(err)
	}
	wsFinish(t, w)
	got := wsTable(t, e, "SELECT o.source_row, c.code FROM d0.observation o JOIN d0.code c ON c.dim = 'sex' AND c.n = o.sex ORDER BY 1")
	if want := []string{"1 F", "2 F", "3 M"}; !slices.Equal(got, want) {
		t.Errorf("codes %q, want %q", got, want)
	}
	f, err := readFile(t.Context(), e.db, "d0")
	if err != nil {
		t.Fatal(err)
	}
	if got := f.dict["sex"][first]; got.code != "F" || got.text != "text 0" {
		t.Errorf("number %d stands for %+v", first, got)
	}
}

// TestWriterTooManyCodes: a column with more different codes than numbers is
// refused with a sentence that names it; other columns go on.
func TestWriterTooManyCodes(t *testing.T) {
	w, _ := wsWriter(t, "x_name")
	defer w.Abort()
	seen := map[uint16]string{}
	var err error
	n := 0
	for ; err == nil && n < 70_000; n++ {
		code := fmt.Sprint("C", n)
		var k uint16
		if k, err = w.Encode("x_name", code, ""); err == nil {
			if o, twice := seen[k]; twice {
				t.Fatalf("%s and %s share the number %d", o, code, k)
			}
			seen[k] = code
		}
	}
	if n < 65_536 {
		t.Errorf("refused at code %d", n)
	}
	wsSentence(t, err, "x_name", "more than 65,000 different values", "Leave it out")
	var f *models.Finding
	if !errors.As(err, &f) || f.Severity != models.Refused || f.Do == "" {
		t.Errorf("%#v is no refusal", err)
	}
	if _, err := w.Encode("x_name", "C5", ""); err != nil {
		t.Errorf("a known code: %v", err)
	}
	if _, err := w.Encode("sex", "F", ""); err != nil {
		t.Errorf("another column: %v", err)
	}
}

// TestWriterSets: a value with several codes counts under each of them, and
// once in the total; multi takes it apart and original keeps its words.
func TestWriterSets(t *testing.T) {
	ws := wsNew(t)
	extra := []string{"x_tag"}
	l, err := ws.BeginLoad(t.Context(), "sets", extra, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	day := models.NewDate(2020, 5, 5)
	row := func(n int64, sex, expl, tag string) wsRow {
		return wsRow{row: n, start: day, end: day, codes: map[string]string{"sex": sex, "exploitation": expl, "x_tag": tag}}
	}
	rows := []wsRow{
		row(2, "F|girl", "SEX|forced sex work", "a"), row(3, "F", "LAB+SEX|both", "a+b"), row(4, "M|boy", "LAB", "b"), row(5, "M|man", "LAB+SEX|two", "c"), row(6, "_U|?", "_U|n/k", ""),
	}
	if err := wsWrite(l.Writer, extra, false, rows); err != nil {
		t.Fatal(err)
	}
	if err := l.Commit(t.Context(), models.Dataset{Title: "Sets"}, "", nil); err != nil {
		t.Fatal(err)
	}
	e := wsOpen(t, ws)
	for q, want := range map[string]map[string]string{
		"vic_identified by exploitation":                           {"SEX": "3", "LAB": "3", "_U": "1", "_T": "5"},
		"vic_identified by exploitation where sex=F":               {"SEX": "2", "LAB": "1", "_T": "2"},
		"vic_identified where exploitation=SEX":                    {"": "3"},
		"vic_identified where exploitation!=SEX":                   {"": "2"},
		"vic_identified where exploitation=SEX,LAB":                {"": "4"},
		"vic_identified by sex across exploitation where x_tag=b":  {"F/LAB": "1", "F/SEX": "1", "F/_T": "1", "M/LAB": "1", "M/SEX": "0", "M/_T": "1", "_T/LAB": "2", "_T/SEX": "1", "_T/_T": "2"},
		"vic_identified by x_tag":                                  {"a": "2", "b": "2", "c": "1", "_U": "1", "_T": "5"},
		"vic_identified where x_tag=_U":                            {"": "1"},
		"vic_identified by exploitation across year where sex=M,F": {"SEX/2020": "3", "LAB/2020": "3", "SEX/_T": "3", "LAB/_T": "3", "_T/2020": "4", "_T/_T": "4"},
	} {
		ans, err := wsAsk(t.Context(), e, q)
		if err != nil {
			t.Errorf("%s: %v", q, err)
		} else if got := wsCells(ans); !wsSame(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", q, got, want)
		}
	}
	multi, err := wsTryTable(t, e.db, `SELECT "row", dim, code FROM d0.multi ORDER BY ALL`)
	if want := []string{"2 x_tag a", "3 exploitation LAB", "3 exploitation SEX", "3 x_tag a", "3 x_tag b", "4 x_tag b", "5 exploitation LAB", "5 exploitation SEX", "5 x_tag c", "6 x_tag _U"}; err != nil || !slices.Equal(multi, want) {
		t.Errorf("multi %q (%v), want %q", multi, err, want)
	}
	original, err := wsTryTable(t, e.db, `SELECT "row", dim, code, text FROM d0.original ORDER BY ALL`)
	if want := []string{"2 exploitation SEX forced sex work", "2 sex F girl", "3 exploitation LAB+SEX both", "4 sex M boy", "5 exploitation LAB+SEX two", "5 sex M man", "6 exploitation _U n/k", "6 sex _U ?"}; err != nil || !slices.Equal(original, want) {
		t.Errorf("original %q (%v), want %q", original, err, want)
	}
}

// TestWriterViewsInMemory: the same views of a dataset without extras.
func TestWriterViewsInMemory(t *testing.T) {
	w, e := wsWriter(t)
	rows := []wsRow{{row: 1, codes: map[string]string{"exploitation": "LAB"}}, {row: 2, codes: map[string]string{"exploitation": "LAB+SEX|l;s"}}}
	if err := wsWrite(w, nil, false, rows); err != nil {
		t.Fatal(err)
	}
	wsFinish(t, w)
	if got := wsTable(t, e, `SELECT "row", dim, code FROM d0.multi ORDER BY ALL`); !slices.Equal(got, []string{"2 exploitation LAB", "2 exploitation SEX"}) {
		t.Errorf("multi %q", got)
	}
	if got := wsTable(t, e, `SELECT "row", dim, code, text FROM d0.original ORDER BY ALL`); !slices.Equal(got, []string{"2 exploitation LAB+SEX l;s"}) {
		t.Errorf("original %q", got)
	}
}

// TestWriterSubjects: where every row is a person of its own rows are counted,
// otherwise persons.
func TestWriterSubjects(t *testing.T) {
	row := func(n int64, indicator, nationality string, subject uint64) wsRow {
		return wsRow{row: n, subject: subject, start: models.NewDate(2020, 1, 1), end: models.NewDate(2020, 1, 1), codes: map[string]string{"indicator": indicator, "nationality": nationality}}
	}
	for _, tt := range []struct {
		name string
		rows []wsRow
		unit map[string]bool
		want map[string]map[string]string
	}{
		{"no subjects", []wsRow{row(1, "vic_identified", "VN", 0), row(2, "vic_identified", "KH", 0)},
			map[string]bool{"vic_identified": true}, map[string]map[string]string{"vic_identified": {"VN": "1", "KH": "1", "_T": "2"}}},
		{"each once", []wsRow{row(1, "vic_identified", "VN", 11), row(2, "vic_identified", "KH", 12), row(3, "vic_identified", "KH", 0)},
			map[string]bool{"vic_identified": true}, map[string]map[string]string{"vic_identified": {"VN": "1", "KH": "2", "_T": "3"}}},
		{"one twice", []wsRow{row(1, "vic_identified", "VN", 1001), row(2, "vic_identified", "KH", 1001), row(3, "vic_identified", "KH", 1002), row(4, "vic_identified", "KH", 0)},
			map[string]bool{"vic_identified": false}, map[string]map[string]string{"vic_identified": {"VN": "1", "KH": "3", "_T": "3"}}},
		{"in one indicator only", []wsRow{row(1, "vic_identified", "VN", 1001), row(2, "sus_arrested", "VN", 1001), row(3, "sus_arrested", "VN", 1001)},
			map[string]bool{"vic_identified": true, "sus_arrested": false},
			map[string]map[string]string{"vic_identified": {"VN": "1", "_T": "1"}, "sus_arrested": {"VN": "1", "_T": "1"}}},
		{"under two spellings of the indicator", []wsRow{row(1, "vic_identified|VICTIM", "VN", 1001), row(2, "vic_identified|Victim", "VN", 1001), row(3, "vic_identified|Victim", "KH", 1002)},
			map[string]bool{"vic_identified": false}, map[string]map[string]string{"vic_identified": {"VN": "1", "KH": "1", "_T": "2"}}},
		{"twice under the first of two spellings", []wsRow{row(1, "vic_identified|VICTIM", "VN", 1001), row(2, "vic_identified|VICTIM", "VN", 1001), row(3, "vic_identified|Victim", "KH", 1002)},
			map[string]bool{"vic_identified": false}, map[string]map[string]string{"vic_identified": {"VN": "1", "KH": "1", "_T": "2"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := OpenMemory(t.Context(), wsCatalog(), Fill{Rows: func(w *Writer) (models.Dataset, error) {
				return models.Dataset{ID: "d"}, wsWrite(w, nil, false, tt.rows)
			}})
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			for ind, want := range tt.unit {
				if got := e.files[0].rowIsUnit[ind]; got != want {
					t.Errorf("a row of %s is a person: %v, want %v", ind, got, want)
				}
			}
			for ind, want := range tt.want {
				ans, err := wsAsk(t.Context(), e, ind+" by nationality")
				if err != nil {
					t.Fatal(err)
				}
				if got := wsCells(ans); !wsSame(got, want) {
					t.Errorf("%s: got %v, want %v", ind, got, want)
				}
			}
		})
	}
}

// TestWriterSorts: rows lie in the order of indicator, year, place and
// nationality, so that a usual question reads few blocks.
func TestWriterSorts(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 4)
	e := wsOpen(t, ws)
	got := wsTable(t, e, "SELECT indicator, coalesce(year, -1), place, nationality FROM d0.observation ORDER BY rowid")
	key := func(s string) (k [4]int) {
		fmt.Sscan(s, &k[0], &k[1], &k[2], &k[3])
		return k
	}
	if len(got) != len(wsContent(4)) || !slices.IsSortedFunc(got, func(a, b string) int { ka, kb := key(a), key(b); return slices.Compare(ka[:], kb[:]) }) {
		t.Errorf("%d rows, not sorted", len(got))
	}
}

// TestWriterManyGoroutines: several workers encode and write at once, with
// legs beyond what waits in memory; nothing is lost or mixed up.
func TestWriterManyGoroutines(t *testing.T) {
	const workers, batches = 8, 12
	w, e := wsWriter(t)
	l := &models.Layout{Constant: map[string]uint16{}, Columns: []string{"nationality", "sex", "place"}, Figures: true, Subjects: true}
	for _, c := range models.CodedColumns {
		if !slices.Contains(l.Columns, c) {
			n, err := w.Encode(c, wsPlain[c], "")
			if err != nil {
				t.Fatal(err)
			}
			l.Constant[c] = n
		}
	}
	if err := w.Start(l); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for k := range workers {
		wg.Go(func() {
			for j := range batches {
				b := models.NewBatch(l)
				b.N = models.BatchSize - j // not all are full
				for i := range b.N {
					id := int64(k*batches+j)*models.BatchSize + int64(i)
					for c, code := range []string{fmt.Sprint("N", id%97), fmt.Sprint("S", id%7), fmt.Sprint("P", id%301)} {
						n, err := w.Encode(l.Columns[c], code, fmt.Sprint("t", id%11))
						if err != nil {
							t.Error(err)
							return
						}
						b.Codes[c][i] = n
					}
					b.Row[i], b.Subject[i], b.Value[i], b.Note[i] = id, uint64(id)+1, float64(id), fmt.Sprint("n", id)
					b.Low[i], b.High[i] = math.NaN(), math.NaN()
					b.Year[i], b.Start[i], b.End[i] = int16(2000+id%20), models.Date(id%1000), models.Date(id%1000)
					b.Legs = append(b.Legs, models.Leg{Row: id, Seq: uint16(i), Role: 1, Place: 2})
				}
				if err := w.Write(b); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	wsFinish(t, w)
	rows := workers * (batches*models.BatchSize - batches*(batches-1)/2)
	got := wsTable(t, e, `SELECT count(*), count(DISTINCT source_row), count(DISTINCT subject) FROM d0.observation`)
	if want := fmt.Sprint(rows, rows, rows); got[0] != want {
		t.Errorf("rows %s, want %s", got[0], want)
	}
	got = wsTable(t, e, `SELECT count(*) FROM d0.observation o
		JOIN d0.code n ON n.dim = 'nationality' AND n.n = o.nationality JOIN d0.code s ON s.dim = 'sex' AND s.n = o.sex JOIN d0.code p ON p.dim = 'place' AND p.n = o.place
		WHERE n.code = 'N' || (source_row % 97) AND s.code = 'S' || (source_row % 7) AND p.code = 'P' || (source_row % 301)
		AND n.text = 't' || (source_row % 11) AND value = source_row AND subject = source_row + 1 AND note = 'n' || source_row
		AND year = 2000 + source_row % 20 AND period_start = DATE '1970-01-01' + (source_row % 1000)::INT`)
	if got[0] != fmt.Sprint(rows) {
		t.Errorf("%s rows are whole, want %d", got[0], rows)
	}
	if got := wsTable(t, e, `SELECT count(*), count(DISTINCT "row") FROM d0.leg`); got[0] != fmt.Sprint(rows, rows) {
		t.Errorf("legs %s, want %d", got[0], rows)
	}
	f, err := readFile(t.Context(), e.db, "d0")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.dict["nationality"]); n != 97*11 || f.ds.First != 0 || f.ds.Last != 999 {
		t.Errorf("%d nationalities, %s to %s", n, f.ds.First, f.ds.Last)
	}
}

// TestWriterEnds: however a writer ends, it ends.
func TestWriterEnds(t *testing.T) {
	layout := func(w *Writer) *models.Layout {
		l, err := wsLayout(w, nil, false, false, nil)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, w *Writer)
	}{
		{"aborted at once", func(*testing.T, *Writer) {}},
		{"aborted after the start", func(t *testing.T, w *Writer) {
			if err := w.Start(layout(w)); err != nil {
				t.Fatal(err)
			}
		}},
		{"aborted after a start that failed", func(t *testing.T, w *Writer) {
			w.conn.Close()
			if err := w.Start(layout(w)); err == nil {
				t.Error("a writer without connection started")
			}
		}},
		{"aborted after an insert that failed", func(t *testing.T, w *Writer) {
			l := layout(w)
			delete(l.Constant, "sex") // neither constant nor in the rows
			if err := w.Start(l); err != nil {
				return
			}
			for {
				b := models.NewBatch(l)
				b.N = 1
				if err := w.Write(b); err != nil {
					return
				}
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, _ := wsWriter(t)
			wsDeadline(t, tt.name, func() { tt.do(t, w); w.Abort() })
		})
	}
}

// TestWriterThatCannotBegin leaves no connection behind, and what it says holds
// no statement.
func TestWriterThatCannotBegin(t *testing.T) {
	ws := wsNew(t)
	_, err := ws.BeginLoad(t.Context(), "people", []string{"x_a", "x_a"}, true, nil)
	wsSentence(t, err, "people", "tiplens")
	for _, word := range []string{"CREATE", "LINE", "SELECT", "x_a"} {
		if strings.Contains(err.Error(), word) {
			t.Errorf("%q holds %q", err, word)
		}
	}
	if left := wsFiles(t, ws.Dir); len(left) > 0 {
		t.Errorf("files are left: %v", left)
	}
	db, err := openPool(DefaultSettings.Load, "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := newWriter(t.Context(), db, "nowhere", nil); err == nil {
		t.Fatal("a writer without a database")
	}
	if n := db.Stats().InUse; n != 0 {
		t.Errorf("%d connections are still in use", n)
	}
}

// TestWriterCancelled: a load whose context ends stops taking rows.
func TestWriterCancelled(t *testing.T) {
	ws := wsNew(t)
	ctx, cancel := context.WithCancel(t.Context())
	l, err := ws.BeginLoad(ctx, "people", nil, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	layout, err := wsLayout(l.Writer, nil, false, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Start(layout); err != nil {
		t.Fatal(err)
	}
	wsDeadline(t, "a cancelled load", func() {
		for n := 0; ; n++ {
			b := models.NewBatch(layout)
			b.N = models.BatchSize
			if err := l.Write(b); err != nil {
				break
			}
			if n == 3 {
				cancel()
			}
		}
		l.Abandon()
	})
	if got := wsFiles(t, ws.Dir); len(got) > 0 {
		t.Errorf("left behind: %q", got)
	}
}

// TestWriterQuotes: codes, texts and paths with quotes in them stay what they
// are.
func TestWriterQuotes(t *testing.T) {
	ws, err := OpenWorkspace(filepath.Join(t.TempDir(), `it's a "work;space" %s`), true)
	if err != nil {
		t.Fatal(err)
	}
	extra := []string{`x_a"b'c`}
	rows := []wsRow{{row: 1, codes: map[string]string{"nationality": `O'Neill "x"; DROP TABLE code; --|it's`, extra[0]: "y"}}}
	l, err := ws.BeginLoad(t.Context(), "quotes", extra, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := wsWrite(l.Writer, extra, false, rows); err != nil {
		t.Fatal(err)
	}
	finding := models.Finding{Severity: models.Note, File: `a'b"c`, What: `x "y"`}
	if err := l.Commit(t.Context(), models.Dataset{Title: `T'"`}, `recipe: 'x'`, []models.Finding{finding}); err != nil {
		t.Fatal(err)
	}
	e := wsOpen(t, ws)
	if bad := e.Damaged(); len(bad) > 0 {
		t.Fatal(bad)
	}
	ans, err := wsAsk(t.Context(), e, "vic_identified by nationality")
	if err != nil || !wsSame(wsCells(ans), map[string]string{`O'Neill "x"; DROP TABLE code; --`: "1", "_T": "1"}) {
		t.Errorf("%v, %v", wsCells(ans), err)
	}
	fs, err := e.Findings(t.Context(), "quotes")
	if err != nil || len(fs) != 1 || fs[0] != finding || e.Datasets()[0].Title != `T'"` {
		t.Errorf("%+v, %v", fs, err)
	}
}
