package datasets

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// pngScale is how many dots of the picture a pixel of the drawing has: paper
// needs more than a screen.
const pngScale = 2

// pngCanvas paints a drawing into a grey picture.
type pngCanvas struct {
	img   *image.Gray
	faces map[string]font.Face
	err   error
}

var (
	regular = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(goregular.TTF) })
	bolder  = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(gobold.TTF) })
)

// fill paints a shape. Only the part of the picture that holds it is looked at:
// a chart has thousands of small ones.
func (c *pngCanvas) fill(points [][2]float64, grey uint8) {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range points {
		left, right = min(left, p[0]*pngScale), max(right, p[0]*pngScale)
		top, bottom = min(top, p[1]*pngScale), max(bottom, p[1]*pngScale)
	}
	in := image.Rect(int(math.Floor(left)), int(math.Floor(top)), int(math.Ceil(right)), int(math.Ceil(bottom)))
	r := vector.NewRasterizer(in.Dx(), in.Dy())
	for i, p := range points {
		x, y := float32(p[0]*pngScale)-float32(in.Min.X), float32(p[1]*pngScale)-float32(in.Min.Y)
		if i == 0 {
			r.MoveTo(x, y)
		} else {
			r.LineTo(x, y)
		}
	}
	r.ClosePath()
	r.Draw(c.img, in, image.NewUniform(color.Gray{Y: grey}), image.Point{})
}

func (c *pngCanvas) stroke(x1, y1, x2, y2, width float64, dash []float64) {
	length := math.Hypot(x2-x1, y2-y1)
	if length == 0 {
		return
	}
	ux, uy := (x2-x1)/length, (y2-y1)/length
	piece := func(from, to float64) {
		nx, ny := -uy*width/2, ux*width/2
		ax, ay, bx, by := x1+ux*from, y1+uy*from, x1+ux*to, y1+uy*to
		c.fill([][2]float64{{ax + nx, ay + ny}, {bx + nx, by + ny}, {bx - nx, by - ny}, {ax - nx, ay - ny}}, 0)
	}
	if len(dash) == 0 {
		piece(0, length)
		return
	}
	for at, k := 0.0, 0; at < length; k++ {
		to := at + dash[k%len(dash)]
		if k%2 == 0 {
			piece(at, min(to, length))
		}
		at = to
	}
}

func (c *pngCanvas) polygon(points [][2]float64, grey uint8) {
	c.fill(points, grey)
	for i, p := range points {
		q := points[(i+1)%len(points)]
		c.stroke(p[0], p[1], q[0], q[1], 1, nil)
	}
}

func (c *pngCanvas) text(x, y, size float64, anchor int, bold bool, s string) {
	key := fmt.Sprint(size, bold)
	face := c.faces[key]
	if face == nil {
		parsed, err := regular()
		if bold {
			parsed, err = bolder()
		}
		if err == nil {
			face, err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: size * pngScale, DPI: 72})
		}
		if err != nil {
			c.err = err
			return
		}
		c.faces[key] = face
	}
	d := font.Drawer{Dst: c.img, Src: image.Black, Face: face}
	at := fixed.I(int(x * pngScale))
	switch anchor {
	case 0:
		at -= d.MeasureString(s) / 2
	case 1:
		at -= d.MeasureString(s)
	}
	d.Dot = fixed.Point26_6{X: at, Y: fixed.I(int(y * pngScale))}
	d.DrawString(s)
}

// writePNG paints the drawing that SVG writes. Letters that its font does not
// have, such as Khmer, are boxes there; SVG has them.
func (x *Export) writePNG(w io.Writer) error {
	d := x.drawing()
	c := &pngCanvas{img: image.NewGray(image.Rect(0, 0, drawWidth*pngScale, int(d.height)*pngScale)), faces: map[string]font.Face{}}
	draw.Draw(c.img, c.img.Bounds(), image.White, image.Point{}, draw.Src)
	d.paint(c)
	if c.err != nil {
		return c.err
	}
	return png.Encode(w, c.img)
}
