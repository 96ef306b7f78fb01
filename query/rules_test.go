package query_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
	"tiplens/query"
)

// ruleCase asks one question of one workspace. The rule that the case belongs
// to fires, or, in a near miss, does not.
type ruleCase struct {
	name  string
	of    func(testing.TB) *query.Engine
	slice string
	fires bool
	says  string // part of what the rule says, where it fires
	cell  string // the number of the only cell or the last total, where one is expected
}

// mini opens a workspace of a few lines when a case needs it.
func mini(tables ...table) func(testing.TB) *query.Engine {
	return func(t testing.TB) *query.Engine { return workspace(t, tables...) }
}

// Small workspaces that several rules look at.
var (
	twoFiles = mini(
		table{id: "north", grain: models.Figure, about: "  definition: presumed by police\n", csv: "indicator,agency,year,value\nvic_presumed,TH.RTP,2024,20\ncase_reported,TH.RTP,2024,9\n"},
		table{id: "south", grain: models.Figure, about: "  definition: identified by a panel\n", csv: "indicator,agency,year,value\nvic_identified,KH.NCCT,2024,30\ncase_reported,KH.NP,2024,8\n"})
	withheld = mini(figures(`indicator,agency,year,sex,nationality,value,obs_status
vic_identified,KH.NCCT,2024,,,100,A
vic_identified,KH.NCCT,2024,F,,90,A
vic_identified,KH.NCCT,2024,M,,,Q
vic_identified,KH.NCCT,2024,,CN,60,A
vic_identified,KH.NCCT,2024,,TH,7,A
vic_identified,KH.NCCT,2023,,CN,50,A
vic_identified,KH.NCCT,2023,,TH,,L
`))
	stocks = mini(figures(`indicator,agency,year,value
case_pending,KH.MOJ,2023,118
case_pending,KH.MOJ,2024,236
case_filed,KH.MOJ,2023,60
case_filed,KH.MOJ,2024,118
`))
	bands = mini(figures(`indicator,agency,year,age,value
vic_identified,KH.NCCT,2024,,100
vic_identified,KH.NCCT,2024,Y15T20,40
vic_identified,KH.NCCT,2024,Y18T24,50
vic_identified,KH.NCCT,2023,,100
vic_identified,KH.NCCT,2023,Y0T17,40
vic_identified,KH.NCCT,2023,Y18T24,60
vic_identified,KH.NCCT,2022,Y18T24,60
vic_identified,KH.NCCT,2022,Y18T19,20
`))
	provinces = mini(records(`indicator,agency,year,place
vic_identified,KH.NCCT,2012,KH-3
vic_identified,KH.NCCT,2015,KH-3
vic_identified,KH.NCCT,2015,KH-25
vic_identified,KH.NCCT,2012,KH-2
`))
	newProvinces = mini(records(`indicator,agency,year,place
vic_identified,KH.NCCT,2015,KH-3
vic_identified,KH.NCCT,2016,KH-25
`))
	mergedProvinces = mini(records(`indicator,agency,year,place
vic_identified,KH.NCCT,2024,VN-47
vic_identified,KH.NCCT,2024,VN-44
vic_identified,KH.NCCT,2026,VN-44
vic_identified,KH.NCCT,2026,VN-HN
`))
	breaks = mini(figures(`indicator,agency,year,value,obs_status
case_reported,KH.NCCT,2022,50,A
case_reported,KH.NCCT,2023,70,B
case_reported,KH.NCCT,2024,75,A
`))
	offences = mini(figures(`indicator,agency,period,offence_group,value
case_reported,KH.NP,2025-S1,,99
case_reported,KH.NP,2025-S1,TIP,27
case_reported,KH.NP,2025-S1,SEXEX,72
case_investigated,KH.NP,2025-S1,TIP,27
`))
	portal = mini(figures(`indicator,agency,year,unit,value
vic_presumed,NGO.FC,2024,submissions,40
vic_identified,NGO.FC,2024,persons,12
`))
	groups = mini(figures(`indicator,agency,year,destination,nationality,value
vic_identified,KH.NCCT,2024,ASEAN,,40
vic_identified,KH.NCCT,2024,TH,,10
vic_identified,KH.NCCT,2024,CN,,8
vic_identified,KH.NCCT,2024,,_FOR,15
vic_identified,KH.NCCT,2024,,KH,30
`))
	ratios = mini(figures(`indicator,agency,year,value
sus_arrested,KH.NP,2024,100
sus_convicted,KH.NP,2024,20
vic_identified,KH.NP,2024,50
vic_referred,KH.NP,2024,40
`))
	citizens = mini(table{id: "citizens", grain: models.Record, about: "  origin_from: nationality\n",
		csv: "indicator,agency,year,nationality,origin,destination\nvic_identified,INT.CTDC,2024,VN,VN,KH\nvic_identified,INT.CTDC,2024,KH,KH,TH\n"})
	roles = mini(figures(`indicator,agency,year,value
vic_identified,KH.NCCT,2024,50
sus_arrested,KH.NCCT,2024,10
enf_deported,KH.NCCT,2024,30
ctx_migrants_registered,KH.NCCT,2024,700
case_convicted,KH.NCCT,2024,7
case_acquitted,KH.NCCT,2024,2
`))
	raids = mini(figures("indicator,agency,year,value\nop_persons,KH.NP,2024,90\nout_trained,KH.NP,2024,30\n"))
)

