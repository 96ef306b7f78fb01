package datasets

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"tiplens/models"
)

// canvas takes a drawing: black, grey and white only, for paper. Lengths are
// in pixels, y goes down.
type canvas interface {
	// stroke draws a straight line; dash are lengths of line and gap in turn.
	stroke(x1, y1, x2, y2, width float64, dash []float64)
	// polygon fills a shape with a shade of grey, 0 is black, and draws its edge.
	polygon(points [][2]float64, grey uint8)
	// text writes one line, y at its foot; anchor is -1 for left, 0 middle, 1 right.
	text(x, y, size float64, anchor int, bold bool, s string)
}

// Sizes of a drawing.
const (
	drawWidth  = 960.0
	drawMargin = 24.0
	textSize   = 13.0
	titleSize  = 18.0
	lineHeight = 18.0
	barHeight  = 22.0
	plotHeight = 380.0
)

// dashes and shapes tell lines apart without colour.
var dashes = [maxLines][]float64{nil, {8, 4}, {2, 3}, {12, 4, 2, 4}, {5, 5}, {1, 5}}

// drawing is a chart laid out, ready for any canvas.
type drawing struct {
	height float64
	draw   []func(canvas)
}

func (d *drawing) add(f func(canvas)) { d.draw = append(d.draw, f) }

// paint puts the drawing on a canvas.
func (d *drawing) paint(c canvas) {
	for _, f := range d.draw {
		f(c)
	}
}

// lay writes lines of text from y on and gives the y below them.
func (d *drawing) lay(y, size float64, bold bool, text string) float64 {
	for _, line := range wrapText(text, int((drawWidth-2*drawMargin)/(size*0.55))) {
		y += size * 1.4
		at := y
		d.add(func(c canvas) { c.text(drawMargin, at, size, -1, bold, line) })
	}
	return y
}

// drawing lays out title, chart and what must be known of it.
func (x *Export) drawing() *drawing {
	d := &drawing{}
	y := d.lay(drawMargin/2, titleSize, true, x.heading())
	for _, w := range x.Answer.Warnings {
		y = d.lay(y, textSize, false, "! "+models.Clean(w.String()))
	}
	c := x.chart()
	if c.of != "" {
		y = d.lay(y, textSize, false, models.Clean(c.of))
	}
	y += lineHeight
	switch {
	case c.pyramid:
		y = d.pyramidChart(&c, y)
	case len(c.tiles) > 0:
		y = d.tileChart(&c, y)
	case len(c.bands) > 0:
		y = d.bandChart(&c, y)
	case len(c.lines) > 0:
		y = d.lineChart(&c, y)
	default:
		y = d.barChart(&c, y)
	}
	if c.more > 0 {
		what := "bars"
		if len(c.lines) > 0 {
			what = "lines"
		}
		y = d.lay(y, textSize, false, fmt.Sprintf("%d more %s are not drawn; the table has them.", c.more, what))
	}
	y += lineHeight / 2
	if m := x.legend(); m != "" {
		y = d.lay(y, 11, false, "Marks: "+m)
	}
	if !x.Bare {
		for _, r := range x.Answer.Footnotes {
			y = d.lay(y, 11, false, models.Clean(r.String()))
		}
		for _, s := range x.Answer.Sources {
			y = d.lay(y, 11, false, "Source: "+models.Clean(s.Line()))
		}
		for _, cite := range x.Answer.Cite(x.On) {
			y = d.lay(y, 11, false, "Cite as: "+models.Printable(cite))
		}
	}
	d.height = math.Ceil(y + drawMargin)
	return d
}

