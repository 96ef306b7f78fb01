package datasets

import (
	"bytes"
	"image/png"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tiplens/models"
)

// TestExportPyramid: the pyramid in view is drawn with men on the left and
// women on the right of each age, and is a native chart of two series.
func TestExportPyramid(t *testing.T) {
	a := everyState(t)
	a.Warnings, a.Picture = nil, models.PicturePyramid
	b := &a.Blocks[0]
	code := func(c string) models.Header { return models.Header{Codes: []string{c}, Labels: []string{c}} }
	b.Rows = []models.Header{code("0-17"), code("18-29"), {Kind: models.TotalHeader, Codes: []string{models.Total}, Labels: []string{"Total"}}}
	b.Cols = []models.Header{code("F"), code("M")}
	b.Cells = [][]models.Cell{{models.Number(31), models.Between(1, 4)}, {models.Number(52), models.Number(17)}, {models.Number(83), models.Number(20)}}
	x := exportOf(a)
	c := x.chart()
	if !c.pyramid || strings.Join(c.times, " ") != "18-29 0-17" || c.lines[0].name != "M" || c.lines[0].cells[0].Value != 17 || c.lines[1].cells[1].Value != 31 {
		t.Fatalf("%+v", c)
	}
	k := &recorder{}
	x.drawing().paint(k)
	middle := k.at["M"] + 8
	if k.at["17"] >= middle || k.at["<5"] >= middle || k.at["52"] <= middle || k.at["31"] <= middle || k.bars != 5 {
		t.Errorf("numbers stand at %v, %d bars, the middle is %v", k.at, k.bars, middle)
	}
	if _, err := png.Decode(bytes.NewReader(exported(t, x, "png"))); err != nil {
		t.Error(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(exported(t, x, "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, _ := f.GetRows(sheetChart)
	if !slices.ContainsFunc(rows, func(row []string) bool { return strings.Join(row, "|") == "18-29|17|52" }) {
		t.Errorf("the chart's sheet has %q", rows)
	}
	b.Cols = b.Cols[:1]
	if c := x.chart(); c.pyramid || len(c.bars) != 2 {
		t.Errorf("without men it draws %+v", c)
	}
}

// recorder keeps where texts stand, and counts shapes.
type recorder struct {
	at   map[string]float64
	bars int
}

func (r *recorder) stroke(_, _, _, _, _ float64, _ []float64) {}
func (r *recorder) polygon([][2]float64, uint8)               { r.bars++ }
func (r *recorder) text(x, _, _ float64, _ int, _ bool, s string) {
	if r.at == nil {
		r.at = map[string]float64{}
	}
	if _, ok := r.at[s]; !ok {
		r.at[s] = x
	}
}
