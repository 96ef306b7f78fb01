package datasets

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"

	"tiplens/models"
)

// memory is a Sink that keeps every observation as it would come back from a
// version file: codes instead of numbers.
type memory struct {
	mu     sync.Mutex
	number map[string]map[[2]string]uint16
	entry  map[string][][2]string // code and original text, by number - 1
	layout *models.Layout
	rows   []observation
	legs   []leg
}

// observation is one row of the table, decoded.
type observation struct {
	codes      map[string]string
	text       map[string]string // original text, where it was kept
	year       int16
	start, end models.Date
	value      float64
	low, high  float64
	note       string
	subject    uint64
	row        int64
}

type leg struct {
	row         int64
	seq         uint16
	role, place string
}

func (m *memory) Encode(column, code, text string) (uint16, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.number == nil {
		m.number, m.entry = map[string]map[[2]string]uint16{}, map[string][][2]string{}
	}
	if m.number[column] == nil {
		m.number[column] = map[[2]string]uint16{}
	}
	k := [2]string{code, text}
	n, ok := m.number[column][k]
	if !ok {
		m.entry[column] = append(m.entry[column], k)
		n = uint16(len(m.entry[column])) // from 1, so that a number nobody gave shows
		m.number[column][k] = n
	}
	return n, nil
}

func (m *memory) decode(column string, n uint16) [2]string {
	if n == 0 || int(n) > len(m.entry[column]) {
		panic(fmt.Sprintf("column %s: nobody gave the number %d", column, n))
	}
	return m.entry[column][n-1]
}

func (m *memory) Start(l *models.Layout) error {
	m.layout = l
	return nil
}

func (m *memory) Write(b *models.Batch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.layout == nil {
		return errors.New("rows come before the layout")
	}
	for i := range b.N {
		o := observation{codes: map[string]string{}, text: map[string]string{}, year: b.Year[i], start: b.Start[i], end: b.End[i],
			value: 1, low: math.NaN(), high: math.NaN(), row: b.Row[i]}
		set := func(column string, n uint16) {
			e := m.decode(column, n)
			o.codes[column], o.text[column] = e[0], e[1]
		}
		for c, n := range m.layout.Constant {
			set(c, n)
		}
		for k, c := range m.layout.Columns {
			set(c, b.Codes[k][i])
		}
		if m.layout.Figures {
			o.value, o.low, o.high, o.note = b.Value[i], b.Low[i], b.High[i], b.Note[i]
		}
		if m.layout.Subjects {
			o.subject = b.Subject[i]
		}
		m.rows = append(m.rows, o)
	}
	for _, l := range b.Legs {
		m.legs = append(m.legs, leg{l.Row, l.Seq, m.decode("leg_role", l.Role)[0], m.decode("leg_place", l.Place)[0]})
	}
	return nil
}

// sorted lists the observations by row, for workers finish in any order.
func (m *memory) sorted() []observation {
	lines := map[int]string{} // the text of one is dear, and is compared often
	at := make([]int, len(m.rows))
	for i := range at {
		at[i], lines[i] = i, m.rows[i].String()
	}
	slices.SortFunc(at, func(i, j int) int {
		return cmp.Or(cmp.Compare(m.rows[i].row, m.rows[j].row), cmp.Compare(lines[i], lines[j]))
	})
	out := make([]observation, len(at))
	for i, k := range at {
		out[i] = m.rows[k]
	}
	return out
}

// String shows what an observation says, without what it leaves open: the row,
// the indicator, the number, the time and then every stated code.
func (o observation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d: %s = %s", o.row, o.codes["indicator"], o.number())
	p := models.Period{Start: o.start, End: o.end}
	b.WriteString(" in " + p.Label())
	var dims []string
	for d, c := range o.codes {
		if d != "indicator" && d != "grain" && d != "freq" && d != "pattern" && c != "" && c != models.Total &&
			!(d == "qualifier" && c == "exact") && !(d == "obs_status" && c == "A") {
			dims = append(dims, d+"="+c)
		}
	}
	sort.Strings(dims)
	return b.String() + " " + strings.Join(dims, " ")
}

func (o observation) number() string {
	switch {
	case !math.IsNaN(o.value):
		return fmt.Sprint(o.value)
	case math.IsNaN(o.low):
		return "none"
	}
	return fmt.Sprintf("%v..%v", o.low, o.high)
}