// ruleCases holds, for every rule of the book, questions that it speaks up at
// and questions close by at which it does not.
var ruleCases = map[string][]ruleCase{
	"W-01": {
		{"cases and persons", published, "prv_intercepted_cases + prv_intercepted", true, "56 cases (interception cases) and 105 persons", ""},
		{"sites and persons", published, "op_sites + op_persons where year=2025", true, "52 sites", ""},
		{"cases here, persons there", published, "ctx_dataset_records[agency=TH.AHTDB] + ctx_dataset_records[agency=INT.CTDC]", true, "~2,000 cases", ""},
		{"a range of cases and persons", published, "range prv_intercepted_cases, prv_intercepted", true, "56 cases", ""},
		{"persons per case", published, "prv_intercepted / prv_intercepted_cases", false, "", "1.9"},
		{"persons and persons", published, "sus_arrested[nationality=CN] + sus_arrested[nationality=TH] where year=2025", false, "", "17"},
	},
	"W-02": {
		{"women and everyone", published, "vic_rescued[sex=F] + vic_rescued where year=2025", true, "247 persons (persons removed from exploitation, sex Female) are already part of 609 persons", ""},
		{"twice the same", published, "vic_rescued + vic_rescued where year=2025", true, "609 persons (persons removed from exploitation) would be counted twice", ""},
		{"a country and its province", training, "vic_identified[place=KH] + vic_identified[place=KH-2] where year=2024", true, "79 persons (identified victims, place Battambang)", ""},
		{"one person is part", mini(records("indicator,agency,year,sex\nvic_identified,KH.NP,2024,F\nvic_identified,KH.NP,2024,M\n")), "vic_identified[sex=F] + vic_identified", true, "1 person (identified victims, sex Female) is already part of 2 persons", ""},
		{"two figures under one heading", mini(figures("indicator,agency,year,value\nvic_identified,KH.NP,2024,10\nvic_identified,KH.NP,2024,7\n")), "vic_identified", true, "may be parts or hold the same people: 10, 7 persons", "10-17"},
		{"women and men", training, "vic_identified[sex=F] + vic_identified[sex=M] where year=2024", false, "", "2,452"},
	},
	"W-03": {
		{"two ministries of one country", published, "vic_presumed[agency=ID.KEMLU] + vic_sheltered[agency=ID.KEMENSOS] where year=2012..2016", true, "at least 2,285 and at most 4,442", ""},
		{"about", published, "ctx_dataset_records[agency=INT.CTDC] + ctx_dataset_records[agency=NGO.LIBERTYASIA]", true, "at least about 80,000 and at most about 100,000", ""},
		{"two sources shown apart", published, "vic_rescued", true, "2 sources, shown apart and never added", ""},
		{"records and figures of one agency", mini(records("indicator,agency,year\nvic_identified,KH.NP,2024\n"), figures("indicator,agency,year,value\nvic_sheltered,KH.NP,2024,7\n")),
			"vic_identified[dataset=records] + vic_sheltered[dataset=figures]", true, "1 person (identified victims, dataset records) in records", ""},
		{"no source has both parts", mini(figures("indicator,agency,year,value\nvic_identified,KH.NP,2024,5\nvic_identified,TH.RTP,2024,4\nsus_arrested,KH.MP,2024,3\nsus_arrested,TH.OAG,2024,3\n")),
			"vic_identified / sus_arrested", true, "No one source has all parts", ""},
		{"two countries", twoFiles, "case_reported[agency=TH.RTP] + case_reported[agency=KH.NP] where year=2024", false, "", "17"},
		{"shares of two agencies are not people", published, "shr_forced_criminality + shr_reports_false", false, "", ""},
		{"one agency", published, "vic_rescued where year=2025", false, "", "609"},
	},
	"W-04": {
		{"rescued and referred", published, "vic_rescued + vic_referred where year=2025", true, "609 persons (persons removed from exploitation) and 63 persons", ""},
		{"arrested and convicted", training, "sus_arrested + sus_convicted where year=2024", true, "at different steps", ""},
		{"one step, two reasons", published, "vic_restitution_due + vic_restitution_paid where year=2016", true, "143 persons", ""},
		{"a range over steps says so", published, "range vic_presumed[agency=ID.KEMLU], vic_sheltered[agency=ID.KEMENSOS] where year=2012..2016", true, "known to at least one of them", "2,285-4,442"},
		{"a later step as a share", published, "vic_referred / vic_rescued where year=2025", false, "", "10.3"},
		{"side by side", published, "vic_rescued ; vic_referred where year=2025", false, "", ""},
	},
	"W-05": {
		{"five years and one of them", published, "vic_sheltered[year=2012..2016] + vic_sheltered[year=2016] where agency=ID.KEMENSOS", true, "2,157 persons", ""},
		{"records of a year and of its half", training, "vic_identified[year=2024] + vic_identified[year=2024-S1]", true, "2,506 persons (identified victims, 2024) and 1,266", ""},
		{"years that share one", training, "vic_identified[year=2022..2023] + vic_identified[year=2023..2024]", true, "overlap", ""},
		{"years apart", published, "prv_departure_prevented[year=2015] + prv_departure_prevented[year=2016] where agency=ID.BNP2TKI", false, "", "2,894"},
		{"one year of women, its half of men", training, "vic_identified[sex=F year=2024] + vic_identified[sex=M year=2024-S1]", false, "", "1,858"},
	},
	"W-06": {
		{"two services", published, "vic_service[service=medical] + vic_service[service=psychological] where year=2016", true, "One person can be in both: 19 persons", ""},
		{"two sanctions", published, "op_agency_sanctioned[sanction=suspended] + op_agency_sanctioned[sanction=banned] where year=2016", true, "One agency can be in both: 199 agencies", ""},
		{"two types of exploitation", training, "vic_identified[exploitation=SEX] + vic_identified[exploitation=LAB] where year=2024", true, "580 persons", ""},
		{"a share can pass 100", training, "share exploitation=SEX of vic_identified where year=2024", true, "can pass 100 together", "23.1"},
		{"rows do not add up", training, "vic_identified by exploitation where year=2024", true, "the rows do not add up to the total", "2,506"},
		{"nationalities add up", training, "vic_identified by nationality where year=2024", false, "", "2,506"},
		{"a share of women", training, "share sex=F of vic_identified where year=2024", false, "", "49.6"},
	},
	"W-07": {
		{"two countries in one total", twoFiles, "range vic_presumed[agency=TH.RTP], vic_identified[agency=KH.NCCT] where year=2024", true, "TH.RTP and KH.NCCT each count victims by their own definition", "30-50"},
		{"hotline and case files", mini(records("indicator,agency,year,record_kind\nvic_identified,INT.CTDC,2024,hotline\nvic_identified,INT.CTDC,2024,casemgmt\n")), "vic_identified", true, "identify victims in different ways", "2"},
		{"a total over countries", mini(figures("indicator,agency,year,place,value\nvic_identified,INT.UNODC,2024,KH,5\nvic_identified,INT.UNODC,2024,TH,6\n")), "vic_identified where year=2024", true, "each follow a national definition", "11"},
		{"cases have no victims' definition", twoFiles, "case_reported[agency=TH.RTP] + case_reported[agency=KH.NP] where year=2024", false, "", "17"},
		{"case files alone", mini(records("indicator,agency,year,record_kind\nvic_identified,INT.CTDC,2024,hotline\nvic_identified,INT.CTDC,2024,casemgmt\n")), "vic_identified where record_kind=casemgmt", false, "", "1"},
	},
	"W-08": {
		{"pending at two dates", stocks, "case_pending[year=2023] + case_pending[year=2024]", true, "118 cases (cases pending in court, 2023) and 236 cases", ""},
		{"assisted in two years", training, "vic_assisted[year=2023] + vic_assisted[year=2024] where agency=TRAINING.NGO", true, "may be the same persons at two times", ""},
		{"a total over years stays empty", stocks, "case_pending across year", true, "are not added", ""},
		{"filed in two years", stocks, "case_filed[year=2023] + case_filed[year=2024]", false, "", "178"},
		{"pending at one date", stocks, "case_pending where year=2024", false, "", "236"},
	},
	"W-09": {
		{"an estimate and a count", published, "est_forced_scam_workers[agency=US.USIP] + vic_rescued[agency=KH.NCCT year=2025]", true, "~100,000 persons", ""},
		{"two estimates", published, "est_forced_scam_workers[agency=US.USIP] + est_forced_scam_workers[agency=US.USAID_CTIP]", true, ">=150,000 persons", ""},
		{"a range of estimates", published, "range est_forced_scam_workers[agency=US.USIP], est_forced_scam_workers[agency=US.USAID_CTIP]", true, "never added", ""},
		{"side by side", published, "est_forced_scam_workers ; vic_rescued", false, "", ""},
	},
	"W-10": {
		{"ranks", published, "tip_tier[year=2022] + tip_tier[year=2023]", true, "Tier 3 (tier of the US TIP Report, 2022) and tier 3", ""},
		{"shares", published, "shr_forced_criminality + shr_reports_false", true, "a share has no sum and no average", ""},
		{"a share is not divided", published, "shr_forced_criminality / shr_reports_false", true, "a share is not divided again", ""},
		{"no mean over years", published, "tip_tier across year", true, "a rank has no sum and no average over years", ""},
		{"several years and no time axis", published, "tip_tier", true, "2022, 2023, 2024, 2025", ""},
		{"one year", published, "tip_tier where year=2024", false, "", "3"},
	},
	"W-11": {
		{"without scam cases beside online crime", published, "sus_arrested", true, "without scam-related cases (KH.NCCT); online crime only (KH.NP)", ""},
		{"two sides of a ratio", published, "vic_identified / req_persons where agency=KH.NP", true, "wider than trafficking (KH.NP); no scope stated (KH.NP)", "~0.68"},
		{"one scope", published, "sus_arrested / vic_rescued where year=2025 agency=KH.NCCT", false, "", "34.3"},
		{"no scopes", published, "est_forced_scam_workers", false, "", ""},
	},
	"W-12": {
		{"arrested and found", published, "sus_arrested + op_persons where year=2025", true, "2,767 persons", ""},
		{"found and rescued", published, "op_persons[agency=MEDIA.KHMERTIMES] + vic_rescued[agency=KH.NCCT]", true, "the role of people found in a raid is not decided", ""},
		{"found in a raid and officers trained", raids, "op_persons + out_trained where year=2024", true, "90 persons (persons found in operations, role undetermined) and 30 persons (persons trained) are people in different roles", ""},
		{"victims and suspects", training, "vic_identified + sus_arrested where year=2024", true, "2,506 persons (identified victims) and 383 persons (persons arrested) are people in different roles", ""},
		{"a range of victims and suspects", training, "range vic_identified, sus_arrested where year=2024", true, "the same person may be in both", ""},
		{"victims and people sent back", roles, "vic_identified + enf_deported", true, "50 persons", ""},
		{"victims and migrants, as a survey has them", roles, "vic_identified + ctx_migrants_registered", true, "700 persons", ""},
		{"side by side", published, "sus_arrested ; op_persons where year=2025", false, "", ""},
		{"suspects of two nationalities", training, "sus_arrested[nationality=CN] + sus_arrested[nationality=KH] where year=2024", false, "", "263"},
		{"suspects per victim", roles, "sus_arrested / vic_identified", false, "", "20.0"},
		{"cases of two outcomes", roles, "case_convicted + case_acquitted", false, "", "9"},
	},
	"W-13": {
		{"one airport", published, "ret_nationals where year=2025", true, "only Phnom Penh airport, 2025 Jan-May, sex Female", "146"},
		{"a part of a year is in no sum", published, "vic_sheltered[year=2012..2016] + vic_sheltered[year=2017] where agency=ID.KEMENSOS", true, "covers 2017 Jan-Jul only", ">=2,157"},
		{"a year without a figure", mini(figures("indicator,agency,year,value\ncase_filed,KH.MOJ,2022,5\ncase_filed,KH.MOJ,2024,6\n")), "case_filed", true, "only 2 of the 3 years 2022-2024 have a figure", "11"},
		{"the months themselves", published, "vic_sheltered[year=2012..2016] + vic_sheltered[year=2017-01..2017-07] where agency=ID.KEMENSOS", false, "", "2,438"},
		{"no coverage stated", published, "prv_departure_prevented where year=2015", false, "", "1,584"},
	},
	"W-14": {
		{"nationality as an end of a flow", training, "vic_identified flow nationality to destination where year=2024 top 3", true, "by nationality, which is not where people came from", "2,506"},
		{"origin taken from nationality", citizens, "vic_identified by origin", true, "origin is the person's citizenship", "2"},
		{"place of exploitation as place", mini(records("indicator,agency,year,place,place_role\nvic_identified,INT.CTDC,2024,KH,exploitation\n")), "vic_identified by place", true, "place is the place of exploitation", "1"},
		{"origin to destination", training, "vic_identified flow origin to destination where year=2024 top 3", false, "", "2,506"},
		{"by nationality where that is known", citizens, "vic_identified by nationality", false, "", "2"},
	},
	"W-15": {
		{"returned and deported", published, "ret_nationals[agency=KH.GDI] + enf_deported[agency=KH.UNNAMED]", true, "146 persons (nationals returned, KH.GDI) and >20,000", ""},
		{"intercepted and prevented", published, "prv_intercepted[agency=KH.GDI] + prv_departure_prevented[agency=ID.BNP2TKI year=2015]", true, "105 persons", ""},
		{"returned victims and nationals", mini(figures("indicator,agency,year,value\nvic_returned_in,KH.MFAIC,2024,12\nret_nationals,KH.MFAIC,2024,30\n")), "vic_returned_in + ret_nationals", true, "12 persons", ""},
		{"nationals of two countries", published, "ret_nationals[agency=KH.GDI] + ret_nationals[agency=ID.POLRI]", false, "", "214"},
		{"side by side", published, "ret_nationals ; enf_deported", false, "", ""},
	},
	"W-16": {
		{"one estimate in two documents", published, "est_illicit_flows", true, "printed in 2 documents", "~2,000,000,000,000-3,000,000,000,000"},
		{"two documents that disagree", published, "ctx_member_institutions", true, "27 and 22 institutions", "22-27"},
		{"one document, two years", published, "prv_departure_prevented across year where agency=ID.BNP2TKI", false, "", ""},
	},
	"W-17": {
		{"convicted per arrested", ratios, "sus_convicted / sus_arrested where year=2024", true, "persons convicted and persons arrested of one period", "20.0"},
		{"referred per identified", ratios, "vic_referred / vic_identified where year=2024", false, "", "80.0"},
		{"women among the arrested", training, "share sex=F of sus_arrested where year=2024", false, "", ""},
	},
	"W-18": {
		{"no rest beside a withheld part", withheld, "vic_identified by sex where year=2024", true, "could be found by subtraction", "100"},
		{"a sum with a withheld part", withheld, "vic_identified[sex=F] + vic_identified[sex=M] where year=2024", true, "a withheld number is part of it", ">=90"},
		{"a range with a withheld part", withheld, "range vic_identified[sex=F], vic_identified[sex=M] where year=2024", true, "a withheld number is part of it", ">=90"},
		{"several codes, one withheld", withheld, "vic_identified where sex=F,M year=2024", true, "a withheld number is part of it", ">=90"},
		{"nothing withheld by nationality", withheld, "vic_identified by nationality where year=2024", false, "", "100"},
		{"no data is not withheld", withheld, "vic_identified[nationality=CN] + vic_identified[nationality=TH] where year=2023", false, "", ">=50"},
	},
	"W-19": {
		{"a part without a figure", withheld, "vic_identified[nationality=CN] + vic_identified[nationality=TH] where year=2023", true, "1 of 2 parts has no figure", ">=50"},
		{"a part that nobody counts", withheld, "vic_identified[nationality=CN] + vic_identified[nationality=LA] where year=2024", true, "No data is not 0", ""},
		{"an indicator that nobody counts", published, "case_filed[agency=MEDIA.DIPLOMAT] + case_submitted", true, "There is no data of cases submitted for prosecution", ""},
		{"side by side with nothing", withheld, "vic_identified[nationality=CN] ; vic_identified[nationality=LA] where year=2024", true, "which is not 0", "60"},
		{"several codes, one without", withheld, "vic_identified where nationality=CN,TH year=2023", true, "1 of the 2 nationalities chosen", ">=50"},
		{"a stated zero is data", published, "case_filed", false, "", "0"},
		{"both parts known", withheld, "vic_identified[nationality=CN] + vic_identified[nationality=TH] where year=2024", false, "", "67"},
	},
	"W-20": {
		{"years across a break", breaks, "case_reported across year", true, "the series breaks at 2023", "195B"},
		{"a change over it", breaks, "case_reported where year=2023 change from previous", true, "at 2023", ""},
		{"a change over a break between", breaks, "case_reported where year=2024 change from 2022", true, "at 2023", ""},
		{"one number over years", breaks, "case_reported where year=2022..2024", true, "at 2023", "195B"},
		{"records of the year 2020", training, "vic_assisted across year where agency=TRAINING", true, "at 2020", ""},
		{"years after the break", breaks, "case_reported across year where year=2023..2024", false, "", "145B"},
		{"a change after it", breaks, "case_reported where year=2024 change from previous", false, "", ""},
		{"records from 2020 on", training, "vic_assisted across year where agency=TRAINING year=2020..2024", false, "", ""},
		{"one year", breaks, "case_reported where year=2024", false, "", "75"},
	},
	"W-21": {
		{"a change", published, "prv_departure_prevented where year=2016 change from 2015", true, "of the earlier number", ""},
		{"no change", published, "prv_departure_prevented where year=2016", false, "", "1,310"},
	},
	"W-22": {
		{"provinces over the split", provinces, "vic_identified by province across year", true, "Tboung Khmum is a province of its own only since 2013-12-31", "4"},
		{"the old province before", provinces, "vic_identified where place=KH-3 year=2012..2016", true, "its numbers are in Kampong Cham", "2"},
		{"the new province over all years", provinces, "vic_identified where place=KH-25", true, "Tboung Khmum", "1"},
		{"years after the split", provinces, "vic_identified by province where year=2014..2016", false, "", "2"},
		{"another province", provinces, "vic_identified where place=KH-2 year=2012..2016", false, "", "1"},
		{"provinces over a merger", mergedProvinces, "vic_identified by province across year", true, "Kien Giang was a province of its own until 2025-06-30; since then its numbers are in An Giang", "4"},
		{"the province that took another in", mergedProvinces, "vic_identified where place=VN-44", true, "since then its numbers are in An Giang", "2"},
		{"the province that was taken in", mergedProvinces, "vic_identified where place=VN-47 year=2024..2026", true, "until 2025-06-30", "1"},
		{"years before the merger", mergedProvinces, "vic_identified by province where year=2024", false, "", "2"},
		{"years after the merger", mergedProvinces, "vic_identified where place=VN-44 year=2026", false, "", "1"},
		{"a province that stayed", mergedProvinces, "vic_identified where place=VN-HN", false, "", "1"},
		{"old years asked, none there", newProvinces, "vic_identified by province where year=2010..2016", false, "", "2"},
	},
	"W-23": {
		{"nationalities and countries", published, "req_nationalities + sus_arrested_countries where agency=KH.NP", true, "35 nationalities (nationalities in requests) and 5 countries", ""},
		{"two times the same count", mini(figures("indicator,agency,year,value\nreq_nationalities,KH.NP,2023,35\nreq_nationalities,KH.NP,2024,30\n")), "req_nationalities[year=2023] + req_nationalities[year=2024]", true, "the same may be in both", ""},
		{"a range of them", mini(figures("indicator,agency,year,value\nreq_nationalities,KH.NP,2023,35\nreq_nationalities,KH.NP,2024,30\n")), "range req_nationalities[year=2023], req_nationalities[year=2024]", false, "", "35-65"},
	},
	"W-24": {
		{"foreigners and one country", published, "sus_arrested[nationality=_FOR] + sus_arrested[nationality=CN] where year=2025", true, "13 persons (persons arrested, nationality China) are already among 17 persons", ""},
		{"foreigners and one country, records", training, "vic_identified[nationality=_FOR] + vic_identified[nationality=TH] where year=2024", true, "78 persons", ""},
		{"ASEAN and a member", groups, "vic_identified[destination=ASEAN] + vic_identified[destination=TH] where year=2024", true, "10 persons (identified victims, destination Thailand) are already among 40 persons", ""},
		{"two groups with members in common", groups, "vic_identified[destination=ASEAN] + vic_identified[destination=GMS] where year=2024", true, "share members", ""},
		{"ASEAN and a country outside", groups, "vic_identified[destination=ASEAN] + vic_identified[destination=CN] where year=2024", false, "", "48"},
		{"foreigners and nationals", groups, "vic_identified[nationality=_FOR] + vic_identified[nationality=KH] where year=2024", false, "", "45"},
		{"two countries", published, "sus_arrested[nationality=CN] + sus_arrested[nationality=TH] where year=2025", false, "", "17"},
	},
	"W-25": {
		{"since August 2023", published, "req_persons", true, "since 2023-08-01", "~10,000"},
		{"no date at all", published, "vic_rescued where agency=NGO.BLUEDRAGON", true, "the period is not stated", "1,486"},
		{"not in a series", published, "sus_arrested across year where agency=KH.NP", true, "Not in any cell: 129 persons, since 2023-08-01 (KH.NP).", ".."},
		{"which of two side by side", published, "sus_arrested ; req_persons across year", true, "Not in any cell: 129 persons (persons arrested), since 2023-08-01 (KH.NP). | Not in any cell: ~10,000 persons (persons in requests for help), since 2023-08-01", ""},
		{"a year", published, "vic_rescued where year=2025", false, "", "609"},
		{"an estimate without a date", published, "est_forced_scam_workers where agency=US.USIP", false, "", "~100,000"},
	},
	"W-26": {
		{"submissions to a portal", portal, "vic_presumed where year=2024", true, "NGO.FC counts submissions here, not persons", "40"},
		{"persons", portal, "vic_identified where year=2024", false, "", "12"},
		{"police reports are no persons anyway", published, "case_reported", false, "", "782"},
	},
	"W-27": {
		{"bands that cut across", bands, "vic_identified by age.band where year=2024", true, "The ages 15-20 and 18-24 cut across each other (KH.NCCT)", ""},
		{"in records", mini(records("indicator,agency,year,age\nvic_identified,KH.NP,2024,Y15T20\nvic_identified,KH.NP,2024,Y18T24\n")), "vic_identified by age.band", true, "The ages 15-20 and 18-24", ""},
		{"added", bands, "vic_identified[age=Y15T20] + vic_identified[age=Y18T24] where year=2024", true, "40 persons (identified victims, age 15-20) and 50 persons", ""},
		{"chosen together", bands, "vic_identified where age=Y15T20,Y18T24 year=2024", true, "are not added", ">=50"},
		{"records of bands within bands", mini(records("indicator,agency,year,age\nvic_identified,KH.NP,2024,Y18T19\nvic_identified,KH.NP,2024,Y18T24\n")), "vic_identified by age.band", true, "are of different bands", "2"},
		{"children and adults", bands, "vic_identified by age where year=2023", false, "", "100"},
		{"bands that do not", training, "vic_identified by age.band where year=2024", false, "", "2,506"},
		{"a band published with its parts", bands, "vic_identified by age.band where year=2022", false, "", ""},
	},
	"W-28": {
		{"a headline over offences", offences, "case_reported where year=2025-S1", true, "(SEXEX, TIP), not trafficking alone", "99"},
		{"records", training, "sus_arrested where year=2024", true, "not trafficking alone", "383"},
		{"added", offences, "case_reported[offence_group=TIP] + case_reported[offence_group=SEXEX] where year=2025-S1", true, "not trafficking alone", "99"},
		{"trafficking alone", offences, "case_reported where year=2025-S1 offence_group=TIP", false, "", "27"},
		{"apart", training, "sus_arrested by offence_group where year=2024", false, "", "383"},
		{"only trafficking is counted", offences, "case_investigated where year=2025-S1", false, "", "27"},
		{"victims have no offence", training, "vic_identified where year=2024", false, "", "2,506"},
	},
	"TRAINING": {
		{"invented and real", mini(table{id: "made", grain: models.Record, about: "  synthetic: true\n", csv: "indicator,agency,year\nvic_identified,TRAINING,2024\n"},
			records("indicator,agency,year\nvic_identified,KH.NP,2024\n")), "vic_identified", true, "never shown in one answer", ""},
		{"invented alone", training, "vic_identified where year=2024", false, "", "2,506"},
	},
}

