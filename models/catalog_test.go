package models_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
)

func TestFind(t *testing.T) {
	cat := datasets.Catalogue()
	for _, tt := range []struct {
		name, dim, text string
		want            string
		doubtful        bool
	}{
		{"province code", "place", "KH-18", "KH-18", false},
		{"province code without its hyphen", "place", "KH18", "KH-18", false},
		{"province code with a nought", "place", "KH-01", "KH-1", false},
		{"province name", "place", "Kampong Som", "KH-18", false},
		{"country", "place", "Cambodia", "KH", false},
		{"alpha-3", "place", "VNM", "VN", false},
		{"group", "destination", "ASEAN", "ASEAN", false},
		{"abroad", "destination", "abroad", "_ABR", false},
		{"town", "place", "Bavet", "KH-20", true},
		{"common code", "place", "_U", "_U", false},
		{"common word", "sex", "Unknown", "_U", false},
		{"nationality word", "nationality", "Filipino", "PH", false},
		{"country as nationality", "nationality", "Philippines", "PH", false},
		{"stateless", "nationality", "Stateless person", "_STL", false},
		{"foreigner", "nationality", "foreigner", "_FOR", false},
		{"group as nationality", "nationality", "ASEAN", "", false},
		{"province as nationality", "nationality", "Phnom Penh", "", false},
		{"nationality word as place", "place", "Vietnamese", "VN", false},
		{"age band", "age", "9--17", "Y9T17", false},
		{"age band of no list", "age", "Y3T7", "Y3T7", false},
		{"open age of no list", "age", "Y_GE70", "Y_GE70", false},
		{"age band in words", "age", "under 15", "Y0T14", false},
		{"other in a list with a code of that name", "offence_group", "Other", "OTHER", false},
		{"other elsewhere", "exploitation", "Other", "_O", false},
		{"nothing", "place", "", "", false},
		{"only signs", "place", "--", "", false},
		{"no name", "place", "Atlantis", "", false},
		{"a code of another dimension", "sex", "KH", "", false},
		{"a dimension that is not known", "x_line", "anything", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, sure := cat.Find(tt.dim, tt.text)
			got := ""
			if code != nil {
				got = code.ID
			}
			if got != tt.want || got != "" && sure == tt.doubtful {
				t.Errorf("Find(%s, %q) = %q, sure %v; want %q, sure %v", tt.dim, tt.text, got, sure, tt.want, !tt.doubtful)
			}
		})
	}
}

// YaTb and Y_GEa are codes for any whole ages (I-3.3), and nothing else is.
func TestAgeBands(t *testing.T) {
	cat := datasets.Catalogue()
	for code, parent := range map[string]string{
		"Y0T17": "", "Y_GE18": "", // the two of the level child or adult
		"Y0T8": "Y0T17", "Y9T17": "Y0T17", "Y17T17": "Y0T17", "Y3T7": "Y0T17",
		"Y18T20": "Y_GE18", "Y_GE48": "Y_GE18", "Y_GE99": "Y_GE18", "Y20T99": "Y_GE18",
		"Y15T20": "", "Y0T29": "", "Y17T18": "", "Y_GE15": "", "Y_GE0": "", "Y0T120": "", // across 18
	} {
		k := cat.Code("age", code)
		if k == nil {
			t.Errorf("%s is no age", code)
		} else if k.Parent != parent {
			t.Errorf("%s lies in %q, want %q", code, k.Parent, parent)
		}
	}
	for _, bad := range []string{"", "Y", "Y5", "YT", "Y8T", "YT8", "Y9T8", "Y08T9", "Y8T09", "y0t8", "Y0T8 ", "Y0T8x", "Y_GE", "Y_GE05", "Y_GE5x", "Y_LT18",
		"Y1.5T2", "Y-5T9", "Y-9T-5", "Y_GE-3", "Y+1T2", "0-8"} {
		if k := cat.Code("age", bad); k != nil {
			t.Errorf("%q is the age band %s (%s)", bad, k.ID, k.Label)
		}
	}
	for code, label := range map[string]string{"Y3T7": "3-7", "Y_GE70": "70+"} {
		if got := cat.Label("age", code); got != label {
			t.Errorf("the label of %s is %q, want %q", code, got, label)
		}
	}
}