// barChart draws bars to the right, each with its number as the table has it.
func (d *drawing) barChart(c *chart, top float64) float64 {
	low, high := c.span()
	at, _ := ticks(low, high)
	low, high = at[0], at[len(at)-1]
	const nameRoom, valueRoom = 270.0, 110.0
	left, right := drawMargin+nameRoom, drawWidth-drawMargin-valueRoom
	place := func(v float64) float64 { return left + (v-low)/(high-low)*(right-left) }
	y, group := top, ""
	for _, b := range c.bars {
		if b.group != group {
			group = b.group
			y = d.lay(y+4, textSize, true, models.Clean(group)) + 6
		}
		foot := y + barHeight - 7
		name, cell, bar := cutText(models.Clean(b.name), 38), b.cell, y+3
		d.add(func(k canvas) { k.text(left-8, foot, textSize, 1, false, name) })
		value := CellText(cell)
		end := place(0)
		if l, h, ok := extent(cell); ok && (l != 0 || h != 0) {
			from, to := place(0), place(l)
			if cell.State == models.Bound { // sure as far as the lower bound, open up to the upper
				lowEnd, highEnd := place(l), place(h)
				d.add(func(k canvas) { k.polygon(box(lowEnd, bar, highEnd, bar+barHeight-8), 255) })
				end = highEnd
			}
			if from != to {
				shade := uint8(110)
				if cell.Part() != "" { // of a period of its own, which its number names
					shade = 215
				}
				d.add(func(k canvas) { k.polygon(box(min(from, to), bar, max(from, to), bar+barHeight-8), shade) })
			}
			end = max(end, to)
		} else if cell.State == models.Bound && cell.Low() > 0 { // at least: no right end
			to := place(cell.Low())
			d.add(func(k canvas) {
				k.polygon(box(place(0), bar, to, bar+barHeight-8), 110)
				k.stroke(to, bar+7, to+14, bar+7, 1.5, []float64{3, 2})
			})
			end = to + 16
		}
		text := end + 6
		d.add(func(k canvas) { k.stroke(place(0), bar-5, place(0), bar+barHeight-3, 1, nil) })
		d.add(func(k canvas) { k.text(text, foot, textSize, -1, false, value) })
		y += barHeight
	}
	bottom := y
	for _, v := range at {
		px, label := place(v), models.FormatNumber(v)
		d.add(func(k canvas) {
			k.stroke(px, bottom+4, px, bottom+8, 1, nil)
			k.text(px, bottom+22, 11, 0, false, label)
		})
	}
	d.add(func(k canvas) { k.stroke(left, bottom+4, right, bottom+4, 1, nil) })
	return bottom + 26
}

func box(x1, y1, x2, y2 float64) [][2]float64 {
	return [][2]float64{{x1, y1}, {x2, y1}, {x2, y2}, {x1, y2}}
}

// lineChart draws lines over time, with a name at the end of each.
func (d *drawing) lineChart(c *chart, top float64) float64 {
	low, high := c.span()
	at, _ := ticks(low, high)
	low, high = at[0], at[len(at)-1]
	left, right, bottom := drawMargin+70, drawWidth-drawMargin-230, top+plotHeight
	height := func(v float64) float64 { return bottom - (v-low)/(high-low)*plotHeight }
	column := func(k int) float64 { return left + (float64(k)+0.5)/float64(len(c.times))*(right-left) }
	for _, v := range at {
		py, label := height(v), models.FormatNumber(v)
		d.add(func(k canvas) {
			k.stroke(left, py, right, py, 0.5, []float64{1, 3})
			k.text(left-8, py+4, 11, 1, false, label)
		})
	}
	zero := height(0)
	d.add(func(k canvas) { k.stroke(left, zero, right, zero, 1, nil); k.stroke(left, top, left, bottom, 1, nil) })
	every := 1 + len(c.times)/16
	for i, t := range c.times {
		if px := column(i); i%every == 0 {
			label := models.Clean(t)
			d.add(func(k canvas) { k.text(px, bottom+18, 11, 0, false, label) })
		}
	}
	var ends []float64
	for i, l := range c.lines {
		ends = append(ends, d.oneLine(i, l, column, height))
	}
	d.names(c, ends, top, right+10)
	return bottom + 26
}

