package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestRealExport exports real publishers' data, and compares the numbers in
// each format with the screen's. A briefing of ten items on them is built in
// the time promised.
func TestRealExport(t *testing.T) {
	data := os.Getenv("TIPLENS_DATA")
	if data == "" {
		t.Skip("TIPLENS_DATA is not set: TIPLENS_DATA=folder make test-real checks the publishers' files in that folder")
	}
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	dir := t.TempDir()
	ws := filepath.Join(dir, "ws")
	for _, f := range []realFile{realCTDC, realGLOTIP} {
		if code, _, errOut := tiplens(t, "load", filepath.Join(data, f.path), "--id", f.id, "--workspace", ws); code != exitAnswer {
			t.Fatal(errOut)
		}
	}
	n := &numbersTest{ws, dir}
	for _, slice := range []string{
		"vic_identified by nationality where dataset=ctdc year=2015..2019 top 20",
		"vic_identified by exploitation across year where dataset=ctdc year=2012..2019",
		"vic_identified by sex across age.majority where dataset=ctdc nationality=KH",
		"vic_identified by exploitation across year where dataset=glotip country=KH year=2005..2020",
		"sus_convicted by sex across year where dataset=glotip country=KH year=2010..2020",
		"vic_identified by place across year where dataset=glotip place=ASEAN year=2015..2020",
	} {
		n.check(t, slice)
	}
	file := filepath.Join(dir, "ten.yaml")
	text := "title: Ten\ndate: 2026-11-21\nitems:\n"
	for _, slice := range []string{
		"vic_identified where year=2017 at ctdc@1", "vic_identified by nationality where year=2017 at ctdc@1", "vic_identified across year at ctdc@1",
		"vic_identified by exploitation across year at ctdc@1", "vic_identified by sex across age.majority where year=2017 at ctdc@1",
		"vic_identified flow nationality to destination where year=2017 top 20 at ctdc@1", "vic_identified by exploitation across year where country=KH year=2010..2020 at glotip@1",
		"sus_convicted by sex across year where country=KH year=2010..2020 at glotip@1", "sus_prosecuted across year where country=TH at glotip@1",
		"vic_identified by nationality where country=TH year=2018 at glotip@1",
	} {
		text += "  - kind: table\n    slice: " + slice + "\n"
	}
	write(t, file, text)
	for _, format := range []string{"html", "xlsx"} {
		began := time.Now()
		code, _, errOut := tiplens(t, "brief", file, "--to", filepath.Join(dir, "ten."+format), "--draft", "--workspace", ws)
		took := time.Since(began)
		if t.Logf("%s: %v", format, took); code != exitAnswer || took > tenWithin {
			t.Errorf("%s: %d after %v: %s", format, code, took, errOut)
		}
	}
}
