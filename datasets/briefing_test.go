package datasets

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"tiplens/models"
)

// TestBriefingText: what is written is read back, whatever people typed.
func TestBriefingText(t *testing.T) {
	b := &models.Briefing{Title: "Half-year: figures #1", Date: "2026-11-21", Note: "- one\nyes", Items: []models.BriefingItem{
		{Kind: models.NumberItem, Heading: "'a' \"b\"", Note: "no", Slice: `sus_arrested where place="Phnom Penh" year=2025 at ncct@3`},
		{Kind: models.NoteItem, Note: "null"},
	}}
	text, err := WriteBriefing(b)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseBriefing("b.yaml", text)
	if err != nil || !reflect.DeepEqual(got, b) {
		t.Errorf("%v\n%s\n%+v", err, text, got)
	}
}

func TestBriefingMistakes(t *testing.T) {
	const head = "title: A\ndate: 2026-11-21\n"
	for name, c := range map[string]struct {
		text, says string
		row        int64
	}{
		"empty":      {"# nothing\n", "the briefing is empty", 0},
		"no YAML":    {"title: A\ndate: [\n", "not readable", 2},
		"a list":     {"- a\n", "this is no briefing", 1},
		"no title":   {"date: 2026-11-21\n", "no title", 1},
		"no date":    {"title: A\n", "no date", 1},
		"bad date":   {"title: A\ndate: 21.11.2026\n", "no date such as", 2},
		"unknown":    {head + "itmes: []\n", `has no field "itmes"`, 3},
		"twice":      {head + "title: B\n", "stated twice", 3},
		"no list":    {head + "items: a\n", "items is a list", 3},
		"numbers":    {head + "items:\n  - {kind: number, slice: a at b@1, value: 209}\n", `has no field "value"`, 4},
		"list":       {head + "note: [a]\n", "note is one text", 3},
		"long note":  {head + "note: " + strings.Repeat("a", models.MaxText+1) + "\n", "longer than", 3},
		"many items": {head + "items:\n" + strings.Repeat("  - {kind: note, note: a}\n", models.MaxBriefingItems+1), "more than 200 are not taken", 4},
		"slice":      {head + "items:\n  - {kind: table, slice: '\"open'}\n", "the slice cannot be read", 4},
		"alias":      {head + "note: &a b\nitems:\n  - *a\n", "no briefing item", 5},
		"two":        {head + "---\n" + head, "more than one document", 0},
	} {
		_, err := ParseBriefing("b.yaml", []byte(c.text))
		var f *models.Finding
		if !errors.As(err, &f) || !strings.Contains(f.What, c.says) || f.Row != c.row || f.File != "b.yaml" || f.Do == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzBriefing: any text gives a briefing whose own text is read back the same,
// or a sentence.
func FuzzBriefing(f *testing.F) {
	f.Add([]byte("title: A\ndate: 2026-11-21\nitems:\n  - {kind: table, heading: h, note: n, slice: a by b at c@1}\n"))
	f.Add([]byte("title: \"\\u202Ea\\x1b[31m\"\ndate: 2026-11-21\nnote: |\n  a\n\n  b\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := ParseBriefing("b.yaml", text)
		if err != nil {
			if s := err.Error(); !strings.HasPrefix(s, "b.yaml") || s != models.Clean(s) && len(s) < models.MaxText {
				t.Errorf("%q", s)
			}
			return
		}
		for _, s := range []string{b.Title, strings.ReplaceAll(b.Note, "\n", " ")} {
			if s != models.Printable(s) {
				t.Errorf("%q is not clean", s)
			}
		}
		out, err := WriteBriefing(b)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseBriefing("b.yaml", out)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if twice, _ := WriteBriefing(again); !bytes.Equal(out, twice) {
			t.Errorf("%s\n%s", out, twice)
		}
	})
}

// FuzzPack: any text gives a pack or a sentence.
func FuzzPack(f *testing.F) {
	f.Add([]byte("id: a\ntitle: A {period}\nperiod: year\nnotes: [a]\nsections:\n  - heading: h\n    items:\n      - {kind: table, slice: 'a where year={period}'}\n      - {heading: b, lacks: c}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := ParsePack("p.yaml", text)
		if err != nil {
			if s := err.Error(); !strings.HasPrefix(s, "p.yaml") {
				t.Errorf("%q", s)
			}
			return
		}
		of, err := p.PeriodOf("", "2025-04..2026-03")
		if err != nil || len(p.Items(of)) == 0 {
			t.Errorf("%v: %+v", err, p)
		}
	})
}

// TestReportPacks: each pack can be read, and each of its questions can be asked
// of the catalogue for the periods it is of.
func TestReportPacks(t *testing.T) {
	packs, err := readPacks()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, p := range packs {
		ids[p.ID] = true
		year, period := "2025", ""
		if p.Period == packHalf {
			year, period = "", "2025-S2"
			if _, err := p.PeriodOf("2025", ""); err == nil {
				t.Errorf("%s takes a year", p.ID)
			}
		}
		of, err := p.PeriodOf(year, period)
		if err != nil {
			t.Fatal(err)
		}
		if d := p.Document(of, exportDay); strings.Contains(d.Title+d.Note, "{") || !strings.Contains(d.Title, of.Text) {
			t.Errorf("%s: %q %q", p.ID, d.Title, d.Note)
		}
		for _, it := range p.Items(of) {
			if it.Lacks != "" {
				continue
			}
			s, err := models.ParseSlice(it.Slice, Catalogue())
			if err != nil || strings.Contains(it.Slice+it.Heading+it.Note, "{") {
				t.Errorf("%s, %s: %s: %v", p.ID, it.Heading, it.Slice, err)
				continue
			}
			if _, dated := s.Term(models.DimYear); !dated {
				t.Errorf("%s, %s: it has no period", p.ID, it.Heading)
			}
		}
	}
	for _, want := range []string{"national-half", "national-year", "tip-report", "unodc-questionnaire", "sdg-16-2-2", "ph-16a"} {
		if !ids[want] {
			t.Errorf("there is no pack %s", want)
		}
	}
	if of, err := packs[0].PeriodOf("", "2025-04..2026-03"); err != nil || of.Year != 2026 || of.fill("{years}") != "2022..2026" {
		t.Errorf("%+v %v", of, err)
	}
	tip, err := FindPack("TIP-report")
	if err != nil {
		t.Fatal(err)
	}
	if of, err := tip.PeriodOf("2025", ""); err != nil || of.Text != "2025-04..2026-03" {
		t.Errorf("%+v %v", of, err)
	}
}
