package query

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"tiplens/models"
)

var wsUpdateFrozen = flag.Bool("update-frozen", false, "write the frozen workspace of the present schema anew; only before it is released")

// wsFrozenDir holds a workspace as a schema wrote it. Once released it is never
// rewritten: whatever comes later has to read it.
func wsFrozenDir(schema int) string { return fmt.Sprintf("../testdata/workspace-v%d", schema) }

// wsFrozenReleased is the last schema that was released.
const wsFrozenReleased = 1

// wsEachSchema runs a test on the frozen workspace of every schema.
func wsEachSchema(t *testing.T, test func(t *testing.T, schema int)) {
	for schema := 1; schema <= Schema; schema++ {
		t.Run(fmt.Sprintf("schema %d", schema), func(t *testing.T) { test(t, schema) })
	}
}

// wsFrozenRows are the observations of the frozen file. Its README counts them
// by hand.
func wsFrozenRows() []wsRow {
	day := models.NewDate
	person := func(row int64, subject uint64, start, end models.Date, codes ...string) wsRow {
		r := wsRow{row: row, subject: subject, start: start, end: end, value: 1, codes: map[string]string{}}
		for i, c := range []string{"nationality", "sex", "place", "origin", "destination", "exploitation", "x_shelter"} {
			r.codes[c] = codes[i]
		}
		return r
	}
	rows := []wsRow{
		person(2, 101, day(2019, 3, 5), day(2019, 3, 5), "VN|Vietnamese", "F", "KH-12|Phnom Penh", "VN", "KH", "SEX", "A"),
		person(3, 101, day(2019, 3, 5), day(2019, 3, 5), "VN|Viet Nam", "F", "KH-12|Phnom Penh", "VN", "KH", "LAB", "A"),
		person(4, 102, day(2020, 6, 1), day(2020, 6, 30), "KH", "M", "KH-1", "KH-1", "TH", "LAB", "B"),
		person(5, 103, day(2020, 1, 1), day(2020, 12, 31), "KH", "F", "KH-1", "KH-1", "TH", "LAB+SEX", "B"),
		person(6, 104, day(2021, 2, 2), day(2021, 2, 2), "TH", "F", "KH-12", "TH", "KH", "SEX", "A"),
		person(7, 0, day(2021, 5, 1), day(2021, 5, 1), "_U", "M", "KH|Cambodia", "_U", "_U", "_U", "_U"),
		person(8, 105, 0, 0, "VN", "M", "KH-12", "VN", "KH", "_U", "_U"),
		person(9, 106, day(2020, 7, 1), day(2021, 6, 30), "VN", "F", "KH-1", "VN", "KH", "_U", "A"),
		person(10, 107, day(2021, 9, 9), day(2021, 9, 9), "KH", "M", "KH-12", "_U", "_U", "_U", "_U"),
	}
	rows[2].legs = []wsLeg{{"recruitment", "KH-1"}, {"transit", "KH-12"}, {"transit", "VN"}}
	rows[8].codes["indicator"] = "sus_arrested"
	figure := func(row int64, y int, nationality, sex string, value, low, high float64, note string) wsRow {
		r := wsRow{row: row, start: day(y, 1, 1), end: day(y, 12, 31), value: value, low: low, high: high, note: note, codes: map[string]string{
			"grain": "figure", "indicator": "sus_convicted", "agency": "KH.NCCT", "nationality": nationality, "sex": sex, "place": "_T",
			"origin": "_T", "destination": "_T", "exploitation": "_T", "x_shelter": "_T", "place_role": "_Z", "document": "Report of the year",
		}}
		if note != "" {
			r.codes["qualifier"] = "at least"
		}
		return r
	}
	return append(rows,
		figure(20, 2020, "_T", "_T", 12, 0, 0, ""),
		figure(21, 2020, "_T", "F", 5, 0, 0, ""),
		figure(22, 2020, "VN", "_T", 0, 1, 4, ""),
		figure(23, 2021, "_T", "_T", 9, 0, 0, "some courts are missing"),
	)
}

// wsFrozenHeld are the rows that the frozen file of schema 2 holds back.
var wsFrozenHeld = []models.HeldRow{
	{Row: 12, Column: "when", What: `"soon" is no date`, Why: "the text is no date", Subject: 108, Cells: []string{"soon", "Kandal"}},
	{Row: 11, What: "there is 1 field where the header has 2", Why: "the row has not as many fields as the header"},
}

