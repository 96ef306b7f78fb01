package datasets

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"tiplens/models"
)

// said is one line of the block of metadata.
type said struct{ what, text string }

// about lists what must be known of the numbers by whoever holds the file.
func (x *Export) about() []said {
	a := x.Answer
	var out []said
	add := func(what, text string) {
		text = models.Printable(text)
		if text = strings.TrimSpace(text); text != "" && !slices.Contains(out, said{what, text}) {
			out = append(out, said{what, text})
		}
	}
	add("title", x.heading())
	switch x.mark() {
	case "TRAINING":
		add("audience", "TRAINING: invented persons, no real figures")
	case "INTERNAL":
		add("audience", "INTERNAL: exact numbers, not for publication")
	}
	add("unit", a.Unit)
	add("percent", a.Base)
	victims := false
	for _, p := range a.Slice.Parts {
		if i := x.Catalog.Indicator(p.Indicator); i != nil {
			victims = victims || i.Family == "victims"
			add("indicator", i.Name+" ("+i.ID+"): "+i.Definition)
			add("counted are", i.Counted)
		}
	}
	for _, s := range a.Sources {
		of := s.Agency + ", " + s.Dataset + ": "
		if len(a.Sources) == 1 {
			of = ""
		}
		add("source", s.Line())
		if victims { // of others it is no matter
			prefixed(add, "a victim here is", of, s.Definition)
		}
		prefixed(add, "scope", of, x.word("scope", s.Scope))
		prefixed(add, "coverage", of, x.word("coverage", s.Coverage))
		prefixed(add, "period of the data", of, s.Period)
		prefixed(add, "not stated by the source", of, s.Missing)
	}
	for _, r := range a.Warnings {
		add("warning", r.String())
	}
	for _, r := range a.Footnotes {
		add("note", r.String())
	}
	for _, r := range x.cellNotes() {
		add("note on a number", r.String())
	}
	for i := range a.Blocks {
		b := &a.Blocks[i]
		for _, dim := range slices.Sorted(maps.Keys(b.Unstated)) {
			if share := b.Unstated[dim]; share > 0 {
				add("not stated", fmt.Sprintf("%s for %.1f %% (%s)", strings.ReplaceAll(dim, "_", " "), 100*share, b.Source.Dataset))
			}
		}
		add("no numbers", b.Missing)
	}
	add("rules", strings.Join(x.rules(), ", "))
	if m := x.legend(); m != "" {
		add("marks", m)
	}
	if len(a.Pinned.Parts) > 0 {
		add("slice", a.Reopens())
	}
	for _, c := range a.Cite(x.On) {
		add("cite as", c)
	}
	for _, s := range a.Sources {
		sum := "comes with the program"
		if s.SHA256 != "" {
			sum = "SHA-256 " + s.SHA256
		}
		add("file", fmt.Sprintf("%s (%s@%d), %s", s.File, s.Dataset, s.Version, sum))
		if s.Corrected != "" {
			add("corrected by", s.Corrected)
		}
	}
	add("exported", strings.TrimSpace(x.On.Format(time.DateOnly)+" "+x.Program))
	return out
}

// prefixed adds a line with the source it is of, if there is anything to say.
func prefixed(add func(what, text string), what, of, text string) {
	if text != "" {
		add(what, of+text)
	}
}

// word says codes of a dimension in words.
func (x *Export) word(dim, codes string) string {
	var out []string
	for _, c := range strings.Split(codes, ", ") {
		if c != "" {
			out = append(out, strings.ReplaceAll(x.Catalog.Label(dim, c), "_", " "))
		}
	}
	return strings.Join(out, ", ")
}

// cells goes through all cells of the answer.
func (x *Export) cells(yield func(models.Cell) bool) {
	for i := range x.Answer.Blocks {
		for _, row := range x.Answer.Blocks[i].Cells {
			for _, c := range row {
				if !yield(c) {
					return
				}
			}
		}
	}
}

// maxCellNotes bounds the notes on single numbers that the block lists.
const maxCellNotes = 20

// cellNotes lists what is said of single numbers and not of all.
func (x *Export) cellNotes() []models.Remark {
	var out []models.Remark
	all := slices.Concat(x.Answer.Warnings, x.Answer.Footnotes)
	for c := range x.cells {
		for _, n := range c.Notes() {
			if !slices.Contains(all, n) && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	if more := len(out) - maxCellNotes; more > 0 {
		out = append(out[:maxCellNotes], models.Remark{Text: fmt.Sprintf("%d more such notes; the card of each number has its own", more)})
	}
	return out
}

// rules lists the rules that fired, anywhere in the answer.
func (x *Export) rules() []string {
	var out []string
	for _, r := range slices.Concat(x.Answer.Warnings, x.Answer.Footnotes) {
		out = append(out, r.Rule)
	}
	for c := range x.cells {
		out = append(out, c.Rules()...)
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(r string) bool { return r == "" })
}

// legend explains the marks that stand in the table.
func (x *Export) legend() string {
	has := func(is func(models.Cell) bool) bool {
		for c := range x.cells {
			if is(c) {
				return true
			}
		}
		return false
	}
	bound := func(c models.Cell) bool { return c.State == models.Bound }
	var out []string
	for _, m := range []struct {
		means string
		is    func(models.Cell) bool
	}{
		{".. no data", func(c models.Cell) bool { return c.State == models.NoData || c.Text() == ".." }},
		{"- does not apply", func(c models.Cell) bool { return c.State == models.NotApply }},
		{"* withheld", func(c models.Cell) bool { return c.State == models.Withheld }},
		{"<5 fewer than five", func(c models.Cell) bool { return bound(c) && strings.Contains(c.Text(), "<5") }},
		{"5-8 between the two", func(c models.Cell) bool {
			return bound(c) && !math.IsInf(c.High(), 1) && !strings.Contains(c.Text(), "<5")
		}},
		{">= at least", func(c models.Cell) bool { return bound(c) && math.IsInf(c.High(), 1) && !c.Strict }},
		{"> more than", func(c models.Cell) bool { return bound(c) && math.IsInf(c.High(), 1) && c.Strict }},
		{"~ about", func(c models.Cell) bool { return c.About }},
		{"(period) the number is of that period, not of the column's", func(c models.Cell) bool { return c.Part() != "" }},
	} {
		if has(m.is) {
			out = append(out, m.means)
		}
	}
	var letters []string
	for c := range x.cells {
		if c.Status() != "" && !slices.Contains(letters, c.Status()) {
			letters = append(letters, c.Status())
		}
	}
	slices.Sort(letters)
	for _, l := range letters {
		out = append(out, l+" behind a number: "+statusWords(l))
	}
	return strings.Join(out, "; ")
}

// statusWords says what SDMX status letters mean.
func statusWords(letters string) string {
	names := map[rune]string{'B': "the series breaks here", 'P': "provisional", 'E': "estimated", 'D': "definition differs", 'F': "forecast",
		'I': "imputed", 'S': "strike or other special event", 'U': "low reliability", 'V': "not validated"}
	var out []string
	for _, r := range letters {
		if n := names[r]; n != "" {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		return "a status of SDMX"
	}
	return strings.Join(out, ", ")
}
