package tui

import (
	"strconv"
	"strings"

	"tiplens/models"
)

// The reading line says in words what is under the cursor. What stays the same
// from one step to the next stands first: only what changes is sent.

// cellWords is a cell as a sentence has it: the number, or its mark with what
// the mark means.
func cellWords(c models.Cell) string {
	t := c.Text()
	if c.Part() != "" && c.HasBounds() {
		t += " (" + c.Part() + ")"
	}
	switch c.State {
	case models.NoData:
		return t + " no data"
	case models.NotApply:
		return t + " does not apply"
	case models.Withheld:
		return t + " withheld"
	case models.Zero:
		return t + ", stated"
	case models.Bound:
		return t + " (bounds)"
	case models.Blank:
		return "not asked"
	}
	if c.Form == models.Percent {
		t += " %"
		if c.Base > 0 {
			t += ", " + models.FormatNumber(c.Count) + " of " + models.FormatNumber(c.Base)
		}
	}
	return t
}

// shareWords is the share of a cell in a total, "" where either is not known
// or is a share itself.
func shareWords(c, total models.Cell) string {
	if !isWhole(total) || !c.HasValue() || c.Form != models.Plain || c.Base > 0 {
		return ""
	}
	return strconv.FormatFloat(100*c.Value/total.Value, 'f', 1, 64) + " %"
}

// isWhole reports whether shares can be taken of a total.
func isWhole(total models.Cell) bool {
	return total.State == models.Known && total.Value > 0 && total.Form == models.Plain && total.Base == 0
}

// ranks gives the place of each row among those that count one code each and
// whose number is known; rows with equal numbers share a place.
func ranks(b *models.Block, col int) (rank map[int]int, of int) {
	ranked := func(r int) bool { return b.Rows[r].Kind == models.CodeHeader && b.Cells[r][col].HasValue() }
	rank = map[int]int{}
	for r := range b.Rows {
		if !ranked(r) {
			continue
		}
		of++
		rank[r] = 1
		for o := range b.Rows {
			if ranked(o) && b.Cells[o][col].Value > b.Cells[r][col].Value {
				rank[r]++
			}
		}
	}
	return rank, of
}

// class is how a class looks: a digit, or a shade in the rich look. 0 is none.
func (l Look) class(n int) string {
	switch {
	case n <= 0 || n > models.MaxClasses:
		return " "
	case l.Rich:
		return string([]rune("▁░▒▓█")[n-1])
	}
	return strconv.Itoa(n)
}

// legend says which values each class holds, then what the other marks mean, in
// at most h lines of w cells. Where these are too few it gives the lowest value
// of each class only.
func (l Look) legend(c models.Classes, form models.Form, marks []string, w, h int) []string {
	how := "fifths: "
	switch n := len(c.List); {
	case c.Breaks != nil:
		how = "own classes: "
	case n == 1:
		how = "1 class: "
	case n < models.MaxClasses: // equal numbers share one
		how = strconv.Itoa(n) + " classes: "
	}
	items := func(ranges bool) []string {
		var out []string
		for i := range c.List {
			out = append(out, l.class(i+1)+" "+classText(c, i, form, ranges))
		}
		if out = append(out, marks...); len(out) > 0 {
			out[0] = how + out[0]
		}
		return out
	}
	out := packed(items(true), "  ", w)
	if len(out) > h {
		how = strings.Replace(how, ":", " from:", 1)
		out = packed(items(false), "  ", w)
	}
	return out[:min(len(out), max(h, 0))]
}

// classText is the range of a class in numbers, or where it starts.
func classText(c models.Classes, i int, form models.Form, ranges bool) string {
	number := func(v float64) string { return models.Cell{State: models.Known, Value: v, Form: form}.Text() }
	k := c.List[i]
	switch {
	case c.Breaks != nil && i == 0:
		return "under " + number(c.Breaks[0])
	case c.Breaks != nil && !ranges:
		return number(c.Breaks[i-1])
	case c.Breaks != nil && i == len(c.Breaks):
		return number(c.Breaks[i-1]) + " and over"
	case c.Breaks != nil:
		return number(c.Breaks[i-1]) + " to under " + number(c.Breaks[i])
	case ranges && k.Low != k.High:
		return number(k.Low) + "-" + number(k.High)
	}
	return number(k.Low)
}

// classMark is a cell of a map or heat table: its class, or what it is where
// it has none.
func (l Look) classMark(c models.Cell, in models.Classes) string {
	if c.State == models.Known {
		return l.class(in.Of(c.Value))
	}
	return c.Text()
}

// marksUsed explains the marks of cells without a class that occur.
func marksUsed(cells []models.Cell) []string {
	var out []string
	for _, m := range []struct {
		state models.CellState
		text  string
	}{{models.Zero, "0 stated zero"}, {models.NoData, ".. no data"}, {models.NotApply, "- does not apply"}, {models.Withheld, "* withheld"}, {models.Bound, "< or a range: only bounds known"}} {
		for _, c := range cells {
			if c.State == m.state {
				out = append(out, m.text)
				break
			}
		}
	}
	return out
}

// packed sets items behind each other into lines of at most w cells, none of
// them broken.
func packed(items []string, gap string, w int) []string {
	var out []string
	line := ""
	for _, it := range items {
		switch {
		case line == "":
			line = it
		case width(line)+width(gap)+width(it) <= w:
			line += gap + it
		default:
			out, line = append(out, cut(line, w)), it
		}
	}
	if line != "" {
		out = append(out, cut(line, w))
	}
	return out
}
