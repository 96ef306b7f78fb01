package datasets

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiplens/models"
)

func metaFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cases.csv"+MetaSuffix)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What stands in the file replaces what the recipe says, and nothing else.
func TestMetaApplies(t *testing.T) {
	m, err := ReadMeta(metaFile(t, `# what the police sent
title: "Cases: first half of 2024"
producer: Cambodian National Police
definition: >-
  persons whom an officer
  presumes to be victims
licence:
dedup: within_agency
sensitivity: restricted
synthetic: true
origin_from: nationality
protected: groups of fewer than 10 were removed
id: police
`), Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	ds := models.Dataset{Title: "of the recipe", Licence: "kept", CoveragePlace: "kept"}
	if err := m.Apply(&ds); err != nil {
		t.Fatal(err)
	}
	want := models.Dataset{Title: "Cases: first half of 2024", Producer: "Cambodian National Police", Licence: "kept", CoveragePlace: "kept",
		Definition: "persons whom an officer presumes to be victims", Dedup: models.DedupWithin, Sensitivity: "restricted", Synthetic: true, OriginFrom: "nationality"}
	if a, b := ds, want; a.Title != b.Title || a.Producer != b.Producer || a.Definition != b.Definition || a.Dedup != b.Dedup || a.Licence != b.Licence ||
		a.CoveragePlace != b.CoveragePlace || a.Sensitivity != b.Sensitivity || !a.Synthetic || a.OriginFrom != b.OriginFrom || a.Protected != "groups of fewer than 10 were removed" || m.ID != "police" {
		t.Errorf("got  %+v\nwant %+v", ds, want)
	}
}

// A file that is wrong is an error with its name, its line and what to do.
func TestMetaBad(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		row        int64
		says       []string
	}{
		{"unknown key", "title: a\nprodcuer: b\n", 2, []string{`"prodcuer"`, "producer"}},
		{"wrong choice", "title: a\n\ndedup: yes\n", 3, []string{"unknown, none, within_agency, across_agencies", `"yes"`}},
		{"wrong sensitivity", "sensitivity: secret\n", 1, []string{"public, partner, restricted"}},
		{"twice", "title: a\ntitle: b\n", 2, []string{"twice", "Leave one"}},
		{"list", "title:\n  - a\n  - b\n", 2, []string{"title is one text"}},
		{"alias", "title: &a x\nproducer: *a\n", 2, []string{"producer is one text"}},
		{"no fields", "- title\n", 1, []string{"no list of fields", "title:"}},
		{"no YAML", "title: a: b\n", 1, []string{"not readable", "quotes"}},
		{"two documents", "title: a\n---\ntitle: b\n", 0, []string{"more than one document"}},
		{"synthetic", "synthetic: perhaps\n", 1, []string{"true or false"}},
		{"id", "id: My Data\n", 1, []string{"lower-case"}},
		{"origin", "origin_from: moon\n", 1, []string{"dimension", "moon"}},
		{"long text", "definition: " + strings.Repeat("word ", 500) + "\n", 1, []string{"longer than 2000"}},
		{"large file", "# " + strings.Repeat("x", maxMetaFile) + "\n", 0, []string{"64 KB"}},
		{"tab", "title:\n\t- x\n", 2, []string{"not readable"}},
		{"binary", "\x00\x01\x02", 1, []string{"not readable"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadMeta(metaFile(t, tt.text), Catalogue())
			var f *models.Finding
			if !errors.As(err, &f) || f.File != "cases.csv.meta.yaml" || f.Row != tt.row || f.Do == "" || strings.Contains(err.Error(), "\n") {
				t.Fatalf("%+v", err)
			}
			for _, s := range tt.says {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("%q does not say %q", err, s)
				}
			}
		})
	}
	if _, err := ReadMeta(t.TempDir(), Catalogue()); err == nil {
		t.Error("a folder was read")
	}
	if m, err := MetaBeside(filepath.Join(t.TempDir(), "cases.csv"), Catalogue()); m != nil || err != nil {
		t.Error(m, err)
	}
}

// Text of the file is made safe to show, as every text is.
func TestMetaIsCleaned(t *testing.T) {
	m, err := ReadMeta(metaFile(t, `title: "a\e[2Jb \u202Ec\n d"`), Catalogue())
	if err != nil || m.Values["title"] != "a[2Jb c d" {
		t.Errorf("%q, %v", m.Values, err)
	}
}

// Invented people stay invented.
func TestMetaKeepsSynthetic(t *testing.T) {
	m, err := ReadMeta(metaFile(t, "title: a\nsynthetic: false\n"), Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	ds := models.Dataset{Synthetic: true}
	if err := m.Apply(&ds); err == nil || !strings.Contains(err.Error(), "row 2") || !ds.Synthetic {
		t.Errorf("%v, %+v", err, ds)
	}
}

// What is written can be read again, whatever the texts are.
func TestMetaRoundTrip(t *testing.T) {
	ds := models.Dataset{Title: "no", Producer: "a: b # c", Definition: `"quoted" 'and' \back`, Standard: "1e3", Dedup: models.DedupNone,
		Collected: strings.Repeat("many words that are longer than one line ", 20), CoveragePlace: "ខេត្ត", Licence: "- x"}
	var b bytes.Buffer
	if err := WriteMeta(&b, &ds); err != nil {
		t.Fatal(err)
	}
	m, err := ReadMeta(metaFile(t, b.String()), Catalogue())
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	want := map[string]string{}
	for _, f := range models.MetaFields {
		if v := f.Of(&ds); v != "" {
			want[f.Key] = Clean(v)
		}
	}
	if !maps.Equal(m.Values, want) {
		t.Errorf("got %q\nwant %q\n%s", m.Values, want, b.String())
	}
	if !strings.Contains(b.String(), "sensitivity: # missing; who may see it as it is: public, partner, restricted\n") {
		t.Error(b.String())
	}
}

func FuzzMeta(f *testing.F) {
	f.Add([]byte("title: a\ndedup: none\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("? {a: b}\n: c\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := parseMeta("x", text, Catalogue())
		if err != nil {
			return
		}
		var ds models.Dataset
		if err := m.Apply(&ds); err != nil {
			t.Fatal(err)
		}
	})
}
