package datasets

import (
	"slices"
	"strings"
)

// FitFile finds the recipe by which a file is read without asking anybody: one
// that fits, or one that lacks no more than columns which it does not read.
// Nil where there is none; then near names the recipe that comes nearest, if
// any does, and absent what it lacks.
func FitFile(f *File, recipes []*Recipe) (fit *Fit, near string, absent []string) {
	if fit := FindRecipe(f, recipes); fit != nil {
		return fit, "", nil
	}
	n := nearRecipe(f, recipes)
	if n == nil {
		return nil, "", nil
	}
	name := n.fit.Recipe.Name
	if n.waive(); len(n.absent) > 0 {
		return nil, name, n.absent
	}
	return n.fit, name, nil
}

// nearFit is a recipe that fits a file but for some columns.
type nearFit struct {
	fit    *Fit
	absent []string // columns that it asks for and the file lacks
}

// nearRecipe finds the recipe most of whose header stands in one row of the
// file, nil where none comes near: last month's file with a column less, or
// one that is now called otherwise.
func nearRecipe(f *File, recipes []*Recipe) *nearFit {
	var best *nearFit
	for _, r := range recipes {
		if len(r.Match.Format) > 0 && !slices.Contains(r.Match.Format, f.Format) {
			continue
		}
		for _, t := range f.Tables {
			if r.Match.Sheet != "" && !strings.EqualFold(r.Match.Sheet, t.Sheet) {
				continue
			}
			for i, fr := range t.frames() {
				absent := lacking(fr.names, r.Match.Header)
				there := len(r.Match.Header) - len(absent)
				if there < 2 || there*3 < len(r.Match.Header)*2 {
					continue
				}
				if best == nil || len(absent) < len(best.absent) || len(absent) == len(best.absent) && i == 0 && r == best.fit.Recipe {
					best = &nearFit{&Fit{Recipe: r, Table: t, HeaderRow: fr.header, frame: fr}, absent}
				}
			}
		}
	}
	return best
}

// frames lists the headers that a table may have: the one that was found,
// then each of its first rows, unless a person has said where it stands.
func (t *Table) frames() []frame {
	var out []frame
	if fr, err := t.frame(); err == nil {
		out = append(out, fr)
	}
	if t.plain || t.opts.Header != 0 || t.opts.HeaderRows != 0 {
		return out
	}
	for i, row := range t.Head {
		out = append(out, frame{header: i, rows: 1, first: i + 1, last: int64(t.opts.Last), names: columnNames(row), titles: cleanAll(row), why: "the recipe knows its names"})
	}
	return out
}

// lacking lists what of a header does not stand in a row.
func lacking(row, want []string) []string {
	var out []string
	for _, h := range want {
		if !hasAll(row, []string{h}) {
			out = append(out, h)
		}
	}
	return out
}

// waive takes out of a near fit the columns that the recipe knows but does not
// read: nobody misses them.
func (n *nearFit) waive() {
	r := n.fit.Recipe.clone()
	read := r.columns()
	n.absent = slices.DeleteFunc(n.absent, func(c string) bool {
		if slices.ContainsFunc(read, func(o string) bool { return strings.EqualFold(o, c) }) {
			return false
		}
		r.rename(c, "")
		return true
	})
	n.fit = &Fit{Recipe: r, Table: n.fit.Table, HeaderRow: n.fit.HeaderRow, frame: n.fit.frame}
}

// clone copies a recipe as deep as a person's changes reach.
func (r *Recipe) clone() *Recipe {
	c := *r
	c.Match.Header, c.Keep, c.Drop = slices.Clone(r.Match.Header), slices.Clone(r.Keep), slices.Clone(r.Drop)
	c.Fields = Fields{}
	for name, f := range r.Fields {
		c.Fields[name] = f.clone()
	}
	c.Observe = slices.Clone(r.Observe)
	for i, o := range r.Observe {
		c.Observe[i].Fields = Fields{}
		for name, f := range o.Fields {
			c.Observe[i].Fields[name] = f.clone()
		}
	}
	c.Legs = slices.Clone(r.Legs)
	for i, l := range r.Legs {
		c.Legs[i].Field = l.Field.clone()
	}
	return &c
}

func (f Field) clone() Field {
	f.Cases = slices.Clone(f.Cases)
	for i := range f.Cases {
		f.Cases[i] = f.Cases[i].clone()
	}
	return f
}
