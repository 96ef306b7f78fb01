package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// binding is one key of the views: a letter means one thing on all of them,
// and the help is made from the same table.
type binding struct {
	key   string   // as tea names it
	shown string   // as help prints it
	name  string   // what it does
	only  []viewID // views on which it works; empty for all
	do    func(a *App) tea.Cmd
}

// works reports whether the binding works on a view.
func (b binding) works(v viewID) bool { return len(b.only) == 0 || slices.Contains(b.only, v) }

var (
	onTable   = []viewID{viewTable}
	onFlows   = []viewID{viewFlows}
	onChanges = []viewID{viewTable, viewFlows}
	onData    = []viewID{viewData}
	onOver    = []viewID{viewOverview}
	onAsking  = []viewID{viewTable, viewTrend, viewFlows, viewMap, viewMix}
	onFilters = append([]viewID{viewOverview, viewSources}, onAsking...)
	onRows    = []viewID{viewTable, viewTrend, viewMap, viewMix}
	onRanked  = []viewID{viewTable, viewFlows, viewMix}
	onCells   = []viewID{viewTable, viewTrend, viewMap, viewMix}
	onClasses = []viewID{viewMap, viewMix, viewFlows}

	// onOneSource are the views that show one source at a time.
	onOneSource = []viewID{viewOverview, viewFlows, viewMap, viewMix}
)

// bindings is the table of keys. Those without do are handled by the view
// itself.
func bindings() []binding {
	step := func(edit func(*state)) func(*App) tea.Cmd { return func(a *App) tea.Cmd { return a.step(edit) } }
	return []binding{
		{"i", "i", "choose the indicator", nil, (*App).pickIndicator},
		{"p", "p", "choose places", onFilters, func(a *App) tea.Cmd { return a.pickCodes(models.DimPlace) }},
		{"n", "n", "choose nationalities", onFilters, func(a *App) tea.Cmd { return a.pickCodes(models.DimNationality) }},
		{"y", "y", "choose years", onFilters, (*App).pickYears},
		{"f", "f", "filter by anything; ready filters", onFilters, (*App).pickFilter},
		{"X", "X", "remove a filter; XX the one set last", onFilters, (*App).removeFilter},
		{"r", "r", "choose the rows; on the map: what is mapped", onRows, (*App).pickRows},
		{"c", "c", "choose the columns", onTable, func(a *App) tea.Cmd { return a.pickAxis(false) }},
		{"x", "x", "swap rows and columns", onTable, step(func(s *state) { s.rows, s.cols = s.cols, s.rows })},
		{"%", "%", "percent of row, column, total, off", onRanked, (*App).percent},
		{"o", "o", "order by value, name, code, as the list goes; by the column of the cursor", append([]viewID{viewOverview}, onRanked...), (*App).nextOrder},
		{"t", "t", "first 5, 10, 20 rows, all", onRanked, step(nextTop)},
		{"z", "z", "year, half, quarter, month", []viewID{viewTable, viewTrend, viewMix}, step(nextGrain)},
		{"d", "d", "difference from another period, place or source", onChanges, (*App).pickChange},
		{"~", "~", "a line over time at the end of each row", onChanges, step(func(s *state) { s.spark = !s.spark })},
		{"[", "[", "country or province on the left of a flow", onFlows, step(func(s *state) { s.from = nextLevel(s.from) })},
		{"]", "]", "country or province on the right of a flow", onFlows, step(func(s *state) { s.to = nextLevel(s.to) })},
		{"tab", "tab", "next source", onOneSource, nil},
		{"C", "C", "breaks of the classes of a map or heat table", onClasses, (*App).pickBreaks},
		{"down", "arrows", "move (also h j k l); right: into the numbers, where [ is the cursor", nil, nil},
		{"pgdown", "PgUp PgDn", "turn a page", nil, nil},
		{"home", "Home End", "first row, last row", nil, nil},
		{"space", "space", "mark a row for the trend", onTable, nil},
		{"enter", "enter", "keep only the value under the cursor, or all again", onOver, nil},
		{"space", "space", "add the value to the filter, or take it off", onOver, nil},
		{"-", "-", "leave the value out, or in again", onOver, nil},
		{"enter", "enter", "open what is under the cursor: a row, a number, a corridor", nil, nil},
		{"backspace", "backspace", "go back up from where you opened", nil, (*App).up},
		{"v", "v", "copy the number under the cursor with its card", onCells, (*App).copyCard},
		{"V", "V", "copy the table", onAsking, (*App).copyTable},
		{"u", "u", "undo a step", nil, (*App).undo},
		{"U", "U", "redo it", nil, (*App).redo},
		{"H", "H", "the steps so far: go to any of them", nil, (*App).pickStep},
		{"s", "s", "save what is shown under a name", nil, (*App).saveSlice},
		{"S", "S", "saved slices", nil, (*App).pickSaved},
		{"0", "0", "Overview: every dimension at a glance", nil, func(a *App) tea.Cmd { return a.show(viewOverview) }},
		{"1", "1", "Table", nil, func(a *App) tea.Cmd { return a.show(viewTable) }},
		{"2", "2", "Trend", nil, func(a *App) tea.Cmd { return a.show(viewTrend) }},
		{"3", "3", "Flows: corridors; again: origins by destinations; the place at the cursor", nil, (*App).showFlows},
		{"4", "4", "Map: provinces or countries as tiles", nil, func(a *App) tea.Cmd { return a.show(viewMap) }},
		{"5", "5", "Mix: bars; again: shares by year, heat table, pyramid", nil, (*App).showMix},
		{"6", "6", "Sources: who says what", nil, func(a *App) tea.Cmd { return a.show(viewSources) }},
		{"7", "7", "Data: what is loaded", nil, func(a *App) tea.Cmd { return a.show(viewData) }},
		{"a", "a", "load a file", onData, nil},
		{"m", "m", "metadata of the dataset: see and fill in", onData, nil},
		{"<", "<", "go back to the version before", onData, nil},
		{"w", "w", "change the workspace", nil, (*App).pickWorkspace},
		{"=", "=", "what this means", nil, (*App).define},
		{"/", "/", "find anything: indicators, places, codes, datasets, commands", nil, (*App).find},
		{":", ":", "type a slice or a command", nil, (*App).prompt},
		{"!", "!", "lean or rich look", nil, (*App).nextLook},
		{"?", "?", "this help", nil, (*App).help},
		{"esc", "esc", "cancel what runs; close what is open", nil, (*App).cancel},
		{"q", "q", "quit", nil, (*App).quit},
	}
}

