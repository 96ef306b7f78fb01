package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file with misspelt names, from the first load to the next month: the rows
// wait, a person decides, the card shows what stood in the file, and the next
// file of the dataset needs no second decision.
func TestMisspeltNames(t *testing.T) {
	dir := t.TempDir()
	ws := filepath.Join(dir, "ws")
	file := func(name, rows string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("Where,Nationality,Year\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	load := func(path string, more ...string) (int, string) {
		args := append([]string{"load", path, "--workspace", ws, "--id", "police", "--indicator", "vic_identified", "--agency", "KH.NP", "--map", "place=Where,nationality=Nationality,year=Year"}, more...)
		code, _, errOut := tiplens(t, args...)
		return code, errOut
	}
	says := func(out string, words ...string) {
		t.Helper()
		for _, w := range words {
			if !strings.Contains(out, w) {
				t.Errorf("it does not say %q:\n%s", w, out)
			}
		}
	}
	april := file("april.csv", "Kandal,Thai,2024\nKampong Chnaing,Thai,2024\nKampong Chnaing,Cambodian,2024\nSamraong,Thai,2024\n")

	code, out := load(april)
	if code != exitAnswer {
		t.Fatal(out)
	}
	says(out, "4 rows read = 1 taken + 3 held back + 0 skipped", `"Kampong Chnaing" may mean KH-4 (Kampong Chhnang)`, "(2 times)", "--name 'place:Kampong Chnaing=KH-4'",
		`"Samraong" may mean KH-22 (Oddar Meanchey) or KH-21 (Takeo)`)

	// What is accepted is what is proposed; what is asked stays with the person.
	code, out = load(april, "--accept")
	if code != exitAnswer {
		t.Fatal(out)
	}
	says(out, "4 rows read = 3 taken + 1 held back + 0 skipped", `"Kampong Chnaing" was taken for KH-4 (Kampong Chhnang), by its sound`)

	// It is remembered, and the person's word goes before it.
	code, out = load(april, "--name", "place:Samraong=KH-21")
	if code != exitAnswer {
		t.Fatal(out)
	}
	says(out, "4 rows read = 4 taken + 0 held back + 0 skipped", `"Samraong" was taken for KH-21 (Takeo), as was decided`, `"Kampong Chnaing" was taken for KH-4 (Kampong Chhnang), as was decided`)
	if code, out = load(april); code != exitAnswer || !strings.Contains(out, "Nothing to do") {
		t.Errorf("the same file again is %d: %s", code, out)
	}

	code, out, errOut := tiplens(t, "card", "vic_identified where dataset=police province=KH-4", "--rows", "--workspace", ws)
	if code != exitAnswer {
		t.Fatal(errOut)
	}
	says(out, "Kampong Chnaing")
	says(out, "april.csv")

	may := file("may.csv", "Samraong,Thai,2025\nKampong Chnaing,Thai,2025\n")
	if code, out = load(may); code != exitAnswer {
		t.Fatal(out)
	}
	says(out, "2 rows read = 2 taken + 0 held back + 0 skipped")
	if code, out = load(may, "--name", "place:Samraong=KH-22"); code != exitAnswer {
		t.Fatal(out)
	}
	says(out, `"Samraong" was taken for KH-22`)

	// With a rule for what is not certain the rows count as Other, and say so.
	june := file("june.csv", "Battembang city,Thai,2025\nKandal,Atlantean,2025\n")
	if code, out = load(june, "--unsure", "other"); code != exitAnswer {
		t.Fatal(out)
	}
	says(out, "2 rows read = 2 taken", `"Battembang city" is not in the code list and counts as Other; it may mean KH-2`, `"Atlantean" is not in the code list and counts as Other`)

	for _, bad := range [][]string{{"--unsure", "perhaps"}, {"--name", "place:x=ZZ"}, {"--name", "x"}, {"--accept", "--unsure", "other"}} {
		if code, out = load(june, bad...); code != exitUsage {
			t.Errorf("%v gives %d: %s", bad, code, out)
		}
	}
}
