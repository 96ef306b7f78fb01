package models

// Ids of the dimensions that the engine treats by name.
const (
	DimYear         = "year"
	DimPlace        = "place"
	DimNationality  = "nationality"
	DimOrigin       = "origin"
	DimDestination  = "destination"
	DimRecruitment  = "recruitment"
	DimDeparture    = "departure"
	DimTransit      = "transit"
	DimReturn       = "return"
	DimReporter     = "reporter"
	DimSex          = "sex"
	DimAge          = "age"
	DimExploitation = "exploitation"
	DimSector       = "sector"
	DimStatus       = "status"
	DimOffence      = "offence_group"
	DimRecordKind   = "record_kind"
	DimFlowKind     = "flow_kind"
	DimPlaceRole    = "place_role"
	DimAgency       = "agency"
	DimDataset      = "dataset"
	DimUnit         = "unit"
)

// LegDims are the dimensions that are stops on a person's way. They are kept as
// legs beside the rows, since one person can have several.
var LegDims = []string{DimRecruitment, DimDeparture, DimTransit, DimReturn}

// Codes that every dimension knows (SDMX cross-domain codes).
const (
	Total   = "_T" // not broken down by this dimension
	Unknown = "_U" // not stated
	Other   = "_O" // known, but outside the list
	NoSense = "_Z" // the dimension does not apply
	Within  = "_W" // of a flow: both ends in one country
	Rest    = "_X" // what a total holds beyond its published parts
)

// Dimension is one way of breaking a number down.
type Dimension struct {
	ID, Name, Plural string
	List             string   // code list; several dimensions may share one
	Multi            bool     // one person may have several codes
	Levels           []string // coarse to fine; empty for a flat list
	Default          string   // level a question means when it names none
	Definition       string
}

// LevelIndex gives the position of a level, -1 when the dimension has none of
// that name.
func (d *Dimension) LevelIndex(level string) int {
	for i, l := range d.Levels {
		if l == level {
			return i
		}
	}
	return -1
}

// Code is one entry of a code list.
type Code struct {
	List, ID, Parent, Level string
	Label, LabelKM          string
	Sort                    int
	ValidFrom, ValidTo      Date // zero when open
	Successor               string
	SplitFrom               string // the area it was a part of before ValidFrom
	Aliases                 []string
	Doubtful                []string // names that point here but deserve a second look, such as towns
	Shared                  []string // names that it has in common with others: alone they say neither
	Members                 []string // for groups such as ASEAN
	Note                    string
	Kind, Country           string   // agencies: reporter kind and ISO country
	Borders                 []string // provinces: neighbouring countries
}
