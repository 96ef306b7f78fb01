package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiplens/datasets"
)

// tiplens runs one command line in this process; loads run the test binary as
// their child.
func tiplens(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	t.Setenv("TIPLENS_WORKSPACE", "")
	var o, e bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// fingerprint is a checksum over all files of a workspace that matter.
func fingerprint(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		if err != nil || !d.Type().IsRegular() || filepath.Base(path) == "lock" || filepath.Ext(path) == ".lock" {
			return err
		}
		b, err := os.ReadFile(path)
		h.Write([]byte(rel))
		h.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// TestBadInput: each bad input gets one clear sentence with its place and what
// to do, the right exit code, and leaves the workspace as it was.
func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	ws := filepath.Join(dir, "ws")
	good := filepath.Join("..", "..", "testdata", "ctdc_small.csv")
	if code, _, errOut := tiplens(t, "load", good, "--workspace", ws); code != exitAnswer {
		t.Fatal(errOut)
	}
	before := fingerprint(t, ws)
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	head := strings.Join([]string{"yearOfRegistration", "Datasource", "gender", "ageBroad", "citizenship", "isForcedLabour", "isSexualExploit", "CountryOfExploitation"}, ",")
	rows := head + "\n2015,Hotline,Female,9--17,KH,1,0,TH\n"
	for _, tt := range []struct {
		name string
		path string
		args []string
		code int
		says []string
	}{
		{"missing file", filepath.Join(dir, "nowhere.csv"), nil, exitFailure, []string{"nowhere.csv", "no such file", "Check the name"}},
		{"folder", dir, nil, exitFailure, []string{"folder", "Name one file"}},
		{"empty file", file("empty.csv", ""), nil, exitFailure, []string{"empty.csv", "empty", "Ask the sender"}},
		{"binary file", file("noise.bin", "\x00\x01\x02\x7fELF\x00"), nil, exitFailure, []string{"noise.bin", "binary", "CSV, Excel"}},
		{"old workbook", file("old.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), nil, exitFailure, []string{"old.xls", ".xls", "save it as .xlsx"}},
		{"ragged rows", file("ragged.csv", rows+"2016,Hotline,Male\n"), nil, exitFailure, []string{"ragged.csv", "row 3", "3 fields", "8", "--hold"}},
		{"bad quotes", file("quotes.csv", rows+"2016,\"Hotline\"x,Male,9--17,KH,1,0,TH\n"), nil, exitFailure, []string{"quotes.csv", "row 3", "quote", "Double"}},
		{"open quote", file("open.csv", rows+"2016,\"Hotline,Male,9--17,KH,1,0,TH\n"), nil, exitFailure, []string{"open.csv", "row 3", "not closed"}},
		{"wrong encoding", file("latin.csv", rows+"2016,Hôtliné,F\xe9minin,9--17,KH,1,0,TH\n"), nil, exitFailure, []string{"latin.csv", "row 3", "0xE9", "--encoding windows-1252"}},
		{"header only", file("header.csv", head+"\n"), nil, exitFailure, []string{"header.csv", "header", "no row"}},
		{"unknown layout", file("other.csv", "a,b\n1,2\n"), nil, exitFailure, []string{"other.csv", "no recipe", "a, b", "--map"}},
		{"unknown recipe", good, []string{"--recipe", "police"}, exitUsage, []string{"police", "ctdc-kanon"}},
		{"recipe that does not fit", good, []string{"--recipe", "unodc-glotip"}, exitFailure, []string{"unodc-glotip", "Iso3_code"}},
		{"bad name", good, []string{"--id", "My Data"}, exitUsage, []string{"My Data", "lower-case"}},
		{"bad flag", good, []string{"--no-such"}, exitUsage, []string{"no-such"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, out, errOut := tiplens(t, append([]string{"load", tt.path, "--workspace", ws}, tt.args...)...)
			if code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			if out != "" {
				t.Errorf("talk on stdout: %q", out)
			}
			for _, w := range tt.says {
				if !strings.Contains(errOut, w) {
					t.Errorf("%q does not say %q", errOut, w)
				}
			}
			if n := strings.Count(strings.TrimSpace(errOut), "\n"); n > 0 {
				t.Errorf("more than one line: %q", errOut)
			}
			if after := fingerprint(t, ws); after != before {
				t.Error("the workspace has changed")
			}
		})
	}
}

// TestShowExitCodes: scripts can tell an answer from a refusal, from nothing.
func TestShowExitCodes(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"answer", []string{"show", "sus_arrested where year=2025"}, exitAnswer, "209"},
		{"refusal", []string{"show", "vic_rescued + vic_referred"}, exitRefusal, "W-04"},
		{"nothing", []string{"show", "sus_arrested where year=1999"}, exitNoData, "1999"},
		{"unknown indicator", []string{"show", "vic_identifed"}, exitUsage, "vic_identified"},
		{"no slice", []string{"show"}, exitUsage, "slice"},
		{"unknown format", []string{"show", "sus_arrested", "--format", "pdf"}, exitUsage, "csv"},
		{"format of a file", []string{"show", "sus_arrested", "--format", "xlsx"}, exitUsage, "tiplens export 'SLICE' --to NAME.xlsx"},
		{"protected audience", []string{"show", "sus_arrested", "--audience", "public"}, exitRefusal, "P-00"},
		{"missing version", []string{"show", "sus_arrested at published@7"}, exitNoData, "published@7"},
		{"unknown command", []string{"shwo"}, exitUsage, "show"},
		{"dictionary", []string{"dictionary", "W-03"}, exitAnswer, "agencies"},
		{"dictionary, code of several dimensions", []string{"dictionary", "nationality:KH"}, exitAnswer, "Cambodia"},
		{"dictionary, nothing", []string{"dictionary", "xyzzy"}, exitNoData, "xyzzy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, out, errOut := tiplens(t, append(tt.args, "--workspace", wsPublished)...)
			if code != tt.code {
				t.Errorf("exit code %d, want %d\n%s%s", code, tt.code, out, errOut)
			}
			if !strings.Contains(out+errOut, tt.says) {
				t.Errorf("it does not say %q:\n%s%s", tt.says, out, errOut)
			}
		})
	}
}

