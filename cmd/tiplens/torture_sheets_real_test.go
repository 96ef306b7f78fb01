package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// Workbooks and Parquet files that other projects keep because readers stumble
// over them. Each ends in a table that is right, in findings that say what is
// doubtful, or in a refusal; never in a crash, a hang or a silent misreading.

// tortureLimit is what reading one file may take.
const (
	tortureTime   = 60 * time.Second
	tortureMemory = 2 << 30
)

// tortureRun is one file as the program read it.
type tortureRun struct {
	file    string
	rows    [][]string
	talk    string
	outcome string // right, findings, read, refused, WRONG
	why     string
	took    time.Duration
	memory  int64
}

// readTorture runs the built program on a file, in a process of its own.
func readTorture(t *testing.T, bin, data, file string) *tortureRun {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), tortureTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, "read", filepath.Join(data, file), "--format", "json")
	var out, talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &talk
	start := time.Now()
	err := cmd.Run()
	r := &tortureRun{file: file, talk: talk.String(), took: time.Since(start)}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.memory = u.Maxrss << 10
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		r.wrong("it takes more than %v", tortureTime)
	case r.memory > tortureMemory:
		r.wrong("it takes %d MB", r.memory>>20)
	case errors.As(err, &exit):
		r.outcome, r.why = "refused", strings.TrimSpace(strings.TrimPrefix(r.talk, "tiplens: "))
		if exit.ExitCode() != exitFailure || strings.Count(r.talk, "\n") != 1 || !strings.HasPrefix(r.why, filepath.Base(file)) || !strings.Contains(r.why, ". ") {
			r.wrong("it ends with %d: %.300s", exit.ExitCode(), r.talk)
		}
	case err != nil:
		t.Fatal(err)
	case json.Unmarshal(out.Bytes(), &r.rows) != nil:
		r.wrong("its output is no JSON")
	default:
		r.outcome = "read"
		if i := strings.Index(r.talk, "doubt: "); i >= 0 {
			r.outcome = "findings"
			r.why, _, _ = strings.Cut(r.talk[i+7:], "\n")
		}
	}
	if strings.ContainsAny(r.talk, "\x1b\u202e") {
		r.wrong("%q steers the terminal", r.talk)
	}
	return r
}

func (r *tortureRun) wrong(format string, args ...any) {
	r.outcome, r.why = "WRONG", fmt.Sprintf(format, args...)
}

// tortureTable is what a person found in a file: its first and last rows as
// they should be read, the cells between |, and how many rows there are with
// the header.
type tortureTable struct {
	rows        int
	first, last string
}

func (r *tortureRun) check(want tortureTable) {
	row := func(i int) string {
		var cells []string
		for _, c := range r.rows[i] {
			cells = append(cells, strings.TrimSpace(tortureSpaces.ReplaceAllString(c, " ")))
		}
		return strings.Join(cells, "|")
	}
	switch {
	case r.outcome == "WRONG":
	case r.outcome == "refused":
		r.wrong("it is refused: %s", r.why)
	case len(r.rows) != want.rows:
		r.wrong("it has %d rows, want %d", len(r.rows), want.rows)
	case row(0) != want.first:
		r.wrong("its first row is %q, want %q", row(0), want.first)
	case want.last != "" && row(want.rows-1) != want.last:
		r.wrong("its last row is %q, want %q", row(want.rows-1), want.last)
	default:
		r.outcome = "right"
	}
}

