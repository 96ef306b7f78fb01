package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every CSV file that somebody made to break readers ends in a table, in a
// table with findings that say what is doubtful, or in a clear refusal. Where
// the right content is known it is compared.
func TestRealTortureCSV(t *testing.T) {
	root := filepath.Join(realData(t), "csv-torture")
	known := map[string][][]string{}
	if source, err := os.ReadFile(filepath.Join(root, "pollock-polluted", "source.csv")); err == nil {
		for _, f := range pollockFiles(t, string(source)) {
			known[filepath.Join("pollock-polluted", f.name)] = f.clean
		}
	}
	outcomes := map[string]int{}
	compared, right := 0, 0
	var pollock pollockMeasures
	polluted := 0.0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(root, path)
		if err != nil || d.IsDir() || strings.HasSuffix(rel, ".json") || strings.HasSuffix(rel, ".md") {
			return err
		}
		began := time.Now()
		rows, said, ok := readBack(t, path)
		if took := time.Since(began); took > time.Minute {
			t.Errorf("%s takes %s", rel, took)
		}
		outcome := "table"
		switch {
		case !ok:
			outcome = "refused"
			if name := strings.ReplaceAll(filepath.Base(path), "\u00a0", " "); !strings.Contains(said, name) || !strings.Contains(said, ". ") {
				t.Errorf("%s: %q does not say the file and what to do", rel, said)
			}
		case strings.Contains(said, "doubt:"):
			outcome = "table, doubtful"
		case said != "":
			outcome = "table, with notes"
		}
		outcomes[outcome]++
		want, ok := known[rel]
		if filepath.Dir(rel) == filepath.Join("csv-spectrum", "csvs") {
			want, ok = spectrum(t, path, rows), true
		}
		mark := ""
		if ok {
			m := pollockScore(want, rows)
			if compared++; m.sum() > 9.9999 {
				right++
				mark = "as it should be"
			} else {
				mark = "not as it should be"
			}
			if strings.HasPrefix(rel, "pollock") {
				polluted++
				for i := range m {
					pollock[i] += m[i]
				}
			}
		}
		first, _, _ := strings.Cut(said, "\n")
		t.Logf("%-17s %5d rows  %-60.60s %s  %.120s", outcome, len(rows), rel, mark, first)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("outcomes: %v; %d of %d tables whose content is known are as they should be", outcomes, right, compared)
	for i := range pollock {
		pollock[i] /= max(polluted, 1)
	}
	t.Logf("the %.0f polluted files here: %.4f of 10; success %.4f, then precision, recall and F1 of header %.4f, records %.4f, cells %.4f", polluted, pollock.sum(), pollock[0], pollock[1:4], pollock[4:7], pollock[7:])
	if polluted > 0 && pollock.sum() <= 9.96 {
		t.Errorf("the polluted files reach %.4f of 10, want more than 9.96", pollock.sum())
	}
}

// spectrum is what csv-spectrum says a file holds, in the order of the header
// that was read.
func spectrum(t *testing.T, path string, rows [][]string) [][]string {
	t.Helper()
	base := strings.TrimSuffix(filepath.Base(path), ".csv")
	b, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(path)), "json", base+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var records []map[string]string
	if b = bytes.TrimSpace(b); b[0] == '{' { // a single record
		b = append(append([]byte{'['}, b...), ']')
	}
	if err := json.Unmarshal(b, &records); err != nil || len(rows) == 0 {
		t.Fatalf("%s: %v, %d rows read", base, err, len(rows))
	}
	want := [][]string{rows[0]}
	for _, r := range records {
		var row []string
		for _, name := range rows[0] {
			row = append(row, strings.ReplaceAll(r[name], "\r\n", "\n"))
			delete(r, name)
		}
		for name := range r {
			row = append(row, "missing column "+name)
		}
		want = append(want, row)
	}
	return want
}
