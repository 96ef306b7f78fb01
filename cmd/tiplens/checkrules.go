package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tiplens/models"
	"tiplens/query"
)

// workedCheck is a question whose answer shows what the rule book does. The
// answers are not written here: they come from the figures that are loaded.
type workedCheck struct {
	id, question string
	slices       []string
	more         func(ctx context.Context, e *query.Engine) ([]string, error) // what no slice says
}

// workedChecks are the worked checks of the published figures (I-13).
var workedChecks = []workedCheck{
	{"T-01", "Arrested, committee, 2025", []string{"sus_arrested where agency=KH.NCCT year=2025"}, nil},
	{"T-02", "The same by nationality, nationals and foreigners", []string{"sus_arrested by nationality.group where agency=KH.NCCT year=2025"}, nil},
	{"T-03", "The same by country of nationality", []string{"sus_arrested by nationality where agency=KH.NCCT year=2025"}, nil},
	{"T-04", "Share of women among the rescued, 2025", []string{"share sex=F of vic_rescued where agency=KH.NCCT year=2025", "vic_rescued by sex where agency=KH.NCCT year=2025"}, nil},
	{"T-05", "Rescued and referred together", []string{"vic_rescued + vic_referred where agency=KH.NCCT year=2025", "vic_referred / vic_rescued where agency=KH.NCCT year=2025"}, nil},
	{"T-06", "Arrested and people found in the crackdown together", []string{"sus_arrested[agency=KH.NCCT] + op_persons[agency=MEDIA.KHMERTIMES] where year=2025"}, nil},
	{"T-07", "Interceptions: cases and persons together", []string{"prv_intercepted_cases + prv_intercepted", "prv_intercepted / prv_intercepted_cases", "share sex=F of prv_intercepted"}, nil},
	{"T-08", "Two Indonesian ministries together, 2012-2016", []string{
		"vic_presumed[agency=ID.KEMLU] + vic_sheltered[agency=ID.KEMENSOS] where year=2012..2016",
		"range vic_presumed[agency=ID.KEMLU], vic_sheltered[agency=ID.KEMENSOS] where year=2012..2016"}, nil},
	{"T-09", "Services of one agency added, 2016", []string{
		"vic_service[service=physical_protection] + vic_service[service=medical] + vic_service[service=psychological] where agency=ID.LPSK year=2016",
		"vic_protected where agency=ID.LPSK year=2016"}, nil},
	{"T-10", "Police reports by one way of committing the offence", []string{
		"share modus=umrah_visa of case_reported where agency=ID.POLRI year=2011..2016",
		"case_reported + case_reported[modus=umrah_visa] where agency=ID.POLRI year=2011..2016"}, nil},
	{"T-11", "Departures prevented, from 2015 to 2016", []string{"prv_departure_prevented where agency=ID.BNP2TKI year=2016 change from 2015"}, nil},
	{"T-12", "Confirmed victims among requests for help", []string{"vic_identified / req_persons where agency=KH.NP"}, nil},
	{"T-13", "Workers x revenue x days against the published proceeds", nil, checkProceeds},
	{"T-14", "Illicit flows: one claim or two", nil, checkClaims("est_illicit_flows")},
	{"T-15", "Members of the committee", nil, checkClaims("ctx_member_institutions")},
	{"T-16", "Average tier, 2022-2025", []string{"tip_tier[year=2022] + tip_tier[year=2023] + tip_tier[year=2024] + tip_tier[year=2025]", "tip_tier across year where year=2022..2025"}, nil},
	{"T-17", "Records of two databases together", []string{
		"ctx_dataset_records[agency=INT.CTDC] + ctx_dataset_records[agency=NGO.LIBERTYASIA]",
		"range ctx_dataset_records[agency=INT.CTDC], ctx_dataset_records[agency=NGO.LIBERTYASIA]"}, checkNotes("ctx_dataset_records where agency=NGO.LIBERTYASIA")},
	{"T-18", "Recruitment agencies sanctioned, 2016", []string{
		"op_agency_sanctioned by sanction where agency=ID.BNP2TKI year=2016",
		"op_agency_sanctioned[sanction=suspended] + op_agency_sanctioned[sanction=administrative] + op_agency_sanctioned[sanction=banned] where agency=ID.BNP2TKI year=2016"}, nil},
	{"T-19", "Returned women as the yearly total of returns", []string{"ret_nationals where agency=KH.GDI year=2025"}, nil},
	{"T-20", "Prosecutions of scam compounds", []string{"case_filed where agency=MEDIA.DIPLOMAT"}, nil},
	{"T-21", "Size of two databases together", []string{"ctx_dataset_records[agency=TH.AHTDB] + ctx_dataset_records[agency=INT.CTDC]"}, nil},
	{"T-22", "Shares of victims assisted, 2015", []string{"shr_vic_assisted by exploitation where agency=INT.IOM year=2015"}, nil},
}

