package tui

import (
	"fmt"
	"strings"
)

// headLine names workspace, audience and views. Every view has its digit and
// at least the start of its name, so that a newcomer sees what the digits are;
// the training data need no other name than TRAINING.
func (a *App) headLine() string {
	name, audience, short := a.ref, "INTERNAL - exact", "INTERNAL - exact"
	for _, w := range a.host.Workspaces() {
		if w.Ref == a.ref {
			name = w.Name
		}
	}
	if a.training() {
		name, audience, short = "", "TRAINING - invented", "TRAINING"
	}
	ways := []tabs{{long: true, gap: " ", help: "  ? help"}, {gap: " ", help: "  ? help"}, {gap: " ", help: " ?"}, {help: " ?"}, {}, {few: 3, help: " ?"}, {few: 3}}
	for i, t := range ways {
		if line := a.tabLine(t); (name != "" || i == 0) && width(line)+width(audience)+4+min(width(name), 10) < a.w {
			return a.joinHead(name, audience, line)
		}
	}
	for _, t := range ways {
		if line := a.tabLine(t); width(line)+width(short)+2 < a.w {
			return a.joinHead("", short, line)
		}
	}
	return a.joinHead("", short, a.tabLine(tabs{few: 2}))
}

// joinHead puts the audience left and the views right, with as much of the
// workspace's name as there is room for.
func (a *App) joinHead(name, audience, line string) string {
	if room := a.w - width(audience) - width(line) - 5; name != "" && room >= 3 {
		audience = cut(name, room) + "  " + audience
	}
	return audience + strings.Repeat(" ", max(a.w-width(audience)-width(line)-1, 1)) + line
}

// tabs says how the views are written.
type tabs struct {
	long bool   // in full
	few  int    // so many letters are all there is room for, 0 for all
	gap  string // between a digit and its name
	help string // behind them
}

// tabLine names the views, the one at hand in brackets. These take the place
// of blanks, so that a name stands where it stood and need not be sent again.
func (a *App) tabLine(t tabs) string {
	line, end := "", " "
	for _, v := range viewTexts {
		name := v.short
		switch {
		case t.long:
			name = v.name
		case t.few > 0:
			name = v.short[:t.few]
		}
		if v.id == a.state.view {
			end = "["
		}
		line += end + fmt.Sprint(int(v.id)) + t.gap + name
		end = " "
		if v.id == a.state.view {
			end = "]"
		}
	}
	return line + strings.TrimRight(end+strings.TrimPrefix(t.help, " "), " ")
}
