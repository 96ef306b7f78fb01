package datasets

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"

	"tiplens/models"
)

// shownRows is how many of a file's first rows a draft shows.
const shownRows = 12

// maxCell is how many characters of a cell a draft shows.
const maxCell = 60

func shorten(s string) string {
	s = Clean(s)
	if r := []rune(s); len(r) > maxCell {
		return string(r[:maxCell-1]) + "~"
	}
	return s
}

const hiddenCell = "(hidden)" // of a column that looks as if it named people

// firstRows gives the first rows as they stand, so that a person sees where
// the header is. What looks like people's names is not shown.
func (d *drafting) firstRows() []models.DraftRow {
	var out []models.DraftRow
	fr := d.fit.frame
	for i := max(fr.header-shownRows/2, 0); i < min(fr.first, len(d.fit.Table.Head)); i++ {
		out = append(out, models.DraftRow{Row: d.row(i), Cells: d.shown(d.fit.Table.Head[i], i >= fr.header+fr.rows), Header: i >= fr.header && i < fr.header+fr.rows})
	}
	for i, row := range d.sample.rows[:min(len(d.sample.rows), shownRows)] {
		out = append(out, models.DraftRow{Row: d.sample.lines[i], Cells: d.shown(row, true)})
	}
	return out
}

// shown gives the cells of a row as they can be shown: below the header what
// looks like people's names is hidden.
func (d *drafting) shown(row []string, below bool) []string {
	columns := d.fit.Columns()
	var out []string
	for i, c := range row[:min(len(row), 40)] {
		if c = shorten(c); below && c != "" && i < len(columns) && personal(columns[i]) {
			c = hiddenCell
		}
		out = append(out, c)
	}
	return out
}

// row is the row of the file in which one of the first rows stands.
func (d *drafting) row(i int) int64 {
	if at := d.fit.Table.at; at != nil && i < len(at) {
		return at[i]
	}
	return int64(i + 1)
}

// decisions lists what was decided about the file, and why.
func (d *drafting) decisions() []models.Decision {
	var out []models.Decision
	add := func(x models.Decision) {
		_, said := d.last(x.Key)
		x.Stated = said
		out = append(out, x)
	}
	add(models.Decision{Key: "format", Name: "Format", Value: formatName(d.file.Format), Why: "by the first bytes of the file", Fixed: true})
	if d.file.Format == "csv" {
		add(d.encoding())
		for _, x := range d.delimiters() {
			add(x)
		}
	}
	if len(d.file.Tables) > 1 || d.opts.Sheet != "" {
		add(d.sheet())
	}
	if d.file.Format != "parquet" {
		add(d.header())
		for _, x := range d.extent() {
			add(x)
		}
	}
	add(d.recipe())
	if x := d.becomesRows(); x != nil {
		add(*x)
	}
	add(d.counted())
	add(d.constant(models.DimAgency, "Produced by", "every figure names who produced it"))
	if x := d.timeSaid(); x != nil {
		add(*x)
	}
	for _, c := range d.dates {
		out = append(out, c.decision())
	}
	add(d.constant(models.DimReporter, "Reporting country", "by the agency where it is not stated"))
	add(models.Decision{Key: models.ChangeID, Name: "Dataset", Value: d.out.Dataset, Free: "a short name: lower-case letters, digits, - or _",
		Why: "by the name of the file; a file of the same dataset becomes its next version"})
	add(models.Decision{Key: models.ChangeTitle, Name: "Title", Value: Clean(d.fit.Recipe.Dataset.Title), Free: "what the dataset is called", Why: "stands in the list of datasets"})
	if r := d.fit.Recipe; d.doubtful() || r.Unsure != "" {
		x := models.Decision{Key: models.ChangeUnsure, Name: "Uncertain names", Value: "their rows are held back", Why: "a misspelt name waits until somebody says what it means",
			Choices: []models.DraftChoice{{Value: "", Label: "their rows are held back"}, {Value: Accept, Label: "taken as proposed"}, {Value: "other", Label: "counted as Other"}}}
		for _, c := range x.Choices {
			if c.Value == r.Unsure {
				x.Value = c.Label
			}
		}
		add(x)
	}
	if d.sample.nbad > 0 || d.opts.Hold {
		x := models.Decision{Key: models.ChangeHold, Name: "Rows of a wrong shape", Value: "refuse the file",
			Choices: []models.DraftChoice{{Value: "", Label: "refuse the file"}, {Value: "yes", Label: "set them aside and load the others"}}}
		if d.opts.Hold {
			x.Value = x.Choices[1].Label
		}
		x.Why = fmt.Sprintf("%d were seen", d.sample.nbad)
		add(x)
	}
	return out
}