// TestRules asks what every rule is for: it speaks up where it should, with
// the numbers, and not where it should not.
func TestRules(t *testing.T) {
	for _, id := range query.RuleIDs() {
		fire, miss := 0, 0
		for _, c := range ruleCases[id] {
			if c.fires {
				fire++
			} else {
				miss++
			}
			t.Run(id+" "+c.name, func(t *testing.T) { checkRule(t, id, c) })
		}
		if fire == 0 || miss == 0 {
			t.Errorf("%s has %d questions at which it fires and %d near misses; it needs both", id, fire, miss)
		}
		if e := query.ExplainRule(id); len(e) != 1 || e[0].Name == "" {
			t.Errorf("%s is not explained: %v", id, e)
		}
	}
	for id := range ruleCases {
		if !slices.Contains(query.RuleIDs(), id) {
			t.Errorf("%s has cases and is in no book", id)
		}
	}
}

func checkRule(t *testing.T, id string, c ruleCase) {
	e := c.of(t)
	a := ask(t, e, c.slice)
	said := saidBy(a)
	if got := strings.Join(said[id], " | "); (got != "") != c.fires || !strings.Contains(got, c.says) {
		t.Errorf("%s: %s says %q, want it to fire: %v, with %q\n%v", c.slice, id, got, c.fires, c.says, said)
	}
	if a.Empty != "" {
		t.Errorf("%s is empty: %s", c.slice, a.Empty)
	}
	if a.Refused() {
		checkRefusal(t, e, a)
	}
	if c.cell == "" {
		return
	}
	if len(a.Blocks) == 0 {
		t.Fatalf("%s: no answer: %v", c.slice, a.Refusals)
	}
	row := a.Blocks[0].Cells[len(a.Blocks[0].Cells)-1]
	if got := row[len(row)-1].Text(); got != c.cell {
		t.Errorf("%s is %s, want %s", c.slice, got, c.cell)
	}
}

