package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"tiplens/models"
)

// smallest size that the screen is made for.
const (
	minWidth  = 60
	minHeight = 16
)

// The largest screen that is drawn. A terminal, or what is typed as if one had
// said so, may name any size, and a screen of it would take all memory.
const (
	MaxWidth  = 1000
	MaxHeight = 400
)

// Sane is the filter of messages that the runtime needs: it keeps the size of
// the screen within reason.
func Sane(_ tea.Model, msg tea.Msg) tea.Msg {
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		return tea.WindowSizeMsg{Width: min(size.Width, MaxWidth), Height: min(size.Height, MaxHeight)}
	}
	return msg
}

// View draws the screen: head, slice line, title with warnings, the view or an
// overlay, footnotes, and the line of keys.
func (a *App) View() tea.View {
	v := tea.View{AltScreen: true}
	if a.still {
		v.Content = a.shown
		return v
	}
	a.shown = a.content()
	v.Content = a.shown
	return v
}

// content is the text of the screen.
func (a *App) content() string {
	if a.w < minWidth || a.h < minHeight {
		text := wrap(fmt.Sprintf(sayTooSmall, minWidth, minHeight, a.w, a.h), a.w)
		return strings.Join(text[:min(len(text), a.h)], "\n")
	}
	out := a.frame()
	if a.look.ASCII {
		for i, l := range out { // some letters are spelled with two
			out[i] = ansi.TruncateWc(ascii(l), a.w, "~")
		}
	}
	text := strings.Join(out, "\n")
	if a.clusters {
		return text
	}
	return apart(text)
}

// frame gives the lines of the screen, exactly as many as it has.
func (a *App) frame() []string {
	st := a.look.styles()
	out := []string{st.title.Render(cut(a.headLine(), a.w)), cut(a.sliceLine(), a.w)}
	foot := a.footLines()
	title, warns := a.titleLines()
	draw := func() []string { return a.bodyLines(a.h - len(out) - len(title) - len(warns) - len(foot) - 1) }
	body := draw()
	if drawn, _ := a.titleLines(); len(drawn) != len(title) { // on which page it is shows once it is laid out
		title = drawn
		body = draw()
	} else {
		title = drawn
	}
	for _, t := range title {
		out = append(out, st.head.Render(t))
	}
	for _, w := range warns {
		out = append(out, st.warn.Render(w))
	}
	out = append(append(out, body...), foot...)
	return append(out, cut(a.statusLine(), a.w-1)) // the last cell stays empty: some terminals scroll there
}

// training reports whether the data at hand are invented.
func (a *App) training() bool {
	sets := a.data().sets
	return len(sets) > 0 && !slices.ContainsFunc(sets, func(d models.Dataset) bool { return !d.Synthetic })
}

// maxTitle is how many lines a title may take where one is too short for it.
const maxTitle = 2