func TestWithin(t *testing.T) {
	cat := datasets.Catalogue()
	for _, tt := range []struct {
		name, dim, code, in string
		want                bool
	}{
		{"itself", "place", "KH-18", "KH-18", true},
		{"province in its country", "place", "KH-18", "KH", true},
		{"country in its province", "place", "KH", "KH-18", false},
		{"province in another country", "place", "KH-18", "VN", false},
		{"beside", "place", "KH-1", "KH-12", false},
		{"form in its type", "exploitation", "CRM.SCAM", "CRM", true},
		{"type in a form", "exploitation", "CRM", "CRM.SCAM", false},
		{"forced criminality is no forced labour", "exploitation", "CRM", "LAB", false},
		{"division in its section", "sector", "A03", "A", true},
		{"not stated is in nothing", "place", "_U", "KH", false},
		{"not stated is itself", "place", "_U", "_U", true},
		{"no code", "place", "Atlantis", "KH", false},
		{"foreign depends on who reports", "nationality", "VN", "_FOR", false},

		// Ages are intervals: a band lies in every band that contains it.
		{"band in child", "age", "Y9T17", "Y0T17", true},
		{"band in adult", "age", "Y30T38", "Y_GE18", true},
		{"band across 18 in neither", "age", "Y15T20", "Y0T17", false},
		{"band across 18 not in adult", "age", "Y15T20", "Y_GE18", false},
		{"band in a wider one", "age", "Y10T14", "Y0T14", true},
		{"band at the edge of a wider one", "age", "Y0T8", "Y0T14", true},
		{"band across the edge", "age", "Y9T17", "Y0T14", false},
		{"wider in narrower", "age", "Y0T14", "Y10T14", false},
		{"open band in a wider open one", "age", "Y_GE60", "Y_GE48", true},
		{"closed band in an open one", "age", "Y55T59", "Y_GE48", true},
		{"open band in a closed one", "age", "Y_GE48", "Y45T59", false},
		{"child in a band across 18", "age", "Y0T17", "Y0T29", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := cat.Within(tt.dim, tt.code, tt.in); got != tt.want {
				t.Errorf("Within(%s, %s, %s) = %v", tt.dim, tt.code, tt.in, got)
			}
		})
	}
}

func TestAtLevel(t *testing.T) {
	cat := datasets.Catalogue()
	for _, tt := range []struct{ name, dim, code, level, want string }{
		{"province to country", "place", "KH-18", "country", "KH"},
		{"province to province", "place", "KH-18", "province", "KH-18"},
		{"country to country", "place", "VN", "country", "VN"},
		{"a country says nothing of provinces", "place", "KH", "province", ""},
		{"region to country", "place", "PH-07", "country", "PH"},
		{"a region says nothing of provinces", "place", "PH-07", "province", ""},
		{"province of a region to country", "place", "PH-CEB", "country", "PH"},
		{"province of a region to province", "place", "PH-CEB", "province", "PH-CEB"},
		{"any dimension of places", "destination", "KH-18", "country", "KH"},
		{"not stated stays", "place", "_U", "province", "_U"},
		{"other stays", "exploitation", "_O", "form", "_O"},
		{"no level asked", "place", "KH-18", "", "KH-18"},
		{"a flat list", "sex", "F", "group", "F"},
		{"form to type", "exploitation", "SEX.PORN", "type", "SEX"},
		{"type to form", "exploitation", "SEX", "form", ""},
		{"division to section", "sector", "C14", "section", "C"},
		{"band to child", "age", "Y9T17", "majority", "Y0T17"},
		{"band of no list to adult", "age", "Y33T39", "majority", "Y_GE18"},
		{"open band to adult", "age", "Y_GE70", "majority", "Y_GE18"},
		{"a band across 18 is neither", "age", "Y15T20", "majority", ""},
		{"child says nothing of bands", "age", "Y0T17", "band", ""},
		{"nationality to country", "nationality", "VN", "country", "VN"},
		{"stateless is foreign", "nationality", "_STL", "country", "_STL"},
		{"a code of no list stays", "place", "Atlantis", "country", "Atlantis"},
		{"a dimension of no catalogue", "x_line", "1800", "country", "1800"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := cat.AtLevel(tt.dim, tt.code, tt.level); got != tt.want {
				t.Errorf("AtLevel(%s, %s, %s) = %q, want %q", tt.dim, tt.code, tt.level, got, tt.want)
			}
		})
	}
}

