package tui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// dataView lists the datasets and what each offers.
type dataView struct {
	sets   []models.Dataset
	offers map[string][]models.Offer
	grid   grid
	ids    []string // behind the rows
}

func (d *dataView) fill(cat *models.Catalog) {
	d.ids = d.ids[:0]
	var rows []gridRow
	for _, s := range d.sets {
		rows = append(rows, gridRow{key: s.ID, labels: []string{fmt.Sprintf("%s@%d  %s", s.ID, s.Version, s.Title)},
			values: []string{models.FormatNumber(float64(s.Taken)), years(s)}})
		d.ids = append(d.ids, s.ID)
		for _, o := range d.offers[s.ID] {
			name := o.Indicator
			if i := cat.Indicator(o.Indicator); i != nil {
				name = i.Name
			}
			rows = append(rows, gridRow{key: s.ID + o.Indicator + o.Agency + string(o.Grain), labels: []string{"  " + name + ", " + o.Agency},
				values: []string{models.FormatNumber(float64(o.Rows)) + map[models.Grain]string{models.Figure: " fig."}[o.Grain], o.Years()}})
			d.ids = append(d.ids, s.ID)
		}
	}
	d.grid.wide = true
	d.grid.set([]string{"dataset"}, []string{"rows", "years"}, rows)
	d.grid.col = -1
}

func years(s models.Dataset) string {
	if s.First == models.NoDate || s.Last == models.NoDate {
		return ""
	}
	a, _, _ := s.First.Civil()
	b, _, _ := s.Last.Civil()
	if a == b {
		return fmt.Sprint(a)
	}
	return fmt.Sprintf("%d-%d", a, b)
}

func (d *dataView) set(*models.Answer, state, Look) {}

func (d *dataView) draw(w, h int, l Look) []string {
	if len(d.sets) == 0 {
		return lines([]string{"", "  No data yet. Press a and name a file to load: CSV, Excel (.xlsx) or Parquet."}, h)
	}
	return d.grid.view(w, h, l)
}

// current is the dataset under the cursor, "" without one.
func (d *dataView) current() string {
	if d.grid.row < len(d.ids) {
		return d.ids[d.grid.row]
	}
	return ""
}

func (d *dataView) key(key string, _ state) reply {
	switch key {
	case "enter":
		id := d.current()
		if id == "" {
			return took
		}
		return reply{handled: true, run: func(a *App) tea.Cmd { return a.openReport(id) }}
	case "a":
		return reply{handled: true, run: func(a *App) tea.Cmd { a.openLoad(); return nil }}
	case "<":
		id := d.current()
		return reply{handled: true, run: func(a *App) tea.Cmd { return a.back(id) }}
	}
	if d.grid.move(key) {
		d.grid.col = -1
		return took
	}
	return reply{}
}

func (d *dataView) position() string {
	if len(d.grid.rows) == 0 {
		return "0/0"
	}
	return fmt.Sprintf("%d/%d", d.grid.row+1, len(d.grid.rows))
}

func (d *dataView) subject(st state) string { return st.slice.Indicator() }

// report describes a dataset and what its load had to tell.
func report(s models.Dataset, offers []models.Offer, findings []models.Finding, cat *models.Catalog) *textPage {
	t := []string{s.Title, ""}
	add := func(what, said string) {
		if said != "" {
			t = append(t, what+": "+said)
		}
	}
	add("Producer", s.Producer)
	add("Who counts as a victim", s.Definition)
	add("Collected", s.Collected)
	add("Coverage", s.CoveragePlace)
	add("De-duplication", strings.ReplaceAll(string(s.Dedup), "_", " "))
	add("Sensitivity", s.Sensitivity)
	add("Licence", s.Licence)
	add("File", s.File)
	add("SHA-256", s.SHA256)
	if !s.LoadedAt.IsZero() {
		add("Loaded", s.LoadedAt.Format("2006-01-02 15:04")+" with recipe "+s.Recipe)
	}
	if miss := s.Missing(); len(miss) > 0 {
		t = append(t, "Missing, so every figure says so: "+strings.Join(miss, ", "))
	}
	n := func(v int64) string { return models.FormatNumber(float64(v)) }
	t = append(t, "", fmt.Sprintf("%s rows read = %s taken + %s held back + %s skipped", n(s.Rows), n(s.Taken), n(s.Held), n(s.Skipped)), "")
	for _, o := range offers {
		name := o.Indicator
		if i := cat.Indicator(o.Indicator); i != nil {
			name = i.Name
		}
		t = append(t, fmt.Sprintf("%s, %s: %s %ss, %s, by %s", name, o.Agency, n(o.Rows), o.Grain, o.Years(), strings.Join(o.Dims, ", ")))
	}
	if len(findings) > 0 {
		t = append(t, "", "What the load had to tell:")
		for _, f := range findings {
			t = append(t, "  "+string(f.Severity)+": "+f.String())
		}
	}
	return &textPage{title: fmt.Sprintf("%s@%d", s.ID, s.Version), text: t}
}

func (d *dataView) note() string { return "" }

func (d *dataView) marks() string { return "" }
