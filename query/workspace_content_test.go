package query

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"tiplens/models"
)

// wsCatalog is a dictionary small enough to know by heart.
var wsCatalog = sync.OnceValue(func() *models.Catalog {
	ind := func(id, name string, time models.TimeKind) *models.Indicator {
		return &models.Indicator{ID: id, Name: name, Family: "x", Unit: "persons", Measure: models.Count, Time: time, Stage: -1, NotAdditive: []string{"exploitation"}}
	}
	flat := func(ids ...string) (out []*models.Dimension) {
		for _, id := range ids {
			out = append(out, &models.Dimension{ID: id, Name: id, Plural: id + "s", List: id})
		}
		return out
	}
	dims := flat("sex", "age", "sector", "status", "offence_group", "record_kind", "flow_kind", "place_role", "agency", "dataset")
	dims = append(dims,
		&models.Dimension{ID: "year", Name: "Year", Plural: "Years", List: "time", Levels: []string{"year", "half", "quarter", "month"}, Default: "year"},
		&models.Dimension{ID: "nationality", Name: "Nationality", Plural: "Nationalities", List: "nationality", Levels: []string{"group", "country"}, Default: "country"},
		&models.Dimension{ID: "exploitation", Name: "Exploitation", Plural: "Exploitations", List: "exploitation", Multi: true},
		&models.Dimension{ID: "reporter", Name: "Reporter", Plural: "Reporters", List: "area", Levels: []string{"country"}, Default: "country"},
	)
	for id, def := range map[string]string{"place": "province", "origin": "country", "destination": "country"} {
		dims = append(dims, &models.Dimension{ID: id, Name: id, Plural: id + "s", List: "area", Levels: []string{"country", "province"}, Default: def})
	}
	var codes []*models.Code
	for list, ids := range map[string]string{
		models.ListAny: "_T _U _O _Z", "sex": "F M", "exploitation": "LAB SEX", "agency": "KH.NP KH.NCCT", "area": "KH VN TH CN",
	} {
		for i, id := range strings.Fields(ids) {
			c := &models.Code{List: list, ID: id, Label: id, Sort: i}
			if list == "area" {
				c.Level = "country"
			}
			codes = append(codes, c)
		}
	}
	for i, id := range []string{"KH-1", "KH-12"} {
		codes = append(codes, &models.Code{List: "area", ID: id, Label: id, Level: "province", Parent: "KH", Sort: 10 + i})
	}
	cat, err := models.NewCatalog([]*models.Indicator{
		ind("vic_identified", "Identified victims", models.Flow), ind("sus_arrested", "Arrested", models.Flow), ind("sus_convicted", "Convicted", models.Flow),
	}, dims, codes, func(_, name string) string { return strings.ToLower(name) })
	if err != nil {
		panic(err)
	}
	return cat
})

// wsRow is one hand-made observation. Codes maps a column to a code, or to
// "code|text" where the source said it in other words.
type wsRow struct {
	codes            map[string]string
	start, end       models.Date // 0 for none
	value, low, high float64     // 0 for none
	note             string
	subject          uint64
	row              int64
	legs             []wsLeg
}

type wsLeg struct{ role, place string }

// wsPlain is what every hand-made row says unless told otherwise.
var wsPlain = map[string]string{
	"grain": "record", "indicator": "vic_identified", "agency": "KH.NP", "reporter": "KH", "freq": "A", "place": "_U", "place_role": "identification",
	"nationality": "_U", "origin": "_U", "destination": "_U", "flow_kind": "outward", "sex": "_U", "age": "_U", "exploitation": "_U", "sector": "_T",
	"status": "_T", "offence_group": "_T", "record_kind": "_T", "qualifier": "", "obs_status": "A", "pattern": "", "scope": "", "coverage": "", "document": "",
}

func (r wsRow) code(column string) (code, text string) {
	s, ok := r.codes[column]
	if !ok {
		s = wsPlain[column]
	}
	if s == "" && !slices.Contains(models.CodedColumns, column) {
		s = models.Unknown
	}
	code, text, _ = strings.Cut(s, "|")
	return code, text
}