func TestLevelOf(t *testing.T) {
	cat := datasets.Catalogue()
	for _, tt := range []struct{ dim, code, want string }{
		{"place", "KH", "country"}, {"place", "KH-18", "province"}, {"place", "ASEAN", "group"}, {"place", "_U", ""}, {"place", "Atlantis", ""},
		{"nationality", "VN", "country"}, {"nationality", "_FOR", "group"}, {"nationality", "_STL", "country"}, {"nationality", "_T", ""},
		{"age", "Y0T17", "majority"}, {"age", "Y0T8", "band"}, {"age", "Y3T7", "band"},
		{"exploitation", "LAB", "type"}, {"exploitation", "LAB.DOM", "form"}, {"sex", "F", ""},
	} {
		if got := cat.LevelOf(tt.dim, tt.code); got != tt.want {
			t.Errorf("LevelOf(%s, %s) = %q, want %q", tt.dim, tt.code, got, tt.want)
		}
	}
}

// What a filter offers: countries as nationalities, and no provinces.
func TestChoices(t *testing.T) {
	cat := datasets.Catalogue()
	ids := func(dim string) (out []string) {
		for _, k := range cat.Choices(dim) {
			out = append(out, k.ID)
		}
		return out
	}
	for _, tt := range []struct {
		dim       string
		has, lack []string
	}{
		{"nationality", []string{"KH", "VN", "_FOR", "_NAT", "_STL"}, []string{"KH-1", "ASEAN", "_ABR"}},
		{"place", []string{"KH", "KH-1", "KH-25", "ASEAN"}, []string{"_FOR", "F"}},
		{"sex", []string{"F", "M", "TF", "TM", "NB"}, []string{"KH"}},
	} {
		got := ids(tt.dim)
		for _, id := range tt.has {
			if !slices.Contains(got, id) {
				t.Errorf("%s does not offer %s", tt.dim, id)
			}
		}
		for _, id := range tt.lack {
			if slices.Contains(got, id) {
				t.Errorf("%s offers %s", tt.dim, id)
			}
		}
	}
}

func TestNearest(t *testing.T) {
	among := []string{"vic_identified", "vic_presumed", "vic_rescued", "sus_arrested"}
	for _, tt := range []struct {
		name, text string
		n          int
		want       []string
	}{
		{"one letter off", "vic_rescude", 1, []string{"vic_rescued"}},
		{"capitals", "VIC_RESCUED", 1, []string{"vic_rescued"}},
		{"a part of a name", "arrest", 1, []string{"sus_arrested"}},
		{"nearest first", "vic_presume", 2, []string{"vic_presumed", "vic_rescued"}},
		{"nothing is near", "zzzzzzzzzzzzzzzzzzzzzzzz", 3, nil},
		{"none wanted", "vic_rescued", 0, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := models.Nearest(tt.text, among, tt.n); !slices.Equal(got, tt.want) {
				t.Errorf("Nearest = %v, want %v", got, tt.want)
			}
		})
	}
}

