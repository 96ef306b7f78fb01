package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// described is a workspace for tests of metadata, with a file that no recipe
// knows.
type described struct {
	t         *testing.T
	dir, file string
}

func newDescribed(t *testing.T) *described {
	d := &described{t: t, dir: t.TempDir()}
	d.file = d.write("cases.csv", "Province,Year,Sex\nPhnom Penh,2020,F\nKampot,2022,F\nKampot,2023,\n")
	return d
}

func (d *described) write(name, text string) string {
	d.t.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

// run runs a command on the workspace and wants an exit code and texts.
func (d *described) run(code int, args []string, says ...string) (out, errOut string) {
	d.t.Helper()
	got, out, errOut := tiplens(d.t, append(args, "--workspace", filepath.Join(d.dir, "ws"))...)
	if got != code {
		d.t.Errorf("%q ends with %d, want %d: %s", args, got, code, errOut)
	}
	for _, s := range says {
		if !strings.Contains(out+errOut, s) {
			d.t.Errorf("%q does not say %q:\n%s%s", args, s, out, errOut)
		}
	}
	return out, errOut
}

func (d *described) load(code int, args []string, says ...string) {
	d.t.Helper()
	d.run(code, append([]string{"load", d.file, "--indicator", "vic_identified", "--agency", "KH.NP", "--map", "place=Province,year=Year,sex=Sex"}, args...), says...)
}

const wholeMeta = `title: "Cases: the police"
producer: Cambodian National Police
definition: persons whom an officer identified
coverage_place: all 25 provinces
dedup: within_agency
sensitivity: restricted
`

// A file without metadata is loaded; its figures say what is missing in every
// form, until the workspace is told.
func TestLoadWithoutMeta(t *testing.T) {
	d := newDescribed(t)
	d.load(exitAnswer, nil, "no title, no producer", "metadata 1 of 7", "tiplens workspace describe cases")
	const missing = "title, producer, victim definition, coverage, de-duplication state, sensitivity"
	const note = "Dataset cases has no title, no producer, no victim definition, no coverage, no de-duplication state, no sensitivity: fill in with "
	for format, want := range map[string][]string{
		"text": {note}, "md": {note}, "csv": {",incomplete;INTERNAL"}, "json": {note, `"missing": "` + missing + `"`, `"flags": "incomplete;INTERNAL"`},
	} {
		d.run(exitAnswer, []string{"show", "vic_identified by sex", "--format", format}, want...)
	}
	d.run(exitAnswer, []string{"datasets"}, "metadata 1 of 7", "\t2020+2022-2023\tby place, sex 2020+2022\n")
	out, _ := d.run(exitAnswer, []string{"workspace", "describe", "cases"}, "# cases@1: metadata 1 of 7; no title,", "2020-01-01 to 2023-12-31", "dedup: # missing;")
	d.run(exitAnswer, []string{"workspace", "describe", "cases", "title=Cases", "producer= Police\x1b[2J ", "dedup=none"}, "metadata 4 of 7; no victim definition")
	d.run(exitAnswer, []string{"show", "vic_identified"}, "Dataset cases has no victim definition, no coverage, no sensitivity: ", "Cases (cases@1)", "de-duplication: none")
	d.run(exitAnswer, []string{"workspace", "describe", "cases", "definition=a", "coverage_place=b", "sensitivity=public"}, "metadata 7 of 7.")
	for _, format := range []string{"text", "csv", "json"} {
		out, _ := d.run(exitAnswer, []string{"show", "vic_identified", "--format", format})
		if strings.Contains(out, "has no") || strings.Contains(out, "incomplete") || strings.Contains(out, "missing") {
			t.Error(out)
		}
	}
	if out, _ := d.run(exitAnswer, []string{"workspace", "describe", "cases"}); !strings.Contains(out, "producer: 'Police[2J'") && !strings.Contains(out, "producer: Police[2J") {
		t.Error(out)
	}
	// What is printed can be stated as it stands; nothing is stated by what is empty.
	template := d.write("template.yaml", out)
	d.run(exitUsage, []string{"workspace", "describe", "cases", "--from", template}, "states nothing")
}

// The file beside the source goes before the recipe, --meta before that.
func TestLoadWithMeta(t *testing.T) {
	d := newDescribed(t)
	d.write("cases.csv.meta.yaml", wholeMeta)
	d.load(exitAnswer, nil, "cases.csv.meta.yaml says its title, producer, definition, coverage_place, dedup, sensitivity", "as cases@1")
	out, _ := d.run(exitAnswer, []string{"show", "vic_identified"}, "Cases: the police (cases@1)", "de-duplication: within agency")
	if strings.Contains(out, "has no") {
		t.Error(out)
	}
	other := d.write("other.yaml", "id: police\ntitle: Other\n")
	d.load(exitAnswer, []string{"--meta", other}, "as police@1", "no producer")
	d.load(exitAnswer, []string{"--meta", other, "--id", "mine", "--title", "Mine"}, "as mine@1")
	d.run(exitAnswer, []string{"datasets"}, "police@1\tOther\t", "mine@1\tMine\t", "cases@1\tCases: the police\t")
	// A known layout, too.
	sample, err := os.ReadFile(filepath.Join("..", "..", "testdata", "ctdc_small.csv"))
	if err != nil {
		t.Fatal(err)
	}
	ctdc := d.write("ctdc.csv", string(sample))
	d.write("ctdc.csv.meta.yaml", "title: Our copy\nsensitivity: partner\n")
	d.run(exitAnswer, []string{"load", ctdc}, "ctdc.csv.meta.yaml says its title, sensitivity")
	d.run(exitAnswer, []string{"workspace", "describe", "ctdc"}, "metadata 7 of 7", "title: Our copy", "sensitivity: partner", "producer: Counter-Trafficking Data Collaborative")
	// What people stated in the workspace is kept over the next load, which says so.
	d.run(exitAnswer, []string{"workspace", "describe", "ctdc", "title=By hand"})
	d.run(exitAnswer, []string{"load", ctdc, "--again"}, "ctdc@2", "Stated in the workspace, and so kept: title")
	d.run(exitAnswer, []string{"datasets"}, "ctdc@2\tBy hand\t")
	d.run(exitAnswer, []string{"workspace", "describe", "ctdc", "title="})
	d.run(exitAnswer, []string{"datasets"}, "ctdc@2\tOur copy\t")
}

// A file of metadata that is wrong stops the load before anything changes.
func TestLoadWithBadMeta(t *testing.T) {
	d := newDescribed(t)
	d.load(exitAnswer, nil)
	before := fingerprint(t, filepath.Join(d.dir, "ws"))
	for _, tt := range []struct {
		text string
		says []string
	}{
		{"title: a\nprodcuer: b\n", []string{"cases.csv.meta.yaml, row 2", "did you mean producer?", "load again"}},
		{"title: a\n\ndedup: maybe\n", []string{"cases.csv.meta.yaml, row 3", "within_agency", `"maybe"`}},
		{"sensitivity: secret\n", []string{"row 1", "public, partner, restricted"}},
		{"title: [a\n", []string{"cases.csv.meta.yaml", "not readable"}},
		{"# " + strings.Repeat("x", 70_000), []string{"cases.csv.meta.yaml", "64 KB"}},
	} {
		d.write("cases.csv.meta.yaml", tt.text)
		d.load(exitFailure, nil, tt.says...)
	}
	d.load(exitFailure, []string{"--meta", filepath.Join(d.dir, "nowhere.yaml")}, "nowhere.yaml", "no such file", "Check the name")
	if fingerprint(t, filepath.Join(d.dir, "ws")) != before {
		t.Error("the workspace changed")
	}
	d.write("cases.csv.meta.yaml", "# nothing yet\ntitle:\n")
	d.load(exitAnswer, []string{"--again"}, "cases@2", "metadata 1 of 7")
}

// Statements that are wrong change nothing and end with the right code.
func TestDescribeCommand(t *testing.T) {
	d := newDescribed(t)
	d.load(exitAnswer, nil)
	before := fingerprint(t, filepath.Join(d.dir, "ws"))
	describe := func(code int, args []string, says ...string) {
		t.Helper()
		d.run(code, append([]string{"workspace", "describe"}, args...), says...)
	}
	describe(exitUsage, nil, "needs a dataset")
	describe(exitUsage, []string{"cases", "title"}, `"title" is no KEY=VALUE`)
	describe(exitUsage, []string{"cases", "titel=x"}, "did you mean title?")
	describe(exitUsage, []string{"cases", "synthetic=true"}, `no field "synthetic"`)
	describe(exitUsage, []string{"cases", "title=x", "dedup=maybe"}, "unknown, none, within_agency, across_agencies")
	describe(exitUsage, []string{"cases", "definition=" + strings.Repeat("x", 2001)}, "longer than 2000")
	describe(exitUsage, []string{"cases", "--from", d.write("id.yaml", "id: x\n")}, "id.yaml", "when a file is loaded")
	describe(exitFailure, []string{"cases", "--from", filepath.Join(d.dir, "nowhere.yaml")}, "nowhere.yaml")
	describe(exitNoData, []string{"nobody", "title=x"}, "no dataset nobody; it has cases")
	describe(exitNoData, []string{"nobody"}, "no dataset nobody; it has cases")
	if fingerprint(t, filepath.Join(d.dir, "ws")) != before {
		t.Error("the workspace changed")
	}
	describe(exitAnswer, []string{"cases", "--from", d.write("whole.yaml", wholeMeta), "title=Mine"}, "metadata 7 of 7.")
	describe(exitAnswer, []string{"cases"}, "title: Mine", "producer: Cambodian National Police")

	// It travels with the workspace.
	packed := filepath.Join(d.dir, "ws.tgz")
	d.run(exitAnswer, []string{"workspace", "pack", packed})
	if code, _, errOut := tiplens(t, "workspace", "restore", packed, "--workspace", filepath.Join(d.dir, "again")); code != exitAnswer {
		t.Fatal(errOut)
	}
	if _, out, _ := tiplens(t, "workspace", "describe", "cases", "--workspace", filepath.Join(d.dir, "again")); !strings.Contains(out, "title: Mine") {
		t.Error(out)
	}

	// One that somebody spoilt is a warning, and the data are still there.
	if err := os.WriteFile(filepath.Join(d.dir, "ws", "datasets", "cases", "meta.yaml"), []byte("title: [\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.run(exitAnswer, []string{"show", "vic_identified"}, "Warning: ", "meta.yaml", "delete it", "Dataset cases has no title", "\n        3\n")
	describe(exitBusy, []string{"cases", "title=x"}, "meta.yaml", "delete it")

	// What comes with the program is read only.
	if code, out, _ := tiplens(t, "workspace", "describe", "training", "--workspace", ":training"); code != exitAnswer || !strings.Contains(out, "metadata 7 of 7") {
		t.Error(code, out)
	}
	if code, _, errOut := tiplens(t, "workspace", "describe", "training", "title=x", "--workspace", ":training"); code != exitUsage {
		t.Error(code, errOut)
	}
}

// Help says how to state what a dataset is.
func TestMetaInHelp(t *testing.T) {
	for _, args := range [][]string{{"load", "--help"}, {"workspace", "describe", "--help"}} {
		_, out, _ := tiplens(t, args...)
		for _, s := range []string{"FILE.meta.yaml", "coverage_place", "within_agency", "restricted"} {
			if !strings.Contains(out, s) {
				t.Errorf("%q does not say %q", args, s)
			}
		}
	}
}

// Who is stated to have made a dataset is cited with its numbers, everywhere.
func TestStatedProducerIsCited(t *testing.T) {
	d := newDescribed(t)
	d.write("cases.csv.meta.yaml", "title: Cases\nproducer: Provincial office\n")
	d.load(exitAnswer, nil, "as cases@1")
	const cited = "Provincial office. Cases, version 1 (cases@1)"
	d.run(exitAnswer, []string{"card", "vic_identified where year=2020"}, "cite as: "+cited, "\nslice: ", "INTERNAL, exact: In 2020 ")
	for _, format := range []string{"md", "html", "json", "csv"} {
		file := filepath.Join(d.dir, "out."+format)
		d.run(exitAnswer, []string{"export", "vic_identified by sex", "--to", file})
		text := read(t, file)
		if !strings.Contains(text, cited) || !strings.Contains(text, "INTERNAL - exact - ") {
			t.Errorf("%s does not cite %q:\n%s", format, cited, text)
		}
	}
}
