package datasets

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"tiplens/models"
)

// TestTotalRows: a row that adds up others is told from a row of data.
func TestTotalRows(t *testing.T) {
	for row, want := range map[string]bool{
		"Total,,,12": true, ",Grand total,,12,7": true, "សរុប,,,១២ នាក់": true, "Total: 12 persons,,": true, "Sub-total,3": true,
		"* TOTAL,3": true, "OVERALL TOTALS,3": true, " : Tổng cộng,3": true, "TỔNG,3": true, "Jumlah,3": true, "รวม,3": true, "ចំនួនសរុប,3": true, "ſub-total,3": true,
		"T,3": false, "TR-00000001,3": false, "Top,3": false, "Groupe,3": false, "Oversight,3": false,
		"Total,Phnom Penh,12": false, "Kampot,,,12": false, ",,,": false, "1,2,3": false, "Totally unknown,,3": false, "All,3": false,
	} {
		if got := totalCells(strings.Split(row, ",")); got != want {
			t.Errorf("%q: %v, want %v", row, got, want)
		}
	}
}

// TestTotalIsNoPerson: below a list of persons a total is left out and said to
// be; among figures it is a figure.
func TestTotalIsNoPerson(t *testing.T) {
	const people = "Province,Sex,Date\nKampot,F,2024-01-02\nKep,M,2024-01-03\nTotal,,2\n"
	d := draftOf(t, "cases.csv", people, models.DraftChange{Key: "indicator", Value: "vic_identified"})
	if d.Read != 3 || d.Taken != 2 || d.Held != 0 || d.Skipped != 1 {
		t.Errorf("%d read, %d taken, %d held, %d skipped; want 3, 2, 0, 1", d.Read, d.Taken, d.Held, d.Skipped)
	}
	if s := fmt.Sprint(d.Findings); !strings.Contains(s, totalsLeftOut) {
		t.Errorf("nothing says that the total is left out: %s", s)
	}
	d = draftOf(t, "figures.csv", "Province,Year,Number of victims\nKampot,2024,4\nKep,2024,5\nTotal,,9\n", models.DraftChange{Key: "indicator", Value: "vic_identified"})
	if d.Taken != 3 {
		t.Errorf("%d of 3 figures are taken, the total among them", d.Taken)
	}
}

// TestHeaderBelowGroups: the row that names the columns of a group belongs to
// the header also where all of its columns hold texts.
func TestHeaderBelowGroups(t *testing.T) {
	const file = "No,Date,Where,Victims,Victims,Purpose\n,,ខេត្ត/រាជធានី,សញ្ជាតិ,ភេទ,\n" +
		"1,2024-05-03,Kampot,Thai,F,Forced labour\n2,2024-05-04,Kep,Lao,M,Begging\n3,2024-05-05,Kandal,Thai,F,Begging\n"
	d := draftOf(t, "may.csv", file, models.DraftChange{Key: "indicator", Value: "vic_identified"})
	if got := fieldsOf(d); got != "- date place nationality sex exploitation" {
		t.Errorf("the columns are %s", got)
	}
	if d.Read != 3 || d.Taken != 3 {
		t.Errorf("%d read, %d taken; want 3 and 3", d.Read, d.Taken)
	}
	// A first row with gaps below a name that stands twice is still data.
	d = draftOf(t, "notes.csv", "Province,Sex,Note,Note\nKampot,,a,b\nKep,M,c,d\nKandal,F,e,f\n", models.DraftChange{Key: "indicator", Value: "vic_identified"})
	if d.Read != 3 {
		t.Errorf("%d of 3 rows are read", d.Read)
	}
}

// TestPackedNothing: a packed file that unpacks to next to nothing but size is
// refused before it has taken minutes.
func TestPackedNothing(t *testing.T) {
	path := writeFile(t, "a.csv.gz", "")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z, _ := gzip.NewWriterLevel(out, gzip.BestCompression)
	fmt.Fprintln(z, "Province,Sex")
	for range 300 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	f := &File{Path: path, Name: "a.csv.gz"}
	r, _, stop, err := f.openStream(true)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if n, err := io.Copy(io.Discard, r); err == nil || !strings.Contains(err.Error(), "times its size") || n > 290<<20 {
		t.Errorf("%d bytes were unpacked, and %v", n, err)
	}
}
