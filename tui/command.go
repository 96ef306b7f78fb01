package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// commands are the words that the command line knows beside slices, and the
// keys that do the same.
var commands = map[string]string{
	"undo": "u", "redo": "U", "steps": "H", "save": "s", "saved": "S", "copy": "V", "export": "e", "briefing": "B", "help": "?", "meaning": "=",
	"workspace": "w", "find": "/", "look": "!", "quit": "q",
}

// commandLine is the line of ":": a slice, the word of a view before a slice,
// @ and the name of a saved slice, or a command. What is typed can be
// completed, and what enter will do stands below before it is pressed.
type commandLine struct {
	line
	app    *App
	typedS []string // earlier lines, the last one at the end
	past   int      // position among them; their number for the new one
	fresh  string   // what stood in the line before going back
	list   []models.Completion
	from   int    // where the word that is completed starts, in bytes
	chosen int    // of the list, -1 before tab
	says   string // what enter would do
	unread error  // why what is typed cannot be taken yet
	given  string // what stood there when it was opened
}

// skip is how many bytes of what was given do not count: whoever types the start
// of another question behind it means that one.
func (c *commandLine) skip() int {
	rest, ok := strings.CutPrefix(c.text(), c.given)
	word, _, _ := strings.Cut(rest, " ")
	word = strings.ToLower(word)
	if !ok || word == "" || !strings.ContainsAny(word[:1], "abcdefghijklmnopqrstuvwxyz@") || strings.Contains(word, "=") ||
		slices.ContainsFunc(models.Clauses, func(w string) bool { return strings.HasPrefix(w, word) }) {
		return 0
	}
	return len(c.given)
}

// prompt opens the command line with what is shown in it.
func (a *App) prompt() tea.Cmd {
	if a.cat == nil {
		return nil
	}
	q, asks := a.state.question()
	if !asks {
		q = a.state.slice
	}
	c := &commandLine{app: a, typedS: a.lines, past: len(a.lines)}
	c.given = q.String() + " "
	c.line = *newLine(titleSlice, c.given, nil)
	c.suggest()
	a.push(c)
	return nil
}

func (c *commandLine) text() string { return string(c.typed) }

func (c *commandLine) set(text string) {
	c.typed = []rune(text)
	c.at = len(c.typed)
}

func (c *commandLine) key(key, text string) reply {
	switch key {
	case "tab", "shift+tab":
		c.complete(map[string]int{"tab": 1, "shift+tab": -1}[key])
		return took
	case "up", "ctrl+p":
		c.recall(c.past - 1)
		return took
	case "down", "ctrl+n":
		c.recall(c.past + 1)
		return took
	case "enter":
		return c.take(strings.TrimSpace(c.text()[c.skip():]))
	}
	r := c.line.key(key, text)
	c.past = len(c.typedS)
	c.suggest()
	return r
}

// suggest reads what is typed, and lists how the text before the cursor can go
// on.
func (c *commandLine) suggest() {
	c.chosen = -1
	c.read()
	own := min(c.skip(), len(string(c.typed[:c.at])))
	before := string(c.typed[:c.at])[own:]
	_, q := c.split(before)
	skip := len(before) - len(q)
	from, list := c.app.cat.Complete(q)
	c.from, c.list = own+skip+from, list
	if skip > 0 || strings.ContainsAny(strings.TrimSpace(before), " =") {
		return
	}
	for _, w := range append(slices.Sorted(mapKeys(commands)), viewList()...) { // a first word may be a command
		if begun := strings.TrimSpace(before); begun != "" && strings.HasPrefix(w, begun) {
			c.list = append([]models.Completion{{Text: w, Name: c.means(w)}}, c.list...)
		}
	}
}

func mapKeys[V any](m map[string]V) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// means says what a command does.
func (c *commandLine) means(word string) string {
	if id, ok := viewOf(word); ok {
		return fmt.Sprintf("view %d", id)
	}
	for _, b := range c.app.keys {
		if b.key == commands[word] {
			return b.name
		}
	}
	return ""
}

// complete puts the next of the list in the place of the word at the cursor.
func (c *commandLine) complete(by int) {
	n := len(c.list)
	if n == 0 {
		return
	}
	before := string(c.typed[:c.at])
	after := string(c.typed[c.at:])
	if c.chosen < 0 && by < 0 {
		c.chosen = 0
	}
	c.chosen = (c.chosen + by + n) % n
	word := c.list[c.chosen].Text
	if n == 1 && !strings.HasSuffix(word, "=") {
		word += " "
	}
	c.typed = []rune(before[:c.from] + word + after)
	c.at = len([]rune(before[:c.from] + word))
	if n == 1 {
		c.suggest()
		return
	}
	c.read()
}