// wsLayout finds which columns vary; with shuffle their order is not the
// table's.
func wsLayout(w *Writer, extra []string, figures, subjects bool, rows []wsRow) (*models.Layout, error) {
	l := &models.Layout{Constant: map[string]uint16{}, Figures: figures, Subjects: subjects}
	for _, c := range slices.Concat(models.CodedColumns, extra) {
		varies := slices.ContainsFunc(rows, func(r wsRow) bool { _, ok := r.codes[c]; return ok })
		if varies {
			l.Columns = append(l.Columns, c)
			continue
		}
		code, text := wsRow{}.code(c)
		n, err := w.Encode(c, code, text)
		if err != nil {
			return nil, err
		}
		l.Constant[c] = n
	}
	slices.Reverse(l.Columns) // the order of a layout is its own
	return l, nil
}

// wsWrite fills a writer with rows.
func wsWrite(w *Writer, extra []string, figures bool, rows []wsRow) error {
	subjects := slices.ContainsFunc(rows, func(r wsRow) bool { return r.subject != 0 })
	l, err := wsLayout(w, extra, figures, subjects, rows)
	if err != nil {
		return err
	}
	if err := w.Start(l); err != nil {
		return err
	}
	for chunk := range slices.Chunk(rows, 100) {
		b, err := wsBatch(w, l, chunk)
		if err != nil {
			return err
		}
		if err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

func wsBatch(w *Writer, l *models.Layout, rows []wsRow) (*models.Batch, error) {
	b := models.NewBatch(l)
	b.N = len(rows)
	for i, r := range rows {
		for k, c := range l.Columns {
			code, text := r.code(c)
			n, err := w.Encode(c, code, text)
			if err != nil {
				return nil, err
			}
			b.Codes[k][i] = n
		}
		b.Row[i] = r.row
		b.Start[i], b.End[i], b.Year[i] = models.NoDate, models.NoDate, models.NoYear
		if r.start != 0 {
			b.Start[i], b.End[i] = r.start, r.end
			if y, one := (models.Period{Start: r.start, End: r.end}).CalendarYear(); one {
				b.Year[i] = int16(y)
			}
		}
		if l.Figures {
			b.Value[i], b.Low[i], b.High[i], b.Note[i] = orNaN(r.value), orNaN(r.low), orNaN(r.high), r.note
		}
		if l.Subjects {
			b.Subject[i] = r.subject
		}
		for s, leg := range r.legs {
			role, err := w.Encode("leg_role", leg.role, "")
			if err != nil {
				return nil, err
			}
			place, err := w.Encode("leg_place", leg.place, "")
			if err != nil {
				return nil, err
			}
			b.Legs = append(b.Legs, models.Leg{Row: r.row, Seq: uint16(s), Role: role, Place: place})
		}
	}
	return b, nil
}

func orNaN(v float64) float64 {
	if v == 0 {
		return math.NaN()
	}
	return v
}

// wsContent makes the people of a content: a few hundred whose counts are
// known by counting, other ones for each number.
func wsContent(n int) []wsRow {
	var out []wsRow
	for i := range 250 + 70*n {
		y := 2019 + (i*n+i/3)%4
		out = append(out, wsRow{
			codes: map[string]string{
				"nationality": []string{"KH", "VN", "TH", "_U"}[(i+i/7)%4], "sex": []string{"F", "M"}[i%2],
				"place": []string{"KH-1", "KH-12", "KH"}[i%3], "exploitation": []string{"SEX", "LAB", "LAB+SEX"}[i%3],
			},
			start: models.NewDate(y, 1+i%12, 1), end: models.NewDate(y, 1+i%12, 1), row: int64(i + 2),
		})
	}
	return out
}

const wsQuestion = "vic_identified by nationality across year"

// wsExpect counts a content by hand: nationality and year, and their totals.
func wsExpect(content int) map[string]float64 {
	out := map[string]float64{}
	for _, r := range wsContent(content) {
		nat, _ := r.code("nationality")
		y, _, _ := r.start.Civil()
		for _, k := range []string{fmt.Sprintf("%s/%d", nat, y), nat + "/_T", fmt.Sprintf("_T/%d", y), "_T/_T"} {
			out[k]++
		}
	}
	return out
}

// wsCells takes the numbers out of an answer. Bounds print as [low,high].
func wsCells(a *models.Answer) map[string]string {
	out := map[string]string{}
	for _, b := range a.Blocks {
		for r, h := range b.Rows {
			for c, ch := range b.Cols {
				cell := b.Cells[r][c]
				text := cell.State.String()
				switch {
				case cell.HasValue():
					text = fmt.Sprint(cell.Value)
				case cell.HasBounds():
					text = fmt.Sprintf("[%v,%v]", cell.Low(), cell.High())
				}
				key := strings.Join(slices.Concat(h.Codes, ch.Codes), "/")
				if len(a.Blocks) > 1 {
					key = string(b.Source.Grain) + " " + b.Source.Agency + " " + key
				}
				out[key] = text
			}
		}
	}
	return out
}

func wsAsk(ctx context.Context, e *Engine, question string) (*models.Answer, error) {
	s, err := models.ParseSlice(question, e.Catalog())
	if err != nil {
		return nil, err
	}
	return e.Ask(ctx, s)
}

// wsRecognise says whose content an engine answers from: the one of which
// every number agrees, 0 where there is no such dataset.
func wsRecognise(ctx context.Context, e *Engine, id string) (int, error) {
	if bad := e.Damaged(); len(bad) > 0 {
		return -1, fmt.Errorf("damaged: %w", errors.Join(bad...))
	}
	ans, err := wsAsk(ctx, e, wsQuestion+" where dataset="+id)
	if err != nil {
		return -1, err
	}
	if ans.Empty != "" {
		return 0, nil
	}
	got := wsCells(ans)
	for c, want := range wsAnswers() {
		if maps.Equal(got, want) {
			return c + 1, nil
		}
	}
	return -1, fmt.Errorf("the answer is that of no version: %v", got)
}

// wsAnswers are the answers of all contents, the first one's first.
var wsAnswers = sync.OnceValue(func() (out []map[string]string) {
	for c := range 12 {
		out = append(out, wsTexts(wsExpect(c+1)))
	}
	return out
})

// wsTexts prints counts as cells do; a table shows a zero where a row and a
// column have nobody.
func wsTexts(want map[string]float64) map[string]string {
	out := map[string]string{}
	rows, cols := map[string]bool{}, map[string]bool{}
	for k := range want {
		r, c, _ := strings.Cut(k, "/")
		rows[r], cols[c] = true, true
	}
	for r := range rows {
		for c := range cols {
			out[r+"/"+c] = fmt.Sprint(want[r+"/"+c])
		}
	}
	return out
}

// wsContentNow opens the workspace as it is and says which content it answers
// from.
func wsContentNow(ctx context.Context, ws *Workspace, id string) (int, error) {
	e, err := ws.Open(ctx, wsCatalog(), nil)
	if err != nil {
		return -1, err
	}
	defer e.Close()
	return wsRecognise(ctx, e, id)
}

func wsDataset(content int) models.Dataset {
	return models.Dataset{Title: fmt.Sprintf("Content %d", content), Producer: "tests", File: "hand-made", Rows: int64(len(wsContent(content))), Taken: int64(len(wsContent(content)))}
}

// wsTryLoad loads a content and answers its version.
func wsTryLoad(ctx context.Context, ws *Workspace, id string, content int, wait bool, telling func(string)) (int, error) {
	l, err := ws.BeginLoad(ctx, id, nil, wait, telling)
	if err != nil {
		return 0, err
	}
	if err := wsWrite(l.Writer, nil, false, wsContent(content)); err != nil {
		l.Abandon()
		return 0, err
	}
	return l.Version, l.Commit(ctx, wsDataset(content), "recipe: none", []models.Finding{{Severity: models.Note, What: "hand-made"}})
}

func wsLoad(t *testing.T, ws *Workspace, id string, content int) int {
	t.Helper()
	v, err := wsTryLoad(t.Context(), ws, id, content, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
