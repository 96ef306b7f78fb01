package tui

import "tiplens/models"

// maxSpark is how many units of time a sparkline has at most: the last ones.
const maxSpark = 16

// spark draws a row over time, each unit in one cell by its share of the row's
// largest: the shape, without numbers. Where nothing exact is known there is a
// gap; zero lies at the bottom.
func (l Look) spark(cells []models.Cell) string {
	if len(cells) < 2 { // one unit has no shape
		return ""
	}
	steps := []rune("_.-=^")
	if l.Rich {
		steps = []rune("▁▂▃▄▅▆▇█")
	}
	most := 0.0
	for _, c := range cells {
		if c.HasValue() {
			most = max(most, c.Sortable())
		}
	}
	cells = cells[max(len(cells)-maxSpark, 0):]
	out := make([]rune, len(cells))
	for i, c := range cells {
		switch v := c.Sortable(); {
		case !c.HasValue():
			out[i] = ' '
		case v <= 0 || most == 0:
			out[i] = steps[0]
		default: // the smallest number above zero is not at the bottom
			out[i] = steps[min(1+int(v/most*float64(len(steps)-1)), len(steps)-1)]
		}
	}
	return string(out)
}