// saidBy lists what each rule says anywhere in an answer.
func saidBy(a *models.Answer) map[string][]string {
	out := map[string][]string{}
	for _, r := range a.Refusals {
		out[r.Rule] = append(out[r.Rule], r.Why)
	}
	remarks := slices.Concat(a.Warnings, a.Footnotes)
	for _, b := range a.Blocks {
		for _, row := range b.Cells {
			for _, c := range row {
				remarks = append(remarks, c.Notes()...)
			}
		}
	}
	for _, r := range remarks {
		if r.Rule != "" && !slices.Contains(out[r.Rule], r.Text) {
			out[r.Rule] = append(out[r.Rule], r.Text)
		}
	}
	return out
}

// checkRefusal holds for every refusal: no number is shown, the rules stand by
// number, and each has a way out. Every way out is answered, and at least one
// of them with a number.
func checkRefusal(t *testing.T, e *query.Engine, a *models.Answer) {
	t.Helper()
	if len(a.Blocks) != 0 {
		t.Errorf("%s is refused and has %d blocks", a.Slice, len(a.Blocks))
	}
	if !slices.IsSortedFunc(a.Refusals, func(x, y models.Refusal) int { return strings.Compare(x.Rule, y.Rule) }) {
		t.Errorf("%s: refusals are not by number: %v", a.Slice, a.Refusals)
	}
	for _, r := range a.Refusals {
		checkSentence(t, r.Why)
		numbers := 0
		for _, w := range r.Ways {
			out := ask(t, e, w.Slice)
			if out.Refused() || out.Empty != "" {
				t.Errorf("%s: %s offers %q, which is refused or empty: %v %s", a.Slice, r.Rule, w.Slice, out.Refusals, out.Empty)
			}
			if hasNumber(out) {
				numbers++
			}
		}
		if numbers == 0 {
			t.Errorf("%s: %s offers no way to a number: %v", a.Slice, r.Rule, r.Ways)
		}
	}
}

