package datasets

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"tiplens/models"
)

func mapHeader(kind models.HeaderKind, codes ...string) models.Header {
	return models.Header{Kind: kind, Codes: codes, Labels: codes}
}

// TestExportMap: the map in view is drawn as tiles with their numbers; what has
// no tile is said, and a spreadsheet gets bars.
func TestExportMap(t *testing.T) {
	a := everyState(t)
	a.Warnings, a.Footnotes, a.Picture = nil, nil, models.PictureMap
	a.RowAxes, a.ColAxes = []models.Axis{{Dim: models.DimPlace}}, nil
	b := &a.Blocks[0]
	b.Rows = []models.Header{mapHeader(models.CodeHeader, "KH-12"), mapHeader(models.CodeHeader, "KH-1"), mapHeader(models.CodeHeader, "KH-9"), mapHeader(models.NotStated, models.Unknown), mapHeader(models.TotalHeader, models.Total)}
	b.Cols = []models.Header{mapHeader(models.TotalHeader)}
	b.Cells = [][]models.Cell{{models.Number(1234)}, {models.Number(56)}, {models.Between(1, 4)}, {models.Number(77)}, {models.Number(1370)}}
	x := exportOf(a)
	k := &recorder{}
	x.drawing().paint(k)
	for _, text := range []string{"PNP", "BMC", "KKG", "1,234", "56", "<5", "1: 56", "2: 1,234"} {
		if _, ok := k.at[text]; !ok {
			t.Errorf("%q is not on the map: %v", text, k.at)
		}
	}
	if k.at["BMC"] >= k.at["PNP"] {
		t.Errorf("Banteay Meanchey lies at %v, east of Phnom Penh at %v", k.at["BMC"], k.at["PNP"])
	}
	if svg := string(exported(t, x, "svg")); !strings.Contains(svg, "Not on the map:") || !strings.Contains(svg, "77") {
		t.Error("what is not on the map is not said")
	}
	if _, err := png.Decode(bytes.NewReader(exported(t, x, "png"))); err != nil {
		t.Error(err)
	}
	if len(exported(t, x, "xlsx")) == 0 {
		t.Error("there is no workbook")
	}
	a.PictureCuts = []float64{100}
	k = &recorder{}
	x.drawing().paint(k)
	if _, ok := k.at["2: 1,234"]; !ok {
		t.Errorf("own classes are not those of the picture: %v", k.at)
	}
	a.PictureBlock = 9 // of an answer that has changed since
	if c := x.chart(); len(c.tiles) > 0 {
		t.Error("a map of a source that is not there")
	}
}

// TestExportFlowPicture: corridors are bands from origins on the left to
// destinations on the right; what has no two ends is said.
func TestExportFlowPicture(t *testing.T) {
	a := everyState(t)
	a.Warnings, a.Footnotes, a.Picture = nil, nil, models.PictureFlows
	a.RowAxes, a.ColAxes = []models.Axis{{Dim: models.DimOrigin}, {Dim: models.DimDestination}}, nil
	b := &a.Blocks[0]
	b.Rows = []models.Header{mapHeader(models.CodeHeader, "Cambodia", "Thailand"), mapHeader(models.CodeHeader, "Viet Nam", "Cambodia"), mapHeader(models.CodeHeader, "Cambodia", "China"),
		mapHeader(models.NotStated, models.Unknown, "China"), mapHeader(models.TotalHeader, models.Total, models.Total)}
	b.Cols = []models.Header{mapHeader(models.TotalHeader)}
	b.Cells = [][]models.Cell{{models.Number(2248)}, {models.Number(877)}, {models.Number(648)}, {models.Number(31)}, {models.Number(3804)}}
	x := exportOf(a)
	k := &recorder{}
	x.drawing().paint(k)
	if k.bars != 3 || k.at["Viet Nam"] >= k.at["2,248"] || k.at["Thailand"] <= k.at["2,248"] || k.at["648"] == 0 {
		t.Errorf("%d bands, texts at %v", k.bars, k.at)
	}
	if svg := string(exported(t, x, "svg")); !strings.Contains(svg, "Not drawn:") {
		t.Error("what is not drawn is not said")
	}
	if _, err := png.Decode(bytes.NewReader(exported(t, x, "png"))); err != nil {
		t.Error(err)
	}
}
