package wire

import "slices"

// Kind is what a key does, as far as the budgets tell keys apart.
type Kind string

const (
	First  Kind = "first frame"
	Move   Kind = "cursor move"
	Page   Kind = "page"
	Order  Kind = "order, percent, top"
	Filter Kind = "filter, undo"
	Open   Kind = "open, close"
	View   Kind = "view"
)

// Kinds lists them as they are printed.
var Kinds = []Kind{First, Move, Page, Order, Filter, Open, View}

// The byte budgets of the design, section 9: lean look, xterm-256color, 80x24.
const (
	MoveMedian  = 25
	MoveP95     = 60
	PageBytes   = 1200 // page, the list's edge, order, a filter applied
	SwitchBytes = 1450
	FirstBytes  = 1850
	OverLeast   = 130 // of 100, the median key against Least
)

// Budget is the most bytes that one key of a kind may cost.
func (k Kind) Budget() int {
	switch k {
	case First:
		return FirstBytes
	case Move:
		return MoveP95
	case Open, View:
		return SwitchBytes
	}
	return PageBytes
}

// Stop is a part of the tour: keys of one kind, pressed one by one.
type Stop struct {
	Name string
	Kind Kind
	Keys []string
}

// Tour leads through the views and presses every kind of key. It begins at the
// first frame of a workspace of training data.
func Tour() []Stop {
	repeat := func(key string, n int) []string { return slices.Repeat([]string{key}, n) }
	return []Stop{
		{"table: cursor down", Move, append(repeat("j", 10), repeat("down", 4)...)},
		{"table: cursor up", Move, repeat("k", 10)},
		{"table: cursor right", Move, repeat("l", 4)},
		{"table: columns turn", Page, repeat("left", 6)},
		{"table: page", Page, []string{"pgdown", "pgup"}},
		{"table: order", Order, repeat("o", 4)},
		{"table: percent", Order, repeat("%", 4)},
		{"table: top", Order, repeat("t", 4)},
		{"table: open picker", Open, []string{"n"}},
		{"picker: cursor", Move, repeat("down", 5)},
		{"picker: typing", Filter, []string{"v", "i"}},
		{"picker: apply", Filter, []string{"enter"}},
		{"undo", Filter, []string{"u"}},
		{"redo", Filter, []string{"U"}},
		{"undo again", Filter, []string{"u"}},
		{"to trend", View, []string{"2"}},
		{"trend: cursor", Move, repeat("j", 4)},
		{"trend to flows", View, []string{"3"}},
		{"flows: cursor", Move, repeat("j", 12)},
		{"flows: edge and page", Page, append(repeat("j", 5), "pgdown", "pgdown", "pgup")},
		{"flows: level", View, repeat("]", 2)},
		{"flows: matrix, place", View, []string{"3", "3"}},
		{"flows: routes", View, []string{"3"}},
		{"flows: routes, cursor", Move, repeat("j", 12)},
		{"flows: routes, page", Page, []string{"pgdown", "pgup"}},
		{"flows: picture", View, []string{"3"}},
		{"flows: picture, cursor", Move, repeat("j", 12)},
		{"flows: corridors again", View, []string{"3"}},
		{"flows: mark", Page, []string{"space", "j", "space"}},
		{"flows: lines of corridors", View, []string{"2", "3"}},
		{"flows to map", View, []string{"4"}},
		{"map: cursor", Move, []string{"j", "h", "k", "k", "l", "l", "l", "j", "j", "l"}},
		{"map: list", Move, []string{"j", "k", "h"}},
		{"map by origin", View, []string{"u", "r", "o", "r", "i", "g", "enter", "u"}},
		{"map to mix", View, []string{"5"}},
		{"mix: bars", Move, repeat("j", 8)},
		{"mix: bars to shares", View, []string{"5"}},
		{"mix: shares, years", Move, repeat("k", 6)},
		{"mix: shares, parts", Move, repeat("l", 4)},
		{"mix: shares to heat table", View, []string{"5"}},
		{"mix: heat table", Move, []string{"j", "j", "j", "l", "l", "j", "j", "l"}},
		{"mix: heat table to pyramid", View, []string{"5"}},
		{"mix: pyramid", Move, []string{"j", "j", "l", "j", "h"}},
		{"mix to map", View, []string{"4"}},
		{"map to overview", View, []string{"0"}},
		{"overview: cursor", Move, append(repeat("j", 12), append(repeat("k", 5), "l", "l", "h")...)},
		{"overview: choose", Filter, []string{"enter", "j", "space", "-", "X", "u", "X"}},
		{"overview: order", Order, repeat("o", 3)},
		{"overview: pages", Page, append(repeat("pgdown", 3), "l", "l", "l", "h")},
		{"overview to flows", View, []string{"3"}},
		{"flows to guide", View, []string{"8"}},
		{"guide: choose", Open, []string{"p", "r", "e", "enter"}},
		{"guide: links", Move, repeat("j", 3)},
		{"guide: follow and back", Open, []string{"enter", "backspace"}},
		{"guide to data", View, []string{"7"}},
		{"data: cursor", Move, repeat("j", 3)},
		{"metadata", Open, []string{"m"}},
		{"metadata: cursor", Move, repeat("down", 5)},
		{"metadata closed", Open, []string{"esc"}},
		{"data to table", View, []string{"1"}},
		{"help", Open, []string{"?"}},
		{"help: cursor", Move, repeat("down", 5)},
		{"help closed", Open, []string{"esc"}},
		{"meaning", Open, []string{"="}},
		{"meaning closed", Open, []string{"esc"}},
	}
}

// Percentile is the value that p of 100 do not exceed.
func Percentile(ns []int, p int) int {
	if len(ns) == 0 {
		return 0
	}
	ns = slices.Sorted(slices.Values(ns))
	return ns[min(len(ns)*p/100, len(ns)-1)]
}
