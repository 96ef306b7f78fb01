package datasets

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"tiplens/models"
)

// flowAnswer is a small flow: two corridors, one within a country, one without
// a destination, and the total.
func flowAnswer() *models.Answer {
	row := func(kind models.HeaderKind, from, to, a, b string) models.Header {
		return models.Header{Kind: kind, Codes: []string{from, to}, Labels: []string{a, b}}
	}
	return &models.Answer{
		Title: "Identified <victims>", Unit: "persons", Audience: "internal",
		Slice:   models.Slice{Parts: []models.Item{{Indicator: "vic_identified"}}, From: models.Axis{Dim: "origin"}, To: models.Axis{Dim: "destination"}},
		RowAxes: []models.Axis{{Dim: "origin"}, {Dim: "destination"}},
		Blocks: []models.Block{{
			Source: models.Source{Agency: "KH.NCCT", Dataset: "ncct", Version: 3, Title: "A & B"},
			Cols:   []models.Header{{Kind: models.TotalHeader, Labels: []string{"persons"}}},
			Rows: []models.Header{
				row(models.CodeHeader, "KH-14", "TH", "Prey Veng", "Thailand"), row(models.CodeHeader, "KH-3", "MY", "Kampong Cham", "Malaysia"),
				row(models.DomesticHeader, "KH", "KH", "Cambodia", "Cambodia"), row(models.NotStated, "KH", "_U", "Cambodia", "Destination not stated"),
				{Kind: models.TotalHeader, Codes: []string{"_T", "_T"}, Labels: []string{"Total"}},
			},
			Cells: [][]models.Cell{{models.Number(12)}, {models.Between(1, 4)}, {models.Number(7)}, {models.Number(3)}, {models.Number(26)}},
		}},
	}
}

func TestGeoJSON(t *testing.T) {
	var b bytes.Buffer
	if err := WriteAnswer(&b, flowAnswer(), "geojson"); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Type     string
		Features []struct {
			Geometry struct {
				Type        string
				Coordinates json.RawMessage
			}
			Properties map[string]any
		}
		Properties struct {
			NotDrawn []map[string]any `json:"not_drawn"`
		}
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Type != "FeatureCollection" || len(got.Features) != 3 || len(got.Properties.NotDrawn) != 1 {
		t.Fatalf("%d features, %d not drawn:\n%s", len(got.Features), len(got.Properties.NotDrawn), b.String())
	}
	var line [2][2]float64
	first := got.Features[0]
	if err := json.Unmarshal(first.Geometry.Coordinates, &line); err != nil || first.Geometry.Type != "LineString" {
		t.Fatalf("%v: %s", err, first.Geometry.Coordinates)
	}
	if lon, lat := line[0][0], line[0][1]; lon < 105 || lon > 106 || lat < 11 || lat > 12 { // Prey Veng, longitude first
		t.Errorf("Prey Veng lies at %v", line[0])
	}
	if first.Properties["value"] != 12.0 || !strings.Contains(first.Properties["flags"].(string), "INTERNAL") {
		t.Errorf("properties %v", first.Properties)
	}
	if p := got.Features[1].Properties; p["value"] != nil || p["low"] != 1.0 || p["high"] != 4.0 {
		t.Errorf("bounds are %v", p)
	}
	if got.Features[2].Geometry.Type != "Point" {
		t.Errorf("a movement within one place is a %s", got.Features[2].Geometry.Type)
	}
	if p := got.Properties.NotDrawn[0]; p["destination"] != "_U" || p["value"] != 3.0 {
		t.Errorf("not drawn: %v", p)
	}
}

func TestKML(t *testing.T) {
	var b bytes.Buffer
	if err := WriteAnswer(&b, flowAnswer(), "kml"); err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for d := xml.NewDecoder(bytes.NewReader(b.Bytes())); ; {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := tok.(xml.StartElement); ok {
			n[s.Name.Local]++
		}
	}
	if n["Placemark"] != 3 || n["LineString"] != 2 || n["Point"] != 1 || !strings.Contains(b.String(), "Not drawn: Cambodia to Destination not stated: 3") {
		t.Errorf("%v\n%s", n, b.String())
	}
}