// The broken catalogues that a careless hand makes, each with the words by
// which the hand finds its mistake.
func TestNewCatalogRefuses(t *testing.T) {
	fold := func(_, name string) string { return strings.ToLower(strings.ReplaceAll(name, " ", "")) }
	ind := func(ids ...string) (out []*models.Indicator) {
		for _, id := range ids {
			out = append(out, &models.Indicator{ID: id})
		}
		return out
	}
	dim := func(ids ...string) (out []*models.Dimension) {
		for _, id := range ids {
			out = append(out, &models.Dimension{ID: id, List: id})
		}
		return out
	}
	for _, tt := range []struct {
		name  string
		ind   []*models.Indicator
		dims  []*models.Dimension
		codes []*models.Code
		say   []string
	}{
		{"indicator twice", ind("a", "a"), nil, nil, []string{"a", "twice"}},
		{"dimension twice", nil, dim("d", "d"), nil, []string{"d", "twice"}},
		{"indicator and dimension", ind("a"), dim("a"), nil, []string{"a", "twice"}},
		{"code twice", nil, dim("d"), []*models.Code{{List: "d", ID: "X"}, {List: "d", ID: "X"}}, []string{"X", "d", "twice"}},
		{"parent of nowhere", nil, dim("d"), []*models.Code{{List: "d", ID: "X", Parent: "Y"}}, []string{"X", "Y", "parent"}},
		{"parent of another list", nil, dim("d", "e"), []*models.Code{{List: "d", ID: "X", Parent: "Y"}, {List: "e", ID: "Y"}}, []string{"X", "Y", "parent"}},
		{"name of two codes", nil, dim("d"), []*models.Code{{List: "d", ID: "X", Label: "Same"}, {List: "d", ID: "Y", Label: "Same"}}, []string{"Same", "X", "Y"}},
		{"name of two codes after folding", nil, dim("d"), []*models.Code{{List: "d", ID: "X", Label: "Same Name"}, {List: "d", ID: "Y", Aliases: []string{"samename"}}}, []string{"samename", "X", "Y"}},
		{"doubtful name of two codes", nil, dim("d"), []*models.Code{{List: "d", ID: "X", Doubtful: []string{"Town"}}, {List: "d", ID: "Y", Doubtful: []string{"town"}}}, []string{"town", "X", "Y"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := models.NewCatalog(tt.ind, tt.dims, tt.codes, fold)
			if err == nil {
				t.Fatal("no error")
			}
			for _, w := range tt.say {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("the error %q does not say %q", err, w)
				}
			}
		})
	}
	if _, err := models.NewCatalog(ind("a"), dim("d", "e"), []*models.Code{{List: "d", ID: "X"}, {List: "e", ID: "X"}}, fold); err != nil {
		t.Errorf("a code of two lists is no mistake: %v", err)
	}
}

// A dataset's own columns are known where it is asked, and nowhere else.
func TestCatalogWith(t *testing.T) {
	cat := datasets.Catalogue()
	more := cat.With([]*models.Dimension{{ID: "x_line", Name: "Hotline", List: "x_line"}})
	if more.Dimension("x_line") == nil || more.FindDimension("hotline") == nil || !more.Open("x_line") {
		t.Error("the kept column is not known")
	}
	if cat.Dimension("x_line") != nil {
		t.Error("the catalogue itself has grown")
	}
	if cat.Open("sex") || !cat.Open("dataset") {
		t.Error("sex takes any code, or dataset does not")
	}
	if cat.With(nil) != cat {
		t.Error("adding nothing makes a copy")
	}
}

func TestExplain(t *testing.T) {
	cat := datasets.Catalogue()
	for _, tt := range []struct{ name, text, kind, id string }{
		{"indicator", "vic_identified", "indicator", "vic_identified"},
		{"indicator by name", "persons arrested", "indicator", "sus_arrested"},
		{"dimension", "exploitation", "dimension", "exploitation"},
		{"agency", "KH.NCCT", "agency", "KH.NCCT"},
		{"province", "Sihanoukville", "code of place", "place:KH-18"},
		{"code of one dimension", "nationality:_FOR", "code of nationality", "nationality:_FOR"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all := cat.Explain(tt.text)
			if !slices.ContainsFunc(all, func(e models.Explanation) bool { return e.Kind == tt.kind && e.ID == tt.id && e.String() != "" }) {
				t.Errorf("Explain(%q) = %v, want the %s %s among them", tt.text, all, tt.kind, tt.id)
			}
		})
	}
	if all := cat.Explain("zzzz"); len(all) != 0 {
		t.Errorf("zzzz is explained: %v", all)
	}
	if near := cat.NearAnything("vic_identifed"); !slices.Contains(near, "vic_identified") || len(near) > 3 {
		t.Errorf("near vic_identifed are %v", near)
	}
}

