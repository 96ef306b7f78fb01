package datasets

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"tiplens/models"
)

// Formats are the forms in which an answer can be written.
var Formats = append([]string{"text", "csv", "json", "md"}, FlowFormats...)

// WriteAnswer writes an answer in one of Formats.
func WriteAnswer(w io.Writer, a *models.Answer, format string) error {
	switch format {
	case "text":
		return writeText(w, a)
	case "csv":
		return writeCSV(w, a)
	case "json":
		return writeJSON(w, a)
	case "md":
		return writeMarkdown(w, a)
	case "matrix":
		return writeMatrix(w, a)
	case "geojson":
		return writeGeoJSON(w, a)
	case "kml":
		return writeKML(w, a)
	}
	return fmt.Errorf("there is no format %q; formats are %s", format, strings.Join(Formats, ", "))
}

// axisName names the column of an axis in files: its dimension.
func axisName(ax models.Axis) string { return ax.Dim }

// flag words of tidy CSV.
func cellFlags(a *models.Answer, b *models.Block, h models.Header, c models.Cell) string {
	var out []string
	if b.Part != "" {
		out = append(out, "part="+b.Part)
	}
	if c.Status() != "" {
		out = append(out, "status="+c.Status())
	}
	if c.About {
		out = append(out, "about")
	}
	if c.Estimate {
		out = append(out, "estimate")
	}
	if c.Part() != "" {
		out = append(out, "period="+c.Part())
	}
	if b.Source.Movement != "" {
		out = append(out, "movement="+b.Source.Movement)
	}
	if b.Source.Missing != "" {
		out = append(out, "incomplete")
	}
	if h.Kind == models.PrefixHeader {
		out = append(out, "branch")
	}
	if h.Became != "" {
		out = append(out, "became="+strings.ReplaceAll(h.Became, " ", "_"))
	}
	if h.Kind == models.OtherHeader || h.Folded > 0 {
		out = append(out, fmt.Sprintf("folded=%d", h.Folded))
	}
	for _, r := range a.Warnings {
		if r.Rule != "" && !slices.Contains(out, r.Rule) {
			out = append(out, r.Rule)
		}
	}
	for _, r := range c.Rules() {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	if a.Training {
		out = append(out, "TRAINING")
	} else {
		out = append(out, "INTERNAL")
	}
	return strings.Join(out, ";")
}

// measureFlag tells the columns of a change apart.
func measureFlag(col models.Header) string {
	if col.Measure == "" {
		return ""
	}
	return "measure=" + col.Measure + ";"
}

// writeCSV writes one line a cell: source, codes, value, bounds, state, flags.
// The header is there for an empty answer too.
func writeCSV(w io.Writer, a *models.Answer) error {
	out := csv.NewWriter(w)
	head := []string{"agency", "dataset"}
	axes := slices.Concat(a.RowAxes, a.ColAxes)
	for _, ax := range axes {
		head = append(head, axisName(ax))
	}
	head = append(head, "value", "low", "high", "state", "flags")
	if a.HasBase() {
		head = append(head, "count")
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for i := range a.Blocks {
		b := &a.Blocks[i]
		for r, h := range b.Rows {
			for c, ch := range b.Cols {
				cell := b.Cells[r][c]
				if cell.State == models.Blank && len(cell.Notes()) == 0 {
					continue
				}
				line := []string{Guard(b.Source.Agency), Guard(b.Source.Dataset)}
				codes := slices.Concat(h.Codes, ch.Codes)
				for k := range axes {
					code := models.Total
					if k < len(codes) {
						code = codes[k]
					}
					line = append(line, Guard(code))
				}
				line = append(line, cellNumbers(cell)...)
				line = append(line, stateWord(cell, h, ch), measureFlag(ch)+cellFlags(a, b, h, cell))
				if a.HasBase() {
					count := ""
					if cell.HasValue() {
						count = plainNumber(cell.Count)
					}
					line = append(line, count)
				}
				if err := out.Write(line); err != nil {
					return err
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

// Guard keeps a spreadsheet from running a text as a formula.
func Guard(s string) string {
	if s != "" && strings.ContainsRune(formulaSigns, rune(s[0])) {
		return "'" + s
	}
	return s
}

// formulaSigns begin what a spreadsheet runs.
const formulaSigns = "=+-@\t\r"

// unguard takes the sign of Guard off again.
func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune(formulaSigns, rune(s[1])) {
		return s[1:]
	}
	return s
}

func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// cellNumbers gives value, low and high; value is empty unless one number is
// known, high is empty for "at least".
func cellNumbers(c models.Cell) []string {
	switch {
	case c.State == models.Zero:
		return []string{"0", "0", "0"}
	case c.HasValue():
		v := plainNumber(c.Value)
		return []string{v, v, v}
	case c.State == models.Bound && math.IsInf(c.High(), 1):
		return []string{"", plainNumber(c.Low()), ""}
	case c.State == models.Bound:
		return []string{"", plainNumber(c.Low()), plainNumber(c.High())}
	}
	return []string{"", "", ""}
}

func stateWord(c models.Cell, row, col models.Header) string {
	if c.HasValue() && (row.Kind == models.NotStated || col.Kind == models.NotStated) {
		return "unstated"
	}
	return c.State.String()
}

// jsonAnswer is the shape of an answer in JSON.
type jsonAnswer struct {
	Slice     string           `json:"slice"`
	Pinned    string           `json:"pinned,omitempty"`
	Title     string           `json:"title"`
	Unit      string           `json:"unit"`
	Base      string           `json:"base,omitempty"`
	Audience  string           `json:"audience"`
	Training  bool             `json:"training,omitempty"`
	Refusals  []models.Refusal `json:"refusals,omitempty"`
	Warnings  []models.Remark  `json:"warnings,omitempty"`
	Footnotes []models.Remark  `json:"footnotes,omitempty"`
	Empty     string           `json:"empty,omitempty"`
	Sources   []models.Source  `json:"sources,omitempty"`
	Cells     []map[string]any `json:"cells"`
	About     []jsonSaid       `json:"about,omitempty"`
}

// jsonSaid is a line of the block of metadata.
type jsonSaid struct {
	What string `json:"what"`
	Text string `json:"text"`
}

func writeJSON(w io.Writer, a *models.Answer, about ...jsonSaid) error {
	title, _, _ := strings.Cut(heading(a), "\n") // the warnings stand by themselves
	j := jsonAnswer{
		About: about,
		Slice: a.Slice.String(), Title: title, Unit: a.Unit, Base: a.Base, Audience: a.Audience, Training: a.Training,
		Refusals: a.Refusals, Warnings: a.Warnings, Footnotes: a.Footnotes, Empty: a.Empty, Sources: a.Sources,
		Cells: []map[string]any{},
	}
	if len(a.Pinned.Parts) > 0 {
		j.Pinned = a.Pinned.String()
	}
	axes := slices.Concat(a.RowAxes, a.ColAxes)
	for i := range a.Blocks {
		b := &a.Blocks[i]
		for r, h := range b.Rows {
			for c, ch := range b.Cols {
				cell := b.Cells[r][c]
				if cell.State == models.Blank && len(cell.Notes()) == 0 {
					continue
				}
				codes := slices.Concat(h.Codes, ch.Codes)
				m := map[string]any{"agency": b.Source.Agency, "dataset": b.Source.Dataset, "state": stateWord(cell, h, ch), "flags": measureFlag(ch) + cellFlags(a, b, h, cell)}
				for k, ax := range axes {
					if k < len(codes) {
						m[axisName(ax)] = codes[k]
					}
				}
				for k, name := range []string{"value", "low", "high"} {
					if n := cellNumbers(cell)[k]; n != "" {
						m[name] = json.Number(n)
					}
				}
				if a.HasBase() && cell.HasValue() {
					m["count"] = cell.Count
				}
				j.Cells = append(j.Cells, m)
			}
		}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(j)
}

// writeText writes the answer as people read it in a terminal or an e-mail.
func writeText(w io.Writer, a *models.Answer) error {
	var b bytes.Buffer
	b.WriteString(heading(a) + "\n")
	for _, r := range a.Refusals {
		fmt.Fprintf(&b, "Refused (%s): %s\n", r.Rule, r.Why)
		for _, way := range r.Ways {
			fmt.Fprintf(&b, "  instead, %s: %s\n", way.Label, way.Slice)
		}
	}
	if a.Empty != "" {
		b.WriteString(a.Empty + "\n")
	}
	for i := range a.Blocks {
		b.WriteString("\n")
		writeBlock(&b, a, &a.Blocks[i])
	}
	b.WriteString(notesText(a, ""))
	_, err := w.Write(b.Bytes())
	return err
}

// heading is the title with the warnings that change what the numbers are.
func heading(a *models.Answer) string {
	t := a.Title
	if a.Training {
		t = "TRAINING - " + t
	} else if a.Audience == models.Internal {
		t = "INTERNAL - exact - " + t
	}
	for _, r := range a.Warnings {
		t += "\n! " + r.Rule + ": " + r.Text
	}
	return t
}

// notesText lists footnotes, sources and the string that reopens the answer.
func notesText(a *models.Answer, indent string) string {
	var b strings.Builder
	if len(a.Footnotes)+len(a.Sources) > 0 {
		b.WriteString("\n")
	}
	for _, r := range a.Footnotes {
		b.WriteString(indent)
		if r.Rule != "" {
			b.WriteString(r.Rule + ": ")
		}
		b.WriteString(r.Text + "\n")
	}
	for _, s := range unstated(a) {
		b.WriteString(indent + s + "\n")
	}
	for _, s := range a.Sources {
		b.WriteString(indent + "Source: " + s.Line() + "\n")
	}
	if len(a.Pinned.Parts) > 0 {
		b.WriteString(indent + "Slice: " + a.Reopens() + "\n")
	}
	return b.String()
}

// unstated says how much of the numbers has no place, age and so on.
func unstated(a *models.Answer) []string {
	var out []string
	for i := range a.Blocks {
		for _, dim := range slices.Sorted(maps.Keys(a.Blocks[i].Unstated)) {
			if share := a.Blocks[i].Unstated[dim]; share > 0 {
				out = append(out, fmt.Sprintf("%s not stated for %.1f %% (%s).", strings.ReplaceAll(dim, "_", " "), 100*share, a.Blocks[i].Source.Dataset))
			}
		}
	}
	return out
}

// blockGrid turns a block into texts: a header row and the rows.
func blockGrid(a *models.Answer, b *models.Block) (head []string, rows [][]string, dims int) {
	dims = max(len(a.RowAxes), 1)
	for _, ax := range a.RowAxes {
		head = append(head, axisName(ax))
	}
	if a.Slice.Via.Dim != "" { // a tree in one column
		head, dims = []string{strings.Join(head, " > ")}, 1
	}
	if len(a.RowAxes) == 0 {
		head = append(head, "")
	}
	told := slices.ContainsFunc(b.Rows, func(h models.Header) bool { return h.Became != "" })
	if told {
		head = append(head, "became")
		dims++
	}
	for _, c := range b.Cols {
		head = append(head, strings.Join(c.Labels, " "))
	}
	for r, h := range b.Rows {
		row := make([]string, dims)
		copy(row, h.Labels)
		if h.Depth > 0 {
			row[0] = strings.Repeat("> ", h.Depth) + row[0]
		}
		if h.Folded > 1 {
			row[0] += fmt.Sprintf(" (%d)", h.Folded)
		}
		if told {
			row[dims-1] = h.Became
		}
		for _, c := range b.Cells[r] {
			row = append(row, CellText(c))
		}
		rows = append(rows, row)
	}
	return head, rows, dims
}

// CellText is a cell with the period it really covers, where that is not the
// column's.
func CellText(c models.Cell) string { return c.Said() }

func writeBlock(w *bytes.Buffer, a *models.Answer, b *models.Block) {
	if len(a.Blocks) > 1 {
		fmt.Fprintf(w, "%s\n", b.Line())
	}
	head, rows, dims := blockGrid(a, b)
	width := make([]int, len(head))
	for _, r := range append([][]string{head}, rows...) {
		for i, c := range r {
			width[i] = max(width[i], textWidth(c))
		}
	}
	for _, r := range append([][]string{head}, rows...) {
		var line strings.Builder
		for i, c := range r {
			pad := strings.Repeat(" ", width[i]-textWidth(c))
			switch {
			case i < dims:
				line.WriteString(c + pad + "  ")
			default:
				line.WriteString(pad + c + "  ")
			}
		}
		w.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// markdownText is text that Markdown shows as it stands.
func markdownText(s string) string {
	return strings.NewReplacer("\\", "\\\\", "|", "\\|", "<", "&lt;", "[", "\\[", "]", "\\]", "`", "\\`", "\n", " ").Replace(s)
}

// writeMarkdown writes a table that documents and wikis take.
func writeMarkdown(w io.Writer, a *models.Answer) error {
	var b strings.Builder
	markdownTables(&b, a)
	b.WriteString(cellLines(notesText(a, "")))
	_, err := io.WriteString(w, b.String())
	return err
}

// markdownTables writes the title and the tables.
func markdownTables(b *strings.Builder, a *models.Answer) {
	cell := markdownText
	lines := strings.Split(heading(a), "\n")
	b.WriteString("**" + cell(lines[0]) + "**\n")
	for _, l := range lines[1:] {
		b.WriteString("\n" + cell(l) + "\n")
	}
	for _, r := range a.Refusals {
		fmt.Fprintf(b, "\nRefused (%s): %s\n", r.Rule, cell(r.Why))
		for _, way := range r.Ways {
			fmt.Fprintf(b, "\nInstead, %s: `%s`\n", cell(way.Label), way.Slice)
		}
	}
	if a.Empty != "" {
		b.WriteString("\n" + cell(a.Empty) + "\n")
	}
	for i := range a.Blocks {
		b.WriteString("\n")
		if len(a.Blocks) > 1 {
			b.WriteString(cell(a.Blocks[i].Line()) + "\n\n")
		}
		head, rows, dims := blockGrid(a, &a.Blocks[i])
		line := func(cells []string) {
			for _, c := range cells {
				b.WriteString("| " + cell(c) + " ")
			}
			b.WriteString("|\n")
		}
		line(head)
		for k := range head {
			b.WriteString(map[bool]string{true: "|---", false: "|---:"}[k < dims])
		}
		b.WriteString("|\n")
		for _, r := range rows {
			line(r)
		}
	}
}

// cellLines makes each note a paragraph of its own.
func cellLines(s string) string {
	s = strings.NewReplacer("<", "&lt;").Replace(s)
	return strings.ReplaceAll(s, "\n", "\n\n")
}
