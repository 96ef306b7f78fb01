package main

import (
	"regexp"
	"strings"
	"testing"
)

// TestOverviewCommand: what view 0 shows can be had without the screen, with
// the exit code of the answer.
func TestOverviewCommand(t *testing.T) {
	code, out, errOut := tiplens(t, "overview", "sus_arrested where agency=KH.NCCT year=2025", "--workspace", ":published")
	if code != exitAnswer || errOut != "" {
		t.Fatalf("code %d: %s", code, errOut)
	}
	for _, want := range []string{`(?m)^209 persons  National Committee`, `(?m)^\+ +5  2025$`, `(?m)^ +1  China  CN$`, `figures published; not added`, `Slice: sus_arrested where .* at published@1`} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("%q is missing:\n%s", want, out)
		}
	}
	if code, out, _ := tiplens(t, "overview", "vic_identified where nationality=LK sex=TF", "--workspace", ":training"); code != exitNoData || !strings.Contains(out, "TRAINING - invented") {
		t.Errorf("of nobody: code %d\n%s", code, out)
	}
	if code, _, errOut := tiplens(t, "overview", "vic_identifed"); code != exitUsage || !strings.Contains(errOut, "did you mean") {
		t.Errorf("a name that is not known: code %d, %s", code, errOut)
	}
}