// doubtful reports whether a name waits for a person.
func (d *drafting) doubtful() bool {
	for _, c := range d.out.Columns {
		if slices.ContainsFunc(c.Values, func(v models.DraftValue) bool { return v.State == models.ValueDoubtful }) {
			return true
		}
	}
	return false
}

func formatName(f string) string {
	switch f {
	case "csv":
		return "text with separators (CSV)"
	case "xlsx":
		return "Excel workbook (.xlsx)"
	case "parquet":
		return "Parquet"
	}
	return f
}

func (d *drafting) encoding() models.Decision {
	x := models.Decision{Key: "encoding", Name: "Encoding", Value: "utf-8", Why: "every character of the sample can be read in it",
		Free: "the name of an encoding, such as windows-1258"}
	switch {
	case d.opts.Encoding != "":
		x.Value, x.Why = Clean(d.opts.Encoding), "stated"
	case d.fit.Table.csv != nil && d.fit.Table.csv.enc != nil:
		x.Value, x.Why = encodingName(d.fit.Table.csv.enc), "found out; look at the names in the first rows"
	}
	x.Choices = []models.DraftChoice{{Value: "", Label: "find it out"}, {Value: "utf-8", Label: "utf-8"}, {Value: "windows-1252", Label: "windows-1252", Note: "western Windows"},
		{Value: "windows-874", Label: "windows-874", Note: "Thai Windows"}, {Value: "windows-1258", Label: "windows-1258", Note: "Vietnamese Windows"},
		{Value: "macintosh", Label: "macintosh", Note: "old Macs"}, {Value: "utf-16le", Label: "utf-16le"}}
	return x
}

// encodingName is what an encoding is called.
func encodingName(e encoding.Encoding) string {
	if name, err := htmlindex.Name(e); err == nil {
		return name
	}
	return strings.ToLower(fmt.Sprint(e))
}

// delimiters are the decisions what stands between the fields and around them.
func (d *drafting) delimiters() []models.Decision {
	c := d.fit.Table.csv
	if c == nil {
		return nil
	}
	delim := models.Decision{Key: "delimiter", Name: "Delimiter", Value: delimiterName(c.delimiter()), Why: c.why, Free: "the characters between two fields",
		Choices: []models.DraftChoice{{Value: "", Label: "find it out"}, {Value: ",", Label: "comma"}, {Value: ";", Label: "semicolon"}, {Value: "\t", Label: "tab"}, {Value: "|", Label: "bar"}}}
	quote := models.Decision{Key: "quote", Name: "Quote", Value: "none", Why: "around fields that hold the delimiter", Free: "one character, or none",
		Choices: []models.DraftChoice{{Value: "", Label: "find it out"}, {Value: "\"", Label: "double quote"}, {Value: "'", Label: "single quote"}, {Value: "none", Label: "none"}}}
	if c.quote != 0 {
		quote.Value = string(rune(c.quote))
	}
	return []models.Decision{delim, quote}
}

func (d *drafting) sheet() models.Decision {
	x := models.Decision{Key: "sheet", Name: "Sheet", Value: Clean(d.fit.Table.Sheet), Why: fmt.Sprintf("the first of %d sheets with rows", len(d.file.Tables))}
	switch {
	case d.opts.Sheet != "":
		x.Why = "stated"
	case d.known != nil:
		x.Why = "the recipe fits it"
	}
	for _, t := range d.file.Tables {
		x.Choices = append(x.Choices, models.DraftChoice{Value: t.Sheet, Label: Clean(t.Sheet), Note: shorten(strings.Join(banners(t.Head[:1]), " / "))})
	}
	if d.opts.Sheet != "" {
		x.Choices = []models.DraftChoice{{Value: "", Label: "choose among all sheets"}, {Value: d.opts.Sheet, Label: x.Value}}
	}
	return x
}

