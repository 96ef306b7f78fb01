package query

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// wsProgram copies the test binary to where other users may run it.
func wsProgram(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "loader")
	in, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestWorkspaceTeamOfTwo: two users of one group load into a folder of mode
// 2770, each over what the other has left, with the usual umask.
func TestWorkspaceTeamOfTwo(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can be two users")
	}
	steps := wsDryRun(t)
	const group = 20000
	base := t.TempDir()
	for _, d := range []string{base, filepath.Dir(base)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(base, "team")
	if err := errors.Join(os.Mkdir(dir, 0o700), os.Chown(dir, 20001, group), os.Chmod(dir, 0o770|fs.ModeSetgid)); err != nil {
		t.Fatal(err)
	}
	program := wsProgram(t, base)
	ws := &Workspace{dir}
	as := func(uid int, j wsJob) *wsProcess {
		p := wsPrepare(t, j)
		p.cmd.Path, p.cmd.Dir = program, base
		p.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: group, NoSetGroups: true}}
		p.start()
		return p
	}
	load := func(uid int, id string, content int) {
		t.Helper()
		p := as(uid, wsJob{Dir: dir, ID: id, Content: content, KillAt: -1})
		if code := p.wait(); code != 0 {
			t.Errorf("user %d cannot load %s: %q", uid, id, p.all)
		}
	}
	load(20001, "people", 1)
	load(20002, "others", 2)
	load(20002, "people", 3)
	load(20001, "others", 4)
	if t.Failed() {
		return
	}
	for _, step := range []string{"created", "closed", "renamed", "manifest written"} {
		p := as(20002, wsJob{Dir: dir, ID: "people", Content: 5, KillAt: slices.Index(steps, step)})
		if code := p.wait(); code != -1 {
			t.Fatalf("not killed: %q", p.all)
		}
		wsAge(t, ws)
		load(20001, "people", 3)
	}
	for _, uid := range []int{20001, 20002} {
		p := as(uid, wsJob{Dir: dir, ID: "people", Read: true})
		if got := p.until("saw"); got != "saw 3" {
			t.Errorf("user %d %s", uid, got)
		}
		p.in.Close()
		p.wait()
	}
	left, _ := os.ReadDir(filepath.Join(dir, "tmp"))
	for _, l := range left {
		t.Errorf("tmp/%s is left of a dead process", l.Name())
	}
	if bad, _ := filepath.Glob(filepath.Join(dir, "datasets", "*", "*.part*")); len(bad) > 0 {
		t.Errorf("left: %q", bad)
	}
}
