package query

import (
	"sort"
	"strings"

	"tiplens/models"
)

// severity of a rule: a refused sum cannot be forced, a warning changes what
// the number is and stands in the title line, a note travels as a footnote.
type severity uint8

const (
	refuse severity = iota
	warn
	note
)

// stage tells when a rule can see what it looks for.
type stage uint8

const (
	onQuestion stage = iota // from the slice and what was found for each part
	onAnswer                // from the finished cells
	onCell                  // where a single value is derived, which marks it with the rule
)

// rule is one way in which a number can be wrong (I-6). Some rules refuse one
// measure and only warn of another, so each sentence says how severe it is;
// the rule names the worst.
type rule struct {
	id      string
	is      severity
	at      stage
	wrong   string // the wrong sum, in words
	offers  string // what may be asked instead
	example string
	sees    func(a *asking) []sentence // one for each time it fires
}

// sentence is what a rule says, with the actual numbers in it, and what may be
// asked instead.
type sentence struct {
	is   severity
	text string
	ways []models.WayOut
}

func refused(text string, ways ...models.WayOut) []sentence { return []sentence{{refuse, text, ways}} }
func warned(text string) []sentence                         { return []sentence{{is: warn, text: text}} }
func noted(text string) []sentence                          { return []sentence{{is: note, text: text}} }

// rules is the rule book, by number.
var rules = []rule{
	{"W-01", refuse, onQuestion, "Different units in one sum: cases and persons, requests and persons, sites and persons.",
		"both side by side; persons per case", "56 interception cases and 105 persons intercepted", (*asking).differentUnits},
	{"W-02", refuse, onQuestion, "A total added to its own parts.",
		"the part as a share of the whole; a table with a row for the rest", "209 arrested, of them 15 women, 17 foreigners, 13 Chinese, 4 Thai: 209, not 258", (*asking).partsInWhole},
	{"W-03", refuse, onQuestion, "The same people known to several agencies, in one sum.",
		"the range between the largest single figure and the sum; side by side", "2,285 persons at one ministry and 2,157 at another", (*asking).severalAgencies},
	{"W-04", refuse, onQuestion, "Steps of one pipeline added: requested, presumed, identified, referred, assisted; or arrested, prosecuted, convicted.",
		"the later step as a share of the earlier; side by side", "609 rescued and 63 of them referred", (*asking).stagesAdded},
	{"W-05", refuse, onQuestion, "Overlapping periods added: a month and its year, five years and one of them.",
		"the longer period alone; side by side", "a figure for 2012-2016 and one for 2016", (*asking).periodsOverlap},
	{"W-06", refuse, onQuestion, "Codes of a dimension in which one person can have several, added up: services, means, types of exploitation.",
		"the table without a total; side by side", "11, 19 and 17 services to 162 persons", (*asking).severalPerPerson},
	{"W-07", warn, onQuestion, "Different definitions of a victim in one total.",
		"the same without a total", "presumed in one country, identified in the other", (*asking).differentDefinitions},
	{"W-08", refuse, onQuestion, "A stock added over time, or work carried over counted as new.",
		"the last value; side by side", "cases pending at the end of two years may be the same cases", (*asking).stocksAdded},
	{"W-09", refuse, onQuestion, "An estimate added to a count, or two estimates added.",
		"side by side, each with its source", "at least 150,000 and about 100,000 forced workers, estimated by two bodies", (*asking).estimatesAdded},
	{"W-10", refuse, onQuestion, "Shares, rates, medians or ranks added or averaged.",
		"side by side; the share again from its two numbers", "the tiers of four years have no mean", (*asking).ratiosAdded},
	{"W-11", warn, onQuestion, "Different scopes in one reading.",
		"one scope alone", "arrests without scam cases beside arrests for online crime", (*asking).differentScopes},
	{"W-12", refuse, onQuestion, "People in different roles added: victims, suspects, people found in a raid, people trained.",
		"side by side", "609 victims and 209 arrested; 2,767 persons found in a raid, whose role is not decided", (*asking).rolesAdded},
	{"W-13", warn, onQuestion, "A figure of partial coverage read as the total.",
		"read it with what it covers", "146 women who came back through one airport in five months", (*asking).partialCoverage},
	{"W-14", warn, onQuestion, "Nationality read as origin, or the place of identification as the place of exploitation.",
		"the role that the data has", "an origin table of a source that knows citizenship only", (*asking).borrowedRoles},
	{"W-15", refuse, onQuestion, "Returned victims, returned nationals and deported foreigners in one sum; intercepted and departure prevented.",
		"side by side", "146 who came home and 20,000 who were deported", (*asking).movementsAdded},
	{"W-16", note, onCell, "The same published figure counted twice through two documents, or two documents that disagree.",
		"one figure with two citations; the range where they differ", "a worldwide estimate printed in two reports", nil},
	{"W-17", warn, onQuestion, "Convictions of a year divided by arrests of the same year: they are not the same people.",
		"read it as a ratio of two years' work", "arrested in 2024, convicted in 2025", (*asking).cohortsMixed},
	{"W-18", note, onCell, "A withheld number read as 0, or found by subtraction.",
		"at least what is not withheld", "a total less its one visible part", nil},
	{"W-19", note, onCell, "No data read as 0.",
		"at least what is known", "a ministry without figures in a list of ministries", nil},
	{"W-20", warn, onAnswer, "A series read across a break: a new definition, new reporters, a new law.",
		"each side of the break alone", "more bodies report from one year on", (*asking).brokenSeries},
	{"W-21", note, onQuestion, "A percent change without its base.",
		"from, to, difference and percent of which", "17 more than 87 is +19.5 % of 87, not of 104", (*asking).baseOfChange},
	{"W-22", warn, onAnswer, "Provinces compared over years in which their area changed.",
		"both provinces together", "Kampong Cham until 2013 holds today's Tboung Khmum", (*asking).areasChanged},
	{"W-23", refuse, onQuestion, "Counts of different ones added.",
		"side by side", "35 nationalities and 5 countries may name the same", (*asking).distinctAdded},
	{"W-24", refuse, onQuestion, "A group added to its own members.",
		"one level: the group, or its members", "17 foreigners already hold 13 Chinese and 4 Thai", (*asking).groupAndMember},
	{"W-25", warn, onAnswer, "A figure without an end, such as \"to date\", read as a year's.",
		"shown with its beginning, never in a series", "10,000 requests since August 2023", (*asking).openEnded},
	{"W-26", warn, onQuestion, "Submissions or reports read as persons.",
		"the title names what is counted", "a portal that counts each report it receives", (*asking).notPersons},
	{"W-27", refuse, onQuestion, "Age bands that cut across each other in one table.",
		"children and adults", "15-20 beside 18-24", (*asking).bandsCross},
	{"W-28", warn, onQuestion, "Trafficking and other offences read together as trafficking.",
		"the offence groups apart", "99 cases, of them 27 of trafficking", (*asking).offencesTogether},
	{"TRAINING", refuse, onQuestion, "Invented training data and real data in one answer.",
		"one of the two", "", (*asking).inventedAndReal},
}

