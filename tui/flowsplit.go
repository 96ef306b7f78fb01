package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tiplens/models"
)

// splits are the dimensions that the list of corridors can be split by: who
// goes there, as shares of each corridor.
var splits = []string{models.DimSex, models.DimAge}

// pickColumns chooses the columns: of the table, or who the people of a
// corridor are.
func (a *App) pickColumns() tea.Cmd {
	if a.state.view != viewFlows {
		return a.pickAxis(false)
	}
	items := []item{{label: "None: the numbers only", search: "none"}}
	for _, d := range splits {
		if slices.Contains(a.available(), d) {
			items = append(items, item{code: d, label: a.dimName(d), note: "in % of each corridor", search: a.cat.Fold(a.dimName(d))})
		}
	}
	a.push(&picker{title: titleColumns, items: items, fold: a.cat.Fold, apply: func(codes []string, _ bool) reply {
		return reply{handled: true, close: true, edit: func(s *state) {
			s.split, s.flow = strings.Join(codes, ""), flowList
			s.slice.Change = models.Change{}
		}}
	}})
	return nil
}

// split gives the columns of who the people are, nil without them.
func (f *flowsView) split(b *models.Block) (cols []int, heads []string) {
	if len(f.ans.ColAxes) != 1 || !slices.Contains(splits, f.ans.ColAxes[0].Dim) {
		return nil, nil
	}
	for c, h := range b.Cols {
		if h.Kind != models.TotalHeader {
			cols, heads = append(cols, c), append(heads, strings.Join(h.Labels, " ")+" %")
		}
	}
	return cols, heads
}
