package datasets

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tiplens/models"
)

// FlowFormats are the forms that only a flow can be written in: a matrix of
// both ends, and lines for maps.
var FlowFormats = []string{"matrix", "geojson", "kml"}

// lonLat is a place on a map, to a tenth of a degree: enough to draw a line to.
type lonLat struct{ lat, lon float64 }

// centroids are the middles of countries, written for this project by hand and
// held against a list of country points, and of the provinces of Cambodia,
// computed for it as the centres of the areas that the Government of Cambodia
// gave to OCHA (COD-AB, edition of 2022).
var centroids = sync.OnceValue(func() map[string]lonLat {
	out := map[string]lonLat{}
	err := readTable("centroids.csv", func(get func(string) string) {
		lat, _ := strconv.ParseFloat(get("lat"), 64)
		lon, _ := strconv.ParseFloat(get("lon"), 64)
		out[get("code")] = lonLat{lat, lon}
	})
	if err != nil {
		panic(err) // embedded; a test reads it
	}
	return out
})

// writeMatrix writes origins down and destinations across, with the totals of
// the engine, a line an origin of each source. Cells without one number hold
// their mark.
func writeMatrix(w io.Writer, a *models.Answer) error {
	if len(a.RowAxes) != 1 || len(a.ColAxes) != 1 {
		return fmt.Errorf("a matrix has one dimension down and one across")
	}
	out := csv.NewWriter(w)
	head := []string{"agency", "dataset", axisName(a.RowAxes[0]) + " to " + axisName(a.ColAxes[0])}
	if len(a.Blocks) > 0 {
		for _, c := range a.Blocks[0].Cols {
			head = append(head, Guard(c.Codes[0]))
		}
	}
	if err := out.Write(append(head, "flags")); err != nil {
		return err
	}
	for i := range a.Blocks {
		b := &a.Blocks[i]
		for r, h := range b.Rows {
			line := []string{Guard(b.Source.Agency), Guard(b.Source.Dataset), Guard(h.Codes[0])}
			for _, c := range b.Cells[r] {
				line = append(line, matrixCell(c))
			}
			if err := out.Write(append(line, cellFlags(a, b, h, models.Cell{}))); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func matrixCell(c models.Cell) string {
	switch {
	case c.HasValue():
		return plainNumber(c.Value)
	case c.State == models.NoData || c.State == models.Blank:
		return ""
	}
	return c.Text()
}

// corridor is one cell of a flow with both its ends.
type corridor struct {
	b          *models.Block
	row, col   models.Header
	cell       models.Cell
	from, to   lonLat
	drawn      bool // both ends are on the map
	properties map[string]any
	name       string
}

// corridors lists the cells of a flow, without totals.
func corridors(a *models.Answer) []corridor {
	var out []corridor
	for i := range a.Blocks {
		b := &a.Blocks[i]
		for r, h := range b.Rows {
			for c, ch := range b.Cols {
				cell := b.Cells[r][c]
				whole := h.Kind == models.TotalHeader || len(a.ColAxes) > 0 && ch.Kind == models.TotalHeader
				if whole || strings.HasPrefix(ch.Measure, "change") || !cell.HasBounds() && cell.State != models.Withheld {
					continue
				}
				k := corridor{b: b, row: h, col: ch, cell: cell}
				from, known := centroids()[h.Codes[0]]
				to, both := centroids()[h.Codes[1]]
				k.from, k.to, k.drawn = from, to, known && both && len(h.Labels) > 1
				k.describe(a)
				out = append(out, k)
			}
		}
	}
	return out
}

func (k *corridor) describe(a *models.Answer) {
	p := map[string]any{"agency": k.b.Source.Agency, "dataset": k.b.Source.Dataset, "state": stateWord(k.cell, k.row, k.col),
		"flags": cellFlags(a, k.b, k.row, k.cell), "unit": a.Unit}
	codes := slices.Concat(k.row.Codes, k.col.Codes)
	for i, ax := range slices.Concat(a.RowAxes, a.ColAxes) {
		if i < len(codes) {
			p[axisName(ax)] = codes[i]
		}
	}
	if k.col.Measure != "" {
		p["measure"] = k.col.Labels[0]
	}
	for i, name := range []string{"value", "low", "high"} {
		if n := cellNumbers(k.cell)[i]; n != "" {
			p[name] = json.Number(n)
		}
	}
	k.name = strings.Join(k.row.Labels, " to ")
	if len(a.ColAxes) > 0 || k.col.Measure != "" {
		k.name += ", " + strings.Join(k.col.Labels, " ")
	}
	p["name"] = k.name
	k.properties = p
}

type geometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

type feature struct {
	Type       string         `json:"type"`
	Geometry   geometry       `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

// writeGeoJSON writes a line for each corridor, a point where both ends are one
// place. What has no place on a map is listed beside the lines, never drawn.
func writeGeoJSON(w io.Writer, a *models.Answer, about ...jsonSaid) error {
	features, aside := []feature{}, []map[string]any{}
	for _, k := range corridors(a) {
		from, to := [2]float64{k.from.lon, k.from.lat}, [2]float64{k.to.lon, k.to.lat}
		switch {
		case !k.drawn:
			aside = append(aside, k.properties)
		case from == to:
			features = append(features, feature{"Feature", geometry{"Point", from}, k.properties})
		default:
			features = append(features, feature{"Feature", geometry{"LineString", [][2]float64{from, to}}, k.properties})
		}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	properties := map[string]any{"title": heading(a), "notes": strings.TrimSpace(notesText(a, "")), "refusals": a.Refusals, "empty": a.Empty, "not_drawn": aside}
	if len(about) > 0 {
		properties["about"] = about
	}
	return enc.Encode(map[string]any{"type": "FeatureCollection", "features": features, "properties": properties})
}

// writeKML writes the same for programs that read KML.
func writeKML(w io.Writer, a *models.Answer, said ...jsonSaid) error {
	var b strings.Builder
	esc := func(s string) string {
		var out strings.Builder
		_ = xml.EscapeText(&out, []byte(s))
		return out.String()
	}
	about, lines := heading(a)+"\n"+notesText(a, ""), ""
	for _, r := range a.Refusals {
		about += fmt.Sprintf("\nRefused (%s): %s", r.Rule, r.Why)
	}
	if a.Empty != "" {
		about += "\n" + a.Empty
	}
	for _, l := range said {
		about += "\n" + models.Capital(l.What) + ": " + l.Text
	}
	for _, k := range corridors(a) {
		name := k.name + ": " + models.Amount(CellText(k.cell), a.Unit)
		if !k.drawn {
			about += "\nNot drawn: " + name
			continue
		}
		shape := fmt.Sprintf("<LineString><tessellate>1</tessellate><coordinates>%s %s</coordinates></LineString>", k.from, k.to)
		if k.from == k.to {
			shape = fmt.Sprintf("<Point><coordinates>%s</coordinates></Point>", k.from)
		}
		lines += fmt.Sprintf(" <Placemark><name>%s</name><description>%s</description><ExtendedData>", esc(name), esc(k.b.Source.Line()))
		for _, key := range slices.Sorted(maps.Keys(k.properties)) {
			lines += fmt.Sprintf("<Data name=%q><value>%s</value></Data>", key, esc(fmt.Sprint(k.properties[key])))
		}
		lines += "</ExtendedData>" + shape + "</Placemark>\n"
	}
	b.WriteString(xml.Header + `<kml xmlns="http://www.opengis.net/kml/2.2"><Document>` + "\n")
	fmt.Fprintf(&b, " <name>%s</name>\n <description>%s</description>\n%s</Document></kml>\n", esc(a.Title), esc(about), lines)
	_, err := io.WriteString(w, b.String())
	return err
}

// String is a place as KML writes it.
func (p lonLat) String() string { return plainNumber(p.lon) + "," + plainNumber(p.lat) }
