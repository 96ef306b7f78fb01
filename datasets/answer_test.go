package datasets

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

func written(t *testing.T, a *models.Answer, format string) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteAnswer(&b, a, format); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func header(kind models.HeaderKind, code, label string) models.Header {
	return models.Header{Kind: kind, Codes: []string{code}, Labels: []string{label}}
}

var ncct = models.Source{Agency: "KH.NCCT", AgencyName: "National Committee", Dataset: "ncct", Version: 3, Title: "Yearly report", Scope: "excl_scam",
	Grain: models.Figure, File: "ncct.csv", SHA256: "ab12"}

func question(t *testing.T, text string) (asked, pinned models.Slice) {
	t.Helper()
	asked, err := models.ParseSlice(text, Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	pinned = asked.Clone()
	pinned.At = []models.Version{{Dataset: "ncct", N: 3}}
	return asked, pinned
}

// everyState is an answer made by hand that holds a cell of every kind.
func everyState(t *testing.T) *models.Answer {
	t.Helper()
	asked, pinned := question(t, "vic_rescued by province across year where year=2024..2025")
	about := models.Number(1310)
	about.About = true
	cut := models.Number(37)
	cut.SetStatus("B")
	cut.SetNotes([]models.Remark{{Rule: "W-20", Text: "a break"}})
	part := models.Number(5)
	part.SetPart("2025 Jan-May")
	return &models.Answer{
		Slice: asked, Pinned: pinned, Title: "Persons removed from exploitation by province", Unit: "persons", Audience: "internal",
		RowAxes: asked.By, ColAxes: asked.Across,
		Blocks: []models.Block{{
			Source: ncct, Indicator: "vic_rescued",
			Rows: []models.Header{
				header(models.CodeHeader, "KH-1", "Banteay Meanchey"), header(models.CodeHeader, "KH-12", "Phnom Penh"), header(models.CodeHeader, "KH-18", "Preah Sihanouk"),
				header(models.NotStated, "_U", "Not stated"), header(models.TotalHeader, "_T", "Total"),
			},
			Cols: []models.Header{header(models.CodeHeader, "2024", "2024"), header(models.CodeHeader, "2025", "2025")},
			Cells: [][]models.Cell{
				{models.Number(12), models.Between(1, 4)},
				{models.Number(0), {}},
				{{State: models.Withheld}, {State: models.NotApply}},
				{cut, part},
				{about, models.Between(2285, math.Inf(1))},
			},
			Unstated: map[string]float64{"place": 0.125, "sex": 0},
		}},
		Warnings:  []models.Remark{{Rule: "W-11", Text: "scam cases are left out"}},
		Footnotes: []models.Remark{{Rule: "W-20", Text: "a break in 2024"}, {Text: "read with care"}},
		Sources:   []models.Source{ncct},
	}
}

func TestWriteText(t *testing.T) {
	const want = `INTERNAL - exact - Persons removed from exploitation by province
! W-11: scam cases are left out

place               2024              2025
Banteay Meanchey      12                <5
Phnom Penh             0                ..
Preah Sihanouk         *                 -
Not stated           37B  5 (2025 Jan-May)
Total             ~1,310           >=2,285

W-20: a break in 2024
read with care
place not stated for 12.5 % (ncct).
Source: KH.NCCT, National Committee; Yearly report (ncct@3), figures; scope: excl scam
Slice: vic_rescued by province across year where year=2024..2025 at ncct@3
`
	if got := written(t, everyState(t), "text"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A value only where one number is known; nothing above "at least"; what warns
// of the whole answer stands with every cell (design, section 6).
func TestWriteCSV(t *testing.T) {
	const want = `agency,dataset,place,year,value,low,high,state,flags
KH.NCCT,ncct,KH-1,2024,12,12,12,value,W-11;INTERNAL
KH.NCCT,ncct,KH-1,2025,,1,4,bound,W-11;INTERNAL
KH.NCCT,ncct,KH-12,2024,0,0,0,zero,W-11;INTERNAL
KH.NCCT,ncct,KH-12,2025,,,,nodata,W-11;INTERNAL
KH.NCCT,ncct,KH-18,2024,,,,withheld,W-11;INTERNAL
KH.NCCT,ncct,KH-18,2025,,,,na,W-11;INTERNAL
KH.NCCT,ncct,_U,2024,37,37,37,unstated,status=B;W-11;W-20;INTERNAL
KH.NCCT,ncct,_U,2025,5,5,5,unstated,period=2025 Jan-May;W-11;INTERNAL
KH.NCCT,ncct,_T,2024,1310,1310,1310,value,about;W-11;INTERNAL
KH.NCCT,ncct,_T,2025,,2285,,bound,W-11;INTERNAL
`
	if got := written(t, everyState(t), "csv"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Of several things side by side each table says which it is, and so does every
// line of CSV and JSON.
func TestWriteBeside(t *testing.T) {
	a := everyState(t)
	a.Blocks[0].Title, a.Blocks[0].Part = "Persons removed from exploitation (persons)", "vic_rescued"
	b := a.Blocks[0]
	b.Title, b.Part = "Persons arrested (sex Female) (persons)", "sus_arrested[sex=F]"
	a.Blocks = append(a.Blocks, b)
	for format, says := range map[string][]string{
		"text": {"\nPersons removed from exploitation (persons); KH.NCCT, National Committee; Yearly", "\nPersons arrested (sex Female) (persons); KH.NCCT, National Committee; Yearly"},
		"md":   {"\nPersons removed from exploitation (persons); KH.NCCT", "\nPersons arrested (sex Female) (persons); KH.NCCT"},
		"csv":  {"\nKH.NCCT,ncct,KH-1,2024,12,12,12,value,part=vic_rescued;W-11;INTERNAL\n", "\nKH.NCCT,ncct,KH-1,2024,12,12,12,value,part=sus_arrested[sex=F];W-11;INTERNAL\n"},
		"json": {`"flags": "part=vic_rescued;W-11;INTERNAL"`, `"flags": "part=sus_arrested[sex=F];W-11;INTERNAL"`},
	} {
		got := written(t, a, format)
		for _, s := range says {
			if !strings.Contains(got, s) {
				t.Errorf("%s does not say %q:\n%s", format, s, got)
			}
		}
	}
}

func TestWriteMarkdown(t *testing.T) {
	const want = `**INTERNAL - exact - Persons removed from exploitation by province**

! W-11: scam cases are left out

| place | 2024 | 2025 |
|---|---:|---:|
| Banteay Meanchey | 12 | &lt;5 |
| Phnom Penh | 0 | .. |
| Preah Sihanouk | * | - |
| Not stated | 37B | 5 (2025 Jan-May) |
| Total | ~1,310 | >=2,285 |
`
	got := written(t, everyState(t), "md")
	if !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant it to begin with\n%s", got, want)
	}
	for _, line := range []string{"W-20: a break in 2024", "read with care", "Slice: vic_rescued by province across year where year=2024..2025 at ncct@3"} {
		if !strings.Contains(got, "\n\n"+line+"\n\n") {
			t.Errorf("%q is no paragraph of its own in\n%s", line, got)
		}
	}
}

// object is an answer read back from JSON.
type object struct {
	Slice, Pinned, Title, Unit, Audience, Empty string
	Training                                    bool
	Refusals                                    []models.Refusal
	Warnings, Footnotes                         []models.Remark
	Sources                                     []models.Source
	Cells                                       []map[string]any
}

func readJSON(t *testing.T, a *models.Answer) object {
	t.Helper()
	var o object
	if err := json.Unmarshal([]byte(written(t, a, "json")), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestWriteJSON(t *testing.T) {
	a := everyState(t)
	o := readJSON(t, a)
	if o.Slice != a.Slice.String() || o.Pinned != a.Pinned.String() || o.Title != "INTERNAL - exact - "+a.Title || o.Unit != "persons" || o.Audience != "internal" || o.Training {
		t.Errorf("the head is %+v", o)
	}
	if len(o.Warnings) != 1 || len(o.Footnotes) != 2 || len(o.Sources) != 1 || o.Sources[0] != ncct {
		t.Errorf("what goes with it is %+v", o)
	}
	// The cells are those of the CSV, column by column.
	rows, err := csv.NewReader(strings.NewReader(written(t, a, "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Cells) != len(rows)-1 {
		t.Fatalf("%d cells, and %d in CSV", len(o.Cells), len(rows)-1)
	}
	for i, c := range o.Cells {
		for k, column := range rows[0] {
			want := rows[i+1][k]
			got, there := c[column]
			switch v := got.(type) {
			case float64:
				if plainNumber(v) != want {
					t.Errorf("cell %d: %s is %v, in CSV %s", i, column, v, want)
				}
			case string:
				if v != want {
					t.Errorf("cell %d: %s is %q, in CSV %q", i, column, v, want)
				}
			default:
				if there || want != "" {
					t.Errorf("cell %d: %s is %v, in CSV %q", i, column, got, want)
				}
			}
		}
	}
	if text := written(t, a, "json"); strings.Contains(text, `\u003c`) {
		t.Error("signs are escaped as if for a web page")
	}
}

// An empty answer names the filter that empties it, and a program that reads
// CSV still finds its columns.
func TestWriteEmptyAnswer(t *testing.T) {
	asked, _ := question(t, "vic_rescued flow origin to destination by sex where nationality=VN percent of total")
	a := &models.Answer{Slice: asked, Title: "Persons removed", Audience: "internal", RowAxes: append([]models.Axis{asked.From, asked.To}, asked.By...),
		Empty: "Nothing meets nationality Viet Nam."}
	for format, want := range map[string]string{
		"csv":  "agency,dataset,origin,destination,sex,value,low,high,state,flags,count\n",
		"text": "INTERNAL - exact - Persons removed\nNothing meets nationality Viet Nam.\n",
		"md":   "**INTERNAL - exact - Persons removed**\n\nNothing meets nationality Viet Nam.\n",
	} {
		if got := written(t, a, format); got != want {
			t.Errorf("%s gives\n%q\nwant\n%q", format, got, want)
		}
	}
	if o := readJSON(t, a); o.Empty != a.Empty || o.Cells == nil || len(o.Cells) != 0 {
		t.Errorf("JSON gives %+v, want no cells in a list", o)
	}
}

// A refusal is the rule, one sentence and the way out, in every form.
func TestWriteRefusal(t *testing.T) {
	asked, _ := question(t, "vic_rescued + vic_referred")
	a := &models.Answer{Slice: asked, Title: "Rescued and referred", Audience: "internal", Refusals: []models.Refusal{
		{Rule: "W-04", Why: "609 and 63 are the same people at different steps.", Ways: []models.WayOut{{Label: "side by side", Slice: "vic_rescued ; vic_referred"}}}}}
	for _, format := range []string{"text", "md", "json"} {
		got := written(t, a, format)
		for _, w := range []string{"W-04", "609 and 63", "side by side", "vic_rescued ; vic_referred"} {
			if !strings.Contains(got, w) {
				t.Errorf("%s does not say %q:\n%s", format, w, got)
			}
		}
	}
	if got := written(t, a, "csv"); got != "agency,dataset,value,low,high,state,flags\n" {
		t.Errorf("CSV gives %q, want only a header: a refused sum has no number", got)
	}
}

// Invented numbers say so in every title and in every line.
func TestWriteTraining(t *testing.T) {
	a := everyState(t)
	a.Training = true
	for _, format := range []string{"text", "md"} {
		first, _, _ := strings.Cut(written(t, a, format), "\n")
		if !strings.Contains(first, "TRAINING") || strings.Contains(first, "INTERNAL") {
			t.Errorf("the title in %s is %q", format, first)
		}
	}
	lines := strings.Split(strings.TrimSpace(written(t, a, "csv")), "\n")
	for _, l := range lines[1:] {
		if !strings.HasSuffix(l, ";TRAINING") || strings.Contains(l, "INTERNAL") {
			t.Errorf("a line of CSV is %s", l)
		}
	}
	if o := readJSON(t, a); !o.Training {
		t.Error("JSON does not say it")
	}
}

// Percentages carry the count behind them, and bounds stay bounds.
func TestWritePercent(t *testing.T) {
	asked, _ := question(t, "vic_rescued by sex where year=2025 percent of total")
	share := models.Number(40.5583)
	share.Form, share.Count, share.Base = models.Percent, 247, 609
	some := models.Between(0.1642, 0.6568)
	some.Form = models.Percent
	a := &models.Answer{Slice: asked, Title: "Persons removed", Audience: "internal", RowAxes: asked.By, Blocks: []models.Block{{
		Source: ncct, Rows: []models.Header{header(models.CodeHeader, "F", "Female"), header(models.CodeHeader, "M", "Male")}, Cols: []models.Header{{}},
		Cells: [][]models.Cell{{share}, {some}},
	}}}
	const want = `agency,dataset,sex,value,low,high,state,flags,count
KH.NCCT,ncct,F,40.5583,40.5583,40.5583,value,INTERNAL,247
KH.NCCT,ncct,M,,0.1642,0.6568,bound,INTERNAL,
`
	if got := written(t, a, "csv"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := written(t, a, "text"); !strings.Contains(got, "\nFemale     40.6\nMale    0.2-0.7\n") {
		t.Errorf("got\n%s", got)
	}
}

// Several sources stand one after the other, each under its own name, and in
// CSV each line says whose it is.
func TestWriteSeveralSources(t *testing.T) {
	a := everyState(t)
	other := a.Blocks[0]
	other.Source.Agency, other.Source.AgencyName, other.Source.Dataset, other.Source.Version, other.Source.Title = "KH.NP", "National Police", "np", 1, "Monthly list"
	other.Source.Grain, other.Source.Dedup, other.Source.Scope = models.Record, models.DedupWithin, ""
	other.Rows, other.Cells = other.Rows[:1], [][]models.Cell{{models.Number(7), models.Number(8)}}
	other.Unstated = nil
	a.Blocks = append(a.Blocks, other)
	text := written(t, a, "text")
	for _, line := range []string{
		"\nKH.NCCT, National Committee; Yearly report (ncct@3), figures; scope: excl scam\nplace ",
		"\nKH.NP, National Police; Monthly list (np@1), records; de-duplication: within agency\nplace             2024  2025\nBanteay Meanchey     7     8\n",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("%q is not in\n%s", line, text)
		}
	}
	if got := written(t, a, "csv"); strings.Count(got, "agency,dataset") != 1 || !strings.HasSuffix(got, "KH.NP,np,KH-1,2024,7,7,7,value,W-11;INTERNAL\nKH.NP,np,KH-1,2025,8,8,8,value,W-11;INTERNAL\n") {
		t.Errorf("CSV gives\n%s", got)
	}
}

// kept is an answer by a kept column, whose codes are whatever a file held.
func kept(t *testing.T, code string) *models.Answer {
	t.Helper()
	axis := models.Axis{Dim: "x_line"}
	return &models.Answer{
		Slice: models.Slice{Parts: []models.Item{{Indicator: "vic_rescued"}}, By: []models.Axis{axis}}, Title: "Persons removed", Audience: "internal", RowAxes: []models.Axis{axis},
		Blocks: []models.Block{{Source: ncct, Rows: []models.Header{header(models.CodeHeader, code, code)}, Cols: []models.Header{{}}, Cells: [][]models.Cell{{models.Number(-274)}}}},
	}
}

// A cell that a spreadsheet would run as a formula is made text; a negative
// number stays a number.
func TestWriteCSVGuardsAgainstFormulas(t *testing.T) {
	for _, tt := range []struct{ code, want string }{
		{"=cmd|'/c calc'!A0", "'=cmd|'/c calc'!A0"}, {"+1", "'+1"}, {"-1", "'-1"}, {"@SUM(1)", "'@SUM(1)"}, {"\tx", "'\tx"}, {"\rx", "'\rx"},
		{"plain", "plain"}, {"a=b", "a=b"}, {"", ""}, {"_U", "_U"}, {`say "no", twice`, `say "no", twice`}, {"កណ្ដាល", "កណ្ដាល"},
	} {
		rows, err := csv.NewReader(strings.NewReader(written(t, kept(t, tt.code), "csv"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := rows[1]; got[2] != tt.want || got[3] != "-274" {
			t.Errorf("%q is written as %q with the value %q, want %q and -274", tt.code, got[2], got[3], tt.want)
		}
	}
	a := kept(t, "x")
	a.Blocks[0].Source.Agency, a.Blocks[0].Source.Dataset = "=HYPERLINK(1)", "@evil"
	if got := written(t, a, "csv"); !strings.Contains(got, "\n'=HYPERLINK(1),'@evil,") {
		t.Errorf("agency and dataset are not guarded:\n%s", got)
	}
}

// A label cannot end a cell of a Markdown table, nor bring in HTML.
func TestWriteMarkdownEscapes(t *testing.T) {
	for _, tt := range []struct{ code, want string }{
		{"a|b", `a\|b`}, {"<script>x", "&lt;script>x"}, {"a\nb", "a b"}, {`a\|b`, `a\\\|b`}, {`a\`, `a\\`},
	} {
		got := written(t, kept(t, tt.code), "md")
		if !strings.Contains(got, "\n| "+tt.want+" | -274 |\n") {
			t.Errorf("%q is written in\n%s\nwant it as %s", tt.code, got, tt.want)
		}
	}
}

// The words of the column state are a fixed list, on which programs rely.
func TestCSVStatesAreThoseOfTheDesign(t *testing.T) {
	list := []string{"value", "zero", "nodata", "na", "unstated", "withheld", "bound"}
	a := everyState(t)
	// A total that would be a wrong sum: nothing is asked there, and a rule says why.
	a.Blocks[0].Cells[4][0] = models.Cell{State: models.Blank}
	a.Blocks[0].Cells[4][0].SetNotes([]models.Remark{{Rule: "W-05", Text: "periods overlap"}})
	a.Blocks[0].Cells[4][1] = models.Cell{State: models.Blank}
	rows, err := csv.NewReader(strings.NewReader(written(t, a, "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		if !slices.Contains(list, r[7]) {
			t.Errorf("the state of %v is %q, want one of %v", r[2:4], r[7], list)
		}
	}
}

func TestWriteUnknownFormat(t *testing.T) {
	var b bytes.Buffer
	err := WriteAnswer(&b, everyState(t), "docx")
	if err == nil || b.Len() > 0 {
		t.Fatalf("docx is written, %d bytes", b.Len())
	}
	for _, w := range append([]string{"docx"}, Formats...) {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error %q does not say %q", err, w)
		}
	}
}

// Columns line up in a terminal that counts cells, whatever the script.
func TestWriteTextLinesUp(t *testing.T) {
	a := kept(t, "កណ្ដាល")
	a.Blocks[0].Rows = append(a.Blocks[0].Rows, header(models.CodeHeader, "柬埔寨", "柬埔寨"), header(models.OtherHeader, "", "Other"))
	a.Blocks[0].Rows[2].Folded = 12
	a.Blocks[0].Cells = append(a.Blocks[0].Cells, []models.Cell{models.Number(1)}, []models.Cell{models.Number(2)})
	lines := strings.Split(written(t, a, "text"), "\n")[2:6]
	for _, l := range lines[1:] {
		if textWidth(l) != textWidth(lines[1]) {
			t.Errorf("%q is %d cells wide, %q %d", l, textWidth(l), lines[1], textWidth(lines[1]))
		}
	}
	if !strings.HasPrefix(lines[3], "Other (12)") {
		t.Errorf("the row of the others is %q", lines[3])
	}
}
