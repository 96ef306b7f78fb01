package models

// Comparison sets side by side what several sources say of one indicator.
type Comparison struct {
	Title  string // what is compared, under which filters
	Unit   string
	Rows   []Said
	Range  Cell     // lowest and highest possible total; no data with fewer than two numbers
	Why    string   // why there is no such range
	Claims []Claim  // figures that several documents print, and those that disagree
	Notes  []Remark // warnings and footnotes of the question
}

// Said is what one source says.
type Said struct {
	Source    Source
	Value     Cell
	Period    string // that the value covers
	Years     string // that the source has
	Documents []string
	Missing   string // why there is no value
}

// Claim is one published number in several documents.
type Claim struct {
	Agency   string
	What     string // its breakdown and period, in words
	Conflict bool   // the documents disagree; else one figure with several citations
	Said     []Citation
}

// Citation is a number as one document prints it.
type Citation struct {
	Value    Cell
	Document string
	Row      int64 // in the loaded file
	Note     string
}
