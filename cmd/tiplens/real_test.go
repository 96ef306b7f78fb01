package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The tests in this file load the files of real publishers, which may not be
// part of this repository: TIPLENS_DATA=folder make test-real. Half of what is
// checked a person chose and read (testdata/real/by_hand.csv), the other half
// is drawn at random and counted by testdata/real/publisher.py, which reads the
// publisher's file itself and knows nothing of tiplens. Slices are asked of the
// real binary.

// realSeed fixes what is drawn. Any other number must pass too.
const realSeed = 20230530

// realFile is a publisher's file and how it is read without tiplens.
type realFile struct {
	path    string // under TIPLENS_DATA
	id      string // the dataset it is loaded as
	header  int    // row of the header
	missing string // text that stands for nothing
}

var (
	realCTDC      = realFile{"ctdc-kanon-2021/ctdc_kanon_2021.csv.gz", "ctdc", 1, ""}
	realParquet   = realFile{"ctdc-kanon-2021/ctdc_kanon_2021.parquet", "ctdcpq", 1, ""}
	realCTDC2020  = realFile{"ctdc-kanon-2021/ctdc_kanon_2020_native_layout_excerpt.csv", "ctdc2020", 1, "-99"}
	realGLOTIP    = realFile{"unodc-glotip/data_glotip.xlsx", "glotip", 3, ""}
	realPublished = realFile{"../published_figures.csv", "published", 1, ""}
)

// realRun is a binary, a workspace with all files loaded, and its answers.
type realRun struct {
	bin, workspace, data string
	reports              map[string]string // by dataset: what load said
	mu                   sync.Mutex
	answers              map[string][]realLine
	pythons              map[string]*realPython // by dataset
}

func TestReal(t *testing.T) {
	data := os.Getenv("TIPLENS_DATA")
	if data == "" {
		t.Skip("TIPLENS_DATA is not set: TIPLENS_DATA=folder make test-real checks the publishers' files in that folder")
	}
	began := time.Now()
	r := &realRun{
		bin: filepath.Join(t.TempDir(), "tiplens"), workspace: filepath.Join(t.TempDir(), "ws"), data: data,
		reports: map[string]string{}, answers: map[string][]realLine{}, pythons: map[string]*realPython{},
	}
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", r.bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, f := range []realFile{realCTDC, realCTDC2020, realGLOTIP, realPublished} {
		r.startPython(t, f)
	}
	for _, f := range []realFile{realCTDC, realParquet, realCTDC2020, realGLOTIP, realPublished} {
		_, talk, code := r.run(t, "load", r.path(f), "--id", f.id, "--workspace", r.workspace)
		if code != 0 {
			t.Fatalf("load %s: exit code %d\n%s", f.path, code, talk)
		}
		r.reports[f.id] = talk
	}
	t.Run("Files", func(t *testing.T) {
		for _, c := range []struct {
			name string
			test func(*testing.T)
		}{
			{"LoadReport", r.testReports},
			{"Read", r.testRead},
			{"ByHand", r.testByHand},
			{"PublishedDrawn", r.testPublishedDrawn},
			{"CTDCDrawn", func(t *testing.T) { r.testCTDCDrawn(t, realCTDC, 14) }},
			{"CTDC2020Drawn", func(t *testing.T) { r.testCTDCDrawn(t, realCTDC2020, 7) }},
			{"CTDCFlows", r.testCTDCFlows},
			{"CTDCYears", r.testCTDCYears},
			{"GLOTIPDrawn", r.testGLOTIPDrawn},
			{"GLOTIPSeveralRows", r.testGLOTIPSeveralRows},
			{"GLOTIPTotals", r.testGLOTIPTotals},
			{"GLOTIPLess", r.testGLOTIPLess},
			{"GLOTIPParts", r.testGLOTIPParts},
			{"GLOTIPTogether", r.testGLOTIPTogether},
			{"GLOTIPRegion", r.testGLOTIPRegion},
			{"Cambodia", r.testCambodia},
		} {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				c.test(t)
			})
		}
	})
	t.Run("Parquet", r.testParquet) // asks again what was asked of the CSV
	t.Logf("took %.0f s", time.Since(began).Seconds())
}

// ---- running

func (r *realRun) path(f realFile) string { return filepath.Join(r.data, f.path) }

func (r *realRun) run(t *testing.T, args ...string) (out, talk string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	cmd := exec.Command(r.bin, args...)
	cmd.Env = append(os.Environ(), "TIPLENS_WORKSPACE=", "XDG_DATA_HOME="+filepath.Dir(r.workspace), "XDG_STATE_HOME="+filepath.Dir(r.workspace))
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// realLine is a line of tidy CSV.
type realLine struct {
	agency, dataset, codes        string // codes with blanks between
	value, low, high, state, flag string
}

func (l realLine) String() string {
	return fmt.Sprintf("value %q low %q high %q %s (%s)", l.value, l.low, l.high, l.state, l.flag)
}

// bounds are the bounds of a line; no data has none.
func (l realLine) bounds() (low, high float64, ok bool) {
	low, err := strconv.ParseFloat(l.low, 64)
	if err != nil {
		return 0, 0, false
	}
	if high, err = strconv.ParseFloat(l.high, 64); err != nil {
		high = math.Inf(1)
	}
	return low, high, true
}

// show answers a slice, once. An empty answer (exit code 4) has no lines.
func (r *realRun) show(t *testing.T, workspace, slice string) []realLine {
	t.Helper()
	key := workspace + "\n" + slice
	r.mu.Lock()
	known, ok := r.answers[key]
	r.mu.Unlock()
	if ok {
		return known
	}
	out, talk, code := r.run(t, "--workspace", workspace, "show", slice, "--format", "csv")
	if code != 0 && code != 4 {
		t.Errorf("%s: exit code %d: %.400s%.400s", slice, code, talk, out)
		return nil
	}
	table, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(table) == 0 {
		t.Errorf("%s: no CSV: %v", slice, err)
		return nil
	}
	n := slices.Index(table[0], "value")
	var lines []realLine
	for _, row := range table[1:] {
		lines = append(lines, realLine{row[0], row[1], strings.Join(row[2:n], " "), row[n], row[n+1], row[n+2], row[n+3], row[n+4]})
	}
	r.mu.Lock()
	r.answers[key] = lines
	r.mu.Unlock()
	return lines
}

// one finds the line of some codes, which must be there once.
func (r *realRun) one(t *testing.T, workspace, slice, codes string) (realLine, bool) {
	t.Helper()
	var found []realLine
	for _, l := range r.show(t, workspace, slice) {
		if l.codes == codes {
			found = append(found, l)
		}
	}
	if len(found) != 1 {
		t.Errorf("%s: %d lines for %q, want one", slice, len(found), codes)
		return realLine{}, false
	}
	return found[0], true
}

// realPython is a process of publisher.py, which has read one file.
type realPython struct {
	mu  sync.Mutex
	in  io.WriteCloser
	out *json.Decoder
	err bytes.Buffer
}

// python does a job on a publisher's file, without tiplens.
func (r *realRun) python(t *testing.T, f realFile, job map[string]any) json.RawMessage {
	t.Helper()
	r.mu.Lock()
	p := r.pythons[f.id]
	r.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	var answer json.RawMessage
	if err := json.NewEncoder(p.in).Encode(job); err != nil {
		t.Fatalf("publisher.py %s: %v %s", f.path, err, &p.err)
	}
	if err := p.out.Decode(&answer); err != nil {
		t.Fatalf("publisher.py %s: %v %s", f.path, err, &p.err)
	}
	return answer
}

// startPython lets Python read a file while tiplens loads it.
func (r *realRun) startPython(t *testing.T, f realFile) {
	t.Helper()
	args := []string{filepath.Join("testdata", "real", "publisher.py"), r.path(f), strconv.Itoa(f.header)}
	if f.missing != "" {
		args = append(args, f.missing)
	}
	p := &realPython{}
	cmd := exec.Command("python3", args...)
	cmd.Stderr = &p.err
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("python3, which counts without tiplens, is missing: %v", err)
	}
	p.in, p.out = in, json.NewDecoder(out)
	r.pythons[f.id] = p
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
}

