package tui

import (
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

const loadKey = "load" // of the line that loads the file

// heads lists the tabs, the one at hand in brackets, with how much is in it to
// be looked at.
func (p *loadPage) heads(w int) string {
	open := 0
	for _, c := range p.draft.Columns {
		open += c.Open
	}
	count := func(name string, n int) string {
		if n > 0 {
			return fmt.Sprintf("%s %d", name, n)
		}
		return name
	}
	names := []string{"File", count("Columns", len(p.draft.New)+len(p.draft.Missing)), count("Values", open), "Preview", count("Findings", len(p.draft.Findings))}
	for i := range names {
		if loadTab(i) == p.tab {
			names[i] = "[" + names[i] + "]"
		}
	}
	tabs := strings.Join(names, "  ")
	name := cut(p.draft.File, max(w-width(tabs)-4, 8))
	return cut(name+strings.Repeat(" ", max(w-width(name)-width(tabs)-1, 2))+tabs, w)
}

func draftSummary(d *models.Draft) string {
	rows := models.Many(d.Read, "rows")
	switch {
	case d.Whole:
	case d.InFile > 0:
		rows = "all " + models.Many(d.InFile, "rows")
	default:
		rows = "all rows"
	}
	text := rows + " as dataset " + d.Dataset
	if d.Known {
		text += " with recipe " + d.Recipe
	}
	switch {
	case !d.Whole:
		text += "; of the " + models.FormatNumber(float64(d.Read)) + " looked at " + models.FormatNumber(float64(d.Held)) + " would be held back"
	case d.Held > 0:
		text += ", " + models.FormatNumber(float64(d.Held)) + " of them held back"
	}
	return text
}

// lines are those of the tab at hand.
func (p *loadPage) lines(w int) []loadLine {
	if p.draft == nil {
		return p.unreadLines()
	}
	switch p.tab {
	case tabColumns:
		return p.columnLines(w)
	case tabValues:
		return p.valueLines(w)
	case tabPreview:
		return p.previewLines(w)
	case tabFindings:
		return p.findingLines(w)
	}
	return p.fileLines(w)
}

// unreadLines are what a person may say about a file that cannot be read.
func (p *loadPage) unreadLines() []loadLine {
	if p.busy {
		return nil
	}
	encoding := models.Decision{Key: "encoding", Name: "Encoding", Free: "the name of an encoding",
		Choices: []models.DraftChoice{{Value: "windows-1252", Label: "windows-1252", Note: "western Windows"}, {Value: "windows-874", Label: "windows-874", Note: "Thai Windows"},
			{Value: "windows-1258", Label: "windows-1258", Note: "Vietnamese Windows"}, {Value: "macintosh", Label: "macintosh", Note: "old Macs"}, {Value: "utf-16le", Label: "utf-16le"}}}
	hold := models.Decision{Key: models.ChangeHold, Name: "Rows of a wrong shape", Choices: []models.DraftChoice{{Value: "yes", Label: "set them aside"}, {Value: "", Label: "refuse the file"}}}
	return []loadLine{
		{text: "choose its encoding", key: "encoding", enter: func() reply { return p.decide(encoding) }},
		{text: "set rows of a wrong shape aside", key: "hold", enter: func() reply { return p.decide(hold) }},
	}
}

const decisionCells = 18

// fileLines are the decisions about the file, and its first rows.
func (p *loadPage) fileLines(w int) []loadLine {
	var out []loadLine
	if p.draft.Blocks == "" {
		out = append(out, loadLine{text: " Load it", key: loadKey, enter: p.load, why: draftSummary(p.draft)})
	}
	for _, x := range p.draft.Decisions {
		if !slices.Contains(lesser, x.Key) {
			out = append(out, p.decisionLine(x, w))
		}
	}
	out = append(out, loadLine{text: " First rows; = is the header"})
	var rows [][]string
	for _, r := range p.draft.Rows[:min(len(p.draft.Rows), 8)] {
		mark := " "
		if r.Header {
			mark = "="
		}
		rows = append(rows, append([]string{mark + fmt.Sprint(r.Row)}, r.Cells...))
	}
	for _, t := range p.columns(rows, w) {
		out = append(out, loadLine{text: t})
	}
	for _, x := range p.draft.Decisions {
		if slices.Contains(lesser, x.Key) {
			out = append(out, p.decisionLine(x, w))
		}
	}
	return out
}

// lesser are decisions that seldom need a look; they stand below the rows.
var lesser = []string{"format", "delimiter", "quote", "header_rows", "first", "last", models.DimReporter, models.ChangeTitle}

func (p *loadPage) decisionLine(x models.Decision, w int) loadLine {
	mark := " "
	switch {
	case p.draft.BlocksAt == x.Key && p.draft.Blocks != "":
		mark = "!"
	case x.Stated:
		mark = "*"
	}
	text := mark + pad(x.Name, decisionCells) + " " + x.Value
	if x.Why != "" && x.Value != "" && width(text)+4 < w {
		text += "  (" + x.Why + ")"
	}
	l := loadLine{text: text, key: x.Key, why: x.Name + ": " + x.Value + ". " + upperFirst(x.Why) + "."}
	if !x.Fixed {
		l.enter = func() reply { return p.decide(x) }
	}
	return l
}

// columns sets rows in columns, the first always, the others from p.left on.
func (p *loadPage) columns(rows [][]string, w int) []string {
	widest := 0
	for _, r := range rows {
		widest = max(widest, len(r))
	}
	p.left = min(p.left, max(widest-2, 0))
	size := make([]int, widest)
	for _, r := range rows {
		for i, c := range r {
			size[i] = min(max(size[i], width(c)), 20)
		}
	}
	var out []string
	for _, r := range rows {
		var b strings.Builder
		for i, c := range r {
			if i > 0 && i <= p.left {
				continue
			}
			b.WriteString(pad(c, size[i]) + "  ")
			if b.Len() > 4*w {
				break
			}
		}
		out = append(out, cut(strings.TrimRight(b.String(), " "), w-2))
	}
	return out
}

// decide opens the choices of a decision.
func (p *loadPage) decide(x models.Decision) reply {
	pk := &picker{title: x.Name, fold: strings.ToLower}
	for _, c := range x.Choices {
		pk.items = append(pk.items, item{code: c.Value, label: c.Label, note: c.Note, search: strings.ToLower(c.Label + "\n" + c.Note + "\n" + c.Value)})
	}
	if x.Free != "" {
		pk.raw = true
		pk.free = func(typed string) (item, string) {
			typed = strings.TrimSpace(typed)
			return item{code: typed, label: typed, note: "as typed"}, ""
		}
		pk.empty = "Type " + x.Free + "."
	}
	pk.apply = func(codes []string, _ bool) reply {
		return p.chosen(models.DraftChange{Key: x.Key, Value: strings.Join(codes, "")})
	}
	return reply{handled: true, open: pk}
}

const columnCells = 22

// columnLines are the columns of the file and what they are read as; those
// that a recipe misses come first.
func (p *loadPage) columnLines(w int) []loadLine {
	var out []loadLine
	name := min(columnCells, w/3)
	for _, m := range p.draft.Missing {
		out = append(out, loadLine{text: "!" + pad(m, name) + " is missing: enter says what stands in its place", key: "missing:" + m,
			why:   fmt.Sprintf("Recipe %s reads a column %q, and this file has none of that name.", p.draft.Recipe, m),
			enter: func() reply { return p.replace(m) }, minus: func() reply { return p.amend(models.DraftChange{Key: models.ChangeWithout, Column: m}) }})
	}
	for _, c := range p.draft.Columns {
		mark := " "
		switch {
		case c.New:
			mark = "+"
		case c.Open > 0:
			mark = "!"
		case c.Why == "stated":
			mark = "*"
		}
		field := p.fieldName(c.Field)
		if c.Personal && c.Field == "" {
			field = "left out: names people"
		}
		samples := strings.Join(c.Samples, " | ")
		if c.Personal {
			samples = ""
		}
		why := c.Why
		if c.Fixed != "" {
			why = c.Fixed
		}
		l := loadLine{text: mark + pad(c.Name, name) + " " + pad(field, name) + "  " + samples, key: "column:" + c.Name, why: p.columnWhy(c, why)}
		if c.Fixed == "" {
			l.enter = func() reply { return p.readAs(c) }
			l.minus = func() reply { return p.amend(models.DraftChange{Key: models.ChangeField, Column: c.Name}) }
		}
		out = append(out, l)
	}
	return out
}

func (p *loadPage) columnWhy(c models.DraftColumn, why string) string {
	text := fmt.Sprintf("Column %s: %s. ", c.Name, p.fieldName(c.Field))
	if c.New {
		text += "The recipe does not know this column. "
	}
	if why != "" {
		text += upperFirst(why) + ". "
	}
	return text + fmt.Sprintf("In the rows that were looked at it has %s and is empty %s.", models.Many(c.Distinct, "different texts"), models.Many(c.Empty, "times"))
}

func (p *loadPage) fieldName(field string) string {
	var out []string
	for _, f := range strings.Split(field, ", ") {
		i := slices.IndexFunc(p.draft.Fields, func(c models.DraftChoice) bool { return c.Value == f })
		if i >= 0 {
			f = p.draft.Fields[i].Label
		}
		out = append(out, f)
	}
	return strings.Join(out, ", ")
}

// readAs opens the fields that a column may be read as, likely ones first.
func (p *loadPage) readAs(c models.DraftColumn) reply {
	pk := &picker{title: c.Name + " is", fold: strings.ToLower}
	add := func(f models.DraftChoice) {
		if !slices.ContainsFunc(pk.items, func(it item) bool { return it.code == f.Value }) {
			pk.items = append(pk.items, item{code: f.Value, label: f.Label, note: f.Note, search: strings.ToLower(f.Label + "\n" + f.Value)})
		}
	}
	for _, s := range c.Suggest {
		add(s)
	}
	for _, f := range p.draft.Fields {
		if !c.Personal || f.Value == "" || f.Value == "subject" {
			add(f)
		}
	}
	pk.apply = func(codes []string, _ bool) reply {
		return p.chosen(models.DraftChange{Key: models.ChangeField, Column: c.Name, Value: strings.Join(codes, "")})
	}
	return reply{handled: true, open: pk}
}

// replace asks what stands in the place of a column that is missing.
func (p *loadPage) replace(missing string) reply {
	pk := &picker{title: missing + " is missing", fold: strings.ToLower}
	pk.items = append(pk.items, item{code: "", label: "go on without it", search: "go on without it"})
	for _, c := range p.draft.Columns {
		if !c.Personal {
			pk.items = append(pk.items, item{code: c.Name, label: c.Name, note: strings.Join(c.Samples, " | "), search: strings.ToLower(c.Name)})
		}
	}
	pk.apply = func(codes []string, _ bool) reply {
		if len(codes) == 0 {
			return p.chosen(models.DraftChange{Key: models.ChangeWithout, Column: missing})
		}
		return p.chosen(models.DraftChange{Key: models.ChangeInstead, Column: missing, Value: codes[0]})
	}
	return reply{handled: true, open: pk}
}

// previewLines are the rows as they would become.
func (p *loadPage) previewLines(w int) []loadLine {
	var out []loadLine
	for _, s := range p.draft.Same {
		for _, t := range wrap("In every row "+s, w-3) {
			out = append(out, loadLine{text: " " + t})
		}
	}
	if len(p.draft.Preview) == 0 {
		return append(out, loadLine{text: " No row can be shown yet."})
	}
	for _, t := range p.columns(append([][]string{p.draft.Head}, p.draft.Preview...), w) {
		out = append(out, loadLine{text: " " + t})
	}
	return out
}

// findingLines are what the load would tell.
func (p *loadPage) findingLines(w int) []loadLine {
	var out []loadLine
	for _, s := range p.draft.Sum() {
		for _, t := range wrap(s, w-3) {
			out = append(out, loadLine{text: " " + t})
		}
	}
	for _, f := range p.draft.Told() {
		f.File = ""
		for i, t := range wrap(string(f.Severity)+": "+f.String(), w-5) {
			lead := " "
			if i > 0 {
				lead = "   "
			}
			out = append(out, loadLine{text: lead + t})
		}
	}
	return out
}
