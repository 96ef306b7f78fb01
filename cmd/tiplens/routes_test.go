package main

import (
	"strings"
	"testing"
)

// TestFlowsShown: routes and comparisons come out in every form that can hold
// them, and the others say why not.
func TestFlowsShown(t *testing.T) {
	training := func(slice, format string) (int, string, string) {
		return tiplens(t, "show", slice, "--format", format, "--workspace", ":training")
	}
	routes := "vic_identified flow origin via transit to destination where origin=VN"
	for format, want := range map[string][]string{
		"text": {"origin > transit > destination", "Viet Nam, via Cambodia", "> to Cambodia", "destination not stated for"},
		"csv":  {"agency,dataset,origin,transit,destination,value", "TRAINING,training,VN,KH,KH,877,877,877,value,TRAINING", "VN,KH>_T,_T,", "branch;TRAINING"},
		"json": {`"transit": "KH"`, `"destination": "KH"`},
		"md":   {"| Viet Nam, via Cambodia |", "| > to Cambodia |"},
	} {
		code, out, errOut := training(routes, format)
		if code != exitAnswer {
			t.Errorf("%s: exit code %d, %s", format, code, errOut)
		}
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%s does not hold %q:\n%s", format, w, out)
			}
		}
	}
	for _, format := range []string{"matrix", "geojson", "kml"} {
		if code, _, errOut := training(routes, format); code != exitUsage || !strings.Contains(errOut, "leave out via") {
			t.Errorf("%s: exit code %d, %s", format, code, errOut)
		}
	}
	compared := "vic_identified flow origin.province to destination where year=2025 change from 2024 only gone"
	for format, want := range map[string][]string{
		"text": {"became", "gone", "All that is not gone (", "Against 2024: 24 new (+45), 29 gone (-39)", "within one country: 1 new (+3)"},
		"csv":  {"measure=from;became=gone;TRAINING", "measure=change;became=gone;TRAINING"},
		"json": {"measure=change_percent;became=gone;TRAINING"},
	} {
		code, out, errOut := training(compared, format)
		if code != exitAnswer {
			t.Errorf("%s: exit code %d, %s", format, code, errOut)
		}
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%s does not hold %q:\n%s", format, w, out)
			}
		}
		for _, not := range []string{"became=new", "became=grown", "became=shrunk"} {
			if strings.Contains(out, not) {
				t.Errorf("%s holds %q, which was not asked for", format, not)
			}
		}
	}
}