func realInto[T any](t *testing.T, raw json.RawMessage) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// realKey is what publisher.py draws: texts of some columns, and the texts of
// another in all rows that have them.
type realKey struct {
	Key    map[string]string
	Values []string
}

// ---- loading and reading

var realReport = regexp.MustCompile(`([\d,]+) rows? read = ([\d,]+) taken \+ ([\d,]+) held back \+ ([\d,]+) skipped`)

func (r *realRun) testReports(t *testing.T) {
	for _, f := range []realFile{realCTDC, realParquet, realCTDC2020, realGLOTIP, realPublished} {
		m := realReport.FindStringSubmatch(r.reports[f.id])
		if m == nil {
			t.Errorf("%s: the report has no count of rows:\n%s", f.id, r.reports[f.id])
			continue
		}
		var n [4]int
		for i := range n {
			n[i] = int(realNumber(m[i+1]))
		}
		if n[0] != n[1]+n[2]+n[3] {
			t.Errorf("%s: %s do not add up", f.id, m[0])
		}
		if f != realGLOTIP && n[0] != n[1] {
			t.Errorf("%s: %s, want all taken", f.id, m[0])
		}
		counted := f
		if f == realParquet { // the same table, which Python alone cannot read
			counted = realCTDC
		}
		if size := realInto[[]int](t, r.python(t, counted, map[string]any{"do": "size"})); n[0] != size[0] {
			t.Errorf("%s: %d rows read, the file has %d", f.id, n[0], size[0])
		}
	}
}

// testRead compares each cell that read prints with the file.
func (r *realRun) testRead(t *testing.T) {
	rows := map[string]int{realCTDC.id: 97750, realParquet.id: 97750, realCTDC2020.id: 9, realGLOTIP.id: 46556, realPublished.id: 101}
	for _, f := range []realFile{realCTDC, realParquet, realCTDC2020, realGLOTIP, realPublished} {
		out, talk, code := r.run(t, "read", r.path(f))
		if code != 0 {
			t.Errorf("read %s: exit code %d: %s", f.path, code, talk)
			continue
		}
		sum, n := sha256.New(), -1
		in := csv.NewReader(strings.NewReader(out))
		in.ReuseRecord = true
		for {
			row, err := in.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("read %s: %v", f.path, err)
			}
			io.WriteString(sum, strings.ReplaceAll(strings.Join(row, "\x1f")+"\x1e", "\ufffd", ""))
			n++
		}
		if n != rows[f.id] {
			t.Errorf("read %s: %d rows, want %d", f.path, n, rows[f.id])
		}
		counted := f
		if f == realParquet {
			counted = realCTDC
		}
		if want := realInto[string](t, r.python(t, counted, map[string]any{"do": "digest"})); hex.EncodeToString(sum.Sum(nil)) != want {
			t.Errorf("read %s: cells differ from those of %s", f.path, counted.path)
		}
	}
}

// ---- by hand

// realWant is what a line must say. Without value it is a bound.
type realWant struct{ value, low, high, state string }

// wrong says what of a line is not as wanted.
func (w realWant) wrong(l realLine) string {
	state := w.state
	if w.value != "" {
		w.low, w.high = w.value, w.value
	}
	if state == "" {
		state = "bound"
		if w.value != "" {
			state = "value"
			if realNumber(w.value) == 0 {
				state = "zero"
			}
		}
	}
	if realSame(l.value, w.value) && realSame(l.low, w.low) && realSame(l.high, w.high) && l.state == state {
		return ""
	}
	return fmt.Sprintf("%s; want value %q low %q high %q %s", l, w.value, w.low, w.high, state)
}

// realSame compares a number with one that has fewer decimals.
func realSame(got, want string) bool {
	if _, decimals, ok := strings.Cut(want, "."); ok && got != "" {
		return strconv.FormatFloat(realNumber(got), 'f', len(decimals), 64) == want
	}
	return got == want
}

func realNumber(s string) float64 {
	n, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	if err != nil {
		return math.NaN()
	}
	return n
}

func (r *realRun) byHand(t *testing.T) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "real", "by_hand.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := csv.NewReader(f)
	in.Comment = '#'
	table, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return table[1:]
}

