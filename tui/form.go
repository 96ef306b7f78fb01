package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// form is the metadata of one dataset: arrows move, enter edits the field
// under the cursor in place, and each field is saved when it is entered.
type form struct {
	ds     models.Dataset
	fixed  bool // it comes with the program
	at     int  // field under the cursor
	top    int  // first field shown
	edits  bool // the field is being edited
	typed  string
	choice int // position among its choices; 0 states nothing
	saving bool
}

// openForm opens the metadata of a dataset.
func (a *App) openForm(id string) {
	i := slices.IndexFunc(a.data().sets, func(d models.Dataset) bool { return d.ID == id })
	if i < 0 {
		return
	}
	own := slices.ContainsFunc(a.host.Workspaces(), func(w Workspace) bool { return w.Ref == a.ref && w.Own })
	a.push(&form{ds: a.data().sets[i], fixed: !own})
}

// state enters a statement into the workspace, which takes a moment.
func (f *form) state(key, value string) reply {
	f.saving = true
	return reply{handled: true, run: func(a *App) tea.Cmd {
		ref := a.ref
		return func() tea.Msg { return saidMsg{f, key, value, a.host.Describe(ref, f.ds.ID, key, value)} }
	}}
}

// stated ends it: the workspace is opened again, for every answer says what
// its datasets lack.
func (a *App) stated(m saidMsg) tea.Cmd {
	m.form.saving = false
	if m.err != nil {
		a.said = sayNotSaved + m.err.Error()
		return nil
	}
	m.form.edits = false
	if m.value != "" { // else what stands there now is seen when it is open
		_ = m.form.ds.SetMeta(m.key, m.value)
	}
	a.said = saySaved
	return a.open(a.ref)
}

// refreshForm shows in an open form what the datasets say now.
func (a *App) refreshForm() {
	for _, o := range a.stack {
		f, ok := o.(*form)
		if !ok {
			continue
		}
		for _, s := range a.data().sets {
			if s.ID == f.ds.ID {
				f.ds = s
			}
		}
	}
}

func (f *form) field() *models.MetaField { return &models.MetaFields[f.at] }

func (f *form) key(key, text string) reply {
	switch {
	case f.saving:
		return took
	case !f.edits:
		return f.walk(key)
	case f.field().Choices != nil:
		return f.choose(key)
	}
	switch key {
	case "esc":
		f.edits = false
	case "enter":
		return f.state(f.field().Key, strings.TrimSpace(f.typed))
	case "backspace", "ctrl+h":
		if r := []rune(f.typed); len(r) > 0 {
			f.typed = string(r[:len(r)-1])
		}
	case "ctrl+u":
		f.typed = ""
	default:
		if len(f.typed)+len(text) > models.MaxMeta {
			return reply{handled: true, say: fmt.Sprintf(sayAtMostBytes, models.MaxMeta)}
		}
		f.typed += text
	}
	return took
}

// walk handles a key while no field is edited.
func (f *form) walk(key string) reply {
	last := len(models.MetaFields) - 1
	switch key {
	case "esc", "q", "m", "backspace", "ctrl+h":
		return reply{handled: true, close: true}
	case "down", "j":
		f.at = min(f.at+1, last)
	case "up", "k":
		f.at = max(f.at-1, 0)
	case "home", "pgup":
		f.at = 0
	case "end", "pgdown":
		f.at = last
	case "enter":
		if f.fixed {
			return reply{handled: true, say: sayWhatComesWith}
		}
		f.edits, f.typed = true, f.field().Of(&f.ds)
		f.choice = slices.Index(f.field().Choices, f.typed) + 1
	}
	return took
}

// choose handles a key while one of a few is chosen.
func (f *form) choose(key string) reply {
	n := len(f.field().Choices) + 1
	switch key {
	case "esc":
		f.edits = false
	case "right", "down", "l", "j", "space":
		f.choice = (f.choice + 1) % n
	case "left", "up", "h", "k":
		f.choice = (f.choice + n - 1) % n
	case "enter":
		value := ""
		if f.choice > 0 {
			value = f.field().Choices[f.choice-1]
		}
		return f.state(f.field().Key, value)
	}
	return took
}

// choiceText is a choice as people read it.
func choiceText(s string) string {
	if s == string(models.DedupWithin) || s == string(models.DedupAcross) {
		return strings.ReplaceAll(s, "_", " ")
	}
	return s
}

const notStated = "(not stated)"

func (f *form) view(w, h int, _ Look) []string {
	have, of := f.ds.Completeness()
	period := f.ds.Period()
	if period == "" {
		period = "! no row has a date"
	}
	title := fmt.Sprintf("Metadata of %s@%d: %d of %d", f.ds.ID, f.ds.Version, have, of)
	if have < of {
		title += "; ! is said on every figure"
	}
	out := []string{
		cut(title, w),
		cut("  "+pad("Period", labelCells)+" "+period, w),
	}
	var below []string
	if f.edits {
		below = f.help(w)
	}
	page := max(h-len(out)-len(below), 1)
	if f.at < f.top {
		f.top = f.at
	}
	f.top = max(min(f.top, len(models.MetaFields)-page), f.at-page+1, 0)
	for i := f.top; i < min(f.top+page, len(models.MetaFields)); i++ {
		out = append(out, f.line(i, w))
	}
	return lines(append(out, below...), h)
}

// labelCells is the room of the widest name of a field.
const labelCells = 20

func (f *form) line(i, w int) string {
	field := &models.MetaFields[i]
	cursor, value := " ", choiceText(field.Of(&f.ds))
	if i == f.at {
		cursor = ">"
	}
	if value == "" && models.NeedsMeta(field.Key) {
		value = "!"
	}
	if i == f.at && f.edits {
		value = f.editing(w - labelCells - 4)
	}
	return cut(strings.TrimRight(cursor+" "+pad(field.Name, labelCells)+" "+value, " "), w)
}

// editing is the field as it is being edited: what fits of the text's end,
// moved half the room at a time, or the choice.
func (f *form) editing(room int) string {
	if c := f.field().Choices; c != nil {
		text := notStated
		if f.choice > 0 {
			text = choiceText(c[f.choice-1])
		}
		return "< " + text + " >"
	}
	r := []rune(f.typed)
	for from := 0; ; {
		rest := string(r[from:])
		if width(rest)+2 <= room {
			if from > 0 {
				rest = "~" + rest
			}
			return rest + "_"
		}
		for seen := 0; from < len(r)-1 && seen < room/2; from++ { // text of no width must not hold us up
			seen += max(width(string(r[from])), 1)
		}
		if from >= len(r)-1 {
			return "~_"
		}
	}
}

// help says what belongs into the field that is being edited.
func (f *form) help(w int) []string {
	about := upperFirst(f.field().About) + "."
	if f.field().Choices == nil {
		about += " Left empty, what the file or the recipe says stands again."
	}
	out := []string{""}
	for _, l := range wrap(about, w-4) {
		out = append(out, "  "+l)
	}
	return out
}

func upperFirst(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func (f *form) helps() bool { return !f.edits }

func (f *form) hint() string {
	switch {
	case f.saving:
		return hintSaving
	case f.edits && f.field().Choices != nil:
		return hintFormChoice
	case f.edits:
		return hintFormText
	}
	return hintForm
}