// check runs the rules of one stage and enters what they say into the answer,
// by number.
func (a *asking) check(at stage) {
	for _, r := range rules {
		if r.at != at {
			continue
		}
		for _, s := range r.sees(a) {
			switch s.is {
			case refuse:
				a.ans.Refusals = append(a.ans.Refusals, models.Refusal{Rule: r.id, Why: s.text, Ways: s.ways})
			case warn:
				a.ans.Warnings = append(a.ans.Warnings, models.Remark{Rule: r.id, Text: s.text})
			default:
				a.note(r.id, s.text)
			}
		}
	}
	sort.SliceStable(a.ans.Refusals, func(i, j int) bool { return a.ans.Refusals[i].Rule < a.ans.Refusals[j].Rule })
	sort.SliceStable(a.ans.Warnings, func(i, j int) bool { return a.ans.Warnings[i].Rule < a.ans.Warnings[j].Rule })
	if a.ans.Refused() {
		a.ans.Blocks = nil // a refused number is not shown, nor found among the others
	}
}

// RuleIDs lists the rules by number.
func RuleIDs() []string {
	var out []string
	for _, r := range rules {
		out = append(out, r.id)
	}
	return out
}

// ExplainRule explains a rule by its id, such as W-03.
func ExplainRule(id string) []models.Explanation {
	for _, r := range rules {
		if !strings.EqualFold(r.id, id) {
			continue
		}
		then := map[severity]string{
			refuse: "refused: no number is shown, and another question is offered",
			warn:   "shown with a warning in the title line",
			note:   "shown with a footnote that travels with the number",
		}[r.is]
		return []models.Explanation{{Kind: "rule", ID: r.id, Name: r.wrong, Lines: [][2]string{{"then", then}, {"instead", r.offers}, {"example", r.example}}}}
	}
	return nil
}