func (r *realRun) testByHand(t *testing.T) {
	checked := map[string]int{}
	for _, row := range r.byHand(t) {
		dataset, slice, codes, from := row[0], row[1], row[2], row[7]
		want := realWant{row[3], row[4], row[5], row[6]}
		workspaces := []string{r.workspace}
		if dataset == realPublished.id {
			workspaces = append(workspaces, ":published") // the same file, embedded
		}
		for _, ws := range workspaces {
			if l, ok := r.one(t, ws, slice, codes); ok {
				if wrong := want.wrong(l); wrong != "" {
					t.Errorf("%s: %s: %s (%s)", slice, codes, wrong, from)
				}
			}
		}
		checked[dataset]++
	}
	for _, f := range []realFile{realCTDC, realCTDC2020, realGLOTIP, realPublished} {
		if checked[f.id] < 20 {
			t.Errorf("%s: only %d figures by hand", f.id, checked[f.id])
		}
	}
}

// ---- published figures, drawn

func (r *realRun) testPublishedDrawn(t *testing.T) {
	columns := []string{"id", "indicator", "value", "qualifier", "sex", "age_group", "nationality", "origin", "destination", "province",
		"period_start", "period_end", "source_agency", "note"}
	all := realInto[[]realKey](t, r.python(t, realPublished, map[string]any{"do": "draw", "seed": realSeed, "n": 1000, "by": columns, "of": "value"}))
	sameKey := func(a, b map[string]string) bool {
		for _, c := range columns {
			if c != "id" && c != "value" && c != "qualifier" && c != "note" && a[c] != b[c] {
				return false
			}
		}
		return realTag(a) == realTag(b)
	}
	for _, k := range all[:24] {
		row := k.Key
		slice := row["indicator"] + " where dataset=published agency=" + row["source_agency"]
		for _, c := range [][2]string{{"sex", "sex"}, {"age_group", "age"}, {"nationality", "nationality"}, {"origin", "origin"}, {"destination", "destination"}, {"province", "place"}} {
			if v := row[c[0]]; v != "" && v != "_T" && v != "_Z" {
				slice += " " + c[1] + "=" + v
			}
		}
		if key, v, _ := strings.Cut(realTag(row), "="); key == "exploitation" || key == "service" || key == "sanction" || key == "modus" {
			slice += " " + key + "=" + v
		}
		if a, b := row["period_start"], row["period_end"]; a != "" && b != "" {
			slice += " year=" + a[:7] + ".." + b[:7]
		}
		// Several figures under one key are one range; so are bound=lower and bound=upper.
		low, high := math.Inf(1), math.Inf(-1)
		for _, o := range all {
			a, b := realTag(row), realTag(o.Key)
			if sameKey(row, o.Key) || strings.HasPrefix(a, "bound=") && strings.HasPrefix(b, "bound=") && row["indicator"] == o.Key["indicator"] {
				n := realNumber(o.Key["value"])
				low, high = min(low, n), max(high, n)
			}
		}
		want := realWant{low: realText(low), high: realText(high)}
		switch q := row["qualifier"]; {
		case q == "at least" || q == "more than":
			want.high = ""
		case low == high:
			want = realWant{value: realText(low)}
		}
		l, ok := r.one(t, r.workspace, slice, "")
		if !ok {
			continue
		}
		if wrong := want.wrong(l); wrong != "" {
			t.Errorf("%s: %s: %s", row["id"], slice, wrong)
		}
		if q := row["qualifier"]; (q == "about" || q == "estimate") && !slices.Contains(strings.Split(l.flag, ";"), "about") {
			t.Errorf("%s: %s: %s is not flagged about, the source says %q", row["id"], slice, l, q)
		}
	}
}

// realTag is the leading [key=value] of a note.
func realTag(row map[string]string) string {
	tag, _, ok := strings.Cut(strings.TrimPrefix(row["note"], "["), "]")
	if !ok || !strings.HasPrefix(row["note"], "[") {
		return ""
	}
	return tag
}

