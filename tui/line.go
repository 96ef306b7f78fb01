package tui

import (
	"slices"
	"strings"
	"unicode"
)

// line is an overlay of one line to type into.
type line struct {
	title string
	typed []rune
	at    int      // the cursor: before which rune it stands
	text  []string // shown below
	wrong string   // why what was entered cannot be taken, until the next key
	enter func(typed string) reply
}

// maxLine bounds what is typed.
const maxLine = 2000

// newLine makes a line with something in it, the cursor behind it.
func newLine(title, typed string, enter func(typed string) reply) *line {
	l := &line{title: title, typed: []rune(typed), enter: enter}
	l.at = len(l.typed)
	return l
}

func (l *line) key(key, text string) reply {
	l.wrong = ""
	switch key {
	case "esc":
		return reply{handled: true, close: true}
	case "enter":
		r := l.enter(strings.TrimSpace(string(l.typed)))
		if !r.close { // it stays, with the reason in full
			l.wrong, r.say = r.say, ""
		}
		return r
	case "left", "ctrl+b":
		l.at = max(l.at-1, 0)
	case "right", "ctrl+f":
		l.at = min(l.at+1, len(l.typed))
	case "home", "ctrl+a":
		l.at = 0
	case "end", "ctrl+e":
		l.at = len(l.typed)
	case "backspace", "ctrl+h":
		if len(l.typed) == 0 {
			return reply{handled: true, close: true}
		}
		l.remove(l.at-1, l.at)
	case "delete", "ctrl+d":
		l.remove(l.at, l.at+1)
	case "ctrl+u":
		l.remove(0, l.at)
	case "ctrl+k":
		l.remove(l.at, len(l.typed))
	case "ctrl+w":
		l.remove(l.word(), l.at)
	default:
		if in := []rune(text); len(l.typed)+len(in) <= maxLine {
			l.typed = slices.Insert(l.typed, l.at, in...)
			l.at += len(in)
		}
	}
	return took
}

// remove takes out what stands from one place to another, as far as there is
// something; the cursor goes to where it was.
func (l *line) remove(from, to int) {
	from, to = max(from, 0), min(to, len(l.typed))
	if from < to {
		l.typed = slices.Delete(l.typed, from, to)
		l.at = from
	}
}

// word gives the start of the word before the cursor.
func (l *line) word() int {
	i := l.at
	for i > 0 && unicode.IsSpace(l.typed[i-1]) {
		i--
	}
	for i > 0 && !unicode.IsSpace(l.typed[i-1]) {
		i--
	}
	return i
}

func (l *line) view(w, h int, _ Look) []string {
	cursor := "_"
	if l.at < len(l.typed) {
		cursor = "|"
	}
	out := fold(l.title+": "+string(l.typed[:l.at])+cursor+string(l.typed[l.at:]), w-1)
	out = append(out, "")
	if l.wrong != "" {
		for _, s := range wrap(l.wrong, w-2) {
			out = append(out, " "+s)
		}
		out = append(out, "")
	}
	for _, t := range l.text {
		for _, s := range wrap(t, w-2) {
			out = append(out, " "+s)
		}
	}
	return lines(out, h)
}

// fold breaks a text into lines of at most w cells, behind blanks where it
// can, and keeps every blank: what is being typed must not jump.
func fold(s string, w int) []string {
	var out []string
	line := []rune{}
	for _, r := range s {
		line = append(line, r)
		if width(string(line)) <= w {
			continue
		}
		end := len(line) - 1
		for i := end; i > w/2; i-- {
			if line[i-1] == ' ' {
				end = i
				break
			}
		}
		out = append(out, string(line[:end]))
		line = slices.Clone(line[end:])
	}
	return append(out, string(line))
}

func (l *line) hint() string {
	return hintLine
}