// Which sums are sums at all: the rules of the catalogue (I-2) as the engine
// asks for them.
func TestAdditive(t *testing.T) {
	cat := datasets.Catalogue()
	for _, tt := range []struct {
		indicator, dim string
		want           bool
	}{
		{"vic_identified", "sex", true}, {"vic_identified", "place", true}, {"vic_identified", "year", true},
		{"vic_identified", "agency", false}, {"vic_identified", "exploitation", false}, {"vic_identified", "means", false},
		{"vic_service", "service", false}, {"vic_assisted", "year", false}, {"req_persons", "year", false},
		{"vic_in_care", "year", false}, {"case_pending", "year", false}, {"case_carried", "year", false}, {"case_handled", "year", false},
		{"case_filed", "year", true}, {"case_filed", "place", true},
		{"req_nationalities", "place", false}, {"tip_tier", "year", false}, {"case_days_to_verdict", "place", false},
		{"op_agency_sanctioned", "sanction", false}, {"op_sites", "year", false}, {"est_forced_scam_workers", "place", false},
	} {
		if got := cat.Indicator(tt.indicator).Additive(tt.dim); got != tt.want {
			t.Errorf("%s adds over %s: %v", tt.indicator, tt.dim, got)
		}
	}
}

// A dataset says what it lacks before anybody relies on it.
func TestDatasetMissing(t *testing.T) {
	whole := models.Dataset{Title: "a", Producer: "b", Definition: "c", CoveragePlace: "d", Dedup: models.DedupUnknown, Sensitivity: "public",
		First: models.NewDate(2019, 1, 1), Last: models.NewDate(2020, 1, 1)}
	if miss := whole.Missing(); len(miss) != 0 {
		t.Errorf("missing are %v", miss)
	}
	nothing := []string{"title", "producer", "victim definition", "period", "coverage", "de-duplication state", "sensitivity"}
	if miss := (&models.Dataset{}).Missing(); !slices.Equal(miss, nothing) {
		t.Errorf("missing are %v", miss)
	}
	if miss := (&models.Dataset{First: models.NoDate, Last: models.NoDate}).Missing(); !slices.Equal(miss, nothing) {
		t.Errorf("missing are %v", miss)
	}
	whole.Definition = ""
	if miss := whole.Missing(); !slices.Equal(miss, []string{"victim definition"}) {
		t.Errorf("missing are %v", miss)
	}
	if have, of := whole.Completeness(); have != 6 || of != 7 {
		t.Errorf("it has %d of %d", have, of)
	}
}

// What is stated is checked wherever it is stated.
func TestDatasetSetMeta(t *testing.T) {
	for _, tt := range []struct{ key, value, says string }{
		{"title", "Cases of the police", ""},
		{"title", "ករណី", ""},
		{"title", "", ""},
		{"dedup", "across_agencies", ""},
		{"dedup", "maybe", `dedup is one of unknown, none, within_agency, across_agencies, not "maybe"`},
		{"sensitivity", "Public", "sensitivity is one of public, partner, restricted"},
		{"titel", "x", "did you mean title?"},
		{"synthetic", "true", `no field "synthetic"`},
		{"producer", "a\x1b[2Jb", "cannot be shown"},
		{"producer", "a\u202eb", "cannot be shown"},
		{"producer", "\xff", "cannot be shown"},
		{"definition", strings.Repeat("long ", 500), "longer than 2000 bytes"},
	} {
		d := models.Dataset{Title: "before", Producer: "before", Dedup: "none", Definition: "before"}
		old := d
		err := d.SetMeta(tt.key, tt.value)
		switch {
		case tt.says == "" && (err != nil || models.FindMeta(tt.key).Of(&d) != tt.value):
			t.Errorf("%s=%q: %v", tt.key, tt.value, err)
		case tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)):
			t.Errorf("%s=%q: %v", tt.key, tt.value, err)
		case tt.says != "" && !reflect.DeepEqual(d, old):
			t.Errorf("%s=%q changed the dataset", tt.key, tt.value)
		}
	}
}
