package datasets

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"tiplens/models"
)

// svgCanvas writes a drawing as SVG: shapes and texts only, no script, no
// style sheet, no link.
type svgCanvas struct{ b strings.Builder }

// svgText is text as SVG and HTML take it.
func svgText(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(models.Printable(s))) // a Builder takes everything
	return b.String()
}

func (c *svgCanvas) stroke(x1, y1, x2, y2, width float64, dash []float64) {
	dashed := ""
	if len(dash) > 0 {
		dashed = fmt.Sprintf(` stroke-dasharray="%s"`, strings.Trim(fmt.Sprint(dash), "[]"))
	}
	fmt.Fprintf(&c.b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#000" stroke-width="%.1f"%s/>`+"\n", x1, y1, x2, y2, width, dashed)
}

func (c *svgCanvas) polygon(points [][2]float64, grey uint8) {
	var at []string
	for _, p := range points {
		at = append(at, fmt.Sprintf("%.1f,%.1f", p[0], p[1]))
	}
	fmt.Fprintf(&c.b, `<polygon points="%s" fill="#%02x%02x%02x" stroke="#000" stroke-width="1"/>`+"\n", strings.Join(at, " "), grey, grey, grey)
}

func (c *svgCanvas) text(x, y, size float64, anchor int, bold bool, s string) {
	weight := ""
	if bold {
		weight = ` font-weight="bold"`
	}
	fmt.Fprintf(&c.b, `<text x="%.1f" y="%.1f" font-size="%.0f" text-anchor="%s"%s>%s</text>`+"\n", x, y, size, [...]string{"start", "middle", "end"}[anchor+1], weight, svgText(s))
}

// svg is the whole drawing; in a page it carries no metadata of its own.
func (x *Export) svg(inPage bool) string {
	d := x.drawing()
	c := &svgCanvas{}
	fmt.Fprintf(&c.b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="Helvetica, Arial, sans-serif" role="img">`+"\n",
		drawWidth, d.height, drawWidth, d.height)
	fmt.Fprintf(&c.b, "<title>%s</title>\n", svgText(x.heading()))
	if !inPage && !x.Bare {
		c.b.WriteString("<desc>")
		for _, l := range x.about() {
			c.b.WriteString(svgText(l.what+": "+oneLine(l.text)) + "\n")
		}
		c.b.WriteString("</desc>\n")
	}
	fmt.Fprintf(&c.b, `<rect width="%.0f" height="%.0f" fill="#fff"/>`+"\n", drawWidth, d.height)
	d.paint(c)
	c.b.WriteString("</svg>\n")
	return c.b.String()
}

func (x *Export) writeSVG(w io.Writer) error {
	_, err := io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+x.svg(false))
	return err
}
