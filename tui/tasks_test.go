package tui_test

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"time"

	"tiplens/models"
	"tiplens/tui/wire"
)

// task is something analysts do every day: the keys from the start of the
// program to the answer, and the question that the engine is asked to compare.
type task struct {
	what  string
	keys  []string // words are typed letter by letter
	most  int      // keys it may take
	slice string
	rows  []string // labels of rows whose numbers must be the engine's; all without
	check func(t *testing.T, s *terminal)
}

var tasks = []task{
	{"(a) Vietnamese victims by province, 2020-2025", []string{"n", "viet", "enter", "y", "2020-2025", "enter"}, 17,
		"vic_identified by place across year where nationality=VN year=2020..2025", nil, nil},
	{"(b) their trend as a line", []string{"n", "viet", "enter", "y", "2020-2025", "enter", "r", "enter", "2"}, 20,
		"vic_identified across year where nationality=VN year=2020..2025", nil, nil},
	{"(c) which province changed most since last year", []string{"d", "down", "down", "enter", "o"}, 5,
		"vic_identified by place across year change from previous order change", []string{"Phnom Penh"}, mostChanged},
	{"(d) share of forced criminality per year", []string{"r", "exp", "enter", "%", "%"}, 7,
		"vic_identified by exploitation across year percent of column", []string{"Forced criminality"}, nil},
	{"(e) men and women by age group in Preah Sihanouk", []string{"p", "siha", "enter", "r", "age", "enter", "c", "sex", "enter"}, 16,
		"vic_identified by age across sex where place=KH-18", nil, nil},
	{"(e) the same as a pyramid", []string{"p", "siha", "enter", "5", "5", "5", "5"}, 10, "", nil, func(t *testing.T, s *terminal) { s.want("p Preah Sihanouk"); s.want("Female") }},
	{"(f) the same question for another nationality", []string{"p", "siha", "enter", "r", "age", "enter", "c", "sex", "enter", "n", "thai", "enter"}, 22,
		"vic_identified by age across sex where place=KH-18 nationality=TH", nil, nil},
	{"(g) back to three steps ago", []string{"n", "viet", "enter", "%", "o", "u", "u", "u"}, 11,
		"vic_identified by place across year", []string{"Phnom Penh"}, nil},
	{"(h) copy the table", []string{"V"}, 1, "", nil, copied},
	{"(j) find what \"presumed\" means", []string{"8", "pres", "enter"}, 6, "", nil, func(t *testing.T, s *terminal) { s.want("People who show signs of having been trafficked") }},
}

// count is how many keys are pressed.
func count(words []string) (n int) {
	for _, w := range words {
		if _, ok := wire.Keys[w]; ok {
			n++
			continue
		}
		n += len([]rune(w))
	}
	return n
}

// TestTasks does the commonest tasks as a person would, and prints how many
// keys each takes.
func TestTasks(t *testing.T) {
	t.Parallel()
	for _, task := range tasks {
		n := count(task.keys)
		t.Logf("%-55s %2d keys: %s", task.what, n, strings.Join(task.keys, " "))
		if n > task.most {
			t.Errorf("%s takes %d keys, at most %d", task.what, n, task.most)
		}
		t.Run(task.what, func(t *testing.T) {
			t.Parallel()
			s := openTerminal(t, 160, 50)
			s.wait("Banteay Meanchey")
			s.typed(task.keys...)
			s.quiet()
			if task.slice != "" {
				s.sameAsEngine(task.slice, task.rows)
			}
			if task.check != nil {
				task.check(t, s)
			}
		})
	}
}

