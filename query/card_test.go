package query_test

import (
	"context"
	"strings"
	"testing"

	"tiplens/models"
	"tiplens/query"
)

func card(t *testing.T, e *query.Engine, slice string) *models.Card {
	t.Helper()
	a := ask(t, e, slice)
	if a.Numbers() != 1 {
		t.Fatalf("%s has %d numbers", slice, a.Numbers())
	}
	c, err := e.Card(context.Background(), a, models.CellRef{Col: a.Blocks[0].ValueColumn()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCardSentences: the sentence of a card can be said as it stands.
func TestCardSentences(t *testing.T) {
	for _, c := range []struct {
		e     *query.Engine
		slice string
		want  string
	}{
		{published(t), "sus_arrested where year=2025",
			"INTERNAL, exact: In 2025 National Committee for Counter Trafficking reported 209 persons arrested, 15 of them female; scam-related cases are not included."},
		{published(t), "share sex=F of vic_rescued where year=2025",
			"INTERNAL, exact: In 2025 National Committee for Counter Trafficking reported 609 persons removed from exploitation; 247 of them, 40.6 %, are: sex Female; scam-related cases are not included."},
		{published(t), "enf_deported", "INTERNAL, exact: Cambodian agency, not named reported more than 20,000 foreigners deported; various offences, not trafficking alone."},
		{published(t), "case_filed where agency=MEDIA.DIPLOMAT", "INTERNAL, exact: The Diplomat reported 0 cases filed in court; only scam compounds are covered."},
		{published(t), "ret_nationals where year=2025",
			"INTERNAL, exact: In 2025 Jan-May General Department of Immigration reported 146 nationals returned, 146 of them female; only Phnom Penh airport is covered."},
		{training(t), "vic_identified where province=KH-24 year=2024",
			"TRAINING, invented: In 2024 Training data (invented) had on record 26 identified victims (place Pailin), 17 of them female."},
	} {
		if got := card(t, c.e, c.slice).Sentence; got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.slice, got, c.want)
		}
	}
}

// TestOne: a single one is a person, a case, a victim, on cards and beside
// other sources.
func TestOne(t *testing.T) {
	e := workspace(t, records("indicator,agency,year,sex\nvic_identified,KH.NP,2024,F\n"), figures(`indicator,agency,year,sex,value
sus_arrested,KH.NP,2024,,1
sus_arrested,KH.NP,2023,,2
case_reported,KH.NP,2024,,1
vic_rescued,KH.NCCT,2024,,2
vic_rescued,KH.NCCT,2024,F,1
`))
	for _, c := range []struct{ slice, sentence, value string }{
		{"vic_identified", "had on record 1 identified victim, 1 of them female.", "value: 1 person; counted"},
		{"vic_identified", "", "dataset: records@1, records"}, // it has no title
		{"sus_arrested where year=2024", "reported 1 person arrested.", "value: 1 person; exact"},
		{"sus_arrested where year=2023", "reported 2 persons arrested.", "value: 2 persons; exact"},
		{"sus_arrested / case_reported where year=2024", "reported 1 person arrested to 1 report registered: 1 person per case.", "value: 1 person per case; exact"},
		{"share sex=F of vic_rescued", "reported 2 persons removed from exploitation; 1 of them, 50.0 %, is: sex Female.", "value: 50.0 percent; exact"},
		{"range sus_arrested[year=2024], case_reported[year=2024]", "", ""}, // refused by W-01
		{"range vic_rescued[sex=F], vic_rescued[sex=F]", "In 2024 between 1 and 2 were known to at least one source: persons removed from exploitation (sex Female); Persons", "value: 1-2 persons; at least 1, at most 2"},
	} {
		if strings.HasPrefix(c.slice, "range sus_arrested") {
			if why := ask(t, e, c.slice).Refusals[0].Why; !strings.HasPrefix(why, "1 person (persons arrested, 2024) and 1 case (reports registered, 2024)") {
				t.Errorf("%s: %s", c.slice, why)
			}
			continue
		}
		if got := card(t, e, c.slice); !strings.Contains(got.Sentence, c.sentence) || !strings.Contains(got.String(), c.value+"\n") {
			t.Errorf("%s: the card does not say %q and %q:\n%s", c.slice, c.sentence, c.value, got)
		}
	}
	s, _ := models.ParseSlice("vic_identified", e.Catalog())
	o, err := e.Overview(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	if l := o.Lines(e.Catalog()); !strings.HasPrefix(l[0], "1 person  Cambodian National Police") {
		t.Errorf("the overview begins %q", l[0])
	}
	s, _ = models.ParseSlice("sus_arrested where year=2024", e.Catalog())
	beside, err := e.Sources(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	if l := beside.Lines(); l[0] != "KH.NP: 1 person" {
		t.Errorf("the sources begin %q", l[0])
	}
}

// TestBeside: each block of several things side by side says what it counts and
// in which unit, and so does the card of its number.
func TestBeside(t *testing.T) {
	a := ask(t, published(t), "sus_arrested[sex=F] ; case_reported where agency=KH.NCCT,ID.POLRI")
	if a.Unit != "" || len(a.Blocks) != 2 {
		t.Fatalf("%d blocks in %q", len(a.Blocks), a.Unit)
	}
	for i, want := range []struct{ title, part, unit, text, value string }{
		{"Persons arrested (sex Female) (persons)", "sus_arrested[sex=F]", "persons", "15", "value: 15 persons; exact\n"},
		{"Reports registered (police reports)", "case_reported", "police reports", "782", "value: 782 police reports; exact\n"},
	} {
		b := a.Blocks[i]
		if b.Title != want.title || b.Part != want.part || b.Unit != want.unit || b.Cells[0][0].Text() != want.text {
			t.Errorf("block %d is %q, %q, %s %s", i, b.Title, b.Part, b.Cells[0][0].Text(), b.Unit)
		}
		c, err := published(t).Card(context.Background(), a, models.CellRef{Block: i})
		if err != nil || !strings.Contains(c.String(), want.value) {
			t.Errorf("%v: the card does not say %q:\n%s", err, want.value, c)
		}
	}
}

// TestBesideNarrow: the card of a number side by side is of its own part, also
// where its row is what the part is filtered by.
func TestBesideNarrow(t *testing.T) {
	for _, c := range []struct {
		e      *query.Engine
		slice  string
		block  int
		value  string
		narrow string
	}{
		{published(t), "tip_tier[year=2022] ; tip_tier[year=2023]", 1, "value: 3 tier", "tip_tier[year=2023]"},
		{training(t), "vic_identified[nationality=VN] ; sus_arrested[nationality=VN] by nationality where year=2024", 0, "value: 184 persons; counted", "vic_identified where agency=TRAINING dataset=training nationality=VN year=2024"},
		{training(t), "vic_identified[nationality=VN] ; sus_arrested[nationality=VN] by nationality where year=2024", 1, "value: 51 persons; counted", "sus_arrested where agency=TRAINING dataset=training nationality=VN year=2024"},
	} {
		a := ask(t, c.e, c.slice)
		got, err := c.e.Card(context.Background(), a, models.CellRef{Block: c.block})
		if err != nil || !strings.Contains(got.String(), c.value) || !strings.HasPrefix(got.Narrow.String(), c.narrow) {
			t.Errorf("%s, block %d: %v: %s", c.slice, c.block, err, got)
		}
	}
}

// TestCardTellsAll: unit, definition, period, source with document, scope,
// dataset version and the slice that reopens the number.
func TestCardTellsAll(t *testing.T) {
	text := card(t, published(t), "sus_arrested where year=2025").String()
	for _, want := range []string{
		"value: 209 persons; exact", "indicator: Persons arrested (sus_arrested)", "period: 2025",
		"source: National Committee for Counter Trafficking (KH.NCCT); Fighting human trafficking with data",
		"dataset: Published figures (published@1), figures", "scope: scam-related cases are not included",
		"slice: sus_arrested where year=2025 at published@1",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the card does not say %q:\n%s", want, text)
		}
	}
}

// TestEveryCellOpens: the question that a cell narrows to has that cell as its
// only answer, and as many records behind it as it counts.
func TestEveryCellOpens(t *testing.T) {
	e := training(t)
	ctx := context.Background()
	for _, slice := range []string{
		"vic_identified by province across year where nationality=VN",
		"vic_identified by nationality,sex where year=2024 province=KH-12",
		"vic_identified across quarter where year=2025 place=KH-18",
		"vic_identified flow origin.country to destination.country where year=2023 nationality=TH",
		"vic_identified by sex where year=2025 change from 2024",
		"sus_arrested by age across sex where year=2025",
	} {
		a := ask(t, e, slice)
		for r, h := range a.Blocks[0].Rows {
			for c, ch := range a.Blocks[0].Cols {
				cell := a.Blocks[0].Cells[r][c]
				s, ok := a.Narrow(models.CellRef{Row: r, Col: c})
				if ch.Measure != "" && ch.Measure != "value" || !cell.HasValue() {
					continue
				}
				if !ok && h.Kind == models.NotStated {
					continue // no filter says "known to the country only"
				}
				if !ok {
					t.Errorf("%s: %v %v cannot be opened", slice, h.Labels, ch.Labels)
					continue
				}
				got := ask(t, e, s.String())
				if cell.State == models.Zero && got.Empty != "" {
					continue
				}
				b := &got.Blocks[0]
				col := 0
				for i, h := range b.Cols {
					if h.Measure == "value" {
						col = i
					}
				}
				if v := b.Cells[0][col]; len(b.Rows) != 1 || v.Value != cell.Value {
					t.Errorf("%s: %v %v is %v, %s gives %v", slice, h.Labels, ch.Labels, cell.Value, s, v.Value)
				}
				s.Change = models.Change{}
				ev, err := e.Behind(ctx, s, 5)
				if err != nil {
					t.Fatal(err)
				}
				n := int64(0)
				for _, p := range ev.Parts {
					n += p.Total
				}
				if n != int64(cell.Value) {
					t.Errorf("%s: %v %v counts %v, %d records are behind it", slice, h.Labels, ch.Labels, cell.Value, n)
				}
			}
		}
	}
}

// TestBehindFigures leads from a figure to its line, document and note.
func TestBehindFigures(t *testing.T) {
	e := published(t)
	a := ask(t, e, "sus_arrested where year=2025")
	ev, err := e.Behind(context.Background(), a.Pinned, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(ev.Parts) != 1 || len(ev.Parts[0].Rows) != 1 {
		t.Fatalf("%+v", ev)
	}
	r := ev.Parts[0].Rows[0]
	if r.Row != 6 || r.Value.Value != 209 || r.Document != "Fighting human trafficking with data" || !strings.Contains(r.Note, "Reporting country: KH") {
		t.Errorf("the row behind 209 is %+v", r)
	}
}

// TestSources: what several agencies say is set side by side, with a range in
// place of a sum, and claims of several documents are told apart.
func TestSources(t *testing.T) {
	e := published(t)
	compare := func(slice string) *models.Comparison {
		t.Helper()
		s, err := models.ParseSlice(slice, e.Catalog())
		if err != nil {
			t.Fatal(err)
		}
		c, err := e.Sources(context.Background(), s)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if c := compare("ctx_dataset_records where agency=INT.CTDC,NGO.LIBERTYASIA"); len(c.Rows) != 2 || c.Range.Low() != 80_000 || c.Range.High() != 100_000 || !c.Range.About {
		t.Errorf("two databases: %d rows, range %+v", len(c.Rows), c.Range)
	}
	if c := compare("est_illicit_flows"); len(c.Claims) != 1 || c.Claims[0].Conflict || len(c.Claims[0].Said) != 2 {
		t.Errorf("one claim with two citations is %+v", c.Claims)
	}
	if c := compare("ctx_member_institutions"); len(c.Claims) != 1 || !c.Claims[0].Conflict {
		t.Errorf("27 and 22 members are %+v", c.Claims)
	}
	if c := compare("vic_rescued"); len(c.Claims) != 0 {
		t.Errorf("two agencies are no claim of two documents: %+v", c.Claims)
	}
}

// TestReconcile: the published number of an agency beside the count of its own
// records, with the difference and never a sum.
func TestReconcile(t *testing.T) {
	e := workspace(t,
		figures("indicator,agency,reporter,value,year\nvic_identified,KH.NP,KH,7,2024\n"),
		records("indicator,agency,reporter,nationality,year\nvic_identified,KH.NP,KH,VN,2024\nvic_identified,KH.NP,KH,TH,2024\nvic_identified,KH.MOSVY,KH,TH,2024\n"))
	s, err := models.ParseSlice("vic_identified where year=2024", e.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	c, err := e.Sources(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Rows) != 3 || len(c.Pairs) != 1 {
		t.Fatalf("%d sources, pairs %+v", len(c.Rows), c.Pairs)
	}
	if p := c.Pairs[0]; p.Agency != "KH.NP" || p.Figure.Value != 7 || p.Count.Value != 2 || p.Difference.Value != 5 {
		t.Errorf("published and counted are %+v", p)
	}
	if c.Range.Low() != 7 || c.Range.High() != 10 {
		t.Errorf("the range is %v to %v, want 7 to 10", c.Range.Low(), c.Range.High())
	}
}

// TestCardCites: a card says how its number is cited, with the day.
func TestCardCites(t *testing.T) {
	e := published(t)
	a := ask(t, e, "sus_arrested where year=2025 agency=KH.NCCT")
	c, err := e.Card(context.Background(), a, models.CellRef{})
	if err != nil {
		t.Fatal(err)
	}
	const want = "National Committee for Counter Trafficking. Published figures, version 1 (published@1), 2025. Accessed 2026-11-22. " +
		"tiplens: sus_arrested where agency=KH.NCCT year=2025 at published@1"
	if c.Cite != want || !strings.HasSuffix(c.String(), "cite as: "+want+"\n") {
		t.Errorf("cited as\n%s\nwant\n%s", c.Cite, want)
	}
}
