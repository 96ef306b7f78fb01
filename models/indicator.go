package models

// Measure says what kind of number an indicator is; it decides which sums are
// sums at all.
type Measure string

// The measures of I-4.2.
const (
	Count    Measure = "count"
	Distinct Measure = "distinct"
	Share    Measure = "share"
	Rate     Measure = "rate"
	Money    Measure = "money"
	Duration Measure = "duration"
	Ordinal  Measure = "ordinal"
	Estimate Measure = "estimate"
	Context  Measure = "context"
)

// TimeKind says how an indicator behaves along time: a flow adds over
// periods that do not overlap, a stock never does.
type TimeKind string

// The time kinds of I-4.2.
const (
	Flow       TimeKind = "flow"
	Stock      TimeKind = "stock"
	Cumulative TimeKind = "cumulative"
	State      TimeKind = "state"
)

// Indicator is one thing that is counted. Its ID is stable, lower case and
// never reused; ids of national frameworks start with "x_".
type Indicator struct {
	ID, Name, NameKM string
	One              string // the name of a single one: Identified victim
	Family           string
	Unit             string // what a value is counted in: persons, cases, sites …
	Counted          string // what is really counted where the unit hides it (W-26)
	Measure          Measure
	Time             TimeKind
	Stage            int    // step in its pipeline, -1 without one
	Pipeline         string // victim, perpetrator or empty
	Reporters        []string
	Dims             []string
	NotAdditive      []string // dimensions over which counts do not add; "all" for every one
	SharesOver       string   // of published shares: the dimension over which they make 100 percent
	Definition       string
	ConfusedWith     string
	Standard         string
	Formula          string
	Hidden           bool   // context figures stay out of the trafficking menus
	Group            string // a menu group of its own, empty for trafficking
}

// ContextWords stand before numbers that are no numbers of trafficking,
// wherever they go.
const ContextWords = "Context, not trafficking"

// IsContext reports whether the indicator is of something else than trafficking,
// such as refugees.
func (i *Indicator) IsContext() bool { return i.Group == "context" }

// Additive reports whether counts of the indicator add over disjoint codes of
// a dimension, within one agency. Producers never add (W-03).
func (i *Indicator) Additive(dim string) bool {
	switch {
	case i.Measure != Count && i.Measure != Money && i.Measure != Context && i.Measure != Estimate:
		return false
	case dim == DimAgency, dim == DimTransit:
		return false
	case dim == DimYear && (i.Time == Stock || i.Time == State || i.Time == Cumulative):
		return false
	}
	for _, d := range i.NotAdditive {
		if d == dim || d == "all" {
			return false
		}
	}
	return true
}
