package tui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// Folder is what the host says of a folder.
type Folder struct {
	Path    string
	Entries []Entry // folders first
	Others  int     // files that cannot be read as tables, and hidden ones
}

// Entry is a folder or a file that can be read.
type Entry struct {
	Name string
	Dir  bool
	Size int64
	Time time.Time
}

// browser looks for a file to load: typing narrows the list or, with a slash,
// is a path.
type browser struct {
	ws     Workspace
	folder Folder
	typed  string
	at     int
	top    int
	page   int
	busy   bool
	wrong  string
}

// folderMsg brings the content of a folder, or of a path that turned out to be
// a file.
type folderMsg struct {
	b      *browser
	folder Folder
	from   string // the folder left, to stand on
	file   string
	err    error
}

// openLoad asks for a file to load.
func (a *App) openLoad() tea.Cmd {
	if a.load.cancel != nil {
		if _, open := a.top().(*loadRun); !open {
			a.push(&loadRun{app: a})
		}
		return nil
	}
	ws, ok := a.own()
	if !ok {
		a.said = sayNoWorkspaceHere
		return nil
	}
	b := &browser{ws: ws}
	a.push(b)
	return b.list(a, "", "")
}

// top is the overlay that gets the keys, nil without one.
func (a *App) top() overlay {
	if n := len(a.stack); n > 0 {
		return a.stack[n-1]
	}
	return nil
}

// list asks for the content of a folder; nothing is the one used last.
func (b *browser) list(a *App, path, from string) tea.Cmd {
	b.busy, b.wrong = true, ""
	host := a.host
	return func() tea.Msg {
		f, file, err := host.Folder(path)
		return folderMsg{b, f, from, file, err}
	}
}

func (a *App) listed(m folderMsg) tea.Cmd {
	b := m.b
	b.busy = false
	switch {
	case m.err != nil:
		b.wrong = m.err.Error()
		return nil
	case m.file != "":
		return a.openFile(b.ws, m.file)
	}
	b.folder, b.typed, b.at, b.top = m.folder, "", 0, 0
	for i, e := range b.shown() {
		if e.Dir && e.Name == m.from {
			b.at = i
		}
	}
	return nil
}

func (b *browser) waits() bool { return b.busy }

// isPath reports whether what is typed is a path and not a part of a name.
func (b *browser) isPath() bool {
	return strings.ContainsRune(b.typed, '/') || strings.HasPrefix(b.typed, "~")
}

// shown lists the entries that what is typed leaves.
func (b *browser) shown() []Entry {
	if b.typed == "" || b.isPath() {
		return b.folder.Entries
	}
	low := strings.ToLower(b.typed)
	var out, inside []Entry
	for _, e := range b.folder.Entries {
		switch name := strings.ToLower(e.Name); {
		case strings.HasPrefix(name, low):
			out = append(out, e)
		case strings.Contains(name, low):
			inside = append(inside, e)
		}
	}
	return append(out, inside...)
}

// join gives the path of a name in a folder.
func join(folder, name string) string {
	if strings.HasPrefix(name, "/") || strings.HasPrefix(name, "~") {
		return name
	}
	return strings.TrimSuffix(folder, "/") + "/" + name
}

func (b *browser) key(key, text string) reply {
	shown := b.shown()
	b.wrong = ""
	to := map[string]int{"down": b.at + 1, "up": b.at - 1, "pgdown": b.at + max(b.page, 1), "pgup": b.at - max(b.page, 1), "home": 0, "end": len(shown) - 1}
	if want, ok := to[key]; ok {
		b.at = min(max(want, 0), max(len(shown)-1, 0))
		return took
	}
	switch key {
	case "esc":
		return reply{handled: true, close: true}
	case "left":
		return b.up()
	case "enter", "right":
		return b.enter(shown)
	case "tab":
		if len(shown) > 0 && !b.isPath() && b.typed != "" {
			b.typed, b.at = shown[min(b.at, len(shown)-1)].Name, 0
		}
	case "backspace", "ctrl+h":
		if b.typed == "" {
			return b.up()
		}
		r := []rune(b.typed)
		b.typed, b.at = string(r[:len(r)-1]), 0
	case "ctrl+u":
		b.typed, b.at = "", 0
	default:
		if text != "" && len(b.typed)+len(text) < 1000 {
			b.typed, b.at = b.typed+text, 0
		}
	}
	return took
}

// up goes to the folder that holds this one.
func (b *browser) up() reply {
	i := strings.LastIndexByte(b.folder.Path, '/')
	if i < 0 || b.folder.Path == "/" {
		return reply{handled: true, say: sayThisUppermostFolder}
	}
	path, from := b.folder.Path[:max(i, 1)], b.folder.Path[i+1:]
	return reply{handled: true, run: func(a *App) tea.Cmd { return b.list(a, path, from) }}
}

// enter opens the folder or the file under the cursor, or the path typed.
func (b *browser) enter(shown []Entry) reply {
	path := ""
	switch {
	case b.isPath():
		path = join(b.folder.Path, b.typed)
	case b.at < len(shown):
		path = join(b.folder.Path, shown[b.at].Name)
	case b.typed != "":
		return reply{handled: true, say: sayNothingHereCalled}
	default:
		return reply{handled: true, say: sayThereNothingOpen}
	}
	return reply{handled: true, run: func(a *App) tea.Cmd { return b.list(a, path, "") }}
}

func (b *browser) view(w, h int, _ Look) []string {
	out := []string{cut("File to load into "+b.ws.Name+": "+b.typed+"_", w), cutLeft(b.folder.Path, w)}
	if b.wrong != "" {
		for _, s := range wrap(b.wrong, w-2) {
			out = append(out, " "+s)
		}
	}
	shown := b.shown()
	below := 0
	if b.folder.Others > 0 {
		below = 1
	}
	b.page = max(h-len(out)-below, 1)
	b.at = min(b.at, max(len(shown)-1, 0))
	b.top = max(min(b.top, b.at, len(shown)-b.page), b.at-b.page+1, 0)
	if len(shown) == 0 && !b.busy {
		out = append(out, "  No file here can be read as a table: CSV, text, Excel (.xlsx) or Parquet.")
	}
	name := w - 24
	for i := b.top; i < min(b.top+b.page, len(shown)); i++ {
		e, mark := shown[i], "  "
		if i == b.at && !b.isPath() {
			mark = "> "
		}
		if e.Dir {
			out = append(out, mark+cut(e.Name+"/", w-2))
			continue
		}
		out = append(out, mark+pad(e.Name, name)+padLeft(bytesText(e.Size), 9)+"  "+e.Time.Format("2006-01-02"))
	}
	out = lines(out, h-below)
	if below > 0 {
		out = append(out, "  "+models.Many(b.folder.Others, "other files")+" not shown")
	}
	return out
}

// cutLeft keeps the end of a path, which says more than its start.
func cutLeft(s string, w int) string {
	r := []rune(s)
	for width(string(r)) > w-1 && len(r) > 1 {
		r = r[1:]
	}
	if len(r) < len([]rune(s)) {
		return "~" + string(r)
	}
	return s
}

// bytesText is a size as people read it.
func bytesText(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1e6:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1e9:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

func (b *browser) helps() bool { return true }

func (b *browser) hint() string {
	if b.busy {
		return hintLooking
	}
	return hintBrowse
}
