package query

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestWorkspaceTwoLoadsOfOne: the second waits, hears who holds the dataset,
// and becomes the next version.
func TestWorkspaceTwoLoadsOfOne(t *testing.T) {
	ws := wsNew(t)
	first := wsStart(t, wsJob{Dir: ws.Dir, ID: "people", Content: 1, KillAt: -1, HoldAt: "created"})
	first.until("holding")
	holder := fmt.Sprintf("process %d on ", first.cmd.Process.Pid)

	_, err := wsTryLoad(t.Context(), ws, "people", 3, false, nil)
	wsSentence(t, err, holder, "since", "Wait", filepath.Join(ws.Dir, "datasets", "people"))
	var busy *WorkspaceError
	if !errors.As(err, &busy) || !busy.Busy {
		t.Errorf("%#v is not busy", err)
	}
	other := wsStart(t, wsJob{Dir: ws.Dir, ID: "people", Content: 3, KillAt: -1, NoWait: true})
	if code := other.wait(); code != 5 {
		t.Errorf("a load that does not wait ended with %d: %q", code, other.all)
	}

	second := wsStart(t, wsJob{Dir: ws.Dir, ID: "people", Content: 2, KillAt: -1})
	if l := second.until("waiting"); !strings.Contains(l, holder) {
		t.Errorf("the second load hears %q, want %q in it", l, holder)
	}
	wsWant(t, wsOpen(t, ws), "people", 0)
	fmt.Fprintln(first.in)
	for i, p := range []*wsProcess{first, second} {
		if code := p.wait(); code != 0 || !slices.Contains(p.all, fmt.Sprintf("done %d", i+1)) {
			t.Errorf("load %d ended with %d: %q", i+1, code, p.all)
		}
	}
	if e := wsManifest(t, ws).Datasets["people"]; e.Current != 2 || !slices.Equal(e.Versions, []int{1, 2}) || e.Next != 3 {
		t.Errorf("the manifest says %+v", e)
	}
	for v := 1; v <= 2; v++ {
		e, err := ws.Open(t.Context(), wsCatalog(), nil)
		if err != nil {
			t.Fatal(err)
		}
		wsWant(t, e, "people", 2)
		e.Close()
	}
	if n := len(slices.DeleteFunc(second.all, func(l string) bool { return !strings.HasPrefix(l, "waiting") })); n != 1 {
		t.Errorf("who holds the dataset was told %d times", n)
	}
}

// TestWorkspaceWaitEnds: a load that waits ends when it is cancelled, and goes
// on when the holder is killed.
func TestWorkspaceWaitEnds(t *testing.T) {
	ws := wsNew(t)
	holder := wsStart(t, wsJob{Dir: ws.Dir, ID: "people", Content: 1, KillAt: -1, HoldAt: "created"})
	holder.until("holding")
	ctx, cancel := context.WithCancel(t.Context())
	wsDeadline(t, "a cancelled wait", func() {
		_, err := wsTryLoad(ctx, ws, "people", 2, true, func(string) { cancel() })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the wait ended with %v", err)
		}
	})
	wsDeadline(t, "a wait for a dead process", func() {
		v, err := wsTryLoad(t.Context(), ws, "people", 2, true, func(string) { _ = holder.cmd.Process.Kill() })
		if v < 1 || err != nil {
			t.Errorf("version %d, %v", v, err)
		}
	})
	wsWant(t, wsOpen(t, ws), "people", 2)
}

// TestWorkspaceTwoDatasets: two loads that publish at the same moment both get
// into the manifest.
func TestWorkspaceTwoDatasets(t *testing.T) {
	ws := wsNew(t)
	ids := []string{"one", "two", "three"}
	var ps []*wsProcess
	for i, id := range ids {
		p := wsStart(t, wsJob{Dir: ws.Dir, ID: id, Content: i + 1, KillAt: -1, HoldAt: "folder synced"})
		p.until("holding")
		ps = append(ps, p)
	}
	for _, p := range ps {
		fmt.Fprintln(p.in)
	}
	for i, p := range ps {
		if code := p.wait(); code != 0 {
			t.Errorf("%s ended with %d: %q", ids[i], code, p.all)
		}
	}
	m := wsManifest(t, ws)
	if len(m.Datasets) != 3 || m.Generation != 3 {
		t.Errorf("the manifest says %+v", m)
	}
	e := wsOpen(t, ws)
	for i, id := range ids {
		wsWant(t, e, id, i+1)
	}
}

// TestWorkspaceManifestLock: a load whose manifest is being changed by another
// waits for it and builds on it.
func TestWorkspaceManifestLock(t *testing.T) {
	ws := wsNew(t)
	first := wsStart(t, wsJob{Dir: ws.Dir, ID: "one", Content: 1, KillAt: -1, HoldAt: "manifest synced"})
	first.until("holding")
	second := wsStart(t, wsJob{Dir: ws.Dir, ID: "two", Content: 2, KillAt: -1})
	second.until("step folder synced")
	fmt.Fprintln(first.in)
	if a, b := first.wait(), second.wait(); a != 0 || b != 0 {
		t.Fatalf("%q, %q", first.all, second.all)
	}
	e := wsOpen(t, ws)
	wsWant(t, e, "one", 1)
	wsWant(t, e, "two", 2)
}

