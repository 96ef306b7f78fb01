package tui

// The words of the screen itself, for whoever puts them into another language:
// views, keys, titles, lines of keys, and what the status line says.
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

// Titles of what lies above a view.
const (
	titleBriefing     = "Briefing"
	titleBuild        = "Build"
	titleChangeFrom   = "Change from"
	titleChangedSince = "What changed since the versions that the briefing names"
	titleClassBreaks  = "Class breaks"
	titleColumns      = "Columns"
	titleExport       = "Export"
	titleExported     = "Exported"
	titleFile         = "File"
	titleFilterBy     = "Filter by"
	titleFind         = "Find"
	titleGuide        = "Guide"
	titleHelp         = "Keys of this view"
	titleIndicator    = "Indicator"
	titleKeysHere     = "Keys here"
	titleLoadKeys     = "Keys while a file is loaded"
	titleMeaning      = "What this means"
	titleNoBriefing   = "The briefing cannot be shown"
	titleNotLoaded    = "Not loaded"
	titleNotSaved     = "Not saved"
	titleNote         = "Note"
	titleNumber       = "Number"
	titleOnMap        = "On the map"
	titleRemove       = "Remove"
	titleRows         = "Rows"
	titleRowsBehind   = "Rows behind the number"
	titleSaveAs       = "Save as"
	titleSaveRecipe   = "Save the answers as a recipe, named"
	titleSavedSlices  = "Saved slices"
	titleSlice        = "Slice"
	titleSteps        = "Steps, the last one first"
	titleWhy          = "Why"
	titleWorkspace    = "Workspace"
	titleYears        = "Years (or type 2019-2025, 2025-Q3)"
)

// Lines of keys of what lies above a view.
const (
	hintBriefing      = "enter what to do  J K move it  X delete  e build  u take back  esc back"
	hintBrowse        = "type to narrow, or a path  enter open  left folder above  esc back"
	hintCard          = "enter rows behind it  v copy  e file  b to the briefing  arrows scroll  esc back"
	hintChoose        = "type to narrow  enter choose  esc back"
	hintCommand       = "tab completes  up earlier lines  ctrl+u clears  enter take it  esc back"
	hintEscCancels    = "  esc cancels"
	hintFind          = "type to find  arrows choose  enter does it  esc back"
	hintForm          = "arrows move  enter edit  esc back"
	hintFormChoice    = "arrows change it  enter save  esc leave it as it was"
	hintFormText      = "type  enter save  ctrl+u clear  esc leave it as it was"
	hintGuide         = "type to narrow  enter read  esc the entry below"
	hintHelp          = "arrows and enter press a key  type to find  esc back"
	hintLine          = "enter take it  arrows move  ctrl+w word  ctrl+u clear  esc back"
	hintLoadColumns   = "tab next  enter read as  - leave out  u undo  a load  ? keys"
	hintLoadFile      = "tab next  enter change  u undo  = why  a load  ? keys  esc back"
	hintLoadFindings  = "tab next  arrows scroll  a load  ? keys  esc back"
	hintLoadPage      = "arrows move  enter change  esc back"
	hintLoadValues    = "tab next  enter choose  space accept  - not stated  a load  ? keys"
	hintLoading       = "esc cancel: the workspace stays as it was  backspace go on behind"
	hintLooking       = "looking..."
	hintLookingAtFile = "looking at the file... (esc cancels)"
	hintMark          = "type to narrow  space mark  enter apply  esc back"
	hintMarkOrExcept  = "type to narrow  space mark  - except  enter apply  esc back"
	hintRemove        = "enter or X removes it  type to narrow  esc back"
	hintRepin         = "enter move the briefing on to the current versions  arrows scroll  esc leave it"
	hintReport        = "arrows scroll  m metadata  esc back"
	hintSaved         = "type to narrow  enter open  Del delete  esc back"
	hintSaving        = "saving..."
	hintScroll        = "arrows scroll  esc back"
)

// moreListKeys are keys of every list, for which its line has no room.
var moreListKeys = []string{
	"PgUp PgDn turn a page, Home End go to the first and the last line",
	"ctrl+u clears what is typed; backspace takes back a letter, and with nothing typed goes back",
}

