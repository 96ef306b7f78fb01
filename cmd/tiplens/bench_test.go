package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiplens/tui/wire"
)

// benchOut runs tiplens bench as a process and gives what it prints.
func benchOut(t *testing.T, args ...string) (out, errOut string) {
	t.Helper()
	cmd := command(t, append([]string{"bench"}, args...)...)
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	cmd.Env = append(cmd.Env, "PATH="+t.TempDir()) // no other program is installed
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, e.String())
	}
	return o.String(), e.String()
}

// TestBench measures a small file: what is printed was measured, and holds
// together.
func TestBench(t *testing.T) {
	t.Parallel()
	out, _ := benchOut(t, "--records", "3k", "--only", "load,start,engine", "--rounds", "3", "--json", "--dir", t.TempDir())
	var r benchReport
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Sizes) != 2 || r.Sizes[0].Records != trainingSize || r.Sizes[1].Records != 3000 {
		t.Fatalf("it measured %d sizes: %s", len(r.Sizes), out)
	}
	for _, s := range r.Sizes {
		if s.Start == nil || s.Start.Frame <= 0 || s.Start.Screen < s.Start.Frame {
			t.Errorf("%s: start %+v", s.Name, s.Start)
		}
		if len(s.Engine) != len(questions()) {
			t.Errorf("%s: %d kinds of question, not %d", s.Name, len(s.Engine), len(questions()))
		}
		for _, e := range s.Engine {
			if e.First <= 0 || e.P50 > e.P95 || e.P95 > e.Max || e.Asked != 3 {
				t.Errorf("%s: %+v", s.Name, e)
			}
		}
		if s.Terms != nil || s.Links != nil {
			t.Errorf("%s: more was measured than was asked", s.Name)
		}
	}
	l := r.Sizes[1].Load
	if r.Sizes[0].Load != nil || l == nil || l.Bytes < 3000*50 || l.Stored == 0 || l.Plain <= 0 || l.Seconds <= 0 {
		t.Errorf("load: %+v", l)
	}
}

// TestBenchKeys: bench counts the bytes that the tests of the screens count.
func TestBenchKeys(t *testing.T) {
	t.Setenv(testMainEnv, "1")
	b := &bencher{dir: t.TempDir(), ref: wsTraining}
	s, err := b.open(t.Context(), budgetTerm, wire.Link{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if _, _, err := s.ready(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "bytes-baseline.json"))
	if err != nil {
		t.Fatal(err)
	}
	var kept map[string][]int
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	stop := wire.Tour()[0]
	var sum pressed
	want := 0
	for i, key := range stop.Keys {
		p, err := s.press(key)
		if err != nil {
			t.Fatal(err)
		}
		sum.bytes, sum.least, sum.took = sum.bytes+p.bytes, sum.least+p.least, sum.took+p.took
		want += kept[stop.Name][i]
	}
	if sum.bytes != want || sum.least == 0 || sum.least > sum.bytes || sum.took <= 0 {
		t.Errorf("%s: %+v; the baseline says %d bytes", stop.Name, sum, want)
	}
	if m := s.memory(); m == nil || m.Steady < 10<<10 || m.Peak < m.Steady {
		t.Errorf("memory: %+v", m)
	}
}

// TestBenchPeers: without another program the own figures stand alone, and what
// is missing is named.
func TestBenchPeers(t *testing.T) {
	t.Parallel()
	out, _ := benchOut(t, "peers", "--records", "3k", "--dir", t.TempDir())
	if !strings.Contains(out, "not installed: vd, csvlens, tw, sc-im") {
		t.Errorf("it does not say what is missing:\n%s", out)
	}
	for _, name := range taskNames {
		if !strings.Contains(out, "\n"+name) {
			t.Errorf("no line for %q:\n%s", name, out)
		}
	}
}

// TestBenchUsage: what cannot be measured is said at once.
func TestBenchUsage(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"bench --records many", "takes numbers such as 100k"},
		{"bench --records 2000m", "up to 1,000m"},
		{"bench --records -1", "takes numbers"},
		{"bench --only bites", `not "bites"`},
		{"bench --reuse", "needs --dir"},
		{"bench --rounds 0", "at least 1"},
	} {
		var out, errOut bytes.Buffer
		if code := run(t.Context(), strings.Fields(c.args), nil, &out, &errOut); code != exitUsage || !strings.Contains(errOut.String(), c.want) {
			t.Errorf("%s: code %d, %q", c.args, code, errOut.String())
		}
	}
}