// titleLines say how the answer is laid out, and what changes what its numbers
// are. Warnings take at most two lines; "=" shows all of them.
func (a *App) titleLines() (title, warnings []string) {
	q, ok := a.state.question()
	if !ok || a.cat == nil {
		return []string{""}, nil
	}
	var parts []string
	name := func(ax models.Axis) string {
		n := strings.ToLower(a.dimName(ax.Dim))
		if ax.Level != "" {
			n = ax.Level
			if ax.Dim != models.DimPlace && ax.Dim != models.DimYear {
				n = strings.ToLower(a.dimName(ax.Dim)) + " by " + ax.Level
			}
		}
		return n
	}
	list := func(axes []models.Axis) string {
		var out []string
		for _, ax := range axes {
			out = append(out, name(ax))
		}
		return strings.Join(out, ", ")
	}
	ends := ""
	whole := "" // the answer in one number stands above all others, and comes first on a slow link
	if a.ready() && !a.busy && a.state.asks() && a.state.cardOf() == "" {
		if c, ok := a.answer.Whole(); ok {
			whole = models.Amount(c.Text(), a.answer.Unit)
		} else if _, said := a.mainLine(false); !said && a.answer.Base == "" {
			whole = a.answer.Unit
		}
	}
	switch {
	case q.IsFlow():
		via := ""
		if q.Via.Dim != "" {
			via = " via " + q.Via.Dim
		}
		ends = name(q.From) + via + " to " + name(q.To)
		parts = append(parts, strings.TrimPrefix(whole+", ", ", ")+ends)
	case a.state.view == viewFlows && len(q.By) == 1 && len(q.Across) == 1: // the matrix of them
		parts = append(parts, strings.TrimPrefix(whole+", ", ", ")+name(q.By[0])+" to "+name(q.Across[0]))
	case len(q.By)+len(q.Across) > 0:
		parts = append(parts, strings.TrimPrefix(whole+" ", " ")+"by "+list(append(slices.Clone(q.By), q.Across...)))
	}
	switch {
	case a.answer == nil || a.answer.Base == "":
	case a.state.view == viewMix && a.state.mix == mixShares: // the columns of the question are its lines
		parts = append(parts, "percent of each "+cmp.Or(a.state.grain, models.DimYear))
	default:
		parts = append(parts, a.answer.Base)
	}
	q.Change.Only = "" // the view says it first
	if c := a.cat.ChangeText(q.Change); c != "" {
		parts = append(parts, c)
	}
	if o := a.state.slice.Order.Key; o != "" && a.state.view == viewFlows && a.state.flow != flowCompare && a.state.flow != flowPicture {
		parts = append(parts, "ordered by "+o)
	}
	if q.Order.Key != "" && a.state.view == viewTable {
		by := "ordered by " + q.Order.Key
		if q.Order.In != "" {
			by = "ordered by " + a.columnName(q.Order.In)
		}
		if !q.Order.Desc && (q.Order.Key == "value" || q.Order.Key == "change") {
			by += ", smallest first"
		}
		parts = append(parts, by)
	}
	if q.Top > 0 {
		parts = append(parts, fmt.Sprintf("first %d", q.Top))
	}
	if a.ready() {
		switch n := a.view().note(); {
		case n == "":
		case slices.Contains(onOneSource, a.state.view): // whose numbers these are must not be cut off
			parts = append([]string{n}, parts...)
		default:
			parts = append(parts, n)
		}
	}
	if slices.ContainsFunc(q.Parts, func(p models.Item) bool { i := a.cat.Indicator(p.Indicator); return i != nil && i.IsContext() }) {
		parts = append([]string{strings.ToLower(models.ContextWords)}, parts...)
	}
	text := strings.Join(parts, "; ")
	if twice := " by " + q.From.Level; q.From.Level != "" && q.From.Level == q.To.Level && width(text) > a.w {
		text = strings.Replace(text, ends, strings.Replace(ends, twice, "", 1), 1) // the level of both ends stands behind the second
	}
	if title = wrap(text, a.w); len(title) == 0 {
		title = []string{""}
	}
	if len(title) > maxTitle {
		title = append(title[:maxTitle-1:maxTitle-1], cut(strings.Join(title[maxTitle-1:], " "), a.w))
	}
	if a.answer == nil {
		return title, a.exposedLine(nil)
	}
	var all []string
	for _, r := range a.answer.Warnings {
		all = append(all, wrap("! "+r.Rule+" "+r.Text, a.w)...)
	}
	if len(all) > 2 {
		all = append(all[:1:1], cut(all[1], a.w-12)+" (= for all)")
	}
	return title, a.exposedLine(all)
}

// exposedLine warns on every screen while others can read the workspace.
func (a *App) exposedLine(warnings []string) []string {
	if fix := a.host.Exposed(a.ref); fix != "" {
		return append([]string{cut("! Others on this machine can read this workspace. Type: "+fix, a.w)}, warnings...)
	}
	return warnings
}

func (a *App) bodyLines(h int) []string {
	if n := len(a.stack); n > 0 {
		return a.stack[n-1].view(a.w, h, a.look)
	}
	switch {
	case a.held != nil && a.busy:
		return a.held.view(a.w, h, a.look)
	case a.trouble != "":
		return lines(a.indented(a.trouble), h)
	case !a.state.asks():
		a.last = a.state.view
		return a.view().draw(a.w, h, a.look)
	case a.answer == nil:
		return lines(nil, h)
	case a.answer.Refused():
		return lines(a.refusal(h), h)
	case a.answer.Empty != "":
		return lines(a.indented(a.answer.Empty), h)
	}
	if !a.busy || a.drawn == a.state.view { // until the answer is there what was seen last stays
		a.last = a.drawn
	}
	return a.views[a.last].draw(a.w, h, a.look)
}

func (a *App) indented(text string) []string {
	out := []string{""}
	for _, l := range wrap(text, a.w-4) {
		out = append(out, "  "+l)
	}
	return out
}

// refusal says why a question is not answered, and lists what to ask instead;
// enter asks the one at the marker.
func (a *App) refusal(h int) []string {
	var out []string
	for _, r := range a.answer.Refusals {
		out = append(out, a.indented(fmt.Sprintf("Refused (%s): %s", r.Rule, r.Why))...)
	}
	out = append(out, "")
	last := 0 // line of the way at the marker
	for i, w := range a.ways() {
		mark := "  "
		if i == a.way {
			mark = "> "
		}
		for _, l := range wrap(w.Label+": "+w.Slice, a.w-4) {
			out = append(out, mark+l)
			mark = "    "
		}
		if i == a.way {
			last = len(out)
		}
	}
	return out[max(last-h, 0):]
}

// ways lists what a refused question could ask instead, each once.
func (a *App) ways() []models.WayOut {
	var out []models.WayOut
	if a.answer == nil || a.trouble != "" || !a.state.asks() {
		return nil
	}
	for _, r := range a.answer.Refusals {
		for _, w := range r.Ways {
			if !slices.ContainsFunc(out, func(o models.WayOut) bool { return o.Slice == w.Slice }) {
				out = append(out, w)
			}
		}
	}
	return out
}

