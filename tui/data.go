package tui

import (
	"fmt"
	"slices"
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
			values: []string{models.FormatNumber(float64(s.Taken)), years(s), score(&s)}})
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
	d.grid.set([]string{"dataset"}, []string{"rows", "years", "meta"}, rows)
	d.grid.col = -1
}

// score is how much of the needed metadata a dataset has.
func score(s *models.Dataset) string {
	have, of := s.Completeness()
	return fmt.Sprintf("%d/%d", have, of)
}

func years(s models.Dataset) string {
	if s.Period() == "" {
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
		out := []string{""}
		for _, s := range wrap("No data yet. Press a and choose a file to load: CSV, Excel (.xlsx) or Parquet.", w-4) {
			out = append(out, "  "+s)
		}
		return lines(out, h)
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
		return reply{handled: true, run: (*App).openLoad}
	case "m":
		id := d.current()
		return reply{handled: true, run: func(a *App) tea.Cmd { a.openForm(id); return nil }}
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

// maxShownChanges is how many lines of a comparison stand on the page.
const maxShownChanges = 200

// report describes a dataset and what its load had to tell: what became of
// every row, what is doubtful, and what differs from the version before.
func report(s models.Dataset, offers []models.Offer, findings []models.Finding, changes *models.Changes, cat *models.Catalog) *textPage {
	load := models.ReportOf(&s, findings).Text(s.File)
	t := []string{s.Title, "Metadata: " + stated(&s), load[0], ""}
	told := []string{""}
	add := func(what, said string) {
		if said != "" {
			told = append(told, what+": "+said)
		}
	}
	add("Period", s.Period())
	for _, f := range models.MetaFields[1:] {
		add(f.Name, choiceText(f.Of(&s)))
	}
	add("File", s.File)
	add("SHA-256", s.SHA256)
	for _, c := range s.Corrections {
		add("Corrected by", c.File+", "+models.Many(c.Rows, "rows"))
	}
	if !s.LoadedAt.IsZero() {
		add("Loaded", s.LoadedAt.Format("2006-01-02 15:04")+" with recipe "+s.Recipe)
	}
	if len(load) > 1 {
		told = append(told, load[1:]...)
	}
	if s.Held > 0 {
		told = append(told, "", "To correct the rows held back: tiplens report "+s.ID+" --held --to FILE.csv, then tiplens load FILE.csv --append "+s.ID)
	}
	if changes != nil {
		list := changes.Text()
		if len(list) > maxShownChanges {
			list = append(list[:maxShownChanges:maxShownChanges], "  tiplens workspace compare "+s.ID+" lists all")
		}
		told = append(append(told, ""), list...)
	}
	return &textPage{title: fmt.Sprintf("%s@%d", s.ID, s.Version), keys: hintReport,
		more: func(w int) []string { return slices.Concat(t, offered(offers, cat, w), told) },
		acts: map[string]reply{"m": {handled: true, close: true, run: func(a *App) tea.Cmd { a.openForm(s.ID); return nil }}}}
}

// stated says how much of the needed metadata is there, and what is not.
func stated(s *models.Dataset) string {
	have, of := s.Completeness()
	text := fmt.Sprintf("%d of %d", have, of)
	if miss := s.Missing(); len(miss) > 0 {
		text += "; every figure says that there is no " + strings.Join(miss, ", no ") + " (m fills in)"
	}
	return text
}

// offered lists what a dataset offers in at most w cells: indicator, producer,
// rows, years, and the dimensions each is broken down by. With little room the
// dimensions stand on lines of their own.
func offered(offers []models.Offer, cat *models.Catalog, w int) []string {
	rows := [][]string{{"Offers", "by", "rows", "years"}}
	for _, o := range offers {
		name := o.Indicator
		if i := cat.Indicator(o.Indicator); i != nil {
			name = i.Name
		}
		rows = append(rows, []string{name, o.Agency, models.FormatNumber(float64(o.Rows)) + map[models.Grain]string{models.Figure: " fig."}[o.Grain], o.AllYears()})
	}
	size := make([]int, 4)
	for _, r := range rows {
		for i, c := range r {
			size[i] = max(size[i], width(c))
		}
	}
	size[1], size[3] = min(size[1], 16), min(size[3], 24)
	size[0] = min(size[0], max(w-size[1]-size[2]-size[3]-6, 12))
	head := "\t" + pad(rows[0][0], size[0]) + "  " + pad(rows[0][1], size[1]) + "  " + padLeft(rows[0][2], size[2]) + "  " + pad(rows[0][3], size[3])
	room := w - (size[0] + size[1] + size[2] + size[3] + 8)
	beside := room >= 30
	if beside {
		head += "  broken down by"
	}
	out := []string{strings.TrimRight(head, " ")}
	for i, r := range rows[1:] {
		line := "\t" + pad(r[0], size[0]) + "  " + pad(r[1], size[1]) + "  " + padLeft(r[2], size[2]) + "  " + pad(r[3], size[3])
		by := strings.Join(offers[i].Breakdowns(), ", ")
		if by == "" {
			by = "not broken down"
		}
		if !beside {
			out = append(out, strings.TrimRight(line, " "))
			for _, l := range wrap(by, w-4) {
				out = append(out, "\t    "+l)
			}
			continue
		}
		lead := "\t" + strings.Repeat(" ", width(line)-width("\t"))
		for k, l := range wrap(by, room) {
			if k == 0 {
				out = append(out, line+"  "+l)
			} else {
				out = append(out, lead+"  "+l)
			}
		}
	}
	return out
}

func (d *dataView) note() string { return "" }

func (d *dataView) marks() string { return "" }