func TestFlowMatrixCSV(t *testing.T) {
	a := &models.Answer{
		Audience: "internal", RowAxes: []models.Axis{{Dim: "origin"}}, ColAxes: []models.Axis{{Dim: "destination"}},
		Blocks: []models.Block{{
			Source: models.Source{Agency: "KH.NCCT", Dataset: "ncct"},
			Cols:   []models.Header{{Codes: []string{"TH"}}, {Codes: []string{"_U"}}, {Kind: models.TotalHeader, Codes: []string{"_T"}}},
			Rows:   []models.Header{{Codes: []string{"KH"}}, {Kind: models.TotalHeader, Codes: []string{"_T"}}},
			Cells:  [][]models.Cell{{models.Number(1200), {}, models.Number(1200)}, {models.Between(1, 4), {State: models.Withheld}, models.Number(0)}},
		}},
	}
	var b bytes.Buffer
	if err := WriteAnswer(&b, a, "matrix"); err != nil {
		t.Fatal(err)
	}
	want := "agency,dataset,origin to destination,TH,_U,_T,flags\nKH.NCCT,ncct,KH,1200,,1200,INTERNAL\nKH.NCCT,ncct,_T,<5,*,0,INTERNAL\n"
	if b.String() != want {
		t.Errorf("got %q\nwant %q", b.String(), want)
	}
}

// TestCentroids gives every country and every province of Cambodia a point on
// the earth, and each province one near its country's.
func TestCentroids(t *testing.T) {
	for _, k := range Catalogue().Codes("area") {
		p, ok := centroids()[k.ID]
		if k.Level == "country" || k.Parent == "KH" {
			if !ok || p.lat < -90 || p.lat > 90 || p.lon < -180 || p.lon > 180 {
				t.Errorf("%s has no point: %v", k.ID, p)
			}
		}
		if kh := centroids()["KH"]; k.Parent == "KH" && (p.lat-kh.lat > 3 || kh.lat-p.lat > 3 || p.lon-kh.lon > 3 || kh.lon-p.lon > 3) {
			t.Errorf("%s lies at %v", k.ID, p)
		}
	}
}

// TestExportMapFiles: a flow leaves as a map file with what must be known of its
// numbers, and nothing else does.
func TestExportMapFiles(t *testing.T) {
	x := exportOf(flowAnswer())
	for _, name := range []string{"geojson", "kml"} {
		b := string(exported(t, x, name))
		for _, want := range []string{"INTERNAL: exact numbers, not for publication", "Prey Veng"} {
			if !strings.Contains(b, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, b)
			}
		}
		bare := exportOf(flowAnswer())
		bare.Bare = true
		if b := string(exported(t, bare, name)); strings.Contains(b, "not for publication") || !strings.Contains(b, "INTERNAL") {
			t.Errorf("a bare %s has its block of metadata, or no mark:\n%s", name, b)
		}
		for _, s := range []models.Slice{{Parts: x.Answer.Slice.Parts}, {Parts: x.Answer.Slice.Parts, From: models.Axis{Dim: "origin"}, To: models.Axis{Dim: "destination"}, Via: models.Axis{Dim: "transit"}}} {
			f, err := FindExportFormat("", "MAP."+strings.ToUpper(name))
			if err != nil || f.Name != name {
				t.Fatalf("the ending of %s is that of %q, %v", name, f.Name, err)
			}
			a := flowAnswer()
			a.Slice = s
			var b bytes.Buffer
			if err := exportOf(a).Write(&b, f); err == nil || b.Len() > 0 || !strings.Contains(err.Error(), "is for flows") {
				t.Errorf("%s of %s: %v", name, s, err)
			}
			if len(ExportFormatsOf(s)) != len(ExportFormats) {
				t.Errorf("%s is offered what only a flow has", s)
			}
		}
	}
	if got := len(ExportFormatsOf(x.Answer.Slice)); got != len(ExportFormats)+2 {
		t.Errorf("a flow is offered %d formats", got)
	}
}