func (a *app) checkRules() *cobra.Command {
	return &cobra.Command{
		Use:   "check-rules",
		Short: "Ask the worked checks of the rule book and print answers and rules",
		Long: `Check-rules asks the worked checks of the wrong-sum rule book and prints for
each the question, the answer of the figures that are loaded, and the rules that
fired. Without --workspace it asks the published figures that come with tiplens.`,
		Args: exactArgs(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.workspace == "" {
				a.workspace = wsPublished
			}
			e, err := a.engine(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer e.Close()
			for _, c := range workedChecks {
				if err := a.check(cmd.Context(), e, c); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (a *app) check(ctx context.Context, e *query.Engine, c workedCheck) error {
	fmt.Fprintf(a.out, "%s %s\n", c.id, c.question)
	for _, text := range c.slices {
		s, err := models.ParseSlice(text, e.Catalog())
		if err != nil {
			return err
		}
		ans, err := e.Ask(ctx, s)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "  %s\n", text)
		for _, l := range brief(ans) {
			fmt.Fprintf(a.out, "    %s\n", l)
		}
	}
	if c.more == nil {
		return nil
	}
	lines, err := c.more(ctx, e)
	for _, l := range lines {
		fmt.Fprintf(a.out, "    %s\n", l)
	}
	return err
}

// brief is an answer in a few lines: its numbers, then the rules that fired.
func brief(ans *models.Answer) []string {
	var out []string
	for _, r := range ans.Refusals {
		out = append(out, fmt.Sprintf("refused %s: %s", r.Rule, r.Why))
	}
	for i := range ans.Blocks {
		b := &ans.Blocks[i]
		for r, h := range b.Rows {
			var cells []string
			for c, ch := range b.Cols {
				cell := b.Cells[r][c]
				if cell.State == models.Blank {
					continue
				}
				t := cell.Text()
				if len(b.Cols) > 1 {
					t = strings.Join(ch.Labels, " ") + " " + t
				}
				if len(b.Cols) == 1 {
					t = models.Amount(t, ans.Unit)
				}
				if cell.Base != 0 && cell.Form == models.Percent {
					if len(b.Cols) > 1 {
						t += " %"
					}
					t += fmt.Sprintf(" (%s of %s)", models.FormatNumber(cell.Count), models.FormatNumber(cell.Base))
				}
				if cell.Part() != "" {
					t += ", " + cell.Part()
				}
				cells = append(cells, t)
			}
			if len(cells) == 0 {
				continue
			}
			line := strings.Join(cells, "; ")
			if name := strings.Join(h.Labels, " "); name != "" {
				line = name + ": " + line
			}
			out = append(out, line)
		}
	}
	if ans.Empty != "" {
		out = append(out, ans.Empty)
	}
	for _, r := range ans.Warnings {
		out = append(out, "warning "+r.Rule+": "+r.Text)
	}
	for _, r := range ans.Footnotes {
		if r.Rule != "" {
			out = append(out, "note "+r.Rule+": "+r.Text)
		}
	}
	return out
}

// only gives the one number that a slice asks for.
func only(ctx context.Context, e *query.Engine, text string) (models.Cell, error) {
	s, err := models.ParseSlice(text, e.Catalog())
	if err != nil {
		return models.Cell{}, err
	}
	ans, err := e.Ask(ctx, s)
	if err != nil || ans.Numbers() != 1 {
		return models.Cell{}, err
	}
	return ans.Blocks[0].Cells[0][0], nil
}

// checkProceeds multiplies what tiplens itself never multiplies, to see
// whether a published product fits its published factors.
func checkProceeds(ctx context.Context, e *query.Engine) ([]string, error) {
	var v [3]models.Cell
	for i, text := range []string{
		"est_forced_scam_workers where agency=US.USIP", "est_revenue_per_worker_day where agency=US.USIP", "est_proceeds where agency=US.USIP",
	} {
		var err error
		if v[i], err = only(ctx, e, text); err != nil {
			return nil, err
		}
		if !v[i].HasBounds() {
			return []string{"not answered: there is no number for " + text}, nil
		}
	}
	product := v[0].Value * v[1].Value * 365
	verdict := "does not fit"
	if v[2].HasBounds() && product >= v[2].Low() && product <= v[2].High() {
		verdict = "fits"
	}
	return []string{fmt.Sprintf("%s x %s x 365 = %s; published %s: %s", models.FormatNumber(v[0].Value), models.FormatNumber(v[1].Value),
		models.FormatNumber(product), v[2].Text(), verdict), "note W-09: estimates are multiplied here to check a claim, never in an answer"}, nil
}

// checkClaims lists what several documents claim of an indicator.
func checkClaims(indicator string) func(context.Context, *query.Engine) ([]string, error) {
	return func(ctx context.Context, e *query.Engine) ([]string, error) {
		s, err := models.ParseSlice(indicator, e.Catalog())
		if err != nil {
			return nil, err
		}
		c, err := e.Sources(ctx, s)
		if err != nil {
			return nil, err
		}
		if len(c.Claims) == 0 {
			return []string{"no two documents claim the same"}, nil
		}
		var out []string
		for _, k := range c.Claims {
			kind := "one figure, several citations"
			if k.Conflict {
				kind = "conflict"
			}
			out = append(out, fmt.Sprintf("%s W-16: %s", kind, k.Agency))
			for _, s := range k.Said {
				out = append(out, fmt.Sprintf("  %s in %s: %s", s.Value.Text(), s.Document, s.Note))
			}
		}
		return out, nil
	}
}

// checkNotes prints what the sources note of their figures.
func checkNotes(text string) func(context.Context, *query.Engine) ([]string, error) {
	return func(ctx context.Context, e *query.Engine) ([]string, error) {
		s, err := models.ParseSlice(text, e.Catalog())
		if err != nil {
			return nil, err
		}
		ev, err := e.Behind(ctx, s, 10)
		if err != nil {
			return nil, err
		}
		var out []string
		for _, p := range ev.Parts {
			for _, r := range p.Rows {
				out = append(out, "the source notes: "+r.Note)
			}
		}
		return out, nil
	}
}
