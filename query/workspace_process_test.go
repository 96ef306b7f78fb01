package query

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// The test binary is its own loader: with wsLoaderEnv set it runs one load, or
// reads, in a process that a test may kill.
const wsLoaderEnv = "TIPLENS_TEST_LOADER"

func TestMain(m *testing.M) {
	if text := os.Getenv(wsLoaderEnv); text != "" {
		os.Exit(wsLoaderMain(text))
	}
	os.Exit(m.Run())
}

// wsJob is what a loader process is to do.
type wsJob struct {
	Dir, ID string
	Content int
	KillAt  int    // the call of step, counted from 0, at which to die; -1 for never
	HoldAt  string // the step at which to wait for a line
	NoWait  bool
	Read    bool // ask until the pipe closes instead of loading
	Cancel  bool // the pipe's end cancels the load
}

func wsLoaderMain(text string) int {
	var j wsJob
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		fmt.Println("error", err)
		return 2
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	in := bufio.NewReader(os.Stdin)
	n := 0
	step = func(name string) {
		fmt.Println("step", name)
		if n == j.KillAt {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		n++
		if name == j.HoldAt {
			fmt.Println("holding", name)
			_, err := in.ReadString('\n')
			if err != nil && j.Cancel {
				cancel()
			}
		}
	}
	if j.Read {
		return wsReadMain(ctx, j, in)
	}
	ws, err := OpenWorkspace(j.Dir, true)
	if err == nil {
		var v int
		if v, err = wsTryLoad(ctx, ws, j.ID, j.Content, !j.NoWait, func(who string) { fmt.Println("waiting", who) }); err == nil {
			fmt.Println("done", v)
			return 0
		}
	}
	fmt.Println("error", err)
	var we *WorkspaceError
	if errors.As(err, &we) && we.Busy {
		return 5
	}
	return 1
}

// wsReadMain asks again and again, each time on a newly opened set, until the
// pipe closes. It prints the contents that it saw, in their order.
func wsReadMain(ctx context.Context, j wsJob, in io.Reader) int {
	end := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, in); close(end) }()
	ws := &Workspace{j.Dir}
	last := -1
	for {
		select {
		case <-end:
			fmt.Println("done", last)
			return 0
		default:
		}
		c, err := wsContentNow(ctx, ws, j.ID)
		if err != nil {
			fmt.Println("error", err)
			return 1
		}
		if c != last {
			fmt.Println("saw", c)
			last = c
		}
	}
}

// wsProcess is a loader process with the lines that it prints.
type wsProcess struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines chan string
	all   []string
}

func wsStart(t *testing.T, j wsJob) *wsProcess {
	t.Helper()
	p := wsPrepare(t, j)
	p.start()
	return p
}

func wsPrepare(t *testing.T, j wsJob) *wsProcess {
	t.Helper()
	b, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	p := &wsProcess{t: t, cmd: exec.Command(os.Args[0]), lines: make(chan string, 1000)}
	p.cmd.Env = append(os.Environ(), wsLoaderEnv+"="+string(b), "GOTRACEBACK=none")
	p.cmd.Stderr = os.Stderr
	return p
}

func (p *wsProcess) start() {
	p.t.Helper()
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		p.in, err = p.cmd.StdinPipe()
	}
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	go func() {
		s := bufio.NewScanner(out)
		for s.Scan() {
			p.lines <- s.Text()
		}
		close(p.lines)
	}()
	p.t.Cleanup(func() {
		if p.cmd.ProcessState == nil {
			_ = p.cmd.Process.Kill()
			_ = p.cmd.Wait()
		}
	})
}

// until reads lines up to the first one that begins so.
func (p *wsProcess) until(prefix string) string {
	p.t.Helper()
	for l := range p.lines {
		p.all = append(p.all, l)
		if strings.HasPrefix(l, prefix) {
			return l
		}
	}
	p.t.Fatalf("the process ended without %q; it said %q", prefix, p.all)
	return ""
}

// wait reads on to the end and gives the exit code, -1 for a killed process.
func (p *wsProcess) wait() int {
	p.t.Helper()
	for l := range p.lines {
		p.all = append(p.all, l)
	}
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

func (p *wsProcess) steps() []string {
	var out []string
	for _, l := range p.all {
		if s, ok := strings.CutPrefix(l, "step "); ok {
			out = append(out, s)
		}
	}
	return out
}