// header is the decision where the names of the columns stand, in one row or
// several.
func (d *drafting) header() models.Decision {
	fr := d.fit.frame
	x := models.Decision{Key: "header", Name: "Header", Value: fmt.Sprintf("row %d", d.row(fr.header)), Why: fr.why, Free: "the number of a row"}
	for i, row := range d.fit.Table.Head {
		if text := strings.Join(banners([][]string{d.shown(row, i >= fr.first)}), " / "); text != "" && i < 20 {
			x.Choices = append(x.Choices, models.DraftChoice{Value: strconv.FormatInt(d.row(i), 10), Label: fmt.Sprintf("row %d", d.row(i)), Note: shorten(text)})
		}
	}
	if fr.rows == 0 {
		x.Value = "none"
	}
	x.Choices = append(x.Choices, models.DraftChoice{Value: "", Label: "find it"})
	return x
}

// extent are the decisions how many rows the header takes up, and where the
// data begin and end.
func (d *drafting) extent() []models.Decision {
	fr := d.fit.frame
	rows := models.Decision{Key: "header_rows", Name: "Header rows", Value: strconv.Itoa(fr.rows), Why: "a column's name is made of all of them",
		Choices: []models.DraftChoice{{Value: "", Label: "find out"}, {Value: "1", Label: "one"}, {Value: "2", Label: "two"}, {Value: "3", Label: "three"}, {Value: "-1", Label: "none", Note: "the table has no header"}}}
	first := models.Decision{Key: "first", Name: "Data from", Value: fmt.Sprintf("row %d", d.row(fr.first)), Why: "the row below the header", Free: "the number of a row",
		Choices: []models.DraftChoice{{Value: "", Label: "the row below the header"}}}
	last := models.Decision{Key: "last", Name: "Data to", Value: "the end", Why: "notes below the table are left out", Free: "the number of a row",
		Choices: []models.DraftChoice{{Value: "", Label: "the end"}}}
	if d.opts.Last > 0 {
		last.Value, last.Why = fmt.Sprintf("row %d", d.opts.Last), "rows below are notes"
	}
	return []models.Decision{rows, first, last}
}

func (d *drafting) recipe() models.Decision {
	x := models.Decision{Key: models.ChangeRecipe, Name: "Recipe"}
	switch {
	case d.known == nil:
		x.Value, x.Why = "none yet", "no recipe knows this header; the columns are mapped by their names and values"
	case len(d.out.Missing) > 0:
		x.Value, x.Why = d.known.Name, "most of its header is there"
	default:
		x.Value, x.Why = d.known.Name, "its header is there"
		if d.out.Changed {
			x.Value += ", changed"
		}
	}
	x.Choices = []models.DraftChoice{{Value: models.NoRecipe, Label: "none", Note: "map the columns here"}}
	for _, r := range d.recipes {
		if FindRecipe(d.file, []*Recipe{r}) != nil {
			x.Choices = append(x.Choices, models.DraftChoice{Value: r.Name, Label: r.Name, Note: "fits"})
		} else if nearRecipe(d.file, []*Recipe{r}) != nil {
			x.Choices = append(x.Choices, models.DraftChoice{Value: r.Name, Label: r.Name, Note: "nearly fits"})
		}
	}
	return x
}

// counted is the decision what the rows count. It is never guessed: the ids
// that the names of file, sheet and columns point to come first.
func (d *drafting) counted() models.Decision {
	x := models.Decision{Key: "indicator", Name: "Rows count", Value: "not said yet", Why: "nothing in a file says this for sure"}
	r := d.fit.Recipe
	switch f, ok := r.Fields["indicator"]; {
	case ok && f.Const != "":
		x.Value, x.Why = f.Const, "in every row"
		if i := d.cat.Indicator(f.Const); i != nil {
			x.Value = i.Name
		}
	case r.has("indicator"):
		x.Value, x.Why = "as the rows say", "from "+strings.Join(fieldColumnsOf(r, "indicator"), ", ")
	}
	_, simple := r.Fields["indicator"]
	x.Fixed = r.has("indicator") && !simple
	said := headerWords(d.file.Name + " " + d.fit.Table.Sheet + " " + strings.Join(banners(d.fit.Table.Head[:d.fit.HeaderRow+1]), " "))
	x.Choices = rankIndicators(d.cat, said, r.Grain)
	return x
}