// chooseWay moves among the ways out of a refusal and takes one.
func (a *App) chooseWay(key string) (tea.Cmd, bool) {
	ways := a.ways()
	if len(ways) == 0 {
		return nil, false
	}
	switch key {
	case "down", "j":
		a.way = min(a.way+1, len(ways)-1)
	case "up", "k":
		a.way = max(a.way-1, 0)
	case "home":
		a.way = 0
	case "end":
		a.way = len(ways) - 1
	case "enter":
		return a.reopen(models.SavedSlice{Slice: ways[a.way].Slice}), true
	default:
		return nil, false
	}
	return nil, true
}

// footLines are footnotes and sources, a few lines of them.
func (a *App) footLines() []string {
	if len(a.stack) > 0 || a.held != nil && a.busy || a.answer == nil || !a.state.asks() || a.trouble != "" {
		return nil
	}
	room := 3
	if a.h < 24 {
		room = 2
	}
	var out []string
	if a.ready() {
		if n := a.view().marks(); n != "" {
			out = append(out, cut(n, a.w))
		}
	}
	for _, r := range a.answer.Footnotes {
		text := r.Text
		if r.Rule != "" {
			text = r.Rule + " " + text
		}
		out = append(out, cut(text, a.w))
	}
	if src := a.sourceLine(); src != "" {
		if len(out) >= room {
			out = append(out[:room-1], src)
		} else {
			out = append(out, src)
		}
	}
	return out
}

func (a *App) sourceLine() string {
	var out []string
	for i, s := range a.answer.Sources {
		if i == 2 {
			out = append(out, fmt.Sprintf("and %d more", len(a.answer.Sources)-i))
			break
		}
		incomplete := ""
		if s.Missing != "" {
			incomplete = ", metadata incomplete"
		}
		out = append(out, fmt.Sprintf("%s (%s@%d%s)", s.Agency, s.Dataset, s.Version, incomplete))
	}
	if len(out) == 0 {
		return ""
	}
	line := "Source: " + strings.Join(out, ", ")
	line += unstatedText(a.answer)
	if len(a.answer.Footnotes) > 2 {
		line += "; = for all notes"
	}
	return cut(line, a.w)
}

// unstatedText says of which part of the numbers it is not stated where they
// stand in the rows and columns, "" where several sources have each their own.
func unstatedText(ans *models.Answer) string {
	if len(ans.Blocks) != 1 {
		return ""
	}
	var names, shares []string
	for _, ax := range slices.Concat(ans.RowAxes, ans.ColAxes) {
		name := strings.ReplaceAll(ax.Dim, "_", " ")
		if share := ans.Blocks[0].Unstated[ax.Dim]; share >= 0.0005 && !slices.Contains(names, name) {
			names, shares = append(names, name), append(shares, fmt.Sprintf("%s %.1f", name, 100*share))
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "; " + strings.Replace(shares[0], names[0], names[0]+" not stated", 1) + " %"
	}
	return "; not stated: " + strings.Join(shares, ", ") + " %"
}

// statusLine has the position at its left, where a step of the cursor changes
// the fewest cells, then a word or the keys that matter now.
func (a *App) statusLine() string {
	if n := len(a.stack); n > 0 {
		if a.said != "" {
			return a.said
		}
		return keysThatFit(a.stack[n-1].hint(), a.w-1)
	}
	left := ""
	if a.ready() {
		left = a.view().position()
		left = pad(left, max(width(left), 7)) + " "
	}
	if n := len(a.ways()); n > 0 {
		left = pad(fmt.Sprintf("%d/%d", a.way+1, n), 7) + " "
	}
	switch {
	case a.said != "":
		return left + a.said
	case a.load.cancel != nil:
		return left + a.load.text() + " (esc cancels)"
	case a.busy:
		return left + sayCounting
	case a.progress != "":
		return left + a.progress + " (esc cancels)"
	case a.newer:
		return left + sayNewer
	}
	return left + keysThatFit(a.viewHint(), a.w-1-width(left))
}

// keysThatFit leaves out of a line of keys what there is no room for: the ones
// before the last, which is the way on or back.
func keysThatFit(hint string, w int) string {
	keys := strings.Split(hint, "  ")
	for len(keys) > 1 && width(strings.Join(keys, "  ")) > w {
		keys = slices.Delete(keys, len(keys)-2, len(keys)-1)
	}
	return strings.Join(keys, "  ")
}

func (a *App) viewHint() string {
	if len(a.ways()) > 0 {
		return refusedHint
	}
	hint := ""
	for _, v := range viewTexts {
		if v.id == a.state.view {
			hint = v.hint
		}
	}
	if a.state.view == viewFlows {
		if own := flowHints[a.state.flow]; own != "" {
			hint = own
		}
		hint += "  3 " + flowWords[a.nextFlow(a.spot())]
	}
	return hint
}
