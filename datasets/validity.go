package datasets

import (
	"fmt"
	"sort"
	"strings"

	"tiplens/models"
)

// validity gives the time in which the codes of a value exist together:
// provinces are split and merged.
func (p *plan) validity(dim, codes string) models.Period {
	valid := models.Undated
	if dim == "leg_place" {
		dim = models.DimPlace
	}
	if p.matcher.list(dim) != "area" || codes == "" || codes[0] == '_' {
		return valid
	}
	for _, c := range strings.Split(codes, models.SetJoin) {
		k := p.cat.Code(dim, c)
		if k == nil {
			continue
		}
		if k.ValidFrom != models.NoDate && k.ValidFrom > valid.Start {
			valid.Start = k.ValidFrom
		}
		if k.ValidTo != models.NoDate && (valid.End == models.NoDate || k.ValidTo < valid.End) {
			valid.End = k.ValidTo
		}
	}
	return valid
}

type undatedKey struct{ column, dim, code string }

// undated counts rows dated when their code did not exist.
type undated struct {
	valid      models.Period
	count, row int64
}

// exists notes values of the row at hand that did not exist at its time. They
// stay what they are: what is doubtful may be the date as well as the place.
func (w *worker) exists(v *variant, when models.Period, line int64) {
	for k, g := range v.coded {
		c := w.now[k]
		if c.valid == models.Undated {
			continue
		}
		early := c.valid.Start != models.NoDate && when.End != models.NoDate && when.End < c.valid.Start
		late := c.valid.End != models.NoDate && when.Start != models.NoDate && when.Start > c.valid.End
		if !early && !late {
			continue
		}
		key := undatedKey{w.p.textColumns(g), g.name, c.code}
		u := w.tally.undated[key]
		if u == nil {
			u = &undated{valid: c.valid, row: line}
			w.tally.undated[key] = u
		}
		u.count++
		u.row = min(u.row, line)
	}
}

// undatedFindings tells of them.
func (t *tally) undatedFindings() []models.Finding {
	var keys []undatedKey
	for k := range t.undated {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		return keys[i].column+"\x00"+keys[i].dim+"\x00"+keys[i].code < keys[j].column+"\x00"+keys[j].dim+"\x00"+keys[j].code
	})
	cat := Catalogue()
	var out []models.Finding
	for _, k := range keys {
		u := t.undated[k]
		what := fmt.Sprintf("%s (%s) exists only ", k.code, cat.Label(k.dim, k.code))
		switch {
		case u.valid.Start != models.NoDate && u.valid.End != models.NoDate:
			what += fmt.Sprintf("from %s to %s", u.valid.Start, u.valid.End)
		case u.valid.Start != models.NoDate:
			what += "since " + u.valid.Start.String()
		default:
			what += "until " + u.valid.End.String()
		}
		do := "Check the date and the place; the rows count as they stand"
		if c := cat.Code(k.dim, k.code); c != nil && c.Note != "" {
			do = c.Note + ". " + do
		}
		out = append(out, models.Finding{Severity: models.Doubt, Kind: models.KindDates, Column: k.column, Row: u.row, Count: u.count,
			What: what + ", and rows are dated outside that time; this is the first", Do: do})
	}
	return out
}
