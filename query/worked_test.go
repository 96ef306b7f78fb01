package query_test

import (
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

// worked is a worked check of I-13 on the published figures: what an answer
// shows, row by row, or by which rules it is refused, and what it must say.
// T-13, T-14, T-15 and the content half of T-17 compare documents, which is
// not asked with a slice.
type worked struct {
	no, slice string
	rows      string   // "label: cells", joined by "; "; the one cell of a number has no label
	refused   string   // rules
	says      []string // in a refusal, warning, footnote, the title, the base or a cell's period
	offers    string   // a slice among the ways out
}

var workedChecks = []worked{
	{no: "T-01", slice: "sus_arrested where agency=KH.NCCT year=2025", rows: "209"},
	{no: "T-02", slice: "sus_arrested by nationality.foreign where agency=KH.NCCT year=2025",
		rows: "Foreign: 17; Rest (not broken down): 192; Total: 209"},
	{no: "T-02 as a filter", slice: "sus_arrested where agency=KH.NCCT nationality=_FOR year=2025", rows: "17"},
	{no: "T-03", slice: "sus_arrested by nationality.country where agency=KH.NCCT year=2025",
		rows: "China: 13; Thailand: 4; Rest (not broken down): 192; Total: 209", says: []string{"Not in any cell: 17 persons (Foreign, country not given), 2025 (KH.NCCT)."}},
	{no: "T-03 added", slice: "sus_arrested[nationality=_FOR] + sus_arrested[nationality=CN] + sus_arrested[nationality=TH] where year=2025",
		refused: "W-24", says: []string{"13", "17"}, offers: "sus_arrested by nationality where year=2025"},
	{no: "T-04", slice: "share sex=F of vic_rescued where agency=KH.NCCT year=2025", rows: "40.6", says: []string{"percent of persons removed from exploitation"}},
	{no: "T-04 men", slice: "vic_rescued by sex where agency=KH.NCCT year=2025", rows: "Female: 247; Rest (not broken down): 362; Total: 609"},
	{no: "T-05", slice: "vic_rescued + vic_referred where agency=KH.NCCT year=2025", refused: "W-04", says: []string{"609 persons", "63 persons"},
		offers: "vic_referred / vic_rescued where agency=KH.NCCT year=2025"},
	{no: "T-05 offered", slice: "vic_referred / vic_rescued where agency=KH.NCCT year=2025", rows: "10.3"},
	{no: "T-06", slice: "sus_arrested[agency=KH.NCCT year=2025] + op_persons[year=2025-07]", refused: "W-03 W-12", says: []string{"209 persons", "2,767 persons"},
		offers: "sus_arrested[agency=KH.NCCT year=2025] ; op_persons[year=2025-07]"},
	{no: "T-07", slice: "prv_intercepted_cases + prv_intercepted", refused: "W-01", says: []string{"56 cases", "105 persons"}, offers: "prv_intercepted / prv_intercepted_cases"},
	{no: "T-07 offered", slice: "prv_intercepted / prv_intercepted_cases", rows: "1.9", says: []string{"persons per case"}},
	{no: "T-07 women", slice: "share sex=F of prv_intercepted", rows: "85.7"},
	{no: "T-08", slice: "vic_presumed[agency=ID.KEMLU] + vic_sheltered[agency=ID.KEMENSOS] where year=2012..2016", refused: "W-03 W-04",
		says: []string{"at least 2,285 and at most 4,442"}, offers: "range vic_presumed[agency=ID.KEMLU], vic_sheltered[agency=ID.KEMENSOS] where year=2012..2016"},
	{no: "T-08 offered", slice: "range vic_presumed[agency=ID.KEMLU], vic_sheltered[agency=ID.KEMENSOS] where year=2012..2016", rows: "2,285-4,442"},
	{no: "T-09", slice: "vic_service[service=physical_protection] + vic_service[service=medical] + vic_service[service=psychological] where agency=ID.LPSK year=2016",
		refused: "W-06", says: []string{"11 persons", "19 persons"}, offers: "vic_service by service where agency=ID.LPSK year=2016"},
	{no: "T-09 shown", slice: "vic_protected where agency=ID.LPSK year=2016", rows: "162"},
	{no: "T-10", slice: "share modus=umrah_visa of case_reported where agency=ID.POLRI", rows: "46.7", says: []string{"2011-2016"}},
	{no: "T-10 added", slice: "case_reported[modus=umrah_visa] + case_reported where agency=ID.POLRI", refused: "W-02", says: []string{"365 police reports", "782 police reports"},
		offers: "share modus=umrah_visa of case_reported where agency=ID.POLRI"},
	{no: "T-11", slice: "prv_departure_prevented where agency=ID.BNP2TKI year=2016 change from 2015", rows: "1,584 1,310 -274 -17.3", says: []string{"% of 2015", "of the earlier number"}},
	{no: "T-12", slice: "vic_identified / req_persons where agency=KH.NP", rows: "~0.68", says: []string{"wider than trafficking", "open-ended, since 2023-08-01"}},
	{no: "T-16", slice: "tip_tier[year=2022] + tip_tier[year=2023] + tip_tier[year=2024] + tip_tier[year=2025]", refused: "W-10", says: []string{"tier 3"},
		offers: "tip_tier[year=2022] ; tip_tier[year=2023] ; tip_tier[year=2024] ; tip_tier[year=2025]"},
	{no: "T-16 shown", slice: "tip_tier by year where year=2022..2025", rows: "2022: 3; 2023: 3; 2024: 3; 2025: 3; Total: "},
	{no: "T-17", slice: "ctx_dataset_records[agency=INT.CTDC] + ctx_dataset_records[agency=NGO.LIBERTYASIA]", refused: "W-03",
		says: []string{"at least about 80,000 and at most about 100,000"}, offers: "range ctx_dataset_records[agency=INT.CTDC], ctx_dataset_records[agency=NGO.LIBERTYASIA]"},
	{no: "T-17 offered", slice: "range ctx_dataset_records[agency=INT.CTDC], ctx_dataset_records[agency=NGO.LIBERTYASIA]", rows: "~80,000-100,000"},
	{no: "T-18", slice: "op_agency_sanctioned by sanction where year=2016", rows: "Licence suspended: 199; Administrative sanction: 46; Banned: 15; Total: >=199"},
	{no: "T-18 added", slice: "op_agency_sanctioned[sanction=suspended] + op_agency_sanctioned[sanction=administrative] + op_agency_sanctioned[sanction=banned] where year=2016",
		refused: "W-06", says: []string{"199 agencies", "46 agencies"}},
	{no: "T-19", slice: "ret_nationals where agency=KH.GDI year=2025", rows: "146", says: []string{"KH.GDI: only Phnom Penh airport, 2025 Jan-May, sex Female"}},
	{no: "T-20", slice: "case_filed where agency=MEDIA.DIPLOMAT", rows: "0"},
	{no: "T-21", slice: "ctx_dataset_records[agency=TH.AHTDB] + ctx_dataset_records[agency=INT.CTDC]", refused: "W-01", says: []string{"~2,000 cases", "~80,000 persons"}},
	{no: "T-22", slice: "shr_vic_assisted by exploitation where agency=INT.IOM year=2015",
		rows: "Sexual exploitation: 7; Forced labour or services: 92; Rest (not broken down): 1; Total: ..", says: []string{"percent of assisted victims (INT.IOM)"}},
}

// TestWorked asks the worked checks.
func TestWorked(t *testing.T) {
	e := published(t)
	for _, c := range workedChecks {
		t.Run(c.no, func(t *testing.T) {
			a := ask(t, e, c.slice)
			var rules, ways []string
			for _, r := range a.Refusals {
				rules = append(rules, r.Rule)
				for _, w := range r.Ways {
					ways = append(ways, w.Slice)
				}
			}
			if got := strings.Join(rules, " "); got != c.refused {
				t.Errorf("refused by %q, want %q: %v", got, c.refused, a.Refusals)
			}
			if a.Refused() {
				checkRefusal(t, e, a)
			}
			if got := shown(a); got != c.rows {
				t.Errorf("shows %q, want %q", got, c.rows)
			}
			all := text(a)
			for _, s := range c.says {
				if !strings.Contains(all, s) {
					t.Errorf("does not say %q:\n%s", s, all)
				}
			}
			if c.offers != "" && !slices.Contains(ways, c.offers) {
				t.Errorf("does not offer %q but %q", c.offers, ways)
			}
		})
	}
}

// TestWorkedStates checks that published shares are applied to no count (T-22)
// and that a stated zero is one (T-20).
func TestWorkedStates(t *testing.T) {
	for _, row := range ask(t, published(t), "shr_vic_assisted by exploitation where year=2015").Blocks[0].Cells {
		if row[0].Count != 0 || row[0].Base != 0 {
			t.Errorf("%s stands on %v of %v", row[0].Text(), row[0].Count, row[0].Base)
		}
	}
	if c := cellAt(t, ask(t, published(t), "case_filed where agency=MEDIA.DIPLOMAT")); c.State != models.Zero {
		t.Errorf("the stated zero is %v", c.State)
	}
	if c := cellAt(t, ask(t, published(t), "share sex=F of vic_rescued where year=2025")); c.Count != 247 || c.Base != 609 {
		t.Errorf("the share of women stands on %v of %v, want 247 of 609", c.Count, c.Base)
	}
}

// shown writes the only block as text.
func shown(a *models.Answer) string {
	var rows []string
	for _, b := range a.Blocks {
		for r, h := range b.Rows {
			var cells []string
			for _, c := range b.Cells[r] {
				cells = append(cells, c.Text())
			}
			row := strings.Join(cells, " ")
			if label := strings.Join(h.Labels, " "); label != "" {
				row = label + ": " + row
			}
			rows = append(rows, row)
		}
	}
	return strings.Join(rows, "; ")
}

// text is all that an answer says beside its numbers.
func text(a *models.Answer) string {
	out := []string{a.Title, a.Unit, a.Base}
	for _, said := range saidBy(a) {
		out = append(out, said...)
	}
	for _, f := range a.Footnotes {
		out = append(out, f.Text)
	}
	for _, b := range a.Blocks {
		for _, c := range b.Cols {
			out = append(out, c.Labels...)
		}
		for _, row := range b.Cells {
			for _, c := range row {
				out = append(out, c.Part())
			}
		}
	}
	return strings.Join(out, "\n")
}
