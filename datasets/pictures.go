package datasets

import (
	"fmt"
	"strings"

	"tiplens/models"
)

// chartTile is a place of a map.
type chartTile struct {
	models.Tile
	cell models.Cell
	held bool // the answer says something of it
}

// chartBand is a corridor.
type chartBand struct {
	from, to string
	cell     models.Cell
}

// tiles reads the map out of the answer; what has no tile is listed as bars are,
// without being drawn.
func (x *Export) tiles() chart {
	a := x.Answer
	b := &a.Blocks[a.PictureBlock]
	row := map[string]int{}
	for r, h := range b.Rows {
		if len(h.Codes) > 0 {
			row[h.Codes[0]] = r
		}
	}
	if len(a.RowAxes) == 0 {
		return chart{}
	}
	var c chart
	held := func(code string) bool { _, ok := row[code]; return ok }
	var cells []models.Cell
	on := map[int]bool{}
	for _, t := range models.TilesFor(a.RowAxes[0], held).Shown(held) {
		r, ok := row[t.Code]
		tile := chartTile{Tile: t, held: ok}
		if ok {
			tile.cell, on[r] = b.Cells[r][0], true
			cells = append(cells, tile.cell)
		}
		c.tiles = append(c.tiles, tile)
	}
	c.classes, _ = models.Classify(cells, a.PictureCuts)
	var beside []string
	for r, h := range b.Rows {
		if !on[r] {
			beside = append(beside, x.rowName(h)+" "+CellText(b.Cells[r][0]))
		}
	}
	if len(beside) > 0 {
		c.of = "Not on the map: " + strings.Join(beside, "; ")
	}
	return c
}

// bands reads corridors out of the answer: those with both ends named.
func (x *Export) bands() chart {
	b := &x.Answer.Blocks[x.Answer.PictureBlock]
	var c chart
	var beside []string
	for r, h := range b.Rows {
		cell := b.Cells[r][len(b.Cols)-1]
		if kind := h.Kind; (kind == models.CodeHeader || kind == models.DomesticHeader) && len(h.Labels) > 1 && cell.HasBounds() && cell.Sortable() > 0 {
			c.bands = append(c.bands, chartBand{models.Clean(h.Labels[0]), models.Clean(h.Labels[1]), cell})
		} else {
			beside = append(beside, x.rowName(h)+" "+CellText(cell))
		}
	}
	if len(beside) > 0 {
		c.of = "Not drawn: " + strings.Join(beside, "; ")
	}
	return c
}

// tileShades are those of the classes of a map, the lowest first; letters can be
// read on all of them.
var tileShades = [models.MaxClasses]uint8{250, 225, 195, 160, 120}

// tileChart draws places as tiles in classes: the abbreviation, the number, and
// the class as a digit, so that a poor copy can still be read.
func (d *drawing) tileChart(c *chart, top float64) float64 {
	const wide, high = 62.0, 54.0
	bottom := top
	for _, t := range c.tiles {
		left, y := drawMargin+float64(t.X)*wide/2+4, top+float64(t.Y)*high
		shade, class := uint8(255), ""
		if t.cell.State == models.Known {
			k := c.classes.Of(t.cell.Value)
			shade, class = tileShades[min(max(k-1, 0), len(tileShades)-1)], fmt.Sprint(k)
		}
		value := CellText(t.cell)
		if !t.held {
			value = ""
		}
		d.add(func(k canvas) {
			k.polygon(box(left, y, left+wide-4, y+high-4), shade)
			k.text(left+4, y+15, 11, -1, true, t.Abbr)
			k.text(left+wide-8, y+15, 10, 1, false, class)
			k.text(left+(wide-4)/2, y+38, 12, 0, false, value)
		})
		bottom = max(bottom, y+high)
	}
	bottom += 8
	x := drawMargin
	for i, k := range c.classes.List {
		if k.N == 0 {
			continue
		}
		text := fmt.Sprintf("%d: %s to %s", i+1, models.FormatNumber(k.Low), models.FormatNumber(k.High))
		if k.Low == k.High {
			text = fmt.Sprintf("%d: %s", i+1, models.FormatNumber(k.Low))
		}
		at := x
		d.add(func(k canvas) {
			k.polygon(box(at, bottom, at+16, bottom+14), tileShades[min(i, len(tileShades)-1)])
			k.text(at+22, bottom+12, 11, -1, false, text)
		})
		x += 170
	}
	return bottom + lineHeight + 6
}

// bandChart draws corridors as bands as wide as their numbers, from origins on
// the left to destinations on the right.
func (d *drawing) bandChart(c *chart, top float64) float64 {
	const left, right, gap, least = 250.0, 710.0, 14.0, 3.0
	total := 0.0
	for _, b := range c.bands {
		total += b.cell.Sortable()
	}
	width := func(b chartBand) float64 { return max(b.cell.Sortable()/total*plotHeight, least) }
	type end struct{ size, at, used float64 }
	stack := func(name func(chartBand) string) (order []string, ends map[string]*end, bottom float64) {
		ends = map[string]*end{}
		for _, b := range c.bands {
			if ends[name(b)] == nil {
				ends[name(b)] = &end{}
				order = append(order, name(b))
			}
			ends[name(b)].size += width(b)
		}
		y := top
		for _, n := range order {
			ends[n].at = y
			y += max(ends[n].size, textSize) + gap
		}
		return order, ends, y
	}
	origins, from, y1 := stack(func(b chartBand) string { return b.from })
	destinations, to, y2 := stack(func(b chartBand) string { return b.to })
	var numbers []func(canvas)
	for i, b := range c.bands {
		f, t, w := from[b.from], to[b.to], width(b)
		a, z := f.at+f.used, t.at+t.used
		f.used, t.used = f.used+w, t.used+w
		shade, value := uint8(230-30*(i%3)), CellText(b.cell)
		d.add(func(k canvas) { k.polygon([][2]float64{{left, a}, {right, z}, {right, z + w}, {left, a + w}}, shade) })
		numbers = append(numbers, func(k canvas) { k.text(left+6, a+w/2+4, 10, -1, false, value) })
	}
	d.draw = append(d.draw, numbers...) // above all bands
	for _, n := range origins {
		d.add(func(k canvas) { k.text(left-8, from[n].at+from[n].size/2+5, textSize, 1, false, cutText(n, 28)) })
	}
	for _, n := range destinations {
		d.add(func(k canvas) { k.text(right+8, to[n].at+to[n].size/2+5, textSize, -1, false, cutText(n, 28)) })
	}
	return max(y1, y2)
}