func hasNumber(a *models.Answer) bool {
	for _, b := range a.Blocks {
		for _, row := range b.Cells {
			if slices.ContainsFunc(row, models.Cell.HasBounds) {
				return true
			}
		}
	}
	return false
}

// checkSentence looks for what reads badly.
func checkSentence(t *testing.T, s string) {
	t.Helper()
	for _, bad := range []string{"((", "))", "(s)", "%!", " a a", "a ordinal", "countrie ", "agencie ", "inf.", "NaN", "  "} {
		if strings.Contains(s, bad) {
			t.Errorf("%q holds %q", s, bad)
		}
	}
	if s == "" || !strings.HasSuffix(s, ".") || strings.ToUpper(s[:1]) != s[:1] {
		t.Errorf("%q is no sentence", s)
	}
}

// TestRulesTogether checks that all rules that fire are reported, refusals
// before warnings, by number.
func TestRulesTogether(t *testing.T) {
	for _, c := range []struct {
		of             func(testing.TB) *query.Engine
		slice          string
		refused, warns string
	}{
		{published, "sus_arrested + op_persons where year=2025", "W-03 W-12", "W-11"},
		{published, "vic_presumed[agency=ID.KEMLU] + vic_sheltered[agency=ID.KEMENSOS] where year=2012..2016", "W-03 W-04", ""},
		{published, "req_nationalities + sus_arrested_countries where agency=KH.NP", "W-01 W-23", ""},
		{published, "ret_nationals[agency=KH.GDI] + enf_deported[agency=KH.UNNAMED]", "W-03 W-15", "W-11 W-13"},
		{published, "sus_arrested", "", "W-03 W-11 W-25"},
		{training, "sus_convicted + sus_arrested where year=2024", "W-04", "W-28"},
		{training, "sus_convicted / sus_arrested where year=2024", "", "W-17 W-28"},
	} {
		a := ask(t, c.of(t), c.slice)
		var refused, warns []string
		for _, r := range a.Refusals {
			refused = append(refused, r.Rule)
		}
		for _, w := range a.Warnings {
			warns = append(warns, w.Rule)
		}
		if got := fmt.Sprint(strings.Join(refused, " "), "; ", strings.Join(warns, " ")); got != c.refused+"; "+c.warns {
			t.Errorf("%s: %s, want %s; %s", c.slice, got, c.refused, c.warns)
		}
	}
}

