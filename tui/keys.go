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
		{"i", "i", keyNames["i"], nil, (*App).pickIndicator},
		{"p", "p", keyNames["p"], onFilters, func(a *App) tea.Cmd { return a.pickCodes(models.DimPlace) }},
		{"n", "n", keyNames["n"], onFilters, func(a *App) tea.Cmd { return a.pickCodes(models.DimNationality) }},
		{"y", "y", keyNames["y"], onFilters, (*App).pickYears},
		{"f", "f", keyNames["f"], onFilters, (*App).pickFilter},
		{"X", "X", keyNames["X"], onFilters, (*App).removeFilter},
		{"r", "r", keyNames["r"], onRows, (*App).pickRows},
		{"c", "c", keyNames["c"], onChanges, (*App).pickColumns},
		{"x", "x", keyNames["x"], onTable, step(func(s *state) { s.rows, s.cols = s.cols, s.rows })},
		{"%", "%", keyNames["%"], onRanked, (*App).percent},
		{"o", "o", keyNames["o"], append([]viewID{viewOverview}, onRanked...), (*App).nextOrder},
		{"t", "t", keyNames["t"], onRanked, (*App).firstRows},
		{"z", "z", keyNames["z"], []viewID{viewTable, viewTrend, viewMix}, (*App).nextGrain},
		{"d", "d", keyNames["d"], onChanges, (*App).pickChange},
		{"E", "E", keyNames["E"], onTable, step(func(s *state) { s.hide = !s.hide })},
		{"~", "~", keyNames["~"], onChanges, (*App).overTime},
		{"[", "[", keyNames["["], onFlows, step(func(s *state) { s.from, s.pairs = nextLevel(s.from), nil })},
		{"]", "]", keyNames["]"], onFlows, step(func(s *state) { s.to, s.pairs = nextLevel(s.to), nil })},
		{"tab", "tab", keyNames["tab"], onOneSource, nil},
		{"C", "C", keyNames["C"], onClasses, (*App).pickBreaks},
		{"down", "arrows", keyNames["down"], nil, nil},
		{"pgdown", "PgUp PgDn", keyNames["pgdown"], nil, nil},
		{"home", "Home End", keyNames["home"], nil, nil},
		{"space", "space", keyNames["space"], onChanges, nil},
		{"enter", "enter", keyNames["enter overview"], onOver, nil},
		{"space", "space", keyNames["space overview"], onOver, nil},
		{"-", "-", keyNames["-"], onOver, nil},
		{"enter", "enter", keyNames["enter"], nil, nil},
		{"backspace", "backspace", keyNames["backspace"], nil, (*App).up},
		{"v", "v", keyNames["v"], onCells, (*App).copyCard},
		{"V", "V", keyNames["V"], onAsking, (*App).copyTable},
		{"e", "e", keyNames["e"], nil, (*App).pickExport},
		{"b", "b", keyNames["b"], append([]viewID{viewOverview}, onAsking...), (*App).addToBriefing},
		{"B", "B", keyNames["B"], nil, (*App).openBriefing},
		{"u", "u", keyNames["u"], nil, (*App).undo},
		{"U", "U", keyNames["U"], nil, (*App).redo},
		{"H", "H", keyNames["H"], nil, (*App).pickStep},
		{"s", "s", keyNames["s"], nil, (*App).saveSlice},
		{"S", "S", keyNames["S"], nil, (*App).pickSaved},
		{"0", "0", keyNames["0"], nil, func(a *App) tea.Cmd { return a.show(viewOverview) }},
		{"1", "1", keyNames["1"], nil, func(a *App) tea.Cmd { return a.show(viewTable) }},
		{"2", "2", keyNames["2"], nil, (*App).showTrend},
		{"3", "3", keyNames["3"], nil, (*App).showFlows},
		{"4", "4", keyNames["4"], nil, func(a *App) tea.Cmd { return a.show(viewMap) }},
		{"5", "5", keyNames["5"], nil, (*App).showMix},
		{"6", "6", keyNames["6"], nil, func(a *App) tea.Cmd { return a.show(viewSources) }},
		{"7", "7", keyNames["7"], nil, func(a *App) tea.Cmd { return a.show(viewData) }},
		{"8", "8", keyNames["8"], nil, (*App).showGuide},
		{"a", "a", keyNames["a"], onData, nil},
		{"m", "m", keyNames["m"], onData, nil},
		{"<", "<", keyNames["<"], onData, nil},
		{"w", "w", keyNames["w"], nil, (*App).pickWorkspace},
		{"=", "=", keyNames["="], nil, (*App).define},
		{"/", "/", keyNames["/"], nil, (*App).find},
		{":", ":", keyNames[":"], nil, (*App).prompt},
		{"!", "!", keyNames["!"], nil, (*App).nextLook},
		{"?", "?", keyNames["?"], nil, (*App).help},
		{"esc", "esc", keyNames["esc"], nil, (*App).cancel},
		{"q", "q", keyNames["q"], nil, (*App).quit},
	}
}

// overTime shows the line over time of each row, or takes it away, and says what
// it needs where none can be seen.
func (a *App) overTime() tea.Cmd {
	s := &a.state
	if s.view == viewTable && !s.spark {
		switch {
		case s.slice.Change.Kind != "":
			a.said = sayLinesOfNumbers
			return nil
		case len(s.cols) != 1 || s.cols[0].Dim != models.DimYear:
			a.said = sayLinesNeedYears
			return nil
		}
	}
	return a.step(func(s *state) { s.spark, s.split = !s.spark, "" })
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
	if a.ofCorridors() {
		return nil
	}
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
	if s.view == viewFlows { // by number unless told otherwise
		order = []models.Order{{}, {Key: "name"}, {Key: "code"}, {Key: "region"}}
	}
	if s.view == viewOverview { // by count unless told otherwise
		order = []models.Order{{}, {Key: "name"}, {Key: "code"}}
	}
	s.slice.Order = order[(slices.Index(order, s.slice.Order)+1)%len(order)]
}

// ofCorridors says of a key that ranks that a card of a place has no use for it.
func (a *App) ofCorridors() bool {
	if a.state.cardOf() == "" {
		return false
	}
	a.said = sayCardNamesLargest
	return true
}

func (a *App) firstRows() tea.Cmd {
	if a.ofCorridors() {
		return nil
	}
	return a.step(nextTop)
}

func nextTop(s *state) {
	order := []int{0, 5, 10, 20}
	s.slice.Top = order[(slices.Index(order, s.slice.Top)+1)%len(order)]
	if s.slice.Top > 0 && s.slice.Order.Key == "" && s.view != viewFlows {
		s.slice.Order = models.Order{Key: "value", Desc: true} // the first rows of a list in the order of its codes mean nothing
	}
}

// nextGrain goes on to shorter units of time, where any are shown: else a
// person would find them much later, on another view.
func (a *App) nextGrain() tea.Cmd {
	s := &a.state
	timed := func(axes []models.Axis) bool {
		return slices.ContainsFunc(axes, func(ax models.Axis) bool { return ax.Dim == models.DimYear })
	}
	if q, ok := s.question(); ok && !timed(q.By) && !timed(q.Across) {
		a.said = sayNoUnitsOfTime
		return nil
	}
	return a.step(func(s *state) {
		order := []string{"", "half", "quarter", "month"}
		s.grain = order[(slices.Index(order, s.grain)+1)%len(order)]
	})
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
