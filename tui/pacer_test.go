package tui

import (
	"testing"
	"time"
)

// testLink is a link in a clock of its own.
type testLink struct {
	t   *testing.T
	now time.Time
	*pacer
}

func newTestLink(t *testing.T) *testLink {
	l := &testLink{t: t, now: time.Unix(0, 0)}
	l.pacer = &pacer{on: true, rate: firstRate, at: l.now, now: func() time.Time { return l.now }}
	return l
}

func (l *testLink) want(hold bool, why string) {
	l.t.Helper()
	if got, _ := l.hold(); got != hold {
		l.t.Errorf("%s: hold is %v", why, got)
	}
}

// TestPacer follows one link through what happens on it.
func TestPacer(t *testing.T) {
	l := newTestLink(t)
	for range 10 {
		if l.wrote(25) {
			t.Fatal("a single step of the cursor asks")
		}
		l.now = l.now.Add(200 * time.Millisecond)
	}
	if !l.wrote(1400) {
		t.Fatal("a new view does not ask")
	}
	l.want(true, "a new view fills a slow line")
	l.now = l.now.Add(2 * time.Second)
	l.arrived()
	l.want(false, "the view has come")
	if l.rate > firstRate || l.rate < firstRate/2 {
		t.Errorf("a line of 9,600 bit/s counts as %v bytes a second", l.rate)
	}

	// A fast link is noticed, and is then hardly asked any more.
	l.wrote(1400)
	l.now = l.now.Add(10 * time.Millisecond)
	l.arrived()
	if l.wrote(1400) {
		t.Error("a fast link is asked for every frame")
	}
	l.now = l.now.Add(time.Second)

	// It becomes slow: its rate is found again while keys wait for it.
	for range 20 {
		if !l.wrote(int(l.rate) + 1) {
			t.Fatal("a second's worth of bytes does not ask")
		}
		l.want(true, "more than the link carries in a second")
		l.now = l.now.Add(time.Duration(l.before / slowestRate * float64(time.Second)))
		l.arrived()
		l.now = l.now.Add(time.Minute)
	}
	if l.rate > slowestRate+1 {
		t.Errorf("a slow link counts as %v bytes a second", l.rate)
	}
}

// TestPacerWithoutReply: a terminal that never answers is given up, one that
// answers late is asked again, one that has answered before is not given up.
func TestPacerWithoutReply(t *testing.T) {
	l := newTestLink(t)
	lost := func() {
		t.Helper()
		if !l.wrote(2000) {
			t.Fatal("a large frame does not ask")
		}
		l.want(true, "nothing has come")
		l.expired()
		l.want(true, "there is still patience")
		l.now = l.due()
		l.expired()
		l.want(false, "patience is over")
	}
	lost()
	if l.wrote(100_000) {
		t.Error("a terminal that never answered is asked again")
	}
	l.now = l.now.Add(time.Hour)
	l.arrived()
	lost()
	if !l.on && l.replied {
		t.Error("it answered once")
	}

	l = newTestLink(t)
	l.wrote(2000)
	l.now = l.now.Add(time.Second)
	l.arrived()
	lost()
	l.now = l.now.Add(time.Hour)
	lost()
}