// TestRuleDeadWays checks that no way out is offered that another rule
// refuses, or that divides the people of one agency by those of another.
func TestRuleDeadWays(t *testing.T) {
	for _, c := range []struct{ slice, never string }{
		{"sus_arrested + op_persons where year=2025", "range"},
		{"est_forced_scam_workers[agency=US.USIP] + est_forced_scam_workers[agency=US.USAID_CTIP]", "range"},
		{"vic_rescued[year=2025] + shr_reports_false", " / "},
		{"ctx_dataset_records[agency=TH.AHTDB] + ctx_dataset_records[agency=INT.CTDC]", " / "},
		{"vic_presumed[agency=ID.KEMLU] + vic_sheltered[agency=ID.KEMENSOS] where year=2012..2016", " / "},
	} {
		for _, r := range ask(t, published(t), c.slice).Refusals {
			for _, w := range r.Ways {
				if strings.Contains(w.Slice, c.never) {
					t.Errorf("%s: %s offers %s", c.slice, r.Rule, w.Slice)
				}
			}
		}
	}
}

// TestRuleFigureFilters checks figures in which a group stands beside its members
// and a filter that leaves out: neither counts anyone twice, nor takes in whom
// the filter leaves out.
func TestRuleFigureFilters(t *testing.T) {
	for _, c := range []struct {
		of          func(testing.TB) *query.Engine
		slice, want string
	}{
		{published, "sus_arrested where nationality=_FOR year=2025", "17"},
		{published, "sus_arrested where nationality=CN,TH year=2025", "17"},
		{published, "sus_arrested where nationality!=CN year=2025", ">=4"}, // 17 foreigners hold the Chinese, and 192 are not broken down
		{mini(figures("indicator,agency,year,sex,value\nvic_identified,KH.NP,2024,,10\nvic_identified,KH.NP,2024,F,6\nvic_identified,KH.NP,2024,M,4\n")), "vic_identified where sex!=F", "4"},
		{mini(figures("indicator,agency,year,place,value\ncase_filed,KH.MOJ,2024,KH,50\ncase_filed,KH.MOJ,2024,KH-1,30\ncase_filed,KH.MOJ,2024,KH-2,15\n")), "case_filed where place!=KH-1", "15"},
		{withheld, "vic_identified where sex!=F year=2024", "*"}, // not 100 - 90
	} {
		if got := cellAt(t, ask(t, c.of(t), c.slice)).Text(); got != c.want {
			t.Errorf("%s is %s, want %s", c.slice, got, c.want)
		}
	}
}