// TestPinnedToAVersionOfItsOwn: what a version alone knows, such as a column it
// kept, can be asked of it for ever.
func TestPinnedToAVersionOfItsOwn(t *testing.T) {
	ws := filepath.Join(t.TempDir(), "ws")
	file := filepath.Join("..", "..", "testdata", "ctdc_small.csv")
	for _, args := range [][]string{{"--keep", "majorityEntry"}, nil} {
		if code, _, errOut := tiplens(t, append([]string{"load", file, "--workspace", ws, "--again"}, args...)...); code != exitAnswer {
			t.Fatal(errOut)
		}
	}
	code, out, errOut := tiplens(t, "show", "vic_identified by x_majorityentry at ctdc@1", "--workspace", ws)
	if code != exitAnswer || !strings.Contains(out, "ctdc@1") {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	for slice, want := range map[string]int{
		"vic_identified by x_majorityentry":           exitUsage,
		"vic_identified by x_majorityentry at ctdc@2": exitUsage,
		"vic_identified by x_majorityentry at ctdc@9": exitNoData,
		"vic_identified at ctdc":                      exitUsage,
	} {
		if code, _, errOut := tiplens(t, "show", slice, "--workspace", ws); code != want {
			t.Errorf("%s: exit code %d, want %d: %s", slice, code, want, errOut)
		}
	}
}

// TestTrainingNeverMeetsRealData: a workspace may hold both, an answer never.
func TestTrainingNeverMeetsRealData(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "TRAINING.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := datasets.WriteTraining(f, 500); err != nil {
		t.Fatal(err)
	}
	f.Close()
	ws := filepath.Join(dir, "ws")
	for _, file := range []string{path, filepath.Join("..", "..", "testdata", "ctdc_small.csv")} {
		if code, _, errOut := tiplens(t, "load", file, "--workspace", ws); code != exitAnswer {
			t.Fatal(errOut)
		}
	}
	code, out, _ := tiplens(t, "show", "vic_identified", "--workspace", ws)
	if code != exitRefusal || !strings.Contains(out, "never shown in one answer") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	code, out, _ = tiplens(t, "show", "vic_identified where dataset=training", "--workspace", ws)
	if code != exitAnswer || !strings.HasPrefix(out, "TRAINING - ") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	code, out, _ = tiplens(t, "show", "vic_identified where dataset=ctdc", "--workspace", ws, "--format", "csv")
	if code != exitAnswer || strings.Contains(out, "TRAINING") || !strings.Contains(out, "INTERNAL") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

// TestLoadTheSameFile: a file that is what is current already makes no version,
// unless it is asked for, or is to be read another way.
func TestLoadTheSameFile(t *testing.T) {
	dir := t.TempDir()
	ws := filepath.Join(dir, "ws")
	file := filepath.Join("..", "..", "testdata", "ctdc_small.csv")
	copied := filepath.Join(dir, "copy.csv")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, b, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		args []string
		says string
	}{
		{"first", []string{file}, "ctdc@1"},
		{"again", []string{file}, "same file as ctdc@1"},
		{"under another name", []string{copied}, "same file as ctdc@1"},
		{"on purpose", []string{file, "--again"}, "as ctdc@2"},
		{"read otherwise", []string{file, "--keep", "majorityEntry"}, "as ctdc@3"},
		{"read otherwise, again", []string{file, "--keep", "majorityEntry"}, "same file as ctdc@3"},
		{"with another title", []string{file, "--title", "Persons"}, "as ctdc@4"},
		{"as another dataset", []string{file, "--id", "other"}, "as other@1"},
	} {
		before := fingerprintOf(ws, t)
		code, _, errOut := tiplens(t, append([]string{"load", "--workspace", ws}, tt.args...)...)
		if code != exitAnswer || !strings.Contains(errOut, tt.says) {
			t.Errorf("%s: exit code %d, %q does not say %q", tt.name, code, errOut, tt.says)
		}
		if same := strings.Contains(tt.says, "same"); same != (before == fingerprintOf(ws, t)) {
			t.Errorf("%s: whether the workspace changed is not as expected", tt.name)
		}
	}
}