// recall puts an earlier line in the place of what is typed.
func (c *commandLine) recall(to int) {
	if to < 0 || to > len(c.typedS) {
		return
	}
	if c.past == len(c.typedS) {
		c.fresh = c.text()
	}
	c.past = to
	if to == len(c.typedS) {
		c.set(c.fresh)
	} else {
		c.set(c.typedS[to])
	}
	c.suggest()
}

// read says what enter would do with what is typed. It may look into the saved
// slices, so it is done once a key and not at every frame.
func (c *commandLine) read() {
	c.says, _, c.unread = c.parsed(strings.TrimSpace(c.text()[c.skip():]))
}

// split takes the word of a view off what is typed: "trend: vic_identified".
func (c *commandLine) split(text string) (view viewID, slice string) {
	if name, rest, ok := strings.Cut(text, ":"); ok {
		if id, known := viewOf(strings.ToLower(strings.TrimSpace(name))); known {
			return id, rest
		}
	}
	return noView, text
}

// parsed reads what is typed: what enter would do, in words, and how.
func (c *commandLine) parsed(text string) (says string, do func(a *App) tea.Cmd, err error) {
	a := c.app
	if name, ok := strings.CutPrefix(text, "@"); ok {
		list, err := a.host.Saved(a.ref)
		var names []string
		for _, s := range list {
			if strings.EqualFold(s.Name, name) {
				return "opens the saved " + s.View + ": " + s.Slice, func(a *App) tea.Cmd { return a.reopen(s) }, nil
			}
			names = append(names, s.Name)
		}
		if err == nil {
			err = &models.SyntaxError{Msg: fmt.Sprintf("no saved slice is called %q", name), Near: models.Nearest(name, names, 3)}
		}
		return "", nil, err
	}
	if id, ok := viewOf(strings.ToLower(text)); ok {
		return "shows " + viewNames[id], func(a *App) tea.Cmd { return a.show(id) }, nil
	}
	if key, ok := commands[strings.ToLower(text)]; ok {
		return c.means(strings.ToLower(text)), func(a *App) tea.Cmd { return a.press(key) }, nil
	}
	view, rest := c.split(text)
	q, err := models.ParseSlice(rest, a.cat)
	if err != nil {
		return "", nil, err
	}
	next := a.state.fromSlice(q)
	switch {
	case view != noView && !q.IsFlow():
		next.look(view, q)
	case view == viewTrend && q.Via.Dim == "":
		next.view, next.lines = viewTrend, true
	}
	return "shows " + viewNames[next.view] + ": " + q.String(), func(a *App) tea.Cmd { return a.enter(next) }, nil
}

func (c *commandLine) take(text string) reply {
	if text == "" {
		return reply{handled: true, close: true}
	}
	_, do, err := c.parsed(text)
	if err != nil {
		c.wrong = err.Error()
		return took
	}
	a := c.app
	if n := len(a.lines); n == 0 || a.lines[n-1] != text {
		a.lines = append(a.lines, text)
	}
	return reply{handled: true, close: true, run: do}
}

// maxSuggested is how many ways to go on are listed: more would be redrawn at
// every letter.
const maxSuggested = 6

func (c *commandLine) view(w, h int, _ Look) []string {
	cursor := "_"
	if c.at < len(c.typed) {
		cursor = "|"
	}
	out := fold(c.title+": "+string(c.typed[:c.at])+cursor+string(c.typed[c.at:]), w-1)
	out = append(out, "")
	switch {
	case c.wrong != "":
		out = append(out, indent(wrap(c.wrong, w-2))...)
	case c.unread != nil:
		out = append(out, cut(" not yet: "+c.unread.Error(), w))
	case c.text() != "":
		out = append(out, indent(wrap("enter "+c.says, w-2))...)
	}
	out = append(out, "")
	top := max(min(c.chosen-maxSuggested+1, len(c.list)-maxSuggested), 0)
	for i := top; i < min(top+maxSuggested, len(c.list)); i++ {
		mark := "  "
		if i == c.chosen {
			mark = "> "
		}
		out = append(out, cut(mark+pad(c.list[i].Text, min(28, w/2))+"  "+c.list[i].Name, w))
	}
	if n := len(c.list) - top - maxSuggested; n > 0 {
		out = append(out, fmt.Sprintf("  and %d more", n))
	}
	return lines(out, h)
}

func (c *commandLine) hint() string {
	return hintCommand
}