// Words in the status line.
const (
	sayAddedBriefingAs              = "added to the briefing as item %d (B shows it)"
	sayAgainLeavesFile              = "esc again leaves; the file is not loaded and the answers are forgotten"
	sayShareOf                      = "what the share is taken of: "
	sayFirstPart                    = "only the first of %d parts: %s"
	sayAnExportRunning              = "an export is running (esc cancels it)"
	sayAnswerStillBeing             = "the answer is still being counted; there is nothing to add yet"
	sayAnswerStillBeingCounted      = "the answer is still being counted; there is nothing to copy yet"
	sayAnswerStillBeingCountedThere = "the answer is still being counted; there is nothing to export yet"
	sayAsYouLeft                    = "as you left it "
	sayAtMostBytes                  = "at most %d bytes fit here"
	sayAtVersionAgain               = "%s is at version %d again"
	sayBriefingEmpty                = "the briefing is empty"
	sayBriefingEmptyB               = "the briefing is empty (b adds what is on the screen)"
	sayBriefingNamesCurrent         = "the briefing names the current versions now"
	sayBriefingNamesThis            = "the briefing names %s; this is %s@%d"
	sayCancelledBriefingAs          = "cancelled; the briefing is as it was"
	sayCancelledUAsks               = "cancelled (U asks it again)"
	sayCancellingExport             = "cancelling the export"
	sayCancellingLoad               = "cancelling the load"
	sayCardNamesLargest             = "a card names the largest partners; t and o work on the corridors (3)"
	sayCardPlaceNo                  = "a place's card is no question of its own; add corridors (3) or a table"
	sayClassesOnMap                 = "classes: on the map (4), the heat table (5), the matrix of flows (3)"
	sayOneYearOnly                  = "one year only; y removes it"
	sayCorridorsMarkedAs            = "%d corridors marked: the trend has no more lines; space lets one go"
	sayCorridorsMarkedTheir         = "corridors are marked in their list (3)"
	sayDeletedUTakes                = "deleted (u takes it back)"
	sayEndingDecides                = "The ending of the name decides the format; a name without a known ending gets the ending of "
	sayEnterTakesAll                = "enter takes all of them"
	sayExportCancelledNothing       = "the export is cancelled; nothing was written"
	sayFileCannotBe                 = "the file cannot be read yet"
	sayGiveFileName                 = "give the file a name"
	sayGoDownValue                  = "go down to a value first"
	sayLastYearY                    = "of %d, the last year; y chooses another"
	sayLoadGoesOn                   = "the load goes on; a shows it again"
	sayLinesNeedYears               = "lines over time need the years alone in the columns (c)"
	sayLinesOfNumbers               = "lines over time go with numbers, not with changes (d takes these away)"
	sayNameLowerCase                = "a name is a lower-case letter, then up to 31 letters, digits, - or _"
	sayNoNumberUnder                = "no number is under the cursor"
	sayNoWorkspaceHere              = "no workspace here takes files"
	sayNotExported                  = "not exported: "
	sayNotSaved                     = "not saved: "
	sayNothingHasBeen               = "nothing has been changed"
	sayNothingHereCalled            = "nothing here is called that; a path has a / in it"
	sayNothingKnownAbout            = "nothing is known about this"
	sayNothingMark                  = "nothing to mark"
	sayNoUnitsOfTime                = "nothing here goes by year, half, quarter or month"
	sayNothingPick                  = "nothing to pick"
	sayNothingRecordedHere          = "nothing is recorded here"
	sayNothingSavedYet              = "nothing is saved yet (s saves what is shown)"
	sayNothingWasDeleted            = "nothing was deleted here"
	sayNothingWasUndone             = "nothing was undone"
	sayRightGoesInto                = "right goes into the numbers; space in table or flows chooses lines"
	sayRowsMarkedAs                 = "%d rows marked: the trend has no more lines; space lets one go"
	saySaved                        = "saved"
	saySavedAs                      = "saved as "
	saySavedAsRecipe                = "saved as recipe "
	saySharesAllStand               = "shares of all stand beside the numbers; % works on the matrix (3)"
	saySharesShownAlready           = "shares are shown already; % works on the heat table (5)"
	saySourcesStillBeing            = "the sources are still being asked; there is nothing to export yet"
	sayThereNoDataset               = "there is no dataset to report on"
	sayThereNoFilter                = "there is no filter"
	sayThereNoNumbers               = "there are no numbers to add"
	sayThereNoNumbersExport         = "there are no numbers to export"
	sayNothingProposed              = "nothing is proposed for this text; enter chooses what it means"
	sayThereNothingChange           = "there is nothing to change here"
	sayThereNothingChoose           = "there is nothing to choose here"
	sayThereNothingOpen             = "there is nothing to open here"
	sayThereNothingSave             = "there is nothing to save yet"
	sayThereOneSource               = "there is one source only"
	sayTheseCoverMore               = "these cover more than a year; y takes such periods"
	sayTheseOnlyCountry             = "of these only the country is known: there is nothing finer to open"
	sayTheseOnlyCountryKnown        = "of these only the country is known; p chooses all of the country"
	sayThisEntryLeads               = "this entry leads to no other (8 lists them all)"
	sayThisNumberHas                = "this number has no filter of its own; add the table it stands in"
	sayThisNumberHasNo              = "this number has no filter of its own; open a row or cell behind it"
	sayThisRowHolds                 = "this row holds several corridors; choose one of them"
	sayThisRowHoldsSeveral          = "this row holds several routes; choose one of them"
	sayThisRowHoldsSeveralChoose    = "this row holds several; choose one of them"
	sayThisRowNo                    = "this row is no place; choose one"
	sayThisTopLevel                 = "this is the top level (u undoes a step)"
	sayThisUppermostFolder          = "this is the uppermost folder"
	sayWhatComesWith                = "what comes with the program cannot be changed"
	sayWritten                      = "written: "
)