func fingerprintOf(dir string, t *testing.T) string {
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return fingerprint(t, dir)
}

// TestFullDevice: an answer that cannot be written is a failure, no mistake of
// the person who asked.
func TestFullDevice(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full")
	}
	defer full.Close()
	for _, format := range datasets.Formats {
		var e bytes.Buffer
		slice := "sus_arrested where year=2025"
		if slices.Contains([]string{"matrix", "geojson", "kml"}, format) {
			slice = "sus_arrested flow origin to destination"
		}
		code := run(t.Context(), []string{"show", slice, "--workspace", wsPublished, "--format", format}, strings.NewReader(""), full, &e)
		if code != exitFailure || !strings.Contains(e.String(), "no space left") {
			t.Errorf("%s: exit code %d: %s", format, code, &e)
		}
	}
}

// TestManage: remove, go back, pack, restore and purge keep what they promise.
func TestManage(t *testing.T) {
	dir := t.TempDir()
	ws := filepath.Join(dir, "ws")
	load := func() {
		t.Helper()
		if code, _, errOut := tiplens(t, "load", filepath.Join("..", "..", "testdata", "ctdc_small.csv"), "--workspace", ws, "--again"); code != exitAnswer {
			t.Fatal(errOut)
		}
	}
	must := func(want int, args ...string) string {
		t.Helper()
		code, out, errOut := tiplens(t, append(args, "--workspace", ws)...)
		if code != want {
			t.Fatalf("tiplens %s: exit code %d\n%s%s", strings.Join(args, " "), code, out, errOut)
		}
		return out + errOut
	}
	load()
	load()
	if s := must(exitAnswer, "workspace", "back", "ctdc"); !strings.Contains(s, "version 1") {
		t.Error(s)
	}
	if s := must(exitFailure, "workspace", "back", "ctdc"); !strings.Contains(s, "no version before") {
		t.Error(s)
	}
	if s := must(exitAnswer, "show", "vic_identified at ctdc@2"); !strings.Contains(s, "ctdc@2") {
		t.Error(s)
	}
	packedFile := filepath.Join(dir, "ws.tgz")
	must(exitAnswer, "workspace", "pack", packedFile)
	other := filepath.Join(dir, "other")
	if code, _, errOut := tiplens(t, "workspace", "restore", packedFile, "--workspace", other); code != exitAnswer {
		t.Fatal(errOut)
	}
	_, a, _ := tiplens(t, "show", "vic_identified by nationality", "--workspace", ws, "--format", "csv")
	_, b, _ := tiplens(t, "show", "vic_identified by nationality", "--workspace", other, "--format", "csv")
	if a == "" || a != b {
		t.Errorf("the restored workspace answers otherwise:\n%s\n%s", a, b)
	}
	if s := must(exitAnswer, "workspace", "purge"); !strings.Contains(s, "Deleted 1 ") {
		t.Error(s)
	}
	must(exitNoData, "show", "vic_identified at ctdc@2")
	must(exitAnswer, "workspace", "remove", "ctdc")
	must(exitNoData, "show", "vic_identified")
	if s := must(exitAnswer, "workspace", "purge"); !strings.Contains(s, "Deleted ") {
		t.Error(s)
	}
	if left, _ := filepath.Glob(filepath.Join(ws, "trash", "*")); len(left) > 0 {
		t.Errorf("the trash still holds %v", left)
	}
	load()
}
