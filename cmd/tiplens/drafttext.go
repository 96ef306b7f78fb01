package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"tiplens/models"
)

// writeDraft prints a draft as text: what was decided, the columns, what is to
// be decided about values, a preview and the findings.
func writeDraft(w io.Writer, d *models.Draft) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(cells ...string) {
		fmt.Fprintln(t, strings.TrimRight(strings.Join(cells, "\t"), "\t "))
	}
	section := func(name string) {
		t.Flush()
		fmt.Fprintf(w, "\n%s\n", name)
	}
	fmt.Fprintf(w, "%s, %s bytes\n", d.File, models.FormatNumber(float64(d.Size)))
	if d.Blocks != "" {
		fmt.Fprintf(w, "Not ready to load: %s.\n", d.Blocks)
	}
	section("What was decided")
	for _, x := range d.Decisions {
		if x.Value != "" {
			line("  "+x.Key, x.Value, x.Why)
		}
	}
	section("Columns")
	for _, c := range d.Columns {
		field := c.Field
		if field == "" {
			field = "left out"
		}
		line("  "+c.Name, field, notes(c), strings.Join(c.Samples, " | "))
	}
	if open := openValues(d); len(open) > 0 {
		section("Values to decide")
		for _, v := range open {
			line(v...)
		}
	}
	section("Preview")
	for _, s := range d.Same {
		fmt.Fprintf(w, "  in every row %s\n", s)
	}
	if len(d.Head) > 0 {
		line(append([]string{"  " + d.Head[0]}, d.Head[1:]...)...)
	}
	for _, r := range d.Preview {
		line(append([]string{"  " + r[0]}, r[1:]...)...)
	}
	section("Findings")
	for _, s := range d.Sum() {
		fmt.Fprintf(w, "  %s\n", s)
	}
	for _, f := range d.Told() {
		fmt.Fprintf(w, "  %s: %s\n", f.Severity, f)
	}
	return t.Flush()
}

func notes(c models.DraftColumn) string {
	why := c.Why
	if c.Fixed != "" {
		why = c.Fixed
	}
	if c.New && !strings.HasPrefix(why, "new") {
		why = "new; " + why
	}
	return strings.TrimSuffix(why, "; ")
}

func openValues(d *models.Draft) [][]string {
	var out [][]string
	for _, c := range d.Columns {
		for _, v := range c.Values {
			if v.State.Settled() {
				continue
			}
			var near []string
			for _, n := range v.Near {
				near = append(near, n.Value+" "+n.Label)
			}
			becomes := "holds its rows back"
			if v.State == models.ValueUnknown {
				becomes = "counts as " + v.Label
			}
			out = append(out, []string{"  " + c.Name, fmt.Sprintf("%q", v.Text), models.Many(v.Count, "times"), becomes, strings.Join(near, ", ")})
		}
	}
	return out
}
