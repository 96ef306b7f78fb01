package datasets

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tiplens/models"
)

// previewRows is how many observations a draft shows.
const previewRows = 20

// preview is a Sink that keeps the first observations, to show what a file
// would become.
type preview struct {
	cat    *models.Catalog
	mu     sync.Mutex
	number map[string]map[string]uint16
	code   map[string][]string
	layout *models.Layout
	last   int64 // no later row is kept
	rows   []previewRow
}

type previewRow struct {
	row    int64
	codes  []string // of the varying columns
	period string
	value  string
}

func newPreview(cat *models.Catalog, last int64) *preview {
	return &preview{cat: cat, number: map[string]map[string]uint16{}, code: map[string][]string{}, last: last}
}

// Encode numbers the codes of a column.
func (p *preview) Encode(column, code, _ string) (uint16, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.number[column] == nil {
		p.number[column] = map[string]uint16{}
	}
	n, ok := p.number[column][code]
	if !ok {
		n = uint16(len(p.code[column]))
		p.number[column][code] = n
		p.code[column] = append(p.code[column], code)
	}
	return n, nil
}

// Start is told how the observations are laid out.
func (p *preview) Start(l *models.Layout) error {
	p.layout = l
	return nil
}

// Write keeps the observations of the first rows.
func (p *preview) Write(b *models.Batch) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range b.N {
		if b.Row[i] > p.last || len(p.rows) > 50*previewRows {
			continue
		}
		r := previewRow{row: b.Row[i], period: models.Period{Start: b.Start[i], End: b.End[i]}.Label()}
		for k, c := range p.layout.Columns {
			r.codes = append(r.codes, p.code[c][b.Codes[k][i]])
		}
		if p.layout.Figures {
			r.value = numberText(b.Value[i], b.Low[i], b.High[i])
		}
		p.rows = append(p.rows, r)
	}
	return nil
}

func numberText(value, low, high float64) string {
	switch {
	case !math.IsNaN(value):
		return models.FormatNumber(value)
	case math.IsNaN(low) && math.IsNaN(high):
		return ""
	case math.IsInf(high, 1):
		return "at least " + models.FormatNumber(low)
	}
	return models.FormatNumber(low) + " to " + models.FormatNumber(high)
}

// inner are columns of the table that say nothing to a person.
var inner = []string{"freq", "pattern", "grain", models.DimPlaceRole, models.DimFlowKind, models.DimRecordKind}

// table gives what varies from row to row as a table, and what does not as
// words.
func (p *preview) table() (same, head []string, rows [][]string) {
	if p.layout == nil {
		return nil, nil, nil
	}
	name := func(c string) string {
		switch d := p.cat.Dimension(c); {
		case c == "indicator":
			return "Counted"
		case d != nil:
			return d.Name
		}
		return strings.ReplaceAll(strings.TrimPrefix(c, "x_"), "_", " ")
	}
	for _, c := range slices.Concat(models.CodedColumns, p.layout.Columns) {
		n, constant := p.layout.Constant[c]
		if !constant || slices.Contains(inner, c) || slices.ContainsFunc(same, func(s string) bool { return strings.HasPrefix(s, name(c)+": ") }) {
			continue
		}
		if code := p.code[c][n]; code != "" && code != models.Total && code != models.Unknown && code != "exact" && (c != "obs_status" || code != "A") {
			same = append(same, name(c)+": "+p.label(c, code))
		}
	}
	slices.SortStableFunc(p.rows, func(a, b previewRow) int { return int(a.row - b.row) })
	p.rows = p.rows[:min(len(p.rows), previewRows)]
	var shown []int
	head = []string{"row", "When"}
	for k, c := range p.layout.Columns {
		if !slices.Contains(inner, c) && slices.ContainsFunc(p.rows, func(r previewRow) bool { return p.says(c, r.codes[k]) }) {
			shown = append(shown, k)
			head = append(head, name(c))
		}
	}
	if p.layout.Figures {
		head = append(head, "Value")
	}
	for _, r := range p.rows {
		line := []string{strconv.FormatInt(r.row, 10), r.period}
		for _, k := range shown {
			line = append(line, p.label(p.layout.Columns[k], r.codes[k]))
		}
		if p.layout.Figures {
			line = append(line, r.value)
		}
		rows = append(rows, line)
	}
	return same, head, rows
}

// says reports whether a code tells anything in a preview.
func (p *preview) says(column, code string) bool {
	nobody := code == models.Unknown && (column == models.DimReporter || column == models.DimAgency)
	return code != "" && code != models.Total && !nobody && (column != "obs_status" || code != "A") && (column != "qualifier" || code != "exact")
}

func (p *preview) label(column, code string) string {
	if column == "indicator" {
		if i := p.cat.Indicator(code); i != nil {
			return i.Name
		}
		return code
	}
	var out []string
	for _, c := range strings.Split(code, models.SetJoin) {
		out = append(out, p.cat.Label(column, c))
	}
	return strings.Join(out, " + ")
}
