package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tiplens/tui/wire"
)

// session is this program, running in a terminal that measures it.
type session struct {
	*wire.Terminal
	cmd   *exec.Cmd
	began time.Time
	quiet time.Duration // without a byte, after which the screen is at rest
	ended chan struct{}
	home  string
	quits []string // the keys that end the program
}

// restFor is how long a screen is still before it counts as finished. The
// program must also have nothing to do meanwhile.
const restFor = 80 * time.Millisecond

// bencher runs sessions on one workspace.
type bencher struct{ dir, ref string }

// open starts a session as over SSH: the lean look, and no memory of earlier
// ones.
func (b *bencher) open(ctx context.Context, term string, link wire.Link) (*session, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return openSession(ctx, b.dir, term, link, self, "--workspace", b.ref)
}

// openSession runs a program in a terminal of 80 x 24, at home in a folder of
// its own.
func openSession(ctx context.Context, dir, term string, link wire.Link, program string, args ...string) (*session, error) {
	home, err := os.MkdirTemp(dir, "home-")
	if err != nil {
		return nil, err
	}
	far, near, err := wire.New(80, 24, link)
	if err != nil {
		return nil, err
	}
	defer near.Close()
	s := &session{Terminal: far, quiet: restFor, ended: make(chan struct{}), home: home, quits: []string{"q"}}
	if link.RoundTrip > 0 {
		s.quiet = link.RoundTrip + 4*restFor
	}
	s.cmd = exec.CommandContext(ctx, program, args...)
	s.cmd.Env = []string{"TERM=" + term, "SSH_TTY=/dev/pts/0", "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH"), "TMPDIR=" + home,
		"HOME=" + home, "XDG_STATE_HOME=" + filepath.Join(home, "state"), "XDG_DATA_HOME=" + filepath.Join(home, "data")}
	for _, v := range os.Environ() {
		if strings.HasPrefix(v, "TIPLENS_") { // meant for this program
			s.cmd.Env = append(s.cmd.Env, v)
		}
	}
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = near, near, near
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	s.began = time.Now()
	if err := s.cmd.Start(); err != nil {
		far.Close()
		return nil, err
	}
	go func() {
		_ = s.cmd.Wait()
		close(s.ended)
	}()
	return s, nil
}

// close quits the program, or ends it where it does not quit.
func (s *session) close() {
	for _, k := range s.quits {
		_ = s.Type(k)
	}
	select {
	case <-s.ended:
	case <-time.After(5 * time.Second):
		_ = s.cmd.Process.Kill()
		<-s.ended
	}
	s.Terminal.Close()
	os.RemoveAll(s.home)
}

// rest waits until the screen is finished: nothing comes, and the program does
// nothing. It gives the bytes so far and when the last one came.
func (s *session) rest() (int, time.Time, error) {
	var from time.Time
	var used time.Duration
	var looks, busy int
	anew := func() { from, used, looks, busy = time.Now(), s.used(), 0, 0 }
	anew()
	for end := time.Now().Add(15 * time.Minute); time.Now().Before(end); time.Sleep(s.quiet / 16) {
		if looks++; s.wantsProcessor() {
			busy++
		}
		n, last := s.Came()
		switch still := time.Since(from); {
		case n == 0 || last.After(from) || s.Under() > 0:
			anew()
		case still < s.quiet, looks < 12, s.used() == used && still < 5*s.quiet: // a program at rest wakes now and then; one that others keep waiting does not
		case s.used()-used > still/10 || busy > looks/4: // it works on something, which will come
			anew()
		default:
			return n, last, nil
		}
		select {
		case <-s.ended:
			return 0, last, fmt.Errorf("the program has ended (%v); its screen:\n%s", s.cmd.ProcessState, s.Text())
		default:
		}
	}
	return 0, time.Time{}, errors.New("the screen does not come to rest:\n" + s.Text())
}

// ready waits until the first screen is finished: it rests, and has a row with
// the cursor.
func (s *session) ready() (int, time.Time, error) {
	for {
		n, last, err := s.rest()
		if err != nil || strings.Contains(s.Text(), "\n> ") {
			return n, last, err
		}
		if time.Since(s.began) > 5*time.Minute {
			return n, last, errors.New("the first screen does not come:\n" + s.Text())
		}
	}
}

// tasks gives a file of each thread of the program.
func (s *session) tasks(file string) (texts []string) {
	paths, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/%s", s.cmd.Process.Pid, file))
	for _, p := range paths {
		if b, err := os.ReadFile(p); err == nil {
			texts = append(texts, string(b))
		}
	}
	return texts
}

// used is the time for which the program has had processors.
func (s *session) used() (sum time.Duration) {
	for _, t := range s.tasks("schedstat") {
		ns, _, _ := strings.Cut(t, " ")
		n, _ := strconv.ParseInt(ns, 10, 64)
		sum += time.Duration(n)
	}
	return sum
}

// clockTick is the unit in which Linux tells processor time.
const clockTick = 10 * time.Millisecond

// processor is the time for which the program has had processors, with threads
// that have ended.
func (s *session) processor() time.Duration {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	_, rest, _ := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * clockTick
}

// wantsProcessor reports whether any thread runs, waits for a processor that
// others have, or for the disk.
func (s *session) wantsProcessor() bool {
	for _, t := range s.tasks("stat") {
		if _, rest, ok := strings.Cut(t, ") "); ok && (rest[0] == 'R' || rest[0] == 'D') {
			return true
		}
	}
	return false
}

// pressed is what one key brought.
type pressed struct {
	bytes, least int
	took         time.Duration // to the last byte
}

// press sends a key and waits until the screen is finished.
func (s *session) press(key string) (pressed, error) {
	before, was := s.Picture(), 0
	was, _ = s.Came()
	at := time.Now()
	if err := s.Type(key); err != nil {
		return pressed{}, err
	}
	n, last, err := s.rest()
	if err != nil {
		return pressed{}, err
	}
	p := pressed{bytes: n - was, least: wire.Least(before, s.Picture())}
	if p.bytes > 0 {
		p.took = last.Sub(at)
	}
	return p, nil
}

// memoryReport is the resident memory of the program.
type memoryReport struct {
	Steady       int64 `json:"steady_kb"` // after all views have been seen
	Peak         int64 `json:"peak_kb"`
	SteadyBudget int64 `json:"steady_budget_kb"`
	PeakBudget   int64 `json:"peak_budget_kb"`
}

func (s *session) memory() *memoryReport {
	m := &memoryReport{SteadyBudget: 400 << 10, PeakBudget: 650 << 10}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		switch kb, _ := strconv.ParseInt(f[1], 10, 64); f[0] {
		case "VmRSS:":
			m.Steady = kb
		case "VmHWM:":
			m.Peak = kb
		}
	}
	return m
}