// lines is the whole load as text, in an order of its own.
func (m *memory) lines() []string {
	var out []string
	for _, o := range m.sorted() {
		out = append(out, o.String())
	}
	return out
}

// at finds the observations of one row.
func (m *memory) at(row int64) []observation {
	var out []observation
	for _, o := range m.sorted() {
		if o.row == row {
			out = append(out, o)
		}
	}
	return out
}

// check compares codes, "" meaning not broken down or of no code.
func (o observation) check(t *testing.T, want map[string]string) {
	t.Helper()
	for dim, code := range want {
		if got := o.codes[dim]; got != code {
			t.Errorf("row %d: %s is %q, want %q", o.row, dim, got, code)
		}
	}
}

// spill writes a file for one test.
func spill(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func mustOpen(t testing.TB, path string, opts Options) *File {
	t.Helper()
	f, err := Open(context.Background(), path, opts, nil)
	if err != nil {
		t.Fatalf("open %s: %v", filepath.Base(path), err)
	}
	return f
}

// mustFit opens a file and finds the built-in recipe that has the given name.
func mustFit(t testing.TB, f *File, recipe string, recipes ...*Recipe) *Fit {
	t.Helper()
	if len(recipes) == 0 {
		recipes = BuiltinRecipes()
	}
	fit := FindRecipe(f, recipes)
	if fit == nil {
		t.Fatalf("no recipe fits %s", f.Name)
	}
	if fit.Recipe.Name != recipe {
		t.Fatalf("the recipe %s fits %s, want %s", fit.Recipe.Name, f.Name, recipe)
	}
	return fit
}

// load maps a whole file and checks what holds of every load: the rows read
// are taken, held back or skipped, and nothing else.
func load(t testing.TB, f *File, fit *Fit) (*memory, *Report) {
	t.Helper()
	m := &memory{}
	rep, err := f.Load(context.Background(), fit, Catalogue(), m, nil)
	if err != nil {
		t.Fatalf("load %s: %v", f.Name, err)
	}
	addsUp(t, rep)
	return m, rep
}

func addsUp(t testing.TB, rep *Report) {
	t.Helper()
	if rep.Read != rep.Taken+rep.Held+rep.Skipped {
		t.Errorf("%d rows read are not %d taken + %d held + %d skipped", rep.Read, rep.Taken, rep.Held, rep.Skipped)
	}
}

// finding is the error that ended the work, as the sentence it must be.
func finding(t *testing.T, err error) *models.Finding {
	t.Helper()
	if err == nil {
		t.Fatal("there is no error")
	}
	var f *models.Finding
	if !errors.As(err, &f) {
		t.Fatalf("the error is a %T, not a finding: %v", err, err)
	}
	return f
}

// says checks that a finding speaks of each of the words, in whatever sentence.
func says(t *testing.T, f *models.Finding, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(strings.ToLower(f.String()), strings.ToLower(w)) {
			t.Errorf("%q does not say %q", f, w)
		}
	}
	if strings.Contains(f.String(), "\n") || strings.Contains(f.String(), "%!") {
		t.Errorf("%q is not one sentence", f)
	}
}

// rowsOf reads a file as it stands, the header first.
func rowsOf(t testing.TB, path string, opts Options) ([][]string, []models.Finding, error) {
	t.Helper()
	f, err := Open(context.Background(), path, opts, nil)
	if err != nil {
		return nil, nil, err
	}
	var rows [][]string
	notes, err := f.Read(context.Background(), nil, func(row []string) error {
		rows = append(rows, slices.Clone(row))
		return nil
	})
	return rows, notes, err
}

// strictly reads the rows of a file as a load does: nothing is mended, and a
// row of a wrong shape ends it.
func strictly(t testing.TB, path string, opts Options) error {
	t.Helper()
	f, err := Open(context.Background(), path, opts, nil)
	if err != nil {
		return err
	}
	tb := f.Tables[0]
	fr, err := f.frameOf(tb)
	if err == nil {
		err = tb.asHeader(fr)
	}
	if err != nil {
		return err
	}
	l := &loader{file: f, width: len(fr.names), hold: opts.Hold}
	l.know(tb, fr)
	err = tb.read(context.Background(), fr, func(b block) error {
		return l.rows(b, tb.csv, func(int64, [][]byte) error { return nil })
	})
	if err == nil && l.n > 0 && !l.hold {
		err = l.badRows()
	}
	return err
}
