package tui

import (
	"os"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

// Look is how the same content is drawn. Lean is for slow lines: ASCII, no
// frames, hardly any style. Rich is for a terminal at hand.
type Look struct {
	Rich  bool
	ASCII bool // the terminal is not set to UTF-8
	Plain bool // no colour at all
}

// DetectLook reads the environment: lean over SSH, plain with NO_COLOR of any
// value, ASCII without a UTF-8 locale.
func DetectLook(env []string) Look {
	get := func(key string) string {
		for i := len(env) - 1; i >= 0; i-- {
			if k, v, ok := strings.Cut(env[i], "="); ok && k == key {
				return v
			}
		}
		return ""
	}
	locale := get("LC_ALL")
	if locale == "" {
		locale = get("LC_CTYPE")
	}
	if locale == "" {
		locale = get("LANG")
	}
	locale = strings.ToLower(locale)
	term := get("TERM")
	l := Look{
		Rich:  get("SSH_TTY") == "" && get("SSH_CONNECTION") == "",
		ASCII: !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8"),
		Plain: get("NO_COLOR") != "" || term == "vt100" || term == "vt220",
	}
	if l.ASCII || strings.HasPrefix(term, "vt") {
		l.Rich = false
	}
	return l
}

// Profile is the colour profile to draw with: 16 colours at most, since they
// are the cheapest, and none where none are wanted.
func (l Look) Profile() colorprofile.Profile {
	p := colorprofile.Detect(os.Stdout, os.Environ())
	if l.Plain || p < colorprofile.ANSI {
		return colorprofile.ASCII
	}
	return colorprofile.ANSI
}

// styles are the few ways in which text stands out. None carries meaning that
// the text does not.
type styles struct {
	title, warn, head, mark lipgloss.Style
}

func (l Look) styles() styles {
	s := styles{title: lipgloss.NewStyle(), warn: lipgloss.NewStyle(), head: lipgloss.NewStyle(), mark: lipgloss.NewStyle()}
	if !l.Rich || l.Plain {
		return s
	}
	s.title = s.title.Bold(true)
	s.warn = s.warn.Foreground(lipgloss.Yellow)
	s.head = s.head.Bold(true)
	s.mark = s.mark.Foreground(lipgloss.Cyan)
	return s
}

// arrow stands between the two ends of a corridor.
func (l Look) arrow() string {
	if l.Rich {
		return "→"
	}
	return "->"
}

// bar draws a share of w cells.
func (l Look) bar(share float64, w int) string {
	n := int(share*float64(w) + 0.5)
	if share > 0 && n == 0 {
		n = 1
	}
	n = min(max(n, 0), w)
	if l.Rich {
		return strings.Repeat("█", n)
	}
	return strings.Repeat("=", n)
}
