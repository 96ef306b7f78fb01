package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// section gives the lines that check-rules prints for one check.
func section(out, id string) string {
	_, rest, _ := strings.Cut(out, id+" ")
	if i := strings.Index(rest, "\nT-"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// TestCheckRules runs the worked checks that no single slice holds, on the
// figures as published and on altered ones, whose answers must change.
func TestCheckRules(t *testing.T) {
	published, err := os.ReadFile(filepath.Join("..", "..", "datasets", "published_figures.csv"))
	if err != nil {
		t.Fatal(err)
	}
	altered := string(published)
	for _, c := range [][2]string{
		{"pf-005,sus_arrested,209,", "pf-005,sus_arrested,211,"},
		{"pf-017,est_forced_scam_workers,100000,", "pf-017,est_forced_scam_workers,90000,"},
		{"pf-039,ctx_dataset_records,80000,", "pf-039,ctx_dataset_records,85000,"},
		{"pf-087,ctx_member_institutions,22,", "pf-087,ctx_member_institutions,27,"},
		{"pf-097,est_illicit_flows,3000000000000,", "pf-097,est_illicit_flows,4000000000000,"},
	} {
		if !strings.Contains(altered, c[0]) {
			t.Fatalf("the figures have no %q", c[0])
		}
		altered = strings.Replace(altered, c[0], c[1], 1)
	}
	file := filepath.Join(t.TempDir(), "figures.csv")
	if err := os.WriteFile(file, []byte(altered), 0o600); err != nil {
		t.Fatal(err)
	}
	ws := filepath.Join(t.TempDir(), "ws")
	if code, _, errs := tiplens(t, "--workspace", ws, "load", file, "--id", "altered"); code != 0 {
		t.Fatal(errs)
	}
	for _, w := range []struct {
		workspace string
		want      map[string][]string
	}{
		{wsPublished, map[string][]string{
			"T-01": {"    209 persons"},
			"T-13": {"100,000 x 350 x 365 = 12,775,000,000; published >12,500,000,000: fits"},
			"T-14": {"one figure, several citations W-16: INT.INTERPOL"},
			"T-15": {"conflict W-16: KH.NCCT", "27 in ", "22 in "},
			"T-17": {"refused W-03", "~80,000-100,000", "Likely overlaps with CTDC"},
		}},
		{ws, map[string][]string{
			"T-01": {"    211 persons"},
			"T-13": {"90,000 x 350 x 365 = 11,497,500,000; published >12,500,000,000: does not fit"},
			"T-14": {"conflict W-16: INT.INTERPOL"},
			"T-15": {"one figure, several citations W-16: KH.NCCT"},
			"T-17": {"refused W-03", "~85,000-105,000"},
		}},
	} {
		code, out, errs := tiplens(t, "--workspace", w.workspace, "check-rules")
		if code != 0 {
			t.Fatal(errs)
		}
		for i := 1; i <= 22; i++ {
			id := "T-" + string(rune('0'+i/10)) + string(rune('0'+i%10))
			if len(strings.Split(section(out, id), "\n")) < 2 {
				t.Errorf("%s: %s has no answer", w.workspace, id)
			}
		}
		for id, lines := range w.want {
			for _, l := range lines {
				if got := section(out, id); !strings.Contains(got, l) {
					t.Errorf("%s: %s does not say %q but\n%s", w.workspace, id, l, got)
				}
			}
		}
	}
}
