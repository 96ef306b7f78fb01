package datasets

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"tiplens/models"
)

// writeComments writes the block of metadata above a CSV file. Each line begins
// with "# " and stands as it is, without the quotes of a cell: that is what
// readers skip which are told that "#" begins a comment. No text of it holds
// the end of a line, and a spreadsheet, which splits the lines at commas, finds
// no formula and no quoted cell behind one.
func (x *Export) writeComments(w io.Writer) error {
	if x.Bare {
		return nil
	}
	lines := x.about()
	var b strings.Builder
	fmt.Fprintf(&b, "# the first %d lines say what these numbers are (--bare leaves them out)\n", len(lines)+1)
	for _, l := range lines {
		b.WriteString("# " + commentText(l.what+": "+l.text) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var (
	cellQuoted  = regexp.MustCompile(`([,;])"`)
	cellFormula = regexp.MustCompile(`([,;]\s*"*\s*)([=+@-])`)
)

func commentText(s string) string {
	return cellFormula.ReplaceAllString(cellQuoted.ReplaceAllString(oneLine(s), `$1 "`), `$1'$2`)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// writeTidy writes a line a number.
func (x *Export) writeTidy(w io.Writer) error {
	if err := x.writeComments(w); err != nil {
		return err
	}
	return writeCSV(w, x.Answer)
}

// writeShown writes the table as it is shown, for people with a spreadsheet.
func (x *Export) writeShown(w io.Writer) error {
	if err := x.writeComments(w); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if x.Bare { // whose numbers these are goes with them all the same
		if err := out.Write([]string{Guard(x.heading())}); err != nil {
			return err
		}
	}
	a := x.Answer
	for i := range a.Blocks {
		b := &a.Blocks[i]
		if len(a.Blocks) > 1 {
			if err := out.Write([]string{Guard(models.Clean(b.Line()))}); err != nil {
				return err
			}
		}
		head, rows, dims := blockGrid(a, b)
		for k := range head {
			head[k] = guardText(head[k])
		}
		if err := out.Write(head); err != nil {
			return err
		}
		for r, row := range rows {
			for k := range row {
				if k < dims {
					row[k] = guardText(row[k])
				} else {
					row[k] = shownCell(b.Cells[r][k-dims])
				}
			}
			if err := out.Write(row); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// guardText cleans a text and keeps a spreadsheet from running it.
func guardText(s string) string { return Guard(models.Clean(s)) }

// shownCell is a cell as it is shown, but a number without a mark is one that
// a spreadsheet takes as such: without grouping of thousands.
func shownCell(c models.Cell) string {
	if c.HasValue() && !c.About && c.Status() == "" && c.Part() == "" {
		return strconv.FormatFloat(rounded(c), 'f', -1, 64)
	}
	if t := CellText(c); t != "-" {
		return guardText(t)
	}
	return "-"
}

// rounded is the number of a cell as it is shown.
func rounded(c models.Cell) float64 {
	prec := 1.0
	switch {
	case c.Form == models.Percent || c.Form == models.SignedPercent:
	case math.Abs(c.Value) < 1:
		prec = 2
	}
	by := math.Pow(10, prec)
	return math.Round(c.Value*by) / by
}

// writeMarkdown writes the tables and below them what must be known of them.
func (x *Export) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	markdownTables(&b, x.Answer)
	if !x.Bare {
		b.WriteString("\n**About these numbers**\n\n")
		for _, l := range x.about() {
			if l.what == "slice" {
				fmt.Fprintf(&b, "- slice: %s\n", codeSpan(l.text))
				continue
			}
			fmt.Fprintf(&b, "- %s: %s\n", l.what, markdownText(oneLine(l.text)))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// codeSpan is a text as it stands, whatever accents grave it holds.
func codeSpan(s string) string {
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		return fence + " " + s + " " + fence
	}
	return fence + s + fence
}

// writeJSON writes the answer for programs, with the block of metadata.
func (x *Export) writeJSON(w io.Writer) error { return writeJSON(w, x.Answer, x.jsonAbout()...) }

func (x *Export) writeGeoJSON(w io.Writer) error { return writeGeoJSON(w, x.Answer, x.jsonAbout()...) }

func (x *Export) writeKML(w io.Writer) error { return writeKML(w, x.Answer, x.jsonAbout()...) }

// jsonAbout is the block of metadata for programs.
func (x *Export) jsonAbout() (about []jsonSaid) {
	if !x.Bare {
		for _, l := range x.about() {
			about = append(about, jsonSaid{l.what, l.text})
		}
	}
	return about
}
