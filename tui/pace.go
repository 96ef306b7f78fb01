package tui

import (
	"os"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

// On a slow link whatever is written waits its turn, and a held key would draw
// long after it is let go. So the screen asks the terminal, together with a
// frame, where its cursor is: the reply says that the frame has come through.
// While too much is on its way, keys are taken and nothing is drawn; then the
// newest state is drawn once. A single key at rest asks nothing.
const (
	askBytes     = 1 / 4.0         // seconds of what may be on its way before a frame asks
	fullBytes    = 1.0             // seconds of what may be on its way at all
	firstRate    = 960.0           // bytes a second until measured: a line of 9,600 bit/s
	slowestRate  = 240.0           // bytes a second
	fastestRate  = 1 << 20         // bytes a second
	wrapping     = 80              // bytes that SSH and TCP add to a write, about
	patience     = 3 * time.Second // for a reply, beside the time its frame takes
	askForCursor = "\x1b[6n"
)

// pacer knows what has been written to a terminal and has not arrived yet, as
// far as one can know. Its zero value paces nothing. The runtime draws beside
// the loop that takes messages, so it has a lock.
type pacer struct {
	mu       sync.Mutex
	on       bool
	now      func() time.Time
	rate     float64 // bytes a second the link carries, at least
	level    float64 // bytes on their way
	at       time.Time
	asked    time.Time // when the reply under way was asked for; zero when none is
	before   float64   // bytes on their way then, the frame included
	after    float64   // bytes written since
	full     bool      // something was held back since then
	replied  bool      // the terminal has answered at least once
	waking   bool      // a paceMsg is under way
	stopping bool      // the program ends when the reply is there
}

// paceMsg comes when the patience for a reply may be over.
type paceMsg struct{}

// output is a terminal that is written to at its own pace.
type output struct {
	*os.File
	pace *pacer
}

// Output gives the terminal to write to: frames wait for a slow link. The
// runtime must write to nothing else.
func (a *App) Output(f *os.File) *output {
	a.pace = &pacer{on: true, now: time.Now, rate: firstRate, at: time.Now()}
	return &output{f, a.pace}
}

// Write writes a frame, and asks with it when much is on its way.
func (o *output) Write(b []byte) (int, error) {
	if !o.pace.wrote(len(b)) {
		return o.File.Write(b)
	}
	n, err := o.File.Write(append(b[:len(b):len(b)], askForCursor...))
	return min(n, len(b)), err
}

// wrote takes account of a frame, and reports whether it should ask.
func (p *pacer) wrote(n int) (ask bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drain()
	wire := float64(n + wrapping)
	p.level += wire
	if !p.asked.IsZero() {
		p.after += wire
		return false
	}
	if !p.on || p.stopping || p.level < p.rate*askBytes {
		return false
	}
	p.asked, p.before, p.after, p.full = p.at, p.level, 0, false
	return true
}

// drain lets time carry bytes through.
func (p *pacer) drain() {
	now := p.now()
	p.level = max(p.level-now.Sub(p.at).Seconds()*p.rate, 0)
	p.at = now
}

// hold reports whether nothing should be drawn now, and makes sure that a reply
// that never comes is noticed.
func (p *pacer) hold() (bool, tea.Cmd) {
	if p == nil {
		return false, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked.IsZero() {
		return false, nil
	}
	var wake tea.Cmd
	if !p.waking {
		p.waking = true
		wake = tea.Tick(p.due().Sub(p.now()), func(time.Time) tea.Msg { return paceMsg{} })
	}
	if p.before+p.after >= p.rate*fullBytes {
		p.full = true
	}
	return p.full || p.stopping, wake
}

// arrived takes a reply: everything up to it has come through.
func (p *pacer) arrived() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked.IsZero() {
		p.on = true // late, but it answers
		return
	}
	p.drain()
	measured := p.before / max(p.at.Sub(p.asked).Seconds(), 1e-6)
	switch {
	case measured > p.rate:
		p.rate = measured
	case p.full: // the link was the reason, not the keys
		p.rate = max(measured, p.rate/2)
	}
	p.rate = min(max(p.rate, slowestRate), fastestRate)
	p.level, p.asked, p.replied = p.after, time.Time{}, true
}

// expired gives a reply up that did not come. A terminal that never answers is
// not asked again.
func (p *pacer) expired() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waking = false
	if p.asked.IsZero() || p.now().Before(p.due()) { // the next hold wakes again
		return
	}
	p.asked, p.on = time.Time{}, p.replied
	p.rate = max(p.rate/2, slowestRate)
}

// due is when the patience for the reply is over.
func (p *pacer) due() time.Time {
	return p.asked.Add(patience + time.Duration(p.before/slowestRate*float64(time.Second)))
}

// stop ends the asking and reports whether a reply is still under way: it would
// be typed into the shell that comes after the program.
func (p *pacer) stop() (wait bool) {
	if p == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.on, p.stopping = false, !p.asked.IsZero()
	return p.stopping
}

// ending reports whether the program has been told to end, and whether the last
// reply is there or given up.
func (p *pacer) ending() (told, now bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stopping, p.stopping && p.asked.IsZero()
}

// paced takes the messages of the pacer, and reports whether one was.
func (a *App) paced(msg tea.Msg) (cmd tea.Cmd, taken bool) {
	if a.pace == nil {
		return nil, false
	}
	switch msg := msg.(type) {
	case tea.CursorPositionMsg:
		a.pace.arrived()
	case paceMsg:
		a.pace.expired()
	case tea.KeyPressMsg:
		told, _ := a.pace.ending()
		return nil, told || msg.Code == tea.KeyF3 // a reply from the first line reads like F3 with a modifier
	default:
		return nil, false
	}
	if _, now := a.pace.ending(); now {
		cmd = tea.Quit
	}
	return cmd, true
}