// TestWorkspaceReadersDuringLoads: whoever asks while loads publish gets the
// answer of one version, and never an older one than before.
func TestWorkspaceReadersDuringLoads(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	kept := wsOpen(t, ws)

	var readers []*wsProcess
	for range 2 {
		readers = append(readers, wsStart(t, wsJob{Dir: ws.Dir, ID: "people", KillAt: -1, Read: true}))
	}
	var answered atomic.Int64
	var end atomic.Bool
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			last := 0
			for !end.Load() {
				c, err := wsContentNow(t.Context(), ws, "people")
				if err != nil || c < last {
					t.Errorf("content %d after %d: %v", c, last, err)
					return
				}
				last = c
				answered.Add(1)
			}
		})
	}
	wg.Go(func() { // a session that has the old set open keeps answering from it
		for !end.Load() {
			if c, err := wsRecognise(t.Context(), kept, "people"); c != 1 || err != nil {
				t.Errorf("the open session answers with content %d, %v", c, err)
				return
			}
			answered.Add(1)
		}
	})
	for _, r := range readers {
		r.until("saw 1")
	}
	for c := 2; c <= 4; c++ {
		before := answered.Load()
		p := wsStart(t, wsJob{Dir: ws.Dir, ID: "people", Content: c, KillAt: -1})
		if code := p.wait(); code != 0 {
			t.Errorf("load %d: %q", c, p.all)
		}
		for _, r := range readers {
			if got := r.until("saw"); got != fmt.Sprintf("saw %d", c) {
				t.Errorf("a reading process %s, want content %d", got, c)
			}
		}
		for answered.Load() < before+4 && !t.Failed() { // every version is asked of
			if _, err := wsContentNow(t.Context(), ws, "people"); err != nil {
				t.Error(err)
			}
		}
	}
	end.Store(true)
	wg.Wait()
	for _, r := range readers {
		r.in.Close()
		if code := r.wait(); code != 0 {
			t.Errorf("a reader ended with %d: %q", code, r.all)
		}
	}
	kept.Close()
	entries, _ := os.ReadDir(filepath.Join(ws.Dir, "tmp"))
	if len(entries) > 0 {
		t.Errorf("%d folders are left in tmp", len(entries))
	}
}

// wsSet is the hand-over that a session does: those who ask hold the engine
// they asked, and the old one is closed after its last answer.
type wsSet struct {
	mu  sync.Mutex
	now *wsHeld
}

type wsHeld struct {
	*Engine
	n      int
	closed chan struct{}
}

func (s *wsSet) hold() *wsHeld {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now.n++
	return s.now
}

func (s *wsSet) let(h *wsHeld) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h.n--; h.n == 0 {
		h.Close()
		close(h.closed)
	}
}

func (s *wsSet) swap(e *Engine) (old *wsHeld) {
	s.mu.Lock()
	old, s.now = s.now, &wsHeld{Engine: e, n: 1, closed: make(chan struct{})}
	s.mu.Unlock()
	if old != nil {
		s.let(old)
	}
	return old
}

// TestWorkspaceHandOver: new manifests are opened and swapped in while questions
// are being answered; no answer is lost and none mixes two sets.
func TestWorkspaceHandOver(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	set := &wsSet{}
	open := func() *Engine {
		e, err := ws.Open(t.Context(), wsCatalog(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	set.swap(open())
	var end atomic.Bool
	var answers [7]atomic.Int64
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			last := 0
			for !end.Load() {
				h := set.hold()
				c, err := wsRecognise(t.Context(), h.Engine, "people")
				set.let(h)
				if err != nil || c < last {
					t.Errorf("content %d after %d: %v", c, last, err)
					return
				}
				last = c
				answers[c].Add(1)
			}
		})
	}
	for c := 2; c <= 5; c++ {
		stamp := ws.Stamp()
		wsLoad(t, ws, "people", c)
		if ws.Stamp() == stamp {
			t.Error("the new manifest is not noticed")
		}
		asking := set.hold() // an answer that is late
		old := set.swap(open())
		if got, err := wsRecognise(t.Context(), asking.Engine, "people"); got != c-1 || err != nil {
			t.Errorf("the late answer is of content %d, %v; want %d", got, err, c-1)
		}
		set.let(asking)
		wsDeadline(t, "the old set", func() { <-old.closed })
		for answers[c].Load() < 3 && !t.Failed() {
			if got, err := wsRecognise(t.Context(), set.now.Engine, "people"); got != c || err != nil {
				t.Fatalf("content %d, %v; want %d", got, err, c)
			}
		}
	}
	end.Store(true)
	wg.Wait()
	old := set.swap(open())
	<-old.closed
	set.now.Close()
	entries, _ := os.ReadDir(filepath.Join(ws.Dir, "tmp"))
	if len(entries) > 0 {
		t.Errorf("%d folders are left in tmp", len(entries))
	}
}

// TestWorkspaceCloseWhileAsking: closing an engine under its questions makes
// errors at worst, never a wrong answer.
func TestWorkspaceCloseWhileAsking(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	for range 5 {
		e := wsOpen(t, ws)
		var wg sync.WaitGroup
		started := make(chan struct{}, 100)
		for range 4 {
			wg.Go(func() {
				for {
					ans, err := wsAsk(t.Context(), e, wsQuestion)
					started <- struct{}{}
					if err != nil {
						return
					}
					if got := wsCells(ans)["_T/_T"]; got != fmt.Sprint(len(wsContent(1))) {
						t.Errorf("%s answers after closing", got)
						return
					}
					select {
					case <-t.Context().Done():
						return
					default:
					}
				}
			})
		}
		for range 4 {
			<-started
		}
		go func() {
			for range started {
			}
		}()
		e.Close()
		wsDeadline(t, "an answer of a closed engine", wg.Wait)
		close(started)
	}
}