func nextPercent(s *state) {
	order := []models.Base{models.NoBase, models.OfRow, models.OfColumn, models.OfTotal}
	if s.view == viewFlows {
		order = []models.Base{models.NoBase, models.OfTotal}
	}
	s.slice.Percent = order[(slices.Index(order, s.slice.Percent)+1)%len(order)]
	if s.slice.Percent != models.NoBase { // shares are not compared
		s.slice.Change = models.Change{}
	}
}

// nextOrder goes on to the next order. With the cursor in a column that is the
// column's: largest first, smallest first, as the list goes.
func (a *App) nextOrder() tea.Cmd {
	if v, ok := a.view().(*tableView); ok && a.ready() {
		if o := v.column(); o.Key != "" {
			largest := o
			largest.Desc = true
			switch a.state.slice.Order {
			case largest:
			case o:
				o = models.Order{}
			default:
				o = largest
			}
			return a.step(func(s *state) { s.slice.Order = o })
		}
	}
	return a.step(nextOrder)
}

// columnName is the label of a column of the answer by its codes.
func (a *App) columnName(in string) string {
	if a.answer != nil && len(a.answer.Blocks) > 0 {
		for _, c := range a.answer.Blocks[0].Cols {
			if strings.Join(c.Codes, ",") == in {
				return strings.Join(c.Labels, " ")
			}
		}
	}
	return in
}

func nextOrder(s *state) {
	order := []models.Order{{}, {Key: "value", Desc: true}, {Key: "name"}, {Key: "code"}}
	if s.view == viewOverview { // by count unless told otherwise
		order = []models.Order{{}, {Key: "name"}, {Key: "code"}}
	}
	s.slice.Order = order[(slices.Index(order, s.slice.Order)+1)%len(order)]
}

func nextTop(s *state) {
	order := []int{0, 5, 10, 20}
	s.slice.Top = order[(slices.Index(order, s.slice.Top)+1)%len(order)]
	if s.slice.Top > 0 && s.slice.Order.Key == "" && s.view != viewFlows {
		s.slice.Order = models.Order{Key: "value", Desc: true} // the first rows of a list in the order of its codes mean nothing
	}
}

func nextGrain(s *state) {
	order := []string{"", "half", "quarter", "month"}
	s.grain = order[(slices.Index(order, s.grain)+1)%len(order)]
}

func nextLevel(a models.Axis) models.Axis {
	if a.Level == "province" {
		a.Level = "country"
	} else {
		a.Level = "province"
	}
	return a
}

// keyName names a key press: "space" for a blank, "ctrl+h" as terminals send
// it for backspace.
func keyName(k tea.KeyPressMsg) (name, text string) {
	name = k.String()
	if k.Text != "" && len([]rune(k.Text)) == 1 {
		name = k.Text
	}
	if name == " " {
		name = "space"
	}
	if k.Mod&(tea.ModCtrl|tea.ModAlt) != 0 {
		if k.Keystroke() == "ctrl+j" { // enter, pressed before the terminal was ours
			return "enter", ""
		}
		return k.Keystroke(), ""
	}
	return name, k.Text
}

// khmer reports whether a typed letter comes from a Khmer keyboard.
func khmer(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r >= 0x1780 && r <= 0x17FF })
}