func fieldColumnsOf(r *Recipe, field string) []string {
	var out []string
	add := func(fs Fields) {
		if f, ok := fs[field]; ok {
			out = append(out, fieldColumns(&f)...)
		}
	}
	add(r.Fields)
	for _, o := range r.Observe {
		add(o.Fields)
	}
	return out
}

// rankIndicators lists the indicators, those first whose names share words
// with what a file says of itself.
func rankIndicators(cat *models.Catalog, said []string, grain models.Grain) []models.DraftChoice {
	type ranked struct {
		i *models.Indicator
		n int
	}
	var all []ranked
	for _, i := range cat.Indicators() {
		if i.Hidden || i.Measure != models.Count && grain == models.Record {
			continue
		}
		n := 0
		for k, w := range headerWords(i.Name + " " + i.Unit) {
			if k < 12 && len(w) > 3 && slices.Contains(said, w) {
				n += 10
			}
		}
		if n > 0 && i.ID == "vic_identified" {
			n += 5
		}
		if i.Group != "" {
			n -= 5
		}
		all = append(all, ranked{i, n})
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return b.n - a.n })
	var out []models.DraftChoice
	for _, r := range all {
		out = append(out, models.DraftChoice{Value: r.i.ID, Label: r.i.Name, Note: r.i.Unit})
	}
	return out
}

// constant is a decision about a field that is the same in every row, or that
// a column gives.
func (d *drafting) constant(field, name, why string) models.Decision {
	x := models.Decision{Key: field, Name: name, Value: "not stated", Why: why}
	r := d.fit.Recipe
	f, ok := r.Fields[field]
	switch {
	case ok && f.Const != "":
		x.Value, x.Why = d.cat.Label(field, f.Const), "in every row"
	case ok || r.has(field):
		x.Value, x.Why = "as the rows say", "from "+strings.Join(fieldColumnsOf(r, field), ", ")
	}
	x.Fixed = ok && !f.simple() && f.Const == "" || !ok && r.has(field)
	x.Choices = []models.DraftChoice{{Value: "", Label: "not stated"}}
	for _, k := range d.cat.Choices(field) {
		if field != models.DimReporter || k.Level == "country" {
			x.Choices = append(x.Choices, models.DraftChoice{Value: k.ID, Label: k.Label, Note: k.ID})
		}
	}
	return x
}

var yearInText = regexp.MustCompile(`\b(19|20)\d\d\b`)

// timeSaid asks for the time of the rows where no column gives it.
func (d *drafting) timeSaid() *models.Decision {
	r := d.fit.Recipe
	for _, t := range []string{"date", "period", "period_start", "period_end"} {
		if r.has(t) || d.wideSays(t) {
			return nil
		}
	}
	if d.wideSays("year") || r.has("month") {
		return nil
	}
	f, ok := r.Fields["year"]
	if ok && f.Const == "" || !ok && r.has("year") {
		return nil
	}
	x := models.Decision{Key: "year", Name: "Time", Value: "not stated", Why: "no column gives a year or a date", Free: "a year, half, quarter or month, such as 2024 or 2024-05"}
	for _, c := range d.columns {
		if why := c.leftDates(nil); why != "" && !personal(c.name) {
			x.Why = "no column gives a year or a date that can be read; column " + shorten(c.name) + " " + why
			break
		}
	}
	if f.Const != "" {
		x.Value, x.Why = f.Const, "in every row"
	}
	x.Choices = []models.DraftChoice{{Value: "", Label: "not stated"}}
	seen := map[string]bool{}
	where := []struct{ text, from string }{{strings.ReplaceAll(d.file.Name, "_", " "), "the name of the file"}, {d.fit.Table.Sheet, "the name of the sheet"},
		{strings.Join(banners(d.fit.Table.Head[:d.fit.HeaderRow]), " "), "the rows above the header"}}
	for _, w := range where {
		for _, y := range yearInText.FindAllString(w.text, -1) {
			if !seen[y] {
				seen[y] = true
				x.Choices = append(x.Choices, models.DraftChoice{Value: y, Label: y, Note: "in " + w.from})
			}
		}
	}
	return &x
}