// sameAsEngine compares the rows on the screen with the engine's answer.
func (s *terminal) sameAsEngine(slice string, only []string) {
	s.t.Helper()
	e := engine(s.t, "training")
	q, err := models.ParseSlice(slice, e.Catalog())
	if err != nil {
		s.t.Fatal(err)
	}
	ans, err := e.Ask(s.t.Context(), q)
	if err != nil || len(ans.Blocks) != 1 {
		s.t.Fatalf("%s: %v, %d sources", slice, err, len(ans.Blocks))
	}
	b, seen := ans.Blocks[0], 0
	for r, h := range b.Rows {
		label := strings.Join(h.Labels, " ")
		if len(only) > 0 && !contains(only, label) {
			continue
		}
		var want []string
		for _, c := range b.Cells[r] {
			want = append(want, c.Text())
		}
		if label == "" || h.Kind == models.TotalHeader && len(b.Rows) == 1 {
			want = want[:len(want)-1] // a chart shows no total over time
			label = ""
		}
		numbers := strings.Join(want, " ")
		found := false
		for _, l := range s.screen() {
			fields := strings.Join(strings.Fields(l), " ")
			found = found || strings.Contains(strings.TrimLeft(fields, "> "), strings.TrimSpace(label+" "+numbers))
		}
		if !found {
			s.t.Errorf("the screen lacks the row %s %s:\n%s", label, numbers, s.text())
		}
		seen++
	}
	if seen == 0 {
		s.t.Errorf("the engine has none of the rows %v", only)
	}
}

// mostChanged: the first row is the province with the largest change.
func mostChanged(t *testing.T, s *terminal) {
	t.Helper()
	e := engine(t, "training")
	q, err := models.ParseSlice("vic_identified by place across year", e.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	ans, err := e.Ask(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	b, best, most := ans.Blocks[0], "", -1.0
	for r, h := range b.Rows {
		n := len(b.Cells[r])
		if d := b.Cells[r][n-2].Value - b.Cells[r][n-3].Value; h.Kind == models.CodeHeader && max(d, -d) > most {
			best, most = h.Labels[0], max(d, -d)
		}
	}
	if got := s.cursorRow(); !strings.HasPrefix(got, best+" ") {
		t.Errorf("the first row is %q, and %s changed most, by %.0f:\n%s", got, best, most, s.text())
	}
}

// cursorRow is the first row of the table below its head.
func (s *terminal) cursorRow() string {
	for i, l := range s.screen() {
		if strings.HasPrefix(l, "  place ") {
			return strings.TrimLeft(s.screen()[i+1], "> ")
		}
	}
	return ""
}

// copied: the terminal was asked to take the table, and all of it.
func copied(t *testing.T, s *terminal) {
	t.Helper()
	var m []string
	for end := time.Now().Add(10 * time.Second); m == nil && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		m = regexp.MustCompile(`\x1b\]52;c;([A-Za-z0-9+/=]+)[\x07\x1b]`).FindStringSubmatch(s.raw())
	}
	if m == nil {
		t.Fatal("nothing was copied")
	}
	text, err := base64.StdEncoding.DecodeString(m[1])
	if err != nil || !strings.Contains(string(text), "Phnom Penh") || !strings.Contains(string(text), "7,308") {
		t.Errorf("copied was %q (%v)", text, err)
	}
}

// TestYesterdaysSlice is task (i): a slice saved in one session is two keys
// away in another, and what was shown last is shown without any.
func TestYesterdaysSlice(t *testing.T) {
	t.Parallel()
	h := newMemoryHost()
	first := openHost(t, h, "training", 160, 50)
	first.wait("Banteay Meanchey")
	first.typed("n", "viet", "enter", "s", "border talk", "enter", "X")
	first.want("n all")
	first.send("q")
	<-first.done
	first.done <- nil

	next := openHost(t, h, "training", 160, 50)
	next.wait("as you left it yesterday")
	next.want("n all")
	open := []string{"S", "enter"}
	t.Logf("%-55s %2d keys: %s", "(i) open yesterday's slice", count(open), strings.Join(open, " "))
	next.typed(open...)
	next.want("n Viet Nam")
	next.sameAsEngine("vic_identified by place across year where nationality=VN", []string{"Phnom Penh"})
}