// oneLine draws a line with its points; it is open where nothing exact is
// known and where the series breaks. Bounds are a bar from the one to the
// other. It gives the height at which the line ends.
func (d *drawing) oneLine(i int, l chartLine, column func(int) float64, height func(float64) float64) float64 {
	end, before := math.NaN(), -1
	for k, cell := range l.cells {
		lo, hi, ok := point(cell)
		if !ok {
			before = -1
			continue
		}
		px, py := column(k), height(hi)
		if lo != hi {
			foot := height(lo)
			d.add(func(c canvas) {
				c.stroke(px, py, px, foot, 1.2, nil)
				c.stroke(px-4, py, px+4, py, 1.2, nil)
				c.stroke(px-4, foot, px+4, foot, 1.2, nil)
			})
			end, before = (py+foot)/2, -1
			continue
		}
		if before >= 0 && !strings.Contains(cell.Status(), "B") {
			qx, qy := column(before), height(l.cells[before].Value)
			d.add(func(c canvas) { c.stroke(qx, qy, px, py, 1.8, dashes[i]) })
		}
		shape, grey := marker(i, px, py)
		d.add(func(c canvas) { c.polygon(shape, grey) })
		end, before = py, k
	}
	return end
}

// marker is the shape of the points of a line.
func marker(i int, x, y float64) (points [][2]float64, grey uint8) {
	const r = 4.5
	if i >= 3 {
		grey = 255
	}
	switch i % 3 {
	case 0:
		for k := range 12 {
			s, c := math.Sincos(float64(k) * math.Pi / 6)
			points = append(points, [2]float64{x + r*c, y + r*s})
		}
	case 1:
		points = box(x-r+0.5, y-r+0.5, x+r-0.5, y+r-0.5)
	default:
		points = [][2]float64{{x, y - r - 1}, {x + r + 1, y + r - 1}, {x - r - 1, y + r - 1}}
	}
	return points, grey
}

// names writes the name of each line at the height of its end, with a piece of
// it, one below the other where they would meet.
func (d *drawing) names(c *chart, ends []float64, top, left float64) {
	used := map[int]bool{}
	for i, l := range c.lines {
		at := ends[i]
		if math.IsNaN(at) {
			at = top + plotHeight // nothing of it is drawn; its name says so
		}
		slot := int((at - top) / lineHeight)
		const last = int(plotHeight) / int(lineHeight)
		slot = min(slot, last)
		for k, first := 0, slot; used[slot] && k <= 2*last; k++ { // the nearest free one
			if next := first + (k/2+1)*[2]int{1, -1}[k%2]; next >= 0 && next <= last {
				slot = next
			}
		}
		used[slot] = true
		y := top + float64(slot)*lineHeight + lineHeight/2
		name := cutText(models.Clean(l.name), 24)
		if math.IsNaN(ends[i]) {
			name = cutText(models.Clean(l.name), 14) + ": not drawn"
		}
		shape, grey := marker(i, left+14, y-4)
		d.add(func(k canvas) {
			k.stroke(left, y-4, left+28, y-4, 1.8, dashes[i])
			k.polygon(shape, grey)
			k.text(left+34, y, textSize, -1, false, name)
		})
	}
}

// cutText shortens a text to so many letters.
func cutText(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n-3]), " ") + "..."
}

// wrapText breaks a text into lines of at most n letters, at blanks where it
// can.
func wrapText(s string, n int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(s) {
		for utf8.RuneCountInString(word) > n {
			if line != "" {
				out, line = append(out, line), ""
			}
			r := []rune(word)
			out, word = append(out, string(r[:n])), string(r[n:])
		}
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= n:
			line += " " + word
		default:
			out, line = append(out, line), word
		}
	}
	if line != "" {
		out = append(out, line)
	}
	return out
}