func realText(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// ---- CTDC, drawn

// realFlags says which columns of the codebook make a type of exploitation.
var realFlags = []struct{ code, columns string }{
	{"LAB", "isForcedLabour|isSexAndLabour"},
	{"SEX", "isSexualExploit|isSexAndLabour|typeOfSexProstitution|typeOfSexPornography|typeOfSexRemoteInteractiveServices|typeOfSexPrivateSexualServices"},
	{"MAR", "isForcedMarriage"},
	{"SLV", "isSlaveryAndPractices"},
	{"CRM", "typeOfLabourIllicitActivities"},
	{"BEG", "typeOfLabourBegging"},
	{"MIL", "isForcedMilitary"},
	{"ORG", "isOrganRemoval"},
	{"_O", "isOtherExploit"},
}

// realPerson is a drawn question about persons: terms of a slice and the
// condition on the publisher's columns that says the same.
type realPerson struct {
	terms string
	flow  string // origin and destination
	where map[string]string
}

func realQuestion(rng *rand.Rand, key map[string]string) realPerson {
	code := func(v string) string {
		if v == "" {
			return "_U"
		}
		return v
	}
	p := realPerson{where: map[string]string{}, flow: code(key["citizenship"]) + " " + code(key["CountryOfExploitation"])}
	sexes := map[string]string{"Female": "F", "Male": "M", "Transgender/NonConforming": "_O"}
	kinds := map[string]string{"Hotline": "hotline", "Case Management": "casemgmt"}
	dims := []struct{ column, term string }{
		{"yearOfRegistration", "year=" + code(key["yearOfRegistration"])},
		{"citizenship", "nationality=" + code(key["citizenship"])},
		{"CountryOfExploitation", "destination=" + code(key["CountryOfExploitation"])},
		{"gender", "sex=" + code(sexes[key["gender"]])},
		{"Datasource", "record_kind=" + kinds[key["Datasource"]]},
	}
	rng.Shuffle(len(dims), func(i, j int) { dims[i], dims[j] = dims[j], dims[i] })
	for _, d := range dims[:1+rng.Intn(3)] {
		p.terms += " " + d.term
		p.where[d.column] = key[d.column]
	}
	if rng.Intn(3) > 0 {
		var set, all []string
		for i, f := range realFlags {
			all = append(all, f.columns)
			for _, c := range strings.Split(f.columns, "|") {
				if key[c] == "1" {
					set = append(set, strconv.Itoa(i))
					break
				}
			}
		}
		if len(set) == 0 {
			p.terms += " exploitation=_U"
			p.where[strings.Join(all, "|")] = "!1"
		} else {
			i, _ := strconv.Atoi(set[rng.Intn(len(set))])
			p.terms += " exploitation=" + realFlags[i].code
			p.where[realFlags[i].columns] = "1"
		}
	}
	return p
}

func realWith(where map[string]string, more ...string) map[string]string {
	out := map[string]string{}
	for k, v := range where {
		out[k] = v
	}
	for i := 0; i < len(more); i += 2 {
		out[more[i]] = more[i+1]
	}
	return out
}

func (r *realRun) testCTDCDrawn(t *testing.T, f realFile, n int) {
	columns := []string{"yearOfRegistration", "citizenship", "CountryOfExploitation", "gender", "Datasource"}
	for _, fl := range realFlags {
		for _, c := range strings.Split(fl.columns, "|") {
			if !slices.Contains(columns, c) {
				columns = append(columns, c)
			}
		}
	}
	keys := realInto[[]realKey](t, r.python(t, f, map[string]any{"do": "draw", "seed": realSeed, "n": n, "by": columns, "of": "Datasource"}))
	rng := rand.New(rand.NewSource(realSeed))
	var ask []realPerson
	var conds []map[string]string
	for i, k := range keys {
		key := k.Key
		if i%7 == 6 { // two persons mixed: often nobody is like that
			key = realWith(keys[i-1].Key, "citizenship", key["citizenship"], "gender", key["gender"])
		}
		p := realQuestion(rng, key)
		ask = append(ask, p)
		flow := realWith(p.where, "citizenship", key["citizenship"], "CountryOfExploitation", key["CountryOfExploitation"])
		conds = append(conds, p.where, realWith(p.where, "Datasource", "Hotline"), realWith(p.where, "Datasource", "Case Management"), flow)
		for c, v := range map[int]string{1: "Hotline", 2: "Case Management"} { // the question may ask for one kind alone
			if kind, ok := p.where["Datasource"]; ok && kind != v {
				conds[4*i+c] = map[string]string{"Datasource": "neither"}
			}
		}
	}
	counts := realInto[[]int](t, r.python(t, f, map[string]any{"do": "count", "where": conds}))
	for i, p := range ask {
		all, hotline, files, corridor := counts[4*i], counts[4*i+1], counts[4*i+2], counts[4*i+3]
		slice := "vic_identified where dataset=" + f.id + p.terms
		lines := r.show(t, r.workspace, slice)
		switch {
		case all == 0 && len(lines) == 0: // an empty answer says so
		case len(lines) != 1 || realWant{value: strconv.Itoa(all)}.wrong(lines[0]) != "":
			t.Errorf("%s: %v; the file has %d", slice, lines, all)
		default:
			if mixed := hotline > 0 && files > 0; strings.Contains(lines[0].flag, "W-07") != mixed {
				t.Errorf("%s: %d from hotlines and %d from case files, flags %s", slice, hotline, files, lines[0].flag)
			}
		}
		slice = "vic_identified flow origin to destination where dataset=" + f.id + p.terms
		if corridor > 0 {
			state := ""
			if strings.Contains(p.flow, "_U") {
				state = "unstated"
			}
			if l, ok := r.one(t, r.workspace, slice, p.flow); ok {
				if wrong := (realWant{value: strconv.Itoa(corridor), state: state}).wrong(l); wrong != "" {
					t.Errorf("%s: %s: %s", slice, p.flow, wrong)
				}
			}
		}
	}
}

// testCTDCFlows checks every corridor, and that nobody is lost between them.
func (r *realRun) testCTDCFlows(t *testing.T) {
	flows := map[string]int{}
	for _, row := range realInto[[][]any](t, r.python(t, realCTDC, map[string]any{"do": "tally", "by": []string{"citizenship", "CountryOfExploitation"}})) {
		from, to := row[0].(string), row[1].(string)
		if from == "" {
			from = "_U"
		}
		if to == "" {
			to = "_U"
		}
		flows[from+" "+to] += int(row[2].(float64))
	}
	out, in := map[string]int{}, map[string]int{}
	total, known, pairs, domestic := 0, 0, 0, 0
	lines := r.show(t, r.workspace, "vic_identified flow origin to destination where dataset=ctdc")
	for _, l := range lines {
		if !strings.Contains(l.flag, "W-14") {
			t.Errorf("%s: citizenship stands for origin and the flags %s do not say so", l.codes, l.flag)
		}
		n := int(realNumber(l.value))
		if l.codes == "_T _T" {
			if n != 97750 {
				t.Errorf("total of flows %d, want 97750", n)
			}
			continue
		}
		if n != flows[l.codes] {
			t.Errorf("%s: %d, the file has %d", l.codes, n, flows[l.codes])
		}
		delete(flows, l.codes)
		from, to, _ := strings.Cut(l.codes, " ")
		out[from] += n
		in[to] += n
		total += n
		if from != "_U" && to != "_U" {
			known += n
			pairs++
			if from == to {
				domestic += n
			}
		}
	}
	if len(flows) > 0 {
		t.Errorf("corridors not shown: %v", flows)
	}
	if total != 97750 || known != 31435 || pairs != 155 || domestic != 12410 || known-domestic != 19025 {
		t.Errorf("total %d, known %d in %d pairs, domestic %d, across borders %d; want 97750, 31435 in 155, 12410, 19025", total, known, pairs, domestic, known-domestic)
	}
	for axis, ends := range map[string]map[string]int{"origin": out, "destination": in} {
		for _, l := range r.show(t, r.workspace, "vic_identified by "+axis+" where dataset=ctdc") {
			if l.codes != "_T" && int(realNumber(l.value)) != ends[l.codes] {
				t.Errorf("by %s: %s is %s, its flows add up to %d", axis, l.codes, l.value, ends[l.codes])
			}
		}
	}
	// Cut to the top, a table still holds everybody.
	total = 0
	for _, l := range r.show(t, r.workspace, "vic_identified flow origin to destination where dataset=ctdc top 12") {
		if l.codes != "_T _T" {
			total += int(realNumber(l.value))
		}
	}
	if total != 97750 {
		t.Errorf("top 12 and the rest add up to %d, want 97750", total)
	}
}

func (r *realRun) testCTDCYears(t *testing.T) {
	years := map[string]int{}
	for _, row := range realInto[[][]any](t, r.python(t, realCTDC, map[string]any{"do": "tally", "by": []string{"yearOfRegistration"}})) {
		y := row[0].(string)
		if y == "" {
			y = "_U"
		}
		years[y] = int(row[1].(float64))
	}
	if years["_U"] != 2011 {
		t.Errorf("the file has %d rows without year, want 2011", years["_U"])
	}
	sum := 0
	lines := r.show(t, r.workspace, "vic_identified by year where dataset=ctdc")
	for _, l := range lines {
		if l.codes == "_T" {
			continue
		}
		n := int(realNumber(l.value))
		sum += n
		if n != years[l.codes] {
			t.Errorf("%s: %d, the file has %d", l.codes, n, years[l.codes])
		}
	}
	if len(lines) != len(years)+1 || sum != 97750 {
		t.Errorf("%d years add up to %d, want %d and 97750", len(lines)-1, sum, len(years))
	}
	// Viet Nam to Cambodia by year, the question of the issue.
	sum = 0
	for _, l := range r.show(t, r.workspace, "vic_identified by year where dataset=ctdc nationality=VN destination=KH") {
		if l.codes != "_T" {
			sum += int(realNumber(l.value))
		}
	}
	if sum != 46 {
		t.Errorf("Viet Nam to Cambodia adds up to %d over the years, want 46", sum)
	}
	// Nobody from Cambodia was exploited in the United States: an empty answer.
	if lines := r.show(t, r.workspace, "vic_identified where dataset=ctdc nationality=KH destination=US"); len(lines) > 0 {
		t.Errorf("Cambodia to the United States: %v, the file has nobody", lines)
	}
}

var realOfCTDC = regexp.MustCompile(`dataset=ctdc( |$)`)

// testParquet asks everything of both forms of one table.
func (r *realRun) testParquet(t *testing.T) {
	ask := []string{
		"vic_identified by nationality,destination,sex,exploitation across year where dataset=ctdc",
		"vic_identified by age.band,record_kind across year where dataset=ctdc",
		"vic_identified by age across sex where dataset=ctdc",
		"vic_identified by place across year where dataset=ctdc",
		"vic_identified by exploitation.form across year where dataset=ctdc",
		"vic_identified by sector across year where dataset=ctdc",
		"vic_identified by means across year where dataset=ctdc",
		"vic_identified by recruiter across year where dataset=ctdc",
	}
	for _, key := range slices.Sorted(maps.Keys(r.answers)) { // and what was asked before
		ws, slice, _ := strings.Cut(key, "\n")
		if ws == r.workspace && realOfCTDC.MatchString(slice) && len(ask) < 25 {
			ask = append(ask, slice)
		}
	}
	cells := 0
	for _, slice := range ask {
		want := r.show(t, r.workspace, slice)
		got := r.show(t, r.workspace, strings.Replace(slice, "dataset=ctdc", "dataset=ctdcpq", 1))
		if len(got) != len(want) {
			t.Errorf("%s: %d lines from Parquet, %d from CSV", slice, len(got), len(want))
			continue
		}
		for i := range want {
			if got[i].dataset = want[i].dataset; got[i] != want[i] {
				t.Errorf("%s: %s: Parquet %s, CSV %s", slice, want[i].codes, got[i], want[i])
				break
			}
			cells++
		}
	}
	t.Logf("%d slices, %d cells", len(ask), cells)
}

// ---- UNODC, drawn

var (
	realIndicators = map[string]string{
		"Detected trafficking victims":        "vic_identified",
		"Persons brought into formal contact": "sus_contact",
		"Persons prosecuted":                  "sus_prosecuted",
		"Persons convicted":                   "sus_convicted",
		"Offences of trafficking in persons":  "x_offences_recorded",
	}
	realForms   = map[string]string{"Sexual exploitation": "SEX", "Forced labour": "LAB", "Other forms of exploitation": "_O"}
	realSexes   = map[string]string{"Female": "F", "Male": "M", "Other": "_O", "Unknown": "_U"}
	realAges    = map[string]string{"0 to 17 years": "Y0T17", "18 years or over": "Y_GE18", "Unknown": "_U"}
	realColumns = []string{"Iso3_code", "Country", "Indicator", "Dimension", "Category", "Sex", "Age", "Year"}
)

// realCell is the slice that asks for the cell of a key. Countries are those
// that the publisher writes in the column Country, so no list of tiplens is
// needed to know one; false for any other word.
func realCell(k map[string]string, countries map[string]string) (slice string, ok bool) {
	ind := realIndicators[k["Indicator"]]
	where := " where dataset=glotip year=" + k["Year"]
	switch k["Dimension"] {
	case "by country of repatriation":
		if k["Category"] == "Abroad" {
			return "vic_returned_in" + where + " country=" + k["Iso3_code"], true
		}
		home := countries[k["Category"]]
		return "vic_returned_out flow origin to destination" + where + " origin=" + home + " destination=" + k["Iso3_code"], home != "" && home != k["Iso3_code"]
	case "by citizenship":
		switch home := countries[k["Category"]]; {
		case home != "":
			where += " nationality=" + home
		case k["Category"] == "Nationals":
			where += " nationality=" + k["Iso3_code"]
		default:
			return "", false
		}
	case "by form of exploitation":
		where += " exploitation=" + realForms[k["Category"]]
	}
	if s := realSexes[k["Sex"]]; s != "" {
		where += " sex=" + s
	}
	if a := realAges[k["Age"]]; a != "" {
		where += " age=" + a
	}
	return ind + where + " country=" + k["Iso3_code"], true
}

func (r *realRun) countries(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, row := range realInto[[][]any](t, r.python(t, realGLOTIP, map[string]any{"do": "tally", "by": []string{"Country", "Iso3_code"}})) {
		if name, iso := row[0].(string), row[1].(string); name != "" && iso != "" {
			out[name] = iso
		}
	}
	return out
}

// realPrinted is what a cell must say for a value as UNODC prints it. Its "<5"
// may be none: testGLOTIPLess counts why.
func realPrinted(text string) realWant {
	if text == "<5" {
		return realWant{low: "0", high: "4"}
	}
	return realWant{value: strings.ReplaceAll(text, ",", "")}
}

// ownReturns lists the countries and years that give returns of their nationals
// under their own name as well as under Abroad: two figures for one cell.
func (r *realRun) ownReturns(t *testing.T, countries map[string]string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	job := map[string]any{"do": "tally", "by": []string{"Iso3_code", "Year", "Category"}, "where": map[string]string{"Dimension": "by country of repatriation"}}
	for _, row := range realInto[[][]any](t, r.python(t, realGLOTIP, job)) {
		iso, year, category := row[0].(string), row[1].(string), row[2].(string)
		if countries[category] == iso || strings.HasPrefix(category, "Ciudadanos") {
			out[iso+year] = true
		}
	}
	return out
}

func (r *realRun) testGLOTIPDrawn(t *testing.T) {
	countries := r.countries(t)
	own := r.ownReturns(t, countries)
	named := map[string]string{"Country": "!", "Iso3_code": "!"}
	var jobs []map[string]any
	for i, where := range []map[string]string{
		{"Dimension": "Total", "Indicator": "Detected trafficking victims"},
		{"Dimension": "Total", "Indicator": "!Detected trafficking victims"},
		{"Dimension": "Total", "Sex": "Unknown"},
		{"Dimension": "by citizenship", "Category": "!Unknown", "txtVALUE": "!<5"},
		{"Dimension": "by citizenship", "Category": "Nationals"},
		{"Dimension": "by form of exploitation", "Category": "!Other forms of exploitation"},
		{"Dimension": "by form of exploitation", "Sex": "!Total"},
		{"Dimension": "by country of repatriation"},
		{"Dimension": "by country of repatriation", "txtVALUE": "!<5"},
		{"Dimension": "by country of repatriation", "Category": "Abroad", "txtVALUE": "!<5"},
	} {
		for k, v := range named {
			where[k] = v
		}
		jobs = append(jobs, map[string]any{"do": "draw", "seed": realSeed + i, "n": 40, "by": realColumns, "of": "txtVALUE", "where": where})
	}
	cells, flows := 0, 0
	for i, job := range jobs {
		n := 0
		for _, k := range realInto[[]realKey](t, r.python(t, realGLOTIP, job)) {
			slice, ok := realCell(k.Key, countries)
			if !ok || len(k.Values) > 1 || n == 4 || k.Key["Category"] == "Abroad" && own[k.Key["Iso3_code"]+k.Key["Year"]] {
				continue
			}
			n++
			cells++
			var lines []realLine
			for _, l := range r.show(t, r.workspace, slice) {
				if l.codes != "_T _T" {
					lines = append(lines, l)
				}
			}
			if strings.Contains(slice, " flow ") {
				flows++
			}
			if len(lines) != 1 {
				t.Errorf("%s: %v; the file has %s", slice, lines, k.Values[0])
			} else if wrong := realPrinted(k.Values[0]).wrong(lines[0]); wrong != "" {
				t.Errorf("%s: %s", slice, wrong)
			}
		}
		if n < 3 {
			t.Errorf("draw %d gave only %d cells", i, n)
		}
	}
	t.Logf("%d cells, %d of them flows", cells, flows)
}

// testGLOTIPSeveralRows draws keys under which the sheet has several rows.
// They are parts whose headings UNODC joined: "Female, all ages" twice is the
// row of girls and the row of women, "Other forms" up to seven times are forms
// that have no name of their own in the export. Whichever way a cell is given,
// it must leave room for the sum of the parts, and not exceed it; the very same
// number may also be one figure printed twice.
func (r *realRun) testGLOTIPSeveralRows(t *testing.T) {
	countries := r.countries(t)
	var jobs []map[string]any
	for i, where := range []map[string]string{
		{"Dimension": "Total"},
		{"Dimension": "by form of exploitation", "Indicator": "Detected trafficking victims"},
		{"Dimension": "by form of exploitation", "Indicator": "Persons convicted"},
	} {
		where["Country"], where["Iso3_code"] = "!", "!"
		jobs = append(jobs, map[string]any{"do": "draw", "seed": realSeed + i, "n": 4, "least": 2, "by": realColumns, "of": "txtVALUE", "where": where})
	}
	for _, job := range jobs {
		for _, k := range realInto[[]realKey](t, r.python(t, realGLOTIP, job)) {
			slice, _ := realCell(k.Key, countries)
			l, ok := r.one(t, r.workspace, slice, "")
			if !ok {
				continue
			}
			var smallest, low, high float64 = math.Inf(1), 0, 0
			for _, v := range k.Values {
				a, b := realNumber(v), realNumber(v)
				if v == "<5" {
					a, b = 0, 4
				}
				smallest, low, high = min(smallest, a), low+a, high+b
			}
			a, b, known := l.bounds()
			if n := realNumber(k.Values[0]); a == n && b == n && len(slices.Compact(slices.Clone(k.Values))) == 1 {
				continue // one number, printed twice
			}
			if !known || a < smallest || a > low || b != high {
				t.Errorf("%s: %s; the file has the parts %v, together %v to %v", slice, l, k.Values, low, high)
			}
		}
	}
}

// testGLOTIPTotals holds the totals of twenty countries (of convictions, five),
// year by year, to the published totals, and no total where none is published.
func (r *realRun) testGLOTIPTotals(t *testing.T) {
	for name, n := range map[string]int{"Detected trafficking victims": 20, "Persons convicted": 5} {
		ind := realIndicators[name]
		published, order := r.publishedTotals(t, name)
		for _, iso := range order[:n] {
			slice := ind + " by year where dataset=glotip country=" + iso
			seen, low, high := 0, 0.0, 0.0
			var total realLine
			for _, l := range r.show(t, r.workspace, slice) {
				if l.codes == "_T" {
					total = l
					continue
				}
				if a, b, known := l.bounds(); known {
					low, high = low+a, high+b
				}
				text, ok := published[iso][l.codes]
				if !ok {
					if l.value != "" || l.high != "" {
						t.Errorf("%s: %s: %s, but no total is published", slice, l.codes, l)
					}
					continue
				}
				seen++
				if wrong := realPrinted(text).wrong(l); wrong != "" {
					t.Errorf("%s: %s: %s", slice, l.codes, wrong)
				}
			}
			if seen != len(published[iso]) {
				t.Errorf("%s: %d of %d published years shown", slice, seen, len(published[iso]))
			}
			if a, b, _ := total.bounds(); a != low || b != high {
				t.Errorf("%s: total %s, its years add up to %v to %v", slice, total, low, high)
			}
		}
	}
}

// testGLOTIPLess holds the recipe's reading of "<5" to the file: it prints no
// zero at all, and hundreds of times one sex equals the published total while
// the other is "<5", so there "<5" can only be none.
func (r *realRun) testGLOTIPLess(t *testing.T) {
	if n := realInto[[]int](t, r.python(t, realGLOTIP, map[string]any{"do": "count", "where": []map[string]string{{"txtVALUE": "0"}, {"txtVALUE": "<5"}}})); n[0] != 0 || n[1] != 23076 {
		t.Errorf("the file has %d times 0 and %d times <5, want none and 23076", n[0], n[1])
	}
	groups := map[string]map[string][]string{}
	for _, row := range realInto[[][]any](t, r.python(t, realGLOTIP, map[string]any{"do": "tally",
		"by": []string{"Iso3_code", "Indicator", "Dimension", "Category", "Age", "Year", "Country", "Sex", "txtVALUE"}})) {
		var key string
		for _, c := range row[:7] {
			key += c.(string) + "|"
		}
		if groups[key] == nil {
			groups[key] = map[string][]string{}
		}
		for range int(row[9].(float64)) {
			groups[key][row[7].(string)] = append(groups[key][row[7].(string)], row[8].(string))
		}
	}
	none := 0
	for key, sexes := range groups {
		once := !strings.HasPrefix(key, "|")
		for _, values := range sexes {
			once = once && len(values) == 1
		}
		total, female, male := sexes["Total"], sexes["Female"], sexes["Male"]
		if !once || len(total)*len(female)*len(male) == 0 {
			continue
		}
		if total[0] != "<5" && (female[0] == "<5" && male[0] == total[0] || male[0] == "<5" && female[0] == total[0]) {
			none++
		}
	}
	if none != 581 {
		t.Errorf("in %d groups <5 can only be none, want 581", none)
	}
	for sex, want := range map[string]realWant{"M": {value: "5"}, "F": {low: "0", high: "4"}} {
		if l, ok := r.one(t, r.workspace, "vic_identified where dataset=glotip country=AO year=2018 sex="+sex, ""); ok {
			if wrong := want.wrong(l); wrong != "" {
				t.Errorf("Angola 2018, sex %s: %s", sex, wrong)
			}
		}
	}
}

// realBounds adds values as UNODC prints them.
func realBounds(values []string) (low, high float64) {
	for _, v := range values {
		if v == "<5" {
			high += 4 // none, or up to four
			continue
		}
		low, high = low+realNumber(v), high+realNumber(v)
	}
	return low, high
}

// publishedTotals are those of an indicator, by country and year.
func (r *realRun) publishedTotals(t *testing.T, indicator string) (totals map[string]map[string]string, countries []string) {
	t.Helper()
	totals = map[string]map[string]string{}
	for _, k := range realInto[[]realKey](t, r.python(t, realGLOTIP, map[string]any{
		"do": "draw", "seed": realSeed, "n": 100000, "by": []string{"Iso3_code", "Year"}, "of": "txtVALUE",
		"where": map[string]string{"Indicator": indicator, "Dimension": "Total", "Category": "Total", "Sex": "Total", "Age": "Total", "Country": "!"},
	})) {
		iso := k.Key["Iso3_code"]
		if totals[iso] == nil {
			totals[iso] = map[string]string{}
			countries = append(countries, iso)
		}
		totals[iso][k.Key["Year"]] = k.Values[0]
	}
	return totals, countries
}

// testGLOTIPParts shows the totals of twenty countries beside their parts: the
// total stays the published one, and parts and rest are the total, never more.
func (r *realRun) testGLOTIPParts(t *testing.T) {
	totals, countries := r.publishedTotals(t, "Detected trafficking victims")
	shown, rests := 0, 0
	for i, iso := range countries[:20] {
		axis := []string{"sex", "age", "nationality"}[i%3]
		slice := "vic_identified by " + axis + " across year where dataset=glotip country=" + iso
		lines := r.show(t, r.workspace, slice)
		for year, text := range totals[iso] {
			var low, high float64
			var total, rest realLine
			for _, l := range lines {
				code, of, _ := strings.Cut(l.codes, " ")
				a, b, known := l.bounds()
				switch {
				case of != year:
				case code == "_T":
					total = l
				case code == "_X":
					rest = l
				case known:
					low, high = low+a, high+b
				}
			}
			if wrong := realPrinted(text).wrong(total); wrong != "" && total.codes != "" {
				t.Errorf("%s: %s: %s", slice, total.codes, wrong)
			}
			n := realNumber(total.value)
			if total.codes == "" || total.value == "" {
				continue
			}
			shown++
			a, b, known := rest.bounds()
			switch {
			case low > n && known, low < n && low > 0 && !known: // more than the total leaves no rest, less leaves one
				t.Errorf("%s: %s: parts of %v to %v, total %v, rest %s", slice, year, low, high, n, rest)
			case known && (a != max(n-high, 0) || b != n-low):
				t.Errorf("%s: %s: parts of %v to %v and a rest of %s are not %v", slice, year, low, high, rest, n)
			case known:
				rests++
			}
		}
	}
	if shown < 60 || rests < 10 {
		t.Errorf("only %d totals beside parts, %d with a rest", shown, rests)
	}
}

// testGLOTIPTogether adds twenty countries up: what stands as a number is a
// published total, and the sum holds each of them once.
func (r *realRun) testGLOTIPTogether(t *testing.T) {
	totals, countries := r.publishedTotals(t, "Detected trafficking victims")
	slice := "vic_identified by place across year where dataset=glotip place=" + strings.Join(countries[:20], ",")
	type sums struct{ low, high, shownLow, shownHigh float64 }
	years := map[string]*sums{}
	for _, iso := range countries[:20] {
		for year, text := range totals[iso] {
			if years[year] == nil {
				years[year] = &sums{}
			}
			low, high := realBounds([]string{text})
			years[year].low, years[year].high = years[year].low+low, years[year].high+high
		}
	}
	lines := r.show(t, r.workspace, slice)
	lower := map[string]float64{} // countries without a total: at least so many
	for _, l := range lines {
		place, year, _ := strings.Cut(l.codes, " ")
		low, high, known := l.bounds()
		if s := years[year]; s != nil && place != "_T" && known {
			lower[year] += low
			if !math.IsInf(high, 1) {
				s.shownLow, s.shownHigh = s.shownLow+low, s.shownHigh+high
			}
		}
	}
	for year, s := range years {
		if s.low != s.shownLow || s.high != s.shownHigh {
			t.Errorf("%s: %s: countries with a total add up to %v to %v, published %v to %v", slice, year, s.shownLow, s.shownHigh, s.low, s.high)
		}
	}
	for _, l := range lines {
		place, year, _ := strings.Cut(l.codes, " ")
		if s := years[year]; s != nil && place == "_T" {
			low, high, _ := l.bounds()
			if low != lower[year] || !math.IsInf(high, 1) && high != s.high {
				t.Errorf("%s: %s is %s; its countries have at least %v, published totals %v to %v", slice, l.codes, l, lower[year], s.low, s.high)
			}
		}
	}
	if len(years) < 10 {
		t.Errorf("%s: only %d years", slice, len(years))
	}
}

// testGLOTIPRegion adds up what ASEAN's countries print as "<5": a sum over such
// cells stays between the sums of their bounds.
func (r *realRun) testGLOTIPRegion(t *testing.T) {
	asean := strings.Fields("BRN IDN KHM LAO MMR MYS PHL SGP THA TLS VNM")
	wide := 0
	for _, c := range []struct{ indicator, dimension, category, sex, term string }{
		{"Detected trafficking victims", "by form of exploitation", "Forced labour", "Total", "exploitation=LAB"},
		{"Detected trafficking victims", "by form of exploitation", "Sexual exploitation", "Total", "exploitation=SEX"},
		{"Detected trafficking victims", "Total", "Total", "Female", "sex=F"},
		{"Detected trafficking victims", "Total", "Total", "Total", ""},
		{"Persons convicted", "Total", "Total", "Male", "sex=M"},
		{"Persons convicted", "Total", "Total", "Total", ""},
	} {
		cells := map[string][]string{} // by year
		several := map[string]bool{}
		for _, k := range realInto[[]realKey](t, r.python(t, realGLOTIP, map[string]any{
			"do": "draw", "seed": realSeed, "n": 100000, "by": realColumns, "of": "txtVALUE",
			"where": map[string]string{"Indicator": c.indicator, "Dimension": c.dimension, "Category": c.category, "Sex": c.sex, "Age": "Total"},
		})) {
			if slices.Contains(asean, k.Key["Iso3_code"]) {
				cells[k.Key["Year"]] = append(cells[k.Key["Year"]], k.Values...)
				several[k.Key["Year"]] = several[k.Key["Year"]] || len(k.Values) > 1
			}
		}
		for _, year := range []string{"2013", "2015", "2017", "2018", "2019", "2020"} {
			slice := strings.TrimSpace(realIndicators[c.indicator] + " where dataset=glotip place=ASEAN year=" + year + " " + c.term)
			low, high := realBounds(cells[year])
			lines := r.show(t, r.workspace, slice)
			if several[year] || len(cells[year]) == 0 || len(lines) != 1 {
				if len(cells[year]) > 0 && len(lines) != 1 {
					t.Errorf("%s: %d lines", slice, len(lines))
				}
				continue
			}
			a, b, known := lines[0].bounds()
			// Countries that published parts only make it a lower bound.
			if !known || a < low || !math.IsInf(b, 1) && (a != low || b != high) {
				t.Errorf("%s: %s; the countries print %v, together %v to %v", slice, lines[0], cells[year], low, high)
			}
			if !math.IsInf(b, 1) && low < high {
				wide++
			}
			if len(cells[year]) > 1 && !strings.Contains(lines[0].flag, "W-07") {
				t.Errorf("%s: flags %s do not say that each country has its own definition", slice, lines[0].flag)
			}
		}
	}
	if wide < 6 {
		t.Errorf("only %d sums over cells of <5", wide)
	}
}

// testCambodia is what the issue asks of UNODC's Cambodia.
func (r *realRun) testCambodia(t *testing.T) {
	slice := "vic_identified by year where dataset=glotip country=KH year=2012..2020"
	lines := r.show(t, r.workspace, slice)
	years := 0
	for _, l := range lines {
		low, high, known := l.bounds()
		if l.value != "" || !math.IsInf(high, 1) && known || known && low < 0 {
			t.Errorf("%s: %s: %s, but no total is published", slice, l.codes, l)
		}
		years++
	}
	if years < 8 { // seven years with any row, and the total
		t.Errorf("%s: %d lines", slice, years)
	}
	out, _, _ := r.run(t, "--workspace", r.workspace, "show", slice)
	if !strings.Contains(out, "no total published") {
		t.Errorf("%s does not say that no total is published:\n%s", slice, out)
	}
	// At least n: by age the parts are added, of the forms the largest counts.
	least := map[string]float64{}
	for _, k := range realInto[[]realKey](t, r.python(t, realGLOTIP, map[string]any{
		"do": "draw", "seed": realSeed, "n": 1000, "by": realColumns, "of": "txtVALUE", "where": map[string]string{"Iso3_code": "KHM", "Indicator": "Detected trafficking victims"},
	})) {
		n, _ := realBounds(k.Values)
		switch year := k.Key["Year"]; k.Key["Dimension"] {
		case "Total":
			least[year] += n
		case "by form of exploitation":
			least[year] = max(least[year], n)
		}
	}
	sum := 0.0
	for _, l := range lines {
		low, _, _ := l.bounds()
		if want, ok := least[l.codes]; ok && low != want {
			t.Errorf("%s: %s: %s, the file has at least %v", slice, l.codes, l, want)
		}
		if l.codes != "_T" {
			sum += low
		} else if low != sum {
			t.Errorf("%s: total %s, its years have at least %v", slice, l, sum)
		}
	}
	for year, want := range map[string]string{"2017": "129", "2018": "125"} {
		if l, ok := r.one(t, r.workspace, "sus_convicted where dataset=glotip country=KH year="+year, ""); ok {
			if wrong := (realWant{value: want}).wrong(l); wrong != "" {
				t.Errorf("convicted in %s: %s", year, wrong)
			}
		}
	}
}
