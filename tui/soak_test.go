package tui_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/query"
	"tiplens/tui"
)

// The promises of a long session.
const (
	soakSlowest = 300 * time.Millisecond // p99.9, from a key to the finished screen
	soakGrowth  = 10                     // percent, of memory
)

// soakHost keeps one large workspace; what is saved is remembered.
type soakHost struct {
	memoryHost
	dir string
}

func (h soakHost) Workspaces() []tui.Workspace {
	return []tui.Workspace{{Name: "Training", Ref: "training"}, {Name: "Large", Ref: h.dir, Own: true}}
}

func (h soakHost) Open(ctx context.Context, ref string) (tui.Store, error) {
	if ref == "training" {
		return h.memoryHost.Open(ctx, ref)
	}
	ws, err := query.OpenWorkspace(ref, false)
	if err != nil {
		return nil, err
	}
	return ws.Open(ctx, datasets.Catalogue(), nil)
}

// soakWorkspace loads that many invented persons.
func soakWorkspace(t *testing.T, records int64) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "ws")
	ws, err := query.OpenWorkspace(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	f := datasets.TrainingFile(records)
	fit := datasets.FindRecipe(f, datasets.BuiltinRecipes())
	l, err := ws.BeginLoad(t.Context(), "training", fit.Recipe.Extra(), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	rep, err := f.Load(t.Context(), fit, datasets.Catalogue(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	ds := fit.Recipe.Dataset
	ds.Rows, ds.Taken, ds.File = rep.Read, rep.Taken, f.Name
	if err := l.Commit(t.Context(), ds, fit.Recipe.Text, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestSoak presses keys at random on a large workspace for as long as
// TIPLENS_SOAK says (make soak: ten minutes), one at a time, each when the
// screen is finished. Memory stays, no key is slow, and nothing is left running
// when the screen closes.
func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("TIPLENS_SOAK"))
	if err != nil {
		t.Skip("TIPLENS_SOAK says how long, such as 10m")
	}
	records, seed := int64(1_000_000), uint64(time.Now().UnixNano())
	if n, err := strconv.ParseInt(os.Getenv("TIPLENS_RECORDS"), 10, 64); err == nil {
		records = n
	}
	if n, err := strconv.ParseUint(os.Getenv("TIPLENS_SEED"), 10, 64); err == nil {
		seed = n
	}
	t.Logf("%s records, seed %d", models.FormatNumber(float64(records)), seed)
	h := soakHost{memoryHost: newMemoryHost(), dir: soakWorkspace(t, records)}
	t.Run("before", func(t *testing.T) { // what the first session starts for good, such as the training data
		term := openHost(t, h, "training", 80, 24)
		term.wait("Phnom Penh")
		term.quit()
	})
	runtime.GC()
	before := runtime.NumGoroutine()
	t.Run("keys", func(t *testing.T) { soak(t, h, length, rand.New(rand.NewPCG(seed, 1))) })
	for end := time.Now().Add(20 * time.Second); runtime.NumGoroutine() > before; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			var all strings.Builder
			_ = pprof.Lookup("goroutine").WriteTo(&all, 1)
			t.Fatalf("%d goroutines, %d before the session\n%s", runtime.NumGoroutine(), before, all.String())
		}
	}
}

// soaked is what one key took.
type soaked struct {
	took   time.Duration
	key    string
	screen string // where it was pressed
}

func soak(t *testing.T, h soakHost, length time.Duration, r *rand.Rand) {
	term := openHost(t, h, h.dir, 80, 24)
	term.Forget()
	term.wait("Table]")
	term.quiet()
	var all []soaked
	var memory []int64                                                                           // KB, a sample every hundredth of the time
	keys := slices.DeleteFunc(slices.Clone(monkeyKeys), func(k string) bool { return k == "q" }) // it would end the session
	start := time.Now()
	for n := 0; time.Since(start) < length; n++ {
		if len(memory) < int(100*time.Since(start)/length) {
			memory = append(memory, resident(t))
		}
		text := keys[r.IntN(len(keys))]
		if r.IntN(100) < 4 { // a word, letter by letter
			text = monkeyTexts[r.IntN(len(monkeyTexts))]
		}
		for _, key := range soakKeys(text) {
			where, _, _ := strings.Cut(term.text(), "\n") // cloned, or each key would keep a whole screen
			all = append(all, soaked{term.pressed(key), key, strings.Clone(where)})
		}
	}
	term.quit()
	slices.SortFunc(all, func(a, b soaked) int { return int(a.took - b.took) })
	at := func(p float64) soaked { return all[min(int(p/100*float64(len(all))), len(all)-1)] }
	t.Logf("%d keys: p50 %s, p99 %s, p99.9 %s, slowest %s", len(all), at(50).took, at(99).took, at(99.9).took, at(100).took)
	for _, s := range all[max(len(all)-12, 0):] {
		t.Logf("%s after %q at %s", s.took.Round(time.Millisecond), s.key, s.screen)
	}
	if at(99.9).took > soakSlowest {
		t.Errorf("one key in a thousand takes %s or more; %s was promised", at(99.9).took, soakSlowest)
	}
	steady(t, memory)
}

// quit leaves the program as a person does.
func (s *terminal) quit() {
	s.t.Helper()
	for range 10 {
		for _, key := range []string{"esc", "esc", "esc", "esc", "q"} {
			_ = s.Type(key)
			select {
			case err := <-s.done:
				if err != nil {
					s.t.Error(err)
				}
				s.done <- nil // for the clean-up
				return
			case <-time.After(200 * time.Millisecond): // a lone esc must not run into the next key
			}
		}
	}
	s.t.Fatalf("q does not end the program:\n%s", s.text())
}

// soakKeys are the keys that type a text; a key by its name is one.
func soakKeys(text string) (out []string) {
	if !slices.Contains(monkeyTexts, text) || len(text) == 1 {
		return []string{text}
	}
	for _, c := range text {
		if c != '\x1b' { // which would be the start of a sequence, or esc, by chance
			out = append(out, string(c))
		}
	}
	return out
}

// pressed sends a key and gives the time to the finished screen: the last byte
// of it, or, if nothing changes, the key being taken. What stands on the screen
// is not looked at: the emulator gives marks of Khmer letters cells of their
// own.
func (s *terminal) pressed(key string) time.Duration {
	s.t.Helper()
	was, _ := s.Came()
	taken, start := s.app.keys.Load(), time.Now()
	s.send(key)
	var took time.Duration
	for time.Since(start) < 20*time.Second {
		time.Sleep(200 * time.Microsecond)
		n, last := s.Came()
		switch {
		case s.app.keys.Load() == taken:
			continue
		case took == 0:
			took = time.Since(start)
		case s.app.running.Load() > 0 || time.Since(last) < longRest || time.Since(start) < took+longRest:
		case n == was:
			return took
		default:
			return max(last.Sub(start), took)
		}
	}
	s.t.Fatalf("the screen does not come to rest after %q:\n%s", key, s.text())
	return 0
}

// steady fails if the memory of the last third of a session is much more than
// that of the third before it; the first third fills what is kept.
func steady(t *testing.T, memory []int64) {
	t.Helper()
	if len(memory) < 9 {
		t.Fatalf("%d samples of memory are too few; let it run longer", len(memory))
	}
	middle := func(xs []int64) int64 { return slices.Sorted(slices.Values(xs))[len(xs)/2] }
	third := len(memory) / 3
	was, is := middle(memory[third:2*third]), middle(memory[2*third:])
	t.Logf("memory: %d MB after the start, then %d MB, at the end %d MB", memory[0]>>10, was>>10, is>>10)
	if 100*(is-was) > soakGrowth*was {
		t.Errorf("memory grows from %d to %d MB", was>>10, is>>10)
	}
}

// resident is the memory of this process in KB.
func resident(t *testing.T) int64 {
	t.Helper()
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("memory is read from /proc")
	}
	var kb int64
	_, after, _ := strings.Cut(string(b), "VmRSS:")
	if _, err := fmt.Sscan(after, &kb); err != nil {
		t.Fatal(err)
	}
	return kb
}
