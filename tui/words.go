package tui

// The words of the screen itself, for whoever puts them into another language.
// Indicators, dimensions and codes have their names in the catalogue
// (datasets/catalogue), sentences about numbers in the rule book.

// viewWords are what is said of a view.
type viewWords struct {
	id    viewID
	name  string // in the head
	short string // there on narrow screens; its first letters where even that is too long
	hint  string // the keys that matter now, two blanks between them; on narrow screens those in the middle go first
}

var viewTexts = []viewWords{
	{viewOverview, "Overview", "Over", "i p n y f filters  enter only  space also  - not  = meaning"},
	{viewTable, "Table", "Table", "i p n y filters  r c rows  % o t  enter open  u undo  = meaning"},
	{viewTrend, "Trend", "Trend", "i p n y filters  r rows  z grain  1 table  = meaning"},
	{viewFlows, "Flows", "Flows", "i p n y filters  [ ] levels  enter people  d compare  space mark  2 trend  t top"},
	{viewMap, "Map", "Map", "i p n y filters  r what is mapped  C classes  enter open  = meaning"},
	{viewMix, "Mix", "Mix", "i p n y filters  5 next picture  r rows  enter open  = meaning"},
	{viewSources, "Sources", "Src", "i p n y filters  arrows scroll  1 table  = meaning"},
	{viewData, "Data", "Data", "a load  enter report  m metadata  < version before  w workspace  q quit"},
	{viewGuide, "Guide", "Guide", "8 all entries  arrows choose  enter read it  backspace back  1 table"},
}

// flowHints are the lines of keys on the further pictures of Flows; the key of
// the next picture follows on all, with its word.
var flowHints = [flowKinds]string{
	flowMatrix:  "i p n y filters  [ ] levels  o order  enter place, card",
	flowPlace:   "i p n y filters  enter people behind  backspace back",
	flowCompare: "d compare with, only new or gone  enter people  [ ] levels  i p n y filters",
	flowPicture: "i p n y filters  [ ] levels  t top  enter people",
	flowRoutes:  "i p n y filters  [ ] levels  t top  o order  enter people",
}

var flowWords = [flowKinds]string{"corridors", "matrix", "place", "comparison", "routes", "picture"}

// refusedHint is the line of keys while a question is refused.
const refusedHint = "arrows choose  enter ask this instead  = meaning  u undo"

// What the status line says by itself.
const (
	sayCounting  = "counting... (esc cancels)"
	sayNewer     = "new data have been loaded: g opens them"
	sayNothing   = "%s does nothing here (? lists the keys)"
	sayElsewhere = "%s works on another view (? lists the keys)"
	sayKhmer     = "Khmer keyboard is on"
	sayTooSmall  = "tiplens needs %d x %d cells; this terminal has %d x %d."
)

// keyNames say what each key does, by its key; a second meaning is told by its
// view.
var keyNames = map[string]string{
	"i":              "choose the indicator",
	"p":              "choose places",
	"n":              "choose nationalities",
	"y":              "choose years",
	"f":              "filter by anything; ready filters",
	"X":              "remove a filter; XX the one set last",
	"r":              "choose the rows; on the map: what is mapped",
	"c":              "choose the columns; of flows: sex, age in %",
	"x":              "swap rows and columns",
	"%":              "percent of row, column, total, off",
	"o":              "order by value, name, code, region; by the column of the cursor",
	"t":              "first 5, 10, 20 rows, all",
	"z":              "year, half, quarter, month",
	"d":              "difference from another period, place or source",
	"E":              "leave out rows in which nothing but zeros stands, or show them",
	"~":              "a line over time at the end of each row",
	"[":              "country or province on the left of a flow",
	"]":              "country or province on the right of a flow",
	"tab":            "next source",
	"C":              "breaks of the classes of a map or heat table",
	"down":           "move (also h j k l); right: into the numbers, where [ is the cursor",
	"pgdown":         "turn a page",
	"home":           "first row, last row",
	"space":          "mark a row, a corridor for the trend (2)",
	"enter overview": "keep only the value under the cursor, or all again",
	"space overview": "add the value to the filter, or take it off",
	"-":              "leave the value out, or in again",
	"enter":          "open what is under the cursor: a row, a number, a corridor",
	"backspace":      "go back up from where you opened",
	"v":              "copy the number under the cursor with its card",
	"V":              "copy the table",
	"e":              "export what is shown into a file; of a dataset its report",
	"b":              "add what is shown to the briefing; on a card: its number",
	"B":              "the briefing: order, texts, build it into a file",
	"u":              "undo a step",
	"U":              "redo it",
	"H":              "the steps so far: go to any of them",
	"s":              "save what is shown under a name",
	"S":              "saved slices",
	"0":              "Overview: every dimension at a glance",
	"1":              "Table",
	"2":              "Trend",
	"3":              "Flows: corridors; again: matrix, place at the cursor, comparison (d), routes, picture",
	"4":              "Map: provinces or countries as tiles",
	"5":              "Mix: bars; again: shares by year, heat table, pyramid",
	"6":              "Sources: who says what",
	"7":              "Data: what is loaded",
	"8":              "Guide: what indicators, codes and rules mean",
	"a":              "load a file",
	"m":              "metadata of the dataset: see and fill in",
	"<":              "go back to the version before",
	"w":              "change the workspace",
	"=":              "what this means",
	"/":              "find anything: indicators, places, codes, datasets, commands",
	":":              "type a slice or a command",
	"!":              "lean or rich look",
	"?":              "this help",
	"esc":            "cancel what runs; close what is open",
	"q":              "quit",
}
