package datasets

import (
	"slices"
	"strings"

	"tiplens/models"
)

// pyramid reads the picture that has men on the left and women on the right of
// an age, the oldest on top. It is empty where the source says no such thing.
func (x *Export) pyramid() chart {
	c := chart{pyramid: true}
	a := x.Answer
	if a.PictureBlock >= len(a.Blocks) {
		return chart{}
	}
	b := &a.Blocks[a.PictureBlock]
	if len(a.Blocks) > 1 {
		c.of = b.Name()
	}
	for _, sex := range []string{"M", "F"} {
		col := slices.IndexFunc(b.Cols, func(h models.Header) bool { return len(h.Codes) > 0 && h.Codes[0] == sex })
		if col < 0 {
			return chart{}
		}
		l := chartLine{name: strings.Join(b.Cols[col].Labels, " ")}
		for r := range b.Rows {
			if b.Rows[r].Kind == models.CodeHeader {
				l.cells = append(l.cells, b.Cells[r][col])
			}
		}
		slices.Reverse(l.cells)
		c.lines = append(c.lines, l)
	}
	for _, h := range b.Rows {
		if h.Kind == models.CodeHeader {
			c.times = append(c.times, x.rowName(h))
		}
	}
	slices.Reverse(c.times)
	return c
}

// pyramidChart draws the ages below each other, men to the left in dark and
// women to the right in light grey, each with its number as the table has it.
func (d *drawing) pyramidChart(c *chart, top float64) float64 {
	_, high := c.span()
	at, _ := ticks(0, high)
	high = at[len(at)-1]
	const nameRoom, valueRoom = 110.0, 80.0
	middle := drawMargin + nameRoom + (drawWidth-2*drawMargin-nameRoom)/2
	room := drawWidth - drawMargin - valueRoom - middle
	for s, l := range c.lines {
		x, anchor, name := middle-8, 1, models.Clean(l.name)
		if s == 1 {
			x, anchor = middle+8, -1
		}
		d.add(func(k canvas) { k.text(x, top, textSize, anchor, true, name) })
	}
	y := top + 6
	for i, age := range c.times {
		bar, foot, label := y+3, y+barHeight-7, cutText(models.Clean(age), 16)
		d.add(func(k canvas) { k.text(drawMargin, foot, textSize, -1, false, label) })
		for s, l := range c.lines {
			sign, anchor, shade := -1.0, 1, uint8(110)
			if s == 1 {
				sign, anchor, shade = 1, -1, 215
			}
			cell := l.cells[i]
			low, most, ok := extent(cell)
			if !ok && cell.State == models.Bound {
				low, most = cell.Low(), cell.Low() // at least: no outer end
			}
			inner, outer := middle+sign*low/high*room, middle+sign*most/high*room
			if outer != inner { // sure as far as the lower bound, open up to the upper
				d.add(func(k canvas) { k.polygon(box(inner, bar, outer, bar+barHeight-8), 255) })
			}
			if low > 0 {
				d.add(func(k canvas) { k.polygon(box(middle, bar, inner, bar+barHeight-8), shade) })
			}
			value := CellText(cell)
			d.add(func(k canvas) { k.text(outer+sign*6, foot, textSize, anchor, false, value) })
		}
		y += barHeight
	}
	bottom := y
	d.add(func(k canvas) { k.stroke(middle, top+6, middle, bottom+4, 1, nil) })
	d.add(func(k canvas) { k.stroke(middle-room, bottom+4, middle+room, bottom+4, 1, nil) })
	for _, v := range at {
		for _, px := range []float64{middle - v/high*room, middle + v/high*room} {
			label := models.FormatNumber(v)
			d.add(func(k canvas) {
				k.stroke(px, bottom+4, px, bottom+8, 1, nil)
				k.text(px, bottom+22, 11, 0, false, label)
			})
		}
	}
	return bottom + 26
}
