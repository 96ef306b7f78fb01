package tui

import (
	"fmt"
	"strings"

	"tiplens/models"
)

// valueLines are the texts of mapped columns whose code is not certain. Enter
// on a column lists all of its texts.
func (p *loadPage) valueLines(w int) []loadLine {
	var out []loadLine
	for _, c := range p.draft.Columns {
		if len(c.Values) == 0 {
			continue
		}
		all := p.all[c.Name]
		what := "all are known"
		if c.Open > 0 {
			what = fmt.Sprintf("%d to decide", c.Open)
		}
		hint := "enter lists all"
		if all {
			hint = "enter lists those to decide"
		}
		out = append(out, loadLine{text: fmt.Sprintf(" %s, %s: %s (%s)", c.Name, p.fieldName(c.Field), what, hint), key: "values:" + c.Name,
			enter: func() reply { p.all[c.Name] = !all; return took }})
		for _, v := range c.Values {
			if all || !v.State.Settled() {
				out = append(out, p.valueLine(c, v, w))
			}
		}
	}
	if len(out) == 0 {
		out = append(out, loadLine{text: " No column is read as a list of names or codes."})
	}
	return out
}

func (p *loadPage) valueLine(c models.DraftColumn, v models.DraftValue, w int) loadLine {
	becomes := v.Label
	switch v.State {
	case models.ValueNone:
		becomes = "not stated"
	case models.ValueBad:
		becomes = "unreadable, rows held"
	case models.ValueDoubtful:
		becomes = "waits, rows held"
	case models.ValueStated:
		becomes += " *"
	}
	near := ""
	if len(v.Near) > 0 && !v.State.Settled() {
		near = "  " + v.Near[0].Label + "?"
	}
	size := max((w-16)/3, 12)
	l := loadLine{text: "   " + pad(v.Text, size) + padLeft(fmt.Sprint(v.Count), 7) + "  " + pad(becomes, size) + near, key: "value:" + c.Name + ":" + v.Text,
		why:   fmt.Sprintf("%q stands %s in the rows that were looked at. It counts as %s.", v.Text, models.Many(v.Count, "times"), becomes),
		enter: func() reply { return p.codes(c, v) },
		minus: func() reply {
			return p.amend(models.DraftChange{Key: models.ChangeCode, Column: c.Name, Text: v.Text, Value: "-"})
		}}
	if len(v.Near) > 0 {
		l.space = func() reply {
			return p.amend(models.DraftChange{Key: models.ChangeCode, Column: c.Name, Text: v.Text, Value: v.Near[0].Value})
		}
	}
	return l
}

// codes opens the codes that a text may stand for, likely ones first.
func (p *loadPage) codes(c models.DraftColumn, v models.DraftValue) reply {
	pk := &picker{title: v.Text + " is", fold: p.cat.Fold}
	has := map[string]bool{}
	add := func(code, label, note, search string) {
		if !has[code] {
			has[code] = true
			pk.items = append(pk.items, item{code: code, label: label, note: note, search: search})
		}
	}
	field, _, _ := strings.Cut(c.Field, ", ")
	for _, n := range v.Near {
		add(n.Value, n.Label, "proposed", p.cat.SearchText(field, n.Value))
	}
	add("-", "not stated", "nothing is known from it", "not stated")
	if v.State == models.ValueStated || v.State == models.ValueNone {
		add("", "as it was before", "take the answer back", "as it was before")
	}
	if field == "indicator" {
		for _, i := range p.cat.Indicators() {
			add(i.ID, i.Name, i.Unit, p.cat.Fold(i.Name)+"\n"+p.cat.Fold(i.ID))
		}
	} else if p.cat.Dimension(field) != nil && !p.cat.Open(field) {
		for _, k := range p.cat.Choices(field) {
			add(k.ID, k.Label, k.ID, p.cat.SearchText(field, k.ID))
		}
		add(models.Other, "Other", "known, but outside the list", "other")
	}
	pk.apply = func(codes []string, _ bool) reply {
		return p.chosen(models.DraftChange{Key: models.ChangeCode, Column: c.Name, Text: v.Text, Value: strings.Join(codes, "")})
	}
	return reply{handled: true, open: pk}
}