func tortureFiles(t *testing.T, data, folder, ending string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(filepath.Join(data, folder), func(path string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ending) {
			rel, _ := filepath.Rel(data, path)
			files = append(files, rel)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", folder, err)
	}
	return files
}

// buildTorture builds the program once for both folders.
func buildTorture(t *testing.T) (bin, data string) {
	t.Helper()
	if data = os.Getenv("TIPLENS_DATA"); data == "" {
		t.Skip("TIPLENS_DATA is not set")
	}
	bin = filepath.Join(t.TempDir(), "tiplens")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin, data
}

// reportTorture prints the table of outcomes and fails where one is wrong.
func reportTorture(t *testing.T, runs []*tortureRun, known int) {
	t.Helper()
	count := map[string]int{}
	var b strings.Builder
	for _, r := range runs {
		count[r.outcome]++
		fmt.Fprintf(&b, "%-8s  %-62s %6.2f s %4d MB  %.110s\n", r.outcome, r.file, r.took.Seconds(), r.memory>>20, r.why)
		if r.outcome == "WRONG" {
			t.Errorf("%s: %s", r.file, r.why)
		}
	}
	t.Logf("\n%s%d files: %d right, %d with findings, %d read and agreeing with another reader, %d refused, %d WRONG.\nOf %d whose content a person looked up %d are right, %.1f percent.",
		b.String(), len(runs), count["right"], count["findings"], count["read"], count["refused"], count["WRONG"], known, count["right"], 100*float64(count["right"])/float64(max(1, known)))
}

func TestRealTortureWorkbooks(t *testing.T) {
	bin, data := buildTorture(t)
	var runs []*tortureRun
	seen := 0
	for _, f := range tortureFiles(t, data, "xlsx-torture", ".xlsx") {
		r := readTorture(t, bin, data, f)
		name := strings.TrimPrefix(f, "xlsx-torture/")
		want, known := tortureWorkbooks[name]
		switch {
		case slices.Contains(tortureRefused, name):
			if r.outcome != "refused" {
				r.wrong("it is not refused")
			}
		case known:
			seen++
			r.check(want)
		case r.outcome == "read" || r.outcome == "findings":
			r.agree(filepath.Join(data, f))
		}
		runs = append(runs, r)
	}
	if seen != len(tortureWorkbooks) {
		t.Errorf("%d of %d known workbooks are there", seen, len(tortureWorkbooks))
	}
	reportTorture(t, runs, seen)
}

var (
	tortureDate   = regexp.MustCompile(`^\d{4}-\d\d-\d\d([ T][0-9:]+)?$|^\d+:\d\d:\d\d$|%$|^(TRUE|FALSE)$`)
	tortureSheet  = regexp.MustCompile(`sheets with rows; this is ("(?:[^"\\]|\\.)*")`)
	tortureSpaces = regexp.MustCompile(`\s+`)
)

// agree holds a table against what another reader finds in the same sheet:
// nothing is in the one that is not in the other. What is told to the person,
// as banners and notes are, has not been lost.
func (r *tortureRun) agree(path string) {
	book, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		return // it reads less than this program
	}
	defer book.Close()
	sheet := ""
	if m := tortureSheet.FindStringSubmatch(r.talk); m != nil {
		sheet, _ = strconv.Unquote(m[1])
	}
	theirs := map[string]bool{}
	for _, name := range book.GetSheetList() {
		if v, err := book.GetSheetVisible(name); err != nil || !v || sheet != "" && name != sheet {
			continue
		}
		rows, err := book.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			return
		}
		for _, row := range rows {
			for _, c := range row {
				theirs[plainCell(c)] = true
			}
		}
		if len(theirs) > 0 {
			break
		}
	}
	ours := map[string]bool{}
	for i, row := range r.rows {
		for _, c := range row {
			c = plainCell(c)
			ours[c] = true
			if c != "" && !theirs[c] && !tortureDate.MatchString(c) && i > 0 {
				r.wrong("it reads %q, which another reader does not find", c)
				return
			}
		}
	}
	told := tortureSpaces.ReplaceAllString(r.talk, " ")
	header := strings.Join(r.rows[0], " ")
	for c := range theirs {
		_, number := strconv.ParseFloat(c, 64)
		if c == "" || ours[c] || number == nil || strings.HasPrefix(c, "#") || strings.Contains(told, c[:min(len(c), 60)]) || strings.Contains(header, c) {
			continue
		}
		if !strings.Contains(told, "...") {
			r.wrong("another reader finds %q, which is lost", c)
		}
		return
	}
}

// plainCell makes the cells of two readers comparable.
func plainCell(s string) string {
	s = strings.TrimSpace(tortureSpaces.ReplaceAllString(strings.ReplaceAll(s, "_x000D_", " "), " "))
	if v, err := strconv.ParseFloat(s, 64); err == nil {
		return strconv.FormatFloat(v, 'g', 15, 64)
	}
	return s
}

func TestRealTortureParquet(t *testing.T) {
	bin, data := buildTorture(t)
	sizes := parquetSizes(t, filepath.Join(data, "parquet-testing", "SOURCE.md"))
	var runs []*tortureRun
	known := 0
	for _, f := range tortureFiles(t, data, "parquet-testing", ".parquet") {
		r := readTorture(t, bin, data, f)
		name := strings.TrimPrefix(f, "parquet-testing/")
		want, looked := tortureParquet[name]
		switch size, sized := sizes[name]; {
		case strings.HasPrefix(name, "bad_data/"), strings.Contains(name, "corrupt-checksum"):
			if r.outcome != "refused" {
				r.wrong("it is damaged, and is read")
			}
		case looked:
			known++
			r.check(want)
		case r.outcome == "refused":
			if sized {
				r.wrong("it can be read, and is refused: %s", r.why)
			}
		case r.outcome != "WRONG" && sized && (len(r.rows)-1 != size[0] || len(r.rows[0]) != size[1]):
			r.wrong("it has %d rows and %d columns, want %v", len(r.rows)-1, len(r.rows[0]), size)
		}
		runs = append(runs, r)
	}
	if known != len(tortureParquet) {
		t.Errorf("%d of %d known files are there", known, len(tortureParquet))
	}
	reportTorture(t, runs, known)
}

// parquetSizes reads rows and columns from the list that came with the files.
func parquetSizes(t *testing.T, path string) map[string][2]int {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][2]int{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\S+\.parquet) \|.*: (\d+) x (\d+) \|`).FindAllStringSubmatch(string(b), -1) {
		rows, _ := strconv.Atoi(m[2])
		columns, _ := strconv.Atoi(m[3])
		out[m[1]] = [2]int{rows, columns}
	}
	if len(out) < 40 {
		t.Fatalf("only %d files are listed", len(out))
	}
	return out
}