// TestWorkspaceFrozenWrite makes the frozen workspace when asked to.
func TestWorkspaceFrozenWrite(t *testing.T) {
	if !*wsUpdateFrozen {
		t.Skip("-update-frozen is not given")
	}
	if Schema <= wsFrozenReleased {
		t.Fatal("this schema is released: its frozen file stays as it is; freeze the new schema beside it")
	}
	dir := wsFrozenDir(Schema)
	for _, sub := range []string{"datasets", "manifest.json", "manifest.lock", "tmp"} {
		if err := os.RemoveAll(filepath.Join(dir, sub)); err != nil {
			t.Fatal(err)
		}
	}
	ws, err := OpenWorkspace(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	extra := []string{"x_shelter"}
	l, err := ws.BeginLoad(t.Context(), "frozen", extra, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := wsWrite(l.Writer, extra, true, wsFrozenRows()); err != nil {
		t.Fatal(err)
	}
	l.layout.Source = []string{"when", "where"}
	if err := l.Hold(wsFrozenHeld); err != nil {
		t.Fatal(err)
	}
	ds := models.Dataset{
		Title: "Frozen", Producer: "tests", Definition: "invented", Dedup: models.DedupNone, Sensitivity: "public", Synthetic: true,
		Recipe: "by hand", File: "frozen.csv", SHA256: "0123", Rows: 15, Taken: 13, Held: 2,
	}
	err = l.Commit(t.Context(), ds, "recipe: by hand\n", []models.Finding{
		{Severity: models.Note, File: "frozen.csv", Column: "name", What: "left out", Do: "Nothing"},
		{Severity: models.Held, Kind: models.KindHeld, File: "frozen.csv", Sheet: "1", Row: 11, Count: 2, What: "no date"},
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(ws.VersionPath("frozen", 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "v0001.duckdb.gz"), wsPacked(t, b), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"manifest.lock", "tmp", "datasets"} {
		if err := os.RemoveAll(filepath.Join(dir, f)); err != nil {
			t.Fatal(err)
		}
	}
}

func wsPacked(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// wsUnpacked is the frozen version file, byte for byte.
func wsUnpacked(t *testing.T, schema int) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join(wsFrozenDir(schema), "v0001.duckdb.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// wsThaw makes a workspace of the frozen files, so that opening it leaves no
// trace in testdata.
func wsThaw(t *testing.T, schema int) *Workspace {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "ws")
	manifest, err := os.ReadFile(filepath.Join(wsFrozenDir(schema), "manifest.json"))
	if err == nil {
		err = os.MkdirAll(filepath.Join(dir, "datasets", "frozen"), 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "manifest.json"), manifest, 0o600)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "datasets", "frozen", "v0001.duckdb"), wsUnpacked(t, schema), 0o400)
	}
	if err != nil {
		t.Fatal(err)
	}
	ws, err := OpenWorkspace(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

func TestWorkspaceFrozen(t *testing.T) { wsEachSchema(t, frozenAnswers) }

func frozenAnswers(t *testing.T, schema int) {
	ws := wsThaw(t, schema)
	e := wsOpen(t, ws)
	if bad := e.Damaged(); len(bad) > 0 {
		t.Fatal(bad)
	}
	for _, tt := range []struct {
		ask  string
		want map[string]string
	}{
		{"vic_identified", map[string]string{"": "7"}},
		{"vic_identified by nationality", map[string]string{"VN": "3", "KH": "2", "TH": "1", "_U": "1", "_T": "7"}},
		{"vic_identified by year", map[string]string{"2019": "1", "2020": "2", "2021": "2", "_U": "2", "_T": "7"}},
		{"vic_identified where year=2020", map[string]string{"": "2"}},
		{"vic_identified where year=2019..2021", map[string]string{"": "6"}},
		{"vic_identified by place where nationality=VN", map[string]string{"KH-12": "2", "KH-1": "1", "_T": "3"}},
		{"vic_identified where place=KH", map[string]string{"": "7"}},
		{"vic_identified where place=KH-1", map[string]string{"": "3"}},
		{"vic_identified by exploitation", map[string]string{"SEX": "3", "LAB": "3", "_U": "3", "_T": "7"}},
		{"vic_identified by sex across year where year=2020,2021", map[string]string{
			"F/2020": "1", "M/2020": "1", "F/2021": "1", "M/2021": "1", "F/_T": "2", "M/_T": "2", "_T/2020": "2", "_T/2021": "2", "_T/_T": "4"}},
		{"vic_identified flow origin to destination", map[string]string{"VN/KH": "3", "KH/TH": "2", "TH/KH": "1", "_U/_U": "1", "_T/_T": "7"}},
		{"vic_identified by x_shelter", map[string]string{"A": "3", "B": "2", "_U": "2", "_T": "7"}},
		{"vic_identified where nationality!=VN,_U", map[string]string{"": "3"}},
		{"sus_arrested by year", map[string]string{"2021": "1", "_T": "1"}},
		{"sus_convicted where year=2020", map[string]string{"": "12"}},
		{"sus_convicted by sex where year=2020", map[string]string{"F": "5", "_X": "7", "_T": "12"}},
		{"sus_convicted where nationality=VN year=2020", map[string]string{"": "[1,4]"}},
		{"sus_convicted where year=2021", map[string]string{"": "[9,+Inf]"}},
		{"vic_identified at frozen@1", map[string]string{"": "7"}},
	} {
		ans, err := wsAsk(t.Context(), e, tt.ask)
		if err != nil {
			t.Errorf("%s: %v", tt.ask, err)
			continue
		}
		if got := wsCells(ans); !wsSame(got, tt.want) {
			t.Errorf("%s:\n got %v\nwant %v", tt.ask, got, tt.want)
		}
		if !ans.Training {
			t.Errorf("%s: the answer does not say that it is invented", tt.ask)
		}
	}
}

func wsSame(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

func TestWorkspaceFrozenDescription(t *testing.T) { wsEachSchema(t, frozenDescription) }

func frozenDescription(t *testing.T, schema int) {
	ws := wsThaw(t, schema)
	e := wsOpen(t, ws)
	all := e.Datasets()
	if len(all) != 1 {
		t.Fatalf("%d datasets", len(all))
	}
	ds := all[0]
	if ds.ID != "frozen" || ds.Version != 1 || ds.Title != "Frozen" || ds.Taken != 13 || !ds.Synthetic || ds.Dedup != models.DedupNone ||
		ds.First.String() != "2019-03-05" || ds.Last.String() != "2021-12-31" || !slices.Equal(ds.Extra, []string{"x_shelter"}) {
		t.Errorf("%+v", ds)
	}
	fs, err := e.Findings(t.Context(), "frozen")
	if err != nil || len(fs) != 2 || fs[0].Column != "name" || fs[1].Row != 11 || fs[1].Count != 2 || fs[1].Severity != models.Held {
		t.Errorf("%+v, %v", fs, err)
	}
	h, err := e.Held(t.Context(), "frozen")
	switch {
	case err != nil:
		t.Error(err)
	case schema == 1 && (len(h.Rows) != 0 || len(h.Columns) != 0 || fs[1].Kind != ""):
		t.Errorf("schema 1 holds %+v, %+v", h, fs[1])
	case schema >= 2 && (!slices.Equal(h.Columns, []string{"when", "where"}) || len(h.Rows) != 2 || !reflect.DeepEqual(h.Rows[1], wsFrozenHeld[0]) || !reflect.DeepEqual(h.Rows[0], wsFrozenHeld[1]) || fs[1].Kind != models.KindHeld):
		t.Errorf("held are %+v, %+v", h, fs[1])
	}
	if got := wsTable(t, e, `SELECT "row", seq, r.code, p.code FROM d0.leg JOIN d0.code r ON r.dim = 'leg_role' AND r.n = role JOIN d0.code p ON p.dim = 'leg_place' AND p.n = place ORDER BY 1, 2`); !slices.Equal(got, []string{"4 0 recruitment KH-1", "4 1 transit KH-12", "4 2 transit VN"}) {
		t.Errorf("legs %q", got)
	}
	if got := wsTable(t, e, `SELECT "row", dim, code FROM d0.multi WHERE dim = 'exploitation' ORDER BY ALL`); !slices.Equal(got, []string{"5 exploitation LAB", "5 exploitation SEX"}) {
		t.Errorf("multi %q", got)
	}
	if got := wsTable(t, e, `SELECT "row", dim, code, text FROM d0.original ORDER BY ALL`); !slices.Equal(got, []string{
		"2 nationality VN Vietnamese", "2 place KH-12 Phnom Penh", "3 nationality VN Viet Nam", "3 place KH-12 Phnom Penh", "7 place KH Cambodia"}) {
		t.Errorf("original %q", got)
	}
	// A load on top of the frozen version works, and the old one stays.
	if v := wsLoad(t, ws, "frozen", 1); v != 2 {
		t.Errorf("the next version is %d", v)
	}
	old := wsOpen(t, ws, models.Version{Dataset: "frozen", N: 1})
	ans, err := wsAsk(t.Context(), old, "vic_identified")
	if err != nil || !wsSame(wsCells(ans), map[string]string{"": "7"}) {
		t.Errorf("%v, %v", ans, err)
	}
}

// TestWorkspaceFrozenUntouched: reading a version file changes no byte of it.
func TestWorkspaceFrozenUntouched(t *testing.T) { wsEachSchema(t, frozenUntouched) }

func frozenUntouched(t *testing.T, schema int) {
	ws := wsThaw(t, schema)
	e := wsOpen(t, ws)
	if _, err := wsAsk(t.Context(), e, "vic_identified by nationality"); err != nil {
		t.Fatal(err)
	}
	e.Close()
	if got, err := os.ReadFile(ws.VersionPath("frozen", 1)); err != nil || !bytes.Equal(got, wsUnpacked(t, schema)) {
		t.Errorf("the version file was changed (%v)", err)
	}
	if got := wsFiles(t, ws.Dir); !slices.Equal(got, []string{"datasets/frozen/v0001.duckdb", "manifest.json"}) {
		t.Errorf("left behind: %q", got)
	}
}
