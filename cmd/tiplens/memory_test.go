package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

// TestSessionLog keeps sessions apart, gives back the last one, and survives
// half a line and a log that has grown too long.
func TestSessionLog(t *testing.T) {
	dir := t.TempDir()
	m := newMemory(dir)
	m.Step("ws", "one")
	m.Step("ws", "two")
	m.Step("other", "else")
	m.flush()
	newMemory(dir).flush() // nothing was done: nothing is written

	again := newMemory(dir)
	if steps, at := again.Steps("ws"); !slices.Equal(steps, []string{"one", "two"}) || at.IsZero() {
		t.Errorf("the last session was %q at %v", steps, at)
	}
	again.Step("ws", "three")
	again.flush()
	path := again.log("ws")
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, `{"s":"x","t":"2026-`) // the machine stopped here
	f.Close()
	if steps, _ := newMemory(dir).Steps("ws"); !slices.Equal(steps, []string{"three"}) {
		t.Errorf("after half a line the last session was %q", steps)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the log: %v %v", info.Mode(), err)
	}

	long := newMemory(dir)
	for i := range 300 {
		long.Step("ws", fmt.Sprintf("%d %s", i, strings.Repeat("x", 10_000)))
		if i%100 == 99 {
			long.flush()
			long = newMemory(dir)
		}
	}
	long.flush()
	if info, err := os.Stat(path); err != nil || info.Size() > maxLog+20_000 {
		t.Errorf("the log has %d bytes, %v", info.Size(), err)
	}
	if steps, _ := newMemory(dir).Steps("ws"); len(steps) == 0 || !strings.HasPrefix(steps[len(steps)-1], "299 ") {
		t.Errorf("the last of %d steps is not there", len(steps))
	}
}

// TestSavedSliceCommands saves a slice, lists it, asks it by its name and
// forgets it.
func TestSavedSliceCommands(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", filepath.Join(t.TempDir(), "state"))
	for _, step := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"slices"}, exitAnswer, "No slice is saved here yet"},
		{[]string{"slices", "save", "by sex", "vic_identified by sex where nationality=vietnam", "--note", "for the\x1b[2J report"}, exitAnswer, ""},
		{[]string{"slices"}, exitAnswer, "by sex\n  vic_identified by sex where nationality=VN\n  for the"},
		{[]string{"show", "@By Sex"}, exitAnswer, "Female"},
		{[]string{"show", "@by sx"}, exitUsage, "did you mean by sex?"},
		{[]string{"slices", "save", "\n", "vic_identified"}, exitFailure, "give it a name"},
		{[]string{"slices", "save", "bad", "vic_identifed"}, exitUsage, "did you mean vic_identified"},
		{[]string{"slices", "forget", "other"}, exitFailure, "no saved slice"},
		{[]string{"slices", "forget", "by sex"}, exitAnswer, ""},
		{[]string{"show", "@by sex"}, exitUsage, "no saved slice"},
	} {
		var out, errOut strings.Builder
		code := run(t.Context(), append([]string{"--workspace", ":training"}, step.args...), strings.NewReader(""), &out, &errOut)
		said := out.String() + errOut.String()
		if code != step.code || !strings.Contains(said, step.want) || strings.Contains(said, "\x1b") {
			t.Errorf("tiplens %q ends with %d and says %q; want %d and %q", step.args, code, said, step.code, step.want)
		}
	}
}

// TestSavedSlicesByHand reads what people have written into slices.yaml, names
// what is wrong and never writes over it.
func TestSavedSlicesByHand(t *testing.T) {
	state := t.TempDir()
	t.Setenv("XDG_STATE_HOME", state)
	path := filepath.Join(state, "tiplens", "training", "slices.yaml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	text := "- name: good\n  slice: vic_identified by sex\n- name: \"bad\\e[2J\"\n  slice: vic_identified\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errOut strings.Builder
	code := run(t.Context(), []string{"--workspace", ":training", "slices"}, strings.NewReader(""), &out, &errOut)
	if code == exitAnswer || !strings.Contains(out.String(), "good") || !strings.Contains(errOut.String(), "cannot be read") || strings.Contains(out.String()+errOut.String(), "\x1b") {
		t.Errorf("ends with %d, prints %q and says %q", code, out.String(), errOut.String())
	}
	if err := saveSlice(wsTraining, savedOf("more")); err == nil {
		t.Error("a slice was saved over what cannot be read")
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != text {
		t.Errorf("the file is now %q, %v", b, err)
	}
}

func savedOf(name string) models.SavedSlice {
	return models.SavedSlice{Name: name, Slice: "vic_identified"}
}
